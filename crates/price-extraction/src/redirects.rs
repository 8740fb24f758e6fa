//! Where a shop leads the address of a product it no longer has: its first page, or the list that the product was in.

use pricing_domain::ReadState;
use url::Url;

use crate::extraction::{Extraction, PageInput};
use crate::page::words;
use crate::reading::extract;

/// Last parts of addresses that stand for their folder.
const INDEXES: [&str; 6] = ["index.html", "index.htm", "index.php", "index.aspx", "default.aspx", "home"];
/// Beginnings of parameters that name no page.
const TRACKING: [&str; 6] = ["utm_", "gclid", "fbclid", "ref", "srsltid", "msclkid"];

/// Reads the page that answered for the address `asked`. Where the shop led it to a page above, and that names nothing of
/// the address, the product is gone, whatever that page sells.
pub fn extract_for(asked: &str, page: &PageInput<'_>) -> Extraction {
    let answer = extract(page);
    let (Ok(asked), Ok(led_to)) = (Url::parse(asked.trim()), Url::parse(page.url.trim())) else { return answer };
    let was_read =
        !matches!(answer.state, ReadState::Blocked | ReadState::Gone | ReadState::TooLarge | ReadState::Unreachable);
    let Some(reason) = was_read.then(|| led_above(&asked, &led_to)).flatten() else { return answer };
    if names_asked(&asked, &answer) {
        return answer;
    }
    Extraction::empty(ReadState::Gone).warned(reason)
}

/// Why the page that answered is none of a product, where it stands above the one asked for.
fn led_above(asked: &Url, led_to: &Url) -> Option<&'static str> {
    let (own, other) = (segments(asked), segments(led_to));
    let lost_query = names_page(asked) && !names_page(led_to);
    let is_above = other.len() < own.len() && own.starts_with(&other) || other == own && lost_query;
    let is_first = other.is_empty() || matches!(&other[..], [only] if is_locale(only));
    match () {
        () if is_first && (other.len() < own.len() || other == own && lost_query) => {
            Some("the shop leads this address to its first page: the product is gone")
        }
        () if is_above => Some("the shop leads this address to a page above it: the product is gone"),
        () => None,
    }
}

/// The parts of a path, without one that stands for its folder.
fn segments(url: &Url) -> Vec<String> {
    let parts = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).map(str::to_ascii_lowercase);
    let mut parts: Vec<String> = parts.collect();
    if parts.last().is_some_and(|last| INDEXES.contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// Whether parameters name the page: `?p=123`.
fn names_page(url: &Url) -> bool {
    url.query_pairs().any(|(name, value)| {
        let name = name.to_ascii_lowercase();
        !value.is_empty() && !TRACKING.iter().any(|known| name.starts_with(known))
    })
}

/// `de`, `en-gb`, `de_AT`.
fn is_locale(part: &str) -> bool {
    let bytes = part.as_bytes();
    bytes.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
        && (bytes.len() == 2 || bytes.len() == 5 && matches!(bytes[2], b'-' | b'_'))
}

/// Whether the page names the product that the address asked for: most words of the address are in its title, or one of
/// its numbers is in the address.
fn names_asked(asked: &Url, answer: &Extraction) -> bool {
    let said = words(&segments(asked).pop().unwrap_or_default());
    let title = words(answer.title.as_deref().unwrap_or(""));
    let shared = said.iter().filter(|word| title.contains(word)).count();
    let gtin = answer.gtin.map(|gtin| gtin.to_string());
    let numbers = [answer.sku.as_deref(), answer.mpn.as_deref(), gtin.as_deref()];
    let is_numbered = numbers
        .into_iter()
        .flatten()
        .any(|number| said.iter().any(|word| word.len() > 2 && word.eq_ignore_ascii_case(number)));
    is_numbered || shared >= 2 && shared * 2 > said.len()
}

#[cfg(test)]
mod tests {
    use pricing_domain::ReadState;

    use super::extract_for;
    use crate::extraction::{PageInput, SiteHints};

    fn state(asked: &str, url: &str, title: &str) -> ReadState {
        let body = format!(
            "<title>{title}</title><h1>{title}</h1><p>Deal of the day: Toaster T1 <b class=price>29,99 €</b> <button>Add to cart</button></p>"
        );
        let hints = SiteHints::default();
        let page = PageInput { body: body.as_bytes(), content_type: None, status: Some(200), url, hints };
        extract_for(asked, &page).state
    }

    #[test]
    fn an_address_that_leads_to_a_page_above_it_is_gone() {
        for (asked, url) in [
            ("https://shop.example/p/6", "https://shop.example/"),
            ("https://shop.example/p/6", "https://www.shop.example/de"),
            ("https://shop.example/kettles/zenith-k200.html", "https://shop.example/kettles/"),
            ("https://shop.example/?p=612", "https://shop.example/?utm_source=x"),
        ] {
            assert_eq!(state(asked, url, "Shop"), ReadState::Gone, "{asked} {url}");
        }
    }

    #[test]
    fn other_redirects_change_nothing() {
        for (asked, url, title) in [
            ("https://shop.example/p/6", "https://shop.example/p/6/", "Shop"),
            ("https://shop.example/p/6/index.html", "https://shop.example/p/6/", "Shop"),
            ("http://shop.example/", "https://shop.example/", "Shop"),
            ("https://shop.example/p/toaster-t1", "https://shop.example/p/toaster-t1?v=2", "Shop"),
            ("https://shop.example/p/6", "https://shop.example/toaster-t1", "Toaster T1"),
            ("https://shop.example/p/612/toaster-t1", "https://shop.example/p/612", "Toaster T1"),
            ("https://shop.example/p/toaster-t1", "https://shop.example/", "Toaster T1"),
        ] {
            assert_eq!(state(asked, url, title), ReadState::Product, "{asked} {url}");
        }
    }
}
