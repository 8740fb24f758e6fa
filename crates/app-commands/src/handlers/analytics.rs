//! The figures and their pictures.

use app_contract::{
    AnalyticsCommands, CommandError, CompetitorPosition, CountMovers, ExportChart, FileRef, GetAnalyticsOverview,
    GetChangeCalendar, GetDistanceDistribution, GetHeatMap, GetIndexHistory, GetMarginBridge, GetMarginScatter,
    GetPivot, GetToday, GroupStanding, JobKind, JobResult, JobView, ListCompetitorPositions, ListGroupStandings,
    ListMarketProducts, ListMovers, ListPivots, ListPromotions, MarkTodaySeen, MarketChartView, MarketOverview,
    MarketProductPage, MoversView, PivotView, PromotionsView, RemovePivot, SavePivot, TodayView,
};
use pricing_domain::Pivot;
use pricing_operations::ChartQuestion;

use crate::errors::crossing;
use crate::files::free_name;
use crate::host::Host;

impl AnalyticsCommands for Host {
    async fn get_today(&self, request: GetToday) -> Result<TodayView, CommandError> {
        self.workspace().await?.today(request.price_list).await.map_err(crossing)
    }

    async fn mark_today_seen(&self, _: MarkTodaySeen) -> Result<(), CommandError> {
        self.workspace().await?.mark_today_seen().await.map_err(crossing)
    }

    async fn get_analytics_overview(&self, request: GetAnalyticsOverview) -> Result<MarketOverview, CommandError> {
        self.workspace().await?.market_overview(&request.filter, request.form).await.map_err(crossing)
    }

    async fn list_competitor_positions(
        &self,
        request: ListCompetitorPositions,
    ) -> Result<Vec<CompetitorPosition>, CommandError> {
        self.workspace().await?.competitor_positions(&request.filter, request.form).await.map_err(crossing)
    }

    async fn list_group_standings(&self, request: ListGroupStandings) -> Result<Vec<GroupStanding>, CommandError> {
        let ListGroupStandings { filter, by, form, limit } = request;
        self.workspace().await?.group_standings(&filter, by, form, limit).await.map_err(crossing)
    }

    async fn list_market_products(&self, request: ListMarketProducts) -> Result<MarketProductPage, CommandError> {
        let ListMarketProducts { filter, rows, offset, limit } = request;
        self.workspace().await?.market_products(&filter, &rows, offset, limit).await.map_err(crossing)
    }

    async fn get_index_history(&self, request: GetIndexHistory) -> Result<MarketChartView, CommandError> {
        self.market_chart(request.filter, ChartQuestion::IndexHistory, request.look).await
    }

    async fn get_heat_map(&self, request: GetHeatMap) -> Result<MarketChartView, CommandError> {
        self.market_chart(request.filter, ChartQuestion::HeatMap(request.by, request.form), request.look).await
    }

    async fn get_distance_distribution(
        &self,
        request: GetDistanceDistribution,
    ) -> Result<MarketChartView, CommandError> {
        self.market_chart(request.filter, ChartQuestion::Distribution, request.look).await
    }

    async fn get_margin_bridge(&self, request: GetMarginBridge) -> Result<MarketChartView, CommandError> {
        self.market_chart(request.filter, ChartQuestion::Bridge(request.weeks), request.look).await
    }

    async fn get_change_calendar(&self, request: GetChangeCalendar) -> Result<MarketChartView, CommandError> {
        self.market_chart(request.filter, ChartQuestion::Calendar, request.look).await
    }

    async fn get_margin_scatter(&self, request: GetMarginScatter) -> Result<MarketChartView, CommandError> {
        self.market_chart(request.filter, ChartQuestion::Scatter(request.by), request.look).await
    }

    async fn list_movers(&self, request: ListMovers) -> Result<MoversView, CommandError> {
        self.workspace().await?.movers(&request.filter, request.window_days).await.map_err(crossing)
    }

    async fn count_movers(&self, request: CountMovers) -> Result<JobView, CommandError> {
        let CountMovers { filter, window_days } = request;
        let workspace = self.workspace().await?;
        self.start_job(JobKind::Movers, "Who moves first".into(), "prices", move |progress| async move {
            Ok(JobResult::Movers(Box::new(workspace.count_movers(&filter, window_days, &progress).await?)))
        })
    }

    async fn get_pivot(&self, request: GetPivot) -> Result<PivotView, CommandError> {
        self.workspace().await?.pivot(&request.pivot).await.map_err(crossing)
    }

    async fn list_pivots(&self, _: ListPivots) -> Result<Vec<Pivot>, CommandError> {
        self.workspace().await?.pivots().await.map_err(crossing)
    }

    async fn save_pivot(&self, request: SavePivot) -> Result<Vec<Pivot>, CommandError> {
        self.workspace().await?.save_pivot(request.pivot).await.map_err(crossing)
    }

    async fn remove_pivot(&self, request: RemovePivot) -> Result<Vec<Pivot>, CommandError> {
        self.workspace().await?.remove_pivot(&request.name).await.map_err(crossing)
    }

    async fn list_promotions(&self, request: ListPromotions) -> Result<PromotionsView, CommandError> {
        self.workspace().await?.market_promotions(&request.filter).await.map_err(crossing)
    }

    async fn export_chart(&self, request: ExportChart) -> Result<FileRef, CommandError> {
        let path = free_name(&self.upload_folder(), "chart", request.format.as_str());
        let workspace = self.workspace().await?;
        workspace.export_chart(&path, request.chart, request.format).await.map_err(crossing)?;
        Ok(self.files().register(path))
    }
}
