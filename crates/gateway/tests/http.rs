//! The gateway as a browser meets it: a real listener on a free port, real requests.

#![allow(clippy::unwrap_used, reason = "a test may end where it expected something")]

#[path = "http/site.rs"]
mod site;

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use site::{Site, text};

#[tokio::test]
async fn the_entry_address_opens_one_session_and_is_used_up() {
    let site = Site::start().await;
    let entry = site.entry_url();
    let first = site.client.get(&entry).send().await.unwrap();
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    assert_eq!(first.headers()[header::LOCATION], "/");
    let cookie = first.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");

    let second = site.client.get(&entry).send().await.unwrap();
    assert_eq!(second.status(), StatusCode::FORBIDDEN);
    assert!(second.headers().get(header::SET_COOKIE).is_none());
    assert!(text(second).await.contains("omnipricex serve"));
}

#[tokio::test]
async fn looking_at_the_headers_of_the_entry_address_leaves_it_usable() {
    let site = Site::start().await;
    let entry = site.entry_url();
    site.client.head(&entry).send().await.unwrap();
    assert_eq!(site.client.get(&entry).send().await.unwrap().status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nothing_is_reachable_without_a_session() {
    let site = Site::start().await;
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/products"),
        (Method::GET, "/app.css"),
        (Method::GET, "/v1/events"),
        (Method::POST, "/v1/commands/get_status"),
        (Method::POST, "/v1/uploads?name=a.csv"),
        (Method::GET, "/v1/downloads/0192d7a0-0000-7000-8000-000000000000"),
    ] {
        let request = site.client.request(method, site.url(path)).header(header::CONTENT_TYPE, "application/json");
        let with_other_cookie = request.header(header::COOKIE, "omnipricex_1=abc").body("{}");
        assert_eq!(with_other_cookie.send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn other_hosts_origins_and_sites_are_turned_away() {
    let site = Site::start_entered().await;
    let command = || site.post("/v1/commands/get_status").json(&json!({}));
    assert_eq!(command().send().await.unwrap().status(), StatusCode::OK);

    let port = site.address.port();
    let rebound = command().header(header::HOST, format!("shop.example:{port}")).send().await.unwrap();
    assert_eq!(rebound.status(), StatusCode::MISDIRECTED_REQUEST);
    for (name, value) in [
        ("origin", "http://shop.example".to_owned()),
        ("origin", format!("http://127.0.0.1:{}", port.wrapping_add(1))),
        ("origin", "null".to_owned()),
        ("sec-fetch-site", "cross-site".to_owned()),
        ("sec-fetch-site", "same-site".to_owned()),
        ("sec-fetch-site", "none".to_owned()),
    ] {
        let refused = command().header(name, &value).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{name}: {value}");
        assert_eq!(refused.json::<Value>().await.unwrap()["code"], "not_permitted");
    }
    let own = command().header("origin", format!("http://127.0.0.1:{port}")).header("sec-fetch-site", "same-origin");
    assert_eq!(own.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn commands_answer_in_json_and_refusals_carry_the_contracts_error() {
    let site = Site::start_entered().await;
    let status = site.run("get_status", json!({})).await;
    assert_eq!(status.0, StatusCode::OK);
    assert_eq!(status.1["workspace"], Value::Null);

    for (name, payload, expected, code) in [
        ("no_such_command", json!({}), StatusCode::NOT_FOUND, "not_found"),
        ("get_settings", json!({}), StatusCode::CONFLICT, "no_workspace"),
    ] {
        let (status, body) = site.run(name, payload).await;
        assert_eq!((status, body["code"].as_str()), (expected, Some(code)), "{name}: {body}");
        assert!(!body["message"].as_str().unwrap().is_empty());
    }
    let not_json = site.post("/v1/commands/get_status").body("{}").send().await.unwrap();
    assert_eq!(not_json.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(not_json.json::<Value>().await.unwrap()["code"], "refused");
}

#[tokio::test]
async fn events_are_numbered_and_resume_where_a_browser_left_off() {
    let site = Site::start_entered().await;
    let mut live = site.get("/v1/events").send().await.unwrap();
    assert_eq!(live.headers()[header::CONTENT_TYPE], "text/event-stream");
    site.make_something_stale().await;
    let (first, event) = site::next_event(&mut live).await;
    assert_eq!(event["sequence"].as_u64(), Some(first));

    site.make_something_stale().await;
    let (second, _) = site::next_event(&mut live).await;
    assert!(second > first);
    let mut resumed = site.get("/v1/events").header("last-event-id", first.to_string()).send().await.unwrap();
    assert_eq!(site::next_event(&mut resumed).await.0, first + 1);
}

#[tokio::test]
async fn a_browser_that_missed_too_much_hears_that_everything_is_stale() {
    let site = Site::start_entered().await;
    let mut resumed = site.get("/v1/events").header("last-event-id", u64::MAX.to_string()).send().await.unwrap();
    let (_, event) = site::next_event(&mut resumed).await;
    let tags = event["event"]["stale"]["tags"].as_array().unwrap();
    for tag in ["workspace", "products", "offers", "proposals", "jobs"] {
        assert!(tags.contains(&json!(tag)), "{tag} in {tags:?}");
    }
}

#[tokio::test]
async fn an_uploaded_file_comes_back_as_a_download() {
    let site = Site::start_entered().await;
    let content = "sku;name\r\nä;ö\r\n".repeat(10_000);
    let uploaded =
        site.post("/v1/uploads?name=..%2FPreise%20M%C3%A4rz.csv").body(content.clone()).send().await.unwrap();
    assert_eq!(uploaded.status(), StatusCode::OK);
    let file: Value = uploaded.json().await.unwrap();
    assert_eq!(file["name"], "Preise März.csv");
    assert_eq!(file["size_bytes"], content.len());

    let download = site.get(&format!("/v1/downloads/{}", file["id"].as_str().unwrap())).send().await.unwrap();
    assert_eq!(
        download.headers()[header::CONTENT_DISPOSITION],
        "attachment; filename=\"Preise_M_rz.csv\"; filename*=UTF-8''Preise%20M%C3%A4rz.csv"
    );
    assert_eq!(text(download).await, content);
    for unknown in ["0192d7a0-0000-7000-8000-000000000000", "..%2F..%2Fetc%2Fpasswd"] {
        let missing = site.get(&format!("/v1/downloads/{unknown}")).send().await.unwrap();
        assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn the_interface_is_served_with_types_and_one_page_for_every_address() {
    let site = Site::start_entered().await;
    for (path, content_type) in [
        ("/", "text/html"),
        ("/products?search=tv", "text/html"),
        ("/app.css", "text/css"),
        ("/start.js", "text/javascript"),
        ("/omnipricex_ui_bg.wasm", "application/wasm"),
    ] {
        let response = site.get(path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE].to_str().unwrap(), content_type, "{path}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache", "{path}");
    }
    for missing in ["/no.css", "/..%2f..%2fCargo.toml", "/v1/other"] {
        assert_eq!(site.get(missing).send().await.unwrap().status(), StatusCode::NOT_FOUND, "{missing}");
    }
    assert_eq!(site.post("/products").send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn text_is_compressed_and_an_unchanged_file_is_not_sent_again() {
    let site = Site::start_entered().await;
    let css = site.get("/app.css").header(header::ACCEPT_ENCODING, "gzip").send().await.unwrap();
    let last_modified = css.headers()[header::LAST_MODIFIED].clone();
    let compressed = text(css).await;
    assert!(compressed.len() > 1_000, "decoded on arrival: {} bytes", compressed.len());
    let again = site.get("/app.css").header(header::IF_MODIFIED_SINCE, last_modified).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);

    let raw = site.raw_get("/app.css", "accept-encoding: gzip\r\n").await;
    assert!(raw.to_ascii_lowercase().contains("content-encoding: gzip"), "{raw}");
}

#[tokio::test]
async fn every_answer_forbids_what_the_interface_does_not_need() {
    let site = Site::start_entered().await;
    let refused = site.client.get(site.url("/app.css")).send().await.unwrap();
    let page = site.get("/").send().await.unwrap();
    for response in [refused, page] {
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
        assert_eq!(scripts.trim(), "script-src 'self' 'wasm-unsafe-eval'");
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(response.headers()[header::REFERRER_POLICY], "no-referrer");
    }
}

#[tokio::test]
async fn a_listener_that_others_can_reach_is_refused() {
    let site = Site::start().await;
    let open = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
    let error = site.gateway.serve(open, std::future::pending()).await.unwrap_err();
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn stopping_ends_open_event_streams_at_once() {
    let site = Site::start_entered().await;
    let mut events = site.get("/v1/events").send().await.unwrap();
    let stopped = std::time::Instant::now();
    site.stop().await;
    assert!(events.chunk().await.unwrap_or(None).is_none());
    assert!(stopped.elapsed() < std::time::Duration::from_secs(3), "{:?}", stopped.elapsed());
}
