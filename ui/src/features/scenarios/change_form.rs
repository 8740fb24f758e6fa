//! One change of a scenario: what changes, by how much, on which products.

use app_contract::ScenarioChange;
use leptos::prelude::*;
use pricing_domain::GridFilter;

use crate::components::fields::{ChoiceInput, TextInput};

/// A change as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedChange {
    /// Which kind, by its key.
    pub kind: String,
    /// Percent, a rate, or an index.
    pub amount: String,
    /// Whose prices, where it is about competitors; empty: everybody's.
    pub competitor: String,
    /// `all`, `brand`, `category`, `supplier` or `tag`.
    pub scope: String,
    /// The name of it.
    pub name: String,
}

impl Default for TypedChange {
    fn default() -> Self {
        Self {
            kind: "cost".to_owned(),
            amount: "4".to_owned(),
            competitor: String::new(),
            scope: "all".to_owned(),
            name: String::new(),
        }
    }
}

const KINDS: [(&str, &str); 6] = [
    ("cost", "Costs change by"),
    ("competitor", "Competitors' prices change by"),
    ("price", "Our prices change by"),
    ("volume", "Demand changes by"),
    ("vat", "VAT becomes"),
    ("index", "The index is held at"),
];
const SCOPES: [(&str, &str); 5] = [
    ("all", "on all products"),
    ("category", "on the category"),
    ("brand", "on the brand"),
    ("supplier", "on the supplier"),
    ("tag", "on the tag"),
];

impl TypedChange {
    /// As it would be typed: one filter, which is all that this form knows.
    pub fn of(change: &ScenarioChange) -> Self {
        let nothing = Vec::new();
        let (kind, amount, competitor, only) = match change {
            ScenarioChange::Cost { percent, only } => ("cost", *percent, None, only),
            ScenarioChange::Competitor { percent, name, only } => ("competitor", *percent, name.clone(), only),
            ScenarioChange::Price { percent, only } => ("price", *percent, None, only),
            ScenarioChange::Volume { percent, only } => ("volume", *percent, None, only),
            ScenarioChange::Vat { rate, only } => ("vat", *rate, None, only),
            ScenarioChange::Index { target, competitor } => ("index", *target, Some(competitor.clone()), &nothing),
            ScenarioChange::Rules { .. } => return Self::default(),
        };
        let (scope, name) = match only.first() {
            Some(GridFilter::Brand(name)) => ("brand", name.clone()),
            Some(GridFilter::Supplier(name)) => ("supplier", name.clone()),
            Some(GridFilter::Tag(name)) => ("tag", name.clone()),
            Some(GridFilter::Category(name)) => ("category", name.clone()),
            _ => ("all", String::new()),
        };
        Self {
            kind: kind.to_owned(),
            amount: amount.to_string(),
            competitor: competitor.unwrap_or_default(),
            scope: scope.to_owned(),
            name,
        }
    }

    /// What is asked of the host; `None` while something cannot be read.
    pub fn change(&self) -> Option<ScenarioChange> {
        let amount: f64 = self.amount.trim().replace(',', ".").parse().ok().filter(|it: &f64| it.is_finite())?;
        let competitor = Some(self.competitor.trim().to_owned()).filter(|name| !name.is_empty());
        let only = self.only()?;
        Some(match self.kind.as_str() {
            "cost" => ScenarioChange::Cost { percent: amount, only },
            "competitor" => ScenarioChange::Competitor { percent: amount, name: competitor, only },
            "price" => ScenarioChange::Price { percent: amount, only },
            "volume" => ScenarioChange::Volume { percent: amount, only },
            "vat" => ScenarioChange::Vat { rate: amount, only },
            "index" => ScenarioChange::Index { target: amount, competitor: competitor? },
            _ => return None,
        })
    }

