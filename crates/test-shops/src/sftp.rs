//! A receiver of files: the system's own `sshd`, with a configuration, keys and a folder of its own, run as the user who
//! tests. Nothing of the machine's own server is read or changed.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A server on loopback that takes one key.
pub struct SftpServer {
    home: TempDir,
    port: u16,
    user: String,
    connections: Arc<AtomicUsize>,
    silent: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl SftpServer {
    /// Opens one; `None`: there is no `sshd` on this machine, and the test has said so.
    pub async fn open() -> Option<Self> {
        Self::open_with("").await
    }

    /// Opens one whose `sftp-server` has these options, such as `-R` (nothing can be written) or `-P posix-rename`
    /// (renaming replaces no file).
    pub async fn open_with(options: &str) -> Option<Self> {
        let Some(sshd) = find_sshd() else {
            eprintln!("SKIPPED: there is no sshd on this machine. `cargo xtask setup` installs openssh-server.");
            return None;
        };
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("drop")).unwrap();
        for key in ["host_key", "other_host_key", "user_key", "other_key"] {
            make_key(&home.path().join(key), "");
        }
        make_key(&home.path().join("sealed_key"), "a passphrase");
        let user = Command::new("id").arg("-un").output().unwrap().stdout;
        let user = String::from_utf8(user).unwrap().trim().to_owned();
        let config = home.path().join("sshd_config");
        std::fs::write(&config, sshd_config(home.path(), &user, options)).unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, silent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let task = tokio::spawn(serve(listener, sshd, config, connections.clone(), silent.clone()));
        let server = Self { home, port, user, connections, silent, task };
        std::fs::write(
            server.ssh_config(),
            format!(
                "UserKnownHostsFile \"{}\"\nGlobalKnownHostsFile /dev/null\nIdentityAgent none\nIdentityFile none\n",
                server.path("known_hosts").display()
            ),
        )
        .unwrap();
        server.be_known();
        Some(server)
    }

    /// The address of its folder, with `path` below it.
    pub fn address(&self, path: &str) -> String {
        format!("sftp://{}@127.0.0.1:{}{}/{path}", self.user, self.port, self.folder().display())
    }

    /// Its folder.
    pub fn folder(&self) -> PathBuf {
        self.path("drop")
    }

    /// The names in its folder, in their order.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The configuration of `ssh` by which it is known, in place of the user's own.
    pub fn ssh_config(&self) -> PathBuf {
        self.path("ssh_config")
    }

    /// The key that it takes.
    pub fn key_file(&self) -> String {
        self.path("user_key").display().to_string()
    }

    /// A key that it does not take.
    pub fn other_key_file(&self) -> String {
        self.path("other_key").display().to_string()
    }

    /// A key that it takes, and that has a passphrase.
    pub fn sealed_key_file(&self) -> String {
        self.path("sealed_key").display().to_string()
    }

    /// From now on this machine does not know its host key.
    pub fn be_unknown(&self) {
        std::fs::write(self.path("known_hosts"), "").unwrap();
    }

    /// From now on this machine knows its host key.
    pub fn be_known(&self) {
        self.know("host_key");
    }

    /// From now on this machine knows another host key for it.
    pub fn be_known_otherwise(&self) {
        self.know("other_host_key");
    }

    /// From now on it takes connections and says nothing, or answers again.
    pub fn be_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::SeqCst);
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn know(&self, key: &str) {
        let public = std::fs::read_to_string(self.path(&format!("{key}.pub"))).unwrap();
        std::fs::write(self.path("known_hosts"), format!("[127.0.0.1]:{} {public}", self.port)).unwrap();
    }
}

impl Drop for SftpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One `sshd` a connection, on the socket as its input and output: no port is chosen twice, and none outlives the test.
async fn serve(
    listener: TcpListener,
    sshd: PathBuf,
    config: PathBuf,
    connections: Arc<AtomicUsize>,
    silent: Arc<AtomicBool>,
) {
    let mut held: Vec<TcpStream> = Vec::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        connections.fetch_add(1, Ordering::SeqCst);
        if silent.load(Ordering::SeqCst) {
            held.push(stream);
            continue;
        }
        let socket = stream.into_std().unwrap();
        socket.set_nonblocking(false).unwrap();
        let (input, output) = (OwnedFd::from(socket.try_clone().unwrap()), OwnedFd::from(socket));
        let log = config.with_file_name("sshd.log");
        let mut child = tokio::process::Command::new(&sshd)
            .args(["-i", "-f"])
            .arg(&config)
            .arg("-E")
            .arg(log)
            .stdin(Stdio::from(input))
            .stdout(Stdio::from(output))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::spawn(async move { child.wait().await });
    }
}

fn sshd_config(home: &Path, user: &str, options: &str) -> String {
    let home = home.display();
    // Who may not read which accounts are locked takes all for locked, and has PAM judge instead.
    let pam = if user == "root" { "no" } else { "yes" };
    format!(
        "HostKey {home}/host_key\nAuthorizedKeysFile {home}/user_key.pub {home}/sealed_key.pub\nStrictModes no\nUsePAM {pam}\n\
         PidFile none\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n\
         Subsystem sftp internal-sftp {options}\n"
    )
}

fn make_key(path: &Path, passphrase: &str) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", passphrase, "-f"]).arg(path).status();
    assert!(made.unwrap().success(), "ssh-keygen makes {}", path.display());
}

/// It is beside the programs for everybody, and often outside their search path.
fn find_sshd() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from));
    let found = folders.into_iter().map(|folder| folder.join("sshd")).find(|file| file.is_file())?;
    // Run by root it wants this empty folder of the running system, which starting its service would have made.
    if let Err(error) = std::fs::create_dir("/run/sshd") {
        let usual =
            [std::io::ErrorKind::AlreadyExists, std::io::ErrorKind::PermissionDenied, std::io::ErrorKind::NotFound];
        assert!(usual.contains(&error.kind()), "/run/sshd: {error}");
    }
    Some(found)
}
