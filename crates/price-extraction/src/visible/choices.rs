//! Prices of forms of the product side by side, one of which is marked as chosen: the others are of other forms.

use super::candidates::Candidate;
use super::zones::Zone;
use crate::dom::{Dom, NodeId, Tag};
use crate::page::Page;
use crate::price_text::words::Role;

/// How far above an amount its form may begin.
const ABOVE: usize = 4;
/// Most forms that are looked at, and most nodes of one.
const MOST: usize = 60;
const LARGEST: NodeId = 200;
/// Names of the chosen one.
const NAMES: [&str; 8] =
    ["selected", "is-selected", "active", "is-active", "chosen", "checked", "is-checked", "current"];

/// Marks the amounts of forms that are not chosen, where exactly one of those side by side is.
pub(crate) fn mark(page: &Page<'_>, found: &mut [Candidate]) {
    let dom = page.dom;
    let is_eligible = |one: &Candidate| one.has_sign && one.amount.is_positive() && !one.zone.contains(Zone::ELSEWHERE);
    let places: Vec<NodeId> = found.iter().filter(|one| is_eligible(one)).map(|one| one.node).take(MOST).collect();
    let mut others: Vec<(NodeId, NodeId)> = Vec::new();
    for place in &places {
        if others.iter().any(|(from, to)| (*from..*to).contains(place)) {
            continue;
        }
        let forms = dom.self_and_ancestors(*place).take(ABOVE).find_map(|form| forms_beside(page, form, &places));
        let Some(forms) = forms else { continue };
        let mut chosen = forms.iter().filter(|form| is_chosen(dom, **form));
        if let (Some(one), None) = (chosen.next(), chosen.next()) {
            others.extend(forms.iter().filter(|form| *form != one).map(|form| (*form, dom.node(*form).end)));
        }
    }
    for candidate in found {
        let is_other = others.iter().any(|(from, to)| (*from..*to).contains(&candidate.node));
        if is_other && matches!(candidate.role, Role::Plain | Role::Now | Role::From) {
            candidate.role = Role::Threshold;
        }
    }
}

/// An element and those beside it of the same kind, each with an amount.
fn forms_beside(page: &Page<'_>, form: NodeId, places: &[NodeId]) -> Option<Vec<NodeId>> {
    let dom = page.dom;
    let node = dom.node(form);
    let fits = matches!(node.tag, Tag::A | Tag::Li | Tag::Opt | Tag::Button | Tag::Div | Tag::Span | Tag::Tr)
        || dom.name(form).eq_ignore_ascii_case("label");
    if !fits
        || node.end - form > LARGEST
        || page.title_node.is_some_and(|title| dom.contains(node.parent, title) && dom.contains(form, title))
    {
        return None;
    }
    let end = dom.node(node.parent).end;
    let mut at = node.parent + 1;
    let mut forms = Vec::new();
    while at < end && forms.len() < MOST {
        let next = dom.node(at).end.max(at + 1);
        let may_be = dom.node(at).tag == node.tag && are_alike(dom, form, at);
        if may_be && places.iter().any(|place| (at..next).contains(place)) {
            forms.push(at);
        }
        at = next;
    }
    (forms.len() >= 2).then_some(forms)
}

/// Whether two elements side by side may be forms of one thing: sections of a page are called differently.
fn are_alike(dom: &Dom<'_>, one: NodeId, other: NodeId) -> bool {
    if !matches!(dom.node(one).tag, Tag::Div | Tag::Span) {
        return true;
    }
    let names = |id: NodeId| dom.raw_attribute(id, "class").unwrap_or("").split_ascii_whitespace();
    names(one).next().is_none() == names(other).next().is_none()
        && (names(one).next().is_none() || names(one).any(|name| names(other).any(|its| its == name)))
}

/// Whether an element, or a field in it, is marked as chosen.
fn is_chosen(dom: &Dom<'_>, form: NodeId) -> bool {
    let named = |value: &str| {
        value.split_ascii_whitespace().any(|name| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)))
    };
    let says_true = |name: &str| dom.raw_attribute(form, name).is_some_and(|value| matches!(value, "true" | "page"));
    let has_checked = || {
        dom.descendants(form)
            .any(|inner| dom.node(inner).tag == Tag::Input && dom.raw_attribute(inner, "checked").is_some())
    };
    dom.raw_attribute(form, "class").is_some_and(named)
        || dom.node(form).tag == Tag::Opt && dom.raw_attribute(form, "selected").is_some()
        || ["aria-selected", "aria-checked", "aria-current"].iter().any(|name| says_true(name))
        || has_checked()
}
