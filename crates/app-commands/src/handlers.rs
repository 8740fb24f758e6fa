//! One thin handler for each command.

use std::path::{Path, PathBuf};

use app_contract::{
    ActivateRuleSet, AlertPage, AlertPreview, AlertView, ApplyApprovalPolicy, AskAssistant, AssistantQuestion,
    AssistantTool, AssistantToolResult, AssistantTurn, AuditPage, AutomationDigest, AutomationsView, BacktestDemand,
    BacktestView, CallAssistantTool, CancelAssistant, CancelJob, ChangeSetView, ChartRequestLook, ChartView,
    CheckWorkspace, CircuitBreakerSettings, ClearConversation, CloseWorkspace, CollectCompetitors, CollectionView,
    CommandError, CommentProposal, CommentView, CompetitorPosition, CompetitorView, ConnectionView,
    ContinuePublication, CopyScenario, CreateWorkspace, DecideMatches, DecideProposals, DecideQuarantined,
    DecisionReport, DeliveryPage, DemandReport, DesignExperiment, DraftScenario, DrawScenarioWeeks, ElasticityView,
    EvidenceView, ExperimentDesign, ExperimentReading, ExperimentRow, ExplainProduct, ExportChart, ExportIntoReport,
    ExportPrices, ExportPricesInto, ExportProducts, ExportRecipe, ExportReport, FailurePage, FileRef, FileShapeView,
    FindLocalModels, FindProduct, FitDemand, GetAnalyticsOverview, GetApprovalPolicy, GetAutomationDigest,
    GetChangeCalendar, GetCircuitBreaker, GetCollection, GetDemandCurve, GetDistanceDistribution, GetElasticity,
    GetEvidence, GetEvidencePage, GetHeatMap, GetIndexHistory, GetJob, GetKeptReport, GetMarginBridge,
    GetMarginScatter, GetMessageSettings, GetModelSettings, GetPriceChart, GetPriceWay, GetProduct, GetProfitCurve,
    GetRecipes, GetRuleSet, GetRuleSetVersion, GetScenario, GetSettings, GetStatus, GetToday, GiveUpPublication,
    GroupStanding, Handler, ImportProfileView, ImportRecipe, InspectFile, JobKind, JobResult, JobView, KeepExperiment,
    KeepScenario, KeptReportView, KeptScenario, KeptScenarioRow, LearnRecipe, LintRules, ListAlertHistory, ListAlerts,
    ListAssistantQuestions, ListAssistantTools, ListAudit, ListAutomations, ListCandidates, ListChangeSets,
    ListComments, ListCompetitorPositions, ListCompetitors, ListConnections, ListConversation, ListDeliveries,
    ListExperiments, ListFailures, ListGroupStandings, ListImportProfiles, ListJobs, ListKeptReports,
    ListMarketProducts, ListMatches, ListMovers, ListPriorPrices, ListProducts, ListProposals, ListProxies,
    ListPublications, ListQuarantine, ListReportPlans, ListRuleSets, ListScenarios, ListWork, LocalModelServer,
    MarkdownView, MarketChartView, MarketOverview, MarketProductPage, MatchPage, MatchRow, MessageSettings,
    ModelSettingsView, ModelTest, MoversView, OpenSample, OpenWorkspace, PauseAutomation, PauseSchedule, PinAnswer,
    PlanMarkdown, PlanPromotion, PolicyPreview, PreviewAlert, PreviewApprovalPolicy, PreviewImport, PreviewRestore,
    PreviewRules, PreviewSchedule, PriceByHand, PriceWayView, PriorPriceView, ProductDetail, ProductPage,
    PromotionView, ProposalPage, ProposeExperiment, ProposeMarkdown, ProposeScenario, PublicationView, QuarantinePage,
    ReadExperiment, RecipeTest, RecipeView, ReleaseBatch, RemoveAlert, RemoveAutomation, RemoveConnection,
    RemoveExperiment, RemoveImportProfile, RemoveRecipe, RemoveReportPlan, RemoveRuleSet, RemoveScenario,
    RemoveSchedule, RenewWebhookSecret, RepeatScenario, RepeatedScenario, ReportPlanView, RestoreInShop,
    RestorePreview, RestorePublication, RestoreReport, RulePreview, RuleRemark, RuleSetVersionView, RunAutomation,
    RunReportPlan, RunScenario, SaveAlert, SaveApprovalPolicy, SaveAutomation, SaveCircuitBreaker, SaveConnection,
    SaveMessageSettings, SaveModelSettings, SavePerson, SaveProxies, SaveRecipe, SaveReportPlan, SaveRuleDraft,
    SaveSchedule, SaveSettings, ScenarioDraft, ScenarioProposals, ScenarioView, SchedulePreview, SchedulePublishing,
    ScheduleRuleSet, SendOutcome, SendTestMessage, SetModelKey, SetPublishingStop, SettingsView, SnoozeProposals,
    StartBackTest, StartCollection, StartDryRun, StartImport, StartMatching, StartPricing, StartPublishing, StartPull,
    Status, TestConnection, TestModel, TestRecipe, TodayView, UndoChangeSet, UndoReport, UpdateCompetitor, WorkView,
    WriteReport,
};
use pricing_domain::{ApprovalPolicy, MarketFilter, OutputFormat, ProductId, RuleSet};
use pricing_operations::{
    BackTestQuestion, ChartQuestion, ChartRequest, CollectionScope, ExportInto, OperationError, RefusedLines,
    Sensitivity, Workspace,
};

