//! The picture of a page's product by its address: as its markup states it, else as the head names it for sharing, else
//! the largest of those that the page shows as its own. Only whole addresses of the web are given.

use url::Url;

use crate::dom::{Dom, NodeId, Tag};
use crate::json::Json;
use crate::page::{Page, words};
use crate::sources::Found;
use crate::visible::zones::leads_away;

/// Longer addresses carry the picture itself, or a signature that will not hold.
const LONGEST_ADDRESS: usize = 2_000;
/// A picture with a shorter side, in pixels, is a sign or a swatch.
const LEAST_SIDE: u32 = 100;
/// One that is not called like the product must be so large to be taken for its picture.
const LEAST_UNNAMED: u32 = 250;
/// How alike its text and the product's title must be for it to be called like the product.
const NAMED: f64 = 0.5;
/// What shows no product, by a word in the name of its file.
const NO_PRODUCT: [&str; 12] = [
    "logo",
    "placeholder",
    "sprite",
    "blank",
    "pixel",
    "spacer",
    "favicon",
    "loader",
    "loading",
    "noimage",
    "icon",
    "avatar",
];

/// The address of the page's main picture.
pub(crate) fn main_image(page: &Page<'_>, mains: &[&Found]) -> Option<String> {
    let stated = mains.iter().filter_map(|found| found.image.as_deref());
    let mut named = stated.chain(page.head.image.as_deref());
    named.find_map(|address| whole(page.url.as_ref(), address)).or_else(|| largest(page))
}

/// The picture that a product of schema.org states: an address, an object with one, or the first of several.
pub(crate) fn stated<'r, 'a>(product: &'r Json<'a>, resolve: impl Fn(&'r Json<'a>) -> &'r Json<'a>) -> Option<String> {
    let images = product.first_of(&["image", "images", "photo"])?.items();
    images.iter().find_map(|image| address_in(resolve(image)))
}

/// The picture of a Shopify product as it serves it to scripts.
pub(crate) fn of_product_json(product: &Json<'_>, url: &Url) -> Option<String> {
    let first = product.get("featured_image").and_then(address_in);
    let address = first.or_else(|| product.get("images")?.items().iter().find_map(address_in))?;
    whole(Some(url), &address)
}

fn address_in(image: &Json<'_>) -> Option<String> {
    let text = match image {
        Json::Object(_) => {
            let address = image.first_of(&["contentUrl", "url", "src", "thumbnailUrl", "thumbnail", "@id"])?;
            return address.items().iter().find_map(address_in);
        }
        image => image.as_text()?,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The whole address of a picture; `None`: it is no address of the web, or shows no product.
fn whole(page: Option<&Url>, address: &str) -> Option<String> {
    let address = crate::dom::unescape(address.trim());
    let url = match page {
        Some(page) => page.join(&address),
        None => Url::parse(&address),
    };
    let mut url = url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())?;
    let has_path = url.path().len() > 1;
    let is_itself = page.is_some_and(|page| page.path() == url.path() && page.query() == url.query());
    if !has_path || is_itself || shows_no_product(&url) || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    url.set_fragment(None);
    Some(String::from(url)).filter(|url| url.len() <= LONGEST_ADDRESS)
}

fn shows_no_product(url: &Url) -> bool {
    let file = url.path().rsplit('/').next().unwrap_or_default();
    let is_drawing = [".svg", ".gif", ".ico"].iter().any(|end| file.to_ascii_lowercase().ends_with(end));
    is_drawing || words(file).iter().any(|word| NO_PRODUCT.contains(&word.as_str()))
}

/// The largest picture that the page shows as its own, one that is called like the product before any other.
fn largest(page: &Page<'_>) -> Option<String> {
    let mut best: Option<((bool, u32), String)> = None;
    for id in page.dom.elements(Tag::Img) {
        if is_of_others(page, id) {
            continue;
        }
        let alt = page.dom.attribute(id, "alt").unwrap_or_default();
        let is_named = page.title_likeness(&alt) >= NAMED;
        let shown = shown_size(page.dom, id);
        let (linked, set) = (linked_file(page, id), of_srcset(page.dom, id));
        let size = shown.unwrap_or(0).max(set.as_ref().map_or(0, |(width, _)| *width));
        let is_small = shown.is_some_and(|side| side < LEAST_SIDE) && linked.is_none();
        if is_small || (!is_named && size < LEAST_UNNAMED) {
            continue;
        }
        let mut addresses =
            linked.into_iter().chain(set.map(|(_, address)| address)).chain(of_attributes(page.dom, id));
        let Some(address) = addresses.find_map(|address| whole(page.url.as_ref(), &address)) else {
            continue;
        };
        if best.as_ref().is_none_or(|(known, _)| (is_named, size) > *known) {
            best = Some(((is_named, size), address));
        }
    }
    best.map(|(_, address)| address)
}

/// Whether a picture stands in the frame around every page, or leads to another page, as those of other products do.
fn is_of_others(page: &Page<'_>, id: NodeId) -> bool {
    let is_frame = |id: NodeId| matches!(page.dom.node(id).tag, Tag::Nav | Tag::Header | Tag::Footer | Tag::Aside);
    page.dom.ancestors(id).any(|above| {
        let leads = || page.dom.attribute(above, "href").filter(|href| leads_away(href));
        is_frame(above)
            || (page.dom.node(above).tag == Tag::A
                && leads().is_some_and(|href| !is_file(&href) && !page.leads_here(&href)))
    })
}

/// The file that a picture in a gallery leads to.
fn linked_file(page: &Page<'_>, id: NodeId) -> Option<String> {
    let link = page.dom.ancestors(id).take(3).find(|above| page.dom.node(*above).tag == Tag::A)?;
    page.dom.attribute(link, "href").filter(|href| is_file(href)).map(|href| href.into_owned())
}

fn is_file(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".webp"].iter().any(|end| path.ends_with(end))
}

