//! Which assumption moves the margin most, or the revenue where no margin can be told: each is moved to both of its sides, everything else stays.

use app_contract::{
    ElasticityGrade, ScenarioFigure, ScenarioInput, ScenarioPrices, ScenarioReaction, ScenarioSensitivity,
};
use pricing_science::{ScenarioProducts, ScenarioWeek, totals_by};

use super::changes::{change, words};
use super::weeks::{Played, play_weeks};
use super::{Basis, Sensitivity};
use crate::OperationError;

/// Weeks × products up to which whole scenarios are played again.
const PLAYED_AGAIN: usize = 4_000_000;
/// What choosing the best prices takes, in weeks played.
const CHOOSING_IN_WEEKS: usize = 20;

/// The bars of a tornado chart, widest first; and whether whole scenarios were too many to be played again.
pub(super) fn sensitivity(
    basis: &Basis,
    input: &ScenarioInput,
    played: &Played,
    depth: Sensitivity,
) -> Result<(Vec<ScenarioSensitivity>, bool), OperationError> {
    let Some(figure) = Figure::of(basis) else { return Ok((Vec::new(), false)) };
    let mut bars = demand_bars(basis, input, played, figure);
    let plays = (input.changes.len() + 2) * input.weeks as usize;
    // Choosing the best prices again takes longer than a week.
    let heavier = if input.prices == ScenarioPrices::Best { CHOOSING_IN_WEEKS * (input.changes.len() + 2) } else { 0 };
    let is_left_out = (plays + heavier) * basis.rows.len() > PLAYED_AGAIN;
    if depth == Sensitivity::Whole && !is_left_out {
        let stated = figure.at_end(played);
        for (place, left_out) in input.changes.iter().enumerate() {
            let changed = change(basis, &input.changes, Some(place))?;
            let without = figure.at_end(&play_weeks(basis, input, changed, input.reaction)?);
            bars.push(bar(&words(left_out), ("without it", without), ("as stated", stated)));
        }
        let reacting = |reaction| {
            let changed = change(basis, &input.changes, None)?;
            Ok::<_, OperationError>(figure.at_end(&play_weeks(basis, input, changed, reaction)?))
        };
        let (still, matching) = (reacting(ScenarioReaction::None)?, reacting(ScenarioReaction::MatchesLowest)?);
        bars.push(bar("how competitors answer", ("not at all", still), ("never stay dearer", matching)));
    }
    bars.retain(|bar| bar.low != bar.high);
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.low.abs_diff(bar.high)));
    Ok((bars, is_left_out && depth == Sensitivity::Whole))
}

/// What only moves demand: the prices are the same, so nothing is played again.
fn demand_bars(basis: &Basis, input: &ScenarioInput, played: &Played, figure: Figure) -> Vec<ScenarioSensitivity> {
    let products = &basis.products;
    let value = |products: &ScenarioProducts| {
        let groups = vec![0; products.price.len()];
        totals_by(products, &played.result.state, &groups, 1).first().map_or(0.0, |week| figure.value(week))
    };
    let elasticities = |side: f64, assumed: bool| {
        let rows = products.elasticity.iter().zip(&basis.grades).enumerate();
        let moved = rows.map(|(row, (elasticity, grade))| {
            let error = products.error(row);
            let is_moved = (*grade == ElasticityGrade::Default) == assumed;
            if is_moved { (elasticity + side * error).min(0.0) } else { *elasticity }
        });
        value(&ScenarioProducts { elasticity: moved.collect(), ..products.clone() })
    };
    // Where it is learnt it moves by its own error, elsewhere the assumption does by what was stated.
    let assumed = &input.assumptions;
    let cross = |side: f64| {
        let moved = products.cross_elasticity.iter().enumerate().map(|(row, elasticity)| {
            let error = match products.rival(row) {
                Some(rival) => rival.own.hypot(rival.common),
                None => assumed.cross_elasticity_error,
            };
            (elasticity + side * error).max(0.0)
        });
        value(&ScenarioProducts { cross_elasticity: moved.collect(), ..products.clone() })
    };
    let stated = value(products);
    let on_their_own = match products.families.is_empty() {
        true => stated,
        false => value(&ScenarioProducts { families: Vec::new(), ..products.clone() }),
    };
    let sides = ("demand answers more", "demand answers less");
    vec![
        bar(
            "elasticities from the sales, all by one standard error",
            (sides.0, elasticities(-1.0, false)),
            (sides.1, elasticities(1.0, false)),
        ),
        bar(
            "assumed elasticities, by the error stated",
            (sides.0, elasticities(-1.0, true)),
            (sides.1, elasticities(1.0, true)),
        ),
        bar("how demand follows competitors", ("less", cross(-1.0)), ("more", cross(1.0))),
        bar("effects between products of a family", ("none", on_their_own), ("as estimated", stated)),
    ]
}

fn bar(assumption: &str, low: (&str, f64), high: (&str, f64)) -> ScenarioSensitivity {
    ScenarioSensitivity {
        assumption: assumption.to_owned(),
        low_words: low.0.to_owned(),
        high_words: high.0.to_owned(),
        low: low.1.round() as i64,
        high: high.1.round() as i64,
    }
}

/// What the bars are of.
#[derive(Clone, Copy)]
struct Figure(ScenarioFigure);

impl Figure {
    /// `None`: no amount can be told.
    fn of(basis: &Basis) -> Option<Figure> {
        Some(Figure(basis.figure())).filter(|figure| figure.0 != ScenarioFigure::Units)
    }

    fn value(self, week: &ScenarioWeek) -> f64 {
        if self.0 == ScenarioFigure::Margin { week.margin.value } else { week.revenue.value }
    }

    fn at_end(self, played: &Played) -> f64 {
        played.result.weeks.last().map_or(0.0, |week| self.value(week))
    }
}
