//! What shops say of stock without a number: `in_stock`, `0`, `https://schema.org/OutOfStock`.

use crate::cells::{NO, YES};

/// What words say of the pieces that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pieces {
    /// Some, nobody says how many.
    Some,
    /// None: sold out, or to be ordered or awaited.
    None,
}

const SOME: [&str; 7] =
    ["instock", "limitedavailability", "available", "lowstock", "onlineonly", "instoreonly", "limited"];
const NONE: [&str; 10] = [
    "outofstock",
    "soldout",
    "backorder",
    "onbackorder",
    "backordered",
    "preorder",
    "presale",
    "discontinued",
    "unavailable",
    "notavailable",
];

/// Reads a cell about stock; `None`: it says nothing of it.
pub(crate) fn pieces(text: &str) -> Option<Pieces> {
    let last = text.trim().rsplit('/').next().unwrap_or_default();
    let plain: String = last.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is_one_of = |words: &[&str]| words.contains(&plain.as_str());
    if is_one_of(&SOME) || is_one_of(YES) {
        Some(Pieces::Some)
    } else if is_one_of(&NONE) || is_one_of(NO) {
        Some(Pieces::None)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Pieces, pieces};

    #[test]
    fn words_of_shops_say_whether_there_is_anything() {
        for text in
            ["in_stock", "in stock", "In-Stock", "https://schema.org/InStock", "1", "yes", "limited_availability"]
        {
            assert_eq!(pieces(text), Some(Pieces::Some), "{text}");
        }
        for text in ["out_of_stock", "Out of stock", "preorder", "backorder", "0", "no", "sold out"] {
            assert_eq!(pieces(text), Some(Pieces::None), "{text}");
        }
        for text in ["", "soon", "7", "parent"] {
            assert_eq!(pieces(text), None, "{text}");
        }
    }
}
