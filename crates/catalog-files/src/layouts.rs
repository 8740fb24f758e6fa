//! How the columns of a file become the project's own: for each own column where its text comes from, and which rows
//! of the file are rows of ours.

use std::collections::HashMap;

use pricing_domain::{Currency, FileFormat, FileKind, Problem};

use crate::attributes::{AttributeColumn, attribute_of, check_attributes};
use crate::columns::ColumnMap;
use crate::decimals::NumberRule;
use crate::headings::content;
use crate::kinds::{columns, takes_attributes};
use crate::parents::{ParentRule, Parents};
use crate::problems::file_problem;
use crate::records::RawRow;
use crate::row_attributes::Pairs;
use crate::tax_classes::{ClassRates, TaxClasses};

/// The names in the first line of a file.
pub(crate) struct Header {
    names: Vec<String>,
    plain: Vec<String>,
}

impl Header {
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<String> = names.map(|name| name.trim().to_owned()).collect();
        let plain = names.iter().map(|name| plain(name)).collect();
        Self { names, plain }
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of the first of these names that is there; case and blanks do not matter.
    pub(crate) fn find(&self, names: &[&str]) -> Option<usize> {
        let told = names.iter().map(|name| plain(name)).filter(|name| !name.is_empty());
        told.into_iter().find_map(|name| self.plain.iter().position(|known| *known == name))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(&[name]).is_some()
    }

    /// Whether all of these names are there.
    pub(crate) fn has_all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.has(name))
    }
}

