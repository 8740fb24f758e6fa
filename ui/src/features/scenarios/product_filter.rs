//! Which products something is about: filters as chips to take away, and one line to add another.

use leptos::prelude::*;
use pricing_domain::{GridFilter, Role};

use crate::components::icon::{Glyph, Icon};
use crate::features::products::filter_text::title;

/// Kinds: key, words, whether a name is needed.
const KINDS: [(&str, &str, bool); 14] = [
    ("category", "Category", true),
    ("brand", "Brand", true),
    ("supplier", "Supplier", true),
    ("family", "Family", true),
    ("tag", "Tag", true),
    ("key_value", "Key-value items", false),
    ("own_brand", "Own brand", false),
    ("traffic", "Role traffic", false),
    ("profit", "Role profit", false),
    ("tail", "Role tail", false),
    ("offers", "With competitor price", false),
    ("no_offers", "No competitor price", false),
    ("dearer", "Dearer than lowest", false),
    ("promotion", "On promotion", false),
];

fn filter(kind: &str, name: &str) -> Option<GridFilter> {
    let named = || Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    Some(match kind {
        "category" => GridFilter::Category(named()?),
        "brand" => GridFilter::Brand(named()?),
        "supplier" => GridFilter::Supplier(named()?),
        "family" => GridFilter::Family(named()?),
        "tag" => GridFilter::Tag(named()?),
        "key_value" => GridFilter::KeyValue,
        "own_brand" => GridFilter::OwnBrand,
        "traffic" => GridFilter::Role(Role::Traffic),
        "profit" => GridFilter::Role(Role::Profit),
        "tail" => GridFilter::Role(Role::Tail),
        "offers" => GridFilter::HasOffers,
        "no_offers" => GridFilter::NoOffers,
        "dearer" => GridFilter::DearerThanLowest,
        "promotion" => GridFilter::OnPromotion,
        _ => return None,
    })
}

/// The filters.
#[component]
pub fn ProductFilter(
    /// All of these hold; none: every product.
    #[prop(into)]
    only: Signal<Vec<GridFilter>>,
    /// Called with what stands in their place.
    set: Callback<Vec<GridFilter>>,
) -> impl IntoView {
    let kind = RwSignal::new(KINDS[0].0.to_owned());
    let name = RwSignal::new(String::new());
    let needs_name = move || kind.with(|kind| KINDS.iter().any(|(key, _, named)| key == kind && *named));
    let made = move || filter(&kind.get(), &name.get());
    let add = move || {
        if let Some(made) = untrack(made) {
            let mut all = only.get_untracked();
            if !all.contains(&made) {
                all.push(made);
                set.run(all);
            }
            name.set(String::new());
        }
    };
    let remove = move |place: usize| {
        let mut all = only.get_untracked();
        all.remove(place);
        set.run(all);
    };
    let chips = move || {
        let all = only.get().into_iter().enumerate();
        all.map(|(place, one)| {
            let words = title(&one);
            let label = format!("Remove “{words}”");
            view! {
                <li class="chip">
                    <span>{words}</span>
                    <button type="button" aria-label=label on:click=move |_| remove(place)>
                        <Icon glyph=Glyph::Close />
                    </button>
                </li>
            }
        })
        .collect_view()
    };
    let options = KINDS.map(|(key, words, _)| view! { <option value=key>{words}</option> });
    view! {
        <div class="product-filter">
            <span class="muted">
                {move || only.with(|only| if only.is_empty() { "on all products, or only on" } else { "only on" })}
            </span>
            <ul class="chips" aria-label="Only these products">{chips}</ul>
            <div class="add-test">
                <select aria-label="Only" data-testid="filter-kind" bind:value=kind>{options}</select>
                <Show when=needs_name>
                    <input
                        type="text"
                        aria-label="Its name"
                        data-testid="filter-name"
                        bind:value=name
                        on:keydown=move |event| {
                            if event.key() == "Enter" {
                                event.prevent_default();
                                add();
                            }
                        }
                    />
                </Show>
                <button
                    type="button"
                    class="button small"
                    data-testid="filter-add"
                    disabled=move || made().is_none()
                    on:click=move |_| add()
                >
                    "Add"
                </button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, filter};

    #[test]
    fn every_kind_gives_a_filter_and_a_needed_name_is_asked_for() {
        for (kind, _, needs_name) in KINDS {
            assert!(filter(kind, "Sony").is_some(), "{kind}");
            assert_eq!(filter(kind, " ").is_none(), needs_name, "{kind}");
        }
    }
}
