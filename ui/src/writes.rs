//! Writes: a command run by a person's act. What it makes stale is marked, and an error is told in a toast.
//!
//! As with reads, what runs and waits is compiled once, for text.

use std::marker::PhantomData;
use std::rc::Rc;

use app_contract::{Command, CommandError, Tag};
use leptos::prelude::*;

use crate::backend::{backend, decode, encode};
use crate::components::toasts::Toasts;
use crate::freshness::Freshness;

type Encoded = Result<String, CommandError>;
type Done = Rc<dyn Fn(&str) -> Result<(), CommandError>>;

/// A command that a person's act may run.
pub struct Write<C: 'static> {
    action: Action<Encoded, ()>,
    command: PhantomData<fn(C)>,
}

impl<C: 'static> Clone for Write<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: 'static> Copy for Write<C> {}

impl<C: Command> Write<C> {
    /// Runs it.
    pub fn run(&self, command: C) {
        self.action.dispatch_local(encode(&command));
    }

    /// Whether it runs.
    pub fn pending(&self) -> Memo<bool> {
        self.action.pending()
    }
}

/// Makes a command runnable. `done` gets the answer.
pub fn write<C: Command>(done: impl Fn(C::Answer) + 'static) -> Write<C> {
    let done = Rc::new(move |text: &str| {
        done(decode(C::NAME, text)?);
        Ok(())
    });
    Write { action: action(C::NAME, C::WRITES, done), command: PhantomData }
}

fn action(name: &'static str, writes: &'static [Tag], done: Done) -> Action<Encoded, ()> {
    let freshness = expect_context::<Freshness>();
    let toasts = expect_context::<Toasts>();
    Action::new_local(move |payload: &Encoded| {
        let (payload, done) = (payload.clone(), done.clone());
        async move {
            let told = match payload {
                Ok(payload) => backend().run_text(name, payload).await,
                Err(error) => Err(error),
            };
            let understood = told.and_then(|text| {
                freshness.stale(writes);
                done(&text)
            });
            if let Err(error) = understood {
                toasts.error(error.message);
            }
        }
    })
}
