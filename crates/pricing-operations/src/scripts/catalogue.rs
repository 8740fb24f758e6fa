//! Plain files as snapshots: one for each currency, because a price list has one.

use std::collections::{HashMap, HashSet};

use catalog_files::{ObservationRow, ProductRow, ReadOptions, Rows};
use pricing_domain::{
    CompetitorId, Condition, CostType, Currency, FileKind, Instant, MatchType, MicroAmount, PriceListId, Problem,
    TaxMode,
};
use pricing_rules::{
    Competitor, CostRecord, ListFlags, ListRecord, ListValues, NONE, Offer, ProductRecord, Snapshot, SnapshotBuilder,
    family_set,
};

use super::PlainFiles;
use crate::OperationError;
use crate::imports::open_file;
use crate::staged_rows::{families_in, tax_conversion};

/// Rows read at once.
const BATCH_ROWS: usize = 8_192;
/// A VAT rate that nobody stated.
const UNKNOWN_VAT: i32 = -1;
/// The code of the only price list.
const LIST_CODE: &str = "DEFAULT";

/// The products of one currency.
pub(super) struct Catalogue {
    pub(super) snapshot: Snapshot,
    /// Where each row stood in its file.
    pub(super) lines: Vec<u64>,
}

/// What plain files hold.
pub(super) struct ReadCatalogues {
    pub(super) catalogues: Vec<Catalogue>,
    pub(super) at: Instant,
    pub(super) offers: u64,
    pub(super) refused: u64,
    pub(super) problems: Vec<Problem>,
}

impl Catalogue {
    /// No products, and a list in euro with VAT.
    pub(super) fn empty(clock: Instant) -> Self {
        let mut builder = SnapshotBuilder::new(0);
        builder.add_list(list(Currency::EUR, TaxMode::Gross));
        Self { snapshot: builder.finish(clock), lines: Vec::new() }
    }
}

fn list(currency: Currency, tax_mode: TaxMode) -> ListRecord {
    ListRecord {
        key: 1,
        id: PriceListId(Default::default()),
        code: LIST_CODE.into(),
        name: "Default".into(),
        currency,
        tax_mode,
        utc_offset_s: 0,
        cash_step_minor: 1,
        never_above: Vec::new(),
    }
}

/// Reads the files. Refused rows are listed; the others count.
pub(super) fn read_catalogues(files: &PlainFiles<'_>) -> Result<ReadCatalogues, OperationError> {
    let mut all = ReadCatalogues {
        catalogues: Vec::new(),
        at: files.at.unwrap_or(files.clock),
        offers: 0,
        refused: 0,
        problems: Vec::new(),
    };
    let products = products(files, &mut all)?;
    let observations = match files.offers {
        Some(_) => seen(observations(files, &mut all)?, files, &mut all),
        None => Vec::new(),
    };
    if let Some(newest) = observations.iter().map(|row| row.observed_at).max().filter(|_| files.at.is_none()) {
        all.at = newest;
    }
    let mut offers: HashMap<String, Vec<&ObservationRow>> = HashMap::new();
    for row in &observations {
        offers.entry(sku_of(row)).or_default().push(row);
    }
    let known: HashSet<String> = products.iter().map(|row| row.sku.trim().to_lowercase()).collect();
    for row in &observations {
        if !known.contains(&sku_of(row)) {
            all.refused += 1;
            all.problems.push(Problem {
                line: row.line,
                column: "sku".into(),
                found: row.sku.clone().unwrap_or_default(),
                reason: "the file of products has no product with this article number".into(),
            });
        }
    }
    let mut currencies: Vec<Currency> = Vec::new();
    for row in &products {
        if !currencies.contains(&row.currency) {
            currencies.push(row.currency);
        }
    }
    for currency in currencies {
        let of_currency: Vec<&ProductRow> = products.iter().filter(|row| row.currency == currency).collect();
        let catalogue = build(&of_currency, &offers, currency, &mut all);
        all.catalogues.push(catalogue);
    }
    Ok(all)
}

/// The article number of an offer, as the engine compares them.
fn sku_of(row: &ObservationRow) -> String {
    row.sku.as_deref().unwrap_or_default().trim().to_lowercase()
}

/// Leaves out readings from more than a day ahead, which nobody has seen.
fn seen(mut rows: Vec<ObservationRow>, files: &PlainFiles<'_>, all: &mut ReadCatalogues) -> Vec<ObservationRow> {
    let latest = files.at.map_or(files.clock, |at| at.max(files.clock)).plus_days(1);
    rows.retain(|row| {
        let is_seen = row.observed_at <= latest;
        if !is_seen {
            all.refused += 1;
            all.problems.push(Problem {
                line: row.line,
                column: "observed_at".into(),
                found: row.observed_at.to_string(),
                reason: "this moment is more than a day ahead; state when the price was seen".into(),
            });
        }
        is_seen
    });
    rows
}

fn products(files: &PlainFiles<'_>, all: &mut ReadCatalogues) -> Result<Vec<ProductRow>, OperationError> {
    let mut products = Vec::new();
    read(FileKind::Products, files.products, files.decimal_separator, all, &mut |rows| {
        if let Rows::Products(rows) = rows {
            products.extend(rows);
        }
    })?;
    Ok(products)
}

fn observations(files: &PlainFiles<'_>, all: &mut ReadCatalogues) -> Result<Vec<ObservationRow>, OperationError> {
    let mut observations = Vec::new();
    let path = files.offers.unwrap_or(files.products);
    read(FileKind::Observations, path, files.decimal_separator, all, &mut |rows| {
        if let Rows::Observations(rows) = rows {
            observations.extend(rows);
        }
    })?;
    Ok(observations)
}

