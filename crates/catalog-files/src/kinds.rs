//! The columns of each kind of file.

use pricing_domain::FileKind;

use crate::columns::ColumnSpec;
use crate::rows;

/// The names of the columns in their usual order; those that must be there are marked `true`.
pub fn column_names(kind: FileKind) -> impl Iterator<Item = (&'static str, bool)> {
    columns(kind).iter().map(|spec| (spec.name, spec.is_mandatory()))
}

/// Whether rows of a kind carry free attributes.
pub(crate) const fn takes_attributes(kind: FileKind) -> bool {
    matches!(kind, FileKind::Products)
}

pub(crate) const fn columns(kind: FileKind) -> &'static [ColumnSpec] {
    match kind {
        FileKind::Products => rows::products::COLUMNS,
        FileKind::Prices => rows::prices::COLUMNS,
        FileKind::Costs => rows::costs::COLUMNS,
        FileKind::PriceHistory => rows::price_history::COLUMNS,
        FileKind::Promotions => rows::promotions::COLUMNS,
        FileKind::Locks => rows::locks::COLUMNS,
        FileKind::Matches => rows::matches::COLUMNS,
        FileKind::Observations => rows::observations::COLUMNS,
        FileKind::Sales => rows::sales::COLUMNS,
        FileKind::Stock => rows::stock::COLUMNS,
        FileKind::Rates => rows::rates::COLUMNS,
    }
}
