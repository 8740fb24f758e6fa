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
            give(&mut members, names, self.value(*property, depth));
        }
        Json::Object(members)
    }

    /// The words of a link that a shop marks as the brand or the name: its address is meant by nobody.
    fn words_of_link(&self, id: NodeId) -> Option<Cow<'a, str>> {
        const IN_WORDS: [&str; 5] = ["brand", "manufacturer", "name", "sku", "model"];
        let names = self.dom.raw_attribute(id, "itemprop").filter(|_| self.dom.node(id).tag == Tag::A)?;
        let is_in_words = names.split_ascii_whitespace().any(|name| IN_WORDS.contains(&local(name)));
        let words = is_in_words.then(|| self.dom.text(id, 400))?;
        (!words.is_empty() && self.dom.raw_attribute(id, "content").is_none()).then_some(Cow::Owned(words))
    }

    fn value(&self, id: NodeId, depth: usize) -> Json<'a> {
        if self.dom.raw_attribute(id, "itemscope").is_some() && depth < 8 {
            return self.item(id, depth + 1);
        }
        self.words_of_link(id).or_else(|| property_text(self.dom, id)).map_or(Json::Null, Json::Text)
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

/// Adds a value under its names. An item is given to one of them only: copies of items within copies would grow without
/// bound.
pub(crate) fn give<'a>(members: &mut Vec<(Cow<'a, str>, Json<'a>)>, names: &str, value: Json<'a>) {
    const MOST_NAMES: usize = 8;
    let mut names = names.split_ascii_whitespace().map(local).take(MOST_NAMES);
    match value {
        Json::Object(_) | Json::List(_) => {
            let offers = names.clone().find(|name| name.eq_ignore_ascii_case("offers"));
            if let Some(name) = offers.or_else(|| names.next()) {
                add(members, name, value);
            }
        }
        plain => names.for_each(|name| add(members, name, plain.clone())),
    }
}

/// `schema:price`, `http://schema.org/price` → `price`.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}

/// Adds a member; a second value of the same name makes a list.
fn add<'a>(members: &mut Vec<(Cow<'a, str>, Json<'a>)>, name: &str, value: Json<'a>) {
    match members.iter_mut().find(|(known, _)| known == name) {
        None => members.push((Cow::Owned(name.to_owned()), value)),
        Some((_, Json::List(items))) => items.push(value),
        Some((_, known)) => {
            let first = std::mem::replace(known, Json::Null);
            *known = Json::List(vec![first, value]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::items;
    use crate::dom::parse;
    use crate::json::Json;

    fn size(value: &Json<'_>) -> usize {
        match value {
            Json::List(items) => 1 + items.iter().map(size).sum::<usize>(),
            Json::Object(members) => 1 + members.iter().map(|(_, value)| size(value)).sum::<usize>(),
            _ => 1,
        }
    }

    #[test]
    fn items_within_items_of_many_names_do_not_multiply() {
        let names = (0..500).map(|number| format!("n{number}")).collect::<Vec<_>>().join(" ");
        let inner = format!("<div itemscope itemprop=\"{names}\" typeof=T property=\"{names}\">").repeat(30);
        let page = format!("<div itemscope typeof=T>{inner}<b itemprop=\"{names}\" property=\"{names}\">5");
        let dom = parse(&page).expect("within the limits");
        for found in [items(&dom), crate::sources::rdfa::items(&dom)] {
            let size: usize = found.iter().map(size).sum();
            assert!((1..200).contains(&size), "{size} values");
        }
    }

    #[test]
    fn an_item_of_several_names_is_found_as_the_offer() {
        let page = "<div itemscope><p itemscope itemprop=\"mainEntity offers\"><b itemprop=price>5</b></p></div>";
        let dom = parse(page).expect("within the limits");
        assert!(items(&dom)[0].get("offers").and_then(|offer| offer.get("price")).is_some());
    }
}
