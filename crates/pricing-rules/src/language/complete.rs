//! What could be written at the cursor.

use serde::{Deserialize, Serialize};

use super::lexer::{Token, closing_quote, tokens};
use super::names::{
    ATTRIBUTE, EnumField, FUNCTIONS, Meaning, NAMES, TextField, attribute_text, find_name, named_attribute,
};
use super::print::quoted;
use super::problems::TextRange;

/// What kind of thing is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionKind {
    /// A field.
    Name,
    /// A function; its bracket is opened.
    Function,
    /// A word of the language.
    Word,
    /// One of the words that a field may be.
    Choice,
    /// A word of the catalogue itself.
    Value,
}

/// Something that could be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What it replaces: the word before the cursor, as far as it is written.
    pub range: TextRange,
    /// What to write.
    pub insert: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A line of help.
    pub help: String,
}

/// The value of a text field that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueWish {
    /// What the field is.
    pub field: TextField,
    /// What to replace: everything behind the opening quote up to the cursor, or the whole `attribute.na`.
    pub range: TextRange,
    /// What is written so far.
    pub written: String,
    /// Of a free attribute's value: the attribute's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
}

const WORDS: [(&str, &str); 10] = [
    ("and", "both hold"),
    ("or", "one of both holds"),
    ("not", "does not hold"),
    ("in", "one of several: brand in (\"A\", \"B\")"),
    ("within", "in a category or below it"),
    ("contains", "a part of a text"),
    ("starts with", "the beginning of a text"),
    ("ends with", "the end of a text"),
    ("of", "a percentage of an amount"),
    ("days since", "days from a day to today"),
];

/// What could be written at a place (in bytes), the likeliest first. Inside quotes nothing is offered: see
/// [`value_wish`].
pub fn complete(text: &str, cursor: usize) -> Vec<Completion> {
    let before = &text[..floor_boundary(text, cursor)];
    if open_quote(before).is_some() {
        return Vec::new();
    }
    let start = word_start(before);
    let written = before[start..].to_lowercase();
    let range = TextRange::new(start, before.len());
    let offer = |insert: String, kind, help: &str| Completion { range, insert, kind, help: help.to_owned() };
    if let Some(field) = choice_before(&before[..start]) {
        let words = field.words().into_iter().filter(|word| word.starts_with(&written));
        return words.map(|word| offer(word.to_owned(), CompletionKind::Choice, field.name())).collect();
    }
    let names = NAMES.iter().map(|name| offer(name.name.to_owned(), CompletionKind::Name, name.help));
    let functions = FUNCTIONS.iter().map(|one| {
        offer(format!("{}(", one.name), CompletionKind::Function, &format!("({}): {}", one.arguments, one.help))
    });
    let words = WORDS.iter().map(|(word, help)| offer((*word).to_owned(), CompletionKind::Word, help));
    let mut found: Vec<(u8, Completion)> = names
        .chain(functions)
        .chain(words)
        .filter_map(|one| rank(&one.insert, &written).map(|rank| (rank, one)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, one)| one).collect()
}

/// How well a word fits what is written: its beginning, the beginning of a part of it, or a place inside.
fn rank(word: &str, written: &str) -> Option<u8> {
    if word.starts_with(written) {
        Some(0)
    } else if word.split(['.', '_']).any(|part| part.starts_with(written)) {
        Some(1)
    } else {
        (written.len() > 1 && word.contains(written)).then_some(2)
    }
}

/// The value that is being written in quotes at the cursor, with its field, so that the catalogue's own words can be
/// offered: see [`value_completions`]. Without quotes the name of a free attribute is wished for: `attribute.na`.
pub fn value_wish(text: &str, cursor: usize) -> Option<ValueWish> {
    let before = &text[..floor_boundary(text, cursor)];
    let Some(quote) = open_quote(before) else {
        let start = word_start(before);
        let (called, written) = before[start..].split_once('.')?;
        let range = TextRange::new(start, before.len());
        return called.eq_ignore_ascii_case(ATTRIBUTE).then(|| ValueWish {
            field: TextField::AttributeName,
            range,
            written: written.to_owned(),
            attribute: None,
        });
    };
    let opening = before[quote..].chars().next()?;
    let start = quote + opening.len_utf8();
    let (field, attribute) = text_field_before(&before[..quote])?;
    let range = TextRange::new(start, before.len());
    Some(ValueWish { field, range, written: before[start..].to_owned(), attribute })
}

