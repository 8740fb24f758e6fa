//! Which meanings an answer takes up. A word with any other meaning was asked for and would be left aside, so that the
//! question is not understood: an answer without it would be one to another question.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use pricing_domain::{GridColumn, GridFilter};

use super::beyond::WEEKDAYS;
use super::items::{Items, Mark};
use crate::intents::{
    Aspect, Condition, Intent, Limit, Measure, ProductFigure, Scope, Side, Stance, Total, TrendFigure,
};
use crate::lexicon::Concept;

/// The meanings that each answer takes up, by its name in `takes.txt`.
static TAKES: LazyLock<HashMap<&'static str, HashSet<Concept>>> = LazyLock::new(|| {
    let lines = include_str!("takes.txt").lines().filter(|line| !line.starts_with('#'));
    let named = |word: &str| Concept::NAMED.iter().find(|(name, _)| *name == word).map(|(_, concept)| *concept);
    lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, words)| (name.trim(), words.split_whitespace().filter_map(named).collect()))
        .collect()
});

/// The words of a question that its answer would leave aside.
pub(super) fn left_aside(items: &Items, intent: &Intent) -> Vec<String> {
    let kept = items.list.iter().enumerate().filter(|(place, item)| match &item.mark {
        Mark::Concept(concept) => !takes(intent, *concept, items, *place),
        Mark::Period(_) => !takes_period(intent),
        _ => false,
    });
    kept.map(|(_, item)| item.word.clone()).collect()
}

fn takes_period(intent: &Intent) -> bool {
    match intent {
        Intent::Over { .. } | Intent::Alerts => true,
        Intent::Find { conditions, .. } => conditions.iter().any(|one| matches!(one, Condition::Cover { .. })),
        Intent::Each(intents) => intents.iter().all(takes_period),
        _ => false,
    }
}

fn takes(intent: &Intent, concept: Concept, items: &Items, place: usize) -> bool {
    let of_name = |name: &str| TAKES.get(name).is_some_and(|known| known.contains(&concept));
    if concept == Concept::Stop && names_another_stretch(&items.list[place].word) {
        return tells_of_no_stretch(intent);
    }
    // Nouns for groups and mere “if” are looked at by themselves (`taken`); “stand below” is a verb.
    let elsewhere = matches!(concept, Concept::WhatIf | Concept::Brands | Concept::Categories | Concept::Suppliers)
        || items.list[place].word.starts_with("stand");
    if elsewhere || of_name("all") {
        return true;
    }
    if concept == Concept::Units && !takes_sales(intent, items, place) {
        return false;
    }
    if let Some(filter) = filter_of(concept) {
        return scope_of(intent).is_none_or(|scope| scope.filters.contains(&filter))
            && !matches!(
                intent,
                Intent::Summary | Intent::Moves { .. } | Intent::Movers { .. } | Intent::Leaders { .. }
            );
    }
    match intent {
        Intent::Each(intents) => {
            let compares = matches!(
                concept,
                Concept::Against
                    | Concept::Than
                    | Concept::Position
                    | Concept::Cheaper
                    | Concept::Dearer
                    | Concept::Above
            );
            compares || intents.iter().any(|one| takes(one, concept, items, place))
        }
        Intent::Over { of, .. } => takes(of, concept, items, place) || (concept == Concept::Against),
        Intent::Find { conditions, limit, .. } => {
            let counts = matches!(limit, Limit::CountOnly) && matches!(concept, Concept::Count | Concept::Share);
            // “Could we raise”: a way that prices go, and no comparison.
            let compares = ["higher", "lower", "hoeher", "niedriger", "tiefer", "more", "less", "mehr", "weniger"];
            let moves = matches!(concept, Concept::Up | Concept::Down)
                && !compares.iter().any(|word| items.list[place].word.starts_with(word));
            if moves {
                return false;
            }
            counts
                || by_conditions(concept, conditions)
                || by_order(concept, intent)
                || (concept == Concept::Biggest && stands_in_order(conditions))
                || is_idle_there(concept, items, place)
                || is_column_of_first(concept, intent, items, place)
        }
        Intent::Total { conditions, .. } | Intent::Statistic { conditions, .. } | Intent::Rank { conditions, .. } => {
            name_of(intent).is_none_or(of_name) || by_conditions(concept, conditions)
        }
        intent => name_of(intent).is_none_or(of_name),
    }
}

