//! The conversation of one turn, and how it is kept within a model's window.

use crate::models::{CallResult, Message, ToolCall};

/// Bytes that a token is counted as; low, so that nothing is cut at the server.
const BYTES_PER_TOKEN: usize = 3;

/// What was said in this turn.
pub(super) struct Talk {
    messages: Vec<Message>,
}

impl Talk {
    /// The question, what is on the screen, and the questions before.
    pub(super) fn begin(question: &str, on_screen: Option<&str>, earlier: &[String]) -> Self {
        let mut text = String::new();
        if !earlier.is_empty() {
            text.push_str("Earlier questions of mine, oldest first, for what “it” or “there” may mean:\n");
            earlier.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
        }
        if let Some(sku) = on_screen {
            text.push_str(&format!("On my screen is the product {sku}.\n"));
        }
        text.push_str(&format!("My question: {question}"));
        Self { messages: vec![Message::Person(text)] }
    }

    /// What the first message holds, in bytes.
    pub(super) fn question_bytes(&self) -> usize {
        self.messages.first().map_or(0, bytes)
    }

    /// Tells the model what was wrong with what it wrote.
    pub(super) fn mend(&mut self, written: &str, wrong: &str) {
        if !written.trim().is_empty() {
            let text = written.chars().take(2_000).collect();
            self.messages.push(Message::Model { text, calls: Vec::new() });
        }
        self.messages.push(Message::Person(wrong.to_owned()));
    }

    /// Adds calls with what they gave.
    pub(super) fn called(&mut self, text: String, calls: Vec<ToolCall>, results: Vec<(String, bool)>, enveloped: bool) {
        if enveloped {
            let call = calls.first().map(|call| {
                let arguments = serde_json::from_str(&call.arguments).unwrap_or(serde_json::Value::Null);
                serde_json::json!({ "tool": call.name, "arguments": arguments, "text": "" }).to_string()
            });
            self.messages.push(Message::Model { text: call.unwrap_or_default(), calls: Vec::new() });
            let told = results.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join("\n");
            self.messages.push(Message::Person(told));
            return;
        }
        let results = calls
            .iter()
            .zip(results)
            .map(|(call, (text, failed))| CallResult { id: call.id.clone(), text, failed })
            .collect();
        self.messages.push(Message::Model { text, calls });
        self.messages.push(Message::Results(results));
    }

    /// The messages with the oldest results shortened until they fit beside the prompt and an answer.
    pub(super) fn fitting(&self, context_tokens: u32, prompt_bytes: usize) -> Vec<Message> {
        let mut messages = self.messages.clone();
        let room = (context_tokens as usize * 3 / 4 * BYTES_PER_TOKEN).saturating_sub(prompt_bytes);
        let mut taken: usize = messages.iter().map(bytes).sum();
        for message in messages.iter_mut().skip(1) {
            if taken <= room {
                break;
            }
            let before = bytes(message);
            shorten(message);
            taken = taken - before + bytes(message);
        }
        messages
    }
}

fn bytes(message: &Message) -> usize {
    match message {
        Message::Person(text) => text.len(),
        Message::Model { text, calls } => {
            text.len() + calls.iter().map(|call| call.name.len() + call.arguments.len()).sum::<usize>()
        }
        Message::Results(results) => results.iter().map(|result| result.text.len()).sum(),
    }
}

fn shorten(message: &mut Message) {
    const SHORT: usize = 200;
    const MARK: &str = " … (shortened)";
    let cut = |text: &mut String| {
        if text.len() > SHORT + MARK.len() {
            let end = (0..=SHORT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            text.truncate(end);
            text.push_str(MARK);
        }
    };
    match message {
        Message::Person(text) | Message::Model { text, .. } => cut(text),
        Message::Results(results) => results.iter_mut().for_each(|result| cut(&mut result.text)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Talk, bytes};
    use crate::models::{Message, ToolCall};

    #[test]
    fn old_results_are_shortened_and_the_question_and_the_newest_stay() {
        let mut talk = Talk::begin("What needs me?", None, &[]);
        for (place, letter) in ["a", "b", "c"].into_iter().enumerate() {
            let call = ToolCall { id: place.to_string(), name: "get_summary".into(), arguments: "{}".into() };
            talk.called(String::new(), vec![call], vec![(letter.repeat(2_000), false)], false);
        }
        let fitting = talk.fitting(2_048, 1_000);
        let taken: usize = fitting.iter().map(bytes).sum();
        assert!(taken <= 2_048 * 3 / 4 * 3 - 1_000, "{taken} bytes");
        assert!(matches!(&fitting[0], Message::Person(text) if text.ends_with("What needs me?")));
        let Message::Results(newest) = &fitting[6] else { panic!("the newest result") };
        assert_eq!(newest[0].text.len(), 2_000);
        assert!(talk.fitting(100_000, 1_000).iter().map(bytes).sum::<usize>() > 6_000);
    }
}
