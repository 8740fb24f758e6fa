//! What a file of competitors' prices says beside the workspace: whose prices are below ours, what differs from what is
//! stored, which rows an import would refuse. Nothing is written; importing is offered to the person.

mod beside;
mod unreadable;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, CardAction, ProposalCard};
use pricing_operations::{CompetitorFile, FileLook, OperationError};
use question_grammar::{FileAspect, FileQuestion, Language, Limit, Side};

use super::today::{count, moment};
use crate::attached::FileInHand;
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::linked;
use crate::wording::scope_words;
use beside::{Beside, Chosen, LeftOut};

/// The tool's name, of the advisor's own look-ups too.
pub(crate) const TOOL: &str = "read_attached_file";
/// Rows shown unless the question says how many, and most rows shown.
const USUAL: usize = 10;
const MOST: usize = 50;

/// A file with what it says.
struct Open<'f> {
    hand: &'f FileInHand,
    offers: &'f CompetitorFile,
}

/// Answers a question about the file.
pub(super) async fn tell(composer: &mut Composer<'_>, asked: &FileQuestion) -> Result<(), OperationError> {
    let Some(hand) = composer.file.clone() else {
        return Err(OperationError::refused(
            "No file is attached. A person chooses one in the window, or with `omnipricex ask --file FILE`.",
        ));
    };
    let hand: Arc<FileInHand> = hand;
    let offers = match &hand.look {
        Ok(FileLook::Offers(offers)) => offers,
        _ => {
            unreadable::tell(composer, &hand);
            return Ok(());
        }
    };
    let open = Open { hand: &hand, offers };
    let started = Stopwatch::now();
    let Some(asked) = &in_file(composer, &open, asked) else { return Ok(()) };
    let chosen = beside::choose(composer, offers, asked);
    match asked.about {
        FileAspect::Overview => overview(composer, &open, &chosen, started),
        FileAspect::Import => {
            composer.say(
                "I propose and never act: only you import this file, by the card below or with `omnipricex import`.",
                "Ich schlage vor und handle nie: nur Sie importieren diese Datei, über die Karte unten oder mit `omnipricex import`.",
                &[],
            );
            overview(composer, &open, &chosen, started);
        }
        FileAspect::Competitors => {
            begin(composer, &open, &chosen, started);
            by_competitor(composer, &chosen);
        }
        FileAspect::Compared => {
            begin(composer, &open, &chosen, started);
            standing(composer, asked, &chosen);
            refused_too(composer, &open);
            by_competitor(composer, &chosen);
        }
        FileAspect::Cheaper | FileAspect::Dearer => one_side(composer, &open, asked, &chosen, started).await?,
        FileAspect::Changed => changed(composer, &open, asked, &chosen, started).await?,
        FileAspect::Rows => rows(composer, &open, asked, &chosen, started).await?,
        FileAspect::Refused => refused(composer, &open, asked, started),
    }
    if let Some(whose) = &open.offers.whose_assumed {
        composer.say(
            "No column says whose prices these are: they are taken for those of {0}, whom the question or the file's name names.",
            "Keine Spalte sagt, wessen Preise das sind: Sie gelten als die von {0}; so sagt es die Frage oder der Dateiname.",
            &[Figure::Words(whose.clone())],
        );
    }
    suggest(composer, asked.about);
    Ok(())
}

/// The question with the competitors' names as the file has them; `None`: it has none of those, and that was said.
fn in_file(composer: &mut Composer<'_>, open: &Open<'_>, asked: &FileQuestion) -> Option<FileQuestion> {
    let known = open.hand.competitors();
    let (mut named, mut missing) = (Vec::new(), Vec::new());
    for name in &asked.competitors {
        match known.iter().find(|one| one.to_lowercase() == name.trim().to_lowercase()) {
            Some(known) => named.push(known.clone()),
            None => missing.push(name.clone()),
        }
    }
    named.iter().for_each(|name| composer.name(name));
    if !missing.is_empty() {
        step(composer, open, &[], 0, Stopwatch::now());
        let names = Figure::Words(missing.join(", "));
        composer.say(
            "No row of the file that can be taken is of {0}.",
            "Keine übernehmbare Zeile der Datei ist von {0}.",
            &[names],
        );
        if named.is_empty() {
            composer.ended_as(AnswerOutcome::NotInWorkspace);
            return None;
        }
    }
    Some(FileQuestion { competitors: named, ..asked.clone() })
}

