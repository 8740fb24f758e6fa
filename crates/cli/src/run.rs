//! From words to commands.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use app_commands::{Host, HostOptions, Keychain, default_folders};
use app_contract::{
    ActivateRuleSet, AskAssistant, AssistantContext, CheckWorkspace, CommandError, CreateWorkspace, DecideProposals,
    ErrorCode, ExplainProduct, FindProduct, GetCollection, GetPriceWay, GetRuleSet, GetStatus, ImportOptions,
    JobResult, JobState, JobView, ListChangeSets, ListFailures, ListPriorPrices, ListProducts, ListProposals,
    ListPublications, OpenSample, OpenWorkspace, PriceListView, ProductPage, ProposalDecision, ProposalFilter,
    ProposalSelection, ReleaseBatch, SetPublishingStop, SnoozeChoice, StartBackTest, StartCollection, StartPricing,
    Status, UndoChangeSet,
};
use pricing_domain::{GridColumn, GridFilter, GridSort, PriceListId, ProposalId, ProposalKind, ProposalStatus};

use crate::approvals::{DecisionWords, ProposalWords};
use crate::arguments::{Arguments, RulesTask, Task};
use crate::values::percent;
use crate::{
    alerts, approvals, assistant, automations, batches, breaker, competitors, connections, demo, files, jobs, market,
    matches, mcp, models, output, plans, prices, publishing, reading, readings, recipes, reports, roles, rule_versions,
    scenarios, science, scripts, serve, sources, work,
};

/// Done, but rows or pages were refused.
pub const PARTLY: u8 = 3;
/// Stopped by Ctrl+C.
const STOPPED: u8 = 130;

/// The exit code of an error.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref::<CommandError>() {
        Some(refused) if refused.code == ErrorCode::Cancelled => ExitCode::from(STOPPED),
        _ => ExitCode::FAILURE,
    }
}

/// Starts a host in the usual folders.
pub fn start_host() -> Result<Host> {
    let (data_folder, log_folder) = default_folders();
    let actor = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_else(|_| "me".into());
    Ok(Host::start(HostOptions { data_folder, log_folder, actor, keychain: Keychain::System })?)
}

/// Does what the words ask for.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    match arguments.command {
        Task::Sample { out } => {
            let size = app_commands::build_sample(&out, |line| println!("{line}")).await?;
            println!("{} ({} KiB)", out.display(), size / 1024);
            return Ok(ExitCode::SUCCESS);
        }
        Task::Demo { ref folder } => {
            ensure!(
                arguments.workspace.is_none(),
                "the demo runs on the sample; on a workspace of your own run `omnipricex collect`, `price`, `approve` and \
                 `export`"
            );
            return demo::run(folder.as_deref(), arguments.json).await;
        }
        Task::Extract(words) => return reading::extract_pages(words, arguments.json),
        Task::ParsePrice(words) => return reading::parse_prices(words, arguments.json),
        Task::Recipe { task } => return recipes::recipe(task, arguments.json),
        Task::Robots(words) => return reading::ask_robots(words, arguments.json),
        Task::Price(ref words) if words.rules.is_some() => return scripts::price(words, arguments.json),
        Task::Rules { task: Some(ref task), .. } if !scripts::needs_workspace(task, arguments.workspace.is_some()) => {
            return scripts::rules(task, arguments.json);
        }
        Task::Science { ref task } => {
            if let Some(done) = science::run_on_files(task, arguments.json) {
                return done;
            }
        }
        _ => {}
    }
    let host = start_host()?;
    if let Some(person) = &arguments.person {
        host.act_for_now_as(person).await?;
    }
    let code = perform(&host, arguments).await;
    host.shutdown().await;
    code
}

