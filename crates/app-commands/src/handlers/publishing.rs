//! Prices out: files for a shop, connected shops, publications.

use app_contract::{
    CommandError, ConnectionView, ContinuePublication, DeliveryPage, ExportIntoReport, ExportPricesInto,
    GiveUpPublication, JobView, ListConnections, ListDeliveries, ListPublications, PreviewRestore, PublicationView,
    PublishingCommands, RemoveConnection, RestoreInShop, RestorePreview, RestorePublication, RestoreReport,
    SaveConnection, SchedulePublishing, StartDryRun, StartPublishing, StartPull, TestConnection,
};
use pricing_operations::ExportInto;

use super::named;
use crate::errors::crossing;
use crate::files::free_name;
use crate::host::Host;

impl PublishingCommands for Host {
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
        let path = match &request.name {
            Some(name) => self.output_called(name)?,
            None => free_name(&self.upload_folder(), &format!("new-prices-{day}"), &extension),
        };
        let ExportPricesInto { price_list, whole, sales, options, .. } = request;
        let into = ExportInto { original, price_list, whole, sales, options };
        let report = workspace.export_into(&into, &path).await.map_err(crossing)?;
        Ok(ExportIntoReport {
            file: self.files().register(path),
            format: report.format,
            prices: report.prices,
            sales: report.sales,
            not_in_file: report.not_in_file,
            not_in_file_skus: report.not_in_file_skus,
            kept: report.kept,
            left: report.left,
        })
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
        self.pull(request.connection, request.stated_vat).await
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
}
