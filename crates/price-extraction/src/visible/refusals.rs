//! Signs that a product cannot be bought which need no words: a buying button that is switched off and says something
//! else, a form that asks for a mail address where the buying button would stand, the name of the product's part.

use super::buttons::{is_named, is_off, label};
use super::zones::{Zone, Zones};
use crate::dom::{Dom, NodeId, Tag};
use crate::page::Page;
use crate::words::availability_in_text;

/// How many visible texts after the title a buying button, or what stands in its place, may be.
const REACH: i64 = 40;
/// Of a form with a mail address, at most so many bytes of text are looked at.
const LONGEST_FORM: usize = 600;

/// What newsletters, log-ins and contact forms say, or are called. Their mail address is for something else.
const OTHER_FORMS: [&str; 34] = [
    "newsletter",
    "subscri",
    "sign up",
    "signup",
    "abonn",
    "inscri",
    "suscr",
    "iscriv",
    "inschrijv",
    "zapisz",
    "odebír",
    "odběr",
    "odber",
    "hírlevél",
    "feliratkoz",
    "рассыл",
    "подпис",
    "розсил",
    "підпис",
    "nyhedsbrev",
    "nyhetsbrev",
    "uutiskirje",
    "uudiskir",
    "naujienlaišk",
    "jaunum",
    "ενημερωτικ",
    "bülten",
    "メルマガ",
    "뉴스레터",
    "login",
    "contact",
    "review",
    "question",
    "%",
];

/// Why the product cannot be bought, where the form of the page says so. Only for pages without a buying button.
pub(crate) fn find(page: &Page<'_>, zones: &mut Zones<'_>) -> Option<&'static str> {
    let title = page.title_node?;
    if is_named_sold_out(page.dom, title) {
        return Some("the product's part of the page is named as sold out");
    }
    if has_choices(page, title) {
        return None;
    }
    let ids = title..page.dom.nodes.len() as NodeId;
    for id in ids.take_while(|id| page.distance(title, *id) <= REACH) {
        let reason = match page.dom.node(id).tag {
            Tag::Button | Tag::Input if says_otherwise(page.dom, id) => "the buying button is switched off",
            Tag::Input if asks_for_mail(page.dom, id) => "the page asks for a mail address where its button would be",
            _ => continue,
        };
        let zone = zones.around(id);
        if !zone.contains(Zone::ELSEWHERE) && !zone.contains(Zone::HIDDEN) {
            return Some(reason);
        }
    }
    None
}

/// Whether the elements around the title, but not the whole page, are named as sold out.
fn is_named_sold_out(dom: &Dom<'_>, title: NodeId) -> bool {
    const NAMES: [&str; 6] =
        ["outofstock", "out-of-stock", "sold-out", "soldout", "product--sold-out", "product-sold-out"];
    let own = |id: &NodeId| !matches!(dom.node(*id).tag, Tag::Body | Tag::Html);
    dom.ancestors(title).filter(own).any(|id| {
        let class = dom.raw_attribute(id, "class").unwrap_or("");
        class.split_ascii_whitespace().any(|name| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)))
    })
}

/// Whether something is to be chosen first, or an amount of it to be entered: it can be bought then.
fn has_choices(page: &Page<'_>, title: NodeId) -> bool {
    let dom = page.dom;
    let near = (title..dom.nodes.len() as NodeId).take_while(|id| page.distance(title, *id) <= REACH);
    let chooses = |id: NodeId| match dom.node(id).tag {
        Tag::Select => true,
        Tag::Input => dom
            .raw_attribute(id, "type")
            .is_some_and(|kind| ["radio", "number"].iter().any(|known| kind.eq_ignore_ascii_case(known))),
        _ => false,
    };
    near.into_iter().any(chooses)
}

/// Whether a buying button, by its name, is switched off and says something that no buying button says.
fn says_otherwise(dom: &Dom<'_>, id: NodeId) -> bool {
    let adds = dom.raw_attribute(id, "name").is_some_and(|name| name.eq_ignore_ascii_case("add"));
    if !is_off(dom, id) || !(adds || is_named(dom, id)) {
        return false;
    }
    let text = label(dom, id);
    let waits = ["…", ".."].iter().any(|dots| text.trim_end().ends_with(dots));
    !waits && text.chars().filter(|c| c.is_alphabetic()).count() > 2 && availability_in_text(&text).is_none()
}

/// Whether an input takes a mail address for nothing else but this product.
fn asks_for_mail(dom: &Dom<'_>, id: NodeId) -> bool {
    let says_mail = |name: &str| dom.raw_attribute(id, name).is_some_and(|value| value.to_lowercase().contains("mail"));
    let kind = dom.raw_attribute(id, "type").unwrap_or("text").to_ascii_lowercase();
    if !(kind == "email" || kind == "text" && ["name", "placeholder", "id"].into_iter().any(says_mail)) {
        return false;
    }
    let form = dom.ancestors(id).find(|above| dom.node(*above).tag == Tag::Form);
    let form = form.or_else(|| dom.ancestors(id).nth(1)).unwrap_or(id);
    let other = |inner: NodeId| {
        let password = dom.raw_attribute(inner, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
        dom.node(inner).tag == Tag::Textarea || password
    };
    if dom.descendants(form).any(other) {
        return false;
    }
    let around = dom.ancestors(form).next().unwrap_or(form);
    let mut said = dom.text(around, LONGEST_FORM).to_lowercase();
    for name in ["class", "id", "action", "name"] {
        said.push_str(&dom.raw_attribute(form, name).unwrap_or("").to_lowercase());
    }
    !OTHER_FORMS.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use crate::dom::parse;
    use crate::extraction::SiteHints;
    use crate::page::Page;
    use crate::sources::metas;
    use crate::visible::zones::Zones;

    fn refused(body: &str) -> bool {
        let source = format!("<title>Mug</title>{body}");
        let dom = parse(&source).expect("within the limits");
        let hints = SiteHints::default();
        let page = Page::new(&dom, metas::read(&dom), "https://shop.example/mug", &hints);
        let mut zones = Zones::new(&dom, page.title_node);
        super::find(&page, &mut zones).is_some()
    }

    #[test]
    fn a_form_in_place_of_the_button_refuses() {
        assert!(refused("<h1>Mug</h1><form><input type=email><button>Xyz</button></form>"));
        assert!(!refused("<h1>Mug</h1><form>Newsletter<input type=email><button>Xyz</button></form>"));
        assert!(!refused("<h1>Mug</h1><form><input type=email><input type=password></form>"));
        assert!(!refused("<h1>Mug</h1><select><option>S</select><form><input type=email></form>"));
    }

    #[test]
    fn a_button_that_is_switched_off_refuses_where_it_says_something_else() {
        assert!(refused("<h1>Mug</h1><button name=add disabled>Xyzzy</button>"));
        assert!(!refused("<h1>Mug</h1><button name=add disabled>Add to cart</button>"));
        assert!(!refused("<h1>Mug</h1><button name=add disabled>Xyzzy…</button>"));
        assert!(!refused("<h1>Mug</h1><input type=radio><button name=add disabled>Xyzzy</button>"));
        assert!(!refused("<h1>Mug</h1><button name=filter disabled>Xyzzy</button>"));
    }

    #[test]
    fn the_name_of_the_products_part_refuses() {
        assert!(refused("<div class='product outofstock'><h1>Mug</h1></div>"));
        assert!(!refused("<div class=product><h1>Mug</h1></div><li class=outofstock>Cup</li>"));
    }
}
