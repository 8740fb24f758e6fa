//! What a question can ask for.

use pricing_domain::{BasisPoints, ExceptionReason, FileKind, GridColumn, GridFilter, GridSort, ReadState};
use serde::{Deserialize, Serialize};

pub use crate::assumptions::{DraftStrategy, Supposed};
pub use crate::figures::{
    ProductFigure, ProductSum, PromotionFigure, RankFigure, Statistic, Total, TrendFigure, WantedMargin,
};
use crate::file_questions::FileQuestion;
pub use crate::periods::{CalendarPart, Period, PeriodUnit};

/// The language of a question and of its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

/// How a question was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Its language.
    pub language: Language,
    /// What it asks for.
    pub intent: Intent,
    /// The code of the price list it names.
    pub price_list: Option<String>,
    /// Words that were taken for others: (as written, as read).
    pub corrected: Vec<(String, String)>,
    /// Words that had no part in the reading.
    pub unused: Vec<String>,
    /// The question before it that it was read with.
    #[serde(default)]
    pub after: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Something about one product.
    Product {
        /// An article number, or words of its name.
        words: Vec<String>,
        /// What about it.
        aspect: Aspect,
        /// Whose offer, where one is named.
        competitor: Option<String>,
        /// The way its price is said to have gone: whether it did is said first.
        #[serde(default)]
        moved: Option<Direction>,
    },
    /// Several questions in one, each answered by itself: two competitors, one group against another.
    Each(Vec<Self>),
    /// Categories, brands or suppliers in the order of a figure.
    Rank {
        /// What is put in order.
        groups: Groups,
        /// By what; `None`: by nothing that groups can be ordered by.
        figure: Option<RankFigure>,
        /// Only products that fulfil all.
        conditions: Vec<Condition>,
        /// The smallest first.
        smallest: bool,
        /// For which products.
        scope: Scope,
        /// How many are wanted.
        limit: Limit,
    },
    /// How something developed of which no past is kept.
    NotKept {
        /// What.
        series: Series,
        /// For which products.
        scope: Scope,
    },
    /// A price strategy to be suggested, group by group.
    Strategy {
        /// For which products.
        scope: Scope,
        /// Against whom; `None`: the lowest offer.
        competitor: Option<String>,
    },
    /// What the grades of elasticities mean, and how many products have which.
    Grades {
        /// For which products.
        scope: Scope,
    },
    /// How a file is imported.
    ImportFile {
        /// What it holds, where that is said.
        kind: Option<FileKind>,
    },
    /// The scenarios that are kept.
    Scenarios,
    /// How we stand against one competitor, or against each.
    Compare {
        /// Who; `None`: each of them.
        competitor: Option<String>,
        /// By what.
        measure: Measure,
        /// For which products.
        scope: Scope,
        /// How many products are wanted.
        #[serde(default)]
        limit: Limit,
    },
    /// Products that fulfil conditions.
    Find {
        /// For which products.
        scope: Scope,
        /// All must hold.
        conditions: Vec<Condition>,
        /// In which order, where one is asked for.
        order: Option<GridSort>,
        /// How many are wanted.
        limit: Limit,
    },
    /// Something about the rules in force.
    Rules(RuleQuestion),
    /// Waiting price changes, the largest first.
    Changes {
        /// For which products.
        scope: Scope,
        /// Only these.
        direction: Option<Direction>,
        /// Only of products that fulfil all.
        #[serde(default)]
        conditions: Vec<Condition>,
        /// How many are wanted.
        limit: Limit,
    },
    /// What waits for a person.
    Needs {
        /// For which products.
        scope: Scope,
        /// Only for this reason.
        reason: Option<ExceptionReason>,
    },
    /// What competitors did since the collection before the newest.
    Moves {
        /// Who; `None`: each of them.
        competitor: Option<String>,
    },
    /// How often competitors change prices, over some days.
    Movers {
        /// Who; `None`: each of them.
        competitor: Option<String>,
        /// Days back; `None`: the usual four weeks.
        days: Option<u32>,
    },
    /// Who moves prices first, and who follows.
    Leaders {
        /// Who; `None`: each of them.
        competitor: Option<String>,
        /// Days back; `None`: the usual four weeks.
        days: Option<u32>,
    },
    /// How a figure developed over time.
    Trend {
        /// Which.
        figure: TrendFigure,
        /// Against whom; `None`: each of them.
        competitor: Option<String>,
        /// For which products.
        scope: Scope,
        /// Days back; `None`: the usual four weeks.
        days: Option<u32>,
    },
    /// What the newest batch of proposals did: its release notes.
    BatchNotes,
    /// What an assumed change would do at unchanged volumes.
    WhatIf {
        /// For which products.
        scope: Scope,
        /// What changes.
        supposed: Supposed,
    },
    /// How many more pieces an assumed change must bring, or how many fewer it may cost, for the same margin in money.
    BreakEven {
        /// For which products.
        scope: Scope,
        /// What changes; `None`: how far prices can fall before nothing is earned.
        supposed: Option<Supposed>,
    },
    /// Our prices of one list beside those of another.
    BetweenLists {
        /// For which products.
        scope: Scope,
        /// The code of the list that is spoken of.
        list: String,
        /// The code of the list it is compared with.
        other: String,
        /// Only products that are dearer (up) or cheaper (down) on the first.
        side: Option<Direction>,
        /// How many are wanted.
        limit: Limit,
    },
    /// A rule to be drafted from a sentence.
    Draft {
        /// For which products.
        scope: Scope,
        /// The price: against the lowest offer or a competitor's, or over cost.
        strategy: DraftStrategy,
    },
    /// The summary of the workspace.
    Summary,
    /// One figure over products.
    Total {
        /// Which.
        figure: Total,
        /// For which products.
        scope: Scope,
        /// Only products that fulfil all.
        #[serde(default)]
        conditions: Vec<Condition>,
    },
    /// The mean, the median or the range of what each product has.
    Statistic {
        /// How the values are made one.
        statistic: Statistic,
        /// Of what.
        of: ProductFigure,
        /// For which products.
        scope: Scope,
        /// Only products that fulfil all.
        conditions: Vec<Condition>,
        /// For each of these.
        groups: Option<Groups>,
    },
    /// The price that leaves a wanted margin.
    PriceForMargin {
        /// For which products.
        scope: Scope,
        /// Which margin.
        margin: WantedMargin,
    },
    /// What is asked for over a stretch of the calendar.
    Over {
        /// Which stretch.
        period: Period,
        /// The stretch that it is compared with, where one is named.
        against: Option<Period>,
        /// What is asked for, with no stretch of its own.
        of: Box<Self>,
    },
    /// When prices were collected and priced, and what could not be read.
    Freshness {
        /// Whether failures are asked for.
        failures: bool,
        /// Whose; `None`: everybody's.
        #[serde(default)]
        competitor: Option<String>,
        /// Only failures of this kind, page by page.
        #[serde(default)]
        state: Option<ReadState>,
    },
    /// Our promotions of the last three months: how deep, what they moved.
    Promotions {
        /// For which products.
        scope: Scope,
        /// By what they are put in order.
        by: PromotionFigure,
    },
    /// The alerts, and what they told.
    Alerts,
    /// How the demand of some products answers their prices.
    Demand {
        /// For which products.
        scope: Scope,
    },
    /// An order to act, which is never followed; instead, what can be shown of it.
    Order {
        /// What is shown instead.
        instead: Option<Box<Self>>,
    },
    /// Something about the file that the person has at hand.
    File(FileQuestion),
    /// What can be asked.
    Help,
    /// A name that fits several things of the workspace.
    Choose {
        /// As written.
        word: String,
        /// What it may be.
        choices: Vec<String>,
    },
    /// A name that the workspace does not have.
    NotHere {
        /// As written.
        word: String,
    },
    /// Elasticities and forecasts, of no product by name.
    Science,
    /// A subject that a workspace holds nothing about.
    OutOfScope {
        /// As written.
        word: String,
    },
    /// Not understood.
    NotUnderstood,
}

