//! How we stood in the market at the end of each day: sums by list, competitor and segment, kept as changes by day.

use std::collections::HashMap;

use pricing_domain::{Currency, Instant, OfferFlags, PackCoefficient};
use sqlx::{Row, SqliteConnection};

use super::{StaleFigures, json_keys, segment_condition};
use crate::snapshot_rows::{OfferRecord, ProductFilter, SnapshotReader};
use crate::staging::{BulkInsert, Value};
use crate::{Store, StoreError};

/// Sums of a list, a competitor and a segment. Competitor 0: against the lowest offer of all. Segment 0: all together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StandingCell {
    /// Products with a price; only of competitor 0.
    pub products: i64,
    /// Wins.
    pub win: i64,
    /// Ties.
    pub tie: i64,
    /// Losses.
    pub loss: i64,
    /// Σ(units × own) in thousandths of minor units.
    pub own: i64,
    /// Σ(units × theirs).
    pub theirs: i64,
}

impl StandingCell {
    /// Adds another cell.
    pub const fn add(&mut self, other: Self) {
        self.products += other.products;
        self.win += other.win;
        self.tie += other.tie;
        self.loss += other.loss;
        self.own = self.own.saturating_add(other.own);
        self.theirs = self.theirs.saturating_add(other.theirs);
    }

    /// What must be added to `other` to get this one.
    pub const fn minus(self, other: Self) -> Self {
        Self {
            products: self.products - other.products,
            win: self.win - other.win,
            tie: self.tie - other.tie,
            loss: self.loss - other.loss,
            own: self.own.saturating_sub(other.own),
            theirs: self.theirs.saturating_sub(other.theirs),
        }
    }

    /// Both together.
    pub const fn plus(mut self, other: Self) -> Self {
        self.add(other);
        self
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn values(self) -> [Value; 6] {
        [self.products, self.win, self.tie, self.loss, self.own, self.theirs].map(Value::Integer)
    }
}

/// (list, competitor, segment) by their keys.
type CellKey = (i64, i64, i64);

/// Sums of a competitor at the end of a day, or by how much they changed on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingDay {
    /// Days since 1970.
    pub day: i32,
    /// By key; 0: the lowest of all.
    pub competitor_key: i64,
    /// The sums.
    pub cell: StandingCell,
}

const COLUMNS: [&str; 10] =
    ["list_key", "day", "competitor_key", "segment_key", "products", "win", "tie", "loss", "own", "theirs"];

/// A sum of 64-bit numbers that does not overflow: in millions and the rest, each added for itself.
fn wide_sum(column: &str) -> String {
    format!("sum({column} / 1000000), sum({column} % 1000000)")
}

impl Store {
    /// The place of the change sequence and the hour since 1970 that the newest standing shows.
    pub async fn standing_at(&self) -> Result<Option<(i64, i64)>, StoreError> {
        let sql = "SELECT (SELECT value FROM figure_state WHERE name = 'market'), \
                   (SELECT value FROM figure_state WHERE name = 'market_hour')";
        let row = sqlx::query(sql).fetch_one(&self.readers).await?;
        let (sequence, hour): (Option<i64>, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        Ok(sequence.zip(hour))
    }

    /// Writes how the market stands now: what differs from before becomes the change of `day`. `hour` is the hour since
    /// 1970 at which it stands so. Gives the number of cells that changed.
    pub async fn write_standing(
        &self,
        sequence: i64,
        hour: i64,
        day: i32,
        now: &HashMap<CellKey, StandingCell>,
    ) -> Result<u64, StoreError> {
        let mut derivation = self.derive().await?;
        let rows = sqlx::query(
            "SELECT list_key, competitor_key, segment_key, products, win, tie, loss, own, theirs FROM market_standing",
        )
        .fetch_all(derivation.connection())
        .await?;
        let mut changes: HashMap<CellKey, StandingCell> = now.clone();
        for row in &rows {
            let key = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let held = cell(row, 3)?;
            let change = changes.entry(key).or_default();
            *change = change.minus(held);
        }
        changes.retain(|_, change| !change.is_empty());
        let adding = "ON CONFLICT DO UPDATE SET products = products + excluded.products, win = win + excluded.win, \
                      tie = tie + excluded.tie, loss = loss + excluded.loss, own = own + excluded.own, \
                      theirs = theirs + excluded.theirs";
        let mut days = BulkInsert::with_conflict("INSERT", "market_day", &COLUMNS, adding);
        let mut standing = BulkInsert::new("INSERT OR REPLACE", "market_standing", &standing_columns());
        let mut sorted: Vec<_> = changes.iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| **key);
        for ((list, competitor, segment), change) in &sorted {
            let key = [*list, i64::from(day), *competitor, *segment].map(Value::Integer);
            days.push(derivation.connection(), key.into_iter().chain(change.values())).await?;
            let cell = now.get(&(*list, *competitor, *segment)).copied().unwrap_or_default();
            let key = [*list, *competitor, *segment].map(Value::Integer);
            standing.push(derivation.connection(), key.into_iter().chain(cell.values())).await?;
        }
        days.flush(derivation.connection()).await?;
        standing.flush(derivation.connection()).await?;
        stand_at(derivation.connection(), sequence, hour).await?;
        derivation.commit().await?;
        Ok(sorted.len() as u64)
    }

