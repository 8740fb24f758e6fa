//! Prices on their way to a shop: seen there, refused, broken off at every step, put back; catalogues read.

use std::time::Duration;

use app_contract::{
    ConnectionInput, DeliveryReport, ProposalDecision, ProposalFilter, ProposalRow, ProposalSelection, SecretText,
    StatedVat,
};
use pricing_domain::{
    ApprovalLine, ApprovalPolicy, AutomationOutcome, AutomationPlan, AutomationTarget, BasisPoints, ConnectionId,
    ConnectionKind, DeliveryState, ExceptionReason, FileKind, FourEyes, OtherPrices, PriceState, ProposalStatus,
    PublicationId, PublicationState, Scope,
};
use pricing_operations::{Progress, Workspace};
use shop_connectors::Patience;
use test_shops::{Fault, Receiver, ShopifyShop, ShopifyVariant, WooProduct, WooShop};

use crate::decisions::priced;
use crate::support::{PRODUCTS, Shop};

const IN_TIME: Duration = Duration::from_secs(20);

fn quick(workspace: Workspace) -> Workspace {
    workspace.with_patience(Patience {
        attempts: 2,
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_millis(50),
        timeout: Duration::from_secs(20),
    })
}

async fn approve_all(shop: &Shop) {
    let all = ProposalSelection::Filter(ProposalFilter::default());
    shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "").await.unwrap();
    shop.later_hours(1);
}

/// The usual shop with the prices of its kettle and toaster approved.
async fn approved() -> Shop {
    let mut shop = priced().await;
    shop.workspace = quick(shop.workspace.clone());
    approve_all(&shop).await;
    shop
}

fn woo_products() -> Vec<WooProduct> {
    let product = |id, sku: &str, name: &str, price: &str| WooProduct {
        id,
        kind: "simple".into(),
        sku: sku.into(),
        name: name.into(),
        regular_price: price.into(),
        ..WooProduct::default()
    };
    vec![product(1, "A1", "Kettle", "29.99"), product(2, "B2", "Toaster", "19.99"), product(3, "C3", "Lamp", "49.00")]
}

async fn connect(shop: &Shop, kind: ConnectionKind, address: &str, key: &str, secret: &str) -> ConnectionId {
    let input = ConnectionInput {
        connection: None,
        name: "The shop".into(),
        kind,
        address: address.into(),
        price_list: None,
        key: SecretText(key.into()),
        secret: SecretText(secret.into()),
    };
    shop.workspace.save_connection(&input).await.unwrap().id
}

async fn connected(shop: &Shop, woo: &WooShop) -> ConnectionId {
    connect(shop, ConnectionKind::WooCommerce, woo.door.address(), WooShop::KEY, WooShop::SECRET).await
}

async fn publish(shop: &Shop, connection: ConnectionId, other: OtherPrices) -> DeliveryReport {
    let id = shop.workspace.intend_prices(connection, other, None).await.unwrap();
    deliver(&shop.workspace, id).await
}

async fn deliver(workspace: &Workspace, id: PublicationId) -> DeliveryReport {
    workspace.deliver(id, &Progress::silent()).await.unwrap()
}

async fn proposal(shop: &Shop, sku: &str) -> ProposalRow {
    shop.proposals().await.into_iter().find(|row| row.sku == sku).unwrap()
}

async fn state(workspace: &Workspace, id: PublicationId) -> PublicationState {
    workspace.publication(id).await.unwrap().state
}

fn euros(minor: Option<i64>) -> String {
    let minor = minor.unwrap();
    format!("{}.{:02}", minor / 100, minor % 100)
}

#[tokio::test]
async fn prices_that_the_shop_shows_are_in_force_and_handed_over_once() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    let (kettle, toaster) = (proposal(&shop, "A1").await, proposal(&shop, "B2").await);
    let report = publish(&shop, connection, OtherPrices::Leave).await;
    assert_eq!((report.prices, report.there, report.were_there), (2, 2, 0), "{report:?}");
    assert_eq!(woo.product("A1").regular_price, euros(kettle.new_minor));
    assert_eq!(woo.product("B2").regular_price, euros(toaster.new_minor));
    assert_eq!(shop.price("A1", "DEFAULT").await, kettle.new_minor);
    assert_eq!(shop.detail("A1").await.prices[0].state, PriceState::Live);
    let after = proposal(&shop, "A1").await;
    assert_eq!(
        (after.status, after.delivery),
        (ProposalStatus::Exported, Some((DeliveryState::Verified, String::new())))
    );
    assert_eq!(state(&shop.workspace, report.publication.unwrap()).await, PublicationState::Done);
    assert_eq!(woo.taken().len(), 2);
    let again = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.unwrap_err();
    assert!(again.message.contains("No approved price"), "{}", again.message);
    assert_eq!(shop.price("C3", "DEFAULT").await, Some(4_900), "what was not proposed stays");
}

