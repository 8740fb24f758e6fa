//! Numbers, amounts and moments as the person's locale writes them. Amounts go to the formatter as exact decimal
//! text, never as floating-point numbers.

mod ages;
mod intl;

use pricing_domain::{Currency, Instant, MicroAmount, Money, decimal_text, format_scaled};

pub use ages::{age, duration};

use intl::{DateStyle, NumberStyle};

/// What stands where a value is missing.
pub const MISSING: &str = "–";

/// The moment that an input of day and time names in the person's time zone (`2026-11-27T06:00`).
pub fn local_instant(text: &str) -> Option<Instant> {
    intl::local_milliseconds(text).map(|milliseconds| Instant(milliseconds * 1000))
}

/// The person's own time zone: “Europe/Berlin”.
pub fn time_zone() -> String {
    intl::time_zone().unwrap_or_else(|| "UTC".to_owned())
}

/// The moment on the person's clock.
pub fn now() -> Instant {
    Instant(js_sys::Date::now() as i64 * 1000)
}

/// A quantity that is no money, with so many decimals.
pub fn decimal(value: f64, digits: u8) -> String {
    let digits = digits.min(6);
    intl::number(
        NumberStyle::Decimal { least: digits, most: digits },
        &format!("{value:.prec$}", prec = usize::from(digits)),
    )
}

/// A whole number with grouping.
pub fn integer(value: impl Into<i128>) -> String {
    intl::number(NumberStyle::Decimal { least: 0, most: 0 }, &value.into().to_string())
}

/// A count with its noun: “1 price”, “1,204 prices”.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", integer(count), if count == 1 { one } else { many })
}

/// An amount with its currency.
pub fn money(price: Money) -> String {
    intl::number(NumberStyle::Currency(price.currency), &price.amount_text())
}

/// Whole units of a currency, where cents would claim what nobody knows.
pub fn whole_money(major: i64, currency: Currency) -> String {
    intl::number(NumberStyle::WholeCurrency(currency), &major.to_string())
}

/// An amount with its currency and its sign, also above zero.
pub fn signed_money(price: Money) -> String {
    intl::number(NumberStyle::SignedCurrency(price.currency), &price.amount_text())
}

/// An amount without its currency, for columns that name it in their header.
pub fn amount(amount_minor: i64, currency: Currency) -> String {
    let digits = currency.minor_digits();
    intl::number(NumberStyle::Decimal { least: digits, most: digits }, &format_scaled(amount_minor, digits))
}

/// A cost without its currency: two decimals, more where it has more.
pub fn cost(cost: MicroAmount) -> String {
    intl::number(NumberStyle::Decimal { least: 2, most: 6 }, &format_scaled(cost.0, 6))
}

/// A percentage of basis points with one decimal.
pub fn percent(basis_points: i32) -> String {
    intl::number(NumberStyle::Percent, &format_scaled(i64::from(basis_points), 4))
}

/// A percentage with its sign and direction: “▲ +4.1%”. What would round to nothing keeps a second decimal.
pub fn change(basis_points: i32) -> String {
    let digits = if (-9..0).contains(&basis_points) || (1..10).contains(&basis_points) { 2 } else { 1 };
    let text = intl::number(NumberStyle::SignedPercent(digits), &format_scaled(i64::from(basis_points), 4));
    match basis_points {
        0 => text,
        1.. => format!("▲ {text}"),
        _ => format!("▼ {text}"),
    }
}

/// A percentage as a person types it, for settings and rules: “19.5 %”.
pub fn plain_percent(basis_points: i32) -> String {
    let text = decimal_text(i64::from(basis_points), 2, 0);
    format!("{} %", intl::number(NumberStyle::Decimal { least: 0, most: 2 }, &text))
}

/// Hundredths with one decimal: 10,180 is 101.8.
pub fn index(centi: i64) -> String {
    intl::number(NumberStyle::Decimal { least: 1, most: 1 }, &format_scaled(centi, 2))
}

/// Thousandths without needless decimals.
pub fn thousandths(milli: i64) -> String {
    intl::number(NumberStyle::Decimal { least: 0, most: 1 }, &format_scaled(milli, 3))
}

/// A size of a file.
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut unit = 0;
    let mut tenths = u128::from(size) * 10;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    let tenths = i64::try_from(tenths).unwrap_or(i64::MAX);
    let number = intl::number(NumberStyle::Decimal { least: 0, most: 1 }, &format_scaled(tenths, 1));
    format!("{number} {}", UNITS[unit])
}

/// A day.
pub fn date(at: Instant) -> String {
    intl::date(DateStyle::Day, at)
}

/// A day with its time.
pub fn date_time(at: Instant) -> String {
    intl::date(DateStyle::Minute, at)
}
