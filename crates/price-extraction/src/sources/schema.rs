//! Products and offers in schema.org's words, from whatever syntax they came in.

use pricing_domain::{Availability, Condition, ExtractionMethod};

use super::{Found, Offer};
use crate::currencies::in_markup;
use crate::extraction::Variant;
use crate::images;
use crate::json::Json;
use crate::price_text::conditions::is_points;
use crate::words::availability_in_markup;

/// Types that are a product.
const PRODUCTS: [&str; 14] = [
    "product",
    "productgroup",
    "individualproduct",
    "productmodel",
    "someproducts",
    "book",
    "vehicle",
    "car",
    "movie",
    "softwareapplication",
    "mobileapplication",
    "videogame",
    "productcollection",
    "musicalbum",
];

/// Members whose products are not the page's own.
const ELSEWHERE: [&str; 9] = [
    "isrelatedto",
    "issimilarto",
    "isaccessoryorsparepartfor",
    "isconsumablefor",
    "itemlistelement",
    "hasofferscatalog",
    "itemoffered",
    "mentions",
    "review",
];

/// All products in a set of documents, those related to others marked.
pub(crate) fn products(documents: &[Json<'_>], method: ExtractionMethod, mended: bool) -> Vec<Found> {
    let mut found = Vec::new();
    for document in documents {
        collect(document, documents, method, false, 0, &mut found);
    }
    found.iter_mut().for_each(|product| product.mended = mended);
    found
}

fn collect(
    value: &Json<'_>,
    all: &[Json<'_>],
    method: ExtractionMethod,
    related: bool,
    depth: usize,
    found: &mut Vec<Found>,
) {
    if depth > 12 {
        return;
    }
    match value {
        Json::List(items) => items.iter().for_each(|item| collect(item, all, method, related, depth + 1, found)),
        Json::Object(members) => {
            let product = is_product(value);
            if product {
                let mut read = product_of(value, all, method);
                read.related = related;
                found.push(read);
            }
            for (key, member) in members {
                let elsewhere = ELSEWHERE.iter().any(|name| key.eq_ignore_ascii_case(name));
                let own = product && (key.eq_ignore_ascii_case("hasVariant") || key.eq_ignore_ascii_case("offers"));
                if !own {
                    collect(member, all, method, related || elsewhere || product, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

/// The types of an object, without their addresses, in lower case.
fn types(value: &Json<'_>) -> Vec<String> {
    let kinds = value.get("@type").map_or(&[][..], Json::items);
    let local = |text: &str| text.rsplit(['/', '#', ':']).next().unwrap_or("").to_ascii_lowercase();
    kinds.iter().filter_map(Json::as_text).map(local).collect()
}

/// A product by its type, or anything that is offered at a price (an event, a course).
fn is_product(value: &Json<'_>) -> bool {
    let types = types(value);
    let typed = types.iter().any(|kind| PRODUCTS.contains(&kind.as_str()));
    let no_page = !types.iter().any(|kind| {
        matches!(kind.as_str(), "itemlist" | "organization" | "store" | "website" | "offer" | "aggregateoffer")
    });
    let priced_loose = types.is_empty() && value.get("price").is_some() && value.get("@context").is_none();
    typed
        || no_page && value.get("offers").is_some_and(|offers| matches!(offers, Json::List(_) | Json::Object(_)))
        || priced_loose
}

fn text(value: &Json<'_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        value
            .get(name)?
            .items()
            .iter()
            .find_map(|item| item.as_text().or_else(|| item.get("name")?.as_text()).map(str::to_owned))
    })
}

const GTINS: [&str; 9] = ["gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean", "ean13", "isbn", "upc"];

fn gtin_of(value: &Json<'_>) -> Option<String> {
    text(value, &GTINS).or_else(|| {
        let id = text(value, &["productID", "identifier", "@id"])?;
        let (scheme, digits) = id.split_once(':')?;
        matches!(scheme.to_ascii_lowercase().as_str(), "isbn" | "ean" | "gtin" | "gtin13" | "upc")
            .then(|| digits.to_owned())
    })
}

fn product_of(value: &Json<'_>, all: &[Json<'_>], method: ExtractionMethod) -> Found {
    let mut found = Found::new(method);
    found.title = text(value, &["name", "title"]);
    found.brand = text(value, &["brand", "manufacturer"]);
    found.sku = text(value, &["sku"]);
    found.shop_id = text(value, &["productID"]).filter(|id| !id.contains(':'));
    found.mpn = text(value, &["mpn"]);
    found.gtin = gtin_of(value);
    found.url = text(value, &["url", "@id"]);
    found.condition = condition(value);
    found.image = images::stated(value, |image| resolve(image, all));
    match value.get("offers") {
        Some(offers) => offers_of(offers, all, &mut found.offers, 0),
        None if value.get("price").is_some() || value.get("lowPrice").is_some() => found.offers.extend(offer_of(value)),
        None => {}
    }
    for variant in value.first_of(&["hasVariant", "model"]).map_or(&[][..], Json::items) {
        let variant = resolve(variant, all);
        if is_product(variant) {
            add_variant(variant, all, &mut found);
        }
    }
    found
}

/// Follows a mere reference to the object with that id.
fn resolve<'r, 'a>(value: &'r Json<'a>, all: &'r [Json<'a>]) -> &'r Json<'a> {
    let id = match value {
        Json::Object(members) if members.len() == 1 => value.get("@id").and_then(Json::as_text),
        Json::Text(text) => Some(text.as_ref()),
        _ => None,
    };
    let named = |id: &str| all.iter().find(|candidate| candidate.get("@id").and_then(Json::as_text) == Some(id));
    id.and_then(named).unwrap_or(value)
}

fn add_variant(value: &Json<'_>, all: &[Json<'_>], into: &mut Found) {
    let mut offers = Vec::new();
    if let Some(of_variant) = value.get("offers") {
        offers_of(of_variant, all, &mut offers, 0);
    }
    let attributes = ["color", "size", "material", "pattern"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), text(value, &[name])?)))
        .collect();
    let first = offers.first();
    into.variants.push(Variant {
        title: text(value, &["name"]),
        sku: text(value, &["sku"]),
        gtin: gtin_of(value).and_then(|gtin| pricing_domain::Gtin::parse(&gtin).ok()),
        price: first.and_then(|offer| plain_amount(offer.price.as_deref()?)),
        list_price: first.and_then(|offer| plain_amount(offer.list_price.as_deref()?)),
        availability: first.and_then(|offer| offer.availability),
        attributes,
    });
    let sku = text(value, &["sku"]);
    let (own_url, gtin) = (text(value, &["url"]), gtin_of(value));
    into.offers.extend(offers.into_iter().map(|mut offer| {
        offer.sku = offer.sku.or_else(|| sku.clone());
        offer.url = offer.url.or_else(|| own_url.clone());
        offer.gtin = offer.gtin.or_else(|| gtin.clone());
        offer
    }));
}

