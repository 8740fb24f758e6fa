//! When competitors are collected: cron patterns in a time zone, in words for people. A turn that was missed, because
//! the machine slept or the program was closed, is taken once when it wakes.

use std::collections::HashSet;

use app_contract::{CompetitorView, SchedulePreview, ScheduleView};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use pricing_domain::{CompetitorId, Instant, MICROSECONDS_PER_DAY};
use pricing_store::{CollectionScope, Durability, ScheduleRow};

use crate::competitor_settings::{site_rules, time_zone};
use crate::{OperationError, Workspace};

/// Times shown before a schedule is saved.
const TIMES_SHOWN: usize = 5;

/// When the next day of a budget begins, which is counted in UTC.
const fn next_day(now: Instant) -> Instant {
    Instant((now.0.div_euclid(MICROSECONDS_PER_DAY) + 1) * MICROSECONDS_PER_DAY)
}

/// A competitor whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTurn {
    /// Which competitor.
    pub competitor: CompetitorId,
    /// Its name.
    pub name: String,
    /// What is to be read: its pages that were not read since the turn began.
    pub scope: CollectionScope,
}

/// A pattern with the zone that its times are in.
pub(crate) struct Timetable {
    cron: Cron,
    zone: jiff::tz::TimeZone,
}

impl Timetable {
    pub(crate) fn parse(pattern: &str, zone: &str) -> Result<Self, OperationError> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(pattern.trim()).map_err(|error| {
            OperationError::refused(format!(
                "“{}” is no schedule: {error}. Write minute, hour, day, month and weekday: “0 6 * * MON-FRI”.",
                pattern.trim()
            ))
        })?;
        Ok(Self { cron, zone: time_zone(zone)? })
    }

    /// The first time after `now`; none: it never comes.
    pub(crate) fn next(&self, now: Instant) -> Option<Instant> {
        let stamp = jiff::Timestamp::from_microsecond(now.0).ok()?;
        let next = self.cron.find_next_occurrence(&stamp.to_zoned(self.zone.clone()), false).ok()?;
        Some(Instant(next.timestamp().as_microsecond()))
    }

    fn times(&self, now: Instant) -> Vec<Instant> {
        std::iter::successors(self.next(now), |at| self.next(*at)).take(TIMES_SHOWN).collect()
    }

    pub(crate) fn words(&self) -> String {
        self.cron.describe()
    }
}

pub(crate) fn schedule_view(row: &ScheduleRow) -> ScheduleView {
    let words = Timetable::parse(&row.pattern, &row.time_zone).map_or_else(|_| row.pattern.clone(), |one| one.words());
    ScheduleView {
        pattern: row.pattern.clone(),
        time_zone: row.time_zone.clone(),
        words,
        paused: row.paused,
        next_at: row.next_at.filter(|_| !row.paused),
        last_at: row.last_at,
    }
}

impl Workspace {
    /// What a schedule would do.
    pub async fn preview_schedule(
        &self,
        competitor: CompetitorId,
        pattern: &str,
        time_zone: &str,
    ) -> Result<SchedulePreview, OperationError> {
        let timetable = Timetable::parse(pattern, time_zone)?;
        let next = timetable.times(self.now());
        let estimate = self.competitor(competitor).await?.estimate;
        let mut remarks = Vec::new();
        let shortest = next.windows(2).map(|pair| pair[1].0 - pair[0].0).min();
        let needed = i64::try_from(estimate.seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000);
        let days = i64::try_from(estimate.days.unwrap_or(0)).unwrap_or(i64::MAX);
        // A collection spread over three days ends on the third.
        let spread = days.saturating_sub(1).saturating_mul(MICROSECONDS_PER_DAY);
        if shortest.is_some_and(|gap| gap < needed || spread > 0 && gap <= spread) {
            remarks
                .push("One collection takes longer than the time to the next: pages are read less often.".to_owned());
        }
        if next.is_empty() {
            remarks.push("This time never comes.".to_owned());
        }
        remarks.push(
            "Nothing is collected while this machine sleeps or the program is closed; a missed turn is taken once \
             afterwards."
                .to_owned(),
        );
        Ok(SchedulePreview { words: timetable.words(), next, estimate, remarks })
    }

