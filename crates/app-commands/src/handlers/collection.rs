//! Competitors, their schedules, and the collection of their pages.

use app_contract::{
    CollectCompetitors, CollectionCommands, CollectionView, CommandError, CompetitorView, FailurePage, GetCollection,
    JobKind, JobResult, JobView, ListCompetitors, ListFailures, ListPrivateSites, ListProxies, PauseSchedule,
    PreviewSchedule, RemoveSchedule, SavePrivateSites, SaveProxies, SaveSchedule, SchedulePreview, StartCollection,
    UpdateCompetitor,
};
use pricing_operations::CollectionScope;

use crate::errors::crossing;
use crate::host::Host;

impl CollectionCommands for Host {
    async fn start_collection(&self, request: StartCollection) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        self.start_job(JobKind::Collection, "Collect competitor prices".into(), "pages", move |progress| async move {
            Ok(JobResult::Collection(workspace.collect(request.all, &private, &progress).await?))
        })
    }

    async fn get_collection(&self, _: GetCollection) -> Result<CollectionView, CommandError> {
        self.workspace().await?.collection().await.map_err(crossing)
    }

    async fn list_failures(&self, request: ListFailures) -> Result<FailurePage, CommandError> {
        let workspace = self.workspace().await?;
        workspace.failures(request.state, request.offset, request.limit).await.map_err(crossing)
    }

    async fn list_competitors(&self, _: ListCompetitors) -> Result<Vec<CompetitorView>, CommandError> {
        self.workspace().await?.competitors().await.map_err(crossing)
    }

    async fn update_competitor(&self, request: UpdateCompetitor) -> Result<CompetitorView, CommandError> {
        let workspace = self.workspace().await?;
        workspace.update_competitor(request.competitor, &request.settings).await.map_err(crossing)
    }

    async fn collect_competitors(&self, request: CollectCompetitors) -> Result<JobView, CommandError> {
        let CollectCompetitors { competitors, all } = request;
        self.collect_beside(CollectionScope { all, unread_since: None, competitors }).await
    }

    async fn preview_schedule(&self, request: PreviewSchedule) -> Result<SchedulePreview, CommandError> {
        let PreviewSchedule { competitor, pattern, time_zone } = request;
        self.workspace().await?.preview_schedule(competitor, &pattern, &time_zone).await.map_err(crossing)
    }

    async fn save_schedule(&self, request: SaveSchedule) -> Result<CompetitorView, CommandError> {
        let SaveSchedule { competitor, pattern, time_zone } = request;
        self.workspace().await?.save_schedule(competitor, &pattern, &time_zone).await.map_err(crossing)
    }

    async fn pause_schedule(&self, request: PauseSchedule) -> Result<CompetitorView, CommandError> {
        self.workspace().await?.pause_schedule(request.competitor, request.paused).await.map_err(crossing)
    }

    async fn remove_schedule(&self, request: RemoveSchedule) -> Result<CompetitorView, CommandError> {
        self.workspace().await?.remove_schedule(request.competitor).await.map_err(crossing)
    }

    async fn list_proxies(&self, _: ListProxies) -> Result<Vec<String>, CommandError> {
        self.workspace().await?.proxies().await.map_err(crossing)
    }

    async fn save_proxies(&self, request: SaveProxies) -> Result<Vec<String>, CommandError> {
        self.workspace().await?.save_proxies(&request.proxies).await.map_err(crossing)
    }

    async fn list_private_sites(&self, _: ListPrivateSites) -> Result<Vec<String>, CommandError> {
        self.workspace().await?.private_sites().await.map_err(crossing)
    }

    async fn save_private_sites(&self, request: SavePrivateSites) -> Result<Vec<String>, CommandError> {
        self.workspace().await?.save_private_sites(&request.sites).await.map_err(crossing)
    }
}
