//! Net sales by day and segment, and by week and product, each with the cost in force that day.

use std::collections::HashMap;

use futures::TryStreamExt;
use pricing_domain::Currency;
use sqlx::Row;

use super::{IS_PROMOTED, StaleFigures, close, json_keys, segment_condition, streaming};
use crate::staging::{BulkInsert, Value};
use crate::{Store, StoreError};

/// Sales of a day. Amounts are net, at 10⁻⁶ of the major unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SalesDayRow {
    /// Days since 1970.
    pub day: i32,
    /// Pieces in thousandths.
    pub units_milli: i64,
    /// Net revenue.
    pub revenue_micro: i64,
    /// The part of it with a known cost.
    pub costed_micro: i64,
    /// That cost.
    pub cost_micro: i64,
    /// The part of the revenue that fell in promotions.
    pub promotion_micro: i64,
}

/// Sales of a product over some weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the table `sales_week`")]
pub struct WeekSales {
    pub units_milli: i64,
    pub revenue_micro: i64,
    pub cost_micro: i64,
}

impl WeekSales {
    const fn add(&mut self, other: Self) {
        self.units_milli += other.units_milli;
        self.revenue_micro += other.revenue_micro;
        self.cost_micro += other.cost_micro;
    }
}

/// Costs of each product in each currency, by when they begin: (valid from, amount).
type Costs = HashMap<(i64, Currency), Vec<(i64, i64)>>;

/// Everything that is summed up while the table is read.
#[derive(Default)]
struct SalesSums {
    days: HashMap<(i64, i32, i64), SalesDayRow>,
    weeks: HashMap<(i32, i64, i64), WeekSales>,
}

/// The Monday of a day's week, both as days since 1970.
pub(crate) const fn monday_of(day: i32) -> i32 {
    day - (day + 3).rem_euclid(7)
}

impl Store {
    /// Sums sales up anew from the week of a day on. `segment_of` gives a product's segment, `currencies` that of each
    /// list by its key, with 0 for sales that name none; a cost in another currency is no cost. `cost_rank` chooses which
    /// costs count: type → a rank, the lowest counts; `None`: not at all.
    pub async fn rebuild_sales(
        &self,
        from_day: i32,
        segment_of: &HashMap<i64, i64>,
        currencies: &HashMap<i64, Currency>,
        cost_rank: impl Fn(&str) -> Option<u8>,
    ) -> Result<(), StoreError> {
        let from = monday_of(from_day);
        let mut connection = streaming(self).await?;
        let costs = read_costs(&mut connection, cost_rank).await?;
        let mut sums = SalesSums::default();
        {
            let sql = format!(
                "SELECT product_key, day, list_key, units_milli, net_revenue_micro, {IS_PROMOTED} FROM sales \
                 WHERE day >= ?"
            );
            let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(from).fetch(&mut connection);
            while let Some(row) = rows.try_next().await? {
                let product: i64 = row.try_get(0)?;
                let Some(segment) = segment_of.get(&product) else { continue };
                let sale = Sale {
                    product,
                    segment: *segment,
                    day: row.try_get(1)?,
                    list: row.try_get(2)?,
                    units_milli: row.try_get(3)?,
                    revenue_micro: row.try_get(4)?,
                    promoted: row.try_get(5)?,
                };
                let cost = currencies.get(&sale.list).and_then(|currency| cost_on(&costs, *currency, &sale));
                sums.add(&sale, cost);
            }
        }
        close(connection).await?;
        self.write_sales(from, sums).await
    }

    async fn write_sales(&self, from: i32, sums: SalesSums) -> Result<(), StoreError> {
        let mut derivation = self.derive().await?;
        for (table, column) in [("sales_day", "day"), ("sales_week", "week")] {
            let sql = format!("DELETE FROM {table} WHERE {column} >= ?");
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(from).execute(derivation.connection()).await?;
        }
        let columns = [
            "list_key",
            "day",
            "segment_key",
            "units_milli",
            "revenue_micro",
            "costed_micro",
            "cost_micro",
            "promotion_micro",
        ];
        let mut insert = BulkInsert::new("INSERT", "sales_day", &columns);
        let mut days: Vec<_> = sums.days.into_iter().collect();
        days.sort_unstable_by_key(|(key, _)| *key);
        for ((list, day, segment), row) in days {
            let values = [
                list,
                i64::from(day),
                segment,
                row.units_milli,
                row.revenue_micro,
                row.costed_micro,
                row.cost_micro,
                row.promotion_micro,
            ];
            insert.push(derivation.connection(), values.map(Value::Integer)).await?;
        }
        insert.flush(derivation.connection()).await?;
        let columns = ["week", "list_key", "product_key", "units_milli", "revenue_micro", "cost_micro"];
        let mut insert = BulkInsert::new("INSERT", "sales_week", &columns);
        let mut weeks: Vec<_> = sums.weeks.into_iter().collect();
        weeks.sort_unstable_by_key(|(key, _)| *key);
        for ((week, list, product), row) in weeks {
            let values = [i64::from(week), list, product, row.units_milli, row.revenue_micro, row.cost_micro];
            insert.push(derivation.connection(), values.map(Value::Integer)).await?;
        }
        insert.flush(derivation.connection()).await?;
        derivation.forget(StaleFigures::Sales).await?;
        derivation.commit().await
    }

