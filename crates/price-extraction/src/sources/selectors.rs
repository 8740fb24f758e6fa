//! Values at the places that a site's recipe names with CSS selectors.

use pricing_domain::ExtractionMethod;
use scraper::{ElementRef, Html, Selector};

use super::{Found, Offer};
use crate::currencies::in_markup;
use crate::extraction::SiteSelectors;
use crate::words::availability_in_markup;

/// Reads what the selectors point at; `None` when none is given or none finds anything.
pub(crate) fn read(source: &str, selectors: &SiteSelectors) -> Option<Found> {
    if *selectors == SiteSelectors::default() {
        return None;
    }
    let document = Html::parse_document(source);
    let first = |list: &[String]| list.iter().find_map(|selector| value_at(&document, selector));
    let mut found = Found::new(ExtractionMethod::Selector);
    found.title = first(&selectors.title);
    found.brand = first(&selectors.brand);
    found.sku = first(&selectors.sku);
    found.mpn = first(&selectors.mpn);
    found.gtin = first(&selectors.gtin);
    let offer = Offer {
        price: first(&selectors.price),
        list_price: first(&selectors.list_price),
        currency: first(&selectors.currency).as_deref().and_then(in_markup),
        availability: first(&selectors.availability).as_deref().and_then(availability_in_markup),
        ..Offer::default()
    };
    if offer.price.is_some() || offer.availability.is_some() {
        found.offers.push(offer);
    }
    let empty = found.title.is_none() && found.sku.is_none() && found.gtin.is_none() && found.offers.is_empty();
    (!empty).then_some(found)
}

/// Takes `selector @attribute` apart.
pub(crate) fn split_attribute(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(" @") {
        Some((selector, attribute)) if !attribute.contains(['"', ']', ' ']) => {
            (selector.trim(), Some(attribute.trim()))
        }
        _ => (text.trim(), None),
    }
}

/// The value of the first element that a selector matches.
fn value_at(document: &Html, text: &str) -> Option<String> {
    let (selector, attribute) = split_attribute(text);
    let selector = Selector::parse(selector).ok()?;
    document.select(&selector).find_map(|element| value_of(&element, attribute))
}

/// An element's value: the attribute asked for, else its `content` or `value`, else its text.
pub(crate) fn value_of(element: &ElementRef<'_>, attribute: Option<&str>) -> Option<String> {
    let value = match attribute {
        Some(attribute) => element.value().attr(attribute)?.to_owned(),
        None => {
            let stated = ["content", "value"].iter().find_map(|name| element.value().attr(name));
            stated.map_or_else(|| element.text().collect::<Vec<_>>().join(" "), str::to_owned)
        }
    };
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty()).then_some(value)
}
