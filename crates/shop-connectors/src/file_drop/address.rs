//! Where files are laid down: `sftp://user@host:port/folder/file`.

use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// A batch line of `sftp` ends at 2,048 bytes, and quoting at most doubles a path.
const LONGEST_PATH: usize = 500;

/// A folder of a server, and the name that files get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DropAddress {
    /// As it is kept and shown.
    url: String,
    user: Option<String>,
    host: String,
    port: Option<u16>,
    /// From the server's root, or from the folder of the login where it begins with a dot.
    folder: String,
    /// `None`: each hand-over has a name of its own.
    file: Option<String>,
}

impl DropAddress {
    /// Checks an address as a person types it. Without a path, and below `/~/`, it is the folder of the login; a path that
    /// ends with `/` names a folder, where each hand-over is a file of its own.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err("An address has no line breaks and no other control characters.".to_owned());
        }
        let wrong = || {
            format!(
                "“{text}” is not the address of an SFTP folder. Write it like sftp://user@host/folder/ or \
                     sftp://user@host:2222/folder/prices.csv."
            )
        };
        let whole = if text.contains("://") { text.to_owned() } else { format!("sftp://{text}") };
        let url = Url::parse(&whole).map_err(|_| wrong())?;
        if url.scheme() != "sftp" {
            return Err(wrong());
        }
        if url.password().is_some() {
            return Err(
                "Leave the password out: a key file, your SSH agent or your SSH configuration opens it.".to_owned()
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("Write “?” and “#” in a name as %3F and %23.".to_owned());
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => format!("[{address}]"),
            None => return Err(wrong()),
        };
        let user = Some(decoded(url.username()).ok_or_else(wrong)?).filter(|user| !user.is_empty());
        let is_name = |name: &str, more: &str| {
            !name.is_empty()
                && !name.starts_with('-')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c) || more.contains(c))
        };
        if !(is_name(&host, "[:]") && user.as_deref().is_none_or(|user| is_name(user, "@+\\"))) {
            return Err(wrong());
        }
        let path = decoded(url.path()).ok_or_else(wrong)?;
        if path.chars().any(|c| c.is_control() || c == '\\') {
            return Err(
                "A folder or file with a line break, a control character or “\\” in its name is not written to."
                    .to_owned(),
            );
        }
        if path.len() > LONGEST_PATH {
            return Err(format!("The path is longer than {LONGEST_PATH} bytes."));
        }
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path.as_str()));
        let folder = match folder.strip_prefix("/~") {
            Some(below) if below.is_empty() || below.starts_with('/') => format!(".{below}"),
            _ if path.is_empty() => ".".to_owned(),
            _ if folder.is_empty() => "/".to_owned(),
            _ => folder.to_owned(),
        };
        let file = Some(file.to_owned()).filter(|file| !file.is_empty());
        Ok(Self { url: url.to_string(), user, host, port: url.port(), folder, file })
    }

    /// The server as `sftp` takes it.
    pub(crate) fn destination(&self) -> String {
        self.user.as_ref().map_or_else(|| self.host.clone(), |user| format!("{user}@{}", self.host))
    }

    /// Its port, where it is not the usual one.
    pub(crate) const fn port(&self) -> Option<u16> {
        self.port
    }

    /// The server's name.
    pub(crate) fn host_name(&self) -> &str {
        &self.host
    }

    /// The folder, to go into.
    pub(crate) fn folder(&self) -> &str {
        &self.folder
    }

    /// What the file of a hand-over is called.
    pub(crate) fn file_name(&self, id: &str) -> String {
        self.file.clone().unwrap_or_else(|| format!("prices-{id}.csv"))
    }

    /// What becomes of the files, for a person.
    pub(crate) fn manner(&self) -> String {
        self.file.as_ref().map_or_else(
            || "Each hand-over is a file of its own, prices-….csv.".to_owned(),
            |file| {
                format!(
                    "Each hand-over replaces the file {file}. Where it may not be fetched in between, let the address end \
                     with the folder and “/”: each hand-over is a file of its own then."
                )
            },
        )
    }

    /// The command by which a person gets to know the server's key.
    pub(crate) fn ssh_command(&self) -> String {
        let port = self.port.map(|port| format!("-p {port} ")).unwrap_or_default();
        format!("ssh {port}{}", self.destination().replace(['[', ']'], ""))
    }

    /// The server as the list of known hosts has it.
    pub(crate) fn known_as(&self) -> String {
        let host = self.host.trim_matches(['[', ']']);
        self.port.map_or_else(|| host.to_owned(), |port| format!("'[{host}]:{port}'"))
    }
}

impl std::fmt::Display for DropAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.url)
    }
}