#[tokio::test]
async fn what_the_shop_refuses_or_shows_differently_waits_again_with_its_words() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    woo.reprice("A1", "31.00");
    woo.remove("B2");
    let dry = shop.workspace.dry_run(connection, OtherPrices::Leave, &Progress::silent()).await.unwrap();
    assert_eq!((dry.prices, dry.would_send, dry.conflicts, dry.refused), (2, 0, 1, 1), "{dry:?}");
    assert_eq!(proposal(&shop, "A1").await.status, ProposalStatus::Approved, "a dry run changes nothing");

    let report = publish(&shop, connection, OtherPrices::Leave).await;
    assert_eq!((report.there, report.conflicts, report.refused), (0, 1, 1), "{report:?}");
    assert_eq!(state(&shop.workspace, report.publication.unwrap()).await, PublicationState::Partly);
    assert_eq!(woo.taken(), []);
    let kettle = proposal(&shop, "A1").await;
    let (delivery, words) = kettle.delivery.unwrap();
    assert_eq!((kettle.status, delivery), (ProposalStatus::Approved, DeliveryState::Conflict));
    assert!(words.contains("31.00 EUR") && words.contains("29.99 EUR"), "{words}");
    assert!(proposal(&shop, "B2").await.delivery.unwrap().1.contains("no product with this SKU"));
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999), "nothing is in force that the shop does not show");

    let over = publish(&shop, connection, OtherPrices::Replace).await;
    assert_eq!((over.there, over.refused), (1, 1));
    assert_eq!(woo.product("A1").regular_price, euros(kettle.new_minor));
    assert_eq!(shop.price("A1", "DEFAULT").await, kettle.new_minor);
}

#[tokio::test]
async fn broken_off_at_any_request_nothing_is_lost_and_nothing_is_sent_twice() {
    for fault in [Fault::HoldBefore, Fault::HoldAfter] {
        let mut request = 1;
        loop {
            let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
            let connection = connected(&shop, &woo).await;
            let id = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.unwrap();
            woo.door.fail(request, fault);
            let dying = shop.workspace.clone();
            let task = tokio::spawn(async move { dying.deliver(id, &Progress::silent()).await });
            let ended = tokio::select! {
                reached = woo.door.fault_reached(IN_TIME) => { assert!(reached); false }
                () = async { while !task.is_finished() { tokio::time::sleep(Duration::from_millis(5)).await } } => true,
            };
            task.abort();
            let _ = task.await;
            woo.door.reset();
            if ended {
                assert!(request > 5, "look, settings, look at prices, send, look again: {request}");
                break;
            }
            let next = quick(shop.open_again().await);
            assert_eq!(state(&next, id).await, PublicationState::Sending, "request {request}, {fault:?}");
            assert_eq!(next.left_publications().await.unwrap(), [id]);
            let report = deliver(&next, id).await;
            assert_eq!((report.there, report.waiting), (2, 0), "request {request}, {fault:?}: {report:?}");
            let mut taken: Vec<String> = woo.taken().into_iter().map(|one| one.sku).collect();
            taken.sort();
            assert_eq!(taken, ["A1", "B2"], "request {request}, {fault:?}");
            assert_eq!(state(&next, id).await, PublicationState::Done);
            let kettle = proposal(&shop, "A1").await;
            assert_eq!(
                (kettle.status, shop.price("A1", "DEFAULT").await),
                (ProposalStatus::Exported, kettle.new_minor)
            );
            request += 1;
        }
    }
}