/// A name as it is compared: lower case, single blanks, without a star that marks what must be there.
pub(crate) fn plain(name: &str) -> String {
    let words: Vec<String> = name
        .trim()
        .trim_matches('"')
        .trim_end_matches('*')
        .split(|letter: char| letter.is_whitespace() || letter == '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

/// How the text of an own column comes from cells of the file.
#[derive(Clone)]
pub(crate) enum Reading {
    /// The first cell that is not empty.
    Copy,
    /// The same for every row.
    Constant(String),
    /// By a function of the cells.
    Custom(fn(&[&str]) -> String),
    /// The VAT rate of the tax class that cells tell.
    Rate(ClassRates),
    /// The number of contents, whose unit may be that of the heading.
    ContentNumber(Option<&'static str>),
    /// Their unit.
    ContentUnit(Option<&'static str>),
}

/// Where an own column comes from.
#[derive(Clone)]
pub(crate) struct Field {
    /// Place among the own columns; free attributes stand behind them.
    pub(crate) own: usize,
    /// The file's name for it, for messages.
    pub(crate) shown: String,
    /// Cells of the file.
    pub(crate) places: Vec<usize>,
    pub(crate) reading: Reading,
}

/// Rows of a file that are no rows of ours.
#[derive(Clone)]
pub(crate) struct LeaveOut {
    pub(crate) places: Vec<usize>,
    pub(crate) when: fn(&[&str]) -> bool,
    /// In words that follow on a number of rows.
    pub(crate) reason: &'static str,
}

/// One of the columns of a file that hold one value each of a row of ours (`USD`, `JPY`, …).
#[derive(Clone)]
pub(crate) struct Spread {
    /// The own column that takes the name.
    pub(crate) name_into: usize,
    /// The own column that takes the cell.
    pub(crate) cell_into: usize,
    /// The columns that are spread.
    pub(crate) places: Vec<usize>,
    pub(crate) names: Vec<String>,
    /// By place the currency of a name's cells, where it is known.
    pub(crate) currencies: Vec<Option<String>>,
    /// The own column that takes it.
    pub(crate) currency_into: Option<usize>,
}

/// How a file of one format is read as a file of one kind.
#[derive(Clone)]
pub(crate) struct Layout {
    pub(crate) format: FileFormat,
    pub(crate) kind: FileKind,
    pub(crate) fields: Vec<Field>,
    /// Names of the free attributes that are filled, in their order behind the own columns.
    pub(crate) attributes: Vec<String>,
    /// Where attributes stand whose names are in the rows; they are carried in one cell behind the others.
    pub(crate) pairs: Vec<Pairs>,
    /// How their texts are read.
    pub(crate) pair_text: fn(&str) -> String,
    /// The cell that names the group of a row, where rows inherit.
    pub(crate) group: Option<usize>,
    /// Cells that a row has from the first row of its group where its own are empty.
    pub(crate) inherited: Vec<usize>,
    /// Rows that say for others what these leave empty.
    pub(crate) parents: Option<ParentRule>,
    pub(crate) leave_out: Vec<LeaveOut>,
    pub(crate) spread: Option<Spread>,
    /// The decimal separator that the format prescribes; it decides only where a column fits both.
    pub(crate) usual_decimal: Option<char>,
    /// Columns of the file that have a meaning here though they fill no column of ours.
    pub(crate) known: Vec<usize>,
    /// What to say of a row without an article number.
    pub(crate) without_sku: Option<&'static str>,
    /// What a row has where its own cell is empty, because it was stated for the whole file.
    pub(crate) stated: Vec<(usize, String)>,
    /// Where the tax class of a row stands.
    pub(crate) taxed_by: Option<TaxClasses>,
    /// Whether prices that name no list are of the default one.
    pub(crate) unnamed_list: bool,
    /// Whether amounts carry their currency (`15.00 EUR`), so that each may lack it.
    pub(crate) currency_beside_amount: bool,
    /// Where rows may leave out what is known of their product: the currency of those that name none.
    pub(crate) partial: Option<Currency>,
    /// Columns that were taken by what the trade calls them: ours, theirs, and whether that says with or without VAT.
    pub(crate) by_heading: Vec<(&'static str, String, Option<bool>)>,
    /// Columns of ours that several headings may mean.
    pub(crate) doubts: Vec<(&'static str, Vec<String>)>,
}

impl Layout {
    pub(crate) fn new(format: FileFormat, kind: FileKind) -> Self {
        Self {
            format,
            kind,
            fields: Vec::new(),
            attributes: Vec::new(),
            pairs: Vec::new(),
            pair_text: str::to_owned,
            group: None,
            inherited: Vec::new(),
            parents: None,
            leave_out: Vec::new(),
            spread: None,
            usual_decimal: None,
            known: Vec::new(),
            without_sku: None,
            stated: Vec::new(),
            taxed_by: None,
            unnamed_list: false,
            currency_beside_amount: false,
            partial: None,
            by_heading: Vec::new(),
            doubts: Vec::new(),
        }
    }

    pub(crate) fn own(&self, name: &str) -> usize {
        columns(self.kind).iter().position(|spec| spec.name == name).expect("a column of the kind")
    }

    /// Whether an own column has a source.
    pub(crate) fn fills(&self, name: &str) -> bool {
        let own = self.own(name);
        self.fields.iter().any(|field| field.own == own)
            || self.spread.as_ref().is_some_and(|spread| spread.name_into == own || spread.cell_into == own)
    }

    /// Whether a column of the file has a meaning.
    pub(crate) fn uses(&self, place: usize) -> bool {
        self.fields.iter().any(|field| field.places.contains(&place))
            || self.pairs.iter().any(|pairs| pairs.places().contains(&place))
            || self.group == Some(place)
            || self.known.contains(&place)
            || self.leave_out.iter().any(|rule| rule.places.contains(&place))
            || self.spread.as_ref().is_some_and(|spread| spread.places.contains(&place))
    }

    /// Whether the file says anything of its rows beside one column of ours.
    pub(crate) fn says_more_than(&self, name: &str) -> bool {
        let own = self.own(name);
        self.fields.iter().any(|field| field.own != own && !field.places.is_empty())
    }

    fn add(mut self, own: &str, header: &Header, places: Vec<usize>, reading: Reading) -> Self {
        let own = self.own(own);
        let shown = places.first().map_or_else(String::new, |place| header.names[*place].clone());
        self.fields.push(Field { own, shown, places, reading });
        self
    }

    /// The first of these columns that is there, as it is.
    pub(crate) fn copy(self, own: &str, header: &Header, names: &[&str]) -> Self {
        match header.find(names) {
            Some(place) => self.add(own, header, vec![place], Reading::Copy),
            None => self,
        }
    }

    /// All of these columns that are there; the first cell that is not empty counts.
    pub(crate) fn first_of(self, own: &str, header: &Header, names: &[&str]) -> Self {
        let places: Vec<usize> = names.iter().filter_map(|name| header.find(&[name])).collect();
        if places.is_empty() { self } else { self.add(own, header, places, Reading::Copy) }
    }

    /// A function of columns; nothing where the first of them is not there.
    pub(crate) fn custom(self, own: &str, header: &Header, names: &[&[&str]], read: fn(&[&str]) -> String) -> Self {
        let found: Vec<Option<usize>> = names.iter().map(|names| header.find(names)).collect();
        if found.first().is_none_or(Option::is_none) {
            return self;
        }
        // A place beyond every row reads as an empty cell.
        let places = found.into_iter().map(|place| place.unwrap_or(usize::MAX)).collect();
        self.add(own, header, places, Reading::Custom(read))
    }

    /// A function of cells at places that are known.
    pub(crate) fn custom_at(self, own: &str, header: &Header, places: Vec<usize>, read: fn(&[&str]) -> String) -> Self {
        self.add(own, header, places, Reading::Custom(read))
    }

    /// A cell as it is.
    pub(crate) fn copy_at(self, own: &str, header: &Header, place: usize) -> Self {
        self.add(own, header, vec![place], Reading::Copy)
    }

    /// Contents and their unit, from the cells of both or with the heading's unit.
    pub(crate) fn contents_at(self, header: &Header, places: Vec<usize>, unit: Option<&'static str>) -> Self {
        self.add("net_content", header, places.clone(), Reading::ContentNumber(unit)).add(
            "content_unit",
            header,
            places,
            Reading::ContentUnit(unit),
        )
    }

    /// The VAT rates of tax classes.
    pub(crate) fn rates(self, header: &Header, places: Vec<usize>, rates: ClassRates) -> Self {
        self.add("vat_rate", header, places, Reading::Rate(rates))
    }

    /// The same text for every row.
    pub(crate) fn constant(mut self, own: &str, text: &str) -> Self {
        let own = self.own(own);
        let reading = Reading::Constant(text.to_owned());
        self.fields.push(Field { own, shown: String::new(), places: Vec::new(), reading });
        self
    }

    /// A free attribute from a column of the file.
    pub(crate) fn attribute(self, name: String, header: &Header, theirs: &str) -> Self {
        match header.find(&[theirs]) {
            Some(place) => self.add_attribute(name, header.names[place].clone(), vec![place], Reading::Copy),
            None => self,
        }
    }

    /// A free attribute that is the same for every row.
    pub(crate) fn constant_attribute(self, name: String, text: &str) -> Self {
        self.add_attribute(name, String::new(), Vec::new(), Reading::Constant(text.to_owned()))
    }

    /// The free attributes whose columns say so by their name, unless they have a source already.
    pub(crate) fn attributes(mut self, header: &Header) -> Self {
        if !takes_attributes(self.kind) {
            return self;
        }
        let stated = self.attributes.len();
        for (place, shown) in header.names.iter().enumerate() {
            let Some(name) = attribute_of(shown) else { continue };
            let has_source = self.attributes[..stated].contains(&name)
                || self.fields.iter().any(|field| field.places.contains(&place));
            if !has_source {
                self = self.add_attribute(name, shown.clone(), vec![place], Reading::Copy);
            }
        }
        self
    }

    fn add_attribute(mut self, name: String, shown: String, places: Vec<usize>, reading: Reading) -> Self {
        let own = columns(self.kind).len() + self.attributes.len();
        self.fields.push(Field { own, shown, places, reading });
        self.attributes.push(name);
        self
    }

    /// Free attributes whose names stand in the rows. Without any the layout stays as it is.
    pub(crate) fn pairs(mut self, pairs: impl IntoIterator<Item = Pairs>, text: fn(&str) -> String) -> Self {
        self.pairs.extend(pairs);
        self.pair_text = text;
        self
    }

    /// Rows of a group that lack these columns have those of its first row.
    pub(crate) fn inherit(mut self, header: &Header, group: usize, names: &[&str]) -> Self {
        self.group = Some(group);
        self.inherited = names.iter().filter_map(|name| header.find(&[name])).collect();
        self
    }

    /// Leaves rows out.
    pub(crate) fn leave_out(
        mut self,
        header: &Header,
        names: &[&[&str]],
        when: fn(&[&str]) -> bool,
        reason: &'static str,
    ) -> Self {
        let places: Vec<usize> = names.iter().map(|names| header.find(names).unwrap_or(usize::MAX)).collect();
        self.leave_out.push(LeaveOut { places, when, reason });
        self
    }

    /// Notes columns that are understood though they fill none of ours.
    pub(crate) fn knows(mut self, header: &Header, names: &[&str]) -> Self {
        self.known.extend(names.iter().filter_map(|name| header.find(&[name])));
        self
    }

    /// Spreads columns over rows.
    pub(crate) fn spread(mut self, name_into: &str, cell_into: &str, spread: Vec<(usize, String)>) -> Self {
        let (places, names): (Vec<usize>, Vec<String>) = spread.into_iter().unzip();
        self.spread = Some(Spread {
            name_into: self.own(name_into),
            cell_into: self.own(cell_into),
            places,
            currencies: vec![None; names.len()],
            currency_into: columns(self.kind).iter().position(|spec| spec.name == "currency"),
            names,
        });
        self
    }

    /// The own columns with their places in translated rows; refused where one that must be there has no source.
    pub(crate) fn column_map(&self, header: &Header) -> Result<ColumnMap, Problem> {
        let specs = columns(self.kind);
        let named = || header.names.iter().enumerate().filter(|(_, name)| !name.is_empty());
        let mut map = ColumnMap {
            specs,
            places: vec![None; specs.len()],
            rules: vec![NumberRule::default(); specs.len()],
            dates: vec![None; specs.len()],
            shown: vec![String::new(); specs.len()],
            attributes: Vec::new(),
            pairs: (!self.pairs.is_empty()).then(|| specs.len() + self.attributes.len()),
            found: named().map(|(_, name)| name.clone()).collect(),
            ignored: named().filter(|(place, _)| !self.uses(*place)).map(|(_, name)| name.clone()).collect(),
            width: header.names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1),
            partial: self.partial,
        };
        for field in &self.fields {
            if let Some(attribute) = field.own.checked_sub(specs.len()) {
                let name = self.attributes[attribute].clone();
                map.attributes.push(AttributeColumn { name, shown: field.shown.clone(), place: field.own });
                continue;
            }
            map.places[field.own] = Some(field.own);
            map.shown[field.own].clone_from(&field.shown);
        }
        check_attributes(&map.attributes)?;
        if let Some(spread) = &self.spread {
            map.places[spread.name_into] = Some(spread.name_into);
            map.places[spread.cell_into] = Some(spread.cell_into);
        }
        let missing: Vec<&str> = (specs.iter().zip(&map.places))
            .filter(|(spec, place)| spec.is_needed(self.partial.is_some()) && place.is_none())
            .map(|(spec, _)| spec.name)
            .collect();
        match missing.as_slice() {
            [] => Ok(map),
            missing => Err(self.lacking(missing)),
        }
    }

    pub(crate) fn lacking(&self, missing: &[&str]) -> Problem {
        let remedy = match missing {
            ["currency"] => "State it for the whole file (--currency EUR), or import into a workspace that has prices.",
            ["observed_at"] => "State when the prices were seen (--observed-at 2026-11-01T08:30Z).",
            _ => "Say which column it is (--map own=theirs).",
        };
        let doubts = self.doubts.iter().filter(|(own, _)| missing.contains(own));
        let doubts = doubts.map(|(own, theirs)| format!(" Several columns may be {own}: {}.", theirs.join(", ")));
        let doubts = doubts.collect::<String>();
        let missing = missing.join(", ");
        let reason = format!("A file {} does not say {missing}.{doubts} {remedy}", self.format.title());
        file_problem(&missing, "", reason)
    }
}

/// What became of a row of the file.
pub(crate) enum Translated {
    /// The own row was filled; where the file's row holds further ones, ask again.
    Row { more: bool },
    /// It is no row of ours, for this reason.
    LeftOut(&'static str),
}

/// Groups whose first row is remembered at once; a file whose groups are apart by more has them repeated.
const MOST_GROUPS: usize = 200_000;

/// Turns rows of a file into rows with the own columns, one pass over the file.
pub(crate) struct Translator {
    layout: Layout,
    /// By group the inherited texts, in the order of the fields.
    groups: HashMap<String, Vec<String>>,
    parents: Parents,
    cells: Vec<String>,
    part: usize,
}

impl Translator {
    pub(crate) fn new(layout: Layout) -> Self {
        let width = columns(layout.kind).len() + layout.attributes.len() + usize::from(!layout.pairs.is_empty());
        let parents = Parents::default();
        Self { layout, groups: HashMap::new(), parents, cells: vec![String::new(); width], part: 0 }
    }

    /// Begins the file anew; the parents that were met are still known.
    pub(crate) fn restart(&mut self) {
        self.groups.clear();
        self.part = 0;
    }

    /// The article number of the newest row, whether it was left out or not; empty where the kind names no products.
    pub(crate) fn sku(&self) -> &str {
        let place = columns(self.layout.kind).iter().position(|spec| spec.name == "sku");
        place.map_or("", |place| self.cells[place].trim())
    }

    /// Fills `out` from a row of the file.
    pub(crate) fn translate(&mut self, raw: &RawRow, out: &mut RawRow) -> Translated {
        if self.part == 0 {
            self.fill_cells(raw);
            if let Some(rule) = self.layout.leave_out.iter().find(|rule| applies(rule, raw)) {
                return Translated::LeftOut(rule.reason);
            }
        }
        let more = match &self.layout.spread {
            Some(spread) => {
                let is_empty = |place: &usize| matches!(raw.cell(*place).trim(), "" | "N/A");
                let rest = &spread.places[self.part..];
                let Some(place) = rest.iter().position(|place| !is_empty(place)).map(|skipped| self.part + skipped)
                else {
                    let reason = if self.part == 0 { "have no values" } else { "" };
                    self.part = 0;
                    return Translated::LeftOut(reason);
                };
                raw.cell(spread.places[place]).trim().clone_into(&mut self.cells[spread.cell_into]);
                self.cells[spread.name_into].clone_from(&spread.names[place]);
                if let (Some(currency), Some(own)) = (&spread.currencies[place], spread.currency_into) {
                    self.cells[own].clone_from(currency);
                }
                self.part = place + 1;
                self.part < spread.places.len()
            }
            None => false,
        };
        if !more {
            self.part = 0;
        }
        out.begin(raw.line);
        self.cells.iter().for_each(|cell| out.push(cell));
        Translated::Row { more }
    }

    fn fill_cells(&mut self, raw: &RawRow) {
        let first = self.first_of_group(raw);
        if let Some(rule) = &self.layout.parents {
            self.parents.meet(rule, &self.layout.pairs, raw);
        }
        let rule = self.layout.parents.as_ref();
        let parent = rule.and_then(|rule| self.parents.of(rule, &self.layout.pairs, raw));
        let inherited = &self.layout.inherited;
        let cell = |place: usize| {
            let text = raw.cell(place);
            match (first, inherited.iter().position(|known| *known == place)) {
                (Some(first), Some(index)) if text.trim().is_empty() => self.groups[first][index].as_str(),
                _ => parent.map_or(text, |parent| parent.cell(place, text)),
            }
        };
        for field in &self.layout.fields {
            let own = &mut self.cells[field.own];
            own.clear();
            match &field.reading {
                Reading::Copy => {
                    let mut texts = field.places.iter().map(|place| cell(*place));
                    own.push_str(texts.find(|text| !text.trim().is_empty()).unwrap_or_default());
                }
                Reading::Constant(text) => own.push_str(text),
                Reading::Custom(read) => {
                    let texts: Vec<&str> = field.places.iter().map(|place| cell(*place).trim()).collect();
                    own.push_str(&read(&texts));
                }
                Reading::ContentNumber(unit) | Reading::ContentUnit(unit) => {
                    let texts: Vec<&str> = field.places.iter().map(|place| cell(*place).trim()).collect();
                    let (number, of) = content(&texts, *unit);
                    own.push_str(if matches!(field.reading, Reading::ContentNumber(_)) { &number } else { of });
                }
                Reading::Rate(rates) => {
                    let texts: Vec<&str> = field.places.iter().map(|place| cell(*place).trim()).collect();
                    rates.push_rate(&texts, own);
                }
            }
        }
        if let Some(carrying) = self.cells.last_mut().filter(|_| !self.layout.pairs.is_empty()) {
            carrying.clear();
            self.layout.pairs.iter().for_each(|pairs| pairs.carry(cell, self.layout.pair_text, carrying));
            if let Some(parent) = parent {
                parent.carry(raw, self.layout.pair_text, carrying);
            }
        }
        for (own, text) in &self.layout.stated {
            if self.cells[*own].trim().is_empty() {
                self.cells[*own].clone_from(text);
            }
        }
    }

    /// The name of the row's group, whose first row is remembered now.
    fn first_of_group<'a>(&mut self, raw: &'a RawRow) -> Option<&'a str> {
        let name = raw.cell(self.layout.group?).trim();
        if name.is_empty() {
            return None;
        }
        if !self.groups.contains_key(name) {
            if self.groups.len() >= MOST_GROUPS {
                self.groups.clear();
            }
            let first = self.layout.inherited.iter().map(|place| raw.cell(*place).trim().to_owned()).collect();
            self.groups.insert(name.to_owned(), first);
        }
        Some(name)
    }
}

fn applies(rule: &LeaveOut, raw: &RawRow) -> bool {
    let texts: Vec<&str> = rule.places.iter().map(|place| raw.cell(*place).trim()).collect();
    (rule.when)(&texts)
}
