//! State that shops embed for their scripts: variants of WooCommerce and Shopify, and the price beside the product's
//! name in the state of Next, Nuxt and data layers.

use memchr::memmem;
use pricing_domain::{Availability, ExtractionMethod, Gtin};

use super::{Found, Offer};
use crate::amount::Amount;
use crate::currencies::in_markup;
use crate::dom::{Dom, Tag, unescape};
use crate::extraction::Variant;
use crate::gtins::gtin_in_text;
use crate::json::{Json, parse_all, parse_prefix};
use crate::page::Page;
use crate::words::availability_in_markup;

/// Longest script that is looked into.
const LONGEST: usize = 3_000_000;

/// The variants that a form or a script lists.
pub(crate) fn variants(dom: &Dom<'_>) -> Vec<Variant> {
    woo_variants(dom).or_else(|| shopify_variants(dom)).unwrap_or_default()
}

/// WooCommerce: a JSON attribute of the form.
fn woo_variants(dom: &Dom<'_>) -> Option<Vec<Variant>> {
    let form = dom.elements(Tag::Form).find(|id| dom.raw_attribute(*id, "data-product_variations").is_some())?;
    let text = dom.attribute(form, "data-product_variations")?;
    let documents = parse_all(&text);
    let list = documents.values.first()?;
    let variants: Vec<Variant> = list.items().iter().filter_map(woo_variant).collect();
    (!variants.is_empty()).then_some(variants)
}

fn woo_variant(value: &Json<'_>) -> Option<Variant> {
    let price = amount(value.get("display_price")?)?;
    let regular = value.get("display_regular_price").and_then(amount).filter(|regular| *regular > price);
    let attributes: Vec<(String, String)> = match value.get("attributes") {
        Some(Json::Object(members)) => {
            members.iter().filter_map(|(name, value)| Some((name.to_string(), value.as_text()?.to_owned()))).collect()
        }
        _ => Vec::new(),
    };
    let in_stock = value.get("is_in_stock").map(|stock| *stock == Json::Bool(true));
    Some(Variant {
        title: joined(&attributes),
        sku: text(value, "sku"),
        gtin: None,
        price: Some(price),
        list_price: regular,
        availability: in_stock.map(stock),
        attributes,
    })
}

/// The name of a Shopify product's list.
const VARIANTS: &str = "\"variants\"";

/// Shopify: `"variants":[{"id":…,"price":…}]` in a script, prices in minor units unless they have a decimal point.
fn shopify_variants(dom: &Dom<'_>) -> Option<Vec<Variant>> {
    for id in dom.elements(Tag::Script) {
        let script = dom.raw_text(id);
        let find = |word: &str| memmem::find(script.as_bytes(), word.as_bytes());
        let Some(at) = find(VARIANTS).filter(|_| script.len() <= LONGEST && find("\"available\"").is_some()) else {
            continue;
        };
        let at = at + VARIANTS.len();
        let (list, _) = parse_prefix(script[at..].trim_start().trim_start_matches(':'));
        let variants: Vec<Variant> = list.items().iter().filter_map(shopify_variant).collect();
        if !variants.is_empty() {
            return Some(variants);
        }
    }
    None
}

/// One entry of such a list.
pub(crate) fn shopify_variant(value: &Json<'_>) -> Option<Variant> {
    value.get("id")?;
    let price = minor_or_major(value.get("price")?)?;
    let before = value.get("compare_at_price").and_then(minor_or_major).filter(|before| *before > price);
    let option = |name: &str| text(value, name).map(|chosen| (name.to_owned(), chosen));
    let available = value.get("available").map(|available| *available == Json::Bool(true));
    Some(Variant {
        title: text(value, "public_title").or_else(|| text(value, "title")),
        sku: text(value, "sku"),
        gtin: text(value, "barcode").and_then(|code| Gtin::parse(&code).ok()),
        price: Some(price),
        list_price: before,
        availability: available.map(stock),
        attributes: ["option1", "option2", "option3"].into_iter().filter_map(option).collect(),
    })
}

fn stock(available: bool) -> Availability {
    if available { Availability::InStock } else { Availability::OutOfStock }
}

fn joined(attributes: &[(String, String)]) -> Option<String> {
    let values: Vec<&str> = attributes.iter().map(|(_, value)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(" / "))
}

fn text(value: &Json<'_>, name: &str) -> Option<String> {
    value.get(name)?.as_text().map(str::to_owned)
}

fn amount(value: &Json<'_>) -> Option<Amount> {
    Amount::parse_plain(value.as_text()?)
}

