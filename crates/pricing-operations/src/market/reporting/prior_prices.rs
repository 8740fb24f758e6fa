//! The proof of the prior prices of reductions that run.

use pricing_analytics::{AppliedPrice, prior_price};
use pricing_domain::ReportFormat;
use pricing_rules::{MarketView, NONE};
use pricing_store::RunningPromotionRow;
use reports::{Block, Cell, Column, Table};

use super::cut;
use crate::market::{Scene, ZonedList};
use crate::prior_prices::{PRIOR_DAYS, reduction_bp};
use crate::{OperationError, Workspace};

/// What is gathered over the reductions.
#[derive(Default)]
struct Proof {
    reductions: Vec<Vec<Cell>>,
    applied: Vec<Vec<Cell>>,
    proven: u64,
    unproven: u64,
}

impl Workspace {
    /// Every reduction that runs, with the price it may be announced against and the prices that prove it.
    pub(super) async fn prior_prices(&self, scene: &Scene, format: ReportFormat) -> Result<Vec<Block>, OperationError> {
        let columns = &scene.snapshot.lists[scene.list];
        let zone = self.zoned_list(columns.key).await?;
        let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
        let mut proof = Proof::default();
        for promotion in self.store.running_promotions(columns.key, scene.now).await? {
            let row = u32::try_from(promotion.product_key).ok().and_then(|key| scene.snapshot.row_of_key(key));
            let Some(row) = row.map(|row| row as usize).filter(|row| view.keeps(*row)) else { continue };
            let since = promotion.valid_from.plus_days(-i64::from(PRIOR_DAYS));
            let applied = self.store.applied_prices(promotion.product_key, columns.key, since).await?;
            let applied =
                applied.into_iter().map(|(from, to, amount_minor)| AppliedPrice { from, to, amount_minor }).collect();
            proof.add(scene, row, &promotion, applied, &zone);
        }
        let Proof { reductions, applied, proven, unproven } = proof;
        let text = format!("{proven} reductions are proven by our own price history, {unproven} are not.");
        let currency = columns.currency.to_string();
        let tables = [reduction_table(&currency, reductions), applied_table(&currency, applied)];
        let tables = tables.into_iter().map(|table| Block::Table(cut(table, format)));
        Ok(std::iter::once(Block::Paragraph(text)).chain(tables).collect())
    }
}

impl Proof {
    fn add(
        &mut self,
        scene: &Scene,
        row: usize,
        promotion: &RunningPromotionRow,
        mut applied: Vec<AppliedPrice>,
        zone: &ZonedList,
    ) {
        let Some(price) = promotion.price_minor else { return };
        let columns = &scene.snapshot.lists[scene.list];
        let (products, digits) = (&scene.snapshot.products, columns.currency.minor_digits());
        let starts = promotion.valid_from;
        let prior = prior_price(&applied, starts, PRIOR_DAYS);
        self.proven += u64::from(prior.proven);
        self.unproven += u64::from(!prior.proven);
        let since = starts.plus_days(-i64::from(PRIOR_DAYS));
        applied.retain(|one| one.from < starts && one.to.is_none_or(|to| to > since && to > one.from));
        applied.sort_by_key(|one| (one.from, one.amount_minor));
        let lowest = applied.iter().find(|one| Some(one.amount_minor) == prior.amount_minor);
        let regular = columns.price_minor.get(row);
        self.reductions.push(vec![
            Cell::text(products.sku.get(row)),
            Cell::text(products.name.get(row)),
            Cell::text(&promotion.name),
            Cell::date(Some(zone.day(starts))),
            Cell::date(promotion.valid_to.map(|end| zone.last_day(end))),
            Cell::number((regular != NONE).then_some(regular), digits),
            Cell::number(prior.amount_minor, digits),
            Cell::date(lowest.map(|one| zone.day(one.from.max(since)))),
            Cell::number(Some(price), digits),
            Cell::percent(prior.amount_minor.and_then(|prior| reduction_bp(price, prior))),
            Cell::text(if prior.proven { "proven" } else { "unproven" }),
        ]);
        self.applied.extend(applied.iter().map(|one| {
            let end = one.to.unwrap_or(starts).min(starts);
            vec![
                Cell::text(products.sku.get(row)),
                Cell::date(Some(zone.day(one.from.max(since)))),
                Cell::date(Some(zone.last_day(end))),
                Cell::number(Some(one.amount_minor), digits),
                Cell::text(if Some(one.amount_minor) == prior.amount_minor { "the lowest" } else { "" }),
            ]
        }));
    }
}

fn reduction_table(currency: &str, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: "Reductions that run".into(),
        columns: vec![
            Column::words("SKU", 12),
            Column::words("Product", 26),
            Column::words("Promotion", 16),
            Column::dates("First day", 11),
            Column::dates("Last day", 11),
            Column::numbers(&format!("Regular, {currency}"), 11),
            Column::numbers("Prior price", 11),
            Column::dates("Applied on", 11),
            Column::numbers("Reduced", 11),
            Column::numbers("Reduction", 9),
            Column::words("History", 9),
        ],
        rows,
        note: format!(
            "The prior price is the lowest price applied in the {PRIOR_DAYS} days before the reduction started, promotions \
             and errors included (Directive 98/6/EC, article 6a). Unproven: our prices are not known over all of those days. \
             A negative reduction must not be announced. Days are those of the price list's time zone."
        ),
        empty: "No reduction with a price runs.".into(),
    }
}

fn applied_table(currency: &str, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        title: format!("Prices applied in the {PRIOR_DAYS} days before"),
        columns: vec![
            Column::words("SKU", 16),
            Column::dates("First day", 14),
            Column::dates("Last day", 14),
            Column::numbers(&format!("Price, {currency}"), 14),
            Column::words("", 30),
        ],
        rows,
        note: "The part of each price's time that lies within those days.".into(),
        empty: "None is known.".into(),
    }
}
