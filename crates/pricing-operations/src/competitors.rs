//! Competitors: how their collection stands, and how it is set.

use std::collections::HashMap;

use app_contract::{CollectionEstimate, CompetitorSettings, CompetitorView, SiteView};
use pricing_domain::{CompetitorId, Instant};
use pricing_store::{CompetitorRow, Durability};

use crate::competitor_settings::{check, parse};
use crate::schedules::schedule_view;
use crate::{OperationError, Workspace};

/// How robots.txt files address this program.
const PRODUCT_TOKEN: &str = "OmniPriceX";
/// A page takes at least so long, whatever the delay.
const LEAST_PAGE_MS: u64 = 50;
const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// A competitor as the other operations need it.
pub(crate) struct Found {
    pub(crate) key: i64,
    pub(crate) name: String,
    pub(crate) settings: CompetitorSettings,
}

impl Workspace {
    /// Every competitor, by name.
    pub async fn competitors(&self) -> Result<Vec<CompetitorView>, OperationError> {
        let now = self.now();
        self.restore_origins().await?;
        let rows = self.store.competitor_rows(now).await?;
        let mut origins: HashMap<i64, Vec<String>> = HashMap::new();
        for (competitor, origin) in self.store.competitor_origins().await? {
            if let Ok(url) = url::Url::parse(&origin) {
                origins.entry(competitor).or_default().push(url.origin().ascii_serialization());
            }
        }
        let recipes = self.store.site_recipes(None).await?;
        let schedules = self.store.schedules().await?;
        let usual_delay_ms = self.collection_settings().await?.delay_ms;
        let view = |row: CompetitorRow| {
            let settings = parse(&row.settings);
            let delay_ms = settings.delay_ms.unwrap_or(usual_delay_ms);
            let sites = self.sites(&origins.remove(&row.key).unwrap_or_default(), delay_ms, now);
            let recipes = recipes.iter().filter(|recipe| recipe.competitor_key == row.key);
            let schedule = schedules.iter().find(|schedule| schedule.competitor_key == row.key);
            let read = row.fresh + row.failed;
            CompetitorView {
                id: row.id,
                name: row.name,
                listings: row.listings,
                fresh: row.fresh,
                failed: row.failed,
                failure_rate_bp: (read > 0).then(|| i32::try_from(row.failed * 10_000 / read).unwrap_or(10_000)),
                never_read: row.never_read,
                due: row.due,
                quarantined: row.quarantined,
                oldest_read: row.oldest_read,
                newest_read: row.newest_read,
                recipes: recipes.map(|recipe| recipe.site.clone()).collect(),
                schedule: schedule.map(schedule_view),
                estimate: estimate(row.listings, &sites, &settings, delay_ms),
                sites,
                settings,
            }
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// One competitor.
    pub async fn competitor(&self, id: CompetitorId) -> Result<CompetitorView, OperationError> {
        let found = self.competitors().await?.into_iter().find(|competitor| competitor.id == id);
        found.ok_or_else(missing)
    }

    /// Changes how a competitor is collected and which of its readings count.
    pub async fn update_competitor(
        &self,
        id: CompetitorId,
        settings: &CompetitorSettings,
    ) -> Result<CompetitorView, OperationError> {
        check(settings)?;
        let found = self.find_competitor(id).await?;
        let text = serde_json::to_string(settings).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("update_competitor", Durability::Full).await?;
        if found.settings.policy == settings.policy {
            // What counts stays as it is, so no product is concerned.
            op.concern_only([]);
        }
        op.write_competitor_settings(found.key, &text).await?;
        if op.rows() == 0 {
            op.abandon().await?;
        } else {
            op.commit(&format!("Changed how {} is collected", found.name), false).await?;
        }
        self.competitor(id).await
    }

    pub(crate) async fn find_competitor(&self, id: CompetitorId) -> Result<Found, OperationError> {
        let (key, name, settings) = self.store.find_competitor(id).await?.ok_or_else(missing)?;
        Ok(Found { key, name, settings: parse(&settings) })
    }

    /// The settings of every competitor that has some, by key.
    pub(crate) async fn settings_by_competitor(&self) -> Result<HashMap<i64, CompetitorSettings>, OperationError> {
        let stored = self.store.competitor_settings().await?;
        Ok(stored.into_iter().map(|(key, text)| (key, parse(&text))).collect())
    }

    /// The products of which a price passes its competitor's own age limit between two times.
    pub(crate) async fn expiring_between(&self, from: Instant, to: Instant) -> Result<Vec<i64>, OperationError> {
        let mut products = Vec::new();
        for (key, settings) in self.settings_by_competitor().await? {
            if let Some(hours) = settings.policy.expires_after_hours {
                let hours = i64::from(hours);
                products
                    .extend(self.store.last_seen_between(key, from.plus_hours(-hours), to.plus_hours(-hours)).await?);
            }
        }
        Ok(products)
    }

    pub(crate) fn sites(&self, origins: &[String], delay_ms: u64, now: Instant) -> Vec<SiteView> {
        let states = self.origins.views(origins, now);
        states
            .into_iter()
            .map(|state| {
                let paused = state.paused_until.into_iter().chain(state.on_break_until).filter(|until| *until > now);
                SiteView {
                    robots: state.robots_in_words(PRODUCT_TOKEN),
                    robots_read_at: state.robots.as_ref().map(|robots| robots.read_at),
                    gap_ms: state.gap_ms(PRODUCT_TOKEN, delay_ms),
                    sent_today: state.sent_on(now),
                    paused_until: paused.max(),
                    breaks: state.breaks,
                    origin: state.origin,
                }
            })
            .collect()
    }
}

fn missing() -> OperationError {
    OperationError::not_found("This competitor is not in the workspace any more.")
}

/// How long collecting all pages takes at the polite pace, in words too. One site is visited at a time in sequence;
/// several sites side by side.
pub(crate) fn estimate(
    pages: u64,
    sites: &[SiteView],
    settings: &CompetitorSettings,
    delay_ms: u64,
) -> CollectionEstimate {
    let gap_ms = sites.iter().map(|site| site.gap_ms).max().unwrap_or(delay_ms).max(LEAST_PAGE_MS);
    let side_by_side = u64::try_from(sites.len()).unwrap_or(1).max(1);
    let a_site = pages.div_ceil(side_by_side);
    let seconds = (a_site * gap_ms).div_ceil(1_000);
    let by_budget = settings.daily_requests.map_or(0, |budget| a_site.div_ceil(u64::from(budget)));
    let open_seconds = SECONDS_OF_A_DAY - quiet_seconds(settings);
    let by_time = seconds.div_ceil(open_seconds.max(1));
    let limited = settings.daily_requests.is_some() || settings.quiet_hours.is_some();
    let days = by_budget.max(by_time);
    let days = (limited && days > 1).then_some(days);
    let of = if side_by_side == 1 { "of one shop".to_owned() } else { format!("of {side_by_side} sites") };
    let mut words = format!("{} pages {of}: {}", grouped(pages), duration(seconds));
    if let Some(days) = days {
        words.push_str(&format!(", spread over {days} days by its daily budget or quiet hours"));
    }
    CollectionEstimate { pages, seconds, days, words }
}

fn quiet_seconds(settings: &CompetitorSettings) -> u64 {
    let Some(quiet) = &settings.quiet_hours else { return 0 };
    let day = 24 * 60;
    (u64::from(quiet.to_minute) + day - u64::from(quiet.from_minute)) % day * 60
}

/// `100,000`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `56 hours`, `12 minutes`, `30 seconds`
fn duration(seconds: u64) -> String {
    let (amount, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    if amount == 1 { format!("1 {unit}") } else { format!("{} {unit}s", grouped(amount)) }
}

#[cfg(test)]
mod tests {
    use app_contract::{CompetitorSettings, QuietHours};

    use super::estimate;

    #[test]
    fn an_estimate_says_how_long_the_polite_pace_takes() {
        let settings = CompetitorSettings::default();
        let words = |pages, delay_ms| estimate(pages, &[], &settings, delay_ms).words;
        assert_eq!(words(100_000, 2_000), "100,000 pages of one shop: 56 hours");
        assert_eq!(words(60, 1_000), "60 pages of one shop: 60 seconds");
        assert_eq!(words(600, 1_000), "600 pages of one shop: 10 minutes");
    }

    #[test]
    fn a_budget_and_quiet_hours_spread_a_collection_over_days() {
        let budget = CompetitorSettings { daily_requests: Some(5_000), ..CompetitorSettings::default() };
        assert_eq!(estimate(20_000, &[], &budget, 1_000).days, Some(4));
        let quiet = QuietHours { from_minute: 8 * 60, to_minute: 20 * 60, time_zone: "UTC".into() };
        let quiet = CompetitorSettings { quiet_hours: Some(quiet), ..CompetitorSettings::default() };
        let slow = estimate(100_000, &[], &quiet, 1_000);
        assert_eq!((slow.days, slow.seconds), (Some(3), 100_000));
    }
}
