//! Alerts: made and changed by people, looked at after prices or facts changed, told once for each crossing.

mod looks;
mod sending;
mod words;

use std::collections::HashMap;

use app_contract::{AlertContent, AlertDelivery, AlertItem, AlertPage, AlertPreview, AlertRecord, AlertView};
use message_sending::check_address;
use price_alerts::{Side, Watched, send_at};
use pricing_domain::{
    AlertCondition, AlertDirection, AlertQuiet, AlertRule, AlertRuleId, AlertTurn, AlertWay, Instant,
    MICROSECONDS_PER_HOUR, ProductId,
};
use pricing_store::{AlertLook, AlertRuleRow, Durability, NewAlert};

pub use self::sending::SentAlerts;

use self::looks::{Look, LookTask, Seen, pack, unpack};
use self::words::{Words, summary};
use crate::competitor_settings::time_zone;
use crate::exports::in_background;
use crate::grids::place;
use crate::market::Advertising;
use crate::{OperationError, Workspace};

/// Things that one alert names; the others are counted.
const MOST_ITEMS: usize = 100;
/// Things that a preview names.
const PREVIEW_ITEMS: usize = 20;
const MOST_ADDRESSES: usize = 20;
const MINUTES_OF_A_DAY: u16 = 24 * 60;
const LONGEST_NAME: usize = 120;

impl Workspace {
    /// Every alert with how it stands.
    pub async fn alerts(&self) -> Result<Vec<AlertView>, OperationError> {
        let rows = self.store.alert_rules().await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let lists = self.store.price_lists().await?;
        Ok(rows.into_iter().map(|row| view(row, &lists)).collect())
    }

    /// Makes an alert, or changes one, and looks at once: what already is so is no news.
    pub async fn save_alert(&self, id: Option<AlertRuleId>, rule: AlertRule) -> Result<AlertView, OperationError> {
        let rule = AlertRule { name: rule.name.trim().to_owned(), words: rule.words.trim().to_owned(), ..rule };
        self.check_alert(&rule).await?;
        let before = match id {
            Some(id) => Some(self.find_alert(id).await?),
            None => None,
        };
        let mut op = self.begin("save_alert", Durability::Full).await?;
        let id = match &before {
            Some(before) => {
                op.change_alert_rule(before.key, &rule, !before.rule.watches_like(&rule)).await?;
                before.id
            }
            None => op.add_alert_rule(&rule, &self.actor()).await?,
        };
        let what = if before.is_some() { "Changed" } else { "Made" };
        op.commit(&format!("{what} the alert “{}”", rule.name), false).await?;
        self.look_for_alerts().await?;
        let lists = self.store.price_lists().await?;
        Ok(view(self.find_alert(id).await?, &lists))
    }

    /// Removes an alert. Its history stays.
    pub async fn remove_alert(&self, id: AlertRuleId) -> Result<(), OperationError> {
        let found = self.find_alert(id).await?;
        let mut op = self.begin("remove_alert", Durability::Full).await?;
        op.remove_alert_rule(found.key).await?;
        op.commit(&format!("Removed the alert “{}”", found.rule.name), false).await?;
        Ok(())
    }

    /// What an alert would see now. Tells nobody and keeps nothing.
    pub async fn preview_alert(&self, rule: &AlertRule) -> Result<AlertPreview, OperationError> {
        self.check_alert(rule).await?;
        let task = self.look_task(rule, Watched::default(), true).await?;
        let look = self.look(task.clone()).await?;
        let beyond: Vec<&Seen> = look.changes.iter().filter(|seen| seen.known.side != Side::Calm).collect();
        let words = Words::of(&task);
        let count = beyond.len() as u64;
        let items = self.items(&task, beyond.into_iter().take(PREVIEW_ITEMS).cloned().collect()).await?;
        Ok(AlertPreview { words: words.rule(), watched: look.watched, unjudged: look.unjudged, beyond: count, items })
    }

    /// What was told, newest first.
    pub async fn alert_history(
        &self,
        rule: Option<AlertRuleId>,
        offset: u64,
        limit: u32,
    ) -> Result<AlertPage, OperationError> {
        let (matching, rows) = self.store.alerts(rule, offset, limit.min(200)).await?;
        let keys: Vec<i64> = rows.iter().map(|row| row.key).collect();
        let mut deliveries: HashMap<i64, Vec<AlertDelivery>> = HashMap::new();
        for row in self.store.alert_deliveries(&keys).await? {
            deliveries.entry(row.alert_key).or_default().push(AlertDelivery {
                way: row.way,
                target: row.target,
                due_at: row.due_at,
                state: row.state,
                sent_at: row.sent_at,
                error: row.error,
            });
        }
        let records = rows.into_iter().filter_map(|row| {
            // What another version wrote and this one cannot read is left out.
            let content: AlertContent = serde_json::from_str(&row.body).ok()?;
            let deliveries = deliveries.remove(&row.key).unwrap_or_default();
            Some(AlertRecord { id: row.id, rule: row.rule, at: row.at, content, deliveries })
        });
        Ok(AlertPage { matching, offset, rows: records.collect() })
    }

