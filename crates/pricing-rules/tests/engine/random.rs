//! Random catalogues and rule sets: small numbers, so that bounds collide, families are out of order and inputs are
//! missing or absurd as often as they are right.

use pricing_domain::{
    Adjustment, AgeSince, Availability, BasisPoints, CategoryIndex, Ceiling, ChannelFee, CompetitorReference,
    CompetitorWeight, Condition, ContentUnit, CostType, CoverBand, Currency, EndingBand, EndingDirection, ExchangeRate,
    FamilyLaw, FamilyOrder, FloorAmount, Guardrails, Hours, Lifecycle, MarginFloor, MarkdownBase, MarkdownStep,
    MatchType, MicroAmount, OfferKind, OfferPolicy, PriceEnding, PriceFloor, Role, Rule, RuleSet, Scope, ScopeTest,
    ScopedCeiling, SideBand, SoftGuardrail, SoftLimit, SpiralLimit, StepLimit, Strategy, TableBand, TableSide, TaxMode,
    TwoWayTable, Validity, Weekday,
};
use pricing_rules::{
    CostRecord, ListFlags, ListRecord, ListValues, NONE, Offer, PriceMove, ProductRecord, Snapshot, SnapshotBuilder,
};
use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::catalogue::{NOW, competitor, euro_list};
use crate::expressions::{condition, money};

const TAGS: [&str; 3] = ["sale", "New", "best"];
const BRANDS: [&str; 4] = ["Acme", "Orbit", "Zenit", ""];
const CATEGORIES: [&str; 4] = ["Audio", "Audio > Headphones", "Kitchen", ""];
const COMPETITORS: u16 = 4;

/// A product with what a list says about it and its offers.
#[derive(Clone, Debug)]
pub struct RandomProduct {
    pub record: ProductRecord,
    pub values: ListValues,
    /// Offers; their currency is 1 for the euro and 2 for the dollar.
    pub offers: Vec<Offer>,
    /// Moves of prices in list 0 and of competitors.
    pub moves: Vec<PriceMove>,
}

/// What a euro is in dollars, long before any test.
pub const DOLLARS: ExchangeRate =
    ExchangeRate { base: Currency::EUR, quote: Currency::USD, day: 10_000, mantissa: 10_873, scale: 4 };

/// `count` products with keys from 1.
pub fn products(random: &mut ChaCha8Rng, count: u32) -> Vec<RandomProduct> {
    (1..=count).map(|key| product(random, key)).collect()
}

/// The products in another order.
pub fn shuffled(random: &mut ChaCha8Rng, products: &[RandomProduct]) -> Vec<RandomProduct> {
    let mut products = products.to_vec();
    products.shuffle(random);
    products
}

/// A snapshot with one list.
pub fn snapshot(products: &[RandomProduct], tax_mode: TaxMode) -> Snapshot {
    let mut builder = SnapshotBuilder::new(1);
    assert_eq!((builder.currency_number(Currency::EUR), builder.currency_number(Currency::USD)), (1, 2));
    // The same for the same products in any order.
    let sum = products.iter().fold(0i64, |sum, product| sum.wrapping_add(product.values.price_minor.max(0)));
    let cash_step_minor = [1, 1, 5, 10][sum.rem_euclid(4) as usize];
    builder.add_list(ListRecord { tax_mode, cash_step_minor, ..euro_list() });
    builder.set_rates(vec![DOLLARS]);
    (0..COMPETITORS).for_each(|number| {
        builder.add_competitor(competitor(number));
    });
    for product in products {
        let row = builder.push_product(&product.record);
        builder.set_list_values(0, row, &product.values);
        builder.push_offers(row, &product.offers);
        builder.push_moves(row, &product.moves);
    }
    builder.finish(NOW)
}

fn maybe<T>(random: &mut ChaCha8Rng, chance: f64, value: T) -> Option<T> {
    random.random_bool(chance).then_some(value)
}

