//! Where questions are asked from, whichever screen is open.

use app_contract::{
    AskAssistant, AssistantContext, AssistantTurn, CancelAssistant, ErrorCode, FileRef, ListConversation, ScenarioInput,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use pricing_domain::ProductId;

use crate::backend::{FilePurpose, backend};
use crate::components::toasts::Toasts;
use crate::session::{Answering, Session};
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
    /// A scenario that a card opened, for its screen.
    pub scenario: RwSignal<Option<ScenarioInput>>,
    /// The product that is open: “it”, “this product”.
    pub product: RwSignal<Option<ProductId>>,
    /// The file of competitors' prices that questions are about, until it is removed.
    pub file: RwSignal<Option<FileRef>>,
    session: Session,
    answering: Answering,
    toasts: Toasts,
}

impl AssistantDesk {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(recall(OPEN).as_deref() == Some("yes")),
            turns: RwSignal::new(Vec::new()),
            asking: RwSignal::new(None),
            scenario: RwSignal::new(None),
            product: RwSignal::new(None),
            file: RwSignal::new(None),
            session: expect_context(),
            answering: expect_context(),
            toasts: expect_context(),
        }
    }

    /// Shows the panel or hides it.
    pub fn toggle(&self) {
        self.open.update(|open| *open = !*open);
        remember(OPEN, if self.open.get_untracked() { "yes" } else { "no" });
    }

    /// Shows the panel and asks.
    pub fn show_and_ask(&self, question: &str) {
        if !self.open.get_untracked() {
            self.toggle();
        }
        self.ask_without_model(question.to_owned());
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

    /// Asks a question of whoever answers.
    pub fn ask(&self, question: String) {
        self.ask_of(question, AssistantContext::default());
    }

    /// Asks the advisor, whatever is chosen.
    pub fn ask_without_model(&self, question: String) {
        self.ask_of(question, AssistantContext { without_model: true, ..AssistantContext::default() });
    }

    /// Lets a person choose the file that questions are about.
    pub fn attach(&self) {
        let this = *self;
        spawn_local(async move {
            match backend().pick_file(FilePurpose::Import).await {
                Ok(Some(file)) => this.file.set(Some(file)),
                Ok(None) => {}
                Err(error) => this.toasts.error(error.message),
            }
        });
    }

    /// Stops the question that is being answered.
    pub fn stop(&self) {
        if let Some(ticket) = self.answering.ticket() {
            spawn_local(async move {
                // An answer that came first needs no stop.
                let _ = backend().run(CancelAssistant { ticket }).await;
            });
        }
    }

    fn ask_of(&self, question: String, context: AssistantContext) {
        let question = question.trim().to_owned();
        if question.is_empty() || self.asking.with_untracked(Option::is_some) {
            return;
        }
        let this = *self;
        let price_list = untrack(|| self.session.price_list_id());
        let product = self.product.get_untracked();
        let file = self.file.with_untracked(|file| file.as_ref().map(|file| file.id));
        let context = AssistantContext { product, file, ticket: Some(self.answering.begin()), ..context };
        this.asking.set(Some(question.clone()));
        spawn_local(async move {
            match backend().run(AskAssistant { question, price_list, context }).await {
                Ok(turn) => this.turns.update(|turns| turns.push(turn)),
                Err(error) if error.code == ErrorCode::Cancelled => this.toasts.done("Stopped."),
                Err(error) => this.toasts.error(error.message),
            }
            this.answering.end();
            this.asking.set(None);
        });
    }
}