/// “Weekly sales”, “Monday’s revenue”, “half of them”: words that say little, but not nothing where figures are asked for.
fn names_another_stretch(word: &str) -> bool {
    const WORDS: [&str; 7] = ["daily", "weekly", "half", "haelfte", "wochenende", "morning", "taeglich"];
    WEEKDAYS.contains(&word) || WORDS.contains(&word)
}

/// Answers that tell how things stand, whenever they are wanted.
const fn tells_of_no_stretch(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Summary
            | Intent::BatchNotes
            | Intent::Needs { .. }
            | Intent::Rules(_)
            | Intent::ImportFile { .. }
            | Intent::Freshness { .. }
            | Intent::Alerts
            | Intent::Scenarios
    )
}

/// Best sellers are an order of a search or of groups, and revenue is no number of pieces.
fn takes_sales(intent: &Intent, items: &Items, place: usize) -> bool {
    let word = items.list[place].word.as_str();
    let any = |beginnings: &[&str]| word.split(' ').any(|one| beginnings.iter().any(|start| one.starts_with(start)));
    let (best, money) =
        (any(&["best", "top", "renner", "schnelldreh"]), any(&["revenue", "umsatz", "umsaetz", "turnover"]));
    match intent {
        Intent::Find { conditions, order, .. } => {
            let summed = conditions.iter().any(|one| matches!(one, Condition::By { .. }));
            (!money || summed) && (!best || summed || order.is_some_and(|order| order.column == GridColumn::Units))
        }
        Intent::Each(intents) => intents.iter().any(|one| takes_sales(one, items, place)),
        Intent::Total { .. } | Intent::Statistic { .. } => !best,
        _ => true,
    }
}

/// Whether the order in which products stand is one of what is compared, so that “most” says nothing more.
fn stands_in_order(conditions: &[Condition]) -> bool {
    conditions.iter().any(|one| match one {
        Condition::Grid(filter) => matches!(filter, GridFilter::DearerThanLowest | GridFilter::BelowCost),
        Condition::Beyond { .. } | Condition::Apart { .. } | Condition::By { .. } | Condition::Cover { .. } => true,
        Condition::Competitor { stance, .. } => matches!(stance, Stance::Cheaper | Stance::Dearer),
        Condition::Except(_) => false,
    })
}

/// “The margin of the cheapest kettle”: a column of the row that stands first.
fn is_column_of_first(concept: Concept, intent: &Intent, items: &Items, place: usize) -> bool {
    let column = matches!(concept, Concept::Margin | Concept::Stock | Concept::Cost | Concept::Units | Concept::Price);
    let of = items.list.get(place + 1).is_some_and(|next| {
        matches!(next.word.as_str(), "of" | "von" | "vom" | "des" | "der" | "bei" | "beim" | "on" | "for" | "fuer")
    });
    column && of && matches!(intent, Intent::Find { order: Some(_), .. })
}

/// Words of a search that repeat what its products are: “which are the cheapest ones in price”.
fn is_idle_there(concept: Concept, items: &Items, place: usize) -> bool {
    match concept {
        // A price that is spoken of beside a bound, a mark or a comparison.
        Concept::Price => !items.any(&[Concept::Change, Concept::Proposal]) || items.has(Concept::Product),
        Concept::Than => true,
        Concept::Competitor => true,
        // “Make a loss”, “nothing to sell”.
        Concept::Lose => items.has(Concept::BelowCost),
        Concept::Collected => items.list[place].word.starts_with("aktuell"),
        // “… and what margin is on it”: a column of the table.
        Concept::Margin | Concept::Stock | Concept::Cost | Concept::Units | Concept::Position => {
            let first = place.saturating_sub(4);
            items.list[first..place].iter().any(|item| matches!(item.word.as_str(), "and" | "und"))
                && items.list[first..place]
                    .iter()
                    .all(|item| matches!(item.mark, Mark::Concept(Concept::Stop | Concept::We) | Mark::Name(_)))
        }
        _ => false,
    }
}

