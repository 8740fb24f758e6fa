//! The snapshot: changed in place it equals one built anew, copies share what did not change, and the cache gives back
//! what was written or nothing.

use pricing_domain::TaxMode;
use pricing_rules::{
    CHUNK, CacheError, ListRecord, ListValues, NONE, Offer, PriceMove, ProductRecord, RowChange, Snapshot,
    SnapshotBuilder, list_order, parse_rule_set,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::catalogue::{NOW, competitor, euro_list, landed};
use crate::random::{RandomProduct, products, snapshot};

/// Everything that can be read from a snapshot.
type Contents = Vec<(ProductRecord, ListValues, [i64; 6], Vec<Offer>, Vec<PriceMove>, u32, u32)>;

fn contents(snapshot: &Snapshot) -> Contents {
    let row = |row: usize| {
        let list = &snapshot.lists[0];
        (
            snapshot.product(row),
            list.values(row),
            [
                list.lowest_offer_minor.get(row),
                list.offer_count.get(row).into(),
                list.second_offer_minor.get(row),
                list.middle_offers_minor.get(row),
                list.offer_sum_minor.get(row),
                list.offers_until_s.get(row).into(),
            ],
            snapshot.offers.get(row).to_vec(),
            snapshot.moves.get(row).to_vec(),
            snapshot.products.sku_rank.get(row),
            snapshot.products.name_rank.get(row),
        )
    };
    (0..snapshot.row_count()).map(row).collect()
}

/// A change of every kind to some of the products, made to `products` as well.
fn change_some(random: &mut ChaCha8Rng, products: &mut Vec<RandomProduct>) -> Vec<RowChange> {
    let mut changes = Vec::new();
    for product in products.iter_mut() {
        let key = product.record.key;
        match random.random_range(0..12) {
            0 => {
                product.values.price_minor = 4_999;
                changes.push(RowChange::ListValues { key, list: 0, values: product.values });
            }
            1 => {
                product.offers.truncate(1);
                changes.push(RowChange::Offers { key, offers: product.offers.clone() });
            }
            2 => {
                product.record.cost = landed("12.3456");
                changes.push(RowChange::Cost { key, cost: product.record.cost });
            }
            3 => {
                product.record.stock = None;
                changes.push(RowChange::Stock { key, stock: None });
            }
            4 => {
                product.record.name = format!("Renamed {key}");
                product.record.brand = "New brand".into();
                product.record.family = "Family 1".into();
                product.record.attributes = vec![("material".into(), "Wood".into()), ("new one".into(), "x".into())];
                changes.push(RowChange::Product(Box::new(product.record.clone())));
            }
            5 => {
                product.moves.pop();
                changes.push(RowChange::Moves { key, moves: product.moves.clone() });
            }
            _ => {}
        }
    }
    let mut added = products[0].clone();
    added.record = ProductRecord { key: 90_000, sku: "AAA".into(), ..added.record };
    changes.push(RowChange::Product(Box::new(added.record.clone())));
    changes.push(RowChange::ListValues { key: 90_000, list: 0, values: added.values });
    changes.push(RowChange::Offers { key: 90_000, offers: added.offers.clone() });
    changes.push(RowChange::Moves { key: 90_000, moves: added.moves.clone() });
    products.push(added);
    changes
}

#[test]
fn a_changed_snapshot_equals_one_built_anew() {
    for seed in 0..20 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut products = products(&mut random, 600);
        let before = snapshot(&products, TaxMode::Gross);
        let untouched = contents(&before);
        let changes = change_some(&mut random, &mut products);
        let after = before.updated(2, NOW, changes);
        assert_eq!(contents(&after), contents(&snapshot(&products, TaxMode::Gross)), "seed {seed}");
        assert_eq!(contents(&before), untouched, "the snapshot before stays as it was");
        assert_eq!((after.sequence, after.row_of_key(90_000), before.row_of_key(90_000)), (2, Some(600), None));
    }
}

#[test]
fn only_touched_chunks_are_copied() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let products = products(&mut random, CHUNK as u32 + 10);
    let before = snapshot(&products, TaxMode::Gross);
    let values = ListValues { price_minor: 777, ..before.lists[0].values(3) };
    let after =
        before.updated(2, NOW, vec![RowChange::ListValues { key: before.products.key.get(3), list: 0, values }]);
    let prices = |snapshot: &Snapshot, chunk| snapshot.lists[0].price_minor.chunk(chunk).as_ptr();
    assert_ne!(prices(&before, 0), prices(&after, 0));
    assert_eq!(prices(&before, 1), prices(&after, 1));
    assert_eq!(before.lists[0].vat_bp.chunk(0).as_ptr(), after.lists[0].vat_bp.chunk(0).as_ptr());
}

#[test]
fn changes_of_unknown_products_are_passed_over() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let before = snapshot(&products(&mut random, 5), TaxMode::Gross);
    let change = RowChange::Stock { key: 4_711, stock: Some(1) };
    let after = before.updated(2, NOW, vec![change, RowChange::Competitor(competitor(9))]);
    assert_eq!(contents(&after), contents(&before));
    assert_eq!(after.competitors.len(), before.competitors.len() + 1);
}

