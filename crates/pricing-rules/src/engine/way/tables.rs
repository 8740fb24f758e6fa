//! The part of the way from a table in two dimensions: the row and the column that were reached, and the cell between them.

use pricing_domain::{TableSide, TwoWayTable};

use super::{Lines, WayKind, formulas};
use crate::columns::NONE;
use crate::engine::compile::checked;
use crate::engine::inputs::Case;
use crate::language::{Expects, Program};

/// A part of a table by itself, which looks at the same offers as the whole.
fn part(case: &Case<'_>, text: &str, expects: Expects, whole: &Program) -> Program {
    let ordinary = pricing_domain::OfferPolicy::default();
    let program = Program::compile(&checked(text, expects), &ordinary, &case.snapshot);
    Program { policy: whole.policy.clone(), ignores_below_floor: whole.ignores_below_floor, ..program }
}

/// The band of a side that is for the product, and what was looked at last. `None`: the side is for it nowhere.
fn reached(case: &Case<'_>, side: &TableSide, whole: &Program) -> (Option<usize>, String) {
    let mut looked_at = String::new();
    for (band, condition) in side.conditions() {
        let Some(condition) = condition else { return (Some(band), looked_at) };
        let program = part(case, &condition, Expects::Condition, whole);
        let steps = formulas::steps(case, &program);
        let inner: Vec<_> = formulas::leaves(&program, &steps).into_iter().cloned().collect();
        if !inner.is_empty() {
            looked_at = formulas::values(&inner);
        }
        if formulas::failing_condition(case, &program).is_none() {
            return (Some(band), looked_at);
        }
    }
    (None, looked_at)
}

/// Whether the value that divides a side is there.
fn has_value(case: &Case<'_>, side: &TableSide, whole: &Program) -> bool {
    let asked = format!("has({})", side.of);
    !side.needs_value() || formulas::failing_condition(case, &part(case, &asked, Expects::Condition, whole)).is_none()
}

/// The row and the column that were reached, the amounts of their cell, and what it gives.
pub(super) fn table(lines: &mut Lines<'_>, case: &Case<'_>, table: &TwoWayTable, whole: &Program, wanted: i64) {
    let mut places = Vec::new();
    for (what, side) in [("Row", &table.rows), ("Column", &table.columns)] {
        let (Some(band), looked_at) = reached(case, side, whole) else { return };
        let looked_at = if looked_at.is_empty() { String::new() } else { format!(" ({looked_at})") };
        let detail = format!("{what} {} of {}{looked_at}.", side.bands[band].label(), side.of.trim());
        lines.add(WayKind::Formula, what, detail, NONE);
        places.push(band);
    }
    if let [row, column] = places[..] {
        let cell = part(case, &table.prices[row][column], Expects::Formula, whole);
        formulas::amounts(lines, case, &cell, "Table", Some(wanted));
    }
}

/// Why a table gives no price.
pub(super) fn missing_input(case: &Case<'_>, table: &TwoWayTable, whole: &Program) -> String {
    let mut places = Vec::new();
    for (what, side) in [("row", &table.rows), ("column", &table.columns)] {
        if !has_value(case, side, whole) {
            return format!("“{}” is missing, which the {what}s of its table are by", side.of.trim());
        }
        match reached(case, side, whole) {
            (Some(band), _) => places.push(band),
            (None, _) => return format!("no {what} of its table is for this “{}”", side.of.trim()),
        }
    }
    match places[..] {
        [row, column] => {
            let missing =
                formulas::missing_input(case, &part(case, &table.prices[row][column], Expects::Formula, whole));
            let (row, column) = (table.rows.bands[row].label(), table.columns.bands[column].label());
            format!("in row {row}, column {column} of its table, {missing}")
        }
        _ => formulas::missing_input(case, whole),
    }
}
