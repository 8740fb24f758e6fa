//! Recipes for a competitor's sites: learnt from a page and the price a person sees there, tried, saved, shared.

use std::time::Duration;

use app_contract::{
    ExportRecipe, GetRecipes, ImportRecipe, LearnRecipe, RecipePage, RecipeTest, RecipeView, RemoveRecipe, SaveRecipe,
    TestRecipe,
};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pricing_domain::CompetitorId;

use crate::backend::{FilePurpose, backend};
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::features::files::hand_over_file;
use crate::formats::{MISSING, age, counted};
use crate::reads::read;
use crate::words::{availability, confidence, read_state};
use crate::writes::write;

/// What is typed is tried on the kept pages after such a pause.
const PAUSE: Duration = Duration::from_millis(500);

/// The saved recipes and the editor.
#[component]
pub fn Recipes(
    /// Whose.
    competitor: CompetitorId,
) -> impl IntoView {
    let recipes = read(move || Some(GetRecipes { competitor }));
    let text = RwSignal::new(String::new());
    let tried = RwSignal::new(None::<RecipeTest>);
    let show = move |recipes: Vec<RecipeView>| {
        let lines = recipes.into_iter().map(|recipe| view! { <Saved competitor recipe text tried /> }).collect_view();
        view! { <ul class="recipes">{lines}</ul> }
    };
    view! {
        <p class="muted">
            "Needed only where prices are not found by themselves. A recipe goes before everything else that is known."
        </p>
        <Reading from=recipes lines=2 show />
        <Learn competitor text tried />
        <Editor competitor text tried />
    }
}

/// A saved recipe.
#[component]
fn Saved(
    /// Whose.
    competitor: CompetitorId,
    /// The recipe.
    recipe: RecipeView,
    /// The text that is edited.
    text: RwSignal<String>,
    /// What it gave.
    tried: RwSignal<Option<RecipeTest>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let remove = write::<RemoveRecipe>(|_| {});
    let export = write::<ExportRecipe>(move |file| hand_over_file(file, toasts));
    let (site, for_export) = (recipe.site.clone(), recipe.site.clone());
    let saved = recipe.saved_at.map(|at| format!("saved {} by {}", age(at), recipe.saved_by)).unwrap_or_default();
    let body = recipe.text.clone();
    view! {
        <li>
            <strong class="code">{recipe.site}</strong>
            <span class="muted">{saved}</span>
            <button
                type="button"
                class="button small"
                on:click=move |_| {
                    tried.set(None);
                    text.set(body.clone());
                }
            >
                "Edit"
            </button>
            <button
                type="button"
                class="button small"
                on:click=move |_| { export.run(ExportRecipe { competitor, site: for_export.clone() }); }
            >
                "Save to a file"
            </button>
            <button
                type="button"
                class="button small"
                on:click=move |_| { remove.run(RemoveRecipe { competitor, site: site.clone() }); }
            >
                "Remove"
            </button>
        </li>
    }
}

