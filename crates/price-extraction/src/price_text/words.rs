//! The words beside a number that tell what it is: the old price, a saving, a price per unit, an instalment.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::conditions::is_points;
use crate::currencies::named;
use crate::visible::labels::{names_price, speaks_of_tax};

/// What a number in a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Said to be the price now.
    Now,
    /// Nothing said.
    Plain,
    /// The lowest of several.
    From,
    /// For members, with a coupon, without tax.
    Member,
    /// The price before.
    Was,
    /// For a unit of weight, volume or length.
    Unit,
    /// For several pieces together.
    Bundle,
    /// One of several payments.
    Instalment,
    /// Delivery, fees.
    Shipping,
    /// An amount to be reached.
    Threshold,
    /// What is saved.
    Saving,
}

const ROLES: [(&str, Role); 9] = [
    ("now", Role::Now),
    ("from", Role::From),
    ("member", Role::Member),
    ("was", Role::Was),
    ("unit", Role::Unit),
    ("instalment", Role::Instalment),
    ("shipping", Role::Shipping),
    ("threshold", Role::Threshold),
    ("saving", Role::Saving),
];

struct Side {
    words: AhoCorasick,
    roles: Vec<Role>,
    lengths: Vec<usize>,
    /// The word is about the amount before it only where no number follows: “5 € sparen”, but “sparen 5 €”.
    only_last: Vec<bool>,
}

impl Side {
    fn load(wanted: &str) -> Self {
        let (mut phrases, mut roles, mut lengths, mut only_last) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for line in include_str!("../../data/price_words.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (role, side) = (columns.next().unwrap_or(""), columns.next().unwrap_or(""));
            let role = ROLES.iter().find(|(name, _)| *name == role).map(|(_, role)| *role).expect("a known role");
            let is_last = side == "last" && wanted == "after";
            for phrase in columns.next().unwrap_or("").split('|').filter(|_| side == wanted || is_last) {
                lengths.push(if phrase.is_ascii() { phrase.len() } else { phrase.len().div_ceil(2) + 1 });
                phrases.push(phrase);
                roles.push(role);
                only_last.push(is_last);
            }
        }
        let words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&phrases);
        Self { words: words.expect("the list of words is small"), roles, lengths, only_last }
    }
}

static BEFORE: LazyLock<Side> = LazyLock::new(|| Side::load("before"));
static AFTER: LazyLock<Side> = LazyLock::new(|| Side::load("after"));
static UNITS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../../data/units.txt").split_whitespace().collect());

/// The role told by the words before a number. Short words count only directly before it.
pub(crate) fn role_before(text: &str) -> Option<Role> {
    if text.is_empty() {
        return None;
    }
    let lower = text.to_lowercase();
    let end = lower
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '*' | '(' | '-' | '–' | '~' | '='))
        .len();
    let found = BEFORE.words.find_iter(&lower).filter(|hit| whole_word(&lower, hit.start(), hit.end()));
    let near =
        found.filter(|hit| hit.end() >= end || BEFORE.lengths[hit.pattern()] >= 4 && lower.len() - hit.end() < 24);
    let said: Vec<Role> = near.map(|hit| BEFORE.roles[hit.pattern()]).collect();
    // “Shipping from 5 €” speaks of shipping.
    let sharper = |role: &&Role| matches!(role, Role::Shipping | Role::Instalment | Role::Unit | Role::Threshold);
    match said.last() {
        Some(Role::From) => said.iter().rev().find(sharper).or(said.last()).copied(),
        last => last.copied(),
    }
}

/// The role told by the words after a number that begin in the first `own` bytes: what follows those belongs to another
/// number. `is_last`: none follows.
pub(crate) fn role_after(text: &str, own: usize, is_last: bool) -> Option<Role> {
    const REACH: usize = 12;
    let lower = text.to_lowercase();
    let mut found = AFTER.words.find_iter(&lower).filter(|hit| whole_word(&lower, hit.start(), hit.end()));
    found
        .find(|hit| hit.start() < own.min(REACH) && (is_last || !AFTER.only_last[hit.pattern()]))
        .map(|hit| AFTER.roles[hit.pattern()])
}