/// The step of some lines of the file: they stand in its question, and its link shows the file.
fn step(composer: &mut Composer<'_>, open: &Open<'_>, lines: &[u64], rows: usize, since: Stopwatch) {
    let link = AnswerLink::FileRows { file: open.hand.file.clone(), options: Box::new(open.offers.options.clone()) };
    let name = crate::plain_text::visible(&open.hand.file.name);
    composer.step(TOOL, format!("{name}: {}", line_words(lines, composer.language)), rows, since, link);
}

fn begin(composer: &mut Composer<'_>, open: &Open<'_>, chosen: &Chosen, since: Stopwatch) {
    let lines: Vec<u64> = chosen.found.iter().map(|one| one.line).collect();
    step(composer, open, &lines, lines.len(), since);
}

/// “lines 2–4, 9”; long lists end with a sign.
pub(super) fn line_words(lines: &[u64], language: Language) -> String {
    const RANGES: usize = 30;
    let word = match (language, lines.len()) {
        (Language::English, 1) => "line",
        (Language::English, _) => "lines",
        (Language::German, 1) => "Zeile",
        (Language::German, _) => "Zeilen",
    };
    let mut sorted = lines.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for line in sorted {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            _ => ranges.push((line, line)),
        }
    }
    if ranges.is_empty() {
        return match language {
            Language::English => "no line".to_owned(),
            Language::German => "keine Zeile".to_owned(),
        };
    }
    let shown = ranges.iter().take(RANGES);
    let shown = shown.map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") });
    let more = if ranges.len() > RANGES { ", …" } else { "" };
    format!("{word} {}{more}", shown.collect::<Vec<_>>().join(", "))
}

fn overview(composer: &mut Composer<'_>, open: &Open<'_>, chosen: &Chosen, since: Stopwatch) {
    let report = &open.offers.report;
    begin(composer, open, chosen, since);
    let known = composer.gave(count(open.offers.offers.len() as u64));
    let (rows, refused) = (composer.gave(count(report.rows)), composer.gave(count(report.refused)));
    composer.say(
        "The file has {0} rows of competitors' prices: {1} name a product of ours and can be imported, {2} are refused.",
        "Die Datei hat {0} Zeilen mit Wettbewerbspreisen: {1} nennen ein Produkt von uns und lassen sich importieren, {2} werden abgelehnt.",
        &[rows, known, refused],
    );
    let (first, last) =
        (open.offers.offers.iter().map(|one| one.at).min(), open.offers.offers.iter().map(|one| one.at).max());
    if open.offers.moment_assumed {
        composer.say(
            "It does not say when the prices were seen: they are taken as seen now.",
            "Sie sagt nicht, wann die Preise gesehen wurden: sie gelten als jetzt gesehen.",
            &[],
        );
    } else if let (Some(first), Some(last)) = (first, last) {
        let (first, last) = (composer.gave(Figure::Words(moment(first))), composer.gave(Figure::Words(moment(last))));
        composer.say("They were seen from {0} to {1}.", "Gesehen wurden sie von {0} bis {1}.", &[first, last]);
    }
    stored(composer, chosen);
    by_competitor(composer, chosen);
    if !open.offers.options.mapping.is_empty() {
        let cells =
            open.offers.options.mapping.iter().map(|(ours, theirs)| {
                (vec![Some(Figure::Words(ours.clone())), Some(Figure::Words(theirs.clone()))], None)
            });
        let (cells, total) = (cells.collect(), open.offers.options.mapping.len());
        let columns = [("Ours", "Unsere", false), ("In the file", "In der Datei", false)];
        composer.table(("How its columns were read", "Wie ihre Spalten gelesen wurden"), &columns, cells, total);
    }
    card(composer, open);
}

