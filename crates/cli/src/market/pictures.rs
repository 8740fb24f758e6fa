//! The pictures of the figures as files.

use std::path::PathBuf;

use anyhow::{Context, Result};
use app_commands::Host;
use app_contract::{
    ChartPalette, ChartRequestLook, ExportChart, GetChangeCalendar, GetDistanceDistribution, GetHeatMap,
    GetIndexHistory, GetMarginBridge, GetMarginScatter, Status,
};
use clap::{Args, ValueEnum};
use pricing_domain::{IndexForm, MarketGroup};

use super::{MarketFilterWords, filter_of};
use crate::{files, output};

/// Which picture, and where to.
#[derive(Args)]
pub struct PictureWords {
    /// What it shows.
    picture: PictureKind,
    /// Where to: .svg, .png, or .csv for its data.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// brand, category, role (heat-map, scatter).
    #[arg(long, default_value = "brand")]
    by: MarketGroup,
    /// basket, ratio_mean, geometric, equal_weights (heat-map).
    #[arg(long, default_value = "basket")]
    form: IndexForm,
    /// Whole weeks of each period (bridge).
    #[arg(long, default_value_t = 4)]
    weeks: u32,
    /// Pixels.
    #[arg(long, default_value_t = 960)]
    width: u32,
    /// Pixels; a heat map and a calendar are as high as their rows.
    #[arg(long, default_value_t = 400)]
    height: u32,
    /// What it is about.
    #[command(flatten)]
    filter: MarketFilterWords,
}

/// The pictures there are.
#[derive(Clone, Copy, ValueEnum)]
enum PictureKind {
    /// The index over time.
    Index,
    /// The index by group and competitor.
    HeatMap,
    /// How far products lie from the lowest offer.
    Distance,
    /// From the margin of some weeks to that of the next.
    Bridge,
    /// Price changes by day.
    Calendar,
    /// Index against margin.
    Scatter,
}

/// Draws a picture into a file.
pub async fn picture(host: &Host, status: &Status, words: PictureWords, json: bool) -> Result<()> {
    let ending = words.out.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let format = ending.parse().ok().context("name the picture with the ending .svg, .png or .csv")?;
    let filter = filter_of(status, words.filter)?;
    let look = ChartRequestLook { width: words.width, height: words.height, palette: ChartPalette::on_paper() };
    let (by, form) = (words.by, words.form);
    let chart = match words.picture {
        PictureKind::Index => host.call(GetIndexHistory { filter, look }).await?,
        PictureKind::HeatMap => host.call(GetHeatMap { filter, by, form, look }).await?,
        PictureKind::Distance => host.call(GetDistanceDistribution { filter, look }).await?,
        PictureKind::Bridge => host.call(GetMarginBridge { filter, weeks: words.weeks, look }).await?,
        PictureKind::Calendar => host.call(GetChangeCalendar { filter, look }).await?,
        PictureKind::Scatter => host.call(GetMarginScatter { filter, by, look }).await?,
    };
    let title = chart.title.clone();
    let file = host.call(ExportChart { chart, format }).await?;
    files::fetch(host, &file, &words.out)?;
    output::answer(json, &file, |_| println!("{title} → {}", words.out.display()));
    Ok(())
}
