//! A person's own price in place of a proposed one. Hard guardrails hold for it as for any other; endings, steps and
//! families, which are about what rules do, do not.

use app_contract::DecisionReport;
use pricing_domain::{
    CivilDate, FourEyes, Instant, Money, ProposalId, Ratio, Rounding, Rule, RuleSet, StepLimit, Strategy,
};
use pricing_rules::{Decision, PriceInputs, Snapshot, price_from_inputs};
use pricing_store::{Durability, HandPrice, Operation, ProposalDraft, StoredProposal};

use crate::pricing::{change_bp, margin_at, net_micro, some};
use crate::proposals::decode_inputs;
use crate::{OperationError, Workspace};

mod any_product;

use any_product::said;

/// What a price of a person's own would do, before it is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandPricePreview {
    /// Price ÷ today's − 1.
    pub change_bp: Option<i32>,
    /// Margin at today's price, where price and cost are known.
    pub margin_before_bp: Option<i32>,
    /// Margin at this price.
    pub margin_bp: Option<i32>,
    /// Margin of 28 days at unchanged volumes, this price less today's, net of VAT, in minor units of the list. `None`
    /// where nothing was sold, or price, cost or VAT are not known.
    pub margin_effect_minor: Option<i64>,
}

/// A price of a person's own that was judged.
struct Hand {
    product_key: i64,
    list_key: i64,
    sku: String,
    price: Money,
    margin_bp: Option<i32>,
}

/// What the price stands in for.
enum Instead {
    /// This proposal, as it is.
    Of(i64, ProposalDraft),
    /// None: it joins the newest batch, or one by these rules.
    OfNone(i64, ProposalDraft),
}

impl Workspace {
    /// Approves a proposal at a price of a person's own, with the reason. Refused where a hard guardrail would be
    /// crossed, naming it; where the proposal was handed over; and while the circuit breaker holds the batch. With
    /// `hold_until` the price is held through that day, by the clock of its list: rules are not asked until then.
    pub async fn price_by_hand(
        &self,
        proposal: ProposalId,
        price_minor: i64,
        reason: &str,
        hold_until: Option<CivilDate>,
    ) -> Result<DecisionReport, OperationError> {
        let reason = said(reason)?;
        let found = self.store.find_proposal(proposal).await?;
        let found =
            found.ok_or_else(|| OperationError::not_found("This proposal is not in the workspace any more."))?;
        self.refuse_held().await?;
        self.refuse_crossing(&found, price_minor).await?;
        let hand = Hand {
            product_key: found.draft.product_key,
            list_key: found.draft.list_key,
            sku: found.sku.clone(),
            price: Money::new(price_minor, found.currency),
            margin_bp: self.margin_of(&found, price_minor).await?,
        };
        let held = self.hold(hand.list_key, hold_until).await?;
        let op = self.begin("price_by_hand", Durability::Full).await?;
        self.approve_by_hand(op, hand, Instead::Of(found.key, found.draft), reason, held).await
    }

    /// Approves at a price that was judged, and holds it where that is wished.
    async fn approve_by_hand(
        &self,
        mut op: Operation,
        hand: Hand,
        instead: Instead,
        reason: &str,
        held: Option<(Instant, CivilDate)>,
    ) -> Result<DecisionReport, OperationError> {
        let eyes = self.approval_policy().await?.four_eyes;
        let (key, draft) = match instead {
            Instead::Of(key, draft) => (key, draft),
            Instead::OfNone(rule_set_key, draft) => (op.add_proposal(rule_set_key, draft.clone()).await?, draft),
        };
        let Hand { product_key, list_key, sku, price, margin_bp } = hand;
        let new = HandPrice {
            new_minor: price.amount_minor,
            change_bp: change_bp(draft.old_minor, Some(price.amount_minor)),
            margin_bp,
        };
        let why = format!("Set by hand: {reason}");
        if !op.price_by_hand((key, &draft), &new, &why, &self.actor(), eyes).await? {
            op.abandon().await?;
            return Err(OperationError::refused(
                "This proposal was handed over or superseded already. Price again, then set your price.",
            ));
        }
        let mut summary = format!("Set the price of {sku} to {price} by hand: {reason}");
        if let Some((end, day)) = held {
            op.hold_price((product_key, list_key), price.amount_minor, end, reason).await?;
            summary = format!("Set the price of {sku} to {price} by hand and held it until {day}: {reason}");
        }
        let change = op.commit(&summary, true).await?;
        let first = u64::from(eyes != FourEyes::Off);
        Ok(DecisionReport {
            decided: 1 - first,
            first,
            skipped: 0,
            skipped_reason: String::new(),
            change_set: Some(change.change_set),
        })
    }

    /// What this price would do; refuses, with the reason, where [`Workspace::price_by_hand`] would. Writes nothing.
    pub async fn preview_price_by_hand(
        &self,
        proposal: ProposalId,
        price_minor: i64,
    ) -> Result<HandPricePreview, OperationError> {
        let found = self.store.find_proposal(proposal).await?;
        let found =
            found.ok_or_else(|| OperationError::not_found("This proposal is not in the workspace any more."))?;
        self.refuse_held().await?;
        self.refuse_crossing(&found, price_minor).await?;
        let old = found.draft.old_minor;
        let change_bp = change_bp(old, Some(price_minor));
        let snapshot = self.snapshot().await?;
        let Some((list, row)) = place_of(&found, &snapshot) else {
            return Ok(HandPricePreview { change_bp, ..HandPricePreview::default() });
        };
        Ok(HandPricePreview {
            change_bp,
            margin_before_bp: old.and_then(|old| margin_at(&snapshot, list, row, old)),
            margin_bp: margin_at(&snapshot, list, row, price_minor),
            margin_effect_minor: old.and_then(|old| margin_effect(&snapshot, (list, row), old, price_minor)),
        })
    }

