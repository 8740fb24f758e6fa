//! Parts of a page that show other products, known by their form: a card whose heading leads to another page, or whose
//! name and picture do, with an amount of its own.
//!
//! Headings that announce such parts are known in many languages, but not in all; the form is the same everywhere.

use super::zones::leads_away;
use crate::dom::{Dom, NodeId, Tag};
use crate::page::Page;
use crate::words::availability_in_text;

/// How far above a heading its card may begin.
const REACH: usize = 6;
/// So many links are looked at, and so many nodes around each, whatever a page holds.
const MOST_LINKS: usize = 300;
const MOST_NODES: NodeId = 2_000;
/// A card holds no more than so many nodes, and so many links and elements beside it are looked at.
const LARGEST_CARD: NodeId = 400;
const MOST_LINKS_OF_CARD: usize = 8;
const MOST_BESIDE: usize = 500;

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

/// The ranges of nodes that are cards of other products, found from the amounts in them. `amounts` is in order.
///
/// A card has a link to another page before its amount, and either an element beside it with the same name, another link
/// and an amount, or its picture leads where its name leads. Where it `is_known` that a part shows others, none is looked for.
pub(crate) fn priced(page: &Page<'_>, amounts: &[NodeId], is_known: impl Fn(NodeId) -> bool) -> Vec<(NodeId, NodeId)> {
    let dom = page.dom;
    let Some(title) = page.title_node else { return Vec::new() };
    let mut cards: Vec<(NodeId, NodeId)> = Vec::new();
    for amount in amounts.iter().copied().filter(|amount| *amount >= dom.node(title).end) {
        if cards.last().is_some_and(|(_, end)| amount < *end) || is_known(amount) {
            continue;
        }
        let mut around = dom
            .self_and_ancestors(amount)
            .take(REACH)
            .take_while(|id| !dom.contains(*id, title) && dom.node(*id).end - *id < LARGEST_CARD);
        let card = around.find(|id| {
            let links =
                first_within(dom, amounts, *id).map(|first| links_to_others(page, *id, first)).unwrap_or_default();
            !links.is_empty() && (has_picture_of(dom, &links) || has_twin(page, *id, &links, amounts))
        });
        cards.extend(card.map(|card| (card, dom.node(card).end)));
    }
    cards
}

/// Whether a link to another page stands before an amount in the smallest part of the page around it: “Try this instead”.
pub(crate) fn follows_link(page: &Page<'_>, amount: NodeId) -> bool {
    const NEAR: usize = 3;
    const SMALL: NodeId = 60;
    let dom = page.dom;
    let mut around = dom.self_and_ancestors(amount).take(NEAR).take_while(|id| {
        dom.node(*id).end - *id < SMALL && page.title_node.is_none_or(|title| !dom.contains(*id, title))
    });
    around.any(|id| !links_to_others(page, id, amount).is_empty())
}

/// The links of an element to other pages that stand before, or around, an amount in it. Those that buy are none.
fn links_to_others(page: &Page<'_>, id: NodeId, amount: NodeId) -> Vec<NodeId> {
    let dom = page.dom;
    let is_link = |link: &NodeId| {
        dom.node(*link).tag == Tag::A
            && dom.raw_attribute(*link, "href").is_some_and(|href| is_other_page(href) && !page.leads_here(href))
            && availability_in_text(&dom.text(*link, 60)).is_none()
    };
    (id..amount.saturating_add(1)).filter(is_link).take(MOST_LINKS_OF_CARD).collect()
}

