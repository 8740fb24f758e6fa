//! Readings that may be no price at all: each with its reason, decided with one click or key.

use app_contract::{
    Command, CommandError, DecideQuarantined, DecisionReport, ListQuarantine, QuarantineFilter, QuarantinedView,
    UndoChangeSet,
};
use leptos::prelude::*;
use pricing_domain::{Money, QuarantineDecision};

use crate::backend::backend;
use crate::components::data_grid::{Cell, Column, Grid, RowMarks, RowSource, Selection, Stretch, Tone};
use crate::components::facts::{fact, fact_as};
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::formats::{MISSING, age, counted, date_time, integer, money};
use crate::freshness::Freshness;
use crate::words::{availability, confidence, method};
use crate::writes::write;

/// The grid of the readings that a filter shows.
pub fn quarantine_rows(
    filter: Memo<QuarantineFilter>,
    open: RwSignal<Option<QuarantinedView>>,
) -> Grid<QuarantinedView> {
    let freshness = expect_context::<Freshness>();
    let question = Memo::new(move |_| Some(filter.get()));
    let source = RowSource::new(question, move || freshness.track(ListQuarantine::READS), list);
    let marks = |row: &QuarantinedView| RowMarks { testid: "quarantine-row", sku: row.sku.clone(), kind: "reading" };
    Grid {
        can_mark: true,
        on_open: Callback::new(move |row| open.set(Some(row))),
        on_move: Callback::new(move |row| {
            if open.with_untracked(Option::is_some) {
                open.set(Some(row));
            }
        }),
        on_close: Callback::new(move |()| open.set(None)),
        ..Grid::new(source, columns, marks)
    }
}

async fn list(filter: QuarantineFilter, offset: u64, limit: u32) -> Result<Stretch<QuarantinedView>, CommandError> {
    let page = backend().run(ListQuarantine { filter, offset, limit }).await?;
    Ok(Stretch { total: page.matching, matching: page.matching, rows: page.rows })
}

fn columns() -> Vec<Column<QuarantinedView>> {
    let price =
        |price: Option<Money>| price.map_or_else(|| Cell::missing("None counted yet"), |it| Cell::text(money(it)));
    vec![
        Column::new("sku", "SKU", 112, |row: &QuarantinedView| Cell::toned(&row.sku, Tone::Code)),
        Column::new("name", "Product", 220, |row: &QuarantinedView| Cell::text(&row.name)).growing().brief("title"),
        Column::new("competitor", "Competitor", 120, |row: &QuarantinedView| Cell::toned(&row.competitor, Tone::Muted)),
        Column::new("read", "Read", 100, |row: &QuarantinedView| Cell::text(money(row.price)))
            .numeric()
            .brief("figure"),
        Column::new("before", "Counted before", 120, move |row: &QuarantinedView| price(row.last_price)).numeric(),
        Column::new("why", "Why it waits", 320, |row: &QuarantinedView| {
            Cell::toned(format!("⚠ {}", row.reason), Tone::Caution)
        })
        .growing()
        .brief("detail"),
        Column::new("seen", "Seen", 96, |row: &QuarantinedView| Cell::toned(age(row.last_seen), Tone::Muted)),
    ]
}

/// The buttons for one or many.
#[component]
pub fn QuarantineBar(
    /// The grid with its marks.
    grid: Grid<QuarantinedView>,
    /// The reading that is open.
    open: RwSignal<Option<QuarantinedView>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let undo = write::<UndoChangeSet>(move |report| toasts.done(undo_words(&report)));
    let decide = write::<DecideQuarantined>(move |report: DecisionReport| {
        let words = format!("{} decided.", counted(report.decided, "reading", "readings"));
        match report.change_set {
            Some(change_set) => {
                let undo = Callback::new(move |()| {
                    undo.run(UndoChangeSet { change_set });
                });
                toasts.done_with_undo(words, undo);
            }
            None => toasts.done(words),
        }
    });
    let marked = move || grid.selection.with(|selection| selection.len(grid.source.matching()));
    let run = move |decision: QuarantineDecision| {
        let mut readings: Vec<_> = grid.marked_rows().into_iter().map(|row| row.id).collect();
        if readings.is_empty() {
            readings.extend(open.get_untracked().map(|row| row.id));
        }
        grid.selection.update(Selection::clear);
        open.set(None);
        decide.run(DecideQuarantined { readings, decision, reason: String::new() });
    };
    let nothing = move || (marked() == 0 && open.with(Option::is_none)) || decide.pending().get();
    let words = move || match marked() {
        0 => String::new(),
        count => format!("{} marked", integer(count)),
    };
    view! {
        <div class="decision-bar" role="group" aria-label="Decide">
            <span class="count" role="status">{words}</span>
            <button
                type="button"
                class="button primary"
                data-testid="quarantine-accept"
                disabled=nothing
                on:click=move |_| run(QuarantineDecision::Accepted)
            >
                "It is a price"
            </button>
            <button
                type="button"
                class="button"
                data-testid="quarantine-reject"
                disabled=nothing
                on:click=move |_| run(QuarantineDecision::Rejected)
            >
                "It is none"
            </button>
        </div>
    }
}

/// A reading with its evidence.
#[component]
pub fn QuarantinePanel(
    /// The reading.
    #[prop(into)]
    row: Signal<Option<QuarantinedView>>,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let width = RwSignal::new(remembered_width());
    let heading = move || {
        row.get().map(|row| {
            view! {
                <h2>{row.name}</h2>
                <p class="muted"><span class="code">{row.sku}</span>{format!(" · {}", row.competitor)}</p>
            }
        })
    };
    let shown = move || row.get().map(|row| view! { <Facts row /> });
    view! {
        <SidePanel label="Reading" testid="quarantine-panel" width close heading>{shown}</SidePanel>
    }
}

/// What is known of a reading.
#[component]
fn Facts(
    /// The reading.
    row: QuarantinedView,
) -> impl IntoView {
    let maybe = |price: Option<Money>| price.map_or(MISSING.to_owned(), money);
    let lines = [
        ("Read", money(row.price)),
        ("Struck through", maybe(row.was)),
        ("Counted before", maybe(row.last_price)),
        ("Their title", row.title.unwrap_or_default()),
        ("Availability", availability(row.availability).to_owned()),
        ("Found in", format!("{}, confidence {}", method(row.method), confidence(row.confidence))),
        ("First seen", date_time(row.first_seen)),
        (
            "Last seen",
            format!("{}, {}", date_time(row.last_seen), counted(u64::from(row.times_seen), "reading", "readings")),
        ),
    ];
    let lines = lines.into_iter().filter(|(_, value)| !value.is_empty() && value != MISSING);
    let lines = lines.map(|(name, value)| fact(name, value)).collect_view();
    let decided = (!row.decided.is_empty()).then(|| view! { <p class="muted">{row.decided.clone()}</p> });
    view! {
        <p class="notice">{row.reason}</p>
        {decided}
        <dl class="facts">
            {lines}
            {fact_as("Address", row.url, "code address")}
        </dl>
        <pre class="fragment" tabindex="0" aria-label="Piece of the page">{row.fragment}</pre>
    }
}
