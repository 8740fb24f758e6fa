//! Segments: which combination of category, brand and role each product has, and which of them a filter keeps.

use std::collections::HashMap;

use pricing_domain::{MarketFilter, Role};
use pricing_rules::{Snapshot, category_is_within};
use pricing_store::SegmentRow;

use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// The segment of every row of a snapshot, by its key in the store.
pub(super) struct Segments {
    /// By row: a place in `keys`.
    places: Vec<u32>,
    keys: Vec<i64>,
}

impl Segments {
    /// The key of a row's segment.
    pub(super) fn key(&self, row: usize) -> i64 {
        self.keys[self.places[row] as usize]
    }
}

/// (category, brand, role) as codes of the snapshot.
type Codes = (u32, u32, u8);

/// The combinations that occur, in the order of their first row, and the place of each row's.
fn combinations(snapshot: &Snapshot) -> (Vec<Codes>, Vec<u32>) {
    let products = &snapshot.products;
    let mut known: HashMap<Codes, u32> = HashMap::new();
    let mut found: Vec<Codes> = Vec::new();
    let places = (0..snapshot.row_count()).map(|row| {
        let codes = (products.category.get(row), products.brand.get(row), products.role.get(row));
        *known.entry(codes).or_insert_with(|| {
            found.push(codes);
            u32::try_from(found.len() - 1).expect("fewer combinations than products")
        })
    });
    let places: Vec<u32> = places.collect();
    (found, places)
}

fn role_text(role: u8) -> &'static str {
    Role::from_index(role).map_or("", |role| role.as_str())
}

impl Workspace {
    /// The segments of a snapshot; those that are new are made.
    pub(super) async fn segments_of(&self, snapshot: &std::sync::Arc<Snapshot>) -> Result<Segments, OperationError> {
        let from = snapshot.clone();
        let (found, places) = in_background(move || Ok(combinations(&from))).await?;
        let texts: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|(category, brand, role)| {
                (snapshot.categories.text(*category), snapshot.brands.text(*brand), role_text(*role))
            })
            .collect();
        let rows = self.store.add_segments(&texts).await?;
        let by_text: HashMap<(&str, &str, &str), i64> =
            rows.iter().map(|row| ((row.category.as_str(), row.brand.as_str(), row.role.as_str()), row.key)).collect();
        let keys = texts.iter().map(|text| by_text.get(text).copied().unwrap_or(0)).collect();
        Ok(Segments { places, keys })
    }

    /// The segments that a filter keeps; `None`: all of them.
    pub(super) async fn kept_segments(&self, filter: &MarketFilter) -> Result<Option<Vec<i64>>, OperationError> {
        if filter.categories.is_empty() && filter.brands.is_empty() && filter.roles.is_empty() {
            return Ok(None);
        }
        let rows = self.store.segments().await?;
        Ok(Some(rows.iter().filter(|row| is_kept(filter, row)).map(|row| row.key).collect()))
    }
}

fn is_kept(filter: &MarketFilter, segment: &SegmentRow) -> bool {
    let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
    let category = |path: &String| category_is_within(&segment.category, path);
    let role = |role: &Role| segment.role == role.as_str();
    (filter.categories.is_empty() || filter.categories.iter().any(category))
        && (filter.brands.is_empty() || filter.brands.iter().any(|brand| same(brand, &segment.brand)))
        && (filter.roles.is_empty() || filter.roles.iter().any(role))
}

/// Whether a competitor is among those chosen.
pub(crate) fn is_chosen(filter: &MarketFilter, name: &str) -> bool {
    let same = |chosen: &String| chosen.trim().to_lowercase() == name.trim().to_lowercase();
    filter.competitors.is_empty() || filter.competitors.iter().any(same)
}
