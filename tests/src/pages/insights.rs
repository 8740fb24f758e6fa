//! Screens that look at the whole: figures of the market, scenarios, and the assistant beside any screen.

use anyhow::Result;
use thirtyfour::By;

use crate::App;

/// The screen Analytics.
pub struct AnalyticsPage<'a>(&'a App);

impl<'a> AnalyticsPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// The figures, once they are there.
    pub async fn figures(&self) -> Result<String> {
        self.0.text_that("market-figures", |text| text.contains("coverage")).await
    }

    /// The figures, once they are others.
    pub async fn figures_other_than(&self, before: &str) -> Result<String> {
        self.0.text_that("market-figures", |text| text.contains("coverage") && text != before).await
    }

    /// Waits for the pictures.
    pub async fn pictures(&self) -> Result<()> {
        self.0.see_css(".market-chart svg").await.map(drop)
    }

    /// Chooses a theme as another window would, and waits until the pictures are drawn in other colours.
    pub async fn redrawn_in(&self, theme: &str) -> Result<()> {
        const BACKDROP: &str = "return document.querySelector('.market-chart svg rect')?.getAttribute('fill') ?? null";
        let before = self.0.script(BACKDROP).await?;
        let choose = "localStorage.setItem('theme', 'THEME'); dispatchEvent(new Event('storage')); return 0";
        self.0.script(&choose.replace("THEME", theme)).await?;
        self.0
            .wait("pictures in the colours of the theme", async || {
                let now = self.0.driver().execute(BACKDROP, Vec::new()).await?;
                Ok((!now.json().is_null() && *now.json() != before).then_some(()))
            })
            .await
    }

    /// Narrows everything to a brand.
    pub async fn of_brand(&self, brand: &str) -> Result<()> {
        self.0.fill("market-brand", brand).await?;
        self.0.press("\u{e007}".to_owned()).await
    }
}

/// The screen Scenarios.
pub struct ScenariosPage<'a>(&'a App);

impl<'a> ScenariosPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// The plain answer, once it is there.
    pub async fn answer(&self) -> Result<String> {
        self.0.text_that("scenario-answer", |text| text.contains("margin")).await
    }

    /// Says by how much the first change is, and gives the answer to it.
    pub async fn by(&self, percent: &str, before: &str) -> Result<String> {
        self.0.fill("change-amount", percent).await?;
        self.0.text_that("scenario-answer", |text| text.contains("margin") && text != before).await
    }

    /// Keeps the scenario in the workspace, and gives the list of those that are kept.
    pub async fn keep(&self, name: &str) -> Result<String> {
        self.0.click("keep-scenario").await?;
        self.0.text_that("scenarios-kept", |text| text.contains(name)).await
    }

    /// Puts the first two kept ones side by side.
    pub async fn compare(&self) -> Result<String> {
        self.0.click_css("tr:nth-child(1) [data-testid=scenario-beside]").await?;
        self.0.click_css("tr:nth-child(2) [data-testid=scenario-beside]").await?;
        self.0.text_that("scenarios-compared", |text| text.contains("Margin")).await
    }

    /// Lets prices be chosen, and gives what is proven about them.
    pub async fn choose_best(&self) -> Result<String> {
        self.0
            .script(
                "const prices = document.querySelector('[data-testid=scenario-prices]');
                 prices.value = 'best';
                 prices.dispatchEvent(new Event('change', { bubbles: true }));",
            )
            .await?;
        self.0.text_that("scenario-optimum", |text| text.contains("proven")).await
    }

    /// One of the screens beside it, once its answer is there.
    pub async fn beside(&self, link: &str, answer: &str) -> Result<String> {
        self.0.click(link).await?;
        self.0.text_that(answer, |text| !text.is_empty()).await
    }
}

/// The newest answer with its question.
const NEWEST: &str = "article[data-testid=assistant-turn]:last-of-type";

/// The assistant.
pub struct Assistant<'a>(&'a App);

