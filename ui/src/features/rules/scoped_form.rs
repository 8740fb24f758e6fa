//! Guardrails that some products have: further floors, further ceilings, and what channels keep of a sale.

use std::marker::PhantomData;

use leptos::prelude::*;
use pricing_domain::{
    BasisPoints, Ceiling, ChannelFee, FamilyLaw, FamilyOrder, FloorAmount, Guardrails, PriceFloor, Scope,
    ScopedCeiling, SoftGuardrail, SoftLimit,
};

use super::desk::RuleDesk;
use super::scope_form::ScopeForm;
use crate::components::fields::{ChoiceInput, NumberInput, TextInput};
use crate::components::icon::{Glyph, Icon};

/// A guardrail of which a rule set has a list, each for its own products.
pub trait Scoped: Clone + 'static {
    /// The button that adds one.
    const ADD: &'static str;
    /// What is said of the button that takes one away.
    const REMOVE: &'static str;
    /// Its name in tests.
    const NAME: &'static str;

    /// The list.
    fn list(guardrails: &mut Guardrails) -> &mut Vec<Self>;
    /// Its products.
    fn scope(&mut self) -> &mut Scope;
    /// A new one.
    fn beginning() -> Self;
    /// The inputs beside its products.
    fn inputs(self, edit: Edit<Self>) -> AnyView;
}

/// Changes one guardrail of a list on the desk.
pub struct Edit<T> {
    desk: RuleDesk,
    place: usize,
    kind: PhantomData<fn(T)>,
}

impl<T> Clone for Edit<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Edit<T> {}

impl<T: Scoped> Edit<T> {
    fn run(self, change: impl FnOnce(&mut T)) {
        self.desk.edit(|rules| {
            if let Some(one) = T::list(&mut rules.guardrails).get_mut(self.place) {
                change(one);
            }
        });
    }

    fn find(self) -> Option<T> {
        self.desk.rules().and_then(|mut rules| T::list(&mut rules.guardrails).get(self.place).cloned())
    }
}

/// The list with a way to add and to take away.
#[component]
pub fn ScopedForm<T: Scoped>(
    /// Which list.
    #[prop(optional)]
    kind: PhantomData<fn(T)>,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let count = Memo::new(move |_| desk.rules().map_or(0, |mut rules| T::list(&mut rules.guardrails).len()));
    let renewed = RwSignal::new(0u32);
    let add = move |_| {
        desk.edit(|rules| T::list(&mut rules.guardrails).push(T::beginning()));
        renewed.update(|times| *times += 1);
    };
    let remove = Callback::new(move |place: usize| {
        desk.edit(|rules| {
            T::list(&mut rules.guardrails).remove(place);
        });
        renewed.update(|times| *times += 1);
    });
    let lines = move || {
        renewed.get();
        (0..count.get()).map(|place| line::<T>(Edit { desk, place, kind }, remove)).collect_view()
    };
    view! {
        <ol class="floors" data-testid=T::NAME>{lines}</ol>
        <button type="button" class="button small" data-testid=format!("add-{}", T::NAME) on:click=add>{T::ADD}</button>
    }
}

fn line<T: Scoped>(edit: Edit<T>, remove: Callback<usize>) -> Option<impl IntoView> {
    let inputs = untrack(move || edit.find())?.inputs(edit);
    let scope = Signal::derive(move || edit.find().map(|mut one| one.scope().clone()).unwrap_or_default());
    let set = Callback::new(move |scope: Scope| edit.run(|one| *one.scope() = scope));
    Some(view! {
        <li class="floor">
            {inputs}
            <div>
                <ScopeForm scope set />
            </div>
            <button
                type="button"
                class="button icon-only quiet"
                aria-label=T::REMOVE
                on:click=move |_| remove.run(edit.place)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </li>
    })
}

fn points(value: i64) -> Option<BasisPoints> {
    i32::try_from(value).ok().map(BasisPoints)
}

/// A kind and its number: percent for some kinds, an amount for the others.
fn kind_and_number(
    label: &'static str,
    kinds: Vec<(&'static str, &'static str)>,
    kind: &str,
    value: i64,
    set: impl Fn(&str, i64) + Copy + Send + Sync + 'static,
) -> AnyView {
    let (kind, value) = (RwSignal::new(kind.to_owned()), StoredValue::new(value));
    let tell = move || kind.with_untracked(|kind| set(kind, value.get_value()));
    let number = move || {
        let unit = if kind.with(|kind| kind == "amount" || kind == "least") { "in the list's currency" } else { "%" };
        view! {
            <NumberInput
                label="Value"
                value=Some(value.get_value())
                digits=2
                unit
                testid="bound-value"
                set=Callback::new(move |typed: Option<i64>| {
                    if let Some(typed) = typed {
                        value.set_value(typed);
                        tell();
                    }
                })
            />
        }
    };
    view! {
        <ChoiceInput
            label
            value=kind
            choices=kinds
            testid="bound-kind"
            set=Callback::new(move |key: String| {
                kind.set(key);
                tell();
            })
        />
        {number}
    }
    .into_any()
}

