//! The rule set that is edited, and what it would do. Stays while other screens are looked at.

use std::time::Duration;

use app_contract::{ErrorCode, GetRuleSet, LintRules, PreviewRules, RulePreview, RuleRemark};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use pricing_domain::{PriceListId, Rule, RuleSet};

use super::places::RulePlace;
use crate::backend::backend;
use crate::freshness::Freshness;
use crate::reads::{Read, read};
use crate::session::Session;

/// Long enough for two quick keys, short enough to feel at once.
const PAUSE: Duration = Duration::from_millis(60);

/// What is doubtful is looked for when nothing was typed for so long.
const DOUBTS_AFTER: Duration = Duration::from_millis(400);

/// What is looked at beside the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The rule at a place.
    Rule(RulePlace),
    /// What holds for products that no rule matches.
    Otherwise,
    /// Guardrails, endings and the approval limit.
    Guardrails,
    /// The whole set as text.
    Text,
    /// Earlier versions.
    Versions,
    /// The rules over the past.
    BackTest,
}

/// The rule set that is edited.
#[derive(Clone, Copy)]
pub struct RuleDesk {
    draft: RwSignal<Option<RuleSet>>,
    /// What is looked at.
    pub chosen: RwSignal<Chosen>,
    preview: RwSignal<Option<RulePreview>>,
    remarks: RwSignal<Vec<RuleRemark>>,
    failed: RwSignal<Option<String>>,
    waiting: RwSignal<bool>,
    /// Rises whenever forms must show other values than those typed into them.
    pub epoch: RwSignal<u32>,
    in_force: StoredValue<Option<Read<RuleSet>>, LocalStorage>,
    timer: StoredValue<Option<TimeoutHandle>>,
    asked: StoredValue<u64>,
}

impl RuleDesk {
    /// Nothing edited yet.
    pub fn new() -> Self {
        Self {
            draft: RwSignal::new(None),
            chosen: RwSignal::new(Chosen::Rule(RulePlace::outer(0))),
            preview: RwSignal::new(None),
            remarks: RwSignal::new(Vec::new()),
            failed: RwSignal::new(None),
            waiting: RwSignal::new(false),
            epoch: RwSignal::new(0),
            in_force: StoredValue::new_local(None),
            timer: StoredValue::new(None),
            asked: StoredValue::new(0),
        }
    }

    /// Begins to read the rules in force and to ask for the effect; for the page's life.
    pub fn open(&self) -> Read<RuleSet> {
        let session = expect_context::<Session>();
        let freshness = expect_context::<Freshness>();
        let in_force = read(move || session.workspace().map(|_| GetRuleSet {}));
        self.in_force.set_value(Some(in_force));
        let desk = *self;
        Effect::new(move |_| {
            freshness.track(<PreviewRules as app_contract::Command>::READS);
            let list = session.price_list_id();
            if let (Some(rules), Some(list)) = (desk.rules(), list) {
                desk.ask_soon(rules, list);
            }
        });
        on_cleanup(move || desk.forget_timer());
        in_force
    }

    /// The rules as they are edited, or those in force.
    pub fn rules(&self) -> Option<RuleSet> {
        self.draft.get().or_else(|| self.in_force.get_value().and_then(|read| read.value()))
    }

    /// Whether something differs from the rules in force.
    pub fn is_edited(&self) -> bool {
        let in_force = self.in_force.get_value().and_then(|read| read.value());
        self.draft.with(|draft| draft.is_some() && *draft != in_force)
    }

    /// The effect, as last computed; stays until the next is there.
    pub fn preview(&self) -> Option<RulePreview> {
        self.preview.get()
    }

    /// What deserves a second look, as last computed.
    pub fn remarks(&self) -> Vec<RuleRemark> {
        self.remarks.get()
    }

    /// Why the effect could not be computed.
    pub fn failed(&self) -> Option<String> {
        self.failed.get()
    }

    /// Whether a newer effect is on its way.
    pub fn is_waiting(&self) -> bool {
        self.waiting.get()
    }

    /// Changes the rules.
    pub fn edit(&self, change: impl FnOnce(&mut RuleSet)) {
        let now = untrack(|| self.rules());
        if let Some(mut rules) = now {
            change(&mut rules);
            self.draft.set(Some(rules));
        }
    }

    /// Changes one rule.
    pub fn edit_rule(&self, place: RulePlace, change: impl FnOnce(&mut Rule)) {
        self.edit(|rules| {
            if let Some(rule) = place.siblings(rules).and_then(|rules| rules.get_mut(place.index())) {
                change(rule);
            }
        });
    }

    /// Puts other rules on the desk; forms show them.
    pub fn replace(&self, rules: RuleSet) {
        self.draft.set(Some(rules));
        self.settle();
    }

    /// Goes back to the rules in force.
    pub fn discard(&self) {
        self.draft.set(None);
        self.settle();
    }

