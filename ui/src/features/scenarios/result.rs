//! What comes of a scenario: the plain answer first, then where it comes from and how sure it is.

use app_contract::{
    DrawScenarioWeeks, Expected, ScenarioEffect, ScenarioFigure, ScenarioProduct, ScenarioSensitivity, ScenarioTotals,
    ScenarioView, WholeFigure,
};
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use super::groups::Groups;
use super::optimum::{Learnt, Optimum};
use crate::components::facts::items;
use crate::components::panel::Panel;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::features::analytics::drawn::Drawn;
use crate::features::products::grid_query::GridQuery;
use crate::formats::{counted, decimal, index, integer, money, signed_money, whole_money};

/// Products that are shown.
const SHOWN: usize = 12;

const INDEXES: TableShape =
    TableShape::bare(&[Column::head("Against"), Column::number("Today"), Column::number("At the end")]);

const GRADES: TableShape =
    TableShape::bare(&[Column::head("Elasticity from"), Column::number("Products"), Column::number("Of the revenue")]);

/// The result.
#[component]
pub fn ScenarioResult(
    /// What came of it.
    view: ScenarioView,
    /// Whether what moves the answer is looked at.
    deeper: RwSignal<bool>,
) -> impl IntoView {
    let (currency, figure) = (view.currency, view.figure());
    let centre = figure.amount(&view.after);
    let remarks = items(view.remarks.iter().cloned());
    let left_out = view.left_out.iter().map(|(reason, count)| {
        let words = format!("{} left out: {reason}", counted(*count, "product", "products"));
        view! { <li>{words}</li> }
    });
    let left_out = left_out.collect_view();
    let grades = view.grades.iter().map(|grade| {
        row![grade.grade.title(), integer(grade.products), format!("{} %", decimal(grade.revenue_percent, 1))]
    });
    let grades = GRADES.with(grades.collect());
    let indexes = view.indexes.iter().map(|(name, before, after)| row![name.clone(), index(*before), index(*after)]);
    let indexes = indexes.collect();
    let war = view.price_war.then(|| {
        let words = match view.price_war_stopped {
            true => "Our prices and theirs fell in turn: a price war. It was stopped where you said.",
            false => "Our prices and theirs fell in turn: a price war. It was played on to the end.",
        };
        view! { <p class="notice caution">{words}</p> }
    });
    let optimum = view.optimum.clone().map(|optimum| view! { <Optimum optimum currency /> });
    let learnt = (!view.learnt.is_empty())
        .then(|| view! { <Learnt rows=view.learnt.clone() following=view.following.clone() /> });
    view! {
        <section class="panel" aria-label="Answer">
            <div class="panel-body">
                <p class="scenario-answer" data-testid="scenario-answer">{answer(&view)}</p>
                {war}
                <Totals today=view.today after=view.after effect=view.effect figure currency />
                <ul class="muted">{remarks}{left_out}</ul>
                <p class="muted">
                    {format!(
                        "{} raised, {} lowered, {} unchanged, {} need a person. {} in {} ms.",
                        integer(view.raised),
                        integer(view.lowered),
                        integer(view.unchanged),
                        integer(view.exceptions),
                        counted(view.products, "product", "products"),
                        integer(view.elapsed_ms)
                    )}
                </p>
            </div>
        </section>
        {optimum}
        {learnt}
        <Further title="How sure this is, and what moves it" open=deeper>
            <Tornado rows=view.sensitivity.clone() centre name=figure.name() currency />
            <h3>"What the answer rests on"</h3>
            {grades}
        </Further>
        <div class="columns">
            <Panel title="Price index">
                {INDEXES.with(indexes)}
            </Panel>
        </div>
        <Panel title="Week by week">
            <WeeksChart today=view.today weeks=view.weeks.clone() currency />
            <Weeks weeks=view.weeks.clone() currency />
        </Panel>
        <Groups
            groups=[
                ("By category", view.categories.clone()),
                ("By brand", view.brands.clone()),
                ("By our position among competitors", view.positions.clone()),
            ]
            currency
        />
        <Panel title="Products that matter">
            <Products products=view.biggest.clone() figure currency />
        </Panel>
    }
}

