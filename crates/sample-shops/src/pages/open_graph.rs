//! Klangspeicher: OpenGraph and product metas in the head, the price in the page.

use super::frame;
use super::parts::{breadcrumbs, carousel, description, reviews, specification};
use super::{Page, escaped, german, machine};

pub(super) fn page(page: &Page) -> String {
    let body = format!(
        "<main>\n{}\n<section class=\"ks-product\">\n<h1>{}</h1>\n<p class=\"ks-nr\">Artikel {} · {}</p>\n{}\n\
         </section>\n{}\n{}\n{}\n{}\n</main>",
        breadcrumbs(page),
        escaped(&page.title),
        page.number,
        page.brand,
        buy_box(page),
        description(page),
        reviews(page),
        specification(page),
        carousel(page, "Ähnliche Artikel"),
    );
    frame::page(page.shop, &page.title, &metas(page), &body)
}

fn metas(page: &Page) -> String {
    let availability = if page.truth.available { "instock" } else { "oos" };
    let mut metas = vec![
        ("og:type", "product".to_owned()),
        ("og:title", page.title.clone()),
        ("og:url", format!("{}{}", page.origin, page.path)),
        ("og:site_name", page.shop.name().to_owned()),
        ("og:locale", "de_DE".to_owned()),
        ("product:brand", page.brand.to_owned()),
        ("product:retailer_item_id", page.number.clone()),
        ("product:condition", "new".to_owned()),
        ("product:availability", availability.to_owned()),
        ("product:price:amount", machine(page.truth.price_minor)),
        ("product:price:currency", "EUR".to_owned()),
    ];
    if let Some(gtin) = page.gtin {
        metas.push(("product:ean", gtin.to_string()));
    }
    let metas: Vec<String> = metas
        .iter()
        .map(|(property, content)| format!("<meta property=\"{property}\" content=\"{}\">", escaped(content)))
        .collect();
    metas.join("\n")
}

fn buy_box(page: &Page) -> String {
    if !page.truth.available {
        return "<div class=\"ks-buy\"><p class=\"ks-soldout\">Derzeit nicht verfügbar</p>\
                <a href=\"/merkzettel\">Benachrichtigen, wenn wieder da</a></div>"
            .to_owned();
    }
    let was = page
        .truth
        .was
        .map(|was| format!("<p class=\"ks-old\">Bisher: <s>{} EUR</s></p>\n", german(was)))
        .unwrap_or_default();
    format!(
        "<div class=\"ks-buy\">\n{was}<p class=\"ks-price\"><b>{} EUR</b></p>\n<p>inkl. MwSt., versandkostenfrei ab 59 \
         €</p>\n<p class=\"ks-ok\">Lieferbar in 1–2 Tagen</p>\n<button class=\"buy\">In den Einkaufswagen</button>\n</div>",
        german(page.truth.price_minor)
    )
}
