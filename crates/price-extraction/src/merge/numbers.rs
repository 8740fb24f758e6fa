//! Article numbers where markup has none: beside their labels on the page, the shop's also in the page's address.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use pricing_domain::Gtin;

use super::labelled::{BEGINS, Labelled, REACH};
use crate::dom::{Kind, NodeId};
use crate::gtins::gtin_in_text;
use crate::page::Page;
use crate::price_text::words::whole_word;
use crate::visible::zones::{Zone, Zones};

/// Labels of article numbers, in lower case.
const LABELS: [&str; 110] = [
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
    "produktnummer",
    "produkt-nr",
    "varenummer",
    "tuotenumero",
    "stok kodu",
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
    "style #",
    "style no",
    "style number",
    "style code",
    "item id",
    "product #",
    "ref",
    "artnr",
    "art-nr",
    "artikkelnummer",
    "tuotenro",
    "tuotekoodi",
    "id produktu",
    "symbol",
    "indeks",
    "číslo produktu",
    "objednací číslo",
    "číslo zboží",
    "kód položky",
    "商品番号",
    "商品コード",
    "品番",
    "商品编号",
    "货号",
    "상품번호",
    "상품코드",
    "mã sản phẩm",
    "mã sp",
    "รหัสสินค้า",
    "كود المنتج",
    "رقم المنتج",
    "מק\"ט",
    "κωδικός",
    "ürün kodu",
    "код товару",
    "каталожен номер",
    "šifra artikla",
    "šifra proizvoda",
    "preces kods",
    "prekės kodas",
    "código do produto",
    "kód",
    "kod",
    "κωδ",
    "رمز المنتج",
    "رقم الصنف",
    "מק״ט",
    "מספר קטלוגי",
    "管理番号",
    "型番",
    "код",
    "арт",
    "vörunúmer",
    "kods",
    "cod",
    "riferimento",
    "referência",
    "referentie",
    "artikelcode",
    "productcode",
    "código do artigo",
    "numéro d'article",
    "code article",
    "código de producto",
    "رمز التخزين",
];

/// Labels of the number that the whole trade uses.
const TRADE_LABELS: [&str; 35] = [
    "ean",
    "gtin",
    "isbn",
    "upc",
    "barcode",
    "jan code",
    "код ean",
    "штрихкод",
    "штрих-код",
    "kod kreskowy",
    "kod ean",
    "kód ean",
    "ean kód",
    "ean kod",
    "kod gtin",
    "vonalkód",
    "jan",
    "janコード",
    "バーコード",
    "바코드",
    "条形码",
    "條碼",
    "barkod",
    "código de barras",
    "code-barres",
    "code barre",
    "codice ean",
    "codice a barre",
    "streepjescode",
    "strichcode",
    "الباركود",
    "баркод",
    "国际条码",
    "國際條碼",
    "strekkode",
];
/// Labels of the maker's number.
const MAKER_LABELS: [&str; 25] = [
    "mpn",
    "manufacturer part number",
    "manufacturer's part number",
    "part number",
    "part no",
    "model number",
    "item model number",
    "model no",
    "mfr part",
    "mfg part",
    "hersteller-nr",
    "herstellernummer",
    "herstellerartikelnummer",
    "modellnummer",
    "référence fabricant",
    "référence constructeur",
    "numero modello",
    "codice produttore",
    "número de modelo",
    "kod producenta",
    "part number výrobce",
    "код производителя",
    "رقم الموديل",
    "gyártó cikkszáma",
    "gyártói cikkszám",
];

/// Most characters at the beginning of a text that are searched for a label.
const LONGEST_LABEL: usize = 40;

struct Labels {
    words: AhoCorasick,
    /// How many visible texts from the title they may stand.
    reach: i64,
}

impl Labels {
    fn new(labels: &[&str], reach: i64) -> Self {
        let words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(labels);
        Self { words: words.expect("the list of labels is small"), reach }
    }
}

static SHOP: LazyLock<Labels> = LazyLock::new(|| Labels::new(&LABELS, 80));
static TRADE: LazyLock<Labels> = LazyLock::new(|| Labels::new(&TRADE_LABELS, REACH));
static MAKER: LazyLock<Labels> = LazyLock::new(|| Labels::new(&MAKER_LABELS, REACH));

/// All labels of numbers.
pub(super) fn labels() -> impl Iterator<Item = &'static str> {
    LABELS.into_iter().chain(TRADE_LABELS).chain(MAKER_LABELS)
}

/// The shop's number beside its label, if one stands near the title.
pub(crate) fn beside_label(page: &Page<'_>, labelled: &Labelled) -> Option<String> {
    beside(page, labelled, &SHOP, |text, id| {
        as_number(text).or_else(|| as_code(text)).or_else(|| named_number(page, id, text))
    })
}

/// The trade's number beside its label; its check digit tells it from anything else.
pub(crate) fn gtin_beside_label(page: &Page<'_>, labelled: &Labelled) -> Option<Gtin> {
    beside(page, labelled, &TRADE, |text, _| gtin_in_text(text))
}

