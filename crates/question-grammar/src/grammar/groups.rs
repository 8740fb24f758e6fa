//! Several things in one question: two competitors, one group against another, groups in the order of a figure.

use super::conditions::{conditions, limit};
use super::items::{Items, Mark};
use super::thresholds::thresholds;
use super::totals::is_revenue;
use crate::intents::{Aspect, Condition, Groups, Intent, Limit, Measure, Quantity, RankFigure, Total};
use crate::lexicon::Concept;
use crate::names::Target;

/// Words that stand between what is compared.
const BETWEEN: [&str; 3] = ["or", "oder", "vs"];
/// Words that do so where the question says that it compares.
const BETWEEN_COMPARED: [&str; 6] = ["and", "und", "with", "mit", "to", "zu"];

/// Each of several things by itself. `None`: the question is about one.
pub(super) fn each(items: &Items, read: &dyn Fn(&mut Items) -> Intent) -> Option<Intent> {
    let competitors = competitors(items);
    if competitors.len() > 1 {
        return each_competitor(items, &competitors, read);
    }
    if competitors.is_empty()
        && let Some(found) = each_product(items, read)
    {
        return Some(found);
    }
    let parts = parts(items);
    if parts.len() < 2 || !competitors.is_empty() {
        return None;
    }
    let common = common(items, &parts);
    let mut intents = Vec::new();
    for part in parts {
        let mut own =
            with_only(items, |place, mark| !is_products(mark) || part.contains(&place) || common.contains(&place));
        match read(&mut own) {
            // “Who has the better margin” is asked of the groups.
            Intent::Compare { competitor: None, scope, .. } if items.has(Concept::Margin) => {
                intents.push(Intent::Total { figure: Total::Margin, scope, conditions: Vec::new() });
            }
            Intent::Find { scope, conditions, order: None, limit: Limit::Usual } if conditions.is_empty() => {
                intents.push(Intent::Total { figure: Total::Margin, scope: scope.clone(), conditions: Vec::new() });
                intents.push(Intent::Total { figure: Total::Position, scope, conditions: Vec::new() });
            }
            intent
            @ (Intent::Total { .. } | Intent::Trend { .. } | Intent::Compare { .. } | Intent::NotKept { .. }) => {
                intents.push(intent);
            }
            _ => return None,
        }
    }
    combined(intents)
}

/// Several article numbers: the same of each; what compares them is their prices, where nothing else is said.
fn each_product(items: &Items, read: &dyn Fn(&mut Items) -> Intent) -> Option<Intent> {
    let mut skus: Vec<&str> = Vec::new();
    for item in &items.list {
        if let Mark::Sku(sku) = &item.mark
            && !skus.contains(&sku.as_str())
        {
            skus.push(sku);
        }
    }
    if skus.len() < 2 {
        return None;
    }
    let mut intents = Vec::new();
    for sku in skus {
        let mut own = with_only(items, |_, mark| !matches!(mark, Mark::Sku(other) if other != sku));
        for item in &mut own.list {
            let compares = [Concept::Against, Concept::Position, Concept::Cheaper, Concept::Dearer, Concept::Than];
            if matches!(item.mark, Mark::Concept(concept) if compares.contains(&concept)) {
                item.mark = Mark::Concept(Concept::Price);
            }
        }
        match read(&mut own) {
            Intent::Product { words, aspect, competitor, .. } => {
                // Why a price is what it is, is told of one.
                let aspect = if aspect == Aspect::Overview { Aspect::Price } else { aspect };
                intents.push(Intent::Product { words, aspect, competitor, moved: None });
            }
            intent @ (Intent::WhatIf { .. } | Intent::BreakEven { .. } | Intent::BetweenLists { .. }) => {
                intents.push(intent);
            }
            Intent::Order { instead } => return Some(Intent::Order { instead }),
            // Read with one of them only, the others would be left aside.
            _ => return Some(Intent::NotUnderstood),
        }
    }
    combined(intents)
}

