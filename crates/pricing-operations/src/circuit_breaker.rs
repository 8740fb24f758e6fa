//! The circuit breaker: a run that would move too much at once waits as a whole until a person has looked at it.
//!
//! It looks in both directions, at margin, at competitors that moved all at once, and at the age of what was read.

use app_contract::CircuitBreakerSettings;
use pricing_domain::{BasisPoints, ExceptionReason, Instant, OfferPolicy, ProposalKind};
use pricing_rules::{Decision, PricingRun, Snapshot};
use pricing_store::{CompetitorMoveRow, Durability};

use crate::{OperationError, Workspace};

const SETTING: &str = "circuit_breaker";

/// Fewer products than these are looked at one by one anyway.
const LEAST_PRODUCTS: u64 = 20;

const DEFAULT: CircuitBreakerSettings = CircuitBreakerSettings {
    enabled: true,
    share_bp: 3_000,
    change_bp: 500,
    margin_drop_bp: 200,
    least_margin_bp: 0,
    competitor_share_bp: 6_000,
    stale_share_bp: 5_000,
};

impl Workspace {
    /// When the circuit breaker holds a batch.
    pub async fn circuit_breaker(&self) -> Result<CircuitBreakerSettings, OperationError> {
        let stored = self.store.setting(SETTING).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(DEFAULT))
    }

    /// Changes when the circuit breaker holds a batch.
    pub async fn save_circuit_breaker(&self, settings: &CircuitBreakerSettings) -> Result<(), OperationError> {
        let CircuitBreakerSettings { share_bp, change_bp, competitor_share_bp, stale_share_bp, .. } = *settings;
        let CircuitBreakerSettings { margin_drop_bp, least_margin_bp, .. } = *settings;
        if [share_bp, competitor_share_bp, stale_share_bp].iter().any(|share| !(1..=10_000).contains(share)) {
            return Err(OperationError::refused("Shares of the circuit breaker lie between 0.01 % and 100 %."));
        }
        if change_bp < 0 || margin_drop_bp < 0 {
            return Err(OperationError::refused("Changes and drops of the circuit breaker are not negative."));
        }
        if !(-10_000..10_000).contains(&least_margin_bp) {
            return Err(OperationError::refused(
                "The least margin of the circuit breaker lies between −100 % and 100 %.",
            ));
        }
        let text = serde_json::to_string(settings).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("save_circuit_breaker", Durability::Full).await?;
        op.write_setting(SETTING, &text).await?;
        if op.rows() == 0 {
            return Ok(op.abandon().await?);
        }
        op.commit("Changed the circuit breaker", false).await?;
        Ok(())
    }

    /// Why a run waits as a whole; empty when it does not.
    pub(crate) async fn held_for(
        &self,
        snapshot: &Snapshot,
        runs: &[PricingRun],
        now: Instant,
    ) -> Result<Vec<String>, OperationError> {
        let settings = self.circuit_breaker().await?;
        if !settings.enabled {
            return Ok(Vec::new());
        }
        // From the prices themselves, by the time they were seen: collected or imported makes no difference. A batch that
        // is held and followed by another one has not been looked at, so that its moves still count.
        let moves = match self.store.moves_seen_until().await? {
            Some(since) => self.store.competitor_moves_exactly(since).await?,
            None => Vec::new(),
        };
        let mut reasons: Vec<String> = Vec::new();
        for (list, run) in snapshot.lists.iter().zip(runs) {
            reasons.extend(of_run(&settings, run).into_iter().map(|reason| format!("{}: {reason}", list.name)));
        }
        reasons.extend(of_moves(&settings, snapshot, &moves));
        reasons.extend(of_age(&settings, snapshot, now));
        Ok(reasons)
    }

    /// Lets the newest batch go on that the circuit breaker holds.
    pub async fn release_batch(&self, reason: &str) -> Result<(), OperationError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(OperationError::refused("Say why this batch may go on; the audit keeps it."));
        }
        let mut op = self.begin("release_batch", Durability::Full).await?;
        if !op.release_batch(&self.actor(), reason).await? {
            op.abandon().await?;
            return Err(OperationError::refused("No batch waits."));
        }
        op.commit(&format!("Let the batch go on: {reason}"), false).await?;
        // What the policy would have approved right after the run.
        self.approve_run().await?;
        Ok(())
    }

    /// Refuses while the newest batch waits as a whole.
    pub(crate) async fn refuse_held(&self) -> Result<(), OperationError> {
        let batch = self.store.newest_batch().await?;
        match batch.map(|batch| batch.held_for).filter(|reasons| !reasons.is_empty()) {
            None => Ok(()),
            Some(reasons) => Err(OperationError::refused(format!(
                "The circuit breaker holds this batch: {} Look at it, then release it with a reason.",
                reasons.join(" ")
            ))),
        }
    }
}

