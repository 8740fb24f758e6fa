//! Which amount is the price: what markup states, weighed with what the page shows.

use pricing_domain::{Condition, Confidence, Currency, ExtractionMethod};

use crate::amount::Amount;
use crate::dom::NodeId;
use crate::page::Page;
use crate::price_text::number::{Certainty, significant};
use crate::price_text::words::Role;
use crate::price_text::{PriceHints, parse_price};
use crate::sources::{Found, Offer};
use crate::visible::candidates::Candidate;
use crate::visible::labels::{has_other_label, speaks_of_tax};
use crate::visible::zones::Zone;
use crate::visible::{Scored, Support, are_neighbours, rank, taxed_pair};

/// The least score of an amount that is a price without any markup.
const ENOUGH: f64 = 6.0;
/// The least score that outweighs markup.
const STRONG: f64 = 10.0;

/// Markup whose title shares less than this with the page's speaks of something else.
const LIKE: f64 = 0.2;

/// A price stated in markup.
#[derive(Clone, Debug)]
pub(crate) struct Stated {
    pub amount: Amount,
    /// The other reading of its digits, where nothing decides.
    pub other: Option<Amount>,
    pub list_price: Option<Amount>,
    pub currency: Option<Currency>,
    pub method: ExtractionMethod,
    pub from: bool,
    pub likeness: f64,
    pub condition: Option<Condition>,
    pub seller: Option<String>,
    pub shipping: Option<Amount>,
    /// The numbers of the offer, where the product has several and none of its own.
    pub sku: Option<String>,
    pub gtin: Option<String>,
    pub text: String,
    /// It counts only where it is what the page shows as the price anyway.
    pub is_hint: bool,
}

/// The chosen price.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub amount: Amount,
    pub node: Option<NodeId>,
    pub currencies: Vec<Currency>,
    pub stated_currency: Option<Currency>,
    pub method: ExtractionMethod,
    pub confidence: Confidence,
    pub fragment: String,
    pub warnings: Vec<String>,
    pub readings: Vec<String>,
    pub ambiguous: bool,
    /// Only the visible page tells it, and not clearly.
    pub weak: bool,
    /// Words beside it say that it is for members or with a coupon.
    pub is_for_members: bool,
}

/// The prices that markup states for the page's own product, the most trusted first.
pub(crate) fn stated(page: &Page<'_>, mains: &[&Found], shown: &[Candidate]) -> Vec<Stated> {
    let mut stated: Vec<(bool, Stated)> =
        mains.iter().filter_map(|found| Some((found.title.is_some(), of_product(page, found, shown)?))).collect();
    let sure = stated.iter().any(|(named, one)| *named && one.likeness > 0.6);
    stated.retain(|(named, _)| *named || !sure);
    let mut stated: Vec<Stated> = stated.into_iter().map(|(_, one)| one).collect();
    let sure: Vec<Amount> = stated.iter().filter(|one| one.other.is_none()).map(|one| one.amount).collect();
    for one in &mut stated {
        if let Some(other) = one.other.filter(|other| sure.contains(other) || sure.contains(&one.amount)) {
            one.amount = if sure.contains(&one.amount) { one.amount } else { other };
            one.other = None;
        }
    }
    stated
}

fn of_product(page: &Page<'_>, found: &Found, shown: &[Candidate]) -> Option<Stated> {
    let likeness = found.title.as_deref().map_or(0.5, |title| page.title_likeness(title));
    let read: Vec<(&Offer, Read)> = found
        .offers
        .iter()
        .filter(|offer| {
            !offer.conditional
                && !matches!(offer.condition, Some(Condition::Used | Condition::Refurbished | Condition::Damaged))
                || found.offers.len() == 1
        })
        .filter_map(|offer| Some((offer, read_amount(page, offer, offer.price.as_deref()?, shown)?)))
        .filter(|(_, read)| read.amount.is_positive())
        .collect();
    let is_for_more = |read: &Read| is_for_more_pieces(read.amount, shown);
    let read: Vec<(&Offer, Read)> = match read.iter().all(|(_, read)| is_for_more(read)) {
        true => read,
        false => read.into_iter().filter(|(_, read)| !is_for_more(read)).collect(),
    };
    let here = read.iter().find(|(offer, _)| {
        read.len() > 1 && offer.url.as_deref().is_some_and(|url| super::identity::same_page(page, url))
    });
    let buyable = || {
        read.iter()
            .filter(|(offer, _)| offer.availability.is_none_or(|availability| availability.buyable()))
            .min_by_key(|(_, read)| read.amount)
    };
    let (offer, chosen) = here.or_else(buyable).or_else(|| read.iter().min_by_key(|(_, read)| read.amount))?;
    let several = read.iter().any(|(_, other)| other.amount != chosen.amount);
    let listed = offer.list_price.as_deref().and_then(|text| read_amount(page, offer, text, shown));
    // State holds prices of many kinds: one that the page does not show is none of before.
    let may_be_listed = |amount: Amount| {
        found.method != ExtractionMethod::EmbeddedState || shown.iter().any(|one| one.amount == amount)
    };
    let of_offer = |own: &Option<String>, number: &Option<String>| {
        number.clone().filter(|_| own.is_none() && found.offers.len() > 1)
    };
    Some(Stated {
        sku: of_offer(&found.sku, &offer.sku),
        gtin: of_offer(&found.gtin, &offer.gtin),
        amount: chosen.amount,
        other: chosen.other,
        list_price: listed
            .filter(|listed| listed.other.is_none() && may_be_listed(listed.amount))
            .map(|one| one.amount),
        currency: offer.currency,
        method: found.method,
        from: offer.from || several,
        likeness,
        condition: offer.condition.or(found.condition),
        seller: offer.seller.clone(),
        shipping: offer.shipping.as_deref().and_then(Amount::parse_plain),
        text: offer.price.clone().unwrap_or_default(),
        is_hint: offer.maybe_minor,
    })
}

