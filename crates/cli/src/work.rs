//! `omnipricex work`: what has to be worked on.

use anyhow::Result;
use app_commands::Host;
use app_contract::{ListWork, PriceListView, WorkKind, WorkRow, WorkTask, WorkView};
use pricing_domain::{BasisPoints, Currency, Money};

use crate::output;

/// The names of the lists on the command line.
pub fn kind(text: &str) -> Result<WorkKind, String> {
    match text {
        "costs" => Ok(WorkKind::CostChanges),
        "unpriced" => Ok(WorkKind::WithoutPrice),
        "starting" => Ok(WorkKind::PromotionsStarting),
        "ending" => Ok(WorkKind::PromotionsEnding),
        _ => Err("write costs, unpriced, starting or ending".to_owned()),
    }
}

/// Shows a list; without one how long each is.
pub async fn work(host: &Host, list: &PriceListView, kind: Option<WorkKind>, limit: u32, json: bool) -> Result<()> {
    let ask = |kind, limit| ListWork { kind, price_list: list.id, offset: 0, limit };
    let Some(kind) = kind else {
        let view = host.call(ask(WorkKind::CostChanges, 0)).await?;
        output::answer(json, &view.counts, |counts| {
            println!("{:>7}  costs      costs that changed within seven days", counts.cost_changes);
            println!("{:>7}  unpriced   products without a price", counts.without_price);
            println!("{:>7}  starting   promotions that start within seven days", counts.promotions_starting);
            println!("{:>7}  ending     promotions that end within seven days", counts.promotions_ending);
        });
        return Ok(());
    };
    let view = host.call(ask(kind, limit)).await?;
    output::answer(json, &view, in_words);
    Ok(())
}

fn in_words(view: &WorkView) {
    println!("{} in all on this list", view.counts.of(view.kind));
    if let Some(waiting) = view.waiting_day {
        println!("Waiting costs {waiting} a day at the units of 28 days");
    }
    for row in &view.rows {
        println!("{:<14} {:<32} {}", row.sku, short(&row.name), line(row, view.currency));
    }
}

fn short(name: &str) -> String {
    name.chars().take(32).collect()
}

fn line(row: &WorkRow, currency: Currency) -> String {
    let money =
        |minor: Option<i64>| minor.map_or_else(|| "–".to_owned(), |minor| Money::new(minor, currency).to_string());
    let percent = |share: Option<i32>| share.map_or_else(|| "–".to_owned(), |share| BasisPoints(share).to_string());
    let price = match row.proposed_minor {
        Some(proposed) => format!("{} → {}", money(row.price_minor), money(Some(proposed))),
        None => format!("{}, stays", money(row.price_minor)),
    };
    let reason = row.reason.map(|reason| format!(" ({})", reason.title())).unwrap_or_default();
    match &row.task {
        WorkTask::Cost(cost) => {
            let waiting = cost.waiting_day.map(|day| format!(", waiting costs {day} a day")).unwrap_or_default();
            format!(
                "cost {} → {} ({}), margin {} → {}; price {price}{waiting}{reason}",
                cost.before,
                cost.now,
                percent(cost.change_bp),
                percent(cost.margin_before_bp),
                percent(cost.margin_bp)
            )
        }
        WorkTask::Price(work) => {
            let cost = work.cost.map_or_else(|| "no cost".to_owned(), |cost| format!("cost {cost}"));
            format!(
                "{cost}, lowest offer {} of {}; the rules give {}{reason}",
                money(work.lowest_minor),
                work.offers,
                money(row.proposed_minor)
            )
        }
        WorkTask::Promotion(promotion) => {
            let wrong = if promotion.wrong { "WRONG: " } else { "" };
            format!(
                "“{}” at {} {}; regular {}. {wrong}{}",
                promotion.name,
                money(promotion.price_minor),
                promotion.days,
                money(row.price_minor),
                promotion.prior_words
            )
        }
    }
}
