//! Roles: given to many products at once, and suggested from sales and competition.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app_contract::{RoleCount, RoleReport, RoleSelection, RoleSuggestionRow, RoleSuggestions};
use pricing_domain::{
    GridSort, Instant, Lifecycle, MarketFilter, PriceListId, Role, RoleFacts, RoleSuggestion, suggest_roles,
};
use pricing_rules::{MarketRow, MarketView, PriceMove, Snapshot};
use pricing_store::Durability;

use crate::grids::place;
use crate::{OperationError, Workspace};

/// Sales are counted over so many days.
const DAYS: i64 = 28;

/// A product that was judged.
struct Judged {
    row: usize,
    facts: RoleFacts,
    now: Option<Role>,
    suggestion: Option<RoleSuggestion>,
}

impl Judged {
    /// The role that it would get, where that is another one.
    fn change(&self, only_without: bool) -> Option<(RoleSuggestion, Role)> {
        let suggestion = self.suggestion.filter(|_| !only_without || self.now.is_none())?;
        (self.now != Some(suggestion.role)).then_some((suggestion, suggestion.role))
    }
}

impl Workspace {
    /// Gives products a role, or takes it away; can be undone in one step.
    pub async fn set_roles(&self, selection: &RoleSelection, role: Option<Role>) -> Result<RoleReport, OperationError> {
        let (keys, unknown) = self.selected_keys(selection).await?;
        let roles: Vec<(i64, Option<Role>)> = keys.into_iter().map(|key| (key, role)).collect();
        let words =
            role.map_or_else(|| "Took the role away from".to_owned(), |role| format!("Set the role {role} for"));
        self.write_roles("set_roles", &roles, &words, unknown).await
    }

    /// Which roles the sales of 28 days on a list and the competition suggest; see [`suggest_roles`] for the method.
    /// Refused where nothing was sold on the list within 28 days.
    pub async fn suggest_roles(
        &self,
        price_list: PriceListId,
        only_without: bool,
        limit: u32,
    ) -> Result<RoleSuggestions, OperationError> {
        let (snapshot, judged) = self.judged_roles(price_list).await?;
        Ok(view(&snapshot, &judged, only_without, limit))
    }

    /// Gives every product the role that [`Workspace::suggest_roles`] suggests for it now; can be undone in one step.
    pub async fn apply_roles(&self, price_list: PriceListId, only_without: bool) -> Result<RoleReport, OperationError> {
        let (snapshot, judged) = self.judged_roles(price_list).await?;
        let key = |one: &Judged| i64::from(snapshot.products.key.get(one.row));
        let changes = judged.iter().filter_map(|one| Some((key(one), Some(one.change(only_without)?.1))));
        let roles: Vec<(i64, Option<Role>)> = changes.collect();
        self.write_roles("apply_role_suggestions", &roles, "Applied suggested roles to", Vec::new()).await
    }

    /// Every product on sale with the role that is suggested for it.
    async fn judged_roles(&self, price_list: PriceListId) -> Result<(Arc<Snapshot>, Vec<Judged>), OperationError> {
        let (snapshot, now) = (self.snapshot().await?, self.now());
        let list = place(&snapshot, price_list)?;
        let from = snapshot.clone();
        let judged = tokio::task::spawn_blocking(move || judge(&from, list, now)).await;
        Ok((snapshot, judged.map_err(|error| OperationError::fault(error.to_string()))??))
    }

    async fn write_roles(
        &self,
        operation: &str,
        roles: &[(i64, Option<Role>)],
        words: &str,
        unknown: Vec<String>,
    ) -> Result<RoleReport, OperationError> {
        let mut op = self.begin(operation, Durability::Full).await?;
        let changed = op.set_roles(roles).await?;
        let unchanged = roles.len() as u64 - changed;
        if changed == 0 {
            op.abandon().await?;
            return Ok(RoleReport { changed, unchanged, unknown, change_set: None });
        }
        let noun = if changed == 1 { "product" } else { "products" };
        let change = op.commit(&format!("{words} {changed} {noun}"), true).await?;
        Ok(RoleReport { changed, unchanged, unknown, change_set: Some(change.change_set) })
    }

    /// The keys of the products, each once, and what nobody has.
    async fn selected_keys(&self, selection: &RoleSelection) -> Result<(BTreeSet<i64>, Vec<String>), OperationError> {
        match selection {
            RoleSelection::Products(products) => {
                Ok((self.store.product_keys(products).await?.into_iter().collect(), Vec::new()))
            }
            RoleSelection::Skus(skus) => {
                let snapshot = self.snapshot().await?;
                let (mut keys, mut unknown) = (BTreeSet::new(), Vec::new());
                for sku in skus {
                    match snapshot.row_of_sku(sku) {
                        Some(row) => drop(keys.insert(i64::from(snapshot.products.key.get(row as usize)))),
                        None => unknown.push(sku.clone()),
                    }
                }
                Ok((keys, unknown))
            }
            RoleSelection::Grid { price_list, search, filters } => {
                let (snapshot, _, result) = self.grid_rows(*price_list, search, filters, GridSort::default()).await?;
                let keys = result.rows.iter().map(|row| i64::from(snapshot.products.key.get(*row as usize)));
                Ok((keys.collect(), Vec::new()))
            }
        }
    }
}

