//! The language of conditions and formulas: small, typed, and readable by whoever reads a spreadsheet.
//!
//! `check` reads a text and gives either something that can be compiled, or every problem with the place of the word
//! it is about and a proposed fix. Amounts are exact integers: money, numbers, percentages and days are millionths of
//! their unit. **Declared rounding**: each product and each quotient is rounded once to the nearest millionth, halves
//! away from zero; the price that a formula gives is rounded once more, to the nearest minor unit. What does not fit,
//! a division by zero and a missing input give “missing”. A missing condition does not hold; a formula that gives
//! “missing” hands over to the rule's fallback.
//!
//! Grammar, loosest first: `or` · `and` · `not` · one of `= <> < <= > >= in within contains starts with ends with` ·
//! `+ -` · `* / of` · `-` before a value · `%` behind it. Names and words are read in any case.

mod arithmetic;
mod check;
mod check_calls;
mod check_operators;
mod complete;
mod describe;
mod evaluate;
mod instructions;
mod lexer;
mod names;
mod parser;
mod print;
mod problems;
mod program;
mod scopes;
mod suggest;
mod syntax;
mod typed;
mod units;

pub use check::{Expects, Typed, check};
pub use complete::{Completion, CompletionKind, ValueWish, complete, value_completions, value_wish};
pub use names::{TextField, function_list, name_list};
pub use print::format_expression;
pub use problems::{LanguageFix, LanguageProblem, TextRange};
pub use scopes::scope_text;

pub(crate) use describe::{TraceLine, trace};
pub(crate) use evaluate::{Block, Registers};
pub(crate) use program::Program;
pub(crate) use scopes::{ScopePart, scope_parts};
pub(crate) use suggest::nearest;
