//! Which readings of a competitor count.

use app_contract::{CompetitorSettings, FlagUse, ReadingPolicy, UpdateCompetitor};
use leptos::prelude::*;
use pricing_domain::CompetitorId;

use crate::components::fields::{ChoiceInput, NumberInput};
use crate::components::toasts::Toasts;
use crate::writes::write;

const USES: [(&str, &str); 3] =
    [("counts", "count"), ("confirmed", "count when read a second time"), ("never", "never count")];

const fn key(flag: FlagUse) -> &'static str {
    match flag {
        FlagUse::Counts => "counts",
        FlagUse::WhenConfirmed => "confirmed",
        FlagUse::Never => "never",
    }
}

fn flag_use(key: &str) -> FlagUse {
    match key {
        "counts" => FlagUse::Counts,
        "confirmed" => FlagUse::WhenConfirmed,
        _ => FlagUse::Never,
    }
}

/// Readings with a flag: their words, where they stand, and how that is set.
type Flag = (&'static str, fn(&ReadingPolicy) -> FlagUse, fn(&mut ReadingPolicy, FlagUse));

const FLAGS: [Flag; 6] = [
    ("Prices far outside what the page usually shows", |policy| policy.unusual, |policy, flag| policy.unusual = flag),
    (
        "Prices far from what the others charge",
        |policy| policy.far_from_others,
        |policy, flag| policy.far_from_others = flag,
    ),
    ("Prices far from our cost", |policy| policy.far_from_cost, |policy, flag| policy.far_from_cost = flag),
    (
        "Prices equal to another product's of the shop",
        |policy| policy.equal_to_neighbour,
        |policy, flag| policy.equal_to_neighbour = flag,
    ),
    ("Reduced prices", |policy| policy.promotions, |policy, flag| policy.promotions = flag),
    (
        "Prices that the page does not say clearly",
        |policy| policy.low_confidence,
        |policy, flag| policy.low_confidence = flag,
    ),
];

/// A limit: its words, its unit, its value, and how that is set.
type Limit = (&'static str, &'static str, fn(&ReadingPolicy) -> Option<u32>, fn(&mut ReadingPolicy, Option<u32>));

const LIMITS: [Limit; 5] = [
    (
        "Prices expire when not seen for (empty: as rules say)",
        "hours",
        |policy| policy.expires_after_hours,
        |policy, value| policy.expires_after_hours = value,
    ),
    (
        "Unusual: outside the page's range by more than",
        "%",
        |policy| Some(policy.listing_percent),
        |policy, value| policy.listing_percent = value.unwrap_or(policy.listing_percent),
    ),
    (
        "Far from the others: beyond this share of their middle price",
        "%",
        |policy| Some(policy.others_percent),
        |policy, value| policy.others_percent = value.unwrap_or(policy.others_percent),
    ),
    (
        "Far from our cost: below",
        "%",
        |policy| Some(policy.cost_least_percent),
        |policy, value| policy.cost_least_percent = value.unwrap_or(policy.cost_least_percent),
    ),
    (
        "… or above",
        "%",
        |policy| Some(policy.cost_most_percent),
        |policy, value| policy.cost_most_percent = value.unwrap_or(policy.cost_most_percent),
    ),
];

/// The form.
#[component]
pub fn PolicyForm(
    /// Whose.
    competitor: CompetitorId,
    /// As they are.
    settings: CompetitorSettings,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let save = write::<UpdateCompetitor>(move |_| toasts.done("Saved. Prices are judged anew with it."));
    let shown = settings.policy.clone();
    let edited = RwSignal::new(settings);
    let flags = FLAGS.map(|(label, get, set)| {
        view! {
            <ChoiceInput
                label
                value=Signal::derive(move || key(edited.with(|settings| get(&settings.policy))).to_owned())
                choices=USES.to_vec()
                set=Callback::new(move |key: String| edited.update(|settings| set(&mut settings.policy, flag_use(&key))))
            />
        }
    });
    let limits = LIMITS.map(|(label, unit, get, set)| {
        view! {
            <NumberInput
                label
                value=get(&shown).map(i64::from)
                digits=0
                unit
                optional=true
                set=Callback::new(move |value: Option<i64>| {
                    let value = value.and_then(|value| u32::try_from(value).ok());
                    edited.update(|settings| set(&mut settings.policy, value));
                })
            />
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save.run(UpdateCompetitor { competitor, settings: edited.get_untracked() });
    };
    view! {
        <form class="form" on:submit=submit>
            {limits.into_iter().collect_view()}
            {flags.into_iter().collect_view()}
            <button type="submit" class="button" data-testid="save-policy" disabled=save.pending()>"Save"</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::{FLAGS, USES, flag_use, key};
    use app_contract::ReadingPolicy;

    #[test]
    fn every_use_has_its_words_and_every_flag_is_set_where_it_is_shown() {
        for (name, _) in USES {
            assert_eq!(key(flag_use(name)), name);
            for (label, get, set) in FLAGS {
                let mut policy = ReadingPolicy::default();
                set(&mut policy, flag_use(name));
                assert_eq!(get(&policy), flag_use(name), "{label}");
            }
        }
    }
}
