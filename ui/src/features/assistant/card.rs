//! Something a person may do. The answer itself does nothing: the buttons are ordinary commands.

use app_contract::{
    CardAction, DecideProposals, DecisionReport, ErrorCode, GetProposal, KeepScenario, KeptScenarioRow, PriceByHand,
    ProposalCard, ProposalDecision, ProposalRow, ProposalSelection, UndoChangeSet,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pricing_domain::{ProposalId, ProposalStatus};

use super::desk::AssistantDesk;
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::features::proposals::deciding::use_decision;
use crate::features::rules::desk::RuleDesk;
use crate::reads::read;
use crate::routes::Screen;
use crate::words::proposal_status;
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
    // What became of a proposal is known of the proposal, whoever decided it and wherever.
    let proposal = proposal_of(&card.action);
    let state = read(move || proposal.map(|proposal| GetProposal { proposal }));
    let decided = move || match state.get() {
        Some(Ok(row)) => decided_words(&row),
        Some(Err(error)) if error.code == ErrorCode::NotFound => Some("This proposal is gone.".to_owned()),
        _ => left.get().then(|| "Left.".to_owned()),
    };
    let is_decided = Memo::new(move |_| decided().is_some());
    let undo = write::<UndoChangeSet>(move |report| toasts.done(undo_words(&report)));
    let by_hand = write::<PriceByHand>(move |report: DecisionReport| {
        if let Some(change_set) = report.change_set {
            let undo = Callback::new(move |()| {
                undo.run(UndoChangeSet { change_set });
            });
            toasts.done_with_undo("Approved at this price.", undo);
        }
    });
    let keep = write::<KeepScenario>(move |row: KeptScenarioRow| {
        toasts.done(format!("Kept as the scenario “{}”.", row.name));
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
        CardAction::OpenScenario(input) => {
            let kept = input.clone();
            view! {
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
                <button
                    type="button"
                    class="button small"
                    data-testid="card-keep"
                    disabled=keep.pending()
                    on:click=move |_| { keep.run(KeepScenario { scenario: (*kept).clone(), replaces: None }); }
                >
                    {move || if keep.pending().get() { "Keeping…" } else { "Keep as scenario" }}
                </button>
                {leave()}
            }
            .into_any()
        }
        CardAction::None => ().into_any(),
    };
    view! {
        <div class="proposal-card" data-testid="proposal-card" class:left=is_decided>
            <h4>{card.title}</h4>
            <p>
                <span class="muted">"Now "</span>{card.current}
                <span class="muted">" → proposed "</span><strong>{card.proposed}</strong>
            </p>
            <p>{card.reason}</p>
            <ul>{lines(card.effect)}</ul>
            <ul class="muted">{lines(card.guardrails)}</ul>
            <p class="muted">{card.confidence}</p>
            <div class="actions" hidden=is_decided>{buttons}</div>
            <p class="muted" role="status">{decided}</p>
        </div>
    }
}

/// The proposal that a card decides.
const fn proposal_of(action: &CardAction) -> Option<ProposalId> {
    match action {
        CardAction::DecideProposal(proposal) | CardAction::PriceByHand { proposal, .. } => Some(*proposal),
        CardAction::EditRules(_) | CardAction::OpenScenario(_) | CardAction::None => None,
    }
}

/// What became of a proposal; `None`: it waits.
fn decided_words(row: &ProposalRow) -> Option<String> {
    if row.status == ProposalStatus::Pending {
        return None;
    }
    let by = row.decision.as_ref().map_or_else(String::new, |decision| format!(" by {decision}"));
    Some(format!("{}{by}.", proposal_status(row.status)))
}
