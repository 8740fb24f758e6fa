//! Competitor prices and pages from other tools: Prisync's products with their URLs, a Price2Spy report, Wiser's
//! matches.

use pricing_domain::{FileFormat, FileKind};

use super::Beginning;
use crate::layouts::Layout;

/// As the interface answers: one product with a list of `urls`, each with site, price and currency.
pub(super) fn find_prisync(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    if !header.has_all(&["product_code", "urls.site", "urls.price"]) {
        return None;
    }
    let mut layout = Layout::new(FileFormat::Prisync, FileKind::Observations)
        .copy("sku", header, &["product_code"])
        .custom("competitor", header, &[&["urls.site"]], |cells| host_of(cells[0]).to_owned())
        .copy("observed_at", header, &["urls.updated_at", "urls.date", "updated_at"])
        .copy("price", header, &["urls.price"])
        .copy("currency", header, &["urls.currency"])
        .copy("source", header, &["urls.url"])
        .leave_out(header, &[&["urls.price"]], |cells| cells[0].is_empty(), "have no price");
    layout.usual_decimal = Some('.');
    Some(layout)
}

/// The columns of Price2Spy's reports are chosen by the user, so that they are known by their words.
pub(super) fn find_price2spy(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    let site = ["Site", "Site name", "siteName"];
    let checked = ["Last checked", "Checked", "Check time", "lastCheckTime", "Price date", "priceDate"];
    header.find(&site)?;
    if header.find(&["urlId", "URL ID", "productId", "internalId", "Internal ID"]).is_none()
        && header.find(&checked).is_none()
    {
        return None;
    }
    Some(
        Layout::new(FileFormat::Price2Spy, FileKind::Observations)
            .first_of("sku", header, &["internalId", "Internal ID", "SKU"])
            .copy("competitor", header, &site)
            .copy("seller", header, &["Seller", "sellerName"])
            .custom("observed_at", header, &[&checked], |cells| utc(cells[0]))
            .copy("price", header, &["Price", "Current price", "price"])
            .copy("currency", header, &["Currency", "currencyCode"])
            .copy("shipping", header, &["Shipping", "Shipping cost"])
            .custom("availability", header, &[&["Availability", "available"]], |cells| availability(cells[0]))
            .copy("source", header, &["URL", "url"])
            .leave_out(header, &[&["Price", "Current price"]], |cells| cells[0].is_empty(), "have no price"),
    )
}

/// `sku,url,match_type`: the competitor is the page's host.
pub(super) fn find_wiser(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    if !header.has_all(&["sku", "url", "match_type"]) || header.has("competitor") {
        return None;
    }
    Some(
        Layout::new(FileFormat::Wiser, FileKind::Matches)
            .copy("sku", header, &["sku"])
            .custom("competitor", header, &[&["url"]], |cells| host_of(cells[0]).to_owned())
            .copy("url", header, &["url"])
            .copy("match_type", header, &["match_type"]),
    )
}

/// The host of an address, without `www.`.
fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// These tools write UTC, with a blank before the time and without a zone.
fn utc(text: &str) -> String {
    match text.split_once(' ') {
        Some((day, time)) if !time.contains(' ') => format!("{day}T{time}Z"),
        _ => text.to_owned(),
    }
}

fn availability(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "1" | "yes" | "true" | "available" | "in stock" => "InStock".to_owned(),
        "0" | "no" | "false" | "not available" | "out of stock" => "OutOfStock".to_owned(),
        _ => String::new(),
    }
}
