//! Scores the crate against collections with known answers: each function takes the folder that holds them and gives
//! counts, a printable table and the list of misses.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use flate2::read::GzDecoder;
use price_extraction::{
    Amount, PageAnswer, PageInput, PriceHints, PriceText, SiteHints, VariantAnswer, extract, gtin_in_text, parse_price,
};
use pricing_domain::{Availability, Confidence, ReadState};
use serde_json::Value;

/// Counts and misses of one collection.
#[derive(Debug, Default)]
pub struct Score {
    /// The name of the collection.
    pub name: String,
    /// Figures in the order of the table.
    pub figures: Vec<(String, f64)>,
    /// One line for each miss.
    pub misses: Vec<String>,
}

impl Score {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn set(&mut self, name: &str, value: f64) {
        self.figures.push((name.to_owned(), value));
    }

    /// A figure by its name.
    pub fn get(&self, name: &str) -> f64 {
        self.figures.iter().find(|(known, _)| known == name).map_or(f64::NAN, |(_, value)| *value)
    }

    /// The figures as a table of two columns.
    pub fn table(&self) -> String {
        let rows = self.figures.iter().map(|(name, value)| {
            let value = if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.4}") };
            format!("{:<22} {name:<44} {value:>9}\n", self.name)
        });
        rows.collect()
    }
}

/// The folder of third-party data; `None` with a line on stderr when there is none.
pub fn shared_data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SHARED_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: {test} needs SHARED_DATA");
    }
    folder
}

fn rows(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).expect("a JSON row"))
        .collect()
}

/// The bytes of the file that a row names.
pub fn page(folder: &Path, row: &Value) -> Vec<u8> {
    let path = folder.join(text(row, "file"));
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut body = Vec::new();
    GzDecoder::new(&bytes[..]).read_to_end(&mut body).expect("a gzip file");
    body
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or("")
}

fn amounts(value: &Value) -> Vec<Amount> {
    strings(value).iter().filter_map(|text| Amount::from_str(text.trim()).ok()).collect()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(|text| text.trim().to_owned())).collect()
}

/// Which ISO codes a sign may stand for.
fn token_table() -> HashMap<&'static str, Vec<&'static str>> {
    let lines = include_str!("../cases/currency_tokens.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(sign, codes)| (sign, codes.split(' ').collect())).collect()
}

/// Scores `price_strings.jsonl`: texts with a price.
pub fn score_price_strings(data: &Path, reading: ReadPrice<'_>) -> Score {
    let mut score = Score::new("price_strings");
    let tokens = token_table();
    let mut counts: HashMap<&str, f64> = HashMap::new();
    for row in rows(&data.join("price_strings.jsonl")) {
        let read = reading(&row);
        let expected = row["amount"].as_str().and_then(|text| Amount::from_str(text).ok());
        let right =
            read.amount == expected && currency_fits(&row["currency"], read.currency.map(|c| c.to_string()), &tokens);
        let hard = row["xfail_in_price_parser"] == true || row["price_parser_ok"] != true;
        let group = if hard { "hard" } else { "library" };
        *counts.entry(if hard { "hard" } else { "library" }).or_default() += 1.0;
        if right {
            *counts.entry(if hard { "hard right" } else { "library right" }).or_default() += 1.0;
            continue;
        }
        let refused = read.amount.is_none() && expected.is_some();
        *counts.entry(if refused { "refused" } else { "wrong" }).or_default() += 1.0;
        if !refused && read.confidence.as_str() == "high" {
            *counts.entry("wrong with high confidence").or_default() += 1.0;
        }
        score.misses.push(format!(
            "{group} {:?} hint {}: expected {expected:?} {}, read {:?} {:?} {} ({:?})",
            text(&row, "input"),
            row["currency_hint"],
            row["currency"],
            read.amount,
            read.currency,
            read.confidence,
            read.reason
        ));
    }
    for name in ["library", "library right", "hard", "hard right", "refused", "wrong", "wrong with high confidence"] {
        score.set(name, counts.get(name).copied().unwrap_or(0.0));
    }
    score
}

fn currency_fits(expected: &Value, read: Option<String>, tokens: &HashMap<&str, Vec<&str>>) -> bool {
    match (expected.as_str(), read) {
        (Some("*"), _) | (None, None) => true,
        (Some(sign), Some(code)) => {
            sign.eq_ignore_ascii_case(&code) || tokens.get(sign).is_some_and(|codes| codes.contains(&code.as_str()))
        }
        _ => false,
    }
}

/// Counts for an F1 figure as the benchmark defines them.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    true_positive: f64,
    false_positive: f64,
    false_negative: f64,
    true_negative: f64,
}

