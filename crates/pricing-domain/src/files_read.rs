//! Files of JSON that people write: a key that nothing reads is a mistake and not a remark, because what it was meant
//! to say would not hold.

use serde::Serialize;
use serde_json::Value;

/// The keys of a text of JSON that did not reach the value read from it, each with its line, counted from 1. Keys
/// without content (`null`, an empty text, list or object) say nothing and are none.
pub fn unknown_keys<T: Serialize>(text: &str, read: &T) -> Vec<(usize, String)> {
    let (Ok(stated), Ok(known)) = (serde_json::from_str::<Value>(text), serde_json::to_value(read)) else {
        return Vec::new();
    };
    let mut unknown = Vec::new();
    compare(&stated, &known, &mut unknown);
    unknown.into_iter().map(|key| (line_of(text, &key), key)).collect()
}

fn compare(stated: &Value, known: &Value, unknown: &mut Vec<String>) {
    match (stated, known) {
        (Value::Object(stated), Value::Object(known)) => {
            for (key, value) in stated {
                match known.get(key) {
                    Some(known) => compare(value, known, unknown),
                    None if says_nothing(value) => {}
                    None => unknown.push(key.clone()),
                }
            }
        }
        (Value::Array(stated), Value::Array(known)) => {
            stated.iter().zip(known).for_each(|(stated, known)| compare(stated, known, unknown));
        }
        _ => {}
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(says_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn line_of(text: &str, key: &str) -> usize {
    let place = text.find(&format!("\"{key}\"")).unwrap_or(0);
    1 + text[..place].matches('\n').count()
}

#[cfg(test)]
mod tests {
    use crate::{ApprovalPolicy, unknown_keys};

    #[test]
    fn a_key_that_nothing_reads_is_named_with_its_line() {
        let text = "{\"enabled\": true, \"lines\": [\n {\"name\": \"a\", \"largest_cutt\": 300, \"scope\": []}\n]}";
        let policy: ApprovalPolicy = serde_json::from_str(text).expect("stored ones of later versions are read");
        assert_eq!(unknown_keys(text, &policy), [(2, "largest_cutt".to_owned())]);
        let right = text.replace("largest_cutt", "largest_cut");
        let policy: ApprovalPolicy = serde_json::from_str(&right).expect("a policy");
        assert_eq!(unknown_keys(&right, &policy), []);
    }
}
