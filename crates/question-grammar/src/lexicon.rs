//! The words of both languages by what they mean; the list itself is `lexicon.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::edit_distance::{distance_within, slips_allowed};
use crate::tokens::Token;

/// Declares the meanings with their spelling in the list.
macro_rules! concepts {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// What a word means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Concept { $($name),+ }

        impl Concept {
            pub(crate) const NAMED: &'static [(&'static str, Self)] = &[$(($text, Self::$name)),+];
        }
    };
}

concepts! {
    Why = "why", Stop = "stop", We = "we", WhatIf = "whatif", Cost = "cost", Margin = "margin", Lose = "lose",
    Against = "against", Position = "position", Competitor = "competitor", CompetitorPrice = "competitor_price",
    Price = "price", Product = "product", Sku = "sku", Without = "without", Not = "not", Below = "below",
    AtMost = "at_most", Above = "above", AtLeast = "at_least", Than = "than", Lowest = "lowest",
    OutOfStock = "out_of_stock", Stock = "stock", Rule = "rule", Guardrail = "guardrail", Never = "never",
    Fire = "fire", Problem = "problem", Biggest = "biggest", Smallest = "smallest", Change = "change",
    Proposal = "proposal", Needs = "needs", Summary = "summary", WhatsNew = "whatsnew", Count = "count",
    Average = "average", Help = "help", Collected = "collected", Failures = "failures", Promotion = "promotion",
    Locked = "locked", Kvi = "kvi", OwnBrand = "own_brand", Traffic = "traffic", ProfitRole = "profit_role",
    Tail = "tail", PhaseOut = "phase_out", NewProduct = "new_product", Units = "units", Cheaper = "cheaper",
    Dearer = "dearer", Down = "down", Up = "up", Undercut = "undercut", ExpensiveThanUs = "expensive_than_us",
    CheaperThanOurs = "cheaper_than_ours", MatchPrice = "match_price", BelowCost = "below_cost", OnlyWe = "only_we",
    Draft = "draft", Write = "write", History = "history", Family = "family", Brands = "brands_word",
    Categories = "categories_word", Suppliers = "supplier_word", Stopped = "stopped", OutOfScope = "out_of_scope", Science = "science",
    Batch = "batch", ReleaseNotes = "release_notes", Often = "often", Days = "days", Weeks = "weeks", Months = "months",
    Bridge = "bridge", Percent = "percent", Euro = "euro", Pages = "pages", PriceLists = "price_lists", Money = "money", ReasonFloor = "reason_floor", ReasonLarge = "reason_large",
    ReasonFamily = "reason_family", Pieces = "pieces", Points = "points", Minus = "minus", Plus = "plus",
    Quarters = "quarters", Years = "years", Dated = "dated", Grade = "grade", Strategy = "strategy",
    Spreadsheet = "spreadsheet", Scenarios = "scenarios", Except = "except", Dearest = "dearest", Cover = "cover",
    Unsold = "unsold", Alert = "alert", Uplift = "uplift", Depth = "depth", Lately = "lately",
    BreakEven = "break_even", HowFar = "how_far", Discount = "discount", Before = "before", Share = "share",
    Median = "median", Range = "range", Worth = "worth", StatedPrice = "stated_price",
}

/// A phrase of the list.
struct Phrase {
    words: Vec<Word>,
    concept: Concept,
}

struct Word {
    text: String,
    open: bool,
}

impl Word {
    fn fits(&self, folded: &str) -> bool {
        if self.open { folded.starts_with(&self.text) } else { folded == self.text }
    }
}

struct Lexicon {
    phrases: Vec<Phrase>,
    /// By the first two letters of the first word, the longest phrases first.
    by_start: HashMap<String, Vec<usize>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(include_str!("lexicon.txt")));

fn start_of(word: &str) -> String {
    word.chars().take(2).collect()
}

