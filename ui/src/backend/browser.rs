//! The host as a gateway of the same origin offers it: commands over HTTP, events as a stream, files by upload and
//! download.

use std::rc::Rc;

use app_contract::{CommandError, ErrorCode, EventEnvelope, FileRef};
use js_sys::Promise;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, EventSource, File, HtmlAnchorElement, HtmlInputElement, MessageEvent, Request, RequestInit, Response,
};

use super::json::from_text;
use super::{SavedFile, fault};

const FILE_INPUT: &str = "file-input";

/// Runs a command; payload and answer are JSON.
pub async fn run(name: &str, payload: String) -> Result<String, CommandError> {
    post(&format!("/v1/commands/{name}"), "application/json", &payload.into()).await
}

async fn post(address: &str, content_type: &str, body: &JsValue) -> Result<String, CommandError> {
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(body);
    let request = Request::new_with_str_and_init(address, &options).map_err(|error| fault(address, &error))?;
    request.headers().set("content-type", content_type).map_err(|error| fault(address, &error))?;
    let answer = JsFuture::from(window()?.fetch_with_request(&request)).await.map_err(|_| unreachable_host())?;
    let response: Response = answer.dyn_into().map_err(|value| fault(address, &value))?;
    let text = response.text().map_err(|error| fault(address, &error))?;
    let text = JsFuture::from(text).await.map_err(|_| unreachable_host())?.as_string().unwrap_or_default();
    if response.ok() {
        return Ok(text);
    }
    Err(from_text(&text).unwrap_or_else(|_| refused(response.status())))
}

fn unreachable_host() -> CommandError {
    let message = "The program behind this page does not answer. Start it again and reload the page.";
    CommandError::new(ErrorCode::Offline, message)
}

fn refused(status: u16) -> CommandError {
    let message = match status {
        401 | 403 => "This page is no longer signed in. Open the address that the program prints at its start.".into(),
        _ => format!("The program behind this page answered with status {status}. Reload the page."),
    };
    CommandError::new(ErrorCode::NotPermitted, message)
}

/// Lets a person choose a file and sends it to the host.
pub async fn pick_file() -> Result<Option<FileRef>, CommandError> {
    let input = new_file_input(&document()?)?;
    let chosen = Promise::new(&mut |resolve, _| {
        let on_change = Closure::once_into_js(move || resolve.call0(&JsValue::NULL).ok());
        for event in ["change", "cancel"] {
            input
                .add_event_listener_with_callback(event, on_change.unchecked_ref())
                .expect("an element takes listeners");
        }
        input.click();
    });
    JsFuture::from(chosen).await.map_err(|error| fault("choosing a file", &error))?;
    let file = input.files().and_then(|files| files.get(0));
    input.remove();
    match file {
        Some(file) => upload(&file).await.map(Some),
        None => Ok(None),
    }
}

async fn upload(file: &File) -> Result<FileRef, CommandError> {
    let name = js_sys::encode_uri_component(&file.name());
    let answer = post(&format!("/v1/uploads?name={name}"), "application/octet-stream", file).await?;
    from_text(&answer).map_err(|error| CommandError::fault(error.to_string()))
}

/// The hidden file input. One that still waits belongs to a dialog that was closed without a word.
fn new_file_input(document: &Document) -> Result<HtmlInputElement, CommandError> {
    if let Some(waiting) = document.get_element_by_id(FILE_INPUT) {
        waiting.remove();
    }
    let element = document.create_element("input").map_err(|error| fault("file input", &error))?;
    let input: HtmlInputElement = element.dyn_into().map_err(|value| fault("file input", &value))?;
    input.set_id(FILE_INPUT);
    input.set_type("file");
    input.set_hidden(true);
    for (name, value) in [("data-testid", FILE_INPUT), ("aria-label", "File to read")] {
        input.set_attribute(name, value).map_err(|error| fault("file input", &error))?;
    }
    let body = document.body().ok_or_else(|| CommandError::fault("the page has no body"))?;
    body.append_child(&input).map_err(|error| fault("file input", &error))?;
    Ok(input)
}

/// Starts the browser's own download.
pub fn download(file: &FileRef) -> Result<SavedFile, CommandError> {
    let element = document()?.create_element("a").map_err(|error| fault("download", &error))?;
    let anchor: HtmlAnchorElement = element.dyn_into().map_err(|value| fault("download", &value))?;
    anchor.set_href(&format!("/v1/downloads/{}", file.id));
    anchor.set_download(&file.name);
    anchor.click();
    Ok(SavedFile::Downloading)
}

/// Hears events as a stream; the browser connects again by itself and names the last event it has.
pub fn listen(heard: Rc<dyn Fn(EventEnvelope)>) {
    let Ok(source) = EventSource::new("/v1/events") else { return };
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let envelope = message.data().as_string().and_then(|text| from_text(&text).ok());
        if let Some(envelope) = envelope {
            heard(envelope);
        }
    });
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    close_when_left(source);
}

/// A page that the browser keeps for “back” would hold its stream open, and browsers allow only a few to one host.
/// When such a page is shown again it starts anew.
fn close_when_left(source: EventSource) {
    let Ok(window) = window() else { return };
    let on_hide = Closure::<dyn Fn()>::new(move || source.close());
    let on_show = Closure::<dyn Fn(JsValue)>::new(|event: JsValue| {
        let kept = js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|kept| kept.is_truthy());
        if let (true, Some(window)) = (kept, web_sys::window()) {
            let _ = window.location().reload();
        }
    });
    for (name, listener) in [("pagehide", on_hide.as_ref()), ("pageshow", on_show.as_ref())] {
        window.add_event_listener_with_callback(name, listener.unchecked_ref()).expect("a window takes listeners");
    }
    on_hide.forget();
    on_show.forget();
}

fn window() -> Result<web_sys::Window, CommandError> {
    web_sys::window().ok_or_else(|| CommandError::fault("there is no window"))
}

fn document() -> Result<Document, CommandError> {
    window()?.document().ok_or_else(|| CommandError::fault("there is no page"))
}
