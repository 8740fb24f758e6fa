//! Scopes as conditions: the same products, in words.

use pricing_domain::{Scope, ScopeTest, attribute_name};

use super::check::attribute_of;
use super::names::{ATTRIBUTE, attribute_text, find_name};
use super::parser::parse;
use super::print::{print, quoted};
use super::problems::LanguageProblem;
use super::syntax::{Expression, Kind, Operator};

/// A scope as the text of a condition that holds for the same products; empty for a scope of every product.
pub fn scope_text(scope: &Scope) -> String {
    scope.0.iter().map(test_text).collect::<Vec<_>>().join(" and ")
}

fn test_text(test: &ScopeTest) -> String {
    match test {
        ScopeTest::Brand(brands) => texts("brand", brands),
        ScopeTest::Category(path) => format!("category within {}", quoted(path)),
        ScopeTest::Role(roles) => words("role", roles.iter().map(|role| role.as_str())),
        ScopeTest::KeyValue(wanted) => flag("kvi", *wanted),
        ScopeTest::OwnBrand(wanted) => flag("own_brand", *wanted),
        ScopeTest::Tag(tag) if tag.trim().is_empty() => "no".into(),
        ScopeTest::Tag(tag) => format!("tag = {}", quoted(tag)),
        ScopeTest::Attribute { name, texts: options } => match attribute_name(name) {
            Some(name) => texts(&attribute_text(&name), options),
            None => "no".into(),
        },
        ScopeTest::Lifecycle(stages) => words("lifecycle", stages.iter().map(|stage| stage.as_str())),
        ScopeTest::PriceList(codes) => texts("price_list", codes),
        ScopeTest::Supplier(name) => texts("supplier", std::slice::from_ref(name)),
        ScopeTest::StockAtLeast(pieces) => format!("stock >= {pieces}"),
        ScopeTest::StockAtMost(pieces) => format!("stock <= {pieces}"),
        ScopeTest::OffersAtLeast(count) => format!("comp.count >= {count}"),
        ScopeTest::HasCost(true) => "has(cost)".into(),
        ScopeTest::HasCost(false) => "not has(cost)".into(),
    }
}

fn flag(name: &str, wanted: bool) -> String {
    if wanted { name.to_owned() } else { format!("not {name}") }
}

/// `brand = "A"`, `brand in ("A", "B")`; empty texts match nothing, as in a scope.
fn texts(name: &str, texts: &[String]) -> String {
    let named: Vec<String> = texts.iter().filter(|text| !text.trim().is_empty()).map(|text| quoted(text)).collect();
    one_or_many(name, &named)
}

fn words<'a>(name: &str, words: impl Iterator<Item = &'a str>) -> String {
    one_or_many(name, &words.map(str::to_owned).collect::<Vec<_>>())
}

fn one_or_many(name: &str, options: &[String]) -> String {
    match options {
        [] => "no".into(),
        [only] => format!("{name} = {only}"),
        many => format!("{name} in ({})", many.join(", ")),
    }
}

/// A part of a condition that is nothing but such parts joined by “and”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScopePart {
    /// The name it is about.
    pub(crate) name: String,
    /// `is`, `is not`, `in`, `within`, `>=`, `<=`.
    pub(crate) operator: String,
    /// What it is compared with.
    pub(crate) options: Vec<String>,
}

/// Takes a condition apart at its “and”s. What has another shape becomes a part that no scope knows.
pub(crate) fn scope_parts(text: &str) -> Result<Vec<ScopePart>, LanguageProblem> {
    let mut parts = Vec::new();
    collect(&parse(text)?, &mut parts);
    Ok(parts)
}

fn collect(expression: &Expression, parts: &mut Vec<ScopePart>) {
    match &expression.kind {
        Kind::Binary { operator: Operator::And, left, right } => {
            collect(left, parts);
            collect(right, parts);
        }
        _ => parts.push(part(expression).unwrap_or_else(|| ScopePart {
            name: print(expression),
            operator: String::new(),
            options: Vec::new(),
        })),
    }
}

fn part(expression: &Expression) -> Option<ScopePart> {
    let made = |name: &str, operator: &str, options: Vec<String>| {
        let name = find_name(name).map_or(name, |known| known.name).to_owned();
        Some(ScopePart { name, operator: operator.to_owned(), options })
    };
    match &expression.kind {
        Kind::Name(name) => made(name, "is", Vec::new()),
        Kind::Call { name, arguments, .. } if name.eq_ignore_ascii_case("has") => match &arguments.first()?.kind {
            Kind::Name(name) => made(&format!("has {}", name.to_lowercase()), "is", Vec::new()),
            _ => None,
        },
        Kind::Not(inner) => {
            let inner = part(inner).filter(|inner| inner.operator == "is")?;
            Some(ScopePart { operator: "is not".into(), ..inner })
        }
        Kind::Binary { operator, left, right } => {
            let name = &field_name(left)?;
            let operator = if *operator == Operator::Equal { "in" } else { operator.text() };
            made(name, operator, vec![option(right)?])
        }
        Kind::In { subject, options, negated: false } => {
            let name = &field_name(subject)?;
            made(name, "in", options.iter().map(option).collect::<Option<_>>()?)
        }
        _ => None,
    }
}

/// The name of a field, of a free attribute as `attribute.` and its own name.
fn field_name(expression: &Expression) -> Option<String> {
    if let Some(attribute) = attribute_of(expression) {
        return Some(format!("{ATTRIBUTE}.{attribute}"));
    }
    let Kind::Name(name) = &expression.kind else { return None };
    Some(name.clone())
}

fn option(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Text(text) | Kind::Name(text) | Kind::Number(text) => Some(text.clone()),
        Kind::Negate(inner) => Some(format!("-{}", option(inner)?)),
        _ => None,
    }
}
