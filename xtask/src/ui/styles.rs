//! Joins the interface's style sheets to one: first the general ones from tokens to layout, then those that
//! lie beside their components, from the general tier to the particular one.

use super::freshness::files_below;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// General style sheets that come first, in this order; the others of the folder follow by name.
const FIRST: [&str; 5] = ["layers.css", "tokens.css", "reset.css", "base.css", "layout.css"];

/// Tiers of components; style sheets elsewhere follow by path.
const TIERS: [&str; 3] = ["components", "features", "pages"];

/// The text of all style sheets of the interface in their fixed order.
pub fn gather(ui: &Path) -> Result<String> {
    let mut sheets = Vec::new();
    for (folder, order) in [("styles", &FIRST[..]), ("src", &TIERS[..])] {
        let root = ui.join(folder);
        let mut files = if root.is_dir() { files_below(&root, "css")? } else { Vec::new() };
        files.sort_by_cached_key(|file| (position(file.strip_prefix(&root).unwrap_or(file), order), file.clone()));
        sheets.extend(files);
    }
    let mut text = String::new();
    for sheet in sheets {
        let css = fs::read_to_string(&sheet).with_context(|| format!("reading {}", sheet.display()))?;
        if css.contains("@import") {
            bail!("{}: @import has no effect inside a joined style sheet", sheet.display());
        }
        let name = sheet.strip_prefix(ui).unwrap_or(&sheet);
        text.push_str(&format!("/* {} */\n{}\n", name.display(), css.trim_end()));
    }
    Ok(text)
}

fn position(path: &Path, order: &[&str]) -> usize {
    let first = path.iter().next().unwrap_or_default();
    order.iter().position(|name| first == *name).unwrap_or(order.len())
}

#[cfg(test)]
mod tests {
    use super::gather;
    use std::fs;

    #[test]
    fn style_sheets_are_joined_from_general_to_particular() {
        let ui = tempfile::tempdir().expect("a temporary folder");
        for folder in ["styles", "src/pages", "src/components/grid", "src/features"] {
            fs::create_dir_all(ui.path().join(folder)).expect("created");
        }
        let files = [
            "src/pages/today.css",
            "styles/buttons.css",
            "src/components/grid/row.css",
            "src/features/explain.css",
            "styles/tokens.css",
            "styles/base.css",
        ];
        for file in files {
            fs::write(ui.path().join(file), format!(".x {{}} /* of {file} */")).expect("written");
        }
        let text = gather(ui.path()).expect("joined");
        let order: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once("of "))
            .map(|(_, name)| name.trim_end_matches(" */"))
            .collect();
        assert_eq!(
            order,
            [
                "styles/tokens.css",
                "styles/base.css",
                "styles/buttons.css",
                "src/components/grid/row.css",
                "src/features/explain.css",
                "src/pages/today.css",
            ]
        );
    }

    #[test]
    fn an_import_is_refused_because_it_would_be_ignored() {
        let ui = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(ui.path().join("styles")).expect("created");
        fs::write(ui.path().join("styles/base.css"), "@import 'other.css';").expect("written");
        assert!(gather(ui.path()).is_err());
    }
}
