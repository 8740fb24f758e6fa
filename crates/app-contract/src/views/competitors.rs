//! Competitors: how they are collected, which of their readings count, recipes for their sites, schedules.

use pricing_domain::{
    Availability, CompetitorId, Confidence, Currency, ExtractionMethod, Instant, Money, OfferFlag, ReadState,
};
use serde::{Deserialize, Serialize};

/// Whether readings with a flag decide prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagUse {
    /// They count like any other.
    Counts,
    /// They count once the same price was read a second time.
    WhenConfirmed,
    /// They are kept and shown, and never count.
    Never,
}

/// Which readings of a competitor count. Percentages are whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadingPolicy {
    /// Prices not seen for so many hours do not count, whatever rules allow; `None`: as rules say.
    pub expires_after_hours: Option<u32>,
    /// So far outside the range of its earlier prices a price is unusual.
    pub listing_percent: u32,
    /// So many percent of the middle of the other competitors, above or below, are far from them (250: 2.5 times).
    pub others_percent: u32,
    /// Less than so many percent of our cost is far from it.
    pub cost_least_percent: u32,
    /// More than so many percent of our cost is far from it.
    pub cost_most_percent: u32,
    /// Prices far outside what the page usually shows.
    pub unusual: FlagUse,
    /// Prices far from what the others charge.
    pub far_from_others: FlagUse,
    /// Prices far from our cost.
    pub far_from_cost: FlagUse,
    /// Prices equal to another product's of the shop.
    pub equal_to_neighbour: FlagUse,
    /// Reduced prices.
    pub promotions: FlagUse,
    /// Prices that the page does not say clearly.
    pub low_confidence: FlagUse,
}

impl Default for ReadingPolicy {
    fn default() -> Self {
        Self {
            expires_after_hours: None,
            listing_percent: 40,
            others_percent: 250,
            cost_least_percent: 40,
            cost_most_percent: 1_000,
            unusual: FlagUse::WhenConfirmed,
            far_from_others: FlagUse::Never,
            far_from_cost: FlagUse::Never,
            equal_to_neighbour: FlagUse::Counts,
            promotions: FlagUse::Counts,
            low_confidence: FlagUse::Never,
        }
    }
}

/// Hours of the day in which a competitor is not visited; from later than to: over midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// Minutes after midnight.
    pub from_minute: u16,
    /// Minutes after midnight.
    pub to_minute: u16,
    /// Of the shop, “Europe/Berlin”.
    pub time_zone: String,
}

/// Which headers a shop sees. Both name this program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderProfile {
    /// The program's name and what it reads.
    #[default]
    Plain,
    /// The headers that browsers send, in the language of the shop, with the program's name.
    Browser,
}

/// How a competitor is collected, and which of its readings count. `None`: as the workspace's settings say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompetitorSettings {
    /// Least time between two requests to one site.
    pub delay_ms: Option<u64>,
    /// Most requests to one site in a day (UTC).
    pub daily_requests: Option<u32>,
    /// When it is left alone.
    pub quiet_hours: Option<QuietHours>,
    /// The user owns the site, so robots.txt does not bind.
    pub owned: bool,
    /// Which headers it sees.
    pub headers: HeaderProfile,
    /// Language of its pages for `Accept-Language` (`de-AT`); `None`: not said.
    pub language: Option<String>,
    /// Its pages are fetched through the workspace's proxies.
    pub through_proxies: bool,
    /// A Shopify shop: products are read from their small JSON instead of their pages, once their currency is known.
    pub shopify: bool,
    /// Pages that its sitemap says have not changed since they were read are spared.
    #[serde(default)]
    pub sitemap_dates: bool,
    /// Its pages are made by scripts: an installed browser loads them.
    #[serde(default)]
    pub rendered: bool,
    /// So many days pages are kept beside new prices.
    pub keep_pages_days: u32,
    /// Which readings count.
    pub policy: ReadingPolicy,
}

/// For how many days pages are kept when nobody says otherwise.
pub const KEPT_PAGES_DAYS: u32 = 7;

impl Default for CompetitorSettings {
    fn default() -> Self {
        Self {
            delay_ms: None,
            daily_requests: None,
            quiet_hours: None,
            owned: false,
            headers: HeaderProfile::Plain,
            language: None,
            through_proxies: false,
            shopify: false,
            sitemap_dates: false,
            rendered: false,
            keep_pages_days: KEPT_PAGES_DAYS,
            policy: ReadingPolicy::default(),
        }
    }
}

/// A competitor with how its collection stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompetitorView {
    /// Its id.
    pub id: CompetitorId,
    /// Name.
    pub name: String,
    /// How it is collected.
    pub settings: CompetitorSettings,
    /// Pages matched with products.
    pub listings: u64,
    /// Whose newest reading gave a price.
    pub fresh: u64,
    /// Whose newest reading gave none.
    pub failed: u64,
    /// Failed ÷ read, in basis points; `None`: nothing was read yet.
    pub failure_rate_bp: Option<i32>,
    /// Never read.
    pub never_read: u64,
    /// Due now.
    pub due: u64,
    /// Readings that wait in quarantine.
    pub quarantined: u64,
    /// The reading that is longest ago.
    pub oldest_read: Option<Instant>,
    /// The newest reading.
    pub newest_read: Option<Instant>,
    /// Its sites, with what is remembered of them.
    pub sites: Vec<SiteView>,
    /// Sites with a recipe.
    pub recipes: Vec<String>,
    /// When it is collected; `None`: only when a person says so.
    pub schedule: Option<ScheduleView>,
    /// What collecting all its pages takes.
    pub estimate: CollectionEstimate,
}