/// How the newest price of each competitor on each product stands to the stored one.
fn stored(composer: &mut Composer<'_>, chosen: &Chosen) {
    let number = |wanted: fn(&Beside) -> bool| chosen.found.iter().filter(|one| wanted(one)).count() as u64;
    let differ = composer.gave(count(number(|one| one.stored.is_some_and(|stored| stored != one.theirs))));
    let same = composer.gave(count(number(|one| one.stored == Some(one.theirs))));
    let new = composer.gave(count(number(|one| one.stored.is_none())));
    composer.say(
        "Of the newest price of each product and competitor, {0} differ from what is stored, {1} are the same, and {2} have nothing stored to compare with.",
        "Vom jeweils neuesten Preis je Produkt und Wettbewerber weichen {0} vom gespeicherten ab, {1} sind gleich, und zu {2} ist nichts gespeichert.",
        &[differ, same, new],
    );
}

fn who(composer: &Composer<'_>, asked: &FileQuestion) -> Figure {
    let and = composer.pick(" and ", " und ");
    Figure::Words(match asked.competitors.as_slice() {
        [] => composer.pick("the competitors", "die Wettbewerber").to_owned(),
        names => names.join(and),
    })
}

fn standing(composer: &mut Composer<'_>, asked: &FileQuestion, chosen: &Chosen) {
    let sides = chosen.sides();
    let figures =
        [sides.compared(), sides.cheaper, sides.level, sides.dearer].map(|number| composer.gave(count(number)));
    let [compared, cheaper, level, dearer] = figures;
    let (who, of) = (who(composer, asked), Figure::Words(scope_words(&asked.scope, composer.language)));
    composer.say(
        "In the file ({5}), {4}: {0} prices compared with ours, {1} below, {2} level, {3} above.",
        "In der Datei ({5}), {4}: {0} Preise mit unseren verglichen, {1} darunter, {2} gleich, {3} darüber.",
        &[compared, cheaper, level, dearer, who, of],
    );
    left_out(composer, &chosen.left_out);
}

fn left_out(composer: &mut Composer<'_>, left: &LeftOut) {
    let total = left.total();
    if total == 0 {
        return;
    }
    let figures = [total, left.sold_out, left.not_for_all, left.no_price, left.currency, left.older];
    let figures = figures.map(|number| composer.gave(count(number)));
    composer.say(
        "{0} rows are not compared: {1} sold out there, {2} for members only, {3} without a price of ours, {4} in another currency, {5} with a newer row of the same product and competitor.",
        "{0} Zeilen sind nicht verglichen: {1} dort ausverkauft, {2} nur für Mitglieder, {3} ohne Preis von uns, {4} in anderer Währung, {5} mit einer neueren Zeile zum selben Produkt und Wettbewerber.",
        &figures,
    );
}

const fn shown(limit: Limit) -> usize {
    match limit {
        Limit::Usual => USUAL,
        Limit::Rows(rows) if (rows as usize) < MOST => rows as usize,
        Limit::Rows(_) => MOST,
        Limit::CountOnly => 5,
    }
}

const fn is_beyond(beyond: Option<(Side, pricing_domain::BasisPoints)>, share: i64) -> bool {
    match beyond {
        None => true,
        Some((Side::Above, least)) => share > least.0 as i64,
        Some((Side::AtLeast, least)) => share >= least.0 as i64,
        Some((Side::Below, most)) => share < most.0 as i64,
        Some((Side::AtMost, most)) => share <= most.0 as i64,
    }
}