/// The role or mark that a word tells by itself.
const fn filter_of(concept: Concept) -> Option<GridFilter> {
    use pricing_domain::{Lifecycle, Role};
    Some(match concept {
        Concept::Kvi => GridFilter::KeyValue,
        Concept::OwnBrand => GridFilter::OwnBrand,
        Concept::Traffic => GridFilter::Role(Role::Traffic),
        Concept::ProfitRole => GridFilter::Role(Role::Profit),
        Concept::Tail => GridFilter::Role(Role::Tail),
        Concept::PhaseOut => GridFilter::Lifecycle(Lifecycle::PhaseOut),
        Concept::NewProduct => GridFilter::Lifecycle(Lifecycle::New),
        _ => return None,
    })
}

fn scope_of(intent: &Intent) -> Option<&Scope> {
    match intent {
        Intent::Find { scope, .. }
        | Intent::Total { scope, .. }
        | Intent::Statistic { scope, .. }
        | Intent::Rank { scope, .. }
        | Intent::Changes { scope, .. }
        | Intent::Needs { scope, .. }
        | Intent::Compare { scope, .. }
        | Intent::Trend { scope, .. }
        | Intent::WhatIf { scope, .. } => Some(scope),
        _ => None,
    }
}

/// Whether a word is one of a condition that products must fulfil.
fn by_conditions(concept: Concept, conditions: &[Condition]) -> bool {
    conditions.iter().any(|condition| match condition {
        Condition::Grid(filter) => by_filter(concept, filter),
        Condition::Except(filter) => {
            matches!(concept, Concept::Not | Concept::Without | Concept::Except) || by_filter(concept, filter)
        }
        Condition::Beyond { column, side, .. } => by_column(concept, *column, *side),
        Condition::Competitor { stance, .. } => by_stance(concept, *stance),
        Condition::Apart { .. } => {
            by_stance(concept, Stance::Cheaper)
                || matches!(concept, Concept::AtLeast | Concept::AtMost | Concept::Competitor)
        }
        Condition::By { .. } => matches!(
            concept,
            Concept::Units | Concept::Margin | Concept::Biggest | Concept::Smallest | Concept::Lowest | Concept::Money
        ),
        Condition::Cover { .. } => matches!(
            concept,
            Concept::Cover
                | Concept::Stock
                | Concept::Below
                | Concept::Above
                | Concept::AtMost
                | Concept::AtLeast
                | Concept::Lowest
                | Concept::Smallest
                | Concept::Biggest
                | Concept::Units
        ),
    })
}

fn by_filter(concept: Concept, filter: &GridFilter) -> bool {
    let missing = matches!(concept, Concept::Without | Concept::Not);
    match filter {
        GridFilter::BelowCost => {
            matches!(concept, Concept::BelowCost | Concept::Below | Concept::Cost | Concept::Lose | Concept::Margin)
        }
        GridFilter::OutOfStock => matches!(concept, Concept::OutOfStock | Concept::Stock) || missing,
        GridFilter::OnPromotion => concept == Concept::Promotion,
        GridFilter::Locked => concept == Concept::Locked,
        GridFilter::NoCost => concept == Concept::Cost || missing,
        GridFilter::NoPrice => concept == Concept::Price || missing,
        GridFilter::NoOffers => {
            missing
                || matches!(
                    concept,
                    Concept::OnlyWe
                        | Concept::CompetitorPrice
                        | Concept::Competitor
                        | Concept::Position
                        | Concept::Against
                )
        }
        GridFilter::HasOffers => matches!(concept, Concept::CompetitorPrice | Concept::Competitor | Concept::AtLeast),
        GridFilter::PendingProposal => matches!(concept, Concept::Proposal | Concept::Needs | Concept::Change),
        GridFilter::DearerThanLowest | GridFilter::LowestOrEqual => {
            by_stance(concept, Stance::Cheaper) || matches!(concept, Concept::Lowest | Concept::Lose) || missing
        }
        _ => false,
    }
}

