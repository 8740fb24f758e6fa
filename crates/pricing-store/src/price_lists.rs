//! Price lists and VAT.

use std::str::FromStr;

use pricing_domain::{BasisPoints, Currency, Instant, ListPart, PriceListId, PriceListSettings, PriceType, TaxMode};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::audit::uuid;
use crate::operation::Operation;
use crate::proposals::NEWEST_BATCH;
use crate::{Store, StoreError};

/// The class of a VAT rate that holds in a country for products without a rate of their own there.
pub const EVERY_CLASS: &str = "*";

/// A price list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceListRow {
    /// Inside.
    pub key: i64,
    /// At the contract.
    pub id: PriceListId,
    /// Short code.
    pub code: String,
    /// Currency.
    pub currency: Currency,
    /// With or without VAT.
    pub tax_mode: TaxMode,
    /// What a person may change.
    pub settings: PriceListSettings,
    /// The one that is shown first and that files without a list are for.
    pub is_default: bool,
    /// Which prices of another list it holds.
    pub part: Option<ListPart>,
}

impl Store {
    /// All price lists, the default one first.
    pub async fn price_lists(&self) -> Result<Vec<PriceListRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT l.key, l.id, l.code, l.currency, l.tax_mode, l.is_default, l.name, l.country, l.zone, l.channel, \
             l.store_group, l.customer_group, l.time_zone, l.cash_step_minor, l.labels_per_day, b.code, l.price_type, \
             l.min_quantity_milli FROM price_list l LEFT JOIN price_list b ON b.key = l.parent_key \
             ORDER BY l.is_default DESC, l.key",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let unexpected = |_| StoreError::Unexpected("a price list");
                Ok(PriceListRow {
                    key: row.try_get(0)?,
                    id: PriceListId(uuid(row, 1)?),
                    code: row.try_get(2)?,
                    currency: Currency::new(row.try_get(3)?).map_err(|_| StoreError::Unexpected("a price list"))?,
                    tax_mode: TaxMode::from_str(row.try_get(4)?).map_err(unexpected)?,
                    is_default: row.try_get(5)?,
                    part: part(row)?,
                    settings: PriceListSettings {
                        name: row.try_get(6)?,
                        country: row.try_get(7)?,
                        zone: row.try_get(8)?,
                        channel: row.try_get(9)?,
                        store_group: row.try_get(10)?,
                        customer_group: row.try_get(11)?,
                        time_zone: row.try_get(12)?,
                        cash_step_minor: row.try_get(13)?,
                        labels_per_day: row.try_get(14)?,
                    },
                })
            })
            .collect()
    }
}

fn part(row: &SqliteRow) -> Result<Option<ListPart>, StoreError> {
    let Some(base) = row.try_get::<Option<String>, _>(15)? else { return Ok(None) };
    let unexpected = || StoreError::Unexpected("a price list");
    let price_type = PriceType::from_str(row.try_get(16)?).map_err(|_| unexpected())?;
    let min_quantity = ListPart::from_milli(row.try_get(17)?).ok_or_else(unexpected)?;
    Ok(Some(ListPart { base, price_type, min_quantity }))
}

