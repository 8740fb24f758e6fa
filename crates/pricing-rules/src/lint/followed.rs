//! Products that follow each other, or themselves.

use std::collections::BTreeSet;

use pricing_domain::{Adjustment, FlatRule, Instant, Strategy, TaxMode};

use super::{About, Lint, LintKind};
use crate::engine::{CompiledRules, deciding_rule};
use crate::list_order::targets_of;
use crate::snapshot::Snapshot;

/// Lists that a rule of `list` follows although their prices contain VAT and its own do not, or the reverse.
pub(super) fn in_other_taxes(about: &About<'_>, rule: &FlatRule<'_>, list: usize) -> Vec<Lint> {
    let (snapshot, own) = (about.snapshot, &about.snapshot.lists[list]);
    let words = |mode: TaxMode| if mode == TaxMode::Gross { "with" } else { "without" };
    let others = targets_of(rule, snapshot).into_iter().map(|other| &snapshot.lists[other]);
    others
        .filter(|other| other.tax_mode != own.tax_mode)
        .map(|other| {
            let message = format!(
                "Prices of {} are {} VAT and those of {} {} it: the one cannot follow the other.",
                other.code,
                words(other.tax_mode),
                own.code,
                words(own.tax_mode)
            );
            about.lint(LintKind::OtherTaxes, message, 0)
        })
        .collect()
}

/// Circles of products, and products that move away from themselves with every run.
pub(super) fn lints(rules: &CompiledRules, snapshot: &Snapshot, list: usize, now: Instant) -> Vec<Lint> {
    let Some(decided) = rules.decide_followed(snapshot, list, now) else { return Vec::new() };
    let sku = |row: u32| snapshot.products.sku.get(row as usize).to_owned();
    let known = decided.lists[list].decided.iter();
    let circles: BTreeSet<Vec<u32>> =
        known.flat_map(|decided| decided.circles.values()).map(|circle| circle.to_vec()).collect();
    let set = rules.rule_set();
    let mut lints: Vec<Lint> = circles
        .into_iter()
        .map(|circle| {
            let skus: Vec<String> = circle.iter().map(|row| sku(*row)).collect();
            let next = skus.iter().cycle().skip(1);
            let links: Vec<String> =
                skus.iter().zip(next).map(|(one, other)| format!("“{one}” follows “{other}”")).collect();
            Lint {
                kind: LintKind::FollowCycle,
                rule: None,
                name: set.name.clone(),
                message: format!("{}: their prices stay, and a person is asked.", links.join(", ")),
                products: skus.len() as u64,
                skus,
            }
        })
        .collect();
    for (place, rule) in set.flat_rules().iter().enumerate().filter(|(_, rule)| rule.is_enabled()) {
        for strategy in [Some(rule.strategy()), rule.fallback()].into_iter().flatten() {
            let Strategy::Follow { product: Some(followed), adjust, .. } = strategy else { continue };
            let Some(row) = snapshot.row_of_sku(followed).filter(|_| *adjust != Adjustment::None) else { continue };
            if usize::from(deciding_rule(rules, &decided, list, row as usize, now)) == place {
                lints.push(Lint {
                    kind: LintKind::FollowCycle,
                    rule: u16::try_from(place).ok(),
                    name: rule.name(),
                    message: format!(
                        "It is for “{followed}” too, which then follows itself and moves by the distance with every run. \
                         Leave it out of the scope."
                    ),
                    products: 1,
                    skus: vec![sku(row)],
                });
            }
        }
    }
    lints
}
