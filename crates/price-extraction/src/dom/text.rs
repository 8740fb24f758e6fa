//! The text that a reader sees inside an element.

use super::{Dom, Kind, NodeId, Tag, unescape};
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
                    let split = joins_digits(&out, text).then(|| self.split_digits(at, text));
                    if let Some(separator) = split {
                        out.push(separator);
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

    /// Whether a block inside `within` ends right before the node at `at`.
    fn closes_block(&self, at: NodeId, within: NodeId) -> bool {
        let previous = at - 1;
        self.self_and_ancestors(previous)
            .take_while(|node| *node != within && self.node(*node).end == at)
            .any(|node| !self.node(node).tag.is_inline())
    }

    /// What belongs between digits of two elements: two raised or marked digits are a fraction.
    fn split_digits(&self, text_node: NodeId, text: &str) -> char {
        let digits = text.trim();
        let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let marked = self.ancestors(text_node).take(2).any(|id| {
            let class = self.raw_attribute(id, "class").unwrap_or("").to_ascii_lowercase();
            self.node(id).tag == Tag::Sup
                || ["cent", "fraction", "decimal", "penny", "pence", "kop", "gros", "sup", "minor"]
                    .iter()
                    .any(|word| class.contains(word))
        });
        if two && marked { SURE_DECIMAL } else { ' ' }
    }
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
    for c in text.chars() {
        if out.len() >= limit {
            return;
        }
        if matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}') {
            push_blank(out);
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dom::parse;

    fn text(source: &str) -> String {
        parse(source).expect("within the limits").text(0, 1000).replace('\u{e000}', "·")
    }

    #[test]
    fn text_is_joined_as_it_is_seen() {
        assert_eq!(text("<p>a<p>b"), "a b");
        assert_eq!(text("<span>29<span>.</span></span><span>99</span>"), "29.99");
        assert_eq!(text("<span>29</span><sup>99</sup> €"), "29·99 €");
        assert_eq!(text("<b>1</b><b>298</b>"), "1 298");
        assert_eq!(text("x<script>y</script>&amp;<style>z</style>"), "x&");
        assert_eq!(text("<td>a</td><td>b</td>"), "a b");
    }
}
