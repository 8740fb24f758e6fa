//! OpenAI's chat completions, streamed, as OpenAI and many servers speak them.
//!
//! The client of `async-openai` is used with our own loose types: servers differ in what else they send, and a field that
//! nobody needs must not end an answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app_contract::{ModelKind, ModelSettings};
use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::ReqwestService;
use async_openai::types::stream::StreamResponse;
use futures::StreamExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::endpoint::client;
use super::{
    Completion, Endpoint, Hear, LONGEST_ARGUMENTS, LONGEST_TEXT, LanguageModel, MOST_CALLS, Message, ModelError,
    ModelRequest, ToolCall,
};

pub(super) struct OpenAi {
    client: Client<OpenAIConfig>,
    /// OpenAI's own server: newer names of fields, no temperature.
    own: bool,
    /// It is asked to count what is used, until it refuses to be.
    counts: AtomicBool,
    silence: Duration,
}

/// A client of OpenAI's protocols, for a checked address.
pub(super) fn open_ai_client(endpoint: &Endpoint, key: &str) -> Result<Client<OpenAIConfig>, ModelError> {
    // Everything is set, so that nothing is taken from the environment.
    let config = OpenAIConfig::default()
        .with_api_base(endpoint.base.clone())
        .with_api_key(key)
        .with_org_id("")
        .with_project_id("");
    let http = client(endpoint)?;
    // Attempts are counted in one place, ours.
    Ok(Client::build(http.clone(), config).with_http_service(ReqwestService::new(http)))
}

impl OpenAi {
    pub(super) fn new(endpoint: &Endpoint, key: &str, settings: &ModelSettings) -> Result<Self, ModelError> {
        Ok(Self {
            client: open_ai_client(endpoint, key)?,
            own: settings.kind == ModelKind::OpenAi,
            counts: AtomicBool::new(true),
            silence: Duration::from_secs(u64::from(settings.timeout_seconds)),
        })
    }

    async fn open(&self, request: &ModelRequest<'_>) -> Result<StreamResponse<Value>, ModelError> {
        let chat = self.client.chat();
        let opened = chat.create_stream_byot::<Value, Value>(self.body(request));
        timeout(self.silence, opened).await.map_err(|_| ModelError::Silent)?.map_err(crossing)
    }

    fn body(&self, request: &ModelRequest<'_>) -> Value {
        let mut messages = vec![json!({ "role": "system", "content": request.system })];
        for message in request.messages {
            messages.extend(wire(message));
        }
        let mut body = json!({
            "model": request.model,
            "messages": messages,
            "stream": true,
        });
        if self.counts.load(Ordering::Relaxed) {
            body["stream_options"] = json!({ "include_usage": true });
        }
        if self.own {
            body["max_completion_tokens"] = json!(request.longest_answer);
        } else {
            body["max_tokens"] = json!(request.longest_answer);
            body["temperature"] = json!(0);
        }
        if request.may_call && !request.tools.is_empty() {
            let tools = request.tools.iter().map(|tool| {
                let function = json!({
                    "name": tool.name, "description": tool.description, "parameters": tool.parameters,
                });
                json!({ "type": "function", "function": function })
            });
            body["tools"] = tools.collect();
        }
        if let Some(schema) = request.schema {
            body["response_format"] =
                json!({ "type": "json_schema", "json_schema": { "name": "turn", "strict": false, "schema": schema } });
        }
        body
    }
}

fn wire(message: &Message) -> Vec<Value> {
    match message {
        Message::Person(text) => vec![json!({ "role": "user", "content": text })],
        Message::Model { text, calls } => {
            let mut message = json!({ "role": "assistant", "content": text });
            if !calls.is_empty() {
                let calls = calls.iter().map(|call| {
                    let function = json!({ "name": call.name, "arguments": call.arguments });
                    json!({ "id": call.id, "type": "function", "function": function })
                });
                message["tool_calls"] = calls.collect();
            }
            vec![message]
        }
        Message::Results(results) => results
            .iter()
            .map(|result| json!({ "role": "tool", "tool_call_id": result.id, "content": result.text }))
            .collect(),
    }
}