    /// Sales by day from a day to another one, on a list; 0: those that name none. `segments`: only these; `None`: all together.
    pub async fn sales_by_day(
        &self,
        list_key: i64,
        segments: Option<&[i64]>,
        from_day: i32,
        to_day: i32,
    ) -> Result<Vec<SalesDayRow>, StoreError> {
        let sql = format!(
            "SELECT day, sum(units_milli), sum(revenue_micro), sum(costed_micro), sum(cost_micro), sum(promotion_micro) \
             FROM sales_day WHERE list_key = ? AND day BETWEEN ? AND ? AND {} GROUP BY day ORDER BY day",
            segment_condition(segments)
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(list_key)
            .bind(from_day)
            .bind(to_day)
            .bind(json_keys(segments.unwrap_or_default()))
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(SalesDayRow {
                    day: row.try_get(0)?,
                    units_milli: row.try_get(1)?,
                    revenue_micro: row.try_get(2)?,
                    costed_micro: row.try_get(3)?,
                    cost_micro: row.try_get(4)?,
                    promotion_micro: row.try_get(5)?,
                })
            })
            .collect()
    }

    /// The newest day of sales on a list; 0: of those that name none.
    pub async fn newest_sales_day(&self, list_key: i64) -> Result<Option<i32>, StoreError> {
        let sql = "SELECT max(day) FROM sales_day WHERE list_key = ?";
        Ok(sqlx::query_scalar(sql).bind(list_key).fetch_one(&self.readers).await?)
    }

    /// Sales on a list by product over the weeks that begin from a Monday up to, but not including, another one.
    pub async fn sales_of_weeks(
        &self,
        list_key: i64,
        from_monday: i32,
        to_monday: i32,
    ) -> Result<HashMap<i64, WeekSales>, StoreError> {
        let sql = "SELECT product_key, units_milli, revenue_micro, cost_micro FROM sales_week \
                   WHERE week >= ? AND week < ? AND list_key = ?";
        let mut sums: HashMap<i64, WeekSales> = HashMap::new();
        let mut rows = sqlx::query(sql).bind(from_monday).bind(to_monday).bind(list_key).fetch(&self.readers);
        while let Some(row) = rows.try_next().await? {
            sums.entry(row.try_get(0)?).or_default().add(WeekSales {
                units_milli: row.try_get(1)?,
                revenue_micro: row.try_get(2)?,
                cost_micro: row.try_get(3)?,
            });
        }
        Ok(sums)
    }
}

struct Sale {
    product: i64,
    segment: i64,
    day: i32,
    list: i64,
    units_milli: i64,
    revenue_micro: Option<i64>,
    promoted: bool,
}

impl SalesSums {
    fn add(&mut self, sale: &Sale, cost: Option<i64>) {
        let revenue_micro = sale.revenue_micro.unwrap_or(0);
        let cost = cost.filter(|_| sale.revenue_micro.is_some());
        for segment in [0, sale.segment] {
            let row = self.days.entry((sale.list, sale.day, segment)).or_default();
            row.units_milli += sale.units_milli;
            row.revenue_micro += revenue_micro;
            row.promotion_micro += if sale.promoted { revenue_micro } else { 0 };
            if let Some(cost_micro) = cost {
                row.costed_micro += revenue_micro;
                row.cost_micro += cost_micro;
            }
        }
        if let Some(cost_micro) = cost {
            let week = self.weeks.entry((monday_of(sale.day), sale.list, sale.product)).or_default();
            week.add(WeekSales { units_milli: sale.units_milli, revenue_micro, cost_micro });
        }
    }
}

/// Units × the cost in force at the end of the day; before the first cost that is known, that one.
fn cost_on(costs: &Costs, currency: Currency, sale: &Sale) -> Option<i64> {
    let costs = costs.get(&(sale.product, currency))?;
    let end = (i64::from(sale.day) + 1) * pricing_domain::MICROSECONDS_PER_DAY;
    let place = costs.partition_point(|(from, _)| *from < end);
    let (_, amount) = costs[place.saturating_sub(1)];
    let total =
        pricing_domain::Ratio { numerator: i128::from(amount) * i128::from(sale.units_milli), denominator: 1_000 };
    Some(total.round(pricing_domain::Rounding::Nearest))
}

/// The rank of a kind of cost, and its amounts with when each began.
type Ranked = (u8, Vec<(i64, i64)>);

/// Of several kinds of cost only the best ranked that a product has in a currency.
async fn read_costs(
    connection: &mut sqlx::SqliteConnection,
    rank: impl Fn(&str) -> Option<u8>,
) -> Result<Costs, StoreError> {
    let mut ranked: HashMap<(i64, Currency), Ranked> = HashMap::new();
    let sql = "SELECT product_key, cost_type, currency, valid_from, amount_micro FROM cost ORDER BY product_key";
    let mut rows = sqlx::query(sql).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let currency = row.try_get::<&str, _>(2)?.parse::<Currency>().ok();
        let Some((rank, currency)) = rank(row.try_get(1)?).zip(currency) else { continue };
        let (held, costs) = ranked.entry((row.try_get(0)?, currency)).or_insert((rank, Vec::new()));
        if rank < *held {
            (*held, *costs) = (rank, Vec::new());
        }
        if rank == *held {
            costs.push((row.try_get(3)?, row.try_get(4)?));
        }
    }
    let sorted = ranked.into_iter().map(|(of, (_, mut costs))| {
        costs.sort_unstable();
        (of, costs)
    });
    Ok(sorted.collect())
}
