//! An alert from the import that causes it to the mail and the signed call that arrive, once for each crossing.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use app_contract::{
    GetMessageSettings, ListAlertHistory, ListAlerts, MailSettings, PreviewAlert, SaveAlert, SaveMapLists,
    SaveMessageSettings, SendTestMessage,
};
use journeys::{Encryption, MailReceiver, Router, WebhookReceiver};
use pricing_domain::{
    AlertCondition, AlertDirection, AlertPrice, AlertRule, AlertTurn, AlertWays, FileKind, Instant, MailSecurity,
    MarketFilter, MessageState, PriceListId,
};

const PRODUCTS: &str = "sku,name,brand,category,currency,price,cost,map_price,price_includes_vat,vat_rate\n\
    TV-1,Television 55,Sonar,TV & Audio > TVs,EUR,499.00,300.00,,true,19\n\
    TV-2,Television 65,Sonar,TV & Audio > TVs,EUR,799.00,500.00,780.00,true,19\n";
const MATCHES: &str = "sku,competitor,url\nTV-1,ElektroMax,https://elektromax.example/tv-1\n\
    TV-2,ElektroMax,https://elektromax.example/tv-2\nTV-1,Volt,https://volt.example/tv-1\n";

fn now() -> Result<Instant> {
    Ok(Instant(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?))
}

/// What competitors charged so many minutes ago.
fn observations(minutes_ago: i64, rows: &[(&str, &str, &str)]) -> Result<String> {
    let at = Instant((now()?.0 - minutes_ago * 60_000_000) / 1_000_000 * 1_000_000);
    let mut text = "sku,competitor,observed_at,price,currency\n".to_owned();
    for (sku, competitor, price) in rows {
        text.push_str(&format!("{sku},{competitor},{at},{price},EUR\n"));
    }
    Ok(text)
}

fn rule(name: &str, list: PriceListId, condition: AlertCondition, ways: AlertWays) -> AlertRule {
    AlertRule {
        name: name.into(),
        condition,
        filter: MarketFilter { categories: vec!["TV & Audio".into()], ..MarketFilter::of_list(list) },
        words: String::new(),
        tolerance_bp: 50,
        tell_end: true,
        ways,
        quiet: None,
        digest_minute: None,
        time_zone: "Europe/Berlin".into(),
        paused: false,
    }
}

async fn moved_in() -> Result<Router> {
    let router = Router::start()?;
    router.create_workspace("Fernsicht").await?;
    router.import(FileKind::Products, PRODUCTS).await?;
    router.import(FileKind::Matches, MATCHES).await?;
    let rows = [("TV-1", "ElektroMax", "479.00"), ("TV-2", "ElektroMax", "799.00"), ("TV-1", "Volt", "520.00")];
    router.import(FileKind::Observations, &observations(300, &rows)?).await?;
    Ok(router)
}

