//! The price index over time, a line a competitor.

use plotters::style::text_anchor::HPos;
use pricing_domain::{Instant, MICROSECONDS_PER_DAY};

use super::frame::{Frame, fitted, mark, widest};
use super::{ChartCell, ChartLook, ChartTable, MarketChart};
use crate::canvas::{Canvas, Drawing, HAIRLINE, UNITS, layer, svg_document, to_units};
use crate::colors::to_hex;
use crate::number_style::NumberStyle;
use crate::price_history::{ChartError, ChartSeries, dates};
use crate::scale::Scale;
use crate::text::plain_line;

/// What to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexHistoryChart {
    /// Size and colours.
    pub look: ChartLook,
    /// First day, as days since 1970.
    pub from_day: i32,
    /// Last day.
    pub to_day: i32,
    /// By importance: the first is what the title speaks of. At most eight are drawn.
    pub lines: Vec<IndexLine>,
}

/// The index against one competitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexLine {
    /// Who.
    pub name: String,
    /// (day, index in hundredths, coverage in basis points), by day; days without one are gaps.
    pub days: Vec<(i32, i64, i32)>,
}

/// More lines than these are left to the table.
const MOST_LINES: usize = 8;
/// Hundredths: an index moves within a point or two, and noise must not look like a cliff.
const LEAST_RANGE: i128 = 200;

/// Draws the chart.
pub fn draw_index_history(chart: &IndexHistoryChart) -> Result<MarketChart, ChartError> {
    draw(chart, title)
}

/// Draws the index against the lowest offers of two ways to price: the first line is the one that is tried.
pub fn draw_back_test(chart: &IndexHistoryChart) -> Result<MarketChart, ChartError> {
    draw(chart, back_test_title)
}

type Title = fn(&[(usize, IndexLine)], &IndexHistoryChart) -> String;

fn draw(chart: &IndexHistoryChart, title: Title) -> Result<MarketChart, ChartError> {
    let lines: Vec<(usize, IndexLine)> = chart.lines.iter().map(|line| clipped(line, chart)).enumerate().collect();
    let lines: Vec<(usize, IndexLine)> = lines.into_iter().filter(|(_, line)| !line.days.is_empty()).collect();
    if lines.is_empty() {
        let (from, to) = (day_text(chart.from_day), day_text(chart.to_day));
        return Err(ChartError::NoPrices { from, to });
    }
    let drawn = &lines[..lines.len().min(MOST_LINES)];
    let scale = scale(drawn, chart);
    let texts = scale.texts(chart.look.labels, 2);
    let labels: Vec<String> = drawn.iter().map(|(_, line)| label(line, chart)).collect();
    let room = (f64::from(chart.look.width) / 3.0).min(220.0);
    let labels: Vec<String> = labels.iter().map(|text| fitted(text, room)).collect();
    let label_width = widest(labels.iter().map(String::as_str));
    let axis = widest(texts.iter().map(String::as_str)).max(36.0);
    let frame = Frame::new(&chart.look, [axis + 14.0, label_width + 22.0, 28.0, 30.0]);
    let plot = Plot { chart, frame, scale };
    let (title, description) = (title(&lines, chart), description(&lines, chart));
    let size = plot.frame.size();
    let layers = [
        layer(size, "", |canvas| plot.frame.background(canvas))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| plot.axes(canvas, &texts))?,
        layer(size, r#"stroke-linejoin="round""#, |canvas| plot.lines(canvas, drawn))?,
        layer(size, "", |canvas| plot.labels(canvas, drawn, &labels))?,
    ];
    let series = drawn.iter().map(|(place, line)| ChartSeries {
        name: plain_line(&line.name),
        color: to_hex(plot.frame.competitor_color(*place)),
    });
    Ok(MarketChart {
        svg: svg_document(size, &title, &description, &layers),
        series: series.collect(),
        marks: plot.marks(&lines),
        table: table(&lines),
        title,
        description,
    })
}

struct Plot<'a> {
    chart: &'a IndexHistoryChart,
    frame: Frame<'a>,
    scale: Scale,
}

