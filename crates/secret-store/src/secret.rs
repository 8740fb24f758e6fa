//! A secret that does not show itself, and its name.

use std::fmt;

use zeroize::Zeroizing;

use crate::SecretError;

const LONGEST_NAME: usize = 200;

/// A key or password. It is wiped from memory when dropped, and printing it shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret's text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the request that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// What a secret is found by, such as `connection/0192…/key`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretName(String);

impl SecretName {
    /// Checks a name.
    ///
    /// # Errors
    /// When it is empty, too long or has characters that not every keychain takes.
    pub fn new(name: impl Into<String>) -> Result<Self, SecretError> {
        let name = name.into();
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        if name.is_empty() || name.len() > LONGEST_NAME || !plain {
            return Err(SecretError::Name(name));
        }
        Ok(Self(name))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new("ck_123".to_owned());
        assert!(!format!("{secret:?}").contains("ck_123"));
        assert_eq!(secret.reveal(), "ck_123");
    }

    #[test]
    fn names_are_plain_and_short() {
        assert!(SecretName::new("connection/0192/key").is_ok());
        for wrong in ["", "a b", "ключ", &"x".repeat(201)] {
            assert!(SecretName::new(wrong).is_err(), "{wrong}");
        }
    }
}
