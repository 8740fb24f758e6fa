//! Questions to the product grid: filters, columns and order, with one spelling from the interface to the snapshot.

use std::fmt::{Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::attributes::attribute_name;
use crate::demand::ElasticityGrade;
use crate::products::{Lifecycle, Role};
use crate::text_enum::text_enum;

text_enum! {
    /// A column of the product grid that can be sorted by.
    #[derive(Default)]
    GridColumn {
        /// Article number.
        #[default]
        Sku = "sku",
        /// Name.
        Name = "name",
        /// Brand.
        Brand = "brand",
        /// Category.
        Category = "category",
        /// Role.
        Role = "role",
        /// Our price.
        Price = "price",
        /// Our cost.
        Cost = "cost",
        /// Margin of the net price.
        Margin = "margin",
        /// Lowest usable offer.
        Lowest = "lowest",
        /// Own price ÷ lowest offer − 1.
        Gap = "gap",
        /// Number of usable offers.
        Offers = "offers",
        /// Pieces in stock.
        Stock = "stock",
        /// Units sold in 28 days.
        Units = "units",
        /// How units answer the price: the elasticity, the strongest answer first.
        Demand = "demand",
    }
}

/// Order of the grid; missing values come last either way, ties by SKU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GridSort {
    /// By which column.
    pub column: GridColumn,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
}

/// One filter of the grid; several must all hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridFilter {
    /// This brand.
    Brand(String),
    /// This category or one below it.
    Category(String),
    /// This family.
    Family(String),
    /// This supplier.
    Supplier(String),
    /// This role.
    Role(Role),
    /// In this stage of life.
    Lifecycle(Lifecycle),
    /// Carries this tag.
    Tag(String),
    /// Has this text as a free attribute.
    Attribute {
        /// The attribute's name as it is kept.
        name: String,
        /// Its text; case does not matter.
        text: String,
    },
    /// Carries the key-value flag.
    KeyValue,
    /// Is an own brand.
    OwnBrand,
    /// No price on the list.
    NoPrice,
    /// Net price below cost.
    BelowCost,
    /// No cost known.
    NoCost,
    /// No usable offer.
    NoOffers,
    /// At least one usable offer.
    HasOffers,
    /// Under a price lock.
    Locked,
    /// In a running promotion.
    OnPromotion,
    /// Has a proposal that waits.
    PendingProposal,
    /// Has an exception that waits.
    NeedsDecision,
    /// Nothing in stock.
    OutOfStock,
    /// Above the lowest usable offer.
    DearerThanLowest,
    /// At or below the lowest usable offer.
    LowestOrEqual,
    /// What is known of its demand rests on this.
    Demand(ElasticityGrade),
    /// Its demand is inelastic: an elasticity of −1 or above.
    Inelastic,
}

impl GridFilter {
    /// Whether it asks for what the sales say of demand, which is fitted for that.
    pub const fn is_of_demand(&self) -> bool {
        matches!(self, Self::Demand(_) | Self::Inelastic)
    }

    /// Filters that need no further word, in the order in which they are offered.
    pub const PLAIN: [Self; 15] = [
        Self::NeedsDecision,
        Self::PendingProposal,
        Self::DearerThanLowest,
        Self::LowestOrEqual,
        Self::BelowCost,
        Self::NoCost,
        Self::NoPrice,
        Self::NoOffers,
        Self::HasOffers,
        Self::KeyValue,
        Self::OwnBrand,
        Self::OnPromotion,
        Self::Locked,
        Self::OutOfStock,
        Self::Inelastic,
    ];

    const fn plain_text(&self) -> &'static str {
        match self {
            Self::KeyValue => "key_value",
            Self::OwnBrand => "own_brand",
            Self::NoPrice => "no_price",
            Self::BelowCost => "below_cost",
            Self::NoCost => "no_cost",
            Self::NoOffers => "no_offers",
            Self::HasOffers => "has_offers",
            Self::Locked => "locked",
            Self::OnPromotion => "on_promotion",
            Self::PendingProposal => "pending_proposal",
            Self::NeedsDecision => "needs_decision",
            Self::OutOfStock => "out_of_stock",
            Self::DearerThanLowest => "dearer_than_lowest",
            Self::LowestOrEqual => "lowest_or_equal",
            Self::Inelastic => "inelastic",
            Self::Brand(_)
            | Self::Category(_)
            | Self::Family(_)
            | Self::Supplier(_)
            | Self::Lifecycle(_)
            | Self::Role(_)
            | Self::Demand(_)
            | Self::Tag(_)
            | Self::Attribute { .. } => "",
        }
    }
}

