//! Rows that lack what another row says for them: a variation in a file that names its product by number.

use std::collections::HashMap;

use pricing_domain::attribute_name;

use crate::records::RawRow;
use crate::row_attributes::Pairs;

/// Added to a place: the cell of the row's parent there.
const OF_PARENT: usize = 1 << 30;
/// Bytes of parents that are remembered; those of larger files are forgotten from there on.
const MOST_BYTES: usize = 128 << 20;

/// The place of a parent's cell.
pub(crate) const fn of_parent(place: usize) -> usize {
    place + OF_PARENT
}

/// Which rows are parents, how others name them, and what they say for them.
#[derive(Clone)]
pub(crate) struct ParentRule {
    /// The cell that tells parents.
    pub(crate) kind: usize,
    /// The word of it that does.
    pub(crate) word: &'static str,
    /// The parent's own article number.
    pub(crate) sku: usize,
    /// The parent's number in the shop, and what stands before it where it is named.
    pub(crate) number: (usize, &'static str),
    /// The cell that names a row's parent.
    pub(crate) named: usize,
    /// Cells that a row has from its parent where its own are empty.
    pub(crate) inherited: Vec<usize>,
    /// Further cells of the parent that are asked for.
    pub(crate) asked: Vec<usize>,
}

/// The parents of a file, as far as they were met: a parent may stand behind its rows, so that they are met in a pass before.
#[derive(Default)]
pub(crate) struct Parents {
    rows: Vec<Vec<String>>,
    by_name: HashMap<String, usize>,
    bytes: usize,
}

impl Parents {
    /// Remembers a row that is a parent.
    pub(crate) fn meet(&mut self, rule: &ParentRule, pairs: &[Pairs], raw: &RawRow) {
        let is_parent = raw.cell(rule.kind).split(',').any(|word| word.trim() == rule.word);
        if !is_parent || self.bytes >= MOST_BYTES {
            return;
        }
        let number = raw.cell(rule.number.0).trim();
        let names = [raw.cell(rule.sku).trim().to_owned(), format!("{}{number}", rule.number.1)];
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty() && *name != rule.number.1).collect();
        if names.iter().any(|name| self.by_name.contains_key(name)) {
            return;
        }
        let kept = places(rule, pairs).map(|place| raw.cell(place).trim().to_owned());
        let cells: Vec<String> = kept.collect();
        self.bytes += cells.iter().chain(&names).map(|text| text.len() + size_of::<String>()).sum::<usize>();
        self.by_name.extend(names.into_iter().map(|name| (name, self.rows.len())));
        self.rows.push(cells);
    }

    /// The parent of a row.
    pub(crate) fn of<'a>(&'a self, rule: &'a ParentRule, pairs: &'a [Pairs], raw: &RawRow) -> Option<Parent<'a>> {
        let cells = &self.rows[*self.by_name.get(raw.cell(rule.named).trim())?];
        Some(Parent { rule, pairs, cells })
    }
}

/// The parent of one row.
#[derive(Clone, Copy)]
pub(crate) struct Parent<'a> {
    rule: &'a ParentRule,
    pairs: &'a [Pairs],
    cells: &'a [String],
}

impl<'a> Parent<'a> {
    /// The parent's cell for a place of a row whose own cell there is `own`.
    pub(crate) fn cell(self, place: usize, own: &'a str) -> &'a str {
        if let Some(place) = place.checked_sub(OF_PARENT) {
            return self.kept(place);
        }
        let is_inherited = own.trim().is_empty() && self.rule.inherited.contains(&place);
        if is_inherited { self.kept(place) } else { own }
    }

    fn kept(self, place: usize) -> &'a str {
        let index = places(self.rule, self.pairs).position(|known| known == place);
        index.and_then(|index| self.cells.get(index)).map_or("", String::as_str)
    }

    /// Adds the attributes of the parent that the row does not name. One that it names without a text is left open.
    pub(crate) fn carry(self, raw: &RawRow, clean: fn(&str) -> String, into: &mut String) {
        let named = |name: usize| attribute_name(raw.cell(name));
        let own: Vec<String> = self.pairs.iter().filter_map(Pairs::name_place).filter_map(named).collect();
        for pair in self.pairs {
            let name = pair.name_place().and_then(|place| attribute_name(self.kept(place)));
            if name.is_some_and(|name| !own.contains(&name)) {
                pair.carry(|place| self.kept(place), clean, into);
            }
        }
    }
}

/// The cells of a parent that are remembered, in their order.
fn places<'a>(rule: &'a ParentRule, pairs: &'a [Pairs]) -> impl Iterator<Item = usize> + 'a {
    let named = pairs.iter().filter(|pair| pair.name_place().is_some()).flat_map(Pairs::places);
    rule.inherited.iter().chain(&rule.asked).copied().chain(named)
}
