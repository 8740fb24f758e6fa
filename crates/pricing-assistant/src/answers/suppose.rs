//! What an assumed change would do at unchanged volumes: exact sums over the snapshot, nothing written.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerOutcome, CardAction, ProposalCard};
use pricing_domain::{BasisPoints, GridSort, Ratio, Rounding};
use pricing_operations::OperationError;
use pricing_rules::UsableOffers;
use question_grammar::{Scope, Supposed};
use rayon::prelude::{ParallelIterator, ParallelSlice};

use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::{Place, linked};
use crate::wording::scope_words;

const STRETCH: usize = 8_192;

/// Sums before and after. Amounts in thousandths of a millionth of the major unit.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) products: u64,
    pub(super) changed: u64,
    sold: u64,
    /// Products with a price and a cost, and their pieces in thousandths.
    pub(super) costed: u64,
    pub(super) units_milli: i128,
    revenue: [i128; 2],
    pub(super) margin: [i128; 2],
    margin_revenue: [i128; 2],
    below_cost: [u64; 2],
    above_lowest: [u64; 2],
    compared: u64,
    own_index: [i128; 2],
    their_index: [i128; 2],
}

impl Sums {
    fn merge(mut self, other: Self) -> Self {
        self.products += other.products;
        self.changed += other.changed;
        self.sold += other.sold;
        self.costed += other.costed;
        self.units_milli += other.units_milli;
        self.compared += other.compared;
        for side in 0..2 {
            self.revenue[side] += other.revenue[side];
            self.margin[side] += other.margin[side];
            self.margin_revenue[side] += other.margin_revenue[side];
            self.below_cost[side] += other.below_cost[side];
            self.above_lowest[side] += other.above_lowest[side];
            self.own_index[side] += other.own_index[side];
            self.their_index[side] += other.their_index[side];
        }
        self
    }

    fn margin_bp(&self, side: usize) -> Option<i64> {
        let ratio = Ratio { numerator: self.margin[side] * 10_000, denominator: self.margin_revenue[side] };
        (self.margin_revenue[side] > 0).then(|| ratio.round(Rounding::Nearest))
    }
}

/// A share of an amount, rounded to the nearest.
fn raised(amount: i64, change: BasisPoints) -> i64 {
    change.raise(amount).round(Rounding::Nearest)
}

/// One row before and after.
pub(super) struct Case {
    pub(super) price: [i64; 2],
    pub(super) cost: [Option<i64>; 2],
    lowest: [Option<i64>; 2],
    theirs: [Option<i64>; 2],
}

pub(super) fn case(
    place: &Place<'_>,
    row: u32,
    supposed: &Supposed,
    competitor: Option<u16>,
    offers: &mut UsableOffers<'_>,
) -> Option<Case> {
    let price = place.price(row)?;
    let cost = place.cost_micro(row);
    let mut lowest = [None; 2];
    let mut theirs = [None; 2];
    // Of nobody alone: the lowest offer is a column, and a change of all of them leaves the lowest where it is.
    let of_all = competitor.is_none().then(|| place.lowest(row));
    if let Some(own) = of_all {
        let after = match supposed {
            Supposed::Competitor { change, .. } => own.map(|own| raised(own, *change)),
            _ => own,
        };
        lowest = [own, after];
        theirs = lowest;
    }
    for offer in of_all.is_none().then(|| offers.of(row as usize)).into_iter().flatten() {
        let named = competitor.is_none_or(|one| one == offer.competitor);
        let after = match supposed {
            Supposed::Competitor { change, .. } if named => raised(offer.amount_minor, *change),
            _ => offer.amount_minor,
        };
        let least = |kept: Option<i64>, amount: i64| Some(kept.map_or(amount, |kept| kept.min(amount)));
        lowest = [least(lowest[0], offer.amount_minor), least(lowest[1], after)];
        if named {
            theirs = [least(theirs[0], offer.amount_minor), least(theirs[1], after)];
        }
    }
    let digits = u32::from(place.currency().minor_digits());
    let after = match supposed {
        Supposed::Prices(change) => raised(price, *change),
        Supposed::PricesBy(hundredths) => price + hundredths * 10i64.pow(digits) / 100,
        Supposed::PriceAt(hundredths) => hundredths * 10i64.pow(digits) / 100,
        Supposed::Match { .. } => theirs[0].unwrap_or(price),
        Supposed::Costs(_) | Supposed::Competitor { .. } | Supposed::OfferAt { .. } => price,
    };
    let cost_after = match supposed {
        Supposed::Costs(change) => cost.map(|cost| raised(cost, *change)),
        _ => cost,
    };
    Some(Case { price: [price, after.max(0)], cost: [cost, cost_after], lowest, theirs })
}