/// The words of a threshold: “more than 5 %”.
fn beyond_words(composer: &mut Composer<'_>, asked: &FileQuestion) {
    let Some((side, share)) = asked.beyond else { return };
    let share = composer.gave(Figure::Percent(i64::from(share.0)));
    match side {
        Side::Above => composer.say("Only by more than {0}.", "Nur um mehr als {0}.", &[share]),
        Side::AtLeast => composer.say("Only by {0} or more.", "Nur um {0} oder mehr.", &[share]),
        Side::Below => composer.say("Only by less than {0}.", "Nur um weniger als {0}.", &[share]),
        Side::AtMost => composer.say("Only by {0} at most.", "Nur um höchstens {0}.", &[share]),
    }
}

async fn one_side(
    composer: &mut Composer<'_>,
    open: &Open<'_>,
    asked: &FileQuestion,
    chosen: &Chosen,
    since: Stopwatch,
) -> Result<(), OperationError> {
    let cheaper = asked.about == FileAspect::Cheaper;
    let is_it = |one: &&Beside| {
        let gap = one.gap_bp();
        gap.is_some_and(|gap| if cheaper { gap > 0 } else { gap < 0 } && is_beyond(asked.beyond, gap.abs()))
    };
    let mut found: Vec<&Beside> = chosen.found.iter().filter(is_it).collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.gap_bp().unwrap_or(0).abs()), one.line));
    let lines: Vec<u64> = found.iter().map(|one| one.line).collect();
    step(composer, open, &lines, lines.len(), since);
    let number = composer.gave(count(found.len() as u64));
    let compared = composer.gave(count(chosen.sides().compared()));
    let (who, of) = (who(composer, asked), Figure::Words(scope_words(&asked.scope, composer.language)));
    if chosen.sides().compared() == 0 {
        composer.ended_as(AnswerOutcome::NotEnoughData);
    }
    if cheaper {
        composer.say(
            "In the file ({3}), {2}: {0} of {1} compared prices are below ours.",
            "In der Datei ({3}), {2}: {0} von {1} verglichenen Preisen liegen unter unserem.",
            &[number, compared, who, of],
        );
    } else {
        composer.say(
            "In the file ({3}), {2}: {0} of {1} compared prices are above ours.",
            "In der Datei ({3}), {2}: {0} von {1} verglichenen Preisen liegen über unserem.",
            &[number, compared, who, of],
        );
    }
    beyond_words(composer, asked);
    left_out(composer, &chosen.left_out);
    refused_too(composer, open);
    table(composer, asked, &found).await
}

/// Rows that cannot be taken stand on no side of ours.
fn refused_too(composer: &mut Composer<'_>, open: &Open<'_>) {
    if open.offers.report.refused > 0 {
        let refused = composer.gave(count(open.offers.report.refused));
        composer.say(
            "Not among them: {0} rows of the file that cannot be taken.",
            "Nicht dabei: {0} Zeilen der Datei, die sich nicht übernehmen lassen.",
            &[refused],
        );
    }
}

async fn table(composer: &mut Composer<'_>, asked: &FileQuestion, found: &[&Beside]) -> Result<(), OperationError> {
    let first = &found[..found.len().min(shown(asked.limit))];
    let rows: Vec<u32> = first.iter().map(|one| one.row).collect();
    let links = composer.product_links(&rows).await?;
    let cells = first.iter().map(|one| {
        vec![
            Some(count(one.line)),
            Some(Figure::Words(one.sku.clone())),
            Some(Figure::Words(one.name.clone())),
            Some(Figure::Words(one.competitor.clone())),
            Some(composer.money(one.theirs)),
            one.own.map(|own| composer.money(own)),
            one.gap_bp().map(Figure::Percent),
            one.stored.map(|stored| composer.money(stored)),
        ]
    });
    let cells: Vec<_> = cells.collect();
    let columns = [
        ("Line", "Zeile", true),
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        ("Competitor", "Wettbewerber", false),
        ("In the file", "In der Datei", true),
        ("Our price", "Unser Preis", true),
        ("We are dearer by", "Wir teurer um", true),
        ("Stored", "Gespeichert", true),
    ];
    let total = found.len();
    composer.table(("Rows of the file", "Zeilen der Datei"), &columns, linked(cells, links), total);
    Ok(())
}