#[tokio::test]
async fn a_shop_that_is_out_of_order_is_asked_again_later_and_a_wrong_key_is_not() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    let id = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.unwrap();
    woo.door.fail_always(Some(Fault::Status(503, None)));
    let report = deliver(&shop.workspace, id).await;
    assert!(report.waiting == 2 && report.message.contains("503"), "{report:?}");
    let refused = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.unwrap_err();
    assert!(refused.message.contains("has not ended"), "{}", refused.message);
    assert!(shop.workspace.due_publications().await.unwrap().is_empty(), "not at once");
    shop.later_hours(1);
    assert_eq!(shop.workspace.due_publications().await.unwrap(), [id]);
    woo.door.reset();
    woo.set_read_only(true);
    let report = deliver(&shop.workspace, id).await;
    assert!(report.message.contains("may read, and not change prices"), "{report:?}");
    shop.later_hours(1);
    assert!(shop.workspace.due_publications().await.unwrap().is_empty(), "a person is needed");
    woo.set_read_only(false);
    assert_eq!(deliver(&shop.workspace, id).await.there, 2);
}

#[tokio::test]
async fn the_stop_switch_holds_prices_up_and_not_the_way_back() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    let done = publish(&shop, connection, OtherPrices::Leave).await.publication.unwrap();
    shop.workspace.set_publishing_stop(true, "a check").await.unwrap();
    let stopped = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.unwrap_err();
    assert!(stopped.message.contains("Publishing is stopped"));
    shop.later_hours(1);
    let back = shop.workspace.intend_restore(done).await.unwrap();
    let report = deliver(&shop.workspace, back).await;
    assert_eq!((report.prices, report.there), (2, 2), "{report:?}");
    assert_eq!(
        (woo.product("A1").regular_price.as_str(), woo.product("B2").regular_price.as_str()),
        ("29.99", "19.99")
    );
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
    assert!(shop.workspace.publication(done).await.unwrap().restored_at.is_some());
    let twice = shop.workspace.intend_restore(done).await.unwrap_err();
    assert!(twice.message.contains("Nothing can be put back"), "{}", twice.message);
}

#[tokio::test]
async fn a_scheduled_hand_over_waits_and_leaves_out_what_was_locked_meanwhile() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    let at = shop.now().plus_hours(12);
    let id = shop.workspace.intend_prices(connection, OtherPrices::Leave, Some(at)).await.unwrap();
    assert_eq!(state(&shop.workspace, id).await, PublicationState::Scheduled);
    assert_eq!(proposal(&shop, "A1").await.status, ProposalStatus::Publishing);
    assert!(shop.workspace.due_publications().await.unwrap().is_empty());
    shop.import_clean(FileKind::Locks, "sku,reason\nA1,Leaflet\n").await;
    shop.later_hours(13);
    assert_eq!(shop.workspace.due_publications().await.unwrap(), [id]);
    let report = deliver(&shop.workspace, id).await;
    assert_eq!((report.there, report.outdated), (1, 1), "{report:?}");
    assert!(report.rows[0].words.contains("locked"), "{report:?}");
    assert_eq!(woo.product("A1").regular_price, "29.99");
    let kettle = proposal(&shop, "A1").await;
    assert_eq!((kettle.status, kettle.reason), (ProposalStatus::Pending, Some(ExceptionReason::LeftBehind)));
    assert_eq!(kettle.decision.as_deref(), Some("Hand-over: not handed over, because it was locked meanwhile"));
}

#[tokio::test]
async fn a_price_that_may_not_leave_does_not_hold_the_others_up() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    shop.import_clean(FileKind::Locks, "sku,reason\nA1,Leaflet\n").await;
    let dry = shop.workspace.dry_run(connection, OtherPrices::Leave, &Progress::silent()).await.expect("a dry run");
    assert_eq!((dry.prices, dry.would_send, dry.outdated), (2, 1, 1), "{dry:?}");
    assert_eq!(proposal(&shop, "A1").await.status, ProposalStatus::Approved, "a dry run decides nothing");
    let report = publish(&shop, connection, OtherPrices::Leave).await;
    assert_eq!((report.there, report.outdated), (1, 1), "{report:?}");
    assert_eq!(woo.taken().len(), 1);
    assert_eq!(proposal(&shop, "A1").await.reason, Some(ExceptionReason::LeftBehind));
    // Alone it is refused before anything is recorded.
    let all = ProposalSelection::Ids(vec![proposal(&shop, "A1").await.id]);
    let decided =
        shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "all the same").await.expect("decided");
    assert_eq!(decided.decided, 1);
    let refused = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.expect_err("locked");
    assert!(refused.message.contains("A1 on DEFAULT: it is locked"), "{refused}");
}

