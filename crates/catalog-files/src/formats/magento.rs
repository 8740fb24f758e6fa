//! The product CSV of Magento and Adobe Commerce, and its tier prices. Only `sku` must be there; rows for a store view
//! repeat a product with what differs there.

use pricing_domain::{FileFormat, FileKind, attribute_name};

use super::{Beginning, ENDED, SOLD, first_picture, is_no_price};
use crate::layouts::Layout;
use crate::price_changes::MAGENTO_LIST;
use crate::row_attributes::Pairs;
use crate::tax_classes::TaxClasses;

pub(super) fn find(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    let telling =
        ["store_view_code", "attribute_set_code", "product_type", "special_price", "additional_attributes", "url_key"];
    if !header.has("sku") || telling.iter().filter(|name| header.has(name)).count() < 2 {
        return None;
    }
    let mut layout = Layout::new(FileFormat::Magento, FileKind::Products)
        .copy("sku", header, &["sku"])
        .first_of("name", header, if beginning.is_partial { &["name"] } else { &["name", "sku"] })
        .custom("category", header, &[&["categories"]], first_category)
        .custom("price", header, &[&["price"]], value)
        .custom("sale_price", header, &[&["special_price"]], value)
        .custom("sale_from", header, &[&["special_price_from_date", "special_from_date"]], day)
        .custom("sale_to", header, &[&["special_price_to_date", "special_to_date"]], day)
        .custom("rrp", header, &[&["msrp_price", "msrp"]], value)
        .custom("map_price", header, &[&["map_price"]], value)
        .custom("cost", header, &[&["cost"]], value)
        .custom("stock", header, &[&["qty"]], whole)
        .copy("availability", header, &["is_in_stock"])
        .custom("lifecycle", header, &[&["product_online"]], |cells| match cells[0] {
            "1" => SOLD.to_owned(),
            "2" => ENDED.to_owned(),
            _ => String::new(),
        })
        .custom("gtin", header, &[&["additional_attributes"]], |cells| {
            attribute(cells[0], &["gtin", "ean", "barcode", "upc"])
        })
        .custom("brand", header, &[&["additional_attributes"]], |cells| attribute(cells[0], &["brand", "manufacturer"]))
        // Mostly a path within the shop, which says nothing of where that is.
        .custom("image_url", header, &[&["base_image"]], first_picture)
        .custom("mpn", header, &[&["additional_attributes"]], |cells| attribute(cells[0], &["mpn"]))
        .pairs(
            header.find(&["additional_attributes"]).map(|place| Pairs::Listed { place, read: described }),
            str::to_owned,
        )
        .leave_out(header, &[&["store_view_code"]], |cells| !cells[0].is_empty(), "repeat a product for a store view")
        .leave_out(
            header,
            &[&["product_type"], &["price"]],
            |cells| {
                (is_no_price(cells[1]) || cells[1] == EMPTY_VALUE)
                    && matches!(cells[0], "configurable" | "grouped" | "bundle")
            },
            "stand for their parts, which have the prices",
        );
    layout.usual_decimal = Some('.');
    layout.taxed_by = header.find(&["tax_class_name"]).map(|place| TaxClasses {
        places: vec![place],
        class: |cells| match cells[0] {
            class if class.eq_ignore_ascii_case("Taxable Goods") || class == EMPTY_VALUE => String::new(),
            class => class.to_owned(),
        },
        all_ordinary: false,
    });
    Some(layout)
}

/// Tier prices are prices from a quantity on, on the list of their website and customer group; those of everybody belong to
/// the products' own prices, on the default list. From one item on it is the group's price.
pub(super) fn find_tier_prices(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    if !header.has_all(&["sku", "tier_price", "tier_price_qty"]) {
        return None;
    }
    let mut layout = Layout::new(FileFormat::Magento, FileKind::Prices)
        .copy("sku", header, &["sku"])
        .custom("price_list", header, &[&["tier_price_website"], &["tier_price_customer_group"]], |cells| {
            if is_everybody(cells) {
                String::new()
            } else {
                format!("{}{MAGENTO_LIST}{}", website(cells[0]).0, cells[1])
            }
        })
        .custom("currency", header, &[&["tier_price_website"]], |cells| website(cells[0]).1.to_owned())
        .custom("min_quantity", header, &[&["tier_price_qty"]], whole)
        .copy("price", header, &["tier_price"])
        .leave_out(
            header,
            &[&["tier_price_value_type"]],
            |cells| cells[0].eq_ignore_ascii_case("discount"),
            "are discounts in percent, not prices",
        )
        .leave_out(
            header,
            &[&["tier_price_website"], &["tier_price_customer_group"], &["tier_price_qty"]],
            |cells| is_everybody(cells) && matches!(whole(&cells[2..]).as_str(), "0" | "1"),
            "hold for everybody from one item on, as a special price does: import them as promotions",
        );
    layout.usual_decimal = Some('.');
    layout.currency_beside_amount = true;
    layout.unnamed_list = true;
    Some(layout)
}

