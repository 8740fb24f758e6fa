//! Handing approved prices over to a shop. The intent is recorded before anything is sent; a price is absolute, so that
//! sending it again changes nothing; what counts is what the shop shows afterwards. Whatever breaks this off, it is taken
//! up by looking first. The stop switch holds prices up, not the way back.

mod delivering;
mod looking;
mod price_files;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use app_contract::{DeliveryPage, DeliveryReport, DeliveryView, PublicationView};
use pricing_domain::{
    ConnectionId, ConnectionKind, DeliveryState, Instant, OtherPrices, PublicationId, PublicationState,
};
use pricing_store::{
    ConnectionRow, DeliveryHead, DeliveryRow, Durability, HandOver, HandedOverPrice, Intent, Operation, PriceStep,
    PublishedPrice, Settled,
};

use crate::restores::{gone, publication_view};
use crate::{ErrorKind, OperationError, Workspace};

/// Prices sent to a shop at once: what the smallest of their batches takes.
const SHOP_AT_ONCE: usize = 100;
/// Prices in one message to a receiver.
const MESSAGE_AT_ONCE: usize = 500;
/// What was broken off, or failed for a while, is taken up by itself after this.
const RETRY_MICROSECONDS: i64 = 5 * 60 * 1_000_000;
/// Rows that a report names.
const NAMED: u32 = 100;

/// The lock of a workspace's hand-overs: one program at a time sends. The system takes it back when a program ends,
/// however it ends.
pub(crate) struct Publishing {
    file: PathBuf,
}

impl Publishing {
    pub(crate) fn beside(workspace: &Path) -> Self {
        let mut name = workspace.as_os_str().to_owned();
        name.push("-publishing");
        Self { file: PathBuf::from(name) }
    }

    fn take(&self) -> Result<File, OperationError> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&self.file);
        let file = file.map_err(|error| OperationError::fault(format!("{}: {error}", self.file.display())))?;
        file.try_lock().map_err(|_| OperationError {
            kind: ErrorKind::Conflict,
            message:
                "Another window or command hands prices over from this workspace. Wait for it, or cancel it there."
                    .into(),
        })?;
        Ok(file)
    }
}

impl Workspace {
    /// Records that the approved prices of a connection's list are to be in its shop, now or from a time on. Nothing is
    /// sent yet. Refused while publishing is stopped, without any, where the catalogue has left some behind, and while an
    /// earlier hand-over to the shop has not ended.
    pub async fn intend_prices(
        &self,
        connection: ConnectionId,
        other_prices: OtherPrices,
        at: Option<Instant>,
    ) -> Result<PublicationId, OperationError> {
        let row = self.find_connection(connection).await?;
        match self.intend_some_prices(connection, other_prices, at, |_, _| true).await? {
            Some(id) => Ok(id),
            None => Err(self.nothing_approved(&row).await?),
        }
    }

    /// The same for those that `within` names by the keys of product and list; `None`: there are none, and nothing is
    /// recorded.
    pub(crate) async fn intend_some_prices(
        &self,
        connection: ConnectionId,
        other_prices: OtherPrices,
        at: Option<Instant>,
        within: impl Fn(i64, i64) -> bool,
    ) -> Result<Option<PublicationId>, OperationError> {
        self.refuse_stopped().await?;
        self.refuse_held().await?;
        let row = self.find_connection(connection).await?;
        self.refuse_unended(&row).await?;
        // Keys that are not here are told before anything is recorded.
        drop(self.connector(&row, tokio_util::sync::CancellationToken::new()).await?);
        let now = self.now();
        let due_at = at.filter(|at| *at > now);
        let state = if due_at.is_some() { PublicationState::Scheduled } else { PublicationState::Sending };
        let mut op = self.begin("publish_prices", Durability::Full).await?;
        let prices = match self.publishable(&mut op, &row, within).await {
            Ok(prices) if prices.is_empty() => {
                op.abandon().await?;
                return Ok(None);
            }
            Ok(prices) => prices,
            Err(error) => {
                op.abandon().await?;
                return Err(error);
            }
        };
        // Those that may not leave go along: the hand-over looks once more, sends them not and says why.
        let steps: Vec<PriceStep> = prices.iter().map(|(price, _)| price.step()).collect();
        let intent = Intent {
            connection_key: row.key,
            other_prices,
            due_at: due_at.unwrap_or_else(|| retry_after(now)),
            state,
            at_once: at_once(row.kind),
        };
        let id = op.intend(HandOver::Approved, &intent, &steps).await?;
        let when = due_at.map(|at| format!(" from {at}")).unwrap_or_default();
        op.commit(&format!("{} prices are to be in {}{when}", steps.len(), row.name), false).await?;
        Ok(Some(id))
    }