impl Plot<'_> {
    fn x(&self, day: i32) -> i32 {
        let days = i64::from((self.chart.to_day - self.chart.from_day).max(1));
        let past = i64::from(day - self.chart.from_day) * i64::from(self.frame.right - self.frame.left);
        self.frame.left + i32::try_from(past / days).expect("a day of the chart")
    }

    fn axes(&self, canvas: &Canvas<'_>, texts: &[String]) -> Drawing {
        self.frame.vertical_axis(canvas, &self.scale, texts, "index")?;
        if (self.scale.low..=self.scale.high).contains(&10_000) {
            self.frame.base_line(canvas, self.frame.y(&self.scale, 10_000))?;
        }
        for (day, text) in day_ticks(self.chart, self.frame.right - self.frame.left) {
            let x = self.x(day);
            let mark = vec![(x, self.frame.bottom), (x, self.frame.bottom + 4 * UNITS)];
            self.frame.line(canvas, mark, self.frame.border(), HAIRLINE)?;
            self.frame.muted_words(canvas, &text, (x, self.frame.bottom + 15 * UNITS), HPos::Center)?;
        }
        Ok(())
    }

    /// Steps: an index holds until it changes. A day without one is a gap.
    fn lines(&self, canvas: &Canvas<'_>, lines: &[(usize, IndexLine)]) -> Drawing {
        for (place, line) in lines.iter().rev() {
            let width = if *place == 0 { 9 } else { 6 };
            for stretch in line.days.chunk_by(|one, next| next.0 == one.0 + 1) {
                let mut corners: Vec<(i32, i32)> = Vec::with_capacity(stretch.len() * 2);
                for (day, index, _) in stretch {
                    let y = self.frame.y(&self.scale, i128::from(*index));
                    if let Some((_, before)) = corners.last().copied() {
                        corners.push((self.x(*day), before));
                    }
                    corners.push((self.x(*day), y));
                }
                if let [(x, y)] = corners[..] {
                    // A day between gaps has no line: a mark of its own.
                    let half = 3 * UNITS;
                    let mark = [(x - half, y - half), (x + half, y + half)];
                    self.frame.fill(canvas, mark, self.frame.competitor_color(*place))?;
                    continue;
                }
                self.frame.line(canvas, corners, self.frame.competitor_color(*place), width)?;
            }
        }
        Ok(())
    }

    fn labels(&self, canvas: &Canvas<'_>, lines: &[(usize, IndexLine)], labels: &[String]) -> Drawing {
        let mut wanted: Vec<(i32, usize)> = lines
            .iter()
            .enumerate()
            .map(|(place, (_, line))| {
                let last = line.days.last().map_or(10_000, |day| day.1);
                (self.frame.y(&self.scale, i128::from(last)), place)
            })
            .collect();
        wanted.sort_unstable();
        let distance = 15 * UNITS;
        let mut lowest = self.frame.bottom + 6 * UNITS - distance * (i32::try_from(wanted.len()).unwrap_or(1) - 1);
        let mut above = i32::MIN / 2;
        for (y, place) in wanted {
            let y = y.max(above + distance).min(lowest.max(self.frame.top));
            let color = self.frame.competitor_color(lines[place].0);
            let at = (self.frame.right + 10 * UNITS, y);
            crate::canvas::words(canvas, &labels[place], at, HPos::Left, crate::canvas::FONT_SIZE, color)?;
            above = y;
            lowest += distance;
        }
        Ok(())
    }

    /// One mark a day, as wide as the way to its neighbours.
    fn marks(&self, lines: &[(usize, IndexLine)]) -> Vec<super::ChartMark> {
        let half = to_units(1.0).max((self.x(self.chart.from_day + 1) - self.x(self.chart.from_day)) / 2);
        let style = self.chart.look.labels;
        all_days(lines)
            .into_iter()
            .enumerate()
            .map(|(row, day)| {
                let mut words = vec![day_text(day)];
                for (_, line) in lines {
                    if let Some((_, index, coverage)) = line.days.iter().find(|known| known.0 == day) {
                        words.push(format!(
                            "{}: {} (coverage {} %)",
                            plain_line(&line.name),
                            style.decimal(i128::from(*index), 2),
                            tenths(*coverage, style)
                        ));
                    }
                }
                let x = self.x(day);
                mark([(x - half, self.frame.top), (x + half, self.frame.bottom)], words, row)
            })
            .collect()
    }
}

fn clipped(line: &IndexLine, chart: &IndexHistoryChart) -> IndexLine {
    let inside = |day: &&(i32, i64, i32)| (chart.from_day..=chart.to_day).contains(&day.0);
    IndexLine { name: line.name.clone(), days: line.days.iter().filter(inside).copied().collect() }
}

fn scale(lines: &[(usize, IndexLine)], chart: &IndexHistoryChart) -> Scale {
    let values = lines.iter().flat_map(|(_, line)| line.days.iter().map(|day| i128::from(day.1)));
    Scale::around(values, i128::from(chart.look.height / 48).clamp(3, 6), LEAST_RANGE)
}

fn label(line: &IndexLine, chart: &IndexHistoryChart) -> String {
    let name = plain_line(&line.name);
    match line.days.last() {
        Some((day, index, _)) if *day == chart.to_day => format!("{name} {}", points(*index, chart.look.labels)),
        Some((day, ..)) => format!("{name} until {}", dates::day(at(*day))),
        None => name,
    }
}

fn points(hundredths: i64, style: NumberStyle) -> String {
    style.decimal(i128::from((hundredths + 5).div_euclid(10)), 1)
}

