//! Rows of a file as values for the staging table, with what the file leaves open filled in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use catalog_files::{
    CostRow, LockRow, MatchRow, PriceHistoryRow, PriceRow, ProductRow, PromotionRow, RateRow, Rows, SaleTerms,
    SalesRow, StockRow, ValidityTime,
};
use jiff::tz::TimeZone;
use pricing_domain::{
    BasisPoints, CivilDate, CostType, FileKind, Instant, LockKind, OfferKind, Problem, Ratio, Rounding, TaxMode,
};
use pricing_store::{IdMaker, StagedKind, Value};

/// Between the tags of a product, as in files.
pub(crate) const TAG_SEPARATOR: &str = "|";

/// What a kind of file is staged as.
pub(crate) const fn staged_kind(kind: FileKind) -> StagedKind {
    match kind {
        FileKind::Products => StagedKind::Products,
        FileKind::Prices => StagedKind::Prices,
        FileKind::PriceHistory => StagedKind::PriceHistory,
        FileKind::Costs => StagedKind::Costs,
        FileKind::Promotions => StagedKind::Promotions,
        FileKind::Locks => StagedKind::Locks,
        FileKind::Matches => StagedKind::Matches,
        FileKind::Observations => StagedKind::Observations,
        FileKind::Sales => StagedKind::Sales,
        FileKind::Stock => StagedKind::Stock,
        FileKind::Rates => StagedKind::Rates,
    }
}

/// What rows need from the workspace.
pub(crate) struct StagingContext {
    pub(crate) now: Instant,
    pub(crate) default_list: String,
    /// The clocks of the price lists by their codes; those of lists that are new with the file are in UTC.
    pub(crate) zones: HashMap<String, TimeZone>,
    /// `None`: there is no price list yet.
    pub(crate) default_tax_mode: Option<TaxMode>,
    pub(crate) ids: IdMaker,
    pub(crate) file_name: String,
    /// Rates seen, so that each is stated once.
    pub(crate) vat_rates: Vec<BasisPoints>,
}

type StagedRow = Vec<Value>;

