//! The way to a price: recomputed from a proposal's stored inputs, or from the catalogue as it stands now.

use app_contract::{DemandFact, PriceWayView, ReadingPolicy, WayLineView, WayOfferView, WithheldOfferView};
use pricing_domain::{Money, PriceListId, ProductId, ProposalId, RuleSet};
use pricing_rules::{CompiledRules, PriceInputs, PriceWay, inputs_of, price_from_inputs, with_followed_lists};

use crate::details::left_out;
use crate::proposals::decode_inputs;
use crate::{OperationError, Workspace};

impl Workspace {
    /// How a proposed price came about, to the same cent as when it was proposed.
    pub async fn price_way(&self, proposal: ProposalId) -> Result<PriceWayView, OperationError> {
        let found = self.store.find_proposal(proposal).await?;
        let found =
            found.ok_or_else(|| OperationError::not_found("This proposal is not in the workspace any more."))?;
        let rules = self.store.rule_set(found.rule_set_key).await?;
        let inputs = decode_inputs(&found.draft.inputs)?;
        let way = way(&rules.rules, &inputs)?;
        let withheld = self.withheld_offers(found.draft.product_key, &inputs).await?;
        let demand = self.fact_of(found.draft.product_key);
        Ok(PriceWayView { demand, ..view(way, withheld, found.sku, found.name, found.price_list) })
    }

    /// How the rules in force price a product now.
    pub async fn explain_product(
        &self,
        product: ProductId,
        price_list: PriceListId,
    ) -> Result<PriceWayView, OperationError> {
        let (snapshot, list, row) = self.locate(product, price_list).await?;
        let rules = self.active_rules().await?.rules;
        let compiled = CompiledRules::compile(&rules, &snapshot)
            .map_err(|problems| OperationError::refused(problems[0].to_string()))?;
        // A list that follows others is priced from their new prices.
        let followed = with_followed_lists(&compiled, &snapshot, list, row, self.now());
        let inputs = inputs_of(&compiled, followed.as_ref().unwrap_or(&snapshot), list, row, self.now());
        let way = way(&rules, &inputs)?;
        let (sku, name) = (snapshot.products.sku.get(row).to_owned(), snapshot.products.name.get(row).to_owned());
        let key = i64::from(snapshot.products.key.get(row));
        let withheld = self.withheld_offers(key, &inputs).await?;
        let demand = self.fact_of(key);
        Ok(PriceWayView { demand, ..view(way, withheld, sku, name, snapshot.lists[list].code.clone()) })
    }

    fn fact_of(&self, product_key: i64) -> Option<DemandFact> {
        self.last_demand()?.fact(u32::try_from(product_key).ok()?)
    }

    /// What was read before a product was priced and did not reach the rules, with the reason as it stands today.
    async fn withheld_offers(
        &self,
        product_key: i64,
        inputs: &PriceInputs,
    ) -> Result<Vec<WithheldOfferView>, OperationError> {
        let settings = self.settings_by_competitor().await?;
        let default = ReadingPolicy::default();
        let mut offers = Vec::new();
        for listing in self.store.listings_of(product_key).await? {
            let policy = settings.get(&listing.competitor_key).map_or(&default, |settings| &settings.policy);
            let (Some(why), Some(span)) = (left_out(policy, &listing, self.now()), &listing.span) else { continue };
            let reached = inputs.offers.iter().any(|offer| i64::from(offer.listing) == listing.key);
            if reached || span.first_seen > inputs.now {
                continue;
            }
            let price = Money::new(listing.pack.like_for_like(span.price.amount_minor), span.price.currency);
            offers.push(WithheldOfferView { price, last_seen: span.last_seen, why, competitor: listing.competitor });
        }
        offers.sort_by_key(|offer| offer.price.amount_minor);
        Ok(offers)
    }
}

fn way(rules: &RuleSet, inputs: &PriceInputs) -> Result<PriceWay, OperationError> {
    let priced = price_from_inputs(rules, inputs);
    priced.map(|(_, way)| way).map_err(|problems| {
        let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
        OperationError::refused(format!("The rules cannot be used: {}.", words.join("; ")))
    })
}

fn view(
    way: PriceWay,
    withheld: Vec<WithheldOfferView>,
    sku: String,
    name: String,
    price_list: String,
) -> PriceWayView {
    let lines = way.lines.into_iter().map(|line| WayLineView {
        kind: serde_json::to_value(line.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_default(),
        title: line.title,
        detail: line.detail,
        amount: line.amount,
    });
    let offers = way.offers.into_iter().filter_map(|offer| {
        Some(WayOfferView {
            competitor: offer.competitor,
            price: offer.amount?,
            shipping: offer.shipping,
            last_seen: offer.last_seen,
            usage: offer.usage,
        })
    });
    PriceWayView {
        sku,
        name,
        price_list,
        summary: way.summary,
        lines: lines.collect(),
        offers: offers.collect(),
        withheld,
        what_would_change: way.what_would_change,
        demand: None,
    }
}