    /// Adds a rule after the chosen one and chooses it.
    pub fn add(&self) {
        let after = match self.chosen.get_untracked() {
            Chosen::Rule(place) => place.beside(place.index() + 1),
            _ => RulePlace::outer(usize::MAX),
        };
        self.insert(after, Rule { name: "New rule".to_owned(), ..Rule::default() });
    }

    /// Adds a copy of a rule after it and chooses the copy.
    pub fn duplicate(&self, place: RulePlace) {
        if let Some(mut rule) = untrack(|| self.rules()).and_then(|rules| place.rule(&rules).cloned()) {
            rule.name = format!("{} (copy)", rule.name);
            self.insert(place.beside(place.index() + 1), rule);
        }
    }

    /// Puts a rule into a group of its own, of the same name, to which others can be added.
    pub fn group(&self, place: RulePlace) {
        self.edit_rule(place, |rule| {
            let inner = Rule { name: format!("{}: first", rule.name), ..std::mem::take(rule) };
            *rule =
                Rule { name: inner.name.trim_end_matches(": first").to_owned(), rules: vec![inner], ..Rule::default() };
        });
        self.settle();
    }

    /// Adds a rule at the end of a group and chooses it.
    pub fn add_to_group(&self, outer: usize) {
        self.insert(RulePlace::inner(outer, usize::MAX), Rule { name: "New rule".to_owned(), ..Rule::default() });
    }

    /// Takes a rule away. The last one of a group goes with its group.
    pub fn remove(&self, place: RulePlace) {
        let mut left = 0;
        let mut at = place;
        self.edit(|rules| {
            let Some(siblings) = place.siblings(rules) else { return };
            if place.index() < siblings.len() {
                siblings.remove(place.index());
            }
            left = siblings.len();
            if left == 0 && place.inner.is_some() {
                rules.rules.remove(place.outer);
                at = RulePlace::outer(place.outer);
                left = rules.rules.len();
            }
        });
        let next = at.beside(at.index().min(left.saturating_sub(1)));
        self.chosen.set(if left == 0 { Chosen::Otherwise } else { Chosen::Rule(next) });
        self.settle();
    }

    /// Moves a rule up (−1) or down (1) among those beside it.
    pub fn shift(&self, place: RulePlace, by: isize) {
        let Some(to) = place.index().checked_add_signed(by) else { return };
        let mut moved = false;
        self.edit(|rules| {
            if let Some(siblings) =
                place.siblings(rules).filter(|rules| place.index() < rules.len() && to < rules.len())
            {
                siblings.swap(place.index(), to);
                moved = true;
            }
        });
        if moved {
            self.chosen.set(Chosen::Rule(place.beside(to)));
            self.settle();
        }
    }

    fn insert(&self, place: RulePlace, rule: Rule) {
        let mut at = None;
        self.edit(|rules| {
            if let Some(siblings) = place.siblings(rules) {
                let index = place.index().min(siblings.len());
                siblings.insert(index, rule);
                at = Some(place.beside(index));
            }
        });
        if let Some(at) = at {
            self.chosen.set(Chosen::Rule(at));
            self.settle();
        }
    }

    fn settle(&self) {
        self.epoch.update(|epoch| *epoch += 1);
    }

    fn forget_timer(&self) {
        if let Some(Some(timer)) = self.timer.try_get_value() {
            timer.clear();
        }
    }

    fn ask_soon(&self, rules: RuleSet, price_list: PriceListId) {
        self.forget_timer();
        self.waiting.set(true);
        let desk = *self;
        let ask = move || desk.ask(rules, price_list);
        self.timer.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    }

    /// What is doubtful comes after the figures, once nothing was typed for a moment.
    async fn ask_doubts(&self, rule_set: RuleSet, price_list: PriceListId, number: u64) {
        pause(DOUBTS_AFTER).await;
        if self.asked.try_get_value() != Some(number) {
            return;
        }
        let answer = backend().run(LintRules { rule_set, price_list }).await;
        if let (Ok(remarks), Some(true)) = (answer, self.asked.try_get_value().map(|asked| asked == number)) {
            self.remarks.set(remarks);
        }
    }

    fn ask(&self, rule_set: RuleSet, price_list: PriceListId) {
        let desk = *self;
        self.asked.update_value(|asked| *asked += 1);
        let number = self.asked.get_value();
        spawn_local(async move {
            let answer = backend().run(PreviewRules { rule_set: rule_set.clone(), price_list }).await;
            if desk.asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(preview) => {
                    desk.preview.set(Some(preview));
                    desk.failed.set(None);
                }
                // A later question, also of another window, is on its way or was answered.
                Err(error) if error.code == ErrorCode::Cancelled => {}
                Err(error) => desk.failed.set(Some(error.message)),
            }
            desk.waiting.set(false);
            desk.ask_doubts(rule_set, price_list, number).await;
        });
    }
}

/// Waits on the page's own clock.
async fn pause(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL)), time);
    });
    // A timer always ends; there is nothing to learn from how.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
