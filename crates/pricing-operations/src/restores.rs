//! Putting back the previous prices of a hand-over in one action. The stop switch does not hold this up.

use std::path::Path;

use app_contract::{PublicationView, RestorePreview, RestoreRow};
use catalog_files::{PriceChange, write_price_changes};
use pricing_domain::{Money, OutputFormat, PublicationId};
use pricing_rules::{CompiledRules, ListFlags, bounds_of};
use pricing_store::{Durability, HandOver, HandedOverPrice, PriceListRow, PriceStep, PublicationRow};

use crate::exports::{unwritten, write_file};
use crate::list_parts::named_outside;
use crate::{OperationError, Workspace};

/// Rows that a preview names one by one.
const NAMED: usize = 100;

impl Workspace {
    /// Hand-overs, newest first.
    pub async fn publications(&self, limit: u32) -> Result<Vec<PublicationView>, OperationError> {
        let rows = self.store.publications(limit.min(500)).await?;
        Ok(rows.into_iter().map(publication_view).collect())
    }

    /// What putting back would do: prices that go back, those changed since, those without a previous price, and those
    /// whose previous price lies below today's floor.
    pub async fn preview_restore(&self, publication: PublicationId) -> Result<RestorePreview, OperationError> {
        let prices = self.store.handed_over_prices(publication, self.now()).await?.ok_or_else(gone)?;
        self.restore_preview(&prices).await
    }

    /// Puts the previous prices back and writes the file for the shop. Prices that were changed since stay. Returns what
    /// was done.
    pub async fn restore_publication(
        &self,
        publication: PublicationId,
        path: &Path,
        format: OutputFormat,
    ) -> Result<RestorePreview, OperationError> {
        self.refuse_forward_restore(self.publication(publication).await?.is_restore).await?;
        let mut op = self.begin("restore_publication", Durability::Full).await?;
        let Some((key, prices)) = op.handed_over_prices(publication).await? else {
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
        let report = self.restore_preview(&prices).await?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        op.hand_over(HandOver::Restore(key), &steps, &name).await?;
        let changes = self.changes_back(&prices, &self.store.price_lists().await?);
        let written = write_file(path, |out| write_price_changes(&changes, format, out).map_err(unwritten));
        if let Err(error) = written {
            op.abandon().await?;
            return Err(error);
        }
        op.commit(&format!("Put {} previous prices back in {name}", steps.len()), false).await?;
        Ok(report)
    }

    /// Taking a restore back hands the newer prices over again, which the stop switch holds up.
    pub(crate) async fn refuse_forward_restore(&self, is_restore: bool) -> Result<(), OperationError> {
        if is_restore && self.publishing_stopped().await? {
            return Err(OperationError::refused(
                "Publishing is stopped. This hand-over put previous prices back; taking it back would hand the newer ones \
                 over again. Allow publishing with the stop switch first.",
            ));
        }
        Ok(())
    }

    fn changes_back(&self, prices: &[HandedOverPrice], lists: &[PriceListRow]) -> Vec<PriceChange> {
        let now = self.now();
        let back = prices.iter().filter_map(|price| Some((price, price.way_back()?)));
        back.map(|(price, step)| {
            let (price_list, price_type, min_quantity) = named_outside(lists, &price.price_list);
            PriceChange {
                sku: price.sku.clone(),
                price_list,
                price_type,
                min_quantity,
                old: step.old_minor.map(|amount| Money::new(amount, price.currency)),
                new: Money::new(step.new_minor, price.currency),
                valid_from: now,
                valid_to: None,
                rule: String::new(),
                reason: "Previous price put back".to_owned(),
                approved_by: self.actor().to_string(),
                approved_at: now,
            }
        })
        .collect()
    }

    async fn restore_preview(&self, prices: &[HandedOverPrice]) -> Result<RestorePreview, OperationError> {
        let snapshot = self.snapshot().await?;
        let rules = self.active_rules().await?.rules;
        let compiled = CompiledRules::compile(&rules, &snapshot)
            .map_err(|problems| OperationError::refused(problems[0].to_string()))?;
        let now = self.now();
        let floor = |price: &HandedOverPrice| {
            let row = snapshot.row_of_key(u32::try_from(price.product_key).ok()?)?;
            bounds_of(&compiled, &snapshot, snapshot.list_of_key(price.list_key)?, row as usize, now).0
        };
        let is_locked = |price: &HandedOverPrice| {
            let list = snapshot.list_of_key(price.list_key);
            let row = u32::try_from(price.product_key).ok().and_then(|key| snapshot.row_of_key(key));
            let flags = list.zip(row).map(|(list, row)| snapshot.lists[list].flags.get(row as usize));
            flags.is_some_and(|flags| flags & ListFlags::LOCKED != 0)
        };
        let mut preview = RestorePreview::default();
        for price in prices {
            let Some(step) = price.way_back() else {
                if price.previous_minor.is_none() {
                    preview.without_previous += 1;
                } else {
                    preview.changed_since += 1;
                }
                continue;
            };
            preview.restored += 1;
            if is_locked(price) {
                preview.locked += 1;
                if preview.locked_rows.len() < NAMED {
                    preview.locked_rows.push(format!("{} on {}", price.sku, price.price_list));
                }
            }
            if let Some(floor) = floor(price).filter(|floor| *floor > step.new_minor) {
                preview.below_floor += 1;
                if preview.below_floor_rows.len() < NAMED {
                    preview.below_floor_rows.push(RestoreRow {
                        sku: price.sku.clone(),
                        price_list: price.price_list.clone(),
                        previous: Money::new(step.new_minor, price.currency),
                        floor: Money::new(floor, price.currency),
                    });
                }
            }
        }
        Ok(preview)
    }
}

pub(crate) fn publication_view(row: PublicationRow) -> PublicationView {
    PublicationView {
        id: row.id,
        number: row.number,
        created_at: row.created_at,
        file_name: row.file_name,
        connection: row.connection,
        state: row.state,
        due_at: row.due_at,
        message: row.message,
        prices: row.prices,
        there: row.there,
        waiting: row.waiting,
        is_restore: row.is_restore,
        restored_at: row.restored_at,
    }
}

pub(crate) fn gone() -> OperationError {
    OperationError::not_found("This hand-over is not in the workspace any more.")
}
