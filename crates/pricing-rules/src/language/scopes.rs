//! Scopes as conditions: the same products, in words.

use pricing_domain::{Scope, ScopeTest};

use super::print::quoted;

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
