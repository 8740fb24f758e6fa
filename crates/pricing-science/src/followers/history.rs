//! What one of several sellers did with its prices, product by product.

use crate::reactions::{PastMove, is_way};

/// The changes of one seller.
pub(super) struct History {
    /// By product, then by time.
    moves: Vec<PastMove>,
}

impl History {
    /// Those of a competitor; `None`: ours.
    pub fn of(moves: &[PastMove], who: Option<u32>) -> History {
        History { moves: moves.iter().filter(|one| one.by == who).copied().collect() }
    }

    fn on(&self, product: u32) -> &[PastMove] {
        let from = self.moves.partition_point(|one| one.product < product);
        let of_product = &self.moves[from..];
        &of_product[..of_product.partition_point(|one| one.product == product)]
    }

    /// The cuts or the rises on a product.
    pub fn way(&self, product: u32, falls: bool) -> impl Iterator<Item = &PastMove> {
        self.on(product).iter().filter(move |one| is_way(one, falls))
    }

    /// The next change of any kind after a day; infinite where there is none.
    pub fn next(&self, product: u32, day: f64) -> f64 {
        self.on(product).iter().map(|one| one.day).find(|next| *next > day).unwrap_or(f64::INFINITY)
    }

    /// Whether a cut or a rise stands from one day to before another.
    pub fn has_within(&self, product: u32, falls: bool, from: f64, before: f64) -> bool {
        self.way(product, falls).any(|one| one.day >= from && one.day < before)
    }
}

/// Products that two competitors have.
pub(super) struct Shared(Vec<u32>);

impl Shared {
    /// No more than `most`, spread evenly.
    pub fn of(one: &[u32], other: &[u32], most: usize) -> Shared {
        let mut rest = other.iter().copied().peekable();
        let is_other = |product: &u32| {
            while rest.next_if(|next| next < product).is_some() {}
            rest.peek() == Some(product)
        };
        let shared: Vec<u32> = one.iter().copied().filter(is_other).collect();
        let every = shared.len().div_ceil(most).max(1);
        Shared(shared.into_iter().step_by(every).collect())
    }

    /// What is alike side by side: of the same kind, with about as many of the follower's changes.
    pub fn in_order(&self, follower: &History, falls: bool, kind: &dyn Fn(u32) -> u32) -> Vec<u32> {
        let key = |product: &u32| (kind(*product), follower.way(*product, falls).count(), *product);
        let mut order: Vec<_> = self.0.iter().map(key).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, _, product)| product).collect()
    }
}
