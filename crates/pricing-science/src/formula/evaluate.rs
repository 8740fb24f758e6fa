//! The value of an expression in each row of a table.

use super::expression::{Expression, Operator};
use crate::error::{Result, ScienceError};
use crate::table::{Table, Values};

/// A value for each row, or one for all.
#[derive(Debug, Clone)]
pub(crate) enum Evaluated {
    /// One number.
    Scalar(f64),
    /// One text.
    Text(String),
    /// A value for each row.
    Rows(Values),
    /// Levels of a factor, made by `C(…)` or of a text.
    Factor { codes: Vec<u32>, levels: Vec<String> },
}

/// Evaluates over the table.
pub(crate) fn evaluate(expression: &Expression, table: &Table) -> Result<Evaluated> {
    Ok(match expression {
        Expression::Number(number) => Evaluated::Scalar(*number),
        Expression::Text(text) => Evaluated::Text(text.clone()),
        Expression::Column(name) => match table.get(name)? {
            Values::Text { codes, levels } => Evaluated::Factor { codes: codes.clone(), levels: levels.clone() },
            numbers => Evaluated::Rows(numbers.clone()),
        },
        Expression::Negative(inner) => Evaluated::Rows(Values::Number(map(numbers(inner, table)?, |x| -x))),
        Expression::Call(name, arguments) => call(name, arguments, table)?,
        Expression::Binary(operator, left, right) => {
            if let Some(matches) = text_comparison(*operator, left, right, table)? {
                return Ok(Evaluated::Rows(Values::Number(matches)));
            }
            let (left, right) = (numbers(left, table)?, numbers(right, table)?);
            let apply = |(left, right): (&f64, &f64)| operate(*operator, *left, *right);
            Evaluated::Rows(Values::Number(left.iter().zip(&right).map(apply).collect()))
        }
    })
}

/// Evaluates to a number for each row.
pub(crate) fn numbers(expression: &Expression, table: &Table) -> Result<Vec<f64>> {
    match evaluate(expression, table)? {
        Evaluated::Scalar(number) => Ok(vec![number; table.row_count()]),
        Evaluated::Rows(Values::Number(numbers)) => Ok(numbers),
        _ => Err(ScienceError::Formula {
            text: expression.to_string(),
            reason: "this is a text; a number is needed here".to_owned(),
        }),
    }
}

fn map(values: Vec<f64>, of: impl Fn(f64) -> f64) -> Vec<f64> {
    values.into_iter().map(of).collect()
}

fn operate(operator: Operator, left: f64, right: f64) -> f64 {
    let truth = |is_true: bool| if is_true { 1.0 } else { 0.0 };
    match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::Power => left.powf(right),
        Operator::Equal => truth(left == right),
        Operator::NotEqual => truth(left != right),
        Operator::Less => truth(left < right),
        Operator::LessEqual => truth(left <= right),
        Operator::Greater => truth(left > right),
        Operator::GreaterEqual => truth(left >= right),
        Operator::And => truth(left != 0.0 && right != 0.0),
        Operator::Or => truth(left != 0.0 || right != 0.0),
    }
}

/// `column == 'text'` and `column != 'text'`.
fn text_comparison(
    operator: Operator,
    left: &Expression,
    right: &Expression,
    table: &Table,
) -> Result<Option<Vec<f64>>> {
    let (Expression::Column(name), Expression::Text(text)) = (left, right) else { return Ok(None) };
    let is_wanted_equal = match operator {
        Operator::Equal => true,
        Operator::NotEqual => false,
        _ => return Ok(None),
    };
    let (codes, levels) = table.get(name)?.groups();
    let wanted = levels.iter().position(|level| level == text).map(|place| place as u32);
    let truth = |code: &u32| f64::from(u8::from((Some(*code) == wanted) == is_wanted_equal));
    Ok(Some(codes.iter().map(truth).collect()))
}

