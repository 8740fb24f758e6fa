//! A product's prices in the lists that its own list follows, as the same run makes them: for explaining one price without
//! pricing whole lists.

use pricing_domain::{Instant, ProposalKind};

use crate::engine::{CompiledRules, inputs_of, price_from_inputs};
use crate::list_order::{follows, list_order, reaches};
use crate::snapshot::Snapshot;

/// The snapshot with the prices that a run gives a product and its families in the lists before `list`; `None`: it follows
/// none. As in a run, today's price stays where a person is asked first.
pub fn with_followed_lists(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    row: usize,
    now: Instant,
) -> Option<Snapshot> {
    let set = rules.rule_set();
    let follows = follows(set, snapshot);
    let order = list_order(set, snapshot).ok()?;
    let before: Vec<usize> =
        order.places.into_iter().filter(|other| *other != list && reaches(&follows, list, *other)).collect();
    if before.is_empty() {
        return None;
    }
    let rows: Vec<u32> = u32::try_from(row).into_iter().chain(snapshot.relatives(row)).collect();
    let mut after = snapshot.clone();
    for other in before {
        let decide = |row: &u32| {
            let inputs = inputs_of(rules, &after, other, *row as usize, now);
            Some((*row, price_from_inputs(set, &inputs).ok()?.0?))
        };
        let decided: Vec<_> = rows.iter().filter_map(decide).collect();
        for (row, decision) in decided {
            match decision.kind {
                ProposalKind::Change => after.lists[other].price_minor.set(row as usize, decision.new_minor),
                ProposalKind::Exception => {
                    after.lists[other].waiting_minor.insert(row, decision.lawful_minor);
                }
            }
        }
        after.derive_ceilings_of(rows.iter().map(|row| *row as usize));
    }
    Some(after)
}
