//! Short things that stand below each other: facts with their names, and remarks.

use std::borrow::Cow;

use leptos::prelude::*;

/// A fact for a `<dl class="facts">`: its name and what it is.
pub fn fact(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> AnyView {
    named(name.into(), value.into(), None)
}

/// A fact whose words have a class, such as a code or an address.
pub fn fact_as(
    name: impl Into<Cow<'static, str>>,
    value: impl Into<Cow<'static, str>>,
    class: &'static str,
) -> AnyView {
    named(name.into(), value.into(), Some(class))
}

fn named(name: Cow<'static, str>, value: Cow<'static, str>, class: Option<&'static str>) -> AnyView {
    view! { <div><dt>{name}</dt><dd class=class>{value}</dd></div> }.into_any()
}

/// An `<li>` for each text.
pub fn items(texts: impl IntoIterator<Item = String>) -> AnyView {
    listed(texts.into_iter().collect())
}

fn listed(texts: Vec<String>) -> AnyView {
    texts.into_iter().map(|text| view! { <li>{text}</li> }).collect_view().into_any()
}
