//! The whole job without a window: the sample opened, collected, priced, approved, exported, with timings.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use app_commands::{Host, HostOptions, Keychain};
use app_contract::{
    DecideProposals, ExplainProduct, ExportPrices, FindProduct, ImportOptions, ListProposals, OpenSample,
    ProposalDecision, ProposalFilter, ProposalSelection, StartCollection, StartImport, StartPricing,
};
use pricing_domain::{FileKind, OutputFormat, ProposalKind, ProposalStatus};
use serde::Serialize;

use crate::{jobs, output};

/// What was done, and where it is.
#[derive(Serialize)]
struct Done {
    approved: u64,
    exported: u64,
    export: PathBuf,
    costs: PathBuf,
    workspace: String,
    milliseconds: u128,
}

/// Runs the demo in a folder of its own and prints what it did.
pub async fn run(folder: Option<&Path>, json: bool) -> Result<ExitCode> {
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => new_folder()?,
    };
    let host = Host::start(HostOptions {
        data_folder: folder.clone(),
        log_folder: folder.join("logs"),
        actor: "demo".into(),
        keychain: Keychain::File,
    })?;
    let ended = whole_job(&host, &folder, json).await;
    host.shutdown().await;
    ended.map(|()| ExitCode::SUCCESS)
}

fn new_folder() -> Result<PathBuf> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let folder = std::env::temp_dir().join(format!("omnipricex-demo-{since}"));
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

async fn whole_job(host: &Host, folder: &Path, json: bool) -> Result<()> {
    let timed = |what: &str, since: Instant| {
        if !json {
            println!("— {what}: {} ms", since.elapsed().as_millis());
        }
    };
    let started = Instant::now();
    let status = host.call(OpenSample {}).await?;
    timed("sample opened", started);
    let workspace = status.workspace.context("the sample did not open")?;
    if !json {
        println!("{}: {} products", workspace.company, workspace.products);
    }

    let costs = folder.join("costs.csv");
    std::fs::write(&costs, cost_changes(host, &workspace).await?).context("writing costs.csv")?;
    let since = Instant::now();
    let file = host.register_input(costs.clone())?;
    let job = host.call(StartImport { file: file.id, options: ImportOptions::of_kind(FileKind::Costs) }).await?;
    finish(host, job, json).await?;
    timed("costs imported", since);

    let since = Instant::now();
    let job = host.call(StartCollection { all: true }).await?;
    finish(host, job, json).await?;
    timed("competitors collected", since);

    let since = Instant::now();
    let job = host.call(StartPricing {}).await?;
    finish(host, job, json).await?;
    timed("priced", since);

    let waiting = ProposalFilter {
        status: Some(ProposalStatus::Pending),
        kind: Some(ProposalKind::Change),
        ..ProposalFilter::default()
    };
    let page = host.call(ListProposals { filter: waiting.clone(), offset: 0, limit: 5 }).await?;
    output::answer(json, &page, output::proposals);
    if let (Some(first), Some(list)) = (page.rows.first(), workspace.price_lists.first()) {
        let product = host.call(FindProduct { sku: first.sku.clone() }).await?;
        let way = host.call(ExplainProduct { product, price_list: list.id }).await?;
        output::answer(json, &way, output::way);
    }
    let selection = ProposalSelection::Filter(waiting);
    let decided =
        host.call(DecideProposals { selection, decision: ProposalDecision::Approve, reason: "demo".into() }).await?;
    let exported = host.call(ExportPrices { format: OutputFormat::Csv, price_list: None, name: None }).await?;
    let path = host.file_path(exported.file.id).context("the export is gone")?;
    let done = Done {
        approved: decided.decided,
        exported: exported.rows,
        export: path,
        costs,
        workspace: workspace.location.clone(),
        milliseconds: started.elapsed().as_millis(),
    };
    output::answer(json, &done, |done| {
        println!("{} approved, {} prices → {}", done.approved, done.exported, done.export.display());
        println!("costs: {}", done.costs.display());
        println!("workspace: {}", done.workspace);
        println!("in all {} ms", done.milliseconds);
    });
    Ok(())
}

/// A cost rise of 3 % for the first products, so that the demo imports something new.
async fn cost_changes(host: &Host, workspace: &app_contract::WorkspaceView) -> Result<String> {
    const PRODUCTS: u32 = 50;
    let list = workspace.price_lists.first().context("the sample has no price list")?;
    let page = host
        .call(app_contract::ListProducts {
            price_list: list.id,
            search: String::new(),
            filters: Vec::new(),
            sort: pricing_domain::GridSort::default(),
            offset: 0,
            limit: PRODUCTS,
        })
        .await?;
    let mut text = "sku,cost,cost_type,currency\n".to_owned();
    for row in page.rows {
        if let Some(cost) = row.cost {
            let raised = pricing_domain::MicroAmount(cost.0 / 100 * 103 / 10_000 * 10_000);
            text.push_str(&format!("{},{raised},landed,{}\n", row.sku, list.currency));
        }
    }
    Ok(text)
}

async fn finish(host: &Host, job: app_contract::JobView, json: bool) -> Result<()> {
    let ended = jobs::follow(host, job).await?;
    if let Some(error) = ended.error {
        return Err(error.into());
    }
    if let Some(result) = &ended.result {
        output::answer(json, result, output::result);
    }
    Ok(())
}
