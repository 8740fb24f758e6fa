//! What the edited rules would do, beside what those in force would do; renewed with every change.

use app_contract::{RulePreview, RuleRemark, RunFigures};
use leptos::prelude::*;
use pricing_domain::Money;

use super::desk::RuleDesk;
use super::examples::Examples;
use crate::components::empty::Empty;
use crate::components::notice::ErrorNotice;
use crate::components::show::Show;
use crate::components::skeleton::Skeleton;
use crate::components::table::{Column, TableShape, row};
use crate::formats::{MISSING, index, integer, percent, signed_money};
use crate::session::Session;

/// The panel.
#[component]
pub fn EffectPanel() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let session = expect_context::<Session>();
    let content = move || {
        match desk.preview() {
        None if session.lacks_catalogue() => {
            view! { <Empty text="What these rules do to your products will be here. Import a catalogue under Products first." /> }
                .into_any()
        }
        None => view! { <Skeleton lines=12 /> }.into_any(),
        Some(preview) if !preview.problems.is_empty() => problems(&preview).into_any(),
        Some(preview) => view! { <Effect preview /> }.into_any(),
    }
    };
    let failed = move || {
        let again = Callback::new(move |()| desk.edit(|_| {}));
        desk.failed().map(|message| view! { <ErrorNotice message again /> })
    };
    view! {
        <aside class="effect" aria-label="Effect" class:waiting=move || desk.is_waiting() data-testid="rule-effect">
            <h2>"Effect on all products"</h2>
            {failed}
            {content}
        </aside>
    }
}

fn problems(preview: &RulePreview) -> impl IntoView + use<> {
    let lines = preview.problems.iter().map(|problem| view! { <li>{problem.to_string()}</li> }).collect_view();
    view! {
        <p>"These rules contradict themselves and cannot be put in force:"</p>
        <ul class="negative" data-testid="rule-problems">{lines}</ul>
    }
}

const INDEXES: TableShape = TableShape::bare(&[
    Column::head("Against"),
    Column::number("Then"),
    Column::number("Today").class("muted"),
    Column::number("Coverage").class("muted"),
]);

const FIGURES: TableShape = TableShape::bare(&[
    Column::head("Figure").unseen(),
    Column::number("Edited"),
    Column::number("In force").hint("What the rules in force would do now").class("muted"),
])
.testid("effect-figures");

/// The figures.
#[component]
fn Effect(
    /// The effect.
    preview: RulePreview,
) -> impl IntoView {
    let (edited, in_force) = (preview.edited.clone(), preview.in_force.clone());
    let rows = [
        ("Raised", figure(edited.raised), figure(in_force.raised)),
        ("Lowered", figure(edited.lowered), figure(in_force.lowered)),
        ("Unchanged", figure(edited.unchanged), figure(in_force.unchanged)),
        ("Need a person", figure(edited.exceptions), figure(in_force.exceptions)),
        ("Warned", figure(edited.warned), figure(in_force.warned)),
        ("Revenue, 28 days", effect(&edited, |run| run.revenue_effect), effect(&in_force, |run| run.revenue_effect)),
        ("Margin, 28 days", effect(&edited, |run| run.margin_effect), effect(&in_force, |run| run.margin_effect)),
    ];
    let rows = rows.map(|(title, now, before)| row![title, now, before]);
    let indexes = preview.indexes.iter().map(|shift| {
        row![
            shift.competitor.clone(),
            index(shift.after_hundredths),
            index(shift.before_hundredths),
            percent(shift.coverage_bp)
        ]
    });
    let reasons = preview.reasons.iter().map(|reason| {
        view! { <li><span class="numbers">{integer(reason.count)}</span><span>{reason.reason.title()}</span></li> }
    });
    let reasons = reasons.collect::<Vec<_>>();
    let failing = preview.tests.iter().filter(|test| !test.passed).map(|test| {
        view! { <li class="negative">{format!("Test “{}” {}", test.name, test.words)}</li> }
    });
    let failing = failing.collect::<Vec<_>>();
    let tests = (!preview.tests.is_empty()).then(|| {
        let passed = preview.tests.len() - failing.len();
        view! { <p class="muted">{format!("{passed} of {} rule tests pass", preview.tests.len())}</p> }
    });
    let computed = format!("{} products priced in {} ms", integer(preview.products), integer(preview.elapsed_ms));
    view! {
        <p class="muted" data-testid="effect-computed">{computed}</p>
        {FIGURES.with(rows.into())}
        {tests}
        <ul class="remarks">{failing}</ul>
        <Remarks />
        {(!reasons.is_empty()).then(|| view! { <h3>"Why people are needed"</h3><ul class="needs compact">{reasons}</ul> })}
        <h3>"Price index"</h3>
        {INDEXES.with(indexes.collect())}
        <Examples title="Largest changes" rows=preview.moves currency=preview.currency />
        <Examples title="Samples" rows=preview.samples currency=preview.currency />
    }
}

/// What deserves a second look.
#[component]
fn Remarks() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let lines = move || {
        let line = |remark: RuleRemark| {
            let place = remark.rule.map_or(String::new(), |place| format!("Rule {}: ", place + 1));
            view! { <li class:muted=!remark.serious>{format!("{place}{}", remark.text)}</li> }
        };
        desk.remarks().into_iter().map(line).collect_view()
    };
    view! {
        <Show when=move || !desk.remarks().is_empty()>
            <h3>"Worth a look"</h3>
            <ul class="remarks" data-testid="rule-remarks">{lines}</ul>
        </Show>
    }
}

fn figure(count: u64) -> String {
    integer(count)
}

fn effect(run: &RunFigures, of: impl Fn(&RunFigures) -> Option<Money>) -> String {
    of(run).map_or(MISSING.to_owned(), signed_money)
}
