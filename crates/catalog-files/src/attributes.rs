//! Free attributes of products: columns that a file names itself, `attribute:material`.

use pricing_domain::{MOST_ATTRIBUTES, Problem, attribute_name};

use crate::problems::file_problem;

/// What stands before the name of a free attribute.
const PREFIX: &str = "attribute";

/// A column with a free attribute in one file.
#[derive(Clone, Debug)]
pub(crate) struct AttributeColumn {
    /// The attribute's name as it is kept.
    pub(crate) name: String,
    /// The file's name for it.
    pub(crate) shown: String,
    /// Where it stands in a row.
    pub(crate) place: usize,
}

/// The free attribute that a column holds by its name; `None`: it holds none.
pub(crate) fn attribute_of(column: &str) -> Option<String> {
    let plain = column.trim().trim_matches('"').trim().trim_end_matches('*');
    let (before, name) = plain.split_once(':')?;
    if before.trim().eq_ignore_ascii_case(PREFIX) { attribute_name(name) } else { None }
}

/// The column of a free attribute as it is written.
pub fn attribute_column(name: &str) -> String {
    format!("{PREFIX}:{name}")
}

/// Refuses a file that states an attribute twice, or more of them than a catalogue keeps.
pub(crate) fn check_attributes(columns: &[AttributeColumn]) -> Result<(), Problem> {
    let doubled =
        columns.iter().enumerate().find(|(place, one)| columns[..*place].iter().any(|other| other.name == one.name));
    if let Some((_, column)) = doubled {
        let reason = "The attribute is there twice; case, blanks and underscores do not tell names apart. Remove or rename \
                      one of the two.";
        return Err(file_problem(&attribute_column(&column.name), &column.shown, reason));
    }
    if columns.len() > MOST_ATTRIBUTES {
        let reason = format!(
            "A catalogue keeps at most {MOST_ATTRIBUTES} free attributes, and this file has {}. Leave out those that no \
             rule needs.",
            columns.len()
        );
        return Err(file_problem(PREFIX, "", reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{attribute_column, attribute_of};

    #[test]
    fn a_column_says_by_its_name_which_attribute_it_holds() {
        assert_eq!(attribute_of("attribute:Colour_Family"), Some("colour family".into()));
        assert_eq!(attribute_of(" Attribute: Größe "), Some("größe".into()));
        assert_eq!(attribute_of(&attribute_column("ip rating")), Some("ip rating".into()));
        assert_eq!(
            (attribute_of("attribute"), attribute_of("attribute: "), attribute_of("note:x")),
            (None, None, None)
        );
    }
}
