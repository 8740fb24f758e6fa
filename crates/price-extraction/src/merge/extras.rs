//! What stands around the price: the price before, the cost of delivery, the words of a promotion.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::price::{Choice, Stated};
use crate::amount::Amount;
use crate::dom::{Kind, NodeId};
use crate::page::Page;
use crate::price_text::words::{Role, says_free, whole_word};
use crate::visible::candidates::Candidate;
use crate::visible::labels::{says_with_tax, says_without_tax, speaks_of_tax};
use crate::visible::tax_words;
use crate::visible::taxes::says_whether_with_tax;
use crate::visible::zones::{Zone, Zones};

/// How many visible texts away something still belongs to the price.
const BESIDE: i64 = 12;

/// The same for what names call a part of other products.
const RIGHT_BESIDE: i64 = 3;

/// How often a page shows its price, at most, that is looked at.
const MOST_SHOWN: usize = 6;

/// A shorter word for “on request” must stand alone.
const SHORTEST: usize = 7;

static REQUEST: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(include_str!("../../data/request_words.txt").trim().split('|'))
        .expect("the list of words is small")
});

/// The price before: stated in markup, or struck out beside the price.
pub(crate) fn list_price(page: &Page<'_>, shown: &[Candidate], choice: &Choice, stated: &[Stated]) -> Option<Amount> {
    let of_markup = stated.iter().find_map(|one| one.list_price).filter(|listed| *listed > choice.amount);
    let struck = |candidate: &&Candidate| {
        let before = candidate.zone.contains(Zone::STRUCK) || candidate.role == Role::Was;
        let (its, own) = (&candidate.currencies, &choice.currencies);
        let is_of_other_currency =
            !its.is_empty() && !own.is_empty() && !its.iter().any(|currency| own.contains(currency));
        // Shops call the price for a measure “base price”, as others call the price before.
        let is_other = matches!(candidate.role, Role::Unit | Role::Instalment | Role::Saving | Role::Shipping);
        before
            && !is_other
            && !is_of_other_form(page, shown, choice, candidate)
            && candidate.amount > choice.amount
            && !is_of_other_currency
    };
    let beside = |choice: &Choice| nearest(page, shown, choice, struck).map(|candidate| candidate.amount);
    // A page may show its price twice, and the price before beside one of them only.
    let elsewhere = || {
        let same = shown.iter().filter(|one| one.amount == choice.amount && !one.zone.contains(Zone::ELSEWHERE));
        same.take(MOST_SHOWN).find_map(|one| beside(&Choice { node: Some(one.node), ..choice.clone() }))
    };
    of_markup.or_else(|| beside(choice)).or_else(|| choice.node.and_then(|_| elsewhere()))
}

/// Whether a price before stands with a reduced price of its own, apart from the chosen one: that of the pack of five.
fn is_of_other_form(page: &Page<'_>, shown: &[Candidate], choice: &Choice, before: &Candidate) -> bool {
    let Some(node) = choice.node else { return false };
    let is_reduced = |holder: NodeId| {
        shown.iter().any(|one| {
            page.dom.contains(holder, one.node)
                && one.has_sign
                && matches!(one.role, Role::Plain | Role::Now)
                && !one.zone.contains(Zone::STRUCK)
                && one.amount < before.amount
                && one.amount > choice.amount
        })
    };
    let holders = [before.node, page.dom.node(before.node).parent];
    holders.into_iter().any(|holder| !page.dom.contains(holder, node) && is_reduced(holder))
}

/// The cost of delivery stated beside the price.
pub(crate) fn shipping(page: &Page<'_>, shown: &[Candidate], choice: &Choice) -> Option<Amount> {
    let delivery = |candidate: &&Candidate| candidate.role == Role::Shipping && !candidate.zone.contains(Zone::HIDDEN);
    nearest(page, shown, choice, delivery).map(|candidate| candidate.amount)
}

/// The words of a saving, a coupon or a price for members beside the price.
pub(crate) fn promotion(page: &Page<'_>, shown: &[Candidate], choice: &Choice) -> Option<String> {
    let offered = |candidate: &&Candidate| {
        let said = matches!(candidate.role, Role::Saving | Role::Member) || candidate.zone.contains(Zone::MEMBER);
        let is_net = says_without_tax(&candidate.text);
        said && !is_net && !candidate.zone.contains(Zone::HIDDEN) && candidate.amount.is_positive()
    };
    nearest(page, shown, choice, offered).map(|candidate| candidate.text.chars().take(120).collect())
}

