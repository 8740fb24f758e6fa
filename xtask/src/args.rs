//! Command-line arguments of a subcommand: flags, options with a value, and the words beside them.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;

/// The arguments of one subcommand after reading.
#[derive(Debug, Default)]
pub struct Args {
    flags: Vec<String>,
    options: BTreeMap<String, String>,
    /// Words that are neither flag nor option, in their order.
    pub words: Vec<String>,
}

impl Args {
    /// Reads the arguments; refuses a flag or option that the subcommand does not name.
    pub fn read(arguments: &[String], flags: &[&str], options: &[&str]) -> Result<Args> {
        let mut read = Args::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if let Some((name, value)) = argument.split_once('=').filter(|(name, _)| options.contains(name)) {
                read.options.insert(name.to_owned(), value.to_owned());
            } else if options.contains(&argument.as_str()) {
                let value = rest.next().with_context(|| format!("{argument} needs a value"))?;
                read.options.insert(argument.clone(), value.clone());
            } else if flags.contains(&argument.as_str()) {
                read.flags.push(argument.clone());
            } else if argument.starts_with('-') {
                bail!("unknown option {argument}; see --help");
            } else {
                read.words.push(argument.clone());
            }
        }
        Ok(read)
    }

    /// Reads arguments of a subcommand that takes no words.
    pub fn read_without_words(arguments: &[String], flags: &[&str], options: &[&str]) -> Result<Args> {
        let read = Args::read(arguments, flags, options)?;
        if let Some(word) = read.words.first() {
            bail!("unexpected argument `{word}`; see --help");
        }
        Ok(read)
    }

    /// Whether the flag was given.
    pub fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|given| given == flag)
    }

    /// The value of an option, if it was given.
    pub fn value(&self, option: &str) -> Option<&str> {
        self.options.get(option).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn flags_options_and_words_are_told_apart() {
        let args = Args::read(
            &words("--quick one --products 10 --workspace=a.db"),
            &["--quick"],
            &["--products", "--workspace"],
        )
        .expect("valid");
        assert!(args.has("--quick"));
        assert!(!args.has("--release"));
        assert_eq!(args.value("--products"), Some("10"));
        assert_eq!(args.value("--workspace"), Some("a.db"));
        assert_eq!(args.words, ["one"]);
    }

    #[test]
    fn unknown_and_incomplete_options_are_refused() {
        assert!(Args::read(&words("--nope"), &["--yes"], &[]).is_err());
        assert!(Args::read(&words("--products"), &[], &["--products"]).is_err());
        assert!(Args::read_without_words(&words("stray"), &[], &[]).is_err());
    }
}
