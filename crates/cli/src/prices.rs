//! A person's own prices, locks, and what price lists are for.

use anyhow::{Context, Result, bail};
use app_commands::Host;
use app_contract::{
    AddListPart, EndPriceLock, FindProduct, GetProduct, ListPriceLists, ListPriceLocks, PriceListView, PriceLockView,
    ProductRow, SavePriceList, SetListTax, SetListVat, SetPrice, Status,
};
use clap::{Args, Subcommand};
use pricing_domain::{BasisPoints, CivilDate, Currency, Money, PriceType, Rounding, TaxMode, parse_scaled};

use crate::output;
use crate::run::named_list;
use crate::values::percent;

/// A price of a person's own.
#[derive(Args)]
pub struct SetPriceWords {
    /// Article number.
    sku: String,
    /// In the list's currency, with a dot: 129.90.
    price: String,
    /// Why, for the audit.
    #[arg(long)]
    reason: String,
    /// Holds the price through this day (2026-12-31), by the list's clock: rules are not asked until then.
    #[arg(long, value_name = "DAY")]
    hold_until: Option<CivilDate>,
    /// Code of the price list; without it the default one.
    #[arg(long)]
    list: Option<String>,
    /// Also more than 50 % from today's price, and below the cost; without it such a price is refused.
    #[arg(long)]
    yes: bool,
}

/// Approves that price, whether the newest run proposes one or not.
pub async fn set_price(host: &Host, status: &Status, words: SetPriceWords, json: bool) -> Result<()> {
    let SetPriceWords { sku, price, reason, hold_until, list, yes } = words;
    let list = named_list(status, list.as_deref())?;
    let price_minor = parse_scaled(price.trim(), list.currency.minor_digits())
        .with_context(|| format!("“{price}” is not an amount in {}; write it like 129.90", list.currency))?;
    let product = host.call(FindProduct { sku: sku.clone() }).await?;
    let row = host.call(GetProduct { product, price_list: list.id }).await?.row;
    if let Some(doubt) = doubt(&row, price_minor, list.currency).filter(|_| !yes) {
        bail!("{sku} at {price}: {doubt}; nothing is set. Look at the price again; if it is meant, add --yes");
    }
    let report = host.call(SetPrice { product, price_list: list.id, price_minor, reason, hold_until }).await?;
    let held = hold_until.map(|day| format!(" and held until {day}")).unwrap_or_default();
    output::answer(json, &report, |report| match report.first {
        0 => println!("{sku} is approved at {price}{held}"),
        _ => println!("{sku} waits for a second person at {price}{held}"),
    });
    Ok(())
}

/// What a second word is asked for: a price far from today's, as a typing error gives, or one below the cost.
fn doubt(row: &ProductRow, price_minor: i64, currency: Currency) -> Option<String> {
    let today = row.price_minor.filter(|today| *today > 0);
    if let Some(today) =
        today.filter(|today| (i128::from(price_minor) - i128::from(*today)).abs() * 2 > i128::from(*today))
    {
        return Some(format!("that is more than 50 % from today's {}", Money::new(today, currency)));
    }
    let cost = row.cost?;
    (price_minor < cost.to_minor(currency, Rounding::Nearest)).then(|| format!("that is below the cost of {cost}"))
}

/// What to do with locks.
#[derive(Subcommand)]
pub enum LocksTask {
    /// Ends the lock that is in force, so that rules decide the price again.
    End {
        /// Article number.
        sku: String,
        /// Code of the price list; without it the default one.
        #[arg(long)]
        list: Option<String>,
    },
}

