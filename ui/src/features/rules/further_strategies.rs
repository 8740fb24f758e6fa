//! Fields of the strategies that follow no single competitor price: formula, other prices, stock cover, age, tables.

use leptos::prelude::*;
use pricing_domain::{
    Adjustment, AgeSince, BasisPoints, CoverBand, MarkdownBase, MarkdownStep, Strategy, TableBand, decimal_text,
    parse_scaled,
};
use pricing_rules::Expects;

use super::expression_input::{ExpressionInput, problems};
use super::pairs_form::PairsForm;
use super::strategy_form::Distance;
use crate::components::fields::{ChoiceInput, TextInput};

/// The fields of a strategy of this kind; nothing for others.
pub fn fields(strategy: Strategy, edit: Callback<Strategy>) -> AnyView {
    match strategy {
        Strategy::Formula(text) => view! {
            <ExpressionInput
                label="Formula"
                expects=Expects::Formula
                value=text
                placeholder="min(comp.lowest - 0.01, cost * 1.35)"
                testid="formula"
                set=Callback::new(move |text| edit.run(Strategy::Formula(text)))
            />
        }
        .into_any(),
        Strategy::Follow { list, product, adjust } => view! { <FollowFields list product adjust edit /> }.into_any(),
        Strategy::StockCover { bands } => cover(bands, edit),
        Strategy::Markdown { since, base, steps } => view! { <MarkdownFields since base steps edit /> }.into_any(),
        Strategy::Table { of, bands } => view! { <TableFields of bands edit /> }.into_any(),
        _ => ().into_any(),
    }
}

fn percent(share: BasisPoints) -> String {
    decimal_text(i64::from(share.0), 2, 0)
}

fn number<T: TryFrom<i64>>(text: &str, digits: u8) -> Option<T> {
    parse_scaled(&text.trim().replace(',', "."), digits).and_then(|value| T::try_from(value).ok())
}

/// Another list's price, or another product's.
#[component]
fn FollowFields(
    /// The code of the list.
    list: Option<String>,
    /// The article number.
    product: Option<String>,
    /// How far from it.
    adjust: Adjustment,
    /// Called with the whole strategy.
    edit: Callback<Strategy>,
) -> impl IntoView {
    let named = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (in_list, of_product) = (RwSignal::new(list.clone()), RwSignal::new(product.clone()));
    let distance = RwSignal::new(adjust);
    let tell = move || {
        let (list, product) = (in_list.get_untracked(), of_product.get_untracked());
        edit.run(Strategy::Follow { list, product, adjust: distance.get_untracked() });
    };
    view! {
        <TextInput
            label="The price in this list, by its code"
            value=list.unwrap_or_default()
            placeholder="DE"
            set=Callback::new(move |text: String| {
                in_list.set(named(text));
                tell();
            })
        />
        <TextInput
            label="or the price of this product, by its SKU"
            value=product.unwrap_or_default()
            set=Callback::new(move |text: String| {
                of_product.set(named(text));
                tell();
            })
        />
        <Distance
            adjust
            set=Callback::new(move |adjust| {
                distance.set(adjust);
                tell();
            })
        />
    }
}

fn cover(bands: Vec<CoverBand>, edit: Callback<Strategy>) -> AnyView {
    let pairs = bands.iter().map(|band| (band.from_days.to_string(), percent(band.change))).collect();
    let set = move |pairs: Vec<(String, String)>| {
        let band = |(days, change): &(String, String)| {
            Some(CoverBand { from_days: number(days, 0)?, change: BasisPoints(number(change, 2)?) })
        };
        let bands = pairs.iter().map(band).collect::<Option<Vec<_>>>();
        bands.map(|bands| edit.run(Strategy::StockCover { bands })).is_some()
    };
    view! {
        <PairsForm
            pairs
            titles=("From days of cover", "Change today's price by %")
            beginning=("60", "-5")
            set=Callback::new(set)
        />
    }
    .into_any()
}

/// A markdown by age.
#[component]
fn MarkdownFields(
    /// From when age counts.
    since: AgeSince,
    /// What is taken off from.
    base: MarkdownBase,
    /// By ascending days.
    steps: Vec<MarkdownStep>,
    /// Called with the whole strategy.
    edit: Callback<Strategy>,
) -> impl IntoView {
    let pairs = steps.iter().map(|step| (step.after_days.to_string(), percent(step.off))).collect();
    let held = RwSignal::new((since, base, steps));
    let tell = move || {
        let (since, base, steps) = held.get_untracked();
        edit.run(Strategy::Markdown { since, base, steps });
    };
    let since_key = Signal::derive(move || match held.with(|held| held.0) {
        AgeSince::Listed => "listed".to_owned(),
        AgeSince::PriceChanged => "changed".to_owned(),
    });
    let base_key = Signal::derive(move || match held.with(|held| held.1) {
        MarkdownBase::RecommendedPrice => "rrp".to_owned(),
        MarkdownBase::MaxPrice => "max".to_owned(),
    });
    let set = move |pairs: Vec<(String, String)>| {
        let step = |(days, off): &(String, String)| {
            Some(MarkdownStep { after_days: number(days, 0)?, off: BasisPoints(number(off, 2)?) })
        };
        let Some(steps) = pairs.iter().map(step).collect::<Option<Vec<_>>>() else { return false };
        held.update(|held| held.2 = steps);
        tell();
        true
    };
    view! {
        <ChoiceInput
            label="Age counts since"
            value=since_key
            choices=vec![("listed", "the product was first on sale"), ("changed", "today's price began")]
            set=Callback::new(move |key: String| {
                held.update(|held| held.0 = if key == "listed" { AgeSince::Listed } else { AgeSince::PriceChanged });
                tell();
            })
        />
        <ChoiceInput
            label="Taken off from"
            value=base_key
            choices=vec![("rrp", "the recommended price"), ("max", "the product's own highest price")]
            set=Callback::new(move |key: String| {
                let base = if key == "rrp" { MarkdownBase::RecommendedPrice } else { MarkdownBase::MaxPrice };
                held.update(|held| held.1 = base);
                tell();
            })
        />
        <PairsForm pairs titles=("After days", "Take off %") beginning=("30", "10") set=Callback::new(set) />
    }
}

/// A decision table.
#[component]
fn TableFields(
    /// The value that decides.
    of: String,
    /// By ascending values.
    bands: Vec<TableBand>,
    /// Called with the whole strategy.
    edit: Callback<Strategy>,
) -> impl IntoView {
    let pairs = bands.iter().map(|band| (band.from.clone().unwrap_or_default(), band.price.clone())).collect();
    let held = RwSignal::new((of.clone(), bands));
    let tell = move || {
        let (of, bands) = held.get_untracked();
        edit.run(Strategy::Table { of, bands });
    };
    let set = move |pairs: Vec<(String, String)>| {
        let readable = |(_, price): &(String, String)| problems(price, Expects::Formula, false).is_empty();
        if pairs.is_empty() || !pairs.iter().all(readable) {
            return false;
        }
        let band = |(from, price): (String, String)| TableBand {
            from: Some(from.trim().to_owned()).filter(|from| !from.is_empty()),
            price,
        };
        held.update(|held| held.1 = pairs.into_iter().map(band).collect());
        tell();
        true
    };
    view! {
        <TextInput
            label="The value that decides"
            value=of
            placeholder="comp.count"
            set=Callback::new(move |of: String| {
                held.update(|held| held.0 = of);
                tell();
            })
        />
        <PairsForm
            pairs
            titles=("From (first line: empty)", "Price, a formula")
            beginning=("3", "comp.average")
            set=Callback::new(set)
        />
    }
}
