//! The whole job through commands, on a real workspace file and real sample shops.

#![allow(clippy::unwrap_used, reason = "a test may end where it expected something")]

#[path = "router/alerts.rs"]
mod alerts;
#[path = "router/automation.rs"]
mod automation;
#[path = "router/retailer.rs"]
mod retailer;
#[path = "router/scenarios.rs"]
mod scenarios;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use anyhow::Result;
use app_contract::{
    CancelJob, DecideProposals, ErrorCode, ExplainProduct, ExportPrices, GetCollection, GetPriceWay, JobState,
    ListAudit, ListProposals, ProposalDecision, ProposalFilter, ProposalRow, ProposalSelection, SetPublishingStop,
    StartCollection,
};
use journeys::{Router, walks};
use pricing_domain::{FileKind, OutputFormat, ProposalKind, ProposalStatus};

use retailer::Retailer;

#[path = "router/assistant.rs"]
mod assistant;
#[path = "router/attached_file.rs"]
mod attached_file;
#[path = "router/injection.rs"]
mod injection;
#[path = "router/matching.rs"]
mod matching;
#[path = "router/models.rs"]
mod models;
#[path = "router/pictures.rs"]
mod pictures;
#[path = "router/publishing.rs"]
mod publishing;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_changes_nothing_and_an_import_is_taken_back_whole() -> Result<()> {
    let router = Router::start()?;
    router.create_workspace("Nordlicht").await?;
    let products = Retailer::open().await?.sample.products_csv;
    let rows = products.lines().count() as u64 - 1;

