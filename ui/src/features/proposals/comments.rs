//! What people said about a price, and saying something.

use app_contract::{CommentProposal, CommentView, ListComments};
use leptos::prelude::*;
use pricing_domain::ProposalId;

use crate::components::reading::Reading;
use crate::formats::date_time;
use crate::reads::read;
use crate::writes::write;

/// The comments with their form.
#[component]
pub fn Comments(
    /// The proposal.
    proposal: ProposalId,
) -> impl IntoView {
    let said = read(move || Some(ListComments { proposal }));
    let text = RwSignal::new(String::new());
    let say = write::<CommentProposal>(move |_| text.set(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        say.run(CommentProposal { proposal, text: text.get_untracked() });
    };
    let show = |comments: Vec<CommentView>| {
        let lines = comments.into_iter().map(|one| {
            view! {
                <li>
                    <p>{one.text}</p>
                    <small class="muted">{format!("{}, {}", one.actor, date_time(one.at))}</small>
                </li>
            }
        });
        view! { <ul class="comments" data-testid="comments">{lines.collect_view()}</ul> }
    };
    view! {
        <details class="stated" open>
            <summary>"Comments"</summary>
            <Reading from=said lines=1 show />
            <form class="inline-form" on:submit=submit>
                <input
                    type="text"
                    maxlength="2000"
                    aria-label="Say something about this price"
                    placeholder="Say something about this price"
                    data-testid="comment-text"
                    bind:value=text
                />
                <button
                    type="submit"
                    class="button small"
                    data-testid="comment-say"
                    disabled=move || say.pending().get() || text.with(|text| text.trim().is_empty())
                >
                    "Say it"
                </button>
            </form>
        </details>
    }
}