/// The rows of a batch as staged rows, those that cannot be staged as problems.
pub(crate) fn staged_rows(rows: Rows, context: &mut StagingContext, problems: &mut Vec<Problem>) -> Vec<StagedRow> {
    let mut stage = |result: Result<StagedRow, Problem>| match result {
        Ok(row) => Some(row),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    match rows {
        Rows::Products(rows) => rows.into_iter().filter_map(|row| stage(product(row, context))).collect(),
        Rows::Prices(rows) => rows.into_iter().map(|row| price(row, context)).collect(),
        Rows::PriceHistory(rows) => rows.into_iter().map(|row| price_history(row, context)).collect(),
        Rows::Costs(rows) => rows.into_iter().map(cost).collect(),
        Rows::Promotions(rows) => rows.into_iter().map(|row| promotion(row, context)).collect(),
        Rows::Locks(rows) => rows.into_iter().map(|row| lock(row, context)).collect(),
        Rows::Matches(rows) => rows.into_iter().map(|row| listing(row, context)).collect(),
        Rows::Observations(rows) => rows.into_iter().filter_map(|row| stage(observation(row, context))).collect(),
        Rows::Sales(rows) => rows.into_iter().map(|row| sale(row, &context.default_list)).collect(),
        Rows::Stock(rows) => rows.into_iter().map(stock).collect(),
        Rows::Rates(rows) => rows.into_iter().map(|row| rate(row, context)).collect(),
    }
}

fn line(line: u64) -> Value {
    Value::Integer(i64::try_from(line).unwrap_or(i64::MAX))
}

fn id(ids: &mut IdMaker) -> Value {
    Value::Blob(ids.next_id().as_bytes().to_vec())
}

fn flag(value: Option<bool>) -> Value {
    value.map(i64::from).into()
}

/// The families of a product as they are staged: each once, in the order of the alphabet. `None`: the cell names none.
fn families(names: &str) -> Option<String> {
    let names: BTreeSet<&str> = families_in(names).collect();
    (!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join(TAG_SEPARATOR))
}

/// The families that a cell names. Only `|` separates them: names of families have commas.
pub(crate) fn families_in(names: &str) -> impl Iterator<Item = &str> {
    names.split(TAG_SEPARATOR).map(str::trim).filter(|name| !name.is_empty())
}

fn product(row: ProductRow, context: &mut StagingContext) -> Result<StagedRow, Problem> {
    let convert = tax_conversion(&row, context.default_tax_mode.unwrap_or(TaxMode::Gross))?;
    let vat_class = row.vat_rate.map(|rate| rate.0.to_string());
    if let Some(rate) = row.vat_rate
        && !context.vat_rates.contains(&rate)
    {
        context.vat_rates.push(rate);
    }
    let gtins = (!row.gtins.is_empty()).then(|| {
        let numbers: Vec<String> = row.gtins.iter().map(|gtin| gtin.number().to_string()).collect();
        format!("[{}]", numbers.join(","))
    });
    let tags = (!row.tags.is_empty()).then(|| row.tags.join(TAG_SEPARATOR));
    let attributes = attributes_text(&row.attributes);
    let cost_type = row.cost_type.unwrap_or(CostType::Invoice);
    let (cost_currency, lifecycle) = (row.currency_of_cost(), row.stated_lifecycle());
    let fine = row.fine.unwrap_or_default();
    let sale = StagedSale::of(row.sale, context);
    let list_amount =
        |minor: Option<i64>, micro: Option<i64>| -> Value { minor.map(|minor| convert(minor, micro)).into() };
    Ok(vec![
        line(row.line),
        id(&mut context.ids),
        row.sku.into(),
        row.name.into(),
        row.mpn.into(),
        row.brand.into(),
        flag(row.own_brand),
        row.supplier.into(),
        row.category.into(),
        row.item_group_id.into(),
        row.family.and_then(|names| families(&names)).into(),
        row.net_content_micro.into(),
        row.content_unit.map(|unit| unit.as_str()).into(),
        row.pack_items.map(i64::from).into(),
        row.deposit_minor.into(),
        lifecycle.into(),
        row.role.map(|role| role.as_str()).into(),
        flag(row.key_value),
        vat_class.into(),
        tags.into(),
        attributes.into(),
        row.image_url.into(),
        gtins.into(),
        list_amount(row.price_minor, fine.price),
        list_amount(row.compare_at_minor, fine.compare_at),
        list_amount(row.min_price_minor, fine.min_price),
        list_amount(row.max_price_minor, fine.max_price),
        list_amount(row.map_price_minor, fine.map_price),
        list_amount(row.rrp_minor, fine.rrp),
        row.cost.map(|cost| cost.0).into(),
        cost_type.as_str().into(),
        cost_currency.code().into(),
        (!row.names_no_currency).then(|| row.currency.code()).into(),
        row.stock.into(),
        row.is_in_stock.then_some(1).into(),
        sale.state.into(),
        list_amount(sale.price_minor, fine.sale),
        sale.from.into(),
        sale.to.into(),
    ])
}

/// Free attributes as they are stored: an object of texts; `None`: none are stated.
fn attributes_text(stated: &[(String, String)]) -> Option<String> {
    let texts = stated.iter().map(|(name, text)| (name.clone(), text.clone().into())).collect();
    (!stated.is_empty()).then(|| serde_json::Value::Object(texts).to_string())
}

/// Free attributes as they are stored; what is no object of texts is none.
pub(crate) fn attributes(text: &str) -> Vec<(String, String)> {
    if text.is_empty() {
        return Vec::new();
    }
    let read: Result<BTreeMap<String, String>, _> = serde_json::from_str(text);
    read.unwrap_or_default().into_iter().collect()
}

/// A product's sale as it is staged.
#[derive(Default)]
struct StagedSale {
    state: Option<&'static str>,
    price_minor: Option<i64>,
    from: Option<i64>,
    to: Option<i64>,
}

impl StagedSale {
    fn of(terms: Option<SaleTerms>, context: &StagingContext) -> Self {
        match terms {
            None => Self::default(),
            Some(SaleTerms::None) => Self { state: Some("none"), ..Self::default() },
            Some(SaleTerms::Sale { price_minor, from, to }) => {
                let (from, to) = (context.moment(from, None), context.moment(to, None));
                Self { state: Some("sale"), price_minor: Some(price_minor), from, to }
            }
        }
    }
}

/// How a stated price in minor units, and in millionths where the file is finer, becomes one of the list.
pub(crate) type Conversion = Box<dyn Fn(i64, Option<i64>) -> i64>;

/// Prices without VAT are raised for a list with VAT, and the other way round; that needs the row's rate. What is finer
/// than minor units is rounded once, at the end.
pub(crate) fn tax_conversion(row: &ProductRow, list: TaxMode) -> Result<Conversion, Problem> {
    let stated = match row.price_includes_vat {
        None => list,
        Some(true) => TaxMode::Gross,
        Some(false) => TaxMode::Net,
    };
    if stated == list || !row.states_amounts() {
        return Ok(Box::new(|minor, _| minor));
    }
    let rate = row.vat_rate.ok_or_else(|| Problem {
        line: row.line,
        column: "vat_rate".into(),
        found: String::new(),
        reason: "the price list is kept with the other tax mode; give the VAT rate so that the price can be converted"
            .into(),
    })?;
    let micros_a_minor = 10i128.pow(u32::from(6 - row.currency.minor_digits()));
    Ok(match list {
        TaxMode::Gross => Box::new(move |minor, micro| match micro {
            Some(micro) => {
                let Ratio { numerator, denominator } = rate.raise(micro);
                Ratio { numerator, denominator: denominator * micros_a_minor }.round(Rounding::Nearest)
            }
            None => rate.raise(minor).round(Rounding::Nearest),
        }),
        TaxMode::Net => Box::new(move |minor, _| without_vat(minor, rate)),
    })
}

fn without_vat(amount: i64, rate: BasisPoints) -> i64 {
    let denominator = i128::from(BasisPoints::ONE + i64::from(rate.0));
    Ratio { numerator: i128::from(amount) * i128::from(BasisPoints::ONE), denominator }.round(Rounding::Nearest)
}

impl StagingContext {
    /// The moment, local times by the clock of the price list (`None`: the default one).
    fn moment(&self, time: Option<ValidityTime>, list: Option<&str>) -> Option<i64> {
        let zone = self.zones.get(list.unwrap_or(&self.default_list)).cloned().unwrap_or(TimeZone::UTC);
        time.map(|time| time.at(&zone).0)
    }
}

fn price(row: PriceRow, context: &StagingContext) -> StagedRow {
    let from = context.moment(row.valid_from, Some(&row.price_list));
    let to = context.moment(row.valid_to, Some(&row.price_list));
    let state = if from.is_some_and(|from| from > context.now.0) { "planned" } else { "live" };
    vec![
        line(row.line),
        row.sku.into(),
        row.price_list.into(),
        row.price_type.as_str().into(),
        (i64::from(row.min_quantity) * 1_000 * i64::from(row.min_quantity > 1)).into(),
        row.price_minor.into(),
        row.currency.code().into(),
        from.into(),
        to.into(),
        state.into(),
    ]
}

fn price_history(row: PriceHistoryRow, context: &StagingContext) -> StagedRow {
    let from = context.moment(Some(row.valid_from), row.price_list.as_deref());
    let to = context.moment(row.valid_to, row.price_list.as_deref());
    let ended = to.is_some_and(|to| to <= context.now.0);
    vec![
        line(row.line),
        row.sku.into(),
        row.price_list.unwrap_or_else(|| context.default_list.clone()).into(),
        row.price_type.as_str().into(),
        0.into(),
        row.price_minor.into(),
        row.currency.code().into(),
        from.into(),
        to.into(),
        if ended { "ended" } else { "live" }.into(),
    ]
}

fn cost(row: CostRow) -> StagedRow {
    vec![
        line(row.line),
        row.sku.into(),
        row.cost_type.unwrap_or(CostType::Invoice).as_str().into(),
        row.supplier.into(),
        row.cost.0.into(),
        row.currency.code().into(),
        row.unit.into(),
        row.valid_from.map(|date| Instant::at_utc_midnight(date).0).into(),
    ]
}

fn promotion(row: PromotionRow, context: &StagingContext) -> StagedRow {
    let name = row.name.unwrap_or_else(|| "Promotion".into());
    let list = row.price_list.as_deref();
    let (from, to) = (context.moment(Some(row.valid_from), list), context.moment(Some(row.valid_to), list));
    vec![
        line(row.line),
        row.sku.into(),
        row.price_list.unwrap_or_else(|| context.default_list.clone()).into(),
        name.clone().into(),
        name.into(),
        "amount".into(),
        Value::Null,
        row.price_minor.into(),
        row.currency.code().into(),
        from.into(),
        to.into(),
        row.funding.map(|funding| funding.0).into(),
    ]
}

fn lock(row: LockRow, context: &StagingContext) -> StagedRow {
    let list = row.price_list.as_deref();
    let (from, to) = (context.moment(row.valid_from, list), context.moment(row.valid_to, list));
    vec![
        line(row.line),
        row.sku.into(),
        row.price_list.into(),
        LockKind::Contract.as_str().into(),
        from.into(),
        to.into(),
        row.reason.into(),
        row.price.map(|price| price.amount_minor).into(),
        row.price.as_ref().map(|price| price.currency.code()).into(),
    ]
}

fn listing(row: MatchRow, context: &mut StagingContext) -> StagedRow {
    let (numerator, denominator) = row
        .pack_coefficient
        .map_or((None, None), |pack| (Some(i64::from(pack.numerator)), Some(i64::from(pack.denominator))));
    vec![
        line(row.line),
        id(&mut context.ids),
        id(&mut context.ids),
        row.sku.into(),
        row.competitor.into(),
        row.url.into(),
        row.match_type.map(|kind| kind.as_str()).into(),
        numerator.into(),
        denominator.into(),
    ]
}

fn observation(row: catalog_files::ObservationRow, context: &mut StagingContext) -> Result<StagedRow, Problem> {
    let missing = |column: &str| Problem {
        line: row.line,
        column: column.into(),
        found: String::new(),
        reason: "an observation names the product and the competitor".into(),
    };
    let sku = row.sku.clone().ok_or_else(|| missing("sku"))?;
    let competitor = row.competitor.clone().ok_or_else(|| missing("competitor"))?;
    let source = row.source.as_deref().unwrap_or("");
    // Each seller of a marketplace has an offer of its own, and so has a price that is not for everybody.
    let seller = row.seller.as_ref().map_or_else(String::new, |seller| format!("/{seller}"));
    let kind = match row.price_kind {
        OfferKind::Regular | OfferKind::Promotion => String::new(),
        kind @ (OfferKind::Member | OfferKind::Coupon) => format!(" ({kind})"),
    };
    // The ordinary offer is that of the matched page, where its address is told or there is but one.
    let page = (seller.is_empty() && kind.is_empty()).then(|| source.to_owned());
    Ok(vec![
        line(row.line),
        id(&mut context.ids),
        id(&mut context.ids),
        sku.into(),
        competitor.clone().into(),
        format!("file:{source}#{competitor}{seller}{kind}").into(),
        row.observed_at.0.into(),
        row.price_minor.into(),
        row.currency.code().into(),
        row.price_kind.as_str().into(),
        row.availability.as_str().into(),
        row.was_price_minor.into(),
        row.shipping_minor.into(),
        row.deposit_minor.into(),
        row.promo_text.into(),
        row.seller.into(),
        page.into(),
        row.source.into(),
    ])
}

/// Sales on the default list are those that name none.
fn sale(row: SalesRow, default_list: &str) -> StagedRow {
    let day = day_number(row.date);
    vec![
        line(row.line),
        row.sku.into(),
        day.into(),
        row.units_milli.into(),
        row.net_revenue.map(|amount| amount.0).into(),
        row.price.map(|amount| amount.0).into(),
        row.promotion.into(),
        row.price_list.filter(|code| code != default_list).into(),
    ]
}

fn stock(row: StockRow) -> StagedRow {
    vec![
        line(row.line),
        row.sku.into(),
        row.location.into(),
        row.quantity.into(),
        row.inbound.into(),
        row.inbound_date.map(day_number).into(),
    ]
}

fn rate(row: RateRow, context: &StagingContext) -> StagedRow {
    vec![
        line(row.line),
        row.base.code().into(),
        row.quote.code().into(),
        day_number(row.date).into(),
        row.mantissa.into(),
        i64::from(row.scale).into(),
        row.source.unwrap_or_else(|| context.file_name.clone()).into(),
    ]
}

/// Days since 1970-01-01.
fn day_number(day: CivilDate) -> i64 {
    Instant::at_utc_midnight(day).0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY)
}
