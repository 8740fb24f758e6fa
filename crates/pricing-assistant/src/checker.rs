//! The check of a text against the tools' results: a number that no tool gave is never shown.
//!
//! It knows nothing of how a text was made, so that it guards the text of a language model as it guards our own.

use std::collections::HashSet;

use app_contract::{FigureSource, TextSpan};
use question_grammar::Language;

use crate::figures::{Exact, Figure};
use crate::said::Said;

/// What one source gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    numbers: Vec<Exact>,
    words: Vec<String>,
}

impl Known {
    /// Adds a value.
    pub fn add(&mut self, figure: &Figure) {
        match figure {
            Figure::Words(words) if has_digit(words) => {
                if !self.words.contains(words) {
                    self.words.push(words.clone());
                }
            }
            Figure::Words(_) => {}
            Figure::OfStep(figure, _) => self.add(figure),
            figure => self.numbers.extend(figure.exact().filter(|exact| !self.numbers.contains(exact))),
        }
    }

    /// Adds all that another one holds.
    pub(crate) fn extend(&mut self, other: Self) {
        self.numbers.extend(other.numbers);
        self.words.extend(other.words);
    }

    /// Whether this very value was given; names without a digit never are.
    pub(crate) fn has(&self, figure: &Figure) -> bool {
        match figure {
            Figure::Words(words) => self.words.contains(words),
            Figure::OfStep(figure, _) => self.has(figure),
            figure => figure.exact().is_some_and(|exact| self.numbers.contains(&exact)),
        }
    }

    /// The numbers of a question, which its answer may repeat.
    pub fn of_question(question: &str) -> Self {
        let mut known = Self::default();
        for language in [Language::English, Language::German] {
            known.numbers.extend(numbers_in(question, language).into_iter().map(|(_, exact)| exact));
        }
        let words = question.split_whitespace().filter(|word| has_digit(word) && word.contains(char::is_alphabetic));
        known.words.extend(words.map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned()));
        known
    }
}

/// A digit of another script, a fraction in one sign, a number in a circle. Squares and cubes are measures.
fn is_other_digit(letter: char) -> bool {
    letter.is_numeric() && !letter.is_ascii() && !matches!(letter, '²' | '³')
}

fn has_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

/// The numbers of a text with the bytes they take.
pub fn numbers_in(text: &str, language: Language) -> Vec<(std::ops::Range<usize>, Exact)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len()
            && (bytes[at].is_ascii_digit() || (is_mark(bytes[at]) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)))
        {
            at += 1;
        }
        // What does not fit a number is a number that nobody gave.
        let exact = read(&text[start..at], language).unwrap_or(Exact { value: i128::MAX, digits: 0 });
        found.push((start..at, exact));
    }
    found
}

const fn is_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b',')
}

fn read(text: &str, language: Language) -> Option<Exact> {
    let point = match language {
        Language::English => '.',
        Language::German => ',',
    };
    let (whole, decimals) = text.rsplit_once(point).unwrap_or((text, ""));
    let digits: String = whole.chars().filter(char::is_ascii_digit).chain(decimals.chars()).collect();
    let groups_fit = whole.split(['.', ',']).skip(1).all(|group| group.len() == 3);
    if !groups_fit || !decimals.bytes().all(|byte| byte.is_ascii_digit()) || digits.len() > 30 {
        return None;
    }
    Some(Exact { value: digits.parse().ok()?, digits: u8::try_from(decimals.len()).ok()? })
}

/// A text as spans, each figure with its source found by its value. The newest step is asked first, the question last.
///
/// Errors: the numbers that are in no result; then nothing of the text may be shown.
pub fn check_text(
    text: &str,
    language: Language,
    steps: &[Known],
    question: &Known,
) -> Result<Vec<TextSpan>, Vec<String>> {
    Checker::new(steps, question).check(text, language)
}

type Range = std::ops::Range<usize>;

