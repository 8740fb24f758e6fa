//! The assistant, its models and its tools.

use pricing_domain::{AnswerId, PriceListId};

use crate::command::commands;
use crate::views::{
    AssistantContext, AssistantQuestion, AssistantTool, AssistantToolResult, AssistantTurn, LocalModelServer,
    ModelSettings, ModelSettingsView, ModelTest, RepeatedStep,
};

commands! {
    AssistantCommands;

    /// Answers a question in words from the workspace, with the source of every figure. Changes nothing but the conversation.
    ask_assistant: AskAssistant {
        /// In English or German.
        question: String,
        /// Whose prices, unless the question names a list; `None`: the default list's.
        price_list: Option<PriceListId>,
        /// Where the person is.
        context: AssistantContext,
    } -> AssistantTurn, reads [], writes [Conversation];

    /// The newest questions with their answers, newest first.
    list_conversation: ListConversation {
        /// At most 500.
        limit: u32,
    } -> Vec<AssistantTurn>, reads [Conversation], writes [];

    /// Pins an answer, so that clearing keeps it, or lets it go.
    pin_answer: PinAnswer {
        /// Which answer.
        answer: AnswerId,
        /// Pinned or not.
        pinned: bool,
    } -> (), reads [], writes [Conversation];

    /// Forgets all questions and answers that are not pinned. Gives how many.
    clear_conversation: ClearConversation {} -> u64, reads [], writes [Conversation];

    /// Makes one look-up of a kept answer again, by the same call: what it gives now. Changes nothing.
    repeat_assistant_step: RepeatAssistantStep {
        /// Which answer.
        answer: AnswerId,
        /// The step's place, from 0.
        step: u32,
    } -> RepeatedStep, reads [], writes [];

    /// The questions that are understood without a model, with names of this workspace.
    list_assistant_questions: ListAssistantQuestions {} -> Vec<AssistantQuestion>, reads [Products, Offers], writes [];

    /// Stops a question that is being answered. Gives whether it was.
    cancel_assistant: CancelAssistant {
        /// As the question named itself.
        ticket: String,
    } -> bool, reads [], writes [];

    /// Which model answers, within which bounds, and what it has used this month.
    get_model_settings: GetModelSettings {} -> ModelSettingsView, reads [Settings, Conversation], writes [];

    /// Chooses who answers and within which bounds. An address elsewhere is refused while “local only” is on.
    save_model_settings: SaveModelSettings {
        /// The settings.
        settings: ModelSettings,
    } -> ModelSettingsView, reads [], writes [Settings, Changes];

    /// Keeps the key for the address of the settings, in the system's keychain; an empty one forgets it.
    set_model_key: SetModelKey {
        /// The key. It is never shown again.
        key: String,
    } -> ModelSettingsView, reads [], writes [Settings];

    /// Asks the server of these settings for its models, with the kept key.
    test_model: TestModel {
        /// The settings to try; they need not be saved.
        settings: ModelSettings,
    } -> ModelTest, reads [], writes [];

    /// Looks for servers with models at the usual places on this machine.
    find_local_models: FindLocalModels {} -> Vec<LocalModelServer>, reads [], writes [];

    /// The tools that a model or another assistant can call. None of them commits.
    list_assistant_tools: ListAssistantTools {} -> Vec<AssistantTool>, reads [], writes [];

    /// Calls a tool for another assistant. What it drafts is kept in the conversation, for the person to apply.
    call_assistant_tool: CallAssistantTool {
        /// Its name.
        tool: String,
        /// By its schema.
        arguments: serde_json::Value,
    } -> AssistantToolResult, reads [], writes [Conversation];
}
