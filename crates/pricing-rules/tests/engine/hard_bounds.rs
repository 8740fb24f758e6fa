//! The hard bounds of a change by their definitions, not by the engine's own arithmetic.

use pricing_domain::{
    BasisPoints, Ceiling, Currency, FloorAmount, MicroAmount, Role, RuleSet, Scope, ScopeTest, SpiralLimit, TaxMode,
};
use pricing_rules::{CostRecord, Decision, ListFlags, NONE, PriceMove, Snapshot};

use crate::catalogue::NOW;
use crate::random::DOLLARS;

/// What a change crosses.
pub fn check_bounds(snapshot: &Snapshot, set: &RuleSet, decision: &Decision) -> Result<(), &'static str> {
    let row = decision.row as usize;
    let values = snapshot.lists[0].values(row);
    let (old, new) = (decision.old_minor, decision.new_minor);
    let product = snapshot.product(row);
    let law = |holds: bool, what| if holds { Ok(()) } else { Err(what) };
    law(new > 0 && new != old && old == values.price_minor, "a change is from today's price to another above zero")?;
    law(values.flags & ListFlags::PROMOTION == 0, "promotions are not touched")?;
    let is_fixed = values.flags & ListFlags::LOCKED != 0;
    law(!is_fixed || values.flags & ListFlags::FIXED != 0 && new == values.fixed_minor, "a lock keeps its price")?;
    law(values.min_minor == NONE || new >= values.min_minor, "own lowest price")?;
    law(values.max_minor == NONE || new <= values.max_minor, "own highest price")?;
    if let (Some(Ceiling::OfRecommended(share)), true) = (set.guardrails.ceiling, values.rrp_minor > 0) {
        law(new * 10_000 <= values.rrp_minor * i64::from(share.0), "share of the recommended price")?;
    }
    let in_scope = |scope: &Scope, cost: bool| scope.0.iter().all(|test| holds(test, &product, snapshot, row, cost));
    let vat = if snapshot.lists[0].tax_mode == TaxMode::Net { 0 } else { values.vat_bp };
    let known = product.cost.filter(|cost| cost.amount.0 > 0).map(in_euro).filter(|cost| cost.amount.0 > 0);
    let mut cost = known.filter(|_| vat >= 0);
    let decided_floor = set.guardrails.floors.iter().find(|floor| in_scope(&floor.scope, cost.is_some()));
    let fee = set.guardrails.channel_fees.iter().find(|fee| in_scope(&fee.scope, cost.is_some()));
    // A channel takes its fee of the price with VAT.
    let has_rate = fee.is_none() || values.vat_bp >= 0;
    for floor in set.guardrails.price_floors.iter().filter(|floor| in_scope(&floor.scope, cost.is_some())) {
        let holds = match (floor.floor, cost.filter(|_| has_rate)) {
            (FloorAmount::AmountMinor(amount), _) => new >= amount,
            (FloorAmount::Markup(markup), Some(cost)) => markup_holds(new, vat, cost.amount.0, markup.0),
            (FloorAmount::Markup(_), None) => true,
        };
        law(holds, "further floor")?;
    }
    for ceiling in set.guardrails.ceilings.iter().filter(|ceiling| in_scope(&ceiling.scope, cost.is_some())) {
        let holds = match ceiling.ceiling {
            Ceiling::AmountMinor(amount) => new <= amount,
            Ceiling::OfRecommended(share) => {
                values.rrp_minor <= 0 || new * 10_000 <= values.rrp_minor * i64::from(share.0)
            }
            Ceiling::OfCompetitors(_) => decision.ceiling_minor == NONE || new <= decision.ceiling_minor,
        };
        law(holds, "further ceiling")?;
    }
    cost = cost.filter(|_| has_rate);
    let since_s = NOW.0 / 1_000_000 - i64::from(values.price_since_s);
    let is_inside = decision.ceiling_minor == NONE || old <= decision.ceiling_minor;
    let soon = set.guardrails.hours_between_changes.is_some_and(|hours| since_s < i64::from(hours) * 3600);
    law(is_fixed || values.price_since_s == 0 || !soon || !is_inside, "hours between changes")?;
    if !is_fixed && is_inside && !below_floor(decision) {
        looks_back(snapshot, set, decision)?;
    }
    match cost {
        Some(cost) => {
            let margin = decided_floor.map_or(0, |floor| floor.margin.0);
            let fees = fee.map_or((0, 0), |fee| (fee.percent.0, fee.fixed_minor));
            let rates = (vat, values.vat_bp);
            law(margin_holds(new, rates, cost.amount.0, margin, fees), "margin floor of the net price")?;
        }
        None if known.is_some() => {
            let cost = known.map_or(0, |cost| cost.amount.0);
            law(i128::from(new) * 10_000 >= i128::from(cost), "cost whose rate of VAT is not known")?;
            law(is_fixed || !set.guardrails.no_cut_without_cost || new > old, "no cut without a cost")?;
        }
        None => law(is_fixed || !set.guardrails.no_cut_without_cost || new > old, "no cut without a cost")?,
    }
    if is_fixed {
        return Ok(());
    }
    law(is_allowed_ending(set, new, snapshot.lists[0].cash_step_minor), "price ending")?;
    let change = (new - old).abs() * 10_000;
    law(change <= 5_000 * old, "more than half is never unattended")?;
    let limit = set.approval_limit.map_or(5_000, |limit| i64::from(limit.0));
    law(change <= limit * old, "approval limit")?;
    let step = if new > old { set.guardrails.step.up } else { set.guardrails.step.down };
    let above_ceiling = decision.ceiling_minor != NONE && old > decision.ceiling_minor;
    law(above_ceiling || step.is_none_or(|BasisPoints(step)| change <= i64::from(step) * old), "largest step")
}