/// The trade's number in the middle of a description: “Holds up to 200 kg. EAN: 4006381333931”. Nothing but a right number
/// directly behind its label counts.
pub(crate) fn gtin_in_description(page: &Page<'_>, zones: &mut Zones<'_>) -> Option<Gtin> {
    const LONGEST: usize = 4_000;
    const SHORTEST_NUMBER: usize = 12;
    const NEAR: i64 = 400;
    let title = page.title_node?;
    page.around(title, 0..NEAR).find_map(|id| {
        let node = page.dom.node(id);
        let Kind::Text(text) = node.kind else { return None };
        let digits = text.as_bytes().chunk_by(|one, next| one.is_ascii_digit() && next.is_ascii_digit());
        let has_number = || digits.map(<[u8]>::len).any(|length| length >= SHORTEST_NUMBER);
        if !(SHORTEST_NUMBER..LONGEST).contains(&text.len())
            || page.dom.node(node.parent).tag.is_unseen()
            || !has_number()
        {
            return None;
        }
        let lower: String = text.chars().map(|c| c.to_ascii_lowercase()).collect();
        let found = TRADE.words.find_iter(&lower).find_map(|hit| {
            let number = lower[hit.end()..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：'));
            let length = number.bytes().take_while(u8::is_ascii_digit).count();
            let is_label = whole_word(&lower, hit.start(), hit.end()) && length >= SHORTEST_NUMBER;
            is_label.then(|| Gtin::parse(&number[..length]).ok()).flatten()
        })?;
        (!zones.around(node.parent).contains(Zone::ELSEWHERE)).then_some(found)
    })
}

/// The trade's number beside the label of the maker's: its length and its check digit tell it.
pub(crate) fn gtin_beside_makers_label(page: &Page<'_>, labelled: &Labelled) -> Option<Gtin> {
    let is_whole = |text: &str| (12..=14).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    beside(page, labelled, &MAKER, |text, _| Gtin::parse(&as_number(text).filter(|number| is_whole(number))?).ok())
}

/// A stated number without the label that some templates write into it: `COD. OEV-5L`.
pub(crate) fn without_label(number: String) -> String {
    let bare =
        |labels: &Labels| after_label(&number, labels).filter(|rest| rest.len() < number.len()).and_then(as_number);
    if number.contains(char::is_whitespace) { bare(&SHOP).unwrap_or(number) } else { number }
}

/// The maker's number beside its label.
pub(crate) fn mpn_beside_label(page: &Page<'_>, labelled: &Labelled) -> Option<String> {
    beside(page, labelled, &MAKER, |text, _| as_number(text))
}

/// The shop's number in an element named so near the title, whatever its label is called.
pub(crate) fn in_named_element(page: &Page<'_>, zones: &mut Zones<'_>) -> Option<String> {
    const NEAR: i64 = 80;
    let title = page.title_node?;
    page.around(title, -NEAR / 4..NEAR).find_map(|id| {
        let Kind::Text(text) = page.dom.node(id).kind else { return None };
        let parent = page.dom.node(id).parent;
        // Nothing but the number stands in it.
        let is_alone = page.dom.node(parent).end == id + 1 && parent + 1 == id;
        let found = is_alone.then(|| named_number(page, id, &crate::dom::unescape(text))).flatten()?;
        let is_label = found.len() < 3 || [&SHOP, &TRADE, &MAKER].iter().any(|all| after_label(&found, all).is_some());
        if is_label {
            return None;
        }
        (!zones.around(parent).contains(Zone::ELSEWHERE)).then_some(found)
    })
}

/// What stands after the first label, in the same text or in the next one.
fn beside<T>(
    page: &Page<'_>,
    labelled: &Labelled,
    labels: &Labels,
    accept: impl Fn(&str, NodeId) -> Option<T>,
) -> Option<T> {
    const LONGEST: usize = 80;
    let title = page.title_node?;
    for id in labelled.texts() {
        let Kind::Text(text) = page.dom.node(id).kind else { continue };
        if text.len() > LONGEST || page.distance(title, id).abs() > labels.reach {
            continue;
        }
        let text = crate::dom::unescape(text);
        // One line may hold several: `Product code: CP300 | Brand: Clayton`.
        let Some((text, rest)) = parts(&text).find_map(|part| Some((part, after_label(part, labels)?))) else {
            continue;
        };
        if is_bare_code(text) && !is_named_code(page, id) {
            continue;
        }
        let only_label = |word: &&str| rest.trim_end_matches(['.', ':']).eq_ignore_ascii_case(word);
        let found = if ["", "nr", "no", "code", "number", "13", "8"].iter().any(only_label) {
            following_text(page, id).and_then(|(next, text)| accept(&text, next))
        } else {
            accept(rest, id)
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The parts of a line that holds several labels with their values.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['|', '·', '•', ';']).flat_map(|part| part.split(" / ")).map(str::trim)
}

/// Whether a text begins with “code” and nothing more, which may also be that of a coupon.
fn is_bare_code(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or("").to_lowercase();
    first.ends_with(':') && matches!(first.trim_end_matches(':'), "kód" | "kod" | "код" | "kods")
}

/// Whether an element around a label is named as that of the article's code.
fn is_named_code(page: &Page<'_>, id: NodeId) -> bool {
    page.dom.ancestors(id).take(2).any(|above| {
        ["class", "id"].iter().filter_map(|name| page.dom.raw_attribute(above, name)).any(|value| {
            let value = value.to_ascii_lowercase();
            let is_coupon =
                ["coupon", "promo", "voucher", "discount", "rabat", "slev"].iter().any(|word| value.contains(word));
            !is_coupon && ["code", "sku", "kod", "article", "product"].iter().any(|word| value.contains(word))
        })
    })
}

/// What stands behind a label at the beginning of a text.
fn after_label<'t>(text: &'t str, labels: &Labels) -> Option<&'t str> {
    let lower: String = text.chars().take(LONGEST_LABEL).flat_map(char::to_lowercase).collect();
    let hit = labels.words.find(&lower)?;
    let is_label = hit.start() < BEGINS && whole_word(&lower, hit.start(), hit.end());
    // Small letters may be of another length than their capitals: then the places in both texts differ.
    let rest =
        is_label.then(|| text.char_indices().nth(lower[..hit.end()].chars().count()).map_or("", |(at, _)| &text[at..]));
    rest.map(|rest| rest.trim_start_matches(|c: char| !c.is_alphanumeric()).trim())
}

