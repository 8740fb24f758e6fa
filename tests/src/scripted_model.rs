//! A server with a language model that does what a test tells it: well, wrongly, slowly or with malice, over real HTTP
//! on this machine and in the real protocols: chat completions, responses, messages.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The model's name.
pub const MODEL: &str = "scripted-1";

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `POST /v1/chat/completions`.
    pub line: String,
    /// As they were sent, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Value,
}

impl Seen {
    /// All text of the body.
    pub fn text(&self) -> String {
        self.body.to_string()
    }

    /// Results of tools that came back so far.
    pub fn results(&self) -> usize {
        let list = |name: &str| self.body[name].as_array().cloned().unwrap_or_default();
        let of_chat = list("messages").iter().filter(|message| message["role"] == "tool").count();
        let of_responses = list("input").iter().filter(|item| item["type"] == "function_call_output").count();
        let of_messages = list("messages")
            .iter()
            .flat_map(|message| message["content"].as_array().cloned().unwrap_or_default())
            .filter(|block| block["type"] == "tool_result")
            .count();
        of_chat + of_responses + of_messages
    }

    /// The names of the tools that were offered.
    pub fn tools(&self) -> Vec<String> {
        let tools = self.body["tools"].as_array().cloned().unwrap_or_default();
        let name = |tool: &Value| {
            tool["name"].as_str().or_else(|| tool["function"]["name"].as_str()).unwrap_or_default().to_owned()
        };
        tools.iter().map(name).collect()
    }
}

/// What the model does with a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Says this.
    Say(String),
    /// Says this, a word at a time with a pause between.
    Drip(String, Duration),
    /// Calls these tools: names and arguments as text.
    Call(Vec<(String, String)>),
    /// Says this and then calls.
    SayAndCall(String, Vec<(String, String)>),
    /// Says this, then the connection breaks.
    Cut(String),
    /// Answers with a status and no sense.
    Status(u16),
    /// Is busy for so many seconds.
    Busy(u64),
    /// Sends another way.
    Redirect(String),
    /// Accepts and says nothing.
    Silent,
    /// Sends what is no event of the protocol.
    Garbage,
    /// Says without end.
    Endless,
}

/// A call with arguments.
pub fn call(name: &str, arguments: &Value) -> Act {
    Act::Call(vec![(name.to_owned(), arguments.to_string())])
}

type Script = dyn Fn(&Seen) -> Act + Send + Sync;

/// The server. It ends when dropped.
pub struct ScriptedModel {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// When the newest piece of text was sent.
    spoke: Arc<Mutex<Option<Instant>>>,
    /// Answers that the other side gave up.
    given_up: Arc<Mutex<u32>>,
    task: JoinHandle<()>,
}

impl Drop for ScriptedModel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ScriptedModel {
    /// Starts a model with a script.
    pub async fn start(script: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("a port of this machine")?;
        let address = listener.local_addr()?;
        let (seen, spoke, given_up) = (Arc::default(), Arc::default(), Arc::default());
        let shared = Shared { seen: Arc::clone(&seen), spoke: Arc::clone(&spoke), given_up: Arc::clone(&given_up) };
        let script: Arc<Script> = Arc::new(script);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, shared) = (script.clone(), shared.clone());
                tokio::spawn(async move {
                    // A connection that breaks is part of the play.
                    let _ = serve(stream, script.as_ref(), &shared).await;
                });
            }
        });
        Ok(Self { address, seen, spoke, given_up, task })
    }

    /// The address for the settings.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Everything that was asked.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen_since(0)
    }

    /// What was asked after the first so many requests.
    pub fn seen_since(&self, first: usize) -> Vec<Seen> {
        self.seen.lock().expect("no panic while it is held")[first..].to_vec()
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.seen.lock().expect("no panic while it is held").len()
    }

    /// When the newest piece of text was sent.
    pub fn spoke_at(&self) -> Option<Instant> {
        *self.spoke.lock().expect("no panic while it is held")
    }

    /// Answers that the other side gave up.
    pub fn given_up(&self) -> u32 {
        *self.given_up.lock().expect("no panic while it is held")
    }
}

