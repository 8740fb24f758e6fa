//! Reads a price out of a text: exact amount, currency, and how sure both are. Refuses instead of guessing.

pub(crate) mod conditions;
pub(crate) mod mentions;
pub(crate) mod number;
pub(crate) mod words;

use pricing_domain::{Confidence, Currency};
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::currencies::{decimal_separator_of, language_country, locale_country, of_country};
use mentions::{Mention, mentions, normalise};
use number::{Certainty, NumberHints, Reading};
use words::{Role, says_free};

/// What is known about a text from elsewhere.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceHints {
    /// The currency of the site.
    pub currency: Option<Currency>,
    /// A text that may name the currency, for example the cell beside the price.
    pub currency_text: Option<String>,
    /// The decimal separator of the site, `.` or `,`.
    pub decimal_separator: Option<char>,
    /// The language of the page (`de`, `en-IE`).
    pub language: Option<String>,
}

/// A price read from a text, or the reason why none was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PriceText {
    /// The exact amount; `None` where the text gives none or allows two.
    pub amount: Option<Amount>,
    /// The currency, where the text or a hint tells it.
    pub currency: Option<Currency>,
    /// How sure amount and currency are.
    pub confidence: Confidence,
    /// All readings, where the text allows more than one.
    pub readings: Vec<String>,
    /// Why there is no amount, or why it is not sure.
    pub reason: Option<String>,
}

impl PriceText {
    fn refused(reason: &str, currency: Option<Currency>) -> Self {
        let reason = Some(reason.to_owned());
        Self { amount: None, currency, confidence: Confidence::Low, readings: Vec::new(), reason }
    }
}

/// Reads the price that a text states first: the current one where it also states an old one, the lowest of a range.
pub fn parse_price(text: &str, hints: &PriceHints) -> PriceText {
    let chars = normalise(text);
    let hinted = hinted_currencies(hints);
    if says_free(text) {
        let amount = Some(Amount::new(0, 0));
        let reason = Some("the text says it is free".to_owned());
        return PriceText {
            amount,
            currency: hints.currency,
            confidence: Confidence::Medium,
            readings: Vec::new(),
            reason,
        };
    }
    let mut found = mentions(&chars);
    if found.iter().any(|mention| !mention.currencies.is_empty()) {
        // A sign that is also a letter (“S24”) gives way to one that is nothing else.
        let has_sign = |mention: &Mention| !mention.currencies.is_empty() && !mention.weak_sign;
        let is_signed = found.iter().any(has_sign);
        found.retain(|mention| {
            mention.role == Role::Now || has_sign(mention) || !is_signed && !mention.currencies.is_empty()
        });
    } else {
        found.retain(|mention| !mention.inside_word && bare_number_fits(&chars, mention));
    }
    let Some(best) = first_of_best(&found) else {
        return PriceText::refused("no amount in the text", hinted.first().copied());
    };
    if best.role == Role::Saving {
        return PriceText::refused("the only amount is a saving", None);
    }
    read_mention(best, &hinted, hints, found.len())
}

/// A number without any currency counts only where the text is about little else.
fn bare_number_fits(chars: &[char], mention: &Mention) -> bool {
    let letters = chars.iter().filter(|c| c.is_alphabetic()).count();
    let year = mention.number.digit_count() == 4 && !mention.number.has_separators();
    !(year && letters > 2) && (letters <= 40 || mention.number.has_separators())
}

/// The first mention of the best role: a current price before an old one, a price before a saving.
pub(crate) fn first_of_best(found: &[Mention]) -> Option<&Mention> {
    let class = |mention: &Mention| match mention.role {
        Role::Now => 0,
        Role::Plain | Role::From => 1,
        Role::Member | Role::Was => 2,
        Role::Unit | Role::Bundle | Role::Instalment => 3,
        Role::Shipping | Role::Threshold => 4,
        Role::Saving => 5,
    };
    found.iter().min_by_key(|mention| class(mention))
}

