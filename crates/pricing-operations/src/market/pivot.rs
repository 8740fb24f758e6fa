//! Tables of figures with rows and columns of one's own, in one pass over the snapshot, and those that are kept.

use std::collections::HashMap;
use std::sync::Arc;

use app_contract::{PivotRow, PivotView};
use pricing_analytics::{Figure, StandingSums};
use pricing_domain::{Currency, IndexForm, MarketGroup, Pivot, PivotMeasure};
use pricing_rules::{MarketRow, MarketView, Snapshot};
use pricing_store::Durability;

use super::figures::{GroupSums, Grouping};
use super::{Scene, TOLERANCE};
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// The setting with the tables, as JSON.
const SETTING: &str = "pivots";
const MOST_KEPT: usize = 50;
const MOST_ROWS: usize = 200;
/// Products that are told apart one by one.
const MOST_EACH: usize = 50_000;
const MOST_COLUMNS: usize = 12;
const LONGEST_NAME: usize = 120;

/// What rows or columns stand for.
enum Axis {
    /// One place for everything.
    Whole,
    /// Products.
    Products(Grouping),
    /// Every product for itself, by its row.
    Each(Arc<Snapshot>),
    /// Competitors: a product counts once for each that has a usable offer.
    Competitors(Vec<String>),
    /// Every price list for itself.
    Lists(Vec<String>),
}

impl Axis {
    fn new(scene: &Scene, by: Option<MarketGroup>) -> Result<Self, OperationError> {
        Ok(match by {
            None => Self::Whole,
            Some(MarketGroup::Competitor) => {
                Self::Competitors(scene.snapshot.competitors.iter().map(|one| one.name.clone()).collect())
            }
            Some(MarketGroup::Product) => {
                let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
                let kept = (0..scene.snapshot.row_count()).filter(|row| view.keeps(*row)).take(MOST_EACH + 1).count();
                if kept > MOST_EACH {
                    return Err(OperationError::refused(
                        "These are more than 50,000 products. Choose a brand or a category first.",
                    ));
                }
                Self::Each(scene.snapshot.clone())
            }
            Some(MarketGroup::PriceList) => {
                Self::Lists(scene.snapshot.lists.iter().map(|list| list.name.clone()).collect())
            }
            Some(by) => Self::Products(Grouping::new(&scene.snapshot, by, &scene.filter)?),
        })
    }

    fn name(&self, place: usize) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Products(grouping) => grouping.names[place].clone(),
            Self::Each(snapshot) => snapshot.products.sku.get(place).to_owned(),
            Self::Competitors(names) | Self::Lists(names) => names[place].clone(),
        }
    }

    /// The place of a row, and of an offer on it.
    fn place(&self, scene: &Scene, row: usize, competitor: Option<u16>) -> usize {
        match self {
            Self::Whole => 0,
            Self::Products(grouping) => grouping.place(&scene.snapshot, row),
            Self::Each(_) => row,
            Self::Competitors(_) => competitor.map_or(0, usize::from),
            Self::Lists(_) => scene.list,
        }
    }

    const fn is_competitors(&self) -> bool {
        matches!(self, Self::Competitors(_))
    }
}

/// Everything that is summed up, by (row, column); and priced products, by the place among products.
struct Sums {
    cells: HashMap<(usize, usize), GroupSums>,
    priced: HashMap<(usize, usize), u64>,
}

struct Table<'a> {
    /// One for each price list that the table is about.
    scenes: Vec<Scene>,
    rows: &'a Axis,
    columns: &'a Axis,
    form: IndexForm,
}

impl<'a> Table<'a> {
    fn new(scene: Scene, rows: &'a Axis, columns: &'a Axis, form: IndexForm) -> Self {
        let scenes = if [rows, columns].iter().any(|axis| matches!(axis, Axis::Lists(_))) {
            (0..scene.snapshot.lists.len()).map(|list| Scene { list, ..scene.clone() }).collect()
        } else {
            vec![scene]
        };
        Self { scenes, rows, columns, form }
    }