/// Shows locks, or ends one.
pub async fn locks(host: &Host, status: &Status, task: Option<LocksTask>, json: bool) -> Result<()> {
    let locks = match task {
        None => host.call(ListPriceLocks { product: None }).await?,
        Some(LocksTask::End { sku, list }) => {
            let list = named_list(status, list.as_deref())?;
            let product = host.call(FindProduct { sku: sku.clone() }).await?;
            let locks = host.call(ListPriceLocks { product: Some(product) }).await?;
            let found = locks.iter().find(|lock| lock.price_list == list.id && lock.is_in_force);
            let Some(lock) = found else { bail!("no lock of {sku} is in force on {}", list.code) };
            host.call(EndPriceLock { product, price_list: list.id, valid_from: lock.valid_from }).await?
        }
    };
    output::answer(json, &locks, |locks| match locks.as_slice() {
        [] => println!("No price is locked."),
        locks => locks.iter().for_each(lock_line),
    });
    Ok(())
}

fn lock_line(lock: &PriceLockView) {
    let price = lock.price.map_or_else(|| "as it stands".to_owned(), |price| price.to_string());
    let kind = if lock.is_held { "held" } else { "locked" };
    println!("{:<20} {:<6} {kind:<6} {price:>14}  {}: {}", lock.sku, lock.list_code, lock.days, lock.reason);
}

/// What to do with price lists.
#[derive(Subcommand)]
pub enum ListsTask {
    /// Adds a list for prices of another one: for so many pieces or more, or of another type. Rules price it like any list
    /// (`for price_list in ("DE-10")` … `price follow list "DE" - 5 %`), never above the prices for fewer pieces.
    Add {
        /// The new list's code: DE-10.
        code: String,
        /// The code of the other list.
        #[arg(long, value_name = "LIST")]
        of: String,
        /// From how many pieces on.
        #[arg(long, value_name = "PIECES", default_value_t = 1)]
        from: u32,
        /// regular, clearance or member.
        #[arg(long = "type", value_name = "TYPE", default_value_t = PriceType::Regular)]
        price_type: PriceType,
        /// Shown to people.
        #[arg(long, default_value = "")]
        name: String,
    },
    /// Changes what a list is for; what is not named stays.
    Set {
        /// The list's code.
        code: String,
        /// Shown to people.
        #[arg(long)]
        name: Option<String>,
        /// Two letters, for VAT; \"\" for everywhere.
        #[arg(long)]
        country: Option<String>,
        /// A region within the country.
        #[arg(long)]
        zone: Option<String>,
        /// Shop, marketplace, app.
        #[arg(long)]
        channel: Option<String>,
        /// Which stores.
        #[arg(long)]
        store_group: Option<String>,
        /// Which customers.
        #[arg(long)]
        customer_group: Option<String>,
        /// By which clock prices, locks and promotions begin and end: Europe/Berlin.
        #[arg(long)]
        time_zone: Option<String>,
        /// Prices are whole multiples of this, in the list's currency: 0.05; 0 for any price.
        #[arg(long, value_name = "AMOUNT")]
        cash_rounding: Option<String>,
        /// At most so many prices change a day, the most valuable first; 0 for any number.
        #[arg(long, value_name = "COUNT")]
        labels_per_day: Option<u32>,
        /// The VAT of the list's country, where it is another than the default list's: 25 on all its products, 7=12 on
        /// those whose rate at home is 7. Rates in the products file are those at home.
        #[arg(long, value_name = "RATE|HOME=RATE")]
        vat: Vec<String>,
        /// Whether its prices contain VAT (gross) or not (net), where an import was told wrong; no amount changes.
        #[arg(long, value_name = "gross|net")]
        tax: Option<TaxMode>,
        /// Makes it the list that is shown first and that files without a list are for.
        #[arg(long)]
        default: bool,
    },
}