/// An amount of markup, and the other reading where nothing decides.
#[derive(Clone, Copy)]
struct Read {
    amount: Amount,
    other: Option<Amount>,
}

/// Reads an amount from markup. Plain decimals are as they stand, unless only another reading is shown on the page. Three
/// decimals of a currency with two may be thousands: the page decides, or nothing.
fn read_amount(page: &Page<'_>, offer: &Offer, text: &str, shown: &[Candidate]) -> Option<Read> {
    let on_page = |amount: Amount| shown.iter().any(|candidate| candidate.amount == amount);
    let sure = |amount| Read { amount, other: None };
    let currency = offer.currency.or(page.local_currency());
    let text = text.trim();
    if offer.maybe_minor {
        let whole = Amount::parse_plain(text)?;
        return [whole, whole.shifted_right(2)].into_iter().find(|amount| on_page(*amount)).map(sure);
    }
    let (first, second) = match Amount::parse_plain(text) {
        Some(plain) => (plain, grouped_reading(page, currency, plain, text)),
        None => {
            let hints = PriceHints {
                currency,
                decimal_separator: page.hints.decimal_separator,
                language: page.head.language.clone(),
                ..PriceHints::default()
            };
            let read = parse_price(text, &hints);
            let mut readings = read.readings.iter().filter_map(|reading| Amount::parse_plain(reading));
            match read.amount {
                Some(amount) => (amount, None),
                None => (readings.next()?, readings.next()),
            }
        }
    };
    let Some(second) = second else { return Some(sure(first)) };
    Some(match (on_page(first), on_page(second)) {
        (true, _) => sure(first),
        (false, true) => sure(second),
        (false, false) => Read { amount: first, other: Some(second) },
    })
}

/// The amount of plain digits whose point sets thousands apart, where that may be meant.
fn grouped_reading(page: &Page<'_>, currency: Option<Currency>, plain: Amount, text: &str) -> Option<Amount> {
    let whole = significant(text.split('.').next().unwrap_or(""));
    let may_be = plain.decimals() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    let has_three = currency.is_some_and(|currency| currency.minor_digits() == 3);
    let is_decimal = page.hints.decimal_separator == Some('.');
    (may_be && !has_three && !is_decimal).then(|| Amount::from_parts(&text.replace('.', ""), "")).flatten()
}

/// Whether the page shows a stated price only as the one before, beside a lower one: markup often holds the price without
/// the reduction.
fn is_before(one: &Stated, shown: &[Candidate]) -> bool {
    let mut same = shown.iter().filter(|candidate| candidate.alone && candidate.amount == one.amount).peekable();
    let is_reduced = |candidate: &Candidate| candidate.zone.contains(Zone::REDUCED) && candidate.amount < one.amount;
    one.method != ExtractionMethod::Selector
        && same.peek().is_some()
        && same.all(|candidate| candidate.zone.contains(Zone::STRUCK))
        && shown.iter().any(is_reduced)
}

/// Whether the page shows an amount near its name only as the price of more than one piece.
fn is_for_more_pieces(amount: Amount, shown: &[Candidate]) -> bool {
    let same =
        || shown.iter().filter(|one| one.amount == amount && one.has_sign && !one.zone.contains(Zone::ELSEWHERE));
    let is_step = |one: &Candidate| one.role == Role::Threshold;
    // The cells of a table of prices are many with the same markup.
    same().any(is_step) && same().all(|one| is_step(one) || one.zone.contains(Zone::CROWD))
}

