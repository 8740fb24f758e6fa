//! Words by which one product is told from another, in the other language: “schwarz” stands in names as “black”.

use crate::names::ProductLookup;

/// English words of names, each with what German says: beginnings of folded words.
const WORDS: [(&str, &[&str]); 30] = [
    ("black", &["schwarz"]),
    ("white", &["weiss"]),
    ("grey", &["grau"]),
    ("gray", &["grau"]),
    ("red", &["rot"]),
    ("blue", &["blau"]),
    ("navy", &["marine", "dunkelblau", "navyblau"]),
    ("green", &["gruen"]),
    ("yellow", &["gelb"]),
    ("orange", &["orangefarb", "orangen"]),
    ("brown", &["braun"]),
    ("pink", &["rosa", "rosafarb"]),
    ("purple", &["lila", "violett"]),
    ("silver", &["silber", "silbern"]),
    ("gold", &["golden", "goldfarb"]),
    ("beige", &["beigefarb"]),
    ("sand", &["sandfarb"]),
    ("wireless", &["kabellos", "drahtlos", "schnurlos"]),
    ("cordless", &["kabellos", "schnurlos", "akku"]),
    ("wired", &["kabelgebunden"]),
    ("indoor", &["innen"]),
    ("outdoor", &["aussen"]),
    ("small", &["klein"]),
    ("large", &["gross"]),
    ("folding", &["klappbar", "faltbar"]),
    ("portable", &["tragbar"]),
    ("steel", &["stahl", "edelstahl"]),
    ("wood", &["holz"]),
    ("glass", &["glas"]),
    ("leather", &["leder"]),
];
/// Endings of adjectives.
const ENDINGS: [&str; 7] = ["", "e", "en", "er", "es", "em", "s"];

/// The word that stands in names for one of the other language; `None`: no product has it.
pub(super) fn in_names(folded: &str, products: &dyn ProductLookup) -> Option<String> {
    let is_form = |beginning: &str| folded.strip_prefix(beginning).is_some_and(|rest| ENDINGS.contains(&rest));
    let known = |word: &str| products.products_with(&[word.to_owned()]) > 0;
    let of_german =
        WORDS.iter().filter(|(_, german)| german.iter().any(|word| is_form(word))).map(|(english, _)| *english);
    let of_english =
        WORDS.iter().filter(|(english, _)| *english == folded).flat_map(|(_, german)| german.iter().copied());
    of_german.chain(of_english).find(|word| known(word)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::in_names;
    use crate::names::ProductLookup;

    struct Named(&'static str);

    impl ProductLookup for Named {
        fn sku(&self, _: &str) -> Option<String> {
            None
        }

        fn products_with(&self, words: &[String]) -> usize {
            usize::from(words.iter().all(|word| self.0.contains(word.as_str())))
        }
    }

    #[test]
    fn colours_are_found_in_either_language() {
        assert_eq!(in_names("schwarze", &Named("luma, black")).as_deref(), Some("black"));
        assert_eq!(in_names("weissen", &Named("luma, white")).as_deref(), Some("white"));
        assert_eq!(in_names("black", &Named("luma, schwarz")).as_deref(), Some("schwarz"));
        assert_eq!(in_names("rote", &Named("luma, black")), None);
        assert_eq!(in_names("rotor", &Named("luma, red")), None);
    }
}
