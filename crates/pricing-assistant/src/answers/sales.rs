//! How sales developed: the days that were asked for against as many before, from the days that are kept.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, SalesDay};
use pricing_domain::{CivilDate, IndexForm, Instant};
use pricing_operations::OperationError;
use question_grammar::{Scope, TrendFigure};

use super::charts::{market_filter, not_kept};
use super::sums::pieces;
use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::scope_words;

/// Days without sales at the beginning that do not make a stretch unknown.
const SLACK: i64 = 7;
/// Days of a row of the table, for short stretches and for long ones.
const WEEK: i64 = 7;
const LONG_ROW: i64 = 28;
/// Longest stretch that is told by weeks.
const BY_WEEKS: u32 = 112;

/// Sums of a stretch of days.
#[derive(Clone, Copy, Default)]
struct Stretch {
    revenue: i64,
    margin: i64,
    units_milli: i64,
}

impl Stretch {
    fn of<'d>(days: impl Iterator<Item = &'d SalesDay>) -> Self {
        days.fold(Self::default(), |sum, day| Self {
            revenue: sum.revenue + day.revenue_minor,
            margin: sum.margin + day.margin_minor,
            units_milli: sum.units_milli + day.units_milli,
        })
    }
}

fn shifted(day: CivilDate, days: i64) -> CivilDate {
    Instant::at_utc_midnight(day).plus_days(days).utc_date()
}

fn date(day: CivilDate) -> Figure {
    Figure::Words(day.to_string())
}

/// Says how revenue or pieces developed.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    figure: TrendFigure,
    scope: &Scope,
    days: u32,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let Some(filter) = market_filter(composer, scope, None, days.saturating_mul(2)) else {
        not_kept(composer, scope);
        return Ok(());
    };
    let sales = composer.workspace.market_overview(&filter, IndexForm::Basket).await?.sales;
    let asked = scope_words(scope, composer.language);
    let known = sales.as_ref().map_or(0, |sales| sales.days.len());
    composer.step("get_sales_history", asked.clone(), known, started, AnswerLink::Analytics);
    let Some((sales, first)) = sales.as_ref().and_then(|sales| Some((sales, sales.days.first()?.day))) else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: no sales are known over these days ({0}).",
            "Zu wenig Daten: Über diese Tage sind keine Verkäufe bekannt ({0}).",
            &[Figure::Words(asked)],
        );
        return Ok(());
    };
    let end = sales.period.1;
    let begin = shifted(end, 1 - i64::from(days));
    let newest = Stretch::of(sales.days.iter().filter(|day| day.day >= begin));
    let before = Stretch::of(sales.days.iter().filter(|day| day.day < begin));
    say_newest(composer, figure, &newest, [date(begin.max(first)), date(end), Figure::Words(asked)]);
    if first > shifted(begin, SLACK) {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        let figures = [date(first), Figure::Count(i64::from(days))];
        composer.know(figures.clone());
        composer.say(
            "Sales are known from {0} on only, so these are not the whole {1} days that were asked for.",
            "Verkäufe sind erst ab dem {0} bekannt, das sind nicht die ganzen {1} Tage, nach denen gefragt war.",
            &figures,
        );
    } else if first > shifted(sales.period.0, SLACK) {
        let figure = composer.gave(date(first));
        composer.say(
            "Sales are known from {0} on, so there are no whole days before to compare with.",
            "Verkäufe sind ab dem {0} bekannt, also gibt es davor keine ebenso lange Strecke zum Vergleich.",
            &[figure],
        );
    } else {
        say_before(composer, figure, (&before, &newest), days);
    }
    table(composer, &sales.days, days, end);
    composer.suggest("How did our margin develop?".into(), "Wie hat sich unsere Marge entwickelt?".into());
    composer.suggest("What is our revenue?".into(), "Wie hoch ist unser Umsatz?".into());
    Ok(())
}

