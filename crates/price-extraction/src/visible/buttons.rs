//! The button that buys.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use pricing_domain::Availability;

use super::zones::{Zone, Zones};
use crate::dom::{Dom, NodeId, Tag};
use crate::page::Page;
use crate::words::availability_in_text;

/// Parts of names that shops give to the button.
const NAMES: [&str; 12] = [
    "addtocart",
    "add-to-cart",
    "add_to_cart",
    "addtobasket",
    "add-to-basket",
    "addtobag",
    "add-to-bag",
    "buy-now",
    "buynow",
    "btn-buy",
    "to-cart",
    "buy-button",
];

static MATCHER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder().ascii_case_insensitive(true).build(NAMES).expect("the list of names is small")
});

/// The buying button nearest to the title.
pub(crate) fn find(page: &Page<'_>, zones: &mut Zones<'_>) -> Option<NodeId> {
    let mut best: Option<(i64, NodeId)> = None;
    for id in 0..page.dom.nodes.len() as NodeId {
        let tag = page.dom.node(id).tag;
        let clickable = matches!(tag, Tag::Button | Tag::Input | Tag::A)
            || matches!(tag, Tag::Div | Tag::Span) && page.dom.raw_attribute(id, "role") == Some("button");
        if !clickable {
            continue;
        }
        let distance = page.title_node.map_or(0, |title| page.distance(title, id));
        let distance = if distance < 0 { -3 * distance } else { distance };
        let nearer = best.is_none_or(|(known, _)| distance < known);
        if nearer && buys(page, id) && !zones.around(id).contains(Zone::ELSEWHERE) {
            best = Some((distance, id));
        }
    }
    best.map(|(_, id)| id)
}

/// Whether a form that puts the product into a basket stands after the title, whatever its button says. One whose button
/// is switched off does not count.
pub(crate) fn has_form(page: &Page<'_>, zones: &mut Zones<'_>) -> bool {
    const ACTIONS: [&str; 5] = ["cart/add", "basket/add", "add_to_cart", "addtocart", "cart_add"];
    let dom = page.dom;
    let adds = |id: NodeId| {
        let action = dom.raw_attribute(id, "action").unwrap_or("").to_ascii_lowercase();
        is_named(dom, id) || ACTIONS.iter().any(|known| action.contains(known))
    };
    let forms = dom.elements(Tag::Form).filter(|id| page.title_node.is_none_or(|title| dom.node(*id).end > title));
    let forms: Vec<NodeId> = forms.filter(|id| adds(*id)).collect();
    forms.into_iter().any(|form| {
        !dom.descendants(form).any(|inner| is_off(dom, inner)) && !zones.around(form).contains(Zone::ELSEWHERE)
    })
}

/// Whether a button is switched off.
pub(crate) fn is_off(dom: &Dom<'_>, id: NodeId) -> bool {
    matches!(dom.node(id).tag, Tag::Button | Tag::Input) && dom.raw_attribute(id, "disabled").is_some()
}

/// Whether an element set aside holds exactly one buying button, as the box beside a product does.
pub(crate) fn is_buy_box(dom: &Dom<'_>, id: NodeId) -> bool {
    const LARGEST: usize = 400;
    let buying = |inner: &NodeId| {
        matches!(dom.node(*inner).tag, Tag::Button | Tag::Input)
            && (is_named(dom, *inner) || availability_in_text(&label(dom, *inner)) == Some(Availability::InStock))
    };
    dom.descendants(id).len() <= LARGEST && dom.descendants(id).filter(buying).take(2).count() == 1
}

/// Whether its name says that a button buys.
pub(crate) fn is_named(dom: &Dom<'_>, id: NodeId) -> bool {
    ["class", "id", "name", "data-testid", "data-test"]
        .iter()
        .any(|name| dom.raw_attribute(id, name).is_some_and(|value| MATCHER.is_match(value)))
}

/// What a button says.
pub(crate) fn label(dom: &Dom<'_>, id: NodeId) -> String {
    match dom.node(id).tag {
        Tag::Input => dom.attribute(id, "value").map(Into::into).unwrap_or_default(),
        _ => dom.text(id, 60),
    }
}

fn buys(page: &Page<'_>, id: NodeId) -> bool {
    if page.dom.raw_attribute(id, "disabled").is_some() {
        return false;
    }
    let (named, text) = (is_named(page.dom, id), label(page.dom, id));
    let says = text.chars().count() <= 45
        && availability_in_text(&text)
            .is_some_and(|said| matches!(said, Availability::InStock | Availability::PreOrder));
    says || named && !matches!(availability_in_text(&text), Some(Availability::OutOfStock | Availability::SoldOut))
}
