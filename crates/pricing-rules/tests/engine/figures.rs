//! Totals of a list against the definitions.

use pricing_domain::{BasisPoints, Lifecycle, MarketFilter, OfferPolicy, PriceListId, TaxMode};
use pricing_rules::{
    CompiledRules, ListValues, MarketView, NONE, Offer, ProductRecord, bounds_of, floors_of, list_figures,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::catalogue::{NOW, landed};
use crate::random::{self, RandomProduct, snapshot};

fn product(key: u32, price_minor: i64, units: i64, cost: &str, offers: &[(u16, i64)]) -> RandomProduct {
    let offer = |&(competitor, amount_minor): &(u16, i64)| Offer {
        amount_minor,
        key: 1,
        listing: 1,
        shipping_minor: Offer::NO_SHIPPING,
        last_seen_s: (NOW.0 / 1_000_000) as u32,
        competitor,
        currency: 1,
        availability: 0,
        kind: 0,
        condition: 0,
        match_type: 0,
        reserved: 0,
    };
    RandomProduct {
        moves: Vec::new(),
        record: ProductRecord { key, sku: format!("A-{key}"), cost: landed(cost), ..ProductRecord::default() },
        values: ListValues { price_minor, vat_bp: 1900, units_28d_milli: units * 1000, ..ListValues::default() },
        offers: offers.iter().map(offer).collect(),
    }
}

#[test]
fn the_price_index_weighs_by_units() {
    let products = [
        product(1, 1_000, 100, "1", &[(1, 800)]),
        product(2, 10_000, 1, "1", &[(1, 12_500), (1, 13_000)]),
        product(3, 500, 50, "1", &[]),
        product(4, 500, 50, "1", &[(2, 500)]),
    ];
    let figures = list_figures(&snapshot(&products, TaxMode::Gross), 0, &OfferPolicy::default(), BasisPoints(0), NOW);
    let index = figures.competitors[1];
    assert_eq!(index.index_hundredths, Some(11_892), "10 against 8 with 100 units, 100 against 125 with 1");
    assert_eq!((index.matched, index.coverage_bp), (2, 5_000));
    assert_eq!(figures.competitors[2].index_hundredths, Some(10_000));
    assert_eq!(figures.competitors[0].index_hundredths, None);
}

#[test]
fn totals_count_what_they_name() {
    let mut products = [
        product(1, 11_900, 3, "75", &[(0, 12_000), (1, 11_000)]),
        product(2, 11_900, 1, "110", &[(0, 11_880)]),
        product(3, 9_000, 0, "0", &[(0, 9_500)]),
        product(4, -1, 9, "5", &[]),
        product(5, 100, 9, "99", &[(0, 1)]),
    ];
    products[4].record.lifecycle = Some(Lifecycle::Ended);
    let figures = list_figures(&snapshot(&products, TaxMode::Gross), 0, &OfferPolicy::default(), BasisPoints(50), NOW);
    assert_eq!((figures.products, figures.priced, figures.with_cost, figures.with_offers), (4, 3, 3, 3));
    assert_eq!((figures.below_lowest, figures.at_lowest, figures.above_lowest), (1, 1, 1));
    assert_eq!(figures.below_cost, 1);
    assert_eq!(figures.margin_bp, Some(1_625), "(3 × 25 − 1 × 10) ÷ (4 × 100)");
}

#[test]
fn the_market_is_seen_as_figures_and_floors_count_it() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let snapshot = snapshot(&random::products(&mut random, 400), TaxMode::Gross);
    let filter = MarketFilter::of_list(PriceListId(Default::default()));
    let view = MarketView::new(&snapshot, 0, &filter, NOW);
    let rows = view.fold(Vec::new, |rows: &mut Vec<(usize, Option<i64>, usize)>, row| {
        rows.push((row.row, row.lowest_minor().filter(|_| row.price_minor.is_some()), row.lowest_of_each().count()));
    });
    let rows = rows.concat();
    let figures = list_figures(&snapshot, 0, &OfferPolicy::default(), BasisPoints(50), NOW);
    let compared = rows.iter().filter(|(_, lowest, _)| lowest.is_some()).count() as u64;
    assert_eq!(rows.len() as u64, figures.products);
    assert_eq!(compared, figures.below_lowest + figures.at_lowest + figures.above_lowest);
    assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0), "the parts come back in the order of the rows");
    assert!(rows.iter().all(|(row, lowest, _)| {
        lowest.is_none_or(|lowest| lowest == snapshot.lists[0].lowest_offer_minor.get(*row))
    }));
    let only = MarketFilter { competitors: vec![snapshot.competitors[1].name.to_uppercase()], ..filter.clone() };
    let view = MarketView::new(&snapshot, 0, &only, NOW);
    let matched =
        view.fold(|| 0, |sum: &mut u64, row| *sum += u64::from(row.price_minor.is_some() && !row.offers.is_empty()));
    assert_eq!(matched.iter().sum::<u64>(), figures.competitors[1].matched);

    let rules = random::rule_set(&mut random);
    let compiled = CompiledRules::compile(&rules, &snapshot).expect("rules that compile");
    let floors = floors_of(&compiled, &snapshot, 0, NOW);
    assert_eq!(floors.len(), snapshot.row_count());
    for (row, floor) in floors.iter().enumerate() {
        let (expected, _) = bounds_of(&compiled, &snapshot, 0, row, NOW);
        assert_eq!((*floor != NONE).then_some(*floor), expected, "row {row}");
    }
}
