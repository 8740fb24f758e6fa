//! Which of the stated products is the page's own, and what it is called and numbered.

use pricing_domain::ExtractionMethod;
use url::Url;

use super::numbers;
use crate::addresses::canonical_address;
use crate::extraction::Extraction;
use crate::gtins::gtin_in_text;
use crate::images;
use crate::packs::pack_size;
use crate::page::Page;
use crate::sources::{Found, embedded};

/// The page's own product in each source, the most trusted source first.
pub(crate) fn own_products<'f>(page: &Page<'_>, found: &'f [Found]) -> Vec<&'f Found> {
    let methods = [
        ExtractionMethod::Selector,
        ExtractionMethod::JsonLd,
        ExtractionMethod::Microdata,
        ExtractionMethod::Rdfa,
        ExtractionMethod::OpenGraph,
        ExtractionMethod::EmbeddedState,
    ];
    methods.into_iter().filter_map(|method| own_product(page, found, method)).collect()
}

fn own_product<'f>(page: &Page<'_>, found: &'f [Found], method: ExtractionMethod) -> Option<&'f Found> {
    let of_method: Vec<&Found> = found.iter().filter(|product| product.method == method).collect();
    let fits = |product: &Found| {
        let like = product.title.as_deref().map_or(0.3, |title| page.title_likeness(title));
        let priced = product.offers.iter().any(|offer| offer.price.is_some());
        let here = product.url.as_deref().is_some_and(|url| same_page(page, url));
        3.0 * like + f64::from(u8::from(priced)) + 2.0 * f64::from(u8::from(here))
            - 3.0 * f64::from(u8::from(product.related))
    };
    let best = of_method
        .iter()
        .copied()
        .max_by(|one, other| fits(one).total_cmp(&fits(other)).then(std::cmp::Ordering::Greater))?;
    let crowd = of_method.iter().filter(|product| !product.offers.is_empty()).count() >= 4;
    // Several products, none of them named like the page or addressed like it: neighbours in a list.
    let named = of_method.iter().filter(|product| product.title.is_some()).count();
    let neighbours = named >= 2 && page.title.is_some();
    let enough = if crowd || best.related || neighbours { 1.6 } else { -1.0 };
    (fits(best) > enough).then_some(best)
}

/// Whether an address in markup is the page's.
pub(crate) fn same_page(page: &Page<'_>, address: &str) -> bool {
    let Some(own) = page.url.as_ref() else { return false };
    let Ok(stated) = own.join(address) else { return false };
    let canonical = |url: &Url| Url::parse(&canonical_address(url.as_str())?).ok();
    let (Some(own), Some(stated)) = (canonical(own), canonical(&stated)) else { return false };
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    path(&own).len() > 1 && path(&stated) == path(&own) && (stated.query().is_none() || stated.query() == own.query())
}

/// Fills in what the product is.
pub(crate) fn fill(page: &Page<'_>, mains: &[&Found], answer: &mut Extraction) {
    let first =
        |pick: fn(&Found) -> Option<&String>| mains.iter().find_map(|found| pick(found)).map(|text| clean(text));
    answer.title = first(|found| found.title.as_ref()).or_else(|| page.title.as_deref().map(clean));
    answer.pack = answer.title.as_deref().and_then(pack_size);
    answer.brand = first(|found| found.brand.as_ref());
    answer.sku = first(|found| found.sku.as_ref())
        .or_else(|| mains.iter().find_map(|found| found.offers.first()?.sku.as_deref()).map(clean));
    answer.sku = answer
        .sku
        .take()
        .or_else(|| numbers::beside_label(page))
        .or_else(|| numbers::in_address(page, |number| repeated(page, number)));
    answer.mpn = first(|found| found.mpn.as_ref());
    let gtins = mains
        .iter()
        .flat_map(|found| found.gtin.iter().chain(found.offers.first().and_then(|offer| offer.gtin.as_ref())));
    answer.gtin = gtins.filter_map(|gtin| gtin_in_text(gtin)).next().or_else(|| numbers::gtin_beside_label(page));
    answer.mpn = answer.mpn.take().or_else(|| numbers::mpn_beside_label(page));
    answer.condition = mains.iter().find_map(|found| found.condition.or_else(|| found.offers.first()?.condition));
    answer.condition = answer.condition.or_else(|| super::condition::of_title(answer.title.as_deref().unwrap_or("")));
    answer.image = images::main_image(page, mains);
    answer.seller = mains.iter().find_map(|found| found.offers.first()?.seller.clone());
    answer.variants = mains
        .iter()
        .map(|found| &found.variants)
        .find(|variants| !variants.is_empty())
        .cloned()
        .unwrap_or_else(|| embedded::variants(page.dom));
    if mains.iter().any(|found| found.mended) {
        answer.warnings.push("the page's JSON-LD has slips; it was mended".to_owned());
    }
}

/// Whether the page repeats a number from its address often enough to be the product's.
fn repeated(page: &Page<'_>, number: &str) -> bool {
    memchr::memmem::find_iter(page.dom.source.as_bytes(), number.as_bytes()).take(3).count() == 3
}

fn clean(text: &str) -> String {
    let unescaped = crate::dom::unescape(text);
    unescaped.split_whitespace().collect::<Vec<_>>().join(" ")
}