/// Whether the words after an amount make it one for a measure of something: `/100 g`, `per 100g`, `je 1 Liter`.
pub(crate) fn is_rate(after: &str) -> bool {
    const LEADING: [&str; 24] = [
        "/",
        "per",
        "pro",
        "je",
        "jede",
        "par",
        "por",
        "par",
        "pour",
        "al",
        "alle",
        "za",
        "za každý",
        "за",
        "cada",
        "pr",
        "pr.",
        "för",
        "à",
        "na",
        "para",
        "için",
        "ár",
        "각",
    ];
    const AMOUNTS: [&str; 14] =
        ["", "1", "10", "100", "1000", "1.000", "1 000", "1,000", "0,1", "0.1", "0,5", "0.5", "50", "1,0"];
    const MEASURES: [&str; 40] = [
        "g",
        "gr",
        "gr.",
        "gram",
        "grams",
        "gramm",
        "grammes",
        "gramos",
        "grammi",
        "gramů",
        "г",
        "гр",
        "kg",
        "кг",
        "kilo",
        "kilogramm",
        "mg",
        "ml",
        "мл",
        "cl",
        "dl",
        "l",
        "л",
        "lt",
        "liter",
        "litre",
        "litro",
        "litr",
        "litru",
        "litrů",
        "m",
        "м",
        "cm",
        "m²",
        "m2",
        "м²",
        "oz",
        "lb",
        "fl oz",
        "fl. oz",
    ];
    // What leads begins with one of these.
    const FIRST: [char; 12] = ['/', 'p', 'j', 'a', 'z', 'з', 'c', 'f', 'à', 'n', 'i', 'á'];
    let first = after.chars().find(|c| !(c.is_whitespace() || matches!(c, '(' | '*')));
    if !first.is_some_and(|first| first == '각' || first.to_lowercase().next().is_some_and(|c| FIRST.contains(&c))) {
        return false;
    }
    let lower = after.trim_start().to_lowercase();
    let lower = lower.trim_start_matches(['(', '*']).trim_start();
    LEADING.iter().filter_map(|word| lower.strip_prefix(word)).any(|rest| {
        let measured = rest.trim_start();
        let digits = measured.find(|c: char| c.is_alphabetic()).unwrap_or(measured.len());
        let (amount, unit) = measured.split_at(digits);
        let unit = unit.split([')', ',', ';', '*', '/', '(']).next().unwrap_or("");
        let mut words = unit.split_whitespace();
        let unit = words.next().unwrap_or("");
        let is_measure = MEASURES.contains(&unit) || unit.starts_with("fl") && words.next() == Some("oz");
        // “für” and “par” are words; without a blank or a digit after them they are the beginning of another.
        let stands_apart = rest.len() != measured.len() || !amount.is_empty() || lower.starts_with('/');
        stands_apart && is_measure && AMOUNTS.contains(&amount.trim())
    })
}

/// Whether the words after an amount that tell its role are half of the text.
pub(crate) fn is_mostly_said(lower: &str) -> bool {
    AFTER.words.find_iter(lower).any(|hit| whole_word(lower, hit.start(), hit.end()) && hit.len() * 2 >= lower.len())
}

/// Whether a text is nothing but a label: words that tell a role, with at most a little around them.
pub(crate) fn is_label(text: &str) -> bool {
    let lower = text.trim().trim_end_matches([':', '*', ' ', '.']).to_lowercase();
    BEFORE.words.find_iter(&lower).any(|hit| hit.end() == lower.len() && hit.len() * 3 >= lower.len() * 2)
}

