//! What a pricing run gives: decisions, counts, and the effect on revenue and margin.

use pricing_domain::{ExceptionReason, ProposalKind};
use serde::{Deserialize, Serialize};

use super::bounds::Bounds;
use super::compile::{ListContext, OTHERWISE};
use super::decide::{Evaluation, Outcome};
use super::exact::thousandth;
use crate::columns::NONE;

/// A row whose price changes or needs a person. Amounts are minor units of the list's currency, or [`NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The row of the snapshot.
    pub row: u32,
    /// A change, or an exception.
    pub kind: ProposalKind,
    /// Today's price.
    pub old_minor: i64,
    /// The price the rules arrive at. With an exception it is not decided, and may be missing.
    pub new_minor: i64,
    /// Why a person is needed.
    pub reason: Option<ExceptionReason>,
    /// With an exception: the price that the higher guardrail allows.
    pub lawful_minor: i64,
    /// The floor.
    pub floor_minor: i64,
    /// The ceiling.
    pub ceiling_minor: i64,
    /// The place of the rule; `u16::MAX`: no rule matched.
    pub rule: u16,
}

impl Decision {
    /// The decision of a row, unless nothing changes and nobody is needed.
    pub(crate) fn of(row: u32, evaluation: &Evaluation) -> Option<Self> {
        let (kind, reason) = match evaluation.outcome {
            Outcome::Change => (ProposalKind::Change, None),
            Outcome::Exception(reason) => (ProposalKind::Exception, Some(reason)),
            _ => return None,
        };
        let bounds: &Bounds = &evaluation.bounds;
        Some(Self {
            row,
            kind,
            old_minor: evaluation.inputs.price,
            new_minor: evaluation.new,
            reason,
            lawful_minor: evaluation.lawful,
            // A floor that no price reaches is no amount.
            floor_minor: if bounds.is_reachable() { bounds.floor_minor() } else { NONE },
            ceiling_minor: bounds.ceiling_minor(),
            rule: evaluation.rule,
        })
    }
}

/// What one rule did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCounts {
    /// Products it decided.
    pub products: u64,
    /// New prices above today's.
    pub raised: u64,
    /// New prices below today's.
    pub lowered: u64,
    /// Prices that stay.
    pub unchanged: u64,
    /// Products that need a person.
    pub exceptions: u64,
}

/// Sums of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCounts {
    /// All rows.
    pub products: u64,
    /// No longer sold: not priced.
    pub ended: u64,
    /// Left alone because a promotion is running.
    pub on_promotion: u64,
    /// Left alone because the price is locked.
    pub locked: u64,
    /// Without a price, and no rule finds one.
    pub without_price: u64,
    /// Without a cost that a margin can be computed with.
    pub without_cost: u64,
    /// New prices above today's.
    pub raised: u64,
    /// New prices below today's.
    pub lowered: u64,
    /// Prices that stay.
    pub unchanged: u64,
    /// A rule wanted a change and a hard guardrail allows none.
    pub refused: u64,
    /// Products that need a person, by the place of the reason in `ExceptionReason::ALL`.
    pub exceptions: Vec<u64>,
    /// By the place of the rule.
    pub rules: Vec<RuleCounts>,
    /// Products that no rule decided.
    pub otherwise: RuleCounts,
}

/// What the changes do to 28 days of sales at unchanged volumes, without exceptions. Millionths of the major unit,
/// net of VAT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Revenue of the products that change, at today's prices.
    pub revenue_before_micro: i128,
    /// The same at the new prices.
    pub revenue_after_micro: i128,
    /// Revenue less cost of those that change and have a cost, at today's prices.
    pub margin_before_micro: i128,
    /// The same at the new prices.
    pub margin_after_micro: i128,
}

/// The result of pricing a whole list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricingRun {
    /// Rows that change or need a person, in row order.
    pub decisions: Vec<Decision>,
    /// Sums.
    pub counts: RunCounts,
    /// Effect of the changes.
    pub effect: Effect,
    /// For each decision how many limits that only warn its price crosses; empty where the rule set has none.
    pub warnings: Vec<u8>,
}

impl PricingRun {
    /// How many decisions have a price that crosses a limit that only warns.
    pub fn warned(&self) -> u64 {
        self.warnings.iter().filter(|count| **count > 0).count() as u64
    }
}

impl RunCounts {
    pub(crate) fn new(rules: usize) -> Self {
        Self {
            exceptions: vec![0; ExceptionReason::ALL.len()],
            rules: vec![RuleCounts::default(); rules],
            ..Self::default()
        }
    }

    /// How many products need a person for one reason.
    pub fn exceptions_of(&self, reason: ExceptionReason) -> u64 {
        self.exceptions.get(reason as usize).copied().unwrap_or(0)
    }

