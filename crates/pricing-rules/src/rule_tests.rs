//! Runs the tests of a rule set: “SKU X with competitor 80 and cost 50 gives 78.40”.

use std::collections::BTreeMap;

use pricing_domain::{
    Availability, Condition, ContentUnit, CostType, Currency, ExceptionReason, Instant, MatchType, MicroAmount, Money,
    OfferKind, RuleSet, RuleSetProblem, RuleTest, TaxMode, TestMove, TestOffer, attribute_name, parse_scaled,
};
use serde::{Deserialize, Serialize};

use crate::columns::NONE;
use crate::engine::{
    CompiledRules, Decision, LaterInputs, ListInputs, MoveInputs, OfferInputs, PriceInputs, inputs_of,
    price_from_inputs,
};
use crate::snapshot::{CostRecord, ListValues, ProductRecord, Snapshot};

/// What became of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTestResult {
    /// The test's name.
    pub name: String,
    /// Whether it gave what it should.
    pub passed: bool,
    /// What came out: a price, `keep`, or the reason why a person is asked; empty when the test cannot be run.
    pub gave: String,
    /// What should have.
    pub expected: String,
    /// The way in one sentence, or why the test cannot be run.
    pub words: String,
}

/// What stands for “today's price stays”.
const KEEP: &str = "keep";

/// Runs every test of a rule set. `now` is when the offers were seen; the snapshot supplies what tests do not state.
///
/// Errors: everything that makes the rule set unusable.
pub fn run_rule_tests(
    set: &RuleSet,
    snapshot: &Snapshot,
    now: Instant,
) -> Result<Vec<RuleTestResult>, Vec<RuleSetProblem>> {
    let rules = CompiledRules::compile(set, snapshot)?;
    let mut results = Vec::with_capacity(set.tests.len());
    for test in &set.tests {
        results.push(match inputs(&rules, snapshot, test, now) {
            Ok(inputs) => {
                let (decision, way) = price_from_inputs(set, &inputs)?;
                judged(test, inputs.list.currency, decision.as_ref(), way.summary)
            }
            Err(words) => failed(test, words),
        });
    }
    Ok(results)
}

fn failed(test: &RuleTest, words: String) -> RuleTestResult {
    let (name, expected) = (test.name.clone(), test.gives.clone());
    RuleTestResult { name, passed: false, gave: String::new(), expected, words }
}

/// Where a price is found and only a person's nod is missing.
const fn is_priced(reason: Option<ExceptionReason>) -> bool {
    matches!(reason, None | Some(ExceptionReason::LargeChange | ExceptionReason::NoPriceYet))
}

fn judged(test: &RuleTest, currency: Currency, decision: Option<&Decision>, words: String) -> RuleTestResult {
    let wanted = test.gives.trim();
    let amount = parse_scaled(wanted, currency.minor_digits());
    let gave = match decision {
        None => KEEP.to_owned(),
        Some(Decision { reason: Some(reason), new_minor, .. })
            if !(is_priced(Some(*reason)) && amount.is_some() && *new_minor != NONE) =>
        {
            reason.to_string()
        }
        Some(decision) => Money::new(decision.new_minor, currency).amount_text(),
    };
    let passed = match amount {
        Some(amount) => gave == Money::new(amount, currency).amount_text(),
        None => gave.eq_ignore_ascii_case(wanted),
    };
    RuleTestResult { name: test.name.clone(), passed, gave, expected: test.gives.clone(), words }
}

/// The product of the catalogue, or an empty one, with what the test states.
fn inputs(rules: &CompiledRules, snapshot: &Snapshot, test: &RuleTest, now: Instant) -> Result<PriceInputs, String> {
    let list = match &test.list {
        None => 0,
        Some(code) => snapshot
            .lists
            .iter()
            .position(|list| list.code.eq_ignore_ascii_case(code.trim()))
            .ok_or_else(|| format!("No price list has the code “{code}”."))?,
    };
    let mut inputs = match &test.sku {
        Some(sku) => {
            let row = snapshot.row_of_sku(sku).ok_or_else(|| format!("No product has the article number “{sku}”."))?;
            inputs_of(rules, snapshot, list, row as usize, now)
        }
        None => empty(snapshot, list, now),
    };
    inputs.family.clear();
    inputs.later.joint = None;
    state(&mut inputs, test, now)?;
    Ok(inputs)
}

fn empty(snapshot: &Snapshot, list: usize, now: Instant) -> PriceInputs {
    let columns = snapshot.lists.get(list);
    PriceInputs {
        now,
        product: ProductRecord { sku: "test".into(), name: "Test".into(), ..ProductRecord::default() },
        list: ListInputs {
            code: columns.map_or_else(String::new, |list| list.code.clone()),
            currency: columns.map_or(Currency::EUR, |list| list.currency),
            tax_mode: columns.map_or(TaxMode::Net, |list| list.tax_mode),
            values: ListValues::default(),
        },
        offers: Vec::new(),
        family: Vec::new(),
        later: LaterInputs {
            utc_offset_s: columns.map_or(0, |list| list.utc_offset_s),
            cash_step_minor: columns.map_or(1, |list| list.cash_step_minor),
            ..LaterInputs::default()
        },
    }
}

