//! Shops and other receivers of prices from the terminal. Keys are read from standard input or a variable of the
//! environment, never from words, which others may see in a list of programs.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use app_commands::Host;
use app_contract::{
    ConnectionInput, ConnectionView, ListConnections, RemoveConnection, SaveConnection, SecretText, StartPull,
    StatedVat, Status, TestConnection,
};
use clap::{Args, Subcommand};
use pricing_domain::ConnectionKind;

use crate::import_words::class_rate;
use crate::output;
use crate::run::{end, named_list};
use crate::values::percent;

/// What can be done with connections.
#[derive(Subcommand)]
pub enum ConnectionsTask {
    /// Lists them, with what each may do and what became of the newest tasks.
    List,
    /// Adds one. Its keys are read from OMNIPRICEX_KEY and OMNIPRICEX_SECRET, or asked for.
    #[command(after_help = "Examples:\n  \
        omnipricex connections add Shop --kind woocommerce --address https://shop.example\n  \
        OMNIPRICEX_SECRET=$TOKEN omnipricex connections add Outlet --kind shopify --address outlet.myshopify.com --list DE\n  \
        omnipricex connections add ERP --kind webhook --address https://erp.example/prices\n  \
        omnipricex connections add Drop --kind sftp --address sftp://user@host.example/in/ --key-file ~/.ssh/drop\n\n\
        WooCommerce has a consumer key (ck_…) and a consumer secret (cs_…), Shopify an access token (shpat_…), a webhook\n\
        the secret that messages are signed by. They go to the system's keychain, never into the workspace. An SFTP folder\n\
        is opened by a key file, or by your SSH agent and configuration.")]
    Add(ConnectionWords),
    /// Changes the keys of one: read like those of a new one.
    Keys {
        /// Its name.
        name: String,
        /// Path of the key file of an SFTP folder.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
    /// Asks one whether it answers and what the key may do; changes nothing there.
    Test {
        /// Its name.
        name: String,
    },
    /// Reads the catalogue of a shop into the workspace: products, variants, prices, stock, costs where it keeps them.
    Pull {
        /// Its name.
        name: String,
        /// VAT rate in percent of the shop's ordinary tax class, kept for the next time; margins need it. Not needed where
        /// the shop says it (WooCommerce).
        #[arg(long, value_name = "PERCENT")]
        vat: Option<String>,
        /// VAT rate of another tax class, as `reduced-rate=7`; once for each.
        #[arg(long, value_name = "CLASS=PERCENT")]
        vat_class: Vec<String>,
    },
    /// Removes one and forgets its keys.
    Remove {
        /// Its name.
        name: String,
    },
}

/// A new connection.
#[derive(Args)]
pub struct ConnectionWords {
    /// As you call it.
    pub name: String,
    /// woocommerce, shopify, webhook or sftp.
    #[arg(long)]
    pub kind: ConnectionKind,
    /// Where it is; always encrypted, but for this machine.
    #[arg(long)]
    pub address: String,
    /// Code of the price list whose prices go there; without it the default one, to a webhook or SFTP folder those of all.
    #[arg(long)]
    pub list: Option<String>,
    /// Path of the key file of an SFTP folder; without it your SSH agent and configuration have the keys.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// Does what the words ask for.
pub async fn run(host: &Host, status: &Status, task: ConnectionsTask, json: bool) -> Result<ExitCode> {
    match task {
        ConnectionsTask::List => {
            let all = host.call(ListConnections {}).await?;
            output::answer(json, &all, |all| all.iter().for_each(shown));
        }
        ConnectionsTask::Add(words) => {
            let price_list = words.list.as_deref().map(|code| named_list(status, Some(code))).transpose()?;
            let (key, secret) = keys(words.kind, words.key_file.as_deref())?;
            let input = ConnectionInput {
                connection: None,
                name: words.name,
                kind: words.kind,
                address: words.address,
                price_list: price_list.map(|list| list.id),
                key,
                secret,
            };
            let added = host.call(SaveConnection { input }).await?;
            output::answer(json, &added, |added| {
                println!("Added {}. Its keys are {}.", added.name, added.keys_are);
            });
        }
        ConnectionsTask::Keys { name, key_file } => {
            let one = named(host, &name).await?;
            let (key, secret) = keys(one.kind, key_file.as_deref())?;
            let input = ConnectionInput {
                connection: Some(one.id),
                name: one.name,
                kind: one.kind,
                address: one.address,
                price_list: one.price_list,
                key,
                secret,
            };
            let changed = host.call(SaveConnection { input }).await?;
            output::answer(json, &changed, |changed| println!("Changed the keys of {}.", changed.name));
        }
        ConnectionsTask::Test { name } => {
            let connection = named(host, &name).await?.id;
            let tested = host.call(TestConnection { connection }).await?;
            output::answer(json, &tested, shown);
        }
        ConnectionsTask::Pull { name, vat, vat_class } => {
            let classes = vat_class.iter().map(|pair| class_rate(pair)).collect::<Result<_>>()?;
            let stated_vat = StatedVat { ordinary: vat.as_deref().map(percent).transpose()?, classes };
            let connection = named(host, &name).await?.id;
            let job = host.call(StartPull { connection, stated_vat }).await?;
            return end(host, job, json).await;
        }
        ConnectionsTask::Remove { name } => {
            let connection = named(host, &name).await?.id;
            let left = host.call(RemoveConnection { connection }).await?;
            output::answer(json, &left, |_| println!("Removed {name}; its keys are forgotten."));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The connection with a name.
pub async fn named(host: &Host, name: &str) -> Result<ConnectionView> {
    let all = host.call(ListConnections {}).await?;
    let known: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
    let found = all.into_iter().find(|one| one.name.to_lowercase() == name.trim().to_lowercase());
    found.with_context(|| match known.as_slice() {
        [] => "there are no connections yet; add one with `connections add`".to_owned(),
        known => format!("no connection is called “{name}”; there are {}", known.join(", ")),
    })
}

fn keys(kind: ConnectionKind, key_file: Option<&Path>) -> Result<(SecretText, SecretText)> {
    ensure!(key_file.is_none() || kind == ConnectionKind::Sftp, "only an SFTP folder has a key file");
    let (first, second) = match kind {
        ConnectionKind::Sftp => {
            let file = key_file.map(std::path::absolute).transpose().context("finding the key file")?;
            let path = file.map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
            return Ok((SecretText::default(), SecretText(path)));
        }
        ConnectionKind::WooCommerce => (Some("Consumer key (ck_…)"), "Consumer secret (cs_…)"),
        ConnectionKind::Shopify => (None, "Access token (shpat_…)"),
        ConnectionKind::Webhook => (None, "Secret that messages are signed by"),
    };
    let key = first.map(|asked| key_of("OMNIPRICEX_KEY", asked)).transpose()?.unwrap_or_default();
    Ok((key, key_of("OMNIPRICEX_SECRET", second)?))
}

fn key_of(variable: &str, asked: &str) -> Result<SecretText> {
    if let Ok(text) = std::env::var(variable) {
        return Ok(SecretText(text));
    }
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("{asked}: ");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line).context("reading a key from standard input")?;
    ensure!(!line.trim().is_empty(), "no key was given; set {variable}, or type it");
    Ok(SecretText(line.trim().to_owned()))
}

fn shown(one: &ConnectionView) {
    let list = if one.price_list_code.is_empty() { "all lists" } else { one.price_list_code.as_str() };
    println!("{}  {}  {}  prices of {list}", one.name, one.kind, one.address);
    if let Some(facts) = &one.facts {
        let may = |may: bool, what: &str| if may { format!("may {what}") } else { format!("may not {what}") };
        let money = facts.currency.map(|currency| format!(", {currency}")).unwrap_or_default();
        println!("  {}: {}, {}{money}", facts.name, may(facts.may_read, "read"), may(facts.may_write, "change prices"));
        facts.remarks.iter().for_each(|remark| println!("  {remark}"));
    }
    for run in &one.runs {
        let sign = if run.failed { "failed" } else { "done" };
        println!("  {}  {:<8} {sign}: {}", run.at, run.task, run.message);
    }
}
