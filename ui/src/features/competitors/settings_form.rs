//! How a competitor's sites are visited.

use app_contract::{CompetitorSettings, HeaderProfile, QuietHours, UpdateCompetitor};
use leptos::prelude::*;
use pricing_domain::CompetitorId;

use crate::components::fields::{CheckInput, NumberInput, TextInput};
use crate::components::toasts::Toasts;
use crate::writes::write;

/// The form.
#[component]
pub fn SettingsForm(
    /// Whose.
    competitor: CompetitorId,
    /// As they are.
    settings: CompetitorSettings,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let save = write::<UpdateCompetitor>(move |_| toasts.done("Saved."));
    let shown = settings.clone();
    let edited = RwSignal::new(settings);
    let quiet = |pick: fn(&QuietHours) -> u16| {
        let minutes = shown.quiet_hours.as_ref().map(pick);
        minutes.map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60)).unwrap_or_default()
    };
    let (from, to) = (RwSignal::new(quiet(|q| q.from_minute)), RwSignal::new(quiet(|q| q.to_minute)));
    let zone = shown.quiet_hours.as_ref().map_or_else(crate::formats::time_zone, |quiet| quiet.time_zone.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let hours = minutes(&from.get_untracked()).zip(minutes(&to.get_untracked()));
        edited.update(|settings| {
            settings.quiet_hours =
                hours.map(|(from_minute, to_minute)| QuietHours { from_minute, to_minute, time_zone: zone.clone() });
        });
        save.run(UpdateCompetitor { competitor, settings: edited.get_untracked() });
    };
    let number = move |set: fn(&mut CompetitorSettings, Option<i64>)| {
        Callback::new(move |value| edited.update(|settings| set(settings, value)))
    };
    let flag = move |set: fn(&mut CompetitorSettings, bool)| {
        Callback::new(move |on| edited.update(|settings| set(settings, on)))
    };
    view! {
        <form class="form" on:submit=submit>
            <NumberInput
                label="Least time between two requests (empty: as in Settings)"
                value=shown.delay_ms.and_then(|delay| i64::try_from(delay).ok())
                digits=0
                unit="ms"
                optional=true
                testid="competitor-delay"
                set=number(|settings, value| settings.delay_ms = value.and_then(|value| u64::try_from(value).ok()))
            />
            <NumberInput
                label="Most requests a day (empty: no limit)"
                value=shown.daily_requests.map(i64::from)
                digits=0
                unit=""
                optional=true
                set=number(|settings, value| settings.daily_requests = value.and_then(|value| u32::try_from(value).ok()))
            />
            <div class="two-fields">
                <label class="field"><span>"Leave it alone from"</span><input type="time" bind:value=from /></label>
                <label class="field"><span>"to"</span><input type="time" bind:value=to /></label>
            </div>
            <TextInput
                label="Language of its pages"
                value=shown.language.clone().unwrap_or_default()
                placeholder="de-AT"
                set=Callback::new(move |text: String| {
                    edited.update(|settings| settings.language = Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
                })
            />
            <NumberInput
                label="Keep the pages of new prices for"
                value=Some(i64::from(shown.keep_pages_days))
                digits=0
                unit="days"
                set=number(|settings, value| {
                    settings.keep_pages_days = value.and_then(|value| u32::try_from(value).ok()).unwrap_or_default();
                })
            />
            <CheckInput
                label="Send the headers that browsers send, with this program's name"
                value=shown.headers == HeaderProfile::Browser
                set=flag(|settings, on| settings.headers = if on { HeaderProfile::Browser } else { HeaderProfile::Plain })
            />
            <CheckInput
                label="Fetch through the proxies of the settings"
                value=shown.through_proxies
                set=flag(|settings, on| settings.through_proxies = on)
            />
            <CheckInput
                label="A Shopify shop: read products from their small JSON"
                value=shown.shopify
                set=flag(|settings, on| settings.shopify = on)
            />
            <CheckInput
                label="Spare pages that its sitemap says have not changed; each is still read once a week"
                value=shown.sitemap_dates
                set=flag(|settings, on| settings.sitemap_dates = on)
            />
            <CheckInput
                label="Let an installed browser load the pages, for shops that are empty without their scripts"
                value=shown.rendered
                set=flag(|settings, on| settings.rendered = on)
            />
            <CheckInput
                label="The site is our own: its robots.txt does not bind us"
                value=shown.owned
                set=flag(|settings, on| settings.owned = on)
            />
            <button type="submit" class="button" data-testid="save-competitor" disabled=save.pending()>"Save"</button>
        </form>
    }
}

/// Minutes after midnight of `22:30`.
fn minutes(time: &str) -> Option<u16> {
    let (hours, minutes) = time.trim().split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn times_of_day_are_read_and_others_are_not() {
        assert_eq!(minutes("22:30"), Some(1_350));
        assert_eq!((minutes(""), minutes("24:00"), minutes("7:60")), (None, None, None));
    }
}
