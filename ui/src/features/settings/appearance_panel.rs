//! Theme and row density of this window.

use leptos::prelude::*;

use crate::appearance::{Appearance, Density, Theme};

/// The choices; they hold at once.
#[component]
pub fn AppearanceChoice() -> impl IntoView {
    let appearance = expect_context::<Appearance>();
    let themes = Theme::ALL.map(|theme| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="theme"
                    value=theme.as_str()
                    data-testid=format!("theme-{}", theme.as_str())
                    prop:checked=move || appearance.theme() == theme
                    on:change=move |_| appearance.choose_theme(theme)
                />
                <span>{theme.title()}</span>
            </label>
        }
    });
    let densities = Density::ALL.map(|density| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="density"
                    value=density.as_str()
                    data-testid=format!("density-{}", density.as_str())
                    prop:checked=move || appearance.density() == density
                    on:change=move |_| appearance.choose_density(density)
                />
                <span>{density.title()}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choices">
            <legend>"Colours"</legend>
            {themes}
        </fieldset>
        <fieldset class="choices">
            <legend>"Height of grid rows"</legend>
            {densities}
        </fieldset>
    }
}
