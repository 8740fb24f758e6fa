//! The interface: pages made of features, features made of components, and one door to the host.

mod app;
mod appearance;
mod backend;
mod components;
mod features;
mod formats;
mod freshness;
mod pages;
mod reads;
mod routes;
mod session;
mod storage;
mod words;
mod writes;

use std::panic;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Tells the page of a fault as if it had been thrown: `start.js` shows it.
    #[wasm_bindgen(js_name = reportError)]
    fn report_error(error: &js_sys::Error);
}

fn main() {
    panic::set_hook(Box::new(|panic| report_error(&js_sys::Error::new(&panic.to_string()))));
    leptos::mount::mount_to_body(app::App);
}
