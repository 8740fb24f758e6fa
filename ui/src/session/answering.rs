//! The answer that is being made, as its news tell it.

use app_contract::AssistantNews;
use leptos::prelude::*;

/// A look-up under way or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// Which tool.
    pub tool: String,
    /// With what.
    pub question: String,
    /// Rows behind its result, once it is done.
    pub rows: Option<u64>,
}

/// The answer under way.
#[derive(Clone, Copy)]
pub struct Answering {
    ticket: RwSignal<Option<String>>,
    /// The words so far.
    pub words: RwSignal<String>,
    /// The look-ups so far.
    pub look_ups: RwSignal<Vec<LookUp>>,
    /// Who is waited for.
    pub whom: RwSignal<Option<String>>,
}

impl Answering {
    /// Nothing asked.
    pub fn new() -> Self {
        Self {
            ticket: RwSignal::new(None),
            words: RwSignal::new(String::new()),
            look_ups: RwSignal::new(Vec::new()),
            whom: RwSignal::new(None),
        }
    }

    /// A question begins; gives its ticket.
    pub fn begin(&self) -> String {
        let ticket = format!("{}-{}", js_sys::Date::now(), js_sys::Math::random());
        self.ticket.set(Some(ticket.clone()));
        self.words.set(String::new());
        self.look_ups.set(Vec::new());
        self.whom.set(None);
        ticket
    }

    /// The ticket of the question that is being answered.
    pub fn ticket(&self) -> Option<String> {
        self.ticket.get_untracked()
    }

    /// The question is answered.
    pub fn end(&self) {
        self.ticket.set(None);
    }

    /// Takes news in; of other windows' questions nothing.
    pub fn heard(&self, ticket: &str, news: AssistantNews) {
        if self.ticket.with_untracked(|own| own.as_deref() != Some(ticket)) {
            return;
        }
        match news {
            AssistantNews::Text(text) => self.words.update(|words| words.push_str(&text)),
            AssistantNews::Again => self.words.update(String::clear),
            AssistantNews::Step { tool, question } => {
                self.look_ups.update(|look_ups| look_ups.push(LookUp { tool, question, rows: None }));
            }
            AssistantNews::StepDone { tool, rows } => self.look_ups.update(|look_ups| {
                let open = look_ups.iter_mut().rev().find(|one| one.tool == tool && one.rows.is_none());
                if let Some(open) = open {
                    open.rows = Some(rows);
                }
            }),
            AssistantNews::Waiting(whom) => self.whom.set(Some(whom)),
        }
    }
}
