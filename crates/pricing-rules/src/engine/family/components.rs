//! Families that share products are settled together: one after the other, each by the least change, until none is out of
//! order. A product that one family moved stays for the others, so that they move something else; only where that leads
//! nowhere is it moved again. What is still out of order after a bounded number of rounds waits for a person.

use std::collections::{BTreeMap, BTreeSet};

use pricing_domain::{BasisPoints, ExceptionReason};

use super::laws::CompiledLaw;
use super::order::Order;
use super::{Member, Settled, Standing, moved_to, repair};
use crate::engine::endings::Endings;
use crate::snapshot::Snapshot;

/// How often the families of a component are gone through in one try.
const MOST_ROUNDS: usize = 4;

/// The members of families that share products, and what each family asks of them.
#[derive(Default)]
pub(crate) struct Component {
    pub(crate) rows: Vec<u32>,
    members: Vec<Member>,
    parts: Vec<Part>,
}

/// Members of one family that a law holds against each other, by ascending rank.
struct Part {
    order: Order,
    /// Rank and place among the members.
    places: Vec<(i64, usize)>,
}

/// How a try goes about it.
#[derive(Clone, Copy)]
struct Try {
    /// From the last family to the first.
    is_backwards: bool,
    /// Where products that others moved must move again, a family begins with the prices of the rules.
    is_from_ruled: bool,
}

const TRIES: [Try; 4] = [
    Try { is_backwards: false, is_from_ruled: false },
    Try { is_backwards: true, is_from_ruled: false },
    Try { is_backwards: false, is_from_ruled: true },
    Try { is_backwards: true, is_from_ruled: true },
];

impl Component {
    /// Gathers a component of families from groups in the order of their names. Members and parts come in an order that
    /// does not depend on that of the rows.
    pub(crate) fn find(
        snapshot: &Snapshot,
        list: usize,
        groups: &[u32],
        laws: &[CompiledLaw],
        law_of: impl Fn(usize) -> Option<usize>,
        mut stands: impl FnMut(usize) -> Standing,
    ) -> Self {
        let mut component = Self::default();
        let mut places: BTreeMap<u32, Option<usize>> = BTreeMap::new();
        for group in groups {
            for (number, law) in laws.iter().enumerate() {
                for rows in family_parts(snapshot, snapshot.family_index.group(*group as usize), law) {
                    let mut part = Part { order: law.order, places: Vec::new() };
                    for row in rows.iter().filter(|row| law_of(**row as usize) == Some(number)) {
                        let Some(rank) = law.rank(snapshot, *row as usize) else { continue };
                        let place = places.entry(*row).or_insert_with(|| {
                            let (key, price) =
                                (snapshot.products.key.get(*row as usize), &snapshot.lists[list].price_minor);
                            let member = Member::new(key, rank, price.get(*row as usize), stands(*row as usize))?;
                            component.rows.push(*row);
                            component.members.push(member);
                            Some(component.members.len() - 1)
                        });
                        part.places.extend(place.map(|place| (rank, place)));
                    }
                    if part.places.len() > 1 {
                        part.places.sort_by_key(|(rank, place)| (*rank, component.members[*place].key));
                        component.parts.push(part);
                    }
                }
            }
        }
        component
    }

    /// Brings all families in order; what becomes of each member, `None` when all are in order already.
    pub(crate) fn settle(&self, endings: &Endings, limit: BasisPoints) -> Option<Vec<Settled>> {
        let ruled: Vec<i64> = self.members.iter().map(|member| member.price).collect();
        if !self.parts.iter().any(|part| part.is_broken(&ruled)) {
            return None;
        }
        let (prices, is_in_order) = self.prices(&ruled, endings);
        let mut settled = self.moved(&prices, limit);
        if !is_in_order {
            self.out_of_order(&prices, &mut settled);
        }
        self.hold_back(&mut settled);
        Some(settled)
    }

    /// The prices after the first try that brings all families in order, or after the first of all.
    fn prices(&self, ruled: &[i64], endings: &Endings) -> (Vec<i64>, bool) {
        let mut first = None;
        for way in TRIES {
            let (prices, is_in_order) = self.rounds(ruled, way, endings);
            if is_in_order {
                return (prices, true);
            }
            first.get_or_insert(prices);
        }
        (first.unwrap_or_default(), false)
    }

    fn rounds(&self, ruled: &[i64], way: Try, endings: &Endings) -> (Vec<i64>, bool) {
        let mut prices = ruled.to_vec();
        let mut stays = vec![false; prices.len()];
        let none_stays = vec![false; prices.len()];
        for _ in 0..MOST_ROUNDS {
            let (mut is_in_order, mut has_moved) = (true, false);
            for number in 0..self.parts.len() {
                let part = &self.parts[if way.is_backwards { self.parts.len() - 1 - number } else { number }];
                if !part.is_broken(&prices) {
                    continue;
                }
                is_in_order = false;
                let from = if way.is_from_ruled { ruled } else { &prices };
                let repaired = part
                    .repaired(&self.members, &prices, &stays, endings)
                    .or_else(|| part.repaired(&self.members, from, &none_stays, endings));
                for (place, price) in repaired.into_iter().flatten() {
                    if prices[place] != price {
                        (prices[place], stays[place], has_moved) = (price, true, true);
                    }
                }
            }
            if is_in_order || !has_moved {
                return (prices, is_in_order);
            }
        }
        let is_in_order = !self.parts.iter().any(|part| part.is_broken(&prices));
        (prices, is_in_order)
    }

