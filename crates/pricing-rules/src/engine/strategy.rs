//! Strategies: from inputs to the price that a rule wants, before guardrails and endings.

use pricing_domain::{
    Adjustment, BasisPoints, CategoryIndex, CompetitorReference, OfferPolicy, Rounding, Strategy, TwoWayTable,
};

use super::compile::{ListContext, checked};
use super::exact::round;
use super::marks::Marks;
use super::scope::is_within;
use super::view::RowInputs;
use crate::columns::NONE;
use crate::language::{Expects, Program};
use crate::offer_use::{CompiledPolicy, Usable, collect_usable, same_name};
use crate::snapshot::{OffersInList, Snapshot};

/// A strategy with its names resolved.
#[derive(Clone, Debug)]
pub(crate) enum CompiledStrategy {
    Keep,
    Competitor {
        reference: CompiledReference,
        adjust: Adjustment,
        policy: CompiledPolicy,
        /// The distance of each category, by its code, where categories have targets of their own.
        by_category: Option<Box<[Adjustment]>>,
    },
    CostPlusMargin(BasisPoints),
    CostPlusMarkup(BasisPoints),
    RecommendedPrice(Adjustment),
    /// Computed for whole stretches of rows before; boxed because it is much larger than the others.
    Formula(Box<CompiledFormula>),
}

/// A formula with its place among all formulas of the rule set.
#[derive(Clone, Debug)]
pub(crate) struct CompiledFormula {
    pub(crate) program: Program,
    pub(crate) adjust: Adjustment,
    pub(crate) slot: usize,
    /// The table that the formula is made from.
    pub(crate) table: Option<TwoWayTable>,
}

/// Where the formulas of a row were computed.
#[derive(Clone, Copy)]
pub(crate) struct RowMarks<'a> {
    pub(crate) marks: &'a Marks,
    pub(crate) place: usize,
}

/// Which competitor price is followed.
#[derive(Clone, Debug)]
pub(crate) enum CompiledReference {
    Lowest,
    Highest,
    Nth(usize),
    Average,
    Median,
    /// Numbers of competitors for each name, in order of preference.
    Named(Vec<Vec<u16>>),
    /// Numbers of competitors with their weight.
    Weighted(Vec<(Vec<u16>, u32)>),
}

/// What a strategy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Today's price stays.
    Keep,
    /// This price, in minor units, rounded to the nearest.
    Price(i64),
    /// It has nothing to work with.
    Missing(MissingInput),
}

/// Why a strategy has nothing to work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MissingInput {
    UsableOffer,
    NamedOffer,
    /// There are offers, but not so many as the position that is asked for.
    FewOffers,
    Cost,
    RecommendedPrice,
    /// An input of the formula.
    Formula,
}

/// A reference price as an exact fraction of minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) numerator: i128,
    pub(crate) denominator: i128,
    /// The place of the offer it is, when it is a single one.
    pub(crate) place: Option<u32>,
}

impl CompiledStrategy {
    /// `policy` tells which offers a formula looks at; `formulas` counts the formulas so far.
    pub(crate) fn new(strategy: &Strategy, policy: &OfferPolicy, snapshot: &Snapshot, formulas: &mut usize) -> Self {
        if let Some(text) = strategy.formula() {
            let program = Program::compile(&checked(&text, Expects::Formula), policy, snapshot);
            *formulas += 1;
            let adjust = strategy.formula_adjustment();
            let table = match strategy {
                Strategy::TwoWayTable(table) => Some(table.clone()),
                _ => None,
            };
            return Self::Formula(CompiledFormula { program, adjust, slot: *formulas - 1, table }.into());
        }
        match strategy {
            Strategy::Keep => Self::Keep,
            Strategy::Competitor { reference, adjust, offers } => Self::Competitor {
                reference: CompiledReference::new(reference, snapshot),
                adjust: *adjust,
                policy: CompiledPolicy::new(offers, &snapshot.competitors),
                by_category: None,
            },
            Strategy::CostPlusMargin { margin } => Self::CostPlusMargin(*margin),
            Strategy::CostPlusMarkup { markup } => Self::CostPlusMarkup(*markup),
            Strategy::RecommendedPrice { adjust } => Self::RecommendedPrice(*adjust),
            Strategy::IndexTarget { reference, index, by_category, offers } => Self::Competitor {
                reference: CompiledReference::new(reference, snapshot),
                adjust: distance_of(*index),
                policy: CompiledPolicy::new(offers, &snapshot.competitors),
                by_category: (!by_category.is_empty()).then(|| {
                    let target = |path: &str| distance_of(index_of(by_category, path).map_or(*index, |one| one.index));
                    snapshot.categories.map(target).into_boxed_slice()
                }),
            },
            // What is computed as a formula was handled above.
            _ => Self::Keep,
        }
    }

