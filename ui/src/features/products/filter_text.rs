//! Filters as text for addresses, and in words for people.

use std::str::FromStr;

use pricing_domain::{GridFilter, Lifecycle, Role};

use crate::words;

/// Filters that need no further word, in the order in which they are offered.
pub const PLAIN: [GridFilter; 14] = [
    GridFilter::NeedsDecision,
    GridFilter::PendingProposal,
    GridFilter::DearerThanLowest,
    GridFilter::LowestOrEqual,
    GridFilter::BelowCost,
    GridFilter::NoCost,
    GridFilter::NoPrice,
    GridFilter::NoOffers,
    GridFilter::HasOffers,
    GridFilter::KeyValue,
    GridFilter::OwnBrand,
    GridFilter::OnPromotion,
    GridFilter::Locked,
    GridFilter::OutOfStock,
];

/// A filter as text.
pub fn text_of(filter: &GridFilter) -> String {
    match filter {
        GridFilter::Brand(brand) => format!("brand:{brand}"),
        GridFilter::Category(category) => format!("category:{category}"),
        GridFilter::Family(family) => format!("family:{family}"),
        GridFilter::Tag(tag) => format!("tag:{tag}"),
        GridFilter::Supplier(supplier) => format!("supplier:{supplier}"),
        GridFilter::Role(role) => format!("role:{role}"),
        GridFilter::Lifecycle(stage) => format!("stage:{stage}"),
        plain => plain_text(plain).to_owned(),
    }
}

/// The filter of a text. `None`: there is no such filter.
pub fn filter_of(text: &str) -> Option<GridFilter> {
    match text.split_once(':') {
        Some((_, "")) => None,
        Some(("brand", brand)) => Some(GridFilter::Brand(brand.to_owned())),
        Some(("category", category)) => Some(GridFilter::Category(category.to_owned())),
        Some(("family", family)) => Some(GridFilter::Family(family.to_owned())),
        Some(("tag", tag)) => Some(GridFilter::Tag(tag.to_owned())),
        Some(("supplier", supplier)) => Some(GridFilter::Supplier(supplier.to_owned())),
        Some(("stage", stage)) => Lifecycle::from_str(stage).ok().map(GridFilter::Lifecycle),
        Some(("role", role)) => Role::from_str(role).ok().map(GridFilter::Role),
        _ => PLAIN.iter().find(|plain| plain_text(plain) == text).cloned(),
    }
}

/// A filter in words.
pub fn title(filter: &GridFilter) -> String {
    match filter {
        GridFilter::Brand(brand) => format!("Brand: {brand}"),
        GridFilter::Category(category) => format!("Category: {category}"),
        GridFilter::Family(family) => format!("Family: {family}"),
        GridFilter::Tag(tag) => format!("Tag: {tag}"),
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
    }
}

fn plain_text(filter: &GridFilter) -> &'static str {
    match filter {
        GridFilter::KeyValue => "key_value",
        GridFilter::OwnBrand => "own_brand",
        GridFilter::NoPrice => "no_price",
        GridFilter::BelowCost => "below_cost",
        GridFilter::NoCost => "no_cost",
        GridFilter::NoOffers => "no_offers",
        GridFilter::HasOffers => "has_offers",
        GridFilter::Locked => "locked",
        GridFilter::OnPromotion => "on_promotion",
        GridFilter::PendingProposal => "pending_proposal",
        GridFilter::NeedsDecision => "needs_decision",
        GridFilter::OutOfStock => "out_of_stock",
        GridFilter::DearerThanLowest => "dearer_than_lowest",
        GridFilter::LowestOrEqual => "lowest_or_equal",
        GridFilter::Brand(_)
        | GridFilter::Category(_)
        | GridFilter::Family(_)
        | GridFilter::Supplier(_)
        | GridFilter::Lifecycle(_)
        | GridFilter::Role(_)
        | GridFilter::Tag(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{PLAIN, filter_of, text_of};

    #[test]
    fn every_plain_filter_survives_its_text() {
        for filter in PLAIN {
            assert_eq!(filter_of(&text_of(&filter)), Some(filter));
        }
    }
}
