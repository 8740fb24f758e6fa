//! The window: it shows the built-in interface and cannot be led anywhere else.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Url, WebviewWindowBuilder};

use crate::arguments::Folders;

const MAIN: &str = "main";

/// Opens the window that the configuration describes.
pub(crate) fn open(app: &AppHandle, folders: &Folders) -> tauri::Result<()> {
    let window = app.config().app.windows.iter().find(|window| window.label == MAIN).expect("the configuration has it");
    let mut builder = WebviewWindowBuilder::from_config(app, window)?
        .on_navigation(is_interface)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    if folders.overridden {
        builder = builder.data_directory(folders.data.join("webview"));
    }
    builder.build()?;
    Ok(())
}

/// Brings the window to the front.
pub(crate) fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window cannot be brought to the front");
        }
    }
}

/// The interface's own origin: `tauri://localhost`, on Windows `http://tauri.localhost`.
fn is_interface(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_interface;

    #[test]
    fn only_the_built_in_interface_can_be_shown() {
        let allowed = |url: &str| is_interface(&url.parse().expect("a URL"));
        assert!(allowed("tauri://localhost/products?search=tv"));
        for foreign in [
            "https://shop.example/",
            "http://localhost/",
            "tauri://shop.example/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
        ] {
            assert!(!allowed(foreign), "{foreign}");
        }
    }
}
