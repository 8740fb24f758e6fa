//! Keeps text that begins like a formula from being run by a spreadsheet, and takes the guard away again.
//!
//! The guard is one leading apostrophe. A text that already has apostrophes before such a beginning gets one more,
//! so that guarding and restoring are inverse for every text.

use std::borrow::Cow;

/// Text for a CSV cell.
pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    if begins_like_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Text for a spreadsheet's string cell, which never runs: only an apostrophe that would be taken away is doubled.
pub(crate) fn guard_string_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with('\'') { guard(text) } else { Cow::Borrowed(text) }
}

/// The text as it was before `guard`.
pub(crate) fn restore(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if begins_like_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn begins_like_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r']) || text.trim_start().starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use super::{guard, guard_string_cell, restore};

    #[test]
    fn guards_are_put_on_formulas_only_and_taken_away_again() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" +49", "' +49"),
            ("'=x", "''=x"),
            ("'tis", "'tis"),
            ("plain", "plain"),
        ] {
            assert_eq!(guard(text), guarded);
            assert_eq!(restore(guarded), text);
            assert_eq!(restore(&guard_string_cell(text)), text);
        }
    }
}
