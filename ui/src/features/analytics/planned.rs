//! Reports that are written by themselves, and those that were kept.

use app_contract::{
    ExportReport, GetKeptReport, KeptReportView, ListKeptReports, ListReportPlans, RemoveReportPlan, ReportPlan,
    ReportPlanView, RunReportPlan, SaveReportPlan,
};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::{MarketFilter, ReportFormat, ReportKind, ReportPeriod};

use super::reports::report_words;
use crate::components::empty::Empty;
use crate::components::fields::{CheckInput, ChoiceInput, TextInput, names};
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::features::files::hand_over;
use crate::formats::{bytes, date_time, time_zone};
use crate::reads::read;
use crate::writes::write;

/// Patterns that are offered.
const USUAL: [(&str, &str); 4] = [
    ("0 7 * * MON", "Mondays at 07:00"),
    ("0 7 * * MON-FRI", "Working days at 07:00"),
    ("0 7 * * *", "Every day at 07:00"),
    ("0 7 1 * *", "The first of each month at 07:00"),
];
/// Days that a report can be about.
const PERIODS: [(&str, &str); 4] = [
    ("7-days", "the newest 7 days"),
    ("28-days", "the newest 28 days"),
    ("last-week", "the last whole week"),
    ("last-month", "the last whole month"),
];
/// Kept reports that are shown.
const SHOWN: usize = 20;
/// So many reports are kept of a plan that is made here.
const KEEP: u32 = 52;

/// Planned and kept reports.
#[component]
pub fn PlannedReports(
    /// What a new plan is about.
    #[prop(into)]
    filter: Signal<Option<MarketFilter>>,
) -> impl IntoView {
    let plans = read(|| Some(ListReportPlans {}));
    let kept = read(|| Some(ListKeptReports {}));
    let planning = RwSignal::new(false);
    let show_plans = |plans: Vec<ReportPlanView>| {
        if plans.is_empty() {
            return view! { <Empty text="No report is planned. A planned one is written at its time, kept, and mailed where you wish." /> }
                .into_any();
        }
        let rows = plans.into_iter().map(|plan| view! { <PlanLine plan /> }).collect_view();
        view! { <ul class="report-plans" data-testid="report-plans">{rows}</ul> }.into_any()
    };
    let show_kept = |kept: Vec<KeptReportView>| {
        let rows = kept.into_iter().take(SHOWN).map(|report| view! { <KeptLine report /> }).collect_view();
        view! { <ul class="report-plans" data-testid="kept-reports">{rows}</ul> }
    };
    view! {
        <Reading from=plans lines=3 show=show_plans />
        <Show
            when=move || planning.get()
            fallback=move || view! {
                <div class="actions">
                    <button type="button" class="button" data-testid="plan-report" on:click=move |_| planning.set(true)>"Plan a report"</button>
                </div>
            }
        >
            <PlanForm filter close=Callback::new(move |()| planning.set(false)) />
        </Show>
        <Reading from=kept lines=3 show=show_kept />
    }
}

/// One plan.
#[component]
fn PlanLine(
    /// The plan.
    plan: ReportPlanView,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let run = write::<RunReportPlan>(move |_| toasts.done("The report is written and kept."));
    let remove = write::<RemoveReportPlan>(move |_| toasts.done("The plan is removed; its reports stay."));
    let id = plan.id;
    let next = plan.next_at.map(|at| format!(" · next {}", date_time(at))).unwrap_or_default();
    let to = if plan.plan.email.is_empty() { String::new() } else { format!(" · to {}", plan.plan.email.join(", ")) };
    let (run_label, remove_label) = (format!("Write {} now", plan.plan.name), format!("Remove {}", plan.plan.name));
    let error =
        (!plan.last_error.is_empty()).then(|| view! { <small class="negative">{plan.last_error.clone()}</small> });
    view! {
        <li>
            <span>
                <strong>{plan.plan.name.clone()}</strong>
                <small class="muted">{format!("{} · {}{next}{to}", report_words(plan.plan.report).0, plan.words)}</small>
                {error}
            </span>
            <span class="row-actions">
                <button type="button" class="button small" aria-label=run_label disabled=run.pending() on:click=move |_| { run.run(RunReportPlan { id }); }>"Write now"</button>
                <button type="button" class="button small" aria-label=remove_label disabled=remove.pending() on:click=move |_| { remove.run(RemoveReportPlan { id }); }>"Remove"</button>
            </span>
        </li>
    }
}