async fn changed(
    composer: &mut Composer<'_>,
    open: &Open<'_>,
    asked: &FileQuestion,
    chosen: &Chosen,
    since: Stopwatch,
) -> Result<(), OperationError> {
    let is_it = |one: &&Beside| one.moved_bp().is_some_and(|moved| moved != 0 && is_beyond(asked.beyond, moved.abs()));
    let mut found: Vec<&Beside> = chosen.found.iter().filter(is_it).collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.moved_bp().unwrap_or(0).abs()), one.line));
    begin(composer, open, chosen, since);
    stored(composer, chosen);
    let lines: Vec<u64> = found.iter().map(|one| one.line).collect();
    step(composer, open, &lines, lines.len(), since);
    let down = found.iter().filter(|one| one.moved_bp().unwrap_or(0) < 0).count() as u64;
    let (down, up) = (composer.gave(count(down)), composer.gave(count(found.len() as u64 - down)));
    composer.say(
        "{0} are lower than stored, {1} are higher.",
        "{0} sind niedriger als gespeichert, {1} höher.",
        &[down, up],
    );
    beyond_words(composer, asked);
    table(composer, asked, &found).await?;
    card(composer, open);
    Ok(())
}

async fn rows(
    composer: &mut Composer<'_>,
    open: &Open<'_>,
    asked: &FileQuestion,
    chosen: &Chosen,
    since: Stopwatch,
) -> Result<(), OperationError> {
    begin(composer, open, chosen, since);
    let found: Vec<&Beside> = chosen.found.iter().collect();
    let number = composer.gave(count(found.len() as u64));
    let of = Figure::Words(scope_words(&asked.scope, composer.language));
    composer.say("{0} rows in the file: {1}.", "{0} Zeilen in der Datei: {1}.", &[number, of]);
    left_out(composer, &chosen.left_out);
    table(composer, asked, &found).await
}

fn refused(composer: &mut Composer<'_>, open: &Open<'_>, asked: &FileQuestion, since: Stopwatch) {
    let report = &open.offers.report;
    let lines: Vec<u64> = report.problems.iter().map(|problem| problem.line).filter(|line| *line > 0).collect();
    step(composer, open, &lines, lines.len(), since);
    let (number, rows) = (composer.gave(count(report.refused)), composer.gave(count(report.rows)));
    composer.say(
        "{0} of {1} rows of the file cannot be taken.",
        "{0} von {1} Zeilen der Datei lassen sich nicht übernehmen.",
        &[number, rows],
    );
    if !asked.scope.is_all() || !asked.competitors.is_empty() {
        composer.say(
            "These are of the whole file: of a refused row nobody knows for sure whose it is.",
            "Das sind die der ganzen Datei: von einer abgelehnten Zeile weiß niemand sicher, wessen sie ist.",
            &[],
        );
    }
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    report.problems.iter().for_each(|problem| *reasons.entry(problem.reason.as_str()).or_default() += 1);
    if reasons.len() > 1 && reasons.len() < report.problems.len() {
        let mut reasons: Vec<(&str, u64)> = reasons.into_iter().collect();
        reasons.sort_by_key(|(reason, number)| (std::cmp::Reverse(*number), *reason));
        let total = reasons.len();
        let cells = reasons.into_iter().take(USUAL);
        let cells =
            cells.map(|(reason, number)| (vec![Some(Figure::Words(reason.to_owned())), Some(count(number))], None));
        let columns = [("Reason", "Grund", false), ("Rows", "Zeilen", true)];
        composer.table(("By reason", "Nach Grund"), &columns, cells.collect(), total);
    }
    let short = |text: &str| Figure::Words(text.chars().take(60).collect());
    let cells = report.problems.iter().take(MOST).map(|problem| {
        let cells = vec![
            Some(count(problem.line)),
            Some(short(&problem.column)),
            Some(short(&problem.found)).filter(|_| !problem.found.is_empty()),
            Some(Figure::Words(problem.reason.clone())),
        ];
        (cells, None)
    });
    let cells: Vec<_> = cells.collect();
    let columns = [
        ("Line", "Zeile", true),
        ("Column", "Spalte", false),
        ("Found", "Gefunden", false),
        ("Reason", "Grund", false),
    ];
    let total = usize::try_from(report.problem_count).unwrap_or(usize::MAX);
    composer.table(("Refused rows", "Abgelehnte Zeilen"), &columns, cells, total);
}

