//! Days on which there was probably nothing to sell, told from the sales alone where no history of the stock is kept.
//!
//! A day without a sale is no evidence by itself. A run of them is, where the shop sold other things meanwhile, the price
//! was the same before and after, and a product that sells as this one does would hardly show such a run:
//!
//! - *How often it sells* is the share of days with a sale on the side of the run, before or after, on which it sold less
//!   often, since what fades out or comes back slowly is no stock-out.
//! - *How evenly* is told by stretches of fourteen days that follow each other: how much more their days with a sale differ
//!   than those of independent days would (differences of neighbours, after von Neumann 1941, so that a season is not
//!   taken for unevenness). Runs as long as the one in question take no part in that, unless they are how it sells: after
//!   more than one sale in [`USUAL`].
//! - A run of k days without a sale is then as probable as in a beta-binomial law with that share and that correlation
//!   within a stretch (Skellam 1948): B(α, β + k) ÷ B(α, β). What is unsure about the share, known from few days, widens
//!   it in the same way. For an even seller with much data this is (1 − p)^k.
//! - Every pair of sales at one price with enough of a history on both sides is a chance for such a run. Of all of the
//!   catalogue, those are believed whose probability lies below [`LEVEL`] and among which no more than [`FALSE_SHARE`] are
//!   expected by chance (Benjamini and Hochberg 1995).

use statrs::function::gamma::ln_gamma;

use crate::cleaning::HistoryRow;

/// A run that is more probable than this is never believed.
const LEVEL: f64 = 0.001;
/// The share of the runs believed that may be chance.
const FALSE_SHARE: f64 = 0.01;
/// Days before and after a run that tell how often the product sells.
const AROUND: usize = 56;
/// Days that are needed on each side.
const FEWEST: usize = 14;
/// Days of a stretch that tells how evenly it sells.
const STRETCH: usize = 14;
/// Stretches that are needed for that.
const FEWEST_STRETCHES: usize = 4;
/// Runs that come after more than one sale in so many are no exception.
const USUAL: usize = 25;
/// Days of one sale more and one less that are added before a share is told: none of them is ever 0 or 1 (Jeffreys 1946).
const ADDED: f64 = 0.5;
/// Prices that lie nearer than this are the same.
const SAME_PRICE: f64 = 0.02;

/// A run of days without a sale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    /// The day after the last sale.
    pub from: i64,
    /// The day before the next one.
    pub to: i64,
    /// How probable so long a run is.
    chance: f64,
}

/// A product's runs that are improbable by themselves.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Runs {
    improbable: Vec<Run>,
    /// Pairs of sales between each of which one could have been found.
    asked: usize,
}

/// The runs of a product. `open` are the days on which anything was sold, in order.
pub(super) fn runs(days: &[(i64, HistoryRow)], open: &[i64]) -> Runs {
    let place = |day: i64| open.partition_point(|one| *one < day);
    let sold: Vec<(usize, &(i64, HistoryRow))> =
        days.iter().filter(|(_, row)| row.units > 0.0).map(|day| (place(day.0), day)).collect();
    let places: Vec<usize> = sold.iter().map(|(place, _)| *place).collect();
    let mut found = Runs::default();
    for (number, pair) in sold.windows(2).enumerate() {
        let [(before, (from, row_before)), (after, (to, row_after))] = pair else { continue };
        let is_same = (row_after.price / row_before.price - 1.0).abs() <= SAME_PRICE
            && row_before.is_promotion == row_after.is_promotion;
        let sides = [before - places[0] + 1, places[places.len() - 1] - after + 1].map(|days| days.min(AROUND));
        if !is_same || sides.iter().any(|days| *days < FEWEST) {
            continue;
        }
        found.asked += 1;
        let length = after - before - 1;
        if let Some(chance) = chance(&places, number, sides).filter(|chance| length > 0 && *chance <= LEVEL) {
            found.improbable.push(Run { from: from + 1, to: to - 1, chance });
        }
    }
    found
}

/// How probable it is that a product which sold at these places is without a sale for as long as after the sale `number`,
/// with so many days on each side; `None` where too little is known of it.
fn chance(places: &[usize], number: usize, sides: [usize; 2]) -> Option<f64> {
    let (before, after) = (places[number], places[number + 1]);
    let length = after - before - 1;
    let earlier = places[..=number].iter().rev().take_while(|place| before - **place < AROUND).count();
    let later = places[number + 1..].iter().take_while(|place| **place - after < AROUND).count();
    let share = |sales: usize, days: usize| (sales as f64 + ADDED) / (days as f64 + 2.0 * ADDED);
    let shares = [share(earlier, sides[0]), share(later, sides[1])];
    let side = usize::from(shares[1] < shares[0]);
    let (share, days) = (shares[side], sides[side] as f64);
    // Independent days are the least that is to be said against it; most runs are over with that.
    if without_a_sale(share, of_few(days, 0.0), length) > LEVEL {
        return None;
    }
    let as_long = places.windows(2).filter(|pair| pair[1] - pair[0] > length).count();
    let is_rare = as_long * USUAL < places.len();
    let correlation = correlation(places, if is_rare { length } else { usize::MAX })?;
    Some(without_a_sale(share, of_few(days, correlation), length))
}

