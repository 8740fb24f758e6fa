//! The proxies through which competitors are fetched whose settings say so.

use app_contract::SaveProxies;
use leptos::ev;
use leptos::prelude::*;

use crate::components::toasts::Toasts;
use crate::writes::write;

/// The form: one address a line.
#[component]
pub fn ProxiesForm(
    /// Their addresses, without passwords.
    proxies: Vec<String>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let typed = RwSignal::new(proxies.join("\n"));
    let save = write::<SaveProxies>(move |proxies: Vec<String>| {
        typed.set(proxies.join("\n"));
        toasts.done("Saved.");
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let lines = typed.get_untracked();
        let proxies = lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        save.run(SaveProxies { proxies });
    };
    view! {
        <form class="form" on:submit=submit>
            <label class="field">
                <span>"Addresses, one a line"</span>
                <textarea
                    rows="3"
                    spellcheck="false"
                    placeholder="http://user:password@proxy.example:3128"
                    data-testid="setting-proxies"
                    bind:value=typed
                ></textarea>
            </label>
            <p class="muted">
                "Used for the competitors whose settings say so, another one when one fails. Passwords are kept in this \
                 computer's keychain and not shown again; an address with a user keeps the password that is known."
            </p>
            <button type="submit" class="button primary" data-testid="save-proxies" disabled=save.pending()>"Save"</button>
        </form>
    }
}
