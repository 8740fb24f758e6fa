//! The texts of a page that begin like a label: of an article number, a brand, a maker. One pass over the page finds them
//! for all who look for one; nearly all texts are told from labels by their first three bytes.

use std::sync::LazyLock;

use super::{brand, numbers};
use crate::dom::{Kind, NodeId};
use crate::page::Page;

/// Longest text, in bytes, that is looked at.
pub(super) const LONGEST: usize = 90;
/// How many visible texts from the name of the product it may stand.
pub(super) const REACH: i64 = 800;
/// A label may begin at so many bytes, after a sign or a number.
pub(super) const BEGINS: usize = 4;
/// How many characters are looked at.
const LOOKED_AT: usize = 8;

/// The texts that begin like labels, in document order.
pub(crate) struct Labelled(Vec<NodeId>);

impl Labelled {
    /// Looks at the texts around the name of the product.
    pub fn find(page: &Page<'_>) -> Self {
        let Some(title) = page.title_node else { return Self(Vec::new()) };
        let starts = &*STARTS;
        let is_one = |id: &NodeId| {
            let node = page.dom.node(*id);
            let Kind::Text(text) = node.kind else { return false };
            text.len() <= LONGEST && starts.may_begin(text) && !page.dom.node(node.parent).tag.is_unseen()
        };
        Self(page.around(title, -REACH..REACH + 1).filter(is_one).collect())
    }

    /// The nodes of these texts.
    pub fn texts(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.0.iter().copied()
    }
}

static STARTS: LazyLock<Starts> = LazyLock::new(|| Starts::of(brand::labels().chain(numbers::labels())));

/// The first three bytes of all labels, as bits of a table.
struct Starts([u64; 256]);

impl Starts {
    fn of(labels: impl Iterator<Item = &'static str>) -> Self {
        let mut bits = [0; 256];
        for label in labels {
            let place = place(label.as_bytes());
            bits[place / 64] |= 1 << (place % 64);
        }
        Self(bits)
    }

    /// Whether a text may begin with a label. Never `false` for one that does.
    fn may_begin(&self, text: &str) -> bool {
        let text = text.trim_start();
        let first = &text.as_bytes()[..text.len().min(BEGINS + 2)];
        if first.is_ascii() {
            let mut lower = [0; BEGINS + 2];
            lower[..first.len()].copy_from_slice(first);
            lower.make_ascii_lowercase();
            return first.contains(&b'&') || self.has_start(&lower[..first.len()]);
        }
        // A letter has at most three in lower case, each of at most four bytes.
        let mut lower = [0; LOOKED_AT * 12];
        let mut length = 0;
        for c in text.chars().take(LOOKED_AT) {
            if c == '&' {
                return true;
            }
            for c in c.to_lowercase() {
                length += c.encode_utf8(&mut lower[length..]).len();
            }
        }
        self.has_start(&lower[..length.min(BEGINS + 2)])
    }

    fn has_start(&self, lower: &[u8]) -> bool {
        lower.windows(3).enumerate().any(|(at, three)| {
            let is_inside_word = at > 0 && lower[at - 1].is_ascii_lowercase() && three[0].is_ascii_lowercase();
            let place = place(three);
            !is_inside_word && self.0[place / 64] >> (place % 64) & 1 == 1
        })
    }
}

/// The place of a text's first three bytes in the table.
fn place(text: &[u8]) -> usize {
    let bytes = u32::from_le_bytes([text[0], text[1], text[2], 0]);
    (bytes.wrapping_mul(0x9E37_79B1) >> 18) as usize
}

#[cfg(test)]
mod tests {
    use super::{STARTS, brand, numbers};

    #[test]
    fn every_label_is_found_in_any_case_behind_signs_and_blanks() {
        for label in brand::labels().chain(numbers::labels()) {
            assert!(label.len() >= 3, "{label}");
            for text in [
                label.to_owned(),
                label.to_uppercase(),
                format!("\n  {label}: 4711"),
                format!("- {label}"),
                format!("1. {label}"),
                format!("({label} 4711)"),
                format!("\u{a0}{label}"),
                format!("&nbsp;{label}"),
            ] {
                assert!(STARTS.may_begin(&text), "{text}");
            }
        }
    }

    #[test]
    fn most_other_texts_are_passed_over() {
        let others = [
            "In den Warenkorb",
            "29,90 €",
            "Description",
            "Add to cart",
            "4.7 out of 5",
            "",
            "a",
            "é",
            "Home",
            "Größe",
            "Наличие",
            "数量",
            "Versand",
            "Size guide",
            "M",
            "42",
            "Free delivery",
            "Reviews (12)",
            "Sign in",
            "Menu",
        ];
        let taken: Vec<&&str> = others.iter().filter(|text| STARTS.may_begin(text)).collect();
        assert!(taken.len() <= 1, "{taken:?}");
    }
}