impl Scoped for PriceFloor {
    const ADD: &'static str = "Add a markup or an amount";
    const REMOVE: &'static str = "Remove this floor";
    const NAME: &'static str = "price-floors";

    fn list(guardrails: &mut Guardrails) -> &mut Vec<Self> {
        &mut guardrails.price_floors
    }

    fn scope(&mut self) -> &mut Scope {
        &mut self.scope
    }

    fn beginning() -> Self {
        Self { scope: Scope::default(), floor: FloorAmount::Markup(BasisPoints(1_000)) }
    }

    fn inputs(self, edit: Edit<Self>) -> AnyView {
        let (kind, value) = match self.floor {
            FloorAmount::Markup(markup) => ("markup", i64::from(markup.0)),
            FloorAmount::AmountMinor(minor) => ("amount", minor),
        };
        let kinds = vec![("markup", "a markup on the cost of"), ("amount", "an amount of")];
        kind_and_number("At least", kinds, kind, value, move |kind, value| {
            let floor = match kind {
                "amount" => Some(FloorAmount::AmountMinor(value)),
                _ => points(value).map(FloorAmount::Markup),
            };
            edit.run(|one| one.floor = floor.unwrap_or(one.floor));
        })
    }
}

impl Scoped for ScopedCeiling {
    const ADD: &'static str = "Add a ceiling";
    const REMOVE: &'static str = "Remove this ceiling";
    const NAME: &'static str = "ceilings";

    fn list(guardrails: &mut Guardrails) -> &mut Vec<Self> {
        &mut guardrails.ceilings
    }

    fn scope(&mut self) -> &mut Scope {
        &mut self.scope
    }

    fn beginning() -> Self {
        Self { scope: Scope::default(), ceiling: Ceiling::OfCompetitors(BasisPoints(11_000)) }
    }

    fn inputs(self, edit: Edit<Self>) -> AnyView {
        let (kind, value) = match self.ceiling {
            Ceiling::OfCompetitors(share) => ("competitors", i64::from(share.0)),
            Ceiling::OfRecommended(share) => ("recommended", i64::from(share.0)),
            Ceiling::AmountMinor(minor) => ("amount", minor),
        };
        let kinds = vec![
            ("competitors", "of the competitors' average"),
            ("recommended", "of the recommended price"),
            ("amount", "an amount of"),
        ];
        kind_and_number("At most", kinds, kind, value, move |kind, value| {
            let ceiling = match kind {
                "amount" => Some(Ceiling::AmountMinor(value)),
                "recommended" => points(value).map(Ceiling::OfRecommended),
                _ => points(value).map(Ceiling::OfCompetitors),
            };
            edit.run(|one| one.ceiling = ceiling.unwrap_or(one.ceiling));
        })
    }
}

impl Scoped for SoftGuardrail {
    const ADD: &'static str = "Add a limit that only warns";
    const REMOVE: &'static str = "Remove this limit";
    const NAME: &'static str = "warnings";

    fn list(guardrails: &mut Guardrails) -> &mut Vec<Self> {
        &mut guardrails.warnings
    }

    fn scope(&mut self) -> &mut Scope {
        &mut self.scope
    }

    fn beginning() -> Self {
        Self { scope: Scope::default(), limit: SoftLimit::Margin(BasisPoints(1_000)) }
    }

    fn inputs(self, edit: Edit<Self>) -> AnyView {
        let (kind, value) = match self.limit {
            SoftLimit::Margin(margin) => ("margin", i64::from(margin.0)),
            SoftLimit::Markup(markup) => ("markup", i64::from(markup.0)),
            SoftLimit::AtLeastMinor(minor) => ("least", minor),
            SoftLimit::Ceiling(Ceiling::OfCompetitors(share)) => ("competitors", i64::from(share.0)),
            SoftLimit::Ceiling(Ceiling::OfRecommended(share)) => ("recommended", i64::from(share.0)),
            SoftLimit::Ceiling(Ceiling::AmountMinor(minor)) => ("amount", minor),
            SoftLimit::StepUp(step) => ("up", i64::from(step.0)),
            SoftLimit::StepDown(step) => ("down", i64::from(step.0)),
        };
        let kinds = vec![
            ("margin", "the margin is below"),
            ("markup", "the markup is below"),
            ("least", "the price is below an amount of"),
            ("competitors", "the price is above so much of the competitors' average"),
            ("recommended", "the price is above so much of the recommended price"),
            ("amount", "the price is above an amount of"),
            ("up", "it rises at once by more than"),
            ("down", "it falls at once by more than"),
        ];
        kind_and_number("Warn where", kinds, kind, value, move |kind, value| {
            let share = points(value);
            let limit = match kind {
                "least" => Some(SoftLimit::AtLeastMinor(value)),
                "amount" => Some(SoftLimit::Ceiling(Ceiling::AmountMinor(value))),
                "markup" => share.map(SoftLimit::Markup),
                "competitors" => share.map(|share| SoftLimit::Ceiling(Ceiling::OfCompetitors(share))),
                "recommended" => share.map(|share| SoftLimit::Ceiling(Ceiling::OfRecommended(share))),
                "up" => share.map(SoftLimit::StepUp),
                "down" => share.map(SoftLimit::StepDown),
                _ => share.map(SoftLimit::Margin),
            };
            edit.run(|one| one.limit = limit.unwrap_or(one.limit));
        })
    }
}

