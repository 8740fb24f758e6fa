//! What needs a person, what competitors did, and the summary of it.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, ProposalFilter, TodayView};
use pricing_domain::{ExceptionReason, GridFilter, GridSort, ProposalKind, ProposalStatus};
use pricing_operations::{OperationError, ProposalOrder};
use question_grammar::Scope;

use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::scope_words;

/// Exceptions in the table of an answer.
const SHOWN: u32 = 20;

pub(super) fn count(number: u64) -> Figure {
    Figure::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

async fn look(composer: &mut Composer<'_>) -> Result<TodayView, OperationError> {
    let started = Stopwatch::now();
    let today = composer.workspace.today(composer.list_id()).await?;
    let list = composer.snapshot.lists[composer.list].code.clone();
    composer.step("get_today", list, today.products as usize, started, AnswerLink::Today);
    let days = [today.collected_at, today.priced_at];
    composer.know(days.into_iter().flatten().map(|at| Figure::Words(moment(at))));
    let counts = [
        today.products,
        today.priced,
        today.with_cost,
        today.with_offers,
        today.below_cost,
        today.win,
        today.tie,
        today.loss,
        today.pending_changes,
        today.promotions_ending,
    ];
    composer.know(counts.map(count));
    composer.know(today.margin_bp.map(|bp| Figure::Percent(i64::from(bp))));
    composer.know([Figure::Percent(i64::from(today.tolerance_bp))]);
    Ok(today)
}

/// A moment as a day and a time in UTC.
pub(super) fn moment(at: pricing_domain::Instant) -> String {
    at.to_string().replace('T', " ").chars().take(16).collect::<String>() + " UTC"
}

fn waiting(composer: &Composer<'_>, kind: ProposalKind) -> ProposalFilter {
    ProposalFilter {
        price_list: Some(composer.list_id()),
        status: Some(ProposalStatus::Pending),
        kind: Some(kind),
        reason: None,
        search: String::new(),
        ..ProposalFilter::default()
    }
}

/// What waits for a person on this list, for one reason or for any; and how much on all lists.
pub(super) async fn needs(
    composer: &mut Composer<'_>,
    scope: &Scope,
    reason: Option<ExceptionReason>,
) -> Result<(), OperationError> {
    all_lists(composer, reason).await?;
    let started = Stopwatch::now();
    let filter = ProposalFilter { reason, ..waiting(composer, ProposalKind::Exception) };
    let products = composer.products_of(scope, &[]);
    let (counts, rows) =
        composer.workspace.proposals_of(&filter, products, None, ProposalOrder::Urgency, SHOWN).await?;
    let waiting_ones: u64 = counts.iter().map(|(_, number)| number).sum();
    let link = AnswerLink::Proposals(filter);
    composer.step("list_proposals", scope_words(scope, composer.language), waiting_ones as usize, started, link);
    let list = Figure::Words(composer.snapshot.lists[composer.list].name.clone());
    let exceptions = composer.gave(count(waiting_ones));
    let of = Figure::Words(scope_words(scope, composer.language));
    match reason {
        Some(reason) => composer.say(
            "{0} exceptions in {1} ({2}): {3}.",
            "{0} Ausnahmen in {1} ({2}): {3}.",
            &[exceptions, list, of, Figure::Words(reason.title().to_owned())],
        ),
        None => composer.say("{0} exceptions in {1} ({2}).", "{0} Ausnahmen in {1} ({2}).", &[exceptions, list, of]),
    }
    let by_reason: Vec<_> = counts
        .into_iter()
        .filter_map(|(reason, number)| Some((reason?, number)))
        .map(|(reason, number)| {
            let link = ProposalFilter { reason: Some(reason), ..waiting(composer, ProposalKind::Exception) };
            let cells = vec![Some(Figure::Words(reason.title().to_owned())), Some(count(number))];
            (cells, Some(AnswerLink::Proposals(link)))
        })
        .collect();
    let total = by_reason.len();
    let columns = [("Reason", "Grund", false), ("Products", "Produkte", true)];
    composer.table(("By reason", "Nach Grund"), &columns, by_reason, total);
    super::changes::table(composer, &rows, waiting_ones);
    if let Some(first) = rows.first() {
        super::changes::card(composer, first);
        composer.suggest(format!("Why does {} need me?", first.sku), format!("Warum braucht {} mich?", first.sku));
    }
    composer.suggest("Which products are below cost?".into(), "Welche Produkte liegen unter Einstand?".into());
    Ok(())
}

/// What waits on all lists together.
pub(super) async fn all_lists(
    composer: &mut Composer<'_>,
    reason: Option<ExceptionReason>,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let Some(batch) = composer.workspace.batch(None).await? else {
        composer.say("The catalogue was not priced yet.", "Der Katalog wurde noch nicht bepreist.", &[]);
        return Ok(());
    };
    let waiting = batch.pending_changes + batch.pending_exceptions;
    composer.step(
        "get_batch",
        "all price lists".into(),
        waiting as usize,
        started,
        AnswerLink::Proposals(ProposalFilter::default()),
    );
    let of_reason =
        reason.map(|reason| batch.reasons.iter().find(|one| one.reason == reason).map_or(0, |one| one.count));
    if let (Some(number), Some(reason)) = (of_reason, reason) {
        let number = composer.gave(count(number));
        let title = Figure::Words(reason.title().to_owned());
        composer.say(
            "On all price lists {0} exceptions wait for this reason: {1}.",
            "Auf allen Preislisten warten {0} Ausnahmen aus diesem Grund: {1}.",
            &[number, title],
        );
        return Ok(());
    }
    let (exceptions, changes) =
        (composer.gave(count(batch.pending_exceptions)), composer.gave(count(batch.pending_changes)));
    composer.say(
        "On all price lists {0} exceptions need you and {1} ordinary changes wait.",
        "Auf allen Preislisten brauchen {0} Ausnahmen Sie, und {1} gewöhnliche Änderungen warten.",
        &[exceptions, changes],
    );
    let per_currency = batch.revenue_effect.iter().zip(&batch.margin_effect);
    for (revenue, margin) in per_currency {
        let revenue = composer.gave(Figure::Money(revenue.amount_minor, revenue.currency));
        let margin = composer.gave(Figure::Money(margin.amount_minor, margin.currency));
        composer.say(
            "The changes of the list {2} bring {0} net revenue and {1} margin at the volumes of 28 days, exceptions left out.",
            "Die Änderungen der Liste {2} bringen {0} Nettoumsatz und {1} Marge bei dem Absatz von 28 Tagen, ohne die \
             Ausnahmen.",
            &[revenue, margin, Figure::Words(batch.effect_list.clone())],
        );
    }
    Ok(())
}

/// What competitors did since this person looked last.
pub(super) async fn moves(composer: &mut Composer<'_>, competitor: Option<&str>) -> Result<(), OperationError> {
    let today = look(composer).await?;
    say_moves(composer, &today, competitor);
    composer.suggest(
        "Which competitor undercuts us most?".into(),
        "Welcher Wettbewerber unterbietet uns am meisten?".into(),
    );
    Ok(())
}

fn say_moves(composer: &mut Composer<'_>, today: &TodayView, competitor: Option<&str>) {
    let chosen: Vec<_> =
        today.moves.iter().filter(|one| competitor.is_none_or(|name| one.competitor == name)).collect();
    let Some(first) = chosen.first() else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "No such price moved since you looked last.",
            "Seit du zuletzt nachgesehen hast, hat sich kein solcher Preis bewegt.",
            &[],
        );
        return;
    };
    let since = Figure::Words(moment(first.since));
    composer.know([since.clone()]);
    for one in &chosen {
        let figures = [count(one.lowered), count(one.raised), Figure::Percent(i64::from(one.average_bp))];
        composer.know(figures.clone());
        let [lowered, raised, average] = figures;
        let who = Figure::Words(one.competitor.clone());
        composer.say(
            "{0} lowered {1} prices and raised {2} (on average {3}) since {4}.",
            "{0} hat {1} Preise gesenkt und {2} erhöht (im Mittel {3}) seit {4}.",
            &[who, lowered, raised, average, since.clone()],
        );
    }
}

