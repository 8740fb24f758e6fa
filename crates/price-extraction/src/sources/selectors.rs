//! Values at the places that a site's recipe names with CSS selectors.

use pricing_domain::ExtractionMethod;
use scraper::{Html, Selector};

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
    found.sku = first(&selectors.sku);
    found.gtin = first(&selectors.gtin);
    let offer = Offer {
        price: first(&selectors.price),
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

/// The value of the first element that a selector matches: its `content` or `value`, else its text.
fn value_at(document: &Html, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    let element = document.select(&selector).next()?;
    let attribute = ["content", "value", "data-price"].iter().find_map(|name| element.value().attr(name));
    let text = attribute.map_or_else(|| element.text().collect::<Vec<_>>().join(" "), str::to_owned);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
