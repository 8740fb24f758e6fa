//! Decisions and their undo.

use app_contract::{Command, CommandError, DecideProposals, DecisionReport, ProposalDecision, UndoChangeSet};
use leptos::prelude::*;

use crate::backend::backend;
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::formats::counted;
use crate::freshness::Freshness;
use crate::writes::write;

/// Decides, tells what was done, and offers to take it back.
pub fn use_decision() -> Action<DecideProposals, bool> {
    let toasts = expect_context::<Toasts>();
    let freshness = expect_context::<Freshness>();
    let undo = write::<UndoChangeSet>(move |report| toasts.done(undo_words(&report)));
    let told = move |decision: ProposalDecision, answer: Result<DecisionReport, CommandError>| match answer {
        Ok(report) => {
            freshness.stale(DecideProposals::WRITES);
            let words = words(decision, &report);
            match report.change_set {
                Some(change_set) => {
                    let undo = Callback::new(move |()| {
                        undo.run(UndoChangeSet { change_set });
                    });
                    toasts.done_with_undo(words, undo);
                }
                None => toasts.done(words),
            }
            true
        }
        Err(error) => {
            toasts.error(error.message);
            false
        }
    };
    Action::new_local(move |command: &DecideProposals| {
        let command = command.clone();
        async move { told(command.decision, backend().run(command).await) }
    })
}

fn words(decision: ProposalDecision, report: &DecisionReport) -> String {
    let verb = match decision {
        ProposalDecision::Approve => "approved",
        ProposalDecision::Reject => "rejected",
        ProposalDecision::Reopen => "wait again",
    };
    let mut decided = format!("{} {verb}.", counted(report.decided, "price", "prices"));
    if report.first > 0 {
        let waiting = counted(report.first, "price waits", "prices wait");
        decided.push_str(&format!(" {waiting} for a second person."));
    }
    match report.skipped {
        0 => decided,
        skipped => format!(
            "{decided} {} left as they were: {}",
            counted(skipped, "proposal", "proposals"),
            report.skipped_reason
        ),
    }
}
