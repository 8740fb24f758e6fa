//! A bridge: from one amount to another in steps.

use plotters::style::text_anchor::HPos;
use pricing_domain::Currency;

use super::frame::{Frame, fitted, mark, widest};
use super::{ChartCell, ChartLook, ChartTable, MarketChart};
use crate::canvas::{Canvas, Drawing, HAIRLINE, UNITS, layer, svg_document, to_pixels};
use crate::colors::{FALLBACK, faded, parse_color};
use crate::price_history::ChartError;
use crate::scale::Scale;
use crate::text::plain_line;

/// What to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeChart {
    /// Size and colours.
    pub look: ChartLook,
    /// What is bridged: “Margin”.
    pub subject: String,
    /// Of all amounts.
    pub currency: Currency,
    /// Name of the period before: “28 Sep – 25 Oct”.
    pub before: String,
    /// Name of the period after.
    pub after: String,
    /// Where it begins, in minor units.
    pub before_minor: i64,
    /// The steps, which lead exactly to the end.
    pub steps: Vec<BridgeStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeStep {
    /// “Price”.
    pub name: String,
    /// Up or down, in minor units.
    pub amount_minor: i64,
}

impl BridgeChart {
    fn after_minor(&self) -> i64 {
        self.before_minor + self.steps.iter().map(|step| step.amount_minor).sum::<i64>()
    }
}

/// Draws the chart.
pub fn draw_bridge(chart: &BridgeChart) -> Result<MarketChart, ChartError> {
    if chart.before_minor == 0 && chart.after_minor() == 0 {
        return Err(ChartError::NothingToShow("Nothing was sold in these periods".into()));
    }
    let bars = bars(chart);
    let digits = chart.currency.minor_digits();
    let values = bars.iter().flat_map(|bar| [i128::from(bar.from), i128::from(bar.to)]);
    let scale = Scale::around(axis_values(values.collect()), i128::from(chart.look.height / 56).clamp(3, 5), 100);
    let texts = scale.texts(chart.look.labels, digits);
    let axis = widest(texts.iter().map(String::as_str)).max(30.0);
    let frame = Frame::new(&chart.look, [axis + 14.0, 10.0, 30.0, 42.0]);
    let size = frame.size();
    let (title, description) = (title(chart), description(chart, &bars));
    let code = chart.currency.code();
    let layers = [
        layer(size, "", |canvas| frame.background(canvas))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| frame.vertical_axis(canvas, &scale, &texts, code))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| draw_bars(canvas, &bars, &frame, &scale))?,
        layer(size, "", |canvas| names(canvas, chart, &bars, &frame, &scale))?,
        layer(size, "", |canvas| axis_note(canvas, &frame, &scale))?,
    ];
    Ok(MarketChart {
        svg: svg_document(size, &title, &description, &layers),
        series: Vec::new(),
        marks: marks(chart, &bars, &frame),
        table: table(chart, &bars),
        title,
        description,
    })
}

struct Bar {
    name: String,
    from: i64,
    to: i64,
    whole: bool,
}

fn bars(chart: &BridgeChart) -> Vec<Bar> {
    let whole = |name: &str, amount: i64| Bar { name: plain_line(name), from: 0, to: amount, whole: true };
    let mut bars = vec![whole(&chart.before, chart.before_minor)];
    let mut reached = chart.before_minor;
    for step in &chart.steps {
        let to = reached + step.amount_minor;
        bars.push(Bar { name: plain_line(&step.name), from: reached, to, whole: false });
        reached = to;
    }
    bars.push(whole(&chart.after, reached));
    bars
}

/// The axis begins at zero unless all steps happen far above it: then the steps would be hair lines.
fn axis_values(values: Vec<i128>) -> Vec<i128> {
    let steps: Vec<i128> = values.iter().copied().filter(|value| *value != 0).collect();
    let (low, high) = (steps.iter().min().copied().unwrap_or(0), steps.iter().max().copied().unwrap_or(0));
    if low > 0 && (high - low) * 5 < high { vec![low - (high - low), high] } else { values }
}

fn draw_bars(canvas: &Canvas<'_>, bars: &[Bar], frame: &Frame<'_>, scale: &Scale) -> Drawing {
    for (place, bar) in bars.iter().enumerate() {
        let (left, right) = frame.column(place, bars.len(), 10 * UNITS);
        let (from, to) = (frame.y(scale, i128::from(bar.from)), frame.y(scale, i128::from(bar.to)));
        let color = match (bar.whole, bar.to >= bar.from) {
            (true, _) => frame.muted(),
            (_, true) => frame.own_color(),
            _ => frame.competitor_color(0),
        };
        let (top, bottom) = (from.min(to), from.max(to).max(from.min(to) + UNITS));
        frame.fill(canvas, [(left, top), (right, bottom)], faded(color, 0.8))?;
        if place + 1 < bars.len() {
            let (next, _) = frame.column(place + 1, bars.len(), 10 * UNITS);
            frame.line(canvas, vec![(right, to), (next, to)], faded(frame.muted(), 0.8), HAIRLINE)?;
        }
    }
    if scale.low <= 0 {
        return frame.base_line(canvas, frame.y(scale, 0));
    }
    // Whole bars would begin far below the picture: each has a gap that says so.
    let surface = parse_color(&frame.look.palette.surface).unwrap_or(FALLBACK);
    for (place, _) in bars.iter().enumerate().filter(|(_, bar)| bar.whole) {
        let (left, right) = frame.column(place, bars.len(), 6 * UNITS);
        let (top, bottom) = (frame.bottom - 12 * UNITS, frame.bottom - 8 * UNITS);
        frame.fill(canvas, [(left, top), (right, bottom)], surface)?;
        for y in [top, bottom] {
            frame.line(canvas, vec![(left, y), (right, y)], frame.muted(), HAIRLINE)?;
        }
    }
    Ok(())
}