fn plain_amount(text: &str) -> Option<crate::amount::Amount> {
    crate::amount::Amount::parse_plain(text.trim())
}

fn offers_of(value: &Json<'_>, all: &[Json<'_>], into: &mut Vec<Offer>, depth: usize) {
    for item in value.items().iter().take(300) {
        let item = resolve(item, all);
        let inner = item.get("offers").filter(|_| depth < 3);
        let before = into.len();
        if let Some(inner) = inner {
            offers_of(inner, all, into, depth + 1);
        }
        let nothing_inside = into[before..].iter().all(|offer| offer.price.is_none());
        if nothing_inside {
            into.extend(offer_of(item));
        } else if let Some(low) = text(item, &["lowPrice"]).filter(|_| !tells_all(item, &into[before..])) {
            let summary = Offer { price: Some(low), from: true, ..offer_of(item).unwrap_or_default() };
            into.insert(before, summary);
        }
    }
}

/// Whether the offers of a summary are all there at one price, so that a lower one is for a way of paying or for members.
fn tells_all(summary: &Json<'_>, offers: &[Offer]) -> bool {
    let count = text(summary, &["offerCount"]).and_then(|count| count.trim().parse::<usize>().ok());
    let first = offers.first().and_then(|offer| offer.price.as_deref());
    count == Some(offers.len()) && offers.iter().all(|offer| offer.price.as_deref() == first)
}

