//! How we stand against each competitor, and who moves first.

use app_contract::{CompetitorPosition, MoversView};
use leptos::prelude::*;
use pricing_domain::{MarketRows, Outcome};

use crate::components::empty::Empty;
use crate::formats::{MISSING, change, decimal, duration, index, integer, percent};

/// One line for each competitor, the best covered first.
#[component]
pub fn Positions(
    /// The competitors.
    positions: Vec<CompetitorPosition>,
    /// Narrows the screen to a competitor and lists the products behind one of its figures.
    pick: Callback<(String, MarketRows)>,
) -> impl IntoView {
    if positions.is_empty() {
        let text = "Your competitors will be compared here once their prices have been collected.";
        return view! { <Empty text /> }.into_any();
    }
    let rows = positions.into_iter().map(|one| {
        let age = one.mean_age_hours.and_then(|hours| u64::try_from(hours).ok()).map(|hours| duration(hours * 3600));
        let name = StoredValue::new(one.competitor);
        let is_past = one.standing_day.is_some();
        let lead = move |words: String, rows: MarketRows| match is_past && rows != MarketRows::Changed {
            // The products behind a day that is over are not known any more.
            true => view! { <span>{words}</span> }.into_any(),
            false => view! {
                <button type="button" class="link-button" on:click=move |_| pick.run((name.get_value(), rows.clone()))>
                    {words}
                </button>
            }
            .into_any(),
        };
        let often = one.changes_per_30_days_centi.map_or(MISSING.to_owned(), |often| decimal(often as f64 / 100.0, 1));
        view! {
            <tr>
                <th scope="row">{lead(name.get_value(), MarketRows::Compared)}</th>
                <td class="numeric">{one.index_centi.map_or(MISSING.to_owned(), index)}</td>
                <td class="numeric">{percent(one.coverage_bp)}</td>
                <td class="numeric">{lead(integer(one.win), MarketRows::Standing(Outcome::Win))}</td>
                <td class="numeric">{lead(integer(one.tie), MarketRows::Standing(Outcome::Tie))}</td>
                <td class="numeric">{lead(integer(one.loss), MarketRows::Standing(Outcome::Loss))}</td>
                <td class="numeric">
                    {lead(format!("▼ {} ▲ {}", integer(one.lowered), integer(one.raised)), MarketRows::Changed)}
                </td>
                <td class="numeric">{one.mean_change_bp.map_or(MISSING.to_owned(), change)}</td>
                <td class="numeric">{often}</td>
                <td class="numeric">{one.change_size_bp.map_or(MISSING.to_owned(), percent)}</td>
                <td class="numeric">{one.fresh_bp.map_or(MISSING.to_owned(), percent)}</td>
                <td class="numeric">{age.unwrap_or_else(|| MISSING.to_owned())}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Competitors">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Competitor"</th>
                        <th scope="col" class="numeric">"Index"</th>
                        <th scope="col" class="numeric">"Coverage"</th>
                        <th scope="col" class="numeric">"Cheaper"</th>
                        <th scope="col" class="numeric">"Level"</th>
                        <th scope="col" class="numeric">"Dearer"</th>
                        <th scope="col" class="numeric">"Its changes"</th>
                        <th scope="col" class="numeric">"Mean"</th>
                        <th scope="col" class="numeric" title="Changes of one price in thirty days on which it could be compared">
                            "A month"
                        </th>
                        <th scope="col" class="numeric" title="Mean size of a change, up or down">"Size"</th>
                        <th scope="col" class="numeric" title="Share of its prices seen within a day">"Fresh"</th>
                        <th scope="col" class="numeric">"Mean age"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Who moves first, and who follows.
#[component]
pub fn Movers(
    /// What was seen.
    movers: MoversView,
) -> impl IntoView {
    if movers.leaders.is_empty() {
        return view! { <Empty text="Who moves first will be here once prices have changed." /> }.into_any();
    }
    let we = |name: String| if name.is_empty() { "We".to_owned() } else { name };
    let leaders = movers.leaders.into_iter().map(|one| {
        view! {
            <tr>
                <th scope="row">{we(one.name)}</th>
                <td class="numeric">{integer(one.moves)}</td>
                <td class="numeric">{integer(one.first)}</td>
                <td class="numeric">{integer(one.followed)}</td>
                <td class="numeric">{integer(one.follows)}</td>
            </tr>
        }
    });
    let leaders = leaders.collect_view();
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
        <div class="table-frame" tabindex="0" role="region" aria-label="Who moves first">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Who"</th>
                        <th scope="col" class="numeric">"Changes"</th>
                        <th scope="col" class="numeric">"First"</th>
                        <th scope="col" class="numeric">"Followed"</th>
                        <th scope="col" class="numeric">"Follows"</th>
                    </tr>
                </thead>
                <tbody>{leaders}</tbody>
            </table>
        </div>
        <ul>{followers}</ul>
    }
    .into_any()
}
