//! Names, types and units of a text: what can be computed, or every problem with its place and a proposed fix.

use pricing_domain::{CivilDate, decimal_text, parse_scaled};

use super::arithmetic::{MICRO, apply, changed, compares};
use super::names::{EnumField, FUNCTIONS, Meaning, NAMES, TextField, find_function, find_name};
use super::parser::parse;
use super::problems::{LanguageProblem, TextRange};
use super::suggest::nearest;
use super::syntax::{Expression, Kind, Operator};
use super::typed::{Arithmetic, Change, Comparison, Node, TextTest, Type, Value};
use super::units::{as_percent, product_type, quotient_type, takes_constants};

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expects {
    /// Yes or no: which products.
    Condition,
    /// Money: which price.
    Formula,
}

/// A text that can be compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    pub(super) text: String,
    pub(super) expects: Expects,
    pub(super) root: Node,
}

impl Typed {
    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it is for.
    pub const fn expects(&self) -> Expects {
        self.expects
    }

    /// Whether it is the same for every product: a condition that always or never holds, a fixed price.
    pub const fn is_constant(&self) -> bool {
        matches!(self.root.value, Value::Number(_) | Value::Logic(_))
    }

    /// For a condition that is the same for every product: whether it holds.
    pub const fn constant_truth(&self) -> Option<bool> {
        match self.root.value {
            Value::Logic(holds) => Some(holds),
            _ => None,
        }
    }

    /// Every text that is compared with a field: to find names that nothing in the catalogue has.
    pub fn named_values(&self) -> Vec<(TextField, String)> {
        let mut found = Vec::new();
        self.root.visit(&mut |node| match &node.value {
            Value::Text(field, TextTest::OneOf(texts) | TextTest::Within(texts)) => {
                found.extend(texts.iter().map(|text| (*field, text.clone())));
            }
            Value::Offer(super::typed::OfferFigure::Named(names)) => {
                found.extend(names.iter().map(|name| (TextField::Competitor, name.clone())));
            }
            Value::Offer(super::typed::OfferFigure::Weighted(weights)) => {
                found.extend(weights.iter().map(|(name, _)| (TextField::Competitor, name.clone())));
            }
            Value::PriceIn(code) => found.push((TextField::PriceList, code.clone())),
            Value::PriceOf(sku) => found.push((TextField::Sku, sku.clone())),
            _ => {}
        });
        found
    }

    /// The first place where a cost, which is without VAT, meets prices that may contain it.
    pub fn cost_beside_prices(&self) -> Option<TextRange> {
        let mut found = None;
        let is_net = |node: &Node| {
            let mut net = false;
            node.visit(&mut |part| {
                net |= matches!(part.value, Value::Field(super::names::NumberField::Cost));
            });
            let mut converted = false;
            node.visit(&mut |part| {
                converted |= matches!(part.value, Value::CostMath(..) | Value::Change(Change::WithVat, _));
            });
            net && !converted && node.ty == Type::Money
        };
        if self.expects == Expects::Formula && is_net(&self.root) {
            self.root.visit(&mut |part| {
                if found.is_none() && matches!(part.value, Value::Field(super::names::NumberField::Cost)) {
                    found = Some(part.range);
                }
            });
        }
        found
    }
}

/// Checks a text.
///
/// Errors: every problem that was found, in the order of the text; a problem of the grammar hides those behind it.
pub fn check(text: &str, expects: Expects) -> Result<Typed, Vec<LanguageProblem>> {
    let expression = parse(text).map_err(|problem| vec![problem])?;
    let mut checker = Checker { text, problems: Vec::new() };
    let root = checker.value(&expression);
    let root = root.and_then(|root| checker.result(root, expects));
    let mut problems = checker.problems;
    problems.sort_by_key(|problem| problem.range.start);
    match root {
        Some(root) if problems.is_empty() => Ok(Typed { text: text.to_owned(), expects, root }),
        _ => Err(problems),
    }
}

pub(super) struct Checker<'a> {
    pub(super) text: &'a str,
    pub(super) problems: Vec<LanguageProblem>,
}

