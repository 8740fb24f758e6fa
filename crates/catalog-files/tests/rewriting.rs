//! New prices in a shop's own file: nothing but prices changes, and what does not change is not written.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use catalog_files::{
    NewPrice, NewPrices, NewSale, Problems, ProductRow, ReadOptions, RewriteReport, RewriteScope, Rows, SaleTerms,
    Source, copy_rows, open, rewrite_prices,
};
use pricing_domain::{BasisPoints, Currency, FileFormat, FileKind};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

/// The sample of every format that takes prices back.
const SAMPLES: &[&str] = &[
    "shopify-current.csv",
    "shopify-older.csv",
    "woocommerce-english.csv",
    "woocommerce-german.csv",
    "woocommerce-unknown-language.csv",
    "magento.csv",
    "prestashop.csv",
    "google-merchant.tsv",
    "google-rss.xml",
    "google-atom.xml",
    "google-supplemental.tsv",
    "comma-decimals-semicolon.csv",
    "windows-1252.csv",
    "utf-16-tabs.csv",
    "fifty-faults.csv",
    "declared-delimiter.csv",
];

fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new("tests/cases").join(name)).expect("the sample")
}

fn options() -> ReadOptions {
    ReadOptions { currency: Some(Currency::EUR), ..ReadOptions::default() }
}

fn source(bytes: &[u8]) -> std::io::Result<Box<dyn Source + Send>> {
    Ok(Box::new(Cursor::new(bytes.to_vec())))
}

fn rewrite(name: &str, bytes: &[u8], new: &NewPrices, scope: RewriteScope) -> (Vec<u8>, RewriteReport) {
    let mut out = Vec::new();
    let report = rewrite_prices(name, || source(bytes), &options(), new, scope, &mut out)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    (out, report)
}

fn read(name: &str, bytes: &[u8]) -> Vec<ProductRow> {
    let mut problems = Problems::default();
    let mut reader = open(FileKind::Products, name, source(bytes).expect("memory"), options())
        .unwrap_or_else(|p| panic!("{name}: {p}"));
    let mut rows = Vec::new();
    while let Some(Rows::Products(batch)) = reader.next_batch(100, &mut problems) {
        rows.extend(batch);
    }
    rows
}

fn prices(pairs: &[(&str, i64)]) -> NewPrices {
    let price = |amount_minor| NewPrice {
        amount_minor,
        currency: Currency::EUR,
        includes_vat: true,
        vat_rate: Some(BasisPoints(1_900)),
    };
    NewPrices {
        prices: pairs.iter().map(|(sku, amount)| ((*sku).to_owned(), price(*amount))).collect(),
        ..NewPrices::default()
    }
}

#[test]
fn every_sample_without_a_change_comes_back_byte_by_byte() {
    for name in SAMPLES {
        let bytes = sample(name);
        let (written, report) = rewrite(name, &bytes, &NewPrices::default(), RewriteScope::Whole);
        assert!(written == bytes, "{name} changed");
        assert_eq!(report.changed, 0);
        let (changed, _) = rewrite(name, &bytes, &NewPrices::default(), RewriteScope::Changed);
        assert!(changed.len() < bytes.len(), "{name}: without a change no product is written");
    }
}

fn price_of(row: &ProductRow) -> i64 {
    row.price_minor.expect("a price")
}

/// Prices with VAT in net files, and files that name a product twice, have tests of their own.
fn is_plain(name: &str) -> bool {
    !name.starts_with("prestashop") && !name.starts_with("fifty-faults")
}

#[test]
fn prices_that_are_what_they_were_change_no_byte() {
    for name in SAMPLES.iter().filter(|name| is_plain(name)) {
        let bytes = sample(name);
        let same: Vec<(String, i64)> = read(name, &bytes).iter().map(|row| (row.sku.clone(), price_of(row))).collect();
        let same: Vec<(&str, i64)> = same.iter().map(|(sku, amount)| (sku.as_str(), *amount)).collect();
        let (written, report) = rewrite(name, &bytes, &prices(&same), RewriteScope::Whole);
        assert!(written == bytes, "{name} changed");
        assert_eq!((report.changed, report.found.len()), (0, same.len()), "{name}");
    }
}

