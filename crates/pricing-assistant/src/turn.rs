//! A question answered by a language model with the tools of the workspace: rounds of asking and calling within bounds,
//! and the advisor where a model fails. The model's words pass the same check of numbers as the advisor's own.

mod envelope;
mod ledger;
mod markdown;
mod prompts;
mod speaking;
mod talking;

use std::time::Duration;

use app_contract::{AnswerLink, AssistantAnswer, AssistantNews, ModelSettings, ModelUse, ToolCalling};
use pricing_operations::{OperationError, Workspace};
use question_grammar::Language;
use secret_store::Secret;
use serde_json::Value;

use crate::answers::{Ask, answer, begin};
use crate::composer::{Block, Composer};
use crate::models::{Completion, LanguageModel, ModelError, connect, endpoint};
use crate::tools::{Bounds, Gave, Offered, run};
use crate::veil::Veil;
use ledger::Ledger;
pub use prompts::what_leaves;
use talking::Talk;

/// Calls that one turn may make.
pub(crate) const MOST_CALLS: u32 = 8;
/// Requests to the model that one turn may make.
const MOST_ROUNDS: u32 = 12;
/// Times that a model is told what was wrong with its answer.
const MOST_REPAIRS: u32 = 2;
/// Calls in a row that may fail in envelopes.
const MOST_FAILED: u32 = 3;
/// Tables of look-ups that are shown below a model's words.
const MOST_TABLES: usize = 2;
/// The shortest time after which a whole turn is given up.
const LONGEST_TURN: Duration = Duration::from_secs(300);

/// A question to a model.
pub struct ModelAsk<'a> {
    /// The question.
    pub ask: Ask<'a>,
    /// Which model, within which bounds.
    pub settings: &'a ModelSettings,
    /// The key for its address.
    pub key: Option<&'a Secret>,
    /// Hears what happens while it is answered.
    pub news: &'a (dyn Fn(AssistantNews) + Send + Sync),
}

/// Why a turn gave no answer.
enum Failure {
    Model(ModelError),
    Operation(OperationError),
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::Model(error)
    }
}

impl From<OperationError> for Failure {
    fn from(error: OperationError) -> Self {
        Self::Operation(error)
    }
}

/// Answers with a model; where it fails or may not be asked, the advisor answers and the answer says why.
/// Dropping the future ends the request under way.
pub async fn answer_with_model(workspace: &Workspace, ask: &ModelAsk<'_>) -> Result<AssistantAnswer, OperationError> {
    let mut ledger = Ledger::new(workspace, ask.settings);
    let longest = LONGEST_TURN.max(Duration::from_secs(u64::from(ask.settings.timeout_seconds) * 5));
    let ended = match tokio::time::timeout(longest, turn(workspace, ask, &mut ledger)).await {
        Ok(ended) => ended,
        Err(_) => Err(Failure::Model(ModelError::Silent)),
    };
    let mut used = ledger.used;
    let mut answered = match ended {
        Ok(answered) => answered,
        Err(Failure::Operation(error)) => return Err(error),
        Err(Failure::Model(error)) => {
            (ask.news)(AssistantNews::Again);
            used.fell_back = Some(error.to_string());
            answer(workspace, &ask.ask).await?
        }
    };
    answered.model = Some(used);
    Ok(answered)
}

async fn turn<'a>(
    workspace: &'a Workspace,
    ask: &ModelAsk<'_>,
    ledger: &mut Ledger<'a>,
) -> Result<AssistantAnswer, Failure> {
    let settings = ask.settings;
    let endpoint = endpoint(settings)?;
    ledger.used.host.clone_from(&endpoint.host);
    ledger.used.local = endpoint.local;
    if settings.model.trim().is_empty() {
        return Err(ModelError::NoName.into());
    }
    if !endpoint.local && !settings.agreed {
        return Err(ModelError::NotAgreed.into());
    }
    let model = connect(settings, ask.key)?;
    let begun = begin(workspace, &ask.ask).await?;
    let mut turn = Turn {
        composer: begun.composer,
        veil: Veil::new(settings.costs),
        model: model.as_ref(),
        settings,
        key: ask.key.map(Secret::reveal).filter(|key| !key.is_empty()),
        ledger,
        news: ask.news,
        read_outside_text: false,
        calls: 0,
        repairs: 0,
        failed_calls: 0,
        result_bytes_left: result_bytes(settings),
        gave: Vec::new(),
    };
    let earlier = prompts::earlier(workspace, &ask.ask).await?;
    let mut talk = Talk::begin(ask.ask.question.trim(), begun.on_screen.as_deref(), &earlier);
    turn.ledger.note_question(&talk);
    let text = turn.rounds(&mut talk).await?;
    turn.finish(&text)
}

