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
use super::learnt::Learnt;
use crate::OperationError;

/// Rows of a catalogue up to which it is kept with each scenario.
const MOST_ROWS: usize = 100_000;

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

/// The bytes; `None` where the catalogue is too large.
pub(super) fn pack(basis: &Basis) -> Result<Option<Vec<u8>>, OperationError> {
    if basis.snapshot.row_count() > MOST_ROWS {
        return Ok(None);
    }
    let fault = |error: &dyn std::fmt::Display| OperationError::fault(format!("Packing a scenario: {error}"));
    let packed = Packed {
        list: u32::try_from(basis.list).map_err(|error| fault(&error))?,
        now: basis.now,
        rules: serde_json::to_string(&basis.rules).map_err(|error| fault(&error))?,
        rows: basis.rows.clone(),
        grades: basis.grades.clone(),
        products: basis.products.clone(),
        left_out: basis.left_out.clone(),
        learnt: basis.learnt.clone(),
    };
    let packed = postcard::to_allocvec(&packed).map_err(|error| fault(&error))?;
    let mut out = ZlibEncoder::new(Vec::new(), Compression::fast());
    out.write_all(&(packed.len() as u64).to_le_bytes()).map_err(|error| fault(&error))?;
    out.write_all(&packed).map_err(|error| fault(&error))?;
    basis.snapshot.write_cache(&mut out).map_err(|error| fault(&error))?;
    Ok(Some(out.finish().map_err(|error| fault(&error))?))
}

/// What was packed. `None`: another version packed it in another way.
pub(super) fn unpack(bytes: &[u8], stop: Arc<AtomicBool>) -> Option<Basis> {
    let mut input = ZlibDecoder::new(bytes);
    let mut length = [0; 8];
    input.read_exact(&mut length).ok()?;
    let mut packed = Vec::new();
    input.by_ref().take(u64::from_le_bytes(length)).read_to_end(&mut packed).ok()?;
    let packed: Packed = postcard::from_bytes(&packed).ok()?;
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
        products: packed.products,
        left_out: packed.left_out,
        learnt: packed.learnt,
    })
}
