//! A retailer's catalogue and a year of its sales, as they were typed, import completely.

use std::fs;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use catalog_files::{Problems, ProductRow, ReadOptions, Rows, SaleTerms, open, write_products};
use flate2::read::GzDecoder;
use pricing_domain::{FileKind, OutputFormat};

/// The folder of the catalogue, where third-party data is at hand.
fn catalogue_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("SHARED_DATA").map(|folder| PathBuf::from(folder).join("catalog"));
    if folder.is_none() {
        eprintln!("skipped: real_catalogue needs SHARED_DATA");
    }
    folder
}

fn read_all(kind: FileKind, bytes: Vec<u8>) -> (Vec<Rows>, Problems) {
    let mut problems = Problems::default();
    let mut reader = open(kind, "file.csv", Box::new(Cursor::new(bytes)), ReadOptions::default()).expect("readable");
    let mut batches = Vec::new();
    while let Some(batch) = reader.next_batch(10_000, &mut problems) {
        batches.push(batch);
    }
    (batches, problems)
}

/// Rows of text behind the header.
fn count_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count() - 1
}

#[test]
fn every_product_is_read_and_comes_back() {
    let Some(folder) = catalogue_folder() else { return };
    let bytes = fs::read(folder.join("products.csv")).expect("the catalogue");
    let lines = count_lines(&bytes);
    let (batches, problems) = read_all(FileKind::Products, bytes);
    assert_eq!(problems, Problems::default());
    let [Rows::Products(rows)] = batches.as_slice() else { panic!("one batch of products") };
    assert_eq!(rows.len(), lines);
    assert!(rows.iter().flat_map(|row| &row.name).all(|name| name == name.trim()));
    assert!(rows.iter().flat_map(|row| &row.name).any(|name| name.contains("  ")), "blanks within a name stay");

    let mut written = Vec::new();
    write_products(rows, OutputFormat::Csv, &mut written).expect("memory");
    let (again, problems) = read_all(FileKind::Products, written);
    assert_eq!(problems, Problems::default());
    let [Rows::Products(again)] = again.as_slice() else { panic!("one batch of products") };
    // What is written has a column of sale prices, so that it says of every product that none runs.
    let expected: Vec<ProductRow> =
        rows.iter().map(|row| ProductRow { sale: Some(SaleTerms::None), ..row.clone() }).collect();
    assert!(*again == expected, "the catalogue came back otherwise");
}

#[test]
fn every_day_of_sales_is_read() {
    let Some(folder) = catalogue_folder() else { return };
    let packed = fs::read(folder.join("sales.csv.gz")).expect("the sales");
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("gzip");
    let lines = count_lines(&bytes);
    let (batches, problems) = read_all(FileKind::Sales, packed);
    assert_eq!(problems, Problems::default());
    assert_eq!(batches.iter().map(Rows::len).sum::<usize>(), lines);
}
