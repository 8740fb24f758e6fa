//! Checking of functions, of texts, and of “one of these”.

use super::arithmetic::MICRO;
use super::check::{Checker, TextSide, node, text_side, unknown_name};
use super::names::{EnumField, FUNCTIONS, NumberField, TextField, find_function};
use super::problems::{LanguageProblem, TextRange};
use super::suggest::nearest;
use super::syntax::{Expression, Kind, Operator};
use super::typed::{Arithmetic, Change, Comparison, CostMath, Node, OfferFigure, TextTest, Type, Value};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        name_range: TextRange,
        arguments: &[Expression],
        range: TextRange,
    ) -> Option<Node> {
        let Some(function) = find_function(name) else {
            let problem = LanguageProblem::new(name_range, format!("There is no function “{name}”"));
            let known = FUNCTIONS.iter().map(|one| one.name);
            let unknown = nearest(name, known).map_or(problem.clone(), |word| problem.did_you_mean(word));
            self.report(unknown);
            return None;
        };
        if !(function.at_least..=function.at_most).contains(&arguments.len()) {
            let message = format!("“{name}” is written {}({})", function.name, function.arguments);
            self.report(LanguageProblem::new(name_range, message));
            return None;
        }
        match function.name {
            "min" => self.fold_all(Arithmetic::Minimum, arguments, range),
            "max" => self.fold_all(Arithmetic::Maximum, arguments, range),
            "first" => self.fold_all(Arithmetic::First, arguments, range),
            "if" => self.choice(arguments, range),
            "has" => self.has(&arguments[0], range),
            "round" | "round_up" | "round_down" => self.rounded(function.name, arguments, range),
            "abs" => {
                let inner = self.amount(&arguments[0])?;
                let ty = inner.ty;
                Some(node(Value::Change(Change::Absolute, inner.into()), ty, range))
            }
            "margin" => self.earned(CostMath::Margin, arguments, range),
            "markup" => self.earned(CostMath::Markup, arguments, range),
            "price_for_margin" => self.price_for(CostMath::PriceForMargin, arguments, range),
            "price_for_markup" => self.price_for(CostMath::PriceForMarkup, arguments, range),
            "with_vat" => self.tax(Change::WithVat, &arguments[0], range),
            "without_vat" => self.tax(Change::WithoutVat, &arguments[0], range),
            "comp" => {
                let names = self.texts(arguments)?;
                Some(node(Value::Offer(OfferFigure::Named(names)), Type::Money, range))
            }
            "comp.nth" => self.nth(&arguments[0], range),
            "comp.weighted" => self.weighted(arguments, range),
            "price_in" => {
                let code = self.texts(arguments)?.pop()?;
                Some(node(Value::PriceIn(code), Type::Money, range))
            }
            "attribute" => {
                let name = self.texts(arguments)?.pop()?;
                let message = if pricing_domain::attribute_name(&name).is_none() {
                    "The name of a free attribute has between 1 and 100 letters".to_owned()
                } else {
                    let words = self.words(range);
                    format!("“{words}” is text; compare it, such as {words} = \"…\"")
                };
                self.report(LanguageProblem::new(range, message));
                None
            }
            "price_of" => {
                let sku = self.texts(arguments)?.pop()?;
                Some(node(Value::PriceOf(sku), Type::Money, range))
            }
            _ => {
                let day = self.typed_argument(&arguments[0], Type::Day)?;
                let today = node(Value::Field(NumberField::Today), Type::Day, range);
                let value = Value::Arithmetic(Arithmetic::Subtract, today.into(), day.into());
                Some(node(value, Type::Number, range))
            }
        }
    }

    /// An argument that must be of one type; a plain number is taken for it where that is clear.
    fn typed_argument(&mut self, argument: &Expression, ty: Type) -> Option<Node> {
        let value = self.amount(argument)?;
        let adapts = value.ty == ty || value.ty == Type::Constant && ty != Type::Percent && ty != Type::Day;
        if adapts || value.ty == Type::Ratio && ty == Type::Percent {
            return Some(value);
        }
        let words = self.words(value.range);
        let message = format!("“{words}” is {}; {} is needed here", value.ty.words(), ty.words());
        let problem = LanguageProblem::new(value.range, message);
        let percent = ty == Type::Percent && value.ty == Type::Constant;
        self.report(match value.constant().filter(|_| percent) {
            Some(micro) if micro.abs() < MICRO => {
                problem.or_write(format!("{} %", pricing_domain::decimal_text(micro, 4, 0)))
            }
            Some(_) => problem.or_write(format!("{words} %")),
            None => problem,
        });
        None
    }

    fn fold_all(&mut self, step: Arithmetic, arguments: &[Expression], range: TextRange) -> Option<Node> {
        let values: Vec<Option<Node>> = arguments.iter().map(|argument| self.amount(argument)).collect();
        let mut values = values.into_iter().collect::<Option<Vec<Node>>>()?.into_iter();
        let first = values.next()?;
        values.try_fold(first, |so_far, value| {
            let (so_far, value, ty) = self.same_type(so_far, value)?;
            Some(node(Value::Arithmetic(step, so_far.into(), value.into()), ty, range))
        })
    }

    fn choice(&mut self, arguments: &[Expression], range: TextRange) -> Option<Node> {
        let (condition, then) = (self.truth(&arguments[0]), self.amount(&arguments[1]));
        let Some(otherwise) = arguments.get(2) else {
            let (condition, then) = (condition?, then?);
            let (ty, missing) = (then.ty, node(Value::Missing, then.ty, range));
            return Some(node(Value::If(condition.into(), then.into(), missing.into()), ty, range));
        };
        let otherwise = self.amount(otherwise);
        let condition = condition?;
        let (then, otherwise, ty) = self.same_type(then?, otherwise?)?;
        Some(node(Value::If(condition.into(), then.into(), otherwise.into()), ty, range))
    }

    fn has(&mut self, argument: &Expression, range: TextRange) -> Option<Node> {
        let value = match text_side(argument) {
            Some(TextSide::Text(field)) => Value::HasText(field),
            Some(TextSide::Enum(field)) => Value::HasEnum(field),
            Some(TextSide::Attribute(name)) => Value::HasAttribute(name),
            None => Value::Has(self.amount(argument)?.into()),
        };
        Some(node(value, Type::YesNo, range))
    }

    fn rounded(&mut self, name: &str, arguments: &[Expression], range: TextRange) -> Option<Node> {
        let value = self.amount(&arguments[0])?;
        let step = match arguments.get(1) {
            None => MICRO,
            Some(step) => {
                let node = self.amount(step)?;
                let Some(step) = node.constant().filter(|step| *step > 0 && node.ty == Type::Constant) else {
                    self.report(LanguageProblem::new(node.range, "A step is a number above zero, such as 0.05"));
                    return None;
                };
                step
            }
        };
        let change = match name {
            "round" => Change::RoundNearest(step),
            "round_up" => Change::RoundUp(step),
            _ => Change::RoundDown(step),
        };
        let ty = value.ty;
        Some(node(Value::Change(change, value.into()), ty, range))
    }

    fn earned(&mut self, math: CostMath, arguments: &[Expression], range: TextRange) -> Option<Node> {
        let price = self.typed_argument(&arguments[0], Type::Money);
        let cost = match arguments.get(1) {
            Some(cost) => self.typed_argument(cost, Type::Money),
            None => Some(node(Value::Field(NumberField::Cost), Type::Money, range)),
        };
        Some(node(Value::CostMath(math, price?.into(), cost?.into()), Type::Percent, range))
    }

    fn price_for(&mut self, math: CostMath, arguments: &[Expression], range: TextRange) -> Option<Node> {
        let cost = self.typed_argument(&arguments[0], Type::Money);
        let rate = self.typed_argument(&arguments[1], Type::Percent)?;
        let too_large = math == CostMath::PriceForMargin && rate.constant().is_some_and(|rate| rate >= MICRO);
        if too_large {
            self.report(LanguageProblem::new(rate.range, "A margin of the net price is below 100 %"));
            return None;
        }
        Some(node(Value::CostMath(math, cost?.into(), rate.into()), Type::Money, range))
    }

    fn tax(&mut self, change: Change, argument: &Expression, range: TextRange) -> Option<Node> {
        let amount = self.typed_argument(argument, Type::Money)?;
        Some(node(Value::Change(change, amount.into()), Type::Money, range))
    }

    fn nth(&mut self, argument: &Expression, range: TextRange) -> Option<Node> {
        let place = self.amount(argument)?;
        let whole = place.constant().filter(|micro| *micro >= MICRO && micro % MICRO == 0);
        let Some(n) = whole.and_then(|micro| u32::try_from(micro / MICRO).ok()) else {
            self.report(LanguageProblem::new(place.range, "Positions are whole numbers and count from 1"));
            return None;
        };
        Some(node(Value::Offer(OfferFigure::Nth(n)), Type::Money, range))
    }

    fn weighted(&mut self, arguments: &[Expression], range: TextRange) -> Option<Node> {
        let mut weights = Vec::new();
        for pair in arguments.chunks(2) {
            let names = self.texts(&pair[..1]);
            let weight = match pair.get(1) {
                Some(weight) => self.amount(weight)?.constant().filter(|weight| *weight > 0),
                None => None,
            };
            let Some(weight) = weight else {
                let message = "Behind each competitor stands its weight, a number above zero";
                self.report(LanguageProblem::new(pair.last().map_or(range, |last| last.range), message));
                return None;
            };
            weights.push((names?.pop()?, weight));
        }
        Some(node(Value::Offer(OfferFigure::Weighted(weights)), Type::Money, range))
    }

    /// Arguments that must all be texts in quotes.
    fn texts(&mut self, arguments: &[Expression]) -> Option<Vec<String>> {
        let texts: Vec<Option<String>> = arguments.iter().map(|argument| self.quoted(argument)).collect();
        texts.into_iter().collect()
    }

    fn quoted(&mut self, argument: &Expression) -> Option<String> {
        match &argument.kind {
            Kind::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                let words = self.words(argument.range);
                let problem = LanguageProblem::new(argument.range, "Text in quotes is needed here");
                self.report(problem.or_write(format!("\"{}\"", words.trim_matches('"'))));
                None
            }
        }
    }

    /// `brand = "Sony"`, `role <> tail`.
    pub(super) fn text_equals(
        &mut self,
        side: TextSide,
        operator: Operator,
        options: &[Expression],
        field_range: TextRange,
        range: TextRange,
    ) -> Option<Node> {
        let negated = match operator {
            Operator::Equal => false,
            Operator::NotEqual => true,
            _ => {
                let message = format!("“{}” is text and has no order; use = or in", self.words(field_range));
                self.report(LanguageProblem::new(range, message));
                return None;
            }
        };
        let value = match side {
            TextSide::Text(TextField::Sku) => Value::Text(TextField::Sku, TextTest::OneOf(self.texts(options)?)),
            TextSide::Text(field) => Value::Text(field, TextTest::OneOf(self.texts_of(field.name(), options)?)),
            TextSide::Attribute(name) => {
                let texts = self.texts_of(&name, options)?;
                Value::Attribute(name, TextTest::OneOf(texts))
            }
            TextSide::Enum(field) => Value::Enum(field, self.places(field, options)?),
        };
        let test = node(value, Type::YesNo, range);
        Some(if negated { node(Value::Not(test.into()), Type::YesNo, range) } else { test })
    }

    /// Texts that a field is compared with.
    fn texts_of(&mut self, field: &str, options: &[Expression]) -> Option<Vec<String>> {
        if let Some(other) = options.iter().find(|option| matches!(option.kind, Kind::Number(_))) {
            let words = self.words(other.range);
            let message = format!("“{field}” is text, “{words}” is a number");
            self.report(LanguageProblem::new(other.range, message).or_write(format!("\"{words}\"")));
            return None;
        }
        self.texts(options)
    }

    /// The places of the words that a choice is compared with, as bits.
    fn places(&mut self, field: EnumField, options: &[Expression]) -> Option<u64> {
        let words = field.words();
        let mut bits = 0u64;
        for option in options {
            let written = match &option.kind {
                Kind::Name(word) | Kind::Text(word) => word.trim().to_lowercase(),
                _ => self.words(option.range).to_lowercase(),
            };
            match words.iter().position(|word| *word == written) {
                Some(place) => bits |= 1 << place,
                None => {
                    let message = format!("{} is one of {}", field.name(), words.join(", "));
                    let problem = LanguageProblem::new(option.range, message);
                    let found = nearest(&written, words.iter().copied());
                    self.report(found.map_or(problem.clone(), |word| problem.did_you_mean(word)));
                    return None;
                }
            }
        }
        Some(bits)
    }

    /// `category within "TV & Audio"`, `name contains "Pro"`.
    pub(super) fn text_test(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        range: TextRange,
    ) -> Option<Node> {
        let side = match text_side(left) {
            Some(side @ (TextSide::Text(_) | TextSide::Attribute(_))) => Some(side),
            _ => None,
        };
        let Some(side) = side else {
            let known = matches!(left.kind, Kind::Name(ref name) if super::names::find_name(name).is_none());
            let problem = match &left.kind {
                Kind::Name(name) if known => unknown_name(name, left.range),
                _ => {
                    LanguageProblem::new(left.range, format!("Before “{}” stands a text such as name", operator.text()))
                }
            };
            self.report(problem);
            return None;
        };
        let field = match &side {
            TextSide::Text(field) => *field,
            _ => TextField::Attribute,
        };
        if operator == Operator::Within && field != TextField::Category {
            let problem = LanguageProblem::new(left.range, "“within” is about categories");
            self.report(problem.or_write("category"));
            return None;
        }
        let text = self.quoted(right)?;
        let test = match operator {
            Operator::Within => TextTest::Within(vec![text]),
            Operator::Contains if field == TextField::Tag => TextTest::OneOf(vec![text]),
            Operator::Contains => TextTest::Contains(text),
            Operator::StartsWith => TextTest::StartsWith(text),
            _ => TextTest::EndsWith(text),
        };
        let value = match side {
            TextSide::Attribute(name) => Value::Attribute(name, test),
            _ => Value::Text(field, test),
        };
        Some(node(value, Type::YesNo, range))
    }

    /// `brand in ("Sony", "Bose")`, `stock in (1, 2)`.
    pub(super) fn membership(
        &mut self,
        subject: &Expression,
        options: &[Expression],
        negated: bool,
        range: TextRange,
    ) -> Option<Node> {
        let operator = if negated { Operator::NotEqual } else { Operator::Equal };
        if let Some(side) = text_side(subject) {
            return self.text_equals(side, operator, options, subject.range, range);
        }
        let value = self.amount(subject)?;
        let mut any: Option<Node> = None;
        for option in options {
            let option = self.amount(option)?;
            let (left, right, _) = self.same_type(value.clone(), option)?;
            let equal = node(Value::Compare(Comparison::Equal, left.into(), right.into()), Type::YesNo, range);
            any = Some(match any {
                None => equal,
                Some(before) => node(Value::Or(before.into(), equal.into()), Type::YesNo, range),
            });
        }
        let any = any?;
        Some(if negated { node(Value::Not(any.into()), Type::YesNo, range) } else { any })
    }
}