/// The competitors that are named, each once.
pub(super) fn competitors(items: &Items) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in &items.list {
        if let Mark::Name(Target::Competitor(name)) = &item.mark
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    }
    names
}

fn each_competitor(items: &Items, names: &[String], read: &dyn Fn(&mut Items) -> Intent) -> Option<Intent> {
    let mut intents = Vec::new();
    for name in names {
        let is_other = |mark: &Mark| matches!(mark, Mark::Name(Target::Competitor(other)) if other != name);
        let mut own = with_only(items, |_, mark| !is_other(mark));
        match read(&mut own) {
            // Between two of them, “cheaper” is not said of us.
            Intent::Compare { competitor, measure: Measure::Above | Measure::Below, scope, limit }
                if !items.has(Concept::We) =>
            {
                intents.push(Intent::Compare { competitor, measure: Measure::Position, scope, limit });
            }
            intent @ (Intent::Compare { .. }
            | Intent::Find { .. }
            | Intent::Product { .. }
            | Intent::Trend { .. }
            | Intent::Moves { .. }
            | Intent::Movers { .. }
            | Intent::NotKept { .. }) => intents.push(intent),
            Intent::WhatIf { .. } | Intent::Draft { .. } | Intent::Strategy { .. } => {
                return Some(Intent::Choose { word: names.join(", "), choices: names.to_vec() });
            }
            _ => return None,
        }
    }
    combined(intents)
}

fn combined(mut intents: Vec<Intent>) -> Option<Intent> {
    intents.dedup();
    match intents.len() {
        0 => None,
        1 => intents.pop(),
        _ => Some(Intent::Each(intents)),
    }
}

/// The question with other marks taken out.
fn with_only(items: &Items, keeps: impl Fn(usize, &Mark) -> bool) -> Items {
    let mut own = items.clone();
    for (place, item) in own.list.iter_mut().enumerate() {
        if !keeps(place, &item.mark) {
            item.mark = Mark::Concept(Concept::Stop);
        }
    }
    own
}

const fn is_products(mark: &Mark) -> bool {
    matches!(mark, Mark::Name(Target::Products(_)))
}

/// “Fenwark against Ulbrex in televisions”: names after such a word, of a kind that only one of the parts has, are of all.
fn common(items: &Items, parts: &[Vec<usize>]) -> Vec<usize> {
    const WITHIN: [&str; 9] = ["in", "bei", "for", "on", "im", "within", "among", "fuer", "beim"];
    const BETWEEN: [&str; 8] = ["the", "our", "der", "die", "den", "dem", "unseren", "allen"];
    let kind = |place: usize| match &items.list[place].mark {
        Mark::Name(Target::Products(filter)) => Some(std::mem::discriminant(filter)),
        _ => None,
    };
    let word = |place: usize| items.list[place].word.rsplit(' ').next().unwrap_or_default();
    let after = |place: usize| (0..place).rev().map(word).find(|word| !BETWEEN.contains(word));
    let all = parts.iter().flatten().copied();
    let of_one =
        |place: &usize| parts.iter().filter(|part| part.iter().any(|other| kind(*other) == kind(*place))).count() == 1;
    let alone = |place: &usize| parts.iter().any(|part| part.len() > 1 && part.contains(place));
    all.filter(|place| of_one(place) && alone(place) && after(*place).is_some_and(|word| WITHIN.contains(&word)))
        .collect()
}

/// Names of groups on each side of “versus”, “or”; where the question says that it compares, of “and”.
fn parts(items: &Items) -> Vec<Vec<usize>> {
    let names: Vec<usize> = (0..items.list.len()).filter(|place| is_products(&items.list[*place].mark)).collect();
    let compares = items.has(Concept::Against);
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for (order, place) in names.iter().enumerate() {
        let before = order.checked_sub(1).map(|before| names[before]);
        let separated = before.is_none_or(|before| {
            items.list[before + 1..*place].iter().any(|item| {
                let word = item.word.as_str();
                item.mark == Mark::Concept(Concept::Against)
                    || BETWEEN.contains(&word)
                    || (compares && BETWEEN_COMPARED.contains(&word))
            })
        });
        match parts.last_mut().filter(|_| !separated) {
            Some(part) => part.push(*place),
            None => parts.push(vec![*place]),
        }
    }
    parts
}

