//! What a title says: words, model, sizes, colour, pack, condition.

use pricing_domain::Gtin;

use crate::words;

/// A product of ours, or what a competitor's page offers.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// As shown.
    pub title: String,
    /// The brand, where it is stated apart.
    pub brand: Option<String>,
    /// Article codes.
    pub gtins: Vec<Gtin>,
    /// The maker's part number.
    pub mpn: Option<String>,
    /// Our article number, or what the page calls its own.
    pub sku: Option<String>,
    /// In minor units of one currency, to notice what cannot be.
    pub price_minor: Option<i64>,
}

/// An amount with its unit: what it measures and how much, in a thousandth of the smallest unit.
pub(crate) type Measure = (char, i64);

/// A title read.
#[derive(Clone, Debug, Default)]
pub struct Title {
    /// Words that tell products apart, folded; each once.
    pub(crate) words: Vec<String>,
    /// Those among them that look like model names.
    pub(crate) models: Vec<String>,
    /// `WH 820`: as one word, and the second word alone.
    pub(crate) joined: Vec<(String, String)>,
    pub(crate) brand: Option<String>,
    pub(crate) mpn: Option<String>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) colours: Vec<u8>,
    /// `xl` or `42`.
    pub(crate) clothes: Option<String>,
    pub(crate) variants: Vec<String>,
    /// Items in the pack, where the title says so.
    pub(crate) pieces: Option<u32>,
    /// How many of the product there are: `2 x`, `3er Pack`.
    pub(crate) multiple: Option<u32>,
    pub(crate) used: bool,
    pub(crate) bundle: bool,
    pub(crate) accessory: bool,
}

impl Title {
    /// Whether a model of the other title is in this one, however it is written there.
    pub(crate) fn has_model(&self, model: &str, other: &Self) -> bool {
        let as_one = |title: &Self, model: &str| title.joined.iter().any(|(joined, _)| joined == model);
        let behind = other.joined.iter().filter(|(_, second)| second == model);
        self.models.iter().any(|known| known == model)
            || as_one(self, model)
            || behind.into_iter().any(|(joined, _)| self.models.contains(joined))
    }

    /// Reads a title.
    pub fn read(item: &Item) -> Self {
        let mut title = Self {
            brand: item.brand.as_deref().map(compact).filter(|brand| !brand.is_empty()),
            mpn: item.mpn.as_deref().map(compact).filter(|mpn| mpn.len() >= 3),
            ..Self::default()
        };
        let folded = fold(&item.title).replace("u/min", " rpm ");
        title.bundle = folded.contains(" + ");
        title.used = folded.contains("b-ware") || folded.contains("open box") || folded.contains("pre-owned");
        let tokens = tokens(&folded);
        let mut at = 0;
        while at < tokens.len() {
            at += title.take(&tokens, at);
        }
        title.find_models(&tokens);
        title
    }

    /// Takes what begins at a place; returns how many words it was.
    fn take(&mut self, tokens: &[String], at: usize) -> usize {
        let word = tokens[at].as_str();
        let next = tokens.get(at + 1).map(String::as_str);
        if let Some(taken) = self.take_number(word, next, tokens.get(at + 2).map(String::as_str)) {
            return taken;
        }
        self.used |= words::is_used(word);
        self.bundle |= words::is_bundle(word);
        self.bundle |= words::is_with(word) && next.is_some_and(words::is_accessory);
        let fits = words::is_fitting(word) && next.is_some();
        let alone = at == 0 && words::is_accessory(word);
        let something_before = tokens[..at].iter().any(|word| words::is_accessory(word));
        self.accessory |= alone || (fits && something_before);
        if let Some(colour) = words::colour(word) {
            if !self.colours.contains(&colour) {
                self.colours.push(colour);
            }
            return 1;
        }
        if words::is_letter_size(word) && self.clothes.is_none() {
            self.clothes = Some(word.to_owned());
            return 1;
        }
        if matches!(word, "size" | "gr" | "groesse" | "taille" | "eu") && next.is_some_and(is_clothes) {
            self.clothes = next.map(str::to_owned);
            return 2;
        }
        if matches!((word, next), ("pack" | "set", Some("of" | "von")))
            && let Some(count) = tokens.get(at + 2).and_then(|count| count.parse().ok())
        {
            self.take_count(count, at == 0);
            return 3;
        }
        if words::is_variant(word) && !self.variants.iter().any(|known| known == word) {
            self.variants.push(word.to_owned());
        }
        for name in words::common_names(word) {
            let tells = !words::is_empty(name) && !words::is_fitting(name);
            if tells && !self.words.iter().any(|known| known == name) {
                self.words.push(name.to_owned());
            }
        }
        1
    }