/// What about a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Why its price is or becomes what it is.
    Why,
    /// Our price.
    Price,
    /// Cost and margin.
    Margin,
    /// Stock.
    Stock,
    /// What competitors charge.
    Offers,
    /// Who is cheapest.
    Cheapest,
    /// Promotion, lock and other marks.
    State,
    /// How the price developed.
    History,
    /// The rule that decides.
    Rule,
    /// What it sells.
    Units,
    /// How its sales answer its price.
    Elasticity,
    /// The other products of its family.
    Family,
    /// Its promotions so far.
    Promotions,
    /// How long its stock lasts.
    Cover,
    /// Its brand, category and supplier.
    Kind,
    /// Everything in short.
    Overview,
}

/// Something of which no past is kept for what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// Prices of several products together.
    Prices,
    /// Sales of single products.
    Sales,
    /// Stock.
    Stock,
    /// Costs.
    Costs,
    /// The margin of single products, or of groups beside each other.
    Margin,
    /// Where we are cheaper or dearer.
    Position,
    /// How many products, brands, competitors there were.
    Counts,
}

/// What products are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Groups {
    /// Category.
    Categories,
    /// Brand.
    Brands,
    /// Supplier.
    Suppliers,
}

/// By what a competitor is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Price index, cheaper, equal, dearer.
    Position,
    /// The margin that prices below theirs give away.
    Margin,
    /// Where we are dearer, the largest gap first.
    Above,
    /// Where we are cheaper, the largest gap first.
    Below,
}

