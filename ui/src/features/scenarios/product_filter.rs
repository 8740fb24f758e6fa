//! Which products something is about: filters as chips to take away, and one line to add another.

use leptos::prelude::*;
use pricing_domain::{GridFilter, Role};

use crate::components::criteria::{Criteria, Kind};
use crate::features::products::filter_text::title;

const KINDS: [Kind; 14] = [
    Kind::valued("category", "Category", ""),
    Kind::valued("brand", "Brand", ""),
    Kind::valued("supplier", "Supplier", ""),
    Kind::valued("family", "Family", ""),
    Kind::valued("tag", "Tag", ""),
    Kind::plain("key_value", "Key-value items"),
    Kind::plain("own_brand", "Own brand"),
    Kind::plain("traffic", "Role traffic"),
    Kind::plain("profit", "Role profit"),
    Kind::plain("tail", "Role tail"),
    Kind::plain("offers", "With competitor price"),
    Kind::plain("no_offers", "No competitor price"),
    Kind::plain("dearer", "Dearer than lowest"),
    Kind::plain("promotion", "On promotion"),
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
    let chosen = Signal::derive(move || only.with(|only| only.iter().map(title).collect()));
    let can_add = Callback::new(|(kind, name): (String, String)| filter(&kind, &name).is_some());
    let add = Callback::new(move |(kind, name): (String, String)| {
        let mut all = only.get_untracked();
        if let Some(made) = filter(&kind, &name).filter(|made| !all.contains(made)) {
            all.push(made);
            set.run(all);
        }
    });
    let remove = Callback::new(move |place: usize| {
        let mut all = only.get_untracked();
        all.remove(place);
        set.run(all);
    });
    view! {
        <div class="product-filter">
            <span class="muted">
                {move || only.with(|only| if only.is_empty() { "on all products, or only on" } else { "only on" })}
            </span>
            <Criteria chosen label="Only these products" kinds=&KINDS testid="filter" can_add add remove />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, filter};

    #[test]
    fn every_kind_gives_a_filter_and_a_needed_name_is_asked_for() {
        for kind in KINDS {
            assert!(filter(kind.key, "Sony").is_some(), "{}", kind.key);
            assert_eq!(filter(kind.key, " ").is_none(), kind.has_value, "{}", kind.key);
        }
    }
}
