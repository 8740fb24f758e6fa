//! The workspace's own names, found in a question also where a letter slipped.

use std::collections::HashMap;
use std::sync::LazyLock;

use pricing_domain::GridFilter;

use crate::edit_distance::{distance_within, slips_allowed};
use crate::tokens::{Token, fold};

/// A price list as people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceListName {
    /// Short code; recognised in capital letters only, because “at” is a word.
    pub code: String,
    /// Name.
    pub name: String,
}

/// The names of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Brands.
    pub brands: Vec<String>,
    /// Category paths, `TV & Audio > Headphones`.
    pub categories: Vec<String>,
    /// Suppliers.
    pub suppliers: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Competitors.
    pub competitors: Vec<String>,
    /// Price lists.
    pub price_lists: Vec<PriceListName>,
}

/// Finds products; the catalogue is too large to be handed over.
pub trait ProductLookup {
    /// The article number that a word means: itself in another spelling, or one that it identifies alone.
    fn sku(&self, word: &str) -> Option<String>;
    /// How many products have all words in article number, name or brand.
    fn products_with(&self, words: &[String]) -> usize;
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Products(GridFilter),
    Competitor(String),
    PriceList(String),
}

struct Entry {
    /// Stems, or the beginnings of words where they are open.
    words: Vec<(String, bool)>,
    target: Target,
}

/// The names made ready for searching. Cost: one entry a name; made once for each state of the workspace.
pub struct NameIndex {
    entries: Vec<Entry>,
    by_start: HashMap<String, Vec<usize>>,
    /// Categories by a single word of their last level, where it has several.
    partial: HashMap<String, Vec<String>>,
    codes: Vec<String>,
}

/// What a name in the question is.
pub(crate) struct FoundName {
    pub(crate) target: Target,
    pub(crate) taken: usize,
    /// The name as the workspace has it, where the question spells it differently.
    pub(crate) corrected: Option<String>,
}

static TRANSLATIONS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("translations.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, list)| (name.trim(), list.split('|').map(str::trim).collect()))
        .collect()
});

/// A word without the endings of its plural and cases.
pub(crate) fn stem(folded: &str) -> &str {
    for ending in ["ern", "en", "es", "s", "n", "e"] {
        if let Some(stem) = folded.strip_suffix(ending).filter(|stem| stem.len() >= 4) {
            return stem;
        }
    }
    folded
}

/// Whether a stem is that of a translation of a word.
pub(crate) fn is_translation(word: &str, stemmed: &str) -> bool {
    TRANSLATIONS.get(word).into_iter().flatten().any(|other| stem(other) == stemmed)
}

/// Whether a word has a meaning of its own in questions.
fn is_ordinary(folded: &str) -> bool {
    let token = Token { text: folded.to_owned(), folded: folded.to_owned(), number: None, sign: None };
    crate::lexicon::concept_at(std::slice::from_ref(&token)).is_some()
}

