//! Stored inputs of earlier versions: what was stored once can be read for good.

use pricing_domain::{Currency, ExchangeRate, Instant};
use serde::Deserialize;

use super::{FamilyNeighbour, LaterInputs, ListInputs, MoveInputs, OfferInputs, PriceInputs};
use crate::engine::labels::LabelPlace;
use crate::snapshot::ProductRecord;

/// What the seventh version stored.
#[derive(Deserialize)]
struct SeventhLater {
    before: SixthLater,
    attributes: Vec<(String, String)>,
    decided_products: Vec<String>,
    circle: Vec<String>,
}

/// What the sixth version stored.
#[derive(Deserialize)]
struct SixthLater {
    before: FifthLater,
    sales_unknown: bool,
}

/// What the fifth version stored.
#[derive(Deserialize)]
struct FifthLater {
    before: FourthLater,
    rates: Vec<ExchangeRate>,
    foreign_lists: Vec<(String, Currency)>,
    cash_step_minor: i64,
    labels: Option<LabelPlace>,
}

/// What the fourth version stored.
#[derive(Deserialize)]
struct FourthLater {
    before: ThirdLater,
    fixed_minor: Option<i64>,
}

/// What the third version stored.
#[derive(Deserialize)]
struct ThirdLater {
    before: SecondLater,
    moves: Vec<MoveInputs>,
}

/// What the second version stored.
#[derive(Deserialize)]
struct SecondLater {
    utc_offset_s: i32,
    price_since_s: u32,
    listed_s: u32,
    other_lists: Vec<(String, i64)>,
    other_products: Vec<(String, i64)>,
}

impl From<SecondLater> for LaterInputs {
    fn from(stored: SecondLater) -> Self {
        let SecondLater { utc_offset_s, price_since_s, listed_s, other_lists, other_products } = stored;
        Self { utc_offset_s, price_since_s, listed_s, other_lists, other_products, ..Self::default() }
    }
}

impl From<ThirdLater> for LaterInputs {
    fn from(stored: ThirdLater) -> Self {
        Self { moves: stored.moves, ..stored.before.into() }
    }
}

impl From<FourthLater> for LaterInputs {
    fn from(stored: FourthLater) -> Self {
        Self { fixed_minor: stored.fixed_minor, ..stored.before.into() }
    }
}

impl From<SixthLater> for LaterInputs {
    fn from(stored: SixthLater) -> Self {
        Self { sales_unknown: stored.sales_unknown, ..stored.before.into() }
    }
}

impl From<SeventhLater> for LaterInputs {
    fn from(stored: SeventhLater) -> Self {
        let SeventhLater { before, attributes, decided_products, circle } = stored;
        Self { attributes, decided_products, circle, ..before.into() }
    }
}

impl From<FifthLater> for LaterInputs {
    fn from(stored: FifthLater) -> Self {
        let FifthLater { before, rates, foreign_lists, cash_step_minor, labels } = stored;
        Self { rates, foreign_lists, cash_step_minor, labels, ..before.into() }
    }
}

/// Stored inputs as the first version wrote them.
#[derive(Deserialize)]
struct FirstInputs {
    now: Instant,
    product: ProductRecord,
    list: ListInputs,
    offers: Vec<OfferInputs>,
    family: Vec<FamilyNeighbour>,
}

impl FirstInputs {
    fn with(self, later: LaterInputs) -> PriceInputs {
        let Self { now, product, list, offers, family } = self;
        PriceInputs { now, product, list, offers, family, later }
    }
}

/// Inputs with what a version added to them.
fn read<'a, Later: Deserialize<'a> + Into<LaterInputs>>(bytes: &'a [u8]) -> Option<PriceInputs> {
    let (before, later): (FirstInputs, Later) = postcard::from_bytes(bytes).ok()?;
    Some(before.with(later.into()))
}

impl PriceInputs {
    /// Reads what `postcard` wrote, by this version or an earlier one. `None`: these are no inputs.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let oldest = || Some(postcard::from_bytes::<FirstInputs>(bytes).ok()?.with(LaterInputs::default()));
        postcard::from_bytes(bytes)
            .ok()
            .or_else(|| read::<SeventhLater>(bytes))
            .or_else(|| read::<SixthLater>(bytes))
            .or_else(|| read::<FifthLater>(bytes))
            .or_else(|| read::<FourthLater>(bytes))
            .or_else(|| read::<ThirdLater>(bytes))
            .or_else(|| read::<SecondLater>(bytes))
            .or_else(oldest)
    }
}