/// “Which categories have the weakest margin?”
pub(super) fn rank(items: &Items) -> Option<Intent> {
    let nouns = [
        (Concept::Categories, Groups::Categories),
        (Concept::Brands, Groups::Brands),
        (Concept::Suppliers, Groups::Suppliers),
    ];
    let grouped = |place: usize| groups_by(items, place);
    let of_nouns = nouns.into_iter().filter_map(|(concept, groups)| {
        let places = (0..items.list.len()).filter(|place| items.list[*place].mark == Mark::Concept(concept));
        let places: Vec<usize> = places.collect();
        let place = places.iter().copied().find(|place| grouped(*place)).or(places.first().copied())?;
        Some((place, groups))
    });
    let of_nouns: Vec<(usize, Groups)> = of_nouns.collect();
    let (noun, groups) = of_nouns.iter().find(|(place, _)| grouped(*place)).or_else(|| of_nouns.first()).copied()?;
    let by = grouped(noun);
    let scope = items.scope();
    let same_kind = scope.filters.iter().any(|filter| {
        use pricing_domain::GridFilter as Filter;
        matches!(
            (groups, filter),
            (Groups::Brands, Filter::Brand(_))
                | (Groups::Suppliers, Filter::Supplier(_))
                | (Groups::Categories, Filter::Category(_))
        )
    });
    if same_kind || items.competitor().is_some() || items.product().is_some() {
        return None;
    }
    let best = ["best", "beste", "besten", "bester", "top"];
    let ordered = items.any(&[Concept::Biggest, Concept::Smallest, Concept::Lowest, Concept::Lose, Concept::Undercut])
        || items.any(&[Concept::Dearer, Concept::Cheaper, Concept::Dearest])
        || items.list.iter().any(|item| item.word.split(' ').any(|word| best.contains(&word)));
    // “Best category”, with nothing that it is the best by.
    let bare = items.list.iter().all(|item| match &item.mark {
        Mark::Concept(concept) => matches!(concept, Concept::Stop | Concept::We) || item.mark == items.list[noun].mark,
        Mark::Strange => false,
        _ => true,
    });
    // “Brand with the lowest price index”.
    let begins = items.list[..noun].iter().all(|item| item.mark == Mark::Concept(Concept::Stop));
    let with = items.list.get(noun + 1).is_some_and(|next| matches!(next.word.as_str(), "with" | "mit"));
    let wanted = (begins && with)
        || asks_which(items, noun)
        || items.any(&[Concept::Biggest, Concept::Smallest, Concept::Dearest])
        || bare;
    if !(by || (ordered && wanted)) {
        return None;
    }
    let conditions: Vec<Condition> = match figure(items) {
        Some(RankFigure::Products) => conditions(items),
        _ => conditions(items).into_iter().filter(is_of_products).collect(),
    };
    let bad = ["worst", "schlechteste", "schlechtesten", "schlechtester"];
    let smallest = items.any(&[Concept::Smallest, Concept::Lowest]) || items.word(&bad);
    // Each of them is asked for, and not the first few.
    let limit = match limit(items) {
        Limit::Usual | Limit::CountOnly if by => Limit::Rows(ALL),
        limit => limit,
    };
    Some(Intent::Rank { groups, figure: figure(items), conditions, smallest, scope, limit })
}

/// As many groups as an answer shows.
const ALL: u32 = 50;

