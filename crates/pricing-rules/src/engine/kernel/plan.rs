//! A rule set as numbers for the kernel, made once for a run.

use pricing_domain::{Adjustment, BasisPoints, Ceiling, StepLimit};

use super::division::{Divisor, Quotient, Share};
use super::endings::BandLanes;
use super::lanes::LIMIT;
use crate::engine::compile::{CompiledRules, ListContext};
use crate::engine::strategy::{CompiledReference, CompiledStrategy};
use crate::offer_use::CompiledPolicy;

const ONE: i64 = BasisPoints::ONE;

/// Factors beyond this are left to the slow way.
const LARGEST_FACTOR: i64 = 1 << 21;

/// More than any change between two ordinary prices, and small enough to be multiplied with one.
const NO_LIMIT: i64 = i64::MAX / LIMIT;

/// A rule set as numbers.
#[derive(Debug)]
pub(crate) struct Plan {
    /// By the place of the margin floor; the last one is the cost itself.
    pub(super) floors: Vec<FloorPlan>,
    pub(super) ceiling: Option<CeilingPlan>,
    /// What a price may fall and rise to.
    pub(super) step_down: Option<Share>,
    pub(super) step_up: Option<Share>,
    /// The same as differences in basis points.
    pub(super) largest_down: i64,
    pub(super) largest_up: i64,
    pub(super) approval_limit: i64,
    pub(super) no_cut_without_cost: bool,
    /// A price that began after this may not change yet: seconds since 1970.
    pub(super) soon_after_s: Option<i64>,
    pub(super) bands: BandLanes,
    /// Strategy and fallback by rule.
    pub(super) rules: Vec<(StrategyPlan, Option<StrategyPlan>)>,
    pub(super) otherwise: StrategyPlan,
    /// Which figures of the ordinary offers strategies read: lowest, second, middle, sum.
    pub(super) figures: [bool; 4],
    pub(super) ordinary: CompiledPolicy,
    /// Whether fees, further floors and ceilings or a share of the competitors' mean bound prices.
    pub(super) has_further: bool,
}

/// A margin floor: the lowest price is the gross cost ÷ `keeps`, up.
#[derive(Clone, Copy, Debug)]
pub(super) struct FloorPlan {
    pub(super) by: Quotient,
    pub(super) keeps: i64,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum CeilingPlan {
    /// In basis points, and the same ready to be computed with.
    OfRecommended(i64, Share),
    AmountMinor(i64),
}

/// How a strategy is computed.
#[derive(Clone, Copy, Debug)]
pub(super) enum StrategyPlan {
    Keep,
    /// A share of a column, to the nearest.
    Share {
        column: SourceColumn,
        share: Share,
    },
    /// A distance from a column that holds so many times the reference, halves away from zero.
    Distance {
        column: SourceColumn,
        add: i64,
        parts: i64,
    },
    /// The mean of the ordinary offers.
    Average(Adjustment),
    /// Gross cost × factor ÷ by, to the nearest.
    FromCost {
        factor: i64,
        by: Divisor,
        /// The same for what is ordinary.
        quick: Option<Quotient>,
    },
    /// Row by row.
    Single,
}

/// Where a strategy begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceColumn {
    Lowest,
    Second,
    Middle,
    Recommended,
}

impl Plan {
    /// `None`: the rule set has numbers beyond the ordinary, so that every row is priced by itself.
    pub(crate) fn new(rules: &CompiledRules, context: &ListContext) -> Option<Self> {
        let guardrails = &rules.set.guardrails;
        let micro = context.micro_per_minor as i64;
        let margins = rules.floors.iter().map(|floor| i64::from(floor.margin.0)).chain([0]);
        let floor = |margin: i64| {
            let kept = ONE - margin;
            // A price of ordinary size times this still fits.
            (micro * kept <= 1 << 34).then_some(())?;
            Some(FloorPlan { by: Quotient::new(micro * kept)?, keeps: micro * kept })
        };
        let ordinary = CompiledPolicy::ordinary();
        let plan = |strategy: &CompiledStrategy| strategy_plan(strategy, &ordinary, micro);
        let strategies: Vec<_> =
            rules.rules.iter().map(|rule| (plan(&rule.strategy), rule.fallback.as_ref().map(&plan))).collect();
        let otherwise = plan(&rules.otherwise);
        // Where no price moved lately, every step is measured from today's price, and the smallest binds.
        let steps = [guardrails.step, guardrails.step_per_day, guardrails.step_per_week];
        let smallest = |side: fn(&StepLimit) -> Option<BasisPoints>| {
            steps.iter().filter_map(side).map(|rate| i64::from(rate.0)).min()
        };
        let (up, down) = (smallest(|step| step.up), smallest(|step| step.down));
        if up.is_some_and(|up| up > LARGEST_FACTOR) {
            return None;
        }
        let every = strategies.iter().flat_map(|(first, fallback)| [Some(first), fallback.as_ref()]).flatten();
        let read: Vec<usize> = every.chain([&otherwise]).filter_map(StrategyPlan::figure).collect();
        Some(Self {
            floors: margins.map(floor).collect::<Option<_>>()?,
            ceiling: match guardrails.ceiling {
                Some(Ceiling::OfRecommended(rate)) => {
                    let rate = i64::from(rate.0);
                    Some(CeilingPlan::OfRecommended(rate, Share::new(rate, ONE)?))
                }
                Some(Ceiling::AmountMinor(amount)) => Some(CeilingPlan::AmountMinor(amount)),
                Some(Ceiling::OfCompetitors(_)) | None => None,
            },
            step_down: share_of(down.map(|down| (ONE - down).max(0)))?,
            step_up: share_of(up.map(|up| ONE + up))?,
            largest_down: down.unwrap_or(NO_LIMIT),
            largest_up: up.unwrap_or(NO_LIMIT),
            approval_limit: i64::from(rules.approval_limit().0),
            no_cut_without_cost: guardrails.no_cut_without_cost,
            soon_after_s: guardrails.hours_between_changes.map(|hours| context.offers.now_s - i64::from(hours) * 3600),
            bands: BandLanes::new(rules.endings(context.list).bands())?,
            figures: std::array::from_fn(|figure| read.contains(&figure)),
            rules: strategies,
            otherwise,
            ordinary,
            has_further: !(rules.fees.is_empty() && rules.price_floors.is_empty() && rules.ceilings.is_empty())
                || rules.market.is_some(),
        })
    }
}