    /// Records that the previous prices of a hand-over are to be in its shop again, those changed since excepted.
    pub async fn intend_restore(&self, publication: PublicationId) -> Result<PublicationId, OperationError> {
        let head = self.find_delivery(publication).await?;
        if !head.state.ended() {
            return Err(OperationError::refused(
                "This hand-over has not ended. Continue it or give it up, then put its previous prices back.",
            ));
        }
        self.refuse_forward_restore(head.is_restore).await?;
        let row = self.connection_row(&head).await?;
        self.find_connection(row.id).await.map_err(|_| {
            OperationError::refused(format!(
                "The connection {} was removed. Put the prices back as a file, or add the connection again.",
                row.name
            ))
        })?;
        self.refuse_unended(&row).await?;
        let mut op = self.begin("restore_publication", Durability::Full).await?;
        let prices = op.handed_over_prices(publication).await?;
        let Some((key, prices)) = prices else {
            op.abandon().await?;
            return Err(gone());
        };
        let steps: Vec<PriceStep> = prices.iter().filter_map(HandedOverPrice::way_back).collect();
        if steps.is_empty() {
            op.abandon().await?;
            return Err(OperationError::refused(
                "Nothing can be put back: every price of this hand-over was changed since, or had none before.",
            ));
        }
        let intent = Intent {
            connection_key: row.key,
            other_prices: OtherPrices::Leave,
            due_at: retry_after(self.now()),
            state: PublicationState::Sending,
            at_once: at_once(row.kind),
        };
        let id = op.intend(HandOver::Restore(key), &intent, &steps).await?;
        op.commit(&format!("{} previous prices are to be in {} again", steps.len(), row.name), false).await?;
        Ok(id)
    }

    /// Ends a hand-over. Prices that are not known to be in the shop wait for a decision again; should one have arrived all
    /// the same, the next hand-over sees it there.
    pub async fn give_up_publication(&self, publication: PublicationId) -> Result<PublicationView, OperationError> {
        let _lock = self.publishing.take()?;
        let head = self.find_delivery(publication).await?;
        if head.state.ended() {
            return Err(OperationError::refused("This hand-over has ended already."));
        }
        let prices = self.store.intended_prices(&head, None, self.now()).await?;
        let settled: Vec<Settled> = prices
            .iter()
            .map(|price| Settled {
                proposal_key: price.proposal_key,
                product_key: price.product_key,
                state: DeliveryState::GivenUp,
                shown_minor: None,
                message: String::new(),
            })
            .collect();
        let there = self.store.delivery_counts(head.key).await?.into_iter().any(|(state, _)| state.is_there());
        let state = if there { PublicationState::Partly } else { PublicationState::GivenUp };
        let mut op = self.begin("give_up_publication", Durability::Full).await?;
        op.settle(&head, &settled).await?;
        op.note_publication(head.key, state, None, &format!("Given up by {}.", self.actor())).await?;
        op.commit(&format!("Gave {} prices of a hand-over up", settled.len()), false).await?;
        self.publication(publication).await
    }

    /// Hand-overs that are to be taken up now: their time has come, or they were broken off. While publishing is stopped
    /// only those that put prices back.
    pub async fn due_publications(&self) -> Result<Vec<PublicationId>, OperationError> {
        let due = self.store.due_deliveries(self.now()).await?;
        self.unstopped(due).await
    }

    /// Hand-overs that a program left in the middle when it ended, and those whose time has come. Those that need a person
    /// are not among them.
    pub async fn left_publications(&self) -> Result<Vec<PublicationId>, OperationError> {
        let now = self.now();
        let mut open = self.store.open_deliveries().await?;
        open.retain(|head| match head.due_at {
            Some(at) => head.state == PublicationState::Sending || at <= now,
            None => false,
        });
        self.unstopped(open).await
    }

    /// Whether some program hands prices over from this workspace now.
    pub fn is_publishing_somewhere(&self) -> bool {
        self.publishing.take().is_err()
    }

    async fn unstopped(&self, heads: Vec<DeliveryHead>) -> Result<Vec<PublicationId>, OperationError> {
        let stopped = self.publishing_stopped().await?;
        Ok(heads.into_iter().filter(|head| head.is_restore || !stopped).map(|head| head.id).collect())
    }

    /// A hand-over as it stands.
    pub async fn publication(&self, id: PublicationId) -> Result<PublicationView, OperationError> {
        let rows = self.store.publications(500).await?;
        rows.into_iter().find(|row| row.id == id).map(publication_view).ok_or_else(gone)
    }

    /// A stretch of the prices of a hand-over, those first that the shop does not have.
    pub async fn deliveries(
        &self,
        publication: PublicationId,
        offset: u64,
        limit: u32,
    ) -> Result<DeliveryPage, OperationError> {
        let (matching, rows) = self.store.deliveries(publication, offset, limit.min(500)).await?;
        Ok(DeliveryPage { matching, offset, rows: rows.into_iter().map(delivery_view).collect() })
    }

