//! The parts of the benchmark, each run in a process of its own.

mod analysing;
mod beside;
mod collecting;
mod deciding;
mod engine;
mod files;
mod importing;
mod looking;
mod pricing;
mod reading;
mod sample;
mod scenarios;
mod science;
mod two_lists;
mod window;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::figures::{About, Figure, Figures, Unit};
use crate::machine;

/// What can be asked for; later topics build on earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Topic {
    /// Files into the workspace.
    Import,
    /// Pricing runs, and decisions about their proposals.
    Price,
    /// Search, order, filters.
    Grid,
    /// One product with its chart.
    Chart,
    /// Figures over two years of prices of five competitors.
    Market,
    /// Demand and optimisation on generated data, scenarios over the catalogue.
    Science,
    /// The engine alone, beside others.
    Engine,
    /// Pages and robots.txt.
    Reading,
    /// Previews, workbooks, and matching.
    Files,
    /// The sample workspace.
    Sample,
    /// Competitor pages over HTTP.
    Collect,
    /// The real window.
    Window,
}

/// A part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The catalogue into an empty workspace.
    Import,
    /// The same file again.
    ImportAgain,
    /// What competitors charge.
    ImportObservations,
    /// Pricing in a fresh process, everything read from the disk.
    Price,
    /// The grid in a fresh process, from the tables.
    OpenFromTables,
    /// The grid in a fresh process, from the cached snapshot, and questions to it.
    Grid,
    /// Products with their charts.
    Product,
    /// Decisions about many proposals.
    Decide,
    /// Two years of prices of five competitors.
    History,
    /// The same questions asked of DuckDB.
    Beside,
    /// Figures, pictures and reports of them.
    Analytics,
    /// The window on the catalogue.
    Window,
    /// Scenarios over the catalogue; they need sales, which the parts before do without.
    Scenarios,
    /// Questions in words over two price lists and sales.
    TwoLists,
    /// Fits and ladders on generated data, without a workspace.
    Science,
    /// Rules over a generated snapshot, beside other engines.
    Engine,
    /// Pages and robots.txt from memory.
    Reading,
    /// A million rows previewed.
    Preview,
    /// A workbook of a hundred thousand rows.
    Workbook,
    /// Titles of pages against a catalogue.
    Matching,
    /// The sample workspace.
    Sample,
    /// The sample's six shops, far away and without a delay.
    Collect,
    /// The window on the sample.
    SampleWindow,
}

impl Part {
    /// The parts that need a catalogue, in the order in which they build on each other.
    pub(crate) const OF_A_CATALOGUE: [Self; 11] = [
        Self::Import,
        Self::ImportAgain,
        Self::ImportObservations,
        Self::Price,
        Self::OpenFromTables,
        Self::Grid,
        Self::Product,
        Self::Decide,
        Self::Window,
        Self::Scenarios,
        Self::TwoLists,
    ];

    /// The parts on a catalogue with a long history.
    pub(crate) const OF_A_HISTORY: [Self; 4] = [Self::Import, Self::History, Self::Beside, Self::Analytics];

    /// The parts that make what they need themselves.
    pub(crate) const ALONE: [Self; 6] =
        [Self::Engine, Self::Reading, Self::Preview, Self::Workbook, Self::Matching, Self::Science];

    /// The parts about the sample.
    pub(crate) const OF_THE_SAMPLE: [Self; 3] = [Self::Sample, Self::Collect, Self::SampleWindow];

    pub(crate) const fn topic(self) -> Topic {
        match self {
            Self::Import | Self::ImportAgain | Self::ImportObservations => Topic::Import,
            Self::Price | Self::Decide => Topic::Price,
            Self::OpenFromTables | Self::Grid => Topic::Grid,
            Self::Product => Topic::Chart,
            Self::History | Self::Beside | Self::Analytics => Topic::Market,
            Self::Scenarios | Self::TwoLists | Self::Science => Topic::Science,
            Self::Engine => Topic::Engine,
            Self::Reading => Topic::Reading,
            Self::Preview | Self::Workbook | Self::Matching => Topic::Files,
            Self::Sample => Topic::Sample,
            Self::Collect => Topic::Collect,
            Self::Window | Self::SampleWindow => Topic::Window,
        }
    }

    /// What its figures are about, with `products` in the catalogue.
    const fn about(self, products: u32) -> About {
        match self {
            Self::Science => About::Demand,
            Self::Engine => About::Engine,
            Self::Reading => About::Reading,
            Self::Preview | Self::Workbook | Self::Matching => About::Files,
            Self::Sample | Self::Collect | Self::SampleWindow => About::Sample,
            Self::History | Self::Beside | Self::Analytics => About::History(products),
            _ => About::Catalogue(products),
        }
    }

    /// Whether later parts build on what it leaves in the workspace.
    pub(crate) const fn prepares(self) -> bool {
        matches!(self, Self::Import | Self::ImportObservations | Self::Price)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value().expect("no part is skipped");
        formatter.write_str(value.get_name())
    }
}

/// The number of products that stands for small sizes where a part makes what it needs itself.
pub(crate) const SMALL: u32 = 1;

/// Measures a part in this process.
pub(crate) fn measure(part: Part, folder: &Path, products: u32) -> Result<Vec<Figure>> {
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let mut figures = Figures::new(part.about(products));
    runtime.block_on(async {
        match part {
            Part::Import => importing::first(folder, &mut figures).await,
            Part::ImportAgain => importing::again(folder, &mut figures).await,
            Part::ImportObservations => importing::observations(folder, &mut figures).await,
            Part::Price => pricing::cold(folder, &mut figures).await,
            Part::OpenFromTables => looking::from_tables(folder, &mut figures).await,
            Part::Grid => looking::questions(folder, &mut figures).await,
            Part::Product => looking::products(folder, products, &mut figures).await,
            Part::Decide => deciding::many(folder, &mut figures).await,
            Part::History => analysing::generate(folder, &mut figures).await,
            Part::Beside => beside::duckdb(folder, &mut figures).await,
            Part::Analytics => analysing::questions(folder, products, &mut figures).await,
            Part::Scenarios => scenarios::over_the_catalogue(folder, &mut figures).await,
            Part::TwoLists => two_lists::questions(folder, products, &mut figures).await,
            Part::Science => science::alone(products == SMALL, &mut figures),
            Part::Engine => engine::alone(products == SMALL, &mut figures),
            Part::Reading => reading::from_memory(products == SMALL, &mut figures),
            Part::Preview => files::preview(folder, products == SMALL, &mut figures).await,
            Part::Workbook => files::workbook(folder, products == SMALL, &mut figures).await,
            Part::Matching => files::matching(products == SMALL, &mut figures),
            Part::Window => window::catalogue(folder, &mut figures).await,
            Part::Sample => sample::opened(folder, &mut figures).await,
            Part::Collect => collecting::six_shops(folder, &mut figures).await,
            Part::SampleWindow => window::sample(folder, &mut figures).await,
        }
    })?;
    // What still runs in the background, such as writing the cached snapshot, belongs to the part.
    drop(runtime);
    Ok(figures.done())
}

/// What the part has cost this process so far: processor time, which other programs on the machine do not prolong,
/// and the largest memory.
fn add_costs(figures: &mut Figures, name: &str, most_megabytes: Option<f64>) {
    figures.add(format!("{name}, processor time"), machine::processor_seconds(), Unit::Seconds);
    let name = format!("{name}, peak memory");
    match most_megabytes {
        Some(target) => figures.aim(name, machine::peak_megabytes(), Unit::Megabytes, target),
        None => figures.add(name, machine::peak_megabytes(), Unit::Megabytes),
    }
}
