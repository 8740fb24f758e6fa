//! The system's `sftp`, run once for a few commands.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use super::address::DropAddress;
use crate::error::{ShopError, ShopErrorKind};
use crate::patience::Patience;

/// More words than these are not kept.
const MOST_WORDS: u64 = 64 * 1024;
/// A run is given up after so many times what a request may take: a file may be long.
const RUN_OF_REQUESTS: u32 = 20;

/// What a run left.
pub(super) struct Ran {
    /// Whether every command succeeded that had to.
    pub(super) ok: bool,
    /// What it showed.
    pub(super) shown: String,
    /// What it said about failures.
    pub(super) words: String,
}

/// How `sftp` is called.
pub(super) struct Program {
    address: DropAddress,
    key_file: Option<String>,
    config: Option<PathBuf>,
    connect_seconds: u64,
    limit: Duration,
    stop: CancellationToken,
}

impl Program {
    pub(super) fn new(address: DropAddress, key_file: &str, patience: &Patience, stop: CancellationToken) -> Self {
        Self {
            address,
            key_file: Some(key_file.trim().to_owned()).filter(|path| !path.is_empty()),
            config: None,
            connect_seconds: patience.timeout.as_secs().clamp(1, 60),
            limit: patience.timeout.saturating_mul(RUN_OF_REQUESTS),
            stop,
        }
    }

    pub(super) fn with_config(mut self, config: &Path) -> Self {
        self.config = Some(config.to_owned());
        self
    }

    /// The words of the call. What comes after `--` is no option, whatever it looks like.
    fn arguments(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut add = |all: &[&str]| words.extend(all.iter().map(|word| (*word).to_owned()));
        let timeout = format!("ConnectTimeout={}", self.connect_seconds);
        if let Some(config) = &self.config {
            add(&["-F", &config.to_string_lossy()]);
        }
        // Nothing is asked: a password or a passphrase that would be needed ends the run instead.
        add(&["-b", "-", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", &timeout]);
        add(&["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3"]);
        if let Some(file) = &self.key_file {
            add(&["-o", "IdentitiesOnly=yes", "-i", file]);
        }
        if let Some(port) = self.address.port() {
            add(&["-P", &port.to_string()]);
        }
        add(&["--", &self.address.destination()]);
        words
    }

    /// Runs commands with `folder` as the folder of this machine. Ends the program when it is asked to stop, when time is
    /// up, and when nobody waits for it any more.
    pub(super) async fn run(&self, folder: &Path, batch: &str) -> Result<Ran, ShopError> {
        if self.stop.is_cancelled() {
            return Err(ShopError::stopped());
        }
        let mut command = Command::new("sftp");
        command
            .args(self.arguments())
            .current_dir(folder)
            .env("LC_ALL", "C")
            .env("SSH_ASKPASS_REQUIRE", "never")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // No window of a terminal.
        #[cfg(windows)]
        command.creation_flags(0x0800_0000);
        let mut child = command.spawn().map_err(|error| not_started(&error))?;
        if let Some(mut input) = child.stdin.take() {
            // One that ends early reads no further, and says why.
            let _ = input.write_all(batch.as_bytes()).await;
        }
        let (shown, words) = (child.stdout.take(), child.stderr.take());
        let ended = async { tokio::join!(child.wait(), kept(shown), kept(words)) };
        let (status, shown, words) = tokio::select! {
            ended = ended => ended,
            () = self.stop.cancelled() => return Err(ShopError::stopped()),
            () = tokio::time::sleep(self.limit) => return Err(ShopError::new(
                ShopErrorKind::Unreachable,
                format!("The server did not take the file within {} seconds.", self.limit.as_secs()),
            )),
        };
        let status = status.map_err(|error| not_started(&error))?;
        Ok(Ran { ok: status.success(), shown, words })
    }
}

/// Reads to the end, and keeps the beginning.
async fn kept(stream: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut stream) = stream else { return String::new() };
    let mut bytes = Vec::new();
    let _ = (&mut stream).take(MOST_WORDS).read_to_end(&mut bytes).await;
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

fn not_started(error: &std::io::Error) -> ShopError {
    let words = if error.kind() == std::io::ErrorKind::NotFound {
        "This machine has no OpenSSH client (sftp). On Linux install openssh-client; on Windows add the optional feature \
         “OpenSSH Client”."
            .to_owned()
    } else {
        format!("The program sftp cannot be run: {error}.")
    };
    ShopError::new(ShopErrorKind::NotPermitted, words)
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::Program;
    use crate::file_drop::DropAddress;
    use crate::patience::Patience;

    #[test]
    fn the_server_comes_last_and_nothing_is_asked() {
        let address = DropAddress::parse("sftp://erp@drop.example:2222/in/").expect("an address");
        let program = Program::new(address, " /my keys/drop ", &Patience::default(), CancellationToken::new());
        let words = program.arguments();
        assert_eq!(words[words.len() - 4..], ["-P", "2222", "--", "erp@drop.example"]);
        for pair in [["-o", "BatchMode=yes"], ["-o", "ConnectTimeout=60"], ["-i", "/my keys/drop"], ["-b", "-"]] {
            assert!(words.windows(2).any(|two| two == pair), "{pair:?} in {words:?}");
        }
        assert!(!words.iter().any(|word| word.contains("StrictHostKeyChecking")), "the user's configuration decides");
    }

    #[test]
    fn without_a_key_file_agent_and_configuration_have_the_keys() {
        let address = DropAddress::parse("sftp://drop.example/in/").expect("an address");
        let words = Program::new(address, "", &Patience::default(), CancellationToken::new()).arguments();
        assert!(!words.iter().any(|word| word == "-i" || word.contains("IdentitiesOnly")), "{words:?}");
        assert_eq!(words[words.len() - 2..], ["--", "drop.example"]);
    }
}
