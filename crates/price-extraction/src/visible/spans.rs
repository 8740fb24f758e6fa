//! Ranges whose ends stand in elements of their own: `<b>18,00 €</b> – <b>1.099,00 €</b>`. The lower end is the price.

use super::candidates::Candidate;
use crate::dom::{Dom, Kind, NodeId, unescape};
use crate::price_text::mentions::ranges::LEADING;
use crate::price_text::words::Role;

/// How many nodes apart the ends may stand.
const REACH: NodeId = 12;

/// Marks the ends of ranges: the lower as the lowest of several, the upper as none of them.
pub(crate) fn mark(dom: &Dom<'_>, found: &mut [Candidate]) {
    for at in 1..found.len() {
        let (before, after) = found.split_at_mut(at);
        let (Some(low), Some(high)) = (before.last_mut(), after.first_mut()) else { continue };
        let is_plain = |one: &Candidate| one.has_sign && matches!(one.role, Role::Plain | Role::Now | Role::From);
        let is_range = low.node != high.node
            && low.amount < high.amount
            && low.amount.is_positive()
            && is_plain(low)
            && is_plain(high)
            && joins(dom, low.node, high.node);
        if is_range {
            (low.role, high.role) = (Role::From, Role::Threshold);
        }
    }
}

/// Whether nothing but a dash, or a word that leads to the end of a range, stands between two elements.
fn joins(dom: &Dom<'_>, low: NodeId, high: NodeId) -> bool {
    let start = dom.node(low).end;
    if !(start..start + REACH).contains(&high) {
        return false;
    }
    let texts = (start..high).filter_map(|id| match dom.node(id).kind {
        Kind::Text(text) => Some(unescape(text)),
        _ => None,
    });
    let between = texts.collect::<String>().trim().to_lowercase();
    let is_dash = matches!(between.as_str(), "-" | "–" | "—" | "−" | "~" | "～");
    // One-letter words and “and” join other things too.
    is_dash || between.chars().count() > 1 && between != "and" && LEADING.contains(&between.as_str())
}
