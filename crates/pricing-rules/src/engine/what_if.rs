//! “What would have to change”: for each input the smallest difference that moves the price, found on the engine
//! itself by doubling a probe until the price moves and then halving the gap.

use pricing_domain::Money;

use super::decide::Evaluation;
use super::decide::Outcome;
use super::inputs::Case;
use super::words::Words;
use crate::columns::NONE;
use crate::engine::run::evaluate_row;
use crate::snapshot::{Offer, Snapshot};

/// An input that can be probed.
#[derive(Clone, Copy)]
enum Probe {
    Offer(usize),
    Cost,
    Recommended,
    Stock,
    /// The price of a list that the rules follow, by its place in the case's snapshot.
    List(usize),
    OwnMinimum,
    OwnMaximum,
}

/// The input that is nearest to moving the price, in one sentence; `None` when none of them moves it.
pub(super) fn what_would_change(case: &Case<'_>, row: &Evaluation) -> Option<String> {
    if !matches!(row.outcome, Outcome::Change | Outcome::Unchanged) {
        return None;
    }
    let offers = (0..case.inputs.offers.len()).map(Probe::Offer);
    let lists = (1..case.snapshot.lists.len()).map(Probe::List);
    let single = [Probe::Cost, Probe::Recommended, Probe::Stock, Probe::OwnMinimum, Probe::OwnMaximum];
    let probes = offers.chain(single).chain(lists);
    let found = probes.flat_map(|probe| [-1, 1].map(|side| (probe, side)));
    let nearest =
        found.filter_map(|(probe, side)| nearest(case, probe, side)).min_by_key(|found| found.distance_ppm)?;
    Some(nearest.words(case))
}

struct Found {
    probe: Probe,
    from: i64,
    to: i64,
    /// Distance in millionths of the input.
    distance_ppm: i128,
    price: i64,
}

impl Found {
    fn words(&self, case: &Case<'_>) -> String {
        let words = Words::new(case);
        let gives = format!("would give {}", words.amount(self.price));
        match self.probe {
            Probe::Offer(place) => {
                let name = &case.inputs.offers[place].competitor;
                format!("{name} at {} instead of {} {gives}.", words.amount(self.to), words.amount(self.from))
            }
            Probe::Cost => {
                let micro = pricing_domain::MicroAmount;
                let currency = words.cost_currency();
                format!("A cost of {}{currency} instead of {}{currency} {gives}.", micro(self.to), micro(self.from))
            }
            Probe::Stock => format!("A stock of {} instead of {} {gives}.", self.to, self.from),
            Probe::Recommended => self.amounts(&words, "A recommended price", &gives),
            Probe::OwnMinimum => self.amounts(&words, "A lowest price for it", &gives),
            Probe::OwnMaximum => self.amounts(&words, "A highest price for it", &gives),
            Probe::List(place) => {
                let list = &case.snapshot.lists[place];
                if list.currency != case.inputs.list.currency {
                    let money = |minor| Money::new(minor, list.currency);
                    return format!(
                        "A price in the list {} of {} instead of {} {gives}.",
                        list.code,
                        money(self.to),
                        money(self.from)
                    );
                }
                self.amounts(&words, &format!("A price in the list {}", list.code), &gives)
            }
        }
    }
}

impl Found {
    fn amounts(&self, words: &Words<'_>, what: &str, gives: &str) -> String {
        format!("{what} of {} instead of {} {gives}.", words.amount(self.to), words.amount(self.from))
    }
}

/// The price of the row when one input has another value; [`NONE`] when it is none that a run would change to.
fn price_with(case: &Case<'_>, snapshot: &mut Snapshot, probe: Probe, value: i64) -> i64 {
    match probe {
        Probe::Offer(place) => {
            let mut offers: Vec<Offer> = case.snapshot.offers.get(0).to_vec();
            offers[place].amount_minor = value;
            snapshot.offers.replace(&[(0, offers)]);
        }
        Probe::Cost => snapshot.set_cost_amounts(&[(0, value)]),
        Probe::Recommended => snapshot.lists[0].rrp_minor.set(0, value),
        Probe::Stock => snapshot.products.stock.set(0, value),
        Probe::List(place) => snapshot.lists[place].price_minor.set(0, value),
        Probe::OwnMinimum => snapshot.lists[0].min_minor.set(0, value),
        Probe::OwnMaximum => snapshot.lists[0].max_minor.set(0, value),
    }
    price_of(&evaluate_row(&case.rules, &case.context, snapshot, 0))
}

fn price_of(row: &Evaluation) -> i64 {
    match row.outcome {
        Outcome::Change => row.new,
        Outcome::Unchanged => row.inputs.price,
        _ => NONE,
    }
}

fn nearest(case: &Case<'_>, probe: Probe, side: i64) -> Option<Found> {
    let (from, unit) = match probe {
        Probe::Offer(place) => (case.inputs.offers[place].amount_minor, 1),
        Probe::Cost => (case.snapshot.products.cost_micro.get(0), case.context.micro_per_minor as i64),
        Probe::Recommended => (case.snapshot.lists[0].rrp_minor.get(0), 1),
        Probe::Stock => (case.snapshot.products.stock.get(0), 1),
        Probe::List(place) => (case.snapshot.lists[place].price_minor.get(0), 1),
        Probe::OwnMinimum => (case.snapshot.lists[0].min_minor.get(0), 1),
        Probe::OwnMaximum => (case.snapshot.lists[0].max_minor.get(0), 1),
    };
    if from <= 0 {
        return None;
    }
    let mut snapshot = case.snapshot.clone();
    let base = price_of(&evaluate_row(&case.rules, &case.context, &snapshot, 0));
    let mut price_at = |steps: i64| {
        let value = from.saturating_add(side * steps * unit);
        if value > 0 { price_with(case, &mut snapshot, probe, value) } else { base }
    };
    // Beyond half of the input the question is no longer a small one.
    let most = from / 2 / unit;
    let mut far = 1;
    while far <= most && price_at(far) == base {
        far *= 2;
    }
    if far > most {
        return None;
    }
    let mut near = far / 2;
    while far - near > 1 {
        let middle = near.midpoint(far);
        if price_at(middle) == base { near = middle } else { far = middle }
    }
    let price = price_at(far);
    let distance_ppm = i128::from(far) * i128::from(unit) * 1_000_000 / i128::from(from);
    (price != NONE).then_some(Found { probe, from, to: from + side * far * unit, distance_ppm, price })
}
