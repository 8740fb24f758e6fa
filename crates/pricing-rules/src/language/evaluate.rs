//! Running a program over a block of rows: one pass over columns for each step, never one row after the other.

use std::ops::Range;

use super::arithmetic::{MICRO, apply, bounded, changed, cost_math, quotient};
use super::instructions::{Instruction, MISSING, NO, Register, Step, YES};
use super::names::{EnumField, FlagField, NumberField, TextField};
use super::program::{CompiledFigure, Program, passes};
use super::typed::{Arithmetic, Comparison};
use crate::columns::{NONE, NarrowColumn, widened};
use crate::engine::compile::ListContext;
use crate::engine::scope::has_bit;
use crate::engine::view::ChunkView;
use crate::offer_use::{Usable, collect_usable};
use crate::snapshot::{ListFlags, NO_INDEX, ProductFlags};
use crate::wide::wide;

/// The rows that a program runs over.
pub(crate) struct Block<'a> {
    pub(crate) view: &'a ChunkView<'a>,
    pub(crate) context: &'a ListContext,
    /// Places in the chunk.
    pub(crate) range: Range<usize>,
    /// 0 where no result is needed; offers of such rows are not looked at. Empty: all are needed.
    pub(crate) needed: &'a [u8],
    /// The own floor of a place in minor units, or [`NONE`].
    pub(crate) floor: &'a dyn Fn(usize) -> i64,
}

/// Room for the results of every step; kept between blocks.
#[derive(Default)]
pub(crate) struct Registers {
    numbers: Vec<Vec<i64>>,
    logics: Vec<Vec<u8>>,
    figures: Vec<Vec<i64>>,
    vat: Vec<i64>,
    usable: Vec<Usable>,
}

impl Registers {
    pub(super) fn number(&self, register: usize) -> &[i64] {
        &self.numbers[register]
    }

    pub(super) fn logic(&self, register: usize) -> &[u8] {
        &self.logics[register]
    }
}

impl<'a> Block<'a> {
    /// The same rows, of which only some are needed.
    pub(crate) fn only(&self, needed: &'a [u8]) -> Self {
        Self { view: self.view, context: self.context, range: self.range.clone(), needed, floor: self.floor }
    }

    fn is_needed(&self, lane: usize) -> bool {
        self.needed.is_empty() || self.needed[lane] != 0
    }

    /// Minor units as millionths; what is not above zero is missing.
    fn money(&self, minor: i64) -> i64 {
        let micro = self.context.micro_per_minor as i64;
        if minor > 0 { minor.checked_mul(micro).map_or(NONE, bounded) } else { NONE }
    }
}

impl Program {
    /// Computes every step for the rows of a block.
    pub(crate) fn run(&self, block: &Block<'_>, registers: &mut Registers) {
        registers.numbers.resize_with(self.numbers.max(registers.numbers.len()), Vec::new);
        registers.logics.resize_with(self.logics.max(registers.logics.len()), Vec::new);
        if self.uses_vat {
            self.load_vat(block, &mut registers.vat);
        }
        if !self.figures.is_empty() {
            self.load_figures(block, registers);
        }
        for step in &self.steps {
            if step.instruction.is_number() {
                let mut target = std::mem::take(&mut registers.numbers[step.target]);
                target.clear();
                number(step, block, registers, &mut target);
                registers.numbers[step.target] = target;
            } else {
                let mut target = std::mem::take(&mut registers.logics[step.target]);
                target.clear();
                logic(step, block, registers, &mut target);
                registers.logics[step.target] = target;
            }
        }
    }

    /// Clears `mask` where the condition does not hold or is missing.
    pub(crate) fn narrow(&self, block: &Block<'_>, registers: &mut Registers, mask: &mut [u8]) {
        self.run(block, registers);
        if let Register::Logic(result) = self.result {
            let said = registers.logic(result);
            wide(move || mask.iter_mut().zip(said).for_each(|(kept, said)| *kept &= u8::from(*said == YES)));
        }
    }

    /// What a formula gives, in millionths; [`NONE`] where an input is missing or no value comes out.
    pub(crate) fn values(&self, block: &Block<'_>, registers: &mut Registers, values: &mut Vec<i64>) {
        self.run(block, registers);
        values.clear();
        if let Register::Number(result) = self.result {
            values.extend_from_slice(registers.number(result));
        }
    }

