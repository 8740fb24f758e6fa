//! A plan: when, for which products, and how far it goes by itself.

use app_contract::{AutomationView, ConnectionView, ListConnections, SaveAutomation};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::{AutomationPlan, AutomationTarget, Scope};

use crate::components::fields::{CheckInput, ChoiceInput, TextInput};
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::features::rules::scope_form::ScopeForm;
use crate::reads::read;
use crate::writes::write;

/// Patterns that most people need, with their words.
const USUAL: [(&str, &str); 4] = [
    ("0 5 * * *", "Every day at 05:00"),
    ("0 5 * * 1-5", "On workdays at 05:00"),
    ("0 5,13 * * *", "Every day at 05:00 and 13:00"),
    ("0 */4 * * *", "Every four hours"),
];

const TARGETS: [(&str, &str); 3] = [
    ("nothing", "wait for a person to hand them over"),
    ("file", "go into a file for the shop"),
    ("connection", "go to a connected shop"),
];

/// The form. `before`: the one that is changed.
#[component]
pub fn PlanForm(
    /// The one that is changed; `None`: a new one.
    before: Option<AutomationView>,
    /// Called when it is saved or given up.
    close: Callback<()>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let automation = before.as_ref().map(|view| view.id);
    let plan = RwSignal::new(before.map_or_else(starting, |view| view.plan));
    let save = write::<SaveAutomation>(move |_| {
        toasts.done("Saved. It runs by itself while the application, `serve` or `automation watch` is open.");
        close.run(());
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save.run(SaveAutomation { automation, plan: plan.get_untracked() });
    };
    let started = plan.get_untracked();
    let usual = USUAL.map(|(text, words)| {
        view! { <option value=text selected=move || plan.with(|plan| plan.pattern == text)>{words}</option> }
    });
    let own = move || plan.with(|plan| !USUAL.iter().any(|(text, _)| *text == plan.pattern));
    let target = Signal::derive(move || plan.with(|plan| plan.target.to_string()));
    view! {
        <form class="form automation-form" on:submit=submit data-testid="automation-form">
            <TextInput
                label="Name"
                value=started.name
                testid="automation-name"
                set=Callback::new(move |name| plan.update(|plan| plan.name = name))
            />
            <label class="field">
                <span>"When"</span>
                <select on:change:target=move |event| plan.update(|plan| plan.pattern = event.target().value())>
                    {usual}
                    <option value="" disabled selected=own>"As the pattern says"</option>
                </select>
            </label>
            <label class="field">
                <span>"Pattern: minute, hour, day, month, weekday"</span>
                <input
                    type="text"
                    class="code"
                    data-testid="automation-pattern"
                    prop:value=move || plan.with(|plan| plan.pattern.clone())
                    on:input:target=move |event| plan.update(|plan| plan.pattern = event.target().value())
                />
            </label>
            <TextInput
                label="Time zone"
                value=started.time_zone
                set=Callback::new(move |zone| plan.update(|plan| plan.time_zone = zone))
            />
            <CheckInput
                label="First collect the competitor pages that are due"
                value=started.collect
                set=Callback::new(move |on| plan.update(|plan| plan.collect = on))
            />
            <p class="muted">"Then price the whole catalogue. Of the products below:"</p>
            <ScopeForm
                scope=Signal::derive(move || plan.with(|plan| plan.scope.clone()))
                set=Callback::new(move |scope: Scope| plan.update(|plan| plan.scope = scope))
            />
            <CheckInput
                label="Approve what the approval policy allows"
                value=started.approve
                set=Callback::new(move |on| plan.update(|plan| plan.approve = on))
            />
            <ChoiceInput
                label="Approved prices"
                value=target
                choices=TARGETS.to_vec()
                testid="automation-target"
                set=Callback::new(move |key: String| {
                    plan.update(|plan| {
                        plan.target = key.parse().unwrap_or(AutomationTarget::Nothing);
                        if plan.target != AutomationTarget::Connection {
                            plan.connection = None;
                        }
                    });
                })
            />
            <Show when=move || plan.with(|plan| plan.target == AutomationTarget::Connection)>
                <ShopChoice plan />
            </Show>
            <p class="muted">
                "The stop switch blocks it, the circuit breaker holds it, exceptions and everything outside wait for a person."
            </p>
            <div class="actions">
                <button type="submit" class="button primary" data-testid="save-automation" disabled=save.pending()>
                    "Save and switch on"
                </button>
                <button type="button" class="button" on:click=move |_| close.run(())>"Cancel"</button>
            </div>
        </form>
    }
}

/// Which connected shop the prices go to.
#[component]
fn ShopChoice(
    /// The plan.
    plan: RwSignal<AutomationPlan>,
) -> impl IntoView {
    let connections = read(|| Some(ListConnections {}));
    let show = move |connections: Vec<ConnectionView>| {
        if plan.with_untracked(|plan| plan.connection.is_none()) {
            plan.update(|plan| plan.connection = connections.first().map(|one| one.id));
        }
        if connections.is_empty() {
            return view! { <p class="muted">"No shop is connected yet. Connect one under Connections first."</p> }
                .into_any();
        }
        let choices = connections.clone();
        let options = connections
            .into_iter()
            .map(|one| {
                let is_chosen = move || plan.with(|plan| plan.connection == Some(one.id));
                view! { <option value=one.id.to_string() selected=is_chosen>{one.name}</option> }
            })
            .collect_view();
        let choose = move |key: String| {
            let chosen = choices.iter().find(|one| one.id.to_string() == key).map(|one| one.id);
            plan.update(|plan| plan.connection = chosen);
        };
        view! {
            <label class="field">
                <span>"Shop"</span>
                <select data-testid="automation-shop" on:change:target=move |event| choose(event.target().value())>
                    {options}
                </select>
            </label>
            <p class="muted">"Each price is verified in the shop. Prices that somebody changed there stay."</p>
        }
        .into_any()
    };
    view! { <Reading from=connections lines=1 show /> }
}

fn starting() -> AutomationPlan {
    AutomationPlan {
        name: String::new(),
        pattern: USUAL[0].0.to_owned(),
        time_zone: crate::formats::time_zone(),
        scope: Scope::default(),
        collect: true,
        competitors: Vec::new(),
        approve: true,
        target: AutomationTarget::Nothing,
        connection: None,
    }
}
