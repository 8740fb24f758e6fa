//! Pictures of what was played.

use app_contract::{ChartRequestLook, MarketChartView, ScenarioTotals};
use pricing_analytics::{CurveAxis, CurveChart, CurveDot, CurvePlace, CurvePoint, draw_curve};
use pricing_domain::{Currency, Money};

use crate::market::{chart_view, draw, look};
use crate::{OperationError, Workspace};

impl Workspace {
    /// The margin of each week with its interval; week 0 is as today.
    pub async fn draw_scenario_weeks(
        today: ScenarioTotals,
        weeks: Vec<ScenarioTotals>,
        currency: Currency,
        asked: ChartRequestLook,
    ) -> Result<MarketChartView, OperationError> {
        let look = look(asked.width, asked.height, asked.palette);
        let point = |(week, totals): (usize, &ScenarioTotals)| CurvePoint {
            at: week as i64,
            value: totals.margin.value,
            between: Some((totals.margin.low, totals.margin.high)),
            likely: None,
            mean: None,
            is_beyond: false,
        };
        let curve: Vec<CurvePoint> = std::iter::once(&today).chain(&weeks).enumerate().map(point).collect();
        let dot = |point: &CurvePoint| CurveDot {
            at: point.at,
            value: point.value,
            is_special: point.at == 0,
            words: match point.at {
                0 => "without the scenario".to_owned(),
                week => format!("week {week}"),
            },
        };
        let chart = CurveChart {
            look,
            title: finding(&today, &weeks, currency),
            across: CurveAxis { name: "week".into(), digits: 0 },
            up: CurveAxis { name: format!("margin, {currency}"), digits: currency.minor_digits() },
            from_zero: false,
            dots: curve.iter().map(dot).collect(),
            curve,
            places: vec![CurvePlace { at: 0, name: "today".into(), is_proposed: false }],
        };
        Ok(chart_view(draw(move || draw_curve(&chart)).await?))
    }
}

/// “The margin falls most in week 2, by 1,240.00 EUR, and ends 310.00 EUR below today”.
fn finding(today: &ScenarioTotals, weeks: &[ScenarioTotals], currency: Currency) -> String {
    let change = |week: &ScenarioTotals| week.margin.value - today.margin.value;
    let amount = |minor: i64| format!("{} {currency}", Money::new(minor.abs(), currency).amount_text());
    let side = |minor: i64| if minor < 0 { "below" } else { "above" };
    let Some(last) = weeks.last().map(change) else { return "No week was played".to_owned() };
    let farthest = weeks.iter().map(change).enumerate().max_by_key(|(_, change)| change.abs());
    match farthest {
        Some((week, most)) if most != last => format!(
            "The margin is farthest from today's in week {}, {} {} it, and ends {} {}",
            week + 1,
            amount(most),
            side(most),
            amount(last),
            side(last)
        ),
        _ if last == 0 => "The margin ends as it is today".to_owned(),
        _ => format!("The margin ends {} {} today's", amount(last), side(last)),
    }
}
