//! Which language model answers, and questions to it, from a terminal.

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app_commands::Host;
use app_contract::{
    AskAssistant, AssistantNews, AssistantTurn, CancelAssistant, Event, FindLocalModels, GetModelSettings, ModelKind,
    ModelProtocol, ModelSettings, ModelSettingsView, SaveModelSettings, SetModelKey, ShareCosts, TestModel,
    ToolCalling,
};

use clap::{Args, Subcommand};
use pricing_domain::{Currency, MicroAmount};

use crate::output;

/// What to do with the language model.
#[derive(Subcommand)]
pub enum ModelTask {
    /// Chooses who answers and within which bounds; what is not named stays.
    Set(Box<ModelWords>),
    /// Keeps the key that is read from standard input for the chosen address; an empty one is forgotten.
    Key,
    /// Asks the server for its models.
    Test,
    /// Looks for servers with models on this machine.
    Find,
    /// Agrees to what leaves this machine, for the chosen address.
    Agree,
}

/// The choice.
#[derive(Args)]
pub struct ModelWords {
    /// advisor (no model), openai, compatible (by URL) or anthropic.
    #[arg(long)]
    pub kind: Option<String>,
    /// The address of its API; empty for the usual one.
    #[arg(long)]
    pub url: Option<String>,
    /// The model's name there.
    #[arg(long)]
    pub model: Option<String>,
    /// chat (completions) or responses, for OpenAI and compatible servers.
    #[arg(long)]
    pub protocol: Option<String>,
    /// Refuses every address that is not on this machine: yes or no.
    #[arg(long, value_parser = yes_or_no)]
    pub local_only: Option<bool>,
    /// Costs and margins on their way to a model: withheld, coarse or exact.
    #[arg(long)]
    pub costs: Option<String>,
    /// How tools are called: native or envelope.
    #[arg(long)]
    pub calling: Option<String>,
    /// Tokens that fit into one request.
    #[arg(long)]
    pub context: Option<u32>,
    /// Longest wait for the next piece of an answer, in seconds.
    #[arg(long)]
    pub timeout: Option<u32>,
    /// Tokens that may be used in a month; 0: no limit.
    #[arg(long)]
    pub monthly_tokens: Option<u64>,
    /// What a million tokens sent cost, in `--currency`.
    #[arg(long, value_name = "AMOUNT", value_parser = micro)]
    pub input_price: Option<i64>,
    /// What a million tokens written cost.
    #[arg(long, value_name = "AMOUNT", value_parser = micro)]
    pub output_price: Option<i64>,
    /// What may be spent in a month; 0: no limit.
    #[arg(long, value_name = "AMOUNT", value_parser = micro)]
    pub monthly_cost: Option<i64>,
    /// Currency of these amounts.
    #[arg(long, value_name = "CODE")]
    pub currency: Option<Currency>,
}

fn micro(text: &str) -> Result<i64, String> {
    let amount = MicroAmount::parse(text).filter(|amount| amount.0 >= 0);
    amount.map(|amount| amount.0).ok_or_else(|| "write an amount such as 2.50".to_owned())
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("write yes or no".to_owned()),
    }
}

