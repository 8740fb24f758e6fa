//! A price strategy suggested from where we stand: for each role a rule with its reason and figures, to be opened as a draft.
//!
//! The method is a fixed one, so that the same workspace is always advised alike: by a product's role, how much of the group
//! competitors offer, whether we are dearer or cheaper on most of what is compared, its margin, and whether demand answers
//! prices. It aims at the usual split of roles in retail: key-value and traffic products keep pace with the market, profit
//! products earn, the tail is priced by cost.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, ElasticityGrade};
use pricing_domain::{BasisPoints, GridFilter, GridSort, Role};
use pricing_operations::{ErrorKind, OperationError};
use question_grammar::{DraftStrategy, Scope};

use super::sums::{GroupSums, sum};
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::Place;
use crate::wording::scope_words;

/// Below a fifth of its products with an offer, a group is not priced by the market.
const COMPARED_SHARE: u64 = 5;

/// Why a rule is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    FewOffers,
    Judged,
    Tail,
    Dearer,
    GivesAway,
    Level,
}

impl Reason {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::FewOffers => (
                "few of its products have a competitor price, so cost and the margin of today carry it",
                "nur wenige haben einen Wettbewerbspreis, also tragen Einstand und heutige Marge",
            ),
            Self::Judged => (
                "customers compare these products, so they keep pace with the market; floors still hold",
                "Kunden vergleichen diese Produkte, also halten sie mit dem Markt Schritt; Untergrenzen gelten weiter",
            ),
            Self::Tail => (
                "they round the assortment off and are rarely compared, so cost and the margin of today decide",
                "sie runden das Sortiment ab und werden selten verglichen, also entscheiden Einstand und heutige Marge",
            ),
            Self::Dearer => (
                "we are dearer on most of what is compared; half of today's distance keeps margin and closes the gap",
                "bei den meisten verglichenen sind wir teurer; der halbe heutige Abstand hält Marge und schließt auf",
            ),
            Self::GivesAway => (
                "we are cheaper on most of what is compared and give margin away",
                "bei den meisten verglichenen sind wir günstiger und verschenken Marge",
            ),
            Self::Level => (
                "we are neither dearer nor cheaper on most, so today's distance is kept",
                "wir sind bei den meisten weder teurer noch günstiger, also bleibt der heutige Abstand",
            ),
        }
    }
}

/// To whole percent, within bounds.
fn whole(bp: i64, least: i64, most: i64) -> BasisPoints {
    let rounded = (bp.abs() + 50) / 100 * 100 * bp.signum();
    BasisPoints(i32::try_from(rounded.clamp(least, most)).unwrap_or(0))
}

/// The rule for a group and why. `None`: nothing is known that would carry one.
fn suggested(
    role: Option<Role>,
    sums: &GroupSums,
    inelastic: bool,
    competitor: Option<&str>,
) -> Option<(DraftStrategy, Reason)> {
    let by_cost = |reason| sums.margin_bp().map(|bp| (DraftStrategy::Margin(whole(bp, 100, 9_000)), reason));
    let against = |change: BasisPoints, reason| {
        Some((DraftStrategy::Against { competitor: competitor.map(str::to_owned), change }, reason))
    };
    if sums.products == 0 {
        return None;
    }
    if sums.compared * COMPARED_SHARE < sums.products {
        return by_cost(Reason::FewOffers);
    }
    let distance = sums.index().map_or(0, |index| index - 10_000);
    match role {
        Some(Role::KeyValue | Role::Traffic) => against(BasisPoints(0), Reason::Judged),
        Some(Role::Tail) => by_cost(Reason::Tail).or_else(|| against(BasisPoints(0), Reason::Level)),
        _ if sums.cheaper * 2 > sums.compared => {
            // Where demand hardly answers the price, a step above the market costs few sales.
            against(BasisPoints(if inelastic { 100 } else { 0 }), Reason::GivesAway)
        }
        _ if sums.dearer * 2 > sums.compared => against(whole(distance / 2, 0, 1_000), Reason::Dearer),
        _ => against(whole(distance, -500, 1_000), Reason::Level),
    }
}