fn read(
    kind: FileKind,
    path: &std::path::Path,
    decimal_separator: Option<char>,
    all: &mut ReadCatalogues,
    each: &mut dyn FnMut(Rows),
) -> Result<(), OperationError> {
    let options = ReadOptions { decimal_separator, ..ReadOptions::default() };
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut reader = open_file(Some(kind), path, &name, options)?;
    let mut problems = catalog_files::Problems::default();
    while let Some(rows) = reader.next_batch(BATCH_ROWS, &mut problems) {
        each(rows);
    }
    all.refused += reader.facts().rows_refused;
    all.problems.extend(problems.kept);
    Ok(())
}

fn build(
    rows: &[&ProductRow],
    offers: &HashMap<String, Vec<&ObservationRow>>,
    currency: Currency,
    all: &mut ReadCatalogues,
) -> Catalogue {
    let includes_vat = rows.first().and_then(|row| row.price_includes_vat) != Some(false);
    let tax_mode = if includes_vat { TaxMode::Gross } else { TaxMode::Net };
    let mut builder = SnapshotBuilder::new(0);
    builder.add_list(list(currency, tax_mode));
    let mut competitors: HashMap<String, u16> = HashMap::new();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let convert = match tax_conversion(row, tax_mode) {
            Ok(convert) => convert,
            Err(problem) => {
                all.refused += 1;
                all.problems.push(problem);
                continue;
            }
        };
        let key = u32::try_from(lines.len() + 1).unwrap_or(u32::MAX);
        let place = builder.push_product(&record(key, row));
        let flags = ListFlags::of_tax_mode(tax_mode);
        builder.set_list_values(0, place, &ListValues { flags, ..values(row, &convert) });
        let seen = offers.get(&row.sku.trim().to_lowercase()).map_or(&[][..], Vec::as_slice);
        let newest = newest_by_seller(seen);
        let offers: Vec<Offer> =
            (1..).zip(newest).map(|(key, seen)| offer(&mut builder, &mut competitors, key, seen)).collect();
        all.offers += offers.len() as u64;
        builder.push_offers(place, &offers);
        lines.push(row.line);
    }
    Catalogue { snapshot: builder.finish(all.at), lines }
}

/// Of several sightings of one seller of one competitor the newest counts.
fn newest_by_seller<'a>(seen: &[&'a ObservationRow]) -> Vec<&'a ObservationRow> {
    let mut newest: Vec<&ObservationRow> = Vec::new();
    for row in seen {
        let same = |one: &&ObservationRow| (&one.competitor, &one.seller) == (&row.competitor, &row.seller);
        match newest.iter_mut().find(|one| same(one)) {
            Some(held) if held.observed_at <= row.observed_at => *held = row,
            Some(_) => {}
            None => newest.push(row),
        }
    }
    newest
}

fn record(key: u32, row: &ProductRow) -> ProductRecord {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let gtins: Vec<String> = row.gtins.iter().map(ToString::to_string).collect();
    ProductRecord {
        key,
        sku: row.sku.clone(),
        name: text(&row.name),
        gtins: gtins.join(" "),
        brand: text(&row.brand),
        category: text(&row.category),
        supplier: text(&row.supplier),
        family: family_set(families_in(row.family.as_deref().unwrap_or_default())),
        role: row.role,
        lifecycle: row.lifecycle,
        key_value: row.key_value.unwrap_or(false),
        own_brand: row.own_brand.unwrap_or(false),
        stock: row.stock,
        cost: row.cost.map(|amount: MicroAmount| CostRecord {
            amount,
            currency: row.currency_of_cost(),
            cost_type: row.cost_type.unwrap_or(CostType::Invoice),
        }),
        net_content_micro: row.net_content_micro,
        content_unit: row.content_unit,
        tags: row.tags.clone(),
        attributes: row.attributes.clone(),
        listed_s: 0,
    }
}

fn values(row: &ProductRow, convert: &dyn Fn(i64, Option<i64>) -> i64) -> ListValues {
    let amount = |minor: Option<i64>, micro: Option<i64>| minor.map_or(NONE, |minor| convert(minor, micro));
    let fine = row.fine.unwrap_or_default();
    ListValues {
        price_minor: amount(row.price_minor, fine.price),
        min_minor: amount(row.min_price_minor, fine.min_price),
        max_minor: amount(row.max_price_minor, fine.max_price),
        rrp_minor: amount(row.rrp_minor, fine.rrp),
        map_minor: amount(row.map_price_minor, fine.map_price),
        vat_bp: row.vat_rate.map_or(UNKNOWN_VAT, |rate| rate.0),
        ..ListValues::default()
    }
}

fn offer(
    builder: &mut SnapshotBuilder,
    competitors: &mut HashMap<String, u16>,
    key: u32,
    seen: &ObservationRow,
) -> Offer {
    let name = seen.competitor.clone().or_else(|| seen.source.clone()).unwrap_or_default();
    let competitor = *competitors.entry(name.clone()).or_insert_with(|| {
        let id = CompetitorId(Default::default());
        builder.add_competitor(Competitor { key: i64::from(key), id, name })
    });
    let shipping = seen.shipping_minor.and_then(|amount| i32::try_from(amount).ok());
    Offer {
        amount_minor: seen.price_minor,
        key,
        listing: key,
        shipping_minor: shipping.unwrap_or(Offer::NO_SHIPPING),
        last_seen_s: u32::try_from(seen.observed_at.0.div_euclid(1_000_000)).unwrap_or(0),
        competitor,
        currency: builder.currency_number(seen.currency),
        availability: seen.availability as u8,
        kind: seen.price_kind as u8,
        condition: Condition::New as u8,
        match_type: MatchType::Exact as u8,
        reserved: 0,
    }
}
