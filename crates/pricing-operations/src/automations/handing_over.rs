//! Where the approved prices of an automation go. A further target is a further arm here.

use std::path::{Path, PathBuf};

use pricing_domain::{AutomationPlan, AutomationTarget, OutputFormat};
use pricing_rules::rows_in_scope;

use crate::{OperationError, Workspace};

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
    ) -> Result<HandedOver, OperationError> {
        match plan.target {
            AutomationTarget::Nothing => Ok(HandedOver {
                prices: 0,
                file: None,
                words: "Approved prices wait for a person to hand them over.".to_owned(),
            }),
            AutomationTarget::File => {
                let now = self.now();
                let snapshot = self.snapshot().await?;
                let masks: Vec<Vec<bool>> =
                    (0..snapshot.lists.len()).map(|list| rows_in_scope(&plan.scope, &snapshot, list, now)).collect();
                let within = move |product_key: i64, list_key: i64| {
                    let row = u32::try_from(product_key).ok().and_then(|key| snapshot.row_of_key(key));
                    let list = snapshot.list_of_key(list_key);
                    row.zip(list).is_some_and(|(row, list)| masks[list][row as usize])
                };
                let prices = self.export_some_prices(file, OutputFormat::Csv, within).await?;
                let words = match prices {
                    0 => "No approved price differs from today's: nothing was handed over.".to_owned(),
                    1 => "Handed 1 price over.".to_owned(),
                    prices => format!("Handed {prices} prices over."),
                };
                Ok(HandedOver { prices, file: (prices > 0).then(|| file.to_owned()), words })
            }
        }
    }
}
