//! All that decided what came of a scenario, as bytes, so that it can be played again to the same figures.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use app_contract::ElasticityGrade;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use pricing_domain::{Instant, RuleSet};
use pricing_rules::Snapshot;
use pricing_science::ScenarioProducts;
use serde::{Deserialize, Serialize};

use super::Basis;
use super::learnt::{Answers, Learnt};
use crate::OperationError;

/// Bytes up to which all of it is kept with each scenario: a catalogue of a million products packs to less.
pub(super) const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Everything beside the catalogue.
#[derive(Serialize, Deserialize)]
struct Packed {
    list: u32,
    now: Instant,
    /// As JSON, which later versions of rules can still be read from.
    rules: String,
    rows: Vec<u32>,
    grades: Vec<ElasticityGrade>,
    products: ScenarioProducts,
    left_out: Vec<(String, u64)>,
    learnt: Vec<Learnt>,
}

impl Packed {
    fn of(basis: &Basis) -> Result<Packed, OperationError> {
        Ok(Packed {
            list: u32::try_from(basis.list).map_err(|error| fault(&error))?,
            now: basis.now,
            rules: serde_json::to_string(&basis.rules).map_err(|error| fault(&error))?,
            rows: basis.rows.clone(),
            grades: basis.grades.clone(),
            products: basis.products.clone(),
            left_out: basis.left_out.clone(),
            learnt: basis.learnt.to_us.clone(),
        })
    }
}

fn fault(error: &dyn std::fmt::Display) -> OperationError {
    OperationError::fault(format!("Packing a scenario: {error}"))
}

