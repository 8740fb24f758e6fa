//! The figures and their pictures.

use pricing_domain::{IndexForm, MarketFilter, MarketGroup, MarketRows, PictureFormat, Pivot, PriceListId};

use crate::command::commands;
use crate::views::{
    ChartRequestLook, CompetitorPosition, FileRef, GroupStanding, JobView, MarketChartView, MarketOverview,
    MarketProductPage, MoversView, PivotView, PromotionsView, TodayView,
};

commands! {
    AnalyticsCommands;

    /// The figures and what needs a person.
    get_today: GetToday {
        /// Whose prices.
        price_list: PriceListId,
    } -> TodayView, reads [Products, Offers, Proposals, Settings], writes [];

    /// Remembers that this person has seen what moved up to now: Today tells what moved since.
    mark_today_seen: MarkTodaySeen {} -> (), reads [], writes [Settings, Changes];

    /// The figures of a selection: index, position, win and loss, margin, floors, promotions, freshness, sales.
    get_analytics_overview: GetAnalyticsOverview {
        /// Which products, competitors and days.
        filter: MarketFilter,
        /// The form of the index.
        form: IndexForm,
    } -> MarketOverview, reads [Products, Offers, Proposals, Rules], writes [];

    /// How we stand against each competitor, the best covered first.
    list_competitor_positions: ListCompetitorPositions {
        /// Which products, competitors and days.
        filter: MarketFilter,
        /// The form of the index.
        form: IndexForm,
    } -> Vec<CompetitorPosition>, reads [Products, Offers], writes [];

    /// How we stand by brand, category, role, price list or product, the most revenue first.
    list_group_standings: ListGroupStandings {
        /// Which products and competitors.
        filter: MarketFilter,
        /// By what; competitors have a list of their own.
        by: MarketGroup,
        /// The form of the index.
        form: IndexForm,
        /// At most 500.
        limit: u32,
    } -> Vec<GroupStanding>, reads [Products, Offers], writes [];

    /// The products behind a figure, the most at stake first.
    list_market_products: ListMarketProducts {
        /// Which products and competitors.
        filter: MarketFilter,
        /// Which of them.
        rows: MarketRows,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> MarketProductPage, reads [Products, Offers, Proposals, Rules], writes [];

    /// The price index over time, a line a competitor.
    get_index_history: GetIndexHistory {
        /// Which products, competitors and days.
        filter: MarketFilter,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [Products, Offers], writes [];

    /// The index by brand or category and competitor.
    get_heat_map: GetHeatMap {
        /// Which products and competitors.
        filter: MarketFilter,
        /// Brand, category or role.
        by: MarketGroup,
        /// The form of the index.
        form: IndexForm,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [Products, Offers], writes [];

    /// How many products lie how far from the lowest offer.
    get_distance_distribution: GetDistanceDistribution {
        /// Which products and competitors.
        filter: MarketFilter,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [Products, Offers], writes [];

    /// From the margin of some whole weeks to that of the newest ones: price, cost, volume, mix, new and ended products.
    get_margin_bridge: GetMarginBridge {
        /// Which products; the newest weeks end with `to`.
        filter: MarketFilter,
        /// How many weeks each period has; 1 to 52.
        weeks: u32,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [Products], writes [];

    /// Price changes of competitors by day.
    get_change_calendar: GetChangeCalendar {
        /// Which products, competitors and days.
        filter: MarketFilter,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [Products, Offers], writes [];

    /// The index against the margin, a point a brand or category.
    get_margin_scatter: GetMarginScatter {
        /// Which products and competitors.
        filter: MarketFilter,
        /// Brand, category or role.
        by: MarketGroup,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [Products, Offers], writes [];

    /// Who moves first, and who follows within some days: counted at once where it can be, or as a job has counted it.
    list_movers: ListMovers {
        /// Which products and competitors; from `from` on.
        filter: MarketFilter,
        /// Within so many days a move is followed; 1 to 60.
        window_days: u32,
    } -> MoversView, reads [Products, Offers], writes [];

    /// Starts counting who moves first. Takes seconds where millions of prices began; the answer is kept until prices are
    /// read again.
    count_movers: CountMovers {
        /// Which products and competitors; from `from` on.
        filter: MarketFilter,
        /// Within so many days a move is followed; 1 to 60.
        window_days: u32,
    } -> JobView, reads [], writes [Jobs];

    /// A table of figures with rows and columns of one's own.
    get_pivot: GetPivot {
        /// Which.
        pivot: Pivot,
    } -> PivotView, reads [Products, Offers], writes [];

    /// The tables that are kept, by name.
    list_pivots: ListPivots {} -> Vec<Pivot>, reads [Settings], writes [];

    /// Keeps a table under its name, in place of one that has it already. Gives all of them.
    save_pivot: SavePivot {
        /// The table.
        pivot: Pivot,
    } -> Vec<Pivot>, reads [], writes [Settings, Changes];

    /// Forgets a table. Gives the others.
    remove_pivot: RemovePivot {
        /// Its name.
        name: String,
    } -> Vec<Pivot>, reads [], writes [Settings, Changes];

    /// Promotions of ours that ran in a period, with depth, funding and uplift.
    list_promotions: ListPromotions {
        /// Which products and days.
        filter: MarketFilter,
    } -> PromotionsView, reads [Products], writes [];

    /// Writes a picture of figures as a file: SVG and PNG as it is drawn, CSV its data.
    export_chart: ExportChart {
        /// The picture, as a command has drawn it.
        chart: MarketChartView,
        /// SVG, PNG or CSV.
        format: PictureFormat,
    } -> FileRef, reads [], writes [];
}
