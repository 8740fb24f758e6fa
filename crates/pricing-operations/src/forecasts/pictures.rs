//! A forecast as a picture: the weeks that are known, then median, mean and both intervals.

use app_contract::{ChartRequestLook, ForecastWeek, MarketChartView, PastWeek};
use pricing_analytics::{CurveAxis, CurveChart, CurveDot, CurvePlace, CurvePoint, draw_curve};

use crate::market::{chart_view, draw, look};
use crate::{OperationError, Workspace};

/// Units are drawn to a tenth.
const TENTHS: f64 = 10.0;
/// More would be unreadable, and is not asked by anyone who forecast them here.
const MOST_WEEKS: usize = 200;

impl Workspace {
    /// Draws; week 0 is the last that is known.
    pub async fn draw_forecast(
        past: Vec<PastWeek>,
        weeks: Vec<ForecastWeek>,
        asked: ChartRequestLook,
    ) -> Result<MarketChartView, OperationError> {
        if weeks.is_empty() || past.len().max(weeks.len()) > MOST_WEEKS {
            return Err(OperationError::refused("There is no forecast to draw."));
        }
        let chart = CurveChart {
            look: look(asked.width, asked.height, asked.palette),
            title: finding(&past, &weeks),
            across: CurveAxis { name: "weeks from the last one known".into(), digits: 0 },
            up: CurveAxis { name: "units a week".into(), digits: 1 },
            from_zero: true,
            curve: weeks.iter().enumerate().map(|(place, week)| point(place, week)).collect(),
            dots: past.iter().rev().enumerate().map(|(place, week)| dot(place, week)).collect(),
            places: vec![CurvePlace { at: 0, name: "known until here".into(), is_proposed: false }],
        };
        Ok(chart_view(draw(move || draw_curve(&chart)).await?))
    }
}

fn tenths(units: f64) -> i64 {
    (TENTHS * units).round() as i64
}

fn point(place: usize, week: &ForecastWeek) -> CurvePoint {
    let ends = |(low, high): (f64, f64)| (tenths(low), tenths(high));
    CurvePoint {
        at: place as i64 + 1,
        value: tenths(week.median),
        between: Some(ends(week.between_95)),
        likely: Some(ends(week.between_80)),
        mean: Some(tenths(week.mean)),
        is_beyond: week.extrapolated,
    }
}

fn dot(place: usize, week: &PastWeek) -> CurveDot {
    const MOSTLY: f64 = 50.0;
    let is_special = week.promotion >= MOSTLY;
    let promotion = if is_special { ", in a promotion" } else { "" };
    CurveDot {
        at: -(place as i64),
        value: tenths(week.units),
        is_special,
        words: format!("{:.0} units in the week of {}{promotion}", week.units, week.monday),
    }
}

/// “11 to 14 units are expected a week, against 12.5 in the last 8”.
fn finding(past: &[PastWeek], weeks: &[ForecastWeek]) -> String {
    let count = weeks.len().min(past.len());
    let before = past[past.len() - count..].iter().map(|week| week.units).sum::<f64>() / count.max(1) as f64;
    let means = || weeks.iter().map(|week| week.mean);
    let (low, high) = (means().fold(f64::INFINITY, f64::min), means().fold(0.0, f64::max));
    match count {
        0 => format!("{low:.1} to {high:.1} units are expected a week"),
        _ => format!("{low:.1} to {high:.1} units are expected a week, against {before:.1} in the last {count}"),
    }
}
