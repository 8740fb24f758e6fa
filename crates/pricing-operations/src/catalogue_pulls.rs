//! Reading a shop's catalogue: its rows become a file of our own columns, so that every check of an import stands once,
//! and are imported like any other; one undo takes them back.

use std::collections::HashMap;
use std::io::Write;

use app_contract::{ConnectionFacts, ImportOptions, ImportReport, StatedVat};
use catalog_files::{TableCell, attribute_column, write_table};
use pricing_domain::{
    ConnectionId, ConnectionTask, Currency, FileKind, MOST_ATTRIBUTES, OutputFormat, attribute_name, decimal_text,
};
use pricing_store::{ConnectionRow, PriceListRow};
use shop_connectors::{CatalogueCounts, ShopProduct};

use crate::connections::{other_currency, other_tax};
use crate::exports::{in_background, unwritten};
use crate::vat_of_shops::Rates;
use crate::{OperationError, Progress, Workspace};

const PRODUCT_COLUMNS: [&str; 18] = [
    "sku",
    "name",
    "gtin",
    "brand",
    "category",
    "item_group_id",
    "currency",
    "price",
    "compare_at_price",
    "sale_price",
    "sale_from",
    "sale_to",
    "cost",
    "price_includes_vat",
    "vat_rate",
    "stock",
    "availability",
    "image_url",
];
const PRICE_COLUMNS: [&str; 4] = ["sku", "price_list", "price", "currency"];

impl Workspace {
    /// Reads the catalogue of a shop into the workspace: products, variants, prices, stock, costs where they are kept. On
    /// a list other than the default one only its prices are read. Of the VAT rates those that are stated count, then
    /// those that were stated before, then what the shop says.
    pub async fn pull_catalogue(
        &self,
        connection: ConnectionId,
        stated: &StatedVat,
        progress: &Progress,
    ) -> Result<ImportReport, OperationError> {
        let row = self.find_connection(connection).await?;
        let stated = self.keep_stated_vat(&row, stated).await?;
        let outcome = self.pull(&row, &stated, progress).await;
        let (failed, message) = match &outcome {
            Ok(report) => (
                false,
                format!(
                    "{} rows read: {} new, {} changed, {} unchanged, {} refused.",
                    report.rows, report.added, report.changed, report.unchanged, report.refused
                ),
            ),
            Err(error) => (true, error.message.clone()),
        };
        self.note_run(&row, ConnectionTask::Pull, failed, &message).await?;
        outcome
    }

    async fn pull(
        &self,
        row: &ConnectionRow,
        stated: &StatedVat,
        progress: &Progress,
    ) -> Result<ImportReport, OperationError> {
        let connector = self.connector(row, progress.cancel.clone()).await?;
        let facts = self.ask_facts(row, &connector).await?;
        let Some(currency) = facts.currency.filter(|_| connector.can_be_read()) else {
            return Err(OperationError::refused("A receiver of messages has no catalogue to read."));
        };
        let list = self.list_of(row).await?;
        let unlike = list.as_ref().and_then(|list| {
            other_currency(facts.currency, list).or_else(|| other_tax(facts.prices_include_vat, list))
        });
        if let Some(reason) = unlike {
            return Err(OperationError::refused(reason));
        }
        let (mut products, mut read) = (Vec::new(), 0);
        let counts = connector
            .pull(&mut |page, total| {
                read += page.len() as u64;
                products.extend(page);
                progress.at(read, total.map(|total| total.max(read)), "Reading the shop");
            })
            .await?;
        let is_default =
            self.store.price_lists().await?.first().map(|first| first.key) == list.as_ref().map(|list| list.key);
        let other_list = list.filter(|_| !is_default);
        let rates = Rates::of(stated, &facts);
        let unknown = rates.unknown(&products);
        let is_catalogue = other_list.is_none();
        let mut report = self.import_pulled(row, products, (currency, &facts, other_list, rates), progress).await?;
        if is_catalogue {
            report.note_count += unknown.len() as u64;
            report.notes.splice(0..0, unknown);
        }
        report.left_out.extend(left_out(counts));
        Ok(report)
    }