    /// Looks whether something crossed its limit since the newest look, and keeps what is to be told. Gives how many
    /// alerts were given. Cheap where nothing changed: one look at the change sequence.
    pub async fn look_for_alerts(&self) -> Result<u64, OperationError> {
        let _looking = self.looking.lock().await;
        let rules: Vec<AlertRuleRow> =
            self.store.alert_rules().await?.into_iter().filter(|row| !row.rule.paused).collect();
        if rules.is_empty() {
            return Ok(0);
        }
        let (sequence, now) = (self.store.sequence().await?, self.now());
        let hour = |at: Instant| at.0.div_euclid(MICROSECONDS_PER_HOUR);
        let mut given = 0;
        for row in &rules {
            if row.look.is_some_and(|look| look.sequence >= sequence && hour(look.at) == hour(now)) {
                continue;
            }
            match self.look_at(row).await {
                Ok(told) => given += u64::from(told),
                // A list that was removed, say. The other alerts are looked at all the same.
                Err(error) => tracing::warn!(alert = %row.rule.name, %error, "an alert could not be looked at"),
            }
        }
        Ok(given)
    }

    async fn look_at(&self, row: &AlertRuleRow) -> Result<bool, OperationError> {
        let known = match row.look {
            Some(_) => self.store.alert_known(row.key).await?.as_deref().map(unpack).transpose()?,
            None => None,
        };
        let first = known.is_none();
        let mut watched = known.unwrap_or_default();
        let task = self.look_task(&row.rule, watched.clone(), first).await?;
        let look = self.look(task.clone()).await?;
        let changed = !look.changes.is_empty();
        for seen in &look.changes {
            watched.take_in(seen.watch, seen.subject, seen.known);
        }
        let told: Vec<Seen> = look.changes.into_iter().filter(|seen| is_told(&row.rule, seen)).collect();
        let count = told.len() as u64;
        let body = if told.is_empty() {
            None
        } else {
            let words = Words::of(&task);
            let items = self.items(&task, told.into_iter().take(MOST_ITEMS).collect()).await?;
            let content = AlertContent {
                name: row.rule.name.clone(),
                kind: row.rule.condition.kind(),
                rule_words: words.rule(),
                summary: summary(row.rule.condition.kind(), count, &items),
                count,
                items,
            };
            Some(serde_json::to_string(&content).map_err(|error| OperationError::fault(error.to_string()))?)
        };
        let kept = (changed || first).then(|| pack(&watched)).transpose()?;
        let zone = time_zone(&row.rule.time_zone)?;
        let due_at = send_at(task.now, &zone, row.rule.quiet, row.rule.digest_minute);
        let ways = ways(&row.rule);
        let alert = body.as_deref().map(|body| NewAlert { rule: row.id, body, ways: &ways, due_at });
        let recorded = self
            .store
            .record_alert_look(&AlertLook {
                rule_key: row.key,
                before_version: row.look.map_or(0, |look| look.version),
                sequence: task.snapshot.sequence,
                at: task.now,
                beyond: watched.beyond(),
                unjudged: look.unjudged,
                known: kept.as_deref(),
                alert,
            })
            .await?;
        Ok(recorded.flatten().is_some())
    }

    async fn look_task(&self, rule: &AlertRule, known: Watched, first: bool) -> Result<LookTask, OperationError> {
        let snapshot = self.snapshot().await?;
        let list = place(&snapshot, rule.filter.price_list)?;
        let now = self.now();
        let advertising = match rule.condition {
            AlertCondition::MapViolated => self.advertising(&snapshot, list, now).await?,
            _ => Advertising::default(),
        };
        let (known, advertising) = (known.into(), advertising.into());
        Ok(LookTask { snapshot, list, rule: rule.clone(), known, first, now, advertising })
    }

    async fn look(&self, task: LookTask) -> Result<Look, OperationError> {
        let collection = match task.rule.condition {
            AlertCondition::CollectionFailing { .. } => Some(self.store.competitor_rows(task.now).await?),
            _ => None,
        };
        in_background(move || {
            Ok(match collection {
                Some(rows) => looks::at_collection(&task, &rows),
                None => looks::at_market(&task),
            })
        })
        .await
    }

    async fn items(&self, task: &LookTask, seen: Vec<Seen>) -> Result<Vec<AlertItem>, OperationError> {
        let keys: Vec<u32> = seen.iter().filter_map(|one| u32::try_from(one.subject.product).ok()).collect();
        let keys: Vec<u32> = keys.into_iter().filter(|key| *key != 0).collect();
        let ids: HashMap<u32, ProductId> = keys.iter().copied().zip(self.store.product_ids(&keys).await?).collect();
        let words = Words::of(task);
        let item = |one: &Seen| {
            let id = u32::try_from(one.subject.product).ok().and_then(|key| ids.get(&key).copied());
            words.item(one, id)
        };
        Ok(seen.iter().map(item).collect())
    }