    pub(crate) async fn refuse_stopped(&self) -> Result<(), OperationError> {
        if self.publishing_stopped().await? {
            return Err(OperationError::refused(
                "Publishing is stopped. Allow it again with the stop switch, then publish.",
            ));
        }
        Ok(())
    }

    async fn refuse_unended(&self, row: &ConnectionRow) -> Result<(), OperationError> {
        let open = self.store.open_deliveries().await?;
        if open.iter().any(|head| head.connection_key == row.key && head.state == PublicationState::Sending) {
            return Err(OperationError::refused(format!(
                "A hand-over to {} has not ended. Continue it or give it up first.",
                row.name
            )));
        }
        Ok(())
    }

    async fn nothing_approved(&self, row: &ConnectionRow) -> Result<OperationError, OperationError> {
        let list = self.list_of(row).await?;
        let of_list = list.map(|list| format!(" of the list {}", list.settings.name)).unwrap_or_default();
        Ok(OperationError::refused(format!(
            "No approved price{of_list} differs from today's. Approve proposals first."
        )))
    }

    /// The approved prices that go to a connection, of those that `within` names, each with why it may not leave any
    /// more. Refused where none may leave.
    async fn publishable(
        &self,
        op: &mut Operation,
        row: &ConnectionRow,
        within: impl Fn(i64, i64) -> bool,
    ) -> Result<Vec<(PublishedPrice, Option<String>)>, OperationError> {
        let list = self.list_of(row).await?;
        let is_meant = |code: &str| list.as_ref().is_none_or(|list| list.code == code);
        let is_within =
            |price: &PublishedPrice| is_meant(&price.price_list) && within(price.product_key, price.list_key);
        let (_, left) = self.leaving(op, is_within).await?;
        let left: HashMap<i64, String> = left.into_iter().map(|one| (one.proposal_key, one.reason)).collect();
        let prices = op.approved_prices().await?.into_iter().filter(is_within);
        let with_reason = |price: PublishedPrice| {
            let reason = left.get(&price.proposal_key).cloned();
            (price, reason)
        };
        Ok(prices.map(with_reason).collect())
    }

    async fn find_delivery(&self, id: PublicationId) -> Result<DeliveryHead, OperationError> {
        self.store.find_delivery(id).await?.ok_or_else(|| {
            OperationError::not_found("This hand-over to a shop is not in the workspace any more, or went to a file.")
        })
    }

    async fn connection_row(&self, head: &DeliveryHead) -> Result<ConnectionRow, OperationError> {
        let row = self.store.connection_of_key(head.connection_key).await?;
        row.ok_or_else(|| OperationError::not_found("The connection of this hand-over is gone."))
    }

    /// What became of a hand-over so far.
    async fn delivery_report(
        &self,
        head: &DeliveryHead,
        row: &ConnectionRow,
        message: String,
    ) -> Result<DeliveryReport, OperationError> {
        let mut report = DeliveryReport {
            publication: Some(head.id),
            connection: row.name.clone(),
            message,
            ..DeliveryReport::default()
        };
        for (state, count) in self.store.delivery_counts(head.key).await? {
            count_state(&mut report, state, count);
        }
        let (_, rows) = self.store.deliveries(head.id, 0, NAMED).await?;
        report.rows = rows.into_iter().filter(|row| !row.state.is_there()).map(delivery_view).collect();
        Ok(report)
    }
}

/// When what was broken off is taken up by itself.
fn retry_after(now: Instant) -> Instant {
    Instant(now.0 + RETRY_MICROSECONDS)
}

fn count_state(report: &mut DeliveryReport, state: DeliveryState, count: u64) {
    report.prices += count;
    match state {
        DeliveryState::Sent | DeliveryState::Verified | DeliveryState::Accepted => report.there += count,
        DeliveryState::Intended => report.waiting += count,
        DeliveryState::Conflict => report.conflicts += count,
        DeliveryState::Refused => report.refused += count,
        DeliveryState::Outdated => report.outdated += count,
        DeliveryState::GivenUp => {}
    }
}

fn at_once(kind: ConnectionKind) -> usize {
    match kind {
        ConnectionKind::WooCommerce | ConnectionKind::Shopify => SHOP_AT_ONCE,
        ConnectionKind::Webhook => MESSAGE_AT_ONCE,
        // A hand-over is one file.
        ConnectionKind::Sftp => usize::MAX,
    }
}

fn delivery_view(row: DeliveryRow) -> DeliveryView {
    DeliveryView {
        sku: row.sku,
        price_list: row.price_list,
        currency: row.currency,
        old_minor: row.old_minor,
        new_minor: row.new_minor,
        shown_minor: row.shown_minor,
        state: row.state,
        words: row.message,
        settled_at: row.settled_at,
    }
}
