//! Handing approved prices over in the shop's own file: the one that the products came from, or another of the same sort.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use app_contract::ImportOptions;
use catalog_files::{NewPrice, NewPrices, ReadOptions, RewriteReport, RewriteScope, gzip_writer, rewrite_prices};
use pricing_domain::{FileFormat, PriceListId, TaxMode};
use pricing_store::{Durability, HandOver, Operation, PriceListRow, PriceStep, PublishedPrice};

use crate::exports::{in_background, refuse_outdated, unwritten, write_file};
use crate::imports::open_source;
use crate::list_parts::whole_list;
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
    /// Approved prices of the list whose product the file does not have; they stay approved.
    pub not_in_file: u64,
    /// The first of them.
    pub not_in_file_skus: Vec<String>,
    /// Why prices of the file were left as they are.
    pub kept: Vec<String>,
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
                let name = file_name(path);
                op.commit(&format!("Handed {} prices over in {name} ({})", report.prices, report.format), false)
                    .await?;
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
        let prices = op.approved_prices().await?;
        let scope = if request.whole { RewriteScope::Whole } else { RewriteScope::Changed };
        if prices.is_empty() && scope == RewriteScope::Changed {
            return Err(OperationError::refused("No approved price differs from today's. Approve proposals first."));
        }
        refuse_outdated(&self.with_crossings(op.outdated_prices().await?, &prices).await?)?;
        let rates = op.approved_vat_rates().await?;
        let new = new_prices(&prices, lists, list, &rates);
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
        if written.is_empty() && scope == RewriteScope::Changed {
            let reason = report.kept.first().cloned().unwrap_or_else(|| {
                "None of the approved prices is of a product in this file. Choose the file that the products came from."
                    .to_owned()
            });
            return Err(OperationError::refused(reason));
        }
        if !written.is_empty() {
            let steps: Vec<PriceStep> = written.iter().map(PublishedPrice::step).collect();
            op.hand_over(HandOver::Approved, &steps, &file_name(path)).await?;
        }
        Ok(IntoReport {
            format: report.format.unwrap_or(FileFormat::Own),
            prices: written.len() as u64,
            not_in_file: missing.len() as u64,
            not_in_file_skus: missing.iter().take(NAMED).map(|price| price.sku.clone()).collect(),
            kept: report.kept.into_iter().take(NAMED).collect(),
        })
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

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
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
    rates: &HashMap<String, pricing_domain::BasisPoints>,
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
fn with_rate(mut new: NewPrices, stated: Option<pricing_domain::BasisPoints>) -> NewPrices {
    for price in new.prices.values_mut() {
        price.vat_rate = price.vat_rate.or(stated);
    }
    new
}