impl<'a> Assistant<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Asks, and gives the answer with its question.
    pub async fn ask(&self, question: &str) -> Result<String> {
        self.0.fill("assistant-question", question).await?;
        self.0.click("assistant-ask").await?;
        self.answer_to(question).await
    }

    /// The newest answer with its question, once it is this one's.
    pub async fn answer_to(&self, question: &str) -> Result<String> {
        let what = format!("an answer to {question}");
        let turn = self.0.wait(&what, async || {
            for turn in self.0.driver().find_all(By::Css(NEWEST)).await? {
                let text = turn.text().await?;
                if text.contains(question) {
                    return Ok(Some(text));
                }
            }
            Ok(None)
        });
        turn.await
    }

    /// Asks, sees the first words of the answer, and stops it.
    pub async fn ask_and_stop(&self, question: &str, words: &str) -> Result<()> {
        self.0.fill("assistant-question", question).await?;
        self.0.click("assistant-ask").await?;
        self.0.text_that("assistant-asking", |text| text.contains(words)).await?;
        self.0.click("assistant-stop").await?;
        self.0.gone("assistant-asking").await
    }

    /// Forgets the conversation.
    pub async fn clear(&self) -> Result<()> {
        self.0.click("assistant-clear").await?;
        self.0.gone("assistant-turn").await
    }

    /// Who is said to answer.
    pub async fn who(&self) -> Result<String> {
        self.0.text("assistant-who").await
    }

    /// Applies the card of the newest answer, which then has no buttons any more.
    pub async fn apply_card(&self) -> Result<String> {
        self.0.click_css(&format!("{NEWEST} [data-testid=card-apply]")).await?;
        let card = format!("{NEWEST} [data-testid=proposal-card]");
        let decided = self.0.wait("a decided card", async || {
            let card = self.0.driver().find(By::Css(&card)).await?;
            let text = card.text().await?;
            let mut buttons = Vec::new();
            for button in card.find_all(By::Css(".actions button")).await? {
                buttons.push(button.is_displayed().await?);
            }
            Ok((text.contains("Approved by") && buttons == [false, false]).then_some(text))
        });
        decided.await
    }

    /// Waits until the newest question stands at the top of the conversation, which is no wider than its panel.
    pub async fn newest_question_on_top(&self) -> Result<()> {
        let script = format!(
            "const log = document.querySelector('.assistant-turns');
             const question = log.querySelector('{NEWEST} .turn-question');
             const below = question.getBoundingClientRect().top - log.getBoundingClientRect().top;
             return below >= 0 && below < 24 && log.scrollWidth <= log.clientWidth;"
        );
        let on_top = self.0.wait("the newest question on top, in a panel that does not scroll sideways", async || {
            let seen = self.0.driver().execute(&script, Vec::new()).await?;
            Ok((seen.json().as_bool() == Some(true)).then_some(()))
        });
        on_top.await
    }

    /// Opens where the first table, picture or card of the newest answer comes from, by keyboard, and gives what it says.
    pub async fn open_source(&self) -> Result<String> {
        let css = format!("{NEWEST} [data-testid=answer-source]");
        let summary = self.0.see_css(&format!("{css} > summary")).await?;
        summary.send_keys("\u{e007}").await?;
        let opened = self.0.wait("an open source", async || {
            let source = self.0.driver().find(By::Css(&css)).await?;
            let is_open = source.find(By::Css("a")).await?.is_displayed().await?;
            Ok(if is_open { Some(source.text().await?) } else { None })
        });
        opened.await
    }

    /// Runs the first look-up of the newest answer again, and gives what it says now.
    pub async fn run_step_again(&self) -> Result<String> {
        for part in ["details.stated > summary", "[data-testid=step-again]"] {
            let css = format!("{NEWEST} {part}");
            let found =
                self.0.wait(part, async || Ok(self.0.driver().find_all(By::Css(&css)).await?.into_iter().next()));
            found.await?.click().await?;
        }
        self.0.text_that("step-result", |text| text.starts_with("Now ")).await
    }
}
