//! How we stand in the market: figures of the present from the snapshot, figures over time from the sums by day.

mod advertised;
mod charts;
mod figures;
mod history;
mod movers;
mod overview;
mod past;
mod pivot;
mod promotions;
mod refresh;
mod reporting;
mod rows;
mod segments;

use std::sync::{Arc, Mutex, Weak};

use app_contract::ChartPalette;
use jiff::tz::TimeZone;
use pricing_analytics::{ChartLook, NumberStyle, Palette};
use pricing_domain::{BasisPoints, CivilDate, Instant, MICROSECONDS_PER_DAY, MarketFilter};
use pricing_rules::{CompiledRules, Snapshot, floors_of};

use crate::exports::in_background;
use crate::grids::place;
use crate::price_lists::clock_of;
use crate::{OperationError, Workspace};

pub(crate) use advertised::Advertising;
pub use charts::{ChartQuestion, IndexOverTime};
pub(crate) use charts::{chart_view, draw};
pub use reporting::ReportQuestion;
pub(crate) use segments::is_chosen;

/// Prices within this distance are a tie.
pub(crate) const TOLERANCE: BasisPoints = BasisPoints(50);
/// How many days a period has where nobody says so.
const PERIOD_DAYS: i32 = 28;
/// The longest period.
const LONGEST_PERIOD_DAYS: i32 = 3_660;

/// What is kept between questions about figures.
#[derive(Default)]
pub(crate) struct FigureCache {
    refreshing: tokio::sync::Mutex<()>,
    floors: Mutex<Option<Floors>>,
    bridges: Mutex<Vec<history::KeptSales>>,
    movers: Mutex<Option<movers::KeptMovers>>,
}

/// The floors of a list, valid for one snapshot and version of the rules.
#[derive(Clone)]
struct Floors {
    snapshot: Weak<Snapshot>,
    version: i64,
    list: usize,
    floors: Arc<Vec<i64>>,
}

/// A period of whole days, as days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Period {
    from: i32,
    to: i32,
}

impl Period {
    fn of(filter: &MarketFilter, now: Instant) -> Result<Self, OperationError> {
        let today = day_of(now);
        let to = filter.to.map_or(today, |day| day_of(Instant::at_utc_midnight(day))).min(today);
        let from = filter.from.map_or(to - PERIOD_DAYS + 1, |day| day_of(Instant::at_utc_midnight(day)));
        if from > to {
            return Err(OperationError::refused("The period begins after it ends. Choose an earlier first day."));
        }
        Ok(Self { from: from.max(to - LONGEST_PERIOD_DAYS), to })
    }

    const fn days(self) -> i32 {
        self.to - self.from + 1
    }

    /// When it begins, and when it is over.
    fn instants(self) -> (Instant, Instant) {
        let at = |day: i32| Instant(i64::from(day) * MICROSECONDS_PER_DAY);
        (at(self.from), at(self.to + 1))
    }

    const fn before(self) -> Self {
        Self { from: self.from - self.days(), to: self.from - 1 }
    }
}

/// Days since 1970 in UTC.
fn day_of(at: Instant) -> i32 {
    i32::try_from(at.0.div_euclid(MICROSECONDS_PER_DAY)).unwrap_or(i32::MAX)
}

/// The date of a day since 1970.
fn date_of(day: i32) -> CivilDate {
    Instant(i64::from(day) * MICROSECONDS_PER_DAY).utc_date()
}

/// The days of a price list, where its shops are.
struct ZonedList(TimeZone);

impl ZonedList {
    /// The day of a moment.
    fn day(&self, at: Instant) -> CivilDate {
        let stamp = jiff::Timestamp::from_microsecond(at.0);
        stamp.map_or_else(|_| at.utc_date(), |stamp| stamp.to_zoned(self.0.clone()).date())
    }

    /// The last day before an end that is not included.
    fn last_day(&self, end: Instant) -> CivilDate {
        self.day(Instant(end.0 - 1))
    }
}

