//! Prices by quantity: `from 1 4.85 €`, `from 10 4.37 €`. The first counts, as one piece is bought at it.

use super::candidates::Candidate;
use super::zones::Zone;
use crate::dom::{Dom, NodeId, Tag};
use crate::page::Page;
use crate::price_text::mentions::{Mention, mentions, normalise};
use crate::price_text::words::Role;

/// How many visible texts from the title such a list may stand.
const REACH: i64 = 120;
/// Longest row of such a list, in bytes.
const LONGEST_ROW: usize = 80;
/// Largest quantity of such a list.
const MOST: u32 = 99_999;
/// The last price is no less than this part of the first; further apart they are other things.
const WIDEST: i64 = 8;

/// A row with a quantity and an amount for it.
struct Step {
    list: NodeId,
    row: NodeId,
    quantity: u32,
    candidate: usize,
}

/// Marks all but the first price of a list whose quantities rise while its prices fall.
pub(crate) fn mark(page: &Page<'_>, found: &mut [Candidate]) {
    let Some(title) = page.title_node else { return };
    let may_be = |candidate: &Candidate| {
        candidate.has_sign
            && candidate.amount.is_positive()
            && !candidate.zone.contains(Zone::ELSEWHERE)
            && page.distance(title, candidate.node).abs() <= REACH
    };
    let steps: Vec<Step> = found
        .iter()
        .enumerate()
        .filter(|(_, candidate)| may_be(candidate))
        .filter_map(|(index, candidate)| step(page.dom, index, candidate))
        .collect();
    for list in steps.chunk_by(|one, other| one.list == other.list) {
        let rows: Vec<&[Step]> = list.chunk_by(|one, other| one.row == other.row).collect();
        if rows.len() < 2 || !is_scale(&rows, found) {
            continue;
        }
        let of_one = found[rows[0][0].candidate].amount;
        for (place, step) in rows.iter().enumerate().flat_map(|(place, row)| row.iter().map(move |step| (place, step)))
        {
            let is_rate = place == 0 && found[step.candidate].amount != of_one;
            let role = &mut found[step.candidate].role;
            match role {
                _ if is_rate => *role = Role::Unit,
                Role::From | Role::Threshold if place == 0 => *role = Role::Plain,
                Role::Unit => {}
                _ if place == 0 => {}
                _ => *role = Role::Threshold,
            }
        }
    }
}

/// Whether quantities rise from row to row while amounts fall, and not so far that they are other things.
fn is_scale(rows: &[&[Step]], found: &[Candidate]) -> bool {
    let amount = |row: &[Step]| found[row[0].candidate].amount;
    let falls = |pair: &[&[Step]]| pair[0][0].quantity < pair[1][0].quantity && amount(pair[1]) < amount(pair[0]);
    let ends = rows.first().zip(rows.last());
    ends.is_some_and(|(first, last)| amount(first) < amount(last).times(WIDEST)) && rows.windows(2).all(falls)
}

fn step(dom: &Dom<'_>, candidate_index: usize, candidate: &Candidate) -> Option<Step> {
    let rows = dom.self_and_ancestors(candidate.node).take(4);
    let mut rows = rows.filter(|id| matches!(dom.node(*id).tag, Tag::Tr | Tag::Li | Tag::Div | Tag::P));
    rows.find_map(|row| {
        let text = dom.text(row, LONGEST_ROW + 1);
        let quantity = quantity(&text).filter(|_| text.len() <= LONGEST_ROW)?;
        Some(Step { list: dom.node(row).parent, row, quantity, candidate: candidate_index })
    })
}

/// The whole number that a row begins with, before its only price.
fn quantity(text: &str) -> Option<u32> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let length = text[start..].find(|c: char| !c.is_ascii_digit())?;
    let (before, rest) = text.split_at(start + length);
    if rest.starts_with(['.', ',']) && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // What a measure of it costs may stand behind: “from 10: 5.50 €, 2.75 € / 100 g”.
    let signed = |text: &str| {
        let is_price = |said: &&Mention| !said.currencies.is_empty() && said.role != Role::Unit;
        mentions(&normalise(text)).iter().filter(is_price).count()
    };
    let is_rate = rest.rsplit_once('/').is_some_and(|(_, measure)| {
        measure.trim_start().starts_with(|c: char| c.is_ascii_digit()) && signed(measure) == 0
    });
    if signed(before) > 0 || signed(rest) != if is_rate && signed(rest) == 2 { 2 } else { 1 } {
        return None;
    }
    before[start..].parse().ok().filter(|quantity| (1..=MOST).contains(quantity))
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn a_row_begins_with_its_quantity() {
        assert_eq!(quantity("ab 10 Stück 4,37 €"), Some(10));
        assert_eq!(quantity("1-9 $12.00"), Some(1));
        assert_eq!(quantity("100+ pieces: €3.64"), Some(100));
        assert_eq!(quantity("Bis 9 12,90 €* 6,45 €* / 100 Stück"), Some(9));
        assert_eq!(quantity("4,37 €"), None);
        assert_eq!(quantity("€ 4 each"), None);
        assert_eq!(quantity("5 pieces $4.00 instead of $5.00"), None);
    }
}
