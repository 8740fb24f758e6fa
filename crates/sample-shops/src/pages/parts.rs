//! Parts that most product pages have: breadcrumbs, description, specification, reviews, carousel.

use super::{Page, Related, escaped, german};
use crate::mixing::between;

const PRAISE: [(&str, &str); 6] = [
    ("Sehr zufrieden", "Kam schnell an, gut verpackt, tut genau, was es soll. Klare Empfehlung."),
    ("Gute Verarbeitung", "Fühlt sich wertig an. Die Anleitung könnte ausführlicher sein, aber man kommt zurecht."),
    ("Preis und Leistung stimmen", "Hatte vorher ein teureres Modell und vermisse nichts."),
    ("Für den Alltag ideal", "Seit drei Monaten täglich in Gebrauch, bisher ohne Mangel."),
    ("Nicht ganz perfekt", "Im Großen und Ganzen gut, nur die Verpackung ist schwer zu öffnen."),
    ("Gerne wieder", "Schon das zweite Stück. Das erste läuft bei meinen Eltern noch immer einwandfrei."),
];
const SENTENCES: [&str; 8] = [
    "Durchdacht bis ins Detail und für den täglichen Gebrauch gemacht.",
    "Die schlichte Form passt in jede Umgebung, die Bedienung erklärt sich von selbst.",
    "Hochwertige Materialien sorgen für eine lange Lebensdauer.",
    "Im Lieferumfang ist alles enthalten, was Sie für den Start brauchen.",
    "Das Gehäuse besteht zu einem guten Teil aus wiederverwertetem Kunststoff.",
    "Der Hersteller gewährt zwei Jahre Garantie und hält Ersatzteile fünf Jahre vor.",
    "Geprüfte Sicherheit und ein niedriger Verbrauch sind selbstverständlich.",
    "Auf Wunsch liefern wir bis in die Wohnung und nehmen das Altgerät mit.",
];

pub(super) fn breadcrumbs(page: &Page) -> String {
    let steps: Vec<String> = page
        .product
        .category
        .split(" > ")
        .map(|step| {
            format!(
                "<a href=\"/kategorie/{}\">{}</a>",
                step.to_lowercase().replace(' ', "-").replace('&', "und"),
                escaped(step)
            )
        })
        .collect();
    format!(
        "<nav class=\"breadcrumbs\" aria-label=\"Brotkrumen\"><a href=\"/\">Start</a> › {}</nav>",
        steps.join(" › ")
    )
}

pub(super) fn description(page: &Page) -> String {
    let first = index(page, 1, SENTENCES.len());
    let text: Vec<&str> = (0..6).map(|step| SENTENCES[(first + step) % SENTENCES.len()]).collect();
    format!(
        "<section class=\"description\">\n<h2>Beschreibung</h2>\n<p>{} von {}. {}</p>\n<p>{}</p>\n</section>",
        escaped(&page.title),
        page.brand,
        text[..3].join(" "),
        text[3..].join(" "),
    )
}

pub(super) fn specification(page: &Page) -> String {
    let weight = between(80, 4_800, &[31, page_key(page)]);
    let mut rows = vec![
        ("Hersteller", page.brand.to_owned()),
        ("Artikelnummer", page.number.clone()),
        ("Herstellernummer", page.product.mpn.clone()),
        ("Gewicht", format!("{weight} g")),
        ("Maße", format!("{} × {} × {} mm", weight % 190 + 40, weight % 130 + 30, weight % 70 + 12)),
        ("Leistung", format!("{} W", weight % 65 + 5)),
        ("Garantie", "24 Monate".to_owned()),
        ("Herkunft", ["Polen", "Vietnam", "Portugal", "Taiwan"][index(page, 2, 4)].to_owned()),
    ];
    if let Some(gtin) = page.gtin {
        rows.push(("EAN", gtin.to_string()));
    }
    let rows: Vec<String> =
        rows.iter().map(|(name, value)| format!("<tr><th>{name}</th><td>{}</td></tr>", escaped(value))).collect();
    format!("<section class=\"specs\">\n<h2>Technische Daten</h2>\n<table>\n{}\n</table>\n</section>", rows.join("\n"))
}

pub(super) fn reviews(page: &Page) -> String {
    let first = index(page, 3, PRAISE.len());
    let reviews: Vec<String> = (0..3)
        .map(|step| {
            let (title, text) = PRAISE[(first + step) % PRAISE.len()];
            format!("<article><h3>{title}</h3><p>★★★★{} {text}</p></article>", if step == 1 { "☆" } else { "★" })
        })
        .collect();
    format!("<section class=\"reviews\">\n<h2>Kundenbewertungen</h2>\n{}\n</section>", reviews.join("\n"))
}

pub(super) fn delivery() -> &'static str {
    "<section class=\"delivery\">\n<h2>Versand und Rückgabe</h2>\n<p>Bestellungen bis 14 Uhr verlassen unser Lager am \
     selben Werktag. Sperrige Ware bringt die Spedition nach Absprache. Rücksendungen sind innerhalb von 30 Tagen \
     kostenfrei; das Etikett liegt jeder Sendung bei. Altgeräte nehmen wir bei Lieferung unentgeltlich mit, Batterien \
     können Sie in jedem Markt zurückgeben.</p>\n</section>"
}

/// The carousel of other products, each with its own price.
pub(super) fn carousel(page: &Page, heading: &str) -> String {
    let items: Vec<String> = page.related.iter().map(carousel_card).collect();
    format!(
        "<section class=\"related\">\n<h2>{heading}</h2>\n<div class=\"carousel\">\n{}\n</div>\n</section>",
        items.join("\n")
    )
}

fn carousel_card(item: &Related) -> String {
    let was = item.truth.was.map(|was| format!("<s>{} €</s> ", german(was))).unwrap_or_default();
    format!(
        "<div class=\"card\"><a href=\"{}\">{}</a><div class=\"card-price\">{was}<span>{} €</span></div></div>",
        item.path,
        escaped(&item.title),
        german(item.truth.price_minor),
    )
}

/// A page's own number, for choices that stay the same.
fn page_key(page: &Page) -> i64 {
    page.number.parse().unwrap_or(0)
}

fn index(page: &Page, salt: i64, length: usize) -> usize {
    let last = i64::try_from(length).expect("a short list") - 1;
    usize::try_from(between(0, last, &[salt, page_key(page)])).expect("not negative")
}
