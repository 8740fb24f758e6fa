//! Words without a meaning: parts of product names, names that the workspace lacks, or left aside and said so.

use std::collections::HashSet;
use std::sync::LazyLock;

use pricing_domain::GridFilter;

use super::items::{Item, Items, Mark, starts_high};
use crate::edit_distance::{distance_within, slips_allowed};
use crate::intents::Language;
use crate::lexicon::{Concept, concept_at};
use crate::names::{ProductLookup, Target, stem};
use crate::tokens::{Token, fold};

/// Strange words are words of product names, names that the workspace lacks, or left aside and said so.
pub(super) fn settle_strange(items: &mut Items, tokens: &[Token], products: &dyn ProductLookup, language: Language) {
    let mut at = 0;
    let named_number = items.has(Concept::Sku);
    for place in 0..items.list.len() {
        let words = items.list[place].word.split(' ').count();
        let token = tokens.get(at);
        let before = at.checked_sub(1).and_then(|before| tokens.get(before)).map_or("", |token| token.folded.as_str());
        at += words;
        let Some(token) = token else { break };
        let is_number = matches!(items.list[place].mark, Mark::Number(_));
        let beside = |other: Option<&Item>| {
            other.is_some_and(|item| {
                matches!(item.mark, Mark::ProductWord(_) | Mark::Name(Target::Products(GridFilter::Brand(_))))
            })
        };
        let after_name = place > 0 && (beside(items.list.get(place - 1)) || beside(items.list.get(place + 1)));
        if is_number && after_name && products.products_with(std::slice::from_ref(&token.folded)) > 0 {
            items.list[place].mark = Mark::ProductWord(token.folded.clone());
            continue;
        }
        // “75 inch” stands in names as 75".
        let inches = tokens.get(at).is_some_and(|after| matches!(after.folded.as_str(), "inch" | "inches" | "zoll"));
        if is_number && inches && products.products_with(std::slice::from_ref(&token.folded)) > 0 {
            items.list[place].mark = Mark::ProductWord(token.folded.clone());
            continue;
        }
        let sku_wanted = named_number
            && is_number
            && concept_at(&[Token { folded: before.to_owned(), ..token.clone() }])
                .is_some_and(|(concept, _)| matches!(concept, Concept::Sku | Concept::Product));
        if sku_wanted
            || (is_number && matches!(before, "product" | "article" | "artikel" | "produkt" | "item" | "nummer"))
        {
            items.not_here.get_or_insert_with(|| token.text.clone());
            continue;
        }
        if items.list[place].mark != Mark::Strange || token.folded.len() < 2 {
            continue;
        }
        // “Samsung products …”: whatever stands before what is sold names some of it.
        let names_goods = tokens.get(at).is_some_and(|after| GOODS.contains(&after.folded.as_str()));
        let word = token.text.to_lowercase();
        // “Mach” is a part of “Machine”, and says nothing where no other word of a product stands beside it.
        let idle = !after_name && (IDLE.contains(token.folded.as_str()) || is_vague(&token.folded));
        if !idle && products.products_with(std::slice::from_ref(&word)) > 0 {
            items.list[place].mark = Mark::ProductWord(word);
        } else if is_idle(items, place, &token.folded) {
            items.list[place].mark = Mark::Concept(Concept::Stop);
        } else if is_a_name(token, before, place, language)
            || (names_goods && starts_high(token))
            || is_unknown_group(items, place)
        {
            items.not_here.get_or_insert_with(|| token.text.clone());
        } else {
            items.strange.push(token.text.clone());
        }
    }
    // Numbers beside words that were settled just now.
    for place in 0..items.list.len() {
        let is_word = |other: Option<usize>| {
            other.and_then(|at| items.list.get(at)).is_some_and(|item| matches!(item.mark, Mark::ProductWord(_)))
        };
        let beside = is_word(place.checked_sub(1)) || is_word(Some(place + 1));
        let item = &items.list[place];
        if beside
            && matches!(item.mark, Mark::Number(_))
            && products.products_with(std::slice::from_ref(&item.word)) > 0
        {
            items.list[place].mark = Mark::ProductWord(items.list[place].word.clone());
        }
    }
    let words = items.product_words();
    items.product_matches = if words.is_empty() { 0 } else { products.products_with(&words) };
}

