//! A checked text made ready for one snapshot: names become columns and codes, parts become steps.

use pricing_domain::OfferPolicy;

use super::check::Typed;
use super::instructions::{Instruction, MISSING, NO, Register, Step, YES};
use super::names::TextField;
use super::typed::{Change, Node, OfferFigure, TextTest, Value};
use crate::columns::NONE;
use crate::engine::scope::{folded, is_within};
use crate::offer_use::{CompiledPolicy, same_name};
use crate::snapshot::{Snapshot, families_in, tags_of};

/// A compiled condition or formula.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) text: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) numbers: usize,
    pub(crate) logics: usize,
    pub(crate) result: Register,
    pub(crate) figures: Vec<CompiledFigure>,
    pub(crate) policy: CompiledPolicy,
    /// Whether a step needs the VAT that the list's prices contain.
    pub(crate) uses_vat: bool,
    /// Whether offers below the own floor are left out.
    pub(crate) ignores_below_floor: bool,
    /// Products whose prices are read, by article number.
    pub(crate) followed_skus: Vec<String>,
    /// Lists whose prices are read, by code.
    pub(crate) followed_lists: Vec<String>,
    /// Free attributes that are looked at, by name.
    pub(crate) attributes: Vec<String>,
}

/// A figure of the usable offers with its competitors as numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CompiledFigure {
    Lowest,
    Nth(usize),
    Highest,
    Average,
    Median,
    Count,
    Rank,
    Named(Vec<Vec<u16>>),
    Weighted(Vec<(Vec<u16>, i64)>),
}

impl Program {
    /// Makes a checked text ready. Names that nothing in the catalogue has match nothing.
    pub(crate) fn compile(typed: &Typed, policy: &OfferPolicy, snapshot: &Snapshot) -> Self {
        let mut program = Self {
            text: typed.text.clone(),
            steps: Vec::new(),
            numbers: 0,
            logics: 0,
            result: Register::Logic(0),
            figures: Vec::new(),
            policy: CompiledPolicy::new(policy, &snapshot.competitors),
            uses_vat: false,
            ignores_below_floor: policy.ignore_below_floor,
            followed_skus: Vec::new(),
            followed_lists: Vec::new(),
            attributes: Vec::new(),
        };
        program.result = program.add(&typed.root, snapshot);
        program
    }

    /// Whether it is about competitors' offers.
    pub(crate) const fn looks_at_offers(&self) -> bool {
        !self.figures.is_empty()
    }

    /// Compiles a part; gives the register of its result.
    fn add(&mut self, node: &Node, snapshot: &Snapshot) -> Register {
        let instruction = match &node.value {
            Value::Number(micro) => Instruction::Constant(*micro),
            Value::Missing => Instruction::Constant(NONE),
            Value::Logic(holds) => Instruction::Truth(*holds),
            Value::Field(field) => Instruction::Field(*field),
            Value::Offer(figure) => Instruction::Offer(self.figure(figure, snapshot)),
            Value::PriceIn(code) => {
                self.followed_lists.push(code.clone());
                let wanted = folded(code);
                Instruction::PriceIn(snapshot.lists.iter().position(|list| folded(&list.code) == wanted))
            }
            Value::PriceOf(sku) => {
                self.followed_skus.push(sku.clone());
                Instruction::PriceOf(snapshot.row_of_sku(sku))
            }
            Value::Arithmetic(operator, one, other) => {
                Instruction::Arithmetic(*operator, self.number(one, snapshot), self.number(other, snapshot))
            }
            Value::Change(change, inner) => {
                self.uses_vat |= matches!(change, Change::WithVat | Change::WithoutVat);
                Instruction::Change(*change, self.number(inner, snapshot))
            }
            Value::CostMath(math, one, other) => {
                self.uses_vat = true;
                Instruction::CostMath(*math, self.number(one, snapshot), self.number(other, snapshot))
            }
            Value::If(condition, then, otherwise) => {
                let condition = self.logic(condition, snapshot);
                Instruction::Choose(condition, self.number(then, snapshot), self.number(otherwise, snapshot))
            }
            Value::Compare(comparison, one, other) => match (one.constant(), other.constant()) {
                (_, Some(micro)) => Instruction::CompareWith(*comparison, self.number(one, snapshot), micro),
                (Some(micro), _) => {
                    Instruction::CompareWith(comparison.mirrored(), self.number(other, snapshot), micro)
                }
                _ => Instruction::Compare(*comparison, self.number(one, snapshot), self.number(other, snapshot)),
            },
            Value::Text(field, test) => text_test(*field, test, snapshot),
            Value::HasText(field) => has_text(*field, snapshot),
            Value::Enum(field, bits) => Instruction::Enum(*field, *bits),
            Value::HasEnum(field) => Instruction::HasEnum(*field),
            Value::Attribute(name, test) => {
                self.attributes.push(name.clone());
                attribute_test(name, snapshot, &|text| said(passes(test, text)))
            }
            Value::HasAttribute(name) => {
                self.attributes.push(name.clone());
                has_attribute(name, snapshot)
            }
            Value::Flag(flag) => Instruction::Flag(*flag),
            Value::Has(inner) => Instruction::Has(self.number(inner, snapshot)),
            Value::And(one, other) => Instruction::And(self.logic(one, snapshot), self.logic(other, snapshot)),
            Value::Or(one, other) => Instruction::Or(self.logic(one, snapshot), self.logic(other, snapshot)),
            Value::Not(inner) => Instruction::Not(self.logic(inner, snapshot)),
        };
        self.push(instruction, node)
    }

    fn number(&mut self, node: &Node, snapshot: &Snapshot) -> usize {
        match self.add(node, snapshot) {
            Register::Number(register) => register,
            Register::Logic(_) => unreachable!("the check found a number here"),
        }
    }

