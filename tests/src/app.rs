//! The interface as a person meets it: looks at elements until they are there, and acts on them.
//!
//! Everything waits by looking again; nothing waits for a fixed time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Key, WebDriver, WebElement};

/// How long anything may take to appear.
const LIMIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(40);

/// The interface in some window.
pub struct App {
    driver: WebDriver,
}

impl App {
    pub(crate) fn new(driver: WebDriver) -> Self {
        Self { driver }
    }

    /// The session behind it.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Looks again until `probe` gives a value. Elements that vanish meanwhile count as not there yet.
    pub async fn wait<T>(&self, what: &str, probe: impl AsyncFn() -> WebDriverResult<Option<T>>) -> Result<T> {
        let started = Instant::now();
        loop {
            let outcome = probe().await;
            if let Ok(Some(value)) = outcome {
                return Ok(value);
            }
            if started.elapsed() > LIMIT {
                match outcome {
                    Err(error) => return Err(error).with_context(|| format!("waited for {what}")),
                    Ok(_) => bail!("waited {} s for {what}", LIMIT.as_secs()),
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits for a visible element with a test id.
    pub async fn see(&self, testid: &str) -> Result<WebElement> {
        self.see_css(&selector(testid)).await
    }

    /// Waits for a visible element.
    pub async fn see_css(&self, css: &str) -> Result<WebElement> {
        self.wait(&format!("{css} to be visible"), async || {
            for element in self.driver.find_all(By::Css(css)).await? {
                if element.is_displayed().await? {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits until no element with a test id is visible.
    pub async fn gone(&self, testid: &str) -> Result<()> {
        let css = selector(testid);
        self.wait(&format!("{css} to go"), async || {
            for element in self.driver.find_all(By::Css(css.as_str())).await? {
                if element.is_displayed().await? {
                    return Ok(None);
                }
            }
            Ok(Some(()))
        })
        .await
    }

    /// Clicks the element with a test id once it takes a click.
    pub async fn click(&self, testid: &str) -> Result<()> {
        self.click_css(&selector(testid)).await
    }

    /// Clicks an element once it takes a click.
    pub async fn click_css(&self, css: &str) -> Result<()> {
        self.wait(&format!("{css} to take a click"), async || {
            let element = self.driver.find(By::Css(css)).await?;
            if !element.is_enabled().await? {
                return Ok(None);
            }
            element.click().await.map(Some)
        })
        .await
    }

    /// Replaces what an input holds.
    pub async fn fill(&self, testid: &str, text: &str) -> Result<()> {
        let css = selector(testid);
        self.wait(&format!("{css} to take text"), async || {
            let input = self.driver.find(By::Css(css.as_str())).await?;
            // As a person does it: select what is there and type over it.
            input.send_keys(Key::Control + "a").await?;
            input.send_keys(text).await.map(Some)
        })
        .await
    }

    /// Presses keys where the focus is.
    pub async fn press(&self, keys: impl AsRef<str>) -> Result<()> {
        let focused = self.driver.active_element().await.context("finding the focus")?;
        focused.send_keys(keys.as_ref()).await.context("pressing keys")
    }

    /// Presses Escape where the focus is.
    pub async fn escape(&self) -> Result<()> {
        self.press(char::from(Key::Escape).to_string()).await
    }

    /// The text of a visible element with a test id.
    pub async fn text(&self, testid: &str) -> Result<String> {
        let css = selector(testid);
        self.see_css(&css).await?;
        self.wait(&format!("the text of {css}"), async || {
            self.driver.find(By::Css(css.as_str())).await?.text().await.map(Some)
        })
        .await
    }

    /// Waits until the text of an element fulfils a condition, and gives the text.
    pub async fn text_that(&self, testid: &str, condition: impl Fn(&str) -> bool) -> Result<String> {
        let css = selector(testid);
        let last = std::cell::RefCell::new(String::new());
        self.wait(&format!("{css} to say what is expected"), async || {
            let text = self.driver.find(By::Css(css.as_str())).await?.text().await?;
            let holds = condition(&text);
            last.replace(text.clone());
            Ok(holds.then_some(text))
        })
        .await
        .with_context(|| format!("{css} says “{}”", last.borrow()))
    }

    /// How many elements there are now.
    pub async fn count(&self, css: &str) -> Result<usize> {
        Ok(self.driver.find_all(By::Css(css)).await.context("counting elements")?.len())
    }

    /// The texts or attributes that a script gives; see [`App::script`].
    pub async fn strings(&self, script: &str) -> Result<Vec<String>> {
        let value = self.script(script).await?;
        serde_json::from_value(value).context("the script gives a list of texts")
    }

    /// Runs a script in the page and gives what it returns.
    pub async fn script(&self, script: &str) -> Result<Value> {
        let answer = self.driver.execute(script, Vec::new()).await.context("running a script in the page")?;
        Ok(answer.json().clone())
    }
}

/// The selector of a test id.
pub(crate) fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}
