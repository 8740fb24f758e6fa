//! How the products of a scenario answer the prices of their families.

use std::collections::BTreeSet;

use pricing_science::{CrossEffect, FamilyEffect, Source};

use super::Basis;
use crate::demand::Demand;

/// The part of every row of the basis; empty where no product answers its family.
pub(super) fn effects(basis: &Basis, demand: &Demand) -> Vec<FamilyEffect> {
    let code = |row: u32| basis.snapshot.first_family(row as usize);
    let of = |row: &u32| demand.fitted.products.get(*row as usize).map(|found| found.family);
    let used = |row: &&u32| of(row).is_some_and(|answer| answer.found.used().is_some());
    let answering: BTreeSet<u32> = basis.rows.iter().filter(used).map(|row| code(*row)).collect();
    if answering.is_empty() {
        return Vec::new();
    }
    let sources = u32::try_from(demand.paths.len()).unwrap_or(u32::MAX);
    let effect = |row: &u32| {
        let Some(answer) = of(row).filter(|_| answering.contains(&code(*row))) else { return FamilyEffect::default() };
        let member = FamilyEffect {
            family: code(*row),
            weight: answer.weight,
            others: answer.others,
            ..FamilyEffect::default()
        };
        match answer.found {
            CrossEffect::Used { value, own_error, common_error, source, covariance } => FamilyEffect {
                elasticity: value,
                error: own_error,
                covariance,
                common_error,
                pool: match source {
                    Source::Category(place) => place,
                    _ => sources,
                },
                ..member
            },
            _ => member,
        }
    };
    basis.rows.iter().map(effect).collect()
}
