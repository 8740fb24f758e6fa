//! What to know before an answer is believed, in sentences.

use app_contract::{
    ElasticityGrade, ScenarioChange, ScenarioCoverage, ScenarioFigure, ScenarioGrade, ScenarioInput, ScenarioOptimum,
    ScenarioPrices, ScenarioReaction, ScenarioTotals,
};
use pricing_rules::NONE;
use pricing_science::{FollowVerdict, Outcome, sibling_prices};

use super::super::Basis;
use super::super::weeks::Played;

/// How many products revenue and margin count.
pub(super) fn coverage(basis: &Basis, today: &[Outcome]) -> ScenarioCoverage {
    let places = 0..basis.rows.len();
    let all: f64 = today.iter().map(|one| one.units).sum();
    let counted: f64 = places.clone().filter(|place| basis.has_margin(*place)).map(|place| today[place].units).sum();
    ScenarioCoverage {
        revenue_products: places.clone().filter(|place| basis.has_revenue(*place)).count() as u64,
        margin_products: places.filter(|place| basis.has_margin(*place)).count() as u64,
        margin_units_percent: if all > 0.0 { 100.0 * counted / all } else { 0.0 },
    }
}

/// What the sums leave out.
pub(super) fn of_coverage(basis: &Basis, coverage: &ScenarioCoverage) -> Vec<String> {
    let products = basis.rows.len() as u64;
    if basis.is_without_rates() {
        return vec![
            "No product has a VAT rate: revenue is told at prices on the shelf, and no margin can be told.".to_owned(),
        ];
    }
    let mut said = Vec::new();
    let without_tax = products - coverage.revenue_products;
    if without_tax > 0 {
        said.push(format!("{without_tax} products without a VAT rate count in units only."));
    }
    let without_cost = coverage.revenue_products - coverage.margin_products;
    if without_cost > 0 {
        said.push(format!(
            "{without_cost} products without a cost in the list's currency, or an exchange rate for it, count in units and \
             revenue only."
        ));
    }
    if !said.is_empty() {
        said.push(format!(
            "Margin counts {} of {products} products, {:.0} % of the units.",
            coverage.margin_products, coverage.margin_units_percent
        ));
    }
    said
}

/// What the answer rests on and what was seen while it was played.
pub(super) fn of_play(played: &Played, grades: &[ScenarioGrade], last: &ScenarioTotals, too_many: bool) -> Vec<String> {
    const MUCH: f64 = 10.0;
    let mut said = Vec::new();
    let assumed = grades.iter().find(|grade| grade.grade == ElasticityGrade::Default);
    if let Some(assumed) = assumed.filter(|assumed| assumed.revenue_percent > MUCH) {
        said.push(format!(
            "{:.0} % of the revenue rests on an assumed elasticity, because its sales cannot say.",
            assumed.revenue_percent
        ));
    }
    if last.extrapolated > MUCH {
        said.push(format!("{:.0} % of the units are sold at prices that were never charged.", last.extrapolated));
    }
    if played.result.is_price_war {
        let (weeks, lower) = (played.result.weeks.len(), -last.price_change);
        said.push(match played.result.is_stopped {
            true => format!(
                "Own and competitors' prices fall in turn; stopped in week {weeks} with prices {lower:.1} % lower."
            ),
            false => format!(
                "Own and competitors' prices fall in turn; played on to week {weeks}, with prices {lower:.1} % lower."
            ),
        });
    }
    said.extend(of_stock(played));
    if played.exceptions > 0 {
        said.push(format!("{} products need a person; they keep their prices here.", played.exceptions));
    }
    if too_many {
        said.push("The catalogue is too large to play each change alone; the sensitivity is about demand only.".into());
    }
    said.push(
        "Intervals hold what is unsure about elasticities; that sales vary from week to week comes on top.".into(),
    );
    said
}

