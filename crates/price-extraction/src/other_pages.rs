//! Pages of a shop that are no product though they show amounts: a cart, search results, an error page, an article.

use std::sync::LazyLock;

use pricing_domain::ReadState;

use crate::dom::{NodeId, Tag};
use crate::page::Page;
use crate::visible::cards::is_other_page;

/// Last parts of the addresses of carts.
const CARTS: [&str; 16] = [
    "cart",
    "basket",
    "bag",
    "checkout",
    "warenkorb",
    "kasse",
    "panier",
    "carrito",
    "cesta",
    "carrello",
    "winkelwagen",
    "koszyk",
    "kosik",
    "kosar",
    "korzina",
    "sepet",
];
/// Last parts of the addresses of lists that somebody made, and of accounts.
const LISTS: [&str; 14] = [
    "compare",
    "comparison",
    "vergleich",
    "comparer",
    "comparar",
    "confronta",
    "porovnani",
    "wishlist",
    "wish-list",
    "favorites",
    "favourites",
    "merkzettel",
    "wunschliste",
    "orders",
];
/// Last parts of the addresses of searches.
const SEARCHES: [&str; 16] = [
    "search",
    "suche",
    "recherche",
    "buscar",
    "busca",
    "busqueda",
    "cerca",
    "ricerca",
    "zoeken",
    "szukaj",
    "hledat",
    "vyhledavani",
    "sok",
    "haku",
    "arama",
    "catalogsearch",
];

/// What the headings of such pages say, by the kind of page.
struct Phrases {
    /// The heading says one of these.
    gone: Vec<&'static str>,
    /// The heading of a page without a button says one of these, or the text of one that shows no amount.
    down: Vec<&'static str>,
    /// The text of a page without a button says one of these.
    empty: Vec<&'static str>,
    /// The heading is one of these.
    cart: Vec<&'static str>,
    /// The heading begins with one of these.
    search: Vec<&'static str>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let of = |wanted: &str| {
        let lines = include_str!("../data/other_pages.tsv").lines().filter_map(|line| line.split_once('\t'));
        lines.filter(|(kind, _)| *kind == wanted).flat_map(|(_, words)| words.split('|')).collect()
    };
    Phrases { gone: of("gone"), down: of("down"), empty: of("empty"), cart: of("cart"), search: of("search") }
});

/// Longest text, in bytes, of a page that only says that the shop is closed or that a list is empty.
const LITTLE: usize = 1_200;
/// A phrase shorter than this may be the name of a product where something can be bought: “404 Not Found” on a shirt.
const SHORT_PHRASE: usize = 16;
/// Most bytes between the parts of a phrase.
const BETWEEN: usize = 30;

/// Where a text goes on after a phrase whose parts are set apart by asterisks.
fn after_phrase<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let mut parts = phrase.split(" * ");
    let mut rest = text.split_once(parts.next()?)?.1;
    for part in parts {
        let at = rest.find(part).filter(|at| *at <= BETWEEN)?;
        rest = &rest[at + part.len()..];
    }
    Some(rest)
}

/// Whether a heading says that the page does not exist. Where something can be bought, a short phrase must be all of a
/// sentence.
fn says_gone(title: &str, button: Option<NodeId>) -> bool {
    let ends = |rest: &str| rest.trim_start().chars().next().is_none_or(|next| !next.is_alphanumeric());
    PHRASES.gone.iter().any(|phrase| {
        after_phrase(title, phrase).is_some_and(|rest| {
            button.is_none() || ends(rest) || phrase.len() >= SHORT_PHRASE && !phrase.contains("404")
        })
    })
}

/// What a page without a button and with little text says of the shop or of a list instead of a product.
fn says_nothing_is_sold(page: &Page<'_>, titles: &[String], shows_amount: bool) -> Option<(ReadState, &'static str)> {
    const DOWN: (ReadState, &str) =
        (ReadState::Unreachable, "the page says that the shop is closed for maintenance or has a fault");
    let says = |text: &str, phrases: &[&str]| phrases.iter().any(|phrase| after_phrase(text, phrase).is_some());
    let text = tidy(&page.dom.text(0, LITTLE + 1));
    if text.len() > LITTLE {
        return None;
    }
    match () {
        () if titles.iter().any(|title| title == "maintenance" || says(title, &PHRASES.down)) => Some(DOWN),
        () if !shows_amount && says(&text, &PHRASES.down) => Some(DOWN),
        () if says(&text, &PHRASES.empty) => Some((ReadState::NotProduct, "the page is a list without any product")),
        () => None,
    }
}

