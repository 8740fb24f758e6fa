//! Automation: what runs by itself, what it did today, its turns.

use app_contract::{AutomationView, AutomationsView, ListAutomations};
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::features::automations::digest::Digest;
use crate::features::automations::list::AutomationList;
use crate::features::automations::plan_form::PlanForm;
use crate::features::automations::turns::Turns;
use crate::reads::read;

/// What the form is about.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    Closed,
    New,
    Of(Box<AutomationView>),
}

/// The screen.
#[component]
pub fn AutomationPage() -> impl IntoView {
    let automations = read(|| Some(ListAutomations {}));
    let form = RwSignal::new(Form::Closed);
    let edit = Callback::new(move |view: AutomationView| form.set(Form::Of(Box::new(view))));
    let close = Callback::new(move |()| form.set(Form::Closed));
    let open_form = move || match form.get() {
        Form::Closed => ().into_any(),
        Form::New => view! { <Panel title="A new plan"><PlanForm before=None close /></Panel> }.into_any(),
        Form::Of(view) => {
            view! { <Panel title="Change the plan"><PlanForm before=Some(*view) close /></Panel> }.into_any()
        }
    };
    view! {
        <div class="page scrolls" data-testid="page-automation">
            <div class="page-head">
                <h1 class="page-title">"Automation"</h1>
                <div class="actions">
                    <button
                        type="button"
                        class="button"
                        data-testid="new-automation"
                        on:click=move |_| form.set(Form::New)
                    >
                        <Icon glyph=Glyph::Add />
                        <span>"New plan"</span>
                    </button>
                </div>
            </div>
            {open_form}
            <Panel title="Digest">
                <Digest />
            </Panel>
            <Reading
                from=automations
                lines=8
                show=move |view: AutomationsView| {
                    view! {
                        <Panel title="What runs by itself">
                            <AutomationList automations=view.automations stopped=view.stopped edit />
                        </Panel>
                        <Panel title="Turns">
                            <Turns turns=view.turns />
                        </Panel>
                    }
                }
            />
        </div>
    }
}
