//! A snapshot as bytes beside the database: raw columns with a header and a checksum, so that it loads as fast as the
//! disk reads and is rebuilt whenever anything about it is in doubt.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::Arc;

use bytemuck::Pod;
use pricing_domain::{CompetitorId, ExchangeRate, Instant, MICROSECONDS_PER_DAY};
use serde::{Deserialize, Serialize};

use super::costs::derive_costs;
use super::derived::{derive_families, derive_sales, ranks_to_order, share_all_offers};
use super::{AttributeColumn, Competitor, ListColumns, ListRecord, ProductColumns, Snapshot};
use crate::columns::{CHUNK, Column, Dictionary, LIST_CHUNK, ListChunk, NarrowColumn, RowLists, TextChunk, TextColumn};

const MAGIC: &[u8; 8] = b"OPXSNAPB";
/// Written and read as a number, so that bytes in another order are noticed.
const BYTE_ORDER: u32 = 0x0102_0304;

/// Values read at once.
const BLOCK: usize = 1 << 20;

/// Why a cache cannot be used; the snapshot is then built from the database.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// Reading or writing failed.
    #[error("the snapshot cache could not be read or written: {0}")]
    Io(#[from] io::Error),
    /// Written by another version, or not a cache at all.
    #[error("the snapshot cache was written by another version")]
    OtherVersion,
    /// The bytes contradict themselves.
    #[error("the snapshot cache is damaged: {0}")]
    Damaged(&'static str),
}

/// Everything that is not a column.
#[derive(Serialize, Deserialize)]
struct Head {
    sequence: i64,
    offers_as_of_s: i64,
    rows: u64,
    rates_as_of: Instant,
    rates: Vec<ExchangeRate>,
    lists: Vec<ListRecord>,
    /// Of each list.
    fixed_minor: Vec<BTreeMap<u32, i64>>,
    competitors: Vec<(i64, CompetitorId, String)>,
    dictionaries: [Vec<String>; 6],
    /// Name and texts of each free attribute.
    attributes: Vec<(String, Vec<String>)>,
}

impl Snapshot {
    /// Writes the snapshot.
    pub fn write_cache(&self, to: &mut dyn Write) -> Result<(), CacheError> {
        let mut out = Sink { to, sum: Checksum::default() };
        out.bytes(MAGIC)?;
        out.bytes(&BYTE_ORDER.to_ne_bytes())?;
        let head = postcard::to_allocvec(&self.head()).map_err(|_| CacheError::Damaged("its head"))?;
        out.bytes(&(head.len() as u64).to_le_bytes())?;
        out.bytes(&head)?;
        write_products(&mut out, &self.products)?;
        self.attributes.iter().try_for_each(|attribute| out.column(&attribute.codes))?;
        for list in &self.lists {
            write_list(&mut out, list)?;
        }
        out.lists(&self.offers)?;
        out.lists(&self.moves)?;
        let sum = out.sum.finish();
        out.bytes(&sum.to_le_bytes())
    }

    /// Reads a snapshot that `write_cache` wrote.
    pub fn read_cache(from: &mut dyn Read) -> Result<Self, CacheError> {
        let mut input = Source { from, sum: Checksum::default() };
        let magic: Vec<u8> = input.slice(MAGIC.len())?;
        let order: Vec<u8> = input.slice(size_of::<u32>())?;
        if magic != MAGIC || order != BYTE_ORDER.to_ne_bytes() {
            return Err(CacheError::OtherVersion);
        }
        let head = input.long_bytes()?;
        let head: Head = postcard::from_bytes(&head).map_err(|_| CacheError::Damaged("its head"))?;
        let rows = usize::try_from(head.rows).map_err(|_| CacheError::Damaged("its number of rows"))?;
        let rates_as_of = head.rates_as_of;
        let mut snapshot = from_head(head);
        snapshot.products = read_products(&mut input, rows)?;
        read_attributes(&mut input, &mut snapshot.attributes, rows)?;
        for list in &mut snapshot.lists {
            read_list(&mut input, list, rows)?;
        }
        derive_costs(&mut snapshot, rates_as_of);
        snapshot.derive_ceilings();
        snapshot.offers = input.lists(rows)?;
        snapshot.moves = input.lists(rows)?;
        let expected = input.sum.finish();
        let found: Vec<u8> = input.slice(size_of::<u64>())?;
        if found != expected.to_le_bytes() {
            return Err(CacheError::Damaged("its checksum"));
        }
        snapshot.by_sku = ranks_to_order(&snapshot.products.sku_rank)?.into();
        snapshot.by_name = ranks_to_order(&snapshot.products.name_rank)?.into();
        let mut by_key: Vec<u32> = (0..rows as u32).collect();
        by_key.sort_by_key(|row| snapshot.products.key.get(*row as usize));
        snapshot.by_key = by_key.into();
        derive_sales(&mut snapshot);
        derive_families(&mut snapshot);
        share_all_offers(&mut snapshot);
        Ok(snapshot)
    }

    fn head(&self) -> Head {
        let lists = self.lists.iter();
        let dictionaries =
            [&self.brands, &self.categories, &self.suppliers, &self.families, &self.tag_sets, &self.currencies];
        Head {
            sequence: self.sequence,
            offers_as_of_s: self.offers_as_of_s,
            rows: self.row_count() as u64,
            rates_as_of: Instant(i64::from(self.rates_day) * MICROSECONDS_PER_DAY),
            rates: self.rates.to_vec(),
            lists: lists
                .map(|list| ListRecord {
                    key: list.key,
                    id: list.id,
                    code: list.code.clone(),
                    name: list.name.clone(),
                    currency: list.currency,
                    tax_mode: list.tax_mode,
                    utc_offset_s: list.utc_offset_s,
                    cash_step_minor: list.cash_step_minor,
                    never_above: list.never_above.clone(),
                })
                .collect(),
            fixed_minor: self.lists.iter().map(|list| list.fixed_minor.clone()).collect(),
            competitors: self.competitors.iter().map(|one| (one.key, one.id, one.name.clone())).collect(),
            dictionaries: dictionaries.map(|dictionary| dictionary.texts().map(str::to_owned).collect()),
            attributes: (self.attributes.iter())
                .map(|column| (column.name.to_string(), column.texts.texts().map(str::to_owned).collect()))
                .collect(),
        }
    }
}

fn from_head(head: Head) -> Snapshot {
    let [brands, categories, suppliers, families, tag_sets, currencies] = head.dictionaries.map(dictionary);
    let attributes = head.attributes.into_iter().map(|(name, texts)| AttributeColumn {
        name: name.into(),
        texts: dictionary(texts),
        codes: Column::default(),
    });
    let attributes = attributes.collect();
    let lists: Vec<ListColumns> = head
        .lists
        .into_iter()
        .zip(head.fixed_minor)
        .map(|(record, fixed_minor)| {
            let number =
                currencies.find(record.currency.code()).and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
            ListColumns { fixed_minor, ..ListColumns::new(record, number) }
        })
        .collect();
    Snapshot {
        sequence: head.sequence,
        offers_as_of_s: head.offers_as_of_s,
        rates: head.rates.into(),
        lists,
        competitors: head.competitors.into_iter().map(|(key, id, name)| Competitor { key, id, name }).collect(),
        brands,
        categories,
        suppliers,
        families,
        tag_sets,
        attributes,
        currencies,
        ..Snapshot::default()
    }
}

fn dictionary(texts: Vec<String>) -> Arc<Dictionary> {
    let mut dictionary = Dictionary::default();
    texts.iter().for_each(|text| {
        dictionary.add(text);
    });
    Arc::new(dictionary)
}

/// Few products have any one attribute: chunks that none has share their room.
fn read_attributes(input: &mut Source<'_>, attributes: &mut [AttributeColumn], rows: usize) -> Result<(), CacheError> {
    let nothing = Arc::new(vec![0u32; CHUNK.min(rows)]);
    for attribute in attributes {
        let chunks = chunk_heights(rows, CHUNK).map(|height| {
            let codes: Vec<u32> = input.slice(height)?;
            Ok(if codes == *nothing { nothing.clone() } else { Arc::new(codes) })
        });
        attribute.codes = Column::from_shared(chunks.collect::<Result<_, CacheError>>()?);
    }
    Ok(())
}

fn write_products(out: &mut Sink<'_>, products: &ProductColumns) -> Result<(), CacheError> {
    for column in [&products.sku, &products.name, &products.search] {
        out.text(column)?;
    }
    let codes = [
        &products.key,
        &products.brand,
        &products.category,
        &products.supplier,
        &products.family,
        &products.tags,
        &products.listed_s,
        &products.sku_rank,
        &products.name_rank,
    ];
    codes.into_iter().try_for_each(|column| out.column(column))?;
    let small = [
        &products.role,
        &products.lifecycle,
        &products.flags,
        &products.cost_currency,
        &products.cost_type,
        &products.content_unit,
    ];
    small.into_iter().try_for_each(|column| out.column(column))?;
    out.narrow(&products.stock)?;
    out.column(&products.cost_micro)?;
    out.column(&products.net_content_micro)
}

fn read_products(input: &mut Source<'_>, rows: usize) -> Result<ProductColumns, CacheError> {
    let mut products = ProductColumns::default();
    for column in [&mut products.sku, &mut products.name, &mut products.search] {
        *column = input.text(rows)?;
    }
    let codes = [
        &mut products.key,
        &mut products.brand,
        &mut products.category,
        &mut products.supplier,
        &mut products.family,
        &mut products.tags,
        &mut products.listed_s,
        &mut products.sku_rank,
        &mut products.name_rank,
    ];
    for column in codes {
        *column = input.column(rows)?;
    }
    let small = [
        &mut products.role,
        &mut products.lifecycle,
        &mut products.flags,
        &mut products.cost_currency,
        &mut products.cost_type,
        &mut products.content_unit,
    ];
    for column in small {
        *column = input.column(rows)?;
    }
    products.stock = input.narrow(rows)?;
    products.cost_micro = input.column(rows)?;
    products.net_content_micro = input.column(rows)?;
    Ok(products)
}

fn write_list(out: &mut Sink<'_>, list: &ListColumns) -> Result<(), CacheError> {
    let amounts = [
        &list.price_minor,
        &list.min_minor,
        list.own_max(),
        &list.rrp_minor,
        &list.map_minor,
        &list.units_28d_milli,
        &list.lowest_offer_minor,
        &list.second_offer_minor,
        &list.middle_offers_minor,
    ];
    amounts.into_iter().try_for_each(|column| out.narrow(column))?;
    out.column(&list.offer_sum_minor)?;
    out.column(&list.vat_bp)?;
    out.column(&list.price_since_s)?;
    out.column(&list.offers_until_s)?;
    out.column(&list.flags)?;
    out.column(&list.offer_count)
}

fn read_list(input: &mut Source<'_>, list: &mut ListColumns, rows: usize) -> Result<(), CacheError> {
    let amounts = [
        &mut list.price_minor,
        &mut list.min_minor,
        &mut list.max_minor,
        &mut list.rrp_minor,
        &mut list.map_minor,
        &mut list.units_28d_milli,
        &mut list.lowest_offer_minor,
        &mut list.second_offer_minor,
        &mut list.middle_offers_minor,
    ];
    for column in amounts {
        *column = input.narrow(rows)?;
    }
    list.offer_sum_minor = input.column(rows)?;
    list.vat_bp = input.column(rows)?;
    list.price_since_s = input.column(rows)?;
    list.offers_until_s = input.column(rows)?;
    list.flags = input.column(rows)?;
    list.offer_count = input.column(rows)?;
    Ok(())
}

fn chunk_heights(rows: usize, height: usize) -> impl Iterator<Item = usize> {
    (0..rows.div_ceil(height)).map(move |chunk| height.min(rows - chunk * height))
}

fn check_ends(ends: &[u32]) -> Result<(), CacheError> {
    if ends.is_sorted() { Ok(()) } else { Err(CacheError::Damaged("the ends of its rows")) }
}

struct Sink<'a> {
    to: &'a mut dyn Write,
    sum: Checksum,
}