#[test]
fn new_prices_are_read_back_and_everything_else_is_as_before() {
    for name in SAMPLES.iter().filter(|name| is_plain(name)) {
        let bytes = sample(name);
        let before = read(name, &bytes);
        let raised: Vec<(&str, i64)> = before.iter().map(|row| (row.sku.as_str(), price_of(row) + 1_001)).collect();
        let (written, report) = rewrite(name, &bytes, &prices(&raised), RewriteScope::Whole);
        assert_eq!(report.changed as usize, before.len(), "{name}");
        let after = read(name, &written);
        assert_eq!(after.len(), before.len(), "{name}");
        for (old, new) in before.iter().zip(&after) {
            let compare_at_minor = old.compare_at_minor.filter(|was| *was > price_of(new));
            let expected = ProductRow { price_minor: Some(price_of(old) + 1_001), compare_at_minor, ..old.clone() };
            assert_eq!(*new, expected, "{name}");
        }
    }
}

#[test]
fn sales_are_read_back_with_their_first_and_last_day_or_told_as_left_out() {
    let moment = |text: &str| text.parse::<pricing_domain::Instant>().expect("a moment");
    let local = |text: &str| text.parse::<jiff::civil::DateTime>().expect("a moment");
    let mut formats_with_sales = BTreeSet::new();
    for name in SAMPLES.iter().filter(|name| is_plain(name)) {
        let bytes = sample(name);
        let before = read(name, &bytes);
        let mut new = NewPrices::default();
        for row in &before {
            let price = NewPrice {
                amount_minor: price_of(row) - 1,
                currency: row.currency,
                includes_vat: true,
                vat_rate: Some(BasisPoints(1_900)),
            };
            let sale = NewSale {
                price,
                from: moment("2026-12-01T00:00:00Z"),
                to: moment("2026-12-09T00:00:00Z"),
                local_from: local("2026-12-01T00:00"),
                local_to: local("2026-12-09T00:00"),
            };
            new.sales.insert(row.sku.clone(), sale);
        }
        let (written, report) = rewrite(name, &bytes, &new, RewriteScope::Whole);
        assert_eq!(report.sales as usize + report.kept.len(), before.len(), "{name}: {:?}", report.kept);
        let after = read(name, &written);
        for (old, new) in before.iter().zip(&after) {
            if report.kept.iter().any(|kept| kept.starts_with(&format!("{}: ", old.sku))) {
                assert_eq!(old, new, "{name}");
                continue;
            }
            let Some(SaleTerms::Sale { price_minor, from: Some(from), to: Some(to) }) = &new.sale else {
                panic!("{name}: {new:?}")
            };
            assert_eq!(*price_minor, price_of(old) - 1, "{name}");
            let utc = jiff::tz::TimeZone::UTC;
            assert_eq!((from.at(&utc), to.at(&utc)), (moment("2026-12-01T00:00:00Z"), moment("2026-12-09T00:00:00Z")));
            assert_eq!(ProductRow { sale: None, ..old.clone() }, ProductRow { sale: None, ..new.clone() }, "{name}");
        }
        let (again, second) = rewrite(name, &written, &new, RewriteScope::Whole);
        assert!(again == written && second.sales == 0, "{name}: what is there is not written again");
        formats_with_sales.extend((report.sales > 0).then_some(report.format).flatten().map(FileFormat::as_str));
    }
    assert_eq!(formats_with_sales.into_iter().collect::<Vec<_>>(), ["google_merchant", "magento", "woocommerce"]);
}

fn check(name: &str, new: &[(&str, i64)], scope: RewriteScope, expected: &[(&str, &str)]) {
    let bytes = sample(name);
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let (written, _) = rewrite(name, &bytes, &prices(new), scope);
    let mut wanted = text;
    for (old, new) in expected {
        assert!(wanted.contains(old), "{name} has no {old}");
        wanted = wanted.replacen(old, new, 1);
    }
    assert_eq!(String::from_utf8(written).expect("UTF-8"), wanted, "{name}");
}