/// What all sources gave, ready for many texts.
#[derive(Debug)]
pub struct Checker {
    /// The longest first, so that a name is found before those within it.
    words: Vec<(String, FigureSource)>,
    whole: HashSet<String>,
    /// The newest step first, the question last.
    numbers: Vec<(Exact, FigureSource)>,
}

impl Checker {
    /// Of the steps' results and the question.
    pub fn new(steps: &[Known], question: &Known) -> Self {
        let steps = steps.iter().enumerate().rev();
        let steps = steps.map(|(place, known)| (FigureSource::Step(u32::try_from(place).unwrap_or(u32::MAX)), known));
        let (mut words, mut numbers) = (Vec::new(), Vec::new());
        for (source, known) in steps.chain([(FigureSource::Question, question)]) {
            let named = known.words.iter().filter(|word| !word.is_empty());
            words.extend(named.map(|word| (word.clone(), source.clone())));
            numbers.extend(known.numbers.iter().map(|exact| (*exact, source.clone())));
        }
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let whole = words.iter().map(|(word, _)| word.clone()).collect();
        Self { words, whole, numbers }
    }

    /// A text whose figures carry no source as spans, or the numbers in it that no source gave.
    pub fn check(&self, text: &str, language: Language) -> Result<Vec<TextSpan>, Vec<String>> {
        self.check_rest(text, language, Vec::new(), None)
    }

    /// A sentence of ours: a figure has the step that it carries, once that step is seen to have given it. The numbers of
    /// the sentence itself are those of definitions and of the question.
    pub(crate) fn check_said(&self, said: &Said, language: Language) -> Result<Vec<TextSpan>, Vec<String>> {
        let mut carried: Vec<(Range, FigureSource)> = Vec::new();
        for (range, step) in &said.figures {
            let source = FigureSource::Step(*step);
            if has_digit(&said.text[range.clone()]) && self.gave(&source, &said.text[range.clone()], language) {
                carried.push((range.clone(), source));
            }
        }
        let preferred = said.step.map_or(FigureSource::Question, FigureSource::Step);
        self.check_rest(&said.text, language, carried, Some(&preferred))
    }

    /// Whether a source gave all numbers of a figure, or the whole of it as a name.
    fn gave(&self, source: &FigureSource, figure: &str, language: Language) -> bool {
        let named = self.words.iter().any(|(word, from)| from == source && word == figure);
        let given = |exact: Exact| {
            self.numbers.iter().any(|(own, from)| from == source && (own.equals(exact) || own.is_shown_as(exact)))
        };
        named || numbers_in(figure, language).into_iter().all(|(_, exact)| given(exact))
    }

    fn check_rest(
        &self,
        text: &str,
        language: Language,
        carried: Vec<(Range, FigureSource)>,
        preferred: Option<&FigureSource>,
    ) -> Result<Vec<TextSpan>, Vec<String>> {
        let mut sourced = self.names_in(text, carried, preferred, |_| true);
        let mut unknown: Vec<String> = Vec::new();
        for (at, letter) in text.char_indices().filter(|(_, letter)| is_other_digit(*letter)) {
            // Nobody gave a figure in other digits than ours, so that no such figure can be checked.
            if is_free(&sourced, &(at..at + letter.len_utf8())) {
                unknown.push(letter.to_string());
            }
        }
        for (range, exact) in numbers_in(text, language) {
            if !is_free(&sourced, &range) {
                continue;
            }
            match self.source_of(exact, preferred) {
                Some(source) => sourced.push((with_unit(text, range), source)),
                None => unknown.push(text[range].to_owned()),
            }
        }
        if !unknown.is_empty() {
            return Err(unknown);
        }
        sourced.sort_by_key(|(range, _)| range.start);
        Ok(spans(text, sourced))
    }

    /// Whether every number of a table's cell was given.
    pub fn holds(&self, cell: &str, language: Language) -> bool {
        if !has_digit(cell) || self.whole.contains(cell) {
            return true;
        }
        numbers_in(cell, language).into_iter().all(|(_, exact)| self.source_of(exact, None).is_some())
            || self.check(cell, language).is_ok()
    }

