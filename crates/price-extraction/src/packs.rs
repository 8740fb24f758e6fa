//! How much a page sells: items in the pack and the net content of one item, from the words of a title.

use std::fmt;

use pricing_domain::{ContentUnit, decimal_text, parse_scaled};
use serde::{Deserialize, Serialize};

/// More items than that are no pack.
const MOST_ITEMS: u32 = 5_000;

/// Words for pieces, folded to lower case.
const PIECES: &str = "pcs pc piece pieces count ct pk stück stueck stk pièces pièce pieza piezas uds unidades pezzi pz \
     stuks szt sztuk ks kusů db kpl st stycken styck шт adet buc pads rolls rollen rouleaux sheets blatt bags beutel \
     tabletten tablets kapseln capsules teile";

/// What a title says of the amount that is sold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackSize {
    /// Items in the pack; `None`: the title does not say.
    pub items: Option<u32>,
    /// Net content of one item, a decimal text in `unit`.
    pub content: Option<String>,
    /// The legal unit of the content.
    pub unit: Option<ContentUnit>,
}

impl fmt::Display for PackSize {
    fn fmt(&self, into: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = self.content.as_ref().zip(self.unit).map(|(content, unit)| format!("{content} {unit}"));
        match (self.items, content) {
            (Some(items), Some(content)) => write!(into, "{items} × {content}"),
            (Some(items), None) => write!(into, "{items} pieces"),
            (None, content) => into.write_str(&content.unwrap_or_default()),
        }
    }
}

/// Reads the amount from a title: `6 x 1,5 l`, `500 g`, `80 Stück`, `pack of 12`, `3er-Pack`. Of several contents the first
/// counts. `None` where it says nothing of the kind.
pub fn pack_size(title: &str) -> Option<PackSize> {
    let words = words(title);
    let mut pack = PackSize::default();
    let mut at = 0;
    while at < words.len() {
        at += read_at(&words, at, &mut pack);
    }
    (pack != PackSize::default()).then_some(pack)
}

/// Numbers and runs of letters apart, in lower case: `6x1,5l` is `6`, `x`, `1,5`, `l`. Other signs stand alone.
fn words(title: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut kind = None;
    let letters: Vec<char> = title.chars().flat_map(char::to_lowercase).take(500).collect();
    for (index, letter) in letters.iter().copied().enumerate() {
        let inside = matches!(letter, '.' | ',') && kind == Some('0');
        let inside = inside && letters.get(index + 1).is_some_and(char::is_ascii_digit);
        let now = match letter {
            '0'..='9' => Some('0'),
            _ if inside => Some('0'),
            _ if letter.is_alphabetic() || letter == '²' => Some('a'),
            _ => None,
        };
        match now {
            Some(_) if now == kind => words.last_mut().expect("a run is open").push(letter),
            Some(_) => words.push(letter.into()),
            None if letter.is_whitespace() || letter == '-' => {}
            None => words.push(letter.into()),
        }
        kind = now;
    }
    words
}

/// Takes what begins at a word; returns how many words that was.
fn read_at(words: &[String], at: usize, pack: &mut PackSize) -> usize {
    let word = |offset: usize| words.get(at + offset).map_or("", String::as_str);
    if matches!(word(0), "pack" | "set" | "lot" | "case" | "box")
        && matches!(word(1), "of" | "von" | "de")
        && let Some(items) = whole(word(2))
    {
        pack.items.get_or_insert(items);
        return 3;
    }
    if !word(0).starts_with(|letter: char| letter.is_ascii_digit()) {
        return 1;
    }
    let times = matches!(word(1), "x" | "×" | "*");
    if times && let (Some(items), Some((content, unit))) = (whole(word(0)), content(word(2), word(3))) {
        take_content(pack, content, unit);
        pack.items.get_or_insert(items);
        return 4;
    }
    if times
        && let (Some(packs), Some(items)) = (whole(word(0)), whole(word(2)))
        && is_piece(word(3))
    {
        pack.items.get_or_insert(packs.saturating_mul(items));
        return 4;
    }
    if let Some((content, unit)) = content(word(0), word(1)) {
        take_content(pack, content, unit);
        if matches!(word(2), "x" | "×" | "*")
            && let Some(items) = whole(word(3))
        {
            pack.items.get_or_insert(items);
            return 4;
        }
        return 2;
    }
    let counted = is_piece(word(1)) || word(1) == "pack" || matches!((word(1), word(2)), ("er", "pack" | "set"));
    if counted && let Some(items) = whole(word(0)) {
        pack.items.get_or_insert(items);
        return 2;
    }
    1
}

