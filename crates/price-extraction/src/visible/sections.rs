//! Parts of a page that show other products, known by their headings: “You may also like”, “Похожие товары”.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::dom::{Dom, Kind, NodeId, Tag, unescape};

/// Longest text that is a heading.
const LONGEST: usize = 90;

static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = include_str!("../../data/section_words.txt").trim().split('|');
    AhoCorasick::new(words).expect("the list of words is small")
});

/// What class names of headings hold.
static NAMES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let names = ["title", "heading", "headline"];
    AhoCorasick::builder().ascii_case_insensitive(true).build(names).expect("the list of names is small")
});

/// The ranges of nodes that headings say show other products. A heading before the product's name says nothing, and
/// neither does one whose part holds the name.
pub(crate) fn of_others(dom: &Dom<'_>, title: Option<NodeId>) -> Vec<(NodeId, NodeId)> {
    let mut ranges = Vec::new();
    for (id, node) in dom.nodes.iter().enumerate() {
        let id = id as NodeId;
        let Kind::Text(text) = node.kind else { continue };
        if text.len() < 6 || text.len() > LONGEST || title.is_none_or(|title| id < dom.node(title).end) {
            continue;
        }
        let Some(heading) = heading_of(dom, id) else { continue };
        if WORDS.is_match(&unescape(text).to_lowercase()) {
            ranges.push((id, end_of_part(dom, heading)));
        }
    }
    ranges
}

/// The element that makes a text a heading.
fn heading_of(dom: &Dom<'_>, text: NodeId) -> Option<NodeId> {
    dom.ancestors(text).take(3).find(|id| {
        matches!(dom.node(*id).tag, Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6)
            || dom.raw_attribute(*id, "class").is_some_and(|class| NAMES.is_match(class))
    })
}

/// Where the part that a heading opens ends: with the nearest element around it that holds more than the heading.
fn end_of_part(dom: &Dom<'_>, heading: NodeId) -> NodeId {
    let after = dom.node(heading).end;
    let holds_more = |id: &NodeId| {
        let rest = after..dom.node(*id).end;
        rest.clone().any(|inner| matches!(dom.node(inner).kind, Kind::Text(text) if !text.trim().is_empty()))
    };
    dom.ancestors(heading).find(holds_more).map_or(after, |part| dom.node(part).end)
}

#[cfg(test)]
mod tests {
    use super::of_others;
    use crate::dom::{Kind, Tag, parse};

    fn words_elsewhere(source: &str) -> Vec<String> {
        let dom = parse(source).expect("within the limits");
        let title = dom.elements(Tag::H1).next();
        let ranges = of_others(&dom, title);
        let inside = |id: usize| ranges.iter().any(|(from, to)| (*from..*to).contains(&(id as u32)));
        let texts = dom.nodes.iter().enumerate().filter_map(|(id, node)| match node.kind {
            Kind::Text(text) if inside(id) => Some(text.trim().to_owned()),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn what_follows_such_a_heading_is_about_others() {
        let page = "<h1>Lamp</h1><p>5 €</p><section><h2>Ähnliche Artikel</h2><p>6 €</p></section><p>7 €</p>";
        assert_eq!(words_elsewhere(page), ["Ähnliche Artikel", "6 €"]);
        let flat = "<div><h1>Lamp</h1><p>5 €</p><h3>Рекомендовані товари</h3><p>6 €</p></div>";
        assert_eq!(words_elsewhere(flat), ["Рекомендовані товари", "6 €"]);
    }

    #[test]
    fn other_words_open_no_such_part() {
        assert!(words_elsewhere("<h1>Lamp</h1><h2>Description</h2><p>5 €</p>").is_empty());
        assert!(words_elsewhere("<h2>Recommended for you</h2><p>6 €</p><h1>Lamp</h1><p>5 €</p>").is_empty());
        assert!(words_elsewhere("<h1>Lamp</h1><p>see similar products</p><p>5 €</p>").is_empty());
    }
}
