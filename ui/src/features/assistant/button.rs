//! The small buttons of the panel, which are compiled once.

use std::borrow::Cow;

use leptos::prelude::*;

/// A small button before it is said what a press does.
pub struct SmallButton {
    words: Cow<'static, str>,
    class: &'static str,
    testid: Option<&'static str>,
    hint: Option<&'static str>,
    on: Option<(Signal<bool>, &'static str)>,
    busy: Option<Signal<bool>>,
}

impl SmallButton {
    /// With a frame.
    pub fn new(words: impl Into<Cow<'static, str>>) -> Self {
        Self { words: words.into(), class: "button small", testid: None, hint: None, on: None, busy: None }
    }

    /// The one that a person most likely wants.
    pub fn primary(words: &'static str) -> Self {
        Self { class: "button small primary", ..Self::new(words) }
    }

    /// Without a frame.
    pub fn quiet(words: &'static str) -> Self {
        Self { class: "button small quiet", ..Self::new(words) }
    }

    /// The name for tests.
    pub fn testid(self, testid: &'static str) -> Self {
        Self { testid: Some(testid), ..self }
    }

    /// Says more on hovering.
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Stays pressed while something holds, and says so in other words.
    pub fn pressed(self, on: impl Into<Signal<bool>>, words: &'static str) -> Self {
        Self { on: Some((on.into(), words)), ..self }
    }

    /// Takes no press meanwhile.
    pub fn busy(self, busy: impl Into<Signal<bool>>) -> Self {
        Self { busy: Some(busy.into()), ..self }
    }

    /// The button.
    pub fn press(self, run: impl Fn() + Send + 'static) -> AnyView {
        drawn(self, Box::new(run))
    }
}

fn drawn(button: SmallButton, run: Box<dyn Fn() + Send>) -> AnyView {
    let SmallButton { words, class, testid, hint, on, busy } = button;
    let said = move || match on {
        Some((on, other)) if on.get() => Cow::Borrowed(other),
        _ => words.clone(),
    };
    let pressed = move || on.map(|(on, _)| on.get().to_string());
    let is_busy = move || busy.is_some_and(|busy| busy.get());
    view! {
        <button
            type="button"
            class=class
            data-testid=testid
            title=hint
            aria-pressed=pressed
            disabled=is_busy
            on:click=move |_| run()
        >
            {said}
        </button>
    }
    .into_any()
}
