//! Short messages at the lower edge: results with their undo, errors with what to do.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

const RESULT_STAYS: Duration = Duration::from_secs(8);
const ERROR_STAYS: Duration = Duration::from_secs(20);

/// A message that is shown.
#[derive(Clone)]
struct Toast {
    number: u64,
    text: String,
    error: bool,
    undo: Option<Callback<()>>,
}

/// Where messages are shown.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

impl Toasts {
    /// None shown.
    pub fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Tells what was done.
    pub fn done(&self, text: impl Into<String>) {
        self.show(text.into(), false, None);
    }

    /// Tells what was done and offers to take it back.
    pub fn done_with_undo(&self, text: impl Into<String>, undo: Callback<()>) {
        self.show(text.into(), false, Some(undo));
    }

    /// Tells what went wrong.
    pub fn error(&self, text: impl Into<String>) {
        self.show(text.into(), true, None);
    }

    fn show(&self, text: String, error: bool, undo: Option<Callback<()>>) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        self.shown.update(|shown| {
            shown.retain(|toast| toast.text != text);
            shown.push(Toast { number, text, error, undo });
        });
        let this = *self;
        set_timeout(move || this.close(number), if error { ERROR_STAYS } else { RESULT_STAYS });
    }

    fn close(&self, number: u64) {
        self.shown.update(|shown| shown.retain(|toast| toast.number != number));
    }
}

/// The messages; screen readers hear them as they come.
#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.number let:toast>
                <ToastView toast />
            </For>
        </div>
    }
}

/// One message.
#[component]
fn ToastView(
    /// What it says.
    toast: Toast,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let number = toast.number;
    let undo = toast.undo.map(|undo| {
        let take_back = move |_| {
            toasts.close(number);
            undo.run(());
        };
        view! { <button type="button" class="button quiet" data-testid="undo" on:click=take_back>"Undo"</button> }
    });
    view! {
        <div class="toast" class:error=toast.error data-testid="toast">
            <Icon glyph=if toast.error { Glyph::Warning } else { Glyph::Check } />
            <span>{toast.text}</span>
            {undo}
            <button type="button" class="button icon-only quiet" aria-label="Close" on:click=move |_| toasts.close(number)>
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}
