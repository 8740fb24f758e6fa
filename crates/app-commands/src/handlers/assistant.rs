//! The assistant, its models and its tools.

use app_contract::{
    AskAssistant, AssistantCommands, AssistantQuestion, AssistantTool, AssistantToolResult, AssistantTurn,
    CallAssistantTool, CancelAssistant, ClearConversation, CommandError, FindLocalModels, GetModelSettings,
    ListAssistantQuestions, ListAssistantTools, ListConversation, LocalModelServer, ModelSettingsView, ModelTest,
    PinAnswer, RepeatAssistantStep, RepeatedStep, SaveModelSettings, SetModelKey, TestModel,
};

use crate::errors::crossing;
use crate::host::Host;

impl AssistantCommands for Host {
    async fn ask_assistant(&self, request: AskAssistant) -> Result<AssistantTurn, CommandError> {
        self.answer_question(request).await
    }

    async fn list_conversation(&self, request: ListConversation) -> Result<Vec<AssistantTurn>, CommandError> {
        self.workspace().await?.conversation(request.limit).await.map_err(crossing)
    }

    async fn pin_answer(&self, request: PinAnswer) -> Result<(), CommandError> {
        self.workspace().await?.pin_answer(request.answer, request.pinned).await.map_err(crossing)
    }

    async fn clear_conversation(&self, _: ClearConversation) -> Result<u64, CommandError> {
        self.workspace().await?.clear_conversation().await.map_err(crossing)
    }

    async fn repeat_assistant_step(&self, request: RepeatAssistantStep) -> Result<RepeatedStep, CommandError> {
        let workspace = self.workspace().await?;
        let turn = workspace.kept_turn(request.answer).await.map_err(crossing)?;
        // Of a file that is not known any more, its step says so.
        let file = turn.answer.file.as_ref().and_then(|file| self.attached_file(file.id).ok());
        let repeated = pricing_assistant::repeat_step(&workspace, &turn, request.step, file.as_ref());
        Box::pin(repeated).await.map_err(crossing)
    }

    async fn list_assistant_questions(
        &self,
        _: ListAssistantQuestions,
    ) -> Result<Vec<AssistantQuestion>, CommandError> {
        pricing_assistant::questions(&self.workspace().await?).await.map_err(crossing)
    }

    async fn cancel_assistant(&self, request: CancelAssistant) -> Result<bool, CommandError> {
        Ok(self.questions().cancel(&request.ticket))
    }

    async fn get_model_settings(&self, _: GetModelSettings) -> Result<ModelSettingsView, CommandError> {
        self.model_settings_view().await
    }

    async fn save_model_settings(&self, request: SaveModelSettings) -> Result<ModelSettingsView, CommandError> {
        self.keep_model_settings(&request.settings).await?;
        self.model_settings_view().await
    }

    async fn set_model_key(&self, request: SetModelKey) -> Result<ModelSettingsView, CommandError> {
        self.keep_model_key(request.key).await?;
        self.model_settings_view().await
    }

    async fn test_model(&self, request: TestModel) -> Result<ModelTest, CommandError> {
        self.try_model(&request.settings).await
    }

    async fn find_local_models(&self, _: FindLocalModels) -> Result<Vec<LocalModelServer>, CommandError> {
        Ok(pricing_assistant::find_local_servers().await)
    }

    async fn list_assistant_tools(&self, _: ListAssistantTools) -> Result<Vec<AssistantTool>, CommandError> {
        Ok(pricing_assistant::tools())
    }

    async fn call_assistant_tool(&self, request: CallAssistantTool) -> Result<AssistantToolResult, CommandError> {
        self.call_tool(&request.tool, &request.arguments).await
    }
}
