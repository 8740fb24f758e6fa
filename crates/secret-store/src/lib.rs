//! Keys and passwords of connections, models and mail servers.
//!
//! They live in the operating system's keychain. Where there is none (a server, a session without a secret service) they
//! stand in an encrypted file whose key lies beside it, readable by its owner alone: that keeps them out of backups of the
//! workspace and of a copied file, and not from someone who can read the owner's files; [`SecretStore::place`] lets a view
//! say so. A workspace file never holds a secret, only its name.

mod encrypted_file;
mod keychain;
mod secret;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

pub use secret::{Secret, SecretName};

use encrypted_file::EncryptedFile;

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPlace {
    /// The operating system's keychain.
    Keychain,
    /// An encrypted file in the application's folder.
    EncryptedFile,
}

/// What went wrong, in words for a person; never with the secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The name has characters or a length that not every keychain takes.
    #[error("“{0}” cannot name a secret: use letters, digits, “-”, “_”, “.” and “/”, at most 200")]
    Name(String),
    /// The keychain is locked or refused.
    #[error("the system's keychain did not answer ({0}); unlock it and try again")]
    Keychain(String),
    /// The encrypted file cannot be read or written.
    #[error("the file of secrets {path}: {reason}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
}

/// The place where secrets are set, found and removed. Cheap to clone. Every call but the first two may block: use a
/// blocking thread.
#[derive(Debug, Clone)]
pub struct SecretStore {
    folder: PathBuf,
    kept: Arc<OnceLock<Kept>>,
}

#[derive(Debug, Clone)]
enum Kept {
    Keychain,
    File(EncryptedFile),
}

impl SecretStore {
    /// The system's keychain where it answers at the first use, otherwise an encrypted file in `folder`.
    ///
    /// The file is used as well where `OMNIPRICEX_SECRETS=file` says so.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), kept: Arc::default() }
    }

    /// An encrypted file in `folder`, whatever the system has.
    #[must_use]
    pub fn in_file(folder: &Path) -> Self {
        let store = Self::open(folder);
        store.kept.get_or_init(|| Kept::File(EncryptedFile::new(folder)));
        store
    }

    fn kept(&self) -> &Kept {
        self.kept.get_or_init(|| {
            let file_wanted = std::env::var_os("OMNIPRICEX_SECRETS").is_some_and(|kind| kind == "file");
            let keychain = !file_wanted && keychain::answers();
            if keychain { Kept::Keychain } else { Kept::File(EncryptedFile::new(&self.folder)) }
        })
    }

    /// Where secrets are kept.
    #[must_use]
    pub fn place(&self) -> SecretPlace {
        match self.kept() {
            Kept::Keychain => SecretPlace::Keychain,
            Kept::File(_) => SecretPlace::EncryptedFile,
        }
    }

    /// Keeps a secret under a name, in place of the one before.
    ///
    /// # Errors
    /// When the keychain refuses or the file cannot be written.
    pub fn set(&self, name: &SecretName, secret: &Secret) -> Result<(), SecretError> {
        match self.kept() {
            Kept::Keychain => keychain::set(name, secret),
            Kept::File(file) => file.set(name, secret),
        }
    }

    /// The secret of a name.
    ///
    /// # Errors
    /// When the keychain refuses or the file cannot be read.
    pub fn find(&self, name: &SecretName) -> Result<Option<Secret>, SecretError> {
        match self.kept() {
            Kept::Keychain => keychain::find(name),
            Kept::File(file) => file.find(name),
        }
    }

    /// Forgets a secret; one that is not there is no error.
    ///
    /// # Errors
    /// When the keychain refuses or the file cannot be written.
    pub fn remove(&self, name: &SecretName) -> Result<(), SecretError> {
        match self.kept() {
            Kept::Keychain => keychain::remove(name),
            Kept::File(file) => file.remove(name),
        }
    }
}
