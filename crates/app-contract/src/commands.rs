//! Every command of the product. One entry here is a command at every host.

use pricing_domain::{
    AlertRule, AlertRuleId, AlertWays, AnswerId, ApprovalPolicy, AutomationId, AutomationPlan, BasisPoints,
    ChangeSetId, CivilDate, CompetitorId, ConnectionId, Currency, ExperimentId, FileId, FileKind, FoundPageId,
    GridFilter, GridSort, IndexForm, Instant, JobId, ListingId, MarketFilter, MarketGroup, MarketRows, OtherPrices,
    OutputFormat, PackCoefficient, PictureFormat, PriceListId, ProductId, ProposalId, PublicationId,
    QuarantineDecision, QuarantinedId, ReadState, ReportFormat, ReportKind, ReportPlanId, RuleSet, ScenarioId,
};

use crate::command::commands;
use crate::views::{
    AlertPage, AlertPreview, AlertView, AssistantContext, AssistantQuestion, AssistantTool, AssistantToolResult,
    AssistantTurn, AuditPage, AutomationDigest, AutomationsView, BacktestView, ChangeSetView, ChartPalette,
    ChartRequestLook, ChartView, CircuitBreakerSettings, CollectionSettings, CollectionView, CommentView,
    CompetitorPosition, CompetitorSettings, CompetitorView, ConnectionInput, ConnectionView, DecisionReport,
    DeliveryPage, DemandReport, ElasticityGrade, ElasticityView, EvidenceView, ExperimentDesign, ExperimentInput,
    ExperimentReading, ExperimentRow, ExportIntoReport, ExportReport, FailurePage, FileRef, FileShapeView,
    GroupStanding, ImportOptions, ImportProfileView, JobView, KeptReportView, KeptScenario, KeptScenarioRow,
    LocalModelServer, MailSettings, MarkdownInput, MarkdownView, MarketChartView, MarketOverview, MarketProductPage,
    MatchDecision, MatchFilter, MatchPage, MatchRow, MatchSearch, MatchSelection, MessageSettings, ModelSettings,
    ModelSettingsView, ModelTest, MoversView, PolicyPreview, PriceWayView, PriorPriceView, ProductDetail, ProductPage,
    PromotionInput, PromotionView, ProposalDecision, ProposalFilter, ProposalPage, ProposalSelection, PublicationView,
    QuarantineFilter, QuarantinePage, RecipeTest, RecipeView, RepeatedScenario, ReportPlan, ReportPlanView,
    RestorePreview, RestoreReport, RulePreview, RuleRemark, RuleSetVersionView, ScenarioDraft, ScenarioInput,
    ScenarioProposals, ScenarioTotals, ScenarioView, SchedulePreview, SendOutcome, SettingsView, Status, TodayView,
    UndoReport, WorkKind, WorkView,
};