    /// A pack at the beginning is of whole products; behind it may be what the product itself holds.
    fn take_count(&mut self, count: u32, leading: bool) {
        if leading {
            self.multiple = Some(count);
        } else {
            self.pieces = Some(count);
        }
    }

    fn take_number(&mut self, word: &str, next: Option<&str>, third: Option<&str>) -> Option<usize> {
        let (number, unit) = split_number(word)?;
        if unit.is_empty() {
            // `140 x 200 cm`, `2 x 500 ml`, `2 x Name`
            if next == Some("x") {
                let second = third.and_then(split_number);
                if let Some((other, _)) = second.filter(|(other, _)| *other >= 30_000 && number >= 30_000) {
                    self.add_measure(('f', number * 100_000 + other / 1_000));
                    return Some(3);
                }
                if let Some(count) = whole(number) {
                    self.multiple = Some(count);
                    return Some(2);
                }
            }
            if let Some((kind, factor)) = next.and_then(words::unit) {
                self.add_measure((kind, number * factor / 1_000));
                return Some(2);
            }
            if next.is_some_and(words::is_piece)
                && let Some(count) = whole(number)
            {
                self.take_count(count, false);
                return Some(2);
            }
            return None;
        }
        if let Some((kind, factor)) = words::unit(unit) {
            self.add_measure((kind, number * factor / 1_000));
            return Some(1);
        }
        if let Some((width, height)) = word.split_once('x')
            && let Some(height) = Some(height.trim_end_matches("cm"))
            && let (Ok(width), Ok(height)) = (width.parse::<i64>(), height.parse::<i64>())
        {
            self.add_measure(('f', width * 100_000_000 + height));
            return Some(1 + usize::from(next == Some("cm")));
        }
        match (unit, whole(number)) {
            ("x", Some(count)) => {
                self.multiple = Some(count);
                Some(1)
            }
            ("er" | "pack" | "erpack", Some(count)) => {
                // `3er Pack Name` is three products, `Name 80er Pack` is one with eighty pieces.
                self.take_count(count, self.words.is_empty());
                Some(1 + usize::from(next == Some("pack")))
            }
            _ => None,
        }
    }

    fn add_measure(&mut self, measure: Measure) {
        if !self.measures.contains(&measure) {
            self.measures.push(measure);
        }
    }

    /// Words of letters and digits are models, also where a blank or a hyphen stands between (`WH-820`, `WH 820`).
    fn find_models(&mut self, tokens: &[String]) {
        let mut models: Vec<String> = Vec::new();
        for word in &self.words {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
            if (digits >= 1 && letters >= 1 && word.len() >= 2) || (letters == 0 && digits >= 3) {
                models.push(word.clone());
            }
        }
        for pair in tokens.windows(2) {
            let [first, second] = pair else { continue };
            let letters = (1..=4).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
            let means_else = words::is_empty(first)
                || words::is_fitting(first)
                || words::colour(first).is_some()
                || words::unit(first).is_some();
            if letters && !means_else && self.words.iter().any(|word| word == second) {
                self.joined.push((format!("{first}{second}"), second.clone()));
            }
        }
        self.models = models;
    }
}

