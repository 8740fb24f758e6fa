//! Sales with their dates as cells of a shop's file.

use jiff::civil::{DateTime, Time};
use pricing_domain::{FileFormat, Instant};

use super::NewSale;
use crate::cells::iso_date;
use crate::price_changes::feed_minute;
use crate::validity::ValidityTime;

/// What the cells of beginning and end are to hold, in the order of their places; an error says why they cannot.
pub(super) fn period_cells(sale: &NewSale, format: FileFormat) -> Result<[String; 2], &'static str> {
    match format {
        FileFormat::GoogleMerchant => {
            let period = format!("{}/{}", feed_minute(sale.from), feed_minute(sale.to));
            Ok([period.clone(), period])
        }
        FileFormat::Magento => match (day(sale.local_from), last_day(sale.local_to)) {
            (Some(from), Some(to)) => Ok([from, to]),
            _ => Err("its sale begins or ends within a day, and the file knows whole days only"),
        },
        _ => {
            let hour = |at: DateTime| at.strftime("%Y-%m-%d %H:%M:%S").to_string();
            Ok([
                day(sale.local_from).unwrap_or_else(|| hour(sale.local_from)),
                last_day(sale.local_to).unwrap_or_else(|| hour(sale.local_to)),
            ])
        }
    }
}

/// Whether cells say that already.
pub(super) fn is_period(cells: [&str; 2], wanted: &[String; 2], sale: &NewSale, format: FileFormat) -> bool {
    if format == FileFormat::GoogleMerchant {
        let moment = |text: &str| match ValidityTime::parse_start(text.trim()) {
            Some(ValidityTime::Moment(at)) => Some(to_minute(at)),
            _ => None,
        };
        return cells[0].split_once('/').is_some_and(|(from, to)| {
            moment(from) == Some(to_minute(sale.from)) && moment(to) == Some(to_minute(sale.to))
        });
    }
    let same = |cell: &str, wanted: &str| {
        let is_midnight = |cell: &str| matches!(cell.get(10..), Some("" | " 00:00:00" | " 0:00:00"));
        let is_day = iso_date(wanted).is_some() && cell.get(..10) == Some(wanted);
        cell == wanted || (is_day && (cell.len() == 10 || format == FileFormat::Magento && is_midnight(cell)))
    };
    same(cells[0].trim(), &wanted[0]) && same(cells[1].trim(), &wanted[1])
}

fn to_minute(at: Instant) -> i64 {
    at.0.div_euclid(60_000_000)
}

/// The day that begins then.
fn day(at: DateTime) -> Option<String> {
    (at.time() == Time::midnight()).then(|| at.date().to_string())
}

/// The day that ends then.
fn last_day(at: DateTime) -> Option<String> {
    let before = at.date().yesterday().ok().filter(|_| at.time() == Time::midnight())?;
    Some(before.to_string())
}
