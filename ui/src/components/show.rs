//! Shows something while a condition holds.

use leptos::prelude::*;

/// In place of the one of Leptos, which compiles each of its uses anew; this one is compiled once.
#[component]
pub fn Show<W>(
    /// What is shown.
    children: ChildrenFn,
    /// While this holds.
    when: W,
    /// What is shown otherwise.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView
where
    W: Fn() -> bool + Send + Sync + 'static,
{
    shown(children, Box::new(when), fallback)
}

fn shown(children: ChildrenFn, when: Box<dyn Fn() -> bool + Send + Sync>, fallback: ViewFn) -> AnyView {
    let holds = ArcMemo::new(move |_| when());
    let content = move || match holds.get() {
        true => children(),
        false => fallback.run(),
    };
    content.into_any()
}