commands! {
    /// What is open, what runs, what waits.
    get_status: GetStatus {} -> Status, reads [Workspace, Jobs, Proposals], writes [];

    /// Opens a workspace file that exists.
    open_workspace: OpenWorkspace {
        /// The file.
        file: FileId,
    } -> Status, reads [], writes [Scenarios, Workspace, Products, Offers, Matches, Proposals, Connections, Rules, Settings, Changes];

    /// Creates an empty workspace in a new file and opens it.
    create_workspace: CreateWorkspace {
        /// Where, as picked by the person; `None`: the application's own folder.
        file: Option<FileId>,
        /// The company's name.
        name: String,
    } -> Status, reads [], writes [Scenarios, Workspace, Products, Offers, Matches, Proposals, Connections, Rules, Settings, Changes];

    /// Opens the sample workspace: a fresh copy the first time, the same copy afterwards.
    open_sample: OpenSample {} -> Status, reads [], writes [Scenarios, Workspace, Products, Offers, Matches, Proposals, Connections, Rules, Settings, Changes];

    /// Closes the workspace; the first-start page follows.
    close_workspace: CloseWorkspace {} -> Status, reads [], writes [Scenarios, Workspace, Products, Offers, Matches, Proposals, Connections, Rules, Settings, Changes];

    /// Starts importing a file. The answer is the running job; its result is an import report.
    start_import: StartImport {
        /// The file.
        file: FileId,
        /// What a person states about it.
        options: ImportOptions,
    } -> JobView, reads [], writes [Jobs];

    /// Starts looking at what importing a file would do. Nothing is written; the job's result is a preview.
    preview_import: PreviewImport {
        /// The file.
        file: FileId,
        /// What a person states about it.
        options: ImportOptions,
    } -> JobView, reads [], writes [Jobs];

    /// What the columns of a file look like, with samples and suggestions: for mapping it.
    inspect_file: InspectFile {
        /// The file.
        file: FileId,
        /// For which kind of rows columns are suggested.
        kind: FileKind,
    } -> FileShapeView, reads [Settings], writes [];

    /// The saved mappings.
    list_import_profiles: ListImportProfiles {} -> Vec<ImportProfileView>, reads [Settings], writes [];

    /// Forgets a saved mapping.
    remove_import_profile: RemoveImportProfile {
        /// By which files were recognised.
        fingerprint: String,
    } -> Vec<ImportProfileView>, reads [], writes [Settings, Changes];

    /// Starts collecting the competitor pages that are due.
    start_collection: StartCollection {
        /// Also pages that are not due yet.
        all: bool,
    } -> JobView, reads [], writes [Jobs];

    /// Starts looking for our products on a competitor's pages. The job's result is a matching report.
    start_matching: StartMatching {
        /// Where.
        search: MatchSearch,
    } -> JobView, reads [], writes [Jobs];

    /// A stretch of pairs of a page and a product, the surest first.
    list_matches: ListMatches {
        /// Which pairs.
        filter: MatchFilter,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> MatchPage, reads [Matches, Products], writes [];

    /// Every candidate of a page, the most alike first.
    list_candidates: ListCandidates {
        /// Which page.
        page: FoundPageId,
    } -> Vec<MatchRow>, reads [Matches, Products], writes [];

    /// Decides whether pages offer products. Accepted ones are collected from now on.
    decide_matches: DecideMatches {
        /// Which pairs.
        selection: MatchSelection,
        /// What is decided.
        decision: MatchDecision,
        /// How many of ours one of theirs is; `None`: as the texts say.
        pack: Option<PackCoefficient>,
    } -> DecisionReport, reads [], writes [Matches, Offers, Changes];

    /// Starts pricing the catalogue on all price lists.
    start_pricing: StartPricing {} -> JobView, reads [], writes [Jobs];

    /// How a job stands, with its result when it is done.
    get_job: GetJob {
        /// Which job.
        job: JobId,
    } -> JobView, reads [Jobs], writes [];

    /// Running jobs and those that ended in this session, newest first.
    list_jobs: ListJobs {} -> Vec<JobView>, reads [Jobs], writes [];

    /// Asks a job to stop. What it has finished is kept, or nothing is, as its result says.
    cancel_job: CancelJob {
        /// Which job.
        job: JobId,
    } -> JobView, reads [], writes [Jobs];

    /// The figures and what needs a person.
    get_today: GetToday {
        /// Whose prices.
        price_list: PriceListId,
    } -> TodayView, reads [Products, Offers, Proposals], writes [];

    /// A stretch of the product grid.
    list_products: ListProducts {
        /// Whose prices are shown.
        price_list: PriceListId,
        /// Words that must all occur in SKU, name, brand or GTIN.
        search: String,
        /// All must hold.
        filters: Vec<GridFilter>,
        /// The order.
        sort: GridSort,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> ProductPage, reads [Products, Offers, Proposals], writes [];

    /// All about one product.
    get_product: GetProduct {
        /// Which product.
        product: ProductId,
        /// Whose prices.
        price_list: PriceListId,
    } -> ProductDetail, reads [Products, Offers, Proposals], writes [];

    /// What a product's reductions may be announced against, on every list, from our own price history.
    list_prior_prices: ListPriorPrices {
        /// Which product.
        product: ProductId,
    } -> Vec<PriorPriceView>, reads [Products, Proposals], writes [];

    /// The id of the product with this SKU.
    find_product: FindProduct {
        /// Article number, exactly.
        sku: String,
    } -> ProductId, reads [Products], writes [];

    /// The price history of a product with all competitors, drawn for a width and a palette.
    get_price_chart: GetPriceChart {
        /// Which product.
        product: ProductId,
        /// Whose own price is drawn.
        price_list: PriceListId,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// How many days back from the newest reading.
        days: u32,
        /// The colours of the theme in force.
        palette: ChartPalette,
    } -> ChartView, reads [Products, Offers], writes [];

    /// A stretch of the proposals of the newest batch, exceptions first.
    list_proposals: ListProposals {
        /// Which proposals.
        filter: ProposalFilter,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> ProposalPage, reads [Proposals], writes [];

    /// How a proposed price came about, recomputed from its stored inputs.
    get_price_way: GetPriceWay {
        /// Which proposal.
        proposal: ProposalId,
    } -> PriceWayView, reads [Proposals], writes [];

    /// How the rules price a product now, whether or not its price changes.
    explain_product: ExplainProduct {
        /// Which product.
        product: ProductId,
        /// Whose prices.
        price_list: PriceListId,
    } -> PriceWayView, reads [Products, Offers, Rules], writes [];

    /// Approves or rejects one proposal or many.
    decide_proposals: DecideProposals {
        /// Which proposals.
        selection: ProposalSelection,
        /// What is decided.
        decision: ProposalDecision,
        /// Why, for the audit.
        reason: String,
    } -> DecisionReport, reads [], writes [Proposals, Products, Changes];

    /// Approves a proposal at a price of a person's own. Hard guardrails hold for it as for any other.
    price_by_hand: PriceByHand {
        /// Which proposal.
        proposal: ProposalId,
        /// In minor units of the list's currency.
        price_minor: i64,
        /// Why, for the audit; needed.
        reason: String,
    } -> DecisionReport, reads [], writes [Proposals, Products, Changes];

    /// Lets waiting proposals wait until a time, also through later runs, or wakes them.
    snooze_proposals: SnoozeProposals {
        /// Which proposals.
        selection: ProposalSelection,
        /// Until when; `None`: they are woken.
        until: Option<Instant>,
        /// Why, for the audit.
        reason: String,
    } -> DecisionReport, reads [], writes [Proposals, Changes];

    /// What people said about the price of a proposal's product on its list, oldest first.
    list_comments: ListComments {
        /// Which proposal.
        proposal: ProposalId,
    } -> Vec<CommentView>, reads [Proposals], writes [];

    /// Says something about the price of a proposal's product; it stays with product and list.
    comment_proposal: CommentProposal {
        /// Which proposal.
        proposal: ProposalId,
        /// What.
        text: String,
    } -> Vec<CommentView>, reads [], writes [Proposals, Changes];

    /// What is approved without a person, and what needs two.
    get_approval_policy: GetApprovalPolicy {} -> ApprovalPolicy, reads [Settings], writes [];

    /// Changes what is approved without a person. What waits is approved by it with the next run, or when asked.
    save_approval_policy: SaveApprovalPolicy {
        /// The policy.
        policy: ApprovalPolicy,
    } -> ApprovalPolicy, reads [], writes [Settings, Changes];

    /// What a policy would approve of what waits. Writes nothing.
    preview_approval_policy: PreviewApprovalPolicy {
        /// The policy.
        policy: ApprovalPolicy,
    } -> PolicyPreview, reads [Proposals, Products], writes [];

    /// Approves what waits and the policy in force approves.
    apply_approval_policy: ApplyApprovalPolicy {} -> DecisionReport, reads [], writes [Proposals, Products, Changes];

    /// Changes by which name this person acts from now on, for the audit and for approvals by two.
    save_person: SavePerson {
        /// The name.
        name: String,
    } -> Status, reads [], writes [Workspace];

    /// Writes the approved prices to a file and marks them as handed over.
    export_prices: ExportPrices {
        /// CSV, XLSX or JSON lines.
        format: OutputFormat,
    } -> ExportReport, reads [], writes [Proposals, Products, Changes];

    /// A list of work on a price list: costs that changed, products without a price, promotions that start or end.
    list_work: ListWork {
        /// Which.
        kind: WorkKind,
        /// Whose prices.
        price_list: PriceListId,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> WorkView, reads [Products, Offers, Proposals, Rules], writes [];

    /// What runs by itself, with its newest turns.
    list_automations: ListAutomations {} -> AutomationsView, reads [Automations, Settings], writes [];

    /// Saves what runs by itself from now on: new, or in the place of another.
    save_automation: SaveAutomation {
        /// In the place of this one; `None`: new.
        automation: Option<AutomationId>,
        /// What it does.
        plan: AutomationPlan,
    } -> AutomationsView, reads [], writes [Automations, Changes];

    /// Lets something that runs by itself rest, or go on with its next turn.
    pause_automation: PauseAutomation {
        /// Which.
        automation: AutomationId,
        /// Rest or go on.
        paused: bool,
    } -> AutomationsView, reads [], writes [Automations, Changes];

    /// Removes something that runs by itself, with its turns.
    remove_automation: RemoveAutomation {
        /// Which.
        automation: AutomationId,
    } -> AutomationsView, reads [], writes [Automations, Changes];

    /// Starts a turn now, before its time.
    run_automation: RunAutomation {
        /// Which.
        automation: AutomationId,
    } -> JobView, reads [], writes [Jobs, Automations];

    /// What ran by itself on a day, in sentences.
    get_automation_digest: GetAutomationDigest {
        /// Which day; `None`: today.
        day: Option<CivilDate>,
        /// In which zone.
        time_zone: String,
    } -> AutomationDigest, reads [Automations, Proposals, Settings], writes [];

    /// Lets the newest batch go on that the circuit breaker holds.
    release_batch: ReleaseBatch {
        /// Why, for the audit.
        reason: String,
    } -> (), reads [], writes [Proposals, Changes];

    /// Hand-overs of prices, newest first.
    list_publications: ListPublications {
        /// At most 500.
        limit: u32,
    } -> Vec<PublicationView>, reads [Proposals], writes [];

    /// What putting the previous prices of a hand-over back would do.
    preview_restore: PreviewRestore {
        /// Which hand-over.
        publication: PublicationId,
    } -> RestorePreview, reads [Proposals, Products], writes [];

    /// Puts the previous prices of a hand-over back and writes the file for the shop, also while publishing is stopped.
    restore_publication: RestorePublication {
        /// Which hand-over.
        publication: PublicationId,
        /// CSV, XLSX or JSON lines.
        format: OutputFormat,
    } -> RestoreReport, reads [], writes [Proposals, Products, Changes];

    /// Writes the approved prices into a copy of a shop's own file, and marks those that it has as handed over.
    export_prices_into: ExportPricesInto {
        /// The shop's file; `None`: the one that products were imported from last.
        original: Option<FileId>,
        /// Whose prices go into the file's own price column; `None`: the default list's.
        price_list: Option<PriceListId>,
        /// All rows instead of the products that change.
        whole: bool,
        /// What is stated about the file; the default: what was stated when it was imported.
        options: ImportOptions,
    } -> ExportIntoReport, reads [], writes [Proposals, Products, Changes];

    /// Writes the rows of the product grid as they are filtered and sorted.
    export_products: ExportProducts {
        /// Whose prices.
        price_list: PriceListId,
        /// Words that must all occur.
        search: String,
        /// All must hold.
        filters: Vec<GridFilter>,
        /// The order.
        sort: GridSort,
        /// CSV, XLSX or JSON lines.
        format: OutputFormat,
    } -> ExportReport, reads [], writes [];

    /// How collection stands: by competitor, and failures by reason.
    get_collection: GetCollection {} -> CollectionView, reads [Offers, Jobs], writes [];

    /// The listings whose newest reading failed for a reason.
    list_failures: ListFailures {
        /// For which reason.
        state: ReadState,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> FailurePage, reads [Offers], writes [];

    /// The rule set in force.
    get_rule_set: GetRuleSet {} -> RuleSet, reads [Rules], writes [];

    /// What a rule set would do to a price list now. Writes nothing; a later question ends an earlier one that still runs.
    preview_rules: PreviewRules {
        /// The rules.
        rule_set: RuleSet,
        /// Whose prices.
        price_list: PriceListId,
    } -> RulePreview, reads [Products, Offers, Rules], writes [];

    /// Starts playing rules over the workspace's own past, day by day. Nothing is written; the job's result is a back-test.
    start_back_test: StartBackTest {
        /// The rules; `None`: those in force.
        rule_set: Option<RuleSet>,
        /// Whose prices.
        price_list: PriceListId,
        /// First day; `None`: 60 days up to the last.
        from: Option<CivilDate>,
        /// Last day; `None`: yesterday.
        to: Option<CivilDate>,
        /// Size and colours of the picture; `None`: none is wanted.
        look: Option<ChartRequestLook>,
    } -> JobView, reads [], writes [Jobs];

    /// What is doubtful about a rule set over the catalogue: unreachable rules, missing inputs, guardrails that bind often.
    lint_rules: LintRules {
        /// The rules.
        rule_set: RuleSet,
        /// Whose prices.
        price_list: PriceListId,
    } -> Vec<RuleRemark>, reads [Products, Offers, Rules], writes [];

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

    /// What would happen if: plays a scenario over the catalogue as it stands. Writes nothing; a later scenario ends an
    /// earlier one that still runs.
    run_scenario: RunScenario {
        /// The scenario.
        scenario: ScenarioInput,
        /// Whether it is also played without each change and with other reactions, for the sensitivity; otherwise only
        /// what is assumed about demand is moved.
        sensitivity: bool,
    } -> ScenarioView, reads [Products, Offers, Rules], writes [];

    /// The scenarios kept in the workspace, newest first.
    list_scenarios: ListScenarios {} -> Vec<KeptScenarioRow>, reads [Scenarios, Changes], writes [];

    /// A kept scenario with what came of it when it was kept.
    get_scenario: GetScenario {
        /// Which.
        scenario: ScenarioId,
    } -> KeptScenario, reads [Scenarios], writes [];

    /// Plays a scenario and keeps it with its answer and all that decided it.
    keep_scenario: KeepScenario {
        /// The scenario; its name is made unique where it is taken.
        scenario: ScenarioInput,
        /// Which kept one it replaces; `None`: it is a new one.
        replaces: Option<ScenarioId>,
    } -> KeptScenarioRow, reads [], writes [Scenarios, Changes];

    /// Keeps a scenario a second time under another name, with its answer.
    copy_scenario: CopyScenario {
        /// Which.
        scenario: ScenarioId,
        /// The name of the copy.
        name: String,
    } -> KeptScenarioRow, reads [], writes [Scenarios, Changes];

    /// Forgets a kept scenario.
    remove_scenario: RemoveScenario {
        /// Which.
        scenario: ScenarioId,
    } -> Vec<KeptScenarioRow>, reads [], writes [Scenarios, Changes];

    /// Plays a kept scenario again on the inputs that were kept with it: the same figures, whatever changed since.
    repeat_scenario: RepeatScenario {
        /// Which.
        scenario: ScenarioId,
    } -> RepeatedScenario, reads [Scenarios], writes [];

    /// Plays a scenario and makes a batch of proposals of the prices at its end, under the guardrails in force.
    propose_scenario: ProposeScenario {
        /// The scenario.
        scenario: ScenarioInput,
    } -> ScenarioProposals, reads [], writes [Proposals, Products, Rules, Changes];

    /// Makes a draft of the rules of a scenario: its own rules, the index it holds, or the margins its best prices have.
    draft_scenario: DraftScenario {
        /// The scenario.
        scenario: ScenarioInput,
    } -> ScenarioDraft, reads [], writes [Rules, Changes];

    /// The margin of the weeks of a scenario as a picture, with its interval.
    draw_scenario_weeks: DrawScenarioWeeks {
        /// A week without the scenario.
        today: ScenarioTotals,
        /// The weeks played, in order.
        weeks: Vec<ScenarioTotals>,
        /// Of the amounts.
        currency: Currency,
        /// Size and colours.
        look: ChartRequestLook,
    } -> MarketChartView, reads [], writes [];

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

    /// Forecasts the newest weeks of sales from those before, and scores that beside naive forecasts. Takes seconds to
    /// minutes; the answer is kept until the workspace changes.
    backtest_demand: BacktestDemand {
        /// Weeks to forecast, 1 to 26.
        weeks: u32,
        /// The products that sell most, 10 to 1,000.
        products: u32,
    } -> BacktestView, reads [Products], writes [];

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

    /// Every version of the rule set, newest first.
    list_rule_sets: ListRuleSets {} -> Vec<RuleSetVersionView>, reads [Rules], writes [];

    /// A version of the rule set.
    get_rule_set_version: GetRuleSetVersion {
        /// Its number, from 1.
        version: i64,
    } -> RuleSet, reads [Rules], writes [];

    /// Puts a rule set in force, as a new version.
    activate_rule_set: ActivateRuleSet {
        /// The rules.
        rule_set: RuleSet,
    } -> RuleSet, reads [], writes [Rules, Changes];

    /// Keeps a rule set as a draft: it may still contradict itself, and is not in force.
    save_rule_draft: SaveRuleDraft {
        /// The rules.
        rule_set: RuleSet,
    } -> Vec<RuleSetVersionView>, reads [], writes [Rules, Changes];

    /// Lets a rule set come into force by itself.
    schedule_rule_set: ScheduleRuleSet {
        /// The rules.
        rule_set: RuleSet,
        /// When.
        from: Instant,
    } -> Vec<RuleSetVersionView>, reads [], writes [Rules, Changes];

    /// Removes a draft or a scheduled version.
    remove_rule_set: RemoveRuleSet {
        /// Its number, from 1.
        version: i64,
    } -> Vec<RuleSetVersionView>, reads [], writes [Rules, Changes];

    /// Workspace, collection and storage settings.
    get_settings: GetSettings {} -> SettingsView, reads [Settings], writes [];

    /// Changes the company's name and how politely pages are collected.
    save_settings: SaveSettings {
        /// The company's name.
        company: String,
        /// How politely pages are collected.
        collection: CollectionSettings,
    } -> SettingsView, reads [], writes [Settings, Workspace, Changes];

    /// When the circuit breaker holds a batch.
    get_circuit_breaker: GetCircuitBreaker {} -> CircuitBreakerSettings, reads [Settings], writes [];

    /// Changes when the circuit breaker holds a batch.
    save_circuit_breaker: SaveCircuitBreaker {
        /// When it does.
        settings: CircuitBreakerSettings,
    } -> CircuitBreakerSettings, reads [], writes [Settings, Changes];

    /// Blocks publishing and automation, or allows them again. Promotion ends and restores still run.
    set_publishing_stop: SetPublishingStop {
        /// Blocked or not.
        stopped: bool,
        /// Why, for the audit.
        reason: String,
    } -> Status, reads [], writes [Workspace, Changes];

    /// What operations changed, newest first.
    list_change_sets: ListChangeSets {
        /// At most 500.
        limit: u32,
    } -> Vec<ChangeSetView>, reads [Changes], writes [];

    /// Takes a change set back where its values still stand; the others are listed.
    undo_change_set: UndoChangeSet {
        /// Which change set.
        change_set: ChangeSetId,
    } -> UndoReport, reads [], writes [Products, Offers, Matches, Proposals, Changes];

    /// Who did what, newest first.
    list_audit: ListAudit {
        /// From this day on; `None`: from the beginning.
        since: Option<CivilDate>,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> AuditPage, reads [Changes], writes [];

    /// What is wrong with the workspace file; empty when it is whole.
    check_workspace: CheckWorkspace {} -> Vec<String>, reads [], writes [];

    /// Every competitor: coverage, freshness, failures, politeness, robots.txt, schedule.
    list_competitors: ListCompetitors {} -> Vec<CompetitorView>, reads [Offers, Settings], writes [];

    /// Changes how a competitor is collected and which of its readings count.
    update_competitor: UpdateCompetitor {
        /// Which competitor.
        competitor: CompetitorId,
        /// All its settings.
        settings: CompetitorSettings,
    } -> CompetitorView, reads [], writes [Settings, Offers, Products, Changes];

    /// Starts collecting some competitors. Another collection may be at work: no page is read twice.
    collect_competitors: CollectCompetitors {
        /// Which competitors.
        competitors: Vec<CompetitorId>,
        /// Also pages that are not due yet.
        all: bool,
    } -> JobView, reads [], writes [Jobs];

    /// What a schedule would do: in words, its next times, and how long a collection takes at the polite pace.
    preview_schedule: PreviewSchedule {
        /// Which competitor.
        competitor: CompetitorId,
        /// A cron pattern: minute, hour, day, month, weekday.
        pattern: String,
        /// “Europe/Berlin”.
        time_zone: String,
    } -> SchedulePreview, reads [Settings, Offers], writes [];

    /// Collects a competitor by a schedule from now on.
    save_schedule: SaveSchedule {
        /// Which competitor.
        competitor: CompetitorId,
        /// A cron pattern: minute, hour, day, month, weekday.
        pattern: String,
        /// “Europe/Berlin”.
        time_zone: String,
    } -> CompetitorView, reads [], writes [Settings, Changes];

    /// Pauses a schedule, or lets it go on.
    pause_schedule: PauseSchedule {
        /// Which competitor.
        competitor: CompetitorId,
        /// Whether it pauses.
        paused: bool,
    } -> CompetitorView, reads [], writes [Settings, Changes];

    /// Collects a competitor only when a person says so.
    remove_schedule: RemoveSchedule {
        /// Which competitor.
        competitor: CompetitorId,
    } -> CompetitorView, reads [], writes [Settings, Changes];

    /// Readings that may be no price, with their reason and evidence, newest first.
    list_quarantine: ListQuarantine {
        /// Which readings.
        filter: QuarantineFilter,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> QuarantinePage, reads [Offers], writes [];

    /// Accepts readings as prices, or rejects them. The answer teaches their listings and can be taken back.
    decide_quarantined: DecideQuarantined {
        /// Which readings.
        readings: Vec<QuarantinedId>,
        /// Accepted or rejected.
        decision: QuarantineDecision,
        /// Why, for the audit.
        reason: String,
    } -> DecisionReport, reads [], writes [Offers, Products, Changes];

    /// Where a price was read: address, time, method, the piece of the page.
    get_evidence: GetEvidence {
        /// Which listing.
        listing: ListingId,
        /// The price that was seen then; `None`: the newest.
        at: Option<Instant>,
    } -> EvidenceView, reads [Offers], writes [];

    /// The kept page that a price was read from, as a file.
    get_evidence_page: GetEvidencePage {
        /// Which listing.
        listing: ListingId,
        /// The page that was read then; `None`: the newest.
        at: Option<Instant>,
    } -> FileRef, reads [Offers], writes [];

    /// The proxies through which competitors are fetched whose settings say so, without their passwords.
    list_proxies: ListProxies {} -> Vec<String>, reads [Settings], writes [];

    /// Changes the proxies; passwords go into the system's keychain.
    save_proxies: SaveProxies {
        /// `http://`, `https://` or `socks5://` with host and port, `user:password@` before the host where it asks for
        /// them. A user without a password keeps the password that is known.
        proxies: Vec<String>,
    } -> Vec<String>, reads [], writes [Settings, Changes];

    /// The recipes for a competitor's sites.
    get_recipes: GetRecipes {
        /// Which competitor.
        competitor: CompetitorId,
    } -> Vec<RecipeView>, reads [Settings], writes [];

    /// Saves a recipe for a competitor's site, in the place of the one before.
    save_recipe: SaveRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The recipe's file.
        text: String,
    } -> Vec<RecipeView>, reads [], writes [Settings, Changes];

    /// Removes the recipe for a site.
    remove_recipe: RemoveRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The host that it is for.
        site: String,
    } -> Vec<RecipeView>, reads [], writes [Settings, Changes];

    /// Tries a recipe on pages of the shop, fetched politely: the answer takes about a second a page.
    test_recipe: TestRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The recipe's file.
        text: String,
        /// Pages of the site, at most 10; empty: pages kept from collecting, without a visit.
        urls: Vec<String>,
    } -> RecipeTest, reads [], writes [];

    /// Proposes a recipe from a page and the price that a person sees on it, and tries it on other pages of the site.
    learn_recipe: LearnRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The page.
        url: String,
        /// The price as the page shows it.
        price: String,
    } -> RecipeTest, reads [], writes [];

    /// Writes a recipe to a file that can be shared.
    export_recipe: ExportRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The host that it is for.
        site: String,
    } -> FileRef, reads [], writes [];

    /// Saves a recipe from a file.
    import_recipe: ImportRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The file.
        file: FileId,
    } -> Vec<RecipeView>, reads [], writes [Settings, Changes];

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

    /// How we stand by brand, category, role or price list, the most revenue first.
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

    /// Who moves first, and who follows within some days.
    list_movers: ListMovers {
        /// Which products and competitors; from `from` on.
        filter: MarketFilter,
        /// Within so many days a move is followed; 1 to 60.
        window_days: u32,
    } -> MoversView, reads [Products, Offers], writes [];

    /// Writes a report and keeps it as a file.
    write_report: WriteReport {
        /// Which.
        report: ReportKind,
        /// Which products, competitors and days.
        filter: MarketFilter,
        /// PDF or XLSX.
        format: ReportFormat,
    } -> FileRef, reads [Products, Offers, Proposals, Rules, Changes], writes [];

    /// Writes a picture of figures as a file: SVG and PNG as it is drawn, CSV its data.
    export_chart: ExportChart {
        /// The picture, as a command has drawn it.
        chart: MarketChartView,
        /// SVG, PNG or CSV.
        format: PictureFormat,
    } -> FileRef, reads [], writes [];

    /// Answers a question in words from the workspace, with the source of every figure. Changes nothing but the conversation.
    ask_assistant: AskAssistant {
        /// In English or German.
        question: String,
        /// Whose prices, unless the question names a list; `None`: the default list's.
        price_list: Option<PriceListId>,
        /// Where the person is.
        context: AssistantContext,
    } -> AssistantTurn, reads [], writes [Conversation];

    /// The newest questions with their answers, newest first.
    list_conversation: ListConversation {
        /// At most 500.
        limit: u32,
    } -> Vec<AssistantTurn>, reads [Conversation], writes [];

    /// Pins an answer, so that clearing keeps it, or lets it go.
    pin_answer: PinAnswer {
        /// Which answer.
        answer: AnswerId,
        /// Pinned or not.
        pinned: bool,
    } -> (), reads [], writes [Conversation];

    /// Forgets all questions and answers that are not pinned. Gives how many.
    clear_conversation: ClearConversation {} -> u64, reads [], writes [Conversation];

    /// The questions that are understood without a model, with names of this workspace.
    list_assistant_questions: ListAssistantQuestions {} -> Vec<AssistantQuestion>, reads [Products, Offers], writes [];

    /// Every alert with how it stands.
    list_alerts: ListAlerts {} -> Vec<AlertView>, reads [Alerts], writes [];

    /// Makes an alert, or changes one. What already is so when it begins to look is no news.
    save_alert: SaveAlert {
        /// Which; `None`: a new one.
        id: Option<AlertRuleId>,
        /// What a person wants to hear of.
        rule: AlertRule,
    } -> AlertView, reads [], writes [Alerts, Changes];

    /// Removes an alert. Its history stays.
    remove_alert: RemoveAlert {
        /// Which.
        id: AlertRuleId,
    } -> (), reads [], writes [Alerts, Changes];

    /// What an alert would see now. Tells nobody.
    preview_alert: PreviewAlert {
        /// What a person wants to hear of.
        rule: AlertRule,
    } -> AlertPreview, reads [Products, Offers], writes [];

    /// What was told, newest first, with its reasons and to whom it went.
    list_alert_history: ListAlertHistory {
        /// Of which alert; `None`: of all.
        rule: Option<AlertRuleId>,
        /// First row, from 0.
        offset: u64,
        /// At most 200.
        limit: u32,
    } -> AlertPage, reads [Alerts], writes [];

    /// The mail server and the webhook that messages go through.
    get_message_settings: GetMessageSettings {} -> MessageSettings, reads [Alerts], writes [];

    /// Changes the mail server and the webhook.
    save_message_settings: SaveMessageSettings {
        /// The mail server.
        mail: MailSettings,
        /// Its password; `None`: as it is kept. It goes to the keychain.
        password: Option<String>,
        /// Where the webhook is; empty: none.
        webhook_url: String,
    } -> MessageSettings, reads [], writes [Alerts, Changes];

    /// Makes a new secret that calls of the webhook are signed with. It is shown this once.
    renew_webhook_secret: RenewWebhookSecret {} -> String, reads [], writes [Alerts, Changes];

    /// Sends a message on some ways now, to see whether it arrives.
    send_test_message: SendTestMessage {
        /// On which.
        ways: AlertWays,
    } -> Vec<SendOutcome>, reads [], writes [];

    /// Every planned report with how it stands.
    list_report_plans: ListReportPlans {} -> Vec<ReportPlanView>, reads [Reports], writes [];

    /// Plans a report, or changes a plan. Gives all of them.
    save_report_plan: SaveReportPlan {
        /// Which; `None`: a new one.
        id: Option<ReportPlanId>,
        /// The plan.
        plan: ReportPlan,
    } -> Vec<ReportPlanView>, reads [], writes [Reports, Changes];

    /// Removes a plan; its reports stay.
    remove_report_plan: RemoveReportPlan {
        /// Which.
        id: ReportPlanId,
    } -> Vec<ReportPlanView>, reads [], writes [Reports, Changes];

    /// Writes a planned report now, keeps it, and mails it where the plan says so.
    run_report_plan: RunReportPlan {
        /// Which.
        id: ReportPlanId,
    } -> Vec<ReportPlanView>, reads [], writes [Reports, Changes];

    /// Reports that were kept, newest first.
    list_kept_reports: ListKeptReports {} -> Vec<KeptReportView>, reads [Reports], writes [];

    /// A kept report as a file.
    get_kept_report: GetKeptReport {
        /// Its name, as it is listed.
        name: String,
    } -> FileRef, reads [Reports], writes [];

    /// Shops and other receivers of prices, with what each may do and what became of the newest tasks.
    list_connections: ListConnections {} -> Vec<ConnectionView>, reads [Connections], writes [];

    /// Adds or changes a connection. Keys go to the system's keychain; another address needs them anew.
    save_connection: SaveConnection {
        /// Where it leads and what opens it.
        input: ConnectionInput,
    } -> ConnectionView, reads [], writes [Connections, Changes];

    /// Removes a connection and forgets its keys. Hand-overs to it stay listed.
    remove_connection: RemoveConnection {
        /// Which.
        connection: ConnectionId,
    } -> Vec<ConnectionView>, reads [], writes [Connections, Changes];

    /// Asks a connection whether it answers and what the key may do. Changes nothing there.
    test_connection: TestConnection {
        /// Which.
        connection: ConnectionId,
    } -> ConnectionView, reads [], writes [Connections, Changes];

    /// Starts reading the catalogue of a shop into the workspace. The job's result is an import report.
    start_pull: StartPull {
        /// Which shop.
        connection: ConnectionId,
        /// Of every product, since shops do not say it with their products; margins need it. `None`: what is known stays.
        vat_rate: Option<BasisPoints>,
    } -> JobView, reads [], writes [Jobs];

    /// Starts looking at what publishing the approved prices would do. Nothing is sent or written.
    start_dry_run: StartDryRun {
        /// Where to.
        connection: ConnectionId,
        /// What happens to prices that somebody changed in the shop meanwhile.
        other_prices: OtherPrices,
    } -> JobView, reads [], writes [Jobs];

    /// Records that the approved prices are to be in a shop, and starts sending and verifying them. The job's result is a
    /// delivery report.
    start_publishing: StartPublishing {
        /// Where to.
        connection: ConnectionId,
        /// What happens to prices that somebody changed in the shop meanwhile.
        other_prices: OtherPrices,
    } -> JobView, reads [], writes [Jobs, Proposals, Changes];

    /// Records that the approved prices are to be in a shop from a time on.
    schedule_publishing: SchedulePublishing {
        /// Where to.
        connection: ConnectionId,
        /// What happens to prices that somebody changed in the shop meanwhile.
        other_prices: OtherPrices,
        /// When.
        at: Instant,
    } -> PublicationView, reads [], writes [Proposals, Products, Changes];

    /// Takes a hand-over up again that was broken off, or begins a scheduled one now. What the shop shows is looked at
    /// before anything is sent.
    continue_publication: ContinuePublication {
        /// Which.
        publication: PublicationId,
    } -> JobView, reads [], writes [Jobs];

    /// Ends a hand-over; prices that are not known to be in the shop wait again.
    give_up_publication: GiveUpPublication {
        /// Which.
        publication: PublicationId,
    } -> PublicationView, reads [], writes [Proposals, Products, Changes];

    /// Starts putting the previous prices of a hand-over back in its shop, also while publishing is stopped.
    restore_in_shop: RestoreInShop {
        /// Which hand-over.
        publication: PublicationId,
    } -> JobView, reads [], writes [Jobs, Proposals, Changes];

    /// A stretch of the prices of a hand-over, those first that the shop does not have.
    list_deliveries: ListDeliveries {
        /// Which hand-over.
        publication: PublicationId,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> DeliveryPage, reads [Proposals], writes [];

    /// Stops a question that is being answered. Gives whether it was.
    cancel_assistant: CancelAssistant {
        /// As the question named itself.
        ticket: String,
    } -> bool, reads [], writes [];

    /// Which model answers, within which bounds, and what it has used this month.
    get_model_settings: GetModelSettings {} -> ModelSettingsView, reads [Settings, Conversation], writes [];

    /// Chooses who answers and within which bounds. An address elsewhere is refused while “local only” is on.
    save_model_settings: SaveModelSettings {
        /// The settings.
        settings: ModelSettings,
    } -> ModelSettingsView, reads [], writes [Settings, Changes];

    /// Keeps the key for the address of the settings, in the system's keychain; an empty one forgets it.
    set_model_key: SetModelKey {
        /// The key. It is never shown again.
        key: String,
    } -> ModelSettingsView, reads [], writes [Settings];

    /// Asks the server of these settings for its models, with the kept key.
    test_model: TestModel {
        /// The settings to try; they need not be saved.
        settings: ModelSettings,
    } -> ModelTest, reads [], writes [];

    /// Looks for servers with models at the usual places on this machine.
    find_local_models: FindLocalModels {} -> Vec<LocalModelServer>, reads [], writes [];

    /// The tools that a model or another assistant can call. None of them commits.
    list_assistant_tools: ListAssistantTools {} -> Vec<AssistantTool>, reads [], writes [];

    /// Calls a tool for another assistant. What it drafts is kept in the conversation, for the person to apply.
    call_assistant_tool: CallAssistantTool {
        /// Its name.
        tool: String,
        /// By its schema.
        arguments: serde_json::Value,
    } -> AssistantToolResult, reads [], writes [Conversation];
}
