//! Sends what is due: everything for one address in one message, and what fails again later.

use std::collections::BTreeMap;

use app_contract::{AlertContent, AlertNotice, SendOutcome};
use message_sending::{Attachment, Mail, SendError, WebhookCall, call_webhook, check_address, send_mail};
use price_alerts::{NextAttempt, after_failure};
use pricing_domain::{AlertWay, AlertWays, Instant};
use pricing_store::{DeliveryEnd, DueDelivery};
use serde_json::json;

use super::words::minute;
use crate::{OperationError, Workspace};

/// Things that a message names of one alert.
const NAMED: usize = 20;

/// What was sent.
#[derive(Debug, Default)]
pub struct SentAlerts {
    /// Whether anything was due.
    pub any: bool,
    /// What this host has to show.
    pub notices: Vec<AlertNotice>,
}

/// Deliveries with what they tell.
type Told = Vec<(DueDelivery, AlertContent)>;

impl Workspace {
    /// Sends what is due, and gives the notifications that this host has to show. `with_desktop`: it can show some.
    pub async fn send_due_alerts(&self, with_desktop: bool) -> Result<SentAlerts, OperationError> {
        let all = [AlertWay::Email, AlertWay::Webhook, AlertWay::Desktop];
        let ways = if with_desktop { &all[..] } else { &all[..2] };
        let due = self.store.take_due_deliveries(self.now(), ways).await?;
        let any = !due.is_empty();
        let mut groups: BTreeMap<(AlertWay, String), Told> = BTreeMap::new();
        for delivery in due {
            match serde_json::from_str(&delivery.body) {
                Ok(content) => {
                    groups.entry((delivery.way, delivery.target.clone())).or_default().push((delivery, content));
                }
                Err(error) => self.store.end_delivery(delivery.key, &DeliveryEnd::Failed(error.to_string())).await?,
            }
        }
        let mut sent_alerts = SentAlerts { any, notices: Vec::new() };
        for ((way, target), told) in groups {
            let sent = match way {
                AlertWay::Desktop => {
                    sent_alerts.notices.extend(told.iter().map(|(_, content)| notice(content)));
                    Ok(())
                }
                AlertWay::Email => self.mail_alerts(&target, &told).await,
                AlertWay::Webhook => self.post_alerts(&told).await,
            };
            self.end_all(&told, sent).await?;
        }
        Ok(sent_alerts)
    }

    async fn end_all(&self, told: &Told, sent: Result<(), SendError>) -> Result<(), OperationError> {
        let now = self.now();
        for (delivery, _) in told {
            let end = match &sent {
                Ok(()) => DeliveryEnd::Sent(now),
                Err(SendError::Refused(words)) => DeliveryEnd::Failed(words.clone()),
                Err(SendError::NotNow(words)) => match after_failure(now, delivery.attempts) {
                    NextAttempt::At(at) => DeliveryEnd::Again(at, words.clone()),
                    NextAttempt::Never => DeliveryEnd::Failed(words.clone()),
                },
            };
            self.store.end_delivery(delivery.key, &end).await?;
        }
        Ok(())
    }

    async fn mail_alerts(&self, to: &str, told: &Told) -> Result<(), SendError> {
        let company = self.company().await;
        let Some((first, content)) = told.first() else { return Ok(()) };
        let subject = match told.as_slice() {
            [_] => format!("{}: {}", content.name, content.summary),
            many => format!("{} alerts of {company}", many.len()),
        };
        let mut text = String::new();
        for (delivery, content) in told {
            text.push_str(&in_full(delivery.at, content));
        }
        text.push_str(&format!(
            "You get this because alerts of {company} in OmniPriceX name your address: {}.\n\
             They are changed or ended under Settings, Alerts.\n",
            names(told)
        ));
        self.mail(to, subject, text, format!("{}.{}", first.alert, told.len()), Vec::new()).await
    }

