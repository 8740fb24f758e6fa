//! Which products something is about: filters as chips to take away, and one line to add another.

use std::sync::LazyLock;

use leptos::prelude::*;
use pricing_domain::GridFilter;

use crate::components::criteria::{Criteria, Kind};
use crate::features::products::filter_text::{WORDED, offered, title};

/// Every filter of the product grid.
static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let worded = WORDED.map(|(key, words, example)| Kind::valued(key, words, example));
    let plain = offered().map(|filter| Kind::plain(filter.to_string().leak(), title(&filter).leak()));
    worded.into_iter().chain(plain).collect()
});

fn filter(kind: &str, name: &str) -> Option<GridFilter> {
    match WORDED.iter().any(|(key, ..)| *key == kind) {
        true => format!("{kind}:{}", name.trim()).parse().ok(),
        false => kind.parse().ok(),
    }
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
            <Criteria chosen label="Only these products" kinds=KINDS.as_slice() testid="filter" can_add add remove />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, filter};

    #[test]
    fn every_kind_gives_a_filter_and_a_needed_name_is_asked_for() {
        for kind in KINDS.iter() {
            let name = if kind.example.is_empty() { "Sony" } else { kind.example };
            assert!(filter(kind.key, name).is_some(), "{}", kind.key);
            assert_eq!(filter(kind.key, " ").is_none(), kind.has_value, "{}", kind.key);
        }
        let lacking = ["below_cost", "no_cost", "locked", "out_of_stock", "pending_proposal", "stage:phase_out"];
        assert!(lacking.iter().all(|key| KINDS.iter().any(|kind| kind.key == *key)), "as in the grid");
    }
}
