//! Who answers, and what leaves this machine, said before the first question.

use app_contract::{
    GetModelSettings, LocalModelServer, ModelKind, ModelSettings, ModelSettingsView, SaveModelSettings,
};
use leptos::prelude::*;
use leptos_router::components::A;

use super::button::SmallButton;
use crate::features::settings::local_servers::LocalServers;
use crate::reads::read;
use crate::routes::Screen;
use crate::writes::write;

/// The line below the title, and what is to be agreed to.
#[component]
pub fn Who() -> impl IntoView {
    let settings = read(|| Some(GetModelSettings {}));
    let agree = write::<SaveModelSettings>(|_| {});
    let show = move |view: ModelSettingsView| {
        let chosen = view.settings.clone();
        let change = || view! { <A href=Screen::Settings.path() attr:class="small">"Change"</A> };
        if chosen.kind == ModelKind::Advisor {
            let take = Callback::new(move |server: LocalModelServer| {
                let model = server.models.first().cloned().unwrap_or_default();
                let settings = ModelSettings { kind: ModelKind::Compatible, url: server.url, model, ..chosen.clone() };
                agree.run(SaveModelSettings { settings });
            });
            return view! {
                <p class="muted">
                    "Answers from this workspace alone, on this machine, without a model. It proposes and never acts. "
                    {change()}
                </p>
                <LocalServers lead="A model may be running on this machine. " words="Look for one" take />
            }
            .into_any();
        }
        let place = if view.local { "on this machine" } else { "over the network" };
        let words = format!("{} at {}, {place}. It proposes and never acts. ", chosen.model, chosen.address());
        let asked = !view.local && !chosen.agreed && !chosen.local_only;
        let lines = view.leaves.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
        let consent = asked.then(|| {
            let agreed = ModelSettings { agreed: true, ..chosen.clone() };
            view! {
                <div class="notice caution" data-testid="assistant-leaves">
                    <p>"Before the first question, this is what leaves this machine:"</p>
                    <ul>{lines}</ul>
                    {SmallButton::primary("Agree")
                        .testid("assistant-agree")
                        .press(move || agree.run(SaveModelSettings { settings: agreed.clone() }))}
                    <p class="muted">"Until then questions are answered without the model."</p>
                </div>
            }
        });
        let problem = view.problem.filter(|_| !asked).map(|problem| view! { <p class="notice caution">{problem}</p> });
        view! {
            <p class="muted" data-testid="assistant-who">{words}{change()}</p>
            {consent}
            {problem}
        }
        .into_any()
    };
    move || settings.value().map(show)
}
