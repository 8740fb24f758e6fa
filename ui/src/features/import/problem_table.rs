//! The rows that were refused and the cells that were read otherwise than they stand, each with its reason.

use leptos::prelude::*;
use pricing_domain::Problem;

use crate::components::table::{Column, TableShape, row};
use crate::formats::{counted, integer};

/// The problems of a file.
#[component]
pub fn ProblemTable(
    /// The first of them.
    problems: Vec<Problem>,
    /// How many there are in all.
    count: u64,
) -> impl IntoView {
    if count == 0 {
        return None;
    }
    Some(table(problems, counted(count, "problem", "problems"), count, "Problems"))
}

/// Cells that were left out, or read otherwise than they stand, in rows that go in.
#[component]
pub fn NoteTable(
    /// The first of them.
    notes: Vec<Problem>,
    /// How many there are in all.
    count: u64,
) -> impl IntoView {
    (count > 0).then(|| table(notes, counted(count, "cell read otherwise", "cells read otherwise"), count, "Notes"))
}

const PROBLEMS: TableShape = TableShape::framed(
    "Problems",
    &[
        Column::number("Line"),
        Column::text("Column"),
        Column::text("Found").class("code"),
        Column::text("Why, and what would be right"),
    ],
);

fn table(problems: Vec<Problem>, title: String, count: u64, label: &'static str) -> impl IntoView + use<> {
    let listed = problems.len() as u64;
    let title = if listed < count { format!("{title}, the first {} listed", integer(listed)) } else { title };
    let rows = problems
        .into_iter()
        .map(|problem| {
            let line = if problem.line == 0 { "file".to_owned() } else { integer(problem.line) };
            row![line, problem.column, problem.found, problem.reason]
        })
        .collect();
    view! {
        <h3>{title}</h3>
        {PROBLEMS.labelled(label).with(rows)}
    }
}
