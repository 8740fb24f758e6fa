//! Asking with patience: what is temporary is asked again after a pause, and silence has an end.

use std::time::Duration;

use super::{Completion, LanguageModel, ModelError, ModelRequest};

/// Further attempts after the first.
const AGAIN: u32 = 2;
const FIRST_PAUSE: Duration = Duration::from_millis(400);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// What is heard while a model answers.
pub(crate) enum Heard<'a> {
    /// More text.
    Text(&'a str),
    /// The text so far is void: a new attempt begins.
    Again,
}

/// Completes a conversation, with further attempts where the failure is temporary.
pub(crate) async fn ask(
    model: &dyn LanguageModel,
    request: &ModelRequest<'_>,
    hear: &mut (dyn FnMut(Heard<'_>) + Send),
) -> Result<Completion, ModelError> {
    let mut pause = FIRST_PAUSE;
    for attempt in 0.. {
        let mut text = |piece: &str| hear(Heard::Text(piece));
        match model.complete(request, &mut text).await {
            Err(error) if error.is_temporary() && attempt < AGAIN => {
                hear(Heard::Again);
                let asked = match error {
                    ModelError::Busy(after) => after,
                    _ => None,
                };
                tokio::time::sleep(asked.unwrap_or(pause).min(LONGEST_PAUSE)).await;
                pause *= 3;
            }
            ended => return ended,
        }
    }
    Err(ModelError::Unreachable)
}