    /// Writes how the market stands now where the newest look is of another day: what was kept from `from_day` on is
    /// forgotten, `later` are the changes of the days after it, and what is left of the difference becomes the change of
    /// `from_day`.
    pub async fn write_standing_from(
        &self,
        (sequence, hour): (i64, i64),
        from_day: i32,
        now: &HashMap<CellKey, StandingCell>,
        later: &HashMap<(CellKey, i32), StandingCell>,
    ) -> Result<(), StoreError> {
        let mut derivation = self.derive().await?;
        let connection = derivation.connection();
        let mut first: HashMap<CellKey, StandingCell> = now.clone();
        let held = "SELECT list_key, competitor_key, segment_key, products, win, tie, loss, own, theirs FROM";
        for (sql, is_over) in [
            (format!("{held} market_standing WHERE ? IS NOT NULL"), false),
            (format!("{held} market_day WHERE day >= ?"), true),
        ] {
            for row in sqlx::query(sqlx::AssertSqlSafe(sql)).bind(from_day).fetch_all(&mut *connection).await? {
                let kept = cell(&row, 3)?;
                let change = first.entry((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)).or_default();
                *change = if is_over { change.plus(kept) } else { change.minus(kept) };
            }
        }
        for ((key, _), change) in later {
            let first = first.entry(*key).or_default();
            *first = first.minus(*change);
        }
        let mut all: Vec<(CellKey, i32, StandingCell)> =
            later.iter().map(|((key, day), cell)| (*key, *day, *cell)).collect();
        all.extend(first.into_iter().map(|(key, cell)| (key, from_day, cell)));
        sqlx::query("DELETE FROM market_day WHERE day >= ?").bind(from_day).execute(&mut *connection).await?;
        insert_days(connection, all).await?;
        sqlx::query("DELETE FROM market_standing").execute(&mut *connection).await?;
        let standing = now.iter().filter(|(_, cell)| !cell.is_empty()).map(|(key, cell)| (*key, *cell));
        insert_standing(connection, standing.collect()).await?;
        stand_at(connection, sequence, hour).await?;
        derivation.commit().await
    }

    /// Replaces all of history by these changes by day; the newest standing is their sum, at an hour of the day after
    /// them.
    pub async fn replace_standing_history(
        &self,
        hour: i64,
        changes: &HashMap<(CellKey, i32), StandingCell>,
    ) -> Result<(), StoreError> {
        let mut derivation = self.derive().await?;
        for table in ["market_day", "market_standing"] {
            let sql = format!("DELETE FROM {table}");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(derivation.connection()).await?;
        }
        let mut sums: HashMap<CellKey, StandingCell> = HashMap::new();
        for ((key, _), cell) in changes {
            sums.entry(*key).or_default().add(*cell);
        }
        insert_days(derivation.connection(), changes.iter().map(|((key, day), cell)| (*key, *day, *cell)).collect())
            .await?;
        insert_standing(derivation.connection(), sums.into_iter().collect()).await?;
        derivation.forget(StaleFigures::History).await?;
        // No place of the change sequence: how it stands today is still to be written.
        stand_at(derivation.connection(), -1, hour).await?;
        derivation.commit().await
    }