fn hinted_currencies(hints: &PriceHints) -> Vec<Currency> {
    let from_text = || {
        let text = hints.currency_text.as_deref()?;
        let chars = normalise(&format!("1 {text}"));
        let marked = mentions(&normalise(text)).into_iter().find(|mention| !mention.currencies.is_empty());
        marked.or_else(|| mentions(&chars).into_iter().next()).map(|mention| mention.currencies)
    };
    match hints.currency {
        Some(currency) => vec![currency],
        None => from_text().unwrap_or_default(),
    }
}

fn read_mention(mention: &Mention, hinted: &[Currency], hints: &PriceHints, count: usize) -> PriceText {
    let (currency, sure_currency) = choose_currency(&mention.currencies, hinted, hints);
    let country =
        hints.language.as_deref().and_then(|language| locale_country(language).or_else(|| language_country(language)));
    let number_hints = NumberHints {
        decimal_separator: hints.decimal_separator,
        usual_separator: country.and_then(decimal_separator_of),
        currency,
    };
    let Some(reading) = mention.number.read(&number_hints) else {
        return PriceText::refused("the digits are grouped like no price", currency);
    };
    let readings = readings_of(&reading);
    if reading.certainty == Certainty::Open {
        let reason = Some(format!("ambiguous: {} or {}", reading.amount, readings.last().map_or("", String::as_str)));
        return PriceText { amount: None, currency, confidence: Confidence::Low, readings, reason };
    }
    let (confidence, reason) = judge(mention, &reading, currency, sure_currency, count);
    PriceText { amount: Some(reading.amount), currency, confidence, readings, reason }
}

fn readings_of(reading: &Reading) -> Vec<String> {
    match reading.other {
        Some(other) => vec![reading.amount.to_string(), other.to_string()],
        None => Vec::new(),
    }
}

fn judge(
    mention: &Mention,
    reading: &Reading,
    currency: Option<Currency>,
    sure: bool,
    count: usize,
) -> (Confidence, Option<String>) {
    let because = |confidence, reason: &str| (confidence, Some(reason.to_owned()));
    match mention.role {
        Role::Unit => because(Confidence::Low, "a price for a unit"),
        Role::Bundle => because(Confidence::Low, "a price for several pieces"),
        Role::Instalment => because(Confidence::Low, "one of several payments"),
        Role::Shipping => because(Confidence::Low, "the cost of delivery"),
        Role::Threshold => because(Confidence::Low, "an amount to be reached"),
        Role::Was => because(Confidence::Low, "the price before"),
        Role::Member => because(Confidence::Medium, "a price under conditions"),
        _ if currency.is_none() => because(Confidence::Low, "no currency"),
        _ if !sure => because(Confidence::Medium, "several currencies use this sign; the most usual one is taken"),
        _ if mention.is_beside_digits => because(Confidence::Medium, "other digits stand beside it"),
        _ if reading.certainty == Certainty::Likely => because(Confidence::Medium, "read as grouped or rounded digits"),
        Role::From => because(Confidence::Medium, "the lowest of several prices"),
        _ if count > 1 => because(Confidence::Medium, "the first of several amounts"),
        _ => (Confidence::High, None),
    }
}

/// One currency out of those that a sign may mean, and whether nothing else is possible.
fn choose_currency(signs: &[Currency], hinted: &[Currency], hints: &PriceHints) -> (Option<Currency>, bool) {
    let spoken =
        hints.language.as_deref().and_then(|language| locale_country(language).or_else(|| language_country(language)));
    let local = spoken.and_then(of_country);
    let fits = |wanted: Option<Currency>| wanted.filter(|currency| signs.contains(currency));
    match (signs, hinted) {
        ([only], _) => (Some(*only), true),
        ([], [only]) => (Some(*only), true),
        ([], several) => (several.first().copied(), false),
        (several, _) => match hinted.iter().find_map(|hint| fits(Some(*hint))).or_else(|| fits(local)) {
            Some(found) => (Some(found), true),
            None => (several.first().copied(), false),
        },
    }
}
