//! Filters in words for people.

use pricing_domain::{ElasticityGrade, GridFilter, Lifecycle, Role};

use crate::words;

/// Filters that need a word: their name as text and for people, and an example where the word has a form of its own.
pub const WORDED: [(&str, &str, &str); 6] = [
    ("brand", "Brand", ""),
    ("category", "Category or above", ""),
    ("supplier", "Supplier", ""),
    ("family", "Family", ""),
    ("tag", "Tag", ""),
    ("attribute", "Attribute", "material=steel"),
];

/// Every filter that needs no further word, in the order in which they are offered.
pub fn offered() -> impl Iterator<Item = GridFilter> {
    let roles = Role::ALL.iter().map(|role| GridFilter::Role(*role));
    let stages = Lifecycle::ALL.iter().map(|stage| GridFilter::Lifecycle(*stage));
    // Nothing is assumed of a product in the grid.
    let grades = ElasticityGrade::ALL.iter().filter(|grade| **grade != ElasticityGrade::Default);
    GridFilter::PLAIN.into_iter().chain(roles).chain(stages).chain(grades.map(|grade| GridFilter::Demand(*grade)))
}

/// A filter in words.
pub fn title(filter: &GridFilter) -> String {
    match filter {
        GridFilter::Brand(brand) => format!("Brand: {brand}"),
        GridFilter::Category(category) => format!("Category: {category}"),
        GridFilter::Family(family) => format!("Family: {family}"),
        GridFilter::Tag(tag) => format!("Tag: {tag}"),
        GridFilter::Attribute { name, text } => format!("{name}: {text}"),
        GridFilter::Role(role) => format!("Role: {}", words::role(*role)),
        GridFilter::Supplier(supplier) => format!("Supplier: {supplier}"),
        GridFilter::Lifecycle(stage) => format!("Stage: {}", words::lifecycle(*stage)),
        GridFilter::KeyValue => "Key-value item".into(),
        GridFilter::OwnBrand => "Own brand".into(),
        GridFilter::NoPrice => "No price".into(),
        GridFilter::BelowCost => "Below cost".into(),
        GridFilter::NoCost => "No cost".into(),
        GridFilter::NoOffers => "No competitor price".into(),
        GridFilter::HasOffers => "With competitor price".into(),
        GridFilter::Locked => "Price locked".into(),
        GridFilter::OnPromotion => "On promotion".into(),
        GridFilter::PendingProposal => "Proposal waits".into(),
        GridFilter::NeedsDecision => "Needs a decision".into(),
        GridFilter::OutOfStock => "Out of stock".into(),
        GridFilter::DearerThanLowest => "Dearer than lowest".into(),
        GridFilter::LowestOrEqual => "Lowest or equal".into(),
        GridFilter::Demand(grade) => format!("Demand: {}", grade.title()),
        GridFilter::Inelastic => "Inelastic demand".into(),
    }
}
