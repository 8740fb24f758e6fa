//! One figure over products.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, ProposalFilter};
use pricing_domain::{GridColumn, GridSort, ProposalStatus, Ratio, Rounding};
use pricing_operations::OperationError;
use question_grammar::{Condition, Groups, Scope, Total};
use rayon::prelude::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::compare::standings;
use super::sums::GroupSums;
use super::today::plain_grid;
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::Place;
use crate::wording::of_words;

fn count(number: usize) -> Figure {
    Figure::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Says the figure.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    figure: Total,
    (scope, conditions): (&Scope, &[Condition]),
) -> Result<(), OperationError> {
    match figure {
        Total::Products
        | Total::Stock
        | Total::StockValue
        | Total::Margin
        | Total::AveragePrice
        | Total::Revenue
        | Total::Position => over_rows(composer, figure, (scope, conditions)),
        Total::Competitors => return super::compare::with_each(composer, scope).map(|()| count_competitors(composer)),
        Total::Brands | Total::Categories | Total::Suppliers => names(composer, figure, (scope, conditions)),
        Total::Rules => return super::rules::tell(composer, question_grammar::RuleQuestion::List).await,
        Total::PriceLists => lists(composer),
        Total::Proposals => proposals(composer).await?,
        Total::Publishing => publishing(composer).await?,
        Total::Cover => cover(composer, (scope, conditions)),
    }
    Ok(())
}

/// How long the stock lasts, as the market's page counts it: of what is sold.
fn cover(composer: &mut Composer<'_>, (scope, conditions): (&Scope, &[Condition])) {
    let started = Stopwatch::now();
    let said = of_words(scope, conditions, composer.language, composer.currency());
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let counts = |row: &u32| place.is_sold(*row) && place.price(*row).is_some() && place.units_milli(*row) > 0;
    let one = |row: &u32| {
        let stock = place.value(GridColumn::Stock, *row)?;
        Some((i128::from(stock.max(0)), i128::from(place.units_milli(*row))))
    };
    let rows = place.matching(scope, conditions);
    let of_rows = rows.par_iter().filter(|row| counts(row)).filter_map(one);
    let (stock, units) = of_rows.reduce(|| (0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1));
    let days = (units > 0).then(|| Ratio { numerator: stock * 28_000, denominator: units }.round(Rounding::Nearest));
    composer.step("get_stock_cover", said.clone(), rows.len(), started, AnswerLink::Analytics);
    match days {
        Some(days) => {
            let days = composer.gave(Figure::Count(days));
            composer.know([Figure::Count(28)]);
            composer.say(
                "The stock of what is sold lasts {0} days at the sales of 28 days ({1}).",
                "Der Bestand dessen, was verkauft wird, reicht {0} Tage beim Absatz von 28 Tagen ({1}).",
                &[days, Figure::Words(said)],
            );
        }
        None => {
            composer.ended_as(AnswerOutcome::NotEnoughData);
            composer.know([Figure::Count(28)]);
            let lacking = lacking(&place, &rows);
            composer.say(lacking.0, lacking.1, &[Figure::Words(said)]);
        }
    }
    composer.suggest("Which products run out first?".into(), "Welche Produkte gehen zuerst aus?".into());
}

/// What is missing for a stock cover, and only that.
fn lacking(place: &Place<'_>, rows: &[u32]) -> (&'static str, &'static str) {
    let has_stock = rows.par_iter().any(|row| place.value(GridColumn::Stock, *row).is_some());
    let sells = rows.par_iter().any(|row| place.units_milli(*row) > 0);
    let any_sells = || {
        let all = 0..u32::try_from(place.snapshot.row_count()).unwrap_or(u32::MAX);
        all.into_par_iter().any(|row| place.units_milli(row) > 0)
    };
    match (has_stock, sells) {
        (false, false) => (
            "Not enough data: no stock and no sales of the last 28 days are known ({0}).",
            "Zu wenig Daten: Bestand und Absatz der letzten 28 Tage sind nicht bekannt ({0}).",
        ),
        (false, true) => {
            ("Not enough data: no stock is known ({0}).", "Zu wenig Daten: Der Bestand ist nicht bekannt ({0}).")
        }
        (true, false) if any_sells() => (
            "Not enough data: the stock is known, but nothing of it was sold in the last 28 days ({0}).",
            "Zu wenig Daten: Der Bestand ist bekannt, aber in den letzten 28 Tagen wurde nichts davon verkauft ({0}).",
        ),
        (true, false) => (
            "Not enough data: the stock is known, but no sales of the last 28 days ({0}).",
            "Zu wenig Daten: Der Bestand ist bekannt, aber kein Absatz der letzten 28 Tage ({0}).",
        ),
        (true, true) => (
            "Not enough data: what was sold in the last 28 days has no price or no known stock ({0}).",
            "Zu wenig Daten: Was in den letzten 28 Tagen verkauft wurde, hat keinen Preis oder keinen bekannten Bestand ({0}).",
        ),
    }
}

