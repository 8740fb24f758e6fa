//! What was read from a page: quarantine, evidence, recipes.

use pricing_domain::{CompetitorId, FileId, Instant, ListingId, QuarantineDecision, QuarantinedId};

use crate::command::commands;
use crate::views::{DecisionReport, EvidenceView, FileRef, QuarantineFilter, QuarantinePage, RecipeTest, RecipeView};

commands! {
    ReadingCommands;

    /// Readings that may be no price, with their reason and evidence, newest first.
    list_quarantine: ListQuarantine {
        /// Which readings.
        filter: QuarantineFilter,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> QuarantinePage, reads [Offers], writes [];

    /// Accepts readings as prices, or rejects them. The answer teaches their listings and can be taken back.
    decide_quarantined: DecideQuarantined {
        /// Which readings.
        readings: Vec<QuarantinedId>,
        /// Accepted or rejected.
        decision: QuarantineDecision,
        /// Why, for the audit.
        reason: String,
    } -> DecisionReport, reads [], writes [Offers, Products, Changes];

    /// Where a price was read: address, time, method, the piece of the page.
    get_evidence: GetEvidence {
        /// Which listing.
        listing: ListingId,
        /// The price that was seen then; `None`: the newest.
        at: Option<Instant>,
    } -> EvidenceView, reads [Offers], writes [];

    /// The kept page that a price was read from, as a file.
    get_evidence_page: GetEvidencePage {
        /// Which listing.
        listing: ListingId,
        /// The page that was read then; `None`: the newest.
        at: Option<Instant>,
    } -> FileRef, reads [Offers], writes [];

    /// The recipes for a competitor's sites.
    get_recipes: GetRecipes {
        /// Which competitor.
        competitor: CompetitorId,
    } -> Vec<RecipeView>, reads [Settings], writes [];

    /// Saves a recipe for a competitor's site, in the place of the one before.
    save_recipe: SaveRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The recipe's file.
        text: String,
    } -> Vec<RecipeView>, reads [], writes [Settings, Changes];

    /// Removes the recipe for a site.
    remove_recipe: RemoveRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The host that it is for.
        site: String,
    } -> Vec<RecipeView>, reads [], writes [Settings, Changes];

    /// Tries a recipe on pages of the shop, fetched politely: the answer takes about a second a page.
    test_recipe: TestRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The recipe's file.
        text: String,
        /// Pages of the site, at most 10; empty: pages kept from collecting, without a visit.
        urls: Vec<String>,
    } -> RecipeTest, reads [], writes [];

    /// Proposes a recipe from a page and the price that a person sees on it, and tries it on other pages of the site.
    learn_recipe: LearnRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The page.
        url: String,
        /// The price as the page shows it.
        price: String,
    } -> RecipeTest, reads [], writes [];

    /// Writes a recipe to a file that can be shared.
    export_recipe: ExportRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The host that it is for.
        site: String,
    } -> FileRef, reads [], writes [];

    /// Saves a recipe from a file.
    import_recipe: ImportRecipe {
        /// Which competitor.
        competitor: CompetitorId,
        /// The file.
        file: FileId,
    } -> Vec<RecipeView>, reads [], writes [Settings, Changes];
}
