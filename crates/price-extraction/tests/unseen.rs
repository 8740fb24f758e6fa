//! Forty pages in the ways of real platforms and countries that were written before the reader had ever run over them,
//! and without knowledge of it. `docs/measurements.md` has the figures of the first run beside these.

use std::path::Path;

use price_extraction::{Amount, PageAnswer, PageInput, SiteHints, extract};
use pricing_domain::Confidence;
use serde_json::Value;

/// How often a value was read right, was read though there is none or another, and was missed.
#[derive(Default)]
struct Tally {
    right: f64,
    wrong: f64,
    missed: f64,
}

impl Tally {
    fn add(&mut self, expected: bool, answered: bool, is_right: bool) {
        if expected && is_right {
            self.right += 1.0;
            return;
        }
        self.wrong += f64::from(u8::from(answered));
        self.missed += f64::from(u8::from(expected));
    }

    fn f1(&self) -> f64 {
        2.0 * self.right / (2.0 * self.right + self.wrong + self.missed)
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/unseen")
}

fn rows() -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join("unseen.jsonl")).expect("the answers");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON row")).collect()
}

fn read(row: &Value) -> PageAnswer {
    let file = folder().join(format!("{}.html", row["id"].as_str().expect("a name")));
    let body = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let url = row["url"].as_str().expect("an address");
    let page = PageInput { body: &body, content_type: None, status: None, url, hints: SiteHints::default() };
    extract(&page).into()
}

fn amount(value: &Value) -> Option<Amount> {
    value.as_str()?.parse().ok()
}

/// Whether a text was read as it is expected, apart from blanks and capitals; a GTIN apart from zeros before it.
fn same(field: &str, expected: &Value, read: &Value) -> bool {
    let text = |value: &Value| {
        let words: Vec<&str> = value.as_str().unwrap_or("").split_whitespace().collect();
        let text = words.join(" ").to_lowercase();
        if field == "gtin" { text.trim_start_matches('0').to_owned() } else { text }
    };
    match field {
        "price" | "list_price" => amount(expected) == amount(read),
        _ => text(expected) == text(read),
    }
}

/// Whether a name is the expected one, or one that will do as well.
fn is_one_of(row: &Value, field: &str, read: &Value) -> bool {
    let others = row[format!("{field}_or").as_str()].as_array();
    row[field] == *read || others.is_some_and(|others| others.contains(read))
}

/// Prints the figures with all misses, and holds what was reached after the reader had been worked on.
#[test]
fn pages_written_unseen_are_read() {
    const FIELDS: [&str; 6] = ["price", "list_price", "sku", "gtin", "brand", "title"];
    let mut tallies: [Tally; FIELDS.len()] = Default::default();
    let mut sold_out = Tally::default();
    let [mut priced, mut all_right, mut refused, mut high, mut high_right] = [0; 5];
    let (mut misses, mut confident_wrong) = (Vec::new(), Vec::new());
    let rows = rows();
    for row in &rows {
        let answer = read(row);
        let given = serde_json::to_value(&answer).expect("serialises");
        let is_product = !row["price"].is_null();
        let mut missed = Vec::new();
        for (tally, field) in tallies.iter_mut().zip(FIELDS).filter(|(_, field)| is_product || *field == "price") {
            let (expected, answered) = (!row[field].is_null(), !given[field].is_null());
            let is_right = expected == answered && same(field, &row[field], &given[field]);
            tally.add(expected, answered, is_right);
            if !is_right {
                missed.push(format!("{field} {} not {}", given[field], row[field]));
            }
        }
        let is_sold_out = row["availability"] == "OutOfStock";
        let said_sold_out = answer.availability.is_some_and(|availability| !availability.buyable());
        sold_out.add(is_sold_out, said_sold_out, said_sold_out);
        if !is_one_of(row, "state", &given["state"]) {
            missed.push(format!("state {} not {}", given["state"], row["state"]));
        }
        let is_price = same("price", &row["price"], &given["price"]) && row["currency"] == given["currency"];
        if is_product {
            let in_stock = is_one_of(row, "availability", &given["availability"]);
            priced += 1;
            all_right += i32::from(is_price && in_stock);
            if !(is_price && in_stock) {
                missed.push(format!("{} {} {}", given["price"], given["currency"], given["availability"]));
            }
        } else {
            refused += i32::from(answer.price.is_none());
        }
        if answer.price.is_some() && answer.confidence == Confidence::High {
            high += 1;
            high_right += i32::from(is_price);
            if !is_price {
                confident_wrong.push(row["id"].clone());
            }
        }
        if !missed.is_empty() {
            misses.push(format!("{}: {} {}", row["id"], missed.join("; "), given["warnings"]));
        }
    }
    for (field, tally) in FIELDS.iter().zip(&tallies) {
        println!("{field} F1 {:.3}", tally.f1());
    }
    println!("out of stock F1 {:.3}", sold_out.f1());
    println!(
        "price, currency and availability {all_right} of {priced}; refused {refused} of {}",
        rows.len() - priced as usize
    );
    println!("high {high_right} of {high}\n{}", misses.join("\n"));
    assert!(confident_wrong.is_empty(), "{confident_wrong:?}");
    assert_eq!((rows.len(), priced, refused), (40, 36, 4));
    let [price, list_price, sku, gtin, brand, title] = tallies;
    assert!(price.f1() >= 0.99);
    assert!(list_price.f1() >= 0.97);
    assert!(sku.f1() >= 0.98);
    assert!(gtin.f1() >= 0.99);
    assert!(brand.f1() >= 0.98);
    assert!(title.f1() >= 0.99);
    assert!(sold_out.f1() >= 0.99);
    assert!(all_right >= 36 && high >= 23);
}
