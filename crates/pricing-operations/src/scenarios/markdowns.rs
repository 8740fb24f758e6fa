//! Markdowns: for each product the path of allowed prices by which its stock is gone in time.

use app_contract::{MarkdownInput, MarkdownRow, MarkdownView, ScenarioAssumptions, ScenarioInput, ScenarioProposals};
use pricing_domain::{RuleSet, Strategy};
use pricing_rules::{CompiledRules, ListFlags, NONE, allowed_prices, floors_of};
use pricing_science::{Markdown, MarkdownPath, MarkdownPlan, markdown_to_target};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::Basis;
use super::changes::rows;
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// Weeks that can be planned.
const MOST_WEEKS: u32 = 26;
/// Products that are planned at once.
const MOST_PRODUCTS: usize = 5_000;
/// Products that are listed.
const ROWS_SHOWN: usize = 200;
/// Prices of a path, and paths that are tried for a product.
const MOST_PRICES: usize = 10;
const MOST_PATHS: f64 = 30_000.0;

/// A product's plan.
struct Planned {
    place: usize,
    stock: f64,
    /// Gross prices, today's first.
    ladder: Vec<i64>,
    plan: MarkdownPlan,
    as_today: MarkdownPath,
}

impl Workspace {
    /// Plans. Nothing is written.
    pub async fn plan_markdown(&self, plan: MarkdownInput) -> Result<MarkdownView, OperationError> {
        let basis = self.markdown_basis(&plan).await?;
        in_background(move || {
            let (planned, left_out) = planned(&basis, &plan)?;
            Ok(view(&basis, &plan, &planned, left_out))
        })
        .await
    }

    /// Proposes the first week's prices of the plan.
    pub async fn propose_markdown(&self, plan: MarkdownInput) -> Result<ScenarioProposals, OperationError> {
        let basis = self.markdown_basis(&plan).await?;
        let name = format!("Markdown to be gone in {} weeks", plan.weeks);
        let planning = in_background(move || {
            let (planned, _) = planned(&basis, &plan)?;
            let first = |one: &Planned| Some((basis.rows[one.place], *one.prices().first()?));
            let wanted = planned.iter().filter_map(first).collect::<Vec<(u32, i64)>>();
            Ok((basis, wanted))
        });
        let (basis, wanted) = planning.await?;
        self.propose_prices(basis, &name, wanted).await
    }

    async fn markdown_basis(&self, plan: &MarkdownInput) -> Result<Basis, OperationError> {
        check(plan)?;
        let assumptions = ScenarioAssumptions { elasticity: plan.elasticity, ..ScenarioAssumptions::default() };
        let input = ScenarioInput { price_list: plan.price_list.clone(), assumptions, ..ScenarioInput::default() };
        self.scenario_basis(&input).await
    }
}

fn check(plan: &MarkdownInput) -> Result<(), OperationError> {
    let refused = |words: &str| Err(OperationError::refused(words));
    if !(1..=MOST_WEEKS).contains(&plan.weeks) {
        return refused("A markdown is planned over 1 to 26 weeks.");
    }
    let shares = [plan.left_at_most, plan.salvage];
    if shares.iter().any(|share| !(0.0..=100.0).contains(share)) || !(0.0..=1_000.0).contains(&plan.waste) {
        return refused("What may be left and what it brings lie between 0 and 100 percent, its waste up to 1000.");
    }
    if !(1.0..=100.0).contains(&plan.lowest) {
        return refused("The lowest price lies between 1 and 100 percent of today's.");
    }
    Ok(())
}

/// Plans, and how many products have none for each reason.
type PlannedOrLeft = (Vec<Planned>, Vec<(String, u64)>);

