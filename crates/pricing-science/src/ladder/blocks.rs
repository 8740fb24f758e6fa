//! Families as blocks: trees of items whose prices bound each other, solved exactly for given multipliers.

use std::collections::BTreeMap;

use super::LadderLimits;
use super::instance::Ladder;
use crate::error::{Result, ScienceError};
use crate::parallel::map_parts;

/// The most options an item may have: allowed pairs are kept as bits.
const MOST_OPTIONS: usize = 64;
/// Blocks that one part of parallel work takes.
pub(super) const PART: usize = 1024;

/// A bound on a sum: `Σ use ≤ bound`. A floor is stored with its sign turned.
pub(super) struct Row {
    pub name: String,
    pub bound: f64,
    pub sign: f64,
    /// What each option uses.
    pub uses: Vec<f64>,
}

/// An item inside its block.
pub(super) struct Node {
    item: usize,
    /// The place of the parent in the block; the root has none.
    pub parent: Option<usize>,
    /// For each option of the parent the options of this item that are allowed, as bits.
    pub allowed: Vec<u64>,
}

/// Items that bound each other, parents before children.
pub(super) struct Block {
    pub nodes: Vec<Node>,
}

impl Block {
    pub fn items(&self) -> impl Iterator<Item = usize> {
        self.nodes.iter().map(|node| node.item)
    }
}

pub(super) struct Blocks<'a> {
    pub ladder: &'a Ladder,
    pub rows: Vec<Row>,
    pub blocks: Vec<Block>,
}

/// A solution for given multipliers.
pub(super) struct Relaxed {
    /// The Lagrangian value: an upper bound.
    pub value: f64,
    pub profit: f64,
    pub usage: Vec<f64>,
    pub choice: Vec<u32>,
}

