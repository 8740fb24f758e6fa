//! Pages of competitors beside the products that they may offer.

use pricing_domain::{CompetitorId, FoundPageId, Instant, MatchState, MatchVerdict, Money, PackCoefficient, ProductId};
use serde::{Deserialize, Serialize};

/// Where pages are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MatchSearch {
    /// The competitor's name; a new name makes a new competitor.
    pub competitor: String,
    /// The shop's address, or that of a sitemap: its pages are listed and read. With `{query}` in it, the address of the
    /// shop's search: it is asked for each product that has no page there. Empty: only pages found before are compared
    /// with the catalogue as it is now.
    pub site: String,
    /// Only pages whose address has this in it, such as `/product/`.
    pub containing: String,
    /// At most so many pages are read, and as many searches made.
    pub most_pages: u32,
}

/// What a search for matches brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchingReport {
    /// Products that the shop's search was asked for.
    #[serde(default)]
    pub searched: u64,
    /// Addresses that the site lists, or that its search answered with.
    pub listed: u64,
    /// Of them known before: matched already, or read by an earlier search.
    pub known: u64,
    /// Pages read now.
    pub read: u64,
    /// Of them product pages.
    pub products: u64,
    /// Pages compared with the catalogue.
    pub compared: u64,
    /// Of them with a match that can be accepted without looking.
    pub certain: u64,
    /// Of them with a match that a person decides.
    pub review: u64,
    /// Of them whose best candidate is contradicted by something.
    pub contradicted: u64,
    /// Of them without any candidate.
    pub without: u64,
    /// Pages that collection had read for one product, looked through for others.
    #[serde(default)]
    pub collected: u64,
    /// Stopped by a person; what was read is kept.
    pub cancelled: bool,
}

/// Which pairs of a page and a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MatchFilter {
    /// What was decided; open ones are shown with the best candidate of each page.
    pub state: Option<MatchState>,
    /// How sure.
    pub verdict: Option<MatchVerdict>,
    /// Whose pages.
    pub competitor: Option<CompetitorId>,
    /// From this score on, of 1,000.
    pub least_score: Option<u16>,
    /// Words that must all occur in title, address, SKU or name.
    pub search: String,
}

/// Pages that wait and pairs that are decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchCountsView {
    /// Can be accepted without looking.
    pub certain: u64,
    /// A person decides.
    pub review: u64,
    /// Something contradicts.
    pub contradicted: u64,
    /// Accepted or equivalent.
    pub accepted: u64,
    /// Rejected pairs.
    pub rejected: u64,
    /// Pages for which no product was found.
    pub pages_without: u64,
}

/// One side of a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchSide {
    /// Title or name.
    pub title: String,
    /// Brand.
    pub brand: Option<String>,
    /// GTINs, separated by blanks.
    pub gtins: String,
    /// Manufacturer's number.
    pub mpn: Option<String>,
    /// Article number.
    pub sku: Option<String>,
    /// Price.
    pub price: Option<Money>,
}

/// A thing that titles or columns say, written alike on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchTrait {
    /// `Size`, `Colour` or `Pack`.
    pub name: String,
    /// On the page; empty: it does not say it.
    pub theirs: String,
    /// In the catalogue; empty: it does not say it.
    pub ours: String,
    /// Both say it, and not the same.
    pub differs: bool,
}

/// A page beside a product that it may offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchRow {
    /// The page.
    pub page: FoundPageId,
    /// Whose page.
    pub competitor: String,
    /// Where.
    pub url: String,
    /// When it was read.
    pub read_at: Instant,
    /// What it says.
    pub theirs: MatchSide,
    /// The product.
    pub product: ProductId,
    /// What we say.
    pub ours: MatchSide,
    /// Sizes, colours and packs, where a side says one.
    #[serde(default)]
    pub traits: Vec<MatchTrait>,
    /// How alike, from 0 to 1,000.
    pub score: u16,
    /// How sure.
    pub verdict: MatchVerdict,
    /// What speaks for it.
    pub reasons: Vec<String>,
    /// What speaks against it.
    pub conflicts: Vec<String>,
    /// How many of ours one of theirs is.
    pub pack: PackCoefficient,
    /// The prices are so far apart that the match is probably wrong.
    pub price_doubt: bool,
    /// What was decided.
    pub state: MatchState,
    /// When.
    pub decided_at: Option<Instant>,
    /// By whom.
    pub decided_by: Option<String>,
}

/// A picture in the review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureView {
    /// A small copy as a `data:` address; `None`: there is none.
    pub data: Option<String>,
    /// Why there is none, in words.
    pub reason: String,
}

/// The pictures of a page and of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchPictures {
    /// The page.
    pub page: FoundPageId,
    /// The product.
    pub product: ProductId,
    /// That of the page.
    pub theirs: PictureView,
    /// That of the product.
    pub ours: PictureView,
}

/// A stretch of pairs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchPage {
    /// In all.
    pub matching: u64,
    /// First row.
    pub offset: u64,
    /// What waits and what is decided, whatever the filter.
    pub counts: MatchCountsView,
    /// The rows.
    pub rows: Vec<MatchRow>,
}

/// Which pairs are decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchSelection {
    /// These.
    Pairs(Vec<(FoundPageId, ProductId)>),
    /// The best open candidate of every page that the filter shows.
    Filter(MatchFilter),
}

/// What is decided about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchDecision {
    /// The same product.
    Accept,
    /// Not the same, but customers choose between them.
    Equivalent,
    /// Another product: the pair never returns, the page's next candidate is shown.
    Reject,
    /// The page is never asked about again.
    Never,
}
