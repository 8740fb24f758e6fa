//! Grids against a search, filter and sort written out row by row.

use std::sync::atomic::AtomicBool;

use pricing_domain::{ElasticityGrade, Lifecycle, Role, TaxMode};
use pricing_rules::{
    GridColumn, GridDemand, GridFilter, GridQuery, GridSort, ListFlags, ListValues, NONE, Snapshot, TextField, gap_bp,
    margin_bp, run_grid,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::catalogue::{NOW, landed};
use crate::hard_bounds::in_euro;
use crate::random::{RandomProduct, products, snapshot};

fn rows(snapshot: &Snapshot, query: &GridQuery) -> Vec<u32> {
    let mut demand = GridDemand::default();
    (0..snapshot.row_count()).map(fitted).for_each(|(grade, elasticity)| demand.push(grade, elasticity));
    run_grid(snapshot, Some(&demand), query, &AtomicBool::new(false)).rows.clone()
}

/// A row's demand as it might have been fitted.
fn fitted(row: usize) -> (ElasticityGrade, Option<f64>) {
    let grade = ElasticityGrade::ALL[row % ElasticityGrade::ALL.len()];
    (grade, (grade != ElasticityGrade::NotEnough).then(|| -0.25 * (row % 16) as f64))
}

fn catalogue() -> Snapshot {
    snapshot(&products(&mut ChaCha8Rng::seed_from_u64(11), 9_000), TaxMode::Gross)
}

fn matches(snapshot: &Snapshot, filter: &GridFilter, row: usize) -> bool {
    let (product, values) = (snapshot.product(row), snapshot.lists[0].values(row));
    let (lowest, price) = (snapshot.lists[0].lowest_offer_minor.get(row), values.price_minor);
    let offers = snapshot.lists[0].offer_count.get(row);
    let cost = product.cost.filter(|cost| cost.amount.0 > 0 && values.vat_bp >= 0).map(in_euro);
    match filter {
        GridFilter::Brand(brand) => product.brand.to_lowercase() == brand.to_lowercase(),
        GridFilter::Category(path) => product.category == *path || product.category.starts_with(&format!("{path} > ")),
        GridFilter::Supplier(name) => product.supplier == *name,
        GridFilter::Family(name) => product.family.split('\u{1f}').any(|family| family == name),
        GridFilter::Tag(tag) => product.tags.contains(tag),
        GridFilter::Attribute { name, text } => {
            snapshot.attributes_of(row).iter().any(|(known, had)| known == name && had.to_lowercase() == *text)
        }
        GridFilter::Role(role) => product.role == Some(*role),
        GridFilter::Lifecycle(stage) => product.lifecycle == Some(*stage),
        GridFilter::KeyValue => product.key_value,
        GridFilter::OwnBrand => product.own_brand,
        GridFilter::BelowCost => cost.is_some_and(|cost| {
            price > 0
                && i128::from(price) * 100_000_000 < i128::from(cost.amount.0) * i128::from(10_000 + values.vat_bp)
        }),
        GridFilter::NoCost => cost.is_none(),
        GridFilter::NoPrice => price <= 0,
        GridFilter::NoOffers => offers == 0,
        GridFilter::HasOffers => offers > 0,
        GridFilter::Locked => values.flags & ListFlags::LOCKED != 0,
        GridFilter::OnPromotion => values.flags & ListFlags::PROMOTION != 0,
        GridFilter::PendingProposal => values.flags & ListFlags::PENDING_PROPOSAL != 0,
        GridFilter::NeedsDecision => values.flags & ListFlags::EXCEPTION != 0,
        GridFilter::OutOfStock => product.stock.is_some_and(|stock| stock <= 0),
        GridFilter::DearerThanLowest => price > 0 && lowest != NONE && price > lowest,
        GridFilter::LowestOrEqual => price > 0 && lowest != NONE && price <= lowest,
        GridFilter::Demand(grade) => fitted(row).0 == *grade,
        GridFilter::Inelastic => fitted(row).1.is_some_and(|elasticity| elasticity >= -1.0),
    }
}

#[test]
fn every_filter_keeps_exactly_its_rows() {
    let snapshot = catalogue();
    let filters = [
        GridFilter::Brand("acme".into()),
        GridFilter::Category("Audio".into()),
        GridFilter::Family("Family 3".into()),
        GridFilter::Tag("sale".into()),
        GridFilter::Attribute { name: "colour family".into(), text: "dark red".into() },
        GridFilter::Role(Role::Profit),
        GridFilter::Lifecycle(Lifecycle::PhaseOut),
        GridFilter::KeyValue,
        GridFilter::OwnBrand,
        GridFilter::BelowCost,
        GridFilter::NoCost,
        GridFilter::NoPrice,
        GridFilter::NoOffers,
        GridFilter::HasOffers,
        GridFilter::Locked,
        GridFilter::OnPromotion,
        GridFilter::PendingProposal,
        GridFilter::NeedsDecision,
        GridFilter::OutOfStock,
        GridFilter::DearerThanLowest,
        GridFilter::LowestOrEqual,
        GridFilter::Demand(ElasticityGrade::Shrunk),
        GridFilter::Demand(ElasticityGrade::NotEnough),
        GridFilter::Inelastic,
    ];
    for filter in filters {
        let mut found = rows(&snapshot, &GridQuery { filters: vec![filter.clone()], ..GridQuery::default() });
        found.sort_unstable();
        let expected: Vec<u32> =
            (0..snapshot.row_count()).filter(|row| matches(&snapshot, &filter, *row)).map(|row| row as u32).collect();
        assert!(!expected.is_empty(), "{filter:?} has no row to keep");
        assert_eq!(found, expected, "{filter:?}");
    }
}

#[test]
fn without_fitted_demand_no_row_passes_a_test_of_it_and_the_order_is_that_of_the_skus() {
    let snapshot = catalogue();
    let of = |query: GridQuery| run_grid(&snapshot, None, &query, &AtomicBool::new(false)).rows.clone();
    for filter in [GridFilter::Inelastic, GridFilter::Demand(ElasticityGrade::NotEnough)] {
        assert_eq!(of(GridQuery { filters: vec![filter], ..GridQuery::default() }), Vec::<u32>::new());
    }
    let sort = GridSort { column: GridColumn::Demand, descending: true };
    assert_eq!(of(GridQuery { sort, ..GridQuery::default() }), of(GridQuery::default()));
}

#[test]
fn no_row_has_an_attribute_or_a_text_that_the_catalogue_lacks() {
    let snapshot = catalogue();
    for (name, text) in [("voltage", "230"), ("colour family", "no such colour")] {
        let filter = GridFilter::Attribute { name: name.into(), text: text.into() };
        assert_eq!(
            rows(&snapshot, &GridQuery { filters: vec![filter], ..GridQuery::default() }),
            Vec::<u32>::new(),
            "{name}"
        );
    }
}

#[test]
fn the_catalogues_own_words_are_offered_those_that_begin_so_first() {
    let snapshot = catalogue();
    let values = |field, attribute, written| snapshot.field_values(field, attribute, written, 3);
    assert_eq!(values(TextField::AttributeName, None, "colour_f"), ["colour family"]);
    assert_eq!(values(TextField::Attribute, Some("Colour_Family"), "re"), ["Dark red"]);
    assert_eq!(values(TextField::Attribute, Some("voltage"), ""), Vec::<String>::new());
    let categories = values(TextField::Category, None, "a");
    assert_eq!(categories, ["Audio", "Audio > Headphones"]);
    assert_eq!(values(TextField::Sku, None, ""), Vec::<String>::new());
}

#[test]
fn words_filters_and_lists_work_together() {
    let snapshot = catalogue();
    let query = GridQuery {
        search: "  ACME product ä".into(),
        filters: vec![GridFilter::HasOffers, GridFilter::KeyValue],
        ..GridQuery::default()
    };
    let mut found = rows(&snapshot, &query);
    found.sort_unstable();
    let expected = (0..snapshot.row_count()).filter(|row| {
        let product = snapshot.product(*row);
        let text = format!("{} {} {}", product.sku, product.name, product.brand).to_lowercase();
        ["acme", "product", "ä"].iter().all(|word| text.contains(word))
            && query.filters.iter().all(|filter| matches(&snapshot, filter, *row))
    });
    let expected: Vec<u32> = expected.map(|row| row as u32).collect();
    assert!(expected.len() > 20);
    assert_eq!(found, expected);
    assert!(rows(&snapshot, &GridQuery { list: 5, ..GridQuery::default() }).is_empty(), "a list that is not there");
}

fn sort_value(snapshot: &Snapshot, column: GridColumn, row: usize) -> Option<String> {
    let (product, values) = (snapshot.product(row), snapshot.lists[0].values(row));
    let padded = |value: i64| format!("{:020}", i128::from(value) + (1i128 << 62));
    let present = |value: i64| (value != NONE).then(|| padded(value));
    let word = |text: String| (!text.is_empty()).then(|| text.to_lowercase());
    match column {
        GridColumn::Sku => Some(product.sku.to_lowercase()),
        GridColumn::Name => Some(product.name.to_lowercase()),
        GridColumn::Brand => word(product.brand),
        GridColumn::Category => word(product.category),
        GridColumn::Price => present(values.price_minor),
        GridColumn::Cost => margin_bp(snapshot, 0, row).and(product.cost).map(|cost| padded(in_euro(cost).amount.0)),
        GridColumn::Margin => margin_bp(snapshot, 0, row).map(|margin| padded(i64::from(margin))),
        GridColumn::Lowest => present(snapshot.lists[0].lowest_offer_minor.get(row)),
        GridColumn::Gap => gap_bp(snapshot, 0, row).map(|gap| padded(i64::from(gap))),
        GridColumn::Offers => Some(padded(i64::from(snapshot.lists[0].offer_count.get(row)))),
        GridColumn::Stock => product.stock.map(padded),
        GridColumn::Role => product.role.map(|role| padded(role as i64)),
        GridColumn::Units => Some(padded(values.units_28d_milli)),
        GridColumn::Demand => fitted(row).1.map(|elasticity| padded((1_000.0 * (elasticity + 100.0)) as i64)),
    }
}

#[test]
fn rows_come_in_order_with_missing_values_last_in_both_directions() {
    let snapshot = catalogue();
    let columns = [
        GridColumn::Sku,
        GridColumn::Name,
        GridColumn::Brand,
        GridColumn::Category,
        GridColumn::Price,
        GridColumn::Margin,
        GridColumn::Lowest,
        GridColumn::Gap,
        GridColumn::Offers,
        GridColumn::Stock,
        GridColumn::Role,
        GridColumn::Units,
        GridColumn::Demand,
    ];
    for column in columns {
        for descending in [false, true] {
            let found = rows(&snapshot, &GridQuery { sort: GridSort { column, descending }, ..GridQuery::default() });
            assert_eq!(found.len(), snapshot.row_count());
            let value = |row: &u32| sort_value(&snapshot, column, *row as usize);
            let sku = |row: &u32| snapshot.products.sku_rank.get(*row as usize);
            for pair in found.windows(2) {
                let (one, other) = (value(&pair[0]), value(&pair[1]));
                let in_order = match (&one, &other) {
                    (Some(one), Some(other)) if descending => one >= other,
                    (Some(one), Some(other)) => one <= other,
                    (None, Some(_)) => false,
                    (_, None) => true,
                };
                assert!(in_order, "{column:?} descending {descending}: {one:?} before {other:?}");
                let by_own_order = matches!(column, GridColumn::Sku | GridColumn::Name);
                assert!(
                    by_own_order || one != other || sku(&pair[0]) < sku(&pair[1]),
                    "{column:?}: ties follow the SKU"
                );
            }
        }
    }
}

#[test]
fn amounts_beyond_32_bits_are_sorted_as_well() {
    let mut products: Vec<RandomProduct> = products(&mut ChaCha8Rng::seed_from_u64(1), 4);
    let prices = [NONE, 9_000_000_000_000, 3, 5_000_000_000_000];
    products.iter_mut().zip(prices).for_each(|(product, price)| product.values.price_minor = price);
    let snapshot = snapshot(&products, TaxMode::Gross);
    let sorted = |descending| {
        rows(&snapshot, &GridQuery { sort: GridSort { column: GridColumn::Price, descending }, ..GridQuery::default() })
    };
    assert_eq!((sorted(false), sorted(true)), (vec![2, 3, 1, 0], vec![1, 3, 2, 0]));
}

#[test]
fn margin_and_gap_follow_their_definitions() {
    let mut products = products(&mut ChaCha8Rng::seed_from_u64(1), 1);
    products[0].record.cost = landed("75");
    products[0].values = ListValues { price_minor: 11_900, vat_bp: 1900, ..ListValues::default() };
    products[0].offers = vec![pricing_rules::Offer {
        amount_minor: 12_000,
        key: 1,
        listing: 1,
        shipping_minor: pricing_rules::Offer::NO_SHIPPING,
        last_seen_s: (NOW.0 / 1_000_000) as u32,
        competitor: 0,
        currency: 1,
        availability: 0,
        kind: 0,
        condition: 0,
        match_type: 0,
        reserved: 0,
    }];
    let snapshot = snapshot(&products, TaxMode::Gross);
    assert_eq!(margin_bp(&snapshot, 0, 0), Some(2_500), "(100 − 75) ÷ 100");
    assert_eq!(gap_bp(&snapshot, 0, 0), Some(-83), "119 ÷ 120 − 1");
}

#[test]
fn queries_have_stable_names() {
    let query = GridQuery {
        filters: vec![GridFilter::Brand("Acme".into()), GridFilter::BelowCost],
        sort: GridSort { column: GridColumn::Lowest, descending: true },
        ..GridQuery::default()
    };
    let text = serde_json::to_string(&query).expect("serialises");
    let expected = r#"{"list":0,"search":"","filters":[{"brand":"Acme"},"below_cost"],"sort":{"column":"lowest","descending":true}}"#;
    assert_eq!(text, expected);
    assert_eq!(serde_json::from_str::<GridQuery>(r#"{"list":0}"#).expect("parses"), GridQuery::default());
}
