//! PrestaShop's product CSV, as its sample has it: semicolons, prices without VAT.

use pricing_domain::{FileFormat, FileKind};

use super::Beginning;
use crate::layouts::{Header, Layout};

/// The names of the price column, by version.
pub(crate) const PRICE: [&str; 3] =
    ["Price tax excluded", "Price tax excluded or Price tax included", "Price tax included"];
pub(crate) const REFERENCE: [&str; 2] = ["Reference #", "Reference"];
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
    let mut layout = Layout::new(FileFormat::PrestaShop, FileKind::Products)
        .first_of("sku", header, &[REFERENCE[0], REFERENCE[1], ID[0], ID[1]])
        .copy("name", header, &["Name", "Name *"])
        .custom("category", header, &[&["Categories (x,y,z...)", "Categories"]], |cells| {
            cells[0].split(',').next().unwrap_or_default().trim().to_owned()
        })
        .copy("price", header, &PRICE)
        .constant("price_includes_vat", if includes_vat { "yes" } else { "no" })
        .copy("cost", header, &["Wholesale price", "Cost price"])
        .first_of("gtin", header, &["EAN13", "EAN-13", "UPC", "GTIN"])
        .copy("mpn", header, &["MPN"])
        .copy("brand", header, &["Manufacturer", "Brand"])
        .copy("supplier", header, &["Supplier"])
        .copy("stock", header, &["Quantity"])
        .custom("tags", header, &[&["Tags (x,y,z...)", "Tags"]], |cells| cells[0].to_owned())
        .custom("lifecycle", header, &[&["Active (0/1)", "Active"]], |cells| {
            if cells[0] == "0" { "ended".to_owned() } else { String::new() }
        })
        .knows(header, &[ID[0], ID[1], "Tax rules ID", "On sale (0/1)"]);
    layout.usual_decimal = Some('.');
    Some(layout)
}