/// Half of the model's window, in bytes.
const fn result_bytes(settings: &ModelSettings) -> usize {
    settings.context_tokens as usize / 2 * 3
}

/// A turn under way.
struct Turn<'a, 'b> {
    composer: Composer<'a>,
    veil: Veil,
    model: &'b dyn LanguageModel,
    settings: &'b ModelSettings,
    /// Never shown, though the server that got it may write it.
    key: Option<&'b str>,
    ledger: &'b mut Ledger<'a>,
    news: &'b (dyn Fn(AssistantNews) + Send + Sync),
    /// Text from files or pages was told: only read tools remain.
    read_outside_text: bool,
    calls: u32,
    repairs: u32,
    /// Calls in a row that could not be run.
    failed_calls: u32,
    result_bytes_left: usize,
    /// What each call gave, as the advisor shows it.
    gave: Vec<Vec<Block>>,
}

impl Turn<'_, '_> {
    /// Asks and calls until the model has said its answer.
    async fn rounds(&mut self, talk: &mut Talk) -> Result<String, Failure> {
        for _ in 0..MOST_ROUNDS {
            let enveloped = self.settings.calling == ToolCalling::Envelope;
            let completion = self.ask(talk, enveloped).await?;
            let (text, calls) = if enveloped {
                match envelope::open(&completion.text) {
                    Ok(opened) => opened,
                    Err(wrong) if self.repairs < MOST_REPAIRS => {
                        self.repairs += 1;
                        (self.news)(AssistantNews::Again);
                        talk.mend(&completion.text, &wrong);
                        continue;
                    }
                    // Words without an envelope are an answer; broken JSON is none.
                    Err(_) if !completion.text.trim_start().starts_with(['{', '[', '`']) => {
                        return Ok(completion.text);
                    }
                    Err(_) => return Ok(String::new()),
                }
            } else {
                (completion.text, completion.calls)
            };
            if calls.is_empty() {
                if text.trim().is_empty() && self.repairs < MOST_REPAIRS {
                    self.repairs += 1;
                    talk.mend("", "Your answer was empty. Call a tool, or answer in words.");
                    continue;
                }
                return Ok(text);
            }
            if !text.trim().is_empty() {
                (self.news)(AssistantNews::Again);
            }
            let mut results = Vec::with_capacity(calls.len());
            for call in &calls {
                results.push(self.call(&call.name, &call.arguments).await?);
            }
            talk.called(text, calls, results, enveloped);
            // A small model may write the same wrong call without end.
            if enveloped && self.failed_calls >= MOST_FAILED {
                break;
            }
        }
        Ok(String::new())
    }

    async fn ask(&mut self, talk: &Talk, enveloped: bool) -> Result<Completion, Failure> {
        let may_call = self.calls < MOST_CALLS;
        let offered = Offered { drafts: !self.read_outside_text, file: self.composer.file.is_some() };
        let said = prompts::Said { offered, may_call, enveloped, language: self.composer.language };
        let prompt = prompts::Prompt::new(&said);
        let messages = talk.fitting(self.settings.context_tokens, prompt.bytes());
        let checker = self.composer.checker();
        let mut speaker =
            speaking::Speaker::new(self.news, (&self.veil, self.key), &checker, self.composer.language, enveloped);
        let asked = self.ledger.ask(self.model, &prompt, &messages, &mut speaker, self.news).await;
        speaker.end();
        asked
    }

    /// Runs a call and gives what the model is told.
    async fn call(&mut self, name: &str, arguments: &str) -> Result<(String, bool), Failure> {
        if self.calls >= MOST_CALLS {
            let text = format!("No more calls in this turn: {MOST_CALLS} were made. Answer with what you have.");
            return Ok((text, true));
        }
        self.calls += 1;
        let shown: String = crate::plain_text::visible(name).chars().take(40).collect();
        let gave = match envelope::loose_json(arguments) {
            None => Gave::failed(format!("The arguments of {shown} are no JSON object. Nothing was done.")),
            Some(arguments) => {
                let question = words_of(&arguments);
                (self.news)(AssistantNews::Step { tool: shown.clone(), question });
                let bounds = Bounds {
                    rows: if self.settings.context_tokens < 8_000 { 8 } else { 20 },
                    bytes: self.result_bytes_left.clamp(400, 6_000),
                    drafts: !self.read_outside_text,
                };
                run(&mut self.composer, name, &arguments, bounds, &mut self.veil).await?
            }
        };
        self.failed_calls = if gave.failed { self.failed_calls + 1 } else { 0 };
        if gave.failed {
            self.composer.refused(&shown, &gave.text);
        }
        (self.news)(AssistantNews::StepDone { tool: shown.clone(), rows: gave.rows });
        self.read_outside_text |= gave.outside_text;
        self.ledger.note_drafting(gave.draft_refused, self.read_outside_text);
        self.result_bytes_left = self.result_bytes_left.saturating_sub(gave.text.len());
        self.ledger.note_result(&shown, &gave);
        let text = prompts::as_data(&gave);
        let failed = gave.failed;
        self.gave.push(gave.blocks);
        Ok((text, failed))
    }

