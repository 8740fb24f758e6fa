//! Which cells of a row change, and to what.

use std::collections::BTreeSet;

use pricing_domain::{BasisPoints, FileFormat, Problem, Rounding, net_of_gross_micro};

use super::sale_edits::{is_period, period_cells};
use super::{NewPrice, NewPrices, NewSale, RewriteReport};
use crate::columns::ColumnMap;
use crate::decimals::NumberRule;
use crate::guards::restore;
use crate::kinds::columns;
use crate::layouts::{Header, Layout, LeaveOut, plain};
use crate::price_cells::{amount_of, restyle};
use crate::problems::file_problem;
use crate::reader::common_separator;

const NET_DIGITS: u8 = 6;
const NO_RATE: &str = "the file has net prices and the VAT rate is not known";

/// Where a price of the file stands.
struct PriceColumn {
    place: usize,
    rule: NumberRule,
}

/// The price columns of a file with the new prices.
pub(super) struct PriceEdits<'a> {
    new: &'a NewPrices,
    /// Article numbers that stand more than once: none of their rows changes.
    doubled: BTreeSet<String>,
    sku: Vec<usize>,
    price: PriceColumn,
    compare_at: Option<PriceColumn>,
    sale: Option<PriceColumn>,
    sale_dates: Vec<usize>,
    /// Where a sale's beginning and end stand, in files that have a place for both.
    sale_period: Option<[usize; 2]>,
    format: FileFormat,
    /// A market's column of prices and of compare-at prices, with the market in lower case.
    markets: Vec<(String, PriceColumn, Option<PriceColumn>)>,
    /// Prices of the file are without VAT.
    net: bool,
    /// A price is followed by its currency.
    with_currency: bool,
    /// What a cell that is emptied holds.
    emptied: &'static str,
    pub(super) group: Option<usize>,
    leave_out: Vec<LeaveOut>,
    pub(super) width: usize,
    /// Names of the columns, for files without places.
    pub(super) names: Vec<String>,
}

