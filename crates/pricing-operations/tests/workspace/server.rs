//! A shop on this machine: answers each path as told, and counts the visits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a path answers: status, further header lines, body.
pub type Answer = (u16, String, String);

#[derive(Default)]
struct State {
    answers: Mutex<HashMap<String, Answer>>,
    files: Mutex<HashMap<String, (&'static str, Vec<u8>)>>,
    visits: Mutex<Vec<(String, String)>>,
}

pub struct Rival {
    pub origin: String,
    state: Arc<State>,
}

impl Rival {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        let serving = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, serving.clone()));
            }
        });
        Self { origin, state }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub fn answer(&self, path: &str, answer: Answer) {
        self.state.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// A file of a kind.
    pub fn file(&self, path: &str, kind: &'static str, bytes: Vec<u8>) {
        self.state.files.lock().unwrap().insert(path.to_owned(), (kind, bytes));
    }

    /// The page of a product at a price, `25.00`.
    pub fn price(&self, path: &str, price: &str) {
        self.answer(path, (200, String::new(), page(price, "EUR")));
    }

    /// Paths asked for, robots.txt left out.
    pub fn visits(&self) -> Vec<String> {
        let visits = self.state.visits.lock().unwrap();
        visits.iter().map(|(path, _)| path.clone()).filter(|path| path != "/robots.txt").collect()
    }

    /// The head of the newest request.
    pub fn newest_head(&self) -> String {
        self.state.visits.lock().unwrap().last().unwrap().1.to_lowercase()
    }
}

/// A page that every reader agrees on.
pub fn page(price: &str, currency: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>Kettle</title><script type=\"application/ld+json\">\
         {{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"Kettle\",\"offers\":{{\"@type\":\"Offer\",\
         \"price\":\"{price}\",\"priceCurrency\":\"{currency}\",\"availability\":\"https://schema.org/InStock\"}}}}</script>\
         </head><body><main><h1>Kettle</h1><p class=price>{price} {currency}</p><button>Add to cart</button></main></body></html>"
    )
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let mut head = Vec::new();
    let mut buffer = [0u8; 4_096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(read) => head.extend_from_slice(&buffer[..read]),
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    state.visits.lock().unwrap().push((path.clone(), head.clone()));
    let file = state.files.lock().unwrap().get(&path).cloned();
    if let Some((kind, bytes)) = file {
        let length = bytes.len();
        let head = format!(
            "HTTP/1.1 200 Said\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        let _ = stream.write_all(&[head.as_bytes(), &bytes].concat()).await;
        return;
    }
    let known = state.answers.lock().unwrap().get(&path).cloned();
    let (mut status, headers, mut body) = known.unwrap_or((404, String::new(), String::new()));
    let etag = headers.lines().find_map(|line| line.strip_prefix("etag: "));
    if etag.is_some_and(|etag| head.contains(etag)) {
        (status, body) = (304, String::new());
    }
    let is_stated = headers.to_lowercase().contains("content-type:");
    let kind = if is_stated { "" } else { "content-type: text/html; charset=utf-8\r\n" };
    let answer = format!(
        "HTTP/1.1 {status} Said\r\n{kind}connection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
}
