//! Something a person may do. The answer itself does nothing: the buttons are ordinary commands.

use app_contract::{CardAction, DecideProposals, ProposalCard, ProposalDecision, ProposalSelection};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::features::proposals::deciding::use_decision;
use crate::features::rules::desk::RuleDesk;
use crate::routes::Screen;

/// The card.
#[component]
pub fn Card(
    /// What it proposes.
    card: ProposalCard,
) -> impl IntoView {
    let decide = use_decision();
    let desk = expect_context::<RuleDesk>();
    let navigate = use_navigate();
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let buttons = match card.action {
        CardAction::DecideProposal(proposal) => {
            let run = move |decision: ProposalDecision| {
                let selection = ProposalSelection::Ids(vec![proposal]);
                decide.dispatch_local(DecideProposals { selection, decision, reason: "From the assistant".to_owned() });
            };
            view! {
                <button
                    type="button"
                    class="button primary small"
                    data-testid="card-apply"
                    on:click=move |_| run(ProposalDecision::Approve)
                >
                    "Approve"
                </button>
                <button type="button" class="button small" on:click=move |_| run(ProposalDecision::Reject)>"Reject"</button>
            }
            .into_any()
        }
        CardAction::EditRules(rules) => view! {
            <button
                type="button"
                class="button primary small"
                data-testid="card-apply"
                on:click=move |_| {
                    desk.replace((*rules).clone());
                    navigate(Screen::Rules.path(), NavigateOptions::default());
                }
            >
                "Open in the rules"
            </button>
        }
        .into_any(),
        CardAction::None => ().into_any(),
    };
    view! {
        <div class="proposal-card" data-testid="proposal-card">
            <h4>{card.title}</h4>
            <p>
                <span class="muted">"Now "</span>{card.current}
                <span class="muted">" → proposed "</span><strong>{card.proposed}</strong>
            </p>
            <p>{card.reason}</p>
            <ul>{lines(card.effect)}</ul>
            <ul class="muted">{lines(card.guardrails)}</ul>
            <p class="muted">{card.confidence}</p>
            <div class="actions">{buttons}</div>
        </div>
    }
}
