//! Products that sell from a stock that a scenario changes: over the weeks no more than there is, without deliveries.

use pricing_rules::{NONE, Snapshot};
use pricing_science::{ScenarioProducts, ScenarioState, outcome_at, sibling_prices};

use super::super::Basis;

/// Less than that is nothing.
const NOTHING: f64 = 0.5;

/// What is left of each limited product.
#[derive(Default)]
pub(in super::super) struct Stock {
    /// Places in ascending order, each with what is left.
    left: Vec<(usize, f64)>,
    /// Products whose stock is changed and not known.
    pub unknown: u64,
    /// Products that had nothing left at the end of a week, and the first such week.
    pub sold_out: u64,
    pub first_week: Option<usize>,
}

impl Stock {
    /// The stock of `rows` as it stands in the changed catalogue.
    pub fn of(basis: &Basis, snapshot: &Snapshot, rows: &[u32]) -> Stock {
        let mut stock = Stock::default();
        for (place, row) in basis.rows.iter().enumerate().filter(|(_, row)| rows.binary_search(row).is_ok()) {
            match snapshot.products.stock.get(*row as usize) {
                NONE => stock.unknown += 1,
                pieces => stock.left.push((place, pieces.max(0) as f64)),
            }
        }
        stock
    }

    /// How many products it limits.
    pub fn products(&self) -> u64 {
        self.left.len() as u64
    }

    /// Most units of a week by place; empty where nothing is limited.
    pub fn most(&self, places: usize) -> Vec<f64> {
        if self.left.is_empty() {
            return Vec::new();
        }
        let mut most = vec![f64::NAN; places];
        self.left.iter().for_each(|(place, left)| most[*place] = *left);
        most
    }

    /// Puts what is left on the shelf, where rules and the week see it.
    pub fn begin_week(&self, basis: &Basis, snapshot: &mut Snapshot, state: &mut ScenarioState) {
        for (place, left) in &self.left {
            state.most[*place] = *left;
            snapshot.products.stock.set(basis.rows[*place] as usize, left.floor() as i64);
        }
    }

    /// Takes away what sells in the week that begins with this state, counted from 0.
    pub fn sell(&mut self, products: &ScenarioProducts, state: &ScenarioState, week: usize) {
        if self.left.is_empty() {
            return;
        }
        let siblings = sibling_prices(products, state);
        for (place, left) in &mut self.left {
            let before = *left;
            *left -= outcome_at(products, state, &siblings, *place, state.price[*place]).units;
            if *left < NOTHING && (before >= NOTHING || week == 0) {
                self.sold_out += 1;
                self.first_week.get_or_insert(week);
            }
        }
    }
}