/// How much a stated price counts for the same amount on the page.
fn support(stated: &[Stated], shown: &[Candidate]) -> Support {
    let weight = |one: &Stated| match one.method {
        ExtractionMethod::Selector => 12.0,
        ExtractionMethod::JsonLd | ExtractionMethod::Microdata | ExtractionMethod::Rdfa => 2.0 + 3.0 * one.likeness,
        _ => 1.0 + 2.0 * one.likeness,
    };
    let counts = |one: &&Stated| !one.is_hint && !is_before(one, shown);
    stated.iter().filter(counts).map(|one| (one.amount, weight(one))).collect()
}

/// Weighs markup and page.
pub(crate) fn choose(
    page: &Page<'_>,
    shown: &[Candidate],
    button: Option<NodeId>,
    stated: &[Stated],
) -> Option<Choice> {
    let ranked = rank(page, shown, button, &support(stated, shown));
    if let Some(one) = stated.iter().find(|one| one.method == ExtractionMethod::Selector) {
        return Some(by_recipe(one, &ranked, stated));
    }
    let best = ranked.first();
    let stated: Vec<Stated> = stated
        .iter()
        .filter(|one| !one.is_hint || best.is_some_and(|best| best.amount == one.amount))
        .cloned()
        .collect();
    match (best, stated.first()) {
        (Some(best), Some(_)) if best.score >= ENOUGH => Some(both(best, &ranked, &stated, shown)),
        (_, Some(_)) => Some(only_stated(&stated)),
        (Some(best), None) if best.score >= enough(best) && may_be_price(best) => Some(only_shown(page, best, &ranked)),
        _ => None,
    }
}

/// Whether neither a list of many nor the words beside an amount say that it is something else: a price for a measure,
/// a part of a payment, a saving.
fn may_be_price(best: &Scored) -> bool {
    let candidate = &best.candidate;
    let is_other = matches!(
        candidate.role,
        Role::Unit | Role::Bundle | Role::Instalment | Role::Shipping | Role::Threshold | Role::Saving
    );
    !is_other && !candidate.zone.contains(Zone::CROWD)
}

/// In the middle of a sentence an amount may be anything: “the stand for only 49.00 more”.
fn enough(best: &Scored) -> f64 {
    let in_prose = !best.candidate.alone && !best.candidate.zone.contains(Zone::PRICE);
    if in_prose { STRONG } else { ENOUGH }
}

fn both(best: &Scored, ranked: &[Scored], stated: &[Stated], shown: &[Candidate]) -> Choice {
    if let Some(agreeing) = stated.iter().find(|one| one.amount == best.amount) {
        let disagree = stated.iter().any(|one| one.amount != best.amount);
        let clear = !disagree
            && !agreeing.from
            && best.score >= STRONG
            && says_price(best)
            && agreeing.likeness >= LIKE
            && !best.candidate.zone.contains(Zone::ELSEWHERE);
        let confidence = if clear { Confidence::High } else { Confidence::Medium };
        let mut choice = shown_choice(best, agreeing.method, confidence);
        choice.stated_currency = agreeing.currency;
        if disagree {
            choice.warnings.push("sources of markup disagree; the price shown is taken".to_owned());
        }
        return choice;
    }
    let first = &stated[0];
    let stated_shown = ranked.iter().find(|scored| stated.iter().any(|one| one.amount == scored.amount));
    let close = stated_shown.is_some_and(|scored| best.score - scored.score < 2.0);
    let is_reduced = best.candidate.zone.contains(Zone::REDUCED) && stated.iter().all(|one| is_before(one, shown));
    if best.score >= STRONG && !close || is_reduced {
        let mut choice = shown_choice(best, ExtractionMethod::Visible, Confidence::Medium);
        choice.stated_currency = first.currency;
        choice
            .warnings
            .push(format!("markup says {}, the page shows {}; the price shown is taken", first.amount, best.amount));
        return choice;
    }
    let mut choice = only_stated(stated);
    if !choice.ambiguous {
        choice.warnings.push(format!("markup says {}, the page shows {}", choice.amount, best.amount));
    }
    choice
}

