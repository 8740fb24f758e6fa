//! What is approved without a person, and what needs two.

use app_contract::{ApplyApprovalPolicy, PolicyPreview, PreviewApprovalPolicy, SaveApprovalPolicy};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::{ApprovalLine, ApprovalPolicy, BasisPoints, Scope};

use crate::components::facts::items;
use crate::components::fields::{CheckInput, ChoiceInput, NumberInput, TextInput};
use crate::components::icon::{Glyph, Icon};
use crate::components::reading::Reading;
use crate::components::toasts::Toasts;
use crate::features::rules::scope_form::ScopeForm;
use crate::formats::counted;
use crate::reads::read;
use crate::writes::write;

const EYES: [(&str, &str); 3] =
    [("off", "one person approves"), ("exceptions", "two approve exceptions"), ("all", "two approve everything")];

/// The policy that is edited.
#[derive(Clone, Copy)]
struct Desk(RwSignal<ApprovalPolicy>);

impl Desk {
    fn edit(self, place: usize, change: impl FnOnce(&mut ApprovalLine)) {
        self.0.update(|policy| {
            if let Some(line) = policy.lines.get_mut(place) {
                change(line);
            }
        });
    }

    fn line(self, place: usize) -> Option<ApprovalLine> {
        self.0.with(|policy| policy.lines.get(place).cloned())
    }
}

/// The form.
#[component]
pub fn PolicyForm(
    /// As it is.
    policy: ApprovalPolicy,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let (enabled, eyes, all_or_nothing) = (policy.enabled, policy.four_eyes, policy.all_or_nothing);
    let held = RwSignal::new(policy);
    let desk = Desk(held);
    let save = write::<SaveApprovalPolicy>(move |_| toasts.done("Saved. The next run is approved by it."));
    let apply = write::<ApplyApprovalPolicy>(move |report| {
        toasts.done(format!("{} approved.", counted(report.decided, "change", "changes")));
    });
    let preview = read(move || Some(PreviewApprovalPolicy { policy: held.get() }));
    let count = Memo::new(move |_| held.with(|policy| policy.lines.len()));
    let renewed = RwSignal::new(0u32);
    let add = move |_| {
        held.update(|policy| {
            let name = format!("Line {}", policy.lines.len() + 1);
            let limit = Some(BasisPoints(300));
            policy.lines.push(ApprovalLine { name, largest_raise: limit, largest_cut: limit, ..Default::default() });
        });
        renewed.update(|times| *times += 1);
    };
    let remove = Callback::new(move |place: usize| {
        held.update(|policy| {
            policy.lines.remove(place);
        });
        renewed.update(|times| *times += 1);
    });
    let lines = move || {
        renewed.get();
        (0..count.get()).map(|place| view! { <Line desk place remove /> }).collect_view()
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save.run(SaveApprovalPolicy { policy: held.get_untracked() });
    };
    let eyes_now = Signal::derive(move || held.with(|policy| policy.four_eyes.to_string()));
    view! {
        <form class="form policy" on:submit=submit data-testid="policy-form">
            <p class="muted">
                "The first line whose products and limits fit approves an ordinary change of a run. Exceptions, and what no line approves, wait for a person."
            </p>
            <CheckInput
                label="Approve by these lines"
                value=enabled
                set=Callback::new(move |on| held.update(|policy| policy.enabled = on))
            />
            <ol class="policy-lines">{lines}</ol>
            <button type="button" class="button small" data-testid="add-policy-line" on:click=add>"Add a line"</button>
            <ChoiceInput
                label="Four eyes"
                value=eyes_now
                choices=EYES.to_vec()
                testid="four-eyes"
                set=Callback::new(move |key: String| {
                    held.update(|policy| policy.four_eyes = key.parse().unwrap_or(eyes));
                })
            />
            <CheckInput
                label="Hand over all approved prices or none"
                value=all_or_nothing
                set=Callback::new(move |on| held.update(|policy| policy.all_or_nothing = on))
            />
            <Reading from=preview lines=2 show=move |preview: PolicyPreview| effect(&held.get_untracked(), &preview) />
            <div class="actions">
                <button type="submit" class="button primary" data-testid="save-policy" disabled=save.pending()>"Save"</button>
                <button
                    type="button"
                    class="button"
                    data-testid="apply-policy"
                    disabled=move || apply.pending().get() || !enabled
                    title="By the policy as it is saved"
                    on:click=move |_| { apply.run(ApplyApprovalPolicy {}); }
                >
                    "Approve what waits now"
                </button>
            </div>
        </form>
    }
}

