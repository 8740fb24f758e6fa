//! The price tests that are kept, and what each says so far.

use app_contract::{ExperimentReading, ExperimentRow, ProposeExperiment, ReadExperiment, RemoveExperiment};
use leptos::prelude::*;
use pricing_domain::ExperimentId;

use super::grades::grade_counts;
use super::proposed::Proposed;
use crate::components::reading::Reading;
use crate::formats::{counted, decimal, integer};
use crate::reads::read;
use crate::writes::write;

/// The list, and the reading of the one that is open.
#[component]
pub fn KeptExperiments(
    /// The tests, newest first.
    rows: Vec<ExperimentRow>,
    /// The one that is open.
    open: RwSignal<Option<ExperimentId>>,
) -> impl IntoView {
    let made = RwSignal::new(None);
    let propose = write::<ProposeExperiment>(move |done| made.set(Some(done)));
    let remove = write::<RemoveExperiment>(|_| {});
    let is_empty = rows.is_empty();
    let lines = rows.into_iter().map(|row| {
        let id = row.id;
        let about = format!(
            "{} weeks from {}, new prices {} %, {} with and {} without",
            row.experiment.weeks,
            row.starts,
            decimal(row.experiment.percent, 0),
            integer(row.treated),
            integer(row.held)
        );
        view! {
            <tr class:chosen=move || open.get() == Some(id)>
                <th scope="row">
                    <button
                        type="button"
                        class="link-button"
                        data-testid="open-experiment"
                        on:click=move |_| open.set(Some(id))
                    >
                        {row.name}
                    </button>
                </th>
                <td>{about}</td>
                <td class="row-actions">
                    <button
                        type="button"
                        class="button small"
                        data-testid="propose-experiment"
                        disabled=move || propose.pending().get()
                        on:click=move |_| { propose.run(ProposeExperiment { experiment: id }); }
                    >
                        "Propose the new prices"
                    </button>
                    <button
                        type="button"
                        class="button small"
                        on:click=move |_| {
                            if open.get_untracked() == Some(id) {
                                open.set(None);
                            }
                            remove.run(RemoveExperiment { experiment: id });
                        }
                    >
                        "Remove"
                    </button>
                </td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let nothing = is_empty.then(|| {
        view! { <p class="muted">"Design a test below and keep it; once it runs, its sales are read here."</p> }
    });
    let reading = read(move || open.get().map(|experiment| ReadExperiment { experiment }));
    view! {
        {nothing}
        <Proposed made />
        <div class="table-frame" tabindex="0" role="region" aria-label="Price tests" hidden=is_empty>
            <table data-testid="experiments-kept"><tbody>{lines}</tbody></table>
        </div>
        <Show when=move || open.get().is_some()>
            <Reading from=reading lines=4 show=|reading: ExperimentReading| view! { <Said reading /> } />
        </Show>
    }
}

/// What a test says, the plain answer first.
#[component]
fn Said(
    /// The reading.
    reading: ExperimentReading,
) -> impl IntoView {
    let line = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let remarks = reading.remarks.iter().cloned().map(|remark| view! { <li>{remark}</li> }).collect_view();
    let group = |place: usize| {
        let (before, after) = reading.units[place];
        format!("{} → {} a week", decimal(before, 1), decimal(after, 1))
    };
    let price =
        reading.price_change.map(|change| line("Prices charged differ by", format!("{} %", decimal(change, 1))));
    let elasticity = reading.elasticity.map(|found| {
        let words = format!("{} ({} to {})", decimal(found.value, 2), decimal(found.low, 2), decimal(found.high, 2));
        line("The elasticity that it means", words)
    });
    let expected = reading
        .expected_elasticity
        .map(|value| line("By the sales as a whole", format!("{} on average", decimal(value, 2))));
    view! {
        <p class="scenario-answer" data-testid="experiment-reading">{reading.answer.clone()}</p>
        <ul class="muted">{remarks}</ul>
        <dl class="facts">
            {line("Looked at", counted(u64::from(reading.weeks), "week", "weeks"))}
            {line("Units with the new price", group(0))}
            {line("Units with the old price", group(1))}
            {line("Products", format!("{} and {}", integer(reading.treated), integer(reading.held)))}
            {line("By chance alone", format!("a difference as large in {} of 100 tests", decimal(100.0 * reading.p, 1)))}
            {price}
            {elasticity}
            {expected}
            {line("Elasticities of these products rest on", grade_counts(&reading.grades))}
        </dl>
    }
}
