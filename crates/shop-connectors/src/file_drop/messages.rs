//! What `sftp` says, in words for a person who has to do something about it.

use super::address::DropAddress;
use crate::error::{ShopError, ShopErrorKind};

/// Longer words of a server are cut.
const LONGEST: usize = 200;

/// Reads what `sftp` and the `ssh` below it wrote about a failure. The order matters: what follows from something else
/// stands below it.
pub(super) fn read(words: &str, address: &DropAddress) -> ShopError {
    let says = |what: &str| words.contains(what);
    let some = |all: &[&str]| all.iter().any(|what| words.contains(what));
    let error = |kind, words: String| ShopError::new(kind, words);
    if says("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        return error(
            ShopErrorKind::NotRecognised,
            format!(
                "The server shows another host key than before. Ask who runs it; only if they changed it, forget the old \
                 one (ssh-keygen -R {}) and accept the new one ({}).",
                address.known_as(),
                address.ssh_command()
            ),
        );
    }
    if some(&["Host key verification failed", "host key is known for"]) {
        return error(
            ShopErrorKind::NotRecognised,
            format!(
                "This machine does not know the server's host key. Run “{}” once in a terminal, compare the fingerprint \
                 with the one that its operator names, and answer yes.",
                address.ssh_command()
            ),
        );
    }
    if says("UNPROTECTED PRIVATE KEY FILE") {
        return error(
            ShopErrorKind::NotRecognised,
            "Others may read the key file, so SSH does not take it. Let nobody but you read it (chmod 600).".to_owned(),
        );
    }
    if says("Identity file") && says("not accessible") {
        return error(
            ShopErrorKind::NotRecognised,
            "The key file is not where it was, or cannot be read. Name it again under Connections.".to_owned(),
        );
    }
    if some(&["Permission denied (", "Too many authentication failures", "No more authentication methods"]) {
        return error(
            ShopErrorKind::NotRecognised,
            "The server did not accept the key. It needs the public key of the key file, or of your SSH agent, for this \
             user; a key with a passphrase has to be in the agent (ssh-add)."
                .to_owned(),
        );
    }
    if says("Could not resolve hostname") {
        return unreachable("its name is not known");
    }
    if some(&["subsystem request failed", "Received message too long"]) {
        return error(
            ShopErrorKind::NotAShop,
            "The server answers SSH and offers no SFTP to this user. Ask who runs it.".to_owned(),
        );
    }
    let last = last_line(words);
    if some(&["stat remote", "Couldn't canonicalize", "Couldn't stat remote", "Can't change directory"]) {
        if says("Permission denied") {
            let words = format!("The server does not let this user into the folder ({last}).");
            return error(ShopErrorKind::NotPermitted, words);
        }
        return error(ShopErrorKind::NotAShop, format!("The server has no such folder for this user ({last})."));
    }
    if says("Permission denied") {
        return error(ShopErrorKind::NotPermitted, format!("The server does not let this user write there ({last})."));
    }
    for (sign, what) in [
        ("Connection refused", "nobody answers at this port"),
        ("timed out", "it did not answer in time"),
        ("Timeout, server", "it did not answer in time"),
        ("No route to host", "there is no way to it"),
        ("Network is unreachable", "there is no connection"),
        ("kex_exchange_identification", "it ended the connection"),
        ("Connection reset", "the connection broke off"),
        ("Connection closed", "the connection broke off"),
        ("Broken pipe", "the connection broke off"),
        ("lost connection", "the connection broke off"),
    ] {
        if says(sign) {
            return unreachable(what);
        }
    }
    error(ShopErrorKind::Refused, format!("The server refused the file ({last})."))
}

fn unreachable(what: &str) -> ShopError {
    ShopError::new(
        ShopErrorKind::Unreachable,
        format!("The server cannot be reached: {what}. Check the address and the network, then try again."),
    )
}

/// The last line with something in it, without what a terminal would read as a command.
fn last_line(words: &str) -> String {
    let mut said =
        words.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("Connection closed"));
    let line = said.next_back().unwrap_or("it gave no reason");
    line.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::error::ShopErrorKind::{self, NotAShop, NotPermitted, NotRecognised, Refused, Unreachable};
    use crate::file_drop::DropAddress;

    #[test]
    fn what_sftp_says_is_read_in_words() {
        let address = DropAddress::parse("sftp://erp@drop.example:2222/in/").expect("an address");
        // As OpenSSH 8.x, 9.x and 10.x write it.
        let said: &[(&str, ShopErrorKind, &str)] = &[
            ("Host key verification failed.\nConnection closed\n", NotRecognised, "ssh -p 2222 erp@drop.example"),
            (
                "No ED25519 host key is known for [drop.example]:2222 and you have requested strict checking.\r\n\
                 Host key verification failed.\r\nConnection closed\r\n",
                NotRecognised,
                "ssh -p 2222 erp@drop.example",
            ),
            (
                "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.\n",
                NotRecognised,
                "ssh-keygen -R '[drop.example]:2222'",
            ),
            (
                "erp@drop.example: Permission denied (publickey,password).\nConnection closed\n",
                NotRecognised,
                "ssh-add",
            ),
            (
                "@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\nLoad key \"/k\": bad permissions\n\
                 erp@drop.example: Permission denied (publickey).\nConnection closed\n",
                NotRecognised,
                "chmod 600",
            ),
            (
                "Warning: Identity file /k not accessible: No such file or directory.\n\
                 erp@drop.example: Permission denied (publickey).\nConnection closed\n",
                NotRecognised,
                "key file",
            ),
            ("ssh: Could not resolve hostname drop.example: Name or service not known\n", Unreachable, "name"),
            (
                "ssh: connect to host drop.example port 2222: Connection refused\nConnection closed\n",
                Unreachable,
                "port",
            ),
            ("ssh: connect to host drop.example port 2222: Connection timed out\n", Unreachable, "in time"),
            ("Connection closed by 192.0.2.1 port 2222\nConnection closed\n", Unreachable, "broke off"),
            ("subsystem request failed on channel 0\nConnection closed\n", NotAShop, "no SFTP"),
            ("stat remote: No such file or directory\n", NotAShop, "no such folder"),
            ("Couldn't stat remote file: No such file or directory\n", NotAShop, "no such folder"),
            ("stat remote: Permission denied\n", NotPermitted, "into the folder"),
            ("dest open \"/in/./x.partial\": Permission denied\n", NotPermitted, "/in/./x.partial"),
            ("remote open(\"/in/./x.partial\"): Permission denied\n", NotPermitted, "/in/./x.partial"),
            ("remote rename \"/in/./x\" to \"/in/./y\": Failure\n", Refused, "Failure"),
            ("Couldn't rename file \"/in/./x\" to \"/in/./y\": Failure\n", Refused, "Failure"),
            ("write remote \"/in/./x.partial\": Failure\n", Refused, "Failure"),
            ("", Refused, "no reason"),
        ];
        for (words, kind, part) in said {
            let error = read(words, &address);
            assert_eq!(error.kind, *kind, "{words}: {error}");
            assert!(error.message.contains(part), "{words}: {error}");
        }
    }

    #[test]
    fn the_servers_words_are_cut_and_harmless() {
        let address = DropAddress::parse("sftp://erp@drop.example/in/").expect("an address");
        let error = read(&format!("\u{1b}[2J{}", "x".repeat(5_000)), &address);
        assert!(error.message.len() < 300 && !error.message.contains('\u{1b}'), "{error}");
    }
}
