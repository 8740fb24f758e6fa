//! Sending the prices of a hand-over part by part: look, send what is to be sent, look again, record.

use std::collections::HashMap;
use std::time::Duration;

use app_contract::{ConnectionFacts, DeliveryReport, DeliveryView};
use pricing_domain::{ConnectionId, ConnectionTask, DeliveryState, OtherPrices, PublicationId, PublicationState};
use pricing_store::{ConnectionRow, DeliveryHead, Durability, IntendedPrice, PublishedPrice, Settled};
use sha2::{Digest, Sha256};
use shop_connectors::{Connector, Delivery, Placed, PriceUpdate, ShopError, ShopErrorKind, ShopPlace};

use super::looking::{Next, next, settled};
use super::{NAMED, count_state, retry_after};
use crate::connections::unfit;
use crate::{OperationError, Progress, Workspace};

/// Some shops show a price a moment after they took it.
const SECOND_LOOK: Duration = Duration::from_millis(700);

/// How a part ended.
struct PartEnd {
    settled: Vec<Settled>,
    were_there: u64,
    broke_off: Option<ShopError>,
}

/// Why a run ended before every price was settled.
struct Interruption {
    message: String,
    is_temporary: bool,
}

impl Workspace {
    /// Sends and verifies the prices of a hand-over that are not known to be in the shop. What the shop shows is looked at
    /// before anything is sent, so that a hand-over that was broken off goes on where it ended. What fails for a while is
    /// tried again by itself.
    pub async fn deliver(
        &self,
        publication: PublicationId,
        progress: &Progress,
    ) -> Result<DeliveryReport, OperationError> {
        let _lock = self.publishing.take()?;
        let head = self.find_delivery(publication).await?;
        if head.state.ended() {
            return Err(OperationError::refused("This hand-over has ended already."));
        }
        if !head.is_restore {
            self.refuse_stopped().await?;
        }
        let row = self.connection_row(&head).await?;
        let mut were_there = 0;
        let interruption = self.send_all(&head, &row, &mut were_there, progress).await?;
        let (state, due_at, message) = self.standing(&head, interruption).await?;
        let mut op = self.begin("publish_prices", Durability::Full).await?;
        op.note_publication(head.key, state, due_at, &message).await?;
        let mut report = self.delivery_report(&head, &row, message.clone()).await?;
        report.were_there = were_there;
        let words = report_words(&report);
        op.note_connection_run(row.key, ConnectionTask::Publish, !message.is_empty(), &words).await?;
        op.commit(&format!("{}: {words}", row.name), false).await?;
        Ok(report)
    }

    /// Where a hand-over stands after a run.
    async fn standing(
        &self,
        head: &DeliveryHead,
        interruption: Option<Interruption>,
    ) -> Result<(PublicationState, Option<pricing_domain::Instant>, String), OperationError> {
        if let Some(interruption) = interruption {
            let due_at = interruption.is_temporary.then(|| retry_after(self.now()));
            return Ok((PublicationState::Sending, due_at, interruption.message));
        }
        let all_there = self.store.delivery_counts(head.key).await?.iter().all(|(state, _)| state.is_there());
        let state = if all_there { PublicationState::Done } else { PublicationState::Partly };
        Ok((state, None, String::new()))
    }

    async fn send_all(
        &self,
        head: &DeliveryHead,
        row: &ConnectionRow,
        were_there: &mut u64,
        progress: &Progress,
    ) -> Result<Option<Interruption>, OperationError> {
        let connector = match self.ready(row, progress).await? {
            Ok(connector) => connector,
            Err(interruption) => return Ok(Some(interruption)),
        };
        let parts = self.store.intended_parts(head.key).await?;
        let total: u64 = parts.iter().map(|(_, count)| count).sum();
        let mut done = 0;
        for (part, count) in parts {
            progress.at(done, Some(total), "Sending and verifying");
            if progress.is_cancelled() {
                return Ok(Some(stopped_by_person()));
            }
            if !head.is_restore && self.publishing_stopped().await? {
                let message = "The stop switch ended it. It goes on by itself once publishing is allowed again.".into();
                return Ok(Some(Interruption { message, is_temporary: true }));
            }
            let mut prices = self.store.intended_prices(head, Some(part), self.now()).await?;
            if !head.is_restore {
                self.note_crossings(&mut prices).await?;
            }
            let end = if connector.can_be_read() {
                look_and_send(&connector, &prices, head.other_prices).await
            } else {
                let file = if connector.takes_files() { self.price_file(head, &prices).await? } else { None };
                send_message(&connector, head, part, &prices, file).await
            };
            *were_there += end.were_there;
            if !end.settled.is_empty() {
                let mut op = self.begin("publish_prices", Durability::Full).await?;
                op.settle(head, &end.settled).await?;
                let there = end.settled.iter().filter(|one| one.state.is_there()).count();
                op.commit(&format!("{there} of {} prices are in {}", end.settled.len(), row.name), false).await?;
            }
            if let Some(error) = end.broke_off {
                return Ok(Some(interruption(&error)));
            }
            done += count;
        }
        progress.at(done, Some(total), "Done");
        Ok(None)
    }

