//! The price history of a product as a picture.

use std::collections::BTreeMap;

use app_contract::{ChartPalette, ChartPoint, ChartSeries, ChartValue, ChartView};
use pricing_analytics::{CompetitorLine, NumberStyle, Palette, PriceHistoryChart, PriceSpan, draw};
use pricing_domain::{CivilDate, Instant, PriceListId, ProductId};
use pricing_store::ProductHistory;

use crate::{OperationError, Workspace};

/// What a chart is asked for.
pub struct ChartRequest {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Days back from the end.
    pub days: u32,
    /// The last day that is shown; `None`: up to now.
    pub until: Option<CivilDate>,
    /// Colours of the theme.
    pub palette: ChartPalette,
}

impl Workspace {
    /// Draws the history of a product on a list.
    pub async fn price_chart(
        &self,
        product: ProductId,
        price_list: PriceListId,
        request: ChartRequest,
    ) -> Result<ChartView, OperationError> {
        let missing = || OperationError::not_found("This product is not in the workspace any more.");
        let key = self.store.find_product(product).await?.ok_or_else(missing)?;
        let list = self.price_list(price_list).await?;
        let now = self.now();
        let end = request.until.map_or(now, |day| Instant::at_utc_midnight(day).plus_days(1).min(now));
        let since = end.plus_days(-i64::from(request.days.clamp(1, 3_660)));
        let history = self.store.product_history(key, list.key, since).await?;
        let interval = self.collection_settings().await?.interval_hours;
        let chart = PriceHistoryChart {
            width: request.width,
            height: request.height,
            currency: list.currency,
            palette: palette(request.palette),
            // Who chose the days sees those days.
            from: if request.until.is_some() { since } else { begin(&history, since, now) },
            to: end,
            own: own_spans(&history, end),
            competitors: lines(&history, end),
            reading_holds_hours: interval.saturating_mul(2).max(48),
            promotions: history
                .promotions
                .iter()
                .filter(|(from, _)| *from < end)
                .map(|(from, to)| (*from, to.unwrap_or(end).min(end)))
                .collect(),
            labels: NumberStyle { decimal_separator: '.', grouping: ',' },
        };
        let currency = list.currency;
        let drawn = tokio::task::spawn_blocking(move || draw(&chart))
            .await
            .map_err(|error| OperationError::fault(error.to_string()))?
            .map_err(|error| OperationError::not_found(error.to_string()))?;
        let series = drawn.series.into_iter().map(|series| ChartSeries { name: series.name, color: series.color });
        let points = drawn.points.into_iter().map(|point| ChartPoint {
            x: point.x,
            at: point.at,
            values: point
                .values
                .into_iter()
                .map(|value| ChartValue { series: value.series, y: value.y, amount_minor: value.amount_minor })
                .collect(),
        });
        Ok(ChartView {
            svg: drawn.svg,
            title: drawn.title,
            description: drawn.description,
            series: series.collect(),
            points: points.collect(),
            currency,
            plot_left: drawn.plot_left,
            plot_right: drawn.plot_right,
            plot_top: drawn.plot_top,
            plot_bottom: drawn.plot_bottom,
        })
    }
}

/// The chart begins where there is something to see: at the first competitor reading, a day early, where there are any.
fn begin(history: &ProductHistory, since: Instant, now: Instant) -> Instant {
    let first = history.offers.iter().map(|span| span.first_seen).min();
    let first = first.map_or(since, |first| first.plus_days(-1));
    first.max(since).min(now.plus_days(-1))
}

/// A price of our own and since when it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnPriceSpan {
    /// Since when.
    pub from: Instant,
    /// In minor units of the list's currency.
    pub amount_minor: i64,
}

impl Workspace {
    /// The prices of a product on a list that stood within so many days, the oldest first; the newest stands now or stood
    /// last. A price that was set again to the same amount is one.
    pub async fn own_prices_of_days(
        &self,
        product: ProductId,
        price_list: PriceListId,
        days: u32,
    ) -> Result<Vec<OwnPriceSpan>, OperationError> {
        let missing = || OperationError::not_found("This product is not in the workspace any more.");
        let key = self.store.find_product(product).await?.ok_or_else(missing)?;
        let list = self.price_list(price_list).await?;
        let now = self.now();
        let history =
            self.store.product_history(key, list.key, now.plus_days(-i64::from(days.clamp(1, 3_660)))).await?;
        let spans = own_spans(&history, now);
        let mut prices: Vec<OwnPriceSpan> =
            spans.iter().map(|span| OwnPriceSpan { from: span.from, amount_minor: span.amount_minor }).collect();
        prices.dedup_by_key(|price| price.amount_minor);
        Ok(prices)
    }
}

fn own_spans(history: &ProductHistory, now: Instant) -> Vec<PriceSpan> {
    let mut spans: Vec<PriceSpan> = Vec::with_capacity(history.own.len());
    for own in &history.own {
        // A later price ends the one before, also where the file left its end open.
        if let Some(last) = spans.last_mut()
            && last.to > own.from
        {
            last.to = own.from;
        }
        let to = own.to.unwrap_or(now).min(now);
        if own.from < to {
            spans.push(PriceSpan { from: own.from, to, amount_minor: own.amount_minor, available: true });
        }
    }
    spans
}

/// One line a competitor; where it has several listings of a product, the cheapest counts, and so its own line each.
fn lines(history: &ProductHistory, end: Instant) -> Vec<CompetitorLine> {
    let mut listings: BTreeMap<(String, i64), Vec<PriceSpan>> = BTreeMap::new();
    for span in history.offers.iter().filter(|span| span.first_seen < end) {
        listings.entry((span.competitor.clone(), span.listing_key)).or_default().push(PriceSpan {
            from: span.first_seen,
            to: span.last_seen.min(end),
            amount_minor: span.amount_minor,
            available: span.buyable,
        });
    }
    listings.into_iter().map(|((name, _), spans)| CompetitorLine { name, spans }).collect()
}

fn palette(palette: ChartPalette) -> Palette {
    Palette {
        surface: palette.surface,
        text: palette.text,
        text_muted: palette.text_muted,
        border: palette.border,
        own_price: palette.own_price,
        competitors: palette.competitors,
    }
}
