//! A scatter of the index against the margin: where we are dear and earn little, or cheap and give money away.

use plotters::element::Circle;
use plotters::style::text_anchor::HPos;

use super::frame::{Frame, fitted, mark, widest};
use super::{ChartCell, ChartLook, ChartTable, MarketChart};
use crate::canvas::{Canvas, Drawing, HAIRLINE, UNITS, layer, line_style, surface_style, svg_document};
use crate::colors::faded;
use crate::price_history::ChartError;
use crate::scale::Scale;
use crate::text::plain_line;

/// What to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScatterChart {
    /// Size and colours.
    pub look: ChartLook,
    /// What a point is, in the plural: “categories”.
    pub noun: String,
    /// The largest first; at most a thousand are drawn.
    pub points: Vec<ScatterPoint>,
    /// The margin of all of them, in basis points: the horizontal line.
    pub margin_bp: Option<i32>,
}

/// One point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScatterPoint {
    /// Which.
    pub name: String,
    /// Index in hundredths.
    pub index: i64,
    /// Margin in basis points.
    pub margin_bp: i32,
    /// By which points are sized: units or revenue.
    pub weight: i64,
    /// How many products.
    pub products: u64,
}

const MOST_POINTS: usize = 1_000;
/// Points that are named.
const NAMED: usize = 6;

/// Draws the chart.
pub fn draw_scatter(chart: &ScatterChart) -> Result<MarketChart, ChartError> {
    let points = &chart.points[..chart.points.len().min(MOST_POINTS)];
    if points.is_empty() {
        return Err(ChartError::NothingToShow("Nothing here has both an index and a margin".into()));
    }
    // Air for the points at the edges.
    let across = points.iter().flat_map(|point| [point.index - 40, point.index + 40]).map(i128::from).chain([10_000]);
    let across = Scale::around(across, i128::from(chart.look.width / 110).clamp(3, 8), 400);
    let up = points.iter().flat_map(|point| [point.margin_bp - 60, point.margin_bp + 60]).map(i128::from);
    let up = Scale::around(up, i128::from(chart.look.height / 52).clamp(3, 6), 400);
    let (across_texts, up_texts) = (across.texts(chart.look.labels, 2), up.texts(chart.look.labels, 2));
    let axis = widest(up_texts.iter().map(String::as_str)).max(62.0);
    let frame = Frame::new(&chart.look, [axis + 14.0, 16.0, 30.0, 40.0]);
    let size = frame.size();
    let plot = Plot { chart, points, frame, across, up };
    let (title, description) = (title(chart, points), description(chart, points));
    let layers = [
        layer(size, "", |canvas| plot.frame.background(canvas))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| plot.axes(canvas, &across_texts, &up_texts))?,
        layer(size, "", |canvas| plot.points(canvas))?,
        layer(size, "", |canvas| plot.names(canvas))?,
    ];
    Ok(MarketChart {
        svg: svg_document(size, &title, &description, &layers),
        series: Vec::new(),
        marks: plot.marks(),
        table: table(chart, points),
        title,
        description,
    })
}

struct Plot<'a> {
    chart: &'a ScatterChart,
    points: &'a [ScatterPoint],
    frame: Frame<'a>,
    across: Scale,
    up: Scale,
}