/// Proposes a recipe from a page and its price.
#[component]
fn Learn(
    /// Whose.
    competitor: CompetitorId,
    /// The text that is edited.
    text: RwSignal<String>,
    /// What it gave.
    tried: RwSignal<Option<RecipeTest>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let (url, price) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let learn = write::<LearnRecipe>(move |test: RecipeTest| {
        text.set(test.recipe.text.clone());
        tried.set(Some(test));
    });
    let import = write::<ImportRecipe>(move |_| toasts.done("The recipe is saved."));
    let pick = move |_| {
        spawn_local(async move {
            match backend().pick_file(FilePurpose::Import).await {
                Ok(Some(file)) => {
                    import.run(ImportRecipe { competitor, file: file.id });
                }
                Ok(None) => {}
                Err(error) => toasts.error(error.message),
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        learn.run(LearnRecipe { competitor, url: url.get_untracked(), price: price.get_untracked() });
    };
    view! {
        <form class="form" on:submit=submit>
            <label class="field">
                <span>"A product page of the shop"</span>
                <input type="url" required placeholder="https://shop.example/product" data-testid="learn-url" bind:value=url />
            </label>
            <label class="field">
                <span>"The price you see on it"</span>
                <input type="text" required placeholder="129,90 €" data-testid="learn-price" bind:value=price />
            </label>
            <div class="actions">
                <button type="submit" class="button" data-testid="learn-recipe" disabled=learn.pending()>
                    {move || if learn.pending().get() { "Reading pages…" } else { "Learn a recipe" }}
                </button>
                <button type="button" class="button" on:click=pick>"From a file…"</button>
            </div>
        </form>
    }
}

/// The recipe's text, what pages give with it, and saving it.
#[component]
fn Editor(
    /// Whose.
    competitor: CompetitorId,
    /// The text that is edited.
    text: RwSignal<String>,
    /// What it gave.
    tried: RwSignal<Option<RecipeTest>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let test = write::<TestRecipe>(move |test| tried.set(Some(test)));
    let save = write::<SaveRecipe>(move |_| {
        text.set(String::new());
        tried.set(None);
        toasts.done("Saved. The next collection uses it.");
    });
    let there = move || text.with(|text| !text.trim().is_empty());
    let pages = RwSignal::new(String::new());
    let try_now = move || {
        let urls = pages.with_untracked(|pages| pages.split_whitespace().map(str::to_owned).collect());
        test.run(TestRecipe { competitor, text: text.get_untracked(), urls });
    };
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    };
    // Pages that would be fetched are asked for by the button alone.
    let typed = move |_| {
        stop();
        if pages.with_untracked(|pages| pages.trim().is_empty()) {
            timer.set_value(set_timeout_with_handle(try_now, PAUSE).ok());
        }
    };
    on_cleanup(stop);
    let results = move || tried.get().map(|test| view! { <Results test /> });
    view! {
        <Show when=there>
            <div class="form">
                <label class="field">
                    <span>"Recipe"</span>
                    <textarea class="code" rows="10" spellcheck="false" data-testid="recipe-text" bind:value=text on:input=typed></textarea>
                </label>
                <label class="field">
                    <span>"Pages to fetch and try it on; none: those kept from collecting"</span>
                    <input type="text" placeholder="https://shop.example/one https://shop.example/two" bind:value=pages />
                </label>
                <div class="actions">
                    <button
                        type="button"
                        class="button"
                        data-testid="test-recipe"
                        disabled=test.pending()
                        on:click=move |_| try_now()
                    >
                        {move || if test.pending().get() { "Trying…" } else { "Try it" }}
                    </button>
                    <button
                        type="button"
                        class="button primary"
                        data-testid="save-recipe"
                        disabled=save.pending()
                        on:click=move |_| { save.run(SaveRecipe { competitor, text: text.get_untracked() }); }
                    >
                        "Save the recipe"
                    </button>
                </div>
            </div>
        </Show>
        {results}
    }
}

/// What pages give with the recipe.
#[component]
fn Results(
    /// Page by page.
    test: RecipeTest,
) -> impl IntoView {
    let learnt = test.learnt_price.map(|price| format!("The price was understood as {price}. ")).unwrap_or_default();
    let pages = test.pages.len() as u64;
    let words =
        format!("{learnt}The recipe gave the price on {} of {}.", test.by_recipe, counted(pages, "page", "pages"));
    let warnings = test.warnings.into_iter().map(|warning| view! { <li class="caution">{warning}</li> }).collect_view();
    let pages = test.pages.into_iter().map(|page| view! { <Page page /> }).collect_view();
    view! {
        <div data-testid="recipe-results" role="status">
            <p>{words}</p>
            <ul>{warnings}</ul>
            {pages}
        </div>
    }
}

/// One page: what it gives, and the piece of it that the price was read from.
#[component]
fn Page(
    /// The page.
    page: RecipePage,
) -> impl IntoView {
    let price = match (page.price, page.currency) {
        (Some(price), Some(currency)) => format!("{price} {currency}"),
        (Some(price), None) => price,
        (None, _) => MISSING.to_owned(),
    };
    let without = page.price_without.map(|price| format!("without the recipe {price}")).unwrap_or_default();
    let facts = [
        read_state(page.state).to_owned(),
        availability(page.availability).to_owned(),
        format!("confidence {}", confidence(page.confidence)),
        if page.by_recipe { "by the recipe".to_owned() } else { "by other means".to_owned() },
        without,
    ];
    let facts = facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ");
    let warnings = page.warnings.join("; ");
    view! {
        <div class="recipe-page">
            <p><strong>{price}</strong>" "{page.title}</p>
            <p class="code address muted">{page.url}</p>
            <p class="muted">{facts}</p>
            {(!warnings.is_empty()).then(|| view! { <p class="caution">{warnings}</p> })}
            <pre class="fragment" tabindex="0" aria-label="Piece of the page">
                <span class="muted">{page.before}</span>
                <mark>{page.fragment}</mark>
                <span class="muted">{page.after}</span>
            </pre>
        </div>
    }
}