impl<'a> Blocks<'a> {
    pub fn new(ladder: &'a Ladder, limits: &LadderLimits) -> Result<Blocks<'a>> {
        if let Some(item) = ladder.items.iter().find(|item| (item.end - item.first) as usize > MOST_OPTIONS) {
            return Err(ScienceError::Unsuitable(format!("item {} has more than {MOST_OPTIONS} prices", item.name)));
        }
        let items = ladder.items.len();
        let is_short = limits.further.iter().any(|limit| limit.uses.len() != ladder.options.len());
        if is_short || limits.pairs.iter().any(|pair| pair.lower >= items || pair.upper >= items) {
            return Err(ScienceError::Unsuitable("a limit names options or items that are not there".to_owned()));
        }
        let edges = edges(ladder, limits);
        Ok(Blocks { ladder, rows: rows(ladder, limits), blocks: blocks(ladder, &edges)? })
    }

    /// Sums of the rows.
    pub fn usage(&self, choice: &[u32]) -> Vec<f64> {
        let place = |item: usize| (self.ladder.items[item].first + choice[item]) as usize;
        self.rows.iter().map(|row| (0..choice.len()).map(|item| row.uses[place(item)]).sum()).collect()
    }

    /// Whether every bound and every order holds.
    pub fn is_feasible(&self, choice: &[u32]) -> bool {
        let bounds = self.usage(choice).iter().zip(&self.rows).all(|(used, row)| *used <= row.bound + tolerance(row));
        bounds && self.blocks.iter().all(|block| block.is_ordered(choice))
    }

    /// The best solution where using a row costs its multiplier.
    pub fn relax(&self, multipliers: &[f64]) -> Relaxed {
        let parts = self.blocks.len().div_ceil(PART);
        let solved = map_parts(parts, |part| {
            let blocks = &self.blocks[part * PART..self.blocks.len().min((part + 1) * PART)];
            let mut scratch = Scratch::default();
            let mut chosen = Vec::with_capacity(blocks.len());
            let mut value = 0.0;
            for block in blocks {
                value += block.best(self, multipliers, &mut scratch);
                chosen.extend(block.nodes.iter().zip(&scratch.chosen).map(|(node, option)| (node.item, *option)));
            }
            (value, chosen)
        });
        let mut choice = vec![0; self.ladder.items.len()];
        let mut value: f64 = self.rows.iter().zip(multipliers).map(|(row, multiplier)| row.bound * multiplier).sum();
        for (part, chosen) in solved {
            value += part;
            chosen.into_iter().for_each(|(item, option)| choice[item] = option);
        }
        Relaxed { value, profit: self.ladder.objective(&choice), usage: self.usage(&choice), choice }
    }

    fn value(&self, option: usize, multipliers: &[f64]) -> f64 {
        let costs: f64 = self.rows.iter().zip(multipliers).map(|(row, multiplier)| row.uses[option] * multiplier).sum();
        self.ladder.options[option].profit - costs
    }
}

/// What rounding in a long sum may amount to.
pub(super) fn tolerance(row: &Row) -> f64 {
    1e-11 * row.bound.abs()
}

/// Working memory of a block's solution.
#[derive(Default)]
pub(super) struct Scratch {
    /// For each node and option, its value with the best of everything below.
    pub values: Vec<Vec<f64>>,
    /// For each node and option of its parent, the best value below.
    pub messages: Vec<Vec<f64>>,
    pub chosen: Vec<u32>,
}

impl Block {
    /// The block's best value; leaves values, messages and the choice in the scratch.
    pub fn best(&self, blocks: &Blocks, multipliers: &[f64], scratch: &mut Scratch) -> f64 {
        let count = self.nodes.len();
        scratch.values.resize_with(count.max(scratch.values.len()), Vec::new);
        scratch.messages.resize_with(count.max(scratch.messages.len()), Vec::new);
        for (place, node) in self.nodes.iter().enumerate() {
            let item = &blocks.ladder.items[node.item];
            let values = &mut scratch.values[place];
            values.clear();
            values.extend((item.first as usize..item.end as usize).map(|option| blocks.value(option, multipliers)));
        }
        for place in (1..count).rev() {
            let node = &self.nodes[place];
            let parent = node.parent.expect("only the root has no parent");
            let (before, own) = scratch.values.split_at_mut(place);
            let messages = &mut scratch.messages[place];
            messages.clear();
            messages.extend(node.allowed.iter().map(|allowed| best_allowed(&own[0], *allowed).1));
            before[parent].iter_mut().zip(messages).for_each(|(value, message)| *value += *message);
        }
        scratch.chosen.clear();
        let (option, best) = best_allowed(&scratch.values[0], u64::MAX);
        scratch.chosen.push(option as u32);
        for place in 1..count {
            let node = &self.nodes[place];
            let parent = scratch.chosen[node.parent.expect("only the root has no parent")] as usize;
            scratch.chosen.push(best_allowed(&scratch.values[place], node.allowed[parent]).0 as u32);
        }
        best
    }

