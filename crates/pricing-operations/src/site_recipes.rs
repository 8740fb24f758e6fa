//! Recipes for the sites of competitors, kept in the workspace: tried on pages of the shop, learnt from one example,
//! shared as files.

use std::collections::HashMap;
use std::path::Path;

use app_contract::{RecipePage, RecipeTest, RecipeView};
use price_collection::{Observation, Target, collect};
use price_extraction::{Extraction, Lesson, PageInput, Recipe, SiteHints, SourcePlace, extract, learn};
use pricing_domain::{CompetitorId, ExtractionMethod};
use pricing_store::{Durability, SiteRecipeRow};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::competitor_settings::site_rules;
use crate::competitors::Found;
use crate::{OperationError, Workspace};

/// Pages fetched at most for one test.
const MOST_FETCHED: usize = 10;
/// Kept pages looked at for one test.
const KEPT_LOOKED_AT: u32 = 20;
/// Further pages fetched to check a recipe that was learnt, where none are kept.
const FURTHER_PAGES: u32 = 3;

/// A page with its address.
struct Fetched {
    url: String,
    body: Vec<u8>,
}

impl Workspace {
    /// The recipes for a competitor's sites.
    pub async fn recipes(&self, competitor: CompetitorId) -> Result<Vec<RecipeView>, OperationError> {
        let found = self.find_competitor(competitor).await?;
        let rows = self.store.site_recipes(Some(found.key)).await?;
        Ok(rows.into_iter().map(stored_view).collect())
    }

    /// Saves a recipe in the place of the one for the same site.
    pub async fn save_recipe(&self, competitor: CompetitorId, text: &str) -> Result<Vec<RecipeView>, OperationError> {
        let recipe = parse(text)?;
        if recipe.site.trim().is_empty() {
            return Err(OperationError::refused("The recipe names no site; write the host it is for, `shop.example`."));
        }
        let found = self.find_competitor(competitor).await?;
        let mut op = self.begin("save_recipe", Durability::Full).await?;
        op.write_site_recipe(found.key, &recipe.site, Some(&recipe.to_json()), &self.actor()).await?;
        if op.rows() == 0 {
            op.abandon().await?;
        } else {
            op.commit(&format!("Saved a recipe for {}", recipe.site), false).await?;
        }
        self.recipes(competitor).await
    }

    /// Removes the recipe for a site.
    pub async fn remove_recipe(&self, competitor: CompetitorId, site: &str) -> Result<Vec<RecipeView>, OperationError> {
        let found = self.find_competitor(competitor).await?;
        let mut op = self.begin("remove_recipe", Durability::Full).await?;
        op.write_site_recipe(found.key, site, None, &self.actor()).await?;
        if op.rows() == 0 {
            op.abandon().await?;
            return Err(OperationError::not_found(format!("There is no recipe for {site}.")));
        }
        op.commit(&format!("Removed the recipe for {site}"), false).await?;
        self.recipes(competitor).await
    }

    /// Writes a recipe to a file.
    pub async fn export_recipe(&self, competitor: CompetitorId, site: &str, path: &Path) -> Result<(), OperationError> {
        let recipes = self.recipes(competitor).await?;
        let recipe = recipes.into_iter().find(|recipe| recipe.site == site);
        let recipe = recipe.ok_or_else(|| OperationError::not_found(format!("There is no recipe for {site}.")))?;
        std::fs::write(path, recipe.text + "\n")
            .map_err(|error| OperationError::refused(format!("{} cannot be written: {error}", path.display())))
    }