/// The summary: figures, what waits, what moved, what was done.
pub(super) async fn summary(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    let today = look(composer).await?;
    let looked = composer.current_step();
    let company = composer.workspace.describe().await?.company;
    composer.name(&company);
    let list = composer.snapshot.lists[composer.list].name.clone();
    composer.say(
        "{0}, {1}: {2} products are sold, {3} have a price and {4} a usable competitor price.",
        "{0}, {1}: {2} Produkte im Verkauf, {3} mit Preis und {4} mit brauchbarem Wettbewerbspreis.",
        &[
            Figure::Words(company),
            Figure::Words(list),
            count(today.products),
            count(today.priced),
            count(today.with_offers),
        ],
    );
    if let Some(margin) = today.margin_bp {
        let margin = Figure::Percent(i64::from(margin));
        composer.say(
            "The margin over the sales of 28 days is {0}; {1} products are below cost.",
            "Die Marge über die Verkäufe von 28 Tagen ist {0}; {1} Produkte liegen unter Einstand.",
            &[margin, count(today.below_cost)],
        );
    }
    composer.say(
        "Against the lowest offer we are cheaper on {0} products, level on {1} and dearer on {2}.",
        "Gegenüber dem günstigsten Angebot sind wir bei {0} Produkten günstiger, bei {1} gleichauf und bei {2} teurer.",
        &[count(today.win), count(today.tie), count(today.loss)],
    );
    say_moves(composer, &today, None);
    composer.ended_as(AnswerOutcome::Answered);
    let exceptions: u64 = today.needs.iter().map(|need| need.count).sum();
    let exceptions = composer.gave(count(exceptions));
    composer.say(
        "{0} exceptions need a person and {1} changes wait.",
        "{0} Ausnahmen brauchen einen Menschen, und {1} Änderungen warten.",
        &[exceptions, count(today.pending_changes)],
    );
    let indexes: Vec<_> = today
        .indexes
        .iter()
        .map(|index| {
            let cells = vec![
                Some(Figure::Words(index.competitor.clone())),
                Some(Figure::Index(index.index_centi)),
                Some(count(index.products)),
                Some(Figure::Percent(i64::from(index.coverage_bp))),
            ];
            (cells, None)
        })
        .collect();
    let total = indexes.len();
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("Price index", "Preisindex", true),
        ("Compared", "Verglichen", true),
        ("Coverage", "Abdeckung", true),
    ];
    composer.table(("Price index", "Preisindex"), &columns, indexes, total);
    all_lists(composer, None).await?;
    done_lately(composer).await?;
    composer.back_to(looked);
    if let Some(at) = today.collected_at {
        composer.say(
            "Competitor prices are of {0}.",
            "Die Wettbewerbspreise sind vom {0}.",
            &[Figure::Words(moment(at))],
        );
    }
    composer.suggest("What needs me?".into(), "Was wartet auf mich?".into());
    composer.suggest("What are the biggest price changes?".into(), "Was sind die größten Preisänderungen?".into());
    Ok(())
}

/// The newest operations, as they were logged.
async fn done_lately(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    const SHOWN: u32 = 8;
    let started = Stopwatch::now();
    let sets = composer.workspace.change_sets(SHOWN).await?;
    composer.step("list_change_sets", "newest".into(), sets.len(), started, AnswerLink::History);
    let rows: Vec<_> = sets
        .iter()
        .map(|set| {
            let cells = vec![
                Some(Figure::Words(moment(set.at))),
                Some(Figure::Words(set.summary.clone())),
                Some(count(set.rows)),
            ];
            (cells, Some(AnswerLink::History))
        })
        .collect();
    let total = rows.len();
    let columns = [("When", "Wann", false), ("What", "Was", false), ("Rows", "Zeilen", true)];
    composer.table(("Done lately", "Zuletzt getan"), &columns, rows, total);
    Ok(())
}

/// The grid of a filter without words.
pub(super) fn plain_grid(composer: &Composer<'_>, filters: &[GridFilter]) -> AnswerLink {
    composer.grid_link(&[], filters, GridSort::default())
}
