//! Free attributes: facts of products that a shop names itself, such as a material or a colour family.

/// A catalogue keeps at most so many: each is a column of its own.
pub const MOST_ATTRIBUTES: usize = 64;

/// Longer names are sentences.
const LONGEST_NAME: usize = 100;

/// The name of a free attribute as it is kept: in lower case, its words apart by one blank. Case, blanks and underscores
/// do not tell names apart, as they do not tell columns apart. `None`: it is no name.
pub fn attribute_name(written: &str) -> Option<String> {
    let words = written.split(|letter: char| letter.is_whitespace() || letter == '_' || letter.is_control());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let name = words.join(" ");
    (!name.is_empty() && name.chars().count() <= LONGEST_NAME).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::attribute_name;

    #[test]
    fn names_are_the_same_whatever_their_case_and_blanks() {
        let name = |written: &str| attribute_name(written);
        assert_eq!(name(" Colour  Family"), Some("colour family".into()));
        assert_eq!(name("colour_family"), name("COLOUR family"));
        assert_eq!(name("Größe"), Some("größe".into()));
        assert_eq!((name(" _ "), name(&"x".repeat(101))), (None, None));
    }
}