    /// Saves a recipe from a file.
    pub async fn import_recipe(
        &self,
        competitor: CompetitorId,
        path: &Path,
    ) -> Result<Vec<RecipeView>, OperationError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| OperationError::refused(format!("{} cannot be read: {error}", path.display())))?;
        self.save_recipe(competitor, &text).await
    }

    /// Tries a recipe on pages fetched now, or on those kept from collecting.
    pub async fn test_recipe(
        &self,
        competitor: CompetitorId,
        text: &str,
        urls: &[String],
        private_origins: &[String],
    ) -> Result<RecipeTest, OperationError> {
        let recipe = parse(text)?;
        let found = self.find_competitor(competitor).await?;
        if urls.len() > MOST_FETCHED {
            return Err(OperationError::refused(format!("A recipe is tried on at most {MOST_FETCHED} pages at once.")));
        }
        let (pages, refused) = if urls.is_empty() {
            (self.kept_pages(found.key).await?, Vec::new())
        } else {
            self.fetch_pages(&found, urls, private_origins).await?
        };
        if pages.is_empty() {
            let why = refused.first().cloned();
            return Err(OperationError::refused(why.unwrap_or_else(|| {
                "No page of this competitor is kept yet. Name addresses of pages to try the recipe on.".into()
            })));
        }
        tried(recipe, None, refused, pages).await
    }

    /// Proposes a recipe from a page and the price that a person sees on it, and tries it on other pages of the site.
    pub async fn learn_recipe_live(
        &self,
        competitor: CompetitorId,
        url: &str,
        price: &str,
        private_origins: &[String],
    ) -> Result<RecipeTest, OperationError> {
        let found = self.find_competitor(competitor).await?;
        let (mut pages, refused) = self.fetch_pages(&found, &[url.to_owned()], private_origins).await?;
        let Some(page) = pages.pop() else {
            let why = refused.into_iter().next().unwrap_or_else(|| "The page was not fetched.".into());
            return Err(OperationError::refused(why));
        };
        let price = price.to_owned();
        let learnt = tokio::task::spawn_blocking(move || {
            let lesson = learn(&input(&page, SiteHints::default()), &price);
            (page, lesson)
        });
        let (page, lesson) = learnt.await.map_err(|error| OperationError::fault(error.to_string()))?;
        let Lesson { recipe, price, warnings, .. } =
            lesson.map_err(|problem| OperationError::refused(problem.to_string()))?;
        let site = |address: &str| {
            url::Url::parse(address).is_ok_and(|url| url.host_str().is_some_and(|host| recipe.is_for(host)))
        };
        let mut others = self.kept_pages(found.key).await?;
        others.retain(|other| site(&other.url) && other.url != page.url);
        if others.is_empty() {
            let mut urls = self.store.pages_of(found.key, FURTHER_PAGES + 1).await?;
            urls.retain(|other| site(other) && other != url);
            urls.truncate(FURTHER_PAGES as usize);
            others = self.fetch_pages(&found, &urls, private_origins).await?.0;
        }
        let pages = std::iter::once(page).chain(others).collect();
        tried(recipe, Some(price.to_string()), warnings, pages).await
    }

    /// The recipes of every competitor that has some, by key.
    pub(crate) async fn recipes_by_competitor(&self) -> Result<HashMap<i64, Vec<Recipe>>, OperationError> {
        let mut recipes: HashMap<i64, Vec<Recipe>> = HashMap::new();
        for row in self.store.site_recipes(None).await? {
            match Recipe::parse(&row.body) {
                Ok(recipe) => recipes.entry(row.competitor_key).or_default().push(recipe),
                Err(problem) => tracing::warn!(site = row.site, %problem, "a stored recipe is not used"),
            }
        }
        Ok(recipes)
    }

    async fn kept_pages(&self, competitor_key: i64) -> Result<Vec<Fetched>, OperationError> {
        let pages = self.store.kept_pages_of(competitor_key, KEPT_LOOKED_AT).await?;
        Ok(pages.into_iter().map(|(url, body)| Fetched { url, body }).collect())
    }

    /// Fetches pages by the rules of their competitor; those that did not come are told in words.
    async fn fetch_pages(
        &self,
        found: &Found,
        urls: &[String],
        private_origins: &[String],
    ) -> Result<(Vec<Fetched>, Vec<String>), OperationError> {
        self.restore_origins().await?;
        let rules = std::sync::Arc::new(site_rules(&found.settings, self.now()));
        let targets = (0..).zip(urls).map(|(key, url)| Target { rules: rules.clone(), ..Target::new(key, url) });
        let settings = self.fetch_settings(&self.collection_settings().await?, private_origins).await?;
        let (sink, mut source) = mpsc::channel(MOST_FETCHED);
        let clock = self.clock.clone();
        let running =
            tokio::spawn(collect(targets.collect(), settings, move || clock(), CancellationToken::new(), sink));
        let (mut pages, mut refused) = (Vec::new(), Vec::new());
        while let Some(Observation { url, body, reason, status, .. }) = source.recv().await {
            match body.filter(|_| status.is_some_and(|status| (200..300).contains(&status))) {
                Some(body) => pages.push(Fetched { url, body }),
                None => refused.push(format!("{url}: {reason}")),
            }
        }
        running.await.map_err(|error| OperationError::fault(error.to_string()))?;
        Ok((pages, refused))
    }
}

