//! Reports and alerts, and the ways they leave.

use app_contract::{
    AlertPage, AlertPreview, AlertView, CommandError, FileRef, GetKeptReport, GetMessageSettings, GetReportSettings,
    KeptReportView, ListAlertHistory, ListAlerts, ListKeptReports, ListReportPlans, MessageSettings, PreviewAlert,
    RemoveAlert, RemoveReportPlan, RenewWebhookSecret, ReportPlanView, ReportSettings, ReportingCommands,
    RunReportPlan, SaveAlert, SaveMapLists, SaveMessageSettings, SaveReportLogo, SaveReportPlan, SendOutcome,
    SendTestMessage, WriteReport,
};

use pricing_operations::ReportQuestion;

use crate::errors::crossing;
use crate::files::free_name;
use crate::host::Host;

impl ReportingCommands for Host {
    async fn write_report(&self, request: WriteReport) -> Result<FileRef, CommandError> {
        let WriteReport { report, filter, format, pinned_answers } = request;
        let workspace = self.workspace().await?;
        let day = self.now().utc_date();
        let path = free_name(&self.upload_folder(), &format!("{report}-report-{day}"), format.as_str());
        let question = ReportQuestion { kind: report, filter: &filter, pinned_answers };
        workspace.write_report(&path, question, format).await.map_err(crossing)?;
        Ok(self.files().register(path))
    }

    async fn get_report_settings(&self, _: GetReportSettings) -> Result<ReportSettings, CommandError> {
        self.workspace().await?.report_settings().await.map_err(crossing)
    }

    async fn save_map_lists(&self, request: SaveMapLists) -> Result<ReportSettings, CommandError> {
        let workspace = self.workspace().await?;
        workspace.save_map_lists(&request.lists).await.map_err(crossing)?;
        workspace.report_settings().await.map_err(crossing)
    }

    async fn save_report_logo(&self, request: SaveReportLogo) -> Result<ReportSettings, CommandError> {
        let path = request.file.map(|file| self.files().get(file)).transpose()?;
        let workspace = self.workspace().await?;
        workspace.save_report_logo(path.as_deref()).await.map_err(crossing)?;
        workspace.report_settings().await.map_err(crossing)
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
}
