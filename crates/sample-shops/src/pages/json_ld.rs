//! Shops that mark their products up as JSON-LD: one in a `@graph`, one as a single product.

use serde_json::{Value, json};

use super::frame;
use super::parts::{breadcrumbs, carousel, delivery, description, reviews, specification};
use super::{Page, escaped, german, machine};

/// ElektroMax: a graph of organisation, breadcrumbs and product; prices as text.
pub(super) fn graph_page(page: &Page) -> String {
    let graph = json!({
        "@context": "https://schema.org",
        "@graph": [
            { "@type": "Organization", "@id": format!("{}/#org", page.origin), "name": page.shop.name(), "url": page.origin },
            { "@type": "WebSite", "name": page.shop.name(), "url": page.origin },
            { "@type": "BreadcrumbList", "itemListElement": crumbs(page) },
            product(page, &Value::String(machine(page.truth.price_minor))),
        ],
    });
    let body = format!(
        "<main>\n{}\n<div class=\"emx-detail\">\n<h1 class=\"emx-title\">{}</h1>\n<p>Art.-Nr. {}</p>\n\
         <div class=\"emx-pricebox\">{}</div>\n</div>\n{}\n{}\n{}\n{}\n</main>",
        breadcrumbs(page),
        escaped(&page.title),
        page.number,
        graph_price_box(page),
        description(page),
        specification(page),
        reviews(page),
        carousel(page, "Das könnte Ihnen auch gefallen"),
    );
    frame::page(page.shop, &page.title, &script(&graph), &body)
}

fn graph_price_box(page: &Page) -> String {
    if !page.truth.available {
        return "<p class=\"emx-stock\">Ausverkauft</p><button disabled>Nicht verfügbar</button>".to_owned();
    }
    let was = page
        .truth
        .was
        .map(|was| format!("<span class=\"emx-was\">Statt <s>{}&nbsp;€</s></span> ", german(was)))
        .unwrap_or_default();
    format!(
        "{was}<span class=\"emx-price\">{}&nbsp;€</span>\n<p class=\"emx-stock\">Sofort lieferbar</p>\n\
         <button class=\"buy\">In den Warenkorb</button>",
        german(page.truth.price_minor)
    )
}

/// Digitalhafen: one product; prices as numbers, so that 2879.20 is written 2879.2.
pub(super) fn single_page(page: &Page) -> String {
    let number: Value =
        serde_json::from_str(machine(page.truth.price_minor).trim_end_matches('0').trim_end_matches('.'))
            .expect("a decimal number");
    let mut product = product(page, &number);
    product["@context"] = json!("https://schema.org");
    let buy = if page.truth.available {
        format!(
            "<strong class=\"hafen-preis\">{} €</strong>\n<p>Auf Lager, in 2 Werktagen bei Ihnen</p>\n\
             <button class=\"buy\">Kaufen</button>",
            german(page.truth.price_minor)
        )
    } else {
        "<p class=\"hafen-aus\">Dieser Artikel ist zurzeit nicht lieferbar.</p>".to_owned()
    };
    let body = format!(
        "<main>\n{}\n<article>\n<h1>{}</h1>\n{buy}\n</article>\n{}\n{}\n{}\n{}\n</main>",
        breadcrumbs(page),
        escaped(&page.title),
        specification(page),
        description(page),
        delivery(),
        carousel(page, "Andere Kunden kauften auch"),
    );
    frame::page(page.shop, &page.title, &script(&product), &body)
}

fn product(page: &Page, price: &Value) -> Value {
    let availability = if page.truth.available { "InStock" } else { "OutOfStock" };
    let mut product = json!({
        "@type": "Product",
        "name": page.title,
        "sku": page.number,
        "mpn": page.product.mpn,
        "brand": { "@type": "Brand", "name": page.brand },
        "category": page.product.category,
        "offers": {
            "@type": "Offer",
            "url": format!("{}{}", page.origin, page.path),
            "price": price,
            "priceCurrency": "EUR",
            "itemCondition": "https://schema.org/NewCondition",
            "availability": format!("https://schema.org/{availability}"),
        },
    });
    if let Some(gtin) = page.gtin {
        product["gtin13"] = json!(gtin.to_string());
    }
    product
}

fn crumbs(page: &Page) -> Value {
    let steps = page.product.category.split(" > ").enumerate();
    steps.map(|(place, name)| json!({ "@type": "ListItem", "position": place + 1, "name": name })).collect()
}

/// A script element; `<` is written so that no text can close it.
fn script(value: &Value) -> String {
    format!("<script type=\"application/ld+json\">{}</script>", value.to_string().replace('<', "\\u003c"))
}