/// Whether a link leads to another page, not to a picture, a mail, a call or a basket.
pub(crate) fn is_other_page(href: &str) -> bool {
    let lower = href.trim().to_ascii_lowercase();
    leads_away(href)
        && !["mailto:", "tel:", "whatsapp:"].iter().any(|scheme| lower.starts_with(scheme))
        && !["cart", "basket", "checkout"].iter().any(|word| lower.contains(word))
        && ![".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".pdf"].iter().any(|kind| lower.ends_with(kind))
}

/// Whether two links lead to one page, one by a picture and one by words.
fn has_picture_of(dom: &Dom<'_>, links: &[NodeId]) -> bool {
    let holds_picture = |link: NodeId| dom.descendants(link).any(|inner| dom.node(inner).tag == Tag::Img);
    let target = |link: NodeId| dom.raw_attribute(link, "href").map(str::trim);
    let names = links.iter().filter(|link| dom.text(**link, 20).chars().count() > 2);
    names
        .clone()
        .any(|name| links.iter().any(|link| link != name && target(*link) == target(*name) && holds_picture(*link)))
}

/// Whether an element beside this one has the same name, a link elsewhere, and an amount.
fn has_twin(page: &Page<'_>, id: NodeId, links: &[NodeId], amounts: &[NodeId]) -> bool {
    let dom = page.dom;
    let (node, name) = (dom.node(id), first_class(dom, id));
    if name.is_none() && !matches!(node.tag, Tag::Li | Tag::Article | Tag::Tr) {
        return false;
    }
    let parent_end = dom.node(node.parent).end;
    let mut next = node.parent + 1;
    let beside = std::iter::from_fn(|| {
        let at = next;
        (at < parent_end).then(|| {
            next = dom.node(at).end.max(at + 1);
            at
        })
    });
    let target = |link: NodeId| dom.raw_attribute(link, "href").map(str::trim);
    beside.take(MOST_BESIDE).any(|other| {
        let alike = other != id && dom.node(other).tag == node.tag && first_class(dom, other) == name;
        alike
            && first_within(dom, amounts, other).is_some_and(|amount| {
                links_to_others(page, other, amount)
                    .iter()
                    .any(|link| links.iter().all(|own| target(*own) != target(*link)))
            })
    })
}

/// The first amount in an element.
fn first_within(dom: &Dom<'_>, amounts: &[NodeId], id: NodeId) -> Option<NodeId> {
    amounts.get(amounts.partition_point(|amount| *amount < id)).copied().filter(|amount| dom.contains(id, *amount))
}

fn first_class<'a>(dom: &Dom<'a>, id: NodeId) -> Option<&'a str> {
    dom.raw_attribute(id, "class")?.split_ascii_whitespace().next()
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
    use crate::dom::{NodeId, Tag, parse};
    use crate::extraction::SiteHints;
    use crate::page::Page;
    use crate::sources::metas;

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

    fn priced_cards(source: &str) -> usize {
        let dom = parse(source).expect("within the limits");
        let hints = SiteHints::default();
        let page = Page::new(&dom, metas::read(&dom), "https://shop.example/lamp", &hints);
        let amounts: Vec<NodeId> = dom.elements(Tag::B).collect();
        super::priced(&page, &amounts, |_| false).len()
    }

    #[test]
    fn a_link_a_picture_and_an_amount_make_a_card() {
        let title = "<title>Lamp</title><h1>Lamp</h1><b>5 €</b>";
        let card = |name: &str| format!("<div class='c {name}'><a href=/{name}>{name}</a><b>6 €</b></div>");
        assert_eq!(priced_cards(&format!("{title}<div>{}{}</div>", card("a"), card("b"))), 2);
        assert_eq!(priced_cards(&format!("{title}<div>{}</div>", card("a"))), 0, "a single one may be anything");
        let pictured = "<p><a href=/a><img src=a></a> <a href=/a>Bulb</a> <b>6 €</b></p>";
        assert_eq!(priced_cards(&format!("{title}{pictured}")), 1);
        let own = "<div class=c><a href=/lamp>5 W</a><b>5 €</b></div><div class=c><a href=?w=7>7 W</a><b>6 €</b></div>";
        assert_eq!(priced_cards(&format!("{title}{own}")), 0, "these lead to the page itself");
        let after = "<p><b>6 €</b><a href=/pay><img src=a></a><a href=/pay>More</a></p>";
        assert_eq!(priced_cards(&format!("{title}{after}")), 0, "links behind an amount are about paying");
    }

    #[test]
    fn the_products_own_parts_are_none() {
        assert_eq!(cards("<article><h1>Lamp</h1><h2><a href=#more>More</a></h2><p>5 €</p></article>"), 0);
        assert_eq!(cards("<article><h1>Lamp</h1><h2><a href=/brand>By Sony</a></h2><p>5 €</p></article>"), 0);
        assert_eq!(cards("<li><h3><a href=/b>Bulb</a></h3></li><h1>Lamp</h1><p>5 €</p>"), 0);
    }
}