/// A recipe's price counts before all others. What contradicts it is said, and makes it less sure.
fn by_recipe(one: &Stated, ranked: &[Scored], stated: &[Stated]) -> Choice {
    let seen = ranked.iter().find(|scored| scored.amount == one.amount);
    let markup = stated.iter().find(|other| other.method != ExtractionMethod::Selector);
    let contradicted = markup.filter(|other| other.amount != one.amount);
    // Where the product's own price is gone, a selector finds that of a related product.
    let mut same = ranked.iter().filter(|scored| scored.amount == one.amount);
    let is_of_others = seen.is_some() && same.all(|scored| scored.candidate.zone.contains(Zone::ELSEWHERE));
    let sure = seen.is_some() && contradicted.is_none() && !is_of_others;
    let mut choice = only_stated(std::slice::from_ref(one));
    choice.confidence = if sure { Confidence::High } else { Confidence::Medium };
    choice.node = seen.map(|scored| scored.candidate.node);
    choice.currencies = seen.map(|scored| scored.candidate.currencies.clone()).unwrap_or_default();
    choice.weak = is_of_others;
    let warning = contradicted.map(|other| format!("markup says {}, the recipe reads {}", other.amount, one.amount));
    let of_others = is_of_others.then(|| "the recipe's amount stands where the page shows other products".to_owned());
    choice.warnings = warning.into_iter().chain(of_others).collect();
    choice
}

/// Without help from the visible page: what most sources say, the most trusted of them first.
fn only_stated(stated: &[Stated]) -> Choice {
    let votes = |one: &Stated| stated.iter().filter(|other| other.amount == one.amount).count();
    let most = stated.iter().map(votes).max().unwrap_or(0);
    let first = stated.iter().find(|one| votes(one) == most).expect("there is a stated price");
    let confidence = if stated.len() == most && first.likeness > 0.4 { Confidence::Medium } else { Confidence::Low };
    let disagree =
        (stated.len() != most).then(|| "sources of markup disagree and the page shows none of them".to_owned());
    let open = first.other.map(|other| {
        let warning = format!("the digits of “{}” may be {} or {other}", first.text.trim(), first.amount);
        (vec![first.amount.to_string(), other.to_string()], warning)
    });
    let (readings, unread) = open.unzip();
    Choice {
        amount: first.amount,
        node: None,
        currencies: Vec::new(),
        stated_currency: first.currency,
        method: first.method,
        confidence,
        fragment: first.text.clone(),
        warnings: disagree.into_iter().chain(unread).collect(),
        ambiguous: readings.is_some(),
        readings: readings.unwrap_or_default(),
        weak: first.likeness < 0.4,
        is_for_members: false,
    }
}

/// Whether the words around an amount leave no doubt that it is one price for everybody.
fn says_price(best: &Scored) -> bool {
    let candidate = &best.candidate;
    candidate.alone
        && matches!(candidate.role, Role::Plain | Role::Now)
        && candidate.certainty == Certainty::Sure
        && !candidate.zone.contains(Zone::NAME)
}

fn only_shown(page: &Page<'_>, best: &Scored, ranked: &[Scored]) -> Choice {
    let rival = ranked.iter().find(|other| other.amount != best.amount);
    let margin = rival.map_or(9.0, |rival| best.score - rival.score);
    let is_labelled = has_other_label(page.dom, best.candidate.node, &best.candidate.text);
    let confidence = match () {
        () if best.score >= STRONG + 2.0 && margin >= 2.5 && says_price(best) && !is_labelled => Confidence::High,
        () if best.score >= STRONG - 1.0 && margin >= 1.0 => Confidence::Medium,
        () => Confidence::Low,
    };
    let mut choice = shown_choice(best, ExtractionMethod::Visible, confidence);
    choice.weak = best.score < STRONG;
    if rival.is_some_and(|rival| taxed_pair(page, best, rival)) {
        choice.confidence = choice.confidence.max(Confidence::Medium);
        choice.warnings.push(format!("the page shows the price with and without tax; {} is taken", best.amount));
    }
    let open = |rival: &&Scored| {
        margin < 0.8 && !best.candidate.zone.contains(Zone::PRICE) && !are_neighbours(page, best, rival)
    };
    if let Some(rival) = rival.filter(open) {
        choice.ambiguous = true;
        choice.readings = vec![best.amount.to_string(), rival.amount.to_string()];
        choice.warnings.push("two amounts look equally like the price".to_owned());
    }
    choice
}

fn shown_choice(best: &Scored, method: ExtractionMethod, confidence: Confidence) -> Choice {
    let candidate = &best.candidate;
    let open = candidate.certainty == Certainty::Open && method == ExtractionMethod::Visible;
    let readings =
        candidate.other_reading.filter(|_| open).map(|other| vec![best.amount.to_string(), other.to_string()]);
    Choice {
        amount: best.amount,
        node: Some(candidate.node),
        currencies: candidate.currencies.clone(),
        stated_currency: None,
        method,
        confidence,
        fragment: candidate.text.clone(),
        warnings: Vec::new(),
        readings: readings.unwrap_or_default(),
        ambiguous: open,
        weak: false,
        is_for_members: candidate.role == Role::Member && !speaks_of_tax(&candidate.text),
    }
}
