//! Scopes as conditions in a file, and back: only what a scope can say.

use pricing_domain::{Scope, ScopeTest};

use crate::language::{ScopePart, scope_parts};

/// Reads the scope that a condition is. `Err`: a scope cannot say that, or the text's own problem.
pub(super) fn read_scope(text: &str) -> Result<Scope, String> {
    if text.trim().is_empty() {
        return Ok(Scope::default());
    }
    let parts = scope_parts(text).map_err(|problem| problem.to_string())?;
    parts.into_iter().map(scope_test).collect::<Result<Vec<_>, _>>().map(Scope)
}

fn scope_test(part: ScopePart) -> Result<ScopeTest, String> {
    let words = |options: &[String]| options.join(", ");
    let number = |options: &[String]| {
        let text = options.first().map(String::as_str).unwrap_or_default();
        text.parse::<i64>().map_err(|_| format!("“{text}” is no whole number"))
    };
    let ScopePart { name, operator, options } = part;
    if let (Some(attribute), "in") = (name.strip_prefix("attribute."), operator.as_str()) {
        return Ok(ScopeTest::Attribute { name: attribute.to_owned(), texts: options });
    }
    let choices = options.iter().map(|option| option.to_lowercase());
    Ok(match (name.as_str(), operator.as_str()) {
        ("kvi", "is") => ScopeTest::KeyValue(true),
        ("kvi", "is not") => ScopeTest::KeyValue(false),
        ("own_brand", "is") => ScopeTest::OwnBrand(true),
        ("own_brand", "is not") => ScopeTest::OwnBrand(false),
        ("has cost", "is") => ScopeTest::HasCost(true),
        ("has cost", "is not") => ScopeTest::HasCost(false),
        ("no", "is") => ScopeTest::Brand(Vec::new()),
        ("brand", "in") => ScopeTest::Brand(options),
        ("price_list", "in") => ScopeTest::PriceList(options),
        ("category", "within") => ScopeTest::Category(words(&options)),
        ("tag", "in") if options.len() == 1 => ScopeTest::Tag(words(&options)),
        ("supplier", "in") if options.len() == 1 => ScopeTest::Supplier(words(&options)),
        ("role", "in") => ScopeTest::Role(choices.map(|word| word.parse()).collect::<Result<_, _>>()?),
        ("lifecycle", "in") => ScopeTest::Lifecycle(choices.map(|word| word.parse()).collect::<Result<_, _>>()?),
        ("stock", ">=") => ScopeTest::StockAtLeast(number(&options)?),
        ("stock", "<=") => ScopeTest::StockAtMost(number(&options)?),
        ("comp.count", ">=") => {
            let count = u32::try_from(number(&options)?);
            ScopeTest::OffersAtLeast(count.map_err(|_| "A number of offers is not negative".to_owned())?)
        }
        _ => return Err(format!("A scope cannot say “{name} {operator} {}”; write it behind “when”", words(&options))),
    })
}