fn of_stock(played: &Played) -> Vec<String> {
    let stock = &played.stock;
    let mut said = Vec::new();
    if stock.products() > 0 {
        let out = match stock.first_week {
            Some(week) => format!("{} are sold out at the end, the first of them in week {}", stock.sold_out, week + 1),
            None => "none of them is sold out at the end".to_owned(),
        };
        said.push(format!(
            "{} products sell from the changed stock, without deliveries, and no more than is there: {out}.",
            stock.products()
        ));
    }
    if stock.unknown > 0 {
        said.push(format!("The stock of {} products is not known: what they sell is not limited.", stock.unknown));
    }
    said
}

/// What to know where rules decide and nothing is changed.
pub(super) fn of_nothing_changed(input: &ScenarioInput) -> Option<String> {
    (input.changes.is_empty() && input.prices == ScenarioPrices::Rules)
        .then(|| "Nothing is changed: what moves are prices that the rules as they are would change anyway.".to_owned())
}

/// Costs that are changed where none is known.
pub(super) fn of_costs(basis: &Basis, input: &ScenarioInput) -> Option<String> {
    let is_of_costs =
        |change: &ScenarioChange| matches!(change, ScenarioChange::Cost { .. } | ScenarioChange::Currency { .. });
    let costs = &basis.snapshot.products.cost_micro;
    let is_known = || basis.rows.iter().any(|row| costs.get(*row as usize) != NONE);
    (input.changes.iter().any(is_of_costs) && !is_known()).then(|| {
        "No cost is known of any of these products: a change of costs changes nothing. Import costs.".to_owned()
    })
}

/// What keeps the best prices from falling.
pub(super) fn of_best(optimum: &ScenarioOptimum) -> Option<String> {
    (optimum.without_cuts > 0).then(|| {
        format!(
            "{} products without a cost may only get dearer, because the guardrails let no price fall without one: what \
             lower prices would bring is not looked at.",
            optimum.without_cuts
        )
    })
}

/// How much rests on what was learnt of demand's answer to competitors' prices, and how much on the assumption.
pub(super) fn of_competitors(
    basis: &Basis,
    input: &ScenarioInput,
    played: &Played,
    today: &[Outcome],
) -> Option<String> {
    const UNCHANGED: f64 = 1e-9;
    let pairs = played.result.state.competitor.iter().zip(&basis.products.competitor).enumerate();
    let moved = pairs.filter(|(_, (now, before))| (*now / *before - 1.0).abs() > UNCHANGED);
    let places: Vec<usize> = moved.map(|(place, _)| place).collect();
    if places.is_empty() {
        return of_idle_competitors(basis, input);
    }
    let sum = |places: &mut dyn Iterator<Item = usize>, of: &dyn Fn(&Outcome) -> f64| {
        places.map(|place| of(&today[place])).sum::<f64>()
    };
    let share = |places: &[usize], of: &dyn Fn(&Outcome) -> f64| {
        let all = sum(&mut (0..today.len()), of);
        if all > 0.0 { 100.0 * sum(&mut places.iter().copied(), of) / all } else { 0.0 }
    };
    let (learnt, stated): (Vec<usize>, Vec<usize>) =
        places.into_iter().partition(|place| basis.products.rival(*place).is_some());
    let rests = |places: &[usize]| {
        let of_revenue = match basis.figure() {
            ScenarioFigure::Units => String::new(),
            _ => format!(" and {:.0} % of the revenue", share(places, &|one| one.revenue)),
        };
        format!("{} products with {:.0} % of the units{of_revenue}", places.len(), share(places, &|one| one.units))
    };
    let assumed = &input.assumptions;
    let assumption = format!(
        "{} % fewer units where the lowest competitor is 1 % cheaper, give or take {}",
        assumed.cross_elasticity, assumed.cross_elasticity_error
    );
    Some(match (learnt.is_empty(), stated.is_empty()) {
        (true, _) => format!(
            "How demand follows competitors' prices is assumed, not estimated: {assumption}. {} rest on it.",
            rests(&stated)
        ),
        (false, true) => format!(
            "How demand follows competitors' prices is learnt from the sales for all that it concerns: {}.",
            rests(&learnt)
        ),
        (false, false) => format!(
            "How demand follows competitors' prices is learnt from the sales for {}. For {} it is assumed: {assumption}.",
            rests(&learnt),
            rests(&stated)
        ),
    })
}

