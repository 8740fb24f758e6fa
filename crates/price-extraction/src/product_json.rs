//! A Shopify shop's product as it serves it to scripts (`/products/<handle>.js`): a few kilobytes instead of a page.
//! It names no currency, so it is read only where that is known of the site.

use pricing_domain::{Availability, Confidence, ExtractionMethod, ReadState};
use url::Url;

use crate::encoding::decode;
use crate::extraction::{Extraction, PageInput, Variant};
use crate::images;
use crate::json::{Json, parse_prefix};
use crate::sources::embedded::shopify_variant;

/// The address of a Shopify product's JSON, from that of its page. A chosen variant stays chosen. `None`: it is no
/// address of a product.
pub fn shopify_product_json(page: &Url) -> Option<Url> {
    let segments: Vec<&str> = page.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    let [.., "products", handle] = segments.as_slice() else { return None };
    if handle.contains('.') {
        return None;
    }
    let variant = page.query_pairs().find(|(name, _)| name == "variant").map(|(_, value)| value.into_owned());
    let mut json = page.clone();
    json.set_path(&format!("/products/{handle}.js"));
    json.set_fragment(None);
    json.set_query(variant.map(|variant| format!("variant={variant}")).as_deref());
    Some(json)
}

/// Reads such an answer; `None`: it is none.
pub(crate) fn read(page: &PageInput<'_>) -> Option<Extraction> {
    let url = Url::parse(page.url).ok()?;
    if !url.path().starts_with("/products/") || !url.path().ends_with(".js") {
        return None;
    }
    let text = decode(page.body, page.content_type);
    let (product, _) = parse_prefix(text.trim_start());
    product.get("handle")?;
    let listed = product.get("variants")?.items();
    let wanted = url.query_pairs().find(|(name, _)| name == "variant").map(|(_, value)| value.into_owned());
    let variants: Vec<(Option<&str>, Variant)> =
        listed.iter().filter_map(|one| Some((one.get("id").and_then(Json::as_text), shopify_variant(one)?))).collect();
    let sold = |variant: &Variant| variant.availability != Some(Availability::OutOfStock);
    let chosen = match &wanted {
        Some(wanted) => variants.iter().find(|(id, _)| *id == Some(wanted.as_str())),
        None => variants.iter().find(|(_, variant)| sold(variant)).or_else(|| variants.first()),
    };
    let Some((_, chosen)) = chosen else {
        return Some(Extraction::empty(ReadState::NotProduct).warned("the product has no such variant any more"));
    };
    let Some(currency) = page.hints.currency else {
        return Some(Extraction::empty(ReadState::NoPrice).warned("the product's JSON names no currency"));
    };
    let state = if sold(chosen) { ReadState::Product } else { ReadState::SoldOut };
    let several = wanted.is_none() && variants.iter().any(|(_, variant)| variant.price != chosen.price);
    let text_of = |name: &str| product.get(name).and_then(Json::as_text).map(str::to_owned);
    let mut read = Extraction {
        price: chosen.price.filter(|_| state == ReadState::Product),
        list_price: chosen.list_price,
        currency: Some(currency),
        availability: chosen.availability.unwrap_or(Availability::Unknown),
        title: text_of("title"),
        brand: text_of("vendor"),
        sku: chosen.sku.clone(),
        gtin: chosen.gtin,
        image: images::of_product_json(&product, &url),
        confidence: if several { Confidence::Medium } else { Confidence::High },
        method: Some(ExtractionMethod::EmbeddedState),
        fragment: chosen.price.map(|price| format!("variants[].price: {price}")).unwrap_or_default(),
        variants: variants.iter().map(|(_, variant)| variant.clone()).collect(),
        ..Extraction::empty(state)
    };
    if several {
        read = read.warned("variants cost different amounts; the first that can be bought is taken, as the page does");
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Availability, Currency, ReadState};
    use url::Url;

    use super::shopify_product_json;
    use crate::extraction::{Extraction, PageInput, SiteHints};
    use crate::reading::extract;

    const PRODUCT: &str = r#"{"id":1,"title":"Cup","handle":"cup","vendor":"Tass","available":true,"variants":[
        {"id":11,"title":"Small","sku":"C-S","price":1250,"compare_at_price":1500,"available":false},
        {"id":12,"title":"Large","sku":"C-L","price":1999,"compare_at_price":null,"available":true}]}"#;

    fn read(url: &str, currency: Option<Currency>) -> Extraction {
        let hints = SiteHints { currency, ..SiteHints::default() };
        let (body, content_type) = (PRODUCT.as_bytes(), Some("text/javascript; charset=utf-8"));
        extract(&PageInput { body, content_type, status: Some(200), url, hints })
    }

    #[test]
    fn a_products_page_leads_to_its_json_with_the_chosen_variant() {
        let json = |page: &str| shopify_product_json(&Url::parse(page).expect("an address")).map(String::from);
        assert_eq!(
            json("https://cups.example/collections/new/products/cup?variant=12&utm=x#a").as_deref(),
            Some("https://cups.example/products/cup.js?variant=12")
        );
        assert_eq!(json("https://cups.example/products/cup").as_deref(), Some("https://cups.example/products/cup.js"));
        assert_eq!(json("https://cups.example/products/cup.js"), None);
        assert_eq!(json("https://cups.example/pages/about"), None);
    }

    #[test]
    fn the_chosen_variant_is_read_or_else_the_first_that_can_be_bought() {
        let read_in_euro = |url: &str| read(url, Some(Currency::EUR));
        let first = read_in_euro("https://cups.example/products/cup.js");
        assert_eq!((first.state, first.sku.as_deref()), (ReadState::Product, Some("C-L")));
        assert_eq!(first.price.map(|price| price.to_string()).as_deref(), Some("19.99"));
        assert_eq!((first.title.as_deref(), first.variants.len()), (Some("Cup"), 2));
        let sold_out = read_in_euro("https://cups.example/products/cup.js?variant=11");
        assert_eq!((sold_out.state, sold_out.availability), (ReadState::SoldOut, Availability::OutOfStock));
        assert_eq!(sold_out.price, None);
        let gone = read_in_euro("https://cups.example/products/cup.js?variant=13");
        assert_eq!(gone.state, ReadState::NotProduct);
    }

    #[test]
    fn without_a_known_currency_there_is_no_price() {
        let read = read("https://cups.example/products/cup.js", None);
        assert_eq!((read.state, read.price), (ReadState::NoPrice, None));
    }
}