impl Sink<'_> {
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), CacheError> {
        self.sum.add(bytes);
        Ok(self.to.write_all(bytes)?)
    }

    fn slice<T: Pod>(&mut self, values: &[T]) -> Result<(), CacheError> {
        self.bytes(bytemuck::cast_slice(values))
    }

    fn column<T: Pod>(&mut self, column: &Column<T>) -> Result<(), CacheError> {
        (0..column.chunk_count()).try_for_each(|chunk| self.slice(column.chunk(chunk)))
    }

    fn narrow(&mut self, column: &NarrowColumn) -> Result<(), CacheError> {
        let (narrow, beside) = column.parts();
        self.column(narrow)?;
        self.slice(&[beside.len() as u64])?;
        self.slice(&beside.keys().copied().collect::<Vec<u32>>())?;
        self.slice(&beside.values().copied().collect::<Vec<i64>>())
    }

    fn lists<T: Pod + Send + Sync>(&mut self, lists: &RowLists<T>) -> Result<(), CacheError> {
        for chunk in lists.chunks() {
            self.slice(&chunk.ends)?;
            self.slice(&chunk.items)?;
        }
        Ok(())
    }

    fn text(&mut self, column: &TextColumn) -> Result<(), CacheError> {
        for chunk in (0..column.chunk_count()).map(|chunk| column.chunk(chunk)) {
            self.slice(&chunk.ends)?;
            self.bytes(chunk.arena.as_bytes())?;
        }
        Ok(())
    }
}

