//! The form of an alert, with what it would see now.

use app_contract::{AlertPreview, PreviewAlert, SaveAlert};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::{AlertCondition, AlertDirection, AlertKind, AlertPrice, AlertQuiet, AlertRule, AlertRuleId, Role};

use super::alert_fields::{DIRECTIONS, WHOSE, condition_of, kinds, minute_of, time_of};
use super::history::Items;
use crate::components::fields::{CheckInput, ChoiceInput, NumberInput, TextInput, names};
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::formats::{counted, integer};
use crate::reads::read;
use crate::session::Session;
use crate::words::role;
use crate::writes::write;

/// The form.
#[component]
pub fn AlertForm(
    /// Which alert; `None`: a new one.
    id: Option<AlertRuleId>,
    /// As it is.
    rule: AlertRule,
    /// Closes the form.
    close: Callback<()>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let held = RwSignal::new(rule.clone());
    let save = write::<SaveAlert>(move |alert| {
        toasts.done(format!("“{}” watches from now on. What already is so is no news.", alert.rule.name));
        close.run(());
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save.run(SaveAlert { id, rule: held.get_untracked() });
    };
    view! {
        <form class="alert-form" on:submit=submit data-testid="alert-form">
            <div class="alert-parts">
                <fieldset class="form">
                    <legend>"What is watched"</legend>
                    <TextInput
                        label="Name"
                        value=rule.name.clone()
                        testid="alert-name"
                        set=Callback::new(move |name| held.update(|rule| rule.name = name))
                    />
                    <ChoiceInput
                        label="Tell me when"
                        value=Signal::derive(move || held.with(|rule| rule.condition.kind().as_str().to_owned()))
                        choices=kinds()
                        testid="alert-kind"
                        set=Callback::new(move |kind: String| {
                            if let Ok(kind) = kind.parse::<AlertKind>() {
                                held.update(|rule| rule.condition = condition_of(kind));
                            }
                        })
                    />
                    <Condition held />
                </fieldset>
                <Which held rule=rule.clone() />
                <When held rule=rule.clone() />
            </div>
            <Seen held />
            <div class="actions">
                <button type="submit" class="button primary" data-testid="save-alert" disabled=save.pending()>"Save"</button>
                <button type="button" class="button" on:click=move |_| close.run(())>"Cancel"</button>
            </div>
        </form>
    }
}

/// The numbers of the condition, as its kind has them.
#[component]
fn Condition(
    /// What is edited.
    held: RwSignal<AlertRule>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let digits = move || session.price_list().map_or(2, |list| list.currency.minor_digits());
    let kind = Memo::new(move |_| held.with(|rule| rule.condition.kind()));
    let change = move |edit: fn(&mut AlertCondition, i64)| {
        Callback::new(move |value: Option<i64>| {
            if let Some(value) = value {
                held.update(|rule| edit(&mut rule.condition, value));
            }
        })
    };
    move || {
        let condition = held.with_untracked(|rule| rule.condition);
        match kind.get() {
            AlertKind::OutOfStock | AlertKind::MapViolated => ().into_any(),
            AlertKind::PriceCrosses => {
                let AlertCondition::PriceCrosses { amount_minor, .. } = condition else { return ().into_any() };
                let set = change(|condition, value| {
                    if let AlertCondition::PriceCrosses { amount_minor, .. } = condition {
                        *amount_minor = value;
                    }
                });
                view! {
                    <Whose held />
                    <NumberInput label="Amount" value=Some(amount_minor) digits=digits() testid="alert-amount" set />
                }
                .into_any()
            }
            AlertKind::ChangesBy => {
                let AlertCondition::ChangesBy { change_bp, .. } = condition else { return ().into_any() };
                let set = change(|condition, value| {
                    if let AlertCondition::ChangesBy { change_bp, .. } = condition {
                        *change_bp = i32::try_from(value).unwrap_or(i32::MAX);
                    }
                });
                view! {
                    <Whose held />
                    <NumberInput label="By at least" value=Some(i64::from(change_bp)) digits=2 unit="%" testid="alert-percent" set />
                }
                .into_any()
            }
            AlertKind::PositionLost => {
                let AlertCondition::PositionLost { place } = condition else { return ().into_any() };
                let set = change(|condition, value| {
                    *condition = AlertCondition::PositionLost { place: u32::try_from(value).unwrap_or(0) };
                });
                view! { <NumberInput label="The place we want to keep (1: the cheapest)" value=Some(i64::from(place)) digits=0 set /> }
                    .into_any()
            }
            AlertKind::IndexOutside => {
                let AlertCondition::IndexOutside { from_centi, to_centi } = condition else { return ().into_any() };
                let from = change(|condition, value| {
                    if let AlertCondition::IndexOutside { from_centi, .. } = condition {
                        *from_centi = value;
                    }
                });
                let to = change(|condition, value| {
                    if let AlertCondition::IndexOutside { to_centi, .. } = condition {
                        *to_centi = value;
                    }
                });
                view! {
                    <NumberInput label="Index at least" value=Some(from_centi) digits=2 set=from />
                    <NumberInput label="Index at most" value=Some(to_centi) digits=2 set=to />
                }
                .into_any()
            }
            AlertKind::CollectionFailing => {
                let AlertCondition::CollectionFailing { share_bp } = condition else { return ().into_any() };
                let set = change(|condition, value| {
                    *condition = AlertCondition::CollectionFailing { share_bp: i32::try_from(value).unwrap_or(0) };
                });
                view! { <NumberInput label="More than so many of the pages read" value=Some(i64::from(share_bp)) digits=2 unit="%" set /> }
                    .into_any()
            }
            AlertKind::MarginBelow => {
                let AlertCondition::MarginBelow { margin_bp } = condition else { return ().into_any() };
                let set = change(|condition, value| {
                    *condition = AlertCondition::MarginBelow { margin_bp: i32::try_from(value).unwrap_or(0) };
                });
                view! { <NumberInput label="Margin of the net price" value=Some(i64::from(margin_bp)) digits=2 unit="%" set /> }
                    .into_any()
            }
        }
    }
}

/// Whose price, and which way it goes.
#[component]
fn Whose(
    /// What is edited.
    held: RwSignal<AlertRule>,
) -> impl IntoView {
    let now = move || {
        held.with(|rule| match rule.condition {
            AlertCondition::PriceCrosses { whose, direction, .. }
            | AlertCondition::ChangesBy { whose, direction, .. } => (whose, direction),
            _ => (AlertPrice::Lowest, AlertDirection::Down),
        })
    };
    let change = move |edit: &dyn Fn(&mut AlertPrice, &mut AlertDirection)| {
        held.update(|rule| match &mut rule.condition {
            AlertCondition::PriceCrosses { whose, direction, .. }
            | AlertCondition::ChangesBy { whose, direction, .. } => {
                edit(whose, direction);
            }
            _ => {}
        });
    };
    view! {
        <ChoiceInput
            label="Whose price"
            value=Signal::derive(move || now().0.as_str().to_owned())
            choices=WHOSE.to_vec()
            set=Callback::new(move |text: String| change(&|whose, _| *whose = text.parse().unwrap_or_default()))
        />
        <ChoiceInput
            label="Which way"
            value=Signal::derive(move || now().1.as_str().to_owned())
            choices=DIRECTIONS.to_vec()
            set=Callback::new(move |text: String| change(&|_, direction| *direction = text.parse().unwrap_or_default()))
        />
    }
}

/// Which products and competitors.
#[component]
fn Which(
    /// What is edited.
    held: RwSignal<AlertRule>,
    /// As it was.
    rule: AlertRule,
) -> impl IntoView {
    let mut roles = vec![("", "All")];
    roles.extend(Role::ALL.iter().map(|one| (one.as_str(), role(*one))));
    let filter = rule.filter;
    view! {
        <fieldset class="form">
            <legend>"Of which products"</legend>
            <TextInput
                label="Words in SKU, name or brand"
                value=rule.words
                placeholder="all"
                testid="alert-words"
                set=Callback::new(move |words| held.update(|rule| rule.words = words))
            />
            <TextInput
                label="Categories"
                value=filter.categories.join(", ")
                placeholder="all"
                set=Callback::new(move |text: String| held.update(|rule| rule.filter.categories = names(&text)))
            />
            <TextInput
                label="Brands"
                value=filter.brands.join(", ")
                placeholder="all"
                set=Callback::new(move |text: String| held.update(|rule| rule.filter.brands = names(&text)))
            />
            <ChoiceInput
                label="Role"
                value=Signal::derive(move || {
                    held.with(|rule| rule.filter.roles.first().map_or("", |role| role.as_str()).to_owned())
                })
                choices=roles
                set=Callback::new(move |text: String| {
                    held.update(|rule| rule.filter.roles = text.parse().ok().into_iter().collect());
                })
            />
            <TextInput
                label="Competitors"
                value=filter.competitors.join(", ")
                placeholder="all"
                set=Callback::new(move |text: String| held.update(|rule| rule.filter.competitors = names(&text)))
            />
            <NumberInput
                label="Tolerance (percent of a price, points of an index, margin or share)"
                value=Some(i64::from(rule.tolerance_bp))
                digits=2
                testid="alert-tolerance"
                set=Callback::new(move |value: Option<i64>| {
                    let value = value.and_then(|value| i32::try_from(value).ok()).unwrap_or(0);
                    held.update(|rule| rule.tolerance_bp = value);
                })
            />
            <Show when=move || held.with(|rule| rule.condition.lasts())>
                <CheckInput
                    label="Also tell me when it is over"
                    value=rule.tell_end
                    set=Callback::new(move |on| held.update(|rule| rule.tell_end = on))
                />
            </Show>
        </fieldset>
    }
}

/// On which ways, and when.
#[component]
fn When(
    /// What is edited.
    held: RwSignal<AlertRule>,
    /// As it was.
    rule: AlertRule,
) -> impl IntoView {
    let time = move |label: &'static str, value: String, testid: &'static str, set: Callback<Option<u16>>| {
        view! {
            <label class="field">
                <span>{label}</span>
                <input
                    type="time"
                    data-testid=testid
                    prop:value=value
                    on:change:target=move |event| set.run(minute_of(&event.target().value()))
                />
            </label>
        }
    };
    let quiet = rule.quiet;
    let from = RwSignal::new(quiet.map(|quiet| quiet.from_minute));
    let to = RwSignal::new(quiet.map(|quiet| quiet.to_minute));
    let keep_quiet = move || {
        let both = from.get_untracked().zip(to.get_untracked());
        held.update(|rule| rule.quiet = both.map(|(from_minute, to_minute)| AlertQuiet { from_minute, to_minute }));
    };
    let shown = |minute: Option<u16>| minute.map(time_of).unwrap_or_default();
    view! {
        <fieldset class="form">
            <legend>"How and when"</legend>
            <CheckInput
                label="Notification on this machine"
                value=rule.ways.desktop
                set=Callback::new(move |on| held.update(|rule| rule.ways.desktop = on))
            />
            <TextInput
                label="E-mail to"
                value=rule.ways.email.join(", ")
                placeholder="name@example.com, …"
                testid="alert-email"
                set=Callback::new(move |text: String| held.update(|rule| rule.ways.email = names(&text)))
            />
            <CheckInput
                label="Webhook"
                value=rule.ways.webhook
                set=Callback::new(move |on| held.update(|rule| rule.ways.webhook = on))
            />
            {time(
                "Everything of a day together at (empty: at once)",
                shown(rule.digest_minute),
                "alert-digest",
                Callback::new(move |minute| held.update(|rule| rule.digest_minute = minute)),
            )}
            <div class="two-fields">
                {time("Quiet from", shown(from.get_untracked()), "alert-quiet-from", Callback::new(move |minute| {
                    from.set(minute);
                    keep_quiet();
                }))}
                {time("Quiet to", shown(to.get_untracked()), "alert-quiet-to", Callback::new(move |minute| {
                    to.set(minute);
                    keep_quiet();
                }))}
            </div>
            <TextInput
                label="Time zone"
                value=rule.time_zone
                set=Callback::new(move |zone| held.update(|rule| rule.time_zone = zone))
            />
        </fieldset>
    }
}

/// What the alert would see now.
#[component]
fn Seen(
    /// What is edited.
    held: RwSignal<AlertRule>,
) -> impl IntoView {
    // Only what decides what is seen: a name or an address asks nothing anew.
    let asked = Memo::new(move |_| {
        held.with(|rule| AlertRule {
            name: "…".to_owned(),
            ways: pricing_domain::AlertWays::default(),
            quiet: None,
            digest_minute: None,
            ..rule.clone()
        })
    });
    let preview = read(move || Some(PreviewAlert { rule: asked.get() }));
    let show = |preview: AlertPreview| {
        let left = preview.beyond.saturating_sub(preview.items.len() as u64);
        let now = match preview.beyond {
            0 => "none of them is beyond the limit now".to_owned(),
            beyond => format!("{} beyond the limit now, which is no news yet", counted(beyond, "is", "are")),
        };
        let unjudged = (preview.unjudged > 0)
            .then(|| format!(" {} are not judged: their prices are too old.", integer(preview.unjudged)));
        view! {
            <p>
                <strong>{preview.words}</strong>
                <br />
                {format!("{} watched; {now}.", integer(preview.watched))}
                {unjudged}
            </p>
            <Items items=preview.items />
            {(left > 0).then(|| view! { <p class="muted">{format!("and {} more", integer(left))}</p> })}
        }
    };
    view! {
        <section class="alert-seen" aria-label="What it sees now" data-testid="alert-seen">
            <Reading from=preview lines=3 show />
        </section>
    }
}
