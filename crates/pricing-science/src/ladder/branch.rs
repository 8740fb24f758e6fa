//! Branch and bound over the choices whose loss is below the gap.
//!
//! Land and Doig (1960), with the Lagrangian bound of Geoffrion (1974) at each node, its multipliers improved by
//! subgradient steps from those of the parent, and choices fixed by their reduced cost.

use super::blocks::Blocks;
use super::core::Core;
use super::dual::Dual;
use super::master::Master;
use super::repair::Repaired;

/// What the search ended with.
pub(super) struct Searched {
    pub choice: Vec<u32>,
    /// Whether nothing better can exist.
    pub is_complete: bool,
    pub nodes: usize,
}

/// Choices beyond which a proof is not tried.
const MOST_MOVES: usize = 600;
/// Choices that the first, quick search looks at.
const FEW_MOVES: usize = 100;
/// Its nodes.
const FEW_NODES: usize = 300;
/// Combinations that are simply tried.
const MOST_COMBINATIONS: f64 = 50_000.0;
/// How many of them are as much work as a node.
const COMBINATIONS_A_NODE: usize = 500;
/// Relative difference of margins that counts as none.
const SAME: f64 = 1e-9;

/// Searches for something better than `repaired`: first among few choices, then, where `most_nodes` allows it, among all
/// that the gap leaves open.
pub(super) fn search(blocks: &Blocks, dual: &Dual, repaired: Repaired, most_nodes: usize) -> Searched {
    let mut best = repaired;
    let same = SAME * dual.bound.abs();
    let mut nodes = 0;
    for (moves, limit) in [(FEW_MOVES, FEW_NODES), (MOST_MOVES, most_nodes)] {
        let gap = dual.bound - best.profit;
        if gap <= same {
            return Searched { choice: best.choice, is_complete: true, nodes };
        }
        if limit == 0 {
            continue;
        }
        let core = Core::new(blocks, &dual.multipliers, gap, moves);
        if !core.is_whole && moves == MOST_MOVES {
            continue;
        }
        let mut tree = Tree::new(&core, gap, same, limit);
        tree.visit(root(&core));
        nodes += tree.nodes;
        let is_complete = core.is_whole && tree.nodes < limit;
        if let Some(moves) = tree.best_moves.take() {
            let choice = core.choice(moves);
            let profit = blocks.ladder.objective(&choice);
            if profit > best.profit && blocks.is_feasible(&choice) {
                best = Repaired { choice, profit };
            }
        }
        if is_complete {
            return Searched { choice: best.choice, is_complete: true, nodes };
        }
    }
    Searched { choice: best.choice, is_complete: false, nodes }
}

fn root(core: &Core) -> Node {
    let mut by_block: std::collections::BTreeMap<usize, Vec<usize>> = Default::default();
    for (place, known) in core.moves.iter().enumerate() {
        by_block.entry(known.block).or_default().push(place);
    }
    let groups = by_block.into_values().map(|moves| Group { moves, may_stay: true }).collect();
    Node { groups, lost: 0.0, room: core.room.clone(), taken: Vec::new(), multipliers: core.multipliers.clone() }
}

/// A family that is not decided: the moves open to it, and whether its best choice is too.
#[derive(Clone)]
struct Group {
    moves: Vec<usize>,
    may_stay: bool,
}

struct Node {
    groups: Vec<Group>,
    lost: f64,
    room: Vec<f64>,
    taken: Vec<usize>,
    multipliers: Vec<f64>,
}

struct Tree<'a> {
    core: &'a Core<'a>,
    least: Vec<f64>,
    /// The smallest loss known.
    best: f64,
    best_moves: Option<Vec<usize>>,
    nodes: usize,
    /// Combinations tried that are not counted as nodes yet.
    combined: usize,
    most_nodes: usize,
    same: f64,
}

/// A group with its cheapest branch and the others, each with what it costs more.
type Open = (Option<usize>, Vec<(f64, Option<usize>)>);

