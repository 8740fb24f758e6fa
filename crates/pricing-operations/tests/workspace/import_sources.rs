//! Files imported from addresses, against a server on this machine.

use app_contract::{ImportOptions, ImportSource};
use pricing_operations::Progress;

use crate::server::Rival;
use crate::support::Shop;

const CSV: &str = "sku,name,currency,price\nA1,Kettle,EUR,27.99\n";

fn source(url: String, pattern: &str) -> ImportSource {
    ImportSource {
        name: "Feed".to_owned(),
        url,
        options: ImportOptions::default(),
        pattern: pattern.to_owned(),
        time_zone: "UTC".to_owned(),
        paused: false,
    }
}

fn file(headers: &str, text: &str) -> (u16, String, String) {
    (200, format!("Content-Type: text/csv\r\n{headers}"), text.to_owned())
}

#[tokio::test]
async fn a_file_is_fetched_once_and_again_when_it_changed() {
    let shop = Shop::with_products().await;
    let server = Rival::open().await;
    server.answer("/out/feed.csv", file("ETag: \"v1\"\r\nLast-Modified: Mon, 02 Mar 2026 06:00:00 GMT\r\n", CSV));
    let id = shop.workspace.save_import_source(None, source(server.url("/out/feed.csv"), "")).await.unwrap()[0].id;
    let private = [server.origin.clone()];
    let run = async || shop.workspace.run_import_source(id, &private, &Progress::silent()).await;
    shop.later_hours(1);
    let report = run().await.unwrap();
    assert_eq!((report.file_name.as_str(), report.changed), ("feed.csv", 1), "{report:?}");
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_799));
    server.answer("/out/feed.csv", (304, String::new(), String::new()));
    assert_eq!(run().await.unwrap().rows, 0);
    let head = server.newest_head();
    assert!(head.contains("if-none-match: \"v1\"") && head.contains("if-modified-since: mon, 02 mar 2026"), "{head}");
    let stands = shop.workspace.import_sources().await.unwrap().remove(0);
    assert!(stands.last_words.contains("has not changed") && !stands.last_failed, "{stands:?}");
    server.answer("/out/feed.csv", (404, String::new(), String::new()));
    let error = run().await.unwrap_err();
    assert!(error.message.contains("not there any more"), "{error}");
    let stands = shop.workspace.import_sources().await.unwrap().remove(0);
    assert!(stands.last_failed && stands.last_words == error.message, "{stands:?}");
}

#[tokio::test]
async fn redirects_are_followed_and_pages_and_inner_addresses_refused() {
    let shop = Shop::with_products().await;
    let server = Rival::open().await;
    server.answer("/download", (302, "Location: /feed.csv\r\n".to_owned(), String::new()));
    server.answer("/feed.csv", file("", CSV));
    server.answer("/login", (200, String::new(), "<html><body>Sign in</body></html>".to_owned()));
    let private = [server.origin.clone()];
    let mut id = None;
    for (path, expected) in [("/download", Ok(1)), ("/login", Err("web page"))] {
        let views = shop.workspace.save_import_source(id, source(server.url(path), "")).await.unwrap();
        id = Some(views[0].id);
        let done = shop.workspace.run_import_source(views[0].id, &private, &Progress::silent()).await;
        match (done, expected) {
            (Ok(report), Ok(rows)) => assert_eq!(report.rows, rows),
            (Err(error), Err(words)) => assert!(error.message.contains(words), "{error}"),
            (done, _) => panic!("{path}: {done:?}"),
        }
    }
    let refused = shop.workspace.run_import_source(id.unwrap(), &[], &Progress::silent()).await.unwrap_err();
    assert!(refused.message.contains("not a public address"), "{refused}");
    for url in ["ftp://shop.example/x.csv", "https://ada:secret@shop.example/x.csv", "x.csv"] {
        assert!(shop.workspace.save_import_source(id, source(url.to_owned(), "")).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn a_missed_time_is_taken_once() {
    let shop = Shop::with_products().await;
    let planned = source("https://shop.example/feed.csv".to_owned(), "0 6 * * *");
    let id = shop.workspace.save_import_source(None, planned.clone()).await.unwrap()[0].id;
    assert_eq!(shop.workspace.due_import_sources().await.unwrap(), []);
    assert!(!shop.workspace.take_import_source(id).await.unwrap(), "its time has not come");
    shop.later_hours(72);
    assert_eq!(shop.workspace.due_import_sources().await.unwrap(), [(id, "Feed".to_owned())]);
    assert!(shop.workspace.take_import_source(id).await.unwrap());
    assert!(!shop.open_again().await.take_import_source(id).await.unwrap(), "another program comes too late");
    let rests = ImportSource { paused: true, ..planned };
    shop.workspace.save_import_source(Some(id), rests).await.unwrap();
    shop.later_hours(48);
    assert_eq!(shop.workspace.due_import_sources().await.unwrap(), []);
    assert_eq!(shop.workspace.remove_import_source(id).await.unwrap(), []);
}
