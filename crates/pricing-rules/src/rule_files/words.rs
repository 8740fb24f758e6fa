//! A line of a file as words: numbers, texts in quotes, and the rest of the line as it stands.

use pricing_domain::{BasisPoints, decimal_text, parse_scaled};

/// The rest of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    rest: &'a str,
}

/// The statements that stand once and were read: a second one would overwrite the first without a word.
#[derive(Debug, Default)]
pub(super) struct Once(Vec<String>);

impl Once {
    /// Notes a statement. Errors: it stands for the second time.
    pub(super) fn note(&mut self, what: &str) -> Result<(), String> {
        if self.0.iter().any(|known| known == what) {
            return Err(format!("“{what}” is stated a second time here, and only one can hold"));
        }
        self.0.push(what.to_owned());
        Ok(())
    }
}

impl<'a> Words<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self { rest: line.trim() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether a text in quotes is next.
    pub(super) fn is_text(&self) -> bool {
        self.rest.starts_with('"')
    }

    /// Everything that is left.
    pub(super) fn take_rest(&mut self) -> &'a str {
        std::mem::take(&mut self.rest)
    }

    fn advance(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest.trim_start();
        taken
    }

    /// Takes a word when it is next.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let is_next = self.rest.strip_prefix(word).is_some_and(|after| {
            let inside_word = |letter: char| letter.is_alphanumeric() || letter == '_';
            !(word.ends_with(inside_word) && after.starts_with(inside_word))
        });
        if is_next {
            self.advance(word.len());
        }
        is_next
    }

    /// Takes a word of letters, digits, hyphens, colons and dots.
    pub(super) fn word(&mut self) -> &'a str {
        let end = self.rest.find(|letter: char| letter.is_whitespace() || letter == ',').unwrap_or(self.rest.len());
        self.advance(end)
    }

    /// Text in quotes, a doubled quote standing for one.
    pub(super) fn text(&mut self) -> Result<String, String> {
        let wrong = || format!("Text in quotes is needed before “{}”", self.rest);
        let inner = self.rest.strip_prefix('"').ok_or_else(wrong)?;
        let mut text = String::new();
        let mut letters = inner.char_indices().peekable();
        while let Some((place, letter)) = letters.next() {
            if letter != '"' {
                text.push(letter);
            } else if letters.peek().is_some_and(|(_, next)| *next == '"') {
                text.push('"');
                letters.next();
            } else {
                self.advance(place + 2);
                return Ok(text);
            }
        }
        Err("A text in quotes does not end on its line".into())
    }

    /// A list of texts, separated by commas.
    pub(super) fn texts(&mut self) -> Result<Vec<String>, String> {
        let mut texts = vec![self.text()?];
        while self.take(",") {
            texts.push(self.text()?);
        }
        Ok(texts)
    }

    /// A whole number.
    pub(super) fn whole<T: TryFrom<i64>>(&mut self) -> Result<T, String> {
        let sign = if self.take("-") { -1 } else { 1 };
        let word = self.word();
        let number = word.parse::<i64>().ok().and_then(|number| T::try_from(sign * number).ok());
        number.ok_or_else(|| format!("“{word}” is no whole number that fits here"))
    }

    /// `12.5 %`.
    pub(super) fn percent(&mut self) -> Result<BasisPoints, String> {
        let sign = if self.take("-") { -1 } else { 1 };
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(self.rest.len());
        let digits = self.advance(end);
        let rate = parse_scaled(digits, 2).and_then(|rate| i32::try_from(sign * rate).ok());
        match (rate, self.take("%")) {
            (Some(rate), true) => Ok(BasisPoints(rate)),
            _ => Err(format!("A percentage with at most two decimals is needed, such as 12.5 %, not “{digits}”")),
        }
    }

    /// `199 minor`.
    pub(super) fn minor(&mut self) -> Result<i64, String> {
        let amount = self.whole()?;
        if self.take("minor") {
            Ok(amount)
        } else {
            Err(format!("Write “{amount} minor”: minor units, such as cents"))
        }
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), String> {
        if self.rest.is_empty() { Ok(()) } else { Err(format!("“{}” does not belong here", self.rest)) }
    }
}

/// A text in quotes on one line.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('"', "\"\""))
}

/// Line breaks as blanks.
pub(super) fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ").trim().to_owned()
}

/// `12.5 %`.
pub(super) fn percent(rate: BasisPoints) -> String {
    format!("{} %", decimal_text(i64::from(rate.0), 2, 0))
}

pub(super) fn quoted_list(texts: &[String]) -> String {
    texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
}
