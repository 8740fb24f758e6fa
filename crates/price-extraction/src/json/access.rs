//! Asking a value for its members, in the forgiving ways that pages need.

use super::Json;

impl<'a> Json<'a> {
    /// A member by its name in any case.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        match self {
            Json::Object(members) => {
                members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The first member that is there and not null.
    pub fn first_of(&self, names: &[&str]) -> Option<&Json<'a>> {
        names.iter().find_map(|name| self.get(name).filter(|value| **value != Json::Null))
    }

    /// A text or number as text, trimmed and not empty.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) | Json::Number(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// The items of a list; any other value as its only item.
    pub fn items(&self) -> &[Json<'a>] {
        match self {
            Json::List(items) => items,
            other => std::slice::from_ref(other),
        }
    }
}
