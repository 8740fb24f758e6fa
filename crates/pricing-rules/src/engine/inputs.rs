//! Everything that decided a price, small enough to be stored with the proposal, and the same price from it again.

mod joint;
mod versions;

use std::collections::BTreeSet;
use std::sync::Arc;

use pricing_domain::{
    Availability, Condition, Conversion, Currency, ExceptionReason, ExchangeRate, FamilyLaw, Instant, MatchType,
    OfferKind, PriceListId, RuleSet, RuleSetProblem, TaxMode,
};
use serde::{Deserialize, Serialize};

use super::bounds::{CeilingKind, FloorKind};
use super::compile::{CompiledRules, ListContext};
use super::decide::{Evaluation, Outcome};
use super::family::{CompiledLaw, Member, Standing, law_of, settle};
use super::followed::with_decided;
use super::labels::LabelPlace;
use super::marks::Guards;
use super::outcome::Decision;
use super::run::{amend, evaluate_row, families_under_law, guards_of_row, member_of};
use super::scope::folded;
use super::way::{PriceWay, explain};
use crate::columns::NONE;
use crate::snapshot::{
    Competitor, DecidedPrices, JointOutcome, ListFlags, ListRecord, ListValues, Offer, PriceMove, ProductRecord,
    Snapshot, SnapshotBuilder, some,
};

/// Everything that decided the price of one product in one list at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceInputs {
    /// When it was priced.
    pub now: Instant,
    /// The product.
    pub product: ProductRecord,
    /// The price list and what it says about the product.
    pub list: ListInputs,
    /// Every offer, used or not.
    pub offers: Vec<OfferInputs>,
    /// The other members of its families, as their own rules left them.
    pub family: Vec<FamilyNeighbour>,
    /// What later versions know beside it; it stands last, so that what earlier ones stored can still be read.
    pub later: LaterInputs,
}

/// Facts that were added to stored inputs after the first version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterInputs {
    /// Seconds that the list's local time is ahead of UTC.
    pub utc_offset_s: i32,
    /// When today's price began: seconds since 1970; 0: not known.
    pub price_since_s: u32,
    /// When the product was first on sale: seconds since 1970; 0: not known.
    pub listed_s: u32,
    /// Prices of the product in other lists that the rules look at, by code.
    pub other_lists: Vec<(String, i64)>,
    /// Prices of other products in this list that the rules look at, by article number.
    pub other_products: Vec<(String, i64)>,
    /// Which prices moved lately, in the order of time.
    pub moves: Vec<MoveInputs>,
    /// The price that a lock fixes.
    pub fixed_minor: Option<i64>,
    /// The exchange rates by which the cost and the prices of lists in other currencies were converted.
    pub rates: Vec<ExchangeRate>,
    /// Which of `other_lists` are in another currency, by code.
    pub foreign_lists: Vec<(String, Currency)>,
    /// The list's prices are whole multiples of this, in minor units; 0 and 1: any.
    pub cash_step_minor: i64,
    /// The change waits for a label.
    pub labels: Option<LabelPlace>,
    /// Nothing was sold on the whole list in 28 days, so that sales are not known.
    pub sales_unknown: bool,
    /// The product's free attributes that the rules look at, by name.
    pub attributes: Vec<(String, String)>,
    /// Of `other_products`, those whose price is the one that the same run gave them.
    pub decided_products: Vec<String>,
    /// The products that follow each other in a circle with this one, by article number.
    pub circle: Vec<String>,
    /// What became of the product where its families share products with others and were settled together with them.
    pub joint: Option<JointOutcome>,
}

/// A price that began, our own in the list or a competitor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveInputs {
    /// The competitor's name; `None`: our own price.
    pub competitor: Option<String>,
    /// The key of the competitor's listing in the store; 0 for our own.
    pub listing: u32,
    /// When it began: seconds since 1970.
    pub at_s: u32,
    /// The amount in minor units.
    pub amount_minor: i64,
    /// Its currency, where it is known.
    pub currency: Option<Currency>,
}

/// A price list and what it says about one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListInputs {
    /// The short name that rules use.
    pub code: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Whether its prices contain VAT.
    pub tax_mode: TaxMode,
    /// What it says about the product.
    pub values: ListValues,
}

