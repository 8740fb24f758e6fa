//! Inputs of forms: what is typed is taken as soon as it can be read, and marked while it cannot.

use leptos::prelude::*;
use pricing_domain::{decimal_text, parse_scaled};

/// A number with a fixed number of decimals, held as a scaled integer.
#[component]
pub fn NumberInput(
    /// What it is.
    label: &'static str,
    /// To begin with; `None`: empty.
    value: Option<i64>,
    /// Decimals of a whole: 2 for percent held in basis points.
    digits: u8,
    /// Shown after the field.
    #[prop(default = "")]
    unit: &'static str,
    /// Whether it may be empty.
    #[prop(default = false)]
    optional: bool,
    /// Its name in tests.
    #[prop(default = "")]
    testid: &'static str,
    /// Called with every readable value; `None` for an empty optional one.
    set: Callback<Option<i64>>,
) -> impl IntoView {
    let typed = RwSignal::new(value.map(|value| decimal_text(value, digits, 0)).unwrap_or_default());
    let wrong = RwSignal::new(false);
    let take = move |text: String| {
        let plain = text.trim().replace(',', ".");
        let read = parse_scaled(&plain, digits);
        let empty = plain.is_empty() && optional;
        wrong.set(read.is_none() && !empty);
        typed.set(text);
        if read.is_some() || empty {
            set.run(read);
        }
    };
    view! {
        <label class="field inline-number">
            <span>{label}</span>
            <span class="with-unit">
                <input
                    type="text"
                    inputmode="decimal"
                    class="numeric"
                    data-testid=testid
                    aria-invalid=move || wrong.get().to_string()
                    prop:value=typed
                    on:input:target=move |event| take(event.target().value())
                />
                <span class="muted">{unit}</span>
            </span>
        </label>
    }
}

/// A line of text.
#[component]
pub fn TextInput(
    /// What it is.
    label: &'static str,
    /// To begin with.
    value: String,
    /// What may be typed, as an example, or what stands where nothing is typed.
    #[prop(into, default = Signal::stored(String::new()))]
    placeholder: Signal<String>,
    /// Names that complete, by the id of their list.
    #[prop(default = "")]
    list: &'static str,
    /// Its name in tests.
    #[prop(default = "")]
    testid: &'static str,
    /// Called with every change.
    set: Callback<String>,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type="text"
                placeholder=move || placeholder.get()
                list=list
                data-testid=testid
                prop:value=value
                on:input:target=move |event| set.run(event.target().value())
            />
        </label>
    }
}

/// A box to tick.
#[component]
pub fn CheckInput(
    /// What it says.
    label: &'static str,
    /// To begin with.
    value: bool,
    /// Called with every change.
    set: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="checkbox" prop:checked=value on:change:target=move |event| set.run(event.target().checked()) />
            <span>{label}</span>
        </label>
    }
}

/// A choice among a few, by their keys.
#[component]
pub fn ChoiceInput(
    /// What is chosen.
    label: &'static str,
    /// The chosen key.
    #[prop(into)]
    value: Signal<String>,
    /// Keys and words.
    choices: Vec<(&'static str, &'static str)>,
    /// Its name in tests.
    #[prop(default = "")]
    testid: &'static str,
    /// Called with the key of the choice.
    set: Callback<String>,
) -> impl IntoView {
    let options = choices
        .into_iter()
        .map(|(key, words)| view! { <option value=key selected=move || value.get() == key>{words}</option> })
        .collect_view();
    view! {
        <label class="field">
            <span>{label}</span>
            <select
                data-testid=testid
                prop:value=value
                on:change:target=move |event| set.run(event.target().value())
            >
                {options}
            </select>
        </label>
    }
}

/// Names separated by commas.
pub fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_are_separated_by_commas_and_blanks_around_them_do_not_count() {
        assert_eq!(names(" Sony, Bose ,, "), ["Sony", "Bose"]);
        assert!(names(" ").is_empty());
    }
}
