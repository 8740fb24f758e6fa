//! Anthropic's messages API, streamed.

use std::time::Duration;

use app_contract::ModelSettings;
use eventsource_stream::Eventsource;
use futures::StreamExt;
use futures::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::endpoint::client;
use super::{
    Completion, Endpoint, Hear, LONGEST_ARGUMENTS, LONGEST_TEXT, LanguageModel, MOST_CALLS, Message, ModelError,
    ModelRequest, ToolCall,
};

const VERSION: &str = "2023-06-01";

pub(super) struct Anthropic {
    client: reqwest::Client,
    base: String,
    headers: HeaderMap,
    silence: Duration,
}

impl Anthropic {
    pub(super) fn new(endpoint: &Endpoint, key: &str, settings: &ModelSettings) -> Result<Self, ModelError> {
        let mut key = HeaderValue::from_str(key).map_err(|_| ModelError::Refused)?;
        key.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", key);
        headers.insert("anthropic-version", HeaderValue::from_static(VERSION));
        let client = client(endpoint)?;
        let silence = Duration::from_secs(u64::from(settings.timeout_seconds));
        Ok(Self { client, base: endpoint.base.clone(), headers, silence })
    }

    fn body(request: &ModelRequest<'_>) -> Value {
        let messages: Vec<Value> = request.messages.iter().map(wire).collect();
        let mut body = json!({
            "model": request.model,
            "system": request.system,
            "messages": messages,
            "max_tokens": request.longest_answer,
            "stream": true,
        });
        if !request.tools.is_empty() {
            let tools = request.tools.iter().map(
                |tool| json!({ "name": tool.name, "description": tool.description, "input_schema": tool.parameters }),
            );
            body["tools"] = tools.collect();
            // Calls that were made stand in the conversation, and need their tools named as long as they do.
            if !request.may_call {
                body["tool_choice"] = json!({ "type": "none" });
            }
        }
        body
    }
}

fn wire(message: &Message) -> Value {
    match message {
        Message::Person(text) => json!({ "role": "user", "content": text }),
        Message::Model { text, calls } => {
            let words = (!text.trim().is_empty()).then(|| json!({ "type": "text", "text": text }));
            let calls = calls.iter().map(|call| {
                let input = serde_json::from_str::<Value>(&call.arguments).ok().filter(Value::is_object);
                let input = input.unwrap_or_else(|| json!({}));
                json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": input })
            });
            json!({ "role": "assistant", "content": words.into_iter().chain(calls).collect::<Vec<_>>() })
        }
        Message::Results(results) => {
            let results = results.iter().map(|result| {
                json!({
                    "type": "tool_result", "tool_use_id": result.id, "content": result.text, "is_error": result.failed,
                })
            });
            json!({ "role": "user", "content": results.collect::<Vec<_>>() })
        }
    }
}

impl LanguageModel for Anthropic {
    fn complete<'a>(
        &'a self,
        request: &'a ModelRequest<'a>,
        hear: Hear<'a>,
    ) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async move {
            let url = format!("{}/messages", self.base);
            let body = Self::body(request).to_string();
            let sent = self.client.post(url).headers(self.headers.clone()).header("content-type", "application/json");
            let answer = timeout(self.silence, sent.body(body).send()).await.map_err(|_| ModelError::Silent)?;
            let answer = answer.map_err(|error| ModelError::of_request(&error))?;
            let status = answer.status();
            if !status.is_success() {
                return Err(failed(status.as_u16(), answer.headers()));
            }
            let mut events = answer.bytes_stream().eventsource();
            let mut taken = Taken::default();
            while let Some(event) = timeout(self.silence, events.next()).await.map_err(|_| ModelError::Silent)? {
                let event = event.map_err(|_| ModelError::Cut)?;
                let data: Value = serde_json::from_str(&event.data).map_err(|_| ModelError::Malformed)?;
                if taken.take(&data, hear)? {
                    return Ok(taken.end());
                }
            }
            Err(ModelError::Cut)
        })
    }

    fn list_models(&self) -> BoxFuture<'_, Result<Vec<String>, ModelError>> {
        Box::pin(async move {
            let url = format!("{}/models?limit=100", self.base);
            let answer = self.client.get(url).headers(self.headers.clone()).send().await;
            let answer = answer.map_err(|error| ModelError::of_request(&error))?;
            if !answer.status().is_success() {
                return Err(failed(answer.status().as_u16(), answer.headers()));
            }
            let text = answer.text().await.map_err(|error| ModelError::of_request(&error))?;
            let listed: Value = serde_json::from_str(&text).map_err(|_| ModelError::Malformed)?;
            let models = listed["data"].as_array().ok_or(ModelError::Malformed)?;
            Ok(models.iter().filter_map(|model| model["id"].as_str()).map(str::to_owned).collect())
        })
    }
}