struct Source<'a> {
    from: &'a mut dyn Read,
    sum: Checksum,
}

impl Source<'_> {
    /// Values of a declared number, which may be a lie: no more is reserved than was read, but for one block.
    fn slice<T: Pod>(&mut self, len: usize) -> Result<Vec<T>, CacheError> {
        let mut values = Vec::with_capacity(len.min(BLOCK));
        while values.len() < len {
            let start = values.len();
            values.resize(len.min(start + BLOCK), T::zeroed());
            self.from.read_exact(bytemuck::cast_slice_mut(&mut values[start..]))?;
        }
        self.sum.add(bytemuck::cast_slice(&values));
        Ok(values)
    }

    /// Bytes of a declared length, which may be a lie: no more is reserved than is there.
    fn long_bytes(&mut self) -> Result<Vec<u8>, CacheError> {
        let len: Vec<u8> = self.slice(size_of::<u64>())?;
        let len = u64::from_le_bytes(len.try_into().expect("eight bytes were read"));
        let mut bytes = Vec::new();
        if self.from.take(len).read_to_end(&mut bytes)? as u64 != len {
            return Err(CacheError::Damaged("its length"));
        }
        self.sum.add(&bytes);
        Ok(bytes)
    }

    fn column<T: Pod>(&mut self, rows: usize) -> Result<Column<T>, CacheError> {
        let chunks: Result<_, _> = chunk_heights(rows, CHUNK).map(|height| self.slice(height)).collect();
        Ok(Column::from_chunks(chunks?))
    }

    fn narrow(&mut self, rows: usize) -> Result<NarrowColumn, CacheError> {
        let narrow = self.column(rows)?;
        let count: Vec<u64> = self.slice(1)?;
        let count = count.first().and_then(|count| usize::try_from(*count).ok()).filter(|count| *count <= rows);
        let count = count.ok_or(CacheError::Damaged("its large numbers"))?;
        let (keys, values): (Vec<u32>, Vec<i64>) = (self.slice(count)?, self.slice(count)?);
        let beside = keys.into_iter().zip(values).collect();
        NarrowColumn::from_parts(narrow, beside).ok_or(CacheError::Damaged("its large numbers"))
    }

    fn lists<T: Pod + Send + Sync>(&mut self, rows: usize) -> Result<RowLists<T>, CacheError> {
        let mut chunks = Vec::new();
        for height in chunk_heights(rows, LIST_CHUNK) {
            let ends: Vec<u32> = self.slice(height)?;
            check_ends(&ends)?;
            let items: Vec<T> = self.slice(ends.last().map_or(0, |end| *end as usize))?;
            chunks.push(ListChunk { items, ends });
        }
        Ok(RowLists::from_chunks(chunks))
    }

    fn text(&mut self, rows: usize) -> Result<TextColumn, CacheError> {
        let mut chunks = Vec::new();
        for height in chunk_heights(rows, CHUNK) {
            let ends: Vec<u32> = self.slice(height)?;
            check_ends(&ends)?;
            let arena: Vec<u8> = self.slice(ends.last().map_or(0, |end| *end as usize))?;
            let arena = String::from_utf8(arena).map_err(|_| CacheError::Damaged("its texts"))?;
            if !ends.iter().all(|end| arena.is_char_boundary(*end as usize)) {
                return Err(CacheError::Damaged("the ends of its texts"));
            }
            chunks.push(TextChunk { arena, ends });
        }
        Ok(TextColumn::from_chunks(chunks))
    }
}

/// Four independent 64-bit multiply-and-fold lanes over 32-byte blocks: fast enough not to matter, and any flipped
/// bit changes it. Each call is closed by itself, so the same calls must be made when reading.
#[derive(Clone, Copy)]
struct Checksum([u64; 4]);

impl Default for Checksum {
    fn default() -> Self {
        Self([0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb, 0xd6e8_feb8_6659_fd93])
    }
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let mut blocks = bytes.chunks_exact(32);
        for block in &mut blocks {
            self.block(block);
        }
        let mut last = [0u8; 32];
        last[..blocks.remainder().len()].copy_from_slice(blocks.remainder());
        self.block(&last);
        self.0[0] ^= bytes.len() as u64;
    }

    fn block(&mut self, block: &[u8]) {
        for (lane, word) in self.0.iter_mut().zip(block.chunks_exact(8)) {
            let word = u64::from_le_bytes(word.try_into().expect("eight bytes"));
            *lane = (*lane ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
        }
    }

    fn finish(self) -> u64 {
        self.0.iter().fold(0, |sum: u64, lane| (sum ^ lane).wrapping_mul(0xc4ce_b9fe_1a85_ec53).rotate_left(31))
    }
}
