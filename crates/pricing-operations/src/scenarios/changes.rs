//! The catalogue after the changes of a scenario, made in order.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use app_contract::ScenarioChange;
use pricing_domain::{BasisPoints, GridFilter, GridSort, MarginFloor, Rule, RuleSet, Scope, Strategy, TaxMode};
use pricing_rules::{GridQuery, ListFlags, NONE, Offer, RowChange, Snapshot, problems_of, run_grid};

use super::Basis;
use crate::OperationError;

/// A price index that is held.
pub(super) struct IndexTarget {
    /// The index as a ratio: 1.02 for 102.
    pub ratio: f64,
    /// The place of the competitor.
    pub competitor: u16,
}

/// Prices that are reduced for the first weeks.
pub(super) struct Promotion {
    pub weeks: u32,
    /// What demand is multiplied with beside the lower price.
    pub lift: f64,
    /// The part of the additional units that is missing at other products of the category.
    pub cannibalised: f64,
    /// Rows in ascending order, with the price before and what the supplier pays for a unit, in net minor units.
    pub rows: Vec<(u32, i64, f64)>,
}

/// The catalogue as a scenario starts to play.
pub(super) struct Changed {
    pub snapshot: Snapshot,
    pub rules: RuleSet,
    pub targets: Vec<IndexTarget>,
    pub promotions: Vec<Promotion>,
    /// What demand is multiplied with, by row of the snapshot.
    pub volume: Vec<f64>,
    /// Rows whose stock is changed, in ascending order: they sell from it.
    pub stocked: Vec<u32>,
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
        promotions: Vec::new(),
        volume: vec![1.0; basis.snapshot.row_count()],
        stocked: Vec::new(),
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
pub fn words(change: &ScenarioChange) -> String {
    let signed = |percent: &f64| format!("{percent:+} %");
    match change {
        ScenarioChange::Cost { percent, .. } => format!("costs {}", signed(percent)),
        ScenarioChange::Competitor { percent, name, share, .. } => {
            let part = share.map(|share| format!("{share} % of the prices of ")).unwrap_or_default();
            format!("{part}{} {}", name.as_deref().unwrap_or("all competitors"), signed(percent))
        }
        ScenarioChange::Currency { percent, share, .. } => {
            format!("a currency that {share} % of the costs are paid in {}", signed(percent))
        }
        ScenarioChange::Promotion { percent, weeks, .. } => format!("a promotion of {percent} % for {weeks} weeks"),
        ScenarioChange::Stock { percent, .. } => format!("stock {}", signed(percent)),
        ScenarioChange::Price { percent, .. } => format!("own prices {}", signed(percent)),
        ScenarioChange::Vat { rate, .. } => format!("VAT {rate} %"),
        ScenarioChange::Volume { percent, .. } => format!("demand {}", signed(percent)),
        ScenarioChange::Rules { rule_set } => format!("the rules “{}”", rule_set.name),
        ScenarioChange::Guardrails { floor_margin, step_up, step_down } => {
            let named = [("floor margin", floor_margin), ("step up", step_up), ("step down", step_down)];
            let stated = named.iter().filter_map(|(name, value)| value.map(|value| format!("{name} {value} %")));
            format!("guardrails: {}", stated.collect::<Vec<_>>().join(", "))
        }
        ScenarioChange::Targets { points } => format!("target margins {points:+} points"),
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
                self.scale_costs(&rows(basis, only)?, ratio);
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
                    return Ok(());
                }
                for row in rows(basis, only)? {
                    list.vat_bp.set(row as usize, (rate * 100.0).round() as i32);
                }
            }
            ScenarioChange::Volume { percent, only } => {
                let ratio = ratio(*percent)?;
                rows(basis, only)?.into_iter().for_each(|row| self.volume[row as usize] *= ratio);
            }
            ScenarioChange::Competitor { percent, name, share, only } => {
                let ratio = ratio(*percent)?;
                let whose = name.as_deref().map(|name| competitor(&self.snapshot, name)).transpose()?;
                let share = share.map(|share| percentage(share, "the share of competitors' prices")).transpose()?;
                let counts = move |offer: &Offer| {
                    whose.is_none_or(|whose| offer.competitor == whose)
                        && share.is_none_or(|share| place_of(offer.listing) < share)
                };
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
            ScenarioChange::Currency { percent, share, only } => {
                let ratio = 1.0 + percentage(*share, "the share of the cost")? * (ratio(*percent)? - 1.0);
                self.scale_costs(&rows(basis, only)?, ratio);
            }
            ScenarioChange::Stock { percent, only } => {
                let ratio = if *percent == -100.0 { 0.0 } else { ratio(*percent)? };
                let stock = &mut self.snapshot.products.stock;
                for row in rows(basis, only)? {
                    self.stocked.push(row);
                    let pieces = stock.get(row as usize);
                    if pieces != NONE {
                        stock.set(row as usize, scaled(pieces, ratio));
                    }
                }
                self.stocked.sort_unstable();
                self.stocked.dedup();
            }
            ScenarioChange::Promotion { percent, weeks, lift, funding, cannibalised, only } => {
                if !(*percent > 0.0 && *percent < 100.0) || *weeks == 0 || !(0.0..=1_000.0).contains(lift) {
                    return Err(OperationError::refused(
                        "a promotion takes more than 0 and less than 100 percent off, for at least a week, and lifts \
                         sales by 0 to 1000 percent.",
                    ));
                }
                let funding = percentage(*funding, "what the supplier pays of the reduction")?;
                let cannibalised = percentage(*cannibalised, "what other products lose")?;
                let rows = rows(basis, only)?;
                let rows = self.reduce(basis, &rows, 1.0 - percent / 100.0, funding);
                self.promotions.push(Promotion { weeks: *weeks, lift: 1.0 + lift / 100.0, cannibalised, rows });
            }
            ScenarioChange::Rules { rule_set } => {
                let problems = problems_of(rule_set);
                if !problems.is_empty() {
                    let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
                    return Err(OperationError::refused(format!("the rules cannot be used: {}.", words.join("; "))));
                }
                self.rules = (**rule_set).clone();
            }
            ScenarioChange::Guardrails { floor_margin, step_up, step_down } => {
                self.guard(*floor_margin, *step_up, *step_down)?;
            }
            ScenarioChange::Targets { points } => {
                if !(-100.0..=100.0).contains(points) {
                    return Err(OperationError::refused("targets change by -100 to 100 points."));
                }
                let aimed = aim(&mut self.rules.rules, basis_points(*points));
                if aimed == 0 {
                    return Err(OperationError::refused(
                        "none of these rules aims at a margin, a markup or an index that could change.",
                    ));
                }
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

    fn guard(&mut self, floor: Option<f64>, up: Option<f64>, down: Option<f64>) -> Result<(), OperationError> {
        let stated = [floor, up, down];
        if stated.iter().all(Option::is_none) || stated.iter().flatten().any(|value| !(0.0..100.0).contains(value)) {
            return Err(OperationError::refused(
                "guardrails need a floor margin, a step up or a step down from 0 to below 100 percent.",
            ));
        }
        let guardrails = &mut self.rules.guardrails;
        if let Some(margin) = floor {
            guardrails.floors = vec![MarginFloor { scope: Scope::default(), margin: basis_points(margin) }];
        }
        guardrails.step.up = up.map(basis_points).or(guardrails.step.up);
        guardrails.step.down = down.map(basis_points).or(guardrails.step.down);
        Ok(())
    }

    fn scale_costs(&mut self, rows: &[u32], ratio: f64) {
        let changed: Vec<(usize, i64)> = rows
            .iter()
            .map(|row| (*row as usize, self.snapshot.products.cost_micro.get(*row as usize)))
            .filter(|(_, cost)| *cost != NONE)
            .map(|(row, cost)| (row, scaled(cost, ratio)))
            .collect();
        self.snapshot.set_cost_amounts(&changed);
    }

    /// Puts a promotion on the shelf. Products that are on one already, or locked, keep their prices.
    fn reduce(&mut self, basis: &Basis, rows: &[u32], ratio: f64, funding: f64) -> Vec<(u32, i64, f64)> {
        let list = &mut self.snapshot.lists[basis.list];
        let mut reduced = Vec::new();
        for row in rows {
            let place = *row as usize;
            let (before, flags) = (list.price_minor.get(place), list.flags.get(place));
            if before <= 0 || flags & (ListFlags::LOCKED | ListFlags::PROMOTION) != 0 {
                continue;
            }
            let now = scaled(before, ratio).max(1);
            let tax = super::tax_of(list.contained_vat_bp(place));
            list.price_minor.set(place, now);
            list.flags.set(place, flags | ListFlags::PROMOTION);
            reduced.push((*row, before, funding * (before - now) as f64 / tax));
        }
        reduced
    }
}

fn basis_points(percent: f64) -> BasisPoints {
    BasisPoints((percent * 100.0).round() as i32)
}

/// Moves what the rules aim at. Gives how many of them aim at something.
fn aim(rules: &mut [Rule], by: BasisPoints) -> usize {
    let move_one = |strategy: &mut Strategy| match strategy {
        Strategy::CostPlusMargin { margin: target } | Strategy::CostPlusMarkup { markup: target } => {
            target.0 += by.0;
            1
        }
        Strategy::IndexTarget { index, by_category, .. } => {
            let targets = by_category.iter_mut().map(|one| &mut one.index).chain([index]);
            targets.for_each(|target| target.0 += by.0);
            1
        }
        _ => 0,
    };
    let of = |rule: &mut Rule| {
        let fallback = rule.fallback.as_mut().map_or(0, move_one);
        move_one(&mut rule.strategy) + fallback + aim(&mut rule.rules, by)
    };
    rules.iter_mut().map(of).sum()
}

/// 0.4 for 40 %.
fn percentage(percent: f64, of: &str) -> Result<f64, OperationError> {
    let fits = (0.0..=100.0).contains(&percent);
    fits.then_some(percent / 100.0)
        .ok_or_else(|| OperationError::refused(format!("{of} lies between 0 and 100 percent.")))
}

/// A number from 0 to 1 that is always the same for a listing and spread evenly over all of them.
fn place_of(listing: u32) -> f64 {
    let mixed = u64::from(listing).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// An amount times a ratio, to the nearest unit.
pub(super) fn scaled(amount: i64, ratio: f64) -> i64 {
    (amount as f64 * ratio).round() as i64
}

pub(super) fn competitor(snapshot: &Snapshot, name: &str) -> Result<u16, OperationError> {
    let wanted = name.trim().to_lowercase();
    let place = snapshot.competitors.iter().position(|one| one.name.trim().to_lowercase() == wanted);
    let known = || match snapshot.competitors.iter().map(|one| one.name.as_str()).collect::<Vec<_>>() {
        names if names.is_empty() => "no competitors are known yet".to_owned(),
        names => format!("there are {}", names.join(", ")),
    };
    place
        .and_then(|place| u16::try_from(place).ok())
        .ok_or_else(|| OperationError::refused(format!("no competitor is called “{name}”; {}.", known())))
}

pub(super) fn rows(basis: &Basis, only: &[GridFilter]) -> Result<Vec<u32>, OperationError> {
    if only.is_empty() {
        return Ok((0..basis.snapshot.row_count() as u32).collect());
    }
    let query =
        GridQuery { list: basis.list, search: String::new(), filters: only.to_vec(), sort: GridSort::default() };
    let demand = query.is_of_demand().then(|| basis.of_grid());
    let found = run_grid(&basis.snapshot, demand.as_ref(), &query, &AtomicBool::new(false));
    let mut rows = Arc::unwrap_or_clone(found).rows;
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