impl LanguageModel for OpenAi {
    fn complete<'a>(
        &'a self,
        request: &'a ModelRequest<'a>,
        hear: Hear<'a>,
    ) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async move {
            let mut stream = match self.open(request).await {
                Err(ModelError::Rejected(400 | 422)) if self.counts.swap(false, Ordering::Relaxed) => {
                    // Some servers know no `stream_options`: what is used is estimated there.
                    self.open(request).await.inspect_err(|_| self.counts.store(true, Ordering::Relaxed))?
                }
                opened => opened?,
            };
            let mut taken = Taken::default();
            while let Some(chunk) = timeout(self.silence, stream.next()).await.map_err(|_| ModelError::Silent)? {
                taken.take(&chunk.map_err(crossing)?, hear)?;
            }
            taken.end()
        })
    }

    fn list_models(&self) -> BoxFuture<'_, Result<Vec<String>, ModelError>> {
        Box::pin(async move { names_of_models(&self.client).await })
    }
}

/// The models that a server names, by name.
pub(super) async fn names_of_models(client: &Client<OpenAIConfig>) -> Result<Vec<String>, ModelError> {
    let listed: Value = client.models().list_byot().await.map_err(crossing)?;
    let models = listed["data"].as_array().or_else(|| listed["models"].as_array()).ok_or(ModelError::Malformed)?;
    let names = models.iter().filter_map(|model| model["id"].as_str().or_else(|| model["name"].as_str()));
    let mut names: Vec<String> = names.take(500).map(|name| name.chars().take(200).collect()).collect();
    names.sort_unstable();
    Ok(names)
}

/// What the chunks gave so far.
#[derive(Default)]
struct Taken {
    completion: Completion,
    ended: bool,
}

impl Taken {
    fn take(&mut self, chunk: &Value, hear: Hear<'_>) -> Result<(), ModelError> {
        if !chunk["error"].is_null() {
            return Err(ModelError::Server(500));
        }
        if let Some(usage) = chunk.get("usage").filter(|usage| usage.is_object()) {
            let count = |name: &str| usage[name].as_u64().unwrap_or(0);
            self.completion.tokens = Some((count("prompt_tokens"), count("completion_tokens")));
        }
        let Some(choice) = chunk["choices"].get(0) else { return Ok(()) };
        let delta = if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
        if let Some(text) = delta["content"].as_str().filter(|text| !text.is_empty()) {
            self.completion.text.push_str(text);
            if self.completion.text.len() > LONGEST_TEXT {
                return Err(ModelError::TooLong);
            }
            hear(text);
        }
        for (place, call) in delta["tool_calls"].as_array().into_iter().flatten().enumerate() {
            self.take_call(call, place)?;
        }
        self.ended |= choice["finish_reason"].is_string();
        Ok(())
    }

    fn take_call(&mut self, piece: &Value, place: usize) -> Result<(), ModelError> {
        let calls = &mut self.completion.calls;
        let index = piece["index"].as_u64().and_then(|index| usize::try_from(index).ok()).unwrap_or(place);
        if index >= MOST_CALLS {
            return Err(ModelError::TooLong);
        }
        while calls.len() <= index {
            let id = format!("call_{}", calls.len() + 1);
            calls.push(ToolCall { id, name: String::new(), arguments: String::new() });
        }
        let call = &mut calls[index];
        if let Some(id) = piece["id"].as_str().filter(|id| !id.is_empty()) {
            call.id = id.chars().take(100).collect();
        }
        if let Some(name) = piece["function"]["name"].as_str() {
            call.name.push_str(name);
        }
        match &piece["function"]["arguments"] {
            Value::String(arguments) => call.arguments.push_str(arguments),
            Value::Object(whole) => call.arguments = Value::Object(whole.clone()).to_string(),
            _ => {}
        }
        if call.arguments.len() > LONGEST_ARGUMENTS || call.name.len() > 200 {
            return Err(ModelError::TooLong);
        }
        Ok(())
    }

    fn end(mut self) -> Result<Completion, ModelError> {
        if !self.ended {
            return Err(ModelError::Cut);
        }
        self.completion.calls.retain(|call| !call.name.is_empty());
        Ok(self.completion)
    }
}

pub(super) fn crossing(error: OpenAIError) -> ModelError {
    match error {
        OpenAIError::Reqwest(error) => ModelError::of_request(&error),
        OpenAIError::ApiError(answer) => ModelError::of_status(answer.status_code.as_u16()),
        OpenAIError::StreamError(_) => ModelError::Cut,
        OpenAIError::JSONDeserialize(..) => ModelError::Malformed,
        _ => ModelError::Address("it is no address of an API"),
    }
}
