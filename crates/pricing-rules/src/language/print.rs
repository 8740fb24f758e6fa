//! A text in its tidy form: one blank around operators, names in their usual spelling, no bracket without need.

use super::names::{find_function, find_name};
use super::parser::parse;
use super::problems::LanguageProblem;
use super::syntax::{Expression, Kind, Operator, binding};

/// Writes a condition or formula in its tidy form; the meaning stays.
///
/// Errors: the problem of its grammar.
pub fn format_expression(text: &str) -> Result<String, LanguageProblem> {
    parse(text).map(|expression| print(&expression))
}

/// The tidy text of a tree.
pub(super) fn print(expression: &Expression) -> String {
    let mut text = String::new();
    write(expression, 0, &mut text);
    text
}

/// Text in quotes, as the language reads it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// How tightly a part holds together by itself.
fn strength(expression: &Expression) -> u8 {
    match &expression.kind {
        Kind::Binary { operator, .. } => operator.binding(),
        Kind::In { .. } => binding::COMPARE,
        Kind::Not(_) => binding::NOT,
        Kind::Negate(_) => binding::NEGATE,
        Kind::Percent(_) => binding::PERCENT,
        _ => u8::MAX,
    }
}

/// Writes a part where everything weaker than `least` needs brackets.
fn write(expression: &Expression, least: u8, text: &mut String) {
    if strength(expression) < least {
        text.push('(');
        write(expression, 0, text);
        text.push(')');
        return;
    }
    match &expression.kind {
        Kind::Number(digits) => text.push_str(digits),
        Kind::Day(day) => text.push_str(&day.to_string()),
        Kind::Text(inner) => text.push_str(&quoted(inner)),
        Kind::Name(name) => text.push_str(find_name(name).map_or(name, |known| known.name)),
        Kind::Call { name, arguments, .. } if name == "days_since" && arguments.len() == 1 => {
            text.push_str("days since ");
            write(&arguments[0], binding::PERCENT, text);
        }
        Kind::Call { name, arguments, .. } => {
            text.push_str(find_function(name).map_or(name, |known| known.name));
            list(arguments, 0, text);
        }
        Kind::Percent(inner) => {
            write(inner, binding::PERCENT, text);
            text.push_str(" %");
        }
        Kind::Negate(inner) => {
            text.push('-');
            write(inner, binding::PERCENT, text);
        }
        Kind::Not(inner) => {
            text.push_str("not ");
            write(inner, binding::NOT + 1, text);
        }
        Kind::Binary { operator, left, right } => {
            // A comparison has no order of its own: both sides stand apart.
            let least_left = if is_compare(*operator) { binding::ADD } else { operator.binding() };
            write(left, least_left, text);
            text.push_str(&format!(" {} ", operator.text()));
            write(right, operator.binding() + 1, text);
        }
        Kind::In { subject, options, negated } => {
            write(subject, binding::ADD, text);
            text.push_str(if *negated { " not in " } else { " in " });
            list(options, binding::ADD, text);
        }
    }
}

const fn is_compare(operator: Operator) -> bool {
    operator.binding() == binding::COMPARE
}

fn list(parts: &[Expression], least: u8, text: &mut String) {
    text.push('(');
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        write(part, least, text);
    }
    text.push(')');
}

#[cfg(test)]
mod tests {
    use super::format_expression;

    #[test]
    fn brackets_stay_only_where_they_mean_something() {
        let tidy = |text: &str| format_expression(text).expect("a text");
        assert_eq!(tidy("MIN( comp.LOWEST-0.01,(cost*1.35) )"), "min(comp.lowest - 0.01, cost * 1.35)");
        assert_eq!(tidy("(price-1)-(cost-2)"), "price - 1 - (cost - 2)");
        assert_eq!(tidy("(a or b) and not (c and d)"), "(a or b) and not (c and d)");
        assert_eq!(tidy("brand in (“Sony”,\"B\"\"o\")"), "brand in (\"Sony\", \"B\"\"o\")");
        assert_eq!(
            tidy("days since price_changed>3 and role is not tail"),
            "days since price_changed > 3 and role <> tail"
        );
        assert_eq!(tidy("-(price)+5%*2"), "-price + 5 % * 2");
        assert_eq!(tidy("not role in(kvi)"), "not role in (kvi)");
    }
}
