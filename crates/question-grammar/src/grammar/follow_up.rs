//! Questions that lean on the one before: “and Strompfeil?”, “und davon Brysta”.

use pricing_domain::{BasisPoints, GridFilter};

use super::groups::competitors;
use super::items::{Item, Items, Mark};
use super::spans;
use crate::intents::{Intent, Quantity};
use crate::lexicon::Concept;
use crate::names::Target;
use crate::tokens::Token;

/// How such a question begins.
const BEGINNINGS: [&str; 12] =
    ["and", "und", "what about", "how about", "same", "genauso", "dasselbe", "auch", "also", "then", "now", "davon"];
/// What narrows the products of the question before instead of naming others.
const NARROWING: [&str; 8] = ["davon", "darunter", "thereof", "of those", "of these", "of them", "of that", "only"];

/// Whether a question may lean on the one before, by its words alone.
pub(super) fn may_lean(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens.iter().map(|token| token.folded.as_str()).collect();
    let text = words.join(" ");
    let begins = BEGINNINGS
        .iter()
        .any(|beginning| text.split_at_checked(beginning.len()).is_some_and(|(start, _)| start == *beginning));
    let points = |word: &&str| {
        meant(word).is_some() || AT_IT.contains(word) || ARTICLES.contains(word) || AT_THEM.contains(word)
    };
    let at_one = AT_IT.iter().any(|it| it.contains(' ') && text.contains(it));
    begins || at_one || NARROWING.iter().any(|word| text.contains(word)) || words.iter().any(points)
}

/// Words for several that were named, for the first and for the last of them, and for one alone.
const ALL: [&str; 14] = [
    "they", "them", "their", "theirs", "both", "beide", "beiden", "sie", "ihre", "ihren", "ihrer", "deren", "denen",
    "the two",
];
const FIRST: [&str; 5] = ["former", "erstere", "ersterer", "ersteren", "erstgenannte"];
const LAST: [&str; 5] = ["latter", "letztere", "letzterer", "letzteren", "letztgenannte"];
const ONE: [&str; 2] = ["he", "er"];

/// Who a word means that names nobody.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    All,
    First,
    Last,
    One,
}

fn meant(word: &str) -> Option<Meant> {
    let is = |list: &[&str]| list.contains(&word);
    [(Meant::All, &ALL[..]), (Meant::First, &FIRST), (Meant::Last, &LAST), (Meant::One, &ONE)]
        .into_iter()
        .find_map(|(meant, list)| is(list).then_some(meant))
}

/// Whether a word may mean who was named before.
pub(super) fn points(items: &Items) -> bool {
    items.competitor().is_none() && items.list.iter().any(|item| meant(&item.word).is_some())
}

/// What a question with such a word is, after another one.
pub(super) enum Pointing {
    /// With the competitors that are meant in the place of the word.
    At(Items),
    /// One is meant, and these were named.
    AnyOf(Vec<String>),
    /// At several things, and none of what was named is a competitor.
    Nobody(String),
}