/// A combination of branches under way.
struct Partial {
    lost: f64,
    extra: f64,
    room: Vec<f64>,
}

/// At most how many combinations cost less than `spare` more, counted in steps of a sixty-fourth of it.
fn combinations(open: &[Open], spare: f64) -> f64 {
    const STEPS: usize = 64;
    let mut counts = [0.0; STEPS];
    counts[0] = 1.0;
    for (_, others) in open {
        let before = counts;
        for (extra, _) in others {
            let steps = (extra / spare * STEPS as f64) as usize;
            (steps..STEPS).for_each(|at| counts[at] += before[at - steps]);
        }
        if counts.iter().sum::<f64>() > 1e12 {
            break;
        }
    }
    counts.iter().sum()
}

/// The relaxed solution of a node.
struct Relaxed {
    /// A lower bound on the loss.
    bound: f64,
    multipliers: Vec<f64>,
    /// Groups whose choice was not always the same.
    undecided: Vec<usize>,
}

impl<'a> Tree<'a> {
    fn new(core: &'a Core<'a>, gap: f64, same: f64, most_nodes: usize) -> Tree<'a> {
        Tree { least: core.least_room(), core, best: gap, best_moves: None, nodes: 0, combined: 0, most_nodes, same }
    }

    fn visit(&mut self, mut node: Node) {
        self.nodes += 1;
        if self.nodes >= self.most_nodes {
            return;
        }
        let relaxed = self.relax(&node);
        if relaxed.bound >= self.best - self.same {
            return;
        }
        self.fix(&mut node, &relaxed);
        if self.try_all(&node, &relaxed) {
            return;
        }
        let Some(place) = self.most_undecided(&node, &relaxed) else { return };
        let group = node.groups.swap_remove(place);
        let mut branches: Vec<Option<usize>> = group.moves.iter().copied().map(Some).collect();
        if group.may_stay {
            branches.push(None);
        }
        let kappa = self.prices(&relaxed.multipliers);
        branches.sort_by(|a, b| self.reduced(*a, &kappa).total_cmp(&self.reduced(*b, &kappa)));
        for branch in branches {
            let mut child = Node {
                groups: node.groups.clone(),
                lost: node.lost,
                room: node.room.clone(),
                taken: node.taken.clone(),
                multipliers: relaxed.multipliers.clone(),
            };
            if let Some(place) = branch {
                let known = &self.core.moves[place];
                child.lost += known.loss;
                child.room.iter_mut().zip(&known.uses).for_each(|(room, uses)| *room -= uses);
                child.taken.push(place);
            }
            self.visit(child);
        }
    }

    /// Where few combinations of branches can be better than what is known, tries them all.
    fn try_all(&mut self, node: &Node, relaxed: &Relaxed) -> bool {
        let prices = self.prices(&relaxed.multipliers);
        let spare = self.best - relaxed.bound;
        let mut start = Partial { lost: node.lost, extra: 0.0, room: node.room.clone() };
        let mut open = Vec::new();
        let mut cheapest = Vec::new();
        for group in &node.groups {
            let (branch, least) = self.cheapest(group, &prices);
            self.add(&mut start, branch, 1.0);
            cheapest.extend(branch);
            let others = group.moves.iter().copied().map(Some).chain(group.may_stay.then_some(None));
            let extra = |other: Option<usize>| (self.reduced(other, &prices) - least, other);
            let mut others: Vec<_> = others.filter(|other| *other != branch).map(extra).collect();
            others.retain(|(extra, _)| *extra < spare);
            others.sort_by(|a, b| a.0.total_cmp(&b.0));
            if !others.is_empty() {
                open.push((branch, others));
            }
        }
        if combinations(&open, spare) > MOST_COMBINATIONS {
            return false;
        }
        open.sort_by(|a, b| a.1[0].0.total_cmp(&b.1[0].0));
        let taken: Vec<usize> = node.taken.iter().copied().chain(cheapest).collect();
        let mut changes = Vec::new();
        self.combine(relaxed.bound, &open, start, &mut changes, &taken);
        self.nodes += self.combined / COMBINATIONS_A_NODE;
        self.combined %= COMBINATIONS_A_NODE;
        true
    }

    fn add(&self, partial: &mut Partial, branch: Option<usize>, sign: f64) {
        if let Some(place) = branch {
            let known = &self.core.moves[place];
            partial.lost += sign * known.loss;
            partial.room.iter_mut().zip(&known.uses).for_each(|(room, uses)| *room -= sign * uses);
        }
    }

    fn combine(
        &mut self,
        bound: f64,
        open: &[Open],
        partial: Partial,
        changes: &mut Vec<(Option<usize>, Option<usize>)>,
        taken: &[usize],
    ) {
        self.combined += 1;
        if partial.room.iter().zip(&self.least).all(|(room, least)| room >= least) {
            let unused: f64 =
                self.core.multipliers.iter().zip(&partial.room).map(|(price, room)| price * room.max(0.0)).sum();
            if partial.lost + unused < self.best - 1e-12 {
                self.best = partial.lost + unused;
                let mut moves = taken.to_vec();
                for (from, to) in changes.iter() {
                    moves.retain(|place| Some(*place) != *from);
                    moves.extend(*to);
                }
                self.best_moves = Some(moves);
            }
        }
        for (place, (from, others)) in open.iter().enumerate() {
            for (extra, to) in others {
                if bound + partial.extra + extra >= self.best {
                    break;
                }
                let mut next = Partial { extra: partial.extra + extra, room: partial.room.clone(), ..partial };
                self.add(&mut next, *from, -1.0);
                self.add(&mut next, *to, 1.0);
                changes.push((*from, *to));
                self.combine(bound, &open[place + 1..], next, changes, taken);
                changes.pop();
            }
        }
    }

    /// How far the multipliers are from the root's: what using one unit costs beyond what losses contain already.
    fn prices(&self, multipliers: &[f64]) -> Vec<f64> {
        self.core.multipliers.iter().zip(multipliers).map(|(root, own)| root - own).collect()
    }

    /// What a branch costs at these prices.
    fn reduced(&self, branch: Option<usize>, prices: &[f64]) -> f64 {
        branch.map_or(0.0, |place| {
            let known = &self.core.moves[place];
            known.loss - known.uses.iter().zip(prices).map(|(uses, price)| uses * price).sum::<f64>()
        })
    }

    /// The cheapest branch of a group, and what it costs.
    fn cheapest(&self, group: &Group, prices: &[f64]) -> (Option<usize>, f64) {
        let stay = group.may_stay.then_some((None, 0.0));
        let moves = group.moves.iter().map(|place| (Some(*place), self.reduced(Some(*place), prices)));
        stay.into_iter().chain(moves).min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((None, f64::INFINITY))
    }

    /// The bound at these multipliers, the groups' choices, their loss and the room left.
    fn evaluate(&self, node: &Node, multipliers: &[f64]) -> (f64, Vec<Option<usize>>, f64, Vec<f64>) {
        let prices = self.prices(multipliers);
        let mut bound = node.lost + prices.iter().zip(&node.room).map(|(price, room)| price * room).sum::<f64>();
        let mut lost = node.lost;
        let mut room = node.room.clone();
        let mut chosen = Vec::with_capacity(node.groups.len());
        for group in &node.groups {
            let (branch, cost) = self.cheapest(group, &prices);
            bound += cost;
            if let Some(place) = branch {
                let known = &self.core.moves[place];
                lost += known.loss;
                room.iter_mut().zip(&known.uses).for_each(|(room, uses)| *room -= uses);
            }
            chosen.push(branch);
        }
        (bound, chosen, lost, room)
    }

    /// Improves the bound by column generation; takes every solution met that satisfies the bounds.
    fn relax(&mut self, node: &Node) -> Relaxed {
        const ROUNDS: usize = 40;
        let root = self.core.multipliers.clone();
        let mut multipliers = node.multipliers.clone();
        let mut best = Relaxed { bound: f64::NEG_INFINITY, multipliers: multipliers.clone(), undecided: Vec::new() };
        let mut counts: Vec<Vec<Option<usize>>> = vec![Vec::new(); node.groups.len()];
        let mut master: Option<Master> = None;
        for _ in 0..ROUNDS {
            let (bound, chosen, lost, room) = self.evaluate(node, &multipliers);
            self.consider(node, &chosen, lost, &room);
            for (seen, branch) in counts.iter_mut().zip(&chosen) {
                if !seen.contains(branch) {
                    seen.push(*branch);
                }
            }
            if bound > best.bound {
                best.bound = bound;
                best.multipliers.clone_from(&multipliers);
            }
            if best.bound >= self.best - self.same {
                return best;
            }
            // A point's loss is what its choices lose plus the root's price of all the room that it leaves.
            let value = -(lost + root.iter().zip(&room).map(|(price, room)| price * room).sum::<f64>());
            let known = match &mut master {
                Some(master) => {
                    master.add(value, room);
                    master
                }
                None => master.insert(Master::new(value, room, &self.penalties())),
            };
            let mixture = known.solve();
            if -mixture.value - best.bound <= self.same.max(1e-3 * (self.best - best.bound).abs()) {
                break;
            }
            multipliers = mixture.multipliers;
        }
        best.undecided = (0..counts.len()).filter(|place| counts[*place].len() > 1).collect();
        best
    }

    /// Multipliers stay below a thousand times the root's, or what the gap makes of the smallest use.
    fn penalties(&self) -> Vec<f64> {
        let largest = |row: usize| {
            let smallest = self.core.moves.iter().map(|known| known.uses[row].abs()).filter(|uses| *uses > 1e-9);
            self.best / smallest.fold(f64::INFINITY, f64::min).max(1e-9)
        };
        self.core.multipliers.iter().enumerate().map(|(row, price)| 1000.0 * price + largest(row)).collect()
    }

    fn consider(&mut self, node: &Node, chosen: &[Option<usize>], lost: f64, room: &[f64]) {
        if room.iter().zip(&self.least).any(|(room, least)| room < least) {
            return;
        }
        let unused: f64 = self.core.multipliers.iter().zip(room).map(|(price, room)| price * room.max(0.0)).sum();
        if lost + unused < self.best - 1e-12 {
            self.best = lost + unused;
            self.best_moves = Some(node.taken.iter().copied().chain(chosen.iter().flatten().copied()).collect());
        }
    }

    /// Drops the branches that cannot lead to anything better.
    fn fix(&self, node: &mut Node, relaxed: &Relaxed) {
        let prices = self.prices(&relaxed.multipliers);
        let spare = self.best - relaxed.bound;
        for group in &mut node.groups {
            let least = self.cheapest(group, &prices).1;
            group.moves.retain(|place| self.reduced(Some(*place), &prices) - least < spare);
            group.may_stay &= -least < spare;
        }
    }

    /// The open group to branch on: one that changed its mind, and whose branches differ most.
    fn most_undecided(&self, node: &Node, relaxed: &Relaxed) -> Option<usize> {
        let is_open = |place: &usize| node.groups[*place].moves.len() + usize::from(node.groups[*place].may_stay) > 1;
        let prices = self.prices(&relaxed.multipliers);
        let reach = |place: usize| {
            let group = &node.groups[place];
            group
                .moves
                .iter()
                .map(|known| {
                    let uses = &self.core.moves[*known].uses;
                    uses.iter().zip(&self.core.multipliers).map(|(uses, price)| (uses * price).abs()).sum::<f64>()
                        - self.reduced(Some(*known), &prices)
                })
                .fold(0.0, f64::max)
        };
        let undecided =
            relaxed.undecided.iter().copied().filter(is_open).max_by(|a, b| reach(*a).total_cmp(&reach(*b)));
        undecided.or_else(|| (0..node.groups.len()).filter(is_open).max_by(|a, b| reach(*a).total_cmp(&reach(*b))))
    }
}
