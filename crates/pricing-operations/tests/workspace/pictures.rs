//! Pictures beside a match: fetched only where the settings say so, once, and shown from what is kept.

use std::io::Cursor;

use app_contract::{CollectionSettings, CompetitorSettings, MatchFilter, MatchPictures, MatchSearch};
use image::{DynamicImage, ImageFormat};
use pricing_domain::FileKind;
use pricing_operations::{Progress, Workspace};

use crate::server::Rival;
use crate::support::Shop;

const SETTINGS: CollectionSettings =
    CollectionSettings { delay_ms: 0, interval_hours: 24, timeout_seconds: 5, retries: 0, fetch_pictures: false };

fn png(side: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(side, side).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn allow(workspace: &Workspace, fetch_pictures: bool) {
    workspace.save_settings("Test shop", &CollectionSettings { fetch_pictures, ..SETTINGS }).await.unwrap();
}

/// A rival whose page of the kettle names a picture, found by its sitemap; ours stands in the catalogue.
async fn found() -> (Shop, Rival) {
    let (shop, rival) = (Shop::with_products().await, Rival::open().await);
    let page = format!(
        "<html lang=en><head><title>Boilo Kettle</title><meta property=\"og:image\" content=\"{}\"></head><body><main>\
         <h1>Boilo Kettle</h1><p class=price>25.00 EUR</p><p>In stock</p><button>Add to cart</button></main></body></html>",
        rival.url("/img/kettle.png")
    );
    rival.answer("/kettle", (200, String::new(), page));
    let sitemap = format!("<urlset><url><loc>{}</loc></url></urlset>", rival.url("/kettle"));
    rival.answer("/sitemap.xml", (200, "content-type: text/xml\r\n".to_owned(), sitemap));
    rival.file("/img/kettle.png", "image/png", png(900));
    rival.file("/own.png", "image/png", png(50));
    let own = format!("sku,name,currency,price,image_url\nA1,Kettle,EUR,29.99,{}\n", rival.url("/own.png"));
    shop.import_clean(FileKind::Products, &own).await;
    allow(&shop.workspace, false).await;
    let search = MatchSearch {
        competitor: "Rival".to_owned(),
        site: format!("{}/", rival.origin),
        most_pages: 10,
        ..MatchSearch::default()
    };
    let origins = [rival.origin.clone()];
    let report = shop.workspace.find_matches(&search, &origins, &Progress::silent()).await.unwrap();
    assert_eq!((report.read, report.products), (1, 1), "{report:?}");
    (shop, rival)
}

async fn pictures(shop: &Shop, rival: &Rival) -> MatchPictures {
    let rows = shop.workspace.matches(&MatchFilter::default(), 0, 10).await.unwrap().rows;
    let origins = [rival.origin.clone()];
    shop.workspace.match_pictures(rows[0].page, rows[0].product, &origins).await.unwrap()
}

fn asked(rival: &Rival) -> Vec<String> {
    rival.visits().into_iter().filter(|path| path.ends_with("png")).collect()
}

#[tokio::test]
async fn pictures_are_fetched_once_and_only_where_the_settings_say_so() {
    let (shop, rival) = found().await;
    let without = pictures(&shop, &rival).await;
    assert_eq!((without.theirs.data, without.ours.data), (None, None));
    assert!(without.theirs.reason.contains("not fetched"), "{}", without.theirs.reason);
    assert_eq!(asked(&rival), Vec::<String>::new());
    allow(&shop.workspace, true).await;
    let with = pictures(&shop, &rival).await;
    for picture in [&with.theirs, &with.ours] {
        let data = picture.data.as_deref().expect("a picture");
        assert!(data.starts_with("data:image/jpeg;base64,/9j/") && data.len() < 40_000, "{} bytes", data.len());
    }
    assert_eq!(asked(&rival), ["/img/kettle.png", "/own.png"]);
    shop.later_hours(1_000);
    assert_eq!(pictures(&shop, &rival).await, with);
    allow(&shop.workspace, false).await;
    assert_eq!(pictures(&shop, &rival).await, with, "what is kept is shown");
    assert_eq!(asked(&rival).len(), 2, "nothing is asked for twice");
}

#[tokio::test]
async fn what_is_no_picture_is_told_and_asked_for_again_a_day_later() {
    let (shop, rival) = found().await;
    rival.file("/img/kettle.png", "image/png", b"no picture".to_vec());
    rival.file("/own.png", "text/html", Vec::new());
    allow(&shop.workspace, true).await;
    let shown = pictures(&shop, &rival).await;
    assert!(shown.theirs.reason.contains("no JPEG, PNG or WebP"), "{}", shown.theirs.reason);
    assert!(shown.ours.reason.contains("text/html"), "{}", shown.ours.reason);
    shop.later_hours(23);
    pictures(&shop, &rival).await;
    assert_eq!(asked(&rival).len(), 2);
    rival.file("/img/kettle.png", "image/png", png(900));
    shop.later_hours(2);
    let shown = pictures(&shop, &rival).await;
    assert!(shown.theirs.data.is_some());
    assert_eq!(asked(&rival).len(), 4);
}

#[tokio::test]
async fn a_shop_at_its_daily_limit_is_not_asked_for_pictures() {
    let (shop, rival) = found().await;
    allow(&shop.workspace, true).await;
    let competitors = shop.workspace.competitors().await.unwrap();
    let settings = CompetitorSettings { daily_requests: Some(1), ..CompetitorSettings::default() };
    shop.workspace.update_competitor(competitors[0].id, &settings).await.unwrap();
    let shown = pictures(&shop, &rival).await;
    assert!(shown.theirs.data.is_none() && shown.theirs.reason.contains("cannot be asked for now"), "{shown:?}");
    assert!(!asked(&rival).contains(&"/img/kettle.png".to_owned()));
}

#[tokio::test]
async fn a_cell_that_is_no_address_of_a_picture_is_noted_and_the_product_taken() {
    let shop = Shop::with_products().await;
    let text = "sku,name,currency,price,image_url\nA1,Kettle,EUR,29.99,images/kettle.jpg\n";
    let report = shop.import_clean(FileKind::Products, text).await;
    assert_eq!((report.refused, report.changed), (0, 0));
    assert!(report.notes.iter().any(|note| note.reason.contains("no address of a picture")), "{:?}", report.notes);
}
