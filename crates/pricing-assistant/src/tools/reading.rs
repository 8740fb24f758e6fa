//! From a validated call to what is asked.

use pricing_domain::{BasisPoints, GridColumn, GridFilter, GridSort};
use pricing_rules::Snapshot;
use question_grammar::{
    Aspect, Condition, Direction, DraftStrategy, FileAspect, FileQuestion, Groups, Intent, Limit, Measure, Quantity,
    RankFigure, RuleQuestion, Scope, Side, Stance, Supposed, Total, TrendFigure,
};
use serde_json::Value;

use super::arguments::Arguments;
use super::specs::find;
use super::words;
use crate::answers::file::TOOL as FILE_TOOL;

/// Rows that a call can ask for.
const MOST_ROWS: i64 = 20;

/// What a call asks for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// What the advisor answers.
    Intent(Box<Intent>),
    /// A question in words.
    Question(String),
    /// A product's elasticity.
    Elasticity(String),
    /// A kept scenario by its name.
    KeptScenario(String),
    /// Pages that may offer our products.
    Matches { search: String, limit: u32 },
    /// Another price for a waiting proposal, in hundredths of the major unit.
    Price { sku: String, hundredths: i64, reason: String },
    /// A scenario.
    Scenario(ScenarioAsked),
    /// A picture.
    Chart(ChartAsked),
}

/// One of the product's own pictures.
#[derive(Clone, Debug)]
pub(crate) enum ChartAsked {
    /// The prices of a product by its article number.
    PriceHistory { sku: String, days: u32 },
    /// The price index over time.
    IndexHistory { competitor: Option<String>, scope: Scope, days: u32 },
    /// Margin by its causes, over whole weeks.
    MarginBridge { scope: Scope, weeks: u32 },
}

/// A scenario of one change.
#[derive(Debug)]
pub(crate) struct ScenarioAsked {
    pub(crate) what: String,
    pub(crate) percent: BasisPoints,
    pub(crate) competitor: Option<String>,
    pub(crate) weeks: u32,
    pub(crate) only: Vec<GridFilter>,
}

/// Reads a call. Errors are for the model, so that it can mend the call.
pub(crate) fn read(name: &str, arguments: &Value, snapshot: &Snapshot) -> Result<(Asked, String), String> {
    let Some(spec) = find(name) else {
        let shown: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
        return Err(format!("There is no tool “{shown}”. Nothing was done."));
    };
    let arguments = Arguments::check(spec, arguments)?;
    let asked = match name {
        "ask_advisor" => Asked::Question(arguments.text("question").unwrap_or_default().to_owned()),
        "get_scenario" => Asked::KeptScenario(arguments.text("name").unwrap_or_default().to_owned()),
        "get_elasticity" => Asked::Elasticity(words::sku(snapshot, &arguments)?),
        "list_matches" => Asked::Matches {
            search: arguments.text("search").unwrap_or_default().to_owned(),
            limit: rows(&arguments)?.unwrap_or(10),
        },
        "draft_price" => price(snapshot, &arguments)?,
        "draft_scenario" => Asked::Scenario(scenario(snapshot, &arguments)?),
        "get_chart" => Asked::Chart(chart(snapshot, &arguments)?),
        _ => Asked::Intent(Box::new(intent(name, snapshot, &arguments)?)),
    };
    Ok((asked, arguments.words()))
}