/// Whole numbers are minor units there; texts and numbers with a point are major units.
fn minor_or_major(value: &Json<'_>) -> Option<Amount> {
    match value {
        Json::Number(number) if !number.contains('.') => {
            Amount::parse_plain(number).map(|amount| amount.shifted_right(2))
        }
        other => amount(other),
    }
}

/// The page's product in embedded state: an object with its name and a price. Whole prices count only where the page
/// shows them; without any name, variants that all cost the same tell the price.
pub(crate) fn product(page: &Page<'_>) -> Option<Found> {
    let mut best: Option<(f64, Found)> = None;
    for id in page.dom.elements(Tag::Script) {
        let script = page.dom.raw_text(id);
        let ld = page.dom.raw_attribute(id, "type").is_some_and(|kind| kind.contains("ld+json"));
        if ld || script.len() > LONGEST || !mentions_price(script) {
            continue;
        }
        let unescaped = script.trim_start().starts_with("{&quot;").then(|| unescape(script).into_owned());
        let documents = parse_all(unescaped.as_deref().unwrap_or(script));
        let is_by_place = page.dom.raw_attribute(id, "id") == Some("__NUXT_DATA__");
        for document in &documents.values {
            if is_by_place {
                let mut left = MOST_PLACED;
                for item in document.items() {
                    search(page, &placed(item, document.items(), 0, &mut left), 0, &mut best);
                }
            }
            search(page, document, 0, &mut best);
        }
    }
    best.map(|(_, found)| found).or_else(|| of_variants(page))
}

/// Most values of a state by places that are put together.
const MOST_PLACED: usize = 200_000;

/// Most members of an object in it.
const MOST_MEMBERS: usize = 1_000;

/// Nuxt's state: a list whose objects hold the places of their values in it. Nothing more once `left` is used up.
fn placed<'a>(value: &Json<'a>, all: &[Json<'a>], depth: usize, left: &mut usize) -> Json<'a> {
    const DEEP_ENOUGH: usize = 3;
    let Json::Object(members) = value else { return Json::Null };
    let mut at = |place: &Json<'a>| {
        *left = left.saturating_sub(1);
        let found = match place {
            Json::Number(number) => number.parse::<usize>().ok().and_then(|place| all.get(place)),
            _ => None,
        };
        match found {
            Some(found @ Json::Object(_)) if depth < DEEP_ENOUGH && *left > 0 => placed(found, all, depth + 1, left),
            Some(Json::Object(_) | Json::List(_)) | None => Json::Null,
            Some(found) => found.clone(),
        }
    };
    Json::Object(members.iter().take(MOST_MEMBERS).map(|(name, place)| (name.clone(), at(place))).collect())
}

fn of_variants(page: &Page<'_>) -> Option<Found> {
    let variants = variants(page.dom);
    let first = variants.first()?;
    let is_one_price = variants.iter().all(|variant| variant.price == first.price);
    let mut found = Found::new(ExtractionMethod::EmbeddedState);
    found.offers.push(Offer {
        price: Some(first.price.filter(|_| is_one_price)?.to_string()),
        availability: first.availability.filter(|_| variants.len() == 1),
        ..Offer::default()
    });
    Some(found)
}

fn mentions_price(script: &str) -> bool {
    script.len() > 40 && memmem::find(script.as_bytes(), b"rice").is_some()
}

fn search(page: &Page<'_>, value: &Json<'_>, depth: usize, best: &mut Option<(f64, Found)>) {
    if depth > 60 {
        return;
    }
    match value {
        Json::List(items) => items.iter().for_each(|item| search(page, item, depth + 1, best)),
        Json::Object(members) => {
            if let Some((fit, found)) = as_product(page, value)
                && best.as_ref().is_none_or(|(known, _)| fit > *known)
            {
                *best = Some((fit, found));
            }
            members.iter().for_each(|(_, member)| search(page, member, depth + 1, best));
        }
        // State within a text, as Next streams it.
        Json::Text(text) if depth <= 2 && mentions_price(text) && text.contains("{\"") => {
            parse_all(text).values.iter().for_each(|inner| search(page, inner, depth + 2, best));
        }
        _ => {}
    }
}

