//! The half of the snapshot that changes: prices, limits, offers and what moved, read apart from the products.

use std::cell::RefCell;
use std::collections::HashMap;
use std::str::FromStr;

use pricing_domain::{Availability, Condition, Currency, Instant, MatchType, OfferKind};
use pricing_rules::{ListFlags, ListValues, NONE, Offer, PriceMove, SnapshotBuilder};
use pricing_store::{OfferRecord, PriceListRow, ProductFilter, SnapshotReader};

use crate::OperationError;
use crate::snapshots::load::seconds;
use crate::snapshots::moves::{Moves, Numbers, kept_since};
use crate::trust::CountingOffers;

/// Who is who in what is read.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// The keys of the products by row, ascending.
    pub(super) products: &'a [i64],
    pub(super) lists: &'a [PriceListRow],
    /// The number of a competitor by its key.
    pub(super) competitors: &'a HashMap<i64, u16>,
    pub(super) counting: &'a CountingOffers,
}

impl Known<'_> {
    fn row(&self, product: i64) -> Option<usize> {
        // Keys are given out one after the other, and few are ever taken back.
        let guess = usize::try_from(product - self.products.first()?).ok()?;
        match self.products.get(guess) {
            Some(key) if *key == product => Some(guess),
            _ => self.products.binary_search(&product).ok(),
        }
    }

    fn list(&self, key: i64) -> Option<usize> {
        self.lists.iter().position(|list| list.key == key)
    }
}

/// What was read. Currencies are numbered from 1 in the order in which they were met.
pub(super) struct Prices {
    /// By list, then by row; without the VAT rate.
    lists: Vec<Vec<ListValues>>,
    /// When the first price of a product began: seconds since 1970; 0: it has none.
    listed_s: Vec<u32>,
    /// By row.
    offers: Vec<(u32, Offer)>,
    /// By row.
    moves: Vec<(u32, Vec<PriceMove>)>,
    currencies: Vec<Currency>,
}

impl Prices {
    pub(super) fn read(reader: &SnapshotReader, known: Known<'_>, now: Instant) -> Result<Self, OperationError> {
        let mut prices = Self {
            lists: vec![vec![ListValues::default(); known.products.len()]; known.lists.len()],
            listed_s: vec![0; known.products.len()],
            offers: Vec::new(),
            moves: Vec::new(),
            currencies: Vec::new(),
        };
        prices.read_lists(reader, known, now)?;
        prices.read_offers(reader, known, now)?;
        Ok(prices)
    }

    fn read_lists(&mut self, reader: &SnapshotReader, known: Known<'_>, now: Instant) -> Result<(), OperationError> {
        let every = ProductFilter::default();
        let mut begun = vec![vec![i64::MIN; known.products.len()]; known.lists.len()];
        reader.stream_prices(&every, now, |price| {
            if let (Some(list), Some(row)) = (known.list(price.list_key), known.row(price.product_key))
                && price.valid_from > begun[list][row]
            {
                begun[list][row] = price.valid_from;
                self.lists[list][row].price_minor = price.amount_minor;
                self.lists[list][row].price_since_s = seconds(price.valid_from);
            }
        })?;
        reader.stream_first_prices(|product, valid_from| {
            if let Some(row) = known.row(product) {
                self.listed_s[row] = seconds(valid_from);
            }
        })?;
        reader.stream_bounds(|bound| {
            if let (Some(list), Some(row)) = (known.list(bound.list_key), known.row(bound.product_key)) {
                let value = &mut self.lists[list][row];
                value.min_minor = bound.min_minor.unwrap_or(NONE);
                value.max_minor = bound.max_minor.unwrap_or(NONE);
                value.rrp_minor = bound.rrp_minor.unwrap_or(NONE);
                value.map_minor = bound.map_minor.unwrap_or(NONE);
            }
        })?;
        reader.stream_locks(&every, now, |product, list, fixed| {
            if let (Some(list), Some(row)) = (known.list(list), known.row(product)) {
                lock(&mut self.lists[list][row], fixed);
            }
        })?;
        let mut flag = |list: i64, product: i64, flags: u8| {
            if let (Some(list), Some(row)) = (known.list(list), known.row(product)) {
                self.lists[list][row].flags |= flags;
            }
        };
        reader.stream_promotions(&every, now, |product, list| flag(list, product, ListFlags::PROMOTION))?;
        reader.stream_waiting(&every, |product, list, exception| {
            let needs = if exception { ListFlags::EXCEPTION } else { 0 };
            flag(list, product, ListFlags::PENDING_PROPOSAL | needs);
        })?;
        reader.stream_volumes(|product, units| {
            if let Some(row) = known.row(product) {
                self.lists.iter_mut().for_each(|list| list[row].units_28d_milli = units);
            }
        })?;
        Ok(())
    }