fn add(sums: &mut Sums, place: &Place<'_>, row: u32, case: &Case) {
    let units = i128::from(place.units_milli(row));
    sums.products += 1;
    sums.sold += u64::from(units > 0);
    let changed = case.price[0] != case.price[1] || case.cost[0] != case.cost[1] || case.theirs[0] != case.theirs[1];
    sums.changed += u64::from(changed);
    sums.compared += u64::from(case.theirs[0].is_some());
    let is_costed = case.cost[0].is_some() && place.net_micro(row, case.price[0]).is_some();
    sums.costed += u64::from(is_costed);
    sums.units_milli += if is_costed { units } else { 0 };
    for side in 0..2 {
        if let Some(net) = place.net_micro(row, case.price[side]) {
            sums.revenue[side] += units * net;
            if let Some(cost) = case.cost[side] {
                sums.margin[side] += units * (net - i128::from(cost));
                sums.margin_revenue[side] += units * net;
                sums.below_cost[side] += u64::from(net < i128::from(cost));
            }
        }
        sums.above_lowest[side] += u64::from(case.lowest[side].is_some_and(|lowest| case.price[side] > lowest));
        if let Some(theirs) = case.theirs[side] {
            sums.own_index[side] += units * i128::from(case.price[side]);
            sums.their_index[side] += units * i128::from(theirs);
        }
    }
}

/// Products that would come to lie below cost: how many, and the first with their prices then.
#[derive(Clone, Default)]
struct Fallen {
    count: usize,
    first: Vec<(u32, i64)>,
}

impl Fallen {
    const SHOWN: usize = 20;

    fn add(&mut self, place: &Place<'_>, row: u32, case: &Case) {
        let below = |side: usize| {
            let net = place.net_micro(row, case.price[side]);
            net.zip(case.cost[side]).is_some_and(|(net, cost)| net < i128::from(cost))
        };
        if below(1) && !below(0) {
            self.count += 1;
            if self.first.len() < Self::SHOWN {
                self.first.push((row, case.price[1]));
            }
        }
    }

    /// Those of the rows after its own.
    fn merge(mut self, after: Self) -> Self {
        self.count += after.count;
        self.first.extend(after.first);
        self.first.truncate(Self::SHOWN);
        self
    }
}

/// The sums of a scope before and after an assumption.
pub(super) async fn sums_of(
    composer: &Composer<'_>,
    scope: &Scope,
    supposed: &Supposed,
) -> Result<Sums, OperationError> {
    Ok(in_one_pass(composer, scope, supposed).await?.0)
}

/// The sums, and what would come to lie below cost.
async fn in_one_pass(
    composer: &Composer<'_>,
    scope: &Scope,
    supposed: &Supposed,
) -> Result<(Sums, Fallen), OperationError> {
    let name = match supposed {
        Supposed::Competitor { name, .. } | Supposed::Match { name } => name.clone(),
        _ => None,
    };
    let (snapshot, list, now) = (composer.snapshot.clone(), composer.list, composer.now);
    let (asked, assumed, named) = (scope.clone(), supposed.clone(), name.clone());
    let computed = tokio::task::spawn_blocking(move || {
        let place = Place { snapshot: &snapshot, list, now };
        let competitor = named.as_deref().and_then(|name| place.competitor(name));
        let rows = place.rows_of(&asked, &[]);
        rows.par_chunks(STRETCH)
            .map(|stretch| {
                let mut offers = UsableOffers::new(place.snapshot, place.list, place.now);
                let (mut sums, mut fallen) = (Sums::default(), Fallen::default());
                for row in stretch.iter().copied().filter(|row| place.is_sold(*row)) {
                    if let Some(case) = case(&place, row, &assumed, competitor, &mut offers) {
                        add(&mut sums, &place, row, &case);
                        fallen.add(&place, row, &case);
                    }
                }
                (sums, fallen)
            })
            .reduce(Default::default, |(sums, fallen), (more, after)| (sums.merge(more), fallen.merge(after)))
    });
    computed.await.map_err(|error| OperationError::fault(error.to_string()))
}

