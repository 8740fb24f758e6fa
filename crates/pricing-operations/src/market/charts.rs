//! Figures as pictures.

use app_contract::{ChartMarkView, ChartRequestLook, ChartSeries, MarketChartView};
use pricing_analytics::{
    BridgeChart, BridgeStep, CalendarChart, CalendarDay, ChartCell, ChartError, DistanceSums, DistributionBar,
    DistributionChart, HeatMapChart, IndexHistoryChart, IndexLine, MarketChart, ScatterChart, ScatterPoint,
    draw_bridge, draw_calendar, draw_distribution, draw_heat_map, draw_index_history, draw_scatter,
};
use pricing_domain::{CivilDate, IndexForm, MarketFilter, MarketGroup, MicroAmount, Rounding};

use super::figures::{Grouping, cross_sums, group_sums};
use super::overview::{MoneySums, sum_up};
use super::segments::is_chosen;
use super::{Period, Scene, date_of, look};
use crate::exports::in_background;
use crate::{OperationError, Workspace};

/// Rows and columns of a heat map, at most.
const MOST_ROWS: usize = 16;
const MOST_COLUMNS: usize = 8;
/// Points of a scatter, at most.
const MOST_POINTS: usize = 200;

/// Which picture of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartQuestion {
    /// The index over time.
    IndexHistory,
    /// The index by group and competitor.
    HeatMap(MarketGroup, IndexForm),
    /// Distances to the lowest offer.
    Distribution,
    /// Margin of the newest so many weeks against as many before.
    Bridge(u32),
    /// Changes by day.
    Calendar,
    /// Index against margin by group.
    Scatter(MarketGroup),
}

/// The price index against one competitor over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexOverTime {
    /// Who.
    pub competitor: String,
    /// Day, index in hundredths, coverage in basis points; days without a comparison are left out.
    pub days: Vec<(CivilDate, i64, i32)>,
}

impl Workspace {
    /// The index against every competitor chosen on every day of a period, the best covered first.
    pub async fn index_over_time(&self, filter: &MarketFilter) -> Result<Vec<IndexOverTime>, OperationError> {
        let scene = self.scene(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let lines = self.index_lines(&scene, period).await?;
        let day = |(day, index, coverage): (i32, i64, i32)| (date_of(day), index, coverage);
        let view =
            |line: IndexLine| IndexOverTime { competitor: line.name, days: line.days.into_iter().map(day).collect() };
        Ok(lines.into_iter().map(view).collect())
    }

    /// Draws a picture of figures.
    pub async fn market_chart(
        &self,
        filter: &MarketFilter,
        question: ChartQuestion,
        look: ChartRequestLook,
    ) -> Result<MarketChartView, OperationError> {
        Ok(chart_view(self.drawn_chart(filter, question, look).await?))
    }

    pub(crate) async fn drawn_chart(
        &self,
        filter: &MarketFilter,
        question: ChartQuestion,
        asked: ChartRequestLook,
    ) -> Result<MarketChart, OperationError> {
        let scene = self.scene(filter).await?;
        let period = Period::of(filter, scene.now)?;
        let look = look(asked.width, asked.height, asked.palette);
        match question {
            ChartQuestion::IndexHistory => {
                let lines = self.index_lines(&scene, period).await?;
                let chart = IndexHistoryChart { look, from_day: period.from, to_day: period.to, lines };
                draw(move || draw_index_history(&chart)).await
            }
            ChartQuestion::HeatMap(by, form) => {
                let grouping = Grouping::new(&scene.snapshot, by, filter)?;
                draw(move || draw_heat_map(&heat_map(&scene, &grouping, by, form, look))).await
            }
            ChartQuestion::Distribution => {
                draw(move || {
                    let sums = sum_up(&scene, IndexForm::Basket, &[]).distances;
                    draw_distribution(&DistributionChart { look, bars: bars(&sums) })
                })
                .await
            }
            ChartQuestion::Bridge(weeks) => {
                self.refresh_figures().await?;
                let (bridge, mondays) = self.bridge_of_weeks(&scene, period.to, weeks).await?;
                let chart = bridge_chart(&scene, &bridge, mondays, look);
                draw(move || draw_bridge(&chart)).await
            }
            ChartQuestion::Calendar => {
                let days = self.change_days(&scene, period).await?;
                let chart = CalendarChart { look, from_day: period.from, to_day: period.to, days };
                draw(move || draw_calendar(&chart)).await
            }
            ChartQuestion::Scatter(by) => {
                let grouping = Grouping::new(&scene.snapshot, by, filter)?;
                draw(move || draw_scatter(&scatter(&scene, &grouping, by, look))).await
            }
        }
    }

    /// The index against every competitor chosen on every day of a period, the best covered first.
    async fn index_lines(&self, scene: &Scene, period: Period) -> Result<Vec<IndexLine>, OperationError> {
        self.refresh_figures().await?;
        let segments = self.kept_segments(&scene.filter).await?;
        let days = self.kept_days(scene, segments.as_deref(), period).await?;
        let chosen = scene.snapshot.competitors.iter().filter(|one| is_chosen(&scene.filter, &one.name));
        let mut lines: Vec<IndexLine> = chosen
            .map(|competitor| IndexLine { name: competitor.name.clone(), days: days.indexes(competitor.key) })
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.days.last().map_or(0, |day| day.2)));
        Ok(lines)
    }

    async fn change_days(&self, scene: &Scene, period: Period) -> Result<Vec<CalendarDay>, OperationError> {
        self.refresh_figures().await?;
        let segments = self.kept_segments(&scene.filter).await?;
        let rows = self.store.changes_by_day(segments.as_deref(), period.from, period.to).await?;
        let is_shown = |key: i64| {
            let competitor = scene.snapshot.competitors.iter().find(|one| one.key == key);
            competitor.is_some_and(|one| is_chosen(&scene.filter, &one.name))
        };
        let mut days: Vec<CalendarDay> = Vec::new();
        for row in rows.iter().filter(|row| is_shown(row.competitor_key)) {
            match days.last_mut().filter(|day| day.day == row.day) {
                Some(day) => {
                    day.lowered += row.changes.lowered;
                    day.raised += row.changes.raised;
                }
                None => {
                    days.push(CalendarDay { day: row.day, lowered: row.changes.lowered, raised: row.changes.raised })
                }
            }
        }
        Ok(days)
    }
}

