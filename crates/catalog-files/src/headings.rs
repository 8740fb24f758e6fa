//! Reads a file by what its columns are called in the trade, whatever the language: `VK brutto`, `EK (EUR)`, `Inhalt`.
//!
//! A heading is taken where its words mean one column of ours and its cells fit; where two columns may be meant, or the
//! cells say otherwise, the column is left to a person.

use pricing_domain::{Currency, FileKind, decimal_text, parse_scaled};

use crate::columns::Form;
use crate::currency_signs::split_currency;
use crate::formats::{Beginning, first_picture};
use crate::kinds::columns;
use crate::layouts::{Header, Layout};
use crate::problems::shorten;
use crate::records::NUMBER_MARK;
use crate::rows::products::is_web_address;
use crate::vocabulary::{Sureness, fold, meaning};

/// Headings that a message names; a file may have thousands.
const NAMED: usize = 5;

/// What the words of a heading say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The column of ours.
    pub(crate) own: &'static str,
    pub(crate) sureness: Sureness,
    /// Whether its amounts contain VAT, where it says so.
    pub(crate) includes_vat: Option<bool>,
    /// The currency of its amounts.
    pub(crate) currency: Option<Currency>,
    /// The unit of its contents.
    unit: Option<&'static str>,
}

/// Columns of prices that are with or without VAT like the price itself.
const TAXED: [&str; 7] = ["price", "sale_price", "compare_at_price", "min_price", "max_price", "map_price", "rrp"];

