//! Questions and models: who answers, what happens meanwhile, keys, and what was agreed to on this machine.

use std::collections::HashMap;
use std::sync::Mutex;

use app_contract::{
    AskAssistant, AssistantNews, AssistantToolResult, AssistantTurn, CommandError, ErrorCode, Event, ModelKind,
    ModelSettings, ModelSettingsView, ModelTest,
};
use pricing_assistant::{Ask, AttachedFile, ModelAsk, OutsideTurn};
use pricing_domain::FileId;
use pricing_operations::{OperationError, Workspace};
use secret_store::{Secret, SecretName, SecretPlace};
use tokio_util::sync::CancellationToken;

use crate::errors::crossing;
use crate::host::Host;

/// What was agreed to, beside the list of recent workspaces.
const AGREED: &str = "model-agreements.json";
/// Longest ticket.
const LONGEST_TICKET: usize = 100;

/// Questions under way, and the turn of another assistant.
#[derive(Default)]
pub(crate) struct Questions {
    cancels: Mutex<HashMap<String, CancellationToken>>,
    outside: Mutex<OutsideTurn>,
}

/// Forgets a question when its answer is given up or made.
struct UnderWay<'a>(&'a Questions, String);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.cancels.lock().expect("no panic while it is held").remove(&self.1);
    }
}

impl Questions {
    fn begin(&self, ticket: &str) -> Result<(UnderWay<'_>, CancellationToken), CommandError> {
        let cancel = CancellationToken::new();
        let mut cancels = self.cancels.lock().expect("no panic while it is held");
        if ticket.len() > LONGEST_TICKET || cancels.contains_key(ticket) {
            return Err(CommandError::new(ErrorCode::Conflict, "This question is being answered already."));
        }
        cancels.insert(ticket.to_owned(), cancel.clone());
        Ok((UnderWay(self, ticket.to_owned()), cancel))
    }

    pub(crate) fn cancel(&self, ticket: &str) -> bool {
        let cancels = self.cancels.lock().expect("no panic while it is held");
        cancels.get(ticket).is_some_and(|cancel| {
            cancel.cancel();
            true
        })
    }
}

impl Host {
    /// Answers a question and keeps it.
    pub(crate) async fn answer_question(&self, request: AskAssistant) -> Result<AssistantTurn, CommandError> {
        let AskAssistant { question, price_list, context } = request;
        let workspace = self.workspace().await?;
        let settings = self.agreed_settings(&workspace).await?;
        let attached = context.file.map(|file| self.attached_file(file)).transpose()?;
        let ask = Ask { question: &question, price_list, context: &context, file: attached.as_ref() };
        let ticket = context.ticket.clone().unwrap_or_else(|| uuid::Uuid::now_v7().to_string());
        let (_under_way, cancel) = self.questions().begin(&ticket)?;
        let work = Box::pin(async {
            if settings.kind == ModelKind::Advisor || context.without_model {
                return pricing_assistant::answer(&workspace, &ask).await;
            }
            let key = key_of(&workspace, &settings).await?;
            let news = |news: AssistantNews| self.events().send(Event::Assistant { ticket: ticket.clone(), news });
            let ask = ModelAsk { ask: ask.clone(), settings: &settings, key: key.as_ref(), news: &news };
            pricing_assistant::answer_with_model(&workspace, &ask).await
        });
        let answer = tokio::select! {
            () = cancel.cancelled() => {
                return Err(CommandError::new(ErrorCode::Cancelled, "The question was stopped."));
            }
            answer = work => answer.map_err(crossing)?,
        };
        workspace.keep_turn(&question, &answer).await.map_err(crossing)
    }

    /// A file that a person chose: an id that a dialog, an upload or the command line gave.
    pub(crate) fn attached_file(&self, id: FileId) -> Result<AttachedFile, CommandError> {
        let path = self.files().get(id)?;
        Ok(AttachedFile { file: self.files().register(path.clone()), path })
    }

    pub(crate) async fn model_settings_view(&self) -> Result<ModelSettingsView, CommandError> {
        let workspace = self.workspace().await?;
        let settings = self.agreed_settings(&workspace).await?;
        let endpoint = pricing_assistant::endpoint(&settings);
        let key = key_of(&workspace, &settings).await.map_err(crossing)?;
        let local = endpoint.as_ref().is_ok_and(|endpoint| endpoint.local);
        let problem = match (&settings.kind, &endpoint) {
            (ModelKind::Advisor, _) => None,
            (_, Err(error)) => Some(format!("No model can be asked: {error}.")),
            _ if settings.model.trim().is_empty() => Some("Choose a model.".to_owned()),
            (ModelKind::OpenAi | ModelKind::Anthropic, _) if key.is_none() => Some("A key is needed.".to_owned()),
            _ if !local && !settings.agreed => {
                Some("Nothing is sent before you have agreed to what leaves this machine.".to_owned())
            }
            _ => None,
        };
        let place = match self.secret_place().await {
            SecretPlace::Keychain => "the system's keychain",
            SecretPlace::EncryptedFile => "a sealed file, as this system has no keychain",
        };
        Ok(ModelSettingsView {
            has_key: key.is_some(),
            key_place: place.to_owned(),
            local,
            problem,
            leaves: pricing_assistant::what_leaves(&settings),
            usage: workspace.model_usage().await.map_err(crossing)?,
            settings,
        })
    }

