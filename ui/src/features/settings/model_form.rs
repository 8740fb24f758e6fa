//! Who answers questions: the advisor or a language model, its key, what leaves this machine, and the month's limit.

use app_contract::{
    LocalModelServer, ModelKind, ModelProtocol, ModelSettings, ModelSettingsView, ModelTest, SaveModelSettings,
    SetModelKey, ShareCosts, TestModel, ToolCalling,
};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::decimal_text;

use super::local_servers::LocalServers;
use crate::components::facts::items;
use crate::components::fields::{CheckInput, ChoiceInput, NumberInput, TextInput};
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::formats::integer;
use crate::writes::write;

const MODELS: &str = "models-there";

/// The form.
#[component]
pub fn ModelForm(
    /// As it is.
    view: ModelSettingsView,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let held = RwSignal::new(view.settings.clone());
    let models = RwSignal::new(Vec::<String>::new());
    let tested = RwSignal::new(None::<ModelTest>);
    let save = write::<SaveModelSettings>(move |_| toasts.done("Saved."));
    let test = write::<TestModel>(move |test: ModelTest| {
        models.set(test.models.clone());
        tested.set(Some(test));
    });
    let (saved, consent) = (view.settings.kind, view.settings.consent());
    let is_saved = Memo::new(move |_| held.with(|held| held.kind == saved && held.consent() == consent));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let settings = held.get_untracked();
        // Nobody agrees to what is not on the screen yet.
        let agreed = settings.agreed && is_saved.get_untracked();
        save.run(SaveModelSettings { settings: ModelSettings { agreed, ..settings } });
    };
    let kind = Memo::new(move |_| held.with(|held| held.kind));
    let with_model = move || kind.get() != ModelKind::Advisor;
    let problem = view.problem.clone();
    let status = move || {
        tested.get().map(|test| {
            let class = if test.reached { "muted" } else { "notice caution" };
            view! { <p class=class role="status" data-testid="model-tested">{format!("{} ({} ms)", test.message, test.elapsed_ms)}</p> }
        })
    };
    let keys = view.clone();
    let (leaves, local) = (view.leaves.clone(), view.local);
    view! {
        <form class="form" on:submit=submit>
            <ChoiceInput
                label="Questions are answered by"
                value=Signal::derive(move || kind.get().as_str().to_owned())
                choices=ModelKind::ALL.map(|kind| (kind.as_str(), kind.title())).to_vec()
                testid="model-kind"
                set=Callback::new(move |key: String| {
                    let chosen = ModelKind::ALL.into_iter().find(|kind| kind.as_str() == key).unwrap_or_default();
                    held.update(|held| held.kind = chosen);
                })
            />
            <Show when=with_model>
                <Server held models />
                <div class="actions">
                    <button
                        type="button"
                        class="button"
                        data-testid="model-test"
                        disabled=test.pending()
                        on:click=move |_| { test.run(TestModel { settings: held.get_untracked() }); }
                    >
                        "Test the connection"
                    </button>
                </div>
                {status}
                <Privacy held is_saved leaves=leaves.clone() local />
                <Limits held />
            </Show>
            {problem.map(|problem| view! { <p class="notice caution" data-testid="model-problem">{problem}</p> })}
            <button type="submit" class="button primary" data-testid="save-model" disabled=save.pending()>"Save"</button>
        </form>
        <Key view=keys />
    }
}