    async fn post_alerts(&self, told: &Told) -> Result<(), SendError> {
        let Some((first, _)) = told.first() else { return Ok(()) };
        let company = self.company().await;
        let lines: Vec<String> = told.iter().map(|(_, one)| format!("{}: {}", one.name, one.summary)).collect();
        let alerts: Vec<_> = told
            .iter()
            .map(|(delivery, one)| json!({ "id": delivery.alert, "at": delivery.at.to_string(), "alert": one }))
            .collect();
        let body = json!({
            "type": "alerts",
            "timestamp": self.now().to_string(),
            "company": company,
            "text": lines.join("\n"),
            "alerts": alerts,
        });
        self.post(&format!("{}.{}", first.alert, told.len()), &body.to_string()).await
    }

    /// Sends a message on some ways now, to see whether it arrives. The host shows the notification.
    pub async fn send_test_message(&self, ways: &AlertWays) -> Result<Vec<SendOutcome>, OperationError> {
        for address in &ways.email {
            check_address(address).map_err(|error| OperationError::refused(error.to_string()))?;
        }
        let company = self.company().await;
        let text = format!("This is a test of the alerts of {company} in OmniPriceX. It arrived, so alerts will too.");
        let id = || format!("test-{}", self.now().0);
        let error = |sent: Result<(), SendError>| sent.err().map(|error| error.to_string());
        let mut outcomes = Vec::new();
        if ways.desktop {
            outcomes.push(SendOutcome { way: AlertWay::Desktop, target: String::new(), error: None });
        }
        for address in &ways.email {
            let sent = self.mail(address, format!("Test of {company}"), text.clone(), id(), Vec::new()).await;
            outcomes.push(SendOutcome { way: AlertWay::Email, target: address.clone(), error: error(sent) });
        }
        if ways.webhook {
            let body = json!({ "type": "test", "timestamp": self.now().to_string(), "company": company, "text": text });
            let sent = self.post(&id(), &body.to_string()).await;
            outcomes.push(SendOutcome { way: AlertWay::Webhook, target: String::new(), error: error(sent) });
        }
        Ok(outcomes)
    }

    /// Hands a message to the workspace's mail server.
    pub(crate) async fn mail(
        &self,
        to: &str,
        subject: String,
        text: String,
        id: String,
        attachments: Vec<Attachment>,
    ) -> Result<(), SendError> {
        let (server, from, password) = self.mail_server().await.map_err(refused)?;
        let id = format!("{id}@omnipricex.invalid");
        let mail = Mail { from, to: to.to_owned(), subject, text, id, attachments };
        send_mail(&server, password.as_ref().map(|password| password.reveal()), &mail).await
    }

    async fn post(&self, id: &str, body: &str) -> Result<(), SendError> {
        let (url, secret) = self.webhook().await.map_err(refused)?;
        let timestamp = self.now().0.div_euclid(1_000_000);
        call_webhook(WebhookCall { url: &url, secret: secret.reveal(), id, timestamp, body }).await
    }

    pub(crate) async fn company(&self) -> String {
        self.store.setting("company").await.ok().flatten().unwrap_or_default()
    }
}

fn refused(error: OperationError) -> SendError {
    SendError::Refused(error.message)
}

fn notice(content: &AlertContent) -> AlertNotice {
    AlertNotice { title: content.name.clone(), text: content.summary.clone() }
}

fn names(told: &Told) -> String {
    let mut names: Vec<&str> = told.iter().map(|(_, content)| content.name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

/// An alert with its reasons.
fn in_full(at: Instant, content: &AlertContent) -> String {
    let mut text = format!("{} ({} UTC)\n{}\n\n", content.name, minute(at), content.rule_words);
    for item in content.items.iter().take(NAMED) {
        let product = if item.sku.is_empty() { String::new() } else { format!("{} {}: ", item.sku, item.name) };
        text.push_str(&format!("- {product}{}\n  {}\n", item.words, item.why));
    }
    let left = content.count.saturating_sub(content.items.len().min(NAMED) as u64);
    if left > 0 {
        text.push_str(&format!("- and {left} more, listed under Settings, Alerts\n"));
    }
    text.push('\n');
    text
}
