//! What the sales say about demand: read once, fitted, and kept until the workspace changes.

mod categories;
mod families;
mod rivals;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant as Stopwatch;

use app_contract::{DemandFact, DemandPoint, DemandReport, ElasticityGrade, ElasticityRow, ElasticityView};
use pricing_domain::{Currency, GridFilter, GridSort, ProductId};
use pricing_rules::{GridDemand, GridQuery, Snapshot};
use pricing_science::{
    CatalogueDemand, DemandRules, Dropped, Grade, HistoryRow, ProductDemand, ProductSales, fit_beside_rivals,
};
use pricing_store::{SalesRecord, Store};

pub(crate) use categories::counts;

use crate::{OperationError, Workspace};

/// Most rows of a page.
const PAGE_LIMIT: usize = 500;
const MILLI: f64 = 1_000.0;
const MICRO: f64 = 1_000_000.0;

/// The demand of a snapshot; products are its rows.
pub(crate) struct Demand {
    sequence: i64,
    pub(crate) fitted: CatalogueDemand,
    /// Categories by their place, with the paths above them that no product is in itself.
    pub(crate) paths: Vec<String>,
    /// The category above each.
    parents: Vec<Option<u32>>,
    sales_rows: u64,
    elapsed_ms: u64,
    /// The keys of the products, in order, with their rows: rows may be others by the time that one is asked for.
    places: Vec<(u32, u32)>,
}

/// What is kept between questions.
#[derive(Default)]
pub(crate) struct KeptDemand(Mutex<Option<Arc<Demand>>>, tokio::sync::Mutex<()>);

impl Workspace {
    /// The demand of the catalogue as it stands.
    pub(crate) async fn demand(&self, snapshot: &Arc<Snapshot>) -> Result<Arc<Demand>, OperationError> {
        if let Some(demand) = self.kept_demand(snapshot).await? {
            return Ok(demand);
        }
        let _fitting = self.demand.1.lock().await;
        if let Some(demand) = self.kept_demand(snapshot).await? {
            return Ok(demand);
        }
        let (store, from) = (self.store.clone(), snapshot.clone());
        let fitted = tokio::task::spawn_blocking(move || fit(&store, &from)).await;
        let demand = Arc::new(fitted.map_err(|error| OperationError::fault(error.to_string()))??);
        *self.demand.0.lock().expect("no panic while it is held") = Some(demand.clone());
        Ok(demand)
    }

    /// What was fitted before, where nothing about products has changed since.
    async fn kept_demand(&self, snapshot: &Arc<Snapshot>) -> Result<Option<Arc<Demand>>, OperationError> {
        let kept = self.demand.0.lock().expect("no panic while it is held").clone();
        let Some(demand) = kept.filter(|demand| demand.sequence <= snapshot.sequence) else { return Ok(None) };
        let same_rows = demand.fitted.products.len() == snapshot.row_count();
        let fits = demand.sequence == snapshot.sequence
            || same_rows && !self.store.products_changed_since(demand.sequence).await?;
        Ok(fits.then_some(demand))
    }

    /// What was fitted last, however the catalogue has changed since; nothing is fitted for it.
    pub(crate) fn last_demand(&self) -> Option<Arc<Demand>> {
        self.demand.0.lock().expect("no panic while it is held").clone()
    }

