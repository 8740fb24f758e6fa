//! PrestaShop's product CSV, as its sample has it: semicolons, prices without VAT.

use pricing_domain::{FileFormat, FileKind};

use super::{Beginning, ENDED, SOLD, first_picture};
use crate::layouts::{Header, Layout};
use crate::records::{LESS, NUMBER_MARK, UNREAD};
use crate::row_attributes::Pairs;
use crate::tax_classes::{TaxClasses, UNTAXED};

/// The names of the price column, by version.
pub(crate) const PRICE: [&str; 3] =
    ["Price tax excluded", "Price tax excluded or Price tax included", "Price tax included"];
pub(crate) const REFERENCE: [&str; 2] = ["Reference #", "Reference"];
const AMOUNT: &str = "Discount amount";
const PERCENT: &str = "Discount percent";
pub(crate) const ID: [&str; 2] = ["Product ID", "ID"];

/// The name of the column that carries the article number: the reference, else the shop's own number.
pub(crate) fn sku_place(header: &Header) -> Option<usize> {
    header.find(&REFERENCE).or_else(|| header.find(&ID))
}

pub(super) fn find(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    let price = header.find(&PRICE)?;
    sku_place(header)?;
    let includes_vat = header.names()[price].to_lowercase().ends_with("tax included")
        && !header.names()[price].to_lowercase().contains("excluded");
    // A file may have one of the two columns alone.
    let amount: &[&str] = if header.has(AMOUNT) { &[AMOUNT] } else { &[PERCENT] };
    let percent: &[&str] = if header.has(PERCENT) { &[PERCENT] } else { &[] };
    let discount: &[&[&str]] = &[amount, percent, &PRICE];
    let sale_price = if header.has(AMOUNT) { sale_price } else { sale_price_of_percent };
    let mut layout = Layout::new(FileFormat::PrestaShop, FileKind::Products)
        .first_of("sku", header, &[REFERENCE[0], REFERENCE[1], ID[0], ID[1]])
        .copy("name", header, &["Name", "Name *"])
        .custom("category", header, &[&["Categories (x,y,z...)", "Categories"]], |cells| {
            cells[0].split(',').next().unwrap_or_default().trim().to_owned()
        })
        .copy("price", header, &PRICE)
        .constant("price_includes_vat", if includes_vat { "yes" } else { "no" })
        .custom("sale_price", header, discount, sale_price)
        .custom("sale_from", header, &[&["Discount from (yyyy-mm-dd)", "Discount from"]], |cells| day(cells[0]))
        .custom("sale_to", header, &[&["Discount to (yyyy-mm-dd)", "Discount to"]], |cells| day(cells[0]))
        .copy("cost", header, &["Wholesale price", "Cost price"])
        .first_of("gtin", header, &["EAN13", "EAN-13", "UPC", "GTIN"])
        .copy("mpn", header, &["MPN"])
        .copy("brand", header, &["Manufacturer", "Brand"])
        .copy("supplier", header, &["Supplier"])
        .copy("stock", header, &["Quantity"])
        .custom("tags", header, &[&["Tags (x,y,z...)", "Tags"]], |cells| cells[0].to_owned())
        .custom("lifecycle", header, &[&["Active (0/1)", "Active"]], |cells| match cells[0] {
            "0" => ENDED.to_owned(),
            "1" => SOLD.to_owned(),
            _ => String::new(),
        })
        .custom("image_url", header, &[&["Image URLs (x,y,z...)", "Image URLs", "Image URL"]], first_picture)
        .pairs(features_place(header).map(|place| Pairs::Listed { place, read: features }), str::to_owned)
        .knows(header, &[ID[0], ID[1], "Tax rules ID", "On sale (0/1)"]);
    layout.usual_decimal = Some('.');
    // Rules go by number, and which is the ordinary one is up to the shop.
    layout.taxed_by = header.find(&["Tax rules ID"]).map(|place| TaxClasses {
        places: vec![place],
        class: |cells| if cells[0] == "0" { UNTAXED.to_owned() } else { cells[0].to_owned() },
        all_ordinary: true,
    });
    Some(layout)
}

/// The price less its discount. PrestaShop takes a discount of an amount before one in percent, and from the price with
/// VAT (`AdminImportController`, `SpecificPrice::reduction_tax`); what that leaves is known where the rate is.
fn sale_price(cells: &[&str]) -> String {
    // The exporter writes no thousands separators.
    let number = |text: &str, digits: u8| pricing_domain::parse_scaled(&text.replace(',', "."), digits);
    let is_nothing = |text: &str| text.is_empty() || number(text, 6) == Some(0);
    let [amount, percent, price] = cells else { return String::new() };
    if !is_nothing(amount) {
        let less = number(amount, 6).filter(|less| *less > 0);
        return less.map_or_else(
            || format!("{UNREAD}{amount}"),
            |less| format!("{LESS}{}", pricing_domain::decimal_text(less, 6, 2)),
        );
    }
    if is_nothing(percent) {
        return String::new();
    }
    let less = || {
        let (price, percent) = (number(price, 6)?, number(percent, 2)?);
        (1..10_000).contains(&percent).then(|| i128::from(price) * i128::from(10_000 - percent))
    };
    match less().and_then(|scaled| i64::try_from((scaled + 5_000) / 10_000).ok()) {
        Some(micro) => format!("{NUMBER_MARK}{}", pricing_domain::decimal_text(micro, 6, 2)),
        None => format!("{UNREAD}{percent} %"),
    }
}

/// The same where the file has no column of amounts.
fn sale_price_of_percent(cells: &[&str]) -> String {
    let [percent, _, price] = cells else { return String::new() };
    sale_price(&["", percent, price])
}

/// `Feature (Name:Value:Position:Customized)`, by whatever parts the version names.
fn features_place(header: &Header) -> Option<usize> {
    header.names().iter().position(|name| {
        let first = name.split(['(', ' ']).next().unwrap_or_default();
        first.eq_ignore_ascii_case("feature") || first.eq_ignore_ascii_case("features")
    })
}

/// `Colour:Red:1,Material:Wool:2`: as PrestaShop takes it apart itself, a comma always ends a feature.
fn features(text: &str) -> Vec<(String, String)> {
    let feature = |piece: &str| {
        let mut parts = piece.split(':').map(str::trim);
        Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
    };
    text.split(',').filter_map(feature).collect()
}

/// No day is written as one of zeros.
fn day(text: &str) -> String {
    if text.starts_with("0000") { String::new() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{features, sale_price};

    #[test]
    fn features_are_names_and_values() {
        let read = |text: &str| -> Vec<String> {
            features(text).into_iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        assert_eq!(read("Colour:Red:1, Material:Wool:2:0,Width:10,dyed"), ["Colour=Red", "Material=Wool", "Width=10"]);
        assert_eq!(read("Height: 1.5 m"), ["Height=1.5 m"]);
        assert_eq!(read(""), Vec::<String>::new());
    }

    #[test]
    fn a_discount_is_a_sale_price() {
        let read = |cells: [&str; 3]| sale_price(&cells).replace('\u{2}', "");
        assert_eq!(read(["", "5", "49.900000"]), "47.405");
        assert_eq!(read(["0.00", "12,5", "10,00"]), "8.75");
        assert_eq!(read(["", "", "10"]), "");
        assert_eq!(read(["5,00", "0", "10"]), "\u{4}5.00");
        assert_eq!(read(["2.50", "10", "10"]), "\u{4}2.50");
        assert_eq!(read(["five", "", "10"]), "\u{3}five");
    }
}
