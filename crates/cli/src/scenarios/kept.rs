//! Scenarios kept in the workspace, found by their names.

use std::process::ExitCode;

use anyhow::{Result, bail};
use app_commands::Host;
use app_contract::{
    CopyScenario, GetScenario, KeptScenario, KeptScenarioRow, ListScenarios, RemoveScenario, RepeatScenario,
    ScenarioFigure, ScenarioTotals,
};
use pricing_domain::ScenarioId;

use super::answer::{self, amount};
use crate::output;

/// The kept scenario of that name, in any case.
pub async fn found(host: &Host, name: &str) -> Result<KeptScenario> {
    let scenario = id_of(host, name).await?;
    Ok(host.call(GetScenario { scenario }).await?)
}

async fn id_of(host: &Host, name: &str) -> Result<ScenarioId> {
    let all = host.call(ListScenarios {}).await?;
    let wanted = name.trim().to_lowercase();
    if let Some(found) = all.iter().find(|one| one.name.to_lowercase() == wanted) {
        return Ok(found.id);
    }
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    match names.is_empty() {
        true => bail!("No scenario is called “{name}”; none is kept. `scenario run FILE --keep` keeps one."),
        false => bail!("No scenario is called “{name}”; there are {}.", names.join(", ")),
    }
}

/// Lists them.
pub async fn list(host: &Host, json: bool) -> Result<()> {
    let rows = host.call(ListScenarios {}).await?;
    output::answer(json, &rows, |rows| {
        println!("{} scenarios are kept", rows.len());
        rows.iter().for_each(print_row);
    });
    Ok(())
}

/// One line.
pub fn print_row(row: &KeptScenarioRow) {
    // Where no margin can be told, both are 0.
    let is_told = row.after.margin.value != 0 || row.today.margin.value != 0;
    let figure = if is_told { ScenarioFigure::Margin } else { ScenarioFigure::Revenue };
    let value = |totals: &ScenarioTotals| figure.amount(totals).map_or(0, |of| of.value);
    let (after, today) = (value(&row.after), value(&row.today));
    let outdated = if row.outdated { ", the workspace has changed since" } else { "" };
    println!(
        "  {:<40} {} a week {} ({:+.2}), {} weeks on {}, kept {} by {}{outdated}",
        row.name,
        figure.name(),
        amount(after, row.currency),
        (after - today) as f64 / 10_f64.powi(i32::from(row.currency.minor_digits())),
        row.weeks,
        row.price_list,
        row.kept_at.utc_date(),
        row.kept_by
    );
}

/// Plays one on what was kept with it.
pub async fn repeat(host: &Host, name: &str, json: bool) -> Result<ExitCode> {
    let scenario = id_of(host, name).await?;
    let repeated = host.call(RepeatScenario { scenario }).await?;
    output::answer(json, &repeated, |repeated| {
        answer::print(&repeated.answer);
        println!("{}", if repeated.same { "Every figure is the same." } else { "! Figures differ from those kept." });
    });
    Ok(if repeated.same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Keeps one a second time.
pub async fn copy(host: &Host, name: &str, new_name: String, json: bool) -> Result<()> {
    let scenario = id_of(host, name).await?;
    let row = host.call(CopyScenario { scenario, name: new_name }).await?;
    output::answer(json, &row, |row| println!("Copied as “{}”.", row.name));
    Ok(())
}

/// Forgets one.
pub async fn remove(host: &Host, name: &str, json: bool) -> Result<()> {
    let scenario = id_of(host, name).await?;
    let rows = host.call(RemoveScenario { scenario }).await?;
    output::answer(json, &rows, |rows| println!("Removed; {} are left.", rows.len()));
    Ok(())
}

/// A line for each, the columns of the window.
pub async fn compare(host: &Host, names: &[String], json: bool) -> Result<()> {
    let mut all = Vec::new();
    for name in names {
        all.push(found(host, name).await?);
    }
    output::answer(json, &all, |all| {
        // One figure for all, so that they compare.
        let is_told = all.iter().all(|one| one.answer.figure() == ScenarioFigure::Margin);
        let figure = if is_told { ScenarioFigure::Margin } else { ScenarioFigure::Revenue };
        let value = |totals: &ScenarioTotals| figure.amount(totals).unwrap_or_default();
        println!(
            "{:<36} {:>14} {:>30} {:>14} {:>14} {:>10} {:>8}",
            "",
            format!("{} a week", figure.name()),
            "95 % between",
            "change",
            "revenue",
            "units",
            "prices"
        );
        for one in all {
            let (view, currency) = (&one.answer, one.answer.currency);
            let (after, today) = (value(&view.after), value(&view.today));
            let between = format!("{} to {}", amount(after.low, currency), amount(after.high, currency));
            println!(
                "{:<36} {:>14} {between:>30} {:>14} {:>14} {:>10.0} {:>+7.1}%",
                one.row.name,
                amount(after.value, currency),
                amount(after.value - today.value, currency),
                amount(view.after.revenue.value, currency),
                view.after.units.value,
                view.after.price_change
            );
        }
    });
    Ok(())
}
