//! What runs by itself, one line each.

use app_contract::{AutomationView, JobKind, PauseAutomation, RemoveAutomation, RunAutomation};
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::features::rules::rule_words;
use crate::formats::date_time;
use crate::session::Jobs;
use crate::writes::write;

/// The list.
#[component]
pub fn AutomationList(
    /// By name.
    automations: Vec<AutomationView>,
    /// Whether the stop switch blocks them.
    stopped: bool,
    /// Opens the form of one.
    edit: Callback<AutomationView>,
) -> impl IntoView {
    let blocked = stopped.then(|| {
        view! {
            <p class="negative" role="status" data-testid="automations-stopped">
                "■ The stop switch is on: nothing runs by itself until it is released."
            </p>
        }
    });
    if automations.is_empty() {
        let text =
            "Nothing runs by itself. A plan collects, prices, approves by the policy and hands over on a schedule.";
        return view! { {blocked}<Empty text /> }.into_any();
    }
    let lines = automations.into_iter().map(|automation| view! { <Line automation edit /> }).collect_view();
    view! { {blocked}<ul class="automations" data-testid="automations">{lines}</ul> }.into_any()
}

/// One of them.
#[component]
fn Line(
    /// Which.
    automation: AutomationView,
    /// Opens its form.
    edit: Callback<AutomationView>,
) -> impl IntoView {
    let jobs = expect_context::<Jobs>();
    let run = write::<RunAutomation>(move |job| jobs.heard(job));
    let pause = write::<PauseAutomation>(|_| {});
    let remove = write::<RemoveAutomation>(|_| {});
    let at_work = move || jobs.running_of(JobKind::Automation).is_some();
    let AutomationView { id, plan, words, paused, next_at, last_at } = automation.clone();
    let next = match next_at {
        Some(at) => format!("next {}", date_time(at)),
        None => "rests".to_owned(),
    };
    let last = last_at.map(|at| format!(" · last {}", date_time(at))).unwrap_or_default();
    let steps = [
        plan.collect.then_some("collect"),
        Some("price"),
        plan.approve.then_some("approve by the policy"),
        match plan.target {
            pricing_domain::AutomationTarget::Nothing => None,
            pricing_domain::AutomationTarget::File => Some("hand over as a file"),
            pricing_domain::AutomationTarget::Connection => Some("publish to the shop"),
        },
    ];
    let steps = steps.into_iter().flatten().collect::<Vec<_>>().join(" → ");
    let scope = match plan.scope.0.is_empty() {
        true => "all products".to_owned(),
        false => rule_words::scope(&plan.scope),
    };
    view! {
        <li>
            <div>
                <strong>{plan.name}</strong>
                <p>{format!("{} ({}) · {next}{last}", words.trim_end_matches('.'), plan.time_zone)}</p>
                <p class="muted">{format!("{steps}, for {scope}")}</p>
            </div>
            <div class="actions">
                <button
                    type="button"
                    class="button small"
                    data-testid="run-automation"
                    disabled=at_work
                    on:click=move |_| { run.run(RunAutomation { automation: id }); }
                >
                    "Run now"
                </button>
                <button
                    type="button"
                    class="button small"
                    data-testid="pause-automation"
                    on:click=move |_| { pause.run(PauseAutomation { automation: id, paused: !paused }); }
                >
                    {if paused { "Let it go on" } else { "Pause" }}
                </button>
                <button type="button" class="button small" on:click=move |_| edit.run(automation.clone())>"Change"</button>
                <button
                    type="button"
                    class="button small"
                    on:click=move |_| { remove.run(RemoveAutomation { automation: id }); }
                >
                    "Remove"
                </button>
            </div>
        </li>
    }
}
