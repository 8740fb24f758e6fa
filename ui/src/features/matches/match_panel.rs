//! A page and a product side by side, what differs marked, and the page's other candidates.

use app_contract::{GetMatchPictures, ListCandidates, MatchDecision, MatchPictures, MatchRow, MatchSide, PictureView};
use leptos::prelude::*;
use pricing_domain::{MatchState, PackCoefficient};

use super::columns::score;
use super::decision_bar::Deciding;
use crate::components::reading::Reading;
use crate::components::show::Show;
use crate::components::side_panel::{SidePanel, remembered_width};
use crate::components::table::{Column, TableShape, row};
use crate::formats::{MISSING, age, date_time, money};
use crate::reads::{Read, read};
use crate::words;

/// What has to be equal where both sides say it; titles, prices and a shop's own numbers need not be.
const CODES: [&str; 3] = ["Brand", "GTIN", "Part number"];

/// The panel.
#[component]
pub fn MatchPanel(
    /// The pair.
    #[prop(into)]
    row: Signal<Option<MatchRow>>,
    /// Decides.
    deciding: Deciding,
    /// Closes the panel.
    close: Callback<()>,
) -> impl IntoView {
    let page = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.page)));
    let candidates = read(move || page.get().map(|page| ListCandidates { page }));
    let pair = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| (row.page, row.product))));
    let pictures = read(move || pair.get().map(|(page, product)| GetMatchPictures { page, product }));
    let width = RwSignal::new(remembered_width());
    let heading = move || {
        row.get().map(|row| {
            view! {
                <h2>{row.theirs.title}</h2>
                <p class="muted">
                    {format!("{}, read {} · ", row.competitor, age(row.read_at))}
                    <span class="code address">{row.url}</span>
                </p>
            }
        })
    };
    let shown = move || row.get().map(|row| view! { <Pair row pictures deciding /> });
    let others = move |rows: Vec<MatchRow>| {
        let product = row.with(|row| row.as_ref().map(|row| row.product));
        let others: Vec<MatchRow> = rows.into_iter().filter(|other| Some(other.product) != product).collect();
        (!others.is_empty()).then(|| {
            let lines = others.into_iter().map(|row| view! { <Other row deciding /> }).collect_view();
            view! {
                <h3>"Other products it may be"</h3>
                <ul class="match-others">{lines}</ul>
            }
        })
    };
    view! {
        <SidePanel label="Match" testid="match-panel" width close heading>
            {shown}
            <Reading from=candidates lines=3 show=others />
        </SidePanel>
    }
}

const SIDES: TableShape =
    TableShape::bare(&[Column::head("What").unseen(), Column::text("Their page"), Column::text("Our product")])
        .class("match-sides");

/// Both sides, and what tells for and against.
#[component]
fn Pair(
    /// The pair.
    row: MatchRow,
    /// The pictures of the newest pair that was answered for.
    pictures: Read<MatchPictures>,
    /// Decides.
    deciding: Deciding,
) -> impl IntoView {
    let pair = (row.page, row.product);
    let picture = move |of: fn(MatchPictures) -> PictureView, alt: &'static str| {
        let answer = move || pictures.value().filter(|answer| (answer.page, answer.product) == pair);
        (move || frame(answer().map(of), alt)).into_any()
    };
    let pictured = row![
        "Picture",
        picture(|pictures| pictures.theirs, "Their product"),
        picture(|pictures| pictures.ours, "Our product"),
    ];
    let traits: Vec<_> =
        row.traits.iter().map(|one| (one.name.clone(), one.theirs.clone(), one.ours.clone(), one.differs)).collect();
    let said = lines(&row.theirs, &row.ours).map(|(name, theirs, ours)| {
        let differs = CODES.contains(&name) && !theirs.is_empty() && !ours.is_empty() && !same(&theirs, &ours);
        (name.to_owned(), theirs, ours, differs)
    });
    let lines = said.chain(traits).map(|(name, theirs, ours, differs)| {
        let shown = |text: String| if text.is_empty() { MISSING.to_owned() } else { text };
        let ours = view! { {shown(ours)} " " {differs.then(|| view! { <span class="mark caution">"differs"</span> })} };
        row![name, shown(theirs), ours.into_any()].class_if(differs, "differs")
    });
    let list = |words: &[String], sign: &'static str| {
        words.iter().map(|word| view! { <li>{format!("{sign} {word}")}</li> }).collect_view()
    };
    let decided = (row.state != MatchState::Open).then(|| {
        let at = row.decided_at.map(date_time).unwrap_or_default();
        let by = row.decided_by.clone().unwrap_or_default();
        view! { <p class="muted">{format!("{} by {by}, {at}", words::match_state(row.state))}</p> }
    });
    let pack = if row.state == MatchState::Open {
        view! { <Pack row=row.clone() deciding /> }.into_any()
    } else {
        (row.pack != PackCoefficient::ONE)
            .then(|| view! { <p class="notice">{format!("One of theirs counts as {} of ours.", row.pack)}</p> })
            .into_any()
    };
    view! {
        <p>
            <span class="mark" class:caution=!row.conflicts.is_empty()>{words::match_verdict(row.verdict)}</span>
            {format!(" {} of 100", score(row.score))}
        </p>
        {decided}
        {pack}
        {SIDES.with(std::iter::once(pictured).chain(lines).collect())}
        <h3>"What tells"</h3>
        <ul class="match-reasons">{list(&row.conflicts, "⚠")} {list(&row.reasons, "✓")}</ul>
    }
}

