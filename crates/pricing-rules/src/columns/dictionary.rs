//! Texts that repeat, as small numbers.

use std::collections::HashMap;
use std::sync::Arc;

/// Codes for texts: 0 is none (the empty text), the others count from 1 in the order of their first use.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    texts: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

impl Dictionary {
    /// The code of a text, given out now when it is new.
    pub fn add(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let shared: Arc<str> = text.into();
        self.texts.push(Arc::clone(&shared));
        let code = u32::try_from(self.texts.len()).expect("fewer than 2³² different texts");
        self.codes.insert(shared, code);
        code
    }

    /// The code of a text; `None` when it was never used. The empty text has 0.
    pub fn find(&self, text: &str) -> Option<u32> {
        if text.is_empty() { Some(0) } else { self.codes.get(text).copied() }
    }

    /// The text of a code; empty for 0 and for codes that were never given out.
    pub fn text(&self, code: u32) -> &str {
        code.checked_sub(1).and_then(|place| self.texts.get(place as usize)).map_or("", |text| text)
    }

    /// One more than the largest code.
    pub fn code_count(&self) -> usize {
        self.texts.len() + 1
    }

    /// Every text by its code, beginning with 1.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }

    /// One entry for each code: whether the test holds for its text. The entry of 0 is the test of the empty text.
    pub(crate) fn table(&self, test: impl Fn(&str) -> bool) -> Vec<u8> {
        self.map(|text| u8::from(test(text)))
    }

    /// One entry for each code, by its text; the entry of 0 is that of the empty text.
    pub(crate) fn map<T>(&self, of: impl Fn(&str) -> T) -> Vec<T> {
        std::iter::once("").chain(self.texts()).map(of).collect()
    }

    /// Bytes that texts and index take, roughly.
    pub fn memory_bytes(&self) -> usize {
        self.texts.iter().map(|text| text.len() + 16).sum::<usize>() + self.texts.len() * 48
    }
}

#[cfg(test)]
mod tests {
    use super::Dictionary;

    #[test]
    fn a_text_keeps_its_code() {
        let mut words = Dictionary::default();
        assert_eq!((words.add(""), words.add("b"), words.add("a"), words.add("b")), (0, 1, 2, 1));
        assert_eq!((words.text(1), words.text(0), words.text(9)), ("b", "", ""));
        assert_eq!((words.find("a"), words.find("z")), (Some(2), None));
        assert_eq!(words.table(|text| text == "a"), [0, 0, 1]);
    }
}
