//! Learns a recipe from one page and the price that a person sees on it.

use scraper::{ElementRef, Html};
use url::Url;

use super::places::{Places, selectors_for};
use super::{FORMAT, Recipe, RecipeError};
use crate::amount::Amount;
use crate::encoding::decode;
use crate::extraction::{Extraction, PageInput, SiteSelectors};
use crate::price_text::{PriceHints, PriceText, parse_price};
use crate::reading::extract;
use crate::words::availability_in_text;

/// Most selectors that are kept for a value.
const FALLBACKS: usize = 3;
/// Longest text of an element that is a value.
const LONGEST_VALUE: usize = 120;

/// A recipe proposed, with what it was learnt from.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The proposal.
    pub recipe: Recipe,
    /// The price as it was understood.
    pub price: Amount,
    /// How many elements of the page show it.
    pub shown: usize,
    /// What makes the proposal less sure.
    pub warnings: Vec<String>,
}

/// Proposes a recipe. `price` is what a person sees on the page, as it stands there.
///
/// # Errors
/// When the text is no price, when the page cannot be read, or when no element shows the price.
pub fn learn(page: &PageInput<'_>, price: &str) -> Result<Lesson, RecipeError> {
    let general = extract(page);
    let hints = PriceHints { currency: general.currency, ..PriceHints::default() };
    let wanted = wanted(price, &hints)?;
    let amount = wanted.amount.ok_or_else(|| RecipeError::Price(price.to_owned()))?;
    let text = decode(page.body, page.content_type);
    crate::dom::parse(&text).map_err(|limit| RecipeError::Page(format!("{limit:?} beyond any shop's page")))?;
    let document = Html::parse_document(&text);
    let separator = separator_of(price);
    let reads = |text: &str| {
        let hints = PriceHints { currency: wanted.currency, decimal_separator: separator, ..PriceHints::default() };
        let read = parse_price(text, &hints);
        read.amount == Some(amount)
    };
    let shown = Places::of(&document, LONGEST_VALUE, &reads);
    if shown.elements.is_empty() {
        return Err(RecipeError::NotShown(price.to_owned()));
    }
    let mut selectors =
        SiteSelectors { price: selectors_for(&document, &shown, &reads, FALLBACKS), ..SiteSelectors::default() };
    if selectors.price.is_empty() {
        return Err(RecipeError::NotShown(price.to_owned()));
    }
    others(&document, &general, &reads_amount(general.list_price), &mut selectors);
    let mut warnings = Vec::new();
    if let Some(read) = general.price.filter(|read| *read != amount) {
        warnings.push(format!("the general reading takes {read} for the price"));
    }
    if shown.elements.len() == 1 && selectors.price.len() == 1 {
        warnings.push("only one way leads to the price; check the recipe on other pages of the site".to_owned());
    }
    let recipe = Recipe {
        format: FORMAT,
        site: Url::parse(page.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default(),
        note: Some(format!("learnt from {} at {price}", page.url)),
        locale: None,
        currency: wanted.currency.or(general.currency),
        decimal_separator: separator,
        selectors,
    };
    Ok(Lesson { recipe, price: amount, shown: shown.elements.len(), warnings })
}

/// The price given, read the way it must have been meant: a person who types decimals means them.
fn wanted(price: &str, hints: &PriceHints) -> Result<PriceText, RecipeError> {
    let read = parse_price(price, hints);
    let positive = read.amount.is_some_and(Amount::is_positive);
    if positive { Ok(read) } else { Err(RecipeError::Price(price.to_owned())) }
}

/// The decimal separator that a price of two decimals proves.
fn separator_of(price: &str) -> Option<char> {
    let at = price.rfind(['.', ','])?;
    let digits = price[at + 1..].chars().take_while(char::is_ascii_digit).count();
    (digits == 2).then(|| price[at..].chars().next()).flatten()
}

fn reads_amount(amount: Option<Amount>) -> impl Fn(&str) -> bool {
    move |text| amount.is_some() && parse_price(text, &PriceHints::default()).amount == amount
}

/// The places of what else the general reading found.
fn others(document: &Html, general: &Extraction, is_list_price: &dyn Fn(&str) -> bool, selectors: &mut SiteSelectors) {
    let place = |accepts: &dyn Fn(&str) -> bool, longest: usize| {
        let places = Places::of(document, longest, accepts);
        selectors_for(document, &places, accepts, 2)
    };
    let is = |wanted: &Option<String>| {
        let wanted = wanted.clone();
        move |text: &str| wanted.as_deref().is_some_and(|wanted| collapsed(wanted) == collapsed(text))
    };
    selectors.list_price = place(is_list_price, LONGEST_VALUE);
    selectors.title = place(&is(&general.title), 400);
    selectors.sku = place(&is(&general.sku), LONGEST_VALUE);
    let availability = general.availability;
    let says = |element: &ElementRef<'_>| {
        let named = element.value().attr("class").is_some_and(|class| {
            let class = class.to_ascii_lowercase();
            ["stock", "avail", "liefer", "lager", "dispo", "delivery"].iter().any(|word| class.contains(word))
        });
        named && availability_in_text(&element.text().collect::<String>()) == Some(availability)
    };
    let mut stock = Places::of(document, LONGEST_VALUE, &|text| availability_in_text(text) == Some(availability));
    stock.elements.retain(says);
    selectors.availability =
        selectors_for(document, &stock, &|text| availability_in_text(text) == Some(availability), 2);
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::learn;
    use crate::extraction::{PageInput, SiteHints};
    use crate::reading::extract;
    use crate::recipes::{Recipe, RecipeError};

    fn page(price: &str, before: &str) -> String {
        format!(
            "<html lang=de><title>Lampe</title><body><div class=top>Versand ab 50,00 €</div><h1 class=product-name>Lampe</h1>\
             <div class=\"offer box\"><p class=\"sc-1f3kX {before}\"><b class=\"sc-9aZq2 amount\">{price}</b></p>\
             <p class=\"old\">1.500,00 €</p></div><div class=stock>Auf Lager</div><ul><li><b class=other>9,00 €</b></ul>"
        )
    }

    fn input<'a>(body: &'a str, hints: SiteHints) -> PageInput<'a> {
        PageInput {
            body: body.as_bytes(),
            content_type: Some("text/html; charset=utf-8"),
            status: None,
            url: "https://shop.example/lampe",
            hints,
        }
    }

    #[test]
    fn a_recipe_learnt_from_one_page_reads_the_others() {
        let first = page("1.234,56 €", "now");
        let lesson = learn(&input(&first, SiteHints::default()), "1.234,56 €").expect("learnt");
        assert_eq!(lesson.price.to_string(), "1234.56");
        assert_eq!((lesson.recipe.site.as_str(), lesson.recipe.decimal_separator), ("shop.example", Some(',')));
        assert!(lesson.recipe.selectors.price.iter().all(|selector| !selector.contains("sc-")), "{:?}", lesson.recipe);
        let again = Recipe::parse(&lesson.recipe.to_json()).expect("a valid recipe");
        for price in ["7,90 €", "2.350 €", "12,00 €"] {
            let other = page(price, "");
            let read = extract(&input(&other, again.hints()));
            assert_eq!(read.method.map(|method| method.to_string()).as_deref(), Some("selector"), "{price}: {read:?}");
        }
        let read = extract(&input(&page("2.350 €", ""), again.hints()));
        assert_eq!(read.price.map(|price| price.to_string()).as_deref(), Some("2350"));
    }

    #[test]
    fn a_price_that_the_page_does_not_show_is_refused() {
        let body = page("7,90 €", "");
        let refused = |price: &str| learn(&input(&body, SiteHints::default()), price).map(|lesson| lesson.price);
        assert!(matches!(refused("8,90 €"), Err(RecipeError::NotShown(_))));
        assert!(matches!(refused("cheap"), Err(RecipeError::Price(_))));
    }
}
