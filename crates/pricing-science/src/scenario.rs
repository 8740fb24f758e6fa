//! What happens if: changes to costs, competitors, currency and volumes on chosen products, in order; prices decided
//! again; demand answering with its uncertainty; competitors reacting week by week; totals with intervals.
//!
//! Amounts are statistics here: a scenario shows effects, and a price that comes out of one enters pricing only after
//! the caller has turned it into whole minor units.

mod siblings;
mod totals;

use serde::{Deserialize, Serialize};

use crate::error::{Result, ScienceError};

pub use siblings::{FamilyEffect, SiblingPrices, sibling_prices};
pub use totals::{Outcome, difference, outcome_at, outcome_beside, outcomes, totals_by};

/// The catalogue as columns of one length.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScenarioProducts {
    /// Own price as buyers see it.
    pub price: Vec<f64>,
    /// What that price is divided by to be net: 1.19 where it contains 19 % of tax. NaN where that is not known: such a
    /// product counts in units only.
    pub tax: Vec<f64>,
    /// Unit cost in the same currency. NaN where it is not known: such a product counts in units and revenue only.
    pub cost: Vec<f64>,
    /// The share of the cost that is paid in the foreign currency.
    pub foreign_share: Vec<f64>,
    /// The competitor's price that matters; NaN where there is none.
    pub competitor: Vec<f64>,
    /// Units a week at today's prices.
    pub units: Vec<f64>,
    /// Own elasticity.
    pub elasticity: Vec<f64>,
    /// The standard error that is the product's own.
    pub elasticity_error: Vec<f64>,
    /// The standard error that it shares with every product of its source: estimates from one category err together.
    pub common_error: Vec<f64>,
    /// Which products share it, counted from 0.
    pub source: Vec<u32>,
    /// What products share beyond their source: families of one category err together by what the category's mean is
    /// unsure. Empty where no product does. Kept by whoever keeps the rest, so that what was kept before can be read.
    #[serde(skip)]
    pub wider: Vec<Wider>,
    /// How products answer the prices of their families. Empty where none does. Kept like `wider`.
    #[serde(skip)]
    pub families: Vec<FamilyEffect>,
    /// How units follow the competitor's price.
    pub cross_elasticity: Vec<f64>,
    /// The standard error of that, which all products share: it is one assumption.
    pub cross_error: f64,
    /// Where that is learnt and not assumed, how sure. Empty where it is assumed of every product. Kept like `wider`.
    #[serde(skip)]
    pub rivals: Vec<RivalError>,
    /// The lowest and highest own price seen so far.
    pub seen: Vec<(f64, f64)>,
}

/// What a product's elasticity shares with products of other sources.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Wider {
    /// Which products share it, by the numbers of the sources: those drawn straight to a category share its mean too.
    pub source: u32,
    /// The standard error.
    pub error: f64,
}

/// How sure it is what a competitor's price does to a product.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct RivalError {
    /// Whether it is learnt from sales; elsewhere it is the assumption.
    pub is_learnt: bool,
    /// The standard error that is the product's own.
    pub own: f64,
    /// The standard error that it shares with every product of its pool.
    pub common: f64,
    /// Which products share it, counted from 0.
    pub pool: u32,
}

/// What changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "ratio", rename_all = "snake_case")]
pub enum Change {
    /// Costs become this many times as high.
    Cost(f64),
    /// The competitor's prices do.
    Competitor(f64),
    /// The foreign currency does; only the foreign share of the cost follows.
    Currency(f64),
    /// Own prices do, before they are decided again.
    Price(f64),
    /// Demand does.
    Volume(f64),
    /// The divisor that makes prices net does: 1.02 after a rise of the tax by two percent of the gross price.
    Tax(f64),
}