/// Draws on a thread that may take its time.
pub(crate) async fn draw(
    work: impl FnOnce() -> Result<MarketChart, ChartError> + Send + 'static,
) -> Result<MarketChart, OperationError> {
    in_background(move || work().map_err(|error| OperationError::not_found(error.to_string()))).await
}

fn word_of(by: MarketGroup) -> (&'static str, &'static str) {
    match by {
        MarketGroup::Brand => ("Brand", "brands"),
        MarketGroup::Role => ("Role", "roles"),
        _ => ("Category", "categories"),
    }
}

fn heat_map(
    scene: &Scene,
    grouping: &Grouping,
    by: MarketGroup,
    form: IndexForm,
    look: pricing_analytics::ChartLook,
) -> HeatMapChart {
    let sums = group_sums(scene, grouping, form);
    let cross = cross_sums(scene, grouping, form);
    let mut rows: Vec<usize> = (0..grouping.names.len()).filter(|row| sums[*row].standing.compared() > 0).collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(sums[*row].money.revenue), *row));
    rows.truncate(MOST_ROWS);
    let compared = |competitor: u16| -> u64 {
        cross.iter().filter(|((_, one), _)| *one == competitor).map(|(_, sums)| sums.products()).sum()
    };
    let mut columns: Vec<u16> = cross.keys().map(|(_, competitor)| *competitor).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.sort_by_key(|competitor| (std::cmp::Reverse(compared(*competitor)), *competitor));
    columns.truncate(MOST_COLUMNS);
    let cell = |row: usize, column: u16| {
        let sums = cross.get(&(row, column))?;
        Some((sums.hundredths()?, sums.products()))
    };
    let named = |row: &usize| match grouping.names[*row].as_str() {
        "" => "None".to_owned(),
        name => name.to_owned(),
    };
    HeatMapChart {
        look,
        row_word: word_of(by).0.to_owned(),
        rows: rows.iter().map(named).collect(),
        columns: columns.iter().map(|place| scene.snapshot.competitors[usize::from(*place)].name.clone()).collect(),
        cells: rows.iter().map(|row| columns.iter().map(|column| cell(*row, *column)).collect()).collect(),
    }
}