    let first = router.import(FileKind::Products, &products).await?;
    assert_eq!((first.rows, first.added, first.refused), (rows, rows, 0), "{:?}", first.problems);
    let again = router.import(FileKind::Products, &products).await?;
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, rows));
    assert_eq!(again.change_set, None);

    let undone = router.undo(first.change_set).await?;
    assert_eq!(undone.conflicts, Vec::<String>::new());
    assert_eq!(router.workspace().await?.products, 0);
    let anew = router.import(FileKind::Products, &products).await?;
    assert_eq!(anew.added, rows);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_name_line_column_and_reason_and_the_others_arrive() -> Result<()> {
    let router = Router::start()?;
    router.create_workspace("Nordlicht").await?;
    let file = "sku;name;currency;price;cost;gtin\n\
                A1;Kettle;EUR;29,95;17,20;4006381333931\n\
                A2;Toaster;EUR;-5,00;3,00;\n\
                A3;Blender;EUR;49,95;21,00;4006381333932\n\
                A4;Grill;EUR;89,95;55,10;\n\
                A1;Kettle again;EUR;30,95;17,20;\n";
    let report = router.import(FileKind::Products, file).await?;
    assert_eq!((report.rows, report.added, report.refused), (5, 3, 2), "{:?}", report.problems);
    let refused: Vec<_> = report.problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
    assert_eq!(refused, [(3, "price"), (6, "sku")]);
    // A code that cannot be read does not keep its product out.
    let noted: Vec<_> = report.notes.iter().map(|note| (note.line, note.column.as_str())).collect();
    assert_eq!(noted, [(4, "gtin")]);
    assert!(report.problems.iter().chain(&report.notes).all(|problem| !problem.reason.is_empty()));
    assert_eq!(router.product("A1").await?.row.price_minor, Some(2_995));
    assert!(router.product("A2").await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_becomes_changed_prices_in_a_file() -> Result<()> {
    let router = Router::start()?;
    let retailer = Retailer::open().await?;
    retailer.move_in(&router).await?;
    retailer.bring_sales(&router).await?;

    let collected = router.collect().await?;
    assert_eq!(collected.pages, retailer.listings());
    assert!(collected.prices * 10 > collected.pages * 6, "{collected:?}");
    retailer.check_offers(&router, 60).await?;

    let priced = router.price().await?;
    assert!(priced.raised > 0 && priced.lowered > 0, "{priced:?}");
    let changes = all_proposals(&router, ProposalFilter { kind: Some(ProposalKind::Change), ..pending() }).await?;
    assert_eq!(changes.len() as u64, priced.raised + priced.lowered);
    for change in &changes {
        assert_ne!(change.old_minor, change.new_minor, "{}", change.sku);
        assert!(change.floor_minor.is_none_or(|floor| change.new_minor >= Some(floor)), "{change:?}");
        assert!(change.ceiling_minor.is_none_or(|ceiling| change.new_minor <= Some(ceiling)), "{change:?}");
    }
    check_ways(&router, &changes).await?;

    // The walk that the journeys through screens take.
    walks::look_at_today(&router).await?;
    let sku = walks::search_sort_filter(&router).await?;
    walks::look_into_product(&router, &sku).await?;

    let approved = approve_half(&router, &changes).await?;
    let export = router.host.call(ExportPrices { format: OutputFormat::Csv, price_list: None, name: None }).await?;
    assert_eq!(export.rows as usize, approved.len());
    let written = std::fs::read_to_string(router.host.file_path(export.file.id).unwrap())?;
    check_export(&written, &approved);
    let nothing_left =
        router.host.call(ExportPrices { format: OutputFormat::Csv, price_list: None, name: None }).await.unwrap_err();
    assert_eq!(nothing_left.code, ErrorCode::Refused);

    let sku = &approved[0].sku;
    let list = router.workspace().await?.price_lists[0].code.clone();
    if approved[0].price_list == list {
        assert_eq!(router.product(sku).await?.row.price_minor, approved[0].new_minor);
    }
    let audit = router.host.call(ListAudit { since: None, offset: 0, limit: 500 }).await?;
    for operation in ["import", "price", "approve", "export"] {
        let entry = audit
            .rows
            .iter()
            .find(|entry| format!("{} {}", entry.operation, entry.summary).to_lowercase().contains(operation));
        assert!(entry.is_some_and(|entry| entry.actor == "journey"), "no {operation} by this person in the audit");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn proposals_are_decided_by_commands_as_they_are_on_screens() -> Result<()> {
    let router = Router::start()?;
    Retailer::open().await?.move_in(&router).await?;
    let approved = walks::decide_proposals(&router).await?;
    walks::check_price_file(&router.exported().await?, approved)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_collection_stops_at_once_and_keeps_what_it_read() -> Result<()> {
    let router = Router::start()?;
    let retailer = Retailer::open().await?;
    retailer.move_in(&router).await?;
    router.collect_with_delay(40).await?;

    let job = router.host.call(StartCollection { all: true }).await?;
    let running = router.job_that(job, |job| job.done >= 20 || job.state.ended()).await?;
    assert_eq!(running.state, JobState::Running);
    let asked = Instant::now();
    let cancelling = router.host.call(CancelJob { job: running.id }).await?;
    let ended = router.ended(cancelling).await?;
    assert_eq!(ended.state, JobState::Cancelled);
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());

    let router = router.restart().await?;
    let read: u64 = router.host.call(GetCollection {}).await?.competitors.iter().map(|each| each.fresh).sum();
    assert!(read >= 10 && read < retailer.listings(), "{read} of {}", retailer.listings());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_shops_the_last_prices_stay_and_pricing_goes_on() -> Result<()> {
    let router = Router::start()?;
    let mut retailer = Retailer::open().await?;
    retailer.move_in(&router).await?;
    router.collect().await?;
    let before = retailer.last_prices(&router).await?;
    assert!(before.len() > 50, "{} prices", before.len());

    retailer.close_shops();
    let collected = router.collect().await?;
    assert_eq!(collected.prices, 0, "{collected:?}");
    assert_eq!(retailer.last_prices(&router).await?, before);
    let priced = router.price().await?;
    assert!(priced.raised + priced.lowered > 0, "{priced:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_publishing_is_stopped_nothing_is_exported() -> Result<()> {
    let router = Router::start()?;
    let retailer = Retailer::open().await?;
    retailer.move_in(&router).await?;
    router.price().await?;
    let ordinary = ProposalFilter { kind: Some(ProposalKind::Change), ..pending() };
    decide(&router, ProposalSelection::Filter(ordinary)).await?;
    let stop = |stopped| router.host.call(SetPublishingStop { stopped, reason: "a check".to_owned() });
    assert!(stop(true).await?.publishing_stopped);
    let refused =
        router.host.call(ExportPrices { format: OutputFormat::Csv, price_list: None, name: None }).await.unwrap_err();
    assert!(matches!(refused.code, ErrorCode::Refused | ErrorCode::NotPermitted | ErrorCode::Conflict), "{refused:?}");
    assert!(!stop(false).await?.publishing_stopped);
    assert!(router.host.call(ExportPrices { format: OutputFormat::Csv, price_list: None, name: None }).await?.rows > 0);
    Ok(())
}

fn pending() -> ProposalFilter {
    ProposalFilter { status: Some(ProposalStatus::Pending), ..ProposalFilter::default() }
}

async fn all_proposals(router: &Router, filter: ProposalFilter) -> Result<Vec<ProposalRow>> {
    let mut rows = Vec::new();
    loop {
        let ask = ListProposals { filter: filter.clone(), offset: rows.len() as u64, limit: 500 };
        let page = router.host.call(ask).await?;
        if page.rows.is_empty() {
            assert_eq!(rows.len() as u64, page.matching);
            return Ok(rows);
        }
        rows.extend(page.rows);
    }
}

/// The stored way ends at the proposed price, and the rules still lead there.
async fn check_ways(router: &Router, changes: &[ProposalRow]) -> Result<()> {
    let lists = router.workspace().await?.price_lists;
    for change in changes.iter().step_by(changes.len().div_ceil(25)) {
        let way = router.host.call(GetPriceWay { proposal: change.id }).await?;
        let result = way.lines.iter().rev().find_map(|line| line.amount).expect("a way has amounts");
        assert_eq!(Some(result.amount_minor), change.new_minor, "{}: {way:?}", change.sku);
        let price_list = lists.iter().find(|list| list.code == change.price_list).unwrap().id;
        let now = router.host.call(ExplainProduct { product: change.product, price_list }).await?;
        assert_eq!(now.lines.iter().rev().find_map(|line| line.amount), Some(result), "{}", change.sku);
    }
    Ok(())
}

/// Approves every second change and gives those.
async fn approve_half(router: &Router, changes: &[ProposalRow]) -> Result<Vec<ProposalRow>> {
    let half: Vec<ProposalRow> = changes.iter().step_by(2).cloned().collect();
    decide(router, ProposalSelection::Ids(half.iter().map(|row| row.id).collect())).await?;
    let approved = ProposalFilter { status: Some(ProposalStatus::Approved), ..ProposalFilter::default() };
    let listed: HashSet<_> = all_proposals(router, approved).await?.iter().map(|row| row.id).collect();
    assert_eq!(listed, half.iter().map(|row| row.id).collect());
    Ok(half)
}

async fn decide(router: &Router, selection: ProposalSelection) -> Result<()> {
    let decision = ProposalDecision::Approve;
    let report = router.host.call(DecideProposals { selection, decision, reason: "as proposed".to_owned() }).await?;
    assert!(report.decided > 0, "{report:?}");
    Ok(())
}

/// The file holds the approved changes, each with the price before and after, and nothing else.
fn check_export(written: &str, approved: &[ProposalRow]) {
    let mut lines = written.trim_start_matches('\u{feff}').lines();
    let header = lines.next().unwrap();
    assert!(header.starts_with("sku,price_list,type,old_price,new_price,currency"), "{header}");
    let mut expected: HashMap<(&str, &str), &ProposalRow> =
        approved.iter().map(|row| ((row.sku.as_str(), row.price_list.as_str()), row)).collect();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let row = expected.remove(&(cells[0], cells[1])).unwrap_or_else(|| panic!("not approved: {line}"));
        assert_eq!((minor(cells[3]), minor(cells[4])), (row.old_minor, row.new_minor), "{line}");
    }
    assert!(expected.is_empty(), "missing: {:?}", expected.keys());
}

fn minor(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.')?;
    (fraction.len() == 2).then(|| format!("{whole}{fraction}").parse().ok())?
}