/// What a product is called in state.
const NAMES: [&str; 6] = ["name", "title", "productName", "displayName", "item_name", "productTitle"];
/// What its price is called, the current one first.
const PRICES: [&str; 12] = [
    "discountedPrice",
    "discounted_price",
    "salePrice",
    "sale_price",
    "currentPrice",
    "finalPrice",
    "final_price",
    "sellingPrice",
    "specialPrice",
    "price",
    "prices",
    "priceRange",
];
/// What its price before is called. A mere “price” is one beside a reduced price only.
const LISTED: [&str; 9] = [
    "regularPrice",
    "regular_price",
    "originalPrice",
    "original_price",
    "listPrice",
    "list_price",
    "compareAtPrice",
    "compare_at_price",
    "price",
];
/// The same within an object of prices.
const CURRENT: [&str; 12] = [
    "sale",
    "current",
    "now",
    "final",
    "special",
    "discounted",
    "value",
    "amount",
    "selling",
    "regular",
    "original",
    "minVariantPrice",
];

/// An object that names the page's product and has a price.
fn as_product(page: &Page<'_>, value: &Json<'_>) -> Option<(f64, Found)> {
    let name = value.first_of(&NAMES)?.as_text()?;
    let (price, holder) = PRICES.iter().find_map(|key| current(value.get(key)?, value))?;
    let fit = page.title_likeness(name);
    if fit < 0.6 {
        return None;
    }
    let mut found = Found::new(ExtractionMethod::EmbeddedState);
    found.title = Some(name.to_owned());
    found.sku = ["sku", "productId", "product_id", "itemId", "item_id"].iter().find_map(|key| text(value, key));
    let numbers = ["gtin", "gtin13", "gtin14", "gtin12", "ean", "ean13", "eanCode", "upc", "barcode", "isbn"];
    found.gtin = numbers.iter().find_map(|key| text(value, key)).filter(|number| gtin_in_text(number).is_some());
    let named = |member: &Json<'_>| member.as_text().or_else(|| member.get("name")?.as_text()).map(str::to_owned);
    found.brand = value.first_of(&["brand", "brandName", "item_brand", "vendor", "manufacturer"]).and_then(named);
    let currency = |of: &Json<'_>| {
        of.first_of(&["currency", "priceCurrency", "currencyCode"]).and_then(Json::as_text).and_then(in_markup)
    };
    let is_higher = |listed: &str| Amount::parse_plain(listed) > Amount::parse_plain(&price);
    let listed = LISTED.iter().find_map(|key| text(value, key).filter(|listed| is_higher(listed)));
    found.offers.push(Offer {
        maybe_minor: !price.contains('.'),
        price: Some(price),
        list_price: listed,
        currency: currency(holder).or_else(|| currency(value)),
        from: value.get("priceRange").is_some(),
        availability: availability(value),
        ..Offer::default()
    });
    Some((fit, found))
}

/// What an object of state says of stock: a word or yes and no, in it or in its part about stock.
fn availability(value: &Json<'_>) -> Option<Availability> {
    const WORDS: [&str; 6] =
        ["availability", "availabilityStatus", "stockStatus", "stock_status", "inventoryStatus", "stockLevelStatus"];
    const YES: [&str; 12] = [
        "inStock",
        "in_stock",
        "isInStock",
        "is_in_stock",
        "available",
        "isAvailable",
        "is_available",
        "availableForSale",
        "available_for_sale",
        "purchasable",
        "isPurchasable",
        "buyable",
    ];
    const NO: [&str; 6] = ["outOfStock", "out_of_stock", "isOutOfStock", "soldOut", "sold_out", "isSoldOut"];
    let word = |name: &&str| match value.get(name)? {
        inner @ Json::Object(_) => availability(inner)
            .or_else(|| inner.first_of(&["status", "code", "value"])?.as_text().and_then(availability_in_markup)),
        said => availability_in_markup(&said.as_text()?.replace('_', " ")),
    };
    let yes = |name: &&str, meaning: bool| match value.get(name)? {
        Json::Bool(said) => Some(stock(*said == meaning)),
        _ => None,
    };
    // A refusal anywhere outweighs a promise: states keep several.
    let said: Vec<Availability> = WORDS
        .iter()
        .filter_map(word)
        .chain(YES.iter().filter_map(|name| yes(name, true)))
        .chain(NO.iter().filter_map(|name| yes(name, false)))
        .collect();
    said.iter().find(|said| !said.buyable()).or(said.first()).copied()
}

/// A plain positive decimal, or the current one of an object of prices, with the object that holds it.
fn current<'j, 'a>(value: &'j Json<'a>, holder: &'j Json<'a>) -> Option<(String, &'j Json<'a>)> {
    match value {
        Json::Object(_) => CURRENT.iter().find_map(|key| current(value.get(key)?, value)),
        other => other
            .as_text()
            .filter(|text| Amount::parse_plain(text).is_some_and(Amount::is_positive))
            .map(|text| (text.to_owned(), holder)),
    }
}
