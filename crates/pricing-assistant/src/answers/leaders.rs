//! Who moves prices first, and who follows.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, LeaderRow};
use pricing_domain::FOLLOWS_WITHIN_DAYS;
use pricing_operations::OperationError;
use question_grammar::Scope;

use super::charts::market_filter;
use crate::composer::Composer;
use crate::figures::Figure;

const USUAL_DAYS: u32 = 28;

/// Says who makes the most moves that nobody had made before.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    competitor: Option<&str>,
    days: Option<u32>,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let days = days.unwrap_or(USUAL_DAYS);
    let Some(filter) = market_filter(composer, &Scope::default(), None, days) else { return Ok(()) };
    let movers = composer.workspace.movers(&filter, FOLLOWS_WITHIN_DAYS).await?;
    let asked = competitor.unwrap_or(composer.pick("each competitor", "alle Wettbewerber")).to_owned();
    composer.step("list_price_leaders", asked, movers.leaders.len(), started, AnswerLink::Analytics);
    composer.know([days, FOLLOWS_WITHIN_DAYS].map(|days| Figure::Count(i64::from(days))));
    let theirs = movers.leaders.iter().filter(|one| !one.name.is_empty());
    let named = |one: &&LeaderRow| competitor.is_none_or(|name| one.name == name);
    let leader = theirs.filter(named).max_by_key(|one| one.first).filter(|one| one.moves > 0);
    let Some(leader) = leader else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: who moved first in {0} days is not counted.",
            "Zu wenig Daten: Wer in {0} Tagen zuerst ging, ist nicht gezählt.",
            &[Figure::Count(i64::from(days))],
        );
        return Ok(());
    };
    let figures = [
        Figure::Words(leader.name.clone()),
        count(leader.first),
        count(leader.moves),
        Figure::Count(i64::from(days)),
        count(leader.followed),
    ];
    composer.know(figures.clone());
    composer.say(
        "{0} moved first {1} times in {3} days, of {2} changes; {4} of those were followed.",
        "{0} ging in {3} Tagen {1}-mal zuerst, bei {2} Änderungen; {4} davon folgte jemand.",
        &figures,
    );
    let mut leaders: Vec<&LeaderRow> = movers.leaders.iter().collect();
    leaders.sort_by_key(|one| std::cmp::Reverse(one.first));
    let rows: Vec<_> = leaders
        .iter()
        .map(|one| {
            let name = if one.name.is_empty() { composer.pick("we", "wir") } else { one.name.as_str() };
            let cells = vec![
                Some(Figure::Words(name.to_owned())),
                Some(count(one.first)),
                Some(count(one.followed)),
                Some(count(one.moves)),
            ];
            (cells, None)
        })
        .collect();
    let total = rows.len();
    let columns = [
        ("Who", "Wer", false),
        ("First", "Zuerst", true),
        ("Of these followed", "Davon gefolgt", true),
        ("Changes", "Änderungen", true),
    ];
    composer.table(("Who moves first", "Wer zuerst geht"), &columns, rows, total);
    Ok(())
}

fn count(number: u64) -> Figure {
    Figure::Count(i64::try_from(number).unwrap_or(i64::MAX))
}
