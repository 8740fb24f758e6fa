//! Putting back the prices that a hand-over replaced.

use pricing_domain::{Currency, Instant, PublicationId, PublicationState};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::audit::{count, uuid};
use crate::operation::Operation;
use crate::publications::PriceStep;
use crate::{Store, StoreError};

/// A hand-over of prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicationRow {
    /// At the contract.
    pub id: PublicationId,
    /// Counted from the first one of the workspace; it stays.
    pub number: u64,
    /// When.
    pub created_at: Instant,
    /// The file that was written; empty: none was.
    pub file_name: String,
    /// The shop or other receiver; `None`: a file.
    pub connection: Option<String>,
    /// Where it stands.
    pub state: PublicationState,
    /// When it is taken up by itself.
    pub due_at: Option<Instant>,
    /// Why it stands where it stands.
    pub message: String,
    /// How many prices.
    pub prices: u64,
    /// Of those: that the shop has.
    pub there: u64,
    /// Of those: of which is not known yet whether the shop has them.
    pub waiting: u64,
    /// Whether it put previous prices back.
    pub is_restore: bool,
    /// When its own prices were taken back.
    pub restored_at: Option<Instant>,
}

/// A handed-over price with the one before it and the one in force now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOverPrice {
    /// The proposal, inside.
    pub proposal_key: i64,
    /// The product, inside.
    pub product_key: i64,
    /// The list, inside.
    pub list_key: i64,
    /// Article number.
    pub sku: String,
    /// The list's code.
    pub price_list: String,
    /// Its currency.
    pub currency: Currency,
    /// The price before; `None`: there was none to put back.
    pub previous_minor: Option<i64>,
    /// The price that was handed over.
    pub given_minor: i64,
    /// The price in force now.
    pub current_minor: Option<i64>,
}

impl HandedOverPrice {
    /// The way back: from the handed-over price to the one before. `None`: nothing to put back, or the price was changed
    /// since.
    pub fn way_back(&self) -> Option<PriceStep> {
        let previous = self.previous_minor.filter(|_| self.current_minor == Some(self.given_minor))?;
        Some(PriceStep {
            proposal_key: self.proposal_key,
            product_key: self.product_key,
            old_minor: Some(self.given_minor),
            new_minor: previous,
        })
    }
}

impl Store {
    /// Hand-overs, newest first.
    pub async fn publications(&self, limit: u32) -> Result<Vec<PublicationRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.created_at, coalesce(p.file_name, ''), \
             (SELECT count(*) FROM publication_price q WHERE q.publication_key = p.key), p.restores IS NOT NULL, \
             (SELECT max(r.created_at) FROM publication r WHERE r.restores = p.key AND r.state <> 'given_up'), \
             c.name, p.state, p.due_at, p.message, \
             (SELECT count(*) FROM publication_price q WHERE q.publication_key = p.key \
             AND q.state IN ('sent', 'verified', 'accepted')), \
             (SELECT count(*) FROM publication_price q WHERE q.publication_key = p.key AND q.state = 'intended'), p.key \
             FROM publication p LEFT JOIN connection c ON c.key = p.connection_key ORDER BY p.key DESC LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PublicationRow {
                    id: PublicationId(uuid(row, 0)?),
                    created_at: Instant(row.try_get(1)?),
                    file_name: row.try_get(2)?,
                    prices: count(row, 3)?,
                    is_restore: row.try_get(4)?,
                    restored_at: row.try_get::<Option<i64>, _>(5)?.map(Instant),
                    connection: row.try_get(6)?,
                    state: row.try_get::<&str, _>(7)?.parse().map_err(|_| StoreError::Unexpected("a hand-over"))?,
                    due_at: row.try_get::<Option<i64>, _>(8)?.map(Instant),
                    message: row.try_get(9)?,
                    there: count(row, 10)?,
                    waiting: count(row, 11)?,
                    number: count(row, 12)?,
                })
            })
            .collect()
    }
}

impl Store {
    /// Every price of a hand-over as at `at`; `None`: the hand-over is not in this workspace.
    pub async fn handed_over_prices(
        &self,
        id: PublicationId,
        at: Instant,
    ) -> Result<Option<Vec<HandedOverPrice>>, StoreError> {
        let mut reader = self.readers.acquire().await?;
        Ok(handed_over(&mut reader, id, at).await?.map(|(_, prices)| prices))
    }
}

impl Operation {
    /// The key of a hand-over and every price of it as it stands now; `None`: it is not in this workspace.
    pub async fn handed_over_prices(
        &mut self,
        id: PublicationId,
    ) -> Result<Option<(i64, Vec<HandedOverPrice>)>, StoreError> {
        let at = self.at;
        handed_over(self.connection(), id, at).await
    }
}

/// The prices of a hand-over with those before and those in force, by SKU and list.
async fn handed_over(
    connection: &mut SqliteConnection,
    id: PublicationId,
    at: Instant,
) -> Result<Option<(i64, Vec<HandedOverPrice>)>, StoreError> {
    let key: Option<i64> = sqlx::query_scalar("SELECT key FROM publication WHERE id = ?")
        .bind(id.0.as_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(key) = key else { return Ok(None) };
    let rows = sqlx::query(
        "SELECT q.proposal_key, p.product_key, p.list_key, o.sku, l.code, l.currency, q.old_minor, q.new_minor, \
         (SELECT t.amount_minor FROM price t WHERE t.product_key = p.product_key AND t.list_key = p.list_key \
         AND t.price_type = 'regular' AND t.min_quantity_milli = 0 AND t.valid_from <= ?2 \
         AND (t.valid_to IS NULL OR t.valid_to > ?2) ORDER BY t.valid_from DESC LIMIT 1) \
         FROM publication_price q JOIN proposal p ON p.key = q.proposal_key \
         JOIN product o ON o.key = p.product_key JOIN price_list l ON l.key = p.list_key \
         WHERE q.publication_key = ?1 AND q.state IN ('sent', 'verified', 'accepted') ORDER BY o.sku, l.key",
    )
    .bind(key)
    .bind(at.0)
    .fetch_all(connection)
    .await?;
    let prices = rows.iter().map(handed_over_price).collect::<Result<_, _>>()?;
    Ok(Some((key, prices)))
}

fn handed_over_price(row: &SqliteRow) -> Result<HandedOverPrice, StoreError> {
    Ok(HandedOverPrice {
        proposal_key: row.try_get(0)?,
        product_key: row.try_get(1)?,
        list_key: row.try_get(2)?,
        sku: row.try_get(3)?,
        price_list: row.try_get(4)?,
        currency: Currency::new(row.try_get(5)?).map_err(|_| StoreError::Unexpected("a price list"))?,
        previous_minor: row.try_get(6)?,
        given_minor: row.try_get(7)?,
        current_minor: row.try_get(8)?,
    })
}
