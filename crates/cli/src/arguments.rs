//! The command line's words.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use pricing_domain::{CivilDate, FileKind, GridColumn, GridFilter, Instant, ProposalId, ReadState};

use crate::alerts::AlertsTask;
use crate::approvals::{DecisionWords, ProposalWords};
use crate::breaker::BreakerWords;
use crate::competitors::CompetitorsTask;
use crate::connections::ConnectionsTask;
use crate::import_words::ImportWords;
use crate::market::{MarketWords, ReportWords};
use crate::matches::MatchTask;
use crate::plans::{ExperimentTask, PlanTask};
use crate::prices::{ListsTask, LocksTask, SetPriceWords};
use crate::publishing::PublishWords;
use crate::reading::{ExtractWords, ParsePriceWords, RobotsWords};
use crate::readings::QuarantineTask;
use crate::recipes::RecipeTask;
use crate::reports::ReportsTask;
use crate::scenarios::ScenarioTask;
use crate::science::ScienceTask;
use crate::sources::SourcesTask;

/// Decides selling prices from competitors' prices and your own rules.
#[derive(Parser)]
#[command(
    name = "omnipricex",
    version,
    after_help = "Examples:\n  omnipricex --workspace shop.omnipricex create \"My Shop\"\n  \
    omnipricex --workspace shop.omnipricex import products catalogue.csv\n  \
    omnipricex --workspace shop.omnipricex collect\n  \
    omnipricex --workspace shop.omnipricex price\n  \
    omnipricex --workspace shop.omnipricex approve --all\n  \
    omnipricex --workspace shop.omnipricex export new-prices.csv\n\n\
    Exit codes: 0 done, 1 refused or failed, 2 wrong words, 3 done but rows or pages were refused, 130 stopped."
)]
pub struct Arguments {
    /// The workspace file; without it the one used last.
    #[arg(long, short, global = true, value_name = "FILE", env = "OMNIPRICEX_WORKSPACE")]
    pub workspace: Option<PathBuf>,
    /// By which name you act, for the audit and for approvals by two persons; without it the one in Settings.
    #[arg(long, global = true, value_name = "NAME", env = "OMNIPRICEX_PERSON")]
    pub person: Option<String>,
    /// Answers as JSON on standard output, for scripts.
    #[arg(long, global = true)]
    pub json: bool,
    /// Also logs to the terminal.
    #[arg(long, global = true)]
    pub verbose: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Task,
}