impl Plot<'_> {
    fn center(&self, point: &ScatterPoint) -> (i32, i32) {
        let x = self.frame.x(&self.across, i128::from(point.index));
        (x, self.frame.y(&self.up, i128::from(point.margin_bp)))
    }

    /// The area of a point goes with its weight.
    fn radius(&self, point: &ScatterPoint) -> i32 {
        let most = self.points.iter().map(|point| point.weight).max().unwrap_or(1).max(1);
        let share = (point.weight.max(0) as f64 / most as f64).sqrt();
        (f64::from(UNITS) * (3.0 + 11.0 * share)).round() as i32
    }

    fn axes(&self, canvas: &Canvas<'_>, across: &[String], up: &[String]) -> Drawing {
        self.frame.vertical_axis(canvas, &self.up, up, "margin, %")?;
        self.frame.horizontal_axis(
            canvas,
            &self.across,
            across,
            "price index, 100 is as expensive as the lowest offers",
        )?;
        let x = self.frame.x(&self.across, 10_000);
        self.frame.line(canvas, vec![(x, self.frame.top), (x, self.frame.bottom)], self.frame.muted(), HAIRLINE)?;
        match self.chart.margin_bp {
            Some(margin) => self.frame.base_line(canvas, self.frame.y(&self.up, i128::from(margin))),
            None => Ok(()),
        }
    }

    fn points(&self, canvas: &Canvas<'_>) -> Drawing {
        for point in self.points {
            let color = if point.index > 10_000 { self.frame.competitor_color(0) } else { self.frame.own_color() };
            let (center, radius) = (self.center(point), self.radius(point).unsigned_abs());
            canvas.draw(&Circle::new(center, radius, surface_style(faded(color, 0.45))))?;
            canvas.draw(&Circle::new(center, radius, line_style(color, HAIRLINE)))?;
        }
        Ok(())
    }

    /// The heaviest points, where their names cover no other name.
    fn names(&self, canvas: &Canvas<'_>) -> Drawing {
        let mut taken: Vec<[i32; 4]> = Vec::new();
        for point in self.points.iter().take(NAMED) {
            let (x, y) = self.center(point);
            let radius = self.radius(point);
            let name = fitted(&plain_line(last_part(&point.name)), 140.0);
            let width = crate::canvas::to_units(widest([name.as_str()]));
            let leftwards = x + radius + 5 * UNITS + width > self.frame.right;
            let left = if leftwards { x - radius - 4 * UNITS - width } else { x + radius + 4 * UNITS };
            let area = [left, y - 8 * UNITS, left + width, y + 8 * UNITS];
            let covers =
                |other: &[i32; 4]| area[0] < other[2] && other[0] < area[2] && area[1] < other[3] && other[1] < area[3];
            if left < self.frame.left || taken.iter().any(covers) {
                continue;
            }
            self.frame.words(canvas, &name, (left, y), HPos::Left)?;
            taken.push(area);
        }
        Ok(())
    }

    fn marks(&self) -> Vec<super::ChartMark> {
        let one = |(row, point): (usize, &ScatterPoint)| {
            let ((x, y), radius) = (self.center(point), self.radius(point));
            let style = self.chart.look.labels;
            let words = vec![
                plain_line(&point.name),
                format!("index {}", style.decimal(i128::from(point.index), 2)),
                format!("margin {} %", style.decimal(i128::from(point.margin_bp), 2)),
                format!("{} products", point.products),
            ];
            mark([(x - radius, y - radius), (x + radius, y + radius)], words, row)
        };
        self.points.iter().enumerate().map(one).collect()
    }
}

/// The last part of a category's path.
fn last_part(name: &str) -> &str {
    name.rsplit('>').next().unwrap_or(name).trim()
}

/// “3 of 14 categories are dearer than the lowest offers and earn less than average”. Where all margins are the same
/// there is no average to compare with.
fn title(chart: &ScatterChart, points: &[ScatterPoint]) -> String {
    let all = points.len();
    let noun = plain_line(&chart.noun);
    let dear = || points.iter().filter(|point| point.index > 10_000);
    let is = |count: usize| if count == 1 { "is" } else { "are" };
    let count = dear().count();
    if count == 0 {
        return format!("None of {all} {noun} is dearer than the lowest offers");
    }
    let said = format!("of {all} {noun} {} dearer than the lowest offers", is(count));
    let losing = dear().filter(|point| point.margin_bp < 0).count();
    if losing > 0 {
        return match (count, losing) {
            (1, _) => format!("1 {said} and sells below cost"),
            (all, losing) if all == losing => format!("{count} {said} and sell below cost"),
            _ => format!("{count} {said}; {losing} of them {} below cost", sell(losing)),
        };
    }
    let differ = points.iter().any(|point| point.margin_bp != points[0].margin_bp);
    let Some(average) = chart.margin_bp.filter(|_| differ) else { return format!("{count} {said}") };
    match dear().filter(|point| point.margin_bp < average).count() {
        0 if count == 1 => format!("1 {said} and does not earn less than average"),
        0 => format!("{count} {said}; none of them earns less than average"),
        worst => {
            let earn = if worst == 1 { "earns" } else { "earn" };
            format!("{worst} of {all} {noun} {} dearer than the lowest offers and {earn} less than average", is(worst))
        }
    }
}

fn sell(count: usize) -> &'static str {
    if count == 1 { "sells" } else { "sell" }
}

fn description(chart: &ScatterChart, points: &[ScatterPoint]) -> String {
    let named = points.iter().take(NAMED).map(|point| {
        let style = chart.look.labels;
        let (index, margin) = (i128::from(point.index), i128::from(point.margin_bp));
        format!("{}: index {}, margin {} %", plain_line(&point.name), style.decimal(index, 2), style.decimal(margin, 2))
    });
    let noun = plain_line(&chart.noun);
    format!("Price index against margin of {} {noun}. {}.", points.len(), named.collect::<Vec<_>>().join("; "))
}

fn table(chart: &ScatterChart, points: &[ScatterPoint]) -> ChartTable {
    let mut table = ChartTable::of(&[(chart.noun.as_str(), ""), ("Index", "index"), ("Margin", "%"), ("Products", "")]);
    for point in points {
        table.rows.push(vec![
            ChartCell::text(plain_line(&point.name)),
            ChartCell::number(Some(point.index), 2),
            ChartCell::number(Some(i64::from(point.margin_bp)), 2),
            ChartCell::count(point.products),
        ]);
    }
    table
}
