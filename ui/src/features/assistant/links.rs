//! Where an answer leads: addresses of the interface.

use app_contract::AnswerLink;

use crate::features::products::grid_query::GridQuery;
use crate::features::proposals::filter_query;
use crate::routes::Screen;

/// The address of a place.
pub fn address(link: &AnswerLink) -> String {
    match link {
        AnswerLink::Products { search, filters, sort, .. } => {
            GridQuery { search: search.clone(), filters: filters.clone(), sort: *sort, product: None }.address()
        }
        AnswerLink::Product { sku, .. } => {
            let product = Some(sku.clone()).filter(|sku| !sku.is_empty());
            GridQuery { product, ..GridQuery::default() }.address()
        }
        // Importing begins on the products' screen.
        AnswerLink::Help | AnswerLink::Import(_) => Screen::Products.path().to_owned(),
        AnswerLink::Matches => Screen::Matches.path().to_owned(),
        AnswerLink::Analytics => Screen::Analytics.path().to_owned(),
        AnswerLink::Scenarios => Screen::Scenarios.path().to_owned(),
        AnswerLink::Proposals(filter) => filter_query::address(filter),
        AnswerLink::Rules => Screen::Rules.path().to_owned(),
        AnswerLink::Today => Screen::Today.path().to_owned(),
        AnswerLink::Collection => Screen::Collection.path().to_owned(),
        AnswerLink::History => Screen::Settings.path().to_owned(),
    }
}