/// How the competitor answers own prices, week by week.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reaction {
    /// Not at all.
    #[default]
    None,
    /// Follows own cuts by this share of the relative change.
    FollowsDown {
        /// The share.
        share: f64,
    },
    /// Follows cuts and rises.
    FollowsBoth {
        /// The share.
        share: f64,
    },
    /// Never stays dearer.
    MatchesLowest,
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scenario {
    /// Changes in order, each with the rows that it concerns; none means all.
    pub changes: Vec<(Change, Option<Vec<u32>>)>,
    /// How competitors react.
    pub reaction: Reaction,
    /// Weeks to play out, at least one.
    pub weeks: usize,
    /// A price war, in which ours fall again after competitors answered with lower prices, is stopped where own prices
    /// have fallen by this share on average.
    pub stop_at_fall: Option<f64>,
}

/// A total with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Total {
    /// The expected value.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A week of a scenario.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScenarioWeek {
    /// Units sold.
    pub units: Total,
    /// Net revenue.
    pub revenue: Total,
    /// Margin.
    pub margin: Total,
    /// The mean relative change of own prices against today.
    pub price_change: f64,
    /// The share of units sold at prices that were never seen.
    pub extrapolated_share: f64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScenarioResult {
    /// Today, without the scenario.
    pub today: ScenarioWeek,
    /// The weeks played.
    pub weeks: Vec<ScenarioWeek>,
    /// Whether own and competitors' prices fell in turn: ours fell twice more after theirs had fallen, or once more and
    /// the scenario stopped there.
    pub is_price_war: bool,
    /// Whether the scenario stopped it, in the last of its weeks.
    pub is_stopped: bool,
    /// Everything at the end.
    pub state: ScenarioState,
}

/// The state between weeks.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScenarioState {
    /// Own prices.
    pub price: Vec<f64>,
    /// What makes them net.
    pub tax: Vec<f64>,
    /// Costs.
    pub cost: Vec<f64>,
    /// Competitors' prices.
    pub competitor: Vec<f64>,
    /// What demand is multiplied with.
    pub volume: Vec<f64>,
    /// Units that can be sold in this week at most; NaN: as many as are wanted. Empty: that holds for every product.
    #[serde(default)]
    pub most: Vec<f64>,
}

impl ScenarioProducts {
    fn check(&self) -> Result<()> {
        let rows = self.price.len();
        let columns = [
            &self.cost,
            &self.tax,
            &self.foreign_share,
            &self.competitor,
            &self.units,
            &self.elasticity,
            &self.elasticity_error,
            &self.common_error,
            &self.cross_elasticity,
        ];
        let has_wider = self.wider.is_empty() || self.wider.len() == rows;
        let has_families = self.families.is_empty() || self.families.len() == rows;
        let has_rivals = self.rivals.is_empty() || self.rivals.len() == rows;
        if !has_wider
            || !has_families
            || !has_rivals
            || self.seen.len() != rows
            || self.source.len() != rows
            || columns.iter().any(|column| column.len() != rows)
        {
            return Err(ScienceError::Unsuitable(
                "every column of a scenario needs a value for each product".to_owned(),
            ));
        }
        Ok(())
    }

    /// The whole standard error of a product's elasticity.
    pub fn error(&self, row: usize) -> f64 {
        let wider = self.wider.get(row).map_or(0.0, |wider| wider.error);
        self.elasticity_error[row].hypot(self.common_error[row]).hypot(wider)
    }

    /// How sure the answer to a competitor's price is, where it is learnt.
    pub fn rival(&self, row: usize) -> Option<RivalError> {
        self.rivals.get(row).copied().filter(|rival| rival.is_learnt)
    }

    /// Today, as the state that a scenario begins from.
    pub fn today(&self) -> ScenarioState {
        ScenarioState {
            price: self.price.clone(),
            tax: self.tax.clone(),
            cost: self.cost.clone(),
            competitor: self.competitor.clone(),
            volume: vec![1.0; self.price.len()],
            most: Vec::new(),
        }
    }
}

/// Ours have to fall so often again after theirs have fallen: what one answer ends is no war.
const ROUNDS_OF_A_WAR: usize = 2;

/// Plays the scenario; `decide` gives own prices for a state (the rules; the same prices where nothing is decided).
pub fn play(
    products: &ScenarioProducts,
    scenario: &Scenario,
    decide: &mut dyn FnMut(&ScenarioState) -> Vec<f64>,
) -> Result<ScenarioResult> {
    products.check()?;
    let mut state = products.today();
    for (change, rows) in &scenario.changes {
        apply(products, &mut state, *change, rows.as_deref())?;
    }
    play_from(products, state, scenario, decide)
}

