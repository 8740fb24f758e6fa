//! Orders of rows by integer keys. Article numbers and names are already in order; everything else is sorted by its
//! value and then by the place of the article number, packed into one number where both fit.

use pricing_domain::{GridColumn, GridSort};

use super::{gap_bp, margin_bp, usable_cost};
use crate::columns::{CHUNK, Dictionary, NONE};
use crate::parallel::{map_chunks, sort_unstable};
use crate::snapshot::{Snapshot, some};

/// The rows that the masks keep, in order.
pub(super) fn sorted_rows(snapshot: &Snapshot, list: usize, sort: GridSort, masks: &[Vec<u8>]) -> Vec<u32> {
    match sort.column {
        GridColumn::Sku => in_known_order(&snapshot.by_sku, sort.descending, masks),
        GridColumn::Name => in_known_order(&snapshot.by_name, sort.descending, masks),
        column => by_value(snapshot, list, column, sort.descending, masks),
    }
}

fn in_known_order(order: &[u32], descending: bool, masks: &[Vec<u8>]) -> Vec<u32> {
    let kept = |row: &u32| masks[*row as usize / CHUNK][*row as usize % CHUNK] != 0;
    if descending {
        order.iter().rev().copied().filter(kept).collect()
    } else {
        order.iter().copied().filter(kept).collect()
    }
}

fn by_value(snapshot: &Snapshot, list: usize, column: GridColumn, descending: bool, masks: &[Vec<u8>]) -> Vec<u32> {
    let ranks = text_ranks(snapshot, column);
    let chunks = map_chunks(masks.len(), |chunk| {
        let kept = masks[chunk].iter().enumerate().filter(|(_, kept)| **kept != 0);
        let rows = kept.map(|(place, _)| chunk * CHUNK + place);
        rows.map(|row| (value(snapshot, list, column, &ranks, row), snapshot.products.sku_rank.get(row)))
            .collect::<Vec<_>>()
    });
    let (mut missing, mut present) = (Vec::new(), Vec::new());
    for (value, rank) in chunks.into_iter().flatten() {
        match value {
            Some(value) => present.push((value, rank)),
            None => missing.push(rank),
        }
    }
    sort_unstable(&mut missing);
    let ranks = ordered_ranks(present, descending).into_iter().chain(missing);
    ranks.map(|rank| snapshot.by_sku[rank as usize]).collect()
}

/// The ranks of article numbers in the order of (value, rank); values run backwards when descending.
fn ordered_ranks(mut present: Vec<(i64, u32)>, descending: bool) -> Vec<u32> {
    let lowest = present.iter().map(|(value, _)| *value).min().unwrap_or(0);
    let highest = present.iter().map(|(value, _)| *value).max().unwrap_or(0);
    let span = highest.abs_diff(lowest);
    let Ok(_) = u32::try_from(span) else {
        let backwards = |value: i64| if descending { !value } else { value };
        present.iter_mut().for_each(|(value, _)| *value = backwards(*value));
        sort_unstable(&mut present);
        return present.into_iter().map(|(_, rank)| rank).collect();
    };
    let packed = |(value, rank): (i64, u32)| {
        let offset = if descending { highest.abs_diff(value) } else { value.abs_diff(lowest) };
        offset << 32 | u64::from(rank)
    };
    let mut keys: Vec<u64> = present.into_iter().map(packed).collect();
    sort_unstable(&mut keys);
    keys.into_iter().map(|key| key as u32).collect()
}

/// For columns of texts: the place of each code in the order of the lower-cased texts.
fn text_ranks(snapshot: &Snapshot, column: GridColumn) -> Vec<i64> {
    let dictionary: &Dictionary = match column {
        GridColumn::Brand => &snapshot.brands,
        GridColumn::Category => &snapshot.categories,
        _ => return Vec::new(),
    };
    let mut codes: Vec<(String, usize)> =
        dictionary.texts().enumerate().map(|(place, text)| (text.to_lowercase(), place + 1)).collect();
    codes.sort_unstable();
    let mut ranks = vec![NONE; dictionary.code_count()];
    codes.iter().enumerate().for_each(|(rank, (_, code))| ranks[*code] = rank as i64);
    ranks
}

fn value(snapshot: &Snapshot, list: usize, column: GridColumn, ranks: &[i64], row: usize) -> Option<i64> {
    let (products, columns) = (&snapshot.products, &snapshot.lists[list]);
    match column {
        GridColumn::Sku => Some(i64::from(products.sku_rank.get(row))),
        GridColumn::Name => Some(i64::from(products.name_rank.get(row))),
        GridColumn::Brand => some(ranks[products.brand.get(row) as usize]),
        GridColumn::Category => some(ranks[products.category.get(row) as usize]),
        GridColumn::Price => some(columns.price_minor.get(row)),
        GridColumn::Cost => some(usable_cost(snapshot, list, row)),
        GridColumn::Margin => margin_bp(snapshot, list, row).map(i64::from),
        GridColumn::Lowest => some(columns.lowest_offer_minor.get(row)),
        GridColumn::Gap => gap_bp(snapshot, list, row).map(i64::from),
        GridColumn::Offers => Some(i64::from(columns.offer_count.get(row))),
        GridColumn::Stock => some(products.stock.get(row)),
        GridColumn::Role => {
            let role = products.role.get(row);
            pricing_domain::Role::from_index(role).map(|role| role as i64)
        }
        GridColumn::Units => Some(columns.units_28d_milli.get(row)),
    }
}
