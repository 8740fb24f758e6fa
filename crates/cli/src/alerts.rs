//! Alerts from the terminal: listed, made, tried, and what they told.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app_commands::Host;
use app_contract::{
    AlertPreview, AlertRecord, AlertView, GetMessageSettings, ListAlertHistory, ListAlerts, MessageSettings,
    PreviewAlert, RemoveAlert, RenewWebhookSecret, SaveAlert, SaveMessageSettings, SendOutcome, SendTestMessage,
    Status,
};
use clap::{Args, Subcommand};
use pricing_domain::{
    AlertCondition, AlertDirection, AlertKind, AlertPrice, AlertQuiet, AlertRule, AlertWays, MailSecurity,
    MarketFilter, Role, parse_scaled,
};

use crate::{output, run};

/// What to do with alerts.
#[derive(Subcommand)]
pub enum AlertsTask {
    /// Shows every alert with how it stands.
    List,
    /// Makes an alert. What already is so is no news.
    #[command(
        after_help = "Examples:\n  omnipricex alerts add \"TVs below 500\" price-crosses --amount 500 --category TV --email me@shop.example\n  \
        omnipricex alerts add \"Rivals move\" changes-by --whose competitor --percent 5 --direction either --digest 08:00\n  \
        omnipricex alerts add \"No longer cheapest\" position-lost --place 1 --role traffic --over\n  \
        omnipricex alerts add \"Index\" index-outside --from 97 --to 103 --competitor ElektroMax"
    )]
    Add(Box<AddWords>),
    /// Says what an alert sees now, and sends a test message on its ways.
    Test {
        /// The alert's name.
        name: String,
    },
    /// Removes an alert; its history stays.
    Remove {
        /// The alert's name.
        name: String,
    },
    /// Shows what was told, newest first, with the reasons.
    History {
        /// Only of this alert.
        name: Option<String>,
        /// How many.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Shows or changes the mail server and the webhook. The password is read from OMNIPRICEX_MAIL_PASSWORD.
    Ways(WayWords),
}

/// An alert in words.
#[derive(Args)]
pub struct AddWords {
    /// Its name.
    name: String,
    /// price-crosses, changes-by, position-lost, out-of-stock, map-violated, index-outside, collection-failing, margin-below.
    kind: AlertKind,
    /// The amount that is crossed (price-crosses).
    #[arg(long)]
    amount: Option<String>,
    /// own, lowest, competitor (price-crosses, changes-by).
    #[arg(long, default_value = "lowest")]
    whose: AlertPrice,
    /// down, up, either (price-crosses, changes-by).
    #[arg(long, default_value = "down")]
    direction: AlertDirection,
    /// Percent: of the change, of pages that fail, or of the margin.
    #[arg(long, allow_hyphen_values = true)]
    percent: Option<String>,
    /// The place that must be kept (position-lost).
    #[arg(long, default_value_t = 1)]
    place: u32,
    /// The band's lower end (index-outside).
    #[arg(long)]
    from: Option<String>,
    /// The band's upper end (index-outside).
    #[arg(long)]
    to: Option<String>,
    /// So far beyond the limit before it counts: percent of a price, points of an index, margin or share.
    #[arg(long, default_value = "0")]
    tolerance: String,
    /// Also tell when it is over.
    #[arg(long)]
    over: bool,
    /// Code of the price list; without it the default one.
    #[arg(long)]
    list: Option<String>,
    /// Only this category and those below it.
    #[arg(long)]
    category: Vec<String>,
    /// Only this brand.
    #[arg(long)]
    brand: Vec<String>,
    /// Only this competitor.
    #[arg(long)]
    competitor: Vec<String>,
    /// Only this role.
    #[arg(long)]
    role: Vec<Role>,
    /// Words that must all occur in SKU, name, brand or GTIN.
    #[arg(long, default_value = "")]
    words: String,
    /// Mail it to this address.
    #[arg(long)]
    email: Vec<String>,
    /// Call the webhook.
    #[arg(long)]
    webhook: bool,
    /// No notification on the desktop.
    #[arg(long)]
    silent: bool,
    /// Nothing is sent in these hours (22:00-07:00).
    #[arg(long, value_parser = quiet)]
    quiet: Option<AlertQuiet>,
    /// Everything of a day together at this time (08:00).
    #[arg(long, value_parser = minute)]
    digest: Option<u16>,
    /// Of quiet hours and digest (Europe/Berlin).
    #[arg(long, default_value = "UTC")]
    zone: String,
}

