//! Something a person may do. The answer itself does nothing: the buttons are ordinary commands.

use app_contract::{
    CardAction, DecideProposals, DecisionReport, ErrorCode, GetProposal, KeepScenario, KeptScenarioRow, PriceByHand,
    ProposalCard, ProposalDecision, ProposalRow, ProposalSelection, ToolStep, UndoChangeSet,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pricing_domain::{ProposalId, ProposalStatus};

use super::button::SmallButton;
use super::desk::AssistantDesk;
use super::step::source;
use crate::components::facts::{fact, items};
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::features::import::desk::ImportDesk;
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
    /// What figures come from.
    steps: StoredValue<Vec<ToolStep>>,
) -> impl IntoView {
    let decide = use_decision();
    let desk = expect_context::<RuleDesk>();
    let import = expect_context::<ImportDesk>();
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
    let leave = move || SmallButton::new("Reject").testid("card-reject").press(move || left.set(true));
    let apply = |words| SmallButton::primary(words).testid("card-apply");
    let heading = card.heading();
    let buttons = match card.action {
        CardAction::DecideProposal(proposal) => {
            let run = move |decision: ProposalDecision| {
                let selection = ProposalSelection::Ids(vec![proposal]);
                decide.dispatch_local(DecideProposals { selection, decision, reason: "From the assistant".to_owned() });
            };
            let reject = SmallButton::new("Reject").testid("card-reject").press(move || run(ProposalDecision::Reject));
            vec![apply("Approve").press(move || run(ProposalDecision::Approve)), reject]
        }
        CardAction::EditRules(rules) => {
            let open = move || {
                desk.replace((*rules).clone());
                navigate(Screen::Rules.path(), NavigateOptions::default());
            };
            vec![apply("Open in the rules").press(open), leave()]
        }
        CardAction::PriceByHand { proposal, price_minor, reason } => {
            let set = move || {
                by_hand.run(PriceByHand { proposal, price_minor, reason: reason.clone(), hold_until: None });
            };
            vec![apply("Apply").busy(by_hand.pending()).press(set), leave()]
        }
        CardAction::OpenScenario(input) => {
            let kept = input.clone();
            let open = move || {
                assistant.scenario.set(Some((*input).clone()));
                navigate(Screen::Scenarios.path(), NavigateOptions::default());
            };
            let keep_it = move || keep.run(KeepScenario { scenario: (*kept).clone(), replaces: None });
            let keep_it = SmallButton::new("Keep as scenario").testid("card-keep").busy(keep.pending()).press(keep_it);
            vec![apply("Open the scenario").press(open), keep_it, leave()]
        }
        CardAction::ImportFile(kind) => {
            let choose = move || {
                // The mapping and the preview are shown on the products' screen.
                navigate(Screen::Products.path(), NavigateOptions::default());
                import.pick(kind);
            };
            vec![apply("Choose a file…").press(choose), leave()]
        }
        CardAction::ImportAttached { file, options } => {
            let take = move || {
                // Progress, report and the way back are shown on the products' screen.
                navigate(Screen::Products.path(), NavigateOptions::default());
                spawn_local(import.begin((*options).clone(), file.clone()));
            };
            vec![apply("Import these observations").press(take), leave()]
        }
        CardAction::None => Vec::new(),
    };
    let mut facts = vec![fact("Now", card.current), fact("Proposed", card.proposed)];
    let mut remarks = Vec::new();
    for line in card.effect.into_iter().chain(card.guardrails).chain([card.confidence]) {
        match line.split_once(": ") {
            Some((name, value)) => facts.push(fact(name.to_owned(), value.to_owned())),
            None => remarks.push(line),
        }
    }
    view! {
        <div class="proposal-card" data-testid="proposal-card" class:left=is_decided>
            <h4>{heading}</h4>
            <p>{card.reason}</p>
            <dl class="facts">{facts}</dl>
            <ul class="muted">{items(remarks)}</ul>
            {source(steps, card.step)}
            <div class="actions" hidden=is_decided>{buttons}</div>
            <p class="muted" role="status">{decided}</p>
        </div>
    }
}

/// The proposal that a card decides.
const fn proposal_of(action: &CardAction) -> Option<ProposalId> {
    match action {
        CardAction::DecideProposal(proposal) | CardAction::PriceByHand { proposal, .. } => Some(*proposal),
        CardAction::EditRules(_)
        | CardAction::OpenScenario(_)
        | CardAction::ImportFile(_)
        | CardAction::ImportAttached { .. }
        | CardAction::None => None,
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
