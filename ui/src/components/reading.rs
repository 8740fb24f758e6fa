//! Shows what a read gives: grey lines at first, then its answer, or its error with the way to try again.

use leptos::prelude::*;

use super::notice::ErrorNotice;
use super::skeleton::Skeleton;
use crate::reads::{Answered, Kept, Read};

/// The content of a panel that is read from the host. The former answer stays until the next is there, and the same
/// answer again changes nothing on screen.
#[component]
pub fn Reading<T, V, F>(
    /// What is read.
    from: Read<T>,
    /// How many grey lines stand for it at first.
    #[prop(default = 3)]
    lines: usize,
    /// Shows an answer.
    show: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(T) -> V + Send + 'static,
{
    let show = move |kept: &Kept| show(kept.value()).into_any();
    shown(Box::new(move || from.kept()), lines, Callback::new(move |()| from.again()), Box::new(show))
}

type Asked = Box<dyn Fn() -> Answered<Kept> + Send + Sync>;
type Show = Box<dyn Fn(&Kept) -> AnyView + Send>;

/// The same for every answer: compiled once.
fn shown(asked: Asked, lines: usize, again: Callback<()>, show: Show) -> AnyView {
    let answer =
        Memo::new(move |before: Option<&Answered<Kept>>| asked().or_else(|| before.and_then(|before| before.clone())));
    let content = move || match answer.get() {
        None => view! { <Skeleton lines /> }.into_any(),
        Some(Ok(kept)) => show(&kept),
        Some(Err(error)) => view! { <ErrorNotice message=error.message again /> }.into_any(),
    };
    content.into_any()
}