impl<'a> PriceEdits<'a> {
    pub(super) fn new(
        layout: &Layout,
        header: &Header,
        map: &ColumnMap,
        (new, doubled): (&'a NewPrices, BTreeSet<String>),
    ) -> Result<Self, Problem> {
        let own =
            |name: &str| columns(layout.kind).iter().position(|spec| spec.name == name).expect("a column of products");
        let places = |name: &str| {
            let own = own(name);
            layout.fields.iter().find(|field| field.own == own).map_or(&[][..], |field| field.places.as_slice())
        };
        let agreed = common_separator(&map.rules).or(layout.usual_decimal);
        let column = |name: &str| {
            let place = places(name).first().copied()?;
            let rule = map.rules[own(name)];
            // A column of whole numbers gets its first decimals as the file's other columns have them.
            Some(PriceColumn { place, rule: NumberRule { decimal: rule.decimal.or(agreed), ..rule } })
        };
        let price = column("price").ok_or_else(|| {
            file_problem("price", "", "The file has no column of prices to write into. Choose the file you imported.")
        })?;
        let rule = price.rule;
        let market = |prefix: &str, suffix: &str| {
            let wanted = format!("{prefix} / {suffix}");
            header
                .names()
                .iter()
                .position(|name| plain(name) == plain(&wanted))
                .map(|place| PriceColumn { place, rule })
        };
        let markets = new
            .markets
            .keys()
            .filter(|_| layout.format == FileFormat::Shopify)
            .filter_map(|name| {
                let compare_at = market("Compare-at price", name).or_else(|| market("Compare At Price", name));
                Some((name.clone(), market("Price", name)?, compare_at))
            })
            .collect();
        Ok(Self {
            new,
            doubled,
            sku: places("sku").to_vec(),
            price,
            compare_at: column("compare_at_price"),
            // PrestaShop's discounts hold for any price.
            sale: column("sale_price").filter(|_| layout.format != FileFormat::PrestaShop),
            sale_dates: [places("sale_from"), places("sale_to")]
                .iter()
                .filter_map(|found| found.first().copied())
                .collect(),
            sale_period: places("sale_from").first().copied().zip(places("sale_to").first().copied()).map(Into::into),
            format: layout.format,
            markets,
            net: is_net(layout, own("price_includes_vat")),
            with_currency: layout.format == FileFormat::GoogleMerchant,
            emptied: if layout.format == FileFormat::Magento { "__EMPTY__VALUE__" } else { "" },
            group: layout.group,
            leave_out: layout.leave_out.clone(),
            width: map.width,
            names: header.names().to_vec(),
        })
    }

    /// The cells of a row that change: place and text. Empty: it stays as it is. `is_there`: whether the row has the
    /// cell, so that a price can be put into it.
    pub(super) fn of_row<'c>(
        &self,
        cell: impl Fn(usize) -> &'c str,
        is_there: impl Fn(usize) -> bool,
        report: &mut RewriteReport,
    ) -> Vec<(usize, String)> {
        let is_left_out = |rule: &LeaveOut| {
            let texts: Vec<&str> = rule.places.iter().map(|place| cell(*place).trim()).collect();
            (rule.when)(&texts)
        };
        if self.leave_out.iter().any(is_left_out) {
            return Vec::new();
        }
        let found = self.sku.iter().map(|place| cell(*place).trim()).find(|text| !text.is_empty());
        let sku = restore(found.unwrap_or_default()).trim();
        let mut edits = Vec::new();
        if self.doubled.contains(sku) {
            return edits;
        }
        match self.new.prices.get(sku) {
            Some(_) if !is_there(self.price.place) => {
                report.kept.push(format!("{sku}: its entry in the file has no place for a price"));
            }
            Some(new) => {
                report.found.insert((String::new(), sku.to_owned()));
                self.edit_price(sku, new, &cell, &mut edits, report);
            }
            None => {}
        }
        if let Some(sale) = self.new.sales.get(sku) {
            match self.edit_sale(sku, sale, &cell, &is_there, &mut edits) {
                Ok(false) => {}
                Ok(true) => report.sales += 1,
                Err(why) => report.kept.push(format!("{sku}: {why}")),
            }
        }
        for (market, price, compare_at) in &self.markets {
            if let Some(new) = self.new.markets[market].get(sku) {
                report.found.insert((market.clone(), sku.to_owned()));
                let digits = new.currency.minor_digits();
                let before = cell(price.place);
                if amount_of(before, price.rule, digits) != Some(new.amount_minor) {
                    edits.push((price.place, restyle(before, "", new.amount_minor, digits, price.rule)));
                    self.clear_if_not_above(compare_at.as_ref(), new.amount_minor, digits, &cell, &mut edits);
                    report.changed += 1;
                }
            }
        }
        edits
    }

