//! What was read from a page: quarantine, evidence, recipes.

use app_contract::{
    CommandError, DecideQuarantined, DecisionReport, EvidenceView, ExportRecipe, FileRef, GetEvidence, GetEvidencePage,
    GetRecipes, ImportRecipe, LearnRecipe, ListQuarantine, QuarantinePage, ReadingCommands, RecipeTest, RecipeView,
    RemoveRecipe, SaveRecipe, TestRecipe,
};

use crate::errors::crossing;
use crate::files::free_name;
use crate::host::Host;

impl ReadingCommands for Host {
    async fn list_quarantine(&self, request: ListQuarantine) -> Result<QuarantinePage, CommandError> {
        let workspace = self.workspace().await?;
        workspace.quarantine(&request.filter, request.offset, request.limit).await.map_err(crossing)
    }

    async fn decide_quarantined(&self, request: DecideQuarantined) -> Result<DecisionReport, CommandError> {
        let DecideQuarantined { readings, decision, reason } = request;
        self.workspace().await?.decide_quarantined(&readings, decision, &reason).await.map_err(crossing)
    }

    async fn get_evidence(&self, request: GetEvidence) -> Result<EvidenceView, CommandError> {
        self.workspace().await?.evidence(request.listing, request.at).await.map_err(crossing)
    }

    async fn get_evidence_page(&self, request: GetEvidencePage) -> Result<FileRef, CommandError> {
        let page = self.workspace().await?.evidence_page(request.listing, request.at).await.map_err(crossing)?;
        self.written("page", "html", |path| std::fs::write(path, page))
    }

    async fn get_recipes(&self, request: GetRecipes) -> Result<Vec<RecipeView>, CommandError> {
        self.workspace().await?.recipes(request.competitor).await.map_err(crossing)
    }

    async fn save_recipe(&self, request: SaveRecipe) -> Result<Vec<RecipeView>, CommandError> {
        self.workspace().await?.save_recipe(request.competitor, &request.text).await.map_err(crossing)
    }

    async fn remove_recipe(&self, request: RemoveRecipe) -> Result<Vec<RecipeView>, CommandError> {
        self.workspace().await?.remove_recipe(request.competitor, &request.site).await.map_err(crossing)
    }

    async fn test_recipe(&self, request: TestRecipe) -> Result<RecipeTest, CommandError> {
        let TestRecipe { competitor, text, urls } = request;
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        workspace.test_recipe(competitor, &text, &urls, &private).await.map_err(crossing)
    }

    async fn learn_recipe(&self, request: LearnRecipe) -> Result<RecipeTest, CommandError> {
        let LearnRecipe { competitor, url, price } = request;
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        workspace.learn_recipe_live(competitor, &url, &price, &private).await.map_err(crossing)
    }

    async fn export_recipe(&self, request: ExportRecipe) -> Result<FileRef, CommandError> {
        let ExportRecipe { competitor, site } = request;
        let path = free_name(&self.upload_folder(), &site.replace([':', '/', '\\'], "-"), "recipe.json");
        self.workspace().await?.export_recipe(competitor, &site, &path).await.map_err(crossing)?;
        Ok(self.files().register(path))
    }

    async fn import_recipe(&self, request: ImportRecipe) -> Result<Vec<RecipeView>, CommandError> {
        let path = self.files().get(request.file)?;
        self.workspace().await?.import_recipe(request.competitor, &path).await.map_err(crossing)
    }
}
