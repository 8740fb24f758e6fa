//! Strategies by key: what each begins with, and what it is called.

use pricing_domain::{
    Adjustment, AgeSince, BasisPoints, CompetitorReference, CoverBand, MarkdownBase, MarkdownStep, OfferPolicy,
    Strategy, TableBand,
};

/// Kinds of strategies: key and words.
pub const KINDS: [(&str, &str); 11] = [
    ("keep", "Keep the price"),
    ("competitor", "Follow competitors"),
    ("margin", "Cost plus a margin"),
    ("markup", "Cost plus a markup"),
    ("rrp", "Recommended price"),
    ("formula", "A formula"),
    ("follow", "Another list's or product's price"),
    ("index", "A price index against competitors"),
    ("cover", "Move by stock cover"),
    ("markdown", "Mark down by age"),
    ("table", "A decision table"),
];

/// Which competitor price is followed: key and words.
pub const REFERENCES: [(&str, &str); 7] = [
    ("lowest", "the lowest"),
    ("highest", "the highest"),
    ("nth", "the n-th from below"),
    ("average", "the average"),
    ("median", "the median"),
    ("named", "named ones, in order of preference"),
    ("weighted", "named ones, by weight"),
];

/// How far from a reference: key and words.
pub const DISTANCES: [(&str, &str); 3] = [("none", "exactly"), ("percent", "percent"), ("amount", "amount")];

/// The key of a strategy.
pub const fn kind(strategy: &Strategy) -> &'static str {
    match strategy {
        Strategy::Keep => "keep",
        Strategy::Competitor { .. } => "competitor",
        Strategy::CostPlusMargin { .. } => "margin",
        Strategy::CostPlusMarkup { .. } => "markup",
        Strategy::RecommendedPrice { .. } => "rrp",
        Strategy::Formula(_) => "formula",
        Strategy::Follow { .. } => "follow",
        Strategy::IndexTarget { .. } => "index",
        Strategy::StockCover { .. } => "cover",
        Strategy::Markdown { .. } => "markdown",
        Strategy::Table { .. } | Strategy::TwoWayTable(_) => "table",
    }
}

/// What a kind begins with.
pub fn beginning(kind: &str) -> Strategy {
    match kind {
        "competitor" => Strategy::Competitor {
            reference: CompetitorReference::Lowest,
            adjust: Adjustment::None,
            offers: OfferPolicy::default(),
        },
        "margin" => Strategy::CostPlusMargin { margin: BasisPoints(2_500) },
        "markup" => Strategy::CostPlusMarkup { markup: BasisPoints(4_000) },
        "rrp" => Strategy::RecommendedPrice { adjust: Adjustment::None },
        "formula" => Strategy::Formula("min(comp.lowest, cost * 1.35)".to_owned()),
        "follow" => Strategy::Follow { list: None, product: None, adjust: Adjustment::None },
        "index" => Strategy::IndexTarget {
            reference: CompetitorReference::Average,
            index: BasisPoints(10_000),
            by_category: Vec::new(),
            offers: OfferPolicy::default(),
        },
        "cover" => Strategy::StockCover { bands: vec![CoverBand { from_days: 60, change: BasisPoints(-500) }] },
        "markdown" => Strategy::Markdown {
            since: AgeSince::Listed,
            base: MarkdownBase::RecommendedPrice,
            steps: vec![MarkdownStep { after_days: 30, off: BasisPoints(1_000) }],
        },
        "table" => Strategy::Table {
            of: "comp.count".to_owned(),
            bands: vec![
                TableBand { from: None, price: "price".to_owned() },
                TableBand { from: Some("2".to_owned()), price: "comp.average".to_owned() },
            ],
        },
        _ => Strategy::Keep,
    }
}

/// The key of a reference.
pub const fn reference_kind(reference: &CompetitorReference) -> &'static str {
    match reference {
        CompetitorReference::Lowest => "lowest",
        CompetitorReference::Highest => "highest",
        CompetitorReference::Weighted(_) => "weighted",
        CompetitorReference::Nth(_) => "nth",
        CompetitorReference::Average => "average",
        CompetitorReference::Median => "median",
        CompetitorReference::Named(_) => "named",
    }
}

/// What a reference begins with.
pub fn reference_beginning(kind: &str) -> CompetitorReference {
    match kind {
        "highest" => CompetitorReference::Highest,
        "weighted" => CompetitorReference::Weighted(Vec::new()),
        "nth" => CompetitorReference::Nth(2),
        "average" => CompetitorReference::Average,
        "median" => CompetitorReference::Median,
        "named" => CompetitorReference::Named(Vec::new()),
        _ => CompetitorReference::Lowest,
    }
}

/// The key of a distance.
pub const fn distance_kind(adjust: &Adjustment) -> &'static str {
    match adjust {
        Adjustment::None => "none",
        Adjustment::Percent(_) => "percent",
        Adjustment::AmountMinor(_) => "amount",
    }
}

/// What a distance begins with.
pub const fn distance_beginning(kind: &str) -> Adjustment {
    match kind.as_bytes() {
        b"percent" => Adjustment::Percent(BasisPoints(-100)),
        b"amount" => Adjustment::AmountMinor(-1),
        _ => Adjustment::None,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        DISTANCES, KINDS, REFERENCES, beginning, distance_beginning, distance_kind, kind, reference_beginning,
        reference_kind,
    };

    #[test]
    fn what_a_choice_begins_with_is_of_that_choice() {
        for (key, _) in KINDS {
            assert_eq!(kind(&beginning(key)), key);
        }
        for (key, _) in REFERENCES {
            assert_eq!(reference_kind(&reference_beginning(key)), key);
        }
        for (key, _) in DISTANCES {
            assert_eq!(distance_kind(&distance_beginning(key)), key);
        }
    }
}