/// Judges every product on sale, in the order of rows.
fn judge(snapshot: &Snapshot, list: usize, now: Instant) -> Result<Vec<Judged>, OperationError> {
    let market = MarketView::new(snapshot, list, &MarketFilter::of_list(snapshot.lists[list].id), now);
    let parts = market.fold(Vec::new, |judged: &mut Vec<Judged>, row| judged.push(facts(&market, row, now)));
    let mut judged: Vec<Judged> = parts.into_iter().flatten().collect();
    group(snapshot, &mut judged);
    if judged.iter().all(|one| one.facts.units_milli == 0) {
        return Err(OperationError::refused(format!(
            "Roles are suggested from sales, and none of the last {DAYS} days are known on {}. Import sales first.",
            snapshot.lists[list].name
        )));
    }
    let all: Vec<RoleFacts> = judged.iter().map(|one| one.facts).collect();
    for (one, suggestion) in judged.iter_mut().zip(suggest_roles(&all)) {
        one.suggestion = suggestion;
    }
    Ok(judged)
}

fn facts(market: &MarketView<'_>, row: &MarketRow<'_>, now: Instant) -> Judged {
    let (snapshot, place) = (market.snapshot(), row.row);
    let products = &snapshot.products;
    let began = now.plus_days(-DAYS).0 / 1_000_000;
    let moves = snapshot.moves.get(place).iter();
    let moves = moves.filter(|one| one.by != PriceMove::OWN && i64::from(one.at_s) > began).count();
    let profit = market
        .net_and_cost_micro(place)
        .map(|(net, cost)| (i128::from(net) - i128::from(cost)).saturating_mul(i128::from(row.units_milli)));
    let facts = RoleFacts {
        group: 0,
        units_milli: row.units_milli,
        profit,
        competitors: u32::try_from(row.lowest_of_each().count()).unwrap_or(u32::MAX),
        moves: u32::try_from(moves).unwrap_or(u32::MAX),
        is_new: products.lifecycle.get(place) == Lifecycle::New as u8,
    };
    Judged { row: place, facts, now: Role::from_index(products.role.get(place)), suggestion: None }
}

/// Products are compared within their highest category.
fn group(snapshot: &Snapshot, judged: &mut [Judged]) {
    let mut groups: BTreeMap<String, u32> = BTreeMap::new();
    let mut known: BTreeMap<u32, u32> = BTreeMap::new();
    for one in judged {
        let code = snapshot.products.category.get(one.row);
        one.facts.group = *known.entry(code).or_insert_with(|| {
            let path = snapshot.categories.text(code);
            let highest = path.split('>').next().unwrap_or_default().trim().to_lowercase();
            let next = u32::try_from(groups.len()).unwrap_or(u32::MAX);
            *groups.entry(highest).or_insert(next)
        });
    }
}

fn view(snapshot: &Snapshot, judged: &[Judged], only_without: bool, limit: u32) -> RoleSuggestions {
    let mut counts: Vec<RoleCount> = Role::ALL
        .iter()
        .copied()
        .map(Some)
        .chain([None])
        .map(|role| RoleCount { role, now: 0, suggested: 0 })
        .collect();
    let mut count = |role: Option<Role>, add: fn(&mut RoleCount)| {
        counts.iter_mut().filter(|count| count.role == role).for_each(add);
    };
    let mut changes: Vec<(&Judged, RoleSuggestion)> = Vec::new();
    for one in judged {
        let change = one.change(only_without);
        count(one.now, |count| count.now += 1);
        count(change.map_or(one.now, |(_, role)| Some(role)), |count| count.suggested += 1);
        changes.extend(change.map(|(suggestion, _)| (one, suggestion)));
    }
    changes.sort_by_key(|(one, _)| snapshot.products.sku_rank.get(one.row));
    let row = |(one, suggestion): &(&Judged, RoleSuggestion)| RoleSuggestionRow {
        sku: snapshot.products.sku.get(one.row).to_owned(),
        name: snapshot.products.name.get(one.row).to_owned(),
        now: one.now,
        suggested: suggestion.role,
        reason: suggestion.reason(&one.facts),
    };
    RoleSuggestions {
        judged: judged.iter().filter(|one| one.suggestion.is_some()).count() as u64,
        too_new: judged.iter().filter(|one| one.suggestion.is_none()).count() as u64,
        changes: changes.len() as u64,
        counts,
        rows: changes.iter().take(limit as usize).map(row).collect(),
    }
}
