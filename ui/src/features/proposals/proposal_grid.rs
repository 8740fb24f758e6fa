//! The rows of the proposal grid.

use app_contract::{BatchView, Command, CommandError, ListProposals, ProposalFilter, ProposalRow};
use leptos::prelude::*;

use super::columns;
use crate::backend::backend;
use crate::components::data_grid::{Grid, RowMarks, RowSource, Stretch};
use crate::freshness::Freshness;

/// The grid of the proposals that match a filter. Each answer brings the state of the batch with it.
pub fn proposal_rows(
    filter: Memo<ProposalFilter>,
    batch: RwSignal<Option<BatchView>>,
    open: RwSignal<Option<ProposalRow>>,
) -> Grid<ProposalRow> {
    let freshness = expect_context::<Freshness>();
    let question = Memo::new(move |_| Some(filter.get()));
    let list = move |filter, offset, limit| list_proposals(filter, offset, limit, batch);
    let source = RowSource::new(question, move || freshness.track(ListProposals::READS), list);
    let marks = |row: &ProposalRow| RowMarks { testid: "proposal-row", sku: row.sku.clone(), kind: row.kind.as_str() };
    Grid {
        can_mark: true,
        on_open: Callback::new(move |row| open.set(Some(row))),
        on_move: Callback::new(move |row| {
            if open.with_untracked(Option::is_some) {
                open.set(Some(row));
            }
        }),
        on_close: Callback::new(move |()| open.set(None)),
        ..Grid::new(source, columns::all, marks)
    }
}

async fn list_proposals(
    filter: ProposalFilter,
    offset: u64,
    limit: u32,
    batch: RwSignal<Option<BatchView>>,
) -> Result<Stretch<ProposalRow>, CommandError> {
    let page = backend().run(ListProposals { filter, offset, limit }).await?;
    batch.set(page.batch);
    Ok(Stretch { total: page.matching, matching: page.matching, rows: page.rows })
}