/// Bytes that are no more than allowed.
struct Limited {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Write for Limited {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + part.len() > self.most {
            self.is_full = true;
            return Err(std::io::Error::other("more than may be kept"));
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The bytes; `None` where they are more than `most`.
pub(super) fn pack(basis: &Basis, most: usize) -> Result<Option<Vec<u8>>, OperationError> {
    let packed = postcard::to_allocvec(&Packed::of(basis)?).map_err(|error| fault(&error))?;
    // Behind the rest, so that what was packed without it can be read.
    let packed = postcard::to_extend(&basis.products.wider, packed).map_err(|error| fault(&error))?;
    let packed = postcard::to_extend(&basis.products.families, packed).map_err(|error| fault(&error))?;
    let packed = postcard::to_extend(&basis.learnt.to_each_other, packed).map_err(|error| fault(&error))?;
    let packed = postcard::to_extend(&basis.products.rivals, packed).map_err(|error| fault(&error))?;
    let mut out = Limited { bytes: Vec::new(), most, is_full: false };
    match write(basis, &packed, &mut out) {
        Ok(()) => Ok(Some(out.bytes)),
        Err(_) if out.is_full => Ok(None),
        Err(error) => Err(fault(&error)),
    }
}

fn write(basis: &Basis, packed: &[u8], out: &mut Limited) -> std::io::Result<()> {
    let mut out = ZlibEncoder::new(out, Compression::fast());
    out.write_all(&(packed.len() as u64).to_le_bytes())?;
    out.write_all(packed)?;
    basis.snapshot.write_cache(&mut out).map_err(|error| std::io::Error::other(error.to_string()))?;
    out.finish().map(|_| ())
}

/// What was packed. `None`: another version packed it in another way.
pub(super) fn unpack(bytes: &[u8], stop: Arc<AtomicBool>) -> Option<Basis> {
    let mut input = ZlibDecoder::new(bytes);
    let mut length = [0; 8];
    input.read_exact(&mut length).ok()?;
    let mut packed = Vec::new();
    input.by_ref().take(u64::from_le_bytes(length)).read_to_end(&mut packed).ok()?;
    let (packed, behind) = postcard::take_from_bytes::<Packed>(&packed).ok()?;
    let (wider, behind) = column(behind)?;
    let (families, behind) = column(behind)?;
    let (to_each_other, behind) = column(behind)?;
    let (rivals, _) = column(behind)?;
    let snapshot = Snapshot::read_cache(&mut input).ok()?;
    let rules: RuleSet = serde_json::from_str(&packed.rules).ok()?;
    let list = packed.list as usize;
    let fits = list < snapshot.lists.len() && packed.rows.iter().all(|row| (*row as usize) < snapshot.row_count());
    fits.then(|| Basis {
        snapshot: Arc::new(snapshot),
        list,
        rules,
        now: packed.now,
        stop,
        rows: packed.rows,
        grades: packed.grades,
        products: ScenarioProducts { wider, families, rivals, ..packed.products },
        left_out: packed.left_out,
        learnt: Answers { to_us: packed.learnt, to_each_other },
    })
}

/// The next column and what is behind it; a column that was not packed yet is empty.
fn column<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<(Vec<T>, &[u8])> {
    if bytes.is_empty() { Some((Vec::new(), bytes)) } else { postcard::take_from_bytes(bytes).ok() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use app_contract::ElasticityGrade;
    use pricing_domain::{Currency, Instant, TaxMode};
    use pricing_rules::{ListRecord, ListValues, ProductRecord, Snapshot, SnapshotBuilder, parse_rule_set};
    use pricing_science::{FamilyEffect, RivalError, ScenarioProducts, Wider};

    use super::super::Basis;
    use super::super::learnt::Answers;
    use super::{Limited, MOST_BYTES, Packed, pack, unpack, write};

    /// A catalogue of so many products that sell, each with its own price.
    fn basis(count: u32) -> Basis {
        let mut products = ScenarioProducts::default();
        for row in 0..count {
            let price = f64::from(1_000 + row % 9_000);
            products.price.push(price);
            products.tax.push(1.19);
            products.cost.push(0.6 * price / 1.19);
            products.foreign_share.push(0.0);
            products.competitor.push(f64::NAN);
            products.units.push(f64::from(row % 50) + 1.0);
            products.elasticity.push(-1.5);
            products.elasticity_error.push(0.0);
            products.common_error.push(0.75);
            products.cross_elasticity.push(0.5);
            products.source.push(1);
            products.wider.push(Wider { source: row % 3, error: f64::from(row % 5) / 20.0 });
            products.families.push(FamilyEffect {
                family: row / 4,
                weight: 0.3 * f64::from(row % 11),
                others: 5.0,
                elasticity: 0.01 * f64::from(row % 40),
                error: 0.02 * f64::from(row % 7),
                covariance: -0.003,
                common_error: 0.1,
                pool: row % 3,
            });
            products.rivals.push(RivalError {
                is_learnt: row % 2 == 0,
                own: 0.01 * f64::from(row % 13),
                common: 0.05,
                pool: row % 3,
            });
            products.seen.push((price, price));
        }
        Basis {
            snapshot: Arc::new(snapshot(count)),
            list: 0,
            rules: parse_rule_set("rule set \"Test\"\nrule \"undercut\"\n  price lowest - 5 %\n").expect("rules"),
            now: Instant(0),
            stop: Arc::new(AtomicBool::new(false)),
            rows: (0..count).collect(),
            grades: vec![ElasticityGrade::Default; count as usize],
            products,
            left_out: Vec::new(),
            learnt: Answers::default(),
        }
    }

    fn snapshot(count: u32) -> Snapshot {
        let mut builder = SnapshotBuilder::new(0);
        let list = builder.add_list(ListRecord {
            key: 1,
            id: "00000000-0000-7000-8000-000000000001".parse().expect("an id"),
            code: "DE".to_owned(),
            name: "Germany".to_owned(),
            currency: Currency::EUR,
            tax_mode: TaxMode::Gross,
            utc_offset_s: 0,
            cash_step_minor: 1,
            never_above: Vec::new(),
        });
        for key in 0..count {
            let sku = format!("SKU-{key:07}");
            let row = builder.push_product(&ProductRecord {
                key,
                name: format!("Product {key}"),
                sku,
                ..ProductRecord::default()
            });
            builder.set_list_values(
                list,
                row,
                &ListValues { price_minor: i64::from(1_000 + key % 9_000), ..ListValues::default() },
            );
        }
        builder.finish(Instant(0))
    }

    #[test]
    fn a_catalogue_beyond_a_hundred_thousand_products_is_kept_and_comes_back_as_it_was() {
        let basis = basis(120_000);
        let bytes = pack(&basis, MOST_BYTES).expect("packed").expect("small enough");
        let back = unpack(&bytes, Arc::default()).expect("of this version");
        assert_eq!((back.rows.len(), back.snapshot.row_count()), (120_000, 120_000));
        let same = |one: &[f64], other: &[f64]| one.iter().zip(other).all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(same(&back.products.price, &basis.products.price) && same(&back.products.units, &basis.products.units));
        assert_eq!(back.products.wider, basis.products.wider);
        assert_eq!(back.products.families, basis.products.families);
        assert_eq!(back.products.rivals, basis.products.rivals);
        assert_eq!(back.snapshot.products.sku.get(119_999), "SKU-0119999");
        assert_eq!(back.snapshot.lists[0].price_minor.get(119_999), 1_000 + 119_999 % 9_000);
        // A million of the same would stay below the limit.
        assert!(bytes.len() * 1_000_000 / 120_000 < MOST_BYTES, "{} bytes", bytes.len());
    }

    #[test]
    fn what_earlier_versions_packed_is_read_as_it_was() {
        let basis = basis(10);
        let unpacked = |packed: Vec<u8>| {
            let mut out = Limited { bytes: Vec::new(), most: MOST_BYTES, is_full: false };
            write(&basis, &packed, &mut out).expect("small enough");
            unpack(&out.bytes, Arc::default()).expect("of an earlier version").products
        };
        // Before families shared an error, and before products answered their families.
        let first = postcard::to_allocvec(&Packed::of(&basis).expect("packed")).expect("bytes");
        let second = postcard::to_extend(&basis.products.wider, first.clone()).expect("bytes");
        let first = unpacked(first);
        assert_eq!((first.wider, first.families, first.price), (vec![], vec![], basis.products.price.clone()));
        let second = unpacked(second);
        assert_eq!((second.wider, second.families), (basis.products.wider.clone(), vec![]));
    }

    #[test]
    fn what_packs_to_more_than_allowed_is_not_kept() {
        let basis = basis(500);
        let whole = pack(&basis, MOST_BYTES).expect("packed").expect("small enough").len();
        assert!(pack(&basis, whole).expect("packed").is_some_and(|bytes| bytes.len() == whole));
        assert!(pack(&basis, whole - 1).expect("no fault").is_none());
    }
}
