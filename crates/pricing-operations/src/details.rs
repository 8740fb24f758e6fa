//! Everything about one product.

use app_contract::{CostView, FamilyMember, OfferView, OwnPriceView, ProductDetail, ProductRow, ReadingPolicy};
use pricing_domain::{
    Availability, ContentUnit, Gtin, Instant, Lifecycle, Money, OfferFlag, OfferKind, OfferUse, PriceListId, ProductId,
    ReadState,
};
use pricing_rules::{
    CompiledRules, NONE, OfferInputs, ProductFlags, Snapshot, WayOffer, family_standing, inputs_of, price_from_inputs,
};
use pricing_store::ListingOffer;

use crate::competitor_settings::{expired, withheld};
use crate::grids::product_row;
use crate::undo::audit_view;
use crate::{OperationError, Workspace};

/// Audit entries a product shows.
const AUDIT_LIMIT: u32 = 50;

impl Workspace {
    /// All about a product, with its prices on one list.
    pub async fn product(&self, product: ProductId, price_list: PriceListId) -> Result<ProductDetail, OperationError> {
        let (snapshot, list, row) = self.locate(product, price_list).await?;
        let key = i64::from(snapshot.products.key.get(row));
        let now = self.now();
        let columns = &snapshot.lists[list];
        let fields = self.store.product_fields(key).await?;
        let rules = self.active_rules().await?.rules;
        let compiled = CompiledRules::compile(&rules, &snapshot).ok();
        let usages = compiled.as_ref().map(|compiled| offer_usages(compiled, &snapshot, list, row, now));
        let usages = usages.unwrap_or_default();
        let standing = compiled.and_then(|compiled| family_standing(&compiled, &snapshot, list, row, now));
        let breaking = standing.as_ref().map_or(&[][..], |standing| &standing.breaking);
        let listings = self.store.listings_of(key).await?;
        let settings = self.settings_by_competitor().await?;
        let mut offers: Vec<OfferView> = listings
            .into_iter()
            .map(|listing| {
                let policy = settings.get(&listing.competitor_key).map(|settings| settings.policy.clone());
                let left_out = left_out(&policy.unwrap_or_default(), &listing, now);
                offer_view(listing, &usages, left_out)
            })
            .collect();
        offers.sort_by_key(|offer| (!offer.usable, offer.like_for_like_minor.unwrap_or(i64::MAX)));
        let proposal = match self.store.proposal_of(key, columns.key).await? {
            Some(stored) => Some(self.proposal_row(stored).await?),
            None => None,
        };
        Ok(ProductDetail {
            row: ProductRow {
                demand: self.last_demand().and_then(|demand| demand.fact(snapshot.products.key.get(row))),
                ..product_row(&snapshot, list, row, product)
            },
            price_list,
            currency: columns.currency,
            mpn: fields.mpn,
            gtins: fields.gtins.into_iter().map(gtin_text).collect(),
            supplier: fields.supplier,
            family_members: self.family(&snapshot, list, row, breaking).await?,
            out_of_order: breaking.contains(&(row as u32)),
            family_order: standing.as_ref().map(|standing| standing.order.to_string()),
            family: fields.family,
            own_brand: snapshot.products.flags.get(row) & ProductFlags::OWN_BRAND != 0,
            lifecycle: Lifecycle::from_index(snapshot.products.lifecycle.get(row)).unwrap_or(Lifecycle::Regular),
            content: content(&snapshot, row, fields.pack_items),
            tags: snapshot.tags(row).map(str::to_owned).collect(),
            attributes: snapshot.attributes_of(row),
            costs: self.store.costs_of(key).await?.into_iter().map(cost_view).collect(),
            prices: self.store.prices_of(key, now).await?.into_iter().map(price_view).collect(),
            offers,
            proposal,
            audit: self.store.audit_of_product(key, AUDIT_LIMIT).await?.into_iter().map(audit_view).collect(),
        })
    }

    async fn family(
        &self,
        snapshot: &Snapshot,
        list: usize,
        row: usize,
        breaking: &[u32],
    ) -> Result<Vec<FamilyMember>, OperationError> {
        const MOST_MEMBERS: usize = 100;
        let relatives = snapshot.relatives(row).into_iter().take(MOST_MEMBERS);
        let mut members: Vec<usize> = relatives.map(|other| other as usize).collect();
        if members.is_empty() {
            return Ok(Vec::new());
        }
        members.sort_by_key(|member| snapshot.products.net_content_micro.get(*member));
        let keys: Vec<u32> = members.iter().map(|member| snapshot.products.key.get(*member)).collect();
        let ids = self.store.product_ids(&keys).await?;
        let price = |member: usize| snapshot.lists[list].price_minor.get(member);
        Ok(members
            .into_iter()
            .zip(ids)
            .map(|(member, id)| FamilyMember {
                id,
                sku: snapshot.products.sku.get(member).to_owned(),
                name: snapshot.products.name.get(member).to_owned(),
                content: content(snapshot, member, None),
                price_minor: (price(member) != NONE).then(|| price(member)),
                out_of_order: breaking.contains(&(member as u32)),
            })
            .collect())
    }
}

