//! The catalogue's own words for what is being written: brands, categories, names and texts of free attributes.

use super::{Snapshot, families_in, tags_of};
use crate::columns::Dictionary;
use crate::language::TextField;

impl Snapshot {
    /// What a field of text may be in this catalogue, those that begin as it is written first, `most` of them. Nothing for
    /// fields that nearly every product has another text in. Cost: one pass over the field's different texts.
    pub fn field_values(&self, field: TextField, attribute: Option<&str>, written: &str, most: usize) -> Vec<String> {
        let own = |dictionary: &Dictionary| fitting(dictionary.texts(), written, most);
        match field {
            TextField::Sku | TextField::Name => Vec::new(),
            TextField::Brand => own(&self.brands),
            TextField::Category => own(&self.categories),
            TextField::Supplier => own(&self.suppliers),
            TextField::Family => fitting(self.families.texts().flat_map(families_in), written, most),
            TextField::Tag => fitting(self.tag_sets.texts().flat_map(tags_of), written, most),
            TextField::PriceList => fitting(self.lists.iter().map(|list| list.code.as_str()), written, most),
            TextField::Currency => fitting(self.lists.iter().map(|list| list.currency.code()), written, most),
            TextField::Competitor => fitting(self.competitors.iter().map(|one| one.name.as_str()), written, most),
            TextField::Attribute => {
                let place = attribute.and_then(|name| self.attribute(name));
                place.map_or_else(Vec::new, |place| own(&self.attributes[place].texts))
            }
            TextField::AttributeName => {
                let spelt = written.replace('_', " ");
                fitting(self.attributes.iter().map(|column| &*column.name), &spelt, most)
            }
        }
    }
}

/// The different texts that have what is written in them, those that begin so first, each in the order of the alphabet.
fn fitting<'a>(texts: impl Iterator<Item = &'a str>, written: &str, most: usize) -> Vec<String> {
    let written = written.to_lowercase();
    let mut found: Vec<(bool, &str)> = texts
        .filter_map(|text| {
            let lower = text.to_lowercase();
            let begins = lower.starts_with(&written);
            (begins || lower.contains(&written)).then_some((!begins, text))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(most);
    found.into_iter().map(|(_, text)| text.to_owned()).collect()
}
