//! Approved prices on their way out.

use std::io::Write;

use pricing_domain::{Instant, Money, OutputFormat, PriceType};

use crate::tables::{TableCell, WriteError, write_table};

/// The columns of new prices on their way out, in order.
pub const PRICE_CHANGE_COLUMNS: [&str; 12] = [
    "sku",
    "price_list",
    "type",
    "old_price",
    "new_price",
    "currency",
    "valid_from",
    "valid_to",
    "rule",
    "reason",
    "approved_by",
    "approved_at",
];

/// One approved change of one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// Article number.
    pub sku: String,
    /// Code of the list.
    pub price_list: String,
    /// What kind of price.
    pub price_type: PriceType,
    /// The price before; `None` where there was none.
    pub old: Option<Money>,
    /// The price to set.
    pub new: Money,
    /// From when.
    pub valid_from: Instant,
    /// Until when; `None`: open.
    pub valid_to: Option<Instant>,
    /// Name of the rule that set it.
    pub rule: String,
    /// Why, in words.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// When it was approved.
    pub approved_at: Instant,
}

/// Writes price changes, one a row, in the order given.
pub fn write_price_changes(
    changes: &[PriceChange],
    format: OutputFormat,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    write_table(&PRICE_CHANGE_COLUMNS, changes.iter().map(cells), format, out)
}

/// A promotion with a price, a beginning and an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedSale {
    /// Its price.
    pub price: Money,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
}

/// Writes price changes as a supplemental feed for Google Merchant: tab-separated, ids with the price that takes the place
/// of the main feed's, and the sale that is known beside it. Without any sale its columns are left out, so that those of
/// the main feed stay; so do they where the cells of a product are empty.
pub fn write_google_feed(changes: &[(&PriceChange, Option<DatedSale>)], out: &mut dyn Write) -> Result<(), WriteError> {
    let has_sales = changes.iter().any(|(_, sale)| sale.is_some());
    let width = if has_sales { 4 } else { 2 };
    let mut writer = csv::WriterBuilder::new().delimiter(b'\t').from_writer(out);
    let header = ["id", "price", "sale_price", "sale_price_effective_date"];
    writer.write_record(&header[..width]).map_err(std::io::Error::other)?;
    let amount = |money: Money| format!("{} {}", money.amount_text(), money.currency.code());
    for (change, sale) in changes {
        let period = sale.map(|sale| format!("{}/{}", feed_minute(sale.from), feed_minute(sale.to)));
        let cells = [
            change.sku.clone(),
            amount(change.new),
            sale.map(|sale| amount(sale.price)).unwrap_or_default(),
            period.unwrap_or_default(),
        ];
        writer.write_record(&cells[..width]).map_err(std::io::Error::other)?;
    }
    Ok(writer.flush()?)
}

/// `2026-11-20T00:00Z`: feeds know minutes.
fn feed_minute(moment: Instant) -> String {
    let text = moment.to_string();
    format!("{}Z", text.get(..16).unwrap_or(text.trim_end_matches('Z')))
}

fn cells(change: &PriceChange) -> Vec<TableCell> {
    let text = |words: &str| TableCell::text(Some(words));
    vec![
        text(&change.sku),
        text(&change.price_list),
        text(change.price_type.as_str()),
        TableCell::number(change.old.map(|old| old.amount_text())),
        TableCell::Number(change.new.amount_text()),
        text(change.new.currency.code()),
        TableCell::Text(change.valid_from.to_string()),
        change.valid_to.map_or(TableCell::Empty, |moment| TableCell::Text(moment.to_string())),
        text(&change.rule),
        text(&change.reason),
        text(&change.approved_by),
        TableCell::Text(change.approved_at.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Currency, Instant, Money, PriceType};

    use super::{DatedSale, PriceChange, write_google_feed};

    #[test]
    fn a_supplemental_feed_has_ids_and_prices_with_their_currency() {
        let change = |sku: &str, minor, currency| PriceChange {
            sku: sku.to_owned(),
            price_list: "DE".to_owned(),
            price_type: PriceType::Regular,
            old: None,
            new: Money::new(minor, currency),
            valid_from: Instant(0),
            valid_to: None,
            rule: String::new(),
            reason: String::new(),
            approved_by: String::new(),
            approved_at: Instant(0),
        };
        let changes = [change("A1", 1_999, Currency::EUR), change("-B 2", 129_900, Currency::EUR)];
        let written = |sale: Option<DatedSale>| {
            let mut bytes = Vec::new();
            write_google_feed(&[(&changes[0], None), (&changes[1], sale)], &mut bytes).expect("memory");
            String::from_utf8(bytes).expect("text")
        };
        assert_eq!(written(None), "id\tprice\nA1\t19.99 EUR\n-B 2\t1299.00 EUR\n");
        let moment = |text: &str| text.parse::<Instant>().expect("a moment");
        let sale = DatedSale {
            price: Money::new(99_950, Currency::EUR),
            from: moment("2026-11-20T00:00:00Z"),
            to: moment("2026-11-27T22:59:59.5Z"),
        };
        assert_eq!(
            written(Some(sale)),
            "id\tprice\tsale_price\tsale_price_effective_date\nA1\t19.99 EUR\t\t\n\
             -B 2\t1299.00 EUR\t999.50 EUR\t2026-11-20T00:00Z/2026-11-27T22:59Z\n"
        );
    }
}
