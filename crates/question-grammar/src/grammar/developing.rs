//! Questions about what happened over time: the newest batch, how figures developed, who changes prices how often; and
//! which of them nothing is kept for, so that none is answered with a figure of today.

use pricing_domain::GridColumn;

use super::decide::asks_which_competitor;
use super::items::{Items, Mark};
use super::spans::Span;
use super::totals::is_revenue;
use crate::intents::{Aspect, Condition, Intent, Measure, Period, Scope, Series, Total, TrendFigure};
use crate::lexicon::Concept;

/// Words of going up, down or elsewhere.
const MOVED: [Concept; 3] = [Concept::Change, Concept::Up, Concept::Down];

/// What the newest batch did. Of some products or of a competitor it has no notes.
pub(super) fn batch_notes(items: &Items) -> Option<Intent> {
    let narrower = !items.scope().is_all() || items.competitor().is_some();
    let other = [Concept::Count, Concept::Why, Concept::Needs, Concept::WhatIf, Concept::Proposal, Concept::Money];
    let about_batch = items.has(Concept::Batch) && !items.any(&other);
    ((items.has(Concept::ReleaseNotes) || about_batch) && !narrower).then_some(Intent::BatchNotes)
}

/// Whether a question is about how something developed.
fn developed(items: &Items) -> bool {
    items.has(Concept::History) || (items.span().is_some() && items.any(&MOVED))
}

/// How the index, the margin or sales developed; all of them where no figure is named.
pub(super) fn trend(items: &Items) -> Option<Intent> {
    let days = items.days();
    let developed = developed(items);
    let competitor = items.competitor().map(|(_, name)| name);
    let (scope, margin) = (items.scope(), items.has(Concept::Margin));
    let of = |figure, competitor| Some(Intent::Trend { figure, competitor, scope: items.scope(), days });
    let sales = items.has(Concept::Units);
    // “Is our margin up or down”, “why is it falling”, “has revenue changed compared to last month”.
    let other = [
        Concept::Proposal,
        Concept::WhatIf,
        Concept::Price,
        Concept::Count,
        Concept::Cost,
        Concept::Rule,
        Concept::Needs,
        Concept::Biggest,
        Concept::Smallest,
        Concept::Promotion,
        Concept::Product,
        Concept::Than,
    ];
    let plain = !items.any(&other) && items.percent().is_none() && items.amount().is_none() && !names_groups(items);
    // “Wie hoch ist sie”: no move.
    let moved = |item: &super::items::Item| {
        matches!(item.mark, Mark::Concept(concept) if MOVED.contains(&concept)) && item.word != "hoch"
    };
    let moves = items.list.iter().any(moved) && plain && competitor.is_none() && scope.search.is_empty();
    if moves && margin {
        return of(TrendFigure::Margin, None);
    }
    if (moves || (developed && plain)) && sales && !margin && competitor.is_none() && scope.search.is_empty() {
        return of(if is_revenue(items) { TrendFigure::Revenue } else { TrendFigure::Units }, None);
    }
    if items.has(Concept::Bridge) || (developed && margin && competitor.is_none() && !names_groups(items)) {
        return of(TrendFigure::Margin, None);
    }
    let compared = items.any(&[Concept::Position, Concept::Against]);
    let theirs = items.has(Concept::History) && (competitor.is_some() || items.has(Concept::Competitor));
    if developed && (compared || theirs) && !margin {
        return of(TrendFigure::Index, competitor);
    }
    if !items.has(Concept::History) || competitor.is_some() || !scope.search.is_empty() {
        return None;
    }
    let named = [
        Concept::Price,
        Concept::Stock,
        Concept::OutOfStock,
        Concept::Cost,
        Concept::Units,
        Concept::Change,
        Concept::Proposal,
        Concept::Competitor,
        Concept::CompetitorPrice,
        Concept::Count,
        Concept::Rule,
        Concept::Science,
        Concept::Scenarios,
        Concept::Product,
    ];
    (!items.any(&named) && !names_groups(items)).then(|| of(TrendFigure::Overall, None)).flatten()
}

/// “Which categories …”: groups beside each other.
fn names_groups(items: &Items) -> bool {
    items.any(&[Concept::Categories, Concept::Brands, Concept::Suppliers])
}

