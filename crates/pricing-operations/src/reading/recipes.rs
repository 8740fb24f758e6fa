//! Recipes tried on pages in files: what each page gives with the recipe, beside what it gives without.

use std::path::{Path, PathBuf};

use price_extraction::{Amount, Lesson, PageAnswer, PageInput, Recipe, RecipeError, SiteHints, extract, learn};
use pricing_domain::ExtractionMethod;
use serde::Serialize;

use super::files::{FileError, read_page_file};

/// What a page gives with a recipe.
#[derive(Clone, Debug, Serialize)]
pub struct RecipeTrial {
    /// The page's file.
    pub file: PathBuf,
    /// What is read with the recipe.
    pub answer: PageAnswer,
    /// Whether the recipe itself gave the price.
    pub by_recipe: bool,
    /// What would be read without it.
    pub price_without: Option<Amount>,
}

/// A recipe learnt, and how it does on the pages given.
#[derive(Clone, Debug, Serialize)]
pub struct LearntRecipe {
    /// The proposal.
    pub recipe: Recipe,
    /// The price as it was understood.
    pub price: Amount,
    /// How many elements of the page show it.
    pub shown: usize,
    /// What makes the proposal less sure.
    pub warnings: Vec<String>,
    /// The recipe on the page it was learnt from and on the others.
    pub trials: Vec<RecipeTrial>,
}

/// Why a recipe was neither tried nor learnt.
#[derive(Debug, thiserror::Error)]
pub enum RecipeProblem {
    /// The recipe.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// A page's file.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Reads each page with the recipe.
pub fn try_recipe(recipe: &Recipe, files: &[PathBuf]) -> Result<Vec<RecipeTrial>, RecipeProblem> {
    let address = format!("https://{}/", recipe.site);
    files.iter().map(|file| Ok(trial(recipe, file, &read_page_file(file)?, &address))).collect()
}

/// Proposes a recipe from a page and the price that a person sees there, and tries it on that page and on others.
pub fn learn_recipe(page: &Path, url: &str, price: &str, others: &[PathBuf]) -> Result<LearntRecipe, RecipeProblem> {
    let body = read_page_file(page)?;
    let Lesson { recipe, price, shown, warnings } = learn(&input(&body, url, SiteHints::default()), price)?;
    let mut trials = vec![trial(&recipe, page, &body, url)];
    for other in others {
        trials.push(trial(&recipe, other, &read_page_file(other)?, url));
    }
    Ok(LearntRecipe { recipe, price, shown, warnings, trials })
}

fn trial(recipe: &Recipe, file: &Path, body: &[u8], url: &str) -> RecipeTrial {
    let answer = PageAnswer::from(extract(&input(body, url, recipe.hints())));
    let by_recipe = answer.method == Some(ExtractionMethod::Selector) && answer.price.is_some();
    let price_without = extract(&input(body, url, SiteHints::default())).price;
    RecipeTrial { file: file.to_owned(), answer, by_recipe, price_without }
}

fn input<'a>(body: &'a [u8], url: &'a str, hints: SiteHints) -> PageInput<'a> {
    PageInput { body, content_type: None, status: None, url, hints }
}

#[cfg(test)]
mod tests {
    use super::{learn_recipe, try_recipe};

    #[test]
    fn a_recipe_learnt_from_one_file_is_tried_on_the_others() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let page = |name: &str, price: &str| {
            let file = folder.path().join(name);
            let html = format!("<title>Cup</title><h1>Cup</h1><div class=offer><i class=amount>{price}</i></div>");
            std::fs::write(&file, html).expect("written");
            file
        };
        let (first, second) = (page("a.html", "12,90 €"), page("b.html", "7,50 €"));
        let learnt =
            learn_recipe(&first, "https://shop.example/cup", "12,90 €", std::slice::from_ref(&second)).expect("learnt");
        assert!(learnt.trials.iter().all(|trial| trial.by_recipe));
        let tried = try_recipe(&learnt.recipe, &[second, folder.path().join("none")]);
        assert!(tried.is_err(), "a missing file is named");
        assert_eq!(learnt.trials[1].answer.price.map(|price| price.to_string()).as_deref(), Some("7.50"));
    }
}
