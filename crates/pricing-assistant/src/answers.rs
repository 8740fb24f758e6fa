//! From a question to its answer: read it, look things up, say what was found.

mod between_lists;
mod break_even;
mod calendar;
mod changes;
mod charts;
mod compare;
mod developing;
mod draft;
mod drafted;
pub(crate) mod file;
mod find;
pub(crate) mod grades;
mod importing;
pub(crate) mod kept;
mod leaders;
mod moved;
mod notes;
mod pages;
mod past;
mod product;
mod promotions;
mod rank;
mod reprice;
mod rules;
mod sales;
mod statistics;
mod strategy;
mod sums;
mod suppose;
mod today;
mod totals;
mod unsure;
mod watching;

use std::sync::Arc;

use app_contract::{AnswerBlock, AnswerLink, AnswerOutcome, AssistantAnswer, AssistantContext, AssistantQuestion};
use pricing_domain::{GridFilter, GridSort, PriceListId};
use pricing_operations::{OperationError, Workspace};
use pricing_rules::Snapshot;
use question_grammar::{
    Condition, Intent, Language, Reading, Scope, documented, may_lean, points_at_one, understand_after,
    understand_with_file,
};

use crate::attached::{AttachedFile, FileInHand};
use crate::catalogue::{Shelf, kept_names, name_index};
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::Place;
use crate::steps::ADVISOR;
use crate::wording::scope_words;

pub(crate) use charts::show_chart;

/// A question with where it is asked.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// In English or German.
    pub question: &'a str,
    /// Whose prices, unless the question names a list; `None`: the default list's.
    pub price_list: Option<PriceListId>,
    /// Where the person is.
    pub context: &'a AssistantContext,
    /// The file that the person chose for this conversation.
    pub file: Option<&'a AttachedFile>,
}

/// Longest question that is read, in bytes.
const LONGEST: usize = 2_000;

/// An answer that was begun: nothing is looked up yet.
pub(crate) struct Begun<'a> {
    pub(crate) composer: Composer<'a>,
    pub(crate) reading: Reading,
    /// The article number of the product on the screen.
    pub(crate) on_screen: Option<String>,
}

/// Reads a question and begins its answer.
pub(crate) async fn begin<'a>(workspace: &'a Workspace, ask: &Ask<'_>) -> Result<Begun<'a>, OperationError> {
    let question = ask.question.trim();
    if question.is_empty() {
        return Err(OperationError::refused("Ask something, for example: What needs me?"));
    }
    if question.len() > LONGEST {
        return Err(OperationError::refused("This question is too long. Ask in a sentence or two."));
    }
    let snapshot = workspace.snapshot().await?;
    let default = default_list(workspace, &snapshot, ask.price_list).await?;
    let on_screen = on_screen(workspace, &snapshot, ask.context).await?;
    let (from, asked, shown) = (snapshot.clone(), question.to_owned(), on_screen.clone());
    let leans = !ask.context.alone && may_lean(question);
    let (before, first_shown) = if leans { asked_before(workspace).await? } else { (Vec::new(), None) };
    let hand = match ask.file {
        Some(attached) => {
            let asked: Vec<&str> = std::iter::once(question).chain(before.iter().map(String::as_str)).collect();
            Some(Arc::new(Box::pin(FileInHand::read(workspace, attached, &asked)).await?))
        }
        None => None,
    };
    let of_file = hand.clone();
    // Searching a large catalogue for a word takes milliseconds of a processor.
    let reading = tokio::task::spawn_blocking(move || {
        let of_file = of_file.and_then(|hand| read_of_file(&from, default, (&before, &asked), &hand));
        let pointed = || read_of_first(&from, default, (&before, &asked), first_shown.as_deref());
        of_file.or_else(pointed).unwrap_or_else(|| read(&from, default, (&before, &asked), shown.as_deref()))
    });
    let reading = reading.await.map_err(|error| OperationError::fault(error.to_string()))?;
    let named = reading.price_list.as_ref().and_then(|code| snapshot.lists.iter().position(|list| list.code == *code));
    let list = named.unwrap_or(default);
    let mut composer = Composer::new(workspace, snapshot, list, reading.language, question);
    composer.file = hand;
    names_of(&reading.intent).into_iter().for_each(|name| composer.name(&name));
    // Its conditions are repeated too.
    if let Some(before) = &reading.after {
        composer.asked_too(before);
    }
    Ok(Begun { composer, reading, on_screen })
}