fn decoded(text: &str) -> Option<String> {
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

/// Checks the path of a key file as a person types it. Empty: there is none. `ssh` replaces parts of a path that begin
/// with `%` or `$`.
pub(crate) fn check_key_file(text: &str) -> Result<(), String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    if text.contains("PRIVATE KEY") {
        return Err("Name the path of the key file, not the key itself.".to_owned());
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '%' | '$' | '"')) {
        return Err(
            "The path of the key file has %, $, a quote or a line break in it. Move the file elsewhere.".to_owned()
        );
    }
    if !std::path::Path::new(text).is_absolute() {
        return Err("Write the whole path of the key file, from the root of the disk on.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{DropAddress, check_key_file};

    fn parts(text: &str) -> Option<(String, Option<u16>, String, String)> {
        let address = DropAddress::parse(text).ok()?;
        Some((address.destination(), address.port(), address.folder().to_owned(), address.file_name("1")))
    }

    #[test]
    fn an_address_names_server_folder_and_file() {
        let all = [
            ("sftp://erp@host.example/in/prices.csv", "erp@host.example", None, "/in", "prices.csv"),
            ("erp@host.example:2222/in/", "erp@host.example", Some(2222), "/in", "prices-1.csv"),
            ("sftp://host.example", "host.example", None, ".", "prices-1.csv"),
            ("sftp://host.example/", "host.example", None, "/", "prices-1.csv"),
            ("sftp://host.example/prices.csv", "host.example", None, "/", "prices.csv"),
            ("sftp://erp@host.example/~/prices.csv", "erp@host.example", None, ".", "prices.csv"),
            ("sftp://erp@host.example/~/a b/", "erp@host.example", None, "./a b", "prices-1.csv"),
            ("sftp://erp@host.example/~backup/", "erp@host.example", None, "/~backup", "prices-1.csv"),
            ("sftp://erp@[::1]:22/-in/-p.csv", "erp@[::1]", Some(22), "/-in", "-p.csv"),
            (
                "sftp://me%40firm.example@host/Pr%C3%A9cios%3F/",
                "me@firm.example@host",
                None,
                "/Précios?",
                "prices-1.csv",
            ),
            ("sftp://host/\"it's\"/x.csv", "host", None, "/\"it's\"", "x.csv"),
        ];
        for (typed, destination, port, folder, file) in all {
            let expected = (destination.to_owned(), port, folder.to_owned(), file.to_owned());
            assert_eq!(parts(typed), Some(expected), "{typed}");
            let kept = DropAddress::parse(typed).expect("an address").to_string();
            assert_eq!(parts(&kept), parts(typed), "{typed} is kept as {kept}");
        }
    }

    #[test]
    fn what_could_be_read_as_a_command_or_an_option_is_no_address() {
        for typed in [
            "",
            "sftp://",
            "https://host.example/in/",
            "sftp://erp:secret@host/in/",
            "sftp://-oProxyCommand=x@host/in/",
            "sftp://erp@-oProxyCommand=x/in/",
            "sftp://erp;id@host/in/",
            "sftp://e%20rp@host/in/",
            "sftp://erp@ho%0Ast/in/",
            "sftp://erp@host/in\n!id/",
            "sftp://erp@host/in%0A!id/",
            "sftp://erp@host/in%0D/",
            "sftp://erp@host/in%00/",
            "sftp://erp@host/a%5Cb/",
            "sftp://erp@host/%FF/",
            "sftp://erp@host/in/?x",
            "sftp://erp@host/in/#x",
        ] {
            assert_eq!(parts(typed), None, "{typed}");
        }
        assert!(DropAddress::parse(&format!("sftp://host/{}/", "x".repeat(600))).is_err());
    }

    #[test]
    fn the_commands_for_a_person_name_the_server() {
        let address = DropAddress::parse("sftp://erp@host.example:2222/in/").expect("an address");
        assert_eq!(address.ssh_command(), "ssh -p 2222 erp@host.example");
        assert_eq!(address.known_as(), "'[host.example]:2222'");
        let usual = DropAddress::parse("sftp://[::1]/in/").expect("an address");
        assert_eq!((usual.ssh_command().as_str(), usual.known_as().as_str()), ("ssh ::1", "::1"));
    }

    #[test]
    fn a_key_file_is_a_whole_path_that_ssh_takes_as_it_is() {
        let root = if cfg!(windows) { "C:\\" } else { "/" };
        for (typed, taken) in [
            (String::new(), true),
            (format!("{root}my keys/drop"), true),
            ("keys/drop".to_owned(), false),
            ("-oProxyCommand=x".to_owned(), false),
            (format!("{root}a\nb"), false),
            (format!("{root}%d"), false),
            (format!("{root}${{HOME}}"), false),
            ("-----BEGIN OPENSSH PRIVATE KEY-----".to_owned(), false),
        ] {
            assert_eq!(check_key_file(&typed).is_ok(), taken, "{typed}");
        }
    }
}
