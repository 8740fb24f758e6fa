//! Scenarios: the catalogue with what is changed, priced by the engine week by week, sold by the demand that the sales
//! show, answered by competitors. Nothing is written.

mod answers;
mod best;
mod changes;
mod drafts;
mod experiments;
mod families;
mod files;
mod kept;
mod learnt;
mod markdowns;
mod packed;
mod pictures;
mod planned;
mod positions;
mod promotions;
mod proposing;
mod sensitivity;
mod unchanged;
mod weeks;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Stopwatch;

use app_contract::{
    ElasticityGrade, ScenarioAssumptions, ScenarioChange, ScenarioFigure, ScenarioIndexLimit, ScenarioInput,
    ScenarioObjective, ScenarioPrices, ScenarioReaction, ScenarioView,
};
use pricing_domain::{Instant, Lifecycle, RuleSet};
use pricing_rules::{GridDemand, NONE, Snapshot};
use pricing_science::{Reaction, RivalEffect, RivalError, ScenarioProducts, Source, Wider};

pub use changes::words as scenario_change_words;
pub use files::read_scenario;
pub(crate) use unchanged::KeptUnchanged;

use crate::demand::{Demand, grade_of};
use crate::{OperationError, Workspace};
use learnt::{Answers, learn};
use unchanged::Unchanged;

/// Weeks that can be played.
const MOST_WEEKS: u32 = 104;
/// Limits of indexes side by side.
const MOST_INDEXES: usize = 20;
/// Sales are kept for this many weeks in the snapshot's volumes.
const WEEKS_OF_VOLUME: f64 = 4.0;
const UNITS_PER_MILLI: f64 = 1e-3;
const MICRO_PER_MAJOR: f64 = 1e6;

/// How much of a scenario is played otherwise, to see what its answer depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// Each change left out, other reactions, and what is assumed about demand.
    Whole,
    /// Only what is assumed about demand: nothing is played again.
    OfDemand,
}

/// What every run of a scenario starts from.
struct Basis {
    snapshot: Arc<Snapshot>,
    list: usize,
    rules: RuleSet,
    now: Instant,
    stop: Arc<AtomicBool>,
    /// Rows of the snapshot that the scenario is about.
    rows: Vec<u32>,
    /// What their elasticities rest on.
    grades: Vec<ElasticityGrade>,
    /// The same rows; amounts in minor units.
    products: ScenarioProducts,
    left_out: Vec<(String, u64)>,
    /// How competitors answered in the past, where the scenario asks for it.
    learnt: Answers,
}

impl Workspace {
    /// Plays a scenario over the catalogue as it stands. A later one ends it, and it is then cancelled.
    ///
    /// Cost: a pricing run for each week, and one play more for each change and for the competitors' reaction.
    pub async fn run_scenario(&self, input: ScenarioInput, depth: Sensitivity) -> Result<ScenarioView, OperationError> {
        let started = Stopwatch::now();
        let basis = self.scenario_basis(&input).await?;
        let asked = unchanged::key(&basis, &input);
        let known = self.unchanged.find(&asked);
        let Answered { view, unchanged, .. } = answered(basis, input, depth, known).await?;
        self.unchanged.keep(asked, unchanged);
        Ok(ScenarioView { elapsed_ms: milliseconds(started), ..view })
    }

    /// All that decides what comes of a scenario.
    async fn scenario_basis(&self, input: &ScenarioInput) -> Result<Basis, OperationError> {
        check(input)?;
        let stop = self.scenarios.begin();
        let snapshot = self.snapshot().await?;
        let list = list_of(&snapshot, &input.price_list)?;
        let demand = self.demand(&snapshot).await?;
        let rules = self.active_rules().await?.rules;
        let now = self.now();
        let (store, assumed, reaction) = (self.store.clone(), input.assumptions, input.reaction);
        let gathered = tokio::task::spawn_blocking(move || {
            let mut basis = Basis::new(snapshot, list, rules, now, stop, &demand, &assumed);
            if basis.rows.is_empty() {
                let reasons: Vec<String> =
                    basis.left_out.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
                return Err(OperationError::refused(format!(
                    "No product has a price and sales of the last four weeks: {}.",
                    reasons.join(", ")
                )));
            }
            if let ScenarioReaction::Learnt { days } = reaction {
                basis.learnt = learn(&store, &basis.snapshot, list, now, days)?;
            }
            Ok(basis)
        });
        gathered.await.map_err(|error| OperationError::fault(error.to_string()))?
    }
}

/// What comes of a scenario, beside what decided it.
struct Answered {
    basis: Basis,
    view: ScenarioView,
    /// The same weeks without the changes, where they are a part of the answer.
    unchanged: Option<Arc<Unchanged>>,
}

