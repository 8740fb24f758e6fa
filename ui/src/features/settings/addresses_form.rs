//! Lists of addresses: the proxies through which competitors are fetched, and the sites of the own network.

use app_contract::{SavePrivateSites, SaveProxies};
use leptos::ev;
use leptos::prelude::*;

use crate::components::toasts::Toasts;
use crate::writes::write;

/// The proxies.
#[component]
pub fn ProxiesForm(
    /// Their addresses, without passwords.
    proxies: Vec<String>,
) -> impl IntoView {
    let typed = RwSignal::new(proxies.join("\n"));
    let save = write::<SaveProxies>(saved(typed));
    let note = "Used for the competitors whose settings say so, another one when one fails. Passwords are kept in this \
                computer's keychain and not shown again; an address with a user keeps the password that is known.";
    view! {
        <AddressesForm
            typed
            example="http://user:password@proxy.example:3128"
            note
            testid="proxies"
            pending=save.pending()
            save=Callback::new(move |proxies| save.run(SaveProxies { proxies }))
        />
    }
}

/// The sites of the own network.
#[component]
pub fn PrivateSitesForm(
    /// Their origins.
    sites: Vec<String>,
) -> impl IntoView {
    let typed = RwSignal::new(sites.join("\n"));
    let save = write::<SavePrivateSites>(saved(typed));
    let note = "Sites on this computer or in your network are visited only when they stand here, whatever an imported \
                file says.";
    view! {
        <AddressesForm
            typed
            example="http://shop.lan:8080"
            note
            testid="private-sites"
            pending=save.pending()
            save=Callback::new(move |sites| save.run(SavePrivateSites { sites }))
        />
    }
}

/// Shows what was kept.
fn saved(typed: RwSignal<String>) -> impl Fn(Vec<String>) + 'static {
    let toasts = expect_context::<Toasts>();
    move |kept| {
        typed.set(kept.join("\n"));
        toasts.done("Saved.");
    }
}

/// The form: one address a line.
#[component]
fn AddressesForm(
    /// The lines.
    typed: RwSignal<String>,
    /// An address as it is written.
    example: &'static str,
    /// What they are for.
    note: &'static str,
    /// Ends the names of its parts in tests.
    testid: &'static str,
    /// Whether they are being saved.
    pending: Memo<bool>,
    /// Saves them.
    save: Callback<Vec<String>>,
) -> impl IntoView {
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let lines = typed.get_untracked();
        save.run(lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect());
    };
    view! {
        <form class="form" on:submit=submit>
            <label class="field">
                <span>"Addresses, one a line"</span>
                <textarea
                    rows="3"
                    spellcheck="false"
                    placeholder=example
                    data-testid=format!("setting-{testid}")
                    bind:value=typed
                ></textarea>
            </label>
            <p class="muted">{note}</p>
            <button type="submit" class="button primary" data-testid=format!("save-{testid}") disabled=pending>"Save"</button>
        </form>
    }
}
