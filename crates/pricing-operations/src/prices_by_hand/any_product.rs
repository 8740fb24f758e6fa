//! A person's own price for any product, whether the newest run proposes one or not. Where it does not, a proposal of its
//! own joins the newest batch, so that approval by two, hand-over, undo and restore are those of every price.

use app_contract::DecisionReport;
use pricing_domain::{
    ChangeSetId, CivilDate, Instant, Money, PriceListId, ProductId, ProposalKind, ProposalStatus, RuleSet,
};
use pricing_rules::{CompiledRules, Snapshot, bounds_of, inputs_of};
use pricing_store::{Durability, ProposalDraft};

use super::{Hand, Instead, judge};
use crate::pricing::{margin_at, some};
use crate::{OperationError, Workspace};

/// Stands for “no rule of the set”.
const NO_RULE: u16 = u16::MAX;

impl Workspace {
    /// Sets a price of a person's own, with the reason: approved like a proposal, under the same hard guardrails. With
    /// `hold_until` it is held through that day, by the clock of its list; today's price can be held too.
    pub async fn set_price(
        &self,
        product: ProductId,
        price_list: PriceListId,
        price_minor: i64,
        reason: &str,
        hold_until: Option<CivilDate>,
    ) -> Result<DecisionReport, OperationError> {
        let reason = said(reason)?;
        let (snapshot, list, row) = self.locate(product, price_list).await?;
        let key = i64::from(snapshot.products.key.get(row));
        let list_key = snapshot.lists[list].key;
        match self.store.newest_proposal_of(key, list_key).await? {
            Some((_, ProposalStatus::Publishing)) => {
                return Err(OperationError::refused(
                    "The price of this product is on its way to the shop. Set yours when it has arrived.",
                ));
            }
            Some((id, ProposalStatus::Pending | ProposalStatus::Approved | ProposalStatus::Rejected)) => {
                return self.price_by_hand(id, price_minor, reason, hold_until).await;
            }
            Some((_, ProposalStatus::Exported | ProposalStatus::Superseded)) | None => {}
        }
        self.refuse_held().await?;
        let today = some(snapshot.lists[list].price_minor.get(row)).filter(|price| *price > 0);
        if let Some(day) = hold_until.filter(|_| today == Some(price_minor)) {
            return self.hold_today((key, list_key), &snapshot, (list, row), (price_minor, day), reason).await;
        }
        let price = Money::new(price_minor, snapshot.lists[list].currency);
        // The guardrails in force decide; the way is told by the rules of the batch that the price joins.
        let active = self.active_rules().await?;
        let now = self.now();
        let compiled = compile(&active.rules, &snapshot)?;
        judge(active.rules, inputs_of(&compiled, &snapshot, list, row, now), price, today)?;
        let of_batch = self.store.rule_set_of_newest_batch().await?.unwrap_or(active.key);
        let told_by = self.store.rule_set(of_batch).await?.rules;
        let told_by = compile(&told_by, &snapshot)?;
        let draft = draft(&told_by, &snapshot, (list, row), now);
        let hand = Hand {
            product_key: key,
            list_key,
            sku: snapshot.products.sku.get(row).to_owned(),
            price,
            margin_bp: margin_at(&snapshot, list, row, price_minor),
        };
        let held = self.hold(list_key, hold_until).await?;
        let op = self.begin("set_price", Durability::Full).await?;
        self.approve_by_hand(op, hand, Instead::OfNone(of_batch, draft), reason, held).await
    }

    /// Holds the price in force: nothing is to be handed over.
    async fn hold_today(
        &self,
        keys: (i64, i64),
        snapshot: &Snapshot,
        (list, row): (usize, usize),
        (price_minor, day): (i64, CivilDate),
        reason: &str,
    ) -> Result<DecisionReport, OperationError> {
        let Some((end, _)) = self.hold(keys.1, Some(day)).await? else { return Ok(report(None)) };
        let price = Money::new(price_minor, snapshot.lists[list].currency);
        let sku = snapshot.products.sku.get(row);
        let mut op = self.begin("set_price", Durability::Full).await?;
        op.concern_only([keys.0]);
        op.hold_price(keys, price_minor, end, reason).await?;
        let change = op.commit(&format!("Held the price of {sku} at {price} until {day}: {reason}"), true).await?;
        Ok(report(Some(change.change_set)))
    }
}

fn report(change_set: Option<ChangeSetId>) -> DecisionReport {
    let decided = u64::from(change_set.is_some());
    DecisionReport { decided, skipped: 0, first: 0, skipped_reason: String::new(), change_set }
}

/// A reason without blanks around it; refused where there is none.
pub(super) fn said(reason: &str) -> Result<&str, OperationError> {
    match reason.trim() {
        "" => Err(OperationError::refused("Say why: a price of your own is kept with its reason.")),
        reason => Ok(reason),
    }
}

fn compile(rules: &RuleSet, snapshot: &Snapshot) -> Result<CompiledRules, OperationError> {
    CompiledRules::compile(rules, snapshot).map_err(|problems| OperationError::refused(problems[0].to_string()))
}

/// What the newest run would have written of a product whose price stays.
fn draft(rules: &CompiledRules, snapshot: &Snapshot, (list, row): (usize, usize), now: Instant) -> ProposalDraft {
    let columns = &snapshot.lists[list];
    let (floor_minor, ceiling_minor) = bounds_of(rules, snapshot, list, row, now);
    let today = some(columns.price_minor.get(row)).filter(|price| *price > 0);
    let inputs = inputs_of(rules, snapshot, list, row, now);
    ProposalDraft {
        product_key: i64::from(snapshot.products.key.get(row)),
        list_key: columns.key,
        kind: ProposalKind::Change,
        reason: None,
        old_minor: today,
        new_minor: today,
        change_bp: None,
        lawful_minor: None,
        floor_minor,
        ceiling_minor,
        margin_bp: today.and_then(|price| margin_at(snapshot, list, row, price)),
        cost_micro: snapshot.list_cost(list, row),
        lowest_minor: some(columns.lowest_offer_minor.get(row)),
        warnings: 0,
        rule: NO_RULE,
        inputs: postcard::to_allocvec(&inputs).expect("plain values always encode"),
    }
}
