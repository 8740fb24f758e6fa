//! Price ladders of the shape of the real panel's: families of eleven packs, prices on .x9 within ± 20 %, constant
//! elasticity.

use pricing_science::{Ladder, LadderItem, LadderOption};

/// Ounces and today's price an ounce of the family's roles.
const ROLES: [(f64, f64); 11] = [
    (64.0, 0.047),
    (96.0, 0.051),
    (64.0, 0.046),
    (64.0, 0.038),
    (64.0, 0.038),
    (96.0, 0.047),
    (64.0, 0.041),
    (64.0, 0.035),
    (64.0, 0.034),
    (64.0, 0.027),
    (128.0, 0.030),
];

/// A linear congruence: the same numbers everywhere.
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number in [0, 1).
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1_u64 << 31) as f64
    }
}

/// A ladder of so many items.
pub fn generated(items: usize) -> Ladder {
    let mut numbers = Numbers(20_240_229);
    let mut ladder = Ladder::default();
    for item in 0..items {
        let (ounces, unit) = ROLES[item % ROLES.len()];
        let today = (ounces * unit * (0.85 + 0.3 * numbers.next()) * 100.0).round() / 100.0;
        let (units, elasticity) = (10.0 + 400.0 * numbers.next().powi(3), -1.2 - 2.6 * numbers.next());
        let cost = today * (0.6 + 0.2 * numbers.next());
        let first = ladder.options.len() as u32;
        let mut prices = vec![today];
        for step in [0.8, 0.85, 0.9, 0.95, 1.05, 1.1, 1.15, 1.2] {
            let price = ((today * step * 10.0).ceil() - 0.1) / 10.0;
            if !prices.iter().any(|known| (known - price).abs() < 0.005) {
                prices.push(price);
            }
        }
        for (place, price) in prices.into_iter().enumerate() {
            let sold = units * (price / today).powf(elasticity);
            let (profit, revenue) = ((price - cost) * sold, price * sold);
            ladder.options.push(LadderOption { price, profit, revenue, basket: price * units, is_change: place > 0 });
        }
        ladder.items.push(LadderItem {
            name: item.to_string(),
            family: (item / ROLES.len()) as u32,
            role: (item % ROLES.len() + 1).to_string(),
            first,
            end: ladder.options.len() as u32,
        });
    }
    ladder
}
