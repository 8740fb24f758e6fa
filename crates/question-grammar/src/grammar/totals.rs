//! One figure over products.

use pricing_domain::GridColumn;

use super::conditions::{is_best, limit};
use super::developing::sold;
use super::items::{Items, Mark};
use super::statistics::of_products;
use super::thresholds::thresholds;
use crate::intents::{Condition, Intent, Limit, Total, TrendFigure};
use crate::lexicon::Concept;
use crate::names::Target;

/// Whether revenue is asked for as a figure.
pub(super) fn is_revenue(items: &Items) -> bool {
    let word = |item: &super::items::Item| ["revenue", "umsatz", "umsaetze", "turnover"].contains(&item.word.as_str());
    items.list.iter().any(word) && !items.has(Concept::Biggest)
}

/// Whether a figure over products is what is asked for, and not the products.
pub(super) fn asks_figure(items: &Items) -> bool {
    let first = items.list.iter().find_map(|item| match item.mark {
        Mark::Concept(
            Concept::Stop | Concept::We | Concept::Average | Concept::Write | Concept::Summary | Concept::Count,
        ) => None,
        Mark::Concept(concept) => Some(Some((concept, item.word.as_str()))),
        Mark::Period(_) | Mark::Name(_) => None,
        _ => Some(None),
    });
    let Some(Some((concept, word))) = first else { return false };
    let money = ["revenue", "umsatz", "umsaetze", "turnover"].contains(&word);
    let figure = concept == Concept::Margin || (concept == Concept::Units && money);
    let in_order = items.any(&[Concept::Biggest, Concept::Smallest, Concept::Lowest, Concept::Dearest])
        || matches!(limit(items), Limit::Rows(_) | Limit::CountOnly)
        || is_best(items);
    let bounded = thresholds(items)
        .iter()
        .any(|one| matches!(one, Condition::Beyond { column: GridColumn::Margin | GridColumn::Units, .. }));
    figure && !in_order && !bounded && items.competitor().is_none() && !items.has(Concept::Product)
}

/// A figure over the products that are named.
pub(super) fn totals(items: &Items) -> Option<Intent> {
    let scope = items.scope();
    let conditions = of_products(items);
    let total = |figure| Some(Intent::Total { figure, scope: items.scope(), conditions: conditions.clone() });
    let whole = |figure| Some(Intent::Total { figure, scope: items.scope(), conditions: Vec::new() });
    let stock = items.has(Concept::Stock) && !items.has(Concept::Product) && items.product().is_none();
    let named =
        [(items.has(Concept::Margin), Total::Margin), (is_revenue(items), Total::Revenue), (stock, Total::Stock)];
    let figures: Vec<Intent> =
        named.into_iter().filter(|(named, _)| *named).filter_map(|(_, one)| total(one)).collect();
    if figures.len() > 1 {
        return Some(Intent::Each(figures));
    }
    if items.has(Concept::Margin) {
        return total(Total::Margin);
    }
    if is_revenue(items) {
        return total(Total::Revenue);
    }
    if items.any(&[Concept::Position, Concept::Undercut]) || (items.has(Concept::Lowest) && items.has(Concept::We)) {
        return whole(Total::Position);
    }
    let nouns = [
        (Concept::Brands, Total::Brands),
        (Concept::Categories, Total::Categories),
        (Concept::Suppliers, Total::Suppliers),
    ];
    // “How many brands do we have in headphones”: the noun is what is counted or listed.
    let asked = |concept: Concept| {
        let Some(place) = items.place(concept) else { return false };
        scope.is_all()
            || items.place(Concept::Count).is_some_and(|count| count + 1 == place)
            || super::groups::asks_which(items, place)
    };
    if let Some((_, figure)) = nouns.iter().find(|(concept, _)| asked(*concept)) {
        return total(*figure);
    }
    if items.has(Concept::PriceLists) {
        return whole(Total::PriceLists);
    }
    if stock {
        return total(Total::Stock);
    }
    // “How many did we sell”: pieces, of the usual stretch.
    let past = items.has(Concept::Units) || (sold(items) && items.word(&["did", "have", "haben"]));
    if items.has(Concept::Count) && past && !items.any(&[Concept::WhatIf, Concept::Not, Concept::Without]) {
        return Some(Intent::Trend { figure: TrendFigure::Units, competitor: None, scope, days: items.days() });
    }
    if items.has(Concept::Count) && (items.has(Concept::Product) || !scope.is_all()) {
        // “How many of the white kettle do we have”: of one product, its pieces.
        let has = items.word(&["have", "haben", "da", "left", "uebrig"]);
        let of_one = items.product_matches == 1 && has && !items.has(Concept::Product);
        return total(if of_one { Total::Stock } else { Total::Products });
    }
    if items.has(Concept::Needs) {
        return Some(Intent::Needs { scope, reason: None });
    }
    let named =
        items.list.iter().any(|item| matches!(item.mark, Mark::Name(Target::Products(_)) | Mark::ProductWord(_)));
    if (named || !scope.is_all()) && !items.has(Concept::Average) {
        return Some(Intent::Find { scope, conditions: Vec::new(), order: None, limit: limit(items) });
    }
    match limit(items) {
        Limit::CountOnly if items.has(Concept::Product) => total(Total::Products),
        _ => None,
    }
}
