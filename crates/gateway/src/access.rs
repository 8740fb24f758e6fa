//! Who may come in: one-time tokens and the sessions they become.
//!
//! Only digests are kept, so that looking one up tells nothing about the others by its timing.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};

use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

type Key = [u8; 32];

/// The tokens that were handed out and not used, and the sessions at work.
#[derive(Default)]
pub(crate) struct Access {
    tokens: Mutex<HashSet<Key>>,
    sessions: Mutex<HashSet<Key>>,
}

impl Access {
    /// Makes a token that can be redeemed once.
    pub(crate) fn issue_token(&self) -> String {
        let token = random_text();
        locked(&self.tokens).insert(key(&token));
        token
    }

    /// Exchanges a token for a session. `None` when it is unknown or used.
    pub(crate) fn redeem(&self, token: &str) -> Option<String> {
        if !locked(&self.tokens).remove(&key(token)) {
            return None;
        }
        let session = random_text();
        locked(&self.sessions).insert(key(&session));
        Some(session)
    }

    /// Whether a session came from a redeemed token.
    pub(crate) fn knows(&self, session: &str) -> bool {
        locked(&self.sessions).contains(&key(session))
    }
}

/// Makes 32 random bytes as URL-safe text.
pub(crate) fn random_text() -> String {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key(text: &str) -> Key {
    Sha256::digest(text.as_bytes()).into()
}

fn locked(keys: &Mutex<HashSet<Key>>) -> MutexGuard<'_, HashSet<Key>> {
    keys.lock().expect("no holder of this lock panics")
}

#[cfg(test)]
mod tests {
    use super::Access;

    #[test]
    fn a_token_becomes_a_session_once() {
        let access = Access::default();
        let token = access.issue_token();
        let session = access.redeem(&token).expect("first use");
        assert!(access.knows(&session));
        assert_eq!(access.redeem(&token), None);
    }

    #[test]
    fn a_token_is_no_session_and_a_made_up_token_is_nothing() {
        let access = Access::default();
        let token = access.issue_token();
        assert!(!access.knows(&token));
        assert_eq!(access.redeem("0".repeat(64).as_str()), None);
        assert_ne!(token, access.issue_token());
    }
}
