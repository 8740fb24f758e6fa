//! A distribution as bars: how many products lie how far from the lowest offer.

use plotters::style::text_anchor::HPos;

use super::frame::{Frame, mark, widest};
use super::{ChartCell, ChartLook, ChartTable, MarketChart};
use crate::canvas::{Canvas, Drawing, UNITS, layer, svg_document};
use crate::colors::faded;
use crate::number_style::NumberStyle;
use crate::price_history::ChartError;
use crate::scale::Scale;

/// So many products the axis holds at least.
const LEAST_AXIS: i128 = 4;

/// What to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionChart {
    /// Size and colours.
    pub look: ChartLook,
    /// From the cheapest to the dearest.
    pub bars: Vec<DistributionBar>,
}

/// One group of products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DistributionBar {
    /// From so many basis points; `None`: without an end.
    pub from_bp: Option<i32>,
    /// Up to, but not including; the end of what is level is included.
    pub to_bp: Option<i32>,
    /// How many.
    pub products: u64,
}

/// Draws the chart.
pub fn draw_distribution(chart: &DistributionChart) -> Result<MarketChart, ChartError> {
    let all: u64 = chart.bars.iter().map(|bar| bar.products).sum();
    if all == 0 {
        return Err(ChartError::NothingToShow("No product is compared with a competitor in this selection".into()));
    }
    let highest = chart.bars.iter().map(|bar| i128::from(bar.products)).max().unwrap_or(1);
    // Few products widen the axis upwards only: counts begin at zero.
    let scale = Scale::around([0, highest.max(LEAST_AXIS)], i128::from(chart.look.height / 56).clamp(2, 5), 0);
    let texts = scale.texts(chart.look.labels, 0);
    let axis = widest(texts.iter().map(String::as_str)).max(52.0);
    let frame = Frame::new(&chart.look, [axis + 14.0, 10.0, 30.0, 42.0]);
    let size = frame.size();
    let (title, description) = (title(chart, all), description(chart, all));
    let layers = [
        layer(size, "", |canvas| frame.background(canvas))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| {
            frame.vertical_axis(canvas, &scale, &texts, "products")
        })?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| bars(canvas, chart, &frame, &scale))?,
        layer(size, "", |canvas| words(canvas, chart, &frame, &scale))?,
    ];
    Ok(MarketChart {
        svg: svg_document(size, &title, &description, &layers),
        series: Vec::new(),
        marks: marks(chart, &frame, all),
        table: table(chart),
        title,
        description,
    })
}

fn is_level(bar: &DistributionBar) -> bool {
    bar.from_bp.is_some_and(|from| from < 0) && bar.to_bp.is_some_and(|to| to > 0)
}

fn is_dear(bar: &DistributionBar) -> bool {
    bar.from_bp.is_some_and(|from| from > 0)
}

fn bars(canvas: &Canvas<'_>, chart: &DistributionChart, frame: &Frame<'_>, scale: &Scale) -> Drawing {
    for (place, bar) in chart.bars.iter().enumerate() {
        let (left, right) = frame.column(place, chart.bars.len(), 3 * UNITS);
        let top = frame.y(scale, i128::from(bar.products));
        let color = match (is_level(bar), is_dear(bar)) {
            (true, _) => frame.muted(),
            (_, true) => frame.competitor_color(0),
            _ => frame.own_color(),
        };
        frame.fill(canvas, [(left, top), (right, frame.bottom)], faded(color, 0.75))?;
    }
    frame.base_line(canvas, frame.bottom)
}

fn words(canvas: &Canvas<'_>, chart: &DistributionChart, frame: &Frame<'_>, scale: &Scale) -> Drawing {
    let style = chart.look.labels;
    for (place, bar) in chart.bars.iter().enumerate() {
        let (left, right) = frame.column(place, chart.bars.len(), 0);
        let middle = (left + right) / 2;
        let count = style.decimal(i128::from(bar.products), 0);
        let top = frame.y(scale, i128::from(bar.products)) - 9 * UNITS;
        frame.words(canvas, &count, (middle, top), HPos::Center)?;
        // Edges stand under the gaps between bars.
        if let Some(edge) = bar.from_bp {
            frame.muted_words(canvas, &percent(edge, style), (left, frame.bottom + 12 * UNITS), HPos::Center)?;
        }
    }
    let place = (frame.right, frame.bottom + 29 * UNITS);
    frame.muted_words(canvas, "distance to the lowest offer, %", place, HPos::Right)
}

fn percent(basis_points: i32, style: NumberStyle) -> String {
    let sign = if basis_points > 0 { "+" } else { "" };
    let (value, digits) = match basis_points % 100 {
        0 => (basis_points / 100, 0),
        _ => (basis_points / 10, 1),
    };
    format!("{sign}{}", style.decimal(i128::from(value), digits))
}

fn name(bar: &DistributionBar, style: NumberStyle) -> String {
    match (bar.from_bp, bar.to_bp) {
        (Some(from), Some(to)) => format!("{} to {} %", percent(from, style), percent(to, style)),
        (None, Some(to)) => format!("below {} %", percent(to, style)),
        (Some(from), None) => format!("{} % and more", percent(from, style)),
        (None, None) => "all".to_owned(),
    }
}

/// “412 of 1,204 products are dearer than the lowest offer (34.2 %), 96 of them by 10 % or more”.
fn title(chart: &DistributionChart, all: u64) -> String {
    let style = chart.look.labels;
    let dear: u64 = chart.bars.iter().filter(|bar| is_dear(bar)).map(|bar| bar.products).sum();
    let far = |bar: &&DistributionBar| bar.from_bp.is_some_and(|from| from >= 1_000);
    let far: u64 = chart.bars.iter().filter(far).map(|bar| bar.products).sum();
    let number = |count: u64| style.decimal(i128::from(count), 0);
    let share = style.percent(i128::from(dear), i128::from(all)).unwrap_or_default();
    let more = if far > 0 { format!(", {} of them by 10 % or more", number(far)) } else { String::new() };
    match dear {
        0 => format!("None of {} products is dearer than the lowest offer", number(all)),
        _ => format!("{} of {} products are dearer than the lowest offer ({share}){more}", number(dear), number(all)),
    }
}

fn description(chart: &DistributionChart, all: u64) -> String {
    let style = chart.look.labels;
    let groups = chart.bars.iter().filter(|bar| bar.products > 0);
    let groups: Vec<String> = groups.map(|bar| format!("{}: {}", name(bar, style), bar.products)).collect();
    format!("Products by the distance of our price to the lowest usable offer; {all} in all. {}.", groups.join("; "))
}

fn marks(chart: &DistributionChart, frame: &Frame<'_>, all: u64) -> Vec<super::ChartMark> {
    let style = chart.look.labels;
    let one = |(place, bar): (usize, &DistributionBar)| {
        let (left, right) = frame.column(place, chart.bars.len(), 0);
        let share = style.percent(i128::from(bar.products), i128::from(all)).unwrap_or_default();
        let words = vec![name(bar, style), format!("{} products, {share}", bar.products)];
        mark([(left, frame.top), (right, frame.bottom)], words, place)
    };
    chart.bars.iter().enumerate().map(one).collect()
}

fn table(chart: &DistributionChart) -> ChartTable {
    let mut table = ChartTable::of(&[("From", "%"), ("To", "%"), ("Products", "")]);
    for bar in &chart.bars {
        table.rows.push(vec![
            ChartCell::number(bar.from_bp.map(i64::from), 2),
            ChartCell::number(bar.to_bp.map(i64::from), 2),
            ChartCell::count(bar.products),
        ]);
    }
    table
}
