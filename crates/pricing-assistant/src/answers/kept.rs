//! The scenarios that are kept, with what they assume and what came of them.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, KeptScenario, KeptScenarioRow, ScenarioPrices, ScenarioTotals};
use pricing_operations::{OperationError, scenario_change_words};

use super::today::moment;
use crate::composer::Composer;
use crate::figures::Figure;
use crate::plain_text::quoted;
use crate::wording::filter_words;

/// Scenarios in a table.
const SHOWN: usize = 20;

/// Lists them.
pub(crate) async fn list(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let kept = composer.workspace.kept_scenarios().await?;
    composer.step("list_scenarios", "kept".into(), kept.len(), started, AnswerLink::Scenarios);
    let number = composer.gave(Figure::Count(i64::try_from(kept.len()).unwrap_or(i64::MAX)));
    if kept.is_empty() {
        composer.say("No scenario is kept.", "Es ist kein Szenario gespeichert.", &[]);
        composer.suggest("What if costs rise 4 %?".into(), "Was wäre, wenn die Kosten um 4 % steigen?".into());
        return Ok(());
    }
    composer.say(
        "{0} scenarios are kept, the newest first.",
        "{0} Szenarien sind gespeichert, die neuesten zuerst.",
        &[number],
    );
    let rows: Vec<_> = kept.iter().take(SHOWN).map(|row| (cells(composer, row), Some(AnswerLink::Scenarios))).collect();
    let columns = [
        ("Scenario", "Szenario", false),
        ("Kept", "Gespeichert", false),
        ("Price list", "Preisliste", false),
        ("Weeks", "Wochen", true),
        ("Margin of a week today", "Marge einer Woche heute", true),
        ("Margin of the last week", "Marge der letzten Woche", true),
        ("State", "Stand", false),
    ];
    composer.table(("Kept scenarios", "Gespeicherte Szenarien"), &columns, rows, kept.len());
    Ok(())
}

fn cells(composer: &Composer<'_>, row: &KeptScenarioRow) -> Vec<Option<Figure>> {
    vec![
        Some(Figure::Words(row.name.clone())),
        Some(Figure::Words(moment(row.kept_at))),
        Some(Figure::Words(row.price_list.clone())),
        Some(Figure::Count(i64::from(row.weeks))),
        Some(Figure::Money(row.today.margin.value, row.currency)),
        Some(Figure::Money(row.after.margin.value, row.currency)),
        Some(Figure::Words(state(composer, row).to_owned())),
    ]
}

const fn state<'t>(composer: &Composer<'_>, row: &KeptScenarioRow) -> &'t str {
    match row.outdated {
        true => composer.pick("the workspace has changed since", "der Arbeitsbereich hat sich seither geändert"),
        false => composer.pick("current", "aktuell"),
    }
}

/// One of them by its name: its inputs and what came of it when it was kept.
///
/// Errors: not found, with the names that there are, quoted as data.
pub(crate) async fn one(composer: &mut Composer<'_>, name: &str) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let kept = composer.workspace.kept_scenarios().await?;
    let wanted = name.trim().to_lowercase();
    let Some(row) = kept.iter().find(|row| row.name.to_lowercase() == wanted) else {
        let names: Vec<String> = kept.iter().take(8).map(|row| quoted(&row.name)).collect();
        let offered = if names.is_empty() { "none is kept".to_owned() } else { names.join("; ") };
        return Err(OperationError::not_found(format!("No scenario of this name is kept. There are: {offered}.")));
    };
    let found = composer.workspace.kept_scenario(row.id).await?;
    composer.step("get_scenario", row.name.clone(), found.answer.products as usize, started, AnswerLink::Scenarios);
    inputs(composer, &found);
    results(composer, &found);
    Ok(())
}

