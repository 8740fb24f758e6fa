//! A single look-up of a kept answer, made again.

use std::sync::Arc;

use app_contract::{AnswerBlock, AnswerOutcome, AssistantAnswer, AssistantTurn, FigureSource, RepeatedStep, StepCall};
use pricing_operations::{OperationError, Workspace};
use question_grammar::{Intent, Language};

use crate::answers::respond_to;
use crate::attached::{AttachedFile, FileInHand};
use crate::composer::Composer;
use crate::tools::{perform, read};

/// The name that a reading's steps are made by.
pub(crate) const ADVISOR: &str = "advisor";

/// Makes one step of an answer again by its call, of the workspace as it is now. Nothing is written or kept.
///
/// `file`: the one that the person had chosen, where it is still known.
///
/// Errors: not found where the answer has no such step; refused where it cannot be made again.
pub async fn repeat_step(
    workspace: &Workspace,
    turn: &AssistantTurn,
    step: u32,
    file: Option<&AttachedFile>,
) -> Result<RepeatedStep, OperationError> {
    let gone = || OperationError::not_found("This answer has no such step.");
    let kept = turn.answer.steps.get(step as usize).ok_or_else(gone)?;
    let Some(call) = &kept.call else {
        return Err(OperationError::refused("This step cannot be run again alone; ask the question again."));
    };
    let language = if turn.answer.language == "de" { Language::German } else { Language::English };
    let snapshot = workspace.snapshot().await?;
    let list = snapshot.lists.iter().position(|list| list.code == call.price_list);
    let list = list.ok_or_else(|| OperationError::refused("The price list of this step is gone."))?;
    let mut composer = Composer::new(workspace, snapshot, list, language, &turn.question);
    if let Some(file) = file {
        composer.file = Some(Arc::new(Box::pin(FileInHand::read(workspace, file, &[&turn.question])).await?));
    }
    make(&mut composer, call).await?;
    let answer = composer.finish(&turn.answer.intent, turn.answer.understood.clone());
    let place = call.place as usize;
    if answer.steps.get(place).is_none_or(|again| again.tool != kept.tool) {
        return Err(OperationError::refused("The workspace has changed so that this step is not made any more."));
    }
    Ok(RepeatedStep { rows_then: kept.rows, place: call.place, answer: of_step(answer, call.place) })
}

async fn make(composer: &mut Composer<'_>, call: &StepCall) -> Result<(), OperationError> {
    let unreadable = || OperationError::refused("Another version made this step; ask the question again.");
    composer.begin_call(&call.tool, call.arguments.clone());
    if call.tool == ADVISOR {
        let intent: Intent = serde_json::from_value(call.arguments.clone()).map_err(|_| unreadable())?;
        return Box::pin(respond_to(composer, intent)).await;
    }
    let (asked, _) = read(&call.tool, &call.arguments, &composer.snapshot).map_err(OperationError::refused)?;
    Box::pin(perform(composer, asked, true)).await.map(|_| ())
}

/// Only what rests on one step.
fn of_step(answer: AssistantAnswer, step: u32) -> AssistantAnswer {
    let rests = |block: &AnswerBlock| match block {
        AnswerBlock::Text(spans) => spans.iter().any(|span| span.source == Some(FigureSource::Step(step))),
        AnswerBlock::Table(table) => table.step == step,
        AnswerBlock::Chart(chart) => chart.step == step,
        AnswerBlock::Card(_) => false,
    };
    let blocks = answer.blocks.into_iter().filter(rests).collect();
    AssistantAnswer { blocks, suggestions: Vec::new(), outcome: AnswerOutcome::Answered, ..answer }
}
