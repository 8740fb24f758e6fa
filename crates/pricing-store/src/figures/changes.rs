//! Price changes of competitors by the hour.

use std::collections::HashMap;

use sqlx::Row;

use super::{StaleFigures, json_keys, segment_condition};
use crate::audit::count;
use crate::staging::{BulkInsert, Value};
use crate::{Store, StoreError};

/// Changes of a competitor, summed up. The last two are Σ(new ÷ old − 1) and Σ|new ÷ old − 1| at 10⁻⁹.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `change_hour`")]
pub struct ChangeRow {
    pub lowered: u64,
    pub raised: u64,
    pub signed: i64,
    pub absolute: i64,
}

/// Changes of a competitor on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveRow {
    /// Days since 1970.
    pub day: i32,
    /// Whose.
    pub competitor_key: i64,
    /// How many and how far.
    pub changes: ChangeRow,
}

impl Store {
    /// Replaces the changes from an hour on: by (hour, competitor, segment), with segment 0 for all together.
    pub async fn replace_changes(
        &self,
        from_hour: i64,
        changes: &HashMap<(i64, i64, i64), ChangeRow>,
    ) -> Result<(), StoreError> {
        let mut derivation = self.derive().await?;
        sqlx::query("DELETE FROM change_hour WHERE hour >= ?").bind(from_hour).execute(derivation.connection()).await?;
        let columns = ["hour", "competitor_key", "segment_key", "lowered", "raised", "signed", "absolute"];
        let mut insert = BulkInsert::new("INSERT", "change_hour", &columns);
        let mut sorted: Vec<_> = changes.iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| **key);
        for ((hour, competitor, segment), row) in sorted {
            let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
            let values =
                [*hour, *competitor, *segment, number(row.lowered), number(row.raised), row.signed, row.absolute];
            insert.push(derivation.connection(), values.map(Value::Integer)).await?;
        }
        insert.flush(derivation.connection()).await?;
        derivation.forget(StaleFigures::Changes).await?;
        derivation.commit().await
    }

    /// Changes by day and competitor from a day to another one. `segments`: only these; `None`: all together.
    pub async fn changes_by_day(
        &self,
        segments: Option<&[i64]>,
        from_day: i32,
        to_day: i32,
    ) -> Result<Vec<MoveRow>, StoreError> {
        let sql = format!(
            "SELECT hour / 24 AS day, competitor_key, sum(lowered), sum(raised), sum(signed), sum(absolute) \
             FROM change_hour WHERE hour >= ? AND hour < ? AND {} GROUP BY day, competitor_key ORDER BY day",
            segment_condition(segments)
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(i64::from(from_day) * 24)
            .bind((i64::from(to_day) + 1) * 24)
            .bind(json_keys(segments.unwrap_or_default()))
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| Ok(MoveRow { day: row.try_get(0)?, competitor_key: row.try_get(1)?, changes: changes(row, 2)? }))
            .collect()
    }

    /// Changes from an hour on, by competitor.
    pub(crate) async fn changes_since(&self, hour: i64) -> Result<Vec<(i64, ChangeRow)>, StoreError> {
        let rows = sqlx::query(
            "SELECT competitor_key, sum(lowered), sum(raised), sum(signed), sum(absolute) FROM change_hour \
             WHERE hour >= ? AND segment_key = 0 GROUP BY competitor_key",
        )
        .bind(hour)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, changes(row, 1)?))).collect()
    }
}

fn changes(row: &sqlx::sqlite::SqliteRow, from: usize) -> Result<ChangeRow, StoreError> {
    Ok(ChangeRow {
        lowered: count(row, from)?,
        raised: count(row, from + 1)?,
        signed: row.try_get(from + 2)?,
        absolute: row.try_get(from + 3)?,
    })
}
