//! Parts of a page that show other products, known by their form: a card whose heading leads to another page.
//!
//! Headings that announce such parts are known in many languages, but not in all; the form is the same everywhere.

use super::zones::leads_away;
use crate::dom::{Dom, NodeId, Tag};

/// How far above a heading its card may begin.
const REACH: usize = 6;
/// So many links are looked at, and so many nodes around each, whatever a page holds.
const MOST_LINKS: usize = 300;
const MOST_NODES: NodeId = 2_000;

/// The ranges of nodes that are cards of other products. What stands before the product's name or holds it is none.
pub(crate) fn of_others(dom: &Dom<'_>, title: Option<NodeId>) -> Vec<(NodeId, NodeId)> {
    let Some(title) = title else { return Vec::new() };
    let mut cards: Vec<(NodeId, NodeId)> = Vec::new();
    let leading = dom.elements(Tag::A).filter(|link| {
        *link > dom.node(title).end && dom.raw_attribute(*link, "href").is_some_and(leads_away) && is_headed(dom, *link)
    });
    for link in leading.take(MOST_LINKS) {
        if cards.last().is_some_and(|(_, end)| link < *end) {
            continue;
        }
        let mut around = dom.ancestors(link).take(REACH).take_while(|id| !dom.contains(*id, title));
        if let Some(card) = around.find(|id| is_card(dom, *id, title)) {
            cards.push((card, dom.node(card).end));
        }
    }
    cards
}

fn is_heading(tag: Tag) -> bool {
    matches!(tag, Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6)
}

/// Whether a link is a heading's, or holds one.
fn is_headed(dom: &Dom<'_>, link: NodeId) -> bool {
    dom.ancestors(link).take(2).any(|id| is_heading(dom.node(id).tag))
        || dom.descendants(link).take(MOST_NODES as usize).any(|id| is_heading(dom.node(id).tag))
}

/// An article, an entry of a list, or one of several elements side by side that are named the same and have such links.
fn is_card(dom: &Dom<'_>, id: NodeId, title: NodeId) -> bool {
    let node = dom.node(id);
    if matches!(node.tag, Tag::Article | Tag::Li) {
        return true;
    }
    let Some(class) = dom.raw_attribute(id, "class").filter(|class| !class.trim().is_empty()) else { return false };
    let twin = |other: NodeId| {
        let named_the_same = dom.node(other).tag == node.tag && dom.raw_attribute(other, "class") == Some(class);
        let beside = other != id && dom.node(other).parent == node.parent && !dom.contains(other, title);
        let leads = |inner: NodeId| dom.node(inner).tag == Tag::A && is_headed(dom, inner);
        beside && named_the_same && dom.descendants(other).take(MOST_NODES as usize).any(leads)
    };
    let around = id.saturating_sub(MOST_NODES)..node.end.saturating_add(MOST_NODES);
    (around.start.max(node.parent + 1)..around.end.min(dom.node(node.parent).end)).any(twin)
}

#[cfg(test)]
mod tests {
    use super::of_others;
    use crate::dom::{Tag, parse};

    fn cards(source: &str) -> usize {
        let dom = parse(source).expect("within the limits");
        of_others(&dom, dom.elements(Tag::H1).next()).len()
    }

    #[test]
    fn a_heading_that_leads_elsewhere_makes_a_card() {
        let title = "<h1>Lamp</h1><p>5 €</p>";
        assert_eq!(cards(&format!("{title}<ul><li><a href=/b><h3>Bulb</h3></a><p>6 €</p></li></ul>")), 1);
        assert_eq!(cards(&format!("{title}<article><h3><a href=/b>Bulb</a></h3><p>6 €</p></article>")), 1);
        let card = |name: &str| format!("<div class=card><h4><a href=/{name}>{name}</a></h4><p>6 €</p></div>");
        assert_eq!(cards(&format!("{title}<div>{}{}</div>", card("a"), card("b"))), 2);
    }

    #[test]
    fn the_products_own_parts_are_none() {
        assert_eq!(cards("<article><h1>Lamp</h1><h2><a href=#more>More</a></h2><p>5 €</p></article>"), 0);
        assert_eq!(cards("<article><h1>Lamp</h1><h2><a href=/brand>By Sony</a></h2><p>5 €</p></article>"), 0);
        assert_eq!(cards("<li><h3><a href=/b>Bulb</a></h3></li><h1>Lamp</h1><p>5 €</p>"), 0);
    }
}
