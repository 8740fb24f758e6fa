//! Selectors for an element that will also find it on the site's other pages: by names that a person gave, not by
//! names that a tool made up, and by counting only where nothing has a name.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

use crate::sources::selectors::value_of;

/// How far up names are looked for.
const HIGHEST: usize = 6;
/// Attributes that name an element for programs.
const NAMING: [&str; 5] = ["itemprop", "data-testid", "data-test", "data-qa", "data-hook"];
/// Names that say how an element is shown just now.
const STATES: [&str; 14] = [
    "active",
    "selected",
    "open",
    "visible",
    "show",
    "hidden",
    "loaded",
    "first",
    "last",
    "odd",
    "even",
    "clearfix",
    "row",
    "container",
];

/// The smallest elements that show a value.
pub(super) struct Places<'a> {
    /// In document order.
    pub elements: Vec<ElementRef<'a>>,
}

impl<'a> Places<'a> {
    /// Elements whose value is accepted while no element inside them has it too.
    pub fn of(document: &'a Html, longest: usize, accepts: &dyn Fn(&str) -> bool) -> Self {
        let all = Selector::parse("body *, meta[itemprop]").expect("a valid selector");
        let shows = |element: &ElementRef<'_>| {
            let unseen = matches!(element.value().name(), "script" | "style" | "template" | "noscript" | "option");
            !unseen && value_of(element, None).is_some_and(|value| value.len() <= longest && accepts(&value))
        };
        let found: Vec<ElementRef<'a>> = document.select(&all).filter(shows).collect();
        let outer: HashSet<_> = found.iter().flat_map(|element| element.ancestors().map(|above| above.id())).collect();
        Self { elements: found.into_iter().filter(|element| !outer.contains(&element.id())).collect() }
    }
}

/// The best selectors whose first match has the value, at most `most`, each by another name.
pub(super) fn selectors_for(
    document: &Html,
    places: &Places<'_>,
    accepts: &dyn Fn(&str) -> bool,
    most: usize,
) -> Vec<String> {
    let mut rated: Vec<(i32, String)> = Vec::new();
    for element in places.elements.iter().take(12) {
        for text in candidates(element) {
            if rated.iter().any(|(_, known)| *known == text) {
                continue;
            }
            if let Some(rating) = rate(document, &text, accepts) {
                rated.push((rating, text));
            }
        }
    }
    rated.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.len().cmp(&other.1.len())));
    rated.into_iter().map(|(_, text)| text).take(most).collect()
}

/// How far a selector can be trusted; `None` when its first match is something else.
fn rate(document: &Html, text: &str, accepts: &dyn Fn(&str) -> bool) -> Option<i32> {
    let selector = Selector::parse(text).ok()?;
    let values: Vec<Option<String>> =
        document.select(&selector).take(20).map(|element| value_of(&element, None)).collect();
    let right = |value: &Option<String>| value.as_deref().is_some_and(accepts);
    if !values.first().is_some_and(right) {
        return None;
    }
    let others = values.iter().filter(|value| !right(value)).count() as i32;
    let named =
        i32::from(text.contains("itemprop") || text.contains("data-")) * 3 + i32::from(text.starts_with('#')) * 2;
    let telling = i32::from(
        ["price", "preis", "prix", "prez", "cena", "amount", "sku", "title", "name", "stock"]
            .iter()
            .any(|word| text.contains(word)),
    );
    let counted = text.matches(":nth-of-type").count() as i32;
    let steps = text.matches(' ').count() as i32;
    Some(10 + named + 2 * telling - 3 * others.min(4) - 4 * counted - steps)
}

/// Ways to name an element: by itself, below something named, and by counting where it has no name of its own.
fn candidates(element: &ElementRef<'_>) -> Vec<String> {
    let own = names(element);
    let tag = element.value().name();
    let mut found = own.clone();
    let mut steps = vec![numbered(element)];
    for above in element.ancestors().filter_map(ElementRef::wrap).take(HIGHEST) {
        for name in names(&above) {
            found.extend(own.iter().map(|own| format!("{name} {own}")));
            if own.is_empty() {
                found.push(format!("{name} {tag}"));
                found.push(format!("{name} > {}", steps.join(" > ")));
            }
        }
        steps.insert(0, numbered(&above));
    }
    found
}

fn numbered(element: &ElementRef<'_>) -> String {
    let name = element.value().name();
    let before = element.prev_siblings().filter_map(ElementRef::wrap).filter(|other| other.value().name() == name);
    format!("{name}:nth-of-type({})", before.count() + 1)
}

/// The names of an element that will last, as selectors.
fn names(element: &ElementRef<'_>) -> Vec<String> {
    let value = element.value();
    let mut found = Vec::new();
    for attribute in NAMING {
        if let Some(name) = value.attr(attribute).filter(|name| lasting(name)) {
            found.push(format!("[{attribute}=\"{name}\"]"));
        }
    }
    if let Some(id) = value.attr("id").filter(|id| lasting(id)) {
        found.push(format!("#{id}"));
    }
    found.extend(value.classes().filter(|class| lasting(class)).map(|class| format!(".{class}")));
    found
}

/// Whether a name was given by a person: plain words, no numbers of products, nothing that a tool made up.
fn lasting(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    plain
        && (3..=40).contains(&name.len())
        && !STATES.contains(&name)
        && !name.starts_with("is-")
        && !name.starts_with("has-")
        && !name.split(['-', '_']).any(made_up)
}

/// A part of a name without sense: digits among letters, or capitals strewn about.
fn made_up(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let letters = part.len() - digits;
    let rises = part.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let falls = part.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_uppercase() && pair[1].is_ascii_uppercase());
    let rises = rises.count();
    digits >= 3
        || digits > 0 && letters > 0 && part.len() >= 4
        || rises > 0 && part.len() <= 7 && rises + falls.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::{Places, lasting, selectors_for};
    use scraper::Html;

    #[test]
    fn names_of_tools_and_of_single_products_do_not_last() {
        for name in ["price", "product-price", "pdp_price__main", "productTitle", "priceblock_ourprice"] {
            assert!(lasting(name), "{name}");
        }
        for name in ["sc-1f3kX", "css-1x2y3z", "price_FHDfG", "product-price-171", "is-active", "row", "k0pl"] {
            assert!(!lasting(name), "{name}");
        }
    }

    #[test]
    fn selectors_go_by_the_best_names_and_count_only_without_any() {
        let value = |text: &str| text == "5 €";
        let best = |source: &str| {
            let document = Html::parse_document(source);
            let places = Places::of(&document, 50, &value);
            selectors_for(&document, &places, &value, 2)
        };
        assert_eq!(best("<p class=x><b itemprop=price>5 €</b><b class=price>6 €</b>")[0], "[itemprop=\"price\"]");
        assert_eq!(
            best("<div class=other><b class=price>6 €</b></div><div class=main-offer><b class=price>5 €</b></div>")[0],
            ".main-offer .price"
        );
        let counted = best("<div id=offer><p>old</p><p><i>6 €</i><i>5 €</i></p></div>");
        assert!(counted[0].starts_with("#offer ") && counted[0].contains("nth-of-type(2)"), "{counted:?}");
    }
}
