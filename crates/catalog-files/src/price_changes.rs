//! Approved prices on their way out.

use std::io::Write;

use pricing_domain::{Instant, Money, OutputFormat, PriceType};

use crate::tables::{TableCell, WriteError, write_table};

/// The columns of new prices on their way out, in order.
pub const PRICE_CHANGE_COLUMNS: [&str; 13] = [
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
    "min_quantity",
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
    /// From how many pieces on; 1: any number.
    pub min_quantity: u32,
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
pub(crate) fn feed_minute(moment: Instant) -> String {
    let text = moment.to_string();
    format!("{}Z", text.get(..16).unwrap_or(text.trim_end_matches('Z')))
}

/// Writes prices from a quantity on as Magento and Adobe Commerce import tier prices ("advanced pricing"). A list that came
/// from there is called by website and customer group, as “All Websites · Wholesale”; of another list the prices are
/// for all websites and the customer group that `group` gives.
pub fn write_magento_tier_prices<'a>(
    changes: &[PriceChange],
    group: impl Fn(&PriceChange) -> Option<&'a str>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    const HEADER: [&str; 6] = [
        "sku",
        "tier_price_website",
        "tier_price_customer_group",
        "tier_price_qty",
        "tier_price",
        "tier_price_value_type",
    ];
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HEADER).map_err(std::io::Error::other)?;
    for change in changes {
        let everywhere = format!("All Websites [{}]", change.new.currency.code());
        let (website, of_list) = match change.price_list.split_once(MAGENTO_LIST) {
            Some((website, group)) if website.eq_ignore_ascii_case("all websites") => {
                (everywhere.as_str(), Some(group))
            }
            Some((website, group)) => (website, Some(group)),
            None => (everywhere.as_str(), None),
        };
        let group = of_list.or_else(|| group(change)).unwrap_or("ALL GROUPS");
        let quantity = change.min_quantity.max(1).to_string();
        let price = change.new.amount_text();
        let record = [change.sku.as_str(), website, group, quantity.as_str(), price.as_str(), "Fixed"];
        writer.write_record(record).map_err(std::io::Error::other)?;
    }
    Ok(writer.flush()?)
}

/// Between website and customer group in the name of a list that came from Magento's tier prices.
pub(crate) const MAGENTO_LIST: &str = " · ";

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
        TableCell::number(Some(change.min_quantity).filter(|pieces| *pieces > 1)),
    ]
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Currency, Instant, Money, PriceType};

    use super::{DatedSale, PriceChange, write_google_feed, write_magento_tier_prices};

    #[test]
    fn a_supplemental_feed_has_ids_and_prices_with_their_currency() {
        let change = |sku: &str, minor, currency| PriceChange {
            sku: sku.to_owned(),
            price_list: "DE".to_owned(),
            price_type: PriceType::Regular,
            min_quantity: 1,
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

    #[test]
    fn tier_prices_name_website_group_and_quantity() {
        let change = |list: &str, min_quantity, minor| PriceChange {
            sku: "24-MB01".to_owned(),
            price_list: list.to_owned(),
            price_type: PriceType::Regular,
            min_quantity,
            old: None,
            new: Money::new(minor, Currency::EUR),
            valid_from: Instant(0),
            valid_to: None,
            rule: String::new(),
            reason: String::new(),
            approved_by: String::new(),
            approved_at: Instant(0),
        };
        let changes = [change("All Websites · Wholesale", 10, 949), change("DE", 25, 900), change("Shop", 5, 990)];
        let mut bytes = Vec::new();
        let group = |change: &PriceChange| (change.price_list == "Shop").then_some("Retailer");
        write_magento_tier_prices(&changes, group, &mut bytes).expect("memory");
        let expected = "sku,tier_price_website,tier_price_customer_group,tier_price_qty,tier_price,tier_price_value_type\n\
                        24-MB01,All Websites [EUR],Wholesale,10,9.49,Fixed\n\
                        24-MB01,All Websites [EUR],ALL GROUPS,25,9.00,Fixed\n\
                        24-MB01,All Websites [EUR],Retailer,5,9.90,Fixed\n";
        assert_eq!(String::from_utf8(bytes).expect("text"), expected);
    }
}