/// Whether a word stands right before a number that leads to no price, as the name of a product does.
pub(crate) fn ends_in_name(before: &str) -> bool {
    const LEADING: [&str; 62] = [
        "only",
        "just",
        "is",
        "for",
        "at",
        "a",
        "total",
        "sum",
        "nur",
        "ist",
        "kostet",
        "für",
        "zu",
        "um",
        "gesamt",
        "summe",
        "seulement",
        "est",
        "coûte",
        "pour",
        "à",
        "solo",
        "sólo",
        "es",
        "cuesta",
        "son",
        "è",
        "costa",
        "per",
        "kost",
        "voor",
        "totaal",
        "tylko",
        "kosztuje",
        "za",
        "suma",
        "razem",
        "pouze",
        "jen",
        "iba",
        "len",
        "stojí",
        "celkem",
        "csak",
        "összesen",
        "doar",
        "numai",
        "только",
        "всего",
        "стоит",
        "за",
        "итого",
        "лише",
        "тільки",
        "само",
        "endast",
        "bara",
        "bare",
        "kun",
        "vain",
        "til",
        "till",
    ];
    let word = before.strip_suffix(' ').and_then(|before| before.split_whitespace().next_back()).unwrap_or("");
    let lower = word.to_lowercase();
    let is_word = lower.chars().all(char::is_alphanumeric) && lower.chars().next_back().is_some_and(is_word_letter);
    is_word
        && !LEADING.contains(&lower.as_str())
        && named(word).is_empty()
        && !names_price(before)
        && !speaks_of_tax(&lower)
        && role_before(before).is_none()
}

/// Whether what stands between a small number and a price makes the price one for so many pieces: `3 for £5`.
pub(crate) fn is_for_several(between: &str) -> bool {
    const WORDS: [&str; 15] =
        ["for", "für", "pour", "por", "per", "voor", "za", "за", "för", "til", "till", "dla", "pentru", "για", "için"];
    WORDS.contains(&between.trim().to_lowercase().as_str())
}

/// Whether what stands between a small number and a price makes the price one of so many payments: `12x R$ 99,90`.
pub(crate) fn is_times(between: &str) -> bool {
    const WORDS: [&str; 14] = [
        "x",
        "×",
        "x de",
        "× de",
        "x à",
        "vezes de",
        "vezes",
        "fois",
        "cuotas de",
        "meses de",
        "mal",
        "rat po",
        "splátek po",
        "payments of",
    ];
    WORDS.contains(&between.trim().to_lowercase().as_str())
}

/// The power of ten that a word after a number stands for (`1.5 lakh`, `50rb`, `1.2万`), with the length of the word in
/// characters. `touches`: nothing stands between.
pub(crate) fn multiplier(after: &[char], touches: bool) -> Option<(u8, usize)> {
    const WORDS: [(&str, u8); 30] = [
        ("juta", 6),
        ("jt", 6),
        ("ribu", 3),
        ("rb", 3),
        ("lakhs", 5),
        ("lakh", 5),
        ("lacs", 5),
        ("lac", 5),
        ("crores", 7),
        ("crore", 7),
        ("cr", 7),
        ("тыс", 3),
        ("тис", 3),
        ("tys", 3),
        ("tis", 3),
        ("млн", 6),
        ("mln", 6),
        ("mio", 6),
        ("million", 6),
        ("millions", 6),
        ("mil", 3),
        ("万", 4),
        ("萬", 4),
        ("만", 4),
        ("億", 8),
        ("亿", 8),
        ("억", 8),
        ("ล้าน", 6),
        ("triệu", 6),
        ("nghìn", 3),
    ];
    let starts = |word: &str| {
        let mut rest = after.iter();
        let same = word.chars().all(|one| rest.next().is_some_and(|other| other.to_lowercase().eq([one])));
        let ends = || {
            !word.chars().next_back().is_some_and(is_word_letter)
                || !rest.as_slice().first().is_some_and(|next| is_word_letter(*next))
        };
        (same && ends()).then(|| after.len() - rest.as_slice().len())
    };
    let thousand =
        touches && matches!(after.first(), Some('k' | 'K')) && !after.get(1).is_some_and(|c| c.is_alphanumeric());
    if thousand {
        return Some((3, 1));
    }
    let is_letter = after.first().is_some_and(|first| first.is_alphabetic());
    is_letter.then(|| WORDS.iter().find_map(|(word, power)| Some((*power, starts(word)?)))).flatten()
}