/// One offer with its competitor by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferInputs {
    /// The competitor's name.
    pub competitor: String,
    /// The key of the offer's span in the store.
    pub key: u32,
    /// The key of the listing in the store.
    pub listing: u32,
    /// The amount for the quantity that we sell, in minor units.
    pub amount_minor: i64,
    /// Its currency, where it is known.
    pub currency: Option<Currency>,
    /// Shipping in minor units, where the shop states it.
    pub shipping_minor: Option<i32>,
    /// When it was last seen: seconds since 1970.
    pub last_seen_s: u32,
    /// Whether it can be bought.
    pub availability: Availability,
    /// What kind of price it is.
    pub kind: OfferKind,
    /// Condition of the goods.
    pub condition: Condition,
    /// How close the product is to ours.
    pub match_type: MatchType,
}

/// Another member of the family, as the order of prices sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyNeighbour {
    /// The article number.
    pub sku: String,
    /// The key in the store.
    pub key: u32,
    /// Its place in the order of its law; of content, millionths of the unit.
    pub rank: i64,
    /// Today's price.
    pub today_minor: i64,
    /// The price its own rule leaves it at.
    pub price_minor: i64,
    /// The lowest price it may be moved to.
    pub low_minor: i64,
    /// The highest price it may be moved to.
    pub high_minor: i64,
    /// Whether it may be moved.
    pub movable: bool,
}

/// Gathers everything that decides the price of one row.
pub fn inputs_of(rules: &CompiledRules, snapshot: &Snapshot, list: usize, row: usize, now: Instant) -> PriceInputs {
    if !rules.fits(snapshot) {
        return inputs_of(&rules.for_snapshot(snapshot), snapshot, list, row, now);
    }
    let decided = with_decided(rules, snapshot, list, now);
    let snapshot = decided.as_ref();
    let columns = &snapshot.lists[list];
    PriceInputs {
        now,
        product: snapshot.product(row),
        list: ListInputs {
            code: columns.code.clone(),
            currency: columns.currency,
            tax_mode: columns.tax_mode,
            values: ListValues { max_minor: columns.max_minor.get(row), ..columns.values(row) },
        },
        offers: snapshot.offers.get(row).iter().map(|offer| offer_inputs(snapshot, offer)).collect(),
        family: neighbours(rules, snapshot, list, row, now),
        later: LaterInputs {
            joint: joint::outcome(rules, snapshot, list, row, now),
            ..later_inputs(rules, snapshot, list, row)
        },
    }
}

fn later_inputs(rules: &CompiledRules, snapshot: &Snapshot, list: usize, row: usize) -> LaterInputs {
    let columns = &snapshot.lists[list];
    let mut later = LaterInputs {
        utc_offset_s: columns.utc_offset_s,
        price_since_s: columns.price_since_s.get(row),
        listed_s: snapshot.products.listed_s.get(row),
        moves: if rules.looks_back { moves_of(snapshot, list, row) } else { Vec::new() },
        fixed_minor: some(columns.fixed(row)),
        cash_step_minor: columns.cash_step_minor,
        sales_unknown: !columns.has_sales,
        attributes: (snapshot.attributes_of(row).into_iter())
            .filter(|(name, _)| rules.attributes.contains(name))
            .collect(),
        ..LaterInputs::default()
    };
    let circles = columns.decided.iter().flat_map(|decided| &decided.circles);
    let circle = circles.filter(|(one, _)| **one as usize == row).flat_map(|(_, circle)| circle.iter());
    later.circle.extend(circle.map(|row| snapshot.products.sku.get(*row as usize).to_owned()));
    let cost = snapshot.cost(row).and_then(|cost| snapshot.conversion_to(list, cost.currency));
    later.rates.extend(cost.iter().flat_map(Conversion::rates));
    for program in rules.programs() {
        for code in &program.followed_lists {
            let other = snapshot.lists.iter().find(|other| folded(&other.code) == folded(code));
            let Some(other) = other.filter(|other| other.tax_mode == columns.tax_mode) else { continue };
            if other.currency != columns.currency {
                // Without a rate its price is missing, and the way says which one.
                let conversion = snapshot.conversion_to(list, other.currency);
                later.rates.extend(conversion.iter().flat_map(Conversion::rates));
                later.foreign_lists.push((code.clone(), other.currency));
            }
            later.other_lists.push((code.clone(), other.price_minor.get(row)));
        }
        for sku in &program.followed_skus {
            let Some(other) = snapshot.row_of_sku(sku) else { continue };
            let today = columns.price_minor.get(other as usize);
            let decided = columns.decided.as_ref().and_then(|decided| decided.prices.get(&other).copied());
            let decided = decided.filter(|_| other as usize != row);
            if decided.is_some_and(|decided| decided != today) {
                later.decided_products.push(sku.clone());
            }
            later.other_products.push((sku.clone(), decided.unwrap_or(today)));
        }
    }
    later.other_lists.sort_unstable();
    later.other_lists.dedup();
    later.other_products.sort_unstable();
    later.other_products.dedup();
    later.decided_products.sort_unstable();
    later.decided_products.dedup();
    later.foreign_lists.sort_unstable();
    later.foreign_lists.dedup();
    later.rates.sort_unstable();
    later.rates.dedup();
    later
}