/// Says where the axis does not begin at zero.
fn axis_note(canvas: &Canvas<'_>, frame: &Frame<'_>, scale: &Scale) -> Drawing {
    if scale.low <= 0 {
        return Ok(());
    }
    frame.muted_words(canvas, "the axis does not begin at 0", (frame.right, frame.top - 16 * UNITS), HPos::Right)
}

fn names(canvas: &Canvas<'_>, chart: &BridgeChart, bars: &[Bar], frame: &Frame<'_>, scale: &Scale) -> Drawing {
    for (place, bar) in bars.iter().enumerate() {
        let (left, right) = frame.column(place, bars.len(), 0);
        let middle = (left + right) / 2;
        for (line, part) in (0..).zip(name_lines(&bar.name, to_pixels(right - left) - 4.0)) {
            frame.muted_words(canvas, &part, (middle, frame.bottom + (14 + 14 * line) * UNITS), HPos::Center)?;
        }
        let top = frame.y(scale, i128::from(bar.from.max(bar.to))) - 9 * UNITS;
        frame.words(canvas, &amount(chart, bar), (middle, top), HPos::Center)?;
    }
    Ok(())
}

/// The name of a bar; a period that is too wide for one line has a line for each end.
fn name_lines(name: &str, width: f64) -> Vec<String> {
    match name.split_once(" – ") {
        Some((from, to)) if widest([name]) > width => vec![fitted(&format!("{from} –"), width), fitted(to, width)],
        _ => vec![fitted(name, width)],
    }
}

/// The amount of a bar: whole units where that leaves nothing out of a thousand.
fn amount(chart: &BridgeChart, bar: &Bar) -> String {
    let value = if bar.whole { bar.to } else { bar.to - bar.from };
    let sign = if !bar.whole && value > 0 { "+" } else { "" };
    format!("{sign}{}", money(chart, value))
}

fn money(chart: &BridgeChart, amount_minor: i64) -> String {
    let digits = chart.currency.minor_digits();
    let major = 10i128.pow(u32::from(digits));
    let amount = i128::from(amount_minor);
    let large = i128::from(chart.before_minor.abs().max(chart.after_minor().abs())) >= 1_000 * major;
    if large {
        let half = if amount < 0 { -major / 2 } else { major / 2 };
        chart.look.labels.decimal((amount + half) / major, 0)
    } else {
        chart.look.labels.decimal(amount, digits)
    }
}

/// “Margin rose by 3.2 % to 41,204 EUR; most of it is price (+900)”.
fn title(chart: &BridgeChart) -> String {
    let (before, after) = (chart.before_minor, chart.after_minor());
    let subject = plain_line(&chart.subject);
    let currency = chart.currency;
    let end = format!("{} {currency}", money(chart, after));
    let moved = i128::from(after) - i128::from(before);
    if moved == 0 {
        return format!("{subject} stayed at {end}");
    }
    let word = if moved > 0 { "rose" } else { "fell" };
    let share = chart.look.labels.percent(moved.abs(), i128::from(before)).map(|share| format!(" by {share}"));
    let same_way = chart.steps.iter().filter(|step| (step.amount_minor > 0) == (moved > 0) && step.amount_minor != 0);
    let largest = same_way.max_by_key(|step| step.amount_minor.abs()).map(|step| {
        let sign = if step.amount_minor > 0 { "+" } else { "" };
        let amount = money(chart, step.amount_minor);
        format!("; the largest part is {} ({sign}{amount})", plain_line(&step.name).to_lowercase())
    });
    format!("{subject} {word}{} to {end}{}", share.unwrap_or_default(), largest.unwrap_or_default())
}

fn description(chart: &BridgeChart, bars: &[Bar]) -> String {
    let steps = bars.iter().map(|bar| format!("{} {}", bar.name, amount(chart, bar)));
    format!("{} in {}: {}.", plain_line(&chart.subject), chart.currency, steps.collect::<Vec<_>>().join(", "))
}

fn marks(chart: &BridgeChart, bars: &[Bar], frame: &Frame<'_>) -> Vec<super::ChartMark> {
    let one = |(place, bar): (usize, &Bar)| {
        let (left, right) = frame.column(place, bars.len(), 0);
        let words = vec![bar.name.clone(), format!("{} {}", amount(chart, bar), chart.currency)];
        mark([(left, frame.top), (right, frame.bottom)], words, place)
    };
    bars.iter().enumerate().map(one).collect()
}

fn table(chart: &BridgeChart, bars: &[Bar]) -> ChartTable {
    let mut table = ChartTable::of(&[("Step", ""), ("Amount", chart.currency.code())]);
    let digits = chart.currency.minor_digits();
    for bar in bars {
        let value = if bar.whole { bar.to } else { bar.to - bar.from };
        table.rows.push(vec![ChartCell::text(bar.name.clone()), ChartCell::number(Some(value), digits)]);
    }
    table
}
