//! The process `omnipricex publish` is killed at every request it sends to the shop, before and after the shop acts on it:
//! the next one looks first, nothing is lost and no price is sent twice.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use test_shops::{Fault, WooProduct, WooShop};

const PRODUCTS: usize = 12;

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omnipricex"));
    command
        .args(["--json", "--workspace"])
        .arg(folder.join("shop.omnipricex"))
        .env("OMNIPRICEX_DATA_DIR", folder)
        .env("OMNIPRICEX_SECRETS", "file")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the program to its end, off the threads that serve the shop.
async fn run(folder: &Path, words: &[&str]) -> Output {
    let mut command = program(folder);
    command.args(words).env("OMNIPRICEX_KEY", WooShop::KEY).env("OMNIPRICEX_SECRET", WooShop::SECRET);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn done(folder: &Path, words: &[&str]) -> Value {
    let output = run(folder, words).await;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words:?}: {text} {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// A workspace whose catalogue came from the shop, with approved prices for it.
async fn approved(folder: &Path, shop: &WooShop) {
    done(folder, &["create", "Nordlicht"]).await;
    done(folder, &["connections", "add", "Shop", "--kind", "woocommerce", "--address", shop.door.address()]).await;
    let pulled = done(folder, &["connections", "pull", "shop", "--vat", "19"]).await;
    assert_eq!(pulled["import"]["added"], PRODUCTS, "{pulled}");
    let now = pricing_domain::Instant(i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_micros()).unwrap());
    let offers: String = (1..=PRODUCTS).map(|id| format!("W{id},Rival,{now},{}.49,EUR,InStock\n", 17 + id)).collect();
    let file = folder.join("offers.csv");
    std::fs::write(&file, format!("sku,competitor,observed_at,price,currency,availability\n{offers}")).unwrap();
    run(folder, &["import", "observations", file.to_str().unwrap()]).await;
    done(folder, &["price"]).await;
    done(folder, &["approve", "--all"]).await;
}

fn products() -> Vec<WooProduct> {
    let product = |id: usize| WooProduct {
        id: id as u64,
        kind: "simple".into(),
        sku: format!("W{id}"),
        name: format!("Product {id}"),
        regular_price: format!("{}.90", 18 + id),
        cost: Some(9.5),
        ..WooProduct::default()
    };
    (1..=PRODUCTS).map(product).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_request_nothing_is_lost_and_nothing_is_sent_twice() {
    for fault in [Fault::HoldBefore, Fault::HoldAfter] {
        // Products, three settings, an empty batch; then looking, sending, looking again.
        for request in [1, 6, 7, 8] {
            let folder = tempfile::tempdir().unwrap();
            let shop = WooShop::open(products()).await;
            approved(folder.path(), &shop).await;
            shop.door.reset();
            shop.door.fail(request, fault);
            let mut child = program(folder.path()).args(["publish", "--to", "Shop"]).spawn().unwrap();
            assert!(shop.door.fault_reached(Duration::from_secs(60)).await, "request {request}, {fault:?}");
            child.kill().unwrap();
            child.wait().unwrap();
            shop.door.reset();

            let went_on = done(folder.path(), &["publish", "--continue"]).await;
            let report = &went_on["delivery"];
            let (prices, there) = (report["prices"].as_u64().unwrap(), report["there"].as_u64().unwrap());
            assert!(prices > 0 && prices == there, "request {request}, {fault:?}: {went_on}");
            let mut taken: Vec<String> = shop.taken().into_iter().map(|one| one.sku).collect();
            assert_eq!(taken.len() as u64, prices, "request {request}, {fault:?}: {taken:?}");
            taken.sort();
            taken.dedup();
            assert_eq!(taken.len() as u64, prices, "each once: {taken:?}");
            let hand_overs = done(folder.path(), &["hand-overs"]).await;
            assert_eq!((hand_overs.as_array().unwrap().len(), &hand_overs[0]["state"]), (1, &Value::from("done")));
            assert_eq!(done(folder.path(), &["check"]).await, Value::Array(Vec::new()));
        }
    }
}
