//! What is set for one competitor: how it is visited, and which of its readings count.

use app_contract::{CompetitorSettings, FlagUse, HeaderProfile, QuietHours, ReadingPolicy};
use price_collection::{Headers, Rendering, RobotsUse, Route, Shortcut, SiteRules};
use price_extraction::trust::TrustLimits;
use pricing_domain::{Instant, OfferFlag, OfferFlags};

use crate::OperationError;

/// Quiet hours are laid out for so many days ahead; no collection runs longer without looking again.
const DAYS_AHEAD: i64 = 30;
const MINUTES_OF_A_DAY: u16 = 24 * 60;

/// Reads stored settings; what is missing or unknown is as usual.
pub(crate) fn parse(text: &str) -> CompetitorSettings {
    serde_json::from_str(text).unwrap_or_default()
}

/// What is wrong with settings, if anything.
pub(crate) fn check(settings: &CompetitorSettings) -> Result<(), OperationError> {
    let refused = |words: &str| Err(OperationError::refused(words));
    if settings.delay_ms.is_some_and(|delay| delay > 600_000) {
        return refused("The delay is at most ten minutes.");
    }
    if settings.daily_requests == Some(0) {
        return refused("A daily budget of no requests would never read a page. Pause the schedule instead.");
    }
    if settings.keep_pages_days > 3_650 {
        return refused("Pages are kept for at most ten years.");
    }
    if let Some(quiet) = &settings.quiet_hours {
        if quiet.from_minute >= MINUTES_OF_A_DAY || quiet.to_minute >= MINUTES_OF_A_DAY {
            return refused("Quiet hours are times of the day, from 00:00 to 23:59.");
        }
        if quiet.from_minute == quiet.to_minute {
            return refused("Quiet hours that end when they begin would last all day. Pause the schedule instead.");
        }
        time_zone(&quiet.time_zone)?;
    }
    if settings.rendered && settings.through_proxies {
        return refused("A browser fetches pages directly. Choose the browser or the proxies for this competitor.");
    }
    let policy = &settings.policy;
    if policy.expires_after_hours == Some(0) || policy.expires_after_hours.is_some_and(|hours| hours > 8_760) {
        return refused("Prices expire after 1 to 8,760 hours.");
    }
    if !(1..=1_000).contains(&policy.listing_percent) || !(101..=10_000).contains(&policy.others_percent) {
        return refused(
            "A price is unusual from 1 % to 1,000 % outside its range, and far from others from 1.01 to 100 times.",
        );
    }
    if policy.cost_least_percent >= policy.cost_most_percent || policy.cost_most_percent > 100_000 {
        return refused("The least percentage of cost lies below the most one, which is at most 100,000 %.");
    }
    Ok(())
}

/// A time zone by name.
pub(crate) fn time_zone(name: &str) -> Result<jiff::tz::TimeZone, OperationError> {
    jiff::tz::TimeZone::get(name.trim())
        .map_err(|_| OperationError::refused(format!("“{name}” is no time zone; write for example Europe/Berlin.")))
}

/// The rules by which the sites of a competitor are visited from `now` on.
pub(crate) fn site_rules(settings: &CompetitorSettings, now: Instant) -> SiteRules {
    SiteRules {
        delay: settings.delay_ms.map(std::time::Duration::from_millis),
        robots: if settings.owned { RobotsUse::OwnSite } else { RobotsUse::AsUsual },
        daily_requests: settings.daily_requests,
        quiet: settings.quiet_hours.as_ref().map(|quiet| windows(quiet, now)).unwrap_or_default(),
        headers: match settings.headers {
            HeaderProfile::Plain => Headers::Plain,
            HeaderProfile::Browser => Headers::Browser { language: settings.language.clone() },
        },
        route: if settings.through_proxies { Route::Proxies } else { Route::Direct },
        rendering: if settings.rendered { Rendering::Browser } else { Rendering::None },
        shortcut: if settings.shopify { Shortcut::ShopifyProduct } else { Shortcut::None },
    }
}

/// The quiet hours of the coming days as moments: local time that a change of the clock skips or repeats is taken as
/// that change leaves it.
fn windows(quiet: &QuietHours, now: Instant) -> Vec<(Instant, Instant)> {
    let (Ok(zone), Ok(stamp)) = (time_zone(&quiet.time_zone), jiff::Timestamp::from_microsecond(now.0)) else {
        return Vec::new();
    };
    let today = stamp.to_zoned(zone.clone()).date();
    let moment = |day: jiff::civil::Date, minute: u16| {
        let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
        let zoned = day.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
        Some(Instant(zoned.timestamp().as_microsecond()))
    };
    let over_midnight = i64::from(quiet.to_minute <= quiet.from_minute);
    (-1..=DAYS_AHEAD)
        .filter_map(|ahead| {
            let day = today.checked_add(jiff::Span::new().days(ahead)).ok()?;
            let last = day.checked_add(jiff::Span::new().days(over_midnight)).ok()?;
            Some((moment(day, quiet.from_minute)?, moment(last, quiet.to_minute)?))
        })
        .collect()
}

