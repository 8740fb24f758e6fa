//! Handing approved prices over as a file, and writing the grid as a table.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use catalog_files::{
    DatedSale, PriceChange, TableCell, WriteError, write_google_feed, write_magento_tier_prices, write_price_changes,
    write_table,
};
use pricing_domain::{GridFilter, GridSort, Instant, Money, OutputFormat, PriceListId};
use pricing_store::{
    Durability, HandOver, Operation, OutdatedPrice, PriceListRow, PriceStep, PublishedPrice, RuleSetVersion,
};

use crate::list_parts::{named_outside, whole_list};
use crate::proposals::rule_name;
use crate::{OperationError, Workspace};

/// What a hand-over by file came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedPrices {
    /// Prices in the file.
    pub prices: u64,
    /// Approved prices that may not leave any more and wait for a person again: which, and why.
    pub left: Vec<String>,
}

/// How a file of changed prices is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PriceFile {
    /// As a table of our own.
    Table(OutputFormat),
    /// As a supplemental feed for Google Merchant.
    GoogleFeed,
    /// As tier prices of Magento and Adobe Commerce.
    MagentoTierPrices,
}

impl PriceFile {
    fn write(
        self,
        changes: &[PriceChange],
        sales: &[Option<DatedSale>],
        lists: &[PriceListRow],
        out: &mut dyn Write,
    ) -> Result<(), WriteError> {
        match self {
            Self::Table(format) => write_price_changes(changes, format, out),
            Self::GoogleFeed => {
                let rows: Vec<_> = changes.iter().zip(sales).map(|(change, sale)| (change, *sale)).collect();
                write_google_feed(&rows, out)
            }
            Self::MagentoTierPrices => write_magento_tier_prices(changes, |change| group_of(lists, change), out),
        }
    }
}

/// The customer group that a price is for, where its list names one.
fn group_of<'a>(lists: &'a [PriceListRow], change: &PriceChange) -> Option<&'a str> {
    let holds = |list: &&PriceListRow| {
        let part = list.part.as_ref().map(|part| (part.base.as_str(), part.price_type, part.min_quantity));
        part == Some((change.price_list.as_str(), change.price_type, change.min_quantity))
    };
    let group = &lists.iter().find(holds)?.settings.customer_group;
    Some(group.as_str()).filter(|group| !group.is_empty())
}

impl Workspace {
    /// Writes the approved prices that differ from today's, and marks them as handed over. File and marks come about
    /// together: without the file nothing is marked, and should the marks fail after it, the next export writes the
    /// same prices again. Those that the catalogue has left behind stay here, for a person. Refused while publishing is
    /// stopped, without any that may leave, or where the approval policy wants all or nothing. `list`: only its prices.
    pub async fn export_prices(
        &self,
        path: &Path,
        format: OutputFormat,
        list: Option<PriceListId>,
    ) -> Result<ExportedPrices, OperationError> {
        let key = match list {
            Some(list) => Some(self.price_list(list).await?.key),
            None => None,
        };
        self.export_any_prices(path, PriceFile::Table(format), |_, list| key.is_none_or(|key| key == list)).await
    }

    /// The same for one list, as a supplemental feed for Google Merchant; without a list, for the default one.
    pub async fn export_google_feed(
        &self,
        path: &Path,
        list: Option<PriceListId>,
    ) -> Result<ExportedPrices, OperationError> {
        let lists = self.store.price_lists().await?;
        let meant = lists.iter().find(|row| list.is_none_or(|id| row.id == id));
        let meant = meant.map(whole_list).transpose()?.map(|row| row.key);
        self.export_any_prices(path, PriceFile::GoogleFeed, |_, list| Some(list) == meant).await
    }

    /// Writes the approved prices of all lists for larger quantities as tier prices of Magento and Adobe Commerce.
    pub async fn export_tier_prices(&self, path: &Path) -> Result<ExportedPrices, OperationError> {
        let lists = self.store.price_lists().await?;
        let keys: Vec<i64> = lists.iter().filter(|list| list.part.is_some()).map(|list| list.key).collect();
        if keys.is_empty() {
            return Err(OperationError::refused(
                "No list holds prices from a quantity on. Add one first (lists add DE-10 --of DE --from 10).",
            ));
        }
        self.export_any_prices(path, PriceFile::MagentoTierPrices, |_, list| keys.contains(&list)).await
    }

    async fn export_any_prices(
        &self,
        path: &Path,
        file: PriceFile,
        within: impl Fn(i64, i64) -> bool,
    ) -> Result<ExportedPrices, OperationError> {
        let exported = self.export_some_prices(path, file, within).await?;
        if exported.prices == 0 {
            return Err(OperationError::refused("No approved price differs from today's. Approve proposals first."));
        }
        Ok(exported)
    }