async fn perform(host: &Host, arguments: Arguments) -> Result<ExitCode> {
    let json = arguments.json;
    let workspace = arguments.workspace.as_deref();
    match arguments.command {
        Task::Create { company } => {
            let path = workspace.context("name the new file with --workspace FILE")?;
            let file = host.register_output(path.to_owned());
            let status = host.call(CreateWorkspace { file: Some(file.id), name: company }).await?;
            output::answer(json, &status, output::status);
        }
        Task::Serve { port, sample, ui } => {
            if sample {
                host.call(OpenSample {}).await?;
            } else if workspace.is_some() {
                open(host, workspace).await?;
            }
            host.read_ahead().await;
            serve::serve(host, port, ui, json).await?;
        }
        task => {
            let status = open(host, workspace).await?;
            return with_workspace(host, task, &status, json).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn with_workspace(host: &Host, task: Task, status: &Status, json: bool) -> Result<ExitCode> {
    match task {
        Task::Status => output::answer(json, status, output::status),
        Task::Import(words) => return files::import(host, &words, json).await,
        Task::Inspect { file, kind } => files::inspect(host, file, kind, json).await?,
        Task::Mappings { forget } => files::mappings(host, forget.as_deref(), json).await?,
        Task::Undo => undo(host, json).await?,
        Task::Collect { all, allow_origin } => {
            for origin in allow_origin {
                host.allow_private_origin(&origin).await?;
            }
            let job = host.call(StartCollection { all }).await?;
            return end(host, job, json).await;
        }
        Task::Matches { task } => return matches::run(host, task, json).await,
        Task::Check => {
            let found = host.call(CheckWorkspace {}).await?;
            output::answer(json, &found, |found| match found.as_slice() {
                [] => println!("The file is whole."),
                found => found.iter().for_each(|line| println!("{line}")),
            });
            return Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Task::Competitors { task } => return competitors::competitors(host, task, json).await,
        Task::Quarantine { task } => return readings::quarantine(host, task, json).await,
        Task::Evidence { sku, competitor, page } => {
            return readings::evidence(host, status, (sku, competitor), page, json).await;
        }
        Task::Failures { state: None } => {
            output::answer(json, &host.call(GetCollection {}).await?, output::collection_state);
        }
        Task::Failures { state: Some(state) } => {
            let page = host.call(ListFailures { state, offset: 0, limit: 500 }).await?;
            output::answer(json, &page, output::failures);
        }
        Task::Price(_) => {
            let job = host.call(StartPricing {}).await?;
            return end(host, job, json).await;
        }
        Task::Explain { sku, list, proposal } => {
            let list = named_list(status, list.as_deref())?;
            let way = match proposal {
                Some(Some(proposal)) => host.call(GetPriceWay { proposal }).await?,
                Some(None) => host.call(GetPriceWay { proposal: proposal_of(host, list, &sku).await? }).await?,
                None => {
                    let product = host.call(FindProduct { sku: sku.clone() }).await?;
                    host.call(ExplainProduct { product, price_list: list.id }).await?
                }
            };
            ensure!(way.sku == sku, "this proposal is for {}, not for {sku}", way.sku);
            output::answer(json, &way, output::way);
        }
        Task::PriorPrice { sku } => {
            let product = host.call(FindProduct { sku }).await?;
            output::answer(json, &host.call(ListPriorPrices { product }).await?, |views| output::prior_prices(views));
        }
        Task::Ask { question, model, file, list } => {
            let price_list =
                list.as_deref().map(|code| named_list(status, Some(code))).transpose()?.map(|list| list.id);
            let file = file.map(|path| host.register_input(path)).transpose()?.map(|file| file.id);
            let context = AssistantContext { without_model: !model, file, ..AssistantContext::default() };
            let request = AskAssistant { question: question.join(" "), price_list, context };
            let turn = if model { models::ask(host, request).await? } else { host.call(request).await? };
            output::answer(json, &turn, assistant::turn);
        }
        Task::Model { task } => return models::run(host, task, json).await,
        Task::Mcp => mcp::serve(host).await?,
        Task::Proposals(words) => list_proposals(host, status, words, json).await?,
        Task::Batches { task: batches::BatchesTask::Notes { list, language } } => {
            batches::notes(host, named_list(status, list.as_deref())?, language, json).await?;
        }
        Task::Approve(words) => decide(host, status, words, ProposalDecision::Approve, json).await?,
        Task::Reject(words) => decide(host, status, words, ProposalDecision::Reject, json).await?,
        Task::Snooze { words, until } => approvals::snooze(host, status, words, until, json).await?,
        Task::Comment { sku, text, list } => {
            approvals::comment(host, named_list(status, list.as_deref())?, &sku, text, json).await?;
        }
        Task::Policy { task } => approvals::policy(host, task, json).await?,
        Task::Automation { task } => return automations::run(host, task, json).await,
        Task::Work { kind, list, limit } => {
            work::work(host, named_list(status, list.as_deref())?, kind, limit, json).await?;
        }
        Task::Roles { task } => return roles::run(host, status, task, json).await,
        Task::SetPrice(words) => prices::set_price(host, status, words, json).await?,
        Task::Locks { task } => prices::locks(host, status, task, json).await?,
        Task::Lists { task } => prices::lists(host, status, task, json).await?,
        Task::Release { reason } => {
            host.call(ReleaseBatch { reason }).await?;
            output::answer(json, &true, |_| println!("The batch may go on."));
        }
        Task::Alerts(task) => return alerts::run(host, status, task, json).await,
        Task::Reports(task) => reports::run(host, status, task, json).await?,
        Task::Sources(task) => return sources::run(host, task, json).await,
        Task::Report(words) => market::report(host, status, words, json).await?,
        Task::Market(words) => market::market(host, status, *words, json).await?,
        Task::HandOvers => {
            output::answer(json, &host.call(ListPublications { limit: 100 }).await?, |list| output::hand_overs(list));
        }
        Task::Restore { file, number } => {
            return publishing::restore(host, file.as_deref(), number.as_deref(), json).await;
        }
        Task::Connections { task } => {
            let task = task.unwrap_or(connections::ConnectionsTask::List);
            return connections::run(host, status, task, json).await;
        }
        Task::Publish(words) => return publishing::publish(host, words, json).await,
        Task::Export { file, tier_prices: true, .. } => files::export_tier_prices(host, &file, json).await?,
        Task::Export { file, google: true, list, .. } => {
            files::export_feed(host, &file, list_id(status, list.as_deref())?, json).await?;
        }
        Task::Export { file, into: None, as_imported: false, list, .. } => {
            files::export(host, &file, list_id(status, list.as_deref())?, json).await?;
        }
        Task::Export { file, into, whole, sales, list, vat, .. } => {
            let price_list = list_id(status, list.as_deref())?;
            let vat_rate = vat.as_deref().map(percent).transpose()?;
            let options = ImportOptions { vat_rate, ..ImportOptions::default() };
            files::export_into(host, &file, files::Into { original: into, price_list, whole, sales, options }, json)
                .await?;
        }
        Task::Products { search, filters, sort, descending, limit } => {
            let price_list = named_list(status, None)?.id;
            let sort = GridSort { column: sort, descending };
            let is_of_demand = sort.column == GridColumn::Demand || filters.iter().any(GridFilter::is_of_demand);
            let page = list_products(host, price_list, (search, filters, sort), limit).await?;
            output::answer(json, &page, |page| output::products(page, is_of_demand));
        }
        Task::Rules { task: Some(RulesTask::Backtest { file, from, to, list }), .. } => {
            let price_list = named_list(status, list.as_deref())?.id;
            let rule_set = file.map(|file| app_commands::read_rules(&file)).transpose()?;
            let job = host.call(StartBackTest { rule_set, price_list, from, to, look: None }).await?;
            return end(host, job, json).await;
        }
        Task::Rules { task: Some(RulesTask::Lint { file, .. }), .. } => {
            scripts::lint_over_workspace(host, &file, named_list(status, None)?.id, json).await?;
        }
        Task::Rules { task: Some(task), .. } => {
            return rule_versions::run(host, task, json).await;
        }
        Task::Rules { activate: None, text, task: None } => {
            let rules = host.call(GetRuleSet {}).await?;
            if text && !json {
                print!("{}", app_commands::rule_set_text(&rules));
            } else {
                println!("{}", serde_json::to_string_pretty(&rules)?);
            }
        }
        Task::Rules { activate: Some(file), .. } => {
            let rule_set = app_commands::read_rules(&file)?;
            let active = host.call(ActivateRuleSet { rule_set }).await?;
            output::answer(json, &active, |active| println!("“{}” is in force.", active.name));
        }
        Task::Science { task } => return science::run(host, task, json).await,
        Task::Plan { task } => return plans::plan(host, task, json).await,
        Task::Experiment { task } => return plans::experiment(host, task, json).await,
        Task::Scenario { task } => return scenarios::run(host, task, json).await,
        Task::Breaker(words) => breaker::run(host, words, json).await?,
        Task::Stop { reason } => set_stop(host, true, reason, json).await?,
        Task::Resume => set_stop(host, false, String::new(), json).await?,
        Task::Create { .. }
        | Task::Serve { .. }
        | Task::Demo { .. }
        | Task::Sample { .. }
        | Task::Extract(_)
        | Task::ParsePrice(_)
        | Task::Recipe { .. }
        | Task::Robots(_) => {
            unreachable!("done before a workspace is opened")
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the workspace named, or the one used last.
async fn open(host: &Host, workspace: Option<&Path>) -> Result<Status> {
    let file = match workspace {
        Some(path) => host.register_input(path.to_owned())?.id,
        None => {
            let status = host.call(GetStatus {}).await?;
            let last = status.recent.first().context("name a workspace with --workspace FILE, or create one")?;
            last.1
        }
    };
    Ok(host.call(OpenWorkspace { file }).await?)
}

/// The price list with a code; without one the default list.
pub fn named_list<'a>(status: &'a Status, code: Option<&str>) -> Result<&'a PriceListView> {
    let lists = status.workspace.as_ref().map_or(&[][..], |workspace| &workspace.price_lists);
    let found = match code {
        None => lists.first(),
        Some(code) => lists.iter().find(|list| list.code.eq_ignore_ascii_case(code)),
    };
    found.with_context(|| match code {
        None => "there are no price lists yet; import products first".to_owned(),
        Some(code) => format!("no price list has the code {code}"),
    })
}

/// Follows a job and prints what came of it.
pub async fn end(host: &Host, job: JobView, json: bool) -> Result<ExitCode> {
    let ended = jobs::follow(host, job).await?;
    answer_of(ended, json)
}

/// Prints what came of an ended job.
pub fn answer_of(ended: JobView, json: bool) -> Result<ExitCode> {
    if let Some(error) = ended.error {
        return Err(error.into());
    }
    let Some(result) = ended.result else { return Ok(ExitCode::SUCCESS) };
    output::answer(json, &result, output::result);
    Ok(match (&result, ended.state) {
        (_, JobState::Cancelled) => ExitCode::from(STOPPED),
        (JobResult::Automation(turn), _) => automations::exit_code(turn),
        (JobResult::Import(report), _) if report.refused > 0 => ExitCode::from(PARTLY),
        (JobResult::Preview(preview), _) if preview.report.refused > 0 => ExitCode::from(PARTLY),
        (JobResult::Collection(report), _) if report.prices < report.pages || report.postponed > 0 => {
            ExitCode::from(PARTLY)
        }
        (JobResult::Delivery(report), _) if publishing::is_partly(report) => ExitCode::from(PARTLY),
        _ => ExitCode::SUCCESS,
    })
}

/// As many products as asked for, page by page.
async fn list_products(
    host: &Host,
    price_list: PriceListId,
    (search, filters, sort): (String, Vec<GridFilter>, GridSort),
    limit: u32,
) -> Result<ProductPage> {
    let ask = |offset: u64, limit: u32| ListProducts {
        price_list,
        search: search.clone(),
        filters: filters.clone(),
        sort,
        offset,
        limit,
    };
    let mut page = host.call(ask(0, limit)).await?;
    loop {
        let read = page.rows.len() as u64;
        let left = u64::from(limit).saturating_sub(read);
        if left == 0 || read >= page.matching {
            return Ok(page);
        }
        page.rows.extend(host.call(ask(read, u32::try_from(left).unwrap_or(u32::MAX))).await?.rows);
    }
}

/// The proposal of the newest batch for a product on a list.
pub async fn proposal_of(host: &Host, list: &PriceListView, sku: &str) -> Result<ProposalId> {
    let snoozed = SnoozeChoice::Shown;
    let filter =
        ProposalFilter { price_list: Some(list.id), search: sku.to_owned(), snoozed, ..ProposalFilter::default() };
    let page = host.call(ListProposals { filter, offset: 0, limit: 500 }).await?;
    let found = page.rows.into_iter().find(|row| row.sku == sku);
    Ok(found.with_context(|| format!("the newest batch has no proposal for {sku} on {}", list.code))?.id)
}

async fn undo(host: &Host, json: bool) -> Result<()> {
    const LOOKED_AT: u32 = 200;
    let sets = host.call(ListChangeSets { limit: LOOKED_AT }).await?;
    let newest = sets.iter().find(|set| set.undoable).context("there is nothing to take back")?;
    let report = host.call(UndoChangeSet { change_set: newest.id }).await?;
    output::answer(json, &report, |report| {
        println!("Took back “{}”: {} rows restored", newest.summary, report.restored);
        report.conflicts.iter().for_each(|conflict| println!("  {conflict}"));
    });
    Ok(())
}

async fn list_proposals(host: &Host, status: &Status, words: ProposalWords, json: bool) -> Result<()> {
    let filter = ProposalFilter {
        price_list: list_id(status, words.list.as_deref())?,
        reason: words.because,
        kind: words.exceptions.then_some(ProposalKind::Exception),
        warned: words.warned,
        search: words.search,
        ..ProposalFilter::default()
    };
    let page = host.call(ListProposals { filter, offset: 0, limit: words.limit }).await?;
    output::answer(json, &page, output::proposals);
    Ok(())
}

async fn decide(
    host: &Host,
    status: &Status,
    words: DecisionWords,
    decision: ProposalDecision,
    json: bool,
) -> Result<()> {
    let reason = words.reason.clone();
    // What was approved may still be taken back, as long as it was not handed over.
    let also = (decision == ProposalDecision::Reject).then_some(ProposalStatus::Approved);
    let selection = selection(host, status, words, also).await?;
    let report = host.call(DecideProposals { selection, decision, reason }).await?;
    output::answer(json, &report, |report| {
        println!("{} decided", report.decided);
        if report.first > 0 {
            println!("  {} wait for a second person", report.first);
        }
        if report.skipped > 0 {
            println!("  {}", report.skipped_reason);
        }
    });
    Ok(())
}

/// The waiting proposals that words name; snoozed ones, and those of the status `also`, only by their article number.
pub async fn selection(
    host: &Host,
    status: &Status,
    words: DecisionWords,
    also: Option<ProposalStatus>,
) -> Result<ProposalSelection> {
    let price_list = list_id(status, words.list.as_deref())?;
    let waiting = ProposalFilter { status: Some(ProposalStatus::Pending), price_list, ..ProposalFilter::default() };
    if words.skus.is_empty() {
        let kind = words.changes.then_some(ProposalKind::Change);
        return Ok(ProposalSelection::Filter(ProposalFilter { kind, reason: words.because, ..waiting }));
    }
    let mut ids = Vec::new();
    for sku in &words.skus {
        let before = ids.len();
        for status in [ProposalStatus::Pending].into_iter().chain(also) {
            let (search, snoozed) = (sku.clone(), SnoozeChoice::Shown);
            let filter = ProposalFilter { search, snoozed, status: Some(status), ..waiting.clone() };
            let page = host.call(ListProposals { filter, offset: 0, limit: 500 }).await?;
            ids.extend(page.rows.iter().filter(|row| row.sku == *sku).map(|row| row.id));
        }
        anyhow::ensure!(ids.len() > before, "no proposal waits for {sku}");
    }
    Ok(ProposalSelection::Ids(ids))
}

/// The list with this code; without a code none.
fn list_id(status: &Status, code: Option<&str>) -> Result<Option<PriceListId>> {
    Ok(code.map(|code| named_list(status, Some(code))).transpose()?.map(|list| list.id))
}

async fn set_stop(host: &Host, stopped: bool, reason: String, json: bool) -> Result<()> {
    let status = host.call(SetPublishingStop { stopped, reason }).await?;
    output::answer(json, &status, |status| {
        println!("Publishing is {}.", if status.publishing_stopped { "stopped" } else { "allowed" });
    });
    Ok(())
}
