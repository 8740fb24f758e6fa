//! How we stand against competitors, and what prices below theirs give away.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome};
use pricing_domain::{GridColumn, GridFilter, GridSort, Rounding};
use pricing_operations::OperationError;
use pricing_rules::UsableOffers;
use question_grammar::{Limit, Measure, Scope};
use rayon::prelude::{ParallelIterator, ParallelSlice};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::{Place, linked};
use crate::wording::scope_words;

const STRETCH: usize = 8_192;
const SHOWN: usize = 10;
const MOST: usize = 50;

/// Sums over compared products, by competitor.
#[derive(Clone, Default)]
pub(crate) struct Standing {
    pub(crate) compared: u64,
    pub(crate) cheaper: u64,
    pub(crate) equal: u64,
    pub(crate) dearer: u64,
    own: i128,
    theirs: i128,
    /// What our lower prices leave of net revenue in 28 days, in thousandths of a millionth.
    given_away: i128,
}

/// The price index in hundredths: Σ(q × own) ÷ Σ(q × theirs) × 100, q the units of 28 days.
pub(crate) fn price_index(own: i128, theirs: i128) -> Option<i64> {
    let ratio = pricing_domain::Ratio { numerator: own * 10_000, denominator: theirs };
    (theirs > 0).then(|| ratio.round(Rounding::Nearest))
}

impl Standing {
    /// Its price index in hundredths.
    pub(crate) fn index(&self) -> Option<i64> {
        price_index(self.own, self.theirs)
    }

    fn add(&mut self, place: &Place<'_>, row: u32, own: i64, theirs: i64) -> i128 {
        let units = i128::from(place.units_milli(row));
        self.compared += 1;
        match own.cmp(&theirs) {
            std::cmp::Ordering::Less => self.cheaper += 1,
            std::cmp::Ordering::Equal => self.equal += 1,
            std::cmp::Ordering::Greater => self.dearer += 1,
        }
        self.own += units * i128::from(own);
        self.theirs += units * i128::from(theirs);
        let net = |price| place.net_micro(row, price);
        let given = match (net(own), net(theirs)) {
            (Some(own), Some(theirs)) if theirs > own => units * (theirs - own),
            _ => 0,
        };
        self.given_away += given;
        given
    }

    fn merge(&mut self, other: &Self) {
        self.compared += other.compared;
        self.cheaper += other.cheaper;
        self.equal += other.equal;
        self.dearer += other.dearer;
        self.own += other.own;
        self.theirs += other.theirs;
        self.given_away += other.given_away;
    }
}

/// Standings against every competitor over some rows.
pub(crate) fn standings(place: &Place<'_>, rows: &[u32]) -> Vec<Standing> {
    let count = place.snapshot.competitors.len();
    let parts = rows.par_chunks(STRETCH).map(|stretch| {
        let mut sums = vec![Standing::default(); count];
        let mut offers = UsableOffers::new(place.snapshot, place.list, place.now);
        for row in stretch.iter().copied().filter(|row| place.is_sold(*row)) {
            let Some(own) = place.price(row) else { continue };
            let mut seen: u64 = 0;
            for offer in offers.of(row as usize) {
                let bit = 1u64.checked_shl(u32::from(offer.competitor)).unwrap_or(0);
                // The lowest comes first, and only that one is compared.
                if seen & bit == 0 {
                    seen |= bit;
                    if let Some(standing) = sums.get_mut(usize::from(offer.competitor)) {
                        standing.add(place, row, own, offer.amount_minor);
                    }
                }
            }
        }
        sums
    });
    parts.reduce(
        || vec![Standing::default(); count],
        |mut sums, part| {
            sums.iter_mut().zip(&part).for_each(|(sum, more)| sum.merge(more));
            sums
        },
    )
}

/// A product beside one competitor.
struct Beside {
    row: u32,
    own: i64,
    theirs: i64,
    given_away: i128,
}

fn beside(place: &Place<'_>, rows: &[u32], competitor: u16) -> (Standing, Vec<Beside>) {
    let parts = rows.par_chunks(STRETCH).map(|stretch| {
        let mut offers = UsableOffers::new(place.snapshot, place.list, place.now);
        let mut sum = Standing::default();
        let mut found = Vec::new();
        for row in stretch.iter().copied().filter(|row| place.is_sold(*row)) {
            let theirs = offers.of(row as usize).find(|offer| offer.competitor == competitor);
            let (Some(own), Some(theirs)) = (place.price(row), theirs.map(|offer| offer.amount_minor)) else {
                continue;
            };
            let given_away = sum.add(place, row, own, theirs);
            if own != theirs {
                found.push(Beside { row, own, theirs, given_away });
            }
        }
        (sum, found)
    });
    parts.reduce(
        || (Standing::default(), Vec::new()),
        |(mut sum, mut found), (part, more)| {
            sum.merge(&part);
            found.extend(more);
            (sum, found)
        },
    )
}

