//! A scenario on the desk: as it is typed, and which kept one it came from.

use app_contract::{ScenarioAssumptions, ScenarioInput, ScenarioPrices, ScenarioReaction, suggested_name};
use leptos::prelude::*;
use pricing_domain::ScenarioId;

use super::typed_change::TypedChange;
use super::typed_objective::TypedObjective;

/// Days that are learnt from where nothing else is said.
const LEARNT_DAYS: u32 = 365;

/// A scenario as it is typed.
#[derive(Clone, Copy)]
pub struct ScenarioDraft {
    /// What a person calls it; empty: it is called by its changes.
    pub name: RwSignal<String>,
    /// In order.
    pub changes: RwSignal<Vec<TypedChange>>,
    /// How many weeks are played.
    pub weeks: RwSignal<u32>,
    /// `rules`, `keep` or `best`.
    pub prices: RwSignal<String>,
    /// What the best prices are best at.
    pub objective: RwSignal<TypedObjective>,
    /// `none`, `down`, `both`, `lowest` or `learnt`.
    pub reaction: RwSignal<String>,
    /// By which part of our change competitors follow, in percent.
    pub share: RwSignal<i64>,
    /// Where a price war stops, in percent.
    pub stop: RwSignal<Option<i64>>,
    /// What is assumed where sales say nothing.
    pub assumptions: RwSignal<ScenarioAssumptions>,
    /// The kept one that it came from.
    pub kept: RwSignal<Option<ScenarioId>>,
    /// Rises when lines are added or removed, so that they are drawn anew.
    pub count: Memo<usize>,
    /// Rises when another scenario is on the desk.
    pub generation: RwSignal<u32>,
}

impl ScenarioDraft {
    /// Another's to begin with; otherwise costs rise by 4 %.
    pub fn new(begin: Option<&ScenarioInput>) -> Self {
        let changes = RwSignal::new(vec![TypedChange::default()]);
        let draft = Self {
            name: RwSignal::new(String::new()),
            changes,
            weeks: RwSignal::new(8),
            prices: RwSignal::new("rules".to_owned()),
            objective: RwSignal::new(TypedObjective::default()),
            reaction: RwSignal::new("none".to_owned()),
            share: RwSignal::new(50),
            stop: RwSignal::new(Some(15)),
            assumptions: RwSignal::new(ScenarioAssumptions::default()),
            kept: RwSignal::new(None),
            count: Memo::new(move |_| changes.with(Vec::len)),
            generation: RwSignal::new(0),
        };
        if let Some(scenario) = begin {
            draft.put(None, scenario);
        }
        draft
    }

    /// What it is called as long as nobody has named it.
    pub fn suggested_name(&self) -> String {
        self.changes.with(|changes| {
            let readable: Vec<_> = changes.iter().filter_map(TypedChange::change).collect();
            suggested_name(&readable)
        })
    }

    /// What is asked of the host; `None` while something cannot be read.
    pub fn input(&self, price_list: String) -> Option<ScenarioInput> {
        let changes =
            self.changes.with(|changes| changes.iter().map(TypedChange::change).collect::<Option<Vec<_>>>())?;
        let percent = self.share.get() as f64;
        let prices = match self.prices.get().as_str() {
            "keep" => ScenarioPrices::Keep,
            "best" => ScenarioPrices::Best,
            _ => ScenarioPrices::Rules,
        };
        let objective = match prices {
            ScenarioPrices::Best => self.objective.with(TypedObjective::objective)?,
            _ => Default::default(),
        };
        Some(ScenarioInput {
            name: Some(self.name.get().trim().to_owned())
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| suggested_name(&changes)),
            price_list,
            weeks: self.weeks.get().clamp(1, 104),
            changes,
            prices,
            objective,
            reaction: match self.reaction.get().as_str() {
                "down" => ScenarioReaction::FollowsDown { percent },
                "both" => ScenarioReaction::FollowsBoth { percent },
                "lowest" => ScenarioReaction::MatchesLowest,
                "learnt" => ScenarioReaction::Learnt { days: LEARNT_DAYS },
                _ => ScenarioReaction::None,
            },
            stop_at_fall: self.stop.get().map(|percent| percent as f64),
            assumptions: self.assumptions.get(),
        })
    }

    /// Puts a scenario on the desk; with its id where it is a kept one.
    pub fn put(&self, id: Option<ScenarioId>, scenario: &ScenarioInput) {
        self.name.set(scenario.name.clone());
        self.changes.set(scenario.changes.iter().map(TypedChange::of).collect());
        self.weeks.set(scenario.weeks);
        let prices = match scenario.prices {
            ScenarioPrices::Keep => "keep",
            ScenarioPrices::Best => "best",
            ScenarioPrices::Rules => "rules",
        };
        self.prices.set(prices.to_owned());
        self.objective.set(TypedObjective::of(&scenario.objective));
        let (reaction, percent) = match scenario.reaction {
            ScenarioReaction::None => ("none", None),
            ScenarioReaction::FollowsDown { percent } => ("down", Some(percent)),
            ScenarioReaction::FollowsBoth { percent } => ("both", Some(percent)),
            ScenarioReaction::MatchesLowest => ("lowest", None),
            ScenarioReaction::Learnt { .. } => ("learnt", None),
        };
        self.reaction.set(reaction.to_owned());
        if let Some(percent) = percent {
            self.share.set(percent.round() as i64);
        }
        self.stop.set(scenario.stop_at_fall.map(|percent| percent.round() as i64));
        self.assumptions.set(scenario.assumptions);
        self.kept.set(id);
        self.generation.update(|generation| *generation += 1);
    }
}
