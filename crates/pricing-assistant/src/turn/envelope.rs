//! Calls in a JSON envelope, for models whose own tool calls are not reliable, and the repair of what they write.

use serde_json::{Value, json};

use crate::models::ToolCall;
use crate::tools::{Offered, names};

/// In place of a tool's name: the text is the answer.
const ANSWER: &str = "answer";
/// Deepest nesting that is mended.
const DEEPEST: usize = 24;

/// The schema of the envelope.
pub(super) fn schema(offered: Offered, may_call: bool) -> Value {
    let mut tools: Vec<&str> = vec![ANSWER];
    if may_call {
        tools.extend(names(offered));
    }
    json!({
        "type": "object",
        "properties": {
            "tool": { "type": "string", "enum": tools },
            "arguments": { "type": "object" },
            "text": { "type": "string" },
        },
        "required": ["tool", "arguments", "text"],
        "additionalProperties": false,
    })
}

/// What an envelope holds: the answer's text, or a call. Errors are for the model.
pub(super) fn open(written: &str) -> Result<(String, Vec<ToolCall>), String> {
    const SHAPE: &str = "Write one JSON object: {\"tool\": …, \"arguments\": {…}, \"text\": …}, and nothing else.";
    let read = loose_json(written).ok_or_else(|| format!("That was no JSON object. {SHAPE}"))?;
    let text = |name: &str| read[name].as_str().unwrap_or_default().trim().to_owned();
    // Names that models use for the same things.
    let tool = ["tool", "name", "function"].into_iter().map(&text).find(|name| !name.is_empty()).unwrap_or_default();
    let said = ["text", "answer", "content"].into_iter().map(&text).find(|said| !said.is_empty()).unwrap_or_default();
    if tool.is_empty() || tool == ANSWER {
        return match said.as_str() {
            "" => Err(format!("The text was empty. {SHAPE}")),
            _ => Ok((said, Vec::new())),
        };
    }
    let arguments = ["arguments", "parameters", "args"].into_iter().map(|name| &read[name]);
    let arguments = arguments.into_iter().find(|value| !value.is_null()).cloned().unwrap_or_else(|| json!({}));
    let call = ToolCall { id: "call_1".to_owned(), name: tool, arguments: arguments.to_string() };
    Ok((String::new(), vec![call]))
}

/// The first JSON object of a text: in a code fence, with words around it, with a comma too many, or cut at its end.
pub(super) fn loose_json(written: &str) -> Option<Value> {
    let start = written.find('{')?;
    let object = |text: &str| serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
    if let Some(Ok(first)) = serde_json::Deserializer::from_str(&written[start..]).into_iter::<Value>().next() {
        return Some(first).filter(Value::is_object);
    }
    object(&mended(&written[start..])?)
}

/// Without commas before a closing bracket, and with what was left open closed.
fn mended(text: &str) -> Option<String> {
    let mut mended = String::with_capacity(text.len() + 8);
    let (mut open, mut in_text, mut escaped) = (Vec::new(), false, false);
    for letter in text.chars() {
        if in_text {
            mended.push(if matches!(letter, '\n' | '\r' | '\t') { ' ' } else { letter });
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match letter {
            '"' => in_text = true,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                while mended.trim_end().ends_with(',') {
                    mended.truncate(mended.trim_end().len() - 1);
                }
                if open.pop() != Some(letter) {
                    return None;
                }
            }
            _ => {}
        }
        mended.push(letter);
        if open.len() > DEEPEST {
            return None;
        }
        if open.is_empty() {
            return Some(mended);
        }
    }
    if escaped {
        mended.pop();
    }
    if in_text {
        mended.push('"');
    }
    let kept = mended.trim_end().trim_end_matches(',').len();
    mended.truncate(kept);
    if mended.ends_with(':') {
        mended.push_str("null");
    }
    mended.extend(open.into_iter().rev());
    Some(mended)
}

/// The answer's text of an envelope that is still being written.
pub(super) fn text_so_far(written: &str) -> Option<String> {
    let tool = after_key(written, "tool")?;
    let is_answer = tool.strip_prefix('"')?.starts_with("answer\"");
    let text = after_key(written, "text").filter(|_| is_answer)?.strip_prefix('"')?;
    let mut said = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => match letters.next()? {
                'n' => said.push('\n'),
                't' => said.push('\t'),
                'u' => {
                    let code: String = letters.by_ref().take(4).collect();
                    if code.len() < 4 {
                        return None;
                    }
                    said.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or(' '));
                }
                other => said.push(other),
            },
            other => said.push(other),
        }
    }
    Some(said)
}

fn after_key<'t>(written: &'t str, key: &str) -> Option<&'t str> {
    let quoted = format!("\"{key}\"");
    let rest = &written[written.find(&quoted)? + quoted.len()..];
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

#[cfg(test)]
mod tests {
    use super::{loose_json, open, text_so_far};

    #[test]
    fn envelopes_are_read_as_models_write_them() {
        for written in [
            r#"{"tool":"get_summary","arguments":{},"text":""}"#,
            "Sure! Here it is:\n```json\n{\"tool\": \"get_summary\", \"arguments\": {},}\n```",
            r#"{"name":"get_summary","parameters":{}}"#,
            r#"{"tool":"get_summary","arguments":{"#,
            r#"{"tool":"get_summary","text":"let me"#,
        ] {
            let (_, calls) = open(written).expect(written);
            assert_eq!(calls[0].name, "get_summary", "{written}");
        }
        assert_eq!(
            open(r#"{"tool":"answer","arguments":{},"text":"12 products."}"#).expect("an answer").0,
            "12 products."
        );
        for wrong in ["", "I cannot do that.", "[1, 2]", r#"{"tool":"answer","text":""}"#, "{]"] {
            assert!(open(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn arguments_that_are_cut_or_loose_are_mended_and_others_refused() {
        assert_eq!(loose_json(r#"{"sku": "A-1", "#).expect("cut")["sku"], "A-1");
        assert_eq!(loose_json(r#"{"sku": "A-1",}"#).expect("a comma too many")["sku"], "A-1");
        assert_eq!(loose_json(r#"{"sku":"#).expect("cut before the value")["sku"], serde_json::Value::Null);
        assert!(loose_json("sku=A-1").is_none());
        assert!(loose_json(&"{\"a\":".repeat(10_000)).is_none(), "nesting has an end");
    }

    #[test]
    fn an_answer_is_heard_while_it_is_written() {
        assert_eq!(
            text_so_far(r#"{"tool":"answer","arguments":{},"text":"We are \"chea"#).as_deref(),
            Some("We are \"chea")
        );
        assert_eq!(text_so_far(r#"{"tool":"get_summary","arguments":{},"text":"x"#), None);
        assert_eq!(text_so_far(r#"{"tool":"ans"#), None);
    }
}
