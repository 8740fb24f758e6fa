//! Prices that are advertised, ours and competitors', for limits on them (MAP).

use std::collections::HashMap;

use pricing_analytics::map_shortfall;
use pricing_domain::{Instant, MarketFilter, PriceListId};
use pricing_rules::{MarketView, NONE, Snapshot};
use pricing_store::{Durability, PriceListRow};

use super::Scene;
use crate::{OperationError, Workspace};

/// The setting with the codes of the price lists, as JSON.
const SETTING: &str = "map_lists";

/// What must be known beside the snapshot to tell what is advertised on a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Advertising {
    /// Whether the market limits advertised prices at all.
    limited: bool,
    /// The lowest of our promotion prices that run, by the product's key.
    promotions: HashMap<i64, i64>,
}

/// A price that somebody advertises for a product that has a MAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Advertised {
    /// The place of the competitor in the snapshot; `None`: we.
    pub(crate) competitor: Option<u16>,
    /// The key of the listing; 0: our own price.
    pub(crate) listing: i64,
    /// In minor units of the list's currency.
    pub(crate) amount_minor: i64,
    /// The lowest that may be advertised.
    pub(crate) map_minor: i64,
    /// When a competitor's was last seen.
    pub(crate) seen_at: Option<Instant>,
}

impl Advertised {
    /// How far it lies below what may be advertised, in basis points; `None`: it does not.
    pub(crate) fn shortfall_bp(&self) -> Option<i32> {
        map_shortfall(self.amount_minor, self.map_minor)
    }
}

impl Advertising {
    /// Whether the market limits advertised prices at all.
    pub(crate) const fn is_limited(&self) -> bool {
        self.limited
    }

    /// Everything that is advertised for a row, ours first: the lowest of our regular price and the promotions that run,
    /// and every fresh offer of the competitors chosen that could be ordered, however unusual. Nothing where it has no MAP.
    pub(crate) fn prices(&self, view: &MarketView<'_>, row: usize) -> Vec<Advertised> {
        let (snapshot, columns) = (view.snapshot(), &view.snapshot().lists[view.list()]);
        let map_minor = columns.map_minor.get(row);
        if map_minor == NONE || !self.limited {
            return Vec::new();
        }
        let price = |competitor, listing, amount_minor, seen_at| Advertised {
            competitor,
            listing,
            amount_minor,
            map_minor,
            seen_at,
        };
        let regular = Some(columns.price_minor.get(row)).filter(|price| *price > 0);
        let promotion = self.promotions.get(&i64::from(snapshot.products.key.get(row))).copied();
        let own = regular.into_iter().chain(promotion).min().map(|own| price(None, 0, own, None));
        let theirs = view.advertised(row).map(|offer| {
            let seen_at = Instant(i64::from(offer.last_seen_s) * 1_000_000);
            price(Some(offer.competitor), i64::from(offer.listing), offer.amount_minor, Some(seen_at))
        });
        own.into_iter().chain(theirs).collect()
    }

    /// The lowest price that each advertises, ours first.
    pub(crate) fn lowest_of_each(&self, view: &MarketView<'_>, row: usize) -> Vec<Advertised> {
        let mut lowest: Vec<Advertised> = Vec::new();
        for price in self.prices(view, row) {
            match lowest.iter_mut().find(|known| known.competitor == price.competitor) {
                Some(known) if known.amount_minor <= price.amount_minor => {}
                Some(known) => *known = price,
                None => lowest.push(price),
            }
        }
        lowest
    }

    /// Whether anything is advertised too low.
    pub(crate) fn is_violated(&self, view: &MarketView<'_>, row: usize) -> bool {
        self.prices(view, row).iter().any(|price| price.shortfall_bp().is_some())
    }
}

impl Workspace {
    /// What must be known to tell what is advertised on a list.
    pub(crate) async fn advertising(
        &self,
        snapshot: &Snapshot,
        list: usize,
        now: Instant,
    ) -> Result<Advertising, OperationError> {
        if !self.map_lists().await?.contains(&snapshot.lists[list].id) {
            return Ok(Advertising::default());
        }
        let running = self.store.running_promotions(snapshot.lists[list].key, now).await?;
        let mut promotions: HashMap<i64, i64> = HashMap::new();
        for one in running {
            if let Some(price) = one.price_minor.filter(|price| *price > 0) {
                promotions.entry(one.product_key).and_modify(|lowest| *lowest = price.min(*lowest)).or_insert(price);
            }
        }
        Ok(Advertising { limited: true, promotions })
    }

    /// The price lists in whose markets advertised prices are limited: those a person chose, otherwise those in US and
    /// Canadian dollars, since the European Union and the United Kingdom do not allow such limits.
    pub async fn map_lists(&self) -> Result<Vec<PriceListId>, OperationError> {
        let lists = self.store.price_lists().await?;
        let chosen: Option<Vec<String>> =
            self.setting(SETTING).await?.map(|text| serde_json::from_str(&text).unwrap_or_default());
        let is_limited = |list: &PriceListRow| match &chosen {
            Some(codes) => codes.contains(&list.code),
            None => matches!(list.currency.code(), "USD" | "CAD"),
        };
        Ok(lists.iter().filter(|list| is_limited(list)).map(|list| list.id).collect())
    }

    /// Says in whose markets advertised prices are limited.
    pub async fn save_map_lists(&self, chosen: &[PriceListId]) -> Result<(), OperationError> {
        let lists = self.store.price_lists().await?;
        let codes: Vec<&str> =
            lists.iter().filter(|list| chosen.contains(&list.id)).map(|list| list.code.as_str()).collect();
        let text = serde_json::to_string(&codes).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("save_map_lists", Durability::Full).await?;
        op.write_setting(SETTING, &text).await?;
        let words = if codes.is_empty() { "no price list".to_owned() } else { codes.join(", ") };
        op.commit(&format!("Advertised prices are limited on {words}"), false).await?;
        Ok(())
    }

    /// A scene that knows what is advertised.
    pub(super) async fn scene_with_advertising(&self, filter: &MarketFilter) -> Result<Scene, OperationError> {
        let scene = self.scene(filter).await?;
        let advertising = self.advertising(&scene.snapshot, scene.list, scene.now).await?;
        Ok(Scene { advertising: advertising.into(), ..scene })
    }
}