/// Suggests a rule for each role of the products, with a draft.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    scope: &Scope,
    competitor: Option<&str>,
) -> Result<(), OperationError> {
    if !scope.search.is_empty() {
        composer.ended_as(AnswerOutcome::NotUnderstood);
        composer.say(
            "I suggest strategies for brands, categories, suppliers and roles, not for single products. Ask why a product has its price instead.",
            "Strategien schlage ich für Marken, Kategorien, Lieferanten und Rollen vor, nicht für einzelne Produkte. Fragen Sie dort, warum ein Produkt seinen Preis hat.",
            &[],
        );
        return Ok(());
    }
    let inelastic = demand(composer, scope).await?;
    let groups = groups(composer, scope, competitor).await?;
    if groups.is_empty() {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data for a strategy: no products here are sold ({0}).",
            "Zu wenig Daten für eine Strategie: Hier werden keine Produkte verkauft ({0}).",
            &[Figure::Words(scope_words(scope, composer.language))],
        );
        return Ok(());
    }
    let (mut drafts, looked) = (0, composer.current_step());
    for (role, of, sums) in groups {
        composer.back_to(looked);
        stand(composer, &of, &sums, competitor);
        match suggested(role, &sums, inelastic, competitor) {
            Some((strategy, reason)) => {
                drafts += 1;
                let words = reason.words();
                let reason = composer.pick(words.0, words.1).to_owned();
                composer.say("Reason: {0}.", "Grund: {0}.", &[Figure::Words(reason.clone())]);
                Box::pin(super::draft::suggest(composer, &of, &strategy, &reason)).await?;
            }
            None => composer.say(
                "No rule is suggested for them: neither competitor prices nor costs carry one.",
                "Für sie wird keine Regel vorgeschlagen: Weder Wettbewerbspreise noch Einstände tragen eine.",
                &[],
            ),
        }
    }
    if drafts == 0 {
        composer.ended_as(AnswerOutcome::NotEnoughData);
    }
    composer.suggest(
        "Which categories have the weakest margin?".into(),
        "Welche Kategorien haben die schwächste Marge?".into(),
    );
    composer.suggest("Which rules never fire?".into(), "Welche Regeln greifen nie?".into());
    Ok(())
}

/// The roles that occur, with the products of each; without any, the products together.
async fn groups(
    composer: &mut Composer<'_>,
    scope: &Scope,
    competitor: Option<&str>,
) -> Result<Vec<(Option<Role>, Scope, GroupSums)>, OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let (list, now, asked) = (composer.list, composer.now, scope.clone());
    let named = competitor.map(str::to_owned);
    let summed = tokio::task::spawn_blocking(move || {
        let place = Place { snapshot: &snapshot, list, now };
        let against = named.as_deref().and_then(|name| place.competitor(name));
        let asked_role = asked.filters.iter().any(|one| matches!(one, GridFilter::Role(_) | GridFilter::KeyValue));
        let roles: &[Role] = if asked_role { &[] } else { Role::ALL };
        let mut found: Vec<(Option<Role>, Scope, GroupSums)> = Vec::new();
        for role in roles {
            let filters = [asked.filters.clone(), vec![GridFilter::Role(*role)]].concat();
            let of = Scope { filters, search: Vec::new() };
            let sums = sum(&place, &place.rows_of(&of, &[]), against);
            if sums.products > 0 {
                found.push((Some(*role), of, sums));
            }
        }
        if found.is_empty() {
            let role = asked.filters.iter().find_map(|one| match one {
                GridFilter::Role(role) => Some(*role),
                GridFilter::KeyValue => Some(Role::KeyValue),
                _ => None,
            });
            let sums = sum(&place, &place.rows_of(&asked, &[]), against);
            if sums.products > 0 {
                found.push((role, asked, sums));
            }
        }
        found
    });
    let found = summed.await.map_err(|error| OperationError::fault(error.to_string()))?;
    let rows: u64 = found.iter().map(|(_, _, sums)| sums.products).sum();
    let link = composer.grid_link(&scope.search, &scope.filters, GridSort::default());
    composer.step("compare_roles", scope_words(scope, composer.language), rows as usize, started, link);
    Ok(found)
}

