//! The prices of a hand-over as a file, for receivers that take files: the same columns as an export of changed prices.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use catalog_files::{PriceChange, write_price_changes};
use pricing_domain::{Money, OutputFormat, PriceType};
use pricing_store::{DeliveryHead, IntendedPrice, PriceOrigin, RuleSetVersion};

use crate::exports::unwritten;
use crate::list_parts::named_outside;
use crate::proposals::rule_name;
use crate::{OperationError, Workspace};

impl Workspace {
    /// The file of those prices that are still to be sent; `None`: there are none.
    pub(super) async fn price_file(
        &self,
        head: &DeliveryHead,
        prices: &[IntendedPrice],
    ) -> Result<Option<Vec<u8>>, OperationError> {
        let origins = self.store.price_origins(head.key).await?;
        let lists = self.store.price_lists().await?;
        let (mut changes, mut rules) = (Vec::new(), HashMap::new());
        for price in prices.iter().filter(|price| price.outdated.is_none()) {
            let origin = origins.get(&price.proposal_key);
            let origin = origin.ok_or_else(|| OperationError::fault(format!("{} has no proposal", price.sku)))?;
            let rules = match rules.entry(origin.rule_set_key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.store.rule_set(origin.rule_set_key).await?),
            };
            let named = named_outside(&lists, &price.price_list);
            changes.push(self.change(head, price, (origin, rules), named));
        }
        if changes.is_empty() {
            return Ok(None);
        }
        let mut file = Vec::new();
        write_price_changes(&changes, OutputFormat::Csv, &mut file).map_err(unwritten)?;
        Ok(Some(file))
    }

    fn change(
        &self,
        head: &DeliveryHead,
        price: &IntendedPrice,
        (origin, rules): (&PriceOrigin, &RuleSetVersion),
        (price_list, price_type, min_quantity): (String, PriceType, u32),
    ) -> PriceChange {
        let now = self.now();
        let money = |minor: i64| Money::new(minor, price.currency);
        let (rule, reason, approved_by, approved_at) = if head.is_restore {
            (String::new(), "Previous price put back".to_owned(), self.actor().to_string(), now)
        } else {
            (rule_name(rules, origin.rule), origin.reason.clone(), origin.approved_by.clone(), origin.approved_at)
        };
        PriceChange {
            sku: price.sku.clone(),
            price_list,
            price_type,
            min_quantity,
            old: price.old_minor.map(money),
            new: money(price.new_minor),
            valid_from: now,
            valid_to: None,
            rule,
            reason,
            approved_by,
            approved_at,
        }
    }
}