/// Plays the weeks of the scenario from a state in which everything has changed already; its own changes are not made.
pub fn play_from(
    products: &ScenarioProducts,
    state: ScenarioState,
    scenario: &Scenario,
    decide: &mut dyn FnMut(&ScenarioState) -> Vec<f64>,
) -> Result<ScenarioResult> {
    play_with(products, state, scenario, &mut |state| state.price = decide(state))
}

/// The same where the caller begins each week: it sets own prices, and whatever else changes in that week.
pub fn play_with(
    products: &ScenarioProducts,
    mut state: ScenarioState,
    scenario: &Scenario,
    begin_week: &mut dyn FnMut(&mut ScenarioState),
) -> Result<ScenarioResult> {
    products.check()?;
    let today = totals::week(products, &products.today());
    let (mut weeks, mut rounds, mut is_stopped) = (Vec::<ScenarioWeek>::new(), 0, false);
    // What competitors saw last, what they charged, and whether they have answered with lower prices.
    let (mut before, mut theirs, mut is_answered) = (products.price.clone(), state.competitor.clone(), false);
    for _ in 0..scenario.weeks.max(1) {
        begin_week(&mut state);
        if state.price.len() != products.price.len() {
            return Err(ScienceError::Unsuitable("a price is needed for each product".to_owned()));
        }
        let played = totals::week(products, &state);
        // Competitors see a price when it stands on the shelf, and answer it for the week after.
        react(scenario.reaction, &before, &state.price, &mut state.competitor);
        before.clone_from(&state.price);
        // Ours fall once more after theirs have fallen.
        let falls_again = is_answered && weeks.last().is_some_and(|last| played.price_change < last.price_change);
        rounds += usize::from(falls_again);
        is_stopped = falls_again && scenario.stop_at_fall.is_some_and(|fall| played.price_change <= -fall);
        weeks.push(played);
        if is_stopped {
            break;
        }
        is_answered = is_answered || state.competitor.iter().zip(&theirs).any(|(now, last)| now < last);
        theirs.clone_from(&state.competitor);
    }
    let is_price_war = is_stopped || rounds >= ROUNDS_OF_A_WAR;
    Ok(ScenarioResult { today, weeks, is_price_war, is_stopped, state })
}

fn apply(products: &ScenarioProducts, state: &mut ScenarioState, change: Change, rows: Option<&[u32]>) -> Result<()> {
    let count = state.price.len();
    if rows.is_some_and(|rows| rows.iter().any(|row| *row as usize >= count)) {
        return Err(ScienceError::Unsuitable("a change names a product that is not there".to_owned()));
    }
    let mut each = |row: usize| match change {
        Change::Cost(ratio) => state.cost[row] *= ratio,
        Change::Competitor(ratio) => state.competitor[row] *= ratio,
        Change::Currency(ratio) => state.cost[row] *= 1.0 + products.foreign_share[row] * (ratio - 1.0),
        Change::Price(ratio) => state.price[row] *= ratio,
        Change::Volume(ratio) => state.volume[row] *= ratio,
        Change::Tax(ratio) => state.tax[row] *= ratio,
    };
    match rows {
        Some(rows) => rows.iter().for_each(|row| each(*row as usize)),
        None => (0..count).for_each(each),
    }
    Ok(())
}

fn react(reaction: Reaction, before: &[f64], own: &[f64], competitor: &mut [f64]) {
    for ((competitor, own), before) in competitor.iter_mut().zip(own).zip(before) {
        let change = own / before - 1.0;
        match reaction {
            Reaction::None => {}
            Reaction::FollowsDown { share } => *competitor *= 1.0 + share * change.min(0.0),
            Reaction::FollowsBoth { share } => *competitor *= 1.0 + share * change,
            // NaN stays NaN: who is not there matches nothing.
            Reaction::MatchesLowest if *competitor > *own => *competitor = *own,
            Reaction::MatchesLowest => {}
        }
    }
}

#[cfg(test)]
mod tests;
