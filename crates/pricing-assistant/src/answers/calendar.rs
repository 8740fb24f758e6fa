//! Figures over a stretch of the calendar: this month, October, Q3, since Monday, with what they are compared with.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, SalesDay};
use pricing_domain::{CivilDate, IndexForm, Instant, Ratio, Rounding};
use pricing_operations::OperationError;
use question_grammar::{Intent, Period, Scope, Series, TrendFigure};

use super::charts::{market_filter, not_kept};
use super::sales::table_of_stretches;
use super::sums::pieces;
use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::scope_words;

/// The first and the last day of a stretch.
type Days = (CivilDate, CivilDate);

fn number(day: CivilDate) -> i64 {
    Instant::at_utc_midnight(day).0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY)
}

fn date(day: CivilDate) -> Figure {
    Figure::Words(day.to_string())
}

/// Says what is asked for over a stretch of the calendar.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    period: Period,
    against: Option<Period>,
    of: &Intent,
) -> Result<(), OperationError> {
    let today = composer.now.utc_date();
    let other = against.map(|other| other.days(today));
    let (Some(days), false) = (period.days(today), other == Some(None)) else {
        no_such_days(composer);
        return Ok(());
    };
    let other = other.flatten();
    match of {
        Intent::Trend { figure, scope, .. } if is_of_sales(*figure) => {
            Box::pin(sales(composer, *figure, scope, days, other)).await
        }
        // What is counted back from today can be told of stretches that end today.
        of if days.1 == today && other.is_none() => {
            let back = u32::try_from(number(days.1) - number(days.0) + 1).unwrap_or(1);
            let of = match of.clone() {
                Intent::Trend { figure, competitor, scope, .. } => {
                    Intent::Trend { figure, competitor, scope, days: Some(back) }
                }
                Intent::Movers { competitor, .. } => Intent::Movers { competitor, days: Some(back) },
                Intent::Leaders { competitor, .. } => Intent::Leaders { competitor, days: Some(back) },
                other => other,
            };
            Box::pin(super::respond_to(composer, of)).await
        }
        of => {
            let scope = match of {
                Intent::Trend { scope, .. } => scope.clone(),
                _ => Scope::default(),
            };
            super::past::tell(composer, Series::Position, &scope);
            Ok(())
        }
    }
}

const fn is_of_sales(figure: TrendFigure) -> bool {
    matches!(figure, TrendFigure::Revenue | TrendFigure::Units | TrendFigure::Margin)
}

fn no_such_days(composer: &mut Composer<'_>) {
    composer.ended_as(AnswerOutcome::NotEnoughData);
    composer.say(
        "Not enough data: these days are still to come, or there are none of this name.",
        "Zu wenig Daten: Diese Tage kommen erst noch, oder es gibt sie nicht.",
        &[],
    );
}

/// Sums of some days.
#[derive(Clone, Copy, Default)]
struct Sums {
    known: u64,
    revenue: i64,
    margin: i64,
    units_milli: i64,
}

fn sum(days: &[SalesDay], (from, to): Days) -> Sums {
    days.iter().filter(|day| (from..=to).contains(&day.day)).fold(Sums::default(), |sum, day| Sums {
        known: sum.known + 1,
        revenue: sum.revenue + day.revenue_minor,
        margin: sum.margin + day.margin_minor,
        units_milli: sum.units_milli + day.units_milli,
    })
}

/// Revenue, pieces or margin as they were sold in these days.
async fn sales(
    composer: &mut Composer<'_>,
    figure: TrendFigure,
    scope: &Scope,
    days: Days,
    other: Option<Days>,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let today = composer.now.utc_date();
    let first = other.map_or(days.0, |other| other.0.min(days.0));
    let back = u32::try_from(number(today) - number(first) + 1).unwrap_or(1);
    let Some(filter) = market_filter(composer, scope, None, back) else {
        not_kept(composer, scope);
        return Ok(());
    };
    let known = composer.workspace.market_overview(&filter, IndexForm::Basket).await?.sales;
    let asked = scope_words(scope, composer.language);
    let all: &[SalesDay] = known.as_ref().map_or(&[], |sales| &sales.days);
    composer.step("get_sales_history", asked.clone(), all.len(), started, AnswerLink::Analytics);
    let newest = all.last().map(|day| day.day);
    let own = sum(all, days);
    if own.known == 0 {
        unknown(composer, days, all);
        return Ok(());
    }
    say(composer, figure, &own, days, &asked);
    // What is not known of a stretch is said, so that its sum is not taken for the whole of it.
    if let Some(newest) = newest.filter(|newest| *newest < days.1) {
        let figure = composer.gave(date(newest));
        composer.say("Sales are known until {0}.", "Verkäufe sind bis zum {0} bekannt.", &[figure]);
    }
    if let Some(oldest) = all.first().map(|day| day.day).filter(|oldest| *oldest > days.0) {
        let figure = composer.gave(date(oldest));
        composer.say("Sales are known from {0} on.", "Verkäufe sind ab dem {0} bekannt.", &[figure]);
    }
    if let Some(other) = other {
        let theirs = sum(all, other);
        if theirs.known == 0 {
            unknown(composer, other, all);
            return Ok(());
        }
        say(composer, figure, &theirs, other, &asked);
        compare(composer, figure, &own, &theirs);
        if number(days.1) - number(days.0) != number(other.1) - number(other.0) {
            composer.say(
                "The two stretches do not have the same number of days.",
                "Die beiden Strecken haben nicht gleich viele Tage.",
                &[],
            );
        }
    }
    table(composer, [Some((days, own)), other.map(|other| (other, sum(all, other)))]);
    Ok(())
}