/// Answers from the workspace, without a model. Nothing is written.
pub async fn answer(workspace: &Workspace, ask: &Ask<'_>) -> Result<AssistantAnswer, OperationError> {
    let Begun { mut composer, reading, .. } = begin(workspace, ask).await?;
    let arguments = serde_json::to_value(&reading.intent);
    let arguments = arguments.map_err(|error| OperationError::fault(error.to_string()))?;
    composer.begin_call(ADVISOR, arguments);
    respond(&mut composer, &reading, ask.question.trim()).await?;
    composer.end_call();
    if composer.file.is_some()
        && composer.outcome() == AnswerOutcome::Answered
        && !matches!(reading.intent, Intent::File(_))
    {
        composer.say(
            "This is of the workspace, not of the file.",
            "Das stammt aus dem Arbeitsbereich, nicht aus der Datei.",
            &[],
        );
    }
    tell_how_it_was_read(&mut composer, &reading);
    let understood = understood(&reading, composer.snapshot.lists[composer.list].code.as_str());
    Ok(composer.finish(name_of(&reading.intent), understood))
}

/// Answers what a tool was asked for into an answer under way.
pub(crate) async fn respond_to(composer: &mut Composer<'_>, intent: Intent) -> Result<(), OperationError> {
    names_of(&intent).into_iter().for_each(|name| composer.name(&name));
    let language = composer.language;
    let (corrected, unused) = (Vec::new(), Vec::new());
    let reading = Reading { language, intent, price_list: None, corrected, unused, after: None };
    respond(composer, &reading, "").await
}

/// Reads a question in words for a tool; `true`: it asks for a draft.
pub(crate) async fn read_question(composer: &Composer<'_>, question: &str) -> Result<(Reading, bool), OperationError> {
    let (from, asked, list) = (composer.snapshot.clone(), question.to_owned(), composer.list);
    let reading = tokio::task::spawn_blocking(move || read(&from, list, (&[], &asked), None));
    let mut reading = reading.await.map_err(|error| OperationError::fault(error.to_string()))?;
    reading.language = composer.language;
    let drafts = matches!(reading.intent, Intent::Draft { .. } | Intent::Strategy { .. });
    Ok((reading, drafts))
}

/// Answers a question that was read for a tool.
pub(crate) async fn respond_to_question(
    composer: &mut Composer<'_>,
    reading: &Reading,
    question: &str,
) -> Result<(), OperationError> {
    names_of(&reading.intent).into_iter().for_each(|name| composer.name(&name));
    respond(composer, reading, question).await?;
    tell_how_it_was_read(composer, reading);
    Ok(())
}

pub(crate) async fn default_list(
    workspace: &Workspace,
    snapshot: &Snapshot,
    wanted: Option<PriceListId>,
) -> Result<usize, OperationError> {
    let wanted = match wanted {
        Some(id) => id,
        None => {
            let lists = workspace.describe().await?.price_lists;
            lists.first().ok_or_else(|| OperationError::not_found("This workspace has no price list."))?.id
        }
    };
    let place = snapshot.lists.iter().position(|list| list.id == wanted);
    place.ok_or_else(|| OperationError::not_found("This price list is not in the workspace any more."))
}

/// The article number of the product on the screen.
pub(crate) async fn on_screen(
    workspace: &Workspace,
    snapshot: &Snapshot,
    context: &AssistantContext,
) -> Result<Option<String>, OperationError> {
    let (Some(product), Some(list)) = (context.product, snapshot.lists.first()) else { return Ok(None) };
    Ok(Some(workspace.product(product, list.id).await?.row.sku))
}

/// The questions that a short one may lean on, the newest first: those of the last hour. With the product that the newest
/// answer shows first.
async fn asked_before(workspace: &Workspace) -> Result<(Vec<String>, Option<String>), OperationError> {
    const LOOKED_AT: u32 = 4;
    let oldest = workspace.time().plus_hours(-1);
    let turns = workspace.conversation(LOOKED_AT).await?;
    let turns: Vec<_> = turns.into_iter().take_while(|turn| turn.asked_at >= oldest).collect();
    let first = turns.first().and_then(|turn| {
        turn.answer.blocks.iter().find_map(|block| match block {
            AnswerBlock::Table(table) => match table.rows.first()?.link.as_ref()? {
                AnswerLink::Product { sku, .. } => Some(sku.clone()),
                _ => None,
            },
            _ => None,
        })
    });
    Ok((turns.into_iter().map(|turn| turn.question).collect(), first))
}

