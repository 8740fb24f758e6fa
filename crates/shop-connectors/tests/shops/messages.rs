//! Signed messages: taken once however often they are sent, refused without the right secret.

use pricing_domain::{ConnectionKind, Currency, Money};
use shop_connectors::{Delivery, PriceUpdate, ShopErrorKind, ShopPlace};
use test_shops::{Fault, Receiver};

use crate::connector;

fn price(sku: &str, minor: i64) -> PriceUpdate {
    PriceUpdate {
        place: ShopPlace { sku: sku.to_owned(), product: String::new(), variant: String::new() },
        price_list: "DE".to_owned(),
        old: Some(Money::new(minor + 100, Currency::EUR)),
        new: Money::new(minor, Currency::EUR),
        clears_reference: false,
    }
}

#[tokio::test]
async fn a_message_is_taken_once_and_names_what_was_refused() {
    let receiver = Receiver::open().await;
    receiver.refuse("B2");
    let sender = connector(ConnectionKind::Webhook, &receiver.address(), None, Receiver::SECRET);
    sender.test().await.unwrap();
    let delivery = Delivery { id: "publication-1.1".to_owned(), file: None };
    let updates = [price("A1", 1_999), price("B2", 2_999)];
    receiver.door.reset();
    receiver.door.fail(1, Fault::CutAfter);
    let report = sender.send_prices(&delivery, &updates).await;
    assert_eq!(report.refused, [(1, "not sold here".to_owned())]);
    assert_eq!((receiver.door.requests(), receiver.messages().len()), (2, 1), "sent twice, taken once");
    let body = &receiver.messages()[0].body;
    assert_eq!(body["data"]["prices"][0]["price"], "19.99");
    assert_eq!(body["data"]["prices"][0]["previous"], "20.99");
}

#[tokio::test]
async fn a_wrong_secret_is_refused_in_words() {
    let receiver = Receiver::open().await;
    let sender = connector(ConnectionKind::Webhook, &receiver.address(), None, "whsec_d3Jvbmc=");
    let refused = sender.test().await.unwrap_err();
    assert_eq!(refused.kind, ShopErrorKind::NotRecognised);
    assert!(!refused.message.contains("whsec_"));
}
