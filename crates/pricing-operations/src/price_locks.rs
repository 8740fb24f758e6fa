//! Prices that rules must not touch.

use app_contract::PriceLockView;
use pricing_domain::{CivilDate, Instant, LockKind, PriceListId, ProductId};
use pricing_store::{Durability, PriceListRow, PriceLockRow};

use crate::price_lists::{clock_of, days_words};
use crate::{OperationError, Workspace};

/// Locks shown of all products.
const MOST_SHOWN: u32 = 1_000;
/// Nobody holds a price longer without looking at it.
const LONGEST_HOLD_DAYS: i64 = 366;

impl Workspace {
    /// Locks that have not ended, of one product or of all, newest first.
    pub async fn price_locks(&self, product: Option<ProductId>) -> Result<Vec<PriceLockView>, OperationError> {
        let now = self.now();
        let rows = self.store.price_locks(product, now, MOST_SHOWN).await?;
        let lists = self.store.price_lists().await?;
        let view = |row: PriceLockRow| {
            let list = lists.iter().find(|list| list.id == row.price_list);
            let days = list.map_or_else(String::new, |list| days_words(list, row.valid_from, row.valid_to));
            view(row, days, now)
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Ends a lock now, so that rules decide the price again. Answers with what is left of the product's locks.
    pub async fn end_price_lock(
        &self,
        product: ProductId,
        price_list: PriceListId,
        valid_from: Instant,
    ) -> Result<Vec<PriceLockView>, OperationError> {
        let rows = self.store.price_locks(Some(product), self.now(), MOST_SHOWN).await?;
        let lock = rows.iter().find(|row| row.price_list == price_list && row.valid_from == valid_from);
        let lock = lock.ok_or_else(|| OperationError::not_found("This lock has ended already."))?;
        let mut op = self.begin("end_price_lock", Durability::Full).await?;
        op.end_price_lock(lock).await?;
        op.commit(&format!("Ended the lock of {} on {}", lock.sku, lock.list_code), true).await?;
        self.price_locks(Some(product)).await
    }

    /// The end of a day by the clock of a list, for a price that is held to it. Refused unless it lies ahead.
    pub(crate) fn end_of_hold(&self, list: &PriceListRow, last_day: CivilDate) -> Result<Instant, OperationError> {
        let now = self.now();
        let end = last_day
            .tomorrow()
            .ok()
            .and_then(|day| day.to_zoned(clock_of(list)).ok())
            .map(|start| Instant(start.timestamp().as_microsecond()));
        end.filter(|end| *end > now && *end <= now.plus_days(LONGEST_HOLD_DAYS))
            .ok_or_else(|| OperationError::refused("A price is held until a day from today on, at most a year ahead."))
    }
}

fn view(row: PriceLockRow, days: String, now: Instant) -> PriceLockView {
    PriceLockView {
        product: row.product,
        sku: row.sku,
        price_list: row.price_list,
        list_code: row.list_code,
        is_held: row.kind == LockKind::Held,
        price: row.price,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        days,
        is_in_force: row.valid_from <= now,
        reason: row.reason,
    }
}
