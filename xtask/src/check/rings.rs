//! The crates of the architecture, each with its ring and the crates it may use: ARCHITECTURE.md as a table.

/// How far from the pure middle a crate lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ring {
    /// Decides and reads; no clock, no input or output, no randomness.
    Pure,
    /// Talks to a database, a network or a shop.
    Adapter,
    /// What a person can do.
    UseCase,
    /// Where it is shown.
    Host,
    /// Beside the rings: tests, samples, tasks.
    Beside,
}

/// A crate and the arrows that may leave it. `pricing-domain` is the common language, open to all.
#[derive(Debug)]
pub struct Place {
    /// The package's name.
    pub name: &'static str,
    /// Its ring.
    pub ring: Ring,
    /// The members of the workspace that it may use, besides `pricing-domain`.
    pub may_use: &'static [&'static str],
}

/// The common language.
pub const DOMAIN: &str = "pricing-domain";

/// The tests of whole journeys, which may use everything.
pub const JOURNEYS: &str = "journeys";

/// Shops on loopback, for tests alone.
pub const TEST_SHOPS: &str = "test-shops";

const ADAPTERS_AND_PURE: &[&str] = &[
    "pricing-rules",
    "pricing-science",
    "pricing-analytics",
    "price-extraction",
    "catalog-files",
    "product-matching",
    "price-alerts",
    "app-contract",
    "pricing-store",
    "price-collection",
    "shop-connectors",
    "secret-store",
    "message-sending",
    "reports",
];

const PLACES: &[Place] = &[
    place("pricing-domain", Ring::Pure, &[]),
    place("pricing-rules", Ring::Pure, &[]),
    place("pricing-science", Ring::Pure, &["pricing-rules"]),
    place("pricing-analytics", Ring::Pure, &[]),
    place("price-extraction", Ring::Pure, &[]),
    place("catalog-files", Ring::Pure, &[]),
    place("product-matching", Ring::Pure, &[]),
    place("price-alerts", Ring::Pure, &[]),
    place("question-grammar", Ring::Pure, &[]),
    place("app-contract", Ring::Pure, &[]),
    place("pricing-store", Ring::Adapter, &[]),
    place("price-collection", Ring::Adapter, &["price-extraction", "secret-store"]),
    place("shop-connectors", Ring::Adapter, &["message-sending", "secret-store"]),
    place("secret-store", Ring::Adapter, &[]),
    place("message-sending", Ring::Adapter, &[]),
    place("reports", Ring::Adapter, &["pricing-analytics"]),
    place("pricing-operations", Ring::UseCase, ADAPTERS_AND_PURE),
    place(
        "pricing-assistant",
        Ring::UseCase,
        // Its tools read the snapshot that operations give out, and answer in the contract's types.
        &["app-contract", "pricing-operations", "pricing-rules", "question-grammar", "secret-store"],
    ),
    place(
        "app-commands",
        Ring::UseCase,
        // The sample is the same at every host, so its shops are opened here.
        &["app-contract", "pricing-operations", "pricing-assistant", "sample-shops", "secret-store"],
    ),
    place("omnipricex-desktop", Ring::Host, &["app-commands", "app-contract"]),
    place("omnipricex", Ring::Host, &["app-commands", "app-contract", "gateway"]),
    place("gateway", Ring::Host, &["app-commands", "app-contract"]),
    place("omnipricex-ui", Ring::Host, &["app-contract", "pricing-rules"]),
    place("sample-shops", Ring::Beside, &[]),
    place(TEST_SHOPS, Ring::Beside, &[]),
    place("test-support", Ring::Beside, &["pricing-store", "pricing-operations"]),
    place(JOURNEYS, Ring::Beside, &["engine-in-wasm"]),
    place("engine-in-wasm", Ring::Beside, &["pricing-rules"]),
    place("xtask", Ring::Beside, &[]),
];

const fn place(name: &'static str, ring: Ring, may_use: &'static [&'static str]) -> Place {
    Place { name, ring, may_use }
}

/// The place of a crate, if the architecture knows it.
pub fn find_place(name: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.name == name)
}

/// Whether the crate lies in the pure middle.
pub fn is_pure(name: &str) -> bool {
    find_place(name).is_some_and(|place| place.ring == Ring::Pure)
}

#[cfg(test)]
mod tests {
    use super::{PLACES, Ring, find_place};

    #[test]
    fn arrows_lead_to_known_crates_and_never_outwards() {
        for place in PLACES {
            for name in place.may_use {
                let used =
                    find_place(name).unwrap_or_else(|| panic!("{} may use {name}, which is unknown", place.name));
                assert!(used.ring <= place.ring || used.ring == Ring::Beside, "{} may use {name}", place.name);
            }
        }
    }
}