/// Words that say nothing of what is asked for.
static IDLE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("idle.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// “Low margin”: how much that is, nobody says; that the letters occur in a product's name means nothing.
pub(super) fn is_vague(folded: &str) -> bool {
    const VAGUE: [&str; 16] = [
        "low", "high", "big", "small", "long", "short", "weak", "slow", "fast", "hoch", "hohe", "hoher", "niedrig",
        "gross", "klein", "lang",
    ];
    VAGUE.contains(&folded)
}

/// Whether a word says nothing by itself.
pub(super) fn is_idle_word(folded: &str) -> bool {
    IDLE.contains(folded)
}

/// Whether a word may be left aside without changing what is asked: a filling word, the misspelt second word of a name
/// that was found (“coffee machnes”), or buyers where their demand is asked for.
fn is_idle(items: &Items, place: usize, folded: &str) -> bool {
    const BUYERS: [&str; 4] = ["buyer", "shopper", "kaeufer", "consumer"];
    IDLE.contains(folded)
        || (items.has(Concept::Science) && BUYERS.iter().any(|word| folded.starts_with(word)))
        || is_of_a_name_beside(items, place, folded)
}

fn is_of_a_name_beside(items: &Items, place: usize, folded: &str) -> bool {
    let own = stem(folded);
    let limit = slips_allowed(own.chars().count());
    let beside = place.saturating_sub(2)..(place + 3).min(items.list.len());
    items.list[beside].iter().any(|item| {
        let Mark::Name(Target::Products(GridFilter::Category(path))) = &item.mark else { return false };
        let leaf = fold(path.rsplit(" > ").next().unwrap_or(path));
        let near = |word: &str| word == folded || (limit > 0 && distance_within(own, stem(word), limit).is_some());
        leaf.split(' ').any(near)
    })
}

/// What a question may be about besides goods.
const NOUNS: [Concept; 14] = [
    Concept::Product,
    Concept::Price,
    Concept::Competitor,
    Concept::CompetitorPrice,
    Concept::Rule,
    Concept::Categories,
    Concept::Brands,
    Concept::Suppliers,
    Concept::Proposal,
    Concept::Pages,
    Concept::Promotion,
    Concept::Change,
    Concept::Stock,
    Concept::Margin,
];

/// What is asked of products.
const FIGURES: [Concept; 15] = [
    Concept::Margin,
    Concept::Units,
    Concept::Price,
    Concept::Stock,
    Concept::Cost,
    Concept::Position,
    Concept::Average,
    Concept::BelowCost,
    Concept::OutOfStock,
    Concept::Count,
    Concept::CompetitorPrice,
    Concept::Lowest,
    Concept::Dearer,
    Concept::Cheaper,
    Concept::Biggest,
];

/// Whether a strange word is what the question is about: after “on”, “in”, “for” or “which” with nothing else named, an
/// answer without it would be about everything.
fn is_unknown_group(items: &Items, place: usize) -> bool {
    const BEFORE: [&str; 17] = [
        "on", "in", "for", "of", "among", "within", "bei", "fuer", "von", "im", "beim", "welche", "welcher", "welches",
        "welchen", "welchem", "which",
    ];
    const BETWEEN: [&str; 14] = [
        "the", "our", "der", "die", "das", "den", "dem", "unsere", "unseren", "unserer", "all", "alle", "allen",
        "unser",
    ];
    let named = items.list.iter().any(|item| {
        matches!(item.mark, Mark::Name(Target::Products(_)) | Mark::Sku(_) | Mark::ProductWord(_) | Mark::Choices(..))
    });
    let asked = |word: &str| word.split(' ').next_back().is_some_and(|last| BEFORE.contains(&last));
    let mut before = items.list[..place].iter().rev().skip_while(|item| BETWEEN.contains(&item.word.as_str()));
    let Some(word) = before.next().map(|item| item.word.as_str()) else { return false };
    let asks_which = word.split(' ').next_back().is_some_and(|last| last.starts_with("welche") || last == "which");
    // “Which odd prices”: the noun comes after it.
    let noun = items.list.get(place + 1).is_some_and(|next| match &next.mark {
        Mark::Name(_) | Mark::ProductWord(_) | Mark::Choices(..) => true,
        Mark::Concept(concept) => NOUNS.contains(concept),
        _ => false,
    });
    // Rules, batches and the like are not asked of some products.
    let of_products =
        items.any(&FIGURES) && !items.any(&[Concept::Rule, Concept::Guardrail, Concept::Batch, Concept::Summary]);
    let long = items.list[place].word.len() >= 4 && of_products;
    long && asked(word) && if asks_which { !noun } else { !named }
}

/// What is sold, after a name.
const GOODS: [&str; 8] = ["products", "product", "items", "articles", "goods", "produkte", "artikel", "ware"];

/// Whether a strange word stands where a name stands: after such a preposition, with digits, or with a capital letter
/// in English.
fn is_a_name(token: &Token, before: &str, place: usize, language: Language) -> bool {
    const BEFORE_NAMES: &[&str] = &[
        "of",
        "from",
        "at",
        "against",
        "versus",
        "vs",
        "for",
        "than",
        "in",
        "gegen",
        "bei",
        "von",
        "fuer",
        "als",
        "gegenueber",
        "sku",
        "brand",
        "marke",
        "competitor",
        "category",
        "kategorie",
        "supplier",
        "lieferant",
        "wettbewerber",
        "artikel",
        "product",
        "produkt",
        "with",
        "mit",
        "to",
        "beim",
        "match",
        "undercut",
        "on",
        "unterbietet",
        "if",
        "wenn",
        "verlangt",
        "verlangen",
        "kostet",
        "charges",
        "nimmt",
        "does",
        "did",
        "article",
        "item",
        "has",
        "hat",
        "is",
        "ist",
    ];
    let capital = starts_high(token);
    let has_digit = token.text.bytes().any(|byte| byte.is_ascii_digit());
    let inner_capital = token.text.chars().skip(1).any(char::is_uppercase);
    let after = BEFORE_NAMES.contains(&before);
    has_digit || inner_capital || (after && capital) || (capital && place > 0 && language == Language::English)
}