fn is_clothes(word: &str) -> bool {
    words::is_letter_size(word) || (word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

fn whole(number: i64) -> Option<u32> {
    (number % 1_000 == 0)
        .then(|| u32::try_from(number / 1_000).ok())
        .flatten()
        .filter(|count| (1..=2_000).contains(count))
}

/// The number a word begins with, in thousandths, and what follows it.
fn split_number(word: &str) -> Option<(i64, &str)> {
    let end = word.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(word.len());
    let (number, unit) = word.split_at(end);
    let number = number.trim_end_matches('.');
    if number.is_empty() || number.len() > 9 {
        return None;
    }
    Some((pricing_domain::parse_scaled(number, 3)?, unit))
}

/// Lower case without accents; German umlauts as they are written without them.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 8);
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' | 'æ' => folded.push_str("ae"),
            'ö' | 'ø' | 'œ' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'á' | 'à' | 'â' | 'ã' | 'å' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'í' | 'ì' | 'î' | 'ï' => folded.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' => folded.push('o'),
            'ú' | 'ù' | 'û' => folded.push('u'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            '×' => folded.push('x'),
            '″' | '"' => folded.push_str(" inch "),
            other => folded.push(other),
        }
    }
    folded
}

/// A code or a brand without anything between its letters.
pub(crate) fn compact(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Words of a folded title; a comma or dot between digits belongs to a number, a hyphen within a model joins it.
fn tokens(folded: &str) -> Vec<String> {
    let letters: Vec<char> = folded.chars().collect();
    let mut tokens = Vec::new();
    let mut word = String::new();
    for (place, letter) in letters.iter().copied().enumerate() {
        let before = place.checked_sub(1).map(|place| letters[place]);
        let after = letters.get(place + 1).copied();
        let digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
        let alphanumeric = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        match letter {
            letter if letter.is_alphanumeric() => word.push(letter),
            '.' | ',' if digit(before) && digit(after) => word.push('.'),
            // `WH-820` is one word, `3er-Pack` and `Kühl-Gefrier` are two.
            '-' | '/' if alphanumeric(before) && digit(after) && !word.is_empty() => {}
            _ => {
                if !word.is_empty() {
                    tokens.push(std::mem::take(&mut word));
                }
            }
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{Item, Title};

    fn read(title: &str) -> Title {
        Title::read(&Item { title: title.to_owned(), ..Item::default() })
    }

    #[test]
    fn sizes_are_the_same_however_they_are_written() {
        for (one, other) in [
            ("Shampoo 250 ml", "Shampoo 0,25 l"),
            ("Coffee 1kg", "Coffee 1000 g"),
            ("SSD 1 TB", "SSD 1000GB"),
            ("TV 55 Zoll", "TV 55\""),
            ("Sheet 140x200 cm", "Sheet 140 x 200 cm"),
        ] {
            assert_eq!(read(one).measures, read(other).measures, "{one}");
            assert!(!read(one).measures.is_empty(), "{one}");
        }
    }

    #[test]
    fn packs_colours_and_sizes_of_clothes_are_read() {
        assert_eq!(read("2 x Kettle").multiple, Some(2));
        assert_eq!(read("3er Pack Socks").multiple, Some(3));
        assert_eq!(read("Tabs 80er Pack").pieces, Some(80));
        assert_eq!(read("Tabs 80 Stück").pieces, Some(80));
        assert_eq!(read("Shirt Größe XL schwarz").clothes.as_deref(), Some("xl"));
        assert_eq!(read("Shirt schwarz").colours, read("Shirt, Black").colours);
    }

    #[test]
    fn models_are_one_word_however_they_are_written() {
        for title in ["Sonoric WH-820 Headphones", "Sonoric WH820", "Kopfhörer Sonoric WH 820"] {
            let (title, other) = (read(title), read("WH820"));
            assert!(title.has_model("wh820", &other), "{title:?}");
            assert!(title.models.iter().all(|model| other.has_model(model, &title)), "{title:?}");
        }
    }

    #[test]
    fn what_is_not_the_product_itself_is_noticed() {
        assert!(read("Kettle - Refurbished").used && read("Kettle B-Ware").used);
        assert!(read("Case for Telora N12").accessory && read("Ersatzakku für Dusty V8").accessory);
        assert!(read("Drill + Carry Bag").bundle && read("Drill inkl. Tasche").bundle);
        let plain = read("Telora N12 Smartphone 128 GB");
        assert!(!plain.used && !plain.accessory && !plain.bundle);
    }
}
