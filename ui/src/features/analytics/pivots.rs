//! Tables of figures with rows and columns of one's own, and those that are kept.

use app_contract::{GetPivot, ListPivots, PivotRow, PivotView, RemovePivot, SavePivot};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::{Currency, IndexForm, MarketFilter, MarketGroup, Money, Pivot, PivotMeasure};

use crate::components::empty::Empty;
use crate::components::reading::Reading;
use crate::components::table::{Column, Row, TableShape};
use crate::components::toasts::Toasts;
use crate::formats::{MISSING, counted, index, integer, money, percent};
use crate::reads::read;
use crate::writes::write;

const BY: [(MarketGroup, &str); 5] = [
    (MarketGroup::Category, "Category"),
    (MarketGroup::Brand, "Brand"),
    (MarketGroup::Role, "Role"),
    (MarketGroup::Competitor, "Competitor"),
    (MarketGroup::PriceList, "Price list"),
];

/// The table with what it is made of.
#[component]
pub fn Pivots(
    /// Which products, competitors and days are looked at.
    #[prop(into)]
    filter: Signal<Option<MarketFilter>>,
    /// The form of the index.
    #[prop(into)]
    form: Signal<IndexForm>,
    /// Shows the products and competitors that a kept table is about.
    narrow: Callback<Pivot>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let rows = RwSignal::new(MarketGroup::Category);
    let columns = RwSignal::new(None::<MarketGroup>);
    let measures = RwSignal::new(vec![PivotMeasure::Index, PivotMeasure::Margin]);
    let name = RwSignal::new(String::new());
    let pivot = move || {
        Some(Pivot {
            name: name.get(),
            rows: rows.get(),
            columns: columns.get().filter(|columns| *columns != rows.get()),
            measures: measures.get(),
            filter: filter.get()?,
            form: form.get(),
        })
    };
    let table = read(move || pivot().filter(|pivot| !pivot.measures.is_empty()).map(|pivot| GetPivot { pivot }));
    let kept = read(|| Some(ListPivots {}));
    let save = write::<SavePivot>(move |_| toasts.done("The table is kept."));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(pivot) = untrack(pivot) {
            save.run(SavePivot { pivot });
        }
    };
    let open = Callback::new(move |pivot: Pivot| {
        rows.set(pivot.rows);
        columns.set(pivot.columns);
        measures.set(pivot.measures.clone());
        name.set(pivot.name.clone());
        narrow.run(pivot);
    });
    let groups = move |chosen: Signal<Option<MarketGroup>>| {
        BY.map(|(by, words)| view! { <option value=by.as_str() selected=move || chosen.get() == Some(by)>{words}</option> })
            .into_iter()
            .collect_view()
    };
    let checks = PivotMeasure::ALL.iter().copied().map(|measure| {
        let change = move |on: bool| {
            measures.update(|chosen| {
                chosen.retain(|known| *known != measure);
                chosen.extend(on.then_some(measure));
                chosen.sort_by_key(|measure| PivotMeasure::ALL.iter().position(|known| known == measure));
            });
        };
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    prop:checked=move || measures.with(|chosen| chosen.contains(&measure))
                    on:change:target=move |event| change(event.target().checked())
                />
                <span>{measure_words(measure)}</span>
            </label>
        }
    });
    let checks = checks.collect_view();
    let show_kept = move |kept: Vec<Pivot>| view! { <Kept kept open /> };
    view! {
        <form class="tools market-filter" on:submit=submit>
            <label class="field">
                <span>"Rows"</span>
                <select
                    data-testid="pivot-rows"
                    on:change:target=move |event| rows.set(event.target().value().parse().unwrap_or_default())
                >
                    {groups(Signal::derive(move || Some(rows.get())))}
                </select>
            </label>
            <label class="field">
                <span>"Columns"</span>
                <select
                    data-testid="pivot-columns"
                    on:change:target=move |event| columns.set(event.target().value().parse().ok())
                >
                    <option value="" selected=move || columns.get().is_none()>"none"</option>
                    {groups(columns.into())}
                </select>
            </label>
            <fieldset class="pivot-measures">
                <legend>"Figures"</legend>
                {checks}
            </fieldset>
            <label class="field">
                <span>"Name"</span>
                <input type="text" required maxlength="120" data-testid="pivot-name" bind:value=name />
            </label>
            <button type="submit" class="button" data-testid="save-pivot" disabled=save.pending()>"Keep this table"</button>
        </form>
        <Reading from=kept lines=1 show=show_kept />
        <Reading from=table lines=8 show=|table: PivotView| view! { <Table table /> } />
    }
}

