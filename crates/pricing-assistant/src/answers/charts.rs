//! Pictures of answers: the product's own charts, by reference, with the same in words.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, AnswerPicture, ChartPalette, ChartRequestLook};
use pricing_domain::{GridFilter, MarketFilter, ProductId};
use pricing_operations::{ChartQuestion, ChartRequest, ErrorKind, OperationError};
use question_grammar::{Aspect, Language, Scope, TrendFigure};

use super::developing::trend;
use crate::composer::Composer;
use crate::figures::Figure;
use crate::tools::ChartAsked;
use crate::wording::scope_words;

/// Days of a product's prices that a picture goes back.
const PRICE_DAYS: u32 = 90;
/// Days of figures over time where nobody says so.
pub(super) const USUAL_DAYS: u32 = 28;
/// Whole weeks of each period of a margin bridge.
pub(super) const BRIDGE_WEEKS: u32 = 4;
/// The size that a picture is drawn in for its words alone.
const SIZE: (u32, u32) = (640, 240);

/// The filter of figures over time; `None`: they are not kept for such products.
pub(super) fn market_filter(
    composer: &Composer<'_>,
    scope: &Scope,
    competitor: Option<&str>,
    days: u32,
) -> Option<MarketFilter> {
    let mut filter = MarketFilter::of_list(composer.list_id());
    for one in &scope.filters {
        match one {
            GridFilter::Category(path) => filter.categories.push(path.clone()),
            GridFilter::Brand(name) => filter.brands.push(name.clone()),
            GridFilter::Role(role) => filter.roles.push(*role),
            _ => return None,
        }
    }
    filter.competitors = competitor.map(str::to_owned).into_iter().collect();
    filter.to = Some(composer.now.utc_date());
    filter.from = Some(composer.now.plus_days(1 - i64::from(days.max(1))).utc_date());
    scope.search.is_empty().then_some(filter)
}

