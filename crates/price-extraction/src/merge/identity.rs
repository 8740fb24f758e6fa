//! Which of the stated products is the page's own, and what it is called and numbered.

use std::cell::LazyCell;

use pricing_domain::ExtractionMethod;
use url::Url;

use super::labelled::Labelled;
use super::{brand, numbers, shopify};
use crate::addresses::canonical_address;
use crate::extraction::Extraction;
use crate::gtins::gtin_in_text;
use crate::images;
use crate::packs::pack_size;
use crate::page::{Page, likeness};
use crate::sources::{Found, embedded};
use crate::visible::zones::Zones;

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
pub(crate) fn fill(page: &Page<'_>, mains: &[&Found], zones: &mut Zones<'_>, answer: &mut Extraction) {
    let first =
        |pick: fn(&Found) -> Option<&String>| mains.iter().find_map(|found| pick(found)).map(|text| clean(text));
    answer.title = title(page, mains);
    answer.pack = answer.title.as_deref().and_then(pack_size);
    let listed = shopify::listed(page, mains);
    let labelled = LazyCell::new(|| Labelled::find(page));
    let of_list =
        |pick: fn(&shopify::Listed) -> Option<&String>| listed.as_ref().and_then(pick).map(|text| clean(text));
    answer.brand = first(|found| found.brand.as_ref().filter(|brand| !is_unfilled(brand)))
        .or_else(|| of_list(|one| one.brand.as_ref()))
        .or_else(|| brand::shown(page, zones, &labelled));
    answer.sku = first(|found| found.sku.as_ref())
        .map(numbers::without_label)
        .or_else(|| mains.iter().find_map(|found| found.offers.first()?.sku.as_deref()).map(clean))
        .or_else(|| of_list(|one| one.sku.as_ref()));
    answer.sku =
        answer.sku.take().or_else(|| numbers::beside_label(page, &labelled)).or_else(|| numbers::in_brackets(page));
    answer.sku = answer.sku.take().or_else(|| numbers::in_named_element(page, zones));
    answer.sku = answer.sku.take().or_else(|| first(|found| found.shop_id.as_ref()));
    answer.mpn = first(|found| found.mpn.as_ref());
    let gtins = mains
        .iter()
        .flat_map(|found| found.gtin.iter().chain(found.offers.first().and_then(|offer| offer.gtin.as_ref())));
    answer.gtin = gtins
        .filter_map(|gtin| gtin_in_text(gtin))
        .next()
        .or_else(|| gtin_in_text(&of_list(|one| one.gtin.as_ref())?))
        .or_else(|| numbers::gtin_beside_label(page, &labelled))
        .or_else(|| numbers::gtin_in_description(page, zones))
        // Many shops have the trade's number as the maker's.
        .or_else(|| numbers::gtin_beside_makers_label(page, &labelled));
    let is_book = answer.gtin.is_some_and(|gtin| matches!(gtin.number() / BOOKS, 978 | 979));
    answer.brand =
        answer.brand.take().or_else(|| (!is_book).then(|| brand::publisher(page, zones, &labelled)).flatten());
    let of_address = || numbers::in_address(page, |number| repeated(page, number));
    answer.sku = answer.sku.take().or_else(of_address);
    answer.mpn = answer.mpn.take().or_else(|| numbers::mpn_beside_label(page, &labelled));
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

/// Whether a value is a template's placeholder that the shop never filled, or an address: `$metabrand`, `{{ brand }}`.
fn is_unfilled(value: &str) -> bool {
    let value = value.trim();
    let is_name = |rest: &str| rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    let is_address = value.starts_with('/') || value.contains("://");
    is_address || value.contains("{{") || value.contains("<%") || value.strip_prefix('$').is_some_and(is_name)
}

/// The product's name: as structured markup has it, else as the page's heading. Titles for shared links and the data of
/// scripts add the shop's name to it, or shorten it.
fn title(page: &Page<'_>, mains: &[&Found]) -> Option<String> {
    let is_loose =
        |found: &Found| matches!(found.method, ExtractionMethod::OpenGraph | ExtractionMethod::EmbeddedState);
    let of =
        |loose: bool| mains.iter().filter(|found| is_loose(found) == loose).find_map(|found| found.title.as_deref());
    let heading = page.title.as_deref().filter(|_| page.title_node.is_some());
    let like = |loose: &&str| heading.is_none_or(|heading| likeness(heading, loose) < LIKE);
    of(false).or_else(|| of(true).filter(like)).or(heading).or(page.title.as_deref()).map(clean)
}

/// The first three of a book's thirteen digits stand before so much.
const BOOKS: u64 = 10_000_000_000;

/// A heading that shares at least so much with a title is the same name.
const LIKE: f64 = 0.5;

/// Whether the page repeats a number from its address often enough to be the product's.
fn repeated(page: &Page<'_>, number: &str) -> bool {
    memchr::memmem::find_iter(page.dom.source.as_bytes(), number.as_bytes()).take(3).count() == 3
}

fn clean(text: &str) -> String {
    let unescaped = crate::dom::unescape(text);
    unescaped.split_whitespace().collect::<Vec<_>>().join(" ")
}