/// What could be written for a wish, given the catalogue's own words for it.
pub fn value_completions(text: &str, wish: &ValueWish, values: &[String]) -> Vec<Completion> {
    let before = text.get(..wish.range.start).unwrap_or_default();
    let opening = before.chars().next_back().filter(|letter| closing_quote(*letter).is_some());
    // A name without quotes stands by itself; what is in quotes replaces them too, so that it ends with one.
    let is_in_quotes = opening.is_some() && open_quote(before).is_some();
    let start = if is_in_quotes { wish.range.start - opening.map_or(0, char::len_utf8) } else { wish.range.start };
    let range = TextRange::new(start, wish.range.end);
    let offer = |value: &String| {
        let insert = if is_in_quotes { quoted(value) } else { attribute_text(value) };
        let help = wish.attribute.clone().unwrap_or_else(|| wish.field.name().to_owned());
        Completion { range, insert, kind: CompletionKind::Value, help }
    };
    values.iter().map(offer).collect()
}

fn floor_boundary(text: &str, cursor: usize) -> usize {
    (0..=cursor.min(text.len())).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0)
}

/// Where a quote was opened that is not closed before the end.
fn open_quote(text: &str) -> Option<usize> {
    let mut open: Option<(usize, char)> = None;
    for (place, letter) in text.char_indices() {
        match open {
            Some((_, closing)) if letter == closing => open = None,
            Some(_) => {}
            None => open = closing_quote(letter).map(|closing| (place, closing)),
        }
    }
    open.map(|(place, _)| place)
}

fn word_start(before: &str) -> usize {
    let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
    before.char_indices().rev().take_while(|(_, letter)| part(*letter)).last().map_or(before.len(), |(place, _)| place)
}

/// The word that the last comparison of a text is about, when nothing but its list stands behind it.
fn compared_word(before: &str) -> Option<String> {
    let tokens = tokens(before).ok()?;
    let mut tokens = tokens.into_iter().rev().map(|placed| placed.token).filter(|token| *token != Token::End);
    let (mut is_compared, mut after_comma) = (false, false);
    loop {
        match tokens.next()? {
            Token::Symbol(",") if !is_compared => after_comma = true,
            Token::Symbol("(") if !is_compared => after_comma = false,
            // An option in the middle of its list: `role in (kvi, `.
            Token::Word(_) | Token::Text(_) if after_comma && !is_compared => after_comma = false,
            Token::Symbol("=" | "<>") => is_compared = true,
            Token::Word(word) if COMPARING.iter().any(|one| word.eq_ignore_ascii_case(one)) => is_compared = true,
            Token::Word(word) if is_compared => return Some(word),
            // `attribute("colour family") = `
            Token::Symbol(")") if is_compared => {
                let (name, opened, call) = (tokens.next()?, tokens.next()?, tokens.next()?);
                let (Token::Text(name), Token::Symbol("("), Token::Word(call)) = (name, opened, call) else {
                    return None;
                };
                return call.eq_ignore_ascii_case(ATTRIBUTE).then(|| format!("{ATTRIBUTE}.{name}"));
            }
            _ => return None,
        }
    }
}

/// Words that stand between a field and what it is compared with.
const COMPARING: [&str; 8] = ["in", "is", "not", "within", "contains", "with", "starts", "ends"];

fn choice_before(before: &str) -> Option<EnumField> {
    match find_name(&compared_word(before)?)?.meaning {
        Meaning::Enum(field) => Some(field),
        _ => None,
    }
}