    async fn find_alert(&self, id: AlertRuleId) -> Result<AlertRuleRow, OperationError> {
        let found = self.store.alert_rules().await?.into_iter().find(|row| row.id == id);
        found.ok_or_else(|| OperationError::not_found("This alert is not in the workspace any more."))
    }

    async fn check_alert(&self, rule: &AlertRule) -> Result<(), OperationError> {
        self.price_list(rule.filter.price_list).await?;
        time_zone(&rule.time_zone)?;
        check(rule).map_err(OperationError::refused)?;
        for address in &rule.ways.email {
            check_address(address).map_err(|error| OperationError::refused(error.to_string()))?;
        }
        let settings = self.message_settings().await?;
        if !rule.ways.email.is_empty() && settings.mail.host.is_empty() {
            return Err(OperationError::refused("Set up the mail server first: Settings, Ways out."));
        }
        if rule.ways.webhook && settings.webhook_url.is_empty() {
            return Err(OperationError::refused("Set up the webhook first: Settings, Ways out."));
        }
        Ok(())
    }
}

/// What is wrong with a rule by itself, in words.
fn check(rule: &AlertRule) -> Result<(), &'static str> {
    let minute = |minute: u16| minute < MINUTES_OF_A_DAY;
    let quiet = |quiet: AlertQuiet| minute(quiet.from_minute) && minute(quiet.to_minute);
    let ensure = |holds: bool, words: &'static str| if holds { Ok(()) } else { Err(words) };
    ensure(
        !rule.name.trim().is_empty() && rule.name.chars().count() <= LONGEST_NAME,
        "Give the alert a name of at most 120 letters.",
    )?;
    ensure((0..=5_000).contains(&rule.tolerance_bp), "The tolerance lies between 0 and 50.")?;
    ensure(rule.ways.email.len() <= MOST_ADDRESSES, "An alert goes to at most 20 addresses.")?;
    ensure(rule.quiet.is_none_or(quiet), "Quiet hours are times of the day, such as 22:00 to 07:00.")?;
    ensure(rule.digest_minute.is_none_or(minute), "The digest's hour is a time of the day, such as 08:00.")?;
    match rule.condition {
        AlertCondition::PriceCrosses { amount_minor, .. } => {
            ensure(amount_minor > 0, "The amount that is crossed lies above zero.")
        }
        AlertCondition::ChangesBy { change_bp, .. } => {
            ensure((1..=100_000).contains(&change_bp), "A change lies between 0.01 % and 1,000 %.")
        }
        AlertCondition::PositionLost { place } => ensure((1..=50).contains(&place), "A place lies between 1 and 50."),
        AlertCondition::IndexOutside { from_centi, to_centi } => {
            ensure(0 < from_centi && from_centi < to_centi, "The band's lower end lies below its upper end.")
        }
        AlertCondition::CollectionFailing { share_bp } => {
            ensure((1..=10_000).contains(&share_bp), "The share of pages lies between 0.01 % and 100 %.")
        }
        AlertCondition::MarginBelow { margin_bp } => {
            ensure((-10_000..10_000).contains(&margin_bp), "The margin lies between −100 % and 100 %.")
        }
        AlertCondition::OutOfStock | AlertCondition::MapViolated => Ok(()),
    }
}

/// Whether a person asked to hear of it: in this direction, or also of the end.
fn is_told(rule: &AlertRule, seen: &Seen) -> bool {
    let Some(news) = seen.news else { return false };
    match rule.condition {
        AlertCondition::PriceCrosses { direction, .. } | AlertCondition::ChangesBy { direction, .. } => match direction
        {
            AlertDirection::Down => news.turn == AlertTurn::Fell,
            AlertDirection::Up => news.turn == AlertTurn::Rose,
            AlertDirection::Either => true,
        },
        _ => seen.known.side != Side::Calm || rule.tell_end,
    }
}

fn ways(rule: &AlertRule) -> Vec<(AlertWay, String)> {
    let desktop = rule.ways.desktop.then(|| (AlertWay::Desktop, String::new()));
    let webhook = rule.ways.webhook.then(|| (AlertWay::Webhook, String::new()));
    let email = rule.ways.email.iter().map(|address| (AlertWay::Email, address.trim().to_owned()));
    desktop.into_iter().chain(email).chain(webhook).collect()
}

fn view(row: AlertRuleRow, lists: &[pricing_store::PriceListRow]) -> AlertView {
    let list = lists.iter().find(|list| list.id == row.rule.filter.price_list);
    AlertView {
        id: row.id,
        words: words::rule_words(&row.rule, list.map(|list| (list.settings.name.as_str(), list.currency))),
        created_by: row.created_by,
        beyond: row.look.map(|look| look.beyond),
        unjudged: row.look.map_or(0, |look| look.unjudged),
        looked_at: row.look.map(|look| look.at),
        last_alert_at: row.last_alert_at,
        rule: row.rule,
    }
}
