//! A question as words and numbers.

use pricing_domain::parse_scaled;

/// A piece of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// As written.
    pub(crate) text: String,
    /// In lower case, umlauts as two letters.
    pub(crate) folded: String,
    /// Hundredths, where it is a number.
    pub(crate) number: Option<i64>,
    /// Its sign, where one was written before it.
    pub(crate) sign: Option<char>,
}

/// Lower case; ä, ö, ü, ß as two letters; other accents dropped.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'é' | 'è' | 'ê' => folded.push('e'),
            'á' | 'à' | 'â' => folded.push('a'),
            'ó' | 'ò' | 'ô' => folded.push('o'),
            // A combining diaeresis after its vowel.
            '\u{308}' => folded.push('e'),
            letter => folded.push(letter),
        }
    }
    folded
}

/// Splits a question. Words with digits keep their hyphens (an article number), others are split at them.
pub(crate) fn tokens(question: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let question = signs_in_words(question);
    for piece in question.split(|letter: char| letter.is_whitespace() || "?!;:()[]\"„“”»«…*&>|".contains(letter))
    {
        split_piece(piece, &mut found);
    }
    found
}

/// “< 10 %” and “>= 5” in words, where a number follows; elsewhere such a sign is part of a path.
fn signs_in_words(question: &str) -> String {
    let mut written = String::with_capacity(question.len());
    let mut rest = question;
    while let Some(place) = rest.find(['<', '>', '≤', '≥']) {
        let (before, from) = rest.split_at(place);
        let sign = from.chars().next().unwrap_or_default();
        let after = &from[sign.len_utf8()..];
        let (equal, after) = match after.strip_prefix('=') {
            Some(after) => (true, after),
            None => (matches!(sign, '≤' | '≥'), after),
        };
        let counts = after.trim_start().trim_start_matches(['€', '$', '-', '+']).trim_start();
        let words = match (sign, equal) {
            _ if !counts.starts_with(|letter: char| letter.is_ascii_digit()) => " ",
            ('<', false) => " below ",
            ('>', false) => " above ",
            ('<' | '≤', _) => " at most ",
            _ => " at least ",
        };
        written.push_str(before);
        written.push_str(words);
        rest = after;
    }
    written + rest
}

fn split_piece(piece: &str, found: &mut Vec<Token>) {
    let mut rest = piece.trim_matches(|letter: char| ",.'’‘`–—".contains(letter));
    if rest.is_empty() {
        return;
    }
    let mut before = Vec::new();
    let mut after = Vec::new();
    let mut sign = None;
    loop {
        let mut letters = rest.chars();
        match letters.next() {
            Some(letter @ ('-' | '−' | '+' | '±')) => {
                sign = Some(if letter == '−' { '-' } else { letter });
                rest = letters.as_str();
            }
            Some(letter @ ('€' | '$' | '£' | '%')) => {
                before.push(unit(letter));
                rest = letters.as_str();
            }
            _ => break,
        }
    }
    while let Some(letter) = rest.chars().next_back().filter(|letter| "€$£%,.-'’".contains(*letter)) {
        rest = &rest[..rest.len() - letter.len_utf8()];
        if let '€' | '$' | '£' | '%' = letter {
            after.insert(0, unit(letter));
        }
    }
    found.extend(before);
    let has_digit = rest.bytes().any(|byte| byte.is_ascii_digit());
    if has_digit {
        push_with_digits(rest, sign, found);
    } else {
        rest.split(['-', '\'', '’', '/', ',', '.', '_'])
            .filter(|word| !word.is_empty())
            .for_each(|word| push(word, found));
    }
    found.extend(after);
}

