//! Cases from `tests/cases`: given a rule set, a product and its offers, what comes out and what the way says.

use std::collections::BTreeMap;
use std::path::Path;

use pricing_domain::{
    Availability, Condition, CostType, Currency, MatchType, MicroAmount, Money, OfferKind, OfferUse, RuleSet, TaxMode,
};
use pricing_rules::{
    CostRecord, Decision, FamilyNeighbour, FloorKind, ListFlags, MoveInputs, NONE, OfferInputs, PriceInputs, PriceWay,
    binding_from_inputs, price_from_inputs,
};
use serde::Deserialize;

use crate::catalogue::{NOW, inputs, offer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    rules: RuleSet,
    product: Product,
    #[serde(default)]
    offers: Vec<Offered>,
    #[serde(default)]
    family: Vec<Relative>,
    /// In the order of time.
    #[serde(default)]
    moves: Vec<Moved>,
    expect: Expected,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Product {
    price: Option<String>,
    cost: Option<String>,
    cost_type: Option<CostType>,
    cost_currency: Option<Currency>,
    min: Option<String>,
    max: Option<String>,
    rrp: Option<String>,
    vat_bp: Option<i32>,
    brand: String,
    category: String,
    stock: Option<i64>,
    key_value: bool,
    own_brand: bool,
    locked: bool,
    fixed: Option<String>,
    promotion: bool,
    net_list: bool,
    currency: Option<Currency>,
    lifecycle: Option<pricing_domain::Lifecycle>,
    content: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offered {
    from: String,
    price: String,
    currency: Option<Currency>,
    shipping: Option<String>,
    age_hours: Option<u32>,
    availability: Option<Availability>,
    kind: Option<OfferKind>,
    condition: Option<Condition>,
    match_type: Option<MatchType>,
}

/// A price that began, our own unless a competitor is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    from: Option<String>,
    price: String,
    hours_ago: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Relative {
    content: String,
    price: String,
    today: Option<String>,
    low: Option<String>,
    high: Option<String>,
    #[serde(default)]
    fixed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// `change`, `nothing`, or the reason of an exception.
    outcome: String,
    new: Option<String>,
    lawful: Option<String>,
    floor: Option<String>,
    ceiling: Option<String>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    uses: BTreeMap<String, OfferUse>,
    summary: Option<String>,
    what_would_change: Option<String>,
}

#[test]
fn every_case_comes_out_as_its_file_says() {
    let folder = Path::new("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder of cases").flatten().collect();
    files.sort_by_key(std::fs::DirEntry::path);
    assert!(files.len() >= 20, "only {} cases found in {}", files.len(), folder.display());
    let mut failures = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file.path()).expect("a readable case");
        let case: Case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{:?}: {error}", file.path()));
        if let Err(failure) = check(&case) {
            failures.push(format!("{:?}: {failure}", file.file_name()));
        }
    }
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

fn check(case: &Case) -> Result<(), String> {
    let inputs = inputs_of(case);
    let (decision, way) = price_from_inputs(&case.rules, &inputs).map_err(|problems| format!("{problems:?}"))?;
    let currency = inputs.list.currency;
    let equal = |what: &str, found: String, expected: &str| {
        if found == expected { Ok(()) } else { Err(format!("{what} is {found}, not {expected}\n{way:#?}")) }
    };
    equal("outcome", outcome(decision.as_ref()), &case.expect.outcome)?;
    let amount = |of: fn(&Decision) -> i64| match decision.as_ref().map(of) {
        None | Some(NONE) => "none".to_owned(),
        Some(amount) => Money::new(amount, currency).amount_text(),
    };
    let amounts = [
        ("new", amount(|decision| decision.new_minor), &case.expect.new),
        ("lawful", amount(|decision| decision.lawful_minor), &case.expect.lawful),
        ("floor", amount(|decision| decision.floor_minor), &case.expect.floor),
        ("ceiling", amount(|decision| decision.ceiling_minor), &case.expect.ceiling),
        ("summary", way.summary.clone(), &case.expect.summary),
        ("what would change", way.what_would_change.clone().unwrap_or_default(), &case.expect.what_would_change),
    ];
    for (what, found, expected) in amounts {
        expected.as_ref().map_or(Ok(()), |expected| equal(what, found, expected))?;
    }
    for (competitor, usage) in &case.expect.uses {
        let found = way.offers.iter().find(|offer| offer.competitor == *competitor);
        equal(competitor, found.map_or("missing".into(), |offer| offer.usage.to_string()), usage.as_str())?;
    }
    let binding = binding_from_inputs(&case.rules, &inputs).map_err(|problems| format!("{problems:?}"))?;
    let told = |title: &str, effect: &str| {
        way.lines.iter().any(|line| line.title == title && line.detail.ends_with(effect)).to_string()
    };
    let lifts = binding.floor.is_some_and(|kind| kind != FloorKind::None);
    equal("whether the floor lifts", lifts.to_string(), &told("Floor", "lifts it."))?;
    equal("whether the ceiling lowers", binding.ceiling.is_some().to_string(), &told("Ceiling", "lowers it."))?;
    says(&way, &case.expect.says)
}

fn says(way: &PriceWay, expected: &[String]) -> Result<(), String> {
    let mut lines = way.lines.iter().map(|line| format!("{}: {}", line.title, line.detail));
    for text in expected {
        if !lines.any(|line| line.contains(text)) {
            return Err(format!("the way does not say “{text}” in this order\n{way:#?}"));
        }
    }
    Ok(())
}

fn outcome(decision: Option<&Decision>) -> String {
    match decision {
        None => "nothing".into(),
        Some(Decision { reason: Some(reason), .. }) => reason.to_string(),
        Some(Decision { kind, .. }) => kind.to_string(),
    }
}

fn inputs_of(case: &Case) -> PriceInputs {
    let product = &case.product;
    let currency = product.currency.unwrap_or(Currency::EUR);
    let minor = |text: &str| Money::parse(text, currency).expect("an amount").amount_minor;
    let optional = |text: &Option<String>| text.as_deref().map_or(NONE, minor);
    let content = |text: &str| MicroAmount::parse(text).expect("a content").0;
    let cost = product.cost.as_deref().map(|cost| CostRecord {
        amount: MicroAmount::parse(cost).expect("a cost"),
        currency: product.cost_currency.unwrap_or(currency),
        cost_type: product.cost_type.unwrap_or(CostType::Landed),
    });
    let mut inputs = inputs(optional(&product.price), cost);
    inputs.list.currency = currency;
    inputs.list.tax_mode = if product.net_list { TaxMode::Net } else { TaxMode::Gross };
    let values = &mut inputs.list.values;
    (values.min_minor, values.max_minor) = (optional(&product.min), optional(&product.max));
    values.rrp_minor = optional(&product.rrp);
    values.vat_bp = product.vat_bp.unwrap_or(1900);
    values.flags = (u8::from(product.locked || product.fixed.is_some()) * ListFlags::LOCKED)
        | (u8::from(product.fixed.is_some()) * ListFlags::FIXED)
        | (u8::from(product.promotion) * ListFlags::PROMOTION);
    inputs.later.fixed_minor = product.fixed.as_deref().map(minor);
    inputs.product.brand.clone_from(&product.brand);
    inputs.product.category.clone_from(&product.category);
    inputs.product.stock = product.stock;
    inputs.product.key_value = product.key_value;
    inputs.product.own_brand = product.own_brand;
    inputs.product.lifecycle = product.lifecycle;
    inputs.product.net_content_micro = product.content.as_deref().map(content);
    inputs.product.family = if case.family.is_empty() { String::new() } else { "Family".into() };
    inputs.offers = case.offers.iter().map(|offered| offer_of(offered, currency)).collect();
    inputs.family =
        (2..).zip(&case.family).map(|(key, relative)| relative_of(key, relative, &minor, &content)).collect();
    let moved = |moved: &Moved| MoveInputs {
        competitor: moved.from.clone(),
        listing: 1,
        at_s: (NOW.0 / 1_000_000) as u32 - moved.hours_ago * 3600,
        amount_minor: minor(&moved.price),
        currency: Some(currency),
    };
    inputs.later.moves = case.moves.iter().map(moved).collect();
    inputs
}

fn offer_of(offered: &Offered, currency: Currency) -> OfferInputs {
    let currency = offered.currency.unwrap_or(currency);
    let minor = |text: &str| Money::parse(text, currency).expect("an amount").amount_minor;
    let ordinary = offer(&offered.from, minor(&offered.price));
    let age_s = offered.age_hours.unwrap_or(1) * 3600;
    OfferInputs {
        currency: Some(currency),
        shipping_minor: offered.shipping.as_deref().map(|text| minor(text) as i32),
        last_seen_s: (NOW.0 / 1_000_000) as u32 - age_s,
        availability: offered.availability.unwrap_or(ordinary.availability),
        kind: offered.kind.unwrap_or(ordinary.kind),
        condition: offered.condition.unwrap_or(ordinary.condition),
        match_type: offered.match_type.unwrap_or(ordinary.match_type),
        ..ordinary
    }
}

fn relative_of(
    key: u32,
    relative: &Relative,
    minor: &dyn Fn(&str) -> i64,
    content: &dyn Fn(&str) -> i64,
) -> FamilyNeighbour {
    FamilyNeighbour {
        sku: format!("A-{key}"),
        key,
        rank: content(&relative.content),
        today_minor: minor(relative.today.as_deref().unwrap_or(&relative.price)),
        price_minor: minor(&relative.price),
        low_minor: relative.low.as_deref().map_or(1, minor),
        high_minor: relative.high.as_deref().map_or(1_000_000, minor),
        movable: !relative.fixed,
    }
}