/// What is one click further.
#[component]
fn Further(
    /// What it is about.
    title: &'static str,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <details
            class="panel further"
            data-testid="scenario-further"
            prop:open=open.get_untracked()
            on:toggle:target=move |event| {
                let is_open = event.target().open();
                if is_open != open.get_untracked() {
                    open.set(is_open);
                }
            }
        >
            <summary class="panel-head"><h2>{title}</h2></summary>
            <div class="panel-body">{children()}</div>
        </details>
    }
}

/// The margin of the weeks played, with its interval, against a week as today.
#[component]
fn WeeksChart(
    /// Without the scenario.
    today: ScenarioTotals,
    /// In order.
    weeks: Vec<ScenarioTotals>,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    (weeks.len() > 1).then(|| {
        let ask = move |look| Some(DrawScenarioWeeks { today, weeks: weeks.clone(), currency, look });
        view! { <Drawn ask height=220 /> }
    })
}

/// The plain answer: what happens to the margin, and how sure.
fn answer(view: &ScenarioView) -> String {
    view.plain_answer(&|figure| match figure {
        WholeFigure::Amount(major, currency) => whole_money(major, currency),
        WholeFigure::Number(value) => integer(value),
    })
}

/// An amount and its interval.
pub fn amount(expected: Expected<i64>, currency: Currency) -> (String, String) {
    let money = |minor: i64| money(Money::new(minor, currency));
    (money(expected.value), format!("{} to {}", money(expected.low), money(expected.high)))
}

const TOTALS: TableShape = TableShape::framed(
    "A week",
    &[Column::head("A week"), Column::number("Today"), Column::number("At the end"), Column::number("Change")],
);

const TOTALS_BESIDE_RULES: TableShape = TableShape::framed(
    "A week",
    &[
        Column::head("A week"),
        Column::number("Today"),
        Column::number("Rules as they are"),
        Column::number("At the end"),
        Column::number("The changes add"),
    ],
)
.testid("scenario-effect");

/// A week without and with the scenario; where the rules decide, also with the rules as they are.
#[component]
fn Totals(
    /// Without.
    today: ScenarioTotals,
    /// With, in the last week.
    after: ScenarioTotals,
    /// What the changes do beside the rules as they are.
    effect: Option<ScenarioEffect>,
    /// What can be told.
    figure: ScenarioFigure,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let signed = |minor: i64| signed_money(Money::new(minor, currency));
    let of_money = |title: &'static str, of: fn(&ScenarioTotals) -> Expected<i64>| {
        let (now, between) = amount(of(&after), currency);
        let now = Cell::from(now).note(between);
        let before = amount(of(&today), currency).0;
        match &effect {
            Some(effect) => {
                let added = of(&effect.added);
                let range = format!("{} to {}", signed(added.low), signed(added.high));
                let added = Cell::from(signed(added.value)).note(range);
                row![title, before, amount(of(&effect.unchanged), currency).0, now, added]
            }
            None => row![title, before, now, signed(of(&after).value - of(&today).value)],
        }
    };
    let units = |of: &ScenarioTotals| decimal(of.units.value, 0);
    let range = |of: &ScenarioTotals| format!("{} to {}", decimal(of.units.low, 0), decimal(of.units.high, 0));
    let now = Cell::from(units(&after)).note(range(&after));
    let of_units = match &effect {
        Some(effect) => {
            let added = Cell::from(units(&effect.added)).note(range(&effect.added));
            row!["Units", units(&today), units(&effect.unchanged), now, added]
        }
        None => row!["Units", units(&today), now, decimal(after.units.value - today.units.value, 0)],
    };
    let mut rows = vec![of_units];
    if figure != ScenarioFigure::Units {
        rows.insert(0, of_money("Revenue", |totals| totals.revenue));
    }
    if figure == ScenarioFigure::Margin {
        rows.insert(0, of_money("Margin", |totals| totals.margin));
    }
    let shape = if effect.is_some() { TOTALS_BESIDE_RULES } else { TOTALS };
    view! {
        {shape.with(rows)}
        <p class="muted">
            {format!(
                "Our prices change by {} % on average; {} % of the units stand at prices never charged before.",
                decimal(after.price_change, 1),
                decimal(after.extrapolated, 0)
            )}
        </p>
    }
}