    async fn refuse_crossing(&self, found: &StoredProposal, price_minor: i64) -> Result<(), OperationError> {
        let rules = self.store.rule_set(found.rule_set_key).await?.rules;
        let inputs = decode_inputs(&found.draft.inputs)?;
        judge(rules, inputs, Money::new(price_minor, found.currency), found.draft.old_minor)
    }

    /// Until when the price is held.
    async fn hold(
        &self,
        list_key: i64,
        until: Option<CivilDate>,
    ) -> Result<Option<(Instant, CivilDate)>, OperationError> {
        let Some(day) = until else { return Ok(None) };
        let lists = self.store.price_lists().await?;
        let list = lists.iter().find(|list| list.key == list_key);
        let list =
            list.ok_or_else(|| OperationError::not_found("This price list is not in the workspace any more."))?;
        Ok(Some((self.end_of_hold(list, day)?, day)))
    }

    async fn margin_of(&self, found: &StoredProposal, price_minor: i64) -> Result<Option<i32>, OperationError> {
        let snapshot = self.snapshot().await?;
        Ok(place_of(found, &snapshot).and_then(|(list, row)| margin_at(&snapshot, list, row, price_minor)))
    }
}

/// Lets the engine itself judge a price: a rule that gives this very price must come out with it.
fn judge(
    mut rules: RuleSet,
    mut inputs: PriceInputs,
    price: Money,
    today_minor: Option<i64>,
) -> Result<(), OperationError> {
    by_hand(&mut rules, price);
    // Cash rounding is part of the endings, and label capacity is about what rules do.
    inputs.later.cash_step_minor = 1;
    inputs.later.labels = None;
    let (decision, way) = price_from_inputs(&rules, &inputs).map_err(|problems| {
        OperationError::refused(format!("{price} cannot be a price of this list: {}", problems[0]))
    })?;
    let price_minor = price.amount_minor;
    let crossed = decision.as_ref().and_then(|decision| crossed(decision, price));
    match decision {
        Some(decision) if decision.new_minor == price_minor || decision.lawful_minor == price_minor => Ok(()),
        _ if today_minor == Some(price_minor) => Err(OperationError::refused(format!(
            "{price} is today's price. Reject what is proposed to keep it, or hold it until a day."
        ))),
        _ => Err(OperationError::refused(format!("{price} is refused. {}", crossed.unwrap_or(way.summary)))),
    }
}

/// The guardrail that a price lies outside of. The way to it would tell of what rules may do unattended first.
fn crossed(decision: &Decision, price: Money) -> Option<String> {
    let money = |minor: i64| Money::new(minor, price.currency);
    let floor = some(decision.floor_minor).filter(|floor| price.amount_minor < *floor);
    let ceiling = some(decision.ceiling_minor).filter(|ceiling| price.amount_minor > *ceiling);
    floor
        .map(|floor| format!("It lies below the floor of {}, which holds for prices set by hand too.", money(floor)))
        .or_else(|| {
            let above = |ceiling| {
                format!("It lies above the ceiling of {}, which holds for prices set by hand too.", money(ceiling))
            };
            ceiling.map(above)
        })
}

/// List and row of a proposal, where both are still there.
fn place_of(found: &StoredProposal, snapshot: &Snapshot) -> Option<(usize, usize)> {
    let list = snapshot.list_of_key(found.draft.list_key)?;
    let row = u32::try_from(found.draft.product_key).ok().and_then(|key| snapshot.row_of_key(key))?;
    Some((list, row as usize))
}

/// What the margin of 28 days would be more at another price and the same volumes, in minor units. The cost falls out of
/// the difference, but without one there is no margin to speak of.
fn margin_effect(snapshot: &Snapshot, (list, row): (usize, usize), old: i64, new: i64) -> Option<i64> {
    let columns = &snapshot.lists[list];
    let units_milli = columns.units_28d_milli.get(row);
    margin_at(snapshot, list, row, old)?;
    columns.contained_vat_bp(row)?;
    if units_milli <= 0 {
        return None;
    }
    let (before, after) = (net_micro(snapshot, list, row, old), net_micro(snapshot, list, row, new));
    let difference = after.numerator * before.denominator - before.numerator * after.denominator;
    let scale = 1_000 * i128::from(columns.currency.micro_per_minor());
    let effect = Ratio {
        numerator: i128::from(units_milli) * difference,
        denominator: before.denominator * after.denominator * scale,
    };
    Some(effect.round(Rounding::Nearest))
}

/// The rules with nothing in them but this price, under the same hard guardrails.
fn by_hand(rules: &mut RuleSet, price: Money) {
    let formula = Strategy::Formula(format!("max({0}, {0})", price.amount_text()));
    rules.rules = vec![Rule { name: "Set by hand".to_owned(), strategy: formula, ..Rule::default() }];
    rules.endings.clear();
    rules.approval_limit = None;
    rules.guardrails.step = StepLimit::default();
    rules.guardrails.step_per_day = StepLimit::default();
    rules.guardrails.step_per_week = StepLimit::default();
    rules.guardrails.hours_between_changes = None;
    rules.guardrails.changes_per_week = None;
    rules.guardrails.spiral = None;
    rules.guardrails.families.clear();
}
