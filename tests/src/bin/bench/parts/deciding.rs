//! Decisions about many proposals, and how soon the grid shows them.

use std::path::Path;

use anyhow::{Result, ensure};
use app_contract::{
    DecideProposals, ExportPrices, ListProducts, ListProposals, ProposalDecision, ProposalFilter, ProposalSelection,
};
use pricing_domain::{OutputFormat, ProposalId, ProposalKind, ProposalStatus};

use super::add_costs;
use crate::figures::{Figures, Unit};
use crate::questions::Question;
use crate::session::Session;

/// How many proposals are decided at once.
const DECIDED: usize = 50_000;
/// Proposals of one page.
const PAGE: u32 = 500;

/// Approves one proposal, then many, and exports them.
pub(super) async fn many(folder: &Path, figures: &mut Figures) -> Result<()> {
    let session = Session::open(folder).await?;
    rows(&session).await?;
    let (ids, latencies) = waiting(&session).await?;
    figures.latencies("Proposals, page of 500", &latencies, None);
    let (first, others) = ids.split_at(1);
    let milliseconds = approve(&session, first).await?;
    figures.add("Approving one proposal", milliseconds, Unit::Milliseconds);
    figures.add("First rows after that decision", rows(&session).await?, Unit::Milliseconds);
    let milliseconds = approve(&session, others).await?;
    figures.add(format!("Approving {} proposals", others.len()), milliseconds / 1e3, Unit::Seconds);
    let (report, milliseconds) =
        session.timed(ExportPrices { format: OutputFormat::Csv, price_list: None, name: None }).await?;
    ensure!(report.rows == ids.len() as u64, "every approved price is exported, not only {}", report.rows);
    figures.add(format!("Exporting {} prices", report.rows), milliseconds / 1e3, Unit::Seconds);
    add_costs(figures, "Decisions", None);
    session.close().await;
    Ok(())
}

async fn approve(session: &Session, ids: &[ProposalId]) -> Result<f64> {
    let command = DecideProposals {
        selection: ProposalSelection::Ids(ids.to_vec()),
        decision: ProposalDecision::Approve,
        reason: "benchmark".to_owned(),
    };
    let (report, milliseconds) = session.timed(command).await?;
    ensure!(report.decided == ids.len() as u64, "all are decided, not only {}", report.decided);
    Ok(milliseconds)
}

/// Ordinary changes that wait, at most [`DECIDED`] and one, with the milliseconds of each page.
async fn waiting(session: &Session) -> Result<(Vec<ProposalId>, Vec<f64>)> {
    let (mut ids, mut latencies) = (Vec::new(), Vec::new());
    while ids.len() <= DECIDED {
        let filter = ProposalFilter {
            status: Some(ProposalStatus::Pending),
            kind: Some(ProposalKind::Change),
            ..ProposalFilter::default()
        };
        let (page, milliseconds) =
            session.timed(ListProposals { filter, offset: ids.len() as u64, limit: PAGE }).await?;
        latencies.push(milliseconds);
        if page.rows.is_empty() {
            break;
        }
        ids.extend(page.rows.iter().map(|row| row.id));
    }
    ids.truncate(DECIDED + 1);
    ensure!(ids.len() > 1, "some proposals wait");
    Ok((ids, latencies))
}

/// Milliseconds until the grid shows its first rows.
async fn rows(session: &Session) -> Result<f64> {
    let price_list = session.price_list().await?;
    let Question { search, filters, sort } = Question::default();
    let command = ListProducts { price_list, search, filters, sort, offset: 0, limit: 100 };
    Ok(session.timed(command).await?.1)
}
