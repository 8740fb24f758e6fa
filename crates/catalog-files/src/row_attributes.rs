//! Free attributes whose names stand in the rows of a shop's file: `Attribute 1 name`, `Option1 name`,
//! `additional_attributes`. A catalogue keeps only so many of them, so that those beyond are left out and told.

use std::collections::HashSet;

use pricing_domain::{MOST_ATTRIBUTES, attribute_name};

use crate::guards::restore;

/// Longer texts describe; they are no attribute to ask for.
const LONGEST: usize = 200;
/// Between a name and its text, and between two of them, in the one cell that carries them to the row.
const AFTER_NAME: char = '\u{1f}';
const AFTER_TEXT: char = '\u{1e}';

/// Where names and texts stand.
#[derive(Clone)]
pub(crate) enum Pairs {
    /// One cell holds the name, another the text.
    Beside {
        /// The cell of the name.
        name: usize,
        /// The cell of the text.
        text: usize,
    },
    /// A column is named like the attribute.
    Named {
        /// The attribute.
        name: String,
        /// The cell of the text.
        text: usize,
    },
    /// One cell holds several.
    Listed {
        /// The cell.
        place: usize,
        /// Takes it apart.
        read: fn(&str) -> Vec<(String, String)>,
    },
}

impl Pairs {
    /// The cells that are read.
    pub(crate) fn places(&self) -> [usize; 2] {
        match self {
            Self::Beside { name, text } => [*name, *text],
            Self::Named { text, .. } => [*text, *text],
            Self::Listed { place, .. } => [*place, *place],
        }
    }

    /// The cell of the name, where it stands in one of its own.
    pub(crate) fn name_place(&self) -> Option<usize> {
        match self {
            Self::Beside { name, .. } => Some(*name),
            Self::Named { .. } | Self::Listed { .. } => None,
        }
    }

    /// Adds what a row states to the cell that carries it.
    pub(crate) fn carry<'a>(&self, cell: impl Fn(usize) -> &'a str, clean: fn(&str) -> String, into: &mut String) {
        match self {
            Self::Beside { name, text } => push(cell(*name), &clean(cell(*text)), into),
            Self::Named { name, text } => push(name, &clean(cell(*text)), into),
            Self::Listed { place, read } => {
                read(cell(*place)).iter().for_each(|(name, text)| push(name, &clean(text), into));
            }
        }
    }
}

fn push(name: &str, text: &str, into: &mut String) {
    let text = restore(text.trim()).trim();
    if name.trim().is_empty() || text.is_empty() || text.len() > LONGEST || text.contains(char::is_control) {
        return;
    }
    let Some(name) = attribute_name(name) else { return };
    into.push_str(&name);
    into.push(AFTER_NAME);
    into.push_str(text);
    into.push(AFTER_TEXT);
}

/// What a cell carries: names as they are kept, with their texts.
pub(crate) fn carried(cell: &str) -> impl Iterator<Item = (&str, &str)> {
    cell.split(AFTER_TEXT).filter_map(|pair| pair.split_once(AFTER_NAME))
}

/// The names that a catalogue has room for.
#[derive(Debug, Default)]
pub(crate) struct AttributeNames {
    taken: HashSet<String>,
    left_out: HashSet<String>,
}

/// Whether an attribute goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// It does.
    Taken,
    /// The catalogue is full of others, which is to be told.
    Told,
    /// That was told before.
    Full,
}

impl AttributeNames {
    /// Takes names whatever the room: they are there already.
    pub(crate) fn know(&mut self, names: impl IntoIterator<Item = String>) {
        self.taken.extend(names);
    }

    /// Whether there is room for a name.
    pub(crate) fn room_for(&mut self, name: &str) -> Room {
        if self.taken.contains(name) {
            return Room::Taken;
        }
        if self.taken.len() < MOST_ATTRIBUTES {
            self.taken.insert(name.to_owned());
            return Room::Taken;
        }
        // What is remembered is bounded too: a file may invent a name for each row.
        let is_new = self.left_out.len() < MOST_ATTRIBUTES && self.left_out.insert(name.to_owned());
        if is_new { Room::Told } else { Room::Full }
    }
}

#[cfg(test)]
mod tests {
    use super::{AttributeNames, Pairs, Room, carried};

    #[test]
    fn names_and_texts_are_carried_and_what_is_no_attribute_is_not() {
        let cells = ["Farbe", " Rot ", "", "x", "Note", "long".repeat(60).leak()];
        let mut cell = String::new();
        for name in [0, 2, 4] {
            Pairs::Beside { name, text: name + 1 }.carry(|place| cells[place], str::to_owned, &mut cell);
        }
        Pairs::Named { name: "Size".to_owned(), text: 1 }.carry(|place| cells[place], str::to_uppercase, &mut cell);
        assert_eq!(carried(&cell).collect::<Vec<_>>(), [("farbe", "Rot"), ("size", "ROT")]);
    }

    #[test]
    fn names_beyond_the_room_of_a_catalogue_are_told_once() {
        let mut names = AttributeNames::default();
        names.know((0..63).map(|number| format!("a{number}")));
        assert_eq!(names.room_for("a1"), Room::Taken);
        assert_eq!((names.room_for("colour"), names.room_for("colour")), (Room::Taken, Room::Taken));
        assert_eq!((names.room_for("size"), names.room_for("size")), (Room::Told, Room::Full));
        (0..1_000).for_each(|number| {
            names.room_for(&format!("b{number}"));
        });
        assert_eq!(names.left_out.len(), 64);
    }
}
