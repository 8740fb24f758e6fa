//! A log file that turns over daily, and the terminal with `--verbose`. No prices, tokens or page bodies are logged.

use app_commands::default_folders;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Days of logs kept.
const KEPT_FILES: usize = 7;

/// Starts logging; the guard writes what is left when it is dropped. `None`: the folder cannot be written, so only
/// the terminal may log.
pub fn start(verbose: bool) -> Option<WorkerGuard> {
    let (_, folder) = default_folders();
    let filter = || EnvFilter::try_from_env("OMNIPRICEX_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A folder that cannot be made shows as a log file that cannot.
    let _ = std::fs::create_dir_all(&folder);
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("omnipricex")
        .filename_suffix("log")
        .max_log_files(KEPT_FILES)
        .build(folder)
        .ok();
    let (file_layer, guard) = match file {
        Some(file) => {
            let (writer, guard) = tracing_appender::non_blocking(file);
            let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer).with_filter(filter());
            (Some(layer), Some(guard))
        }
        None => (None, None),
    };
    let terminal = verbose.then(|| tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(filter()));
    tracing_subscriber::registry().with(file_layer).with(terminal).init();
    guard
}