#[tokio::test]
async fn a_hand_over_that_is_given_up_leaves_its_prices_to_decide_again() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    let id = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.unwrap();
    let refused = shop.workspace.remove_connection(connection).await.unwrap_err();
    assert!(refused.message.contains("has not ended"), "{}", refused.message);
    let view = shop.workspace.give_up_publication(id).await.unwrap();
    assert_eq!((view.state, view.there), (PublicationState::GivenUp, 0));
    assert_eq!(proposal(&shop, "A1").await.status, ProposalStatus::Approved);
    assert_eq!(woo.taken(), []);
    assert!(shop.workspace.deliver(id, &Progress::silent()).await.is_err());
    // It had arrived all the same: the next hand-over sees it and sends nothing.
    let kettle = proposal(&shop, "A1").await;
    woo.reprice("A1", &euros(kettle.new_minor));
    let report = publish(&shop, connection, OtherPrices::Leave).await;
    assert_eq!((report.there, report.were_there, woo.taken().len()), (2, 1, 1));
    shop.workspace.remove_connection(connection).await.unwrap();
    assert!(shop.workspace.connections().await.unwrap().is_empty());
    assert_eq!(shop.workspace.publications(9).await.unwrap()[0].connection.as_deref(), Some("The shop"));
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_taken_once() {
    let (shop, receiver) = (approved().await, Receiver::open().await);
    let connection = connect(&shop, ConnectionKind::Webhook, &receiver.address(), "", Receiver::SECRET).await;
    receiver.refuse("B2");
    let id = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.unwrap();
    receiver.door.fail(2, Fault::HoldAfter);
    let dying = shop.workspace.clone();
    let task = tokio::spawn(async move { dying.deliver(id, &Progress::silent()).await });
    assert!(receiver.door.fault_reached(IN_TIME).await);
    task.abort();
    let _ = task.await;
    let report = deliver(&quick(shop.open_again().await), id).await;
    assert_eq!((report.there, report.refused), (1, 1), "{report:?}");
    assert_eq!(receiver.messages().len(), 1, "the same message again");
    assert_eq!(receiver.taken().len(), 1);
    assert_eq!(proposal(&shop, "A1").await.delivery.unwrap().0, DeliveryState::Accepted);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_in_an_sftp_folder_counts_once_it_was_read_back() {
    let Some(server) = test_shops::SftpServer::open().await else { return };
    let mut shop = approved().await;
    shop.workspace = shop.workspace.clone().with_ssh_config(&server.ssh_config());
    let connection = connect(&shop, ConnectionKind::Sftp, &server.address(""), "", &server.key_file()).await;
    let tested = shop.workspace.test_connection(connection).await.unwrap();
    assert!(tested.facts.unwrap().may_write && tested.keys_are.contains("key file"));
    let dry = shop.workspace.dry_run(connection, OtherPrices::Leave, &Progress::silent()).await.unwrap();
    assert_eq!((dry.prices, dry.would_send, server.names().len()), (2, 2, 0), "{dry:?}");
    shop.workspace.set_publishing_stop(true, "a check").await.unwrap();
    assert!(shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.is_err());
    shop.workspace.set_publishing_stop(false, "").await.unwrap();

    // The server is away: nothing counts as there, and the hand-over goes on by itself later.
    let id = shop.workspace.intend_prices(connection, OtherPrices::Leave, None).await.unwrap();
    server.be_unknown();
    let report = deliver(&shop.workspace, id).await;
    assert_eq!((report.there, report.waiting), (0, 2), "{report:?}");
    assert!(report.message.contains("host key"), "{report:?}");
    server.be_known();
    let report = deliver(&shop.workspace, id).await;
    assert_eq!((report.there, report.waiting), (2, 0), "{report:?}");
    let names = server.names();
    assert_eq!(names.len(), 1, "one file a hand-over: {names:?}");
    let file = std::fs::read_to_string(server.folder().join(&names[0])).unwrap();
    let kettle = proposal(&shop, "A1").await;
    let (delivery, words) = kettle.delivery.unwrap();
    assert_eq!((kettle.status, delivery), (ProposalStatus::Exported, DeliveryState::Accepted));
    assert!(words.contains(&names[0]), "{words}");
    assert_eq!(shop.price("A1", "DEFAULT").await, kettle.new_minor);
    let row = format!("A1,DEFAULT,regular,29.99,{},EUR,", euros(kettle.new_minor));
    assert!(file.starts_with("sku,price_list,type,old_price,new_price,") && file.contains(&row), "{file}");
    assert_eq!(file.lines().count(), 3, "{file}");

    let back = shop.workspace.intend_restore(id).await.unwrap();
    assert_eq!(deliver(&shop.workspace, back).await.there, 2);
    assert_eq!((shop.price("A1", "DEFAULT").await, server.names().len()), (Some(2_999), 2));
    let all = shop.workspace.connections().await.unwrap();
    assert!(all[0].runs.iter().any(|run| run.message.contains("2 prices")), "{all:?}");
    shop.workspace.remove_connection(connection).await.unwrap();
}

#[tokio::test]
async fn an_sftp_folder_needs_no_key_of_ours_and_refuses_what_is_none() {
    let shop = Shop::new().await;
    let input = |address: &str, secret: &str| ConnectionInput {
        connection: None,
        name: "Drop".into(),
        kind: ConnectionKind::Sftp,
        address: address.into(),
        price_list: None,
        key: SecretText(String::new()),
        secret: SecretText(secret.into()),
    };
    for (address, secret, part) in [
        ("https://drop.example/in/", "", "sftp://"),
        ("sftp://erp:secret@drop.example/in/", "", "password out"),
        ("sftp://erp@drop.example/in%0A/", "", "line break"),
        ("sftp://erp@drop.example/in/", "keys/drop", "whole path"),
    ] {
        let refused = shop.workspace.save_connection(&input(address, secret)).await.unwrap_err();
        assert!(refused.message.contains(part), "{address}: {}", refused.message);
    }
    let kept = shop.workspace.save_connection(&input("erp@drop.example:2222/in/", "")).await.unwrap();
    assert_eq!((kept.address.as_str(), kept.price_list_code.as_str()), ("sftp://erp@drop.example:2222/in/", ""));
}

#[tokio::test]
async fn a_catalogue_is_read_into_an_empty_workspace_and_the_same_again_changes_nothing() {
    let (mut shop, mut products) = (Shop::new().await, woo_products());
    shop.workspace = quick(shop.workspace.clone());
    products[0].cost = Some(12.5);
    products[0].stock = Some(7);
    products[1].sale_price = "17.50".into();
    products[1].sale_from = "2026-03-01T00:00:00".into();
    products[1].is_sold_out = true;
    products[0].material = "Steel & glass".into();
    products[0].image = "https://shop.example/kettle.jpg".into();
    let woo = WooShop::open(products).await;
    let connection = connected(&shop, &woo).await;
    let report = shop.workspace.pull_catalogue(connection, &StatedVat::default(), &Progress::silent()).await.unwrap();
    assert_eq!((report.rows, report.added, report.refused), (3, 3, 0), "{report:?}");
    let kettle = shop.row("A1", "DEFAULT").await;
    assert_eq!((kettle.price_minor, kettle.stock), (Some(2_999), Some(7)));
    assert_eq!(kettle.cost.map(|cost| cost.0), Some(12_500_000));
    assert_eq!(shop.detail("A1").await.attributes, [("material".to_owned(), "Steel & glass".to_owned())]);
    assert_eq!(shop.row("B2", "DEFAULT").await.stock, Some(0), "sold out, though nobody counts");
    shop.later_hours(1);
    let again = shop.workspace.pull_catalogue(connection, &StatedVat::default(), &Progress::silent()).await.unwrap();
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 3), "{again:?}");
    let view = &shop.workspace.connections().await.unwrap()[0];
    assert!(view.runs.iter().any(|run| run.message.contains("3 rows read")), "{view:?}");
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.workspace.describe().await.unwrap().products, 0);
}