/// Says what would change.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    scope: &Scope,
    supposed: &Supposed,
) -> Result<(), OperationError> {
    if let Supposed::OfferAt { name, amount } = supposed {
        return super::reprice::tell(composer, scope, name, *amount).await;
    }
    let started = Stopwatch::now();
    let (sums, fallen) = in_one_pass(composer, scope, supposed).await?;
    let link = composer.grid_link(&scope.search, &scope.filters, GridSort::default());
    let said = supposed_words(composer, supposed);
    composer.step(
        "suppose",
        format!("{said}; {}", scope_words(scope, composer.language)),
        sums.products as usize,
        started,
        link,
    );
    if sums.changed == 0 {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: nothing in {0} would change.",
            "Zu wenig Daten: In {0} würde sich nichts ändern.",
            &[Figure::Words(scope_words(scope, composer.language))],
        );
        return Ok(());
    }
    let lines = lines(composer, &sums, supposed);
    let scope_said = Figure::Words(scope_words(scope, composer.language));
    let changed = composer.gave(Figure::Count(sums.changed as i64));
    let all = composer.gave(Figure::Count(sums.products as i64));
    composer.say(
        "{0}: this concerns {1} of {2} priced products ({3}). At the unchanged volumes of 28 days:",
        "{0}: Das betrifft {1} von {2} Produkten mit Preis ({3}). Bei gleichem Absatz wie in den 28 Tagen:",
        &[Figure::Words(said.clone()), changed, all, scope_said],
    );
    in_short(composer, &sums, supposed);
    for line in &lines {
        composer.say_line(line);
    }
    composer.say(
        "Customers' and competitors' reactions are not in it.",
        "Reaktionen von Kunden und Wettbewerbern sind nicht darin.",
        &[],
    );
    let reason = match composer.is_asked_by_model() {
        true => composer.pick("An assumption of the language model.", "Eine Annahme des Sprachmodells."),
        false => composer.pick("An assumption of yours.", "Eine Annahme von Ihnen."),
    };
    let reason = reason.to_owned();
    let (current, guardrails) = (
        composer.pick("As it is", "Wie es ist").to_owned(),
        vec![
            composer
                .pick(
                    "Nothing is changed. Guardrails hold whenever prices are computed.",
                    "Nichts wird geändert. Die Leitplanken gelten bei jeder Preisberechnung.",
                )
                .to_owned(),
        ],
    );
    let action = super::drafted::scenario(composer, scope, supposed, &said)
        .map_or(CardAction::None, |input| CardAction::OpenScenario(Box::new(input)));
    composer.card(ProposalCard {
        title: composer.pick("What if", "Was wäre, wenn").to_owned(),
        product: String::new(),
        current,
        proposed: said,
        reason,
        effect: lines,
        guardrails,
        confidence: composer
            .pick(
                "Exact sums at unchanged volumes; no demand model is in them.",
                "Exakte Summen bei gleichem Absatz; ohne Nachfragemodell.",
            )
            .to_owned(),
        step: composer.current_step(),
        action,
    });
    if sums.below_cost[1] > sums.below_cost[0] {
        tell_fallen(composer, &fallen).await?;
    }
    composer.suggest("Which products are below cost?".into(), "Welche Produkte liegen unter Einstand?".into());
    Ok(())
}

/// The products that would come to lie below cost.
async fn tell_fallen(composer: &mut Composer<'_>, fallen: &Fallen) -> Result<(), OperationError> {
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let (total, shown) = (fallen.count, &fallen.first);
    let links = composer.product_links(&shown.iter().map(|(row, _)| *row).collect::<Vec<_>>()).await?;
    let cells = shown
        .iter()
        .map(|(row, after)| {
            let cost = place.cost_micro(*row).map(|cost| Figure::Cost(cost, composer.currency()));
            let before = place.price(*row).map(|price| composer.money(price));
            vec![Some(place.sku(*row)), Some(place.name(*row)), before, Some(composer.money(*after)), cost]
        })
        .collect();
    let columns = [
        ("SKU", "SKU", false),
        ("Product", "Produkt", false),
        ("Price", "Preis", true),
        ("Then", "Dann", true),
        ("Cost", "Einstand", true),
    ];
    composer.table(("Newly below cost", "Neu unter Einstand"), &columns, linked(cells, links), total);
    Ok(())
}

