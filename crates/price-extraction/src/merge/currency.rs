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
            match of_markup.copied().or_else(|| local.filter(fits)).or_else(|| in_scripts(page, several)) {
                Some(found) => sure(Some(found)),
                None => Decided {
                    currency: several.first().copied(),
                    doubt: Some("several currencies use this sign; the most usual one is taken".to_owned()),
                },
            }
        }
    }
}

/// The one of several currencies whose code the page's scripts or attributes name as their currency:
/// `"currencyCode":"ARS"`. A list of all that a shop offers tells nothing.
fn in_scripts(page: &Page<'_>, several: &[Currency]) -> Option<Currency> {
    /// How many bytes before the code the word may stand.
    const REACH: usize = 60;
    let source = page.dom.source.as_bytes();
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let is_named = |currency: &&Currency| {
        let code = currency.to_string();
        memchr::memmem::find_iter(source, code.as_bytes()).take(400).any(|at| {
            let before = &source[at.saturating_sub(REACH)..at];
            let is_whole = !is_part(before.last()) && !is_part(source.get(at + code.len()));
            is_whole && memchr::memmem::find(before, b"urrency").is_some()
        })
    };
    let mut named = several.iter().filter(is_named);
    let first = named.next()?;
    named.next().is_none().then_some(*first)
}
