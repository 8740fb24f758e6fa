//! Our promotions of the last three months: how deep they were, what they moved.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, PromotionStanding};
use pricing_domain::{CivilDate, Currency};
use pricing_operations::OperationError;
use question_grammar::{PromotionFigure, Scope};

use super::charts::{market_filter, not_kept};
use crate::composer::Composer;
use crate::figures::Figure;
use crate::wording::scope_words;

/// How far back.
const DAYS: u32 = 91;
const SHOWN: usize = 10;

fn day(day: CivilDate) -> Figure {
    Figure::Words(day.to_string())
}

/// Lists them, those first that the question is about; `sku`: only that product's.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    scope: &Scope,
    by: PromotionFigure,
    sku: Option<&str>,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let Some(filter) = market_filter(composer, scope, None, DAYS) else {
        not_kept(composer, scope);
        return Ok(());
    };
    let view = composer.workspace.market_promotions(&filter).await?;
    let (read, matching) = (view.rows.len() as u64, view.matching);
    let mut rows: Vec<PromotionStanding> = view.rows;
    rows.retain(|one| sku.is_none_or(|sku| one.sku == sku));
    let asked = sku.map_or_else(|| scope_words(scope, composer.language), str::to_owned);
    composer.step("list_promotions", asked.clone(), rows.len(), started, AnswerLink::Analytics);
    composer.know([Figure::Count(i64::from(DAYS)), Figure::Words(asked.clone())]);
    if rows.is_empty() {
        nothing(composer, &asked, matching > read);
        return Ok(());
    }
    let running = rows.iter().filter(|one| one.running).count() as i64;
    let counts = [Figure::Count(rows.len() as i64), Figure::Count(running), Figure::Count(i64::from(DAYS))];
    composer.know(counts.clone());
    let [all, running, days] = counts;
    composer.say(
        "{0} promotions ran in the last {3} days ({2}); {1} of them run now.",
        "{0} Aktionen liefen in den letzten {3} Tagen ({2}); {1} davon laufen jetzt.",
        &[all, running, Figure::Words(asked), days],
    );
    if matching > read {
        let figures = [Figure::Count(read as i64), Figure::Count(matching as i64)];
        composer.know(figures.clone());
        composer.say(
            "Only the newest {0} of {1} promotions were looked at.",
            "Betrachtet wurden nur die neuesten {0} von {1} Aktionen.",
            &figures,
        );
    }
    sort(&mut rows, by);
    first(composer, &rows[0], by, view.currency);
    table(composer, &rows, view.currency);
    composer.suggest("Which products are on promotion?".into(), "Welche Produkte sind in Aktion?".into());
    Ok(())
}

fn nothing(composer: &mut Composer<'_>, asked: &str, more: bool) {
    composer.ended_as(AnswerOutcome::NotEnoughData);
    let figures = [Figure::Words(asked.to_owned()), Figure::Count(i64::from(DAYS))];
    if more {
        composer.say(
            "Not enough data: none of the newest promotions of {1} days is of {0}, and older ones were not looked at.",
            "Zu wenig Daten: Keine der neuesten Aktionen aus {1} Tagen ist von {0}, ältere wurden nicht betrachtet.",
            &figures,
        );
        return;
    }
    composer.say(
        "No promotion of the last {1} days is known ({0}).",
        "Aus den letzten {1} Tagen ist keine Aktion bekannt ({0}).",
        &figures,
    );
}

/// What is not known comes last.
fn sort(rows: &mut [PromotionStanding], by: PromotionFigure) {
    let key = |one: &PromotionStanding| match by {
        PromotionFigure::Day => None,
        PromotionFigure::Uplift => one.uplift_bp.map(i64::from),
        PromotionFigure::Depth => one.depth_bp.map(i64::from),
        PromotionFigure::Units => one.units_milli,
    };
    if by != PromotionFigure::Day {
        rows.sort_by_key(|one| (std::cmp::Reverse(key(one)), one.sku.clone()));
    }
}

/// The first one in words.
fn first(composer: &mut Composer<'_>, one: &PromotionStanding, by: PromotionFigure, currency: Currency) {
    let name = Figure::Words(format!("{} {} ({})", one.sku, one.name, one.promotion));
    composer.know([name.clone()]);
    let percent = |bp: Option<i32>| bp.map(|bp| Figure::Percent(i64::from(bp)));
    let (figure, words) = match by {
        PromotionFigure::Uplift => (
            percent(one.uplift_bp),
            ("The largest uplift had {0}: {1}.", "Am meisten bewegt hat {0}: {1} mehr Absatz am Tag als davor."),
        ),
        PromotionFigure::Units => (
            one.units_milli.map(|milli| Figure::Count((milli + 500) / 1_000)),
            ("The most was sold in {0}: {1} pieces.", "Am meisten verkauft wurde in {0}: {1} Stück."),
        ),
        PromotionFigure::Depth => (
            percent(one.depth_bp),
            (
                "The deepest was {0}: {1} below the regular price.",
                "Am tiefsten war {0}: {1} unter dem regulären Preis.",
            ),
        ),
        PromotionFigure::Day => (
            one.price_minor.map(|minor| Figure::Money(minor, currency)),
            ("The newest is {0} at {1}.", "Die neueste ist {0} zu {1}."),
        ),
    };
    match figure {
        Some(figure) => {
            let figure = composer.gave(figure);
            composer.say(words.0, words.1, &[name, figure]);
        }
        None => {
            composer.ended_as(AnswerOutcome::NotEnoughData);
            composer.say(
                "Not enough data: for none of these promotions that figure is known.",
                "Zu wenig Daten: Von keiner dieser Aktionen ist diese Zahl bekannt.",
                &[],
            );
        }
    }
}

fn table(composer: &mut Composer<'_>, rows: &[PromotionStanding], currency: Currency) {
    let cells: Vec<_> = rows
        .iter()
        .take(SHOWN)
        .map(|one| {
            let money = |minor: Option<i64>| minor.map(|minor| Figure::Money(minor, currency));
            let percent = |bp: Option<i32>| bp.map(|bp| Figure::Percent(i64::from(bp)));
            let cells = vec![
                Some(Figure::Words(one.sku.clone())),
                Some(Figure::Words(one.name.clone())),
                Some(Figure::Words(one.promotion.clone())),
                Some(day(one.first_day)),
                one.last_day.map(day),
                money(one.price_minor),
                money(one.regular_minor),
                percent(one.depth_bp),
                one.units_milli.map(|milli| Figure::Count((milli + 500) / 1_000)),
                percent(one.uplift_bp),
                money(one.funded_minor),
            ];
            (cells, Some(AnswerLink::Analytics))
        })
        .collect();
    let columns = [
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        ("Promotion", "Aktion", false),
        ("From", "Von", false),
        ("To", "Bis", false),
        ("Price", "Preis", true),
        ("Regular", "Regulär", true),
        ("Depth", "Tiefe", true),
        ("Pieces", "Stück", true),
        ("Uplift", "Mehrabsatz", true),
        ("Funded", "Gefördert", true),
    ];
    composer.table(("Promotions", "Aktionen"), &columns, cells, rows.len());
}
