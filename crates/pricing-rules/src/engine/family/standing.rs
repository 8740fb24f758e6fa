//! How a family stands today.

use pricing_domain::{FamilyOrder, Instant, Lifecycle};

use super::law_of;
use crate::columns::NONE;
use crate::engine::compile::{CompiledRules, ListContext};
use crate::engine::run::families_under_law;
use crate::snapshot::Snapshot;

/// The members of a product's families that are held against each other, at today's prices.
#[derive(Clone, Debug, PartialEq)]
pub struct FamilyStanding {
    /// What they keep to.
    pub order: FamilyOrder,
    /// The rows that break it.
    pub breaking: Vec<u32>,
}

/// How the families of a row stand on a list; `None` where no law is for the row, or it has no part in it.
pub fn family_standing(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    row: usize,
    now: Instant,
) -> Option<FamilyStanding> {
    if !rules.fits(snapshot) {
        return family_standing(&rules.for_snapshot(snapshot), snapshot, list, row, now);
    }
    let context = ListContext::new(snapshot, list, now);
    let law = |row: usize| law_of(&rules.families, &context, snapshot, row);
    let own = law(row)?;
    let is_under_it = |other: usize| law(other).is_some_and(|law| std::ptr::eq(law, own));
    let price = |row: u32| snapshot.lists[list].price_minor.get(row as usize);
    let is_sold = |row: u32| snapshot.products.lifecycle.get(row as usize) != Lifecycle::Ended as u8;
    let mut families = families_under_law(snapshot, own, row, is_under_it);
    families.iter_mut().for_each(|ranked| ranked.retain(|(_, row)| price(*row) != NONE && is_sold(*row)));
    families.retain(|ranked| ranked.iter().any(|(_, member)| *member == row as u32));
    families.first()?;
    let mut breaking = Vec::new();
    for mut ranked in families {
        ranked.sort_unstable();
        let pairs: Vec<(i64, i64)> = ranked.iter().map(|(rank, row)| (*rank, price(*row))).collect();
        let breaks = own.order.breaking(&pairs);
        let wrong = ranked.iter().zip(breaks).filter_map(|((_, row), breaks)| breaks.then_some(*row));
        let new: Vec<u32> = wrong.filter(|row| !breaking.contains(row)).collect();
        breaking.extend(new);
    }
    let mut laws = rules.families.iter().zip(&rules.set.guardrails.families);
    let order = laws.find_map(|(law, stated)| std::ptr::eq(law, own).then(|| stated.order.clone()))?;
    Some(FamilyStanding { order, breaking })
}
