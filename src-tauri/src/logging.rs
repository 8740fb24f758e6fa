//! The log: a file a day in the person's log folder, and the terminal where asked for.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// Overrides what is logged, in the syntax of `tracing-subscriber`.
const FILTER: &str = "OMNIPRICEX_LOG";
const DEFAULT_FILTER: &str = "info";
const DAYS_KEPT: usize = 14;

/// Starts logging. The log is written as long as the guard lives; a folder that cannot be written costs the file only.
pub(crate) fn start(folder: &Path, verbose: bool) -> Option<WorkerGuard> {
    // The appender counts old files before it makes the folder; a folder that cannot be made is its error to report.
    let _ = std::fs::create_dir_all(folder);
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("desktop")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder);
    let (file, guard) = match appender {
        Ok(appender) => {
            let (writer, guard) = tracing_appender::non_blocking(appender);
            (Some(fmt::layer().with_ansi(false).with_writer(writer).with_filter(filter())), Some(guard))
        }
        Err(error) => {
            eprintln!("no log is written to {}: {error}", folder.display());
            (None, None)
        }
    };
    let terminal = verbose.then(|| fmt::layer().with_writer(std::io::stderr).with_filter(filter()));
    tracing_subscriber::registry().with(file).with(terminal).init();
    guard
}

fn filter() -> EnvFilter {
    EnvFilter::try_from_env(FILTER).unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER))
}
