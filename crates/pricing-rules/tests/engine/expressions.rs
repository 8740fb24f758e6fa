//! Random conditions and formulas that are well typed, as texts.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

fn pick(random: &mut ChaCha8Rng, words: &[&str]) -> String {
    (*words.choose(random).expect("words")).to_owned()
}

/// A formula that gives money.
pub fn money(random: &mut ChaCha8Rng, depth: u32) -> String {
    const LEAVES: [&str; 16] = [
        "price",
        "cost",
        "rrp",
        "min_price",
        "max_price",
        "comp.lowest",
        "comp.second",
        "comp.highest",
        "comp.average",
        "comp.median",
        "comp.nth(3)",
        "comp(\"competitor 2\", \"Competitor 0\")",
        "comp.weighted(\"Competitor 1\", 2, \"Competitor 3\", 0.5)",
        "price_in(\"de\")",
        "price_of(\"a-7\")",
        "unit_price * content",
    ];
    if depth == 0 {
        return pick(random, &LEAVES);
    }
    let inner = |random: &mut ChaCha8Rng| money(random, depth - 1);
    match random.random_range(0..12) {
        0 => format!("min({}, {})", inner(random), inner(random)),
        1 => format!("max({}, {}, {})", inner(random), inner(random), inner(random)),
        2 => format!("({}) * {}", inner(random), factor(random)),
        3 => format!("{} - {}.{:02}", inner(random), random.random_range(0..20), random.random_range(0..100)),
        4 => format!("if({}, {}, {})", condition(random, depth - 1), inner(random), inner(random)),
        5 => format!("first({}, {})", inner(random), inner(random)),
        6 => format!("price_for_margin({}, {} %)", inner(random), random.random_range(-20..95)),
        7 => format!("price_for_markup({}, {} %)", inner(random), random.random_range(0..300)),
        8 => format!(
            "{}({}, 0.{})",
            pick(random, &["round", "round_up", "round_down"]),
            inner(random),
            random.random_range(1..99)
        ),
        9 => format!("{}({})", pick(random, &["with_vat", "without_vat", "abs"]), inner(random)),
        10 => format!("({}) / ({})", inner(random), number(random, depth - 1)),
        _ => format!("({}) + ({})", inner(random), inner(random)),
    }
}

fn factor(random: &mut ChaCha8Rng) -> String {
    match random.random_range(0..4) {
        0 => format!("{} %", random.random_range(50..180)),
        1 => format!("1.{}", random.random_range(1..99)),
        2 => "vat".into(),
        // A unit error: cents for euros, or pieces for a percentage.
        _ => pick(random, &["100", "0.01", "stock", "(1 + 20 %)"]),
    }
}

fn number(random: &mut ChaCha8Rng, depth: u32) -> String {
    const LEAVES: [&str; 8] = [
        "stock",
        "units_28d",
        "comp.count",
        "comp.rank",
        "days_of_cover",
        "days since listed",
        "days since price_changed",
        "7",
    ];
    match (depth, random.random_range(0..3)) {
        (0, _) | (_, 0) => pick(random, &LEAVES),
        (_, 1) => format!("({}) + {}", number(random, depth - 1), random.random_range(0..50)),
        _ => format!("({}) * {}", number(random, depth - 1), random.random_range(0..50)),
    }
}

/// A condition.
pub fn condition(random: &mut ChaCha8Rng, depth: u32) -> String {
    const LEAVES: [&str; 18] = [
        "attribute.material = \"glass\"",
        "attribute(\"Colour family\") ends with \"RED\"",
        "has(attribute.material)",
        "attribute.weather <> \"wet\"",
        "kvi",
        "own_brand",
        "locked",
        "role in (kvi, tail)",
        "lifecycle <> new",
        "brand = \"acme\"",
        "brand in (\"Orbit\", \"Zenit\")",
        "category within \"Audio\"",
        "tag = \"Sale\"",
        "name contains \"1\"",
        "sku starts with \"a\"",
        "has(cost)",
        "weekday <= 5 and hour >= 3",
        "has(brand)",
    ];
    if depth == 0 {
        return pick(random, &LEAVES);
    }
    let compared = pick(random, &["<", "<=", ">", ">=", "=", "<>"]);
    match random.random_range(0..6) {
        0 => format!("({}) and ({})", condition(random, depth - 1), condition(random, depth - 1)),
        1 => format!("({}) or ({})", condition(random, depth - 1), condition(random, depth - 1)),
        2 => format!("not ({})", condition(random, depth - 1)),
        3 => format!("{} {compared} {}", money(random, depth - 1), money(random, depth - 1)),
        4 => format!("{} {compared} {}", number(random, depth - 1), random.random_range(0..40)),
        _ => format!("margin({}) {compared} {} %", money(random, depth - 1), random.random_range(-20..60)),
    }
}
