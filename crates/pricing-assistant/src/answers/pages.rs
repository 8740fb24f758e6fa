//! When competitors' prices were read, how old they are, and what could not be read.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, CollectionView, FailureRow};
use pricing_domain::ReadState;
use pricing_operations::OperationError;
use rayon::prelude::{ParallelIterator, ParallelSlice};

use super::today::{count, moment};
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::Place;

/// Rows a thread looks at before it asks for more.
const STRETCH: usize = 8_192;
/// The steps of ages, as the market's page has them: up to a day, three days, a week; older is the last group.
const AGES_HOURS: [i64; 3] = [24, 72, 168];
const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_HOUR: i64 = 3_600;

/// Pages that are looked at of each kind of failure.
const LOOKED_AT: u32 = 500;
/// Pages in the table of an answer.
const SHOWN: usize = 20;

/// What is asked of the pages.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Whether failures are asked for.
    pub(super) failures: bool,
    /// Whose pages.
    pub(super) competitor: Option<&'a str>,
    /// Only failures of this kind.
    pub(super) state: Option<ReadState>,
}

/// When prices were collected and priced, and what could not be read.
pub(super) async fn tell(composer: &mut Composer<'_>, asked: Asked<'_>) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let collection = composer.workspace.collection().await?;
    let of = asked.competitor.map_or_else(|| "all competitors".to_owned(), str::to_owned);
    composer.step("get_collection", of, collection.listings as usize, started, AnswerLink::Collection);
    let looked = composer.current_step();
    match asked.competitor {
        Some(name) => of_one(composer, &collection, name),
        None => of_all(composer, &collection),
    }
    if asked.failures {
        failed(composer, &collection, asked).await?;
    } else {
        ages(composer, asked.competitor);
    }
    composer.back_to(looked);
    by_competitor(composer, &collection, asked.competitor);
    composer.suggest(
        "Which competitors lowered their prices?".into(),
        "Welche Wettbewerber haben die Preise gesenkt?".into(),
    );
    Ok(())
}

fn of_all(composer: &mut Composer<'_>, collection: &CollectionView) {
    let (listings, due) = (composer.gave(count(collection.listings)), composer.gave(count(collection.due)));
    match collection.runs.first() {
        Some(run) => {
            let at = composer.gave(Figure::Words(moment(run.finished_at.unwrap_or(run.started_at))));
            let pages = composer.gave(count(run.pages));
            let prices = composer.gave(count(run.prices));
            let failed = composer.gave(count(run.failed));
            composer.say(
                "Prices were collected last on {0}: {1} pages, {2} prices, {3} without a price.",
                "Zuletzt erfasst wurden Preise am {0}: {1} Seiten, {2} Preise, {3} ohne Preis.",
                &[at, pages, prices, failed],
            );
        }
        None => {
            composer.ended_as(AnswerOutcome::NotEnoughData);
            composer.say("No prices were collected yet.", "Es wurden noch keine Preise erfasst.", &[]);
        }
    }
    composer.say(
        "{0} pages are watched, {1} of them are due.",
        "{0} Seiten werden beobachtet, {1} davon sind fällig.",
        &[listings, due],
    );
}

fn of_one(composer: &mut Composer<'_>, collection: &CollectionView, name: &str) {
    let who = Figure::Words(name.to_owned());
    let Some(one) = collection.competitors.iter().find(|one| one.name == name) else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say("No page of {0} is watched.", "Von {0} wird keine Seite beobachtet.", &[who]);
        return;
    };
    let figures = [count(one.listings), count(one.fresh)];
    composer.know(figures.clone());
    let [listings, fresh] = figures;
    match one.last_read {
        Some(at) => {
            let at = composer.gave(Figure::Words(moment(at)));
            composer.say(
                "{0} of {1} pages of {2} gave a price when they were read last, the newest on {3}.",
                "{0} von {1} Seiten von {2} ergaben bei der letzten Lesung einen Preis, die neueste am {3}.",
                &[fresh, listings, who, at],
            );
        }
        None => {
            composer.ended_as(AnswerOutcome::NotEnoughData);
            composer.say(
                "None of {0} pages of {1} was read yet.",
                "Von {0} Seiten von {1} wurde noch keine gelesen.",
                &[listings, who],
            );
        }
    }
}