fn cache_of(snapshot: &Snapshot) -> Vec<u8> {
    let mut bytes = Vec::new();
    snapshot.write_cache(&mut bytes).expect("memory can be written");
    bytes
}

#[test]
fn the_cache_gives_back_what_was_written() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut all = products(&mut random, CHUNK as u32 + 300);
    for product in &mut all[CHUNK - 1..CHUNK + 2] {
        product.values.price_minor = 5_000_000_000;
    }
    let before = snapshot(&all, TaxMode::Net);
    let after = Snapshot::read_cache(&mut cache_of(&before).as_slice()).expect("a whole cache");
    assert_eq!(contents(&after), contents(&before));
    assert_eq!((after.sequence, &after.competitors), (before.sequence, &before.competitors));
    assert_eq!(after.lists[0].tax_mode, TaxMode::Net);
    assert_eq!(after.row_of_key(77), before.row_of_key(77));
}

#[test]
fn a_damaged_or_foreign_cache_is_refused() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut all = products(&mut random, 12);
    all[5].values.price_minor = 5_000_000_000;
    let whole = cache_of(&snapshot(&all, TaxMode::Gross));
    for place in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[place] ^= 1 << (place % 8);
        assert!(Snapshot::read_cache(&mut damaged.as_slice()).is_err(), "a flipped bit in byte {place}");
    }
    for length in [0, 7, 40, whole.len() / 2, whole.len() - 1] {
        assert!(Snapshot::read_cache(&mut &whole[..length]).is_err(), "cut at {length}");
    }
    let foreign = Snapshot::read_cache(&mut b"OPXSNAP0 something else entirely".as_slice());
    assert!(matches!(foreign, Err(CacheError::OtherVersion)));
}

/// Two products on a list, and on one whose prices are never above it: one without and one with an own highest price.
fn with_a_list_for_ten() -> Snapshot {
    let mut builder = SnapshotBuilder::new(1);
    builder.add_list(ListRecord { key: 1, ..euro_list() });
    builder.add_list(ListRecord { key: 2, code: "ten".into(), never_above: vec![1], ..euro_list() });
    for key in 1..3 {
        let row = builder.push_product(&ProductRecord { key, sku: format!("A{key}"), ..ProductRecord::default() });
        builder.set_list_values(0, row, &ListValues { price_minor: 2_000, ..ListValues::default() });
        let max_minor = if key == 2 { 1_500 } else { NONE };
        builder.set_list_values(1, row, &ListValues { price_minor: 1_900, max_minor, ..ListValues::default() });
    }
    builder.finish(NOW)
}

#[test]
fn prices_of_the_list_above_are_ceilings_and_move_with_it() {
    let before = with_a_list_for_ten();
    let ceilings = |snapshot: &Snapshot| [0, 1].map(|row| snapshot.lists[1].max_minor.get(row));
    let own = |snapshot: &Snapshot| [0, 1].map(|row| snapshot.lists[1].values(row).max_minor);
    assert_eq!((ceilings(&before), own(&before)), ([2_000, 1_500], [NONE, 1_500]));
    assert_eq!([0, 1].map(|row| before.lists[0].max_minor.get(row)), [NONE, NONE]);

    let raised = ListValues { price_minor: 2_400, ..before.lists[0].values(0) };
    let lowered = ListValues { price_minor: 1_400, ..before.lists[0].values(1) };
    let changes = [(1, raised), (2, lowered)].map(|(key, values)| RowChange::ListValues { key, list: 0, values });
    let after = before.updated(2, NOW, changes.to_vec());
    assert_eq!((ceilings(&after), own(&after)), ([2_400, 1_400], [NONE, 1_500]));
    let read = Snapshot::read_cache(&mut cache_of(&after).as_slice()).expect("a whole cache");
    assert_eq!((ceilings(&read), own(&read)), ([2_400, 1_400], [NONE, 1_500]));

    let mut priced = after.clone();
    priced.lists[0].price_minor.set(1, 1_700);
    priced.derive_ceilings();
    assert_eq!((ceilings(&priced), own(&priced)), ([2_400, 1_500], [NONE, 1_500]));
}

#[test]
fn a_list_is_priced_after_the_one_that_it_is_never_above() {
    let mut builder = SnapshotBuilder::new(1);
    builder.add_list(ListRecord { key: 2, code: "ten".into(), never_above: vec![1], ..euro_list() });
    builder.add_list(ListRecord { key: 1, ..euro_list() });
    let snapshot = builder.finish(NOW);
    let set = parse_rule_set("rule set \"Test\"\notherwise keep\n").expect("a rule set");
    let order = list_order(&set, &snapshot).expect("no circle");
    assert_eq!((order.places, order.is_followed), (vec![1, 0], vec![false, true]));
}
