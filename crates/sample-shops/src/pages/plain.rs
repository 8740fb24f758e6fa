//! Gerätefuchs: no markup for machines at all.

use super::frame;
use super::parts::{breadcrumbs, carousel, delivery, description, reviews, specification};
use super::{Page, escaped, german};

pub(super) fn page(page: &Page) -> String {
    let body = format!(
        "<main>\n{}\n<table class=\"layout\"><tr><td><div class=\"bild\">[Abbildung]</div></td><td>\n<h1>{}</h1>\n\
         <p>Artikelnummer: {}<br>Marke: {}</p>\n{}\n</td></tr></table>\n{}\n{}\n{}\n{}\n{}\n</main>",
        breadcrumbs(page),
        escaped(&page.title),
        page.number,
        page.brand,
        price_and_button(page),
        description(page),
        specification(page),
        reviews(page),
        delivery(),
        carousel(page, "Weitere Fuchs-Angebote"),
    );
    frame::page(page.shop, &page.title, "", &body)
}

fn price_and_button(page: &Page) -> String {
    if !page.truth.available {
        return "<p class=\"rot\"><b>Zur Zeit nicht lieferbar.</b> Ein Liefertermin steht nicht fest.</p>".to_owned();
    }
    let was =
        page.truth.was.map(|was| format!("<p>früher <s>{} €</s>, jetzt nur</p>\n", german(was))).unwrap_or_default();
    format!(
        "{was}<p class=\"preis\">{} €</p>\n<p>inkl. 19 % MwSt.</p>\n<p class=\"gruen\">Vorrätig</p>\n\
         <form action=\"/korb\" method=\"post\"><input type=\"hidden\" name=\"nr\" value=\"{}\">\
         <button class=\"buy\">In den Warenkorb</button></form>",
        german(page.truth.price_minor),
        page.number,
    )
}
