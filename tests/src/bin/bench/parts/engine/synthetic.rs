//! A catalogue and a rule set of any size, the same every time.

use pricing_domain::{
    Adjustment, Availability, BasisPoints, Ceiling, CompetitorId, CompetitorReference, ContentUnit, CostType, Currency,
    EndingBand, FamilyLaw, FamilyOrder, Guardrails, Instant, Lifecycle, MarginFloor, MicroAmount, OfferPolicy,
    PriceEnding, PriceListId, Role, Rule, RuleSet, Scope, ScopeTest, StepLimit, Strategy, TaxMode,
};
use pricing_rules::{
    Competitor, CostRecord, ListRecord, ListValues, NONE, Offer, ProductRecord, Snapshot, SnapshotBuilder,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The time of every run.
pub(super) const NOW: Instant = Instant(1_800_000_000_000_000);

const COMPETITORS: u32 = 12;
const WORDS: [&str; 8] = ["Kettle", "Headphones", "Lamp", "Toaster", "Drill", "Chair", "Router", "Mixer"];

/// Makes a catalogue.
pub(super) fn catalogue(products: u32, offers: u32) -> Snapshot {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut builder = SnapshotBuilder::new(1);
    let list = ListRecord {
        key: 1,
        id: PriceListId(Default::default()),
        code: "default".into(),
        name: "Default".into(),
        currency: Currency::EUR,
        tax_mode: TaxMode::Gross,
        utc_offset_s: 0,
        cash_step_minor: 1,
        never_above: Vec::new(),
    };
    builder.add_list(list);
    for number in 0..COMPETITORS {
        let id = CompetitorId(Default::default());
        builder.add_competitor(Competitor { key: i64::from(number), id, name: format!("Competitor {number}") });
    }
    let euro = builder.currency_number(Currency::EUR);
    for number in 0..products {
        let cost_minor = random.random_range(200..50_000);
        let price = cost_minor * random.random_range(120..190) / 100;
        let row = builder.push_product(&product(&mut random, number, cost_minor, price));
        builder.set_list_values(0, row, &values(&mut random, price));
        let offers: Vec<Offer> =
            (0..offers).map(|place| offer(&mut random, euro, number * offers + place, price)).collect();
        builder.push_offers(row, &offers);
    }
    builder.finish(NOW)
}

fn product(random: &mut ChaCha8Rng, number: u32, cost_minor: i64, price: i64) -> ProductRecord {
    let brand = random.random_range(0..400);
    let word = WORDS[random.random_range(0..WORDS.len())];
    let in_family = random.random_bool(0.3);
    ProductRecord {
        key: number + 1,
        sku: format!("SKU{number:07}"),
        name: format!("{word} {} model {}", brand * 7, number % 1000),
        gtins: format!("{}", 4_000_000_000_000u64 + u64::from(number)),
        brand: format!("Brand {brand}"),
        category: format!("Department {} > Group {}", brand % 10, brand % 40),
        supplier: format!("Supplier {}", brand % 60),
        family: if in_family { format!("Family {}", number / 20) } else { String::new() },
        role: Some(Role::ALL[random.random_range(0..4)]),
        lifecycle: Some(Lifecycle::Regular),
        key_value: random.random_bool(0.1),
        own_brand: random.random_bool(0.1),
        stock: Some(random.random_range(0..200)),
        cost: random.random_bool(0.95).then_some(CostRecord {
            amount: MicroAmount(cost_minor * 8_000),
            currency: Currency::EUR,
            cost_type: CostType::Landed,
        }),
        net_content_micro: in_family.then_some(price * 1_000),
        content_unit: in_family.then_some(ContentUnit::Kilogram),
        tags: Vec::new(),
        attributes: Vec::new(),
        listed_s: 0,
    }
}

fn values(random: &mut ChaCha8Rng, price: i64) -> ListValues {
    ListValues {
        price_minor: price / 100 * 100 + 99,
        min_minor: if random.random_bool(0.1) { price * 7 / 10 } else { NONE },
        max_minor: if random.random_bool(0.1) { price * 2 } else { NONE },
        rrp_minor: price * 13 / 10,
        vat_bp: 1900,
        units_28d_milli: random.random_range(0..50_000),
        ..ListValues::default()
    }
}

fn offer(random: &mut ChaCha8Rng, currency: u8, key: u32, price: i64) -> Offer {
    Offer {
        amount_minor: price * random.random_range(80..125) / 100,
        key,
        listing: key,
        shipping_minor: Offer::NO_SHIPPING,
        last_seen_s: (NOW.0 / 1_000_000) as u32 - random.random_range(0..400_000),
        competitor: random.random_range(0..COMPETITORS) as u16,
        currency,
        availability: if random.random_bool(0.9) { Availability::InStock } else { Availability::OutOfStock } as u8,
        kind: 0,
        condition: 0,
        match_type: 0,
        reserved: 0,
    }
}

/// A rule set with a margin floor, a ceiling, steps, endings and family order.
pub(super) fn rule_set(rules: usize) -> RuleSet {
    let all: Vec<Rule> = (0..rules).map(|number| rule(number, number + 1 == rules)).collect();
    RuleSet {
        name: "Speed".into(),
        rules: all,
        otherwise: Strategy::Keep,
        guardrails: Guardrails {
            cost_type: Some(CostType::Landed),
            floors: vec![
                MarginFloor { scope: Scope(vec![ScopeTest::KeyValue(true)]), margin: BasisPoints(500) },
                MarginFloor { scope: Scope::default(), margin: BasisPoints(1000) },
            ],
            ceiling: Some(Ceiling::OfRecommended(BasisPoints(10_000))),
            step: StepLimit { up: Some(BasisPoints(1000)), down: Some(BasisPoints(1000)) },
            no_cut_without_cost: true,
            families: vec![FamilyLaw::everywhere(FamilyOrder::PriceRisesWithContent)],
            ..Guardrails::default()
        },
        endings: vec![
            EndingBand::nearest(0, PriceEnding { step_minor: 10, ending_minor: 9 }),
            EndingBand::nearest(2_000, PriceEnding { step_minor: 100, ending_minor: 99 }),
        ],
        approval_limit: Some(BasisPoints(1500)),
        tests: Vec::new(),
    }
}

/// A rule set of one rule: a condition on four fields, as a scope or as an expression; the lowest competitor or, without
/// one, cost plus a margin; a margin floor, own lowest and highest prices, a ceiling, a step and endings.
pub(super) fn one_rule(as_expression: bool) -> RuleSet {
    let tests = vec![
        ScopeTest::Role(vec![Role::KeyValue, Role::Traffic]),
        ScopeTest::StockAtLeast(5),
        ScopeTest::OwnBrand(false),
        ScopeTest::KeyValue(false),
    ];
    let text = "role in (kvi, traffic) and stock >= 5 and not own_brand and not kvi";
    let rule = Rule {
        scope: Scope(if as_expression { Vec::new() } else { tests }),
        condition: as_expression.then(|| text.to_owned()),
        ..rule(0, true)
    };
    let set = rule_set(0);
    RuleSet { rules: vec![rule], guardrails: Guardrails { families: Vec::new(), ..set.guardrails }, ..set }
}

fn rule(number: usize, is_last: bool) -> Rule {
    let scope = if is_last {
        Scope::default()
    } else {
        Scope(vec![
            ScopeTest::Category(format!("Department {}", number % 10)),
            ScopeTest::Role(vec![Role::ALL[number % 4], Role::ALL[(number + 1) % 4]]),
            ScopeTest::StockAtLeast(5),
        ])
    };
    let reference = match number % 4 {
        0 => CompetitorReference::Lowest,
        1 => CompetitorReference::Median,
        2 => CompetitorReference::Nth(2),
        _ => CompetitorReference::Average,
    };
    Rule {
        name: format!("Rule {number}"),
        enabled: true,
        scope,
        strategy: Strategy::Competitor {
            reference,
            adjust: Adjustment::Percent(BasisPoints(-50)),
            offers: OfferPolicy::default(),
        },
        fallback: Some(Strategy::CostPlusMargin { margin: BasisPoints(2500) }),
        ..Rule::default()
    }
}
