//! On which price list proposals are shown.

use app_contract::ProposalFilter;
use leptos::prelude::*;

use crate::components::show::Show;
use crate::session::Session;

/// All lists or one; only there where there is more than one.
#[component]
pub fn ListChoice(
    /// What is shown.
    filter: Memo<ProposalFilter>,
    /// Shows something else.
    show: Callback<ProposalFilter>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let lists = move || session.workspace().map(|workspace| workspace.price_lists).unwrap_or_default();
    let chosen = move || filter.with(|filter| filter.price_list.map(|id| id.to_string()).unwrap_or_default());
    let choose = move |text: String| {
        show.run(ProposalFilter { price_list: text.parse().ok(), ..filter.get_untracked() });
    };
    let options = move || {
        let now = chosen();
        lists()
            .into_iter()
            .map(|list| {
                let value = list.id.to_string();
                let selected = value == now;
                view! { <option value=value selected=selected>{list.name}</option> }
            })
            .collect_view()
    };
    view! {
        <Show when=move || { lists().len() > 1 }>
            <select
                aria-label="On which price list"
                data-testid="proposal-list"
                prop:value=chosen
                on:change:target=move |event| choose(event.target().value())
            >
                <option value="">"All price lists"</option>
                {options}
            </select>
        </Show>
    }
}
