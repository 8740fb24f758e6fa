//! Handing prices over: intent first, then the price in force changes.

use std::collections::HashMap;

use pricing_domain::{BasisPoints, Currency, Instant, PriceCause, PriceState, PriceType};
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::merge::{execute, keep_images};
use crate::operation::Operation;
use crate::price_lists::EVERY_CLASS;
use crate::proposals::NEWEST_BATCH;
use crate::staging::{BulkInsert, Value};

/// An approved price on its way to the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedPrice {
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
    /// What kind of price.
    pub price_type: PriceType,
    /// Its currency.
    pub currency: Currency,
    /// Today's price.
    pub old_minor: Option<i64>,
    /// The approved one.
    pub new_minor: i64,
    /// Place of the rule in the rule set.
    pub rule: u16,
    /// The rule set, inside.
    pub rule_set_key: i64,
    /// Why it was approved.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// When.
    pub approved_at: Instant,
}

/// One price that is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceStep {
    /// The proposal it goes back to, inside.
    pub proposal_key: i64,
    /// The product, inside.
    pub product_key: i64,
    /// The price before.
    pub old_minor: Option<i64>,
    /// The price from now on.
    pub new_minor: i64,
}

/// What a hand-over is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// Approved prices go to the shop.
    Approved,
    /// The previous prices of a hand-over, by its key, go back to the shop.
    Restore(i64),
}

/// An approved price that the catalogue has left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutdatedPrice {
    /// The proposal in the store.
    pub proposal_key: i64,
    /// Article number.
    pub sku: String,
    /// The list's code.
    pub price_list: String,
    /// In words that follow on the product.
    pub reason: String,
}

impl OutdatedPrice {
    /// The proposal and the reason.
    pub fn behind(&self) -> (i64, &str) {
        (self.proposal_key, &self.reason)
    }
}

impl PublishedPrice {
    /// The price as it is handed over.
    pub const fn step(&self) -> PriceStep {
        PriceStep {
            proposal_key: self.proposal_key,
            product_key: self.product_key,
            old_minor: self.old_minor,
            new_minor: self.new_minor,
        }
    }
}

impl Operation {
    /// Approved prices of the newest batch that differ from those they were proposed against, by SKU and list.
    pub async fn approved_prices(&mut self) -> Result<Vec<PublishedPrice>, StoreError> {
        let sql = format!(
            "SELECT p.key, p.product_key, p.list_key, o.sku, l.code, l.currency, p.old_minor, \
             coalesce(p.new_minor, p.lawful_minor), p.rule, b.rule_set_key, coalesce(p.decision_reason, ''), \
             coalesce(p.decided_by, ''), coalesce(p.decided_at, 0) FROM proposal p \
             JOIN product o ON o.key = p.product_key JOIN price_list l ON l.key = p.list_key \
             JOIN batch b ON b.key = p.batch_key \
             WHERE p.batch_key = {NEWEST_BATCH} AND p.status = 'approved' \
             AND coalesce(p.new_minor, p.lawful_minor) IS NOT p.old_minor ORDER BY o.sku, l.key"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.connection()).await?;
        rows.iter()
            .map(|row| {
                Ok(PublishedPrice {
                    proposal_key: row.try_get(0)?,
                    product_key: row.try_get(1)?,
                    list_key: row.try_get(2)?,
                    sku: row.try_get(3)?,
                    price_list: row.try_get(4)?,
                    price_type: PriceType::Regular,
                    currency: Currency::new(row.try_get(5)?).map_err(|_| StoreError::Unexpected("a price list"))?,
                    old_minor: row.try_get(6)?,
                    new_minor: row.try_get(7)?,
                    rule: row.try_get(8)?,
                    rule_set_key: row.try_get(9)?,
                    reason: row.try_get(10)?,
                    approved_by: row.try_get(11)?,
                    approved_at: Instant(row.try_get(12)?),
                })
            })
            .collect()
    }

    /// Approved prices that may not be handed over any more, with the reason: the price in force, a lock or a
    /// promotion came in after they were proposed.
    pub async fn outdated_prices(&mut self) -> Result<Vec<OutdatedPrice>, StoreError> {
        let at = self.at.0;
        let now = format!("t.valid_from <= {at} AND (t.valid_to IS NULL OR t.valid_to > {at})");
        let here = "t.product_key = p.product_key AND t.list_key = p.list_key";
        let sql = format!(
            "SELECT o.sku, l.code, EXISTS (SELECT 1 FROM price_lock t WHERE {here} AND {now} \
             AND t.amount_minor IS NOT coalesce(p.new_minor, p.lawful_minor)) AS locked, \
             EXISTS (SELECT 1 FROM promotion t WHERE {here} AND {now}) AS promoted, \
             p.old_minor IS NOT (SELECT t.amount_minor FROM price t WHERE {here} AND t.price_type = 'regular' \
             AND t.min_quantity_milli = 0 AND {now} ORDER BY t.valid_from DESC LIMIT 1) AS moved, p.key FROM proposal p \
             JOIN product o ON o.key = p.product_key JOIN price_list l ON l.key = p.list_key \
             WHERE p.batch_key = {NEWEST_BATCH} AND p.status = 'approved' \
             AND coalesce(p.new_minor, p.lawful_minor) IS NOT p.old_minor AND (locked OR promoted OR moved) \
             ORDER BY o.sku, l.key"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.connection()).await?;
        rows.iter()
            .map(|row| {
                let reason = match (row.try_get(2)?, row.try_get(3)?) {
                    (true, _) => "it is locked",
                    (false, true) => "it is in a promotion",
                    (false, false) => "its price in force is another one by now",
                };
                Ok(OutdatedPrice {
                    proposal_key: row.try_get(5)?,
                    sku: row.try_get(0)?,
                    price_list: row.try_get(1)?,
                    reason: reason.to_owned(),
                })
            })
            .collect()
    }

