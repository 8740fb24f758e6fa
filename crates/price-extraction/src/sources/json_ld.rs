//! Scripts of type `application/ld+json`, with slips mended.

use std::borrow::Cow;

use crate::dom::{Dom, Tag, unescape};
use crate::json::{Documents, Json, parse_all};

/// The texts of all such scripts.
pub(crate) fn scripts<'a>(dom: &Dom<'a>) -> Vec<Cow<'a, str>> {
    let typed = dom.elements(Tag::Script).filter(|id| {
        let kind = dom.raw_attribute(*id, "type").unwrap_or("");
        kind.to_ascii_lowercase().contains("ld+json")
    });
    typed.map(|id| clean(dom.raw_text(id))).filter(|text| !text.trim().is_empty()).collect()
}

/// Takes away comment and CDATA wrappers, and character references that belong to no script.
fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let text = text.strip_prefix("<!--").map_or(text, |inner| inner.trim_end_matches("-->"));
    let text = text.trim().trim_start_matches("//").trim_start_matches("<![CDATA[");
    if text.trim_start().starts_with("{&quot;")
        || text.trim_start().starts_with("[{&quot;")
        || text.contains("{ &quot;")
    {
        return Cow::Owned(unescape(text).into_owned());
    }
    Cow::Borrowed(text)
}

/// All documents of a script, graphs and lists taken apart.
pub(crate) fn documents(text: &str) -> Documents<'_> {
    let mut documents = parse_all(text);
    let mut flat = Vec::new();
    for value in documents.values {
        flatten(value, &mut flat, 0);
    }
    documents.values = flat;
    documents
}

fn flatten<'a>(value: Json<'a>, into: &mut Vec<Json<'a>>, depth: usize) {
    match value {
        Json::List(items) if depth < 4 => items.into_iter().for_each(|item| flatten(item, into, depth + 1)),
        Json::Object(mut members) => {
            let graph = members.iter().position(|(key, _)| key == "@graph");
            if let Some(at) = graph {
                let (_, graph) = members.swap_remove(at);
                flatten(graph, into, depth + 1);
            }
            if members.iter().any(|(key, _)| key != "@context") {
                into.push(Json::Object(members));
            }
        }
        _ => {}
    }
}
