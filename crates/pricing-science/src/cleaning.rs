//! Makes a history fit for estimation, and says what was left out and why.

use serde::{Deserialize, Serialize};

/// A day or week of a product's history.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// Units sold; negative where more came back than went out.
    pub units: f64,
    /// Revenue without tax, where it is known.
    pub revenue: Option<f64>,
    /// The price that was asked.
    pub price: f64,
    /// Stock at the end, where it is known.
    pub stock: Option<f64>,
    /// Whether a promotion ran.
    pub is_promotion: bool,
    /// Whether the shop was closed.
    pub is_closed: bool,
}

/// Why a row is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dropped {
    /// The shop was closed.
    Closed,
    /// No valid price.
    NoPrice,
    /// More came back than was sold.
    Returns,
    /// Nothing was left to sell, so that sales do not show demand.
    StockOut,
    /// Not sold for so long at one price that there was probably nothing to sell; found where no stock is known.
    ProbablyOut,
    /// Far from what this product sells, and no promotion explains it.
    Outlier,
    /// In a week that the beginning or the end of all sales cuts.
    CutWeek,
}

/// What was kept, and what was dropped for which reason.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CleaningReport {
    /// Rows given.
    pub rows: usize,
    /// Rows kept, by their place.
    pub kept: Vec<usize>,
    /// Rows dropped, with the reason.
    pub dropped: Vec<(usize, Dropped)>,
    /// Rows kept that are promotions; they are explained by a feature, not dropped.
    pub promotions: usize,
    /// Rows whose price was replaced by what was really charged.
    pub repriced: usize,
    /// The price really charged in each row kept.
    pub prices: Vec<f64>,
    /// Different prices, to the cent.
    pub price_levels: usize,
}

/// How far a row's logarithm may lie from the median, in units of the scaled median deviation.
const FAR: f64 = 5.0;
/// Where revenue per unit differs by more than this share, the asked price was not what was charged.
const REPRICED: f64 = 0.005;

/// Cleans a product's history.
///
/// Outliers by the median absolute deviation of the logarithm (Hampel 1974), ordinary rows and promotions apart.
pub fn clean(rows: &[HistoryRow]) -> CleaningReport {
    let mut report = CleaningReport { rows: rows.len(), ..CleaningReport::default() };
    let mut candidates = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        match reason(row) {
            Some(reason) => report.dropped.push((place, reason)),
            None => candidates.push(place),
        }
    }
    let outliers = [true, false].map(|is_promotion| {
        let of: Vec<usize> =
            candidates.iter().copied().filter(|place| rows[*place].is_promotion == is_promotion).collect();
        outliers(rows, &of)
    });
    let is_outlier = |place: &usize| outliers.iter().any(|places| places.contains(place));
    for place in candidates {
        if is_outlier(&place) {
            report.dropped.push((place, Dropped::Outlier));
            continue;
        }
        let row = &rows[place];
        let charged = row.revenue.filter(|_| row.units > 0.0).map_or(row.price, |revenue| revenue / row.units);
        let differs = (charged / row.price - 1.0).abs() > REPRICED;
        report.repriced += usize::from(differs);
        report.promotions += usize::from(row.is_promotion);
        report.prices.push(if differs { charged } else { row.price });
        report.kept.push(place);
    }
    report.dropped.sort_unstable();
    let mut cents: Vec<i64> = report.prices.iter().map(|price| (price * 100.0).round() as i64).collect();
    cents.sort_unstable();
    cents.dedup();
    report.price_levels = cents.len();
    report
}

fn reason(row: &HistoryRow) -> Option<Dropped> {
    if row.is_closed {
        Some(Dropped::Closed)
    } else if !row.price.is_finite() || row.price <= 0.0 {
        Some(Dropped::NoPrice)
    } else if row.units < 0.0 || !row.units.is_finite() {
        Some(Dropped::Returns)
    } else if row.stock.is_some_and(|stock| stock <= 0.0) {
        Some(Dropped::StockOut)
    } else {
        None
    }
}

fn outliers(rows: &[HistoryRow], places: &[usize]) -> Vec<usize> {
    const FEWEST: usize = 8;
    const TO_DEVIATION: f64 = 1.4826;
    // A count around one varies by that much by chance alone; and what a price cut sells in a steady history is no error.
    const LEAST: f64 = 0.5;
    let logarithm = |place: &usize| rows[*place].units.ln_1p();
    if places.len() < FEWEST {
        return Vec::new();
    }
    let middle = median(places.iter().map(logarithm).collect());
    let spread = TO_DEVIATION * median(places.iter().map(|place| (logarithm(place) - middle).abs()).collect());
    let is_far = |place: &usize| (logarithm(place) - middle).abs() > FAR * spread.max(LEAST);
    places.iter().copied().filter(is_far).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::{Dropped, HistoryRow, clean};

    fn row(units: f64) -> HistoryRow {
        HistoryRow { units, revenue: None, price: 2.0, stock: None, is_promotion: false, is_closed: false }
    }

    #[test]
    fn every_row_is_kept_or_dropped_with_a_reason() {
        let mut rows: Vec<HistoryRow> = (0..20).map(|day| row(10.0 + f64::from(day % 3))).collect();
        rows[1].is_closed = true;
        rows[2].price = 0.0;
        rows[3].units = -1.0;
        rows[4].stock = Some(0.0);
        rows[5].units = 4000.0;
        let report = clean(&rows);
        let reasons = [Dropped::Closed, Dropped::NoPrice, Dropped::Returns, Dropped::StockOut, Dropped::Outlier];
        let expected: Vec<_> = reasons.into_iter().enumerate().map(|(place, reason)| (place + 1, reason)).collect();
        assert_eq!(report.dropped, expected);
        assert_eq!(report.kept.len() + report.dropped.len(), report.rows);
    }

    #[test]
    fn a_product_that_sells_one_piece_on_most_days_may_sell_four() {
        let mut rows: Vec<HistoryRow> = (0..20).map(|_| row(1.0)).collect();
        rows[3].units = 4.0;
        rows[9].units = 200.0;
        assert_eq!(clean(&rows).dropped, [(9, Dropped::Outlier)]);
    }

    #[test]
    fn a_promotion_is_no_outlier_and_the_charged_price_counts() {
        let mut rows: Vec<HistoryRow> = (0..20).map(|day| row(10.0 + f64::from(day % 3))).collect();
        rows[7] = HistoryRow { units: 400.0, is_promotion: true, revenue: Some(600.0), ..row(0.0) };
        let report = clean(&rows);
        assert!(report.dropped.is_empty());
        assert_eq!((report.promotions, report.repriced, report.price_levels), (1, 1, 2));
        assert_eq!(report.prices[7], 1.5);
    }
}