    fn load_vat(&self, block: &Block<'_>, vat: &mut Vec<i64>) {
        const MICRO_PER_BASIS_POINT: i64 = 100;
        vat.clear();
        vat.extend(
            block
                .range
                .clone()
                .map(|place| block.view.vat(block.context, place).map_or(NONE, |rate| rate * MICRO_PER_BASIS_POINT)),
        );
    }

    fn load_figures(&self, block: &Block<'_>, registers: &mut Registers) {
        registers.figures.resize_with(self.figures.len().max(registers.figures.len()), Vec::new);
        let Registers { figures, usable, .. } = registers;
        figures.iter_mut().for_each(|column| {
            column.clear();
            column.resize(block.range.len(), NONE);
        });
        for (lane, place) in block.range.clone().enumerate().filter(|(lane, _)| block.is_needed(*lane)) {
            let floor_minor = if self.ignores_below_floor { (block.floor)(place) } else { NONE };
            let context = self.policy.context(block.context.offers, floor_minor);
            collect_usable(&self.policy, context, block.view.offers(place), usable);
            for (figure, column) in self.figures.iter().zip(figures.iter_mut()) {
                column[lane] = figure.of(usable, block, place);
            }
        }
    }
}

impl CompiledFigure {
    /// The figure over the usable offers of a place, the lowest first.
    fn of(&self, usable: &[Usable], block: &Block<'_>, place: usize) -> i64 {
        let money = |offer: Option<&Usable>| offer.map_or(NONE, |offer| block.money(offer.amount_minor));
        let of_names = |numbers: &Vec<u16>| usable.iter().find(|offer| numbers.contains(&offer.competitor));
        let micro = block.context.micro_per_minor;
        match self {
            Self::Lowest => money(usable.first()),
            Self::Nth(n) => money(usable.get(n.saturating_sub(1))),
            Self::Highest => money(usable.last()),
            Self::Count => (usable.len() as i64) * MICRO,
            Self::Average => {
                let sum: i128 = usable.iter().map(|offer| i128::from(offer.amount_minor)).sum();
                quotient(sum * micro, usable.len() as i128)
            }
            Self::Median => {
                let (below, above) = (usable.len().wrapping_sub(1) / 2, usable.len() / 2);
                match (usable.get(below), usable.get(above)) {
                    (Some(one), Some(other)) => {
                        quotient((i128::from(one.amount_minor) + i128::from(other.amount_minor)) * micro, 2)
                    }
                    _ => NONE,
                }
            }
            Self::Rank => {
                let price = block.view.price(place);
                let below = usable.iter().filter(|offer| offer.amount_minor < price).count() as i64;
                if price > 0 { (below + 1) * MICRO } else { NONE }
            }
            Self::Named(names) => money(names.iter().find_map(of_names)),
            Self::Weighted(weights) => {
                let found = weights.iter().filter_map(|(numbers, weight)| Some((of_names(numbers)?, *weight)));
                let (sum, all) = found.fold((0i128, 0i128), |(sum, all), (offer, weight)| {
                    (sum + i128::from(offer.amount_minor) * i128::from(weight), all + i128::from(weight))
                });
                sum.checked_mul(micro).map_or(NONE, |sum| quotient(sum, all))
            }
        }
    }
}

