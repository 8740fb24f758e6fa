//! The meaning of every word of a question, in order.

use pricing_domain::{BasisPoints, GridFilter, Lifecycle, Role};

use super::strange::{is_idle_word, is_vague, settle_strange};
use super::{beside, calendar, colours, compounds, measures, spans};
use crate::intents::{Language, Period, Quantity, Scope};
use crate::lexicon::{Concept, concept_at, nearest_word};
use crate::names::{NameIndex, ProductLookup, Target, stem};
use crate::tokens::Token;

/// What one word or phrase means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Concept(Concept),
    Name(Target),
    Choices(String, Vec<String>),
    /// A number with a unit, and its sign.
    Quantity(Quantity, Option<char>),
    /// A number without one, in hundredths.
    Number(i64),
    Sku(String),
    /// A word that occurs in products.
    ProductWord(String),
    /// Products that are left out.
    Excluded(GridFilter),
    /// A stretch of the calendar.
    Period(Period),
    /// A word without a meaning here.
    Strange,
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) mark: Mark,
    pub(super) word: String,
    /// It was written with a capital letter.
    pub(super) is_high: bool,
}

/// A question with its meanings.
#[derive(Clone)]
pub(super) struct Items {
    pub(super) list: Vec<Item>,
    pub(super) corrected: Vec<(String, String)>,
    pub(super) strange: Vec<String>,
    /// A word that must be a name, and is none of the workspace.
    pub(super) not_here: Option<String>,
    /// Products that have all the product words.
    pub(super) product_matches: usize,
}

impl Items {
    pub(super) fn has(&self, concept: Concept) -> bool {
        self.place(concept).is_some()
    }

    pub(super) fn any(&self, concepts: &[Concept]) -> bool {
        concepts.iter().any(|concept| self.has(*concept))
    }

    pub(super) fn place(&self, concept: Concept) -> Option<usize> {
        self.list.iter().position(|item| item.mark == Mark::Concept(concept))
    }

    pub(super) fn word(&self, words: &[&str]) -> bool {
        self.list.iter().any(|item| words.contains(&item.word.as_str()))
    }

    pub(super) fn competitor(&self) -> Option<(usize, String)> {
        self.list.iter().enumerate().find_map(|(place, item)| match &item.mark {
            Mark::Name(Target::Competitor(name)) => Some((place, name.clone())),
            _ => None,
        })
    }

    pub(super) fn price_list(&self) -> Option<String> {
        self.list.iter().find_map(|item| match &item.mark {
            Mark::Name(Target::PriceList(code)) => Some(code.clone()),
            _ => None,
        })
    }

    pub(super) fn percent(&self) -> Option<(usize, BasisPoints, Option<char>)> {
        self.list.iter().enumerate().find_map(|(place, item)| match item.mark {
            Mark::Quantity(Quantity::Percent(value), sign) => Some((place, value, sign)),
            _ => None,
        })
    }

    pub(super) fn amount(&self) -> Option<(usize, i64, Option<char>)> {
        self.list.iter().enumerate().find_map(|(place, item)| match item.mark {
            Mark::Quantity(Quantity::Amount(value), sign) => Some((place, value, sign)),
            _ => None,
        })
    }

    /// Brands, categories and suppliers that are left out.
    pub(super) fn excluded(&self) -> impl Iterator<Item = &GridFilter> {
        self.list.iter().filter_map(|item| match &item.mark {
            Mark::Excluded(filter) => Some(filter),
            _ => None,
        })
    }

    /// How many words have a meaning of their own.
    pub(super) fn understood(&self) -> usize {
        let says_nothing = |mark: &Mark| matches!(mark, Mark::Strange | Mark::Concept(Concept::Stop));
        self.list.iter().filter(|item| !says_nothing(&item.mark)).count()
    }

