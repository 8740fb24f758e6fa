//! The process `omnipricex collect` is killed again and again in the middle of its work: the file stays whole, no page
//! is lost and none is counted twice.
//!
//! A few rounds here; `cargo xtask soak kill` runs fifty (`OMNIPRICEX_KILL_ROUNDS`).
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand::Rng;
use serde_json::Value;

/// Pages for each round, so that something is left for the last.
const PAGES_A_ROUND: usize = 60;

fn rounds() -> usize {
    std::env::var("OMNIPRICEX_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

/// A shop that answers every page with its own price; gives its origin and how often it was asked.
fn shop() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let counted = counted.clone();
            std::thread::spawn(move || {
                // The other side may be killed at any moment.
                let _ = converse(&stream, &counted);
            });
        }
    });
    (origin, asked)
}

fn converse(stream: &TcpStream, asked: &AtomicUsize) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
        let (status, body) = match path.strip_prefix("/p/") {
            None => (404, String::new()),
            Some(number) => {
                asked.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(4));
                (200, page(number))
            }
        };
        write!(
            &*stream,
            "HTTP/1.1 {status} Said\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
    }
}

fn page(number: &str) -> String {
    format!(
        "<html lang=en><title>Cup {number}</title><script type=\"application/ld+json\">{{\"@type\":\"Product\",\
         \"name\":\"Cup {number}\",\"offers\":{{\"@type\":\"Offer\",\"price\":\"2{number}.50\",\"priceCurrency\":\"EUR\",\
         \"availability\":\"https://schema.org/InStock\"}}}}</script><h1>Cup {number}</h1><p>2{number}.50 EUR</p>"
    )
}

/// A folder with a workspace in it.
struct Desk<'a> {
    folder: &'a Path,
    origin: &'a str,
}

impl Desk<'_> {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_omnipricex"));
        command.env("OMNIPRICEX_DATA_DIR", self.folder.join("data")).env_remove("OMNIPRICEX_WORKSPACE");
        command.args(["--json", "--workspace"]).arg(self.folder.join("shop.omnipricex")).args(words);
        command
    }

    fn answer(&self, words: &[&str]) -> Value {
        let output = self.command(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}; {said}"))
    }

    fn import(&self, kind: &str, text: &str) {
        let file = self.folder.join(format!("{kind}.csv"));
        std::fs::write(&file, text).unwrap();
        let report = self.answer(&["import", kind, file.to_str().unwrap()]);
        assert_eq!(report["import"]["refused"], 0, "{report}");
    }

    fn collect(&self) -> Command {
        let mut command = self.command(&["collect", "--allow-origin", self.origin]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Listings, those with a price, and those due.
    fn standing(&self) -> (u64, u64, u64) {
        let competitors = self.answer(&["competitors"]);
        let number = |name: &str| competitors[0][name].as_u64().unwrap();
        (number("listings"), number("fresh"), number("due"))
    }
}

#[test]
fn a_collection_killed_again_and_again_loses_and_doubles_nothing() {
    let (rounds, (origin, asked)) = (rounds(), shop());
    let pages = rounds * PAGES_A_ROUND;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk { folder: folder.path(), origin: &origin };
    desk.answer(&["create", "Cups"]);
    let mut products = String::from("sku,name,currency,price\n");
    let mut matches = String::from("sku,competitor,url\n");
    for number in 0..pages {
        products.push_str(&format!("C{number},Cup {number},EUR,2{number}.99\n"));
        matches.push_str(&format!("C{number},Rival,{origin}/p/{number}\n"));
    }
    desk.import("products", &products);
    desk.import("matches", &matches);
    desk.answer(&["competitors", "set", "Rival", "--delay-ms", "0"]);

    let mut random = rand::rng();
    let mut killed = 0;
    for _ in 0..rounds {
        let before = asked.load(Ordering::SeqCst);
        let mut child = desk.collect().spawn().unwrap();
        let started = Instant::now();
        while asked.load(Ordering::SeqCst) == before && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(2));
        }
        // Some ends lie before the first write, some within one, some after it.
        std::thread::sleep(Duration::from_millis(random.random_range(0..1_300)));
        let over = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        killed += usize::from(!over);
        assert_eq!(desk.answer(&["check"]), Value::Array(Vec::new()), "the file is whole");
        let (listings, fresh, due) = desk.standing();
        assert_eq!((listings, fresh + due), (pages as u64, pages as u64), "what is not read stays due");
    }
    assert!(desk.collect().status().unwrap().success());
    let (listings, fresh, due) = desk.standing();
    assert_eq!((listings, fresh, due), (pages as u64, pages as u64, 0), "nothing is lost");
    assert_eq!(desk.answer(&["check"]), Value::Array(Vec::new()));
    for number in (0..pages).step_by(pages.div_ceil(40)) {
        let evidence = desk.answer(&["evidence", &format!("C{number}"), "Rival"]);
        assert_eq!(evidence["times_seen"], 1, "nothing is doubled: {evidence}");
        assert_eq!(evidence["first_seen"], evidence["last_seen"]);
    }
    let status = desk.answer(&["failures"]);
    let runs = status["runs"].as_array().unwrap();
    if runs.len() < 20 {
        let counted: u64 = runs.iter().map(|run| run["pages"].as_u64().unwrap()).sum();
        assert_eq!(counted, pages as u64, "every page is counted in one run");
    }
    let asked = asked.load(Ordering::SeqCst);
    eprintln!("killed {killed} of {rounds} times; {pages} pages read, asked for {asked} times");
    assert!(asked >= pages && killed > 0);
}