#[test]
fn was_prices_and_sales_that_make_no_sense_any_more_go_with_their_dates() {
    let whole = RewriteScope::Whole;
    check("shopify-current.csv", &[("KT-RED", 7_490)], whole, &[(",79.90,", ",74.90,")]);
    check("shopify-current.csv", &[("KT-RED", 9_990)], whole, &[(",79.90,89.90,99.90,", ",99.90,89.90,,")]);
    check("woocommerce-german.csv", &[("W-1", 119_900)], whole, &[("\"1.299,00\"", "\"1199,00\"")]);
    check(
        "woocommerce-english.csv",
        &[("WC-1", 2_000)],
        whole,
        &[(",2026-11-20,2026-11-30,", ",,,"), (",24.95,29.95,", ",,20.00,")],
    );
    check(
        "magento.csv",
        &[("24-MB01", 2_500)],
        whole,
        &[("34.0000,29.0000,11/1/26,11/30/26", "25.0000,__EMPTY__VALUE__,__EMPTY__VALUE__,__EMPTY__VALUE__")],
    );
    check("google-merchant.tsv", &[("SKU-1", 11_900)], whole, &[("129.00 EUR", "119.00 EUR")]);
    check(
        "google-rss.xml",
        &[("SKU-1", 9_900)],
        whole,
        &[
            ("129.00 EUR", "99.00 EUR"),
            ("<g:sale_price>99.00 EUR<", "<g:sale_price><"),
            ("2026-11-20T00:00+0100/2026-11-30T23:59+0100", ""),
        ],
    );
    // 59.90 with 19 % VAT is 50.336134 without.
    check("prestashop.csv", &[("RP-demo1", 5_990)], whole, &[("49.900000", "50.336134")]);
    check("prestashop.csv", &[("RP-demo1", 5_938)], whole, &[]);
}

