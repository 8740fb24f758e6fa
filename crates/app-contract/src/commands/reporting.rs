//! Reports and alerts, and the ways they leave.

use pricing_domain::{
    AlertRule, AlertRuleId, AlertWays, FileId, MarketFilter, PriceListId, ReportFormat, ReportKind, ReportPlanId,
};

use crate::command::commands;
use crate::views::{
    AlertPage, AlertPreview, AlertView, FileRef, KeptReportView, MailSettings, MessageSettings, ReportPlan,
    ReportPlanView, ReportSettings, SendOutcome,
};

commands! {
    ReportingCommands;

    /// Writes a report and keeps it as a file.
    write_report: WriteReport {
        /// Which.
        report: ReportKind,
        /// Which products, competitors and days.
        filter: MarketFilter,
        /// PDF or XLSX.
        format: ReportFormat,
        /// Whether the weekly report has the assistant's pinned answers, with their sources.
        pinned_answers: bool,
    } -> FileRef, reads [Products, Offers, Proposals, Rules, Changes], writes [];

    /// The logo of reports, and the price lists with limits on advertised prices.
    get_report_settings: GetReportSettings {} -> ReportSettings, reads [Settings], writes [];

    /// Says in whose markets advertised prices are limited (MAP).
    save_map_lists: SaveMapLists {
        /// Those lists; all others have no such limit.
        lists: Vec<PriceListId>,
    } -> ReportSettings, reads [], writes [Settings, Products, Changes];

    /// Puts a PNG or SVG picture on the first page of every PDF report.
    save_report_logo: SaveReportLogo {
        /// The picture, at most 256 KiB; `None`: no logo any more.
        file: Option<FileId>,
    } -> ReportSettings, reads [], writes [Settings, Changes];

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
}
