//! Reads: a command that is run again whenever its request changes or what it is made from becomes stale.
//!
//! What waits, keeps and compares answers is compiled once, for text; only the reading of that text is compiled for each
//! command. With 120 reading commands that is a tenth of the interface's size.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use app_contract::{Command, CommandError, Tag};
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::backend::{self, backend, encode};
use crate::freshness::Freshness;

/// What a read has given so far: `None` while the first answer is awaited.
pub type Answered<T> = Option<Result<T, CommandError>>;

/// An answer as its text and what that text says. Equal texts are equal answers.
#[derive(Clone)]
pub struct Kept {
    text: Arc<str>,
    value: Arc<dyn Any + Send + Sync>,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Kept {
    /// What it says.
    pub fn value<T: Clone + 'static>(&self) -> T {
        self.value.downcast_ref::<T>().expect("a read keeps the answer of its own command").clone()
    }
}

type Ask = Box<dyn Fn() -> Option<Result<String, CommandError>>>;
type Decode = fn(&str, &str) -> Result<Arc<dyn Any + Send + Sync>, CommandError>;
type Asked = Pin<Box<dyn Future<Output = Answered<Kept>>>>;

/// A read with the way to repeat it.
pub struct Read<T: 'static> {
    resource: LocalResource<Answered<Kept>>,
    answer: PhantomData<fn() -> T>,
}

impl<T: 'static> Clone for Read<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Read<T> {}

impl<T: Clone + 'static> Read<T> {
    /// What it has given so far; the former answer stays until the next is there.
    pub fn get(&self) -> Answered<T> {
        self.kept().map(|answer| answer.map(|kept| kept.value()))
    }

    /// The same as it is kept: for comparing without reading.
    pub fn kept(&self) -> Answered<Kept> {
        self.resource.get().flatten()
    }

    /// The last answer, without an error.
    pub fn value(&self) -> Option<T> {
        self.get().and_then(Result::ok)
    }

    /// Asks again.
    pub fn again(&self) {
        self.resource.refetch();
    }
}

/// Reads with a command; `None`: there is nothing to ask yet.
pub fn read<C: Command>(request: impl Fn() -> Option<C> + 'static) -> Read<C::Answer> {
    let ask = Box::new(move || request().map(|command| encode(&command)));
    Read { resource: resource(C::NAME, C::READS, ask, decode::<C::Answer>), answer: PhantomData }
}

fn decode<T: DeserializeOwned + Send + Sync + 'static>(
    name: &str,
    text: &str,
) -> Result<Arc<dyn Any + Send + Sync>, CommandError> {
    Ok(Arc::new(backend::decode::<T>(name, text)?))
}

fn resource(name: &'static str, reads: &'static [Tag], ask: Ask, decode: Decode) -> LocalResource<Answered<Kept>> {
    let freshness = expect_context::<Freshness>();
    LocalResource::new(move || -> Asked {
        freshness.track(reads);
        let request = ask();
        Box::pin(async move {
            let answer = match request? {
                Ok(payload) => backend().run_text(name, payload).await,
                Err(error) => Err(error),
            };
            Some(answer.and_then(|text| {
                let value = decode(name, &text)?;
                Ok(Kept { text: text.into(), value })
            }))
        })
    })
}
