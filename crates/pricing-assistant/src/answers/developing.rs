//! How figures developed over time, and who changes prices how often.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, AnswerPicture, CompetitorPosition};
use pricing_domain::{CivilDate, IndexForm};
use pricing_operations::{IndexOverTime, OperationError};
use question_grammar::{Scope, TrendFigure};

use super::charts::{BRIDGE_WEEKS, USUAL_DAYS, drawn, market_filter, not_kept, nothing_to_draw};
use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::scope_words;

fn count(number: u64) -> Figure {
    Figure::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

fn day(day: CivilDate) -> Figure {
    Figure::Words(day.to_string())
}

/// How the index or the margin developed.
pub(super) async fn trend(
    composer: &mut Composer<'_>,
    figure: TrendFigure,
    competitor: Option<&str>,
    scope: &Scope,
    days: Option<u32>,
) -> Result<(), OperationError> {
    let days = days.unwrap_or(USUAL_DAYS);
    match figure {
        TrendFigure::Index => index(composer, competitor, scope, days).await,
        TrendFigure::Margin => margin(composer, scope, days).await,
        TrendFigure::Revenue | TrendFigure::Units => super::sales::tell(composer, figure, scope, days).await,
        TrendFigure::Overall => overall(composer, scope, days).await,
    }
}

/// Index, margin and sales one after another; what is not known of one is said and the others are told.
async fn overall(composer: &mut Composer<'_>, scope: &Scope, days: u32) -> Result<(), OperationError> {
    if market_filter(composer, scope, None, days).is_none() {
        not_kept(composer, scope);
        return Ok(());
    }
    let mut answered = false;
    let parts = [
        (TrendFigure::Index, ("Price index.", "Preisindex.")),
        (TrendFigure::Margin, ("Margin.", "Marge.")),
        (TrendFigure::Revenue, ("Sales.", "Verkäufe.")),
    ];
    for (figure, title) in parts {
        composer.say(title.0, title.1, &[]);
        composer.ended_as(AnswerOutcome::Answered);
        match figure {
            TrendFigure::Index => index(composer, None, scope, days).await?,
            TrendFigure::Margin => margin(composer, scope, days).await?,
            _ => super::sales::tell(composer, figure, scope, days).await?,
        }
        answered |= composer.outcome() == AnswerOutcome::Answered;
    }
    if answered {
        composer.ended_as(AnswerOutcome::Answered);
    }
    Ok(())
}

async fn index(
    composer: &mut Composer<'_>,
    competitor: Option<&str>,
    scope: &Scope,
    days: u32,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let Some(filter) = market_filter(composer, scope, competitor, days) else {
        not_kept(composer, scope);
        return Ok(());
    };
    let lines = composer.workspace.index_over_time(&filter).await?;
    let known: Vec<&IndexOverTime> = lines.iter().filter(|line| line.days.len() > 1).collect();
    let asked = scope_words(scope, composer.language);
    let Some(first) = known.first() else {
        composer.step("get_index_history", asked, 0, started, AnswerLink::Analytics);
        nothing_to_draw(composer);
        return Ok(());
    };
    drawn(composer, AnswerPicture::IndexHistory(filter.clone()), &asked, started).await?;
    composer.know([Figure::Count(i64::from(days))]);
    say_index(composer, first, scope);
    let rows: Vec<_> = known.iter().map(|line| (index_cells(line), None)).collect();
    let total = rows.len();
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("First day", "Erster Tag", false),
        ("Index then", "Index damals", true),
        ("Index now", "Index jetzt", true),
        ("Difference", "Differenz", true),
        ("Lowest", "Tiefster", true),
        ("Highest", "Höchster", true),
        ("Coverage now", "Abdeckung jetzt", true),
    ];
    composer.table(("Price index over time", "Preisindex über die Zeit"), &columns, rows, total);
    if let Some(name) = competitor {
        changes_of(composer, &filter, name).await?;
        composer.suggest(format!("How do we stand against {name}?"), format!("Wie stehen wir gegenüber {name}?"));
    }
    composer.suggest(
        "Which competitor changes prices most?".into(),
        "Welcher Wettbewerber ändert am häufigsten seine Preise?".into(),
    );
    Ok(())
}

