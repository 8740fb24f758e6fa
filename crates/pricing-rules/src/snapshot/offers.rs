//! What competitors charge: the offers of each product side by side, in chunks small enough to be replaced often.

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};

use crate::parallel::map_chunks;

/// Products in a chunk of offers.
pub(crate) const OFFER_CHUNK: usize = 128;

/// One competitor offer, like for like with our product and with tax as our price lists have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Offer {
    /// The amount for the quantity that we sell, in minor units of its currency.
    pub amount_minor: i64,
    /// The key of the offer's span in the store.
    pub key: u32,
    /// The key of the listing in the store.
    pub listing: u32,
    /// Shipping in minor units; [`Offer::NO_SHIPPING`]: not stated.
    pub shipping_minor: i32,
    /// When it was last seen: seconds since 1970.
    pub last_seen_s: u32,
    /// The place in [`super::Snapshot::competitors`].
    pub competitor: u16,
    /// The number of its currency.
    pub currency: u8,
    /// The place in `Availability::ALL`.
    pub availability: u8,
    /// The place in `OfferKind::ALL`.
    pub kind: u8,
    /// The place in `Condition::ALL`.
    pub condition: u8,
    /// The place in `MatchType::ALL`.
    pub match_type: u8,
    /// Always 0: fills the record to 32 bytes.
    pub reserved: u8,
}

impl Offer {
    /// Shipping that the shop does not state.
    pub const NO_SHIPPING: i32 = i32::MIN;
}

#[derive(Clone, Debug, Default)]
pub(crate) struct OfferChunk {
    pub(crate) offers: Vec<Offer>,
    /// Where the offers of each product end.
    pub(crate) ends: Vec<u32>,
}

impl OfferChunk {
    fn range(&self, place: usize) -> std::ops::Range<usize> {
        let start = if place == 0 { 0 } else { self.ends[place - 1] as usize };
        start..self.ends[place] as usize
    }

    /// This chunk with the offers of some of its products replaced.
    fn with(&self, changes: &[(usize, Vec<Offer>)]) -> Self {
        let added: usize = changes.iter().map(|(_, offers)| offers.len()).sum();
        let mut new =
            Self { offers: Vec::with_capacity(self.offers.len() + added), ends: Vec::with_capacity(self.ends.len()) };
        let mut changed = changes.iter().peekable();
        for place in 0..self.ends.len() {
            match changed.next_if(|(row, _)| row % OFFER_CHUNK == place) {
                Some((_, offers)) => new.push(offers),
                None => new.push(&self.offers[self.range(place)]),
            }
        }
        new
    }

    fn push(&mut self, offers: &[Offer]) {
        self.offers.extend_from_slice(offers);
        self.ends.push(u32::try_from(self.offers.len()).expect("a chunk has fewer than 2³² offers"));
    }
}

/// The offers of every product.
#[derive(Clone, Debug, Default)]
pub struct OfferColumns {
    chunks: Vec<Arc<OfferChunk>>,
    len: usize,
}

impl OfferColumns {
    /// How many products have their offers here.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no products.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The offers of a product. Panics beyond the end.
    pub fn get(&self, row: usize) -> &[Offer] {
        let chunk = &self.chunks[row / OFFER_CHUNK];
        &chunk.offers[chunk.range(row % OFFER_CHUNK)]
    }

    /// How many offers there are.
    pub fn offer_count(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.offers.len()).sum()
    }

    /// Adds the next product with its offers.
    pub(super) fn push(&mut self, offers: &[Offer]) {
        if self.len.is_multiple_of(OFFER_CHUNK) {
            self.chunks.push(Arc::new(OfferChunk::default()));
        }
        let last = self.chunks.last_mut().expect("a chunk was just made");
        Arc::make_mut(last).push(offers);
        self.len += 1;
    }

    /// Replaces the offers of several products; `changes` are in ascending row order.
    pub(crate) fn replace(&mut self, changes: &[(usize, Vec<Offer>)]) {
        let groups: Vec<_> = changes.chunk_by(|one, other| one.0 / OFFER_CHUNK == other.0 / OFFER_CHUNK).collect();
        let chunks = &self.chunks;
        let replaced = map_chunks(groups.len(), |n| {
            let number = groups[n][0].0 / OFFER_CHUNK;
            (number, Arc::new(chunks[number].with(groups[n])))
        });
        for (number, chunk) in replaced {
            self.chunks[number] = chunk;
        }
    }

    pub(super) fn shrink(&mut self) {
        for chunk in self.chunks.iter_mut().filter_map(Arc::get_mut) {
            chunk.offers.shrink_to_fit();
            chunk.ends.shrink_to_fit();
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let bytes = |chunk: &Arc<OfferChunk>| {
            chunk.offers.capacity() * size_of::<Offer>() + chunk.ends.capacity() * size_of::<u32>()
        };
        self.chunks.iter().map(bytes).sum()
    }

    pub(super) fn chunks(&self) -> impl Iterator<Item = &OfferChunk> {
        self.chunks.iter().map(|chunk| &**chunk)
    }

    pub(super) fn from_chunks(chunks: Vec<OfferChunk>) -> Self {
        let len = chunks.iter().map(|chunk| chunk.ends.len()).sum();
        Self { chunks: chunks.into_iter().map(Arc::new).collect(), len }
    }
}

const _: () = assert!(size_of::<Offer>() == 32);
