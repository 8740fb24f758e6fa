//! Decides: which product is the page's own, which amount is its price, and how sure that is.

mod brand;
mod condition;
mod currency;
mod extras;
mod identity;
mod labelled;
mod numbers;
mod price;
mod shopify;
mod stock;

use pricing_domain::{Availability, Condition, Confidence, ExtractionMethod, ReadState};

use crate::dom::{NodeId, Tag};
use crate::extraction::Extraction;
use crate::gtins::gtin_in_text;
use crate::other_pages;
use crate::page::Page;
use crate::price_text::mentions::{mentions, normalise};
use crate::price_text::number::SURE_DECIMAL;
use crate::price_text::words::Role;
use crate::sources::Found;
use crate::visible::zones::{Zone, Zones};
use crate::visible::{buttons, candidates, cards};
use crate::walls;

/// How many characters of the source around the price are kept with it.
const PLACE_REACH: usize = 240;

/// Puts everything together.
pub(crate) fn decide(page: &Page<'_>, found: Vec<Found>) -> Extraction {
    let mains = identity::own_products(page, &found);
    let mut zones = Zones::new(page.dom, page.title_node);
    let shown = candidates::collect(page, &mut zones);
    let button = buttons::find(page, &mut zones);
    let stated = price::stated(page, &mains, &shown);
    let on_request = extras::on_request(page);
    let is_free = stated.is_empty() && extras::is_free(page, &mut zones);
    let shows_nothing = shown.iter().any(|one| {
        one.has_sign && one.amount.is_zero() && one.zone.contains(Zone::PRICE) && !one.zone.contains(Zone::ELSEWHERE)
    });
    let shows_amount = shown.iter().any(|one| one.has_sign && !one.zone.contains(Zone::ELSEWHERE));
    if let Some((state, reason)) = stated.is_empty().then(|| other_pages::find(page, button, shows_amount)).flatten() {
        let mut answer = Extraction::empty(state);
        identity::fill(page, &mains, &mut zones, &mut answer);
        return answer.warned(reason);
    }
    // Beside “price on request” an amount is a fee, unless it is said beyond doubt.
    let choice = price::choose(page, &shown, button, &stated)
        .filter(|choice| !on_request || !stated.is_empty() || choice.confidence == Confidence::High)
        .filter(|_| !is_free)
        .filter(|choice| choice.amount.is_positive())
        .filter(|choice| !stated.is_empty() || !speaks_of_a_list(choice, button, &mut zones));
    let stock = stock::decide(page, &mut zones, &mains, choice.as_ref(), button);

    let mut answer = Extraction::empty(ReadState::Product);
    identity::fill(page, &mains, &mut zones, &mut answer);
    answer.availability = stock.availability;
    answer.warnings.extend(stock.warning);
    let Some(choice) = choice else {
        let mark = made_by_scripts(page).then(|| walls::instead_of_application(page)).flatten();
        if let Some(mark) = mark {
            return Extraction::empty(ReadState::Blocked).warned(format!("a page without content that carries {mark}"));
        }
        answer.state = match without_price(page, &mains, &shown, answer.availability) {
            ReadState::NotProduct if on_request || is_free || shows_nothing => ReadState::NoPrice,
            state => state,
        };
        let reason = match () {
            () if is_free => "the product is given away; free is no price to follow",
            () if on_request => "the price is told on request",
            () if shows_nothing => "the page shows 0 as the price, which is none to follow",
            () if made_by_scripts(page) => {
                answer.state = ReadState::NoPrice;
                "the page is empty until its scripts run; let a browser load this shop's pages"
            }
            () => "no amount on the page is clearly the price",
        };
        return answer.warned(reason);
    };
    let currency::Decided { currency, doubt } = currency::decide(page, &choice, &mains);
    answer.currency = currency;
    answer.method = Some(choice.method);
    answer.confidence = match choice.confidence {
        Confidence::High if stock.is_guess => Confidence::Medium,
        confidence => confidence,
    };
    answer.is_for_members = choice.is_for_members;
    let doubts = [
        doubt,
        on_request.then(|| "the page also says that the price is told on request".to_owned()),
        choice.is_for_members.then(|| "the only price is for members or with a coupon".to_owned()),
        (choice.method == ExtractionMethod::Visible && is_first_page(page))
            .then(|| "this is the shop's first page; the amount may be one of many".to_owned()),
        extras::net_doubt(page, &shown, &choice),
    ];
    for doubt in doubts.into_iter().flatten() {
        answer.doubt(doubt);
    }
    answer.fragment = choice.fragment.replace(SURE_DECIMAL, ".").chars().take(300).collect();
    answer.place = choice.node.and_then(|node| page.dom.place_of(node, PLACE_REACH));
    answer.warnings.extend(choice.warnings.iter().cloned());
    answer.readings = choice.readings.clone();
    if choice.ambiguous {
        answer.state = ReadState::Ambiguous;
        answer.confidence = Confidence::Low;
        return answer;
    }
    answer.price = Some(choice.amount);
    answer.list_price = extras::list_price(page, &shown, &choice, &stated);
    let offered = stated.iter().filter(|one| one.amount == choice.amount);
    answer.condition = offered.clone().find_map(|one| one.condition).or(answer.condition);
    answer.condition = answer.condition.or_else(|| condition::shown(page, &mut zones));
    if let Some(condition @ (Condition::Used | Condition::Refurbished | Condition::Damaged)) = answer.condition {
        answer.warnings.push(format!("the offer is not of a new product: {condition}"));
    }
    answer.seller = offered.clone().find_map(|one| one.seller.clone()).or(answer.seller.take());
    answer.shipping = offered.clone().find_map(|one| one.shipping).or_else(|| extras::shipping(page, &shown, &choice));
    // The numbers are of the form whose price it is.
    answer.sku = offered.clone().find_map(|one| one.sku.clone()).or(answer.sku.take());
    answer.gtin = offered.clone().find_map(|one| gtin_in_text(one.gtin.as_deref()?)).or(answer.gtin.take());
    answer.promotion = extras::promotion(page, &shown, &choice);
    if !answer.availability.buyable() {
        answer.state = ReadState::SoldOut;
        let is_of_another = choice.method == ExtractionMethod::Visible
            && choice.node.is_some_and(|node| cards::follows_link(page, node));
        if choice.weak || is_of_another {
            answer.price = None;
            answer.list_price = None;
            answer.warnings.push("sold out; an amount on the page may belong to another product".to_owned());
        }
    }
    answer
}

