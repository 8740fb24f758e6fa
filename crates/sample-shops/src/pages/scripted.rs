//! Funkelkiste: the page is drawn from a state that stands in a script, with the related products in the same state.

use serde_json::{Value, json};

use super::frame;
use super::parts::{breadcrumbs, carousel, description, reviews, specification};
use super::{Page, escaped, german};

pub(super) fn page(page: &Page) -> String {
    let state = state(page).to_string().replace('<', "\\u003c");
    let body = format!(
        "<div id=\"__next\"><main>\n{}\n<div class=\"fk-grid\">\n<h1 class=\"fk-name\">{}</h1>\n{}\n</div>\n{}\n{}\n{}\n{}\n\
         </main></div>\n<script id=\"__NEXT_DATA__\" type=\"application/json\">{state}</script>",
        breadcrumbs(page),
        escaped(&page.title),
        buy_box(page),
        carousel(page, if page.truth.available { "Dazu passt" } else { "Diese Alternativen sind sofort lieferbar" }),
        description(page),
        specification(page),
        reviews(page),
    );
    frame::page(page.shop, &page.title, "", &body)
}

fn buy_box(page: &Page) -> String {
    if !page.truth.available {
        return "<div class=\"fk-buy\"><p class=\"fk-gone\">Ausverkauft</p>\n<button class=\"fk-notify\">Erinnern, sobald \
                verfügbar</button></div>"
            .to_owned();
    }
    let was = page.truth.was.map(|was| format!("<del class=\"fk-was\">{} €</del> ", german(was))).unwrap_or_default();
    format!(
        "<div class=\"fk-buy\">\n{was}<span class=\"fk-now\">{} €</span>\n<p class=\"fk-stock\">Auf Lager</p>\n\
         <button class=\"buy\">In den Warenkorb</button>\n</div>",
        german(page.truth.price_minor)
    )
}

fn state(page: &Page) -> Value {
    let recommendations: Vec<Value> = page
        .related
        .iter()
        .map(|item| json!({ "sku": item.number, "name": item.title, "price": amount(item.truth.price_minor) }))
        .collect();
    let mut product = json!({
        "sku": page.number,
        "name": page.title,
        "brand": page.brand,
        "mpn": page.product.mpn,
        "inStock": page.truth.available,
        "availability": if page.truth.available { "IN_STOCK" } else { "SOLD_OUT" },
        "currency": "EUR",
    });
    if page.truth.available {
        product["price"] = amount(page.truth.price_minor);
    }
    if let Some(gtin) = page.gtin {
        product["gtin"] = json!(gtin.to_string());
    }
    json!({
        "props": { "pageProps": { "product": product, "recommendations": recommendations, "locale": "de-DE" } },
        "page": "/de/[slug]/dp/[id]",
        "buildId": "fk-2026-44",
    })
}

/// Euros as a JSON number.
fn amount(minor: i64) -> Value {
    json!(minor as f64 / 100.0)
}
