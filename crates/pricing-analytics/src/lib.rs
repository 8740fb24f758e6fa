//! The figures of pricing, and pictures of them: exact sums of rows on one side, and on the other charts for which a
//! specification goes in and an SVG comes out, with the finding in words and the map from pixels to data for hovering.
//!
//! Pure: no clock, no files, no randomness; the same rows give the same figures and the same specification the same
//! bytes, natively and as wasm. Money stays in whole minor units up to the pixel, percentages and indexes are integer
//! arithmetic, and nothing in a picture needs scripts or style attributes, so that it can be shown under a strict content
//! security policy.

mod canvas;
mod charts;
mod colors;
mod figures;
mod number_style;
mod price_history;
mod scale;
mod text;

pub use charts::{
    BridgeChart, BridgeStep, CalendarChart, CalendarDay, ChartCell, ChartColumn, ChartLook, ChartMark, ChartTable,
    CurveAxis, CurveChart, CurveDot, CurvePlace, CurvePoint, DistributionBar, DistributionChart, HeatMapChart,
    IndexHistoryChart, IndexLine, MarketChart, ScatterChart, ScatterPoint, draw_back_test, draw_bridge, draw_calendar,
    draw_curve, draw_distribution, draw_heat_map, draw_index_history, draw_scatter,
};
pub use figures::{
    AGE_STEPS_HOURS, AdvertisedSums, AppliedPrice, Bridge, BridgeSums, ChangeSums, CoverageSums, DISTANCE_EDGES_BP,
    DistanceSums, Figure, FloorSums, Follower, FreshnessSums, IndexSums, Leader, PeriodSales, PriceChange, PriorPrice,
    PromotionSums, StandingSums, Volatility, by_group, days_of_cover, distance_to_next, gap, leadership, map_shortfall,
    outcome, position, prior_price, reduction, share_bp, uplift,
};
pub use number_style::NumberStyle;
pub use price_history::{
    ChartError, ChartSeries, CompetitorLine, DrawnChart, HoverPoint, HoverValue, MAX_COMPETITOR_LINES, Palette,
    PriceHistoryChart, PriceSpan, draw,
};
pub use text::{fit_text, text_width};