fn moves_of(snapshot: &Snapshot, list: usize, row: usize) -> Vec<MoveInputs> {
    let is_concerned = |one: &&PriceMove| one.by != PriceMove::OWN || usize::from(one.list_or_currency) == list;
    let inputs = |one: &PriceMove| {
        let is_own = one.by == PriceMove::OWN;
        let competitor = snapshot.competitors.get(usize::from(one.by)).map(|competitor| competitor.name.clone());
        let foreign = u8::try_from(one.list_or_currency).ok().and_then(|number| snapshot.currency(number));
        MoveInputs {
            competitor: if is_own { None } else { Some(competitor.unwrap_or_default()) },
            listing: one.listing,
            at_s: one.at_s,
            amount_minor: one.amount_minor,
            currency: if is_own { Some(snapshot.lists[list].currency) } else { foreign },
        }
    };
    snapshot.moves.get(row).iter().filter(is_concerned).map(inputs).collect()
}

fn offer_inputs(snapshot: &Snapshot, offer: &Offer) -> OfferInputs {
    let competitor = snapshot.competitors.get(usize::from(offer.competitor));
    OfferInputs {
        competitor: competitor.map_or_else(String::new, |one| one.name.clone()),
        key: offer.key,
        listing: offer.listing,
        amount_minor: offer.amount_minor,
        currency: snapshot.currency(offer.currency),
        shipping_minor: (offer.shipping_minor != Offer::NO_SHIPPING).then_some(offer.shipping_minor),
        last_seen_s: offer.last_seen_s,
        availability: Availability::from_index(offer.availability).unwrap_or(Availability::Unknown),
        kind: OfferKind::from_index(offer.kind).unwrap_or(OfferKind::Coupon),
        condition: Condition::from_index(offer.condition).unwrap_or(Condition::Damaged),
        match_type: MatchType::from_index(offer.match_type).unwrap_or(MatchType::Equivalent),
    }
}

fn neighbours(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    row: usize,
    now: Instant,
) -> Vec<FamilyNeighbour> {
    let context = ListContext::new(snapshot, list, now);
    let law = |row: usize| law_of(&rules.families, &context, snapshot, row);
    let Some(own) = law(row) else { return Vec::new() };
    let is_under_it = |other: usize| law(other).is_some_and(|law| std::ptr::eq(law, own));
    let neighbour = |(rank, other): (i64, u32)| {
        let other = other as usize;
        let evaluation = evaluate_row(rules, &context, snapshot, other);
        let member = member_of(snapshot, list, other, rank, Standing::of(&evaluation))?;
        Some(FamilyNeighbour {
            sku: snapshot.products.sku.get(other).to_owned(),
            key: member.key,
            rank: member.rank,
            today_minor: member.today,
            price_minor: member.price,
            low_minor: member.low,
            high_minor: member.high,
            movable: member.movable,
        })
    };
    let related = families_under_law(snapshot, own, row, is_under_it).into_iter().flatten();
    let mut seen = BTreeSet::new();
    let others = related.filter(|(_, other)| *other as usize != row && seen.insert(*other));
    others.filter_map(neighbour).collect()
}

/// Prices one product from its stored inputs: the same cents as the run that stored them, with the way in words.
/// `None` for the decision: the price stays and nobody is needed. The decision's row is 0.
///
/// Errors: everything that makes the rule set unusable.
pub fn price_from_inputs(
    set: &RuleSet,
    inputs: &PriceInputs,
) -> Result<(Option<Decision>, PriceWay), Vec<RuleSetProblem>> {
    let case = Case::new(set, inputs)?;
    let (before, after) = case.evaluate();
    Ok((Decision::of(0, &case.held_back(after)), explain(&case, &before, &after)))
}

/// What moved a price away from what its rule wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// The floor that lifted it.
    pub floor: Option<FloorKind>,
    /// The ceiling that lowered it.
    pub ceiling: Option<CeilingKind>,
    /// A largest step held it back, how often or how soon a price may change, or that nothing is cut without a cost.
    pub step: bool,
    /// The order of its family changed it.
    pub family: bool,
}