fn mail_to(receiver: &MailReceiver, security: MailSecurity) -> MailSettings {
    MailSettings {
        host: "localhost".into(),
        port: receiver.port,
        security,
        user: "prices".into(),
        from: "Prices <prices@fernsicht.example>".into(),
        certificate_pem: receiver.certificate_pem.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crossing_is_mailed_and_posted_once_and_its_reason_is_kept() -> Result<()> {
    let mut router = moved_in().await?;
    let list = router.default_list().await?;
    let mails = MailReceiver::open(Encryption::FromTheStart, "prices", "s3cret").await?;
    let calls = WebhookReceiver::open(&[]).await?;
    let mail = mail_to(&mails, MailSecurity::Tls);
    let password = Some("s3cret".to_owned());
    let saved = router.host.call(SaveMessageSettings { mail, password, webhook_url: calls.url.clone() }).await?;
    assert!(saved.has_password && saved.webhook_signed);
    let secret = saved.new_webhook_secret.context("a new webhook has a secret at once")?;
    let condition = AlertCondition::PriceCrosses {
        whose: AlertPrice::Competitor,
        amount_minor: 45_000,
        direction: AlertDirection::Either,
    };
    let ways = AlertWays { desktop: false, email: vec!["manager@fernsicht.example".into()], webhook: true };
    let alert = rule("TVs below 450", list, condition, ways.clone());
    let preview = router.host.call(PreviewAlert { rule: alert.clone() }).await?;
    assert_eq!((preview.watched, preview.beyond), (3, 0));
    let view = router.host.call(SaveAlert { id: None, rule: alert }).await?;
    assert_eq!(
        view.words,
        "A competitor's price crosses 450.00 EUR · Default · TV & Audio".replace("Default", &list_name(&router).await?)
    );

    // Within the tolerance nothing is told; below it one message goes each way.
    router.import(FileKind::Observations, &observations(200, &[("TV-1", "ElektroMax", "449.00")])?).await?;
    router.import(FileKind::Observations, &observations(150, &[("TV-1", "ElektroMax", "439.00")])?).await?;
    // The same price again is no news, and a host that ends has sent what it caused.
    router.import(FileKind::Observations, &observations(100, &[("TV-1", "ElektroMax", "439.00")])?).await?;
    router = router.restart().await?;
    let received = mails.wait_for(1).await?;
    assert_eq!(received.len(), 1);
    let mail = &received[0];
    assert!(mail.encrypted && mail.login.as_deref() == Some("prices:s3cret"));
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("prices@fernsicht.example", &["manager@fernsicht.example".to_owned()][..])
    );
    let text = mail.text.replace("=\r\n", "").replace("\r\n ", " ");
    assert!(
        text.contains("Subject: TVs below 450: TV-1 Television 55: ElektroMax's price is 439.00 EUR, below"),
        "{text}"
    );
    assert!(text.contains("Before: 449.00 EUR. Limit: 450.00 EUR, tolerance 0.50 %. Read "), "{text}");
    let called = calls.wait_for(1).await?;
    let call = &called[0];
    let (id, at) = (call.header("webhook-id").context("an id")?, call.header("webhook-timestamp").context("a time")?);
    let signature = message_sending::sign(&secret, id, at.parse()?, &call.body)?;
    assert_eq!(call.header("webhook-signature"), Some(signature.as_str()));
    assert!(call.body.contains(r#""competitor":"ElektroMax""#), "{}", call.body);

    let history = router.host.call(ListAlertHistory { rule: None, offset: 0, limit: 10 }).await?;
    assert_eq!(history.matching, 1);
    let record = &history.rows[0];
    assert!(
        record.deliveries.len() == 2 && record.deliveries.iter().all(|one| one.state == MessageState::Sent),
        "{record:?}"
    );
    assert_eq!((record.content.items[0].turn, record.content.items[0].sku.as_str()), (AlertTurn::Fell, "TV-1"));

    // The way back is told too, and the stored settings hold no secret.
    router.import(FileKind::Observations, &observations(50, &[("TV-1", "ElektroMax", "469.00")])?).await?;
    let history = router.host.call(ListAlertHistory { rule: None, offset: 0, limit: 10 }).await?;
    assert_eq!((history.matching, history.rows[0].content.items[0].turn), (2, AlertTurn::Rose));
    let settings = serde_json::to_string(&router.host.call(GetMessageSettings {}).await?)?;
    assert!(!settings.contains("s3cret") && !settings.contains("whsec_"));
    let file = std::fs::read(router.path("journey.omnipricex"))?;
    let held = |secret: &str| file.windows(secret.len()).any(|part| part == secret.as_bytes());
    assert!(!held("s3cret") && !held(secret.trim_start_matches("whsec_")), "a secret stands in the workspace's file");
    Ok(())
}

async fn list_name(router: &Router) -> Result<String> {
    Ok(router.workspace().await?.price_lists[0].name.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_alert_tells_when_it_begins_and_prices_that_are_too_old_tell_nothing() -> Result<()> {
    let router = moved_in().await?;
    let list = router.default_list().await?;
    router.host.call(SaveMapLists { lists: vec![list] }).await?;
    let alerts = [
        ("margin", AlertCondition::MarginBelow { margin_bp: 2_500 }),
        ("place", AlertCondition::PositionLost { place: 1 }),
        ("index", AlertCondition::IndexOutside { from_centi: 9_500, to_centi: 10_500 }),
        (
            "change",
            AlertCondition::ChangesBy { whose: AlertPrice::Lowest, change_bp: 500, direction: AlertDirection::Down },
        ),
        ("map", AlertCondition::MapViolated),
    ];
    // As many of each were sold: the index is that of the prices.
    let day = now()?.plus_days(-3).utc_date();
    router.import(FileKind::Sales, &format!("sku,date,units\nTV-1,{day},10\nTV-2,{day},10\n")).await?;
    for (name, condition) in alerts {
        router.host.call(SaveAlert { id: None, rule: rule(name, list, condition, AlertWays::default()) }).await?;
    }
    let told = async || -> Result<Vec<(String, String)>> {
        let page = router.host.call(ListAlertHistory { rule: None, offset: 0, limit: 50 }).await?;
        let mut told: Vec<(String, String)> = page
            .rows
            .into_iter()
            .flat_map(|row| row.content.items.into_iter().map(move |item| (row.content.name.clone(), item.words)))
            .collect();
        told.sort();
        Ok(told)
    };
    assert_eq!(told().await?, []);
    // ElektroMax goes far below us with TV-2; TV-1 gets dearer to buy.
    router.import(FileKind::Observations, &observations(200, &[("TV-2", "ElektroMax", "699.00")])?).await?;
    router.import(FileKind::Costs, "sku,cost,currency\nTV-1,340.00,EUR\n").await?;
    let expected: Vec<(String, String)> = [
        ("change", "The lowest offer, ElektroMax's, fell by 12.51 % to 699.00 EUR"),
        ("index", "The index against ElektroMax is 110.19, outside 95.00 to 105.00"),
        ("map", "ElektroMax advertises 699.00 EUR, below MAP 780.00 EUR"),
        ("margin", "The margin is 18.92 %, below 25 %"),
        ("place", "We are at place 2 instead of 1"),
    ]
    .map(|(name, words)| (name.to_owned(), words.to_owned()))
    .to_vec();
    assert_eq!(told().await?, expected);
    // The same facts again, and older ones, are no news.
    router.import(FileKind::Observations, &observations(100, &[("TV-2", "ElektroMax", "699.00")])?).await?;
    assert_eq!(told().await?, expected);
    // What is over is told as well, since these alerts ask for it.
    router.import(FileKind::Observations, &observations(50, &[("TV-2", "ElektroMax", "801.00")])?).await?;
    let after = told().await?;
    assert!(after.contains(&("place".into(), "We are at place 1 again".into())), "{after:?}");
    assert!(
        after.contains(&("map".into(), "ElektroMax advertises 801.00 EUR, MAP 780.00 EUR is kept again".into())),
        "{after:?}"
    );
    let views = router.host.call(ListAlerts {}).await?;
    assert!(views.iter().all(|view| view.looked_at.is_some()), "{views:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_is_tried_and_says_what_is_wrong() -> Result<()> {
    let router = moved_in().await?;
    let mails = MailReceiver::open(Encryption::StartTls, "prices", "s3cret").await?;
    let mail = mail_to(&mails, MailSecurity::StartTls);
    let ways = AlertWays { email: vec!["manager@fernsicht.example".into()], ..AlertWays::default() };
    let test = async |mail: MailSettings, password: &str| -> Result<Option<String>> {
        let request = SaveMessageSettings { mail, password: Some(password.to_owned()), webhook_url: String::new() };
        router.host.call(request).await?;
        let outcomes = router.host.call(SendTestMessage { ways: ways.clone() }).await?;
        Ok(outcomes.into_iter().next().context("one outcome")?.error)
    };
    assert_eq!(test(mail.clone(), "s3cret").await?, None);
    assert!(mails.wait_for(1).await?[0].encrypted);
    let refused = test(mail.clone(), "wr0ng").await?.context("a wrong password is refused")?;
    assert!(refused.contains("535") && !refused.contains("wr0ng"), "{refused}");
    let unknown = MailSettings { certificate_pem: String::new(), ..mail.clone() };
    assert!(test(unknown, "s3cret").await?.is_some(), "a certificate that nobody vouches for is not trusted");
    let other = MailSettings { host: "127.0.0.1".into(), ..mail };
    assert!(test(other, "s3cret").await?.is_some(), "a certificate for another name is not trusted");
    assert_eq!(mails.received().len(), 1);
    Ok(())
}
