//! Which of a competitor's pages offer which of our products.

use pricing_domain::{FoundPageId, PackCoefficient, ProductId};

use crate::command::commands;
use crate::views::{
    DecisionReport, JobView, MatchDecision, MatchFilter, MatchPage, MatchPictures, MatchRow, MatchSearch,
    MatchSelection,
};

commands! {
    MatchingCommands;

    /// Starts looking for our products on a competitor's pages. The job's result is a matching report.
    start_matching: StartMatching {
        /// Where.
        search: MatchSearch,
    } -> JobView, reads [], writes [Jobs];

    /// A stretch of pairs of a page and a product, the surest first.
    list_matches: ListMatches {
        /// Which pairs.
        filter: MatchFilter,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> MatchPage, reads [Matches, Products], writes [];

    /// Every candidate of a page, the most alike first.
    list_candidates: ListCandidates {
        /// Which page.
        page: FoundPageId,
    } -> Vec<MatchRow>, reads [Matches, Products], writes [];

    /// The pictures of a pair. Those that are not kept yet are fetched now, where the settings say so and their hosts may
    /// be asked.
    get_match_pictures: GetMatchPictures {
        /// Which page.
        page: FoundPageId,
        /// Which product.
        product: ProductId,
    } -> MatchPictures, reads [Matches, Products, Settings], writes [];

    /// Decides whether pages offer products. Accepted ones are collected from now on.
    decide_matches: DecideMatches {
        /// Which pairs.
        selection: MatchSelection,
        /// What is decided.
        decision: MatchDecision,
        /// How many of ours one of theirs is; `None`: as the texts say.
        pack: Option<PackCoefficient>,
    } -> DecisionReport, reads [], writes [Matches, Offers, Changes];
}