/// “Against ElektroMax we stand at 101.8, 0.6 points higher than on 1 Nov”.
fn title(lines: &[(usize, IndexLine)], chart: &IndexHistoryChart) -> String {
    let (_, line) = &lines[0];
    let (Some(first), Some(last)) = (line.days.first(), line.days.last()) else { return String::new() };
    let name = plain_line(&line.name);
    let style = chart.look.labels;
    let now = points(last.1, style);
    let then = if last.0 == chart.to_day { "we stand" } else { "we stood" };
    let moved = last.1 - first.1;
    let since = dates::day(at(first.0));
    match moved {
        _ if first.0 == last.0 => format!("Against {name} {then} at {now}"),
        0 => format!("Against {name} {then} at {now}, as on {since}"),
        _ => {
            let distance = points(moved.abs(), style);
            let word = if moved > 0 { "higher" } else { "lower" };
            format!("Against {name} {then} at {now}, {distance} points {word} than on {since}")
        }
    }
}

/// “These rules end 1.2 points below what was charged”.
fn back_test_title(lines: &[(usize, IndexLine)], chart: &IndexHistoryChart) -> String {
    let last = |place: usize| {
        let (_, line) = lines.iter().find(|(known, _)| *known == place)?;
        line.days.last().map(|day| day.1)
    };
    let Some((tried, charged)) = last(0).zip(last(1)) else {
        return "Index against the lowest offers".to_owned();
    };
    let distance = points((tried - charged).abs(), chart.look.labels);
    match tried - charged {
        0 => "Against the lowest offers these rules end where prices were charged".to_owned(),
        1.. => format!("Against the lowest offers these rules end {distance} points above what was charged"),
        _ => format!("Against the lowest offers these rules end {distance} points below what was charged"),
    }
}

fn description(lines: &[(usize, IndexLine)], chart: &IndexHistoryChart) -> String {
    let style = chart.look.labels;
    let each = lines.iter().filter_map(|(_, line)| {
        let (first, last) = (line.days.first()?, line.days.last()?);
        Some(format!(
            "{}: from {} to {}, coverage {} %",
            plain_line(&line.name),
            points(first.1, style),
            points(last.1, style),
            tenths(last.2, style)
        ))
    });
    format!(
        "Price index, 100 is as expensive as the competitor, from {} to {}. {}.",
        day_text(chart.from_day),
        day_text(chart.to_day),
        each.collect::<Vec<_>>().join("; ")
    )
}

/// Basis points as a percentage with one decimal, to the nearest.
fn tenths(basis_points: i32, style: NumberStyle) -> String {
    style.decimal(i128::from((basis_points + 5).div_euclid(10)), 1)
}

fn all_days(lines: &[(usize, IndexLine)]) -> Vec<i32> {
    let mut days: Vec<i32> = lines.iter().flat_map(|(_, line)| line.days.iter().map(|day| day.0)).collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn table(lines: &[(usize, IndexLine)]) -> ChartTable {
    let mut table = ChartTable::of(&[("Day", "")]);
    for (_, line) in lines {
        let name = plain_line(&line.name);
        table.columns.push(super::ChartColumn { name: name.clone(), unit: "index".into() });
        table.columns.push(super::ChartColumn { name: format!("{name}, coverage"), unit: "%".into() });
    }
    for day in all_days(lines) {
        let mut row = vec![ChartCell::text(at(day).utc_date().to_string())];
        for (_, line) in lines {
            let known = line.days.iter().find(|known| known.0 == day);
            row.push(ChartCell::number(known.map(|known| known.1), 2));
            row.push(ChartCell::number(known.map(|known| i64::from(known.2)), 2));
        }
        table.rows.push(row);
    }
    table
}

/// Days with room for their words, from the last one backwards.
fn day_ticks(chart: &IndexHistoryChart, width: i32) -> Vec<(i32, String)> {
    const STEPS: [i32; 9] = [1, 2, 7, 14, 28, 56, 91, 182, 364];
    let most = (width / (64 * UNITS)).max(1);
    let days = chart.to_day - chart.from_day;
    let step = STEPS.into_iter().find(|step| days / step < most).unwrap_or(days.max(1));
    let text = |day: i32| if days > 300 { day_text(day) } else { dates::day(at(day)) };
    let mut ticks: Vec<(i32, String)> = Vec::new();
    let mut day = chart.to_day;
    while day >= chart.from_day {
        ticks.push((day, text(day)));
        day -= step;
    }
    ticks
}

/// Midnight of a day.
pub(super) fn at(day: i32) -> Instant {
    Instant(i64::from(day) * MICROSECONDS_PER_DAY)
}

pub(super) fn day_text(day: i32) -> String {
    dates::full_day(at(day))
}
