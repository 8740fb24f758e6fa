//! Free attributes: a column of codes for each name, made when a product has it first.

use std::sync::Arc;

use pricing_domain::attribute_name;

use super::Snapshot;
use super::build::add_text;
use crate::columns::{Column, Dictionary};

/// A free attribute of all products.
#[derive(Clone, Debug)]
pub struct AttributeColumn {
    /// Its name as it is kept: lower case, words apart by one blank.
    pub name: Arc<str>,
    /// The texts that products have.
    pub texts: Arc<Dictionary>,
    /// Codes of that dictionary; 0: the product does not have it. Chunks without any text are one and the same.
    pub codes: Column<u32>,
}

impl Snapshot {
    /// The place of a free attribute by its name, in any spelling.
    pub fn attribute(&self, name: &str) -> Option<usize> {
        let name = attribute_name(name)?;
        self.attributes.iter().position(|column| *column.name == *name)
    }

    /// The free attributes that a product has: name and text, by name.
    pub fn attributes_of(&self, row: usize) -> Vec<(String, String)> {
        let text = |column: &AttributeColumn| {
            let code = column.codes.get(row);
            (code != 0).then(|| (column.name.to_string(), column.texts.text(code).to_owned()))
        };
        let mut stated: Vec<(String, String)> = self.attributes.iter().filter_map(text).collect();
        stated.sort_unstable();
        stated
    }
}

/// Writes all free attributes of a product; those that it does not state it does not have.
pub(super) fn set_attributes(snapshot: &mut Snapshot, row: usize, stated: &[(String, String)]) {
    if stated.is_empty() && snapshot.attributes.is_empty() {
        return;
    }
    let rows = snapshot.row_count();
    let stated: Vec<(String, &str)> = stated
        .iter()
        .filter_map(|(name, text)| Some((attribute_name(name)?, text.trim())))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    for (name, _) in &stated {
        if !snapshot.attributes.iter().any(|column| *column.name == **name) {
            snapshot.attributes.push(AttributeColumn {
                name: name.as_str().into(),
                texts: Arc::default(),
                codes: Column::filled(rows, 0),
            });
        }
    }
    for column in &mut snapshot.attributes {
        let text = stated.iter().find(|(name, _)| **name == *column.name).map_or("", |(_, text)| *text);
        let code = add_text(&mut column.texts, text);
        column.codes.put(row, code);
    }
}
