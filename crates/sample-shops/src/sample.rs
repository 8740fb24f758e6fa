//! The whole sample as text in the project's own file columns, ready to be imported.

use std::collections::HashMap;

use pricing_domain::{BasisPoints, CivilDate, Currency, MicroAmount, PriceType, TaxMode, format_scaled, parse_scaled};

use crate::catalogue::{SampleProduct, products, shelf_price};
use crate::history::{PostedPrice, Sale, day_at, posted_prices, sales, sales_on};
use crate::listings::listings;
use crate::shops::{Shop, ShopAddresses};
use crate::table::Table;

/// The default price list.
const GERMANY: &str = "DE";
/// The second price list.
const AUSTRIA: &str = "AT";
/// The promotion's name in sales, prices and promotions.
const PROMOTION_NAME: &str = "Weekly deals";

/// A price list of the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SamplePriceList {
    /// Its name.
    pub name: &'static str,
    /// Its currency.
    pub currency: Currency,
    /// Whether its prices contain VAT.
    pub tax_mode: TaxMode,
    /// The rate of VAT.
    pub vat: BasisPoints,
    /// Whether products are priced here unless said otherwise.
    pub default: bool,
}

/// A competitor of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleCompetitor {
    /// Its name.
    pub name: &'static str,
    /// Where its shop is served.
    pub origin: String,
}

/// Everything the demo's workspace begins with.
#[derive(Clone, Debug)]
pub struct SampleCatalogue {
    /// The retailer.
    pub retailer: &'static str,
    /// The first day of the demo; history ends the day before.
    pub first_day: CivilDate,
    /// Its price lists, the default one first.
    pub price_lists: Vec<SamplePriceList>,
    /// Its competitors.
    pub competitors: Vec<SampleCompetitor>,
    /// One product a row.
    pub products_csv: String,
    /// Prices of the second list.
    pub prices_csv: String,
    /// Running and planned promotions.
    pub promotions_csv: String,
    /// Prices that must not be touched.
    pub locks_csv: String,
    /// Our products on competitors' pages.
    pub matches_csv: String,
    /// Two years of daily sales.
    pub sales_csv: String,
    /// What was posted, from when to when.
    pub price_history_csv: String,
}

/// The sample on its usual first day, 1 November 2026.
pub fn generate(addresses: &ShopAddresses) -> SampleCatalogue {
    generate_for(addresses, jiff::civil::date(2026, 11, 1))
}

/// The sample with its history ending the day before `first_day`. The same in every run and on every machine.
pub fn generate_for(addresses: &ShopAddresses, first_day: CivilDate) -> SampleCatalogue {
    let posted = posted_prices(first_day);
    let competitor = |shop: &Shop| SampleCompetitor { name: shop.name(), origin: addresses.origin(*shop) };
    SampleCatalogue {
        retailer: "Nordlicht Electronics",
        first_day,
        price_lists: vec![price_list(GERMANY, 1_900, true), price_list(AUSTRIA, 2_000, false)],
        competitors: Shop::ALL.iter().map(competitor).collect(),
        products_csv: products_csv(),
        prices_csv: prices_csv(first_day),
        promotions_csv: promotions_csv(first_day, &posted),
        locks_csv: locks_csv(first_day),
        matches_csv: matches_csv(addresses),
        sales_csv: sales_csv(&sales(first_day, &posted)),
        price_history_csv: price_history_csv(first_day, &posted),
    }
}

/// The retailer's sales on the days of the demo, at the prices it charges then.
pub struct DemoSales {
    first_day: CivilDate,
    posted: Vec<PostedPrice>,
    /// Regular prices of the default list that replaced the posted ones, in minor units by article number.
    charged: HashMap<String, i64>,
    sold: Vec<Sale>,
}

impl DemoSales {
    /// Before the first day.
    pub fn new(first_day: CivilDate) -> Self {
        Self { first_day, posted: posted_prices(first_day), charged: HashMap::new(), sold: Vec::new() }
    }

    /// Draws what is sold on a day, counted from the first one.
    pub fn sell(&mut self, day: i64) {
        let charged = |product: usize| self.charged.get(&products()[product].sku).copied();
        let sold = sales_on(self.first_day, day, &self.posted, charged);
        self.sold.extend(sold);
    }

