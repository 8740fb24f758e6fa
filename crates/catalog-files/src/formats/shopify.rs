//! Shopify's products CSV. Two generations of names are in circulation; rows with the same handle are one product
//! with its variants, the first of them carries what they share, and rows for further pictures have no price.

use pricing_domain::{FileFormat, FileKind};

use super::{Beginning, ENDED, SOLD};
use crate::layouts::{Header, Layout};
use crate::row_attributes::Pairs;

/// The names of the columns that prices are in: current, older.
pub(crate) const PRICE: [&str; 2] = ["Price", "Variant Price"];
pub(crate) const COMPARE_AT: [&str; 2] = ["Compare-at price", "Variant Compare At Price"];
pub(crate) const HANDLE: [&str; 2] = ["URL handle", "Handle"];
pub(crate) const SKU: [&str; 2] = ["SKU", "Variant SKU"];

pub(super) fn find(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    let handle = header.find(&HANDLE)?;
    let price = header.find(&PRICE)?;
    // A file of prices alone has options or a title beside the handle.
    header.find(&["Title", "Option1 name", "Option1 Value", "Variant SKU"])?;
    let shared = shared(header);
    let layout = Layout::new(FileFormat::Shopify, FileKind::Products)
        .first_of("sku", header, &SKU)
        .custom(
            "name",
            header,
            &[
                if beginning.is_partial { &["Title"] } else { &["Title", "URL handle", "Handle"] },
                &["Option1 Value"],
                &["Option2 Value"],
                &["Option3 Value"],
            ],
            title_with_options,
        )
        // Spreadsheets are kept from shortening a code by an apostrophe.
        .custom("gtin", header, &[&["Barcode", "Variant Barcode"]], |cells| {
            cells[0].trim_start_matches('\'').to_owned()
        })
        .copy("brand", header, &["Vendor"])
        .first_of("category", header, &["Product Category", "Type"])
        .copy("item_group_id", header, &HANDLE)
        .copy("price", header, &PRICE)
        .copy("compare_at_price", header, &COMPARE_AT)
        .copy("cost", header, &["Cost per item"])
        .copy("stock", header, &["Inventory quantity", "Variant Inventory Qty"])
        .copy("tags", header, &["Tags"])
        .custom("lifecycle", header, &[&["Status"]], lifecycle)
        .first_of("image_url", header, &["Variant image URL", "Variant Image", "Product image URL", "Image Src"])
        .inherit(header, handle, &shared)
        .pairs(pairs(header), value)
        .knows(header, &["Option1 Linked To", "Option2 Linked To", "Option3 Linked To"]);
    let price = [header.names()[price].clone()];
    let sku = header.find(&SKU).map(|place| header.names()[place].clone()).unwrap_or_default();
    let mut layout = layout.leave_out(
        header,
        &[&[sku.as_str()], &[price[0].as_str()]],
        |cells| cells[0].is_empty() && cells[1].is_empty(),
        "are further pictures of a product",
    );
    layout.usual_decimal = Some('.');
    layout.without_sku = Some(WITHOUT_SKU);
    Some(layout)
}

/// `Kettle, Red, 1.7 l`; a product without variants has the option `Default Title`.
fn title_with_options(cells: &[&str]) -> String {
    // Without its product's title an option is no name.
    if cells[0].is_empty() {
        return String::new();
    }
    let told = |text: &&str| !text.is_empty() && *text != "Default Title";
    cells.iter().copied().filter(told).collect::<Vec<_>>().join(", ")
}

/// What the first row of a product says for all of its variants.
fn shared(header: &Header) -> Vec<&str> {
    let named = [
        "Title",
        "Vendor",
        "Product Category",
        "Type",
        "Tags",
        "Status",
        "Product image URL",
        "Image Src",
        "Option1 name",
        "Option2 name",
        "Option3 name",
    ];
    let fields = header.names().iter().map(String::as_str).filter(|name| field_name(name).is_some());
    named.into_iter().chain(fields).collect()
}

/// The options of a variant by their names, and the fields that a shop has added to its products.
fn pairs(header: &Header) -> Vec<Pairs> {
    let option = |number: u8| {
        let name = header.find(&[format!("Option{number} Name").as_str()])?;
        let text = header.find(&[format!("Option{number} Value").as_str()])?;
        Some(Pairs::Beside { name, text })
    };
    let field = |(text, column): (usize, &String)| Some(Pairs::Named { name: field_name(column)?.to_owned(), text });
    let fields = header.names().iter().enumerate().filter_map(field);
    (1..=3).filter_map(option).chain(fields).collect()
}

/// `Colour` of `Colour (product.metafields.shopify.color-pattern)`, and `Custom Label 0` of `Google Shopping / Custom Label 0`.
fn field_name(column: &str) -> Option<&str> {
    const GOOGLE: [&str; 7] = [
        "gender",
        "age group",
        "custom label 0",
        "custom label 1",
        "custom label 2",
        "custom label 3",
        "custom label 4",
    ];
    if let Some((name, rest)) = column.rsplit_once('(') {
        let is_field = ["product.metafields.", "variant.metafields."].iter().any(|start| rest.starts_with(start));
        return Some(name.trim()).filter(|name| is_field && !name.is_empty());
    }
    let (channel, name) = column.split_once('/')?;
    let is_google = channel.trim().eq_ignore_ascii_case("google shopping");
    Some(name.trim()).filter(|name| is_google && GOOGLE.contains(&name.to_lowercase().as_str()))
}

/// What a product without variants has as its option is none, and neither is what a field keeps for programs.
fn value(text: &str) -> String {
    let text = text.trim();
    let is_none = text == "Default Title" || text.starts_with(['{', '[', '<']) || text.starts_with("gid://");
    if is_none { String::new() } else { text.to_owned() }
}

/// An archived product and a draft are not sold; one that is only not listed is.
fn lifecycle(cells: &[&str]) -> String {
    match cells[0].to_lowercase().as_str() {
        "archived" | "draft" => ENDED.to_owned(),
        "active" | "unlisted" => SOLD.to_owned(),
        _ => String::new(),
    }
}

/// What begins the name of a market's column of prices: `Price / Austria`, `Variant Price / Austria`.
const MARKET: [&str; 2] = ["price / ", "variant price / "];

/// The prices of markets, each on the list with its market's name.
pub(super) fn find_market_prices(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    header.find(&HANDLE)?;
    let markets: Vec<(usize, String)> = (header.names().iter().enumerate())
        .filter_map(|(place, name)| {
            let known = MARKET.iter().find(|start| name.to_lowercase().starts_with(**start))?;
            Some((place, name.get(known.len()..)?.trim().to_owned()))
        })
        .filter(|(_, market)| !market.is_empty())
        .collect();
    if markets.is_empty() {
        return None;
    }
    let mut layout = Layout::new(FileFormat::Shopify, FileKind::Prices).first_of("sku", header, &SKU).spread(
        "price_list",
        "price",
        markets,
    );
    layout.usual_decimal = Some('.');
    layout.without_sku = Some(WITHOUT_SKU);
    Some(layout)
}

const WITHOUT_SKU: &str = "This variant has no SKU in the shop, and prices go by SKU. Give it one in Shopify, or fill in \
                           its SKU cell, and import it again.";
