//! Names that a call uses, found among the workspace's own.

use pricing_domain::{GridFilter, GridFilter as Filter};
use pricing_rules::{Dictionary, Snapshot};
use question_grammar::Scope;

use super::arguments::Arguments;
use crate::plain_text::quoted;

/// Names offered when one is not found.
const OFFERED: usize = 8;

/// The products that a call is about.
pub(crate) fn scope(snapshot: &Snapshot, arguments: &Arguments) -> Result<Scope, String> {
    let mut filters: Vec<GridFilter> = Vec::new();
    if let Some(name) = arguments.text("brand") {
        filters.push(Filter::Brand(named("brand", name, &texts(&snapshot.brands))?));
    }
    if let Some(name) = arguments.text("category") {
        filters.push(Filter::Category(category(name, snapshot)?));
    }
    if let Some(name) = arguments.text("supplier") {
        filters.push(Filter::Supplier(named("supplier", name, &texts(&snapshot.suppliers))?));
    }
    if let Some(name) = arguments.text("tag") {
        let mut tags: Vec<&str> = texts(&snapshot.tag_sets).iter().flat_map(|set| set.split('\u{1f}')).collect();
        tags.sort_unstable();
        tags.dedup();
        filters.push(Filter::Tag(named("tag", name, &tags)?));
    }
    let search = arguments.text("search").unwrap_or_default();
    Ok(Scope { filters, search: search.split_whitespace().map(str::to_owned).collect() })
}

/// A competitor by its name.
pub(crate) fn competitor(snapshot: &Snapshot, arguments: &Arguments) -> Result<Option<String>, String> {
    let Some(name) = arguments.text("competitor") else { return Ok(None) };
    let names: Vec<&str> = snapshot.competitors.iter().map(|one| one.name.as_str()).collect();
    named("competitor", name, &names).map(Some)
}

/// An article number of the workspace.
pub(crate) fn sku(snapshot: &Snapshot, arguments: &Arguments) -> Result<String, String> {
    let given = arguments.text("sku").unwrap_or_default();
    match snapshot.row_of_sku(given) {
        Some(row) => Ok(snapshot.products.sku.get(row as usize).to_owned()),
        None => Err(format!("No product of this workspace has the article number “{given}”.")),
    }
}

fn texts(dictionary: &Dictionary) -> Vec<&str> {
    dictionary.texts().filter(|text| !text.is_empty()).collect()
}

fn named(what: &str, given: &str, names: &[&str]) -> Result<String, String> {
    let wanted = given.to_lowercase();
    match names.iter().find(|name| name.to_lowercase() == wanted) {
        Some(name) => Ok((*name).to_owned()),
        None => Err(missing(what, given, names)),
    }
}

/// A path, or any of its levels by name.
fn category(given: &str, snapshot: &Snapshot) -> Result<String, String> {
    let wanted = given.to_lowercase().replace(" / ", " > ");
    let mut fits: Vec<String> = Vec::new();
    let paths = texts(&snapshot.categories);
    for path in &paths {
        let levels: Vec<&str> = path.split(" > ").collect();
        for depth in 1..=levels.len() {
            let upper = levels[..depth].join(" > ");
            let is = upper.to_lowercase() == wanted || levels[depth - 1].to_lowercase() == wanted;
            if is && !fits.contains(&upper) {
                fits.push(upper);
            }
        }
    }
    match fits.as_slice() {
        [] => Err(missing("category", given, &paths)),
        [only] => Ok(only.clone()),
        several => {
            Err(format!("“{given}” may be: {}. Name one by its path.", listed(several.iter().map(String::as_str))))
        }
    }
}

/// Names from files, quoted as data.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(quoted).collect::<Vec<_>>().join("; ")
}

fn missing(what: &str, given: &str, names: &[&str]) -> String {
    let start: String = given.to_lowercase().chars().take(3).collect();
    let alike: Vec<&str> =
        names.iter().copied().filter(|name| name.to_lowercase().contains(&start)).take(OFFERED).collect();
    let offered = if alike.is_empty() { names.iter().copied().take(OFFERED).collect() } else { alike };
    if offered.is_empty() {
        return format!("This workspace has no {what}.");
    }
    format!("This workspace has no {what} “{given}”. It has, among others: {}.", listed(offered.into_iter()))
}