fn by_column(concept: Concept, column: GridColumn, side: Side) -> bool {
    if matches!(concept, Concept::Below | Concept::Above | Concept::AtMost | Concept::AtLeast | Concept::Than) {
        return true;
    }
    match column {
        GridColumn::Price => matches!(concept, Concept::Price | Concept::Cheaper | Concept::Dearer | Concept::Cost),
        GridColumn::Cost => concept == Concept::Cost,
        GridColumn::Margin => concept == Concept::Margin,
        GridColumn::Gap => by_stance(concept, Stance::Cheaper) || concept == Concept::Lowest,
        GridColumn::Offers => {
            matches!(concept, Concept::Competitor | Concept::CompetitorPrice | Concept::Without | Concept::Pages)
        }
        GridColumn::Stock => {
            matches!(concept, Concept::Stock | Concept::OutOfStock | Concept::Unsold)
                || matches!(concept, Concept::Not | Concept::Without | Concept::Except)
        }
        GridColumn::Units => {
            let unsold = matches!(side, Side::AtMost) && matches!(concept, Concept::Not | Concept::Without);
            matches!(concept, Concept::Units | Concept::Unsold | Concept::Often | Concept::Count) || unsold
        }
        _ => false,
    }
}

fn by_stance(concept: Concept, stance: Stance) -> bool {
    let compares = matches!(
        concept,
        Concept::Cheaper
            | Concept::Dearer
            | Concept::Below
            | Concept::Above
            | Concept::Than
            | Concept::Undercut
            | Concept::ExpensiveThanUs
            | Concept::CheaperThanOurs
            | Concept::Up
            | Concept::Down
            | Concept::Against
            | Concept::Position
            | Concept::Lose
            | Concept::CompetitorPrice
            | Concept::Price
    );
    match stance {
        Stance::SoldOut => {
            matches!(
                concept,
                Concept::OutOfStock | Concept::Stock | Concept::Without | Concept::Not | Concept::CompetitorPrice
            )
        }
        Stance::Missing => {
            matches!(
                concept,
                Concept::Without | Concept::Not | Concept::CompetitorPrice | Concept::Price | Concept::Stock
            )
        }
        Stance::Offers => {
            matches!(concept, Concept::CompetitorPrice | Concept::Price | Concept::Stock | Concept::Against)
        }
        Stance::Cheaper | Stance::Dearer => compares,
    }
}

/// Whether a word is one of the order in which products stand.
fn by_order(concept: Concept, intent: &Intent) -> bool {
    let Intent::Find { order: Some(order), .. } = intent else { return false };
    if matches!(concept, Concept::Biggest | Concept::Smallest | Concept::Dearest) {
        return true;
    }
    match order.column {
        GridColumn::Margin => matches!(concept, Concept::Margin | Concept::Lowest),
        GridColumn::Units => matches!(concept, Concept::Units | Concept::Often | Concept::Lowest),
        GridColumn::Stock => matches!(concept, Concept::Stock | Concept::Lowest),
        GridColumn::Cost => matches!(concept, Concept::Cost | Concept::Lowest),
        GridColumn::Price => {
            matches!(concept, Concept::Price | Concept::Lowest | Concept::Dearer | Concept::Cheaper | Concept::Cost)
        }
        GridColumn::Gap => by_stance(concept, Stance::Cheaper) || concept == Concept::Lowest,
        _ => false,
    }
}