    /// The product that is named: by its article number, or by words of its name.
    pub(super) fn product(&self) -> Option<Vec<String>> {
        let skus = self.list.iter().filter_map(|item| match &item.mark {
            Mark::Sku(sku) => Some(sku.clone()),
            _ => None,
        });
        let skus: Vec<String> = skus.collect();
        (!skus.is_empty()).then_some(skus).or_else(|| (!self.product_words().is_empty()).then(|| self.product_words()))
    }

    pub(super) fn has_sku(&self) -> bool {
        self.list.iter().any(|item| matches!(item.mark, Mark::Sku(_)))
    }

    /// Words of a product's name, with its brand, where any word is neither brand nor category.
    pub(super) fn product_words(&self) -> Vec<String> {
        let own: Vec<String> = self
            .list
            .iter()
            .filter_map(|item| match &item.mark {
                Mark::ProductWord(word) => Some(word.clone()),
                _ => None,
            })
            .collect();
        if own.is_empty() {
            return own;
        }
        let brand = self.list.iter().find_map(|item| match &item.mark {
            Mark::Name(Target::Products(GridFilter::Brand(name))) => Some(name.to_lowercase()),
            _ => None,
        });
        brand.into_iter().chain(own).collect()
    }

    /// The products the question is about.
    pub(super) fn scope(&self) -> Scope {
        let mut scope = Scope::default();
        for item in &self.list {
            let filter = match &item.mark {
                Mark::Name(Target::Products(filter)) => Some(filter.clone()),
                Mark::Concept(Concept::Kvi) => Some(GridFilter::KeyValue),
                Mark::Concept(Concept::OwnBrand) => Some(GridFilter::OwnBrand),
                Mark::Concept(Concept::Traffic) => Some(GridFilter::Role(Role::Traffic)),
                Mark::Concept(Concept::ProfitRole) => Some(GridFilter::Role(Role::Profit)),
                Mark::Concept(Concept::Tail) => Some(GridFilter::Role(Role::Tail)),
                Mark::Concept(Concept::PhaseOut) => Some(GridFilter::Lifecycle(Lifecycle::PhaseOut)),
                Mark::Concept(Concept::NewProduct) => Some(GridFilter::Lifecycle(Lifecycle::New)),
                Mark::Sku(sku) => {
                    scope.search = vec![sku.clone()];
                    None
                }
                _ => None,
            };
            if let Some(filter) = filter.filter(|filter| !scope.filters.contains(filter)) {
                scope.filters.push(filter);
            }
        }
        let paths = scope.filters.iter().filter_map(|filter| match filter {
            GridFilter::Category(path) => Some(format!("{path} > ")),
            _ => None,
        });
        let paths: Vec<String> = paths.collect();
        // “Smart home bulbs” are bulbs: a category above another one that is named adds nothing.
        let is_above = |filter: &GridFilter| match filter {
            GridFilter::Category(path) => {
                paths.iter().any(|other| other.starts_with(&format!("{path} > ")) && other.len() > path.len() + 3)
            }
            _ => false,
        };
        scope.filters.retain(|filter| !is_above(filter));
        let words = self.list.iter().filter_map(|item| match &item.mark {
            Mark::ProductWord(word) => Some(word.clone()),
            _ => None,
        });
        if !self.has_sku() {
            scope.search.extend(words);
        }
        scope
    }
}

