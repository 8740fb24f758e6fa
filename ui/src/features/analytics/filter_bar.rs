//! Narrows all figures of the screen at once.

use app_contract::CompetitorPosition;
use leptos::prelude::*;
use pricing_domain::{CivilDate, IndexForm, Role};

use super::filter_query::MarketQuery;
use crate::session::Session;
use crate::words::role;

/// Days that can be looked back.
const SPANS: [(u32, &str); 4] = [(28, "28 days"), (90, "90 days"), (182, "half a year"), (365, "1 year")];

/// The fields.
#[component]
pub fn FilterBar(
    /// What is shown.
    query: Memo<MarketQuery>,
    /// The competitors that can be chosen.
    #[prop(into)]
    competitors: Signal<Vec<CompetitorPosition>>,
    /// Shows something else.
    show: Callback<MarketQuery>,
) -> impl IntoView {
    let change = move |edit: &dyn Fn(&mut MarketQuery)| {
        let mut edited = query.get_untracked();
        edit(&mut edited);
        show.run(edited);
    };
    let session = expect_context::<Session>();
    let lists = move || {
        let shown = query.with(|query| query.list).or_else(|| session.price_list_id());
        let all = session.workspace().map(|workspace| workspace.price_lists).unwrap_or_default();
        all.into_iter()
            .map(
                |list| view! { <option value=list.id.to_string() selected=Some(list.id) == shown>{list.name}</option> },
            )
            .collect_view()
    };
    let names = move || {
        competitors
            .get()
            .into_iter()
            .map(|one| {
                let (name, words) = (one.competitor.clone(), one.competitor.clone());
                let chosen = move || query.with(|query| query.competitor == name);
                view! { <option value=one.competitor selected=chosen>{words}</option> }
            })
            .collect_view()
    };
    let roles = Role::ALL.iter().copied().map(|one| {
        view! { <option value=one.as_str() selected=move || query.with(|query| query.role == one.as_str())>{role(one)}</option> }
    });
    let spans = SPANS.map(|(days, words)| {
        view! { <option value=days.to_string() selected=move || query.with(|query| query.from.or(query.to).is_none() && query.days.unwrap_or(28) == days)>{words}</option> }
    });
    let forms = IndexForm::ALL.iter().copied().map(|form| {
        view! { <option value=form.as_str() selected=move || query.with(|query| query.form == form)>{form_words(form)}</option> }
    });
    view! {
        <div class="tools market-filter" role="group" aria-label="Which figures">
            <label class="field">
                <span>"Price list"</span>
                <select
                    data-testid="market-list"
                    on:change:target=move |event| {
                        let text = event.target().value();
                        change(&|query| query.list = text.parse().ok());
                    }
                >
                    {lists}
                </select>
            </label>
            <label class="field">
                <span>"Category"</span>
                <input
                    type="search"
                    placeholder="all"
                    data-testid="market-category"
                    prop:value=move || query.with(|query| query.category.clone())
                    on:change:target=move |event| {
                        let text = event.target().value();
                        change(&|query| query.category = text.trim().to_owned());
                    }
                />
            </label>
            <label class="field">
                <span>"Brand"</span>
                <input
                    type="search"
                    placeholder="all"
                    data-testid="market-brand"
                    prop:value=move || query.with(|query| query.brand.clone())
                    on:change:target=move |event| {
                        let text = event.target().value();
                        change(&|query| query.brand = text.trim().to_owned());
                    }
                />
            </label>
            <label class="field">
                <span>"Competitor"</span>
                <select
                    data-testid="market-competitor"
                    on:change:target=move |event| {
                        let text = event.target().value();
                        change(&|query| query.competitor = text.clone());
                    }
                >
                    <option value="">"all"</option>
                    {several(Signal::derive(move || query.with(|query| query.competitor.clone())))}
                    {names}
                </select>
            </label>
            <label class="field">
                <span>"Role"</span>
                <select on:change:target=move |event| {
                    let text = event.target().value();
                    change(&|query| query.role = text.clone());
                }>
                    <option value="">"all"</option>
                    {several(Signal::derive(move || query.with(|query| query.role.clone())))}
                    {roles.collect_view()}
                </select>
            </label>
            <label class="field">
                <span>"Over"</span>
                <select on:change:target=move |event| {
                    let text = event.target().value();
                    change(&|query| {
                        query.days = text.parse().ok().filter(|days| *days != 28);
                        (query.from, query.to) = (None, None);
                    });
                }>
                    <option value="" disabled selected=move || query.with(|query| query.from.or(query.to).is_some())>
                        "own days"
                    </option>
                    {spans.into_iter().collect_view()}
                </select>
            </label>
            <label class="field">
                <span>"From"</span>
                <input
                    type="date"
                    data-testid="market-from"
                    prop:value=move || query.with(|query| day_text(query.from))
                    on:change:target=move |event| {
                        let text = event.target().value();
                        change(&|query| (query.from, query.days) = (text.parse().ok(), None));
                    }
                />
            </label>
            <label class="field">
                <span>"To"</span>
                <input
                    type="date"
                    data-testid="market-to"
                    prop:value=move || query.with(|query| day_text(query.to))
                    on:change:target=move |event| {
                        let text = event.target().value();
                        change(&|query| query.to = text.parse().ok());
                    }
                />
            </label>
            <label class="field">
                <span>"Index"</span>
                <select
                    title="How many price relations become one index"
                    on:change:target=move |event| {
                        let text = event.target().value();
                        change(&|query| query.form = text.parse().unwrap_or_default());
                    }
                >
                    {forms.collect_view()}
                </select>
            </label>
        </div>
    }
}

/// The choice of several at once, which a kept table or an address may ask for.
fn several(chosen: Signal<String>) -> impl IntoView {
    move || {
        let (names, words) = (chosen.get(), chosen.get());
        names.contains('|').then(|| view! { <option value=names selected=true>{words}</option> })
    }
}

fn day_text(day: Option<CivilDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

const fn form_words(form: IndexForm) -> &'static str {
    match form {
        IndexForm::Basket => "basket of units sold",
        IndexForm::RatioMean => "mean of ratios",
        IndexForm::Geometric => "geometric mean",
        IndexForm::EqualWeights => "one of each",
    }
}