/// From when on a price is far from what it is compared with.
pub(crate) fn limits(policy: &ReadingPolicy) -> TrustLimits {
    TrustLimits {
        listing_percent: i64::from(policy.listing_percent),
        others_percent: i64::from(policy.others_percent),
        cost_least_percent: i64::from(policy.cost_least_percent),
        cost_most_percent: i64::from(policy.cost_most_percent),
        ..TrustLimits::default()
    }
}

/// Why a price does not count although it was read; `None`: it may count.
pub(crate) fn withheld(policy: &ReadingPolicy, flags: OfferFlags, times_seen: u32) -> Option<OfferFlag> {
    flags.iter().find(|flag| {
        let how = match flag {
            OfferFlag::UnusualForListing => policy.unusual,
            OfferFlag::FarFromOthers => policy.far_from_others,
            OfferFlag::FarFromCost => policy.far_from_cost,
            OfferFlag::EqualToNeighbour => policy.equal_to_neighbour,
            OfferFlag::Promotion => policy.promotions,
            OfferFlag::LowConfidence => policy.low_confidence,
            // Rules decide by kind, currency and age themselves.
            OfferFlag::OtherCurrency | OfferFlag::Expired | OfferFlag::UnderConditions => FlagUse::Counts,
        };
        match how {
            FlagUse::Counts => false,
            FlagUse::WhenConfirmed => times_seen < 2,
            FlagUse::Never => true,
        }
    })
}

/// Whether a price is older than its competitor's limit.
pub(crate) fn expired(policy: &ReadingPolicy, last_seen: Instant, now: Instant) -> bool {
    policy.expires_after_hours.is_some_and(|hours| last_seen.plus_hours(i64::from(hours)) < now)
}

#[cfg(test)]
mod tests {
    use app_contract::{CompetitorSettings, FlagUse, QuietHours, ReadingPolicy};
    use pricing_domain::{Instant, OfferFlag, OfferFlags};

    use super::{check, parse, site_rules, withheld};

    fn quiet(from_minute: u16, to_minute: u16) -> CompetitorSettings {
        let quiet = QuietHours { from_minute, to_minute, time_zone: "Europe/Berlin".into() };
        CompetitorSettings { quiet_hours: Some(quiet), ..CompetitorSettings::default() }
    }

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    #[test]
    fn quiet_hours_over_midnight_hold_in_local_time_also_when_the_clock_changes() {
        // The clock goes from 2 to 3 in the night to the 29th.
        let rules = site_rules(&quiet(22 * 60, 6 * 60), at("2026-03-28T12:00:00Z"));
        let is_quiet = |moment: &str| rules.quiet.iter().any(|(from, to)| (*from..*to).contains(&at(moment)));
        assert!(!is_quiet("2026-03-28T20:59:00Z") && is_quiet("2026-03-28T21:00:00Z"), "22:00 in winter");
        assert!(is_quiet("2026-03-29T03:59:00Z") && !is_quiet("2026-03-29T04:00:00Z"), "06:00 in summer");
        assert!(is_quiet("2026-03-28T02:00:00Z"), "the night that has begun already");
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        assert!(check(&quiet(0, 360)).is_ok());
        assert!(check(&quiet(60, 60)).is_err());
        assert!(check(&quiet(0, 1_440)).is_err());
        let unknown = QuietHours { from_minute: 0, to_minute: 1, time_zone: "Mars/Olympus".into() };
        assert!(check(&CompetitorSettings { quiet_hours: Some(unknown), ..CompetitorSettings::default() }).is_err());
        let policy = ReadingPolicy { cost_least_percent: 2_000, ..ReadingPolicy::default() };
        assert!(check(&CompetitorSettings { policy, ..CompetitorSettings::default() }).is_err());
    }

    #[test]
    fn what_is_missing_in_stored_settings_is_as_usual() {
        assert_eq!(parse("{}"), CompetitorSettings::default());
        let some = parse(r#"{"owned": true, "policy": {"promotions": "never"}}"#);
        assert!(some.owned && some.policy.promotions == FlagUse::Never);
        assert_eq!(some.policy.others_percent, 250);
    }

    #[test]
    fn an_unusual_price_counts_once_it_was_read_again_and_one_far_from_cost_never() {
        let policy = ReadingPolicy::default();
        let flags = |flags: &[OfferFlag]| flags.iter().copied().collect::<OfferFlags>();
        let unusual = flags(&[OfferFlag::UnusualForListing, OfferFlag::Promotion]);
        assert_eq!(withheld(&policy, unusual, 1), Some(OfferFlag::UnusualForListing));
        assert_eq!(withheld(&policy, unusual, 2), None);
        assert_eq!(withheld(&policy, flags(&[OfferFlag::FarFromCost]), 9), Some(OfferFlag::FarFromCost));
        let loss_leader = ReadingPolicy { far_from_cost: FlagUse::Counts, ..policy };
        assert_eq!(withheld(&loss_leader, flags(&[OfferFlag::FarFromCost]), 1), None);
    }
}
