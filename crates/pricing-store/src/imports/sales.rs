//! Sale prices in a file of products: a price for a time beside the regular one is a promotion, which automation
//! leaves alone while it runs.

use super::products::{FRESH, JOINED};
use crate::StoreError;
use crate::merge::{merge, table};
use crate::operation::Operation;

/// By which a file's sale is told from promotions that people made.
const CODE: &str = "sale";

/// Begins, changes and ends sales. A sale without a beginning is the one that runs, or begins now; a row that says
/// that none runs ends the one that does.
pub(super) async fn merge_sale_prices(op: &mut Operation, list: i64) -> Result<(), StoreError> {
    let at = op.at.0;
    let running = format!(
        "SELECT k.valid_from FROM promotion k WHERE k.product_key = p.key AND k.list_key = {list} \
         AND k.code = '{CODE}' AND k.valid_from <= {at} AND (k.valid_to IS NULL OR k.valid_to > {at}) \
         ORDER BY k.valid_from DESC LIMIT 1"
    );
    let common = format!(
        "{FRESH}, {list} AS list_key, '{CODE}' AS code, 'Sale price' AS name, 'amount' AS mechanic, \
         NULL AS value_text, NULL AS funding_micro"
    );
    merge(
        op,
        table("promotion"),
        &format!(
            "SELECT {common}, s.sale_minor AS price_minor, s.sale_to AS valid_to, \
             coalesce(s.sale_from, ({running}), {at}) AS valid_from {JOINED} WHERE s.sale_state = 'sale'"
        ),
    )
    .await?;
    merge(
        op,
        table("promotion"),
        &format!(
            "SELECT {common}, NULL AS price_minor, {at} AS valid_to, k.valid_from {JOINED} JOIN promotion k \
             ON k.product_key = p.key AND k.list_key = {list} AND k.code = '{CODE}' AND k.valid_from < {at} \
             AND (k.valid_to IS NULL OR k.valid_to > {at}) WHERE s.sale_state = 'none'"
        ),
    )
    .await?;
    Ok(())
}
