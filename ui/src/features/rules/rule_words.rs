//! Rules in words.

use pricing_domain::{
    Adjustment, BasisPoints, Ceiling, CompetitorReference, CompetitorWeight, CoverBand, EndingDirection, FlatRule,
    FloorAmount, MarkdownStep, Rule, RuleSet, Scope, ScopeTest, SoftLimit, Strategy, decimal_text,
};

use crate::words;

/// Which products a rule is for.
pub fn scope(scope: &Scope) -> String {
    match scope.0.as_slice() {
        [] => "every product".to_owned(),
        tests => tests.iter().map(test).collect::<Vec<_>>().join(" and "),
    }
}

/// One test of a scope.
pub fn test(test: &ScopeTest) -> String {
    let not = |holds: &bool, what: &str| if *holds { what.to_owned() } else { format!("not {what}") };
    match test {
        ScopeTest::Brand(brands) => format!("brand {}", brands.join(" or ")),
        ScopeTest::Category(category) => format!("category {category}"),
        ScopeTest::Role(roles) => {
            let roles: Vec<&str> = roles.iter().map(|role| words::role(*role)).collect();
            format!("role {}", roles.join(" or ").to_lowercase())
        }
        ScopeTest::KeyValue(holds) => not(holds, "key-value items"),
        ScopeTest::OwnBrand(holds) => not(holds, "own brand"),
        ScopeTest::Tag(tag) => format!("tag {tag}"),
        ScopeTest::Attribute { name, texts } => format!("{name} {}", texts.join(" or ")),
        ScopeTest::Lifecycle(stages) => {
            let stages: Vec<&str> = stages.iter().map(|stage| words::lifecycle(*stage)).collect();
            format!("stage {}", stages.join(" or ").to_lowercase())
        }
        ScopeTest::PriceList(lists) => format!("price list {}", lists.join(" or ")),
        ScopeTest::Supplier(supplier) => format!("supplier {supplier}"),
        ScopeTest::StockAtLeast(pieces) => format!("stock of {pieces} or more"),
        ScopeTest::StockAtMost(pieces) => format!("stock of {pieces} or less"),
        ScopeTest::OffersAtLeast(count) => format!("{count} or more competitor prices"),
        ScopeTest::HasCost(true) => "with a cost".to_owned(),
        ScopeTest::HasCost(false) => "without a cost".to_owned(),
    }
}

/// What a rule does, with what it does where an input is missing.
pub fn rule(rule: &Rule) -> String {
    let mut text = match rule.rules.len() {
        0 => strategy(&rule.strategy),
        count => format!("a group of {count} rules"),
    };
    if let Some(fallback) = &rule.fallback {
        text.push_str(&format!("; without the inputs for it: {}", strategy(fallback)));
    }
    if !rule.enabled {
        text.push_str(" (switched off)");
    }
    text
}

/// How a price is found.
pub fn strategy(strategy: &Strategy) -> String {
    match strategy {
        Strategy::Keep => "keep the price".to_owned(),
        Strategy::Formula(text) => text.clone(),
        Strategy::Follow { list: Some(code), adjust, .. } => format!("{}the price in {code}", distance(adjust)),
        Strategy::Follow { product, adjust, .. } => {
            format!("{}the price of {}", distance(adjust), product.as_deref().unwrap_or("no product"))
        }
        Strategy::IndexTarget { reference, index, by_category, .. } => {
            let text = |index: BasisPoints| decimal_text(i64::from(index.0), 2, 0);
            let targets = by_category.iter().map(|one| format!(", {} in {}", text(one.index), one.category));
            format!("index {} against {}{}", text(*index), reference_words(reference), targets.collect::<String>())
        }
        Strategy::StockCover { bands } => {
            let band = |band: &CoverBand| format!("from {} days {}", band.from_days, band.change);
            format!("by stock cover: {}", bands.iter().map(band).collect::<Vec<_>>().join(", "))
        }
        Strategy::Markdown { steps, .. } => {
            let step = |step: &MarkdownStep| format!("after {} days {} off", step.after_days, step.off);
            steps.iter().map(step).collect::<Vec<_>>().join(", ")
        }
        Strategy::TwoWayTable(table) => format!("a table by {} and {}", table.rows.of, table.columns.of),
        Strategy::Table { of, bands } => format!("a table of {} bands by {of}", bands.len()),
        Strategy::Competitor { reference, adjust, offers } => {
            let reference = reference_words(reference);
            let shipping = if offers.with_shipping { ", with shipping" } else { "" };
            format!("{}{reference}{shipping}, prices up to {} h old", distance(adjust), offers.max_age_hours)
        }
        Strategy::CostPlusMargin { margin } => format!("cost plus a margin of {margin}"),
        Strategy::CostPlusMarkup { markup } => format!("cost plus {markup}"),
        Strategy::RecommendedPrice { adjust } => format!("{}the recommended price", distance(adjust)),
    }
}

