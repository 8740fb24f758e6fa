//! Product feeds for Google Merchant: tab-separated, or RSS and Atom with `g:` elements. A price is a number with its
//! currency (`15.00 EUR`); `sale_price` holds while `sale_price_effective_date` says so.

use pricing_domain::{FileFormat, FileKind, attribute_name};

use super::{Beginning, first_picture};
use crate::layouts::Layout;

/// What a feed says of a product beside our own columns, and what the shop itself put into its labels: free attributes.
const DESCRIBING: [&str; 14] = [
    "color",
    "size",
    "material",
    "pattern",
    "gender",
    "age_group",
    "size_type",
    "size_system",
    "energy_efficiency_class",
    "custom_label_0",
    "custom_label_1",
    "custom_label_2",
    "custom_label_3",
    "custom_label_4",
];

/// Ids and prices, and one of the attributes that only a feed has.
pub(super) fn find(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    let telling = [
        "availability",
        "link",
        "image_link",
        "sale_price",
        "cost_of_goods_sold",
        "auto_pricing_min_price",
        "google_product_category",
        "identifier_exists",
        "custom_label_0",
    ];
    if !header.has_all(&["id", "price"]) || !telling.iter().any(|name| header.has(name)) {
        return None;
    }
    let layout = Layout::new(FileFormat::GoogleMerchant, FileKind::Products)
        .copy("sku", header, &["id"])
        // A supplemental feed names no title: the id stands in, unless the product is known and keeps its name.
        .first_of("name", header, if beginning.is_partial { &["title"] } else { &["title", "id"] })
        .copy("gtin", header, &["gtin"])
        .copy("mpn", header, &["mpn"])
        .copy("brand", header, &["brand"])
        .first_of("category", header, &["product_type", "google_product_category"])
        .copy("item_group_id", header, &["item_group_id"])
        .custom("price", header, &[&["price"]], amount)
        .custom("currency", header, &[&["price"]], currency)
        // Each with its currency, which must be that of the price.
        .copy("sale_price", header, &["sale_price"])
        .custom("sale_from", header, &[&["sale_price_effective_date"]], sale_from)
        .custom("sale_to", header, &[&["sale_price_effective_date"]], sale_to)
        .copy("cost", header, &["cost_of_goods_sold"])
        .copy("min_price", header, &["auto_pricing_min_price"])
        .copy("rrp", header, &["maximum_retail_price"])
        .custom("net_content", header, &[&["unit_pricing_measure"]], measure_number)
        .custom("content_unit", header, &[&["unit_pricing_measure"]], measure_unit)
        .copy("pack_items", header, &["multipack"])
        // A feed says no number of pieces.
        .copy("availability", header, &["availability"])
        .custom("image_url", header, &[&["image_link"]], first_picture);
    let layout = DESCRIBING.iter().fold(layout, |layout, theirs| {
        let name = attribute_name(theirs).expect("the columns of a feed name attributes");
        layout.attribute(name, header, theirs)
    });
    let mut layout = layout.leave_out(
        header,
        &[&["condition"]],
        |cells| matches!(cells[0].to_lowercase().as_str(), "used" | "refurbished"),
        "are used or refurbished",
    );
    layout.usual_decimal = Some('.');
    layout.currency_beside_amount = true;
    Some(layout)
}

fn amount(cells: &[&str]) -> String {
    amount_part(cells[0]).to_owned()
}

fn currency(cells: &[&str]) -> String {
    currency_part(cells[0]).to_owned()
}

/// The number of `15.00 EUR`.
fn amount_part(text: &str) -> &str {
    text.trim().trim_matches(|letter: char| letter.is_alphabetic() || letter.is_whitespace())
}

/// The currency of `15.00 EUR`, wherever it stands.
fn currency_part(text: &str) -> &str {
    let is_code = |word: &&str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    text.split(|letter: char| letter.is_whitespace() || letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-'))
        .find(is_code)
        .unwrap_or_default()
}

fn sale_from(cells: &[&str]) -> String {
    cells[0].split_once('/').map_or_else(String::new, |(from, _)| moment(from))
}

fn sale_to(cells: &[&str]) -> String {
    cells[0].split_once('/').map_or_else(String::new, |(_, to)| moment(to))
}

/// An offset as `+0100` gets its colon.
fn moment(text: &str) -> String {
    let text = text.trim();
    match text.rfind(['+', '-']).filter(|place| *place > 10 && text.len() - place == 5) {
        Some(place) => format!("{}:{}", &text[..place + 3], &text[place + 3..]),
        None => text.to_owned(),
    }
}

fn measure(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|letter: char| letter.is_alphabetic())?;
    Some((text[..end].trim(), text[end..].trim()))
}

/// The factor from a unit of Google's to one of ours.
fn unit_of(text: &str) -> Option<(&'static str, u32)> {
    Some(match text.to_lowercase().as_str() {
        "kg" => ("kg", 0),
        "g" => ("kg", 3),
        "mg" => ("kg", 6),
        "l" => ("l", 0),
        "cl" => ("l", 2),
        "ml" => ("l", 3),
        "m" => ("m", 0),
        "cm" => ("m", 2),
        "ct" | "piece" => ("piece", 0),
        _ => return None,
    })
}

fn measure_number(cells: &[&str]) -> String {
    let Some((number, unit)) = measure(cells[0]) else { return String::new() };
    let Some((_, digits)) = unit_of(unit) else { return String::new() };
    shift(number, digits).unwrap_or_default()
}

fn measure_unit(cells: &[&str]) -> String {
    measure(cells[0]).and_then(|(_, unit)| unit_of(unit)).map_or_else(String::new, |(unit, _)| unit.to_owned())
}

/// A number with a dot, divided by a power of ten.
fn shift(number: &str, digits: u32) -> Option<String> {
    let scaled = pricing_domain::parse_scaled(number, 6)?;
    let divided = scaled / 10i64.pow(digits);
    (divided > 0).then(|| format!("{}{}", crate::records::NUMBER_MARK, pricing_domain::decimal_text(divided, 6, 0)))
}

#[cfg(test)]
mod tests {
    use super::{amount_part, currency_part, measure_number, measure_unit, moment};

    #[test]
    fn a_price_is_a_number_and_a_currency() {
        for (text, number, currency) in [
            ("15.00 EUR", "15.00", "EUR"),
            ("EUR 1,299.00", "1,299.00", "EUR"),
            ("15.00", "15.00", ""),
            ("15.00EUR", "15.00", "EUR"),
            ("", "", ""),
        ] {
            assert_eq!((amount_part(text), currency_part(text)), (number, currency), "{text}");
        }
    }

    #[test]
    fn measures_become_legal_units() {
        assert_eq!(
            (measure_number(&["750 ml"]).trim_start_matches('\u{2}'), measure_unit(&["750ml"]).as_str()),
            ("0.75", "l")
        );
        assert_eq!(measure_number(&["3 sqm"]), "");
    }

    #[test]
    fn offsets_get_their_colon() {
        assert_eq!(moment("2026-11-01T00:00+0100"), "2026-11-01T00:00+01:00");
        assert_eq!(moment("2026-11-01T00:00:00-08:00"), "2026-11-01T00:00:00-08:00");
        assert_eq!(moment("2026-11-01"), "2026-11-01");
    }
}
