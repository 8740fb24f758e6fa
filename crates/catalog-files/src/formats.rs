//! Which program wrote a file: every format is known by its first line, and says where our columns come from.

mod competitors;
mod erp;
mod google;
mod magento;
mod prestashop;
mod rates;
mod shopify;
mod woocommerce;

use pricing_domain::{FileFormat, FileKind, Problem};

use crate::columns::count_known;
use crate::headings;
use crate::kinds::columns;
use crate::layouts::{Header, Layout};
use crate::problems::{file_problem, shorten};
use crate::profiles::{Profile, fingerprint};
use crate::reader::ReadOptions;
use crate::rows::products::is_web_address;
use crate::vocabulary::tells_other_kind;

/// The first rows of a file, from which formats without fixed names are known.
pub(crate) struct Beginning {
    pub(crate) header: Header,
    /// Cells of the first rows.
    pub(crate) rows: Vec<Vec<String>>,
    /// Whether rows may leave out what is known of their product.
    pub(crate) is_partial: bool,
}

type Find = fn(&Beginning) -> Option<Layout>;

/// A product that the shop says it sells.
const SOLD: &str = "active";
/// A product that the shop does not show: a draft, an archived one, one switched off.
const ENDED: &str = "ended";

/// Whether a cell states no price: it is empty, or zero as shops write it for what is sold by its parts.
fn is_no_price(cell: &str) -> bool {
    cell.chars().all(|letter| matches!(letter, '0' | '.' | ','))
}

/// The first address in a cell that lists pictures, divided by commas; a path within a shop is none.
pub(crate) fn first_picture(cells: &[&str]) -> String {
    let text = cells[0];
    let begins_another = |(comma, _): &(usize, &str)| text[comma + 1..].trim_start().starts_with("http");
    let end = text.match_indices(',').find(begins_another).map_or(text.len(), |(comma, _)| comma);
    let first = text[..end].trim().trim_end_matches(',');
    if is_web_address(first) { first.to_owned() } else { String::new() }
}

/// From the most telling first line to the least.
const FINDERS: &[Find] = &[
    rates::find,
    shopify::find,
    shopify::find_market_prices,
    woocommerce::find,
    prestashop::find,
    magento::find_tier_prices,
    magento::find,
    erp::find_erpnext,
    erp::find_odoo,
    competitors::find_prisync,
    competitors::find_price2spy,
    competitors::find_wiser,
    google::find,
];

/// Names by which the delimiter of an unknown file is told.
pub(crate) const TELLING_NAMES: &[&str] = &[
    "id",
    "title",
    "price",
    "availability",
    "handle",
    "url handle",
    "variant price",
    "variant sku",
    "vendor",
    "sku",
    "type",
    "published",
    "sale price",
    "regular price",
    "categories",
    "product id",
    "price tax excluded",
    "ean13",
    "reference #",
    "store view code",
    "product type",
    "special price",
    "item code",
    "price list rate",
    "uom",
    "fixed price",
    "applied on",
    "date",
    "usd",
    "jpy",
    "product code",
    "site",
    "ean",
    "gtin",
    "name",
    "brand",
];

/// Finds the layout of a file: what was declared, then a saved profile, then a format's own first line, then ours.
pub(crate) fn find_layout(
    kind: Option<FileKind>,
    beginning: &Beginning,
    options: &ReadOptions,
) -> Result<Layout, Problem> {
    let mut layout = find_full_layout(kind, beginning, options)?;
    if layout.kind == FileKind::Products && layout.says_more_than("sku") {
        layout.partial = options.partial;
    }
    Ok(layout)
}

fn find_full_layout(kind: Option<FileKind>, beginning: &Beginning, options: &ReadOptions) -> Result<Layout, Problem> {
    if !options.mapping.is_empty() {
        let profile = Profile { kind: kind.unwrap_or(FileKind::Products), ..Profile::of_mapping(&options.mapping) };
        return profile.layout(&beginning.header);
    }
    let print = fingerprint(beginning.header.names());
    let mut saved = options.profiles.iter().filter(|profile| profile.fingerprint == print);
    // The same columns may be saved for several kinds; products come first where nobody says which.
    let profile = match kind {
        Some(kind) => saved.find(|profile| profile.kind == kind),
        None => saved.min_by_key(|profile| profile.kind != FileKind::Products),
    };
    if let Some(profile) = profile {
        return profile.layout(&beginning.header);
    }
    let found = FINDERS
        .iter()
        .filter_map(|find| find(beginning))
        .find(|layout| kind.is_none_or(|kind| kind == layout.kind) && format_fits(layout.format, options));
    let header = &beginning.header;
    // Our own names decide only where they say everything themselves: shops have some of them too.
    if format_fits(FileFormat::Own, options) {
        let own = match (kind, &found) {
            (Some(kind), _) => is_complete(kind, header, &ReadOptions::default()).then_some(kind),
            (None, None) => detect_own(header, options)?,
            (None, Some(_)) => detect_own(header, &ReadOptions::default())?.filter(|kind| knows_all(*kind, header)),
        };
        if let Some(kind) = own {
            return Ok(own_layout(kind, beginning));
        }
    }
    match (found, kind) {
        (Some(found), _) => Ok(found),
        (None, Some(kind)) if format_fits(FileFormat::Own, options) => Ok(own_layout(kind, beginning)),
        (None, None) if format_fits(FileFormat::Own, options) => {
            catalogue(beginning, options).ok_or_else(|| unknown(header, options))
        }
        _ => Err(unknown(header, options)),
    }
}

