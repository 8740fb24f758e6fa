//! Names, types and units of a text: what can be computed, or every problem with its place and a proposed fix.

use pricing_domain::{CivilDate, attribute_name, parse_scaled};

use super::arithmetic::{MICRO, apply, changed, compares};
use super::names::{
    ATTRIBUTE, EnumField, FUNCTIONS, Meaning, NAMES, TextField, find_function, find_name, named_attribute,
};
use super::parser::parse;
use super::problems::{LanguageProblem, TextRange};
use super::suggest::nearest;
use super::syntax::{Expression, Kind};
use super::typed::{Arithmetic, Change, Node, TextTest, Type, Value};

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

    /// The price lists whose prices are read, by code.
    pub(crate) fn followed_lists(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.root.visit(&mut |node| {
            if let Value::PriceIn(code) = &node.value {
                found.push(code.clone());
            }
        });
        found
    }

    /// Whether it looks at competitors' offers.
    pub(crate) fn reads_offers(&self) -> bool {
        let mut reads = false;
        self.root.visit(&mut |node| reads |= matches!(node.value, Value::Offer(_)));
        reads
    }

    /// Whether a condition can hold in a price list; it cannot where it asks for another one.
    pub(crate) fn can_hold_in(&self, list: &str) -> bool {
        self.root.holds_in(list) != Some(false)
    }

    /// Every free attribute with the texts that it is compared with as a whole.
    pub(crate) fn attribute_values(&self) -> Vec<(String, Vec<String>)> {
        let mut found = Vec::new();
        self.root.visit(&mut |node| match &node.value {
            Value::Attribute(name, TextTest::OneOf(texts)) => found.push((name.clone(), texts.clone())),
            Value::Attribute(name, _) | Value::HasAttribute(name) => found.push((name.clone(), Vec::new())),
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
                let wrong = not_above_zero(&root);
                if let Some(range) = wrong {
                    self.report(LanguageProblem::new(range, "A price is above zero"));
                }
                wrong.is_none().then_some(Node { ty: Type::Money, ..root })
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
            if named_attribute(name).is_some() {
                let message = format!("“{name}” is text; compare it, such as {name} = \"…\"");
                self.report(LanguageProblem::new(range, message));
                return None;
            }
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
}

/// A plain number that is chosen as a price and is none.
fn not_above_zero(node: &Node) -> Option<TextRange> {
    match &node.value {
        Value::Number(micro) => (*micro <= 0).then_some(node.range),
        Value::If(_, then, otherwise) => not_above_zero(then).or_else(|| not_above_zero(otherwise)),
        _ => None,
    }
}

/// A text or a choice of words.
#[derive(Clone)]
pub(super) enum TextSide {
    Text(TextField),
    Enum(EnumField),
    /// A free attribute, by name.
    Attribute(String),
}

/// Whether a part is the name of a text field.
pub(super) fn text_side(expression: &Expression) -> Option<TextSide> {
    if let Some(name) = attribute_of(expression) {
        return Some(TextSide::Attribute(name));
    }
    let Kind::Name(name) = &expression.kind else { return None };
    match find_name(name)?.meaning {
        Meaning::Text(field) => Some(TextSide::Text(field)),
        Meaning::Enum(field) => Some(TextSide::Enum(field)),
        _ => None,
    }
}

/// The free attribute that a part is: `attribute.material`, `attribute("colour family")`.
pub(super) fn attribute_of(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Name(name) => named_attribute(name),
        Kind::Call { name, arguments, .. } if name.eq_ignore_ascii_case(ATTRIBUTE) => match arguments.as_slice() {
            [Expression { kind: Kind::Text(name), .. }] => attribute_name(name),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn unknown_name(name: &str, range: TextRange) -> LanguageProblem {
    let problem = LanguageProblem::new(range, format!("Nothing is called “{name}”"));
    if let Some(attribute) = name.strip_prefix("attributes.") {
        return problem.did_you_mean(format!("{ATTRIBUTE}.{attribute}"));
    }
    if let Some(function) = find_function(name) {
        return problem.or_write(format!("{}({})", function.name, function.arguments));
    }
    let known = NAMES.iter().map(|one| one.name).chain(FUNCTIONS.iter().map(|one| one.name));
    match nearest(name, known) {
        Some(word) => problem.did_you_mean(word),
        None => problem,
    }
}

/// Days since 1970-01-01.
pub(super) fn day_number(day: CivilDate) -> i64 {
    pricing_domain::Instant::at_utc_midnight(day).0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY)
}

#[cfg(test)]
mod tests;
