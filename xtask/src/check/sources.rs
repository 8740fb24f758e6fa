//! Checks one source file: its size, its head, and what its crate's place forbids.

use super::rings::{self, JOURNEYS, TEST_SHOPS};
use super::rust_text::RustText;
use std::ffi::OsStr;
use std::path::Path;

const MOST_LINES: usize = 600;

/// What would make a pure crate give another answer tomorrow, or elsewhere.
const IMPURE_CODE: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "std::io::stdin",
    "rand::",
    "thread_rng",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "RandomState",
    "tokio::",
    "reqwest::",
];

/// How SQL statements begin, in the capitals that statements are written in.
const STATEMENTS: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM ",
    "REPLACE INTO ",
    "CREATE TABLE",
    "CREATE INDEX",
    "CREATE UNIQUE",
    "CREATE VIEW",
    "ALTER TABLE",
    "DROP TABLE",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
    "WITH RECURSIVE ",
    "VACUUM",
];

/// The only crate that may speak SQL.
const STORE: &str = "pricing-store";

/// What a file breaks, one line each, with its path and line.
pub fn problems(package: &str, path: &Path, source: &str) -> Vec<String> {
    let mut problems = size_problems(path, source);
    if path.extension().is_some_and(|extension| extension == "rs") {
        problems.extend(house_style_problems(path, source));
        problems.extend(ignored_tests(path, source));
        if !is_test_file(package, path) {
            problems.extend(code_problems(package, path, source));
        }
    }
    problems
}

fn size_problems(path: &Path, source: &str) -> Vec<String> {
    let lines = source.lines().count();
    (lines > MOST_LINES)
        .then(|| format!("{}: {lines} lines; above {MOST_LINES} split it", path.display()))
        .into_iter()
        .collect()
}

fn house_style_problems(path: &Path, source: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !source.starts_with("//!") {
        problems.push(format!("{}:1: a file opens with `//!`: its purpose", path.display()));
    }
    if path.file_name().is_some_and(|name| name == "mod.rs") {
        problems.push(format!("{}: use `name.rs` beside the folder `name`", path.display()));
    }
    problems
}

/// A test that cannot run says so when it is run; an ignored one is forgotten.
fn ignored_tests(path: &Path, source: &str) -> Vec<String> {
    let is_ignored = |line: &&str| line.trim_start().starts_with("#[ignore");
    let lines = source.lines().enumerate().filter(|(_, line)| is_ignored(line));
    lines.map(|(index, _)| format!("{}:{}: an ignored test is never run", path.display(), index + 1)).collect()
}

fn code_problems(package: &str, path: &Path, source: &str) -> Vec<String> {
    let text = RustText::read(source);
    let mut problems = found(path, &text.code, ".unwrap()", "say with `expect` why this cannot fail");
    if rings::is_pure(package) {
        for pattern in IMPURE_CODE {
            problems.extend(found(path, &text.code, pattern, "a pure crate has no clock, no I/O and no randomness"));
        }
    }
    if package != STORE && package != "xtask" {
        problems.extend(sql_problems(path, &text));
    }
    problems
}

fn sql_problems(path: &Path, text: &RustText) -> Vec<String> {
    let mut problems = found(path, &text.code, "sqlx::", "SQL belongs to pricing-store");
    for (line, literal) in &text.literals {
        if STATEMENTS.iter().any(|statement| literal.trim_start().starts_with(statement)) {
            problems.push(format!("{}:{line}: SQL belongs to pricing-store", path.display()));
        }
    }
    problems
}

fn found(path: &Path, code: &str, pattern: &str, reason: &str) -> Vec<String> {
    let lines = code.lines().enumerate().filter(|(_, line)| contains_path(line, pattern));
    lines.map(|(index, _)| format!("{}:{}: `{pattern}`: {reason}", path.display(), index + 1)).collect()
}

/// Whether the line contains the pattern, and not as the end of a longer name.
fn contains_path(line: &str, pattern: &str) -> bool {
    let is_name_before = |at: usize| line[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    let is_call = pattern.starts_with('.');
    line.match_indices(pattern).any(|(at, _)| is_call || !is_name_before(at))
}

/// Files that no program contains: the journeys, the shops of tests, folders of tests, benchmarks and examples, and `tests.rs`.
fn is_test_file(package: &str, path: &Path) -> bool {
    let is_beside = |part: &OsStr| ["tests", "benches", "examples", "tests.rs"].iter().any(|name| part == *name);
    matches!(package, JOURNEYS | TEST_SHOPS) || path.iter().any(is_beside)
}

#[cfg(test)]
mod tests {
    use super::problems;
    use std::path::Path;

    fn of(package: &str, path: &str, code: &str) -> Vec<String> {
        problems(package, Path::new(path), &format!("//! Purpose.\n{code}\n"))
    }

    #[test]
    fn unwrap_is_refused_outside_tests_only() {
        assert_eq!(of("gateway", "src/a.rs", "fn a() { b.unwrap() }").len(), 1);
        assert!(of("gateway", "src/a.rs", "fn a() { b.unwrap_or(1) }").is_empty());
        assert!(of("gateway", "src/a.rs", "#[cfg(test)]\nmod tests { fn a() { b.unwrap() } }").is_empty());
        assert!(of("gateway", "tests/a.rs", "fn a() { b.unwrap() }").is_empty());
    }

    #[test]
    fn pure_crates_have_no_clock_files_or_randomness() {
        for code in ["let t = Instant::now();", "use std::fs;", "let r = rand::rng();", "std::env::var(x);"] {
            assert_eq!(of("pricing-rules", "src/a.rs", code).len(), 1, "{code}");
            assert!(of("pricing-store", "src/a.rs", code).is_empty(), "{code}");
        }
        assert!(of("pricing-rules", "src/a.rs", "let b = brand::name(); // std::fs").is_empty());
    }

    #[test]
    fn sql_stands_in_the_store_only() {
        let code = "let q = \"SELECT id FROM product\";";
        assert_eq!(of("app-commands", "src/a.rs", code), ["src/a.rs:2: SQL belongs to pricing-store"]);
        assert!(of("pricing-store", "src/a.rs", code).is_empty());
        assert!(of("app-commands", "src/a.rs", "let q = \"Select a product\";").is_empty());
        assert_eq!(of("app-commands", "src/a.rs", "use sqlx::Row;").len(), 1);
    }

    #[test]
    fn long_files_missing_heads_and_ignored_tests_are_refused() {
        assert_eq!(of("gateway", "src/a.rs", &"\n".repeat(600)).len(), 1);
        assert!(of("gateway", "src/a.rs", &"\n".repeat(500)).is_empty());
        assert_eq!(problems("gateway", Path::new("src/a.rs"), "fn a() {}").len(), 1);
        assert_eq!(of("gateway", "tests/a.rs", "#[test]\n#[ignore]\nfn a() {}").len(), 1);
        assert_eq!(of("gateway", "src/a/mod.rs", "").len(), 1);
    }

    #[test]
    fn style_sheets_are_only_measured() {
        assert!(problems("omnipricex-ui", Path::new("ui/styles/base.css"), ".a {}").is_empty());
        assert_eq!(problems("omnipricex-ui", Path::new("ui/styles/base.css"), &"\n".repeat(601)).len(), 1);
    }
}
