//! Products, their prices, their offers, and the chart of both.

use pricing_domain::{
    Availability, Confidence, CostType, Currency, ExtractionMethod, Instant, Lifecycle, ListingId, MatchType,
    MicroAmount, Money, OfferFlag, OfferKind, PriceCause, PriceListId, PriceState, PriceType, ProductId, ReadState,
    Role,
};
use serde::{Deserialize, Serialize};

use super::demand::DemandFact;
use super::proposals::ProposalRow;
use super::workspace::AuditView;

/// A stretch of the grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductPage {
    /// Products in the workspace.
    pub total: u64,
    /// Products that match search and filters.
    pub matching: u64,
    /// First row of this stretch.
    pub offset: u64,
    /// The currency of all prices in it.
    pub currency: Currency,
    /// The rows.
    pub rows: Vec<ProductRow>,
}

/// A row of the grid. Amounts in minor units of the page's currency; `None` is missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductRow {
    /// Its id.
    pub id: ProductId,
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Brand, empty when unknown.
    pub brand: String,
    /// Category path, empty when unknown.
    pub category: String,
    /// Role.
    pub role: Option<Role>,
    /// Customers judge us by it.
    pub key_value: bool,
    /// Our price now.
    pub price_minor: Option<i64>,
    /// Our cost, at 10⁻⁶ of the major unit.
    pub cost: Option<MicroAmount>,
    /// (net price − cost) ÷ net price.
    pub margin_bp: Option<i32>,
    /// Lowest usable offer.
    pub lowest_minor: Option<i64>,
    /// Own ÷ lowest − 1.
    pub gap_bp: Option<i32>,
    /// Usable offers.
    pub offers: u32,
    /// Pieces.
    pub stock: Option<i64>,
    /// Units sold in 28 days, in thousandths.
    pub units_28d_milli: i64,
    /// How it answers its price; `None`: nothing has been fitted since the workspace was opened.
    #[serde(default)]
    pub demand: Option<DemandFact>,
    /// Under a price lock.
    pub locked: bool,
    /// In a running promotion.
    pub on_promotion: bool,
    /// A proposal waits.
    pub pending: bool,
    /// An exception waits.
    pub needs_decision: bool,
}

/// All about one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductDetail {
    /// As in the grid.
    pub row: ProductRow,
    /// The list whose prices the row shows.
    pub price_list: PriceListId,
    /// Its currency.
    pub currency: Currency,
    /// Manufacturer's number.
    pub mpn: Option<String>,
    /// All GTINs.
    pub gtins: Vec<String>,
    /// Supplier.
    pub supplier: Option<String>,
    /// Family.
    pub family: Option<String>,
    /// An own brand.
    pub own_brand: bool,
    /// Stage of life.
    pub lifecycle: Lifecycle,
    /// “0.5 l”, “6 × 1.5 l”.
    pub content: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Free attributes by name.
    #[serde(default)]
    pub attributes: Vec<(String, String)>,
    /// Newest first.
    pub costs: Vec<CostView>,
    /// Current prices on every list.
    pub prices: Vec<OwnPriceView>,
    /// Newest reading of each listing, cheapest first, unusable ones last.
    pub offers: Vec<OfferView>,
    /// Others of the family, by content.
    pub family_members: Vec<FamilyMember>,
    /// What the family keeps to by the rules in force, as a sentence goes on after “within a family, ”.
    pub family_order: Option<String>,
    /// Whether today's price breaks that.
    pub out_of_order: bool,
    /// The proposal that waits on this list.
    pub proposal: Option<ProposalRow>,
    /// Newest first.
    pub audit: Vec<AuditView>,
}

/// A dated cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostView {
    /// Which cost.
    pub cost_type: CostType,
    /// Amount.
    pub amount: MicroAmount,
    /// Currency.
    pub currency: Currency,
    /// From when on.
    pub valid_from: Instant,
}

/// One of our own prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnPriceView {
    /// The list's name.
    pub price_list: String,
    /// What kind.
    pub price_type: PriceType,
    /// Amount.
    pub price: Money,
    /// From when on.
    pub valid_from: Instant,
    /// Until when.
    pub valid_to: Option<Instant>,
    /// How far it has come.
    pub state: PriceState,
    /// Why it exists.
    pub cause: PriceCause,
}

/// A price that rules must not touch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceLockView {
    /// Whose.
    pub product: ProductId,
    /// Article number.
    pub sku: String,
    /// On which list.
    pub price_list: PriceListId,
    /// The list's code.
    pub list_code: String,
    /// A person holds it; else it came with a file.
    pub is_held: bool,
    /// The price it names; `None`: the one that stands.
    pub price: Option<Money>,
    /// From when on.
    pub valid_from: Instant,
    /// Until when; `None`: until further notice.
    pub valid_to: Option<Instant>,
    /// Both by the list's clock, in words: “from 2026-11-01 until 2026-11-30”, with the last day.
    #[serde(default)]
    pub days: String,
    /// Whether it has begun.
    pub is_in_force: bool,
    /// Why.
    pub reason: String,
}

