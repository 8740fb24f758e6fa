//! Laws: what is written is read again unchanged, and no file, however strange, stops the reader.

use std::io::Cursor;

use catalog_files::{
    FineAmounts, PriceChange, Problems, ProductRow, ReadOptions, Rows, SaleTerms, open, open_detected,
    write_price_changes, write_products,
};
use pricing_domain::{
    BasisPoints, ContentUnit, CostType, Currency, Gtin, Instant, Lifecycle, MicroAmount, Money, PriceType, Role,
};
use pricing_domain::{FileKind, OutputFormat};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::{collection, option};

fn read_products(bytes: Vec<u8>) -> (Vec<ProductRow>, Problems) {
    let mut problems = Problems::default();
    let source = Box::new(Cursor::new(bytes));
    let mut reader = open(FileKind::Products, "products", source, ReadOptions::default()).expect("a readable file");
    let mut rows = Vec::new();
    while let Some(Rows::Products(batch)) = reader.next_batch(7, &mut problems) {
        rows.extend(batch);
    }
    (rows, problems)
}

/// Words with everything that has a meaning in a file.
fn words() -> impl Strategy<Value = String> {
    "[=+@'\"a-z,;|\t\n üß€日-]{0,12}[a-zé]".prop_map(|text| text.trim().to_owned())
}

fn gtin() -> impl Strategy<Value = Gtin> {
    (1u64..10_000_000_000_000).prop_map(|body| {
        (0..10)
            .find_map(|digit| Gtin::from_number(body / 1_000_000 * 10_000_000 + body % 1_000_000 * 10 + digit).ok())
            .expect("one digit of ten is right")
    })
}

fn product() -> impl Strategy<Value = ProductRow> {
    let texts = (words(), collection::vec(option::of(words()), 6), collection::vec("[a-z =+]{0,4}[a-z]", 0..3));
    let amounts = collection::vec(option::of(1i64..100_000_000), 8);
    let kinds = (
        option::of(proptest::sample::select(ContentUnit::ALL)),
        option::of(proptest::sample::select(Lifecycle::ALL)),
        option::of(proptest::sample::select(CostType::ALL)),
        option::of(proptest::sample::select(Role::ALL)),
        prop_oneof![Just("EUR"), Just("JPY"), Just("KWD")],
    );
    let rest = (
        collection::vec(gtin(), 0..3),
        option::of(1u32..50),
        option::of(prop_oneof![Just(0), 100i32..10_000]),
        option::of(-50i64..5_000),
        collection::vec(option::of(any::<bool>()), 3),
        1i64..1_000_000_000,
    );
    (texts, amounts, kinds, rest).prop_map(|((name, texts, tags), amounts, kinds, rest)| {
        let text = |index: usize| texts[index].clone().filter(|text| !text.is_empty());
        let unique = |tags: Vec<String>| {
            let mut kept: Vec<String> = Vec::new();
            for tag in tags.iter().map(|tag| tag.trim().to_owned()) {
                if !kept.contains(&tag) {
                    kept.push(tag);
                }
            }
            kept
        };
        let mut gtins: Vec<Gtin> = rest.0;
        gtins.dedup();
        let (lowest, highest) = (amounts[1], amounts[2]);
        ProductRow {
            line: 0,
            sku: String::new(),
            name: Some(name),
            gtins,
            mpn: text(0),
            brand: text(1),
            category: text(2),
            item_group_id: text(3),
            supplier: text(4),
            family: text(5),
            net_content_micro: amounts[0],
            content_unit: kinds.0,
            pack_items: rest.1,
            deposit_minor: amounts[7],
            own_brand: rest.4[0],
            lifecycle: kinds.1,
            is_sold: kinds.1.is_none() && rest.4[0] == Some(true),
            names_no_currency: false,
            currency: Currency::new(kinds.4).expect("a currency"),
            price_minor: Some(rest.5),
            compare_at_minor: amounts[3],
            min_price_minor: lowest.filter(|lowest| highest.is_none_or(|highest| *lowest <= highest)),
            // The file has a column of sale prices, so that it says of every product whether one runs.
            sale: Some(SaleTerms::None),
            max_price_minor: highest,
            map_price_minor: amounts[4],
            rrp_minor: amounts[5],
            cost: amounts[6].map(MicroAmount),
            cost_type: kinds.2,
            cost_currency: kinds.2.and(amounts[6]).map(|_| Currency::USD),
            vat_rate: rest.2.map(BasisPoints),
            price_includes_vat: rest.4[1],
            stock: rest.3,
            is_in_stock: rest.3.is_none() && rest.4[1] == Some(true),
            role: kinds.3,
            key_value: rest.4[2],
            tags: unique(tags),
            attributes: attributes(&texts),
            image_url: rest.4[2].map(|is_secure| {
                format!("http{}://cdn.example/a,b/{}.jpg?w=1&h=2", if is_secure { "s" } else { "" }, rest.5)
            }),
            fine: None,
        }
    })
}

