//! Answers that say what is not known, and what can be asked instead.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome};
use pricing_operations::OperationError;
use question_grammar::{documented, nearest};

use super::fill;
use crate::composer::Composer;
use crate::figures::Figure;

/// Questions offered when one is not understood.
const OFFERED: usize = 4;

fn words(text: &str) -> Figure {
    Figure::Words(text.to_owned())
}

fn offer(composer: &mut Composer<'_>, question: &str) {
    for example in nearest(question, composer.language, OFFERED) {
        let (english, german) = (fill(&composer.snapshot, example.english), fill(&composer.snapshot, example.german));
        composer.suggest(english, german);
    }
}

/// What can be asked.
pub(super) fn help(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    composer.step("documented_questions", "all".into(), documented().len(), started, AnswerLink::Help);
    composer.say(
        "I answer from this workspace, without a model, and every figure leads to its rows. I propose and never act. Ask for example:",
        "Ich antworte aus diesem Arbeitsbereich, ohne Modell, und jede Zahl führt zu ihren Zeilen. Ich schlage vor und handle nie. Fragen Sie zum Beispiel:",
        &[],
    );
    let rows = documented().iter().map(|example| {
        let text = fill(&composer.snapshot, example.text(composer.language));
        (vec![Some(words(example.topic)), Some(words(&text))], None)
    });
    let rows: Vec<_> = rows.collect();
    let total = rows.len();
    composer.table(("Questions", "Fragen"), &[("About", "Worüber", false), ("Question", "Frage", false)], rows, total);
    Ok(())
}

/// A name that fits several things.
pub(super) fn choose(
    composer: &mut Composer<'_>,
    question: &str,
    word: &str,
    choices: &[String],
) -> Result<(), OperationError> {
    composer.ended_as(AnswerOutcome::Choose);
    let list = choices.join(", ");
    composer.say("“{0}” may be: {1}. Which one?", "„{0}“ kann sein: {1}. Was davon?", &[words(word), words(&list)]);
    for choice in choices.iter().filter(|_| question.contains(word)) {
        let leaf = choice.rsplit(" > ").next().unwrap_or(choice);
        let asked = question.replace(word, leaf);
        composer.suggest(asked.clone(), asked);
    }
    Ok(())
}

/// A name that the workspace does not have.
pub(super) fn not_here(composer: &mut Composer<'_>, word: &str) -> Result<(), OperationError> {
    composer.ended_as(AnswerOutcome::NotInWorkspace);
    composer.say(
        "“{0}” is not in this workspace: no product, brand, category, supplier, competitor or price list has this name. I have left the question unanswered, because without it the answer would be about something else.",
        "„{0}“ ist nicht in diesem Arbeitsbereich: Kein Produkt, keine Marke, keine Kategorie, kein Lieferant, kein Wettbewerber und keine Preisliste heißt so. Ich habe die Frage nicht beantwortet, denn ohne den Namen ginge es um etwas anderes.",
        &[words(word)],
    );
    let names: Vec<String> = composer.snapshot.competitors.iter().take(8).map(|one| one.name.clone()).collect();
    if !names.is_empty() {
        composer.say("Competitors here: {0}.", "Wettbewerber hier: {0}.", &[words(&names.join(", "))]);
    }
    Ok(())
}

/// Where elasticities and forecasts are, and how to ask for one.
pub(super) fn science(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    composer.say(
        "How sales answer prices, product by product with its grade, is under Scenarios, Demand; how forecasts of the newest \
         weeks would have done is under Scenarios, Forecasts.",
        "Wie der Absatz auf Preise antwortet, steht je Produkt mit seiner Güte unter Scenarios, Demand; wie gut Prognosen der \
         letzten Wochen gewesen wären, unter Scenarios, Forecasts.",
        &[],
    );
    if composer.snapshot.row_count() > 0 {
        let sku = composer.snapshot.products.sku.get(0).to_owned();
        composer.suggest(format!("What is the elasticity of {sku}?"), format!("Wie ist die Elastizität von {sku}?"));
    }
    Ok(())
}

/// A subject that a workspace holds nothing about.
pub(super) fn out_of_scope(composer: &mut Composer<'_>, word: &str, question: &str) -> Result<(), OperationError> {
    composer.ended_as(AnswerOutcome::NotInWorkspace);
    composer.say(
        "I don't know: this workspace holds nothing about “{0}”. It knows products, prices, costs, stock, sales of 28 days, competitor prices, rules and proposals.",
        "Das weiß ich nicht: Zu „{0}“ steht nichts in diesem Arbeitsbereich. Er kennt Produkte, Preise, Kosten, Bestand, Verkäufe von 28 Tagen, Wettbewerbspreise, Regeln und Vorschläge.",
        &[words(word)],
    );
    offer(composer, question);
    Ok(())
}

/// Not understood.
pub(super) fn not_understood(composer: &mut Composer<'_>, question: &str) -> Result<(), OperationError> {
    composer.ended_as(AnswerOutcome::NotUnderstood);
    composer.say(
        "I did not understand this question. Nearest to it are those below; “help” lists all.",
        "Diese Frage habe ich nicht verstanden. Am nächsten kommen ihr die unten; „Hilfe“ zeigt alle.",
        &[],
    );
    offer(composer, question);
    Ok(())
}
