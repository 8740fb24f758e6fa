//! Rows of the snapshot: which fulfil conditions, in which order, and the figures of each.

use std::sync::atomic::AtomicBool;

use app_contract::AnswerLink;
use pricing_domain::{Availability, Currency, GridColumn, GridFilter, GridSort, Instant, Lifecycle};
use pricing_rules::{GridQuery, NONE, Snapshot, UsableOffers, gap_bp, margin_bp, run_grid};
use question_grammar::{Condition, ProductSum, Quantity, Scope, Side, Stance};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator, ParallelSlice};

use crate::figures::Figure;

/// Rows a thread looks at before it asks for more.
const STRETCH: usize = 8_192;

/// Where rows are looked at.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) list: usize,
    pub(crate) now: Instant,
}

impl Place<'_> {
    pub(crate) fn price(&self, row: u32) -> Option<i64> {
        some(self.snapshot.lists[self.list].price_minor.get(row as usize)).filter(|price| *price > 0)
    }

    pub(crate) fn units_milli(&self, row: u32) -> i64 {
        self.snapshot.lists[self.list].units_28d_milli.get(row as usize).max(0)
    }

    pub(crate) fn margin(&self, row: u32) -> Option<i32> {
        margin_bp(self.snapshot, self.list, row as usize)
    }

    pub(crate) fn gap(&self, row: u32) -> Option<i32> {
        gap_bp(self.snapshot, self.list, row as usize)
    }

    pub(crate) fn lowest(&self, row: u32) -> Option<i64> {
        some(self.snapshot.lists[self.list].lowest_offer_minor.get(row as usize))
    }

    pub(crate) fn currency(&self) -> Currency {
        self.snapshot.lists[self.list].currency
    }

    pub(crate) fn is_sold(&self, row: u32) -> bool {
        self.snapshot.products.lifecycle.get(row as usize) != Lifecycle::Ended as u8
    }

    /// Net of VAT in millionths; `None` where the VAT is not known.
    pub(crate) fn net_micro(&self, row: u32, price_minor: i64) -> Option<i128> {
        let columns = &self.snapshot.lists[self.list];
        let vat = i128::from(columns.contained_vat_bp(row as usize)?);
        let gross = i128::from(price_minor) * i128::from(columns.currency.micro_per_minor());
        Some((gross * 10_000 + (10_000 + vat) / 2) / (10_000 + vat))
    }

    /// The cost in millionths, where it is in the list's currency.
    pub(crate) fn cost_micro(&self, row: u32) -> Option<i64> {
        let cost = self.snapshot.cost(row as usize)?;
        (cost.currency == self.currency() && cost.amount.0 > 0).then_some(cost.amount.0)
    }

    /// The place of a competitor by its name.
    pub(crate) fn competitor(&self, name: &str) -> Option<u16> {
        let place = self.snapshot.competitors.iter().position(|one| one.name == name)?;
        u16::try_from(place).ok()
    }

    /// Rows of a scope with further grid filters. Two brands or two categories mean either of them.
    pub(crate) fn rows_of(&self, scope: &Scope, further: &[GridFilter]) -> Vec<u32> {
        let either = |filter: &GridFilter| {
            matches!(filter, GridFilter::Brand(_) | GridFilter::Category(_) | GridFilter::Supplier(_))
        };
        let kinds = |filter: &GridFilter| std::mem::discriminant(filter);
        let mut alternatives: Vec<Vec<GridFilter>> = vec![further.to_vec()];
        let mut seen = Vec::new();
        for filter in &scope.filters {
            if !either(filter) {
                alternatives.iter_mut().for_each(|filters| filters.push(filter.clone()));
                continue;
            }
            if seen.contains(&kinds(filter)) {
                continue;
            }
            seen.push(kinds(filter));
            let same: Vec<&GridFilter> = scope.filters.iter().filter(|other| kinds(other) == kinds(filter)).collect();
            alternatives = alternatives
                .iter()
                .flat_map(|filters| same.iter().map(|one| [filters.clone(), vec![(*one).clone()]].concat()))
                .collect();
        }
        let mut rows = Vec::new();
        let sizes = sizes_of(&scope.search);
        let several = alternatives.len() > 1;
        for filters in alternatives {
            let query =
                GridQuery { list: self.list, search: scope.search.join(" "), filters, sort: GridSort::default() };
            rows.extend_from_slice(&run_grid(self.snapshot, None, &query, &AtomicBool::new(false)).rows);
        }
        if several {
            rows.sort_unstable();
            rows.dedup();
        }
        if !sizes.is_empty() {
            rows.retain(|row| has_sizes(self.snapshot.products.name.get(*row as usize), &sizes));
        }
        rows
    }

    /// Rows of a scope that fulfil all conditions.
    pub(crate) fn matching(&self, scope: &Scope, conditions: &[Condition]) -> Vec<u32> {
        let grid = conditions.iter().filter_map(|condition| match condition {
            Condition::Grid(filter) => Some(filter.clone()),
            _ => None,
        });
        self.keep(self.rows_of(scope, &grid.collect::<Vec<_>>()), conditions)
    }

    /// Days that the stock lasts at the sales of 28 days, in hundredths; `None`: nothing is sold, or no stock is known.
    pub(crate) fn cover_centidays(&self, row: u32) -> Option<i64> {
        let units = self.units_milli(row);
        let stock = self.value(GridColumn::Stock, row)?.max(0);
        let days = i128::from(stock) * 28 * 1_000 * 100;
        (units > 0).then(|| i64::try_from(days / i128::from(units)).unwrap_or(i64::MAX))
    }

    /// The first rows by how long their stock lasts; ties by article number.
    pub(crate) fn first_by_cover(&self, rows: &[u32], longest: bool, most: usize) -> Vec<u32> {
        let rank = |row: u32| self.snapshot.products.sku_rank.get(row as usize);
        let key = |row: &u32| {
            let cover = self.cover_centidays(*row);
            let ordered = cover.map(|cover| if longest { -cover } else { cover });
            (ordered.is_none(), ordered.unwrap_or(0), rank(*row))
        };
        least(rows.par_iter().map(|row| (key(row), *row)).collect(), most)
    }

    /// A sum over the sales of 28 days at today's price, in thousandths of millionths; `None` where a part of it is unknown.
    pub(crate) fn sum(&self, row: u32, figure: ProductSum) -> Option<i128> {
        let net = self.net_micro(row, self.price(row)?)?;
        let each = match figure {
            ProductSum::Revenue => net,
            ProductSum::Profit => net - i128::from(self.cost_micro(row)?),
        };
        Some(i128::from(self.units_milli(row)) * each)
    }

    /// The first rows by such a sum; ties by article number.
    pub(crate) fn first_by_sum(&self, rows: &[u32], figure: ProductSum, smallest: bool, most: usize) -> Vec<u32> {
        let rank = |row: u32| self.snapshot.products.sku_rank.get(row as usize);
        let key = |row: &u32| {
            let ordered = self.sum(*row, figure).map(|sum| if smallest { sum } else { -sum });
            (ordered.is_none(), ordered.unwrap_or(0), rank(*row))
        };
        least(rows.par_iter().map(|row| (key(row), *row)).collect(), most)
    }

    /// The rows that fulfil all conditions that the grid has no filter for.
    pub(crate) fn keep(&self, rows: Vec<u32>, conditions: &[Condition]) -> Vec<u32> {
        let rows = self.leave_out(rows, conditions);
        let tests: Vec<&Condition> = conditions
            .iter()
            .filter(|condition| !matches!(condition, Condition::Grid(_) | Condition::Except(_) | Condition::By { .. }))
            .collect();
        if tests.is_empty() {
            return rows;
        }
        rows.par_chunks(STRETCH)
            .flat_map_iter(|stretch| {
                let mut offers = UsableOffers::new(self.snapshot, self.list, self.now);
                let kept = stretch.iter().copied();
                kept.filter(|row| tests.iter().all(|test| self.holds(test, *row, &mut offers))).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Without the rows that conditions leave out.
    fn leave_out(&self, mut rows: Vec<u32>, conditions: &[Condition]) -> Vec<u32> {
        for condition in conditions {
            let Condition::Except(filter) = condition else { continue };
            let scope = Scope { filters: vec![filter.clone()], search: Vec::new() };
            let mut left_out = vec![false; self.snapshot.row_count()];
            for row in self.rows_of(&scope, &[]) {
                left_out[row as usize] = true;
            }
            rows.retain(|row| !left_out[*row as usize]);
        }
        rows
    }

    fn holds(&self, condition: &Condition, row: u32, offers: &mut UsableOffers<'_>) -> bool {
        match condition {
            Condition::Grid(_) | Condition::Except(_) | Condition::By { .. } => true,
            Condition::Cover { side, days } => {
                let Some(own) = self.cover_centidays(row) else { return false };
                let limit = i64::from(*days) * 100;
                match side {
                    Side::Below => own < limit,
                    Side::AtMost => own <= limit,
                    Side::Above => own > limit,
                    Side::AtLeast => own >= limit,
                }
            }
            Condition::Beyond { column, side, value } => {
                let (Some(own), Some(limit)) = (self.value(*column, row), self.limit(*column, *value)) else {
                    return false;
                };
                match side {
                    Side::Below => own < limit,
                    Side::AtMost => own <= limit,
                    Side::Above => own > limit,
                    Side::AtLeast => own >= limit,
                }
            }
            Condition::Apart { name, they, cheaper, side, share } => {
                let theirs = self.competitor(name).and_then(|one| {
                    offers.of(row as usize).find(|offer| offer.competitor == one).map(|offer| offer.amount_minor)
                });
                let (Some(theirs), Some(ours)) = (theirs, self.price(row)) else { return false };
                let (one, other) = if *they { (theirs, ours) } else { (ours, theirs) };
                let apart = i128::from(if *cheaper { other - one } else { one - other });
                // Apart ÷ the other's price against the share, without dividing.
                let (own, limit) = (apart * 10_000, i128::from(other) * i128::from(share.0));
                apart > 0
                    && match side {
                        Side::Below => own < limit,
                        Side::AtMost => own <= limit,
                        Side::Above => own > limit,
                        Side::AtLeast => own >= limit,
                    }
            }
            Condition::Competitor { name, stance } => {
                self.competitor(name).is_some_and(|competitor| self.stands(competitor, *stance, row, offers))
            }
        }
    }

    fn stands(&self, competitor: u16, stance: Stance, row: u32, offers: &mut UsableOffers<'_>) -> bool {
        let theirs =
            || self.snapshot.offers.get(row as usize).iter().filter(move |offer| offer.competitor == competitor);
        if stance == Stance::SoldOut {
            let buyable = |availability| Availability::from_index(availability).is_none_or(Availability::buyable);
            // Of several pages of one shop, one that can be bought is enough.
            return theirs().next().is_some() && theirs().all(|offer| !buyable(offer.availability));
        }
        let usable =
            offers.of(row as usize).find(|offer| offer.competitor == competitor).map(|offer| offer.amount_minor);
        match (stance, usable, self.price(row)) {
            (Stance::Missing, usable, _) => usable.is_none(),
            (Stance::Offers, usable, _) => usable.is_some(),
            (Stance::Cheaper, Some(theirs), Some(own)) => theirs < own,
            (Stance::Dearer, Some(theirs), Some(own)) => theirs > own,
            _ => false,
        }
    }

    /// The value of a column in a unit of its own: minor units, basis points, pieces.
    pub(crate) fn value(&self, column: GridColumn, row: u32) -> Option<i64> {
        let columns = &self.snapshot.lists[self.list];
        match column {
            GridColumn::Price => self.price(row),
            GridColumn::Cost => self.cost_micro(row),
            GridColumn::Margin => self.margin(row).map(i64::from),
            GridColumn::Lowest => self.lowest(row),
            GridColumn::Gap => self.gap(row).map(i64::from),
            GridColumn::Offers => Some(i64::from(columns.offer_count.get(row as usize))),
            GridColumn::Stock => some(self.snapshot.products.stock.get(row as usize)),
            GridColumn::Units => Some(self.units_milli(row)),
            GridColumn::Sku
            | GridColumn::Name
            | GridColumn::Brand
            | GridColumn::Category
            | GridColumn::Role
            | GridColumn::Demand => None,
        }
    }

    fn limit(&self, column: GridColumn, value: Quantity) -> Option<i64> {
        let digits = u32::from(self.currency().minor_digits());
        match (column, value) {
            (GridColumn::Cost, Quantity::Amount(hundredths)) => hundredths.checked_mul(10_000),
            (_, Quantity::Amount(hundredths)) => hundredths.checked_mul(10i64.pow(digits)).map(|minor| minor / 100),
            (GridColumn::Units, Quantity::Count(count)) => count.checked_mul(1_000),
            (_, Quantity::Count(count)) => Some(count),
            (_, Quantity::Percent(share)) => Some(i64::from(share.0)),
        }
    }

    /// The first rows in an order; missing values come last, ties by article number.
    pub(crate) fn first(&self, rows: &[u32], sort: GridSort, most: usize) -> Vec<u32> {
        let rank = |row: u32| self.snapshot.products.sku_rank.get(row as usize);
        let key = |row: &u32| {
            let value = self.value(sort.column, *row);
            let ordered = value.map(|value| if sort.descending { -value } else { value });
            (ordered.is_none(), ordered.unwrap_or(0), rank(*row))
        };
        least(rows.par_iter().map(|row| (key(row), *row)).collect(), most)
    }

    pub(crate) fn sku(&self, row: u32) -> Figure {
        Figure::Words(self.snapshot.products.sku.get(row as usize).to_owned())
    }

    pub(crate) fn name(&self, row: u32) -> Figure {
        Figure::Words(self.snapshot.products.name.get(row as usize).to_owned())
    }
}

/// Numbers of a search: they must stand in the name as they are, “2” is no part of “12”.
fn sizes_of(search: &[String]) -> Vec<&str> {
    let is_size = |word: &&str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        (1..=4).contains(&digits) && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    search.iter().map(String::as_str).filter(is_size).collect()
}

fn has_sizes(name: &str, sizes: &[&str]) -> bool {
    let stands_alone = |start: usize, size: &str| {
        let joins = |letter: char| letter.is_ascii_digit() || letter == '.';
        let before = name[..start].chars().next_back();
        let after = name[start + size.len()..].chars().next();
        !before.is_some_and(joins) && !after.is_some_and(|letter| letter.is_ascii_digit())
    };
    sizes.iter().all(|size| name.match_indices(size).any(|(start, _)| stands_alone(start, size)))
}

/// The rows with the least keys, in order.
fn least<K: Ord>(mut keyed: Vec<((bool, K, u32), u32)>, most: usize) -> Vec<u32> {
    if keyed.len() > most && most > 0 {
        keyed.select_nth_unstable(most - 1);
        keyed.truncate(most);
    }
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, row)| row).collect()
}

