//! The shop's article number where markup has none: beside its label on the page, or in the page's address.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::dom::{Kind, NodeId};
use crate::page::Page;

/// Labels of article numbers, in lower case.
const LABELS: [&str; 40] = [
    "sku",
    "item no",
    "item number",
    "item #",
    "item code",
    "article no",
    "article number",
    "art. no",
    "art.no",
    "product code",
    "product id",
    "product number",
    "catalogue number",
    "cat. no",
    "art.-nr",
    "art.nr",
    "artikelnummer",
    "artikel-nr",
    "artikelnr",
    "artikel nr",
    "bestellnummer",
    "bestell-nr",
    "référence",
    "réf",
    "referencia",
    "código",
    "codice articolo",
    "codice prodotto",
    "nr ref",
    "nr kat",
    "kod produktu",
    "kód produktu",
    "kód tovaru",
    "kód zboží",
    "cikkszám",
    "cod produs",
    "артикул",
    "код товара",
    "tootekood",
    "商品編號",
];

static LABEL: LazyLock<AhoCorasick> = LazyLock::new(|| AhoCorasick::new(LABELS).expect("the list of labels is small"));

/// The number beside a label, if one stands near the title.
pub(crate) fn beside_label(page: &Page<'_>) -> Option<String> {
    let title = page.title_node?;
    for (id, node) in page.dom.nodes.iter().enumerate() {
        let Kind::Text(text) = node.kind else { continue };
        let id = id as NodeId;
        if text.len() > 80 || page.distance(title, id).abs() > 80 || page.dom.node(node.parent).tag.is_unseen() {
            continue;
        }
        let lower = text.trim().to_lowercase();
        let Some(hit) = LABEL.find(&lower).filter(|hit| hit.start() < 4) else { continue };
        let rest = lower[hit.end()..].trim_start_matches(|c: char| !c.is_alphanumeric()).trim();
        if rest.is_empty() || rest == "nr" || rest == "no" {
            let next = following_text(page, id);
            if let Some(number) = next.as_deref().and_then(as_number) {
                return Some(number);
            }
        } else if let Some(number) = text.trim().get(text.trim().len() - rest.len()..).and_then(as_number) {
            return Some(number);
        }
    }
    None
}

fn following_text(page: &Page<'_>, id: NodeId) -> Option<String> {
    let end = page.dom.nodes.len().min(id as usize + 12) as NodeId;
    (id + 1..end).find_map(|next| match page.dom.node(next).kind {
        Kind::Text(text) if text.chars().any(char::is_alphanumeric) => Some(text.trim().to_owned()),
        _ => None,
    })
}

/// One word with a digit, of a length that article numbers have.
fn as_number(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(|c: char| !c.is_alphanumeric());
    let fits = (3..=40).contains(&text.len())
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.split_whitespace().count() == 1;
    fits.then(|| text.to_owned())
}

/// Words of an address after which the product's number follows.
const BEFORE_NUMBER: [&str; 12] =
    ["dp", "p", "itm", "item", "product", "products", "products_id", "prd", "ip", "deal", "pd", "sku"];
/// Names of parameters that hold it.
const PARAMETERS: [&str; 12] = [
    "pid",
    "sku",
    "productid",
    "product_id",
    "itemid",
    "item_id",
    "item",
    "id",
    "prodid",
    "artnr",
    "goodsno",
    "goods_id",
];

/// The number in the address, only if the page itself repeats it.
pub(crate) fn in_address(page: &Page<'_>, source_has: impl Fn(&str) -> bool) -> Option<String> {
    let url = page.url.as_ref()?;
    let segments: Vec<String> = url.path_segments()?.filter(|segment| !segment.is_empty()).map(strip_ending).collect();
    let after_word =
        segments.windows(2).find(|pair| BEFORE_NUMBER.contains(&pair[0].as_str())).map(|pair| pair[1].clone());
    let of_parameters = || {
        let pairs = url
            .query_pairs()
            .find(|(name, value)| PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) && numeric(value));
        pairs.map(|(_, value)| value.into_owned())
    };
    let last_words =
        || segments.last().and_then(|last| last.rsplit(['-', '_', '.']).find(|word| coded(word)).map(str::to_owned));
    let direct = after_word.filter(|word| coded(word) || numeric(word));
    let found = direct
        .or_else(last_words)
        .or_else(of_parameters)
        .or_else(|| segments.iter().rev().find(|word| coded(word)).cloned())?;
    let number = found.strip_prefix("iid").unwrap_or(&found).to_owned();
    source_has(&number).then_some(number)
}

fn strip_ending(segment: &str) -> String {
    segment.strip_suffix(".html").or_else(|| segment.strip_suffix(".htm")).unwrap_or(segment).to_owned()
}

fn numeric(word: &str) -> bool {
    word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// At least five digits, or letters and digits mixed the way codes are.
fn coded(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let all_digits = digits == word.len() && digits >= 5;
    let mixed = digits >= 2 && (8..=16).contains(&word.len()) && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    plain && (all_digits || mixed)
}
