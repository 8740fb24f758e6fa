//! What messages arrive at in a journey: a mail server that speaks SMTP with TLS, and a server that a webhook calls.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rcgen::CertifiedKey;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// How a mail server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte.
    FromTheStart,
    /// After STARTTLS.
    StartTls,
}

/// A message as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Who it is from, of the envelope.
    pub from: String,
    /// To whom, of the envelope.
    pub to: Vec<String>,
    /// Headers and body.
    pub text: String,
    /// Who logged in, with the password.
    pub login: Option<String>,
    /// Whether the connection was encrypted.
    pub encrypted: bool,
}

/// A mail server on this machine.
pub struct MailReceiver {
    /// Its port.
    pub port: u16,
    /// The certificate that it shows, in PEM.
    pub certificate_pem: String,
    received: Arc<Mutex<Vec<ReceivedMail>>>,
}

impl MailReceiver {
    /// Opens a mail server that lets in whoever logs in as `user` with `password`.
    pub async fn open(encryption: Encryption, user: &str, password: &str) -> Result<Self> {
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.context("binding the mail server")?;
        let port = listener.local_addr()?.port();
        let received = Arc::<Mutex<Vec<ReceivedMail>>>::default();
        let (kept, login) = (received.clone(), format!("\0{user}\0{password}"));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, kept, login) = (acceptor.clone(), kept.clone(), login.clone());
                // A client that breaks off is no concern of the next one.
                tokio::spawn(async move {
                    let _ = answer(stream, encryption, &acceptor, &login, &kept).await;
                });
            }
        });
        Ok(Self { port, certificate_pem: cert.pem(), received })
    }

    /// What has arrived so far.
    pub fn received(&self) -> Vec<ReceivedMail> {
        self.received.lock().expect("no panic while it is held").clone()
    }

    /// Waits until so many messages have arrived.
    pub async fn wait_for(&self, count: usize) -> Result<Vec<ReceivedMail>> {
        wait_for(count, || self.received()).await
    }
}

async fn answer(
    stream: TcpStream,
    encryption: Encryption,
    acceptor: &TlsAcceptor,
    login: &str,
    kept: &Mutex<Vec<ReceivedMail>>,
) -> Result<()> {
    if encryption == Encryption::FromTheStart {
        let stream = acceptor.accept(stream).await?;
        talk(BufReader::new(stream), login, kept, true, true).await?;
        return Ok(());
    }
    let plain = talk(BufReader::new(stream), login, kept, false, true).await?;
    if let Some(stream) = plain {
        let stream = acceptor.accept(stream.into_inner()).await?;
        talk(BufReader::new(stream), login, kept, true, false).await?;
    }
    Ok(())
}

/// Talks until the other side leaves, or wants to encrypt: then the connection is given back.
async fn talk<Stream: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<Stream>,
    login: &str,
    kept: &Mutex<Vec<ReceivedMail>>,
    encrypted: bool,
    greet: bool,
) -> Result<Option<BufReader<Stream>>> {
    let fresh = || ReceivedMail { from: String::new(), to: vec![], text: String::new(), login: None, encrypted };
    let mut mail = fresh();
    if greet {
        say(&mut stream, "220 localhost ESMTP").await?;
    }
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        match word.as_str() {
            "EHLO" if encrypted => say(&mut stream, "250-localhost\r\n250 AUTH PLAIN").await?,
            "EHLO" => say(&mut stream, "250-localhost\r\n250 STARTTLS").await?,
            "STARTTLS" => {
                say(&mut stream, "220 go ahead").await?;
                return Ok(Some(stream));
            }
            "AUTH" if encrypted => {
                let given = line.rsplit(' ').next().and_then(decoded).unwrap_or_default();
                if given == login {
                    mail.login = Some(given.trim_start_matches('\0').replace('\0', ":"));
                    say(&mut stream, "235 welcome").await?;
                } else {
                    say(&mut stream, "535 wrong user or password").await?;
                }
            }
            "MAIL" if mail.login.is_none() => say(&mut stream, "530 log in first").await?,
            "MAIL" => {
                mail.from = address_in(line);
                say(&mut stream, "250 ok").await?;
            }
            "RCPT" => {
                mail.to.push(address_in(line));
                say(&mut stream, "250 ok").await?;
            }
            "DATA" => {
                say(&mut stream, "354 until a dot").await?;
                mail.text = read_text(&mut stream).await?;
                let login = mail.login.clone();
                kept.lock().expect("no panic while it is held").push(std::mem::replace(&mut mail, fresh()));
                mail.login = login;
                say(&mut stream, "250 taken").await?;
            }
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return Ok(None);
            }
            _ => say(&mut stream, "250 ok").await?,
        }
    }
}

async fn say<Stream: AsyncWrite + Unpin>(stream: &mut Stream, words: &str) -> Result<()> {
    stream.write_all(format!("{words}\r\n").as_bytes()).await?;
    Ok(stream.flush().await?)
}

async fn read_text<Stream: AsyncRead + Unpin>(stream: &mut BufReader<Stream>) -> Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            bail!("the message has no end");
        }
        if line.trim_end() == "." {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn address_in(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}

/// Base64 without a library: the log-in is the only thing that is read here.
fn decoded(text: &str) -> Option<String> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::new());
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        bits = (bits << 6) | u32::from(value(byte)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

/// A call of a webhook as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedCall {
    /// Headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl ReceivedCall {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A server on this machine that webhooks call.
pub struct WebhookReceiver {
    /// Its address.
    pub url: String,
    received: Arc<Mutex<Vec<ReceivedCall>>>,
}

impl WebhookReceiver {
    /// Opens a server that answers the first calls with these states, and all later ones with 204.
    pub async fn open(first: &[u16]) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("binding the webhook's server")?;
        let url = format!("http://127.0.0.1:{}/alerts", listener.local_addr()?.port());
        let received = Arc::<Mutex<Vec<ReceivedCall>>>::default();
        let kept = received.clone();
        let mut states = Vec::from(first).into_iter();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = states.next().unwrap_or(204);
                if let Ok(call) = read_call(stream, state).await {
                    kept.lock().expect("no panic while it is held").push(call);
                }
            }
        });
        Ok(Self { url, received })
    }

    /// Waits until so many calls have arrived.
    pub async fn wait_for(&self, count: usize) -> Result<Vec<ReceivedCall>> {
        wait_for(count, || self.received.lock().expect("no panic while it is held").clone()).await
    }
}

async fn read_call(stream: TcpStream, state: u16) -> Result<ReceivedCall> {
    let mut stream = BufReader::new(stream);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    stream
        .write_all(format!("HTTP/1.1 {state} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes())
        .await?;
    stream.flush().await?;
    Ok(ReceivedCall { headers, body: String::from_utf8(body)? })
}

async fn wait_for<T>(count: usize, received: impl Fn() -> Vec<T>) -> Result<Vec<T>> {
    let started = std::time::Instant::now();
    loop {
        let now = received();
        if now.len() >= count {
            return Ok(now);
        }
        if started.elapsed() > PATIENCE {
            bail!("{} of {count} messages arrived within {PATIENCE:?}", now.len());
        }
        tokio::time::sleep(PAUSE).await;
    }
}
