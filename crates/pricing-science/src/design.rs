//! From a formula and a table to columns of numbers: outcome, regressors, instruments, groups, with the rows that
//! could not be used left out and counted.

use crate::error::{Result, ScienceError};
use crate::formula::{Evaluated, Expression, Formula, Term, evaluate, numbers};
use crate::table::{Table, Values};

/// Rows grouped by the value of something.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouping {
    /// What the rows are grouped by.
    pub name: String,
    /// The group of each row, from 0 without gaps.
    pub codes: Vec<u32>,
    /// How many groups there are.
    pub count: usize,
}

impl Grouping {
    /// A grouping with its codes made gapless.
    pub fn new(name: &str, codes: &[u32]) -> Grouping {
        let most = codes.iter().max().map_or(0, |code| *code as usize + 1);
        let mut places = vec![u32::MAX; most];
        codes.iter().for_each(|code| places[*code as usize] = 0);
        let mut count = 0;
        for place in places.iter_mut().filter(|place| **place == 0) {
            *place = count;
            count += 1;
        }
        let codes = codes.iter().map(|code| places[*code as usize]).collect();
        Grouping { name: name.to_owned(), codes, count: count as usize }
    }

    /// Whether each of these groups lies within one of the other's.
    pub fn is_nested_in(&self, outer: &Grouping) -> bool {
        let mut parents = vec![u32::MAX; self.count];
        self.codes.iter().zip(&outer.codes).all(|(code, parent)| {
            let known = &mut parents[*code as usize];
            let is_new = *known == u32::MAX;
            if is_new {
                *known = *parent;
            }
            is_new || known == parent
        })
    }

    /// Rows grouped by both at once.
    pub fn crossed(&self, other: &Grouping) -> Grouping {
        let pair = |(a, b): (&u32, &u32)| u64::from(*a) * other.count as u64 + u64::from(*b);
        let pairs: Vec<u64> = self.codes.iter().zip(&other.codes).map(pair).collect();
        let mut distinct = pairs.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let codes = pairs.iter().map(|pair| distinct.partition_point(|known| known < pair) as u32).collect();
        Grouping { name: format!("{}:{}", self.name, other.name), codes, count: distinct.len() }
    }
}

/// Named columns of a regression.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    /// The names in order.
    pub names: Vec<String>,
    /// The values, a vector for each column.
    pub values: Vec<Vec<f64>>,
}

impl Columns {
    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(crate) fn push(&mut self, name: String, values: Vec<f64>) {
        self.names.push(name);
        self.values.push(values);
    }
}

/// Everything a method needs, over the rows that can be used.
#[derive(Debug, Clone, Default)]
pub struct Design {
    /// The outcome.
    pub outcome: Vec<f64>,
    /// Regressors determined outside, the intercept first where there is one.
    pub exogenous: Columns,
    /// Regressors determined together with the outcome.
    pub endogenous: Columns,
    /// What is excluded from the equation and moves them.
    pub instruments: Columns,
    /// Fixed effects.
    pub absorbed: Vec<Grouping>,
    /// Clusters of the standard errors.
    pub clusters: Vec<Grouping>,
    /// Weights, where they are not all one.
    pub weights: Option<Vec<f64>>,
    /// Random effects: what they vary over, and the columns that vary.
    pub random: Option<(Grouping, Columns)>,
    /// Whether the regressors contain the constant.
    pub has_intercept: bool,
    /// Rows left out because something in them was missing or not finite.
    pub left_out: usize,
}

impl Design {
    /// Builds the design. `clusters` and `weights` are expressions over the table.
    pub fn build(
        table: &Table,
        formula: &Formula,
        clusters: &[Expression],
        weights: Option<&Expression>,
    ) -> Result<Design> {
        let coded = Coder { table, formula };
        let has_intercept = formula.has_intercept && formula.absorbed.is_empty();
        let mut exogenous = Columns::default();
        if has_intercept {
            exogenous.push("(Intercept)".to_owned(), vec![1.0; table.row_count()]);
        }
        coded.add(&formula.terms, &mut exogenous)?;
        let mut design = Design {
            outcome: numbers(&formula.outcome, table)?,
            exogenous,
            has_intercept,
            weights: weights.map(|weights| numbers(weights, table)).transpose()?,
            ..Design::default()
        };
        if let Some(part) = &formula.instruments {
            coded.add(&part.endogenous, &mut design.endogenous)?;
            coded.add(&part.instruments, &mut design.instruments)?;
        }
        design.absorbed = formula.absorbed.iter().map(|term| coded.grouping(term)).collect::<Result<_>>()?;
        let grouping = |cluster: &Expression| coded.grouping(&Term { atoms: vec![cluster.clone()] });
        design.clusters = clusters.iter().map(grouping).collect::<Result<_>>()?;
        design.random = coded.random()?;
        design.leave_out_unusable(table.row_count())
    }