/// Reads a question that points at one product (“who is cheapest on that one?”) as one about the product that stands first
/// in the answer before, where that one put products in order. `None`: it points at none, or none stands first.
fn read_of_first(
    snapshot: &Arc<Snapshot>,
    list: usize,
    (before, question): (&[String], &str),
    first: Option<&str>,
) -> Option<Reading> {
    let (first, newest) = (first?, before.first()?);
    let (names, shelf) = (kept_names(snapshot), Shelf { snapshot, list });
    if !points_at_one(question, &names, &shelf) {
        return None;
    }
    let older: Vec<&str> = before.iter().skip(1).map(String::as_str).collect();
    let in_order = match understand_after(&older, newest, &names, &shelf).intent {
        Intent::Find { order, conditions, .. } => {
            order.is_some()
                || conditions.iter().any(|one| matches!(one, Condition::By { .. } | Condition::Cover { .. }))
        }
        _ => false,
    };
    if !in_order {
        return None;
    }
    let reading = understand_after(&[], &format!("{question} {first}"), &names, &shelf);
    matches!(reading.intent, Intent::Product { .. }).then(|| Reading { after: Some(newest.clone()), ..reading })
}

/// Reads a question as one about the file; `None`: it asks for something else.
fn read_of_file(
    snapshot: &Snapshot,
    list: usize,
    (before, question): (&[String], &str),
    hand: &FileInHand,
) -> Option<Reading> {
    let names = name_index(snapshot, &hand.competitors());
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    understand_with_file(&before, question, &names, &Shelf { snapshot, list })
}

fn read(
    snapshot: &Arc<Snapshot>,
    list: usize,
    (before, question): (&[String], &str),
    on_screen: Option<&str>,
) -> Reading {
    const IT: &[&str] = &["this", "it", "its", "dieses", "dieser", "diesen", "es", "er", "sie", "hier", "here"];
    let names = kept_names(snapshot);
    let shelf = Shelf { snapshot, list };
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let understand = |question: &str| understand_after(&before, question, &names, &shelf);
    let reading = understand(question);
    let means_it =
        question.split(|letter: char| !letter.is_alphabetic()).any(|word| IT.contains(&word.to_lowercase().as_str()));
    match on_screen.filter(|_| {
        means_it && !matches!(reading.intent, Intent::Product { .. } | Intent::WhatIf { .. } | Intent::Each(_))
    }) {
        Some(sku) => understand(&format!("{question} {sku}")),
        None => reading,
    }
}

