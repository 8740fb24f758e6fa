//! What all plans look like: the form beside what comes of it.

use leptos::prelude::*;

use crate::components::show::Show;
use crate::features::scenarios::change_form::AmountInput;

/// A form beside its answer.
#[component]
pub fn PlanDesk(
    /// What is planned.
    label: &'static str,
    /// The form's name for tests.
    testid: &'static str,
    /// A field holds what is no number.
    #[prop(into)]
    unreadable: Signal<bool>,
    /// What comes of it.
    #[prop(into)]
    answer: ViewFn,
    /// The form.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="scenario-columns">
            <section class="panel" aria-label=label>
                <div class="panel-body form wide" data-testid=testid>{children()}</div>
            </section>
            <div class="scenario-result">
                <Show when=move || unreadable.get()>
                    <p class="notice caution" role="status">"A field cannot be read."</p>
                </Show>
                {answer.run()}
            </div>
        </div>
    }
}

/// Makes fields that write into what is typed: label, value at first, unit, and where the text goes.
pub fn fields<T: Send + Sync + 'static>(
    typed: RwSignal<T>,
) -> impl Fn(&'static str, &str, &'static str, fn(&mut T, String)) -> AnyView + Copy {
    move |label, value, unit, change| {
        let set = Callback::new(move |text: String| typed.update(|typed| change(typed, text)));
        view! { <AmountInput label value=value.to_owned() unit=unit set /> }.into_any()
    }
}