/// Where the model is.
#[component]
fn Server(
    /// What is edited.
    held: RwSignal<ModelSettings>,
    /// The models that a server named.
    models: RwSignal<Vec<String>>,
) -> impl IntoView {
    let start = held.get_untracked();
    let epoch = RwSignal::new(0u32);
    let take = Callback::new(move |server: LocalModelServer| {
        held.update(|held| {
            held.kind = ModelKind::Compatible;
            held.url = server.url;
            held.model = server.models.first().cloned().unwrap_or_default();
        });
        models.set(server.models);
        epoch.update(|epoch| *epoch += 1);
    });
    let address = move || {
        epoch.track();
        let now = held.get_untracked();
        view! {
            <TextInput
                label="Address of its API (empty: the usual one)"
                value=now.url
                placeholder="http://127.0.0.1:11434/v1"
                testid="model-url"
                set=Callback::new(move |url| held.update(|held| held.url = url))
            />
            <TextInput
                label="Model"
                value=now.model
                list=MODELS
                testid="model-name"
                set=Callback::new(move |model| held.update(|held| held.model = model))
            />
        }
    };
    let protocol = Signal::derive(move || {
        held.with(|held| if held.protocol == ModelProtocol::Responses { "responses" } else { "chat" }.to_owned())
    });
    let calling = Signal::derive(move || {
        held.with(|held| if held.calling == ToolCalling::Envelope { "envelope" } else { "native" }.to_owned())
    });
    let known = move || models.get().into_iter().map(|model| view! { <option value=model></option> }).collect_view();
    view! {
        <LocalServers words="Look for a server on this machine" take />
        {address}
        <datalist id=MODELS>{known}</datalist>
        <details class="stated">
            <summary>"How it is spoken to"</summary>
            <ChoiceInput
                label="Protocol of OpenAI and compatible servers"
                value=protocol
                choices=vec![("chat", "Chat completions"), ("responses", "Responses")]
                set=Callback::new(move |key: String| {
                    let protocol = if key == "responses" { ModelProtocol::Responses } else { ModelProtocol::Chat };
                    held.update(|held| held.protocol = protocol);
                })
            />
            <ChoiceInput
                label="Tools are called"
                value=calling
                choices=vec![("native", "By the protocol's own calls"), ("envelope", "In a JSON envelope, for small models")]
                testid="model-calling"
                set=Callback::new(move |key: String| {
                    let calling = if key == "envelope" { ToolCalling::Envelope } else { ToolCalling::Native };
                    held.update(|held| held.calling = calling);
                })
            />
            <NumberInput
                label="Tokens that fit into a request"
                value=Some(i64::from(start.context_tokens))
                digits=0
                set=Callback::new(move |tokens: Option<i64>| {
                    if let Some(tokens) = tokens.and_then(|tokens| u32::try_from(tokens).ok()) {
                        held.update(|held| held.context_tokens = tokens);
                    }
                })
            />
            <NumberInput
                label="Longest wait for the next piece of an answer"
                value=Some(i64::from(start.timeout_seconds))
                digits=0
                unit="s"
                set=Callback::new(move |seconds: Option<i64>| {
                    if let Some(seconds) = seconds.and_then(|seconds| u32::try_from(seconds).ok()) {
                        held.update(|held| held.timeout_seconds = seconds);
                    }
                })
            />
        </details>
    }
}

/// What may leave this machine.
#[component]
fn Privacy(
    /// What is edited.
    held: RwSignal<ModelSettings>,
    /// Whether address and costs are as they are saved.
    is_saved: Memo<bool>,
    /// What leaves with the saved settings.
    leaves: Vec<String>,
    /// Their address is on this machine: there is nothing to agree to.
    local: bool,
) -> impl IntoView {
    let start = held.get_untracked();
    let unsaved = || view! { <p class="muted">"Save to see what leaves this machine with a question."</p> };
    let costs = Signal::derive(move || held.with(|held| held.costs.as_str().to_owned()));
    view! {
        <CheckInput
            label="Local only: refuse every address that is not on this machine"
            value=start.local_only
            set=Callback::new(move |on| held.update(|held| held.local_only = on))
        />
        <ChoiceInput
            label="Costs and margins are told"
            value=costs
            choices=vec![
                ("withheld", "Not at all; the figure is put in here"),
                ("coarse", "Rounded to one digit"),
                ("exact", "As they are"),
            ]
            testid="model-costs"
            set=Callback::new(move |key: String| {
                let costs = match key.as_str() {
                    "coarse" => ShareCosts::Coarse,
                    "exact" => ShareCosts::Exact,
                    _ => ShareCosts::Withheld,
                };
                held.update(|held| held.costs = costs);
            })
        />
        <Show when=move || is_saved.get() fallback=unsaved>
            <p>"What leaves this machine with a question:"</p>
            <ul class="muted" data-testid="model-leaves">{items(leaves.clone())}</ul>
            <Show when=move || !local>
                <CheckInput
                    label="I agree to that for this address"
                    value=held.with_untracked(|held| held.agreed)
                    set=Callback::new(move |on| held.update(|held| held.agreed = on))
                />
            </Show>
        </Show>
    }
}

