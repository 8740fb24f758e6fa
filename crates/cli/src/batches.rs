//! Batches of proposals from the terminal.

use anyhow::Result;
use app_commands::Host;
use app_contract::{AskAssistant, AssistantContext, PriceListView};
use clap::{Subcommand, ValueEnum};

use crate::output;

/// What to do with batches.
#[derive(Subcommand)]
pub enum BatchesTask {
    /// Prints the release notes of the newest batch as Markdown, every figure with its source.
    Notes {
        /// Code of the price list; without it the default one.
        #[arg(long)]
        list: Option<String>,
        /// In which language.
        #[arg(long, value_enum, default_value_t = NotesLanguage::En)]
        language: NotesLanguage,
    },
}

/// A language of release notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NotesLanguage {
    /// English.
    En,
    /// German.
    De,
}

/// Asks the advisor for the notes, as the window does.
pub async fn notes(host: &Host, list: &PriceListView, language: NotesLanguage, json: bool) -> Result<()> {
    let question = match language {
        NotesLanguage::En => "Release notes for the last batch",
        NotesLanguage::De => "Was ändert die letzte Charge?",
    };
    let context = AssistantContext { without_model: true, ..AssistantContext::default() };
    let request = AskAssistant { question: question.into(), price_list: Some(list.id), context };
    let turn = host.call(request).await?;
    output::answer(json, &turn, |turn| print!("{}", turn.answer.markdown()));
    Ok(())
}
