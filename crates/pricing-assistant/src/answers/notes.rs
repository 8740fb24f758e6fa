//! Release notes of the newest batch: what it changes, by which rules, what needs a person, what bound, what it brings.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, ProposalFilter, ProposalRow};
use pricing_domain::{Money, ProposalKind};
use pricing_operations::{BatchNotes, NoteCounts, OperationError};

use super::today::moment;
use crate::composer::Composer;
use crate::figures::Figure;

/// Moves each way that are listed.
const LARGEST: u32 = 5;

fn count(number: u64) -> Figure {
    Figure::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Writes the notes.
pub(super) async fn tell(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let notes = composer.workspace.batch_notes(composer.list_id(), LARGEST).await?;
    let list = composer.snapshot.lists[composer.list].code.clone();
    let filter = ProposalFilter { price_list: Some(composer.list_id()), ..ProposalFilter::default() };
    let link = AnswerLink::Proposals(filter.clone());
    let rows = notes.as_ref().map_or(0, |notes| notes.counts.all());
    composer.step("get_batch_notes", list, rows as usize, started, link);
    let Some(notes) = notes else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say("The catalogue was not priced yet.", "Der Katalog wurde noch nicht bepreist.", &[]);
        return Ok(());
    };
    head(composer, &notes);
    effect(composer, &notes);
    by_rule(composer, &notes);
    moves(composer, &notes.raised, ("Largest rises", "Größte Erhöhungen"), notes.counts.raised);
    moves(composer, &notes.lowered, ("Largest cuts", "Größte Senkungen"), notes.counts.lowered);
    exceptions(composer, &notes, &filter);
    bound(composer, &notes);
    state(composer, &notes);
    composer.suggest("What needs me?".into(), "Was wartet auf mich?".into());
    composer.suggest("What are the biggest price changes?".into(), "Was sind die größten Preisänderungen?".into());
    Ok(())
}

fn head(composer: &mut Composer<'_>, notes: &BatchNotes) {
    let counts = notes.counts;
    let list = composer.snapshot.lists[composer.list].name.clone();
    let figures = [
        Figure::Words(list),
        Figure::Words(moment(notes.batch.created_at)),
        Figure::Words(notes.batch.rule_set.clone()),
        count(counts.raised + counts.lowered + counts.first),
        count(counts.raised),
        count(counts.lowered),
        count(counts.first),
        count(counts.exceptions),
    ];
    composer.know(figures.clone());
    composer.say(
        "Release notes, {0}: the batch of {1} by the rules “{2}”. It changes {3} prices: {4} rise, {5} fall, {6} are a product's \
         first. {7} exceptions need a person.",
        "Änderungsnotiz, {0}: die Charge vom {1} nach den Regeln „{2}“. Sie ändert {3} Preise: {4} steigen, {5} fallen, {6} sind \
         der erste eines Produkts. {7} Ausnahmen brauchen einen Menschen.",
        &figures,
    );
    for reason in &notes.batch.held_for {
        composer.know([Figure::Words(reason.clone())]);
        composer.say("Held: {0}", "Angehalten: {0}", &[Figure::Words(reason.clone())]);
    }
}

fn effect(composer: &mut Composer<'_>, notes: &BatchNotes) {
    let money = |sums: &[Money]| sums.first().map(|sum| Figure::Money(sum.amount_minor, sum.currency));
    let (Some(revenue), Some(margin)) = (money(&notes.batch.revenue_effect), money(&notes.batch.margin_effect)) else {
        return;
    };
    let figures = [revenue, margin];
    composer.know(figures.clone());
    composer.say(
        "At the current volumes of 28 days its changes bring {0} net revenue and {1} margin (products with a cost), exceptions \
         left out.",
        "Beim derzeitigen Absatz von 28 Tagen bringen ihre Änderungen {0} Nettoumsatz und {1} Marge (Produkte mit Einstand), \
         ohne die Ausnahmen.",
        &figures,
    );
}

fn by_rule(composer: &mut Composer<'_>, notes: &BatchNotes) {
    let cells = |name: &str, counts: &NoteCounts| {
        vec![
            Some(Figure::Words(name.to_owned())),
            Some(count(counts.raised)),
            Some(count(counts.lowered)),
            Some(count(counts.first)),
            Some(count(counts.exceptions)),
        ]
    };
    let rows: Vec<_> =
        notes.rules.iter().map(|(name, counts)| (cells(name, counts), Some(AnswerLink::Rules))).collect();
    let total = rows.len();
    let columns = [
        ("Rule", "Regel", false),
        ("Rise", "Steigen", true),
        ("Fall", "Fallen", true),
        ("First price", "Erster Preis", true),
        ("Exceptions", "Ausnahmen", true),
    ];
    composer.table(("By rule", "Nach Regel"), &columns, rows, total);
}