    /// Collects a competitor by a schedule from now on.
    pub async fn save_schedule(
        &self,
        competitor: CompetitorId,
        pattern: &str,
        time_zone: &str,
    ) -> Result<CompetitorView, OperationError> {
        let timetable = Timetable::parse(pattern, time_zone)?;
        let next_at = timetable.next(self.now());
        if next_at.is_none() {
            return Err(OperationError::refused(format!("The time “{}” never comes.", pattern.trim())));
        }
        let words = timetable.words();
        self.write_schedule(competitor, &format!("will be collected: {words}"), |key| {
            Some(ScheduleRow {
                competitor_key: key,
                competitor,
                pattern: pattern.trim().to_owned(),
                time_zone: time_zone.trim().to_owned(),
                paused: false,
                next_at,
                last_at: None,
            })
        })
        .await
    }

    /// Pauses a schedule, or lets it go on with its next time.
    pub async fn pause_schedule(
        &self,
        competitor: CompetitorId,
        paused: bool,
    ) -> Result<CompetitorView, OperationError> {
        let found = self.store.schedules().await?.into_iter().find(|schedule| schedule.competitor == competitor);
        let mut schedule =
            found.ok_or_else(|| OperationError::not_found("This competitor has no schedule to pause."))?;
        schedule.paused = paused;
        schedule.next_at = Timetable::parse(&schedule.pattern, &schedule.time_zone)?.next(self.now());
        let what = if paused { "pauses" } else { "goes on" };
        self.write_schedule(competitor, &format!("{what} by schedule"), |_| Some(schedule)).await
    }

    /// Collects a competitor only when a person says so.
    pub async fn remove_schedule(&self, competitor: CompetitorId) -> Result<CompetitorView, OperationError> {
        self.write_schedule(competitor, "has no schedule any more", |_| None).await
    }

    async fn write_schedule(
        &self,
        competitor: CompetitorId,
        words: &str,
        schedule: impl FnOnce(i64) -> Option<ScheduleRow>,
    ) -> Result<CompetitorView, OperationError> {
        let found = self.find_competitor(competitor).await?;
        let schedule = schedule(found.key);
        let mut op = self.begin("save_schedule", Durability::Full).await?;
        op.write_schedule(found.key, schedule.as_ref()).await?;
        if op.rows() == 0 {
            op.abandon().await?;
        } else {
            op.commit(&format!("{} {words}", found.name), false).await?;
        }
        self.competitor(competitor).await
    }

    /// When the pages of a turn that were left can be read: after the quiet hours, on the next day of the budget, or in an
    /// hour where the shop asked to wait and prices were read. By the keys of competitors.
    pub(crate) async fn times_to_go_on(
        &self,
        scope: &CollectionScope,
        read_prices: bool,
    ) -> Result<Vec<(i64, Instant)>, OperationError> {
        let now = self.now();
        let settings = self.settings_by_competitor().await?;
        let schedules = self.store.schedules().await?;
        let in_turn = scope.unread_since.is_some();
        let own = schedules.iter().filter(|schedule| in_turn && scope.competitors.contains(&schedule.competitor));
        let times = own.filter_map(|schedule| {
            let rules = settings.get(&schedule.competitor_key).map(|settings| site_rules(settings, now));
            let quiet = rules.as_ref().and_then(|rules| rules.quiet_until(now));
            let budget = rules.as_ref().and_then(|rules| rules.daily_requests).map(|_| next_day(now));
            let at = quiet.or(budget).or_else(|| read_prices.then(|| now.plus_hours(1)))?;
            Some((schedule.competitor_key, at))
        });
        Ok(times.collect())
    }

