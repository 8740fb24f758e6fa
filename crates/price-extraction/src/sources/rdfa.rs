//! `typeof` and `property` attributes of RDFa Lite, as the same values that JSON-LD gives.

use std::borrow::Cow;

use super::microdata::{give, local, property_text};
use crate::dom::{Dom, NodeId};
use crate::json::Json;

type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

struct Item<'a> {
    node: NodeId,
    members: Members<'a>,
    /// The property of the item above that this one is the value of.
    property: Option<&'a str>,
}

/// All typed items that are no property of another.
pub(crate) fn items<'a>(dom: &Dom<'a>) -> Vec<Json<'a>> {
    let mut top = Vec::new();
    let mut open: Vec<Item<'a>> = Vec::new();
    for id in 0..dom.nodes.len() as NodeId {
        if dom.attributes(id).is_empty() {
            continue;
        }
        while open.last().is_some_and(|item| !dom.contains(item.node, id)) {
            close(&mut open, &mut top);
        }
        let property =
            dom.raw_attribute(id, "property").or_else(|| dom.raw_attribute(id, "rel").filter(|_| !open.is_empty()));
        if let Some(kind) = dom.raw_attribute(id, "typeof").filter(|kind| !kind.trim().is_empty()) {
            let kinds = kind.split_ascii_whitespace().map(|kind| Json::Text(Cow::Borrowed(local(kind)))).collect();
            let members = vec![(Cow::Borrowed("@type"), Json::List(kinds))];
            open.push(Item { node: id, members, property: property.filter(|_| !open.is_empty()) });
        } else if let (Some(item), Some(names)) = (open.last_mut(), dom.raw_attribute(id, "property")) {
            let value = dom.attribute(id, "resource").or_else(|| property_text(dom, id));
            give(&mut item.members, names, value.map_or(Json::Null, Json::Text));
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut top);
    }
    top
}

fn close<'a>(open: &mut Vec<Item<'a>>, top: &mut Vec<Json<'a>>) {
    let Some(item) = open.pop() else { return };
    let value = Json::Object(item.members);
    match (item.property, open.last_mut()) {
        (Some(names), Some(owner)) => give(&mut owner.members, names, value),
        _ => top.push(value),
    }
}
