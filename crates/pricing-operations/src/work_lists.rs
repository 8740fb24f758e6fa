//! Lists of work: which prices a changed cost asks to move and what waiting costs, products without a price, promotions
//! that start and end. What the rules say of each product is computed from the snapshot now, not read from a batch.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use app_contract::{CostWork, PriceWork, PromotionWork, WorkCounts, WorkKind, WorkRow, WorkTask, WorkView};
use pricing_domain::{Currency, Instant, Lifecycle, MicroAmount, Money, PriceListId, Ratio, Rounding};
use pricing_rules::{CostRecord, Decision, NONE, Snapshot, price_with};
use pricing_store::{ChangedCostRow, PromotionRow, WorkQuery};

use crate::grids::place;
use crate::price_lists::days_words;
use crate::pricing::{change_bp, margin_at, margin_at_cost, net_micro};
use crate::proposals::work_query;
use crate::{OperationError, Workspace};

/// Most rows of a page.
const PAGE_LIMIT: usize = 500;

/// Units of 28 days in thousandths, a day.
const MILLI_DAYS: i128 = 28_000;

/// A row before its product's id is known.
struct Draft {
    row: u32,
    task: WorkTask,
}

/// The catalogue with what the rules in force make of it now.
struct Bench {
    snapshot: Arc<Snapshot>,
    list: usize,
    decisions: HashMap<u32, Decision>,
}

impl Workspace {
    /// A stretch of a list of work.
    ///
    /// Cost: one pass of the rules over the catalogue, and the rows of the list.
    pub async fn work(
        &self,
        kind: WorkKind,
        price_list: PriceListId,
        offset: u64,
        limit: u32,
    ) -> Result<WorkView, OperationError> {
        let now = self.now();
        let bench = self.bench(price_list, now).await?;
        let costs = self.changed_costs(&bench, now).await?;
        let unpriced = without_price(&bench);
        let starting = self.promotions(&bench, WorkKind::PromotionsStarting, now).await?;
        let ending = self.promotions(&bench, WorkKind::PromotionsEnding, now).await?;
        let counts = WorkCounts {
            cost_changes: costs.len() as u64,
            without_price: unpriced.len() as u64,
            promotions_starting: starting.len() as u64,
            promotions_ending: ending.len() as u64,
        };
        let waiting_day = (kind == WorkKind::CostChanges).then(|| waiting(&costs, bench.currency()));
        let drafts = match kind {
            WorkKind::CostChanges => costs,
            WorkKind::WithoutPrice => unpriced,
            WorkKind::PromotionsStarting => starting,
            WorkKind::PromotionsEnding => ending,
        };
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(drafts.len());
        let to = (from + (limit as usize).min(PAGE_LIMIT)).min(drafts.len());
        let shown = drafts.into_iter().skip(from).take(to - from).collect();
        let mut rows = self.work_rows(&bench, shown).await?;
        if kind == WorkKind::PromotionsStarting {
            self.judge_reductions(&mut rows, &bench.snapshot.lists[bench.list].name).await?;
        }
        Ok(WorkView { kind, currency: bench.currency(), counts, waiting_day, offset: from as u64, rows })
    }

    async fn bench(&self, price_list: PriceListId, now: Instant) -> Result<Bench, OperationError> {
        let snapshot = self.snapshot().await?;
        let list = place(&snapshot, price_list)?;
        let active = self.active_rules().await?;
        let from = snapshot.clone();
        let run =
            tokio::task::spawn_blocking(move || price_with(&active.rules, &from, list, now, &AtomicBool::new(false)));
        let run = run.await.map_err(|error| OperationError::fault(error.to_string()))?;
        // Rules that cannot be used propose nothing; the Rules page says why.
        let decisions = run.ok().flatten().map(|run| run.decisions).unwrap_or_default();
        let decisions = decisions.into_iter().map(|decision| (decision.row, decision)).collect();
        Ok(Bench { snapshot, list, decisions })
    }