    fn add(&self, sums: &mut Sums, scene: &Scene, view: &MarketView<'_>, row: &MarketRow<'_>) {
        let Some(own) = row.price_minor else { return };
        let place =
            |competitor| (self.rows.place(scene, row.row, competitor), self.columns.place(scene, row.row, competitor));
        let mut count = |competitor: Option<u16>, theirs: Option<i64>| {
            let empty = || GroupSums { standing: StandingSums::new(self.form), ..GroupSums::default() };
            let cell = sums.cells.entry(place(competitor)).or_insert_with(empty);
            cell.standing.add(own, theirs, row.units_milli, TOLERANCE);
            cell.money.add(view, row);
        };
        if self.rows.is_competitors() || self.columns.is_competitors() {
            row.lowest_of_each().for_each(|offer| count(Some(offer.competitor), Some(offer.amount_minor)));
            // Whoever the competitor is, the same products have a price.
            *sums.priced.entry(place(None)).or_default() += 1;
        } else {
            count(None, row.lowest_minor());
        }
    }

    fn sums(&self) -> Sums {
        let new = || Sums { cells: HashMap::new(), priced: HashMap::new() };
        let mut all = new();
        let parts = self.scenes.iter().flat_map(|scene| {
            let view = MarketView::new(&scene.snapshot, scene.list, &scene.filter, scene.now);
            view.fold(new, |sums, row| self.add(sums, scene, &view, row))
        });
        for part in parts {
            for (key, cell) in part.cells {
                let empty = || GroupSums { standing: StandingSums::new(self.form), ..GroupSums::default() };
                let sum = all.cells.entry(key).or_insert_with(empty);
                sum.standing.merge(&cell.standing);
                sum.money.merge(cell.money);
            }
            part.priced.into_iter().for_each(|(key, count)| *all.priced.entry(key).or_default() += count);
        }
        for ((row, column), cell) in &mut all.cells {
            let of_products = |axis: &Axis, place: usize| if axis.is_competitors() { 0 } else { place };
            let key = (of_products(self.rows, *row), of_products(self.columns, *column));
            if let Some(priced) = all.priced.get(&key) {
                cell.standing.products = *priced;
            }
        }
        all
    }

    fn view(&self, measures: &[PivotMeasure]) -> Result<PivotView, OperationError> {
        let currency_of = |scene: &Scene| scene.snapshot.lists[scene.list].currency;
        let currency = currency_of(&self.scenes[0]);
        let is_one_currency = self.scenes.iter().all(|scene| currency_of(scene) == currency);
        if !is_one_currency && measures.contains(&PivotMeasure::Revenue) {
            return Err(OperationError::refused(
                "These price lists have different currencies. Leave revenue out of the table.",
            ));
        }
        let cells = self.sums().cells;
        let weight = |of: &dyn Fn(&(usize, usize)) -> usize| {
            let mut weights: HashMap<usize, i128> = HashMap::new();
            cells.iter().for_each(|(key, cell)| *weights.entry(of(key)).or_default() += cell.money.revenue);
            let mut places: Vec<(usize, i128)> = weights.into_iter().collect();
            places.sort_unstable_by_key(|(place, weight)| (std::cmp::Reverse(*weight), *place));
            places.into_iter().map(|(place, _)| place).collect::<Vec<usize>>()
        };
        let (rows, columns) = (weight(&|key| key.0), weight(&|key| key.1));
        let (shown_rows, shown_columns) = (rows.len().min(MOST_ROWS), columns.len().min(MOST_COLUMNS));
        let has_columns = !matches!(self.columns, Axis::Whole);
        let headings = columns[..shown_columns].iter().flat_map(|column| {
            let name = has_columns.then(|| self.columns.name(*column));
            measures.iter().map(move |measure| (name.clone(), *measure))
        });
        let line = |row: &usize| PivotRow {
            name: self.rows.name(*row),
            cells: columns[..shown_columns]
                .iter()
                .flat_map(|column| {
                    let cell = cells.get(&(*row, *column));
                    measures.iter().map(move |measure| cell.and_then(|cell| value(cell, *measure, currency)))
                })
                .collect(),
        };
        Ok(PivotView {
            currency,
            columns: headings.collect(),
            rows: rows[..shown_rows].iter().map(line).collect(),
            rows_left: (rows.len() - shown_rows) as u64,
            columns_left: (columns.len() - shown_columns) as u64,
        })
    }
}

