//! Handing approved prices over in the shop's own file: the one that the products came from, or another of the same sort.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use app_contract::ImportOptions;
use catalog_files::{
    NewPrice, NewPrices, NewSale, ReadOptions, RewriteReport, RewriteScope, gzip_writer, rewrite_prices,
};
use pricing_domain::{BasisPoints, FileFormat, Instant, PriceListId, TaxMode};
use pricing_store::{Durability, HandOver, Operation, OutdatedPrice, PriceListRow, PriceStep, PublishedPrice};

use crate::exports::{file_name, in_background, left_words, outdated_words, unwritten, write_file};
use crate::imports::open_source;
use crate::list_parts::whole_list;
use crate::price_lists::clock_of;
use crate::{OperationError, Workspace};

/// SKUs and reasons that a report names.
const NAMED: usize = 100;

/// Where prices are to be written.
#[derive(Clone, Debug)]
pub struct ExportInto {
    /// The shop's file; `None`: the one that products were imported from last.
    pub original: Option<PathBuf>,
    /// Whose prices go into the file's own price column; `None`: the default list's.
    pub price_list: Option<PriceListId>,
    /// All rows instead of those that change.
    pub whole: bool,
    /// Also the promotions of the list that run or come next, as sale prices with their dates.
    pub sales: bool,
    /// What is stated about the file; without any, what was stated when it was imported.
    pub options: ImportOptions,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntoReport {
    /// Which program the file is for.
    pub format: FileFormat,
    /// Prices that changed.
    pub prices: u64,
    /// Sales that were written with their dates.
    pub sales: u64,
    /// Approved prices of the list whose product the file does not have; they stay approved.
    pub not_in_file: u64,
    /// The first of them.
    pub not_in_file_skus: Vec<String>,
    /// Why prices of the file were left as they are.
    pub kept: Vec<String>,
    /// Approved prices that may not leave any more and wait for a person again: which, and why.
    pub left: Vec<String>,
}

impl Workspace {
    /// Writes the approved prices into a copy of a shop's file, and marks those that the file has as handed over. Only
    /// cells with prices change. Refused while publishing is stopped, and without an approved price unless the whole
    /// file is asked for.
    pub async fn export_into(&self, request: &ExportInto, path: &Path) -> Result<IntoReport, OperationError> {
        if self.publishing_stopped().await? {
            return Err(OperationError::refused(
                "Publishing is stopped. Allow it again with the stop switch, then export.",
            ));
        }
        let (original, options) = self.original_file(request).await?;
        let read_options = self.read_options(&options).await?;
        let lists = self.store.price_lists().await?;
        self.refuse_held().await?;
        let mut op = self.begin("export_prices", Durability::Full).await?;
        match self.hand_over_into(&mut op, request, &lists, (&original, path), read_options).await {
            Ok(report) if report.prices == 0 => {
                op.abandon().await?;
                Ok(report)
            }
            Ok(report) => {
                let what = format!("Handed {} prices over in {} ({})", report.prices, file_name(path), report.format);
                op.commit(&format!("{what}{}", left_words(report.left.len())), false).await?;
                Ok(report)
            }
            Err(error) => {
                op.abandon().await?;
                Err(error)
            }
        }
    }

    async fn hand_over_into(
        &self,
        op: &mut Operation,
        request: &ExportInto,
        lists: &[PriceListRow],
        (original, path): (&Path, &Path),
        options: ReadOptions,
    ) -> Result<IntoReport, OperationError> {
        let list = match request.price_list {
            Some(id) => lists.iter().find(|list| list.id == id),
            None => lists.first(),
        };
        let list =
            whole_list(list.ok_or_else(|| OperationError::not_found("This price list is not there any more."))?)?;
        let is_whole = |key: i64| lists.iter().any(|list| list.key == key && list.part.is_none());
        let (prices, mut left) = self.leaving(op, |price| is_whole(price.list_key)).await?;
        let scope = if request.whole { RewriteScope::Whole } else { RewriteScope::Changed };
        if prices.is_empty() && scope == RewriteScope::Changed && !request.sales {
            return Err(OperationError::refused("No approved price differs from today's. Approve proposals first."));
        }
        let rates = op.approved_vat_rates().await?;
        let mut new = new_prices(&prices, lists, list, &rates);
        if request.sales {
            new.sales = self.sales_of(list).await?;
        }
        let (source, target) = (original.to_owned(), path.to_owned());
        let is_packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        let stated_rate = options.vat_rate;
        let new = with_rate(new, stated_rate);
        let report = in_background(move || {
            let mut report = RewriteReport::default();
            write_file(&target, |out| {
                let name = file_name(&source);
                let rewrite = |out: &mut dyn Write| {
                    rewrite_prices(&name, || open_source(&source), &options, &new, scope, out).map_err(unwritten)
                };
                if is_packed {
                    let mut packed = gzip_writer(out);
                    report = rewrite(&mut packed)?;
                    packed.finish().map_err(|error| unwritten(error.into()))?;
                } else {
                    report = rewrite(out)?;
                }
                Ok(())
            })?;
            Ok(report)
        })
        .await?;
        let is_written = |price: &&PublishedPrice| {
            market_names(price, lists, list)
                .iter()
                .any(|market| report.found.contains(&(market.clone(), price.sku.clone())))
        };
        let written: Vec<PublishedPrice> = prices.iter().filter(is_written).cloned().collect();
        let missing: Vec<&PublishedPrice> =
            prices.iter().filter(|price| price.list_key == list.key && !is_written(price)).collect();
        if written.is_empty() && report.sales == 0 && scope == RewriteScope::Changed {
            let reason = report.kept.first().cloned().unwrap_or_else(|| {
                "Nothing of this file changes: no approved price, or promotion that was asked for, is of a product in it. Choose \
                 the file that the products came from."
                    .to_owned()
            });
            return Err(OperationError::refused(reason));
        }
        // What is of no list of the file does not wait for it.
        left.retain(|one| {
            one.price_list == list.code || written.iter().any(|price| price.price_list == one.price_list)
        });
        if !written.is_empty() {
            op.leave_behind(left.iter().map(OutdatedPrice::behind)).await?;
            let steps: Vec<PriceStep> = written.iter().map(PublishedPrice::step).collect();
            op.hand_over(HandOver::Approved, &steps, &file_name(path)).await?;
        }
        Ok(IntoReport {
            format: report.format.unwrap_or(FileFormat::Own),
            prices: written.len() as u64,
            sales: report.sales,
            not_in_file: missing.len() as u64,
            not_in_file_skus: missing.iter().take(NAMED).map(|price| price.sku.clone()).collect(),
            kept: report.kept.into_iter().take(NAMED).collect(),
            left: left.iter().map(outdated_words).collect(),
        })
    }