impl Store {
    /// How many products have a price on a list that we changed since a moment, by hand-over, by hand or by a restore, or
    /// whose changed price is on its way.
    pub async fn changed_prices(&self, list_key: i64, since: Instant, now: Instant) -> Result<u32, StoreError> {
        let sql = format!(
            "SELECT count(*) FROM (SELECT product_key FROM price WHERE list_key = ?1 AND price_type = 'regular' \
             AND min_quantity_milli = 0 AND valid_from >= ?2 AND valid_from <= ?3 \
             AND cause IN ('proposal', 'by_hand', 'restore') UNION SELECT product_key FROM proposal \
             WHERE batch_key = {NEWEST_BATCH} AND status = 'publishing' AND list_key = ?1)"
        );
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(list_key)
            .bind(since.0)
            .bind(now.0)
            .fetch_one(&self.readers)
            .await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

impl Operation {
    /// Adds a price list; the first one becomes the default.
    pub async fn add_price_list(
        &mut self,
        code: &str,
        name: &str,
        currency: Currency,
        tax_mode: TaxMode,
        country: &str,
    ) -> Result<(), StoreError> {
        let (id, sequence) = (self.ids.next_id(), self.sequence);
        sqlx::query(
            "INSERT INTO price_list (id, code, name, currency, tax_mode, country, is_default, created_seq, \
             changed_seq) VALUES (?, ?, ?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM price_list), ?, ?)",
        )
        .bind(id.as_bytes().to_vec())
        .bind(code)
        .bind(name)
        .bind(currency.code())
        .bind(tax_mode.as_str())
        .bind(country)
        .bind(sequence)
        .bind(sequence)
        .execute(self.connection())
        .await?;
        self.rows += 1;
        Ok(())
    }

    /// Adds a list for those prices of another one. Prices that the other one has of them move to the new list, with their
    /// past; returns how many.
    pub async fn add_list_part(
        &mut self,
        (base, part): (&PriceListRow, &ListPart),
        (code, name): (&str, &str),
    ) -> Result<u64, StoreError> {
        self.add_price_list(code, name, base.currency, base.tax_mode, &base.settings.country).await?;
        let sequence = self.sequence;
        let written = sqlx::query(
            "UPDATE price_list SET parent_key = ?1, price_type = ?2, min_quantity_milli = ?3, time_zone = ?4, channel = ?5, \
             zone = ?6, store_group = ?7, customer_group = ?8, cash_step_minor = ?9 WHERE code = ?10",
        )
        .bind(base.key)
        .bind(part.price_type.as_str())
        .bind(part.milli())
        .bind(&base.settings.time_zone)
        .bind(&base.settings.channel)
        .bind(&base.settings.zone)
        .bind(&base.settings.store_group)
        .bind(&base.settings.customer_group)
        .bind(base.settings.cash_step_minor)
        .bind(code)
        .execute(self.connection())
        .await?;
        debug_assert_eq!(written.rows_affected(), 1, "the list was just added");
        let moved = sqlx::query(
            "UPDATE price SET list_key = (SELECT key FROM price_list WHERE code = ?1), price_type = 'regular', \
             min_quantity_milli = 0, changed_seq = ?2 WHERE list_key = ?3 AND price_type = ?4 AND min_quantity_milli = ?5",
        )
        .bind(code)
        .bind(sequence)
        .bind(base.key)
        .bind(part.price_type.as_str())
        .bind(part.milli())
        .execute(self.connection())
        .await?
        .rows_affected();
        self.rows += moved;
        Ok(moved)
    }

    /// Changes what a person may change of a list, field by field in the audit; returns how many fields differ.
    pub async fn save_price_list(
        &mut self,
        list: &PriceListRow,
        settings: &PriceListSettings,
        is_default: bool,
    ) -> Result<usize, StoreError> {
        let mut changed = 0;
        for ((field, old), (_, new)) in list.settings.fields().into_iter().zip(settings.fields()) {
            if old != new {
                self.record_change("price_list", list.key, field, Some(old.into()), Some(new.into())).await?;
                changed += 1;
            }
        }
        let number = |number: Option<i64>| number.map(|number| number.to_string());
        let (old, new) = (&list.settings, settings);
        for (field, old, new) in [
            ("cash_step_minor", Some(old.cash_step_minor), Some(new.cash_step_minor)),
            ("labels_per_day", old.labels_per_day.map(i64::from), new.labels_per_day.map(i64::from)),
        ] {
            if old != new {
                self.record_change("price_list", list.key, field, number(old), number(new)).await?;
                changed += 1;
            }
        }
        if is_default && !list.is_default {
            self.record_change("price_list", list.key, "is_default", Some("0".into()), Some("1".into())).await?;
            sqlx::query("UPDATE price_list SET is_default = (key = ?)")
                .bind(list.key)
                .execute(self.connection())
                .await?;
            changed += 1;
        }
        let sequence = self.sequence;
        sqlx::query(
            "UPDATE price_list SET name = ?, country = ?, zone = ?, channel = ?, store_group = ?, customer_group = ?, \
             time_zone = ?, cash_step_minor = ?, labels_per_day = ?, changed_seq = ? WHERE key = ?",
        )
        .bind(&settings.name)
        .bind(&settings.country)
        .bind(&settings.zone)
        .bind(&settings.channel)
        .bind(&settings.store_group)
        .bind(&settings.customer_group)
        .bind(&settings.time_zone)
        .bind(settings.cash_step_minor)
        .bind(settings.labels_per_day)
        .bind(sequence)
        .bind(list.key)
        .execute(self.connection())
        .await?;
        self.rows += 1;
        Ok(changed)
    }

    /// Says whether the prices of a list contain VAT.
    pub async fn set_list_tax(&mut self, list: &PriceListRow, tax_mode: TaxMode) -> Result<(), StoreError> {
        let (old, new) = (list.tax_mode.as_str(), tax_mode.as_str());
        self.record_change("price_list", list.key, "tax_mode", Some(old.into()), Some(new.into())).await?;
        let sequence = self.sequence;
        sqlx::query("UPDATE price_list SET tax_mode = ?, changed_seq = ? WHERE key = ?")
            .bind(new)
            .bind(sequence)
            .bind(list.key)
            .execute(self.connection())
            .await?;
        self.rows += 1;
        Ok(())
    }

    /// States what VAT the country of a list charges on products of a class, in the audit too.
    pub async fn set_list_vat(
        &mut self,
        list: &PriceListRow,
        class: &str,
        rate: BasisPoints,
    ) -> Result<(), StoreError> {
        let field = if class == EVERY_CLASS { "vat".to_owned() } else { format!("vat_of_{class}") };
        self.record_change("price_list", list.key, &field, None, Some(rate.0.to_string())).await?;
        self.set_vat_rate(class, &list.settings.country, rate).await
    }

    /// States the VAT rate of a class in a country (`*`: in the home country), from the beginning of time.
    pub async fn set_vat_rate(&mut self, class: &str, country: &str, rate: BasisPoints) -> Result<(), StoreError> {
        let written = sqlx::query(
            "INSERT INTO vat_rate (class, country, valid_from, rate_bp) VALUES (?, ?, 0, ?) \
             ON CONFLICT (class, country, valid_from) DO UPDATE SET rate_bp = excluded.rate_bp \
             WHERE rate_bp <> excluded.rate_bp",
        )
        .bind(class)
        .bind(country)
        .bind(rate.0)
        .execute(self.connection())
        .await?
        .rows_affected();
        self.rows += written;
        Ok(())
    }
}