/// The competitors that a question points at without a name, where the one before named them. `None`: it points at none.
pub(super) fn pointing(before: Option<&Items>, items: &Items) -> Option<Pointing> {
    let (place, who) = items.list.iter().enumerate().find_map(|(place, item)| {
        // A polite “Sie” is the person who answers.
        let polite = item.word == "sie" && item.is_high;
        Some((place, meant(&item.word).filter(|_| !polite)?))
    })?;
    let names = |kind: Kind| !matches!(kind, Kind::Time | Kind::Figure | Kind::Direction);
    let names_own = items.list.iter().any(|item| kind(&item.mark).is_some_and(names));
    if items.competitor().is_some() {
        return None;
    }
    let named = before.map(competitors).unwrap_or_default();
    let about_prices = items.any(&[
        Concept::Cheaper,
        Concept::Dearer,
        Concept::Undercut,
        Concept::ExpensiveThanUs,
        Concept::CheaperThanOurs,
        Concept::Change,
        Concept::Below,
        Concept::Above,
        Concept::Price,
        Concept::OutOfStock,
        Concept::CompetitorPrice,
        Concept::Often,
        Concept::Position,
        Concept::Against,
        Concept::Pages,
        Concept::Collected,
    ]);
    let says_more = |item: &Item| match &item.mark {
        Mark::Concept(concept) => !matches!(concept, Concept::Stop | Concept::Against | Concept::We | Concept::Product),
        Mark::Strange => meant(&item.word).is_none(),
        _ => false,
    };
    let short = !items.list.iter().any(says_more);
    let (first, last) = (named.first().cloned(), named.last().cloned());
    let chosen = match (who, first, last) {
        // “Are they in stock?”: what was found before is not looked for again.
        (Meant::All, ..) if !(about_prices || short) && before.is_some() => return nobody(items, place, names_own),
        (_, Some(_), Some(_)) if !(about_prices || short) => return None,
        (Meant::All, Some(_), _) => named,
        (Meant::First, Some(first), _) => vec![first],
        (Meant::Last, _, Some(last)) => vec![last],
        (Meant::One, Some(first), _) if named.len() == 1 => vec![first],
        (Meant::One, Some(_), _) if about_prices => return Some(Pointing::AnyOf(named)),
        // Where prices are compared and nobody was named, they are the competition.
        _ => return None,
    };
    let mut whole = items.clone();
    whole.strange.retain(|word| meant(&word.to_lowercase()).is_none());
    let own = whole.list.remove(place);
    for name in chosen.into_iter().rev() {
        let item = Item { mark: Mark::Name(Target::Competitor(name)), ..own.clone() };
        whole.list.insert(place, item);
    }
    Some(Pointing::At(whole))
}

/// “They” are several things, and nobody says which.
fn nobody(items: &Items, place: usize, names_own: bool) -> Option<Pointing> {
    let word = items.list[place].word.clone();
    (!names_own && matches!(word.as_str(), "they" | "them")).then_some(Pointing::Nobody(word))
}

/// Whether a question says so little of its own that it leans on the one before.
pub(super) fn leans(items: &Items) -> bool {
    let begins = items.list.first().is_some_and(|item| BEGINNINGS.contains(&item.word.as_str()));
    let only_names = items.list.iter().all(|item| match &item.mark {
        Mark::Name(_) | Mark::Sku(_) | Mark::ProductWord(_) | Mark::Excluded(_) | Mark::Number(_) | Mark::Period(_) => {
            true
        }
        Mark::Concept(concept) => {
            let says_nothing = [Concept::Stop, Concept::Against, Concept::We, Concept::Product, Concept::Kvi];
            let role = [Concept::Traffic, Concept::ProfitRole, Concept::Tail, Concept::OwnBrand, Concept::PhaseOut];
            says_nothing.contains(concept) || role.contains(concept) || spans::is_unit(*concept)
        }
        _ => false,
    });
    let begins_anew = begins
        && (begins_with_a_figure(items)
            || begins_with_a_quantity(items)
            || begins_with_an_order(items)
            || begins_with_a_basis(items));
    ((begins || narrows(items)) && only_names || begins_anew) && items.understood() > 0 && items.strange.is_empty()
}

/// “And upwards?”, “und der Bestand?”: another figure or direction of what was asked before.
fn begins_with_a_figure(items: &Items) -> bool {
    let mut figures = 0;
    for item in &items.list {
        match kind(&item.mark) {
            Some(Kind::Figure | Kind::Direction) => figures += 1,
            None if matches!(item.mark, Mark::Concept(Concept::Stop | Concept::We)) => {}
            _ => return false,
        }
    }
    figures == 1
}

/// “And if it is only 5 %?”, “und unter 360?”: another number in the place of the one before.
fn begins_with_a_quantity(items: &Items) -> bool {
    let says_nothing = |mark: &Mark| {
        let words =
            [Concept::Stop, Concept::We, Concept::WhatIf, Concept::Up, Concept::Down, Concept::Percent, Concept::Euro];
        matches!(mark, Mark::Concept(concept) if words.contains(concept) || is_bound(*concept))
    };
    let number = |mark: &Mark| matches!(mark, Mark::Quantity(..) | Mark::Number(_));
    let numbers = items.list.iter().filter(|item| number(&item.mark)).count();
    let bare = items.list.iter().position(|item| matches!(item.mark, Mark::Number(_)));
    numbers == 1
        && bare.is_none_or(|place| !items.counts_time(place))
        && items.list.iter().all(|item| number(&item.mark) || says_nothing(&item.mark))
}

