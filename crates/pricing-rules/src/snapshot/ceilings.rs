//! Lists whose prices are never above those of other lists, such as prices for ten pieces or more: of each product the
//! lowest of those is a ceiling, and stands where its own highest price does.

use super::{ListColumns, Snapshot};
use crate::columns::{NONE, NarrowColumn};

impl ListColumns {
    /// The highest prices that the products have of their own.
    pub(super) fn own_max(&self) -> &NarrowColumn {
        self.own_max_minor.as_ref().unwrap_or(&self.max_minor)
    }
}

impl Snapshot {
    /// Finds the ceilings of all lists anew, after prices were changed.
    pub fn derive_ceilings(&mut self) {
        self.derive_ceilings_of(0..self.row_count());
    }

    /// The same for some rows.
    pub(crate) fn derive_ceilings_of(&mut self, rows: impl Iterator<Item = usize> + Clone) {
        for list in 0..self.lists.len() {
            if self.lists[list].never_above.is_empty() {
                continue;
            }
            let above = self.lists[list].never_above.iter().filter_map(|key| self.list_of_key(*key));
            let above: Vec<usize> = above.filter(|place| *place != list).collect();
            let columns = &self.lists[list];
            let mut own = columns.own_max_minor.clone().unwrap_or_else(|| columns.max_minor.clone());
            own.fill_to(columns.price_minor.len(), NONE);
            let mut ceilings = columns.max_minor.clone();
            for row in rows.clone() {
                let prices = above.iter().map(|place| self.lists[*place].price_minor.get(row));
                let number = u32::try_from(row).expect("rows fit 32 bits");
                let waiting = above.iter().filter_map(|place| self.lists[*place].waiting_minor.get(&number).copied());
                let lowest =
                    prices.chain(waiting).chain([own.get(row)]).filter(|price| *price > 0).min().unwrap_or(NONE);
                if ceilings.get(row) != lowest {
                    ceilings.set(row, lowest);
                }
            }
            self.lists[list].max_minor = ceilings;
            self.lists[list].own_max_minor = Some(own);
        }
    }
}