fn reference_words(reference: &CompetitorReference) -> String {
    match reference {
        CompetitorReference::Lowest => "the lowest competitor".to_owned(),
        CompetitorReference::Highest => "the highest competitor".to_owned(),
        CompetitorReference::Nth(place) => format!("competitor number {place} from below"),
        CompetitorReference::Average => "the competitors' average".to_owned(),
        CompetitorReference::Median => "the competitors' median".to_owned(),
        CompetitorReference::Named(names) => names.join(", else "),
        CompetitorReference::Weighted(weights) => {
            let one = |one: &CompetitorWeight| format!("{} × {}", one.competitor, one.weight);
            format!("the weighted average of {}", weights.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}

fn distance(adjust: &Adjustment) -> String {
    let side = |below: bool| if below { "below" } else { "above" };
    match adjust {
        Adjustment::Percent(BasisPoints(0)) | Adjustment::AmountMinor(0) | Adjustment::None => String::new(),
        Adjustment::Percent(share) => format!("{} {} ", BasisPoints(share.0.saturating_abs()), side(share.0 < 0)),
        Adjustment::AmountMinor(minor) => {
            format!("{} {} ", decimal_text(minor.saturating_abs(), 2, 2), side(*minor < 0))
        }
    }
}

/// The guardrails, the endings and the approval limit, a line each.
pub fn held(rules: &RuleSet) -> Vec<String> {
    let guardrails = &rules.guardrails;
    let cost = guardrails.cost_type.map_or("the latest cost", words::cost_type).to_lowercase();
    let mut lines: Vec<String> = guardrails
        .floors
        .iter()
        .map(|floor| format!("Margin of at least {} over {cost}: {}", floor.margin, scope(&floor.scope)))
        .collect();
    lines.extend(guardrails.price_floors.iter().map(|floor| {
        let least = match floor.floor {
            FloorAmount::Markup(markup) => format!("a markup of {markup}"),
            FloorAmount::AmountMinor(minor) => decimal_text(minor, 2, 2),
        };
        format!("At least {least}: {}", scope(&floor.scope))
    }));
    lines.extend(guardrails.ceiling.map(ceiling));
    lines.extend(guardrails.ceilings.iter().map(|one| format!("{}: {}", ceiling(one.ceiling), scope(&one.scope))));
    lines.extend(guardrails.channel_fees.iter().map(|fee| {
        format!("A channel keeps {} and {}: {}", fee.percent, decimal_text(fee.fixed_minor, 2, 2), scope(&fee.scope))
    }));
    lines.extend(guardrails.warnings.iter().map(|soft| {
        let limit = match soft.limit {
            SoftLimit::Margin(margin) => format!("margin of at least {margin}"),
            SoftLimit::Markup(markup) => format!("at least a markup of {markup}"),
            SoftLimit::AtLeastMinor(minor) => format!("at least {}", decimal_text(minor, 2, 2)),
            SoftLimit::Ceiling(one) => ceiling(one).to_lowercase(),
            SoftLimit::StepUp(step) => format!("at most {step} upwards at once"),
            SoftLimit::StepDown(step) => format!("at most {step} downwards at once"),
        };
        format!("Only warns: {limit}: {}", scope(&soft.scope))
    }));
    lines.extend(guardrails.hours_between_changes.map(|hours| format!("At least {hours} h between two changes")));
    lines.extend(guardrails.step.up.map(|limit| format!("At most {limit} upwards at once")));
    lines.extend(guardrails.step.down.map(|limit| format!("At most {limit} downwards at once")));
    for (within, step) in [("within a day", guardrails.step_per_day), ("within a week", guardrails.step_per_week)] {
        lines.extend(step.up.map(|limit| format!("At most {limit} upwards {within}")));
        lines.extend(step.down.map(|limit| format!("At most {limit} downwards {within}")));
    }
    lines.extend(guardrails.changes_per_week.map(|most| format!("At most {most} changes within a week")));
    lines.extend(guardrails.spiral.map(|spiral| {
        format!("No more cuts after undercutting each other {} times within {} days", spiral.rounds, spiral.days)
    }));
    if guardrails.no_cut_without_cost {
        lines.push("No cut where no cost is known".to_owned());
    }
    lines
        .extend(guardrails.families.iter().map(|law| format!("Within a family, {}: {}", law.order, scope(&law.scope))));
    lines.extend(rules.endings.iter().map(|band| {
        let text = |minor| decimal_text(minor, 2, 2);
        let side = match band.direction {
            EndingDirection::Nearest => "",
            EndingDirection::Up => ", the next above",
            EndingDirection::Down => ", the next below",
        };
        let lists = if band.lists.is_empty() { String::new() } else { format!(", on {}", band.lists.join(", ")) };
        let currency = band.currency.map(|currency| format!(", in {currency}")).unwrap_or_default();
        format!(
            "From {}: prices end on {} of every {}{side}{lists}{currency}",
            text(band.from_minor),
            text(band.ending.ending_minor),
            text(band.ending.step_minor)
        )
    }));
    lines.extend(rules.approval_limit.map(|limit| format!("A change of more than {limit} needs a person")));
    lines
}

fn ceiling(ceiling: Ceiling) -> String {
    match ceiling {
        Ceiling::OfRecommended(share) => format!("At most {share} of the recommended price"),
        Ceiling::AmountMinor(minor) => format!("At most {}", decimal_text(minor, 2, 2)),
        Ceiling::OfCompetitors(share) => format!("At most {share} of the competitors' average"),
    }
}

/// What differs between two rule sets, a line each: what `then` has and `now` has not (−), and the other way round (+).
pub fn differences(then: &RuleSet, now: &RuleSet) -> Vec<String> {
    let mut lines = Vec::new();
    if then.name != now.name {
        lines.push(format!("Name: “{}” → “{}”", then.name, now.name));
    }
    let (before, after) = (rule_lines(then), rule_lines(now));
    lines.extend(before.iter().filter(|line| !after.contains(line)).map(|line| format!("− {line}")));
    lines.extend(after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}")));
    if lines.is_empty() && then != now {
        lines.push("The same rules in another order, or with other details.".to_owned());
    }
    lines
}

fn rule_lines(rules: &RuleSet) -> Vec<String> {
    let line = |one: FlatRule<'_>| {
        let (name, inner) = (one.name(), one.rule());
        let condition = inner.condition.as_ref().map_or(String::new(), |text| format!(" where {text}"));
        format!("{name}: {}{condition}: {}", scope(&inner.scope), rule(inner))
    };
    let otherwise = format!("Otherwise: {}", strategy(&rules.otherwise));
    rules.flat_rules().into_iter().map(line).chain([otherwise]).chain(held(rules)).collect()
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Adjustment, BasisPoints, CompetitorReference, OfferPolicy, Scope, ScopeTest, Strategy};

    use super::{scope, strategy};

    #[test]
    fn a_rule_reads_like_a_sentence() {
        let follow = Strategy::Competitor {
            reference: CompetitorReference::Lowest,
            adjust: Adjustment::Percent(BasisPoints(-100)),
            offers: OfferPolicy::default(),
        };
        assert_eq!(strategy(&follow), "1 % below the lowest competitor, prices up to 72 h old");
        let tests = vec![ScopeTest::KeyValue(true), ScopeTest::OffersAtLeast(2)];
        assert_eq!(scope(&Scope(tests)), "key-value items and 2 or more competitor prices");
    }
}
