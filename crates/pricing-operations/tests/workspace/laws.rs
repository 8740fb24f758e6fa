//! What holds for any sequence of imports and undos.

use pricing_domain::{ChangeSetId, FileKind};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::test_runner::TestRunner;

use crate::support::Shop;

#[derive(Clone, Debug)]
enum Step {
    Import(FileKind, String),
    /// Of which change set, counted from the newest.
    Undo(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => file().prop_map(|(kind, text)| Step::Import(kind, text)),
        2 => (0usize..6).prop_map(Step::Undo),
        1 => (1i64..40).prop_map(Step::Wait),
    ]
}

fn file() -> impl Strategy<Value = (FileKind, String)> {
    let rows = proptest::collection::vec((0u8..4, 1u16..500, any::<bool>(), 0u8..3), 1..4);
    let kind = proptest::sample::select(FileKind::ALL);
    (kind, rows, Just(())).prop_map(|(kind, rows, ())| {
        let mut text = format!("{}\n", header(kind));
        for (product, number, filled, variant) in rows {
            text.push_str(&line(kind, product, number, filled, variant));
            text.push('\n');
        }
        (kind, text)
    })
}

const fn header(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Products => "sku,name,brand,family,gtin,currency,price,cost,stock,min_price,vat_rate",
        FileKind::Prices => "sku,price_list,price,currency,valid_from,valid_to",
        FileKind::Costs => "sku,cost,currency,supplier,valid_from",
        FileKind::PriceHistory => "sku,price,currency,valid_from,valid_to",
        FileKind::Promotions => "sku,name,price,currency,valid_from,valid_to",
        FileKind::Locks => "sku,price_list,valid_from,reason",
        FileKind::Matches => "sku,competitor,url,match_type,pack_coefficient",
        FileKind::Observations => "sku,competitor,observed_at,price,currency,source",
        FileKind::Sales => "sku,date,units",
        FileKind::Stock => "sku,stock,location,inbound",
        FileKind::Rates => "date,base,quote,rate",
    }
}

fn line(kind: FileKind, product: u8, number: u16, filled: bool, variant: u8) -> String {
    let when = |text: &str| if filled { text.to_owned() } else { String::new() };
    let day = 1 + variant;
    match kind {
        FileKind::Products => format!(
            "P{product},Name {variant},{},{},{},EUR,{number}.99,{},{},0.50,19",
            when("Brand"),
            when(["one", "two", "three"][usize::from(variant)]),
            when(["4006381333931", "96385074", ""][usize::from(variant)]),
            when("3.0347"),
            when(&number.to_string()),
        ),
        FileKind::Prices => format!(
            "P{product},{},{number},EUR,{},{}",
            ["DEFAULT", "SHOP", "OUTLET"][usize::from(variant)],
            when("2026-03-01"),
            if number.is_multiple_of(3) { "2026-03-20" } else { "" },
        ),
        FileKind::Costs => {
            format!("P{product},{number},EUR,{},{}", when("Import AG"), when(&format!("2026-02-0{day}")))
        }
        FileKind::PriceHistory => {
            format!("P{product},{number},EUR,2026-01-0{day},{}", when(&format!("2026-02-0{day}")))
        }
        FileKind::Promotions => format!("P{product},Sale,{number},EUR,2026-03-0{day},2026-03-2{day}"),
        FileKind::Locks => format!("P{product},{},{},Contract", when("DEFAULT"), when(&format!("2026-03-0{day}"))),
        FileKind::Matches => format!(
            "P{product},Rival {variant},https://rival.example/{},{},{}",
            number % 3,
            when("equivalent"),
            when("1/2")
        ),
        FileKind::Observations => {
            format!("P{product},Rival {variant},2026-03-0{day}T08:00:00Z,{number},EUR,{}", when("panel"))
        }
        FileKind::Stock => {
            format!("P{product},{number},{},{}", ["", "Berlin", "Wien"][usize::from(variant)], when("3"))
        }
        FileKind::Rates => {
            format!("2026-01-0{day},{},{},{number}.5", when("EUR"), ["USD", "GBP", "JPY"][usize::from(product % 3)])
        }
        FileKind::Sales => format!("P{product},2026-03-0{day},{number}"),
    }
}

async fn take(shop: &Shop, step: Step, sets: &mut Vec<ChangeSetId>) {
    match step {
        Step::Wait(hours) => shop.later_hours(hours),
        Step::Undo(back) => {
            if let Some(place) = sets.len().checked_sub(back + 1) {
                shop.workspace.undo_change_set(sets.remove(place)).await.unwrap();
            }
        }
        Step::Import(kind, text) => {
            let before = shop.picture().await;
            let report = shop.import(kind, &text).await;
            let Some(change_set) = report.change_set else {
                assert_eq!(shop.picture().await, before, "without a change set nothing changes: {kind} {text}");
                return;
            };
            let after = shop.picture().await;
            let undone = shop.workspace.undo_change_set(change_set).await.unwrap();
            assert_eq!(undone.conflicts, Vec::<String>::new(), "{kind} {text}");
            assert_eq!(shop.picture().await, before, "an import and its undo are nothing: {kind} {text}");
            let again = shop.import(kind, &text).await;
            assert_eq!((again.added, again.changed), (report.added, report.changed));
            assert_eq!(without_ids(&shop.picture().await), without_ids(&after), "{kind} {text}");
            sets.push(again.change_set.unwrap());
            let third = shop.import(kind, &text).await;
            assert_eq!(third.change_set, None, "the same file again changes nothing: {kind} {text}");
        }
    }
}

/// Ids of rows that were made anew differ; everything else does not.
fn without_ids(picture: &str) -> String {
    let hidden = |word: &str| word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4;
    picture.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').fold(
        String::new(),
        |mut text, word| {
            let (body, end) = word.split_at(word.len() - word.chars().next_back().map_or(0, char::len_utf8));
            text.push_str(if hidden(body) { "id" } else { body });
            text.push_str(end);
            text
        },
    )
}

#[test]
fn imports_and_their_undo_cancel_out_in_any_order() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() };
    let steps = proptest::collection::vec(step(), 2..8);
    TestRunner::new(config)
        .run(&steps, |steps| {
            runtime.block_on(async {
                let shop = Shop::with_products().await;
                let named = "sku,name,currency,price\nP0,Zero,EUR,10\nP1,One,EUR,20\nP2,Two,EUR,30\n";
                shop.import_clean(FileKind::Products, named).await;
                let mut sets = Vec::new();
                for step in steps {
                    take(&shop, step, &mut sets).await;
                }
            });
            Ok(())
        })
        .unwrap();
}