    /// Grades of the whole catalogue with a stretch of its products.
    pub async fn demand_report(
        &self,
        grade: Option<ElasticityGrade>,
        category: Option<&str>,
        search: &str,
        offset: u64,
        limit: u32,
    ) -> Result<DemandReport, OperationError> {
        let snapshot = self.snapshot().await?;
        if snapshot.row_count() == 0 {
            return Err(OperationError::refused("There are no products yet. Import a catalogue and its sales first."));
        }
        let demand = self.demand(&snapshot).await?;
        if demand.sales_rows == 0 {
            return Err(OperationError::refused("There are no sales yet. Import them first: sku, date, units, price."));
        }
        let filters = category.map(|category| GridFilter::Category(category.to_owned())).into_iter().collect();
        let query = GridQuery { list: 0, search: search.to_owned(), filters, sort: GridSort::default() };
        let (searched, result) = self.grid(query).await?;
        let fits = |row: &u32| grade.is_none_or(|grade| grade == grade_of(&demand.fitted.products[*row as usize]));
        // The catalogue may have moved on between the two questions; what is new is in the next answer.
        let known = |row: &u32| (*row as usize) < demand.fitted.products.len();
        let matching: Vec<u32> = result.rows.iter().copied().filter(known).filter(fits).collect();
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(matching.len());
        let to = (from + (limit as usize).min(PAGE_LIMIT)).min(matching.len());
        let keys: Vec<u32> = matching[from..to].iter().map(|row| searched.products.key.get(*row as usize)).collect();
        let ids = self.store.product_ids(&keys).await?;
        let rows = matching[from..to].iter().zip(ids);
        let every: Vec<u32> = (0..demand.fitted.products.len() as u32).collect();
        Ok(DemandReport {
            products: demand.fitted.products.len() as u64,
            sales_rows: demand.sales_rows,
            elapsed_ms: demand.elapsed_ms,
            grades: demand.counts(&every),
            lacking: demand.lacking(&every),
            dropped: demand.dropped(&every),
            categories: demand.categories(),
            matching: matching.len() as u64,
            rows: rows.map(|(row, id)| demand.row(&searched, *row as usize, id)).collect(),
        })
    }

    /// All about the demand of one product.
    pub async fn elasticity(&self, product: ProductId) -> Result<ElasticityView, OperationError> {
        let missing = || OperationError::not_found("This product is not in the workspace any more.");
        let key = self.store.find_product(product).await?.ok_or_else(missing)?;
        let snapshot = self.snapshot().await?;
        let row = u32::try_from(key).ok().and_then(|key| snapshot.row_of_key(key)).ok_or_else(missing)? as usize;
        let demand = self.demand(&snapshot).await?;
        let found = &demand.fitted.products[row];
        let micro = |price: f64| price.is_finite().then(|| (price * MICRO).round() as i64);
        let currency = snapshot.lists.first().map_or(Currency::EUR, |list| list.currency);
        let point = |week: &pricing_science::SoldWeek| DemandPoint {
            price_micro: (week.price * MICRO).round() as i64,
            units: week.units,
            promotion: week.promotion,
        };
        Ok(ElasticityView {
            row: demand.row(&snapshot, row, product),
            currency,
            own: found.own.map(|own| (own.value, own.variance.sqrt())),
            category: demand.category_of(found, &snapshot, row),
            family: demand.family(&snapshot, found.source),
            siblings: found.family.found.used(),
            siblings_words: demand.siblings_words(found),
            rival_words: demand.rival_words(found),
            weeks: found.evidence.weeks as u64,
            price_levels: found.evidence.price_levels as u64,
            price_variation: 100.0 * found.evidence.price_variation,
            lowest_micro: micro(found.seen.0),
            highest_micro: micro(found.seen.1),
            dropped: found.dropped.iter().map(|(reason, count)| (words(*reason).to_owned(), *count as u64)).collect(),
            promotion_days: found.promotion_days as u64,
            repriced_days: found.repriced_days as u64,
            points: found.weeks.iter().map(point).collect(),
        })
    }
}

fn fit(store: &Store, snapshot: &Snapshot) -> Result<Demand, OperationError> {
    let started = Stopwatch::now();
    let (paths, category_of, parents) = categories(snapshot);
    let mut products: Vec<ProductSales> = (0..snapshot.row_count())
        .map(|row| ProductSales {
            category: category_of[snapshot.products.category.get(row) as usize],
            family: family_of(snapshot, row),
            days: Vec::new(),
        })
        .collect();
    let mut sales_rows = 0;
    let (mut key, mut row) = (-1, None);
    store.snapshot_reader()?.stream_sales(|sale| {
        sales_rows += 1;
        if sale.product_key != key {
            key = sale.product_key;
            row = u32::try_from(key).ok().and_then(|key| snapshot.row_of_key(key));
        }
        if let Some(row) = row {
            add(&mut products[row as usize].days, &sale);
        }
    })?;
    let repriced: Vec<usize> = (0..products.len())
        .map(|row| {
            settle_prices(&mut products[row].days, snapshot.lists.first().and_then(|list| list.contained_vat_bp(row)))
        })
        .collect();
    let rivals = rivals::read(store, snapshot, &products)?;
    let mut fitted = fit_beside_rivals(&products, &rivals, &parents, &DemandRules::default());
    fitted.products.iter_mut().zip(repriced).for_each(|(product, days)| product.repriced_days += days);
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut places: Vec<(u32, u32)> =
        (0..).zip(0..snapshot.row_count()).map(|(row, place)| (snapshot.products.key.get(place), row)).collect();
    places.sort_unstable();
    Ok(Demand { sequence: snapshot.sequence, fitted, paths, parents, sales_rows, elapsed_ms, places })
}

