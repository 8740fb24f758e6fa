//! The words for the domain's enumerations where people read them.

use app_contract::{JobKind, JobState};
use pricing_domain::{
    Availability, Confidence, ConnectionKind, ConnectionTask, CostType, DeliveryState, ExtractionMethod, FileKind,
    Lifecycle, MatchState, MatchType, MatchVerdict, OfferKind, PriceCause, PriceState, PriceType, ProposalStatus,
    PublicationState, ReadState, Role,
};

/// A role.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::KeyValue => "Key value",
        Role::Traffic => "Traffic",
        Role::Profit => "Profit",
        Role::Tail => "Tail",
    }
}

/// A stage of life.
pub const fn lifecycle(stage: Lifecycle) -> &'static str {
    match stage {
        Lifecycle::New => "New",
        Lifecycle::Regular => "Regular",
        Lifecycle::PhaseOut => "Phasing out",
        Lifecycle::Ended => "Ended",
    }
}

/// A kind of cost.
pub const fn cost_type(kind: CostType) -> &'static str {
    match kind {
        CostType::Invoice => "Invoice cost",
        CostType::Landed => "Landed cost",
        CostType::NetNet => "Net-net cost",
        CostType::Replacement => "Replacement cost",
    }
}

/// What a page turned out to be, as a heading over the listings concerned.
pub const fn read_state(state: ReadState) -> &'static str {
    match state {
        ReadState::Product => "Price read",
        ReadState::SoldOut => "Sold out",
        ReadState::Ambiguous => "Not certain",
        ReadState::Blocked => "Blocked by the shop",
        ReadState::NotProduct => "Not a product page",
        ReadState::NoPrice => "No price on the page",
        ReadState::Disallowed => "Forbidden by robots.txt",
        ReadState::Gone => "Page gone",
        ReadState::Unreachable => "Shop did not answer",
        ReadState::TooLarge => "Page too large",
    }
}

/// Availability.
pub const fn availability(availability: Availability) -> &'static str {
    match availability {
        Availability::InStock => "in stock",
        Availability::LimitedAvailability => "few left",
        Availability::BackOrder => "back order",
        Availability::PreOrder => "pre-order",
        Availability::InStoreOnly => "in stores only",
        Availability::OnlineOnly => "online only",
        Availability::OutOfStock => "out of stock",
        Availability::SoldOut => "sold out",
        Availability::Discontinued => "discontinued",
        Availability::Unknown => "not said",
    }
}

/// What kind of price an offer is; empty for the ordinary one.
pub const fn offer_kind(kind: OfferKind) -> &'static str {
    match kind {
        OfferKind::Regular => "",
        OfferKind::Promotion => "promotion",
        OfferKind::Member => "members only",
        OfferKind::Coupon => "with coupon",
    }
}

/// How a price was found.
pub const fn method(method: ExtractionMethod) -> &'static str {
    match method {
        ExtractionMethod::JsonLd => "structured data (JSON-LD)",
        ExtractionMethod::Microdata => "structured data (Microdata)",
        ExtractionMethod::Rdfa => "structured data (RDFa)",
        ExtractionMethod::OpenGraph => "page metadata",
        ExtractionMethod::EmbeddedState => "data embedded in the page",
        ExtractionMethod::Selector => "selector given for the site",
        ExtractionMethod::Visible => "visible price on the page",
        ExtractionMethod::File => "imported file",
    }
}

/// How sure a reading is.
pub const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// How close a match is.
pub const fn match_type(kind: MatchType) -> &'static str {
    match kind {
        MatchType::Exact => "exact",
        MatchType::Equivalent => "equivalent",
    }
}

/// A kind of selling price.
pub const fn price_type(kind: PriceType) -> &'static str {
    match kind {
        PriceType::Regular => "Regular",
        PriceType::Promotion => "Promotion",
        PriceType::Clearance => "Clearance",
        PriceType::Member => "Members",
    }
}

/// How far a price has come.
pub const fn price_state(state: PriceState) -> &'static str {
    match state {
        PriceState::Planned => "decided, not handed over",
        PriceState::Sent => "handed over",
        PriceState::Live => "in force",
        PriceState::Ended => "ended",
    }
}

/// Why a price exists.
pub const fn price_cause(cause: PriceCause) -> &'static str {
    match cause {
        PriceCause::Proposal => "approved proposal",
        PriceCause::Promotion => "promotion",
        PriceCause::Import => "imported",
        PriceCause::ByHand => "typed by hand",
        PriceCause::Restore => "restored",
    }
}

/// Where a proposal stands.
pub const fn proposal_status(status: ProposalStatus) -> &'static str {
    match status {
        ProposalStatus::Pending => "Waiting",
        ProposalStatus::Approved => "Approved",
        ProposalStatus::Rejected => "Rejected",
        ProposalStatus::Publishing => "On its way",
        ProposalStatus::Exported => "Handed over",
        ProposalStatus::Superseded => "Replaced",
    }
}

