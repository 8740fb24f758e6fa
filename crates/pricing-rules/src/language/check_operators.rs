//! Checking of what stands between two parts: sums, products, quotients, comparisons.

use pricing_domain::{decimal_text, parse_scaled};

use super::arithmetic::MICRO;
use super::check::{Checker, node, text_side};
use super::problems::{LanguageProblem, TextRange};
use super::syntax::{Expression, Kind, Operator};
use super::typed::{Arithmetic, Comparison, Node, Type, Value};
use super::units::{as_percent, product_type, quotient_type, takes_constants};

impl Checker<'_> {
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        range: TextRange,
    ) -> Option<Node> {
        match operator {
            Operator::And | Operator::Or => {
                let (left, right) = (self.truth(left), self.truth(right));
                let (left, right) = (left?.into(), right?.into());
                let value = if operator == Operator::And { Value::And(left, right) } else { Value::Or(left, right) };
                Some(node(value, Type::YesNo, range))
            }
            Operator::Add | Operator::Subtract => self.sum(operator, left, right, range),
            Operator::Multiply | Operator::Of => self.product(operator, left, right, range),
            Operator::Divide => self.quotient(left, right, range),
            Operator::Within | Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
                self.text_test(operator, left, right, range)
            }
            _ => self.comparison(operator, left, right, range),
        }
    }

    /// Two parts brought to one type, or the problem between them reported.
    pub(super) fn same_type(&mut self, left: Node, right: Node) -> Option<(Node, Node, Type)> {
        let ty = match (left.ty, right.ty) {
            (one, other) if one == other => one,
            (Type::Constant, other) if takes_constants(other) || left.constant() == Some(0) => other,
            (one, Type::Constant) if takes_constants(one) || right.constant() == Some(0) => one,
            (Type::Ratio, other @ (Type::Number | Type::Percent)) => other,
            (one @ (Type::Number | Type::Percent), Type::Ratio) => one,
            _ => {
                let problem = self.mixed(&left, &right);
                self.report(problem);
                return None;
            }
        };
        Some((left, right, ty))
    }

    /// Why two parts cannot be added or compared.
    fn mixed(&self, left: &Node, right: &Node) -> LanguageProblem {
        let (one, other) = (self.words(left.range), self.words(right.range));
        let message = format!("“{other}” is {}, “{one}” is {}", right.ty.words(), left.ty.words());
        let problem = |range| LanguageProblem::new(range, message.clone());
        match (left.ty, right.ty) {
            (Type::Percent, Type::Constant) => problem(right.range).or_write(as_percent(right.constant(), &other)),
            (Type::Constant, Type::Percent) => problem(left.range).or_write(as_percent(left.constant(), &one)),
            (Type::Money, Type::UnitMoney) => problem(right.range).or_write(format!("{other} * content")),
            (Type::UnitMoney, Type::Money) => problem(right.range).or_write(format!("{other} / content")),
            (Type::Day, Type::Number | Type::Constant) => problem(left.range).or_write(format!("days since {one}")),
            (Type::Number | Type::Constant, Type::Day) => problem(right.range).or_write(format!("days since {other}")),
            _ => problem(right.range),
        }
    }

    fn sum(&mut self, operator: Operator, left: &Expression, right: &Expression, range: TextRange) -> Option<Node> {
        let (left, right) = (self.amount(left), self.amount(right));
        let (left, right) = (left?, right?);
        let plus = operator == Operator::Add;
        let step = if plus { Arithmetic::Add } else { Arithmetic::Subtract };
        let whole =
            |left: Node, right: Node, ty| Some(node(Value::Arithmetic(step, left.into(), right.into()), ty, range));
        match (left.ty, right.ty) {
            (Type::Day, Type::Number | Type::Constant) => return whole(left, right, Type::Day),
            (Type::Day, Type::Day) if !plus => return whole(left, right, Type::Number),
            (Type::Constant, Type::Percent) if left.constant() == Some(MICRO) => {
                return whole(left, right, Type::Percent);
            }
            (Type::Percent, Type::Constant) if right.constant() == Some(MICRO) => {
                return whole(left, right, Type::Percent);
            }
            (Type::Money | Type::UnitMoney, Type::Percent) => {
                let problem = self.percent_of_what(plus, &left, &right, range);
                self.report(problem);
                return None;
            }
            _ => {}
        }
        let (left, right, ty) = self.same_type(left, right)?;
        if ty == Type::Day {
            self.report(LanguageProblem::new(range, "Two days cannot be added; take one from the other"));
            return None;
        }
        whole(left, right, ty)
    }

    /// `cost - 5 %`: a spreadsheet would take 0.05 away.
    fn percent_of_what(&self, plus: bool, left: &Node, right: &Node, range: TextRange) -> LanguageProblem {
        let (one, other) = (self.words(left.range), self.words(right.range));
        let problem = LanguageProblem::new(range, format!("“{other}” of what? A percentage is multiplied"));
        let one = if matches!(left.value, Value::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, ..)) {
            format!("({one})")
        } else {
            one
        };
        match right.constant() {
            Some(rate) => {
                let rate = if plus { MICRO + rate } else { MICRO - rate };
                problem.or_write(format!("{one} * {} %", decimal_text(rate, 4, 0)))
            }
            None => problem.or_write(format!("{one} * (100 % {} {other})", if plus { "+" } else { "-" })),
        }
    }

    fn product(&mut self, operator: Operator, left: &Expression, right: &Expression, range: TextRange) -> Option<Node> {
        let (left, right) = (self.amount(left), self.amount(right));
        let (left, right) = (left?, right?);
        if operator == Operator::Of && left.ty != Type::Percent {
            let message =
                format!("Before “of” stands a percentage; “{}” is {}", self.words(left.range), left.ty.words());
            self.report(LanguageProblem::new(left.range, message));
            return None;
        }
        let Some(ty) = product_type(left.ty, right.ty) else {
            let message = format!(
                "“{}” is {} and “{}” is {}: their product means nothing",
                self.words(left.range),
                left.ty.words(),
                self.words(right.range),
                right.ty.words()
            );
            self.report(LanguageProblem::new(range, message));
            return None;
        };
        Some(node(Value::Arithmetic(Arithmetic::Multiply, left.into(), right.into()), ty, range))
    }

    fn quotient(&mut self, left: &Expression, right: &Expression, range: TextRange) -> Option<Node> {
        let (left, right) = (self.amount(left), self.amount(right));
        let (left, right) = (left?, right?);
        if right.constant() == Some(0) {
            self.report(LanguageProblem::new(right.range, "Nothing can be divided by zero"));
            return None;
        }
        let Some(ty) = quotient_type(left.ty, right.ty) else {
            let message = format!(
                "“{}” is {} and cannot be divided by “{}”, which is {}",
                self.words(left.range),
                left.ty.words(),
                self.words(right.range),
                right.ty.words()
            );
            self.report(LanguageProblem::new(range, message));
            return None;
        };
        Some(node(Value::Arithmetic(Arithmetic::Divide, left.into(), right.into()), ty, range))
    }

    fn comparison(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        range: TextRange,
    ) -> Option<Node> {
        if let Some(field) = text_side(left) {
            return self.text_equals(field, operator, std::slice::from_ref(right), left.range, range);
        }
        if let (Some(field), Some(mirrored)) = (text_side(right), operator.mirrored()) {
            return self.text_equals(field, mirrored, std::slice::from_ref(left), right.range, range);
        }
        if let Some(mixed) = self.text_beside_value(left, right) {
            self.report(mixed);
            return None;
        }
        let (left, right) = (self.value(left), self.value(right));
        let (left, right) = (left?, right?);
        let comparison = comparison_of(operator)?;
        if left.ty == Type::YesNo || right.ty == Type::YesNo {
            return self.truth_equals(comparison, left, right, range);
        }
        let (left, right, _) = self.same_type(left, right)?;
        Some(node(Value::Compare(comparison, left.into(), right.into()), Type::YesNo, range))
    }

    /// `price > "5"`, `kvi = "yes"`: the problem names both sides.
    fn text_beside_value(&mut self, left: &Expression, right: &Expression) -> Option<LanguageProblem> {
        let (text, range, value) = match (&left.kind, &right.kind) {
            (_, Kind::Text(text)) => (text, right.range, left),
            (Kind::Text(text), _) => (text, left.range, right),
            _ => return None,
        };
        let node = self.value(value)?;
        let message = format!("“{text}” is text, “{}” is {}", self.words(node.range), node.ty.words());
        let problem = LanguageProblem::new(range, message);
        let is_plain = parse_scaled(text, 6).is_some() || matches!(text.to_lowercase().as_str(), "yes" | "no");
        Some(if is_plain { problem.or_write(text.clone()) } else { problem })
    }

    fn truth_equals(&mut self, comparison: Comparison, left: Node, right: Node, range: TextRange) -> Option<Node> {
        let (tested, wanted) = match (&left.value, &right.value) {
            (_, Value::Logic(wanted)) => (&left, *wanted),
            (Value::Logic(wanted), _) => (&right, *wanted),
            _ => {
                let message = "Yes or no is compared with yes or no; join conditions by “and” and “or”";
                self.report(LanguageProblem::new(range, message));
                return None;
            }
        };
        let positive = match comparison {
            Comparison::Equal => wanted,
            Comparison::NotEqual => !wanted,
            _ => {
                self.report(LanguageProblem::new(range, "Yes and no have no order; use = or <>"));
                return None;
            }
        };
        let tested = Node { range, ..tested.clone() };
        if tested.ty != Type::YesNo {
            let problem = self.mixed(&left, &right);
            self.report(problem);
            return None;
        }
        Some(if positive { tested } else { node(Value::Not(tested.into()), Type::YesNo, range) })
    }
}

const fn comparison_of(operator: Operator) -> Option<Comparison> {
    Some(match operator {
        Operator::Equal => Comparison::Equal,
        Operator::NotEqual => Comparison::NotEqual,
        Operator::Less => Comparison::Less,
        Operator::LessOrEqual => Comparison::LessOrEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterOrEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}
