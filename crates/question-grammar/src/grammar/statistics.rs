//! Means, medians and ranges of what products have, what stock is worth, and prices that leave a wanted margin.

use super::conditions::conditions;
use super::groups::groups_by;
use super::items::{Items, Mark};
use super::thresholds::{side_of, thresholds};
use crate::intents::{Condition, Groups, Intent, ProductFigure, Quantity, Statistic, Total, WantedMargin};
use crate::lexicon::Concept;

/// What says that something else is asked for.
const OTHERS: [Concept; 12] = [
    Concept::WhatIf,
    Concept::Draft,
    Concept::Rule,
    Concept::History,
    Concept::Proposal,
    Concept::Change,
    Concept::Strategy,
    Concept::Science,
    Concept::BreakEven,
    Concept::Scenarios,
    Concept::Uplift,
    Concept::Depth,
];

fn begins(items: &Items, concept: Concept, beginnings: &[&str]) -> bool {
    items.list.iter().any(|item| {
        item.mark == Mark::Concept(concept)
            && item.word.split(' ').any(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
    })
}

/// “Average price of kettles”, “median margin by brand”, “price range of notebooks”, “what is our stock worth”.
pub(super) fn statistic(items: &Items) -> Option<Intent> {
    if items.any(&OTHERS) || items.competitor().is_some() || items.has_sku() {
        return None;
    }
    let groups = grouped_by(items);
    if asks_stock_value(items) && groups.is_none() && !asks_which_groups(items) {
        return Some(Intent::Total { figure: Total::StockValue, scope: items.scope(), conditions: of_products(items) });
    }
    if asks_which_groups(items) {
        return None;
    }
    let statistic = if items.has(Concept::Median) {
        Statistic::Median
    } else if items.has(Concept::Range) {
        Statistic::Range
    } else if items.has(Concept::Average) {
        Statistic::Mean
    } else {
        return None;
    };
    if items.any(&[Concept::Biggest, Concept::Smallest, Concept::Dearest]) {
        return None;
    }
    let of = figure(items)?;
    let conditions = of_products(items);
    let plain = conditions.is_empty() && statistic == Statistic::Mean;
    match of {
        // Groups in the order of their mean price or margin, and the mean price of all, have answers of their own.
        ProductFigure::Price | ProductFigure::Margin if plain && groups.is_some() => return None,
        ProductFigure::Price if plain => {
            return Some(Intent::Total { figure: Total::AveragePrice, scope: items.scope(), conditions });
        }
        _ => {}
    }
    let own = Intent::Statistic { statistic, of, scope: items.scope(), conditions: conditions.clone(), groups };
    // An average margin is that of what is sold; the mean of the products' own stands beside it.
    Some(match (of, statistic, groups) {
        (ProductFigure::Margin, Statistic::Mean, None) => {
            Intent::Each(vec![Intent::Total { figure: Total::Margin, scope: items.scope(), conditions }, own])
        }
        _ => own,
    })
}

/// “What is the stock of NL-10001 worth”.
pub(super) fn stock_value(items: &Items) -> Option<Intent> {
    let asked = asks_stock_value(items) && items.product().is_some() && !items.any(&OTHERS);
    asked.then(|| Intent::Total { figure: Total::StockValue, scope: items.scope(), conditions: Vec::new() })
}

/// “By brand”, “je Kategorie”.
fn grouped_by(items: &Items) -> Option<Groups> {
    let nouns = [
        (Concept::Categories, Groups::Categories),
        (Concept::Brands, Groups::Brands),
        (Concept::Suppliers, Groups::Suppliers),
    ];
    nouns.into_iter().find_map(|(concept, groups)| {
        let mut places = (0..items.list.len()).filter(|place| items.list[*place].mark == Mark::Concept(concept));
        places.any(|place| groups_by(items, place)).then_some(groups)
    })
}

fn asks_which_groups(items: &Items) -> bool {
    items.any(&[Concept::Categories, Concept::Brands, Concept::Suppliers])
        && items.any(&[Concept::Biggest, Concept::Smallest, Concept::Lowest])
}

/// “What is our stock worth”, “Lagerwert”, “how much money is tied up in stock”.
pub(super) fn asks_stock_value(items: &Items) -> bool {
    let by_itself = begins(items, Concept::Worth, &["lager", "waren", "bestands", "inventory"]);
    by_itself || (items.has(Concept::Worth) && items.has(Concept::Stock))
}

/// What the values are of, by the nearest word for it.
fn figure(items: &Items) -> Option<ProductFigure> {
    let bounded = thresholds(items);
    let used = |column: pricing_domain::GridColumn| {
        bounded.iter().any(|one| matches!(one, Condition::Beyond { column: own, .. } if *own == column))
    };
    use pricing_domain::GridColumn as Column;
    if items.has(Concept::Cover) {
        return Some(ProductFigure::Cover);
    }
    if items.has(Concept::Margin) && !used(Column::Margin) {
        return Some(if per_piece(items) { ProductFigure::UnitMargin } else { ProductFigure::Margin });
    }
    if begins(items, Concept::Position, &["gap", "preisabstand", "abstand", "differen", "unterschied"]) {
        return Some(ProductFigure::Gap);
    }
    if items.any(&[Concept::Position, Concept::CompetitorPrice]) && !counts_offers(items) {
        return None;
    }
    if counts_offers(items) {
        return Some(ProductFigure::Offers);
    }
    // “What do tripods cost on average”, “was kosten unsere Wasserkocher”: the verb.
    if items.has(Concept::Cost) && !used(Column::Cost) {
        return Some(if costs_customers(items) { ProductFigure::Price } else { ProductFigure::Cost });
    }
    if items.has(Concept::Units) && !used(Column::Units) {
        let money = begins(items, Concept::Units, &["revenue", "umsatz", "umsaetz", "turnover"]);
        return (!money).then_some(ProductFigure::Units);
    }
    if items.has(Concept::Stock) && !used(Column::Stock) && !in_stock(items) {
        return Some(ProductFigure::Stock);
    }
    if items.has(Concept::Lowest) {
        return Some(ProductFigure::Lowest);
    }
    (items.has(Concept::Price) || items.has(Concept::Range)).then_some(ProductFigure::Price)
}

/// “In stock” is a condition and no figure.
fn in_stock(items: &Items) -> bool {
    begins(items, Concept::Stock, &["in", "auf", "lieferbar", "verfuegbar", "vorraetig", "lagernd"])
}

/// “Per piece”, “in euros”: of money, and no share.
pub(super) fn per_piece(items: &Items) -> bool {
    place_of_each(items).is_some() || items.has(Concept::Euro)
}

/// “Per piece”, by the place of “per”.
pub(super) fn place_of_each(items: &Items) -> Option<usize> {
    let each = |place: &usize| {
        let place = *place;
        matches!(items.list[place].word.rsplit(' ').next(), Some("per" | "a" | "pro" | "je" | "each" | "every"))
            && items.list.get(place + 1).is_some_and(|next| {
                matches!(next.mark, Mark::Concept(Concept::Pieces | Concept::Product))
                    || ["unit", "piece", "stueck", "item"].contains(&next.word.as_str())
            })
    };
    (0..items.list.len()).find(each)
}

/// “How many competitors on average”, “offers per product”.
fn counts_offers(items: &Items) -> bool {
    let counted = items.has(Concept::Count) || per_piece(items);
    let offers = begins(items, Concept::CompetitorPrice, &["offer", "angebot"]);
    counted && (offers || items.has(Concept::Competitor))
}

/// Whether “cost” is what customers pay: the verb, with goods as its subject.
pub(super) fn costs_customers(items: &Items) -> bool {
    let Some(place) = items.place(Concept::Cost) else { return false };
    let item = &items.list[place];
    let english = item.word == "cost" && items.word(&["do", "does"]) && !says_us(items, place);
    let german = item.word == "kosten" && !item.is_high && !says_us(items, place);
    english || german
}

/// “What do they cost us”.
fn says_us(items: &Items, place: usize) -> bool {
    items.list.get(place + 1).is_some_and(|next| matches!(next.word.as_str(), "us" | "uns" | "we"))
}

/// What tells which products are meant, and is not what is asked for.
pub(super) fn of_products(items: &Items) -> Vec<Condition> {
    conditions(items).into_iter().filter(|one| !matches!(one, Condition::By { .. })).collect()
}

/// “What price gives 25 % margin on NL-10001”, “was müssten wir verlangen, um 5 € zu verdienen”.
pub(super) fn price_for_margin(items: &Items) -> Option<Intent> {
    if items.any(&OTHERS[1..11]) || items.any(&[Concept::Up, Concept::Down, Concept::Discount]) {
        return None;
    }
    if items.competitor().is_some() || !items.has(Concept::Margin) || items.scope().is_all() {
        return None;
    }
    let mut wanted = items.list.iter().enumerate().filter(|(_, item)| matches!(item.mark, Mark::Quantity(..)));
    let (place, item) = wanted.next()?;
    if wanted.next().is_some() || side_of(items, place).is_some() {
        return None;
    }
    // The price is what is asked for, and not where it would lie.
    let asks = items.word(&["what", "which", "was", "welcher", "welchen", "welchem", "how", "wie"])
        || items.list.iter().any(|item| item.word.starts_with("what ") || item.word.starts_with("wie viel"));
    let price = items.list.iter().any(|item| {
        item.mark == Mark::Concept(Concept::Price)
            && !matches!(item.word.as_str(), "kostet" | "was kost" | "was kostet")
    });
    // “25 % margin”, “a margin of 25 %”; “at 199 €” and “for 199 €” are the price itself.
    let beside = items.place(Concept::Margin).is_some_and(|margin| margin.abs_diff(place) <= 3);
    let before = place.checked_sub(1).map(|before| items.list[before].word.rsplit(' ').next().unwrap_or_default());
    let at = before.is_some_and(|word| matches!(word, "at" | "for" | "fuer" | "bei" | "zu" | "to" | "auf"));
    let supposed = items.has(Concept::WhatIf) && matches!(item.mark, Mark::Quantity(Quantity::Amount(_), _));
    if !asks || !price || !beside || at || supposed {
        return None;
    }
    let margin = match item.mark {
        Mark::Quantity(Quantity::Percent(share), None) if (0..10_000).contains(&share.0) => WantedMargin::Share(share),
        Mark::Quantity(Quantity::Amount(amount), None) => WantedMargin::Amount(amount),
        _ => return None,
    };
    Some(Intent::PriceForMargin { scope: items.scope(), margin })
}
