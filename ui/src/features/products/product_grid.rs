//! The grid of products with its tools.

use app_contract::{Command, ExportProducts, FitDemand, ListProducts, ProductRow};
use leptos::prelude::*;
use pricing_domain::{GridColumn, OutputFormat, PriceListId};

use super::column_choice::{ColumnChoice, remembered_hidden};
use super::columns;
use super::export_menu::ExportMenu;
use super::filter_bar::FilterBar;
use super::grid_query::GridQuery;
use super::role_menu::RoleMenu;
use super::search_box::SearchBox;
use crate::backend::backend;
use crate::components::data_grid::{DataGrid, Grid, RowMarks, RowSource, SortMark, Stretch};
use crate::components::toasts::Toasts;
use crate::features::files::hand_over;
use crate::features::import::import_menu::ImportMenu;
use crate::formats::integer;
use crate::freshness::Freshness;
use crate::reads::read;
use crate::session::Session;
use crate::writes::write;

/// The grid with search, filters, columns, import and export.
#[component]
pub fn ProductGrid(
    /// What is shown.
    query: Memo<GridQuery>,
    /// Shows something else.
    show: Callback<GridQuery>,
    /// Opens the suggestions of roles.
    suggest: Callback<()>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let hidden = RwSignal::new(remembered_hidden());
    let grid = product_rows(query, show, session, hidden);
    let count = move || {
        let counts = grid.source.counts();
        counts.map(|counts| format!("{} of {}", integer(counts.matching), integer(counts.total)))
    };
    let change = move |change: fn(&GridQuery, pricing_domain::GridFilter) -> GridQuery| {
        Callback::new(move |filter| show.run(change(&query.get_untracked(), filter)))
    };
    let search = Callback::new(move |search| show.run(GridQuery { search, ..query.get_untracked() }));
    let nothing = Signal::derive(move || {
        if query.with(|query| query.search.is_empty() && query.filters.is_empty()) {
            "Your products will be here. Import a file with the columns sku, name, price and currency.".to_owned()
        } else {
            "No product matches. Take a filter away or search for less.".to_owned()
        }
    });
    let export = export_as(query, session);
    view! {
        <div class="tools">
            <SearchBox
                value=Signal::derive(move || query.with(|query| query.search.clone()))
                search
                label="SKU, name, brand or GTIN"
                testid="grid-search"
            />
            <FilterBar
                filters=Signal::derive(move || query.with(|query| query.filters.clone()))
                add=change(|query, filter| query.with_filter(filter))
                remove=change(|query, filter| query.without_filter(&filter))
            />
            <span class="count" data-testid="grid-count" role="status">{count}</span>
            <span class="tools-end">
                <RoleMenu grid query suggest />
                <ColumnChoice hidden />
                <ExportMenu label="Export" testid="export-products" export />
                <ImportMenu />
            </span>
        </div>
        <DataGrid grid label="Products" nothing />
    }
}

fn product_rows(
    query: Memo<GridQuery>,
    show: Callback<GridQuery>,
    session: Session,
    hidden: RwSignal<Vec<String>>,
) -> Grid<ProductRow> {
    let freshness = expect_context::<Freshness>();
    // Without a price list there is nothing to ask for, and that is an answer too.
    let question = Memo::new(move |_| {
        session.known.with(|status| status.is_some()).then(|| (session.price_list_id(), query.with(GridQuery::rows)))
    });
    // Where a person wants to see demand, it is fitted, and the rows are asked for again.
    let shows_demand = Memo::new(move |_| !hidden.get().iter().any(|key| key == "demand"));
    let fitted = read(move || {
        let all = FitDemand { grade: None, category: None, search: String::new(), offset: 0, limit: 0 };
        shows_demand.get().then_some(all)
    });
    let fresh = move || freshness.track(ListProducts::READS) + u64::from(fitted.value().is_some());
    let source = RowSource::new(question, fresh, list_products);
    let columns = move || {
        let currency = session.price_list().map(|list| list.currency);
        let hidden = hidden.get();
        columns::all(currency).into_iter().filter(|column| !hidden.iter().any(|key| key == column.key)).collect()
    };
    let open = move |row: ProductRow| show.run(GridQuery { product: Some(row.sku), ..query.get_untracked() });
    Grid {
        can_mark: true,
        sort: Signal::derive(move || {
            let sort = query.with(|query| query.sort);
            Some(SortMark { key: sort.column.as_str(), descending: sort.descending })
        }),
        on_sort: Callback::new(move |key: &'static str| {
            let column = columns::sort_column(key).unwrap_or(GridColumn::Sku);
            show.run(query.with_untracked(|query| query.sorted_by(column)));
        }),
        on_open: Callback::new(open),
        on_move: Callback::new(move |row: ProductRow| {
            if query.with_untracked(|query| query.product.is_some()) {
                open(row);
            }
        }),
        on_close: Callback::new(move |()| show.run(GridQuery { product: None, ..query.get_untracked() })),
        ..Grid::new(source, columns, |row| RowMarks { testid: "grid-row", sku: row.sku.clone(), kind: "product" })
    }
}

async fn list_products(
    (price_list, query): (Option<PriceListId>, GridQuery),
    offset: u64,
    limit: u32,
) -> Result<Stretch<ProductRow>, app_contract::CommandError> {
    let Some(price_list) = price_list else {
        return Ok(Stretch { total: 0, matching: 0, rows: Vec::new() });
    };
    let GridQuery { search, filters, sort, .. } = query;
    let page = backend().run(ListProducts { price_list, search, filters, sort, offset, limit }).await?;
    Ok(Stretch { total: page.total, matching: page.matching, rows: page.rows })
}

fn export_as(query: Memo<GridQuery>, session: Session) -> Callback<OutputFormat> {
    let toasts = expect_context::<Toasts>();
    let export = write::<ExportProducts>(move |report| hand_over(report, toasts));
    Callback::new(move |format| {
        if let Some(price_list) = session.price_list_id() {
            let GridQuery { search, filters, sort, .. } = query.get_untracked();
            export.run(ExportProducts { price_list, search, filters, sort, format });
        }
    })
}