    /// The same for those that `within` names by the keys of product and list; none are no error, and no file.
    pub(crate) async fn export_some_prices(
        &self,
        path: &Path,
        file: PriceFile,
        within: impl Fn(i64, i64) -> bool,
    ) -> Result<ExportedPrices, OperationError> {
        if self.publishing_stopped().await? {
            return Err(OperationError::refused(
                "Publishing is stopped. Allow it again with the stop switch, then export.",
            ));
        }
        self.refuse_held().await?;
        let mut op = self.begin("export_prices", Durability::Full).await?;
        match self.hand_over(&mut op, path, file, within).await {
            Ok(exported) if exported.prices == 0 => {
                op.abandon().await?;
                Ok(exported)
            }
            Ok(exported) => {
                let what = format!("Handed {} prices over in {}", exported.prices, file_name(path));
                op.commit(&format!("{what}{}", left_words(exported.left.len())), false).await?;
                Ok(exported)
            }
            Err(error) => {
                op.abandon().await?;
                Err(error)
            }
        }
    }

    async fn hand_over(
        &self,
        op: &mut Operation,
        path: &Path,
        file: PriceFile,
        within: impl Fn(i64, i64) -> bool,
    ) -> Result<ExportedPrices, OperationError> {
        let (prices, left) = self.leaving(op, |price| within(price.product_key, price.list_key)).await?;
        if prices.is_empty() {
            return Ok(ExportedPrices::default());
        }
        op.leave_behind(left.iter().map(OutdatedPrice::behind)).await?;
        let lists = self.store.price_lists().await?;
        let changes = self.price_changes(&prices, &lists).await?;
        let sales = match file {
            PriceFile::Table(_) | PriceFile::MagentoTierPrices => Vec::new(),
            PriceFile::GoogleFeed => self.dated_sales(&prices).await?,
        };
        let steps: Vec<PriceStep> = prices.iter().map(PublishedPrice::step).collect();
        op.hand_over(HandOver::Approved, &steps, &file_name(path)).await?;
        write_file(path, |out| file.write(&changes, &sales, &lists, out).map_err(unwritten))?;
        Ok(ExportedPrices { prices: prices.len() as u64, left: left.iter().map(outdated_words).collect() })
    }

    /// The approved prices that `within` names, and those of them that may not leave any more. Refused where no price
    /// may leave, or where one may not and the approval policy wants all or nothing.
    pub(crate) async fn leaving(
        &self,
        op: &mut Operation,
        within: impl Fn(&PublishedPrice) -> bool,
    ) -> Result<(Vec<PublishedPrice>, Vec<OutdatedPrice>), OperationError> {
        let mut prices = op.approved_prices().await?;
        prices.retain(within);
        if prices.is_empty() {
            return Ok((prices, Vec::new()));
        }
        let left = self.take_outdated(op.outdated_prices().await?, &mut prices).await?;
        if !left.is_empty() && (prices.is_empty() || self.approval_policy().await?.all_or_nothing) {
            return Err(refused_outdated(&left));
        }
        Ok((prices, left))
    }

    /// For each price the promotion that runs or comes next, where its price is lower and its end is known.
    async fn dated_sales(&self, prices: &[PublishedPrice]) -> Result<Vec<Option<DatedSale>>, OperationError> {
        let now = self.now();
        let mut known: HashMap<(i64, i64), (Instant, Instant, i64)> = HashMap::new();
        for list in prices.iter().map(|price| price.list_key).collect::<BTreeSet<_>>() {
            for row in self.store.promotion_periods(list, now, Instant(i64::MAX), u32::MAX).await? {
                let (Some(minor), Some(to)) = (row.price_minor, row.valid_to) else { continue };
                let sale = (row.valid_from, to, minor);
                known.entry((row.product_key, list)).and_modify(|first| *first = sale.min(*first)).or_insert(sale);
            }
        }
        let sale = |price: &PublishedPrice| {
            let (from, to, minor) = known.get(&(price.product_key, price.list_key)).copied()?;
            (minor < price.new_minor).then(|| DatedSale { price: Money::new(minor, price.currency), from, to })
        };
        Ok(prices.iter().map(sale).collect())
    }