/// What can be done.
#[derive(Subcommand)]
pub enum Task {
    /// Creates an empty workspace in the file given with --workspace.
    Create {
        /// The company's name.
        company: String,
    },
    /// Shows what is open and what waits.
    Status,
    /// Checks that the workspace file is whole.
    Check,
    /// Reads a file into the workspace; refused rows are listed with line, column and reason.
    #[command(after_help = "Examples:\n  omnipricex import products shopify-export.csv --currency EUR\n  \
        omnipricex import feed.xml --preview\n  \
        omnipricex import products list.xlsx --map sku=Nr,name=Artikel,price=Betrag,currency==EUR --save \"My ERP\"\n\n\
        Read as they are: Shopify, WooCommerce, Magento, PrestaShop, Google Merchant (TSV, XML), ERPNext, Odoo, Wiser,\n\
        Prisync, Price2Spy, rates of the European Central Bank, and the project's own columns; CSV, TSV, XLSX, XML, JSON\n\
        lines; also within .gz and .zip.")]
    Import(ImportWords),
    /// Shows the columns of a file with samples, and which of ours they may be.
    Inspect {
        /// Any table.
        file: PathBuf,
        /// For which kind of rows columns are suggested.
        #[arg(long, default_value = "products")]
        kind: FileKind,
    },
    /// Lists saved mappings, or forgets one.
    Mappings {
        /// The name of the one to forget.
        #[arg(long, value_name = "NAME")]
        forget: Option<String>,
    },
    /// Takes the newest import or decision back.
    Undo,
    /// Reads the competitor pages that are due. Ctrl+C stops and keeps what was read.
    #[command(after_help = "Examples:\n  omnipricex collect\n  omnipricex collect --all")]
    Collect {
        /// Also pages that are not due yet.
        #[arg(long)]
        all: bool,
        /// Also visit this origin on your own machine or network (http://127.0.0.1:8080).
        #[arg(long, value_name = "ORIGIN")]
        allow_origin: Vec<String>,
    },
    /// Finds our products on competitors' pages, and decides what was found.
    #[command(
        after_help = "Examples:\n  omnipricex matches find --competitor ElektroMax --site https://elektromax.example\n  \
        omnipricex matches list --verdict review\n  omnipricex matches accept --verdict certain\n  \
        omnipricex matches reject --sku WH-820 --url https://elektromax.example/wh-820-case"
    )]
    Matches {
        /// What to do.
        #[command(subcommand)]
        task: MatchTask,
    },
    /// Shows competitors and how their collection stands, or changes it.
    Competitors {
        /// What to do; without it all are shown.
        #[command(subcommand)]
        task: Option<CompetitorsTask>,
    },
    /// Shows readings that may be no price, and decides them.
    Quarantine {
        /// What to do.
        #[command(subcommand)]
        task: QuarantineTask,
    },
    /// Shows where a competitor's price was read.
    Evidence {
        /// Article number.
        sku: String,
        /// The competitor's name.
        competitor: String,
        /// Writes the kept page to this file.
        #[arg(long, value_name = "FILE")]
        page: Option<PathBuf>,
    },
    /// Shows how collection stands, or the failures of one reason.
    Failures {
        /// blocked, gone, no_price, disallowed, unreachable, …
        state: Option<ReadState>,
    },
    /// Prices the catalogue on all price lists and makes proposals; with --rules, plain files without a workspace.
    #[command(
        after_help = "Examples:\n  omnipricex price\n  omnipricex price --rules rules.txt --products catalogue.csv --offers offers.csv \
                      --out prices.csv"
    )]
    Price(PriceWords),
    /// Shows the way to a price, step by step.
    #[command(after_help = "Examples:\n  omnipricex explain WH-820\n  omnipricex --json explain WH-820 --list AT\n  \
        omnipricex explain WH-820 --proposal")]
    Explain {
        /// Article number.
        sku: String,
        /// Code of the price list; without it the default one.
        #[arg(long)]
        list: Option<String>,
        /// The way to its proposal, from what was stored with it: that of the newest batch, or the one with this id.
        #[arg(long, value_name = "ID", num_args = 0..=1)]
        proposal: Option<Option<ProposalId>>,
    },
    /// Shows what a product's reductions may be announced against, on every list (Directive 98/6/EC).
    PriorPrice {
        /// Article number.
        sku: String,
    },
    /// Answers a question in words, in English or German; every figure names the look-up it comes from.
    #[command(after_help = "Examples:\n  omnipricex ask \"where do we lose margin against ElektroMax?\"\n  \
        omnipricex ask \"Welche Regeln greifen nie?\"\n  omnipricex --json ask \"what if headphones go down 5 %?\"\n  \
        omnipricex ask help\n  omnipricex ask --model \"what should I look at first?\"\n  \
        omnipricex ask --file competitor.xlsx \"where are they cheaper than us?\"")]
    Ask {
        /// The question.
        #[arg(required = true)]
        question: Vec<String>,
        /// Asks the chosen language model; without it the advisor, which needs none.
        #[arg(long)]
        model: bool,
        /// A file of competitors' prices (XLSX, CSV, …) that is asked about. Nothing of it is stored.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Code of the price list; without it the default one.
        #[arg(long)]
        list: Option<String>,
    },
    /// Shows or chooses the language model behind `ask --model` and the window's assistant.
    #[command(after_help = "Examples:\n  omnipricex model find\n  \
        omnipricex model set --kind compatible --url http://127.0.0.1:11434/v1 --model qwen3\n  \
        omnipricex model key < key.txt\n  omnipricex model test")]
    Model {
        #[command(subcommand)]
        task: Option<crate::models::ModelTask>,
    },
    /// Serves look-ups and drafts to other assistants by the Model Context Protocol, over standard input and output.
    #[command(after_help = "Example, in another assistant's configuration:\n  \
        {\"command\": \"omnipricex\", \"args\": [\"--workspace\", \"shop.omnipricex\", \"mcp\"]}")]
    Mcp,
    /// Lists proposals, exceptions first.
    Proposals(ProposalWords),
    /// Tells of batches of proposals.
    #[command(after_help = "Examples:\n  omnipricex batches notes > notes.md\n  \
        omnipricex batches notes --list AT --language de")]
    Batches {
        /// What to do.
        #[command(subcommand)]
        task: crate::batches::BatchesTask,
    },
    /// Approves proposals.
    #[command(after_help = "Examples:\n  omnipricex approve --changes --reason \"follows the rules\"\n  \
        omnipricex approve WH-820 --reason \"agreed with the buyer\"")]
    Approve(DecisionWords),
    /// Rejects proposals.
    #[command(after_help = "Example:\n  omnipricex reject WH-820 --reason \"the cost is wrong\"")]
    Reject(DecisionWords),
    /// Lets waiting proposals wait until a day, also through later runs; without one it wakes them.
    Snooze {
        /// Which.
        #[command(flatten)]
        words: DecisionWords,
        /// Until the beginning of this day (2026-12-24, UTC).
        #[arg(long, value_name = "DAY")]
        until: Option<CivilDate>,
    },
    /// Shows what was said about the price of a proposal's product, or says something.
    Comment {
        /// Article number.
        sku: String,
        /// What to say; without it the comments are shown.
        text: Option<String>,
        /// Code of the price list; without it the default one.
        #[arg(long)]
        list: Option<String>,
    },
    /// Shows what is approved without a person, or changes it.
    #[command(after_help = "Examples:\n  omnipricex policy > policy.json\n  omnipricex policy set policy.json\n  \
        omnipricex policy try policy.json\n  omnipricex policy apply")]
    Policy {
        /// What to do; without it the policy in force is shown as JSON.
        #[command(subcommand)]
        task: Option<crate::approvals::PolicyTask>,
    },
    /// Shows what has to be worked on: costs that changed and what waiting costs, products without a price, promotions.
    #[command(
        after_help = "Examples:\n  omnipricex work\n  omnipricex work costs --limit 50\n  omnipricex work starting"
    )]
    Work {
        /// costs, unpriced, starting or ending; without it how long each list is.
        #[arg(value_parser = crate::work::kind)]
        kind: Option<app_contract::WorkKind>,
        /// Code of the price list; without it the default one.
        #[arg(long)]
        list: Option<String>,
        /// How many.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Shows what runs by itself (collect, price, approve by policy, hand over), or changes it.
    #[command(after_help = "Examples:\n  omnipricex automation\n  omnipricex automation save plan.json\n  \
        omnipricex automation run Night\n  omnipricex automation digest --zone Europe/Berlin\n  \
        omnipricex automation watch")]
    Automation {
        /// What to do; without it all are listed.
        #[command(subcommand)]
        task: Option<crate::automations::AutomationTask>,
    },
    /// Gives products a role, or suggests roles from sales and competition.
    #[command(
        after_help = "Examples:\n  omnipricex roles set --role kvi A100 A200\n  omnipricex roles set --role none A100\n  \
        omnipricex roles suggest\n  omnipricex roles suggest --only-without --apply"
    )]
    Roles {
        /// What to do.
        #[command(subcommand)]
        task: crate::roles::RolesTask,
    },
    /// Sets a price of your own, proposed or not, with the reason; hard guardrails hold for it.
    SetPrice(SetPriceWords),
    /// Shows prices that rules must not touch, or ends a lock.
    Locks {
        /// Without it all that have not ended are shown.
        #[command(subcommand)]
        task: Option<LocksTask>,
    },
    /// Shows price lists, or changes what one is for.
    Lists {
        /// Without it all are shown.
        #[command(subcommand)]
        task: Option<ListsTask>,
    },
    /// Writes the approved prices to a file; only changed prices.
    #[command(after_help = "Examples:\n  omnipricex export new-prices.csv\n  \
        omnipricex export to-shop.csv --into products_export.csv\n  omnipricex export to-shop.csv --as-imported --sales\n  \
        omnipricex export supplement.txt --google --list DE\n  \
        omnipricex export tier-prices.csv --tier-prices")]
    Export {
        /// Where to; without --into the ending decides: .csv, .xlsx, .json.
        file: PathBuf,
        /// The shop's own file: only its price cells change, only products whose price changes are written.
        #[arg(long, value_name = "ORIGINAL", conflicts_with = "as_imported")]
        into: Option<PathBuf>,
        /// The same with the file that products were imported from last.
        #[arg(long)]
        as_imported: bool,
        /// As a supplemental feed for Google Merchant (tab-separated: id and price), without a file of the shop's.
        #[arg(long, conflicts_with_all = ["into", "as_imported", "whole", "vat"])]
        google: bool,
        /// The prices for larger quantities and of other types as tier prices of Magento and Adobe Commerce.
        #[arg(long, conflicts_with_all = ["into", "as_imported", "whole", "vat", "google", "list"])]
        tier_prices: bool,
        /// Writes all rows, not only those that change.
        #[arg(long)]
        whole: bool,
        /// In a shop's own file also promotions that run or come next, as sale prices with their dates.
        #[arg(long, conflicts_with_all = ["google", "tier_prices"])]
        sales: bool,
        /// Code of the price list: only its prices. Without it all; in a shop's own file or a feed the default one.
        #[arg(long)]
        list: Option<String>,
        /// VAT rate in percent for products that have none, where the file has net prices.
        #[arg(long, value_name = "PERCENT")]
        vat: Option<String>,
    },
    /// Lets a batch go on that the circuit breaker holds.
    Release {
        /// Why, for the audit.
        #[arg(long)]
        reason: String,
    },
    /// Shows alerts, makes them, tries them, and shows what they told.
    #[command(subcommand)]
    Alerts(AlertsTask),
    /// Plans reports that are written by themselves, and shows those that were kept.
    #[command(subcommand)]
    Reports(ReportsTask),
    /// Imports files from addresses, now or at their times.
    #[command(subcommand)]
    Sources(SourcesTask),
    /// Writes a report as PDF or XLSX, as the file's ending says.
    #[command(after_help = "Examples:\n  omnipricex report weekly --out weekly.pdf\n  \
        omnipricex report category --category \"TV & Audio\" --out audio.xlsx\n  \
        omnipricex report prior-prices --list DE --out proof.pdf\n  \
        omnipricex report audit --from 2026-11-01 --to 2026-11-30 --out audit.pdf")]
    Report(ReportWords),
    /// Shows how we stand in the market: against each competitor, or by brand, category, role, price list or product.
    Market(Box<MarketWords>),
    /// Shows shops and other receivers of prices, adds, tests or removes one, reads a shop's catalogue.
    Connections {
        /// What to do; without it all are listed.
        #[command(subcommand)]
        task: Option<ConnectionsTask>,
    },
    /// Hands the approved prices over to a shop and verifies that it shows them.
    #[command(after_help = "Examples:\n  omnipricex publish --to Shop --dry-run\n  omnipricex publish --to Shop\n  \
        omnipricex publish --to Shop --at 2026-11-27T06:00:00Z\n  omnipricex publish --continue\n\n\
        The intent is recorded before anything is sent. A hand-over that was broken off goes on by looking at what the\n\
        shop shows; nothing is lost and nothing is sent twice. Exit code 3: some prices are not in the shop.")]
    Publish(PublishWords),
    /// Lists the hand-overs so far, newest first, each with its number, which stays.
    HandOvers,
    /// Puts the previous prices of a hand-over back, in its shop or as a file for it; works while publishing is stopped.
    Restore {
        /// Writes them to a file instead: .csv, .xlsx, .json. Needed for a hand-over that went to a file.
        file: Option<PathBuf>,
        /// Its number in `hand-overs`, or its id; without it the newest whose prices were not put back yet.
        #[arg(long, value_name = "NUMBER|ID")]
        number: Option<String>,
    },
    /// Lists products.
    #[command(after_help = "Examples:\n  omnipricex products headphones --limit 50\n  \
        omnipricex products --filter no_cost\n  omnipricex products --filter below_cost --filter brand:Drosva\n  \
        omnipricex products --sort demand --filter demand:own_data")]
    Products {
        /// Words that must all occur.
        #[arg(default_value = "")]
        search: String,
        /// Only those: no_cost, below_cost, locked, inelastic, brand:NAME, demand:GRADE and others; several must all
        /// hold.
        #[arg(long = "filter", value_name = "FILTER")]
        filters: Vec<GridFilter>,
        /// In which order: sku, name, price, margin, gap, units, demand (the elasticity) and others.
        #[arg(long, value_name = "COLUMN", default_value_t = GridColumn::Sku)]
        sort: GridColumn,
        /// The largest first.
        #[arg(long)]
        descending: bool,
        /// How many.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Shows the rules in force, or puts others in force.
    #[command(args_conflicts_with_subcommands = true)]
    Rules {
        /// A file with a rule set, in words or as JSON.
        #[arg(long, value_name = "FILE")]
        activate: Option<PathBuf>,
        /// Prints the rules in force in words that can be reviewed, instead of JSON.
        #[arg(long)]
        text: bool,
        /// What to do with a file of rules.
        #[command(subcommand)]
        task: Option<RulesTask>,
    },
    /// Shows or changes when a batch that moves too much at once is held.
    Breaker(BreakerWords),
    /// Blocks publishing and automation.
    Stop {
        /// Why, for the audit.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Allows publishing and automation again.
    Resume,
    /// Reads a page, or many: no workspace, no network.
    #[command(after_help = "Examples:\n  omnipricex extract page.html --url https://shop.example/lamp\n  \
        omnipricex extract --jsonl < pages.jsonl\n\n\
        With --jsonl each line is {\"id\", \"url\", \"file\"}; the file may be gzip, and stands relative to the input.")]
    Extract(ExtractWords),
    /// Reads the price in a text, or in many: no workspace, no network.
    #[command(after_help = "Examples:\n  omnipricex parse-price \"1.299,00 €\"\n  \
        omnipricex parse-price --jsonl < texts.jsonl\n\n\
        With --jsonl each line is {\"id\", \"text\", \"currency_hint\", \"decimal_separator\"}.")]
    ParsePrice(ParsePriceWords),
    /// Says whether a robots.txt permits addresses: no workspace, no network.
    #[command(after_help = "Examples:\n  omnipricex robots robots.txt --url https://shop.example/cart\n  \
        omnipricex robots --jsonl < questions.jsonl\n\n\
        With --jsonl each line is {\"id\", \"robots_file\" or \"robots_txt\", \"user_agent\", \"url\"}.")]
    Robots(RobotsWords),
    /// Tries or learns a recipe: where the values of a site stand. No workspace, no network.
    Recipe {
        /// What to do with it.
        #[command(subcommand)]
        task: RecipeTask,
    },
    /// Serves the interface in a browser on this machine.
    #[command(
        after_help = "Examples:\n  omnipricex serve --sample\n  omnipricex --workspace shop.omnipricex serve --port 8080"
    )]
    Serve {
        /// 0: any free port.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Opens the sample workspace.
        #[arg(long)]
        sample: bool,
        /// Where the built interface is; without it beside the program, or where `cargo xtask ui` puts it.
        #[arg(long, value_name = "FOLDER", env = "OMNIPRICEX_UI_DIST")]
        ui: Option<PathBuf>,
    },
    /// Runs the whole job on the sample: import, collect, price, approve, export.
    #[command(after_help = "Examples:\n  omnipricex demo\n  omnipricex demo --folder /tmp/demo")]
    Demo {
        /// A folder for what it writes; without it a new one.
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Plays what-if scenarios over the workspace.
    Scenario {
        /// Which.
        #[command(subcommand)]
        task: ScenarioTask,
    },
    /// Plans markdowns and promotions over the workspace.
    Plan {
        /// Which.
        #[command(subcommand)]
        task: PlanTask,
    },
    /// Designs price tests over the workspace, keeps and reads them.
    Experiment {
        /// Which.
        #[command(subcommand)]
        task: ExperimentTask,
    },
    /// Fits demand, tests forecasts and optimises prices from files; grades the demand of the workspace.
    Science {
        /// Which.
        #[command(subcommand)]
        task: ScienceTask,
    },
    /// Makes the sample workspace that ships with the application.
    #[command(hide = true)]
    Sample {
        /// Where to write it.
        out: PathBuf,
    },
}