    fn read_offers(&mut self, reader: &SnapshotReader, known: Known<'_>, now: Instant) -> Result<(), OperationError> {
        let currencies = RefCell::new(&mut self.currencies);
        let numbers = Numbers {
            list: &|key| known.list(key),
            competitor: &|key| known.competitors.get(&key).copied(),
            currency: &|currency| number(&mut currencies.borrow_mut(), currency),
        };
        let every = ProductFilter::default();
        let row_of = |product| u32::try_from(known.row(product)?).ok();
        let mut moves = Moves::of_ours(reader, &every, now, numbers)?;
        let offers = &mut self.offers;
        let keep = |offer: OfferRecord<'_>| {
            if let Some(row) = row_of(offer.product_key).filter(|_| known.counting.counts(&offer)) {
                let number = |code| number(&mut currencies.borrow_mut(), code);
                let currency = Currency::new(offer.currency).map_or(0, number);
                let competitor = known.competitors.get(&offer.competitor_key).copied().unwrap_or(0);
                offers.push((row, offer_of(&offer, competitor, currency)));
            }
        };
        reader.stream_offers_and_moves(&every, (kept_since(now), now), keep, |record| moves.add(&record))?;
        self.moves = moves.all().into_iter().filter_map(|(product, moves)| Some((row_of(product)?, moves))).collect();
        // They came by listing, and each product's are to stand together, in that order.
        self.offers.sort_by_key(|(row, _)| *row);
        Ok(())
    }

    /// Adds everything to the products, which are all there. `vat_bp`: the rate of a row in a list.
    pub(super) fn put_into(self, builder: &mut SnapshotBuilder, vat_bp: impl Fn(usize, usize) -> i32) {
        for (list, values) in self.lists.into_iter().enumerate() {
            for (row, values) in values.into_iter().enumerate() {
                let flags = values.flags | ListFlags::of_tax_mode(builder.tax_mode(list));
                let values = ListValues { vat_bp: vat_bp(row, list), flags, ..values };
                builder.set_list_values(list, u32::try_from(row).expect("rows fit 32 bits"), &values);
            }
        }
        builder.set_listed(&self.listed_s);
        let numbers: Vec<u8> = self.currencies.iter().map(|currency| builder.currency_number(*currency)).collect();
        let numbered = |read: u8| usize::from(read).checked_sub(1).map_or(0, |place| numbers[place]);
        let mut of_row: Vec<Offer> = Vec::new();
        for offers in self.offers.chunk_by(|(one, _), (other, _)| one == other) {
            of_row.clear();
            of_row.extend(offers.iter().map(|(_, offer)| Offer { currency: numbered(offer.currency), ..*offer }));
            builder.push_offers(offers[0].0, &of_row);
        }
        for (row, mut moves) in self.moves {
            for one in moves.iter_mut().filter(|one| one.by != PriceMove::OWN) {
                one.list_or_currency = u8::try_from(one.list_or_currency).map_or(0, numbered).into();
            }
            builder.push_moves(row, &moves);
        }
    }
}

/// The number of a currency, given out now when it is new; 0: there are too many.
fn number(currencies: &mut Vec<Currency>, currency: Currency) -> u8 {
    let place = currencies.iter().position(|known| *known == currency).unwrap_or_else(|| {
        currencies.push(currency);
        currencies.len() - 1
    });
    u8::try_from(place + 1).unwrap_or(0)
}

/// Notes a lock with the price it names. Of several the first that names one counts.
pub(super) fn lock(values: &mut ListValues, fixed: Option<i64>) {
    values.flags |= ListFlags::LOCKED;
    if let Some(fixed) = fixed.filter(|_| values.fixed_minor == NONE) {
        values.flags |= ListFlags::FIXED;
        values.fixed_minor = fixed;
    }
}

/// An offer of the store as the snapshot keeps it.
pub(crate) fn offer_of(row: &OfferRecord<'_>, competitor: u16, currency: u8) -> Offer {
    let availability = match row.state {
        // The newest page said so, while the span keeps the last price.
        "sold_out" => Availability::OutOfStock,
        _ => Availability::from_str(row.availability).unwrap_or(Availability::Unknown),
    };
    // Several packs are one order: shipping of more than ours is divided, that of less is paid once.
    let shipping = row.shipping_minor.map(|amount| amount.min(row.pack.like_for_like(amount)));
    let shipping = shipping.and_then(|amount| i32::try_from(amount).ok());
    let listing = u32::try_from(row.listing_key).unwrap_or(0);
    Offer {
        amount_minor: row.pack.like_for_like(row.amount_minor),
        key: listing,
        listing,
        shipping_minor: shipping.unwrap_or(Offer::NO_SHIPPING),
        last_seen_s: u32::try_from(row.last_seen / 1_000_000).unwrap_or(0),
        competitor,
        currency,
        availability: availability as u8,
        kind: OfferKind::from_str(row.kind).unwrap_or(OfferKind::Regular) as u8,
        condition: Condition::from_str(row.condition).unwrap_or(Condition::New) as u8,
        match_type: MatchType::from_str(row.match_type).unwrap_or(MatchType::Equivalent) as u8,
        reserved: 0,
    }
}
