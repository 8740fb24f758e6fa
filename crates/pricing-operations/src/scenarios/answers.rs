//! The answer to a scenario: what was played, in sums, by category and brand, product by product, and in words.

mod said;

use std::cmp::Ordering;
use std::sync::Arc;

use app_contract::{
    ElasticityGrade, Expected, ScenarioFigure, ScenarioGrade, ScenarioGroup, ScenarioInput, ScenarioProduct,
    ScenarioTotals, ScenarioView,
};
use pricing_domain::{BasisPoints, OfferPolicy};
use pricing_rules::{Snapshot, list_figures};
use pricing_science::{Outcome, ScenarioState, ScenarioWeek, Total, outcomes, totals_by};

use super::changes::change;
use super::positions::{POSITIONS, positions};
use super::sensitivity::sensitivity;
use super::unchanged::{Unchanged, unchanged};
use super::weeks::{Played, play_weeks};
use super::{Basis, Sensitivity};
use crate::OperationError;

/// Categories and brands that are listed.
const GROUPS_SHOWN: usize = 50;
/// Products that are listed.
const PRODUCTS_SHOWN: usize = 10;

/// Plays and answers; beside it the weeks without the changes, unless they are `known`.
pub(super) fn answer(
    basis: &Basis,
    input: &ScenarioInput,
    depth: Sensitivity,
    known: Option<Arc<Unchanged>>,
) -> Result<(ScenarioView, Option<Arc<Unchanged>>), OperationError> {
    let changed = change(basis, &input.changes, None)?;
    let mut remarks = changed.remarks.clone();
    let played = play_weeks(basis, input, changed, input.reaction)?;
    let unchanged = unchanged(basis, input, &played.result, known)?;
    let (sensitivity, too_many) = sensitivity(basis, input, &played, depth)?;
    let today = basis.products.today();
    let (before, after) = (outcomes(&basis.products, &today), outcomes(&basis.products, &played.result.state));
    let period = together(&played.result.weeks);
    let period_today = together(&vec![played.result.today.clone(); played.result.weeks.len()]);
    let weeks: Vec<ScenarioTotals> = played.result.weeks.iter().map(totals).collect();
    let last = *weeks.last().ok_or_else(|| OperationError::fault("a scenario without a week"))?;
    let grades = grades(basis, &before);
    let coverage = said::coverage(basis, &before);
    remarks.extend(said::of_coverage(basis, &coverage));
    remarks.extend(said::of_nothing_changed(input));
    remarks.extend(said::of_costs(basis, input));
    remarks.extend(played.optimum.as_ref().and_then(said::of_best));
    remarks.extend(said::of_play(&played, &grades, &last, too_many));
    remarks.extend(said::of_competitors(basis, input, &played, &before));
    remarks.extend(said::of_families(basis, input, &played, &before));
    remarks.extend(said::of_reaction(basis, input));
    let list = &basis.snapshot.lists[basis.list];
    let moved = |order: Ordering| {
        let pairs = today.price.iter().zip(&played.result.state.price);
        pairs.filter(|(old, new)| new.partial_cmp(old) == Some(order)).count() as u64
    };
    let products = &basis.snapshot.products;
    let (categories, brands) = (&basis.snapshot.categories, &basis.snapshot.brands);
    let of_categories = Groups {
        count: categories.code_count(),
        name: &|code| categories.text(code as u32).to_owned(),
        code_of: &|row| products.category.get(row),
    };
    let of_brands = Groups {
        count: brands.code_count(),
        name: &|code| brands.text(code as u32).to_owned(),
        code_of: &|row| products.brand.get(row),
    };
    let view = ScenarioView {
        name: input.name.clone(),
        price_list: list.code.clone(),
        currency: list.currency,
        elapsed_ms: 0,
        products: basis.rows.len() as u64,
        coverage: Some(coverage),
        left_out: basis.left_out.clone(),
        grades,
        today: totals(&played.result.today),
        after: last,
        weeks,
        period_today: totals(&period_today),
        period: totals(&period),
        optimum: played.optimum.clone(),
        learnt: basis.learnt.to_us.iter().flat_map(|one| one.views(&basis.snapshot)).collect(),
        following: basis.learnt.followings(&basis.snapshot),
        effect: unchanged.as_ref().map(|unchanged| unchanged.effect(basis, &played.result)),
        price_war: played.result.is_price_war,
        price_war_stopped: played.result.is_stopped,
        raised: moved(Ordering::Greater),
        lowered: moved(Ordering::Less),
        unchanged: moved(Ordering::Equal),
        exceptions: played.exceptions,
        indexes: indexes(basis, &played.snapshot),
        categories: of_categories.by_change(basis, &played),
        brands: of_brands.by_change(basis, &played),
        positions: by_position(basis, &played),
        biggest: biggest(basis, &played.result.state, &before, &after),
        sensitivity,
        remarks,
    };
    Ok((view, unchanged))
}

