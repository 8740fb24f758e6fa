//! Questions for advice and about how things are done: a strategy, grades, importing a file, kept scenarios.

use pricing_domain::FileKind;

use super::items::Items;
use crate::intents::Intent;
use crate::lexicon::Concept;

/// A strategy, where no rule is spelt out.
pub(super) fn strategy(items: &Items) -> Option<Intent> {
    let spelt_out = items.percent().is_some() || items.amount().is_some();
    let competitor = items.competitor().map(|(_, name)| name);
    (items.has(Concept::Strategy) && !spelt_out).then(|| Intent::Strategy { scope: items.scope(), competitor })
}

/// What grades mean, of no product by name.
pub(super) fn grades(items: &Items) -> Option<Intent> {
    let other = [
        Concept::Price,
        Concept::CompetitorPrice,
        Concept::Competitor,
        Concept::Collected,
        Concept::Pages,
        Concept::Rule,
        Concept::Proposal,
        Concept::Stock,
        Concept::Margin,
    ];
    let about_elasticities = items.has(Concept::Science) && !asks_for_forecasts(items);
    let asked = items.has(Concept::Grade) && (about_elasticities || !items.any(&other)) && !asks_for_forecasts(items);
    (asked && items.competitor().is_none()).then(|| Intent::Grades { scope: items.scope() })
}

fn asks_for_forecasts(items: &Items) -> bool {
    items.list.iter().any(|item| item.word.starts_with("forecast") || item.word.starts_with("prognose"))
}

/// How a file is imported.
pub(super) fn import_file(items: &Items) -> Option<Intent> {
    let other =
        [Concept::Why, Concept::Failures, Concept::WhatIf, Concept::Stopped, Concept::Collected, Concept::Summary];
    if !items.has(Concept::Spreadsheet) || items.any(&other) || items.product().is_some() {
        return None;
    }
    let kinds = [
        (Concept::Units, FileKind::Sales),
        (Concept::Stock, FileKind::Stock),
        (Concept::Cost, FileKind::Costs),
        (Concept::Promotion, FileKind::Promotions),
    ];
    let theirs = items.competitor().is_some() || items.any(&[Concept::Competitor, Concept::CompetitorPrice]);
    let kind = if theirs {
        Some(FileKind::Observations)
    } else {
        let named = kinds.into_iter().find(|(concept, _)| items.has(*concept)).map(|(_, kind)| kind);
        let of_price = items.any(&[Concept::Price, Concept::PriceLists]).then_some(FileKind::Prices);
        named.or(of_price).or_else(|| items.has(Concept::Product).then_some(FileKind::Products))
    };
    Some(Intent::ImportFile { kind })
}

/// The kept scenarios.
pub(super) fn scenarios(items: &Items) -> Option<Intent> {
    let other = [Concept::Draft, Concept::WhatIf, Concept::Write];
    (items.has(Concept::Scenarios) && !items.any(&other) && items.percent().is_none()).then_some(Intent::Scenarios)
}
