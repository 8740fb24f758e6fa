//! Reads a products file of a million rows and prints rows a second, the passes for proof included.

use std::io::{Cursor, Write};
use std::time::Instant;

use catalog_files::{Problems, ReadOptions, open};
use pricing_domain::{FileKind, OutputFormat};

const ROWS: u64 = 1_000_000;

fn main() {
    let full = measure("all 30 columns", full_catalogue());
    let plain = measure("4 columns", plain_catalogue());
    assert_eq!((full, plain), (ROWS, ROWS), "every row is read");
}

fn plain_catalogue() -> Vec<u8> {
    let mut bytes = b"sku,name,currency,price\n".to_vec();
    for row in 0..ROWS {
        writeln!(bytes, "SKU-{row:07},Product number {row},EUR,{}.{:02}", 1 + row % 900, row % 100).expect("memory");
    }
    bytes
}

/// As the project's own export writes it.
fn full_catalogue() -> Vec<u8> {
    let sample = "sku,gtin,mpn,brand,name,category,item_group_id,net_content,content_unit,pack_items,deposit,supplier,\
        own_brand,lifecycle,currency,price,compare_at_price,cost,cost_type,min_price,max_price,map_price,rrp,vat_rate,\
        price_includes_vat,stock,role,kvi,family,tags\n\
        S,4006381333931,M-1,Brand,Name,A > B,G,0.50,kg,1,0.25,Acme,no,regular,EUR,9.99,12.99,5.1234,landed,7.99,19.99,\
        8.99,11.99,19,yes,25,tail,no,fam,a|b\n";
    let source = Box::new(Cursor::new(sample.as_bytes()));
    let mut reader = open(FileKind::Products, "sample", source, ReadOptions::default()).expect("readable");
    let rows = reader.next_batch(1, &mut Problems::default());
    let Some(catalog_files::Rows::Products(rows)) = rows else { panic!("one product") };
    let product = rows.into_iter().next().expect("one product");
    let products: Vec<_> = (0..ROWS)
        .map(|row| {
            let mut product = product.clone();
            product.sku = format!("SKU-{row:07}");
            product.name = Some(format!("Product number {row}, boxed"));
            product
        })
        .collect();
    let mut bytes = Vec::new();
    catalog_files::write_products(&products, OutputFormat::Csv, &mut bytes).expect("memory");
    bytes
}

fn measure(name: &str, bytes: Vec<u8>) -> u64 {
    let size = bytes.len();
    let start = Instant::now();
    let mut problems = Problems::default();
    let mut reader =
        open(FileKind::Products, name, Box::new(Cursor::new(bytes)), ReadOptions::default()).expect("readable");
    let opened = start.elapsed();
    let mut good = 0;
    while let Some(rows) = reader.next_batch(1_000, &mut problems) {
        good += rows.len() as u64;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{name}: {ROWS} rows, {} MB, {seconds:.2} s ({:.2} s to prove decimals), {:.0} rows/s",
        size / 1_000_000,
        opened.as_secs_f64(),
        good as f64 / seconds
    );
    good
}
