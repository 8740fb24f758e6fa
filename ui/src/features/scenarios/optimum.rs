//! What the best prices reach, what is proven about them, and what each limit costs.

use app_contract::{LearntReaction, ScenarioLimit, ScenarioOptimum};
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use crate::components::panel::Panel;
use crate::formats::{counted, decimal, integer, money, signed_money};

/// The best prices.
#[component]
pub fn Optimum(
    /// What they reach.
    optimum: ScenarioOptimum,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let amount = move |minor: i64| money(Money::new(minor, currency));
    let proof = match optimum.proven {
        true => "It is proven that no allowed prices give more.".to_owned(),
        false => format!("It is proven that no allowed prices give more than {}.", amount(optimum.bound)),
    };
    let said =
        format!("The objective gives {} a week instead of {}. {proof}", amount(optimum.value), amount(optimum.before));
    let counts = format!(
        "{} chosen, {} change, {} may not move, guardrails moved {}.",
        counted(optimum.products, "price was", "prices were"),
        integer(optimum.changes),
        integer(optimum.fixed),
        integer(optimum.moved_by_guardrails)
    );
    let unseen = (optimum.extrapolated_gain > 0.0).then(|| {
        let words = format!(
            "{} % of the gain stand on prices that were never charged: the curve goes on there, but nobody has seen it.",
            decimal(optimum.extrapolated_gain, 0)
        );
        view! { <p class="notice caution">{words}</p> }
    });
    let cleared = optimum.cleared.map(|(stock, today, chosen)| {
        let words = format!(
            "Of {} units to be cleared {} would be sold at the prices before, {} at these.",
            decimal(stock, 0),
            decimal(today, 0),
            decimal(chosen, 0)
        );
        view! { <p>{words}</p> }
    });
    let limits = optimum.limits;
    let table = (!limits.is_empty()).then(|| view! { <Limits limits currency /> });
    view! {
        <Panel title="The best prices">
            <p data-testid="scenario-optimum">{said}</p>
            <p class="muted">{counts}</p>
            {unseen}
            {cleared}
            {table}
        </Panel>
    }
}

/// Which limits bind, and what one more of each would bring.
#[component]
fn Limits(
    /// The limits.
    limits: Vec<ScenarioLimit>,
    /// Of what they cost.
    currency: Currency,
) -> impl IntoView {
    let rows = limits.into_iter().map(|limit| {
        let worth = match limit.binds {
            true => signed_money(Money::new(limit.worth, currency)),
            false => "does not bind".to_owned(),
        };
        view! {
            <tr>
                <th scope="row">{limit.name}</th>
                <td class="numeric">{decimal(limit.bound, 1)}</td>
                <td class="numeric">{decimal(limit.used, 1)}</td>
                <td class="numeric">{worth}</td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Limits">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Limit"</th>
                        <th scope="col" class="numeric">"Is"</th>
                        <th scope="col" class="numeric">"Comes to"</th>
                        <th scope="col" class="numeric">"One more brings a week"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// How competitors answered in the past.
#[component]
pub fn Learnt(
    /// A line for each competitor and direction.
    rows: Vec<LearntReaction>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let what = if row.cuts { "our cuts" } else { "our rises" };
        let days = row.days.map_or_else(|| "–".to_owned(), |days| decimal(days, 0));
        let played = if row.enough { "played" } else { "too few changes" };
        view! {
            <tr>
                <th scope="row">{row.competitor}</th>
                <td>{what}</td>
                <td class="numeric">{format!("{} of {}", integer(row.followed), integer(row.moves))}</td>
                <td class="numeric">{format!("{} %", decimal(row.by_chance, 0))}</td>
                <td class="numeric">{format!("{} %", decimal(row.share, 0))}</td>
                <td class="numeric">{days}</td>
                <td>{played}</td>
            </tr>
        }
    });
    view! {
        <Panel title="What competitors did after our changes">
            <div class="table-frame" tabindex="0" role="region" aria-label="Learnt answers">
                <table data-testid="scenario-learnt">
                    <thead>
                        <tr>
                            <th scope="col">"Competitor"</th>
                            <th scope="col">"After"</th>
                            <th scope="col" class="numeric">"Followed"</th>
                            <th scope="col" class="numeric">"By chance"</th>
                            <th scope="col" class="numeric">"By so much of ours"</th>
                            <th scope="col" class="numeric">"Days later"</th>
                            <th scope="col">"Here"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </Panel>
    }
}