/// The correlation of days within a stretch, with what is unsure about a share that is known from so many days.
fn of_few(days: f64, correlation: f64) -> f64 {
    correlation + (1.0 - correlation) / (days + 2.0)
}

/// The probability of no sale in `length` days that sell with this share on average, and go together so much.
fn without_a_sale(share: f64, correlation: f64, length: usize) -> f64 {
    let both = 1.0 / correlation - 1.0;
    let empty = (1.0 - share) * both;
    let length = length as f64;
    (ln_gamma(empty + length) + ln_gamma(both) - ln_gamma(empty) - ln_gamma(both + length)).exp()
}

/// How much the days of a stretch go together, 0 for independent ones; without the runs of at least `longest` days.
fn correlation(places: &[usize], longest: usize) -> Option<f64> {
    /// More than this and no run at all would be improbable.
    const MOST: f64 = 0.9;
    let mut stretches = vec![0.0_f64];
    let mut day = 0;
    for (number, place) in places.iter().enumerate() {
        let gap = number.checked_sub(1).map_or(0, |before| place - places[before] - 1);
        day += if gap >= longest { 0 } else { gap };
        stretches.resize(day / STRETCH + 1, 0.0);
        stretches[day / STRETCH] += 1.0;
        day += 1;
    }
    // The last one is whole only where its last day is there.
    stretches.truncate(day / STRETCH);
    if stretches.len() < FEWEST_STRETCHES {
        return None;
    }
    let length = STRETCH as f64;
    let (mut found, mut independent) = (0.0, 0.0);
    for pair in stretches.windows(2) {
        let half = (pair[1] - pair[0]).powi(2) / 2.0;
        let share = (pair[0] + pair[1]) / (2.0 * length);
        found += half;
        // p(1 − p) of a share that is itself estimated from the two is too small by its variance.
        independent += length * (share * (1.0 - share) + half / (2.0 * length * length));
    }
    let ratio = if independent > 0.0 { found / independent } else { 1.0 };
    Some(((ratio - 1.0) / (length - 1.0)).clamp(0.0, MOST))
}

