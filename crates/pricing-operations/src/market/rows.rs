//! The products behind a figure.

use std::collections::HashSet;

use app_contract::{MarketProductPage, MarketProductRow};
use pricing_analytics::{DistanceSums, distance_to_next, gap, outcome, position};
use pricing_domain::{Instant, MarketFilter, MarketRows, Ratio, Rounding};
use pricing_rules::{ListFlags, MarketRow, MarketView, NONE, PriceMove};

use super::segments::is_chosen;
use super::{Period, Scene, TOLERANCE};
use crate::exports::in_background;
use crate::grids::product_row;
use crate::{OperationError, Workspace};

/// Most rows of a page.
const PAGE_LIMIT: usize = 500;

/// A row with what is at stake on it, in thousandths of minor units.
type Staked = (i128, u32);

impl Workspace {
    /// A stretch of the products behind a figure, the most at stake first: |own − lowest| × units of 28 days.
    pub async fn market_products(
        &self,
        filter: &MarketFilter,
        rows: &MarketRows,
        offset: u64,
        limit: u32,
    ) -> Result<MarketProductPage, OperationError> {
        let scene = match rows {
            MarketRows::BelowMap => self.scene_with_advertising(filter).await?,
            _ => self.scene(filter).await?,
        };
        let floors = self.floors(&scene).await?;
        let changed = match rows {
            MarketRows::Changed => self.changed_products(&scene, Period::of(filter, scene.now)?).await?,
            _ => HashSet::new(),
        };
        let (asked, wanted, known) = (scene.clone(), rows.clone(), floors.clone());
        let found = in_background(move || Ok(staked_rows(&asked, &wanted, (&known, &changed)))).await?;
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(found.len());
        let to = (from + (limit as usize).min(PAGE_LIMIT)).min(found.len());
        let keys: Vec<u32> =
            found[from..to].iter().map(|(_, row)| scene.snapshot.products.key.get(*row as usize)).collect();
        let ids = self.store.product_ids(&keys).await?;
        let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
        let page = found[from..to].iter().zip(ids).map(|((stake, row), id)| {
            let row = *row as usize;
            let mut shown =
                view.with_row(row, |market| seen(market, product_row(&scene.snapshot, scene.list, row, id)));
            shown.stake_minor = Ratio { numerator: *stake, denominator: 1_000 }.round(Rounding::Nearest);
            shown.floor_minor = Some(floors[row]).filter(|floor| *floor != NONE);
            shown
        });
        Ok(MarketProductPage {
            matching: found.len() as u64,
            offset: from as u64,
            currency: scene.snapshot.lists[scene.list].currency,
            rows: page.collect(),
        })
    }
}

impl Workspace {
    /// The keys of products whose price a competitor chosen changed in a period. The snapshot knows those of the last
    /// weeks; of a period before them the spans that began in it are read.
    async fn changed_products(&self, scene: &Scene, period: Period) -> Result<HashSet<u32>, OperationError> {
        let (store, scene) = (self.store.clone(), scene.clone());
        in_background(move || {
            let (from, end) = period.instants();
            if from >= scene.now.plus_days(-i64::from(PriceMove::KEPT_DAYS)) {
                return Ok(changed_lately(&scene, (from, end)));
            }
            let shown: HashSet<i64> = scene
                .snapshot
                .competitors
                .iter()
                .filter(|one| is_chosen(&scene.filter, &one.name))
                .map(|one| one.key)
                .collect();
            let mut changed = HashSet::new();
            store.snapshot_reader()?.stream_changes(from, |product, competitor, at, _, _| {
                if at < end.0 && shown.contains(&competitor) {
                    changed.extend(u32::try_from(product));
                }
                true
            })?;
            Ok(changed)
        })
        .await
    }
}

/// The keys of products whose price a competitor chosen changed between two moments of the weeks that the snapshot knows.
fn changed_lately(scene: &Scene, (from, end): (Instant, Instant)) -> HashSet<u32> {
    let snapshot = &scene.snapshot;
    let shown: Vec<bool> = snapshot.competitors.iter().map(|one| is_chosen(&scene.filter, &one.name)).collect();
    let is_change = |moves: &[PriceMove], place: usize| {
        let this = &moves[place];
        let at = i64::from(this.at_s) * 1_000_000;
        let same =
            |other: &&PriceMove| other.listing == this.listing && other.list_or_currency == this.list_or_currency;
        shown.get(usize::from(this.by)).is_some_and(|shown| *shown)
            && (from.0..end.0).contains(&at)
            && moves[..place].iter().rev().find(same).is_some_and(|before| before.amount_minor != this.amount_minor)
    };
    let changed = (0..snapshot.row_count()).filter(|row| {
        let moves = snapshot.moves.get(*row);
        (0..moves.len()).any(|place| is_change(moves, place))
    });
    changed.map(|row| snapshot.products.key.get(row)).collect()
}