/// Which guardrails bound a price, from its stored inputs. Endings are no guardrail: they move every price a little.
///
/// Errors: everything that makes the rule set unusable.
pub fn binding_from_inputs(set: &RuleSet, inputs: &PriceInputs) -> Result<Binding, Vec<RuleSetProblem>> {
    let case = Case::new(set, inputs)?;
    let (before, after) = case.evaluate();
    if before.wanted == NONE || case.is_locked() {
        return Ok(Binding { family: before != after, ..Binding::default() });
    }
    if !before.bounds.is_reachable() {
        return Ok(Binding { family: before != after, ..Binding::default() });
    }
    let raised = before.wanted.max(before.bounds.floor);
    let lowered = raised.min(before.bounds.ceiling.max(before.bounds.floor));
    let stepped = lowered.clamp(before.low.min(before.high), before.high.max(before.low));
    Ok(Binding {
        floor: (raised > before.wanted).then_some(before.bounds.floor_kind),
        ceiling: (lowered < raised).then_some(before.bounds.ceiling_kind),
        step: stepped != lowered,
        family: before != after,
    })
}

/// One product as a catalogue of its own.
pub(crate) struct Case<'a> {
    pub(crate) inputs: &'a PriceInputs,
    pub(crate) rules: CompiledRules,
    pub(crate) snapshot: Snapshot,
    pub(crate) context: ListContext,
    /// The guardrails that match the product.
    pub(crate) guards: Guards,
}

impl<'a> Case<'a> {
    fn new(set: &RuleSet, inputs: &'a PriceInputs) -> Result<Self, Vec<RuleSetProblem>> {
        let snapshot = snapshot_of(inputs);
        let rules = CompiledRules::compile(set, &snapshot)?;
        let context = ListContext::new(&snapshot, 0, inputs.now);
        let guards = guards_of_row(&rules, &context, &snapshot, 0);
        Ok(Self { inputs, rules, snapshot, context, guards })
    }

    /// Whether the price must not move.
    pub(crate) const fn is_locked(&self) -> bool {
        self.inputs.list.values.flags & ListFlags::LOCKED != 0
    }

    /// The row without its family, and with it.
    pub(crate) fn evaluate(&self) -> (Evaluation, Evaluation) {
        let before = evaluate_row(&self.rules, &self.context, &self.snapshot, 0);
        if let Some(joint) = self.inputs.later.joint {
            return (before, amend(&self.rules, &self.context, self.guards, before, joint.into()));
        }
        let Some(law) = self.law().filter(|_| !self.inputs.family.is_empty()) else { return (before, before) };
        let rank = law.rank(&self.snapshot, 0);
        let own = rank.and_then(|rank| member_of(&self.snapshot, 0, 0, rank, Standing::of(&before)));
        let after = own.map_or(before, |own| self.settled(before, law, own));
        (before, after)
    }

    /// The law that the product's family keeps.
    fn law(&self) -> Option<&CompiledLaw> {
        law_of(&self.rules.families, &self.context, &self.snapshot, 0)
    }

    /// The same as it was written.
    pub(crate) fn family_law(&self) -> Option<&FamilyLaw> {
        let own = self.law()?;
        let mut laws = self.rules.families.iter().zip(&self.rules.set.guardrails.families);
        laws.find_map(|(law, stated)| std::ptr::eq(law, own).then_some(stated))
    }

    /// The row as it ends, where a change waits for a label.
    pub(crate) fn held_back(&self, row: Evaluation) -> Evaluation {
        match self.inputs.later.labels {
            Some(_) if row.outcome == Outcome::Change => {
                let outcome = Outcome::Exception(ExceptionReason::LabelCapacity);
                Evaluation { lawful: row.new, outcome, ..row }
            }
            _ => row,
        }
    }

    fn settled(&self, before: Evaluation, law: &CompiledLaw, own: Member) -> Evaluation {
        let others = self.inputs.family.iter().map(|other| Member {
            key: other.key,
            rank: other.rank,
            today: other.today_minor,
            price: other.price_minor,
            low: other.low_minor,
            high: other.high_minor,
            movable: other.movable,
        });
        let members: Vec<Member> = std::iter::once(own).chain(others).collect();
        match settle(&members, law.order, self.rules.endings(self.context.list), self.rules.approval_limit()) {
            Some(settled) => amend(&self.rules, &self.context, self.guards, before, settled[0]),
            None => before,
        }
    }
}

