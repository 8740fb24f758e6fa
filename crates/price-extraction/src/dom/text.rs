//! The text that a reader sees inside an element.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Dom, Kind, NodeId, Tag, unescape};
use crate::extraction::SourcePlace;
use crate::price_text::number::SURE_DECIMAL;

impl Dom<'_> {
    /// The text inside, blanks collapsed, blocks set apart by a blank; at most about `limit` bytes of it.
    pub fn text(&self, id: NodeId, limit: usize) -> String {
        let mut out = String::new();
        let mut at = id;
        let end = self.node(id).end;
        while at < end && out.len() < limit {
            let node = self.node(at);
            match node.kind {
                Kind::Text(text) => {
                    let joined = joins_digits(&out, text);
                    if self.is_fraction_after_sign(at, &mut out, text) {
                        at += 1;
                        continue;
                    }
                    if joined && self.split_digits(at, text) == SURE_DECIMAL || self.is_fraction(at, &out, text) {
                        out.truncate(out.trim_end().len());
                        out.push(SURE_DECIMAL);
                    } else if joined {
                        out.push(' ');
                    }
                    push_collapsed(&mut out, &unescape(text), limit);
                }
                Kind::Element(_) if node.tag.is_unseen() && at != id => {
                    at = node.end;
                    continue;
                }
                Kind::Element(_) if !node.tag.is_inline() => push_blank(&mut out),
                Kind::Element(_) => {}
            }
            at += 1;
            if self.closes_block(at, id) {
                push_blank(&mut out);
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Where an element's text stands in the source: what is before it, the source from its first letter to its last,
    /// and what is after it; at most `reach` characters on each side.
    pub fn place_of(&self, id: NodeId, reach: usize) -> Option<SourcePlace> {
        let start_of = |text: &str| (text.as_ptr() as usize).checked_sub(self.source.as_ptr() as usize);
        let texts = (id..self.node(id).end).filter_map(|at| match self.node(at).kind {
            Kind::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        });
        let ends: Vec<(usize, usize)> =
            texts.filter_map(|text| Some((start_of(text)?, start_of(text)? + text.len()))).collect();
        let (start, end) = (ends.first()?.0, ends.last()?.1);
        let text = self.source.get(start..end)?;
        let mut before: Vec<char> = self.source[..start].chars().rev().take(reach).collect();
        before.reverse();
        Some(SourcePlace {
            before: before.into_iter().collect(),
            text: text.chars().take(4 * reach).collect(),
            after: self.source[end..].chars().take(reach).collect(),
        })
    }

    /// Whether a block inside `within` ends right before the node at `at`.
    fn closes_block(&self, at: NodeId, within: NodeId) -> bool {
        let previous = at - 1;
        self.self_and_ancestors(previous)
            .take_while(|node| *node != within && self.node(*node).end == at)
            .any(|node| !self.node(node).tag.is_inline())
    }

    /// Whether a text is the two decimals of the amount that stands before it, set apart by nothing but its element:
    /// `$229` and then `99`, `229` and `99` and then `€`.
    fn is_fraction(&self, text_node: NodeId, before: &str, text: &str) -> bool {
        if !is_two_digits(text) || !self.is_set_apart(text_node) {
            return false;
        }
        let glued = before.ends_with(|c: char| c.is_ascii_digit());
        if !glued && !self.is_marked_fraction(text_node) {
            return false;
        }
        let next = || {
            let after = self.node(text_node).end..(text_node + 6).min(self.nodes.len() as NodeId);
            after.map(|id| self.node(id).kind).find_map(|kind| match kind {
                Kind::Text(text) if !text.trim().is_empty() => Some(unescape(text.trim())),
                _ => None,
            })
        };
        match whole_amount(before) {
            Some(true) => true,
            Some(false) => next().is_some_and(|next| SIGNS_AFTER.iter().any(|sign| next.starts_with(sign))),
            None => false,
        }
    }

    /// `12 €` and then two raised digits: puts them before the sign.
    fn is_fraction_after_sign(&self, text_node: NodeId, before: &mut String, text: &str) -> bool {
        if !is_two_digits(text) || !self.is_set_apart(text_node) || !self.is_marked_fraction(text_node) {
            return false;
        }
        let shown = before.trim_end();
        let Some(stem) = SIGNS_AFTER.iter().find_map(|sign| shown.strip_suffix(sign)) else { return false };
        let stem = stem.trim_end();
        if whole_amount(stem).is_none() {
            return false;
        }
        let at = stem.len();
        before.insert_str(at, &format!("{SURE_DECIMAL}{}", text.trim()));
        true
    }

    /// Whether a text is the only content of its element, and small by its tag or its name.
    fn is_set_apart(&self, text_node: NodeId) -> bool {
        let parent = self.node(text_node).parent;
        let alone = self.node(parent).end == text_node + 1;
        alone && (self.node(parent).tag.is_inline() || self.is_marked_fraction(text_node))
    }

    /// What belongs between digits of two elements: two raised or marked digits are a fraction.
    fn split_digits(&self, text_node: NodeId, text: &str) -> char {
        if is_two_digits(text) && self.is_marked_fraction(text_node) { SURE_DECIMAL } else { ' ' }
    }

    /// Whether an element around a text is raised, or called cents.
    fn is_marked_fraction(&self, text_node: NodeId) -> bool {
        self.ancestors(text_node).take(2).any(|id| {
            self.node(id).tag == Tag::Sup || self.raw_attribute(id, "class").is_some_and(|class| CENTS.is_match(class))
        })
    }
}

/// What class names of cents hold.
static CENTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let names = ["cent", "fraction", "decimal", "penny", "pence", "kop", "gros", "sup", "minor"];
    AhoCorasick::builder().ascii_case_insensitive(true).build(names).expect("the list of names is small")
});