    /// The connection, opened and asked whether prices of this list may go there.
    async fn ready(
        &self,
        row: &ConnectionRow,
        progress: &Progress,
    ) -> Result<Result<Connector, Interruption>, OperationError> {
        progress.at(0, None, "Asking the shop");
        let connector = match self.connector(row, progress.cancel.clone()).await {
            Ok(connector) => connector,
            Err(error) => return Ok(Err(Interruption { message: error.message, is_temporary: false })),
        };
        let facts = match self.ask_facts(row, &connector).await {
            Ok(facts) => facts,
            Err(error) => return Ok(Err(interruption(&error))),
        };
        match unfit(&facts, self.list_of(row).await?.as_ref()) {
            Some(message) => Ok(Err(Interruption { message, is_temporary: false })),
            None => Ok(Ok(connector)),
        }
    }

    /// Says what publishing the approved prices would do. Nothing is sent or written in the shop.
    pub async fn dry_run(
        &self,
        connection: ConnectionId,
        other_prices: OtherPrices,
        progress: &Progress,
    ) -> Result<DeliveryReport, OperationError> {
        let row = self.find_connection(connection).await?;
        let outcome = self.look_only(&row, other_prices, progress).await;
        let message = outcome.as_ref().map_or_else(|error| error.message.clone(), report_words);
        self.note_run(&row, ConnectionTask::DryRun, outcome.is_err(), &message).await?;
        outcome
    }

    async fn look_only(
        &self,
        row: &ConnectionRow,
        other_prices: OtherPrices,
        progress: &Progress,
    ) -> Result<DeliveryReport, OperationError> {
        let connector = self.connector(row, progress.cancel.clone()).await?;
        let facts: ConnectionFacts = self.ask_facts(row, &connector).await?;
        let list = self.list_of(row).await?;
        if let Some(reason) = unfit(&facts, list.as_ref()) {
            return Err(OperationError::refused(reason));
        }
        let prices = self.approved_for(row).await?;
        let mut report = DeliveryReport { connection: row.name.clone(), ..DeliveryReport::default() };
        if !connector.can_be_read() {
            for price in &prices {
                let next = match &price.outdated {
                    Some(reason) => left_behind(price, reason),
                    None => Next::Send(message_update(price), String::new()),
                };
                note_look(&mut report, price, next);
            }
            return Ok(report);
        }
        let total = prices.len() as u64;
        for some in prices.chunks(super::SHOP_AT_ONCE) {
            progress.at(report.prices, Some(total), "Looking");
            let skus: Vec<String> = some.iter().map(|price| price.sku.clone()).collect();
            let placed = connector.prices(&skus, some[0].currency).await?;
            for (price, placed) in some.iter().zip(&placed) {
                note_look(&mut report, price, next(price, placed, other_prices));
            }
        }
        Ok(report)
    }

    /// The approved prices for a connection as they would be intended; read in an operation that is left without a trace.
    async fn approved_for(&self, row: &ConnectionRow) -> Result<Vec<IntendedPrice>, OperationError> {
        let mut op = self.begin("dry_run", Durability::Facts).await?;
        let approved = self.publishable(&mut op, row, |_, _| true).await;
        op.abandon().await?;
        let approved = approved?;
        if approved.is_empty() {
            return Err(self.nothing_approved(row).await?);
        }
        Ok(approved.into_iter().map(as_intended).collect())
    }
}

