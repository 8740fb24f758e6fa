//! Markdowns: prices by which stock is gone in time.

use app_contract::{MarkdownInput, MarkdownRow, MarkdownView, PlanMarkdown, ProposeMarkdown};
use leptos::prelude::*;
use pricing_domain::{Currency, GridFilter, Money};

use super::desk::{PlanDesk, fields};
use super::proposed::Proposed;
use crate::components::confirm::Confirm;
use crate::components::facts::items;
use crate::components::reading::Reading;
use crate::components::table::{Cell, Column, Row, TableShape, row};
use crate::features::scenarios::product_filter::ProductFilter;
use crate::features::scenarios::typed_change::number;
use crate::formats::{counted, decimal, integer, money, signed_money};
use crate::reads::read;
use crate::session::Session;
use crate::writes::write;

/// A plan as it is typed.
#[derive(Clone, Debug, PartialEq)]
struct Typed {
    weeks: String,
    left: String,
    salvage: String,
    waste: String,
    lowest: String,
    changes: String,
    elasticity: String,
    only: Vec<GridFilter>,
}

impl Default for Typed {
    fn default() -> Self {
        let plan = MarkdownInput::default();
        Self {
            weeks: plan.weeks.to_string(),
            left: plan.left_at_most.to_string(),
            salvage: plan.salvage.to_string(),
            waste: plan.waste.to_string(),
            lowest: plan.lowest.to_string(),
            changes: plan.changes_at_most.map(|changes| changes.to_string()).unwrap_or_default(),
            elasticity: plan.elasticity.to_string(),
            only: plan.only,
        }
    }
}

impl Typed {
    fn plan(&self, price_list: String) -> Option<MarkdownInput> {
        let changes = self.changes.trim();
        Some(MarkdownInput {
            price_list,
            only: self.only.clone(),
            weeks: self.weeks.trim().parse().ok()?,
            left_at_most: number(&self.left)?,
            salvage: number(&self.salvage)?,
            waste: number(&self.waste)?,
            lowest: number(&self.lowest)?,
            changes_at_most: if changes.is_empty() { None } else { Some(changes.parse().ok()?) },
            elasticity: number(&self.elasticity)?,
        })
    }
}

/// The form and the plan.
#[component]
pub fn MarkdownPlanner() -> impl IntoView {
    let session = expect_context::<Session>();
    let typed = RwSignal::new(Typed::default());
    let list = Memo::new(move |_| session.price_list().map(|list| list.code));
    let plan = Memo::new(move |_| list.get().and_then(|list| typed.with(|typed| typed.plan(list))));
    let answer = read(move || plan.get().map(|plan| PlanMarkdown { plan }));
    let made = RwSignal::new(None);
    let asking = RwSignal::new(false);
    let propose = write::<ProposeMarkdown>(move |done| made.set(Some(done)));
    let start = typed.get_untracked();
    let comes = move || view! { <Reading from=answer lines=10 show=|view: MarkdownView| view! { <Plan view /> } /> };
    let field = fields(typed);
    let unreadable = Signal::derive(move || list.get().is_some() && plan.get().is_none());
    let only = Memo::new(move |_| typed.with(|typed| typed.only.clone()));
    view! {
        <PlanDesk label="Markdown" testid="markdown-form" unreadable answer=comes>
                    <div class="field-grid">
                        {field("Gone within", &start.weeks, "weeks", |typed, text| typed.weeks = text)}
                        {field("Left at most", &start.left, "% of stock", |typed, text| typed.left = text)}
                        {field("What is left brings", &start.salvage, "% of cost", |typed, text| typed.salvage = text)}
                        {field("Getting rid of it costs", &start.waste, "% of cost", |typed, text| typed.waste = text)}
                        {field("No price below", &start.lowest, "% of today's", |typed, text| typed.lowest = text)}
                        {field("Price changes at most", &start.changes, "times", |typed, text| typed.changes = text)}
                        {field("Elasticity assumed", &start.elasticity, "", |typed, text| typed.elasticity = text)}
                    </div>
                    <ProductFilter
                        only=only
                        set=Callback::new(move |only| typed.update(|typed| typed.only = only))
                    />
                    <div class="actions">
                        <button
                            type="button"
                            class="button primary"
                            data-testid="propose-markdown"
                            disabled=move || answer.value().is_none() || propose.pending().get()
                            on:click=move |_| asking.set(true)
                        >
                            "Propose the first week"
                        </button>
                    </div>
                    <Proposed made />
        </PlanDesk>
        <Confirm
            open=asking
            title="Propose the prices of the first week?"
            text="They are proposed under the guardrails in force. Proposals that wait now are superseded."
            verb="Make proposals"
            testid="confirm-markdown"
            confirmed=Callback::new(move |_: String| {
                if let Some(plan) = plan.get_untracked() {
                    propose.run(ProposeMarkdown { plan });
                }
            })
        />
    }
}

