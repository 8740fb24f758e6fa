//! Names that nothing in the catalogue has, and price lists that follow each other.

use std::collections::BTreeSet;

use pricing_domain::{CategoryIndex, CompetitorReference, FlatRule, OfferPolicy, RuleSet, ScopeTest, Strategy};

use super::{About, Lint, LintKind, conditions};
use crate::engine::scope::{folded, is_within};
use crate::language::{Expects, TextField, check, nearest};
use crate::list_order::{follows, reaches};
use crate::offer_use::same_name;
use crate::snapshot::{Snapshot, families_in, tags_of};

/// Every name of a rule that nothing has.
pub(super) fn lints(about: &About<'_>, rule: &FlatRule<'_>, snapshot: &Snapshot) -> Vec<Lint> {
    let mut named = scope_names(rule);
    for strategy in [Some(rule.strategy()), rule.fallback()].into_iter().flatten() {
        named.extend(strategy_names(strategy));
        let typed = strategy.formula().and_then(|text| check(&text, Expects::Formula).ok());
        named.extend(typed.into_iter().flat_map(|typed| typed.named_values()));
    }
    for condition in conditions(rule) {
        let typed = check(condition, Expects::Condition).ok();
        named.extend(typed.into_iter().flat_map(|typed| typed.named_values()));
    }
    let mut seen = BTreeSet::new();
    named.retain(|(field, name)| seen.insert((field.name(), name.clone())));
    let unknown = named.into_iter().filter(|(field, name)| !is_known(*field, name, snapshot)).map(|(field, name)| {
        let what = field.name().replace('_', " ");
        format!("No {what} is called “{name}”.")
    });
    let messages = unknown.chain(attribute_messages(rule, snapshot));
    messages.map(|message| about.lint(LintKind::UnknownName, message, 0)).collect()
}

/// Free attributes and their texts that no product has, with the nearest that one has.
fn attribute_messages(rule: &FlatRule<'_>, snapshot: &Snapshot) -> Vec<String> {
    let mut named: Vec<(String, Vec<String>)> = Vec::new();
    for test in rule.path.iter().flat_map(|part| &part.scope.0) {
        if let ScopeTest::Attribute { name, texts } = test {
            named.push((name.clone(), texts.clone()));
        }
    }
    let formulas = [Some(rule.strategy()), rule.fallback()].into_iter().flatten().filter_map(Strategy::formula);
    let texts = formulas.map(|text| (text, Expects::Formula));
    let conditions = conditions(rule).map(|text| (text.to_owned(), Expects::Condition));
    for (text, expects) in texts.chain(conditions) {
        named.extend(check(&text, expects).into_iter().flat_map(|typed| typed.attribute_values()));
    }
    let fix = |found: Option<&str>| found.map_or_else(String::new, |known| format!(" Did you mean “{known}”?"));
    let mut messages: Vec<String> = Vec::new();
    for (name, texts) in named {
        let Some(place) = snapshot.attribute(&name) else {
            let known = nearest(&name, snapshot.attributes.iter().map(|column| &*column.name));
            messages.push(format!("No product has an attribute “{name}”.{}", fix(known)));
            continue;
        };
        let known = &snapshot.attributes[place].texts;
        let is_unknown = |text: &&String| !known.texts().any(|one| folded(one) == folded(text));
        for text in texts.iter().filter(is_unknown) {
            let near = fix(nearest(text, known.texts()));
            messages.push(format!("No product has “{text}” as its {name}.{near}"));
        }
    }
    let mut seen = BTreeSet::new();
    messages.retain(|message| seen.insert(message.clone()));
    messages
}

fn scope_names(rule: &FlatRule<'_>) -> Vec<(TextField, String)> {
    let tests = rule.path.iter().flat_map(|part| &part.scope.0);
    let all = |field: TextField, names: &[String]| names.iter().map(|name| (field, name.clone())).collect();
    tests
        .flat_map(|test| -> Vec<(TextField, String)> {
            match test {
                ScopeTest::Brand(names) => all(TextField::Brand, names),
                ScopeTest::Category(path) => vec![(TextField::Category, path.clone())],
                ScopeTest::Tag(tag) => vec![(TextField::Tag, tag.clone())],
                ScopeTest::PriceList(codes) => all(TextField::PriceList, codes),
                ScopeTest::Supplier(name) => vec![(TextField::Supplier, name.clone())],
                _ => Vec::new(),
            }
        })
        .collect()
}

fn strategy_names(strategy: &Strategy) -> Vec<(TextField, String)> {
    let (Strategy::Competitor { reference, offers, .. } | Strategy::IndexTarget { reference, offers, .. }) = strategy
    else {
        return Vec::new();
    };
    let OfferPolicy { only, .. } = offers;
    let named: Vec<String> = match reference {
        CompetitorReference::Named(names) => names.clone(),
        CompetitorReference::Weighted(weights) => weights.iter().map(|one| one.competitor.clone()).collect(),
        _ => Vec::new(),
    };
    let competitors = named.into_iter().chain(only.iter().cloned()).map(|name| (TextField::Competitor, name));
    let targets: &[CategoryIndex] = match strategy {
        Strategy::IndexTarget { by_category, .. } => by_category,
        _ => &[],
    };
    competitors.chain(targets.iter().map(|target| (TextField::Category, target.category.clone()))).collect()
}

fn is_known(field: TextField, name: &str, snapshot: &Snapshot) -> bool {
    let has = |dictionary: &crate::columns::Dictionary| dictionary.texts().any(|text| folded(text) == folded(name));
    match field {
        TextField::Brand => has(&snapshot.brands),
        TextField::Category => {
            snapshot.categories.texts().any(|text| is_within(text, name) || folded(text) == folded(name))
        }
        TextField::Supplier => has(&snapshot.suppliers),
        TextField::Family => snapshot.families.texts().flat_map(families_in).any(|one| folded(one) == folded(name)),
        TextField::Tag => snapshot.tag_sets.texts().any(|set| tags_of(set).any(|tag| folded(tag) == folded(name))),
        TextField::PriceList => snapshot.lists.iter().any(|list| folded(&list.code) == folded(name)),
        TextField::Currency => snapshot.lists.iter().any(|list| folded(list.currency.code()) == folded(name)),
        TextField::Competitor => snapshot.competitors.iter().any(|one| same_name(&one.name, name)),
        TextField::Sku => snapshot.row_of_sku(name).is_some(),
        TextField::Name | TextField::Attribute | TextField::AttributeName => true,
    }
}

/// Lists that follow each other in a circle: each run would chase the one before.
pub(super) fn follow_cycles(set: &RuleSet, snapshot: &Snapshot) -> Vec<Lint> {
    let follows = follows(set, snapshot);
    let mutual = |(one, other): &&(usize, usize)| one < other && reaches(&follows, *other, *one);
    let name = |list: usize| snapshot.lists[list].code.clone();
    follows
        .iter()
        .filter(mutual)
        .map(|(one, other)| Lint {
            kind: LintKind::FollowCycle,
            rule: None,
            name: set.name.clone(),
            message: format!("The price lists “{}” and “{}” follow each other.", name(*one), name(*other)),
            products: snapshot.row_count() as u64,
            skus: Vec::new(),
        })
        .collect()
}