fn parse(text: &str) -> Result<Recipe, OperationError> {
    Recipe::parse(text).map_err(|problem| OperationError::refused(problem.to_string()))
}

fn stored_view(row: SiteRecipeRow) -> RecipeView {
    RecipeView { site: row.site, text: row.body, saved_at: Some(row.changed_at), saved_by: row.changed_by }
}

fn input(page: &Fetched, hints: SiteHints) -> PageInput<'_> {
    PageInput { body: &page.body, content_type: None, status: None, url: &page.url, hints }
}

/// What stands around a price that only markup states: around its first mention in the page's source.
fn around(source: &str, fragment: &str) -> SourcePlace {
    const SHOWN: usize = 240;
    let nowhere = SourcePlace { text: fragment.to_owned(), ..SourcePlace::default() };
    let Some(start) = source.find(fragment).filter(|_| !fragment.is_empty()) else { return nowhere };
    let mut before: Vec<char> = source[..start].chars().rev().take(SHOWN).collect();
    before.reverse();
    let after = source[start + fragment.len()..].chars().take(SHOWN).collect();
    SourcePlace { before: before.into_iter().collect(), after, ..nowhere }
}

/// Reads pages with a recipe and without it, on a blocking thread.
async fn tried(
    recipe: Recipe,
    learnt_price: Option<String>,
    warnings: Vec<String>,
    pages: Vec<Fetched>,
) -> Result<RecipeTest, OperationError> {
    let view =
        RecipeView { site: recipe.site.clone(), text: recipe.to_json(), saved_at: None, saved_by: String::new() };
    let hints = recipe.hints();
    let read = tokio::task::spawn_blocking(move || {
        let one = |page: &Fetched| {
            let without = extract(&input(page, SiteHints::default()));
            recipe_page(page, extract(&input(page, hints.clone())), &without)
        };
        pages.iter().map(one).collect::<Vec<_>>()
    });
    let pages = read.await.map_err(|error| OperationError::fault(error.to_string()))?;
    let by_recipe = pages.iter().filter(|page| page.by_recipe).count() as u64;
    Ok(RecipeTest { recipe: view, learnt_price, warnings, by_recipe, pages })
}

fn recipe_page(page: &Fetched, read: Extraction, without: &Extraction) -> RecipePage {
    let place = read.place.unwrap_or_else(|| around(&String::from_utf8_lossy(&page.body), &read.fragment));
    RecipePage {
        url: page.url.clone(),
        state: read.state,
        price: read.price.map(|price| price.to_string()),
        currency: read.currency,
        availability: read.availability,
        by_recipe: read.method == Some(ExtractionMethod::Selector) && read.price.is_some(),
        title: read.title,
        confidence: read.confidence,
        before: place.before,
        fragment: place.text,
        after: place.after,
        price_without: without.price.map(|price| price.to_string()),
        warnings: read.warnings,
    }
}
