//! The catalogue of a WooCommerce shop, page by page: products, and the variations of each variable one.

use std::collections::HashMap;

use pricing_domain::resolve_references;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::{AT_ONCE, WooCommerce};
use crate::error::ShopError;
use crate::views::{CatalogueCounts, ShopProduct, UNTAXED};

/// Paths of categories deeper than this are cut, so that a circle ends.
const DEEPEST: usize = 12;

/// A name as people read it: the API gives it as HTML shows it (`TV &amp; Audio`).
fn read_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(resolve_references(&text).into_owned())
}

#[derive(Deserialize)]
struct WireProduct {
    id: u64,
    #[serde(default, deserialize_with = "read_name")]
    name: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(flatten)]
    sold: WireSold,
    #[serde(default)]
    categories: Vec<WireName>,
    #[serde(default)]
    brands: Vec<WireName>,
    #[serde(default)]
    images: Vec<WireImage>,
    #[serde(default)]
    attributes: Vec<WireAttribute>,
}

/// What products and variations have in common.
#[derive(Deserialize)]
struct WireSold {
    #[serde(default)]
    sku: String,
    #[serde(default)]
    global_unique_id: String,
    #[serde(default)]
    regular_price: String,
    #[serde(default)]
    sale_price: String,
    #[serde(default)]
    date_on_sale_from_gmt: Option<String>,
    #[serde(default)]
    date_on_sale_to_gmt: Option<String>,
    #[serde(default)]
    stock_quantity: Option<serde_json::Number>,
    #[serde(default)]
    stock_status: String,
    #[serde(default)]
    tax_status: String,
    #[serde(default)]
    tax_class: String,
    #[serde(default)]
    cost_of_goods_sold: Option<WireCost>,
}

#[derive(Deserialize)]
struct WireCost {
    #[serde(default)]
    total_value: Option<serde_json::Number>,
}

#[derive(Deserialize)]
struct WireName {
    #[serde(default)]
    id: u64,
    #[serde(default, deserialize_with = "read_name")]
    name: String,
}

#[derive(Deserialize)]
struct WireVariation {
    #[serde(flatten)]
    sold: WireSold,
    #[serde(default)]
    image: Option<WireImage>,
    #[serde(default)]
    attributes: Vec<WireOption>,
}

#[derive(Deserialize)]
struct WireImage {
    #[serde(default)]
    src: String,
}

/// What a product says of itself; of a variable one also what its variations are chosen by.
#[derive(Deserialize)]
struct WireAttribute {
    #[serde(default, deserialize_with = "read_name")]
    name: String,
    #[serde(default, rename = "variation")]
    is_choice: bool,
    #[serde(default)]
    options: Vec<String>,
}

#[derive(Deserialize)]
struct WireOption {
    #[serde(default, deserialize_with = "read_name")]
    name: String,
    #[serde(default, deserialize_with = "read_name")]
    option: String,
}

#[derive(Deserialize)]
struct WireCategory {
    id: u64,
    #[serde(deserialize_with = "read_name")]
    name: String,
    parent: u64,
}

impl WooCommerce {
    /// Reads every published product and hands each page on.
    pub(crate) async fn pull(
        &self,
        hand_on: &mut (dyn FnMut(Vec<ShopProduct>, Option<u64>) + Send),
    ) -> Result<CatalogueCounts, ShopError> {
        let paths = self.category_paths().await?;
        let mut counts = CatalogueCounts::default();
        let mut page = 1;
        loop {
            let query = [("status", "publish"), ("orderby", "id"), ("order", "asc")];
            let (products, total, pages) = self.page::<WireProduct>("products", &query, page).await?;
            let mut rows = Vec::with_capacity(products.len());
            for product in products {
                self.rows(product, &paths, &mut counts, &mut rows).await?;
            }
            hand_on(rows, total);
            if page >= pages {
                return Ok(counts);
            }
            page += 1;
        }
    }

    /// One product as rows: itself, or its variations.
    async fn rows(
        &self,
        product: WireProduct,
        paths: &HashMap<u64, String>,
        counts: &mut CatalogueCounts,
        rows: &mut Vec<ShopProduct>,
    ) -> Result<(), ShopError> {
        let brand = product.brands.first().map(|brand| brand.name.clone()).unwrap_or_default();
        let category = deepest(&product.categories, paths);
        let image = product.images.first().map(|image| image.src.clone()).unwrap_or_default();
        match product.kind.as_str() {
            "grouped" => counts.groups += 1,
            "variable" => {
                let path = format!("products/{}/variations", product.id);
                let tax_of_product = tax_class(&product.sold.tax_status, &product.sold.tax_class);
                let group = if product.sold.sku.is_empty() { product.id.to_string() } else { product.sold.sku.clone() };
                for variation in self.all_pages::<WireVariation>(&path, &[]).await? {
                    // A variation without a SKU answers with that of its product.
                    if variation.sold.sku.is_empty() || variation.sold.sku == product.sold.sku {
                        counts.without_sku += 1;
                        continue;
                    }
                    counts.read += 1;
                    let name = varied(&product.name, &variation.attributes);
                    let own_image = variation.image.map(|image| image.src).filter(|src| !src.is_empty());
                    let chosen = variation.attributes.into_iter().map(|one| (one.name, one.option));
                    let attributes = chosen.filter(|(_, option)| !option.is_empty());
                    let own = row(variation.sold);
                    let is_of_product = own.tax_class == "parent";
                    rows.push(ShopProduct {
                        name,
                        tax_class: if is_of_product { tax_of_product.clone() } else { own.tax_class.clone() },
                        image: own_image.unwrap_or_else(|| image.clone()),
                        attributes: attributes.chain(described(&product.attributes, false)).collect(),
                        brand: brand.clone(),
                        category: category.clone(),
                        group: group.clone(),
                        ..own
                    });
                }
            }
            _ if product.sold.sku.is_empty() => counts.without_sku += 1,
            _ => {
                counts.read += 1;
                let attributes = described(&product.attributes, true).collect();
                rows.push(ShopProduct { name: product.name, brand, category, image, attributes, ..row(product.sold) });
            }
        }
        Ok(())
    }

