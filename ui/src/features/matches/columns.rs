//! The rows and columns of the grid of matches.

use app_contract::{Command, CommandError, ListMatches, MatchCountsView, MatchFilter, MatchRow};
use leptos::prelude::*;
use pricing_domain::{MatchVerdict, Money};

use crate::backend::backend;
use crate::components::data_grid::{Cell, Column, Grid, RowMarks, RowSource, Stretch, Tone};
use crate::formats::money;
use crate::freshness::Freshness;
use crate::words;

/// The grid of the matches that a filter shows. Each answer brings the counts with it.
pub fn match_rows(
    filter: Memo<MatchFilter>,
    counts: RwSignal<Option<MatchCountsView>>,
    open: RwSignal<Option<MatchRow>>,
) -> Grid<MatchRow> {
    let freshness = expect_context::<Freshness>();
    let question = Memo::new(move |_| Some(filter.get()));
    let list = move |filter, offset, limit| list_matches(filter, offset, limit, counts);
    let source = RowSource::new(question, move || freshness.track(ListMatches::READS), list);
    let marks = |row: &MatchRow| RowMarks {
        testid: "match-row",
        sku: row.ours.sku.clone().unwrap_or_default(),
        kind: row.verdict.as_str(),
    };
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

async fn list_matches(
    filter: MatchFilter,
    offset: u64,
    limit: u32,
    counts: RwSignal<Option<MatchCountsView>>,
) -> Result<Stretch<MatchRow>, CommandError> {
    let page = backend().run(ListMatches { filter, offset, limit }).await?;
    counts.set(Some(page.counts));
    Ok(Stretch { total: page.matching, matching: page.matching, rows: page.rows })
}

fn columns() -> Vec<Column<MatchRow>> {
    vec![
        Column::new("score", "Score", 72, |row: &MatchRow| Cell::text(score(row.score)))
            .numeric()
            .brief("figure")
            .hint("How alike the two are, of 100"),
        Column::new("theirs", "Their page", 260, |row: &MatchRow| Cell {
            hint: row.url.clone(),
            ..Cell::text(&row.theirs.title)
        })
        .growing()
        .brief("title"),
        Column::new("competitor", "Competitor", 110, |row: &MatchRow| Cell::toned(&row.competitor, Tone::Muted)),
        Column::new("their_price", "Their price", 100, |row: &MatchRow| price(row.theirs.price, "No price was read"))
            .numeric(),
        Column::new("ours", "Our product", 240, |row: &MatchRow| Cell::text(&row.ours.title)).growing(),
        Column::new("sku", "SKU", 112, |row: &MatchRow| {
            Cell::toned(row.ours.sku.clone().unwrap_or_default(), Tone::Code)
        }),
        Column::new("our_price", "Our price", 96, |row: &MatchRow| {
            price(row.ours.price, "No price on the default list")
        })
        .numeric(),
        Column::new("why", "What tells", 240, why).growing().brief("detail"),
    ]
}

/// What speaks against it first, because that decides.
fn why(row: &MatchRow) -> Cell {
    let hint = row.conflicts.iter().chain(&row.reasons).cloned().collect::<Vec<_>>().join("; ");
    let cell = match (row.conflicts.first(), row.verdict) {
        (Some(conflict), _) => Cell::toned(format!("⚠ {conflict}"), Tone::Caution),
        (None, MatchVerdict::Certain) => Cell::toned(row.reasons.first().cloned().unwrap_or_default(), Tone::Muted),
        (None, _) => Cell::toned(row.reasons.join("; "), Tone::Muted),
    };
    Cell { hint: format!("{}: {hint}", words::match_verdict(row.verdict)), ..cell }
}

fn price(price: Option<Money>, reason: &str) -> Cell {
    price.map_or_else(|| Cell::missing(reason), |price| Cell::text(money(price)))
}

/// A score as a person reads it: of a hundred.
pub fn score(score: u16) -> String {
    (score / 10).to_string()
}
