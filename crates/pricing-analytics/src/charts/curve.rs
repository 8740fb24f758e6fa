//! Curves over a number: demand or margin against the price, margin over weeks; with an interval, points and marked places.

use plotters::element::{Circle, Polygon};
use plotters::style::text_anchor::HPos;

use super::frame::{Frame, fitted, mark, widest};
use super::{ChartCell, ChartLook, ChartMark, ChartTable, MarketChart};
use crate::canvas::{Canvas, Drawing, HAIRLINE, UNITS, layer, line_style, surface_style, svg_document, to_units};
use crate::colors::{faded, to_hex};
use crate::price_history::{ChartError, ChartSeries};
use crate::scale::Scale;
use crate::text::plain_line;

/// What to draw. Values are whole numbers with as many decimals as their axis says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveChart {
    /// Size and colours.
    pub look: ChartLook,
    /// The finding.
    pub title: String,
    /// The horizontal axis.
    pub across: CurveAxis,
    /// The vertical axis.
    pub up: CurveAxis,
    /// Whether the vertical axis begins at zero.
    pub from_zero: bool,
    /// The curve, from left to right.
    pub curve: Vec<CurvePoint>,
    /// What was observed.
    pub dots: Vec<CurveDot>,
    /// Places on the horizontal axis that are marked.
    pub places: Vec<CurvePlace>,
}

/// An axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveAxis {
    /// Its name, with the unit: “price, EUR”.
    pub name: String,
    /// Decimals of its values.
    pub digits: u8,
}

/// A place of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// Where.
    pub at: i64,
    /// How much.
    pub value: i64,
    /// The interval around it.
    pub between: Option<(i64, i64)>,
    /// A narrower one inside of it, 80 %.
    pub likely: Option<(i64, i64)>,
    /// The mean, where the curve is the median.
    pub mean: Option<i64>,
    /// Beyond what was ever observed.
    pub is_beyond: bool,
}

/// Something observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveDot {
    /// Where.
    pub at: i64,
    /// How much.
    pub value: i64,
    /// Drawn hollow: under other circumstances, such as a promotion.
    pub is_special: bool,
    /// What it says.
    pub words: String,
}

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurvePlace {
    /// Where.
    pub at: i64,
    /// Its name.
    pub name: String,
    /// The one that is proposed.
    pub is_proposed: bool,
}

/// Points that are drawn at most.
const MOST_POINTS: usize = 2_000;

/// Draws the chart.
pub fn draw_curve(chart: &CurveChart) -> Result<MarketChart, ChartError> {
    if chart.curve.len() < 2 || chart.curve.len() > MOST_POINTS {
        return Err(ChartError::NothingToShow("There is no curve to draw here".into()));
    }
    let dots = &chart.dots[..chart.dots.len().min(MOST_POINTS)];
    let (low, high) = (chart.curve[0].at, chart.curve[chart.curve.len() - 1].at);
    let across = chart.curve.iter().map(|point| point.at).chain(dots.iter().map(|dot| dot.at));
    let across = across.chain(chart.places.iter().map(|place| place.at)).map(i128::from);
    let air = i128::from((high - low) / 50).max(1);
    let across = Scale::around(across, i128::from(chart.look.width / 90).clamp(3, 10), air);
    let ends = |point: &CurvePoint| point.between.map_or([point.value; 2], |(low, high)| [low, high]);
    let up = chart.curve.iter().flat_map(ends).chain(dots.iter().map(|dot| dot.value)).map(i128::from);
    let up = up.chain(chart.from_zero.then_some(0));
    let up = Scale::around(up, i128::from(chart.look.height / 48).clamp(3, 6), 10);
    let style = chart.look.labels;
    let (across_texts, up_texts) = (across.texts(style, chart.across.digits), up.texts(style, chart.up.digits));
    let axis = widest(up_texts.iter().map(String::as_str).chain([chart.up.name.as_str()]));
    let frame = Frame::new(&chart.look, [axis + 14.0, 16.0, 46.0, 40.0]);
    let plot = Plot { chart, dots, frame, across, up };
    let size = plot.frame.size();
    let description = description(chart);
    let title = plain_line(&chart.title);
    let layers = [
        layer(size, "", |canvas| plot.frame.background(canvas))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| plot.axes(canvas, &across_texts, &up_texts))?,
        layer(size, r#"stroke-linejoin="round""#, |canvas| plot.curve(canvas))?,
        layer(size, "", |canvas| plot.points(canvas))?,
        layer(size, "", |canvas| plot.places(canvas))?,
    ];
    Ok(MarketChart {
        svg: svg_document(size, &title, &description, &layers),
        series: vec![ChartSeries { name: plain_line(&chart.up.name), color: to_hex(plot.frame.own_color()) }],
        marks: plot.marks(),
        table: table(chart),
        title,
        description,
    })
}

