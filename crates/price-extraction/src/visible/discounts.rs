//! Pairs of amounts that a stated discount proves to be the price and the price before: `18,00 € −5 % 17,10 €`,
//! `$100 $80 You save $20`. Needs no names in the markup.

use super::candidates::Candidate;
use super::labels::{says_with_tax, says_without_tax, speaks_of_tax};
use super::zones::Zone;
use crate::amount::Amount;
use crate::dom::{Dom, Kind, NodeId, Tag};
use crate::page::Page;
use crate::price_text::words::Role;

/// How many visible texts apart the two may stand.
const APART: i64 = 5;
/// How many visible texts apart a struck amount and its reduced one may stand.
const BESIDE: i64 = 2;
/// How many nodes around the pair are searched for a percentage.
const AROUND: NodeId = 10;
/// Longest text that states a percentage and little else.
const LONGEST_PERCENTAGE: usize = 24;
/// Most candidates that are compared with each other, those nearest to the product's name.
const MOST: usize = 60;

/// Marks the two amounts of each proven pair: the lower as the current one, the higher as the one before.
pub(crate) fn mark(page: &Page<'_>, found: &mut [Candidate]) {
    let mut eligible: Vec<usize> = (0..found.len()).filter(|at| is_eligible(&found[*at])).collect();
    if let Some(title) = page.title_node {
        eligible.sort_by_key(|at| page.distance(title, found[*at].node).abs());
    }
    eligible.truncate(MOST);
    let mut proven = Vec::new();
    for (place, one) in eligible.iter().enumerate() {
        for other in &eligible[place + 1..] {
            let (low, high) = if found[*one].amount < found[*other].amount { (*one, *other) } else { (*other, *one) };
            if is_proven(page, found, low, high) {
                proven.push((low, high));
            }
        }
    }
    for (low, high) in proven {
        found[low].zone = found[low].zone.with(Zone::REDUCED);
        found[high].zone = found[high].zone.with(Zone::STRUCK);
    }
}

fn is_eligible(candidate: &Candidate) -> bool {
    candidate.amount.is_positive()
        && candidate.has_sign
        && candidate.alone
        && !says_without_tax_alone(&candidate.text)
        && ![Zone::ELSEWHERE, Zone::MEMBER, Zone::UNIT, Zone::INSTALMENT]
            .iter()
            .any(|zone| candidate.zone.contains(*zone))
        && matches!(candidate.role, Role::Plain | Role::Now | Role::Was | Role::From)
}

/// Whether words beside an amount say that it is without tax.
fn says_without_tax_alone(text: &str) -> bool {
    speaks_of_tax(text) && says_without_tax(text) && !says_with_tax(text)
}

fn is_proven(page: &Page<'_>, found: &[Candidate], low: usize, high: usize) -> bool {
    let (low, high) = (&found[low], &found[high]);
    let distance = page.distance(low.node, high.node).abs();
    if low.amount == high.amount || distance > APART || low.role == Role::Was {
        return false;
    }
    let between = |one: &Candidate| {
        (low.node.min(high.node) + 1..low.node.max(high.node)).contains(&one.node) && one.amount != high.amount
    };
    if distance <= BESIDE && is_struck_beside(page.dom, low, high) && !found.iter().any(between) {
        return true;
    }
    let saved = found.iter().any(|saving| {
        let near = [low, high].iter().any(|one| page.distance(saving.node, one.node).abs() <= APART);
        let said = saving.role == Role::Saving || saving.zone.contains(Zone::SAVING);
        near && said && saving.amount.is_positive() && low.amount.plus(saving.amount) == Some(high.amount)
    });
    saved
        || percentages(page, low.node.min(high.node), low.node.max(high.node))
            .any(|percent| fits(low.amount, high.amount, percent))
}

/// Whether the higher amount is struck out, by its tag or its style, right beside the lower one.
fn is_struck_beside(dom: &Dom<'_>, low: &Candidate, high: &Candidate) -> bool {
    let is_struck = |id: NodeId| {
        matches!(dom.node(id).tag, Tag::Del | Tag::S | Tag::Strike)
            || dom.raw_attribute(id, "style").is_some_and(|style| style.contains("line-through"))
    };
    let struck = |id: NodeId| dom.self_and_ancestors(id).take(3).any(is_struck);
    // A part of a tenth is no reduced price but a fee or a price for a measure.
    let is_near = low.amount.times(10) > high.amount;
    let together = dom.ancestors(high.node).take(3).any(|above| dom.contains(above, low.node));
    is_near && together && struck(high.node) && !struck(low.node)
}

