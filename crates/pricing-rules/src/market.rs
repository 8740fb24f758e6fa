//! The market as figures see it: the products that a filter keeps, each with its usable offers, summed up in parallel.

use pricing_domain::{Instant, Lifecycle, MarketFilter, OfferPolicy, Role};

use crate::columns::NONE;
use crate::engine::scope::{folded, is_within};
use crate::grid::usable_cost;
use crate::offer_use::{CompiledPolicy, OfferContext, Usable, collect_usable, is_buyable};
use crate::parallel::map_chunks;
use crate::snapshot::{Offer, OffersInList, Snapshot};

/// So many parts a catalogue is summed up in: enough for every core, few enough for sums with many groups.
const PARTS: usize = 16;

/// After so many days without being seen an offer is gone, and not only unknown.
pub const GONE_AFTER_DAYS: i64 = 14;

/// A price list seen through a filter.
pub struct MarketView<'a> {
    snapshot: &'a Snapshot,
    list: usize,
    policy: CompiledPolicy,
    context: OfferContext,
    brands: Option<Vec<u8>>,
    categories: Option<Vec<u8>>,
    roles: Option<Vec<u8>>,
    competitors: Option<Vec<bool>>,
}

/// A usable offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketOffer {
    /// Like for like, in minor units of the list's currency.
    pub amount_minor: i64,
    /// The place of the competitor in the snapshot.
    pub competitor: u16,
}

/// A product that is sold and that the filter keeps. Amounts are minor units of the list's currency.
#[derive(Clone, Copy, Debug)]
pub struct MarketRow<'a> {
    /// The row of the snapshot.
    pub row: usize,
    /// Our price, above zero.
    pub price_minor: Option<i64>,
    /// Units of 28 days in thousandths, not below zero.
    pub units_milli: i64,
    /// Usable offers of the competitors chosen, the lowest first.
    pub offers: &'a [MarketOffer],
}

/// A price that a competitor advertises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvertisedOffer {
    /// Like for like and without shipping, in minor units of the list's currency.
    pub amount_minor: i64,
    /// The same as the shop shows it: where the list has no VAT, with VAT.
    pub shown_minor: i64,
    /// The place of the competitor in the snapshot.
    pub competitor: u16,
    /// The key of the listing in the store.
    pub listing: u32,
    /// When it was last seen: seconds since 1970.
    pub last_seen_s: u32,
}

impl MarketRow<'_> {
    /// The lowest usable offer.
    pub fn lowest_minor(&self) -> Option<i64> {
        self.offers.first().map(|offer| offer.amount_minor)
    }

    /// The lowest usable offer of each competitor that has any.
    pub fn lowest_of_each(&self) -> impl Iterator<Item = MarketOffer> {
        let is_first = |place: usize, offer: &MarketOffer| {
            !self.offers[..place].iter().any(|earlier| earlier.competitor == offer.competitor)
        };
        self.offers.iter().enumerate().filter(move |(place, offer)| is_first(*place, offer)).map(|(_, offer)| *offer)
    }
}

impl<'a> MarketView<'a> {
    /// Looks at a list at a time. Names that nobody has keep nothing. The filter's own price list is not looked at.
    pub fn new(snapshot: &'a Snapshot, list: usize, filter: &MarketFilter, now: Instant) -> Self {
        let any = |wanted: &[String], same: fn(&str, &str) -> bool| {
            let wanted = wanted.to_vec();
            move |text: &str| wanted.iter().any(|name| same(text, name))
        };
        let equal: fn(&str, &str) -> bool = |text, name| folded(text) == folded(name);
        let chosen = |names: &[String], table: &dyn Fn() -> Vec<u8>| (!names.is_empty()).then(table);
        let competitors = (!filter.competitors.is_empty()).then(|| {
            let named = any(&filter.competitors, equal);
            snapshot.competitors.iter().map(|one| named(&one.name)).collect()
        });
        let roles = (!filter.roles.is_empty()).then(|| {
            let wanted = |role: u8| Role::from_index(role).is_some_and(|role| filter.roles.contains(&role));
            (0..=u8::MAX).map(|role| u8::from(wanted(role))).collect()
        });
        Self {
            snapshot,
            list,
            policy: CompiledPolicy::new(&OfferPolicy::default(), &snapshot.competitors),
            context: OfferContext::new(snapshot.lists[list].currency_number, now),
            brands: chosen(&filter.brands, &|| snapshot.brands.table(any(&filter.brands, equal))),
            categories: chosen(&filter.categories, &|| {
                snapshot.categories.table(any(&filter.categories, category_is_within))
            }),
            roles,
            competitors,
        }
    }