    /// The program of a formula.
    pub(crate) fn program(&self) -> Option<&Program> {
        match self {
            Self::Formula(formula) => Some(&formula.program),
            _ => None,
        }
    }

    /// Which offers it looks at, where it looks at any.
    pub(crate) fn policy(&self) -> Option<&CompiledPolicy> {
        match self {
            Self::Competitor { policy, .. } => Some(policy),
            Self::Formula(formula) => Some(&formula.program.policy).filter(|_| formula.program.looks_at_offers()),
            _ => None,
        }
    }

    /// What the strategy says about a row. `usable` is scratch space.
    pub(crate) fn wanted(
        &self,
        context: &ListContext,
        inputs: &RowInputs,
        offers: OffersInList<'_>,
        row: RowMarks<'_>,
        usable: &mut Vec<Usable>,
    ) -> Wanted {
        match self {
            Self::Keep => Wanted::Keep,
            Self::Formula(formula) => match row.marks.formula(formula.slot, row.place) {
                NONE => Wanted::Missing(MissingInput::Formula),
                micro => {
                    let found =
                        Reference { numerator: i128::from(micro), denominator: context.micro_per_minor, place: None };
                    Wanted::Price(adjusted(found, formula.adjust))
                }
            },
            Self::Competitor { reference, adjust, policy, by_category } => {
                collect_usable(policy, policy.context(context.offers, inputs.offer_floor), offers, usable);
                let of_category = by_category.as_ref().and_then(|table| table.get(inputs.category as usize));
                match reference.of(usable) {
                    Ok(found) => Wanted::Price(adjusted(found, *of_category.unwrap_or(adjust))),
                    Err(missing) => Wanted::Missing(missing),
                }
            }
            Self::CostPlusMargin(margin) => {
                from_cost(context, inputs, BasisPoints::ONE, BasisPoints::ONE - i64::from(margin.0))
            }
            Self::CostPlusMarkup(markup) => {
                from_cost(context, inputs, BasisPoints::ONE + i64::from(markup.0), BasisPoints::ONE)
            }
            Self::RecommendedPrice(adjust) => match inputs.rrp {
                NONE => Wanted::Missing(MissingInput::RecommendedPrice),
                rrp => Wanted::Price(adjusted(single(rrp, None), *adjust)),
            },
        }
    }
}

/// How far from the reference an index is.
fn distance_of(index: BasisPoints) -> Adjustment {
    Adjustment::Percent(BasisPoints(index.0.saturating_sub(BasisPoints::ONE as i32)))
}

/// The target of the nearest category that a path lies in.
pub(crate) fn index_of<'a>(targets: &'a [CategoryIndex], path: &str) -> Option<&'a CategoryIndex> {
    let holds = targets.iter().filter(|target| is_within(path, &target.category));
    holds.max_by_key(|target| target.category.split('>').count())
}

