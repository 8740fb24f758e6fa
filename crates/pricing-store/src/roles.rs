//! The roles of many products at once.

use pricing_domain::{ProductId, Role};
use sqlx::AssertSqlSafe;

use crate::figures::{BEGINNING, StaleFigures};
use crate::merge::{execute, keep_images, table};
use crate::operation::Operation;
use crate::{Store, StoreError};

/// Products of one statement.
const CHUNK: usize = 10_000;

/// Up to so many products are named as those concerned; more are as many as all.
const NAMED: usize = 20_000;

impl Store {
    /// The keys of products by their ids, in any order; ids that nobody has are left out.
    pub async fn product_keys(&self, products: &[ProductId]) -> Result<Vec<i64>, StoreError> {
        let mut keys = Vec::with_capacity(products.len());
        for chunk in products.chunks(CHUNK) {
            let ids: Vec<String> = chunk.iter().map(|product| format!("x'{}'", product.0.simple())).collect();
            let sql = format!("SELECT key FROM product WHERE id IN ({})", ids.join(","));
            let found: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&self.readers).await?;
            keys.extend(found);
        }
        Ok(keys)
    }
}

impl Operation {
    /// Gives products their role; `None` takes it away. Those that have it already stay untouched; can be undone.
    /// Answers with how many changed.
    pub async fn set_roles(&mut self, roles: &[(i64, Option<Role>)]) -> Result<u64, StoreError> {
        let mut changed = 0;
        for role in Role::ALL.iter().copied().map(Some).chain([None]) {
            let keys: Vec<String> =
                roles.iter().filter(|(_, wanted)| *wanted == role).map(|(key, _)| key.to_string()).collect();
            for chunk in keys.chunks(CHUNK) {
                changed += self.set_role(role, &chunk.join(",")).await?;
            }
        }
        if roles.len() <= NAMED {
            self.concern_only(roles.iter().map(|(key, _)| *key));
        }
        if changed > 0 {
            // Sales are summed up by the category, brand and role that a product has now.
            self.mark_stale(StaleFigures::Sales, BEGINNING).await?;
        }
        self.rows += changed;
        Ok(changed)
    }

    async fn set_role(&mut self, role: Option<Role>, keys: &str) -> Result<u64, StoreError> {
        let wanted = role.map_or_else(|| "NULL".to_owned(), |role| format!("'{}'", role.as_str()));
        let columns = table("product").values;
        let old = columns.join(", ");
        let new: Vec<&str> =
            columns.iter().map(|column| if *column == "role" { wanted.as_str() } else { *column }).collect();
        let those = format!("key IN ({keys}) AND role IS NOT {wanted}");
        let images = format!(
            "SELECT json_array(sku), json_array({old}), json_array({}), changed_seq FROM product WHERE {those}",
            new.join(", ")
        );
        let changed = keep_images(self, "product", images).await?;
        if changed > 0 {
            let sequence = self.sequence;
            execute(self, format!("UPDATE product SET role = {wanted}, changed_seq = {sequence} WHERE {those}"))
                .await?;
        }
        Ok(changed)
    }
}
