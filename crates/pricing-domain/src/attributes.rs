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

/// What shops call a colour, in the languages they have most, as names are kept.
const COLOURS: [&str; 26] = [
    "colour",
    "color",
    "farbe",
    "couleur",
    "coloris",
    "colore",
    "kleur",
    "kolor",
    "farve",
    "färg",
    "farge",
    "väri",
    "cor",
    "barva",
    "farba",
    "szín",
    "culoare",
    "boja",
    "renk",
    "цвет",
    "колір",
    "цвят",
    "χρώμα",
    "spalva",
    "krāsa",
    "värv",
];
/// What they call a size.
const SIZES: [&str; 29] = [
    "size",
    "größe",
    "grösse",
    "groesse",
    "taille",
    "pointure",
    "talla",
    "tamaño",
    "taglia",
    "misura",
    "maat",
    "rozmiar",
    "storlek",
    "størrelse",
    "koko",
    "tamanho",
    "velikost",
    "veľkosť",
    "méret",
    "mărime",
    "veličina",
    "beden",
    "размер",
    "розмір",
    "μέγεθος",
    "dydis",
    "izmērs",
    "suurus",
    "schuhgröße",
];

/// Whether an attribute of this name, as it is kept, holds a colour.
pub fn names_colour(name: &str) -> bool {
    COLOURS.contains(&name)
}

/// Whether an attribute of this name, as it is kept, holds a size.
pub fn names_size(name: &str) -> bool {
    SIZES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::{attribute_name, names_colour, names_size};

    #[test]
    fn colours_and_sizes_are_known_by_their_names_in_many_languages() {
        let kept = |written: &str| attribute_name(written).expect("a name");
        assert!(["Color", "Farbe", "COULEUR", "Цвет", "Färg"].iter().all(|name| names_colour(&kept(name))));
        assert!(["Size", "Größe", "GRÖSSE", "Taille"].iter().all(|name| names_size(&kept(name))));
        assert!(!names_colour("colour family") && !names_size("size type") && !names_size("colour"));
    }

    #[test]
    fn names_are_the_same_whatever_their_case_and_blanks() {
        let name = |written: &str| attribute_name(written);
        assert_eq!(name(" Colour  Family"), Some("colour family".into()));
        assert_eq!(name("colour_family"), name("COLOUR family"));
        assert_eq!(name("Größe"), Some("größe".into()));
        assert_eq!((name(" _ "), name(&"x".repeat(101))), (None, None));
    }
}
