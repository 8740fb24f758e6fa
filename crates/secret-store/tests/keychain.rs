//! The store against a real keychain: gnome-keyring on a session bus of its own, so that nobody's keychain is touched.
#![cfg(target_os = "linux")]

use std::process::Command;

use secret_store::{Secret, SecretName, SecretPlace, SecretStore};

const INSIDE: &str = "OMNIPRICEX_TEST_KEYCHAIN";

/// Starts itself again on a session bus with an unlocked keychain in a home folder of its own.
#[test]
fn the_systems_keychain_keeps_secrets() {
    if std::env::var_os(INSIDE).is_some() {
        return inside_a_session();
    }
    let home = tempfile::tempdir().expect("a folder");
    let unlock =
        r#"printf test | gnome-keyring-daemon --unlock --components=secrets >&2 && exec "$0" the_systems_keychain"#;
    let status = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", unlock])
        .arg(std::env::current_exe().expect("this test"))
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env("XDG_DATA_HOME", home.path())
        .env_remove("OMNIPRICEX_SECRETS")
        .env(INSIDE, "1")
        .status()
        .expect("dbus-run-session and gnome-keyring-daemon, which `cargo xtask setup` installs");
    assert!(status.success());
}

fn inside_a_session() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SecretStore::open(folder.path());
    assert_eq!(store.place(), SecretPlace::Keychain);
    let name = SecretName::new("connection/1/key").expect("a plain name");
    assert_eq!(store.find(&name).expect("an answer"), None);
    for text in ["first", "zweiter €"] {
        let secret = Secret::new(text.to_owned());
        store.set(&name, &secret).expect("kept");
        assert_eq!(SecretStore::open(folder.path()).find(&name).expect("an answer"), Some(secret));
    }
    store.remove(&name).expect("removed");
    store.remove(&name).expect("nothing to do");
    assert_eq!(store.find(&name).expect("an answer"), None);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "no file beside the keychain");
}