/// A catalogue by its headings, or a part of what is known of products. Anything that tells of other rows (a competitor,
/// a day, a quantity sold) leaves the question to a person.
fn catalogue(beginning: &Beginning, options: &ReadOptions) -> Option<Layout> {
    let header = &beginning.header;
    if header.names().iter().any(|name| tells_other_kind(name)) {
        return None;
    }
    let layout = own_layout(FileKind::Products, beginning);
    let is_full = ["sku", "name", "price"].iter().all(|own| layout.fills(own));
    // Of a part nothing is overlooked.
    let is_part = options.partial.is_some()
        && layout.fills("sku")
        && layout.says_more_than("sku")
        && (header.names().iter().enumerate()).all(|(place, name)| name.is_empty() || layout.uses(place));
    (is_full || is_part).then_some(layout)
}

fn format_fits(format: FileFormat, options: &ReadOptions) -> bool {
    options.format.is_none_or(|declared| declared == format)
}

fn unknown(header: &Header, options: &ReadOptions) -> Problem {
    // A file that is no table has a first line of any length.
    const NAMED: usize = 40;
    let names = header.names();
    let mut found = names.iter().take(NAMED).map(|name| shorten(name)).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        found.push_str(&format!(" and {} more", names.len() - NAMED));
    }
    let reason = match options.format {
        Some(format) => format!("The first line is not that of a {format} file. The columns found are: {found}."),
        None => format!(
            "The first line belongs to no known format. The columns found are: {found}. Say which is which \
             (--map \"{}\"), or rename them.",
            proposed_mapping(header)
        ),
    };
    file_problem("", &found, reason)
}

/// What a person may state, with the headings that seem to mean it.
fn proposed_mapping(header: &Header) -> String {
    let theirs = |own: &str| {
        let named = header.names().iter().filter(|name| name.chars().count() < 40 && !name.contains([',', '=', '"']));
        let meant = named.filter_map(|name| Some((name, headings::Heading::of(FileKind::Products, name)?)));
        let best = meant.filter(|(_, meant)| meant.own == own).min_by_key(|(_, meant)| meant.sureness);
        best.map_or("…", |(name, _)| name.as_str())
    };
    ["sku", "name", "price"].map(|own| format!("{own}={}", theirs(own))).join(",")
}

/// Our own columns by their names, and by what the trade calls them.
pub(crate) fn own_layout(kind: FileKind, beginning: &Beginning) -> Layout {
    let header = &beginning.header;
    let mut layout = Layout::new(FileFormat::Own, kind);
    let handed_over = takes_new_prices(kind) && is_handed_over(header);
    layout = layout.attributes(header);
    for spec in columns(kind) {
        let name = if handed_over && spec.name == "price" { NEW_PRICE } else { spec.name };
        layout = layout.copy(spec.name, header, &[name, &name.replace('_', "-")]);
    }
    if handed_over {
        layout.knows(header, &["old_price", "rule", "reason", "approved_by", "approved_at"])
    } else {
        headings::fill(layout, beginning)
    }
}

/// The column of the project's own export that holds the price to set.
const NEW_PRICE: &str = "new_price";

/// Whether it is the project's own export of approved prices: its new prices are prices, and its reasons lock nothing.
pub(crate) fn is_handed_over(header: &Header) -> bool {
    header.has(NEW_PRICE) && !header.has("price")
}

const fn takes_new_prices(kind: FileKind) -> bool {
    matches!(kind, FileKind::Prices | FileKind::Products)
}

/// Whether everything that must be there is there, or is stated for the whole file.
fn is_complete(kind: FileKind, header: &Header, options: &ReadOptions) -> bool {
    let stated = |name: &str| match name {
        "currency" => options.currency.or(options.usual_currency).is_some(),
        "observed_at" => options.observed_at.is_some(),
        "price" => takes_new_prices(kind) && is_handed_over(header),
        _ => false,
    };
    columns(kind).iter().filter(|spec| spec.is_mandatory()).all(|spec| header.has(spec.name) || stated(spec.name))
}

fn knows_all(kind: FileKind, header: &Header) -> bool {
    let named = || header.names().iter().map(String::as_str).filter(|name| !name.is_empty());
    count_known(kind, named()) == named().count()
}

/// The kind of ours that knows the most of these columns.
fn detect_own(header: &Header, options: &ReadOptions) -> Result<Option<FileKind>, Problem> {
    let known = |kind: FileKind| count_known(kind, header.names().iter().map(String::as_str));
    let score = |kind: FileKind| {
        let needed = columns(kind).iter().filter(|spec| spec.is_mandatory() && header.has(spec.name)).count();
        (known(kind), needed)
    };
    let mut fitting: Vec<FileKind> =
        FileKind::ALL.iter().copied().filter(|kind| is_complete(*kind, header, options)).collect();
    // Old and new prices are changes of prices: their reasons are no reasons of locks.
    fitting.retain(|kind| *kind != FileKind::Locks || !(header.has(NEW_PRICE) || header.has("old_price")));
    let Some(best) = fitting.iter().map(|kind| score(*kind)).max() else { return Ok(None) };
    fitting.retain(|kind| score(*kind) == best);
    match fitting.as_slice() {
        [kind] => Ok(Some(*kind)),
        several => {
            let names: Vec<&str> = several.iter().map(|kind| kind.as_str()).collect();
            let reason = format!("The columns fit several kinds of rows: {}. Say which it is.", names.join(", "));
            Err(file_problem("", &names.join(", "), reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Header, ReadOptions, unknown};

    #[test]
    fn columns_of_any_number_and_length_are_named_in_a_few_words() {
        let names: Vec<String> = (0..1_000).map(|number| format!("{number}{}", "<item>".repeat(500))).collect();
        let problem = unknown(&Header::new(names.iter().map(String::as_str)), &ReadOptions::default());
        assert!(problem.reason.len() < 5_000 && problem.reason.contains(" and 960 more"), "{}", problem.reason);
    }
}
