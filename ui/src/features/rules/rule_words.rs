//! Rules in words.

use pricing_domain::{
    Adjustment, BasisPoints, Ceiling, CompetitorReference, FamilyOrder, Rule, RuleSet, Scope, ScopeTest, Strategy,
    decimal_text,
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
    let mut text = strategy(&rule.strategy);
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
        Strategy::Competitor { reference, adjust, offers } => {
            let reference = match reference {
                CompetitorReference::Lowest => "the lowest competitor".to_owned(),
                CompetitorReference::Nth(place) => format!("competitor number {place} from below"),
                CompetitorReference::Average => "the competitors' average".to_owned(),
                CompetitorReference::Median => "the competitors' median".to_owned(),
                CompetitorReference::Named(names) => names.join(", else "),
            };
            let shipping = if offers.with_shipping { ", with shipping" } else { "" };
            format!("{}{reference}{shipping}, prices up to {} h old", distance(adjust), offers.max_age_hours)
        }
        Strategy::CostPlusMargin { margin } => format!("cost plus a margin of {margin}"),
        Strategy::CostPlusMarkup { markup } => format!("cost plus {markup}"),
        Strategy::RecommendedPrice { adjust } => format!("{}the recommended price", distance(adjust)),
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
    if let Some(Ceiling::OfRecommended(share)) = guardrails.ceiling {
        lines.push(format!("At most {share} of the recommended price"));
    }
    lines.extend(guardrails.step.up.map(|limit| format!("At most {limit} upwards at once")));
    lines.extend(guardrails.step.down.map(|limit| format!("At most {limit} downwards at once")));
    if guardrails.no_cut_without_cost {
        lines.push("No cut where no cost is known".to_owned());
    }
    if let Some(FamilyOrder::PriceRisesWithContent) = guardrails.family_order {
        lines.push("Within a family, more content never costs less".to_owned());
    }
    lines.extend(rules.endings.iter().map(|band| {
        let text = |minor| decimal_text(minor, 2, 2);
        format!(
            "From {}: prices end on {} of every {}",
            text(band.from_minor),
            text(band.ending.ending_minor),
            text(band.ending.step_minor)
        )
    }));
    lines.extend(rules.approval_limit.map(|limit| format!("A change of more than {limit} needs a person")));
    lines
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
    let line = |one: &Rule| format!("{}: {}: {}", one.name, scope(&one.scope), rule(one));
    let otherwise = format!("Otherwise: {}", strategy(&rules.otherwise));
    rules.rules.iter().map(line).chain([otherwise]).chain(held(rules)).collect()
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