/// One site (scheme, host, port) as it is remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteView {
    /// `https://shop.example`
    pub origin: String,
    /// What robots.txt says, in words; `None`: not asked yet.
    pub robots: Option<String>,
    /// When it was asked.
    pub robots_read_at: Option<Instant>,
    /// The gap now kept, in milliseconds, with everything that lengthens it.
    pub gap_ms: u64,
    /// Requests sent today.
    pub sent_today: u32,
    /// Left alone until then, after blocks or silence, or because it asked for it.
    pub paused_until: Option<Instant>,
    /// How often in a row it was left alone.
    pub breaks: u32,
}

/// How long collecting takes at the polite pace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionEstimate {
    /// Pages.
    pub pages: u64,
    /// Seconds, without quiet hours.
    pub seconds: u64,
    /// Days, where a daily budget or quiet hours spread it.
    pub days: Option<u64>,
    /// “100,000 pages of one shop: 56 hours”, with what else is to be known.
    pub words: String,
}

/// When a competitor is collected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScheduleView {
    /// A cron pattern.
    pub pattern: String,
    /// “Europe/Berlin”.
    pub time_zone: String,
    /// In words: “At 06:00, on Monday”.
    pub words: String,
    /// Does not run.
    pub paused: bool,
    /// When it runs next.
    pub next_at: Option<Instant>,
    /// When it ran last.
    pub last_at: Option<Instant>,
}

/// What a schedule would do, before it is saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SchedulePreview {
    /// In words.
    pub words: String,
    /// The next five times.
    pub next: Vec<Instant>,
    /// How long one collection takes.
    pub estimate: CollectionEstimate,
    /// What is to be known: it takes longer than the time between two runs, nothing runs while the machine sleeps.
    pub remarks: Vec<String>,
}

/// A recipe: where the values of a site stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecipeView {
    /// The host that it is for.
    pub site: String,
    /// Its file.
    pub text: String,
    /// When it was saved; `None`: not saved.
    pub saved_at: Option<Instant>,
    /// By whom.
    pub saved_by: String,
}

/// What pages give with a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecipeTest {
    /// The recipe.
    pub recipe: RecipeView,
    /// The price as it was understood, where the recipe was learnt.
    pub learnt_price: Option<String>,
    /// What makes it less sure.
    pub warnings: Vec<String>,
    /// Pages where the recipe itself gave the price.
    pub by_recipe: u64,
    /// Page by page.
    pub pages: Vec<RecipePage>,
}

/// What one page gives with a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecipePage {
    /// Its address.
    pub url: String,
    /// What it turned out to be.
    pub state: ReadState,
    /// Its price; `None` where it was refused.
    pub price: Option<String>,
    /// Currency.
    pub currency: Option<Currency>,
    /// Availability.
    pub availability: Availability,
    /// Title.
    pub title: Option<String>,
    /// How sure.
    pub confidence: Confidence,
    /// What stands before the fragment in the page; empty where it was put together from several places.
    pub before: String,
    /// The piece of the page the price was read from, to be highlighted.
    pub fragment: String,
    /// What stands after it.
    pub after: String,
    /// Whether the recipe itself gave the price.
    pub by_recipe: bool,
    /// What would be read without the recipe.
    pub price_without: Option<String>,
    /// What is unusual, or why it was refused.
    pub warnings: Vec<String>,
}

/// Where a price was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceView {
    /// The price.
    pub price: Money,
    /// Shown struck through.
    pub was: Option<Money>,
    /// Availability.
    pub availability: Availability,
    /// What is unusual.
    pub flags: Vec<OfferFlag>,
    /// How it was found.
    pub method: ExtractionMethod,
    /// How sure.
    pub confidence: Confidence,
    /// Seen first.
    pub first_seen: Instant,
    /// Seen last.
    pub last_seen: Instant,
    /// Readings.
    pub times_seen: u32,
    /// The address that answered; `None`: it came from a file.
    pub url: Option<String>,
    /// When the page was read.
    pub read_at: Option<Instant>,
    /// Who sells, where the page or the file says.
    pub seller: Option<String>,
    /// How much is sold, in words, where the title says.
    pub pack: Option<String>,
    /// The piece of the page.
    pub fragment: String,
    /// SHA-256 of the answer, in hexadecimal digits.
    pub sha256: Option<String>,
    /// Bytes of the kept page, compressed; `None`: not kept, or not any more.
    pub page_bytes: Option<u64>,
    /// Until when the page is kept.
    pub page_kept_until: Option<Instant>,
}
