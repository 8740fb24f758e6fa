//! One product of ours beside one page: how alike, why, and what speaks against it.

use pricing_domain::{MatchVerdict, PackCoefficient};

use crate::titles::{Measure, Title};
use crate::words;

/// How alike a product and a page are.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// From 0 to 1,000.
    pub score: u16,
    /// Whether it can be accepted without a person.
    pub verdict: MatchVerdict,
    /// What speaks for it, in words.
    pub reasons: Vec<String>,
    /// What speaks against it, in words.
    pub conflicts: Vec<String>,
    /// How many of ours one of theirs is, where the texts tell.
    pub pack: PackCoefficient,
    /// Their price is so far from ours that the match is probably wrong.
    pub price_doubt: bool,
}

/// What is known beside the two titles.
pub(crate) struct Shared<'a> {
    pub(crate) gtin: bool,
    pub(crate) mpn: bool,
    pub(crate) sku: bool,
    pub(crate) prices: Option<(i64, i64)>,
    /// How telling a word is.
    pub(crate) weight: &'a dyn Fn(&str) -> f32,
}

/// From here on a candidate without a contradiction is accepted.
const ACCEPTED: u16 = 900;
/// Below, a price is no price of the same thing; above its inverse neither.
const LOWEST_RATIO: f64 = 0.35;

/// Compares a product of ours with a page.
pub(crate) fn compare(ours: &Title, theirs: &Title, shared: &Shared<'_>) -> Comparison {
    let mut reasons = Vec::new();
    let mut conflicts = Vec::new();
    let pack = pack_of(ours, theirs);
    let pack_told = pack.numerator != 1 || pack.denominator != 1;
    note_conflicts(ours, theirs, &mut conflicts);
    let mut score = text_score(ours, theirs, shared, &mut reasons);
    if shared.sku {
        reasons.insert(0, "the page names our article number".to_owned());
        score = (score + 250).min(960);
    }
    if shared.mpn {
        reasons.insert(0, "brand and part number are equal".to_owned());
        score = score.max(980);
    }
    if shared.gtin {
        reasons.insert(0, "an article code (GTIN) is equal".to_owned());
        score = score.max(1_000);
        // Makers give one code to all colours at times; sizes and packs have codes of their own.
        conflicts.retain(|conflict| conflict.starts_with("theirs is"));
    }
    if pack_told {
        conflicts.push(format!("one of theirs is {}/{} of ours", pack.numerator, pack.denominator));
    }
    let price_doubt = shared.prices.is_some_and(|(ours, theirs)| {
        let theirs_each = theirs as f64 * f64::from(pack.denominator) / f64::from(pack.numerator);
        let ratio = theirs_each / ours.max(1) as f64;
        !(LOWEST_RATIO..=1.0 / LOWEST_RATIO).contains(&ratio)
    });
    if price_doubt {
        conflicts.push("the prices are too far apart for the same product".to_owned());
    }
    let verdict = match (conflicts.is_empty(), score) {
        (false, _) => MatchVerdict::Contradicted,
        (true, ACCEPTED..) => MatchVerdict::Certain,
        (true, _) => MatchVerdict::Review,
    };
    Comparison { score, verdict, reasons, conflicts, pack, price_doubt }
}

/// How many of ours one of theirs is: multiples and pieces by pieces.
fn pack_of(ours: &Title, theirs: &Title) -> PackCoefficient {
    let items = |title: &Title| title.multiple.unwrap_or(1).max(1);
    let (mut numerator, mut denominator) = (items(theirs), items(ours));
    if let (Some(our_pieces), Some(their_pieces)) = (ours.pieces, theirs.pieces) {
        numerator *= their_pieces.max(1);
        denominator *= our_pieces.max(1);
    }
    let divisor = greatest_common_divisor(numerator, denominator);
    PackCoefficient::parse(&format!("{}/{}", numerator / divisor, denominator / divisor))
        .unwrap_or(PackCoefficient::ONE)
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { greatest_common_divisor(b, a % b) }
}