    fn only(&self) -> Option<Vec<GridFilter>> {
        let name = self.name.trim().to_owned();
        if self.scope == "all" {
            return Some(Vec::new());
        }
        if name.is_empty() {
            return None;
        }
        Some(vec![match self.scope.as_str() {
            "brand" => GridFilter::Brand(name),
            "supplier" => GridFilter::Supplier(name),
            "tag" => GridFilter::Tag(name),
            _ => GridFilter::Category(name),
        }])
    }
}

/// The fields of a change.
#[component]
pub fn ChangeForm(
    /// Its place among all.
    place: usize,
    /// All changes.
    changes: RwSignal<Vec<TypedChange>>,
) -> impl IntoView {
    let now = move || changes.with(|changes| changes.get(place).cloned().unwrap_or_default());
    let start = untrack(now);
    let edit = move |change: fn(&mut TypedChange, String)| {
        Callback::new(move |text: String| {
            changes.update(|changes| {
                if let Some(typed) = changes.get_mut(place) {
                    change(typed, text);
                }
            });
        })
    };
    let kind = Memo::new(move |_| now().kind);
    let scope = Memo::new(move |_| now().scope);
    let about_competitors = move || matches!(kind.get().as_str(), "competitor" | "index");
    let unit = move || if kind.get() == "index" { "" } else { "%" };
    let unread = move || now().change().is_none();
    let (competitor, name) = (start.competitor, start.name);
    view! {
        <li class="scenario-change" class:unread=unread>
            <ChoiceInput
                label="What"
                value=kind
                choices=KINDS.to_vec()
                testid="change-kind"
                set=edit(|typed, text| typed.kind = text)
            />
            <label class="field">
                <span>"By how much"</span>
                <span class="with-unit">
                    <input
                        type="text"
                        inputmode="decimal"
                        class="numeric"
                        data-testid="change-amount"
                        prop:value=start.amount
                        on:input:target=move |event| edit(|typed, text| typed.amount = text).run(event.target().value())
                    />
                    <span class="muted">{unit}</span>
                </span>
            </label>
            <Show when=about_competitors>
                <TextInput
                    label="Whose"
                    value=competitor.clone()
                    placeholder="everybody's"
                    testid="change-competitor"
                    set=edit(|typed, text| typed.competitor = text)
                />
            </Show>
            <Show when=move || kind.get() != "index">
                <ChoiceInput
                    label="Where"
                    value=scope
                    choices=SCOPES.to_vec()
                    set=edit(|typed, text| typed.scope = text)
                />
            </Show>
            {
                let name = name.clone();
                view! {
                    <Show when=move || scope.get() != "all" && kind.get() != "index">
                        <TextInput
                            label="Its name"
                            value=name.clone()
                            testid="change-name"
                            set=edit(|typed, text| typed.name = text)
                        />
                    </Show>
                }
            }
            <button
                type="button"
                class="button small"
                on:click=move |_| changes.update(|changes| {
                    if place < changes.len() {
                        changes.remove(place);
                    }
                })
            >
                "Remove"
            </button>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use app_contract::ScenarioChange;
    use pricing_domain::GridFilter;

    use super::{KINDS, TypedChange};

    #[test]
    fn every_kind_is_read_and_what_lacks_a_name_is_not() {
        for (kind, _) in KINDS {
            let typed =
                TypedChange { kind: kind.to_owned(), competitor: "ElektroMax".to_owned(), ..TypedChange::default() };
            assert!(typed.change().is_some(), "{kind}");
        }
        let brand = TypedChange { scope: "brand".to_owned(), ..TypedChange::default() };
        assert_eq!(brand.change(), None);
        let named = TypedChange { name: "Sony".to_owned(), amount: "-2,5".to_owned(), ..brand };
        let only = vec![GridFilter::Brand("Sony".to_owned())];
        assert_eq!(named.change(), Some(ScenarioChange::Cost { percent: -2.5, only }));
        let index = TypedChange { kind: "index".to_owned(), ..TypedChange::default() };
        assert_eq!(index.change(), None, "an index needs a competitor");
    }
}