/// What the policy would do to what waits.
fn effect(policy: &ApprovalPolicy, preview: &PolicyPreview) -> AnyView {
    if !preview.problems.is_empty() {
        let problems = items(preview.problems.iter().cloned());
        return view! { <ul class="negative" role="status" data-testid="policy-effect">{problems}</ul> }.into_any();
    }
    let line = |(line, count): (&ApprovalLine, &u64)| {
        view! { <li>{format!("“{}” would approve {}", line.name, counted(*count, "change", "changes"))}</li> }
    };
    let lines = policy.lines.iter().zip(&preview.lines).map(line).collect_view();
    let left = format!(
        "{} would wait for a person, and {}.",
        counted(preview.left, "change", "changes"),
        counted(preview.exceptions, "exception", "exceptions")
    );
    view! { <ul class="muted" role="status" data-testid="policy-effect">{lines}<li>{left}</li></ul> }.into_any()
}

/// One line.
#[component]
fn Line(
    /// The policy.
    desk: Desk,
    /// Its place.
    place: usize,
    /// Takes it away.
    remove: Callback<usize>,
) -> impl IntoView {
    let line = untrack(move || desk.line(place)).unwrap_or_default();
    let scope = Signal::derive(move || desk.line(place).map(|line| line.scope).unwrap_or_default());
    let percent = move |label, now: Option<BasisPoints>, change: fn(&mut ApprovalLine, Option<BasisPoints>)| {
        let set = Callback::new(move |value: Option<i64>| {
            let value = value.and_then(|value| i32::try_from(value).ok()).map(BasisPoints);
            desk.edit(place, |line| change(line, value));
        });
        let value = now.map(|limit| i64::from(limit.0));
        view! { <NumberInput label value digits=2 unit="%" optional=true set /> }
    };
    let amount = move |label, value: Option<i64>, change: fn(&mut ApprovalLine, Option<i64>)| {
        let set = Callback::new(move |value: Option<i64>| desk.edit(place, |line| change(line, value)));
        view! { <NumberInput label value digits=2 optional=true set /> }
    };
    view! {
        <li class="policy-line">
            <TextInput
                label="Name"
                value=line.name.clone()
                testid="policy-line-name"
                set=Callback::new(move |name: String| desk.edit(place, |line| line.name = name))
            />
            <div class="limits">
                {percent("Raise of at most", line.largest_raise, |line, value| line.largest_raise = value)}
                {percent("Cut of at most", line.largest_cut, |line, value| line.largest_cut = value)}
                {percent("Margin of at least", line.least_margin, |line, value| line.least_margin = value)}
                {amount("Change of at most, amount", line.largest_change_minor, |line, value| line.largest_change_minor = value)}
                {amount("Change × units of 28 days, at most", line.largest_stake_minor, |line, value| {
                    line.largest_stake_minor = value;
                })}
            </div>
            <p class="muted">"Where only raises or only cuts are limited, the other direction waits for a person."</p>
            <ScopeForm scope set=Callback::new(move |scope: Scope| desk.edit(place, |line| line.scope = scope)) />
            <button
                type="button"
                class="button icon-only quiet"
                aria-label="Remove this line"
                on:click=move |_| remove.run(place)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </li>
    }
}