struct Plot<'a> {
    chart: &'a CurveChart,
    dots: &'a [CurveDot],
    frame: Frame<'a>,
    across: Scale,
    up: Scale,
}

impl Plot<'_> {
    fn place(&self, at: i64, value: i64) -> (i32, i32) {
        (self.frame.x(&self.across, i128::from(at)), self.frame.y(&self.up, i128::from(value)))
    }

    fn axes(&self, canvas: &Canvas<'_>, across: &[String], up: &[String]) -> Drawing {
        self.frame.vertical_axis(canvas, &self.up, up, &self.chart.up.name)?;
        self.frame.horizontal_axis(canvas, &self.across, across, &self.chart.across.name)?;
        match (self.up.low..=self.up.high).contains(&0) {
            true => self.frame.base_line(canvas, self.frame.y(&self.up, 0)),
            false => Ok(()),
        }
    }

    /// The interval as a surface, the curve on it; what lies beyond all observations is thin.
    fn curve(&self, canvas: &Canvas<'_>) -> Drawing {
        let color = self.frame.own_color();
        self.surface(canvas, |point| point.between)?;
        self.surface(canvas, |point| point.likely)?;
        let means = self.chart.curve.iter().filter_map(|point| Some(self.place(point.at, point.mean?)));
        let means: Vec<(i32, i32)> = means.collect();
        if means.len() > 1 {
            self.frame.line(canvas, means, faded(self.frame.text_color(), 0.8), 4)?;
        }
        for pair in self.chart.curve.windows(2) {
            let corners = pair.iter().map(|point| self.place(point.at, point.value)).collect();
            let is_beyond = pair.iter().any(|point| point.is_beyond);
            let (color, width) = if is_beyond { (faded(color, 0.55), 4) } else { (color, 9) };
            self.frame.line(canvas, corners, color, width)?;
        }
        Ok(())
    }

    fn surface(&self, canvas: &Canvas<'_>, of: impl Fn(&CurvePoint) -> Option<(i64, i64)>) -> Drawing {
        let bounded: Vec<(i64, (i64, i64))> =
            self.chart.curve.iter().filter_map(|point| Some((point.at, of(point)?))).collect();
        let upper = bounded.iter().map(|(at, (_, high))| self.place(*at, *high));
        let lower = bounded.iter().rev().map(|(at, (low, _))| self.place(*at, *low));
        let around: Vec<(i32, i32)> = upper.chain(lower).collect();
        match around.len() > 3 {
            true => canvas.draw(&Polygon::new(around, surface_style(faded(self.frame.own_color(), 0.16)))),
            false => Ok(()),
        }
    }

    fn points(&self, canvas: &Canvas<'_>) -> Drawing {
        let radius = to_units(3.0).unsigned_abs();
        for dot in self.dots {
            let center = self.place(dot.at, dot.value);
            let color = self.frame.text_color();
            if !dot.is_special {
                canvas.draw(&Circle::new(center, radius, surface_style(faded(color, 0.5))))?;
            }
            canvas.draw(&Circle::new(center, radius, line_style(faded(color, 0.7), HAIRLINE)))?;
        }
        Ok(())
    }

    /// Lines at the marked places, with their names above, at two heights so that neighbours do not cover each other.
    fn places(&self, canvas: &Canvas<'_>) -> Drawing {
        for (number, place) in self.chart.places.iter().enumerate() {
            let x = self.frame.x(&self.across, i128::from(place.at));
            let color = if place.is_proposed { self.frame.own_color() } else { self.frame.text_color() };
            self.frame.line(canvas, vec![(x, self.frame.top), (x, self.frame.bottom)], faded(color, 0.8), 6)?;
            let name = fitted(&plain_line(&place.name), 180.0);
            let y = self.frame.top - (8 + 14 * (i32::try_from(number).unwrap_or(0) % 2)) * UNITS;
            let half = to_units(widest([name.as_str()])) / 2;
            let x = x.clamp(self.frame.left + half, (self.frame.right - half).max(self.frame.left + half));
            self.frame.words(canvas, &name, (x, y), HPos::Center)?;
        }
        Ok(())
    }

    /// The places of the curve as columns, and the points.
    fn marks(&self) -> Vec<ChartMark> {
        let style = self.chart.look.labels;
        let number = |value: i64, axis: &CurveAxis| style.decimal(i128::from(value), axis.digits);
        let (across, up) = (&self.chart.across, &self.chart.up);
        let half = (self.frame.right - self.frame.left) / i32::try_from(2 * self.chart.curve.len()).unwrap_or(i32::MAX);
        let half = half.max(UNITS);
        let of_curve = self.chart.curve.iter().enumerate().map(|(row, point)| {
            let (x, _) = self.place(point.at, point.value);
            let mut words = vec![
                format!("{}: {}", across.name, number(point.at, across)),
                format!("{}: {}", up.name, number(point.value, up)),
            ];
            if let Some(mean) = point.mean {
                words.push(format!("on average {}", number(mean, up)));
            }
            if let Some((low, high)) = point.likely {
                words.push(format!("80 % between {} and {}", number(low, up), number(high, up)));
            }
            if let Some((low, high)) = point.between {
                words.push(format!("95 % between {} and {}", number(low, up), number(high, up)));
            }
            if point.is_beyond {
                words.push("beyond what was observed".to_owned());
            }
            mark([(x - half, self.frame.top), (x + half, self.frame.bottom)], words, row)
        });
        let radius = to_units(4.0);
        let of_dots = self.dots.iter().enumerate().map(|(row, dot)| {
            let (x, y) = self.place(dot.at, dot.value);
            mark([(x - radius, y - radius), (x + radius, y + radius)], vec![plain_line(&dot.words)], row)
        });
        of_curve.chain(of_dots).collect()
    }
}

