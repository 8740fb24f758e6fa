//! What is to be done with a price by what the shop shows for it.

use pricing_domain::{Currency, DeliveryState, Money, OtherPrices};
use pricing_store::{IntendedPrice, Settled};
use shop_connectors::{Placed, PriceUpdate, ShownPrice};

/// What is to be done with one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing is sent.
    Settled(Settled),
    /// It is sent. The words go with it once it is there.
    Send(PriceUpdate, String),
}

pub(super) fn next(price: &IntendedPrice, placed: &Placed, other_prices: OtherPrices) -> Next {
    let refused = |words: &str| Next::Settled(settled(price, DeliveryState::Refused, None, words));
    let shown = match placed {
        Placed::At(shown) => shown,
        Placed::Nowhere => return refused("The shop has no product with this SKU."),
        Placed::Twice => return refused("The shop has this SKU more than once. Make it unique there."),
        Placed::WithoutPrice => {
            return refused(
                "In the shop this SKU is a product with variants or a group, which has no price of its own.",
            );
        }
    };
    if shown.price_minor == Some(price.new_minor) {
        return Next::Settled(settled(price, DeliveryState::Verified, shown.price_minor, ""));
    }
    if let Some(reason) = &price.outdated {
        let words = format!("{}{reason}.", Settled::NOT_SENT);
        return Next::Settled(settled(price, DeliveryState::Outdated, shown.price_minor, &words));
    }
    if shown.price_minor != price.old_minor && other_prices == OtherPrices::Leave {
        let words = other_words(price, shown);
        return Next::Settled(settled(price, DeliveryState::Conflict, shown.price_minor, &words));
    }
    let (clears_reference, remark) = references(price, shown);
    let money = |minor: i64| Money::new(minor, price.currency);
    Next::Send(
        PriceUpdate {
            place: shown.place.clone(),
            price_list: price.price_list.clone(),
            old: shown.price_minor.map(money),
            new: money(price.new_minor),
            clears_reference,
        },
        remark,
    )
}

pub(super) fn settled(price: &IntendedPrice, state: DeliveryState, shown_minor: Option<i64>, words: &str) -> Settled {
    Settled {
        proposal_key: price.proposal_key,
        product_key: price.product_key,
        state,
        shown_minor,
        message: words.to_owned(),
    }
}

fn text(minor: Option<i64>, currency: Currency) -> String {
    minor.map_or_else(|| "no price".to_owned(), |minor| Money::new(minor, currency).to_string())
}

fn other_words(price: &IntendedPrice, shown: &ShownPrice) -> String {
    format!(
        "The shop shows {}, and not {}: somebody changed it there. Read the catalogue and price again, or publish over it.",
        text(shown.price_minor, price.currency),
        text(price.old_minor, price.currency)
    )
}

/// Whether a sale price or a was-price beside the new price is taken away, and what a person should know.
fn references(price: &IntendedPrice, shown: &ShownPrice) -> (bool, String) {
    let money = |minor: i64| Money::new(minor, price.currency);
    if let Some(sale) = shown.sale {
        if sale.price_minor >= price.new_minor {
            return (true, format!("Its sale at {} was taken away with it.", money(sale.price_minor)));
        }
        if sale.runs {
            return (false, format!("A sale at {} goes on in the shop.", money(sale.price_minor)));
        }
    }
    match shown.compare_at_minor {
        Some(was) if was <= price.new_minor => (true, format!("The was-price {} was taken away with it.", money(was))),
        _ => (false, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Currency, DeliveryState, OtherPrices};
    use pricing_store::IntendedPrice;
    use shop_connectors::{Placed, SaleInShop, ShopPlace, ShownPrice};

    use super::{Next, next};

    fn price(old_minor: Option<i64>, outdated: Option<&str>) -> IntendedPrice {
        IntendedPrice {
            proposal_key: 1,
            product_key: 2,
            sku: "A1".into(),
            price_list: "DE".into(),
            currency: Currency::EUR,
            old_minor,
            new_minor: 1_999,
            part: 0,
            outdated: outdated.map(str::to_owned),
        }
    }

    fn shows(price_minor: Option<i64>) -> ShownPrice {
        let place = ShopPlace { sku: "A1".into(), product: "7".into(), variant: String::new() };
        ShownPrice { place, price_minor, sale: None, compare_at_minor: None }
    }

    fn state(price: &IntendedPrice, shown: ShownPrice, other: OtherPrices) -> Option<DeliveryState> {
        match next(price, &Placed::At(shown), other) {
            Next::Settled(settled) => Some(settled.state),
            Next::Send(..) => None,
        }
    }

    #[test]
    fn only_a_price_that_is_as_expected_is_replaced() {
        let (leave, replace) = (OtherPrices::Leave, OtherPrices::Replace);
        let usual = price(Some(2_499), None);
        assert_eq!(state(&usual, shows(Some(2_499)), leave), None);
        assert_eq!(state(&usual, shows(Some(1_999)), leave), Some(DeliveryState::Verified), "it is there already");
        assert_eq!(state(&usual, shows(Some(2_399)), leave), Some(DeliveryState::Conflict));
        assert_eq!(state(&usual, shows(Some(2_399)), replace), None);
        assert_eq!(state(&price(None, None), shows(None), leave), None, "a first price");
        assert_eq!(state(&price(None, None), shows(Some(1)), leave), Some(DeliveryState::Conflict));
        let locked = price(Some(2_499), Some("it was locked meanwhile"));
        assert_eq!(state(&locked, shows(Some(2_499)), replace), Some(DeliveryState::Outdated));
        assert_eq!(
            state(&locked, shows(Some(1_999)), replace),
            Some(DeliveryState::Verified),
            "what is there is there"
        );
        for placed in [Placed::Nowhere, Placed::Twice, Placed::WithoutPrice] {
            let Next::Settled(settled) = next(&usual, &placed, replace) else { panic!("nothing is sent: {placed:?}") };
            assert!(settled.state == DeliveryState::Refused && !settled.message.is_empty());
        }
    }

    #[test]
    fn sales_and_was_prices_that_make_no_sense_go_and_others_stay() {
        let clears = |shown: ShownPrice| match next(&price(Some(2_499), None), &Placed::At(shown), OtherPrices::Leave) {
            Next::Send(update, words) => (update.clears_reference, words),
            Next::Settled(settled) => panic!("{settled:?}"),
        };
        let sale =
            |price_minor, runs| ShownPrice { sale: Some(SaleInShop { price_minor, runs }), ..shows(Some(2_499)) };
        assert_eq!(clears(shows(Some(2_499))), (false, String::new()));
        assert!(clears(sale(1_999, true)).0);
        let (gone, words) = clears(sale(1_500, true));
        assert!(!gone && words.contains("15.00 EUR"), "{words}");
        assert_eq!(clears(sale(1_500, false)), (false, String::new()));
        let was = |minor| ShownPrice { compare_at_minor: Some(minor), ..shows(Some(2_499)) };
        assert!(clears(was(1_999)).0 && !clears(was(2_999)).0);
    }
}
