//! Where the application keeps workspaces and logs when nobody says otherwise.

use std::path::PathBuf;

/// (data folder, log folder) by the operating system's convention; `OMNIPRICEX_DATA_DIR` overrides both.
pub fn default_folders() -> (PathBuf, PathBuf) {
    if let Some(folder) = std::env::var_os("OMNIPRICEX_DATA_DIR") {
        let folder = PathBuf::from(folder);
        return (folder.clone(), folder.join("logs"));
    }
    match directories::ProjectDirs::from("com", "OmniPriceX", "OmniPriceX") {
        Some(folders) => {
            let data = folders.data_local_dir().to_owned();
            let logs = folders.state_dir().map_or_else(|| data.join("logs"), |state| state.join("logs"));
            (data, logs)
        }
        None => (PathBuf::from("omnipricex"), PathBuf::from("omnipricex/logs")),
    }
}
