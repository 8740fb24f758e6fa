//! Prices that rules must not touch: contracts, leaflets, and prices that a person holds for a time.

use std::str::FromStr;

use pricing_domain::{Currency, Instant, LockKind, Money, PriceListId, ProductId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::audit::uuid;
use crate::merge::{execute, keep_images};
use crate::operation::Operation;
use crate::{Store, StoreError};

/// A lock that is in force or to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceLockRow {
    /// Inside.
    pub product_key: i64,
    /// Inside.
    pub list_key: i64,
    /// Whose price.
    pub product: ProductId,
    /// Article number.
    pub sku: String,
    /// On which list.
    pub price_list: PriceListId,
    /// The list's code.
    pub list_code: String,
    /// Who fixed it.
    pub kind: LockKind,
    /// The price it names; `None`: the one that stands.
    pub price: Option<Money>,
    /// From when on.
    pub valid_from: Instant,
    /// Until when; `None`: until further notice.
    pub valid_to: Option<Instant>,
    /// Why.
    pub reason: String,
}

impl Store {
    /// Locks that have not ended at `at`: of one product, or the newest `limit` of all.
    pub async fn price_locks(
        &self,
        product: Option<ProductId>,
        at: Instant,
        limit: u32,
    ) -> Result<Vec<PriceLockRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT k.product_key, k.list_key, p.id, p.sku, l.id, l.code, k.kind, k.amount_minor, l.currency, \
             k.valid_from, k.valid_to, k.reason FROM price_lock k JOIN product p ON p.key = k.product_key \
             JOIN price_list l ON l.key = k.list_key WHERE (k.valid_to IS NULL OR k.valid_to > ?1) \
             AND (?2 IS NULL OR p.id = ?2) ORDER BY k.valid_from DESC, p.sku, l.key LIMIT ?3",
        )
        .bind(at.0)
        .bind(product.map(|product| product.0.as_bytes().to_vec()))
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(lock).collect()
    }
}

fn lock(row: &SqliteRow) -> Result<PriceLockRow, StoreError> {
    let unexpected = |_| StoreError::Unexpected("a price lock");
    let currency = Currency::new(row.try_get(8)?).map_err(|_| StoreError::Unexpected("a price lock"))?;
    Ok(PriceLockRow {
        product_key: row.try_get(0)?,
        list_key: row.try_get(1)?,
        product: ProductId(uuid(row, 2)?),
        sku: row.try_get(3)?,
        price_list: PriceListId(uuid(row, 4)?),
        list_code: row.try_get(5)?,
        kind: LockKind::from_str(row.try_get(6)?).map_err(unexpected)?,
        price: row.try_get::<Option<i64>, _>(7)?.map(|amount| Money::new(amount, currency)),
        valid_from: Instant(row.try_get(9)?),
        valid_to: row.try_get::<Option<i64>, _>(10)?.map(Instant),
        reason: row.try_get(11)?,
    })
}

impl Operation {
    /// Holds a price from now until `until`, whatever rules say. One that was held before ends.
    pub async fn hold_price(
        &mut self,
        (product_key, list_key): (i64, i64),
        amount_minor: i64,
        until: Instant,
        reason: &str,
    ) -> Result<(), StoreError> {
        self.end_locks(&format!(
            "product_key = {product_key} AND list_key = {list_key} AND kind = '{}'",
            LockKind::Held.as_str()
        ))
        .await?;
        let (sequence, at) = (self.sequence, self.at.0);
        sqlx::query(
            "INSERT INTO price_lock (product_key, list_key, kind, amount_minor, valid_from, valid_to, reason, \
             created_seq, changed_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(product_key)
        .bind(list_key)
        .bind(LockKind::Held.as_str())
        .bind(amount_minor)
        .bind(at)
        .bind(until.0)
        .bind(reason)
        .bind(sequence)
        .bind(sequence)
        .execute(self.connection())
        .await?;
        self.rows += 1;
        Ok(())
    }

    /// Ends a lock now; one that has not begun never does. `false`: it has ended already.
    pub async fn end_price_lock(&mut self, lock: &PriceLockRow) -> Result<bool, StoreError> {
        let PriceLockRow { product_key, list_key, valid_from, .. } = lock;
        self.concern_only([*product_key]);
        let ended = self
            .end_locks(&format!(
                "product_key = {product_key} AND list_key = {list_key} AND valid_from = {}",
                valid_from.0
            ))
            .await?;
        Ok(ended > 0)
    }

    /// `those` is made of numbers and constant words.
    async fn end_locks(&mut self, those: &str) -> Result<u64, StoreError> {
        let (at, sequence) = (self.at.0, self.sequence);
        let open = format!("FROM price_lock t WHERE {those} AND (valid_to IS NULL OR valid_to > {at})");
        let end = format!("max(valid_from, {at})");
        let images = format!(
            "SELECT json_array(product_key, list_key, valid_from), json_array(kind, valid_to, reason, amount_minor), \
             json_array(kind, {end}, reason, amount_minor), changed_seq {open}"
        );
        let ended = keep_images(self, "price_lock", images).await?;
        if ended > 0 {
            execute(
                self,
                format!(
                    "UPDATE price_lock SET valid_to = {end}, changed_seq = {sequence} \
                     WHERE {those} AND (valid_to IS NULL OR valid_to > {at})"
                ),
            )
            .await?;
            self.rows += ended;
        }
        Ok(ended)
    }
}
