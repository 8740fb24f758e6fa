//! Accept or reject what is marked, what is open, or all that is shown: by button and by key.

use app_contract::{
    DecideMatches, DecisionReport, MatchDecision, MatchFilter, MatchRow, MatchSelection, UndoChangeSet,
};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::{FoundPageId, MatchState, PackCoefficient, ProductId};
use wasm_bindgen::JsCast;

use crate::components::data_grid::{Grid, Selection};
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::features::files::undo_words;
use crate::formats::{counted, integer};
use crate::writes::{Write, write};

/// Decides, and moves on to the next row.
#[derive(Clone, Copy)]
pub struct Deciding {
    grid: Grid<MatchRow>,
    filter: Memo<MatchFilter>,
    open: RwSignal<Option<MatchRow>>,
    /// How many of ours one of theirs is, as somebody wrote it for a pair.
    pack: RwSignal<Option<(Pair, String)>>,
    decide: Write<DecideMatches>,
}

type Pair = (FoundPageId, ProductId);

impl Deciding {
    /// Decisions over a grid.
    pub fn new(grid: Grid<MatchRow>, filter: Memo<MatchFilter>, open: RwSignal<Option<MatchRow>>) -> Self {
        let toasts = expect_context::<Toasts>();
        let undo = write::<UndoChangeSet>(move |report| toasts.done(undo_words(&report)));
        let decide = write::<DecideMatches>(move |report: DecisionReport| {
            let words = words(&report);
            match report.change_set {
                Some(change_set) => {
                    let undo = Callback::new(move |()| {
                        undo.run(UndoChangeSet { change_set });
                    });
                    toasts.done_with_undo(words, undo);
                }
                None => toasts.done(words),
            }
        });
        Self { grid, filter, open, pack: RwSignal::new(None), decide }
    }

    /// Decides what is marked, or else the row that is open or has the focus.
    pub fn run(&self, decision: MatchDecision) {
        let marked = self.grid.selection.with_untracked(|selection| selection.len(self.grid.source.matching()));
        if self.grid.selection.with_untracked(Selection::is_all) {
            self.run_all(decision);
        } else if marked > 0 {
            let pairs = self.grid.marked_rows().into_iter().map(|row| (row.page, row.product)).collect();
            self.grid.selection.update(Selection::clear);
            self.dispatch(MatchSelection::Pairs(pairs), decision, None);
        } else if let Some(row) = self.current() {
            self.run_pair(&row, decision);
        }
    }

    /// Notes how many of ours one of theirs is, for when the pair is accepted.
    pub fn write_pack(&self, row: &MatchRow, text: String) {
        self.pack.set(Some(((row.page, row.product), text)));
    }

    /// What was written for a pair, read; `Err`: it is no number of packs. `None`: nothing was.
    pub fn written_pack(&self, pair: Pair) -> Option<Result<PackCoefficient, ()>> {
        self.pack.with(|written| {
            let (_, text) = written.as_ref().filter(|(of, _)| *of == pair)?;
            Some(PackCoefficient::parse(&text.trim().replace(',', ".")).ok_or(()))
        })
    }

    /// Decides all that is shown.
    pub fn run_all(&self, decision: MatchDecision) {
        self.grid.selection.update(Selection::clear);
        self.open.set(None);
        self.dispatch(MatchSelection::Filter(self.filter.get_untracked()), decision, None);
    }

    /// Decides one pair. An accepted one has the number of packs that was written for it; what cannot be read is said
    /// beside its field, and nothing is decided.
    pub fn run_pair(&self, row: &MatchRow, decision: MatchDecision) {
        let pair = (row.page, row.product);
        let accepts = matches!(decision, MatchDecision::Accept | MatchDecision::Equivalent);
        let Ok(pack) = untrack(|| self.written_pack(pair)).filter(|_| accepts).transpose() else { return };
        self.step_on();
        self.dispatch(MatchSelection::Pairs(vec![pair]), decision, pack);
    }

    /// Takes a key of the review; gives whether it was one.
    pub fn on_key(&self, event: &ev::KeyboardEvent) -> bool {
        let typing = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
        let typing =
            typing.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"));
        if typing || event.ctrl_key() || event.meta_key() || event.alt_key() || !self.is_open_list() {
            return false;
        }
        let decision = match event.key().as_str() {
            "a" => MatchDecision::Accept,
            "e" => MatchDecision::Equivalent,
            "r" => MatchDecision::Reject,
            "n" => MatchDecision::Never,
            _ => return false,
        };
        event.prevent_default();
        self.run(decision);
        true
    }

    /// Whether undecided matches are shown.
    pub fn is_open_list(&self) -> bool {
        self.filter.with(|filter| filter.state == Some(MatchState::Open))
    }

    fn current(&self) -> Option<MatchRow> {
        let focused = || self.grid.active.get_untracked().and_then(|place| self.grid.source.row_now(place));
        self.open.get_untracked().or_else(focused)
    }

    /// The decided row leaves the list, so the next one takes its place.
    fn step_on(&self) {
        if self.open.with_untracked(Option::is_none) {
            return;
        }
        let place = self.grid.active.get_untracked().unwrap_or(0);
        let next = self.grid.source.row_now(place + 1);
        self.open.set(next);
    }

    fn dispatch(&self, selection: MatchSelection, decision: MatchDecision, pack: Option<PackCoefficient>) {
        self.decide.run(DecideMatches { selection, decision, pack });
    }
}

fn words(report: &DecisionReport) -> String {
    let decided = format!("{} decided.", counted(report.decided, "match", "matches"));
    match report.skipped {
        0 => decided,
        skipped => format!("{decided} {} left as they were: {}", integer(skipped), report.skipped_reason),
    }
}

/// The buttons for one or many.
#[component]
pub fn DecisionBar(
    /// Decides.
    deciding: Deciding,
) -> impl IntoView {
    let grid = deciding.grid;
    let marked = move || grid.selection.with(|selection| selection.len(grid.source.matching()));
    let nothing = move || marked() == 0 && deciding.open.with(Option::is_none) && grid.active.get().is_none();
    let button = move |label: &'static str, key: &'static str, testid: &'static str, decision: MatchDecision| {
        view! {
            <button
                type="button"
                class="button"
                class:primary=decision == MatchDecision::Accept
                data-testid=testid
                title=format!("Key {key}")
                disabled=nothing
                on:click=move |_| deciding.run(decision)
            >
                {label} <kbd>{key}</kbd>
            </button>
        }
    };
    let all = move || format!("Accept all {}", counted(grid.source.matching(), "shown", "shown"));
    view! {
        <div class="decision-bar" role="group" aria-label="Decide">
            <Show when=move || { marked() > 0 }>
                <span class="count" role="status">{move || format!("{} marked", integer(marked()))}</span>
            </Show>
            {button("Accept", "A", "match-accept", MatchDecision::Accept)}
            {button("Equivalent", "E", "match-equivalent", MatchDecision::Equivalent)}
            {button("Reject", "R", "match-reject", MatchDecision::Reject)}
            {button("Never again", "N", "match-never", MatchDecision::Never)}
            <button
                type="button"
                class="button"
                data-testid="match-accept-all"
                disabled=move || grid.source.matching() == 0
                on:click=move |_| deciding.run_all(MatchDecision::Accept)
            >
                {all}
            </button>
        </div>
    }
}
