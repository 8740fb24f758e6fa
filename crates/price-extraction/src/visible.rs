//! The page as a buyer sees it: every amount shown, with how much it looks like the price of this product.

pub(crate) mod buttons;
pub(crate) mod candidates;
pub(crate) mod cards;
pub(crate) mod choices;
pub(crate) mod discounts;
pub(crate) mod labels;
pub(crate) mod quantities;
pub(crate) mod refusals;
pub(crate) mod sections;
pub(crate) mod spans;
pub(crate) mod stock;
pub(crate) mod taxes;
pub(crate) mod zones;

use std::collections::HashMap;

use crate::amount::Amount;
use crate::dom::Kind;
use crate::page::Page;
use crate::price_text::words::Role;
use candidates::Candidate;
use labels::speaks_of_tax;
use zones::Zone;

/// A candidate with its reading and its score.
#[derive(Clone, Debug)]
pub(crate) struct Scored {
    pub candidate: Candidate,
    pub amount: Amount,
    pub score: f64,
}

/// Amounts that other sources gave for this product, with how much they count.
pub(crate) type Support = Vec<(Amount, f64)>;

/// Scores all candidates, the best first.
pub(crate) fn rank(page: &Page<'_>, candidates: &[Candidate], button: Option<u32>, support: &Support) -> Vec<Scored> {
    let mut tally: HashMap<Amount, usize> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| !candidate.zone.contains(Zone::ELSEWHERE)) {
        *tally.entry(candidate.amount).or_default() += 1;
    }
    let first = first_after_title(page, candidates);
    let mut ranked: Vec<Scored> = candidates
        .iter()
        .map(|candidate| {
            let repeated = tally.get(&candidate.amount).copied().unwrap_or(0).saturating_sub(1).min(3) as f64;
            let supported = support.iter().filter(|(amount, _)| *amount == candidate.amount).map(|(_, weight)| weight);
            let leads = if Some(candidate.node) == first { LEADS } else { 0.0 };
            let score =
                score(page, candidate, button) + leads + 0.4 * repeated + supported.copied().fold(0.0, f64::max);
            Scored { candidate: candidate.clone(), amount: candidate.amount, score }
        })
        .collect();
    ranked.sort_by(|one, other| other.score.total_cmp(&one.score));
    prefer_among_twins(page, &mut ranked);
    ranked
}

/// How much it counts to be the first amount after the product's name.
const LEADS: f64 = 1.0;

/// Where the first amount after the product's name stands that could be its price.
fn first_after_title(page: &Page<'_>, candidates: &[Candidate]) -> Option<u32> {
    let title = page.title_node?;
    let excluded = [Zone::STRUCK, Zone::ELSEWHERE, Zone::HIDDEN, Zone::SAVING, Zone::SHIPPING, Zone::UNIT, Zone::NAME];
    candidates
        .iter()
        .find(|candidate| {
            let plain = matches!(candidate.role, Role::Plain | Role::Now | Role::From);
            let counted = !excluded.iter().any(|zone| candidate.zone.contains(*zone));
            candidate.node > title && plain && candidate.has_sign && counted && candidate.amount.is_positive()
        })
        .map(|candidate| candidate.node)
}

/// Of two amounts side by side with the same markup, the first counts where they differ by tax, else the lower: the
/// other is the price before. A tiny one is no price but a fee or a price per unit.
fn prefer_among_twins(page: &Page<'_>, ranked: &mut [Scored]) {
    let Some(best) = ranked.first() else { return };
    let twin = ranked.iter().skip(1).take(4).position(|other| {
        let alike = other.candidate.zone == best.candidate.zone && other.candidate.role == best.candidate.role;
        alike && are_neighbours(page, best, other) && best.score - other.score < 0.5 + LEADS
    });
    let Some(twin) = twin.map(|position| position + 1) else { return };
    let other = &ranked[twin];
    let better = match () {
        () if taxed_pair(page, best, other) => other.candidate.node < best.candidate.node,
        () if far_below(other.amount, best.amount) => false,
        () if far_below(best.amount, other.amount) => true,
        () => other.amount < best.amount && other.amount.is_positive(),
    };
    if better {
        ranked.swap(0, twin);
    }
}