/// What a month may take.
#[component]
fn Limits(
    /// What is edited.
    held: RwSignal<ModelSettings>,
) -> impl IntoView {
    let start = held.get_untracked();
    view! {
        <NumberInput
            label="At most so many tokens in a month"
            value=start.monthly_tokens.and_then(|tokens| i64::try_from(tokens).ok())
            digits=0
            optional=true
            testid="model-limit"
            set=Callback::new(move |tokens: Option<i64>| {
                held.update(|held| held.monthly_tokens = tokens.and_then(|tokens| u64::try_from(tokens).ok()));
            })
        />
        <details class="stated">
            <summary>"Prices and a limit of money"</summary>
            <TextInput
                label="Currency"
                value=start.currency
                set=Callback::new(move |currency| held.update(|held| held.currency = currency))
            />
            <NumberInput
                label="A million tokens sent"
                value=Some(start.input_price_micro)
                digits=6
                set=Callback::new(move |price: Option<i64>| {
                    held.update(|held| held.input_price_micro = price.unwrap_or(0));
                })
            />
            <NumberInput
                label="A million tokens written"
                value=Some(start.output_price_micro)
                digits=6
                set=Callback::new(move |price: Option<i64>| {
                    held.update(|held| held.output_price_micro = price.unwrap_or(0));
                })
            />
            <NumberInput
                label="At most in a month"
                value=start.monthly_cost_micro
                digits=6
                optional=true
                set=Callback::new(move |cost: Option<i64>| held.update(|held| held.monthly_cost_micro = cost))
            />
        </details>
    }
}

/// The key of the saved address, and what was used this month.
#[component]
fn Key(
    /// As it is.
    view: ModelSettingsView,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let typed = RwSignal::new(String::new());
    let keep = write::<SetModelKey>(move |_| {
        typed.set(String::new());
        toasts.done("Done.");
    });
    let usage = view.usage;
    let cost = if usage.cost_micro > 0 {
        format!(", {} {}", decimal_text(usage.cost_micro, 6, 2), view.settings.currency)
    } else {
        String::new()
    };
    let used = format!(
        "{}: {} requests, {} tokens sent, {} written{cost}.",
        usage.month,
        integer(usage.calls),
        integer(usage.input_tokens),
        integer(usage.output_tokens)
    );
    let has_key = view.has_key;
    let state = if has_key {
        "A key is kept for this address in "
    } else {
        "No key is kept for this address. Keys are kept in "
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        keep.run(SetModelKey { key: typed.get_untracked() });
    };
    (view.settings.kind != ModelKind::Advisor).then(|| {
        view! {
            <form class="form" on:submit=submit>
                <label class="field">
                    <span>"Key"</span>
                    <input type="password" autocomplete="off" data-testid="model-key" bind:value=typed />
                </label>
                <p class="muted">{format!("{state}{}. It is never shown again.", view.key_place)}</p>
                <div class="actions">
                    <button
                        type="submit"
                        class="button"
                        data-testid="model-key-keep"
                        disabled=move || typed.with(|typed| typed.trim().is_empty()) || keep.pending().get()
                    >
                        "Keep the key"
                    </button>
                    <button
                        type="button"
                        class="button quiet"
                        disabled=!has_key
                        on:click=move |_| { keep.run(SetModelKey { key: String::new() }); }
                    >
                        "Forget it"
                    </button>
                </div>
                <p class="muted" data-testid="model-usage">{used}</p>
            </form>
        }
    })
}