    /// The snapshot that is looked at.
    pub const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The place of the price list.
    pub const fn list(&self) -> usize {
        self.list
    }

    /// Whether a competitor is among those chosen.
    pub fn shows(&self, competitor: usize) -> bool {
        self.competitors.as_ref().is_none_or(|chosen| chosen.get(competitor).is_some_and(|shown| *shown))
    }

    /// Whether a row is sold and kept by the filter.
    pub fn keeps(&self, row: usize) -> bool {
        self.snapshot.products.lifecycle.get(row) != Lifecycle::Ended as u8 && self.keeps_any(row)
    }

    /// Whether a row is kept by the filter, sold or not any more.
    pub fn keeps_any(&self, row: usize) -> bool {
        let products = &self.snapshot.products;
        let has = |table: &Option<Vec<u8>>, code: usize| table.as_ref().is_none_or(|table| table[code] != 0);
        has(&self.brands, products.brand.get(row) as usize)
            && has(&self.categories, products.category.get(row) as usize)
            && has(&self.roles, usize::from(products.role.get(row)))
    }

    /// Whether an offer for a row, of a competitor chosen, or of one of them, is too old to say what it is now. What was
    /// not seen for [`GONE_AFTER_DAYS`] is gone: it says nothing any more, and nobody waits for it.
    pub fn has_expired(&self, row: usize, competitor: Option<u16>) -> bool {
        let oldest_s = self.context.now_s - GONE_AFTER_DAYS * 86_400;
        let offers = self.snapshot.offers_in(self.list, row);
        offers.shown().iter().any(|offer| {
            self.shows(usize::from(offer.competitor))
                && competitor.is_none_or(|competitor| competitor == offer.competitor)
                && i64::from(offer.last_seen_s) > oldest_s
                && self.policy.is_expired(self.context, offers, offer)
        })
    }

