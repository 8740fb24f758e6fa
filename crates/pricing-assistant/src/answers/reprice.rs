//! What the rules would make of one product's price if a competitor charged another amount.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome};
use pricing_operations::OperationError;
use pricing_rules::{CompiledRules, NONE, inputs_of, price_from_inputs};
use question_grammar::Scope;

use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::Place;

/// Prices the product anew with the competitor at `amount` (hundredths of the major unit).
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    scope: &Scope,
    name: &str,
    amount: i64,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let rows = place.rows_of(scope, &[]);
    let [row] = rows.as_slice() else {
        composer.ended_as(AnswerOutcome::Choose);
        composer.say("Name one product by its SKU.", "Nennen Sie ein Produkt mit seiner SKU.", &[]);
        return Ok(());
    };
    let rules = composer.workspace.rule_set().await?;
    let unusable = |problem: String| OperationError::refused(problem);
    let compiled = CompiledRules::compile(&rules, &snapshot).map_err(|problems| unusable(problems[0].to_string()))?;
    let mut inputs = inputs_of(&compiled, &snapshot, composer.list, *row as usize, composer.now);
    let digits = u32::from(composer.currency().minor_digits());
    let assumed = amount * 10i64.pow(digits) / 100;
    let offer =
        inputs.offers.iter_mut().filter(|offer| offer.competitor == name).min_by_key(|offer| offer.amount_minor);
    let who = Figure::Words(name.to_owned());
    let Some(offer) = offer else {
        composer.ended_as(AnswerOutcome::NotEnoughData);
        composer.say(
            "Not enough data: {0} has no offer for this product.",
            "Zu wenig Daten: {0} hat kein Angebot für dieses Produkt.",
            &[who],
        );
        return Ok(());
    };
    let before = offer.amount_minor;
    offer.amount_minor = assumed;
    let (decision, way) = price_from_inputs(&rules, &inputs).map_err(|problems| unusable(problems[0].to_string()))?;
    let keys = [snapshot.products.key.get(*row as usize)];
    let product = composer.workspace.product_ids(&keys).await?;
    let price_list = composer.list_id();
    let sku = snapshot.products.sku.get(*row as usize).to_owned();
    let link = product.first().map_or(AnswerLink::Rules, |product| AnswerLink::Product {
        product: *product,
        sku: sku.clone(),
        price_list,
    });
    composer.step("price_with", format!("{sku}; {name}"), way.lines.len(), started, link);
    composer.know([Figure::Words(sku.clone()), Figure::Words(way.summary.clone())]);
    let own = place.price(*row).unwrap_or(0);
    let after = decision.as_ref().map(|decision| decision.new_minor).filter(|new| *new != NONE).unwrap_or(own);
    let figures = [composer.money(before), composer.money(assumed), composer.money(own), composer.money(after)];
    composer.know(figures.clone());
    let [before, assumed, own, after] = figures;
    composer.say(
        "{0}: with {1} at {3} instead of {2}, the rules in force would arrive at {5}; today it is {4}.",
        "{0}: Mit {1} bei {3} statt {2} kämen die geltenden Regeln auf {5}; heute sind es {4}.",
        &[Figure::Words(sku), who, before, assumed, own, after],
    );
    composer.say("{0}", "{0}", &[Figure::Words(way.summary)]);
    composer.say("Nothing was changed.", "Nichts wurde geändert.", &[]);
    Ok(())
}
