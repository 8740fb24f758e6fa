//! What surrounds the product on every page of a shop: head, navigation, footer.

use super::escaped;
use crate::shops::Shop;

const DEPARTMENTS: [(&str, &str); 8] = [
    ("fernseher-audio", "Fernseher & Audio"),
    ("computer", "Computer & Zubehör"),
    ("handys", "Handys & Tablets"),
    ("smart-home", "Smart Home"),
    ("gaming", "Gaming"),
    ("foto", "Foto & Video"),
    ("haushalt", "Haushalt & Küche"),
    ("angebote", "Angebote"),
];
const SERVICE: [(&str, &str); 10] = [
    ("versand", "Versand & Lieferung"),
    ("rueckgabe", "Rückgabe"),
    ("zahlung", "Zahlungsarten"),
    ("garantie", "Garantie & Reparatur"),
    ("kontakt", "Kontakt"),
    ("maerkte", "Unsere Märkte"),
    ("karriere", "Karriere"),
    ("agb", "AGB"),
    ("datenschutz", "Datenschutz"),
    ("impressum", "Impressum"),
];

/// Puts a whole page together.
pub(super) fn page(shop: Shop, title: &str, head: &str, body: &str) -> String {
    let name = shop.name();
    let look = look(shop);
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title} | {name}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"description\" content=\"{title} bei {name} kaufen. {claim}.\">\n{head}\n\
         <style>{style}</style>\n</head>\n<body class=\"{look}\">\n{header}\n{body}\n{footer}\n</body>\n</html>\n",
        claim = shop.claim(),
        style = style(look),
        header = header(shop),
        footer = footer(shop),
    )
}

/// The prefix of a shop's class names.
pub(super) const fn look(shop: Shop) -> &'static str {
    match shop {
        Shop::ElektroMax => "emx",
        Shop::Strompfeil => "sp",
        Shop::Klangspeicher => "ks",
        Shop::Geraetefuchs => "fuchs",
        Shop::Funkelkiste => "fk",
        Shop::Digitalhafen => "hafen",
    }
}

fn style(look: &str) -> String {
    format!(
        "body.{look}{{margin:0;font:15px/1.5 system-ui,sans-serif;color:#222}}.{look} nav ul{{display:flex;gap:1rem;\
         list-style:none;padding:0 1rem}}.{look} main{{max-width:72rem;margin:0 auto;padding:1rem}}.{look} s,.{look} \
         del{{color:#888}}.{look} .buy{{background:#147;color:#fff;border:0;padding:.7rem 1.4rem;border-radius:4px}}\
         .{look} table{{border-collapse:collapse}}.{look} td,.{look} th{{border-bottom:1px solid #ddd;padding:.3rem \
         .8rem;text-align:left}}.{look} footer{{background:#f3f3f3;padding:1rem;margin-top:2rem}}.{look} .carousel\
         {{display:flex;gap:1rem;overflow-x:auto}}.{look} .carousel>*{{min-width:11rem}}"
    )
}

fn links(folder: &str, entries: &[(&str, &str)]) -> String {
    let items: Vec<String> = entries
        .iter()
        .map(|(path, name)| format!("<li><a href=\"/{folder}/{path}\">{}</a></li>", escaped(name)))
        .collect();
    items.join("\n")
}

fn header(shop: Shop) -> String {
    format!(
        "<header>\n<a class=\"logo\" href=\"/\"><strong>{name}</strong></a> <span>{claim}</span>\n\
         <form action=\"/suche\" role=\"search\"><input name=\"q\" placeholder=\"Wonach suchen Sie?\" \
         aria-label=\"Suche\"><button>Suchen</button></form>\n<p class=\"usp\">Gratis Versand ab 59 € · 30 Tage \
         Rückgabe · Rechnungskauf</p>\n<nav aria-label=\"Sortiment\"><ul>\n{links}\n</ul></nav>\n</header>",
        name = shop.name(),
        claim = shop.claim(),
        links = links("kategorie", &DEPARTMENTS),
    )
}

fn footer(shop: Shop) -> String {
    format!(
        "<footer>\n<ul>\n{service}\n</ul>\n<p>Newsletter: 5 € Gutschein für Ihre erste Bestellung ab 50 €.</p>\n\
         <p>Alle Preise in Euro inklusive Mehrwertsteuer, zuzüglich Versandkosten von 4,99 € unter 59 € \
         Bestellwert. Änderungen und Irrtümer vorbehalten. Abbildungen ähnlich.</p>\n<p>© {name}. Dieser Shop ist \
         eine Vorführung; es gibt ihn nicht, und hier kann nichts bestellt werden.</p>\n</footer>",
        service = links("service", &SERVICE),
        name = shop.name(),
    )
}
