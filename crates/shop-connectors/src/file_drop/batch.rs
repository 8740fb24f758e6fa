//! Words of the commands that `sftp` reads, and the listing that it writes.

/// A word as `sftp` takes it: in double quotes, where blanks, `#`, `'` and wildcards stand for themselves. Addresses
/// have no backslash and no control character; a name follows on `./`, so that none is an option.
pub(super) fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\\\""))
}

/// The size of a file in a long listing. Names of users may have blanks, so it is found from the name backwards: before
/// it stand the time in three words and the size.
pub(super) fn size_listed(shown: &str, name: &str) -> Option<u64> {
    let mut lines = shown.lines().filter(|line| !line.starts_with("sftp>"));
    lines.find_map(|line| line.trim_end().strip_suffix(name)?.split_whitespace().rev().nth(3)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{quoted, size_listed};

    #[test]
    fn a_word_stays_one_word() {
        for (word, expected) in [
            ("./prices.csv", r#""./prices.csv""#),
            ("./a b", r#""./a b""#),
            ("./-rf", r#""./-rf""#),
            (r#"./say "so""#, r#""./say \"so\"""#),
            ("./it's #1 [x]*?", r#""./it's #1 [x]*?""#),
            (r#"./" "../etc"#, r#""./\" \"../etc""#),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn the_size_is_read_whatever_users_are_called() {
        let echo = "sftp> -ls -ln \"./x.partial\"\n";
        for (line, size) in [
            ("-rw-r--r--    ? root     root            6 Nov 26 23:17 ./x.partial", Some(6)),
            ("-rw-r--r--    1 1000     Domain Users  123456789 Nov  6  2025 ./x.partial", Some(123_456_789)),
            ("-rw-r--r--    1 1000     1000     7 Nov  6  2025 ./other.partial", None),
            ("Can't ls: \"/in/./x.partial\" not found", None),
            ("", None),
        ] {
            assert_eq!(size_listed(&format!("{echo}{line}\r\n"), "./x.partial"), size, "{line}");
        }
    }
}