/// Shows price lists, or changes one.
pub async fn lists(host: &Host, status: &Status, task: Option<ListsTask>, json: bool) -> Result<()> {
    if let Some(ListsTask::Add { code, of, from, price_type, name }) = &task {
        let base = named_list(status, Some(of))?.id;
        let (code, name) = (code.clone(), name.clone());
        host.call(AddListPart { base, price_type: *price_type, min_quantity: *from, code, name }).await?;
    }
    if let Some(ListsTask::Set {
        code,
        name,
        country,
        zone,
        channel,
        store_group,
        customer_group,
        time_zone,
        cash_rounding,
        labels_per_day,
        vat,
        tax,
        default: is_default,
    }) = task
    {
        let list = named_list(status, Some(&code))?;
        let rates = vat.iter().map(|words| list_vat(words)).collect::<Result<Vec<_>>>()?;
        let mut settings = list.settings.clone();
        for (field, given) in [
            (&mut settings.name, name),
            (&mut settings.country, country),
            (&mut settings.zone, zone),
            (&mut settings.channel, channel),
            (&mut settings.store_group, store_group),
            (&mut settings.customer_group, customer_group),
            (&mut settings.time_zone, time_zone),
        ] {
            *field = given.unwrap_or_else(|| std::mem::take(field));
        }
        if let Some(step) = cash_rounding {
            let digits = list.currency.minor_digits();
            settings.cash_step_minor = parse_scaled(step.trim(), digits)
                .with_context(|| format!("“{step}” is not an amount in {}; write it like 0.05", list.currency))?;
        }
        if let Some(most) = labels_per_day {
            settings.labels_per_day = Some(most).filter(|most| *most > 0);
        }
        if let Some(tax_mode) = tax {
            host.call(SetListTax { price_list: list.id, tax_mode }).await?;
        }
        host.call(SavePriceList { price_list: list.id, settings, is_default }).await?;
        for (of, rate) in rates {
            host.call(SetListVat { price_list: list.id, of, rate }).await?;
        }
    }
    let lists = host.call(ListPriceLists {}).await?;
    output::answer(json, &lists, |lists| lists.iter().for_each(list_line));
    Ok(())
}

/// “25”: on all products; “7=12”: 12 % on those whose rate at home is 7 %.
fn list_vat(words: &str) -> Result<(Option<BasisPoints>, BasisPoints)> {
    match words.split_once('=') {
        Some((home, rate)) => Ok((Some(percent(home)?), percent(rate)?)),
        None => Ok((None, percent(words)?)),
    }
}

fn list_line(list: &PriceListView) {
    let settings = &list.settings;
    let default = if list.is_default { "  default" } else { "" };
    println!("{:<8} {} · {} · {} prices{default}", list.code, settings.name, list.currency, list.tax_mode);
    if let Some(part) = &list.part {
        println!("         {:<10} {}", "holds", part.words());
    }
    let facts = [
        ("country", &settings.country),
        ("zone", &settings.zone),
        ("channel", &settings.channel),
        ("stores", &settings.store_group),
        ("customers", &settings.customer_group),
        ("clock", &settings.time_zone),
    ];
    for (name, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        println!("         {name:<10} {value}");
    }
    for (class, rate) in &list.vat {
        let home = class.parse().map_or_else(|_| class.clone(), |home| BasisPoints(home).to_string());
        let of = if class == "*" { String::new() } else { format!(" where the product's rate at home is {home}") };
        println!("         {:<10} {rate}{of}", "VAT");
    }
    if list.is_abroad && list.vat.is_empty() {
        let code = &list.code;
        println!(
            "         {:<10} not known, so that margins cannot be told: omnipricex lists set {code} --vat 25",
            "VAT"
        );
    }
    if settings.cash_step_minor > 1 {
        println!("         {:<10} multiples of {}", "cash", Money::new(settings.cash_step_minor, list.currency));
    }
    if let Some(most) = settings.labels_per_day {
        println!("         {:<10} at most {most} changed prices a day", "labels");
    }
}

#[cfg(test)]
mod tests {
    use super::list_vat;

    #[test]
    fn vat_of_a_list_is_one_rate_or_one_for_a_rate_at_home() {
        let read = |words| list_vat(words).ok().map(|(of, rate)| (of.map(|of| of.0), rate.0));
        assert_eq!(read("25"), Some((None, 2_500)));
        assert_eq!(read("7=12.5"), Some((Some(700), 1_250)));
        assert_eq!((read("7=x"), read("=25"), read("125")), (None, None, None));
    }
}