    /// The number of rows used.
    pub fn row_count(&self) -> usize {
        self.outcome.len()
    }

    fn columns_mut(&mut self) -> impl Iterator<Item = &mut Vec<f64>> {
        let random = self.random.iter_mut().flat_map(|(_, columns)| columns.values.iter_mut());
        [&mut self.exogenous, &mut self.endogenous, &mut self.instruments]
            .into_iter()
            .flat_map(|columns| columns.values.iter_mut())
            .chain(std::iter::once(&mut self.outcome))
            .chain(self.weights.iter_mut())
            .chain(random)
    }

    fn groupings_mut(&mut self) -> impl Iterator<Item = &mut Grouping> {
        let random = self.random.iter_mut().map(|(grouping, _)| grouping);
        self.absorbed.iter_mut().chain(self.clusters.iter_mut()).chain(random)
    }

    fn leave_out_unusable(mut self, rows: usize) -> Result<Design> {
        let mut is_usable = vec![true; rows];
        for column in self.columns_mut() {
            is_usable.iter_mut().zip(column.iter()).for_each(|(usable, value)| *usable &= value.is_finite());
        }
        if let Some(weights) = &self.weights {
            is_usable.iter_mut().zip(weights).for_each(|(usable, weight)| *usable &= *weight > 0.0);
        }
        self.retain(&is_usable);
        if self.outcome.is_empty() {
            return Err(ScienceError::NotEnough(
                "no row has a usable value in every column of the formula (logarithms need numbers above 0)".to_owned(),
            ));
        }
        Ok(self)
    }

    /// Keeps the rows marked and counts the others as left out.
    pub(crate) fn retain(&mut self, rows: &[bool]) {
        let kept = rows.iter().filter(|keep| **keep).count();
        if kept == rows.len() {
            return;
        }
        self.left_out += rows.len() - kept;
        for column in self.columns_mut() {
            let mut keep = rows.iter();
            column.retain(|_| *keep.next().expect("a mark for each row"));
        }
        for grouping in self.groupings_mut() {
            let mut keep = rows.iter();
            grouping.codes.retain(|_| *keep.next().expect("a mark for each row"));
            *grouping = Grouping::new(&grouping.name, &grouping.codes);
        }
    }
}

struct Coder<'a> {
    table: &'a Table,
    formula: &'a Formula,
}

enum Coded {
    Number(Vec<f64>),
    Factor { codes: Vec<u32>, levels: Vec<String>, first: usize },
}

