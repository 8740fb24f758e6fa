//! Reading without a workspace and without a network: pages, price texts and robots.txt, one question a line and one
//! answer a line, in order. Serves scripts and evaluations.

mod files;
mod lines;
mod questions;
mod recipes;

pub use files::{FileError, read_page_file};
pub use lines::{LineCounts, answer_lines};
pub use price_extraction::{
    PageAnswer, PageInput, PriceHints, PriceText, Recipe, RecipeError, SiteHints, VariantAnswer, extract, parse_price,
};
pub use questions::{Answered, Questions, Reader};
pub use recipes::{LearntRecipe, RecipeProblem, RecipeTrial, learn_recipe, try_recipe};
