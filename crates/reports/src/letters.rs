//! Letters that the shipped typeface does not have: Chinese, Japanese, Korean and other scripts.

use crate::content::{Block, Cell, Report};

/// Whether the shipped typeface, which has Latin, Greek and Cyrillic letters and common signs, lacks a letter.
pub(crate) const fn is_foreign(letter: char) -> bool {
    matches!(letter as u32, 0x0530..=0x1DFF | 0x2C00..=0x2DDF | 0x2E80..=0xD7FF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F
        | 0xFF00..=0xFFEF | 0x10000..)
}

/// A text in parts that are foreign or not.
pub(crate) fn runs(text: &str) -> Vec<(&str, bool)> {
    let mut runs: Vec<(&str, bool)> = Vec::new();
    let mut start = 0;
    let mut before: Option<bool> = None;
    for (place, letter) in text.char_indices() {
        let foreign = is_foreign(letter);
        if before.is_some_and(|before| before != foreign) {
            runs.push((&text[start..place], !foreign));
            start = place;
        }
        before = Some(foreign);
    }
    runs.extend(before.map(|foreign| (&text[start..], foreign)));
    runs
}

/// Whether a report says anything that the shipped typeface cannot show; pictures are not looked at.
pub fn needs_typeface(report: &Report) -> bool {
    let has = |text: &str| text.chars().any(is_foreign);
    let says = |block: &Block| match block {
        Block::Heading(text) | Block::Paragraph(text) => has(text),
        Block::Figures(figures) => figures.iter().any(|one| has(&one.label) || has(&one.value) || has(&one.note)),
        Block::Table(table) => {
            let cell = |cell: &Cell| matches!(cell, Cell::Text(text) if has(text));
            has(&table.title) || has(&table.note) || table.rows.iter().flatten().any(cell)
        }
        Block::Picture(picture) => has(&picture.title),
    };
    has(&report.title) || has(&report.subtitle) || has(&report.company) || report.blocks.iter().any(says)
}

#[cfg(test)]
mod tests {
    use super::{is_foreign, runs};

    #[test]
    fn a_text_is_told_apart_by_script() {
        assert_eq!(runs("Kettle 電気ケトル 2 l"), [("Kettle ", false), ("電気ケトル", true), (" 2 l", false)]);
        assert_eq!(
            runs("Чайник, βραστήρας, Wasserköcher – 29,99 €"),
            [("Чайник, βραστήρας, Wasserköcher – 29,99 €", false)]
        );
        assert!(runs("").is_empty());
        assert!(is_foreign('주') && !is_foreign('…') && !is_foreign('−') && !is_foreign('▼'));
    }
}
