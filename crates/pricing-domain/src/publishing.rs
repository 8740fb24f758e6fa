//! Words about prices on their way to a shop.

use crate::text_enum::text_enum;

text_enum! {
    /// What is at the other end of a connection.
    ConnectionKind {
        /// WooCommerce, by its REST API.
        WooCommerce = "woocommerce",
        /// Shopify, by its Admin API.
        Shopify = "shopify",
        /// Any receiver of signed messages.
        Webhook = "webhook",
        /// A folder of an SFTP server that takes files.
        Sftp = "sftp",
    }
}

impl ConnectionKind {
    /// Whether it is a shop with a catalogue, and no receiver of prices alone.
    pub const fn is_shop(self) -> bool {
        matches!(self, Self::WooCommerce | Self::Shopify)
    }
}

text_enum! {
    /// What was asked of a shop.
    ConnectionTask {
        /// Whether it answers and what the key may do.
        Test = "test",
        /// Its catalogue.
        Pull = "pull",
        /// What publishing would do.
        DryRun = "dry_run",
        /// To take prices.
        Publish = "publish",
    }
}

text_enum! {
    /// Where a hand-over of prices stands.
    PublicationState {
        /// Written to a file.
        Sent = "sent",
        /// Waits for its time.
        Scheduled = "scheduled",
        /// Intended, and under way or broken off: what the shop shows is looked at before anything is sent again.
        Sending = "sending",
        /// Every price was seen in the shop.
        Done = "done",
        /// Some prices were seen in the shop, others not.
        Partly = "partly",
        /// Ended by a person before all prices were sent.
        GivenUp = "given_up",
    }
}

impl PublicationState {
    /// Whether nothing more will be sent for it.
    pub const fn ended(self) -> bool {
        !matches!(self, Self::Scheduled | Self::Sending)
    }
}

text_enum! {
    /// Where one price of a hand-over stands.
    DeliveryState {
        /// Written to a file.
        Sent = "sent",
        /// Recorded, and not yet known to be in the shop.
        Intended = "intended",
        /// The shop shows it.
        Verified = "verified",
        /// The receiver has confirmed it, or has it in a file that was read back; it cannot be looked at.
        Accepted = "accepted",
        /// The shop showed another price than the one before; it was left as it is.
        Conflict = "conflict",
        /// The shop did not take it, or has no place for it.
        Refused = "refused",
        /// The catalogue had left it behind: a lock, a promotion or another price came in.
        Outdated = "outdated",
        /// Given up before it was sent.
        GivenUp = "given_up",
    }
}

text_enum! {
    /// What happens to a price that somebody changed in the shop meanwhile.
    OtherPrices {
        /// It is left as it is, and told.
        Leave = "leave",
        /// It is replaced.
        Replace = "replace",
    }
}

impl DeliveryState {
    /// Whether the shop has the price.
    pub const fn is_there(self) -> bool {
        matches!(self, Self::Sent | Self::Verified | Self::Accepted)
    }
}