fn value(cell: &GroupSums, measure: PivotMeasure, currency: Currency) -> Option<i64> {
    let count = |count: u64| Some(i64::try_from(count).unwrap_or(i64::MAX));
    let standing = &cell.standing;
    match measure {
        PivotMeasure::Products => count(standing.products),
        PivotMeasure::Compared => count(standing.compared()),
        PivotMeasure::Coverage => Some(i64::from(standing.coverage_bp())),
        PivotMeasure::Index => standing.index.hundredths(),
        PivotMeasure::Cheaper => count(standing.win),
        PivotMeasure::Level => count(standing.tie),
        PivotMeasure::Dearer => count(standing.loss),
        PivotMeasure::Revenue => Some(cell.money.revenue_minor(currency)),
        PivotMeasure::Margin => cell.money.margin_bp().map(i64::from),
    }
}

/// What is wrong with a table by itself, in words.
fn check(pivot: &Pivot) -> Result<(), OperationError> {
    if pivot.measures.is_empty() {
        return Err(OperationError::refused("Choose at least one figure for the table."));
    }
    if pivot.columns == Some(pivot.rows) {
        return Err(OperationError::refused("Rows and columns are of different kinds."));
    }
    Ok(())
}

impl Workspace {
    /// A table of figures as the market stands now.
    pub async fn pivot(&self, pivot: &Pivot) -> Result<PivotView, OperationError> {
        check(pivot)?;
        let scene = self.scene(&pivot.filter).await?;
        let (rows, columns) = (Axis::new(&scene, Some(pivot.rows))?, Axis::new(&scene, pivot.columns)?);
        let (measures, form) = (pivot.measures.clone(), pivot.form);
        in_background(move || Table::new(scene, &rows, &columns, form).view(&measures)).await
    }

    /// The tables that are kept, by name.
    pub async fn pivots(&self) -> Result<Vec<Pivot>, OperationError> {
        let text = self.setting(SETTING).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Keeps a table under its name, in place of one that has it already.
    pub async fn save_pivot(&self, pivot: Pivot) -> Result<Vec<Pivot>, OperationError> {
        check(&pivot)?;
        let name = pivot.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(OperationError::refused("Give the table a name of at most 120 letters."));
        }
        let mut pivots = self.pivots().await?;
        pivots.retain(|known| known.name != name);
        if pivots.len() >= MOST_KEPT {
            return Err(OperationError::refused("There are 50 tables; remove one first."));
        }
        let words = format!("Kept the table “{name}”");
        pivots.push(Pivot { name, ..pivot });
        pivots.sort_by(|one, other| one.name.cmp(&other.name));
        self.keep_pivots(&pivots, &words).await?;
        Ok(pivots)
    }

    /// Forgets a table.
    pub async fn remove_pivot(&self, name: &str) -> Result<Vec<Pivot>, OperationError> {
        let mut pivots = self.pivots().await?;
        let before = pivots.len();
        pivots.retain(|known| known.name != name.trim());
        if pivots.len() == before {
            return Err(OperationError::not_found("This table is not kept any more."));
        }
        self.keep_pivots(&pivots, &format!("Removed the table “{}”", name.trim())).await?;
        Ok(pivots)
    }

    async fn keep_pivots(&self, pivots: &[Pivot], words: &str) -> Result<(), OperationError> {
        let text = serde_json::to_string(pivots).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("save_pivot", Durability::Full).await?;
        op.write_setting(SETTING, &text).await?;
        op.commit(words, false).await?;
        Ok(())
    }
}