fn intent(name: &str, snapshot: &Snapshot, arguments: &Arguments) -> Result<Intent, String> {
    // A file may name competitors that the workspace does not have.
    let competitor = match name {
        FILE_TOOL => arguments.text("competitor").map(str::to_owned),
        _ => words::competitor(snapshot, arguments)?,
    };
    let scope = || words::scope(snapshot, arguments);
    Ok(match name {
        "find_products" => find_products(snapshot, arguments, competitor)?,
        "get_product" => {
            let aspect = aspect(arguments.text("about").unwrap_or("overview"));
            Intent::Product { words: vec![words::sku(snapshot, arguments)?], aspect, competitor, moved: None }
        }
        "compare_competitors" => {
            let measure = match arguments.text("by") {
                Some("margin") => Measure::Margin,
                Some("dearer") => Measure::Above,
                Some("cheaper") => Measure::Below,
                _ => Measure::Position,
            };
            Intent::Compare { competitor, measure, scope: scope()?, limit: Limit::Usual }
        }
        "get_rules" => Intent::Rules(match arguments.text("about") {
            Some("never_fire") => RuleQuestion::NeverFire,
            Some("shares") => RuleQuestion::Shares,
            Some("guardrails") => RuleQuestion::Guardrails,
            Some("doubts") => RuleQuestion::Doubts,
            _ => RuleQuestion::List,
        }),
        "list_price_changes" => Intent::Changes {
            scope: scope()?,
            direction: arguments.text("direction").map(|way| if way == "up" { Direction::Up } else { Direction::Down }),
            conditions: Vec::new(),
            limit: rows(arguments)?.map_or(Limit::Usual, Limit::Rows),
        },
        "list_waiting" => Intent::Needs { scope: scope()?, reason: None },
        "list_competitor_moves" => match days(arguments)? {
            None => Intent::Moves { competitor },
            days => Intent::Movers { competitor, days },
        },
        "get_trend" => {
            let figure = match arguments.text("figure") {
                Some("margin") => TrendFigure::Margin,
                Some("revenue") => TrendFigure::Revenue,
                Some("units") => TrendFigure::Units,
                _ => TrendFigure::Index,
            };
            Intent::Trend { figure, competitor, scope: scope()?, days: days(arguments)? }
        }
        "list_scenarios" => Intent::Scenarios,
        "rank_groups" => rank(arguments, scope()?)?,
        "get_batch_notes" => Intent::BatchNotes,
        "suppose" => Intent::WhatIf { scope: scope()?, supposed: supposed(arguments, competitor)? },
        "get_figure" => Intent::Total {
            figure: total(arguments.text("figure").unwrap_or_default()),
            scope: scope()?,
            conditions: Vec::new(),
        },
        "get_summary" => Intent::Summary,
        "get_freshness" => Intent::Freshness { failures: arguments.flag("failures"), competitor: None, state: None },
        FILE_TOOL => Intent::File(file_question(arguments, competitor, scope()?)?),
        "draft_rule" => Intent::Draft { scope: scope()?, strategy: strategy(arguments, competitor)? },
        other => return Err(format!("There is no tool “{other}”.")),
    })
}

fn file_question(arguments: &Arguments, competitor: Option<String>, scope: Scope) -> Result<FileQuestion, String> {
    let about = match arguments.text("about") {
        Some("cheaper") => FileAspect::Cheaper,
        Some("dearer") => FileAspect::Dearer,
        Some("compared") => FileAspect::Compared,
        Some("changed") => FileAspect::Changed,
        Some("refused") => FileAspect::Refused,
        Some("competitors") => FileAspect::Competitors,
        Some("rows") => FileAspect::Rows,
        _ => FileAspect::Overview,
    };
    let limit = rows(arguments)?.map_or(Limit::Usual, Limit::Rows);
    Ok(FileQuestion { about, competitors: competitor.into_iter().collect(), scope, beyond: None, limit })
}

fn rank(arguments: &Arguments, scope: Scope) -> Result<Intent, String> {
    let groups = match arguments.text("groups") {
        Some("brands") => Groups::Brands,
        Some("suppliers") => Groups::Suppliers,
        _ => Groups::Categories,
    };
    let figure = Some(match arguments.text("by") {
        Some("profit") => RankFigure::Profit,
        Some("revenue") => RankFigure::Revenue,
        Some("units") => RankFigure::Units,
        Some("products") => RankFigure::Products,
        Some("dearer") => RankFigure::Dearer,
        Some("stock") => RankFigure::Stock,
        Some("price") => RankFigure::Price,
        Some("index") => RankFigure::Index,
        Some("stock_value") => RankFigure::StockValue,
        _ => RankFigure::Margin,
    });
    let (smallest, limit) = (arguments.flag("smallest"), rows(arguments)?.map_or(Limit::Usual, Limit::Rows));
    Ok(Intent::Rank { groups, figure, conditions: Vec::new(), smallest, scope, limit })
}

fn rows(arguments: &Arguments) -> Result<Option<u32>, String> {
    match arguments.whole("limit") {
        None => Ok(None),
        Some(rows) if (1..=MOST_ROWS).contains(&rows) => Ok(u32::try_from(rows).ok()),
        Some(_) => Err(format!("“limit” lies between 1 and {MOST_ROWS}.")),
    }
}