/// The plan of every product that is wanted, and why others have none.
fn planned(basis: &Basis, plan: &MarkdownInput) -> Result<PlannedOrLeft, OperationError> {
    let wanted = rows(basis, &plan.only)?;
    let guards = RuleSet { rules: Vec::new(), otherwise: Strategy::Keep, tests: Vec::new(), ..basis.rules.clone() };
    let guards = CompiledRules::compile(&guards, &basis.snapshot)
        .map_err(|problems| OperationError::refused(format!("The guardrails cannot be used: {}.", problems[0])))?;
    let floors = floors_of(&guards, &basis.snapshot, basis.list, basis.now);
    let list = &basis.snapshot.lists[basis.list];
    let mut left_out = vec![
        ("without price, VAT, cost or sales of the last four weeks", 0_u64),
        ("without a stock", 0),
        ("locked or on promotion", 0),
        ("beyond the first 5,000", 0),
    ];
    let mut places = Vec::new();
    for row in &wanted {
        let stock = basis.snapshot.products.stock.get(*row as usize);
        let fixed = list.flags.get(*row as usize) & (ListFlags::LOCKED | ListFlags::PROMOTION) != 0;
        match basis.rows.binary_search(row) {
            _ if stock == NONE || stock <= 0 => left_out[1].1 += 1,
            Err(_) => left_out[0].1 += 1,
            Ok(_) if fixed => left_out[2].1 += 1,
            Ok(_) if places.len() >= MOST_PRODUCTS => left_out[3].1 += 1,
            Ok(place) if !basis.has_margin(place) => left_out[0].1 += 1,
            Ok(place) => places.push((place, stock as f64)),
        }
    }
    if places.is_empty() {
        return Err(OperationError::refused(
            "No product with a stock, a price, a cost and sales of the last four weeks fits. Import the stock first.",
        ));
    }
    let one = |(place, stock): (usize, f64)| {
        let ladder = ladder(basis, plan, &guards, &floors, place);
        plan_one(basis, plan, place, stock, ladder)
    };
    let planned = places.into_par_iter().map(one).collect::<Result<Vec<Planned>, OperationError>>()?;
    let left_out = left_out.into_iter().filter(|(_, count)| *count > 0);
    Ok((planned, left_out.map(|(reason, count)| (reason.to_owned(), count)).collect()))
}

/// Today's price and allowed ones below it, from the highest, as few as can be tried: in even steps, none of which is
/// larger than the guardrails let a price fall at once.
fn ladder(basis: &Basis, plan: &MarkdownInput, guards: &CompiledRules, floors: &[i64], place: usize) -> Vec<i64> {
    let today = basis.products.price[place].round() as i64;
    let floor = floors[basis.rows[place] as usize];
    let lowest = (today as f64 * plan.lowest / 100.0).ceil() as i64;
    let low = if floor == NONE { lowest } else { lowest.max(floor) };
    let below = most_prices(plan.weeks as usize) - 1;
    let even = (low as f64 / today as f64).clamp(0.01, 1.0).powf(1.0 / below as f64);
    let ratio = largest_cut(basis).map_or(even, |cut| even.max(1.0 - cut));
    let mut ladder = vec![today];
    for _ in 0..below {
        let before = ladder[ladder.len() - 1];
        let least = ((before as f64 * ratio).ceil() as i64).max(low);
        match allowed_prices(guards, basis.list, least, before - 1, usize::MAX).first() {
            Some(next) => ladder.push(*next),
            None => break,
        }
    }
    ladder
}

/// The largest cut at once by the guardrails, as a share.
fn largest_cut(basis: &Basis) -> Option<f64> {
    const WHOLE: f64 = 10_000.0;
    basis.rules.guardrails.step.down.map(|step| f64::from(step.0) / WHOLE)
}

/// So many prices that all falling paths over the weeks can be tried.
fn most_prices(weeks: usize) -> usize {
    let paths = |prices: usize| (1..=weeks).map(|week| (prices - 1 + week) as f64 / week as f64).product::<f64>();
    (2..=MOST_PRICES).rev().find(|prices| paths(*prices) <= MOST_PATHS).unwrap_or(2)
}

fn plan_one(
    basis: &Basis,
    plan: &MarkdownInput,
    place: usize,
    stock: f64,
    ladder: Vec<i64>,
) -> Result<Planned, OperationError> {
    let (tax, cost) = (basis.products.tax[place], basis.products.cost[place]);
    let markdown = Markdown {
        stock,
        elasticity: basis.products.elasticity[place],
        units: basis.products.units[place],
        season: vec![1.0; plan.weeks as usize],
        ladder: ladder.iter().map(|price| *price as f64 / tax).collect(),
        salvage: (plan.salvage - plan.waste) / 100.0 * cost,
        most_changes: plan.changes_at_most.map(|changes| changes as usize),
        largest_cut: largest_cut(basis),
    };
    let as_today = Markdown { ladder: markdown.ladder[..1].to_vec(), ..markdown.clone() };
    let as_today = markdown_to_target(&as_today, f64::INFINITY)?.best;
    let found = markdown_to_target(&markdown, plan.left_at_most / 100.0 * stock)?;
    Ok(Planned { place, stock, ladder, plan: found, as_today })
}

