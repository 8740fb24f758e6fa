//! Pages that are made by their own scripts: loaded in an installed Chromium, Chrome or Edge, and read as they then stand.
//!
//! Nothing is ever downloaded for this. The browser names this program as every other request does, reaches the network
//! only through [`Guard`], shows no pictures, and has a profile that ends with the collection.

use std::path::PathBuf;
use std::time::Duration;

use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::network::{EventResponseReceived, ResourceType, SetUserAgentOverrideParams};
use chromiumoxide::detection::{DetectionOptions, default_executable};
use chromiumoxide::error::CdpError;
use chromiumoxide::page::Page;
use futures::{FutureExt, StreamExt};
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinHandle;
use url::Url;

use crate::render_guard::Guard;
use crate::settings::AddressPolicy;

/// A page is taken as finished when it did not grow for so many looks in a row.
const LOOKS_WITHOUT_CHANGE: u32 = 3;
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Pages that are open at a time, whatever the number of shops.
const OPEN_PAGES: usize = 4;
/// Starting the browser may take so long beside a page's own time.
pub(crate) const START: Duration = Duration::from_secs(15);

/// The browser that renders pages on this machine: `OMNIPRICEX_BROWSER`, or an installed Chromium, Chrome or Edge.
pub fn find_browser() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("OMNIPRICEX_BROWSER") {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    default_executable(DetectionOptions::default()).ok()
}

/// A page as it stands after its scripts ran.
pub(crate) struct Rendered {
    /// Where it led in the end.
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

/// Why a page could not be rendered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RenderError {
    #[error("this shop's pages need a browser, and none is installed; install Chromium, Chrome or Edge")]
    NoBrowser,
    #[error("the browser did not start: {0}")]
    Start(String),
    #[error("the browser could not load the page: {0}")]
    Load(String),
    #[error("the page was not finished after {0} seconds")]
    Slow(f64),
}

impl From<CdpError> for RenderError {
    fn from(problem: CdpError) -> Self {
        Self::Load(problem.to_string())
    }
}

/// One browser for a collection, started with the first page that needs it.
pub(crate) struct Renderer {
    exceptions: AddressPolicy,
    running: Mutex<Option<Running>>,
    open: Semaphore,
}

/// Ends the browser and its profile when dropped.
struct Running {
    browser: Browser,
    events: JoinHandle<()>,
    _guard: Guard,
    _profile: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.events.abort();
    }
}

impl Renderer {
    pub(crate) fn new(exceptions: AddressPolicy) -> Self {
        Self { exceptions, running: Mutex::default(), open: Semaphore::new(OPEN_PAGES) }
    }

    /// Loads a page with the given headers' name and language, and waits until it stands still, at most `longest`.
    pub(crate) async fn render(
        &self,
        url: &Url,
        headers: &HeaderMap,
        longest: Duration,
    ) -> Result<Rendered, RenderError> {
        let _open = self.open.acquire().await.map_err(|_| RenderError::NoBrowser)?;
        let page = self.new_page().await?;
        let rendered = tokio::time::timeout(longest, load(&page, url, headers)).await;
        let closed = page.close().await;
        if closed.is_err() {
            // A browser that does not close a page any more is started again for the next one.
            self.running.lock().await.take();
        }
        rendered.unwrap_or_else(|_| Err(RenderError::Slow(longest.as_secs_f64())))
    }

    async fn new_page(&self) -> Result<Page, RenderError> {
        let mut running = self.running.lock().await;
        if running.as_ref().is_none_or(|running| running.events.is_finished()) {
            *running = Some(start(self.exceptions.clone()).await?);
        }
        let browser = &running.as_ref().ok_or(RenderError::NoBrowser)?.browser;
        Ok(browser.new_page("about:blank").await?)
    }
}

async fn start(exceptions: AddressPolicy) -> Result<Running, RenderError> {
    let program = find_browser().ok_or(RenderError::NoBrowser)?;
    let guard = Guard::start(exceptions).await.map_err(|problem| RenderError::Start(problem.to_string()))?;
    let profile = tempfile::tempdir().map_err(|problem| RenderError::Start(problem.to_string()))?;
    let proxy = format!("http://{}", guard.address());
    let mut config = BrowserConfig::builder()
        .chrome_executable(program)
        .user_data_dir(profile.path())
        .respect_https_errors()
        .launch_timeout(START)
        .arg(("proxy-server", proxy.as_str()))
        // Loopback is no exception from the guard either.
        .arg(("proxy-bypass-list", "<-loopback>"))
        .arg(("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"))
        .arg(("blink-settings", "imagesEnabled=false"));
    if is_root() {
        // Chromium's sandbox refuses to run for root; everyone else has it.
        config = config.no_sandbox();
    }
    let config = config.build().map_err(RenderError::Start)?;
    let (browser, mut handler) =
        Browser::launch(config).await.map_err(|problem| RenderError::Start(problem.to_string()))?;
    let events = tokio::spawn(async move { while handler.next().await.is_some() {} });
    Ok(Running { browser, events, _guard: guard, _profile: profile })
}

fn is_root() -> bool {
    #[cfg(target_os = "linux")]
    return std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    #[cfg(not(target_os = "linux"))]
    false
}

async fn load(page: &Page, url: &Url, headers: &HeaderMap) -> Result<Rendered, RenderError> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut identity = SetUserAgentOverrideParams::new(text(USER_AGENT));
    identity.accept_language = Some(text(ACCEPT_LANGUAGE).to_owned()).filter(|languages| !languages.is_empty());
    page.set_user_agent(identity).await?;
    let mut responses = page.event_listener::<EventResponseReceived>().await?;
    let frame = page.mainframe().await?;
    page.goto(url.as_str()).await?;
    stand_still(page).await?;
    let html = page.content().await?;
    let address = page.url().await?.unwrap_or_default();
    let (mut status, mut answered) = (200, HeaderMap::new());
    while let Some(Some(event)) = responses.next().now_or_never() {
        if event.r#type == ResourceType::Document && event.frame_id == frame {
            status = u16::try_from(event.response.status).unwrap_or(200);
            answered = kept_headers(event.response.headers.inner());
        }
    }
    let url = Url::parse(&address).ok().filter(|url| url.has_host()).unwrap_or_else(|| url.clone());
    Ok(Rendered { url, status, headers: answered, html })
}

/// Waits until the page is complete and does not grow any more.
async fn stand_still(page: &Page) -> Result<(), RenderError> {
    const LENGTH: &str = "document.readyState === 'complete' ? document.documentElement.innerHTML.length : -1";
    let (mut before, mut same) = (-1_i64, 0);
    while same < LOOKS_WITHOUT_CHANGE {
        tokio::time::sleep(LOOK_EVERY).await;
        let length = page.evaluate(LENGTH).await?.into_value::<i64>().unwrap_or(-1);
        same = if length >= 0 && length == before { same + 1 } else { 0 };
        before = length;
    }
    Ok(())
}

/// What of an answer's headers still holds for the rendered text.
fn kept_headers(headers: &serde_json::Value) -> HeaderMap {
    let mut kept = HeaderMap::new();
    let wait = headers.as_object().into_iter().flatten().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    if let Some(value) = wait.and_then(|(_, value)| HeaderValue::from_str(value.as_str()?).ok()) {
        kept.insert(reqwest::header::RETRY_AFTER, value);
    }
    kept.insert(reqwest::header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    kept
}
