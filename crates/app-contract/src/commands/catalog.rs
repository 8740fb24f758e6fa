//! Files in and out, and the products in them.

use pricing_domain::{
    CivilDate, FileId, FileKind, GridFilter, GridSort, ImportSourceId, Instant, OutputFormat, PriceListId, ProductId,
    Role,
};

use crate::command::commands;
use crate::views::{
    ChartPalette, ChartView, ExportReport, FileShapeView, ImportOptions, ImportProfileView, ImportSource,
    ImportSourceView, JobView, PriceLockView, PriorPriceView, ProductDetail, ProductPage, RoleReport, RoleSelection,
    RoleSuggestions,
};

commands! {
    CatalogCommands;

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
        /// What the rows are; `None`: the first mapping of these columns.
        kind: Option<FileKind>,
    } -> Vec<ImportProfileView>, reads [], writes [Settings, Changes];

    /// Files that are imported from an address, with how each stands.
    list_import_sources: ListImportSources {} -> Vec<ImportSourceView>, reads [Settings], writes [];

    /// Keeps an address to import from, or changes one. Gives all of them.
    save_import_source: SaveImportSource {
        /// Which; `None`: a new one.
        id: Option<ImportSourceId>,
        /// The source.
        source: ImportSource,
    } -> Vec<ImportSourceView>, reads [], writes [Settings, Changes];

    /// Forgets an address; what was imported from it stays.
    remove_import_source: RemoveImportSource {
        /// Which.
        id: ImportSourceId,
    } -> Vec<ImportSourceView>, reads [], writes [Settings, Changes];

    /// Starts fetching a file and importing it. The job's result is an import report.
    start_import_source: StartImportSource {
        /// Which.
        id: ImportSourceId,
    } -> JobView, reads [], writes [Jobs];

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

    /// Prices that rules must not touch and that have not ended, newest first.
    list_price_locks: ListPriceLocks {
        /// Of which product; `None`: of all, at most 1,000.
        product: Option<ProductId>,
    } -> Vec<PriceLockView>, reads [Products], writes [];

    /// Ends a lock now; the product's others are answered.
    end_price_lock: EndPriceLock {
        /// Whose.
        product: ProductId,
        /// On which list.
        price_list: PriceListId,
        /// When it began.
        valid_from: Instant,
    } -> Vec<PriceLockView>, reads [], writes [Products, Proposals, Changes];

    /// Gives products a role, or takes it away; one step to undo.
    set_roles: SetRoles {
        /// Which products.
        selection: RoleSelection,
        /// The role; `None`: none.
        role: Option<Role>,
    } -> RoleReport, reads [], writes [Products, Changes];

    /// Which roles the sales of 28 days and the competition suggest. Nothing is written.
    suggest_roles: SuggestRoles {
        /// Whose sales and prices.
        price_list: PriceListId,
        /// Only products without a role.
        only_without: bool,
        /// At most so many of those that would change are named.
        limit: u32,
    } -> RoleSuggestions, reads [Products, Offers], writes [];

    /// Gives every product the role that is suggested for it now; one step to undo.
    apply_role_suggestions: ApplyRoleSuggestions {
        /// Whose sales and prices.
        price_list: PriceListId,
        /// Only products without a role.
        only_without: bool,
    } -> RoleReport, reads [], writes [Products, Changes];

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
        /// How many days back from the end.
        days: u32,
        /// The last day that is shown; `None`: up to now.
        until: Option<CivilDate>,
        /// The colours of the theme in force.
        palette: ChartPalette,
    } -> ChartView, reads [Products, Offers], writes [];

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
}
