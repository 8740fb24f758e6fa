//! How we stand by competitor and by group.

use std::collections::HashMap;

use app_contract::{CompetitorPosition, GroupStanding};
use pricing_analytics::{ChangeSums, Figure, IndexSums, StandingSums, Volatility};
use pricing_domain::{IndexForm, MarketFilter, MarketGroup, Role};
use pricing_rules::{Dictionary, MarketRow, MarketView, Snapshot};
use pricing_store::ChangeRow;

use super::overview::{MoneySums, sum_up};
use super::past::Standing;
use super::segments::is_chosen;
use super::{Period, Scene, TOLERANCE, date_of};
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// Most groups of an answer.
const MOST_GROUPS: u32 = 500;

/// The sums of one group.
#[derive(Clone, Copy, Default)]
pub(super) struct GroupSums {
    pub(super) standing: StandingSums,
    pub(super) money: MoneySums,
}

/// Which group each row belongs to: a place in `names`.
pub(super) struct Grouping {
    pub(super) names: Vec<String>,
    /// By code of the dictionary, or by role.
    places: Vec<u32>,
    by: MarketGroup,
}

impl Grouping {
    /// Groups by brand, role, or category: one step below the category that the filter names.
    pub(super) fn new(snapshot: &Snapshot, by: MarketGroup, filter: &MarketFilter) -> Result<Self, OperationError> {
        let depth = filter.categories.first().map_or(0, |path| path.split('>').count()) + 1;
        let part = |path: &str| path.split('>').map(str::trim).take(depth).collect::<Vec<_>>().join(" > ");
        let (names, places) = match by {
            MarketGroup::Brand => grouped(&snapshot.brands, str::to_owned),
            MarketGroup::Category => grouped(&snapshot.categories, part),
            MarketGroup::Role => {
                let names = Role::ALL.iter().map(|role| role.as_str().to_owned()).chain([String::new()]);
                let last = u32::try_from(Role::ALL.len()).unwrap_or(0);
                (names.collect(), (0..=u32::from(u8::MAX)).map(|role| role.min(last)).collect())
            }
            MarketGroup::Competitor | MarketGroup::PriceList | MarketGroup::Product => {
                return Err(OperationError::refused("Choose brand, category or role for this picture."));
            }
        };
        Ok(Self { names, places, by })
    }

    /// The place of a row's group.
    pub(super) fn place(&self, snapshot: &Snapshot, row: usize) -> usize {
        let products = &snapshot.products;
        let code = match self.by {
            MarketGroup::Brand => products.brand.get(row) as usize,
            MarketGroup::Category => products.category.get(row) as usize,
            _ => usize::from(products.role.get(row)),
        };
        self.places[code] as usize
    }
}

fn grouped(dictionary: &Dictionary, name: impl Fn(&str) -> String) -> (Vec<String>, Vec<u32>) {
    let (mut names, mut known) = (Vec::new(), HashMap::new());
    let places = std::iter::once("").chain(dictionary.texts()).map(|text| {
        let name = name(text);
        *known.entry(name.clone()).or_insert_with(|| {
            names.push(name);
            u32::try_from(names.len() - 1).expect("fewer groups than texts")
        })
    });
    let places = places.collect();
    (names, places)
}

/// The sums of every group, by its place.
pub(super) fn group_sums(scene: &Scene, grouping: &Grouping, form: IndexForm) -> Vec<GroupSums> {
    let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
    let new = || vec![GroupSums { standing: StandingSums::new(form), ..GroupSums::default() }; grouping.names.len()];
    let parts = view.fold(new, |groups, row| {
        let group = &mut groups[grouping.place(&scene.snapshot, row.row)];
        add_to(group, &view, row);
    });
    let mut all = new();
    for part in &parts {
        all.iter_mut().zip(part).for_each(|(sum, more)| {
            sum.standing.merge(&more.standing);
            sum.money.merge(more.money);
        });
    }
    all
}

