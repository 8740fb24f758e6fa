//! Takes the pictures of the documentation in the real window: the sample's screens, and conversations with the
//! assistant, light and dark; in a browser those of a shop whose prices slip. `cargo xtask pictures` starts it.

mod conversations;
mod readings;
mod screens;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use journeys::{App, Start, in_browser, in_window};
use serde_json::Value;
use thirtyfour::By;

/// Takes the pictures of the documentation.
#[derive(Parser)]
struct Arguments {
    /// Where they go.
    #[arg(default_value = "docs/screenshots")]
    folder: PathBuf,
    /// Only those whose name begins so.
    #[arg(long, default_value = "")]
    only: String,
}

/// Takes pictures of what stands in a window.
struct Camera<'a> {
    app: &'a App,
    folder: &'a Path,
    only: &'a str,
}

impl Camera<'_> {
    /// Takes one picture in light and one in dark. What the screen shows must be there already.
    async fn take(&self, name: &str) -> Result<()> {
        if !name.starts_with(self.only) {
            return Ok(());
        }
        // What was clicked last would be shown as hovered; a move to where the pointer is thought to be is none.
        self.app.driver().action_chain().move_to(1, 1).move_to(0, 0).perform().await?;
        for theme in ["light", "dark"] {
            self.choose(theme).await?;
            let file = self.folder.join(format!("{name}-{theme}.png"));
            self.app.driver().screenshot(&file).await.with_context(|| format!("taking {}", file.display()))?;
            println!("{}", file.display());
        }
        self.choose("light").await
    }

    /// Goes to an address as a link does, and waits until the page there has loaded.
    async fn visit(&self, address: &str, page: &str) -> Result<()> {
        let follow = format!(
            "const link = document.createElement('a'); link.href = '{address}'; document.body.append(link); link.click();
             link.remove(); return 0"
        );
        self.app.script(&follow).await?;
        self.app.see(&format!("page-{page}")).await?;
        self.app
            .wait("the page to load", async || {
                Ok(self.app.driver().find_all(By::Css("[aria-busy=true]")).await?.is_empty().then_some(()))
            })
            .await
    }

    /// Changes the colours as another window of the same person would, and waits until everything is drawn in them.
    async fn choose(&self, theme: &str) -> Result<()> {
        const CHANGE: &str = "
            const [theme, done] = arguments;
            localStorage.setItem('theme', theme);
            window.dispatchEvent(new Event('storage'));
            document.activeElement?.blur();
            setTimeout(done, 1500);";
        self.app.driver().execute_async(CHANGE, vec![Value::from(theme)]).await.map(drop).context("changing the theme")
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { folder, only } = Arguments::parse();
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    in_browser("pictures-readings", async |browser| readings::take_all(browser, &folder, &only).await).await?;
    let start = || Start { arguments: vec!["--sample".to_owned()], ..Start::default() };
    in_window("pictures-screens", start(), async |desktop| {
        screens::take_all(&Camera { app: &desktop.app, folder: &folder, only: &only }).await
    })
    .await?;
    let picking = |name: &str, text: String| Start { picked: Some((name.to_owned(), text)), ..start() };
    in_window("pictures-import", picking("costs.csv", screens::costs()), async |desktop| {
        screens::take_import_preview(&Camera { app: &desktop.app, folder: &folder, only: &only }).await
    })
    .await?;
    in_window("pictures-mapping", picking("erp.csv", screens::erp_export()), async |desktop| {
        screens::take_mapping(&Camera { app: &desktop.app, folder: &folder, only: &only }).await
    })
    .await?;
    in_window("pictures-first-start", Start::default(), async |desktop| {
        screens::take_first_start(&Camera { app: &desktop.app, folder: &folder, only: &only }).await
    })
    .await?;
    in_window("pictures-conversations", start(), async |desktop| {
        conversations::take_all(&Camera { app: &desktop.app, folder: &folder, only: &only }).await
    })
    .await
}
