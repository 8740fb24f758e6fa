//! Decides when an alert is due: what was known of a subject, what is read of it now, and whether that is news.
//!
//! Pure: no clock, no input or output. A reading that is missing, because a page could not be fetched or its price is too
//! old, is simply not judged, so that it can neither begin nor end anything.

mod judging;
mod timing;
mod watching;

pub use judging::{Known, News, Side, Watch, judge};
pub use timing::{NextAttempt, after_failure, send_at};
pub use watching::{Subject, Watched};
