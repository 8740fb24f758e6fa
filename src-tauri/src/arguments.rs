//! What the command line and the environment say.

use std::env;
use std::path::PathBuf;

use clap::Parser;

/// Names a folder that replaces the person's data folder, for tests and portable installations.
const DATA_FOLDER: &str = "OMNIPRICEX_DATA_DIR";

/// The pricing desktop. Without arguments the last workspace opens.
#[derive(Debug, Parser)]
#[command(name = "omnipricex-desktop", version)]
pub(crate) struct Arguments {
    /// Opens this workspace file.
    #[arg(long, value_name = "FILE", conflicts_with = "sample")]
    pub(crate) workspace: Option<PathBuf>,
    /// Opens the sample workspace.
    #[arg(long)]
    pub(crate) sample: bool,
    /// Also writes the log to the terminal.
    #[arg(long)]
    pub(crate) verbose: bool,
}

/// Where the application keeps its files.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// Workspaces without a place of their own, uploads, exports.
    pub(crate) data: PathBuf,
    /// Log files.
    pub(crate) logs: PathBuf,
    /// The environment named the folder.
    pub(crate) overridden: bool,
}

impl Folders {
    /// The person's folders, or those that the environment names.
    pub(crate) fn chosen() -> Self {
        let (data, logs) = app_commands::default_folders();
        Self { data, logs, overridden: env::var_os(DATA_FOLDER).is_some() }
    }
}

/// Who is at the keyboard, as the audit names them.
pub(crate) fn actor() -> String {
    ["USER", "USERNAME"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "desktop".to_owned())
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::Parser;

    #[test]
    fn a_workspace_and_the_sample_are_alternatives() {
        let parse = |words: &[&str]| Arguments::try_parse_from([&["omnipricex-desktop"], words].concat());
        assert!(parse(&["--sample", "--verbose"]).expect("allowed").sample);
        assert!(parse(&["--workspace", "a.omnipricex"]).expect("allowed").workspace.is_some());
        assert!(parse(&["--sample", "--workspace", "a.omnipricex"]).is_err());
    }
}