    fn logic(&mut self, node: &Node, snapshot: &Snapshot) -> usize {
        match self.add(node, snapshot) {
            Register::Logic(register) => register,
            Register::Number(_) => unreachable!("the check found a condition here"),
        }
    }

    /// Adds a step, unless the same was computed before.
    fn push(&mut self, instruction: Instruction, node: &Node) -> Register {
        let is_number = instruction.is_number();
        let known = self.steps.iter().find(|step| step.instruction == instruction).map(|step| step.target);
        let target = known.unwrap_or_else(|| {
            let count = if is_number { &mut self.numbers } else { &mut self.logics };
            *count += 1;
            let target = *count - 1;
            self.steps.push(Step { instruction, target, range: node.range, ty: node.ty });
            target
        });
        if is_number { Register::Number(target) } else { Register::Logic(target) }
    }

    fn figure(&mut self, figure: &OfferFigure, snapshot: &Snapshot) -> usize {
        let numbers = |name: &String| -> Vec<u16> {
            let all = snapshot.competitors.iter().enumerate();
            all.filter(|(_, one)| same_name(name, &one.name)).map(|(number, _)| number as u16).collect()
        };
        let compiled = match figure {
            OfferFigure::Lowest => CompiledFigure::Lowest,
            OfferFigure::Nth(n) => CompiledFigure::Nth(*n as usize),
            OfferFigure::Highest => CompiledFigure::Highest,
            OfferFigure::Average => CompiledFigure::Average,
            OfferFigure::Median => CompiledFigure::Median,
            OfferFigure::Count => CompiledFigure::Count,
            OfferFigure::Rank => CompiledFigure::Rank,
            OfferFigure::Named(names) => CompiledFigure::Named(names.iter().map(numbers).collect()),
            OfferFigure::Weighted(weights) => {
                CompiledFigure::Weighted(weights.iter().map(|(name, weight)| (numbers(name), *weight)).collect())
            }
        };
        match self.figures.iter().position(|one| *one == compiled) {
            Some(place) => place,
            None => {
                self.figures.push(compiled);
                self.figures.len() - 1
            }
        }
    }
}

/// Whether a text passes a test; both sides are compared without case and without blanks at their ends.
pub(super) fn passes(test: &TextTest, text: &str) -> bool {
    match test {
        TextTest::OneOf(texts) => texts.iter().any(|one| folded(one) == folded(text)),
        TextTest::Within(paths) => paths.iter().any(|path| is_within(text, path)),
        TextTest::Contains(part) => folded(text).contains(&folded(part)),
        TextTest::StartsWith(part) => folded(text).starts_with(&folded(part)),
        TextTest::EndsWith(part) => folded(text).ends_with(&folded(part)),
    }
}

const fn said(holds: bool) -> u8 {
    if holds { YES } else { NO }
}

fn text_test(field: TextField, test: &TextTest, snapshot: &Snapshot) -> Instruction {
    let table = |dictionary: &crate::columns::Dictionary| {
        let by_code = |text: &str| if text.is_empty() { MISSING } else { said(passes(test, text)) };
        std::iter::once("").chain(dictionary.texts()).map(by_code).collect::<Vec<u8>>()
    };
    match field {
        TextField::Brand => Instruction::Codes(field, table(&snapshot.brands)),
        TextField::Category => Instruction::Codes(field, table(&snapshot.categories)),
        TextField::Supplier => Instruction::Codes(field, table(&snapshot.suppliers)),
        TextField::Family => {
            let any =
                |set: &str| if set.is_empty() { MISSING } else { said(families_in(set).any(|one| passes(test, one))) };
            Instruction::Codes(field, snapshot.families.map(any))
        }
        TextField::Tag => {
            let any = |set: &str| said(tags_of(set).any(|tag| passes(test, tag)));
            let sets = std::iter::once("").chain(snapshot.tag_sets.texts());
            Instruction::Codes(field, sets.map(any).collect())
        }
        TextField::PriceList => {
            Instruction::Lists(snapshot.lists.iter().map(|list| said(passes(test, &list.code))).collect())
        }
        TextField::Currency => {
            Instruction::Lists(snapshot.lists.iter().map(|list| said(passes(test, list.currency.code()))).collect())
        }
        TextField::Sku | TextField::Name | TextField::Competitor | TextField::Attribute | TextField::AttributeName => {
            Instruction::Text(field, test.clone())
        }
    }
}

/// By the codes of a free attribute; missing where a product does not have it.
fn attribute_test(name: &str, snapshot: &Snapshot, test: &dyn Fn(&str) -> u8) -> Instruction {
    let Some(place) = snapshot.attribute(name) else { return Instruction::Nothing };
    let by_code = |text: &str| if text.is_empty() { MISSING } else { test(text) };
    Instruction::Attribute(place, snapshot.attributes[place].texts.map(by_code))
}

fn has_attribute(name: &str, snapshot: &Snapshot) -> Instruction {
    match attribute_test(name, snapshot, &|_| YES) {
        Instruction::Attribute(place, table) => {
            Instruction::Attribute(place, std::iter::once(NO).chain(table.into_iter().skip(1)).collect())
        }
        _ => Instruction::Truth(false),
    }
}

fn has_text(field: TextField, snapshot: &Snapshot) -> Instruction {
    let dictionary = match field {
        TextField::Brand => &snapshot.brands,
        TextField::Category => &snapshot.categories,
        TextField::Supplier => &snapshot.suppliers,
        TextField::Family => &snapshot.families,
        TextField::Tag => &snapshot.tag_sets,
        _ => return Instruction::Truth(true),
    };
    Instruction::Codes(field, std::iter::once(NO).chain(dictionary.texts().map(|_| YES)).collect())
}