async fn respond(composer: &mut Composer<'_>, reading: &Reading, question: &str) -> Result<(), OperationError> {
    match &reading.intent {
        Intent::Product { words, aspect, competitor, moved } => {
            let asked = product::AskedOf { aspect: *aspect, competitor: competitor.as_deref(), moved: *moved };
            product::tell(composer, words, asked).await
        }
        Intent::Each(intents) => Box::pin(each(composer, reading, intents, question)).await,
        Intent::Rank { groups, figure, conditions, smallest, scope, limit } => {
            let (groups, figure, smallest, limit) = (*groups, *figure, *smallest, *limit);
            rank::tell(composer, &rank::Ranking { groups, figure, conditions, smallest, scope, limit }).await
        }
        Intent::NotKept { series, scope } => {
            past::tell(composer, *series, scope);
            Ok(())
        }
        Intent::Strategy { scope, competitor } => {
            Box::pin(strategy::tell(composer, scope, competitor.as_deref())).await
        }
        Intent::Grades { scope } => grades::tell(composer, scope).await,
        Intent::ImportFile { kind } => {
            importing::tell(composer, *kind);
            Ok(())
        }
        Intent::File(asked) => Box::pin(file::tell(composer, asked)).await,
        Intent::Scenarios => kept::list(composer).await,
        Intent::Compare { competitor, measure, scope, limit } => match competitor {
            Some(name) => compare::with(composer, name, (*measure, *limit), scope).await,
            None => compare::with_each(composer, scope),
        },
        Intent::Find { scope, conditions, order, limit } => {
            find::tell(composer, scope, conditions, *order, *limit).await
        }
        Intent::Rules(asked) => rules::tell(composer, *asked).await,
        Intent::Changes { scope, direction, conditions, limit } => {
            changes::tell(composer, (scope, conditions), *direction, *limit).await
        }
        Intent::Needs { scope, reason } => today::needs(composer, scope, *reason).await,
        Intent::Moves { competitor } => today::moves(composer, competitor.as_deref()).await,
        Intent::Leaders { competitor, days } => leaders::tell(composer, competitor.as_deref(), *days).await,
        Intent::Movers { competitor, days } => developing::movers(composer, competitor.as_deref(), *days).await,
        Intent::Trend { figure, competitor, scope, days } => {
            Box::pin(developing::trend(composer, *figure, competitor.as_deref(), scope, *days)).await
        }
        Intent::BatchNotes => Box::pin(notes::tell(composer)).await,
        Intent::WhatIf { scope, supposed } => suppose::tell(composer, scope, supposed).await,
        Intent::BreakEven { scope, supposed } => break_even::tell(composer, scope, supposed.as_ref()).await,
        Intent::BetweenLists { scope, list, other, side, limit } => {
            let asked = between_lists::Asked { list, other, side: *side, limit: *limit };
            between_lists::tell(composer, scope, asked).await
        }
        Intent::Draft { scope, strategy } => draft::tell(composer, scope, strategy).await,
        Intent::Summary => today::summary(composer).await,
        Intent::Total { figure, scope, conditions } => totals::tell(composer, *figure, (scope, conditions)).await,
        Intent::Statistic { statistic, of, scope, conditions, groups } => {
            let asked = statistics::Asked { statistic: *statistic, of: *of, scope, conditions, groups: *groups };
            statistics::tell(composer, &asked).await
        }
        Intent::PriceForMargin { scope, margin } => statistics::price_for_margin(composer, scope, *margin).await,
        Intent::Over { period, against, of } => Box::pin(calendar::tell(composer, *period, *against, of)).await,
        Intent::Freshness { failures, competitor, state } => {
            let asked = pages::Asked { failures: *failures, competitor: competitor.as_deref(), state: *state };
            pages::tell(composer, asked).await
        }
        Intent::Promotions { scope, by } => Box::pin(promotions::tell(composer, scope, *by, None)).await,
        Intent::Alerts => watching::alerts(composer).await,
        Intent::Demand { scope } => grades::demand(composer, scope).await,
        Intent::Order { instead } => {
            watching::refuse(composer, instead.is_some());
            let Some(intent) = instead else { return Ok(()) };
            let one = Reading { intent: (**intent).clone(), ..reading.clone() };
            Box::pin(respond(composer, &one, question)).await
        }
        Intent::Help => unsure::help(composer),
        Intent::Choose { word, choices } => unsure::choose(composer, question, word, choices),
        Intent::NotHere { word } => unsure::not_here(composer, word),
        Intent::Science => unsure::science(composer),
        Intent::OutOfScope { word } => unsure::out_of_scope(composer, word, question),
        Intent::NotUnderstood => unsure::not_understood(composer, question),
    }
}

/// Several questions, one after another.
async fn each(
    composer: &mut Composer<'_>,
    reading: &Reading,
    intents: &[Intent],
    question: &str,
) -> Result<(), OperationError> {
    if intents.iter().all(|intent| matches!(intent, Intent::Compare { .. })) {
        composer.say(
            "Each is compared with us, not one with the other.",
            "Verglichen wird jeder mit uns, nicht der eine mit dem anderen.",
            &[],
        );
    }
    let mut answered = false;
    for intent in intents {
        composer.ended_as(AnswerOutcome::Answered);
        let one = Reading { intent: intent.clone(), ..reading.clone() };
        respond(composer, &one, question).await?;
        answered |= composer.outcome() == AnswerOutcome::Answered;
    }
    if answered {
        composer.ended_as(AnswerOutcome::Answered);
    }
    Ok(())
}

