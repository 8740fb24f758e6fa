//! Where an answer leads: addresses of the interface.

use app_contract::AnswerLink;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

use crate::features::import::desk::ImportDesk;
use crate::features::products::grid_query::GridQuery;
use crate::features::proposals::filter_query;
use crate::routes::Screen;

/// A way to a place. Rows of a file that was attached are shown by the preview of its import.
pub fn lead(link: &AnswerLink, class: &'static str, title: String, words: String) -> AnyView {
    let AnswerLink::FileRows { file, options } = link else {
        return view! { <A href=address(link) attr:class=class attr:title=title>{words}</A> }.into_any();
    };
    let (import, navigate) = (expect_context::<ImportDesk>(), use_navigate());
    let (file, options) = (file.clone(), (**options).clone());
    let show = move |_| {
        navigate(Screen::Products.path(), NavigateOptions::default());
        import.look_at(options.clone(), file.clone());
    };
    view! { <button type="button" class="link-button" title=title on:click=show>{words}</button> }.into_any()
}

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
        AnswerLink::Help | AnswerLink::Import(_) | AnswerLink::FileRows { .. } => Screen::Products.path().to_owned(),
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