/// “And the worst?”: another end of the same order.
fn begins_with_an_order(items: &Items) -> bool {
    let idle = |item: &Item| matches!(item.mark, Mark::Concept(Concept::Stop | Concept::We));
    items.list.iter().filter(|item| is_of_order(item)).count() == 1
        && items.list.iter().all(|item| idle(item) || is_of_order(item))
}

/// A word by which something stands first.
fn is_of_order(item: &Item) -> bool {
    let order = [Concept::Biggest, Concept::Smallest, Concept::Lowest, Concept::Dearest];
    matches!(item.mark, Mark::Concept(concept) if order.contains(&concept))
        || ["best", "beste", "besten", "bester", "bestes"].contains(&item.word.as_str())
}

/// The question before with the order of this one.
fn with_order(before: &Items, items: &Items) -> Option<Items> {
    let mut whole = before.clone();
    let old = whole.list.iter().position(is_of_order)?;
    let new = items.list.iter().find(|item| is_of_order(item))?;
    whole.list[old] = new.clone();
    Some(whole)
}

/// “And at our selling prices?”: what stock is worth by another price.
fn begins_with_a_basis(items: &Items) -> bool {
    let basis = |item: &Item| matches!(item.mark, Mark::Concept(Concept::Price | Concept::Cost));
    let idle = |item: &Item| matches!(item.mark, Mark::Concept(Concept::Stop | Concept::We));
    items.list.iter().filter(|item| basis(item)).count() == 1 && items.list.iter().all(|item| idle(item) || basis(item))
}

fn with_basis(before: &Items, items: &Items) -> Option<Items> {
    if !super::statistics::asks_stock_value(before) {
        return None;
    }
    let mut whole = before.clone();
    whole.list.retain(|item| !matches!(item.mark, Mark::Concept(Concept::Price | Concept::Cost)));
    whole.list.extend(items.list.iter().filter(|item| item.mark != Mark::Concept(Concept::Stop)).cloned());
    Some(whole)
}

const fn is_bound(concept: Concept) -> bool {
    matches!(concept, Concept::Below | Concept::Above | Concept::AtLeast | Concept::AtMost)
}

/// The question before with the number of this one, and with its bound and its direction where it has one. `None`: the
/// one before has no such number, or several.
fn with_quantity(before: &Items, items: &Items) -> Option<Items> {
    let mut whole = before.clone();
    let places: Vec<usize> =
        (0..whole.list.len()).filter(|place| matches!(whole.list[*place].mark, Mark::Quantity(..))).collect();
    let [place] = places.as_slice() else { return None };
    let new = items.list.iter().find(|item| matches!(item.mark, Mark::Quantity(..) | Mark::Number(_)))?;
    let Mark::Quantity(old, sign) = whole.list[*place].mark else { return None };
    let mark = match (&new.mark, old) {
        (Mark::Number(hundredths), Quantity::Amount(_)) => Mark::Quantity(Quantity::Amount(*hundredths), sign),
        (Mark::Number(hundredths), Quantity::Percent(_)) => {
            Mark::Quantity(Quantity::Percent(BasisPoints(i32::try_from(*hundredths).ok()?)), sign)
        }
        (Mark::Number(hundredths), Quantity::Count(_)) => Mark::Quantity(Quantity::Count(hundredths / 100), sign),
        (Mark::Quantity(value, own), _) => Mark::Quantity(*value, own.or(sign)),
        _ => return None,
    };
    whole.list[*place] = Item { mark, ..new.clone() };
    let concept = |item: &Item| match item.mark {
        Mark::Concept(concept) => Some(concept),
        _ => None,
    };
    let ways: [fn(Concept) -> bool; 2] =
        [is_bound, |concept| matches!(concept, Concept::Up | Concept::Down | Concept::Discount)];
    for is_one in ways {
        let of = |list: &[Item]| list.iter().position(|item| concept(item).is_some_and(is_one));
        if let (Some(own), Some(old)) = (of(&items.list), of(&whole.list)) {
            whole.list[old] = items.list[own].clone();
        }
    }
    Some(whole)
}

fn narrows(items: &Items) -> bool {
    items.word(&NARROWING)
}

/// What a mark names: each kind takes the place of its own.
#[derive(PartialEq, Eq)]
enum Kind {
    Competitor,
    PriceList,
    Brand,
    Category,
    Supplier,
    OtherProducts,
    Product,
    Time,
    Figure,
    Direction,
}