pub(super) fn totals(week: &ScenarioWeek) -> ScenarioTotals {
    let money = |total: Total| Expected {
        value: total.value.round() as i64,
        low: total.low.round() as i64,
        high: total.high.round() as i64,
    };
    ScenarioTotals {
        units: Expected { value: week.units.value, low: week.units.low, high: week.units.high },
        revenue: money(week.revenue),
        margin: money(week.margin),
        price_change: 100.0 * week.price_change,
        extrapolated: 100.0 * week.extrapolated_share,
    }
}

/// Weeks summed up. The same elasticities hold in all of them, so that their errors go together.
pub(super) fn together(weeks: &[ScenarioWeek]) -> ScenarioWeek {
    let sum = |of: &dyn Fn(&ScenarioWeek) -> Total| {
        weeks.iter().map(of).fold(Total::default(), |sum, one| Total {
            value: sum.value + one.value,
            low: sum.low + one.low,
            high: sum.high + one.high,
        })
    };
    let units = sum(&|week| week.units);
    let mean = |of: &dyn Fn(&ScenarioWeek) -> f64| weeks.iter().map(of).sum::<f64>() / weeks.len().max(1) as f64;
    ScenarioWeek {
        units,
        revenue: sum(&|week| week.revenue),
        margin: sum(&|week| week.margin),
        price_change: mean(&|week| week.price_change),
        extrapolated_share: mean(&|week| week.extrapolated_share),
    }
}

fn grades(basis: &Basis, today: &[Outcome]) -> Vec<ScenarioGrade> {
    let every: Vec<usize> = (0..basis.rows.len()).collect();
    grades_of(&every, &basis.grades, today)
}

/// What the elasticities at these places rest on, with their share of the revenue of all of them.
pub(super) fn grades_of(places: &[usize], grades: &[ElasticityGrade], today: &[Outcome]) -> Vec<ScenarioGrade> {
    let all: f64 = places.iter().map(|place| today[*place].revenue).sum();
    let of = |grade: ElasticityGrade| {
        let of_grade = || places.iter().filter(move |place| grades[**place] == grade);
        let revenue: f64 = of_grade().map(|place| today[*place].revenue).sum();
        let revenue_percent = if all > 0.0 { 100.0 * revenue / all } else { 0.0 };
        ScenarioGrade { grade, products: of_grade().count() as u64, revenue_percent }
    };
    ElasticityGrade::ALL.iter().copied().map(of).filter(|grade| grade.products > 0).collect()
}

/// By competitor: its name, the index today and at the end.
fn indexes(basis: &Basis, end: &Snapshot) -> Vec<(String, i64, i64)> {
    let figures = |snapshot: &Snapshot| {
        list_figures(snapshot, basis.list, &OfferPolicy::default(), BasisPoints(0), basis.now).competitors
    };
    let pairs = figures(&basis.snapshot).into_iter().zip(figures(end)).zip(&basis.snapshot.competitors);
    pairs
        .filter_map(|((today, after), competitor)| {
            Some((competitor.name.clone(), today.index_hundredths?, after.index_hundredths?))
        })
        .collect()
}

/// Rows of the snapshot in groups.
struct Groups<'a> {
    count: usize,
    name: &'a dyn Fn(usize) -> String,
    code_of: &'a dyn Fn(usize) -> u32,
}