/// Who moves first, and who follows.
pub(super) fn leaders(items: &Items) -> Option<Intent> {
    let competitor = items.competitor().map(|(_, name)| name);
    let they = competitor.is_some() || items.has(Concept::Competitor) || items.word(&["who", "wer"]);
    let first = items.word(&["first", "zuerst"]) && items.any(&MOVED);
    let follows =
        items.word(&["follow", "follows", "folgt", "followed"]) && items.any(&[Concept::Price, Concept::Change]);
    let other = [Concept::Needs, Concept::Proposal, Concept::Cover, Concept::Units, Concept::Margin];
    let asked = they && (first || follows) && !items.any(&other) && items.scope().is_all();
    asked.then(|| Intent::Leaders { competitor, days: items.days() })
}

/// Who changes prices how often.
pub(super) fn movers(items: &Items) -> Option<Intent> {
    let competitor = items.competitor().map(|(_, name)| name);
    let they = competitor.is_some()
        || asks_which_competitor(items)
        || items.has(Concept::Competitor)
        || items.word(&["who", "wer"]);
    let lately = items.has(Concept::Lately) || items.days().is_some() || items.periods().next().is_some();
    let often = items.any(&[Concept::Often, Concept::Biggest]) || lately;
    let moved = items.has(Concept::Change) || (lately && items.any(&MOVED));
    let other = [
        Concept::Proposal,
        Concept::Needs,
        Concept::Undercut,
        Concept::Position,
        Concept::Lose,
        Concept::Than,
        Concept::We,
        Concept::Units,
        Concept::Margin,
    ];
    let asked = they && often && moved && !items.any(&other) && items.scope().is_all();
    asked.then(|| Intent::Movers { competitor, days: items.days() })
}

/// What a question about a product over time is answered with: its prices are kept, and nothing else of it.
pub(super) fn product_over_time(items: &Items) -> Option<Series> {
    let is_verb = items.word(&["does", "do", "did", "has", "hat"]) && !items.has(Concept::We);
    if items.any(&[Concept::OutOfStock, Concept::Stock]) {
        Some(Series::Stock)
    } else if items.any(&[Concept::Margin, Concept::BelowCost]) {
        Some(Series::Margin)
    } else if items.has(Concept::Cost) && !is_verb && !items.has(Concept::Price) {
        Some(Series::Costs)
    } else if sold(items) {
        Some(Series::Sales)
    } else {
        None
    }
}

/// Whether pieces sold are asked for: by a word for them, or as “how many … do we sell”.
pub(super) fn sold(items: &Items) -> bool {
    let verb = items.word(&["sell", "sells", "verkaufen", "verkaufte", "verkauften"]);
    items.has(Concept::Units) || (items.has(Concept::Count) && verb)
}

/// What is asked for over time, by the nearest word.
fn series(items: &Items) -> Option<Series> {
    if items.any(&[Concept::Stock, Concept::OutOfStock]) {
        Some(Series::Stock)
    } else if items.any(&[Concept::Cost, Concept::BelowCost]) {
        Some(Series::Costs)
    } else if items.has(Concept::Margin) {
        Some(Series::Margin)
    } else if items.has(Concept::Units) {
        Some(Series::Sales)
    } else if items.any(&[Concept::Undercut, Concept::Position, Concept::Against, Concept::Lose]) {
        Some(Series::Position)
    } else if items.any(&[
        Concept::Price,
        Concept::Cheaper,
        Concept::Dearer,
        Concept::Change,
        Concept::Up,
        Concept::Down,
    ]) {
        Some(Series::Prices)
    } else if items.any(&[Concept::Count, Concept::Product]) || names_groups(items) {
        Some(Series::Counts)
    } else {
        None
    }
}

/// A figure of today is no answer to a question about the past: what is kept over time is told instead, or that nothing is.
pub(super) fn within_time(items: &mut Items, intent: Intent) -> Intent {
    let found = kept_over_time(items, intent);
    // A day or another beginning that is not counted back from today.
    let unclear = items.span() == Some(Span::Other) && !is_vague(items);
    match found {
        Intent::Trend { .. } | Intent::Movers { .. } | Intent::Leaders { .. } if unclear => over_periods(items, found),
        Intent::Promotions { .. } if unclear => set_aside(items, found),
        found => found,
    }
}

/// The same over the stretches of the calendar that are named; of one that is none, nothing is made.
fn over_periods(items: &mut Items, intent: Intent) -> Intent {
    let periods: Vec<Period> = items.periods().collect();
    let counted_back = items.days().is_some() || items.has(Concept::Dated);
    let (period, against) = match periods.as_slice() {
        [one] => (*one, None),
        // “Q3 against Q2”: what stands first is asked for.
        [one, other] => (*one, Some(*other)),
        _ => return set_aside(items, intent),
    };
    let sales =
        matches!(intent, Intent::Trend { figure: TrendFigure::Revenue | TrendFigure::Units | TrendFigure::Margin, .. });
    if counted_back || (against.is_some() && !sales) {
        return set_aside(items, intent);
    }
    Intent::Over { period, against, of: Box::new(intent) }
}

