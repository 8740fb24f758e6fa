//! Saved mappings: which columns of a file are which of ours, recognised next time by the file's first line.

use pricing_domain::{DateOrder, FileFormat, FileKind, Problem};
use serde::{Deserialize, Serialize};

use crate::attributes::attribute_of;
use crate::kinds::{columns, takes_attributes};
use crate::layouts::{Header, Layout, plain};
use crate::problems::file_problem;

/// A mapping that is recognised by the names of a file's columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Of the first line, by [`fingerprint`].
    pub fingerprint: String,
    /// As people call it: usually the file's name.
    pub name: String,
    /// What the rows are.
    pub kind: FileKind,
    /// Our column, their column. A value that is the same for the whole file stands as `=EUR`.
    pub mapping: Vec<(String, String)>,
    /// `.` or `,` where the file leaves both readings open.
    pub decimal_separator: Option<char>,
    /// Which part of a date stands first, where the file leaves it open.
    #[serde(default)]
    pub date_order: Option<DateOrder>,
}

impl Profile {
    /// A mapping of products that is not saved.
    pub(crate) fn of_mapping(mapping: &[(String, String)]) -> Self {
        Self {
            fingerprint: String::new(),
            name: String::new(),
            kind: FileKind::Products,
            mapping: mapping.to_vec(),
            decimal_separator: None,
            date_order: None,
        }
    }

    /// Errors: a column that does not exist, on either side.
    pub(crate) fn layout(&self, header: &Header) -> Result<Layout, Problem> {
        let mut layout = Layout::new(FileFormat::Mapped, self.kind);
        for (own, theirs) in &self.mapping {
            if let Some(attribute) = attribute_of(own).filter(|_| takes_attributes(self.kind)) {
                layout = match theirs.strip_prefix('=') {
                    Some(value) => layout.constant_attribute(attribute, value),
                    None if header.has(theirs) => layout.attribute(attribute, header, theirs),
                    None => return Err(no_such_column(own, theirs, header)),
                };
                continue;
            }
            let Some(spec) = columns(self.kind).iter().find(|spec| plain(spec.name) == plain(own)) else {
                let known: Vec<&str> = columns(self.kind).iter().map(|spec| spec.name).collect();
                let further = if takes_attributes(self.kind) { " and attribute:… for free attributes" } else { "" };
                let reason =
                    format!("There is no such column of {}. There are: {}{further}.", self.kind, known.join(", "));
                return Err(file_problem(own, own, reason));
            };
            layout = match theirs.strip_prefix('=') {
                Some(value) => layout.constant(spec.name, value),
                None if header.has(theirs) => layout.copy(spec.name, header, &[theirs]),
                None => return Err(no_such_column(own, theirs, header)),
            };
        }
        // Columns that bear our names need no mapping.
        for spec in columns(self.kind) {
            if !layout.fills(spec.name) && !self.mapping.iter().any(|(_, theirs)| plain(theirs) == plain(spec.name)) {
                layout = layout.copy(spec.name, header, &[spec.name]);
            }
        }
        Ok(layout.attributes(header))
    }
}

fn no_such_column(own: &str, theirs: &str, header: &Header) -> Problem {
    let found = header.names().join(", ");
    file_problem(own, theirs, format!("The file has no column “{theirs}”. The columns found are: {found}."))
}

/// A short text that is the same for the same columns in the same order, whatever their case and blanks. Columns
/// without a name do not count.
pub fn fingerprint(names: &[String]) -> String {
    // FNV-1a: stable over versions, and a clash would only offer a mapping whose columns are missing.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for name in names.iter().filter(|name| !name.is_empty()) {
        for byte in plain(name).bytes().chain([0x1f]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn the_same_columns_have_the_same_fingerprint() {
        let print = |names: &[&str]| fingerprint(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(print(&["Artikelnr", "Preis "]), print(&["ARTIKELNR", "preis"]));
        assert_ne!(print(&["a", "b"]), print(&["b", "a"]));
        assert_ne!(print(&["ab", ""]), print(&["a", "b"]));
    }
}
