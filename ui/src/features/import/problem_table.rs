//! The rows that were refused, each with its reason.

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
    let listed = problems.len() as u64;
    let title = match listed < count {
        true => format!("{}, the first {} listed", counted(count, "problem", "problems"), integer(listed)),
        false => counted(count, "problem", "problems"),
    };
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
    Some(view! {
        <h3>{title}</h3>
        <div class="table-frame" tabindex="0" role="region" aria-label="Problems">
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
    })
}