fn kind(mark: &Mark) -> Option<Kind> {
    Some(match mark {
        Mark::Name(Target::Competitor(_)) => Kind::Competitor,
        Mark::Name(Target::PriceList(_)) => Kind::PriceList,
        Mark::Name(Target::Products(GridFilter::Brand(_))) => Kind::Brand,
        Mark::Name(Target::Products(GridFilter::Category(_))) => Kind::Category,
        Mark::Name(Target::Products(GridFilter::Supplier(_))) => Kind::Supplier,
        Mark::Name(Target::Products(_)) | Mark::Excluded(_) => Kind::OtherProducts,
        Mark::Sku(_) | Mark::ProductWord(_) => Kind::Product,
        Mark::Period(_) => Kind::Time,
        Mark::Concept(concept) if spans::is_unit(*concept) => Kind::Time,
        Mark::Concept(Concept::Margin | Concept::Stock | Concept::Cost | Concept::Units) => Kind::Figure,
        Mark::Concept(Concept::Up | Concept::Down) => Kind::Direction,
        _ => return None,
    })
}

/// The question before with the names of this one, each in the place of one of its kind. `None`: it has nothing whose
/// place the figure of this one could take.
pub(super) fn after(before: &Items, items: &Items) -> Option<Items> {
    if begins_with_a_quantity(items) {
        return with_quantity(before, items);
    }
    if begins_with_an_order(items) {
        return with_order(before, items);
    }
    if begins_with_a_basis(items) {
        if let Some(whole) = with_basis(before, items) {
            return Some(whole);
        }
        if !begins_with_a_figure(items) {
            return None;
        }
    }
    let mut whole = before.clone();
    let narrows = narrows(items);
    if begins_with_a_figure(items) {
        let of_product = before.has_sku();
        for item in &mut whole.list {
            let figure = matches!(kind(&item.mark), Some(Kind::Figure | Kind::Direction));
            let other = matches!(item.mark, Mark::Concept(_)) && of_product;
            if other && !figure {
                item.mark = Mark::Concept(Concept::Stop);
                item.word = String::new();
            }
        }
        let known = |item: &&Item| {
            items.list.iter().any(|own| kind(&own.mark).is_some() && kind(&own.mark) == kind(&item.mark))
        };
        if !of_product && !whole.list.iter().any(|item| known(&item)) {
            return None;
        }
    }
    let named: Vec<Kind> = items.list.iter().filter_map(|item| kind(&item.mark)).collect();
    let mut places: Vec<(Kind, usize)> = Vec::new();
    for place in 0..whole.list.len() {
        let mark = &whole.list[place].mark;
        let own = kind(mark);
        let replaced = own.as_ref().is_some_and(|own| named.contains(own)) && !narrows;
        // A number of days goes with them.
        let counts = matches!(mark, Mark::Number(_)) && whole.counts_time(place) && named.contains(&Kind::Time);
        if replaced || counts {
            if let Some(own) = own.filter(|own| *own != Kind::Time && !places.iter().any(|(known, _)| known == own)) {
                places.push((own, place));
            }
            whole.list[place].mark = Mark::Concept(Concept::Stop);
            whole.list[place].word = String::new();
        }
    }
    let says = |mark: &Mark| !matches!(mark, Mark::Concept(Concept::Stop | Concept::Against | Concept::We));
    // From the last place, so that those before it stay where they are.
    places.sort_by_key(|(_, place)| std::cmp::Reverse(*place));
    for (own, place) in &places {
        let of_kind = items.list.iter().filter(|item| kind(&item.mark).as_ref() == Some(own)).cloned();
        whole.list.splice(place + 1..place + 1, of_kind);
    }
    let placed = |item: &&Item| kind(&item.mark).is_some_and(|own| places.iter().any(|(known, _)| *known == own));
    whole.list.extend(items.list.iter().filter(|item| says(&item.mark) && !placed(item)).cloned());
    whole.corrected = [before.corrected.clone(), items.corrected.clone()].concat();
    whole.product_matches = if named.contains(&Kind::Product) { items.product_matches } else { before.product_matches };
    Some(whole)
}