fn call(name: &str, arguments: &[Expression], table: &Table) -> Result<Evaluated> {
    let unary = |of: fn(f64) -> f64| match arguments {
        [one] => Ok(Evaluated::Rows(Values::Number(map(numbers(one, table)?, of)))),
        _ => Err(wrong(name, "takes one argument")),
    };
    match name {
        "log" | "ln" => unary(f64::ln),
        "exp" => unary(f64::exp),
        "sqrt" => unary(f64::sqrt),
        "abs" => unary(f64::abs),
        "I" => unary(|number| number),
        "C" | "factor" => match arguments {
            [one] => {
                let values = match evaluate(one, table)? {
                    Evaluated::Rows(values) => values,
                    Evaluated::Factor { codes, levels } => Values::Text { codes, levels },
                    _ => return Err(wrong(name, "takes a column")),
                };
                let (codes, levels) = values.groups();
                Ok(Evaluated::Factor { codes, levels })
            }
            _ => Err(wrong(name, "takes one column")),
        },
        "choose" => choose(arguments, table),
        "lag" | "change" => {
            let [value, unit, time] = arguments else { return Err(wrong(name, "is written with (x, unit, time)")) };
            let value = numbers(value, table)?;
            let before = lagged(&value, &groups(unit, table)?, &numbers(time, table)?);
            let change = |(now, before): (&f64, &f64)| now - before;
            let is_change = name == "change";
            let result = if is_change { value.iter().zip(&before).map(change).collect() } else { before };
            Ok(Evaluated::Rows(Values::Number(result)))
        }
        _ => Err(wrong(name, "is no function; there are log, exp, sqrt, abs, I, C, choose, lag and change")),
    }
}

fn wrong(name: &str, reason: &str) -> ScienceError {
    ScienceError::Formula { text: name.to_owned(), reason: reason.to_owned() }
}

/// The codes of an expression's levels.
pub(crate) fn groups(expression: &Expression, table: &Table) -> Result<Vec<u32>> {
    Ok(match evaluate(expression, table)? {
        Evaluated::Rows(values) => values.groups().0,
        Evaluated::Factor { codes, .. } => codes,
        Evaluated::Scalar(_) | Evaluated::Text(_) => vec![0; table.row_count()],
    })
}

/// `choose(price, brand)`: in each row the column whose name is `price` with that row's brand behind it.
fn choose(arguments: &[Expression], table: &Table) -> Result<Evaluated> {
    let [Expression::Column(prefix), selector] = arguments else {
        return Err(wrong("choose", "is written choose(beginning of the columns' names, column with the rest)"));
    };
    let values = match evaluate(selector, table)? {
        Evaluated::Rows(values) => values,
        Evaluated::Factor { codes, levels } => Values::Text { codes, levels },
        _ => return Err(wrong("choose", "needs a column as the second argument")),
    };
    let (codes, levels) = values.groups();
    let columns: Vec<&Values> =
        levels.iter().map(|level| table.get(&format!("{prefix}{level}"))).collect::<Result<_>>()?;
    let cell = |(row, code): (usize, &u32)| match columns[*code as usize] {
        Values::Number(numbers) => numbers[row],
        Values::Text { .. } => f64::NAN,
    };
    Ok(Evaluated::Rows(Values::Number(codes.iter().enumerate().map(cell).collect())))
}

/// The value of the same unit's row before in time; NaN for the first.
fn lagged(value: &[f64], unit: &[u32], time: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..value.len()).collect();
    order.sort_by(|a, b| unit[*a].cmp(&unit[*b]).then(time[*a].total_cmp(&time[*b])));
    let mut before = vec![f64::NAN; value.len()];
    for pair in order.windows(2) {
        if unit[pair[0]] == unit[pair[1]] {
            before[pair[1]] = value[pair[0]];
        }
    }
    before
}

#[cfg(test)]
mod tests {
    use super::super::Expression;
    use super::numbers;
    use crate::table::{Table, Values};

    fn table() -> Table {
        Table::new(vec![
            ("brand".into(), Values::Number(vec![2.0, 1.0, 2.0])),
            ("week".into(), Values::Number(vec![2.0, 1.0, 1.0])),
            ("price1".into(), Values::Number(vec![10.0, 20.0, 30.0])),
            ("price2".into(), Values::Number(vec![1.0, 2.0, 4.0])),
            ("shop".into(), Values::from_texts(&["a", "b", "a"])),
        ])
        .expect("valid")
    }

    fn value(text: &str) -> Vec<f64> {
        numbers(&Expression::parse(text).expect("valid"), &table()).expect("valid")
    }

    #[test]
    fn arithmetic_binds_as_usual() {
        assert_eq!(value("1 + 2 * 3 ^ 2 - -1"), [20.0; 3]);
        assert_eq!(value("(price1 - price2) / 3"), [3.0, 6.0, 26.0 / 3.0]);
    }

    #[test]
    fn a_column_is_chosen_by_another_ones_value() {
        assert_eq!(value("choose(price, brand)"), [1.0, 20.0, 4.0]);
    }

    #[test]
    fn a_change_is_from_the_same_units_row_before() {
        let change = value("change(price2, shop, week)");
        assert_eq!(change[0], -3.0);
        assert!(change[1].is_nan() && change[2].is_nan());
    }

    #[test]
    fn conditions_compare_numbers_and_texts() {
        assert_eq!(value("shop == 'a' & week >= 2 | brand == 1"), [1.0, 1.0, 0.0]);
    }
}
