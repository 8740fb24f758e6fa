//! How long work tells how far it is, and hears that it should stop.

use tokio_util::sync::CancellationToken;

type Report = Box<dyn Fn(u64, Option<u64>, &str) + Send + Sync>;

/// Handed to long operations.
pub struct Progress {
    report: Report,
    /// Asks to stop.
    pub cancel: CancellationToken,
}

impl Progress {
    /// Tells `report` (done, total, what it is at now).
    pub fn new(cancel: CancellationToken, report: impl Fn(u64, Option<u64>, &str) + Send + Sync + 'static) -> Self {
        Self { report: Box::new(report), cancel }
    }

    /// Tells nobody and is never stopped.
    pub fn silent() -> Self {
        Self::new(CancellationToken::new(), |_, _, _| {})
    }

    /// How far it is.
    pub fn at(&self, done: u64, total: Option<u64>, message: &str) {
        (self.report)(done, total, message);
    }

    /// Whether it should stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }
}