fn moves(composer: &mut Composer<'_>, rows: &[ProposalRow], title: (&str, &str), total: u64) {
    let price_list = composer.list_id();
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let money = |minor: Option<i64>| minor.map(|minor| Figure::Money(minor, row.currency));
            let percent = |bp: Option<i32>| bp.map(|bp| Figure::Percent(i64::from(bp)));
            let cells = vec![
                Some(Figure::Words(row.sku.clone())),
                Some(Figure::Words(row.name.clone())),
                money(row.old_minor),
                money(row.new_minor),
                percent(row.change_bp),
                percent(row.margin_bp),
                Some(Figure::Words(row.rule.clone())),
            ];
            (cells, Some(AnswerLink::Product { product: row.product, sku: row.sku.clone(), price_list }))
        })
        .collect();
    let columns = [
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        ("Price", "Preis", true),
        ("New", "Neu", true),
        ("Change", "Änderung", true),
        ("Margin then", "Marge dann", true),
        ("Rule", "Regel", false),
    ];
    composer.table(title, &columns, cells, usize::try_from(total).unwrap_or(usize::MAX));
}

fn exceptions(composer: &mut Composer<'_>, notes: &BatchNotes, filter: &ProposalFilter) {
    let rows: Vec<_> = notes
        .reasons
        .iter()
        .map(|(reason, number)| {
            let of_reason =
                ProposalFilter { reason: Some(*reason), kind: Some(ProposalKind::Exception), ..filter.clone() };
            let cells = vec![Some(Figure::Words(reason.title().to_owned())), Some(count(*number))];
            (cells, Some(AnswerLink::Proposals(of_reason)))
        })
        .collect();
    let total = rows.len();
    let columns = [("Reason", "Grund", false), ("Products", "Produkte", true)];
    composer.table(("Exceptions", "Ausnahmen"), &columns, rows, total);
}

fn bound(composer: &mut Composer<'_>, notes: &BatchNotes) {
    let bound = notes.bound;
    if bound.looked_at == 0 {
        return;
    }
    let looked_at = composer.gave(count(bound.looked_at));
    if bound.looked_at < notes.counts.all() {
        composer.say(
            "Guardrails were looked at for the {0} largest changes.",
            "Leitplanken wurden bei den {0} größten Änderungen angesehen.",
            &[looked_at],
        );
    }
    let kinds = [
        (("Floor of cost and margin lifts it", "Untergrenze aus Einstand und Marge hebt an"), bound.margin_floor),
        (("Lowest price lifts it", "Mindestpreis hebt an"), bound.price_floor),
        (("Ceiling lowers it", "Obergrenze senkt"), bound.ceiling),
        (("Step or pause holds it back", "Schrittweite oder Pause bremst"), bound.step),
        (("Order of the family changes it", "Ordnung der Familie ändert"), bound.family),
    ];
    let rows: Vec<_> = kinds
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|((english, german), number)| {
            let words = composer.pick(english, german).to_owned();
            (vec![Some(Figure::Words(words)), Some(count(number))], Some(AnswerLink::Rules))
        })
        .collect();
    if rows.is_empty() {
        composer.say(
            "No guardrail moved a price away from what its rule wanted.",
            "Keine Leitplanke hat einen Preis von dem weg bewegt, was seine Regel wollte.",
            &[],
        );
        return;
    }
    let total = rows.len();
    let columns = [("Guardrail", "Leitplanke", false), ("Prices", "Preise", true)];
    composer.table(("Guardrails that bound", "Leitplanken, die gebunden haben"), &columns, rows, total);
}

fn state(composer: &mut Composer<'_>, notes: &BatchNotes) {
    let batch = &notes.batch;
    let waiting = batch.pending_changes + batch.pending_exceptions + batch.snoozed;
    let figures = [count(waiting), count(batch.approved), count(batch.rejected), count(batch.exported)];
    composer.know(figures.clone());
    composer.say(
        "Of these, {0} wait, {1} are approved and not handed over, {2} were turned down and {3} handed over.",
        "Davon warten {0}, {1} sind freigegeben und nicht übergeben, {2} wurden abgelehnt und {3} übergeben.",
        &figures,
    );
}
