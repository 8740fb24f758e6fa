//! What competitors charge, each with its evidence.

use app_contract::OfferView;
use leptos::prelude::*;
use pricing_domain::{Currency, Money};

use super::evidence::Evidence;
use crate::components::empty::Empty;
use crate::components::show::Show;
use crate::components::table::{Column, TableShape};
use crate::formats::{MISSING, age, change, money};
use crate::words::{availability, read_state};

const OFFERS: TableShape = TableShape::framed(
    "Competitor offers",
    &[
        Column::head("Competitor"),
        Column::number("Price").hint("For the quantity we sell"),
        Column::number("We are"),
        Column::text("Seen"),
        Column::text("Evidence").unseen(),
    ],
)
.class("offers")
.testid("offers-table");

/// The offers, cheapest first.
#[component]
pub fn OfferTable(
    /// The newest reading of each listing.
    offers: Vec<OfferView>,
    /// Our price.
    own: Option<i64>,
    /// Of our price.
    currency: Currency,
) -> impl IntoView {
    if offers.is_empty() {
        let text = "No competitor page is matched to this product. Import matches to compare it.";
        return view! { <Empty text /> }.into_any();
    }
    let rows = offers.into_iter().map(|offer| view! { <OfferRow offer own currency /> }).collect_view();
    OFFERS.around(rows.into_any())
}

/// One offer with its evidence below it.
#[component]
fn OfferRow(
    /// The reading.
    offer: OfferView,
    /// Our price.
    own: Option<i64>,
    /// Of our price.
    currency: Currency,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let gap = own.zip(offer.like_for_like_minor).and_then(|(own, theirs)| gap_bp(own, theirs));
    let price = match (offer.like_for_like_minor, offer.price) {
        (Some(minor), _) => money(Money::new(minor, currency)),
        (None, Some(price)) => money(price),
        (None, None) => MISSING.to_owned(),
    };
    let state = offer.state.map_or("not collected yet", read_state);
    let stock = offer.price.map(|_| availability(offer.availability));
    let seen = offer.last_seen.map_or(MISSING.to_owned(), age);
    let label = format!("Evidence of {}", offer.competitor);
    let evidence = offer.clone();
    view! {
        <tbody class:unusable=!offer.usable>
            <tr>
                <th scope="row">
                    {offer.competitor}
                    <small class="muted">{stock.unwrap_or(state)}</small>
                </th>
                <td class="numeric">{price}</td>
                <td class="numeric" class:negative=gap.is_some_and(|gap| gap > 0) class:positive=gap.is_some_and(|gap| gap < 0)>
                    {gap.map_or(MISSING.into(), change)}
                </td>
                <td>{seen}</td>
                <td class="numeric">
                    <button
                        type="button"
                        class="button small quiet"
                        aria-expanded=move || open.get().to_string()
                        aria-label=label
                        data-testid="offer-evidence"
                        on:click=move |_| open.update(|open| *open = !*open)
                    >
                        "Evidence"
                    </button>
                </td>
            </tr>
            <Show when=move || open.get()>
                <tr><td colspan="5"><Evidence offer=evidence.clone() /></td></tr>
            </Show>
        </tbody>
    }
}

/// Own ÷ theirs − 1, in basis points, halves away from zero.
fn gap_bp(own: i64, theirs: i64) -> Option<i32> {
    if theirs <= 0 {
        return None;
    }
    let difference = (i128::from(own) - i128::from(theirs)) * 20_000;
    let rounded = (difference + i128::from(theirs) * difference.signum()) / (i128::from(theirs) * 2);
    i32::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::gap_bp;

    #[test]
    fn the_gap_is_own_over_theirs_less_one() {
        assert_eq!(gap_bp(11_000, 10_000), Some(1000));
        assert_eq!(gap_bp(9_999, 10_000), Some(-1));
        assert_eq!(gap_bp(20_001, 20_000), Some(1));
        assert_eq!(gap_bp(100, 0), None);
    }
}
