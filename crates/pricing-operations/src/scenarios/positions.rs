//! Where our prices stand among competitors' usable prices.

use pricing_domain::{Instant, MarketFilter};
use pricing_rules::{MarketRow, MarketView, Snapshot};

/// The names of the positions, from the cheapest; their places are the codes.
pub(super) const POSITIONS: [&str; 5] = [
    "cheaper than every competitor",
    "as cheap as the cheapest",
    "between the cheapest and the dearest",
    "dearest, or as dear as the dearest",
    "without a usable competitor price",
];

/// The code of products without a usable competitor price.
const ALONE: u8 = 4;

/// The position of each row of the snapshot at a time.
pub(super) fn positions(snapshot: &Snapshot, list: usize, now: Instant) -> Vec<u8> {
    let view = MarketView::new(snapshot, list, &MarketFilter::of_list(snapshot.lists[list].id), now);
    let parts = view.fold(Vec::new, |found: &mut Vec<(usize, u8)>, row| found.push((row.row, position(row))));
    let mut positions = vec![ALONE; snapshot.row_count()];
    parts.into_iter().flatten().for_each(|(row, position)| positions[row] = position);
    positions
}

fn position(row: &MarketRow<'_>) -> u8 {
    let ends = row.offers.first().zip(row.offers.last());
    let Some((price, (lowest, highest))) = row.price_minor.zip(ends) else { return ALONE };
    match price {
        _ if price < lowest.amount_minor => 0,
        _ if price == lowest.amount_minor => 1,
        _ if price < highest.amount_minor => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use pricing_rules::{MarketOffer, MarketRow};

    use super::position;

    fn at(price: Option<i64>, offers: &[i64]) -> u8 {
        let offers: Vec<MarketOffer> =
            offers.iter().map(|amount| MarketOffer { amount_minor: *amount, competitor: 0 }).collect();
        position(&MarketRow { row: 0, price_minor: price, units_milli: 0, offers: &offers })
    }

    #[test]
    fn every_price_has_one_position() {
        let three = [1_000, 1_100, 1_200];
        let found = [999, 1_000, 1_001, 1_100, 1_199, 1_200, 1_300].map(|price| at(Some(price), &three));
        assert_eq!(found, [0, 1, 2, 2, 2, 3, 3]);
        assert_eq!([at(Some(900), &[]), at(None, &three)], [4, 4]);
        assert_eq!(
            [999, 1_000, 1_001].map(|price| at(Some(price), &[1_000])),
            [0, 1, 3],
            "against one there is no middle"
        );
    }
}
