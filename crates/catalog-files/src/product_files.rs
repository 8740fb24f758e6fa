//! Writes products with the columns they are read from, so that a file comes back as it went.

use std::collections::BTreeSet;
use std::io::Write;

use pricing_domain::{Currency, Money, OutputFormat, decimal_text};

use crate::attributes::attribute_column;
use crate::rows::products::{COLUMNS, ProductRow, SaleTerms, TAG_SEPARATOR};
use crate::tables::{TableCell, WriteError, write_table};
use crate::validity::ValidityTime;

/// Writes products, with a column for each free attribute that any of them has. Read again they give the same rows,
/// except for their line numbers.
pub fn write_products<'a>(
    products: impl IntoIterator<Item = &'a ProductRow, IntoIter: Clone>,
    format: OutputFormat,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let products = products.into_iter();
    let names: BTreeSet<&str> =
        products.clone().flat_map(|row| &row.attributes).map(|(name, _)| name.as_str()).collect();
    let attributes: Vec<String> = names.iter().map(|name| attribute_column(name)).collect();
    let header: Vec<&str> = COLUMNS.iter().map(|spec| spec.name).chain(attributes.iter().map(String::as_str)).collect();
    let value = |row: &ProductRow, wanted: &str| {
        TableCell::text(row.attributes.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str()))
    };
    let rows = products.map(|row| {
        let mut cells = cells(row);
        cells.extend(names.iter().map(|name| value(row, name)));
        cells
    });
    write_table(&header, rows, format, out)
}

/// In the order of the columns.
fn cells(row: &ProductRow) -> Vec<TableCell> {
    let text = |words: &Option<String>| TableCell::text(words.as_deref());
    let fine = row.fine.unwrap_or_default();
    let exact = |minor: Option<i64>, micro: Option<i64>| match micro {
        Some(micro) => TableCell::Number(decimal_text(micro, 6, 2)),
        None => TableCell::number(minor.map(|minor| Money::new(minor, row.currency).amount_text())),
    };
    let yes_or_no = |answer: Option<bool>| TableCell::text(answer.map(|yes| if yes { "yes" } else { "no" }));
    let sale = match &row.sale {
        Some(SaleTerms::Sale { price_minor, from, to }) => Some((*price_minor, *from, *to)),
        _ => None,
    };
    let gtins: Vec<String> = row.gtins.iter().map(ToString::to_string).collect();
    vec![
        TableCell::text(Some(&row.sku)),
        TableCell::text(Some(&gtins.join(" "))),
        text(&row.mpn),
        text(&row.brand),
        text(&row.name),
        text(&row.category),
        text(&row.item_group_id),
        TableCell::number(row.net_content_micro.map(|content| decimal_text(content, 6, 2))),
        TableCell::text(row.content_unit.map(|unit| unit.as_str())),
        TableCell::number(row.pack_items),
        exact(row.deposit_minor, None),
        text(&row.supplier),
        yes_or_no(row.own_brand),
        TableCell::text(row.stated_lifecycle()),
        TableCell::text((!row.names_no_currency).then(|| row.currency.code())),
        exact(row.price_minor, fine.price),
        exact(row.compare_at_minor, fine.compare_at),
        exact(sale.map(|(price, _, _)| price), fine.sale),
        TableCell::text(sale.and_then(|(_, from, _)| from).map(ValidityTime::text).as_deref()),
        TableCell::text(sale.and_then(|(_, _, to)| to).map(ValidityTime::text).as_deref()),
        TableCell::number(row.cost),
        TableCell::text(row.cost_type.map(|cost_type| cost_type.as_str())),
        TableCell::text(row.cost_currency.as_ref().map(Currency::code)),
        exact(row.min_price_minor, fine.min_price),
        exact(row.max_price_minor, fine.max_price),
        exact(row.map_price_minor, fine.map_price),
        exact(row.rrp_minor, fine.rrp),
        TableCell::number(row.vat_rate.map(|rate| decimal_text(i64::from(rate.0), 2, 0))),
        yes_or_no(row.price_includes_vat),
        TableCell::number(row.stock),
        TableCell::text(row.is_in_stock.then_some("in_stock")),
        TableCell::text(row.role.map(|role| role.as_str())),
        yes_or_no(row.key_value),
        text(&row.family),
        TableCell::text(Some(&row.tags.join(&TAG_SEPARATOR.to_string()))),
        text(&row.image_url),
    ]
}
