//! From pricing to a decision: proposals, approval policy, circuit breaker, automation.

use pricing_domain::{
    ApprovalPolicy, AutomationId, AutomationPlan, CivilDate, Instant, OutputFormat, PriceListId, ProductId, ProposalId,
};

use crate::command::commands;
use crate::views::{
    AutomationDigest, AutomationsView, CircuitBreakerSettings, CommentView, DecisionReport, ExportPricesReport,
    JobView, PolicyPreview, PriceWayView, ProposalDecision, ProposalFilter, ProposalPage, ProposalRow,
    ProposalSelection, Status, WorkKind, WorkView,
};

commands! {
    ProposalsCommands;

    /// Starts pricing the catalogue on all price lists.
    start_pricing: StartPricing {} -> JobView, reads [], writes [Jobs];

    /// A stretch of the proposals of the newest batch, exceptions first.
    list_proposals: ListProposals {
        /// Which proposals.
        filter: ProposalFilter,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> ProposalPage, reads [Proposals], writes [];

    /// One proposal as it stands, of any batch.
    get_proposal: GetProposal {
        /// Which proposal.
        proposal: ProposalId,
    } -> ProposalRow, reads [Proposals], writes [];

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
        /// The last day, by the list's clock, on which the price is held whatever rules say; `None`: it is not held.
        #[serde(default)]
        hold_until: Option<CivilDate>,
    } -> DecisionReport, reads [], writes [Proposals, Products, Changes];

    /// Sets a price of a person's own for a product, whether one is proposed for it or not. Hard guardrails hold for it as
    /// for any other; it is handed over like every approved price.
    set_price: SetPrice {
        /// Which product.
        product: ProductId,
        /// On which list.
        price_list: PriceListId,
        /// In minor units of the list's currency.
        price_minor: i64,
        /// Why, for the audit; needed.
        reason: String,
        /// The last day, by the list's clock, on which the price is held whatever rules say; `None`: it is not held.
        #[serde(default)]
        hold_until: Option<CivilDate>,
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

    /// Writes the approved prices to a file and marks them as handed over.
    export_prices: ExportPrices {
        /// CSV, XLSX or JSON lines.
        format: OutputFormat,
        /// Whose prices; `None`: those of all lists.
        price_list: Option<PriceListId>,
        /// What the file is called, where that is known before; the history of hand-overs names it so.
        name: Option<String>,
    } -> ExportPricesReport, reads [], writes [Proposals, Products, Changes];

    /// Writes the approved prices of a list as a supplemental feed for Google Merchant and marks them as handed over.
    export_google_feed: ExportGoogleFeed {
        /// Whose prices; `None`: the default list's.
        price_list: Option<PriceListId>,
        /// What the file is called; the history of hand-overs names it so.
        name: String,
    } -> ExportPricesReport, reads [], writes [Proposals, Products, Changes];

    /// Writes the approved prices of all lists for larger quantities, or of a type, as tier prices of Magento and Adobe
    /// Commerce, and marks them as handed over.
    export_tier_prices: ExportTierPrices {
        /// What the file is called; the history of hand-overs names it so.
        name: String,
    } -> ExportPricesReport, reads [], writes [Proposals, Products, Changes];

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
}