impl Tally {
    fn add(&mut self, expected: bool, answered: bool, right: bool) {
        match (expected, answered) {
            (true, true) if right => self.true_positive += 1.0,
            (true, true) => {
                self.false_positive += 1.0;
                self.false_negative += 1.0;
            }
            (true, false) => self.false_negative += 1.0,
            (false, true) => self.false_positive += 1.0,
            (false, false) => self.true_negative += 1.0,
        }
    }

    fn f1(self) -> f64 {
        let precision = self.true_positive / (self.true_positive + self.false_positive).max(1.0);
        let recall = self.true_positive / (self.true_positive + self.false_negative).max(1.0);
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
    }
}

/// Reads the page that a row names; its file stands in the folder.
pub type ReadPage<'a> = &'a dyn Fn(&Path, &Value) -> PageAnswer;
/// Reads the price text of a row.
pub type ReadPrice<'a> = &'a dyn Fn(&Value) -> PriceText;

/// Reads a page by the crate itself.
pub fn read_page(folder: &Path, row: &Value) -> PageAnswer {
    let body = page(folder, row);
    let url = row["url"].as_str().unwrap_or("");
    extract(&PageInput { body: &body, content_type: None, status: None, url, hints: SiteHints::default() }).into()
}

/// Reads a price text by the crate itself.
pub fn read_price(row: &Value) -> PriceText {
    let hints = PriceHints {
        currency_text: row["currency_hint"].as_str().map(str::to_owned),
        decimal_separator: text(row, "decimal_separator").chars().next(),
        ..PriceHints::default()
    };
    parse_price(text(row, "input"), &hints)
}

/// Scores `extraction/pages.jsonl`: product pages of real shops.
pub fn score_pages(data: &Path, reading: ReadPage<'_>) -> Score {
    let mut score = Score::new("pages");
    let folder = data.join("extraction");
    let [mut published, mut corrected, mut sku, mut sold_out] = [Tally::default(); 4];
    let (mut priced, mut all_right, mut high, mut high_right) = (0.0, 0.0, 0.0, 0.0);
    for row in rows(&folder.join("pages.jsonl")) {
        let read = reading(&folder, &row);
        let (as_published, as_corrected) = (amounts(&row["price"]), amounts(&row["price_corrected"]));
        let is = |list: &[Amount]| read.price.is_some_and(|price| list.contains(&price));
        published.add(!as_published.is_empty(), read.price.is_some(), is(&as_published));
        corrected.add(!as_corrected.is_empty(), read.price.is_some(), is(&as_corrected));
        let price_right = if as_corrected.is_empty() { read.price.is_none() } else { is(&as_corrected) };
        let skus = strings(&row["sku"]);
        let sku_right = read.sku.as_ref().is_some_and(|read| skus.iter().any(|sku| sku.trim() == read.trim()));
        if text(&row, "id").starts_with("peb-") {
            sku.add(!skus.is_empty(), read.sku.is_some(), sku_right);
        }
        let availability = strings(&row["availability"]);
        let said_sold_out = !buyable(&read);
        let is_sold_out = availability.iter().any(|text| text == "OutOfStock");
        if !availability.is_empty() {
            sold_out.add(is_sold_out, said_sold_out, true);
        }
        let currency_right =
            row["currency_iso"].as_str() == read.currency.map(|currency| currency.to_string()).as_deref();
        let stock_right = availability.is_empty() || is_sold_out == said_sold_out && read.availability.is_some();
        if !as_corrected.is_empty() {
            priced += 1.0;
            all_right += f64::from(u8::from(price_right && currency_right && stock_right));
        }
        if read.price.is_some() && read.confidence == Confidence::High {
            high += 1.0;
            high_right += f64::from(u8::from(price_right && (currency_right || row["currency_iso"].is_null())));
        }
        let miss =
            !price_right || !currency_right && read.price.is_some() || !stock_right || !skus.is_empty() && !sku_right;
        if miss {
            score.misses.push(page_miss(
                &row,
                &read,
                &as_corrected,
                &[price_right, currency_right, stock_right, sku_right || skus.is_empty()],
            ));
        }
    }
    score.set("price F1, published labels", published.f1());
    score.set("price F1, corrected labels", corrected.f1());
    score.set("sku F1", sku.f1());
    score.set("out-of-stock F1", sold_out.f1());
    score.set("out-of-stock pages", sold_out.true_positive + sold_out.false_negative);
    score.set("priced pages", priced);
    score.set("price, currency and availability all right", all_right / priced);
    score.set("answers with high confidence", high);
    score.set("of these right", high_right / f64::max(high, 1.0));
    score
}