fn bars(sums: &DistanceSums) -> Vec<DistributionBar> {
    let bar = |(group, products): (usize, &u64)| {
        let (from_bp, to_bp) = DistanceSums::edges(group);
        DistributionBar { from_bp, to_bp, products: *products }
    };
    sums.products.iter().enumerate().map(bar).collect()
}

fn bridge_chart(
    scene: &Scene,
    bridge: &pricing_analytics::Bridge,
    [begin, middle, end]: [i32; 3],
    look: pricing_analytics::ChartLook,
) -> BridgeChart {
    let currency = scene.snapshot.lists[scene.list].currency;
    let minor = |micro: i128| {
        let micro = i64::try_from(micro).unwrap_or(if micro > 0 { i64::MAX } else { i64::MIN });
        MicroAmount(micro).to_minor(currency, Rounding::Nearest)
    };
    let (before, after) = (minor(bridge.before_micro), minor(bridge.after_micro));
    let named = [
        ("Price", bridge.price_micro),
        ("Cost", bridge.cost_micro),
        ("Volume", bridge.volume_micro),
        ("New", bridge.new_micro),
        ("Ended", bridge.ended_micro),
    ];
    let mut steps: Vec<BridgeStep> =
        named.iter().map(|(name, micro)| BridgeStep { name: (*name).into(), amount_minor: minor(*micro) }).collect();
    // The mix is what remains, so that whole minor units add up as well.
    let others: i64 = steps.iter().map(|step| step.amount_minor).sum();
    steps.insert(3, BridgeStep { name: "Mix".into(), amount_minor: after - before - others });
    BridgeChart {
        look,
        subject: "Margin".into(),
        currency,
        before: period_words(begin, middle - 1),
        after: period_words(middle, end - 1),
        before_minor: before,
        steps,
    }
}

/// “28 Sep – 25 Oct”.
fn period_words(from: i32, to: i32) -> String {
    let word = |day: i32| date_of(day).strftime("%-d %b").to_string();
    format!("{} – {}", word(from), word(to))
}

fn scatter(scene: &Scene, grouping: &Grouping, by: MarketGroup, look: pricing_analytics::ChartLook) -> ScatterChart {
    let sums = group_sums(scene, grouping, IndexForm::Basket);
    let mut all = MoneySums::default();
    sums.iter().for_each(|group| all.merge(group.money));
    let currency = scene.snapshot.lists[scene.list].currency;
    let mut points: Vec<ScatterPoint> = grouping
        .names
        .iter()
        .zip(&sums)
        .filter_map(|(name, group)| {
            Some(ScatterPoint {
                name: if name.is_empty() { "None".to_owned() } else { name.clone() },
                index: group.standing.index.hundredths()?,
                margin_bp: group.money.margin_bp()?,
                weight: group.money.revenue_minor(currency),
                products: group.standing.products,
            })
        })
        .collect();
    points.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.name.cmp(&other.name)));
    points.truncate(MOST_POINTS);
    ScatterChart { look, noun: word_of(by).1.to_owned(), points, margin_bp: all.margin_bp() }
}

/// A picture for the interface.
pub(crate) fn chart_view(chart: MarketChart) -> MarketChartView {
    let text = |cell: &ChartCell| match cell {
        ChartCell::Text(text) => text.clone(),
        ChartCell::Number { value, digits } => pricing_domain::format_scaled(*value, *digits),
        ChartCell::Missing => String::new(),
    };
    MarketChartView {
        csv: chart.table.to_csv(),
        columns: chart.table.columns.iter().map(|column| (column.name.clone(), column.unit.clone())).collect(),
        rows: chart.table.rows.iter().map(|row| row.iter().map(text).collect()).collect(),
        svg: chart.svg,
        title: chart.title,
        description: chart.description,
        series: chart.series.into_iter().map(|series| ChartSeries { name: series.name, color: series.color }).collect(),
        marks: chart
            .marks
            .into_iter()
            .map(|mark| ChartMarkView {
                left: mark.left,
                top: mark.top,
                right: mark.right,
                bottom: mark.bottom,
                words: mark.words,
                row: mark.row,
            })
            .collect(),
    }
}