impl CompiledReference {
    fn new(reference: &CompetitorReference, snapshot: &Snapshot) -> Self {
        let numbers = |name: &String| {
            let all = snapshot.competitors.iter().enumerate();
            all.filter(|(_, one)| same_name(name, &one.name)).map(|(number, _)| number as u16).collect()
        };
        match reference {
            CompetitorReference::Lowest => Self::Lowest,
            CompetitorReference::Highest => Self::Highest,
            CompetitorReference::Weighted(weights) => {
                Self::Weighted(weights.iter().map(|one| (numbers(&one.competitor), one.weight)).collect())
            }
            CompetitorReference::Nth(n) => Self::Nth(*n as usize),
            CompetitorReference::Average => Self::Average,
            CompetitorReference::Median => Self::Median,
            CompetitorReference::Named(names) => Self::Named(names.iter().map(numbers).collect()),
        }
    }

    /// The reference price over usable offers, the lowest first.
    pub(crate) fn of(&self, usable: &[Usable]) -> Result<Reference, MissingInput> {
        let Some(last) = usable.len().checked_sub(1) else { return Err(MissingInput::UsableOffer) };
        let one = |offer: &Usable| single(offer.amount_minor, Some(offer.place));
        let amount = |place: usize| i128::from(usable[place].amount_minor);
        Ok(match self {
            Self::Lowest => one(&usable[0]),
            Self::Highest => one(&usable[last]),
            Self::Weighted(weights) => weighted(usable, weights)?,
            Self::Nth(n) => one(usable.get(n.saturating_sub(1)).ok_or(MissingInput::FewOffers)?),
            Self::Average => Reference {
                numerator: usable.iter().map(|offer| i128::from(offer.amount_minor)).sum(),
                denominator: usable.len() as i128,
                place: None,
            },
            Self::Median if usable.len() % 2 == 1 => one(&usable[last / 2]),
            Self::Median => {
                Reference { numerator: amount(last / 2) + amount(last / 2 + 1), denominator: 2, place: None }
            }
            Self::Named(names) => {
                let of_name = |numbers: &Vec<u16>| usable.iter().find(|offer| numbers.contains(&offer.competitor));
                one(names.iter().find_map(of_name).ok_or(MissingInput::NamedOffer)?)
            }
        })
    }
}

/// Σ(weight × lowest offer) ÷ Σ weight over the competitors that have a usable offer.
fn weighted(usable: &[Usable], weights: &[(Vec<u16>, u32)]) -> Result<Reference, MissingInput> {
    let of_numbers = |numbers: &Vec<u16>| usable.iter().find(|offer| numbers.contains(&offer.competitor));
    let found = weights.iter().filter_map(|(numbers, weight)| Some((of_numbers(numbers)?, i128::from(*weight))));
    let (numerator, denominator) =
        found.fold((0, 0), |(sum, all), (offer, weight)| (sum + i128::from(offer.amount_minor) * weight, all + weight));
    if denominator == 0 { Err(MissingInput::NamedOffer) } else { Ok(Reference { numerator, denominator, place: None }) }
}

fn single(amount_minor: i64, place: Option<u32>) -> Reference {
    Reference { numerator: i128::from(amount_minor), denominator: 1, place }
}

/// A reference price with its distance, rounded once to the nearest minor unit.
pub(crate) fn adjusted(reference: Reference, adjust: Adjustment) -> i64 {
    let Reference { numerator, denominator, .. } = reference;
    let (above, below) = match adjust {
        Adjustment::None => (numerator, denominator),
        Adjustment::Percent(rate) => {
            let one = i128::from(BasisPoints::ONE);
            (numerator * (one + i128::from(rate.0)), denominator * one)
        }
        Adjustment::AmountMinor(amount) => (numerator + i128::from(amount) * denominator, denominator),
    };
    round(above, below, Rounding::Nearest)
}

/// Cost × `above` ÷ `below`, with the VAT that the list's prices contain.
fn from_cost(context: &ListContext, inputs: &RowInputs, above: i64, below: i64) -> Wanted {
    if inputs.cost_micro == NONE {
        return Wanted::Missing(MissingInput::Cost);
    }
    let one = BasisPoints::ONE;
    let numerator = i128::from(inputs.cost_micro) * i128::from(above) * i128::from(one + inputs.vat_bp);
    let denominator = i128::from(below) * i128::from(one) * context.micro_per_minor;
    Wanted::Price(round(numerator, denominator, Rounding::Nearest))
}