fn kept_over_time(items: &mut Items, intent: Intent) -> Intent {
    let span = items.span();
    let over = items.has(Concept::History);
    if span.is_none() && !over {
        return intent;
    }
    // The usual volumes are those of the span that is named.
    let usual = !over && span.is_some_and(Span::is_usual);
    let moved = items.any(&MOVED);
    let not_kept = |series: Series, scope: &Scope| Intent::NotKept { series, scope: scope.clone() };
    let trend = |figure, competitor: Option<String>, scope: &Scope| Intent::Trend {
        figure,
        competitor,
        scope: scope.clone(),
        days: items.days(),
    };
    match &intent {
        Intent::Total { figure, scope, .. } => match figure {
            // What was sold is kept; today's prices with old volumes would be another figure.
            Total::Revenue => trend(TrendFigure::Revenue, None, scope),
            Total::Margin if usual && !moved => intent,
            Total::Margin => trend(TrendFigure::Margin, None, scope),
            Total::Position => trend(TrendFigure::Index, None, scope),
            Total::AveragePrice => not_kept(Series::Prices, scope),
            Total::Products if sold(items) => trend(TrendFigure::Units, None, scope),
            Total::Cover => intent,
            Total::Stock => not_kept(Series::Stock, scope),
            Total::Publishing | Total::Proposals | Total::Rules => set_aside(items, intent),
            _ => not_kept(Series::Counts, scope),
        },
        Intent::Compare { competitor, measure: Measure::Position, scope, .. } if !usual => {
            trend(TrendFigure::Index, competitor.clone(), scope)
        }
        Intent::Compare { scope, .. } if !usual => not_kept(Series::Position, scope),
        Intent::Find { scope, conditions, order, .. } => {
            let of_sales =
                |condition: &Condition| matches!(condition, Condition::Beyond { column: GridColumn::Units, .. });
            if conditions.iter().any(|one| matches!(one, Condition::Cover { .. })) {
                return intent;
            }
            let by_units = order.is_some_and(|order| order.column == GridColumn::Units);
            if by_units && !ranks_products(items) && conditions.is_empty() {
                let figure = if is_revenue(items) { TrendFigure::Revenue } else { TrendFigure::Units };
                return trend(figure, None, scope);
            }
            let about_sales = by_units || conditions.iter().any(of_sales);
            let usual_order =
                usual && !moved && (about_sales || order.is_some_and(|one| one.column == GridColumn::Margin));
            if usual_order { intent } else { not_kept(series(items).unwrap_or(Series::Counts), scope) }
        }
        Intent::Rank { .. } if usual && !moved => intent,
        Intent::Rank { scope, .. } | Intent::Changes { scope, .. } => {
            not_kept(series(items).unwrap_or(Series::Prices), scope)
        }
        Intent::NotUnderstood if !items.strange.is_empty() => intent,
        Intent::NotUnderstood => match series(items) {
            Some(series) => not_kept(series, &items.scope()),
            None => intent,
        },
        // Of a competitor the prices of then are in the picture alone, and no look-up tells one of them.
        Intent::Product { aspect: Aspect::History, competitor: Some(_), .. } => set_aside(items, intent),
        Intent::Summary
        | Intent::Moves { .. }
        | Intent::Needs { .. }
        | Intent::Rules(_)
        | Intent::Draft { .. }
        | Intent::WhatIf { .. }
        | Intent::Strategy { .. } => set_aside(items, intent),
        _ => intent,
    }
}

/// Whether single products are wanted: best sellers, the most popular.
fn ranks_products(items: &Items) -> bool {
    let ranks = |word: &str| {
        ["best", "top", "most", "meist", "renner", "schnell", "fast", "beliebt", "verkaufsschlager"]
            .iter()
            .any(|beginning| word.split(' ').any(|word| word.starts_with(beginning)))
    };
    items.any(&[Concept::Biggest, Concept::Smallest, Concept::Product])
        || items.list.iter().any(|item| item.mark == Mark::Concept(Concept::Units) && ranks(&item.word))
}

/// “The last few weeks”: the usual stretch is what is meant.
fn is_vague(items: &Items) -> bool {
    !items.has(Concept::Dated)
        && items.word(&["few", "couple", "some", "several", "paar", "einigen", "einige", "recent"])
}

/// Says that nothing was made of the stretch of time.
fn set_aside(items: &mut Items, intent: Intent) -> Intent {
    let words = items.span_words();
    if !words.is_empty() {
        items.strange.push(words);
    }
    intent
}
