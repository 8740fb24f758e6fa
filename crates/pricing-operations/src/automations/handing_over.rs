//! Where the approved prices of an automation go. A further target is a further arm here.

use std::path::{Path, PathBuf};

use pricing_domain::{AutomationPlan, AutomationTarget, ConnectionId, OtherPrices, OutputFormat};
use pricing_rules::rows_in_scope;

use crate::exports::{PriceFile, left_words};
use crate::{OperationError, Progress, Workspace};

const NOTHING: &str = "No approved price differs from today's: nothing was handed over.";

/// Whether a product is meant on a list, by their keys.
type Within = Box<dyn Fn(i64, i64) -> bool + Send + Sync>;

/// What was handed over.
pub(super) struct HandedOver {
    pub(super) prices: u64,
    pub(super) file: Option<PathBuf>,
    pub(super) words: String,
}

impl Workspace {
    /// Hands the approved prices of a plan's scope over. Nothing to hand over is an answer, no error.
    pub(super) async fn hand_over_by_itself(
        &self,
        plan: &AutomationPlan,
        file: &Path,
        progress: &Progress,
    ) -> Result<HandedOver, OperationError> {
        match (plan.target, plan.connection) {
            (AutomationTarget::File, _) => self.hand_to_file(plan, file).await,
            (AutomationTarget::Connection, Some(connection)) => self.hand_to_shop(plan, connection, progress).await,
            (AutomationTarget::Nothing | AutomationTarget::Connection, _) => Ok(HandedOver {
                prices: 0,
                file: None,
                words: "Approved prices wait for a person to hand them over.".to_owned(),
            }),
        }
    }

    async fn hand_to_file(&self, plan: &AutomationPlan, file: &Path) -> Result<HandedOver, OperationError> {
        let within = self.within(plan).await?;
        let exported = self.export_some_prices(file, PriceFile::Table(OutputFormat::Csv), within).await?;
        let (prices, left) = (exported.prices, left_words(exported.left.len()));
        let words = match prices {
            0 => NOTHING.to_owned(),
            1 => format!("Handed 1 price over{left}."),
            prices => format!("Handed {prices} prices over{left}."),
        };
        Ok(HandedOver { prices, file: (prices > 0).then(|| file.to_owned()), words })
    }

    /// The way that publishing by a person takes: recorded, sent, verified. Prices that somebody changed in the shop stay.
    async fn hand_to_shop(
        &self,
        plan: &AutomationPlan,
        connection: ConnectionId,
        progress: &Progress,
    ) -> Result<HandedOver, OperationError> {
        let within = self.within(plan).await?;
        let Some(id) = self.intend_some_prices(connection, OtherPrices::Leave, None, within).await? else {
            return Ok(HandedOver { prices: 0, file: None, words: NOTHING.to_owned() });
        };
        let report = self.deliver(id, progress).await?;
        let left = report.prices - report.there;
        let mut words = format!("{} of {} prices are in {}.", report.there, report.prices, report.connection);
        if left > 0 {
            let rows = report.rows.first().map(|row| format!(" {}: {}", row.sku, row.words)).unwrap_or_default();
            words.push_str(&format!(" {left} are not.{rows}"));
        }
        if !report.message.is_empty() {
            words.push_str(&format!(" {}", report.message));
        }
        Ok(HandedOver { prices: report.there, file: None, words })
    }

    /// Whether a product, by its key, is of the plan on a list, by its key.
    async fn within(&self, plan: &AutomationPlan) -> Result<Within, OperationError> {
        let now = self.now();
        let snapshot = self.snapshot().await?;
        let masks: Vec<Vec<bool>> =
            (0..snapshot.lists.len()).map(|list| rows_in_scope(&plan.scope, &snapshot, list, now)).collect();
        Ok(Box::new(move |product_key: i64, list_key: i64| {
            let row = u32::try_from(product_key).ok().and_then(|key| snapshot.row_of_key(key));
            let list = snapshot.list_of_key(list_key);
            row.zip(list).is_some_and(|(row, list)| masks[list][row as usize])
        }))
    }
}