/// Under which list the sales of a list stand: those of the default one, which is the first, name none.
fn sales_key(snapshot: &Snapshot, list: usize) -> i64 {
    if list == 0 { 0 } else { snapshot.lists[list].key }
}

/// A snapshot with a list and the time of the question.
#[derive(Clone)]
struct Scene {
    snapshot: Arc<Snapshot>,
    list: usize,
    filter: MarketFilter,
    now: Instant,
    /// Empty where the question is not about advertised prices.
    advertising: Arc<Advertising>,
}

impl Workspace {
    async fn zoned_list(&self, list_key: i64) -> Result<ZonedList, OperationError> {
        let lists = self.store.price_lists().await?;
        let zone = lists.iter().find(|list| list.key == list_key).map(clock_of);
        Ok(ZonedList(zone.unwrap_or(TimeZone::UTC)))
    }

    async fn scene(&self, filter: &MarketFilter) -> Result<Scene, OperationError> {
        let snapshot = self.snapshot().await?;
        let list = place(&snapshot, filter.price_list)?;
        let advertising = Arc::new(Advertising::default());
        Ok(Scene { snapshot, list, filter: filter.clone(), now: self.now(), advertising })
    }

    /// The floors of every row of a list under the rules in force.
    async fn floors(&self, scene: &Scene) -> Result<Arc<Vec<i64>>, OperationError> {
        let active = self.active_rules().await?;
        let of = Arc::downgrade(&scene.snapshot);
        let fits =
            |kept: &Floors| kept.snapshot.ptr_eq(&of) && kept.version == active.version && kept.list == scene.list;
        if let Some(kept) = self.figures.floors.lock().expect("no panic while it is held").clone().filter(fits) {
            return Ok(kept.floors);
        }
        let (asked, rules) = (scene.clone(), active.rules);
        let floors = in_background(move || {
            // Rules of an earlier version that this one refuses have no floors.
            Ok(match CompiledRules::compile(&rules, &asked.snapshot) {
                Ok(compiled) => floors_of(&compiled, &asked.snapshot, asked.list, asked.now),
                Err(_) => vec![pricing_rules::NONE; asked.snapshot.row_count()],
            })
        });
        let floors = Arc::new(floors.await?);
        let made = Floors { snapshot: of, version: active.version, list: scene.list, floors: floors.clone() };
        *self.figures.floors.lock().expect("no panic while it is held") = Some(made);
        Ok(floors)
    }
}

/// The look of a picture as it is asked for.
pub(crate) fn look(width: u32, height: u32, palette: ChartPalette) -> ChartLook {
    let palette = Palette {
        surface: palette.surface,
        text: palette.text,
        text_muted: palette.text_muted,
        border: palette.border,
        own_price: palette.own_price,
        competitors: palette.competitors,
    };
    ChartLook { width, height, palette, labels: NumberStyle { decimal_separator: '.', grouping: ',' } }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Instant, MarketFilter, PriceListId};

    use super::{Period, ZonedList};

    #[test]
    fn an_end_at_local_midnight_is_the_day_before_it() {
        let berlin = ZonedList(jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone"));
        let instant = |text: &str| text.parse::<Instant>().expect("an instant");
        assert_eq!(berlin.last_day(instant("2026-03-10T23:00:00Z")).to_string(), "2026-03-10");
        assert_eq!(berlin.day(instant("2026-03-01T23:00:00Z")).to_string(), "2026-03-02");
        assert_eq!(berlin.last_day(instant("2026-03-10T12:00:00Z")).to_string(), "2026-03-10");
    }

    #[test]
    fn a_period_is_28_days_up_to_today_and_the_one_before_touches_it() {
        let now: Instant = "2026-11-20T10:00:00Z".parse().expect("an instant");
        let mut filter = MarketFilter::of_list(PriceListId(Default::default()));
        let period = Period::of(&filter, now).expect("a period");
        assert_eq!((period.to - period.from + 1, period.before().to), (28, period.from - 1));
        assert_eq!(period.before().days(), 28);
        filter.from = Some("2026-11-21".parse().expect("a day"));
        assert!(Period::of(&filter, now).is_err());
    }
}
