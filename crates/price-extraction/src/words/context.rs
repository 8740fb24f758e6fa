//! The words beside a phrase about stock that turn what it says: a denial some words before it, “soon”, a date from which
//! it holds. And those that add nothing, beside which a phrase is still all that is said.

use std::collections::HashSet;
use std::sync::LazyLock;

/// How many words before a phrase a denial may stand.
const DENIED_WITHIN: usize = 5;
/// What ends the part of a sentence that a word speaks of.
const ENDS: [char; 12] = ['.', ',', ';', '!', '?', ':', '|', '·', '•', '–', '—', '('];

struct Words {
    fillers: HashSet<String>,
    denials: Vec<String>,
    soon: Vec<String>,
    later: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lines = include_str!("../../data/stock_context.tsv").lines().filter_map(|line| line.split_once('\t'));
    let lines: Vec<(&str, &str)> = lines.collect();
    let of = |wanted: &'static str| {
        let own = lines.iter().filter(move |(kind, _)| *kind == wanted);
        own.flat_map(|(_, words)| words.split('|')).map(fold).collect::<Vec<String>>()
    };
    Words { fillers: of("filler").into_iter().collect(), denials: of("denial"), soon: of("soon"), later: of("later") }
});

/// A text in lower case, with plain blanks and apostrophes, and Greek without its accents: capitals are written without.
pub(crate) fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{a0}' | '\u{202f}' => ' ',
        '’' | '‘' | 'ʼ' => '\'',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        other => other,
    };
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.to_lowercase().chars().map(plain).collect()
}

/// Whether all words around a phrase add nothing to it: “Sorry, this item is … right now”.
pub(crate) fn is_all_said(before: &str, after: &str) -> bool {
    let words = before
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .chain(after.split(|c: char| !(c.is_alphanumeric() || c == '\'')));
    words.filter(|word| !word.is_empty()).all(|word| WORDS.fillers.contains(word))
}

/// Whether a denial stands some words before a phrase, in the same part of the sentence.
pub(crate) fn is_denied(before: &str) -> bool {
    let part = before.rsplit(ENDS).next().unwrap_or("");
    let words: Vec<&str> = part.split_whitespace().collect();
    let near = words[words.len().saturating_sub(DENIED_WITHIN)..].join(" ");
    WORDS.denials.iter().any(|denial| holds(&near, denial))
}

/// Whether “soon” stands right before a phrase or right after it.
pub(crate) fn is_soon(before: &str, after: &str) -> bool {
    let before = before.rsplit(ENDS).next().unwrap_or("").trim_end();
    let after = after.trim_start();
    WORDS.soon.iter().any(|soon| {
        let leads = before
            .strip_suffix(soon.as_str())
            .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric) || !soon.is_ascii() && !has_blanks(soon));
        let follows = after.strip_prefix(soon.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        leads || follows
    })
}

/// Whether a day follows a phrase from which it holds: “lieferbar ab 15.12.”, “available from 12 December”.
pub(crate) fn is_from_a_day(after: &str) -> bool {
    let after = after.trim_start();
    WORDS.later.iter().filter_map(|word| after.strip_prefix(word.as_str())).any(|rest| {
        let rest = rest.strip_prefix(' ').unwrap_or("").trim_start();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let next = rest[digits..].trim_start_matches(['.', '/', '-', ' ']);
        let numbered = (1..=2).contains(&digits) && rest.len() > digits;
        // A day and a month; “from 12 €” is none.
        numbered
            && (next.starts_with(|c: char| c.is_ascii_digit()) && !rest[digits..].starts_with(',') || is_month(next))
    })
}

/// Whether a text begins with the name of a month, known by its first letters in the languages of Europe.
fn is_month(text: &str) -> bool {
    const MONTHS: [&str; 40] = [
        "jan", "feb", "fév", "mar", "mär", "maar", "apr", "avr", "abr", "mai", "may", "mei", "maj", "mag", "jun",
        "jui", "giu", "jul", "lug", "aug", "aoû", "ago", "sep", "set", "oct", "okt", "out", "ott", "nov", "dec", "dez",
        "déc", "dic", "gen", "янв", "фев", "мар", "апр", "сен", "дек",
    ];
    MONTHS.iter().any(|month| text.starts_with(month))
}

/// Scripts without blanks run on.
fn has_blanks(word: &str) -> bool {
    word.chars().all(|c| !matches!(c as u32, 0x0E00..=0x0E7F | 0x1100..=0x11FF | 0x3040..=0x9FFF | 0xAC00..=0xD7AF))
}

/// Whether a text holds words as whole ones.
fn holds(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + words.len()..].chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