/// The prices of a product, ours and the competitors'. Nothing where no price is known over these days.
pub(super) async fn price_history(
    composer: &mut Composer<'_>,
    product: ProductId,
    days: Option<u32>,
) -> Result<bool, OperationError> {
    let (price_list, days) = (composer.list_id(), days.unwrap_or(PRICE_DAYS));
    let request = ChartRequest { width: SIZE.0, height: SIZE.1, days, until: None, palette: palette() };
    let drawn = match composer.workspace.price_chart(product, price_list, request).await {
        Ok(drawn) => drawn,
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    composer.know([Figure::Words(drawn.title.clone()), Figure::Words(drawn.description.clone())]);
    composer.chart(AnswerPicture::PriceHistory { product, price_list, days }, drawn.title, drawn.description);
    Ok(true)
}

/// The index over time beside an answer that compares. It is drawn when it is shown; in words it is an answer of its own.
pub(super) fn index_beside(composer: &mut Composer<'_>, scope: &Scope, competitor: Option<&str>) {
    let Some(filter) = market_filter(composer, scope, competitor, USUAL_DAYS) else { return };
    let against = |preposition: &str| competitor.map_or_else(String::new, |name| format!(" {preposition} {name}"));
    let title = match composer.language {
        Language::English => format!("Price index over 28 days{}", against("against")),
        Language::German => format!("Preisindex über 28 Tage{}", against("gegen")),
    };
    let words = composer.pick("The index day by day.", "Der Index Tag für Tag.").to_owned();
    let asked = of_products(scope).map(|(english, german)| {
        (
            format!("How did our index{}{english} develop?", against("against")),
            format!("Wie hat sich unser Index{}{german} entwickelt?", against("gegen")),
        )
    });
    beside(composer, AnswerPicture::IndexHistory(filter), title, words, asked);
}

/// The causes of the margin's change beside an answer about margin, likewise.
pub(super) fn bridge_beside(composer: &mut Composer<'_>, scope: &Scope) {
    let Some(filter) = market_filter(composer, scope, None, USUAL_DAYS) else { return };
    let title =
        composer.pick("What changed the margin in 28 days", "Was die Marge in 28 Tagen verändert hat").to_owned();
    let words = composer
        .pick("Whole weeks against as many before, by cause.", "Ganze Wochen gegen ebenso viele davor, nach Ursachen.");
    let words = words.to_owned();
    let asked = of_products(scope).map(|(english, german)| {
        (format!("How did our margin{english} develop?"), format!("Wie hat sich unsere Marge{german} entwickelt?"))
    });
    beside(composer, AnswerPicture::MarginBridge { filter, weeks: BRIDGE_WEEKS }, title, words, asked);
}

/// A picture that is not drawn here, with the question that tells it in words.
fn beside(
    composer: &mut Composer<'_>,
    picture: AnswerPicture,
    title: String,
    words: String,
    asked: Option<(String, String)>,
) {
    let alternative = match (&asked, composer.language) {
        (Some((english, _)), Language::English) => format!("{words} In words: “{english}”"),
        (Some((_, german)), Language::German) => format!("{words} In Worten: „{german}“"),
        (None, _) => words,
    };
    if let Some((english, german)) = asked {
        composer.suggest(english, german);
    }
    composer.chart(picture, title, alternative);
}

/// Products in a question, where a few words name them.
fn of_products(scope: &Scope) -> Option<(String, String)> {
    match scope.filters.as_slice() {
        [] => Some((String::new(), String::new())),
        [GridFilter::Category(path)] => {
            let leaf = path.rsplit(" > ").next().unwrap_or(path);
            Some((format!(" in {leaf}"), format!(" bei {leaf}")))
        }
        [GridFilter::Brand(name)] => Some((format!(" for {name}"), format!(" für {name}"))),
        _ => None,
    }
}

/// A picture of figures with what it says in words; gives its data, or `None` where there is nothing to draw.
pub(super) async fn drawn(
    composer: &mut Composer<'_>,
    picture: AnswerPicture,
    asked: &str,
    started: Stopwatch,
) -> Result<Option<app_contract::MarketChartView>, OperationError> {
    let look = ChartRequestLook { width: SIZE.0, height: SIZE.1, palette: palette() };
    let (filter, question, tool) = match &picture {
        AnswerPicture::MarginBridge { filter, weeks } => (filter, ChartQuestion::Bridge(*weeks), "get_margin_bridge"),
        AnswerPicture::IndexHistory(filter) => (filter, ChartQuestion::IndexHistory, "get_index_history"),
        AnswerPicture::PriceHistory { .. } => return Ok(None),
    };
    let chart = match composer.workspace.market_chart(filter, question, look).await {
        Ok(chart) => chart,
        Err(error) if error.kind == ErrorKind::NotFound => {
            composer.step(tool, asked.to_owned(), 0, started, AnswerLink::Analytics);
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    composer.step(tool, asked.to_owned(), chart.rows.len(), started, AnswerLink::Analytics);
    composer.know([Figure::Words(chart.title.clone()), Figure::Words(chart.description.clone())]);
    composer.chart(picture, chart.title.clone(), chart.description.clone());
    Ok(Some(chart))
}

/// Says that figures over time are not kept for such products.
pub(super) fn not_kept(composer: &mut Composer<'_>, scope: &Scope) {
    let said = scope_words(scope, composer.language);
    composer.name(&said);
    composer.ended_as(AnswerOutcome::NotEnoughData);
    composer.say(
        "I don't know: figures over time are kept for all products, brands, categories and roles, not for: {0}.",
        "Das weiß ich nicht: Zahlen über die Zeit gibt es für alle Produkte, Marken, Kategorien und Rollen, nicht für: {0}.",
        &[Figure::Words(said)],
    );
}

/// Says that there is nothing to draw.
pub(super) fn nothing_to_draw(composer: &mut Composer<'_>) {
    composer.ended_as(AnswerOutcome::NotEnoughData);
    composer.say(
        "Not enough data: over these days nothing is known that could be drawn.",
        "Zu wenig Daten: Über diese Tage ist nichts bekannt, was sich zeichnen ließe.",
        &[],
    );
}

/// A picture that a tool was asked for, with the figures that may be spoken of.
pub(crate) async fn show_chart(composer: &mut Composer<'_>, asked: &ChartAsked) -> Result<(), OperationError> {
    match asked {
        ChartAsked::PriceHistory { sku, days } => {
            let started = Stopwatch::now();
            let product = crate::tools::drafting::product_of(composer, sku).await?;
            let link = AnswerLink::Product { product, sku: sku.clone(), price_list: composer.list_id() };
            composer.step("get_price_chart", sku.clone(), 1, started, link);
            composer.know([Figure::Words(sku.clone())]);
            if !price_history(composer, product, Some(*days)).await? {
                nothing_to_draw(composer);
                return Ok(());
            }
            let asked = super::product::AskedOf { aspect: Aspect::History, competitor: None, moved: None };
            super::product::tell(composer, std::slice::from_ref(sku), asked).await
        }
        ChartAsked::IndexHistory { competitor, scope, days } => {
            trend(composer, TrendFigure::Index, competitor.as_deref(), scope, Some(*days)).await
        }
        ChartAsked::MarginBridge { scope, weeks } => {
            trend(composer, TrendFigure::Margin, None, scope, Some(*weeks * 7)).await
        }
    }
}

/// Any colours: only the words of the picture are used here.
fn palette() -> ChartPalette {
    let black = || "#000000".to_owned();
    ChartPalette {
        surface: "#ffffff".to_owned(),
        text: black(),
        text_muted: black(),
        border: black(),
        own_price: black(),
        competitors: vec![black()],
    }
}
