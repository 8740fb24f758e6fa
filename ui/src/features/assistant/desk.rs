//! Where questions are asked from, whichever screen is open.

use app_contract::{AskAssistant, AssistantContext, AssistantTurn, ListConversation};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::backend;
use crate::components::toasts::Toasts;
use crate::session::Session;
use crate::storage::{recall, remember};

const OPEN: &str = "assistant-open";
/// Turns that are shown.
const SHOWN: u32 = 50;

/// The conversation.
#[derive(Clone, Copy)]
pub struct AssistantDesk {
    /// Whether the panel is shown.
    pub open: RwSignal<bool>,
    /// Oldest first.
    pub turns: RwSignal<Vec<AssistantTurn>>,
    /// The question that is being answered.
    pub asking: RwSignal<Option<String>>,
    session: Session,
    toasts: Toasts,
}

impl AssistantDesk {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(recall(OPEN).as_deref() == Some("yes")),
            turns: RwSignal::new(Vec::new()),
            asking: RwSignal::new(None),
            session: expect_context(),
            toasts: expect_context(),
        }
    }

    /// Shows the panel or hides it.
    pub fn toggle(&self) {
        self.open.update(|open| *open = !*open);
        remember(OPEN, if self.open.get_untracked() { "yes" } else { "no" });
    }

    /// Reads what was asked before.
    pub fn recall_turns(&self) {
        let this = *self;
        spawn_local(async move {
            if let Ok(mut turns) = backend().run(ListConversation { limit: SHOWN }).await {
                turns.reverse();
                this.turns.set(turns);
            }
        });
    }

    /// Asks a question.
    pub fn ask(&self, question: String) {
        let question = question.trim().to_owned();
        if question.is_empty() || self.asking.with_untracked(Option::is_some) {
            return;
        }
        let this = *self;
        let price_list = untrack(|| self.session.price_list_id());
        this.asking.set(Some(question.clone()));
        spawn_local(async move {
            let request = AskAssistant { question, price_list, context: AssistantContext::default() };
            match backend().run(request).await {
                Ok(turn) => this.turns.update(|turns| turns.push(turn)),
                Err(error) => this.toasts.error(error.message),
            }
            this.asking.set(None);
        });
    }
}