/// Whether two different amounts stand side by side.
pub(crate) fn are_neighbours(page: &Page<'_>, one: &Scored, other: &Scored) -> bool {
    one.amount != other.amount && page.distance(one.candidate.node, other.candidate.node).abs() <= 8
}

/// Whether two neighbours are one price with and without tax.
pub(crate) fn taxed_pair(page: &Page<'_>, one: &Scored, other: &Scored) -> bool {
    are_neighbours(page, one, other) && tax_label(page, &one.candidate) && tax_label(page, &other.candidate)
}

/// Whether an amount is too small beside another to be the same thing at a lower price.
fn far_below(one: Amount, other: Amount) -> bool {
    one.times(8) < other
}

fn tax_label(page: &Page<'_>, candidate: &Candidate) -> bool {
    tax_words(page, candidate).is_some()
}

/// The words beside an amount that speak of tax.
pub(crate) fn tax_words<'c>(page: &Page<'c>, candidate: &'c Candidate) -> Option<&'c str> {
    let from = candidate.node.saturating_sub(8);
    let before = (from..candidate.node).rev().find_map(|id| match page.dom.node(id).kind {
        Kind::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    });
    let own = Some(candidate.text.as_str()).filter(|text| speaks_of_tax(text));
    own.or_else(|| before.filter(|text| text.len() < 40 && speaks_of_tax(text)))
}

/// How much a candidate looks like the price, from its words, its markup and its place.
fn score(page: &Page<'_>, candidate: &Candidate, button: Option<u32>) -> f64 {
    let zone = candidate.zone;
    let mut score = match candidate.role {
        Role::Now => 2.0,
        Role::Plain => 0.0,
        Role::From => -0.5,
        Role::Member => -4.0,
        Role::Was => -7.0,
        _ => -9.0,
    };
    for (flag, weight) in [
        (Zone::PRICE, 3.0),
        (Zone::CURRENT, 1.5),
        (Zone::MAIN, 1.0),
        (Zone::STRUCK, -7.0),
        (Zone::ELSEWHERE, -6.0),
        (Zone::LINK, -3.0),
        (Zone::HIDDEN, -4.0),
        (Zone::OPTION, -4.0),
        (Zone::SAVING, -6.0),
        (Zone::SHIPPING, -6.0),
        (Zone::UNIT, -6.0),
        (Zone::INSTALMENT, -6.0),
        (Zone::MEMBER, -3.0),
        (Zone::USED, -4.0),
        (Zone::CROWD, -3.0),
        (Zone::REDUCED, 2.5),
        (Zone::NAME, -6.0),
    ] {
        if zone.contains(flag) {
            score += weight;
        }
    }
    score += if candidate.has_sign { 3.0 } else { -1.0 };
    score += if candidate.alone { 1.0 } else { -1.5 };
    if candidate.text.starts_with(['(', '[']) {
        score -= 2.0;
    }
    if candidate.amount.is_zero() {
        score -= 8.0;
    }
    score + nearness(page, candidate, button)
}

/// How near it stands to the title and to the button that buys.
fn nearness(page: &Page<'_>, candidate: &Candidate, button: Option<u32>) -> f64 {
    let decay = |distance: i64, reach: f64| {
        let distance = if distance < 0 { distance as f64 * -2.0 } else { distance as f64 };
        reach / (reach + distance)
    };
    let title = page.title_node.map_or(0.0, |title| 5.0 * decay(page.distance(title, candidate.node), 50.0));
    let button = button.map_or(0.0, |button| 3.0 * decay(page.distance(candidate.node, button), 25.0));
    title + button
}