const WITH_RATES: &str =
    "sku,name,currency,price,vat_rate\nA1,Kettle,EUR,29.99,19\nB2,Toaster,EUR,19.99,7\nC3,Lamp,EUR,49.00,0\n";

/// A shop with a product of the ordinary tax class, one of another and one that is not taxed.
async fn taxed_shop() -> (Shop, WooShop, ConnectionId) {
    let (mut shop, mut products) = (Shop::new().await, woo_products());
    shop.workspace = quick(shop.workspace.clone());
    products[1].tax_class = "reduced-rate".into();
    products[2].is_untaxed = true;
    let woo = WooShop::open(products).await;
    let connection = connected(&shop, &woo).await;
    (shop, woo, connection)
}

#[tokio::test]
async fn products_have_the_rates_that_the_shop_says_of_their_tax_classes() {
    let (shop, _woo, connection) = taxed_shop().await;
    let report = shop
        .workspace
        .pull_catalogue(connection, &StatedVat::default(), &Progress::silent())
        .await
        .expect("a catalogue");
    assert_eq!(report.notes, [], "{report:?}");
    let report = shop.import(FileKind::Products, WITH_RATES).await;
    assert_eq!((report.changed, report.unchanged), (0, 3), "{report:?}");
    let facts = shop.workspace.connections().await.expect("connections")[0].facts.clone().expect("facts");
    let said: Vec<(&str, i32)> = facts.vat_rates.iter().map(|(class, rate)| (class.as_str(), rate.0)).collect();
    assert_eq!(
        said,
        [("reduced-rate", 700), ("", 1_900), ("zero-rate", 0)],
        "one that depends on the place is left out"
    );
}