fn number(step: &Step, block: &Block<'_>, registers: &Registers, target: &mut Vec<i64>) {
    let lanes = block.range.len();
    match &step.instruction {
        Instruction::Constant(micro) => target.resize(lanes, *micro),
        Instruction::Field(field) => load(*field, block, target),
        Instruction::Offer(figure) => target.extend_from_slice(&registers.figures[*figure]),
        Instruction::PriceIn(list) => {
            let prices = list.and_then(|list| block.view.prices_in(list, block.context.list));
            match prices {
                Some(prices) => target.extend(prices.micro(block.range.clone()).map(bounded)),
                None => target.resize(lanes, NONE),
            }
        }
        Instruction::PriceOf(row) => {
            let price = row.map_or(NONE, |row| block.money(block.view.price_of_row(row)));
            target.resize(lanes, price);
            // A product that follows itself follows today's price.
            let own = row.and_then(|row| block.view.place_of_row(row)).filter(|place| block.range.contains(place));
            if let Some(place) = own {
                target[place - block.range.start] = block.money(block.view.price(place));
            }
        }
        Instruction::Arithmetic(operator, one, other) => {
            arithmetic(*operator, registers.number(*one), registers.number(*other), target);
        }
        Instruction::Change(change, inner) => {
            let inner = registers.number(*inner);
            if registers.vat.len() == lanes {
                target.extend(inner.iter().zip(&registers.vat).map(|(value, vat)| changed(*change, *value, *vat)));
            } else {
                target.extend(inner.iter().map(|value| changed(*change, *value, NONE)));
            }
        }
        Instruction::CostMath(math, one, other) => {
            let pairs = registers.number(*one).iter().zip(registers.number(*other));
            target.extend(pairs.zip(&registers.vat).map(|((one, other), vat)| cost_math(*math, *one, *other, *vat)));
        }
        Instruction::Choose(condition, then, otherwise) => {
            let pairs = registers.number(*then).iter().zip(registers.number(*otherwise));
            let said = registers.logic(*condition).iter();
            target
                .extend(said.zip(pairs).map(|(said, (then, otherwise))| if *said == YES { *then } else { *otherwise }));
        }
        _ => unreachable!("a step that fills a register of numbers"),
    }
}

/// One loop for each operator, so that the choice is not made for every row.
fn arithmetic(operator: Arithmetic, one: &[i64], other: &[i64], target: &mut Vec<i64>) {
    let pairs = one.iter().zip(other);
    match operator {
        Arithmetic::Add => target.extend(pairs.map(|(one, other)| apply(Arithmetic::Add, *one, *other))),
        Arithmetic::Subtract => target.extend(pairs.map(|(one, other)| apply(Arithmetic::Subtract, *one, *other))),
        Arithmetic::Multiply => target.extend(pairs.map(|(one, other)| apply(Arithmetic::Multiply, *one, *other))),
        Arithmetic::Divide => target.extend(pairs.map(|(one, other)| apply(Arithmetic::Divide, *one, *other))),
        Arithmetic::Minimum => target.extend(pairs.map(|(one, other)| apply(Arithmetic::Minimum, *one, *other))),
        Arithmetic::Maximum => target.extend(pairs.map(|(one, other)| apply(Arithmetic::Maximum, *one, *other))),
        Arithmetic::First => target.extend(pairs.map(|(one, other)| apply(Arithmetic::First, *one, *other))),
    }
}

