//! Days on which there was probably nothing to sell, told from the sales alone where no history of the stock is kept.
//!
//! A product that sells on a share p of the days is without a sale for k days in a row n·p·(1−p)^k times in n days by
//! chance (Feller 1968, “An Introduction to Probability Theory” 1, chapter 13). Where that is almost never, the shop sold
//! other things meanwhile, and the price was the same before and after, then it was not the price that kept buyers away.

use crate::cleaning::HistoryRow;

/// A run that chance brings more often than this in all of a history says nothing.
const BY_CHANCE: f64 = 0.01;
/// Days before and after a run that tell how often the product sells.
const AROUND: usize = 56;
/// Days that are needed on each side.
const FEWEST: usize = 14;
/// Prices that lie nearer than this are the same.
const SAME_PRICE: f64 = 0.02;

/// The days, from and to, of runs that are too long for chance. `open` are the days on which anything was sold, in order.
pub(super) fn stock_outs(days: &[(i64, HistoryRow)], open: &[i64]) -> Vec<(i64, i64)> {
    let place = |day: i64| open.partition_point(|one| *one < day);
    let sold: Vec<(usize, &(i64, HistoryRow))> =
        days.iter().filter(|(_, row)| row.units > 0.0).map(|day| (place(day.0), day)).collect();
    let (Some((first, _)), Some((last, _))) = (sold.first(), sold.last()) else { return Vec::new() };
    let observed = (last - first + 1) as f64;
    let mut runs = Vec::new();
    for (number, pair) in sold.windows(2).enumerate() {
        let [(before, (from, row_before)), (after, (to, row_after))] = pair else { continue };
        let length = after - before - 1;
        let is_same = (row_after.price / row_before.price - 1.0).abs() <= SAME_PRICE
            && row_before.is_promotion == row_after.is_promotion;
        if length == 0 || !is_same {
            continue;
        }
        let sides = [(*before - first + 1).min(AROUND), (last - after + 1).min(AROUND)];
        if sides.iter().any(|side| *side < FEWEST) {
            continue;
        }
        let earlier = sold[..=number].iter().rev().take_while(|(place, _)| before - place < AROUND).count();
        let later = sold[number + 1..].iter().take_while(|(place, _)| place - after < AROUND).count();
        // One day without a sale is added, so that what sold on every day may miss one as well.
        let share = (earlier + later) as f64 / (sides[0] + sides[1] + 1) as f64;
        let expected = observed * share * (1.0 - share).powi(i32::try_from(length).unwrap_or(i32::MAX));
        if expected < BY_CHANCE {
            runs.push((from + 1, to - 1));
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::stock_outs;
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

    fn open() -> Vec<i64> {
        OPEN.collect()
    }

    #[test]
    fn a_gap_that_chance_would_almost_never_bring_is_a_stock_out_and_its_length_is_the_binomials() {
        // Every second day: n·p·(1−p)^k = 200 · ½ · ½^k falls below a hundredth from k = 14 on, for 100 / 2^13 = 0.0122.
        let gap =
            |from: i64, length: i64| days(move |day| day % 2 == 0 && !(from..from + length).contains(&day), |_| 9.99);
        // Days 81 to 93 are thirteen without a sale; days 81 to 95 are fifteen.
        assert_eq!(stock_outs(&gap(82, 12), &open()), []);
        assert_eq!(stock_outs(&gap(82, 14), &open()), [(81, 95)]);
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
}