/// Where a group stands, in figures.
fn stand(composer: &mut Composer<'_>, of: &Scope, sums: &GroupSums, competitor: Option<&str>) {
    let count = |number: u64| Figure::Count(i64::try_from(number).unwrap_or(i64::MAX));
    let whom = competitor
        .map_or_else(|| composer.pick("the lowest offer", "dem günstigsten Angebot").to_owned(), str::to_owned);
    let figures = [
        Figure::Words(scope_words(of, composer.language)),
        count(sums.products),
        count(sums.compared),
        count(sums.dearer),
        count(sums.cheaper),
        Figure::Words(whom),
    ];
    composer.know(figures.clone());
    composer.say(
        "{0}: {1} products, {2} compared with {5}. We are dearer on {3} and cheaper on {4}.",
        "{0}: {1} Produkte, {2} verglichen mit {5}. Bei {3} sind wir teurer, bei {4} günstiger.",
        &figures,
    );
    if let Some(index) = sums.index() {
        let index = composer.gave(Figure::Index(index));
        composer.say("Price index: {0}.", "Preisindex: {0}.", &[index]);
    }
    if let Some(margin) = sums.margin_bp() {
        let margin = composer.gave(Figure::Percent(margin));
        composer.say("Margin over the volumes of 28 days: {0}.", "Marge über den Absatz von 28 Tagen: {0}.", &[margin]);
    }
}

/// What is known of demand; `true`: most products with an estimate of their own hardly answer the price.
async fn demand(composer: &mut Composer<'_>, scope: &Scope) -> Result<bool, OperationError> {
    let [GridFilter::Category(path)] = scope.filters.as_slice() else {
        composer.say(
            "How demand answers prices is told by category: ask for the strategy of one to have it taken into account.",
            "Wie die Nachfrage auf Preise antwortet, gibt es je Kategorie: Fragen Sie nach der Strategie einer Kategorie, damit es einfließt.",
            &[],
        );
        return Ok(false);
    };
    let started = Stopwatch::now();
    let view = match composer.workspace.category_elasticity(path, 0, 1).await {
        Ok(view) => view,
        Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
            composer.say(
                "No sales are known that would say how demand answers prices.",
                "Es sind keine Verkäufe bekannt, die zeigten, wie die Nachfrage auf Preise antwortet.",
                &[],
            );
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    composer.step("get_category_elasticity", path.clone(), view.products as usize, started, AnswerLink::Scenarios);
    let of = |grade: ElasticityGrade| view.grades.iter().find(|(own, _)| *own == grade).map_or(0, |(_, count)| *count);
    let own = of(ElasticityGrade::OwnData) + of(ElasticityGrade::Shrunk);
    let figures =
        [own, view.products, view.inelastic].map(|number| Figure::Count(i64::try_from(number).unwrap_or(i64::MAX)));
    composer.know(figures.clone());
    composer.say(
        "Demand: {0} of {1} products have an elasticity from their own sales; for {2} it hardly answers the price.",
        "Nachfrage: {0} von {1} Produkten haben eine Elastizität aus eigenen Verkäufen; bei {2} antwortet sie kaum auf den Preis.",
        &figures,
    );
    // What is assumed says nothing about these products.
    Ok(own * 2 > view.products && view.inelastic * 2 > view.products)
}

#[cfg(test)]
mod tests {
    use pricing_domain::{BasisPoints, Role};
    use question_grammar::DraftStrategy;

    use super::{GroupSums, Reason, suggested};

    fn against(change: i32) -> DraftStrategy {
        DraftStrategy::Against { competitor: None, change: BasisPoints(change) }
    }

    #[test]
    fn a_rule_follows_from_role_offers_and_position() {
        let sums = |compared, standing, index| GroupSums::of(100, compared, standing, (index, 1_000));
        let few = sums(10, (2, 5), 1_000);
        let dearer = sums(60, (5, 40), 1_060);
        let cheaper = sums(60, (40, 5), 950);
        let level = sums(60, (20, 20), 1_013);
        for (role, sums, inelastic, wanted) in [
            (Some(Role::KeyValue), &few, false, (DraftStrategy::Margin(BasisPoints(2_500)), Reason::FewOffers)),
            (Some(Role::KeyValue), &dearer, false, (against(0), Reason::Judged)),
            (Some(Role::Tail), &dearer, false, (DraftStrategy::Margin(BasisPoints(2_500)), Reason::Tail)),
            (Some(Role::Profit), &dearer, false, (against(300), Reason::Dearer)),
            (Some(Role::Profit), &cheaper, false, (against(0), Reason::GivesAway)),
            (Some(Role::Profit), &cheaper, true, (against(100), Reason::GivesAway)),
            (None, &level, false, (against(100), Reason::Level)),
        ] {
            assert_eq!(suggested(role, sums, inelastic, None), Some(wanted), "{role:?} {sums:?}");
        }
        assert_eq!(suggested(None, &GroupSums::default(), false, None), None);
    }
}