fn load(field: NumberField, block: &Block<'_>, target: &mut Vec<i64>) {
    const SECONDS_PER_DAY: i64 = 86_400;
    const PERIOD_DAYS: i128 = 28;
    /// Stands for “does not sell”.
    const LONGEST_COVER: i64 = 9_999 * MICRO;
    let (view, context, range) = (block.view, block.context, block.range.clone());
    let lanes = range.len();
    let list = view.list();
    let chunk = view.chunk();
    let places = (chunk, range.clone());
    let money = |column: &NarrowColumn, target: &mut Vec<i64>| {
        multiplied(column, places.clone(), (context.micro_per_minor as i64, true), target);
    };
    let day = |seconds: u32| match seconds {
        0 => NONE,
        seconds => (i64::from(seconds) + context.utc_offset_s).div_euclid(SECONDS_PER_DAY) * MICRO,
    };
    match field {
        NumberField::Price => money(&list.price_minor, target),
        NumberField::MinPrice => money(&list.min_minor, target),
        NumberField::MaxPrice => money(&list.max_minor, target),
        NumberField::Rrp => money(&list.rrp_minor, target),
        NumberField::MapPrice => money(&list.map_minor, target),
        NumberField::Cost => target.extend(range.map(|place| match view.usable_cost(context, place) {
            NONE => NONE,
            cost => bounded(cost),
        })),
        NumberField::Vat => {
            let rates = &list.vat_bp.chunk(chunk)[range];
            target.extend(rates.iter().map(|rate| if *rate < 0 { NONE } else { i64::from(*rate) * 100 }));
        }
        NumberField::Stock => multiplied(&view.products().stock, places, (MICRO, false), target),
        NumberField::Units => {
            if !list.has_sales {
                return target.resize(lanes, NONE);
            }
            multiplied(&list.units_28d_milli, places, (1000, false), target);
        }
        NumberField::DaysOfCover => {
            if !list.has_sales {
                return target.resize(lanes, NONE);
            }
            let stock = view.products().stock.values(chunk, range.clone());
            let units = list.units_28d_milli.values(chunk, range);
            target.extend(stock.zip(units).map(|(stock, milli)| match (stock, milli) {
                (NONE, _) => NONE,
                (..=0, _) => 0,
                (_, ..=0) => LONGEST_COVER,
                (stock, milli) => {
                    quotient(i128::from(stock) * PERIOD_DAYS * 1_000_000_000, i128::from(milli)).min(LONGEST_COVER)
                }
            }));
        }
        NumberField::Content => {
            let contents = &view.products().net_content_micro.chunk(chunk)[range];
            target.extend(contents.iter().map(|micro| if *micro > 0 { bounded(*micro) } else { NONE }));
        }
        NumberField::UnitPrice => {
            let prices = list.price_minor.values(chunk, range.clone());
            let contents = view.products().net_content_micro.chunk(chunk)[range].iter();
            target.extend(prices.zip(contents).map(|(price, content)| match (block.money(price), *content) {
                (NONE, _) | (_, ..=0) => NONE,
                (price, content) => apply(Arithmetic::Divide, price, content),
            }));
        }
        NumberField::Today => target.resize(lanes, context.local_day() * MICRO),
        NumberField::Weekday => target.resize(lanes, context.weekday() * MICRO),
        NumberField::Hour => target.resize(lanes, context.hour() * MICRO),
        NumberField::PriceChanged => {
            target.extend(list.price_since_s.chunk(chunk)[range].iter().map(|seconds| day(*seconds)));
        }
        NumberField::Listed => {
            target.extend(view.products().listed_s.chunk(chunk)[range].iter().map(|seconds| day(*seconds)));
        }
    }
}

#[inline(always)]
const fn said(holds: bool) -> u8 {
    if holds { YES } else { NO }
}

/// Adds a value for each row, for several rows at once where the processor can.
#[inline(always)]
fn fill<T>(target: &mut Vec<T>, values: impl Iterator<Item = T>) {
    wide(move || target.extend(values));
}

/// One loop for each comparison, so that the choice is not made for every row.
fn compared(comparison: Comparison, pairs: impl Iterator<Item = (i64, i64)>, target: &mut Vec<u8>) {
    #[inline(always)]
    fn each(pairs: impl Iterator<Item = (i64, i64)>, target: &mut Vec<u8>, holds: impl Fn(i64, i64) -> bool) {
        fill(
            target,
            pairs.map(|(one, other)| if (one == NONE) | (other == NONE) { MISSING } else { said(holds(one, other)) }),
        );
    }
    match comparison {
        Comparison::Equal => each(pairs, target, |one, other| one == other),
        Comparison::NotEqual => each(pairs, target, |one, other| one != other),
        Comparison::Less => each(pairs, target, |one, other| one < other),
        Comparison::LessOrEqual => each(pairs, target, |one, other| one <= other),
        Comparison::Greater => each(pairs, target, |one, other| one > other),
        Comparison::GreaterOrEqual => each(pairs, target, |one, other| one >= other),
    }
}

/// The numbers of a column × `factor`, missing where they are or become too large; amounts also where they are not above
/// zero. Numbers that stand in their column fit.
fn multiplied(
    column: &NarrowColumn,
    (chunk, places): (usize, Range<usize>),
    (factor, is_amount): (i64, bool),
    target: &mut Vec<i64>,
) {
    let counts = |value: i64| (value != NONE) & (!is_amount | (value > 0));
    if column.has_beside() || factor > MICRO {
        let one = |value: i64| value.checked_mul(factor).filter(|_| counts(value)).map_or(NONE, bounded);
        return target.extend(column.values(chunk, places).map(one));
    }
    let narrow = column.chunk(chunk)[places].iter();
    fill(
        target,
        narrow.map(|narrow| {
            let value = widened(*narrow);
            if counts(value) { i64::from(*narrow) * factor } else { NONE }
        }),
    );
}