fn count_competitors(composer: &mut Composer<'_>) {
    let number = composer.gave(count(composer.snapshot.competitors.len()));
    composer.say("{0} competitors are watched.", "{0} Wettbewerber werden beobachtet.", &[number]);
}

fn over_rows(composer: &mut Composer<'_>, figure: Total, (scope, conditions): (&Scope, &[Condition])) {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let rows: Vec<u32> = place.matching(scope, conditions);
    let words = of_words(scope, conditions, composer.language, composer.currency());
    let said = Figure::Words(words.clone());
    let filters = conditions.iter().filter_map(|condition| match condition {
        Condition::Grid(filter) => Some(filter.clone()),
        _ => None,
    });
    let filters: Vec<_> = scope.filters.iter().cloned().chain(filters).collect();
    let link = composer.grid_link(&scope.search, &filters, GridSort::default());
    composer.step("figures", words, rows.len(), started, link);
    match figure {
        Total::Products => {
            let number = composer.gave(count(rows.len()));
            let priced = composer.gave(count(rows.iter().filter(|row| place.price(**row).is_some()).count()));
            composer.say(
                "{0} products: {1}. {2} of them have a price.",
                "{0} Produkte: {1}. {2} davon haben einen Preis.",
                &[number, said, priced],
            );
        }
        Total::Stock => stock(composer, &place, &rows, said),
        Total::StockValue => stock_value(composer, &place, &rows, said),
        Total::Position => position(composer, &place, &rows, said),
        Total::AveragePrice => {
            let prices: Vec<i64> = rows.iter().filter_map(|row| place.price(*row)).collect();
            let ratio = Ratio {
                numerator: prices.iter().map(|price| i128::from(*price)).sum(),
                denominator: prices.len().max(1) as i128,
            };
            let (mean, number) = (composer.money(ratio.round(Rounding::Nearest)), count(prices.len()));
            composer.know([mean.clone(), number.clone()]);
            composer.say(
                "The average price of {1} products ({2}) is {0}.",
                "Der Durchschnittspreis von {1} Produkten ({2}) ist {0}.",
                &[mean, number, said],
            );
        }
        _ => margin(composer, &place, &rows, (scope, conditions), figure),
    }
}

/// Pieces in stock, and how many products have any.
fn stock(composer: &mut Composer<'_>, place: &Place<'_>, rows: &[u32], said: Figure) {
    let stocks: Vec<i64> = rows.iter().filter_map(|row| place.value(GridColumn::Stock, *row)).collect();
    if stocks.is_empty() {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: no stock is known ({0}).",
            "Zu wenig Daten: kein Bestand bekannt ({0}).",
            &[said],
        );
        return;
    }
    let there = stocks.iter().filter(|stock| **stock > 0);
    let figures = [Figure::Count(stocks.iter().map(|stock| (*stock).max(0)).sum()), count(there.count())];
    let [pieces, products] = figures.map(|figure| composer.gave(figure));
    composer.say(
        "{0} pieces are in stock, of {1} products ({2}).",
        "{0} Stück sind auf Lager, von {1} Produkten ({2}).",
        &[pieces, products, said],
    );
}

