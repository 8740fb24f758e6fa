//! When a competitor is collected: what a schedule would do is shown before it is saved.

use app_contract::{PauseSchedule, PreviewSchedule, RemoveSchedule, SaveSchedule, SchedulePreview, ScheduleView};
use leptos::prelude::*;
use pricing_domain::CompetitorId;

use crate::components::facts::items;
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::formats::date_time;
use crate::reads::read;
use crate::writes::write;

/// Patterns that most people need, with their words.
const USUAL: [(&str, &str); 5] = [
    ("0 6 * * *", "Every day at 06:00"),
    ("0 6 * * 1-5", "On workdays at 06:00"),
    ("0 6,18 * * *", "Every day at 06:00 and 18:00"),
    ("0 */4 * * *", "Every four hours"),
    ("0 6 * * 1", "On Mondays at 06:00"),
];

/// The schedule that holds, and another one.
#[component]
pub fn ScheduleForm(
    /// Whose.
    competitor: CompetitorId,
    /// The one that holds.
    schedule: Option<ScheduleView>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let start = schedule.as_ref().map_or("0 6 * * *".to_owned(), |schedule| schedule.pattern.clone());
    let zone = schedule.as_ref().map_or_else(crate::formats::time_zone, |schedule| schedule.time_zone.clone());
    let pattern = RwSignal::new(start);
    let time_zone = RwSignal::new(zone);
    let asked = RwSignal::new(false);
    let preview = read(move || {
        asked.get().then(|| PreviewSchedule { competitor, pattern: pattern.get(), time_zone: time_zone.get() })
    });
    let save = write::<SaveSchedule>(move |_| {
        asked.set(false);
        toasts.done("Saved. It is collected by itself while the application runs.");
    });
    let usual = USUAL.map(|(text, words)| {
        view! { <option value=text selected=move || pattern.get() == text>{words}</option> }
    });
    let own = move || !USUAL.iter().any(|(text, _)| *text == pattern.get());
    let show = move |preview: SchedulePreview| {
        let next = preview.next.iter().take(3).map(|at| date_time(*at)).collect::<Vec<_>>().join(", ");
        let remarks = items(preview.remarks);
        view! {
            <p>{format!("{}. Next: {next}.", preview.words.trim_end_matches('.'))}</p>
            <p class="muted">{preview.estimate.words}</p>
            <ul class="muted">{remarks}</ul>
            <div class="actions">
                <button
                    type="button"
                    class="button primary"
                    data-testid="save-schedule"
                    on:click=move |_| {
                        save.run(SaveSchedule {
                            competitor,
                            pattern: pattern.get_untracked(),
                            time_zone: time_zone.get_untracked(),
                        });
                    }
                >
                    "Save the schedule"
                </button>
            </div>
        }
    };
    view! {
        {schedule.map(|schedule| view! { <InForce competitor schedule /> })}
        <div class="form">
            <label class="field">
                <span>"Collect it"</span>
                <select
                    data-testid="schedule-usual"
                    on:change:target=move |event| {
                        pattern.set(event.target().value());
                        asked.set(true);
                    }
                >
                    {usual}
                    <option value="" disabled selected=own>"As the pattern says"</option>
                </select>
            </label>
            <label class="field">
                <span>"Pattern: minute, hour, day, month, weekday"</span>
                <input type="text" class="code" data-testid="schedule-pattern" bind:value=pattern />
            </label>
            <label class="field">
                <span>"Time zone"</span>
                <input type="text" bind:value=time_zone />
            </label>
            <Show
                when=move || asked.get()
                fallback=move || {
                    view! {
                        <button type="button" class="button" data-testid="look-at-schedule" on:click=move |_| asked.set(true)>
                            "What it would do"
                        </button>
                    }
                }
            >
                <Reading from=preview lines=3 show />
            </Show>
        </div>
    }
}

/// The schedule that holds, and pausing it.
#[component]
fn InForce(
    /// Whose.
    competitor: CompetitorId,
    /// The schedule.
    schedule: ScheduleView,
) -> impl IntoView {
    let pause = write::<PauseSchedule>(|_| {});
    let remove = write::<RemoveSchedule>(|_| {});
    let paused = schedule.paused;
    let next = match (paused, schedule.next_at) {
        (true, _) => "paused".to_owned(),
        (false, Some(at)) => format!("next {}", date_time(at)),
        (false, None) => String::new(),
    };
    let last = schedule.last_at.map(|at| format!(" · last {}", date_time(at))).unwrap_or_default();
    view! {
        <p>
            {schedule.words}
            <span class="muted">{format!(" ({}) · {next}{last}", schedule.time_zone)}</span>
        </p>
        <div class="actions">
            <button
                type="button"
                class="button small"
                on:click=move |_| { pause.run(PauseSchedule { competitor, paused: !paused }); }
            >
                {if paused { "Let it go on" } else { "Pause" }}
            </button>
            <button
                type="button"
                class="button small"
                on:click=move |_| { remove.run(RemoveSchedule { competitor }); }
            >
                "Only by hand"
            </button>
        </div>
    }
}