fn inputs(composer: &mut Composer<'_>, found: &KeptScenario) {
    let figures = [
        Figure::Words(found.row.name.clone()),
        Figure::Words(found.row.price_list.clone()),
        Figure::Count(i64::from(found.row.weeks)),
        Figure::Words(moment(found.row.kept_at)),
        Figure::Words(state(composer, &found.row).to_owned()),
    ];
    composer.know(figures.clone());
    composer.say(
        "“{0}”, price list {1}, {2} weeks, kept on {3} ({4}).",
        "„{0}“, Preisliste {1}, {2} Wochen, gespeichert am {3} ({4}).",
        &figures,
    );
    let language = composer.language;
    let rows: Vec<_> = found
        .scenario
        .changes
        .iter()
        .map(|change| {
            let only: Vec<String> = change.only().iter().map(|filter| filter_words(filter, language)).collect();
            let of = if only.is_empty() {
                composer.pick("all products", "alle Produkte").to_owned()
            } else {
                only.join(", ")
            };
            (vec![Some(Figure::Words(scenario_change_words(change))), Some(Figure::Words(of))], None)
        })
        .collect();
    let number = rows.len();
    let columns = [("Change", "Änderung", false), ("Of", "Von", false)];
    composer.table(("What it assumes", "Was es annimmt"), &columns, rows, number);
    let prices = match found.scenario.prices {
        ScenarioPrices::Rules => {
            ("The rules decide own prices anew every week.", "Die Regeln entscheiden eigene Preise jede Woche neu.")
        }
        ScenarioPrices::Keep => {
            ("Own prices stay as the changes left them.", "Eigene Preise bleiben, wie die Änderungen sie ließen.")
        }
        ScenarioPrices::Best => ("Own prices are chosen to be best.", "Eigene Preise werden als beste gewählt."),
    };
    composer.say(prices.0, prices.1, &[]);
}

fn results(composer: &mut Composer<'_>, found: &KeptScenario) {
    let answer = &found.answer;
    let count = |number: u64| Figure::Count(i64::try_from(number).unwrap_or(i64::MAX));
    let figures = [count(answer.products), count(answer.raised), count(answer.lowered), count(answer.exceptions)];
    composer.know(figures.clone());
    composer.say(
        "It is about {0} products: {1} prices are raised at the end, {2} lowered, {3} need a person.",
        "Es geht um {0} Produkte: {1} Preise sind am Ende erhöht, {2} gesenkt, {3} brauchen einen Menschen.",
        &figures,
    );
    let cells = |title: (&str, &str), totals: &ScenarioTotals, composer: &Composer<'_>| {
        let money = |minor: i64| Some(Figure::Money(minor, answer.currency));
        let cells = vec![
            Some(Figure::Words(composer.pick(title.0, title.1).to_owned())),
            money(totals.revenue.value),
            money(totals.margin.value),
            money(totals.margin.low),
            money(totals.margin.high),
        ];
        (cells, None)
    };
    let rows = vec![
        cells(("A week today", "Eine Woche heute"), &answer.today, composer),
        cells(("The last week played", "Die letzte gespielte Woche"), &answer.after, composer),
        cells(("All weeks, as today", "Alle Wochen, wie heute"), &answer.period_today, composer),
        cells(("All weeks played", "Alle gespielten Wochen"), &answer.period, composer),
    ];
    let columns = [
        ("Stretch", "Strecke", false),
        ("Net revenue", "Nettoumsatz", true),
        ("Margin", "Marge", true),
        ("Margin at least (95 %)", "Marge mindestens (95 %)", true),
        ("Margin at most (95 %)", "Marge höchstens (95 %)", true),
    ];
    composer.know([Figure::Count(95)]);
    let number = rows.len();
    composer.table(("What came of it", "Was herauskam"), &columns, rows, number);
    if found.row.outdated {
        composer.ended_as(AnswerOutcome::Answered);
        composer.say(
            "The figures are those of when it was kept; play it again for today's.",
            "Die Zahlen sind die von damals; für heutige wird es neu gespielt.",
            &[],
        );
    }
}
