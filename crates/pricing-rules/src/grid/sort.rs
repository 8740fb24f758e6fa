//! Orders of rows by integer keys. Article numbers and names are already in order; everything else is taken in the order
//! of article numbers and sorted by its value, so that equal values stay in that order.

use pricing_domain::{GridColumn, GridSort};

use super::{GridDemand, gap_bp, margin_bp, usable_cost};
use crate::columns::{CHUNK, Dictionary, NONE};
use crate::parallel::map_chunks;
use crate::snapshot::{Snapshot, some};

/// The rows that the masks keep, in order.
pub(super) fn sorted_rows(
    snapshot: &Snapshot,
    demand: Option<&GridDemand>,
    list: usize,
    sort: GridSort,
    masks: &[Vec<u8>],
) -> Vec<u32> {
    match sort.column {
        GridColumn::Sku => in_known_order(&snapshot.by_sku, sort.descending, masks),
        GridColumn::Name => in_known_order(&snapshot.by_name, sort.descending, masks),
        GridColumn::Demand => {
            let elasticity = |row: usize| demand.and_then(|demand| demand.elasticity_milli(row));
            by_value(snapshot, &elasticity, sort.descending, masks)
        }
        column => {
            let ranks = text_ranks(snapshot, column);
            by_value(snapshot, &|row| value(snapshot, list, column, &ranks, row), sort.descending, masks)
        }
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

fn by_value(
    snapshot: &Snapshot,
    value: &(dyn Fn(usize) -> Option<i64> + Sync),
    descending: bool,
    masks: &[Vec<u8>],
) -> Vec<u32> {
    let chunks = map_chunks(masks.len(), |chunk| {
        let first = chunk * CHUNK;
        let values = masks[chunk].iter().enumerate();
        values
            .map(|(place, kept)| match kept {
                0 => NONE,
                _ => value(first + place).unwrap_or(NONE),
            })
            .collect::<Vec<i64>>()
    });
    let present = || chunks.iter().flatten().copied().filter(|value| *value != NONE);
    let (lowest, highest) = (present().min().unwrap_or(0), present().max().unwrap_or(0));
    let offset = |value: i64| if descending { highest.abs_diff(value) } else { value.abs_diff(lowest) };
    let (mut keys, mut without) = (Vec::new(), Vec::new());
    for row in in_known_order(&snapshot.by_sku, false, masks) {
        match chunks[row as usize / CHUNK][row as usize % CHUNK] {
            NONE => without.push(row),
            value => keys.push((offset(value), row)),
        }
    }
    let mut sorted = match u32::try_from(highest.abs_diff(lowest)) {
        Ok(widest) => by_digits(keys.into_iter().map(|(offset, row)| offset << 32 | u64::from(row)).collect(), widest),
        Err(_) => {
            keys.sort_by_key(|(offset, _)| *offset);
            keys.into_iter().map(|(_, row)| row).collect()
        }
    };
    sorted.append(&mut without);
    sorted
}

/// Rows in the order of the upper halves of their keys, which are at most `widest`; equal ones stay as they come. A radix
/// sort from the lowest digit (Knuth, The Art of Computer Programming 3, 5.2.5): three walks at most, whatever the keys.
fn by_digits(mut keys: Vec<u64>, widest: u32) -> Vec<u32> {
    const BITS: u32 = 11;
    const DIGITS: usize = 1 << BITS;
    let digit = |key: u64, shift: u32| (key >> (32 + shift)) as usize % DIGITS;
    let mut other = vec![0; keys.len()];
    for shift in (0..u32::BITS - widest.leading_zeros()).step_by(BITS as usize) {
        let mut ends = [0usize; DIGITS];
        keys.iter().for_each(|key| ends[digit(*key, shift)] += 1);
        let mut begin = 0;
        for end in &mut ends {
            begin += std::mem::replace(end, begin);
        }
        for key in &keys {
            let place = &mut ends[digit(*key, shift)];
            other[*place] = *key;
            *place += 1;
        }
        std::mem::swap(&mut keys, &mut other);
    }
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
        // Fitted from the sales, and not of the snapshot.
        GridColumn::Demand => None,
    }
}
