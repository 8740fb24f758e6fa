//! Whether approved prices still lie within floor and ceiling when they are handed over: costs, limits and rules may have
//! changed since they were approved. Judged by the rules in force on the catalogue as it is now.

use std::collections::HashSet;

use pricing_domain::Money;
use pricing_rules::{CompiledRules, Snapshot, UNREACHABLE_FLOOR, bounds_of};
use pricing_store::{IntendedPrice, OutdatedPrice, PublishedPrice};

use crate::{OperationError, Workspace};

/// A price that is about to leave.
#[derive(Clone, Debug)]
struct Leaving {
    product_key: i64,
    price_list: String,
    new_minor: i64,
}

impl Workspace {
    /// Of the prices that are about to leave together those that may not any more, by what `outdated` says and by the
    /// bounds of now, each with the reason; the others stay in `prices`. What stays behind may hold up others: a price for
    /// more pieces that stays above the one for fewer that would leave.
    pub(crate) async fn take_outdated(
        &self,
        outdated: Vec<OutdatedPrice>,
        prices: &mut Vec<PublishedPrice>,
    ) -> Result<Vec<OutdatedPrice>, OperationError> {
        let leaving: HashSet<i64> = prices.iter().map(|price| price.proposal_key).collect();
        let mut left: Vec<OutdatedPrice> =
            outdated.into_iter().filter(|price| leaving.contains(&price.proposal_key)).collect();
        loop {
            let behind: HashSet<i64> = left.iter().map(|price| price.proposal_key).collect();
            prices.retain(|price| !behind.contains(&price.proposal_key));
            let leaving = prices.iter().map(|price| Leaving {
                product_key: price.product_key,
                price_list: price.price_list.clone(),
                new_minor: price.new_minor,
            });
            let crossings = self.crossings(leaving.collect()).await?;
            let before = left.len();
            left.extend(prices.iter().zip(crossings).filter_map(|(price, reason)| {
                let (proposal_key, sku, price_list) = (price.proposal_key, price.sku.clone(), price.price_list.clone());
                reason.map(|reason| OutdatedPrice { proposal_key, sku, price_list, reason })
            }));
            if left.len() == before {
                left.sort_by(|one, other| (&one.sku, &one.price_list).cmp(&(&other.sku, &other.price_list)));
                return Ok(left);
            }
        }
    }

    /// Notes on intended prices that the bounds of now do not allow them, also once those that stay behind are not there.
    pub(crate) async fn note_crossings(&self, prices: &mut [IntendedPrice]) -> Result<(), OperationError> {
        loop {
            let mut leaving: Vec<&mut IntendedPrice> =
                prices.iter_mut().filter(|price| price.outdated.is_none()).collect();
            let about = leaving.iter().map(|price| Leaving {
                product_key: price.product_key,
                price_list: price.price_list.clone(),
                new_minor: price.new_minor,
            });
            let crossings = self.crossings(about.collect()).await?;
            if crossings.iter().all(Option::is_none) {
                return Ok(());
            }
            for (price, reason) in leaving.iter_mut().zip(crossings) {
                price.outdated = reason;
            }
        }
    }

    /// For each price why it crosses a bound, with both numbers.
    async fn crossings(&self, prices: Vec<Leaving>) -> Result<Vec<Option<String>>, OperationError> {
        if prices.is_empty() {
            return Ok(Vec::new());
        }
        let (snapshot, rules, now) = (self.snapshot().await?, self.active_rules().await?.rules, self.now());
        let compiled = CompiledRules::compile(&rules, &snapshot).map_err(|problems| {
            OperationError::refused(format!("The rules cannot be used, so that no floor is known: {}.", problems[0]))
        })?;
        let judging = tokio::task::spawn_blocking(move || {
            // Prices that leave together are held against each other.
            let after = with_leaving(&snapshot, &prices);
            let judge = |price: &Leaving| {
                crossing(&compiled, after.as_ref().unwrap_or(&snapshot), price, now)
                    .or_else(|| undercut(&snapshot, after.as_ref()?, price))
            };
            prices.iter().map(judge).collect()
        });
        judging.await.map_err(|error| OperationError::fault(error.to_string()))
    }
}

/// The catalogue once these prices are in force; `None`: no list's prices are held against another's.
fn with_leaving(snapshot: &Snapshot, prices: &[Leaving]) -> Option<Snapshot> {
    if snapshot.lists.iter().all(|list| list.never_above.is_empty()) {
        return None;
    }
    let mut after = snapshot.clone();
    for price in prices {
        if let Some((list, row)) = place_of(snapshot, price) {
            after.lists[list].price_minor.set(row, price.new_minor);
        }
    }
    after.derive_ceilings();
    Some(after)
}

fn place_of(snapshot: &Snapshot, price: &Leaving) -> Option<(usize, usize)> {
    let list = snapshot.lists.iter().position(|list| list.code == price.price_list)?;
    Some((list, snapshot.row_of_key(u32::try_from(price.product_key).ok()?)? as usize))
}

/// A price for more pieces that stays and would then be above this one.
fn undercut(before: &Snapshot, after: &Snapshot, price: &Leaving) -> Option<String> {
    let (list, row) = place_of(before, price)?;
    let old = before.lists[list].price_minor.get(row);
    let under =
        after.lists.iter().zip(&before.lists).filter(|(one, _)| one.never_above.contains(&before.lists[list].key));
    let mut stays = under.filter_map(|(after, before)| {
        let stays = after.price_minor.get(row);
        (stays == before.price_minor.get(row) && stays > price.new_minor && stays <= old).then_some((after, stays))
    });
    let (higher, stays) = stays.next()?;
    let money = |minor: i64| Money::new(minor, higher.currency);
    Some(format!(
        "{} would be below the price on {}, {}, which may not be higher; hand that one over first",
        money(price.new_minor),
        higher.code,
        money(stays)
    ))
}

fn crossing(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    price: &Leaving,
    now: pricing_domain::Instant,
) -> Option<String> {
    let (list, row) = place_of(snapshot, price)?;
    let (floor, ceiling) = bounds_of(rules, snapshot, list, row, now);
    let money = |minor: i64| Money::new(minor, snapshot.lists[list].currency);
    let new = money(price.new_minor);
    if floor.is_some_and(|floor| floor >= UNREACHABLE_FLOOR) {
        return Some("no price reaches its floor by now".to_owned());
    }
    if let Some(floor) = floor.filter(|floor| *floor > price.new_minor) {
        return Some(format!("{new} is below its floor {} by now", money(floor)));
    }
    // Where the bounds contradict each other, the floor comes first.
    let ceiling = ceiling.filter(|ceiling| floor.is_none_or(|floor| floor <= *ceiling));
    let crossed = ceiling.filter(|ceiling| *ceiling < price.new_minor)?;
    Some(format!("{new} is above its ceiling {} by now", money(crossed)))
}
