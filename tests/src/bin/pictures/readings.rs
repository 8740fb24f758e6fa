//! What the sample's own shops do not show: readings that wait for a person, and a recipe that was learnt. They are of a
//! small shop of this program whose prices slip. A browser shows them, as the host behind it collects.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use app_commands::Host;
use app_contract::{
    CollectCompetitors, GetJob, ImportOptions, JobState, JobView, ListCompetitors, SavePrivateSites, StartImport,
    UpdateCompetitor,
};
use journeys::{App, Browser, FirstStart, Frame};
use pricing_domain::{CompetitorId, FileKind};
use sample_shops::{SampleProduct, products};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::Camera;

/// The shop's name; it stands first in the list.
const SHOP: &str = "Abendlicht";
/// How many products it has.
const PAGES: usize = 8;
/// How often it is read before its prices slip.
const ROUNDS: usize = 4;
/// How large a picture is.
const SIZE: (u32, u32) = (1_440, 900);

/// The readings that wait, and the editor of recipes.
pub(crate) async fn take_all(browser: &Browser, folder: &Path, only: &str) -> Result<()> {
    let app = &browser.app;
    fit(app).await?;
    FirstStart::seen(app).await?.open_sample().await?;
    let round = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.context("opening the shop")?;
    let origin = format!("http://{}", listener.local_addr()?);
    let shop = tokio::spawn(serve(listener, Arc::clone(&round)));

    let id = known_to(&browser.host, &origin).await?;
    for number in 0..=ROUNDS {
        round.store(number, Ordering::SeqCst);
        let job = browser.host.call(CollectCompetitors { competitors: vec![id], all: true }).await?;
        done(&browser.host, job).await?;
    }
    let camera = Camera { app, folder, only };
    camera.visit("/competitors/quarantine", "quarantine").await?;
    app.text_that("page-quarantine", |text| text.contains("decimal point")).await?;
    app.script(
        "document.querySelectorAll('[data-testid=toast] [aria-label=Close]').forEach(one => one.click()); return 0",
    )
    .await?;
    app.gone("toast").await?;
    camera.take("quarantine").await?;

    let competitors = Frame::of(app).competitors().await?;
    competitors.open_first().await?;
    let place = PAGES - 1;
    competitors.learn(&format!("{origin}/{place}"), &written(price(place, ROUNDS))).await?;
    app.script("document.querySelector('[data-testid=learn-recipe]').scrollIntoView(); return 0").await?;
    camera.take("recipe").await?;
    shop.abort();
    Ok(())
}

/// Makes the page as large as the window of the other pictures.
async fn fit(app: &App) -> Result<()> {
    let inner = app.script("return window.innerHeight").await?.as_u64().context("a height")?;
    let frame = SIZE.1.saturating_sub(u32::try_from(inner)?);
    Ok(app.driver().set_window_rect(0, 0, SIZE.0, SIZE.1 + frame).await?)
}

/// Tells the host of the shop's pages.
async fn known_to(host: &Host, origin: &str) -> Result<CompetitorId> {
    let folder = tempfile::tempdir().context("making a folder for the file of matches")?;
    let rows = sold().enumerate().map(|(place, product)| format!("{},{SHOP},{origin}/{place}\n", product.sku));
    let file = folder.path().join("matches.csv");
    std::fs::write(&file, format!("sku,competitor,url\n{}", rows.collect::<String>()))
        .context("writing the matches")?;
    host.call(SavePrivateSites { sites: vec![origin.to_owned()] }).await?;
    let file = host.register_input(file)?.id;
    let job = host.call(StartImport { file, options: ImportOptions::of_kind(FileKind::Matches) }).await?;
    done(host, job).await?;
    let known = host.call(ListCompetitors {}).await?;
    let mut shop = known.into_iter().find(|one| one.name == SHOP).context("the shop is a competitor")?;
    shop.settings.delay_ms = Some(0);
    Ok(host.call(UpdateCompetitor { competitor: shop.id, settings: shop.settings }).await?.id)
}

/// Waits for a job that is expected to succeed.
async fn done(host: &Host, mut job: JobView) -> Result<()> {
    while !job.state.ended() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        job = host.call(GetJob { job: job.id }).await?;
    }
    match job.state {
        JobState::Done => Ok(()),
        state => bail!("“{}” ended as {state:?}: {:?}", job.title, job.error),
    }
}

fn sold() -> impl Iterator<Item = &'static SampleProduct> {
    products().iter().take(PAGES)
}

/// What a page asks for in a round, in cents: in the last one the decimal point has moved on two pages, and a third shows
/// the price of one of twelve.
fn price(place: usize, round: usize) -> i64 {
    let usual = products()[place].price_minor;
    match (place, round) {
        (0, ROUNDS) => usual * 10,
        (1, ROUNDS) => usual / 12,
        (2, ROUNDS) => usual / 100,
        (place, round) if place % 2 == 1 => usual - 100 * i64::try_from(round).unwrap_or(0),
        _ => usual,
    }
}

fn written(minor: i64) -> String {
    format!("{},{:02} €", minor / 100, minor % 100)
}

async fn serve(listener: TcpListener, round: Arc<AtomicUsize>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream, round.load(Ordering::SeqCst)));
    }
}

/// Answers one request: a product's page, else nothing is found.
async fn answer(mut stream: TcpStream, round: usize) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let request = String::from_utf8_lossy(&request);
    let path = request.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let place = path.parse::<usize>().ok().filter(|place| *place < PAGES);
    let (status, body) = match place {
        Some(place) => ("200 OK", page(place, round)),
        None => ("404 Not Found", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await
}

fn page(place: usize, round: usize) -> String {
    let (name, price) = (&products()[place].name, written(price(place, round)));
    format!(
        "<!doctype html><html lang=\"de\"><head><title>{name} | {SHOP}</title></head><body><main><h1>{name}</h1>\
         <div class=\"buy\"><p class=\"price\">{price}</p><p>Auf Lager</p><button>In den Warenkorb</button></div></main>\
         </body></html>"
    )
}
