//! Kinds and states of our own prices, and what their lists are for.

use serde::{Deserialize, Serialize};

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

/// What a person may change of a price list. Code and currency stay: its prices are in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceListSettings {
    /// Shown to people.
    pub name: String,
    /// Two capital letters, for VAT and for competitors of the country; empty: everywhere.
    pub country: String,
    /// A region or zone within the country.
    pub zone: String,
    /// Shop, marketplace, app.
    pub channel: String,
    /// Which stores.
    pub store_group: String,
    /// Which customers.
    pub customer_group: String,
    /// IANA name (`Europe/Berlin`): when prices, locks and promotions begin and end, and when rules are in force.
    pub time_zone: String,
    /// Prices are whole multiples of this, in minor units: 5 where the smallest coin is 0.05. 0 and 1: any price.
    #[serde(default)]
    pub cash_step_minor: i64,
    /// At most so many prices are changed a day; `None`: any number.
    #[serde(default)]
    pub labels_per_day: Option<u32>,
}

impl PriceListSettings {
    /// Every text with its name in the store.
    pub fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("name", &self.name),
            ("country", &self.country),
            ("zone", &self.zone),
            ("channel", &self.channel),
            ("store_group", &self.store_group),
            ("customer_group", &self.customer_group),
            ("time_zone", &self.time_zone),
        ]
    }
}
