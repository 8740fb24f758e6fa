//! The bytes of a page to offers with evidence and confidence. Pure: no network, no clock.
//!
//! [`extract`] reads a page, [`parse_price`] a text. A wrong price is worse than none: what is not certain is refused
//! with its reason.

mod addresses;
mod amount;
mod answers;
mod currencies;
mod dom;
mod encoding;
mod extraction;
mod gtins;
mod images;
mod json;
mod merge;
mod other_pages;
mod packs;
mod page;
mod price_text;
mod product_json;
mod reading;
mod recipes;
mod redirects;
mod search_results;
mod sitemaps;
mod sources;
pub mod trust;
mod visible;
mod walls;
mod words;

pub use addresses::canonical_address;
pub use amount::Amount;
pub use answers::{PageAnswer, VariantAnswer};
pub use extraction::{Extraction, PageInput, SiteHints, SiteSelectors, SourcePlace, Variant};
pub use gtins::gtin_in_text;
pub use packs::{PackSize, pack_size};
pub use price_text::{PriceHints, PriceText, parse_price};
pub use product_json::shopify_product_json;
pub use reading::{LONGEST_PAGE, extract};
pub use recipes::{Lesson, Recipe, RecipeError, learn};
pub use redirects::extract_for;
pub use search_results::result_links;
pub use sitemaps::{Sitemap, SitemapPage, read_sitemap, sitemaps_of_robots};
