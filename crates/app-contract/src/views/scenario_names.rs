//! What a scenario is called as long as nobody has named it: its changes in a few words.

use super::scenarios::ScenarioChange;

/// Changes that are named one by one.
const NAMED: usize = 2;

/// A name for these changes: “Costs up 4 %, ElektroMax down 5 %”.
pub fn suggested_name(changes: &[ScenarioChange]) -> String {
    let mut parts: Vec<String> = changes.iter().take(NAMED).map(part).collect();
    if changes.len() > NAMED {
        parts.push(format!("{} more", changes.len() - NAMED));
    }
    let name = if parts.is_empty() { "nothing changed".to_owned() } else { parts.join(", ") };
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn part(change: &ScenarioChange) -> String {
    let moved = |what: &str, percent: f64, unit: &str| {
        let direction = if percent < 0.0 { "down" } else { "up" };
        format!("{what} {direction} {}{unit}", percent.abs())
    };
    match change {
        ScenarioChange::Cost { percent, .. } => moved("costs", *percent, " %"),
        ScenarioChange::Competitor { percent, name, .. } => {
            moved(name.as_deref().unwrap_or("competitors"), *percent, " %")
        }
        ScenarioChange::Price { percent, .. } => moved("our prices", *percent, " %"),
        ScenarioChange::Vat { rate, .. } => format!("VAT at {rate} %"),
        ScenarioChange::Volume { percent, .. } => moved("demand", *percent, " %"),
        ScenarioChange::Currency { percent, .. } => moved("currency", *percent, " %"),
        ScenarioChange::Promotion { percent, weeks, .. } => {
            format!("{percent} % off for {weeks} {}", if *weeks == 1 { "week" } else { "weeks" })
        }
        ScenarioChange::Stock { percent, .. } => moved("stock", *percent, " %"),
        ScenarioChange::Rules { rule_set } => format!("rules “{}”", rule_set.name),
        ScenarioChange::Guardrails { .. } => "other guardrails".to_owned(),
        ScenarioChange::Targets { points } => moved("target margins", *points, " points"),
        ScenarioChange::Index { target, competitor } => format!("index {target} against {competitor}"),
    }
}

#[cfg(test)]
mod tests {
    use super::suggested_name;
    use crate::ScenarioChange;

    #[test]
    fn a_scenario_is_called_by_its_changes() {
        let cost = ScenarioChange::Cost { percent: 4.0, only: vec![] };
        let rival =
            ScenarioChange::Competitor { percent: -5.0, name: Some("ElektroMax".into()), share: None, only: vec![] };
        let all = ScenarioChange::Competitor { percent: -2.5, name: None, share: None, only: vec![] };
        assert_eq!(suggested_name(std::slice::from_ref(&cost)), "Costs up 4 %");
        assert_eq!(suggested_name(std::slice::from_ref(&all)), "Competitors down 2.5 %");
        assert_eq!(suggested_name(&[cost.clone(), rival.clone()]), "Costs up 4 %, ElektroMax down 5 %");
        assert_eq!(suggested_name(&[cost, rival, all]), "Costs up 4 %, ElektroMax down 5 %, 1 more");
        assert_eq!(suggested_name(&[]), "Nothing changed");
    }
}
