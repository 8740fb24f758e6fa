//! A heat map: the index by brand (or category) and competitor.

use plotters::style::text_anchor::HPos;

use super::frame::{Frame, fitted, mark, widest};
use super::{ChartCell, ChartColumn, ChartLook, ChartTable, MarketChart};
use crate::canvas::{Canvas, Drawing, HAIRLINE, UNITS, layer, svg_document, to_pixels};
use crate::colors::faded;
use crate::price_history::ChartError;
use crate::text::plain_line;

/// What to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatMapChart {
    /// Width and colours; the height follows from the rows.
    pub look: ChartLook,
    /// What a row is: “Brand”.
    pub row_word: String,
    /// Names from top to bottom.
    pub rows: Vec<String>,
    /// Names from left to right.
    pub columns: Vec<String>,
    /// By row, then column: the index in hundredths and how many products are compared; `None`: none.
    pub cells: Vec<Vec<Option<(i64, u64)>>>,
}

/// Pixels.
const ROW_HEIGHT: i32 = 24;
/// Hundredths from 100 at which a colour is as strong as it gets.
const FULL_AT: i64 = 2_000;

/// Draws the chart.
pub fn draw_heat_map(chart: &HeatMapChart) -> Result<MarketChart, ChartError> {
    if chart.rows.is_empty() || chart.columns.is_empty() || chart.cells.iter().flatten().flatten().next().is_none() {
        return Err(ChartError::NothingToShow("No product is compared with a competitor in this selection".into()));
    }
    let rows: Vec<String> = chart.rows.iter().map(|name| fitted(&plain_line(name), 170.0)).collect();
    let room = widest(rows.iter().map(String::as_str));
    let height = ROW_HEIGHT * UNITS * i32::try_from(rows.len()).unwrap_or(1);
    let frame = Frame::new(&chart.look, [room + 14.0, 8.0, 26.0, 10.0]).with_plot_height(height);
    let size = frame.size();
    let (title, description) = (title(chart), description(chart));
    let layers = [
        layer(size, "", |canvas| frame.background(canvas))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| cells(canvas, chart, &frame))?,
        layer(size, "", |canvas| names(canvas, chart, &frame, &rows))?,
    ];
    Ok(MarketChart {
        svg: svg_document(size, &title, &description, &layers),
        series: Vec::new(),
        marks: marks(chart, &frame),
        table: table(chart),
        title,
        description,
    })
}

fn corners(chart: &HeatMapChart, frame: &Frame<'_>, row: usize, column: usize) -> [(i32, i32); 2] {
    let (left, right) = frame.column(column, chart.columns.len(), UNITS);
    let top = frame.top + ROW_HEIGHT * UNITS * i32::try_from(row).unwrap_or(0);
    [(left, top + UNITS), (right, top + (ROW_HEIGHT - 1) * UNITS)]
}

fn cells(canvas: &Canvas<'_>, chart: &HeatMapChart, frame: &Frame<'_>) -> Drawing {
    for (row, cells) in chart.cells.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let corners = corners(chart, frame, row, column);
            let Some((index, _)) = cell else {
                let edge = [corners[0], (corners[1].0, corners[0].1), corners[1], (corners[0].0, corners[1].1)];
                let closed = edge.iter().copied().chain([edge[0]]).collect();
                frame.line(canvas, closed, faded(frame.border(), 0.7), HAIRLINE)?;
                continue;
            };
            let color = if *index > 10_000 { frame.competitor_color(0) } else { frame.own_color() };
            let strength = (index - 10_000).abs().min(FULL_AT) as f64 / FULL_AT as f64;
            frame.fill(canvas, corners, faded(color, 0.06 + 0.5 * strength))?;
        }
    }
    Ok(())
}

