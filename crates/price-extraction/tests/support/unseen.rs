//! Scores the project's own sets of pages that were written, with their answers, before the reader had ever run over them:
//! the figures of today beside those of the first run.

use std::fs;
use std::path::{Path, PathBuf};

use price_extraction::{Amount, PageAnswer};
use pricing_domain::Confidence;
use serde_json::Value;

/// The sets, in the order in which they were written: a folder of `tests/cases` and what it is called in tables.
pub const SETS: [(&str, &str); 3] = [
    ("unseen", "forty pages written unseen"),
    ("unseen-second", "forty more, of other platforms"),
    ("unseen-third", "forty more, of shop systems by country"),
];

/// What is compared, as it is called in answers and in tables.
const FIELDS: [(&str, &str); 6] = [
    ("price", "price F1"),
    ("list_price", "list price F1"),
    ("sku", "SKU F1"),
    ("gtin", "GTIN F1"),
    ("brand", "brand F1"),
    ("title", "title F1"),
];

/// A figure with what it was when the reader first ran over the set.
pub struct Figure {
    /// What is counted.
    pub name: String,
    /// In the first run.
    pub first: String,
    /// Today.
    pub today: String,
}

/// A set, scored.
pub struct Unseen {
    /// What it is called in tables.
    pub title: &'static str,
    /// In the order of the table.
    pub figures: Vec<Figure>,
    /// One line for each page that is not read as expected.
    pub misses: Vec<String>,
    /// The pages whose answer is of high confidence and wrong.
    pub confident_wrong: Vec<String>,
}

impl Unseen {
    /// The table as the document of measurements has it.
    pub fn in_document(&self) -> String {
        let rows = self.figures.iter().map(|one| format!("| {} | {} | {} |\n", one.name, one.first, one.today));
        let head = format!("| {} | first run | today |\n| --- | ---: | ---: |\n", self.title);
        head + rows.collect::<String>().as_str()
    }

    /// The table as the evaluation prints it.
    pub fn printed(&self) -> String {
        let row = |name: &str, first: &str, today: &str| format!("{name:<56} {first:>10} {today:>10}\n");
        let rows = self.figures.iter().map(|one| row(&one.name, &one.first, &one.today));
        row(self.title, "first run", "today") + rows.collect::<String>().as_str()
    }
}

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

    fn f1(&self) -> String {
        format!("{:.3}", 2.0 * self.right / (2.0 * self.right + self.wrong + self.missed))
    }
}

/// The folder of a set, of the package that runs: the one that compiled it may have stood elsewhere.
pub fn folder(set: &str) -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR");
    let package = package.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let beside = package.join("../crates/price-extraction/tests/cases");
    if beside.is_dir() { beside.join(set) } else { package.join("tests/cases").join(set) }
}

/// The pages of a set with their expected answers; each names its file.
pub fn rows(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("unseen.jsonl")).expect("the answers are there");
    let mut rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a JSON row")).collect();
    for row in &mut rows {
        row["file"] = format!("{}.html", row["id"].as_str().expect("a page has a name")).into();
    }
    rows
}

/// What the figures of a set were in the first run.
fn first_run(folder: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(folder.join("first_run.tsv")).expect("the first run is kept");
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Reads all pages of a set and compares the answers with those expected.
pub fn score((set, title): (&str, &'static str), reading: &dyn Fn(&Path, &Value) -> PageAnswer) -> Unseen {
    let folder = folder(set);
    let mut tallies: [Tally; FIELDS.len()] = Default::default();
    let mut sold_out = Tally::default();
    let [mut priced, mut all_right, mut without, mut refused, mut high, mut high_right] = [0; 6];
    let (mut misses, mut confident_wrong) = (Vec::new(), Vec::new());
    for row in &rows(&folder) {
        let answer = reading(&folder, row);
        let given = serde_json::to_value(&answer).expect("an answer is JSON");
        let is_product = !row["price"].is_null();
        let mut missed = Vec::new();
        for (tally, (field, _)) in
            tallies.iter_mut().zip(FIELDS).filter(|(_, (field, _))| is_product || *field == "price")
        {
            let (expected, answered) = (!row[field].is_null(), !given[field].is_null());
            let is_right = is_one_of(row, field, &given[field]);
            tally.add(expected, answered && !is_right, is_right);
            if !is_right {
                missed.push(format!("{field} {} not {}", given[field], row[field]));
            }
        }
        let said_sold_out = answer.availability.is_some_and(|availability| !availability.buyable());
        sold_out.add(is_product && row["availability"] == "OutOfStock", is_product && said_sold_out, said_sold_out);
        if !is_one_of(row, "state", &given["state"]) {
            missed.push(format!("state {} not {}", given["state"], row["state"]));
        }
        let is_price = is_one_of(row, "price", &given["price"]) && row["currency"] == given["currency"];
        if is_product {
            let in_stock = is_one_of(row, "availability", &given["availability"]);
            priced += 1;
            all_right += u32::from(is_price && in_stock);
            if !(is_price && in_stock) {
                missed.push(format!("{} {} {}", given["price"], given["currency"], given["availability"]));
            }
        } else {
            without += 1;
            refused += u32::from(answer.price.is_none());
        }
        if answer.price.is_some() && answer.confidence == Confidence::High {
            high += 1;
            high_right += u32::from(is_price);
            if !is_price {
                confident_wrong.push(row["id"].as_str().unwrap_or_default().to_owned());
            }
        }
        if !missed.is_empty() {
            misses.push(format!("{}: {} {}", row["id"], missed.join("; "), given["warnings"]));
        }
    }
    let mut today: Vec<(&str, String)> =
        FIELDS.iter().zip(&tallies).map(|((_, name), tally)| (*name, tally.f1())).collect();
    today.push(("OutOfStock F1", sold_out.f1()));
    today.push(("price, currency and availability all right", format!("{all_right} of {priced}")));
    today.push(("pages without a price that were refused", format!("{refused} of {without}")));
    today.push(("answers of high confidence that are right", format!("{high_right} of {high}")));
    let first = first_run(&folder);
    let figure = |(name, today): (&str, String)| {
        let first = first.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        Figure { name: name.to_owned(), first: first.unwrap_or_default(), today }
    };
    Unseen { title, figures: today.into_iter().map(figure).collect(), misses, confident_wrong }
}

/// Whether a value was read as it is expected, apart from blanks and capitals; a GTIN apart from zeros before it.
fn same(field: &str, expected: &Value, read: &Value) -> bool {
    let text = |value: &Value| {
        let words: Vec<&str> = value.as_str().unwrap_or("").split_whitespace().collect();
        let text = words.join(" ").to_lowercase();
        if field == "gtin" { text.trim_start_matches('0').to_owned() } else { text }
    };
    let amount = |value: &Value| value.as_str().and_then(|text| text.parse::<Amount>().ok());
    match field {
        "price" | "list_price" => amount(expected) == amount(read),
        _ => text(expected) == text(read),
    }
}

/// Whether a value is the expected one, or one that will do as well.
fn is_one_of(row: &Value, field: &str, read: &Value) -> bool {
    let others = row[format!("{field}_or").as_str()].as_array();
    row[field].is_null() == read.is_null() && same(field, &row[field], read)
        || others.is_some_and(|others| {
            others.iter().any(|other| other == read || !read.is_null() && same(field, other, read))
        })
}