impl Lexicon {
    fn read(text: &str) -> Self {
        let mut phrases = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, list)) = line.split_once(':') else { continue };
            let Some((_, concept)) = Concept::NAMED.iter().find(|(known, _)| *known == name.trim()) else { continue };
            for phrase in list.split('|') {
                let words: Vec<Word> = phrase
                    .split([' ', '-'])
                    .filter(|word| !word.is_empty())
                    .map(|word| Word { text: word.trim_end_matches('*').to_owned(), open: word.ends_with('*') })
                    .collect();
                if !words.is_empty() {
                    phrases.push(Phrase { words, concept: *concept });
                }
            }
        }
        let mut by_start: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, phrase) in phrases.iter().enumerate() {
            by_start.entry(start_of(&phrase.words[0].text)).or_default().push(place);
        }
        let weight = |place: &usize| {
            let phrase: &Phrase = &phrases[*place];
            let letters: usize = phrase.words.iter().map(|word| word.text.len()).sum();
            // A closed word is more certain than an open one of the same length.
            (phrase.words.len(), letters, usize::from(!phrase.words.iter().any(|word| word.open)))
        };
        by_start.values_mut().for_each(|list| list.sort_by_key(|place| std::cmp::Reverse(weight(place))));
        Self { phrases, by_start }
    }
}

/// The longest phrase of the list at the beginning of some tokens: what it means and how many tokens it takes.
pub(crate) fn concept_at(tokens: &[Token]) -> Option<(Concept, usize)> {
    let first = tokens.first()?;
    let candidates = LEXICON.by_start.get(&start_of(&first.folded))?;
    let fits = |phrase: &Phrase| {
        phrase.words.len() <= tokens.len()
            && phrase.words.iter().zip(tokens).all(|(word, token)| word.fits(&token.folded))
    };
    let found = candidates.iter().map(|place| &LEXICON.phrases[*place]).find(|phrase| fits(phrase))?;
    Some((found.concept, found.words.len()))
}

/// The word of the list that is nearest to a misspelt one, with what it means.
pub(crate) fn nearest_word(folded: &str) -> Option<(Concept, String, usize)> {
    // Short words have neighbours that mean something else: “often” and “offen”.
    let length = folded.chars().count();
    let limit = if length < 6 { 0 } else { slips_allowed(length) };
    if limit == 0 {
        return swapped_word(folded).filter(|_| length >= 4);
    }
    let single = LEXICON.phrases.iter().filter(|phrase| phrase.words.len() == 1 && phrase.words[0].text.len() >= 5);
    let near = single.filter_map(|phrase| {
        let distance = distance_within(folded, &phrase.words[0].text, limit)?;
        Some((distance, phrase))
    });
    let (distance, phrase) = near.min_by_key(|(distance, phrase)| (*distance, phrase.words[0].text.len()))?;
    // A subject that is not here is never guessed at: “better” is not “Wetter”.
    (phrase.concept != Concept::OutOfScope).then(|| (phrase.concept, phrase.words[0].text.clone(), distance))
}

/// A short word of the list with two letters the wrong way round: “whcih”.
fn swapped_word(folded: &str) -> Option<(Concept, String, usize)> {
    let letters: Vec<char> = folded.chars().collect();
    let swapped = (1..letters.len()).map(|place| {
        let mut other = letters.clone();
        other.swap(place - 1, place);
        other.into_iter().collect::<String>()
    });
    let words: Vec<String> = swapped.filter(|word| word != folded).collect();
    let is_one =
        |phrase: &&Phrase| matches!(phrase.words.as_slice(), [only] if !only.open && words.contains(&only.text));
    let mut found = LEXICON.phrases.iter().filter(is_one);
    let (first, other) = (found.next()?, found.next());
    let certain = other.is_none() && first.concept != Concept::OutOfScope;
    certain.then(|| (first.concept, first.words[0].text.clone(), 1))
}

#[cfg(test)]
mod tests {
    use super::{Concept, LEXICON, concept_at, nearest_word};
    use crate::tokens::tokens;

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = include_str!("lexicon.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let name = line.split(':').next().expect("a name");
            assert!(Concept::NAMED.iter().any(|(known, _)| *known == name), "{name} is no concept");
        }
        for (name, concept) in Concept::NAMED {
            assert!(LEXICON.phrases.iter().any(|phrase| phrase.concept == *concept), "{name} has no words");
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        assert_eq!(concept_at(&tokens("out of stock")), Some((Concept::OutOfStock, 3)));
        assert_eq!(concept_at(&tokens("stock")), Some((Concept::Stock, 1)));
        assert_eq!(concept_at(&tokens("warum")), Some((Concept::Why, 1)));
    }

    #[test]
    fn a_slip_of_the_hand_is_forgiven() {
        assert_eq!(nearest_word("magrin").map(|found| found.0), Some(Concept::Margin));
        assert_eq!(nearest_word("xqzvw"), None);
    }
}
