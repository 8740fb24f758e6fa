//! Pages that are no product: the front page, block pages, pages that are gone.

use super::{escaped, frame, german};
use crate::catalogue::products;
use crate::listings::listings;
use crate::market::truth;
use crate::shops::Shop;

/// The front page with some products.
pub(crate) fn front(shop: Shop, day: i64) -> String {
    frame::page(
        shop,
        "Willkommen",
        "",
        &format!("<main><h1>Heute bei {}</h1>\n{}</main>", shop.name(), offers(shop, day)),
    )
}

/// The page of an address that does not exist, with products it would rather show.
pub(crate) fn not_found(shop: Shop, day: i64) -> String {
    let body = format!(
        "<main><h1>Seite nicht gefunden</h1>\n<p>Diesen Artikel führen wir nicht mehr. Vielleicht gefällt Ihnen:</p>\n{}</main>",
        offers(shop, day)
    );
    frame::page(shop, "Seite nicht gefunden", "", &body)
}

fn offers(shop: Shop, day: i64) -> String {
    let items: Vec<String> = listings()
        .iter()
        .filter(|listing| listing.shop == shop && !listing.disallowed)
        .step_by(17)
        .take(12)
        .map(|listing| {
            let name = escaped(&listing.title());
            let category = escaped(products()[listing.product].category);
            let price = german(truth(listing, day).price_minor);
            format!("<li><a href=\"{}\">{name}</a> <small>{category}</small> <b>{price} €</b></li>", listing.path)
        })
        .collect();
    format!("<ul>\n{}\n</ul>\n", items.join("\n"))
}

/// A page that asks for a person.
pub(crate) fn blocked(shop: Shop) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Just a moment...</title><meta name=\"robots\" \
         content=\"noindex,nofollow\"></head>\n<body><div class=\"challenge\"><h1>{}</h1><h2>Please verify you are a \
         human</h2><p>Our systems have detected unusual traffic from your network. Complete the CAPTCHA below to \
         continue.</p><form action=\"/challenge\" method=\"post\"><div class=\"g-recaptcha\" \
         data-sitekey=\"demo\"></div><noscript>Enable JavaScript and cookies to continue</noscript></form>\
         <p>Access denied. Reference #18.2f3e</p></div></body></html>\n",
        shop.name()
    )
}

/// The answer to a visitor who comes too fast.
pub(crate) fn too_many(shop: Shop) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>429 Too Many Requests</title></head><body><h1>Too Many \
         Requests</h1><p>{}: please slow down.</p></body></html>\n",
        shop.name()
    )
}