/// What became of each offer under the rules in force, by the key of its listing.
fn offer_usages(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    row: usize,
    now: Instant,
) -> Vec<(u32, WayOffer)> {
    let inputs = inputs_of(rules, snapshot, list, row, now);
    let Ok((_, way)) = price_from_inputs(rules.rule_set(), &inputs) else { return Vec::new() };
    // The way lists used offers first, and names no listings.
    let mut told = way.offers;
    let usage = |offer: &OfferInputs| {
        let amount = offer.currency.map(|currency| Money::new(offer.amount_minor, currency));
        let seen = Instant(i64::from(offer.last_seen_s) * 1_000_000);
        let same = |one: &WayOffer| one.competitor == offer.competitor && one.amount == amount && one.last_seen == seen;
        Some((offer.listing, told.swap_remove(told.iter().position(same)?)))
    };
    inputs.offers.iter().filter_map(usage).collect()
}

fn gtin_text(number: i64) -> String {
    let gtin = u64::try_from(number).ok().and_then(|number| Gtin::from_number(number).ok());
    gtin.map_or_else(|| number.to_string(), |gtin| gtin.to_string())
}

fn content(snapshot: &Snapshot, row: usize, pack_items: Option<i64>) -> Option<String> {
    let amount = snapshot.products.net_content_micro.get(row);
    if amount == NONE {
        return None;
    }
    let unit = ContentUnit::from_index(snapshot.products.content_unit.get(row)).map_or("", |unit| unit.as_str());
    let each = format!("{} {unit}", pricing_domain::decimal_text(amount, 6, 0));
    Some(match pack_items {
        Some(items) if items > 1 => format!("{items} items, {each}"),
        _ => each,
    })
}

fn cost_view(cost: pricing_store::CostRow) -> CostView {
    CostView { cost_type: cost.cost_type, amount: cost.amount, currency: cost.currency, valid_from: cost.valid_from }
}

fn price_view(price: pricing_store::OwnPriceRow) -> OwnPriceView {
    OwnPriceView {
        price_list: price.price_list,
        price_type: price.price_type,
        price: price.price,
        valid_from: price.valid_from,
        valid_to: price.valid_to,
        state: price.state,
        cause: price.cause,
    }
}

/// Why the policy of its competitor leaves a price out, in words.
pub(crate) fn left_out(policy: &ReadingPolicy, listing: &ListingOffer, now: Instant) -> Option<String> {
    let span = listing.span.as_ref()?;
    let expired = || expired(policy, span.last_seen, now).then_some(OfferFlag::Expired);
    let flag = withheld(policy, span.flags, span.times_seen).or_else(expired)?;
    Some(format!("left out: {}", flag.words()))
}

fn offer_view(listing: ListingOffer, usages: &[(u32, WayOffer)], left_out: Option<String>) -> OfferView {
    let usage = usages.iter().find(|(key, _)| i64::from(*key) == listing.key).map(|(_, offer)| offer.usage);
    let span = listing.span;
    let money = |amount: Option<i64>| {
        span.as_ref().and_then(|span| amount.map(|amount| Money::new(amount, span.price.currency)))
    };
    OfferView {
        listing: listing.id,
        competitor: listing.competitor,
        url: listing.url,
        title: listing.title,
        match_type: listing.match_type,
        pack_coefficient: listing.pack.to_string(),
        reason: match (listing.state, listing.reason.as_str()) {
            (None, _) => "Not collected yet.".into(),
            (Some(state), "") => state.advice().into(),
            (Some(_), reason) => reason.into(),
        },
        state: listing.state,
        like_for_like_minor: span.as_ref().map(|span| listing.pack.like_for_like(span.price.amount_minor)),
        was: money(span.as_ref().and_then(|span| span.was_minor)),
        shipping: money(span.as_ref().and_then(|span| span.shipping_minor)),
        price: span.as_ref().map(|span| span.price),
        flags: span.as_ref().map(|span| span.flags.iter().collect()).unwrap_or_default(),
        kind: span.as_ref().map_or(OfferKind::Regular, |span| span.kind),
        availability: match listing.state {
            Some(ReadState::SoldOut) => Availability::OutOfStock,
            _ => span.as_ref().map_or(Availability::Unknown, |span| span.availability),
        },
        first_seen: span.as_ref().map(|span| span.first_seen),
        last_seen: span.as_ref().map(|span| span.last_seen),
        times_seen: span.as_ref().map_or(0, |span| span.times_seen),
        method: span.as_ref().map(|span| span.method),
        confidence: span.as_ref().map(|span| span.confidence),
        fragment: span.map(|span| span.fragment).unwrap_or_default(),
        usage: left_out.unwrap_or_else(|| usage.map_or("no price", OfferUse::words).to_owned()),
        usable: usage == Some(OfferUse::Used),
    }
}
