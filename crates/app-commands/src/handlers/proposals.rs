//! From pricing to a decision: proposals, approval policy, circuit breaker, automation.

use app_contract::{
    ApplyApprovalPolicy, AutomationDigest, AutomationsView, CircuitBreakerSettings, CommandError, CommentProposal,
    CommentView, DecideProposals, DecisionReport, ExplainProduct, ExportGoogleFeed, ExportPrices, ExportPricesReport,
    ExportTierPrices, GetApprovalPolicy, GetAutomationDigest, GetCircuitBreaker, GetPriceWay, GetProposal, JobKind,
    JobResult, JobView, ListAutomations, ListComments, ListProposals, ListWork, PauseAutomation, PolicyPreview,
    PreviewApprovalPolicy, PriceByHand, PriceWayView, ProposalPage, ProposalRow, ProposalsCommands, ReleaseBatch,
    RemoveAutomation, RunAutomation, SaveApprovalPolicy, SaveAutomation, SaveCircuitBreaker, SetPrice,
    SetPublishingStop, SnoozeProposals, StartPricing, Status, WorkView,
};
use pricing_domain::ApprovalPolicy;

use crate::errors::crossing;
use crate::host::Host;

impl ProposalsCommands for Host {
    async fn start_pricing(&self, _: StartPricing) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        self.start_job(JobKind::Pricing, "Price the catalogue".into(), "proposals", move |progress| async move {
            Ok(JobResult::Pricing(workspace.price(&progress).await?))
        })
    }

    async fn list_proposals(&self, request: ListProposals) -> Result<ProposalPage, CommandError> {
        let workspace = self.workspace().await?;
        workspace.proposals(&request.filter, request.offset, request.limit).await.map_err(crossing)
    }

    async fn get_proposal(&self, request: GetProposal) -> Result<ProposalRow, CommandError> {
        self.workspace().await?.proposal(request.proposal).await.map_err(crossing)
    }

    async fn get_price_way(&self, request: GetPriceWay) -> Result<PriceWayView, CommandError> {
        self.workspace().await?.price_way(request.proposal).await.map_err(crossing)
    }

    async fn explain_product(&self, request: ExplainProduct) -> Result<PriceWayView, CommandError> {
        let workspace = self.workspace().await?;
        workspace.explain_product(request.product, request.price_list).await.map_err(crossing)
    }

    async fn decide_proposals(&self, request: DecideProposals) -> Result<DecisionReport, CommandError> {
        let workspace = self.workspace().await?;
        workspace.decide_proposals(&request.selection, request.decision, &request.reason).await.map_err(crossing)
    }

    async fn set_price(&self, request: SetPrice) -> Result<DecisionReport, CommandError> {
        let SetPrice { product, price_list, price_minor, reason, hold_until } = request;
        let workspace = self.workspace().await?;
        workspace.set_price(product, price_list, price_minor, &reason, hold_until).await.map_err(crossing)
    }

    async fn price_by_hand(&self, request: PriceByHand) -> Result<DecisionReport, CommandError> {
        let PriceByHand { proposal, price_minor, reason, hold_until } = request;
        self.workspace().await?.price_by_hand(proposal, price_minor, &reason, hold_until).await.map_err(crossing)
    }

    async fn snooze_proposals(&self, request: SnoozeProposals) -> Result<DecisionReport, CommandError> {
        let SnoozeProposals { selection, until, reason } = request;
        self.workspace().await?.snooze_proposals(&selection, until, &reason).await.map_err(crossing)
    }

    async fn list_comments(&self, request: ListComments) -> Result<Vec<CommentView>, CommandError> {
        self.workspace().await?.comments(request.proposal).await.map_err(crossing)
    }

    async fn comment_proposal(&self, request: CommentProposal) -> Result<Vec<CommentView>, CommandError> {
        self.workspace().await?.comment_proposal(request.proposal, &request.text).await.map_err(crossing)
    }

    async fn get_approval_policy(&self, _: GetApprovalPolicy) -> Result<ApprovalPolicy, CommandError> {
        self.workspace().await?.approval_policy().await.map_err(crossing)
    }

    async fn save_approval_policy(&self, request: SaveApprovalPolicy) -> Result<ApprovalPolicy, CommandError> {
        self.workspace().await?.save_approval_policy(&request.policy).await.map_err(crossing)?;
        Ok(request.policy)
    }

    async fn preview_approval_policy(&self, request: PreviewApprovalPolicy) -> Result<PolicyPreview, CommandError> {
        self.workspace().await?.preview_approval_policy(&request.policy).await.map_err(crossing)
    }

    async fn apply_approval_policy(&self, _: ApplyApprovalPolicy) -> Result<DecisionReport, CommandError> {
        self.workspace().await?.apply_approval_policy().await.map_err(crossing)
    }

    async fn export_prices(&self, request: ExportPrices) -> Result<ExportPricesReport, CommandError> {
        let workspace = self.workspace().await?;
        let path = match &request.name {
            Some(name) => self.output_called(name)?,
            None => self.output("new-prices", request.format),
        };
        let exported = workspace.export_prices(&path, request.format, request.price_list).await.map_err(crossing)?;
        Ok(ExportPricesReport { file: self.files().register(path), rows: exported.prices, left: exported.left })
    }

    async fn export_google_feed(&self, request: ExportGoogleFeed) -> Result<ExportPricesReport, CommandError> {
        let path = self.output_called(&request.name)?;
        let workspace = self.workspace().await?;
        let exported = workspace.export_google_feed(&path, request.price_list).await.map_err(crossing)?;
        Ok(ExportPricesReport { file: self.files().register(path), rows: exported.prices, left: exported.left })
    }

    async fn export_tier_prices(&self, request: ExportTierPrices) -> Result<ExportPricesReport, CommandError> {
        let path = self.output_called(&request.name)?;
        let exported = self.workspace().await?.export_tier_prices(&path).await.map_err(crossing)?;
        Ok(ExportPricesReport { file: self.files().register(path), rows: exported.prices, left: exported.left })
    }

    async fn list_work(&self, request: ListWork) -> Result<WorkView, CommandError> {
        let ListWork { kind, price_list, offset, limit } = request;
        self.workspace().await?.work(kind, price_list, offset, limit).await.map_err(crossing)
    }

    async fn list_automations(&self, _: ListAutomations) -> Result<AutomationsView, CommandError> {
        self.automations_view().await
    }

    async fn save_automation(&self, request: SaveAutomation) -> Result<AutomationsView, CommandError> {
        let SaveAutomation { automation, plan } = request;
        self.workspace().await?.save_automation(automation, plan).await.map_err(crossing)?;
        self.automations_view().await
    }

    async fn pause_automation(&self, request: PauseAutomation) -> Result<AutomationsView, CommandError> {
        let PauseAutomation { automation, paused } = request;
        self.workspace().await?.pause_automation(automation, paused).await.map_err(crossing)?;
        self.automations_view().await
    }

    async fn remove_automation(&self, request: RemoveAutomation) -> Result<AutomationsView, CommandError> {
        self.workspace().await?.remove_automation(request.automation).await.map_err(crossing)?;
        self.automations_view().await
    }

    async fn run_automation(&self, request: RunAutomation) -> Result<JobView, CommandError> {
        self.run_automation_now(request.automation).await
    }

    async fn get_automation_digest(&self, request: GetAutomationDigest) -> Result<AutomationDigest, CommandError> {
        self.automation_digest(request.day, &request.time_zone).await
    }

    async fn release_batch(&self, request: ReleaseBatch) -> Result<(), CommandError> {
        self.workspace().await?.release_batch(&request.reason).await.map_err(crossing)
    }

    async fn get_circuit_breaker(&self, _: GetCircuitBreaker) -> Result<CircuitBreakerSettings, CommandError> {
        self.workspace().await?.circuit_breaker().await.map_err(crossing)
    }

    async fn save_circuit_breaker(&self, request: SaveCircuitBreaker) -> Result<CircuitBreakerSettings, CommandError> {
        let workspace = self.workspace().await?;
        workspace.save_circuit_breaker(&request.settings).await.map_err(crossing)?;
        Ok(request.settings)
    }

    async fn set_publishing_stop(&self, request: SetPublishingStop) -> Result<Status, CommandError> {
        let workspace = self.workspace().await?;
        workspace.set_publishing_stop(request.stopped, &request.reason).await.map_err(crossing)?;
        self.status().await
    }
}