fn words_of(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn start_of(word: &str) -> String {
    word.chars().take(2).collect()
}

impl NameIndex {
    /// Makes names ready.
    pub fn new(names: &Names) -> Self {
        let mut index =
            Self { entries: Vec::new(), by_start: HashMap::new(), partial: HashMap::new(), codes: Vec::new() };
        for name in &names.competitors {
            index.add(name, &Target::Competitor(name.clone()));
        }
        for name in &names.brands {
            index.add(name, &Target::Products(GridFilter::Brand(name.clone())));
        }
        for path in &names.categories {
            index.add_category(path);
        }
        for name in &names.suppliers {
            index.add(name, &Target::Products(GridFilter::Supplier(name.clone())));
        }
        index.add_beginnings(&names.suppliers, |name| Target::Products(GridFilter::Supplier(name)));
        index.add_beginnings(&names.competitors, Target::Competitor);
        for name in &names.tags {
            index.add(name, &Target::Products(GridFilter::Tag(name.clone())));
        }
        for list in &names.price_lists {
            index.add(&list.name, &Target::PriceList(list.code.clone()));
            index.codes.push(list.code.clone());
        }
        for (place, entry) in index.entries.iter().enumerate() {
            index.by_start.entry(start_of(&entry.words[0].0)).or_default().push(place);
        }
        let (entries, by_start) = (&index.entries, &mut index.by_start);
        by_start.values_mut().for_each(|list| list.sort_by_key(|place| std::cmp::Reverse(entries[*place].words.len())));
        index
    }

    fn add(&mut self, name: &str, target: &Target) {
        let words: Vec<(String, bool)> = words_of(name).iter().map(|word| (stem(word).to_owned(), false)).collect();
        if words.is_empty() {
            return;
        }
        self.entries.push(Entry { words, target: target.clone() });
        for other in TRANSLATIONS.get(fold(name).as_str()).into_iter().flatten() {
            let words = other
                .split([' ', '-'])
                .map(|word| match word.strip_suffix('*') {
                    Some(beginning) => (beginning.to_owned(), true),
                    None => (stem(word).to_owned(), false),
                })
                .collect();
            self.entries.push(Entry { words, target: target.clone() });
        }
    }

    /// A name of several words answers to its first ones too (“Baltik” for Baltik Import GmbH), where no other name and no
    /// ordinary word begins so.
    fn add_beginnings(&mut self, names: &[String], target: impl Fn(String) -> Target) {
        const SHORTEST: usize = 5;
        const ORDINARY: [&str; 10] =
            ["direkt", "direct", "deutsche", "german", "gebrueder", "unsere", "grosse", "neue", "erste", "online"];
        for name in names {
            let words = words_of(name);
            let Some(first) = words.first().filter(|first| first.len() >= SHORTEST && words.len() > 1) else {
                continue;
            };
            let own = stem(first);
            let entries =
                self.entries.iter().filter(|entry| entry.words[0].0 == own && entry.words.len() != words.len());
            let taken =
                entries.count() > 0 || names.iter().filter(|other| words_of(other).first() == Some(first)).count() > 1;
            if taken || ORDINARY.contains(&first.as_str()) || is_ordinary(first) {
                continue;
            }
            for length in 1..words.len() {
                let words = words[..length].iter().map(|word| (stem(word).to_owned(), false)).collect();
                self.entries.push(Entry { words, target: target(name.clone()) });
            }
        }
    }

    /// A path answers to each of its levels, and to the words of its last one alone.
    fn add_category(&mut self, path: &str) {
        let levels: Vec<&str> = path.split('>').map(str::trim).collect();
        for depth in 1..=levels.len() {
            let target = Target::Products(GridFilter::Category(levels[..depth].join(" > ")));
            if !self.entries.iter().any(|entry| entry.target == target) {
                self.add(levels[depth - 1], &target);
            }
        }
        let last = words_of(levels[levels.len() - 1]);
        if last.len() > 1 {
            for word in last.iter().filter(|word| word.len() > 3) {
                let others = TRANSLATIONS.get(word.as_str()).into_iter().flatten().map(|other| stem(other));
                for own in std::iter::once(stem(word)).chain(others) {
                    let paths = self.partial.entry(own.to_owned()).or_default();
                    if !paths.iter().any(|known| known == path) {
                        paths.push(path.to_owned());
                    }
                }
            }
        }
    }

    /// The longest name at the beginning of some tokens, spelt as the workspace has it apart from endings.
    pub(crate) fn find(&self, tokens: &[Token]) -> Option<FoundName> {
        let first = tokens.first()?;
        let code = self
            .codes
            .iter()
            .find(|code| code.len() > 1 && first.text == **code && first.text == first.text.to_uppercase());
        if let Some(code) = code {
            return Some(FoundName { target: Target::PriceList(code.clone()), taken: 1, corrected: None });
        }
        let candidates = self.by_start.get(&start_of(&first.folded)).map_or(&[][..], Vec::as_slice);
        let fits = |entry: &Entry| {
            entry.words.len() <= tokens.len()
                && entry.words.iter().zip(tokens).all(|((word, open), token)| {
                    if *open {
                        token.folded.starts_with(word)
                    } else {
                        stem(&token.folded) == word || token.folded == *word
                    }
                })
        };
        let found = candidates.iter().map(|place| &self.entries[*place]).find(|entry| fits(entry));
        if let Some(entry) = found {
            return Some(FoundName { target: entry.target.clone(), taken: entry.words.len(), corrected: None });
        }
        self.find_joined(tokens)
    }

    /// A name of one word that was written as two: “Elektro Max”.
    fn find_joined(&self, tokens: &[Token]) -> Option<FoundName> {
        let joined = format!("{}{}", tokens.first()?.folded, tokens.get(1)?.folded);
        let stemmed = stem(&joined);
        let found = self.entries.iter().find(|entry| entry.words.len() == 1 && entry.words[0].0 == stemmed)?;
        Some(FoundName { target: found.target.clone(), taken: 2, corrected: None })
    }

    /// The name that is nearest to a misspelt word.
    pub(crate) fn find_near(&self, tokens: &[Token]) -> Option<(FoundName, usize)> {
        let mut best: Option<(usize, &Entry)> = None;
        for entry in self.entries.iter().filter(|entry| entry.words.len() <= tokens.len()) {
            let mut slips = 0;
            let near = entry.words.iter().zip(tokens).all(|((word, open), token)| {
                let limit = slips_allowed(word.chars().count());
                let written = stem(&token.folded);
                let written = if *open { written.get(..word.len()).unwrap_or(written) } else { written };
                // Of a word with any ending, the beginning is what tells it: “verkaufen” is no “Abverkauf”.
                if *open && written.chars().next() != word.chars().next() {
                    return false;
                }
                let distance = distance_within(written, word, limit);
                slips += distance.unwrap_or(0);
                distance.is_some()
            });
            let longest = entry.words.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
            let better = best.is_none_or(|(least, kept)| {
                (slips, std::cmp::Reverse(entry.words.len())) < (least, std::cmp::Reverse(kept.words.len()))
            });
            if near && slips > 0 && longest >= 5 && better {
                best = Some((slips, entry));
            }
        }
        let (slips, entry) = best?;
        let name = match &entry.target {
            Target::Competitor(name) | Target::PriceList(name) => name.clone(),
            Target::Products(
                GridFilter::Brand(name)
                | GridFilter::Supplier(name)
                | GridFilter::Category(name)
                | GridFilter::Tag(name),
            ) => name.clone(),
            Target::Products(_) => return None,
        };
        let found = FoundName { target: entry.target.clone(), taken: entry.words.len(), corrected: Some(name) };
        Some((found, slips))
    }

    /// Categories whose last level has this word beside others.
    pub(crate) fn partly(&self, folded: &str) -> &[String] {
        self.partial.get(stem(folded)).map_or(&[], Vec::as_slice)
    }
}