/// Gives every word its meaning.
pub(super) fn mark(tokens: &[Token], names: &NameIndex, products: &dyn ProductLookup, language: Language) -> Items {
    let mut items =
        Items { list: Vec::new(), corrected: Vec::new(), strange: Vec::new(), not_here: None, product_matches: 0 };
    let tokens = &compounds::spread(&measures::spread(tokens, products), names);
    let with_current = calendar::names_current(tokens);
    let mut at = 0;
    while at < tokens.len() {
        if let Some(words) = measures::size(&tokens[at..], products) {
            at += words.len();
            items.list.extend(words.into_iter().map(|word| match word {
                Some(word) => Item { mark: Mark::ProductWord(word.clone()), word, is_high: false },
                None => Item { mark: Mark::Concept(Concept::Stop), word: "of".to_owned(), is_high: false },
            }));
            continue;
        }
        let before = at.checked_sub(1).map_or("", |before| tokens[before].folded.as_str());
        if let Some((period, taken)) = calendar::period(&tokens[at..], before, with_current) {
            let word = tokens[at..at + taken].iter().map(|token| token.folded.as_str()).collect::<Vec<_>>().join(" ");
            items.list.push(Item { mark: Mark::Period(period), word, is_high: false });
            at += taken;
            continue;
        }
        let (mark, taken) = mark_at(&tokens[at..], names, products, &mut items.corrected);
        let exact =
            |item: &Item| item.word.split(' ').next_back().is_some_and(|word| matches!(word, "exactly" | "genau"));
        let after_bound = items.list.last().is_some_and(|item| is_bound(&item.mark) || exact(item));
        let mark = match value_of(&tokens[at]) {
            Some(number) if after_bound && matches!(mark, Mark::Strange | Mark::Concept(Concept::Stop)) => {
                Mark::Number(number)
            }
            _ => mark,
        };
        let word = tokens[at..at + taken].iter().map(|token| token.folded.as_str()).collect::<Vec<_>>().join(" ");
        items.list.push(Item { mark, word, is_high: at > 0 && starts_high(&tokens[at]) });
        at += taken;
    }
    choose(&mut items);
    leave_out(&mut items);
    settle_strange(&mut items, tokens, products, language);
    beside::settle(&mut items);
    items
}

/// “At least”, “below” and the like.
const fn is_bound(mark: &Mark) -> bool {
    matches!(mark, Mark::Concept(Concept::AtLeast | Concept::AtMost | Concept::Above | Concept::Below))
}

/// A word of several categories is settled by what stands beside it: by another word of one of them (“USB-C cable”), or by
/// a product that is named.
fn choose(items: &mut Items) {
    let words: Vec<String> = items.list.iter().flat_map(|item| item.word.split(' ').map(str::to_owned)).collect();
    let names_product = items.list.iter().any(|item| matches!(item.mark, Mark::ProductWord(_) | Mark::Sku(_)));
    for item in &mut items.list {
        let Mark::Choices(word, choices) = &item.mark else { continue };
        let own = stem(&item.word).to_owned();
        let fits = |path: &&String| {
            let leaf = path.rsplit(" > ").next().unwrap_or(path).to_lowercase();
            leaf.split(|letter: char| !letter.is_alphanumeric())
                .filter(|one| stem(one) != own)
                .any(|one| words.iter().any(|word| stem(word) == stem(one)))
        };
        let fitting: Vec<String> = choices.iter().filter(fits).cloned().collect();
        match fitting.as_slice() {
            [only] => item.mark = Mark::Name(Target::Products(GridFilter::Category(only.clone()))),
            _ if names_product => item.mark = Mark::ProductWord(word.to_lowercase()),
            _ => {}
        }
    }
}

