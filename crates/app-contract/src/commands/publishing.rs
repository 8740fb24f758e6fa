//! Prices out: files for a shop, connected shops, publications.

use pricing_domain::{ConnectionId, FileId, Instant, OtherPrices, OutputFormat, PriceListId, PublicationId};

use crate::command::commands;
use crate::views::{
    ConnectionInput, ConnectionView, DeliveryPage, ExportIntoReport, ImportOptions, JobView, PublicationView,
    RestorePreview, RestoreReport, StatedVat,
};

commands! {
    PublishingCommands;

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
        /// Also the promotions of the list that run or come next, as sale prices with their dates.
        sales: bool,
        /// What is stated about the file; the default: what was stated when it was imported.
        options: ImportOptions,
        /// What the file is called, where that is known before; the history of hand-overs names it so.
        name: Option<String>,
    } -> ExportIntoReport, reads [], writes [Proposals, Products, Changes];

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
        /// VAT rates of its products, kept for the next time; what is not stated is as it was stated before, or as the
        /// shop says. Margins need them.
        stated_vat: StatedVat,
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
}
