//! Judging readings before they are recorded: each is compared with what its page showed before, with other products
//! of the shop, with other competitors and with our cost. Flags are kept with it; what may be no price is kept apart.

use std::collections::{HashMap, HashSet};

use app_contract::{CompetitorSettings, ReadingPolicy};
use price_extraction::trust::{Circumstances, TrustReading, judge};
use pricing_domain::{BasisPoints, Currency, Instant, PackCoefficient, Ratio, Rounding};
use pricing_store::{ListingHistory, ProductFilter, ReadOffer, Reading, Store, packed_page};

use crate::competitor_settings::{expired, limits, withheld};
use crate::snapshots::costs;
use crate::{OperationError, Workspace};

/// What a page showed longer ago says nothing about today.
const USUAL_DAYS: i64 = 180;
/// Longer pages are not kept.
const LONGEST_KEPT_PAGE: usize = 4 * 1024 * 1024;

/// A reading before it is judged, with the page it came from.
pub(crate) struct Unjudged {
    pub(crate) reading: Reading,
    pub(crate) page: Option<Vec<u8>>,
}

/// Judges the readings of one collection.
pub(crate) struct Judge {
    settings: HashMap<i64, CompetitorSettings>,
    usual: CompetitorSettings,
    /// Of the default price list, with its country.
    currency: Option<Currency>,
    country: String,
    /// By competitor, currency and amount: the first product of this collection that had it.
    seen: HashMap<(i64, Currency, i64), i64>,
}

/// What is known of the products concerned.
#[derive(Default)]
struct Products {
    /// Offers of a product: competitor, amount like for like, currency.
    offers: HashMap<i64, Vec<(i64, i64, Currency)>>,
    costs: HashMap<i64, (i64, Currency)>,
}

impl Judge {
    pub(crate) async fn of(workspace: &Workspace) -> Result<Self, OperationError> {
        let list = workspace.store.price_lists().await?.into_iter().next();
        Ok(Self {
            settings: workspace.settings_by_competitor().await?,
            usual: CompetitorSettings::default(),
            currency: list.as_ref().map(|list| list.currency),
            country: list.map(|list| list.settings.country).unwrap_or_default(),
            seen: HashMap::new(),
        })
    }

    fn settings_of(&self, competitor: i64) -> &CompetitorSettings {
        self.settings.get(&competitor).unwrap_or(&self.usual)
    }

    /// Sets flags and quarantine of readings with a price, and keeps the pages of those that are new.
    pub(crate) async fn judge(
        &mut self,
        store: &Store,
        unjudged: Vec<Unjudged>,
        now: Instant,
    ) -> Result<Vec<Reading>, OperationError> {
        let priced: Vec<i64> =
            unjudged.iter().filter(|one| one.reading.offer.is_some()).map(|one| one.reading.listing_key).collect();
        if priced.is_empty() {
            return Ok(unjudged.into_iter().map(|one| one.reading).collect());
        }
        let histories = store.listing_histories(&priced, &self.country, now.plus_days(-USUAL_DAYS)).await?;
        let products = products(store, histories.values().map(|history| history.product_key).collect(), now).await?;
        Ok(unjudged.into_iter().map(|one| self.judge_one(one, &histories, &products, now)).collect())
    }

    fn judge_one(
        &mut self,
        unjudged: Unjudged,
        histories: &HashMap<i64, ListingHistory>,
        products: &Products,
        now: Instant,
    ) -> Reading {
        let Unjudged { mut reading, page } = unjudged;
        let Some(history) = histories.get(&reading.listing_key) else { return reading };
        let Some(offer) = &mut reading.offer else { return reading };
        let neighbours = self.neighbours(history, offer);
        let settings = self.settings_of(history.competitor_key);
        let others: Vec<i64> = products
            .offers
            .get(&history.product_key)
            .into_iter()
            .flatten()
            .filter(|(competitor, _, currency)| *competitor != history.competitor_key && *currency == offer.currency)
            .map(|(_, amount, _)| theirs(*amount, history.pack))
            .collect();
        let cost = products.costs.get(&history.product_key).filter(|(_, currency)| *currency == offer.currency);
        let known = Circumstances {
            usual: &history.usual,
            usual_currency: history.currency,
            neighbours: &neighbours,
            others: &others,
            cost_minor: cost.map(|(micro, currency)| theirs(with_tax(*micro, *currency, history.vat), history.pack)),
            list_currency: self.currency,
            accepted: &history.accepted,
            rejected: &history.rejected,
        };
        let asked = TrustReading {
            amount_minor: offer.amount_minor,
            currency: offer.currency,
            kind: offer.kind,
            confidence: offer.confidence,
        };
        let trust = judge(&asked, &known, &limits(&settings.policy));
        offer.flags = trust.flags.into_iter().collect();
        reading.quarantine = trust.quarantine;
        // A page is worth keeping where its price is new; whether it is, the span will tell for good.
        let is_new = history.usual.first() != Some(&offer.amount_minor) || reading.quarantine.is_some();
        if is_new && settings.keep_pages_days > 0 {
            reading.page_zstd = page.filter(|page| page.len() <= LONGEST_KEPT_PAGE).and_then(|page| packed_page(&page));
        }
        debug_assert!(reading.at <= now.plus_days(1), "readings are of now");
        reading
    }