/// The code of a row's family, of several the first by name; `None` without one.
fn family_of(snapshot: &Snapshot, row: usize) -> Option<u32> {
    Some(snapshot.first_family(row)).filter(|code| *code != 0)
}

/// Adds a row; those of one day on several price lists are one day.
pub(crate) fn add(days: &mut Vec<(i64, HistoryRow)>, sale: &SalesRecord) {
    let units = sale.units_milli as f64 / MILLI;
    let price = sale.price_micro.map_or(f64::NAN, |price| price as f64 / MICRO);
    let revenue = sale.net_revenue_micro.map(|revenue| revenue as f64 / MICRO);
    match days.last_mut().filter(|(day, _)| *day == sale.day) {
        Some((_, known)) => {
            let all = known.units + units;
            if known.units > 0.0 && units > 0.0 {
                known.price = (known.price * known.units + price * units) / all;
            } else if units > 0.0 {
                known.price = price;
            }
            known.revenue = known.revenue.zip(revenue).map(|(one, other)| one + other);
            known.units = all;
            known.is_promotion |= sale.is_promotion;
        }
        None => {
            let is_promotion = sale.is_promotion;
            let row = HistoryRow { units, revenue, price, stock: None, is_promotion, is_closed: false };
            days.push((sale.day, row));
        }
    }
}

/// Net revenue and a price on the shelf differ by the tax. Where every day has its revenue, the price is what was
/// charged net; otherwise it is the price stated, and revenue is left aside. Gives the days on which another price was
/// charged than the one stated.
fn settle_prices(days: &mut [(i64, HistoryRow)], contained_vat_bp: Option<i64>) -> usize {
    let has_revenue = |row: &HistoryRow| row.units <= 0.0 || row.revenue.is_some_and(|revenue| revenue > 0.0);
    let all = days.iter().all(|(_, row)| has_revenue(row));
    let mut ratios = Vec::new();
    for (_, row) in days {
        if let Some(revenue) = row.revenue.take().filter(|_| all && row.units > 0.0) {
            let charged = revenue / row.units;
            ratios.extend(Some(charged / row.price).filter(|ratio| ratio.is_finite() && *ratio > 0.0));
            row.price = charged;
        }
    }
    days_apart(ratios, contained_vat_bp)
}

/// How many ratios of the net price charged to the price stated are others than the tax makes them. A stated price may
/// be gross or net, which the middle ratio tells; without a VAT rate the middle itself is what the tax makes.
fn days_apart(mut ratios: Vec<f64>, contained_vat_bp: Option<i64>) -> usize {
    /// A share of a price below which it is rounding.
    const APART: f64 = 0.005;
    const WHOLE: f64 = 10_000.0;
    ratios.sort_by(f64::total_cmp);
    let Some(middle) = ratios.get(ratios.len() / 2).copied() else { return 0 };
    let usual = match contained_vat_bp {
        Some(vat_bp) => {
            let gross = WHOLE / (WHOLE + vat_bp as f64);
            if (middle - gross).abs() <= (middle - 1.0).abs() { gross } else { 1.0 }
        }
        None => middle,
    };
    ratios.iter().filter(|ratio| (*ratio / usual - 1.0).abs() > APART).count()
}

/// The paths of all categories and of those above them; the place of each code of the dictionary; what lies above.
fn categories(snapshot: &Snapshot) -> (Vec<String>, Vec<Option<u32>>, Vec<Option<u32>>) {
    let above = |path: &str| path.rsplit_once('>').map(|(above, _)| above.trim().to_owned());
    let mut places: BTreeMap<String, u32> = BTreeMap::new();
    for code in 0..snapshot.categories.code_count() {
        let path = snapshot.categories.text(code as u32).trim().to_owned();
        let paths = std::iter::successors((!path.is_empty()).then_some(path), |path| above(path));
        paths.for_each(|path| {
            places.entry(path).or_default();
        });
    }
    places.values_mut().zip(0..).for_each(|(place, number)| *place = number);
    let place = |path: &str| places.get(path).copied();
    let category_of =
        (0..snapshot.categories.code_count()).map(|code| place(snapshot.categories.text(code as u32).trim()));
    let category_of = category_of.collect();
    let parents = places.keys().map(|path| above(path).and_then(|path| place(&path))).collect();
    (places.into_keys().collect(), category_of, parents)
}