    /// What costs most to leave first.
    async fn changed_costs(&self, bench: &Bench, now: Instant) -> Result<Vec<Draft>, OperationError> {
        let WorkQuery::CostChanged { since, now } = work_query(WorkKind::CostChanges, now) else {
            return Ok(Vec::new());
        };
        let rows = self.store.changed_costs(since, now).await?;
        let mut seen = HashSet::new();
        let mut costs: Vec<(i64, Draft)> = Vec::new();
        for changed in &rows {
            let Some(row) = bench.row(changed.product_key).filter(|row| !seen.contains(row)) else { continue };
            let Some(work) = bench.cost_work(row, changed) else { continue };
            seen.insert(row);
            let weight = work.waiting_day.map_or(0, |day| day.amount_minor);
            costs.push((weight, Draft { row, task: WorkTask::Cost(work) }));
        }
        costs.sort_by_key(|(weight, draft)| {
            let WorkTask::Cost(work) = &draft.task else { return (0, 0, draft.row) };
            (-weight, -i64::from(work.change_bp.unwrap_or(0).abs()), draft.row)
        });
        Ok(costs.into_iter().map(|(_, draft)| draft).collect())
    }

    async fn promotions(&self, bench: &Bench, kind: WorkKind, now: Instant) -> Result<Vec<Draft>, OperationError> {
        let list_key = bench.snapshot.lists[bench.list].key;
        let rows = self.store.promotions_between(list_key, work_query(kind, now)).await?;
        let lists = self.store.price_lists().await?;
        let list = lists.iter().find(|list| list.key == list_key);
        let draft = |promotion: PromotionRow| {
            let days = |list| days_words(list, promotion.valid_from, promotion.valid_to);
            let days = list.map(days).unwrap_or_default();
            let task = WorkTask::Promotion(PromotionWork {
                name: if promotion.name.is_empty() { promotion.code } else { promotion.name },
                starts: promotion.valid_from,
                ends: promotion.valid_to,
                days,
                price_minor: promotion.price_minor,
                prior_words: String::new(),
                wrong: false,
            });
            Some(Draft { row: bench.row(promotion.product_key)?, task })
        };
        Ok(rows.into_iter().filter_map(draft).collect())
    }

    async fn work_rows(&self, bench: &Bench, drafts: Vec<Draft>) -> Result<Vec<WorkRow>, OperationError> {
        let products = &bench.snapshot.products;
        let keys: Vec<u32> = drafts.iter().map(|draft| products.key.get(draft.row as usize)).collect();
        let ids = self.store.product_ids(&keys).await?;
        let rows = drafts.into_iter().zip(ids).map(|(draft, product)| {
            let row = draft.row as usize;
            let price_minor = bench.price(draft.row);
            let proposed_minor = bench.proposed(draft.row);
            WorkRow {
                product,
                sku: products.sku.get(row).to_owned(),
                name: products.name.get(row).to_owned(),
                price_minor,
                proposed_minor,
                change_bp: change_bp(price_minor, proposed_minor),
                reason: bench.decisions.get(&draft.row).and_then(|decision| decision.reason),
                task: draft.task,
            }
        });
        Ok(rows.collect())
    }

    /// What the reductions of promotions that are to come may be announced against.
    async fn judge_reductions(&self, rows: &mut [WorkRow], list: &str) -> Result<(), OperationError> {
        for row in rows {
            let WorkTask::Promotion(work) = &mut row.task else { continue };
            let priors = self.prior_prices_of(row.product).await?;
            let fits = |starts: Instant, name: &str| starts == work.starts && (name == work.name || name.is_empty());
            let own = priors.iter().filter(|prior| prior.price_list == list);
            if let Some(prior) = own.into_iter().find(|prior| fits(prior.starts, &prior.name)) {
                work.prior_words.clone_from(&prior.words);
                work.wrong = prior.wrong;
            }
        }
        Ok(())
    }
}

impl Bench {
    fn currency(&self) -> Currency {
        self.snapshot.lists[self.list].currency
    }

    fn row(&self, product_key: i64) -> Option<u32> {
        u32::try_from(product_key).ok().and_then(|key| self.snapshot.row_of_key(key))
    }

    fn price(&self, row: u32) -> Option<i64> {
        some(self.snapshot.lists[self.list].price_minor.get(row as usize))
    }