fn failed(status: u16, headers: &HeaderMap) -> ModelError {
    // 529: overloaded.
    if matches!(status, 429 | 529) {
        let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        return ModelError::Busy(seconds.map(Duration::from_secs));
    }
    ModelError::of_status(status)
}

/// What the events gave so far.
#[derive(Default)]
struct Taken {
    completion: Completion,
    /// Each block's call, by the block's number; `None`: text.
    blocks: Vec<Option<usize>>,
    input_tokens: u64,
    output_tokens: u64,
}

impl Taken {
    /// Takes an event in; `true`: it was the last.
    fn take(&mut self, event: &Value, hear: Hear<'_>) -> Result<bool, ModelError> {
        match event["type"].as_str().unwrap_or_default() {
            "message_start" => {
                self.input_tokens = event["message"]["usage"]["input_tokens"].as_u64().unwrap_or(0);
            }
            "content_block_start" => self.begin(event)?,
            "content_block_delta" => self.more(event, hear)?,
            "message_delta" => {
                self.output_tokens = event["usage"]["output_tokens"].as_u64().unwrap_or(self.output_tokens);
            }
            "message_stop" => return Ok(true),
            "error" => {
                return Err(match event["error"]["type"].as_str() {
                    Some("overloaded_error" | "rate_limit_error") => ModelError::Busy(None),
                    _ => ModelError::Server(500),
                });
            }
            _ => {}
        }
        Ok(false)
    }

    fn begin(&mut self, event: &Value) -> Result<(), ModelError> {
        let block = &event["content_block"];
        let call = (block["type"] == "tool_use").then(|| {
            self.completion.calls.push(ToolCall {
                id: block["id"].as_str().unwrap_or_default().chars().take(100).collect(),
                name: block["name"].as_str().unwrap_or_default().chars().take(200).collect(),
                arguments: String::new(),
            });
            self.completion.calls.len() - 1
        });
        let index = place_of(event)?;
        while self.blocks.len() <= index {
            self.blocks.push(None);
        }
        self.blocks[index] = call;
        Ok(())
    }

    fn more(&mut self, event: &Value, hear: Hear<'_>) -> Result<(), ModelError> {
        let delta = &event["delta"];
        if let Some(text) = delta["text"].as_str().filter(|text| !text.is_empty()) {
            self.completion.text.push_str(text);
            if self.completion.text.len() > LONGEST_TEXT {
                return Err(ModelError::TooLong);
            }
            hear(text);
        }
        if let Some(piece) = delta["partial_json"].as_str() {
            let call = self.blocks.get(place_of(event)?).copied().flatten().ok_or(ModelError::Malformed)?;
            let arguments = &mut self.completion.calls[call].arguments;
            arguments.push_str(piece);
            if arguments.len() > LONGEST_ARGUMENTS {
                return Err(ModelError::TooLong);
            }
        }
        Ok(())
    }

    fn end(mut self) -> Completion {
        for call in &mut self.completion.calls {
            if call.arguments.trim().is_empty() {
                call.arguments = "{}".to_owned();
            }
        }
        let counted = self.input_tokens + self.output_tokens > 0;
        self.completion.tokens = counted.then_some((self.input_tokens, self.output_tokens));
        self.completion
    }
}

fn place_of(event: &Value) -> Result<usize, ModelError> {
    let index = event["index"].as_u64().and_then(|index| usize::try_from(index).ok());
    index.filter(|index| *index < MOST_CALLS * 2).ok_or(ModelError::Malformed)
}
