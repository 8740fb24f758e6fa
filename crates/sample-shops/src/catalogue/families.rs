//! Builds the products, family by family, from a seeded generator.

use pricing_domain::{ContentUnit, Currency, Lifecycle, MicroAmount, Role};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::kinds::{Axis, BRANDS, COLOURS, KINDS, Kind, OWN_BRAND, SERIES, SUPPLIERS};
use super::{SampleProduct, shelf_price};

const SEED: u64 = 20_261_101;
/// A GS1 prefix reserved for use inside a company, so that no number meets a real product.
const GTIN_PREFIX: u64 = 200_471_100_000;
/// Every so many families, two members may be out of order.
const DISORDERLY_FAMILY: usize = 19;
/// Products with a planted exception.
const BELOW_COST: [usize; 2] = [211, 1_404];
const WITHOUT_COST_EVERY: usize = 251;

/// What one member of a family has of its own.
struct Member {
    label: String,
    /// Market price in thousandths of the smallest member's.
    price_factor: i64,
    net_content: Option<(MicroAmount, ContentUnit)>,
    pack_items: u32,
}

/// All products in the order of their categories.
pub(super) fn build() -> Vec<SampleProduct> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut products = Vec::with_capacity(2_000);
    let mut family_number = 0;
    for kind in &KINDS {
        for model in 0..kind.models {
            family_number += 1;
            add_family(&mut products, &mut rng, kind, model, family_number);
        }
    }
    plant_exceptions(&mut products);
    products
}

fn add_family(products: &mut Vec<SampleProduct>, rng: &mut ChaCha8Rng, kind: &Kind, model: usize, number: usize) {
    let brand = BRANDS[(model * 5 + number) % BRANDS.len()];
    let series = SERIES[(model * 7 + kind.noun.len()) % SERIES.len()];
    let model_name = format!("{series} {}", 100 + model * 10 + rng.random_range(0..10));
    let spread = (kind.euros.1 - kind.euros.0) * 100;
    let own_brand_share = if brand == OWN_BRAND { 820 } else { 1_000 };
    let base_minor = (kind.euros.0 * 100 + spread * rng.random_range(0..1_000) / 1_000) * own_brand_share / 1_000;
    let supplier = SUPPLIERS[rng.random_range(0..SUPPLIERS.len())];
    let popularity = 40 + 9_000 / (20 + rng.random_range(0..180));
    let our_stance = rng.random_range(955..1_045);
    let leaving = number % 31 == 8;
    let members = members(kind.axis);
    let family = (members.len() > 1).then(|| format!("F{number:04}"));
    let first = products.len();
    for (place, member) in members.iter().enumerate() {
        let index = products.len();
        let market_minor = base_minor * member.price_factor / 1_000;
        let net_micro = market_minor * 10_000 * 100 / 119;
        let margin = kind.margin_percent * 10 + rng.random_range(-40..40);
        let demand_share = 100 - 14 * i64::try_from(place).expect("few members").min(5);
        let units = kind.units * popularity * demand_share / 10_000;
        let label = if member.label.is_empty() { String::new() } else { format!(", {}", member.label) };
        products.push(SampleProduct {
            sku: format!("NL-{:05}", 10_001 + index),
            gtin: gtin(index),
            mpn: format!("{}{}-{:02}", &brand[..2].to_uppercase(), 1_000 + number, place + 1),
            brand,
            name: format!("{brand} {model_name} {}{label}", kind.noun),
            category: kind.category,
            family: family.clone(),
            net_content: member.net_content,
            pack_items: member.pack_items,
            supplier,
            lifecycle: lifecycle(leaving, rng),
            price_minor: shelf_price(market_minor * our_stance / 1_000),
            compare_at_minor: None,
            cost: Some(MicroAmount(net_micro * (1_000 - margin) / 1_000 / 1_000 * 1_000)),
            min_price_minor: None,
            rrp_minor: shelf_price(market_minor * rng.random_range(1_080..1_220) / 1_000),
            stock: stock(units, rng),
            role: Role::Tail,
            key_value: false,
            tags: Vec::new(),
            market_minor,
            units_per_1000_days: units,
            season: kind.season,
        });
    }
    match kind.axis {
        Axis::Colours(_) => level_prices(&mut products[first..]),
        _ if number.is_multiple_of(DISORDERLY_FAMILY) => disorder(&mut products[first..]),
        _ => {}
    }
}

/// Colours of one model cost the same.
fn level_prices(family: &mut [SampleProduct]) {
    let (price, rrp, cost) = (family[0].price_minor, family[0].rrp_minor, family[0].cost);
    for member in family {
        (member.price_minor, member.rrp_minor, member.cost) = (price, rrp, cost);
    }
}

/// The second largest member becomes dearer than the largest, where their prices are near enough for a slip.
fn disorder(family: &mut [SampleProduct]) {
    if let [.., smaller, largest] = family
        && largest.price_minor * 100 < smaller.price_minor * 135
    {
        smaller.price_minor = shelf_price(largest.price_minor * 104 / 100);
    }
}

