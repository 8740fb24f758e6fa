//! OpenAI's responses, streamed. Nothing is kept on the server: each request carries the whole turn.

use std::time::Duration;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use futures::StreamExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::open_ai::{crossing, names_of_models};
use super::{
    Completion, Hear, LONGEST_ARGUMENTS, LONGEST_TEXT, LanguageModel, MOST_CALLS, Message, ModelError, ModelRequest,
    ToolCall,
};

pub(super) struct Responses {
    pub(super) client: Client<OpenAIConfig>,
    pub(super) silence: Duration,
}

fn body(request: &ModelRequest<'_>) -> Value {
    let input: Vec<Value> = request.messages.iter().flat_map(wire).collect();
    let mut body = json!({
        "model": request.model,
        "instructions": request.system,
        "input": input,
        "max_output_tokens": request.longest_answer,
        "stream": true,
        "store": false,
    });
    if request.may_call && !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({
                "type": "function", "name": tool.name, "description": tool.description,
                "parameters": tool.parameters, "strict": false,
            })
        });
        body["tools"] = tools.collect();
    }
    if let Some(schema) = request.schema {
        body["text"] =
            json!({ "format": { "type": "json_schema", "name": "turn", "strict": false, "schema": schema } });
    }
    body
}

fn wire(message: &Message) -> Vec<Value> {
    match message {
        Message::Person(text) => vec![json!({ "role": "user", "content": text })],
        Message::Model { text, calls } => {
            let words = (!text.trim().is_empty()).then(|| json!({ "role": "assistant", "content": text }));
            let calls = calls.iter().map(|call| {
                json!({ "type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments })
            });
            words.into_iter().chain(calls).collect()
        }
        Message::Results(results) => results
            .iter()
            .map(|result| json!({ "type": "function_call_output", "call_id": result.id, "output": result.text }))
            .collect(),
    }
}

impl LanguageModel for Responses {
    fn complete<'a>(
        &'a self,
        request: &'a ModelRequest<'a>,
        hear: Hear<'a>,
    ) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async move {
            let responses = self.client.responses();
            let opened = responses.create_stream_byot::<Value, Value>(body(request));
            let mut stream = timeout(self.silence, opened).await.map_err(|_| ModelError::Silent)?.map_err(crossing)?;
            let mut completion = Completion::default();
            while let Some(event) = timeout(self.silence, stream.next()).await.map_err(|_| ModelError::Silent)? {
                if take(&mut completion, &event.map_err(crossing)?, hear)? {
                    return Ok(completion);
                }
            }
            Err(ModelError::Cut)
        })
    }

    fn list_models(&self) -> BoxFuture<'_, Result<Vec<String>, ModelError>> {
        Box::pin(async move { names_of_models(&self.client).await })
    }
}

/// Takes an event in; `true`: it was the last.
fn take(completion: &mut Completion, event: &Value, hear: Hear<'_>) -> Result<bool, ModelError> {
    match event["type"].as_str().unwrap_or_default() {
        "response.output_text.delta" => {
            let text = event["delta"].as_str().unwrap_or_default();
            completion.text.push_str(text);
            if completion.text.len() > LONGEST_TEXT {
                return Err(ModelError::TooLong);
            }
            hear(text);
        }
        // A call comes whole at its end; its pieces before say nothing more.
        "response.output_item.done" if event["item"]["type"] == "function_call" => {
            let text = |name: &str| event["item"][name].as_str().unwrap_or_default();
            let arguments = text("arguments").to_owned();
            if arguments.len() > LONGEST_ARGUMENTS || completion.calls.len() >= MOST_CALLS {
                return Err(ModelError::TooLong);
            }
            let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
            let id = Some(cut(text("call_id"), 100)).filter(|id| !id.is_empty());
            let id = id.unwrap_or_else(|| format!("call_{}", completion.calls.len() + 1));
            completion.calls.push(ToolCall { id, name: cut(text("name"), 200), arguments });
        }
        "response.completed" | "response.incomplete" => {
            let usage = &event["response"]["usage"];
            if usage.is_object() {
                let count = |name: &str| usage[name].as_u64().unwrap_or(0);
                completion.tokens = Some((count("input_tokens"), count("output_tokens")));
            }
            return Ok(true);
        }
        "response.failed" | "error" => {
            let code = event["response"]["error"]["code"].as_str().or_else(|| event["code"].as_str());
            return Err(match code {
                Some("rate_limit_exceeded") => ModelError::Busy(None),
                _ => ModelError::Server(500),
            });
        }
        _ => {}
    }
    Ok(false)
}