impl Groups<'_> {
    /// Every group, in the order of their codes.
    fn all(&self, basis: &Basis, played: &Played) -> Vec<(usize, ScenarioGroup)> {
        let codes: Vec<u32> = basis.rows.iter().map(|row| (self.code_of)(*row as usize)).collect();
        let today = totals_by(&basis.products, &basis.products.today(), &codes, self.count);
        let after = totals_by(&basis.products, &played.result.state, &codes, self.count);
        let mut products = vec![0_u64; self.count];
        codes.iter().for_each(|code| products[*code as usize] += 1);
        let group = |code: usize| ScenarioGroup {
            name: (self.name)(code),
            products: products[code],
            products_after: None,
            today: totals(&today[code]),
            after: totals(&after[code]),
        };
        (0..self.count).map(|code| (code, group(code))).collect()
    }

    /// The groups whose margin changes most, or whose revenue does where no margin can be told.
    fn by_change(&self, basis: &Basis, played: &Played) -> Vec<ScenarioGroup> {
        let groups = self.all(basis, played).into_iter().map(|(_, group)| group);
        let mut groups: Vec<ScenarioGroup> = groups.filter(|group| group.products > 0).collect();
        let figure = basis.figure();
        let change = |group: &ScenarioGroup| match (figure.amount(&group.after), figure.amount(&group.today)) {
            (Some(after), Some(today)) => after.value.abs_diff(today.value),
            _ => (group.after.units.value - group.today.units.value).abs().round() as u64,
        };
        groups.sort_by_key(|group| std::cmp::Reverse(change(group)));
        groups.truncate(GROUPS_SHOWN);
        groups
    }
}

/// By where prices stand today, with how many stand there at the end.
fn by_position(basis: &Basis, played: &Played) -> Vec<ScenarioGroup> {
    let today = positions(&basis.snapshot, basis.list, basis.now);
    let end = positions(&played.snapshot, basis.list, basis.now);
    let groups = Groups {
        count: POSITIONS.len(),
        name: &|code| POSITIONS[code].to_owned(),
        code_of: &|row| u32::from(today[row]),
    };
    let at_end = |code: usize| basis.rows.iter().filter(|row| usize::from(end[**row as usize]) == code).count() as u64;
    let with_end = |(code, group)| ScenarioGroup { products_after: Some(at_end(code)), ..group };
    let groups = groups.all(basis, played).into_iter().map(with_end);
    groups.filter(|group| group.products > 0 || group.products_after != Some(0)).collect()
}

fn biggest(basis: &Basis, end: &ScenarioState, before: &[Outcome], after: &[Outcome]) -> Vec<ScenarioProduct> {
    let of = |outcome: &Outcome| match basis.figure() {
        ScenarioFigure::Margin => outcome.margin,
        ScenarioFigure::Revenue => outcome.revenue,
        ScenarioFigure::Units => outcome.units,
    };
    let change = |place: &usize| (of(&after[*place]) - of(&before[*place])).abs();
    let mut places: Vec<usize> = (0..basis.rows.len()).filter(|place| change(place) >= 1.0).collect();
    places.sort_by(|one, other| change(other).total_cmp(&change(one)).then(one.cmp(other)));
    places.truncate(PRODUCTS_SHOWN);
    let product = |place: usize| {
        let row = basis.rows[place] as usize;
        ScenarioProduct {
            sku: basis.snapshot.products.sku.get(row).to_owned(),
            name: basis.snapshot.products.name.get(row).to_owned(),
            old_minor: basis.products.price[place].round() as i64,
            new_minor: end.price[place].round() as i64,
            units: (before[place].units, after[place].units),
            revenue: (before[place].revenue.round() as i64, after[place].revenue.round() as i64),
            margin: (before[place].margin.round() as i64, after[place].margin.round() as i64),
            grade: basis.grades[place],
            extrapolated: {
                let (low, high) = basis.products.seen[place];
                end.price[place] < low || end.price[place] > high
            },
        }
    };
    places.into_iter().map(product).collect()
}