impl Scoped for FamilyLaw {
    const ADD: &'static str = "Add an order of families";
    const REMOVE: &'static str = "Remove this order";
    const NAME: &'static str = "families";

    fn list(guardrails: &mut Guardrails) -> &mut Vec<Self> {
        &mut guardrails.families
    }

    fn scope(&mut self) -> &mut Scope {
        &mut self.scope
    }

    fn beginning() -> Self {
        Self::everywhere(FamilyOrder::PriceRisesWithContent)
    }

    fn inputs(self, edit: Edit<Self>) -> AnyView {
        let (kind, distance, tags) = match self.order {
            FamilyOrder::PriceRisesWithContent => ("content", 0, Vec::new()),
            FamilyOrder::UnitPriceFallsWithContent => ("unit", 0, Vec::new()),
            FamilyOrder::SamePrice => ("same", 0, Vec::new()),
            FamilyOrder::OwnBrandBelow(distance) => ("own", i64::from(distance.0), Vec::new()),
            FamilyOrder::RisesThroughTags { tags, by } => ("tags", i64::from(by.0), tags),
        };
        let (kind, distance, tags) =
            (RwSignal::new(kind.to_owned()), StoredValue::new(distance), StoredValue::new(tags));
        let tell = move || {
            let distance = points(distance.get_value()).unwrap_or_default();
            let order = kind.with_untracked(|kind| match kind.as_str() {
                "unit" => FamilyOrder::UnitPriceFallsWithContent,
                "same" => FamilyOrder::SamePrice,
                "own" => FamilyOrder::OwnBrandBelow(distance),
                "tags" => FamilyOrder::RisesThroughTags { tags: tags.get_value(), by: distance },
                _ => FamilyOrder::PriceRisesWithContent,
            });
            edit.run(|one| one.order = order);
        };
        let kinds = vec![
            ("content", "more content never costs less"),
            ("unit", "more content never costs less, nor more for each unit"),
            ("same", "all cost the same"),
            ("own", "own brands cost less than others"),
            ("tags", "price rises through tags, as good, better, best"),
        ];
        let more = move || {
            let with_tags = kind.with(|kind| kind == "tags");
            let is_far = with_tags || kind.with(|kind| kind == "own");
            let typed = Callback::new(move |text: String| {
                tags.set_value(
                    text.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect(),
                );
                tell();
            });
            let far = Callback::new(move |typed: Option<i64>| {
                distance.set_value(typed.unwrap_or(0));
                tell();
            });
            view! {
                {with_tags.then(|| view! {
                    <TextInput label="Tags, from the cheapest to the dearest" value=tags.get_value().join(", ") set=typed />
                })}
                {is_far.then(|| view! {
                    <NumberInput label="by at least" value=Some(distance.get_value()) digits=2 unit="%" set=far />
                })}
            }
        };
        view! {
            <ChoiceInput
                label="Within a family"
                value=kind
                choices=kinds
                testid="family-order"
                set=Callback::new(move |key: String| {
                    kind.set(key);
                    tell();
                })
            />
            {more}
        }
        .into_any()
    }
}

impl Scoped for ChannelFee {
    const ADD: &'static str = "Add a channel's fee";
    const REMOVE: &'static str = "Remove this fee";
    const NAME: &'static str = "channel-fees";

    fn list(guardrails: &mut Guardrails) -> &mut Vec<Self> {
        &mut guardrails.channel_fees
    }

    fn scope(&mut self) -> &mut Scope {
        &mut self.scope
    }

    fn beginning() -> Self {
        Self { scope: Scope::default(), percent: BasisPoints(1_500), fixed_minor: 0 }
    }

    fn inputs(self, edit: Edit<Self>) -> AnyView {
        view! {
            <NumberInput
                label="The channel keeps of the gross price"
                value=Some(i64::from(self.percent.0))
                digits=2
                unit="%"
                testid="fee-percent"
                set=Callback::new(move |value: Option<i64>| {
                    if let Some(percent) = value.and_then(points) {
                        edit.run(|one| one.percent = percent);
                    }
                })
            />
            <NumberInput
                label="and for each piece, net"
                value=Some(self.fixed_minor)
                digits=2
                testid="fee-fixed"
                set=Callback::new(move |value: Option<i64>| {
                    if let Some(minor) = value {
                        edit.run(|one| one.fixed_minor = minor);
                    }
                })
            />
        }
        .into_any()
    }
}