/// Up to a quarter of a year ago, or not known.
fn since(random: &mut ChaCha8Rng) -> u32 {
    let age_s = random.random_range(0..90 * 86_400);
    maybe(random, 0.8, (NOW.0 / 1_000_000) as u32 - age_s).unwrap_or(0)
}

fn product(random: &mut ChaCha8Rng, key: u32) -> RandomProduct {
    let family = random.random_range(0..10);
    let content = random.random_range(1..5) * 250_000;
    let base = [40i64, 300, 900, 2_000, 9_000][family % 5] + random.random_range(0..500);
    let cost = base * random.random_range(30..85) / 100 * 10_000;
    let cost = if random.random_bool(0.03) { *[0, -5, 1, cost * 100].choose(random).expect("four") } else { cost };
    let currency = if random.random_bool(0.1) { Currency::USD } else { Currency::EUR };
    let cost = CostRecord { amount: MicroAmount(cost), currency, cost_type: CostType::Landed };
    let count = random.random_range(0..6);
    let values = values(random, base);
    RandomProduct {
        moves: moves(random, values.price_minor),
        record: ProductRecord {
            key,
            sku: format!("{}-{key}", ["A", "b", "Ä"][random.random_range(0..3)]),
            name: format!("Product {}", random.random_range(0..50)),
            gtins: String::new(),
            brand: (*BRANDS.choose(random).expect("brands")).into(),
            category: (*CATEGORIES.choose(random).expect("categories")).into(),
            supplier: String::new(),
            family: families_of(key, family),
            role: maybe(random, 0.8, Role::ALL[key as usize % 4]),
            lifecycle: Some(Lifecycle::ALL[[1, 1, 1, 1, 0, 2, 3, 1][random.random_range(0..8)]]),
            key_value: random.random_bool(0.3),
            own_brand: random.random_bool(0.2),
            stock: maybe(random, 0.9, i64::from(key % 7)),
            cost: maybe(random, 0.8, cost),
            net_content_micro: maybe(random, 0.9, content),
            content_unit: maybe(random, 0.9, ContentUnit::Kilogram),
            tags: if random.random_bool(0.3) { tags(key) } else { Vec::new() },
            attributes: attributes(key),
            listed_s: since(random),
        },
        values,
        offers: (0..count).map(|place| offer(random, key * 10 + place, base)).collect(),
    }
}

fn values(random: &mut ChaCha8Rng, base: i64) -> ListValues {
    let near = |random: &mut ChaCha8Rng, low: i64, high: i64| (base * random.random_range(low..high) / 100).max(1);
    let price = near(random, 75, 130);
    let (min, max, rrp) = (near(random, 40, 95), near(random, 105, 200), near(random, 100, 150));
    let mut values = ListValues {
        price_minor: maybe(random, 0.95, price).unwrap_or(NONE),
        min_minor: maybe(random, 0.15, min).unwrap_or(NONE),
        max_minor: maybe(random, 0.15, max).unwrap_or(NONE),
        rrp_minor: maybe(random, 0.5, rrp).unwrap_or(NONE),
        map_minor: NONE,
        vat_bp: [-1, 0, 700, 1900][random.random_range(0..40usize).min(3)],
        flags: if random.random_bool(0.1) { random.random_range(0..32) } else { 0 },
        units_28d_milli: random.random_range(0..9_000),
        price_since_s: since(random),
        fixed_minor: NONE,
    };
    let fixed = ListFlags::LOCKED | ListFlags::FIXED;
    if values.flags & fixed == fixed {
        values.fixed_minor = near(random, 60, 150);
    }
    values
}

fn tags(key: u32) -> Vec<String> {
    let carried: &[&str] = [&TAGS[..2], &TAGS[..1], &TAGS[1..2], &TAGS[2..]][key as usize % 4];
    carried.iter().map(|tag| (*tag).to_owned()).collect()
}

