//! Totals of a list against the definitions.

use pricing_domain::{BasisPoints, Lifecycle, OfferPolicy, TaxMode};
use pricing_rules::{ListValues, Offer, ProductRecord, list_figures};

use crate::catalogue::{NOW, landed};
use crate::random::{RandomProduct, snapshot};

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