fn description(chart: &CurveChart) -> String {
    let style = chart.look.labels;
    let said = |point: &CurvePoint| {
        let (at, value) = (i128::from(point.at), i128::from(point.value));
        format!("{} at {}", style.decimal(value, chart.up.digits), style.decimal(at, chart.across.digits))
    };
    let ends = [0, chart.curve.len() / 2, chart.curve.len() - 1].map(|place| said(&chart.curve[place]));
    format!(
        "{} against {}: {}. {} points observed.",
        plain_line(&chart.up.name),
        plain_line(&chart.across.name),
        ends.join(", "),
        chart.dots.len()
    )
}

fn table(chart: &CurveChart) -> ChartTable {
    let (across, up) = (chart.across.name.as_str(), chart.up.name.as_str());
    let has_mean = chart.curve.iter().any(|point| point.mean.is_some());
    let has_likely = chart.curve.iter().any(|point| point.likely.is_some());
    let mut columns = vec![(across, ""), (up, "")];
    columns.extend(has_mean.then_some(("Mean", "")));
    columns.extend(has_likely.then_some([("80 % from", ""), ("80 % to", "")]).into_iter().flatten());
    columns.extend([("95 % from", ""), ("95 % to", ""), ("Beyond", "")]);
    let mut table = ChartTable::of(&columns);
    for point in &chart.curve {
        let number = |value: Option<i64>| ChartCell::number(value, chart.up.digits);
        let mut row = vec![ChartCell::number(Some(point.at), chart.across.digits), number(Some(point.value))];
        row.extend(has_mean.then(|| number(point.mean)));
        if has_likely {
            row.extend([point.likely.map(|ends| ends.0), point.likely.map(|ends| ends.1)].map(number));
        }
        row.extend([point.between.map(|ends| ends.0), point.between.map(|ends| ends.1)].map(number));
        row.push(ChartCell::text(if point.is_beyond { "yes" } else { "" }));
        table.rows.push(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{CurveAxis, CurveChart, CurveDot, CurvePlace, CurvePoint, draw_curve};
    use crate::charts::ChartLook;
    use crate::number_style::NumberStyle;
    use crate::price_history::Palette;

    fn chart() -> CurveChart {
        let palette = Palette {
            surface: "#fff".into(),
            text: "#111".into(),
            text_muted: "#666".into(),
            border: "#ccc".into(),
            own_price: "#0055aa".into(),
            competitors: vec!["#aa5500".into()],
        };
        let point = |at: i64| CurvePoint {
            at,
            value: 100_000 / at,
            between: Some((90_000 / at, 110_000 / at)),
            likely: None,
            mean: None,
            is_beyond: at > 1_500,
        };
        CurveChart {
            look: ChartLook {
                width: 640,
                height: 260,
                palette,
                labels: NumberStyle { decimal_separator: '.', grouping: ',' },
            },
            title: "One percent dearer sells one percent less".into(),
            across: CurveAxis { name: "price, EUR".into(), digits: 2 },
            up: CurveAxis { name: "units a week".into(), digits: 1 },
            from_zero: true,
            curve: (10..=20).map(|step| point(step * 100)).collect(),
            dots: vec![CurveDot { at: 1_200, value: 80, is_special: true, words: "<8 units>".into() }],
            places: vec![CurvePlace { at: 1_300, name: "today 13.00".into(), is_proposed: false }],
        }
    }

    #[test]
    fn the_picture_holds_curve_interval_point_and_place_and_the_table_the_same() {
        let drawn = draw_curve(&chart()).expect("a curve");
        assert!(drawn.svg.contains("<polygon") && drawn.svg.contains("<circle"), "{}", drawn.svg);
        assert!(drawn.svg.contains("today 13.00") && !drawn.svg.contains("<8 units>"));
        assert_eq!((drawn.table.rows.len(), drawn.marks.len()), (11, 12));
        assert!(drawn.marks[10].words.iter().any(|line| line.contains("beyond")));
        assert!(drawn.marks[0].words.iter().all(|line| !line.contains("beyond")));
        assert_eq!(drawn.table.to_csv().lines().nth(1), Some("10.00,10.0,9.0,11.0,"));
    }

    #[test]
    fn a_mean_and_a_narrower_interval_are_drawn_told_and_listed_beside_the_median() {
        let point = |at: i64| CurvePoint {
            at,
            value: 50,
            between: Some((10, 110)),
            likely: Some((20, 90)),
            mean: Some(60),
            is_beyond: false,
        };
        let drawn = draw_curve(&CurveChart { curve: (12..20).map(|step| point(step * 100)).collect(), ..chart() });
        let drawn = drawn.expect("a curve");
        assert_eq!(drawn.svg.matches("<polygon").count(), 2);
        assert_eq!(drawn.table.to_csv().lines().nth(1), Some("12.00,5.0,6.0,2.0,9.0,1.0,11.0,"));
        assert_eq!(
            drawn.marks[0].words[2..],
            ["on average 6.0", "80 % between 2.0 and 9.0", "95 % between 1.0 and 11.0"]
        );
    }

    #[test]
    fn without_a_curve_there_is_no_picture() {
        assert!(draw_curve(&CurveChart { curve: Vec::new(), ..chart() }).is_err());
    }
}
