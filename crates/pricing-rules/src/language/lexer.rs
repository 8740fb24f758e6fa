//! A text as tokens.

use pricing_domain::CivilDate;

use super::problems::{LanguageProblem, TextRange};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Number(String),
    Day(CivilDate),
    Text(String),
    /// Letters, digits, underscores, and dots between them.
    Word(String),
    Symbol(&'static str),
    End,
}

/// A token with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) range: TextRange,
}

const SYMBOLS: [(&str, &str); 19] = [
    ("<>", "<>"),
    ("!=", "<>"),
    ("≠", "<>"),
    ("<=", "<="),
    (">=", ">="),
    ("≤", "<="),
    ("≥", ">="),
    ("==", "="),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
    ("+", "+"),
    ("-", "-"),
    ("−", "-"),
    ("*", "*"),
    ("×", "*"),
    ("/", "/"),
    ("%", "%"),
    (",", ","),
];

/// Splits a text; the last token is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, LanguageProblem> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(text, at, first)?;
        found.push(Placed { token, range: TextRange::new(at, at + length) });
        at += length;
    }
    found.push(Placed { token: Token::End, range: TextRange::new(text.len(), text.len()) });
    Ok(found)
}

fn token(text: &str, at: usize, first: char) -> Result<(Token, usize), LanguageProblem> {
    let rest = &text[at..];
    if let Some(length) = day_length(rest) {
        let day = rest[..length].parse::<CivilDate>();
        let range = TextRange::new(at, at + length);
        return day
            .map(|day| (Token::Day(day), length))
            .map_err(|_| LanguageProblem::new(range, format!("“{}” is not a day of the calendar", &rest[..length])));
    }
    if first.is_ascii_digit() || first == '.' && rest[1..].starts_with(|next: char| next.is_ascii_digit()) {
        return number(rest, at);
    }
    if is_word_start(first) {
        let length = word_length(rest);
        return Ok((Token::Word(rest[..length].to_owned()), length));
    }
    if let Some(closing) = closing_quote(first) {
        return quoted(rest, at, first, closing);
    }
    if let Some(symbol) = ["(", ")"].into_iter().find(|symbol| rest.starts_with(symbol)) {
        return Ok((Token::Symbol(symbol), symbol.len()));
    }
    let symbol = SYMBOLS.iter().find(|(written, _)| rest.starts_with(written));
    if let Some((written, symbol)) = symbol {
        return Ok((Token::Symbol(symbol), written.len()));
    }
    let problem =
        LanguageProblem::new(TextRange::new(at, at + first.len_utf8()), format!("“{first}” means nothing here"));
    Err(match first {
        ';' => problem.or_write(","),
        '€' | '$' | '£' => LanguageProblem {
            message: "Amounts are in the currency of the price list, without a sign".into(),
            ..problem
        }
        .or_write(""),
        _ => problem,
    })
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), LanguageProblem> {
    let length = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len());
    let digits = &rest[..length];
    if digits.matches('.').count() > 1 {
        let plain = digits.replace('.', "");
        let range = TextRange::new(at, at + length);
        return Err(LanguageProblem::new(range, format!("“{digits}” has more than one dot")).or_write(plain));
    }
    Ok((Token::Number(digits.to_owned()), length))
}

/// A day is four digits, two and two with hyphens and nothing else around them: `2026-11-27`.
fn day_length(rest: &str) -> Option<usize> {
    const LENGTH: usize = 10;
    let bytes = rest.as_bytes();
    let shape = bytes.len() >= LENGTH
        && bytes[..LENGTH].iter().enumerate().all(|(place, byte)| match place {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let ends = !bytes.get(LENGTH).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.');
    (shape && ends).then_some(LENGTH)
}

pub(super) fn is_word_start(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

fn is_word_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn word_length(rest: &str) -> usize {
    let mut letters = rest.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let inside = is_word_part(letter) || letter == '.' && next.is_some_and(is_word_start);
        if !inside {
            return place;
        }
    }
    rest.len()
}

pub(super) const fn closing_quote(first: char) -> Option<char> {
    Some(match first {
        '"' => '"',
        '“' => '”',
        '„' => '“',
        '«' => '»',
        _ => return None,
    })
}

/// Text in quotes; a doubled quote stands for one.
fn quoted(rest: &str, at: usize, first: char, closing: char) -> Result<(Token, usize), LanguageProblem> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        if letter != closing {
            text.push(letter);
        } else if letters.peek().is_some_and(|(_, next)| *next == closing) {
            text.push(closing);
            letters.next();
        } else {
            return Ok((Token::Text(text), place + closing.len_utf8()));
        }
    }
    let range = TextRange::new(at, at + rest.len());
    let message = format!("The text that begins with {first} does not end");
    Err(LanguageProblem::new(range, message).or_write(format!("{}{closing}", rest.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn words_numbers_days_and_texts_are_told_apart() {
        let found: Vec<Token> = tokens("comp.lowest≥1.35 “A \"b” 2026-11-27 -.5%")
            .expect("tokens")
            .into_iter()
            .map(|placed| placed.token)
            .collect();
        assert_eq!(found[0], Token::Word("comp.lowest".into()));
        assert_eq!(found[1..4], [Token::Symbol(">="), Token::Number("1.35".into()), Token::Text("A \"b".into())]);
        assert_eq!(found[4], Token::Day("2026-11-27".parse().expect("a day")));
        assert_eq!(found[5..], [Token::Symbol("-"), Token::Number(".5".into()), Token::Symbol("%"), Token::End]);
    }

    #[test]
    fn what_is_no_token_says_where_and_what_to_write() {
        let problem = tokens("cost > 5€").expect_err("a sign");
        assert_eq!((problem.range.start, problem.range.end), (8, 11));
        let fix = tokens("brand = \"Sony").expect_err("no end").fix.expect("a fix");
        assert_eq!(fix.replacement, "\"Sony\"");
        assert!(tokens("2026-02-30").is_err() && tokens("1.2.3").is_err());
    }
}