fn availability(read: &PageAnswer) -> &'static str {
    read.availability.map_or("null", Availability::as_str)
}

fn buyable(read: &PageAnswer) -> bool {
    read.availability.is_none_or(Availability::buyable)
}

fn page_miss(row: &Value, read: &PageAnswer, expected: &[Amount], right: &[bool; 4]) -> String {
    let mark = |index: usize| if right[index] { "" } else { "✗" };
    format!(
        "{} {}\n    {}price {expected:?} read {:?} {} {:?} {}cur {} read {:?} {}avail {} read {} {}sku {} read {:?} state {} “{}” {:?}",
        text(row, "id"),
        text(row, "url").chars().take(70).collect::<String>(),
        mark(0),
        read.price,
        read.confidence,
        read.method,
        mark(1),
        row["currency_iso"],
        read.currency,
        mark(2),
        row["availability"],
        availability(read),
        mark(3),
        row["sku"],
        read.sku,
        read.state,
        read.evidence.as_deref().unwrap_or(""),
        read.warnings
    )
}

/// Scores `extraction/woo.jsonl`: pages of a shop whose database gives the truth.
pub fn score_woo(data: &Path, reading: ReadPage<'_>) -> Score {
    let mut score = Score::new("woo");
    let folder = data.join("extraction");
    let mut counts: HashMap<&str, f64> = HashMap::new();
    for row in rows(&folder.join("woo.jsonl")) {
        let read = reading(&folder, &row);
        let checks = [
            ("price", read.price.is_some_and(|price| amounts(&row["expected_price"]).contains(&price))),
            ("currency", row["currency_iso"].as_str() == read.currency.map(|currency| currency.to_string()).as_deref()),
            ("availability", row["in_stock"].as_bool() == Some(buyable(&read))),
            ("sku", read.sku.as_deref() == row["sku"].as_str()),
            ("variants", variants_right(&row, &read)),
        ];
        *counts.entry("pages").or_default() += 1.0;
        for (name, right) in checks {
            *counts.entry(name).or_default() += f64::from(u8::from(right));
        }
        if checks.iter().all(|(_, right)| *right) {
            *counts.entry("all fields").or_default() += 1.0;
        } else {
            let wrong: Vec<&str> = checks.iter().filter(|(_, right)| !right).map(|(name, _)| *name).collect();
            score.misses.push(format!(
                "{} {wrong:?} expected {} {} in stock {} {}; read {:?} {:?} {} {:?} {:?} {} variants {:?}",
                text(&row, "id"),
                row["expected_price"],
                row["currency_iso"],
                row["in_stock"],
                row["sku"],
                read.price,
                read.currency,
                availability(&read),
                read.sku,
                read.warnings,
                read.state,
                read.variants
            ));
        }
    }
    for name in ["pages", "price", "currency", "availability", "sku", "variants", "all fields"] {
        score.set(name, counts.get(name).copied().unwrap_or(0.0));
    }
    score
}

/// Each variant of the truth with its SKU, price and stock; none where the truth has none.
fn variants_right(row: &Value, read: &PageAnswer) -> bool {
    let expected: Vec<&Value> = row["variants"].as_array().into_iter().flatten().collect();
    let decimals = row["decimals"].as_u64().unwrap_or(2);
    let same_price = |variant: &VariantAnswer, truth: &Value| match (variant.price, truth["price"].as_f64()) {
        (Some(price), Some(truth)) => Amount::from_str(&format!("{truth:.*}", decimals as usize)).ok() == Some(price),
        _ => false,
    };
    expected.len() == read.variants.len()
        && expected.iter().all(|truth| {
            read.variants.iter().any(|variant| {
                variant.sku.as_deref() == truth["sku"].as_str()
                    && same_price(variant, truth)
                    && variant.in_stock == truth["in_stock"].as_bool()
            })
        })
}