fn days(arguments: &Arguments) -> Result<Option<u32>, String> {
    match arguments.whole("days") {
        None => Ok(None),
        Some(days) if (1..=1_100).contains(&days) => Ok(u32::try_from(days).ok()),
        Some(_) => Err("“days” lies between 1 and 1100.".to_owned()),
    }
}

fn chart(snapshot: &Snapshot, arguments: &Arguments) -> Result<ChartAsked, String> {
    let days = days(arguments)?;
    match arguments.text("picture") {
        Some("price_history") => {
            let sku = arguments.text("sku").map(|_| words::sku(snapshot, arguments)).transpose()?;
            let sku = sku.ok_or("price_history needs “sku”.")?;
            Ok(ChartAsked::PriceHistory { sku, days: days.unwrap_or(90) })
        }
        Some("margin_bridge") => {
            let scope = words::scope(snapshot, arguments)?;
            Ok(ChartAsked::MarginBridge { scope, weeks: (days.unwrap_or(28) / 7).clamp(1, 52) })
        }
        _ => Ok(ChartAsked::IndexHistory {
            competitor: words::competitor(snapshot, arguments)?,
            scope: words::scope(snapshot, arguments)?,
            days: days.unwrap_or(28),
        }),
    }
}

fn aspect(name: &str) -> Aspect {
    match name {
        "why" => Aspect::Why,
        "price" => Aspect::Price,
        "margin" => Aspect::Margin,
        "stock" => Aspect::Stock,
        "offers" => Aspect::Offers,
        "cheapest" => Aspect::Cheapest,
        "state" => Aspect::State,
        "history" => Aspect::History,
        "rule" => Aspect::Rule,
        "units" => Aspect::Units,
        _ => Aspect::Overview,
    }
}

fn total(name: &str) -> Total {
    match name {
        "margin" => Total::Margin,
        "average_price" => Total::AveragePrice,
        "revenue" => Total::Revenue,
        "position" => Total::Position,
        "competitors" => Total::Competitors,
        "brands" => Total::Brands,
        "categories" => Total::Categories,
        "suppliers" => Total::Suppliers,
        "rules" => Total::Rules,
        "price_lists" => Total::PriceLists,
        "proposals" => Total::Proposals,
        "publishing" => Total::Publishing,
        "stock" => Total::Stock,
        "stock_value" => Total::StockValue,
        _ => Total::Products,
    }
}

fn find_products(snapshot: &Snapshot, arguments: &Arguments, competitor: Option<String>) -> Result<Intent, String> {
    let mut conditions: Vec<Condition> =
        arguments.text("condition").and_then(grid).map(Condition::Grid).into_iter().collect();
    let bounds = [
        ("margin_below", GridColumn::Margin, Side::Below),
        ("margin_above", GridColumn::Margin, Side::Above),
        ("price_below", GridColumn::Price, Side::Below),
        ("price_above", GridColumn::Price, Side::Above),
        ("stock_below", GridColumn::Stock, Side::Below),
        ("stock_above", GridColumn::Stock, Side::Above),
    ];
    for (name, column, side) in bounds {
        let value = match column {
            GridColumn::Margin => arguments.percent(name)?.map(|bp| Quantity::Percent(BasisPoints(bp))),
            GridColumn::Price => arguments.scaled(name, 2)?.map(Quantity::Amount),
            _ => arguments.whole(name).map(Quantity::Count),
        };
        conditions.extend(value.map(|value| Condition::Beyond { column, side, value }));
    }
    match (competitor, arguments.text("stance")) {
        (Some(name), stance) => {
            let stance = match stance {
                Some("cheaper") => Stance::Cheaper,
                Some("dearer") => Stance::Dearer,
                Some("sold_out") => Stance::SoldOut,
                Some("missing") => Stance::Missing,
                _ => Stance::Offers,
            };
            conditions.push(Condition::Competitor { name, stance });
        }
        (None, Some(_)) => return Err("“stance” needs “competitor”.".to_owned()),
        (None, None) => {}
    }
    let order = arguments
        .text("sort")
        .and_then(column)
        .map(|column| GridSort { column, descending: arguments.flag("descending") });
    let limit = rows(arguments)?.map_or(Limit::Usual, Limit::Rows);
    Ok(Intent::Find { scope: words::scope(snapshot, arguments)?, conditions, order, limit })
}

