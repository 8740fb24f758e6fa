//! Costs in the currency of each list: as they are where it is theirs, else converted by the newest exchange rates on or
//! before the day.

use pricing_domain::{Conversion, Currency, ExchangeRate, Instant, MICROSECONDS_PER_DAY, conversion};

use super::Snapshot;
use crate::columns::{CHUNK, Column, NONE};
use crate::parallel::map_chunks;

/// The day that rates are looked up for: days since 1970 in UTC.
pub(crate) fn day_of(now: Instant) -> i32 {
    i32::try_from(now.0.div_euclid(MICROSECONDS_PER_DAY)).unwrap_or(i32::MAX)
}

/// What becomes of costs in one currency.
#[derive(Clone, Copy)]
enum Way {
    Own,
    By(Conversion),
    Nowhere,
}

impl Way {
    fn cost(&self, micro: i64) -> i64 {
        match self {
            Self::Own => micro,
            // Costs of zero and less are believed in no currency; they stay what they are.
            Self::By(_) if micro <= 0 => micro,
            Self::By(conversion) => conversion.micro(micro).unwrap_or(NONE),
            Self::Nowhere => NONE,
        }
    }
}

/// A cost of a currency by its number; numbers that stand for none, as in a damaged cache, have no way.
fn cost(ways: &[Way], number: u8, micro: i64) -> i64 {
    ways.get(usize::from(number)).map_or(NONE, |way| way.cost(micro))
}

impl Snapshot {
    /// How amounts of a currency become those of a list on the snapshot's day; `None`: no rate is known, or it is the
    /// list's own.
    pub fn conversion_to(&self, list: usize, from: Currency) -> Option<Conversion> {
        let to = self.lists[list].currency;
        (from != to).then(|| conversion(&self.rates, from, to, self.rates_day)).flatten()
    }

    /// A cost in the currency of a list, in millionths; `None`: no rate is known.
    pub fn cost_in(&self, list: usize, micro: i64, currency: Currency) -> Option<i64> {
        if currency == self.lists[list].currency {
            return Some(micro);
        }
        self.conversion_to(list, currency)?.micro(micro)
    }

    /// The cost of a product in the currency of a list, in millionths and above zero.
    pub fn list_cost(&self, list: usize, row: usize) -> Option<i64> {
        Some(self.lists[list].cost_micro.get(row)).filter(|cost| *cost > 0)
    }

    /// Gives products other costs, each (row, millionths) in the currency it has, on every list.
    pub fn set_cost_amounts(&mut self, costs: &[(usize, i64)]) {
        let rows: Vec<usize> = costs.iter().map(|(row, _)| *row).collect();
        for (row, micro) in costs {
            self.products.cost_micro.set(*row, *micro);
        }
        derive_costs_of(self, &rows);
    }

    fn ways(&self, list: usize) -> Vec<Way> {
        let own = self.lists[list].currency_number;
        let way = |number: usize| {
            let number = u8::try_from(number).unwrap_or(0);
            match self.currency(number) {
                _ if number == own => Way::Own,
                Some(currency) => self.conversion_to(list, currency).map_or(Way::Nowhere, Way::By),
                None => Way::Nowhere,
            }
        };
        (0..self.currencies.code_count().max(1)).map(way).collect()
    }

    fn is_own(&self, list: usize, chunk: usize) -> bool {
        let own = self.lists[list].currency_number;
        // What has no cost has no currency.
        self.products
            .cost_currency
            .chunk(chunk)
            .iter()
            .fold(true, |all, number| all & ((*number == own) | (*number == 0)))
    }
}

/// Computes the costs of all rows on every list as of a day.
pub(super) fn derive_costs(snapshot: &mut Snapshot, now: Instant) {
    snapshot.rates_day = day_of(now);
    for list in 0..snapshot.lists.len() {
        let ways = snapshot.ways(list);
        let products = &snapshot.products;
        let chunks = map_chunks(products.cost_micro.chunk_count(), |chunk| {
            if snapshot.is_own(list, chunk) {
                return products.cost_micro.share(chunk);
            }
            let pairs = products.cost_micro.chunk(chunk).iter().zip(products.cost_currency.chunk(chunk));
            pairs.map(|(micro, number)| cost(&ways, *number, *micro)).collect::<Vec<i64>>().into()
        });
        snapshot.lists[list].cost_micro = Column::from_shared(chunks);
    }
}

/// Computes the costs of single rows anew; chunks that are in the list's own currency are shared again.
pub(super) fn derive_costs_of(snapshot: &mut Snapshot, rows: &[usize]) {
    let mut chunks: Vec<usize> = rows.iter().map(|row| row / CHUNK).collect();
    chunks.sort_unstable();
    chunks.dedup();
    for list in 0..snapshot.lists.len() {
        let own: Vec<usize> = chunks.iter().copied().filter(|chunk| snapshot.is_own(list, *chunk)).collect();
        for chunk in &own {
            let shared = snapshot.products.cost_micro.share(*chunk);
            snapshot.lists[list].cost_micro.take_shared(*chunk, shared);
        }
        if own.len() == chunks.len() {
            continue;
        }
        let ways = snapshot.ways(list);
        for row in rows.iter().filter(|row| !own.contains(&(**row / CHUNK))) {
            let (micro, number) = (snapshot.products.cost_micro.get(*row), snapshot.products.cost_currency.get(*row));
            snapshot.lists[list].cost_micro.put(*row, cost(&ways, number, micro));
        }
    }
}

/// In the order in which they are looked up, each once.
pub(super) fn in_order(mut rates: Vec<ExchangeRate>) -> Vec<ExchangeRate> {
    rates.sort_unstable();
    rates.dedup_by_key(|rate| (rate.base, rate.quote, rate.day));
    rates
}