impl Plan {
    /// Whether a row that no rule matches keeps its price wherever it lies within floor and ceiling.
    pub(crate) const fn can_keep(&self) -> bool {
        !self.has_further && matches!(self.otherwise, StrategyPlan::Keep)
    }
}

impl StrategyPlan {
    /// The figure of the ordinary offers that it reads, by its place in [`Plan::figures`].
    fn figure(&self) -> Option<usize> {
        match self {
            Self::Share { column, .. } | Self::Distance { column, .. } => match column {
                SourceColumn::Lowest => Some(0),
                SourceColumn::Second => Some(1),
                SourceColumn::Middle => Some(2),
                SourceColumn::Recommended => None,
            },
            Self::Average(_) => Some(3),
            _ => None,
        }
    }
}

fn strategy_plan(strategy: &CompiledStrategy, ordinary: &CompiledPolicy, micro: i64) -> StrategyPlan {
    match strategy {
        CompiledStrategy::Keep => StrategyPlan::Keep,
        CompiledStrategy::Competitor { reference, adjust, policy, by_category: None } if policy == ordinary => {
            match reference {
                CompiledReference::Lowest | CompiledReference::Nth(0 | 1) => linear(SourceColumn::Lowest, 1, *adjust),
                CompiledReference::Nth(2) => linear(SourceColumn::Second, 1, *adjust),
                CompiledReference::Median => linear(SourceColumn::Middle, 2, *adjust),
                CompiledReference::Average => StrategyPlan::Average(*adjust),
                _ => StrategyPlan::Single,
            }
        }
        CompiledStrategy::RecommendedPrice(adjust) => linear(SourceColumn::Recommended, 1, *adjust),
        CompiledStrategy::CostPlusMargin(margin) => from_cost(1, micro * (ONE - i64::from(margin.0))),
        CompiledStrategy::CostPlusMarkup(markup) => {
            let (factor, by) = (ONE + i64::from(markup.0), ONE * ONE * micro);
            let common = greatest_common_divisor(factor, by);
            from_cost(factor / common, by / common)
        }
        CompiledStrategy::Competitor { .. } | CompiledStrategy::Formula(_) => StrategyPlan::Single,
    }
}

fn from_cost(factor: i64, by: i64) -> StrategyPlan {
    StrategyPlan::FromCost { factor, by: Divisor::new(by), quick: Quotient::new(by) }
}

/// A share of a price for each of these basis points; the outer `None`: beyond the ordinary.
fn share_of(rate: Option<i64>) -> Option<Option<Share>> {
    match rate {
        Some(rate) => Share::new(rate, ONE).map(Some),
        None => Some(None),
    }
}

/// A distance from a column that holds `parts` times the reference.
fn linear(column: SourceColumn, parts: i64, adjust: Adjustment) -> StrategyPlan {
    let (factor, add) = match adjust {
        Adjustment::None => (ONE, 0),
        Adjustment::Percent(rate) => (ONE + i64::from(rate.0), 0),
        Adjustment::AmountMinor(amount) => (ONE, amount),
    };
    if factor > LARGEST_FACTOR || add.unsigned_abs() > 1 << 40 {
        return StrategyPlan::Single;
    }
    if add != 0 {
        return StrategyPlan::Distance { column, add: add * parts, parts };
    }
    match Share::new(factor, parts * ONE) {
        Some(share) => StrategyPlan::Share { column, share },
        None => StrategyPlan::Single,
    }
}

fn greatest_common_divisor(one: i64, other: i64) -> i64 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}