    /// The amount, where another product of this competitor had it in this collection.
    fn neighbours(&mut self, history: &ListingHistory, offer: &ReadOffer) -> Vec<i64> {
        let key = (history.competitor_key, offer.currency, offer.amount_minor);
        let first = *self.seen.entry(key).or_insert(history.product_key);
        if first == history.product_key { Vec::new() } else { vec![offer.amount_minor] }
    }
}

/// An amount for one of ours as an amount for one of theirs.
fn theirs(amount_minor: i64, pack: PackCoefficient) -> i64 {
    PackCoefficient { numerator: pack.denominator, denominator: pack.numerator }.like_for_like(amount_minor)
}

/// A cost as a price with VAT would have it, in minor units.
fn with_tax(micro: i64, currency: Currency, vat: Option<BasisPoints>) -> i64 {
    let rate = i128::from(vat.map_or(0, |vat| vat.0));
    let one = i128::from(BasisPoints::ONE);
    Ratio { numerator: i128::from(micro) * (one + rate), denominator: i128::from(currency.micro_per_minor()) * one }
        .round(Rounding::Nearest)
}

async fn products(store: &Store, keys: HashSet<i64>, now: Instant) -> Result<Products, OperationError> {
    let reader_of = store.clone();
    let read = tokio::task::spawn_blocking(move || -> Result<Products, OperationError> {
        let reader = reader_of.snapshot_reader()?;
        let filter = ProductFilter::only(keys);
        let mut products = Products::default();
        reader.stream_offers(&filter, |row| {
            if let (Ok(currency), "product") = (Currency::new(row.currency), row.state) {
                let offer = (row.competitor_key, row.pack.like_for_like(row.amount_minor), currency);
                products.offers.entry(row.product_key).or_default().push(offer);
            }
        })?;
        products.costs = costs(&reader, &filter, now)?
            .into_iter()
            .map(|(product, cost)| (product, (cost.amount.0, cost.currency)))
            .collect();
        Ok(products)
    });
    read.await.map_err(|error| OperationError::fault(error.to_string()))?
}

/// Which stored prices count, by competitor.
pub(crate) struct CountingOffers {
    policies: HashMap<i64, ReadingPolicy>,
    usual: ReadingPolicy,
    now: Instant,
}

impl CountingOffers {
    pub(crate) fn new(settings: &[(i64, String)], now: Instant) -> Self {
        let policies = settings.iter().map(|(key, text)| (*key, crate::competitor_settings::parse(text).policy));
        Self { policies: policies.collect(), usual: ReadingPolicy::default(), now }
    }

    /// Whether the newest price of a listing counts.
    pub(crate) fn counts(&self, row: &pricing_store::OfferRecord<'_>) -> bool {
        self.counts_at_all(row) && !expired(self.policy(row.competitor_key), Instant(row.last_seen), self.now)
    }

    /// Whether a price counts as long as it is not too old.
    pub(crate) fn counts_at_all(&self, row: &pricing_store::OfferRecord<'_>) -> bool {
        withheld(self.policy(row.competitor_key), row.flags, row.times_seen).is_none()
    }

    /// After how many hours a competitor's prices do not count any more, where that was set.
    pub(crate) fn expires_after_hours(&self, competitor_key: i64) -> Option<u32> {
        self.policy(competitor_key).expires_after_hours
    }

    fn policy(&self, competitor_key: i64) -> &ReadingPolicy {
        self.policies.get(&competitor_key).unwrap_or(&self.usual)
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{BasisPoints, Currency, PackCoefficient};

    use super::{theirs, with_tax};

    #[test]
    fn costs_are_compared_with_their_tax_and_in_their_pack() {
        assert_eq!(with_tax(10_000_000, Currency::EUR, Some(BasisPoints(1_900))), 1_190);
        assert_eq!(with_tax(34_700, Currency::EUR, None), 3);
        let six = PackCoefficient { numerator: 6, denominator: 1 };
        assert_eq!((theirs(1_190, six), six.like_for_like(theirs(1_190, six))), (7_140, 1_190));
    }
}