use crate::errors::crossing;
use crate::files::free_name;
use crate::host::Host;

impl Handler for Host {
    async fn get_status(&self, _: GetStatus) -> Result<Status, CommandError> {
        self.status().await
    }

    async fn open_workspace(&self, request: OpenWorkspace) -> Result<Status, CommandError> {
        let path = self.files().get(request.file)?;
        self.open_path(path).await?;
        self.status().await
    }

    async fn create_workspace(&self, request: CreateWorkspace) -> Result<Status, CommandError> {
        let path = match request.file {
            Some(file) => self.files().get(file)?,
            None => free_name(&self.options().data_folder, "workspace", "omnipricex"),
        };
        let workspace =
            Workspace::create(&path, &request.name, &self.person(), self.clock()).await.map_err(crossing)?;
        self.remember(path);
        self.replace_workspace(Some(workspace)).await;
        self.status().await
    }

    async fn open_sample(&self, _: OpenSample) -> Result<Status, CommandError> {
        let path = self.sample_file().await?;
        self.open_path(path).await?;
        self.status().await
    }

    async fn close_workspace(&self, _: CloseWorkspace) -> Result<Status, CommandError> {
        self.replace_workspace(None).await;
        self.status().await
    }

    async fn start_import(&self, request: StartImport) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        let path = self.files().get(request.file)?;
        let (host, name) = (self.clone(), named(&path));
        self.start_job(JobKind::Import, format!("Import {name}"), "bytes", move |progress| async move {
            let (mut report, lines) = workspace.import(&path, &name, &request.options, &progress).await?;
            report.refused_file = host.refused_file(&workspace, &path, &name, lines).await?;
            Ok(JobResult::Import(report))
        })
    }

    async fn preview_import(&self, request: PreviewImport) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        let path = self.files().get(request.file)?;
        let (host, name) = (self.clone(), named(&path));
        self.start_job(JobKind::Preview, format!("Look at {name}"), "bytes", move |progress| async move {
            let (mut preview, lines) = workspace.preview_import(&path, &name, &request.options, &progress).await?;
            preview.report.refused_file = host.refused_file(&workspace, &path, &name, lines).await?;
            Ok(JobResult::Preview(preview))
        })
    }

    async fn inspect_file(&self, request: InspectFile) -> Result<FileShapeView, CommandError> {
        let path = self.files().get(request.file)?;
        let workspace = self.workspace().await?;
        workspace.inspect_file(&path, &named(&path), request.kind).await.map_err(crossing)
    }

    async fn list_import_profiles(&self, _: ListImportProfiles) -> Result<Vec<ImportProfileView>, CommandError> {
        self.workspace().await?.import_profiles().await.map_err(crossing)
    }

    async fn remove_import_profile(
        &self,
        request: RemoveImportProfile,
    ) -> Result<Vec<ImportProfileView>, CommandError> {
        let workspace = self.workspace().await?;
        workspace.remove_import_profile(&request.fingerprint).await.map_err(crossing)?;
        workspace.import_profiles().await.map_err(crossing)
    }

    async fn start_collection(&self, request: StartCollection) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        self.start_job(JobKind::Collection, "Collect competitor prices".into(), "pages", move |progress| async move {
            Ok(JobResult::Collection(workspace.collect(request.all, &private, &progress).await?))
        })
    }

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

    async fn decide_matches(&self, request: DecideMatches) -> Result<DecisionReport, CommandError> {
        let DecideMatches { selection, decision, pack } = request;
        self.workspace().await?.decide_matches(&selection, decision, pack).await.map_err(crossing)
    }

    async fn start_pricing(&self, _: StartPricing) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        self.start_job(JobKind::Pricing, "Price the catalogue".into(), "proposals", move |progress| async move {
            Ok(JobResult::Pricing(workspace.price(&progress).await?))
        })
    }

    async fn get_job(&self, request: GetJob) -> Result<JobView, CommandError> {
        self.jobs().get(request.job)
    }

    async fn list_jobs(&self, _: ListJobs) -> Result<Vec<JobView>, CommandError> {
        Ok(self.jobs().list())
    }

    async fn cancel_job(&self, request: CancelJob) -> Result<JobView, CommandError> {
        self.jobs().cancel(request.job)
    }

    async fn get_today(&self, request: GetToday) -> Result<TodayView, CommandError> {
        self.workspace().await?.today(request.price_list).await.map_err(crossing)
    }

    async fn list_products(&self, request: ListProducts) -> Result<ProductPage, CommandError> {
        let ListProducts { price_list, search, filters, sort, offset, limit } = request;
        let workspace = self.workspace().await?;
        workspace.products(price_list, &search, &filters, sort, offset, limit).await.map_err(crossing)
    }

    async fn get_product(&self, request: GetProduct) -> Result<ProductDetail, CommandError> {
        self.workspace().await?.product(request.product, request.price_list).await.map_err(crossing)
    }

    async fn list_prior_prices(&self, request: ListPriorPrices) -> Result<Vec<PriorPriceView>, CommandError> {
        self.workspace().await?.prior_prices_of(request.product).await.map_err(crossing)
    }

    async fn find_product(&self, request: FindProduct) -> Result<ProductId, CommandError> {
        self.workspace().await?.find_sku(&request.sku).await.map_err(crossing)
    }

    async fn get_price_chart(&self, request: GetPriceChart) -> Result<ChartView, CommandError> {
        let GetPriceChart { product, price_list, width, height, days, palette } = request;
        let chart = ChartRequest { width, height, days, palette };
        self.workspace().await?.price_chart(product, price_list, chart).await.map_err(crossing)
    }

    async fn list_proposals(&self, request: ListProposals) -> Result<ProposalPage, CommandError> {
        let workspace = self.workspace().await?;
        workspace.proposals(&request.filter, request.offset, request.limit).await.map_err(crossing)
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

    async fn price_by_hand(&self, request: PriceByHand) -> Result<DecisionReport, CommandError> {
        let PriceByHand { proposal, price_minor, reason } = request;
        self.workspace().await?.price_by_hand(proposal, price_minor, &reason).await.map_err(crossing)
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

    async fn save_person(&self, request: SavePerson) -> Result<Status, CommandError> {
        self.act_as(&request.name).await?;
        self.status().await
    }

    async fn export_prices(&self, request: ExportPrices) -> Result<ExportReport, CommandError> {
        let workspace = self.workspace().await?;
        let path = self.output("new-prices", request.format);
        let rows = workspace.export_prices(&path, request.format).await.map_err(crossing)?;
        Ok(ExportReport { file: self.files().register(path), rows })
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

    async fn list_publications(&self, request: ListPublications) -> Result<Vec<PublicationView>, CommandError> {
        self.workspace().await?.publications(request.limit).await.map_err(crossing)
    }

    async fn preview_restore(&self, request: PreviewRestore) -> Result<RestorePreview, CommandError> {
        self.workspace().await?.preview_restore(request.publication).await.map_err(crossing)
    }

    async fn restore_publication(&self, request: RestorePublication) -> Result<RestoreReport, CommandError> {
        let workspace = self.workspace().await?;
        let path = self.output("previous-prices", request.format);
        let done = workspace.restore_publication(request.publication, &path, request.format).await.map_err(crossing)?;
        Ok(RestoreReport { file: self.files().register(path), done })
    }

    async fn export_prices_into(&self, request: ExportPricesInto) -> Result<ExportIntoReport, CommandError> {
        let workspace = self.workspace().await?;
        let original = request.original.map(|file| self.files().get(file)).transpose()?;
        let remembered = workspace.imported_products().await.map_err(crossing)?.map(|file| file.path);
        let extension = original
            .as_ref()
            .or(remembered.as_ref())
            .map(|path| named(path))
            .and_then(|name| {
                let name = name.trim_end_matches(".gz").trim_end_matches(".zip");
                name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase())
            })
            .unwrap_or_else(|| "csv".to_owned());
        let day = self.now().utc_date();
        let path = free_name(&self.upload_folder(), &format!("new-prices-{day}"), &extension);
        let into =
            ExportInto { original, price_list: request.price_list, whole: request.whole, options: request.options };
        let report = workspace.export_into(&into, &path).await.map_err(crossing)?;
        Ok(ExportIntoReport {
            file: self.files().register(path),
            format: report.format,
            prices: report.prices,
            not_in_file: report.not_in_file,
            not_in_file_skus: report.not_in_file_skus,
            kept: report.kept,
        })
    }

    async fn export_products(&self, request: ExportProducts) -> Result<ExportReport, CommandError> {
        let ExportProducts { price_list, search, filters, sort, format } = request;
        let workspace = self.workspace().await?;
        let path = self.output("products", format);
        let rows =
            workspace.export_products(&path, format, price_list, &search, &filters, sort).await.map_err(crossing)?;
        Ok(ExportReport { file: self.files().register(path), rows })
    }

    async fn get_collection(&self, _: GetCollection) -> Result<CollectionView, CommandError> {
        self.workspace().await?.collection().await.map_err(crossing)
    }

    async fn list_failures(&self, request: ListFailures) -> Result<FailurePage, CommandError> {
        let workspace = self.workspace().await?;
        workspace.failures(request.state, request.offset, request.limit).await.map_err(crossing)
    }

    async fn get_rule_set(&self, _: GetRuleSet) -> Result<RuleSet, CommandError> {
        self.workspace().await?.rule_set().await.map_err(crossing)
    }

    async fn preview_rules(&self, request: PreviewRules) -> Result<RulePreview, CommandError> {
        let workspace = self.workspace().await?;
        workspace.preview_rules(request.rule_set, request.price_list).await.map_err(crossing)
    }

    async fn start_back_test(&self, request: StartBackTest) -> Result<JobView, CommandError> {
        let StartBackTest { rule_set, price_list, from, to, look } = request;
        let workspace = self.workspace().await?;
        let question = BackTestQuestion { rule_set, price_list, from, to, look };
        self.start_job(JobKind::BackTest, "Back-test of rules".into(), "days", move |progress| async move {
            Ok(JobResult::BackTest(Box::new(workspace.back_test(question, &progress).await?)))
        })
    }

    async fn lint_rules(&self, request: LintRules) -> Result<Vec<RuleRemark>, CommandError> {
        let workspace = self.workspace().await?;
        workspace.lint_rules(request.rule_set, request.price_list).await.map_err(crossing)
    }

    async fn fit_demand(&self, request: FitDemand) -> Result<DemandReport, CommandError> {
        let FitDemand { grade, category, search, offset, limit } = request;
        let workspace = self.workspace().await?;
        workspace.demand_report(grade, category.as_deref(), &search, offset, limit).await.map_err(crossing)
    }

    async fn get_elasticity(&self, request: GetElasticity) -> Result<ElasticityView, CommandError> {
        self.workspace().await?.elasticity(request.product).await.map_err(crossing)
    }

    async fn run_scenario(&self, request: RunScenario) -> Result<ScenarioView, CommandError> {
        let sensitivity = if request.sensitivity { Sensitivity::Whole } else { Sensitivity::OfDemand };
        self.workspace().await?.run_scenario(request.scenario, sensitivity).await.map_err(crossing)
    }

    async fn list_scenarios(&self, _: ListScenarios) -> Result<Vec<KeptScenarioRow>, CommandError> {
        self.workspace().await?.kept_scenarios().await.map_err(crossing)
    }

    async fn get_scenario(&self, request: GetScenario) -> Result<KeptScenario, CommandError> {
        self.workspace().await?.kept_scenario(request.scenario).await.map_err(crossing)
    }

    async fn keep_scenario(&self, request: KeepScenario) -> Result<KeptScenarioRow, CommandError> {
        self.workspace().await?.keep_scenario(request.scenario, request.replaces).await.map_err(crossing)
    }

    async fn copy_scenario(&self, request: CopyScenario) -> Result<KeptScenarioRow, CommandError> {
        self.workspace().await?.copy_scenario(request.scenario, &request.name).await.map_err(crossing)
    }

    async fn remove_scenario(&self, request: RemoveScenario) -> Result<Vec<KeptScenarioRow>, CommandError> {
        self.workspace().await?.remove_scenario(request.scenario).await.map_err(crossing)
    }

    async fn repeat_scenario(&self, request: RepeatScenario) -> Result<RepeatedScenario, CommandError> {
        self.workspace().await?.repeat_scenario(request.scenario).await.map_err(crossing)
    }

    async fn propose_scenario(&self, request: ProposeScenario) -> Result<ScenarioProposals, CommandError> {
        self.workspace().await?.propose_scenario(request.scenario).await.map_err(crossing)
    }

    async fn draft_scenario(&self, request: DraftScenario) -> Result<ScenarioDraft, CommandError> {
        self.workspace().await?.draft_scenario(request.scenario).await.map_err(crossing)
    }

    async fn draw_scenario_weeks(&self, request: DrawScenarioWeeks) -> Result<MarketChartView, CommandError> {
        let DrawScenarioWeeks { today, weeks, currency, look } = request;
        Workspace::draw_scenario_weeks(today, weeks, currency, look).await.map_err(crossing)
    }

    async fn get_demand_curve(&self, request: GetDemandCurve) -> Result<MarketChartView, CommandError> {
        self.workspace().await?.demand_curve(request.product, request.look).await.map_err(crossing)
    }

    async fn get_profit_curve(&self, request: GetProfitCurve) -> Result<MarketChartView, CommandError> {
        let GetProfitCurve { product, price_list, look } = request;
        self.workspace().await?.profit_curve(product, price_list, look).await.map_err(crossing)
    }

    async fn backtest_demand(&self, request: BacktestDemand) -> Result<BacktestView, CommandError> {
        self.workspace().await?.backtest_demand(request.weeks, request.products).await.map_err(crossing)
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

    async fn list_rule_sets(&self, _: ListRuleSets) -> Result<Vec<RuleSetVersionView>, CommandError> {
        self.workspace().await?.rule_set_versions().await.map_err(crossing)
    }

    async fn get_rule_set_version(&self, request: GetRuleSetVersion) -> Result<RuleSet, CommandError> {
        self.workspace().await?.rule_set_version(request.version).await.map_err(crossing)
    }

    async fn activate_rule_set(&self, request: ActivateRuleSet) -> Result<RuleSet, CommandError> {
        self.workspace().await?.activate_rule_set(request.rule_set).await.map_err(crossing)
    }

    async fn save_rule_draft(&self, request: SaveRuleDraft) -> Result<Vec<RuleSetVersionView>, CommandError> {
        self.workspace().await?.save_rule_draft(&request.rule_set).await.map_err(crossing)
    }

    async fn schedule_rule_set(&self, request: ScheduleRuleSet) -> Result<Vec<RuleSetVersionView>, CommandError> {
        self.workspace().await?.schedule_rule_set(&request.rule_set, request.from).await.map_err(crossing)
    }

    async fn remove_rule_set(&self, request: RemoveRuleSet) -> Result<Vec<RuleSetVersionView>, CommandError> {
        self.workspace().await?.remove_rule_set(request.version).await.map_err(crossing)
    }

    async fn get_settings(&self, _: GetSettings) -> Result<SettingsView, CommandError> {
        self.settings_view().await
    }

    async fn save_settings(&self, request: SaveSettings) -> Result<SettingsView, CommandError> {
        let workspace = self.workspace().await?;
        workspace.save_settings(&request.company, &request.collection).await.map_err(crossing)?;
        self.settings_view().await
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

    async fn list_change_sets(&self, request: ListChangeSets) -> Result<Vec<ChangeSetView>, CommandError> {
        self.workspace().await?.change_sets(request.limit).await.map_err(crossing)
    }

    async fn undo_change_set(&self, request: UndoChangeSet) -> Result<UndoReport, CommandError> {
        self.workspace().await?.undo_change_set(request.change_set).await.map_err(crossing)
    }

    async fn check_workspace(&self, _: CheckWorkspace) -> Result<Vec<String>, CommandError> {
        self.workspace().await?.check().await.map_err(crossing)
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

    async fn list_quarantine(&self, request: ListQuarantine) -> Result<QuarantinePage, CommandError> {
        let workspace = self.workspace().await?;
        workspace.quarantine(&request.filter, request.offset, request.limit).await.map_err(crossing)
    }

    async fn decide_quarantined(&self, request: DecideQuarantined) -> Result<DecisionReport, CommandError> {
        let DecideQuarantined { readings, decision, reason } = request;
        self.workspace().await?.decide_quarantined(&readings, decision, &reason).await.map_err(crossing)
    }

    async fn get_evidence(&self, request: GetEvidence) -> Result<EvidenceView, CommandError> {
        self.workspace().await?.evidence(request.listing, request.at).await.map_err(crossing)
    }

    async fn get_evidence_page(&self, request: GetEvidencePage) -> Result<FileRef, CommandError> {
        let page = self.workspace().await?.evidence_page(request.listing, request.at).await.map_err(crossing)?;
        self.written("page", "html", |path| std::fs::write(path, page))
    }

    async fn list_proxies(&self, _: ListProxies) -> Result<Vec<String>, CommandError> {
        self.workspace().await?.proxies().await.map_err(crossing)
    }

    async fn save_proxies(&self, request: SaveProxies) -> Result<Vec<String>, CommandError> {
        self.workspace().await?.save_proxies(&request.proxies).await.map_err(crossing)
    }

    async fn get_recipes(&self, request: GetRecipes) -> Result<Vec<RecipeView>, CommandError> {
        self.workspace().await?.recipes(request.competitor).await.map_err(crossing)
    }

    async fn save_recipe(&self, request: SaveRecipe) -> Result<Vec<RecipeView>, CommandError> {
        self.workspace().await?.save_recipe(request.competitor, &request.text).await.map_err(crossing)
    }

    async fn remove_recipe(&self, request: RemoveRecipe) -> Result<Vec<RecipeView>, CommandError> {
        self.workspace().await?.remove_recipe(request.competitor, &request.site).await.map_err(crossing)
    }

    async fn test_recipe(&self, request: TestRecipe) -> Result<RecipeTest, CommandError> {
        let TestRecipe { competitor, text, urls } = request;
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        workspace.test_recipe(competitor, &text, &urls, &private).await.map_err(crossing)
    }

    async fn learn_recipe(&self, request: LearnRecipe) -> Result<RecipeTest, CommandError> {
        let LearnRecipe { competitor, url, price } = request;
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        workspace.learn_recipe_live(competitor, &url, &price, &private).await.map_err(crossing)
    }

    async fn export_recipe(&self, request: ExportRecipe) -> Result<FileRef, CommandError> {
        let ExportRecipe { competitor, site } = request;
        let path = free_name(&self.upload_folder(), &site.replace([':', '/', '\\'], "-"), "recipe.json");
        self.workspace().await?.export_recipe(competitor, &site, &path).await.map_err(crossing)?;
        Ok(self.files().register(path))
    }

    async fn import_recipe(&self, request: ImportRecipe) -> Result<Vec<RecipeView>, CommandError> {
        let path = self.files().get(request.file)?;
        self.workspace().await?.import_recipe(request.competitor, &path).await.map_err(crossing)
    }

    async fn list_audit(&self, request: ListAudit) -> Result<AuditPage, CommandError> {
        let workspace = self.workspace().await?;
        workspace.audit(request.since, request.offset, request.limit).await.map_err(crossing)
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

    async fn write_report(&self, request: WriteReport) -> Result<FileRef, CommandError> {
        let WriteReport { report, filter, format } = request;
        let workspace = self.workspace().await?;
        let day = self.now().utc_date();
        let path = free_name(&self.upload_folder(), &format!("{report}-report-{day}"), format.as_str());
        workspace.write_report(&path, report, &filter, format).await.map_err(crossing)?;
        Ok(self.files().register(path))
    }

    async fn export_chart(&self, request: ExportChart) -> Result<FileRef, CommandError> {
        let path = free_name(&self.upload_folder(), "chart", request.format.as_str());
        let workspace = self.workspace().await?;
        workspace.export_chart(&path, request.chart, request.format).await.map_err(crossing)?;
        Ok(self.files().register(path))
    }

    async fn list_movers(&self, request: ListMovers) -> Result<MoversView, CommandError> {
        self.workspace().await?.movers(&request.filter, request.window_days).await.map_err(crossing)
    }

    async fn ask_assistant(&self, request: AskAssistant) -> Result<AssistantTurn, CommandError> {
        self.answer_question(request).await
    }

    async fn list_conversation(&self, request: ListConversation) -> Result<Vec<AssistantTurn>, CommandError> {
        self.workspace().await?.conversation(request.limit).await.map_err(crossing)
    }

    async fn pin_answer(&self, request: PinAnswer) -> Result<(), CommandError> {
        self.workspace().await?.pin_answer(request.answer, request.pinned).await.map_err(crossing)
    }

    async fn clear_conversation(&self, _: ClearConversation) -> Result<u64, CommandError> {
        self.workspace().await?.clear_conversation().await.map_err(crossing)
    }

    async fn list_assistant_questions(
        &self,
        _: ListAssistantQuestions,
    ) -> Result<Vec<AssistantQuestion>, CommandError> {
        pricing_assistant::questions(&self.workspace().await?).await.map_err(crossing)
    }

    async fn list_alerts(&self, _: ListAlerts) -> Result<Vec<AlertView>, CommandError> {
        self.workspace().await?.alerts().await.map_err(crossing)
    }

    async fn save_alert(&self, request: SaveAlert) -> Result<AlertView, CommandError> {
        self.workspace().await?.save_alert(request.id, request.rule).await.map_err(crossing)
    }

    async fn remove_alert(&self, request: RemoveAlert) -> Result<(), CommandError> {
        self.workspace().await?.remove_alert(request.id).await.map_err(crossing)
    }

    async fn preview_alert(&self, request: PreviewAlert) -> Result<AlertPreview, CommandError> {
        self.workspace().await?.preview_alert(&request.rule).await.map_err(crossing)
    }

    async fn list_alert_history(&self, request: ListAlertHistory) -> Result<AlertPage, CommandError> {
        let ListAlertHistory { rule, offset, limit } = request;
        self.workspace().await?.alert_history(rule, offset, limit).await.map_err(crossing)
    }

    async fn get_message_settings(&self, _: GetMessageSettings) -> Result<MessageSettings, CommandError> {
        self.workspace().await?.message_settings().await.map_err(crossing)
    }

    async fn save_message_settings(&self, request: SaveMessageSettings) -> Result<MessageSettings, CommandError> {
        let SaveMessageSettings { mail, password, webhook_url } = request;
        self.workspace().await?.save_message_settings(mail, password, &webhook_url).await.map_err(crossing)
    }

    async fn renew_webhook_secret(&self, _: RenewWebhookSecret) -> Result<String, CommandError> {
        self.workspace().await?.renew_webhook_secret().await.map_err(crossing)
    }

    async fn send_test_message(&self, request: SendTestMessage) -> Result<Vec<SendOutcome>, CommandError> {
        self.send_test(&request.ways).await
    }

    async fn list_report_plans(&self, _: ListReportPlans) -> Result<Vec<ReportPlanView>, CommandError> {
        self.workspace().await?.report_plans().await.map_err(crossing)
    }

    async fn save_report_plan(&self, request: SaveReportPlan) -> Result<Vec<ReportPlanView>, CommandError> {
        self.workspace().await?.save_report_plan(request.id, request.plan).await.map_err(crossing)
    }

    async fn remove_report_plan(&self, request: RemoveReportPlan) -> Result<Vec<ReportPlanView>, CommandError> {
        self.workspace().await?.remove_report_plan(request.id).await.map_err(crossing)
    }

    async fn run_report_plan(&self, request: RunReportPlan) -> Result<Vec<ReportPlanView>, CommandError> {
        self.workspace().await?.run_report_plan(request.id).await.map_err(crossing)
    }

    async fn list_kept_reports(&self, _: ListKeptReports) -> Result<Vec<KeptReportView>, CommandError> {
        self.workspace().await?.kept_reports().await.map_err(crossing)
    }

    async fn get_kept_report(&self, request: GetKeptReport) -> Result<FileRef, CommandError> {
        let path = self.workspace().await?.kept_report(&request.name).await.map_err(crossing)?;
        self.files().register_existing(path)
    }

    async fn list_connections(&self, _: ListConnections) -> Result<Vec<ConnectionView>, CommandError> {
        self.workspace().await?.connections().await.map_err(crossing)
    }

    async fn save_connection(&self, request: SaveConnection) -> Result<ConnectionView, CommandError> {
        self.workspace().await?.save_connection(&request.input).await.map_err(crossing)
    }

    async fn remove_connection(&self, request: RemoveConnection) -> Result<Vec<ConnectionView>, CommandError> {
        let workspace = self.workspace().await?;
        workspace.remove_connection(request.connection).await.map_err(crossing)?;
        workspace.connections().await.map_err(crossing)
    }

    async fn test_connection(&self, request: TestConnection) -> Result<ConnectionView, CommandError> {
        let tested = self.workspace().await?.test_connection(request.connection).await;
        // What it said is kept also when it failed.
        self.stale(&[app_contract::Tag::Connections]);
        tested.map_err(crossing)
    }

    async fn start_pull(&self, request: StartPull) -> Result<JobView, CommandError> {
        self.pull(request.connection, request.vat_rate).await
    }

    async fn start_dry_run(&self, request: StartDryRun) -> Result<JobView, CommandError> {
        self.look_at_publishing(request.connection, request.other_prices).await
    }

    async fn start_publishing(&self, request: StartPublishing) -> Result<JobView, CommandError> {
        self.publish(request.connection, request.other_prices).await
    }

    async fn schedule_publishing(&self, request: SchedulePublishing) -> Result<PublicationView, CommandError> {
        let SchedulePublishing { connection, other_prices, at } = request;
        let workspace = self.workspace().await?;
        let id = workspace.intend_prices(connection, other_prices, Some(at)).await.map_err(crossing)?;
        workspace.publication(id).await.map_err(crossing)
    }

    async fn continue_publication(&self, request: ContinuePublication) -> Result<JobView, CommandError> {
        self.deliver(request.publication).await
    }

    async fn give_up_publication(&self, request: GiveUpPublication) -> Result<PublicationView, CommandError> {
        self.workspace().await?.give_up_publication(request.publication).await.map_err(crossing)
    }

    async fn restore_in_shop(&self, request: RestoreInShop) -> Result<JobView, CommandError> {
        self.put_back(request.publication).await
    }

    async fn list_deliveries(&self, request: ListDeliveries) -> Result<DeliveryPage, CommandError> {
        let ListDeliveries { publication, offset, limit } = request;
        self.workspace().await?.deliveries(publication, offset, limit).await.map_err(crossing)
    }

    async fn cancel_assistant(&self, request: CancelAssistant) -> Result<bool, CommandError> {
        Ok(self.questions().cancel(&request.ticket))
    }

    async fn get_model_settings(&self, _: GetModelSettings) -> Result<ModelSettingsView, CommandError> {
        self.model_settings_view().await
    }

    async fn save_model_settings(&self, request: SaveModelSettings) -> Result<ModelSettingsView, CommandError> {
        self.keep_model_settings(&request.settings).await?;
        self.model_settings_view().await
    }

    async fn set_model_key(&self, request: SetModelKey) -> Result<ModelSettingsView, CommandError> {
        self.keep_model_key(request.key).await?;
        self.model_settings_view().await
    }

    async fn test_model(&self, request: TestModel) -> Result<ModelTest, CommandError> {
        self.try_model(&request.settings).await
    }

    async fn find_local_models(&self, _: FindLocalModels) -> Result<Vec<LocalModelServer>, CommandError> {
        Ok(pricing_assistant::find_local_servers().await)
    }

    async fn list_assistant_tools(&self, _: ListAssistantTools) -> Result<Vec<AssistantTool>, CommandError> {
        Ok(pricing_assistant::tools(true))
    }

    async fn call_assistant_tool(&self, request: CallAssistantTool) -> Result<AssistantToolResult, CommandError> {
        self.call_tool(&request.tool, &request.arguments).await
    }
}

/// A file's name without its folder.
fn named(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

impl Host {
    async fn market_chart(
        &self,
        filter: MarketFilter,
        question: ChartQuestion,
        look: ChartRequestLook,
    ) -> Result<MarketChartView, CommandError> {
        self.workspace().await?.market_chart(&filter, question, look).await.map_err(crossing)
    }

    /// The refused rows of a file in a file of their own; `None` without any.
    async fn refused_file(
        &self,
        workspace: &Workspace,
        path: &Path,
        name: &str,
        lines: RefusedLines,
    ) -> Result<Option<FileRef>, OperationError> {
        if lines.0.is_empty() {
            return Ok(None);
        }
        let plain = name.trim_end_matches(".gz").trim_end_matches(".zip");
        let (stem, extension) = plain.rsplit_once('.').unwrap_or((plain, "csv"));
        let extension = if matches!(extension, "tsv" | "txt") { extension } else { "csv" };
        let target = free_name(&self.upload_folder(), &format!("{stem}-refused"), extension);
        workspace.copy_refused(path, name, lines, &target).await?;
        Ok(Some(self.files().register(target)))
    }

    async fn status(&self) -> Result<Status, CommandError> {
        let mut status = Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            workspace: None,
            publishing_stopped: false,
            jobs: self.jobs().running(),
            pending_exceptions: 0,
            pending_changes: 0,
            person: self.person(),
            recent: self.recent(),
        };
        if let Some(workspace) = self.open_workspace_if_any().await {
            status.workspace = Some(workspace.describe().await.map_err(crossing)?);
            status.publishing_stopped = workspace.publishing_stopped().await.map_err(crossing)?;
            if let Some(batch) = workspace.batch(None).await.map_err(crossing)? {
                status.pending_exceptions = batch.pending_exceptions;
                status.pending_changes = batch.pending_changes;
            }
        }
        Ok(status)
    }

    async fn open_path(&self, path: PathBuf) -> Result<(), CommandError> {
        // The file that is open already is closed first: opening may have to migrate it alone.
        self.replace_workspace(None).await;
        let opened = Workspace::open(&path, &self.person(), self.clock()).await.map_err(crossing)?;
        self.remember(path);
        self.replace_workspace(Some(opened)).await;
        self.open_shops_soon();
        Ok(())
    }

    async fn settings_view(&self) -> Result<SettingsView, CommandError> {
        let logs = self.options().log_folder.display().to_string();
        self.workspace().await?.settings(&logs).await.map_err(crossing)
    }

    /// A new file among those to be fetched.
    fn written(
        &self,
        stem: &str,
        extension: &str,
        write: impl FnOnce(&Path) -> std::io::Result<()>,
    ) -> Result<FileRef, CommandError> {
        let path = free_name(&self.upload_folder(), stem, extension);
        write(&path).map_err(|error| CommandError::fault(format!("{} cannot be written: {error}", path.display())))?;
        Ok(self.files().register(path))
    }

    fn output(&self, stem: &str, format: OutputFormat) -> PathBuf {
        let day = self.now().utc_date();
        free_name(&self.upload_folder(), &format!("{stem}-{day}"), format.as_str())
    }

    fn remember(&self, path: PathBuf) {
        const MOST: usize = 5;
        let list = self.options().data_folder.join("recent.json");
        let mut paths = self.recent_paths();
        paths.retain(|kept| *kept != path);
        paths.insert(0, path);
        paths.truncate(MOST);
        // Forgetting what was open last is no reason to fail.
        if let Ok(text) = serde_json::to_string(&paths) {
            let _ = std::fs::write(list, text);
        }
    }

    fn recent_paths(&self) -> Vec<PathBuf> {
        let text = std::fs::read_to_string(self.options().data_folder.join("recent.json"));
        text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn recent(&self) -> Vec<(String, pricing_domain::FileId)> {
        let existing = self.recent_paths().into_iter().filter(|path| path.is_file());
        existing
            .map(|path| {
                let file = self.files().register(path);
                (file.name, file.id)
            })
            .collect()
    }
}
