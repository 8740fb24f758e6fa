//! Alerts and what they told; and orders, which are never followed.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome};
use pricing_operations::OperationError;

use super::today::moment;
use crate::composer::Composer;
use crate::figures::Figure;

/// Newest alerts in the table.
const SHOWN: u32 = 10;

/// The alerts that are set up, and what they told lately.
pub(super) async fn alerts(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let rules = composer.workspace.alerts().await?;
    let told = composer.workspace.alert_history(None, 0, SHOWN).await?;
    composer.step("list_alerts", "all".into(), told.rows.len(), started, AnswerLink::Today);
    let figures = [Figure::Count(rules.len() as i64), Figure::Count(told.matching as i64)];
    composer.know(figures.clone());
    if rules.is_empty() && told.matching == 0 {
        composer.say(
            "No alert is set up, so none went off. Settings, Alerts makes them.",
            "Es ist kein Alarm eingerichtet, also hat keiner ausgelöst. Einrichten lassen sie sich unter Settings, Alerts.",
            &[],
        );
        return Ok(());
    }
    composer.say(
        "{0} alerts are set up. They told something {1} times so far; the newest are below.",
        "{0} Alarme sind eingerichtet. Gemeldet haben sie bisher {1}-mal etwas; die neuesten stehen unten.",
        &figures,
    );
    let rows: Vec<_> = told
        .rows
        .iter()
        .map(|one| {
            let cells = vec![
                Some(Figure::Words(moment(one.at))),
                Some(Figure::Words(one.content.name.clone())),
                Some(Figure::Words(one.content.summary.clone())),
            ];
            (cells, None)
        })
        .collect();
    let columns = [("When", "Wann", false), ("Alert", "Alarm", false), ("What", "Was", false)];
    composer.table(("Told", "Gemeldet"), &columns, rows, usize::try_from(told.matching).unwrap_or(usize::MAX));
    let rows: Vec<_> = rules
        .iter()
        .map(|one| {
            let beyond = one.beyond.map(|beyond| Figure::Count(i64::try_from(beyond).unwrap_or(i64::MAX)));
            let cells = vec![
                Some(Figure::Words(one.rule.name.clone())),
                Some(Figure::Words(one.words.clone())),
                beyond,
                one.last_alert_at.map(|at| Figure::Words(moment(at))),
            ];
            (cells, None)
        })
        .collect();
    let total = rows.len();
    let columns = [
        ("Alert", "Alarm", false),
        ("What it watches", "Was er beobachtet", false),
        ("Beyond now", "Jetzt jenseits", true),
        ("Told last", "Zuletzt gemeldet", false),
    ];
    composer.table(("Alerts", "Alarme"), &columns, rows, total);
    Ok(())
}

/// Says that nothing is done.
pub(super) fn refuse(composer: &mut Composer<'_>, shows: bool) {
    composer.say(
        "I propose and never act: nothing was approved, set, handed over or deleted. Only a person does that, in the \
         window or on the command line.",
        "Ich schlage vor und handle nie: Nichts wurde freigegeben, gesetzt, übergeben oder gelöscht. Das tut nur ein \
         Mensch, im Fenster oder auf der Kommandozeile.",
        &[],
    );
    if shows {
        composer.say("What can be shown of it:", "Was sich davon zeigen lässt:", &[]);
    } else {
        composer.ended_as(AnswerOutcome::NotUnderstood);
    }
}
