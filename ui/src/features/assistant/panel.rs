//! The panel beside any screen.

use app_contract::{AssistantQuestion, ClearConversation, ListAssistantQuestions};
use leptos::html;
use leptos::prelude::*;

use super::answer::Turn;
use super::asking::Asking;
use super::button::SmallButton;
use super::desk::AssistantDesk;
use super::who::Who;
use crate::components::icon::{Glyph, Icon};
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::reads::read;
use crate::writes::write;

/// Questions that are offered before the first one.
const OFFERED: usize = 8;

/// The panel, while it is open.
#[component]
pub fn AssistantPanel() -> impl IntoView {
    let desk = expect_context::<AssistantDesk>();
    view! {
        <Show when=move || desk.open.get()>
            <Conversation />
        </Show>
    }
}

/// What was asked, and the line for the next question.
#[component]
fn Conversation() -> impl IntoView {
    let desk = expect_context::<AssistantDesk>();
    let text = RwSignal::new(String::new());
    let log = NodeRef::<html::Div>::new();
    desk.recall_turns();
    let clear = write::<ClearConversation>(move |_| {
        desk.file.set(None);
        desk.recall_turns();
    });
    let attached = move || {
        let remove = SmallButton::quiet("Remove").testid("assistant-detach");
        desk.file.get().map(|file| {
            view! { <p class="assistant-file">{file.name} {remove.press(move || desk.file.set(None))}</p> }
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.ask(text.get_untracked());
        text.set(String::new());
    };
    // The newest question comes to the top once and stays there: its turn is as high as the panel at least, so that an
    // answer grows downwards, and whoever scrolls meanwhile is left alone.
    Effect::new(move |_| {
        desk.turns.with(Vec::len);
        desk.asking.with(Option::is_some);
        let Some(log) = log.get() else { return };
        request_animation_frame(move || {
            // Only the conversation scrolls: asked of the browser, the whole page would move with it.
            if let Ok(Some(newest)) = log.query_selector("article:last-of-type") {
                let below = newest.get_bounding_client_rect().top() - log.get_bounding_client_rect().top();
                log.set_scroll_top(log.scroll_top() + (below - ABOVE) as i32);
            }
        });
    });
    let asking = move || desk.asking.get().map(|question| view! { <Asking question /> });
    let nothing = move || desk.turns.with(Vec::is_empty) && desk.asking.with(Option::is_none);
    view! {
        <aside class="assistant" aria-label="Assistant" data-testid="assistant">
            <header class="side-panel-head">
                <div class="side-panel-heading">
                    <h2>"Assistant"</h2>
                    <Who />
                </div>
                {SmallButton::quiet("Clear").testid("assistant-clear").press(move || clear.run(ClearConversation {}))}
                <button
                    type="button"
                    class="button icon-only quiet"
                    aria-label="Close the assistant"
                    on:click=move |_| desk.toggle()
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </header>
            <div class="assistant-turns" tabindex="0" role="log" aria-label="Conversation" node_ref=log>
                <Show when=nothing><Offered /></Show>
                <For each=move || desk.turns.get() key=|turn| turn.id let:turn>
                    <Turn turn />
                </For>
                {asking}
            </div>
            {attached}
            <form class="assistant-ask" on:submit=submit>
                {SmallButton::quiet("Attach")
                    .testid("assistant-attach")
                    .hint("A file of competitors' prices to ask about")
                    .press(move || desk.attach())}
                <input
                    type="text"
                    aria-label="Question"
                    placeholder="Ask about prices, margins, competitors"
                    data-testid="assistant-question"
                    autocomplete="off"
                    bind:value=text
                />
                <button type="submit" class="button primary" data-testid="assistant-ask">"Ask"</button>
            </form>
        </aside>
    }
}

/// Pixels above the newest question.
const ABOVE: f64 = 12.0;

/// Questions to begin with, with names of this workspace.
#[component]
fn Offered() -> impl IntoView {
    let desk = expect_context::<AssistantDesk>();
    let questions = read(|| Some(ListAssistantQuestions {}));
    let show = move |questions: Vec<AssistantQuestion>| {
        let step = (questions.len() / OFFERED).max(1);
        let lines = questions.into_iter().step_by(step).take(OFFERED).map(|one| {
            let question = one.english.clone();
            view! {
                <li>
                    <button type="button" class="link-button" on:click=move |_| desk.ask(question.clone())>
                        {one.english}
                    </button>
                </li>
            }
        });
        let lines = lines.collect_view();
        view! {
            <p>"Ask in English or German, for example:"</p>
            <ul class="offered">{lines}</ul>
        }
    };
    view! { <Reading from=questions lines=6 show /> }
}
