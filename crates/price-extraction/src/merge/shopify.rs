//! What a Shopify page's own list of variants says of the chosen one: its numbers and the brand, which its markup mostly
//! leaves out.

use memchr::memmem;
use url::Url;

use crate::dom::Tag;
use crate::json::{Json, parse_prefix};
use crate::page::Page;
use crate::sources::Found;

/// Longest script that is looked into.
const LONGEST: usize = 1_000_000;

/// The brand, and the numbers of the variant that the page shows.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub brand: Option<String>,
    pub sku: Option<String>,
    pub gtin: Option<String>,
}

/// Reads the list where markup leaves something out.
pub(crate) fn listed(page: &Page<'_>, mains: &[&Found]) -> Option<Listed> {
    let has = |pick: fn(&Found) -> bool| mains.iter().any(|found| pick(found));
    if has(|found| found.brand.is_some()) && has(|found| found.sku.is_some()) && has(|found| found.gtin.is_some()) {
        return None;
    }
    let scripts = page.dom.elements(Tag::Script).map(|id| page.dom.raw_text(id));
    let mut read = scripts.filter(|script| script.len() <= LONGEST).filter_map(|script| of_script(page, script));
    let first = read.next()?;
    // One script often has the prices, another the numbers.
    Some(read.take(3).fold(first, |known, next| Listed {
        brand: known.brand.or(next.brand),
        sku: known.sku.or(next.sku),
        gtin: known.gtin.or(next.gtin),
    }))
}

/// `{"id":…,"vendor":…,"variants":[{"id":…,"sku":…}]}` somewhere in a script.
fn of_script(page: &Page<'_>, script: &str) -> Option<Listed> {
    let find = |word: &str| memmem::find(script.as_bytes(), word.as_bytes());
    let at = find("\"variants\"")?;
    find("\"vendor\"")?;
    // The object that holds the list begins with its number.
    let start = script[..at].rfind("{\"id\"")?;
    let (product, _) = parse_prefix(&script[start..]);
    let variants = product.get("variants")?.items();
    let text = |of: &Json<'_>, name: &str| of.get(name).and_then(Json::as_text).map(str::to_owned);
    let chosen = chosen(page, variants);
    Some(Listed {
        brand: text(&product, "vendor"),
        sku: chosen.and_then(|one| text(one, "sku")),
        gtin: chosen.and_then(|one| text(one, "barcode")),
    })
}

/// The variant named by the address or by the page's form; without either, the only one, or the first that can be bought
/// where all cost the same.
fn chosen<'j, 'a>(page: &Page<'_>, variants: &'j [Json<'a>]) -> Option<&'j Json<'a>> {
    let by_id = |id: &str| variants.iter().find(|one| one.get("id").and_then(Json::as_text) == Some(id));
    let of_address = |url: &Url| url.query_pairs().find(|(name, _)| name == "variant").map(|(_, id)| id.into_owned());
    if let Some(id) = page.url.as_ref().and_then(of_address) {
        return by_id(&id);
    }
    if let Some(found) = in_form(page).and_then(by_id) {
        return Some(found);
    }
    let first = variants.first()?;
    let is_one_price = variants.iter().all(|one| one.get("price") == first.get("price"));
    let can_be_bought = |one: &&Json<'_>| one.get("available").is_none_or(|said| *said == Json::Bool(true));
    is_one_price.then(|| variants.iter().find(can_be_bought).unwrap_or(first))
}

/// The number of the variant in the field that goes into the cart.
fn in_form<'a>(page: &'a Page<'_>) -> Option<&'a str> {
    let dom = page.dom;
    let named = |id: &u32| dom.raw_attribute(*id, "name") == Some("id");
    let input = dom.elements(Tag::Input).filter(named).find_map(|id| dom.raw_attribute(id, "value"));
    let select = || {
        let select = dom.elements(Tag::Select).find(named)?;
        let chosen = |id: &u32| dom.node(*id).tag == Tag::Opt && dom.raw_attribute(*id, "selected").is_some();
        dom.raw_attribute(dom.descendants(select).find(chosen)?, "value")
    };
    input.filter(|value| !value.is_empty()).or_else(select)
}
