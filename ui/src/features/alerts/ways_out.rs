//! The mail server and the webhook that messages go through.

use app_contract::{GetMessageSettings, MessageSettings, RenewWebhookSecret, SaveMessageSettings, SendTestMessage};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::{AlertWays, MailSecurity};

use super::alert_list::tell_outcomes;
use crate::components::fields::{ChoiceInput, NumberInput, TextInput};
use crate::components::reading::Reading;
use crate::components::toasts::Toasts;
use crate::reads::read;
use crate::writes::write;

/// The settings, as they are.
#[component]
pub fn WaysOut() -> impl IntoView {
    let settings = read(|| Some(GetMessageSettings {}));
    // It outlives the form, which is shown anew when the settings have changed.
    let secret = RwSignal::new(None::<String>);
    view! { <Reading from=settings lines=8 show=move |settings: MessageSettings| view! { <WaysForm settings secret /> } /> }
}

/// The form.
#[component]
fn WaysForm(
    /// As they are.
    settings: MessageSettings,
    /// A secret that was made now.
    secret: RwSignal<Option<String>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let held = RwSignal::new(settings.clone());
    let password = RwSignal::new(String::new());
    let address = RwSignal::new(String::new());
    let save = write::<SaveMessageSettings>(move |saved| {
        secret.set(saved.new_webhook_secret);
        toasts.done("Saved.");
    });
    let renew = write::<RenewWebhookSecret>(move |made| secret.set(Some(made)));
    let test = write::<SendTestMessage>(move |outcomes| tell_outcomes(&outcomes, toasts));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let MessageSettings { mail, webhook_url, .. } = held.get_untracked();
        let typed = Some(password.get_untracked()).filter(|typed| !typed.is_empty());
        save.run(SaveMessageSettings { mail, password: typed, webhook_url });
    };
    let kept = if settings.has_password { "kept; type to replace it" } else { "" };
    let try_mail = move |_| {
        let email = crate::components::fields::names(&address.get_untracked());
        test.run(SendTestMessage { ways: AlertWays { email, ..AlertWays::default() } });
    };
    let try_webhook = move |_| {
        test.run(SendTestMessage { ways: AlertWays { webhook: true, ..AlertWays::default() } });
    };
    let mail = settings.mail.clone();
    let port = if mail.port == 0 { 465 } else { i64::from(mail.port) };
    held.update_untracked(|held| held.mail.port = u16::try_from(port).unwrap_or(465));
    view! {
        <form class="alert-parts" on:submit=submit>
            <fieldset class="form">
                <legend>"Mail server"</legend>
                <TextInput
                    label="Name"
                    value=mail.host.clone()
                    placeholder="mail.example.com"
                    testid="mail-host"
                    set=Callback::new(move |text| held.update(|held| held.mail.host = text))
                />
                <NumberInput
                    label="Port"
                    value=Some(port)
                    digits=0
                    set=Callback::new(move |value: Option<i64>| {
                        held.update(|held| held.mail.port = value.and_then(|port| u16::try_from(port).ok()).unwrap_or(0));
                    })
                />
                <ChoiceInput
                    label="Connection"
                    value=Signal::derive(move || held.with(|held| held.mail.security.as_str().to_owned()))
                    choices=vec![
                        (MailSecurity::Tls.as_str(), "TLS (usually port 465)"),
                        (MailSecurity::StartTls.as_str(), "STARTTLS (usually port 587)"),
                        (MailSecurity::Plain.as_str(), "None, on this machine only"),
                    ]
                    set=Callback::new(move |text: String| {
                        held.update(|held| held.mail.security = text.parse().unwrap_or_default());
                    })
                />
                <TextInput
                    label="User"
                    value=mail.user.clone()
                    set=Callback::new(move |text| held.update(|held| held.mail.user = text))
                />
                <label class="field">
                    <span>"Password"</span>
                    <input type="password" autocomplete="off" placeholder=kept bind:value=password />
                </label>
                <TextInput
                    label="From"
                    value=mail.from.clone()
                    placeholder="Prices <prices@example.com>"
                    testid="mail-from"
                    set=Callback::new(move |text| held.update(|held| held.mail.from = text))
                />
                <details>
                    <summary>"A certificate of your own"</summary>
                    <label class="field">
                        <span>"PEM, trusted besides the system's"</span>
                        <textarea
                            rows="4"
                            prop:value=mail.certificate_pem.clone()
                            on:input:target=move |event| {
                                let text = event.target().value();
                                held.update(|held| held.mail.certificate_pem = text);
                            }
                        ></textarea>
                    </label>
                </details>
            </fieldset>
            <fieldset class="form">
                <legend>"Webhook"</legend>
                <TextInput
                    label="Address"
                    value=settings.webhook_url.clone()
                    placeholder="https://example.com/alerts"
                    testid="webhook-url"
                    set=Callback::new(move |text| held.update(|held| held.webhook_url = text))
                />
                <p class="muted">
                    {if settings.webhook_signed { "Calls are signed (Standard Webhooks)." } else { "Without a secret nothing is sent." }}
                </p>
                {move || secret.get().map(|secret| view! {
                    <p>"The new secret, shown this once: "<code class="code">{secret}</code></p>
                })}
                <button type="button" class="button" disabled=renew.pending() on:click=move |_| { renew.run(RenewWebhookSecret {}); }>
                    {if settings.webhook_signed { "Make another secret" } else { "Make a secret" }}
                </button>
            </fieldset>
            <fieldset class="form">
                <legend>"Try it"</legend>
                <p class="muted">"Save first. A test goes out at once, whatever the quiet hours say."</p>
                <label class="field">
                    <span>"Mail to"</span>
                    <input type="text" data-testid="test-address" placeholder="name@example.com" bind:value=address />
                </label>
                <button type="button" class="button" data-testid="test-mail" disabled=test.pending() on:click=try_mail>"Send a test mail"</button>
                <button type="button" class="button" disabled=test.pending() on:click=try_webhook>"Call the webhook"</button>
            </fieldset>
            <div class="actions">
                <button type="submit" class="button primary" data-testid="save-ways" disabled=save.pending()>"Save"</button>
            </div>
        </form>
    }
}
