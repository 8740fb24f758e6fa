//! What the visible page says about stock, near the title and the price.

use std::ops::Range;

use pricing_domain::Availability;

use super::buttons::{is_off, label};
use super::zones::{Zone, Zones};
use crate::dom::{Dom, Kind, NodeId, Tag};
use crate::page::Page;
use crate::price_text::mentions::{mentions, normalise};
use crate::words::availability_in_text;

/// What was found, and how strongly it is meant for this product.
#[derive(Clone, Debug)]
pub(crate) struct Stock {
    pub availability: Availability,
    pub weight: f64,
    pub node: NodeId,
    pub text: String,
}

/// How many visible texts from the title or the price words about stock may stand: beyond, [`read`] gives them no weight.
const NEAR: Range<i64> = -60..121;

/// Whether a text speaks of fetching the product from a branch, which says nothing about ordering it.
fn speaks_of_stores(text: &str) -> bool {
    const BRANCHES: [&str; 24] = [
        "pick up",
        "pickup",
        "pick-up",
        "nearby store",
        "in store",
        "in-store",
        "this store",
        "your store",
        "collection",
        "filiale",
        "markt",
        "abholung",
        "en magasin",
        "retrait",
        "en tienda",
        "in negozio",
        "ritiro",
        "in de winkel",
        "w sklepie",
        "na prodejn",
        "predajn",
        "в магазин",
        "i butik",
        "kaupluses",
    ];
    let lower = text.to_lowercase();
    BRANCHES.iter().any(|word| lower.contains(word))
}

/// Whether the text that follows goes on about branches: “Available in” and then “2 stores”.
fn next_speaks_of_stores(dom: &Dom<'_>, id: NodeId) -> bool {
    const REACH: NodeId = 6;
    const LONGEST: usize = 40;
    let last = (id + 1 + REACH).min(dom.nodes.len() as NodeId);
    let next = (id + 1..last).find_map(|next| match dom.node(next).kind {
        Kind::Text(text) if text.chars().any(char::is_alphanumeric) => Some(text),
        _ => None,
    });
    next.is_some_and(|text| text.len() < LONGEST && speaks_of_stores(text))
}

/// What the class names of an element about stock say, where its words are of no known language:
/// `class="stock out-of-stock"`, `class="outofstock availability"`.
fn named(dom: &Dom<'_>, element: NodeId, text: &str) -> Option<Availability> {
    const LONGEST: usize = 60;
    if text.len() > LONGEST || !text.chars().any(char::is_alphabetic) {
        return None;
    }
    let class = dom.raw_attribute(element, "class")?.to_ascii_lowercase();
    let has = |names: &[&str]| class.split_ascii_whitespace().any(|name| names.contains(&name));
    if !has(&["availability", "stock", "stock-status", "product-availability", "availability-status"]) {
        return None;
    }
    match () {
        () if has(&["outofstock", "out-of-stock", "out_of_stock", "unavailable", "sold-out", "soldout"]) => {
            Some(Availability::OutOfStock)
        }
        () if has(&["instock", "in-stock", "in_stock", "available"]) => Some(Availability::InStock),
        () => None,
    }
}

/// Whether words stand in a badge that themes keep on every page and show by the names of the elements around it:
/// `<span class="badge price__badge--sold-out">`, shown where one around it is named `price--sold-out`.
fn is_spare_badge(dom: &Dom<'_>, element: NodeId) -> bool {
    let class = |id: NodeId| dom.raw_attribute(id, "class").unwrap_or("").to_ascii_lowercase();
    let is_sold_out = |name: &str| ["sold-out", "soldout", "sold_out"].iter().any(|said| name.contains(said));
    let is_badge = |id: &NodeId| {
        let name = class(*id);
        is_sold_out(&name) && ["badge", "label", "tag", "flag", "sticker"].iter().any(|said| name.contains(said))
    };
    let Some(badge) = dom.self_and_ancestors(element).take(3).find(is_badge) else { return false };
    let around = dom.ancestors(badge).take(4);
    !around.into_iter().any(|id| is_sold_out(&class(id)) && !is_badge(&id))
}