fn seen(market: &MarketRow<'_>, product: app_contract::ProductRow) -> MarketProductRow {
    let amounts = || market.offers.iter().map(|offer| offer.amount_minor);
    let compared = market.price_minor.filter(|_| !market.offers.is_empty());
    let bp = |ratio: Option<Ratio>| {
        let scaled = ratio.map(|ratio| Ratio { numerator: ratio.numerator * 10_000, ..ratio });
        scaled.and_then(|ratio| i32::try_from(ratio.round(Rounding::Nearest)).ok())
    };
    MarketProductRow {
        product,
        position: compared.map(|own| position(own, amounts())),
        lowest_minor: market.lowest_minor(),
        distance_bp: bp(compared.and_then(|own| gap(own, market.lowest_minor()?))),
        next_bp: bp(compared.and_then(|own| distance_to_next(own, amounts()))),
        floor_minor: None,
        stake_minor: 0,
    }
}

fn staked_rows(scene: &Scene, wanted: &MarketRows, known: (&[i64], &HashSet<u32>)) -> Vec<Staked> {
    let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
    let parts = view.fold(Vec::new, |found: &mut Vec<Staked>, row| {
        let is_below_map = || scene.advertising.is_violated(&view, row.row);
        if (*wanted == MarketRows::BelowMap && is_below_map()) || is_wanted(&view, wanted, known, row) {
            let distance = row.price_minor.zip(row.lowest_minor()).map_or(0, |(own, lowest)| own.abs_diff(lowest));
            let stake = i128::from(distance) * i128::from(row.units_milli);
            found.push((stake, u32::try_from(row.row).expect("rows fit 32 bits")));
        }
    });
    let mut found = parts.concat();
    let ranks = &scene.snapshot.products.sku_rank;
    found.sort_unstable_by_key(|(stake, row)| (std::cmp::Reverse(*stake), ranks.get(*row as usize)));
    found
}

/// Whether a priced product is wanted. What is advertised is looked at apart, since others advertise without us too.
fn is_wanted(
    view: &MarketView<'_>,
    wanted: &MarketRows,
    (floors, changed): (&[i64], &HashSet<u32>),
    row: &MarketRow<'_>,
) -> bool {
    let products = &view.snapshot().products;
    if *wanted == MarketRows::Changed {
        return changed.contains(&products.key.get(row.row));
    }
    let Some(own) = row.price_minor else { return false };
    let margin = || view.net_and_cost_micro(row.row).map(|(net, cost)| net - cost);
    let place_of =
        || (!row.offers.is_empty()).then(|| position(own, row.offers.iter().map(|offer| offer.amount_minor)));
    let floor = || floors.get(row.row).copied().filter(|floor| *floor != NONE);
    match wanted {
        MarketRows::Priced => true,
        MarketRows::Compared => !row.offers.is_empty(),
        MarketRows::NotCompared => row.offers.is_empty(),
        MarketRows::Standing(standing) => {
            row.lowest_minor().is_some_and(|lowest| outcome(own, lowest, TOLERANCE) == *standing)
        }
        MarketRows::Position(place) => place_of().is_some_and(|rank| rank == *place),
        MarketRows::PositionFrom(place) => place_of().is_some_and(|rank| rank >= *place),
        MarketRows::Distance(from, to) => {
            row.lowest_minor().is_some_and(|lowest| DistanceSums::lies_between(own, lowest, *from, *to))
        }
        MarketRows::BelowFloor => floor().is_some_and(|floor| own < floor),
        MarketRows::AtFloor => floor().is_some_and(|floor| own == floor),
        MarketRows::BelowCost => margin().is_some_and(|margin| margin < 0),
        MarketRows::Costed => margin().is_some(),
        MarketRows::Promoted => view.snapshot().lists[view.list()].flags.get(row.row) & ListFlags::PROMOTION != 0,
        MarketRows::Sold => row.units_milli > 0,
        MarketRows::Stocked => row.units_milli > 0 && products.stock.get(row.row) != NONE,
        MarketRows::BelowMap | MarketRows::Changed => false,
    }
}