/// Whether `high` less so many percent is `low`, to the percent.
fn fits(low: Amount, high: Amount, percent: i64) -> bool {
    let remaining = |percent: i64| high.times(100 - percent);
    let scaled = low.times(100);
    remaining(percent + 1) < scaled && scaled < remaining(percent - 1)
}

/// The percentages in the texts around two nodes.
fn percentages<'p>(page: &'p Page<'_>, first: NodeId, last: NodeId) -> impl Iterator<Item = i64> + 'p {
    let last = (page.dom.node(last).end + AROUND).min(page.dom.nodes.len() as NodeId);
    (first.saturating_sub(AROUND)..last).filter_map(|id| match page.dom.node(id).kind {
        Kind::Text(text) if text.trim().len() <= LONGEST_PERCENTAGE => percent_in(text),
        _ => None,
    })
}

/// The whole number before or after a sign of percent.
fn percent_in(text: &str) -> Option<i64> {
    let at = text.find(['%', '٪', '％'])?;
    let before = text[..at].trim_end();
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (lead, number) = before.split_at(before.len() - digits);
    let number: i64 = number.parse().ok()?;
    // “+10 %” is a rise.
    let is_rise = lead.trim_end().ends_with(['+', '＋']);
    ((1..=95).contains(&number) && !is_rise).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::{Zone, fits, percent_in};
    use crate::amount::Amount;
    use crate::dom::parse;
    use crate::extraction::SiteHints;
    use crate::page::Page;
    use crate::sources::metas;
    use crate::visible::candidates;
    use crate::visible::zones::Zones;

    #[test]
    fn percentages_prove_a_reduction_to_the_percent() {
        let amount = |text: &str| Amount::parse_plain(text).expect("a plain decimal");
        assert!(fits(amount("17.10"), amount("18.00"), 5));
        assert!(fits(amount("43.97"), amount("64.27"), 32));
        assert!(!fits(amount("12.00"), amount("18.00"), 5));
        assert_eq!(
            (percent_in("(- 32%)"), percent_in("-5 %"), percent_in("100 % cotton"), percent_in("%")),
            (Some(32), Some(5), None, None)
        );
        assert_eq!((percent_in("+10%"), percent_in("(+ 10 %)")), (None, None));
    }

    #[test]
    fn a_saving_near_either_amount_proves_which_is_the_price() {
        let source = "<title>Drill</title><h1>Drill</h1><div class=price><b>5 490</b><i> ₽</i><em>/шт</em></div>\
            <div>6 200 ₽</div><p><span>Экономия</span> <span>710 ₽</span></p>";
        let dom = parse(source).expect("within the limits");
        let hints = SiteHints::default();
        let page = Page::new(&dom, metas::read(&dom), "https://shop.example.ru/drill", &hints);
        let mut zones = Zones::new(&dom, page.title_node);
        let found = candidates::collect(&page, &mut zones);
        let in_zone = |zone| found.iter().find(|one| one.zone.contains(zone)).map(|one| one.amount.to_string());
        assert_eq!((in_zone(Zone::REDUCED), in_zone(Zone::STRUCK)), (Some("5490".to_owned()), Some("6200".to_owned())));
    }

    #[test]
    fn the_amount_right_beside_a_struck_one_is_the_reduced_one() {
        let source = "<title>Mug</title><h1>Mug</h1><ul><li><s>15,00 €</s></li><li>12,50 €</li><li>ohne MwSt.: 10,50 €</li></ul>";
        let dom = parse(source).expect("within the limits");
        let hints = SiteHints::default();
        let page = Page::new(&dom, metas::read(&dom), "https://shop.example/mug", &hints);
        let mut zones = Zones::new(&dom, page.title_node);
        let found = candidates::collect(&page, &mut zones);
        let reduced: Vec<String> =
            found.iter().filter(|one| one.zone.contains(Zone::REDUCED)).map(|one| one.amount.to_string()).collect();
        assert_eq!(reduced, ["12.50"]);
    }
}