/// Whether an element stands in a row with a price of its own, in a list or table of which another such row can be bought:
/// seats, sizes, packs.
fn is_row_of_many(dom: &Dom<'_>, element: NodeId) -> bool {
    const LONGEST: usize = 80;
    /// How many nodes around the row are looked at.
    const AROUND: NodeId = 200;
    let is_row = |id: &NodeId| matches!(dom.node(*id).tag, Tag::Tr | Tag::Li);
    let Some(row) = dom.self_and_ancestors(element).take(3).find(is_row) else { return false };
    let says_buyable = |text: &str| {
        text.len() <= LONGEST && availability_in_text(&crate::dom::unescape(text)).is_some_and(Availability::buyable)
    };
    let is_priced = |row: NodeId| {
        mentions(&normalise(&dom.text(row, LONGEST))).iter().any(|mention| !mention.currencies.is_empty())
    };
    let list = dom.descendants(dom.node(row).parent);
    let near = list.start.max(row.saturating_sub(AROUND))..list.end.min(row + AROUND);
    is_priced(row)
        && near.into_iter().filter(|id| !dom.contains(row, *id)).any(|id| match dom.node(id).kind {
            Kind::Text(text) if says_buyable(text) => {
                dom.ancestors(id).take(3).find(|above| is_row(above)).is_some_and(is_priced)
            }
            _ => false,
        })
}

/// What a button that is switched off says of stock, where its words are its value: `<input disabled value="Sold out">`.
fn said_by_button(dom: &Dom<'_>, id: NodeId) -> Option<(Availability, String)> {
    if dom.node(id).tag != Tag::Input || !is_off(dom, id) {
        return None;
    }
    let said = label(dom, id);
    let availability = availability_in_text(&said).filter(|said| !said.buyable())?;
    Some((availability, said))
}

/// Reads the words about stock. `anchor` is where the price stands, if it is known; `is_bought`: a button buys the product.
pub(crate) fn read(page: &Page<'_>, zones: &mut Zones<'_>, anchor: Option<NodeId>, is_bought: bool) -> Option<Stock> {
    let mut best: Option<Stock> = None;
    let (near_title, near_price) =
        (page.title_node.map(|node| page.around(node, NEAR)), anchor.map(|node| page.around(node, NEAR)));
    let ranges = [near_title, near_price].map(Option::unwrap_or_default);
    let first = ranges.iter().filter(|range| !range.is_empty()).map(|range| range.start).min().unwrap_or(0);
    let end = ranges.iter().map(|range| range.end).max().unwrap_or(0);
    for id in (first..end).filter(|id| ranges.iter().any(|range| range.contains(id))) {
        let parent = page.dom.node(id).parent;
        let by_button = said_by_button(page.dom, id);
        let text = match (page.dom.node(id).kind, &by_button) {
            (Kind::Text(text), _) => text,
            (_, Some((_, said))) => said.as_str(),
            _ => continue,
        };
        if text.len() < 2 || text.len() > 160 || page.dom.node(parent).tag.is_unseen() {
            continue;
        }
        let near = |from: NodeId| {
            let distance = page.distance(from, id);
            let distance = if distance < 0 { -2 * distance } else { distance };
            30.0 / (30.0 + distance as f64)
        };
        let nearness = page.title_node.map_or(0.0, near).max(anchor.map_or(0.0, near));
        if nearness < 0.2 {
            continue;
        }
        let said = by_button.as_ref().map(|(said, _)| *said);
        let said = said.or_else(|| availability_in_text(&crate::dom::unescape(text)));
        let Some(availability) = said.or_else(|| named(page.dom, parent, text)) else { continue };
        if !availability.buyable() && (speaks_of_stores(text) || is_bought && is_spare_badge(page.dom, parent))
            || availability.buyable() && page.dom.ancestors(parent).chain([parent]).any(|id| is_off(page.dom, id))
        {
            continue;
        }
        if !availability.buyable() && is_row_of_many(page.dom, parent) {
            continue;
        }
        let zone = zones.around(parent);
        if zone.contains(Zone::ELSEWHERE) || zone.contains(Zone::HIDDEN) || zone.contains(Zone::OPTION) {
            continue;
        }
        let telling = if zone.contains(Zone::STOCK) { 1.5 } else { 1.0 };
        let length = if text.trim().chars().count() > 100 { 0.5 } else { 1.0 };
        // What branches have says little about ordering: a refusal beside it counts.
        let elsewhere = availability.buyable() && (speaks_of_stores(text) || next_speaks_of_stores(page.dom, id));
        let weight = nearness * telling * length * if elsewhere { 0.5 } else { 1.0 };
        let decided = if availability == Availability::InStock { weight } else { weight * 1.1 };
        if best.as_ref().is_none_or(|known| decided > known.weight) {
            best = Some(Stock { availability, weight: decided, node: id, text: text.trim().to_owned() });
        }
    }
    best
}
