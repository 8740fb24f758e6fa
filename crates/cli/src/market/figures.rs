//! The figures of a selection, the products behind them, days and movers.

use std::str::FromStr;

use anyhow::{Result, bail};
use app_commands::Host;
use app_contract::{
    CountMovers, GetAnalyticsOverview, JobResult, ListMarketProducts, MarketOverview, MarketProductPage, MoversView,
    Status,
};
use clap::Args;
use pricing_domain::{
    Currency, IndexForm, MarketFilter, MarketRows, Outcome, decimal_text, format_scaled, parse_scaled,
};

use super::{MarketFilterWords, filter_of, percent, points};
use crate::{jobs, output};

/// Which products.
#[derive(Args)]
pub struct RowsWords {
    /// priced, compared, not-compared, cheaper, level, dearer, place:2, place:6+, distance:-5..-2 (percent, either end may be
    /// left out), below-floor, at-floor, below-cost, costed, below-map, promoted, sold, stocked, changed.
    #[arg(default_value = "compared")]
    which: Which,
    /// How many, at most 500.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// So many are passed over first.
    #[arg(long, default_value_t = 0)]
    offset: u64,
    /// What they are about.
    #[command(flatten)]
    filter: MarketFilterWords,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Which(MarketRows);

impl FromStr for Which {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let rows = match text.trim().to_lowercase().replace('_', "-").as_str() {
            "priced" => MarketRows::Priced,
            "compared" => MarketRows::Compared,
            "not-compared" => MarketRows::NotCompared,
            "cheaper" | "win" => MarketRows::Standing(Outcome::Win),
            "level" | "tie" => MarketRows::Standing(Outcome::Tie),
            "dearer" | "loss" => MarketRows::Standing(Outcome::Loss),
            "below-floor" => MarketRows::BelowFloor,
            "at-floor" => MarketRows::AtFloor,
            "below-cost" => MarketRows::BelowCost,
            "costed" => MarketRows::Costed,
            "below-map" => MarketRows::BelowMap,
            "promoted" => MarketRows::Promoted,
            "sold" => MarketRows::Sold,
            "stocked" => MarketRows::Stocked,
            "changed" => MarketRows::Changed,
            other => match other.split_once(':') {
                Some(("place", text)) => match text.trim_end_matches('+').parse() {
                    Ok(place) if place > 0 && text.ends_with('+') => MarketRows::PositionFrom(place),
                    Ok(place) if place > 0 => MarketRows::Position(place),
                    _ => bail!("“{text}” is no place; write it like place:2 or place:6+"),
                },
                Some(("distance", ends)) => {
                    let Some((from, to)) = ends.split_once("..") else { bail!("write a distance like -5..-2") };
                    MarketRows::Distance(edge(from)?, edge(to)?)
                }
                _ => bail!("“{text}” are no products that are known; `--help` lists them"),
            },
        };
        Ok(Self(rows))
    }
}

/// Basis points of a percentage; nothing: without an end.
fn edge(text: &str) -> Result<Option<i32>> {
    let text = text.trim().trim_end_matches('%').trim();
    if text.is_empty() {
        return Ok(None);
    }
    match parse_scaled(text, 2).and_then(|edge| i32::try_from(edge).ok()) {
        Some(edge) => Ok(Some(edge)),
        None => bail!("“{text}” is no percentage"),
    }
}

/// Shows the products behind a figure.
pub async fn rows(host: &Host, status: &Status, words: RowsWords, json: bool) -> Result<()> {
    let filter = filter_of(status, words.filter)?;
    let request = ListMarketProducts { filter, rows: words.which.0, offset: words.offset, limit: words.limit };
    let page = host.call(request).await?;
    output::answer(json, &page, print_page);
    Ok(())
}

fn print_page(page: &MarketProductPage) {
    let money = |minor: Option<i64>| money(minor, page.currency);
    let share = |bp: Option<i32>| bp.map_or_else(|| "–".to_owned(), percent);
    for row in &page.rows {
        println!(
            "{:<14} {:<32} ours {:>10}  lowest {:>10}  distance {:>9}  place {:>2}  margin {:>9}  at stake {:>11}",
            row.product.sku,
            row.product.name,
            money(row.product.price_minor),
            money(row.lowest_minor),
            share(row.distance_bp),
            row.position.map_or_else(|| "–".to_owned(), |place| place.to_string()),
            share(row.product.margin_bp),
            money(Some(row.stake_minor))
        );
    }
    output::stretch(page.offset, page.rows.len(), page.matching, "products");
}

/// Shows the figures of a selection.
pub async fn overview(
    host: &Host,
    status: &Status,
    (words, form): (MarketFilterWords, IndexForm),
    json: bool,
) -> Result<()> {
    let overview = host.call(GetAnalyticsOverview { filter: filter_of(status, words)?, form }).await?;
    output::answer(json, &overview, print_overview);
    Ok(())
}