    /// The standing on a list at the end of the newest day, by competitor, and by how much it changed on each day from
    /// `from` on. `segments`: only these; `None`: all together. Cost grows with the days, not with history.
    pub async fn standing_history(
        &self,
        list_key: i64,
        segments: Option<&[i64]>,
        from: i32,
    ) -> Result<(Vec<StandingDay>, Vec<StandingDay>), StoreError> {
        let sums = [wide_sum("own"), wide_sum("theirs")].join(", ");
        let condition = segment_condition(segments);
        let keys = json_keys(segments.unwrap_or_default());
        let read = |table: &str, day: &str, since: &str, group: &str| {
            format!(
                "SELECT {day}, competitor_key, sum(products), sum(win), sum(tie), sum(loss), {sums} FROM {table} \
                 WHERE list_key = ? AND {since} >= ? AND {condition} GROUP BY {group}"
            )
        };
        let now = read("market_standing", "0", "competitor_key", "competitor_key");
        let days = read("market_day", "day", "day", "day, competitor_key");
        let mut answers = Vec::with_capacity(2);
        for (sql, since) in [(now, 0), (days, from)] {
            let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(list_key).bind(since).bind(&keys);
            let rows = query.fetch_all(&self.readers).await?;
            answers.push(rows.iter().map(standing_day).collect::<Result<Vec<_>, StoreError>>()?);
        }
        let changes = answers.pop().unwrap_or_default();
        Ok((answers.pop().unwrap_or_default(), changes))
    }

    /// The products of which an offer begins from a moment on.
    pub async fn offers_begun_since(&self, from: Instant) -> Result<Vec<i64>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT l.product_key FROM offer_span s JOIN listing l ON l.key = s.listing_key \
             WHERE s.first_seen >= ? AND l.decision = 'accepted'",
        )
        .bind(from.0)
        .fetch_all(&self.readers)
        .await?)
    }

    /// The first day of which the market's standing is known.
    pub async fn first_standing_day(&self, list_key: i64) -> Result<Option<i32>, StoreError> {
        let sql = "SELECT min(day) FROM market_day WHERE list_key = ?";
        Ok(sqlx::query_scalar(sql).bind(list_key).fetch_one(&self.readers).await?)
    }
}

/// So many spans lead to their listings: five weeks of two years at a million products, which the index still reads faster.
const MOST_LED_BY: u64 = 5_000_000;

/// Inserts changes by day, without those in which nothing changed.
async fn insert_days(
    connection: &mut SqliteConnection,
    mut changes: Vec<(CellKey, i32, StandingCell)>,
) -> Result<(), StoreError> {
    changes.retain(|(_, _, cell)| !cell.is_empty());
    changes.sort_unstable_by_key(|((list, competitor, segment), day, _)| (*list, *day, *competitor, *segment));
    let mut days = BulkInsert::new("INSERT", "market_day", &COLUMNS);
    for ((list, competitor, segment), day, cell) in changes {
        let row = [list, i64::from(day), competitor, segment].map(Value::Integer);
        days.push(connection, row.into_iter().chain(cell.values())).await?;
    }
    days.flush(connection).await
}

async fn insert_standing(
    connection: &mut SqliteConnection,
    mut cells: Vec<(CellKey, StandingCell)>,
) -> Result<(), StoreError> {
    cells.sort_unstable_by_key(|(key, _)| *key);
    let mut standing = BulkInsert::new("INSERT", "market_standing", &standing_columns());
    for ((list, competitor, segment), cell) in cells {
        let row = [list, competitor, segment].map(Value::Integer);
        standing.push(connection, row.into_iter().chain(cell.values())).await?;
    }
    standing.flush(connection).await
}