/// As addresses and the command line write it: `below_cost`, `brand:Drosva`.
impl Display for GridFilter {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Brand(brand) => write!(formatter, "brand:{brand}"),
            Self::Category(category) => write!(formatter, "category:{category}"),
            Self::Family(family) => write!(formatter, "family:{family}"),
            Self::Tag(tag) => write!(formatter, "tag:{tag}"),
            Self::Attribute { name, text } => write!(formatter, "attribute:{name}={text}"),
            Self::Supplier(supplier) => write!(formatter, "supplier:{supplier}"),
            Self::Role(role) => write!(formatter, "role:{role}"),
            Self::Lifecycle(stage) => write!(formatter, "stage:{stage}"),
            Self::Demand(grade) => write!(formatter, "demand:{grade}"),
            plain => formatter.write_str(plain.plain_text()),
        }
    }
}

/// There is no filter of this text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownFilter;

impl Display for UnknownFilter {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        let plain: Vec<&str> = GridFilter::PLAIN.iter().map(GridFilter::plain_text).collect();
        write!(
            formatter,
            "there is no such filter; there are {}, and brand:, category:, family:, tag:, supplier:, role: and stage: \
             with a name, demand: with a grade ({}), and attribute:NAME=TEXT",
            plain.join(", "),
            ElasticityGrade::ALL.iter().map(|grade| grade.as_str()).collect::<Vec<_>>().join(", ")
        )
    }
}

impl std::error::Error for UnknownFilter {}

impl FromStr for GridFilter {
    type Err = UnknownFilter;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = match text.split_once(':') {
            Some((_, "")) => None,
            Some(("brand", brand)) => Some(Self::Brand(brand.to_owned())),
            Some(("category", category)) => Some(Self::Category(category.to_owned())),
            Some(("family", family)) => Some(Self::Family(family.to_owned())),
            Some(("tag", tag)) => Some(Self::Tag(tag.to_owned())),
            Some(("attribute", stated)) => stated.split_once('=').and_then(|(name, text)| {
                let (name, text) = (attribute_name(name)?, text.trim());
                (!text.is_empty()).then(|| Self::Attribute { name, text: text.to_owned() })
            }),
            Some(("supplier", supplier)) => Some(Self::Supplier(supplier.to_owned())),
            Some(("stage", stage)) => Lifecycle::from_str(stage).ok().map(Self::Lifecycle),
            Some(("role", role)) => Role::from_str(role).ok().map(Self::Role),
            Some(("demand", grade)) => ElasticityGrade::from_str(grade).ok().map(Self::Demand),
            _ => Self::PLAIN.into_iter().find(|plain| plain.plain_text() == text),
        };
        named.ok_or(UnknownFilter)
    }
}

#[cfg(test)]
mod tests {
    use super::GridFilter;
    use crate::demand::ElasticityGrade;
    use crate::products::Role;

    #[test]
    fn a_filter_survives_its_text() {
        let named = [GridFilter::Brand("A:B".into()), GridFilter::Role(Role::Tail), GridFilter::Tag("x y".into())];
        let grades = ElasticityGrade::ALL.iter().map(|grade| GridFilter::Demand(*grade));
        for filter in GridFilter::PLAIN.into_iter().chain(named).chain(grades) {
            assert_eq!(filter.to_string().parse(), Ok(filter));
        }
        let steel = GridFilter::Attribute { name: "colour family".into(), text: "a=b".into() };
        assert_eq!("attribute:Colour_Family= a=b".parse(), Ok(steel.clone()));
        assert_eq!(steel.to_string().parse(), Ok(steel));
        for text in ["", "brand:", "role:nobody", "cheap", "attribute:material", "attribute:=x", "attribute:material="]
        {
            assert!(text.parse::<GridFilter>().is_err(), "{text}");
        }
    }
}