impl Planned {
    fn chosen(&self) -> &MarkdownPath {
        self.plan.to_target.as_ref().unwrap_or(&self.plan.fewest)
    }

    /// Gross prices by week: the nearest of the ladder to today's price times the ratio of the net ones.
    fn prices(&self) -> Vec<i64> {
        let path = self.chosen();
        let today = self.as_today.prices.first().copied().unwrap_or(f64::NAN);
        let gross = |net: &f64| {
            let wanted = net / today * self.ladder[0] as f64;
            self.ladder
                .iter()
                .copied()
                .min_by(|one, other| (*one as f64 - wanted).abs().total_cmp(&(*other as f64 - wanted).abs()))
        };
        path.prices.iter().filter_map(gross).collect()
    }
}

fn view(basis: &Basis, plan: &MarkdownInput, planned: &[Planned], left_out: Vec<(String, u64)>) -> MarkdownView {
    let list = &basis.snapshot.lists[basis.list];
    let sum = |of: &dyn Fn(&Planned) -> f64| planned.iter().map(of).sum::<f64>();
    let missed = planned.iter().filter(|one| one.plan.to_target.is_none()).count() as u64;
    let is_already = |one: &&Planned| one.as_today.left <= plan.left_at_most / 100.0 * one.stock;
    let mut order: Vec<&Planned> = planned.iter().collect();
    order.sort_by(|one, other| other.as_today.left.total_cmp(&one.as_today.left).then(one.place.cmp(&other.place)));
    let rows: Vec<MarkdownRow> = order.iter().take(ROWS_SHOWN).map(|one| row(basis, one)).collect();
    let assumed =
        planned.iter().filter(|one| basis.grades[one.place] == app_contract::ElasticityGrade::Default).count();
    let mut remarks = Vec::new();
    if assumed > 0 {
        remarks.push(format!(
            "{assumed} of {} products have an assumed elasticity of {}, because their sales cannot say.",
            planned.len(),
            plan.elasticity
        ));
    }
    if missed > 0 {
        remarks.push(format!(
            "{missed} products cannot reach the target at allowed prices; their path leaves as little as possible."
        ));
    }
    let unseen = rows.iter().filter(|row| row.extrapolated).count();
    if unseen > 0 {
        remarks.push(format!("{unseen} of the paths shown use prices that were never charged."));
    }
    remarks.push("Demand is taken as steady over the weeks; sales of the coming season may differ.".to_owned());
    MarkdownView {
        price_list: list.code.clone(),
        currency: list.currency,
        weeks: plan.weeks,
        products: planned.len() as u64,
        left_out,
        stock: sum(&|one| one.stock),
        left_as_today: sum(&|one| one.as_today.left),
        left: sum(&|one| one.chosen().left),
        value_as_today: sum(&|one| one.as_today.value).round() as i64,
        value: sum(&|one| one.chosen().value).round() as i64,
        missed,
        already: planned.iter().filter(is_already).count() as u64,
        rows,
        remarks,
    }
}

fn row(basis: &Basis, one: &Planned) -> MarkdownRow {
    let row = basis.rows[one.place] as usize;
    let prices = one.prices();
    let (low, high) = basis.products.seen[one.place];
    MarkdownRow {
        sku: basis.snapshot.products.sku.get(row).to_owned(),
        name: basis.snapshot.products.name.get(row).to_owned(),
        grade: basis.grades[one.place],
        price_minor: basis.products.price[one.place].round() as i64,
        stock: one.stock,
        units: basis.products.units[one.place],
        left: one.chosen().left,
        left_as_today: one.as_today.left,
        value: one.chosen().value.round() as i64,
        value_as_today: one.as_today.value.round() as i64,
        target_costs: (one.plan.best.value - one.chosen().value).round() as i64,
        met: one.plan.to_target.is_some(),
        extrapolated: prices.iter().any(|price| (*price as f64) < low - 0.5 || *price as f64 > high + 0.5),
        prices,
    }
}
