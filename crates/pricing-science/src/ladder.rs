//! The best prices on ladders of allowed prices: one price for each product, the sum of margins as large as possible,
//! under bounds on sums (basket, revenue, number of changes) and orders inside families.
//!
//! The bounds are priced by Lagrange multipliers (Geoffrion 1974; Held and Karp 1970), found by column generation over
//! whole solutions (Dantzig and Wolfe 1960). Families are solved exactly inside, by dynamic programming on their tree.
//! What is then nearly best is repaired by exchanging one or two families at a time, and branch and bound over the few
//! choices whose reduced cost is below the gap proves the optimum where it ends. The answer always satisfies every
//! bound and always comes with a bound that no solution can pass.

mod blocks;
mod branch;
mod core;
mod dual;
mod instance;
mod master;
mod near;
mod repair;

use serde::{Deserialize, Serialize};

use crate::error::{Result, ScienceError};

pub use instance::{Ladder, LadderItem, LadderOption, Order};

use blocks::Blocks;

/// Bounds on sums over the chosen prices, as shares of the sums at today's prices (the first option of each item).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LadderLimits {
    /// The basket may cost at most this share of today's.
    pub basket_at_most: Option<f64>,
    /// Revenue must be at least this share of today's.
    pub revenue_at_least: Option<f64>,
    /// At most this share of the prices may change; the number is rounded down.
    pub changes_at_most: Option<f64>,
    /// Orders inside each family.
    pub orders: Vec<Order>,
    /// Orders between two items each.
    #[serde(default)]
    pub pairs: Vec<PairOrder>,
    /// Bounds on sums of the caller's own.
    #[serde(default)]
    pub further: Vec<FurtherLimit>,
}

/// `price(lower) ≤ price(upper)` between two items, by their places. Where today's prices break it, the ratio may stay as
/// wide as it is today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairOrder {
    /// The item that must not be dearer.
    pub lower: usize,
    /// The item that must not be cheaper.
    pub upper: usize,
}

/// A bound on a sum over the chosen options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FurtherLimit {
    /// Its name in the answer.
    pub name: String,
    /// The bound.
    pub bound: f64,
    /// Whether the sum must reach the bound instead of staying below it.
    pub at_least: bool,
    /// What each option adds, in the order of the options.
    pub uses: Vec<f64>,
}

impl LadderLimits {
    /// The limits that the shared instances are measured with. `A`: the basket costs at most 98 % of today's; `B`: also
    /// revenue at least today's and at most 30 % of the prices change; `C`: also the order of packs in each family.
    pub fn variant(name: &str) -> Result<LadderLimits> {
        let mut limits = LadderLimits { basket_at_most: Some(0.98), ..LadderLimits::default() };
        if matches!(name, "B" | "C") {
            limits.revenue_at_least = Some(1.0);
            limits.changes_at_most = Some(0.3);
        }
        match name {
            "A" | "B" => Ok(limits),
            "C" => {
                let orders = ["2<=1.6*1", "6<=1.95*5", "11<=2.3*10", "10<=0.75*5"];
                limits.orders = orders.iter().map(|text| Order::parse(text)).collect::<Result<_>>()?;
                Ok(limits)
            }
            _ => Err(ScienceError::Unsuitable(format!("there is no variant “{name}”; there are A, B and C"))),
        }
    }
}

/// How much work may go into proving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LadderEffort {
    /// Nodes of branch and bound; 0 leaves it out.
    pub most_nodes: usize,
}

impl LadderEffort {
    /// What is usual: seconds for a thousand items, and no more than the search takes anyway for many.
    pub fn usual(items: usize) -> LadderEffort {
        const PROVABLE: usize = 3000;
        LadderEffort { most_nodes: if items <= PROVABLE { 40_000 } else { 400 } }
    }
}

/// A bound on a sum in the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitResult {
    /// `basket`, `revenue`, `changes`, or the name of a further limit.
    pub name: String,
    /// The bound.
    pub bound: f64,
    /// The sum at the chosen prices.
    pub used: f64,
    /// What one unit more of room would add to the margin.
    pub shadow_price: f64,
    /// Whether room left would be worth something.
    pub binds: bool,
}

/// The chosen prices and what is proven about them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LadderSolution {
    /// The sum of margins at the chosen prices.
    pub objective: f64,
    /// No solution can have more than this.
    pub bound: f64,
    /// The bound before branching: the Lagrangian one.
    pub lagrangian_bound: f64,
    /// (bound − objective) / |bound|
    pub gap: f64,
    /// Whether the optimum is proven.
    pub is_optimal: bool,
    /// Whether every bound and every order holds, checked anew on the answer.
    pub is_feasible: bool,
    /// The sum of margins at today's prices.
    pub base_objective: f64,
    /// Prices that differ from today's.
    pub changes: usize,
    /// The bounds.
    pub limits: Vec<LimitResult>,
    /// Nodes of branch and bound.
    pub nodes: usize,
    /// The option of each item, in the order of the items.
    pub choice: Vec<u32>,
}

/// Chooses the prices. Refused where no choice satisfies the bounds.
pub fn optimise_ladder(ladder: &Ladder, limits: &LadderLimits, effort: LadderEffort) -> Result<LadderSolution> {
    let blocks = Blocks::new(ladder, limits)?;
    let dual = dual::solve(&blocks)?;
    let repaired = repair::repair(&blocks, &dual)?;
    let searched = branch::search(&blocks, &dual, repaired, effort.most_nodes);
    let choice = searched.choice;
    let objective = ladder.objective(&choice);
    let bound = if searched.is_complete { objective } else { dual.bound.max(objective) };
    let used = blocks.usage(&choice);
    let result = |row: usize| LimitResult {
        name: blocks.rows[row].name.clone(),
        bound: blocks.rows[row].sign * blocks.rows[row].bound,
        used: blocks.rows[row].sign * used[row],
        shadow_price: dual.multipliers[row],
        binds: dual.multipliers[row] > 0.0,
    };
    let solution = LadderSolution {
        objective,
        bound,
        lagrangian_bound: dual.bound,
        gap: (bound - objective) / bound.abs().max(f64::MIN_POSITIVE),
        is_optimal: searched.is_complete,
        is_feasible: blocks.is_feasible(&choice),
        base_objective: ladder.objective(&vec![0; ladder.items.len()]),
        changes: choice.iter().filter(|option| **option != 0).count(),
        limits: (0..blocks.rows.len()).map(result).collect(),
        nodes: searched.nodes,
        choice,
    };
    if solution.is_feasible { Ok(solution) } else { Err(no_solution()) }
}

pub(crate) fn no_solution() -> ScienceError {
    ScienceError::Unsuitable(
        "no choice of prices satisfies all bounds; widen the basket, revenue or changes".to_owned(),
    )
}