fn is_piece(word: &str) -> bool {
    PIECES.split(' ').any(|piece| piece == word)
}

fn take_content(pack: &mut PackSize, micro: i64, unit: ContentUnit) {
    if pack.content.is_none() {
        pack.content = Some(decimal_text(micro, 6, 0));
        pack.unit = Some(unit);
    }
}

fn whole(word: &str) -> Option<u32> {
    word.parse().ok().filter(|items| (2..=MOST_ITEMS).contains(items))
}

/// A number and its unit as 10⁻⁶ of the legal unit. Units of the United States are rounded to that.
fn content(number: &str, unit: &str) -> Option<(i64, ContentUnit)> {
    // How many of the legal unit one is, times 10⁹.
    let (unit, billionths) = match unit {
        "kg" | "kilo" | "кг" => (ContentUnit::Kilogram, 1_000_000_000),
        "g" | "gr" | "gramm" | "grams" | "г" => (ContentUnit::Kilogram, 1_000_000),
        "mg" => (ContentUnit::Kilogram, 1_000),
        "oz" => (ContentUnit::Kilogram, 28_349_523),
        "lb" | "lbs" => (ContentUnit::Kilogram, 453_592_370),
        "l" | "liter" | "litre" | "litres" | "liters" | "ltr" | "lt" | "л" => (ContentUnit::Litre, 1_000_000_000),
        "dl" => (ContentUnit::Litre, 100_000_000),
        "cl" => (ContentUnit::Litre, 10_000_000),
        "ml" | "мл" => (ContentUnit::Litre, 1_000_000),
        "m²" | "qm" | "sqm" => (ContentUnit::SquareMetre, 1_000_000_000),
        _ => return None,
    };
    let millionths = parse_scaled(&plain(number, billionths < 100_000_000)?, 6)?;
    let micro = i128::from(millionths) * billionths / 1_000_000_000;
    i64::try_from(micro).ok().filter(|micro| *micro > 0).map(|micro| (micro, unit))
}

/// A number with a decimal point. Three digits behind one separator are a group where the unit is a small one (`1.000 g`).
fn plain(number: &str, small_unit: bool) -> Option<String> {
    let grouped = |whole: &str, last: &str| small_unit && last.len() == 3 && whole != "0";
    match number.matches(['.', ',']).count() {
        0 => Some(number.to_owned()),
        1 => {
            let (whole, last) = number.split_once(['.', ','])?;
            Some(if grouped(whole, last) { format!("{whole}{last}") } else { format!("{whole}.{last}") })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::pack_size;

    #[test]
    fn titles_say_how_much_is_sold() {
        let cases = [
            ("Mineralwasser 6 x 1,5 l PET", "6 × 1.5 l"),
            ("Cola 24x0,33L", "24 × 0.33 l"),
            ("Olive Oil 750ml", "0.75 l"),
            ("Wein 0,75l x 6", "6 × 0.75 l"),
            ("Kaffee ganze Bohne 1.000 g", "1 kg"),
            ("Flour 1.500 kg", "1.5 kg"),
            ("Müsli 500 g", "0.5 kg"),
            ("Chips 6 oz", "0.170097 kg"),
            ("Spülmaschinentabs 80 Stück", "80 pieces"),
            ("Batteries AA, pack of 12", "12 pieces"),
            ("Socken 3er-Pack schwarz", "3 pieces"),
            ("Ibuprofen 400 mg 20 Tabletten", "20 × 0.0004 kg"),
            ("Laminat Eiche 2,22 m²", "2.22 m2"),
            ("Windeln 2 x 40 Stück", "80 pieces"),
        ];
        for (title, said) in cases {
            assert_eq!(pack_size(title).map(|pack| pack.to_string()).as_deref(), Some(said), "{title}");
        }
    }

    #[test]
    fn other_numbers_are_no_amount() {
        for title in
            ["iPhone 15 Pro 256 GB", "TV 55 Zoll", "Size 42 x", "Kabel 2 m", "1 Stück", "", "3,14,15 g", "9999999 pcs"]
        {
            assert_eq!(pack_size(title), None, "{title}");
        }
    }
}
