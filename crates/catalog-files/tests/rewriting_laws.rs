//! Laws of new prices in shops' files, over generated files of every format that takes them: without a change every byte
//! comes back, new prices are read back, and taking them back gives the file as it was.

use std::collections::BTreeMap;
use std::io::Cursor;

use catalog_files::{
    NewPrice, NewPrices, Problems, ReadOptions, RewriteScope, Rows, Source, open_detected, rewrite_prices,
};
use pricing_domain::{Currency, FileFormat, FileKind};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::{collection, sample};

/// How files of a format are written: what stands for a product's `SKU`, `NAME` and `PRICE` is put in.
struct Form {
    format: FileFormat,
    name: &'static str,
    head: &'static str,
    row: &'static str,
    tail: &'static str,
    decimal: char,
    /// Whether cells stand in quotes; otherwise text is escaped as XML.
    quoted: bool,
}

const FORMS: &[Form] = &[
    Form {
        format: FileFormat::Own,
        name: "own.csv",
        head: "sku,name,currency,price,compare_at_price\n",
        row: "SKU,NAME,EUR,PRICE,\n",
        tail: "",
        decimal: '.',
        quoted: true,
    },
    Form {
        format: FileFormat::Shopify,
        name: "shopify.csv",
        head: "URL handle,Title,Vendor,Option1 name,Option1 value,SKU,Price,Compare-at price,Product image URL\n",
        row: "h-SKU,NAME,Boilo,Title,Default Title,SKU,PRICE,,\nh-SKU,,,,,,,,https://shop.example/2.jpg\n",
        tail: "",
        decimal: '.',
        quoted: true,
    },
    Form {
        format: FileFormat::Shopify,
        name: "shopify-older.csv",
        head: "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price\n",
        row: "h-SKU,NAME,Boilo,Title,Default Title,SKU,PRICE,\n",
        tail: "",
        decimal: '.',
        quoted: true,
    },
    Form {
        format: FileFormat::WooCommerce,
        name: "woocommerce.csv",
        head: "ID,Type,SKU,Name,Published,Stock,Sale price,Regular price,Categories,Parent\n9,variable,V,Family,1,,,,Home,\n",
        row: ",variation,SKU,NAME,1,3,,PRICE,,V\n",
        tail: "",
        decimal: '.',
        quoted: true,
    },
    Form {
        format: FileFormat::WooCommerce,
        name: "woocommerce-german.csv",
        head: "ID,Typ,Artikelnummer,Name,Veröffentlicht,Bestand,Angebotspreis,Regulärer Preis,Kategorien\n",
        row: ",simple,SKU,NAME,1,3,,\"PRICE\",Küche\n",
        tail: "",
        decimal: ',',
        quoted: true,
    },
    Form {
        format: FileFormat::Magento,
        name: "magento.csv",
        head: "sku,store_view_code,attribute_set_code,product_type,name,price,special_price,url_key\n",
        row: "SKU,,Default,simple,NAME,PRICE,,k-SKU\nSKU,de,Default,simple,NAME,,,k-SKU\n",
        tail: "",
        decimal: '.',
        quoted: true,
    },
    Form {
        format: FileFormat::PrestaShop,
        name: "prestashop.csv",
        head: "Product ID;Active (0/1);Name *;Price tax excluded;Tax rules ID;Reference #;Quantity\n",
        row: "1;1;NAME;PRICE;1;SKU;5\n",
        tail: "",
        decimal: '.',
        quoted: true,
    },
    Form {
        format: FileFormat::GoogleMerchant,
        name: "google.tsv",
        head: "id\ttitle\tlink\tprice\tavailability\n",
        row: "SKU\tNAME\thttps://shop.example/SKU\tPRICE EUR\tin_stock\n",
        tail: "",
        decimal: '.',
        quoted: true,
    },
    Form {
        format: FileFormat::GoogleMerchant,
        name: "google.xml",
        head: "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\"><channel><title>Shop</title>\n",
        row: "<item><g:id>SKU</g:id><title>NAME</title><link>https://shop.example/SKU</link>\
              <g:price>PRICE EUR</g:price><g:availability>in_stock</g:availability></item>\n",
        tail: "</channel></rss>\n",
        decimal: '.',
        quoted: false,
    },
];