/// What was taken for something else, and what was left aside.
fn tell_how_it_was_read(composer: &mut Composer<'_>, reading: &Reading) {
    for (written, meant) in &reading.corrected {
        composer.say(
            "I read “{0}” as “{1}”.",
            "„{0}“ habe ich als „{1}“ gelesen.",
            &[Figure::Words(written.clone()), Figure::Words(meant.clone())],
        );
    }
    if let Some(before) = &reading.after {
        composer.name(before);
        composer.say(
            "I read this together with the question before: “{0}”.",
            "Gelesen habe ich das mit der Frage davor: „{0}“.",
            &[Figure::Words(before.clone())],
        );
    }
    let names_its_word = matches!(reading.intent, Intent::OutOfScope { .. } | Intent::NotHere { .. });
    if !names_its_word && !reading.unused.is_empty() {
        let unused = reading.unused.join(", ");
        composer.say("I made nothing of: {0}.", "Nichts anfangen konnte ich mit: {0}.", &[Figure::Words(unused)]);
    }
}

/// The names in the reading: the answer repeats them.
fn names_of(intent: &Intent) -> Vec<String> {
    let (Intent::Compare { scope, .. }
    | Intent::Find { scope, .. }
    | Intent::Changes { scope, .. }
    | Intent::Needs { scope, .. }
    | Intent::WhatIf { scope, .. }
    | Intent::BreakEven { scope, .. }
    | Intent::BetweenLists { scope, .. }
    | Intent::Draft { scope, .. }
    | Intent::Trend { scope, .. }
    | Intent::Rank { scope, .. }
    | Intent::NotKept { scope, .. }
    | Intent::Strategy { scope, .. }
    | Intent::Grades { scope }
    | Intent::Demand { scope }
    | Intent::Promotions { scope, .. }
    | Intent::Statistic { scope, .. }
    | Intent::PriceForMargin { scope, .. }
    | Intent::Total { scope, .. }) = intent
    else {
        return match intent {
            Intent::Each(intents) => intents.iter().flat_map(names_of).collect(),
            Intent::Over { of, .. } => names_of(of),
            Intent::Order { instead: Some(intent) } => names_of(intent),
            Intent::Choose { choices, .. } => choices.clone(),
            Intent::File(asked) => [asked.competitors.clone(), scope_names(&asked.scope)].concat(),
            _ => Vec::new(),
        };
    };
    scope_names(scope)
}

fn scope_names(scope: &Scope) -> Vec<String> {
    let named = scope.filters.iter().filter_map(|filter| match filter {
        GridFilter::Brand(name)
        | GridFilter::Category(name)
        | GridFilter::Supplier(name)
        | GridFilter::Family(name)
        | GridFilter::Tag(name) => Some(name.clone()),
        GridFilter::Attribute { text, .. } => Some(text.clone()),
        _ => None,
    });
    named.chain(scope.search.iter().cloned()).collect()
}

fn name_of(intent: &Intent) -> &'static str {
    match intent {
        Intent::Each(intents) => intents.first().map_or("not_understood", name_of),
        Intent::Rank { .. } => "rank",
        Intent::NotKept { .. } => "not_kept",
        Intent::Strategy { .. } => "strategy",
        Intent::Grades { .. } => "grades",
        Intent::ImportFile { .. } => "import",
        Intent::File(_) => "file",
        Intent::Scenarios => "scenarios",
        Intent::Product { .. } => "explain",
        Intent::Compare { .. } => "compare",
        Intent::Find { .. } => "find",
        Intent::Rules(_) => "rules",
        Intent::Changes { .. } => "changes",
        Intent::Needs { .. } => "needs",
        Intent::Moves { .. } | Intent::Movers { .. } | Intent::Leaders { .. } => "moves",
        Intent::Trend { .. } => "trend",
        Intent::BatchNotes => "release_notes",
        Intent::WhatIf { .. } => "what_if",
        Intent::BreakEven { .. } => "break_even",
        Intent::BetweenLists { .. } => "price_lists",
        Intent::Draft { .. } => "draft",
        Intent::Summary => "summary",
        Intent::Total { .. } | Intent::Statistic { .. } => "figures",
        Intent::PriceForMargin { .. } => "price_for_margin",
        Intent::Over { of, .. } => name_of(of),
        Intent::Freshness { .. } => "freshness",
        Intent::Help => "help",
        Intent::Science | Intent::Demand { .. } => "science",
        Intent::Promotions { .. } => "promotions",
        Intent::Alerts => "alerts",
        Intent::Order { .. } => "order",
        Intent::Choose { .. } => "choose",
        Intent::NotHere { .. } => "not_in_workspace",
        Intent::OutOfScope { .. } => "out_of_scope",
        Intent::NotUnderstood => "not_understood",
    }
}