/// Which products.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// All must hold.
    pub filters: Vec<GridFilter>,
    /// Words that must occur in article number, name or brand.
    pub search: Vec<String>,
}

impl Scope {
    /// Whether it is every product.
    pub const fn is_all(&self) -> bool {
        self.filters.is_empty() && self.search.is_empty()
    }
}

/// One condition of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// As in the grid.
    Grid(GridFilter),
    /// A column beyond a value.
    Beyond {
        /// Which column.
        column: GridColumn,
        /// Which side.
        side: Side,
        /// The value.
        value: Quantity,
    },
    /// Where a competitor stands.
    Competitor {
        /// Who.
        name: String,
        /// Where.
        stance: Stance,
    },
    /// A competitor's price and ours lie apart by a share.
    Apart {
        /// Who.
        name: String,
        /// Whether they are the ones compared with us, or we with them: the share is of the other's price.
        they: bool,
        /// Whether the one compared is the cheaper one.
        cheaper: bool,
        /// Which side of the share.
        side: Side,
        /// How far.
        share: BasisPoints,
    },
    /// Not these.
    Except(GridFilter),
    /// All of them, in the order of a sum over 28 days that the grid has no column for.
    By {
        /// Which sum.
        figure: ProductSum,
        /// The smallest first.
        smallest: bool,
    },
    /// How many days the stock lasts at the sales of 28 days.
    Cover {
        /// Which side.
        side: Side,
        /// The days.
        days: u32,
    },
}

/// On which side of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Less than it.
    Below,
    /// It or less.
    AtMost,
    /// More than it.
    Above,
    /// It or more.
    AtLeast,
}

/// A number with its unit, exactly as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Hundredths of a percent.
    Percent(BasisPoints),
    /// Hundredths of the major unit of the price list's currency.
    Amount(i64),
    /// A count.
    Count(i64),
}

/// Where a competitor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// Below our price.
    Cheaper,
    /// Above our price.
    Dearer,
    /// Cannot be bought there now.
    SoldOut,
    /// No usable offer.
    Missing,
    /// A usable offer.
    Offers,
}

/// Which way prices go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Up.
    Up,
    /// Down.
    Down,
}

/// How many rows are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The usual stretch.
    #[default]
    Usual,
    /// So many.
    Rows(u32),
    /// Only how many there are.
    CountOnly,
}

/// What is asked about the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleQuestion {
    /// Which decide nothing.
    NeverFire,
    /// Which decide the most.
    Shares,
    /// What they are.
    List,
    /// Floors, ceilings, steps and endings.
    Guardrails,
    /// What is doubtful.
    Doubts,
}
