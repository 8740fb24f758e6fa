//! The workspace file: opening it, its jobs, settings, change sets and audit.

use app_contract::{
    AddListPart, AuditPage, CancelJob, ChangeSetView, CheckWorkspace, CloseWorkspace, CommandError, CreateWorkspace,
    GetJob, GetSettings, GetStatus, JobView, ListAudit, ListChangeSets, ListJobs, ListPriceLists, OpenSample,
    OpenWorkspace, PriceListView, SavePerson, SavePriceList, SaveSettings, SetListTax, SetListVat, SettingsView,
    Status, UndoChangeSet, UndoReport, WorkspaceCommands,
};
use pricing_operations::Workspace;

use crate::errors::crossing;
use crate::files::free_name;
use crate::host::Host;

impl WorkspaceCommands for Host {
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

    async fn get_job(&self, request: GetJob) -> Result<JobView, CommandError> {
        self.jobs().get(request.job)
    }

    async fn list_jobs(&self, _: ListJobs) -> Result<Vec<JobView>, CommandError> {
        Ok(self.jobs().list())
    }

    async fn cancel_job(&self, request: CancelJob) -> Result<JobView, CommandError> {
        self.jobs().cancel(request.job)
    }

    async fn save_person(&self, request: SavePerson) -> Result<Status, CommandError> {
        self.act_as(&request.name).await?;
        self.status().await
    }

    async fn list_price_lists(&self, _: ListPriceLists) -> Result<Vec<PriceListView>, CommandError> {
        self.workspace().await?.price_lists().await.map_err(crossing)
    }

    async fn save_price_list(&self, request: SavePriceList) -> Result<PriceListView, CommandError> {
        let SavePriceList { price_list, settings, is_default } = request;
        self.workspace().await?.save_price_list(price_list, &settings, is_default).await.map_err(crossing)
    }

    async fn add_list_part(&self, request: AddListPart) -> Result<PriceListView, CommandError> {
        let AddListPart { base, price_type, min_quantity, code, name } = request;
        let workspace = self.workspace().await?;
        workspace.add_list_part(base, (price_type, min_quantity), (&code, &name)).await.map_err(crossing)
    }

    async fn set_list_tax(&self, request: SetListTax) -> Result<PriceListView, CommandError> {
        let SetListTax { price_list, tax_mode } = request;
        self.workspace().await?.set_list_tax(price_list, tax_mode).await.map_err(crossing)
    }

    async fn set_list_vat(&self, request: SetListVat) -> Result<PriceListView, CommandError> {
        let SetListVat { price_list, of, rate } = request;
        self.workspace().await?.set_list_vat(price_list, of, rate).await.map_err(crossing)
    }

    async fn get_settings(&self, _: GetSettings) -> Result<SettingsView, CommandError> {
        self.settings_view().await
    }

    async fn save_settings(&self, request: SaveSettings) -> Result<SettingsView, CommandError> {
        let workspace = self.workspace().await?;
        workspace.save_settings(&request.company, &request.collection).await.map_err(crossing)?;
        self.settings_view().await
    }

    async fn list_change_sets(&self, request: ListChangeSets) -> Result<Vec<ChangeSetView>, CommandError> {
        self.workspace().await?.change_sets(request.limit).await.map_err(crossing)
    }

    async fn undo_change_set(&self, request: UndoChangeSet) -> Result<UndoReport, CommandError> {
        self.workspace().await?.undo_change_set(request.change_set).await.map_err(crossing)
    }

    async fn list_audit(&self, request: ListAudit) -> Result<AuditPage, CommandError> {
        let workspace = self.workspace().await?;
        workspace.audit(request.since, request.offset, request.limit).await.map_err(crossing)
    }

    async fn check_workspace(&self, _: CheckWorkspace) -> Result<Vec<String>, CommandError> {
        self.workspace().await?.check().await.map_err(crossing)
    }
}
