//! Markdowns: the path of prices that brings most from a stock by a date, prices only falling.
//!
//! Smith and Achabal (1998), “Clearance pricing and inventory policies for retail chains”; the stochastic form is the
//! dynamic programme of Bitran and Mondschein (1997).

use serde::{Deserialize, Serialize};

use crate::error::{Result, ScienceError};

/// A stock to clear.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Markdown {
    /// Units in stock.
    pub stock: f64,
    /// The elasticity of demand.
    pub elasticity: f64,
    /// Units a week at the first price of the ladder in a week of season 1.
    pub units: f64,
    /// The season of each week.
    pub season: Vec<f64>,
    /// Allowed prices, from the highest; the first is today's.
    pub ladder: Vec<f64>,
    /// What a unit left over brings.
    pub salvage: f64,
    /// How often the price may change, the first week included.
    pub most_changes: Option<usize>,
    /// The largest cut at once, as a share of the price before.
    #[serde(default)]
    pub largest_cut: Option<f64>,
}

/// The path and what it brings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkdownPath {
    /// Revenue and salvage.
    pub value: f64,
    /// The price of each week.
    pub prices: Vec<f64>,
    /// Units left at the end.
    pub left: f64,
}

impl Markdown {
    fn check(&self) -> Result<()> {
        let is_falling = self.ladder.windows(2).all(|pair| pair[0] > pair[1]);
        if self.ladder.is_empty() || self.season.is_empty() || !is_falling || self.ladder.iter().any(|p| *p <= 0.0) {
            return Err(ScienceError::Unsuitable(
                "a markdown needs weeks, and prices above zero from the highest".into(),
            ));
        }
        Ok(())
    }

    fn demand(&self, week: usize, price: usize) -> f64 {
        self.units * self.season[week] * (self.ladder[price] / self.ladder[0]).powf(self.elasticity)
    }
}

/// What can be done until the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkdownPlan {
    /// The path that brings most, whatever is left.
    pub best: MarkdownPath,
    /// The path that brings most among those that leave no more than was asked; `None`: none does.
    pub to_target: Option<MarkdownPath>,
    /// The path that leaves least.
    pub fewest: MarkdownPath,
}

/// The best path where demand is as expected, by trying every falling path (`C(weeks + prices − 1, weeks)` of them).
pub fn best_markdown(markdown: &Markdown) -> Result<MarkdownPath> {
    Ok(markdown_to_target(markdown, f64::INFINITY)?.best)
}

/// The best paths with and without a target for what is left, by trying every falling path.
pub fn markdown_to_target(markdown: &Markdown, most_left: f64) -> Result<MarkdownPlan> {
    const MOST_PATHS: f64 = 5e7;
    markdown.check()?;
    let (weeks, prices) = (markdown.season.len(), markdown.ladder.len());
    let paths: f64 = (1..=weeks).map(|week| (prices - 1 + week) as f64 / week as f64).product();
    if paths > MOST_PATHS {
        return Err(ScienceError::Unsuitable("too many paths; use fewer weeks or prices".to_owned()));
    }
    let mut search =
        Search { markdown, most_left, path: Vec::with_capacity(weeks), best: None, to_target: None, fewest: None };
    let changes = markdown.most_changes.unwrap_or(usize::MAX);
    search.follow(Standing { price: 0, changes, stock: markdown.stock, value: 0.0 });
    let path = |found: Ended| MarkdownPath {
        value: found.value,
        prices: found.path.iter().map(|price| markdown.ladder[*price]).collect(),
        left: found.left,
    };
    let (best, fewest) = search
        .best
        .zip(search.fewest)
        .ok_or_else(|| ScienceError::Unsuitable("a markdown whose amounts are no numbers".to_owned()))?;
    Ok(MarkdownPlan { best: path(best), to_target: search.to_target.map(path), fewest: path(fewest) })
}

#[derive(Clone, Copy)]
struct Standing {
    price: usize,
    changes: usize,
    stock: f64,
    value: f64,
}

/// A path at its end.
struct Ended {
    path: Vec<usize>,
    value: f64,
    left: f64,
}

struct Search<'a> {
    markdown: &'a Markdown,
    most_left: f64,
    path: Vec<usize>,
    best: Option<Ended>,
    to_target: Option<Ended>,
    fewest: Option<Ended>,
}

impl Search<'_> {
    fn follow(&mut self, at: Standing) {
        let (markdown, week) = (self.markdown, self.path.len());
        if week == markdown.season.len() {
            self.end(at.value + markdown.salvage * at.stock, at.stock);
            return;
        }
        let lowest = if at.changes == 0 { at.price } else { markdown.ladder.len() - 1 };
        let floor = markdown.largest_cut.map_or(0.0, |cut| markdown.ladder[at.price] * (1.0 - cut) * (1.0 - 1e-9));
        for price in at.price..=lowest {
            if markdown.ladder[price] < floor {
                break;
            }
            let sold = markdown.demand(week, price).min(at.stock);
            self.path.push(price);
            self.follow(Standing {
                price,
                changes: at.changes - usize::from(price != at.price && at.changes != usize::MAX),
                stock: at.stock - sold,
                value: at.value + sold * markdown.ladder[price],
            });
            self.path.pop();
        }
    }

    fn end(&mut self, value: f64, left: f64) {
        const NOTHING: f64 = 1e-9;
        let is_better = |known: &Option<Ended>| known.as_ref().is_none_or(|known| value > known.value);
        let ended = || Ended { path: self.path.clone(), value, left };
        if is_better(&self.best) {
            self.best = Some(ended());
        }
        if left <= self.most_left + NOTHING && is_better(&self.to_target) {
            self.to_target = Some(ended());
        }
        // Of paths that leave the same, the one that brings most.
        let is_fewer = self
            .fewest
            .as_ref()
            .is_none_or(|known| left < known.left - NOTHING || left < known.left + NOTHING && value > known.value);
        if is_fewer {
            self.fewest = Some(ended());
        }
    }
}

