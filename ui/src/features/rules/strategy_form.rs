//! How a price is found: the kind of strategy, and the fields that the kind has.

use leptos::prelude::*;
use pricing_domain::{
    Adjustment, BasisPoints, CategoryIndex, CompetitorReference, CompetitorWeight, OfferPolicy, Strategy, decimal_text,
    parse_scaled,
};

use super::further_strategies;
use super::pairs_form::PairsForm;

use super::strategy_choices::{
    DISTANCES, KINDS, REFERENCES, beginning, distance_beginning, distance_kind, kind, reference_beginning,
    reference_kind,
};
use crate::components::fields::{CheckInput, ChoiceInput, NumberInput, TextInput, names};

/// The form of a strategy. Fields change what is held here; every change is told.
#[component]
pub fn StrategyForm(
    /// To begin with.
    strategy: Strategy,
    /// Called with every change.
    set: Callback<Strategy>,
    /// The label of the choice of kinds.
    label: &'static str,
    /// Its name in tests.
    testid: &'static str,
) -> impl IntoView {
    let held = RwSignal::new(strategy);
    let edit = Callback::new(move |strategy: Strategy| {
        held.set(strategy.clone());
        set.run(strategy);
    });
    let shown = Memo::new(move |_| held.with(kind));
    let fields = move || {
        // The kind decides which fields there are; their values are theirs while they are typed.
        match (shown.get(), held.get_untracked()) {
            (_, Strategy::Competitor { reference, adjust, offers }) => {
                view! { <CompetitorFields reference target=Target::Distance(adjust) offers edit /> }.into_any()
            }
            (_, Strategy::IndexTarget { reference, index, by_category, offers }) => {
                view! { <CompetitorFields reference target=Target::Index(index, by_category) offers edit /> }.into_any()
            }
            (_, Strategy::CostPlusMargin { margin }) => {
                let set = Callback::new(move |value: Option<i64>| {
                    edit.run(Strategy::CostPlusMargin { margin: basis_points(value) });
                });
                percent_field("Margin of the net price", margin, set)
            }
            (_, Strategy::CostPlusMarkup { markup }) => {
                let set = Callback::new(move |value: Option<i64>| {
                    edit.run(Strategy::CostPlusMarkup { markup: basis_points(value) });
                });
                percent_field("Markup on the cost", markup, set)
            }
            (_, Strategy::RecommendedPrice { adjust }) => {
                let set = Callback::new(move |adjust| edit.run(Strategy::RecommendedPrice { adjust }));
                view! { <Distance adjust set /> }.into_any()
            }
            (_, strategy) => further_strategies::fields(strategy, edit),
        }
    };
    view! {
        <ChoiceInput
            label
            value=Signal::derive(move || shown.get().to_owned())
            choices=KINDS.to_vec()
            testid
            set=Callback::new(move |key: String| edit.run(beginning(&key)))
        />
        {fields}
    }
}

fn percent_field(label: &'static str, value: BasisPoints, set: Callback<Option<i64>>) -> AnyView {
    view! {
        <NumberInput label value=Some(i64::from(value.0)) digits=2 unit="%" testid="strategy-percent" set />
    }
    .into_any()
}

/// A category with its index, as they are typed.
fn category_index((category, index): &(String, String)) -> Option<CategoryIndex> {
    let category = Some(category.trim().to_owned()).filter(|category| !category.is_empty())?;
    let index = parse_scaled(index.trim(), 2).and_then(|index| i32::try_from(index).ok()).filter(|index| *index > 0)?;
    Some(CategoryIndex { category, index: BasisPoints(index) })
}

fn basis_points(value: Option<i64>) -> BasisPoints {
    BasisPoints(value.and_then(|value| i32::try_from(value).ok()).unwrap_or(0))
}

/// Where the price stands to the reference.
#[derive(Clone, Debug, PartialEq)]
enum Target {
    /// So far from it.
    Distance(Adjustment),
    /// At this index, or at that of its category.
    Index(BasisPoints, Vec<CategoryIndex>),
}