/// Against one competitor.
pub(super) async fn with(
    composer: &mut Composer<'_>,
    name: &str,
    (measure, limit): (Measure, Limit),
    scope: &Scope,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let Some(competitor) = place.competitor(name) else {
        return super::unsure::not_here(composer, name);
    };
    let rows = place.rows_of(scope, &[]);
    let (standing, mut found) = beside(&place, &rows, competitor);
    let sort = GridSort { column: GridColumn::Gap, descending: true };
    let filters = [scope.filters.clone(), vec![GridFilter::HasOffers]].concat();
    let link = composer.grid_link(&scope.search, &filters, sort);
    let asked = format!("{name}; {}", scope_words(scope, composer.language));
    composer.step("compare_with_competitor", asked, standing.compared as usize, started, link);
    let who = Figure::Words(name.to_owned());
    if standing.compared == 0 {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: none of these products has a usable price of {0}.",
            "Zu wenig Daten: Keines dieser Produkte hat einen brauchbaren Preis von {0}.",
            &[who],
        );
        return Ok(());
    }
    let count = |count: u64| Figure::Count(count as i64);
    let counts = [count(standing.compared), count(standing.cheaper), count(standing.equal), count(standing.dearer)];
    composer.know(counts.clone());
    let [compared, cheaper, equal, dearer] = counts;
    composer.say(
        "Against {4}, {0} products are compared: we are cheaper on {1}, equal on {2}, dearer on {3}.",
        "Gegenüber {4} sind {0} Produkte verglichen: Bei {1} sind wir günstiger, bei {2} gleich, bei {3} teurer.",
        &[compared, cheaper, equal, dearer, who.clone()],
    );
    if let Some(index) = standing.index() {
        let index = composer.gave(Figure::WholeIndex(index));
        composer.say(
            "Our price index against {1} is {0} (units of 28 days as weights).",
            "Unser Preisindex gegenüber {1} ist {0} (gewichtet mit den Stückzahlen von 28 Tagen).",
            &[index, who.clone()],
        );
    }
    if measure == Measure::Margin {
        margin_words(composer, &standing, who.clone());
        by_category(composer, &place, &found);
        found.sort_by_key(|one| (std::cmp::Reverse(one.given_away), one.row));
    } else {
        found.sort_by_key(|one| (std::cmp::Reverse(gap_bp(one)), one.row));
        match measure {
            Measure::Above => found.retain(|one| one.own > one.theirs),
            Measure::Below => {
                found.retain(|one| one.own < one.theirs);
                found.reverse();
            }
            Measure::Position | Measure::Margin => {}
        }
    }
    super::charts::index_beside(composer, scope, Some(name));
    let shown = match limit {
        Limit::Rows(rows) => (rows as usize).clamp(1, MOST),
        _ => SHOWN,
    };
    products(composer, &place, &found, (measure, shown)).await?;
    composer.suggest(format!("Where is {name} cheaper than us?"), format!("Wo ist {name} günstiger als wir?"));
    composer
        .suggest(format!("What if {name} cuts prices by 5 %?"), format!("Was, wenn {name} die Preise um 5 % senkt?"));
    Ok(())
}

fn gap_bp(one: &Beside) -> i64 {
    pricing_domain::Ratio {
        numerator: (i128::from(one.own) - i128::from(one.theirs)) * 10_000,
        denominator: i128::from(one.theirs.max(1)),
    }
    .round(Rounding::Nearest)
}

/// Thousandths of a millionth to whole minor units.
fn minor(composer: &Composer<'_>, given_away: i128) -> i64 {
    let per_minor = i128::from(composer.currency().micro_per_minor()) * 1_000;
    pricing_domain::Ratio { numerator: given_away, denominator: per_minor }.round(Rounding::Nearest)
}

fn margin_words(composer: &mut Composer<'_>, standing: &Standing, who: Figure) {
    let given = minor(composer, standing.given_away);
    let given = composer.money(given);
    let (given, cheaper) = (composer.gave(given), composer.gave(Figure::Count(standing.cheaper as i64)));
    composer.say(
        "Where we are cheaper ({1} products), prices at the level of {2} would bring {0} more net margin in 28 days at unchanged volumes.",
        "Wo wir günstiger sind ({1} Produkte), brächten Preise auf der Höhe von {2} in 28 Tagen {0} mehr Nettomarge bei gleichem Absatz.",
        &[given, cheaper, who],
    );
}

