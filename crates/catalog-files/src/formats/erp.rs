//! Price lists of two ERP systems: ERPNext's Item Price and the rules of an Odoo price list.

use pricing_domain::{FileFormat, FileKind};

use super::Beginning;
use crate::layouts::Layout;

/// ERPNext's names are labels or field names, by how they were exported.
pub(super) fn find_erpnext(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    header.find(&["price_list_rate", "Rate"])?;
    if !header.has("item_code") || !header.has("price_list") {
        return None;
    }
    Some(
        Layout::new(FileFormat::ErpNext, FileKind::Prices)
            .copy("sku", header, &["item_code"])
            .copy("price_list", header, &["price_list"])
            .copy("price", header, &["price_list_rate", "Rate"])
            .copy("currency", header, &["currency"])
            .copy("unit", header, &["uom"])
            .copy("valid_from", header, &["valid_from"])
            .copy("valid_to", header, &["valid_upto", "valid_up_to"])
            .leave_out(
                header,
                &[&["customer"], &["supplier"], &["batch_no"], &["buying"]],
                |cells| cells.iter().take(3).any(|cell| !cell.is_empty()) || cells[3] == "1",
                "are prices of one customer, supplier or batch, or for buying",
            )
            .knows(header, &["id", "name"]),
    )
}

/// Only fixed prices of single products are prices; formulas and percentages are rules.
pub(super) fn find_odoo(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    let fixed = ["fixed_price", "Fixed Price"];
    header.find(&fixed)?;
    header.find(&LIST)?;
    Some(
        Layout::new(FileFormat::Odoo, FileKind::Prices)
            .custom("sku", header, &[&CODE, &VARIANT, &TEMPLATE], article)
            .copy("price_list", header, &LIST)
            .copy("price", header, &fixed)
            .custom("min_quantity", header, &[&["min_quantity", "Min. Quantity"]], quantity)
            .copy("currency", header, &["currency_id", "currency_id/name", "Currency"])
            .custom("valid_from", header, &[&["date_start", "Start Date"]], |cells| moment(cells[0]))
            .custom("valid_to", header, &[&["date_end", "End Date"]], |cells| moment(cells[0]))
            .leave_out(
                header,
                &[&["compute_price", "Compute Price"]],
                |cells| !matches!(cells[0].to_lowercase().as_str(), "" | "fixed" | "fixed price"),
                "are computed by a percentage or a formula",
            )
            .leave_out(
                header,
                &[&["applied_on", "Apply On"]],
                |cells| {
                    let scope = cells[0].to_lowercase();
                    scope.starts_with("3_")
                        || scope.starts_with("2_")
                        || scope.contains("all products")
                        || scope.contains("category")
                },
                "hold for a category or for all products",
            ),
    )
}

const LIST: [&str; 5] = ["pricelist_id", "pricelist_id/name", "pricelist_id/id", "Pricelist", "Pricelist/Name"];
const CODE: [&str; 7] = [
    "product_id/default_code",
    "product_tmpl_id/default_code",
    "Product Variant/Internal Reference",
    "Product/Internal Reference",
    "Internal Reference",
    // Without a column of its own the reference stands in the product's name.
    "product_id",
    "product_tmpl_id",
];
const VARIANT: [&str; 3] = ["product_id", "Product Variant", "Variant"];
const TEMPLATE: [&str; 3] = ["product_tmpl_id", "Product", "Product Template"];

/// The internal reference, by itself or in brackets before the name: `[E-COM07] Large Cabinet`.
fn article(cells: &[&str]) -> String {
    let bracketed = |text: &str| {
        let (code, _) = text.strip_prefix('[')?.split_once(']')?;
        Some(code.trim().to_owned())
    };
    let first = cells.iter().copied().find(|cell| !cell.is_empty()).unwrap_or_default();
    cells.iter().find_map(|cell| bracketed(cell)).unwrap_or_else(|| first.to_owned())
}

/// From no quantity on is from one on.
fn quantity(cells: &[&str]) -> String {
    let text = cells[0];
    let is_zero = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b','));
    match text.split_once(['.', ',']) {
        _ if is_zero => String::new(),
        Some((whole, decimals)) if decimals.bytes().all(|byte| byte == b'0') => whole.to_owned(),
        _ => text.to_owned(),
    }
}

/// Odoo writes moments in UTC with a blank: `2026-11-01 00:00:00`.
fn moment(text: &str) -> String {
    match text.split_once(' ') {
        Some((day, time)) => format!("{day}T{time}Z"),
        None => text.to_owned(),
    }
}