/// How old all offers are, or those of a competitor.
fn ages(composer: &mut Composer<'_>, competitor: Option<&str>) {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let only = competitor.and_then(|name| place.competitor(name));
    let now_s = composer.now.0 / MICROSECONDS_PER_SECOND;
    let rows: Vec<u32> = (0..u32::try_from(snapshot.row_count()).unwrap_or(u32::MAX)).collect();
    let parts = rows.par_chunks(STRETCH).map(|stretch| {
        let mut sums = [0u64; AGES_HOURS.len() + 1];
        let offers = stretch.iter().flat_map(|row| snapshot.offers.get(*row as usize));
        for offer in offers.filter(|offer| only.is_none_or(|one| offer.competitor == one)) {
            let hours = (now_s - i64::from(offer.last_seen_s)) / SECONDS_PER_HOUR;
            sums[AGES_HOURS.iter().position(|step| hours <= *step).unwrap_or(AGES_HOURS.len())] += 1;
        }
        sums
    });
    let ages = parts.reduce(
        || [0; AGES_HOURS.len() + 1],
        |mut sums, part| {
            sums.iter_mut().zip(part).for_each(|(sum, more)| *sum += more);
            sums
        },
    );
    let all: u64 = ages.iter().sum();
    let of = competitor.map_or_else(|| composer.pick("all competitors", "alle Wettbewerber").to_owned(), str::to_owned);
    composer.step(
        "get_freshness",
        of.clone(),
        usize::try_from(all).unwrap_or(usize::MAX),
        started,
        AnswerLink::Analytics,
    );
    if all == 0 {
        return;
    }
    let mut figures: Vec<Figure> = [all].iter().chain(ages.iter()).map(|number| count(*number)).collect();
    composer.know(figures.clone());
    figures.push(Figure::Words(of));
    composer.say(
        "Of {0} competitor prices {1} were read within a day, {2} within three days, {3} within a week, {4} earlier ({5}).",
        "Von {0} Wettbewerbspreisen wurden {1} binnen eines Tages gelesen, {2} binnen drei Tagen, {3} binnen einer Woche, \
         {4} früher ({5}).",
        &figures,
    );
}

/// Which pages gave no price: of one kind or one competitor page by page, else counted.
async fn failed(
    composer: &mut Composer<'_>,
    collection: &CollectionView,
    asked: Asked<'_>,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let groups = collection.failures.iter().filter(|group| asked.state.is_none_or(|state| group.state == state));
    let groups: Vec<_> = groups.collect();
    let mut pages: Vec<(ReadState, FailureRow)> = Vec::new();
    let mut cut = false;
    for group in &groups {
        let page = composer.workspace.failures(group.state, 0, LOOKED_AT).await?;
        cut |= page.matching > page.rows.len() as u64;
        pages.extend(page.rows.into_iter().map(|row| (group.state, row)));
    }
    pages.retain(|(_, row)| asked.competitor.is_none_or(|name| row.competitor == name));
    let words = asked.competitor.map_or_else(|| "by competitor".to_owned(), str::to_owned);
    composer.step("list_failures", words, pages.len(), started, AnswerLink::Collection);
    let all: u64 = match (asked.competitor, cut) {
        (None, _) => groups.iter().map(|group| group.count).sum(),
        (Some(_), _) => pages.len() as u64,
    };
    let number = composer.gave(count(all));
    match (asked.competitor, asked.state) {
        (None, None) => composer.say(
            "On {0} pages the newest reading gave no price.",
            "Bei {0} Seiten ergab die neueste Lesung keinen Preis.",
            &[number],
        ),
        (who, state) => {
            let of =
                who.map_or_else(|| composer.pick("all competitors", "alle Wettbewerber").to_owned(), str::to_owned);
            let state = state.map_or_else(
                || composer.pick("no price, for any reason", "kein Preis, gleich aus welchem Grund").to_owned(),
                |state| state.as_str().to_owned(),
            );
            composer.say(
                "{0} pages ({1}): {2}.",
                "{0} Seiten ({1}): {2}.",
                &[number, Figure::Words(of), Figure::Words(state)],
            );
        }
    }
    if cut {
        let most = composer.gave(Figure::Count(i64::from(LOOKED_AT)));
        composer.say(
            "Of each reason the first {0} pages were looked at.",
            "Von jedem Grund wurden die ersten {0} Seiten betrachtet.",
            &[most],
        );
    }
    if asked.competitor.is_none() && asked.state.is_none() {
        by_state(composer, collection);
    }
    by_reason(composer, &pages);
    if asked.state.is_some() || asked.competitor.is_some() {
        list(composer, &pages);
    }
    Ok(())
}

