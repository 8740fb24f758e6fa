//! The real window: from its start to what a person can use, the memory of its processes, and the time from a key to
//! changed rows.
//!
//! The start is the kernel's record of when the process was made; the end is when the driver first sees the element,
//! which is a little after it was drawn. Keys come from the driver; the page itself notes when a key arrived and when
//! its rows last changed.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use journeys::scripted_model::{Act, MODEL, ScriptedModel};
use journeys::{App, Desktop, Frame, Start, in_window, places};
use serde_json::Value;
use thirtyfour::Key;

use crate::figures::{Figures, Unit};
use crate::machine;
use crate::questions;
use crate::session::Session;

/// Notes when keys arrive and when the grid changes.
const WATCH: &str = "
    const watch = window.benchmark = { key: 0, changed: 0 };
    addEventListener('keydown', () => { watch.key = performance.now(); watch.changed = 0; }, true);
    addEventListener('pointerdown', () => { watch.key = performance.now(); watch.changed = 0; }, true);
    new MutationObserver((changes) => {
        const seen = (node) => (node.nodeType === 1 ? node : node.parentElement)
            ?.closest('[data-testid=grid-row], [data-testid=grid-count]');
        if (watch.key && changes.some((change) => seen(change.target) || [...change.addedNodes].some(seen)))
            watch.changed = performance.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
";

/// Milliseconds from the last key to the last change after it; nothing while there is none or it is not settled.
const LATENCY: &str = "
    const { key, changed } = window.benchmark;
    return changed && performance.now() - changed > 250 ? changed - key : null;
";

/// The sample in the window.
pub(super) async fn sample(folder: &Path, figures: &mut Figures) -> Result<()> {
    let start = Start { arguments: vec!["--sample".to_owned()], folder: Some(folder.to_owned()), ..Start::default() };
    // The first start unpacks the sample; a person's later ones do not.
    in_window("bench-window-first", start.clone(), async |desktop| {
        let seconds = seconds_to_today(desktop).await?;
        figures.add("Window: first start ever with the sample", seconds, Unit::Seconds);
        Ok(())
    })
    .await?;
    in_window("bench-window", start, async |desktop| {
        let seconds = seconds_to_today(desktop).await?;
        figures.aim("Window: start to Today, the sample", seconds, Unit::Seconds, 1.5);
        figures.aim("Interface, gzipped", interface_kilobytes()?, Unit::Kilobytes, 1_500.0);
        add_memory(figures, "the sample", Some(350.0));
        first_words(&desktop.app, figures).await
    })
    .await
}

/// Notes when an answer shows its first words.
const HEARD: &str = "
    window.heard = null;
    new MutationObserver((changes, self) => {
        if (!document.querySelector('[data-testid=assistant-asking] .said')?.textContent.startsWith('Heard')) return;
        window.heard = performance.timeOrigin + performance.now();
        self.disconnect();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    return 0
";

/// Questions asked of the scripted model.
const QUESTIONS: usize = 20;

/// From the first words of a model on this machine, as it sends them, to the same words on the screen.
async fn first_words(app: &App, figures: &mut Figures) -> Result<()> {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let sending = Arc::clone(&sent);
    let model = ScriptedModel::start(move |_| {
        sending.lock().expect("no panic while it is held").push(SystemTime::now());
        Act::Drip("Heard and answered at once, word by word.".to_owned(), Duration::from_millis(100))
    })
    .await?;
    let frame = Frame::of(app);
    frame.settings().await?.choose_model(&model.url(), MODEL).await?;
    let assistant = frame.assistant().await?;
    let mut latencies = Vec::new();
    for number in 0..QUESTIONS {
        let asked = sent.lock().expect("no panic while it is held").len();
        app.script(HEARD).await?;
        assistant.ask(&format!("How do you do, number {number}?")).await?;
        let heard = app.script("return window.heard").await?.as_f64().context("no words were seen while they came")?;
        let sent = sent.lock().expect("no panic while it is held").get(asked).copied();
        let sent = sent.context("the model was not asked")?.duration_since(UNIX_EPOCH)?;
        latencies.push(heard - sent.as_secs_f64() * 1000.0);
    }
    figures.latencies("Window: a model's first words, sent to seen", &latencies, Some(100.0));
    Ok(())
}

/// The large catalogue in the window.
pub(super) async fn catalogue(folder: &Path, figures: &mut Figures) -> Result<()> {
    let file = Session::file(folder).display().to_string();
    let start = Start { arguments: vec!["--workspace".to_owned(), file], ..Start::default() };
    // After work from the command line the catalogue is read from its tables; a window leaves its snapshot behind.
    in_window("bench-window-tables", start.clone(), async |desktop| {
        let seconds = seconds_to_today(desktop).await?;
        figures.add("Window: start to Today, from the tables", seconds, Unit::Seconds);
        Ok(())
    })
    .await?;
    in_window("bench-window-large", start, async |desktop| {
        let seconds = seconds_to_today(desktop).await?;
        figures.aim("Window: start to Today", seconds, Unit::Seconds, 2.5);
        keys(&desktop.app, figures).await?;
        add_memory(figures, "a large catalogue", None);
        Ok(())
    })
    .await
}

/// From the making of the process to Today's figures.
async fn seconds_to_today(desktop: &Desktop) -> Result<f64> {
    desktop.app.see_css("[data-testid=page-today] .ages").await?;
    machine::age_of_window().context("the age of the window's process")
}

/// The module of the interface as it is loaded, packed.
fn interface_kilobytes() -> Result<f64> {
    let module = std::fs::read(places::interface()?.join("omnipricex_ui_bg.wasm")).context("reading the interface")?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&module)?;
    Ok(packed.finish()?.len() as f64 / 1000.0)
}

fn add_memory(figures: &mut Figures, what: &str, most: Option<f64>) {
    let (own, web) = machine::window_megabytes();
    let name = format!("Window: memory of its own process, {what}");
    match most {
        Some(most) => figures.aim(name, own, Unit::Megabytes, most),
        None => figures.add(name, own, Unit::Megabytes),
    }
    figures.add(format!("Window: memory of the web view's processes, {what}"), web, Unit::Megabytes);
}

/// How often each header is clicked twice.
const ORDER_ROUNDS: usize = 4;

/// Filters that are put on and taken off.
const FILTERS: [&str; 6] = ["no_offers", "has_offers", "below_cost", "key_value", "own_brand", "no_cost"];

/// Scrolls by so many pixels in each frame, and gives the milliseconds between the frames.
const SCROLL: &str = "
    const [grid, done] = [document.querySelector('[data-testid=grid]'), arguments[arguments.length - 1]];
    const gaps = [];
    let last = performance.now();
    const step = (now) => {
        gaps.push(now - last);
        last = now;
        grid.scrollTop += 400;
        gaps.length < 300 ? requestAnimationFrame(step) : done(gaps.slice(10));
    };
    requestAnimationFrame(step);
";

/// Types searches a key at a time, changes the order by the headers, filters and scrolls.
async fn keys(app: &App, figures: &mut Figures) -> Result<()> {
    app.click("rail-products").await?;
    app.see("grid-row").await?;
    app.script(WATCH).await?;
    let mut latencies = Vec::new();
    for words in questions::typed() {
        app.click("grid-search").await?;
        for key in words.chars() {
            app.press(key.to_string()).await?;
            latencies.extend(settled(app).await?);
        }
        app.fill("grid-search", char::from(Key::Backspace).to_string().as_str()).await?;
        settled(app).await?;
    }
    // A key that leaves the same rows changes nothing on the screen, and has no latency.
    ensure!(latencies.len() > 20, "only {} keys changed the rows", latencies.len());
    figures.latencies("Window: key to changed rows, search", &latencies, Some(100.0));
    let mut latencies = Vec::new();
    // Several rounds: the 95th percentile of a dozen would be the slowest one.
    for header in ["price", "name", "gap", "stock", "margin", "sku"].repeat(ORDER_ROUNDS) {
        for _ in 0..2 {
            app.click(&format!("grid-header-{header}")).await?;
            latencies.extend(settled(app).await?);
        }
    }
    ensure!(latencies.len() >= 8, "only {} orders changed the rows", latencies.len());
    figures.latencies("Window: click to changed rows, order", &latencies, Some(100.0));
    let mut latencies = Vec::new();
    for filter in FILTERS.repeat(ORDER_ROUNDS) {
        app.click("filter-add").await?;
        app.click(&format!("filter-{filter}")).await?;
        latencies.extend(settled(app).await?);
        app.click_css(".chips .chip button").await?;
        latencies.extend(settled(app).await?);
    }
    ensure!(latencies.len() >= 8, "only {} filters changed the rows", latencies.len());
    figures.latencies("Window: click to changed rows, filter", &latencies, Some(100.0));
    let gaps = app.driver().execute_async(SCROLL, Vec::new()).await?;
    let gaps: Vec<f64> = gaps.json().as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    figures.latencies("Window: between two frames while scrolling", &gaps, None);
    Ok(())
}

/// Waits until the rows no longer change. `None`: they did not change at all.
async fn settled(app: &App) -> Result<Option<f64>> {
    const LIMIT: Duration = Duration::from_secs(1);
    let started = std::time::Instant::now();
    while started.elapsed() < LIMIT {
        if let Value::Number(milliseconds) = app.script(LATENCY).await? {
            return Ok(milliseconds.as_f64());
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    Ok(None)
}