/// The ways out.
#[derive(Args)]
pub struct WayWords {
    /// The mail server's name; empty removes it.
    #[arg(long)]
    host: Option<String>,
    /// Its port.
    #[arg(long)]
    port: Option<u16>,
    /// tls, starttls, plain (on this machine only).
    #[arg(long)]
    security: Option<MailSecurity>,
    /// Who logs in.
    #[arg(long)]
    user: Option<String>,
    /// Who mail is from.
    #[arg(long)]
    from: Option<String>,
    /// A certificate in PEM that is trusted besides the system's.
    #[arg(long, value_name = "FILE")]
    certificate: Option<std::path::PathBuf>,
    /// Where the webhook is; empty removes it.
    #[arg(long)]
    webhook: Option<String>,
    /// Makes a new secret for the webhook and shows it this once.
    #[arg(long)]
    new_secret: bool,
}

/// Does what the words ask for.
pub async fn run(host: &Host, status: &Status, task: AlertsTask, json: bool) -> Result<ExitCode> {
    match task {
        AlertsTask::List => {
            let alerts = host.call(ListAlerts {}).await?;
            output::answer(json, &alerts, |alerts| alerts.iter().for_each(line));
        }
        AlertsTask::Add(words) => {
            let alert = host.call(SaveAlert { id: None, rule: rule(status, *words)? }).await?;
            output::answer(json, &alert, line);
        }
        AlertsTask::Test { name } => return test(host, &name, json).await,
        AlertsTask::Remove { name } => {
            let alert = named(host, &name).await?;
            host.call(RemoveAlert { id: alert.id }).await?;
            output::answer(json, &alert, |alert| println!("Removed “{}”", alert.rule.name));
        }
        AlertsTask::History { name, limit } => {
            let rule = match name {
                Some(name) => Some(named(host, &name).await?.id),
                None => None,
            };
            let page = host.call(ListAlertHistory { rule, offset: 0, limit }).await?;
            output::answer(json, &page, |page| page.rows.iter().for_each(record));
        }
        AlertsTask::Ways(words) => ways(host, words, json).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn named(host: &Host, name: &str) -> Result<AlertView> {
    let alerts = host.call(ListAlerts {}).await?;
    let found = alerts.into_iter().find(|alert| alert.rule.name.eq_ignore_ascii_case(name.trim()));
    found.with_context(|| format!("no alert is called “{name}”; `omnipricex alerts list` shows them"))
}

async fn test(host: &Host, name: &str, json: bool) -> Result<ExitCode> {
    let alert = named(host, name).await?;
    let preview = host.call(PreviewAlert { rule: alert.rule.clone() }).await?;
    let outcomes = host.call(SendTestMessage { ways: alert.rule.ways }).await?;
    output::answer(json, &(&preview, &outcomes), |(seen, outcomes)| {
        preview_lines(seen);
        outcomes.iter().for_each(outcome);
    });
    let failed = outcomes.iter().any(|outcome| outcome.error.is_some());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn ways(host: &Host, words: WayWords, json: bool) -> Result<()> {
    let mut settings = host.call(GetMessageSettings {}).await?;
    let password = std::env::var("OMNIPRICEX_MAIL_PASSWORD").ok().filter(|password| !password.is_empty());
    let mail = &mut settings.mail;
    let changed = password.is_some()
        || words.host.is_some()
        || words.port.is_some()
        || words.security.is_some()
        || words.user.is_some()
        || words.from.is_some()
        || words.certificate.is_some()
        || words.webhook.is_some();
    mail.host = words.host.unwrap_or(mail.host.clone());
    mail.security = words.security.unwrap_or(mail.security);
    let usual_port = if mail.security == MailSecurity::StartTls { 587 } else { 465 };
    mail.port = words.port.unwrap_or(if mail.port == 0 { usual_port } else { mail.port });
    mail.user = words.user.unwrap_or(mail.user.clone());
    mail.from = words.from.unwrap_or(mail.from.clone());
    if let Some(file) = words.certificate {
        mail.certificate_pem = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    }
    if changed {
        let webhook_url = words.webhook.unwrap_or(settings.webhook_url);
        settings = host.call(SaveMessageSettings { mail: settings.mail, password, webhook_url }).await?;
    }
    // A webhook that is new has its secret already.
    if words.new_secret && settings.new_webhook_secret.is_none() {
        let secret = host.call(RenewWebhookSecret {}).await?;
        settings = host.call(GetMessageSettings {}).await?;
        settings.new_webhook_secret = Some(secret);
    }
    output::answer(json, &settings, way_lines);
    Ok(())
}

fn rule(status: &Status, words: AddWords) -> Result<AlertRule> {
    let list = run::named_list(status, words.list.as_deref())?;
    let percent = || {
        let text = words.percent.as_deref().context("say how much with --percent")?;
        let read = parse_scaled(text.trim_end_matches('%').trim(), 2).and_then(|bp| i32::try_from(bp).ok());
        read.with_context(|| format!("“{text}” is no percentage"))
    };
    let scaled = |text: &Option<String>, digits: u8, flag: &str| {
        let text = text.as_deref().with_context(|| format!("say how much with {flag}"))?;
        parse_scaled(text.trim(), digits).with_context(|| format!("“{text}” is no number; write it like 99.50"))
    };
    let condition = match words.kind {
        AlertKind::PriceCrosses => AlertCondition::PriceCrosses {
            whose: words.whose,
            amount_minor: scaled(&words.amount, list.currency.minor_digits(), "--amount")?,
            direction: words.direction,
        },
        AlertKind::ChangesBy => {
            AlertCondition::ChangesBy { whose: words.whose, change_bp: percent()?, direction: words.direction }
        }
        AlertKind::PositionLost => AlertCondition::PositionLost { place: words.place },
        AlertKind::OutOfStock => AlertCondition::OutOfStock,
        AlertKind::MapViolated => AlertCondition::MapViolated,
        AlertKind::IndexOutside => AlertCondition::IndexOutside {
            from_centi: scaled(&words.from, 2, "--from")?,
            to_centi: scaled(&words.to, 2, "--to")?,
        },
        AlertKind::CollectionFailing => AlertCondition::CollectionFailing { share_bp: percent()? },
        AlertKind::MarginBelow => AlertCondition::MarginBelow { margin_bp: percent()? },
    };
    let tolerance = parse_scaled(words.tolerance.trim_end_matches('%').trim(), 2);
    let tolerance_bp = tolerance.and_then(|bp| i32::try_from(bp).ok()).context("the tolerance is no number")?;
    Ok(AlertRule {
        name: words.name,
        condition,
        filter: MarketFilter {
            categories: words.category,
            brands: words.brand,
            competitors: words.competitor,
            roles: words.role,
            ..MarketFilter::of_list(list.id)
        },
        words: words.words,
        tolerance_bp,
        tell_end: words.over,
        ways: AlertWays { desktop: !words.silent, email: words.email, webhook: words.webhook },
        quiet: words.quiet,
        digest_minute: words.digest,
        time_zone: words.zone,
        paused: false,
    })
}

fn minute(text: &str) -> Result<u16> {
    let (hour, minute) = text.split_once(':').context("write a time like 08:30")?;
    let (hour, minute): (u16, u16) = (hour.trim().parse()?, minute.trim().parse()?);
    if hour > 23 || minute > 59 {
        bail!("“{text}” is no time of the day");
    }
    Ok(hour * 60 + minute)
}

fn quiet(text: &str) -> Result<AlertQuiet> {
    let (from, to) = text.split_once('-').context("write hours like 22:00-07:00")?;
    Ok(AlertQuiet { from_minute: minute(from)?, to_minute: minute(to)? })
}

fn line(alert: &AlertView) {
    let beyond = alert.beyond.map(|beyond| format!(", {beyond} beyond now")).unwrap_or_default();
    let unjudged = match alert.unjudged {
        0 => String::new(),
        unjudged => format!(", {unjudged} not judged because their prices are too old"),
    };
    let last = alert.last_alert_at.map(|at| format!(", last {at}")).unwrap_or_default();
    let paused = if alert.rule.paused { " (paused)" } else { "" };
    println!("{}{paused}{beyond}{unjudged}{last}\n    {}", alert.rule.name, alert.words);
}

fn preview_lines(preview: &AlertPreview) {
    println!("{}", preview.words);
    println!(
        "  {} watched, {} beyond now, {} not judged because their prices are too old",
        preview.watched, preview.beyond, preview.unjudged
    );
    for item in &preview.items {
        println!("  {} {}: {}", item.sku, item.name, item.words);
    }
}

fn outcome(outcome: &SendOutcome) {
    let target = if outcome.target.is_empty() { String::new() } else { format!(" {}", outcome.target) };
    match &outcome.error {
        None => println!("{}{target}: handed over", outcome.way),
        Some(error) => println!("{}{target}: {error}", outcome.way),
    }
}

fn record(record: &AlertRecord) {
    println!("{}  {}: {}", record.at, record.content.name, record.content.summary);
    for item in record.content.items.iter().take(10) {
        println!("    {} {}: {} ({})", item.sku, item.name, item.words, item.why);
    }
    for delivery in &record.deliveries {
        let error = if delivery.error.is_empty() { String::new() } else { format!(": {}", delivery.error) };
        println!("    {} {} {}{error}", delivery.way, delivery.target, delivery.state);
    }
}

fn way_lines(settings: &MessageSettings) {
    let mail = &settings.mail;
    if mail.host.is_empty() {
        println!("No mail server");
    } else {
        let password = if settings.has_password { ", password kept" } else { "" };
        println!("Mail through {}:{} ({}{password}), from {}", mail.host, mail.port, mail.security, mail.from);
    }
    match settings.webhook_url.as_str() {
        "" => println!("No webhook"),
        url if settings.webhook_signed => println!("Webhook {url}, signed"),
        url => println!("Webhook {url}, not called: it has no secret; make one with --new-secret"),
    }
    if let Some(secret) = &settings.new_webhook_secret {
        println!("Its secret, shown this once: {secret}");
    }
}
