//! What the columns of an unknown file look like: samples, what they hold, and which of our columns they may be.

use pricing_domain::{FileFormat, FileKind, Gtin, Problem};

use crate::cells::{NO, YES};
use crate::kinds::columns;
use crate::layouts::{Header, plain};
use crate::own_rows::open_rows;
use crate::profiles::fingerprint;
use crate::reader::{ReadOptions, Source};
use crate::records::{NUMBER_MARK, Next, RawRow};

/// Rows that are looked at.
const LOOKED_AT: usize = 200;
/// Samples that are kept.
const SAMPLES: usize = 5;

/// What the cells of a column hold, as far as the first rows show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Nothing.
    Empty,
    /// Whole numbers.
    Whole,
    /// Numbers with decimals, or amounts.
    Decimal,
    /// Article codes with a right check digit.
    Gtin,
    /// Days or moments.
    Date,
    /// Yes or no.
    YesOrNo,
    /// Addresses.
    Address,
    /// Words.
    Text,
}

/// One column of an unknown file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnShape {
    /// The file's name for it.
    pub name: String,
    /// What it holds.
    pub column_type: ColumnType,
    /// A currency, `%` or a unit that its cells carry.
    pub unit: Option<String>,
    /// The first texts that differ.
    pub samples: Vec<String>,
    /// The column of ours that it seems to be.
    pub suggested: Option<&'static str>,
}

/// What is known about a file before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileShape {
    /// Of its first line.
    pub fingerprint: String,
    /// The format and kind it is read as without a mapping; `None`: it needs one.
    pub detected: Option<(FileFormat, FileKind)>,
    /// For example `UTF-8`.
    pub encoding: String,
    /// Between cells.
    pub delimiter: Option<char>,
    /// Its columns in their order.
    pub columns: Vec<ColumnShape>,
}

/// Looks at the first rows of a file. `kind`: for which suggestions are made.
pub fn inspect(
    kind: FileKind,
    file_name: &str,
    source: Box<dyn Source + Send>,
    options: &ReadOptions,
) -> Result<FileShape, Problem> {
    let (mut rows, beginning) = open_rows(file_name, source, options.delimiter, options.sheet.as_deref())?;
    let mut cells: Vec<Vec<String>> = Vec::new();
    let mut row = RawRow::default();
    while cells.len() < LOOKED_AT {
        match rows.read(&mut row) {
            Ok(Next::Row) => cells.push(row.cells().map(|cell| cell.replace(NUMBER_MARK, "")).collect()),
            Ok(Next::Refused(_)) => {}
            Ok(Next::End) | Err(_) => break,
        }
    }
    let header = &beginning.header;
    let detected = crate::formats::find_layout(None, &beginning, options)
        .ok()
        .and_then(|layout| layout.column_map(header).is_ok().then_some((layout.format, layout.kind)));
    let mut shapes: Vec<ColumnShape> = header
        .names()
        .iter()
        .enumerate()
        .map(|(place, name)| shape(name, cells.iter().filter_map(|row| row.get(place)).map(|cell| cell.trim())))
        .collect();
    suggest(kind, header, &mut shapes);
    shapes.retain(|shape| !shape.name.is_empty());
    Ok(FileShape {
        fingerprint: fingerprint(header.names()),
        detected,
        encoding: rows.encoding_name(),
        delimiter: rows.delimiter(),
        columns: shapes,
    })
}

fn shape<'a>(name: &str, cells: impl Iterator<Item = &'a str>) -> ColumnShape {
    let filled: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
    let mut samples: Vec<String> = Vec::new();
    for cell in &filled {
        if samples.len() < SAMPLES && !samples.iter().any(|known| known == cell) {
            samples.push((*cell).chars().take(80).collect());
        }
    }
    let unit = filled
        .first()
        .and_then(|cell| unit_of(cell))
        .filter(|unit| filled.iter().all(|cell| unit_of(cell).as_ref() == Some(unit)));
    ColumnShape { name: name.to_owned(), column_type: type_of(&filled), unit, samples, suggested: None }
}

