//! A decision that is asked for before something that matters, saying in numbers what will happen.

use leptos::html;
use leptos::prelude::*;

/// A dialog with one field for the reason. Closes on Escape and Cancel without doing anything.
#[component]
pub fn Confirm(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// What is decided, as a question.
    #[prop(into)]
    title: Signal<String>,
    /// What will happen.
    #[prop(into)]
    text: Signal<String>,
    /// The verb on the button.
    #[prop(into)]
    verb: Signal<String>,
    /// Called with the reason.
    confirmed: Callback<String>,
    /// The button's name in tests.
    #[prop(default = "confirm")]
    testid: &'static str,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let reason = RwSignal::new(String::new());
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => dialog.show_modal().expect("the dialog is in the page"),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        open.set(false);
        confirmed.run(reason.get_untracked());
        reason.set(String::new());
    };
    let id = format!("{testid}-title");
    let labelled_by = id.clone();
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby=labelled_by on:close=move |_| open.set(false)>
            <form on:submit=submit>
                <h2 id=id>{title}</h2>
                <p>{text}</p>
                <label class="field">
                    <span>"Reason, for the audit (optional)"</span>
                    <input type="text" maxlength="200" bind:value=reason />
                </label>
                <div class="actions">
                    <button type="button" class="button" on:click=move |_| open.set(false)>"Cancel"</button>
                    <button type="submit" class="button primary" data-testid=testid>{verb}</button>
                </div>
            </form>
        </dialog>
    }
}