/// What the stock is worth: at cost, and at our prices with and without VAT. Sums in millionths.
fn stock_value(composer: &mut Composer<'_>, place: &Place<'_>, rows: &[u32], said: Figure) {
    #[derive(Clone, Copy, Default)]
    struct Worth {
        products: u64,
        costed: u64,
        priced: u64,
        cost: i128,
        gross: i128,
        net: i128,
    }
    let per_minor = i128::from(place.currency().micro_per_minor());
    let one = |row: &u32| {
        let stock = place.value(GridColumn::Stock, *row).filter(|stock| *stock > 0).map(i128::from)?;
        let (cost, price) = (place.cost_micro(*row).map(i128::from), place.price(*row));
        let net = price.and_then(|price| place.net_micro(*row, price));
        Some(Worth {
            products: 1,
            costed: u64::from(cost.is_some()),
            priced: u64::from(price.is_some()),
            cost: stock * cost.unwrap_or(0),
            gross: stock * i128::from(price.unwrap_or(0)) * per_minor,
            net: stock * net.unwrap_or(0),
        })
    };
    let add = |sum: Worth, more: Worth| Worth {
        products: sum.products + more.products,
        costed: sum.costed + more.costed,
        priced: sum.priced + more.priced,
        cost: sum.cost + more.cost,
        gross: sum.gross + more.gross,
        net: sum.net + more.net,
    };
    let worth = rows.par_iter().filter_map(one).reduce(Worth::default, add);
    if worth.products == 0 {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: nothing is known to be in stock ({0}).",
            "Zu wenig Daten: Bekannt ist kein Bestand ({0}).",
            &[said],
        );
        return;
    }
    let money =
        |amount: i128| composer.money(Ratio { numerator: amount, denominator: per_minor }.round(Rounding::Nearest));
    let figures = [money(worth.cost), money(worth.gross), money(worth.net), Figure::Count(worth.products as i64)];
    let [cost, gross, net, products] = figures.map(|figure| composer.gave(figure));
    composer.say(
        "The stock of {1} products ({2}) is worth {0} at cost.",
        "Der Bestand von {1} Produkten ({2}) ist zu Einstand {0} wert.",
        &[cost, products.clone(), said],
    );
    composer.say(
        "At our selling prices it is {0} with VAT and {1} net.",
        "Zu unseren Verkaufspreisen sind es {0} mit Mehrwertsteuer und {1} netto.",
        &[gross, net],
    );
    for (known, what) in [(worth.costed, ("cost", "Einstand")), (worth.priced, ("price", "Preis"))] {
        if known < worth.products {
            let lacking = composer.gave(Figure::Count((worth.products - known) as i64));
            let what = Figure::Words(composer.pick(what.0, what.1).to_owned());
            composer.say(
                "{0} of them have no known {1} and are not in that sum.",
                "Bei {0} davon ist kein {1} bekannt; sie sind nicht in dieser Summe.",
                &[lacking, what],
            );
        }
    }
}

fn position(composer: &mut Composer<'_>, place: &Place<'_>, rows: &[u32], said: Figure) {
    let gaps: Vec<i32> = rows.iter().filter(|row| place.is_sold(**row)).filter_map(|row| place.gap(*row)).collect();
    let number = |test: fn(i32) -> bool| count(gaps.iter().filter(|gap| test(**gap)).count());
    let figures = [count(gaps.len()), number(|gap| gap < 0), number(|gap| gap == 0), number(|gap| gap > 0)];
    composer.know(figures.clone());
    let [compared, below, equal, above] = figures;
    composer.say(
        "Of {0} compared products ({4}) we are below the lowest offer on {1}, at it on {2}, above it on {3}.",
        "Von {0} verglichenen Produkten ({4}) liegen wir bei {1} unter dem günstigsten Angebot, bei {2} gleichauf, bei {3} darüber.",
        &[compared, below, equal, above, said],
    );
    let mut whole = GroupSums::default();
    rows.iter().filter(|row| place.is_sold(**row)).for_each(|row| whole.add(place, *row, place.lowest(*row)));
    if let Some(index) = whole.index() {
        let index = composer.gave(Figure::WholeIndex(index));
        composer.say(
            "Our price index against the lowest offers is {0} (units of 28 days as weights).",
            "Unser Preisindex gegen die günstigsten Angebote ist {0} (gewichtet mit dem Absatz von 28 Tagen).",
            &[index],
        );
        composer.know([Figure::Count(28)]);
    }
    let sums = standings(place, rows);
    let rows: Vec<_> = sums
        .iter()
        .zip(&place.snapshot.competitors)
        .filter(|(sum, _)| sum.compared > 0)
        .map(|(sum, competitor)| {
            let cells = vec![
                Some(Figure::Words(competitor.name.clone())),
                sum.index().map(Figure::Index),
                Some(Figure::Count(sum.compared as i64)),
            ];
            (cells, None)
        })
        .collect();
    let total = rows.len();
    let columns =
        [("Competitor", "Wettbewerber", false), ("Price index", "Preisindex", true), ("Compared", "Verglichen", true)];
    composer.table(("Price index", "Preisindex"), &columns, rows, total);
}

