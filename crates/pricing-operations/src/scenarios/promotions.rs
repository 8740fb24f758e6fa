//! Promotions: what one would bring, what it takes from other products, and what it may be announced against.

use app_contract::{
    ElasticityGrade, Expected, PromotionInput, PromotionRow, PromotionView, ScenarioChange, ScenarioGrade,
    ScenarioInput, ScenarioPrices,
};
use pricing_analytics::{AppliedPrice, prior_price, reduction};
use pricing_domain::Rounding;
use pricing_science::{ScenarioWeek, outcomes};

use super::Basis;
use super::answers::{grades_of, together, totals};
use super::changes::change;
use super::weeks::play_weeks;
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// Days before a reduction whose lowest price counts (98/6/EC, article 6a).
const PRIOR_DAYS: u32 = 30;
/// Products whose prior price is looked up, and that are listed; those that sell most.
const MOST_LOOKED_UP: usize = 2_000;
const ROWS_SHOWN: usize = 100;
/// A lift from which the way of the margin is told, in percent.
const TRIED_LIFT: f64 = 10.0;

/// A promotion played in the ways that tell its parts apart.
struct Parts {
    basis: Basis,
    /// (row, price today, reduced price), the most sold first.
    reduced: Vec<(u32, i64, i64)>,
    without: ScenarioWeek,
    with: ScenarioWeek,
    without_cannibalising: ScenarioWeek,
    without_funding: ScenarioWeek,
    break_even_lift: Option<f64>,
    remarks: Vec<String>,
}

impl Parts {
    /// What a reduced product is played by; prior prices are another question.
    fn basis_row(&self, row: u32, reduced_minor: i64) -> PromotionRow {
        let place = self.basis.rows.binary_search(&row).expect("every reduced product is in the scenario");
        let (low, high) = self.basis.products.seen[place];
        PromotionRow {
            sku: String::new(),
            name: String::new(),
            price_minor: 0,
            reduced_minor,
            prior_minor: None,
            reduction_bp: None,
            proven: false,
            grade: self.basis.grades[place],
            elasticity: self.basis.products.elasticity[place],
            extrapolated: (reduced_minor as f64) < low || reduced_minor as f64 > high,
        }
    }

    /// What the reduced products' elasticities rest on, with their share of today's revenue.
    fn grades(&self) -> Vec<ScenarioGrade> {
        let outcomes = outcomes(&self.basis.products, &self.basis.products.today());
        let places = self.reduced.iter().filter_map(|(row, ..)| self.basis.rows.binary_search(row).ok());
        let places: Vec<usize> = places.collect();
        grades_of(&places, &self.basis.grades, &outcomes)
    }
}

impl Workspace {
    /// Plans. Nothing is written.
    pub async fn plan_promotion(&self, plan: PromotionInput) -> Result<PromotionView, OperationError> {
        let input = ScenarioInput {
            price_list: plan.price_list.clone(),
            weeks: plan.weeks,
            prices: ScenarioPrices::Keep,
            // A reduction that is meant is no price war.
            stop_at_fall: None,
            ..ScenarioInput::default()
        };
        let basis = self.scenario_basis(&input).await?;
        let asked = plan.clone();
        let parts = in_background(move || parts(basis, &asked, &input)).await?;
        let rows = self.prior_rows(&parts).await?;
        Ok(view(&plan, parts, rows))
    }

    async fn prior_rows(&self, parts: &Parts) -> Result<Vec<PromotionRow>, OperationError> {
        let basis = &parts.basis;
        let list_key = basis.snapshot.lists[basis.list].key;
        let since = basis.now.plus_days(-i64::from(PRIOR_DAYS));
        let mut rows = Vec::new();
        for (row, price_minor, reduced_minor) in parts.reduced.iter().copied().take(MOST_LOOKED_UP) {
            let place = row as usize;
            let key = i64::from(basis.snapshot.products.key.get(place));
            let applied = self.store.applied_prices(key, list_key, since).await?;
            let applied: Vec<AppliedPrice> =
                applied.into_iter().map(|(from, to, amount_minor)| AppliedPrice { from, to, amount_minor }).collect();
            let prior = prior_price(&applied, basis.now, PRIOR_DAYS);
            let announced = prior.amount_minor.and_then(|prior| reduction(reduced_minor, prior));
            let reduction_bp = announced.and_then(|share| {
                let ten_thousandths = pricing_domain::Ratio { numerator: share.numerator * 10_000, ..share };
                i32::try_from(ten_thousandths.round(Rounding::Nearest)).ok()
            });
            rows.push(PromotionRow {
                sku: basis.snapshot.products.sku.get(place).to_owned(),
                name: basis.snapshot.products.name.get(place).to_owned(),
                price_minor,
                reduced_minor,
                prior_minor: prior.amount_minor,
                reduction_bp,
                proven: prior.proven,
                ..parts.basis_row(row, reduced_minor)
            });
        }
        Ok(rows)
    }
}