/// Too many products in one direction, or too much margin given away.
fn of_run(settings: &CircuitBreakerSettings, run: &PricingRun) -> Vec<String> {
    let counts = &run.counts;
    let priced = counts.products - counts.ended - counts.without_price;
    let beyond = |sign: i128| {
        let far = run.decisions.iter().filter_map(proposed).filter(|(old, new)| {
            let change = (i128::from(*new) - i128::from(*old)) * sign * 10_000;
            change > i128::from(settings.change_bp) * i128::from(*old)
        });
        far.count() as u64
    };
    let mut reasons = Vec::new();
    for (sign, direction) in [(-1, "fall"), (1, "rise")] {
        let count = beyond(sign);
        if count >= LEAST_PRODUCTS && exceeds(count, priced, settings.share_bp) {
            let change = BasisPoints(settings.change_bp);
            reasons.push(format!("{count} of {priced} products would {direction} by more than {change}."));
        }
    }
    let effect = &run.effect;
    let margin = |margin: i128, revenue: i128| (revenue > 0).then(|| margin * 10_000 / revenue);
    let before = margin(effect.margin_before_micro, effect.revenue_before_micro);
    let after = margin(effect.margin_after_micro, effect.revenue_after_micro);
    let Some((before, after)) = before.zip(after).filter(|_| counts.raised + counts.lowered >= LEAST_PRODUCTS) else {
        return reasons;
    };
    let basis_points = |rate: i128| BasisPoints(i32::try_from(rate).unwrap_or(i32::MAX));
    if before - after > i128::from(settings.margin_drop_bp) {
        let drop = basis_points(before - after).to_string();
        let drop = drop.trim_end_matches(" %");
        reasons.push(format!("the margin of the changed products would fall by {drop} points."));
    }
    // A margin that was lower before is mended by the run, and not held.
    if after < before && after < i128::from(settings.least_margin_bp) {
        let (before, after) = (basis_points(before), basis_points(after));
        let least = BasisPoints(settings.least_margin_bp);
        reasons.push(format!("the margin of the changed products would fall from {before} to {after}, below {least}."));
    }
    reasons
}

/// Today's price and the one that a decision proposes. The largest changes are exceptions, and one click from being
/// approved like any other.
fn proposed(decision: &Decision) -> Option<(i64, i64)> {
    let new_minor = match (decision.kind, decision.reason) {
        (ProposalKind::Change, _) => decision.new_minor,
        (
            ProposalKind::Exception,
            Some(
                ExceptionReason::LargeChange
                | ExceptionReason::BelowFloorToday
                | ExceptionReason::BelowCostToday
                | ExceptionReason::LabelCapacity,
            ),
        ) => decision.lawful_minor,
        _ => return None,
    };
    (decision.old_minor > 0 && new_minor > 0).then_some((decision.old_minor, new_minor))
}

/// A competitor whose prices moved all at once, in one direction: more often a fault of reading than a decision.
fn of_moves(settings: &CircuitBreakerSettings, snapshot: &Snapshot, moves: &[CompetitorMoveRow]) -> Vec<String> {
    let mut offers = vec![0u64; snapshot.competitors.len()];
    for row in 0..snapshot.row_count() {
        for offer in snapshot.offers.get(row) {
            if let Some(count) = offers.get_mut(usize::from(offer.competitor)) {
                *count += 1;
            }
        }
    }
    let named = snapshot.competitors.iter().zip(offers);
    let known: Vec<(&str, u64)> = named.map(|(competitor, count)| (competitor.name.as_str(), count)).collect();
    let far = |one: &&CompetitorMoveRow| one.average_bp.abs() > settings.change_bp;
    moves
        .iter()
        .filter(far)
        .filter_map(|one| {
            let (_, offers) = known.iter().find(|(name, _)| *name == one.competitor)?;
            let (count, direction) =
                if one.lowered >= one.raised { (one.lowered, "lower") } else { (one.raised, "higher") };
            let held = count >= LEAST_PRODUCTS && exceeds(count, *offers, settings.competitor_share_bp);
            held.then(|| {
                format!(
                    "{count} of {offers} prices of {} became {direction} at once; see whether they are real.",
                    one.competitor
                )
            })
        })
        .collect()
}

/// Too much of what was read is too old to count.
fn of_age(settings: &CircuitBreakerSettings, snapshot: &Snapshot, now: Instant) -> Option<String> {
    let oldest = now.plus_hours(-i64::from(OfferPolicy::default().max_age_hours)).0 / 1_000_000;
    let (mut all, mut old) = (0u64, 0u64);
    for row in 0..snapshot.row_count() {
        for offer in snapshot.offers.get(row) {
            all += 1;
            old += u64::from(i64::from(offer.last_seen_s) < oldest);
        }
    }
    let held = old >= LEAST_PRODUCTS && exceeds(old, all, settings.stale_share_bp);
    held.then(|| format!("{old} of {all} competitor prices are older than three days. Collect, then price again."))
}

/// Whether `part` of `whole` is more than a share.
fn exceeds(part: u64, whole: u64, share_bp: i32) -> bool {
    u128::from(part) * 10_000 > u128::from(whole) * u128::from(share_bp.unsigned_abs())
}