fn grid(name: &str) -> Option<GridFilter> {
    Some(match name {
        "below_cost" => GridFilter::BelowCost,
        "no_cost" => GridFilter::NoCost,
        "no_price" => GridFilter::NoPrice,
        "no_offers" => GridFilter::NoOffers,
        "has_offers" => GridFilter::HasOffers,
        "locked" => GridFilter::Locked,
        "on_promotion" => GridFilter::OnPromotion,
        "waiting" => GridFilter::PendingProposal,
        "needs_decision" => GridFilter::NeedsDecision,
        "out_of_stock" => GridFilter::OutOfStock,
        "dearer_than_lowest" => GridFilter::DearerThanLowest,
        "lowest_or_equal" => GridFilter::LowestOrEqual,
        "key_value" => GridFilter::KeyValue,
        "own_brand" => GridFilter::OwnBrand,
        _ => return None,
    })
}

fn column(name: &str) -> Option<GridColumn> {
    Some(match name {
        "price" => GridColumn::Price,
        "cost" => GridColumn::Cost,
        "margin" => GridColumn::Margin,
        "lowest" => GridColumn::Lowest,
        "gap" => GridColumn::Gap,
        "offers" => GridColumn::Offers,
        "stock" => GridColumn::Stock,
        "units" => GridColumn::Units,
        _ => return None,
    })
}

fn supposed(arguments: &Arguments, competitor: Option<String>) -> Result<Supposed, String> {
    let what = arguments.text("what").unwrap_or_default();
    if what == "match_competitor" {
        return Ok(Supposed::Match { name: competitor });
    }
    let change = arguments.percent("percent")?.ok_or("suppose needs “percent”.")?;
    let change = BasisPoints(change);
    Ok(match what {
        "costs" => Supposed::Costs(change),
        "competitor_prices" => Supposed::Competitor { name: competitor, change },
        _ => Supposed::Prices(change),
    })
}

fn strategy(arguments: &Arguments, competitor: Option<String>) -> Result<DraftStrategy, String> {
    let share = BasisPoints(arguments.percent("percent")?.unwrap_or_default());
    match arguments.text("by") {
        Some("cost_plus_margin") if (0..9_900).contains(&share.0) => Ok(DraftStrategy::Margin(share)),
        Some("cost_plus_margin") => Err("A margin lies between 0 % and 99 %.".to_owned()),
        Some("competitor") if competitor.is_none() => Err("by competitor needs “competitor”.".to_owned()),
        Some("competitor") => Ok(DraftStrategy::Against { competitor, change: share }),
        _ => Ok(DraftStrategy::Against { competitor: None, change: share }),
    }
}

fn price(snapshot: &Snapshot, arguments: &Arguments) -> Result<Asked, String> {
    let sku = words::sku(snapshot, arguments)?;
    let hundredths = arguments.scaled("price", 2)?.filter(|price| *price > 0).ok_or("A price is above zero.")?;
    let reason = arguments.text("reason").unwrap_or_default().to_owned();
    Ok(Asked::Price { sku, hundredths, reason })
}

fn scenario(snapshot: &Snapshot, arguments: &Arguments) -> Result<ScenarioAsked, String> {
    let scope = words::scope(snapshot, arguments)?;
    if !scope.search.is_empty() {
        return Err("A scenario can be for brands, categories, suppliers and tags, not for words of a name.".to_owned());
    }
    if scope.filters.len() > 1 {
        return Err("A scenario is for one brand, category, supplier or tag, or for all products.".to_owned());
    }
    let weeks = arguments.whole("weeks").unwrap_or(8);
    Ok(ScenarioAsked {
        what: arguments.text("what").unwrap_or_default().to_owned(),
        percent: BasisPoints(arguments.percent("percent")?.unwrap_or_default()),
        competitor: words::competitor(snapshot, arguments)?,
        weeks: u32::try_from(weeks)
            .ok()
            .filter(|weeks| (1..=26).contains(weeks))
            .ok_or("“weeks” lies between 1 and 26.")?,
        only: scope.filters,
    })
}