#[tokio::test]
async fn stated_rates_of_tax_classes_are_kept_and_count_before_what_the_shop_says() {
    let (shop, woo, connection) = taxed_shop().await;
    woo.set_keeps_taxes(true);
    let ordinary = StatedVat { ordinary: Some(BasisPoints(1_900)), classes: Vec::new() };
    let pull = async |stated: &StatedVat| {
        shop.workspace.pull_catalogue(connection, stated, &Progress::silent()).await.expect("a catalogue")
    };
    let report = pull(&ordinary).await;
    assert!(report.notes[0].reason.contains("--vat-class \"reduced-rate=7\""), "{:?}", report.notes);
    let reduced = StatedVat { ordinary: None, classes: vec![("Reduced-Rate".to_owned(), BasisPoints(700))] };
    let report = pull(&reduced).await;
    assert_eq!((report.changed, report.notes.len()), (1, 0), "{report:?}");
    let stated = shop.workspace.connections().await.expect("connections")[0].stated_vat.clone();
    assert_eq!((stated.ordinary, stated.classes), (ordinary.ordinary, reduced.classes));
    let report = shop.import(FileKind::Products, WITH_RATES).await;
    assert_eq!((report.changed, report.unchanged), (0, 3), "{report:?}");
    woo.set_keeps_taxes(false);
    assert_eq!(pull(&StatedVat::default()).await.changed, 0);
    let wrong = StatedVat { ordinary: Some(BasisPoints(20_000)), classes: Vec::new() };
    let refused = shop.workspace.pull_catalogue(connection, &wrong, &Progress::silent()).await.expect_err("no rate");
    assert!(refused.message.contains("from 0 to 100"), "{refused}");
}

#[tokio::test]
async fn prices_of_another_currency_or_tax_are_not_mixed() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    woo.set_includes_tax(false);
    let refused = shop.workspace.dry_run(connection, OtherPrices::Leave, &Progress::silent()).await.unwrap_err();
    assert!(refused.message.contains("without VAT"), "{}", refused.message);
    let refused =
        shop.workspace.pull_catalogue(connection, &StatedVat::default(), &Progress::silent()).await.unwrap_err();
    assert!(refused.message.contains("without VAT"), "{}", refused.message);
    let report = publish(&shop, connection, OtherPrices::Leave).await;
    assert!(report.waiting == 2 && report.message.contains("without VAT"), "{report:?}");
    assert_eq!(woo.taken(), []);
}