/// The shorter side as the page shows it, in pixels, where it says so.
fn shown_size(dom: &Dom<'_>, id: NodeId) -> Option<u32> {
    let side = |name| dom.raw_attribute(id, name)?.trim().trim_end_matches("px").parse::<u32>().ok();
    match (side("width"), side("height")) {
        (Some(width), Some(height)) => Some(width.min(height)),
        (one, other) => one.or(other),
    }
}

/// The widest of `a.jpg 320w, b.jpg 640w`.
fn of_srcset(dom: &Dom<'_>, id: NodeId) -> Option<(u32, String)> {
    let set = dom.attribute(id, "srcset").or_else(|| dom.attribute(id, "data-srcset"))?;
    let entries = set.split(", ").filter_map(|entry| {
        let (address, width) = entry.trim().trim_end_matches(',').rsplit_once(char::is_whitespace)?;
        Some((width.strip_suffix('w')?.parse().ok()?, address.trim().to_owned()))
    });
    entries.max_by_key(|(width, _): &(u32, String)| *width)
}

/// Where galleries keep the large form, and lazy pages the address, of a picture.
fn of_attributes(dom: &Dom<'_>, id: NodeId) -> Vec<String> {
    const NAMES: [&str; 8] = [
        "data-zoom-image",
        "data-large_image",
        "data-large-image",
        "data-original",
        "data-lazy-src",
        "data-lazy",
        "data-src",
        "src",
    ];
    NAMES.iter().filter_map(|name| dom.attribute(id, name)).map(|address| address.into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use crate::extraction::{PageInput, SiteHints};
    use crate::reading::extract;

    fn image(url: &str, head: &str, body: &str) -> Option<String> {
        let page = format!(
            "<html><head><title>Boilo Kettle K-100</title>{head}</head><body><h1>Boilo Kettle K-100</h1>{body}\
             <p class=price>29,90 €</p><button>In den Warenkorb</button></body></html>"
        );
        let input = PageInput {
            body: page.as_bytes(),
            content_type: Some("text/html; charset=utf-8"),
            status: Some(200),
            url,
            hints: SiteHints::default(),
        };
        extract(&input).image
    }

    fn of(head: &str, body: &str) -> Option<String> {
        image("https://shop.example/p/kettle", head, body)
    }

    fn json_ld(image: &str) -> String {
        format!(
            "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\
             \"name\":\"Boilo Kettle K-100\",\"image\":{image},\"offers\":{{\"@type\":\"Offer\",\"price\":\"29.90\",\
             \"priceCurrency\":\"EUR\"}}}}</script>"
        )
    }

    #[test]
    fn what_the_markup_states_comes_first_however_it_states_it() {
        let shared = "<meta property=\"og:image\" content=\"https://cdn.example/share.jpg\">";
        for (stated, expected) in [
            ("\"https://cdn.example/k.jpg\"", "https://cdn.example/k.jpg"),
            ("[\"/media/k.jpg\",\"/media/other.jpg\"]", "https://shop.example/media/k.jpg"),
            (
                "{\"@type\":\"ImageObject\",\"url\":\"//cdn.example/k.jpg?w=800&amp;h=800\"}",
                "https://cdn.example/k.jpg?w=800&h=800",
            ),
            ("[{\"@type\":\"ImageObject\",\"contentUrl\":\"https://cdn.example/k.jpg\"}]", "https://cdn.example/k.jpg"),
            // No picture of a product: that for sharing is taken.
            ("\"https://shop.example/img/logo.png\"", "https://cdn.example/share.jpg"),
            ("\"data:image/png;base64,iVBOR\"", "https://cdn.example/share.jpg"),
            ("\"\"", "https://cdn.example/share.jpg"),
        ] {
            assert_eq!(of(&format!("{shared}{}", json_ld(stated)), "").as_deref(), Some(expected), "{stated}");
        }
    }

    #[test]
    fn microdata_and_the_head_name_the_picture() {
        let item = "<div itemscope itemtype=\"https://schema.org/Product\"><b itemprop=name>Boilo Kettle K-100</b>\
                    <img itemprop=image src=\"/m/k.webp\"><p itemprop=offers itemscope><b itemprop=price>29.90</b></p></div>";
        assert_eq!(of("", item).as_deref(), Some("https://shop.example/m/k.webp"));
        let head = "<meta name=\"twitter:image\" content=\"../i/k.png#x\">";
        assert_eq!(of(head, "").as_deref(), Some("https://shop.example/i/k.png"));
    }

    #[test]
    fn else_the_largest_picture_of_the_page_itself_is_taken() {
        let gallery = "<nav><img src=/menu.jpg width=900 height=900></nav>\
                       <img src=/banner.jpg width=1200 height=400>\
                       <img src=/small.jpg alt=\"Kettle K-100\" width=60 height=60>\
                       <img src=data:image/gif;base64,R0 data-src=/k-100.jpg alt=\"Boilo Kettle K-100\" width=600 height=600>\
                       <a href=/p/other><img src=/other.jpg alt=\"Boilo Kettle K-100 Set\" width=800 height=800></a>";
        assert_eq!(of("", gallery).as_deref(), Some("https://shop.example/k-100.jpg"));
        let linked = "<a href=/big/k.jpg><img src=/thumb/k.jpg alt=\"Kettle K-100\" width=80 height=80></a>";
        assert_eq!(of("", linked).as_deref(), Some("https://shop.example/big/k.jpg"));
        let set = "<img alt=\"Kettle K-100\" srcset=\"/k.jpg?w=320 320w, /k.jpg?w=1280 1280w\" src=/k.jpg>";
        assert_eq!(of("", set).as_deref(), Some("https://shop.example/k.jpg?w=1280"));
    }

    #[test]
    fn what_shows_no_product_is_no_picture_of_it() {
        for body in [
            "",
            "<img src=/logo.png alt=\"Boilo Kettle K-100\" width=600 height=600>",
            "<img src=/k.svg alt=\"Boilo Kettle K-100\" width=600 height=600>",
            "<img src=/swatch.jpg width=40 height=40>",
            "<footer><img src=/cards.jpg width=600 height=600></footer>",
            "<img src=\"javascript:alert(1)\" alt=\"Boilo Kettle K-100\">",
            "<img src=\"https://user:secret@cdn.example/k.jpg\" alt=\"Boilo Kettle K-100\">",
        ] {
            assert_eq!(of("", body), None, "{body}");
        }
    }

    #[test]
    fn a_shopify_products_json_names_its_picture() {
        let body = r#"{"id":1,"title":"Cup","handle":"cup","featured_image":"//cdn.shopify.example/cup.jpg?v=1",
            "variants":[{"id":11,"title":"Small","sku":"C-S","price":1250,"available":true}]}"#;
        let hints = SiteHints { currency: Some(pricing_domain::Currency::EUR), ..SiteHints::default() };
        let (url, content_type) = ("https://cups.example/products/cup.js", Some("text/javascript"));
        let read = extract(&PageInput { body: body.as_bytes(), content_type, status: Some(200), url, hints });
        assert_eq!(read.image.as_deref(), Some("https://cdn.shopify.example/cup.jpg?v=1"));
    }
}
