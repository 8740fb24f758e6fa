//! Reads: a command that is run again whenever its request changes or what it is made from becomes stale.

use app_contract::{Command, CommandError};
use leptos::prelude::*;

use crate::backend::backend;
use crate::freshness::Freshness;

/// What a read has given so far: `None` while the first answer is awaited.
pub type Answered<T> = Option<Result<T, CommandError>>;

/// A read with the way to repeat it.
pub struct Read<T: 'static> {
    resource: LocalResource<Answered<T>>,
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
    let freshness = expect_context::<Freshness>();
    let resource = LocalResource::new(move || {
        freshness.track(C::READS);
        let request = request();
        async move {
            match request {
                Some(request) => Some(backend().run(request).await),
                None => None,
            }
        }
    });
    Read { resource }
}
