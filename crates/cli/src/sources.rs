//! Files imported from addresses, from the terminal.

use std::process::ExitCode;

use anyhow::{Context, Result};
use app_commands::Host;
use app_contract::{
    ImportSource, ImportSourceView, ListImportSources, RemoveImportSource, SaveImportSource, StartImportSource,
};
use clap::{Args, Subcommand};
use pricing_domain::FileKind;

use crate::import_words::StatedWords;
use crate::{jobs, output, run};

/// Where the European Central Bank has its daily rates.
const ECB: &str = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml";

/// What to do with addresses.
#[derive(Subcommand)]
pub enum SourcesTask {
    /// Shows them with how each stands.
    List,
    /// Keeps an address to import from; an address with this name is changed.
    Add(Box<SourceWords>),
    /// Keeps the daily reference rates of the European Central Bank, fetched on working days after they appear.
    Ecb,
    /// Fetches a file and imports it now.
    Run {
        /// The source's name.
        name: String,
    },
    /// Forgets an address; what was imported from it stays.
    Remove {
        /// The source's name.
        name: String,
    },
}

/// An address in words.
#[derive(Args)]
pub struct SourceWords {
    /// Its name.
    name: String,
    /// Where the file is (https://shop.example/export/products.csv.gz).
    url: String,
    /// What the rows are, where the first line does not tell.
    #[arg(long)]
    kind: Option<FileKind>,
    /// Minute, hour, day, month, weekday (“0 6 * * *”); without it only when asked. The window or `serve` keeps the times.
    #[arg(long, default_value = "")]
    cron: String,
    /// Of the pattern (Europe/Berlin).
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// Keeps it without following its times.
    #[arg(long)]
    paused: bool,
    /// What is stated about the file.
    #[command(flatten)]
    stated: StatedWords,
}

/// Does what the words ask for.
pub async fn run(host: &Host, task: SourcesTask, json: bool) -> Result<ExitCode> {
    let sources = match task {
        SourcesTask::List => host.call(ListImportSources {}).await?,
        SourcesTask::Add(words) => {
            let options = words.stated.options(words.kind)?;
            let SourceWords { name, url, cron: pattern, zone: time_zone, paused, .. } = *words;
            save(host, ImportSource { name, url, options, pattern, time_zone, paused }).await?
        }
        SourcesTask::Ecb => {
            let source = ImportSource {
                name: "ECB reference rates".to_owned(),
                url: ECB.to_owned(),
                options: app_contract::ImportOptions::of_kind(FileKind::Rates),
                pattern: "30 16 * * MON-FRI".to_owned(),
                time_zone: "Europe/Berlin".to_owned(),
                paused: false,
            };
            save(host, source).await?
        }
        SourcesTask::Run { name } => {
            let id = named(host, &name).await?.id;
            let job = host.call(StartImportSource { id }).await?;
            return run::answer_of(jobs::follow(host, job).await?, json);
        }
        SourcesTask::Remove { name } => host.call(RemoveImportSource { id: named(host, &name).await?.id }).await?,
    };
    output::answer(json, &sources, |sources| sources.iter().for_each(line));
    Ok(ExitCode::SUCCESS)
}

async fn save(host: &Host, source: ImportSource) -> Result<Vec<ImportSourceView>> {
    let known = find(host, &source.name).await?;
    Ok(host.call(SaveImportSource { id: known.map(|known| known.id), source }).await?)
}

async fn find(host: &Host, name: &str) -> Result<Option<ImportSourceView>> {
    let sources = host.call(ListImportSources {}).await?;
    Ok(sources.into_iter().find(|source| source.source.name.eq_ignore_ascii_case(name.trim())))
}

async fn named(host: &Host, name: &str) -> Result<ImportSourceView> {
    find(host, name).await?.with_context(|| format!("no source is called “{name}”"))
}

fn line(view: &ImportSourceView) {
    let source = &view.source;
    let when = if view.words.is_empty() { "only when asked".to_owned() } else { view.words.clone() };
    let next = view.next_at.map(|at| format!(", next {at}")).unwrap_or_default();
    println!("{}: {} ({when}{next})", source.name, source.url);
    if let Some(at) = view.last_at {
        println!("    {at}: {}", view.last_words);
    }
}