/// What can be done with a file of rules.
#[derive(Subcommand)]
pub enum RulesTask {
    /// Says what is wrong with it, with line and word.
    Check {
        /// In words or as JSON.
        file: PathBuf,
    },
    /// Runs its tests.
    Test {
        /// In words or as JSON.
        file: PathBuf,
        /// Where the products of its tests are.
        #[command(flatten)]
        catalogue: CatalogueWords,
    },
    /// Says what another file changes, or a file in the rules in force. A number is a version of the workspace.
    #[command(after_help = "Examples:\n  omnipricex rules diff rules.txt\n  omnipricex rules diff 3 4")]
    Diff {
        /// In words or as JSON; alone: compared with the rules in force.
        file: PathBuf,
        /// What the first becomes.
        other: Option<PathBuf>,
    },
    /// Prints a version in words; as a file it can be put in force again.
    Show {
        /// Its number.
        version: i64,
    },
    /// Plays rules over the workspace's own history of offers and costs, day by day, against what was charged.
    #[command(after_help = "Examples:\n  omnipricex rules backtest\n  \
        omnipricex rules backtest rules.txt --from 2026-10-01 --to 2026-10-31 --list DE")]
    Backtest {
        /// In words or as JSON; without it the rules in force.
        file: Option<PathBuf>,
        /// First day; without it 60 days up to the last.
        #[arg(long, value_name = "DAY")]
        from: Option<CivilDate>,
        /// Last day; without it yesterday.
        #[arg(long, value_name = "DAY")]
        to: Option<CivilDate>,
        /// Code of the price list; without it the default one.
        #[arg(long)]
        list: Option<String>,
    },
    /// Lists every version with its state.
    Versions,
    /// Keeps it as a draft.
    Draft {
        /// In words or as JSON.
        file: PathBuf,
    },
    /// Lets it come into force by itself.
    Schedule {
        /// In words or as JSON.
        file: PathBuf,
        /// When (ISO 8601).
        #[arg(long, value_name = "INSTANT")]
        from: Instant,
    },
    /// Removes a draft or a scheduled version.
    Remove {
        /// Its number.
        version: i64,
    },
    /// Says what is doubtful: rules that never decide, overlaps, missing inputs, unknown names.
    Lint {
        /// In words or as JSON.
        file: PathBuf,
        /// The products it is looked at over; without them those of the workspace that `--workspace` names.
        #[command(flatten)]
        catalogue: CatalogueWords,
    },
}

/// Plain files of a catalogue.
#[derive(Args)]
pub struct CatalogueWords {
    /// Products (CSV or XLSX, also gzipped).
    #[arg(long, value_name = "FILE")]
    pub products: Option<PathBuf>,
    /// What competitors charge (the columns of `observations`).
    #[arg(long, value_name = "FILE", requires = "products")]
    pub offers: Option<PathBuf>,
    /// `.` or `,` where a file leaves both readings open.
    #[arg(long)]
    pub decimal: Option<char>,
    /// When (ISO 8601); without it when the newest offer was observed.
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<Instant>,
}

/// What to price.
#[derive(Args)]
pub struct PriceWords {
    /// A file with a rule set, in words or as JSON: prices plain files, without a workspace.
    #[arg(long, value_name = "FILE", requires_all = ["products", "out"])]
    pub rules: Option<PathBuf>,
    /// Where to write what changes or needs a person: .csv, .xlsx, .json.
    #[arg(long, value_name = "FILE", requires = "rules")]
    pub out: Option<PathBuf>,
    /// Also writes products whose price stays.
    #[arg(long, requires = "rules")]
    pub all: bool,
    /// The files.
    #[command(flatten)]
    pub catalogue: CatalogueWords,
}
