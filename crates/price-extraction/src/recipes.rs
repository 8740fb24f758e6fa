//! Recipes: where a site's values stand, as a file that can be shared. A recipe is used before the general reading, and
//! says so where the page contradicts it. [`learn`] proposes one from a page and the price that a person sees there.

mod learning;
mod places;

use pricing_domain::Currency;
use scraper::Selector;
use serde::{Deserialize, Serialize};

use crate::currencies::{decimal_separator_of, language_country, locale_country, of_country};
use crate::extraction::{SiteHints, SiteSelectors};
use crate::sources::selectors::split_attribute;

pub use learning::{Lesson, learn};

/// The version of the file's form.
const FORMAT: u32 = 1;

/// Where the values of one site stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Version of this form: 1.
    pub format: u32,
    /// The host that it is for, for example `shop.example`.
    pub site: String,
    /// Who made it from what, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Language and country (`de-AT`): fills in currency and separator where these are not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The currency of all prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// `.` or `,`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal_separator: Option<char>,
    /// CSS selectors for each value, the first that finds something counts. `selector @attribute` takes an attribute.
    pub selectors: SiteSelectors,
}

/// Why a recipe cannot be used, or none be learnt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// Not a recipe's form.
    #[error("this is no recipe: {0}")]
    Form(String),
    /// Made by a newer version.
    #[error("the recipe has form {0}; this version knows form {FORMAT}: update the program")]
    Newer(u32),
    /// A selector that no browser would take.
    #[error("“{selector}” for {value} is no CSS selector")]
    Selector {
        /// The value it is for.
        value: &'static str,
        /// As written.
        selector: String,
    },
    /// Another separator than a dot or a comma.
    #[error("the decimal separator is “.” or “,”, not “{0}”")]
    Separator(char),
    /// A recipe without any selector.
    #[error("the recipe names no selector")]
    Empty,
    /// The price given is no price.
    #[error("“{0}” is no price; write it as the page shows it, for example 1.234,56 €")]
    Price(String),
    /// No element shows the price given.
    #[error("no element of the page shows {0}; the page may need JavaScript, or show another price to you")]
    NotShown(String),
    /// The page was not read.
    #[error("the page cannot be read: {0}")]
    Page(String),
}

impl Recipe {
    /// Reads a recipe's file and checks every selector.
    pub fn parse(text: &str) -> Result<Self, RecipeError> {
        let recipe: Self = serde_json::from_str(text).map_err(|error| RecipeError::Form(error.to_string()))?;
        recipe.check()?;
        Ok(recipe)
    }

    /// The recipe as its file.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts are JSON")
    }

    /// What reading needs of it.
    pub fn hints(&self) -> SiteHints {
        let country =
            self.locale.as_deref().and_then(|locale| locale_country(locale).or_else(|| language_country(locale)));
        SiteHints {
            currency: self.currency.or_else(|| country.and_then(of_country)),
            decimal_separator: self.decimal_separator.or_else(|| country.and_then(decimal_separator_of)),
            selectors: self.selectors.clone(),
        }
    }

    /// Whether it is for this host: the site itself or a part of it.
    pub fn is_for(&self, host: &str) -> bool {
        let (host, site) = (host.trim_start_matches("www."), self.site.trim_start_matches("www."));
        host.eq_ignore_ascii_case(site)
            || host.len() > site.len()
                && host.is_char_boundary(host.len() - site.len())
                && host[host.len() - site.len()..].eq_ignore_ascii_case(site)
                && host[..host.len() - site.len()].ends_with('.')
    }

    fn check(&self) -> Result<(), RecipeError> {
        if self.format != FORMAT {
            return Err(RecipeError::Newer(self.format));
        }
        if let Some(other) = self.decimal_separator.filter(|separator| !matches!(separator, '.' | ',')) {
            return Err(RecipeError::Separator(other));
        }
        let mut any = false;
        for (value, selectors) in self.selectors.by_value() {
            for selector in selectors {
                any = true;
                if Selector::parse(split_attribute(selector).0).is_err() {
                    return Err(RecipeError::Selector { value, selector: selector.clone() });
                }
            }
        }
        if any { Ok(()) } else { Err(RecipeError::Empty) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Recipe, RecipeError};

    const RECIPE: &str = r#"{"format": 1, "site": "shop.example", "locale": "de-AT",
        "selectors": {"price": [".price @data-amount", ".price"], "title": ["h1"]}}"#;

    #[test]
    fn a_recipe_survives_its_file() {
        let recipe = Recipe::parse(RECIPE).expect("a recipe");
        assert_eq!(Recipe::parse(&recipe.to_json()), Ok(recipe.clone()));
        let hints = recipe.hints();
        assert_eq!(
            (hints.currency.map(|currency| currency.to_string()).as_deref(), hints.decimal_separator),
            (Some("EUR"), Some(','))
        );
    }

    #[test]
    fn a_recipe_is_for_its_site_only() {
        let recipe = Recipe::parse(RECIPE).expect("a recipe");
        assert!(recipe.is_for("www.shop.example") && recipe.is_for("at.shop.example"));
        assert!(!recipe.is_for("othershop.example") && !recipe.is_for("shop.example.com"));
    }

    #[test]
    fn what_is_no_recipe_is_refused_with_the_reason() {
        let with = |from: &str, to: &str| Recipe::parse(&RECIPE.replace(from, to));
        assert_eq!(with("\"format\": 1", "\"format\": 2"), Err(RecipeError::Newer(2)));
        assert!(matches!(with("\"h1\"", "\"h1[\""), Err(RecipeError::Selector { value: "title", .. })));
        assert!(matches!(with("\"site\"", "\"place\""), Err(RecipeError::Form(_))));
        assert!(matches!(
            with("{\"price\": [\".price @data-amount\", \".price\"], \"title\": [\"h1\"]}", "{}"),
            Err(RecipeError::Empty)
        ));
    }
}