fn as_intended((price, outdated): (PublishedPrice, Option<String>)) -> IntendedPrice {
    IntendedPrice {
        proposal_key: price.proposal_key,
        product_key: price.product_key,
        sku: price.sku,
        price_list: price.price_list,
        currency: price.currency,
        old_minor: price.old_minor,
        new_minor: price.new_minor,
        part: 0,
        outdated,
    }
}

/// A price that is not sent to a receiver that cannot be looked at.
fn left_behind(price: &IntendedPrice, reason: &str) -> Next {
    Next::Settled(settled(price, DeliveryState::Outdated, None, &format!("{}{reason}.", Settled::NOT_SENT)))
}

fn note_look(report: &mut DeliveryReport, price: &IntendedPrice, next: Next) {
    let (state, shown_minor, words) = match next {
        Next::Send(..) => {
            report.prices += 1;
            report.would_send += 1;
            return;
        }
        Next::Settled(settled) => (settled.state, settled.shown_minor, settled.message),
    };
    count_state(report, state, 1);
    if state.is_there() {
        report.were_there += 1;
    } else if report.rows.len() < NAMED as usize {
        report.rows.push(DeliveryView {
            sku: price.sku.clone(),
            price_list: price.price_list.clone(),
            currency: price.currency,
            old_minor: price.old_minor,
            new_minor: price.new_minor,
            shown_minor,
            state,
            words,
            settled_at: None,
        });
    }
}

/// A part of a hand-over to a shop that can be looked at.
async fn look_and_send(connector: &Connector, prices: &[IntendedPrice], other_prices: OtherPrices) -> PartEnd {
    let mut end = PartEnd { settled: Vec::new(), were_there: 0, broke_off: None };
    let Some(first) = prices.first() else { return end };
    let currency = first.currency;
    let skus: Vec<String> = prices.iter().map(|price| price.sku.clone()).collect();
    let placed = match connector.prices(&skus, currency).await {
        Ok(placed) => placed,
        Err(error) => return PartEnd { broke_off: Some(error), ..end },
    };
    let (mut updates, mut sent) = (Vec::new(), Vec::new());
    for (price, placed) in prices.iter().zip(&placed) {
        match next(price, placed, other_prices) {
            Next::Settled(settled) => {
                end.were_there += u64::from(settled.state.is_there());
                end.settled.push(settled);
            }
            Next::Send(update, remark) => {
                updates.push(update);
                sent.push((price, remark));
            }
        }
    }
    if updates.is_empty() {
        return end;
    }
    let delivery = Delivery::default();
    let report = connector.send_prices(&delivery, &updates).await;
    let refused: HashMap<usize, String> = report.refused.into_iter().collect();
    let places: Vec<ShopPlace> = updates.iter().map(|update| update.place.clone()).collect();
    let is_there = |index: usize, shown: Option<i64>| shown == Some(updates[index].new.amount_minor);
    let shown = match looked_at(connector, &places, &updates, report.broke_off.is_none()).await {
        Ok(shown) => shown,
        Err(error) => {
            // What was refused is known; of the others nothing is.
            let known =
                refused.iter().map(|(index, words)| settled(sent[*index].0, DeliveryState::Refused, None, words));
            end.settled.extend(known);
            return PartEnd { broke_off: Some(report.broke_off.unwrap_or(error)), ..end };
        }
    };
    for (index, (price, remark)) in sent.iter().enumerate() {
        let shown = shown[index];
        if is_there(index, shown) {
            end.settled.push(settled(price, DeliveryState::Verified, shown, remark));
        } else if let Some(words) = refused.get(&index) {
            end.settled.push(settled(price, DeliveryState::Refused, shown, words));
        } else if report.broke_off.is_none() {
            let words = "The shop took the price without an error and does not show it.";
            end.settled.push(settled(price, DeliveryState::Refused, shown, words));
        }
        // Otherwise it was not sent, or did not arrive: it stays intended.
    }
    end.broke_off = report.broke_off;
    end
}