/// One kept report.
#[component]
fn KeptLine(
    /// The report.
    report: KeptReportView,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let get = write::<GetKeptReport>(move |file| hand_over(ExportReport { file, rows: 1 }, toasts));
    let (name, label) = (report.name.clone(), format!("Open {}", report.name));
    view! {
        <li>
            <span>{report.name.clone()}<small class="muted">{format!("{} · {}", date_time(report.at), bytes(report.bytes))}</small></span>
            <button type="button" class="button small" aria-label=label on:click=move |_| { get.run(GetKeptReport { name: name.clone() }); }>"Open"</button>
        </li>
    }
}

/// The form of a new plan.
#[component]
fn PlanForm(
    /// What it is about.
    #[prop(into)]
    filter: Signal<Option<MarketFilter>>,
    /// Closes the form.
    close: Callback<()>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let name = RwSignal::new(String::new());
    let kind = RwSignal::new(ReportKind::Weekly.as_str().to_owned());
    let period = RwSignal::new(ReportPeriod::Days7.as_str().to_owned());
    let format = RwSignal::new(ReportFormat::Pdf.as_str().to_owned());
    let pattern = RwSignal::new(USUAL[0].0.to_owned());
    let email = RwSignal::new(String::new());
    let pinned = RwSignal::new(false);
    let save = write::<SaveReportPlan>(move |_| {
        toasts.done("The report is planned.");
        close.run(());
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let parsed = kind.get_untracked().parse().ok().zip(format.get_untracked().parse().ok());
        if let (Some(filter), Some((report, format))) = (filter.get_untracked(), parsed) {
            let plan = ReportPlan {
                name: name.get_untracked(),
                report,
                // The days go along with the calendar.
                period: period.get_untracked().parse().unwrap_or_default(),
                filter: MarketFilter { from: None, to: None, ..filter },
                format,
                pattern: pattern.get_untracked(),
                time_zone: time_zone(),
                email: names(&email.get_untracked()),
                keep: KEEP,
                paused: false,
                pinned_answers: pinned.get_untracked(),
            };
            save.run(SaveReportPlan { id: None, plan });
        }
    };
    let kinds = ReportKind::ALL.iter().map(|kind| (kind.as_str(), report_words(*kind).0)).collect::<Vec<_>>();
    view! {
        <form class="form" on:submit=submit data-testid="plan-form">
            <TextInput label="Name" value=String::new() testid="plan-name" set=Callback::new(move |text| name.set(text)) />
            <ChoiceInput label="Report" value=kind choices=kinds set=Callback::new(move |text| kind.set(text)) />
            <ChoiceInput label="About" value=period choices=PERIODS.to_vec() set=Callback::new(move |text| period.set(text)) />
            <ChoiceInput label="As" value=format choices=vec![("pdf", "PDF"), ("xlsx", "XLSX")] set=Callback::new(move |text| format.set(text)) />
            <ChoiceInput label="When" value=pattern choices=USUAL.to_vec() set=Callback::new(move |text| pattern.set(text)) />
            <TextInput label="E-mail to" value=String::new() placeholder="nobody" set=Callback::new(move |text| email.set(text)) />
            <CheckInput
                label="Weekly report with the assistant's pinned answers"
                value=false
                set=Callback::new(move |with| pinned.set(with))
            />
            <p class="muted">"It is about what the filter above shows, and is written while OmniPriceX is open; a missed turn is taken once."</p>
            <div class="actions">
                <button type="submit" class="button primary" data-testid="save-plan" disabled=save.pending()>"Plan it"</button>
                <button type="button" class="button" on:click=move |_| close.run(())>"Cancel"</button>
            </div>
        </form>
    }
}
