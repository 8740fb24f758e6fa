//! The operating system's keychain: Keychain Services, Credential Manager, or the Secret Service.
//!
//! Its client may start a runtime of its own, which must not happen inside another one, so every call has its own thread.

use keyring::{Entry, Error};

use crate::{Secret, SecretError, SecretName};

const SERVICE: &str = "OmniPriceX";

/// Whether a keychain can be reached.
pub fn answers() -> bool {
    apart(|| match Entry::new(SERVICE, "probe")?.get_password() {
        Ok(_) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    })
    .is_ok()
}

pub fn set(name: &SecretName, secret: &Secret) -> Result<(), SecretError> {
    apart(|| Entry::new(SERVICE, name.as_str())?.set_password(secret.reveal()))
}

pub fn find(name: &SecretName) -> Result<Option<Secret>, SecretError> {
    apart(|| match Entry::new(SERVICE, name.as_str())?.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
}

pub fn remove(name: &SecretName) -> Result<(), SecretError> {
    apart(|| match Entry::new(SERVICE, name.as_str())?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    })
}

fn apart<T: Send>(work: impl FnOnce() -> keyring::Result<T> + Send) -> Result<T, SecretError> {
    std::thread::scope(|threads| threads.spawn(work).join())
        .map_err(|_| SecretError::Keychain("its client stopped".to_owned()))?
        .map_err(|error| SecretError::Keychain(reason(&error)))
}

/// The reason without what the keychain returned, which may be part of the secret.
fn reason(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what it keeps is no text".to_owned(),
        other => other.to_string(),
    }
}