fn type_of(cells: &[&str]) -> ColumnType {
    let all = |test: fn(&str) -> bool| cells.iter().all(|cell| test(cell));
    match cells {
        [] => ColumnType::Empty,
        _ if all(is_gtin) => ColumnType::Gtin,
        _ if all(is_yes_or_no) && cells.len() > 1 => ColumnType::YesOrNo,
        _ if all(|cell| cell.bytes().all(|byte| byte.is_ascii_digit())) => ColumnType::Whole,
        _ if all(is_amount) => ColumnType::Decimal,
        _ if all(is_date) => ColumnType::Date,
        _ if all(|cell| cell.starts_with("http://") || cell.starts_with("https://")) => ColumnType::Address,
        _ => ColumnType::Text,
    }
}

fn is_gtin(cell: &str) -> bool {
    matches!(cell.len(), 8 | 12 | 13 | 14)
        && cell.bytes().all(|byte| byte.is_ascii_digit())
        && cell.parse::<u64>().is_ok_and(|number| Gtin::from_number(number).is_ok())
}

fn is_yes_or_no(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    YES.iter().chain(NO).any(|word| *word == lower)
}

fn is_amount(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let letters = cell.chars().filter(|letter| letter.is_alphabetic()).count();
    let other = |letter: char| !letter.is_alphanumeric() && !" .,'’-+%€$£¥\u{a0}\u{202f}".contains(letter);
    digits > 0
        && letters <= 3
        && !cell.contains(other)
        && cell.find(|letter: char| letter.is_alphabetic()).is_none_or(|place| place == 0 || place + 4 >= cell.len())
}

