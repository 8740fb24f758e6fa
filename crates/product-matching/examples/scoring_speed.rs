//! How long it takes to score 50,000 pages against 50,000 products:
//! `cargo run --release -p product-matching --example scoring_speed [products] [pages]`.

use std::time::Instant;

use pricing_domain::MatchVerdict;
use product_matching::{Catalogue, Item};

const BRANDS: usize = 400;
const KINDS: [&str; 12] = [
    "Kettle",
    "Toaster",
    "Headphones",
    "Drill",
    "Lamp",
    "Monitor",
    "Keyboard",
    "Shampoo",
    "Coffee",
    "Jacket",
    "Grill",
    "Tablet",
];
const COLOURS: [&str; 5] = ["black", "white", "red", "blue", "silver"];

fn item(number: usize, page: bool) -> Item {
    let (brand, kind) = (format!("Brand{}", number % BRANDS), KINDS[number % KINDS.len()]);
    let colour = COLOURS[number / 7 % COLOURS.len()];
    let model =
        format!("{}{}-{}", (b'A' + (number % 23) as u8) as char, (b'A' + (number / 23 % 23) as u8) as char, number / 3);
    let size = number % 9 + 1;
    let title = if page {
        format!("{kind} {brand} {}, {size}00ml, {colour}", model.replace('-', ""))
    } else {
        format!("{brand} {model} {kind} 0.{size} l {colour}")
    };
    Item { title, brand: Some(brand), price_minor: Some(1_000 + number as i64 % 9_000), ..Item::default() }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let (products, pages) = (arguments.next().unwrap_or(50_000), arguments.next().unwrap_or(50_000));
    let started = Instant::now();
    let catalogue = Catalogue::new((0..products).map(|number| item(number, false)).collect());
    let read = started.elapsed();
    let (mut accepted, mut right) = (0, 0);
    for number in 0..pages {
        let found = catalogue.find(&item(number, true));
        if let Some(first) = found.first().filter(|first| first.comparison.verdict == MatchVerdict::Certain) {
            accepted += 1;
            right += usize::from(first.product == number);
        }
    }
    println!(
        "{products} products read in {:.2} s; {pages} pages in {:.2} s; {accepted} accepted, {right} right",
        read.as_secs_f64(),
        (started.elapsed() - read).as_secs_f64()
    );
}
