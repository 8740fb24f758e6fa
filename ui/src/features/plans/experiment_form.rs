//! A price test: what is tested, what it has to find, and which products that needs.

use app_contract::{
    DesignExperiment, ExperimentDesign, ExperimentInput, ExperimentProduct, KeepExperiment, Switchback,
};
use leptos::prelude::*;
use pricing_domain::{CivilDate, Currency, GridFilter, Money};

use super::desk::{PlanDesk, fields};
use super::grades::grade_counts;
use crate::components::facts::items;
use crate::components::fields::TextInput;
use crate::components::reading::Reading;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::components::toasts::Toasts;
use crate::features::scenarios::product_filter::ProductFilter;
use crate::features::scenarios::typed_change::number;
use crate::formats::{MISSING, decimal, integer, money, now};
use crate::reads::read;
use crate::session::Session;
use crate::writes::write;

/// A test as it is typed.
#[derive(Clone, Debug, PartialEq)]
struct Typed {
    name: String,
    percent: String,
    weeks: String,
    period: String,
    carry_over: String,
    effect: String,
    power: String,
    products: String,
    only: Vec<GridFilter>,
}

impl Typed {
    fn new() -> Self {
        let experiment = ExperimentInput::default();
        Self {
            name: experiment.name,
            percent: experiment.percent.to_string(),
            weeks: experiment.weeks.to_string(),
            period: String::new(),
            carry_over: String::new(),
            effect: experiment.effect.to_string(),
            power: experiment.power.to_string(),
            products: String::new(),
            only: experiment.only,
        }
    }

    fn experiment(&self, price_list: String) -> Option<ExperimentInput> {
        let products = self.products.trim();
        let weeks = |text: &str| if text.trim().is_empty() { Some(0) } else { text.trim().parse().ok() };
        let (period, carry_over) = (weeks(&self.period)?, weeks(&self.carry_over)?);
        Some(ExperimentInput {
            name: self.name.trim().to_owned(),
            price_list,
            only: self.only.clone(),
            percent: number(&self.percent)?,
            weeks: self.weeks.trim().parse().ok()?,
            switchback: (period > 0).then_some(Switchback { period, carry_over }),
            effect: number(&self.effect)?,
            power: number(&self.power)?,
            products: if products.is_empty() { None } else { Some(products.parse().ok()?) },
            ..ExperimentInput::default()
        })
    }
}

/// The form and the design.
#[component]
pub fn ExperimentPlanner() -> impl IntoView {
    let session = expect_context::<Session>();
    let toasts = expect_context::<Toasts>();
    let typed = RwSignal::new(Typed::new());
    let tomorrow = now().plus_days(1).utc_date();
    let starts = RwSignal::new(tomorrow.to_string());
    let list = Memo::new(move |_| session.price_list().map(|list| list.code));
    let asked = Memo::new(move |_| list.get().and_then(|list| typed.with(|typed| typed.experiment(list))));
    let answer = read(move || asked.get().map(|experiment| DesignExperiment { experiment }));
    let keep =
        write::<KeepExperiment>(move |row| toasts.done(format!("Kept as “{}”, from {} on", row.name, row.starts)));
    let start = typed.get_untracked();
    let comes =
        move || view! { <Reading from=answer lines=10 show=|design: ExperimentDesign| view! { <Design design /> } /> };
    let field = fields(typed);
    let unreadable = Signal::derive(move || list.get().is_some() && asked.get().is_none());
    let only = Memo::new(move |_| typed.with(|typed| typed.only.clone()));
    let day = move || starts.get().parse::<CivilDate>().ok();
    view! {
        <PlanDesk label="Price test" testid="experiment-form" unreadable answer=comes>
                    <TextInput
                        label="Name; it also decides by chance which products are chosen"
                        value=start.name.clone()
                        testid="experiment-name"
                        set=Callback::new(move |text| typed.update(|typed| typed.name = text))
                    />
                    <div class="field-grid">
                        {field("New prices", &start.percent, "%", |typed, text| typed.percent = text)}
                        {field("Runs", &start.weeks, "weeks", |typed, text| typed.weeks = text)}
                        {field("Switch back and forth every (empty: two groups)", &start.period, "weeks", |typed, text| {
                            typed.period = text;
                        })}
                        {field("Drop after a switch", &start.carry_over, "weeks", |typed, text| {
                            typed.carry_over = text;
                        })}
                        {field("Has to find a change of units of", &start.effect, "%", |typed, text| typed.effect = text)}
                        {field("With a chance of", &start.power, "%", |typed, text| typed.power = text)}
                        {field("Products a group (empty: as needed)", &start.products, "", |typed, text| {
                            typed.products = text;
                        })}
                        <label class="field">
                            <span>"First day of the new prices"</span>
                            <input type="date" data-testid="experiment-starts" bind:value=starts />
                        </label>
                    </div>
                    <ProductFilter
                        only=only
                        set=Callback::new(move |only| typed.update(|typed| typed.only = only))
                    />
                    <div class="actions">
                        <button
                            type="button"
                            class="button primary"
                            data-testid="keep-experiment"
                            disabled=move || answer.value().is_none() || day().is_none() || keep.pending().get()
                            on:click=move |_| {
                                if let Some((experiment, starts)) = asked.get_untracked().zip(untrack(day)) {
                                    keep.run(KeepExperiment { experiment, starts });
                                }
                            }
                        >
                            "Keep this test"
                        </button>
                    </div>
        </PlanDesk>
    }
}