/// Answers. `known` are the weeks without the changes, where they were played before.
async fn answered(
    basis: Basis,
    input: ScenarioInput,
    depth: Sensitivity,
    known: Option<Arc<Unchanged>>,
) -> Result<Answered, OperationError> {
    let computed = tokio::task::spawn_blocking(move || {
        let (view, unchanged) = answers::answer(&basis, &input, depth, known)?;
        Ok(Answered { basis, view, unchanged })
    });
    computed.await.map_err(|error| OperationError::fault(error.to_string()))?
}

fn milliseconds(since: Stopwatch) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn list_of(snapshot: &Snapshot, code: &str) -> Result<usize, OperationError> {
    let known = || snapshot.lists.iter().map(|list| list.code.as_str()).collect::<Vec<_>>().join(", ");
    let found = match code {
        "" => (!snapshot.lists.is_empty()).then_some(0),
        code => snapshot.lists.iter().position(|list| list.code.eq_ignore_ascii_case(code)),
    };
    found.ok_or_else(|| match code {
        "" => OperationError::refused("There are no products yet. Import a catalogue first."),
        code => OperationError::refused(format!("No price list has the code “{code}”; there are {}.", known())),
    })
}

fn check(input: &ScenarioInput) -> Result<(), OperationError> {
    if input.weeks == 0 || input.weeks > MOST_WEEKS {
        return Err(OperationError::refused(format!("A scenario plays 1 to {MOST_WEEKS} weeks.")));
    }
    let assumed = &input.assumptions;
    let is_share = |percent: f64| percent.is_finite() && (0.0..=200.0).contains(&percent);
    let reaction_fits = match input.reaction {
        ScenarioReaction::None | ScenarioReaction::MatchesLowest => true,
        ScenarioReaction::Learnt { days } => (28..=730).contains(&days),
        ScenarioReaction::FollowsDown { percent } | ScenarioReaction::FollowsBoth { percent } => is_share(percent),
    };
    if !reaction_fits {
        return Err(OperationError::refused(
            "Competitors follow by 0 to 200 percent of a change; what they did is learnt from 28 to 730 days.",
        ));
    }
    if assumed.elasticity.is_nan() || assumed.elasticity > 0.0 {
        return Err(OperationError::refused("The assumed elasticity must not be above 0: dearer products sell less."));
    }
    let errors = [assumed.elasticity_error, assumed.cross_elasticity, assumed.cross_elasticity_error];
    if errors.iter().any(|error| !error.is_finite() || *error < 0.0) || !assumed.elasticity.is_finite() {
        return Err(OperationError::refused("Errors and the effect of competitors must be numbers from 0 on."));
    }
    if input.stop_at_fall.is_some_and(|fall| !is_share(fall) || fall == 0.0) {
        return Err(OperationError::refused("A price war stops at a fall above 0 percent."));
    }
    match input.prices {
        ScenarioPrices::Best => check_objective(input),
        ScenarioPrices::Rules | ScenarioPrices::Keep => Ok(()),
    }
}

fn check_objective(input: &ScenarioInput) -> Result<(), OperationError> {
    let refused = |words: &str| Err(OperationError::refused(words));
    let ScenarioObjective { margin, revenue, units, step, .. } = input.objective;
    let weights = [margin, revenue, units];
    if weights.iter().any(|weight| !weight.is_finite() || *weight < 0.0) || weights.iter().all(|weight| *weight == 0.0)
    {
        return refused("An objective weighs margin, revenue and units from 0 on, and one of them above 0.");
    }
    if !(step > 0.0 && step <= 50.0) {
        return refused("The largest change of a price lies above 0 and up to 50 percent.");
    }
    let objective = &input.objective;
    let shares = [
        objective.changes_at_most,
        objective.basket_at_most,
        objective.category_at_most,
        objective.revenue_at_least,
        objective.margin_at_least,
        objective.units_at_least,
    ];
    if shares.iter().flatten().any(|percent| !(0.0..=1_000.0).contains(percent)) {
        return refused("Limits of an objective lie between 0 and 1000 percent.");
    }
    check_indexes(objective)?;
    if objective.clear.as_ref().is_some_and(|clear| !(1..=MOST_WEEKS).contains(&clear.weeks)) {
        return refused("Stock is cleared within 1 to 104 weeks.");
    }
    if objective.clear.as_ref().is_some_and(|clear| !(0.0..=100.0).contains(&clear.salvage)) {
        return refused("What is left over brings 0 to 100 percent of its cost.");
    }
    if input.changes.iter().any(|change| matches!(change, ScenarioChange::Index { .. })) {
        return refused(
            "Best prices and an index that is held by one factor exclude each other. Limit the index in the objective instead.",
        );
    }
    Ok(())
}