fn by_state(composer: &mut Composer<'_>, collection: &CollectionView) {
    let rows: Vec<_> = collection
        .failures
        .iter()
        .map(|group| {
            let cells = vec![
                Some(Figure::Words(group.state.as_str().to_owned())),
                Some(count(group.count)),
                Some(Figure::Words(group.state.advice().to_owned())),
            ];
            (cells, Some(AnswerLink::Collection))
        })
        .collect();
    let total = rows.len();
    let columns = [("State", "Zustand", false), ("Pages", "Seiten", true), ("What to do", "Was zu tun ist", false)];
    composer.table(("Without a price", "Ohne Preis"), &columns, rows, total);
}

/// Whose pages failed, by reason, with what to do.
fn by_reason(composer: &mut Composer<'_>, pages: &[(ReadState, FailureRow)]) {
    let mut counts: std::collections::BTreeMap<(String, &str), (u64, ReadState)> = std::collections::BTreeMap::new();
    for (state, row) in pages {
        counts.entry((row.competitor.clone(), state.as_str())).or_insert((0, *state)).0 += 1;
    }
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort_by_key(|(key, (number, _))| (std::cmp::Reverse(*number), key.clone()));
    let rows: Vec<_> = sorted
        .into_iter()
        .map(|((who, name), (number, state))| {
            let cells = vec![
                Some(Figure::Words(who)),
                Some(Figure::Words(name.to_owned())),
                Some(count(number)),
                Some(Figure::Words(state.advice().to_owned())),
            ];
            (cells, Some(AnswerLink::Collection))
        })
        .collect();
    let total = rows.len();
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("State", "Zustand", false),
        ("Pages", "Seiten", true),
        ("What to do", "Was zu tun ist", false),
    ];
    composer.table(("By competitor and reason", "Nach Wettbewerber und Grund"), &columns, rows, total);
}

fn list(composer: &mut Composer<'_>, pages: &[(ReadState, FailureRow)]) {
    let price_list = composer.list_id();
    let rows: Vec<_> = pages
        .iter()
        .take(SHOWN)
        .map(|(state, row)| {
            let cells = vec![
                Some(Figure::Words(row.sku.clone())),
                Some(Figure::Words(row.name.clone())),
                Some(Figure::Words(row.competitor.clone())),
                Some(Figure::Words(state.as_str().to_owned())),
                Some(Figure::Words(moment(row.at))),
            ];
            let link = AnswerLink::Product { product: row.product, sku: row.sku.clone(), price_list };
            (cells, Some(link))
        })
        .collect();
    let columns = [
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        ("Competitor", "Wettbewerber", false),
        ("State", "Zustand", false),
        ("Since", "Seit", false),
    ];
    composer.table(("Pages", "Seiten"), &columns, rows, pages.len());
}

fn by_competitor(composer: &mut Composer<'_>, collection: &CollectionView, only: Option<&str>) {
    let rows: Vec<_> = collection
        .competitors
        .iter()
        .filter(|one| only.is_none_or(|name| one.name == name))
        .map(|one| {
            let read = one.last_read.map(|at| Figure::Words(moment(at)));
            (
                vec![Some(Figure::Words(one.name.clone())), Some(count(one.listings)), Some(count(one.fresh)), read],
                Some(AnswerLink::Collection),
            )
        })
        .collect();
    let total = rows.len();
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("Pages", "Seiten", true),
        ("With a price", "Mit Preis", true),
        ("Read last", "Zuletzt gelesen", false),
    ];
    composer.table(("By competitor", "Nach Wettbewerber"), &columns, rows, total);
}