#[tokio::test]
async fn keys_are_in_no_file_of_the_workspace_and_in_no_answer() {
    let (shop, woo) = (approved().await, WooShop::open(woo_products()).await);
    let connection = connected(&shop, &woo).await;
    shop.workspace.test_connection(connection).await.unwrap();
    publish(&shop, connection, OtherPrices::Leave).await;
    let views = format!("{:?}", shop.workspace.connections().await.unwrap());
    assert!(!views.contains(WooShop::SECRET) && !views.contains(WooShop::KEY));
    for entry in std::fs::read_dir(shop.path("")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for key in [WooShop::SECRET, WooShop::KEY] {
                assert!(!bytes.windows(key.len()).any(|part| part == key.as_bytes()), "{}", path.display());
            }
        }
    }
    // Another address needs the keys anew; what is no key and a second name are refused.
    let input = |address: &str, name: &str, secret: &str| ConnectionInput {
        connection: Some(connection),
        name: name.into(),
        kind: ConnectionKind::WooCommerce,
        address: address.into(),
        price_list: None,
        key: SecretText(String::new()),
        secret: SecretText(secret.into()),
    };
    let moved = shop.workspace.save_connection(&input("https://elsewhere.example", "The shop", "")).await.unwrap_err();
    assert!(moved.message.contains("consumer key"), "{}", moved.message);
    shop.workspace.save_connection(&input(woo.door.address(), "Renamed", "")).await.unwrap();
    assert!(shop.workspace.save_connection(&input("http://shop.example", "The shop", "cs_1")).await.is_err());
    assert!(format!("{:?}", input("", "", "cs_1")).contains("SecretText(…)"));
}

#[tokio::test]
async fn variants_of_a_shopify_product_are_published_and_a_refused_one_waits() {
    let mut shop = Shop::new().await;
    shop.import_clean(FileKind::Products, PRODUCTS).await;
    shop.import_clean(
        FileKind::Observations,
        "sku,competitor,observed_at,price,currency,availability\nA1,Rival,2026-03-02T08:00:00Z,28.49,EUR,InStock\n\
         B2,Rival,2026-03-02T08:00:00Z,18.99,EUR,InStock\n",
    )
    .await;
    shop.workspace = quick(shop.workspace.clone());
    crate::decisions::price(&shop).await;
    approve_all(&shop).await;
    let variant = |id, sku: &str, title: &str, price: &str| ShopifyVariant {
        id,
        product: 9,
        sku: sku.into(),
        title: title.into(),
        option: sku.into(),
        price: price.into(),
        ..ShopifyVariant::default()
    };
    let shopify =
        ShopifyShop::open(vec![variant(1, "A1", "Kitchen", "29.99"), variant(2, "B2", "Locked", "19.99")]).await;
    let connection = connect(&shop, ConnectionKind::Shopify, shopify.door.address(), "", ShopifyShop::TOKEN).await;
    let report = publish(&shop, connection, OtherPrices::Leave).await;
    assert_eq!((report.there, report.refused), (1, 1), "{report:?}");
    assert_eq!(report.rows[0].words, "This price is managed by another app");
    assert_eq!(shop.price("A1", "DEFAULT").await, proposal(&shop, "A1").await.new_minor);
    assert_eq!(shop.price("B2", "DEFAULT").await, Some(1_999));
}

#[tokio::test]
async fn an_automation_publishes_to_the_shop_and_verifies() {
    let (mut shop, woo) = (priced().await, WooShop::open(woo_products()).await);
    shop.workspace = quick(shop.workspace.clone());
    let connection = connected(&shop, &woo).await;
    let limit = Some(BasisPoints(1_500));
    let line =
        ApprovalLine { name: "Small".into(), largest_cut: limit, largest_raise: limit, ..ApprovalLine::default() };
    let policy = ApprovalPolicy { enabled: false, lines: vec![line], four_eyes: FourEyes::Off, all_or_nothing: false };
    shop.workspace.save_approval_policy(&policy).await.unwrap();
    let mut plan = AutomationPlan {
        name: "Night".into(),
        pattern: "0 5 * * *".into(),
        time_zone: "UTC".into(),
        scope: Scope::default(),
        collect: false,
        competitors: Vec::new(),
        approve: true,
        target: AutomationTarget::Connection,
        connection: None,
    };
    assert!(shop.workspace.save_automation(None, plan.clone()).await.is_err(), "which shop?");
    plan.connection = Some(connection);
    let id = shop.workspace.save_automation(None, plan).await.unwrap();
    shop.later_hours(1);
    let due = shop.workspace.take_automation_now(id).await.unwrap();
    let turn = shop.workspace.run_automation(due, &[], &shop.path("none.csv"), &Progress::silent()).await.unwrap();
    assert_eq!((turn.view.outcome, turn.view.figures.handed_over), (Some(AutomationOutcome::Done), 2), "{turn:?}");
    assert_eq!(turn.file, None);
    let kettle = proposal(&shop, "A1").await;
    assert_eq!(kettle.status, ProposalStatus::Exported);
    assert_eq!(woo.product("A1").regular_price, euros(kettle.new_minor));
}