/// Signs that stand after an amount.
const SIGNS_AFTER: [&str; 12] = ["€", "zł", "kr", "Kč", "Ft", "лв", "₽", "₴", "lei", "EUR", "PLN", "руб"];
/// Signs that stand before an amount, or begin what does.
const SIGNS_BEFORE: [char; 14] = ['$', '€', '£', '¥', '₹', '₽', '₪', '₺', 'R', 'C', 'U', 'A', 'S', 'E'];

fn is_two_digits(text: &str) -> bool {
    let digits = text.trim();
    digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the last word is a whole amount that may still get decimals, and whether a sign stands before it.
fn whole_amount(before: &str) -> Option<bool> {
    let word = before.trim_end().rsplit(' ').next()?;
    let whole = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    let plain = whole.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '\''));
    let has_fraction = whole.rsplit_once([',', '.']).is_some_and(|(_, last)| last.len() != 3);
    if whole.is_empty() || !plain || has_fraction {
        return None;
    }
    let sign = &word[..word.len() - whole.len()];
    if sign.is_empty() {
        return Some(before.trim_end()[..before.trim_end().len() - word.len()].trim_end().ends_with(SIGNS_BEFORE));
    }
    Some(sign.ends_with(SIGNS_BEFORE) || sign.starts_with(SIGNS_BEFORE))
}

fn joins_digits(out: &str, text: &str) -> bool {
    out.ends_with(|c: char| c.is_ascii_digit()) && text.starts_with(|c: char| c.is_ascii_digit())
}

fn push_blank(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

fn push_collapsed(out: &mut String, text: &str, limit: usize) {
    let mut rest = text;
    while out.len() < limit && !rest.is_empty() {
        let length = rest.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(rest.len());
        if length == 0 {
            push_blank(out);
            rest = rest.trim_ascii_start();
            continue;
        }
        let mut end = length.min(limit - out.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        out.push_str(&rest[..end]);
        rest = &rest[length..];
    }
}

#[cfg(test)]
mod tests {
    use crate::dom::parse;

    fn text(source: &str) -> String {
        parse(source).expect("within the limits").text(0, 1000).replace('\u{e000}', "·")
    }

    #[test]
    fn a_text_is_found_where_it_stands_in_the_source() {
        let dom = parse("<i>29,90 &euro;</i><b> 29,90 &euro;<br>each </b>.").expect("within the limits");
        let id = dom.elements(crate::dom::Tag::B).next().expect("it is there");
        let place = dom.place_of(id, 11).expect("it has a text");
        assert_eq!(place.text, " 29,90 &euro;<br>each ");
        assert_eq!((place.before.as_str(), place.after.as_str()), ("uro;</i><b>", "</b>."));
    }

    #[test]
    fn text_is_joined_as_it_is_seen() {
        assert_eq!(text("<p>a<p>b"), "a b");
        assert_eq!(text("<span>29<span>.</span></span><span>99</span>"), "29.99");
        assert_eq!(text("<span>29</span><sup>99</sup> €"), "29·99 €");
        assert_eq!(text("<b>1</b><b>298</b>"), "1 298");
        assert_eq!(text("<div>$229<span class=end>99</span></div>"), "$229·99");
        assert_eq!(text("<span>$</span><span>229</span> <span class=cents>99</span>"), "$229·99");
        assert_eq!(text("<span>29</span><span>99</span><span>€</span>"), "29·99€");
        assert_eq!(text("<b>29</b><b>99</b>"), "29 99");
        assert_eq!(text("<b>$1,299.50</b> <b>41</b>"), "$1,299.50 41");
        assert_eq!(text("<b>$5</b> <i>20</i> left"), "$5 20 left");
        assert_eq!(text("x<script>y</script>&amp;<style>z</style>"), "x&");
        assert_eq!(text("<td>a</td><td>b</td>"), "a b");
    }
}