    /// Adds one row, or takes it away again with `by` −1.
    pub(crate) fn count(&mut self, evaluation: &Evaluation, by: i64) {
        let add = |sum: &mut u64| *sum = sum.wrapping_add_signed(by);
        add(&mut self.products);
        if evaluation.inputs.cost_micro == NONE && evaluation.outcome != Outcome::Ended {
            add(&mut self.without_cost);
        }
        match evaluation.outcome {
            Outcome::Ended => return add(&mut self.ended),
            Outcome::OnPromotion => return add(&mut self.on_promotion),
            Outcome::Locked => return add(&mut self.locked),
            Outcome::NoPrice => return add(&mut self.without_price),
            Outcome::Unchanged | Outcome::Change | Outcome::Exception(_) => {}
        }
        let rule = match evaluation.rule {
            OTHERWISE => &mut self.otherwise,
            rule => &mut self.rules[usize::from(rule)],
        };
        add(&mut rule.products);
        match evaluation.outcome {
            Outcome::Exception(reason) => {
                add(&mut rule.exceptions);
                add(&mut self.exceptions[reason as usize]);
                if is_refusal(reason) && evaluation.wanted != NONE {
                    add(&mut self.refused);
                }
            }
            Outcome::Change if evaluation.new > evaluation.inputs.price => {
                add(&mut rule.raised);
                add(&mut self.raised);
            }
            Outcome::Change => {
                add(&mut rule.lowered);
                add(&mut self.lowered);
            }
            _ => {
                add(&mut rule.unchanged);
                add(&mut self.unchanged);
            }
        }
    }

    /// Counts a change as an exception that waits for a label.
    pub(crate) fn wait(&mut self, decision: &Decision) {
        let rule = match decision.rule {
            OTHERWISE => &mut self.otherwise,
            rule => &mut self.rules[usize::from(rule)],
        };
        if decision.new_minor > decision.old_minor {
            self.raised -= 1;
            rule.raised -= 1;
        } else {
            self.lowered -= 1;
            rule.lowered -= 1;
        }
        rule.exceptions += 1;
        self.exceptions[ExceptionReason::LabelCapacity as usize] += 1;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        let own = [
            &mut self.products,
            &mut self.ended,
            &mut self.on_promotion,
            &mut self.locked,
            &mut self.without_price,
            &mut self.without_cost,
            &mut self.raised,
            &mut self.lowered,
            &mut self.unchanged,
            &mut self.refused,
        ];
        let others = [
            other.products,
            other.ended,
            other.on_promotion,
            other.locked,
            other.without_price,
            other.without_cost,
            other.raised,
            other.lowered,
            other.unchanged,
            other.refused,
        ];
        own.into_iter().zip(others).for_each(|(sum, more)| *sum += more);
        self.exceptions.iter_mut().zip(&other.exceptions).for_each(|(sum, more)| *sum += more);
        self.rules.iter_mut().zip(&other.rules).for_each(|(sum, more)| sum.merge(more));
        self.otherwise.merge(&other.otherwise);
    }
}

impl RuleCounts {
    fn merge(&mut self, other: &Self) {
        self.products += other.products;
        self.raised += other.raised;
        self.lowered += other.lowered;
        self.unchanged += other.unchanged;
        self.exceptions += other.exceptions;
    }
}

/// Whether a guardrail refused what a rule wanted.
pub(crate) const fn is_refusal(reason: ExceptionReason) -> bool {
    matches!(reason, ExceptionReason::BoundsConflict | ExceptionReason::NoEndingInside | ExceptionReason::NoCost)
}

impl Effect {
    /// What a decided change does, over the units of 28 days.
    pub(crate) fn of_change(
        context: &ListContext,
        (old, new): (i64, i64),
        (cost_micro, vat_bp): (i64, i64),
        units_milli: i64,
    ) -> Self {
        let mut effect = Self::default();
        if units_milli > 0 {
            effect.add(context, (old, new), (cost_micro, vat_bp), i128::from(units_milli));
        }
        effect
    }

    /// Adds the change of one row, or takes it away again with `by` −1.
    pub(crate) fn count(&mut self, context: &ListContext, evaluation: &Evaluation, units_milli: i64, by: i128) {
        if evaluation.outcome != Outcome::Change || units_milli <= 0 {
            return;
        }
        let inputs = &evaluation.inputs;
        let prices = (inputs.price, evaluation.new);
        self.add(context, prices, (inputs.cost_micro, inputs.vat_bp), i128::from(units_milli) * by);
    }

    fn add(
        &mut self,
        context: &ListContext,
        (old, new): (i64, i64),
        (cost_micro, vat_bp): (i64, i64),
        units_milli: i128,
    ) {
        let revenue = |price: i64| thousandth(units_milli * i128::from(net_micro(context, price, vat_bp)));
        let (before, after) = (revenue(old), revenue(new));
        self.revenue_before_micro += before;
        self.revenue_after_micro += after;
        if cost_micro != NONE {
            let cost = thousandth(units_milli * i128::from(cost_micro));
            self.margin_before_micro += before - cost;
            self.margin_after_micro += after - cost;
        }
    }

    /// Takes away what was merged before.
    pub(crate) fn take(&mut self, other: &Self) {
        self.revenue_before_micro -= other.revenue_before_micro;
        self.revenue_after_micro -= other.revenue_after_micro;
        self.margin_before_micro -= other.margin_before_micro;
        self.margin_after_micro -= other.margin_after_micro;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.revenue_before_micro += other.revenue_before_micro;
        self.revenue_after_micro += other.revenue_after_micro;
        self.margin_before_micro += other.margin_before_micro;
        self.margin_after_micro += other.margin_after_micro;
    }
}

/// The net price in millionths, to the nearest.
fn net_micro(context: &ListContext, price_minor: i64, vat_bp: i64) -> i64 {
    let one = i128::from(pricing_domain::BasisPoints::ONE);
    let numerator = i128::from(price_minor) * context.micro_per_minor * one;
    super::exact::round(numerator, one + i128::from(vat_bp), pricing_domain::Rounding::Nearest)
}