fn logic(step: &Step, block: &Block<'_>, registers: &Registers, target: &mut Vec<u8>) {
    let lanes = block.range.len();
    let (products, chunk) = (block.view.products(), block.view.chunk());
    match &step.instruction {
        Instruction::Truth(holds) => target.resize(lanes, said(*holds)),
        Instruction::Compare(comparison, one, other) => {
            let pairs = registers.number(*one).iter().zip(registers.number(*other));
            compared(*comparison, pairs.map(|(one, other)| (*one, *other)), target);
        }
        Instruction::CompareWith(comparison, one, micro) => {
            compared(*comparison, registers.number(*one).iter().map(|one| (*one, *micro)), target);
        }
        Instruction::Codes(field, table) => {
            let codes = match field {
                TextField::Brand => &products.brand,
                TextField::Category => &products.category,
                TextField::Supplier => &products.supplier,
                TextField::Family => &products.family,
                _ => &products.tags,
            };
            target.extend(codes.chunk(chunk)[block.range.clone()].iter().map(|code| table[*code as usize]));
        }
        Instruction::Attribute(place, table) => {
            let codes = &block.view.attribute(*place).chunk(chunk)[block.range.clone()];
            target.extend(codes.iter().map(|code| table[*code as usize]));
        }
        Instruction::Nothing => target.resize(lanes, MISSING),
        Instruction::Lists(lists) => target.resize(lanes, lists[block.context.list]),
        Instruction::Text(field, test) => {
            let texts = if *field == TextField::Sku { &products.sku } else { &products.name };
            let first = block.view.first_row();
            target.extend(
                block
                    .range
                    .clone()
                    .enumerate()
                    .map(|(lane, place)| said(block.is_needed(lane) && passes(test, texts.get(first + place)))),
            );
        }
        Instruction::Enum(field, bits) => {
            let places = enum_column(*field, block).chunk(chunk)[block.range.clone()].iter();
            fill(target, places.map(|place| if *place == NO_INDEX { MISSING } else { said(has_bit(*bits, *place)) }));
        }
        Instruction::HasEnum(field) => {
            let places = enum_column(*field, block).chunk(chunk)[block.range.clone()].iter();
            fill(target, places.map(|place| said(*place != NO_INDEX)));
        }
        Instruction::Flag(flag) => {
            let (column, mask) = match flag {
                FlagField::KeyValue => {
                    let range = block.range.clone();
                    let carried = products.flags.chunk(chunk)[range.clone()].iter();
                    let roles = products.role.chunk(chunk)[range].iter();
                    let pairs = carried.zip(roles);
                    return fill(target, pairs.map(|(flags, role)| said(ProductFlags::is_key_value(*flags, *role))));
                }
                FlagField::OwnBrand => (&products.flags, ProductFlags::OWN_BRAND),
                FlagField::Locked => (&block.view.list().flags, ListFlags::LOCKED),
                FlagField::OnPromotion => (&block.view.list().flags, ListFlags::PROMOTION),
            };
            fill(target, column.chunk(chunk)[block.range.clone()].iter().map(|flags| said(flags & mask != 0)));
        }
        Instruction::Has(inner) => fill(target, registers.number(*inner).iter().map(|value| said(*value != NONE))),
        Instruction::And(one, other) => {
            let pairs = registers.logic(*one).iter().zip(registers.logic(*other));
            fill(target, pairs.map(|(one, other)| *one.min(other)));
        }
        Instruction::Or(one, other) => {
            let pairs = registers.logic(*one).iter().zip(registers.logic(*other));
            fill(target, pairs.map(|(one, other)| *one.max(other)));
        }
        Instruction::Not(inner) => fill(target, registers.logic(*inner).iter().map(|said| YES - said)),
        _ => unreachable!("a step that fills a register of yes and no"),
    }
}

fn enum_column<'a>(field: EnumField, block: &Block<'a>) -> &'a crate::columns::Column<u8> {
    let products = block.view.products();
    match field {
        EnumField::Role => &products.role,
        EnumField::Lifecycle => &products.lifecycle,
        EnumField::CostType => &products.cost_type,
        EnumField::ContentUnit => &products.content_unit,
    }
}
