//! The pages of real shops, served from this machine and collected as a shop's pages are: what comes over HTTP must read
//! like the file.

use std::collections::HashMap;
use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use price_collection::{AddressPolicy, CollectSettings, Observation, Target, collect};
use price_extraction::{PageInput, SiteHints, extract};
use pricing_domain::Instant;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::scoring::Score;

type Pages = HashMap<String, Vec<u8>>;

/// Collects every page and compares it with reading the file.
pub async fn score(data: &Path) -> Result<Score> {
    let pages = Arc::new(pages(&data.join("extraction"))?);
    let listener = TcpListener::bind("127.0.0.1:0").await.context("binding the page server")?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(serve(listener, Arc::clone(&pages)));
    let (observations, elapsed) = collect_all(&pages, address).await;
    serving.abort();

    let (mut priced, mut same, mut misses) = (0, 0, Vec::new());
    for observation in &observations {
        let path = observation.url.rsplit('/').next().unwrap_or_default();
        let body = pages.get(path).context("an answer belongs to a page")?;
        let page = PageInput {
            body,
            content_type: None,
            status: Some(200),
            url: &observation.url,
            hints: SiteHints::default(),
        };
        let direct = extract(&page);
        let read = observation.extraction.as_ref();
        priced += u32::from(read.is_some_and(|read| read.price.is_some()));
        if read.is_some_and(|read| read.price == direct.price && read.state == direct.state) {
            same += 1;
        } else {
            misses.push(format!(
                "{path}: {} ({}), the file reads {:?}",
                observation.state, observation.reason, direct.price
            ));
        }
    }
    let figures = vec![
        ("pages".to_owned(), pages.len() as f64),
        ("answered".to_owned(), observations.len() as f64),
        ("prices".to_owned(), f64::from(priced)),
        ("read like the file".to_owned(), f64::from(same)),
        ("pages a second".to_owned(), (observations.len() as f64 / elapsed.as_secs_f64()).round()),
    ];
    Ok(Score { name: "pages over HTTP".to_owned(), figures, misses })
}

async fn collect_all(pages: &Pages, address: SocketAddr) -> (Vec<Observation>, Duration) {
    let origin = format!("http://{address}");
    let target =
        |(key, name): (usize, &String)| Target::new(i64::try_from(key).expect("few pages"), format!("{origin}/{name}"));
    let targets = pages.keys().enumerate().map(target).collect();
    let settings = CollectSettings {
        delay: Duration::ZERO,
        allow_private_addresses: AddressPolicy::AlsoOrigins(vec![origin.clone()]),
        // Blocked pages are part of the collection and come in a row.
        give_up_after: u32::MAX,
        ..CollectSettings::default()
    };
    let (sink, mut observed) = mpsc::channel(16);
    let started = std::time::Instant::now();
    let collecting = tokio::spawn(collect(targets, settings, now, CancellationToken::new(), sink));
    let mut observations = Vec::new();
    while let Some(observation) = observed.recv().await {
        observations.push(observation);
    }
    collecting.abort();
    (observations, started.elapsed())
}

fn now() -> Instant {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX))
}

fn pages(folder: &Path) -> Result<Pages> {
    let text = std::fs::read_to_string(folder.join("pages.jsonl")).context("reading pages.jsonl")?;
    let mut pages = Pages::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line)?;
        let (id, file) = (row["id"].as_str().context("an id")?, row["file"].as_str().context("a file")?);
        let mut body = Vec::new();
        GzDecoder::new(std::fs::File::open(folder.join(file))?).read_to_end(&mut body)?;
        pages.insert(id.to_owned(), body);
    }
    Ok(pages)
}

async fn serve(listener: TcpListener, pages: Arc<Pages>) {
    while let Ok((stream, _)) = listener.accept().await {
        let pages = Arc::clone(&pages);
        tokio::spawn(async move {
            if let Err(error) = answer(stream, &pages).await {
                eprintln!("a page was not sent: {error}");
            }
        });
    }
}

/// Answers one request and closes. No content type: the bytes alone say how they are encoded, as in the files.
async fn answer(stream: TcpStream, pages: &Pages) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut request, mut header) = (String::new(), String::new());
    stream.read_line(&mut request).await?;
    while stream.read_line(&mut header).await? > 2 {
        header.clear();
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, body) = match pages.get(path.trim_start_matches('/')) {
        Some(body) => ("200 OK", body.as_slice()),
        None => ("404 Not Found", [].as_slice()),
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}
