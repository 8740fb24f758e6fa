//! The rows that were refused and the cells that were read otherwise than they stand, each with its reason.

use leptos::prelude::*;
use pricing_domain::Problem;

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

fn table(problems: Vec<Problem>, title: String, count: u64, label: &'static str) -> impl IntoView + use<> {
    let listed = problems.len() as u64;
    let title = if listed < count { format!("{title}, the first {} listed", integer(listed)) } else { title };
    let rows = problems
        .into_iter()
        .map(|problem| {
            view! {
                <tr>
                    <td class="numeric">{if problem.line == 0 { "file".to_owned() } else { integer(problem.line) }}</td>
                    <td>{problem.column}</td>
                    <td class="code">{problem.found}</td>
                    <td>{problem.reason}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h3>{title}</h3>
        <div class="table-frame" tabindex="0" role="region" aria-label=label>
            <table>
                <thead>
                    <tr>
                        <th scope="col" class="numeric">"Line"</th>
                        <th scope="col">"Column"</th>
                        <th scope="col">"Found"</th>
                        <th scope="col">"Why, and what would be right"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