const WITH_VAT: &[&str] = &[
    "brutto",
    "gross",
    "inkl mwst",
    "incl mwst",
    "inkl ust",
    "inkl",
    "incl vat",
    "inc vat",
    "including vat",
    "incl tax",
    "inc tax",
    "including tax",
    "tax included",
    "ttc",
    "con iva",
    "iva incl",
    "iva incluido",
    "iva incluida",
    "iva inclusa",
    "iva incluso",
    "iva inc",
    "ivato",
    "ivata",
    "incl btw",
    "inclusief btw",
    "inkl moms",
    "z vat",
    "incl",
];
const WITHOUT_VAT: &[&str] = &[
    "netto",
    "net",
    "exkl mwst",
    "excl mwst",
    "ohne mwst",
    "zzgl mwst",
    "exkl ust",
    "ohne ust",
    "zzgl ust",
    "exkl",
    "excl vat",
    "ex vat",
    "excluding vat",
    "without vat",
    "excl tax",
    "ex tax",
    "tax excluded",
    "ht",
    "hors taxe",
    "hors taxes",
    "sin iva",
    "iva esclusa",
    "iva escl",
    "senza iva",
    "sem iva",
    "excl btw",
    "exclusief btw",
    "ex btw",
    "exkl moms",
    "bez vat",
    "netta",
    "excl",
];
const CURRENCIES: &[(&str, &str)] = &[
    ("eur", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("€", "EUR"),
    ("gbp", "GBP"),
    ("£", "GBP"),
    ("usd", "USD"),
    ("chf", "CHF"),
    ("sfr", "CHF"),
    ("pln", "PLN"),
    ("zl", "PLN"),
    ("czk", "CZK"),
    ("kc", "CZK"),
    ("sek", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
];
/// A unit of contents: how it is written, ours, and the digits from one to the other.
const UNITS: &[(&str, &str, u8)] = &[
    ("kg", "kg", 0),
    ("g", "kg", 3),
    ("gr", "kg", 3),
    ("gram", "kg", 3),
    ("gramm", "kg", 3),
    ("grams", "kg", 3),
    ("mg", "kg", 6),
    ("l", "l", 0),
    ("lt", "l", 0),
    ("ltr", "l", 0),
    ("liter", "l", 0),
    ("litre", "l", 0),
    ("dl", "l", 1),
    ("cl", "l", 2),
    ("ml", "l", 3),
    ("m", "m", 0),
    ("cm", "m", 2),
    ("mm", "m", 3),
    ("m2", "m2", 0),
    ("m²", "m2", 0),
    ("qm", "m2", 0),
];

impl Heading {
    /// Reads the name of a column; `None`: it means none of ours.
    pub(crate) fn of(kind: FileKind, name: &str) -> Option<Self> {
        let plain = |(own, sureness)| Self { own, sureness, includes_vat: None, currency: None, unit: None };
        // A sign of several currencies says none, and what is said of another than the usual one would be read as that.
        if name.contains(['$', '¥']) {
            return None;
        }
        if let Some(meant) = meaning(kind, &fold(name)).filter(|_| !name.contains(['€', '£'])) {
            return Some(plain(meant));
        }
        let (includes_vat, rest) = without_tax(&spread(name));
        let mut words: Vec<&str> = rest.split(' ').filter(|word| !word.is_empty()).collect();
        let sign = |word: &&str| CURRENCIES.iter().find(|(sign, _)| sign == word).map(|(_, code)| *code);
        let unit = |word: &&str| UNITS.iter().find(|(unit, ..)| unit == word).map(|(unit, ..)| *unit);
        let code = words.iter().find_map(sign);
        words.retain(|word| sign(word).is_none());
        // `Preis in EUR`.
        if code.is_some() && words.last() == Some(&"in") {
            words.pop();
        }
        if let Some((own, sureness)) = meaning(kind, &words.join(" ")) {
            let is_amount = TAXED.contains(&own) || matches!(own, "cost" | "deposit" | "net_revenue");
            let says_money = includes_vat.is_some() || code.is_some();
            let currency = code.and_then(|code| Currency::new(code).ok());
            return (is_amount || !says_money).then_some(Self { includes_vat, currency, ..plain((own, sureness)) });
        }
        let unit = words.last().and_then(unit)?;
        words.pop();
        words.pop_if(|word| *word == "in");
        let meant =
            meaning(kind, &words.join(" ")).filter(|(own, _)| *own == "net_content" && includes_vat.is_none())?;
        Some(Self { unit: Some(unit), ..plain(meant) })
    }
}

/// The folded name with signs of currencies and units as words, and `Nettopreis` as two.
fn spread(name: &str) -> String {
    let signs = name.replace('€', " eur ").replace('£', " gbp ").replace('²', "2");
    let split = |word: &str| {
        let compound = ["brutto", "netto"].into_iter().find_map(|tax| Some((tax, word.strip_prefix(tax)?)));
        match compound.filter(|(_, rest)| !rest.is_empty()) {
            Some((tax, rest)) => format!("{tax} {rest}"),
            None => word.to_owned(),
        }
    };
    fold(&signs).split(' ').map(split).collect::<Vec<_>>().join(" ")
}

/// What a name says of VAT, and the name without it. A name that says both says nothing.
fn without_tax(name: &str) -> (Option<bool>, String) {
    let padded = format!(" {name} ");
    let longest = |phrases: &[&'static str]| {
        let found = phrases.iter().filter(|phrase| padded.contains(&format!(" {phrase} ")));
        found.max_by_key(|phrase| phrase.len()).copied()
    };
    match (longest(WITH_VAT), longest(WITHOUT_VAT)) {
        (Some(with), None) => (Some(true), padded.replacen(&format!(" {with} "), " ", 1)),
        (None, Some(without)) => (Some(false), padded.replacen(&format!(" {without} "), " ", 1)),
        _ => (None, padded),
    }
}

/// A heading at its place in the file.
#[derive(Clone, Copy)]
struct Found {
    place: usize,
    heading: Heading,
}

/// Fills the columns of a layout that have no source yet from headings that mean them.
pub(crate) fn fill(mut layout: Layout, beginning: &Beginning) -> Layout {
    let header = &beginning.header;
    let known: Vec<Found> = (header.names().iter().enumerate())
        .filter(|(place, _)| !layout.uses(*place))
        .filter_map(|(place, name)| Some(Found { place, heading: Heading::of(layout.kind, name)? }))
        .filter(|found| found.heading.sureness != Sureness::Proposed)
        .collect();
    let mut includes_vat = None;
    for own in order(layout.kind) {
        if layout.fills(own) || matches!(own, "net_content" | "content_unit") {
            continue;
        }
        let meant: Vec<Found> = known.iter().filter(|found| found.heading.own == own).copied().collect();
        let meant: Vec<Found> = meant.into_iter().filter(|found| fits(beginning, found.place, own)).collect();
        match choose(own, meant) {
            Choice::None => {}
            Choice::One(found) => {
                let heading = found.heading;
                let says = heading.includes_vat;
                let is_other_tax = TAXED.contains(&own) && own != "price" && says.is_some() && says != includes_vat;
                let is_gross_cost = own == "cost" && says == Some(true);
                // Prices of other kinds are those of their list, with VAT or without it; an offer that was seen has it.
                let is_of_list = own == "price"
                    && match layout.kind {
                        FileKind::Products => false,
                        FileKind::Observations => says == Some(false),
                        _ => says.is_some(),
                    };
                // A recommended price is one with VAT; beside prices without it would be read as one of those.
                let is_untold = own == "rrp" && includes_vat == Some(false) && says.is_none();
                if is_other_tax || is_gross_cost || is_untold || is_of_list {
                    continue;
                }
                if own == "price" {
                    includes_vat = says;
                }
                layout = take(layout, header, found);
            }
            Choice::Several(found) => {
                layout
                    .doubts
                    .push((own, found.iter().take(NAMED).map(|found| shorten(&header.names()[found.place])).collect()));
            }
        }
    }
    if layout.kind == FileKind::Products {
        layout = contents(layout, beginning, &known);
    }
    if layout.kind == FileKind::Products
        && let Some(answer) = includes_vat
        && !layout.fills("price_includes_vat")
    {
        layout = layout.constant("price_includes_vat", if answer { "yes" } else { "no" });
    }
    layout
}

/// The columns of a kind, the price and the currency before what depends on them.
fn order(kind: FileKind) -> impl Iterator<Item = &'static str> {
    let first = ["currency", "price"];
    let is_first = move |name: &&'static str| first.contains(name);
    let names = columns(kind).iter().map(|spec| spec.name);
    first
        .into_iter()
        .filter(move |name| columns(kind).iter().any(|spec| spec.name == *name))
        .chain(names.filter(move |name| !is_first(name)))
}

/// Which of the headings that mean a column is taken.
enum Choice {
    None,
    One(Found),
    Several(Vec<Found>),
}

/// The one that is surest. Of prices with and without VAT the one with it, and of costs the one without.
fn choose(own: &str, mut meant: Vec<Found>) -> Choice {
    let surest = meant.iter().map(|found| found.heading.sureness).min();
    meant.retain(|found| Some(found.heading.sureness) == surest);
    let wanted = own != "cost";
    if meant.len() > 1 && meant.iter().all(|found| found.heading.includes_vat.is_some()) {
        meant.retain(|found| found.heading.includes_vat == Some(wanted));
    }
    match meant.as_slice() {
        [] => Choice::None,
        [one] => Choice::One(*one),
        _ => Choice::Several(meant),
    }
}

fn take(mut layout: Layout, header: &Header, found: Found) -> Layout {
    let Heading { own, currency, .. } = found.heading;
    let name = shorten(&header.names()[found.place]);
    layout.by_heading.push((own, name.clone(), found.heading.includes_vat));
    layout = match own {
        "image_url" => layout.custom_at(own, header, vec![found.place], first_picture),
        _ => layout.copy_at(own, header, found.place),
    };
    match (own, currency) {
        ("price", Some(currency)) if !layout.fills("currency") => layout.constant("currency", currency.code()),
        ("cost", Some(currency)) if layout.kind == FileKind::Products && !layout.fills("cost_currency") => {
            layout.constant("cost_currency", currency.code())
        }
        ("cost", Some(currency)) if layout.kind != FileKind::Products && !layout.fills("currency") => {
            layout.constant("currency", currency.code())
        }
        _ => layout,
    }
}

/// Contents are taken where their unit is told: in a column beside, with each number, or by the heading.
fn contents(mut layout: Layout, beginning: &Beginning, known: &[Found]) -> Layout {
    let header = &beginning.header;
    let of = |own: &str| known.iter().filter(|found| found.heading.own == own).copied().collect::<Vec<_>>();
    if layout.fills("net_content") {
        // A unit beside contents in our own words.
        if let (false, Choice::One(found)) = (layout.fills("content_unit"), choose("content_unit", of("content_unit")))
            && cells(beginning, found.place).all(|cell| matches!(unit_of(cell), Some((_, _, 0))))
        {
            let name = shorten(&header.names()[found.place]);
            layout.by_heading.push(("content_unit", name, None));
            layout = layout.custom_at("content_unit", header, vec![found.place], |cells| {
                unit_of(cells[0]).map_or_else(|| cells[0].to_owned(), |(_, unit, _)| unit.to_owned())
            });
        }
        return layout;
    }
    let Choice::One(content) = choose("net_content", of("net_content")) else { return layout };
    let beside = match choose("content_unit", of("content_unit")) {
        Choice::One(unit) => unit.place,
        _ => usize::MAX,
    };
    let names = |place: usize| header.names().get(place).map(|name| shorten(name));
    let both = |row: &Vec<String>| {
        let cell = |place: usize| row.get(place).map_or("", |cell| cell.trim());
        (cell(content.place).is_empty(), content_of(&[cell(content.place), cell(beside)], content.heading.unit))
    };
    let read: Vec<(bool, Option<(String, &str)>)> = beginning.rows.iter().map(both).collect();
    if read.iter().all(|(is_empty, _)| *is_empty) || read.iter().any(|(is_empty, told)| !is_empty && told.is_none()) {
        return layout;
    }
    layout.by_heading.push(("net_content", shorten(&header.names()[content.place]), None));
    if let Some(name) = names(beside) {
        layout.by_heading.push(("content_unit", name, None));
    }
    let (places, unit) = (vec![content.place, beside], content.heading.unit);
    layout.contents_at(header, places, unit)
}

/// The number and the unit of the contents that cells tell, in our unit; empty: they tell none.
pub(crate) fn content(cells: &[&str], of_heading: Option<&str>) -> (String, &'static str) {
    content_of(cells, of_heading).unwrap_or_default()
}

fn cells(beginning: &Beginning, place: usize) -> impl Iterator<Item = &str> {
    beginning.rows.iter().filter_map(move |row| row.get(place)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
}

/// Whether the first cells of a column are such as the column of ours has.
fn fits(beginning: &Beginning, place: usize, own: &str) -> bool {
    let mut cells = cells(beginning, place).peekable();
    let is_number = |cell: &str| {
        let number = split_currency(cell.trim_start_matches(NUMBER_MARK)).0;
        number.contains(|letter: char| letter.is_ascii_digit())
            && !number.contains(|letter: char| letter.is_alphabetic())
    };
    let form = columns_form(own);
    match own {
        "vat_rate" => cells.all(is_rate),
        "image_url" => cells.peek().is_some() && cells.all(is_web_address),
        "currency" => cells.all(|cell| Currency::new(cell).is_ok()),
        // Some cells may be wrong: their rows are refused. A column of words is another one.
        _ if form == Form::Decimal => {
            let (numbers, others): (Vec<&str>, Vec<&str>) = cells.partition(|cell| is_number(cell));
            numbers.len() >= others.len()
        }
        _ => true,
    }
}

fn columns_form(own: &str) -> Form {
    let spec = FileKind::ALL.iter().find_map(|kind| columns(*kind).iter().find(|spec| spec.name == own));
    spec.map_or(Form::Text, |spec| spec.form)
}

/// Whether a cell is a rate in percent: keys of tax codes (1, 2) and shares (0.19) are none.
fn is_rate(cell: &str) -> bool {
    let text = cell.trim_start_matches(NUMBER_MARK).trim().trim_end_matches('%').trim().replace(',', ".");
    parse_scaled(&text, 2).is_some_and(|rate| rate == 0 || (205..=3_000).contains(&rate))
}

/// A content in our unit: from `500 ml`, from a number with the unit in the cell beside it, or with the heading's.
fn content_of(cells: &[&str], of_heading: Option<&str>) -> Option<(String, &'static str)> {
    let text = cells.first()?.trim_start_matches(NUMBER_MARK).trim();
    let end = text.find(|letter: char| letter.is_alphabetic()).unwrap_or(text.len());
    let (number, own_unit) = (text[..end].trim(), text[end..].trim());
    let unit = match (own_unit, cells.get(1).map_or("", |unit| unit.trim()), of_heading) {
        ("", "", heading) => heading?,
        ("", beside, _) => beside,
        (own, _, _) => own,
    };
    let (_, unit, digits) = unit_of(unit)?;
    let scaled = parse_scaled(&with_dot(number)?, 6)?;
    let divided = scaled / 10i64.pow(u32::from(digits));
    let is_whole = divided > 0 && divided * 10i64.pow(u32::from(digits)) == scaled;
    is_whole.then(|| (format!("{NUMBER_MARK}{}", decimal_text(divided, 6, 0)), unit))
}

/// How a unit is written, ours, and the digits between. Pieces count as they are.
fn unit_of(text: &str) -> Option<(&'static str, &'static str, u8)> {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let known = UNITS.iter().find(|(unit, ..)| *unit == lower).copied();
    known.or_else(|| {
        let is_piece = !lower.is_empty() && crate::units::pieces_of(&lower) == Some(1);
        is_piece.then_some(("piece", "piece", 0))
    })
}

/// A number with a dot, where its sign before decimals is plain: `1.500` may be both.
fn with_dot(number: &str) -> Option<String> {
    let signs: Vec<(usize, char)> =
        number.match_indices(['.', ',']).map(|(at, sign)| (at, char::from(sign.as_bytes()[0]))).collect();
    match signs.as_slice() {
        [] => Some(number.to_owned()),
        [(at, _)] if number.len() - at - 1 != 3 || number.starts_with('0') => Some(number.replace(',', ".")),
        _ => None,
    }
}