/// The runs that are believed, product by product.
pub(super) fn believed(all: &[Runs]) -> Vec<Vec<Run>> {
    let asked: usize = all.iter().map(|runs| runs.asked).sum();
    let mut chances: Vec<f64> = all.iter().flat_map(|runs| &runs.improbable).map(|run| run.chance).collect();
    chances.sort_by(f64::total_cmp);
    let is_below = |place: usize| chances[place] <= FALSE_SHARE * (place + 1) as f64 / asked as f64;
    let limit = (0..chances.len()).rev().find(|place| is_below(*place)).map(|place| chances[place]);
    let is_believed = |run: &Run| limit.is_some_and(|limit| run.chance <= limit);
    all.iter().map(|runs| runs.improbable.iter().copied().filter(is_believed).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::{LEVEL, believed, chance, correlation, of_few, runs, without_a_sale};
    use crate::cleaning::HistoryRow;

    const OPEN: std::ops::Range<i64> = 0..200;

    fn days(sells: impl Fn(i64) -> bool, price: impl Fn(i64) -> f64) -> Vec<(i64, HistoryRow)> {
        let row = |day: i64| HistoryRow {
            units: 2.0,
            revenue: None,
            price: price(day),
            stock: None,
            is_promotion: false,
            is_closed: false,
        };
        OPEN.filter(|day| sells(*day)).map(|day| (day, row(day))).collect()
    }

    /// The days, from and to, that are believed where this is the whole catalogue.
    fn stock_outs(days: &[(i64, HistoryRow)], open: &[i64]) -> Vec<(i64, i64)> {
        let believed = believed(&[runs(days, open)]);
        believed[0].iter().map(|run| (run.from, run.to)).collect()
    }

    fn open() -> Vec<i64> {
        OPEN.collect()
    }

    #[test]
    fn a_run_is_as_probable_as_its_factors_say() {
        // Every second day, 28 of 56: share ½, α = β = 57 ÷ 2. Each day without a sale makes the next one likelier.
        let by_hand = |length: usize| (0..length).map(|day| (28.5 + day as f64) / (57.0 + day as f64)).product::<f64>();
        for length in [1, 5, 14] {
            assert!((without_a_sale(0.5, of_few(56.0, 0.0), length) / by_hand(length) - 1.0).abs() < 1e-9);
        }
        // Known from many independent days it is a power.
        assert!((without_a_sale(0.3, of_few(1e9, 0.0), 10) - 0.7_f64.powi(10)).abs() < 1e-6);
        assert!(without_a_sale(0.3, of_few(1e9, 0.2), 10) > 3.0 * 0.7_f64.powi(10), "clusters bring longer runs");
    }

    #[test]
    fn a_run_is_believed_from_the_length_on_at_which_chance_is_too_rare_among_all_pairs() {
        let gap =
            |from: i64, length: i64| days(move |day| day % 2 == 0 && !(from..from + length).contains(&day), |_| 9.99);
        let by_hand = |length: usize| (0..length).map(|day| (28.5 + day as f64) / (57.0 + day as f64)).product::<f64>();
        // From day 14 to day 184 there are 85 pairs less the seven or eight sales that are missing; the only improbable run
        // is believed below 0.01 ÷ pairs.
        assert!(by_hand(15) > 0.01 / 78.0 && by_hand(17) < 0.01 / 77.0);
        assert_eq!(stock_outs(&gap(82, 14), &open()), [], "fifteen days, 81 to 95");
        assert_eq!(stock_outs(&gap(82, 16), &open()), [(81, 97)], "seventeen days");
    }

    #[test]
    fn a_dearer_price_a_closed_shop_and_a_slow_seller_are_no_stock_outs() {
        let is_gap = |day: i64| (80..110).contains(&day);
        let dearer = days(|day| !is_gap(day), |day| if day < 80 { 9.99 } else { 12.99 });
        assert_eq!(stock_outs(&dearer, &open()), []);
        let steady = days(|day| !is_gap(day), |_| 9.99);
        assert_eq!(stock_outs(&steady, &open()), [(80, 109)]);
        let closed: Vec<i64> = OPEN.filter(|day| !is_gap(*day)).collect();
        assert_eq!(stock_outs(&steady, &closed), [], "nobody sold anything meanwhile");
        let slow = days(|day| day % 10 == 0 && !is_gap(day), |_| 9.99);
        assert_eq!(stock_outs(&slow, &open()), [], "three sales missed in a row are chance");
    }

    #[test]
    fn what_sells_in_bursts_may_be_without_a_sale_for_as_long_as_a_steady_seller_may_not() {
        // Both sell on half of the days before and after: one every second day with a pause of 25 days, one in bursts of
        // fifteen days, of which one does not come, so that it pauses for 45.
        let is_pause = |day: i64| (90..114).contains(&day);
        let steady = days(|day| day % 2 == 0 && !is_pause(day), |_| 9.99);
        assert_eq!(stock_outs(&steady, &open()), [(89, 113)]);
        let bursts = days(|day| (day / 15) % 2 == 0 && !is_pause(day), |_| 9.99);
        assert_eq!(stock_outs(&bursts, &open()), []);
        let places: Vec<usize> = bursts.iter().map(|(day, _)| *day as usize).collect();
        assert!(correlation(&places, 40).expect("enough stretches") > 0.4);
        let even: Vec<usize> = steady.iter().map(|(day, _)| *day as usize).collect();
        assert_eq!(correlation(&even, 25), Some(0.0));
    }

    #[test]
    fn a_product_that_fades_out_and_comes_back_is_judged_by_its_slow_side() {
        // Daily until day 100, then every eighth day, nothing from 141 to 160, and daily again.
        let fades = days(|day| day <= 60 || (day <= 140 && day % 8 == 0) || day > 160, |_| 9.99);
        assert_eq!(stock_outs(&fades, &open()), []);
    }

    #[test]
    fn the_more_pairs_of_sales_there_are_the_rarer_a_run_must_be() {
        let gap = days(|day| day % 2 == 0 && !(82..98).contains(&day), |_| 9.99);
        let found = runs(&gap, &open());
        let chance = found.improbable[0].chance;
        assert!(chance < LEVEL);
        let even = runs(&days(|day| day % 2 == 0, |_| 9.99), &open());
        assert_eq!(even.improbable, []);
        assert_eq!(believed(std::slice::from_ref(&found))[0].len(), 1, "{chance} among 77 pairs");
        // 77 and twice 85 pairs: 0.01 ÷ 247 is less than its probability.
        assert_eq!(believed(&[found.clone(), even.clone(), even.clone()])[0], [], "{chance} among 247");
        // A second one makes both likelier to be true: of two, each may be as probable as 0.02 ÷ 239.
        let both = believed(&[found.clone(), even, found]);
        assert!(both[0].len() == 1 && both[2].len() == 1, "{both:?}");
    }

    #[test]
    fn too_little_around_a_run_says_nothing() {
        let late = days(|day| !(10..60).contains(&day), |_| 9.99);
        assert_eq!(stock_outs(&late, &open()), [], "ten days before it");
        let short = days(|day| (0..20).contains(&day) || (60..90).contains(&day), |_| 9.99);
        assert_eq!(stock_outs(&short, &open()), [], "fifty days are three stretches");
        let places: Vec<usize> = (0..20).chain(60..90).collect();
        assert_eq!(chance(&places, 19, [20, 30]), None);
    }
}