impl Coder<'_> {
    fn add(&self, terms: &[Term], into: &mut Columns) -> Result<()> {
        for term in terms {
            let mut parts: Vec<(String, Vec<f64>)> = vec![(String::new(), vec![1.0; self.table.row_count()])];
            for (place, atom) in term.atoms.iter().enumerate() {
                parts = match self.coded(term, place)? {
                    Coded::Number(numbers) => {
                        let times = |(name, values): (String, Vec<f64>)| {
                            (joined(&name, &atom.to_string()), product(&values, &numbers))
                        };
                        parts.into_iter().map(times).collect()
                    }
                    Coded::Factor { codes, levels, first } => {
                        let level = |(name, values): &(String, Vec<f64>), level: usize| {
                            let of = |(value, code): (&f64, &u32)| if *code as usize == level { *value } else { 0.0 };
                            let values = values.iter().zip(&codes).map(of).collect();
                            (joined(name, &format!("{atom}[{}]", levels[level])), values)
                        };
                        (first..levels.len())
                            .flat_map(|place| parts.iter().map(move |part| (part, place)))
                            .map(|(part, place)| level(part, place))
                            .collect()
                    }
                };
            }
            parts.into_iter().for_each(|(name, values)| into.push(name, values));
        }
        Ok(())
    }

    /// A factor leaves its first level out where the same term without it is in the model (as in R).
    fn coded(&self, term: &Term, place: usize) -> Result<Coded> {
        let atom = &term.atoms[place];
        Ok(match evaluate(atom, self.table)? {
            Evaluated::Factor { codes, levels } => {
                let mut margin = term.clone();
                margin.atoms.remove(place);
                let has_margin = if margin.atoms.is_empty() {
                    self.formula.has_intercept || !self.formula.absorbed.is_empty()
                } else {
                    self.formula.terms.iter().any(|known| known.is_same(&margin))
                };
                Coded::Factor { codes, levels, first: usize::from(has_margin) }
            }
            _ => Coded::Number(numbers(atom, self.table)?),
        })
    }

    fn grouping(&self, term: &Term) -> Result<Grouping> {
        let mut groupings = term.atoms.iter().map(|atom| {
            let codes = match evaluate(atom, self.table)? {
                Evaluated::Factor { codes, .. } => codes,
                _ => Values::Number(numbers(atom, self.table)?).groups().0,
            };
            Ok(Grouping::new(&atom.to_string(), &codes))
        });
        let first = groupings.next().ok_or_else(|| ScienceError::Unsuitable("a group needs a column".to_owned()))??;
        groupings.try_fold(first, |all, next| Ok(all.crossed(&next?)))
    }

    fn random(&self) -> Result<Option<(Grouping, Columns)>> {
        let Some(random) = &self.formula.random else { return Ok(None) };
        let mut columns = Columns::default();
        if random.has_intercept {
            columns.push("(Intercept)".to_owned(), vec![1.0; self.table.row_count()]);
        }
        for slope in &random.slopes {
            columns.push(slope.to_string(), numbers(slope, self.table)?);
        }
        Ok(Some((self.grouping(&Term { atoms: vec![random.group.clone()] })?, columns)))
    }
}

fn joined(left: &str, right: &str) -> String {
    if left.is_empty() { right.to_owned() } else { format!("{left}:{right}") }
}

fn product(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter().zip(right).map(|(a, b)| a * b).collect()
}

#[cfg(test)]
mod tests {
    use super::{Design, Grouping};
    use crate::formula::Formula;
    use crate::table::{Table, Values};

    fn design(formula: &str) -> Design {
        let table = Table::new(vec![
            ("q".into(), Values::Number(vec![1.0, 2.0, 0.0, 4.0])),
            ("x".into(), Values::Number(vec![5.0, 6.0, 7.0, f64::NAN])),
            ("brand".into(), Values::from_texts(&["a", "b", "c", "a"])),
        ]);
        Design::build(&table.expect("valid"), &Formula::parse(formula).expect("valid"), &[], None).expect("valid")
    }

    #[test]
    fn a_factor_leaves_out_its_first_level_only_beside_its_margin() {
        assert_eq!(design("q ~ brand").exogenous.names, ["(Intercept)", "brand[b]", "brand[c]"]);
        assert_eq!(design("q ~ 0 + brand").exogenous.names, ["brand[a]", "brand[b]", "brand[c]"]);
        assert_eq!(design("q ~ x:brand").exogenous.names, ["(Intercept)", "x:brand[a]", "x:brand[b]", "x:brand[c]"]);
        assert_eq!(design("q ~ x*brand").exogenous.len(), 6);
    }

    #[test]
    fn rows_with_a_missing_value_or_the_logarithm_of_zero_are_left_out() {
        assert_eq!(design("q ~ x").left_out, 1);
        assert_eq!(design("log(q) ~ x").left_out, 2);
    }

    #[test]
    fn nesting_is_seen() {
        let product = Grouping::new("product", &[7, 7, 3, 3]);
        let store = Grouping::new("store", &[0, 0, 1, 1]);
        let week = Grouping::new("week", &[0, 1, 0, 1]);
        assert!(product.is_nested_in(&store));
        assert!(!week.is_nested_in(&store));
        assert_eq!(week.crossed(&store).count, 4);
    }
}
