//! Shops and other receivers of prices, and what became of prices handed over to them.

use std::fmt;

use pricing_domain::{
    BasisPoints, ConnectionId, ConnectionKind, ConnectionTask, Currency, DeliveryState, Instant, PriceListId,
    PublicationId,
};
use serde::{Deserialize, Serialize};

/// A key or password on its way in. It is shown nowhere and comes back in no answer.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "SecretText(empty)" } else { "SecretText(…)" })
    }
}

/// Where a connection leads and what opens it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionInput {
    /// Which is changed; `None`: a new one.
    pub connection: Option<ConnectionId>,
    /// As people call it.
    pub name: String,
    /// What is at the other end.
    pub kind: ConnectionKind,
    /// `https://shop.example`, `sftp://user@host/folder/`
    pub address: String,
    /// Whose prices go there; `None`: of a shop the default list's, of a receiver those of all lists.
    pub price_list: Option<PriceListId>,
    /// WooCommerce's consumer key. Empty: as it was.
    #[serde(default)]
    pub key: SecretText,
    /// WooCommerce's consumer secret, Shopify's access token, the secret that messages are signed by, the path of an SSH
    /// key file. Empty: as it was; for SFTP without one before, the user's SSH agent and configuration have the keys.
    #[serde(default)]
    pub secret: SecretText,
}

/// A shop or another receiver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionView {
    /// Its id.
    pub id: ConnectionId,
    /// As people call it.
    pub name: String,
    /// What is at the other end.
    pub kind: ConnectionKind,
    /// Where.
    pub address: String,
    /// Whose prices go there; `None`: of a shop the default list's, of a receiver those of all lists.
    pub price_list: Option<PriceListId>,
    /// That list's code; empty: those of all lists.
    pub price_list_code: String,
    /// Where its keys are, in words.
    pub keys_are: String,
    /// The VAT rates that were stated for its products.
    pub stated_vat: StatedVat,
    /// What it said of itself when it was tested last.
    pub facts: Option<ConnectionFacts>,
    /// The newest of each task, the newest first.
    pub runs: Vec<ConnectionRun>,
}

/// VAT rates as a person states them for the products of a shop. They count before what the shop says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedVat {
    /// Of the ordinary tax class; `None`: not stated.
    pub ordinary: Option<BasisPoints>,
    /// Of other classes, by what the shop calls them.
    pub classes: Vec<(String, BasisPoints)>,
}

/// What a shop says of itself and of the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionFacts {
    /// Its name or address.
    pub name: String,
    /// Of its prices; `None`: a receiver has none.
    pub currency: Option<Currency>,
    /// Whether its prices contain VAT; `None`: it does not say.
    pub prices_include_vat: Option<bool>,
    /// Products, without their variants.
    pub products: Option<u64>,
    /// Whether the key may read the catalogue.
    pub may_read: bool,
    /// Whether the key may change prices.
    pub may_write: bool,
    /// Its VAT rates by tax class, as far as it says them; the ordinary class has an empty name.
    #[serde(default)]
    pub vat_rates: Vec<(String, BasisPoints)>,
    /// What else a person should know, a sentence each.
    pub remarks: Vec<String>,
    /// When.
    pub tested_at: Instant,
}

/// What became of the newest of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionRun {
    /// What was asked.
    pub task: ConnectionTask,
    /// When.
    pub at: Instant,
    /// Whether it failed.
    pub failed: bool,
    /// In words.
    pub message: String,
}

/// What became of a hand-over, or what a dry run says would become of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeliveryReport {
    /// Which; `None`: a dry run.
    pub publication: Option<PublicationId>,
    /// The connection's name.
    pub connection: String,
    /// Prices in all.
    pub prices: u64,
    /// That the shop has: seen there, or confirmed by the receiver.
    pub there: u64,
    /// Of those: that it had already, so that nothing was sent.
    pub were_there: u64,
    /// That would be sent; only in a dry run.
    pub would_send: u64,
    /// Left as they are, because somebody changed them in the shop.
    pub conflicts: u64,
    /// That the shop did not take, or that it has no place for.
    pub refused: u64,
    /// That the catalogue has left behind.
    pub outdated: u64,
    /// Of which is not known yet whether the shop has them.
    pub waiting: u64,
    /// The first of those that are not there.
    pub rows: Vec<DeliveryView>,
    /// Why it broke off; empty: it did not.
    pub message: String,
}

/// One price on its way to a shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryView {
    /// Article number.
    pub sku: String,
    /// The list's code.
    pub price_list: String,
    /// Its currency.
    pub currency: Currency,
    /// The price before.
    pub old_minor: Option<i64>,
    /// The price from now on.
    pub new_minor: i64,
    /// What the shop shows.
    pub shown_minor: Option<i64>,
    /// Where it stands.
    pub state: DeliveryState,
    /// In words, where the state does not say it all; the shop's own where it gave some.
    pub words: String,
    /// Since when.
    pub settled_at: Option<Instant>,
}

/// A stretch of the prices of a hand-over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryPage {
    /// Prices of the hand-over.
    pub matching: u64,
    /// First row of this stretch.
    pub offset: u64,
    /// The rows, those first that the shop does not have.
    pub rows: Vec<DeliveryView>,
}
