//! The currency of the price: the sign beside it, narrowed by markup, site and country.

use pricing_domain::Currency;

use super::price::Choice;
use crate::page::Page;
use crate::sources::Found;

/// Decides the currency; `None` where nothing tells.
pub(crate) fn decide(page: &Page<'_>, choice: &Choice, mains: &[&Found]) -> Option<Currency> {
    if let Some(given) = page.hints.currency {
        return Some(given);
    }
    let stated: Vec<Currency> =
        mains.iter().flat_map(|found| found.offers.iter().filter_map(|offer| offer.currency)).collect();
    let local = page.local_currency();
    match choice.currencies.as_slice() {
        [only] => Some(*only),
        [] => choice.stated_currency.or(stated.first().copied()).or(local),
        several => {
            let fits = |wanted: &Currency| several.contains(wanted);
            let of_markup = choice.stated_currency.iter().chain(&stated).find(|currency| fits(currency));
            of_markup.copied().or_else(|| local.filter(fits)).or_else(|| several.first().copied())
        }
    }
}
