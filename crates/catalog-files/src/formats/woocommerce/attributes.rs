//! The attributes of WooCommerce's product CSV: for each number a column with the name and one with the values, called in
//! the language of the shop (`Attribute 1 name`, `Attribut 1 Wert(e)`, `Valor(es) del atributo 1`).

use pricing_domain::resolve_references;

use crate::layouts::Header;
use crate::row_attributes::Pairs;

/// What the word for attribute begins with, in the languages that shops have most.
const STEMS: [&str; 9] =
    ["attrib", "atrib", "atryb", "egenskap", "egenskab", "ominaisuu", "nitelik", "özellik", "атрибут"];

/// The columns about attributes, also those that say how the shop shows them.
pub(super) fn places(header: &Header) -> impl Iterator<Item = usize> {
    header.names().iter().enumerate().filter(|(_, name)| number_of(name).is_some()).map(|(place, _)| place)
}

/// The columns of names and values. The exporter writes name, values, visible, global and default of each number, in this
/// order in every language.
pub(super) fn pairs(header: &Header) -> Vec<Pairs> {
    let numbered: Vec<(usize, u32)> =
        (header.names().iter().enumerate()).filter_map(|(place, name)| Some((place, number_of(name)?))).collect();
    let mut numbers: Vec<u32> = numbered.iter().map(|(_, number)| *number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let pair = |number: u32| {
        let mut places = numbered.iter().filter(|(_, known)| *known == number).map(|(place, _)| *place);
        Some(Pairs::Beside { name: places.next()?, text: places.next()? })
    };
    numbers.into_iter().filter_map(pair).collect()
}

/// The number of a column of attributes.
fn number_of(name: &str) -> Option<u32> {
    let lower = name.to_lowercase();
    let words = || lower.split(|letter: char| !letter.is_alphanumeric());
    let is_attribute = words().any(|word| STEMS.iter().any(|stem| word.starts_with(stem)));
    let mut numbers = words().filter_map(|word| word.parse().ok());
    numbers.next().filter(|_| is_attribute)
}

/// `Small, Large` as it is; a comma within a value is marked by a backslash, and names are kept as HTML shows them.
pub(super) fn text(values: &str) -> String {
    resolve_references(&values.replace("\\,", ",")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn columns_of_attributes_are_known_in_many_languages() {
        for (name, number) in [
            ("Attribute 1 name", Some(1)),
            ("Attribute 12 value(s)", Some(12)),
            ("Attribut 2 Wert(e)", Some(2)),
            ("Nom de l’attribut 3", Some(3)),
            ("Valor(es) del atributo 1", Some(1)),
            ("Nazwa atrybutu 1", Some(1)),
            ("Attribuut 4 naam", Some(4)),
            ("Egenskap 1 namn", Some(1)),
            ("Download 1 name", None),
            ("Meta: _attribute", None),
            ("Attributes", None),
        ] {
            assert_eq!(number_of(name), number, "{name}");
        }
    }
}
