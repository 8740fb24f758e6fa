//! The brand where markup has none: beside its label, or in an element near the name of the product that is called so.

use super::labelled::{LONGEST, Labelled, REACH};
use crate::dom::{Dom, Kind, NodeId, Tag, unescape};
use crate::merge::numbers::{following_text, parts};
use crate::page::{Page, words};
use crate::visible::zones::{Zone, Zones};
use crate::words::availability_in_text;

/// Labels of brands, in lower case.
const BRANDS: [&str; 40] = [
    "brand",
    "brand name",
    "marke",
    "marque",
    "marca",
    "merk",
    "marka",
    "značka",
    "márka",
    "brend",
    "бренд",
    "марка",
    "торговая марка",
    "торгова марка",
    "märke",
    "varumärke",
    "mærke",
    "merke",
    "varemerke",
    "merkki",
    "tuotemerkki",
    "bränd",
    "kaubamärk",
    "zīmols",
    "prekės ženklas",
    "μάρκα",
    "robna marka",
    "blagovna znamka",
    "ブランド",
    "ブランド名",
    "브랜드",
    "品牌",
    "แบรนด์",
    "ยี่ห้อ",
    "thương hiệu",
    "merek",
    "العلامة التجارية",
    "الماركة",
    "מותג",
    "ब्रांड",
];
/// Labels of makers, which count where no brand is named.
const MAKERS: [&str; 34] = [
    "manufacturer",
    "hersteller",
    "fabricant",
    "fabricante",
    "produttore",
    "fabrikant",
    "producent",
    "výrobce",
    "výrobca",
    "gyártó",
    "producător",
    "producator",
    "производитель",
    "виробник",
    "производител",
    "tillverkare",
    "produsent",
    "valmistaja",
    "tootja",
    "ražotājs",
    "gamintojas",
    "κατασκευαστής",
    "üretici",
    "proizvođač",
    "proizvajalec",
    "メーカー",
    "メーカー名",
    "제조사",
    "厂商",
    "製造商",
    "nhà sản xuất",
    "ผู้ผลิต",
    "יצרן",
    "الشركة المصنعة",
];
/// Labels of those who publish a game or a film, which count where nothing else is named. A book has no brand.
const PUBLISHERS: [&str; 16] = [
    "publisher",
    "éditeur",
    "editeur",
    "editore",
    "editorial",
    "editora",
    "uitgever",
    "uitgeverij",
    "verlag",
    "wydawca",
    "wydawnictwo",
    "nakladatelství",
    "nakladatel",
    "издательство",
    "出版社",
    "kiadó",
];
/// Words for a brand within the names of elements.
const NAMES: [&str; 10] =
    ["brand", "brandname", "manufacturer", "vendor", "hersteller", "marke", "marque", "marca", "merk", "producer"];
/// Words within the names of elements that hold a brand of the shop, or many.
const OTHER_NAMES: [&str; 22] = [
    "nav", "navbar", "header", "footer", "logo", "site", "bar", "menu", "list", "filter", "filters", "carousel",
    "slider", "label", "brands", "card", "item", "related", "cart", "image", "img", "story",
];
/// How many visible texts from the name of the product an element called so may stand.
const NEAR: i64 = 25;

/// All labels of brands and makers.
pub(super) fn labels() -> impl Iterator<Item = &'static str> {
    BRANDS.into_iter().chain(MAKERS).chain(PUBLISHERS)
}

/// The brand as the page shows it.
pub(crate) fn shown(page: &Page<'_>, zones: &mut Zones<'_>, labelled: &Labelled) -> Option<String> {
    let title = page.title_node?;
    beside(page, zones, labelled, &BRANDS)
        .or_else(|| beside(page, zones, labelled, &MAKERS))
        .or_else(|| called(page, zones, title))
}

/// Who publishes it.
pub(crate) fn publisher(page: &Page<'_>, zones: &mut Zones<'_>, labelled: &Labelled) -> Option<String> {
    beside(page, zones, labelled, &PUBLISHERS)
}