/// What the rows of a file are, with the columns that are needed.
pub const fn file_kind(kind: FileKind) -> (&'static str, &'static str) {
    match kind {
        FileKind::Products => ("Products", "sku, name, price, currency"),
        FileKind::Prices => ("Prices", "sku, price_list, price, currency"),
        FileKind::Costs => ("Costs", "sku, cost, currency"),
        FileKind::PriceHistory => ("Own price history", "sku, price, currency, valid_from"),
        FileKind::Promotions => ("Promotions", "sku, price, currency, valid_from, valid_to"),
        FileKind::Locks => ("Price locks", "sku, valid_from"),
        FileKind::Matches => ("Matches", "sku, competitor, url"),
        FileKind::Observations => ("Competitor prices", "observed_at, price, currency"),
        FileKind::Sales => ("Sales", "sku, date, units"),
        FileKind::Stock => ("Stock", "sku, stock"),
        FileKind::Rates => ("Exchange rates", "date, quote, rate"),
    }
}

/// How sure a match is.
pub const fn match_verdict(verdict: MatchVerdict) -> &'static str {
    match verdict {
        MatchVerdict::Certain => "Certain",
        MatchVerdict::Review => "To review",
        MatchVerdict::Contradicted => "Contradicted",
    }
}

/// What was decided about a match.
pub const fn match_state(state: MatchState) -> &'static str {
    match state {
        MatchState::Open => "Waits",
        MatchState::Accepted => "Accepted",
        MatchState::Equivalent => "Accepted as equivalent",
        MatchState::Rejected => "Rejected",
    }
}

/// A kind of work.
pub const fn job_kind(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Import => "Import",
        JobKind::Preview => "Preview",
        JobKind::Collection => "Collection",
        JobKind::Pricing => "Pricing",
        JobKind::Matching => "Matching",
        JobKind::Publishing => "Publishing",
        JobKind::Automation => "Automation",
        JobKind::BackTest => "Back-test",
        JobKind::ForecastBackTest => "Back-test of forecasts",
        JobKind::Movers => "Who moves first",
    }
}

/// Where a job stands.
pub const fn job_state(state: JobState) -> &'static str {
    match state {
        JobState::Running => "running",
        JobState::Cancelling => "stopping",
        JobState::Done => "done",
        JobState::Cancelled => "cancelled",
        JobState::Failed => "failed",
    }
}

/// What is at the other end of a connection.
pub const fn connection_kind(kind: ConnectionKind) -> &'static str {
    match kind {
        ConnectionKind::WooCommerce => "WooCommerce",
        ConnectionKind::Shopify => "Shopify",
        ConnectionKind::Webhook => "Receiver of signed messages",
        ConnectionKind::Sftp => "SFTP folder",
    }
}

/// Where the keys of a connection come from.
pub const fn connection_keys(kind: ConnectionKind) -> &'static str {
    match kind {
        ConnectionKind::WooCommerce => {
            "In the shop: WooCommerce → Settings → Advanced → REST API → Add key, with the permission “Read/Write”."
        }
        ConnectionKind::Shopify => {
            "In the shop: Settings → Apps → Develop apps; give your app the scopes read_products, write_products and \
             read_inventory, install it, and copy its Admin API access token."
        }
        ConnectionKind::Webhook => {
            "New prices are sent as messages signed by the “Standard Webhooks” rules; the receiver confirms them."
        }
        ConnectionKind::Sftp => "New prices are laid down as CSV files. Without a key file your SSH agent opens it.",
    }
}

/// What the secret of a connection is called where it comes from.
pub const fn connection_secret(kind: ConnectionKind) -> &'static str {
    match kind {
        ConnectionKind::WooCommerce => "Consumer secret",
        ConnectionKind::Shopify => "Admin API access token",
        ConnectionKind::Webhook => "Secret that messages are signed by",
        ConnectionKind::Sftp => "Path of the key file",
    }
}

/// What was asked of a connection.
pub const fn connection_task(task: ConnectionTask) -> &'static str {
    match task {
        ConnectionTask::Test => "Test",
        ConnectionTask::Pull => "Catalogue",
        ConnectionTask::DryRun => "Dry run",
        ConnectionTask::Publish => "Publishing",
    }
}

/// What a key may do.
pub const fn rights(may_read: bool, may_write: bool) -> &'static str {
    match (may_read, may_write) {
        (true, true) => "read and change prices",
        (true, false) => "read only",
        (false, true) => "takes prices",
        (false, false) => "nothing",
    }
}

/// Where one price of a hand-over stands.
pub const fn delivery_state(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Sent => "In a file",
        DeliveryState::Intended => "On its way",
        DeliveryState::Verified => "Seen in the shop",
        DeliveryState::Accepted => "Confirmed",
        DeliveryState::Conflict => "Changed in the shop",
        DeliveryState::Refused => "Refused by the shop",
        DeliveryState::Outdated => "Left behind",
        DeliveryState::GivenUp => "Given up",
    }
}

/// Where a hand-over stands.
pub const fn publication_state(state: PublicationState) -> &'static str {
    match state {
        PublicationState::Sent => "Written to a file",
        PublicationState::Scheduled => "Scheduled",
        PublicationState::Sending => "Not ended",
        PublicationState::Done => "Done",
        PublicationState::Partly => "Ended, not all prices are there",
        PublicationState::GivenUp => "Given up",
    }
}
