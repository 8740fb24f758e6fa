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

/// Writes price changes as a supplemental feed for Google Merchant: tab-separated, ids with the price that takes the place
/// of the main feed's. Products with a running sale are no price changes, so that no sale price is touched.
pub fn write_google_feed(changes: &[PriceChange], out: &mut dyn Write) -> Result<(), WriteError> {
    let mut writer = csv::WriterBuilder::new().delimiter(b'\t').from_writer(out);
    writer.write_record(["id", "price"]).map_err(std::io::Error::other)?;
    for change in changes {
        let price = format!("{} {}", change.new.amount_text(), change.new.currency.code());
        writer.write_record([change.sku.as_str(), price.as_str()]).map_err(std::io::Error::other)?;
    }
    Ok(writer.flush()?)
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

    use super::{PriceChange, write_google_feed};

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
        let mut bytes = Vec::new();
        write_google_feed(&changes, &mut bytes).expect("memory");
        assert_eq!(String::from_utf8(bytes).expect("text"), "id\tprice\nA1\t19.99 EUR\n-B 2\t1299.00 EUR\n");
    }
}