fn nearest<'s>(
    page: &Page<'_>,
    shown: &'s [Candidate],
    choice: &Choice,
    wanted: impl Fn(&&Candidate) -> bool,
) -> Option<&'s Candidate> {
    let node = choice.node?;
    let distance = |candidate: &Candidate| page.distance(node, candidate.node).abs();
    let is_elsewhere = |candidate: &Candidate| candidate.zone.contains(Zone::ELSEWHERE);
    // Where names around the price itself are of other products' parts, only what is right beside it belongs to it.
    let is_price_there = shown.iter().any(|candidate| candidate.node == node && is_elsewhere(candidate));
    let reach = |candidate: &Candidate| match (is_elsewhere(candidate), is_price_there) {
        (false, _) => BESIDE,
        (true, true) => RIGHT_BESIDE,
        (true, false) => -1,
    };
    let near = shown.iter().filter(|candidate| distance(candidate) <= reach(candidate));
    near.filter(wanted).min_by_key(|candidate| distance(candidate))
}

/// Whether the page says, near its title, that the price is told on request.
pub(crate) fn on_request(page: &Page<'_>) -> bool {
    let Some(title) = page.title_node else { return false };
    page.dom.nodes.iter().enumerate().any(|(id, node)| {
        let Kind::Text(text) = node.kind else { return false };
        let near = (0..60).contains(&page.distance(title, id as u32)) && text.len() < 120;
        near && {
            let lower = text.to_lowercase();
            let said = lower.trim().len();
            // “POA” is also the beginning of names.
            REQUEST
                .find_iter(&lower)
                .any(|hit| whole_word(&lower, hit.start(), hit.end()) && (hit.len() >= SHORTEST || hit.len() == said))
        }
    })
}

/// Whether the place of the price, near the title, holds a word for “free” instead of an amount.
pub(crate) fn is_free(page: &Page<'_>, zones: &mut Zones<'_>) -> bool {
    let Some(title) = page.title_node else { return false };
    (0..page.dom.nodes.len() as NodeId).any(|id| {
        let node = page.dom.node(id);
        let Kind::Text(text) = node.kind else { return false };
        if text.len() > 40 || !(0..40).contains(&page.distance(title, id)) || !says_free(text) {
            return false;
        }
        let zone = zones.around(node.parent);
        let priced = zones.own(node.parent).contains(Zone::PRICE);
        let others = [Zone::SHIPPING, Zone::ELSEWHERE, Zone::HIDDEN, Zone::OPTION, Zone::INSTALMENT];
        priced && !others.iter().any(|other| zone.contains(*other))
    })
}

/// The doubt about a price that is without tax.
pub(crate) fn net_doubt(page: &Page<'_>, shown: &[Candidate], choice: &Choice) -> Option<String> {
    let doubt = match () {
        () if is_without_tax(page, shown, choice) => "the page states this price without tax, and none with it",
        () if is_net_by_words_behind(page, choice) => "words beside this price say that it is without tax",
        () => return None,
    };
    Some(doubt.to_owned())
}

/// Whether the words right behind the price say that it is without tax: “399,00 €” and “zzgl. 19 % MwSt.” under it. Words
/// that lead to another amount are about that one.
fn is_net_by_words_behind(page: &Page<'_>, choice: &Choice) -> bool {
    const BEHIND: NodeId = 10;
    let Some(node) = choice.node else { return false };
    let mut texts = page.dom.texts_behind(node, BEHIND);
    let Some((id, words)) = texts.next() else { return false };
    // A rate is no amount: “zzgl. 19 % MwSt.”, but “1 073 Kč bez DPH”.
    let has_amount = |text: &str| text.chars().any(|c| c.is_ascii_digit()) && !text.contains('%');
    let leads_on = texts.next().is_some_and(|(_, text)| has_amount(text) && !speaks_of_tax(text));
    let together = page.dom.ancestors(node).take(4).any(|above| page.dom.contains(above, id));
    says_whether_with_tax(words) == Some(false) && together && !has_amount(words) && !leads_on
}

/// Whether the page states the price without tax, and nowhere one with it.
fn is_without_tax(page: &Page<'_>, shown: &[Candidate], choice: &Choice) -> bool {
    let own = |candidate: &&Candidate| !candidate.zone.contains(Zone::ELSEWHERE);
    let labelled: Vec<(&Candidate, &str)> =
        shown.iter().filter(own).filter_map(|candidate| Some((candidate, tax_words(page, candidate)?))).collect();
    // One text may name both, each beside its own words.
    let is_without = |candidate: &Candidate, words: &str| {
        says_without_tax(words) && !(says_with_tax(words) && candidate.role != Role::Member)
    };
    // “399,00 € netto 335,29 €”: the words are about the lower one.
    let is_about_lower = |candidate: &Candidate| {
        let is_lower = |one: &Candidate| one.role == Role::Member && one.amount < candidate.amount;
        shown.iter().any(|one| one.node == candidate.node && is_lower(one))
    };
    labelled.iter().any(|(candidate, words)| {
        candidate.amount == choice.amount && is_without(candidate, words) && !is_about_lower(candidate)
    }) && labelled.iter().all(|(_, words)| says_without_tax(words))
}
