//! The names of a snapshot, and its products looked up by words.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Weak};

use pricing_domain::GridSort;
use pricing_rules::{GridQuery, Snapshot, run_grid};
use question_grammar::{NameIndex, Names, PriceListName, ProductLookup};

/// Every name that a question may use; further competitors are those of a file.
pub(crate) fn name_index(snapshot: &Snapshot, further: &[String]) -> NameIndex {
    let texts = |dictionary: &pricing_rules::Dictionary| dictionary.texts().map(str::to_owned).collect::<Vec<_>>();
    let mut tags: Vec<String> = (1..snapshot.tag_sets.code_count())
        .flat_map(|code| snapshot.tag_sets.text(u32::try_from(code).unwrap_or(0)).split('\u{1f}').map(str::to_owned))
        // These tags are words of the grammar as well, with a meaning of their own.
        .filter(|tag| !tag.is_empty() && !matches!(tag.as_str(), "new" | "own-brand"))
        .collect();
    tags.sort_unstable();
    tags.dedup();
    let lists = snapshot.lists.iter();
    let known = snapshot.competitors.iter().map(|competitor| competitor.name.clone());
    let mut competitors: Vec<String> = known.collect();
    let new: Vec<String> = further.iter().filter(|name| !competitors.contains(name)).cloned().collect();
    competitors.extend(new);
    NameIndex::new(&Names {
        brands: texts(&snapshot.brands),
        categories: texts(&snapshot.categories),
        suppliers: texts(&snapshot.suppliers),
        tags,
        competitors,
        price_lists: lists.map(|list| PriceListName { code: list.code.clone(), name: list.name.clone() }).collect(),
    })
}

/// The names of a snapshot alone, made once for each of its states.
pub(crate) fn kept_names(snapshot: &Arc<Snapshot>) -> Arc<NameIndex> {
    static KEPT: Mutex<Option<(Weak<Snapshot>, Arc<NameIndex>)>> = Mutex::new(None);
    let of = Arc::downgrade(snapshot);
    let kept = KEPT.lock().expect("no panic while it is held").clone();
    if let Some((_, names)) = kept.filter(|(known, _)| known.ptr_eq(&of)) {
        return names;
    }
    let names = Arc::new(name_index(snapshot, &[]));
    *KEPT.lock().expect("no panic while it is held") = Some((of, names.clone()));
    names
}

/// Rows of the snapshot that a search finds, in the order of article numbers.
pub(crate) fn search(snapshot: &Snapshot, list: usize, words: &[String]) -> Vec<u32> {
    let query = GridQuery { list, search: words.join(" "), filters: Vec::new(), sort: GridSort::default() };
    run_grid(snapshot, None, &query, &AtomicBool::new(false)).rows.clone()
}

/// Products looked up in a snapshot.
pub(crate) struct Shelf<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) list: usize,
}

impl ProductLookup for Shelf<'_> {
    fn sku(&self, word: &str) -> Option<String> {
        let sku = |row: u32| self.snapshot.products.sku.get(row as usize).to_owned();
        if let Some(row) = self.snapshot.row_of_sku(word) {
            return Some(sku(row));
        }
        // Part of an article number, a manufacturer's number or a GTIN, where it means one product alone.
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if digits < 4 {
            return None;
        }
        let wanted = word.to_lowercase();
        let ends_alike = |row: &u32| sku(*row).to_lowercase().ends_with(&wanted);
        let found = search(self.snapshot, self.list, std::slice::from_ref(&wanted));
        match found.as_slice() {
            [only] => Some(sku(*only)),
            several => {
                let mut alike = several.iter().filter(|row| ends_alike(row));
                let first = alike.next()?;
                alike.next().is_none().then(|| sku(*first))
            }
        }
    }

    fn products_with(&self, words: &[String]) -> usize {
        search(self.snapshot, self.list, words).len()
    }
}
