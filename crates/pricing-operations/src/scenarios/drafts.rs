//! A scenario as a draft of the rules: its own rules, the index that it holds, or the margins of its best prices.

use std::collections::BTreeMap;

use app_contract::{ScenarioChange, ScenarioDraft, ScenarioInput, ScenarioPrices};
use pricing_domain::{
    BasisPoints, CompetitorReference, OfferPolicy, Rule, RuleSet, RuleSetState, Scope, ScopeTest, Strategy,
};
use pricing_store::Durability;

use super::Basis;
use super::changes::change;
use super::weeks::play_weeks;
use crate::{OperationError, Workspace};

/// Prices of a category from which a margin is taken.
const FEWEST_PRICES: usize = 3;

impl Workspace {
    /// Makes a draft. Refused where a scenario has nothing that a rule could say again tomorrow.
    pub async fn draft_scenario(&self, input: ScenarioInput) -> Result<ScenarioDraft, OperationError> {
        let basis = self.scenario_basis(&input).await?;
        let drafting = tokio::task::spawn_blocking(move || draft(&basis, &input));
        let (rules, remarks) = drafting.await.map_err(|error| OperationError::fault(error.to_string()))??;
        let mut op = self.begin("draft_scenario", Durability::Full).await?;
        op.save_rule_set(&rules, RuleSetState::Draft, None, &self.actor()).await?;
        op.commit(&format!("Made a draft of the rules of the scenario: “{}”", rules.name), false).await?;
        let versions = self.store.rule_set_versions().await?;
        let version = versions.first().map_or(0, |newest| newest.version);
        Ok(ScenarioDraft { version, name: rules.name, remarks })
    }
}

fn draft(basis: &Basis, input: &ScenarioInput) -> Result<(RuleSet, Vec<String>), OperationError> {
    let changed = change(basis, &input.changes, None)?;
    let mut rules = changed.rules.clone();
    let mut remarks = Vec::new();
    if rules != basis.rules {
        remarks.push("The scenario's own rules, as they are.".to_owned());
    }
    let mut first = Vec::new();
    for change in &input.changes {
        if let ScenarioChange::Index { target, competitor } = change {
            first.push(index_rule(*target, competitor));
            remarks.push(format!(
                "A rule holds each product's price at {target} % of {competitor}'s; the scenario moved all by one factor."
            ));
        }
    }
    if input.prices == ScenarioPrices::Best {
        let played = play_weeks(basis, input, changed, input.reaction)?;
        let (margins, met) = margin_rules(basis, &played.result.state.price, &played.result.state.cost);
        if !margins.is_empty() {
            remarks.push(format!(
                "{} rules by category give cost plus the middle margin of the best prices; {met:.0} % of the best prices \
                 are met within 2 % before guardrails and endings.",
                margins.len()
            ));
        }
        first.extend(margins);
    }
    if remarks.is_empty() {
        return Err(OperationError::refused(
            "This scenario changes no rule: prices moved once by percent are no rule. Make proposals of it instead.",
        ));
    }
    rules.rules.splice(0..0, first);
    let name = input.name.trim();
    rules.name = if name.is_empty() { "Scenario".to_owned() } else { format!("Scenario “{name}”") };
    Ok((rules, remarks))
}

fn index_rule(target: f64, competitor: &str) -> Rule {
    Rule {
        name: format!("Index {target} against {competitor}"),
        strategy: Strategy::IndexTarget {
            reference: CompetitorReference::Named(vec![competitor.to_owned()]),
            index: BasisPoints((target * 100.0).round() as i32),
            by_category: Vec::new(),
            offers: OfferPolicy::default(),
        },
        ..Rule::default()
    }
}

/// A rule for each category: cost plus the middle margin of its best prices, deeper categories first; with the percent of
/// the prices that they meet within 2 %.
fn margin_rules(basis: &Basis, prices: &[f64], costs: &[f64]) -> (Vec<Rule>, f64) {
    const NEAR: f64 = 0.02;
    let products = &basis.snapshot.products;
    let mut by_category: BTreeMap<&str, Vec<(f64, usize)>> = BTreeMap::new();
    for (place, row) in basis.rows.iter().enumerate() {
        let category = basis.snapshot.categories.text(products.category.get(*row as usize)).trim();
        let net = prices[place] / basis.products.tax[place];
        if !category.is_empty() && net > 0.0 && basis.has_margin(place) {
            by_category.entry(category).or_default().push((1.0 - costs[place] / net, place));
        }
    }
    let (mut rules, mut met, mut all) = (Vec::new(), 0usize, 0usize);
    for (category, mut margins) in by_category {
        if margins.len() < FEWEST_PRICES {
            continue;
        }
        margins.sort_by(|one, other| one.0.total_cmp(&other.0));
        let middle = margins[margins.len() / 2].0;
        let price = |place: usize| costs[place] / (1.0 - middle) * basis.products.tax[place];
        all += margins.len();
        met += margins.iter().filter(|(_, place)| (price(*place) / prices[*place] - 1.0).abs() <= NEAR).count();
        rules.push(Rule {
            name: format!("Margin of the best prices: {category}"),
            scope: Scope(vec![ScopeTest::Category(category.to_owned())]),
            strategy: Strategy::CostPlusMargin { margin: BasisPoints((middle * 10_000.0).round() as i32) },
            ..Rule::default()
        });
    }
    // A rule for a category holds for everything below it, so that what lies deeper is asked first.
    rules.reverse();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.name.matches('>').count()));
    (rules, if all == 0 { 0.0 } else { 100.0 * met as f64 / all as f64 })
}
