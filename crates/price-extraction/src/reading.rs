//! Reads a page from its bytes to the answer: limits, walls, sources, the visible page, the decision.

use std::collections::HashSet;

use pricing_domain::{ExtractionMethod, ReadState};

use crate::amount::Amount;
use crate::dom::{Dom, ParseLimit, parse};
use crate::encoding::decode;
use crate::extraction::{Extraction, PageInput};
use crate::merge;
use crate::page::Page;
use crate::product_json;
use crate::sources::{Found, embedded, json_ld, metas, microdata, rdfa, schema, selectors};
use crate::walls;

/// Longest page that is read, in bytes.
pub const LONGEST_PAGE: usize = 10 * 1024 * 1024;

/// Reads one page. Never fails: what cannot be read is a state with its reason.
pub fn extract(page: &PageInput<'_>) -> Extraction {
    if let Some(answer) = by_status(page) {
        return answer;
    }
    if page.body.len() > LONGEST_PAGE {
        return Extraction::empty(ReadState::TooLarge).warned("longer than 10 MiB");
    }
    if let Some(answer) = product_json::read(page) {
        return answer;
    }
    let text = decode(page.body, page.content_type);
    match parse(&text) {
        Ok(dom) => read(page, &dom),
        Err(ParseLimit::Depth) => Extraction::empty(ReadState::TooLarge).warned("nested too deeply"),
        Err(ParseLimit::Nodes) => Extraction::empty(ReadState::TooLarge).warned("too many elements"),
    }
}

/// What the status alone decides.
fn by_status(page: &PageInput<'_>) -> Option<Extraction> {
    let state = match page.status? {
        404 | 410 => ReadState::Gone,
        401 | 403 | 407 | 429 | 451 => ReadState::Blocked,
        503 if walls::in_bytes(page.body) => ReadState::Blocked,
        500.. => ReadState::Unreachable,
        _ => return None,
    };
    Some(Extraction::empty(state).warned(format!("the shop answered with status {}", page.status.unwrap_or_default())))
}

fn read(input: &PageInput<'_>, dom: &Dom<'_>) -> Extraction {
    let head = metas::read(dom);
    let page = Page::new(dom, head, input.url, &input.hints);
    let found = sources(&page);
    if let Some(reason) = walls::find(&page, &found) {
        return Extraction::empty(ReadState::Blocked).warned(reason);
    }
    merge::decide(&page, found)
}

/// All products stated in markup.
fn sources(page: &Page<'_>) -> Vec<Found> {
    let dom = page.dom;
    let mut found: Vec<Found> = selectors::read(dom.source, &page.hints.selectors).into_iter().collect();
    for script in json_ld::scripts(dom) {
        let documents = json_ld::documents(&script);
        found.extend(schema::products(&documents.values, ExtractionMethod::JsonLd, documents.mended));
    }
    for item in microdata::items(dom) {
        found.extend(schema::products(&[item], ExtractionMethod::Microdata, false));
    }
    for item in rdfa::items(dom) {
        found.extend(schema::products(&[item], ExtractionMethod::Rdfa, false));
    }
    found.extend(page.head.product.clone());
    if !agree(&found) {
        found.extend(embedded::product(page));
    }
    found
}

/// Whether markup states exactly one price.
fn agree(found: &[Found]) -> bool {
    let own = found.iter().filter(|product| !product.related).flat_map(|product| &product.offers);
    let amounts: HashSet<Amount> =
        own.filter_map(|offer| Amount::parse_plain(offer.price.as_deref()?.trim())).collect();
    amounts.len() == 1
}