fn parts(basis: Basis, plan: &PromotionInput, input: &ScenarioInput) -> Result<Parts, OperationError> {
    let stated = |lift: f64, funding: f64, cannibalised: f64| ScenarioChange::Promotion {
        percent: plan.percent,
        weeks: plan.weeks,
        lift,
        funding,
        cannibalised,
        only: plan.only.clone(),
    };
    let play = |promotion: ScenarioChange| {
        let changed = change(&basis, &[promotion], None).map_err(|error| OperationError {
            message: error.message.trim_start_matches("Change 1: ").to_owned(),
            ..error
        })?;
        let (rows, snapshot) = (changed.promotions[0].rows.clone(), changed.snapshot.clone());
        let played = play_weeks(&basis, input, changed, input.reaction)?;
        Ok::<_, OperationError>((together(&played.result.weeks), played.result.today, rows, snapshot))
    };
    let (with, today, rows, snapshot) = play(stated(plan.lift, plan.funding, plan.cannibalised))?;
    let in_scenario = |row: &u32| basis.rows.binary_search(row).ok().filter(|place| basis.has_margin(*place));
    let mut reduced: Vec<(u32, i64, i64)> = rows
        .iter()
        .filter(|(row, ..)| in_scenario(row).is_some())
        .map(|(row, before, _)| (*row, *before, snapshot.lists[basis.list].price_minor.get(*row as usize)))
        .collect();
    if reduced.is_empty() {
        return Err(OperationError::refused(
            "None of these products has a price, VAT, a cost and sales of the last four weeks, free of locks and other \
             promotions.",
        ));
    }
    let units = |row: &u32| in_scenario(row).map_or(0.0, |place| basis.products.units[place]);
    reduced.sort_by(|one, other| units(&other.0).total_cmp(&units(&one.0)).then(one.0.cmp(&other.0)));
    let without_cannibalising = play(stated(plan.lift, plan.funding, 0.0))?.0;
    let without_funding = play(stated(plan.lift, 0.0, plan.cannibalised))?.0;
    let unlifted = play(stated(0.0, plan.funding, plan.cannibalised))?.0.margin.value;
    let lifted = play(stated(TRIED_LIFT, plan.funding, plan.cannibalised))?.0.margin.value;
    let without = together(&vec![today; plan.weeks as usize]);
    // The margin goes straight with the lift: every unit more brings the same.
    let per_percent = (lifted - unlifted) / TRIED_LIFT;
    let lacking = without.margin.value - unlifted;
    let break_even_lift = match lacking <= 0.0 {
        true => Some(0.0),
        false => (per_percent > 0.0).then(|| lacking / per_percent),
    };
    let left_out = rows.len() - reduced.len();
    let mut remarks = Vec::new();
    if !basis.products.families.is_empty() {
        remarks.push(
            "What reduced prices take from products of the same family, or bring them, is counted as far as their sales show \
             it; the share that other products lose comes on top."
                .to_owned(),
        );
    }
    if left_out > 0 {
        remarks.push(format!("{left_out} products are reduced too, but cannot be counted: no VAT, cost or sales."));
    }
    Ok(Parts { basis, reduced, without, with, without_cannibalising, without_funding, break_even_lift, remarks })
}

fn view(plan: &PromotionInput, parts: Parts, mut rows: Vec<PromotionRow>) -> PromotionView {
    let list = &parts.basis.snapshot.lists[parts.basis.list];
    let (without, with) = (totals(&parts.without), totals(&parts.with));
    let grades = parts.grades();
    let change = |value: i64| value - without.margin.value;
    let mut remarks = parts.remarks;
    let (proven, all) = (rows.iter().filter(|row| row.proven).count(), rows.len());
    let is_no_reduction = |row: &&PromotionRow| row.prior_minor.is_some_and(|prior| row.reduced_minor >= prior);
    let not_reduced = rows.iter().filter(is_no_reduction).count() as u64;
    if not_reduced > 0 {
        remarks.push(format!(
            "{not_reduced} products were already sold as cheaply within {PRIOR_DAYS} days: that must not be announced as a \
             reduction."
        ));
    }
    if parts.reduced.len() > MOST_LOOKED_UP {
        remarks.push(format!("Prior prices are those of the {MOST_LOOKED_UP} products that sell most."));
    }
    let assumed = grades.iter().find(|grade| grade.grade == ElasticityGrade::Default);
    if let Some(assumed) = assumed {
        remarks.push(format!(
            "{} of the reduced products, {:.0} % of their revenue, sell by an assumed elasticity, because their sales cannot \
             say.",
            assumed.products, assumed.revenue_percent
        ));
    }
    let unseen = rows.iter().filter(|row| row.extrapolated).count();
    if unseen > 0 {
        remarks.push(format!("{unseen} of the prices were never charged: what is said about them is extrapolated."));
    }
    if plan.lift == 0.0 {
        remarks
            .push("Without a lift only the lower price sells more; leaflets and displays usually add to that.".into());
    }
    remarks.push("What buyers store at home and then do not buy in the weeks after is not counted.".to_owned());
    rows.truncate(ROWS_SHOWN);
    PromotionView {
        price_list: list.code.clone(),
        currency: list.currency,
        weeks: plan.weeks,
        reduced: parts.reduced.len() as u64,
        without,
        with,
        margin_change: Expected {
            value: change(with.margin.value),
            low: change(with.margin.low),
            high: change(with.margin.high),
        },
        more_units: parts.without_cannibalising.units.value - parts.without.units.value,
        lost_units: parts.without_cannibalising.units.value - parts.with.units.value,
        lost_margin: (parts.without_cannibalising.margin.value - parts.with.margin.value).round() as i64,
        funding: (parts.with.margin.value - parts.without_funding.margin.value).round() as i64,
        break_even_lift: parts.break_even_lift,
        proven: proven as u64,
        unproven: (all - proven) as u64,
        not_reduced,
        grades,
        rows,
        remarks,
    }
}