fn snapshot_of(inputs: &PriceInputs) -> Snapshot {
    let mut builder = SnapshotBuilder::new(0);
    let ListInputs { code, currency, tax_mode, values } = &inputs.list;
    let id = PriceListId(Default::default());
    builder.add_list(ListRecord {
        key: 0,
        id,
        code: code.clone(),
        name: code.clone(),
        currency: *currency,
        tax_mode: *tax_mode,
        utc_offset_s: inputs.later.utc_offset_s,
        cash_step_minor: inputs.later.cash_step_minor,
        never_above: Vec::new(),
    });
    let later = &inputs.later;
    builder.set_rates(later.rates.clone());
    let attributes = later.attributes.clone();
    builder.push_product(&ProductRecord { listed_s: later.listed_s, attributes, ..inputs.product.clone() });
    let fixed_minor = later.fixed_minor.unwrap_or(NONE);
    builder.set_list_values(0, 0, &ListValues { price_since_s: later.price_since_s, fixed_minor, ..*values });
    followed(&mut builder, inputs);
    let mut names: Vec<&str> = Vec::new();
    let offers: Vec<Offer> = inputs.offers.iter().map(|offer| offer_of(&mut builder, &mut names, offer)).collect();
    let moves: Vec<PriceMove> = later.moves.iter().map(|one| move_of(&mut builder, &mut names, one)).collect();
    builder.push_moves(0, &moves);
    for (key, name) in names.into_iter().enumerate() {
        let id = pricing_domain::CompetitorId(Default::default());
        builder.add_competitor(Competitor { key: key as i64, id, name: name.to_owned() });
    }
    builder.push_offers(0, &offers);
    let mut snapshot = builder.finish(inputs.now);
    snapshot.lists[0].has_sales = !inputs.later.sales_unknown;
    // The prices of followed products are as the run had them.
    let mut decided = DecidedPrices::default();
    if !inputs.later.circle.is_empty() {
        decided.circles.insert(0, Arc::from([0]));
    }
    snapshot.lists[0].decided = Some(decided.into());
    snapshot
}

/// The prices of other lists and products that the rules look at, as lists and products of their own.
fn followed(builder: &mut SnapshotBuilder, inputs: &PriceInputs) {
    let ListInputs { code, currency, tax_mode, .. } = &inputs.list;
    for (other, price_minor) in &inputs.later.other_lists {
        if folded(other) == folded(code) {
            continue;
        }
        let foreign = inputs.later.foreign_lists.iter().find(|(code, _)| code == other);
        let list = builder.add_list(ListRecord {
            key: 0,
            id: PriceListId(Default::default()),
            code: other.clone(),
            name: other.clone(),
            currency: foreign.map_or(*currency, |(_, currency)| *currency),
            tax_mode: *tax_mode,
            utc_offset_s: 0,
            cash_step_minor: 1,
            never_above: Vec::new(),
        });
        builder.set_list_values(list, 0, &ListValues { price_minor: *price_minor, ..ListValues::default() });
    }
    for (sku, price_minor) in &inputs.later.other_products {
        if sku.trim().to_lowercase() == inputs.product.sku.to_lowercase() {
            continue;
        }
        let row = builder.push_product(&ProductRecord { sku: sku.trim().to_owned(), ..ProductRecord::default() });
        builder.set_list_values(0, row, &ListValues { price_minor: *price_minor, ..ListValues::default() });
    }
}

/// The number of a competitor, given out now when it is new.
fn number_of<'a>(names: &mut Vec<&'a str>, name: &'a str) -> u16 {
    let number = names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    });
    u16::try_from(number).unwrap_or(PriceMove::OWN - 1)
}

fn move_of<'a>(builder: &mut SnapshotBuilder, names: &mut Vec<&'a str>, one: &'a MoveInputs) -> PriceMove {
    let Some(name) = &one.competitor else { return PriceMove::own(0, one.at_s, one.amount_minor) };
    let currency = one.currency.map_or(0, |currency| builder.currency_number(currency));
    PriceMove {
        amount_minor: one.amount_minor,
        at_s: one.at_s,
        listing: one.listing,
        by: number_of(names, name),
        list_or_currency: currency.into(),
        reserved: 0,
    }
}

fn offer_of<'a>(builder: &mut SnapshotBuilder, names: &mut Vec<&'a str>, offer: &'a OfferInputs) -> Offer {
    let competitor = number_of(names, &offer.competitor);
    Offer {
        amount_minor: offer.amount_minor,
        key: offer.key,
        listing: offer.listing,
        shipping_minor: offer.shipping_minor.unwrap_or(Offer::NO_SHIPPING),
        last_seen_s: offer.last_seen_s,
        competitor,
        currency: offer.currency.map_or(0, |currency| builder.currency_number(currency)),
        availability: offer.availability as u8,
        kind: offer.kind as u8,
        condition: offer.condition as u8,
        match_type: offer.match_type as u8,
        reserved: 0,
    }
}
