//! Parts of a screen of which one is shown at a time.

use leptos::prelude::*;

/// A button of a group of tabs: its title, its name for tests, what it counts, and whether it is the one that is chosen.
pub fn tab(
    title: &'static str,
    testid: Option<String>,
    count: Option<AnyView>,
    pressed: Signal<bool>,
    press: impl Fn() + 'static,
) -> AnyView {
    drawn(title, testid, count, pressed, Box::new(press))
}

/// The same for every tab: compiled once.
fn drawn(
    title: &'static str,
    testid: Option<String>,
    count: Option<AnyView>,
    pressed: Signal<bool>,
    press: Box<dyn Fn()>,
) -> AnyView {
    let count = count.map(|count| view! { <span class="numbers">{count}</span> });
    view! {
        <button
            type="button"
            class="tab"
            aria-pressed=move || pressed.get().to_string()
            data-testid=testid
            on:click=move |_| press()
        >
            {title}
            {count}
        </button>
    }
    .into_any()
}

/// Buttons, one for each part. The parts themselves are hidden or shown by the caller, so that what is typed in one stays
/// while another is looked at.
#[component]
pub fn Tabs(
    /// What the parts are of.
    label: &'static str,
    /// Their titles and names for tests.
    parts: &'static [(&'static str, &'static str)],
    /// The place of the one that is shown.
    #[prop(into)]
    shown: Signal<usize>,
    /// Shows another one.
    show: Callback<usize>,
) -> impl IntoView {
    let one = move |(place, &(title, testid)): (usize, &(&'static str, &'static str))| {
        let pressed = Signal::derive(move || shown.get() == place);
        tab(title, Some(testid.to_owned()), None, pressed, move || show.run(place))
    };
    let tabs = parts.iter().enumerate().map(one).collect_view();
    view! { <div class="tabs" role="group" aria-label=label>{tabs}</div> }
}

/// A part: made when it is shown first, and kept from then on with what is typed in it.
#[component]
pub fn TabPart(
    /// Its place among the tabs.
    place: usize,
    /// The place of the one that is shown.
    #[prop(into)]
    shown: Signal<usize>,
    /// The part.
    children: ChildrenFn,
) -> impl IntoView {
    let made = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or_default() || shown.get() == place);
    let content = move || made.get().then(|| children());
    view! { <div hidden=move || shown.get() != place>{content}</div> }
}
