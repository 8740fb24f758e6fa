//! Scenarios as files: TOML, or JSON with the same words.

use std::path::Path;
use std::str::FromStr;

use app_contract::ScenarioInput;
use pricing_domain::{GridFilter, UnknownFilter};
use serde_json::{Value, json};

use crate::{OperationError, read_rules};

/// What a file of a scenario looks like.
const WORDS: &str = "A scenario is TOML or JSON; `omnipricex scenario run --help` has an example.";

/// Reads a scenario. A change of kind `rules` may name a `file`, relative to the scenario's own folder.
///
/// Errors: the file cannot be read, its words do not fit, or the rules it names are refused.
pub fn read_scenario(path: &Path) -> Result<ScenarioInput, OperationError> {
    let name = path.display();
    let refused = |reason: String| OperationError::refused(format!("{name}: {reason}"));
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    if text.trim().is_empty() {
        return Err(refused(format!("The file is empty. {WORDS}")));
    }
    let mut value: Value = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?
    } else {
        toml::from_str(&text).map_err(|error| refused(format!("The file is no scenario. {WORDS}\n{error}")))?
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    for change in value.get_mut("changes").and_then(Value::as_array_mut).into_iter().flatten() {
        let file = change.get("file").and_then(Value::as_str).map(str::to_owned);
        if let Some(file) = file.filter(|_| change.get("kind").is_some_and(|kind| kind == "rules")) {
            *change = json!({ "kind": "rules", "rule_set": read_rules(&folder.join(file))? });
        }
    }
    spell_filters(&mut value).map_err(|error| refused(error.to_string()))?;
    serde_json::from_value(value).map_err(|error| refused(error.to_string()))
}

/// Filters written as on the command line (`brand:Sony`), wherever a scenario has them.
fn spell_filters(value: &mut Value) -> Result<(), UnknownFilter> {
    match value {
        Value::Array(values) => values.iter_mut().try_for_each(spell_filters),
        Value::Object(fields) => fields.iter_mut().try_for_each(|(name, value)| match value.as_array_mut() {
            Some(filters) if name == "only" => filters.iter_mut().try_for_each(|filter| {
                if let Some(text) = filter.as_str().filter(|text| text.contains(':')) {
                    *filter = json!(GridFilter::from_str(text)?);
                }
                Ok(())
            }),
            _ => spell_filters(value),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use app_contract::{ScenarioChange, ScenarioInput, ScenarioReaction};
    use pricing_domain::{ElasticityGrade, GridFilter};

    use super::read_scenario;

    fn read(name: &str, text: &str) -> Result<ScenarioInput, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rules.txt"), "rule set \"Other\"\nrule \"all\"\n  price keep\n").unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        read_scenario(&path).map_err(|error| error.message)
    }

    const TOML: &str = r#"
name = "Cost up, ElektroMax down"
weeks = 4
reaction = { kind = "follows_down", percent = 50 }

[[changes]]
kind = "cost"
percent = 4
only = [{ category = "Kitchen" }, "key_value"]

[[changes]]
kind = "competitor"
name = "ElektroMax"
percent = -5

[[changes]]
kind = "rules"
file = "rules.txt"
"#;

    #[test]
    fn toml_and_json_mean_the_same() {
        let scenario = read("scenario.toml", TOML).unwrap();
        assert_eq!(scenario.reaction, ScenarioReaction::FollowsDown { percent: 50.0 });
        let only = vec![GridFilter::Category("Kitchen".into()), GridFilter::KeyValue];
        assert_eq!(scenario.changes[0], ScenarioChange::Cost { percent: 4.0, only });
        assert!(matches!(&scenario.changes[2], ScenarioChange::Rules { rule_set } if rule_set.name == "Other"));
        let json = serde_json::to_string(&scenario).unwrap();
        assert_eq!(read("scenario.json", &json).unwrap(), scenario);
    }

    #[test]
    fn filters_may_be_written_as_on_the_command_line() {
        let with = |only: &str| format!("[[changes]]\nkind = \"cost\"\npercent = 4\nonly = [{only}]\n");
        let scenario = read("scenario.toml", &with(r#""category:Kitchen", "demand:own_data", "key_value""#)).unwrap();
        let own = GridFilter::Demand(ElasticityGrade::OwnData);
        let only = vec![GridFilter::Category("Kitchen".into()), own, GridFilter::KeyValue];
        assert_eq!(scenario.changes[0], ScenarioChange::Cost { percent: 4.0, only });
        let refused = read("scenario.toml", &with(r#""grade:own""#)).unwrap_err();
        assert!(refused.contains("there is no such filter") && refused.contains("demand: with a grade"), "{refused}");
    }

    #[test]
    fn a_file_that_is_empty_or_no_scenario_is_refused_with_what_it_should_be() {
        let empty = read("scenario.toml", " \n").unwrap_err();
        assert!(empty.contains("The file is empty. A scenario is TOML or JSON"), "{empty}");
        let table = read("scenario.toml", "sku,price\nA1,2\n").unwrap_err();
        assert!(table.contains("The file is no scenario. A scenario is TOML or JSON"), "{table}");
    }

    #[test]
    fn a_wrong_word_is_refused_by_name() {
        let refused = read("scenario.toml", "weeks = 4\nwekes = 3\n").unwrap_err();
        assert!(refused.contains("scenario.toml") && refused.contains("wekes"), "{refused}");
        let refused = read("scenario.toml", "[[changes]]\nkind = \"cosst\"\npercent = 1\n").unwrap_err();
        assert!(refused.contains("cosst") && refused.contains("competitor"), "{refused}");
    }
}