    /// The VAT rates of the products with approved prices, by SKU: what was stated for the list's country, else, where
    /// that is the home country, what was stated for everywhere.
    pub async fn approved_vat_rates(&mut self) -> Result<HashMap<String, BasisPoints>, StoreError> {
        let sql = format!(
            "SELECT o.sku, (SELECT v.rate_bp FROM vat_rate v WHERE (v.class IN (o.vat_class, '{EVERY_CLASS}') \
             AND v.country = l.country AND l.country <> '') OR (v.class = o.vat_class AND v.country = '*' \
             AND (l.country = '' OR l.country = (SELECT country FROM price_list ORDER BY is_default DESC, key LIMIT 1))) \
             ORDER BY v.country = '*', v.class = '{EVERY_CLASS}', v.valid_from DESC LIMIT 1) \
             FROM proposal p JOIN product o ON o.key = p.product_key JOIN price_list l ON l.key = p.list_key \
             WHERE p.batch_key = {NEWEST_BATCH} AND p.status = 'approved'"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.connection()).await?;
        let mut rates = HashMap::with_capacity(rows.len());
        for row in rows {
            if let Some(rate) = row.try_get::<Option<i32>, _>(1)? {
                rates.insert(row.try_get(0)?, BasisPoints(rate));
            }
        }
        Ok(rates)
    }

    /// Records that these prices were written to a file: they are in force from now on, the prices before end.
    pub async fn hand_over(&mut self, what: HandOver, steps: &[PriceStep], file_name: &str) -> Result<(), StoreError> {
        let (id, at, sequence) = (self.ids.next_id(), self.at.0, self.sequence);
        let (cause, restores) = match what {
            HandOver::Approved => (PriceCause::Proposal, None),
            HandOver::Restore(publication) => (PriceCause::Restore, Some(publication)),
        };
        let publication = sqlx::query(
            "INSERT INTO publication (id, target, created_at, state, file_name, restores) \
             VALUES (?, 'file', ?, 'sent', ?, ?)",
        )
        .bind(id.as_bytes().to_vec())
        .bind(at)
        .bind(file_name)
        .bind(restores)
        .execute(self.connection())
        .await?
        .last_insert_rowid();
        let columns = ["publication_key", "proposal_key", "old_minor", "new_minor", "state"];
        let mut insert = BulkInsert::new("INSERT", "publication_price", &columns);
        for step in steps {
            let row: [Value; 5] = [
                publication.into(),
                step.proposal_key.into(),
                step.old_minor.into(),
                step.new_minor.into(),
                "sent".into(),
            ];
            insert.push(self.connection(), row).await?;
        }
        insert.flush(self.connection()).await?;
        self.put_in_force(&format!("q.publication_key = {publication}"), PriceState::Sent, cause).await?;
        execute(
            self,
            format!(
                "UPDATE proposal SET status = 'exported', changed_seq = {sequence} WHERE key IN \
                 (SELECT proposal_key FROM publication_price WHERE publication_key = {publication})"
            ),
        )
        .await?;
        self.concern_only(steps.iter().map(|step| step.product_key));
        self.rows += u64::try_from(steps.len()).unwrap_or(0);
        Ok(())
    }

    /// Puts handed-over prices in force from now on; the prices before end. `which` is a condition on `publication_price
    /// q`. A price that is in force already stays as it is.
    pub(crate) async fn put_in_force(
        &mut self,
        which: &str,
        state: PriceState,
        cause: PriceCause,
    ) -> Result<(), StoreError> {
        let (at, sequence) = (self.at.0, self.sequence);
        let regular = format!(
            "t.price_type = 'regular' AND t.min_quantity_milli = 0 AND (t.valid_to IS NULL OR t.valid_to > {at})"
        );
        let before = format!(
            "FROM price t JOIN proposal p ON p.product_key = t.product_key AND p.list_key = t.list_key \
             JOIN publication_price q ON q.proposal_key = p.key WHERE {which} AND {regular} AND t.valid_from < {at} \
             AND t.amount_minor <> q.new_minor"
        );
        keep_images(
            self,
            "price",
            format!(
                "SELECT json_array(t.product_key, t.list_key, t.price_type, t.min_quantity_milli, t.valid_from), \
                 json_array(t.amount_minor, t.valid_to), json_array(t.amount_minor, {at}), t.changed_seq {before}"
            ),
        )
        .await?;
        execute(
            self,
            format!("UPDATE price SET valid_to = {at}, changed_seq = {sequence} WHERE key IN (SELECT t.key {before})"),
        )
        .await?;
        let there = format!(
            "SELECT 1 FROM price t WHERE t.product_key = p.product_key AND t.list_key = p.list_key AND {regular} \
             AND t.valid_from < {at} AND t.amount_minor = q.new_minor"
        );
        execute(
            self,
            format!(
                "INSERT INTO price (product_key, list_key, price_type, min_quantity_milli, amount_minor, valid_from, \
                 state, cause, cause_key, created_seq, changed_seq) \
                 SELECT p.product_key, p.list_key, 'regular', 0, q.new_minor, {at}, '{state}', '{cause}', p.key, \
                 {sequence}, {sequence} FROM publication_price q JOIN proposal p ON p.key = q.proposal_key \
                 WHERE {which} AND NOT EXISTS ({there}) \
                 ON CONFLICT (product_key, list_key, price_type, min_quantity_milli, valid_from) DO UPDATE SET \
                 amount_minor = excluded.amount_minor, valid_to = NULL, state = excluded.state, \
                 cause = excluded.cause, cause_key = excluded.cause_key, changed_seq = excluded.changed_seq"
            ),
        )
        .await?;
        Ok(())
    }
}