fn value(composer: &Composer<'_>, figure: TrendFigure, sums: &Stretch) -> Figure {
    match figure {
        TrendFigure::Units => pieces(i128::from(sums.units_milli)),
        _ => composer.money(sums.revenue),
    }
}

fn say_newest(composer: &mut Composer<'_>, figure: TrendFigure, newest: &Stretch, [from, to, of]: [Figure; 3]) {
    let figures = [value(composer, figure, newest), from, to, of];
    composer.know(figures.clone());
    let words = match figure {
        TrendFigure::Units => {
            ("{0} pieces were sold from {1} to {2} ({3}).", "Vom {1} bis {2} wurden {0} Stück verkauft ({3}).")
        }
        _ => (
            "Net revenue as it was sold from {1} to {2} ({3}): {0}.",
            "Nettoumsatz, wie er vom {1} bis {2} verkauft wurde ({3}): {0}.",
        ),
    };
    composer.say(words.0, words.1, &figures);
}

fn say_before(composer: &mut Composer<'_>, figure: TrendFigure, (before, newest): (&Stretch, &Stretch), days: u32) {
    let (then, now) = match figure {
        TrendFigure::Units => (before.units_milli, newest.units_milli),
        _ => (before.revenue, newest.revenue),
    };
    let share = pricing_domain::Ratio {
        numerator: (i128::from(now) - i128::from(then)) * 10_000,
        denominator: i128::from(then),
    };
    if then <= 0 {
        return;
    }
    let change = Figure::Percent(share.round(pricing_domain::Rounding::Nearest)).unsigned();
    let figures = [value(composer, figure, before), Figure::Count(i64::from(days)), change];
    composer.know(figures.clone());
    let words = match now.cmp(&then) {
        std::cmp::Ordering::Greater => (
            "In the {1} days before it was {0}: it rose by {2}.",
            "In den {1} Tagen davor waren es {0}: ein Anstieg um {2}.",
        ),
        std::cmp::Ordering::Less => (
            "In the {1} days before it was {0}: it fell by {2}.",
            "In den {1} Tagen davor waren es {0}: ein Rückgang um {2}.",
        ),
        std::cmp::Ordering::Equal => {
            ("In the {1} days before it was the same: {0}.", "In den {1} Tagen davor war es dasselbe: {0}.")
        }
    };
    composer.say(words.0, words.1, &figures);
}

/// Rows of equal length that end with the newest day.
fn table(composer: &mut Composer<'_>, days: &[SalesDay], stretch: u32, end: CivilDate) {
    let length = if stretch <= BY_WEEKS { WEEK } else { LONG_ROW };
    let mut rows = Vec::new();
    let mut to = end;
    let Some(first) = days.first().map(|day| day.day) else { return };
    while to >= first {
        let from = shifted(to, 1 - length);
        let sums = Stretch::of(days.iter().filter(|day| (from..=to).contains(&day.day)));
        let cells = vec![
            Some(date(from)),
            Some(date(to)),
            Some(composer.money(sums.revenue)),
            Some(composer.money(sums.margin)),
            Some(pieces(i128::from(sums.units_milli))),
        ];
        rows.push((cells, Some(AnswerLink::Analytics)));
        to = shifted(from, -1);
    }
    rows.reverse();
    table_of_stretches(composer, rows);
}

/// Sales by stretches of time: from, to, net revenue, margin, pieces.
pub(super) fn table_of_stretches(composer: &mut Composer<'_>, rows: Vec<(Vec<Option<Figure>>, Option<AnswerLink>)>) {
    let total = rows.len();
    let columns = [
        ("From", "Von", false),
        ("To", "Bis", false),
        ("Net revenue", "Nettoumsatz", true),
        ("Margin", "Marge", true),
        ("Pieces", "Stück", true),
    ];
    composer.table(("Sales over time", "Verkäufe über die Zeit"), &columns, rows, total);
}