    async fn price_changes(
        &self,
        prices: &[PublishedPrice],
        lists: &[PriceListRow],
    ) -> Result<Vec<PriceChange>, OperationError> {
        let now = self.now();
        let mut rules: Option<RuleSetVersion> = None;
        let mut changes = Vec::with_capacity(prices.len());
        for price in prices {
            if rules.as_ref().is_none_or(|rules| rules.key != price.rule_set_key) {
                rules = Some(self.store.rule_set(price.rule_set_key).await?);
            }
            let rules = rules.as_ref().expect("loaded above");
            let (price_list, price_type, min_quantity) = named_outside(lists, &price.price_list);
            changes.push(PriceChange {
                sku: price.sku.clone(),
                price_list,
                price_type,
                min_quantity,
                old: price.old_minor.map(|amount| Money::new(amount, price.currency)),
                new: Money::new(price.new_minor, price.currency),
                valid_from: now,
                valid_to: None,
                rule: rule_name(rules, price.rule),
                reason: price.reason.clone(),
                approved_by: price.approved_by.clone(),
                approved_at: price.approved_at,
            });
        }
        Ok(changes)
    }

    /// Writes the rows of the grid as they are searched, filtered and sorted. Returns how many.
    pub async fn export_products(
        &self,
        path: &Path,
        format: OutputFormat,
        price_list: PriceListId,
        search: &str,
        filters: &[GridFilter],
        sort: GridSort,
    ) -> Result<u64, OperationError> {
        const HEADER: [&str; 12] = [
            "sku",
            "name",
            "brand",
            "category",
            "role",
            "currency",
            "price",
            "cost",
            "margin_percent",
            "lowest_offer",
            "offers",
            "stock",
        ];
        let (snapshot, list, result) = self.grid_rows(price_list, search, filters, sort).await?;
        let currency = snapshot.lists[list].currency;
        let money =
            |amount: Option<i64>| TableCell::number(amount.map(|amount| Money::new(amount, currency).amount_text()));
        let rows = result.rows.iter().map(|row| {
            let shown = crate::grids::values(&snapshot, list, *row as usize);
            vec![
                TableCell::text(Some(&shown.sku)),
                TableCell::text(Some(&shown.name)),
                TableCell::text(Some(&shown.brand)),
                TableCell::text(Some(&shown.category)),
                TableCell::text(shown.role.map(|role| role.as_str())),
                TableCell::text(Some(currency.code())),
                money(shown.price_minor),
                TableCell::number(shown.cost),
                TableCell::number(shown.margin_bp.map(|margin| pricing_domain::decimal_text(i64::from(margin), 2, 0))),
                money(shown.lowest_minor),
                TableCell::number(Some(shown.offers)),
                TableCell::number(shown.stock),
            ]
        });
        write_file(path, |out| write_table(&HEADER, rows, format, out).map_err(unwritten))?;
        Ok(result.rows.len() as u64)
    }
}

/// Approved prices that do not fit the catalogue any more, where nothing may leave without them.
fn refused_outdated(outdated: &[OutdatedPrice]) -> OperationError {
    const NAMED: usize = 3;
    let named: Vec<String> = outdated.iter().take(NAMED).map(outdated_words).collect();
    let more = outdated.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("; and {more} more") };
    OperationError::refused(format!(
        "The catalogue changed after these prices were proposed ({}{more}). Price the catalogue again, or reject them.",
        named.join("; ")
    ))
}

/// An approved price that stays here, and why.
pub(crate) fn outdated_words(price: &OutdatedPrice) -> String {
    format!("{} on {}: {}", price.sku, price.price_list, price.reason)
}

/// What follows on the number of prices that were handed over.
pub(crate) fn left_words(left: usize) -> String {
    match left {
        0 => String::new(),
        1 => "; 1 more may not leave any more and waits for a person".to_owned(),
        left => format!("; {left} more may not leave any more and wait for a person"),
    }
}

/// What a file is called, without its folder.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

pub(crate) fn unwritten(error: WriteError) -> OperationError {
    match error {
        WriteError::Refused(problem) => problem.into(),
        error => OperationError::fault(error.to_string()),
    }
}

/// Runs work that reads or writes files on a thread of its own.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OperationError> + Send + 'static,
) -> Result<T, OperationError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| OperationError::fault(error.to_string()))?
}

/// Writes a file whole or not at all: under another name first, then moved to its own.
pub(crate) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), OperationError>,
) -> Result<(), OperationError> {
    let failed = |error: std::io::Error| {
        OperationError::refused(format!("{} cannot be written: {error}. Choose another place.", path.display()))
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let partial = tempfile::Builder::new().prefix(".").suffix(".partial").tempfile_in(folder).map_err(failed)?;
    let mut out = BufWriter::new(partial);
    write(&mut out)?;
    let partial = out.into_inner().map_err(|error| failed(error.into_error()))?;
    let file: &File = partial.as_file();
    file.sync_all().map_err(failed)?;
    partial.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
