//! Analytics: how we stand in the market, in figures and pictures that lead to the products behind them.

use app_contract::{
    ChartRequestLook, Command, CompetitorPosition, GetAnalyticsOverview, GetChangeCalendar, GetDistanceDistribution,
    GetHeatMap, GetIndexHistory, GetMarginBridge, GetMarginScatter, ListCompetitorPositions, ListMovers,
    ListPromotions, MarketChartView, MarketOverview, MoversView, PromotionsView,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use pricing_domain::{CivilDate, FOLLOWS_WITHIN_DAYS, MarketFilter, MarketGroup, MarketRows, Pivot, parse_scaled};

use crate::components::panel::Panel;
use crate::components::reading::Reading;
use crate::features::analytics::day_by_day::DayByDay;
use crate::features::analytics::drawn::Drawn;
use crate::features::analytics::filter_bar::FilterBar;
use crate::features::analytics::filter_query::MarketQuery;
use crate::features::analytics::groups::Groups;
use crate::features::analytics::market_chart::Picked;
use crate::features::analytics::overview::Overview;
use crate::features::analytics::pivots::Pivots;
use crate::features::analytics::planned::PlannedReports;
use crate::features::analytics::positions::{Movers, Positions};
use crate::features::analytics::promotions::Promotions;
use crate::features::analytics::reports::Reports;
use crate::features::analytics::rows::BehindFigure;
use crate::formats::now;
use crate::reads::read;
use crate::session::Session;

/// Pixels of a picture.
const HEIGHT: u32 = 260;
/// Weeks of each side of the margin bridge.
const BRIDGE_WEEKS: u32 = 4;

/// The screen of figures.
#[component]
pub fn AnalyticsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let address = use_query_map();
    let query = Memo::new(move |_| address.with(|map| MarketQuery::read(|name| map.get(name))));
    let filter = Memo::new(move |_| session.price_list_id().map(|list| query.with(|query| query.filter(list, now()))));
    let form = Memo::new(move |_| query.with(|query| query.form));
    let navigate = use_navigate();
    let show = Callback::new(move |query: MarketQuery| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&query.address(), options);
    });
    let rows = Memo::new(move |_| query.with(|query| query.rows.clone()));
    let narrow = move |edit: &dyn Fn(&mut MarketQuery)| {
        let mut edited = query.get_untracked();
        edit(&mut edited);
        show.run(edited);
    };
    let pick = Callback::new(move |rows: MarketRows| narrow(&|query| query.rows = rows.clone()));
    let pick_competitor = Callback::new(move |(name, rows): (String, MarketRows)| {
        narrow(&|query| (query.competitor, query.rows) = (name.clone(), rows.clone()));
    });
    let pick_group = Callback::new(move |(by, name): (MarketGroup, String)| narrow(&|query| query.narrow(by, &name)));
    let pick_cell = Callback::new(move |cell: Picked| {
        narrow(&|query| {
            query.narrow(MarketGroup::Brand, cell.row.first().map_or("", String::as_str));
            query.competitor = cell.column.clone().unwrap_or_default();
        });
    });
    let pick_point = Callback::new(move |point: Picked| {
        narrow(&|query| query.narrow(MarketGroup::Category, point.row.first().map_or("", String::as_str)));
    });
    let pick_distance = Callback::new(move |bar: Picked| {
        let edge = |place: usize| bar.row.get(place).and_then(|text| parse_scaled(text, 2)?.try_into().ok());
        narrow(&|query| query.rows = MarketRows::Distance(edge(0), edge(1)));
    });
    let pick_pivot = Callback::new(move |pivot: Pivot| narrow(&|query| query.take(&pivot)));
    let pick_day = Callback::new(move |day: Picked| {
        let day: Option<CivilDate> = day.row.first().and_then(|text| text.parse().ok());
        narrow(&|query| (query.from, query.to, query.days, query.rows) = (day, day, None, MarketRows::Changed));
    });
    let overview = read(move || filter.get().map(|filter| GetAnalyticsOverview { filter, form: form.get() }));
    let positions = read(move || filter.get().map(|filter| ListCompetitorPositions { filter, form: form.get() }));
    let movers = read(move || filter.get().map(|filter| ListMovers { filter, window_days: FOLLOWS_WITHIN_DAYS }));
    let known = Memo::new(move |before: Option<&Vec<CompetitorPosition>>| {
        positions.value().or_else(|| before.cloned()).unwrap_or_default()
    });
    let currency = Memo::new(move |_| overview.value().map(|overview| overview.currency));
    let promotions = read(move || filter.get().map(|filter| ListPromotions { filter }));
    let show_positions =
        move |positions: Vec<CompetitorPosition>| view! { <Positions positions pick=pick_competitor /> };
    view! {
        <div class="page scrolls" data-testid="page-analytics">
            <div class="page-head">
                <h1 class="page-title">"Analytics"</h1>
                <div class="actions"><Reports filter /></div>
            </div>
            <FilterBar query competitors=known show />
            <Panel title="Where we stand">
                <Reading
                    from=overview
                    lines=4
                    show=move |overview: MarketOverview| view! { <Overview overview rows pick /> }
                />
            </Panel>
            <Panel title="Against each competitor">
                <Reading from=positions lines=6 show=show_positions />
            </Panel>
            <div class="columns">
                <Picture filter ask=|filter, look| GetIndexHistory { filter, look } />
                <Picture filter pick=Some(pick_distance) ask=|filter, look| GetDistanceDistribution { filter, look } />
                <Picture filter ask=|filter, look| GetMarginBridge { filter, weeks: BRIDGE_WEEKS, look } />
                <Picture filter pick=Some(pick_day) ask=|filter, look| GetChangeCalendar { filter, look } />
                <Picture
                    filter
                    pick=Some(pick_cell)
                    ask=move |filter, look| GetHeatMap { filter, by: MarketGroup::Brand, form: form.get(), look }
                />
                <Picture
                    filter
                    pick=Some(pick_point)
                    ask=|filter, look| GetMarginScatter { filter, by: MarketGroup::Category, look }
                />
            </div>
            <Panel title="Products behind the figures">
                <BehindFigure filter rows />
            </Panel>
            <Panel title="By group">
                <Groups filter form currency pick=pick_group />
            </Panel>
            <div class="columns">
                <Panel title="Day by day">
                    <Reading from=overview lines=6 show=|overview: MarketOverview| view! { <DayByDay overview /> } />
                </Panel>
                <Panel title="Who moves first">
                    <Reading from=movers lines=6 show=move |movers: MoversView| view! { <Movers movers filter /> } />
                </Panel>
            </div>
            <Panel title="Promotions">
                <Reading from=promotions lines=6 show=|promotions: PromotionsView| view! { <Promotions promotions /> } />
            </Panel>
            <Panel title="Tables of your own">
                <Pivots filter form narrow=pick_pivot />
            </Panel>
            <Panel title="Planned and kept reports">
                <PlannedReports filter />
            </Panel>
        </div>
    }
}

/// A picture of the selection in a card of its own.
#[component]
fn Picture<C, F>(
    /// Which products, competitors and days.
    #[prop(into)]
    filter: Signal<Option<MarketFilter>>,
    /// Makes the question.
    ask: F,
    /// Takes a part that is chosen.
    #[prop(optional_no_strip)]
    pick: Option<Callback<Picked>>,
) -> impl IntoView
where
    C: Command<Answer = MarketChartView>,
    F: Fn(MarketFilter, ChartRequestLook) -> C + 'static,
{
    view! {
        <section class="panel">
            <div class="panel-body">
                <Drawn ask=move |look| filter.get().map(|filter| ask(filter, look)) height=HEIGHT pick />
            </div>
        </section>
    }
}