/// What the shop shows after sending; where it does not show everything yet and nothing broke off, once more a little later.
async fn looked_at(
    connector: &Connector,
    places: &[ShopPlace],
    updates: &[PriceUpdate],
    patient: bool,
) -> Result<Vec<Option<i64>>, ShopError> {
    let first = look(connector, places, updates).await?;
    let all = first.iter().zip(updates).all(|(shown, update)| *shown == Some(update.new.amount_minor));
    if all || !patient {
        return Ok(first);
    }
    tokio::time::sleep(SECOND_LOOK).await;
    look(connector, places, updates).await
}

async fn look(
    connector: &Connector,
    places: &[ShopPlace],
    updates: &[PriceUpdate],
) -> Result<Vec<Option<i64>>, ShopError> {
    let placed = connector.prices_at(places, updates[0].new.currency).await?;
    let shown = |placed: &Placed| match placed {
        Placed::At(shown) => shown.price_minor,
        _ => None,
    };
    Ok(placed.iter().map(shown).collect())
}

/// A part of a hand-over to a receiver, as one message or file. The same prices of the same hand-over have the same id, so
/// that a receiver takes them once.
async fn send_message(
    connector: &Connector,
    head: &DeliveryHead,
    part: i64,
    prices: &[IntendedPrice],
    file: Option<Vec<u8>>,
) -> PartEnd {
    let mut end = PartEnd { settled: Vec::new(), were_there: 0, broke_off: None };
    let (left, sent): (Vec<&IntendedPrice>, Vec<&IntendedPrice>) =
        prices.iter().partition(|price| price.outdated.is_some());
    for price in left {
        let words = format!("{}{}.", Settled::NOT_SENT, price.outdated.as_deref().unwrap_or_default());
        end.settled.push(settled(price, DeliveryState::Outdated, None, &words));
    }
    if sent.is_empty() {
        return end;
    }
    let updates: Vec<PriceUpdate> = sent.iter().map(|price| message_update(price)).collect();
    let delivery = Delivery { id: message_id(head, part, &updates), file };
    let report = connector.send_prices(&delivery, &updates).await;
    if report.broke_off.is_none() {
        let refused: HashMap<usize, String> = report.refused.into_iter().collect();
        let remark = report.remark.unwrap_or_default();
        end.settled.extend(sent.iter().enumerate().map(|(index, price)| match refused.get(&index) {
            Some(words) => settled(price, DeliveryState::Refused, None, words),
            None => settled(price, DeliveryState::Accepted, None, &remark),
        }));
    }
    end.broke_off = report.broke_off;
    end
}

fn message_update(price: &IntendedPrice) -> PriceUpdate {
    let money = |minor: i64| pricing_domain::Money::new(minor, price.currency);
    PriceUpdate {
        place: ShopPlace { sku: price.sku.clone(), product: String::new(), variant: String::new() },
        price_list: price.price_list.clone(),
        old: price.old_minor.map(money),
        new: money(price.new_minor),
        clears_reference: false,
    }
}

fn message_id(head: &DeliveryHead, part: i64, updates: &[PriceUpdate]) -> String {
    let mut hash = Sha256::new();
    for update in updates {
        let line = format!("{}\0{}\0{}\n", update.place.sku, update.price_list, update.new);
        hash.update(line.as_bytes());
    }
    let digest: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{}.{part}.{digest}", head.id.0)
}

fn stopped_by_person() -> Interruption {
    Interruption { message: "Stopped by a person. Continue it, or give it up.".to_owned(), is_temporary: false }
}

fn interruption(error: &ShopError) -> Interruption {
    match error.kind {
        ShopErrorKind::Stopped => stopped_by_person(),
        _ => Interruption { message: error.message.clone(), is_temporary: error.is_temporary() },
    }
}

fn report_words(report: &DeliveryReport) -> String {
    let mut words = vec![format!("{} prices", report.prices)];
    for (count, what) in [
        (report.would_send, "would be sent"),
        (report.there, "are in the shop"),
        (report.conflicts, "were changed there by somebody"),
        (report.refused, "were refused"),
        (report.outdated, "were left behind by the catalogue"),
        (report.waiting, "wait"),
    ] {
        if count > 0 {
            words.push(format!("{count} {what}"));
        }
    }
    let mut words = words.join(", ");
    words.push('.');
    if !report.message.is_empty() {
        words.push(' ');
        words.push_str(&report.message);
    }
    words
}