/// A material for two of three, a colour for one of five; by name.
fn attributes(key: u32) -> Vec<(String, String)> {
    let colour = key.is_multiple_of(5).then_some(("colour family", "Dark red"));
    let material = [Some("steel"), Some("Glass"), None][key as usize % 3].map(|material| ("material", material));
    let stated = colour.into_iter().chain(material);
    stated.map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

/// None for most; some chase each other.
fn moves(random: &mut ChaCha8Rng, price: i64) -> Vec<PriceMove> {
    let count = if random.random_bool(0.6) || price <= 0 { 0 } else { random.random_range(1..9) };
    let now_s = (NOW.0 / 1_000_000) as u32;
    let mut at_s = now_s - random.random_range(0..12 * 86_400);
    let mut moves = Vec::new();
    for _ in 0..count {
        at_s = now_s.min(at_s + random.random_range(1..40) * 3600);
        let amount_minor = (price * random.random_range(90..112) / 100).max(1);
        let own = PriceMove::own(0, at_s, amount_minor);
        let by = random.random_range(0..2);
        let theirs = PriceMove { by, listing: u32::from(by) + 1, list_or_currency: 1, ..own };
        moves.push(if random.random_bool(0.5) { own } else { theirs });
    }
    moves
}

fn offer(random: &mut ChaCha8Rng, key: u32, base: i64) -> Offer {
    let amount = if random.random_bool(0.04) { 1 } else { (base * random.random_range(60..140) / 100).max(1) };
    let odd = |random: &mut ChaCha8Rng, values: usize| {
        if random.random_bool(0.9) { 0 } else { random.random_range(0..values) as u8 }
    };
    Offer {
        amount_minor: amount,
        key,
        listing: key,
        shipping_minor: if random.random_bool(0.5) { random.random_range(0..600) } else { Offer::NO_SHIPPING },
        last_seen_s: (NOW.0 / 1_000_000) as u32 - random.random_range(0..300_000),
        competitor: random.random_range(0..COMPETITORS),
        currency: 1 + u8::from(random.random_bool(0.03)),
        availability: odd(random, Availability::ALL.len()),
        kind: odd(random, OfferKind::ALL.len()),
        condition: odd(random, Condition::ALL.len()),
        match_type: odd(random, MatchType::ALL.len()),
        reserved: 0,
    }
}

/// A rule set that compiles: one with a formula that divides by zero, say, is drawn again.
pub fn rule_set(random: &mut ChaCha8Rng) -> RuleSet {
    loop {
        let set = any_rule_set(random);
        if pricing_rules::problems_of(&set).is_empty() {
            return set;
        }
    }
}

fn any_rule_set(random: &mut ChaCha8Rng) -> RuleSet {
    let count = random.random_range(1..6);
    let rules = (0..count).map(|number| rule(random, number, 2)).collect();
    let limit = |random: &mut ChaCha8Rng| random.random_bool(0.5).then(|| BasisPoints(random.random_range(50..3_000)));
    RuleSet {
        name: "Random".into(),
        rules,
        otherwise: if random.random_bool(0.5) { Strategy::Keep } else { strategy(random) },
        guardrails: Guardrails {
            cost_type: Some(CostType::Landed),
            floors: (0..random.random_range(0..3))
                .map(|_| MarginFloor { scope: scope(random), margin: BasisPoints(random.random_range(-2_000..4_000)) })
                .collect(),
            ceiling: random
                .random_bool(0.4)
                .then(|| Ceiling::OfRecommended(BasisPoints(random.random_range(7_000..13_000)))),
            step: StepLimit { up: limit(random), down: limit(random) },
            no_cut_without_cost: random.random_bool(0.7),
            families: family_laws(random),
            channel_fees: several(random, |random| ChannelFee {
                scope: scope(random),
                percent: BasisPoints(random.random_range(0..2_500)),
                fixed_minor: random.random_range(0..60),
            }),
            price_floors: several(random, |random| PriceFloor { scope: scope(random), floor: floor_amount(random) }),
            ceilings: several(random, |random| ScopedCeiling { scope: scope(random), ceiling: ceiling(random) }),
            hours_between_changes: random.random_bool(0.2).then(|| random.random_range(1..600)),
            step_per_day: if random.random_bool(0.3) { steps(random) } else { StepLimit::default() },
            step_per_week: if random.random_bool(0.3) { steps(random) } else { StepLimit::default() },
            warnings: several(random, |random| SoftGuardrail { scope: scope(random), limit: soft_limit(random) }),
            changes_per_week: random.random_bool(0.2).then(|| random.random_range(1..5)),
            spiral: random
                .random_bool(0.3)
                .then(|| SpiralLimit { rounds: random.random_range(1..3), days: random.random_range(1..15) }),
        },
        endings: endings(random),
        approval_limit: limit(random),
        tests: Vec::new(),
    }
}

fn steps(random: &mut ChaCha8Rng) -> StepLimit {
    let limit = |random: &mut ChaCha8Rng| random.random_bool(0.7).then(|| BasisPoints(random.random_range(50..3_000)));
    StepLimit { up: limit(random), down: limit(random) }
}

/// None, one for all, or some for some products each.
fn family_laws(random: &mut ChaCha8Rng) -> Vec<FamilyLaw> {
    if random.random_bool(0.3) {
        return Vec::new();
    }
    let mut laws: Vec<FamilyLaw> = several(random, |random| FamilyLaw { scope: scope(random), order: order(random) });
    laws.push(FamilyLaw::everywhere(order(random)));
    laws
}

fn order(random: &mut ChaCha8Rng) -> FamilyOrder {
    let distance = BasisPoints(random.random_range(0..3_000));
    match random.random_range(0..5) {
        0 => FamilyOrder::PriceRisesWithContent,
        1 => FamilyOrder::UnitPriceFallsWithContent,
        2 => FamilyOrder::SamePrice,
        3 => FamilyOrder::OwnBrandBelow(distance),
        _ => FamilyOrder::RisesThroughTags { tags: TAGS.map(String::from).to_vec(), by: distance },
    }
}

/// None mostly, otherwise one or two.
fn several<T>(random: &mut ChaCha8Rng, one: impl Fn(&mut ChaCha8Rng) -> T) -> Vec<T> {
    let count = if random.random_bool(0.8) { 0 } else { random.random_range(1..3) };
    (0..count).map(|_| one(random)).collect()
}

fn floor_amount(random: &mut ChaCha8Rng) -> FloorAmount {
    if random.random_bool(0.5) {
        FloorAmount::Markup(BasisPoints(random.random_range(-3_000..3_000)))
    } else {
        FloorAmount::AmountMinor(random.random_range(1..3_000))
    }
}

fn ceiling(random: &mut ChaCha8Rng) -> Ceiling {
    match random.random_range(0..3) {
        0 => Ceiling::OfRecommended(BasisPoints(random.random_range(7_000..13_000))),
        1 => Ceiling::OfCompetitors(BasisPoints(random.random_range(7_000..15_000))),
        _ => Ceiling::AmountMinor(random.random_range(500..20_000)),
    }
}

fn soft_limit(random: &mut ChaCha8Rng) -> SoftLimit {
    let share = BasisPoints(random.random_range(1..4_000));
    match random.random_range(0..6) {
        0 => SoftLimit::Margin(share),
        1 => SoftLimit::Markup(share),
        2 => SoftLimit::AtLeastMinor(random.random_range(1..5_000)),
        3 => SoftLimit::Ceiling(ceiling(random)),
        4 => SoftLimit::StepUp(share),
        _ => SoftLimit::StepDown(share),
    }
}

/// A rule, or a group with some.
fn rule(random: &mut ChaCha8Rng, number: u32, depth: u32) -> Rule {
    let is_group = depth > 0 && random.random_bool(0.15);
    let count = random.random_range(1..4);
    Rule {
        name: format!("Rule {number}"),
        enabled: random.random_bool(0.9),
        scope: scope(random),
        condition: random.random_bool(0.3).then(|| condition(random, 2)),
        valid: validity(random),
        offers: random.random_bool(0.2).then(|| policy(random)),
        strategy: strategy(random),
        fallback: random.random_bool(0.4).then(|| strategy(random)),
        rules: if is_group { (0..count).map(|number| rule(random, number, depth - 1)).collect() } else { Vec::new() },
        ..Rule::default()
    }
}

fn validity(random: &mut ChaCha8Rng) -> Validity {
    if random.random_bool(0.9) {
        return Validity::default();
    }
    let day = |random: &mut ChaCha8Rng| NOW.plus_days(random.random_range(-3..3)).utc_date();
    Validity {
        from: random.random_bool(0.5).then(|| day(random)),
        to: None,
        weekdays: if random.random_bool(0.5) { vec![Weekday::Friday, Weekday::Monday] } else { Vec::new() },
        hours: random.random_bool(0.5).then_some(Hours { from: 6, to: 20 }),
    }
}

fn endings(random: &mut ChaCha8Rng) -> Vec<EndingBand> {
    let mut from = 0;
    (0..random.random_range(0..3))
        .map(|_| {
            from += random.random_range(1..2_000);
            let step_minor = [1, 5, 10, 100, 1_000][random.random_range(0..5)];
            EndingBand {
                from_minor: from,
                ending: PriceEnding { step_minor, ending_minor: random.random_range(0..step_minor) },
                direction: EndingDirection::ALL[random.random_range(0..3)],
                lists: Vec::new(),
                currency: None,
            }
        })
        .collect()
}

/// Up to two tests.
pub fn scope(random: &mut ChaCha8Rng) -> Scope {
    let count = random.random_range(0..3);
    Scope((0..count).map(|_| test(random)).collect())
}

fn test(random: &mut ChaCha8Rng) -> ScopeTest {
    match random.random_range(0..14) {
        12 => ScopeTest::Attribute { name: "material".into(), texts: vec!["STEEL".into(), "wood".into()] },
        13 => ScopeTest::Attribute { name: "colour family".into(), texts: vec!["dark red".into()] },
        0 => ScopeTest::Brand(vec!["acme".into(), "Orbit".into()]),
        1 => ScopeTest::Category("Audio".into()),
        2 => ScopeTest::Role(vec![Role::KeyValue, Role::Tail]),
        3 => ScopeTest::KeyValue(random.random_bool(0.5)),
        4 => ScopeTest::OwnBrand(random.random_bool(0.3)),
        5 => ScopeTest::Tag("Sale".into()),
        6 => ScopeTest::Lifecycle(vec![Lifecycle::Regular, Lifecycle::PhaseOut]),
        7 => ScopeTest::PriceList(vec!["DE".into()]),
        8 => ScopeTest::StockAtLeast(3),
        9 => ScopeTest::StockAtMost(3),
        10 => ScopeTest::OffersAtLeast(random.random_range(0..4)),
        _ => ScopeTest::HasCost(random.random_bool(0.7)),
    }
}

fn strategy(random: &mut ChaCha8Rng) -> Strategy {
    let adjust = match random.random_range(0..3) {
        0 => Adjustment::None,
        1 => Adjustment::Percent(BasisPoints(random.random_range(-1_500..1_500))),
        _ => Adjustment::AmountMinor(random.random_range(-200..200)),
    };
    match random.random_range(0..15) {
        14 => Strategy::TwoWayTable(table(random)),
        7..=9 => Strategy::Formula(money(random, 3)),
        10 => Strategy::Follow { list: None, product: Some("A-3".into()), adjust },
        11 => Strategy::StockCover {
            bands: vec![
                CoverBand { from_days: 10, change: BasisPoints(-300) },
                CoverBand { from_days: 90, change: BasisPoints(-1_500) },
            ],
        },
        12 => Strategy::Markdown {
            since: AgeSince::Listed,
            base: MarkdownBase::RecommendedPrice,
            steps: vec![
                MarkdownStep { after_days: 20, off: BasisPoints(1_000) },
                MarkdownStep { after_days: 60, off: BasisPoints(3_000) },
            ],
        },
        13 if random.random_bool(0.5) => Strategy::IndexTarget {
            reference: reference(random),
            index: BasisPoints(random.random_range(8_000..12_000)),
            by_category: targets(random),
            offers: if random.random_bool(0.5) { policy(random) } else { OfferPolicy::default() },
        },
        13 => Strategy::Table {
            of: "comp.count".into(),
            bands: vec![
                TableBand { from: None, price: money(random, 1) },
                TableBand { from: Some("2".into()), price: money(random, 1) },
            ],
        },
        0 => Strategy::Keep,
        1 => Strategy::CostPlusMargin { margin: BasisPoints(random.random_range(-2_000..6_000)) },
        2 => Strategy::CostPlusMarkup { markup: BasisPoints(random.random_range(-2_000..12_000)) },
        3 => Strategy::RecommendedPrice { adjust },
        _ => Strategy::Competitor { reference: reference(random), adjust, offers: policy(random) },
    }
}

/// Targets of some categories, one within the other and one that nothing lies in.
fn targets(random: &mut ChaCha8Rng) -> Vec<CategoryIndex> {
    let names = ["audio", "Audio > Headphones", "Garden"];
    let some = names.into_iter().filter(|_| random.random_bool(0.5)).collect::<Vec<_>>();
    some.into_iter()
        .map(|name| CategoryIndex { category: name.into(), index: BasisPoints(random.random_range(8_000..12_000)) })
        .collect()
}

/// By the number of offers, and by a text, a choice, or yes and no.
fn table(random: &mut ChaCha8Rng) -> TwoWayTable {
    let one_of = |text: &str| SideBand::OneOf(vec![text.into()]);
    let (of, bands) = match random.random_range(0..4) {
        0 => ("attribute.material", vec![one_of("steel"), SideBand::Other]),
        1 => ("role", vec![one_of("kvi"), SideBand::OneOf(vec!["tail".into(), "profit".into()])]),
        2 => ("category", vec![one_of("Audio"), SideBand::Other]),
        _ => ("kvi", vec![SideBand::Is(true), SideBand::Is(false)]),
    };
    TwoWayTable {
        rows: TableSide { of: "comp.count".into(), bands: vec![SideBand::Below, SideBand::From("2".into())] },
        columns: TableSide { of: of.into(), bands },
        prices: (0..2).map(|_| (0..2).map(|_| money(random, 1)).collect()).collect(),
    }
}

fn reference(random: &mut ChaCha8Rng) -> CompetitorReference {
    let weight = |name: &str, weight| CompetitorWeight { competitor: name.into(), weight };
    match random.random_range(0..7) {
        5 => CompetitorReference::Highest,
        6 => CompetitorReference::Weighted(vec![weight("Competitor 1", 3), weight("competitor 2", 1)]),
        0 => CompetitorReference::Lowest,
        1 => CompetitorReference::Nth(random.random_range(1..5)),
        2 => CompetitorReference::Average,
        3 => CompetitorReference::Median,
        _ => CompetitorReference::Named(vec!["competitor 2".into(), "Competitor 0".into()]),
    }
}

fn policy(random: &mut ChaCha8Rng) -> OfferPolicy {
    OfferPolicy {
        with_shipping: random.random_bool(0.3),
        in_stock_only: random.random_bool(0.8),
        max_age_hours: random.random_range(20..100),
        exact_only: random.random_bool(0.3),
        outlier: random.random_bool(0.8).then(|| BasisPoints(random.random_range(1_000..6_000))),
        only: if random.random_bool(0.2) { vec!["Competitor 1".into(), "Competitor 2".into()] } else { Vec::new() },
        ignore_below_floor: random.random_bool(0.2),
    }
}

/// Some products of families of similar prices are in two of them.
fn families_of(key: u32, family: usize) -> String {
    let other = [5, 2, 1, 3, 4, 0].get(family).filter(|_| key % 11 == 3);
    let names = [Some(family).filter(|family| *family < 6), other.copied()];
    let names: Vec<String> = names.into_iter().flatten().map(|family| format!("Family {family}")).collect();
    pricing_rules::family_set(names.iter().map(String::as_str))
}