/// Which competitor price, how far from it, and which offers count.
#[component]
fn CompetitorFields(
    /// Which price.
    reference: CompetitorReference,
    /// Where the price stands to it.
    target: Target,
    /// Which offers count.
    offers: OfferPolicy,
    /// Called with the whole strategy.
    edit: Callback<Strategy>,
) -> impl IntoView {
    let reference = RwSignal::new(reference);
    let stands = RwSignal::new(target.clone());
    let offers = RwSignal::new(offers);
    let tell = move || {
        let (reference, offers) = (reference.get_untracked(), offers.get_untracked());
        edit.run(match stands.get_untracked() {
            Target::Distance(adjust) => Strategy::Competitor { reference, adjust, offers },
            Target::Index(index, by_category) => Strategy::IndexTarget { reference, index, by_category, offers },
        });
    };
    let where_it_stands = match target {
        Target::Distance(adjust) => {
            let set = Callback::new(move |adjust| {
                stands.set(Target::Distance(adjust));
                tell();
            });
            view! { <Distance adjust set /> }.into_any()
        }
        Target::Index(index, by_category) => {
            let edit = move |change: &dyn Fn(&mut BasisPoints, &mut Vec<CategoryIndex>)| {
                stands.update(|target| {
                    if let Target::Index(index, by_category) = target {
                        change(index, by_category);
                    }
                });
                tell();
            };
            let set = Callback::new(move |value: Option<i64>| edit(&|index, _| *index = basis_points(value)));
            let pair = |one: CategoryIndex| (one.category, decimal_text(i64::from(one.index.0), 2, 0));
            let pairs = by_category.into_iter().map(pair).collect();
            let set_targets = Callback::new(move |pairs: Vec<(String, String)>| {
                let Some(targets) = pairs.iter().map(category_index).collect::<Option<Vec<_>>>() else { return false };
                edit(&|_, by_category| by_category.clone_from(&targets));
                true
            });
            view! {
                <NumberInput label="Index: ours ÷ theirs × 100" value=Some(i64::from(index.0)) digits=2 set />
                <PairsForm pairs titles=("Category", "Index") beginning=("", "100") set=set_targets />
            }
            .into_any()
        }
    };
    let shown = Memo::new(move |_| reference.with(reference_kind));
    let details = move || match (shown.get(), reference.get_untracked()) {
        (_, CompetitorReference::Nth(place)) => view! {
            <NumberInput
                label="Place from below"
                value=Some(i64::from(place))
                digits=0
                set=Callback::new(move |place: Option<i64>| {
                    let place = place.and_then(|place| u32::try_from(place).ok()).unwrap_or(0);
                    reference.set(CompetitorReference::Nth(place));
                    tell();
                })
            />
        }
        .into_any(),
        (_, CompetitorReference::Named(competitors)) => view! {
            <TextInput
                label="Competitors, the preferred one first"
                value=competitors.join(", ")
                placeholder="ElektroMax, TechHaus"
                set=Callback::new(move |text: String| {
                    reference.set(CompetitorReference::Named(names(&text)));
                    tell();
                })
            />
        }
        .into_any(),
        (_, CompetitorReference::Weighted(weights)) => {
            let pairs = weights.into_iter().map(|one| (one.competitor, one.weight.to_string())).collect();
            let set = Callback::new(move |pairs: Vec<(String, String)>| {
                let weight = |(competitor, weight): &(String, String)| {
                    let weight = weight.trim().parse().ok().filter(|weight| *weight > 0)?;
                    Some(CompetitorWeight { competitor: competitor.trim().to_owned(), weight })
                };
                let Some(weights) = pairs.iter().map(weight).collect::<Option<Vec<_>>>() else { return false };
                reference.set(CompetitorReference::Weighted(weights));
                tell();
                true
            });
            view! { <PairsForm pairs titles=("Competitor", "Weight") beginning=("", "1") set /> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <ChoiceInput
            label="Which of their prices"
            value=Signal::derive(move || shown.get().to_owned())
            choices=REFERENCES.to_vec()
            testid="reference-kind"
            set=Callback::new(move |key: String| {
                reference.set(reference_beginning(&key));
                tell();
            })
        />
        {details}
        {where_it_stands}
        <OfferFields
            offers=offers.get_untracked()
            set=Callback::new(move |policy| {
                offers.set(policy);
                tell();
            })
        />
    }
}

/// How far from a reference price.
#[component]
pub fn Distance(
    /// To begin with.
    adjust: Adjustment,
    /// Called with every change.
    set: Callback<Adjustment>,
) -> impl IntoView {
    let held = RwSignal::new(adjust);
    let edit = Callback::new(move |adjust: Adjustment| {
        held.set(adjust);
        set.run(adjust);
    });
    let shown = Memo::new(move |_| held.with(distance_kind));
    let amount = move || match (shown.get(), held.get_untracked()) {
        (_, Adjustment::Percent(share)) => view! {
            <NumberInput
                label="Below (−) or above"
                value=Some(i64::from(share.0))
                digits=2
                unit="%"
                testid="distance"
                set=Callback::new(move |value| edit.run(Adjustment::Percent(basis_points(value))))
            />
        }
        .into_any(),
        (_, Adjustment::AmountMinor(minor)) => view! {
            <NumberInput
                label="Below (−) or above"
                value=Some(minor)
                digits=2
                testid="distance"
                set=Callback::new(move |value: Option<i64>| edit.run(Adjustment::AmountMinor(value.unwrap_or(0))))
            />
        }
        .into_any(),
        (_, Adjustment::None) => ().into_any(),
    };
    view! {
        <ChoiceInput
            label="Distance"
            value=Signal::derive(move || shown.get().to_owned())
            choices=DISTANCES.to_vec()
            testid="distance-kind"
            set=Callback::new(move |key: String| edit.run(distance_beginning(&key)))
        />
        {amount}
    }
}

/// Which offers count.
#[component]
fn OfferFields(
    /// To begin with.
    offers: OfferPolicy,
    /// Called with every change.
    set: Callback<OfferPolicy>,
) -> impl IntoView {
    let held = RwSignal::new(offers.clone());
    let edit = move |change: &dyn Fn(&mut OfferPolicy)| {
        held.update(|policy| change(policy));
        set.run(held.get_untracked());
    };
    view! {
        <div class="choices">
            <CheckInput
                label="Only what can be bought"
                value=offers.in_stock_only
                set=Callback::new(move |on| edit(&|policy| policy.in_stock_only = on))
            />
            <CheckInput
                label="Only exact matches"
                value=offers.exact_only
                set=Callback::new(move |on| edit(&|policy| policy.exact_only = on))
            />
            <CheckInput
                label="With shipping"
                value=offers.with_shipping
                set=Callback::new(move |on| edit(&|policy| policy.with_shipping = on))
            />
            <CheckInput
                label="Not those below our floor"
                value=offers.ignore_below_floor
                set=Callback::new(move |on| edit(&|policy| policy.ignore_below_floor = on))
            />
        </div>
        <NumberInput
            label="Prices not older than"
            value=Some(i64::from(offers.max_age_hours))
            digits=0
            unit="hours"
            set=Callback::new(move |hours: Option<i64>| {
                let hours = hours.and_then(|hours| u32::try_from(hours).ok()).unwrap_or(0);
                edit(&|policy| policy.max_age_hours = hours);
            })
        />
        <NumberInput
            label="Leave out prices further from the others' median than"
            value=offers.outlier.map(|share| i64::from(share.0))
            digits=2
            unit="%"
            optional=true
            set=Callback::new(move |share: Option<i64>| {
                let share = share.map(|share| basis_points(Some(share)));
                edit(&|policy| policy.outlier = share);
            })
        />
        <TextInput
            label="Only these competitors (empty: all)"
            value=offers.only.join(", ")
            set=Callback::new(move |text: String| edit(&|policy| policy.only = names(&text)))
        />
    }
}