    fn edit_price<'c>(
        &self,
        sku: &str,
        new: &NewPrice,
        cell: &impl Fn(usize) -> &'c str,
        edits: &mut Vec<(usize, String)>,
        report: &mut RewriteReport,
    ) {
        let before = cell(self.price.place);
        let rule = self.price.rule;
        let Some((amount, digits)) = self.in_file(new) else {
            report.kept.push(format!("{sku}: {NO_RATE}"));
            report.found.remove(&(String::new(), sku.to_owned()));
            return;
        };
        if self.is_there_already(before, rule, new, (amount, digits)) {
            return;
        }
        let template = if self.with_currency { format!("0.00 {}", new.currency) } else { String::new() };
        edits.push((self.price.place, restyle(before, &template, amount, digits, rule)));
        report.changed += 1;
        self.clear_if_not_above(self.compare_at.as_ref(), amount, digits, cell, edits);
        self.end_sale(amount, digits, cell, edits);
    }

    /// An amount as the file has it, and its digits; `None`: its rate is not known.
    fn in_file(&self, new: &NewPrice) -> Option<(i64, u8)> {
        if self.net && new.includes_vat {
            let net = net_of_gross_micro(new.amount_minor, new.currency, new.vat_rate?);
            return Some((net.round(Rounding::Nearest), NET_DIGITS));
        }
        // A file that does not say has the list's own mode.
        Some((new.amount_minor, new.currency.minor_digits()))
    }

    /// Whether a cell says an amount, also where its net price is another one of the same price with VAT.
    fn is_there_already(&self, cell: &str, rule: NumberRule, new: &NewPrice, (amount, digits): (i64, u8)) -> bool {
        let same_gross = |rate| {
            let net = amount_of(cell, rule, NET_DIGITS)?;
            Some(gross_minor(net, rate, new.currency.minor_digits()) == new.amount_minor)
        };
        let is_converted = self.net && new.includes_vat;
        amount_of(cell, rule, digits) == Some(amount)
            || (is_converted && new.vat_rate.and_then(same_gross).unwrap_or_default())
    }

    /// Writes a sale with its dates; `false`: the row says it already. An error: it cannot be written, and why.
    fn edit_sale<'c>(
        &self,
        sku: &str,
        sale: &NewSale,
        cell: &impl Fn(usize) -> &'c str,
        is_there: &impl Fn(usize) -> bool,
        edits: &mut Vec<(usize, String)>,
    ) -> Result<bool, &'static str> {
        let (Some(column), Some(places)) = (&self.sale, self.sale_period) else {
            return Err("the file has no columns for a sale price with its dates, so that its sale is not in it");
        };
        if !is_there(column.place) || places.iter().any(|place| !is_there(*place)) {
            return Err("its entry in the file has no place for a sale with its dates");
        }
        let (amount, digits) = self.in_file(&sale.price).ok_or(NO_RATE)?;
        let regular = match self.new.prices.get(sku) {
            Some(new) => self.in_file(new).map(|(amount, _)| amount),
            None => amount_of(cell(self.price.place), self.price.rule, digits),
        };
        if regular.is_none_or(|regular| regular <= amount) {
            return Err("its sale price is not below its price");
        }
        let period = period_cells(sale, self.format)?;
        let before = cell(column.place);
        let same_price = self.is_there_already(before, column.rule, &sale.price, (amount, digits));
        if same_price && is_period(places.map(cell), &period, sale, self.format) {
            return Ok(false);
        }
        let template = if self.with_currency { format!("0.00 {}", sale.price.currency) } else { String::new() };
        let price =
            if same_price { before.to_owned() } else { restyle(before, &template, amount, digits, column.rule) };
        edits.retain(|(place, _)| *place != column.place && !places.contains(place));
        edits.push((column.place, price));
        let both = places.into_iter().zip(period).take(if places[0] == places[1] { 1 } else { 2 });
        edits.extend(both);
        Ok(true)
    }

    /// A was-price that is not above the price is none.
    fn clear_if_not_above<'c>(
        &self,
        column: Option<&PriceColumn>,
        amount: i64,
        digits: u8,
        cell: &impl Fn(usize) -> &'c str,
        edits: &mut Vec<(usize, String)>,
    ) {
        let Some(column) = column else { return };
        if amount_of(cell(column.place), column.rule, digits).is_some_and(|was| was <= amount) {
            edits.push((column.place, self.emptied.to_owned()));
        }
    }

    /// A sale price that is not below the price is none; its dates go with it.
    fn end_sale<'c>(
        &self,
        amount: i64,
        digits: u8,
        cell: &impl Fn(usize) -> &'c str,
        edits: &mut Vec<(usize, String)>,
    ) {
        let Some(sale) = &self.sale else { return };
        if amount_of(cell(sale.place), sale.rule, digits).is_none_or(|sale| sale < amount) {
            return;
        }
        edits.push((sale.place, self.emptied.to_owned()));
        for place in &self.sale_dates {
            let known = edits.iter().any(|(edited, _)| edited == place);
            if !known && !cell(*place).trim().is_empty() {
                edits.push((*place, self.emptied.to_owned()));
            }
        }
    }
}

fn is_net(layout: &Layout, includes_vat: usize) -> bool {
    layout.fields.iter().any(|field| {
        field.own == includes_vat && matches!(&field.reading, crate::layouts::Reading::Constant(text) if text == "no")
    })
}

fn gross_minor(net_micro: i64, rate: BasisPoints, digits: u8) -> i64 {
    let gross = rate.raise(net_micro).round(Rounding::Nearest);
    let scale = 10i64.pow(u32::from(NET_DIGITS - digits));
    (gross + scale / 2).div_euclid(scale)
}