/// A generated file: names with everything that has a meaning in a file, and prices in minor units.
fn file() -> impl Strategy<Value = (usize, Vec<(String, i64)>, bool)> {
    let name = "[A-Z][a-zü€ ,;'\"\t&<=-]{0,14}[a-z]";
    let product = (name, 101i64..9_999_999);
    (sample::select((0..FORMS.len()).collect::<Vec<_>>()), collection::vec(product, 1..9), any::<bool>())
}

fn sku(place: usize) -> String {
    format!("S{place:03}")
}

fn written(form: &Form, products: &[(String, i64)], wide_ends: bool) -> String {
    let rows = products.iter().enumerate().map(|(place, (name, price))| {
        let name = if form.quoted {
            format!("\"{}\"", name.replace('"', "\"\""))
        } else {
            name.replace('&', "&amp;").replace('<', "&lt;").replace('\t', " ")
        };
        let price = format!("{}{}{:02}", price / 100, form.decimal, price % 100);
        form.row.replace("SKU", &sku(place)).replace("PRICE", &price).replace("NAME", &name)
    });
    let text = format!("{}{}{}", form.head, rows.collect::<String>(), form.tail);
    if wide_ends { text.replace('\n', "\r\n") } else { text }
}

fn options() -> ReadOptions {
    ReadOptions { currency: Some(Currency::EUR), ..ReadOptions::default() }
}

fn source(text: &str) -> Box<dyn Source + Send> {
    Box::new(Cursor::new(text.as_bytes().to_vec()))
}

/// The prices of a file by SKU.
fn read(form: &Form, text: &str) -> BTreeMap<String, i64> {
    let mut reader = open_detected(None, form.name, source(text), options())
        .unwrap_or_else(|problem| panic!("{}: {problem}\n{text}", form.name));
    assert_eq!((reader.facts().format, reader.facts().kind), (form.format, FileKind::Products), "{}", form.name);
    let mut problems = Problems::default();
    let mut prices = BTreeMap::new();
    while let Some(Rows::Products(rows)) = reader.next_batch(5, &mut problems) {
        prices.extend(rows.into_iter().filter_map(|row| Some((row.sku, row.price_minor?))));
    }
    assert_eq!(problems.kept, [], "{}: {text}", form.name);
    prices
}

fn rewrite(form: &Form, text: &str, prices: &BTreeMap<String, i64>, scope: RewriteScope) -> (String, u64) {
    let includes_vat = form.format != FileFormat::PrestaShop;
    let price = |amount_minor| NewPrice { amount_minor, currency: Currency::EUR, includes_vat, vat_rate: None };
    let prices = prices.iter().map(|(sku, amount)| (sku.clone(), price(*amount))).collect();
    let new = NewPrices { prices, ..NewPrices::default() };
    let mut out = Vec::new();
    let report = rewrite_prices(form.name, || Ok(source(text)), &options(), &new, scope, &mut out)
        .unwrap_or_else(|error| panic!("{}: {error}\n{text}", form.name));
    (String::from_utf8(out).expect("UTF-8"), report.changed)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn files_of_every_format_come_back_and_take_prices((place, products, wide_ends) in file(), raised in 0usize..9) {
        let form = &FORMS[place];
        let text = written(form, &products, wide_ends);
        let before = read(form, &text);
        let expected: BTreeMap<String, i64> =
            products.iter().enumerate().map(|(place, (_, price))| (sku(place), *price)).collect();
        prop_assert_eq!(&before, &expected);

        let (same, changed) = rewrite(form, &text, &BTreeMap::new(), RewriteScope::Whole);
        prop_assert_eq!((&same, changed), (&text, 0));
        let (same, changed) = rewrite(form, &text, &before, RewriteScope::Whole);
        prop_assert_eq!((&same, changed), (&text, 0));

        let new: BTreeMap<String, i64> =
            before.iter().take(raised).map(|(sku, price)| (sku.clone(), price + 1_001)).collect();
        let (other, changed) = rewrite(form, &text, &new, RewriteScope::Whole);
        prop_assert_eq!(changed, new.len() as u64);
        let mut wanted = before.clone();
        wanted.extend(new.clone());
        prop_assert_eq!(read(form, &other), wanted);
        let back: BTreeMap<String, i64> = before.iter().take(raised).map(|(sku, price)| (sku.clone(), *price)).collect();
        prop_assert_eq!(rewrite(form, &other, &back, RewriteScope::Whole).0, text.clone());

        let (only, _) = rewrite(form, &text, &new, RewriteScope::Changed);
        prop_assert!(new.is_empty() || read(form, &only) == new, "{}", only);
    }
}
