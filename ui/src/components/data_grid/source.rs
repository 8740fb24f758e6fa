//! Rows that are read in stretches around the viewport, kept, and replaced when they become stale. What is on screen
//! stays until the new rows are there; answers to a question that is no longer asked are dropped.

mod stretches;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use app_contract::CommandError;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use stretches::STRETCH;
use stretches::Stretches;

/// Requests at work at once, so that a drag of the scroll bar does not queue everything it passes.
const AT_ONCE: usize = 3;

/// A stretch as the host gives it.
pub struct Stretch<R> {
    /// Rows without search and filters, where that is known.
    pub total: u64,
    /// Rows in all.
    pub matching: u64,
    /// The rows from the offset on.
    pub rows: Vec<R>,
}

/// How many rows there are, as last told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// Rows without search and filters.
    pub total: u64,
    /// Rows in all.
    pub matching: u64,
}

type Answer<R> = Pin<Box<dyn Future<Output = Result<Stretch<R>, CommandError>>>>;
type Ask<R> = Rc<dyn Fn(u64, u32) -> Answer<R>>;

struct Inner<R> {
    stretches: Stretches<R>,
    ask: Option<Ask<R>>,
    at_work: usize,
}

/// The rows of a grid.
pub struct RowSource<R: 'static> {
    inner: StoredValue<Inner<R>, LocalStorage>,
    version: RwSignal<u64>,
    counts: RwSignal<Option<Counts>>,
    error: RwSignal<Option<CommandError>>,
    question: RwSignal<u64>,
}

impl<R> Clone for RowSource<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for RowSource<R> {}

impl<R: Clone + Send + Sync + 'static> RowSource<R> {
    /// Rows for a question. `fresh` rises when the same question may have other answers.
    pub fn new<Q, F>(
        question: Memo<Option<Q>>,
        fresh: impl Fn() -> u64 + 'static,
        ask: impl Fn(Q, u64, u32) -> F + 'static,
    ) -> Self
    where
        Q: Clone + PartialEq + Send + Sync + 'static,
        F: Future<Output = Result<Stretch<R>, CommandError>> + 'static,
    {
        let this = Self {
            inner: StoredValue::new_local(Inner { stretches: Stretches::new(), ask: None, at_work: 0 }),
            version: RwSignal::new(0),
            counts: RwSignal::new(None),
            error: RwSignal::new(None),
            question: RwSignal::new(0),
        };
        let ask = Rc::new(ask);
        Effect::new(move |before: Option<Option<Q>>| {
            fresh();
            let now = question.get();
            if let Some(asked) = now.clone() {
                let ask = ask.clone();
                let ask: Ask<R> = Rc::new(move |offset, limit| Box::pin(ask(asked.clone(), offset, limit)));
                this.begin(ask, before.flatten() != now);
            }
            now
        });
        this
    }

    /// How many rows there are; `None` before the first answer.
    pub fn counts(&self) -> Option<Counts> {
        self.counts.get()
    }

    /// How many rows there are now, 0 before the first answer.
    pub fn matching(&self) -> u64 {
        self.counts.with(|counts| counts.as_ref().map_or(0, |counts| counts.matching))
    }

    /// What went wrong last.
    pub fn error(&self) -> Option<CommandError> {
        self.error.get()
    }

    /// Rises when another question begins.
    pub fn question(&self) -> u64 {
        self.question.get()
    }

    /// A row, if it has been read.
    pub fn row(&self, row: u64) -> Option<R> {
        self.version.track();
        self.inner.with_value(|inner| inner.stretches.row(row).cloned())
    }

    /// A row, if it has been read, without depending on it.
    pub fn row_now(&self, row: u64) -> Option<R> {
        self.inner.with_value(|inner| inner.stretches.row(row).cloned())
    }

    /// Reads the rows that are or will soon be seen.
    pub fn want(&self, first: u64, end: u64) {
        self.inner.update_value(|inner| inner.stretches.want(first, end));
        self.pump();
    }

    /// Tries again after an error.
    pub fn again(&self) {
        self.error.set(None);
        self.inner.update_value(|inner| inner.stretches.forget_pending());
        self.pump();
    }

    fn begin(&self, ask: Ask<R>, other_question: bool) {
        self.inner.update_value(|inner| {
            inner.ask = Some(ask);
            inner.at_work = 0;
            inner.stretches.begin(other_question);
        });
        if other_question {
            self.question.update(|question| *question += 1);
        }
        self.pump();
    }

    fn pump(&self) {
        loop {
            let mut next = None;
            self.inner.update_value(|inner| {
                if inner.at_work < AT_ONCE
                    && let (Some(ask), Some(place)) = (inner.ask.clone(), inner.stretches.next())
                {
                    inner.at_work += 1;
                    next = Some((ask, inner.stretches.generation(), place));
                }
            });
            let Some((ask, generation, place)) = next else { return };
            let this = *self;
            spawn_local(async move {
                let answer = ask(place * STRETCH, STRETCH as u32).await;
                this.answered(generation, place, answer);
            });
        }
    }

    fn answered(&self, generation: u64, place: u64, answer: Result<Stretch<R>, CommandError>) {
        let current = self.inner.try_with_value(|inner| inner.stretches.generation());
        if current != Some(generation) {
            return;
        }
        match answer {
            Ok(stretch) => {
                let counts = Counts { total: stretch.total, matching: stretch.matching };
                self.inner.update_value(|inner| {
                    inner.at_work -= 1;
                    inner.stretches.put(place, stretch.rows);
                });
                if self.error.with_untracked(Option::is_some) {
                    self.error.set(None);
                }
                if self.counts.with_untracked(|known| known.as_ref() != Some(&counts)) {
                    self.counts.set(Some(counts));
                }
                self.version.update(|version| *version += 1);
                self.pump();
            }
            Err(error) => {
                self.inner.update_value(|inner| inner.at_work -= 1);
                self.error.set(Some(error));
            }
        }
    }
}
