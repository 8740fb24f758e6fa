//! What a model had to do with an answer: who, what was sent, what was used.

use app_contract::{Drafting, ModelUse, SentData};
use leptos::prelude::*;
use pricing_domain::decimal_text;

use crate::formats::{counted, integer};

/// What a person must know of a model's part at once: why the advisor answered instead, or why nothing was drafted.
pub fn notes(used: &ModelUse, has_card: bool) -> Option<AnyView> {
    if let Some(why) = &used.fell_back {
        let words = format!("Answered without a model: {why}.");
        return Some(view! { <p class="notice caution" data-testid="fell-back">{words}</p> }.into_any());
    }
    // Where something was drafted before such a text was read, its end is of no interest.
    let note = used.drafting.note().filter(|_| used.drafting == Drafting::Refused || !has_card)?;
    let class = if used.drafting == Drafting::Refused { "notice caution" } else { "muted" };
    Some(view! { <p class=class data-testid="drafts-ended">{note}</p> }.into_any())
}

/// The model's part, in the details of an answer.
#[component]
pub fn ModelPart(
    /// The model's part.
    used: ModelUse,
) -> impl IntoView {
    if used.calls == 0 {
        return ().into_any();
    }
    let place = if used.local { "on this machine" } else { "over the network" };
    let about = if used.estimated { "about " } else { "" };
    let tokens = format!("{about}{} + {} tokens", integer(used.input_tokens), integer(used.output_tokens));
    let cost = (used.cost_micro > 0).then(|| format!(", {} {}", decimal_text(used.cost_micro, 6, 2), used.currency));
    let first = used.first_text_ms.map(|waited| format!(", first words after {waited} ms"));
    let summary = format!(
        "{} at {}, {place}: {}, {tokens}{}{}",
        used.model,
        used.host,
        counted(u64::from(used.calls), "request", "requests"),
        cost.unwrap_or_default(),
        first.unwrap_or_default()
    );
    let line = |sent: SentData| {
        let withheld = match sent.withheld {
            0 => String::new(),
            count => format!(", {} withheld", counted(u64::from(count), "figure", "figures")),
        };
        let size = format!("{}, {} bytes{withheld}", counted(sent.rows, "row", "rows"), integer(sent.bytes));
        view! { <li>{format!("{}: {} ", sent.what, sent.fields.join(", "))}<small class="muted">{size}</small></li> }
    };
    let lines = used.sent.into_iter().map(line).collect_view();
    view! {
        <div data-testid="model-part">
            <p class="muted">{summary}</p>
            <p class="muted">"What the model was told:"</p>
            <ul class="steps">{lines}</ul>
        </div>
    }
    .into_any()
}
