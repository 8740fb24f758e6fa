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

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