const PATHS: TableShape = TableShape::framed(
    "Price paths",
    &[
        Column::head("Product"),
        Column::number("Today"),
        Column::text("Week by week"),
        Column::number("Left"),
        Column::number("As today"),
        Column::number("Brings"),
        Column::text("Elasticity").class("muted"),
    ],
)
.tall()
.testid("markdown-paths");

/// The plan, the plain answer first.
#[component]
fn Plan(
    /// What was planned.
    view: MarkdownView,
) -> impl IntoView {
    let currency = view.currency;
    let amount = |minor: i64| money(Money::new(minor, currency));
    let answer = format!(
        "Of {} units in stock {} would be left in {} weeks at today's prices; by this plan {}.",
        decimal(view.stock, 0),
        decimal(view.left_as_today, 0),
        view.weeks,
        decimal(view.left, 0)
    );
    let brings = format!(
        "It brings {} instead of {} ({}), what is left over and its waste counted. {} planned; {} reach the target already, {} cannot.",
        amount(view.value),
        amount(view.value_as_today),
        signed_money(Money::new(view.value - view.value_as_today, currency)),
        counted(view.products, "product", "products"),
        integer(view.already),
        integer(view.missed)
    );
    let left_out = view.left_out.iter().map(|(reason, count)| {
        view! { <li>{format!("{} left out: {reason}", counted(*count, "product", "products"))}</li> }
    });
    let left_out = left_out.collect_view();
    let remarks = items(view.remarks.iter().cloned());
    let shown = view.rows.len();
    let rows = view.rows.into_iter().map(|row| path(row, currency)).collect();
    view! {
        <section class="panel" aria-label="Plan">
            <div class="panel-body">
                <p class="scenario-answer" data-testid="markdown-answer">{answer}</p>
                <p>{brings}</p>
                <ul class="muted">{remarks}{left_out}</ul>
                <p class="count">{format!("{shown} of {}", counted(view.products, "product", "products"))}</p>
                {PATHS.with(rows)}
            </div>
        </section>
    }
}

/// A product's path: a bar a week, and the prices where they change.
fn path(row: MarkdownRow, currency: Currency) -> Row {
    let price = |minor: i64| money(Money::new(minor, currency));
    let today = row.price_minor.max(1) as f64;
    let bars = row.prices.iter().map(|minor| {
        let height = 100.0 * *minor as f64 / today;
        view! { <span class="path-bar" style:height=format!("{height:.0}%")></span> }
    });
    let bars = bars.collect_view();
    let steps: Vec<String> = std::iter::once(&row.price_minor)
        .chain(&row.prices)
        .zip(&row.prices)
        .enumerate()
        .filter(|(_, (before, now))| before != now)
        .map(|(week, (_, now))| format!("week {}: {}", week + 1, price(*now)))
        .collect();
    let steps = if steps.is_empty() { "stays".to_owned() } else { steps.join(", ") };
    let marks = [(!row.met, "target not reached"), (row.extrapolated, "never charged before")];
    let marks = marks.into_iter().filter(|(holds, _)| *holds);
    let marks = marks.map(|(_, words)| view! { <span class="mark caution">{words}</span> }).collect_view();
    let gain = signed_money(Money::new(row.value - row.value_as_today, currency));
    let week_by_week = view! { <span class="path" aria-hidden="true">{bars}</span><small>{steps}</small>{marks} };
    row![
        Cell::from(row.sku).code().note(row.name),
        price(row.price_minor),
        week_by_week.into_any(),
        format!("{} of {}", decimal(row.left, 0), decimal(row.stock, 0)),
        decimal(row.left_as_today, 0),
        gain,
        row.grade.title()
    ]
}

#[cfg(test)]
mod tests {
    use app_contract::MarkdownInput;

    use super::Typed;

    #[test]
    fn what_is_typed_at_first_is_the_usual_plan_and_nonsense_is_none() {
        assert_eq!(Typed::default().plan(String::new()), Some(MarkdownInput::default()));
        assert_eq!(Typed { weeks: "soon".into(), ..Typed::default() }.plan(String::new()), None);
        let often = Typed { changes: String::new(), ..Typed::default() }.plan(String::new());
        assert_eq!(often.map(|plan| plan.changes_at_most), Some(None));
    }
}