fn print_overview(one: &MarketOverview) {
    let share = |bp: Option<i32>| bp.map_or_else(|| "–".to_owned(), percent);
    let of = one.standing_day.map_or_else(|| "as of now".to_owned(), |day| format!("at the end of {day}"));
    println!("Period        {} to {}", one.period.0, one.period.1);
    println!("Index         {} on {} of {} products ({of})", points(one.index_centi), one.compared, one.priced);
    println!("Standing      {} cheaper, {} level, {} dearer ({of})", one.win, one.tie, one.loss);
    let places: Vec<String> = one.positions.iter().map(u64::to_string).collect();
    println!("Places        {} (first to sixth or later, as of now)", places.join(", "));
    println!("Margin        {} as of now; {} below cost", share(one.margin_bp), one.below_cost);
    println!("Floors        {} below, {} at, of {} with one", one.below_floor, one.at_floor, one.with_floor);
    println!("Promotions    {} run, {} below the regular price", one.promoted, share(one.promotion_depth_bp));
    println!("MAP           {} prices below it on {} products", one.map_violations, one.map_products);
    println!("Stock lasts   {} days", one.cover_days.map_or_else(|| "–".to_owned(), |days| days.to_string()));
    println!("Competitors   lowered {} prices and raised {} in the period", one.lowered, one.raised);
    if let Some(sales) = &one.sales {
        println!(
            "Sales         {} to {}: {} {} net, margin {} ({})",
            sales.period.0,
            sales.period.1,
            money(Some(sales.revenue_minor), one.currency),
            one.currency,
            money(Some(sales.margin_minor), one.currency),
            share(sales.margin_bp)
        );
    }
}

/// Shows revenue, margin and units day by day.
pub async fn days(host: &Host, status: &Status, words: MarketFilterWords, json: bool) -> Result<()> {
    let filter = filter_of(status, words)?;
    let overview = host.call(GetAnalyticsOverview { filter, form: IndexForm::Basket }).await?;
    output::answer(json, &overview.sales, |sales| {
        for day in sales.iter().flat_map(|sales| &sales.days) {
            println!(
                "{}  revenue {:>12}  margin {:>12}  units {:>10}",
                day.day,
                money(Some(day.revenue_minor), overview.currency),
                money(Some(day.margin_minor), overview.currency),
                decimal_text(day.units_milli, 3, 0)
            );
        }
        if sales.is_none() {
            println!("No sales are known of these products.");
        }
    });
    Ok(())
}

/// Shows who moves first and who follows.
pub async fn movers(
    host: &Host,
    status: &Status,
    (words, window_days): (MarketFilterWords, u32),
    json: bool,
) -> Result<()> {
    let movers = counted_movers(host, filter_of(status, words)?, window_days).await?;
    output::answer(json, &movers, print_movers);
    Ok(())
}

/// Counts who moves first, however many prices began.
pub async fn counted_movers(host: &Host, filter: MarketFilter, window_days: u32) -> Result<MoversView> {
    let job = host.call(CountMovers { filter, window_days }).await?;
    let ended = jobs::follow(host, job).await?;
    match (ended.result, ended.error) {
        (Some(JobResult::Movers(movers)), _) => Ok(*movers),
        (_, Some(error)) => Err(error.into()),
        (other, None) => bail!("counting who moves first ended with {other:?}"),
    }
}

/// Who moves first and who follows, in lines.
pub fn print_movers(movers: &MoversView) {
    let name = |name: &str| if name.is_empty() { "we".to_owned() } else { name.to_owned() };
    for one in &movers.leaders {
        println!(
            "{:<28} changes {:>6}  first {:>6}  followed {:>6}  follows {:>6}",
            name(&one.name),
            one.moves,
            one.first,
            one.followed,
            one.follows
        );
    }
    for pair in &movers.followers {
        let (leader, follower) = (name(&pair.leader), name(&pair.follower));
        println!("{follower} after {leader}: {} times, after {} hours on average", pair.times, pair.mean_hours);
    }
    if movers.leaders.is_empty() {
        println!("Nobody changed a price in this period.");
    }
}

fn money(minor: Option<i64>, currency: Currency) -> String {
    minor.map_or_else(|| "–".to_owned(), |minor| format_scaled(minor, currency.minor_digits()))
}

#[cfg(test)]
mod tests {
    use pricing_domain::{MarketRows, Outcome};

    use super::Which;

    #[test]
    fn products_behind_a_figure_are_named_in_words() {
        let read = |text: &str| text.parse::<Which>().map(|which| which.0).ok();
        assert_eq!(read("dearer"), Some(MarketRows::Standing(Outcome::Loss)));
        assert_eq!(read("Below_Floor"), Some(MarketRows::BelowFloor));
        assert_eq!(read("place:2"), Some(MarketRows::Position(2)));
        assert_eq!(read("place:6+"), Some(MarketRows::PositionFrom(6)));
        assert_eq!(read("distance:-5..-2"), Some(MarketRows::Distance(Some(-500), Some(-200))));
        assert_eq!(read("distance:0.5%.."), Some(MarketRows::Distance(Some(50), None)));
        for wrong in ["", "cheap", "place:0", "place:x", "distance:5", "distance:a..b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