fn by_category(composer: &mut Composer<'_>, place: &Place<'_>, found: &[Beside]) {
    let mut sums: std::collections::BTreeMap<u32, (i128, u64)> = std::collections::BTreeMap::new();
    for one in found.iter().filter(|one| one.given_away > 0) {
        let sum = sums.entry(place.snapshot.products.category.get(one.row as usize)).or_default();
        sum.0 += one.given_away;
        sum.1 += 1;
    }
    let mut sums: Vec<(u32, i128, u64)> =
        sums.into_iter().map(|(category, (sum, count))| (category, sum, count)).collect();
    sums.sort_by_key(|(category, sum, _)| (std::cmp::Reverse(*sum), *category));
    let total = sums.len();
    let rows: Vec<_> = sums
        .into_iter()
        .take(SHOWN)
        .map(|(category, sum, count)| {
            let path = place.snapshot.categories.text(category).to_owned();
            let link = composer.grid_link(&[], &[GridFilter::Category(path.clone())], GridSort::default());
            let given = composer.money(minor(composer, sum));
            (vec![Some(Figure::Words(path)), Some(Figure::Count(count as i64)), Some(given)], Some(link))
        })
        .collect();
    composer.table(
        ("By category", "Nach Kategorie"),
        &[
            ("Category", "Kategorie", false),
            ("Products", "Produkte", true),
            ("Given away in 28 days", "Verschenkt in 28 Tagen", true),
        ],
        rows,
        total,
    );
}

async fn products(
    composer: &mut Composer<'_>,
    place: &Place<'_>,
    found: &[Beside],
    (measure, most): (Measure, usize),
) -> Result<(), OperationError> {
    let shown: Vec<&Beside> =
        found.iter().filter(|one| measure != Measure::Margin || one.given_away > 0).take(most).collect();
    let rows: Vec<u32> = shown.iter().map(|one| one.row).collect();
    let links = composer.product_links(&rows).await?;
    let cells = shown
        .iter()
        .map(|one| {
            let given = (measure == Measure::Margin).then(|| composer.money(minor(composer, one.given_away)));
            let margin = place.margin(one.row).map(|bp| Figure::Percent(i64::from(bp)));
            vec![
                Some(place.sku(one.row)),
                Some(place.name(one.row)),
                Some(composer.money(one.own)),
                Some(composer.money(one.theirs)),
                Some(Figure::Percent(gap_bp(one))),
                margin,
                given,
            ]
        })
        .collect();
    let columns = [
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        ("Our price", "Unser Preis", true),
        ("Their price", "Ihr Preis", true),
        ("Gap", "Abstand", true),
        ("Margin", "Marge", true),
        ("Given away in 28 days", "Verschenkt in 28 Tagen", true),
    ];
    let total = found.len();
    composer.table(("Products", "Produkte"), &columns, linked(cells, links), total);
    Ok(())
}

/// Against each of them.
pub(super) fn with_each(composer: &mut Composer<'_>, scope: &Scope) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let rows = place.rows_of(scope, &[]);
    let sums = standings(&place, &rows);
    composer.step(
        "compare_with_competitors",
        scope_words(scope, composer.language),
        rows.len(),
        started,
        AnswerLink::Analytics,
    );
    let mut ranked: Vec<(usize, &Standing)> = sums.iter().enumerate().filter(|(_, one)| one.compared > 0).collect();
    ranked.sort_by_key(|(place, one)| (std::cmp::Reverse(one.dearer), *place));
    let name = |at: usize| Figure::Words(snapshot.competitors[at].name.clone());
    let Some((first, most)) = ranked.first() else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: no usable competitor price.",
            "Zu wenig Daten: kein brauchbarer Wettbewerbspreis.",
            &[],
        );
        return Ok(());
    };
    let figures = [Figure::Count(most.dearer as i64), Figure::Count(most.compared as i64)];
    composer.know(figures.clone());
    let [dearer, compared] = figures;
    composer.say(
        "{0} undercuts us most often: on {1} of {2} compared products.",
        "{0} unterbietet uns am häufigsten: bei {1} von {2} verglichenen Produkten.",
        &[name(*first), dearer, compared],
    );
    let cheapest = ranked.iter().filter_map(|(at, one)| Some((one.index()?, *at))).max();
    if let Some((index, at)) = cheapest {
        let index = composer.gave(Figure::Index(index));
        composer.say(
            "Cheapest by the price index is {0}: ours against theirs is {1}.",
            "Am günstigsten nach dem Preisindex ist {0}: unserer gegenüber ihrem ist {1}.",
            &[name(at), index],
        );
    }
    let table = ranked.iter().map(|(at, one)| {
        let count = |count: u64| Some(Figure::Count(count as i64));
        let cells = vec![
            Some(name(*at)),
            one.index().map(Figure::Index),
            count(one.compared),
            count(one.cheaper),
            count(one.equal),
            count(one.dearer),
        ];
        (cells, None)
    });
    super::charts::index_beside(composer, scope, None);
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("Price index", "Preisindex", true),
        ("Compared", "Verglichen", true),
        ("We are cheaper", "Wir günstiger", true),
        ("Equal", "Gleich", true),
        ("We are dearer", "Wir teurer", true),
    ];
    let (rows, total) = (table.collect(), ranked.len());
    composer.table(("Competitors", "Wettbewerber"), &columns, rows, total);
    Ok(())
}
