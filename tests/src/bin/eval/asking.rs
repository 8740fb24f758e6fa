//! Asks the way a script does: a line in the form of `omnipricex extract --jsonl` and its kin, answered by the same
//! code, so that what is scored is what a script gets.

use std::path::Path;

use app_commands::reading::{PageAnswer, PriceText, Questions, Reader};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What `omnipricex extract --jsonl` answers for a row of a collection.
pub fn page(folder: &Path, row: &Value) -> PageAnswer {
    let question = json!({"id": row["id"], "url": row["url"], "file": row["file"]});
    answer(&Reader::new(Questions::Pages, vec![folder.to_owned()]), &question)
}

/// What `omnipricex parse-price --jsonl` answers for a row of the price texts.
pub fn price(row: &Value) -> PriceText {
    let question = json!({
        "id": row["id"],
        "text": row["input"],
        "currency_hint": row["currency_hint"],
        "decimal_separator": row["decimal_separator"],
    });
    answer(&Reader::new(Questions::Prices, Vec::new()), &question)
}

/// What `omnipricex robots --jsonl` answers for a case.
pub fn allowed(reader: &Reader, case: &Value) -> Option<bool> {
    let answered = reader.answer(case.to_string().as_bytes());
    serde_json::from_str::<Value>(&answered.json).ok()?["allowed"].as_bool()
}

fn answer<T: DeserializeOwned>(reader: &Reader, question: &Value) -> T {
    let answered = reader.answer(question.to_string().as_bytes());
    serde_json::from_str(&answered.json)
        .unwrap_or_else(|error| panic!("{question} was answered with {}: {error}", answered.json))
}
