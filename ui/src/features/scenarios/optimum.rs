//! What the best prices reach, what is proven about them, and what each limit costs.

use app_contract::{LearntFollowing, LearntReaction, ScenarioLimit, ScenarioOptimum};
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use crate::components::panel::Panel;
use crate::components::table::{Column, TableShape, row};
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
        false => format!(
            "It is proven that no allowed prices give more than {}: at most {} is left.",
            amount(optimum.bound),
            amount(optimum.left_at_most().0)
        ),
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
    let families = (optimum.families_gain > 0).then(|| {
        let words = format!(
            "Of that, {} come from choosing prices of families with what they do to each other.",
            amount(optimum.families_gain)
        );
        view! { <p class="muted">{words}</p> }
    });
    let cut_short = optimum.cut_short().into_iter().map(|words| view! { <p class="muted">{words}</p> }).collect_view();
    let unseen = (optimum.extrapolated_gain > 0.0).then(|| {
        let words = format!(
            "{} % of the gain stand on prices that were never charged: the curve goes on there, but nobody has seen it.",
            decimal(optimum.extrapolated_gain, 0)
        );
        view! { <p class="notice caution">{words}</p> }
    });
    let at_bound = (optimum.at_bound + optimum.perhaps_at_bound > 0).then(|| {
        let words = format!(
            "{} at the highest price that steps and guardrails allow because no best price lies inside: demand hardly \
             answers the price. For {} more that cannot be ruled out.",
            counted(optimum.at_bound, "product stands", "products stand"),
            integer(optimum.perhaps_at_bound)
        );
        view! { <p class="notice caution" data-testid="scenario-at-bound">{words}</p> }
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
            {families}
            {cut_short}
            {unseen}
            {at_bound}
            {cleared}
            {table}
        </Panel>
    }
}

const LIMITS: TableShape = TableShape::framed(
    "Limits",
    &[
        Column::head("Limit"),
        Column::number("Is"),
        Column::number("Comes to"),
        Column::number("One more brings a week"),
    ],
);

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
            _ if limit.broken => "does not hold once guardrails, endings and families are counted".to_owned(),
            true => signed_money(Money::new(limit.worth, currency)),
            false => "does not bind".to_owned(),
        };
        row![limit.name, decimal(limit.bound, 1), decimal(limit.used, 1), worth]
    });
    LIMITS.with(rows.collect())
}

const LEARNT: TableShape = TableShape::framed(
    "Learnt answers",
    &[
        Column::head("Competitor"),
        Column::text("After"),
        Column::number("Followed"),
        Column::number("By chance"),
        Column::number("By so much of it"),
        Column::number("Days later"),
        Column::text("Here"),
    ],
)
.testid("scenario-learnt");

/// How competitors answered in the past.
#[component]
pub fn Learnt(
    /// A line for each competitor and direction.
    rows: Vec<LearntReaction>,
    /// Who followed whom among them.
    following: Vec<LearntFollowing>,
) -> impl IntoView {
    let followers = following.into_iter().map(|row| {
        let what = if row.cuts { "cuts" } else { "rises" };
        row![
            row.follower,
            format!("{what} of {}", row.leader),
            format!("{} of {}", integer(row.followed), integer(row.moves)),
            format!("{} %", decimal(row.by_chance, 0)),
            format!("{} %", decimal(row.share, 0)),
            decimal(row.days, 0),
            "played"
        ]
    });
    let rows = rows.into_iter().map(|row| {
        let what = if row.cuts { "our cuts" } else { "our rises" };
        let days = row.days.map_or_else(|| "–".to_owned(), |days| decimal(days, 0));
        let played = if row.enough { "played" } else { "too few changes" };
        row![
            row.competitor,
            what,
            format!("{} of {}", integer(row.followed), integer(row.moves)),
            format!("{} %", decimal(row.by_chance, 0)),
            format!("{} %", decimal(row.share, 0)),
            days,
            played
        ]
    });
    view! {
        <Panel title="What competitors did after changes of ours and of each other">
            {LEARNT.with(rows.chain(followers).collect())}
        </Panel>
    }
}
