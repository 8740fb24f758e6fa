//! Instances: items with their allowed prices, read from a table with a row for each price.

use serde::{Deserialize, Serialize};

use crate::error::{Result, ScienceError};
use crate::table::{Table, Values};

/// An allowed price and what it brings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LadderOption {
    /// The price.
    pub price: f64,
    /// Margin at that price.
    pub profit: f64,
    /// Revenue at that price.
    pub revenue: f64,
    /// The price times today's units.
    pub basket: f64,
    /// Whether choosing it counts as a change.
    pub is_change: bool,
}

/// A product; its first option is today's price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LadderItem {
    /// The item's name in the file.
    pub name: String,
    /// The family that it belongs to.
    pub family: u32,
    /// Its part in the family (brand, size), to which orders refer.
    pub role: String,
    /// Where its options begin and end.
    pub first: u32,
    /// One past the last option.
    pub end: u32,
}

/// `price(lower) ≤ factor · price(upper)` in each family that has both. Where today's prices break it, the ratio may
/// stay as wide as it is today, so that an order can always be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The role of the cheaper product.
    pub lower: String,
    /// The largest ratio of the prices.
    pub factor: f64,
    /// The role of the dearer product.
    pub upper: String,
}

impl Order {
    /// Reads `2<=1.6*1`: role 2 costs at most 1.6 times role 1.
    pub fn parse(text: &str) -> Result<Order> {
        let refusal = || ScienceError::Formula {
            text: text.to_owned(),
            reason: "an order is written ROLE<=FACTOR*ROLE".to_owned(),
        };
        let (lower, rest) = text.split_once("<=").ok_or_else(refusal)?;
        let (factor, upper) = rest.split_once('*').unwrap_or(("1", rest));
        let factor = factor.trim().parse().ok().filter(|factor: &f64| *factor > 0.0).ok_or_else(refusal)?;
        Ok(Order { lower: lower.trim().to_owned(), factor, upper: upper.trim().to_owned() })
    }
}

/// Items with their ladders.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Ladder {
    /// The items.
    pub items: Vec<LadderItem>,
    /// The options of all items, one item after the other.
    pub options: Vec<LadderOption>,
}

impl Ladder {
    /// From a table with the columns item, group, brand, opt, price, profit, revenue, basket and changed; the rows of an
    /// item stand together and its first row is today's price.
    pub fn from_table(table: &Table) -> Result<Ladder> {
        let column = |name: &str| match table.get(name)? {
            Values::Number(numbers) if numbers.iter().all(|number| number.is_finite()) => Ok(numbers),
            _ => Err(ScienceError::Unsuitable(format!("column “{name}” must hold a number in every row"))),
        };
        let (price, profit, revenue) = (column("price")?, column("profit")?, column("revenue")?);
        let (basket, changed) = (column("basket")?, column("changed")?);
        let (item_codes, item_names) = table.get("item")?.groups();
        let (families, _) = table.get("group")?.groups();
        let (roles, role_names) = table.get("brand")?.groups();
        let mut ladder = Ladder::default();
        let mut is_known = vec![false; item_names.len()];
        for row in 0..table.row_count() {
            let is_new = row == 0 || item_codes[row] != item_codes[row - 1];
            if is_new {
                let code = item_codes[row] as usize;
                if std::mem::replace(&mut is_known[code], true) {
                    return Err(ScienceError::Unsuitable(format!("the rows of item {} stand apart", item_names[code])));
                }
                ladder.items.push(LadderItem {
                    name: item_names[code].clone(),
                    family: families[row],
                    role: role_names[roles[row] as usize].clone(),
                    first: row as u32,
                    end: row as u32,
                });
            }
            ladder.items.last_mut().expect("an item was begun").end += 1;
            ladder.options.push(LadderOption {
                price: price[row],
                profit: profit[row],
                revenue: revenue[row],
                basket: basket[row],
                is_change: changed[row] != 0.0,
            });
        }
        if ladder.items.is_empty() {
            return Err(ScienceError::NotEnough("the file has no rows".to_owned()));
        }
        Ok(ladder)
    }

    /// The options of an item.
    pub fn options_of(&self, item: usize) -> &[LadderOption] {
        &self.options[self.items[item].first as usize..self.items[item].end as usize]
    }

    /// The option chosen for an item.
    pub fn chosen(&self, item: usize, choice: &[u32]) -> &LadderOption {
        &self.options[(self.items[item].first + choice[item]) as usize]
    }

    /// The sum of margins.
    pub fn objective(&self, choice: &[u32]) -> f64 {
        (0..self.items.len()).map(|item| self.chosen(item, choice).profit).sum()
    }
}
