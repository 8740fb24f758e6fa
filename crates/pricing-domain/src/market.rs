//! Questions about how we stand in the market: one filter for every figure, and what figures are grouped by.

use serde::{Deserialize, Serialize};

use crate::ids::PriceListId;
use crate::products::Role;
use crate::text_enum::text_enum;
use crate::time::CivilDate;

/// A price change within so many days of another's, on the same product and in the same direction, follows it, unless a
/// question says otherwise.
pub const FOLLOWS_WITHIN_DAYS: u32 = 7;

text_enum! {
    /// How many price relations become one index. Every form compares products with a price of ours and a usable offer.
    #[derive(Default)]
    IndexForm {
        /// Σ(q × own) ÷ Σ(q × theirs), q the units of the reference period.
        #[default]
        Basket = "basket",
        /// The mean of own ÷ theirs, each product the same weight.
        RatioMean = "ratio_mean",
        /// The geometric mean of own ÷ theirs, each product the same weight.
        Geometric = "geometric",
        /// Σ own ÷ Σ theirs: one of each product.
        EqualWeights = "equal_weights",
    }
}

text_enum! {
    /// How our price stands against another one, within a tolerance.
    Outcome {
        /// Ours is lower by more than the tolerance.
        Win = "win",
        /// They are the same within the tolerance.
        Tie = "tie",
        /// Ours is higher by more than the tolerance.
        Loss = "loss",
    }
}

text_enum! {
    /// What figures are grouped by.
    #[derive(Default)]
    MarketGroup {
        /// The competitor.
        #[default]
        Competitor = "competitor",
        /// The brand.
        Brand = "brand",
        /// The category.
        Category = "category",
        /// The product's role.
        Role = "role",
        /// The price list.
        PriceList = "price_list",
        /// Every product for itself.
        Product = "product",
    }
}

text_enum! {
    /// A figure of a table with rows and columns of one's own.
    PivotMeasure {
        /// Products with a price.
        Products = "products",
        /// With a usable offer too.
        Compared = "compared",
        /// Those ÷ products with a price.
        Coverage = "coverage",
        /// The index against the lowest offers, or against the competitor of the row or column.
        Index = "index",
        /// On which we are cheaper.
        Cheaper = "cheaper",
        /// Level.
        Level = "level",
        /// Dearer.
        Dearer = "dearer",
        /// Net price × units of 28 days.
        Revenue = "revenue",
        /// The margin of that.
        Margin = "margin",
    }
}

text_enum! {
    /// A report that can be written.
    ReportKind {
        /// What happened in the market and what came of it, for the Monday meeting.
        Weekly = "weekly",
        /// How the categories or brands of a selection stand.
        Category = "category",
        /// Advertised prices below the lowest advertised price, with where they were seen.
        MapViolations = "map",
        /// The prior price of every reduction that runs (Directive 98/6/EC, article 6a).
        PriorPrices = "prior-prices",
        /// Who did what in a period.
        Audit = "audit",
    }
}

text_enum! {
    /// Which days a planned report is about, counted back from the day on which it is written.
    #[derive(Default)]
    ReportPeriod {
        /// The 28 days up to that day.
        #[default]
        Days28 = "28-days",
        /// The 7 days up to that day.
        Days7 = "7-days",
        /// The last whole week, Monday to Sunday.
        LastWeek = "last-week",
        /// The last whole month.
        LastMonth = "last-month",
    }
}

text_enum! {
    /// How a report is written.
    ReportFormat {
        /// To be read and handed on.
        Pdf = "pdf",
        /// To be worked with: real numbers, a sheet for each table.
        Xlsx = "xlsx",
    }
}

text_enum! {
    /// How a picture is written.
    PictureFormat {
        /// As it is drawn, for any size.
        Svg = "svg",
        /// As pixels, two for each of its own.
        Png = "png",
        /// Its data.
        Csv = "csv",
    }
}

/// The one filter of every figure: all parts must hold, within a part any of the values; an empty part holds for all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MarketFilter {
    /// Whose prices.
    pub price_list: PriceListId,
    /// Categories, each with those below it.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Brands.
    #[serde(default)]
    pub brands: Vec<String>,
    /// Competitors, by name.
    #[serde(default)]
    pub competitors: Vec<String>,
    /// Roles.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// First day of figures over time; `None`: 28 days before `to`.
    #[serde(default)]
    pub from: Option<CivilDate>,
    /// Last day; `None`: today.
    #[serde(default)]
    pub to: Option<CivilDate>,
}

impl MarketFilter {
    /// Everything on a price list, over the newest 28 days.
    pub const fn of_list(price_list: PriceListId) -> Self {
        Self {
            price_list,
            categories: Vec::new(),
            brands: Vec::new(),
            competitors: Vec::new(),
            roles: Vec::new(),
            from: None,
            to: None,
        }
    }
}

/// A table of figures with rows and columns of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pivot {
    /// What it is called where it is kept.
    #[serde(default)]
    pub name: String,
    /// A row for each brand, category, role, competitor or price list.
    pub rows: MarketGroup,
    /// Columns for each of another one; `None`: the measures alone.
    #[serde(default)]
    pub columns: Option<MarketGroup>,
    /// At least one.
    pub measures: Vec<PivotMeasure>,
    /// Which products and competitors.
    pub filter: MarketFilter,
    /// The form of the index.
    #[serde(default)]
    pub form: IndexForm,
}

/// Which products stand behind a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketRows {
    /// With a price on the list.
    #[default]
    Priced,
    /// With a price and a usable offer of the competitors chosen, or of any.
    Compared,
    /// With a price and no usable offer.
    NotCompared,
    /// That win, tie or lose against the lowest offer of the competitors chosen.
    Standing(Outcome),
    /// At this place among the usable offers, from 1.
    Position(u32),
    /// At this place or a later one.
    PositionFrom(u32),
    /// Whose distance to the lowest offer lies from the first up to, but not including, the second; basis points, and
    /// `None` is without an end. Exactly 50 still is level.
    Distance(Option<i32>, Option<i32>),
    /// Below their floor.
    BelowFloor,
    /// At their floor.
    AtFloor,
    /// Advertised below the lowest advertised price, by us or by a competitor chosen.
    BelowMap,
    /// With a net price below their cost.
    BelowCost,
    /// With a known cost, so that they have a margin.
    Costed,
    /// In a promotion of ours that runs.
    Promoted,
    /// Sold within the 28 days of the units.
    Sold,
    /// Sold within them and with a known stock.
    Stocked,
    /// Whose price a competitor chosen changed in the period.
    Changed,
}

#[cfg(test)]
mod tests {
    use super::{IndexForm, MarketFilter, MarketRows};
    use crate::PriceListId;

    #[test]
    fn parts_that_are_not_named_hold_for_all() {
        let list = PriceListId("0198c0de-0000-7000-8000-000000000001".parse().expect("an id"));
        let text = format!(r#"{{"price_list":"{list}"}}"#);
        let filter: MarketFilter = serde_json::from_str(&text).expect("a filter");
        assert_eq!(filter, MarketFilter::of_list(list));
        assert_eq!(IndexForm::default(), IndexForm::Basket);
        let rows: MarketRows = serde_json::from_str(r#"{"distance":[null,-200]}"#).expect("rows");
        assert_eq!(rows, MarketRows::Distance(None, Some(-200)));
    }
}
