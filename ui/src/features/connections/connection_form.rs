//! Where a connection leads and what opens it.

use app_contract::{ConnectionInput, ConnectionView, SaveConnection, SecretText};
use leptos::prelude::*;
use pricing_domain::{ConnectionKind, PriceListId};

use crate::components::fields::{ChoiceInput, TextInput};
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::session::Session;
use crate::words;
use crate::writes::write;

/// The form of a new connection, or of one that is there.
#[component]
pub fn ConnectionForm(
    /// The one that is changed; `None`: a new one.
    one: Option<ConnectionView>,
    /// Called with what was saved.
    saved: Callback<ConnectionView>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let session = expect_context::<Session>();
    let id = one.as_ref().map(|one| one.id);
    let is_new = id.is_none();
    let name = RwSignal::new(one.as_ref().map(|one| one.name.clone()).unwrap_or_default());
    let kind = RwSignal::new(one.as_ref().map_or(ConnectionKind::WooCommerce, |one| one.kind));
    let address = RwSignal::new(one.as_ref().map(|one| one.address.clone()).unwrap_or_default());
    let list = RwSignal::new(one.as_ref().and_then(|one| one.price_list));
    let (key, secret) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let save = write::<SaveConnection>(move |one| {
        key.set(String::new());
        secret.set(String::new());
        toasts.done(format!("Saved. The keys are {}.", one.keys_are));
        saved.run(one);
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let input = ConnectionInput {
            connection: id,
            name: name.get_untracked(),
            kind: kind.get_untracked(),
            address: address.get_untracked(),
            price_list: list.get_untracked(),
            key: SecretText(key.get_untracked()),
            secret: SecretText(secret.get_untracked()),
        };
        save.run(SaveConnection { input });
    };
    let kinds =
        ConnectionKind::ALL.iter().map(|kind| (kind.as_str(), words::connection_kind(*kind))).collect::<Vec<_>>();
    let pick_kind = Callback::new(move |text: String| {
        if let Ok(picked) = text.parse() {
            kind.set(picked);
        }
    });
    let kind_choice = is_new.then(|| {
        let value = Signal::derive(move || kind.get().as_str().to_owned());
        view! { <ChoiceInput label="What it is" value choices=kinds testid="connection-kind" set=pick_kind /> }
    });
    let lists = move || {
        let all = session.known.with(|status| {
            status.as_ref().and_then(|status| status.workspace.as_ref()).map(|open| open.price_lists.clone())
        });
        let options = all.unwrap_or_default().into_iter().map(|one| {
            let id = one.id;
            view! { <option value=id.to_string() selected=move || list.get() == Some(id)>{one.name}</option> }
        });
        options.collect_view()
    };
    let usual = move || if kind.get().is_shop() { "The default price list" } else { "All price lists" };
    let note = if is_new { "" } else { " (empty: as it was)" };
    let needs_key = move || kind.get() == ConnectionKind::WooCommerce;
    let secret_type = move || if kind.get() == ConnectionKind::Sftp { "text" } else { "password" };
    let example = move || match kind.get() {
        ConnectionKind::WooCommerce => "https://shop.example",
        ConnectionKind::Shopify => "https://your-shop.myshopify.com",
        ConnectionKind::Webhook => "https://erp.example/prices",
        ConnectionKind::Sftp => "sftp://user@host.example/in/",
    };
    view! {
        <form class="form" on:submit=submit>
            {kind_choice}
            <TextInput
                label="Name"
                value=name.get_untracked()
                placeholder="Our shop"
                testid="connection-name"
                set=Callback::new(move |text| name.set(text))
            />
            <label class="field">
                <span>"Address"</span>
                <input type="text" placeholder=example data-testid="connection-address" bind:value=address />
            </label>
            <label class="field">
                <span>"Whose prices go there"</span>
                <select
                    data-testid="connection-list"
                    on:change:target=move |event| list.set(event.target().value().parse::<PriceListId>().ok())
                >
                    <option value="" selected=move || list.get().is_none()>{usual}</option>
                    {lists}
                </select>
            </label>
            <p class="muted">{move || words::connection_keys(kind.get())}</p>
            <Show when=needs_key>
                <label class="field">
                    <span>{format!("Consumer key{note}")}</span>
                    <input type="password" autocomplete="off" data-testid="connection-key" bind:value=key />
                </label>
            </Show>
            <label class="field">
                <span>{move || format!("{}{note}", words::connection_secret(kind.get()))}</span>
                <input type=secret_type autocomplete="off" data-testid="connection-secret" bind:value=secret />
            </label>
            <div class="actions">
                <button type="submit" class="button primary" data-testid="save-connection" disabled=save.pending()>
                    "Save"
                </button>
            </div>
        </form>
    }
}
