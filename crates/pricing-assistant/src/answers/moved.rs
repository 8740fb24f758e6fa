//! Whether a price went the way that a question takes for granted.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, ProductDetail};
use pricing_domain::ProductId;
use pricing_operations::OperationError;
use question_grammar::Direction;

use crate::composer::Composer;
use crate::figures::Figure;

/// Days of own prices that are looked at.
const DAYS: u32 = 365;

/// Says first whether the price was lowered or raised, before it is said why it is what it is.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    product: ProductId,
    detail: &ProductDetail,
    direction: Direction,
) -> Result<(), OperationError> {
    let (started, looked, price_list) = (Stopwatch::now(), composer.current_step(), composer.list_id());
    let prices = composer.workspace.own_prices_of_days(product, price_list, DAYS).await?;
    let sku = detail.row.sku.clone();
    let link = AnswerLink::Product { product, sku: sku.clone(), price_list };
    composer.step("get_own_prices", sku.clone(), prices.len(), started, link);
    let sku = composer.gave(Figure::Words(sku));
    let lowered = direction == Direction::Down;
    match prices.as_slice() {
        [.., before, now] => {
            let money = |minor: i64| Figure::Money(minor, detail.currency);
            let since = Figure::Words(now.from.utc_date().to_string());
            let (before_minor, now_minor) = (before.amount_minor, now.amount_minor);
            let figures = [sku, money(before_minor), money(now_minor), since];
            composer.know(figures.clone());
            let went_down = now_minor < before_minor;
            let words = match (lowered, went_down) {
                (true, true) => (
                    "Yes, it was lowered: {0} went from {1} to {2} on {3}.",
                    "Ja, gesenkt wurde: {0} ging am {3} von {1} auf {2}.",
                ),
                (false, false) => (
                    "Yes, it was raised: {0} went from {1} to {2} on {3}.",
                    "Ja, erhöht wurde: {0} ging am {3} von {1} auf {2}.",
                ),
                (true, false) => (
                    "No, it was not lowered: the newest change of {0} was a rise, from {1} to {2} on {3}.",
                    "Nein, gesenkt wurde nicht: Die letzte Änderung von {0} war eine Erhöhung, am {3} von {1} auf {2}.",
                ),
                (false, true) => (
                    "No, it was not raised: the newest change of {0} was a cut, from {1} to {2} on {3}.",
                    "Nein, erhöht wurde nicht: Die letzte Änderung von {0} war eine Senkung, am {3} von {1} auf {2}.",
                ),
            };
            composer.say(words.0, words.1, &figures);
        }
        _ => {
            let words = match lowered {
                true => (
                    "No, it was not lowered: no other price of {0} is known than the one that stands.",
                    "Nein, gesenkt wurde nicht: Von {0} ist kein anderer Preis bekannt als der, der gilt.",
                ),
                false => (
                    "No, it was not raised: no other price of {0} is known than the one that stands.",
                    "Nein, erhöht wurde nicht: Von {0} ist kein anderer Preis bekannt als der, der gilt.",
                ),
            };
            composer.say(words.0, words.1, &[sku]);
        }
    }
    composer.back_to(looked);
    proposed(composer, detail);
    Ok(())
}

/// A waiting proposal, which is no change yet.
fn proposed(composer: &mut Composer<'_>, detail: &ProductDetail) {
    let Some(proposal) = &detail.proposal else { return };
    let (Some(old), Some(new)) = (proposal.old_minor, proposal.new_minor.or(proposal.lawful_minor)) else { return };
    if old == new {
        return;
    }
    let figures = [Figure::Money(old, proposal.currency), Figure::Money(new, proposal.currency)];
    composer.know(figures.clone());
    composer.say(
        "A proposal waits that would change it from {0} to {1}; it is not in force.",
        "Es wartet ein Vorschlag, der ihn von {0} auf {1} ändern würde; er gilt noch nicht.",
        &figures,
    );
}