    /// Charges from the next day on what a file of new prices says: the article number, the list and the new price in
    /// the first, second and fifth column. Rows of other lists count for nothing.
    pub fn charge(&mut self, new_prices: &str) {
        for row in new_prices.lines().skip(1) {
            let mut cells = row.split(',');
            let (sku, list, price) = (cells.next(), cells.next(), cells.nth(2));
            let minor = price.and_then(|price| parse_scaled(price, 2));
            if let (Some(sku), Some(GERMANY), Some(minor)) = (sku, list, minor) {
                self.charged.insert(sku.to_owned(), minor);
            }
        }
    }

    /// What was sold, as a file of sales.
    pub fn csv(&self) -> String {
        sales_csv(&self.sold)
    }
}

const fn price_list(name: &'static str, vat_bp: i32, default: bool) -> SamplePriceList {
    SamplePriceList { name, currency: Currency::EUR, tax_mode: TaxMode::Gross, vat: BasisPoints(vat_bp), default }
}

fn products_csv() -> String {
    let mut table = Table::new(
        "sku,gtin,mpn,brand,name,category,item_group_id,net_content,content_unit,pack_items,supplier,own_brand,\
         lifecycle,currency,price,compare_at_price,cost,cost_type,min_price,rrp,vat_rate,price_includes_vat,stock,role,\
         kvi,family,tags",
    );
    for product in products() {
        add_product(&mut table, product);
    }
    table.finish()
}

fn add_product(table: &mut Table, product: &SampleProduct) {
    let family = product.family.as_deref().unwrap_or_default();
    table.cell(&product.sku).cell(&product.gtin).cell(&product.mpn).cell(product.brand).cell(&product.name);
    table.cell(product.category).cell(family);
    table.cell(&product.net_content.map(|(amount, _)| plain(amount)).unwrap_or_default());
    table.cell(product.net_content.map_or("", |(_, unit)| unit.as_str())).cell(&product.pack_items.to_string());
    table.cell(product.supplier).cell(yes_no(product.own_brand())).cell(product.lifecycle.as_str()).cell("EUR");
    table.money(Some(product.price_minor)).money(product.compare_at_minor);
    table.cell(&product.cost.map(|cost| cost.to_string()).unwrap_or_default());
    table.cell(if product.cost.is_some() { "landed" } else { "" });
    table.money(product.min_price_minor).money(Some(product.rrp_minor)).cell("19").cell("yes");
    table.cell(&product.stock.to_string()).cell(product.role.as_str()).cell(yes_no(product.key_value)).cell(family);
    table.cell(&product.tags.join(" "));
    table.end_row();
}

fn plain(amount: MicroAmount) -> String {
    pricing_domain::decimal_text(amount.0, 6, 0)
}

const fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// The Austrian list holds what sells, a little above Germany for its VAT.
fn prices_csv(first_day: CivilDate) -> String {
    let mut table = Table::new("sku,price_list,type,min_quantity,price,currency,valid_from,valid_to");
    let since = day_at(first_day, -40).to_string();
    for (index, product) in products().iter().enumerate().filter(|(index, _)| index % 5 != 3) {
        let raised = product.price_minor * 120 / 119 * (1_000 + (index as i64 * 7) % 30) / 1_000;
        table.cell(&product.sku).cell(AUSTRIA).cell(PriceType::Regular.as_str()).cell("1");
        table.money(Some(shelf_price(raised))).cell("EUR").cell(&since).cell("");
        table.end_row();
    }
    table.finish()
}

fn promotions_csv(first_day: CivilDate, posted: &[PostedPrice]) -> String {
    let mut table = Table::new("sku,price_list,name,price,currency,valid_from,valid_to");
    let ahead = |price: &&PostedPrice| price.kind == PriceType::Promotion && price.to.is_some_and(|last| last >= 0);
    for price in posted.iter().filter(ahead) {
        table.cell(&products()[price.product].sku).cell(GERMANY).cell(PROMOTION_NAME);
        table.money(Some(price.price_minor)).cell("EUR").cell(&day_at(first_day, price.from).to_string());
        table.cell(&price.to.map(|last| day_at(first_day, last).to_string()).unwrap_or_default());
        table.end_row();
    }
    table.finish()
}