fn some(value: i64) -> Option<i64> {
    (value != NONE).then_some(value)
}

/// The titles of the product table: (English, German, holds numbers).
pub(crate) const PRODUCT_COLUMNS: &[(&str, &str, bool)] = &[
    ("SKU", "SKU", false),
    ("Product", "Produkt", false),
    ("Price", "Preis", true),
    ("Cost", "Einstand", true),
    ("Margin", "Marge", true),
    ("Lowest offer", "Günstigstes Angebot", true),
    ("Gap", "Abstand", true),
    ("Stock", "Bestand", true),
    ("Sold in 28 days", "Verkauft in 28 Tagen", true),
];

impl Place<'_> {
    /// One row of the product table.
    pub(crate) fn product_cells(&self, row: u32) -> Vec<Option<Figure>> {
        let currency = self.currency();
        let money = |minor: Option<i64>| minor.map(|minor| Figure::Money(minor, currency));
        vec![
            Some(self.sku(row)),
            Some(self.name(row)),
            money(self.price(row)),
            self.cost_micro(row).map(|micro| Figure::Cost(micro, currency)),
            self.margin(row).map(|bp| Figure::Percent(i64::from(bp))),
            money(self.lowest(row)),
            self.gap(row).map(|bp| Figure::Percent(i64::from(bp))),
            self.value(GridColumn::Stock, row).map(Figure::Count),
            Some(Figure::Count((self.units_milli(row) + 500) / 1_000)),
        ]
    }
}

/// Rows of a table with their links.
pub(crate) fn linked(
    cells: Vec<Vec<Option<Figure>>>,
    links: Vec<AnswerLink>,
) -> Vec<(Vec<Option<Figure>>, Option<AnswerLink>)> {
    let mut links = links.into_iter();
    cells.into_iter().map(|cells| (cells, links.next())).collect()
}

#[cfg(test)]
mod tests {
    use super::{has_sizes, sizes_of};

    #[test]
    fn a_size_stands_in_a_name_as_it_is() {
        let search: Vec<String> = ["2", "tb", "nl-10002", "0.5"].map(str::to_owned).to_vec();
        assert_eq!(sizes_of(&search), ["2", "0.5"]);
        assert!(has_sizes("Quillmar Nova 222 NVMe SSD, 2 TB", &["2"]));
        assert!(!has_sizes("Quillmar Nova 222 NVMe SSD, 1 TB", &["2"]));
        assert!(has_sizes("USB-C Cable, 0.5 m", &["0.5"]));
        assert!(!has_sizes("USB-C Cable, 10.5 m", &["0.5"]));
        assert!(has_sizes("Television, 43\"", &["43"]));
    }
}