/// How far each assumption moves the margin, or the revenue where no margin can be told, the widest first.
#[component]
fn Tornado(
    /// The assumptions.
    rows: Vec<ScenarioSensitivity>,
    /// That amount as expected.
    centre: Option<Expected<i64>>,
    /// What it is.
    name: &'static str,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let centre = centre.map_or(0, |expected| expected.value);
    let reach =
        rows.iter().map(|row| (row.low - centre).abs().max((row.high - centre).abs())).max().unwrap_or(1).max(1);
    let part = move |value: i64| (value - centre) as f64 / reach as f64 * 50.0;
    let lines = rows.into_iter().map(|row| {
        let (low, high) = (part(row.low.min(row.high)), part(row.low.max(row.high)));
        let money = |minor: i64| money(Money::new(minor, currency));
        let words = format!("{}: {} · {}: {}", row.low_words, money(row.low), row.high_words, money(row.high));
        let bar = view! {
            <span class="tornado-axis"></span>
            <span
                class="tornado-bar"
                style:left=format!("{:.1}%", 50.0 + low)
                style:width=format!("{:.1}%", (high - low).max(0.4))
            ></span>
        };
        row![Cell::from(row.assumption).note(words), bar.into_any()]
    });
    let elsewhere = format!("the weekly {name} lies elsewhere than {}", money(Money::new(centre, currency)));
    let columns = [Column::head("If this is otherwise"), Column::text(&elsewhere).class("tornado-cell")];
    TableShape::bare(&columns).class("tornado").with(lines.collect())
}

const WEEKS: TableShape = TableShape::framed(
    "Weeks",
    &[
        Column::head("Week"),
        Column::number("Margin"),
        Column::number("95 % between").class("muted"),
        Column::number("Revenue"),
        Column::number("Units"),
        Column::number("Our prices"),
    ],
)
.tall();

/// Every week played.
#[component]
fn Weeks(
    /// In order.
    weeks: Vec<ScenarioTotals>,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let rows = weeks.into_iter().enumerate().map(|(place, week)| {
        let (margin, between) = amount(week.margin, currency);
        row![
            format!("Week {}", place + 1),
            margin,
            between,
            amount(week.revenue, currency).0,
            decimal(week.units.value, 0),
            format!("{} %", decimal(week.price_change, 1))
        ]
    });
    let rows = rows.collect();
    WEEKS.with(rows)
}

const PRODUCTS: TableShape = TableShape::framed(
    "Products",
    &[
        Column::head("SKU"),
        Column::text("Product"),
        Column::number("Price today"),
        Column::number("At the end"),
        Column::number("Units a week"),
        Column::number("A week changes by"),
        Column::text("Elasticity").class("muted"),
    ],
);

/// The products whose margin changes most, or whose revenue does where no margin can be told.
#[component]
fn Products(
    /// The products.
    products: Vec<ScenarioProduct>,
    /// What can be told.
    figure: ScenarioFigure,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let price = move |minor: i64| money(Money::new(minor, currency));
    let rows = products.into_iter().take(SHOWN).map(|one| {
        let changed = if figure == ScenarioFigure::Margin { one.margin } else { one.revenue };
        let query = GridQuery { product: Some(one.sku.clone()), search: one.sku.clone(), ..GridQuery::default() };
        let grade = view! {
            {one.grade.title()}
            {one.extrapolated.then(|| view! { <small class="caution">"price never charged"</small> })}
        };
        row![
            Cell::link(query.address(), one.sku).code(),
            one.name,
            price(one.old_minor),
            price(one.new_minor),
            format!("{} → {}", decimal(one.units.0, 1), decimal(one.units.1, 1)),
            Cell::from(signed_money(Money::new(changed.1 - changed.0, currency))).note(figure.name()),
            grade.into_any()
        ]
    });
    let rows = rows.collect();
    PRODUCTS.with(rows)
}
