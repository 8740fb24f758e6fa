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

/// Which prices of another list a list holds: those of a type, for so many pieces or more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPart {
    /// The code of the other list.
    pub base: String,
    /// Of which type.
    pub price_type: PriceType,
    /// From how many pieces on; 1: any number.
    pub min_quantity: u32,
}

impl ListPart {
    /// The quantity in thousandths as prices keep it: 0 for any number.
    pub fn milli(&self) -> i64 {
        if self.min_quantity > 1 { i64::from(self.min_quantity) * 1_000 } else { 0 }
    }

    /// The quantity of such thousandths; `None`: no whole number of pieces.
    pub fn from_milli(milli: i64) -> Option<u32> {
        let pieces = u32::try_from(milli / 1_000).ok().filter(|_| milli % 1_000 == 0)?;
        Some(pieces.max(1))
    }

    /// Whether a price of this part may never exceed that of another one of the same list: it is for as many pieces or
    /// more, and the other one is a regular price or of the same type.
    pub fn is_under(&self, other: &Self) -> bool {
        let is_same_type = other.price_type == PriceType::Regular || other.price_type == self.price_type;
        self.base == other.base && self != other && is_same_type && other.min_quantity <= self.min_quantity
    }

    /// Which prices these are, in words: `member prices of DE from 10 pieces`.
    pub fn words(&self) -> String {
        let from = match self.min_quantity {
            0 | 1 => String::new(),
            pieces => format!(" from {pieces} pieces"),
        };
        format!("{} prices of {}{from}", self.price_type, self.base)
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
