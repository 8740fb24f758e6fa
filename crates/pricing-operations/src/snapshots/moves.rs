//! The moves of prices that the snapshot keeps for the guardrails that look back.

use std::collections::BTreeMap;

use pricing_domain::{Currency, Instant};
use pricing_rules::PriceMove;
use pricing_store::{MoveOwner, MoveRecord, ProductFilter, SnapshotReader};

use crate::OperationError;

/// How what the store names is numbered in the snapshot.
pub(super) struct Numbers<'a> {
    /// The place of a price list by its key.
    pub(super) list: &'a dyn Fn(i64) -> Option<usize>,
    /// The number of a competitor by its key.
    pub(super) competitor: &'a dyn Fn(i64) -> Option<u16>,
    /// The number of a currency; 0: nothing of the catalogue is in it.
    pub(super) currency: &'a dyn Fn(Currency) -> u8,
}

/// From when on moves are kept.
pub(super) fn kept_since(now: Instant) -> Instant {
    now.plus_days(-i64::from(PriceMove::KEPT_DAYS))
}

/// Gathers the moves of the last weeks by product. A price that is the only one there ever was moved from nowhere and is
/// left out, so that a catalogue imported yesterday has no moves.
pub(super) struct Moves<'a> {
    numbers: Numbers<'a>,
    since: Instant,
    all: BTreeMap<i64, Vec<PriceMove>>,
    owner: Option<Owner>,
    of_owner: Vec<PriceMove>,
}

impl<'a> Moves<'a> {
    /// With ours.
    pub(super) fn of_ours(
        reader: &SnapshotReader,
        filter: &ProductFilter,
        now: Instant,
        numbers: Numbers<'a>,
    ) -> Result<Self, OperationError> {
        let since = kept_since(now);
        let mut moves = Self { numbers, since, all: BTreeMap::new(), owner: None, of_owner: Vec::new() };
        reader.stream_own_moves(filter, since, now, |record| moves.add(&record))?;
        Ok(moves)
    }

    /// Another, after those of the same owner before it.
    pub(super) fn add(&mut self, record: &MoveRecord) {
        let Some(this) = move_of(record, &self.numbers) else { return };
        let its = (record.product_key, record.owner, this.list_or_currency);
        if self.owner != Some(its) {
            self.keep();
            self.owner = Some(its);
            if let Some(before_minor) = record.before_minor {
                self.of_owner.push(PriceMove { amount_minor: before_minor, at_s: seconds(self.since.0), ..this });
            }
        }
        self.of_owner.push(this);
    }

    /// Keeps the moves of an owner where there are several.
    fn keep(&mut self) {
        if let Some((product, ..)) = self.owner
            && self.of_owner.iter().any(|other| *other != self.of_owner[0])
        {
            self.all.entry(product).or_default().append(&mut self.of_owner);
        }
        self.of_owner.clear();
    }

    /// By product.
    pub(super) fn all(mut self) -> BTreeMap<i64, Vec<PriceMove>> {
        self.keep();
        self.all
    }
}

/// The product, whose price of it moved, and in which list or currency.
type Owner = (i64, MoveOwner, u16);

/// `None`: of a list, competitor or currency that the snapshot does not know.
fn move_of(record: &MoveRecord, numbers: &Numbers<'_>) -> Option<PriceMove> {
    let at_s = seconds(record.began);
    match record.owner {
        MoveOwner::List(key) => {
            let list = u16::try_from((numbers.list)(key)?).ok()?;
            Some(PriceMove::own(list, at_s, record.amount_minor))
        }
        MoveOwner::Listing { listing_key, competitor_key } => {
            let currency = Currency::new(record.currency.as_deref()?).ok()?;
            let number = Some((numbers.currency)(currency)).filter(|number| *number != 0)?;
            Some(PriceMove {
                amount_minor: record.amount_minor,
                at_s,
                listing: u32::try_from(listing_key).ok()?,
                by: (numbers.competitor)(competitor_key)?,
                list_or_currency: number.into(),
                reserved: 0,
            })
        }
    }
}

fn seconds(micros: i64) -> u32 {
    u32::try_from(micros / 1_000_000).unwrap_or(0)
}
