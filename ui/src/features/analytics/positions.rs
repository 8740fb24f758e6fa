//! How we stand against each competitor, and who moves first.

use app_contract::{CompetitorPosition, CountMovers, JobKind, JobResult, MoversView};
use leptos::prelude::*;
use pricing_domain::{JobId, MarketFilter, MarketRows, Outcome};

use crate::components::empty::Empty;
use crate::components::notice::ErrorNotice;
use crate::components::progress::AtWork;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::formats::{MISSING, change, decimal, duration, index, integer, percent};
use crate::session::Jobs;
use crate::writes::write;

const POSITIONS: TableShape = TableShape::framed(
    "Competitors",
    &[
        Column::head("Competitor"),
        Column::number("Index"),
        Column::number("Coverage"),
        Column::number("Cheaper"),
        Column::number("Level"),
        Column::number("Dearer"),
        Column::number("Its changes"),
        Column::number("Mean"),
        Column::number("A month").hint("Changes of one price in thirty days on which it could be compared"),
        Column::number("Size").hint("Mean size of a change, up or down"),
        Column::number("Fresh").hint("Share of its prices seen within a day"),
        Column::number("Mean age"),
    ],
)
.empty("Your competitors will be compared here once their prices have been collected.");

/// One line for each competitor, the best covered first.
#[component]
pub fn Positions(
    /// The competitors.
    positions: Vec<CompetitorPosition>,
    /// Narrows the screen to a competitor and lists the products behind one of its figures.
    pick: Callback<(String, MarketRows)>,
) -> impl IntoView {
    let rows = positions.into_iter().map(|one| {
        let age = one.mean_age_hours.and_then(|hours| u64::try_from(hours).ok()).map(|hours| duration(hours * 3600));
        let name = StoredValue::new(one.competitor);
        let is_past = one.standing_day.is_some();
        let lead = move |words: String, rows: MarketRows| match is_past && rows != MarketRows::Changed {
            // The products behind a day that is over are not known any more.
            true => Cell::from(words),
            false => Cell::button(words, None, move || pick.run((name.get_value(), rows.clone()))),
        };
        let often = one.changes_per_30_days_centi.map_or(MISSING.to_owned(), |often| decimal(often as f64 / 100.0, 1));
        row![
            lead(name.get_value(), MarketRows::Compared),
            one.index_centi.map_or(MISSING.to_owned(), index),
            percent(one.coverage_bp),
            lead(integer(one.win), MarketRows::Standing(Outcome::Win)),
            lead(integer(one.tie), MarketRows::Standing(Outcome::Tie)),
            lead(integer(one.loss), MarketRows::Standing(Outcome::Loss)),
            lead(format!("▼ {} ▲ {}", integer(one.lowered), integer(one.raised)), MarketRows::Changed),
            one.mean_change_bp.map_or(MISSING.to_owned(), change),
            often,
            one.change_size_bp.map_or(MISSING.to_owned(), percent),
            one.fresh_bp.map_or(MISSING.to_owned(), percent),
            age.unwrap_or_else(|| MISSING.to_owned())
        ]
    });
    let rows = rows.collect();
    POSITIONS.with(rows)
}

const MOVERS: TableShape = TableShape::framed(
    "Who moves first",
    &[
        Column::head("Who"),
        Column::number("Changes"),
        Column::number("First"),
        Column::number("Followed"),
        Column::number("Follows"),
    ],
);

/// Who moves first, and who follows.
#[component]
pub fn Movers(
    /// What was seen.
    movers: MoversView,
    /// Of which products and competitors.
    filter: Memo<Option<MarketFilter>>,
) -> impl IntoView {
    if let Some(begun) = movers.uncounted {
        return view! { <CountFirst begun window_days=movers.window_days filter /> }.into_any();
    }
    if movers.leaders.is_empty() {
        return view! { <Empty text="Who moves first will be here once prices have changed." /> }.into_any();
    }
    let we = |name: String| if name.is_empty() { "We".to_owned() } else { name };
    let leaders = movers.leaders.into_iter().map(|one| {
        row![we(one.name), integer(one.moves), integer(one.first), integer(one.followed), integer(one.follows)]
    });
    let leaders = leaders.collect();
    let followers = movers.followers.into_iter().take(5).map(|one| {
        let hours = u64::try_from(one.mean_hours).unwrap_or(0);
        let words = format!(
            "{} {}: {} times, after {} on average.",
            if one.follower.is_empty() { "We follow".to_owned() } else { format!("{} follows", one.follower) },
            if one.leader.is_empty() { "us".to_owned() } else { one.leader },
            integer(one.times),
            duration(hours * 3600)
        );
        view! { <li>{words}</li> }
    });
    let followers = followers.collect_view();
    view! {
        <p class="muted">{format!("A move within {} days of another's is one that follows.", movers.window_days)}</p>
        {MOVERS.with(leaders)}
        <ul>{followers}</ul>
    }
    .into_any()
}

/// Says that there is too much to count at once, and counts it where a person wants it.
#[component]
fn CountFirst(
    /// At least so many prices began.
    begun: u64,
    /// Within so many days a move is followed.
    window_days: u32,
    /// Of which products and competitors.
    filter: Memo<Option<MarketFilter>>,
) -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let asked = RwSignal::new(None::<JobId>);
    let start = write::<CountMovers>(move |job| {
        asked.set(Some(job.id));
        jobs.heard(job);
    });
    let running = Memo::new(move |_| jobs.running_of(JobKind::Movers));
    let begin = move |_| {
        if let Some(filter) = filter.get_untracked() {
            start.run(CountMovers { filter, window_days });
        }
    };
    let ended = move || {
        let job = asked.get().and_then(|id| jobs.find(id)).filter(|job| job.state.ended())?;
        Some(match (job.result, job.error) {
            (Some(JobResult::Movers(movers)), _) => view! { <Movers movers=*movers filter /> }.into_any(),
            (_, Some(error)) => {
                let again = Callback::new(move |()| asked.set(None));
                view! { <ErrorNotice message=error.message again /> }.into_any()
            }
            _ => ().into_any(),
        })
    };
    let counted = Memo::new(move |_| asked.get().and_then(|id| jobs.find(id)).is_some_and(|job| job.result.is_some()));
    let offer = move || {
        let is_open = running.get().is_none() && !counted.get();
        is_open.then(|| view! {
            <p>
                {format!(
                    "More than {} prices began in these days. Counting who moved first among them takes a while, and can be \
                     stopped.",
                    integer(begun.saturating_sub(1))
                )}
            </p>
            <button type="button" class="button" data-testid="count-movers" on:click=begin>"Count them"</button>
        })
    };
    view! {
        {offer}
        {move || running.get().map(|job| view! { <AtWork job /> })}
        {ended}
    }
}
