//! robots.txt against what Google's own library answers, and crawl delays.

use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use price_collection::robots::Robots;
use serde::Deserialize;

#[derive(Deserialize)]
struct UnitCase {
    id: String,
    robots_txt: String,
    user_agent: String,
    url: String,
    allowed: bool,
    google_oracle: bool,
}

#[derive(Deserialize)]
struct RealCase {
    robots_file: String,
    user_agent: String,
    url: String,
    allowed: bool,
}

#[derive(Deserialize)]
struct DelayCase {
    id: String,
    robots_txt: String,
    user_agent: String,
    crawl_delay: Option<f64>,
}

fn shared_data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SHARED_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: {test} needs SHARED_DATA");
    }
    folder
}

fn cases<T: for<'de> Deserialize<'de>>(text: &str) -> impl Iterator<Item = T> {
    text.lines().map(|line| serde_json::from_str(line).expect("a case in JSON"))
}

fn gunzipped(path: PathBuf) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).expect("the shared data");
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("gzip");
    bytes
}

#[test]
fn every_case_of_the_reference_library_is_answered_alike() {
    let Some(folder) = shared_data("robots unit cases") else { return };
    let text = std::fs::read_to_string(folder.join("robots/unit.jsonl")).expect("robots/unit.jsonl");
    let mut scored = 0;
    let mut wrong = Vec::new();
    for case in cases::<UnitCase>(&text) {
        if !case.id.starts_with("google") && case.allowed != case.google_oracle {
            continue;
        }
        scored += 1;
        let verdict = Robots::parse(case.robots_txt.as_bytes()).allowed(&case.user_agent, &case.url);
        if verdict.allowed != case.allowed {
            wrong.push(format!("{}: {} {:?}", case.id, case.url, verdict));
        }
    }
    eprintln!("robots unit cases: {} of {scored} right", scored - wrong.len());
    assert!(scored > 400, "only {scored} cases found");
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}

#[test]
fn every_real_file_is_answered_alike() {
    let Some(folder) = shared_data("robots real files") else { return };
    let mut files = HashMap::new();
    let tarball = gunzipped(folder.join("robots/robots_real.tar.gz"));
    for entry in tar::Archive::new(tarball.as_slice()).entries().expect("a tar file") {
        let mut entry = entry.expect("an entry");
        let name = entry.path().expect("a path").to_string_lossy().into_owned();
        let mut body = Vec::new();
        entry.read_to_end(&mut body).expect("a body");
        files.insert(name, Robots::parse(&body));
    }
    let text = String::from_utf8(gunzipped(folder.join("robots/real.jsonl.gz"))).expect("UTF-8");
    let mut scored = 0;
    let mut wrong = Vec::new();
    for case in cases::<RealCase>(&text) {
        scored += 1;
        let verdict = files[&case.robots_file].allowed(&case.user_agent, &case.url);
        if verdict.allowed != case.allowed {
            wrong.push(format!("{} {} {}: {verdict:?}", case.robots_file, case.user_agent, case.url));
        }
    }
    eprintln!("robots real cases: {} of {scored} right", scored - wrong.len());
    assert!(scored > 80_000, "only {scored} cases found");
    assert!(wrong.is_empty(), "{} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

#[test]
fn crawl_delays_are_read_from_the_group_that_applies() {
    let Some(folder) = shared_data("robots crawl delays") else { return };
    let text = std::fs::read_to_string(folder.join("robots_crawl_delay.jsonl")).expect("robots_crawl_delay.jsonl");
    let mut scored = 0;
    for case in cases::<DelayCase>(&text) {
        scored += 1;
        let expected = case.crawl_delay.map(Duration::from_secs_f64);
        assert_eq!(Robots::parse(case.robots_txt.as_bytes()).crawl_delay(&case.user_agent), expected, "{}", case.id);
    }
    assert!(scored > 0);
}

#[test]
fn the_deciding_rule_is_named_with_its_line() {
    let robots = Robots::parse(b"User-agent: *\nDisallow: /cart\nAllow: /cart/help\n");
    let refused = robots.allowed("OmniPriceX", "https://shop.example/cart/7");
    assert_eq!(refused.rule.as_deref(), Some("Disallow: /cart (line 2)"));
    assert!(!refused.allowed);
    let permitted = robots.allowed("OmniPriceX", "/cart/help");
    assert_eq!(permitted.rule.as_deref(), Some("Allow: /cart/help (line 3)"));
    assert!(permitted.allowed);
    assert_eq!(robots.allowed("OmniPriceX", "/product/1").rule, None);
}