fn check_indexes(objective: &ScenarioObjective) -> Result<(), OperationError> {
    let all: Vec<&ScenarioIndexLimit> = objective.index.iter().chain(&objective.indexes).collect();
    if all.len() > MOST_INDEXES {
        return Err(OperationError::refused(format!(
            "There are {} limits of indexes; {MOST_INDEXES} are possible.",
            all.len()
        )));
    }
    for index in all {
        let refused = |why: &str| Err(OperationError::refused(format!("The {} {why}.", index.title())));
        let is_usable = |bound: &f64| *bound > 0.0 && *bound <= 1_000.0;
        match (index.at_least, index.at_most) {
            (None, None) => return refused("needs a number that it is at least, at most, or both"),
            (low, high) if !low.iter().chain(&high).all(is_usable) => {
                return refused("has to lie above 0 and up to 1000; 102 is two percent above them");
            }
            (Some(low), Some(high)) if low > high => {
                return refused("cannot be at least more than at most");
            }
            _ => {}
        }
    }
    Ok(())
}

fn reaction(words: ScenarioReaction) -> Reaction {
    match words {
        // What was learnt differs from competitor to competitor, and is played on the shelf.
        ScenarioReaction::None | ScenarioReaction::Learnt { .. } => Reaction::None,
        ScenarioReaction::FollowsDown { percent } => Reaction::FollowsDown { share: percent / 100.0 },
        ScenarioReaction::FollowsBoth { percent } => Reaction::FollowsBoth { share: percent / 100.0 },
        ScenarioReaction::MatchesLowest => Reaction::MatchesLowest,
    }
}

impl Basis {
    fn new(
        snapshot: Arc<Snapshot>,
        list: usize,
        rules: RuleSet,
        now: Instant,
        stop: Arc<AtomicBool>,
        demand: &Demand,
        assumed: &ScenarioAssumptions,
    ) -> Basis {
        let mut basis = Basis {
            snapshot,
            list,
            rules,
            now,
            stop,
            rows: Vec::new(),
            grades: Vec::new(),
            products: ScenarioProducts::default(),
            left_out: Vec::new(),
            learnt: Answers::default(),
        };
        let mut left_out: Vec<(&str, u64)> = REASONS.iter().map(|reason| (*reason, 0)).collect();
        for row in 0..basis.snapshot.row_count() {
            match basis.lacks(row) {
                Some(reason) => left_out[reason].1 += 1,
                None => basis.add(row, demand, assumed),
            }
        }
        let counted = left_out.into_iter().filter(|(_, count)| *count > 0);
        basis.left_out = counted.map(|(reason, count)| (reason.to_owned(), count)).collect();
        basis.products.families = families::effects(&basis, demand);
        if basis.products.rivals.iter().all(|rival| !rival.is_learnt) {
            basis.products.rivals.clear();
        }
        if basis.is_without_rates() {
            // Prices on the shelf compare among themselves; what is left of them after tax and cost is not known.
            basis.products.tax.fill(1.0);
            basis.products.cost.fill(f64::NAN);
        }
        basis
    }

    /// Whether no product has a VAT rate, so that revenue is told at prices on the shelf.
    fn is_without_rates(&self) -> bool {
        let list = &self.snapshot.lists[self.list];
        self.rows.iter().all(|row| list.contained_vat_bp(*row as usize).is_none())
    }

    /// The place of the reason for which a row takes no part.
    fn lacks(&self, row: usize) -> Option<usize> {
        let (products, list) = (&self.snapshot.products, &self.snapshot.lists[self.list]);
        [
            products.lifecycle.get(row) == Lifecycle::Ended as u8,
            list.price_minor.get(row) <= 0,
            list.units_28d_milli.get(row) <= 0,
        ]
        .iter()
        .position(|lacks| *lacks)
    }