/// Every product for itself, the most revenue first.
fn product_standings(scene: &Scene, form: IndexForm, most: usize) -> Vec<GroupStanding> {
    let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
    let sums_of = |row: &MarketRow<'_>| {
        let mut sums = GroupSums { standing: StandingSums::new(form), ..GroupSums::default() };
        add_to(&mut sums, &view, row);
        sums
    };
    let parts = view.fold(Vec::new, |found: &mut Vec<(i128, usize)>, row| {
        if row.price_minor.is_some() {
            found.push((sums_of(row).money.revenue, row.row));
        }
    });
    let mut found = parts.concat();
    let ranks = &scene.snapshot.products.sku_rank;
    found.sort_unstable_by_key(|(revenue, row)| (std::cmp::Reverse(*revenue), ranks.get(*row)));
    found.truncate(most);
    let currency = scene.snapshot.lists[scene.list].currency;
    let name = |row: usize| {
        let products = &scene.snapshot.products;
        format!("{} {}", products.sku.get(row), products.name.get(row))
    };
    found
        .into_iter()
        .map(|(_, row)| group_standing(name(row), &view.with_row(row, |row| sums_of(row)), currency))
        .collect()
}

fn add_to(group: &mut GroupSums, view: &MarketView<'_>, row: &MarketRow<'_>) {
    if let Some(own) = row.price_minor {
        group.standing.add(own, row.lowest_minor(), row.units_milli, TOLERANCE);
        group.money.add(view, row);
    }
}

/// The index of every (group, competitor), by their places.
pub(super) fn cross_sums(scene: &Scene, grouping: &Grouping, form: IndexForm) -> HashMap<(usize, u16), IndexSums> {
    let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
    let parts = view.fold(HashMap::new, |sums: &mut HashMap<(usize, u16), IndexSums>, row| {
        let Some(own) = row.price_minor else { return };
        let group = grouping.place(&scene.snapshot, row.row);
        for offer in row.lowest_of_each() {
            let sum = sums.entry((group, offer.competitor)).or_insert_with(|| IndexSums::new(form));
            sum.add(own, offer.amount_minor, row.units_milli);
        }
    });
    let mut all: HashMap<(usize, u16), IndexSums> = HashMap::new();
    for (key, sums) in parts.into_iter().flatten() {
        all.entry(key).or_insert_with(|| IndexSums::new(form)).merge(&sums);
    }
    all
}