fn push_with_digits(rest: &str, sign: Option<char>, found: &mut Vec<Token>) {
    if let Some(number) = number_of(rest) {
        found.push(Token { text: rest.to_owned(), folded: rest.to_owned(), number: Some(number), sign });
        return;
    }
    // “5eur” and “5percent” are a number and its unit.
    let end = rest.find(|letter: char| letter.is_alphabetic()).unwrap_or(rest.len());
    let (digits, word) = rest.split_at(end);
    let folded = fold(word);
    let is_unit = matches!(folded.as_str(), "eur" | "euro" | "euros" | "percent" | "prozent" | "pct" | "pp" | "chf");
    match number_of(digits).filter(|_| is_unit) {
        Some(number) => {
            found.push(Token { text: digits.to_owned(), folded: digits.to_owned(), number: Some(number), sign });
            push(word, found);
        }
        None => push(rest, found),
    }
}

/// Words that are often written in one, without their sign: “whos” is “who’s”.
const IN_ONE: [&str; 6] = ["whos", "hows", "wheres", "thats", "theres", "whys"];

fn push(word: &str, found: &mut Vec<Token>) {
    if IN_ONE.contains(&fold(word).as_str()) {
        let (first, last) = word.split_at(word.len() - 1);
        return [first, last].into_iter().for_each(|part| push(part, found));
    }
    found.push(Token { text: word.to_owned(), folded: fold(word), number: None, sign: None });
}

fn unit(sign: char) -> Token {
    let word = if sign == '%' { "percent" } else { "euro" };
    Token { text: sign.to_string(), folded: word.to_owned(), number: None, sign: None }
}

/// A number in hundredths: `5`, `5.5`, `5,5`, `1.299,00`, `1,299.00`, `1,000`. `None` for anything else, and where more
/// than two decimals would be lost.
fn number_of(text: &str) -> Option<i64> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
        return None;
    }
    let last = text.rfind(['.', ',']);
    let Some(last) = last else { return parse_scaled(text, 2) };
    let (whole, decimals) = (&text[..last], &text[last + 1..]);
    let mixed = whole.contains(['.', ',']);
    // Three digits after the only mark are thousands: nobody writes a percentage or a price with three decimals.
    if decimals.len() == 3 && !mixed {
        return parse_scaled(&text.replace(['.', ','], ""), 2);
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    if whole.is_empty() || decimals.is_empty() || decimals.len() > 2 {
        return mixed.then(|| text.replace(['.', ','], "")).and_then(|text| parse_scaled(&text, 2));
    }
    parse_scaled(&format!("{whole}.{decimals}"), 2)
}

#[cfg(test)]
mod tests {
    use super::{number_of, tokens};

    #[test]
    fn numbers_are_read_exactly_in_both_spellings() {
        for (text, hundredths) in [
            ("5", 500),
            ("5.5", 550),
            ("5,5", 550),
            ("1.299,00", 129_900),
            ("1,299.00", 129_900),
            ("1,000", 100_000),
            ("1.000.000", 100_000_000),
            ("0,05", 5),
        ] {
            assert_eq!(number_of(text), Some(hundredths), "{text}");
        }
        assert_eq!(number_of("NL-1"), None);
    }

    #[test]
    fn signs_of_comparison_are_words_before_numbers_only() {
        let words = |text: &str| tokens(text).into_iter().map(|token| token.folded).collect::<Vec<_>>().join(" ");
        assert_eq!(words("margin > 30 %"), "margin above 30 percent");
        assert_eq!(words("price <=50"), "price at most 50");
        assert_eq!(words("stock ≥ 5, below < € 10"), "stock at least 5 below below euro 10");
        assert_eq!(words("TV & Audio > Headphones"), "tv audio headphones");
    }

    #[test]
    fn signs_and_units_stand_apart_and_article_numbers_stay_whole() {
        let found = tokens("what-if NL-10001 goes -5% or +3 €?");
        let words: Vec<&str> = found.iter().map(|token| token.folded.as_str()).collect();
        assert_eq!(words, ["what", "if", "nl-10001", "goes", "5", "percent", "or", "3", "euro"]);
        assert_eq!((found[4].sign, found[7].sign), (Some('-'), Some('+')));
    }
}
