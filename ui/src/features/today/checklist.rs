//! The first minutes: from import to the first export. Gone once done.

use app_contract::{ChecklistStep, StartCollection, StartPricing};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::FileKind;

use crate::components::icon::{Glyph, Icon};
use crate::features::import::desk::ImportDesk;
use crate::routes::Screen;
use crate::writes::write;

/// The steps; the first that is not done has its action.
#[component]
pub fn Checklist(
    /// The steps in order.
    steps: Vec<ChecklistStep>,
) -> impl IntoView {
    let first = steps.iter().position(|step| !step.done);
    let rows = steps
        .into_iter()
        .enumerate()
        .map(|(place, step)| {
            let action = (Some(place) == first).then(|| view! { <StepAction key=step.key.clone() /> });
            let state = if step.done { "done" } else { "to do" };
            view! {
                <li class="step" class:done=step.done>
                    <span class="step-mark">{step.done.then(|| view! { <Icon glyph=Glyph::Check /> })}</span>
                    <span>{step.title}</span>
                    <span class="visually-hidden">{state}</span>
                    {action}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="checklist">{rows}</ol> }
}

/// What does the step.
#[component]
fn StepAction(
    /// Which step.
    key: String,
) -> impl IntoView {
    let desk = expect_context::<ImportDesk>();
    let collect = write::<StartCollection>(|_| {});
    let price = write::<StartPricing>(|_| {});
    let button = |words: &'static str, act: Callback<()>| {
        view! { <button type="button" class="button primary small" on:click=move |_| act.run(())>{words}</button> }
            .into_any()
    };
    match key.as_str() {
        "import_products" => button("Choose a file…", Callback::new(move |()| desk.pick(Some(FileKind::Products)))),
        "import_matches" => button("Choose a file…", Callback::new(move |()| desk.pick(Some(FileKind::Matches)))),
        "collect" => button(
            "Collect now",
            Callback::new(move |()| {
                collect.run(StartCollection { all: false });
            }),
        ),
        "price" => button(
            "Price now",
            Callback::new(move |()| {
                price.run(StartPricing {});
            }),
        ),
        _ => view! { <A href=Screen::Proposals.path() attr:class="button primary small">"Open the proposals"</A> }
            .into_any(),
    }
}