fn margin(
    composer: &mut Composer<'_>,
    place: &Place<'_>,
    rows: &[u32],
    (scope, conditions): (&Scope, &[Condition]),
    figure: Total,
) {
    let said = Figure::Words(of_words(scope, conditions, composer.language, composer.currency()));
    let (mut revenue, mut with_cost, mut margin) = (0i128, 0i128, 0i128);
    for row in rows.iter().copied().filter(|row| place.is_sold(*row)) {
        let units = i128::from(place.units_milli(row));
        let Some(net) = place.price(row).and_then(|price| place.net_micro(row, price)) else { continue };
        revenue += units * net;
        if let Some(cost) = place.cost_micro(row) {
            with_cost += units * net;
            margin += units * (net - i128::from(cost));
        }
    }
    let per_minor = i128::from(composer.currency().micro_per_minor()) * 1_000;
    let money =
        |amount: i128| composer.money(Ratio { numerator: amount, denominator: per_minor }.round(Rounding::Nearest));
    let (revenue_figure, margin_figure) = (money(revenue), money(margin));
    if revenue == 0 || (figure == Total::Margin && with_cost == 0) {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: no sales with a cost in 28 days ({0}).",
            "Zu wenig Daten: keine Verkäufe mit Einstand in 28 Tagen ({0}).",
            &[said],
        );
        return;
    }
    if figure == Total::Revenue {
        composer.know([revenue_figure.clone()]);
        composer.say(
            "Net revenue at today's prices with the volumes of 28 days ({1}): {0}.",
            "Nettoumsatz zu heutigen Preisen mit dem Absatz von 28 Tagen ({1}): {0}.",
            &[revenue_figure, said],
        );
        return;
    }
    let share = Figure::Percent(Ratio { numerator: margin * 10_000, denominator: with_cost }.round(Rounding::Nearest));
    composer.know([share.clone(), margin_figure.clone()]);
    composer.say(
        "The margin of the net price over the volumes of 28 days ({2}) is {0}, or {1}.",
        "Die Marge des Nettopreises über den Absatz von 28 Tagen ({2}) ist {0}, das sind {1}.",
        &[share, margin_figure, said],
    );
    if conditions.is_empty() {
        super::charts::bridge_beside(composer, scope);
    }
    composer.suggest(
        "Which products have a margin below 10 %?".into(),
        "Welche Produkte haben eine Marge unter 10 %?".into(),
    );
}

/// The brands, categories or suppliers that products have.
fn names(composer: &mut Composer<'_>, figure: Total, (scope, conditions): (&Scope, &[Condition])) {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let (groups, what) = match figure {
        Total::Brands => (Groups::Brands, ("brands", "Marken")),
        Total::Categories => (Groups::Categories, ("categories", "Kategorien")),
        _ => (Groups::Suppliers, ("suppliers", "Lieferanten")),
    };
    let dictionary = super::rank::names_of_groups(&snapshot, groups);
    let all = scope.is_all() && conditions.is_empty();
    let texts: Vec<String> = if all {
        dictionary.texts().map(str::to_owned).collect()
    } else {
        let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
        let column = super::rank::column(&snapshot, groups);
        let codes = place.matching(scope, conditions).into_iter().map(|row| column.get(row as usize));
        let codes: std::collections::BTreeSet<u32> = codes.collect();
        let texts = codes.into_iter().map(|code| dictionary.text(code).to_owned());
        texts.filter(|text| !text.is_empty()).collect()
    };
    let of = of_words(scope, conditions, composer.language, composer.currency());
    let link = plain_grid(composer, &scope.filters);
    composer.step("figures", format!("{}; {of}", what.0), texts.len(), started, link);
    let number = composer.gave(count(texts.len()));
    let what = Figure::Words(composer.pick(what.0, what.1).to_owned());
    if all {
        composer.say("{0} {1} are in this workspace.", "{0} {1} sind in diesem Arbeitsbereich.", &[number, what]);
    } else {
        composer.say("{0} {1}: {2}.", "{0} {1}: {2}.", &[number, what, Figure::Words(of)]);
    }
    let total = texts.len();
    let rows: Vec<_> = texts.into_iter().take(50).map(|text| (vec![Some(Figure::Words(text))], None)).collect();
    composer.table(("Names", "Namen"), &[("Name", "Name", false)], rows, total);
}

