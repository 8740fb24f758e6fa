//! A program's steps for one row in words: “comp.lowest − 0.01 = 79.99”.

use pricing_domain::{Currency, decimal_text};

use super::arithmetic::MICRO;
use super::evaluate::Registers;
use super::instructions::{Instruction, MISSING, Step, YES};
use super::problems::TextRange;
use super::program::Program;
use super::typed::Type;
use crate::columns::NONE;

/// One step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TraceLine {
    /// The words of the text.
    pub(crate) words: String,
    /// What came out.
    pub(crate) value: String,
    /// Money in millionths, where it is money.
    pub(crate) money_micro: Option<i64>,
    /// Whether it is missing.
    pub(crate) missing: bool,
}

/// The steps of a program that was run over one row, in the order they were computed; constants are left out.
pub(crate) fn trace(program: &Program, registers: &Registers, currency: Currency) -> Vec<TraceLine> {
    let is_alone = program.steps.len() == 1;
    let shown =
        |step: &&Step| is_alone || !matches!(step.instruction, Instruction::Constant(_) | Instruction::Truth(_));
    let mut lines: Vec<(TextRange, TraceLine)> = Vec::new();
    for step in program.steps.iter().filter(shown) {
        let words = step.range.of(&program.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let line = if step.instruction.is_number() {
            let micro = registers.number(step.target)[0];
            TraceLine {
                words,
                value: value_text(micro, step.ty, currency),
                money_micro: (micro != NONE && step.ty == Type::Money).then_some(micro),
                missing: micro == NONE,
            }
        } else {
            let said = registers.logic(step.target)[0];
            let value = match said {
                YES => "yes",
                MISSING => "missing",
                _ => "no",
            };
            TraceLine { words, value: value.into(), money_micro: None, missing: said == MISSING }
        };
        // Several steps may come from the same words (min of three): the last one is their value.
        lines.retain(|(range, _)| *range != step.range);
        lines.push((step.range, line));
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// A value in the form of its type.
fn value_text(micro: i64, ty: Type, currency: Currency) -> String {
    match ty {
        _ if micro == NONE => "missing".into(),
        Type::Money | Type::UnitMoney => decimal_text(micro, 6, currency.minor_digits()),
        Type::Percent => format!("{} %", decimal_text(micro, 4, 0)),
        Type::Day => {
            pricing_domain::Instant(micro / MICRO * pricing_domain::MICROSECONDS_PER_DAY).utc_date().to_string()
        }
        _ => decimal_text(micro, 6, 0),
    }
}
