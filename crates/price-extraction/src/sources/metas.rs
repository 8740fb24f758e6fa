//! OpenGraph, product and Twitter metas, and what else the head of a page says of its product.

use pricing_domain::{Availability, Currency, ExtractionMethod};

use super::schema::condition_in_markup;
use super::{Found, Offer};
use crate::currencies::in_markup;
use crate::dom::{Dom, Tag};
use crate::words::availability_in_markup;

/// What the head says of the page as a whole.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub title: Option<String>,
    pub og_title: Option<String>,
    pub og_type: Option<String>,
    pub site_name: Option<String>,
    pub canonical: Option<String>,
    /// The address of the picture for sharing the page.
    pub image: Option<String>,
    pub language: Option<String>,
    pub locale: Option<String>,
    pub product: Option<Found>,
}

impl Head {
    /// The currency that the metas name.
    pub fn currency(&self) -> Option<Currency> {
        self.product.as_ref()?.offers.iter().find_map(|offer| offer.currency)
    }
}

/// Reads the metas of a page.
pub(crate) fn read(dom: &Dom<'_>) -> Head {
    let mut head = Head {
        language: dom
            .elements(Tag::Html)
            .find_map(|id| dom.attribute(id, "lang").or_else(|| dom.attribute(id, "xml:lang")))
            .map(Into::into),
        title: dom.elements(Tag::Title).next().map(|id| crate::dom::unescape(dom.raw_text(id).trim()).into_owned()),
        ..Head::default()
    };
    head.canonical = canonical(dom);
    let mut product = Found::new(ExtractionMethod::OpenGraph);
    let mut offer = Offer::default();
    let mut sale = None;
    for id in dom.elements(Tag::Meta) {
        let name = dom.raw_attribute(id, "property").or_else(|| dom.raw_attribute(id, "name"));
        let (Some(name), Some(content)) = (name, dom.attribute(id, "content")) else { continue };
        let content = content.trim().to_owned();
        if content.is_empty() {
            continue;
        }
        let slot = match name.to_ascii_lowercase().as_str() {
            "og:title" => &mut head.og_title,
            "og:type" => &mut head.og_type,
            "og:site_name" => &mut head.site_name,
            "og:locale" => &mut head.locale,
            "og:image:secure_url" | "og:image" | "og:image:url" | "twitter:image" | "twitter:image:src" => {
                &mut head.image
            }
            "og:url" if head.canonical.is_none() => &mut head.canonical,
            "product:price:amount"
            | "og:price:amount"
            | "og:price"
            | "product:price"
            | "tiendanube:price"
            | "nuvemshop:price" => &mut offer.price,
            "product:sale_price:amount" | "og:sale_price:amount" => &mut sale,
            "product:original_price:amount" | "og:price:standard_amount" => &mut offer.list_price,
            "product:brand" | "og:brand" => &mut product.brand,
            "product:retailer_part_no" => &mut product.sku,
            "product:retailer_item_id" | "og:product_id" => &mut product.shop_id,
            "product:mfr_part_no" => &mut product.mpn,
            "product:ean" | "product:gtin" | "product:upc" | "product:isbn" | "og:upc" | "og:ean" | "books:isbn"
            | "book:isbn" => &mut product.gtin,
            "product:price:currency" | "og:price:currency" | "product:sale_price:currency" => {
                offer.currency = in_markup(&content);
                continue;
            }
            "product:availability" | "og:availability" => {
                offer.availability = availability_in_markup(&content);
                continue;
            }
            "product:stock" | "og:stock" | "tiendanube:stock" | "nuvemshop:stock" => {
                let count: Option<u64> = content.parse().ok();
                let in_stock = |count| if count == 0 { Availability::OutOfStock } else { Availability::InStock };
                offer.availability = offer.availability.or(count.map(in_stock));
                continue;
            }
            "product:condition" | "og:condition" => {
                product.condition = condition_in_markup(&content);
                continue;
            }
            _ => continue,
        };
        slot.get_or_insert(content);
    }
    if sale.is_some() {
        offer.list_price = offer.list_price.or(offer.price);
        offer.price = sale;
    }
    product.title = head.og_title.clone();
    let says = offer.price.is_some()
        || offer.availability.is_some()
        || product.sku.is_some()
        || product.gtin.is_some()
        || product.brand.is_some();
    if offer.price.is_some() || offer.availability.is_some() {
        product.offers.push(offer);
    }
    head.product = says.then_some(product);
    head
}

fn canonical(dom: &Dom<'_>) -> Option<String> {
    let link = dom
        .elements(Tag::Link)
        .find(|id| dom.raw_attribute(*id, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")));
    link.and_then(|id| dom.attribute(id, "href")).map(Into::into)
}