/// A website, and the currency that exports add to all of them: `All Websites [USD]`.
fn website(cell: &str) -> (&str, &str) {
    let parts = cell.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    parts.map_or((cell, ""), |(name, currency)| (name.trim(), currency.trim()))
}

/// Whether a price is of all websites and all groups of customers.
fn is_everybody(cells: &[&str]) -> bool {
    website(cells[0]).0.eq_ignore_ascii_case("all websites") && cells[1].eq_ignore_ascii_case("all groups")
}

/// What an import is told to empty is empty.
const EMPTY_VALUE: &str = "__EMPTY__VALUE__";

fn value(cells: &[&str]) -> String {
    if cells[0] == EMPTY_VALUE { String::new() } else { cells[0].to_owned() }
}

/// `100.0000` items are 100; half an item is left as it is, and refused.
fn whole(cells: &[&str]) -> String {
    match cells[0].split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|byte| byte == b'0') => whole.to_owned(),
        _ => value(cells),
    }
}

/// `2026-11-01 00:00:00`, or a short date in the order of the administrator's language: `11/1/26`, `1/11/26`. Only the
/// day counts.
fn day(cells: &[&str]) -> String {
    let text = value(cells);
    text.split([' ', ',']).next().unwrap_or_default().to_owned()
}

/// `Default Category/Gear/Bags,Default Category/New`: the first is the product's own.
fn first_category(cells: &[&str]) -> String {
    cells[0].split(',').next().unwrap_or_default().trim().replace('/', " > ")
}

/// What `additional_attributes` says that our own columns hold, and flags of the shop's machinery.
const NO_ATTRIBUTES: [&str; 10] =
    ["gtin", "ean", "barcode", "upc", "brand", "manufacturer", "mpn", "has options", "required options", "cost"];

/// The attributes of a product that no column of ours holds.
fn described(text: &str) -> Vec<(String, String)> {
    let is_ours = |name: &str| attribute_name(name).is_none_or(|name| NO_ATTRIBUTES.contains(&name.as_str()));
    pairs(text).into_iter().filter(|(name, text)| !is_ours(name) && text != EMPTY_VALUE).collect()
}

/// `name=value,name=value`, values in quotes where the export encloses its fields. A piece without a name belongs to the
/// value before it: values may have commas.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for piece in text.split(',') {
        match (piece.split_once('=').filter(|(name, _)| is_code(name.trim())), pairs.last_mut()) {
            (Some((name, value)), _) => pairs.push((name.trim().to_owned(), value.trim().to_owned())),
            (None, Some((_, value))) => {
                value.push(',');
                value.push_str(piece.trim_end());
            }
            (None, None) => {}
        }
    }
    for (_, value) in &mut pairs {
        if let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            *value = inner.replace("\"\"", "\"");
        }
    }
    pairs
}

/// Codes of attributes are lower case letters, digits and underscores, and begin with a letter.
fn is_code(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The first of these attributes.
fn attribute(text: &str, names: &[&str]) -> String {
    let found = pairs(text).into_iter().find(|(name, _)| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)));
    found.map_or_else(String::new, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::{attribute, described};

    #[test]
    fn values_may_have_commas_signs_and_quotes() {
        let text =
            "activity=Gym|Hiking,material=Cotton, 100 %,note=\"a \"\"b\"\"\",ean=4006381333931,has_options=0,size=L";
        let stated = described(text);
        let stated: Vec<(&str, &str)> = stated.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(
            stated,
            [("activity", "Gym|Hiking"), ("material", "Cotton, 100 %"), ("note", "a \"b\""), ("size", "L")]
        );
        assert_eq!(attribute(text, &["gtin", "ean"]), "4006381333931");
        assert_eq!((attribute("", &["ean"]), described("no pairs, at all")), (String::new(), Vec::new()));
    }
}