fn names(canvas: &Canvas<'_>, chart: &HeatMapChart, frame: &Frame<'_>, rows: &[String]) -> Drawing {
    for (row, name) in rows.iter().enumerate() {
        let middle = frame.top + ROW_HEIGHT * UNITS * i32::try_from(row).unwrap_or(0) + ROW_HEIGHT * UNITS / 2;
        frame.words(canvas, name, (frame.left - 8 * UNITS, middle), HPos::Right)?;
        for (column, cell) in chart.cells[row].iter().enumerate() {
            let [(left, _), (right, _)] = corners(chart, frame, row, column);
            let text = cell.map_or_else(|| "–".to_owned(), |(index, _)| points(chart, index));
            frame.words(canvas, &text, ((left + right) / 2, middle), HPos::Center)?;
        }
    }
    for (column, name) in chart.columns.iter().enumerate() {
        let (left, right) = frame.column(column, chart.columns.len(), UNITS);
        let name = fitted(&plain_line(name), to_pixels(right - left));
        frame.muted_words(canvas, &name, ((left + right) / 2, frame.top - 10 * UNITS), HPos::Center)?;
    }
    Ok(())
}

fn points(chart: &HeatMapChart, hundredths: i64) -> String {
    chart.look.labels.decimal(i128::from((hundredths + 5).div_euclid(10)), 1)
}

/// “Dearest against TechHaus in Sony: 112.3 over 14 products”.
fn title(chart: &HeatMapChart) -> String {
    let known = chart.cells.iter().enumerate().flat_map(|(row, cells)| {
        cells.iter().enumerate().filter_map(move |(column, cell)| cell.map(|(index, n)| (index, n, row, column)))
    });
    let known: Vec<(i64, u64, usize, usize)> = known.collect();
    let say = |word: &str, (index, products, row, column): (i64, u64, usize, usize)| {
        let place = format!("{} against {}", plain_line(&chart.rows[row]), plain_line(&chart.columns[column]));
        let noun = if products == 1 { "product" } else { "products" };
        format!("{word} with {place}: {} over {products} {noun}", points(chart, index))
    };
    let dearest = known.iter().copied().max_by_key(|cell| (cell.0, cell.1));
    let cheapest = known.iter().copied().min_by_key(|cell| (cell.0, u64::MAX - cell.1));
    match (dearest, cheapest) {
        (Some(dearest), _) if dearest.0 > 10_000 => say("Dearest", dearest),
        (_, Some(cheapest)) => say("Nowhere dearer; cheapest", cheapest),
        _ => String::new(),
    }
}

fn description(chart: &HeatMapChart) -> String {
    let dear = chart.cells.iter().flatten().flatten().filter(|cell| cell.0 > 10_050).count();
    let cheap = chart.cells.iter().flatten().flatten().filter(|cell| cell.0 < 9_950).count();
    format!(
        "Price index by {} and competitor, 100 is as expensive. {} by {}: we are dearer in {dear} cells and cheaper in \
         {cheap}.",
        chart.row_word.to_lowercase(),
        chart.rows.len(),
        chart.columns.len()
    )
}

fn marks(chart: &HeatMapChart, frame: &Frame<'_>) -> Vec<super::ChartMark> {
    let mut marks = Vec::new();
    for (row, cells) in chart.cells.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let mut words = vec![format!("{}, {}", plain_line(&chart.rows[row]), plain_line(&chart.columns[column]))];
            words.push(match cell {
                Some((index, products)) => format!("index {} over {products} products", points(chart, *index)),
                None => "nothing compared".to_owned(),
            });
            marks.push(mark(corners(chart, frame, row, column), words, row));
        }
    }
    marks
}

fn table(chart: &HeatMapChart) -> ChartTable {
    let mut table = ChartTable::of(&[(&chart.row_word, "")]);
    for column in &chart.columns {
        table.columns.push(ChartColumn { name: plain_line(column), unit: "index".into() });
    }
    for (name, cells) in chart.rows.iter().zip(&chart.cells) {
        let values = cells.iter().map(|cell| ChartCell::number(cell.map(|cell| cell.0), 2));
        table.rows.push(std::iter::once(ChartCell::text(plain_line(name))).chain(values).collect());
    }
    table
}