fn lists(composer: &mut Composer<'_>) {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    composer.step("figures", "price lists".into(), snapshot.lists.len(), started, AnswerLink::Today);
    let number = composer.gave(count(snapshot.lists.len()));
    composer.say("{0} price lists are in this workspace.", "{0} Preislisten sind in diesem Arbeitsbereich.", &[number]);
    let rows: Vec<_> = snapshot
        .lists
        .iter()
        .map(|list| {
            (
                vec![
                    Some(Figure::Words(list.code.clone())),
                    Some(Figure::Words(list.name.clone())),
                    Some(Figure::Words(list.currency.to_string())),
                ],
                None,
            )
        })
        .collect();
    let total = rows.len();
    let columns = [("Code", "Kürzel", false), ("Name", "Name", false), ("Currency", "Währung", false)];
    composer.table(("Price lists", "Preislisten"), &columns, rows, total);
}

async fn proposals(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    super::today::all_lists(composer, None).await?;
    let started = Stopwatch::now();
    let batch = composer.workspace.batch(Some(composer.list_id())).await?;
    let filter = ProposalFilter {
        price_list: Some(composer.list_id()),
        status: Some(ProposalStatus::Pending),
        ..ProposalFilter::default()
    };
    let Some(batch) = batch else {
        composer.step("get_batch", "newest".into(), 0, started, AnswerLink::Proposals(filter));
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "The catalogue was not priced yet, so there are no proposals.",
            "Der Katalog wurde noch nicht bepreist, also gibt es keine Vorschläge.",
            &[],
        );
        return Ok(());
    };
    let waiting = batch.pending_changes + batch.pending_exceptions;
    composer.step("get_batch", "newest".into(), waiting as usize, started, AnswerLink::Proposals(filter));
    let figures = [waiting, batch.pending_changes, batch.pending_exceptions, batch.approved, batch.exported]
        .map(|number| Figure::Count(number as i64));
    composer.know(figures.clone());
    composer.say(
        "{0} proposals wait: {1} ordinary changes and {2} exceptions. {3} are approved and not handed over, {4} were handed over.",
        "{0} Vorschläge warten: {1} gewöhnliche Änderungen und {2} Ausnahmen. {3} sind freigegeben und nicht übergeben, {4} wurden übergeben.",
        &figures,
    );
    Ok(())
}

async fn publishing(composer: &mut Composer<'_>) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let stopped = composer.workspace.publishing_stopped().await?;
    let newest = composer.workspace.publications(1).await?;
    composer.step("list_publications", "newest".into(), newest.len(), started, AnswerLink::History);
    if stopped {
        composer.say("Publishing is stopped.", "Das Veröffentlichen ist gestoppt.", &[]);
    } else {
        composer.say("Publishing is allowed.", "Das Veröffentlichen ist erlaubt.", &[]);
    }
    match newest.first() {
        Some(publication) => {
            let at = Figure::Words(publication.created_at.utc_date().to_string());
            let prices = Figure::Count(publication.prices as i64);
            composer.know([at.clone(), prices.clone()]);
            composer.say(
                "The newest hand-over was on {0}, with {1} prices.",
                "Die neueste Übergabe war am {0}, mit {1} Preisen.",
                &[at, prices],
            );
        }
        None => composer.say("Nothing was handed over yet.", "Es wurde noch nichts übergeben.", &[]),
    }
    Ok(())
}