/// Some of the texts as free attributes, in the order in which columns stand.
fn attributes(texts: &[Option<String>]) -> Vec<(String, String)> {
    let named = ["colour family", "größe", "ip-rating"].into_iter().zip(texts.iter().rev());
    let stated = named.filter_map(|(name, text)| Some((name.to_owned(), text.as_ref()?.trim().to_owned())));
    stated.filter(|(_, text)| !text.is_empty()).collect()
}

fn catalogue() -> impl Strategy<Value = Vec<ProductRow>> {
    collection::vec(product(), 1..12).prop_map(|mut rows| {
        for (index, row) in rows.iter_mut().enumerate() {
            row.sku = format!("{}{index}", ["-A", "'=", "=B", "0"][index % 4]);
        }
        rows
    })
}

fn without_lines(mut rows: Vec<ProductRow>) -> Vec<ProductRow> {
    for row in &mut rows {
        row.line = 0;
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn products_come_back_from_csv_as_they_went(rows in catalogue()) {
        let mut bytes = Vec::new();
        write_products(&rows, OutputFormat::Csv, &mut bytes).expect("memory");
        let (again, problems) = read_products(bytes);
        prop_assert_eq!(problems, Problems::default());
        prop_assert_eq!(without_lines(again), rows);
    }

    #[test]
    fn strange_cells_are_read_or_reported(cells in collection::vec(collection::vec(".{0,12}|[0-9.,'\"; -]{0,9}", 6), 0..12)) {
        let mut text = String::from("sku,name,currency,price,gtin,cost\n");
        for row in &cells {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        check_any_bytes(text.as_bytes());
    }

    #[test]
    fn strange_bytes_are_read_or_reported(bytes in collection::vec(any::<u8>(), 0..600)) {
        check_any_bytes(&bytes);
        check_any_bytes(&[b"sku\tname\tcurrency\tprice\n".as_slice(), &bytes].concat());
        check_any_bytes(&[b"PK\x03\x04".as_slice(), &bytes].concat());
        check_any_bytes(&[b"\xff\xfe".as_slice(), &bytes].concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, ..ProptestConfig::default() })]

    #[test]
    fn products_come_back_from_xlsx_as_they_went(rows in catalogue()) {
        let mut bytes = Vec::new();
        write_products(&rows, OutputFormat::Xlsx, &mut bytes).expect("memory");
        let (again, problems) = read_products(bytes);
        prop_assert_eq!(problems, Problems::default());
        prop_assert!(again.iter().zip(2..).all(|(row, line)| row.line == line));
        prop_assert_eq!(without_lines(again), rows);
    }
}

/// Every kind either refuses the file with a reason or accounts for each of its rows.
fn check_any_bytes(bytes: &[u8]) {
    for kind in FileKind::ALL {
        let mut problems = Problems::default();
        match open(*kind, "any", Box::new(Cursor::new(bytes.to_vec())), ReadOptions::default()) {
            Err(problem) => assert!(!problem.reason.is_empty()),
            Ok(mut reader) => {
                let mut good = 0;
                while let Some(rows) = reader.next_batch(5, &mut problems) {
                    good += rows.len() as u64;
                }
                assert_eq!(reader.facts().rows_read, good + problems.total);
                assert_eq!(reader.position().0, reader.position().1);
            }
        }
    }
}

fn price_change() -> PriceChange {
    let instant = |text: &str| text.parse::<Instant>().expect("an instant");
    PriceChange {
        sku: "A1".to_owned(),
        price_list: "DE".to_owned(),
        price_type: PriceType::Regular,
        min_quantity: 1,
        old: Some(Money::new(999, Currency::EUR)),
        new: Money::new(949, Currency::EUR),
        valid_from: instant("2026-11-02T00:00:00Z"),
        valid_to: None,
        rule: "Match, -2 %".to_owned(),
        reason: "=cmd".to_owned(),
        approved_by: "Ada".to_owned(),
        approved_at: instant("2026-11-01T17:30:00Z"),
    }
}

#[test]
fn price_changes_come_back_as_the_new_prices() {
    for format in [OutputFormat::Csv, OutputFormat::Xlsx] {
        let mut bytes = Vec::new();
        write_price_changes(&[price_change()], format, &mut bytes).expect("memory");
        for kind in [None, Some(FileKind::Prices)] {
            let source = Box::new(Cursor::new(bytes.clone()));
            let mut reader = open_detected(kind, "prices", source, ReadOptions::default()).expect("readable");
            let mut problems = Problems::default();
            let Some(Rows::Prices(rows)) = reader.next_batch(9, &mut problems) else { panic!("prices, not {kind:?}") };
            assert_eq!((rows.len(), problems.total), (1, 0), "{format} {:?}", problems.kept);
            assert_eq!((rows[0].sku.as_str(), rows[0].price_list.as_str(), rows[0].price_minor), ("A1", "DE", 949));
            assert_eq!(reader.facts().ignored_columns, Vec::<String>::new());
        }
    }
}

#[test]
fn a_price_from_a_quantity_on_comes_back_as_one() {
    let change = PriceChange { price_type: PriceType::Member, min_quantity: 12, ..price_change() };
    let mut bytes = Vec::new();
    write_price_changes(&[change], OutputFormat::Csv, &mut bytes).expect("memory");
    let source = Box::new(Cursor::new(bytes));
    let mut reader = open_detected(None, "prices", source, ReadOptions::default()).expect("readable");
    let Some(Rows::Prices(rows)) = reader.next_batch(9, &mut Problems::default()) else { panic!("prices") };
    assert_eq!((rows[0].price_type, rows[0].min_quantity, rows[0].price_minor), (PriceType::Member, 12, 949));
}

#[test]
fn net_prices_come_back_to_the_last_digit() {
    let (mut rows, problems) =
        read_products(b"sku,name,currency,price,price_includes_vat,rrp\nA1,Kettle,EUR,50.336134,no,60.50\n".to_vec());
    assert_eq!(problems, Problems::default());
    assert_eq!(rows[0].fine, Some(FineAmounts { price: Some(50_336_134), ..FineAmounts::default() }));
    let mut bytes = Vec::new();
    write_products(&rows, OutputFormat::Csv, &mut bytes).expect("memory");
    rows[0].sale = Some(SaleTerms::None);
    assert_eq!(read_products(bytes).0, rows);
}

#[test]
fn price_changes_carry_every_column_and_guard_their_words() {
    let mut bytes = Vec::new();
    write_price_changes(&[price_change()], OutputFormat::Csv, &mut bytes).expect("memory");
    let expected = "sku,price_list,type,old_price,new_price,currency,valid_from,valid_to,rule,reason,approved_by,approved_at,min_quantity\r\n\
                    A1,DE,regular,9.99,9.49,EUR,2026-11-02T00:00:00Z,,\"Match, -2 %\",'=cmd,Ada,2026-11-01T17:30:00Z,\r\n";
    assert_eq!(String::from_utf8(bytes).expect("text"), expected);
}
