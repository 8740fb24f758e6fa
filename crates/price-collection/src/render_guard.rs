//! The only way from the rendering browser to the network: a proxy on loopback that resolves every name itself and connects
//! to public addresses only, so that no script of a page reaches the own machine, network or cloud.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use crate::addresses;
use crate::settings::AddressPolicy;

const LONGEST_HEAD: usize = 64 * 1024;
const CONNECT: Duration = Duration::from_secs(10);
const REFUSED: &[u8] = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const UNREACHABLE: &[u8] = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// The running proxy; it ends when dropped.
pub(crate) struct Guard {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Guard {
    pub(crate) async fn start(exceptions: AddressPolicy) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let exceptions = exceptions.clone();
                tokio::spawn(async move {
                    if let Err(problem) = pass(client, &exceptions).await {
                        tracing::debug!(%problem, "a connection of a rendered page ended");
                    }
                });
            }
        });
        Ok(Self { address, serving })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// What a client asks its proxy for.
struct Asked {
    url: Url,
    /// What the server is told first; none for a tunnel.
    forward: Option<Vec<u8>>,
}

async fn pass(mut client: TcpStream, exceptions: &AddressPolicy) -> io::Result<()> {
    let (head, rest) = read_head(&mut client).await?;
    let Some(asked) = understood(&head) else { return client.write_all(REFUSED).await };
    let Ok(found) = addresses::resolve(&asked.url, exceptions.excepts(&asked.url)).await else {
        return client.write_all(REFUSED).await;
    };
    let connecting = TcpStream::connect(found.as_slice());
    let Ok(Ok(mut server)) = tokio::time::timeout(CONNECT, connecting).await else {
        return client.write_all(UNREACHABLE).await;
    };
    match &asked.forward {
        Some(head) => server.write_all(head).await?,
        None => client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?,
    }
    server.write_all(&rest).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// The head of a request with its empty line, and what came after it.
async fn read_head(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = read.split_off(end + 4);
            let head = String::from_utf8(read).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            return Ok((head, rest));
        }
        if read.len() > LONGEST_HEAD || client.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn understood(head: &str) -> Option<Asked> {
    let (line, fields) = head.split_once("\r\n")?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    if method == "CONNECT" {
        return Some(Asked { url: Url::parse(&format!("https://{target}/")).ok()?, forward: None });
    }
    let url = Url::parse(target).ok().filter(|url| url.scheme() == "http")?;
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let kept = fields.split("\r\n").filter(|field| !field.is_empty() && !is_for_the_proxy(field));
    let kept: String = kept.map(|field| format!("{field}\r\n")).collect();
    // One request a connection, so that each one is looked at.
    let forward = format!("{method} {path} HTTP/1.1\r\n{kept}Connection: close\r\n\r\n").into_bytes();
    Some(Asked { url, forward: Some(forward) })
}

fn is_for_the_proxy(field: &str) -> bool {
    let name = field.split(':').next().unwrap_or_default();
    ["proxy-connection", "proxy-authorization", "connection"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_reach_the_server_without_what_was_for_the_proxy() {
        let head =
            "GET http://shop.example/a?b=1 HTTP/1.1\r\nHost: shop.example\r\nProxy-Connection: keep-alive\r\n\r\n";
        let asked = understood(head).expect("a request");
        assert_eq!(asked.url.as_str(), "http://shop.example/a?b=1");
        let forward = String::from_utf8(asked.forward.expect("a head")).expect("text");
        assert_eq!(forward, "GET /a?b=1 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
        assert!(understood("CONNECT shop.example:443 HTTP/1.1\r\n\r\n").expect("a tunnel").forward.is_none());
        assert!(understood("GET /local HTTP/1.1\r\n\r\n").is_none());
        assert!(understood("GET file:///etc/passwd HTTP/1.1\r\n\r\n").is_none());
    }

    async fn answer_to(request: &str, exceptions: AddressPolicy) -> String {
        let guard = Guard::start(exceptions).await.expect("a proxy");
        let mut client = TcpStream::connect(guard.address()).await.expect("a connection");
        client.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn private_addresses_are_refused_however_they_are_asked_for() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        for host in [
            format!("127.0.0.1:{port}"),
            format!("localhost:{port}"),
            format!("[::1]:{port}"),
            "169.254.169.254".into(),
        ] {
            for request in [format!("GET http://{host}/ HTTP/1.1\r\n\r\n"), format!("CONNECT {host} HTTP/1.1\r\n\r\n")]
            {
                let answer = answer_to(&request, AddressPolicy::PublicOnly).await;
                assert!(answer.starts_with("HTTP/1.1 403"), "{request}: {answer}");
            }
        }
        let served = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.expect("a client");
            let mut head = [0; 1024];
            let length = client.read(&mut head).await.expect("a request");
            client
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                .await
                .expect("sent");
            String::from_utf8_lossy(&head[..length]).into_owned()
        });
        let origin = format!("http://127.0.0.1:{port}");
        let answer =
            answer_to(&format!("GET {origin}/x HTTP/1.1\r\n\r\n"), AddressPolicy::AlsoOrigins(vec![origin])).await;
        assert!(answer.ends_with("ok"), "{answer}");
        assert!(served.await.expect("served").starts_with("GET /x HTTP/1.1"));
    }
}
