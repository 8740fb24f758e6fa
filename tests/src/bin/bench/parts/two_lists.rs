//! Questions in words where products have prices on two lists, and sales.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use app_contract::{AnswerOutcome, AskAssistant, AssistantContext, ImportOptions, JobResult, StartImport};
use pricing_domain::FileKind;

use crate::catalogue::sku;
use crate::figures::Figures;
use crate::session::Session;

const FILE: &str = "second-list.csv";
const LIST: &str = "SECOND";

/// A second price for every product, and what is asked of both.
pub(super) async fn questions(folder: &Path, products: u32, figures: &mut Figures) -> Result<()> {
    let session = Session::open(folder).await?;
    let mut file = String::from("sku,price_list,price,currency\n");
    for product in 0..products {
        // Between a tenth and about twice of what most cost: some dearer, some cheaper.
        writeln!(file, "{},{LIST},{}.{:02},EUR", sku(product), 1 + product * 7 % 400, product % 100)?;
    }
    std::fs::write(session.path(FILE), file).context("writing the second list")?;
    let file = session.host.register_input(session.path(FILE))?.id;
    let job = session.job(StartImport { file, options: ImportOptions::of_kind(FileKind::Prices) }).await?;
    match &job.view.result {
        Some(JobResult::Import(report)) => ensure!(report.refused == 0, "{:?}", report.problems.first()),
        other => bail!("an import ends with its report, not with {other:?}"),
    }
    let first = session.first_list_code().await?;
    let product = sku(7);
    let asked = [
        format!("how many products are dearer in {LIST} than in {first}?"),
        format!("price difference between {first} and {LIST} for {product}"),
        "how much more volume do we need for the same profit if we cut all prices by 5 %?".to_owned(),
        format!("how many more {product} must we sell if we drop it 5 %?"),
        format!("what is the break-even price of {product}?"),
        "margin by brand".to_owned(),
        "top 10 products by revenue".to_owned(),
        "what is our price index against the market?".to_owned(),
    ];
    let mut latencies = Vec::with_capacity(asked.len());
    for question in asked {
        let request =
            AskAssistant { question: question.clone(), price_list: None, context: AssistantContext::default() };
        let (turn, milliseconds) = session.timed(request).await?;
        ensure!(turn.answer.withheld == 0, "“{question}” has a number without a source");
        ensure!(turn.answer.outcome != AnswerOutcome::NotUnderstood, "“{question}” is understood");
        eprintln!("  {milliseconds:7.1} ms: {question}");
        latencies.push(milliseconds);
    }
    figures.latencies("Assistant: two lists, break-even and groups", &latencies, Some(150.0));
    session.close().await;
    Ok(())
}
