//! Which of a competitor's pages offer which of our products.

use app_contract::{
    CommandError, DecideMatches, DecisionReport, GetMatchPictures, JobKind, JobResult, JobView, ListCandidates,
    ListMatches, MatchPage, MatchPictures, MatchRow, MatchingCommands, StartMatching,
};

use crate::errors::crossing;
use crate::host::Host;

impl MatchingCommands for Host {
    async fn start_matching(&self, request: StartMatching) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        let title = format!("Look for products at {}", request.search.competitor.trim());
        self.start_job(JobKind::Matching, title, "pages", move |progress| async move {
            Ok(JobResult::Matching(workspace.find_matches(&request.search, &private, &progress).await?))
        })
    }

    async fn list_matches(&self, request: ListMatches) -> Result<MatchPage, CommandError> {
        let ListMatches { filter, offset, limit } = request;
        self.workspace().await?.matches(&filter, offset, limit).await.map_err(crossing)
    }

    async fn list_candidates(&self, request: ListCandidates) -> Result<Vec<MatchRow>, CommandError> {
        self.workspace().await?.match_candidates(request.page).await.map_err(crossing)
    }

    async fn get_match_pictures(&self, request: GetMatchPictures) -> Result<MatchPictures, CommandError> {
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        workspace.match_pictures(request.page, request.product, &private).await.map_err(crossing)
    }

    async fn decide_matches(&self, request: DecideMatches) -> Result<DecisionReport, CommandError> {
        let DecideMatches { selection, decision, pack } = request;
        self.workspace().await?.decide_matches(&selection, decision, pack).await.map_err(crossing)
    }
}
