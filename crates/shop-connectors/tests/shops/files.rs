//! Files of prices in a folder of a real `sshd`: whole or not at all, under hard names, and failures in words.

use std::time::{Duration, Instant};

use pricing_domain::ConnectionKind;
use secret_store::Secret;
use shop_connectors::{Connector, Delivery, Keys, SendReport, ShopErrorKind};
use test_shops::SftpServer;
use tokio_util::sync::CancellationToken;

use crate::patience;

fn to(server: &SftpServer, path: &str, key_file: &str, stop: &CancellationToken) -> Connector {
    let keys = Keys { key: None, secret: Secret::new(key_file.to_owned()) };
    let connector =
        Connector::new(ConnectionKind::Sftp, &server.address(path), keys, patience(), stop.clone()).unwrap();
    connector.with_ssh_config(Some(&server.ssh_config()))
}

fn opened(server: &SftpServer, path: &str) -> Connector {
    to(server, path, &server.key_file(), &CancellationToken::new())
}

fn delivery(id: &str, bytes: &[u8]) -> Delivery {
    Delivery { id: id.to_owned(), file: Some(bytes.to_vec()) }
}

async fn send(connector: &Connector, id: &str, bytes: &[u8]) -> SendReport {
    connector.send_prices(&delivery(id, bytes), &[]).await
}

fn lies_there(server: &SftpServer, name: &str) -> Vec<u8> {
    std::fs::read(server.folder().join(name)).unwrap()
}

#[tokio::test]
async fn a_file_lies_there_whole_and_a_test_leaves_nothing() {
    let Some(server) = SftpServer::open().await else { return };
    let folder = opened(&server, "");
    let facts = folder.test().await.unwrap();
    assert!(facts.may_write && !facts.may_read && facts.remarks[0].contains("a file of its own"), "{facts:?}");
    assert_eq!(server.names(), [""; 0]);
    let large: Vec<u8> = (0..300_000_u32).flat_map(|number| format!("A{number};19,99\n").into_bytes()).collect();
    let report = send(&folder, "p1.0.ab", &large).await;
    assert_eq!(report.broke_off, None);
    assert_eq!(report.remark.as_deref(), Some("In the file prices-p1.0.ab.csv: read back and equal."));
    assert_eq!(server.names(), ["prices-p1.0.ab.csv"]);
    assert!(lies_there(&server, "prices-p1.0.ab.csv") == large);
    // The same hand-over again is the same file.
    assert_eq!(send(&folder, "p1.0.ab", &large).await.broke_off, None);
    assert_eq!(server.names().len(), 1);
}

#[tokio::test]
async fn a_name_that_is_kept_is_replaced_also_where_renaming_replaces_nothing() {
    for options in ["", "-P posix-rename"] {
        let Some(server) = SftpServer::open_with(options).await else { return };
        let file = opened(&server, "prices.csv");
        assert!(file.test().await.unwrap().remarks[0].contains("replaces the file prices.csv"));
        for (id, bytes) in [("p1", b"first"), ("p2", b"other")] {
            assert_eq!(send(&file, id, bytes).await.broke_off, None, "{options}");
            assert_eq!(
                (server.names(), lies_there(&server, "prices.csv")),
                (vec!["prices.csv".into()], bytes.to_vec())
            );
        }
    }
}

#[tokio::test]
async fn hard_names_stay_names() {
    let Some(server) = SftpServer::open().await else { return };
    for (typed, name) in [
        ("new prices.csv", "new prices.csv"),
        ("-rf", "-rf"),
        ("\"said\" it's.csv", "\"said\" it's.csv"),
        ("a[1]*%3F%23.csv", "a[1]*?#.csv"),
        ("%22%20%22..%22.csv", "\" \"..\".csv"),
        ("Pr%C3%A9cios-%E2%82%AC.csv", "Précios-€.csv"),
        ("$(id)`id`;id|id.csv", "$(id)`id`;id|id.csv"),
        ("!id", "!id"),
    ] {
        let report = send(&opened(&server, typed), "p1", b"sku\n").await;
        assert_eq!(report.broke_off, None, "{typed}");
        assert_eq!(server.names(), [name], "{typed}");
        std::fs::remove_file(server.folder().join(name)).unwrap();
    }
    std::fs::create_dir(server.folder().join("-in [1] \"x\"")).unwrap();
    let report = send(&opened(&server, "-in [1] \"x\"/a.csv"), "p1", b"sku\n").await;
    assert_eq!(report.broke_off, None);
    assert_eq!(lies_there(&server, "-in [1] \"x\"/a.csv"), b"sku\n");
}

