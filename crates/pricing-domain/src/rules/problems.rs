//! What makes a rule set unusable.

use serde::{Deserialize, Serialize};

use super::guardrails::{Ceiling, ChannelFee, EndingBand, FloorAmount, Guardrails, PriceEnding, SoftLimit};
use super::strategies::{CompetitorReference, Strategy};
use super::two_way_tables::constant;
use super::{FamilyOrder, Rule, RuleSet, Validity};
use crate::money::BasisPoints;

/// Guardrails of one kind that every match of holds.
const MOST_PRICE_FLOORS: usize = 32;

/// Laws for families; each is one pass over the catalogue.
const MOST_LAWS: usize = 32;

/// Groups within groups beyond this are refused: nobody reads them.
const DEEPEST_GROUP: usize = 8;

/// Why a rule set cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{place}: {reason}")]
pub struct RuleSetProblem {
    /// The rule or part, by name.
    pub place: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// Collects what is wrong.
#[derive(Default)]
pub(super) struct Report(pub(super) Vec<RuleSetProblem>);

impl Report {
    pub(super) fn unless(&mut self, holds: bool, place: &str, reason: &str) {
        if !holds {
            self.0.push(RuleSetProblem { place: place.to_owned(), reason: reason.to_owned() });
        }
    }
}

impl RuleSet {
    /// Everything that makes the rule set unusable, apart from the texts of conditions and formulas, which the rule
    /// language checks. Empty: it can be used.
    pub fn problems(&self) -> Vec<RuleSetProblem> {
        let mut report = Report::default();
        self.rules.iter().for_each(|rule| check_rule(rule, 1, &mut report));
        check_strategy("otherwise", &self.otherwise, &mut report);
        check_guardrails(&self.guardrails, &mut report);
        for band in &self.endings {
            let PriceEnding { step_minor, ending_minor } = band.ending;
            let lies_inside = step_minor > 0 && (0..step_minor).contains(&ending_minor);
            report.unless(lies_inside, "endings", "an ending lies between 0 and its step");
        }
        let ascending = self.endings.iter().enumerate().all(|(place, band)| {
            let mut before = self.endings[..place].iter().filter(|other| is_together(band, other));
            before.all(|other| other.from_minor < band.from_minor)
        });
        report.unless(ascending, "endings", "bands are in ascending order");
        report.0
    }
}

/// Whether two bands may hold on the same list.
fn is_together(one: &EndingBand, other: &EndingBand) -> bool {
    let is_named = |code: &String| other.lists.iter().any(|name| name.eq_ignore_ascii_case(code));
    match (one.lists.is_empty(), other.lists.is_empty()) {
        (true, true) => one.currency == other.currency,
        (false, false) => one.lists.iter().any(is_named),
        _ => false,
    }
}

fn check_rule(rule: &Rule, depth: usize, report: &mut Report) {
    let Validity { from, to, hours, .. } = &rule.valid;
    let in_order = from.zip(*to).is_none_or(|(from, to)| from <= to);
    report.unless(in_order, &rule.name, "its first day is not after its last");
    let full_hours = hours.is_none_or(|hours| hours.from < 24 && (1..=24).contains(&hours.to));
    report.unless(full_hours, &rule.name, "hours run from 0 to 24");
    if rule.rules.is_empty() {
        check_strategy(&rule.name, &rule.strategy, report);
    }
    rule.fallback.iter().for_each(|strategy| check_strategy(&rule.name, strategy, report));
    report.unless(depth <= DEEPEST_GROUP, &rule.name, "groups are nested at most eight deep");
    if depth <= DEEPEST_GROUP {
        rule.rules.iter().for_each(|inner| check_rule(inner, depth + 1, report));
    }
}

fn check_strategy(place: &str, strategy: &Strategy, report: &mut Report) {
    let ascending =
        |days: &mut dyn Iterator<Item = u32>| days.collect::<Vec<_>>().is_sorted_by(|one, other| one < other);
    match strategy {
        Strategy::CostPlusMargin { margin } => {
            report.unless((-10_000..10_000).contains(&margin.0), place, "a margin of the net price is below 100 %");
        }
        Strategy::CostPlusMarkup { markup } => {
            report.unless(markup.0 > -10_000, place, "a markup is above −100 %");
        }
        Strategy::Competitor { reference, .. } => check_reference(place, reference, report),
        Strategy::IndexTarget { reference, index, by_category, .. } => {
            check_reference(place, reference, report);
            let mut indexes = by_category.iter().map(|one| one.index).chain([*index]);
            report.unless(indexes.all(|index| index.0 > 0), place, "a price index is above zero");
            let paths: Vec<Vec<String>> = by_category.iter().map(|one| category_path(&one.category)).collect();
            let named = paths.iter().all(|path| path.iter().all(|part| !part.is_empty()));
            report.unless(named, place, "each target names a category");
            let once = paths.iter().enumerate().all(|(number, path)| !paths[..number].contains(path));
            report.unless(once, place, "a category has one target");
        }
        Strategy::Follow { list, product, .. } => {
            report.unless(list.is_some() != product.is_some(), place, "follow either a price list or a product");
        }
        Strategy::StockCover { bands } => {
            report.unless(!bands.is_empty(), place, "name at least one band of stock cover");
            report.unless(
                ascending(&mut bands.iter().map(|band| band.from_days)),
                place,
                "bands are in ascending order",
            );
            let positive = bands.iter().all(|band| band.change.0 > -10_000);
            report.unless(positive, place, "a price cannot fall by 100 %");
        }
        Strategy::Markdown { steps, .. } => {
            report.unless(!steps.is_empty(), place, "name at least one step of the markdown");
            report.unless(
                ascending(&mut steps.iter().map(|step| step.after_days)),
                place,
                "steps are in ascending order",
            );
            let inside = steps.iter().all(|step| (0..10_000).contains(&step.off.0));
            report.unless(inside, place, "between 0 and 100 % is taken off");
        }
        Strategy::Table { bands, .. } => {
            let begins = bands.first().is_some_and(|band| band.from.is_none());
            report.unless(begins, place, "the first band of a table has no lower end");
            let others = bands.iter().skip(1).all(|band| band.from.is_some());
            report.unless(others, place, "every band of a table but the first has a lower end");
            let ends: Option<Vec<i64>> = bands.iter().filter_map(|band| band.from.as_deref()).map(constant).collect();
            let rises = ends.is_none_or(|ends| ends.is_sorted_by(|one, other| one < other));
            report.unless(rises, place, "the bands of a table are in ascending order");
        }
        Strategy::TwoWayTable(table) => table.check(place, report),
        Strategy::Keep | Strategy::RecommendedPrice { .. } | Strategy::Formula(_) => {}
    }
}

/// A category path as paths are compared: part by part, without blanks around them, in lower case.
fn category_path(path: &str) -> Vec<String> {
    path.split('>').map(|part| part.trim().to_lowercase()).collect()
}

fn check_reference(place: &str, reference: &CompetitorReference, report: &mut Report) {
    match reference {
        CompetitorReference::Nth(n) => report.unless(*n > 0, place, "positions count from 1"),
        CompetitorReference::Named(names) => report.unless(!names.is_empty(), place, "name at least one competitor"),
        CompetitorReference::Weighted(weights) => {
            let weighs = !weights.is_empty() && weights.iter().all(|one| one.weight > 0);
            report.unless(weighs, place, "name at least one competitor, each with a weight above zero");
        }
        _ => {}
    }
}

fn check_soft(limit: SoftLimit, report: &mut Report) {
    let (fits, reason) = match limit {
        SoftLimit::Margin(margin) => (margin.0 < 10_000, "a margin of the net price is below 100 %"),
        SoftLimit::Markup(markup) => (markup.0 > -10_000, "a markup is above −100 %"),
        SoftLimit::AtLeastMinor(amount) => (amount > 0, "an amount is above zero"),
        SoftLimit::Ceiling(Ceiling::OfRecommended(share) | Ceiling::OfCompetitors(share)) => {
            (share.0 > 0, "a ceiling is above zero")
        }
        SoftLimit::Ceiling(Ceiling::AmountMinor(amount)) => (amount > 0, "a ceiling is above zero"),
        SoftLimit::StepUp(step) | SoftLimit::StepDown(step) => (step.0 > 0, "a largest step is above zero"),
    };
    report.unless(fits, "warn", reason);
}

fn check_guardrails(guardrails: &Guardrails, report: &mut Report) {
    for floor in &guardrails.floors {
        report.unless(floor.margin.0 < 10_000, "floor", "a margin of the net price is below 100 %");
    }
    let steps = [guardrails.step, guardrails.step_per_day, guardrails.step_per_week];
    for limit in steps.iter().flat_map(|step| [step.up, step.down]).flatten() {
        report.unless(limit.0 > 0, "step", "a largest step is above zero");
    }
    let some_changes = guardrails.changes_per_week.is_none_or(|changes| changes > 0);
    report.unless(some_changes, "changes a week", "allow at least one change a week, or lock the prices");
    let fits = guardrails.spiral.is_none_or(|spiral| spiral.rounds > 0 && (1..=28).contains(&spiral.days));
    report.unless(fits, "spiral", "a spiral has at least one round within 1 to 28 days");
    report.unless(guardrails.families.len() <= MOST_LAWS, "families", "at most 32 laws for families");
    for law in &guardrails.families {
        match &law.order {
            FamilyOrder::OwnBrandBelow(distance) => report.unless(
                (0..10_000).contains(&distance.0),
                "families",
                "an own brand costs between 0 and 100 % less than others",
            ),
            FamilyOrder::RisesThroughTags { tags, by } => {
                report.unless(tags.len() > 1, "families", "name at least two tags, from the cheapest to the dearest");
                report.unless((0..=100_000).contains(&by.0), "families", "a distance lies between 0 and 1,000 %");
            }
            _ => {}
        }
    }
    for fee in &guardrails.channel_fees {
        let inside = (0..10_000).contains(&fee.percent.0) && fee.fixed_minor >= 0;
        report.unless(inside, "channel fee", "a fee lies between 0 and 100 % and is not negative");
    }
    for floor in &guardrails.floors {
        let meets = |fee: &&ChannelFee| fee.scope.0.is_empty() || floor.scope.0.is_empty() || fee.scope == floor.scope;
        let is_left = guardrails.channel_fees.iter().filter(meets).all(|fee| floor.margin.0 + fee.percent.0 < 10_000);
        report.unless(is_left, "floor", "a margin and a channel's fee together are below 100 %, or no price earns it");
    }
    for floor in &guardrails.price_floors {
        let fits = match floor.floor {
            FloorAmount::Markup(markup) => markup.0 > -10_000,
            FloorAmount::AmountMinor(amount) => amount > 0,
        };
        report.unless(fits, "floor", "a markup is above −100 %, an amount above zero");
    }
    for ceiling in guardrails.ceilings.iter().map(|one| one.ceiling).chain(guardrails.ceiling) {
        let fits = match ceiling {
            Ceiling::OfRecommended(BasisPoints(share)) | Ceiling::OfCompetitors(BasisPoints(share)) => share > 0,
            Ceiling::AmountMinor(amount) => amount > 0,
        };
        report.unless(fits, "ceiling", "a ceiling is above zero");
    }
    for soft in &guardrails.warnings {
        check_soft(soft.limit, report);
    }
    report.unless(guardrails.warnings.len() <= MOST_PRICE_FLOORS, "guardrails", "at most 32 limits that warn");
    let few = guardrails.price_floors.len() <= MOST_PRICE_FLOORS && guardrails.ceilings.len() <= MOST_PRICE_FLOORS;
    report.unless(few, "guardrails", "at most 32 further floors and 32 further ceilings");
}