    pub(crate) async fn keep_model_settings(&self, settings: &ModelSettings) -> Result<(), CommandError> {
        if settings.kind != ModelKind::Advisor
            && let Err(error) = pricing_assistant::endpoint(settings)
        {
            return Err(CommandError::new(ErrorCode::Refused, format!("Not saved: {error}.")));
        }
        let workspace = self.workspace().await?;
        workspace.save_model_settings(settings).await.map_err(crossing)?;
        let consent = settings.consent();
        let mut agreed = self.agreements();
        agreed.retain(|known| *known != consent);
        if settings.agreed {
            agreed.push(consent);
        }
        let text = serde_json::to_string(&agreed).map_err(|error| CommandError::fault(error.to_string()))?;
        let path = self.options().data_folder.join(AGREED);
        tokio::fs::write(path, text).await.map_err(|error| CommandError::fault(error.to_string()))
    }

    pub(crate) async fn keep_model_key(&self, key: String) -> Result<(), CommandError> {
        let workspace = self.workspace().await?;
        let settings = workspace.model_settings().await.map_err(crossing)?;
        let name = secret_name(&settings)
            .ok_or_else(|| CommandError::new(ErrorCode::Refused, "Choose and save a server first."))?;
        let key = key.trim().to_owned();
        if key.is_empty() {
            return workspace.remove_secret(name).await.map_err(crossing);
        }
        // A header's value: what cannot stand there would fail at every question.
        if key.len() > 4_096 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(CommandError::new(ErrorCode::Refused, "A key has letters, digits and signs, without blanks."));
        }
        workspace.set_secret(name, Secret::new(key)).await.map_err(crossing)
    }

    pub(crate) async fn try_model(&self, settings: &ModelSettings) -> Result<ModelTest, CommandError> {
        let workspace = self.workspace().await?;
        let key = key_of(&workspace, settings).await.map_err(crossing)?;
        Ok(pricing_assistant::test_connection(settings, key.as_ref()).await)
    }

    pub(crate) async fn call_tool(
        &self,
        tool: &str,
        arguments: &serde_json::Value,
    ) -> Result<AssistantToolResult, CommandError> {
        let workspace = self.workspace().await?;
        let settings = workspace.model_settings().await.map_err(crossing)?;
        let begun = self.questions().outside.lock().expect("no panic while it is held").begin_call();
        let may_draft = match begun {
            Ok(may_draft) => may_draft,
            Err(text) => return Ok(AssistantToolResult { text, failed: true, rows: 0 }),
        };
        let call = pricing_assistant::call_tool(&workspace, &settings, (tool, arguments), may_draft);
        let call = Box::pin(call).await.map_err(crossing)?;
        self.questions().outside.lock().expect("no panic while it is held").note(call.outside_text);
        if let Some((question, answer)) = &call.drafted {
            workspace.keep_turn(question, answer).await.map_err(crossing)?;
        }
        Ok(call.result)
    }

    /// The settings, with the agreement of this machine.
    async fn agreed_settings(&self, workspace: &Workspace) -> Result<ModelSettings, CommandError> {
        let mut settings = workspace.model_settings().await.map_err(crossing)?;
        settings.agreed = self.agreements().contains(&settings.consent());
        Ok(settings)
    }

    fn agreements(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.options().data_folder.join(AGREED));
        text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
}

fn secret_name(settings: &ModelSettings) -> Option<SecretName> {
    // The key of an address may be kept while “local only” is on; it is not sent then.
    let anywhere = ModelSettings { local_only: false, ..settings.clone() };
    let endpoint = pricing_assistant::endpoint(&anywhere).ok()?;
    SecretName::new(endpoint.secret_name()).ok()
}

async fn key_of(workspace: &Workspace, settings: &ModelSettings) -> Result<Option<Secret>, OperationError> {
    match secret_name(settings) {
        Some(name) if settings.kind != ModelKind::Advisor => workspace.find_secret(name).await,
        _ => Ok(None),
    }
}