/// What stands after a label, in the same text or in the next one.
fn beside(page: &Page<'_>, zones: &mut Zones<'_>, labelled: &Labelled, labels: &[&str]) -> Option<String> {
    let title = page.title_node?;
    for id in labelled.texts() {
        let node = page.dom.node(id);
        let Kind::Text(text) = node.kind else { continue };
        if text.len() > LONGEST || !(-NEAR..REACH).contains(&page.distance(title, id)) {
            continue;
        }
        let text = unescape(text);
        let pair = |part: &str| match part.split_once([':', '：']) {
            Some((label, value)) => (label.trim().to_owned(), Some(value.trim().to_owned())),
            None => (part.trim().to_owned(), None),
        };
        let fits = |label: &str| label.chars().count() <= 20 && labels.contains(&label.to_lowercase().as_str());
        let Some((_, value)) = parts(&text).map(pair).find(|(label, _)| fits(label)) else { continue };
        if zones.around(node.parent).contains(Zone::ELSEWHERE) {
            continue;
        }
        let found = match value.as_deref() {
            Some("") => following_text(page, id).and_then(|(_, text)| as_brand(&text)),
            Some(value) => as_brand(value).or_else(|| as_brand(first_sentence(value)?)),
            None if is_cell(page, node.parent) || is_row_of_two(page, id) => {
                following_text(page, id).and_then(|(_, text)| as_brand(&text))
            }
            None => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The first of several sentences: “Dekker. 2200 W, with stand”. Short words may be abbreviations.
fn first_sentence(text: &str) -> Option<&str> {
    const SHORTEST: usize = 4;
    text.split_once(". ").map(|(first, _)| first).filter(|first| first.chars().count() >= SHORTEST)
}

/// Whether an element is the cell of a table of facts, or stands alone in one.
fn is_cell(page: &Page<'_>, id: NodeId) -> bool {
    let cells = [Tag::Th, Tag::Td, Tag::Dt, Tag::Label];
    page.dom.self_and_ancestors(id).take(3).any(|above| cells.contains(&page.dom.node(above).tag))
}

/// Whether a text stands in an element of its own in a row that holds nothing else but one more text: its value.
fn is_row_of_two(page: &Page<'_>, id: NodeId) -> bool {
    let dom = page.dom;
    let label = dom.node(id).parent;
    let texts = |element: NodeId| {
        let has_words =
            |id: &NodeId| matches!(dom.node(*id).kind, Kind::Text(text) if text.chars().any(char::is_alphanumeric));
        dom.descendants(element).filter(has_words).take(3).count()
    };
    let is_title = page.title_node.is_some_and(|title| dom.contains(title, id));
    !is_title && texts(label) == 1 && texts(dom.node(label).parent) == 2
}

/// The text of an element that is called a brand and stands near the name of the product.
fn called(page: &Page<'_>, zones: &mut Zones<'_>, title: NodeId) -> Option<String> {
    let dom = page.dom;
    let site = page.head.site_name.as_deref().map(words);
    page.around(title, -6..NEAR).find_map(|id| {
        let class = dom.raw_attribute(id, "class")?;
        if !class.split_ascii_whitespace().any(is_called) {
            return None;
        }
        let mut text = dom.text(id, 80);
        if text.trim().is_empty() {
            text = picture_words(dom, id)?;
        }
        let value = text.rsplit([':', '：']).next().unwrap_or(&text).trim();
        let value = value.strip_prefix("by ").unwrap_or(value);
        let is_named = page.title_likeness(value) > 0.6 || site.as_ref() != Some(&words(value));
        let brand = as_brand(value).filter(|_| is_named && !dom.contains(id, title))?;
        (!zones.around(id).contains(Zone::ELSEWHERE)).then_some(brand)
    })
}

/// What the picture in an element is called, where a logo stands for the words.
fn picture_words(dom: &Dom<'_>, id: NodeId) -> Option<String> {
    let picture = dom.descendants(id).find(|inner| dom.node(*inner).tag == Tag::Img)?;
    ["alt", "title"].iter().find_map(|name| Some(dom.attribute(picture, name)?.trim().to_owned()))
}

/// Whether one of an element's names is that of a brand: `product-brand`, `productView-brand`, not `navbar-brand`.
fn is_called(name: &str) -> bool {
    let mut spread = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            spread.push('-');
        }
        spread.push(c.to_ascii_lowercase());
    }
    let parts = || spread.split(['-', '_']).filter(|part| !part.is_empty());
    parts().any(|part| NAMES.contains(&part)) && !parts().any(|part| OTHER_NAMES.contains(&part))
}

/// A text that may be a brand: a few words, none of them about stock, and no number alone.
fn as_brand(text: &str) -> Option<String> {
    const OTHER: [&str; 8] = ["n/a", "none", "keine", "k.a.", "other", "unbranded", "details", "more"];
    let text = text.trim().trim_end_matches([',', ';', '|', '»', '›', '>']).trim();
    let lower = text.to_lowercase();
    let fits = (2..=40).contains(&text.chars().count())
        && text.split_whitespace().count() <= 5
        && text.chars().any(char::is_alphabetic)
        && !text.contains([':', '?', '!', '€', '$', '£', ','])
        && !OTHER.contains(&lower.as_str())
        && !BRANDS.contains(&lower.as_str())
        && !MAKERS.contains(&lower.as_str());
    (fits && availability_in_text(text).is_none()).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use crate::dom::parse;
    use crate::extraction::SiteHints;
    use crate::merge::labelled::Labelled;
    use crate::page::Page;
    use crate::sources::metas;
    use crate::visible::zones::Zones;

    fn brand(body: &str) -> Option<String> {
        let source = format!("<title>Mug | Shop</title>{body}");
        let dom = parse(&source).expect("within the limits");
        let hints = SiteHints::default();
        let page = Page::new(&dom, metas::read(&dom), "https://shop.example/mug", &hints);
        let mut zones = Zones::new(&dom, page.title_node);
        super::shown(&page, &mut zones, &Labelled::find(&page))
    }

    #[test]
    fn a_brand_is_read_beside_its_label() {
        for body in [
            "<h1>Mug</h1><table><tr><th>Hersteller<td>Kahla</table>",
            "<h1>Mug</h1><table><tr><th>Hersteller<td>Other GmbH<tr><th>Marke<td>Kahla</table>",
            "<h1>Mug</h1><dl><dt>Brand</dt><dd>Kahla</dd></dl>",
            "<h1>Mug</h1><p>Značka: <a href=/k>Kahla</a></p>",
            "<h1>Mug</h1><p>Brand: Kahla</p>",
            "<h1>Mug</h1><div class=row><div>Brand</div><div>Kahla</div></div><div class=row><div>Size</div><div>M</div></div>",
            "<h1>Mug</h1><div class=product-brand><a href=/k>Kahla</a></div>",
            "<div class='productView-brand'>by Kahla</div><h1>Mug</h1>",
            "<h1>Mug</h1><p>Product code: MG-1 | Brand: <a href=/k>Kahla</a></p>",
            "<h1>Mug</h1><p>Art.-Nr. MG-1 · Hersteller: Kahla</p>",
            "<h1>Mug</h1><p><span>Marka</span> : <a href=/k>Kahla</a></p>",
            "<h1>Mug</h1><p>Merk: Kahla. 300 ml, wit, met oor</p>",
            "<h1>Mug</h1><a class=brand_picture href=/k><img src=/k.png alt=Kahla></a>",
        ] {
            assert_eq!(brand(body).as_deref(), Some("Kahla"), "{body}");
        }
    }

    #[test]
    fn what_is_no_brand_of_the_product_is_left_out() {
        for body in [
            "<a class=navbar-brand>Shop</a><h1>Mug</h1>",
            "<h1>Mug</h1><p>Brand</p><p>Kahla</p>",
            "<h1>Mug</h1><p>Brand: see all the brands that we have in our shop</p>",
            "<h1>Mug</h1><div class=related-products><p>Brand: Kahla</p></div>",
            "<h1>Mug</h1><table><tr><th>Hersteller<td>Kahla GmbH, Weg 1, 07768 Kahla</table>",
        ] {
            assert_eq!(brand(body), None, "{body}");
        }
    }
}
