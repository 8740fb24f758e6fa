//! Stretches of time in a question: “the last 3 months”, “since March”, “in 2025”.

use super::items::{Item, Items, Mark};
use crate::intents::Period;
use crate::lexicon::Concept;

/// The days of a volume: what sales are known over without saying.
const USUAL: u32 = 28;
/// Words before a unit that say no number.
const SOME: [&str; 8] = ["few", "couple", "some", "several", "paar", "einigen", "einige", "recent"];
/// Words before the number of a year.
const BEFORE_YEARS: [&str; 9] = ["in", "of", "from", "since", "seit", "im", "von", "jahr", "year"];

/// Whether a word before a unit says that one of them is meant, back from today: “last month”, “within a week”.
fn is_one(word: &str) -> bool {
    const ONE: [&str; 13] =
        ["last", "past", "previous", "a", "an", "one", "ein", "eine", "einem", "einen", "einer", "within", "prior"];
    ONE.contains(&word) || ["letzt", "vergangen", "vorig"].iter().any(|beginning| word.starts_with(beginning))
}

/// A stretch of time that is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// So many days back from today.
    Days(u32),
    /// Another one.
    Other,
}

impl Span {
    /// Whether it is that of the usual volumes.
    pub(super) const fn is_usual(self) -> bool {
        matches!(self, Self::Days(USUAL))
    }
}

/// The days of a unit of time.
const fn days_of(concept: Concept) -> Option<i64> {
    match concept {
        Concept::Days => Some(1),
        Concept::Weeks => Some(7),
        Concept::Months => Some(30),
        Concept::Quarters => Some(91),
        Concept::Years => Some(365),
        _ => None,
    }
}

/// Whether numbers before it count time.
pub(super) const fn is_unit(concept: Concept) -> bool {
    days_of(concept).is_some()
}

fn unit(item: &Item) -> Option<i64> {
    match item.mark {
        Mark::Concept(concept) => days_of(concept),
        _ => None,
    }
}

/// “2025”, after a word that stands before years.
fn is_year(items: &[Item], place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|before| items.get(before));
    matches!(items[place].mark, Mark::Number(200_000..=209_900))
        && before.is_some_and(|item| BEFORE_YEARS.iter().any(|word| item.word.rsplit(' ').next() == Some(*word)))
}

impl Items {
    /// A stretch of time in days: “4 weeks”, “the last month”.
    pub(super) fn days(&self) -> Option<u32> {
        let (place, days) = self.list.iter().enumerate().find_map(|(place, item)| Some((place, unit(item)?)))?;
        let before = place.checked_sub(1).and_then(|before| self.list.get(before));
        let number = match before.map(|item| (&item.mark, item.word.as_str())) {
            Some((Mark::Number(hundredths), _)) => hundredths / 100,
            Some((_, word)) if SOME.contains(&word) => return None,
            Some((_, word)) if is_one(word.rsplit(' ').next().unwrap_or_default()) => 1,
            None => 1,
            // “This month”, “the best day”: no stretch that ends today.
            Some(_) => return None,
        };
        u32::try_from(number * days).ok().filter(|days| (1..=1_100).contains(days))
    }

    /// The stretch of time that is named, if any is.
    pub(super) fn span(&self) -> Option<Span> {
        let dated = self.has(Concept::Dated)
            || self.periods().next().is_some()
            || (0..self.list.len()).any(|place| is_year(&self.list, place));
        match self.days() {
            Some(days) if !dated => Some(Span::Days(days)),
            None if !dated && !self.list.iter().any(|item| unit(item).is_some()) => None,
            _ => Some(Span::Other),
        }
    }

    /// The stretches of the calendar that are named.
    pub(super) fn periods(&self) -> impl Iterator<Item = Period> {
        self.list.iter().filter_map(|item| match item.mark {
            Mark::Period(period) => Some(period),
            _ => None,
        })
    }

    /// The words of the stretch of time.
    pub(super) fn span_words(&self) -> String {
        let of_time = |place: usize| {
            let item = &self.list[place];
            let counted = self.list.get(place + 1).is_some_and(|next| unit(next).is_some());
            unit(item).is_some()
                || matches!(item.mark, Mark::Concept(Concept::Dated) | Mark::Period(_))
                || is_year(&self.list, place)
                || (counted && matches!(item.mark, Mark::Number(_)))
        };
        let words = (0..self.list.len()).filter(|place| of_time(*place)).map(|place| self.list[place].word.as_str());
        words.collect::<Vec<_>>().join(" ")
    }

    /// Whether a number counts time, so that it is no number of rows.
    pub(super) fn counts_time(&self, place: usize) -> bool {
        self.list.get(place + 1).is_some_and(|next| unit(next).is_some()) || is_year(&self.list, place)
    }
}