/// A part with constants computed.
pub(super) fn node(value: Value, ty: Type, range: TextRange) -> Node {
    let value = match value {
        Value::Arithmetic(operator, one, other) => match (one.constant(), other.constant()) {
            (Some(one), Some(other)) => Value::Number(apply(operator, one, other)),
            _ => Value::Arithmetic(operator, one, other),
        },
        Value::Change(change, inner) => match (inner.constant(), change) {
            (Some(_), Change::WithVat | Change::WithoutVat) | (None, _) => Value::Change(change, inner),
            (Some(micro), _) => Value::Number(changed(change, micro, 0)),
        },
        Value::Compare(comparison, one, other) => match (one.constant(), other.constant()) {
            (Some(one), Some(other)) => Value::Logic(compares(comparison, one, other)),
            _ => Value::Compare(comparison, one, other),
        },
        Value::Not(inner) => match inner.value {
            Value::Logic(holds) => Value::Logic(!holds),
            Value::Not(twice) => twice.value,
            _ => Value::Not(inner),
        },
        Value::And(one, other) => match (&one.value, &other.value) {
            (Value::Logic(true), _) => other.value,
            (_, Value::Logic(true)) => one.value,
            (Value::Logic(false), _) | (_, Value::Logic(false)) => Value::Logic(false),
            _ => Value::And(one, other),
        },
        Value::Or(one, other) => match (&one.value, &other.value) {
            (Value::Logic(false), _) => other.value,
            (_, Value::Logic(false)) => one.value,
            (Value::Logic(true), _) | (_, Value::Logic(true)) => Value::Logic(true),
            _ => Value::Or(one, other),
        },
        Value::If(condition, then, otherwise) => match condition.value {
            Value::Logic(true) => then.value,
            Value::Logic(false) => otherwise.value,
            _ => Value::If(condition, then, otherwise),
        },
        value => value,
    };
    Node { value, ty, range }
}