/// The field whose value comes next; of a free attribute its name too.
fn text_field_before(before: &str) -> Option<(TextField, Option<String>)> {
    let word = compared_word(before);
    let called = || {
        let tokens = tokens(before).ok()?;
        let call = tokens.windows(2).rev().find_map(|pair| match (&pair[0].token, &pair[1].token) {
            (Token::Word(word), Token::Symbol("(")) => Some(word.to_lowercase()),
            _ => None,
        })?;
        Some(match call.as_str() {
            "comp" | "comp.weighted" => TextField::Competitor,
            "price_in" => TextField::PriceList,
            "price_of" => TextField::Sku,
            ATTRIBUTE => TextField::AttributeName,
            _ => return None,
        })
    };
    if let Some(name) = word.as_deref().and_then(named_attribute) {
        return Some((TextField::Attribute, Some(name)));
    }
    match word.as_deref().and_then(find_name).map(|name| &name.meaning) {
        Some(Meaning::Text(field)) => Some((*field, None)),
        _ => called().map(|field| (field, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::{CompletionKind, TextField, complete, value_completions, value_wish};

    fn words(text: &str) -> Vec<String> {
        complete(text, text.len()).into_iter().map(|one| one.insert).collect()
    }

    #[test]
    fn names_and_functions_are_offered_by_their_beginning_first() {
        let found = words("stock > 5 and co");
        assert_eq!(found[..3], ["cost", "comp.lowest", "comp.second"]);
        assert!(found.contains(&"comp(".to_owned()) && found.contains(&"contains".to_owned()));
        assert_eq!(words("low")[0], "comp.lowest");
        let whole = complete("min(comp.lo, 5)", 11);
        assert_eq!((whole[0].range.start, whole[0].range.end), (4, 11));
    }

    #[test]
    fn choices_are_offered_where_a_choice_is_compared() {
        assert_eq!(words("role = "), ["kvi", "traffic", "profit", "tail"]);
        assert_eq!(words("kvi and lifecycle in (new, ph"), ["phase_out"]);
        assert!(complete("role = kvi and ", 15).iter().any(|one| one.kind == CompletionKind::Function));
    }

    #[test]
    fn inside_quotes_the_field_is_told() {
        let wish = |text: &str| value_wish(text, text.len()).map(|wish| (wish.field, wish.written));
        assert_eq!(wish("brand in (\"Sony\", \"Bo"), Some((TextField::Brand, "Bo".into())));
        assert_eq!(wish("category within \"TV"), Some((TextField::Category, "TV".into())));
        assert_eq!(wish("first(comp(\"Ele"), Some((TextField::Competitor, "Ele".into())));
        assert_eq!(wish("brand = \"Sony\" "), None);
        assert_eq!(wish("attribute(\"col"), Some((TextField::AttributeName, "col".into())));
        for text in ["attribute.colour_family = \"re", "attribute(\"Colour family\") in (\"blue\", \"re"] {
            let wish = value_wish(text, text.len()).expect("a wish");
            assert_eq!((wish.field, wish.written.as_str()), (TextField::Attribute, "re"), "{text}");
            assert_eq!(wish.attribute.as_deref(), Some("colour family"), "{text}");
        }
        assert!(complete("brand = \"So", 11).is_empty());
    }

    #[test]
    fn the_catalogues_own_words_end_what_is_written() {
        let written = |text: &str, value: &str| {
            let wish = value_wish(text, text.len()).expect("a wish");
            let found = value_completions(text, &wish, &[value.to_owned()]).remove(0);
            format!("{}{}", &text[..found.range.start], found.insert)
        };
        assert_eq!(written("brand = \"So", "Sony"), "brand = \"Sony\"");
        assert_eq!(written("brand = „So", "17\" Sony"), "brand = \"17\"\" Sony\"");
        assert_eq!(written("attribute.material in (\"st", "Steel"), "attribute.material in (\"Steel\"");
        assert_eq!(written("kvi and attribute.ma", "material"), "kvi and attribute.material");
        assert_eq!(written("attribute.", "colour family"), "attribute.colour_family");
        assert_eq!(written("attribute.ip", "ip-rating"), "attribute(\"ip-rating\")");
        assert_eq!(written("attribute(\"ip", "ip-rating"), "attribute(\"ip-rating\"");
        assert_eq!(value_wish("comp.lo", 7), None);
    }
}
