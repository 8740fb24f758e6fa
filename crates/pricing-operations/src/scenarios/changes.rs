//! The catalogue after the changes of a scenario, made in order.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use app_contract::ScenarioChange;
use pricing_domain::{GridFilter, GridSort, RuleSet, TaxMode};
use pricing_rules::{GridQuery, NONE, Offer, RowChange, Snapshot, problems_of, run_grid};

use super::Basis;
use crate::OperationError;

/// A price index that is held.
pub(super) struct IndexTarget {
    /// The index as a ratio: 1.02 for 102.
    pub ratio: f64,
    /// The place of the competitor.
    pub competitor: u16,
}

/// The catalogue as a scenario starts to play.
pub(super) struct Changed {
    pub snapshot: Snapshot,
    pub rules: RuleSet,
    pub targets: Vec<IndexTarget>,
    /// What demand is multiplied with, by row of the snapshot.
    pub volume: Vec<f64>,
    pub remarks: Vec<String>,
}

/// Makes the changes one after the other; those at `without` are left out. Filters look at the catalogue as it is today.
pub(super) fn change(
    basis: &Basis,
    changes: &[ScenarioChange],
    without: Option<usize>,
) -> Result<Changed, OperationError> {
    let mut changed = Changed {
        snapshot: (*basis.snapshot).clone(),
        rules: basis.rules.clone(),
        targets: Vec::new(),
        volume: vec![1.0; basis.snapshot.row_count()],
        remarks: Vec::new(),
    };
    for (place, change) in changes.iter().enumerate().filter(|(place, _)| Some(*place) != without) {
        changed
            .make(basis, change)
            .map_err(|error| OperationError { message: format!("Change {}: {}", place + 1, error.message), ..error })?;
    }
    Ok(changed)
}

/// A change in words.
pub(super) fn words(change: &ScenarioChange) -> String {
    let signed = |percent: &f64| format!("{percent:+} %");
    match change {
        ScenarioChange::Cost { percent, .. } => format!("costs {}", signed(percent)),
        ScenarioChange::Competitor { percent, name, .. } => {
            format!("{} {}", name.as_deref().unwrap_or("all competitors"), signed(percent))
        }
        ScenarioChange::Price { percent, .. } => format!("own prices {}", signed(percent)),
        ScenarioChange::Vat { rate, .. } => format!("VAT {rate} %"),
        ScenarioChange::Volume { percent, .. } => format!("demand {}", signed(percent)),
        ScenarioChange::Rules { rule_set } => format!("the rules “{}”", rule_set.name),
        ScenarioChange::Index { target, competitor } => format!("index {target} against {competitor}"),
    }
}

/// 1.04 for 4 %.
fn ratio(percent: f64) -> Result<f64, OperationError> {
    let fits = percent.is_finite() && percent > -100.0 && percent <= 1_000.0;
    fits.then_some(1.0 + percent / 100.0)
        .ok_or_else(|| OperationError::refused("a change lies above -100 and up to 1000 percent."))
}

