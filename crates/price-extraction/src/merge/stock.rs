//! Whether the product can be bought: what markup states against what the page says.

use pricing_domain::{Availability, Confidence};

use super::price::Choice;
use crate::dom::NodeId;
use crate::page::Page;
use crate::sources::Found;
use crate::visible::stock::read;
use crate::visible::zones::Zones;
use crate::visible::{buttons, refusals};

/// The decision with what contradicts it.
pub(crate) struct StockDecision {
    pub availability: Availability,
    pub warning: Option<String>,
    /// Neither markup, words nor a button tell it.
    pub is_guess: bool,
}

/// Decides between markup, words and the buying button.
pub(crate) fn decide(
    page: &Page<'_>,
    zones: &mut Zones<'_>,
    mains: &[&Found],
    choice: Option<&Choice>,
    button: Option<u32>,
) -> StockDecision {
    let stated = mains.iter().find_map(|found| of_offers(found));
    let price_node = choice.and_then(|choice| choice.node);
    let seen = read(page, zones, price_node, button.is_some());
    let plain = |availability| StockDecision { availability, warning: None, is_guess: false };
    let silent = |zones: &mut Zones<'_>| match choice.filter(|choice| choice.confidence != Confidence::Low) {
        Some(_) => {
            let is_guess = !buttons::has_form(page, zones);
            StockDecision { availability: Availability::InStock, warning: Some(SILENT.to_owned()), is_guess }
        }
        None => plain(Availability::Unknown),
    };
    let Some(seen) = seen else {
        return match stated {
            Some(stated) => plain(stated),
            None if button.is_some() => plain(Availability::InStock),
            None => match refusals::find(page, zones) {
                Some(reason) => refused(reason),
                None => silent(zones),
            },
        };
    };
    if seen.availability.buyable() {
        return plain(stated.unwrap_or(seen.availability));
    }
    let firm = beside(page, seen.node, price_node) && seen.weight > 0.75;
    match stated {
        Some(stated) if !stated.buyable() => plain(stated),
        Some(stated) => {
            let warning = Some(format!("markup says {stated}, the page says “{}”", seen.text));
            StockDecision { availability: if firm { seen.availability } else { stated }, warning, is_guess: false }
        }
        None if firm || button.is_none() && choice.is_none() => plain(seen.availability),
        None if button.is_some() => plain(Availability::InStock),
        None if refusals::find(page, zones).is_some() => plain(seen.availability),
        None => silent(zones),
    }
}

fn refused(reason: &str) -> StockDecision {
    StockDecision { availability: Availability::OutOfStock, warning: Some(reason.to_owned()), is_guess: false }
}

const SILENT: &str = "the page does not speak of stock; a price without a refusal counts as in stock";

/// Whether words stand between the title and the price, or right beside the price.
fn beside(page: &Page<'_>, words: NodeId, price: Option<NodeId>) -> bool {
    let after_title = page.title_node.is_none_or(|title| title <= words);
    after_title
        && price.is_none_or(|price| {
            words <= price && page.distance(words, price) < 40 || page.distance(price, words).abs() < 15
        })
}

/// Buyable when one of the offers is.
fn of_offers(found: &Found) -> Option<Availability> {
    let mut stated = found.offers.iter().filter_map(|offer| offer.availability);
    let first = stated.next()?;
    if first.buyable() { Some(first) } else { Some(stated.find(|other| other.buyable()).unwrap_or(first)) }
}