/// A picture, or its empty frame with the reason.
fn frame(picture: Option<PictureView>, alt: &'static str) -> AnyView {
    match picture.map(|picture| picture.data.ok_or(picture.reason)) {
        Some(Ok(data)) => view! { <img class="match-picture" src=data alt=alt /> }.into_any(),
        Some(Err(reason)) => view! { <p class="match-picture muted">{reason}</p> }.into_any(),
        None => view! { <p class="match-picture"></p> }.into_any(),
    }
}

/// How many of ours one of theirs is: as the texts say, or as somebody corrects it before accepting.
#[component]
fn Pack(
    /// The pair.
    row: MatchRow,
    /// Decides.
    deciding: Deciding,
) -> impl IntoView {
    let pair = (row.page, row.product);
    let is_wrong = move || matches!(deciding.written_pack(pair), Some(Err(())));
    let found = row.pack.to_string();
    view! {
        <label class="field">
            <span>"One of theirs counts as so many of ours"</span>
            <input
                type="text"
                inputmode="decimal"
                data-testid="match-pack"
                aria-invalid=move || is_wrong().to_string()
                prop:value=found
                on:input:target=move |event| deciding.write_pack(&row, event.target().value())
            />
        </label>
        <Show when=is_wrong>
            <p class="notice caution" role="alert">"Write a number above zero: 6, 1/2 or 0.5."</p>
        </Show>
    }
}

fn lines(theirs: &MatchSide, ours: &MatchSide) -> impl Iterator<Item = (&'static str, String, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let price = |side: &MatchSide| side.price.map(money).unwrap_or_default();
    [
        ("Title", theirs.title.clone(), ours.title.clone()),
        ("Brand", text(&theirs.brand), text(&ours.brand)),
        ("GTIN", theirs.gtins.clone(), ours.gtins.clone()),
        ("Part number", text(&theirs.mpn), text(&ours.mpn)),
        ("Article number", text(&theirs.sku), text(&ours.sku)),
        ("Price", price(theirs), price(ours)),
    ]
    .into_iter()
    .filter(|(_, theirs, ours)| !theirs.is_empty() || !ours.is_empty())
}

/// Case, blanks and signs do not make a difference.
fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>().to_lowercase();
    plain(a) == plain(b)
}

/// Another candidate of the page.
#[component]
fn Other(
    /// The pair.
    row: MatchRow,
    /// Decides.
    deciding: Deciding,
) -> impl IntoView {
    let what = row.conflicts.first().map_or_else(|| row.reasons.join("; "), |conflict| format!("⚠ {conflict}"));
    let can_accept = row.state == MatchState::Open;
    let pair = row.clone();
    view! {
        <li>
            <div>
                <strong>{row.ours.title.clone()}</strong>
                " "
                <span class="code muted">{row.ours.sku.clone()}</span>
                <p class="muted">{format!("{} of 100 · {what}", score(row.score))}</p>
            </div>
            {can_accept
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button small"
                            on:click=move |_| deciding.run_pair(&pair, MatchDecision::Accept)
                        >
                            "It is this one"
                        </button>
                    }
                })}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn signs_and_case_make_no_difference_but_letters_do() {
        assert!(same("WH-820 XM", "wh 820xm"));
        assert!(!same("WH-820", "WH-821"));
    }
}