    async fn import_pulled(
        &self,
        row: &ConnectionRow,
        products: Vec<ShopProduct>,
        (currency, facts, list, rates): (Currency, &ConnectionFacts, Option<PriceListRow>, Rates),
        progress: &Progress,
    ) -> Result<ImportReport, OperationError> {
        let failed = |error: std::io::Error| OperationError::fault(format!("The catalogue cannot be kept: {error}"));
        let folder = self.path().parent().map(std::path::Path::to_owned).unwrap_or_default();
        let mut file =
            tempfile::Builder::new().prefix(".catalogue").suffix(".csv").tempfile_in(folder).map_err(failed)?;
        let kind = if list.is_some() { FileKind::Prices } else { FileKind::Products };
        let includes = facts.prices_include_vat;
        let attributes =
            if list.is_none() { attributes_of(&products, self.store.attribute_names().await?) } else { vec![] };
        let vat_rate = rates.of_class("");
        let file = in_background(move || {
            match &list {
                None => {
                    let named: Vec<String> = attributes.iter().map(|name| attribute_column(name)).collect();
                    let columns: Vec<&str> =
                        PRODUCT_COLUMNS.into_iter().chain(named.iter().map(String::as_str)).collect();
                    let rows = products.iter().map(|one| {
                        let mut cells = product_cells(one, currency, includes, &rates);
                        cells.extend(attributes.iter().map(|name| attribute_cell(one, name)));
                        cells
                    });
                    write_table(&columns, rows, OutputFormat::Csv, &mut file).map_err(unwritten)?;
                }
                Some(list) => {
                    let rows = products.iter().map(|one| price_cells(one, currency, &list.code));
                    write_table(&PRICE_COLUMNS, rows, OutputFormat::Csv, &mut file).map_err(unwritten)?;
                }
            }
            file.flush().map_err(failed)?;
            Ok(file)
        })
        .await?;
        let options = ImportOptions { decimal_separator: Some('.'), vat_rate, ..ImportOptions::of_kind(kind) };
        let name = format!("Catalogue of {}.csv", row.name);
        Ok(self.import_passing(file.path(), &name, &options, progress).await?.0)
    }
}

fn left_out(counts: CatalogueCounts) -> impl Iterator<Item = (String, u64)> {
    [
        ("have no SKU in the shop", counts.without_sku),
        ("are groups of products without a price of their own", counts.groups),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(reason, count)| (reason.to_owned(), count))
}

fn product_cells(one: &ShopProduct, currency: Currency, includes_vat: Option<bool>, rates: &Rates) -> Vec<TableCell> {
    let text = |text: &str| TableCell::text(Some(text));
    let number = |text: &str| TableCell::number((!text.is_empty()).then_some(text));
    vec![
        text(&one.sku),
        text(&one.name),
        text(&one.gtin),
        text(&one.brand),
        text(&one.category),
        text(&one.group),
        text(currency.code()),
        number(&one.price),
        number(&one.compare_at),
        number(&one.sale),
        text(&one.sale_from),
        text(&one.sale_to),
        number(&one.cost),
        TableCell::text(includes_vat.map(|includes| if includes { "yes" } else { "no" })),
        TableCell::number(rates.of_class(&one.tax_class).map(|rate| decimal_text(i64::from(rate.0), 2, 0))),
        TableCell::number(one.stock),
        text(&one.availability),
        text(&one.image),
    ]
}

/// The attributes that are read: those that the catalogue has, then those that most products state, as long as there is room.
fn attributes_of(products: &[ShopProduct], known: Vec<String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (name, _) in products.iter().flat_map(|one| &one.attributes) {
        if let Some(name) = attribute_name(name) {
            *counts.entry(name).or_default() += 1;
        }
    }
    let room = MOST_ATTRIBUTES.saturating_sub(known.len());
    let (mut names, mut new) = counts.into_iter().partition::<Vec<_>, _>(|(name, _)| known.contains(name));
    new.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    names.extend(new.into_iter().take(room));
    let mut names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names
}

/// What a product states of an attribute. Texts that describe are none.
fn attribute_cell(one: &ShopProduct, name: &str) -> TableCell {
    const LONGEST: usize = 200;
    let is_it = |(theirs, text): &&(String, String)| {
        text.len() <= LONGEST && attribute_name(theirs).is_some_and(|theirs| theirs == name)
    };
    TableCell::text(one.attributes.iter().find(is_it).map(|(_, text)| text.as_str()))
}

fn price_cells(one: &ShopProduct, currency: Currency, list: &str) -> Vec<TableCell> {
    vec![
        TableCell::text(Some(&one.sku)),
        TableCell::text(Some(list)),
        TableCell::number((!one.price.is_empty()).then_some(&one.price)),
        TableCell::text(Some(currency.code())),
    ]
}
