//! A condition or formula: names complete while they are typed, what is wrong is told at the word with its repair.

use app_contract::{FieldValues, ListFieldValues};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use pricing_rules::{Completion, Expects, LanguageProblem, ValueWish, check, complete, value_completions, value_wish};

use crate::components::show::Show;
use crate::reads::read;

/// Completions shown at once.
const OFFERED: usize = 8;

/// A line of the language of rules. Only what is right is told; what is wrong stays in the field and says why.
#[component]
pub fn ExpressionInput(
    /// What it is.
    label: &'static str,
    /// What the text is for.
    expects: Expects,
    /// To begin with.
    value: String,
    /// An example.
    #[prop(default = "")]
    placeholder: &'static str,
    /// Whether it may be empty.
    #[prop(default = false)]
    optional: bool,
    /// Its name in tests.
    #[prop(default = "")]
    testid: &'static str,
    /// Called with every text that is right.
    set: Callback<String>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(value);
    // What the language itself offers, or the wish for a word of the catalogue, which the workspace is asked for.
    let own = RwSignal::new(Vec::<Completion>::new());
    let wish = RwSignal::new(None::<ValueWish>);
    let values = read(move || {
        let ValueWish { field, attribute, written, .. } = wish.get()?;
        Some(ListFieldValues { field: field.key().to_owned(), attribute, written })
    });
    let offered = Memo::new(move |_| {
        let mut offered = match wish.get() {
            None => own.get(),
            Some(wish) => {
                let answers = |said: &FieldValues| said.field == wish.field.key() && said.attribute == wish.attribute;
                let values = values.value().filter(answers).map(|said| said.values).unwrap_or_default();
                typed.with(|text| value_completions(text, &wish, &values))
            }
        };
        offered.truncate(OFFERED);
        offered
    });
    let close = move || {
        own.set(Vec::new());
        wish.set(None);
    };
    let chosen = RwSignal::new(0usize);
    let problems = Memo::new(move |_| typed.with(|text| problems(text, expects, optional)));
    let tell = move |text: String| {
        typed.set(text.clone());
        if problems.with_untracked(Vec::is_empty) {
            set.run(text);
        }
    };
    let offer = move |text: &str, cursor: usize| {
        let wished = value_wish(text, cursor);
        own.set(if wished.is_some() { Vec::new() } else { complete(text, cursor) });
        wish.set(wished);
        chosen.set(0);
    };
    let take = move |completion: Completion| {
        let mut text = typed.get_untracked();
        text.replace_range(completion.range.start..completion.range.end, &completion.insert);
        let cursor = completion.range.start + completion.insert.len();
        close();
        place(input, &text, cursor);
        tell(text);
    };
    let on_input = move |text: String| {
        let cursor = cursor(input, &text);
        offer(&text, cursor);
        tell(text);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let count = offered.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|place| *place = (*place + 1) % count),
            "ArrowUp" if count > 0 => chosen.update(|place| *place = (*place + count - 1) % count),
            "Enter" | "Tab" if count > 0 => {
                if let Some(completion) = offered.with_untracked(|all| all.get(chosen.get_untracked()).cloned()) {
                    take(completion);
                }
            }
            "Escape" if count > 0 => close(),
            " " if event.ctrl_key() => {
                let text = typed.get_untracked();
                offer(&text, cursor(input, &text));
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let mend = move |problem: &LanguageProblem| {
        if let Some(fix) = &problem.fix {
            let mut text = typed.get_untracked();
            text.replace_range(fix.range.start..fix.range.end, &fix.replacement);
            place(input, &text, text.len());
            tell(text);
        }
    };
    let told = move || {
        let text = typed.get();
        problems.get().into_iter().take(3).map(|problem| told(&text, problem, mend)).collect_view()
    };
    view! {
        <div class="expression">
            <label class="field">
                <span>{label}</span>
                <input
                    type="text"
                    class="code"
                    spellcheck="false"
                    autocomplete="off"
                    placeholder=placeholder
                    data-testid=testid
                    node_ref=input
                    aria-invalid=move || (!problems.with(Vec::is_empty)).to_string()
                    prop:value=typed
                    on:input:target=move |event| on_input(event.target().value())
                    on:keydown=on_key
                    on:blur=move |_| close()
                />
            </label>
            <Show when=move || !offered.with(Vec::is_empty)>
                <ul class="completions" data-testid="completions">
                    {move || {
                        offered
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(place, completion)| {
                                let taken = completion.clone();
                                view! {
                                    <li
                                        class:chosen=move || chosen.get() == place
                                        on:pointerdown=move |event| {
                                            event.prevent_default();
                                            take(taken.clone());
                                        }
                                    >
                                        <span class="code">{completion.insert}</span>
                                        <span class="muted">{completion.help}</span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </Show>
            <ul class="language-problems" role="status">{told}</ul>
        </div>
    }
}

/// Everything that is wrong with a text.
pub fn problems(text: &str, expects: Expects, optional: bool) -> Vec<LanguageProblem> {
    if optional && text.trim().is_empty() { Vec::new() } else { check(text, expects).err().unwrap_or_default() }
}

/// A problem with the words it is about, and the button that mends it.
fn told(text: &str, problem: LanguageProblem, mend: impl Fn(&LanguageProblem) + 'static) -> AnyView {
    let words = problem.range.of(text).to_owned();
    let words = (!words.is_empty()).then(|| view! { <span class="code">{words}</span> });
    let message = problem.message.clone();
    let fix = problem.fix.as_ref().map(|fix| fix.words.clone());
    let fix = fix.map(|words| {
        view! { <button type="button" class="button small" on:click=move |_| mend(&problem)>{words}</button> }
    });
    view! { <li class="negative">{words}" "{message}" "{fix}</li> }.into_any()
}

/// The place of the cursor in bytes; the page counts UTF-16 units.
fn cursor(input: NodeRef<html::Input>, text: &str) -> usize {
    let units = input.get_untracked().and_then(|input| input.selection_start().ok().flatten());
    let Some(units) = units else { return text.len() };
    let mut passed = 0;
    let place = text.char_indices().find(|(_, letter)| {
        let here = passed >= units as usize;
        passed += letter.len_utf16();
        here
    });
    place.map_or(text.len(), |(place, _)| place)
}

/// Shows a text with the cursor at a place.
fn place(input: NodeRef<html::Input>, text: &str, cursor: usize) {
    if let Some(input) = input.get_untracked() {
        input.set_value(text);
        let units = text.get(..cursor).unwrap_or(text).encode_utf16().count();
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        let _ = input.set_selection_range(units, units);
        let _ = input.focus();
    }
}