    fn add(&mut self, row: usize, demand: &Demand, assumed: &ScenarioAssumptions) {
        let list = &self.snapshot.lists[self.list];
        let lowest = list.lowest_offer_minor.get(row);
        let price = list.price_minor.get(row) as f64;
        let products = &mut self.products;
        products.price.push(price);
        products.tax.push(tax_of(list.contained_vat_bp(row)));
        products.cost.push(cost_minor(&self.snapshot, self.list, row));
        products.foreign_share.push(0.0);
        products.competitor.push(if lowest == NONE { f64::NAN } else { lowest as f64 });
        products.units.push(list.units_28d_milli.get(row) as f64 * UNITS_PER_MILLI / WEEKS_OF_VOLUME);
        products.cross_error = assumed.cross_elasticity_error;
        let sources = u32::try_from(demand.paths.len()).unwrap_or(u32::MAX - 1);
        let found = demand.fitted.products.get(row);
        let (cross, rival) = match found.map(|found| found.rival.found) {
            Some(RivalEffect::Used { value, own_error, common_error, source, .. }) => {
                let pool = if let Source::Category(place) = source { place } else { sources };
                (value, RivalError { is_learnt: true, own: own_error, common: common_error, pool })
            }
            _ => (assumed.cross_elasticity, RivalError::default()),
        };
        products.cross_elasticity.push(cross);
        products.rivals.push(rival);
        // Every range is told relative to the price charged last: the sales may be net and the price gross.
        let seen = found.and_then(|found| {
            let last = found.weeks.last()?.price;
            Some((price * (found.seen.0 / last).min(1.0), price * (found.seen.1 / last).max(1.0)))
        });
        products.seen.push(seen.unwrap_or((price, price)));
        let estimate = found.and_then(|found| Some((found, found.graded.estimate?)));
        match estimate {
            Some((found, estimate)) => {
                products.elasticity.push(estimate.value.min(0.0));
                products.elasticity_error.push(found.own_error);
                products.common_error.push(found.common_error);
                products.source.push(match found.source {
                    Some(Source::Category(place)) => place,
                    Some(Source::Family(place)) => sources + 2 + place,
                    _ => sources,
                });
                products.wider.push(match found.wider {
                    Some((Source::Category(source), error)) => Wider { source, error },
                    _ => Wider::default(),
                });
                self.grades.push(grade_of(found));
            }
            None => {
                products.elasticity.push(assumed.elasticity);
                products.elasticity_error.push(0.0);
                products.common_error.push(assumed.elasticity_error);
                products.source.push(sources + 1);
                products.wider.push(Wider::default());
                self.grades.push(ElasticityGrade::Default);
            }
        }
        self.rows.push(row as u32);
    }

    /// What filters of demand look at: of the products that the scenario is about, so that a kept one finds the same again.
    /// What is assumed where the sales cannot say is no grade of theirs.
    fn of_grid(&self) -> GridDemand {
        let mut known = self.rows.iter().zip(&self.grades).zip(&self.products.elasticity).peekable();
        let mut grid = GridDemand::default();
        for row in 0..self.snapshot.row_count() {
            match known.next_if(|((of, _), _)| **of as usize == row) {
                Some(((_, grade), elasticity)) if *grade != ElasticityGrade::Default => {
                    grid.push(*grade, Some(*elasticity));
                }
                _ => grid.push(ElasticityGrade::NotEnough, None),
            }
        }
        grid
    }

    /// Whether revenue counts the product at this place.
    fn has_revenue(&self, place: usize) -> bool {
        !self.products.tax[place].is_nan()
    }

    /// Whether margin does.
    fn has_margin(&self, place: usize) -> bool {
        self.has_revenue(place) && !self.products.cost[place].is_nan()
    }

    /// What the answer is told by.
    fn figure(&self) -> ScenarioFigure {
        let mut places = 0..self.rows.len();
        if places.any(|place| self.has_margin(place)) {
            return ScenarioFigure::Margin;
        }
        match (0..self.rows.len()).any(|place| self.has_revenue(place)) {
            true => ScenarioFigure::Revenue,
            false => ScenarioFigure::Units,
        }
    }

    /// Minor units in one of the list's currency.
    fn minor_per_major(&self) -> f64 {
        MICRO_PER_MAJOR / self.snapshot.lists[self.list].currency.micro_per_minor() as f64
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Why products take no part, in the order in which it is asked.
const REASONS: [&str; 3] = ["no longer sold", "without a price on this list", "without sales in the last four weeks"];

/// What a price is divided by to be net; NaN where the VAT rate is not known.
fn tax_of(contained_vat_bp: Option<i64>) -> f64 {
    contained_vat_bp.map_or(f64::NAN, |vat_bp| 1.0 + vat_bp as f64 / 10_000.0)
}

/// NaN where there is no cost in the list's currency, nor an exchange rate for it.
fn cost_minor(snapshot: &Snapshot, list: usize, row: usize) -> f64 {
    match snapshot.lists[list].cost_micro.get(row) {
        cost if cost <= 0 => f64::NAN,
        cost => cost as f64 / snapshot.lists[list].currency.micro_per_minor() as f64,
    }
}

/// Whether the engine decides.
fn asks_rules(input: &ScenarioInput) -> bool {
    input.prices == ScenarioPrices::Rules
}
