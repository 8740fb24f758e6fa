//! The workspace file: opening it, its jobs, settings, change sets and audit.

use pricing_domain::{
    BasisPoints, ChangeSetId, CivilDate, FileId, JobId, PriceListId, PriceListSettings, PriceType, TaxMode,
};

use crate::command::commands;
use crate::views::{
    AuditPage, ChangeSetView, CollectionSettings, JobView, PriceListView, SettingsView, Status, UndoReport,
};

commands! {
    WorkspaceCommands;

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

    /// Changes by which name this person acts from now on, for the audit and for approvals by two.
    save_person: SavePerson {
        /// The name.
        name: String,
    } -> Status, reads [], writes [Workspace];

    /// Workspace, collection and storage settings.
    get_settings: GetSettings {} -> SettingsView, reads [Settings], writes [];

    /// Changes the company's name and how politely pages are collected.
    save_settings: SaveSettings {
        /// The company's name.
        company: String,
        /// How politely pages are collected.
        collection: CollectionSettings,
    } -> SettingsView, reads [], writes [Settings, Workspace, Changes];

    /// What price lists are for, the default one first.
    list_price_lists: ListPriceLists {} -> Vec<PriceListView>, reads [Workspace], writes [];

    /// Changes what a price list is for.
    save_price_list: SavePriceList {
        /// Which list.
        price_list: PriceListId,
        /// What it is for.
        settings: PriceListSettings,
        /// Makes it the default one.
        is_default: bool,
    } -> PriceListView, reads [], writes [Workspace, Products, Offers, Changes];

    /// Adds a list for prices of another one: those of a type, or for so many pieces or more. They are priced by rules
    /// like any list's, and never exceed those for fewer pieces.
    add_list_part: AddListPart {
        /// The other list.
        base: PriceListId,
        /// Regular, clearance or member.
        price_type: PriceType,
        /// From how many pieces on; 1: any number.
        min_quantity: u32,
        /// The new list's code.
        code: String,
        /// Its name; empty: what it holds, in words.
        name: String,
    } -> PriceListView, reads [], writes [Workspace, Products, Offers, Changes];

    /// Says whether the prices of a list contain VAT, where an import was told wrong. No amount changes.
    set_list_tax: SetListTax {
        /// Which list.
        price_list: PriceListId,
        /// Whether its prices contain VAT.
        tax_mode: TaxMode,
    } -> PriceListView, reads [], writes [Workspace, Products, Offers, Changes];

    /// States the VAT of a list's country, where it is not the default list's.
    set_list_vat: SetListVat {
        /// Which list.
        price_list: PriceListId,
        /// On products whose rate at home is this; `None`: on all without a rate of their own there.
        of: Option<BasisPoints>,
        /// The rate.
        rate: BasisPoints,
    } -> PriceListView, reads [], writes [Workspace, Products, Offers, Changes];

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
}