/// “Not Fenwark”, “ohne Brysta und Zorvik”, “except headphones”: what is left out.
fn leave_out(items: &mut Items) {
    const LINKING: [&str; 26] = [
        "of", "from", "by", "in", "the", "any", "those", "von", "vom", "aus", "der", "die", "das", "den", "bei", "and",
        "or", "und", "oder", "all", "alle", "brand", "marke", "for", "fuer", "at",
    ];
    for place in 0..items.list.len() {
        let (always, known) = match &items.list[place].mark {
            Mark::Concept(Concept::Except) => (true, true),
            Mark::Concept(Concept::Not) => (false, true),
            Mark::Concept(Concept::Without) => {
                (false, matches!(items.list[place].word.as_str(), "without" | "ohne" | "kein" | "keine"))
            }
            _ => continue,
        };
        if !known {
            continue;
        }
        let mut left_out = false;
        for at in place + 1..items.list.len() {
            let item = &mut items.list[at];
            match &item.mark {
                Mark::Name(Target::Products(filter)) => {
                    item.mark = Mark::Excluded(filter.clone());
                    left_out = true;
                }
                _ if LINKING.contains(&item.word.as_str()) => {}
                _ => break,
            }
        }
        // “Drosva aside”, “Brysta ausgenommen”: it may stand behind too.
        if always && !left_out {
            for at in (0..place).rev() {
                let item = &mut items.list[at];
                match &item.mark {
                    Mark::Name(Target::Products(filter)) if !left_out || at + 1 < place => {
                        item.mark = Mark::Excluded(filter.clone());
                        left_out = true;
                    }
                    _ if left_out && ["and", "or", "und", "oder"].contains(&item.word.as_str()) => {}
                    _ => break,
                }
            }
        }
        let negation = always && items.list[place].word.split(' ').any(|word| matches!(word, "not" | "nicht"));
        if left_out {
            items.list[place].mark = Mark::Concept(Concept::Stop);
        } else if negation {
            items.list[place].mark = Mark::Concept(Concept::Not);
        }
    }
}

fn mark_at(
    tokens: &[Token],
    names: &NameIndex,
    products: &dyn ProductLookup,
    corrected: &mut Vec<(String, String)>,
) -> (Mark, usize) {
    let first = &tokens[0];
    if let Some(found) = quantity(tokens) {
        return found;
    }
    let counts_time = |token: &Token| {
        let unit = concept_at(std::slice::from_ref(token));
        unit.is_some_and(|(concept, _)| spans::is_unit(concept))
    };
    if let Some(number) = value_of(first).filter(|_| tokens.get(1).is_some_and(counts_time)) {
        return (Mark::Number(number), 1);
    }
    let has_digit = first.text.bytes().any(|byte| byte.is_ascii_digit());
    if has_digit
        && first.number.is_none_or(|number| number >= 100_000)
        && let Some(sku) = products.sku(&first.text)
    {
        return (Mark::Sku(sku), 1);
    }
    if let Some(number) = first.number {
        return (Mark::Number(number), 1);
    }
    // “Three or more”.
    let bounds = |concept| matches!(concept, Concept::AtLeast | Concept::AtMost);
    if let Some(number) =
        value_of(first).filter(|_| concept_at(&tokens[1..]).is_some_and(|(concept, _)| bounds(concept)))
    {
        return (Mark::Number(number), 1);
    }
    let concept = concept_at(tokens);
    let name = names.find(tokens);
    match (name, concept) {
        (Some(name), Some((_, taken))) if taken <= name.taken => return (Mark::Name(name.target), name.taken),
        (Some(name), None) => return (Mark::Name(name.target), name.taken),
        (_, Some((concept, taken))) => return (Mark::Concept(concept), taken),
        (None, None) => {}
    }
    if has_digit {
        return (Mark::Strange, 1);
    }
    // “NL 10001”
    if let Some(next) = tokens.get(1).filter(|next| next.number.is_some_and(|number| number >= 10_000)) {
        let joined = [format!("{}-{}", first.text, next.text), format!("{}{}", first.text, next.text)];
        if let Some(sku) = joined.iter().find_map(|word| products.sku(word)) {
            return (Mark::Sku(sku), 2);
        }
    }
    let choices = names.partly(&first.folded);
    match choices {
        [] => {}
        [only] => return (Mark::Name(Target::Products(GridFilter::Category(only.clone()))), 1),
        several => return (Mark::Choices(first.text.clone(), several.to_vec()), 1),
    }
    misspelt(tokens, names, products, corrected)
}