    /// What the competitors chosen advertise for a row: every new, fresh offer for everybody that could be ordered. Unlike
    /// usable offers none is left out because it is unusual.
    pub fn advertised(&self, row: usize) -> impl Iterator<Item = AdvertisedOffer> + '_ {
        let offers = self.snapshot.offers_in(self.list, row);
        let shown = offers.shown().iter().filter(|offer| self.shows(usize::from(offer.competitor)));
        let counting = shown.filter(move |offer| self.policy.counts_alone(self.context, offers, offer));
        counting.filter_map(move |offer| {
            Some(AdvertisedOffer {
                amount_minor: offers.amount(offer.amount_minor)?,
                shown_minor: offer.amount_minor,
                competitor: offer.competitor,
                listing: offer.listing,
                last_seen_s: offer.last_seen_s,
            })
        })
    }

    /// Competitors chosen with an offer for a row: their places, and whether any of their offers could be ordered.
    pub fn stocks(&self, row: usize) -> impl Iterator<Item = (u16, bool)> + '_ {
        let offers = self.snapshot.offers.get(row);
        let is_first = move |place: usize, offer: &Offer| {
            !offers[..place].iter().any(|earlier| earlier.competitor == offer.competitor)
        };
        let shown = offers
            .iter()
            .enumerate()
            .filter(move |(place, offer)| self.shows(usize::from(offer.competitor)) && is_first(*place, offer));
        shown.map(move |(_, offer)| {
            let mut same = offers.iter().filter(|other| other.competitor == offer.competitor);
            (offer.competitor, same.any(|other| is_buyable(other.availability)))
        })
    }

    /// When an offer of a competitor for a row was last seen, in seconds since 1970.
    pub fn seen_s(&self, row: usize, competitor: Option<u16>) -> Option<u32> {
        let offers = self.snapshot.offers.get(row).iter();
        let of = |offer: &&Offer| competitor.is_none_or(|competitor| competitor == offer.competitor);
        offers.filter(|offer| self.shows(usize::from(offer.competitor))).filter(of).map(|offer| offer.last_seen_s).max()
    }

    /// Whether all of some words, in lower case, occur in a row's SKU, name, brand or GTIN.
    pub fn has_words(&self, row: usize, words: &[String]) -> bool {
        let text = self.snapshot.products.search.get(row);
        words.iter().all(|word| text.contains(word.as_str()))
    }

    /// Net price and cost of a row in millionths, where both are known.
    pub fn net_and_cost_micro(&self, row: usize) -> Option<(i64, i64)> {
        let columns = &self.snapshot.lists[self.list];
        let (price, cost) = (columns.price_minor.get(row), usable_cost(self.snapshot, self.list, row));
        let vat = columns.contained_vat_bp(row).filter(|_| price > 0 && cost != NONE)?;
        let numerator = i128::from(price) * i128::from(columns.currency.micro_per_minor()) * 10_000;
        let net = pricing_domain::Ratio { numerator, denominator: i128::from(10_000 + vat) };
        Some((net.round(pricing_domain::Rounding::Nearest), cost))
    }

    /// Sums up every row that is sold and kept, in parallel; the parts' sums come back in the order of the rows.
    pub fn fold<Sums: Send>(
        &self,
        init: impl Fn() -> Sums + Sync,
        add: impl Fn(&mut Sums, &MarketRow<'_>) + Sync,
    ) -> Vec<Sums> {
        let rows = self.snapshot.row_count();
        let each = rows.div_ceil(PARTS).max(1);
        map_chunks(rows.div_ceil(each), |part| {
            let (mut sums, mut room) = (init(), Room::default());
            for row in (part * each..((part + 1) * each).min(rows)).filter(|row| self.keeps(*row)) {
                self.collect(self.snapshot.offers_in(self.list, row), self.context, &mut room);
                add(&mut sums, &self.row(row, &room.offers));
            }
            sums
        })
    }

    /// One row, whether or not the filter keeps it.
    pub fn with_row<R>(&self, row: usize, look: impl FnOnce(&MarketRow<'_>) -> R) -> R {
        let mut room = Room::default();
        self.collect(self.snapshot.offers_in(self.list, row), self.context, &mut room);
        look(&self.row(row, &room.offers))
    }

    /// Which of some offers for a row would be usable at another time, the lowest first. `offers` is cleared before.
    pub fn usable_at(&self, row: usize, found: &[Offer], at: Instant, offers: &mut Vec<MarketOffer>) {
        let mut room = Room::default();
        let found = OffersInList::new(found, self.snapshot.lists[self.list].offer_vat_bp(row));
        self.collect(found, OfferContext::new(self.snapshot.lists[self.list].currency_number, at), &mut room);
        std::mem::swap(offers, &mut room.offers);
    }

    fn row<'r>(&self, row: usize, offers: &'r [MarketOffer]) -> MarketRow<'r> {
        let columns = &self.snapshot.lists[self.list];
        let price = columns.price_minor.get(row);
        MarketRow {
            row,
            price_minor: (price > 0).then_some(price),
            units_milli: columns.units_28d_milli.get(row).max(0),
            offers,
        }
    }

    fn collect(&self, found: OffersInList<'_>, context: OfferContext, room: &mut Room) {
        collect_usable(&self.policy, context, found, &mut room.usable);
        room.offers.clear();
        let shown = room.usable.iter().filter(|one| self.shows(usize::from(one.competitor)));
        room.offers.extend(shown.map(|one| MarketOffer { amount_minor: one.amount_minor, competitor: one.competitor }));
    }
}

/// Room that is kept between rows.
#[derive(Default)]
struct Room {
    usable: Vec<Usable>,
    offers: Vec<MarketOffer>,
}

/// Whether a category is the one at `path` or lies below it; without a path, whether there is none.
pub fn category_is_within(category: &str, path: &str) -> bool {
    if path.is_empty() { category.is_empty() } else { is_within(category, path) }
}