const DURATIONS: TableShape =
    TableShape::bare(&[Column::head("Weeks"), Column::number("Units move by"), Column::number("Needs")]);

/// The design, the plain answer first.
#[component]
fn Design(
    /// What it needs and which products it chooses.
    design: ExperimentDesign,
) -> impl IntoView {
    let is_switchback = !design.periods.is_empty();
    let (who, longer) = match is_switchback {
        true => ("Units of all together", "If periods are longer or shorter: pairs that it needs"),
        false => ("Units of a product", "If it runs longer or shorter: products that each group needs"),
    };
    let moves = format!(
        "{who} move by {} % from one such period to the next without any test. {} products could take part.",
        decimal(design.deviation, 0),
        integer(design.eligible)
    );
    let durations = design.durations.iter().map(|one| {
        let needed = one.needed.map_or_else(|| MISSING.to_owned(), integer);
        row![one.weeks.to_string(), format!("{} %", decimal(one.deviation, 0)), needed]
    });
    let durations = durations.collect();
    let remarks = items(design.remarks.iter().cloned());
    let left_out = design.left_out.iter().map(|(reason, count)| {
        view! { <li>{format!("{} cannot take part: {reason}", integer(*count))}</li> }
    });
    let left_out = left_out.collect_view();
    let currency = design.currency;
    let rests = format!("What is known of their elasticities rests on: {}.", grade_counts(&design.grades));
    view! {
        <section class="panel" aria-label="Design">
            <div class="panel-body">
                <p class="scenario-answer" data-testid="experiment-answer">{design.answer}</p>
                <p>{moves}</p>
                <p data-testid="experiment-grades">{rests}</p>
                <ul class="muted">{remarks}{left_out}</ul>
                <div class="columns">
                    <Group title="With the new price" rows=design.treated currency />
                    {(!is_switchback).then(|| view! { <Group title="With the old price" rows=design.held currency /> })}
                </div>
                <h3>{longer}</h3>
                {DURATIONS.with(durations)}
            </div>
        </section>
    }
}

/// The products of a group.
#[component]
fn Group(
    /// Which.
    title: &'static str,
    /// Its products.
    rows: Vec<ExperimentProduct>,
    /// Of their prices.
    currency: Currency,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let price = |minor: i64| money(Money::new(minor, currency));
        let prices = match row.price_minor == row.test_minor {
            true => price(row.price_minor),
            false => format!("{} → {}", price(row.price_minor), price(row.test_minor)),
        };
        row![
            Cell::from(row.sku).code().note(row.name),
            decimal(row.units, 1),
            prices,
            row.elasticity.map_or_else(|| MISSING.to_owned(), |value| decimal(value, 2)),
            row.grade.title()
        ]
    });
    let columns = [
        Column::head(title),
        Column::number("Units a week"),
        Column::number("Price"),
        Column::number("Elasticity"),
        Column::text("It rests on"),
    ];
    TableShape::framed(title, &columns).tall().with(rows.collect())
}

#[cfg(test)]
mod tests {
    use app_contract::{ExperimentInput, Switchback};

    use super::Typed;

    #[test]
    fn what_is_typed_at_first_is_the_usual_test_and_nonsense_is_none() {
        assert_eq!(Typed::new().experiment(String::new()), Some(ExperimentInput::default()));
        assert_eq!(Typed { products: "some".into(), ..Typed::new() }.experiment(String::new()), None);
        let turns = Typed { period: "2".into(), ..Typed::new() }.experiment(String::new());
        assert_eq!(turns.and_then(|one| one.switchback), Some(Switchback { period: 2, carry_over: 0 }));
    }
}