#[tokio::test]
async fn where_nobody_may_read_the_size_counts_and_without_that_nothing_is_taken_for_there() {
    let Some(server) = SftpServer::open_with("-P read").await else { return };
    let report = send(&opened(&server, ""), "p1", b"sku\n").await;
    assert_eq!(report.broke_off, None);
    assert!(report.remark.unwrap().contains("its size is right"));
    assert_eq!(server.names(), ["prices-p1.csv"]);
    let Some(blind) = SftpServer::open_with("-P read,lstat,opendir,readdir").await else { return };
    let report = send(&opened(&blind, ""), "p1", b"sku\n").await;
    let words = report.broke_off.unwrap().message;
    assert!(words.contains("whether it is whole"), "{words}");
    assert!(!blind.names().contains(&"prices-p1.csv".to_owned()), "{:?}", blind.names());
}

#[tokio::test]
async fn failures_say_what_to_do() {
    let Some(server) = SftpServer::open().await else { return };
    let stop = CancellationToken::new();
    let wrong = to(&server, "", &server.other_key_file(), &stop).test().await.unwrap_err();
    assert_eq!(wrong.kind, ShopErrorKind::NotRecognised);
    assert!(wrong.message.contains("did not accept the key"), "{wrong}");
    let sealed = to(&server, "", &server.sealed_key_file(), &stop).test().await.unwrap_err();
    assert!(sealed.message.contains("ssh-add"), "nothing was asked: {sealed}");
    let gone = to(&server, "", "/no/such/key", &stop).test().await.unwrap_err();
    assert!(gone.message.contains("key file is not where it was"), "{gone}");
    let no_folder = opened(&server, "nowhere/").test().await.unwrap_err();
    assert_eq!(no_folder.kind, ShopErrorKind::NotAShop);
    assert!(no_folder.message.contains("no such folder"), "{no_folder}");
    server.be_unknown();
    let unknown = opened(&server, "").test().await.unwrap_err();
    assert_eq!(unknown.kind, ShopErrorKind::NotRecognised);
    assert!(unknown.message.contains("“ssh -p ") && unknown.message.contains("fingerprint"), "{unknown}");
    server.be_known_otherwise();
    let changed = opened(&server, "").test().await.unwrap_err();
    assert!(changed.message.contains("ssh-keygen -R"), "{changed}");
    assert_eq!(server.names(), [""; 0], "nothing was written");
    let Some(read_only) = SftpServer::open_with("-R").await else { return };
    let refused = opened(&read_only, "").test().await.unwrap_err();
    assert_eq!(refused.kind, ShopErrorKind::NotPermitted);
    assert!(refused.message.contains("does not let this user write"), "{refused}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_when_asked_to_stop_and_when_time_is_up() {
    let Some(server) = SftpServer::open().await else { return };
    server.be_silent(true);
    let stop = CancellationToken::new();
    let connector = to(&server, "", &server.key_file(), &stop);
    let (begun, asked) = (Instant::now(), stop.clone());
    let (report, ()) = tokio::join!(send(&connector, "p1", b"sku\n"), async {
        while server.connections() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        asked.cancel();
    });
    assert_eq!(report.broke_off.unwrap().kind, ShopErrorKind::Stopped);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    let waited = opened(&server, "").test().await.unwrap_err();
    assert!(waited.is_temporary(), "{waited}");
    server.be_silent(false);
    assert!(opened(&server, "").test().await.is_ok());
}