/// (net − fee × gross − fixed − cost) ÷ net ≥ margin, with net = price ÷ (1 + contained VAT) and gross = net × (1 + VAT),
/// multiplied out.
fn margin_holds(price_minor: i64, rates: (i32, i32), cost_micro: i64, margin_bp: i32, fees: (i32, i64)) -> bool {
    let (percent, fixed) = (i128::from(fees.0), i128::from(fees.1) * 10_000);
    let (contained, full) = rates;
    let with_vat = i128::from(10_000 + contained);
    let net = i128::from(price_minor) * 10_000 * 10_000 * 10_000;
    let fee = i128::from(price_minor) * 10_000 * percent * i128::from(10_000 + full.max(0));
    let cost = (i128::from(cost_micro) + fixed) * with_vat * 10_000;
    (net - fee - cost) * 10_000 >= net * i128::from(margin_bp)
}

/// (net − cost) ÷ cost ≥ markup, multiplied out.
fn markup_holds(gross_minor: i64, vat_bp: i32, cost_micro: i64, markup_bp: i32) -> bool {
    let net = i128::from(gross_minor) * 10_000 * 10_000;
    let cost = i128::from(cost_micro) * i128::from(10_000 + vat_bp);
    (net - cost) * 10_000 >= cost * i128::from(markup_bp)
}

/// A dollar is 10,000 ÷ 10,873 euro, rounded to the nearest millionth.
pub fn in_euro(cost: CostRecord) -> CostRecord {
    assert_eq!((DOLLARS.mantissa, DOLLARS.scale), (10_873, 4));
    match cost.currency {
        Currency::USD => {
            let twice = 2 * i128::from(cost.amount.0) * 10_000;
            let micro = (twice + 10_873) / (2 * 10_873);
            CostRecord { amount: MicroAmount(micro as i64), currency: Currency::EUR, ..cost }
        }
        _ => cost,
    }
}

/// On the grid of its band, and payable in coins; an ending that never is gives way to the coins.
fn is_allowed_ending(set: &RuleSet, price: i64, coin: i64) -> bool {
    let band = set.endings.iter().rfind(|band| band.from_minor <= price);
    let is_payable = |price: i64| price % coin == 0;
    is_payable(price)
        && band.is_none_or(|band| {
            let ending = band.ending;
            let is_ever = (0..coin).any(|turn| is_payable(ending.ending_minor + turn * ending.step_minor));
            price % ending.step_minor == ending.ending_minor || !is_ever
        })
}

/// Whether a product is in a scope.
pub fn scope_holds(snapshot: &Snapshot, scope: &Scope, row: u32) -> bool {
    let product = snapshot.product(row as usize);
    // A cost that no margin can be computed with, for want of a rate of VAT, is none.
    let is_margin_known = snapshot.lists[0].contained_vat_bp(row as usize).is_some();
    let cost = snapshot.list_cost(0, row as usize).is_some() && is_margin_known;
    scope.0.iter().all(|test| holds(test, &product, snapshot, row as usize, cost))
}