/// Words that point at the product of the question before.
const AT_IT: [&str; 10] = ["it", "its", "there", "dort", "da", "dessen", "ihn", "ihm", "this one", "that one"];
/// Those that also begin a noun: they point where none follows.
const ARTICLES: [&str; 6] = ["der", "den", "dem", "das", "dieser", "diesen"];
/// What follows a pronoun and begins no noun.
const NO_NOUN: [&str; 27] = [
    "im",
    "in",
    "bei",
    "uns",
    "noch",
    "denn",
    "jetzt",
    "heute",
    "eigentlich",
    "mal",
    "so",
    "nun",
    "gerade",
    "zuletzt",
    "am",
    "an",
    "bisher",
    "aktuell",
    "momentan",
    "derzeit",
    "wirklich",
    "laut",
    "nach",
    "seit",
    "beim",
    "pro",
    "auf",
];

/// Whether a question may point at the product of the one before.
pub(super) fn points_at_product(items: &Items) -> bool {
    place_of_it(items).is_some()
}

/// The word that points at a product, where the question names none.
fn place_of_it(items: &Items) -> Option<usize> {
    let names = |mark: &Mark| {
        !matches!(
            kind(mark),
            None | Some(Kind::Competitor | Kind::PriceList | Kind::Time | Kind::Figure | Kind::Direction)
        )
    };
    if items.list.iter().any(|item| names(&item.mark)) {
        return None;
    }
    let word = |place: usize| items.list.get(place).map(|item| item.word.as_str());
    let exists = |place: usize| {
        let verb = |other: Option<&str>| {
            other.is_some_and(|word| matches!(word, "is" | "are" | "was" | "were" | "ist" | "sind"))
        };
        verb(place.checked_sub(1).and_then(word)) || verb(word(place + 1))
    };
    (0..items.list.len()).find(|place| {
        let own = items.list[*place].word.as_str();
        let points = AT_IT.contains(&own) && !(matches!(own, "there" | "da") && exists(*place));
        let pronoun = ARTICLES.contains(&own) && word(place + 1).is_none_or(|next| NO_NOUN.contains(&next));
        points || pronoun
    })
}

/// Words that point at all that was found before.
const AT_THEM: [&str; 12] =
    ["dafuer", "davon", "darunter", "damit", "those", "these", "them", "diese", "dieser", "thereof", "deren", "denen"];

/// The word by which a question that names no products points at those that were found before.
pub(super) fn word_at_them(items: &Items) -> Option<String> {
    let found = items.list.iter().find(|item| {
        AT_THEM.contains(&item.word.as_str()) || matches!(item.word.as_str(), "of these" | "of those" | "of them")
    })?;
    let names = |mark: &Mark| {
        !matches!(
            kind(mark),
            None | Some(Kind::Competitor | Kind::PriceList | Kind::Time | Kind::Figure | Kind::Direction)
        )
    };
    (!items.list.iter().any(|item| names(&item.mark))).then(|| found.word.clone())
}

/// What is asked of the products that a search found. `None`: it cannot be asked of some products only.
pub(super) fn of_found(before: &Intent, asked: &Intent) -> Option<Intent> {
    let Intent::Find { scope: found, conditions: tests, .. } = before else { return None };
    let mut asked = asked.clone();
    match &mut asked {
        Intent::Total { scope, conditions, .. }
        | Intent::Statistic { scope, conditions, .. }
        | Intent::Changes { scope, conditions, .. }
        | Intent::Find { scope, conditions, .. }
            if scope.is_all() =>
        {
            scope.clone_from(found);
            let more = tests.iter().filter(|test| !conditions.contains(test)).cloned().collect::<Vec<_>>();
            conditions.extend(more);
            Some(asked)
        }
        _ => None,
    }
}

/// The question with the product of the one before, where it points at it and names nothing itself.
pub(super) fn at_product(before: &Items, items: &Items) -> Option<Items> {
    let place = place_of_it(items)?;
    let is_product = |mark: &Mark| {
        matches!(mark, Mark::Sku(_) | Mark::ProductWord(_) | Mark::Name(Target::Products(GridFilter::Brand(_))))
    };
    let product: Vec<Item> = before.list.iter().filter(|item| is_product(&item.mark)).cloned().collect();
    let one = matches!(super::decide::intent(&mut before.clone()), Intent::Product { .. });
    if !one || product.is_empty() {
        return None;
    }
    let mut whole = items.clone();
    whole.list.splice(place + 1..place + 1, product);
    whole.product_matches = before.product_matches;
    Some(whole)
}