fn misspelt(
    tokens: &[Token],
    names: &NameIndex,
    products: &dyn ProductLookup,
    corrected: &mut Vec<(String, String)>,
) -> (Mark, usize) {
    let first = &tokens[0];
    // A word of a product's name is spelt as it should be.
    let idle = is_idle_word(&first.folded) || is_vague(&first.folded);
    if !idle && first.folded.len() > 2 && products.products_with(&[first.text.to_lowercase()]) > 0 {
        return (Mark::ProductWord(first.text.to_lowercase()), 1);
    }
    if idle {
        return (Mark::Strange, 1);
    }
    if let Some(word) = colours::in_names(&first.folded, products) {
        return (Mark::ProductWord(word), 1);
    }
    let name = names.find_near(tokens);
    let word = nearest_word(&first.folded);
    let name_is_nearer = match (&name, &word) {
        (Some((_, slips)), Some((_, _, distance))) => slips <= distance,
        (name, _) => name.is_some(),
    };
    if let Some((found, _)) = name.filter(|_| name_is_nearer) {
        let written = tokens[..found.taken].iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
        corrected.push((written, found.corrected.unwrap_or_default()));
        return (Mark::Name(found.target), found.taken);
    }
    match word {
        Some((concept, meant, _)) => {
            corrected.push((first.text.clone(), meant));
            (Mark::Concept(concept), 1)
        }
        None => (Mark::Strange, 1),
    }
}

/// A number with its unit: “5 %”, “50 €”, “€ 50”, “3 pieces”.
fn quantity(tokens: &[Token]) -> Option<(Mark, usize)> {
    let unit = |token: Option<&Token>| {
        let found = token.and_then(|token| concept_at(std::slice::from_ref(token)));
        found.map(|(concept, _)| concept)
    };
    let first = &tokens[0];
    let signed = |sign: Option<char>, quantity: Quantity, taken: usize| Some((Mark::Quantity(quantity, sign), taken));
    match unit(Some(first)) {
        Some(Concept::Minus | Concept::Plus) if tokens.get(1).is_some_and(|token| value_of(token).is_some()) => {
            let sign = if unit(Some(first)) == Some(Concept::Minus) { '-' } else { '+' };
            let (mark, taken) = quantity(&tokens[1..])?;
            return match mark {
                Mark::Quantity(quantity, _) => signed(Some(sign), quantity, taken + 1),
                _ => None,
            };
        }
        // “The dollar rises 5 %” is no amount.
        Some(Concept::Euro) if unit(tokens.get(2)) != Some(Concept::Percent) => {
            let number = tokens.get(1)?.number?;
            return signed(tokens[1].sign, Quantity::Amount(number), 2);
        }
        _ => {}
    }
    let number = value_of(first)?;
    match unit(tokens.get(1)) {
        Some(Concept::Percent) => signed(first.sign, Quantity::Percent(BasisPoints(i32::try_from(number).ok()?)), 2),
        Some(Concept::Euro) => signed(first.sign, Quantity::Amount(number), 2),
        Some(Concept::Pieces) => signed(first.sign, Quantity::Count(number / 100), 2),
        // Two decimals are a price.
        _ if first.number.is_some_and(|number| number % 100 != 0) => signed(first.sign, Quantity::Amount(number), 1),
        _ => None,
    }
}

/// A number in digits, or a small one in words, in hundredths.
fn value_of(token: &Token) -> Option<i64> {
    const WORDS: &[(&str, i64)] = &[
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("twelve", 12),
        ("fifteen", 15),
        ("twenty", 20),
        ("ein", 1),
        ("zwei", 2),
        ("drei", 3),
        ("vier", 4),
        ("fuenf", 5),
        ("sechs", 6),
        ("sieben", 7),
        ("acht", 8),
        ("neun", 9),
        ("zehn", 10),
        ("fuenfzehn", 15),
        ("zwanzig", 20),
    ];
    let in_words = || WORDS.iter().find(|(word, _)| *word == token.folded).map(|(_, number)| number * 100);
    token.number.or_else(in_words)
}

pub(super) fn starts_high(token: &Token) -> bool {
    token.text.chars().next().is_some_and(char::is_uppercase)
}