/// The tables that are kept.
#[component]
fn Kept(
    /// By name.
    kept: Vec<Pivot>,
    /// Shows one.
    open: Callback<Pivot>,
) -> impl IntoView {
    let remove = write::<RemovePivot>(|_| ());
    let buttons = kept.into_iter().map(|pivot| {
        let (words, name) = (pivot.name.clone(), pivot.name.clone());
        let label = format!("Remove the table {name}");
        view! {
            <span class="kept-pivot">
                <button type="button" class="button small" on:click=move |_| open.run(pivot.clone())>{words}</button>
                <button
                    type="button"
                    class="button quiet small"
                    aria-label=label
                    on:click=move |_| remove.run(RemovePivot { name: name.clone() })
                >
                    "×"
                </button>
            </span>
        }
    });
    view! { <div class="actions" role="group" aria-label="Kept tables">{buttons.collect_view()}</div> }
}

/// The figures.
#[component]
fn Table(
    /// What they are.
    table: PivotView,
) -> impl IntoView {
    if table.rows.is_empty() {
        return view! { <Empty text="Nothing has a price here." /> }.into_any();
    }
    let heads = table.columns.iter().map(|(group, measure)| match group {
        Some(group) if group.is_empty() => format!("without one, {}", measure_words(*measure)),
        Some(group) => format!("{group}, {}", measure_words(*measure)),
        None => measure_words(*measure).to_owned(),
    });
    let heads: Vec<String> = heads.collect();
    let columns: Vec<Column> =
        std::iter::once(Column::head("Group")).chain(heads.iter().map(|head| Column::number(head))).collect();
    let measures: Vec<PivotMeasure> = table.columns.iter().map(|column| column.1).collect();
    let (currency, rows_left, columns_left) = (table.currency, table.rows_left, table.columns_left);
    let rows = table.rows.into_iter().map(|row| line(row, &measures, currency)).collect();
    let left = (rows_left + columns_left > 0).then(|| {
        let words = format!(
            "{} and {} with less revenue are not shown.",
            counted(rows_left, "row", "rows"),
            counted(columns_left, "column", "columns")
        );
        view! { <p class="muted">{words}</p> }
    });
    let shape = TableShape::framed("Table of your own", &columns);
    view! {
        {shape.tall().testid("pivot-table").with(rows)}
        {left}
    }
    .into_any()
}

fn line(row: PivotRow, measures: &[PivotMeasure], currency: Currency) -> Row {
    let name = if row.name.is_empty() { "without one".to_owned() } else { row.name };
    let cells =
        row.cells.iter().zip(measures).map(|(cell, measure)| {
            cell.map_or(MISSING.to_owned(), |value| cell_words(value, *measure, currency)).into()
        });
    Row::new(std::iter::once(name.into()).chain(cells).collect())
}

fn cell_words(value: i64, measure: PivotMeasure, currency: Currency) -> String {
    match measure {
        PivotMeasure::Index => index(value),
        PivotMeasure::Coverage | PivotMeasure::Margin => percent(i32::try_from(value).unwrap_or(0)),
        PivotMeasure::Revenue => money(Money::new(value, currency)),
        PivotMeasure::Products
        | PivotMeasure::Compared
        | PivotMeasure::Cheaper
        | PivotMeasure::Level
        | PivotMeasure::Dearer => integer(value),
    }
}

const fn measure_words(measure: PivotMeasure) -> &'static str {
    match measure {
        PivotMeasure::Products => "Products",
        PivotMeasure::Compared => "Compared",
        PivotMeasure::Coverage => "Coverage",
        PivotMeasure::Index => "Index",
        PivotMeasure::Cheaper => "Cheaper",
        PivotMeasure::Level => "Level",
        PivotMeasure::Dearer => "Dearer",
        PivotMeasure::Revenue => "Revenue, 28 days",
        PivotMeasure::Margin => "Margin",
    }
}