    async fn category_paths(&self) -> Result<HashMap<u64, String>, ShopError> {
        let all: Vec<WireCategory> = self.all_pages("products/categories", &[]).await?;
        let known: HashMap<u64, (&str, u64)> =
            all.iter().map(|one| (one.id, (one.name.as_str(), one.parent))).collect();
        let path = |id: u64| {
            let mut names = Vec::new();
            let mut at = known.get(&id);
            while let Some((name, parent)) = at.filter(|_| names.len() < DEEPEST) {
                names.push(*name);
                at = known.get(parent);
            }
            names.reverse();
            names.join(" > ")
        };
        Ok(all.iter().map(|one| (one.id, path(one.id))).collect())
    }

    pub(super) async fn all_pages<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, ShopError> {
        let mut all = Vec::new();
        let mut page = 1;
        loop {
            let (rows, _, pages) = self.page(path, query, page).await?;
            all.extend(rows);
            if page >= pages {
                return Ok(all);
            }
            page += 1;
        }
    }

    /// A page with the number of all rows and of all pages.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        page: u64,
    ) -> Result<(Vec<T>, Option<u64>, u64), ShopError> {
        let (size, number) = (AT_ONCE.to_string(), page.to_string());
        let mut all = vec![("per_page", size.as_str()), ("page", number.as_str())];
        all.extend_from_slice(query);
        let answer = self.send(reqwest::Method::GET, self.url(path, &all), None).await?;
        let rows = self.taken(&answer)?;
        let counted = |name: &str| answer.header(name).and_then(|text| text.parse::<u64>().ok());
        Ok((rows, counted("x-wp-total"), counted("x-wp-totalpages").unwrap_or(1)))
    }
}

fn row(sold: WireSold) -> ShopProduct {
    ShopProduct {
        tax_class: tax_class(&sold.tax_status, &sold.tax_class),
        sku: sold.sku,
        gtin: sold.global_unique_id,
        price: sold.regular_price,
        sale: sold.sale_price,
        sale_from: moment(sold.date_on_sale_from_gmt),
        sale_to: moment(sold.date_on_sale_to_gmt),
        cost: sold
            .cost_of_goods_sold
            .and_then(|cost| cost.total_value)
            .map_or_else(String::new, |cost| cost.to_string()),
        stock: sold.stock_quantity.and_then(|units| units.as_i64()),
        availability: sold.stock_status,
        ..ShopProduct::default()
    }
}

/// The ordinary class has no name, or is called `standard`.
fn tax_class(status: &str, class: &str) -> String {
    match (status, class) {
        ("none" | "shipping", _) => UNTAXED.to_owned(),
        (_, "standard") => String::new(),
        (_, class) => class.to_owned(),
    }
}

/// `2026-11-20T00:00:00` of the API is UTC and does not say so.
fn moment(text: Option<String>) -> String {
    text.filter(|text| !text.is_empty()).map_or_else(String::new, |text| format!("{}Z", text.trim_end_matches('Z')))
}

fn varied(name: &str, attributes: &[WireOption]) -> String {
    let options: Vec<&str> =
        attributes.iter().map(|one| one.option.as_str()).filter(|option| !option.is_empty()).collect();
    if options.is_empty() { name.to_owned() } else { format!("{name} - {}", options.join(", ")) }
}

/// The attributes that hold for a product as a whole; `with_choices`: also those that variations are chosen by.
fn described(attributes: &[WireAttribute], with_choices: bool) -> impl Iterator<Item = (String, String)> {
    attributes.iter().filter(move |one| with_choices || !one.is_choice).filter(|one| !one.options.is_empty()).map(
        |one| {
            let options: Vec<_> = one.options.iter().map(|option| resolve_references(option)).collect();
            (one.name.clone(), options.join(", "))
        },
    )
}

/// The longest path among a product's categories.
fn deepest(categories: &[WireName], paths: &HashMap<u64, String>) -> String {
    let path = |one: &WireName| paths.get(&one.id).cloned().unwrap_or_else(|| one.name.clone());
    categories.iter().map(path).max_by_key(|path| path.matches(" > ").count()).unwrap_or_default()
}
