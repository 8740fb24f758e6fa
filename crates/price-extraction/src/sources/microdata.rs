//! `itemscope` and `itemprop` attributes, as the same values that JSON-LD gives.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::dom::{Dom, NodeId, Tag};
use crate::json::Json;

/// All items that are no property of another, with all inside them.
pub(crate) fn items<'a>(dom: &Dom<'a>) -> Vec<Json<'a>> {
    let mut reader = Reader { dom, owners: HashMap::new() };
    let top = reader.assign();
    top.into_iter().map(|id| reader.item(id, 0)).collect()
}

struct Reader<'d, 'a> {
    dom: &'d Dom<'a>,
    /// The properties of each item.
    owners: HashMap<NodeId, Vec<NodeId>>,
}

impl<'a> Reader<'_, 'a> {
    /// Gives each property to the nearest item above it. Returns the items that are no property.
    fn assign(&mut self) -> Vec<NodeId> {
        let mut top = Vec::new();
        let mut open: Vec<NodeId> = Vec::new();
        for id in 0..self.dom.nodes.len() as NodeId {
            if self.dom.attributes(id).is_empty() {
                continue;
            }
            while open.last().is_some_and(|item| !self.dom.contains(*item, id)) {
                open.pop();
            }
            let scope = self.dom.raw_attribute(id, "itemscope").is_some();
            let property = self.dom.raw_attribute(id, "itemprop").is_some_and(|names| !names.trim().is_empty());
            match open.last() {
                Some(owner) if property => self.owners.entry(*owner).or_default().push(id),
                Some(_) => {}
                // Properties without any item around them are given to the page as a whole.
                None if property && !scope => self.owners.entry(0).or_default().push(id),
                None => {}
            }
            if scope {
                let owned = property && !open.is_empty();
                if !owned {
                    top.push(id);
                }
                open.push(id);
            }
        }
        if self.owners.contains_key(&0) {
            top.push(0);
        }
        top
    }

    fn item(&self, id: NodeId, depth: usize) -> Json<'a> {
        let mut members = Vec::new();
        if let Some(kind) = self.dom.raw_attribute(id, "itemtype") {
            let kinds = kind.split_ascii_whitespace().map(|kind| Json::Text(Cow::Borrowed(kind))).collect();
            members.push((Cow::Borrowed("@type"), Json::List(kinds)));
        }
        for property in self.owners.get(&id).map_or(&[][..], Vec::as_slice) {
            let names = self.dom.raw_attribute(*property, "itemprop").unwrap_or("");
            let value = self.value(*property, depth);
            for name in names.split_ascii_whitespace() {
                let name = name.rsplit(['/', '#']).next().unwrap_or(name);
                add(&mut members, name, value.clone());
            }
        }
        Json::Object(members)
    }

    fn value(&self, id: NodeId, depth: usize) -> Json<'a> {
        if self.dom.raw_attribute(id, "itemscope").is_some() && depth < 8 {
            return self.item(id, depth + 1);
        }
        property_text(self.dom, id).map_or(Json::Null, Json::Text)
    }
}

/// The value of a property's element: its `content`, its address, or its text.
pub(crate) fn property_text<'a>(dom: &Dom<'a>, id: NodeId) -> Option<Cow<'a, str>> {
    let attribute = |name| dom.attribute(id, name);
    if let Some(content) = attribute("content").filter(|content| !content.trim().is_empty()) {
        return Some(content);
    }
    match dom.node(id).tag {
        Tag::A | Tag::Link | Tag::Area => attribute("href"),
        Tag::Img | Tag::Source | Tag::Embed | Tag::Iframe => attribute("src"),
        Tag::Data | Tag::Input | Tag::Other => attribute("value").or_else(|| Some(Cow::Owned(dom.text(id, 400)))),
        Tag::Time => attribute("datetime"),
        Tag::Meta => attribute("content").or_else(|| attribute("value")),
        _ => Some(Cow::Owned(dom.text(id, 400))),
    }
}

/// Adds a member; a second value of the same name makes a list.
pub(crate) fn add<'a>(members: &mut Vec<(Cow<'a, str>, Json<'a>)>, name: &str, value: Json<'a>) {
    match members.iter_mut().find(|(known, _)| known == name) {
        None => members.push((Cow::Owned(name.to_owned()), value)),
        Some((_, Json::List(items))) => items.push(value),
        Some((_, known)) => {
            let first = std::mem::replace(known, Json::Null);
            *known = Json::List(vec![first, value]);
        }
    }
}
