//! How we stand in the market, over time and in detail; amounts still exact, pictures ready to be shown.

use pricing_domain::{CivilDate, Currency, IndexForm, Instant, PivotMeasure};
use serde::{Deserialize, Serialize};

use super::catalogue::{ChartPalette, ChartSeries, ProductRow};

/// The figures of a selection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarketOverview {
    /// Of all amounts.
    pub currency: Currency,
    /// When the figures of the present were computed.
    pub at: Instant,
    /// Products that are sold.
    pub products: u64,
    /// With a price.
    pub priced: u64,
    /// With a price and a usable offer.
    pub compared: u64,
    /// `compared` ÷ `priced`.
    pub coverage_bp: i32,
    /// The form of the index.
    pub form: IndexForm,
    /// The index against the lowest offers, in hundredths.
    pub index_centi: Option<i64>,
    /// The day at whose end index, coverage, win, tie and loss stood so; `None`: they are of now. All other figures of the
    /// market are of now, whatever the period.
    pub standing_day: Option<CivilDate>,
    /// Below the lowest offer by more than the tolerance.
    pub win: u64,
    /// Within the tolerance.
    pub tie: u64,
    /// Above it.
    pub loss: u64,
    /// The tolerance.
    pub tolerance_bp: i32,
    /// Products by our place among the usable offers: first, second, … and, at the end, sixth or later.
    pub positions: Vec<u64>,
    /// Margin of the net price over the units of 28 days, at today's prices and costs.
    pub margin_bp: Option<i32>,
    /// Products with a net price below cost.
    pub below_cost: u64,
    /// Products below their floor.
    pub below_floor: u64,
    /// At their floor.
    pub at_floor: u64,
    /// With a floor.
    pub with_floor: u64,
    /// In a running promotion.
    pub promoted: u64,
    /// 1 − Σ promotion price ÷ Σ regular price of those.
    pub promotion_depth_bp: Option<i32>,
    /// Advertised prices below a lowest advertised price, ours and theirs.
    pub map_violations: u64,
    /// The products that have one.
    pub map_products: u64,
    /// Days that the stock lasts at the units of 28 days, over products that have both.
    pub cover_days: Option<i64>,
    /// Offers by age: up to a day, three days, a week, older.
    pub offer_ages: Vec<u64>,
    /// Sales of the period, where there are any.
    pub sales: Option<SalesFigures>,
    /// Price changes of competitors in the period that fell.
    pub lowered: u64,
    /// And that rose.
    pub raised: u64,
    /// First and last day of the period.
    pub period: (CivilDate, CivilDate),
}

impl MarketOverview {
    /// Whether the period was over before these figures were computed, so that figures of now are not of its end.
    pub fn is_past(&self) -> bool {
        self.period.1 < self.at.utc_date()
    }
}

/// Net sales of a period. Amounts in minor units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalesFigures {
    /// First and last day: as long as the period asked for, and ending with the newest day of which sales are known.
    pub period: (CivilDate, CivilDate),
    /// Net revenue.
    pub revenue_minor: i64,
    /// Revenue less cost, over sales with a known cost.
    pub margin_minor: i64,
    /// That margin ÷ the revenue it is of.
    pub margin_bp: Option<i32>,
    /// Share of the revenue with a known cost.
    pub costed_bp: Option<i32>,
    /// Share of the revenue that fell in promotions.
    pub promotion_bp: Option<i32>,
    /// Net revenue of the period of the same length before.
    pub revenue_before_minor: i64,
    /// Its margin.
    pub margin_before_minor: i64,
    /// By day.
    pub days: Vec<SalesDay>,
}

/// Net sales of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalesDay {
    /// When.
    pub day: CivilDate,
    /// Net revenue.
    pub revenue_minor: i64,
    /// Revenue less cost, over sales with a known cost.
    pub margin_minor: i64,
    /// Pieces in thousandths.
    pub units_milli: i64,
}

/// How we stand against one competitor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompetitorPosition {
    /// Who.
    pub competitor: String,
    /// In hundredths.
    pub index_centi: Option<i64>,
    /// The day at whose end index, coverage, win, tie and loss stood so; `None`: they are of now.
    pub standing_day: Option<CivilDate>,
    /// Products compared.
    pub compared: u64,
    /// ÷ priced products.
    pub coverage_bp: i32,
    /// We are cheaper.
    pub win: u64,
    /// Level.
    pub tie: u64,
    /// Dearer.
    pub loss: u64,
    /// Its offers, usable or not.
    pub offers: u64,
    /// Share of them seen within a day.
    pub fresh_bp: Option<i32>,
    /// Their mean age.
    pub mean_age_hours: Option<i64>,
    /// Prices lowered in the period.
    pub lowered: u64,
    /// Raised.
    pub raised: u64,
    /// Mean change.
    pub mean_change_bp: Option<i32>,
    /// Mean size of a change.
    pub change_size_bp: Option<i32>,
    /// Changes of one price in thirty days on which it could be compared, in hundredths.
    pub changes_per_30_days_centi: Option<i64>,
}

/// How we stand in one group: a brand, a category, a role, a price list, a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupStanding {
    /// Which; empty: products without one.
    pub name: String,
    /// With a price.
    pub products: u64,
    /// And a usable offer.
    pub compared: u64,
    /// `compared` ÷ `products`.
    pub coverage_bp: i32,
    /// Against the lowest offers, in hundredths.
    pub index_centi: Option<i64>,
    /// We are cheaper.
    pub win: u64,
    /// Level.
    pub tie: u64,
    /// Dearer.
    pub loss: u64,
    /// Net price × units of 28 days, in minor units.
    pub revenue_minor: i64,
    /// Margin over those units.
    pub margin_bp: Option<i32>,
}

