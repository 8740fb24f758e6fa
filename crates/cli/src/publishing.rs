//! Prices to a shop, from the terminal.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app_commands::Host;
use app_contract::{
    ContinuePublication, DeliveryReport, DeliveryView, GiveUpPublication, ListPublications, PublicationView,
    RestoreInShop, RestorePublication, SchedulePublishing, StartDryRun, StartPublishing,
};
use clap::Args;
use pricing_domain::{DeliveryState, Instant, Money, OtherPrices, PublicationState};

use crate::connections::named;
use crate::run::end;
use crate::values::format_of;
use crate::{files, output};

/// Where approved prices go, and how.
#[derive(Args)]
pub struct PublishWords {
    /// The connection's name.
    #[arg(long, value_name = "NAME", required_unless_present_any = ["resume", "give_up"])]
    pub to: Option<String>,
    /// Only says what would be sent and what stands against it.
    #[arg(long)]
    pub dry_run: bool,
    /// From this moment on instead of now (2026-11-27T06:00:00Z), while the window or `serve` is open.
    #[arg(long, value_name = "INSTANT", conflicts_with = "dry_run")]
    pub at: Option<Instant>,
    /// Also replaces prices that somebody changed in the shop; without it they are left and told.
    #[arg(long)]
    pub overwrite: bool,
    /// Goes on with hand-overs that were broken off, looking first at what the shop shows.
    #[arg(long = "continue", conflicts_with_all = ["to", "give_up"])]
    pub resume: bool,
    /// Ends hand-overs that were broken off; their prices wait again.
    #[arg(long, conflicts_with = "to")]
    pub give_up: bool,
}

/// Hands prices over, or says what that would do.
pub async fn publish(host: &Host, words: PublishWords, json: bool) -> Result<ExitCode> {
    if words.resume || words.give_up {
        return unended(host, words.give_up, json).await;
    }
    let connection = named(host, words.to.as_deref().unwrap_or_default()).await?.id;
    let other_prices = if words.overwrite { OtherPrices::Replace } else { OtherPrices::Leave };
    if let Some(at) = words.at {
        let planned = host.call(SchedulePublishing { connection, other_prices, at }).await?;
        output::answer(json, &planned, |planned| println!("{} prices are to be there from {at}", planned.prices));
        return Ok(ExitCode::SUCCESS);
    }
    let job = if words.dry_run {
        host.call(StartDryRun { connection, other_prices }).await?
    } else {
        host.call(StartPublishing { connection, other_prices }).await?
    };
    end(host, job, json).await
}

async fn unended(host: &Host, gives_up: bool, json: bool) -> Result<ExitCode> {
    let all = host.call(ListPublications { limit: 500 }).await?;
    let unended: Vec<PublicationView> = all
        .into_iter()
        .filter(|one| one.state == PublicationState::Sending || (gives_up && !one.state.ended()))
        .collect();
    if unended.is_empty() && !json {
        println!("No hand-over was broken off.");
    }
    let mut code = ExitCode::SUCCESS;
    for one in unended {
        if gives_up {
            let ended = host.call(GiveUpPublication { publication: one.id }).await?;
            output::answer(json, &ended, |ended| println!("{} of {} prices are there", ended.there, ended.prices));
        } else {
            let job = host.call(ContinuePublication { publication: one.id }).await?;
            code = end(host, job, json).await?;
        }
    }
    Ok(code)
}

/// Puts the previous prices of a hand-over back: in the shop it went to, or as a file for the shop.
pub async fn restore(host: &Host, file: Option<&Path>, number: Option<&str>, json: bool) -> Result<ExitCode> {
    let publications = host.call(ListPublications { limit: 500 }).await?;
    let publication = match number {
        Some(number) => numbered(&publications, number)
            .with_context(|| format!("there is no hand-over “{number}”; `hand-overs` lists them with their numbers"))?,
        None => publications
            .iter()
            .find(|one| !one.is_restore && one.restored_at.is_none())
            .context("there is no hand-over whose prices could be put back")?,
    };
    let Some(file) = file else {
        let shop = publication.connection.as_deref();
        shop.context("this hand-over went to a file; name the file for the previous prices")?;
        let job = host.call(RestoreInShop { publication: publication.id }).await?;
        return end(host, job, json).await;
    };
    let format = format_of(file)?;
    if file.exists() {
        bail!("{} is there already and may be the shop's only copy; name another file, or remove it", file.display());
    }
    let report = host.call(RestorePublication { publication: publication.id, format }).await?;
    files::fetch(host, &report.file, file)?;
    output::answer(json, &report, |report| output::restored(&report.done, file));
    Ok(ExitCode::SUCCESS)
}

/// The hand-over of that number or id.
fn numbered<'a>(publications: &'a [PublicationView], number: &str) -> Option<&'a PublicationView> {
    let number = number.trim();
    publications.iter().find(|one| one.number.to_string() == number || one.id.0.to_string() == number)
}

/// What became of a hand-over.
pub fn delivered(report: &DeliveryReport) {
    println!("{}: {} prices", report.connection, report.prices);
    for (count, words) in [
        (report.would_send, "would be sent"),
        (report.there, "are in the shop"),
        (report.were_there, "of them were there already"),
        (report.conflicts, "were changed in the shop by somebody and stay"),
        (report.refused, "were refused"),
        (report.outdated, "were left behind by the catalogue"),
        (report.waiting, "are not known to be there"),
    ] {
        if count > 0 {
            println!("  {count} {words}");
        }
    }
    report.rows.iter().filter(|row| row.state != DeliveryState::Intended).take(20).for_each(shown);
    if !report.message.is_empty() {
        println!("  {}", report.message);
    }
}

fn shown(row: &DeliveryView) {
    let new = Money::new(row.new_minor, row.currency);
    println!("  {} on {}: {new} {}: {}", row.sku, row.price_list, row.state, row.words);
}

/// Whether something is left to do.
pub fn is_partly(report: &DeliveryReport) -> bool {
    report.publication.is_some() && report.there < report.prices
}
