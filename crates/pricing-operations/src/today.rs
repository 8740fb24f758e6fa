//! What a pricing manager opens in the morning.

pub(crate) mod moves;

use std::collections::BTreeMap;

use app_contract::{ChecklistStep, CompetitorIndex, NeedGroup, TodayView};
use pricing_domain::{BasisPoints, Instant, OfferPolicy, PriceListId};
use pricing_rules::{ListFigures, Snapshot, list_figures};
use pricing_store::Durability;

use self::moves::Moved;
use crate::grids::place;
use crate::margin_gaps::margin_gaps;
use crate::{OperationError, Workspace};

/// Prices within this distance are a tie.
const TOLERANCE: BasisPoints = BasisPoints(50);
/// The setting with when each person has seen what moved, as JSON.
const SEEN: &str = "today_seen";
/// Promotions that end within so many days are worth a look.
const ENDING_DAYS: i64 = 7;

impl Workspace {
    /// The figures of a list, what needs a person, and what moved since this person looked last.
    pub async fn today(&self, price_list: PriceListId) -> Result<TodayView, OperationError> {
        let snapshot = self.snapshot().await?;
        let list = place(&snapshot, price_list)?;
        let now = self.now();
        let from = snapshot.clone();
        let figures = tokio::task::spawn_blocking(move || {
            (list_figures(&from, list, &OfferPolicy::default(), TOLERANCE, now), margin_gaps(&from, list))
        });
        let (figures, gaps) = figures.await.map_err(|error| OperationError::fault(error.to_string()))?;
        let batch = self.batch(Some(price_list)).await?;
        let runs = self.store.collection_runs(2).await?;
        let seen_at = self.today_seen_at().await?;
        let since = seen_at.or_else(|| runs.first().map(|run| run.started_at.plus_hours(-1)));
        let moved = match since {
            Some(since) => moves::moved_since(&snapshot, list, since, now).await?,
            None => Moved::default(),
        };
        self.refresh_changes_ahead().await?;
        let list_key = snapshot.lists[list].key;
        let until = now.plus_days(ENDING_DAYS);
        let mut needs: Vec<NeedGroup> = batch
            .iter()
            .flat_map(|batch| &batch.reasons)
            .map(|reason| NeedGroup { reason: reason.reason, count: reason.count, stake: reason.stake })
            .collect();
        // What moves most money comes first; equal ones stay in the order of urgency.
        needs.sort_by_key(|need| std::cmp::Reverse(need.stake.map_or(0, |stake| stake.amount_minor)));
        Ok(TodayView {
            indexes: indexes(&snapshot, &figures),
            products: figures.products,
            priced: figures.priced,
            with_cost: figures.with_cost,
            gaps,
            with_offers: figures.with_offers,
            below_cost: figures.below_cost,
            win: figures.below_lowest,
            tie: figures.at_lowest,
            loss: figures.above_lowest,
            tolerance_bp: TOLERANCE.0,
            margin_bp: figures.margin_bp,
            margin_coverage_bp: share(figures.with_cost, figures.products),
            needs,
            pending_changes: batch.as_ref().map_or(0, |batch| batch.pending_changes),
            seen_at,
            since,
            moves: moved.competitors,
            lost: moved.lost,
            gained: moved.gained,
            held_for: batch.as_ref().map(|batch| batch.held_for.clone()).unwrap_or_default(),
            currency: snapshot.lists[list].currency,
            failures: self.failure_groups().await?,
            promotions_ending: self.store.promotions_ending(list_key, now, until).await?,
            collected_at: runs.first().map(|run| run.finished_at.unwrap_or(run.started_at)),
            priced_at: batch.as_ref().map(|batch| batch.created_at),
            checklist: self.checklist(&snapshot).await?,
        })
    }

    /// When the person who acts said last that they had seen what moved.
    async fn today_seen_at(&self) -> Result<Option<Instant>, OperationError> {
        let actor = self.actor();
        Ok(self.seen_marks().await?.get(&*actor).copied())
    }

    /// Remembers that the person who acts has seen what moved up to now.
    pub async fn mark_today_seen(&self) -> Result<(), OperationError> {
        let (actor, mut marks) = (self.actor(), self.seen_marks().await?);
        marks.insert(actor.to_string(), self.now());
        let text = serde_json::to_string(&marks).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("mark_today_seen", Durability::Full).await?;
        op.write_setting(SEEN, &text).await?;
        op.commit(&format!("{actor} has seen what moved"), false).await?;
        Ok(())
    }

    /// By person; what cannot be read is forgotten.
    async fn seen_marks(&self) -> Result<BTreeMap<String, Instant>, OperationError> {
        let text = self.setting(SEEN).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// From import to the first hand-over; empty once everything was done.
    async fn checklist(&self, snapshot: &Snapshot) -> Result<Vec<ChecklistStep>, OperationError> {
        let matched = self.store.has_listings().await?;
        let collected = !self.store.collection_runs(1).await?.is_empty();
        let priced = self.store.newest_batch().await?.is_some();
        let decided = self.store.has_decisions().await?;
        let published = self.store.has_publication().await?;
        let steps = [
            ("import_products", "Import your catalogue", snapshot.row_count() > 0),
            ("import_matches", "Import matches with competitors", matched),
            ("collect", "Collect competitor prices", collected),
            ("price", "Price the catalogue", priced),
            ("approve", "Decide the proposals", decided || published),
            ("export", "Hand the new prices over", published),
        ];
        if steps.iter().all(|(_, _, done)| *done) {
            return Ok(Vec::new());
        }
        let step =
            |(key, title, done): (&str, &str, bool)| ChecklistStep { key: key.into(), title: title.into(), done };
        Ok(steps.into_iter().map(step).collect())
    }
}

fn share(part: u64, whole: u64) -> i32 {
    (part * 10_000).checked_div(whole).map_or(0, |share| i32::try_from(share).unwrap_or(10_000))
}

fn indexes(snapshot: &Snapshot, figures: &ListFigures) -> Vec<CompetitorIndex> {
    let mut indexes: Vec<CompetitorIndex> = snapshot
        .competitors
        .iter()
        .zip(&figures.competitors)
        .filter_map(|(competitor, index)| {
            Some(CompetitorIndex {
                competitor: competitor.name.clone(),
                index_centi: index.index_hundredths?,
                coverage_bp: index.coverage_bp,
                products: index.matched,
            })
        })
        .collect();
    indexes.sort_by_key(|index| std::cmp::Reverse(index.coverage_bp));
    indexes
}