/// What a stock brings where demand is Poisson, and the price to ask in the first week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StochasticMarkdown {
    /// Units in stock.
    pub stock: usize,
    /// Expected revenue and salvage.
    pub value: f64,
    /// The price of the first week.
    pub first_price: f64,
}

/// The best policy for every stock up to `markdown.stock`: each week's price is chosen when the stock is known, and is
/// never above the price before.
pub fn stochastic_markdown(markdown: &Markdown) -> Result<Vec<StochasticMarkdown>> {
    markdown.check()?;
    let (most, prices) = (markdown.stock as usize, markdown.ladder.len());
    // later[p][s]: what s units still bring where the price stands at p.
    let salvage: Vec<f64> = (0..=most).map(|left| markdown.salvage * left as f64).collect();
    let mut later = vec![salvage; prices];
    let mut first = vec![0; most + 1];
    for week in (0..markdown.season.len()).rev() {
        let mut now = vec![vec![f64::NEG_INFINITY; most + 1]; prices];
        for price in (0..prices).rev() {
            let chances = poisson(markdown.demand(week, price), most);
            for stock in 0..=most {
                let value = expected(markdown.ladder[price], &chances, stock, &later[price]);
                let lower = now.get(price + 1).map_or(f64::NEG_INFINITY, |lower| lower[stock]);
                // Of equal values the higher price is asked.
                if value >= lower {
                    first[stock] = price;
                }
                now[price][stock] = value.max(lower);
            }
        }
        later = now;
    }
    let policy =
        |stock: usize| StochasticMarkdown { stock, value: later[0][stock], first_price: markdown.ladder[first[stock]] };
    Ok((0..=most).map(policy).collect())
}

/// What a week at this price and everything after it bring.
fn expected(price: f64, chances: &[f64], stock: usize, later: &[f64]) -> f64 {
    let mut value = 0.0;
    let mut sold_out = 1.0;
    for (sold, chance) in chances.iter().enumerate().take(stock) {
        value += chance * (price * sold as f64 + later[stock - sold]);
        sold_out -= chance;
    }
    value + f64::max(sold_out, 0.0) * (price * stock as f64 + later[0])
}

/// Probabilities of 0‥=most arrivals.
fn poisson(mean: f64, most: usize) -> Vec<f64> {
    let mut chance = (-mean).exp();
    (0..=most)
        .map(|count| {
            let now = chance;
            chance *= mean / (count + 1) as f64;
            now
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Markdown, best_markdown, markdown_to_target, stochastic_markdown};

    fn markdown(stock: f64) -> Markdown {
        Markdown {
            stock,
            elasticity: -1.8,
            units: 40.0,
            season: vec![1.0, 0.9, 0.8],
            ladder: vec![50.0, 40.0, 30.0],
            salvage: 5.0,
            most_changes: None,
            largest_cut: None,
        }
    }

    #[test]
    fn scarce_stock_keeps_its_price_and_plenty_is_marked_down() {
        assert_eq!(best_markdown(&markdown(30.0)).expect("valid").prices[0], 50.0);
        assert_eq!(best_markdown(&markdown(300.0)).expect("valid").prices, [30.0; 3]);
    }

    #[test]
    fn changes_are_counted_from_todays_price() {
        let one = Markdown { most_changes: Some(1), ..markdown(150.0) };
        let prices = best_markdown(&one).expect("valid").prices;
        let changes = std::iter::once(&50.0).chain(&prices).zip(&prices).filter(|(before, now)| before != now).count();
        assert!(changes <= 1, "{prices:?}");
    }

    #[test]
    fn a_target_for_what_is_left_costs_something_and_one_out_of_reach_is_said() {
        // At 30 at least 40 × 2.7 × (30 ÷ 50)^-1.8 = 270 are sold.
        let stock = markdown(290.0);
        let plenty = Markdown { salvage: 28.0, ..stock };
        let plan = markdown_to_target(&plenty, 25.0).expect("valid");
        let to_target = plan.to_target.expect("within reach");
        assert!(plan.best.left > 25.0 && to_target.left <= 25.0, "{} {}", plan.best.left, to_target.left);
        assert!(to_target.value < plan.best.value && plan.fewest.left <= to_target.left);
        assert_eq!(markdown_to_target(&plenty, 5.0).expect("valid").to_target, None);
    }

    #[test]
    fn no_cut_is_larger_than_allowed() {
        let steps = Markdown { largest_cut: Some(0.21), ..markdown(300.0) };
        assert_eq!(best_markdown(&steps).expect("valid").prices, [40.0; 3]);
        let steps = Markdown { largest_cut: Some(0.25), ..markdown(300.0) };
        assert_eq!(best_markdown(&steps).expect("valid").prices, [40.0, 30.0, 30.0]);
    }

    #[test]
    fn a_single_unit_is_worth_at_most_the_highest_price() {
        let policy = stochastic_markdown(&markdown(3.0)).expect("valid");
        assert_eq!(policy[0].value, 0.0);
        assert!(policy[1].value <= 50.0 && policy[1].value > 49.0);
    }
}