pub(super) fn supposed_words(composer: &mut Composer<'_>, supposed: &Supposed) -> String {
    let language = composer.language;
    let signed = |change: BasisPoints| {
        let plus = if change.0 > 0 { "+" } else { "" };
        format!("{plus}{}", Figure::Percent(i64::from(change.0)).text(language))
    };
    let all = composer.pick("all competitors", "alle Wettbewerber").to_owned();
    match supposed {
        Supposed::Prices(change) => format!("{} {}", composer.pick("our prices", "unsere Preise"), signed(*change)),
        Supposed::PricesBy(hundredths) => {
            let minor = hundredths * 10i64.pow(u32::from(composer.currency().minor_digits())) / 100;
            let plus = if minor > 0 { "+" } else { "" };
            format!("{} {plus}{}", composer.pick("our prices", "unsere Preise"), composer.money(minor).text(language))
        }
        Supposed::PriceAt(hundredths) => {
            let minor = hundredths * 10i64.pow(u32::from(composer.currency().minor_digits())) / 100;
            format!("{} {}", composer.pick("our price at", "unser Preis bei"), composer.money(minor).text(language))
        }
        Supposed::OfferAt { name, .. } => name.clone(),
        Supposed::Costs(change) => format!("{} {}", composer.pick("costs", "Kosten"), signed(*change)),
        Supposed::Competitor { name, change } => format!("{} {}", name.clone().unwrap_or(all), signed(*change)),
        Supposed::Match { name } => {
            let whom =
                name.clone().unwrap_or_else(|| composer.pick("the lowest offer", "das günstigste Angebot").to_owned());
            format!("{} {whom}", composer.pick("our prices as", "unsere Preise wie"))
        }
    }
}

/// The effect, a line each: what, before → after.
fn lines(composer: &mut Composer<'_>, sums: &Sums, supposed: &Supposed) -> Vec<String> {
    let per_minor = i128::from(composer.currency().micro_per_minor()) * 1_000;
    let minor = |amount: i128| Ratio { numerator: amount, denominator: per_minor }.round(Rounding::Nearest);
    let mut lines = Vec::new();
    let ours = !matches!(supposed, Supposed::Competitor { .. });
    if ours {
        if !matches!(supposed, Supposed::Costs(_)) {
            let sides = sums.revenue.map(|amount| composer.money(minor(amount)));
            let difference = composer.money(minor(sums.revenue[1] - sums.revenue[0]));
            lines.push(line(composer, ("Net revenue", "Nettoumsatz"), &sides, Some(difference)));
        }
        let sides = sums.margin.map(|amount| composer.money(minor(amount)));
        let difference = composer.money(minor(sums.margin[1] - sums.margin[0]));
        lines.push(line(composer, ("Margin", "Marge"), &sides, Some(difference)));
        if let (Some(before), Some(after)) = (sums.margin_bp(0), sums.margin_bp(1)) {
            lines.push(line(
                composer,
                ("Margin of net revenue", "Marge vom Nettoumsatz"),
                &[before, after].map(Figure::Percent),
                None,
            ));
        }
        let sides = sums.below_cost.map(|count| Figure::Count(count as i64));
        lines.push(line(composer, ("Products below cost", "Produkte unter Einstand"), &sides, None));
    }
    if !matches!(supposed, Supposed::Costs(_)) {
        let sides = sums.above_lowest.map(|count| Figure::Count(count as i64));
        lines.push(line(
            composer,
            ("Products dearer than the lowest offer", "Produkte teurer als das günstigste Angebot"),
            &sides,
            None,
        ));
    }
    if !ours && sums.their_index.iter().all(|sum| *sum > 0) {
        let index = |side: usize| {
            let ratio = Ratio { numerator: sums.own_index[side] * 10_000, denominator: sums.their_index[side] };
            Figure::Index(ratio.round(Rounding::Nearest))
        };
        lines.push(line(
            composer,
            ("Our price index against them", "Unser Preisindex gegen sie"),
            &[index(0), index(1)],
            None,
        ));
    }
    lines
}

/// The answer in one sentence: what it brings or costs, in whole units of the currency.
fn in_short(composer: &mut Composer<'_>, sums: &Sums, supposed: &Supposed) {
    if matches!(supposed, Supposed::Competitor { .. }) || sums.costed == 0 {
        return;
    }
    let per_unit = 1_000_000_000;
    let whole = |amount: i128| Ratio { numerator: amount, denominator: per_unit }.round(Rounding::Nearest);
    let difference = whole(sums.margin[1] - sums.margin[0]);
    let shown = composer.gave(Figure::Whole(difference.abs(), composer.currency()));
    let words = match difference {
        0 => return,
        more if more > 0 => ("In short: about {0} more margin.", "Kurz: etwa {0} mehr Marge."),
        _ => ("In short: about {0} less margin.", "Kurz: etwa {0} weniger Marge."),
    };
    composer.say(words.0, words.1, &[shown]);
}

fn line(composer: &mut Composer<'_>, what: (&str, &str), sides: &[Figure; 2], difference: Option<Figure>) -> String {
    composer.know(sides.iter().cloned().chain(difference.clone()));
    let language = composer.language;
    let difference = difference.map_or_else(String::new, |figure| format!(" ({})", figure.text(language)));
    format!("{}: {} → {}{difference}", composer.pick(what.0, what.1), sides[0].text(language), sides[1].text(language))
}
