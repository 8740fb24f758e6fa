//! Writes: a command run by a person's act. What it makes stale is marked, and an error is told in a toast.

use app_contract::Command;
use leptos::prelude::*;

use crate::backend::backend;
use crate::components::toasts::Toasts;
use crate::freshness::Freshness;

/// Makes an action of a command. `done` gets the answer.
pub fn write<C: Command + Clone>(done: impl Fn(C::Answer) + Clone + 'static) -> Action<C, ()> {
    let freshness = expect_context::<Freshness>();
    let toasts = expect_context::<Toasts>();
    Action::new_local(move |command: &C| {
        let command = command.clone();
        let done = done.clone();
        async move {
            match backend().run(command).await {
                Ok(answer) => {
                    freshness.stale(C::WRITES);
                    done(answer);
                }
                Err(error) => toasts.error(error.message),
            }
        }
    })
}