#[test]
fn only_products_that_change_are_written_and_a_product_is_written_whole() {
    let lines = |name: &str, new: &[(&str, i64)]| {
        let (written, _) = rewrite(name, &sample(name), &prices(new), RewriteScope::Changed);
        String::from_utf8(written).expect("UTF-8").lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let mugs = lines("shopify-older.csv", &[("MUG-B", 1_199)]);
    assert_eq!(mugs.len(), 4, "the first line, both variants and the picture: {mugs:?}");
    assert!(mugs[2].contains(",11.99,") && mugs[1].contains(",12.00,15.00,"));
    assert_eq!(lines("woocommerce-english.csv", &[("WC-2-B", 4_400)]).len(), 2);
    let feed = lines("google-rss.xml", &[("SKU-2", 700)]);
    assert!(feed.iter().any(|line| line.contains("7.00 EUR")) && !feed.iter().any(|line| line.contains("SKU-1")));
    assert!(feed.last().is_some_and(|line| line.contains("</rss>")));
    let (_, report) = rewrite("magento.csv", &sample("magento.csv"), &prices(&[("none", 1)]), RewriteScope::Changed);
    assert_eq!((report.format, report.found), (Some(FileFormat::Magento), BTreeSet::new()));
}

#[test]
fn prices_of_a_market_go_into_its_own_column() {
    let mut new = NewPrices::default();
    new.markets.insert("international".to_owned(), prices(&[("KT-RED", 8_490)]).prices);
    let (written, report) = rewrite("shopify-current.csv", &sample("shopify-current.csv"), &new, RewriteScope::Changed);
    assert!(String::from_utf8(written).expect("UTF-8").contains(",79.90,84.90,99.90,"));
    assert_eq!(report.changed, 1);
}

#[test]
fn refused_rows_are_copied_as_they_stand_and_are_refused_for_the_same_reasons() {
    for name in ["fifty-faults.csv", "broken-rows.csv", "windows-1252.csv", "google-rss.xml", "products-lines.jsonl"] {
        let bytes = sample(name);
        let problems = |bytes: &[u8]| {
            let mut problems = Problems::default();
            let mut reader =
                open(FileKind::Products, name, source(bytes).expect("memory"), options()).expect("readable");
            while reader.next_batch(100, &mut problems).is_some() {}
            problems.kept
        };
        let refused = problems(&bytes);
        let lines: BTreeSet<u64> = refused.iter().map(|problem| problem.line).collect();
        let mut copied = Vec::new();
        let count = copy_rows(name, || source(&bytes), (&lines, None), &mut copied).expect("copied");
        assert_eq!(count as usize, lines.len(), "{name}");
        if count > 0 {
            let again = problems(&copied);
            let reasons = |problems: &[pricing_domain::Problem]| {
                problems.iter().map(|problem| (problem.column.clone(), problem.found.clone())).collect::<Vec<_>>()
            };
            let doubled = refused.iter().filter(|problem| problem.reason.contains("already on line")).count();
            assert!(again.len() + doubled >= refused.len(), "{name}: {:?}", reasons(&again));
        }
    }
}

fn written(name: &str, text: &str, new: &[(&str, i64)]) -> (String, RewriteReport) {
    let (bytes, report) = rewrite(name, text.as_bytes(), &prices(new), RewriteScope::Whole);
    (String::from_utf8(bytes).expect("UTF-8"), report)
}

#[test]
fn a_price_is_not_written_over_two_rows_of_one_article() {
    let text = "sku,name,currency,price\nA1,Red,EUR,9.99\nA1,Blue,EUR,8.99\nA2,Lamp,EUR,5.00\n";
    let (after, report) = written("shop.csv", text, &[("A1", 799), ("A2", 600)]);
    assert_eq!(after, text.replace("5.00", "6.00"));
    assert_eq!(report.found, BTreeSet::from([(String::new(), "A2".to_owned())]));
    assert!(report.kept.len() == 1 && report.kept[0].starts_with("A1: stands more than once"), "{:?}", report.kept);
}

#[test]
fn a_price_without_its_element_is_kept_and_not_counted() {
    let item = |id: &str, price: &str| format!("<item><g:id>{id}</g:id><g:title>T</g:title>{price}</item>");
    let text = format!(
        "<rss xmlns:g=\"http://base.google.com/ns/1.0\"><channel>{}{}{}</channel></rss>",
        item("A1", "<g:price>9.99 EUR</g:price><g:link>https://shop.example/1</g:link>"),
        item("A2", "<g:link>https://shop.example/2</g:link>"),
        item("A3", "<g:price/>"),
    );
    let (after, report) = written("feed.xml", &text, &[("A1", 899), ("A2", 899), ("A3", 899)]);
    assert_eq!(after, text.replace("9.99 EUR", "8.99 EUR"));
    assert_eq!((report.changed, report.found.len(), report.kept.len()), (1, 1, 2), "{report:?}");
}

#[test]
fn a_column_of_whole_numbers_gets_the_separator_of_the_other_columns() {
    let text = "sku;name;currency;price;cost\nA1;Lamp;EUR;10;4,50\n";
    let (after, _) = written("shop.csv", text, &[("A1", 1_050)]);
    assert_eq!(after, text.replace(";10;", ";10,50;"));
}

#[test]
fn lines_that_are_no_json_are_copied_too() {
    let text = "{\"sku\":\"A1\",\"price\":1}\nnot json\n{\"sku\":\"A2\",\"price\":2}\n";
    let lines = BTreeSet::from([2, 3]);
    let mut copied = Vec::new();
    let count = copy_rows("rows.jsonl", || source(text.as_bytes()), (&lines, None), &mut copied).expect("copied");
    assert_eq!(count, 2);
    assert_eq!(String::from_utf8(copied).expect("UTF-8"), "not json\n{\"sku\":\"A2\",\"price\":2}\n");
}

#[test]
fn sale_terms_of_shops_say_when_none_runs() {
    let rows = read("woocommerce-english.csv", &sample("woocommerce-english.csv"));
    assert!(matches!(rows[0].sale, Some(SaleTerms::Sale { price_minor: 2_495, .. })));
    assert_eq!(rows[1].sale, Some(SaleTerms::None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn any_text_without_a_change_comes_back(
        cells in proptest::collection::vec(proptest::collection::vec("[a-z0-9., \"\n;]{0,9}", 4), 0..9),
        quoted in proptest::bool::ANY,
        end in proptest::sample::select(vec!["\n", "\r\n"]),
    ) {
        let mut text = format!("sku,name,price,currency{end}");
        for row in &cells {
            let written: Vec<String> = row
                .iter()
                .map(|cell| if quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() })
                .collect();
            text.push_str(&written.join(","));
            text.push_str(end);
        }
        let mut out = Vec::new();
        let outcome = rewrite_prices(
            "any.csv",
            || source(text.as_bytes()),
            &ReadOptions { decimal_separator: Some('.'), ..options() },
            &NewPrices::default(),
            RewriteScope::Whole,
            &mut out,
        );
        if outcome.is_ok() {
            prop_assert_eq!(String::from_utf8(out).expect("UTF-8"), text);
        }
    }
}

#[test]
fn a_feed_that_ends_within_a_product_is_not_written_without_its_end() {
    let whole = String::from_utf8(sample("google-atom.xml")).expect("UTF-8");
    let cut = &whole.as_bytes()[..whole.rfind("</entry>").expect("an entry")];
    let (new, mut out) = (prices(&[("SKU-1", 9_900)]), Vec::new());
    let refused =
        rewrite_prices("feed.xml", || source(cut), &options(), &new, RewriteScope::Whole, &mut out).map(|_| ());
    let words = refused.expect_err("its end is missing").to_string();
    assert!(words.contains("ends within a product"), "{words}");
}
