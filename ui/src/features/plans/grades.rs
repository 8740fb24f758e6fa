//! What the elasticities behind a plan rest on.

use app_contract::{ElasticityGrade, ScenarioGrade};
use leptos::prelude::*;

use crate::formats::{decimal, integer};

/// Products and revenue by grade.
#[component]
pub fn GradeShares(
    /// The best first.
    grades: Vec<ScenarioGrade>,
) -> impl IntoView {
    let rows = grades.into_iter().map(|one| {
        view! {
            <tr>
                <th scope="row">{one.grade.title()}</th>
                <td class="numeric">{integer(one.products)}</td>
                <td class="numeric">{format!("{} %", decimal(one.revenue_percent, 1))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <table data-testid="plan-grades">
            <thead>
                <tr>
                    <th scope="col">"Elasticity from"</th>
                    <th scope="col" class="numeric">"Products"</th>
                    <th scope="col" class="numeric">"Of their revenue"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// “12 own data, 3 the category's estimate”; only grades that there are.
pub fn grade_counts(grades: &[(ElasticityGrade, u64)]) -> String {
    let counts = grades.iter().filter(|(_, count)| *count > 0);
    let words = counts.map(|(grade, count)| format!("{} {}", integer(*count), grade.title()));
    words.collect::<Vec<_>>().join(", ")
}
