//! Writes rows of comma-separated text.

use pricing_domain::format_scaled;

/// A table in the making.
pub(crate) struct Table {
    text: String,
    row_begun: bool,
}

impl Table {
    pub(crate) fn new(header: &str) -> Self {
        Self { text: format!("{header}\n"), row_begun: false }
    }

    /// Adds a cell, quoted where it must be.
    pub(crate) fn cell(&mut self, text: &str) -> &mut Self {
        if self.row_begun {
            self.text.push(',');
        }
        self.row_begun = true;
        if text.contains([',', '"', '\n']) {
            self.text.push('"');
            self.text.push_str(&text.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(text);
        }
        self
    }

    /// Adds an amount of cents, or an empty cell.
    pub(crate) fn money(&mut self, minor: Option<i64>) -> &mut Self {
        self.cell(&minor.map(|minor| format_scaled(minor, 2)).unwrap_or_default())
    }

    pub(crate) fn end_row(&mut self) {
        self.text.push('\n');
        self.row_begun = false;
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}
