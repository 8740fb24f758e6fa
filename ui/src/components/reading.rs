//! Shows what a read gives: grey lines at first, then its answer, or its error with the way to try again.

use leptos::prelude::*;

use super::notice::ErrorNotice;
use super::skeleton::Skeleton;
use crate::reads::{Answered, Read};

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
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(T) -> V + Send + 'static,
{
    let answer =
        Memo::new(move |before: Option<&Answered<T>>| from.get().or_else(|| before.and_then(|before| before.clone())));
    let again = Callback::new(move |()| from.again());
    move || match answer.get() {
        None => view! { <Skeleton lines /> }.into_any(),
        Some(Ok(value)) => show(value).into_any(),
        Some(Err(error)) => view! { <ErrorNotice message=error.message again /> }.into_any(),
    }
}
