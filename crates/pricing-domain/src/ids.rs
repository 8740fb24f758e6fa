//! Identifiers as they cross the contract: UUIDv7, one type for each kind of thing, so that they cannot be mixed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A product of the own catalogue.
    ProductId,
    /// A price list: a zone, country, channel or customer group.
    PriceListId,
    /// A competitor.
    CompetitorId,
    /// One of our products on a competitor's page.
    ListingId,
    /// A competitor's page that may offer one of our products.
    FoundPageId,
    /// A reading that may be no price, kept apart until a person decides.
    QuarantinedId,
    /// A span of an unchanged offer.
    OfferId,
    /// A shop, or another receiver of prices.
    ConnectionId,
    /// Prices handed over to a shop at once.
    PublicationId,
    /// The proposals of one pricing run.
    BatchId,
    /// A proposed price.
    ProposalId,
    /// What runs by itself.
    AutomationId,
    /// A collection, pricing, import or export that takes time.
    JobId,
    /// What a person wants to be alerted of.
    AlertRuleId,
    /// A report that is written by itself.
    ReportPlanId,
    /// A file that is imported from an address.
    ImportSourceId,
    /// An alert that was given.
    AlertId,
    /// A scenario kept in the workspace.
    ScenarioId,
    /// A price test.
    ExperimentId,
    /// An answer of the assistant.
    AnswerId,
    /// One entry of the audit.
    AuditId,
    /// What one operation changed, as a unit that can be undone.
    ChangeSetId,
    /// A file that was handed in or can be fetched; never a path.
    FileId,
}
