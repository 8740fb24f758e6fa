//! The role of an amount that stands alone in its element, told by the words beside that element: a label before it
//! (`Shipping:`, `RRP`), a unit after it (`/ kg`, `per month`).

use crate::dom::{Dom, Kind, NodeId, Tag};
use crate::price_text::conditions::{is_coupon_note, says_lowest_of_days};
use crate::price_text::mentions::{mentions, normalise};
use crate::price_text::words::{Role, is_label, is_mostly_said, role_after, role_before};

/// How many nodes away a neighbour may stand.
const REACH: NodeId = 8;
/// Longest text that is a label.
const LONGEST_LABEL: usize = 60;
/// Longest text that says of which days an amount was the lowest.
const LONGEST_OF_DAYS: usize = 120;
/// Words that lead from a price to what it is for.
const LEADING: [&str; 12] = ["/", "per ", "pro ", "par ", "por ", "al ", "je ", "za ", "за ", "a ", "p/", "/ "];

/// What the words beside an element say of the amount in it.
pub(crate) fn role_beside(dom: &Dom<'_>, id: NodeId) -> Option<Role> {
    before(dom, id).or_else(|| after(dom, id))
}

fn before(dom: &Dom<'_>, id: NodeId) -> Option<Role> {
    // A colon may stand in a text of its own: `<b>RRP</b>: <b>10 €</b>`.
    let has_words = |(_, text): &(NodeId, &str)| text.chars().any(char::is_alphanumeric);
    let mut texts = (id.saturating_sub(REACH)..id).rev().filter_map(|near| seen_text(dom, near));
    let (label, text) = texts.find(has_words)?;
    let text = crate::dom::unescape(text);
    let text = text.trim();
    let same_element = dom.node(label).parent == dom.node(id).parent;
    if text.len() <= LONGEST_OF_DAYS && says_lowest_of_days(text) && relatives(dom, label, id) {
        return Some(Role::Was);
    }
    let has_digits = text.chars().any(|c| c.is_ascii_digit());
    if text.len() > LONGEST_LABEL || has_digits && !same_element || !relatives(dom, label, id) {
        return None;
    }
    if speaks_of_tax(text) {
        return None;
    }
    // Words in the same element are one sentence with the amount; words in another must be a label as a whole.
    let role = role_before(text)?;
    (same_element || text.ends_with(':') || is_label(text)).then_some(role)
}

/// Whether an amount has a label that is no known word for a price: “Sample: 1.50 €” may be anything.
pub(crate) fn has_other_label(dom: &Dom<'_>, id: NodeId, text: &str) -> bool {
    let own = text.split_once(':').map(|(label, _)| label.trim());
    let own = own.filter(|label| label.chars().any(char::is_alphabetic) && !label.chars().any(|c| c.is_ascii_digit()));
    if let Some(label) = own {
        return !names_price(label);
    }
    let Some((label, text)) = (id.saturating_sub(REACH)..id).rev().find_map(|near| seen_text(dom, near)) else {
        return false;
    };
    let text = crate::dom::unescape(text);
    let text = text.trim();
    let is_label = text.ends_with(':') || matches!(dom.node(dom.node(label).parent).tag, Tag::Dt | Tag::Th);
    is_label && text.len() <= LONGEST_LABEL && relatives(dom, label, id) && !names_price(text)
}

/// Whether a label holds a word for a price, in its singular or any other form.
pub(crate) fn names_price(label: &str) -> bool {
    const WORDS: [&str; 44] = [
        "price",
        "preis",
        "prix",
        "precio",
        "prezzo",
        "prijs",
        "preço",
        "preco",
        "cena",
        "ceny",
        "cenu",
        "cijena",
        "цена",
        "цену",
        "ціна",
        "pris",
        "hinta",
        "ár",
        "bruttó",
        "preț",
        "pret",
        "fiyat",
        "τιμή",
        "kaina",
        "hind",
        "価格",
        "販売価",
        "値段",
        "税込",
        "가격",
        "판매가",
        "价",
        "價",
        "giá",
        "harga",
        "ราคา",
        "سعر",
        "מחיר",
        "कीमत",
        "मूल्य",
        "قیمت",
        "verð",
        "gross",
        "brutto",
    ];
    let lower = label.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word)) || role_before(&lower) == Some(Role::Now)
}

