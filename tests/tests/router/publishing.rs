//! A catalogue comes from a shop, new prices go back there and are seen, and the previous ones are put back.

use anyhow::{Context, Result, bail};
use app_contract::{
    ConnectionInput, DeliveryReport, ErrorCode, JobResult, JobView, ListConnections, ListDeliveries, ListProposals,
    ListPublications, ProposalFilter, ProposalSelection, RestoreInShop, SaveConnection, SecretText, SetPublishingStop,
    StartDryRun, StartPublishing, StartPull, StatedVat, TestConnection,
};
use journeys::Router;
use pricing_domain::{ConnectionKind, DeliveryState, FileKind, OtherPrices, ProposalStatus, PublicationState};
use test_shops::{WooProduct, WooShop};

use super::decide;

const PRODUCTS: u64 = 250;

fn products() -> Vec<WooProduct> {
    let product = |id: u64| WooProduct {
        id,
        kind: "simple".into(),
        sku: format!("W{id:03}"),
        name: format!("Product {id}"),
        regular_price: format!("{}.90", 30 + id % 40),
        cost: Some(12.5),
        stock: Some(9),
        ..WooProduct::default()
    };
    let mut all: Vec<WooProduct> = (1..=PRODUCTS).map(product).collect();
    all.push(WooProduct {
        id: 900,
        kind: "variable".into(),
        sku: "V".into(),
        name: "Cup".into(),
        ..WooProduct::default()
    });
    all.extend([(901, "V-RED", "Red"), (902, "V-BLUE", "Blue")].map(|(id, sku, option)| WooProduct {
        id,
        parent: 900,
        kind: "variation".into(),
        sku: sku.into(),
        option: option.into(),
        regular_price: "39.90".into(),
        cost: Some(12.5),
        ..WooProduct::default()
    }));
    all
}

async fn report(router: &Router, job: JobView) -> Result<DeliveryReport> {
    match router.finished(job).await?.result {
        Some(JobResult::Delivery(report)) => Ok(report),
        other => bail!("publishing ends with its report, not with {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_is_connected_read_published_to_and_put_back() -> Result<()> {
    let shop = WooShop::open(products()).await;
    let router = Router::start()?;
    router.create_workspace("Nordlicht").await?;
    let input = ConnectionInput {
        connection: None,
        name: "Our shop".into(),
        kind: ConnectionKind::WooCommerce,
        address: shop.door.address().into(),
        price_list: None,
        key: SecretText(WooShop::KEY.into()),
        secret: SecretText(WooShop::SECRET.into()),
    };
    let connection = router.host.call(SaveConnection { input }).await?.id;
    let facts = router.host.call(TestConnection { connection }).await?.facts.context("it said something")?;
    assert!(facts.may_read && facts.may_write, "{facts:?}");

    let job = router.host.call(StartPull { connection, stated_vat: StatedVat::default() }).await?;
    let Some(JobResult::Import(pulled)) = router.finished(job).await?.result else { bail!("an import report") };
    assert_eq!((pulled.added, pulled.refused), (PRODUCTS + 2, 0), "{pulled:?}");
    assert_eq!(router.product("W001").await?.row.price_minor, Some(3_190));

    let now = pricing_domain::Instant(i64::try_from(std::time::UNIX_EPOCH.elapsed()?.as_micros())?);
    let offer = |sku: String, price: u64| format!("{sku},Rival,{now},{price}.49,EUR,InStock\n");
    let mut offers = "sku,competitor,observed_at,price,currency,availability\n".to_owned();
    (1..=PRODUCTS).for_each(|id| offers.push_str(&offer(format!("W{id:03}"), 28 + id % 40)));
    offers.push_str(&offer("V-RED".into(), 37));
    router.import(FileKind::Observations, &offers).await?;
    router.price().await?;
    decide(&router, ProposalSelection::Filter(ProposalFilter::default())).await?;

    let other_prices = OtherPrices::Leave;
    let dry = report(&router, router.host.call(StartDryRun { connection, other_prices }).await?).await?;
    assert!(dry.would_send > 100 && dry.conflicts == 0, "{dry:?}");
    assert_eq!(shop.taken(), [], "a dry run sends nothing");

    // One was changed in the shop meanwhile, one is gone there.
    let listed = router.host.call(ListProposals { filter: approved(), offset: 0, limit: 2 }).await?.rows;
    shop.reprice(&listed[0].sku, "99.00");
    shop.remove(&listed[1].sku);
    let done = report(&router, router.host.call(StartPublishing { connection, other_prices }).await?).await?;
    assert_eq!((done.prices, done.there), (dry.would_send, dry.would_send - 2), "{done:?}");
    assert_eq!((done.conflicts, done.refused, done.waiting), (1, 1, 0));
    assert_eq!(shop.taken().len() as u64, done.there, "each once");
    let publication = done.publication.context("it is recorded")?;
    let page = router.host.call(ListDeliveries { publication, offset: 0, limit: 500 }).await?;
    for row in page.rows.iter().filter(|row| row.state == DeliveryState::Verified) {
        let text = format!("{}.{:02}", row.new_minor / 100, row.new_minor % 100);
        assert_eq!(shop.product(&row.sku).regular_price, text);
        assert_eq!(router.product(&row.sku).await?.row.price_minor, Some(row.new_minor));
    }
    let left = router.host.call(ListProposals { filter: approved(), offset: 0, limit: 9 }).await?;
    assert_eq!(left.matching, 2, "what is not there waits again");
    let (state, words) = left.rows[0].delivery.clone().context("with what the shop showed")?;
    assert!(!state.is_there() && !words.is_empty(), "{state} {words}");

    // The stop switch blocks publishing and not the way back; a restarted host has its keys.
    router.host.call(SetPublishingStop { stopped: true, reason: "a check".to_owned() }).await?;
    let router = router.restart().await?;
    let refused = router.host.call(StartPublishing { connection, other_prices }).await.unwrap_err();
    assert!(refused.code == ErrorCode::Refused && refused.message.contains("stopped"), "{refused:?}");
    let back = report(&router, router.host.call(RestoreInShop { publication }).await?).await?;
    assert_eq!((back.prices, back.there), (done.there, done.there), "{back:?}");
    for row in page.rows.iter().filter(|row| row.state == DeliveryState::Verified) {
        assert_eq!(router.product(&row.sku).await?.row.price_minor, row.old_minor, "{}", row.sku);
    }
    let publications = router.host.call(ListPublications { limit: 5 }).await?;
    let states: Vec<_> = publications.iter().map(|one| (one.state, one.is_restore)).collect();
    assert_eq!(states, [(PublicationState::Done, true), (PublicationState::Partly, false)]);
    let view = format!("{:?}", router.host.call(ListConnections {}).await?);
    assert!(!view.contains(WooShop::SECRET) && !view.contains(WooShop::KEY), "no answer has a key");
    Ok(())
}

fn approved() -> ProposalFilter {
    ProposalFilter { status: Some(ProposalStatus::Approved), ..ProposalFilter::default() }
}
