//! A model's words on their way to the screen: shown as they come, but a sentence with a number waits for its end and is
//! checked first. What is shown here is a preview; the finished answer takes its place.

use app_contract::AssistantNews;
use question_grammar::Language;

use super::envelope::text_so_far;
use super::markdown::{inline, is_address};
use super::without_key;
use crate::checker::Checker;
use crate::veil::Veil;

/// In place of a sentence that does not hold.
const GAP: &str = "[…] ";

/// Shows a model's words.
pub(super) struct Speaker<'a> {
    news: &'a (dyn Fn(AssistantNews) + Send + Sync),
    veil: &'a Veil,
    key: Option<&'a str>,
    checker: &'a Checker,
    language: Language,
    enveloped: bool,
    /// As it was written.
    written: String,
    /// What of it is text for the person.
    text: String,
    /// Where the sentence begins that is being written.
    sentence: usize,
    /// What was shown or left out.
    done: usize,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(
        news: &'a (dyn Fn(AssistantNews) + Send + Sync),
        (veil, key): (&'a Veil, Option<&'a str>),
        checker: &'a Checker,
        language: Language,
        enveloped: bool,
    ) -> Self {
        let (written, text) = (String::new(), String::new());
        Self { news, veil, key, checker, language, enveloped, written, text, sentence: 0, done: 0 }
    }

    /// Takes a piece.
    pub(super) fn hear(&mut self, piece: &str) {
        if self.enveloped {
            self.written.push_str(piece);
            match text_so_far(&self.written) {
                Some(text) => self.text = text,
                None => return,
            }
        } else {
            self.text.push_str(piece);
        }
        self.show();
    }

    /// A new attempt begins.
    pub(super) fn again(&mut self) {
        self.written.clear();
        self.text.clear();
        (self.sentence, self.done) = (0, 0);
        (self.news)(AssistantNews::Again);
    }

    /// Shows what was waiting for the end of its sentence.
    pub(super) fn end(&mut self) {
        self.show();
        self.end_sentence(self.text.len());
    }

    fn show(&mut self) {
        while let Some(end) = next_word(&self.text, self.done) {
            let word = &self.text[self.done..end];
            let shows_key = self.key.is_some_and(|key| word.contains(key));
            if is_plain(word) && !shows_key {
                (self.news)(AssistantNews::Text(word.to_owned()));
                self.done = end;
                if ends_sentence(word) {
                    self.sentence = end;
                }
                continue;
            }
            let Some(end) = sentence_end(&self.text, self.done) else { return };
            self.end_sentence(end);
        }
    }

    fn end_sentence(&mut self, end: usize) {
        if end <= self.done {
            return;
        }
        let plain = |text: &str| inline(&without_key(&self.veil.lift(text), self.key));
        let whole = plain(&self.text[self.sentence..end]);
        let shown = if self.checker.check(&whole, self.language).is_ok() {
            plain(&self.text[self.done..end])
        } else {
            GAP.to_owned()
        };
        (self.news)(AssistantNews::Text(shown));
        (self.sentence, self.done) = (end, end);
    }
}

/// The end of the next word with the blanks after it, once it is whole.
fn next_word(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let blank = rest.find(char::is_whitespace)?;
    let after = rest[blank..].find(|letter: char| !letter.is_whitespace());
    Some(from + after.map_or(rest.len(), |after| blank + after))
}

fn is_plain(word: &str) -> bool {
    let bare = !word.contains(['[', ']', '<', '>', '*', '`', '#', '|', '!']);
    bare && !word.chars().any(char::is_numeric) && !is_address(word) && !word.chars().any(crate::plain_text::is_hidden)
        || word.chars().all(char::is_whitespace)
}

fn ends_sentence(word: &str) -> bool {
    word.contains('\n') || word.trim_end().ends_with(['.', '!', '?', ';'])
}

fn sentence_end(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(end) = next_word(text, at) {
        if ends_sentence(&text[at..end]) {
            return Some(end);
        }
        at = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use app_contract::{AssistantNews, ShareCosts};
    use question_grammar::Language;

    use super::Speaker;
    use crate::checker::{Checker, Known};
    use crate::figures::Figure;
    use crate::veil::Veil;

    fn shown(pieces: &[&str]) -> Vec<String> {
        let heard = Mutex::new(Vec::new());
        let news = |news: AssistantNews| {
            if let AssistantNews::Text(text) = news {
                heard.lock().expect("no panic").push(text);
            }
        };
        let mut known = Known::default();
        known.add(&Figure::Count(12));
        let (veil, checker) = (Veil::new(ShareCosts::Withheld), Checker::new(&[known], &Known::default()));
        let mut speaker = Speaker::new(&news, (&veil, None), &checker, Language::English, false);
        pieces.iter().for_each(|piece| speaker.hear(piece));
        speaker.end();
        drop(speaker);
        heard.into_inner().expect("no panic")
    }

    #[test]
    fn words_are_shown_as_they_come_and_numbers_once_their_sentence_holds() {
        assert_eq!(
            shown(&["We ", "have ", "1", "2 products", ". They", " are fine"]),
            ["We ", "have ", "12 products. ", "They ", "are ", "fine"]
        );
        assert_eq!(shown(&["We have 13 products. All ", "good."]), ["We ", "have ", "[…] ", "All ", "good."]);
        assert_eq!(shown(&["See ![x](https://e.example/?a) now. "]).concat(), "See  now. ");
    }
}
