//! Approvals of the newest batch that were not handed over, for the run that takes its place.

use pricing_domain::{Currency, Instant, ProposalStatus};
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::operation::Operation;
use crate::proposals::NEWEST_BATCH;

/// Who decided a proposal, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDecision {
    /// Approved, or waiting for a second person.
    pub status: ProposalStatus,
    /// Who.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Why.
    pub reason: Option<String>,
    /// Who approved first, where two are needed.
    pub first_by: Option<String>,
}

/// An approval that was not handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingApproval {
    /// The product, inside.
    pub product_key: i64,
    /// The list, inside.
    pub list_key: i64,
    /// Article number.
    pub sku: String,
    /// The list's code.
    pub price_list: String,
    /// The list's currency.
    pub currency: Currency,
    /// The price that stood when it was approved.
    pub old_minor: Option<i64>,
    /// The approved price.
    pub new_minor: i64,
    /// Who approved it.
    pub decision: KeptDecision,
}

impl Operation {
    /// Approvals of the newest batch that were not handed over, and those that wait for a second person.
    pub async fn standing_approvals(&mut self) -> Result<Vec<StandingApproval>, StoreError> {
        let sql = format!(
            "SELECT p.product_key, p.list_key, o.sku, l.code, l.currency, p.old_minor, \
             coalesce(p.new_minor, p.lawful_minor), p.status, p.decided_by, p.decided_at, p.decision_reason, p.first_by \
             FROM proposal p JOIN product o ON o.key = p.product_key JOIN price_list l ON l.key = p.list_key \
             WHERE p.batch_key = {NEWEST_BATCH} AND coalesce(p.new_minor, p.lawful_minor) IS NOT NULL \
             AND (p.status = 'approved' OR p.status = 'pending' AND p.first_by IS NOT NULL) ORDER BY o.sku, l.key"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.connection()).await?;
        rows.iter()
            .map(|row| {
                let status: &str = row.try_get(7)?;
                Ok(StandingApproval {
                    product_key: row.try_get(0)?,
                    list_key: row.try_get(1)?,
                    sku: row.try_get(2)?,
                    price_list: row.try_get(3)?,
                    currency: Currency::new(row.try_get(4)?).map_err(|_| StoreError::Unexpected("a price list"))?,
                    old_minor: row.try_get(5)?,
                    new_minor: row.try_get(6)?,
                    decision: KeptDecision {
                        status: status.parse().map_err(|_| StoreError::Unexpected("a proposal"))?,
                        decided_by: row.try_get(8)?,
                        decided_at: row.try_get::<Option<i64>, _>(9)?.map(Instant),
                        reason: row.try_get(10)?,
                        first_by: row.try_get(11)?,
                    },
                })
            })
            .collect()
    }
}
