//! Something a person may do. The answer itself does nothing: the buttons are ordinary commands.

use app_contract::{
    CardAction, DecideProposals, DecisionReport, PriceByHand, ProposalCard, ProposalDecision, ProposalSelection,
    UndoChangeSet,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::desk::AssistantDesk;
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::features::proposals::deciding::use_decision;
use crate::features::rules::desk::RuleDesk;
use crate::routes::Screen;
use crate::writes::write;

/// The card.
#[component]
pub fn Card(
    /// What it proposes.
    card: ProposalCard,
) -> impl IntoView {
    let decide = use_decision();
    let desk = expect_context::<RuleDesk>();
    let navigate = use_navigate();
    let assistant = expect_context::<AssistantDesk>();
    let toasts = expect_context::<Toasts>();
    let left = RwSignal::new(false);
    Effect::new(move |_| {
        if decide.value().get() == Some(true) {
            left.set(true);
        }
    });
    let undo = write::<UndoChangeSet>(move |report| toasts.done(undo_words(&report)));
    let by_hand = write::<PriceByHand>(move |report: DecisionReport| {
        left.set(true);
        if let Some(change_set) = report.change_set {
            let undo = Callback::new(move |()| {
                undo.run(UndoChangeSet { change_set });
            });
            toasts.done_with_undo("Approved at this price.", undo);
        }
    });
    // Leaving a draft needs no command: nothing of it is in the workspace.
    let leave = move || {
        view! {
            <button type="button" class="button small" data-testid="card-reject" on:click=move |_| left.set(true)>
                "Reject"
            </button>
        }
    };
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
            {leave()}
        }
        .into_any(),
        CardAction::PriceByHand { proposal, price_minor, reason } => view! {
            <button
                type="button"
                class="button primary small"
                data-testid="card-apply"
                disabled=by_hand.pending()
                on:click=move |_| {
                    by_hand.run(PriceByHand { proposal, price_minor, reason: reason.clone(), hold_until: None });
                }
            >
                "Apply"
            </button>
            {leave()}
        }
        .into_any(),
        CardAction::OpenScenario(input) => view! {
            <button
                type="button"
                class="button primary small"
                data-testid="card-apply"
                on:click=move |_| {
                    assistant.scenario.set(Some((*input).clone()));
                    navigate(Screen::Scenarios.path(), NavigateOptions::default());
                }
            >
                "Open the scenario"
            </button>
            {leave()}
        }
        .into_any(),
        CardAction::None => ().into_any(),
    };
    view! {
        <div class="proposal-card" data-testid="proposal-card" class:left=move || left.get()>
            <h4>{card.title}</h4>
            <p>
                <span class="muted">"Now "</span>{card.current}
                <span class="muted">" → proposed "</span><strong>{card.proposed}</strong>
            </p>
            <p>{card.reason}</p>
            <ul>{lines(card.effect)}</ul>
            <ul class="muted">{lines(card.guardrails)}</ul>
            <p class="muted">{card.confidence}</p>
            <div class="actions" hidden=move || left.get()>{buttons}</div>
            <p class="muted" role="status">{move || left.get().then_some("Decided.")}</p>
        </div>
    }
}
