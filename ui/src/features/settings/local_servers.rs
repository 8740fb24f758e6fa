//! Looking for language models on this machine: only when a person presses, and only at its usual ports.

use app_contract::{FindLocalModels, LocalModelServer};
use leptos::prelude::*;

use crate::writes::write;

/// A button that looks, and what was found, each with a way to use it.
#[component]
pub fn LocalServers(
    /// What is said before the button, in one quiet line with it.
    #[prop(optional)]
    lead: &'static str,
    /// Words of the button.
    words: &'static str,
    /// Takes a server that was found, with its first model.
    take: Callback<LocalModelServer>,
) -> impl IntoView {
    let found = RwSignal::new(None::<Vec<LocalModelServer>>);
    let find = write::<FindLocalModels>(move |servers| found.set(Some(servers)));
    let servers = move || {
        found.get().map(|servers| {
            if servers.is_empty() {
                return view! { <p class="muted" role="status">"No server with models answers on this machine."</p> }
                    .into_any();
            }
            let lines = servers.into_iter().map(|server| {
                let words = format!("{}: {}", server.url, server.models.join(", "));
                view! {
                    <li>
                        {words} " "
                        <button
                            type="button"
                            class="button small"
                            data-testid="model-use"
                            on:click=move |_| take.run(server.clone())
                        >
                            "Use"
                        </button>
                    </li>
                }
            });
            view! { <ul class="steps" role="status">{lines.collect_view()}</ul> }.into_any()
        })
    };
    let (line, button, testid) = match lead {
        "" => ("actions", "button small", "model-find"),
        _ => ("muted", "link-button", "model-offer"),
    };
    view! {
        <div class=line>
            {lead}
            <button
                type="button"
                class=button
                data-testid=testid
                disabled=find.pending()
                on:click=move |_| { find.run(FindLocalModels {}); }
            >
                {words}
            </button>
        </div>
        {servers}
    }
}
