//! The report of advertised prices below the lowest advertised price, with where and when they were seen.

use std::collections::HashMap;

use pricing_domain::{MarketFilter, MarketRows};
use pricing_rules::MarketView;
use reports::{Block, Cell, Column, Table};

use super::MOST_ROWS;
use crate::market::Scene;
use crate::market::advertised::Advertised;
use crate::{OperationError, Workspace};

/// Products read at once.
const PAGE: u32 = 500;

impl Workspace {
    /// Every advertised price below the lowest advertised price: as many as the figure counts.
    pub(super) async fn map_violations(&self, filter: &MarketFilter) -> Result<Vec<Block>, OperationError> {
        let scene = self.scene_with_advertising(filter).await?;
        let columns = &scene.snapshot.lists[scene.list];
        let (mut rows, mut count, mut offset) = (Vec::new(), 0, 0);
        loop {
            let found = self.market_products(filter, &MarketRows::BelowMap, offset, PAGE).await?;
            for product in &found.rows {
                let row = scene.snapshot.row_of_sku(&product.product.sku).map(|row| row as usize);
                let violations = row.map(|row| violations(&scene, row)).unwrap_or_default();
                count += violations.len();
                if let Some(row) = row.filter(|_| rows.len() < MOST_ROWS) {
                    self.push_violations(&scene, row, &violations, &mut rows).await?;
                }
            }
            offset += u64::from(PAGE);
            if offset >= found.matching {
                break;
            }
        }
        rows.truncate(MOST_ROWS);
        let left_out =
            if rows.len() < count { format!("The first {} of {count} are shown. ", rows.len()) } else { String::new() };
        let table = Table {
            title: "Advertised prices below MAP".into(),
            columns: vec![
                Column::words("SKU", 14),
                Column::words("Product", 28),
                Column::words("Advertised by", 16),
                Column::numbers(&format!("MAP, {}", columns.currency), 12),
                Column::numbers("Advertised", 12),
                Column::numbers("Below by", 9),
                Column::dates("Last seen", 11),
                Column::words("Where", 34),
            ],
            rows,
            note: format!(
                "{left_out}MAP limits advertised prices in markets that have it (mainly the United States); it is no floor \
                 of ours. Ours is the lower of the regular price and a promotion that runs; theirs is every offer seen \
                 within 72 hours that could be ordered, however unusual."
            ),
            empty: match scene.advertising.is_limited() {
                true => "No advertised price lies below a lowest advertised price.".into(),
                false => "This price list's market does not limit advertised prices (Settings, Reports).".into(),
            },
        };
        Ok(vec![Block::Table(table)])
    }

    async fn push_violations(
        &self,
        scene: &Scene,
        row: usize,
        violations: &[Advertised],
        rows: &mut Vec<Vec<Cell>>,
    ) -> Result<(), OperationError> {
        let products = &scene.snapshot.products;
        let digits = scene.snapshot.lists[scene.list].currency.minor_digits();
        let listings = self.store.listings_of(i64::from(products.key.get(row))).await?;
        let places: HashMap<i64, &str> = listings.iter().map(|one| (one.key, one.url.as_str())).collect();
        rows.extend(violations.iter().map(|price| {
            let who = price.competitor.map_or("us", |place| &scene.snapshot.competitors[usize::from(place)].name);
            vec![
                Cell::text(products.sku.get(row)),
                Cell::text(products.name.get(row)),
                Cell::text(who),
                Cell::number(Some(price.map_minor), digits),
                Cell::number(Some(price.amount_minor), digits),
                Cell::percent(price.shortfall_bp()),
                Cell::date(price.seen_at.map(|at| at.utc_date())),
                Cell::text(places.get(&price.listing).map_or_else(String::new, |url| place_words(url))),
            ]
        }));
        Ok(())
    }
}

fn violations(scene: &Scene, row: usize) -> Vec<Advertised> {
    let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
    scene.advertising.prices(&view, row).into_iter().filter(|price| price.shortfall_bp().is_some()).collect()
}

/// The address of a page, or the name of the file that told the price.
fn place_words(url: &str) -> String {
    match url.strip_prefix("file:") {
        Some(file) => format!("told by the file {}", file.split('#').next().unwrap_or(file)),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::place_words;

    #[test]
    fn a_price_from_a_file_names_the_file_and_not_an_address() {
        assert_eq!(place_words("file:prices.csv#X"), "told by the file prices.csv");
        assert_eq!(place_words("https://shop.example/kettle"), "https://shop.example/kettle");
    }
}
