//! Arguments of a call, validated: names, types and needed ones, with messages that a model can mend its call by.

use serde_json::{Map, Value};

use super::specs::{Kind, Spec};

/// Longest text of an argument, in bytes.
const LONGEST: usize = 500;

/// The arguments of a call that fit its tool.
#[derive(Debug)]
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Checks arguments against their tool.
    pub(crate) fn check(spec: &Spec, given: &Value) -> Result<Self, String> {
        let Value::Object(given) = given else {
            return Err(format!("The arguments of {} must be a JSON object.", spec.name));
        };
        let mut kept = Map::new();
        for (name, value) in given {
            let Some(parameter) = spec.all().find(|one| one.name == name) else {
                let known: Vec<&str> = spec.all().map(|one| one.name).collect();
                return Err(format!("{} has no argument “{}”. It has: {}.", spec.name, short(name), known.join(", ")));
            };
            // Many models fill in what they do not mean with nothing.
            if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
                continue;
            }
            let value = fitting(parameter.kind, value).ok_or_else(|| wrong(name, parameter.kind))?;
            kept.insert(name.clone(), value);
        }
        match spec.all().find(|one| one.needed && !kept.contains_key(one.name)) {
            Some(missing) => Err(format!("{} needs “{}”: {}.", spec.name, missing.name, missing.about)),
            None => Ok(Self(kept)),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(crate) fn whole(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A decimal number as an integer scaled by 10^`digits`; further digits are refused.
    pub(crate) fn scaled(&self, name: &str, digits: u8) -> Result<Option<i64>, String> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let text = value.to_string();
        let read = pricing_domain::parse_scaled(&text, digits);
        read.map(Some).ok_or_else(|| format!("“{name}” may have {digits} decimals at most."))
    }

    /// A percentage in basis points, between −90 % and 1,000 %.
    pub(crate) fn percent(&self, name: &str) -> Result<Option<i32>, String> {
        let Some(bp) = self.scaled(name, 2)? else { return Ok(None) };
        let fits = (-9_000..=100_000).contains(&bp);
        i32::try_from(bp).ok().filter(|_| fits).map(Some).ok_or_else(|| format!("“{name}” is beyond what makes sense."))
    }

    /// The arguments for people: `brand: Zorvik, limit: 5`.
    pub(crate) fn words(&self) -> String {
        let word = |(name, value): (&String, &Value)| match value {
            Value::String(text) => format!("{name}: {text}"),
            other => format!("{name}: {other}"),
        };
        self.0.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(40).collect()
}

/// The value as its kind; numbers that were written as text are taken for numbers.
fn fitting(kind: Kind, value: &Value) -> Option<Value> {
    let number = || match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) => serde_json::from_str::<Value>(text.trim().trim_end_matches('%').trim()).ok(),
        _ => None,
    };
    match kind {
        Kind::Text => match value {
            Value::String(text) if text.len() <= LONGEST => Some(Value::String(text.trim().to_owned())),
            Value::Number(number) => Some(Value::String(number.to_string())),
            _ => None,
        },
        Kind::Number => number().filter(Value::is_number),
        Kind::Whole => number().filter(|value| value.as_i64().is_some()),
        Kind::Flag => match value {
            Value::Bool(_) => Some(value.clone()),
            Value::String(text) => text.parse().ok().map(Value::Bool),
            _ => None,
        },
        Kind::Choice(choices) => {
            let text = value.as_str()?.trim().to_lowercase().replace([' ', '-'], "_");
            choices.contains(&text.as_str()).then_some(Value::String(text))
        }
    }
}

fn wrong(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Text => format!("“{name}” must be a text of {LONGEST} bytes at most."),
        Kind::Number => format!("“{name}” must be a number."),
        Kind::Whole => format!("“{name}” must be a whole number."),
        Kind::Flag => format!("“{name}” must be true or false."),
        Kind::Choice(choices) => format!("“{name}” must be one of: {}.", choices.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Arguments;
    use crate::tools::specs::find;

    fn check(tool: &str, arguments: serde_json::Value) -> Result<Arguments, String> {
        Arguments::check(find(tool).expect("a tool"), &arguments)
    }

    #[test]
    fn arguments_are_named_typed_and_complete() {
        assert!(check("get_product", json!({ "sku": "A-1", "about": "why" })).is_ok());
        for (tool, arguments, says) in [
            ("get_product", json!({}), "needs “sku”"),
            ("get_product", json!({ "sku": "A", "price": 3 }), "no argument “price”"),
            ("get_product", json!({ "sku": "A", "about": "everything" }), "one of"),
            ("get_product", json!("A-1"), "JSON object"),
            ("find_products", json!({ "limit": "many" }), "whole number"),
            ("draft_rule", json!({ "by": "lowest_offer", "percent": "lots" }), "must be a number"),
        ] {
            let said = check(tool, arguments.clone()).expect_err("refused");
            assert!(said.contains(says), "{tool} {arguments}: {said}");
        }
    }

    #[test]
    fn what_models_write_loosely_is_read_where_it_is_plain() {
        let read =
            check("find_products", json!({ "limit": "5", "margin_below": "10 %", "brand": null, "sort": "Margin" }))
                .expect("plain");
        assert_eq!(read.whole("limit"), Some(5));
        assert_eq!(read.percent("margin_below"), Ok(Some(1_000)));
        assert_eq!((read.text("brand"), read.text("sort")), (None, Some("margin")));
        let huge = check("draft_rule", json!({ "by": "lowest_offer", "percent": -95 })).expect("a number");
        assert!(huge.percent("percent").is_err());
    }
}