fn state(inputs: &mut PriceInputs, test: &RuleTest, now: Instant) -> Result<(), String> {
    let given = &test.given;
    let currency = inputs.list.currency;
    let amount = |text: &str| {
        parse_scaled(text.trim(), currency.minor_digits())
            .ok_or_else(|| format!("“{text}” is no amount in {currency}."))
    };
    let values = &mut inputs.list.values;
    let stated = [
        (&given.price, &mut values.price_minor),
        (&given.rrp, &mut values.rrp_minor),
        (&given.min_price, &mut values.min_minor),
        (&given.max_price, &mut values.max_minor),
    ];
    for (text, value) in stated {
        if let Some(text) = text {
            *value = amount(text)?;
        }
    }
    if let Some(text) = &given.vat {
        let rate = parse_scaled(text.trim().trim_end_matches('%').trim(), 2).and_then(|rate| i32::try_from(rate).ok());
        values.vat_bp = rate.ok_or_else(|| format!("“{text}” is no percentage."))?;
    }
    if let Some(units) = given.units_28d {
        values.units_28d_milli = i64::from(units) * 1000;
    }
    let product = &mut inputs.product;
    if let Some(text) = &given.cost {
        let amount = MicroAmount::parse(text.trim()).ok_or_else(|| format!("“{text}” is no amount."))?;
        product.cost = Some(CostRecord { amount, currency, cost_type: CostType::Landed });
    }
    given.brand.iter().for_each(|brand| product.brand.clone_from(brand));
    given.category.iter().for_each(|category| product.category.clone_from(category));
    given.tags.iter().for_each(|tags| product.tags.clone_from(tags));
    product.stock = given.stock.or(product.stock);
    product.role = given.role.or(product.role);
    product.lifecycle = given.lifecycle.or(product.lifecycle);
    product.key_value = given.kvi.unwrap_or(product.key_value);
    product.own_brand = given.own_brand.unwrap_or(product.own_brand);
    given.supplier.iter().for_each(|supplier| product.supplier.clone_from(supplier));
    if let Some(text) = &given.content {
        let (content, unit) = content(text).ok_or_else(|| {
            format!("“{text}” is no net content with its unit, such as 0.75 l; units are kg, l, piece, m and m2.")
        })?;
        (product.net_content_micro, product.content_unit) = (Some(content), Some(unit));
    }
    state_attributes(&mut inputs.later.attributes, &given.attributes)?;
    if let Some(offers) = &given.offers {
        let stated =
            (1..).zip(offers).map(|(key, offer)| Ok(stated_offer(key, offer, amount(&offer.price)?, currency, now)));
        inputs.offers = stated.collect::<Result<_, String>>()?;
    }
    if let Some(moves) = &given.moves {
        state_moves(inputs, moves, now)?;
    }
    Ok(())
}

/// `0.75 l`.
fn content(text: &str) -> Option<(i64, ContentUnit)> {
    let text = text.trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (amount, unit) = text.split_at(digits);
    Some((parse_scaled(amount, 6).filter(|micro| *micro > 0)?, unit.trim().parse().ok()?))
}

/// What a test states stands in place of what the product has.
fn state_attributes(known: &mut Vec<(String, String)>, given: &BTreeMap<String, String>) -> Result<(), String> {
    for (written, text) in given {
        let name = attribute_name(written).ok_or_else(|| format!("“{written}” is no name of an attribute."))?;
        known.retain(|(one, _)| *one != name);
        known.push((name, text.clone()));
    }
    known.sort_unstable();
    Ok(())
}

/// The moves that a test states; today's price began with our last one, and is that one where the test states none.
fn state_moves(inputs: &mut PriceInputs, moves: &[TestMove], now: Instant) -> Result<(), String> {
    let currency = inputs.list.currency;
    let listing_of = |name: &str| {
        let offer = inputs.offers.iter().find(|offer| offer.competitor.eq_ignore_ascii_case(name));
        let unknown = moves.iter().position(|one| one.competitor.as_deref() == Some(name)).unwrap_or_default();
        offer.map_or_else(|| 1_000_000 + u32::try_from(unknown).unwrap_or_default(), |offer| offer.listing)
    };
    let mut stated = Vec::with_capacity(moves.len());
    for one in moves {
        let amount_minor = parse_scaled(one.price.trim(), currency.minor_digits())
            .ok_or_else(|| format!("“{}” is no amount in {currency}.", one.price))?;
        stated.push(MoveInputs {
            competitor: one.competitor.clone(),
            listing: one.competitor.as_deref().map_or(0, listing_of),
            at_s: u32::try_from(now.plus_hours(-i64::from(one.hours_ago)).0.div_euclid(1_000_000)).unwrap_or(0),
            amount_minor,
            currency: Some(currency),
        });
    }
    // At one time ours stands last, as the answer.
    stated.sort_by_key(|one| (one.at_s, one.competitor.is_none()));
    let ours = stated.iter().rev().find(|one| one.competitor.is_none());
    if let Some(ours) = ours {
        let price = &mut inputs.list.values.price_minor;
        *price = if *price == NONE { ours.amount_minor } else { *price };
        inputs.later.price_since_s = ours.at_s;
    }
    inputs.later.moves = stated;
    Ok(())
}

fn stated_offer(key: u32, offer: &TestOffer, amount_minor: i64, currency: Currency, now: Instant) -> OfferInputs {
    OfferInputs {
        competitor: offer.competitor.clone(),
        key,
        listing: key,
        amount_minor,
        currency: Some(currency),
        shipping_minor: None,
        last_seen_s: u32::try_from(now.0.div_euclid(1_000_000)).unwrap_or(0),
        availability: Availability::InStock,
        kind: OfferKind::Regular,
        condition: Condition::New,
        match_type: MatchType::Exact,
    }
}
