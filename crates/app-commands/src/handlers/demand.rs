//! What sales say: elasticities, forecasts, plans, price tests.

use app_contract::{
    BacktestDemand, CategoryElasticityView, CommandError, DemandCommands, DemandReport, DesignExperiment, DrawForecast,
    ElasticityView, ExperimentDesign, ExperimentReading, ExperimentRow, FitDemand, ForecastProduct, ForecastView,
    GetCategoryElasticity, GetDemandCurve, GetElasticity, GetProfitCurve, JobKind, JobResult, JobView, KeepExperiment,
    ListExperiments, MarkdownView, MarketChartView, PlanMarkdown, PlanPromotion, PromotionView, ProposeExperiment,
    ProposeMarkdown, ReadExperiment, RemoveExperiment, ScenarioProposals,
};
use pricing_operations::{BacktestQuestion, Workspace};

use crate::errors::crossing;
use crate::host::Host;

impl DemandCommands for Host {
    async fn fit_demand(&self, request: FitDemand) -> Result<DemandReport, CommandError> {
        let FitDemand { grade, category, search, offset, limit } = request;
        let workspace = self.workspace().await?;
        workspace.demand_report(grade, category.as_deref(), &search, offset, limit).await.map_err(crossing)
    }

    async fn get_elasticity(&self, request: GetElasticity) -> Result<ElasticityView, CommandError> {
        self.workspace().await?.elasticity(request.product).await.map_err(crossing)
    }

    async fn get_demand_curve(&self, request: GetDemandCurve) -> Result<MarketChartView, CommandError> {
        self.workspace().await?.demand_curve(request.product, request.look).await.map_err(crossing)
    }

    async fn get_profit_curve(&self, request: GetProfitCurve) -> Result<MarketChartView, CommandError> {
        let GetProfitCurve { product, price_list, look } = request;
        self.workspace().await?.profit_curve(product, price_list, look).await.map_err(crossing)
    }

    async fn get_category_elasticity(
        &self,
        request: GetCategoryElasticity,
    ) -> Result<CategoryElasticityView, CommandError> {
        let GetCategoryElasticity { category, offset, limit } = request;
        self.workspace().await?.category_elasticity(&category, offset, limit).await.map_err(crossing)
    }

    async fn forecast_product(&self, request: ForecastProduct) -> Result<ForecastView, CommandError> {
        let ForecastProduct { product, price_list, weeks, plan } = request;
        self.workspace().await?.forecast_product(product, price_list, weeks, plan).await.map_err(crossing)
    }

    async fn draw_forecast(&self, request: DrawForecast) -> Result<MarketChartView, CommandError> {
        let DrawForecast { past, weeks, look } = request;
        Workspace::draw_forecast(past, weeks, look).await.map_err(crossing)
    }

    async fn backtest_demand(&self, request: BacktestDemand) -> Result<JobView, CommandError> {
        let BacktestDemand { weeks, products, origins } = request;
        let workspace = self.workspace().await?;
        let question = BacktestQuestion { weeks, products, origins };
        self.start_job(
            JobKind::ForecastBackTest,
            "Back-test of forecasts".into(),
            "steps",
            move |progress| async move {
                Ok(JobResult::ForecastBackTest(Box::new(workspace.backtest_demand(question, &progress).await?)))
            },
        )
    }

    async fn plan_markdown(&self, request: PlanMarkdown) -> Result<MarkdownView, CommandError> {
        self.workspace().await?.plan_markdown(request.plan).await.map_err(crossing)
    }

    async fn propose_markdown(&self, request: ProposeMarkdown) -> Result<ScenarioProposals, CommandError> {
        self.workspace().await?.propose_markdown(request.plan).await.map_err(crossing)
    }

    async fn plan_promotion(&self, request: PlanPromotion) -> Result<PromotionView, CommandError> {
        self.workspace().await?.plan_promotion(request.plan).await.map_err(crossing)
    }

    async fn design_experiment(&self, request: DesignExperiment) -> Result<ExperimentDesign, CommandError> {
        self.workspace().await?.design_experiment(request.experiment).await.map_err(crossing)
    }

    async fn keep_experiment(&self, request: KeepExperiment) -> Result<ExperimentRow, CommandError> {
        self.workspace().await?.keep_experiment(request.experiment, request.starts).await.map_err(crossing)
    }

    async fn list_experiments(&self, _: ListExperiments) -> Result<Vec<ExperimentRow>, CommandError> {
        self.workspace().await?.experiments().await.map_err(crossing)
    }

    async fn read_experiment(&self, request: ReadExperiment) -> Result<ExperimentReading, CommandError> {
        self.workspace().await?.read_experiment(request.experiment).await.map_err(crossing)
    }

    async fn propose_experiment(&self, request: ProposeExperiment) -> Result<ScenarioProposals, CommandError> {
        self.workspace().await?.propose_experiment(request.experiment).await.map_err(crossing)
    }

    async fn remove_experiment(&self, request: RemoveExperiment) -> Result<Vec<ExperimentRow>, CommandError> {
        self.workspace().await?.remove_experiment(request.experiment).await.map_err(crossing)
    }
}
