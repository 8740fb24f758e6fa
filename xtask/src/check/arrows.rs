//! Checks the dependency tables of all members: arrows between crates, and frameworks that have one home.

use super::rings::{self, DOMAIN, JOURNEYS, Place, Ring, TEST_SHOPS};
use crate::project::{Dependency, DependencyKind, Package};

/// A published package that only some crates may use.
struct Framework {
    /// The name, or with `*` at its end how the name begins.
    pattern: &'static str,
    homes: &'static [&'static str],
    /// Whether tests elsewhere may use it too.
    is_open_to_tests: bool,
}

const FRAMEWORKS: &[Framework] = &[
    Framework { pattern: "sqlx*", homes: &["pricing-store"], is_open_to_tests: false },
    Framework { pattern: "rusqlite", homes: &["pricing-store"], is_open_to_tests: false },
    Framework { pattern: "tauri*", homes: &["omnipricex-desktop"], is_open_to_tests: false },
    Framework { pattern: "axum*", homes: &["gateway", "sample-shops", "test-shops"], is_open_to_tests: true },
    Framework { pattern: "leptos*", homes: &["omnipricex-ui"], is_open_to_tests: false },
];

/// Packages that would bring a clock, input and output, or randomness into a pure crate.
const IMPURE: &[&str] = &[
    "tokio",
    "reqwest",
    "rand",
    "rand_chacha",
    "getrandom",
    "tempfile",
    "directories",
    "ureq",
    "hyper",
    "fs4",
    "chrono",
];

/// What the dependency tables of these packages break, one line each.
pub fn problems(packages: &[Package]) -> Vec<String> {
    packages.iter().flat_map(problems_of).collect()
}

fn problems_of(package: &Package) -> Vec<String> {
    let Some(place) = rings::find_place(&package.name) else {
        return vec![format!("{}: not in the table of xtask/src/check/rings.rs", package.name)];
    };
    package.dependencies.iter().filter_map(|dependency| problem(place, dependency)).collect()
}

fn problem(place: &Place, dependency: &Dependency) -> Option<String> {
    let (from, to) = (place.name, &dependency.name);
    let is_for_tests = dependency.kind == DependencyKind::Dev || from == JOURNEYS;
    if dependency.is_local {
        let is_allowed = is_arrow_allowed(place, to) || is_for_tests && is_open_to_tests_of(place, to);
        return (!is_allowed).then(|| format!("{from} may not use {to}"));
    }
    if place.ring == Ring::Pure && !is_for_tests && IMPURE.contains(&to.as_str()) {
        return Some(format!("{from} is pure and may not use {to}"));
    }
    let framework = FRAMEWORKS.iter().find(|framework| matches(framework.pattern, to))?;
    let is_allowed = framework.homes.contains(&from) || is_for_tests && framework.is_open_to_tests;
    (!is_allowed).then(|| format!("{from} may not use {to}: its home is {}", framework.homes.join(" and ")))
}

fn is_arrow_allowed(place: &Place, to: &str) -> bool {
    place.name != "xtask" && to == DOMAIN || place.may_use.contains(&to)
}

/// Tests may use lower rings, and what exists for tests.
fn is_open_to_tests_of(place: &Place, to: &str) -> bool {
    let is_lower = rings::find_place(to).is_some_and(|used| used.ring < place.ring);
    is_lower || matches!(to, "test-support" | "sample-shops") || to == TEST_SHOPS
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::project::{Dependency, DependencyKind, Package};
    use std::path::PathBuf;

    fn package(name: &str, dependencies: &[(&str, DependencyKind, bool)]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|(name, kind, is_local)| Dependency { name: name.to_string(), kind: *kind, is_local: *is_local })
            .collect();
        Package { name: name.to_owned(), folder: PathBuf::new(), dependencies }
    }

    fn local(from: &str, to: &str, kind: DependencyKind) -> Vec<String> {
        problems(&[package(from, &[(to, kind, true)])])
    }

    fn published(from: &str, to: &str, kind: DependencyKind) -> Vec<String> {
        problems(&[package(from, &[(to, kind, false)])])
    }

    use DependencyKind::{Build, Dev, Normal};

    #[test]
    fn arrows_of_the_table_are_allowed_and_others_refused() {
        assert!(local("pricing-operations", "pricing-store", Normal).is_empty());
        assert!(local("pricing-store", "pricing-domain", Normal).is_empty());
        assert_eq!(local("pricing-rules", "pricing-store", Normal), ["pricing-rules may not use pricing-store"]);
        assert_eq!(local("pricing-store", "pricing-operations", Build).len(), 1);
        assert_eq!(local("gateway", "pricing-operations", Normal).len(), 1);
        assert_eq!(local("xtask", "pricing-domain", Normal).len(), 1);
    }

    #[test]
    fn tests_may_use_lower_rings_and_samples_but_not_higher_rings() {
        assert!(local("gateway", "pricing-store", Dev).is_empty());
        assert!(local("price-collection", "sample-shops", Dev).is_empty());
        assert!(local("journeys", "gateway", Normal).is_empty());
        assert_eq!(local("pricing-store", "pricing-operations", Dev).len(), 1);
    }

    #[test]
    fn frameworks_stay_in_their_homes() {
        assert!(published("pricing-store", "sqlx", Normal).is_empty());
        assert_eq!(published("app-commands", "sqlx", Dev).len(), 1);
        assert_eq!(published("gateway", "tauri-plugin-dialog", Normal).len(), 1);
        assert!(published("price-collection", "axum", Dev).is_empty());
        assert_eq!(published("price-collection", "axum", Normal).len(), 1);
    }

    #[test]
    fn pure_crates_use_nothing_impure_outside_tests() {
        assert_eq!(published("pricing-rules", "tokio", Normal), ["pricing-rules is pure and may not use tokio"]);
        assert!(published("pricing-rules", "rand", Dev).is_empty());
        assert!(published("pricing-rules", "serde", Normal).is_empty());
    }

    #[test]
    fn a_crate_without_a_place_is_refused() {
        assert_eq!(problems(&[package("newcomer", &[])]).len(), 1);
    }
}
