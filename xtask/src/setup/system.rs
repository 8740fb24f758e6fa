//! What the operating system must provide: each need with its reason, how its presence is seen, and its
//! Debian package.

use super::Purpose;
use crate::shell;
use anyhow::{Result, bail};
use std::io::IsTerminal;
use std::process::Command;

/// Something that the system provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    package: &'static str,
    reason: &'static str,
    seen_by: SeenBy,
    purpose: Purpose,
}

/// What shows that a need is met, on any distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeenBy {
    /// A library that pkg-config knows.
    Library(&'static str),
    /// One of these programs.
    Program(&'static [&'static str]),
    /// Only the package itself.
    Package,
}

const NEEDS: &[Need] = &[
    build("build-essential", "to compile SQLite and other C code", SeenBy::Program(&["cc", "gcc", "clang"])),
    build("pkg-config", "to find system libraries", SeenBy::Program(&["pkg-config"])),
    build("lld", "to link the interface", SeenBy::Program(&["wasm-ld"])),
    build("libwebkit2gtk-4.1-dev", "the window's web view", SeenBy::Library("webkit2gtk-4.1")),
    build("libgtk-3-dev", "the window", SeenBy::Library("gtk+-3.0")),
    build("librsvg2-dev", "icons", SeenBy::Library("librsvg-2.0")),
    build("libdbus-1-dev", "to talk to the desktop: notifications, the keychain", SeenBy::Library("dbus-1")),
    test("xvfb", "a virtual display for the window's tests", SeenBy::Program(&["Xvfb"])),
    test("xauth", "a virtual display for the window's tests", SeenBy::Program(&["xauth"])),
    test("webkit2gtk-driver", "to drive the window in tests", SeenBy::Program(&["WebKitWebDriver"])),
    test("chromium", "the browser's tests", SeenBy::Program(&["chromium", "chromium-browser", "google-chrome"])),
    test("chromium-driver", "to drive the browser in tests", SeenBy::Program(&["chromedriver"])),
    test("gnome-keyring", "the keychain's test", SeenBy::Program(&["gnome-keyring-daemon"])),
    test(
        "openssh-server",
        "the SFTP server of tests; started by them alone",
        SeenBy::Program(&["sshd", "/usr/sbin/sshd"]),
    ),
    test("dbus", "a session bus for the window's tests", SeenBy::Program(&["dbus-run-session"])),
    test("npm", "to fetch axe-core, which checks accessibility in tests", SeenBy::Program(&["npm"])),
];

const fn build(package: &'static str, reason: &'static str, seen_by: SeenBy) -> Need {
    Need { package, reason, seen_by, purpose: Purpose::Build }
}

const fn test(package: &'static str, reason: &'static str, seen_by: SeenBy) -> Need {
    Need { package, reason, seen_by, purpose: Purpose::Test }
}

impl Need {
    /// One of the Debian packages that compile for wasm.
    pub fn wasm_package(package: &'static str) -> Need {
        build(package, "to compile the interface for wasm", SeenBy::Package)
    }

    /// The need in one line, for a person.
    pub fn line(&self) -> String {
        format!("{}: {}", self.package, self.reason)
    }

    fn is_met(&self) -> bool {
        match self.seen_by {
            SeenBy::Library(name) => shell::succeeds(Command::new("pkg-config").args(["--exists", name])),
            SeenBy::Program(names) => names.iter().any(|name| shell::find_program(name).is_some()),
            SeenBy::Package => package_is_installed(self.package),
        }
    }
}

/// The needs of this purpose that the system does not meet. Other systems than Linux bring their web view along.
pub fn missing(purpose: Purpose) -> Vec<Need> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let wanted = NEEDS.iter().filter(|need| need.purpose == Purpose::Build || purpose == Purpose::Test);
    wanted.filter(|need| !need.is_met()).copied().collect()
}

/// Installs the needs through apt, or says what to install where there is none.
pub fn install(needs: &[Need]) -> Result<()> {
    if needs.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = needs.iter().map(Need::line).collect();
    if shell::find_program("apt-get").is_none() {
        bail!("please install these (named as in Debian), then run this again:\n  {}", lines.join("\n  "));
    }
    eprintln!("installing through apt:\n  {}", lines.join("\n  "));
    shell::run(apt_get()?.arg("update"))?;
    let packages = needs.iter().map(|need| need.package);
    shell::run(apt_get()?.args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt_get() -> Result<Command> {
    let is_root = shell::output(Command::new("id").arg("-u"))? == "0";
    let mut command = Command::new(if is_root { "env" } else { "sudo" });
    if !is_root {
        if shell::find_program("sudo").is_none() {
            bail!("installing needs root: run `cargo xtask setup` as root, or install sudo");
        }
        if !std::io::stdin().is_terminal() {
            command.arg("--non-interactive");
        }
        command.arg("env");
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]);
    Ok(command)
}

fn package_is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Abbrev}", package]).stderr(std::process::Stdio::null());
    query.output().is_ok_and(|output| output.stdout.starts_with(b"ii"))
}

#[cfg(test)]
mod tests {
    use super::{NEEDS, Need, SeenBy, build};

    #[test]
    fn every_need_says_what_it_is_for() {
        for need in NEEDS {
            assert!(!need.reason.is_empty(), "{}", need.package);
            assert_eq!(need.line(), format!("{}: {}", need.package, need.reason));
        }
    }

    #[test]
    fn what_no_machine_has_is_missing() {
        assert!(!build("nothing", "a test", SeenBy::Program(&["no-program-has-this-name"])).is_met());
        assert!(!build("nothing", "a test", SeenBy::Library("no-library-has-this-name")).is_met());
        assert!(!Need::wasm_package("no-package-has-this-name").is_met());
    }

    #[test]
    fn one_of_several_programs_is_enough() {
        assert!(build("cargo", "a test", SeenBy::Program(&["no-program-has-this-name", "cargo"])).is_met());
    }
}