/// Whether a word names the hundredth part of a currency: `12 zł 50 gr`.
pub(crate) fn is_minor_unit(word: &str) -> bool {
    const WORDS: [&str; 30] = [
        "p",
        "gr",
        "groszy",
        "grosze",
        "hal",
        "hal.",
        "haléřů",
        "halierov",
        "коп",
        "коп.",
        "копеек",
        "копійок",
        "ст",
        "стотинки",
        "öre",
        "øre",
        "ct",
        "cts",
        "cent",
        "cents",
        "c",
        "centimes",
        "céntimos",
        "cêntimos",
        "centavos",
        "centesimi",
        "bani",
        "lipa",
        "kuruş",
        "¢",
    ];
    WORDS.contains(&word.to_lowercase().as_str())
}

/// Whether a word after a bare number makes it a measure or a count.
pub(crate) fn is_unit(word: &str) -> bool {
    let lower = word.to_lowercase();
    UNITS.contains(lower.as_str()) || is_points(&lower)
}

/// Whether a text says that the thing costs nothing.
pub(crate) fn says_free(text: &str) -> bool {
    const WORDS: [&str; 36] = [
        "free",
        "gratis",
        "kostenlos",
        "gratuit",
        "gratuita",
        "gratuito",
        "grátis",
        "zdarma",
        "zadarmo",
        "darmowe",
        "darmowy",
        "darmowa",
        "za darmo",
        "bezpłatnie",
        "ingyenes",
        "бесплатно",
        "безкоштовно",
        "безплатно",
        "ilmainen",
        "maksuta",
        "tasuta",
        "bez maksas",
        "nemokamai",
        "besplatno",
        "brezplačno",
        "δωρεάν",
        "ücretsiz",
        "無料",
        "免费",
        "免費",
        "무료",
        "ฟรี",
        "miễn phí",
        "مجاني",
        "رایگان",
        "חינם",
    ];
    let word = text.trim().trim_end_matches(['!', '.']).to_lowercase();
    WORDS.contains(&word.as_str())
}

/// Whether the bytes from `start` to `end` are not a part of a longer word.
pub(crate) fn whole_word(text: &str, start: usize, end: usize) -> bool {
    let inner = |c: Option<char>| c.is_some_and(is_word_letter);
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    !(inner(text[start..end].chars().next()) && inner(before)
        || inner(text[start..end].chars().next_back()) && inner(after))
}

/// A letter of a script that sets words apart with blanks.
fn is_word_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c as u32, 0x0E00..=0x0E7F | 0x1100..=0x11FF | 0x3040..=0x9FFF | 0xAC00..=0xD7AF)
}

#[cfg(test)]
mod tests {
    use super::{Role, is_unit, role_after, role_before};

    #[test]
    fn words_beside_a_number_tell_its_role() {
        assert_eq!(role_before("Buy Now - 2 Litre Was "), Some(Role::Was));
        assert_eq!(role_before("Sie sparen "), Some(Role::Saving));
        assert_eq!(role_before("Beginning at   "), Some(Role::From));
        assert_eq!(role_before("Versandkosten Inland ab "), Some(Role::Shipping));
        assert_eq!(role_before("banana "), None);
        assert_eq!(role_after(" / kg", 5, true), Some(Role::Unit));
        assert_eq!(role_after(" / Each", 7, true), None);
        assert_eq!(role_after("/month for 12 months", 20, true), Some(Role::Instalment));
        assert!(is_unit("ml") && !is_unit("eur"));
    }
}