/// Whether an amount is one in the words above a list of products, or of its filter: “chairs from 49 €”, “Price € 39 - € 899”,
/// no button, several cards.
fn speaks_of_a_list(choice: &price::Choice, button: Option<NodeId>, zones: &mut Zones<'_>) -> bool {
    const WORDS: usize = 14;
    let priced = choice.node.is_some_and(|node| zones.around(node).contains(Zone::PRICE));
    let letters = choice.fragment.chars().filter(|c| c.is_alphabetic()).count();
    let said = mentions(&normalise(&choice.fragment));
    let begins = said.iter().any(|mention| mention.role == Role::From);
    let is_range = said.iter().any(|mention| mention.range_end);
    button.is_none() && zones.has_cards() && !priced && (begins && letters > WORDS || is_range)
}

/// Whether next to nothing stands on the page itself, but scripts that may make it.
fn made_by_scripts(page: &Page<'_>) -> bool {
    const NEXT_TO_NOTHING: usize = 200;
    page.dom.elements(Tag::Script).next().is_some() && page.dom.text(0, 2 * NEXT_TO_NOTHING).len() < NEXT_TO_NOTHING
}

/// Whether the page's address is the first of its shop.
fn is_first_page(page: &Page<'_>) -> bool {
    page.url.as_ref().is_some_and(|url| url.path().len() <= 1 && url.query().is_none())
}

/// Whether a page without any product in its markup may still be that of one: it calls itself so, or has a title and an
/// address below the shop's first page.
fn is_like_product(page: &Page<'_>) -> bool {
    let called = page.head.og_type.as_deref().is_some_and(|kind| kind.contains("product"));
    called || page.title_node.is_some() && !is_first_page(page)
}

/// What a page without a price is.
fn without_price(
    page: &Page<'_>,
    mains: &[&Found],
    shown: &[candidates::Candidate],
    availability: Availability,
) -> ReadState {
    let crowd = shown.iter().filter(|candidate| candidate.zone.contains(Zone::CROWD)).count();
    match () {
        () if !availability.buyable() && (!mains.is_empty() || is_like_product(page)) => ReadState::SoldOut,
        () if !mains.is_empty() => ReadState::NoPrice,
        () if crowd >= 6 || page.title_node.is_none() => ReadState::NotProduct,
        () if page.head.og_type.as_deref().is_some_and(|kind| kind.contains("product")) => ReadState::NoPrice,
        () => ReadState::NotProduct,
    }
}