/// The newest reading of a listing, with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferView {
    /// The listing.
    pub listing: ListingId,
    /// Who.
    pub competitor: String,
    /// Where.
    pub url: String,
    /// Their title.
    pub title: Option<String>,
    /// How close their product is.
    pub match_type: MatchType,
    /// How many of ours theirs is, “1”, “6”, “1/2”.
    pub pack_coefficient: String,
    /// What the newest page turned out to be; `None`: never collected.
    pub state: Option<ReadState>,
    /// In words, with what to do.
    pub reason: String,
    /// What is unusual about the last good price; a policy decides whether it counts.
    pub flags: Vec<OfferFlag>,
    /// The last good price.
    pub price: Option<Money>,
    /// For the quantity we sell.
    pub like_for_like_minor: Option<i64>,
    /// The price shown struck through.
    pub was: Option<Money>,
    /// Shipping.
    pub shipping: Option<Money>,
    /// What kind of price.
    pub kind: OfferKind,
    /// Availability.
    pub availability: Availability,
    /// When this price was seen first.
    pub first_seen: Option<Instant>,
    /// When this price was seen last.
    pub last_seen: Option<Instant>,
    /// Readings with this price.
    pub times_seen: u32,
    /// How it was found.
    pub method: Option<ExtractionMethod>,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// The piece of the page it was read from.
    pub fragment: String,
    /// Whether it takes part in pricing now, in words.
    pub usage: String,
    /// Whether it takes part.
    pub usable: bool,
}

/// Which reduction a prior price is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReductionKind {
    /// None is announced: one that started now.
    None,
    /// A price with a was-price beside it.
    WasPrice,
    /// A promotion that runs.
    Running,
    /// A promotion that is to come.
    Planned,
}

/// What a reduction of a product on a list may be announced against (Directive 98/6/EC, article 6a).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriorPriceView {
    /// The list's name.
    pub price_list: String,
    /// Which reduction.
    pub kind: ReductionKind,
    /// The promotion's name.
    pub name: String,
    /// When the reduction starts; the prior price is frozen then.
    pub starts: Instant,
    /// The same by the list's clock, in words: a day, with the time unless it is midnight.
    #[serde(default)]
    pub starts_words: String,
    /// The reduced price, where it is known.
    pub reduced: Option<Money>,
    /// The lowest price of the days before; `None`: none is known.
    pub prior: Option<Money>,
    /// Whether our prices are known over all of those days.
    pub proven: bool,
    /// How many days that is.
    pub days: u32,
    /// What it is announced against: the was-price.
    pub announced: Option<Money>,
    /// 1 − reduced ÷ prior.
    pub reduction_bp: Option<i32>,
    /// 1 − reduced ÷ announced.
    pub announced_bp: Option<i32>,
    /// Announced against another price than the prior one.
    pub wrong: bool,
    /// In a sentence.
    pub words: String,
}

/// Another product of the family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyMember {
    /// Its id.
    pub id: ProductId,
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Content in words.
    pub content: Option<String>,
    /// Price on the same list.
    pub price_minor: Option<i64>,
    /// Whether it breaks what the family keeps to.
    pub out_of_order: bool,
}

/// Colours for a chart, as CSS colours of the theme in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartPalette {
    /// Background.
    pub surface: String,
    /// Text.
    pub text: String,
    /// Axis labels.
    pub text_muted: String,
    /// Grid lines.
    pub border: String,
    /// Our price.
    pub own_price: String,
    /// Competitors, in order.
    pub competitors: Vec<String>,
}

impl ChartPalette {
    /// The light theme's colours on white, for paper and files.
    pub fn on_paper() -> Self {
        let competitors = ["#b14a00", "#00786a", "#8d2f7f", "#6a6400", "#b3261e", "#4b5a8a", "#37713c", "#7a5038"];
        Self {
            surface: "#ffffff".into(),
            text: "#1a1d21".into(),
            text_muted: "#5b6470".into(),
            border: "#d8dde3".into(),
            own_price: "#0b5cad".into(),
            competitors: competitors.map(String::from).to_vec(),
        }
    }
}

/// A chart as SVG with what is needed to hover over it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartView {
    /// The picture.
    pub svg: String,
    /// The finding: “ElektroMax is 4.1 % below us since 12 Nov”.
    pub title: String,
    /// A text alternative.
    pub description: String,
    /// Names and colours.
    pub series: Vec<ChartSeries>,
    /// The instants at which something changed, from left to right.
    pub points: Vec<ChartPoint>,
    /// Of all values.
    pub currency: Currency,
    /// Left edge of the plot in pixels.
    pub plot_left: f64,
    /// Right edge.
    pub plot_right: f64,
    /// Upper edge.
    pub plot_top: f64,
    /// Lower edge.
    pub plot_bottom: f64,
}

/// One line of a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartSeries {
    /// Who.
    pub name: String,
    /// CSS colour.
    pub color: String,
}

/// All values at one instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartPoint {
    /// Pixels from the left.
    pub x: f64,
    /// When.
    pub at: Instant,
    /// What held then.
    pub values: Vec<ChartValue>,
}

/// The value of one line at an instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartValue {
    /// Place in `series`.
    pub series: u32,
    /// Pixels from the top.
    pub y: f64,
    /// Minor units.
    pub amount_minor: i64,
}