/// Whether a text has one of these words, which are in lower case.
fn has_word(text: &str, words: &[&str]) -> bool {
    let is_one = |word: &str| {
        if word.is_ascii() {
            return words.iter().any(|known| known.eq_ignore_ascii_case(word));
        }
        words.contains(&word.to_lowercase().as_str())
    };
    text.split(|c: char| !c.is_alphanumeric()).any(|word| !word.is_empty() && is_one(word))
}

/// Whether a text has one of these words of a script that sets no blanks between words.
fn holds(text: &str, words: &[&str]) -> bool {
    !text.is_ascii() && words.iter().any(|word| text.contains(word))
}

/// Whether words speak of tax.
pub(crate) fn speaks_of_tax(text: &str) -> bool {
    const TAXES: [&str; 29] = [
        "dph", "vat", "mwst", "btw", "iva", "moms", "ttc", "ht", "tva", "netto", "brutto", "ндс", "пдв", "km", "pvm",
        "tax", "ddv", "pdv", "pvn", "áfa", "nettó", "bruttó", "mva", "alv", "φπα", "kdv", "ust", "vergi", "vergiler",
    ];
    has_word(text, &TAXES) || holds(text, &["税", "稅", "本体価格", "부가세", "ภาษี", "ضريب", "מע\"מ", "מע״מ"])
}

/// Whether words that speak of tax say that it is not in the price.
pub(crate) fn says_without_tax(text: &str) -> bool {
    const WITHOUT: [&str; 35] = [
        "excl",
        "exc",
        "ex",
        "excluding",
        "exclusive",
        "exkl",
        "ekskl",
        "exklusive",
        "ohne",
        "zzgl",
        "netto",
        "hors",
        "ht",
        "sin",
        "senza",
        "zonder",
        "bez",
        "без",
        "brez",
        "be",
        "nettó",
        "uten",
        "uden",
        "utan",
        "ilman",
        "fără",
        "hariç",
        "escluse",
        "esclusa",
        "esclusi",
        "escluso",
        "excluido",
        "excluidos",
        "excluida",
        "excepto",
    ];
    const HELD: [&str; 11] =
        ["税抜", "税別", "本体価格", "未税", "未稅", "不含税", "不含稅", "별도", "ไม่รวม", "غير شامل", "לא כולל"];
    has_word(text, &WITHOUT) || holds(text, &HELD)
}

/// Whether words that speak of tax say that it is in a price.
pub(crate) fn says_with_tax(text: &str) -> bool {
    const WITH: [&str; 31] = [
        "inc",
        "incl",
        "including",
        "inclusive",
        "gross",
        "inkl",
        "inklusive",
        "brutto",
        "enthält",
        "ttc",
        "compris",
        "inclus",
        "incluido",
        "incluidos",
        "incluida",
        "inclusa",
        "inclusi",
        "incluse",
        "inbegrepen",
        "vč",
        "včetně",
        "vrátane",
        "bruttó",
        "sis",
        "sisältää",
        "sisaldab",
        "dahil",
        "ink",
        "med",
        "με",
        "с",
    ];
    const HELD: [&str; 8] = ["税込", "含税", "含稅", "포함", "รวมภาษี", "รวม VAT", "شامل", "כולל"];
    has_word(text, &WITH) || holds(text, &HELD) && !holds(text, &["不含", "ไม่รวม", "غير شامل", "לא כולל"])
}

