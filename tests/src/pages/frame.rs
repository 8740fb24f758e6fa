//! What surrounds every screen: the rail, the palette, the stop switch, the jobs.

use anyhow::Result;
use thirtyfour::Key;

use super::{
    AnalyticsPage, Assistant, CollectionPage, CompetitorsPage, ConnectionsPage, MatchesPage, ProductsPage,
    ProposalsPage, RulesPage, ScenariosPage, SettingsPage, TodayPage,
};
use crate::App;

/// The rail and the top bar.
pub struct Frame<'a>(&'a App);

impl<'a> Frame<'a> {
    /// Around whatever screen is open.
    pub const fn of(app: &'a App) -> Self {
        Self(app)
    }

    /// Opens Today.
    pub async fn today(&self) -> Result<TodayPage<'a>> {
        self.open("today").await?;
        Ok(TodayPage::on(self.0))
    }

    /// Opens Products.
    pub async fn products(&self) -> Result<ProductsPage<'a>> {
        self.open("products").await?;
        Ok(ProductsPage::on(self.0))
    }

    /// Opens Proposals.
    pub async fn proposals(&self) -> Result<ProposalsPage<'a>> {
        self.open("proposals").await?;
        Ok(ProposalsPage::on(self.0))
    }

    /// Opens Rules.
    pub async fn rules(&self) -> Result<RulesPage<'a>> {
        self.open("rules").await?;
        Ok(RulesPage::on(self.0))
    }

    /// Opens Competitors.
    pub async fn competitors(&self) -> Result<CompetitorsPage<'a>> {
        self.open("competitors").await?;
        Ok(CompetitorsPage::on(self.0))
    }

    /// Opens Matches.
    pub async fn matches(&self) -> Result<MatchesPage<'a>> {
        self.open("matches").await?;
        Ok(MatchesPage::on(self.0))
    }

    /// Opens Collection.
    pub async fn collection(&self) -> Result<CollectionPage<'a>> {
        self.open("collection").await?;
        Ok(CollectionPage::on(self.0))
    }

    /// Opens Analytics.
    pub async fn analytics(&self) -> Result<AnalyticsPage<'a>> {
        self.open("analytics").await?;
        Ok(AnalyticsPage::on(self.0))
    }

    /// Opens Scenarios.
    pub async fn scenarios(&self) -> Result<ScenariosPage<'a>> {
        self.open("scenarios").await?;
        Ok(ScenariosPage::on(self.0))
    }

    /// Opens the assistant beside the screen.
    pub async fn assistant(&self) -> Result<Assistant<'a>> {
        self.0.click("open-assistant").await?;
        self.0.see("assistant").await?;
        Ok(Assistant::on(self.0))
    }

    /// Opens Settings.
    pub async fn settings(&self) -> Result<SettingsPage<'a>> {
        self.open("settings").await?;
        Ok(SettingsPage::on(self.0))
    }

    /// Goes to a screen through the palette, with the keyboard alone.
    pub async fn go_by_palette(&self, words: &str, screen: &str) -> Result<()> {
        self.0.press(format!("{}k", char::from(Key::Control))).await?;
        self.0.see("palette-input").await?;
        self.0.fill("palette-input", words).await?;
        self.0.see_css("[data-testid=palette] [role=option]").await?;
        self.0.press(char::from(Key::Enter).to_string()).await?;
        self.0.see(&format!("page-{screen}")).await.map(drop)
    }

    /// Stops publishing and waits until every screen says so.
    pub async fn stop_publishing(&self) -> Result<()> {
        self.0.click("stop-switch").await?;
        self.0.click("stop-confirm").await?;
        self.0.see("stop-banner").await.map(drop)
    }

    /// Allows publishing again.
    pub async fn allow_publishing(&self) -> Result<()> {
        self.0.click("stop-switch").await?;
        self.0.click("stop-confirm").await?;
        self.0.gone("stop-banner").await
    }

    /// Opens Connections.
    pub async fn connections(&self) -> Result<ConnectionsPage<'a>> {
        self.open("connections").await?;
        Ok(ConnectionsPage::on(self.0))
    }

    async fn open(&self, screen: &str) -> Result<()> {
        self.0.click(&format!("rail-{screen}")).await?;
        self.0.see(&format!("page-{screen}")).await.map(drop)
    }
}