impl Changed {
    fn make(&mut self, basis: &Basis, change: &ScenarioChange) -> Result<(), OperationError> {
        match change {
            ScenarioChange::Cost { percent, only } => {
                let ratio = ratio(*percent)?;
                let costs = &mut self.snapshot.products.cost_micro;
                for row in rows(basis, only)? {
                    let cost = costs.get(row as usize);
                    if cost != NONE {
                        costs.set(row as usize, scaled(cost, ratio));
                    }
                }
            }
            ScenarioChange::Price { percent, only } => {
                let ratio = ratio(*percent)?;
                let prices = &mut self.snapshot.lists[basis.list].price_minor;
                for row in rows(basis, only)? {
                    let price = prices.get(row as usize);
                    if price > 0 {
                        prices.set(row as usize, scaled(price, ratio).max(1));
                    }
                }
            }
            ScenarioChange::Vat { rate, only } => {
                if !rate.is_finite() || !(0.0..=100.0).contains(rate) {
                    return Err(OperationError::refused("a VAT rate lies between 0 and 100 percent."));
                }
                let list = &mut self.snapshot.lists[basis.list];
                if list.tax_mode == TaxMode::Net {
                    self.remarks.push("The prices of this list are net: a VAT rate changes nothing on it.".to_owned());
                }
                for row in rows(basis, only)? {
                    list.vat_bp.set(row as usize, (rate * 100.0).round() as i32);
                }
            }
            ScenarioChange::Volume { percent, only } => {
                let ratio = ratio(*percent)?;
                rows(basis, only)?.into_iter().for_each(|row| self.volume[row as usize] *= ratio);
            }
            ScenarioChange::Competitor { percent, name, only } => {
                let ratio = ratio(*percent)?;
                let whose = name.as_deref().map(|name| competitor(&self.snapshot, name)).transpose()?;
                let counts = move |offer: &Offer| whose.is_none_or(|whose| offer.competitor == whose);
                self.snapshot =
                    with_offers(
                        &self.snapshot,
                        basis,
                        &rows(basis, only)?,
                        |_, offer| {
                            if counts(offer) { ratio } else { 1.0 }
                        },
                    );
            }
            ScenarioChange::Rules { rule_set } => {
                let problems = problems_of(rule_set);
                if !problems.is_empty() {
                    let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
                    return Err(OperationError::refused(format!("the rules cannot be used: {}.", words.join("; "))));
                }
                self.rules = (**rule_set).clone();
            }
            ScenarioChange::Index { target, competitor: name } => {
                if !target.is_finite() || !(10.0..=1_000.0).contains(target) {
                    return Err(OperationError::refused("an index lies between 10 and 1000."));
                }
                let competitor = competitor(&self.snapshot, name)?;
                self.targets.push(IndexTarget { ratio: target / 100.0, competitor });
            }
        }
        Ok(())
    }
}

/// An amount times a ratio, to the nearest unit.
pub(super) fn scaled(amount: i64, ratio: f64) -> i64 {
    (amount as f64 * ratio).round() as i64
}

fn competitor(snapshot: &Snapshot, name: &str) -> Result<u16, OperationError> {
    let wanted = name.trim().to_lowercase();
    let place = snapshot.competitors.iter().position(|one| one.name.trim().to_lowercase() == wanted);
    let known = || snapshot.competitors.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    place
        .and_then(|place| u16::try_from(place).ok())
        .ok_or_else(|| OperationError::refused(format!("no competitor is called “{name}”; there are {}.", known())))
}

fn rows(basis: &Basis, only: &[GridFilter]) -> Result<Vec<u32>, OperationError> {
    if only.is_empty() {
        return Ok((0..basis.snapshot.row_count() as u32).collect());
    }
    let query =
        GridQuery { list: basis.list, search: String::new(), filters: only.to_vec(), sort: GridSort::default() };
    let mut rows = Arc::unwrap_or_clone(run_grid(&basis.snapshot, &query, &AtomicBool::new(false))).rows;
    rows.sort_unstable();
    if rows.is_empty() {
        return Err(OperationError::refused("no product fits its filters (only)."));
    }
    Ok(rows)
}

/// The snapshot with the offers of some rows, in ascending order, multiplied.
pub(super) fn with_offers(
    snapshot: &Snapshot,
    basis: &Basis,
    rows: &[u32],
    ratio: impl Fn(u32, &Offer) -> f64,
) -> Snapshot {
    let changes = rows.iter().filter(|row| !snapshot.offers.get(**row as usize).is_empty()).map(|row| {
        let offers = snapshot.offers.get(*row as usize).iter();
        let offers =
            offers.map(|offer| Offer { amount_minor: scaled(offer.amount_minor, ratio(*row, offer)).max(1), ..*offer });
        RowChange::Offers { key: snapshot.products.key.get(*row as usize), offers: offers.collect() }
    });
    snapshot.updated(snapshot.sequence, basis.now, changes.collect())
}
