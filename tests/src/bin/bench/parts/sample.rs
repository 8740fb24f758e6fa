//! The sample workspace, as a first user opens it.

use std::path::Path;
use std::time::Instant as Stopwatch;

use anyhow::{Result, ensure};
use app_contract::{GetToday, ListProducts, OpenSample};

use crate::figures::{Figures, Unit};
use crate::machine;
use crate::questions::Question;
use crate::session::Session;

/// The first start, from the packed sample to Today and the grid, and the memory the process then holds.
pub(super) async fn opened(folder: &Path, figures: &mut Figures) -> Result<()> {
    let session = Session::start(folder)?;
    let started = Stopwatch::now();
    session.host.call(OpenSample {}).await?;
    figures.add("Sample: unpacked and opened", started.elapsed().as_secs_f64(), Unit::Seconds);
    let price_list = session.price_list().await?;
    let (today, milliseconds) = session.timed(GetToday { price_list }).await?;
    ensure!(today.products > 0, "the sample has products");
    figures.add("Sample: Today", milliseconds, Unit::Milliseconds);
    let Question { search, filters, sort } = Question::default();
    let command = ListProducts { price_list, search, filters, sort, offset: 0, limit: 100 };
    figures.add("Sample: first rows", session.timed(command).await?.1, Unit::Milliseconds);
    figures.aim("Sample: memory without the window", machine::current_megabytes(), Unit::Megabytes, 350.0);
    session.close().await;
    Ok(())
}