fn locks_csv(first_day: CivilDate) -> String {
    let mut table = Table::new("sku,price_list,reason,valid_from,valid_to");
    for (index, product) in products().iter().enumerate().filter(|(_, product)| product.tags.contains(&"leaflet")) {
        if index % 4 != 0 {
            continue;
        }
        let (from, to) = (day_at(first_day, -4), day_at(first_day, 10));
        table.cell(&product.sku).cell(GERMANY).cell("Printed in the November leaflet");
        table.cell(&from.to_string()).cell(&to.to_string());
        table.end_row();
    }
    table.finish()
}

fn matches_csv(addresses: &ShopAddresses) -> String {
    let mut table = Table::new("sku,competitor,url,match_type,pack_coefficient");
    for listing in listings() {
        let url = format!("{}{}", addresses.origin(listing.shop), listing.path);
        table.cell(&products()[listing.product].sku).cell(listing.shop.name()).cell(&url);
        table.cell(listing.match_type.as_str()).cell(&listing.pack_coefficient.to_string());
        table.end_row();
    }
    table.finish()
}

fn sales_csv(sales: &[Sale]) -> String {
    let mut table = Table::new("sku,date,units,net_revenue,price,promotion");
    for sale in sales {
        let net_minor = (sale.units * sale.price_minor * 100 + 59) / 119;
        table.cell(&products()[sale.product].sku).cell(&sale.date.to_string()).cell(&sale.units.to_string());
        table.cell(&format_scaled(net_minor, 2)).money(Some(sale.price_minor));
        table.cell(if sale.promotion { PROMOTION_NAME } else { "" });
        table.end_row();
    }
    table.finish()
}

fn price_history_csv(first_day: CivilDate, posted: &[PostedPrice]) -> String {
    let mut table = Table::new("sku,price_list,price,currency,type,valid_from,valid_to");
    for price in posted.iter().filter(|price| price.from < 0) {
        table.cell(&products()[price.product].sku).cell(GERMANY).money(Some(price.price_minor)).cell("EUR");
        table.cell(price.kind.as_str()).cell(&day_at(first_day, price.from).to_string());
        table.cell(&price.to.map(|last| day_at(first_day, last).to_string()).unwrap_or_default());
        table.end_row();
    }
    table.finish()
}

#[cfg(test)]
mod tests {
    use super::{DemoSales, generate};
    use crate::history::sales_on;
    use crate::shops::ShopAddresses;

    fn rows(csv: &str) -> usize {
        csv.lines().count() - 1
    }

    #[test]
    fn every_part_has_its_size() {
        let sample = generate(&ShopAddresses::default());
        let sales = rows(&sample.sales_csv);
        eprintln!("sample: {sales} sales, {} posted prices", rows(&sample.price_history_csv));
        assert!((150_000..=400_000).contains(&sales), "{sales} sales");
        assert!((10..=80).contains(&rows(&sample.promotions_csv)), "{} promotions", rows(&sample.promotions_csv));
        assert!((5..=40).contains(&rows(&sample.locks_csv)), "{} locks", rows(&sample.locks_csv));
        assert!(rows(&sample.price_history_csv) > 8_000);
        assert!(rows(&sample.prices_csv) > 1_000);
    }

    #[test]
    fn two_runs_give_the_same_sample() {
        let (one, two) = (generate(&ShopAddresses::default()), generate(&ShopAddresses::default()));
        assert!(one.products_csv == two.products_csv && one.sales_csv == two.sales_csv);
        assert!(one.price_history_csv == two.price_history_csv && one.matches_csv == two.matches_csv);
    }

    #[test]
    fn what_is_charged_decides_what_is_sold_on_later_days() {
        let mut sales = DemoSales::new(jiff::civil::date(2026, 11, 1));
        sales.sell(0);
        let first = sales.sold.clone();
        let regular = *first.iter().find(|sale| !sale.promotion).expect("something is sold at its regular price");
        let sku = &crate::products()[regular.product].sku;
        sales.charge(&format!(
            "sku,price_list,type,old_price,new_price,currency\n{sku},AT,regular,9.00,2.00,EUR\n{sku},DE,regular,9.00,1.00,EUR\n"
        ));
        let charged = |product: usize| (product == regular.product).then_some(100);
        assert!(sales_on(sales.first_day, 0, &sales.posted, charged).iter().any(|sale| sale.price_minor == 100));
        sales.sell(1);
        let later = &sales.sold[first.len()..];
        assert!(later.iter().all(|sale| sale.product != regular.product || sale.price_minor == 100));
        assert!(sales.csv().contains("2026-11-02") && !sales.csv().contains("2026-11-03"));
    }
}
