//! What the newest batch would do as a whole.

use app_contract::BatchView;
use leptos::prelude::*;
use pricing_domain::Money;

use crate::formats::{MISSING, age, integer, signed_money};

/// The effect of all waiting and approved changes.
#[component]
pub fn BatchHeader(
    /// The newest batch.
    #[prop(into)]
    batch: Signal<Option<BatchView>>,
) -> impl IntoView {
    let figures = move || {
        batch.get().map(|batch| {
            view! {
                <dl class="figures wide">
                    <div class="figure"><dt>"Exceptions wait"</dt><dd>{integer(batch.pending_exceptions)}</dd></div>
                    <div class="figure"><dt>"Changes wait"</dt><dd>{integer(batch.pending_changes)}</dd></div>
                    <div class="figure"><dt>"Approved, not handed over"</dt><dd>{integer(batch.approved)}</dd></div>
                    <div class="figure" title="Waiting and approved changes at the units sold in 28 days">
                        <dt>{format!("Revenue in 28 days, {}", batch.effect_list)}</dt>
                        <dd>{effect(&batch.revenue_effect)}</dd>
                    </div>
                    <div class="figure" title="Products with a cost, at the units sold in 28 days">
                        <dt>{format!("Margin in 28 days, {}", batch.effect_list)}</dt>
                        <dd>{effect(&batch.margin_effect)}</dd>
                    </div>
                </dl>
                <p class="muted">{format!("Priced {} by {}", age(batch.created_at), batch.rule_set)}</p>
            }
        })
    };
    view! { <div class="batch">{figures}</div> }
}

fn effect(sums: &[Money]) -> String {
    if sums.is_empty() {
        return MISSING.to_owned();
    }
    sums.iter().map(|sum| signed_money(*sum)).collect::<Vec<_>>().join(" · ")
}