/// Scores `extraction/structured.jsonl`: offers in markup, confirmed by a second source.
pub fn score_structured(data: &Path, reading: ReadPage<'_>) -> Score {
    let mut score = Score::new("structured");
    let folder = data.join("extraction");
    let (mut confirmed, mut right) = (0.0, 0.0);
    for row in rows(&folder.join("structured.jsonl")) {
        if row["confirmed_by"].as_array().is_none_or(Vec::is_empty) {
            continue;
        }
        confirmed += 1.0;
        let read = reading(&folder, &row);
        let products: Vec<&Value> = row["products"].as_array().into_iter().flatten().collect();
        let offers: Vec<&Value> =
            products.iter().flat_map(|product| product["offers"].as_array().into_iter().flatten()).collect();
        let fits = |offer: &&&Value| {
            let price =
                offer["price"].as_str().or(offer["lowPrice"].as_str()).and_then(|text| Amount::from_str(text).ok());
            let currency = offer["priceCurrency"].as_str();
            let availability = offer["availability"].as_str();
            price == read.price
                && (currency.is_none() || currency == read.currency.map(|currency| currency.to_string()).as_deref())
                && (availability.is_none() || availability == Some(self::availability(&read)))
        };
        let ok = if offers.is_empty() { read.price.is_none() } else { offers.iter().any(|offer| fits(&offer)) };
        if ok {
            right += 1.0;
        } else {
            score.misses.push(format!(
                "{} expected {} read {:?} {:?} {} {} {:?}",
                text(&row, "id"),
                row["products"],
                read.price,
                read.currency,
                availability(&read),
                read.state,
                read.warnings
            ));
        }
    }
    score.set("confirmed pages", confirmed);
    score.set("right", right);
    score
}

/// Scores `extraction/block.jsonl`: walls beside ordinary pages.
pub fn score_block(data: &Path, reading: ReadPage<'_>) -> Score {
    let mut score = Score::new("block");
    let folder = data.join("extraction");
    let (mut walls, mut found, mut alarms, mut prices, mut pages) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for row in rows(&folder.join("block.jsonl")) {
        let read = reading(&folder, &row);
        let blocked = row["blocked"] == true;
        let said = read.state == ReadState::Blocked;
        pages += 1.0;
        walls += f64::from(u8::from(blocked));
        found += f64::from(u8::from(blocked && said));
        alarms += f64::from(u8::from(!blocked && said));
        prices += f64::from(u8::from(blocked && read.price.is_some()));
        if blocked != said || text(&row, "id").starts_with("rb-") && read.price.is_some() {
            score.misses.push(format!(
                "{} blocked {blocked} read {} {:?} {:?}",
                text(&row, "id"),
                read.state,
                read.price,
                read.warnings
            ));
        }
    }
    for (name, value) in [
        ("pages", pages),
        ("walls", walls),
        ("walls found", found),
        ("false alarms", alarms),
        ("prices from walls", prices),
    ] {
        score.set(name, value);
    }
    score
}

/// Scores `gtin.jsonl`: product numbers with and without labels, and what only looks like one.
pub fn score_gtins(data: &Path) -> Score {
    let mut score = Score::new("gtin");
    let (mut cases, mut right) = (0.0, 0.0);
    for row in rows(&data.join("gtin.jsonl")) {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let read = gtin_in_text(text(&row, "input")).map(|gtin| gtin.number());
        let expected = row["expected"].as_str().filter(|expected| *expected != "None");
        let ok = match (text(&row, "fn"), expected) {
            (_, None) | ("classify", Some("issn")) => read.is_none(),
            ("GTIN_IDS", Some(number)) if number.len() > 10 => read == digits(number).parse().ok(),
            _ => read.is_some(),
        };
        cases += 1.0;
        right += f64::from(u8::from(ok));
        if !ok {
            score.misses.push(format!(
                "{} {:?} expected {expected:?} read {read:?}",
                text(&row, "id"),
                text(&row, "input")
            ));
        }
    }
    score.set("cases", cases);
    score.set("right", right);
    score
}
