//! Secrets in a file: each is sealed with ChaCha20-Poly1305 (RFC 8439) under the file's key and bound to its name.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use fs4::FileExt;
use zeroize::Zeroizing;

use crate::{Secret, SecretError, SecretName};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// The file `secrets.json`, its key `secrets.key` and a lock, in one folder.
#[derive(Debug, Clone)]
pub struct EncryptedFile {
    folder: PathBuf,
}

type Sealed = BTreeMap<String, String>;

impl EncryptedFile {
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub fn set(&self, name: &SecretName, secret: &Secret) -> Result<(), SecretError> {
        let _lock = self.lock()?;
        let mut all = self.read()?;
        all.insert(name.as_str().to_owned(), self.seal(name, secret)?);
        self.write(&all)
    }

    pub fn find(&self, name: &SecretName) -> Result<Option<Secret>, SecretError> {
        let all = self.read()?;
        all.get(name.as_str()).map(|sealed| self.unseal(name, sealed)).transpose()
    }

    pub fn remove(&self, name: &SecretName) -> Result<(), SecretError> {
        let _lock = self.lock()?;
        let mut all = self.read()?;
        if all.remove(name.as_str()).is_some() { self.write(&all) } else { Ok(()) }
    }

    fn seal(&self, name: &SecretName, secret: &Secret) -> Result<String, SecretError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| self.problem(error))?;
        let message = Payload { msg: secret.reveal().as_bytes(), aad: name.as_str().as_bytes() };
        let sealed = self.cipher()?.encrypt(&nonce.into(), message).map_err(|error| self.problem(error))?;
        Ok(BASE64.encode([&nonce[..], &sealed].concat()))
    }

    fn unseal(&self, name: &SecretName, sealed: &str) -> Result<Secret, SecretError> {
        let spoilt = || self.problem("what it keeps cannot be opened with its key; enter the secret again");
        let bytes = BASE64.decode(sealed).map_err(|_| spoilt())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(spoilt)?;
        let message = Payload { msg: sealed, aad: name.as_str().as_bytes() };
        let opened = self.cipher()?.decrypt(&(*nonce).into(), message).map_err(|_| spoilt())?;
        String::from_utf8(opened).map(Secret::new).map_err(|_| spoilt())
    }

    fn cipher(&self) -> Result<ChaCha20Poly1305, SecretError> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        let path = self.folder.join("secrets.key");
        match File::open(&path) {
            Ok(mut file) => file.read_exact(&mut *key).map_err(|error| self.problem(error))?,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                getrandom::fill(&mut *key).map_err(|error| self.problem(error))?;
                self.write_new_key(&path, &*key).map_err(|error| self.problem(error))?;
            }
            Err(error) => return Err(self.problem(error)),
        }
        Ok(ChaCha20Poly1305::new(&(*key).into()))
    }

    fn write_new_key(&self, path: &Path, key: &[u8]) -> std::io::Result<()> {
        let mut file = owner_only(OpenOptions::new().write(true).create_new(true)).open(path)?;
        file.write_all(key)?;
        file.sync_all()
    }

    fn read(&self) -> Result<Sealed, SecretError> {
        match fs::read(self.path()) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| self.problem(error)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Sealed::new()),
            Err(error) => Err(self.problem(error)),
        }
    }

    fn write(&self, all: &Sealed) -> Result<(), SecretError> {
        let write = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(&serde_json::to_vec(all)?)?;
            file.as_file().sync_all()?;
            file.persist(self.path())?;
            Ok(())
        };
        write().map_err(|error| self.problem(error))
    }

    fn lock(&self) -> Result<File, SecretError> {
        let lock = || -> std::io::Result<File> {
            fs::create_dir_all(&self.folder)?;
            let file = owner_only(OpenOptions::new().write(true).create(true).truncate(false))
                .open(self.folder.join("secrets.lock"))?;
            FileExt::lock(&file)?;
            Ok(file)
        };
        lock().map_err(|error| self.problem(error))
    }

    fn path(&self) -> PathBuf {
        self.folder.join("secrets.json")
    }

    fn problem(&self, reason: impl ToString) -> SecretError {
        SecretError::File { path: self.path().display().to_string(), reason: reason.to_string() }
    }
}

/// A new file is its owner's alone (elsewhere than on Unix the user's folder already is).
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> SecretName {
        SecretName::new(text).expect("a plain name")
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn what_is_set_is_found_again_and_can_be_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, other) = (EncryptedFile::new(folder.path()), EncryptedFile::new(folder.path()));
        assert_eq!(one.find(&name("a")).expect("readable"), None);
        one.set(&name("a"), &secret("first")).expect("written");
        one.set(&name("b"), &secret("zweiter €")).expect("written");
        one.set(&name("a"), &secret("changed")).expect("written");
        assert_eq!(other.find(&name("a")).expect("readable"), Some(secret("changed")));
        assert_eq!(other.find(&name("b")).expect("readable"), Some(secret("zweiter €")));
        other.remove(&name("a")).expect("written");
        other.remove(&name("never-there")).expect("nothing to do");
        assert_eq!(one.find(&name("a")).expect("readable"), None);
    }

    #[test]
    fn the_file_shows_no_secret_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        EncryptedFile::new(folder.path()).set(&name("a"), &secret("ck_visible")).expect("written");
        for entry in fs::read_dir(folder.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            assert!(!String::from_utf8_lossy(&fs::read(&path).expect("readable")).contains("ck_visible"));
            #[cfg(unix)]
            assert_eq!(
                std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).expect("there").permissions()) & 0o077,
                0
            );
        }
    }

    #[test]
    fn a_secret_under_another_name_or_with_another_key_does_not_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = EncryptedFile::new(folder.path());
        file.set(&name("a"), &secret("x")).expect("written");
        let mut all = file.read().expect("readable");
        let sealed = all["a"].clone();
        all.insert("b".to_owned(), sealed);
        file.write(&all).expect("written");
        assert!(matches!(file.find(&name("b")), Err(SecretError::File { .. })));
        fs::write(folder.path().join("secrets.key"), [7; KEY_BYTES]).expect("written");
        assert!(matches!(file.find(&name("a")), Err(SecretError::File { .. })));
    }
}
