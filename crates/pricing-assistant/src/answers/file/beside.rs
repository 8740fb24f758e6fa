//! Rows of a file beside our prices and beside what is stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use pricing_domain::{OfferKind, Ratio, Rounding};
use pricing_operations::{CompetitorFile, FileOffer};
use question_grammar::FileQuestion;

use crate::composer::Composer;
use crate::rows::Place;

/// The newest price of a competitor on a product, in the file.
pub(super) struct Beside {
    pub(super) line: u64,
    pub(super) row: u32,
    pub(super) sku: String,
    pub(super) name: String,
    pub(super) competitor: String,
    /// As our list has its prices, with or without VAT.
    pub(super) theirs: i64,
    /// Ours; `None`: none, or not to be compared.
    pub(super) own: Option<i64>,
    /// What is stored of the same competitor, in the same way.
    pub(super) stored: Option<i64>,
}

impl Beside {
    /// How far ours is above theirs, in basis points of theirs.
    pub(super) fn gap_bp(&self) -> Option<i64> {
        self.own.map(|own| share_bp(own - self.theirs, self.theirs))
    }

    /// How far theirs moved from what is stored.
    pub(super) fn moved_bp(&self) -> Option<i64> {
        self.stored.map(|stored| share_bp(self.theirs - stored, stored))
    }
}

/// Never nothing where there is a difference.
fn share_bp(difference: i64, of: i64) -> i64 {
    let share = Ratio { numerator: i128::from(difference) * 10_000, denominator: i128::from(of.max(1)) };
    match share.round(Rounding::Nearest) {
        0 => difference.signum(),
        share => share,
    }
}

/// Rows that are not compared, by why.
#[derive(Default)]
pub(super) struct LeftOut {
    pub(super) sold_out: u64,
    pub(super) not_for_all: u64,
    pub(super) no_price: u64,
    pub(super) currency: u64,
    /// A newer row is of the same product and competitor.
    pub(super) older: u64,
}

impl LeftOut {
    pub(super) const fn total(&self) -> u64 {
        self.sold_out + self.not_for_all + self.no_price + self.currency + self.older
    }
}

/// How many prices stand on which side of ours.
#[derive(Clone, Copy, Default)]
pub(super) struct Sides {
    pub(super) cheaper: u64,
    pub(super) level: u64,
    pub(super) dearer: u64,
}

impl Sides {
    pub(super) const fn compared(self) -> u64 {
        self.cheaper + self.level + self.dearer
    }

    fn add(&mut self, one: &Beside) {
        match one.own {
            Some(own) if own > one.theirs => self.cheaper += 1,
            Some(own) if own < one.theirs => self.dearer += 1,
            Some(_) => self.level += 1,
            None => {}
        }
    }
}

/// The rows that a question is about.
pub(super) struct Chosen {
    pub(super) found: Vec<Beside>,
    pub(super) left_out: LeftOut,
}

impl Chosen {
    pub(super) fn sides(&self) -> Sides {
        let mut sides = Sides::default();
        self.found.iter().for_each(|one| sides.add(one));
        sides
    }

    /// Name, rows and sides of each competitor, most rows first.
    pub(super) fn by_competitor(&self) -> Vec<(String, u64, Sides)> {
        let mut groups: BTreeMap<&str, (u64, Sides)> = BTreeMap::new();
        for one in &self.found {
            let (rows, sides) = groups.entry(&one.competitor).or_default();
            *rows += 1;
            sides.add(one);
        }
        let mut groups: Vec<_> =
            groups.into_iter().map(|(name, (rows, sides))| (name.to_owned(), rows, sides)).collect();
        groups.sort_by_key(|(name, rows, _)| (std::cmp::Reverse(*rows), name.clone()));
        groups
    }
}

/// The rows of the products and competitors that a question names, the newest of each pair.
pub(super) fn choose(composer: &Composer<'_>, file: &CompetitorFile, asked: &FileQuestion) -> Chosen {
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let within: Option<HashSet<u32>> =
        (!asked.scope.is_all()).then(|| place.rows_of(&asked.scope, &[]).into_iter().collect());
    let mut left_out = LeftOut::default();
    let mut newest: HashMap<(&str, &str), (&FileOffer, u32)> = HashMap::new();
    for offer in &file.offers {
        let Some(row) = snapshot.row_of_sku(&offer.sku) else { continue };
        let named = asked.competitors.is_empty() || asked.competitors.contains(&offer.competitor);
        if !named || within.as_ref().is_some_and(|rows| !rows.contains(&row)) {
            continue;
        }
        if !offer.availability.buyable() {
            left_out.sold_out += 1;
            continue;
        }
        if matches!(offer.kind, OfferKind::Member | OfferKind::Coupon) {
            left_out.not_for_all += 1;
            continue;
        }
        if offer.currency != composer.currency() {
            left_out.currency += 1;
            continue;
        }
        let known = newest.entry((&offer.sku, &offer.competitor));
        let kept = known.or_insert((offer, row));
        if kept.0.line != offer.line {
            left_out.older += 1;
            if (offer.at, offer.line) > (kept.0.at, kept.0.line) {
                *kept = (offer, row);
            }
        }
    }
    let mut found: Vec<Beside> = newest
        .into_values()
        .filter_map(|(offer, row)| {
            let theirs = snapshot.offer_amount_in(composer.list, row as usize, offer.amount_minor);
            let (own, Some(theirs)) = (place.price(row), theirs) else {
                left_out.no_price += 1;
                return None;
            };
            left_out.no_price += u64::from(own.is_none());
            Some(Beside {
                line: offer.line,
                row,
                sku: offer.sku.clone(),
                name: snapshot.products.name.get(row as usize).to_owned(),
                competitor: offer.competitor.clone(),
                theirs,
                own,
                stored: stored(composer, row, &offer.competitor),
            })
        })
        .collect();
    found.sort_by_key(|one| one.line);
    Chosen { found, left_out }
}

/// The newest price that is stored of a competitor on a product, in the currency of the list.
fn stored(composer: &Composer<'_>, row: u32, competitor: &str) -> Option<i64> {
    let snapshot = &composer.snapshot;
    let place = snapshot.competitors.iter().position(|one| one.name == competitor)?;
    let currency = snapshot.lists[composer.list].currency_number;
    let theirs = snapshot.offers.get(row as usize).iter();
    let newest = theirs
        .filter(|offer| usize::from(offer.competitor) == place && offer.currency == currency)
        .max_by_key(|offer| (offer.last_seen_s, std::cmp::Reverse(offer.amount_minor)))?;
    snapshot.offer_amount_in(composer.list, row as usize, newest.amount_minor)
}