    fn is_ordered(&self, choice: &[u32]) -> bool {
        self.nodes.iter().all(|node| {
            node.parent.is_none_or(|parent| {
                let parent = choice[self.nodes[parent].item] as usize;
                node.allowed[parent] >> choice[node.item] & 1 == 1
            })
        })
    }
}

pub(super) fn best_allowed(values: &[f64], allowed: u64) -> (usize, f64) {
    let mut best = (0, f64::NEG_INFINITY);
    for (option, value) in values.iter().enumerate() {
        if *value > best.1 && allowed >> option & 1 == 1 {
            best = (option, *value);
        }
    }
    best
}

fn rows(ladder: &Ladder, limits: &LadderLimits) -> Vec<Row> {
    let today = |of: &dyn Fn(usize) -> f64| ladder.items.iter().map(|item| of(item.first as usize)).sum::<f64>();
    let row = |name: &str, share: f64, sign: f64, of: &dyn Fn(usize) -> f64| Row {
        name: name.to_owned(),
        bound: sign * share * today(of),
        sign,
        uses: (0..ladder.options.len()).map(|option| sign * of(option)).collect(),
    };
    let mut rows = Vec::new();
    if let Some(share) = limits.basket_at_most {
        rows.push(row("basket", share, 1.0, &|option| ladder.options[option].basket));
    }
    if let Some(share) = limits.revenue_at_least {
        rows.push(row("revenue", share, -1.0, &|option| ladder.options[option].revenue));
    }
    if let Some(share) = limits.changes_at_most {
        let of = |option: usize| if ladder.options[option].is_change { 1.0 } else { 0.0 };
        let mut changes = row("changes", 0.0, 1.0, &of);
        changes.bound = (share * ladder.items.len() as f64 + 1e-9).floor();
        rows.push(changes);
    }
    rows.extend(limits.further.iter().map(|limit| {
        let sign = if limit.at_least { -1.0 } else { 1.0 };
        let uses = limit.uses.iter().map(|uses| sign * uses).collect();
        Row { name: limit.name.clone(), bound: sign * limit.bound, sign, uses }
    }));
    rows
}

/// `price(lower) ≤ factor · price(upper)` between two items.
struct Edge {
    lower: usize,
    upper: usize,
    factor: f64,
}

fn edges(ladder: &Ladder, limits: &LadderLimits) -> Vec<Edge> {
    let mut places: BTreeMap<(u32, &str), usize> = BTreeMap::new();
    if !limits.orders.is_empty() {
        places.extend(ladder.items.iter().enumerate().map(|(place, item)| ((item.family, item.role.as_str()), place)));
    }
    let families: std::collections::BTreeSet<u32> = places.keys().map(|(family, _)| *family).collect();
    let mut edges = Vec::new();
    for family in families {
        for order in &limits.orders {
            let find = |role: &str| places.get(&(family, role)).copied();
            if let (Some(lower), Some(upper)) = (find(&order.lower), find(&order.upper)) {
                let today = ladder.options_of(lower)[0].price / ladder.options_of(upper)[0].price;
                edges.push(Edge { lower, upper, factor: order.factor.max(today) });
            }
        }
    }
    edges.extend(limits.pairs.iter().map(|pair| {
        let today = ladder.options_of(pair.lower)[0].price / ladder.options_of(pair.upper)[0].price;
        Edge { lower: pair.lower, upper: pair.upper, factor: today.max(1.0) }
    }));
    edges
}

fn blocks(ladder: &Ladder, edges: &[Edge]) -> Result<Vec<Block>> {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); ladder.items.len()];
    for (place, edge) in edges.iter().enumerate() {
        neighbours[edge.lower].push(place);
        neighbours[edge.upper].push(place);
    }
    let mut is_placed = vec![false; ladder.items.len()];
    let mut blocks = Vec::new();
    for root in 0..ladder.items.len() {
        if is_placed[root] {
            continue;
        }
        is_placed[root] = true;
        let mut nodes = vec![Node { item: root, parent: None, allowed: Vec::new() }];
        let mut followed = 0;
        let mut at = 0;
        while at < nodes.len() {
            let item = nodes[at].item;
            for &place in &neighbours[item] {
                let edge = &edges[place];
                let other = if edge.lower == item { edge.upper } else { edge.lower };
                if !is_placed[other] {
                    is_placed[other] = true;
                    followed += 1;
                    nodes.push(Node { item: other, parent: Some(at), allowed: allowed(ladder, edge, item) });
                }
            }
            at += 1;
        }
        let inside: usize = nodes.iter().map(|node| neighbours[node.item].len()).sum();
        if inside != 2 * followed {
            return Err(ScienceError::Unsuitable(
                "the orders of a family close a circle; leave out the one that follows from the others".to_owned(),
            ));
        }
        blocks.push(Block { nodes });
    }
    Ok(blocks)
}

/// For each option of the parent the options of the other end that keep the order.
fn allowed(ladder: &Ladder, edge: &Edge, parent: usize) -> Vec<u64> {
    const ROUNDING: f64 = 1e-9;
    let is_kept = |lower: f64, upper: f64| lower <= edge.factor * upper + ROUNDING;
    let other = if edge.lower == parent { edge.upper } else { edge.lower };
    let bits = |price: f64| {
        let fits = |other: f64| if edge.lower == parent { is_kept(price, other) } else { is_kept(other, price) };
        let options = ladder.options_of(other).iter().enumerate();
        options.fold(0, |bits, (place, option)| bits | u64::from(fits(option.price)) << place)
    };
    ladder.options_of(parent).iter().map(|option| bits(option.price)).collect()
}
