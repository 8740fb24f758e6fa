//! Settings of a workspace: names with text values.

use sqlx::Row;

use crate::operation::Operation;
use crate::{Store, StoreError};

impl Store {
    /// The value of a setting; `None` when it was never written.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT value FROM setting WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?)
    }

    /// How many rows the large tables have, with the words people use for them.
    pub async fn counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM product), (SELECT count(*) FROM price), (SELECT count(*) FROM listing), \
             (SELECT count(*) FROM offer_span), (SELECT count(*) FROM sales), (SELECT count(*) FROM proposal)",
        )
        .fetch_one(&self.readers)
        .await?;
        let names = ["Products", "Own prices", "Matches", "Competitor price spans", "Sales rows", "Proposals"];
        names
            .iter()
            .enumerate()
            .map(|(index, name)| Ok(((*name).to_owned(), u64::try_from(row.try_get::<i64, _>(index)?).unwrap_or(0))))
            .collect()
    }
}

impl Operation {
    /// The value of a setting as it stands in this operation.
    pub async fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM setting WHERE name = ?";
        Ok(sqlx::query_scalar(sql).bind(name).fetch_optional(self.connection()).await?)
    }

    /// Writes a setting and records what it was.
    pub async fn write_setting(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        self.concern_only([]);
        let old: Option<String> = sqlx::query_scalar("SELECT value FROM setting WHERE name = ?")
            .bind(name)
            .fetch_optional(self.connection())
            .await?;
        if old.as_deref() == Some(value) {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(self.connection())
        .await?;
        self.rows += 1;
        self.record_change("setting", 0, name, old, Some(value.to_owned())).await
    }
}

impl Store {
    /// How many products there are.
    pub async fn product_count(&self) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM product").fetch_one(&self.readers).await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

impl Operation {
    /// Moves every instant and day by whole days. Only for a sample that nobody has worked in yet.
    pub async fn shift_days(&mut self, days: i64) -> Result<(), StoreError> {
        const INSTANTS: &[(&str, &[&str])] = &[
            ("audit", &["at"]),
            ("change_set", &["at"]),
            ("cost", &["valid_from"]),
            ("price", &["valid_from", "valid_to"]),
            ("price_lock", &["valid_from", "valid_to"]),
            ("promotion", &["valid_from", "valid_to"]),
            ("listing_reading", &["due_at", "read_at"]),
            ("offer_span", &["first_seen", "last_seen"]),
            ("evidence", &["at"]),
            ("quarantined_reading", &["first_seen", "last_seen", "decided_at"]),
            ("site_recipe", &["changed_at"]),
            ("collection_schedule", &["next_at", "last_at"]),
            ("failure_span", &["first_at", "last_at"]),
            ("collection_run", &["started_at", "finished_at"]),
            ("rule_set", &["created_at"]),
            ("batch", &["created_at"]),
            ("snooze", &["until", "at"]),
            ("price_comment", &["at"]),
        ];
        // In two moves far apart, so that no row ever lands on a key that is still taken.
        const FAR_DAYS: i64 = 1_000_000;
        for step in [FAR_DAYS, days - FAR_DAYS] {
            let micros = step * pricing_domain::MICROSECONDS_PER_DAY;
            for (table, columns) in INSTANTS {
                let sets = columns.iter().map(|column| format!("{column} = {column} + {micros}")).collect::<Vec<_>>();
                crate::merge::execute(self, format!("UPDATE {table} SET {}", sets.join(", "))).await?;
            }
            crate::merge::execute(self, format!("UPDATE sales SET day = day + {step}")).await?;
        }
        // This operation itself is done today.
        for (table, key) in [("change_set", self.sequence), ("audit", self.audit_key)] {
            let own = format!("UPDATE {table} SET at = {} WHERE key = {key}", self.at.0);
            crate::merge::execute(self, own).await?;
        }
        self.mark_all_stale().await?;
        self.rows += 1;
        Ok(())
    }
}
