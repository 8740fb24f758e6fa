//! What the elasticities behind a plan rest on.

use app_contract::{ElasticityGrade, ScenarioGrade};
use leptos::prelude::*;

use crate::components::table::{Column, TableShape, row};
use crate::formats::{decimal, integer};

const GRADES: TableShape = TableShape::bare(&[
    Column::head("Elasticity from"),
    Column::number("Products"),
    Column::number("Of their revenue"),
])
.testid("plan-grades");

/// Products and revenue by grade.
#[component]
pub fn GradeShares(
    /// The best first.
    grades: Vec<ScenarioGrade>,
) -> impl IntoView {
    let rows = grades
        .into_iter()
        .map(|one| row![one.grade.title(), integer(one.products), format!("{} %", decimal(one.revenue_percent, 1))]);
    let rows = rows.collect();
    GRADES.with(rows)
}

/// “12 own data, 3 the category's estimate”; only grades that there are.
pub fn grade_counts(grades: &[(ElasticityGrade, u64)]) -> String {
    let counts = grades.iter().filter(|(_, count)| *count > 0);
    let words = counts.map(|(grade, count)| format!("{} {}", integer(*count), grade.title()));
    words.collect::<Vec<_>>().join(", ")
}