    /// For each product the promotion on a list that runs or comes next, where its price and its end are known.
    async fn sales_of(&self, list: &PriceListRow) -> Result<HashMap<String, NewSale>, OperationError> {
        let zone = clock_of(list);
        let local = |at: Instant| {
            let stamp = jiff::Timestamp::from_microsecond(at.0).ok()?;
            Some(stamp.to_zoned(zone.clone()).datetime())
        };
        let snapshot = self.snapshot().await?;
        let place = snapshot.list_of_key(list.key);
        let mut sales: HashMap<String, NewSale> = HashMap::new();
        for row in self.store.promotion_periods(list.key, self.now(), Instant(i64::MAX), u32::MAX).await? {
            let (Some(amount_minor), Some(to)) = (row.price_minor, row.valid_to) else { continue };
            let (Some(local_from), Some(local_to)) = (local(row.valid_from), local(to)) else { continue };
            let Some(product) = u32::try_from(row.product_key).ok().and_then(|key| snapshot.row_of_key(key)) else {
                continue;
            };
            let vat_bp = place.map(|place| snapshot.lists[place].vat_bp.get(product as usize));
            let vat_rate = vat_bp.filter(|rate| *rate >= 0).map(BasisPoints);
            let price = NewPrice {
                amount_minor,
                currency: list.currency,
                includes_vat: list.tax_mode == TaxMode::Gross,
                vat_rate,
            };
            let sale = NewSale { price, from: row.valid_from, to, local_from, local_to };
            // The newest begins last; the one that begins first runs or comes next.
            sales.insert(snapshot.products.sku.get(product as usize).to_owned(), sale);
        }
        Ok(sales)
    }

    async fn original_file(&self, request: &ExportInto) -> Result<(PathBuf, ImportOptions), OperationError> {
        let remembered = self.imported_products().await?;
        let stated = (request.options != ImportOptions::default()).then(|| request.options.clone());
        match (&request.original, remembered) {
            (Some(path), remembered) => {
                let same = remembered.filter(|file| std::path::absolute(path).is_ok_and(|path| path == file.path));
                Ok((path.clone(), stated.or(same.map(|file| file.options)).unwrap_or_default()))
            }
            (None, Some(file)) if file.path.is_file() => Ok((file.path, stated.unwrap_or(file.options))),
            (None, Some(file)) => Err(OperationError::refused(format!(
                "The products came from {}, which is not there any more. Name the shop's newest export instead.",
                file.path.display()
            ))),
            (None, None) => {
                Err(OperationError::refused("No file of products was imported yet. Name the shop's own export."))
            }
        }
    }
}

/// The file's own column for the chosen list, columns of markets by name or code for the others.
fn market_names(price: &PublishedPrice, lists: &[PriceListRow], chosen: &PriceListRow) -> Vec<String> {
    if price.list_key == chosen.key {
        return vec![String::new()];
    }
    let list = lists.iter().find(|list| list.key == price.list_key);
    list.map_or_else(Vec::new, |list| vec![list.settings.name.to_lowercase(), list.code.to_lowercase()])
}

fn new_prices(
    prices: &[PublishedPrice],
    lists: &[PriceListRow],
    chosen: &PriceListRow,
    rates: &HashMap<String, BasisPoints>,
) -> NewPrices {
    let mut new = NewPrices::default();
    for price in prices {
        let list = lists.iter().find(|list| list.key == price.list_key);
        let amount = NewPrice {
            amount_minor: price.new_minor,
            currency: price.currency,
            includes_vat: list.is_none_or(|list| list.tax_mode == TaxMode::Gross),
            vat_rate: rates.get(&price.sku).copied(),
        };
        for market in market_names(price, lists, chosen) {
            match market.as_str() {
                "" => new.prices.insert(price.sku.clone(), amount),
                market => new.markets.entry(market.to_owned()).or_default().insert(price.sku.clone(), amount),
            };
        }
    }
    new
}

/// A rate that is stated for the file holds where a product has none.
fn with_rate(mut new: NewPrices, stated: Option<BasisPoints>) -> NewPrices {
    for price in new.prices.values_mut().chain(new.sales.values_mut().map(|sale| &mut sale.price)) {
        price.vat_rate = price.vat_rate.or(stated);
    }
    new
}
