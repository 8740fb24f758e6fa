//! The representative rule as a person would write it by hand: one loop on `f64` over plain columns, compiled in, with
//! no explanation and no exact amounts. What user-defined, exact rules are measured against.

use pricing_domain::Role;
use pricing_rules::{NONE, ProductFlags, Snapshot};

/// The fields that the rule reads, in major units; NaN: missing.
pub(super) struct PlainColumns {
    role: Vec<u8>,
    flags: Vec<u8>,
    stock: Vec<i64>,
    cost: Vec<f64>,
    price: Vec<f64>,
    lowest: Vec<f64>,
    least: Vec<f64>,
    most: Vec<f64>,
}

impl PlainColumns {
    /// Copies them from a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let (products, list) = (&snapshot.products, &snapshot.lists[0]);
        let rows = 0..snapshot.row_count();
        let major = |minor: i64| if minor == NONE { f64::NAN } else { minor as f64 / 100.0 };
        let bound = |minor: i64, otherwise: f64| if minor == NONE { otherwise } else { minor as f64 / 100.0 };
        Self {
            role: rows.clone().map(|row| products.role.get(row)).collect(),
            flags: rows.clone().map(|row| products.flags.get(row)).collect(),
            stock: rows.clone().map(|row| products.stock.get(row)).collect(),
            cost: (rows.clone())
                .map(|row| match products.cost_micro.get(row) {
                    NONE => f64::NAN,
                    micro => micro as f64 / 1e6,
                })
                .collect(),
            price: rows.clone().map(|row| major(list.price_minor.get(row))).collect(),
            lowest: rows.clone().map(|row| major(list.lowest_offer_minor.get(row))).collect(),
            least: rows.clone().map(|row| bound(list.min_minor.get(row), 0.0)).collect(),
            most: rows
                .map(|row| {
                    let own = bound(list.max_minor.get(row), f64::INFINITY);
                    own.min(bound(list.rrp_minor.get(row), f64::INFINITY))
                })
                .collect(),
        }
    }

    /// Prices every row; rows that the rule does not decide keep their price.
    pub(super) fn price(&self, out: &mut Vec<f64>) {
        const VAT: f64 = 1.19;
        let roles = 1u8 << Role::KeyValue as u8 | 1 << Role::Traffic as u8;
        let refused = ProductFlags::KEY_VALUE | ProductFlags::OWN_BRAND;
        out.clear();
        out.extend((0..self.price.len()).map(|row| {
            let (price, cost) = (self.price[row], self.cost[row]);
            let decides =
                (roles >> self.role[row].min(7)) & 1 == 1 && self.stock[row] >= 5 && self.flags[row] & refused == 0;
            if !decides {
                return price;
            }
            let lowest = self.lowest[row];
            let wanted = if lowest.is_nan() { cost * VAT / 0.75 } else { lowest * 0.995 };
            if wanted.is_nan() {
                return price;
            }
            let floor = if cost.is_nan() { price } else { cost * VAT / 0.9 };
            let low = floor.max(self.least[row]).max(price * 0.9);
            let high = self.most[row].min(price * 1.1);
            if low > high {
                return price;
            }
            let inside = wanted.max(low).min(high);
            let (step, ending) = if inside < 20.0 { (0.10, 0.09) } else { (1.00, 0.99) };
            let down = ((inside - ending) / step).floor() * step + ending;
            let ended = if down >= low { down } else { down + step };
            if ended > high { price } else { ended }
        }));
    }
}