    /// The numbers of a text with their units, aside from those in names that `is_name` takes for one.
    pub(crate) fn figures_in(&self, text: &str, language: Language, is_name: impl Fn(&str) -> bool) -> Vec<Range> {
        let names = self.names_in(text, Vec::new(), None, is_name);
        let numbers = numbers_in(text, language).into_iter().map(|(range, _)| range);
        numbers.filter(|range| is_free(&names, range)).map(|range| with_unit(text, range)).collect()
    }

    /// Adds the names of a text to what is sourced already.
    fn names_in(
        &self,
        text: &str,
        mut sourced: Vec<(Range, FigureSource)>,
        preferred: Option<&FigureSource>,
        is_name: impl Fn(&str) -> bool,
    ) -> Vec<(Range, FigureSource)> {
        for (word, source) in self.words.iter().filter(|(word, _)| is_name(word)) {
            for (start, _) in text.match_indices(word.as_str()) {
                let range = start..start + word.len();
                if stands_alone(text, &range) && is_free(&sourced, &range) {
                    let own =
                        preferred.filter(|own| self.words.iter().any(|(same, from)| same == word && from == *own));
                    sourced.push((range, own.unwrap_or(source).clone()));
                }
            }
        }
        sourced
    }

    /// The very number before one that rounds to it; of the preferred source before any other.
    fn source_of(&self, exact: Exact, preferred: Option<&FigureSource>) -> Option<FigureSource> {
        let given = |fits: &dyn Fn(&Exact) -> bool| {
            let mut found = self.numbers.iter().filter(|(own, _)| fits(own)).map(|(_, source)| source);
            let first = found.next()?;
            let own = preferred.filter(|own| first == *own || found.any(|source| source == *own));
            Some(own.unwrap_or(first).clone())
        };
        given(&|own| own.equals(exact)).or_else(|| given(&|own| own.is_shown_as(exact)))
    }
}

fn is_free(taken: &[(Range, FigureSource)], range: &Range) -> bool {
    taken.iter().all(|(other, _)| other.end <= range.start || range.end <= other.start)
}

/// A word is not a part of a longer number or name.
fn stands_alone(text: &str, range: &std::ops::Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    before.is_none_or(|letter| !letter.is_alphanumeric()) && after.is_none_or(|letter| !letter.is_alphanumeric())
}

/// A number with its sign and unit, so that the whole figure is the link.
fn with_unit(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = text[..range.start].strip_suffix(['−', '-']).map_or(range.start, str::len);
    let rest = &text[range.end..];
    let unit = if rest.starts_with(" %") {
        2
    } else {
        let code = rest.as_bytes();
        let is_code = code.len() >= 4 && code[0] == b' ' && code[1..4].iter().all(u8::is_ascii_uppercase);
        if is_code && code.get(4).is_none_or(|byte| !byte.is_ascii_alphanumeric()) { 4 } else { 0 }
    };
    start..range.end + unit
}

fn spans(text: &str, sourced: Vec<(std::ops::Range<usize>, FigureSource)>) -> Vec<TextSpan> {
    let mut found = Vec::new();
    let mut at = 0;
    for (range, source) in sourced {
        if range.start > at {
            found.push(TextSpan { text: text[at..range.start].to_owned(), source: None });
        }
        found.push(TextSpan { text: text[range.clone()].to_owned(), source: Some(source) });
        at = range.end;
    }
    if at < text.len() {
        found.push(TextSpan { text: text[at..].to_owned(), source: None });
    }
    found
}

#[cfg(test)]
mod tests {
    use app_contract::FigureSource;
    use pricing_domain::Currency;
    use question_grammar::Language;

    use super::{Checker, Known, check_text};
    use crate::figures::Figure;
    use crate::said::Said;

    fn known(figures: &[Figure]) -> Known {
        let mut known = Known::default();
        figures.iter().for_each(|figure| known.add(figure));
        known
    }

    fn english(text: &str, steps: &[Known]) -> Result<Vec<app_contract::TextSpan>, Vec<String>> {
        check_text(text, Language::English, steps, &Known::of_question("what if headphones go down 5 %?"))
    }