/// Whether a condition tells which products are counted, and is not the figure itself.
fn is_of_products(condition: &Condition) -> bool {
    use pricing_domain::GridFilter as Filter;
    matches!(
        condition,
        Condition::Except(_)
            | Condition::Grid(Filter::OnPromotion | Filter::Locked | Filter::NoOffers)
            | Condition::Beyond { value: Quantity::Amount(_), .. }
    )
}

fn figure(items: &Items) -> Option<RankFigure> {
    let in_money = |item: &super::items::Item| {
        let beginnings = ["profit", "earn", "verdien", "gewinn", "rohertrag", "deckungsbeitrag", "gross profit"];
        item.mark == Mark::Concept(Concept::Margin) && beginnings.iter().any(|word| item.word.starts_with(word))
    };
    let index = |item: &super::items::Item| {
        ["price index", "preisindex", "index", "indi"].iter().any(|beginning| item.word.starts_with(beginning))
    };
    if items.list.iter().any(|item| item.mark == Mark::Concept(Concept::Position) && index(item)) {
        return Some(RankFigure::Index);
    }
    if super::statistics::asks_stock_value(items) {
        return Some(RankFigure::StockValue);
    }
    let counts = items.any(&[Concept::Count, Concept::Biggest, Concept::Smallest]) && items.has(Concept::Product);
    let bounded = || thresholds(items).iter().any(|one| matches!(one, Condition::Beyond { .. }));
    if items.any(&[Concept::BelowCost, Concept::OutOfStock, Concept::Without]) || (counts && bounded()) {
        Some(RankFigure::Products)
    } else if items.list.iter().any(in_money) {
        Some(RankFigure::Profit)
    } else if items.has(Concept::Margin) {
        Some(RankFigure::Margin)
    } else if items.has(Concept::Units) {
        let revenue = is_revenue(items) || items.word(&["revenue", "umsatz", "turnover", "umsaetze"]);
        Some(if revenue { RankFigure::Revenue } else { RankFigure::Units })
    } else if items.has(Concept::Stock) {
        Some(RankFigure::Stock)
    } else if items.any(&[
        Concept::Change,
        Concept::Proposal,
        Concept::Needs,
        Concept::Rule,
        Concept::Up,
        Concept::Down,
    ]) {
        None
    } else if items.any(&[Concept::Lose, Concept::Undercut, Concept::Position, Concept::Dearer, Concept::Cheaper])
        || items.has(Concept::Dearest)
    {
        let dearest = items.has(Concept::Dearest) || (items.has(Concept::Dearer) && items.has(Concept::Biggest));
        let by_price = dearest && !items.has(Concept::We);
        Some(if by_price { RankFigure::Price } else { RankFigure::Dearer })
    } else if items.has(Concept::Price) {
        Some(RankFigure::Price)
    } else if items.any(&[Concept::Product, Concept::Promotion, Concept::Locked]) || items.has(Concept::Count) {
        Some(RankFigure::Products)
    } else {
        None
    }
}

/// “By brand”, “nach Kategorie”, “for each supplier”: a figure for each of them.
pub(super) fn groups_by(items: &Items, noun: usize) -> bool {
    const BY: [&str; 13] =
        ["by", "per", "each", "every", "je", "pro", "nach", "jede", "jeder", "jedem", "jeden", "across", "aufgeteilt"];
    const BETWEEN: [&str; 8] = ["the", "of", "our", "individual", "single", "der", "den", "unseren"];
    let word = |place: usize| items.list[place].word.rsplit(' ').next().unwrap_or_default();
    let before = (0..noun).rev().map(word).find(|word| !BETWEEN.contains(word));
    before.is_some_and(|word| BY.contains(&word))
}

/// “Which categories …”, “in welcher Kategorie …”: the question word stands before the noun.
pub(super) fn asks_which(items: &Items, place: usize) -> bool {
    let words = ["which", "what", "welche", "welcher", "welchen", "welches", "welchem"];
    items.list[..place].iter().rev().take(3).any(|item| item.word.split(' ').any(|word| words.contains(&word)))
}
