//! What the newest batch did, for its release notes: read once from front to back, so that a million proposals are neither
//! sorted nor held.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use pricing_domain::{ExceptionReason, ProposalStatus};
use sqlx::AssertSqlSafe;

use crate::proposals::{NEWEST_BATCH, NO_REASON, SELECT_PROPOSAL, stored};
use crate::{ProposalOrder, SnapshotReader, Store, StoreError, StoredProposal};

/// How many prices of a batch rise, fall, are a product's first, and are exceptions, which are in none of the others.
pub type MoveCounts = [u64; 4];

/// What the newest batch did on a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchSums {
    /// By the place of the rule that decided.
    pub rules: Vec<(u16, MoveCounts)>,
    /// Exceptions by reason, whatever became of them.
    pub reasons: Vec<(ExceptionReason, u64)>,
}

impl SnapshotReader {
    /// Sums up the newest batch on a list. A batch is written at one go, so that its proposals stand together; through the
    /// index each of them would be looked up somewhere else.
    pub fn batch_sums(&self, list_key: i64) -> Result<BatchSums, StoreError> {
        let sql = format!(
            "SELECT rule, kind = 'exception', reason, (new_minor > old_minor) - (new_minor < old_minor), \
             old_minor IS NULL FROM proposal NOT INDEXED \
             WHERE key >= (SELECT min(key) FROM proposal WHERE batch_key = {NEWEST_BATCH}) \
             AND batch_key = {NEWEST_BATCH} AND list_key = ?1"
        );
        let mut rules: BTreeMap<u16, MoveCounts> = BTreeMap::new();
        let mut reasons: BTreeMap<u8, u64> = BTreeMap::new();
        let mut statement = self.connection().prepare(&sql)?;
        let mut rows = statement.query([list_key])?;
        while let Some(row) = rows.next()? {
            let (is_exception, is_first): (bool, bool) = (row.get(1)?, row.get(4)?);
            let moved: i64 = row.get::<_, Option<i64>>(3)?.unwrap_or(0);
            let counts = rules.entry(row.get(0)?).or_default();
            match (is_exception, is_first, moved.cmp(&0)) {
                (true, ..) => {
                    counts[3] += 1;
                    *reasons.entry(row.get(2)?).or_default() += 1;
                }
                (false, true, _) => counts[2] += 1,
                (false, false, Ordering::Greater) => counts[0] += 1,
                (false, false, Ordering::Less) => counts[1] += 1,
                (false, false, Ordering::Equal) => {}
            }
        }
        let named = |(reason, count): (u8, u64)| Some((ExceptionReason::from_index(reason)?, count));
        Ok(BatchSums { rules: rules.into_iter().collect(), reasons: reasons.into_iter().filter_map(named).collect() })
    }
}

impl Store {
    /// The changes of the newest batch on a list that go furthest up or down, the largest first. Found from the ends of the
    /// index, where they stand in the order of the change for each state.
    pub async fn largest_moves(
        &self,
        list_key: i64,
        moved: Ordering,
        limit: u32,
    ) -> Result<Vec<StoredProposal>, StoreError> {
        let (side, order) = if moved == Ordering::Greater { ("> 0", "DESC") } else { ("< 0", "ASC") };
        let of_state = |state: &ProposalStatus| {
            format!(
                "SELECT key, change_bp FROM (SELECT key, change_bp FROM proposal WHERE batch_key = {NEWEST_BATCH} \
                 AND status = '{state}' AND reason = {NO_REASON} AND change_bp {side} AND kind = 'change' \
                 AND list_key = ?1 ORDER BY change_bp {order}, key LIMIT ?2)"
            )
        };
        let states: Vec<String> = ProposalStatus::ALL.iter().map(of_state).collect();
        let sql = format!(
            "{SELECT_PROPOSAL} WHERE p.key IN (SELECT key FROM ({}) ORDER BY change_bp {order}, key LIMIT ?2){}",
            states.join(" UNION ALL "),
            ProposalOrder::Change.sql()
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list_key).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(stored).collect()
    }
}