fn is_date(cell: &str) -> bool {
    let parts: Vec<&str> = cell.split([' ', 'T']).next().unwrap_or_default().split(['-', '/', '.']).collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn unit_of(cell: &str) -> Option<String> {
    let sign = cell.chars().find(|letter| "€$£¥%".contains(*letter));
    if let Some(sign) = sign {
        return Some(sign.to_string());
    }
    let letters: String = cell.chars().filter(|letter| letter.is_alphabetic()).collect();
    let has_digits = cell.bytes().any(|byte| byte.is_ascii_digit());
    (has_digits && (1..=3).contains(&letters.chars().count()) && is_amount(cell)).then_some(letters)
}

/// Words by which columns are called elsewhere, each with ours. The first column that fits gets it.
const WORDS: &[(&str, &[&str])] = &[
    (
        "sku",
        &[
            "sku",
            "artikelnr",
            "artikelnummer",
            "art nr",
            "article number",
            "item number",
            "item no",
            "item code",
            "product code",
            "part number",
            "référence",
            "reference",
            "codice articolo",
            "artikel nr",
            "artikelcode",
            "código",
            "nr artykułu",
            "id",
        ],
    ),
    (
        "gtin",
        &["gtin", "ean", "ean13", "ean code", "barcode", "upc", "isbn", "strichcode", "code barres", "codice a barre"],
    ),
    (
        "name",
        &[
            "name",
            "title",
            "bezeichnung",
            "artikelbezeichnung",
            "produktname",
            "beschreibung",
            "description",
            "designation",
            "désignation",
            "nom",
            "nombre",
            "nome",
            "descrizione",
            "omschrijving",
            "naam",
            "nazwa",
        ],
    ),
    (
        "price",
        &[
            "price",
            "preis",
            "verkaufspreis",
            "vk",
            "vk brutto",
            "vk preis",
            "selling price",
            "retail price",
            "prix",
            "prix de vente",
            "precio",
            "prezzo",
            "prijs",
            "verkoopprijs",
            "cena",
            "pris",
            "sales price",
            "unit price",
        ],
    ),
    (
        "cost",
        &[
            "cost",
            "ek",
            "einkaufspreis",
            "ek netto",
            "purchase price",
            "cost price",
            "prix d'achat",
            "prix achat",
            "costo",
            "coste",
            "inkoopprijs",
            "wholesale price",
            "einstandspreis",
        ],
    ),
    ("rrp", &["rrp", "uvp", "msrp", "srp", "list price", "listenpreis", "prix conseillé", "pvp"]),
    ("currency", &["currency", "währung", "waehrung", "devise", "moneda", "valuta", "waluta"]),
    (
        "brand",
        &[
            "brand",
            "marke",
            "hersteller",
            "manufacturer",
            "marque",
            "fabricant",
            "marca",
            "merk",
            "fabrikant",
            "vendor",
        ],
    ),
    ("mpn", &["mpn", "herstellernummer", "hersteller nr", "manufacturer part number", "modellnummer", "model"]),
    (
        "category",
        &[
            "category",
            "kategorie",
            "warengruppe",
            "catégorie",
            "categoría",
            "categoria",
            "categorie",
            "product group",
            "sortiment",
        ],
    ),
    ("supplier", &["supplier", "lieferant", "fournisseur", "proveedor", "fornitore", "leverancier"]),
    (
        "stock",
        &[
            "stock",
            "bestand",
            "lagerbestand",
            "lager",
            "quantity",
            "qty",
            "menge",
            "inventory",
            "voorraad",
            "giacenza",
            "existencias",
        ],
    ),
    ("vat_rate", &["vat", "vat rate", "mwst", "ust", "steuersatz", "tax rate", "tva", "iva", "btw"]),
    ("compare_at_price", &["compare at price", "was price", "streichpreis", "old price", "alter preis", "prix barré"]),
    ("min_price", &["min price", "minimum price", "mindestpreis", "floor"]),
    ("max_price", &["max price", "maximum price", "höchstpreis", "ceiling"]),
    ("date", &["date", "datum", "day", "tag", "fecha", "data"]),
    ("observed_at", &["observed at", "date", "datum", "checked", "timestamp", "zeitpunkt", "last checked"]),
    ("units", &["units", "menge", "quantity", "qty", "stück", "absatz", "sold", "verkauft"]),
    ("net_revenue", &["net revenue", "umsatz", "umsatz netto", "revenue", "turnover"]),
    ("competitor", &["competitor", "wettbewerber", "site", "shop", "händler", "website", "retailer"]),
    ("url", &["url", "link", "address", "adresse"]),
    ("price_list", &["price list", "preisliste", "channel", "kanal", "store", "filiale"]),
    ("valid_from", &["valid from", "gültig ab", "from", "von", "ab"]),
    ("valid_to", &["valid to", "gültig bis", "to", "bis", "until"]),
];

/// Whether a column of ours is called so somewhere.
pub(crate) fn is_known_word(name: &str) -> bool {
    let name = plain(name);
    WORDS.iter().any(|(_, words)| words.contains(&name.as_str()))
}

fn suggest(kind: FileKind, header: &Header, shapes: &mut [ColumnShape]) {
    for spec in columns(kind) {
        let words = WORDS.iter().find(|(own, _)| *own == spec.name).map_or(&[][..], |(_, words)| words);
        let own = [spec.name];
        let place = header.find(&own).or_else(|| {
            words.iter().find_map(|word| {
                header.names().iter().position(|name| {
                    // `Preis (EUR)` and `Preis in €` are prices too.
                    let name = plain(&name.replace(['(', ')', '€', '.', ':', '-'], " "));
                    name == *word
                        || name.strip_prefix(word).is_some_and(|rest| {
                            matches!(rest.trim(), "eur" | "in" | "in eur" | "brutto" | "netto" | "gbp" | "usd")
                        })
                })
            })
        });
        if let Some(place) = place.filter(|place| shapes[*place].suggested.is_none()) {
            shapes[place].suggested = Some(spec.name);
        }
    }
}