/// The size and the colours of a picture of figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartRequestLook {
    /// Pixels.
    pub width: u32,
    /// Pixels; a heat map and a calendar are as high as their rows.
    pub height: u32,
    /// The colours of the theme in force.
    pub palette: ChartPalette,
}

/// A picture of figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarketChartView {
    /// The picture.
    pub svg: String,
    /// The finding.
    pub title: String,
    /// A text alternative.
    pub description: String,
    /// Names and colours, where colour tells apart.
    pub series: Vec<ChartSeries>,
    /// Where the data lie.
    pub marks: Vec<ChartMarkView>,
    /// Names and units of the table's columns.
    pub columns: Vec<(String, String)>,
    /// Its rows as text, numbers with a decimal dot; empty: not known.
    pub rows: Vec<Vec<String>>,
    /// The same as a CSV file.
    pub csv: String,
}

/// A place of a picture with what it says. Pixels from the upper left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartMarkView {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
    /// What hovering shows, line by line.
    pub words: Vec<String>,
    /// The row of the table.
    pub row: u32,
}

/// A stretch of the products behind a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarketProductPage {
    /// How many there are.
    pub matching: u64,
    /// First row, from 0.
    pub offset: u64,
    /// Of all amounts.
    pub currency: Currency,
    /// By what is at stake, the most first.
    pub rows: Vec<MarketProductRow>,
}

/// A product in the market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarketProductRow {
    /// As in the grid.
    pub product: ProductRow,
    /// Our place among the usable offers; `None` without any.
    pub position: Option<u32>,
    /// Lowest usable offer of the competitors chosen.
    pub lowest_minor: Option<i64>,
    /// Own ÷ lowest − 1.
    pub distance_bp: Option<i32>,
    /// Next dearer ÷ own − 1.
    pub next_bp: Option<i32>,
    /// The floor.
    pub floor_minor: Option<i64>,
    /// |own − lowest| × units of 28 days, in minor units.
    pub stake_minor: i64,
}

/// A table with rows and columns of one's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PivotView {
    /// Of all amounts.
    pub currency: Currency,
    /// What stands in each cell of a row: the group of the column, where there are columns, and the measure.
    pub columns: Vec<(Option<String>, PivotMeasure)>,
    /// The most revenue first.
    pub rows: Vec<PivotRow>,
    /// Rows that are not shown.
    pub rows_left: u64,
    /// Groups of columns that are not shown.
    pub columns_left: u64,
}

/// A row of such a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PivotRow {
    /// Its group; empty: products without one.
    pub name: String,
    /// Counts, hundredths of an index, basis points or minor units, as the measure says; `None`: not known.
    pub cells: Vec<Option<i64>>,
}

/// Promotions of ours that ran in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromotionsView {
    /// Of all amounts.
    pub currency: Currency,
    /// How many there are.
    pub matching: u64,
    /// The newest first, at most 200.
    pub rows: Vec<PromotionStanding>,
}

/// A promotion of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromotionStanding {
    /// Article number.
    pub sku: String,
    /// The product.
    pub name: String,
    /// What the promotion is called.
    pub promotion: String,
    /// In the price list's time zone.
    pub first_day: CivilDate,
    /// The last day that it holds; `None`: without an end.
    pub last_day: Option<CivilDate>,
    /// Whether it has not ended.
    pub running: bool,
    /// Its price.
    pub price_minor: Option<i64>,
    /// The regular price that was in force when it began; `None`: none is known.
    pub regular_minor: Option<i64>,
    /// 1 − price ÷ regular price.
    pub depth_bp: Option<i32>,
    /// What a supplier pays a piece, at 10⁻⁶ of the major unit.
    pub funding_micro: Option<i64>,
    /// That × the pieces sold in it.
    pub funded_minor: Option<i64>,
    /// Pieces sold in it, in thousandths; `None`: too few of its days are known.
    pub units_milli: Option<i64>,
    /// Units a day in it ÷ units a day over the 28 days before − 1; `None`: not known, or those days had a promotion too.
    pub uplift_bp: Option<i32>,
}

/// Who moves, and who follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoversView {
    /// Days looked back.
    pub days: u32,
    /// Within so many days a move is followed.
    pub window_days: u32,
    /// Too many to count at once: at least so many prices began in these days, and nothing below is known until a job has
    /// counted them.
    pub uncounted: Option<u64>,
    /// By competitor, the most moves first.
    pub leaders: Vec<LeaderRow>,
    /// By pair, the most frequent first.
    pub followers: Vec<FollowerRow>,
}

/// What one competitor did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaderRow {
    /// Who; empty: we.
    pub name: String,
    /// Price changes.
    pub moves: u64,
    /// That nobody had made before.
    pub first: u64,
    /// Of those, followed by somebody.
    pub followed: u64,
    /// After somebody else's.
    pub follows: u64,
}

/// One competitor follows another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FollowerRow {
    /// Who moved first.
    pub leader: String,
    /// Who followed.
    pub follower: String,
    /// How often.
    pub times: u64,
    /// Mean time between.
    pub mean_hours: i64,
}