/// The reading for people: what, of which products, on which list.
fn understood(reading: &Reading, list: &str) -> String {
    let scope = match &reading.intent {
        Intent::Each(intents) => {
            let scopes = intents.iter().map(|intent| words_of(intent, reading.language).unwrap_or_default());
            let mut scopes: Vec<String> = scopes.filter(|words| !words.is_empty()).collect();
            scopes.dedup();
            Some(scopes.join(" | "))
        }
        intent => words_of(intent, reading.language),
    };
    let parts = [Some(name_of(&reading.intent).replace('_', " ")), scope, Some(list.to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Of which products, and against whom where that tells several apart.
fn words_of(intent: &Intent, language: Language) -> Option<String> {
    match intent {
        Intent::Compare { competitor: Some(name), scope, .. } if scope.is_all() => Some(name.clone()),
        Intent::Compare { scope, .. }
        | Intent::Find { scope, .. }
        | Intent::Changes { scope, .. }
        | Intent::Needs { scope, .. }
        | Intent::WhatIf { scope, .. }
        | Intent::BreakEven { scope, .. }
        | Intent::BetweenLists { scope, .. }
        | Intent::Draft { scope, .. }
        | Intent::Trend { scope, .. }
        | Intent::Rank { scope, .. }
        | Intent::NotKept { scope, .. }
        | Intent::Strategy { scope, .. }
        | Intent::Grades { scope }
        | Intent::Demand { scope }
        | Intent::Promotions { scope, .. }
        | Intent::Statistic { scope, .. }
        | Intent::PriceForMargin { scope, .. }
        | Intent::Total { scope, .. } => Some(scope_words(scope, language)),
        Intent::Order { instead: Some(intent) } => words_of(intent, language),
        Intent::Over { of, .. } => words_of(of, language),
        Intent::File(asked) => Some(scope_words(&asked.scope, language)),
        Intent::Product { words, .. } => Some(words.join(" ")),
        _ => None,
    }
}

/// The documented questions with names of this workspace in them.
pub async fn questions(workspace: &Workspace) -> Result<Vec<AssistantQuestion>, OperationError> {
    let snapshot = workspace.snapshot().await?;
    let asked = documented().iter().filter(|example| has_names(&snapshot, example.text(Language::English)));
    let filled = asked.map(|example| AssistantQuestion {
        topic: example.topic.to_owned(),
        english: fill(&snapshot, example.text(Language::English)),
        german: fill(&snapshot, example.text(Language::German)),
    });
    Ok(filled.collect())
}

/// Whether the workspace has what stands in a documented question.
fn has_names(snapshot: &Snapshot, text: &str) -> bool {
    let lacks = |name: &str, is_missing: bool| is_missing && text.contains(name);
    let no_category = snapshot.categories.texts().all(str::is_empty);
    !lacks("{sku}", snapshot.row_count() == 0)
        && !lacks("{category}", no_category)
        && !lacks("{competitor}", snapshot.competitors.is_empty())
}

/// A documented question with names of the workspace: its best-selling product, that product's category, and the
/// first competitor by name.
pub(crate) fn fill(snapshot: &Snapshot, text: &str) -> String {
    if !text.contains('{') || snapshot.lists.is_empty() {
        return text.to_owned();
    }
    let place = Place { snapshot, list: 0, now: pricing_domain::Instant::default() };
    let sort = GridSort { column: pricing_domain::GridColumn::Units, descending: true };
    let rows: Vec<u32> = (0..u32::try_from(snapshot.row_count().min(10_000)).unwrap_or(0)).collect();
    let best = place.first(&rows, sort, 1).first().copied();
    let sku = best.map_or_else(|| "SKU-1".to_owned(), |row| snapshot.products.sku.get(row as usize).to_owned());
    let category = best.map_or("", |row| snapshot.categories.text(snapshot.products.category.get(row as usize)));
    let any_category = || snapshot.categories.texts().find(|path| !path.is_empty()).unwrap_or("Headphones");
    let category = if category.is_empty() { any_category() } else { category };
    let category = category.rsplit(" > ").next().unwrap_or(category);
    let competitor = snapshot.competitors.first().map_or("a competitor", |competitor| competitor.name.as_str());
    text.replace("{sku}", &sku).replace("{competitor}", competitor).replace("{category}", category)
}