    /// The answer: the model's words that hold, tables and cards of its calls, or what the calls gave in the advisor's
    /// own words where the model said nothing that holds.
    fn finish(mut self, text: &str) -> Result<AssistantAnswer, Failure> {
        let lifted = without_key(&self.veil.lift(text), self.key);
        let words = markdown::blocks(&lifted, self.composer.current_step());
        let checker = self.composer.checker();
        let language = self.composer.language;
        let held = words.iter().any(|block| holds(block, &checker, language));
        let asked_for_table = words.iter().any(|block| matches!(block, Block::Table(_)));
        self.composer.put(words);
        if held {
            self.put_findings(asked_for_table);
        } else if self.gave.iter().all(Vec::is_empty) {
            return Err(ModelError::NothingToCheck.into());
        } else {
            self.put_own_words();
        }
        Ok(self.composer.finish("model", self.settings.model.clone()))
    }

    fn put_findings(&mut self, has_table: bool) {
        let gave = std::mem::take(&mut self.gave);
        let found = gave.into_iter().flatten();
        let (mut tables, mut cards, mut charts) = (Vec::new(), Vec::new(), Vec::new());
        for block in found {
            match block {
                Block::Table(_) => tables.push(block),
                Block::Chart(_) => charts.push(block),
                Block::Card(_) => cards.push(block),
                Block::Text(_) | Block::Prose(_) => {}
            }
        }
        let skipped = if has_table { tables.len() } else { tables.len().saturating_sub(MOST_TABLES) };
        // One picture: that of the newest look-up which has one.
        self.composer.put(charts.pop());
        self.composer.put(tables.into_iter().skip(skipped));
        self.composer.put(cards);
    }

    fn put_own_words(&mut self) {
        let mut found: Vec<Block> = self.gave.iter().flatten().cloned().collect();
        let newest = found.iter().rposition(|block| matches!(block, Block::Chart(_)));
        let mut place = 0;
        found.retain(|block| {
            place += 1;
            !matches!(block, Block::Chart(_)) || newest == Some(place - 1)
        });
        self.composer.say(
            "The model said nothing that could be checked. This is what its look-ups gave:",
            "Das Modell hat nichts gesagt, was sich prüfen ließe. Das haben seine Abfragen ergeben:",
            &[],
        );
        self.composer.put(found);
    }
}

fn holds(block: &Block, checker: &crate::checker::Checker, language: Language) -> bool {
    match block {
        Block::Text(said) => checker.check_said(said, language).is_ok(),
        Block::Prose(text) => crate::composer::holds_in_part(checker, text, language),
        Block::Table(table) => crate::composer::table_holds(checker, table, language),
        Block::Card(_) | Block::Chart(_) => true,
    }
}

/// A text without the key of the server that wrote it.
fn without_key(text: &str, key: Option<&str>) -> String {
    key.map_or_else(|| text.to_owned(), |key| text.replace(key, "(left out)"))
}

/// The arguments for people, while the call runs.
fn words_of(arguments: &Value) -> String {
    let text: String = crate::plain_text::visible(&arguments.to_string()).chars().take(200).collect();
    text.trim_matches(['{', '}']).replace('"', "")
}

impl Composer<'_> {
    /// Records a call that could not be run.
    fn refused(&mut self, tool: &str, why: &str) {
        self.step(tool, format!("refused: {why}"), 0, std::time::Instant::now(), AnswerLink::Help);
    }
}

/// The share that a model had, before anything was asked.
pub(crate) fn unused(settings: &ModelSettings) -> ModelUse {
    ModelUse { model: settings.model.clone(), currency: settings.currency.clone(), ..ModelUse::default() }
}