fn unknown(composer: &mut Composer<'_>, (from, to): Days, all: &[SalesDay]) {
    composer.ended_as(AnswerOutcome::NotEnoughData);
    let days = [composer.gave(date(from)), composer.gave(date(to))];
    composer.say(
        "Not enough data: no sales are known from {0} to {1}.",
        "Zu wenig Daten: Vom {0} bis {1} sind keine Verkäufe bekannt.",
        &days,
    );
    if let (Some(first), Some(last)) = (all.first(), all.last()) {
        let days = [composer.gave(date(first.day)), composer.gave(date(last.day))];
        composer.say("They are known from {0} to {1}.", "Bekannt sind sie vom {0} bis {1}.", &days);
    }
}

/// What a stretch has of a figure.
fn value(composer: &Composer<'_>, figure: TrendFigure, sums: &Sums) -> Figure {
    match figure {
        TrendFigure::Units => pieces(i128::from(sums.units_milli)),
        TrendFigure::Margin => composer.money(sums.margin),
        _ => composer.money(sums.revenue),
    }
}

fn say(composer: &mut Composer<'_>, figure: TrendFigure, sums: &Sums, (from, to): Days, asked: &str) {
    let figures = [value(composer, figure, sums), date(from), date(to), Figure::Words(asked.to_owned())];
    composer.know(figures.clone());
    let words = match figure {
        TrendFigure::Units => {
            ("From {1} to {2} {0} pieces were sold ({3}).", "Vom {1} bis {2} wurden {0} Stück verkauft ({3}).")
        }
        TrendFigure::Margin => (
            "Margin in money of what was sold from {1} to {2} with a known cost ({3}): {0}.",
            "Marge in Geld dessen, was vom {1} bis {2} mit bekanntem Einstand verkauft wurde ({3}): {0}.",
        ),
        _ => (
            "Net revenue as it was sold from {1} to {2} ({3}): {0}.",
            "Nettoumsatz, wie er vom {1} bis {2} verkauft wurde ({3}): {0}.",
        ),
    };
    composer.say(words.0, words.1, &figures);
}

fn compare(composer: &mut Composer<'_>, figure: TrendFigure, own: &Sums, theirs: &Sums) {
    let (now, then) = match figure {
        TrendFigure::Units => (own.units_milli, theirs.units_milli),
        TrendFigure::Margin => (own.margin, theirs.margin),
        _ => (own.revenue, theirs.revenue),
    };
    if then <= 0 {
        return;
    }
    let share = Ratio { numerator: (i128::from(now) - i128::from(then)) * 10_000, denominator: i128::from(then) };
    let share = share.round(Rounding::Nearest);
    let change = composer.gave(Figure::Percent(share).unsigned());
    let words = match share {
        0 => ("That is the same.", "Das ist gleich viel."),
        1.. => ("That is {0} more.", "Das sind {0} mehr."),
        _ => ("That is {0} less.", "Das sind {0} weniger."),
    };
    composer.say(words.0, words.1, &[change]);
}

fn table(composer: &mut Composer<'_>, stretches: [Option<(Days, Sums)>; 2]) {
    let rows = stretches.into_iter().flatten().map(|((from, to), sums)| {
        let cells = vec![
            Some(date(from)),
            Some(date(to)),
            Some(composer.money(sums.revenue)),
            Some(composer.money(sums.margin)),
            Some(pieces(i128::from(sums.units_milli))),
        ];
        (cells, Some(AnswerLink::Analytics))
    });
    table_of_stretches(composer, rows.collect());
}
