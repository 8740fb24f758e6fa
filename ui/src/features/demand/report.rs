//! The demand of the catalogue: grades, what is missing, categories, and products to open.

use app_contract::{CategoryDemand, DemandReport, ElasticityGrade, ElasticityRow};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::panel::Panel;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::components::tabs::tab;
use crate::formats::{MISSING, counted, decimal, integer};
use crate::routes::demand_of_category;

/// How far an elasticity may be off either way, in standard errors.
const WIDTH: f64 = 1.96;

/// How many products have which grade; one can be chosen.
#[component]
pub fn Grades(
    /// The report.
    report: DemandReport,
    /// The grade that is shown.
    grade: RwSignal<Option<ElasticityGrade>>,
) -> impl IntoView {
    let all = report.products;
    let tabs = std::iter::once((None, "all", all))
        .chain(report.grades.into_iter().map(|(one, count)| (Some(one), one.title(), count)))
        .filter(|(one, _, count)| one.is_none() || *count > 0)
        .map(|(one, words, count)| {
            let pressed = Signal::derive(move || grade.get() == one);
            tab(words, None, Some(integer(count).into_any()), pressed, move || grade.set(one))
        })
        .collect_view();
    view! { <div class="tabs" role="group" aria-label="What elasticities rest on" data-testid="demand-grades">{tabs}</div> }
}

/// What most products lack.
#[component]
pub fn Lacking(
    /// The report.
    report: DemandReport,
) -> impl IntoView {
    let lines = |rows: Vec<(String, u64)>| {
        rows.into_iter()
            .map(|(words, count)| view! { <li>{format!("{}: {words}", integer(count))}</li> })
            .collect_view()
    };
    let dropped = (!report.dropped.is_empty()).then(|| {
        view! {
            <h3>"Days of sales left out"</h3>
            <ul>{lines(report.dropped)}</ul>
        }
    });
    view! {
        <Panel title="What is missing for estimates from own data">
            <ul data-testid="demand-lacking">{lines(report.lacking)}</ul>
            {dropped}
            <p class="muted">
                {format!("{} fitted in {} ms.", counted(report.sales_rows, "row of sales", "rows of sales"), report.elapsed_ms)}
            </p>
        </Panel>
    }
}

const CATEGORIES: TableShape = TableShape::framed(
    "Elasticities of categories",
    &[
        Column::head("Category"),
        Column::number("Elasticity"),
        Column::number("95 % between").class("muted"),
        Column::number("Products differ by"),
        Column::number("Estimates"),
        Column::text("Page").unseen(),
        Column::text("-5 to 0").class("forest-cell"),
    ],
)
.tall()
.testid("demand-categories");

/// What the products of each category have in common.
#[component]
pub fn Categories(
    /// The categories.
    rows: Vec<CategoryDemand>,
    /// The category whose products are shown.
    category: RwSignal<Option<String>>,
) -> impl IntoView {
    let is_empty = rows.is_empty();
    let lines = rows.into_iter().map(|row| {
        let name = row.category.clone().unwrap_or_else(|| "the whole catalogue".to_owned());
        let own = row.category.clone();
        let shown = own.clone();
        let page = own.as_deref().map(|path| {
            let words = format!("All about it: {path}");
            view! {
                <A href=demand_of_category(path) attr:data-testid="demand-category-page" attr:aria-label=words>"All about it"</A>
            }
        });
        let whisker = view! { <Whisker value=row.elasticity error=row.error between=row.between /> };
        row![
            Cell::button(name, Some("demand-category"), move || category.set(own.clone())),
            decimal(row.elasticity, 2),
            interval(row.elasticity, row.error),
            decimal(row.between, 2),
            integer(row.products),
            page.into_any(),
            whisker.into_any()
        ]
        .chosen(Signal::derive(move || category.get() == shown && shown.is_some()))
    });
    let lines = lines.collect();
    let nothing =
        is_empty.then(|| view! { <p class="muted">"No category has five products with an estimate of their own."</p> });
    view! {
        <Panel title="Categories">
            {nothing}
            {CATEGORIES.hidden(is_empty).with(lines)}
        </Panel>
    }
}

/// A value with its interval, and around it how far products differ, from 0 at the right to -5 at the left.
#[component]
fn Whisker(
    /// The mean.
    value: f64,
    /// Its standard error.
    error: f64,
    /// Standard deviation between products.
    between: f64,
) -> impl IntoView {
    const REACH: f64 = 5.0;
    let part = |value: f64| 100.0 * (1.0 + value / REACH).clamp(0.0, 1.0);
    let span = |half: f64| (part(value - half), part(value + half) - part(value - half));
    let ((products_at, products_wide), (sure_at, sure_wide)) = (span(between), span(WIDTH * error));
    view! {
        <span class="forest" aria-hidden="true">
            <span class="forest-products" style:left=format!("{products_at:.1}%") style:width=format!("{products_wide:.1}%")></span>
            <span
                class="forest-sure"
                style:left=format!("{sure_at:.1}%")
                style:width=format!("{:.1}%", sure_wide.max(1.0))
            ></span>
        </span>
    }
}

const PRODUCTS: TableShape = TableShape::framed(
    "Elasticities of products",
    &[
        Column::head("SKU"),
        Column::text("Product"),
        Column::number("Elasticity"),
        Column::number("95 % between").class("muted"),
        Column::text("Rests on"),
        Column::text("Missing").class("muted"),
    ],
)
.tall()
.testid("demand-products");

/// Products with their elasticities.
#[component]
pub fn Products(
    /// The products.
    rows: Vec<ElasticityRow>,
    /// How many there are in all.
    matching: u64,
    /// The one that is open.
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let shown = rows.len() as u64;
    let lines = rows.into_iter().map(|row| {
        let (sku, chosen) = (row.sku.clone(), row.sku.clone());
        let value = row.elasticity.map_or_else(|| MISSING.to_owned(), |value| decimal(value, 2));
        let between = row.elasticity.zip(row.error).map(|(value, error)| interval(value, error)).unwrap_or_default();
        let note = match row.inelastic {
            true => "hardly answers its price: a bound has to be used".to_owned(),
            false => row.missing.join("; "),
        };
        row![
            Cell::button(row.sku.clone(), Some("demand-product"), move || open.set(Some(sku.clone()))).code(),
            row.name,
            value,
            between,
            row.grade.title(),
            note
        ]
        .chosen(Signal::derive(move || open.with(|open| open.as_deref() == Some(chosen.as_str()))))
    });
    let lines = lines.collect();
    view! {
        <p class="count" role="status">{format!("{} of {}", integer(shown), counted(matching, "product", "products"))}</p>
        {PRODUCTS.with(lines)}
    }
}

/// “-2.4 to -1.6”.
pub fn interval(value: f64, error: f64) -> String {
    format!("{} to {}", decimal(value - WIDTH * error, 2), decimal(value + WIDTH * error, 2))
}