/// Notes at which place of the change sequence, and at which hour since 1970, the newest standing stands.
async fn stand_at(connection: &mut SqliteConnection, sequence: i64, hour: i64) -> Result<(), StoreError> {
    for (name, value) in [("market", sequence), ("market_hour", hour)] {
        sqlx::query("INSERT OR REPLACE INTO figure_state (name, value) VALUES (?, ?)")
            .bind(name)
            .bind(value)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn standing_columns() -> Vec<&'static str> {
    COLUMNS.iter().copied().filter(|column| *column != "day").collect()
}

fn cell(row: &sqlx::sqlite::SqliteRow, from: usize) -> Result<StandingCell, StoreError> {
    Ok(StandingCell {
        products: row.try_get(from)?,
        win: row.try_get(from + 1)?,
        tie: row.try_get(from + 2)?,
        loss: row.try_get(from + 3)?,
        own: row.try_get(from + 4)?,
        theirs: row.try_get(from + 5)?,
    })
}

fn standing_day(row: &sqlx::sqlite::SqliteRow) -> Result<StandingDay, StoreError> {
    let wide = |from: usize| -> Result<i64, StoreError> {
        let (millions, rest): (i64, i64) = (row.try_get(from)?, row.try_get(from + 1)?);
        Ok(millions.saturating_mul(1_000_000).saturating_add(rest))
    };
    let cell = StandingCell {
        products: row.try_get(2)?,
        win: row.try_get(3)?,
        tie: row.try_get(4)?,
        loss: row.try_get(5)?,
        own: wide(6)?,
        theirs: wide(8)?,
    };
    Ok(StandingDay { day: row.try_get(0)?, competitor_key: row.try_get(1)?, cell })
}

/// A stretch of our own regular price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table of the same name")]
pub struct OwnPriceHistoryRow {
    pub product_key: i64,
    pub list_key: i64,
    pub amount_minor: i64,
    pub valid_from: i64,
    pub valid_to: Option<i64>,
}

/// A span of an accepted listing, with when it was seen first.
#[derive(Debug)]
pub struct OfferHistoryRow<'a> {
    /// As the snapshot reads offers.
    pub offer: OfferRecord<'a>,
    /// Microseconds since 1970.
    pub first_seen: i64,
}

