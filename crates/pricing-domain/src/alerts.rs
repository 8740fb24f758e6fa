//! Alerts: what a person wants to hear of, when, and on which ways.

use serde::{Deserialize, Serialize};

use crate::market::MarketFilter;
use crate::text_enum::text_enum;

text_enum! {
    /// Whose price an alert watches.
    #[derive(Default)]
    AlertPrice {
        /// Ours.
        Own = "own",
        /// The lowest usable offer of the competitors chosen.
        #[default]
        Lowest = "lowest",
        /// The lowest usable offer of each competitor chosen, each for itself.
        Competitor = "competitor",
    }
}

text_enum! {
    /// Which way a price goes.
    #[derive(Default)]
    AlertDirection {
        /// It falls.
        #[default]
        Down = "down",
        /// It rises.
        Up = "up",
        /// It falls or rises.
        Either = "either",
    }
}

text_enum! {
    /// What an alert is about.
    AlertKind {
        /// A price crosses an amount.
        PriceCrosses = "price-crosses",
        /// A price changes by a share.
        ChangesBy = "changes-by",
        /// We stand worse than a place among the usable offers.
        PositionLost = "position-lost",
        /// A competitor has sold out.
        OutOfStock = "out-of-stock",
        /// Somebody advertises below the lowest advertised price.
        MapViolated = "map-violated",
        /// The price index leaves a band.
        IndexOutside = "index-outside",
        /// A competitor's pages fail to be read.
        CollectionFailing = "collection-failing",
        /// Our margin is below a share.
        MarginBelow = "margin-below",
    }
}

/// What must happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertCondition {
    /// A price crosses an amount.
    PriceCrosses {
        /// Whose.
        whose: AlertPrice,
        /// Minor units of the list's currency.
        amount_minor: i64,
        /// Which way.
        direction: AlertDirection,
    },
    /// A price has changed by a share since it was told last, or since the alert was made.
    ChangesBy {
        /// Whose.
        whose: AlertPrice,
        /// Basis points of the price before, above zero.
        change_bp: i32,
        /// Which way.
        direction: AlertDirection,
    },
    /// Our place among the usable offers becomes worse than this one.
    PositionLost {
        /// From 1; 1 is the cheapest.
        place: u32,
    },
    /// A competitor cannot deliver what it could before.
    OutOfStock,
    /// An advertised price, ours or a competitor's, lies below the lowest advertised price.
    MapViolated,
    /// The basket index against a competitor leaves a band.
    IndexOutside {
        /// Hundredths: 9,800 is 98.00.
        from_centi: i64,
        /// Hundredths.
        to_centi: i64,
    },
    /// A share of a competitor's pages gave no price at their newest reading.
    CollectionFailing {
        /// Basis points of the pages that were read.
        share_bp: i32,
    },
    /// Our margin falls below a share of the net price.
    MarginBelow {
        /// Basis points.
        margin_bp: i32,
    },
}

impl AlertCondition {
    /// What it is about.
    pub const fn kind(self) -> AlertKind {
        match self {
            Self::PriceCrosses { .. } => AlertKind::PriceCrosses,
            Self::ChangesBy { .. } => AlertKind::ChangesBy,
            Self::PositionLost { .. } => AlertKind::PositionLost,
            Self::OutOfStock => AlertKind::OutOfStock,
            Self::MapViolated => AlertKind::MapViolated,
            Self::IndexOutside { .. } => AlertKind::IndexOutside,
            Self::CollectionFailing { .. } => AlertKind::CollectionFailing,
            Self::MarginBelow { .. } => AlertKind::MarginBelow,
        }
    }

    /// Whether it begins and ends, so that its end can be told too.
    pub const fn lasts(self) -> bool {
        !matches!(self, Self::PriceCrosses { .. } | Self::ChangesBy { .. })
    }
}

/// On which ways a person hears of an alert. Without any it stands in the list alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AlertWays {
    /// A notification of the desktop, or in the browser.
    #[serde(default)]
    pub desktop: bool,
    /// Addresses.
    #[serde(default)]
    pub email: Vec<String>,
    /// The workspace's webhook.
    #[serde(default)]
    pub webhook: bool,
}

/// Hours of the day in which nothing is sent; from later than to: over midnight. What happens then is sent at their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AlertQuiet {
    /// Minutes after midnight.
    pub from_minute: u16,
    /// Minutes after midnight.
    pub to_minute: u16,
}

/// An alert as a person makes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AlertRule {
    /// Its name.
    pub name: String,
    /// What must happen.
    pub condition: AlertCondition,
    /// To which products and competitors; its days are not looked at.
    pub filter: MarketFilter,
    /// Words that must all occur in SKU, name, brand or GTIN.
    #[serde(default)]
    pub words: String,
    /// So far beyond the limit before it counts: basis points of a price, or points of an index, margin or share.
    #[serde(default)]
    pub tolerance_bp: i32,
    /// Also tell when it is over.
    #[serde(default)]
    pub tell_end: bool,
    /// On which ways.
    #[serde(default)]
    pub ways: AlertWays,
    /// When nothing is sent.
    #[serde(default)]
    pub quiet: Option<AlertQuiet>,
    /// Everything of a day together at this minute after midnight; `None`: at once.
    #[serde(default)]
    pub digest_minute: Option<u16>,
    /// Of the quiet hours and the digest, “Europe/Berlin”.
    pub time_zone: String,
    /// Rests.
    #[serde(default)]
    pub paused: bool,
}

impl AlertRule {
    /// Whether another rule watches the same things in the same way, so that what is known of them holds on.
    pub fn watches_like(&self, other: &Self) -> bool {
        self.condition == other.condition
            && self.filter == other.filter
            && self.words == other.words
            && self.tolerance_bp == other.tolerance_bp
            && !other.paused
    }
}

text_enum! {
    /// What became of a subject that an alert watches.
    AlertTurn {
        /// It went below the limit.
        Fell = "fell",
        /// It went above the limit.
        Rose = "rose",
        /// What is watched for began.
        Began = "began",
        /// It is over.
        Ended = "ended",
    }
}

text_enum! {
    /// A way to a person.
    AlertWay {
        /// A notification.
        Desktop = "desktop",
        /// An e-mail.
        Email = "email",
        /// A call of the webhook.
        Webhook = "webhook",
    }
}

text_enum! {
    /// How sending stands.
    MessageState {
        /// It waits for its time.
        Waiting = "waiting",
        /// It is being sent.
        Sending = "sending",
        /// It was handed over.
        Sent = "sent",
        /// It was given up after several attempts.
        Failed = "failed",
    }
}

text_enum! {
    /// How the connection to a mail server is kept private.
    #[derive(Default)]
    MailSecurity {
        /// TLS from the first byte, usually port 465.
        #[default]
        Tls = "tls",
        /// TLS after STARTTLS, usually port 587. A server that does not offer it is refused.
        StartTls = "starttls",
        /// None. Only for a server on this machine.
        Plain = "plain",
    }
}
