//! An assumption as a scenario: the same change, to be played with demand and reactions.

use app_contract::{ScenarioChange, ScenarioInput, ScenarioPrices};
use pricing_domain::{BasisPoints, GridFilter};
use question_grammar::{Scope, Supposed};

use crate::composer::Composer;
use crate::wording::scope_words;

/// The scenario of an assumption. `None` where no scenario says the same: a price of one product, a step by an amount,
/// another's prices taken over, words of a name, or one of several brands, categories or suppliers.
pub(super) fn scenario(
    composer: &Composer<'_>,
    scope: &Scope,
    supposed: &Supposed,
    said: &str,
) -> Option<ScenarioInput> {
    let only = only(scope)?;
    let percent = |change: &BasisPoints| f64::from(change.0) / 100.0;
    let (change, prices) = match supposed {
        // Own prices are what is assumed, so the rules do not decide them anew.
        Supposed::Prices(change) => (ScenarioChange::Price { percent: percent(change), only }, ScenarioPrices::Keep),
        Supposed::Costs(change) => (ScenarioChange::Cost { percent: percent(change), only }, ScenarioPrices::Rules),
        Supposed::Competitor { name, change } => {
            let (percent, name) = (percent(change), name.clone());
            (ScenarioChange::Competitor { percent, name, share: None, only }, ScenarioPrices::Rules)
        }
        Supposed::PricesBy(_) | Supposed::PriceAt(_) | Supposed::OfferAt { .. } | Supposed::Match { .. } => {
            return None;
        }
    };
    let name = match scope.is_all() {
        true => said.to_owned(),
        false => format!("{said}, {}", scope_words(scope, composer.language)),
    };
    Some(ScenarioInput {
        name,
        price_list: composer.snapshot.lists[composer.list].code.clone(),
        changes: vec![change],
        prices,
        ..ScenarioInput::default()
    })
}

/// Filters that all hold for the products meant; two of a kind mean either, which a scenario cannot say.
fn only(scope: &Scope) -> Option<Vec<GridFilter>> {
    let kind = |filter: &GridFilter| std::mem::discriminant(filter);
    let twice = scope
        .filters
        .iter()
        .enumerate()
        .any(|(place, one)| scope.filters[..place].iter().any(|other| kind(other) == kind(one)));
    (scope.search.is_empty() && !twice).then(|| scope.filters.clone())
}

#[cfg(test)]
mod tests {
    use pricing_domain::GridFilter;
    use question_grammar::Scope;

    use super::only;

    #[test]
    fn what_a_scenario_cannot_say_is_not_drafted() {
        let brand = |name: &str| GridFilter::Brand(name.into());
        let scope = |filters: Vec<GridFilter>, search: &[&str]| Scope {
            filters,
            search: search.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(only(&scope(vec![brand("A"), GridFilter::KeyValue], &[])).map(|all| all.len()), Some(2));
        assert_eq!(only(&scope(vec![brand("A"), brand("B")], &[])), None);
        assert_eq!(only(&scope(Vec::new(), &["duo"])), None);
    }
}
