//! Strompfeil: microdata in the visible page.

use super::frame;
use super::parts::{breadcrumbs, carousel, description, reviews, specification};
use super::{Page, escaped, german, machine};

pub(super) fn page(page: &Page) -> String {
    let gtin = page.gtin.map(|gtin| format!("<meta itemprop=\"gtin13\" content=\"{gtin}\">")).unwrap_or_default();
    let body = format!(
        "<main>\n{}\n<div itemscope itemtype=\"https://schema.org/Product\">\n<h1 itemprop=\"name\">{}</h1>\n\
         <p>von <span itemprop=\"brand\" itemscope itemtype=\"https://schema.org/Brand\"><span itemprop=\"name\">{}</span></span>\
         · Bestellnummer <span itemprop=\"sku\">{}</span></p>\n<meta itemprop=\"mpn\" content=\"{}\">{gtin}\n{}\n{}\n</div>\n\
         {}\n{}\n{}\n</main>",
        breadcrumbs(page),
        escaped(&page.title),
        page.brand,
        page.number,
        page.product.mpn,
        offer(page),
        description(page),
        specification(page),
        carousel(page, "Passend dazu"),
        reviews(page),
    );
    frame::page(page.shop, &page.title, "<meta name=\"robots\" content=\"index,follow\">", &body)
}

fn offer(page: &Page) -> String {
    let truth = &page.truth;
    let open = "<div class=\"sp-offer\" itemprop=\"offers\" itemscope itemtype=\"https://schema.org/Offer\">";
    if !truth.available {
        return format!(
            "{open}\n<meta itemprop=\"priceCurrency\" content=\"EUR\">\n<link itemprop=\"availability\" \
             href=\"https://schema.org/OutOfStock\"><p class=\"sp-out\">Leider ausverkauft</p>\n</div>"
        );
    }
    let was = truth.was.map(|was| format!("<del>{} €</del> ", german(was))).unwrap_or_default();
    format!(
        "{open}\n{was}<span class=\"sp-price\" itemprop=\"price\" content=\"{}\">{} €</span>\n\
         <meta itemprop=\"priceCurrency\" content=\"EUR\">\n<link itemprop=\"itemCondition\" \
         href=\"https://schema.org/NewCondition\">\n<link itemprop=\"availability\" \
         href=\"https://schema.org/InStock\"><p class=\"sp-in\">Auf Lager, Lieferung morgen</p>\n\
         <button class=\"buy\" type=\"submit\">In den Warenkorb legen</button>\n</div>",
        machine(truth.price_minor),
        german(truth.price_minor),
    )
}
