//! Whether the product can be bought: what markup states against what the page says.

use pricing_domain::Availability;

use super::price::Choice;
use crate::page::Page;
use crate::sources::Found;
use crate::visible::stock::read;
use crate::visible::zones::Zones;

/// The decision with what contradicts it.
pub(crate) struct StockDecision {
    pub availability: Availability,
    pub warning: Option<String>,
}

/// Decides between markup, words and the buying button.
pub(crate) fn decide(page: &Page<'_>, zones: &mut Zones<'_>, mains: &[&Found], choice: Option<&Choice>, button: Option<u32>) -> StockDecision {
    let stated = mains.iter().find_map(|found| of_offers(found));
    let seen = read(page, zones, choice.and_then(|choice| choice.node));
    let visible = seen.as_ref().map(|seen| seen.availability);
    let plain = |availability| StockDecision { availability, warning: None };
    match (stated, visible) {
        (Some(stated), Some(visible)) if stated.buyable() && !visible.buyable() => {
            let strong = button.is_none() && seen.as_ref().is_some_and(|seen| seen.weight > 0.8);
            let text = seen.map(|seen| seen.text).unwrap_or_default();
            let warning = Some(format!("markup says {stated}, the page says “{text}”"));
            StockDecision { availability: if strong { visible } else { stated }, warning }
        }
        (Some(stated), _) => plain(stated),
        (None, Some(visible)) if !visible.buyable() && button.is_some() => plain(Availability::InStock),
        (None, Some(visible)) => plain(visible),
        (None, None) if button.is_some() => plain(Availability::InStock),
        (None, None) => plain(Availability::Unknown),
    }
}

/// Buyable when one of the offers is.
fn of_offers(found: &Found) -> Option<Availability> {
    let mut stated = found.offers.iter().filter_map(|offer| offer.availability);
    let first = stated.next()?;
    if first.buyable() { Some(first) } else { Some(stated.find(|other| other.buyable()).unwrap_or(first)) }
}