    fn moved(&self, prices: &[i64], limit: BasisPoints) -> Vec<Settled> {
        let mut wrong_today = vec![false; self.members.len()];
        let today: Vec<i64> = self.members.iter().map(|member| member.today).collect();
        for part in self.parts.iter().filter(|part| part.is_broken(&today)) {
            part.places.iter().for_each(|(_, place)| wrong_today[*place] = true);
        }
        let settled = |((member, to), wrong_today): ((&Member, &i64), bool)| moved_to(member, *to, wrong_today, limit);
        self.members.iter().zip(prices).zip(wrong_today).map(settled).collect()
    }

    /// The members of families that no round mended, where they break the order.
    fn out_of_order(&self, prices: &[i64], settled: &mut [Settled]) {
        let today: Vec<i64> = self.members.iter().map(|member| member.today).collect();
        for part in self.parts.iter().filter(|part| part.is_broken(prices)) {
            let breaks = part.breaking(prices).into_iter().zip(part.breaking(&today));
            for ((_, place), (by_price, by_today)) in part.places.iter().zip(breaks) {
                if (by_price || by_today) && self.members[*place].movable {
                    settled[*place] = Settled::OutOfOrder;
                }
            }
        }
    }

    /// Holds back every change that would be out of order in any family beside the prices that really stand after the
    /// run. Each step holds back one more member, and looks again only at the families that it is in.
    fn hold_back(&self, settled: &mut [Settled]) {
        let mut parts_of: Vec<Vec<usize>> = vec![Vec::new(); self.members.len()];
        for (number, part) in self.parts.iter().enumerate() {
            part.places.iter().for_each(|(_, place)| parts_of[*place].push(number));
        }
        let mut stands: Vec<i64> = (self.members.iter().zip(settled.iter()))
            .map(|(member, settled)| match settled {
                Settled::AsIs => member.price,
                Settled::Moved { to, reason: None } => *to,
                Settled::Moved { .. } | Settled::OutOfOrder => member.today,
            })
            .collect();
        let mut open: BTreeSet<usize> = (0..self.parts.len()).collect();
        while let Some(number) = open.pop_first() {
            let part = &self.parts[number];
            if !part.is_broken(&stands) {
                continue;
            }
            let breaks = part.places.iter().zip(part.breaking(&stands));
            let mut wrong = breaks.filter_map(|((_, place), breaks)| breaks.then_some(*place));
            let Some(wrong) = wrong.find(|place| stands[*place] != self.members[*place].today) else { continue };
            settled[wrong] = Settled::Moved { to: stands[wrong], reason: Some(ExceptionReason::FamilyOrder) };
            stands[wrong] = self.members[wrong].today;
            open.extend(&parts_of[wrong]);
        }
    }
}

impl Part {
    fn is_broken(&self, prices: &[i64]) -> bool {
        self.order.is_broken(self.places.iter().map(|(rank, place)| (*rank, prices[*place])))
    }

    fn breaking(&self, prices: &[i64]) -> Vec<bool> {
        let pairs: Vec<(i64, i64)> = self.places.iter().map(|(rank, place)| (*rank, prices[*place])).collect();
        self.order.breaking(&pairs)
    }

    /// The least change from some prices where some members stay; `None` when no way leads through.
    fn repaired(
        &self,
        members: &[Member],
        prices: &[i64],
        stays: &[bool],
        endings: &Endings,
    ) -> Option<Vec<(usize, i64)>> {
        let own = |(rank, place): &(i64, usize)| {
            let member = members[*place];
            let movable = member.movable && !stays[*place];
            (Member { rank: *rank, price: prices[*place], movable, ..member }, *place)
        };
        let mut sorted: Vec<(Member, usize)> = self.places.iter().map(own).collect();
        sorted.sort_by_key(|(member, _)| (member.rank, member.price, member.key));
        let (sorted, places): (Vec<Member>, Vec<usize>) = sorted.into_iter().unzip();
        let repaired = repair::repair(&sorted, self.order, endings)?;
        Some(places.into_iter().zip(repaired).collect())
    }
}

/// The rows of a family that a law may hold against each other.
pub(crate) fn family_parts<'a>(
    snapshot: &'a Snapshot,
    rows: &'a [u32],
    law: &CompiledLaw,
) -> impl Iterator<Item = &'a [u32]> + use<'a> {
    let units = &snapshot.products.content_unit;
    let by_content = law.is_by_content();
    rows.chunk_by(move |one, other| !by_content || units.get(*one as usize) == units.get(*other as usize))
}

#[cfg(test)]
mod tests;
