//! Rules: the list, one rule as a form, and the effect while it is edited.

use anyhow::{Context, Result};

use crate::App;

/// The screen Rules.
pub struct RulesPage<'a>(&'a App);

impl<'a> RulesPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Waits until the effect is there, and gives its figures as text.
    pub async fn effect(&self) -> Result<String> {
        self.0.text_that("effect-figures", |text| text.contains("Raised")).await
    }

    /// Waits until the effect is another one than `before`.
    pub async fn effect_other_than(&self, before: &str) -> Result<String> {
        self.0.text_that("effect-figures", |text| text.contains("Raised") && text != before).await
    }

    /// Adds a rule with a margin over cost for one brand, and moves it to the top with the keyboard.
    pub async fn add_margin_rule(&self, name: &str, brand: &str, percent: &str) -> Result<()> {
        let before = self.0.count("[data-testid=rule-line]").await?;
        self.0.click("add-rule").await?;
        self.0
            .wait("the new rule in the list", async || {
                Ok((self.0.count("[data-testid=rule-list] [data-testid=rule-line]").await.unwrap_or(0)
                    > before.min(999))
                .then_some(()))
            })
            .await?;
        self.0.fill("rule-name", name).await?;
        self.0.fill("scope-value", brand).await?;
        self.0.click("scope-add").await?;
        self.0.text_that("rule-form", |text| text.contains(brand)).await?;
        self.0.script("document.querySelector('[data-testid=strategy-kind]').focus(); return []").await?;
        self.0.press("Cost plus a margin").await?;
        self.0.fill("strategy-percent", percent).await
    }

    /// The names of the rules in their order.
    pub async fn names(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('[data-testid=rule-list] .rule-name')].map((e) => e.textContent.replace(/(off|check)+$/, ''))";
        self.0.strings(script).await
    }

    /// Moves the chosen rule one up.
    pub async fn move_up(&self) -> Result<()> {
        self.0.click_css("[data-testid=rule-form] .actions .button:first-child").await
    }

    /// Puts the rules on the desk in force.
    pub async fn put_in_force(&self) -> Result<()> {
        self.0.click("activate-rules").await?;
        self.0.text_that("rules-state", |text| text.starts_with("In force")).await.map(drop)
    }

    /// Writes the largest step down, and waits for what the rules say about it.
    pub async fn set_step_down(&self, percent: &str) -> Result<()> {
        self.0.click("rule-guardrails").await?;
        self.0.see("guardrail-form").await?;
        self.0.fill("step-down", percent).await
    }

    /// Waits for the contradictions of the rules.
    pub async fn problems(&self) -> Result<String> {
        self.0.text_that("rule-problems", |text| !text.is_empty()).await
    }

    /// Goes back to the rules in force.
    pub async fn discard(&self) -> Result<()> {
        self.0.click("discard-rules").await?;
        self.0.text_that("rules-state", |text| text.starts_with("In force")).await.map(drop)
    }

    /// The differences of the oldest version to the rules on the desk.
    pub async fn differences_to_the_first(&self) -> Result<String> {
        self.0.click("rule-versions").await?;
        self.0.click_css("[data-testid=rule-versions-list] .version:last-child .button").await?;
        let css = ".version:last-child .differences";
        self.0.see_css(css).await?.text().await.context("the differences")
    }
}