impl Checker<'_> {
    pub(super) fn report(&mut self, problem: LanguageProblem) {
        self.problems.push(problem);
    }

    pub(super) fn words(&self, range: TextRange) -> String {
        range.of(self.text).trim().to_owned()
    }

    fn result(&mut self, root: Node, expects: Expects) -> Option<Node> {
        let range = root.range;
        match (expects, root.ty) {
            (Expects::Condition, Type::YesNo) | (Expects::Formula, Type::Money) => Some(root),
            (Expects::Formula, Type::Constant) => {
                let fits = root.constant().is_some_and(|micro| micro > 0);
                if !fits {
                    self.report(LanguageProblem::new(range, "A price is above zero"));
                }
                fits.then_some(Node { ty: Type::Money, ..root })
            }
            (Expects::Condition, ty) => {
                let message = format!("A condition is yes or no; this is {}. Compare it with something", ty.words());
                self.report(LanguageProblem::new(range, message));
                None
            }
            (Expects::Formula, Type::UnitMoney) => {
                let problem =
                    LanguageProblem::new(range, "A formula gives the price of a product; this is money per unit");
                let words = self.words(range);
                self.report(problem.or_write(format!("({words}) * content")));
                None
            }
            (Expects::Formula, ty) => {
                let message = format!("A formula gives a price in money; this is {}", ty.words());
                self.report(LanguageProblem::new(range, message));
                None
            }
        }
    }

    /// A part that must be a value.
    pub(super) fn value(&mut self, expression: &Expression) -> Option<Node> {
        let range = expression.range;
        match &expression.kind {
            Kind::Number(digits) => self.number(digits, range),
            Kind::Day(day) => Some(node(Value::Number(day_number(*day) * MICRO), Type::Day, range)),
            Kind::Text(text) => {
                let problem = LanguageProblem::new(range, format!("“{text}” is text and cannot be computed with"));
                let is_number = parse_scaled(text, 6).is_some();
                self.report(if is_number { problem.or_write(text.clone()) } else { problem });
                None
            }
            Kind::Name(name) => self.name(name, range),
            Kind::Call { name, name_range, arguments } => self.call(name, *name_range, arguments, range),
            Kind::Percent(inner) => self.percent(inner, range),
            Kind::Negate(inner) => {
                let inner = self.amount(inner)?;
                let zero = node(Value::Number(0), inner.ty, range);
                let ty = inner.ty;
                Some(node(Value::Arithmetic(Arithmetic::Subtract, zero.into(), inner.into()), ty, range))
            }
            Kind::Not(inner) => {
                let inner = self.truth(inner)?;
                Some(node(Value::Not(inner.into()), Type::YesNo, range))
            }
            Kind::Binary { operator, left, right } => self.binary(*operator, left, right, range),
            Kind::In { subject, options, negated } => self.membership(subject, options, *negated, range),
        }
    }

    /// A part that must be a number, an amount, a percentage or a day.
    pub(super) fn amount(&mut self, expression: &Expression) -> Option<Node> {
        let value = self.value(expression)?;
        if value.ty == Type::YesNo {
            let message = format!("“{}” is yes or no and cannot be computed with", self.words(value.range));
            self.report(LanguageProblem::new(value.range, message));
            return None;
        }
        Some(value)
    }

    /// A part that must be yes or no.
    pub(super) fn truth(&mut self, expression: &Expression) -> Option<Node> {
        let value = self.value(expression)?;
        if value.ty != Type::YesNo {
            let words = self.words(value.range);
            let message = format!("“{words}” is {}; a condition is needed here", value.ty.words());
            self.report(LanguageProblem::new(value.range, message).or_write(format!("has({words})")));
            return None;
        }
        Some(value)
    }

    fn number(&mut self, digits: &str, range: TextRange) -> Option<Node> {
        let micro = parse_scaled(digits, 6).filter(|micro| super::arithmetic::bounded(*micro) == *micro);
        if micro.is_none() {
            self.report(LanguageProblem::new(
                range,
                "A number has at most six decimals and thirteen digits before them",
            ));
        }
        Some(node(Value::Number(micro?), Type::Constant, range))
    }

    fn percent(&mut self, inner: &Expression, range: TextRange) -> Option<Node> {
        const HUNDRED: i64 = 100;
        let inner = self.amount(inner)?;
        let Some(micro) = inner.constant().filter(|_| inner.ty == Type::Constant) else {
            let message = "“%” belongs behind a number";
            self.report(LanguageProblem::new(range, message));
            return None;
        };
        if micro % HUNDRED != 0 {
            self.report(LanguageProblem::new(range, "A percentage has at most four decimals"));
            return None;
        }
        Some(node(Value::Number(micro / HUNDRED), Type::Percent, range))
    }

    fn name(&mut self, name: &str, range: TextRange) -> Option<Node> {
        let Some(found) = find_name(name) else {
            self.report(unknown_name(name, range));
            return None;
        };
        match &found.meaning {
            Meaning::Number(field, ty) => Some(node(Value::Field(*field), *ty, range)),
            Meaning::Offer(figure, ty) => Some(node(Value::Offer(figure.clone()), *ty, range)),
            Meaning::Flag(flag) => Some(node(Value::Flag(*flag), Type::YesNo, range)),
            Meaning::Truth(holds) => Some(node(Value::Logic(*holds), Type::YesNo, range)),
            Meaning::Text(_) | Meaning::Enum(_) => {
                let message = format!("“{name}” is text; compare it, such as {name} = \"…\"");
                self.report(LanguageProblem::new(range, message));
                None
            }
        }
    }

    fn binary(&mut self, operator: Operator, left: &Expression, right: &Expression, range: TextRange) -> Option<Node> {
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

/// A text or a choice of words.
#[derive(Clone, Copy)]
pub(super) enum TextSide {
    Text(TextField),
    Enum(EnumField),
}

/// Whether a part is the name of a text field.
pub(super) fn text_side(expression: &Expression) -> Option<TextSide> {
    let Kind::Name(name) = &expression.kind else { return None };
    match find_name(name)?.meaning {
        Meaning::Text(field) => Some(TextSide::Text(field)),
        Meaning::Enum(field) => Some(TextSide::Enum(field)),
        _ => None,
    }
}

pub(super) fn unknown_name(name: &str, range: TextRange) -> LanguageProblem {
    let problem = LanguageProblem::new(range, format!("Nothing is called “{name}”"));
    if let Some(function) = find_function(name) {
        return problem.or_write(format!("{}({})", function.name, function.arguments));
    }
    let known = NAMES.iter().map(|one| one.name).chain(FUNCTIONS.iter().map(|one| one.name));
    match nearest(name, known) {
        Some(word) => problem.did_you_mean(word),
        None => problem,
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

/// Days since 1970-01-01.
pub(super) fn day_number(day: CivilDate) -> i64 {
    pricing_domain::Instant::at_utc_midnight(day).0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY)
}

#[cfg(test)]
mod tests;
