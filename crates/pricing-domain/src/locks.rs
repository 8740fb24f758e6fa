//! Why a price is locked.

use crate::text_enum::text_enum;

text_enum! {
    /// Who fixed a price that rules must not touch.
    LockKind {
        /// A contract, a leaflet or a law: it came with a file.
        Contract = "contract",
        /// A person holds the price for a time.
        Held = "held",
    }
}
