//! Kinds and states of our own prices.

use crate::text_enum::text_enum;

text_enum! {
    /// What kind of selling price it is.
    PriceType {
        /// The everyday price.
        Regular = "regular",
        /// For the days of a promotion.
        Promotion = "promotion",
        /// To sell off.
        Clearance = "clearance",
        /// For members only.
        Member = "member",
    }
}

text_enum! {
    /// How far a price has come.
    PriceState {
        /// Decided, not yet handed to the shop.
        Planned = "planned",
        /// Handed to the shop, not yet seen there.
        Sent = "sent",
        /// In force.
        Live = "live",
        /// No longer in force.
        Ended = "ended",
    }
}

text_enum! {
    /// Why a price exists.
    PriceCause {
        /// An approved proposal.
        Proposal = "proposal",
        /// A promotion.
        Promotion = "promotion",
        /// An imported file.
        Import = "import",
        /// A person typed it.
        ByHand = "by_hand",
        /// A batch was taken back.
        Restore = "restore",
    }
}

text_enum! {
    /// Whether a list's prices contain VAT.
    TaxMode {
        /// Prices include VAT.
        Gross = "gross",
        /// Prices exclude VAT.
        Net = "net",
    }
}