fn by_competitor(composer: &mut Composer<'_>, chosen: &Chosen) {
    let groups = chosen.by_competitor();
    let total = groups.len();
    let cells = groups.into_iter().take(MOST).map(|(name, rows, sides)| {
        let cells = vec![
            Some(Figure::Words(name)),
            Some(count(rows)),
            Some(count(sides.cheaper)),
            Some(count(sides.level)),
            Some(count(sides.dearer)),
        ];
        (cells, None)
    });
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("Newest prices", "Neueste Preise", true),
        ("Below ours", "Unter unserem", true),
        ("Level", "Gleich", true),
        ("Above ours", "Über unserem", true),
    ];
    composer.table(("By competitor", "Nach Wettbewerber"), &columns, cells.collect(), total);
}

/// What importing it would do, for the person to press.
fn card(composer: &mut Composer<'_>, open: &Open<'_>) {
    let report = &open.offers.report;
    if report.added + report.changed == 0 {
        return;
    }
    let numbers = [report.added, report.changed, report.unchanged, report.refused, report.rows];
    composer.know(numbers.map(count));
    let language = composer.language;
    let line = |english: &str, german: &str, number: u64| {
        let word = if language == Language::German { german } else { english };
        format!("{word}: {}", count(number).text(language))
    };
    composer.card(ProposalCard {
        title: composer.pick("Import these observations", "Diese Beobachtungen importieren").to_owned(),
        product: crate::plain_text::visible(&open.hand.file.name),
        current: composer
            .pick("nothing of this file is stored by this answer", "durch diese Antwort ist nichts gespeichert")
            .to_owned(),
        proposed: line("rows taken", "Zeilen übernommen", report.added + report.changed),
        reason: composer
            .pick(
                "An ordinary import, by you; it can be undone.",
                "Ein gewöhnlicher Import, durch Sie; er lässt sich rückgängig machen.",
            )
            .to_owned(),
        effect: vec![
            line("New", "Neu", report.added),
            line("Changed", "Geändert", report.changed),
            line("Stored already", "Schon gespeichert", report.unchanged),
            line("Refused", "Abgelehnt", report.refused),
        ],
        guardrails: Vec::new(),
        confidence: composer
            .pick(
                "Counted by a trial of the import, which was taken back.",
                "Gezählt durch einen Probelauf des Imports, der zurückgenommen wurde.",
            )
            .to_owned(),
        step: composer.current_step(),
        action: CardAction::ImportAttached {
            file: open.hand.file.clone(),
            options: Box::new(open.offers.options.clone()),
        },
    });
    composer.know([count(report.added + report.changed)]);
}

fn suggest(composer: &mut Composer<'_>, about: FileAspect) {
    let questions = [
        (
            FileAspect::Cheaper,
            "Where are they cheaper than us in the file?",
            "Wo sind sie in der Datei günstiger als wir?",
        ),
        (
            FileAspect::Refused,
            "Which rows of the file could not be matched?",
            "Welche Zeilen der Datei konnten nicht zugeordnet werden?",
        ),
        (
            FileAspect::Changed,
            "What in the file differs from what is stored?",
            "Was in der Datei weicht vom Gespeicherten ab?",
        ),
    ];
    for (_, english, german) in questions.into_iter().filter(|(of, ..)| *of != about) {
        composer.suggest(english.to_owned(), german.to_owned());
    }
}