/// Competitors' prices that were to change, and no product's lowest usable one did.
fn of_idle_competitors(basis: &Basis, input: &ScenarioInput) -> Option<String> {
    if !input.changes.iter().any(|change| matches!(change, ScenarioChange::Competitor { .. })) {
        return None;
    }
    let known = basis.products.competitor.iter().filter(|price| !price.is_nan()).count();
    // An index that is held looks at their prices whether demand can or not.
    let is_held = input.changes.iter().any(|change| matches!(change, ScenarioChange::Index { .. }));
    Some(match known {
        0 if is_held => "No product has a usable competitor's price: those that are known are too old, sold out or of no sure \
                         match. Demand and rules do not follow their change, only the index that is held; collect prices first."
            .to_owned(),
        0 => "No product has a usable competitor's price: those that are known are too old, sold out or of no sure match. \
              Their change changes nothing; collect prices first."
            .to_owned(),
        _ => format!(
            "{known} products have a usable competitor's price, and in no case is the lowest of them another one than \
             before: demand does not follow the change."
        ),
    })
}

/// How much rests on what products of a family do to each other.
pub(super) fn of_families(basis: &Basis, input: &ScenarioInput, played: &Played, today: &[Outcome]) -> Option<String> {
    const UNCHANGED: f64 = 1e-9;
    let prices = sibling_prices(&basis.products, &played.result.state);
    let places: Vec<usize> = (0..today.len()).filter(|place| prices.of(*place).abs() > UNCHANGED).collect();
    if places.is_empty() {
        return None;
    }
    let (of_them, all): (f64, f64) =
        (places.iter().map(|place| today[*place].units).sum(), today.iter().map(|one| one.units).sum());
    let chosen = match input.prices {
        ScenarioPrices::Best => " The best prices were chosen with these effects, and the bound counts them.",
        ScenarioPrices::Rules | ScenarioPrices::Keep => "",
    };
    Some(format!(
        "{} products with {:.0} % of the units also follow the prices of their families, as their sales show.{chosen}",
        places.len(),
        100.0 * of_them / all
    ))
}

/// What to know of competitors that answer, or were not expected to.
pub(super) fn of_reaction(basis: &Basis, input: &ScenarioInput) -> Vec<String> {
    match input.reaction {
        ScenarioReaction::Learnt { .. } => {
            let views: Vec<_> = basis.learnt.to_us.iter().flat_map(|one| one.views(&basis.snapshot)).collect();
            let silent = views.iter().filter(|one| !one.enough).count();
            let to_us = (silent > 0).then(|| {
                format!(
                    "{silent} of {} answers (each competitor's to cuts and to rises) are not played: there were too few \
                     changes of ours to learn from.",
                    views.len()
                )
            });
            to_us.into_iter().chain(of_following(basis)).collect()
        }
        ScenarioReaction::None => Vec::new(),
        _ if input.prices == ScenarioPrices::Best => vec![
            "The best prices were chosen as if nobody answered; the weeks show what answers make of them.".to_owned(),
        ],
        _ => Vec::new(),
    }
}

/// Who follows whom among the competitors, and what could not be told.
fn of_following(basis: &Basis) -> Option<String> {
    let learnt = &basis.learnt;
    let asked = learnt.to_each_other.len();
    if asked == 0 {
        return (basis.snapshot.competitors.len() > 1)
            .then(|| "Who follows whom among the competitors cannot be told: no two of them have offers.".to_owned());
    }
    let count = |verdict| learnt.count(verdict);
    let mut said = match count(FollowVerdict::Follows) {
        0 => "No competitor was found to follow another".to_owned(),
        found => format!("Competitors also follow each other, in {found} of {asked} ways and beyond chance"),
    };
    let few = count(FollowVerdict::NotEnough);
    let explained = count(FollowVerdict::Explained);
    match few {
        0 => {}
        few if few == asked => said.push_str(": each of them changed too few prices of products that another has too"),
        few => said.push_str(&format!("; in {few} of {asked} ways there were too few changes to tell")),
    }
    if explained > 0 {
        said.push_str(&format!("; {explained} only seem so, after us or another leader who moved before"));
    }
    said.push('.');
    Some(said)
}