impl SnapshotReader {
    /// Every stretch of our regular prices, by product, list and time.
    pub fn stream_price_history(
        &self,
        filter: &ProductFilter,
        mut each: impl FnMut(OwnPriceHistoryRow),
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT product_key, list_key, amount_minor, valid_from, valid_to FROM price \
             WHERE price_type = 'regular' AND min_quantity_milli = 0{} \
             ORDER BY product_key, list_key, price_type, min_quantity_milli, valid_from",
            filter.sql("product_key")
        );
        let mut statement = self.connection().prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(OwnPriceHistoryRow {
                product_key: row.get(0)?,
                list_key: row.get(1)?,
                amount_minor: row.get(2)?,
                valid_from: row.get(3)?,
                valid_to: row.get(4)?,
            });
        }
        Ok(())
    }

    /// Every span of the accepted listings, by product, listing and time. `since`: those that had begun last before it,
    /// and those that begin from it on.
    pub fn stream_offer_history(
        &self,
        filter: &ProductFilter,
        since: Option<Instant>,
        mut each: impl FnMut(OfferHistoryRow<'_>),
    ) -> Result<(), StoreError> {
        let begun = since.map_or_else(String::new, |since| {
            format!(
                " AND s.first_seen >= coalesce((SELECT max(x.first_seen) FROM offer_span x \
                 WHERE x.listing_key = l.key AND x.first_seen < {0}), {0})",
                since.0
            )
        });
        let sql = format!(
            "SELECT l.product_key, l.key, l.competitor_key, s.amount_minor, s.shipping_minor, s.currency, s.kind, \
                   s.availability, s.condition, l.match_type, l.pack_numerator, l.pack_denominator, s.last_seen, \
                   s.first_seen, s.times_seen, s.flags FROM listing l JOIN offer_span s ON s.listing_key = l.key \
                   WHERE l.decision = 'accepted'{}{begun} ORDER BY l.product_key, l.key, s.first_seen",
            filter.sql("l.product_key")
        );
        let mut statement = self.connection().prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |column: usize| row.get_ref(column)?.as_str().map_err(|_| StoreError::Unexpected("a text"));
            each(OfferHistoryRow {
                first_seen: row.get(13)?,
                offer: OfferRecord {
                    product_key: row.get(0)?,
                    listing_key: row.get(1)?,
                    competitor_key: row.get(2)?,
                    amount_minor: row.get(3)?,
                    shipping_minor: row.get(4)?,
                    currency: text(5)?,
                    kind: text(6)?,
                    availability: text(7)?,
                    condition: text(8)?,
                    match_type: text(9)?,
                    pack: PackCoefficient { numerator: row.get(10)?, denominator: row.get(11)? },
                    last_seen: row.get(12)?,
                    times_seen: row.get(14)?,
                    flags: OfferFlags(row.get(15)?),
                    state: "",
                },
            });
        }
        Ok(())
    }

    /// Price changes of accepted listings that were first seen from `from` on: the span before against the new one, like
    /// for like and in the same currency, as (product, competitor, first seen, before, after), by listing and time. Stops
    /// where `each` answers that it does not go on.
    pub fn stream_changes(
        &self,
        from: Instant,
        mut each: impl FnMut(i64, i64, i64, i64, i64) -> bool,
    ) -> Result<(), StoreError> {
        // Few spans lead to their listings; where there are many, walking all listings is faster than sorting them.
        let few = self.spans_begun_since(from, MOST_LED_BY)? < MOST_LED_BY;
        let (begun, listings) = if few {
            (
                "WITH begun (listing_key) AS MATERIALIZED (SELECT listing_key FROM offer_span \
                 INDEXED BY offer_span_first_seen WHERE first_seen >= ?1 GROUP BY listing_key) ",
                "begun CROSS JOIN listing l ON l.key = begun.listing_key",
            )
        } else {
            ("", "listing l")
        };
        let sql = format!(
            "{begun}SELECT l.product_key, l.competitor_key, l.key, l.pack_numerator, l.pack_denominator, s.first_seen, \
             s.amount_minor, s.currency FROM {listings} CROSS JOIN offer_span s ON s.listing_key = l.key \
             AND s.first_seen >= coalesce((SELECT max(x.first_seen) FROM offer_span x WHERE x.listing_key = l.key \
             AND x.first_seen < ?1), ?1) WHERE l.decision = 'accepted' ORDER BY l.key, s.first_seen"
        );
        let mut statement = self.connection().prepare(&sql)?;
        let mut rows = statement.query([from.0])?;
        let mut earlier: Option<(i64, i64, Currency)> = None;
        while let Some(row) = rows.next()? {
            let (listing, first_seen, amount): (i64, i64, i64) = (row.get(2)?, row.get(5)?, row.get(6)?);
            let code = row.get_ref(7)?.as_str().map_err(|_| StoreError::Unexpected("a text"))?;
            let currency = Currency::new(code).map_err(|_| StoreError::Unexpected("a currency"))?;
            let before = earlier.replace((listing, amount, currency));
            let Some((_, before, _)) = before.filter(|(of, before, held)| {
                *of == listing && *held == currency && *before > 0 && *before != amount && first_seen >= from.0
            }) else {
                continue;
            };
            let pack = PackCoefficient { numerator: row.get(3)?, denominator: row.get(4)? };
            let (before, after) = (pack.like_for_like(before), pack.like_for_like(amount));
            if !each(row.get(0)?, row.get(1)?, first_seen, before, after) {
                break;
            }
        }
        Ok(())
    }

    /// How many spans began from a moment on, as far as `most`.
    pub fn spans_begun_since(&self, from: Instant, most: u64) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM offer_span WHERE first_seen >= ? LIMIT ?)";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let count: i64 = self.connection().query_row(sql, [from.0, most], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