fn after(dom: &Dom<'_>, id: NodeId) -> Option<Role> {
    let end = dom.node(id).end;
    let last = (end + REACH).min(dom.nodes.len() as NodeId);
    let (unit, text) = (end..last).find_map(|near| seen_text(dom, near))?;
    let text = crate::dom::unescape(text);
    let lower = text.trim().to_lowercase();
    let leads = LEADING.iter().any(|word| lower.starts_with(word));
    if lower.len() <= LONGEST_LABEL && is_coupon_note(&lower) && relatives(dom, unit, id) {
        return Some(Role::Member);
    }
    let has_own_amount = || mentions(&normalise(&text)).iter().any(|mention| !mention.currencies.is_empty());
    if lower.len() > LONGEST_LABEL || !relatives(dom, unit, id) || has_own_amount() {
        return None;
    }
    // “plus shipping”, “zzgl. Versandkosten”: what is not in the amount.
    let is_apart = says_without_tax(&lower) || ["+", "plus ", "zuzüglich "].iter().any(|word| lower.starts_with(word));
    match role_after(&lower, lower.len(), true) {
        role @ Some(Role::Unit | Role::Instalment) if leads => role,
        Some(Role::Shipping) if is_apart => None,
        // “Clubcard Price”, “billed monthly”: words that say little else.
        role @ Some(Role::Member | Role::Instalment | Role::Shipping) if is_mostly_said(&lower) => role,
        _ => None,
    }
}

fn seen_text<'a>(dom: &Dom<'a>, id: NodeId) -> Option<(NodeId, &'a str)> {
    match dom.node(id).kind {
        Kind::Text(text) if !text.trim().is_empty() => {
            let around = dom.node(dom.node(id).parent).tag;
            let is_skipped = around.is_unseen() || around == Tag::Sup && is_note(text);
            (!is_skipped).then_some((id, text))
        }
        _ => None,
    }
}

/// Whether a raised text is the mark of a footnote.
fn is_note(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() == 1 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '†' | '‡'))
}

/// Whether the two stand in one small part of the page.
fn relatives(dom: &Dom<'_>, text: NodeId, id: NodeId) -> bool {
    dom.ancestors(id).take(3).any(|above| dom.contains(above, text))
}

#[cfg(test)]
mod tests {
    use super::role_beside;
    use crate::dom::{Tag, parse};
    use crate::price_text::words::Role;

    fn role(source: &str) -> Option<Role> {
        let dom = parse(source).expect("within the limits");
        let id = dom.elements(Tag::B).next().expect("an amount");
        role_beside(&dom, id)
    }

    #[test]
    fn labels_tell_what_an_amount_is() {
        assert_eq!(role("<dl><dt>Versandkosten:</dt><dd><b>4,90 €</b></dd></dl>"), Some(Role::Shipping));
        assert_eq!(role("<tr><td>RRP</td><td><b>$10</b></td></tr>"), Some(Role::Was));
        assert_eq!(role("<p>UVP<sup>2</sup> <b>10 €</b></p>"), Some(Role::Was));
        assert_eq!(role("<p><span>UVP des Herstellers</span>: <b>10 €</b></p>"), Some(Role::Was));
        let lowest = "<div>Najniższa cena z 30 dni przed obniżką: <span><b>299,00 zł</b></span></div>";
        assert_eq!(role(lowest), Some(Role::Was));
        assert_eq!(role("<p>You get cashback of <b>$1</b></p>"), Some(Role::Saving));
        assert_eq!(role("<p><b>4,50 €</b><span>/ kg</span></p>"), Some(Role::Unit));
        assert_eq!(role("<p><b>$25</b> per month</p>"), Some(Role::Instalment));
        assert_eq!(role("<div><p><b>£25</b></p><p>Clubcard Price</p></div>"), Some(Role::Member));
        assert_eq!(role("<div><p><b>$25</b></p><p>billed monthly</p></div>"), Some(Role::Instalment));
        assert_eq!(role("<p>3-year protection plan <b>$25</b></p>"), Some(Role::Shipping));
        assert_eq!(role("<div><p><b>$25</b></p><p>Members save more</p></div>"), None);
        assert_eq!(role("<div><b>$79.99</b> <span>after $20 coupon</span></div>"), Some(Role::Member));
        assert_eq!(role("<div><b>$79.99</b> <span>Save $20 with coupon</span></div>"), None);
    }

    #[test]
    fn other_neighbours_say_nothing() {
        assert_eq!(role("<div><span>Free delivery tomorrow</span><b>$10</b></div>"), None);
        assert_eq!(role("<p><b>4,50 €</b><span>Versand 3 €</span></p>"), None);
        assert_eq!(role("<p><b>2,79</b><span>per kg € 5,58</span></p>"), None);
        assert_eq!(role("<div><div><p>Shipping:</p></div></div><div><div><div><b>$10</b></div></div></div>"), None);
    }
}