fn note_conflicts(ours: &Title, theirs: &Title, conflicts: &mut Vec<String>) {
    let only_theirs = |ours: bool, theirs: bool, words: &str, conflicts: &mut Vec<String>| {
        if theirs != ours {
            conflicts.push(format!("{} is {words}", if theirs { "theirs" } else { "ours" }));
        }
    };
    only_theirs(ours.used, theirs.used, "used or refurbished", conflicts);
    only_theirs(ours.bundle, theirs.bundle, "a bundle", conflicts);
    only_theirs(ours.accessory, theirs.accessory, "an accessory", conflicts);
    if ours.measures.is_empty() != theirs.measures.is_empty() || !measures_agree(&ours.measures, &theirs.measures) {
        conflicts.push("the sizes differ, or only one side says its size".to_owned());
    }
    let colours_differ = ours.colours.iter().any(|colour| !theirs.colours.contains(colour))
        || theirs.colours.iter().any(|colour| !ours.colours.contains(colour));
    if colours_differ {
        let names = |title: &Title| {
            title.colours.iter().map(|colour| words::colour_name(*colour)).collect::<Vec<_>>().join(" and ")
        };
        let said = |names: String| if names.is_empty() { "no colour".to_owned() } else { names };
        conflicts.push(format!("ours says {}, theirs {}", said(names(ours)), said(names(theirs))));
    }
    let says_size = |title: &Title, size: &Option<String>| {
        title.clothes == *size
            || (title.clothes.is_none() && size.as_ref().is_some_and(|size| title.words.contains(size)))
    };
    if !says_size(theirs, &ours.clothes) && !says_size(ours, &theirs.clothes) {
        conflicts.push("the sizes of clothes differ, or only one side says it".to_owned());
    }
    let variants_differ = ours.variants.iter().any(|word| !theirs.variants.contains(word))
        || theirs.variants.iter().any(|word| !ours.variants.contains(word));
    if variants_differ {
        conflicts.push(format!("ours is “{}”, theirs “{}”", ours.variants.join(" "), theirs.variants.join(" ")));
    }
    let models_differ = ours.models.iter().any(|model| !theirs.has_model(model, ours))
        || theirs.models.iter().any(|model| !ours.has_model(model, theirs));
    if models_differ {
        conflicts.push(format!("the models differ: {} and {}", said(&ours.models), said(&theirs.models)));
    }
    if let (Some(our_brand), Some(their_brand)) = (&ours.brand, &theirs.brand)
        && our_brand != their_brand
    {
        conflicts.push("the brands differ".to_owned());
    }
    if ours.pieces.is_some() != theirs.pieces.is_some() {
        conflicts.push("only one side says how many pieces there are".to_owned());
    }
}

fn said(models: &[String]) -> String {
    if models.is_empty() { "none".to_owned() } else { models.join(" ") }
}

/// A hundredth more or less; two sides of a sheet have to be equal.
pub(crate) fn is_like((kind, amount): &Measure, (other_kind, other): &Measure) -> bool {
    kind == other_kind && (amount == other || (*kind != 'f' && (amount - other).abs() * 100 <= *amount))
}

/// Each measure has its like.
fn measures_agree(ours: &[Measure], theirs: &[Measure]) -> bool {
    let has_like = |one: &Measure, others: &[Measure]| others.iter().any(|other| is_like(one, other));
    ours.iter().all(|measure| has_like(measure, theirs)) && theirs.iter().all(|measure| has_like(measure, ours))
}

/// From the words: what is shared against what is not, by how telling each word is.
fn text_score(ours: &Title, theirs: &Title, shared: &Shared<'_>, reasons: &mut Vec<String>) -> u16 {
    let brand_is_there = ours.brand.as_ref().is_some_and(|brand| {
        theirs.brand.as_ref() == Some(brand) || theirs.words.iter().any(|word| word == brand) || {
            let joined: String = theirs.words.concat();
            brand.len() >= 6 && joined.contains(brand.as_str())
        }
    });
    let weight = |word: &String| (shared.weight)(word);
    let common: Vec<&String> = ours.words.iter().filter(|word| theirs.words.contains(word)).collect();
    let common_weight: f32 = common.iter().map(|word| weight(word)).sum();
    let our_weight: f32 = ours.words.iter().map(weight).sum();
    let their_weight: f32 = theirs.words.iter().map(weight).sum();
    let (less, more) = (our_weight.min(their_weight), our_weight.max(their_weight));
    if less <= 0.0 {
        return 0;
    }
    // Both ways: a short title may be part of a long one, a long one must not say too much else.
    let alike = 0.7 * (common_weight / less) + 0.3 * (common_weight / more);
    let mut score = alike.min(1.0) * 800.0;
    let models: Vec<&String> = ours.models.iter().filter(|model| theirs.has_model(model, ours)).collect();
    if brand_is_there {
        reasons.push("the brand is the same".to_owned());
        score += 60.0;
    }
    if !models.is_empty() {
        let names: Vec<&str> = models.iter().map(|model| model.as_str()).collect();
        reasons.push(format!("the model is the same: {}", names.join(" ")));
        score += 60.0;
        if brand_is_there {
            score = score.max(910.0);
        }
    }
    if !ours.measures.is_empty() && measures_agree(&ours.measures, &theirs.measures) {
        reasons.push("the sizes are the same".to_owned());
        score += 50.0;
    }
    if !ours.colours.is_empty() && ours.colours == theirs.colours {
        reasons.push(format!("the colour is the same: {}", words::colour_name(ours.colours[0])));
        score += 30.0;
    }
    if ours.clothes.is_some() && ours.clothes == theirs.clothes {
        reasons.push("the size of clothes is the same".to_owned());
        score += 30.0;
    }
    if ours.pieces.is_some() && ours.pieces == theirs.pieces {
        reasons.push("there are as many pieces in a pack".to_owned());
        score += 50.0;
    }
    if brand_is_there && alike > 0.99 {
        score = score.max(920.0);
    }
    let names: Vec<&str> = common.iter().take(6).map(|word| word.as_str()).collect();
    if !names.is_empty() {
        reasons.push(format!("shared words: {}", names.join(", ")));
    }
    // A score is at most 999: only an equal code is certain.
    score.min(999.0) as u16
}
