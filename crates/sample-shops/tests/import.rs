//! Every file of the sample is read completely by the project's own importer.

use std::io::Cursor;

use catalog_files::{Problems, ReadOptions, open};
use pricing_domain::FileKind;
use sample_shops::{ShopAddresses, generate, listings, products};

/// Reads a file to its end; gives how many rows were read.
fn rows_read(kind: FileKind, text: &str) -> usize {
    let source = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let mut reader = open(kind, &format!("{kind}.csv"), source, ReadOptions::default()).expect("a readable file");
    let mut problems = Problems::default();
    while reader.next_batch(10_000, &mut problems).is_some() {}
    assert_eq!(problems.total, 0, "{kind}: {:#?}", problems.kept);
    let facts = reader.facts();
    assert_eq!((facts.rows_refused, facts.ignored_columns.len()), (0, 0), "{kind}: {:?}", facts.ignored_columns);
    usize::try_from(facts.rows_read).expect("few rows")
}

#[test]
fn every_row_of_every_file_is_imported() {
    let sample = generate(&ShopAddresses::default());
    assert_eq!(rows_read(FileKind::Products, &sample.products_csv), products().len());
    assert_eq!(rows_read(FileKind::Matches, &sample.matches_csv), listings().len());
    for (kind, text) in [
        (FileKind::Prices, &sample.prices_csv),
        (FileKind::Promotions, &sample.promotions_csv),
        (FileKind::Locks, &sample.locks_csv),
        (FileKind::PriceHistory, &sample.price_history_csv),
        (FileKind::Sales, &sample.sales_csv),
    ] {
        assert_eq!(rows_read(kind, text), text.lines().count() - 1, "{kind}");
    }
}