/// The shop's number in square brackets right behind the product's name, as osCommerce and Zen Cart write it.
pub(crate) fn in_brackets(page: &Page<'_>) -> Option<String> {
    let title = page.title_node?;
    let end = (page.dom.node(title).end + 4).min(page.dom.nodes.len() as NodeId);
    (title..end).find_map(|id| {
        let Kind::Text(text) = page.dom.node(id).kind else { return None };
        as_number(text.trim().strip_prefix('[')?.strip_suffix(']')?)
    })
}

pub(super) fn following_text(page: &Page<'_>, id: NodeId) -> Option<(NodeId, String)> {
    let end = page.dom.nodes.len().min(id as usize + 12) as NodeId;
    (id + 1..end).find_map(|next| match page.dom.node(next).kind {
        Kind::Text(text) if text.chars().any(char::is_alphanumeric) => {
            Some((next, crate::dom::unescape(text).trim().to_owned()))
        }
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

/// One word of capitals in several groups: `BRERA-NE`, `NVR-CK-GRI`.
fn as_code(text: &str) -> Option<String> {
    let text = text.trim();
    let groups = || text.split(['-', '_', '.']);
    let is_group = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_uppercase());
    ((4..=40).contains(&text.len()) && groups().count() > 1 && groups().all(is_group)).then(|| text.to_owned())
}

/// One word without a digit, in an element that is named as the article number.
fn named_number(page: &Page<'_>, id: NodeId, text: &str) -> Option<String> {
    const NAMES: [&str; 7] =
        ["sku", "product-sku", "product_sku", "productsku", "product-code", "product_code", "productcode"];
    let element = page.dom.node(id).parent;
    let named =
        |value: &str| value.split_ascii_whitespace().any(|name| NAMES.iter().any(|own| name.eq_ignore_ascii_case(own)));
    let is_named =
        ["class", "itemprop", "id"].iter().any(|name| page.dom.raw_attribute(element, name).is_some_and(named));
    let text = text.trim();
    let fits = (2..=40).contains(&text.len()) && text.split_whitespace().count() == 1;
    (is_named && fits && !text.eq_ignore_ascii_case("n/a")).then(|| text.to_owned())
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

#[cfg(test)]
mod tests {
    use super::{SHOP, TRADE, after_label, as_code, without_label};

    #[test]
    fn labels_are_known_in_any_case_and_script() {
        assert_eq!(after_label("Ürün Kodu: OK004-K", &SHOP), Some("OK004-K"));
        assert_eq!(after_label("АРТИКУЛ 4711", &SHOP), Some("4711"));
        assert_eq!(after_label("JANコード", &TRADE), Some(""));
        assert_eq!(after_label("Kod EAN", &TRADE), Some(""));
        assert_eq!(after_label("Eanes", &TRADE), None);
        assert_eq!(after_label("This SKU", &SHOP), None);
    }

    #[test]
    fn a_code_of_capitals_needs_several_groups() {
        assert_eq!(as_code("BRERA-NE").as_deref(), Some("BRERA-NE"));
        for other in ["N/A", "NONE", "Auf-Anfrage", "A--B", "-", "AB CD-EF"] {
            assert_eq!(as_code(other), None, "{other}");
        }
    }

    #[test]
    fn a_label_within_a_stated_number_is_left_out() {
        assert_eq!(without_label("COD. OEV-5L".to_owned()), "OEV-5L");
        assert_eq!(without_label("SKU: 4711".to_owned()), "4711");
        assert_eq!(without_label("AB 12 C".to_owned()), "AB 12 C");
    }
}