#[derive(Clone)]
struct Shared {
    seen: Arc<Mutex<Vec<Seen>>>,
    spoke: Arc<Mutex<Option<Instant>>>,
    given_up: Arc<Mutex<u32>>,
}

async fn serve(stream: TcpStream, script: &Script, shared: &Shared) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let seen = read(&mut stream).await?;
    shared.seen.lock().expect("no panic while it is held").push(seen.clone());
    if seen.line.starts_with("GET") {
        let models = json!({ "object": "list", "data": [{ "id": MODEL, "object": "model" }] }).to_string();
        return answer(stream.get_mut(), "200 OK", "application/json", "", &models).await;
    }
    match script(&seen) {
        Act::Status(status) => {
            let body = json!({ "error": { "message": "no", "type": "test", "param": null, "code": null } }).to_string();
            answer(stream.get_mut(), &format!("{status} No"), "application/json", "", &body).await
        }
        Act::Busy(seconds) => {
            let header = format!("retry-after: {seconds}\r\n");
            let body =
                json!({ "error": { "message": "busy", "type": "rate_limit_error", "param": null, "code": null } });
            answer(stream.get_mut(), "429 Busy", "application/json", &header, &body.to_string()).await
        }
        Act::Redirect(to) => {
            answer(stream.get_mut(), "307 There", "text/plain", &format!("location: {to}\r\n"), "").await
        }
        Act::Silent => {
            let mut rest = [0u8; 1];
            let _ = stream.read(&mut rest).await;
            Ok(())
        }
        act => {
            let told = tell(stream.get_mut(), &seen, act, shared).await;
            if told.is_err() {
                *shared.given_up.lock().expect("no panic while it is held") += 1;
            }
            told
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Result<Seen> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0u8; length.unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    let line = line.trim().trim_end_matches(" HTTP/1.1").to_owned();
    Ok(Seen { line, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
}

async fn answer(stream: &mut TcpStream, status: &str, kind: &str, header: &str, body: &str) -> Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n{header}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    Ok(stream.write_all(head.as_bytes()).await?)
}

async fn tell(stream: &mut TcpStream, seen: &Seen, act: Act, shared: &Shared) -> Result<()> {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let protocol = Protocol::of(&seen.line);
    let (text, calls, pause, ends) = match act {
        Act::Say(text) => (text, Vec::new(), Duration::ZERO, true),
        Act::Drip(text, pause) => (text, Vec::new(), pause, true),
        Act::Call(calls) => (String::new(), calls, Duration::ZERO, true),
        Act::SayAndCall(text, calls) => (text, calls, Duration::ZERO, true),
        Act::Cut(text) => (text, Vec::new(), Duration::ZERO, false),
        Act::Garbage => {
            chunk(stream, "data: {\"what\": \n\ndata: <html>\n\n").await?;
            return Ok(stream.write_all(b"0\r\n\r\n").await?);
        }
        _ => {
            let piece = event(protocol, &protocol.text(&"and so on ".repeat(200)));
            loop {
                chunk(stream, &piece).await?;
            }
        }
    };
    for value in protocol.begin() {
        chunk(stream, &event(protocol, &value)).await?;
    }
    for word in text.split_inclusive(' ') {
        *shared.spoke.lock().expect("no panic while it is held") = Some(Instant::now());
        chunk(stream, &event(protocol, &protocol.text(word))).await?;
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    for (place, (name, arguments)) in calls.iter().enumerate() {
        for value in protocol.call(place, name, arguments) {
            chunk(stream, &event(protocol, &value)).await?;
        }
    }
    if !ends {
        return Ok(());
    }
    // In chat completions what was used is counted only where that was asked for.
    let counts = protocol != Protocol::Chat || seen.body["stream_options"]["include_usage"] == true;
    for value in protocol.end(!calls.is_empty()).into_iter().filter(|value| counts || value.get("usage").is_none()) {
        chunk(stream, &event(protocol, &value)).await?;
    }
    if protocol == Protocol::Chat {
        chunk(stream, "data: [DONE]\n\n").await?;
    }
    Ok(stream.write_all(b"0\r\n\r\n").await?)
}

async fn chunk(stream: &mut TcpStream, text: &str) -> Result<()> {
    stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).await?;
    Ok(stream.flush().await?)
}

fn event(protocol: Protocol, value: &Value) -> String {
    match (protocol, value["type"].as_str()) {
        (Protocol::Chat, _) | (_, None) => format!("data: {value}\n\n"),
        (_, Some(name)) => format!("event: {name}\ndata: {value}\n\n"),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Chat,
    Responses,
    Messages,
}

impl Protocol {
    fn of(line: &str) -> Self {
        if line.ends_with("/responses") {
            Self::Responses
        } else if line.ends_with("/messages") {
            Self::Messages
        } else {
            Self::Chat
        }
    }

    fn begin(self) -> Vec<Value> {
        match self {
            Self::Chat => vec![chat(&json!({ "role": "assistant" }), None)],
            Self::Responses => vec![json!({ "type": "response.created", "response": { "id": "r" } })],
            Self::Messages => vec![
                json!({ "type": "message_start", "message": { "id": "m", "usage": { "input_tokens": 120, "output_tokens": 1 } } }),
                json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
            ],
        }
    }

    fn text(self, text: &str) -> Value {
        match self {
            Self::Chat => chat(&json!({ "content": text }), None),
            Self::Responses => json!({ "type": "response.output_text.delta", "delta": text }),
            Self::Messages => {
                json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text } })
            }
        }
    }

    fn call(self, place: usize, name: &str, arguments: &str) -> Vec<Value> {
        let half = (0..=arguments.len() / 2).rev().find(|at| arguments.is_char_boundary(*at)).unwrap_or(0);
        let (first, rest) = arguments.split_at(half);
        match self {
            Self::Chat => {
                let begin = json!({ "tool_calls": [{ "index": place, "id": format!("call_{place}"), "type": "function",
                    "function": { "name": name, "arguments": first } }] });
                let more = json!({ "tool_calls": [{ "index": place, "function": { "arguments": rest } }] });
                vec![chat(&begin, None), chat(&more, None)]
            }
            Self::Responses => vec![json!({ "type": "response.output_item.done", "item": { "type": "function_call",
                "call_id": format!("call_{place}"), "name": name, "arguments": arguments } })],
            Self::Messages => {
                let index = place + 1;
                let delta = |text: &str| {
                    json!({ "type": "content_block_delta", "index": index,
                        "delta": { "type": "input_json_delta", "partial_json": text } })
                };
                vec![
                    json!({ "type": "content_block_start", "index": index, "content_block":
                        { "type": "tool_use", "id": format!("call_{place}"), "name": name, "input": {} } }),
                    delta(first),
                    delta(rest),
                ]
            }
        }
    }

    fn end(self, called: bool) -> Vec<Value> {
        match self {
            Self::Chat => {
                let reason = if called { "tool_calls" } else { "stop" };
                let usage = json!({ "choices": [], "usage": { "prompt_tokens": 120, "completion_tokens": 30 } });
                vec![chat(&json!({}), Some(reason)), usage]
            }
            Self::Responses => vec![json!({ "type": "response.completed", "response":
                { "id": "r", "usage": { "input_tokens": 120, "output_tokens": 30 } } })],
            Self::Messages => vec![
                json!({ "type": "message_delta", "delta": {}, "usage": { "output_tokens": 30 } }),
                json!({ "type": "message_stop" }),
            ],
        }
    }
}

fn chat(delta: &Value, reason: Option<&str>) -> Value {
    json!({ "id": "c", "object": "chat.completion.chunk", "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] })
}