impl Workspace {
    /// How we stand against each competitor chosen, the best covered first.
    pub async fn competitor_positions(
        &self,
        filter: &MarketFilter,
        form: IndexForm,
    ) -> Result<Vec<CompetitorPosition>, OperationError> {
        self.refresh_figures().await?;
        let scene = self.scene(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let asked = scene.clone();
        let sums = in_background(move || Ok(sum_up(&asked, form, &[]))).await?;
        let segments = self.kept_segments(filter).await?;
        let changes = self.competitor_changes(&scene, segments.as_deref(), period).await?;
        let days = self.kept_days(&scene, segments.as_deref(), period).await?;
        let kept = days.at_end(&scene, (form, period));
        let mut positions: Vec<CompetitorPosition> = Vec::new();
        for (place, competitor) in scene.snapshot.competitors.iter().enumerate() {
            if !is_chosen(filter, &competitor.name) {
                continue;
            }
            let (standing, freshness) = (&sums.competitors[place], &sums.freshness[place]);
            let moved = changes.iter().find(|(key, _)| *key == competitor.key).map(|(_, row)| *row);
            let moved = change_sums(moved.unwrap_or_default());
            let standing = kept.and_then(|day| day.against(competitor.key)).unwrap_or_else(|| Standing::of(standing));
            let known_days = days.compared(competitor.key);
            positions.push(CompetitorPosition {
                competitor: competitor.name.clone(),
                index_centi: standing.index_centi,
                standing_day: standing.day.map(date_of),
                compared: standing.compared,
                coverage_bp: standing.coverage_bp,
                win: standing.win,
                tie: standing.tie,
                loss: standing.loss,
                offers: freshness.offers(),
                fresh_bp: freshness.fresh_bp(),
                mean_age_hours: freshness.mean_hours(),
                lowered: moved.lowered,
                raised: moved.raised,
                mean_change_bp: moved.mean_bp(),
                change_size_bp: moved.mean_size_bp(),
                changes_per_30_days_centi: Volatility::of(&moved, known_days)
                    .map(|volatility| volatility.changes_per_30_days_centi),
            });
        }
        positions.sort_by(|one, other| {
            other.compared.cmp(&one.compared).then_with(|| one.competitor.cmp(&other.competitor))
        });
        Ok(positions)
    }

    /// How we stand by brand, category, role, price list or product, the most revenue first.
    pub async fn group_standings(
        &self,
        filter: &MarketFilter,
        by: MarketGroup,
        form: IndexForm,
        limit: u32,
    ) -> Result<Vec<GroupStanding>, OperationError> {
        let scene = self.scene(filter).await?;
        let mut standings = if by == MarketGroup::PriceList {
            self.list_standings(scene, form).await?
        } else if by == MarketGroup::Product {
            let most = limit.min(MOST_GROUPS) as usize;
            in_background(move || Ok(product_standings(&scene, form, most))).await?
        } else {
            let grouping = Grouping::new(&scene.snapshot, by, filter)?;
            let currency = scene.snapshot.lists[scene.list].currency;
            let (names, sums) = in_background(move || {
                let sums = group_sums(&scene, &grouping, form);
                Ok((grouping.names, sums))
            })
            .await?;
            let standing = |(name, sums): (String, &GroupSums)| group_standing(name, sums, currency);
            names.into_iter().zip(&sums).filter(|(_, sums)| sums.standing.products > 0).map(standing).collect()
        };
        standings
            .sort_by(|one, other| other.revenue_minor.cmp(&one.revenue_minor).then_with(|| one.name.cmp(&other.name)));
        standings.truncate(limit.min(MOST_GROUPS) as usize);
        Ok(standings)
    }

    async fn list_standings(&self, scene: Scene, form: IndexForm) -> Result<Vec<GroupStanding>, OperationError> {
        in_background(move || {
            let lists = scene.snapshot.lists.iter().enumerate();
            Ok(lists
                .map(|(list, columns)| {
                    let scene = Scene { list, ..scene.clone() };
                    let view = MarketView::new(&scene.snapshot, list, &scene.filter, scene.now);
                    let new = || GroupSums { standing: StandingSums::new(form), ..GroupSums::default() };
                    let mut all = new();
                    for part in view.fold(new, |sums, row| add_to(sums, &view, row)) {
                        all.standing.merge(&part.standing);
                        all.money.merge(part.money);
                    }
                    group_standing(columns.name.clone(), &all, columns.currency)
                })
                .collect())
        })
        .await
    }

    /// Changes of the competitors chosen in a period, by their keys.
    pub(super) async fn competitor_changes(
        &self,
        scene: &Scene,
        segments: Option<&[i64]>,
        period: Period,
    ) -> Result<Vec<(i64, ChangeRow)>, OperationError> {
        let days = self.store.changes_by_day(segments, period.from, period.to).await?;
        let chosen = scene.snapshot.competitors.iter().filter(|one| is_chosen(&scene.filter, &one.name));
        Ok(chosen
            .map(|competitor| {
                let own = days.iter().filter(|row| row.competitor_key == competitor.key);
                let sum = own.fold(ChangeRow::default(), |sum, row| ChangeRow {
                    lowered: sum.lowered + row.changes.lowered,
                    raised: sum.raised + row.changes.raised,
                    signed: sum.signed + row.changes.signed,
                    absolute: sum.absolute + row.changes.absolute,
                });
                (competitor.key, sum)
            })
            .collect())
    }
}

/// The sums of the store as the figure they are.
pub(super) fn change_sums(row: ChangeRow) -> ChangeSums {
    ChangeSums::of_sums(row.lowered, row.raised, row.signed, row.absolute)
}

fn group_standing(name: String, sums: &GroupSums, currency: pricing_domain::Currency) -> GroupStanding {
    let standing = &sums.standing;
    GroupStanding {
        name,
        products: standing.products,
        compared: standing.compared(),
        coverage_bp: standing.coverage_bp(),
        index_centi: standing.index.hundredths(),
        win: standing.win,
        tie: standing.tie,
        loss: standing.loss,
        revenue_minor: sums.money.revenue_minor(currency),
        margin_bp: sums.money.margin_bp(),
    }
}
