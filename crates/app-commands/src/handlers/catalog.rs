//! Files in and out, and the products in them.

use app_contract::{
    ApplyRoleSuggestions, CatalogCommands, ChartView, CommandError, EndPriceLock, ErrorCode, ExportProducts,
    ExportReport, FileShapeView, FindProduct, GetPriceChart, GetProduct, ImportProfileView, ImportSourceView,
    InspectFile, JobKind, JobResult, JobView, ListImportProfiles, ListImportSources, ListPriceLocks, ListPriorPrices,
    ListProducts, PreviewImport, PriceLockView, PriorPriceView, ProductDetail, ProductPage, RemoveImportProfile,
    RemoveImportSource, RoleReport, RoleSuggestions, SaveImportSource, SetRoles, StartImport, StartImportSource,
    SuggestRoles,
};
use pricing_domain::ProductId;
use pricing_operations::ChartRequest;

use super::named;
use crate::errors::crossing;
use crate::host::Host;
use crate::sources::SourceTurn;

impl CatalogCommands for Host {
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
        workspace.remove_import_profile(&request.fingerprint, request.kind).await.map_err(crossing)?;
        workspace.import_profiles().await.map_err(crossing)
    }

    async fn list_import_sources(&self, _: ListImportSources) -> Result<Vec<ImportSourceView>, CommandError> {
        self.workspace().await?.import_sources().await.map_err(crossing)
    }

    async fn save_import_source(&self, request: SaveImportSource) -> Result<Vec<ImportSourceView>, CommandError> {
        self.workspace().await?.save_import_source(request.id, request.source).await.map_err(crossing)
    }

    async fn remove_import_source(&self, request: RemoveImportSource) -> Result<Vec<ImportSourceView>, CommandError> {
        self.workspace().await?.remove_import_source(request.id).await.map_err(crossing)
    }

    async fn start_import_source(&self, request: StartImportSource) -> Result<JobView, CommandError> {
        let sources = self.workspace().await?.import_sources().await.map_err(crossing)?;
        let name = sources.into_iter().find(|source| source.id == request.id).map(|source| source.source.name);
        let name = name
            .ok_or_else(|| CommandError::new(ErrorCode::NotFound, "This source is not there any more.".to_owned()))?;
        self.import_source(request.id, format!("Import {name}"), SourceTurn::Asked).await
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

    async fn list_price_locks(&self, request: ListPriceLocks) -> Result<Vec<PriceLockView>, CommandError> {
        self.workspace().await?.price_locks(request.product).await.map_err(crossing)
    }

    async fn end_price_lock(&self, request: EndPriceLock) -> Result<Vec<PriceLockView>, CommandError> {
        let EndPriceLock { product, price_list, valid_from } = request;
        self.workspace().await?.end_price_lock(product, price_list, valid_from).await.map_err(crossing)
    }

    async fn set_roles(&self, request: SetRoles) -> Result<RoleReport, CommandError> {
        self.workspace().await?.set_roles(&request.selection, request.role).await.map_err(crossing)
    }

    async fn suggest_roles(&self, request: SuggestRoles) -> Result<RoleSuggestions, CommandError> {
        let SuggestRoles { price_list, only_without, limit } = request;
        self.workspace().await?.suggest_roles(price_list, only_without, limit).await.map_err(crossing)
    }

    async fn apply_role_suggestions(&self, request: ApplyRoleSuggestions) -> Result<RoleReport, CommandError> {
        self.workspace().await?.apply_roles(request.price_list, request.only_without).await.map_err(crossing)
    }

    async fn find_product(&self, request: FindProduct) -> Result<ProductId, CommandError> {
        self.workspace().await?.find_sku(&request.sku).await.map_err(crossing)
    }

    async fn get_price_chart(&self, request: GetPriceChart) -> Result<ChartView, CommandError> {
        let GetPriceChart { product, price_list, width, height, days, until, palette } = request;
        let chart = ChartRequest { width, height, days, until, palette };
        self.workspace().await?.price_chart(product, price_list, chart).await.map_err(crossing)
    }

    async fn export_products(&self, request: ExportProducts) -> Result<ExportReport, CommandError> {
        let ExportProducts { price_list, search, filters, sort, format } = request;
        let workspace = self.workspace().await?;
        let path = self.output("products", format);
        let rows =
            workspace.export_products(&path, format, price_list, &search, &filters, sort).await.map_err(crossing)?;
        Ok(ExportReport { file: self.files().register(path), rows })
    }
}