/// The scope tests again, one product at a time; offers are taken from the column of usable offers.
fn holds(
    test: &ScopeTest,
    product: &pricing_rules::ProductRecord,
    snapshot: &Snapshot,
    row: usize,
    cost: bool,
) -> bool {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    match test {
        ScopeTest::Brand(brands) => brands.iter().any(|brand| same(brand, &product.brand)),
        ScopeTest::Category(path) => product.category == *path || product.category.starts_with(&format!("{path} > ")),
        ScopeTest::Role(roles) => product.role.is_some_and(|role| roles.contains(&role)),
        ScopeTest::KeyValue(wanted) => (product.key_value || product.role == Some(Role::KeyValue)) == *wanted,
        ScopeTest::OwnBrand(wanted) => product.own_brand == *wanted,
        ScopeTest::Tag(tag) => product.tags.iter().any(|one| same(one, tag)),
        ScopeTest::Lifecycle(stages) => product.lifecycle.is_some_and(|stage| stages.contains(&stage)),
        ScopeTest::PriceList(codes) => codes.iter().any(|code| same(code, &snapshot.lists[0].code)),
        ScopeTest::Supplier(name) => same(name, &product.supplier),
        ScopeTest::StockAtLeast(pieces) => product.stock.is_some_and(|stock| stock >= *pieces),
        ScopeTest::StockAtMost(pieces) => product.stock.is_some_and(|stock| stock <= *pieces),
        ScopeTest::OffersAtLeast(count) => u32::from(snapshot.lists[0].offer_count.get(row)) >= *count,
        ScopeTest::HasCost(wanted) => cost == *wanted,
        ScopeTest::Attribute { name, texts } => {
            let own = product.attributes.iter().find(|(known, _)| same(known, name));
            own.is_some_and(|(_, own)| texts.iter().any(|text| same(text, own)))
        }
    }
}

fn below_floor(decision: &Decision) -> bool {
    decision.floor_minor != NONE && decision.old_minor < decision.floor_minor
}

/// The guardrails of a day and a week, of the number of changes, and of spirals.
fn looks_back(snapshot: &Snapshot, set: &RuleSet, decision: &Decision) -> Result<(), &'static str> {
    let law = |holds: bool, what| if holds { Ok(()) } else { Err(what) };
    let moves = snapshot.moves.get(decision.row as usize);
    let own: Vec<&PriceMove> = moves.iter().filter(|one| one.by == PriceMove::OWN).collect();
    let (old, new) = (decision.old_minor, decision.new_minor);
    let age_hours = |one: &PriceMove| (NOW.0 / 1_000_000 - i64::from(one.at_s)) / 3600;
    for (step, hours, what) in [
        (set.guardrails.step_per_day, 24, "largest step of a day"),
        (set.guardrails.step_per_week, 168, "largest step of a week"),
    ] {
        let stood = own.iter().rfind(|one| age_hours(one) >= hours).or(own.first());
        let from = stood.map_or(old, |one| one.amount_minor);
        let limit = if new > old { step.up } else { step.down };
        let change = if new > old { new - from } else { from - new };
        law(limit.is_none_or(|limit| change * 10_000 <= from * i64::from(limit.0)), what)?;
    }
    let within = own.windows(2).filter(|pair| age_hours(pair[1]) < 168 && pair[0].amount_minor != pair[1].amount_minor);
    let most = set.guardrails.changes_per_week.unwrap_or(u32::MAX);
    law((within.count() as u32) < most, "changes a week")?;
    let rounds = |spiral: SpiralLimit| (0..8).map(|rival| rounds_with(moves, rival, spiral)).max().unwrap_or(0);
    let is_chased = set.guardrails.spiral.is_some_and(|spiral| rounds(spiral) >= spiral.rounds);
    law(!is_chased || new > old, "a spiral")
}

/// Cuts of ours that answer a cut of this competitor, in euro like the list.
fn rounds_with(moves: &[PriceMove], rival: u16, spiral: SpiralLimit) -> u32 {
    let began_s = NOW.0 / 1_000_000 - i64::from(spiral.days) * 86_400;
    let mut cuts = Vec::new();
    for (place, one) in moves.iter().enumerate() {
        let is_same = |other: &&PriceMove| {
            other.by == one.by && other.listing == one.listing && other.list_or_currency == one.list_or_currency
        };
        let before = moves[..place].iter().rfind(is_same);
        let concerns = one.by == PriceMove::OWN || one.by == rival && one.list_or_currency == 1;
        let is_cut = before.is_some_and(|before| before.amount_minor > one.amount_minor);
        if concerns && is_cut && i64::from(one.at_s) > began_s {
            cuts.push(one.by == PriceMove::OWN);
        }
    }
    cuts.dedup();
    cuts.windows(2).filter(|pair| !pair[0] && pair[1]).count() as u32
}
