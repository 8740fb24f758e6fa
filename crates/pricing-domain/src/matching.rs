//! Which of our products a competitor's page offers: what was found, and what was decided.

use crate::text_enum::text_enum;

text_enum! {
    /// How sure a comparison of a product with a page is.
    MatchVerdict {
        /// Something contradicts: another size, another colour, used goods.
        Contradicted = "contradicted",
        /// A person decides.
        Review = "review",
        /// Nothing contradicts, and enough is equal to accept it without a person.
        Certain = "certain",
    }
}

text_enum! {
    /// What was decided about a product and a page.
    MatchState {
        /// Nothing yet.
        Open = "open",
        /// The same product.
        Accepted = "accepted",
        /// Not the same, but customers choose between them.
        Equivalent = "equivalent",
        /// Another product; this pair never returns.
        Rejected = "rejected",
    }
}