fn say_index(composer: &mut Composer<'_>, line: &IndexOverTime, scope: &Scope) {
    let (Some(begin), Some(end)) = (line.days.first(), line.days.last()) else { return };
    let difference = end.1 - begin.1;
    let figures = [
        Figure::Words(line.competitor.clone()),
        day(begin.0),
        Figure::Index(begin.1),
        day(end.0),
        Figure::Index(end.1),
        Figure::Index(difference.abs()),
        Figure::Words(scope_words(scope, composer.language)),
    ];
    composer.know(figures.clone());
    let (english, german) = match difference {
        0 => (
            "Our price index against {0} was {2} on {1} and is the same on {3} ({6}).",
            "Unser Preisindex gegen {0} war {2} am {1} und ist am {3} derselbe ({6}).",
        ),
        1.. => (
            "Our price index against {0} rose from {2} on {1} to {4} on {3}, by {5} points ({6}): we became dearer beside them.",
            "Unser Preisindex gegen {0} stieg von {2} am {1} auf {4} am {3}, um {5} Punkte ({6}): Wir wurden im Vergleich teurer.",
        ),
        _ => (
            "Our price index against {0} fell from {2} on {1} to {4} on {3}, by {5} points ({6}): we became cheaper beside them.",
            "Unser Preisindex gegen {0} fiel von {2} am {1} auf {4} am {3}, um {5} Punkte ({6}): Wir wurden im Vergleich günstiger.",
        ),
    };
    composer.say(english, german, &figures);
}

fn index_cells(line: &IndexOverTime) -> Vec<Option<Figure>> {
    let indexes = line.days.iter().map(|(_, index, _)| *index);
    let (begin, end) = (line.days.first(), line.days.last());
    vec![
        Some(Figure::Words(line.competitor.clone())),
        begin.map(|(first, ..)| day(*first)),
        begin.map(|(_, index, _)| Figure::Index(*index)),
        end.map(|(_, index, _)| Figure::Index(*index)),
        begin.zip(end).map(|(begin, end)| Figure::Index(end.1 - begin.1)),
        indexes.clone().min().map(Figure::Index),
        indexes.max().map(Figure::Index),
        end.map(|(_, _, coverage)| Figure::Percent(i64::from(*coverage))),
    ]
}

/// What the competitor did in the same days.
async fn changes_of(
    composer: &mut Composer<'_>,
    filter: &pricing_domain::MarketFilter,
    name: &str,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let positions = composer.workspace.competitor_positions(filter, IndexForm::Basket).await?;
    let Some(one) = positions.iter().find(|one| one.competitor == name) else { return Ok(()) };
    composer.step("list_competitor_positions", name.to_owned(), positions.len(), started, AnswerLink::Analytics);
    let figures = [Figure::Words(name.to_owned()), count(one.lowered), count(one.raised)];
    composer.know(figures.clone());
    composer.say(
        "In these days {0} lowered {1} prices and raised {2}.",
        "In diesen Tagen hat {0} {1} Preise gesenkt und {2} erhöht.",
        &figures,
    );
    Ok(())
}

async fn margin(composer: &mut Composer<'_>, scope: &Scope, days: u32) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let Some(filter) = market_filter(composer, scope, None, days) else {
        not_kept(composer, scope);
        return Ok(());
    };
    let weeks = match days {
        USUAL_DAYS => BRIDGE_WEEKS,
        days => (days / 7).clamp(1, 52),
    };
    let asked = scope_words(scope, composer.language);
    let Some(chart) = drawn(composer, AnswerPicture::MarginBridge { filter, weeks }, &asked, started).await? else {
        nothing_to_draw(composer);
        return Ok(());
    };
    composer.know([Figure::Count(i64::from(weeks))]);
    let said = [Figure::Count(i64::from(weeks)), Figure::Words(asked)];
    composer.say(
        "The margin of the newest {0} whole weeks against that of the {0} before ({1}):",
        "Die Marge der neuesten {0} ganzen Wochen gegen die der {0} davor ({1}):",
        &said,
    );
    composer.say_line(&chart.title);
    let digits = composer.currency().minor_digits();
    let amount = |text: &String| pricing_domain::parse_scaled(text, digits).map(|minor| composer.money(minor));
    let rows: Vec<_> = chart
        .rows
        .iter()
        .map(|row| (vec![row.first().map(|name| Figure::Words(name.clone())), row.get(1).and_then(amount)], None))
        .collect();
    let total = rows.len();
    let columns = [("Step", "Schritt", false), ("Amount", "Betrag", true)];
    composer.table(("Margin by cause", "Marge nach Ursachen"), &columns, rows, total);
    composer.suggest("What is our margin?".into(), "Wie hoch ist unsere Marge?".into());
    Ok(())
}

