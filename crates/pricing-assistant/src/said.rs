//! A sentence of ours with the places of its figures, each with the look-up that it was made from.

use std::ops::Range;

use question_grammar::Language;

use crate::figures::Figure;

/// A sentence and where its figures stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// The sentence.
    pub(crate) text: String,
    /// Bytes of each figure and the step that it was made from.
    pub(crate) figures: Vec<(Range<usize>, u32)>,
    /// The step that the other numbers are of; `None`: they are definitions.
    pub(crate) step: Option<u32>,
}

impl Said {
    /// Puts figures in the places of `{0}`, `{1}` …; `step_of` names the step of each. A name that looks like a place is
    /// left as it is.
    pub(crate) fn new(
        sentence: &str,
        figures: &[Figure],
        language: Language,
        step_of: impl Fn(&Figure) -> Option<u32>,
    ) -> Self {
        let mut said = Self { text: String::with_capacity(sentence.len()), figures: Vec::new(), step: None };
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            said.text.push_str(before);
            let place = after.split_once('}').and_then(|(place, after)| Some((place.parse::<usize>().ok()?, after)));
            let Some((figure, after)) = place.and_then(|(place, after)| Some((figures.get(place)?, after))) else {
                said.text.push('{');
                rest = after;
                continue;
            };
            let start = said.text.len();
            said.text.push_str(&figure.text(language));
            said.figures.extend(step_of(figure).map(|step| (start..said.text.len(), step)));
            rest = after;
        }
        said.text.push_str(rest);
        said
    }

    /// A line whose numbers are all of one step.
    pub(crate) fn line(text: &str, step: u32) -> Self {
        Self { text: text.to_owned(), figures: Vec::new(), step: Some(step) }
    }
}