    #[test]
    fn figures_in_other_digits_are_withheld() {
        let steps = [known(&[Figure::Count(12), Figure::Words("Lamp ½".into())])];
        for text in ["४७ products", "٤٧ products", "④ products", "½ of them", "１２ products"] {
            assert!(english(text, &steps).is_err(), "{text}");
        }
        assert!(english("Lamp ½ has 12 m²", &steps).is_ok());
    }

    #[test]
    fn every_number_names_its_source() {
        let steps =
            [known(&[Figure::Count(12)]), known(&[Figure::Money(123_456, Currency::EUR), Figure::Percent(1_234)])];
        let spans = english("12 products bring 1,234.56 EUR, which is 12.3 % (5 % less).", &steps).expect("all known");
        let figures: Vec<_> =
            spans.iter().filter_map(|span| Some((span.text.as_str(), span.source.clone()?))).collect();
        assert_eq!(
            figures,
            [
                ("12", FigureSource::Step(0)),
                ("1,234.56 EUR", FigureSource::Step(1)),
                ("12.3 %", FigureSource::Step(1)),
                ("5 %", FigureSource::Question),
            ]
        );
        assert_eq!(
            spans.iter().map(|span| span.text.as_str()).collect::<String>(),
            "12 products bring 1,234.56 EUR, which is 12.3 % (5 % less)."
        );
    }

    #[test]
    fn a_number_that_no_tool_gave_withholds_the_text() {
        let steps = [known(&[Figure::Count(12), Figure::Percent(1_234)])];
        for (text, unknown) in [
            ("13 products", "13"),
            ("12 products at 12.4 %", "12.4"),
            ("12.0.1 products", "12.0.1"),
            ("about 120 products", "120"),
            ("1.2 products", "1.2"),
            ("12 products, next year 2031", "2031"),
        ] {
            assert_eq!(english(text, &steps).expect_err(text), [unknown], "{text}");
        }
    }

    #[test]
    fn numbers_inside_names_of_results_are_names_and_elsewhere_they_are_not() {
        let steps = [known(&[Figure::Words("NL-10001".into()), Figure::Words("Duo 108".into())])];
        assert!(english("NL-10001 is the Duo 108.", &steps).is_ok());
        assert_eq!(english("There are 108 of them.", &steps).expect_err("108 is a name only"), ["108"]);
        assert_eq!(english("NL-100012", &steps).expect_err("another number"), ["100012"]);
    }

    #[test]
    fn a_figure_of_ours_leads_to_its_own_step_and_not_to_an_equal_number() {
        let steps = [known(&[Figure::Percent(-100), Figure::Count(28)]), known(&[Figure::Count(1), Figure::Count(28)])];
        let question = known(&[Figure::Count(28)]);
        let checker = Checker::new(&steps, &question);
        let figures = [Figure::Percent(-100).of_step(0), Figure::Count(1), Figure::Count(7).of_step(1)];
        let said =
            Said::new("{0} in 28 days, {1} row", &figures, Language::English, |figure| figure.step().or(Some(1)));
        let spans = checker.check_said(&said, Language::English).expect("all known");
        let found: Vec<_> = spans.iter().filter_map(|span| Some((span.text.as_str(), span.source.clone()?))).collect();
        let wanted = [("−1 %", FigureSource::Step(0)), ("28", FigureSource::Question), ("1", FigureSource::Step(1))];
        assert_eq!(found, wanted);
        // A figure that its step did not give is withheld, whatever it carries.
        let wrong = Said::new("{2} rows", &figures, Language::English, |figure| figure.step());
        assert_eq!(checker.check_said(&wrong, Language::English).expect_err("nobody gave it"), ["7"]);
    }

    #[test]
    fn the_marks_of_the_language_decide_what_a_number_is() {
        let steps = [known(&[Figure::Count(1_234)])];
        assert!(check_text("1.234 Produkte", Language::German, &steps, &Known::default()).is_ok());
        assert!(check_text("1.234 products", Language::English, &steps, &Known::default()).is_err());
    }
}
