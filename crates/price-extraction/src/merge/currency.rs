//! The currency of the price: the sign beside it, narrowed by markup, site and country.

use pricing_domain::Currency;

use super::price::Choice;
use crate::page::Page;
use crate::sources::Found;

/// A currency, and why it is not sure.
pub(crate) struct Decided {
    pub currency: Option<Currency>,
    pub doubt: Option<String>,
}

/// Decides the currency; `None` where nothing tells.
pub(crate) fn decide(page: &Page<'_>, choice: &Choice, mains: &[&Found]) -> Decided {
    let sure = |currency| Decided { currency, doubt: None };
    if let Some(given) = page.hints.currency {
        return sure(Some(given));
    }
    let stated: Vec<Currency> =
        mains.iter().flat_map(|found| found.offers.iter().filter_map(|offer| offer.currency)).collect();
    let local = page.local_currency();
    match choice.currencies.as_slice() {
        [only] => {
            let other = choice.stated_currency.iter().chain(&stated).find(|other| *other != only);
            let doubt = other.map(|other| format!("markup says {other}, the page shows {only}"));
            Decided { currency: Some(*only), doubt }
        }
        [] => sure(choice.stated_currency.or(stated.first().copied()).or(local)),
        several => {
            let fits = |wanted: &Currency| several.contains(wanted);
            let of_markup = choice.stated_currency.iter().chain(&stated).find(|currency| fits(currency));
            match of_markup.copied().or_else(|| local.filter(fits)) {
                Some(found) => sure(Some(found)),
                None => Decided {
                    currency: several.first().copied(),
                    doubt: Some("several currencies use this sign; the most usual one is taken".to_owned()),
                },
            }
        }
    }
}
