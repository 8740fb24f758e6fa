//! VAT rates of the products of a shop by its tax classes: as a person states them, else as the shop says.

use std::collections::BTreeMap;

use app_contract::{ConnectionFacts, StatedVat};
use pricing_domain::{BasisPoints, ConnectionId, Problem};
use pricing_store::{ConnectionRow, Durability};
use shop_connectors::{ShopProduct, UNTAXED};

use crate::{OperationError, Workspace};

/// More classes are none of a shop.
const MOST_CLASSES: usize = 100;

/// The rates of classes; the ordinary class has an empty name.
pub(crate) struct Rates(Vec<(String, BasisPoints)>);

impl Rates {
    /// What is stated counts before what the shop says.
    pub(crate) fn of(stated: &StatedVat, facts: &ConnectionFacts) -> Self {
        let ordinary = stated.ordinary.map(|rate| (String::new(), rate));
        let all = [(UNTAXED.to_owned(), BasisPoints(0))].into_iter().chain(ordinary);
        Self(all.chain(stated.classes.iter().cloned()).chain(facts.vat_rates.iter().cloned()).collect())
    }

    pub(crate) fn of_class(&self, class: &str) -> Option<BasisPoints> {
        let class = class.trim().to_lowercase();
        self.0.iter().find(|(known, _)| known.trim().to_lowercase() == class).map(|(_, rate)| *rate)
    }

    /// The classes of products whose rate is not known, each with a way to state it.
    pub(crate) fn unknown(&self, products: &[ShopProduct]) -> Vec<Problem> {
        let mut classes: BTreeMap<&str, u64> = BTreeMap::new();
        for class in products.iter().map(|one| one.tax_class.as_str()).filter(|class| self.of_class(class).is_none()) {
            *classes.entry(class).or_default() += 1;
        }
        let note = |(class, count): (&str, u64)| {
            let (of_class, remedy) = match class {
                "" => ("the ordinary tax class".to_owned(), "--vat 19".to_owned()),
                class => (format!("the tax class “{class}”"), format!("--vat-class \"{class}=7\"")),
            };
            Problem {
                line: 0,
                column: "vat_rate".to_owned(),
                found: class.to_owned(),
                reason: format!(
                    "The VAT rate of {of_class} is not known; products that have it: {count}. Their margins cannot be told \
                     where no rate is known of them. State it beside “Read its catalogue” ({remedy})."
                ),
            }
        };
        classes.into_iter().take(MOST_CLASSES).map(note).collect()
    }
}

impl Workspace {
    /// The rates that were stated for a connection.
    pub(crate) async fn stated_vat(&self, id: ConnectionId) -> Result<StatedVat, OperationError> {
        let text = self.store.setting(&setting_name(id)).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Adds what is stated now to what was stated before, and keeps it.
    pub(crate) async fn keep_stated_vat(
        &self,
        row: &ConnectionRow,
        now: &StatedVat,
    ) -> Result<StatedVat, OperationError> {
        let before = self.stated_vat(row.id).await?;
        let is_restated =
            |class: &str| now.classes.iter().any(|(known, _)| known.to_lowercase() == class.to_lowercase());
        let kept = before.classes.iter().filter(|(class, _)| !is_restated(class));
        let all = StatedVat {
            ordinary: now.ordinary.or(before.ordinary),
            classes: now.classes.iter().chain(kept).take(MOST_CLASSES).cloned().collect(),
        };
        let odd = |rate: &BasisPoints| !(0..=10_000).contains(&rate.0);
        if all.ordinary.iter().chain(all.classes.iter().map(|(_, rate)| rate)).any(odd) {
            return Err(OperationError::refused("A VAT rate is a percentage from 0 to 100, such as 19."));
        }
        if all != before {
            let text = serde_json::to_string(&all).map_err(|error| OperationError::fault(error.to_string()))?;
            let mut op = self.begin("state_vat", Durability::Full).await?;
            op.write_setting(&setting_name(row.id), &text).await?;
            op.commit(&format!("Stated the VAT rates of {}", row.name), false).await?;
        }
        Ok(all)
    }
}

fn setting_name(id: ConnectionId) -> String {
    format!("connection_vat/{}", id.0)
}