/// What a page without any product in its markup is instead, with the reason. `button` buys the page's own product;
/// `shows_amount`: an amount that may be its price stands on it.
pub(crate) fn find(page: &Page<'_>, button: Option<NodeId>, shows_amount: bool) -> Option<(ReadState, &'static str)> {
    let titles = || {
        let heading = page.title_node.map(|id| page.dom.text(id, 200)).unwrap_or_default();
        [tidy(&heading), tidy(page.head.title.as_deref().unwrap_or(""))]
    };
    let nothing = || says_nothing_is_sold(page, &titles(), shows_amount);
    other_kind(page, button).or_else(|| button.is_none().then(nothing).flatten())
}

fn other_kind(page: &Page<'_>, button: Option<NodeId>) -> Option<(ReadState, &'static str)> {
    let heading = page.title_node.map(|id| page.dom.text(id, 200)).unwrap_or_default();
    let titles = [tidy(&heading), tidy(page.head.title.as_deref().unwrap_or(""))];
    let ends_in = |names: &[&str]| last_segment(page).is_some_and(|last| names.contains(&last.as_str()));
    let phrases = &*PHRASES;
    let is_cart = titles[0] == titles[1] || button.is_none() || ends_in(&CARTS);
    match () {
        () if titles.iter().any(|title| says_gone(title, button)) => {
            Some((ReadState::Gone, "the page says that it does not exist"))
        }
        () if is_cart && phrases.cart.iter().any(|said| titles[0] == *said) || ends_in(&CARTS) && button.is_none() => {
            Some((ReadState::NotProduct, "the page is a cart"))
        }
        () if ends_in(&LISTS) && button.is_none() => {
            Some((ReadState::NotProduct, "the page is a list that somebody made"))
        }
        () if ends_in(&SEARCHES) && has_query(page)
            || button.is_none() && phrases.search.iter().any(|said| titles[0].starts_with(said)) =>
        {
            Some((ReadState::NotProduct, "the page lists what a search found"))
        }
        () if button.is_none() && is_list(page) => {
            Some((ReadState::NotProduct, "the page calls itself a list of products"))
        }
        () if is_article(page, button) => Some((ReadState::NotProduct, "the page is an article")),
        () => None,
    }
}

/// Whether the page calls itself a list of products: by its type in markup, or by the name that its shop system gives it.
fn is_list(page: &Page<'_>) -> bool {
    const NAMES: [&str; 14] = [
        "tax-product_cat",
        "tax-product_tag",
        "post-type-archive-product",
        "catalog-category-view",
        "catalogsearch-result-index",
        "page-products",
        "template-collection",
        "template-list-collections",
        "is--ctl-listing",
        "is-ctl-navigation",
        "type-category",
        "cl-alist",
        "category-page",
        "page-category",
    ];
    let dom = page.dom;
    let is_named = |id: u32| {
        let class = dom.raw_attribute(id, "class").unwrap_or("");
        dom.raw_attribute(id, "id").is_some_and(|id| id.eq_ignore_ascii_case("category"))
            || class.split_ascii_whitespace().any(|name| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)))
    };
    let typed = ["\"CollectionPage\"", "schema.org/CollectionPage"];
    dom.elements(Tag::Body).next().is_some_and(is_named)
        || typed.iter().any(|kind| memchr::memmem::find(dom.source.as_bytes(), kind.as_bytes()).is_some())
}

/// Whether the page calls itself an article, as some shops call their products too, and nothing buys and its markup says so
/// once more, or what buys leads to another page.
fn is_article(page: &Page<'_>, button: Option<NodeId>) -> bool {
    let called = page.head.og_type.as_deref().is_some_and(|kind| matches!(kind, "article" | "blog"));
    if button.is_none() && called {
        const KINDS: [&str; 4] = ["\"NewsArticle\"", "\"Article\"", "\"BlogPosting\"", "\"ReviewNewsArticle\""];
        let source = page.dom.source.as_bytes();
        return KINDS.iter().any(|kind| memchr::memmem::find(source, kind.as_bytes()).is_some());
    }
    let leads_on = |id: NodeId| {
        let target = page.dom.raw_attribute(id, "href").filter(|_| page.dom.node(id).tag == Tag::A);
        target.is_some_and(|href| is_other_page(href) && !page.leads_here(href))
    };
    called && button.is_some_and(leads_on)
}

fn tidy(text: &str) -> String {
    text.trim().trim_end_matches(['!', '.', ':']).to_lowercase().replace('’', "'")
}

fn last_segment(page: &Page<'_>) -> Option<String> {
    let last = page.url.as_ref()?.path_segments()?.rfind(|segment| !segment.is_empty())?;
    Some(last.split('.').next().unwrap_or(last).to_lowercase())
}

fn has_query(page: &Page<'_>) -> bool {
    page.url.as_ref().and_then(|url| url.query()).is_some_and(|query| !query.is_empty())
}
