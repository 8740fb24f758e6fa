//! The columns of a kind of file, and where they stand in one file.

use pricing_domain::{Currency, DateOrder, FileKind, Problem};

use crate::attributes::{AttributeColumn, attribute_of, check_attributes};
use crate::decimals::NumberRule;
use crate::kinds::{self, takes_attributes};
use crate::problems::file_problem;

/// Whether a file may lack a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Mandatory,
    /// Mandatory, except in a file that may say less of products that are known.
    ForNew,
    Optional,
}

/// How the cells of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Words, codes.
    Text,
    /// Days and moments whose order of day and month must be known.
    Date,
    /// Numbers whose decimal separator must be known.
    Decimal,
}

/// One column of a kind of file.
#[derive(Debug)]
pub(crate) struct ColumnSpec {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) form: Form,
}

impl ColumnSpec {
    pub(crate) fn is_mandatory(&self) -> bool {
        self.need != Need::Optional
    }

    /// Whether a file needs it, where it may say less of products that are known or not.
    pub(crate) fn is_needed(&self, is_partial: bool) -> bool {
        if is_partial { self.need == Need::Mandatory } else { self.is_mandatory() }
    }
}

/// Declares the columns of a kind: an enumeration to name them in code and the list of their specifications.
macro_rules! columns {
    ($($column:ident = $name:literal $need:ident $form:ident),+ $(,)?) => {
        #[derive(Clone, Copy)]
        enum Column { $($column),+ }

        impl From<Column> for usize {
            fn from(column: Column) -> Self {
                column as usize
            }
        }

        pub(crate) const COLUMNS: &[$crate::columns::ColumnSpec] = &[$($crate::columns::ColumnSpec {
            name: $name,
            need: $crate::columns::Need::$need,
            form: $crate::columns::Form::$form,
        }),+];
    };
}

pub(crate) use columns;

/// Where the columns of a kind stand in one file.
#[derive(Debug)]
pub(crate) struct ColumnMap {
    pub(crate) specs: &'static [ColumnSpec],
    /// For each specification its place in the file, if it is there.
    pub(crate) places: Vec<Option<usize>>,
    /// For each specification how its numbers are written.
    pub(crate) rules: Vec<NumberRule>,
    /// For each specification which part of its dates is the day; `None` where they say it themselves.
    pub(crate) dates: Vec<Option<DateOrder>>,
    /// For each specification the file's name for it, where the file is not in our columns.
    pub(crate) shown: Vec<String>,
    /// The free attributes of the file.
    pub(crate) attributes: Vec<AttributeColumn>,
    /// Where a translated row carries further free attributes, with their names.
    pub(crate) pairs: Option<usize>,
    /// The names in the file.
    pub(crate) found: Vec<String>,
    /// The names in the file that the kind does not know.
    pub(crate) ignored: Vec<String>,
    /// How many cells a row has: up to the last column with a name.
    pub(crate) width: usize,
    /// Where rows may leave out what is known of their product: the currency of those that name none.
    pub(crate) partial: Option<Currency>,
}

impl ColumnMap {
    /// Finds the columns by their names; case, blanks and hyphens do not matter.
    ///
    /// Errors: a mandatory column is missing, or a column is there twice.
    pub(crate) fn new<'a>(
        kind: FileKind,
        header: impl Iterator<Item = &'a str>,
        partial: Option<Currency>,
    ) -> Result<Self, Problem> {
        let specs = kinds::columns(kind);
        let names: Vec<String> = header.map(|name| name.trim().to_owned()).collect();
        let mut map = Self {
            specs,
            places: vec![None; specs.len()],
            rules: vec![NumberRule::default(); specs.len()],
            dates: vec![None; specs.len()],
            shown: vec![String::new(); specs.len()],
            attributes: Vec::new(),
            pairs: None,
            found: names.iter().filter(|name| !name.is_empty()).cloned().collect(),
            ignored: Vec::new(),
            width: names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1),
            partial,
        };
        for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            match attribute_of(name).filter(|_| takes_attributes(kind)) {
                Some(attribute) => {
                    map.attributes.push(AttributeColumn { name: attribute, shown: name.clone(), place });
                }
                None => map.place(place, name)?,
            }
        }
        check_attributes(&map.attributes)?;
        map.check_mandatory()?;
        Ok(map)
    }

    /// The name of a column as messages say it.
    pub(crate) fn name(&self, column: usize) -> &str {
        if let Some(attribute) = column.checked_sub(self.specs.len()) {
            return self.attributes.get(attribute).map_or("", |attribute| &attribute.shown);
        }
        match self.shown[column].as_str() {
            "" => self.specs[column].name,
            shown => shown,
        }
    }

    fn place(&mut self, place: usize, name: &str) -> Result<(), Problem> {
        match find_spec(self.specs, name) {
            None => self.ignored.push(name.to_owned()),
            Some(index) if self.places[index].is_some() => {
                let reason = "The column is there twice. Remove or rename one of the two.";
                return Err(file_problem(self.specs[index].name, name, reason));
            }
            Some(index) => self.places[index] = Some(place),
        }
        Ok(())
    }

    fn check_mandatory(&self) -> Result<(), Problem> {
        let missing: Vec<&str> = (self.specs.iter().zip(&self.places))
            .filter(|(spec, place)| spec.is_needed(self.partial.is_some()) && place.is_none())
            .map(|(spec, _)| spec.name)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let found = self.found.join(", ");
        let reason = format!(
            "The file lacks {}: {}. The columns found are: {found}. Add or rename columns in the first line, or say which \
             is which.",
            if missing.len() == 1 { "a column" } else { "columns" },
            missing.join(", "),
        );
        Err(file_problem(&missing.join(", "), &found, reason))
    }
}

/// How many of these names a kind knows.
pub(crate) fn count_known<'a>(kind: FileKind, names: impl Iterator<Item = &'a str>) -> usize {
    let is_attribute = |name: &str| takes_attributes(kind) && attribute_of(name).is_some();
    names.filter(|name| find_spec(kinds::columns(kind), name).is_some() || is_attribute(name)).count()
}

fn find_spec(specs: &[ColumnSpec], name: &str) -> Option<usize> {
    let plain = name.trim().trim_matches('"').trim().trim_end_matches('*').to_lowercase().replace([' ', '-'], "_");
    specs.iter().position(|spec| spec.name == plain)
}