fn members(axis: Axis) -> Vec<Member> {
    let content = |amount: u32, unit| Some((MicroAmount(i64::from(amount) * 1_000_000), unit));
    let plain = |label: String, price_factor| Member { label, price_factor, net_content: None, pack_items: 1 };
    match axis {
        Axis::Single => vec![plain(String::new(), 1_000)],
        Axis::Colours(count) => COLOURS[..count].iter().map(|colour| plain((*colour).to_owned(), 1_000)).collect(),
        Axis::Lengths(tenths) => tenths
            .iter()
            .map(|length| Member {
                net_content: Some((MicroAmount(i64::from(*length) * 100_000), ContentUnit::Metre)),
                ..plain(format!("{}.{} m", length / 10, length % 10), 1_000 + 280 * steps(tenths, *length))
            })
            .collect(),
        Axis::Packs(packs) => packs
            .iter()
            .map(|pack| Member {
                net_content: content(*pack, ContentUnit::Piece),
                pack_items: *pack,
                ..plain(format!("Pack of {pack}"), pack_factor(packs[0], *pack))
            })
            .collect(),
        Axis::Sizes(sizes, unit) => {
            sizes.iter().map(|size| plain(format!("{size}{unit}"), 1_000 + 420 * steps(sizes, *size))).collect()
        }
        Axis::Gigabytes(sizes) => sizes
            .iter()
            .map(|size| Member {
                net_content: content(*size, ContentUnit::Piece),
                ..plain(storage_label(*size), 1_000 + storage_step(sizes) * steps(sizes, *size))
            })
            .collect(),
    }
}

/// How many members are smaller.
fn steps(sizes: &[u32], size: u32) -> i64 {
    i64::try_from(sizes.iter().filter(|other| **other < size).count()).expect("few sizes")
}

/// A larger pack costs less an item: each item beyond the first pack at 85 %.
fn pack_factor(smallest: u32, pack: u32) -> i64 {
    1_000 + i64::from(pack - smallest) * 850 / i64::from(smallest)
}

/// Storage alone (from 64 or 250 GB) doubles almost in price with its size; devices rise slowly.
fn storage_step(sizes: &[u32]) -> i64 {
    if sizes.len() > 3 { 900 } else { 180 }
}

fn storage_label(gigabytes: u32) -> String {
    if gigabytes >= 1_000 { format!("{} TB", gigabytes / 1_000) } else { format!("{gigabytes} GB") }
}

fn lifecycle(leaving: bool, rng: &mut ChaCha8Rng) -> Lifecycle {
    match (leaving, rng.random_range(0..100)) {
        (true, _) => Lifecycle::PhaseOut,
        (false, 0..4) => Lifecycle::New,
        _ => Lifecycle::Regular,
    }
}

/// Ten to ninety days of sales, now and then nothing.
fn stock(units_per_1000_days: i64, rng: &mut ChaCha8Rng) -> i64 {
    let days = rng.random_range(10..90);
    if rng.random_range(0..100) < 4 { 0 } else { 1 + units_per_1000_days * days / 1_000 }
}

fn gtin(index: usize) -> String {
    let body = GTIN_PREFIX + index as u64 * 7;
    let digit = (0..12).map(|place| body / 10u64.pow(place) % 10 * if place.is_multiple_of(2) { 3 } else { 1 });
    format!("{body}{}", (10 - digit.sum::<u64>() % 10) % 10)
}

/// Roles, labels, floors, was-prices, missing costs and prices below cost.
fn plant_exceptions(products: &mut [SampleProduct]) {
    let mut by_demand: Vec<usize> = (0..products.len()).collect();
    by_demand.sort_by_key(|index| (std::cmp::Reverse(products[*index].units_per_1000_days), *index));
    for (rank, index) in by_demand.into_iter().enumerate() {
        let share = rank * 100 / products.len();
        let product = &mut products[index];
        product.key_value = share < 6;
        product.role = match share {
            0..6 => Role::KeyValue,
            6..20 => Role::Traffic,
            20..50 => Role::Profit,
            _ => Role::Tail,
        };
    }
    for (index, product) in products.iter_mut().enumerate() {
        set_labels(product, index);
        if index % WITHOUT_COST_EVERY == 17 {
            product.cost = None;
        }
        if BELOW_COST.contains(&index) {
            let net_micro = product.price_minor * Currency::EUR.micro_per_minor() * 100 / 119;
            product.cost = Some(MicroAmount(net_micro * 106 / 100 / 1_000 * 1_000));
        }
    }
}

fn set_labels(product: &mut SampleProduct, index: usize) {
    if product.own_brand() {
        product.tags.push("own-brand");
    }
    match product.lifecycle {
        Lifecycle::PhaseOut => {
            product.tags.push("sell-off");
            product.compare_at_minor = Some(product.rrp_minor);
        }
        Lifecycle::New => product.tags.push("new"),
        Lifecycle::Regular | Lifecycle::Ended => {}
    }
    if index % 19 == 4 {
        product.min_price_minor = Some(shelf_price(product.price_minor * 88 / 100));
    }
    if index % 31 == 9 {
        product.tags.push("leaflet");
    }
}
