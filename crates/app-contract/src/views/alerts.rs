//! Alerts: what is watched, what was told and why, and the ways on which it is sent.

use pricing_domain::{
    AlertId, AlertKind, AlertRule, AlertRuleId, AlertTurn, AlertWay, Instant, MailSecurity, MessageState, ProductId,
};
use serde::{Deserialize, Serialize};

/// An alert with how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertView {
    /// Its id.
    pub id: AlertRuleId,
    /// As a person made it.
    pub rule: AlertRule,
    /// The same in words.
    pub words: String,
    /// Who made it.
    pub created_by: String,
    /// How many subjects are beyond their limit now; `None`: nobody has looked yet.
    pub beyond: Option<u64>,
    /// How many could not be judged at the newest look, because their prices are too old.
    #[serde(default)]
    pub unjudged: u64,
    /// The newest look.
    pub looked_at: Option<Instant>,
    /// When it alerted last.
    pub last_alert_at: Option<Instant>,
}

/// One thing that an alert tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertItem {
    /// The product; `None`: it is about a competitor as a whole.
    pub product: Option<ProductId>,
    /// Its article number, or empty.
    pub sku: String,
    /// Its name, or empty.
    pub name: String,
    /// The competitor, or empty: ours.
    pub competitor: String,
    /// What became of it.
    pub turn: AlertTurn,
    /// What happened, in words.
    pub words: String,
    /// Why it is told: what it was before, the limit, the tolerance, when it was read.
    pub why: String,
    /// What it is now, with its unit.
    pub value: String,
    /// What it was before, with its unit, or empty.
    pub before: String,
    /// The limit, with its unit.
    pub limit: String,
    /// When the price was read; `None`: it is our own, or a sum.
    pub seen_at: Option<Instant>,
}

/// An alert that was given. What it is made from stays as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertContent {
    /// The alert's name.
    pub name: String,
    /// What it is about.
    pub kind: AlertKind,
    /// What was watched, in words.
    pub rule_words: String,
    /// One line about all of it.
    pub summary: String,
    /// How many things are told.
    pub count: u64,
    /// The most sold of them, at most 100.
    pub items: Vec<AlertItem>,
}

/// A way of an alert to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertDelivery {
    /// Which way.
    pub way: AlertWay,
    /// An address, or empty.
    pub target: String,
    /// When it is sent.
    pub due_at: Instant,
    /// How it stands.
    pub state: MessageState,
    /// When it was handed over.
    pub sent_at: Option<Instant>,
    /// Why it was not.
    pub error: String,
}

/// An alert of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRecord {
    /// Its id.
    pub id: AlertId,
    /// Of which alert; it may have been removed since.
    pub rule: AlertRuleId,
    /// When.
    pub at: Instant,
    /// What happened.
    pub content: AlertContent,
    /// To whom it went.
    pub deliveries: Vec<AlertDelivery>,
}

/// A stretch of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPage {
    /// How many there are.
    pub matching: u64,
    /// The place of the first row.
    pub offset: u64,
    /// Newest first.
    pub rows: Vec<AlertRecord>,
}

/// What an alert would see now. A first look tells nothing: what already is so is no news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPreview {
    /// The alert in words.
    pub words: String,
    /// How many subjects were judged.
    pub watched: u64,
    /// How many could not be, because their prices are too old.
    pub unjudged: u64,
    /// How many are beyond their limit.
    pub beyond: u64,
    /// Some of those.
    pub items: Vec<AlertItem>,
}

/// The mail server that alerts and reports are sent through. Its password is kept by the system's keychain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Its name; empty: none.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub security: MailSecurity,
    /// Who logs in; empty: nobody.
    pub user: String,
    /// Who the mail is from.
    pub from: String,
    /// A certificate in PEM that is trusted besides the system's; empty: none.
    #[serde(default)]
    pub certificate_pem: String,
}

/// The ways out of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageSettings {
    /// The mail server.
    pub mail: MailSettings,
    /// Whether its password is kept.
    pub has_password: bool,
    /// Where the webhook is; empty: none.
    pub webhook_url: String,
    /// Whether there is a secret to sign calls with.
    pub webhook_signed: bool,
    /// The secret that was made for a new webhook; it is shown this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_webhook_secret: Option<String>,
}

/// What became of a message that was sent to try a way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendOutcome {
    /// Which way.
    pub way: AlertWay,
    /// Where to.
    pub target: String,
    /// Why it was not handed over; `None`: it was.
    pub error: Option<String>,
}

/// A notification to be shown by the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertNotice {
    /// The alert's name.
    pub title: String,
    /// What happened.
    pub text: String,
}
