//! A thousand hosts at once, each on an address of its own: what every one of them sees.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use price_collection::{AddressPolicy, CollectSettings, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::server::PRODUCT_PAGE;
use crate::support::{collected, settings};

const HOSTS: u16 = 1_000;
const PAGES: usize = 5;
const DELAY: Duration = Duration::from_millis(50);

/// What one host saw.
#[derive(Default)]
struct Seen {
    open: usize,
    most_open: usize,
    under_way: usize,
    most_under_way: usize,
    pages: usize,
    answered: Option<Instant>,
    shortest_gap: Option<Duration>,
}

type Hosts = Arc<Mutex<HashMap<IpAddr, Seen>>>;

/// Serves every loopback address on one port; gives the port.
async fn serve(hosts: Hosts) -> u16 {
    let listener = TcpListener::bind("0.0.0.0:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, hosts.clone()));
        }
    });
    port
}

async fn converse(mut stream: TcpStream, hosts: Hosts) {
    let host = stream.local_addr().expect("an address").ip();
    let note = |change: &dyn Fn(&mut Seen)| change(hosts.lock().expect("no holder panics").entry(host).or_default());
    note(&|seen| {
        seen.open += 1;
        seen.most_open = seen.most_open.max(seen.open);
    });
    let mut buffer = [0u8; 4_096];
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read(&mut buffer).await {
                Ok(read) if read > 0 => head.extend_from_slice(&buffer[..read]),
                _ => return note(&|seen| seen.open -= 1),
            }
        }
        let now = Instant::now();
        let robots = head.starts_with(b"GET /robots.txt");
        note(&|seen| {
            seen.under_way += 1;
            seen.most_under_way = seen.most_under_way.max(seen.under_way);
            seen.pages += usize::from(!robots);
            if let Some(answered) = seen.answered {
                let gap = now.saturating_duration_since(answered);
                seen.shortest_gap = Some(seen.shortest_gap.map_or(gap, |shortest| shortest.min(gap)));
            }
        });
        let (status, body) = if robots { (404, "") } else { (200, PRODUCT_PAGE) };
        let answer = format!(
            "HTTP/1.1 {status} Said\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        // Noted before it is sent: whoever has it may come again at once.
        note(&|seen| {
            seen.under_way -= 1;
            seen.answered = Some(Instant::now());
        });
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return note(&|seen| seen.open -= 1);
        }
    }
}

/// Only Linux has all of 127.0.0.0/8 without further ado.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn no_host_of_a_thousand_sees_two_connections_or_a_shorter_gap_than_promised() {
    let hosts = Hosts::default();
    let port = serve(hosts.clone()).await;
    let origin = |host: u16| format!("http://127.1.{}.{}:{port}", host / 250, host % 250 + 1);
    let origins: Vec<String> = (0..HOSTS).map(origin).collect();
    // In the order in which a catalogue would have them: page by page over all hosts.
    let targets: Vec<Target> = (0..PAGES)
        .flat_map(|page| origins.iter().map(move |origin| format!("{origin}/p/{page}")))
        .zip(0..)
        .map(|(url, key)| Target::new(key, url))
        .collect();
    let settings =
        CollectSettings { delay: DELAY, allow_private_addresses: AddressPolicy::AlsoOrigins(origins), ..settings(&[]) };
    let started = Instant::now();
    let (_, summary) = collected(targets, settings).await;
    assert_eq!((summary.read, summary.refused), (usize::from(HOSTS) * PAGES, 0));
    let seen = hosts.lock().expect("no holder panics");
    assert_eq!(seen.len(), usize::from(HOSTS));
    let shortest = seen.values().filter_map(|host| host.shortest_gap).min().expect("gaps");
    let most_open = seen.values().map(|host| host.most_open).max();
    eprintln!(
        "politeness: {HOSTS} hosts × {PAGES} pages in {:.1} s; shortest gap {shortest:?} of {DELAY:?} promised, \
         at most {most_open:?} connections to a host",
        started.elapsed().as_secs_f64()
    );
    assert!(shortest >= DELAY, "{shortest:?}");
    assert_eq!(seen.values().map(|host| host.most_under_way).max(), Some(1));
    assert_eq!(most_open, Some(1));
    assert!(seen.values().all(|host| host.pages == PAGES), "every page once");
}
