//! What sales say: elasticities, forecasts, plans, price tests.

use pricing_domain::{CivilDate, ExperimentId, PriceListId, ProductId};

use crate::command::commands;
use crate::views::{
    CategoryElasticityView, ChartRequestLook, DemandReport, ElasticityGrade, ElasticityView, ExperimentDesign,
    ExperimentInput, ExperimentReading, ExperimentRow, ForecastPlan, ForecastView, ForecastWeek, JobView,
    MarkdownInput, MarkdownView, MarketChartView, PastWeek, PromotionInput, PromotionView, ScenarioProposals,
};

commands! {
    DemandCommands;

    /// What the sales of the whole catalogue say about demand, each product graded by what its elasticity rests on.
    /// Writes nothing; the answer is kept until the workspace changes.
    fit_demand: FitDemand {
        /// Only products of this grade; `None`: all.
        grade: Option<ElasticityGrade>,
        /// Only products of this category and those below it; `None`: all.
        category: Option<String>,
        /// Words that must all occur in SKU, name, brand or GTIN.
        search: String,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> DemandReport, reads [Products], writes [];

    /// The demand of one product, with the weeks that it rests on.
    get_elasticity: GetElasticity {
        /// Which product.
        product: ProductId,
    } -> ElasticityView, reads [Products], writes [];

    /// A product's demand curve with the weeks that it rests on and its interval.
    get_demand_curve: GetDemandCurve {
        /// Which product.
        product: ProductId,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [Products], writes [];

    /// What a product earns a week at each price, with today's and the proposed one.
    get_profit_curve: GetProfitCurve {
        /// Which product.
        product: ProductId,
        /// On which list.
        price_list: PriceListId,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [Products, Proposals], writes [];

    /// The demand of a category: its estimate, what its products' elasticities rest on, its families, its products.
    get_category_elasticity: GetCategoryElasticity {
        /// Its path; those below it count with it.
        category: String,
        /// First product, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> CategoryElasticityView, reads [Products], writes [];

    /// What a product is expected to sell in the next weeks at planned prices: mean and median, with intervals. Writes
    /// nothing; a later question ends an earlier one that is still computed.
    forecast_product: ForecastProduct {
        /// Which product.
        product: ProductId,
        /// On which list.
        price_list: PriceListId,
        /// 8 to 13.
        weeks: u32,
        /// What is planned.
        plan: ForecastPlan,
    } -> ForecastView, reads [Products], writes [];

    /// A forecast as a picture, after the weeks before it.
    draw_forecast: DrawForecast {
        /// The weeks that are known.
        past: Vec<PastWeek>,
        /// The weeks ahead.
        weeks: Vec<ForecastWeek>,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [], writes [];

    /// Starts forecasting past weeks of sales from those before them, from several origins, beside naive forecasts. Takes
    /// seconds to minutes; the answer is kept until the workspace changes.
    backtest_demand: BacktestDemand {
        /// Weeks to forecast from each origin, 1 to 26.
        weeks: u32,
        /// The products that sell most, 10 to 1,000.
        products: u32,
        /// Origins, each as many weeks after the one before as are forecast; 1 to 6.
        origins: u32,
    } -> JobView, reads [], writes [Jobs];

    /// Plans the prices by which stock is gone in time.
    plan_markdown: PlanMarkdown {
        /// What has to go, and until when.
        plan: MarkdownInput,
    } -> MarkdownView, reads [Products, Rules], writes [];

    /// Proposes the prices of a markdown's first week, under the guardrails in force.
    propose_markdown: ProposeMarkdown {
        /// What has to go, and until when.
        plan: MarkdownInput,
    } -> ScenarioProposals, reads [], writes [Proposals, Products, Rules, Changes];

    /// What a promotion would bring, cost others, and may be announced against.
    plan_promotion: PlanPromotion {
        /// The promotion.
        plan: PromotionInput,
    } -> PromotionView, reads [Products, Offers, Rules], writes [];

    /// Chooses the products of a price test, and says how many it needs and what it would find.
    design_experiment: DesignExperiment {
        /// The test.
        experiment: ExperimentInput,
    } -> ExperimentDesign, reads [Products], writes [];

    /// Keeps a price test with the products that its design chooses.
    keep_experiment: KeepExperiment {
        /// The test.
        experiment: ExperimentInput,
        /// The first day of the new prices.
        starts: CivilDate,
    } -> ExperimentRow, reads [], writes [Scenarios, Changes];

    /// The price tests that are kept, newest first.
    list_experiments: ListExperiments {} -> Vec<ExperimentRow>, reads [Scenarios], writes [];

    /// What a price test says so far: difference in differences over the sales.
    read_experiment: ReadExperiment {
        /// Which.
        experiment: ExperimentId,
    } -> ExperimentReading, reads [Scenarios, Products], writes [];

    /// Proposes the new prices of a price test, under the guardrails in force.
    propose_experiment: ProposeExperiment {
        /// Which.
        experiment: ExperimentId,
    } -> ScenarioProposals, reads [], writes [Proposals, Products, Rules, Changes];

    /// Forgets a price test.
    remove_experiment: RemoveExperiment {
        /// Which.
        experiment: ExperimentId,
    } -> Vec<ExperimentRow>, reads [], writes [Scenarios, Changes];
}