    /// What the rules give, where it differs from today's price.
    fn proposed(&self, row: u32) -> Option<i64> {
        let decision = self.decisions.get(&row)?;
        some(if decision.reason.is_some() { decision.lawful_minor } else { decision.new_minor })
            .filter(|proposed| Some(*proposed) != self.price(row))
    }

    /// `None`: another cost is what margins are computed with.
    fn cost_work(&self, row: u32, changed: &ChangedCostRow) -> Option<CostWork> {
        let place = row as usize;
        let cost = self.snapshot.cost(place)?;
        if cost.cost_type != changed.cost_type
            || cost.amount.0 != changed.now_micro
            || cost.currency.code() != changed.currency
        {
            return None;
        }
        let currency = Currency::new(&changed.before_currency).ok()?;
        let before = CostRecord { amount: MicroAmount(changed.before_micro), currency, ..cost };
        let price = self.price(row);
        let (snapshot, list) = (&*self.snapshot, self.list);
        let in_list = |cost: CostRecord| snapshot.cost_in(list, cost.amount.0, cost.currency);
        let costs = in_list(before).zip(in_list(cost));
        // Of two currencies amounts can be compared in the list's alone.
        let compared =
            if before.currency == cost.currency { Some((changed.before_micro, changed.now_micro)) } else { costs };
        let units = i128::from(snapshot.lists[list].units_28d_milli.get(place).max(0));
        let a_day = |micro: Ratio| {
            let ratio = Ratio { numerator: micro.numerator * units, denominator: micro.denominator * MILLI_DAYS };
            let micro = MicroAmount(ratio.round(Rounding::Nearest));
            Money::new(micro.to_minor(self.currency(), Rounding::Nearest), self.currency())
        };
        let whole = |micro: i64| Ratio { numerator: i128::from(micro), denominator: 1 };
        let gained = price.zip(self.proposed(row)).and_then(|(price, proposed)| {
            let (old, new) = (net_micro(snapshot, list, place, price), net_micro(snapshot, list, place, proposed));
            let more = Ratio { numerator: new.numerator - old.numerator, denominator: old.denominator };
            (proposed > price).then_some(more)
        });
        Some(CostWork {
            cost_type: cost.cost_type,
            since: changed.valid_from,
            before: costs.map_or(before.amount, |(before, _)| MicroAmount(before)),
            now: costs.map_or(cost.amount, |(_, now)| MicroAmount(now)),
            change_bp: compared.and_then(|(before, now)| change_bp(Some(before), Some(now))),
            margin_before_bp: price.and_then(|price| margin_at_cost(snapshot, list, place, price, before)),
            margin_bp: price.and_then(|price| margin_at(snapshot, list, place, price)),
            cost_day: costs.map(|(before, now)| a_day(whole(now - before))),
            waiting_day: gained.map(a_day),
        })
    }
}

/// Products on sale without a price: those with most offers first.
fn without_price(bench: &Bench) -> Vec<Draft> {
    let (snapshot, columns) = (&bench.snapshot, &bench.snapshot.lists[bench.list]);
    let ended = Lifecycle::Ended as u8;
    let mut drafts: Vec<Draft> = (0..snapshot.row_count())
        .filter(|row| columns.price_minor.get(*row) == NONE && snapshot.products.lifecycle.get(*row) != ended)
        .map(|row| Draft {
            row: u32::try_from(row).unwrap_or(u32::MAX),
            task: WorkTask::Price(PriceWork {
                cost: snapshot.list_cost(bench.list, row).map(MicroAmount),
                lowest_minor: some(columns.lowest_offer_minor.get(row)),
                offers: u32::from(columns.offer_count.get(row)),
            }),
        })
        .collect();
    drafts.sort_by_key(|draft| match &draft.task {
        WorkTask::Price(work) => std::cmp::Reverse(work.offers),
        _ => std::cmp::Reverse(0),
    });
    drafts
}

fn waiting(costs: &[Draft], currency: Currency) -> Money {
    let days = costs.iter().filter_map(|draft| match &draft.task {
        WorkTask::Cost(work) => work.waiting_day,
        _ => None,
    });
    Money::new(days.map(|day| day.amount_minor).sum(), currency)
}

fn some(amount: i64) -> Option<i64> {
    (amount != NONE).then_some(amount)
}