impl Demand {
    /// What is known of a product by its key; `None` where it came later.
    pub(crate) fn fact(&self, key: u32) -> Option<DemandFact> {
        let place = self.places.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        let found = &self.fitted.products[self.places[place].1 as usize];
        let elasticity = found.graded.estimate.map(|estimate| (estimate.value, found.error()));
        Some(DemandFact { grade: grade_of(found), elasticity })
    }

    /// What grids are filtered and ordered by: grades and elasticities by the rows that were fitted.
    pub(crate) fn of_grid(&self) -> GridDemand {
        let mut grid = GridDemand::default();
        for found in &self.fitted.products {
            grid.push(grade_of(found), found.graded.estimate.map(|estimate| estimate.value));
        }
        grid
    }

    fn row(&self, snapshot: &Snapshot, row: usize, product: ProductId) -> ElasticityRow {
        let found = &self.fitted.products[row];
        ElasticityRow {
            product,
            sku: snapshot.products.sku.get(row).to_owned(),
            name: snapshot.products.name.get(row).to_owned(),
            grade: grade_of(found),
            elasticity: found.graded.estimate.map(|estimate| estimate.value),
            error: found.graded.estimate.map(|_| found.error()),
            inelastic: found.graded.is_inelastic,
            missing: found.graded.missing.clone(),
        }
    }
}

pub(crate) fn grade_of(product: &ProductDemand) -> ElasticityGrade {
    match product.graded.grade {
        Grade::OwnData => ElasticityGrade::OwnData,
        Grade::Shrunk => ElasticityGrade::Shrunk,
        Grade::Category => ElasticityGrade::Category,
        Grade::Default => ElasticityGrade::Default,
        Grade::NotEnough => ElasticityGrade::NotEnough,
    }
}

/// Why days or weeks are left out, in words.
pub(crate) const fn words(reason: Dropped) -> &'static str {
    match reason {
        Dropped::Closed => "the shop was closed",
        Dropped::NoPrice => "no price",
        Dropped::Returns => "more came back than was sold",
        Dropped::StockOut => "nothing in stock",
        Dropped::ProbablyOut => {
            "not sold for so long at one price that probably nothing was in stock, with the rest of those weeks"
        }
        Dropped::Outlier => "far from what the product sells",
        Dropped::CutWeek => "in the first or last week of all sales, which is not whole",
    }
}

#[cfg(test)]
mod tests {
    use pricing_science::HistoryRow;

    use super::settle_prices;

    fn day(place: i64, units: f64, price: f64, revenue: Option<f64>) -> (i64, HistoryRow) {
        (place, HistoryRow { units, revenue, price, stock: None, is_promotion: false, is_closed: false })
    }

    #[test]
    fn a_day_at_another_price_than_stated_is_counted_where_the_price_is_taken() {
        // 11.90 gross is 10.00 net; on the second day a tenth less was charged, on the third nothing was sold.
        let mut days = vec![
            day(0, 2.0, 11.90, Some(20.0)),
            day(1, 3.0, 11.90, Some(27.0)),
            day(2, 0.0, 11.90, None),
            day(3, 1.0, 11.90, Some(10.0)),
        ];
        let mut unknown = days.clone();
        let mut net = days.clone();
        assert_eq!(settle_prices(&mut days, Some(1_900)), 1);
        assert_eq!(days.iter().map(|(_, row)| row.price).collect::<Vec<_>>(), [10.0, 9.0, 11.90, 10.0]);
        assert_eq!(settle_prices(&mut unknown, None), 1, "most days tell what the tax makes");
        net.iter_mut().for_each(|(_, row)| row.price = 10.0);
        assert_eq!(settle_prices(&mut net, Some(1_900)), 1, "prices may be stated net");
        let mut lacking = vec![day(0, 2.0, 11.90, Some(20.0)), day(1, 3.0, 11.90, None)];
        assert_eq!(settle_prices(&mut lacking, Some(1_900)), 0, "where revenue is missing, the price stated stays");
        assert_eq!(lacking[0].1.price, 11.90);
    }
}