/// The name of an answer in `takes.txt`; `None`: it takes up whatever is said, or gives no figure.
fn name_of(intent: &Intent) -> Option<&'static str> {
    Some(match intent {
        Intent::Product { aspect, .. } => match aspect {
            Aspect::Why => "explain.why",
            Aspect::Price => "explain.price",
            Aspect::Margin => "explain.margin",
            Aspect::Stock => "explain.stock",
            Aspect::Offers => "explain.offers",
            Aspect::Cheapest => "explain.cheapest",
            Aspect::State => "explain.state",
            Aspect::History => "explain.history",
            Aspect::Rule => "explain.rule",
            Aspect::Units => "explain.units",
            Aspect::Elasticity => "explain.elasticity",
            Aspect::Family => "explain.family",
            Aspect::Promotions => "explain.promotions",
            Aspect::Cover => "explain.cover",
            Aspect::Kind => "explain.kind",
            Aspect::Overview => "explain.overview",
        },
        Intent::Rank { .. } => "rank",
        Intent::Compare { measure, .. } => match measure {
            Measure::Position => "compare.position",
            Measure::Margin => "compare.margin",
            Measure::Above => "compare.above",
            Measure::Below => "compare.below",
        },
        Intent::Rules(_) => "rules",
        Intent::Changes { .. } => "changes",
        Intent::Needs { .. } => "needs",
        Intent::Moves { .. } => "moves",
        Intent::Movers { .. } => "movers",
        Intent::Leaders { .. } => "leaders",
        Intent::Trend { figure, .. } => match figure {
            TrendFigure::Index => "trend.index",
            TrendFigure::Margin => "trend.margin",
            TrendFigure::Revenue => "trend.revenue",
            TrendFigure::Units => "trend.units",
            TrendFigure::Overall => "trend.overall",
        },
        Intent::BatchNotes => "notes",
        Intent::WhatIf { .. } => "what_if",
        Intent::BreakEven { .. } => "break_even",
        Intent::BetweenLists { .. } => "price_lists",
        Intent::Draft { .. } => "draft",
        Intent::Total { figure, .. } => total(*figure),
        Intent::Statistic { of, .. } => statistic(*of),
        Intent::PriceForMargin { .. } => "price_for_margin",
        Intent::Freshness { .. } => "freshness",
        Intent::Promotions { .. } => "promotions",
        Intent::Grades { .. } => "grades",
        Intent::Demand { .. } => "demand",
        Intent::Strategy { .. } => "strategy",
        Intent::Summary => "summary",
        Intent::Alerts => "alerts",
        Intent::Scenarios => "scenarios",
        Intent::ImportFile { .. } => "import",
        _ => return None,
    })
}

const fn total(figure: Total) -> &'static str {
    match figure {
        Total::Products => "figures.products",
        Total::Margin => "figures.margin",
        Total::AveragePrice => "figures.average_price",
        Total::Revenue => "figures.revenue",
        Total::Position => "figures.position",
        Total::Competitors => "figures.competitors",
        Total::Brands => "figures.brands",
        Total::Categories => "figures.categories",
        Total::Suppliers => "figures.suppliers",
        Total::Rules => "figures.rules",
        Total::PriceLists => "figures.price_lists",
        Total::Proposals => "figures.proposals",
        Total::Publishing => "figures.publishing",
        Total::Cover => "figures.cover",
        Total::Stock => "figures.stock",
        Total::StockValue => "figures.stock_value",
    }
}

const fn statistic(of: ProductFigure) -> &'static str {
    match of {
        ProductFigure::Price => "statistic.price",
        ProductFigure::Cost => "statistic.cost",
        ProductFigure::Margin => "statistic.margin",
        ProductFigure::UnitMargin => "statistic.unit_margin",
        ProductFigure::Lowest => "statistic.lowest",
        ProductFigure::Gap => "statistic.gap",
        ProductFigure::Offers => "statistic.offers",
        ProductFigure::Stock => "statistic.stock",
        ProductFigure::Units => "statistic.units",
        ProductFigure::Cover => "statistic.cover",
    }
}

#[cfg(test)]
mod tests {
    use super::TAKES;
    use crate::lexicon::Concept;

    #[test]
    fn every_meaning_of_the_list_is_known() {
        let lines = include_str!("takes.txt").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let (name, words) = line.split_once(':').expect("a name and its meanings");
            for word in words.split_whitespace() {
                assert!(Concept::NAMED.iter().any(|(known, _)| *known == word), "{name}: {word}");
            }
            assert!(TAKES.contains_key(name), "{name}");
        }
    }
}
