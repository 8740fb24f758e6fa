//! The host as the desktop window offers it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use app_contract::{CommandError, EventEnvelope, FileRef};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use serde::Deserialize;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::json::from_text;
use super::{SavedFile, fault};

/// Whether this page runs in the desktop window.
pub fn present() -> bool {
    internals().is_some()
}

fn internals() -> Option<JsValue> {
    let window = web_sys::window()?;
    let internals = Reflect::get(&window, &"__TAURI_INTERNALS__".into()).ok()?;
    (!internals.is_undefined()).then_some(internals)
}

/// Runs a command; payload and answer are JSON.
pub async fn run(name: &str, payload: &str) -> Result<String, CommandError> {
    let payload = JSON::parse(payload).map_err(|error| fault(name, &error))?;
    let arguments = object(&[("name", &name.into()), ("payload", &payload)]);
    text_of(&invoke("run_command", &arguments).await?)
}

/// Opens the native dialog to pick a file.
pub async fn pick_file(purpose: &str) -> Result<Option<FileRef>, CommandError> {
    let answer = invoke("pick_file", &object(&[("purpose", &purpose.into())])).await?;
    from_text(&text_of(&answer)?).map_err(|error| CommandError::fault(error.to_string()))
}

/// Opens the native dialog to save a file.
pub async fn save_file(file: &FileRef) -> Result<SavedFile, CommandError> {
    let arguments = object(&[("id", &file.id.to_string().into()), ("name", &file.name.as_str().into())]);
    let answer = invoke("save_file", &arguments).await?;
    Ok(answer.as_string().map_or(SavedFile::NotSaved, SavedFile::At))
}

/// Hears events through a channel of the window. The channel numbers its messages; they are put in order.
pub fn listen(heard: Rc<dyn Fn(EventEnvelope)>) {
    let Some(internals) = internals() else { return };
    let arrived = RefCell::new(Arrivals::default());
    let on_message = Closure::<dyn Fn(JsValue)>::new(move |raw: JsValue| {
        let Some(message) = text_of(&raw).ok().and_then(|text| from_text::<Message>(&text).ok()) else {
            return;
        };
        let ready = arrived.borrow_mut().take(message);
        ready.into_iter().for_each(|envelope| heard(envelope));
    });
    let Ok(transform) = method(&internals, "transformCallback") else { return };
    let Ok(id) = transform.call2(&internals, on_message.as_ref(), &JsValue::FALSE) else { return };
    on_message.forget();
    let channel = format!("__CHANNEL__:{}", id.as_f64().unwrap_or_default());
    spawn_local(async move {
        if let Err(error) = invoke("listen_events", &object(&[("channel", &channel.into())])).await {
            leptos::logging::error!("{error}");
        }
    });
}

#[derive(Deserialize)]
struct Message {
    index: u64,
    message: Option<EventEnvelope>,
}

#[derive(Default)]
struct Arrivals {
    next: u64,
    waiting: BTreeMap<u64, EventEnvelope>,
}

impl Arrivals {
    fn take(&mut self, message: Message) -> Vec<EventEnvelope> {
        if let Some(envelope) = message.message {
            self.waiting.insert(message.index, envelope);
        }
        let mut ready = Vec::new();
        while let Some(envelope) = self.waiting.remove(&self.next) {
            ready.push(envelope);
            self.next += 1;
        }
        ready
    }
}

async fn invoke(name: &str, arguments: &Object) -> Result<JsValue, CommandError> {
    let internals = internals().ok_or_else(|| CommandError::fault("the window has no host"))?;
    let invoke = method(&internals, "invoke")?;
    let promise = invoke.call2(&internals, &name.into(), arguments).map_err(|error| fault(name, &error))?;
    JsFuture::from(Promise::resolve(&promise)).await.map_err(|refusal| {
        let told = text_of(&refusal).ok().and_then(|text| from_text(&text).ok());
        told.unwrap_or_else(|| fault(name, &refusal))
    })
}

fn method(of: &JsValue, name: &str) -> Result<Function, CommandError> {
    let value = Reflect::get(of, &name.into()).map_err(|error| fault(name, &error))?;
    value.dyn_into().map_err(|value| fault(name, &value))
}

fn object(entries: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &(*name).into(), value).expect("a plain object takes properties");
    }
    object
}

fn text_of(value: &JsValue) -> Result<String, CommandError> {
    let text = JSON::stringify(value).map_err(|error| fault("answer", &error))?;
    Ok(text.as_string().unwrap_or_else(|| "null".to_owned()))
}

#[cfg(test)]
mod tests {
    use app_contract::{Event, EventEnvelope};

    use super::{Arrivals, Message};

    fn message(index: u64) -> Message {
        let envelope = EventEnvelope { sequence: index + 10, event: Event::Stale { tags: vec![] } };
        Message { index, message: Some(envelope) }
    }

    #[test]
    fn messages_out_of_order_wait_for_those_before_them() {
        let mut arrivals = Arrivals::default();
        assert_eq!(arrivals.take(message(1)), vec![]);
        let ready: Vec<u64> = arrivals.take(message(0)).into_iter().map(|envelope| envelope.sequence).collect();
        assert_eq!(ready, [10, 11]);
    }
}