/// Who changes prices how often.
pub(super) async fn movers(
    composer: &mut Composer<'_>,
    competitor: Option<&str>,
    days: Option<u32>,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let days = days.unwrap_or(USUAL_DAYS);
    let Some(filter) = market_filter(composer, &Scope::default(), competitor, days) else { return Ok(()) };
    let mut positions = composer.workspace.competitor_positions(&filter, IndexForm::Basket).await?;
    let changes = |one: &CompetitorPosition| one.lowered + one.raised;
    positions
        .sort_by(|one, other| changes(other).cmp(&changes(one)).then_with(|| one.competitor.cmp(&other.competitor)));
    let asked = competitor.unwrap_or(composer.pick("each competitor", "alle Wettbewerber")).to_owned();
    composer.step("list_competitor_positions", asked, positions.len(), started, AnswerLink::Analytics);
    composer.know([Figure::Count(i64::from(days))]);
    let Some(first) = positions.first().filter(|one| changes(one) > 0) else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "In {0} days no competitor's price was seen to change.",
            "In {0} Tagen hat sich kein Preis eines Wettbewerbers sichtbar geändert.",
            &[Figure::Count(i64::from(days))],
        );
        return Ok(());
    };
    let figures = [
        Figure::Words(first.competitor.clone()),
        count(changes(first)),
        Figure::Count(i64::from(days)),
        count(first.lowered),
        count(first.raised),
    ];
    composer.know(figures.clone());
    let (english, german) = match competitor {
        Some(_) => (
            "{0} changed prices {1} times in {2} days: {3} times down, {4} times up.",
            "{0} hat in {2} Tagen {1}-mal Preise geändert: {3}-mal gesenkt, {4}-mal erhöht.",
        ),
        None => (
            "{0} changes prices most: {1} times in {2} days, {3} times down, {4} times up.",
            "{0} ändert am häufigsten Preise: {1}-mal in {2} Tagen, {3}-mal gesenkt, {4}-mal erhöht.",
        ),
    };
    composer.say(english, german, &figures);
    let rows: Vec<_> = positions.iter().map(|one| (mover_cells(one), None)).collect();
    let total = rows.len();
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("Lowered", "Gesenkt", true),
        ("Raised", "Erhöht", true),
        ("Mean change", "Mittlere Änderung", true),
        ("Mean size", "Mittlere Größe", true),
        ("Changes of a price in 30 days", "Änderungen eines Preises in 30 Tagen", true),
    ];
    composer.know([Figure::Count(30)]);
    composer.table(("Price changes by competitor", "Preisänderungen nach Wettbewerber"), &columns, rows, total);
    let who = first.competitor.clone();
    composer.suggest(
        format!("How did our index against {who} develop in the last 4 weeks?"),
        format!("Wie hat sich unser Index gegen {who} in den letzten 4 Wochen entwickelt?"),
    );
    Ok(())
}

fn mover_cells(one: &CompetitorPosition) -> Vec<Option<Figure>> {
    let percent = |bp: Option<i32>| bp.map(|bp| Figure::Percent(i64::from(bp)));
    vec![
        Some(Figure::Words(one.competitor.clone())),
        Some(count(one.lowered)),
        Some(count(one.raised)),
        percent(one.mean_change_bp),
        percent(one.change_size_bp),
        one.changes_per_30_days_centi.map(Figure::Index),
    ]
}