    /// Takes every turn that has come, also those missed, each once. What is given must be collected.
    pub async fn take_due_turns(&self) -> Result<Vec<DueTurn>, OperationError> {
        let now = self.now();
        let mut turns = Vec::new();
        for schedule in self.store.schedules().await? {
            if schedule.paused || schedule.next_at.is_none_or(|next| next > now) {
                continue;
            }
            let timetable = Timetable::parse(&schedule.pattern, &schedule.time_zone)?;
            // Before the timetable's own next time, the turn that began is gone on with.
            let is_rest = |begun: &Instant| timetable.next(*begun).is_some_and(|regular| regular > now);
            let rest_of = schedule.last_at.filter(is_rest);
            let begun = rest_of.unwrap_or(now);
            let mut op = self.begin("take_turn", Durability::Full).await?;
            if !op.take_turn(&schedule, begun, timetable.next(now)).await? {
                op.abandon().await?;
                continue;
            }
            let words = if rest_of.is_some() { "goes on" } else { "begins" };
            op.commit(&format!("A scheduled collection {words}"), false).await?;
            turns.push(self.turn(schedule.competitor, begun).await?);
        }
        Ok(turns)
    }

    /// Turns that began before and were broken off by the end of the program: their pages that were not read yet.
    pub async fn unfinished_turns(&self) -> Result<Vec<DueTurn>, OperationError> {
        let broken = self.store.has_broken_off_run().await?;
        if !broken {
            return Ok(Vec::new());
        }
        let mut turns = Vec::new();
        let mut known = HashSet::new();
        for schedule in self.store.schedules().await? {
            if let Some(begun) = schedule.last_at.filter(|_| !schedule.paused)
                && known.insert(schedule.competitor)
            {
                turns.push(self.turn(schedule.competitor, begun).await?);
            }
        }
        Ok(turns)
    }

    async fn turn(&self, competitor: CompetitorId, begun: Instant) -> Result<DueTurn, OperationError> {
        let name = self.find_competitor(competitor).await?.name;
        let scope = CollectionScope { all: false, unread_since: Some(begun), competitors: vec![competitor] };
        Ok(DueTurn { competitor, name, scope })
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::Instant;

    use super::Timetable;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    fn berlin(pattern: &str) -> Timetable {
        Timetable::parse(pattern, "Europe/Berlin").expect("a schedule")
    }

    #[test]
    fn local_times_hold_when_the_clock_changes() {
        let six = berlin("0 6 * * *");
        assert_eq!(six.next(at("2026-03-28T06:00:00Z")), Some(at("2026-03-29T04:00:00Z")), "06:00 in summer");
        assert_eq!(six.next(at("2026-10-24T06:00:00Z")), Some(at("2026-10-25T05:00:00Z")), "06:00 in winter");
        // 02:30 does not exist on 29 March, and exists twice on 25 October: once each.
        let night = berlin("30 2 * * *");
        assert_eq!(night.next(at("2026-03-28T12:00:00Z")), Some(at("2026-03-29T01:00:00Z")), "right after the gap");
        let first = night.next(at("2026-10-24T12:00:00Z"));
        assert_eq!(first, Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(first.and_then(|first| night.next(first)), Some(at("2026-10-26T01:30:00Z")));
    }

    #[test]
    fn a_schedule_is_told_in_words() {
        assert_eq!(berlin("0 6 * * MON-FRI").words(), "At 06:00, on Monday, Tuesday, Wednesday, Thursday, and Friday.");
        assert_eq!(berlin("*/30 * * * *").times(at("2026-01-01T00:00:00Z")).len(), 5);
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_an_example() {
        for pattern in ["every day", "0 6 * *", "0 25 * * *", "0 0 6 * * *"] {
            let refused = Timetable::parse(pattern, "UTC").err().expect("refused");
            assert!(refused.message.contains("0 6 * * MON-FRI"), "{}", refused.message);
        }
        assert!(Timetable::parse("0 6 * * *", "Berlin").is_err());
    }
}
