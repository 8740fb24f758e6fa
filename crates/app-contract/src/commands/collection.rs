//! Competitors, their schedules, and the collection of their pages.

use pricing_domain::{CompetitorId, ReadState};

use crate::command::commands;
use crate::views::{CollectionView, CompetitorSettings, CompetitorView, FailurePage, JobView, SchedulePreview};

commands! {
    CollectionCommands;

    /// Starts collecting the competitor pages that are due.
    start_collection: StartCollection {
        /// Also pages that are not due yet.
        all: bool,
    } -> JobView, reads [], writes [Jobs];

    /// How collection stands: by competitor, and failures by reason.
    get_collection: GetCollection {} -> CollectionView, reads [Offers, Jobs], writes [];

    /// The listings whose newest reading failed for a reason.
    list_failures: ListFailures {
        /// For which reason.
        state: ReadState,
        /// First row, from 0.
        offset: u64,
        /// At most 500.
        limit: u32,
    } -> FailurePage, reads [Offers], writes [];

    /// Every competitor: coverage, freshness, failures, politeness, robots.txt, schedule.
    list_competitors: ListCompetitors {} -> Vec<CompetitorView>, reads [Offers, Settings], writes [];

    /// Changes how a competitor is collected and which of its readings count.
    update_competitor: UpdateCompetitor {
        /// Which competitor.
        competitor: CompetitorId,
        /// All its settings.
        settings: CompetitorSettings,
    } -> CompetitorView, reads [], writes [Settings, Offers, Products, Changes];

    /// Starts collecting some competitors. Another collection may be at work: no page is read twice.
    collect_competitors: CollectCompetitors {
        /// Which competitors.
        competitors: Vec<CompetitorId>,
        /// Also pages that are not due yet.
        all: bool,
    } -> JobView, reads [], writes [Jobs];

    /// What a schedule would do: in words, its next times, and how long a collection takes at the polite pace.
    preview_schedule: PreviewSchedule {
        /// Which competitor.
        competitor: CompetitorId,
        /// A cron pattern: minute, hour, day, month, weekday.
        pattern: String,
        /// “Europe/Berlin”.
        time_zone: String,
    } -> SchedulePreview, reads [Settings, Offers], writes [];

    /// Collects a competitor by a schedule from now on.
    save_schedule: SaveSchedule {
        /// Which competitor.
        competitor: CompetitorId,
        /// A cron pattern: minute, hour, day, month, weekday.
        pattern: String,
        /// “Europe/Berlin”.
        time_zone: String,
    } -> CompetitorView, reads [], writes [Settings, Changes];

    /// Pauses a schedule, or lets it go on.
    pause_schedule: PauseSchedule {
        /// Which competitor.
        competitor: CompetitorId,
        /// Whether it pauses.
        paused: bool,
    } -> CompetitorView, reads [], writes [Settings, Changes];

    /// Collects a competitor only when a person says so.
    remove_schedule: RemoveSchedule {
        /// Which competitor.
        competitor: CompetitorId,
    } -> CompetitorView, reads [], writes [Settings, Changes];

    /// The proxies through which competitors are fetched whose settings say so, without their passwords.
    list_proxies: ListProxies {} -> Vec<String>, reads [Settings], writes [];

    /// Changes the proxies; passwords go into the system's keychain.
    save_proxies: SaveProxies {
        /// `http://`, `https://` or `socks5://` with host and port, `user:password@` before the host where it asks for
        /// them. A user without a password keeps the password that is known.
        proxies: Vec<String>,
    } -> Vec<String>, reads [], writes [Settings, Changes];

    /// The origins on this machine or in the company's network that collection may visit.
    list_private_sites: ListPrivateSites {} -> Vec<String>, reads [Settings], writes [];

    /// Puts others in their place.
    save_private_sites: SavePrivateSites {
        /// Addresses of sites; of each its origin counts.
        sites: Vec<String>,
    } -> Vec<String>, reads [], writes [Settings, Changes];
}
