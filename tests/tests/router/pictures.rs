//! Pictures beside a match: a shop on this machine, its page found by its sitemap, and both pictures in the answer that the
//! review shows.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};
use app_contract::{
    CollectionSettings, DecideMatches, GetMatchPictures, JobResult, ListMatches, MatchDecision, MatchFilter,
    MatchPictures, MatchSearch, MatchSelection, SaveSettings, StartMatching,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use journeys::Router;
use pricing_domain::FileKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One green pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A shop with one page, its picture, and the picture that our own catalogue names.
struct PictureShop {
    origin: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl PictureShop {
    async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (known, host) = (asked.clone(), origin.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, host.clone(), known.clone()));
            }
        });
        Ok(Self { origin, asked })
    }

    /// The pictures that were asked for, in order.
    fn pictures(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("nobody fails while holding it");
        asked.iter().filter(|path| path.ends_with(".png")).cloned().collect()
    }
}

async fn answer(mut stream: TcpStream, origin: String, asked: Arc<Mutex<Vec<String>>>) -> Result<()> {
    let mut request = [0; 8_192];
    let length = stream.read(&mut request).await?;
    let text = String::from_utf8_lossy(&request[..length]).into_owned();
    let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, form, body) = match path.as_str() {
        "/sitemap.xml" => {
            let text = format!("<urlset><url><loc>{origin}/kettle</loc></url></urlset>");
            ("200 OK", "text/xml", text.into_bytes())
        }
        "/kettle" => {
            let page = format!(
                "<html lang=en><head><title>Boilo Kettle</title><meta property=\"og:image\" content=\"{origin}/kettle.png\">\
                 </head><body><main><h1>Boilo Kettle</h1><p class=price>25.00 EUR</p><p>In stock</p>\
                 <button>Add to cart</button></main></body></html>"
            );
            ("200 OK", "text/html", page.into_bytes())
        }
        path if path.ends_with(".png") => ("200 OK", "image/png", STANDARD.decode(PNG)?),
        _ => ("404 Not Found", "text/plain", Vec::new()),
    };
    asked.lock().expect("nobody fails while holding it").push(path);
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {form}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    Ok(stream.write_all(&body).await?)
}

/// The pictures of the one pair that waits.
async fn looked_at(router: &Router) -> Result<MatchPictures> {
    let rows = router.host.call(ListMatches { filter: MatchFilter::default(), offset: 0, limit: 9 }).await?.rows;
    let row = rows.first().context("a pair waits")?;
    Ok(router.host.call(GetMatchPictures { page: row.page, product: row.product }).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_match_is_reviewed_with_the_pictures_of_both_sides() -> Result<()> {
    let (router, shop) = (Router::start()?, PictureShop::open().await?);
    router.create_workspace("Nordlicht").await?;
    router.collect_with_delay(0).await?;
    router.host.allow_private_origin(&shop.origin).await?;
    let own = format!("sku,name,brand,currency,price,image_url\nA1,Kettle,Boilo,EUR,29.99,{}/own.png\n", shop.origin);
    assert_eq!(router.import(FileKind::Products, &own).await?.added, 1);
    let search = MatchSearch {
        competitor: "Rival".to_owned(),
        site: format!("{}/", shop.origin),
        most_pages: 10,
        ..MatchSearch::default()
    };
    let job = router.host.call(StartMatching { search }).await?;
    let Some(JobResult::Matching(found)) = router.finished(job).await?.result else { bail!("a report was expected") };
    assert_eq!((found.read, found.products), (1, 1), "{found:?}");

    let without = looked_at(&router).await?;
    assert!(without.theirs.data.is_none() && without.ours.data.is_none(), "{without:?}");
    assert!(without.theirs.reason.contains("not fetched"), "{}", without.theirs.reason);
    assert_eq!(shop.pictures(), Vec::<String>::new(), "nothing is asked for before it is allowed");

    let collection =
        CollectionSettings { delay_ms: 0, interval_hours: 24, timeout_seconds: 10, retries: 1, fetch_pictures: true };
    router.host.call(SaveSettings { company: "Nordlicht".to_owned(), collection }).await?;
    let with = looked_at(&router).await?;
    for picture in [&with.theirs, &with.ours] {
        assert!(picture.data.as_deref().is_some_and(|data| data.starts_with("data:image/jpeg;base64,")), "{picture:?}");
    }
    assert_eq!(shop.pictures(), ["/kettle.png", "/own.png"]);

    let router = router.restart().await?;
    assert_eq!(looked_at(&router).await?, with, "what was fetched is kept");
    assert_eq!(shop.pictures().len(), 2);
    let selection = MatchSelection::Filter(MatchFilter::default());
    let decision = DecideMatches { selection, decision: MatchDecision::Accept, pack: None };
    assert_eq!(router.host.call(decision).await?.decided, 1);
    Ok(())
}