fn offer_of(value: &Json<'_>) -> Option<Offer> {
    let Json::Object(_) = value else { return None };
    let mut offer = Offer {
        price: text(value, &["price"]),
        currency: text(value, &["priceCurrency"]).as_deref().and_then(in_markup),
        availability: availability(value),
        condition: condition(value),
        seller: text(value, &["seller", "offeredBy"]),
        sku: text(value, &["sku"]),
        gtin: gtin_of(value),
        url: text(value, &["url", "@id"]),
        conditional: value.get("validForMemberTier").is_some(),
        ..Offer::default()
    };
    read_specifications(value, &mut offer);
    if text(value, &["priceCurrency"]).is_some_and(|unit| is_points(&unit.to_lowercase())) {
        offer.price = None;
        return offer.availability.is_some().then_some(offer);
    }
    if offer.price.is_none() {
        offer.price = text(value, &["lowPrice", "minPrice"]);
        offer.from = offer.price.is_some() && text(value, &["highPrice", "maxPrice"]) != offer.price;
    }
    read_shipping(value, &mut offer);
    let says_something = offer.price.is_some() || offer.availability.is_some();
    says_something.then_some(offer)
}

/// `priceSpecification`: the price itself, a list price, a price per unit, a price for members.
fn read_specifications(value: &Json<'_>, offer: &mut Offer) {
    for specification in value.get("priceSpecification").map_or(&[][..], Json::items) {
        let Some(price) = text(specification, &["price", "minPrice"]) else { continue };
        let kind = text(specification, &["priceType"]).unwrap_or_default().to_ascii_lowercase();
        let per_unit = specification.get("referenceQuantity").is_some_and(|quantity| !single_piece(quantity));
        let instalment =
            specification.get("billingDuration").is_some() || specification.get("billingIncrement").is_some();
        if per_unit || instalment || specification.get("validForMemberTier").is_some() {
            continue;
        }
        offer.currency = offer.currency.or_else(|| in_markup(&text(specification, &["priceCurrency"])?));
        let listed = ["listprice", "strikethroughprice", "srp", "msrp", "regularprice", "suggestedretailprice"];
        if listed.iter().any(|name| kind.contains(name)) {
            offer.list_price = offer.list_price.take().or(Some(price));
        } else if offer.price.is_none() || kind.contains("saleprice") {
            offer.price = Some(price);
        }
    }
}

fn single_piece(quantity: &Json<'_>) -> bool {
    let unit = text(quantity, &["unitCode"]).unwrap_or_default();
    let value = text(quantity, &["value"]).unwrap_or_else(|| "1".to_owned());
    matches!(unit.as_str(), "C62" | "EA" | "H87" | "") && value == "1"
}

fn read_shipping(value: &Json<'_>, offer: &mut Offer) {
    let details = value.get("shippingDetails").map_or(&[][..], Json::items).first();
    let rate = details.and_then(|details| details.get("shippingRate"));
    offer.shipping = rate.and_then(|rate| text(rate, &["value", "price"]));
}

fn availability(value: &Json<'_>) -> Option<Availability> {
    availability_in_markup(&text(value, &["availability"])?)
}

fn condition(value: &Json<'_>) -> Option<Condition> {
    let text = text(value, &["itemCondition"])?;
    condition_in_markup(&text)
}

/// A condition by its schema.org name or an ordinary word.
pub(crate) fn condition_in_markup(text: &str) -> Option<Condition> {
    let lower = text.rsplit(['/', '#']).next().unwrap_or(text).to_ascii_lowercase();
    match () {
        () if lower.contains("refurb") => Some(Condition::Refurbished),
        () if lower.contains("used") => Some(Condition::Used),
        () if lower.contains("damag") => Some(Condition::Damaged),
        () if lower.contains("new") => Some(Condition::New),
        () => None,
    }
}