/// Shows or changes who answers.
pub async fn run(host: &Host, task: Option<ModelTask>, json: bool) -> Result<ExitCode> {
    match task {
        None => output::answer(json, &host.call(GetModelSettings {}).await?, settings),
        Some(ModelTask::Set(words)) => {
            let before = host.call(GetModelSettings {}).await?.settings;
            let changed = apply(before, *words)?;
            output::answer(json, &host.call(SaveModelSettings { settings: changed }).await?, settings);
        }
        Some(ModelTask::Key) => {
            let mut key = String::new();
            std::io::stdin().read_to_string(&mut key).context("reading the key from standard input")?;
            let view = host.call(SetModelKey { key }).await?;
            let said = if view.has_key { "kept in" } else { "removed from" };
            output::answer(json, &view.has_key, |_| println!("The key is {said} {}.", view.key_place));
        }
        Some(ModelTask::Test) => {
            let chosen = host.call(GetModelSettings {}).await?.settings;
            let test = host.call(TestModel { settings: chosen }).await?;
            let reached = test.reached;
            output::answer(json, &test, |test| {
                println!("{} ({} ms)", test.message, test.elapsed_ms);
                test.models.iter().for_each(|model| println!("  {model}"));
            });
            return Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Some(ModelTask::Find) => {
            let found = host.call(FindLocalModels {}).await?;
            output::answer(json, &found, |found| match found.as_slice() {
                [] => println!("No server with models was found on this machine."),
                found => found.iter().for_each(|server| println!("{}: {}", server.url, server.models.join(", "))),
            });
        }
        Some(ModelTask::Agree) => {
            let view = host.call(GetModelSettings {}).await?;
            view.leaves.iter().for_each(|line| eprintln!("{line}"));
            let agreed = ModelSettings { agreed: true, ..view.settings };
            output::answer(json, &host.call(SaveModelSettings { settings: agreed }).await?, settings);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn apply(mut settings: ModelSettings, words: ModelWords) -> Result<ModelSettings> {
    if let Some(kind) = words.kind {
        let found =
            ModelKind::ALL.into_iter().find(|one| one.as_str().replace('_', "") == kind.replace(['_', '-'], ""));
        settings.kind =
            found.with_context(|| format!("“{kind}” is not one of advisor, openai, compatible, anthropic"))?;
    }
    if let Some(url) = words.url {
        settings.url = url;
    }
    if let Some(model) = words.model {
        settings.model = model;
    }
    if let Some(on) = words.local_only {
        settings.local_only = on;
    }
    settings.protocol = match words.protocol.as_deref() {
        None => settings.protocol,
        Some("chat") => ModelProtocol::Chat,
        Some("responses") => ModelProtocol::Responses,
        Some(other) => bail!("“{other}” is not one of chat, responses"),
    };
    settings.calling = match words.calling.as_deref() {
        None => settings.calling,
        Some("native") => ToolCalling::Native,
        Some("envelope") => ToolCalling::Envelope,
        Some(other) => bail!("“{other}” is not one of native, envelope"),
    };
    settings.costs = match words.costs.as_deref() {
        None => settings.costs,
        Some("withheld") => ShareCosts::Withheld,
        Some("coarse") => ShareCosts::Coarse,
        Some("exact") => ShareCosts::Exact,
        Some(other) => bail!("“{other}” is not one of withheld, coarse, exact"),
    };
    settings.context_tokens = words.context.unwrap_or(settings.context_tokens);
    settings.timeout_seconds = words.timeout.unwrap_or(settings.timeout_seconds);
    if let Some(tokens) = words.monthly_tokens {
        settings.monthly_tokens = (tokens > 0).then_some(tokens);
    }
    settings.input_price_micro = words.input_price.unwrap_or(settings.input_price_micro);
    settings.output_price_micro = words.output_price.unwrap_or(settings.output_price_micro);
    if let Some(cost) = words.monthly_cost {
        settings.monthly_cost_micro = (cost > 0).then_some(cost);
    }
    if let Some(currency) = words.currency {
        settings.currency = currency.to_string();
    }
    Ok(settings)
}

fn settings(view: &ModelSettingsView) {
    let settings = &view.settings;
    println!("{}", settings.kind.title());
    if settings.kind == ModelKind::Advisor {
        return;
    }
    println!("{} at {}", if settings.model.is_empty() { "no model yet" } else { &settings.model }, settings.address());
    println!("local only: {}", if settings.local_only { "yes" } else { "no" });
    println!("key: {} ({})", if view.has_key { "kept" } else { "none" }, view.key_place);
    println!("What leaves this machine:");
    view.leaves.iter().for_each(|line| println!("  {line}"));
    let usage = &view.usage;
    println!(
        "{}: {} requests, {} + {} tokens{}",
        usage.month,
        usage.calls,
        usage.input_tokens,
        usage.output_tokens,
        cost_in_words(usage.cost_micro, &settings.currency)
    );
    let limit = settings.monthly_cost_micro.map(|cost| format!("{} {}", MicroAmount(cost), settings.currency));
    let tokens = settings.monthly_tokens.map(|tokens| format!("{tokens} tokens"));
    let limits: Vec<String> = tokens.into_iter().chain(limit).collect();
    println!("monthly limit: {}", if limits.is_empty() { "none".to_owned() } else { limits.join(", ") });
    if let Some(problem) = &view.problem {
        println!("{problem}");
    }
}

/// `, 0.0123 EUR`; nothing where no price is known.
pub fn cost_in_words(micro: i64, currency: &str) -> String {
    if micro == 0 { String::new() } else { format!(", {} {currency}", MicroAmount(micro)) }
}

/// Asks the chosen model; steps are told on standard error, Ctrl+C stops it.
pub async fn ask(host: &Host, mut request: AskAssistant) -> Result<AssistantTurn> {
    let ticket = "terminal".to_owned();
    request.context.ticket = Some(ticket.clone());
    let mut events = host.subscribe();
    let told = tokio::spawn(async move {
        while let Ok(envelope) = events.recv().await {
            if let Event::Assistant { news, .. } = envelope.event {
                tell(&news);
            }
        }
    });
    let asked = host.call(request);
    tokio::pin!(asked);
    let ended = tokio::select! {
        ended = &mut asked => ended,
        _ = tokio::signal::ctrl_c() => {
            host.call(CancelAssistant { ticket }).await?;
            asked.await
        }
    };
    told.abort();
    Ok(ended?)
}

fn tell(news: &AssistantNews) {
    match news {
        AssistantNews::Waiting(whom) => eprintln!("Asking {whom}"),
        AssistantNews::Step { tool, question } => eprintln!("  {tool} ({question})"),
        AssistantNews::StepDone { .. } | AssistantNews::Text(_) | AssistantNews::Again => {}
    }
}
