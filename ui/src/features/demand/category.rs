//! A category's demand: the plain answer, what its products rest on, its families, its products.

use app_contract::{CategoryElasticityView, FamilyDemand};
use leptos::prelude::*;

use super::report::{Products, interval};
use crate::components::facts::fact;
use crate::components::panel::Panel;
use crate::components::table::{Column, TableShape, row};
use crate::formats::{counted, decimal, integer};

const GRADES: TableShape =
    TableShape::bare(&[Column::head("Elasticity from"), Column::number("Products"), Column::number("Share")])
        .testid("category-grades");

/// The detail.
#[component]
pub fn CategoryDemandDetail(
    /// The category.
    view: CategoryElasticityView,
    /// The product that is open.
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let facts = view.demand.as_ref().map(|found| {
        let families = found.between_families.map(|families| fact("Of that between families", decimal(families, 2)));
        view! {
            <dl class="facts" data-testid="category-facts">
                {fact("Elasticity", decimal(found.elasticity, 2))}
                {fact("95 % between", interval(found.elasticity, found.error))}
                {fact("Products differ by (standard deviation)", decimal(found.between, 2))}
                {families}
                {fact("Products with an own estimate", integer(found.products))}
            </dl>
        }
    });
    let inelastic = (view.inelastic > 0).then(|| {
        let words = format!(
            "{} hardly answer their price: no best price lies inside, and a bound has to be used.",
            counted(view.inelastic, "product", "products")
        );
        view! { <p class="notice caution">{words}</p> }
    });
    let grades = view.grades.iter().map(|(grade, count)| {
        let share = 100.0 * *count as f64 / view.products.max(1) as f64;
        row![grade.title(), integer(*count), format!("{} %", decimal(share, 0))]
    });
    let grades = grades.collect();
    let counted_lines = |rows: &[(String, u64)]| {
        rows.iter().map(|(words, count)| view! { <li>{format!("{}: {words}", integer(*count))}</li> }).collect_view()
    };
    let lacking = (!view.lacking.is_empty()).then(|| {
        view! { <h3>"What is missing for estimates from own data"</h3><ul>{counted_lines(&view.lacking)}</ul> }
    });
    let dropped = (!view.dropped.is_empty()).then(|| {
        view! { <h3>"Days of sales left out"</h3><ul>{counted_lines(&view.dropped)}</ul> }
    });
    let families = (!view.families.is_empty()).then(|| view! { <Families rows=view.families.clone() /> });
    view! {
        <section class="panel" aria-label="Category">
            <div class="panel-body">
                <p class="scenario-answer" data-testid="category-answer">{answer(&view)}</p>
                {inelastic}
                {facts}
            </div>
        </section>
        <Panel title="What its products rest on">
            {GRADES.with(grades)}
            {lacking}
            {dropped}
        </Panel>
        {families}
        <Panel title="Its products">
            <Products rows=view.rows matching=view.products open />
        </Panel>
    }
}

/// “One percent dearer sells 1.8 % less in this category, between 1.5 and 2.1.”
fn answer(view: &CategoryElasticityView) -> String {
    const WIDTH: f64 = 1.96;
    match (&view.demand, &view.stands_in) {
        (Some(found), _) => {
            let ends = [found.elasticity + WIDTH * found.error, found.elasticity - WIDTH * found.error];
            format!(
                "One percent dearer sells {} % less in this category, between {} and {} % with 95 % certainty.",
                decimal(-found.elasticity, 2),
                decimal(-ends[0], 2),
                decimal(-ends[1], 2)
            )
        }
        (None, stands_in) => {
            let (has, needs) = view.estimates;
            let instead = match stands_in {
                Some(above) => format!(" The estimate of {above} stands in."),
                None => String::new(),
            };
            format!(
                "The category has no estimate of its own: {} with one, and {needs} are needed.{instead}",
                counted(has, "product", "products")
            )
        }
    }
}

const FAMILIES: TableShape = TableShape::framed(
    "Elasticities of families",
    &[
        Column::head("Family"),
        Column::number("Elasticity"),
        Column::number("95 % between").class("muted"),
        Column::number("Products differ by"),
        Column::number("Estimates"),
    ],
)
.tall()
.testid("category-families");

/// Its families.
#[component]
fn Families(
    /// By name.
    rows: Vec<FamilyDemand>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        row![
            row.family,
            decimal(row.elasticity, 2),
            interval(row.elasticity, row.error),
            decimal(row.within, 2),
            integer(row.products)
        ]
    });
    let rows = rows.collect();
    view! {
        <Panel title="Its families">
            {FAMILIES.with(rows)}
        </Panel>
    }
}
